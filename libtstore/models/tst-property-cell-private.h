/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-cell-private.h"

G_BEGIN_DECLS

/* A cell as the value of a property, and back. */

/* Whether a property of this kind can be a cell. */
gboolean  tst_property_is_storable (GParamSpec     *pspec);

/* Reads a cell, or NULL if there is none, into @value, which has the type of the
 * property. What the property cannot hold becomes its default value. */
void      tst_property_read_cell   (GParamSpec     *pspec,
                                    const TstCell  *cell,
                                    GValue         *value);

/* Fails if no cell can hold @value. */
gboolean  tst_property_make_cell   (const GValue   *value,
                                    TstCell        *cell,
                                    GError        **error);

G_END_DECLS
