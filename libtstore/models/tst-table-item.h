/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (TSTORE_INSIDE) && !defined (TSTORE_COMPILATION)
# error "Only <libtstore/tstore.h> can be included directly."
#endif

#include "tst-store.h"

G_BEGIN_DECLS

#define TST_TYPE_TABLE_ITEM (tst_table_item_get_type ())

TST_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (TstTableItem, tst_table_item, TST, TABLE_ITEM, GObject)

TST_AVAILABLE_IN_0_1
TstStore   *tst_table_item_get_store    (TstTableItem *self);
TST_AVAILABLE_IN_0_1
const char *tst_table_item_get_table_id (TstTableItem *self);
TST_AVAILABLE_IN_0_1
guint       tst_table_item_get_n_rows   (TstTableItem *self);

G_END_DECLS
