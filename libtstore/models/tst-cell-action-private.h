/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

#include "tst-cell-place-private.h"

G_BEGIN_DECLS

#define TST_TYPE_CELL_ACTION (tst_cell_action_get_type ())

G_DECLARE_FINAL_TYPE (TstCellAction, tst_cell_action, TST, CELL_ACTION, GObject)

/* An action whose state is a cell, or a keyed value. Takes over what is in @place.
 * @type: that of the state: a boolean, a string, or a number of any kind */
GAction *tst_cell_action_new (const char         *name,
                              TstCellPlace       *place,
                              const GVariantType *type);

G_END_DECLS
