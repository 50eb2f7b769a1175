/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-cell-private.h"
#include "tst-schema.h"

G_BEGIN_DECLS

/* --- For other rooms --- */

/* Whether it is in a schema, and not to be changed any more. */
gboolean           tst_cell_spec_is_sealed    (TstCellSpec   *self);
/* What a cell that is missing becomes. Returns: (nullable) */
const TstCell     *tst_cell_spec_peek_default (TstCellSpec   *self);
/* Takes over what is in @cell, in any case. */
gboolean           tst_cell_spec_take_default (TstCellSpec   *self,
                                               TstCell       *cell,
                                               GError       **error);
gboolean           tst_cell_spec_take_choice  (TstCellSpec   *self,
                                               TstCell       *cell,
                                               GError       **error);
const TstCell     *tst_cell_spec_peek_choice  (TstCellSpec   *self,
                                               guint          position);

G_END_DECLS
