/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-snapshot-private.h"

G_BEGIN_DECLS

/* One cell as a GVariant: s, d, b, null as a maybe that is nothing, an object
 * as a{sv}, an array as av. */

/* Floating. */
GVariant *tst_cell_to_variant        (const TstCell  *cell);

/* Accepts more: every kind of number, strings and boxes; and as objects and
 * arrays, all containers that are like one. @cell is written to only if it
 * returns TRUE. */
gboolean  tst_cell_init_from_variant (TstCell        *cell,
                                      GVariant       *variant,
                                      GError        **error);

G_END_DECLS
