/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (TSTORE_INSIDE) && !defined (TSTORE_COMPILATION)
# error "Only <libtstore/tstore.h> can be included directly."
#endif

#include "tst-row.h"

G_BEGIN_DECLS

#define TST_TYPE_TABLE_MODEL (tst_table_model_get_type ())

TST_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (TstTableModel, tst_table_model, TST, TABLE_MODEL, GObject)

TST_AVAILABLE_IN_0_1
TstTableModel *tst_table_model_new           (TstStore      *store,
                                              const char    *table_id) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
TstStore      *tst_table_model_get_store     (TstTableModel *self);
TST_AVAILABLE_IN_0_1
const char    *tst_table_model_get_table_id  (TstTableModel *self);

G_END_DECLS
