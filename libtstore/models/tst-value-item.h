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

#define TST_TYPE_VALUE_ITEM (tst_value_item_get_type ())

TST_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (TstValueItem, tst_value_item, TST, VALUE_ITEM, GObject)

TST_AVAILABLE_IN_0_1
TstStore    *tst_value_item_get_store      (TstValueItem  *self);
TST_AVAILABLE_IN_0_1
const char  *tst_value_item_get_value_id   (TstValueItem  *self);
TST_AVAILABLE_IN_0_1
GValue      *tst_value_item_get_value      (TstValueItem  *self) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
gboolean     tst_value_item_set_value      (TstValueItem  *self,
                                            const GValue  *value,
                                            GError       **error);
TST_AVAILABLE_IN_0_1
TstCellType  tst_value_item_get_value_type (TstValueItem  *self);
TST_AVAILABLE_IN_0_1
char        *tst_value_item_get_text       (TstValueItem  *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
