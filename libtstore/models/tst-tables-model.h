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

#define TST_TYPE_TABLES_MODEL (tst_tables_model_get_type ())

TST_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (TstTablesModel, tst_tables_model, TST, TABLES_MODEL, GObject)

TST_AVAILABLE_IN_0_1
TstTablesModel *tst_tables_model_new       (TstStore       *store) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
TstStore       *tst_tables_model_get_store (TstTablesModel *self);

G_END_DECLS
