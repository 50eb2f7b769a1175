/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (TSTORE_INSIDE) && !defined (TSTORE_COMPILATION)
# error "Only <libtstore/tstore.h> can be included directly."
#endif

#include "tst-cell-spec.h"

G_BEGIN_DECLS

#define TST_TYPE_SCHEMA (tst_schema_get_type ())

TST_AVAILABLE_IN_0_1
GType         tst_schema_get_type       (void);
TST_AVAILABLE_IN_0_1
TstSchema    *tst_schema_new            (void) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
TstSchema    *tst_schema_ref            (TstSchema    *self);
TST_AVAILABLE_IN_0_1
void          tst_schema_unref          (TstSchema    *self);
TST_AVAILABLE_IN_0_1
gboolean      tst_schema_equal          (TstSchema    *self,
                                         TstSchema    *other);

TST_AVAILABLE_IN_0_1
gboolean      tst_schema_add_cell       (TstSchema    *self,
                                         const char   *table_id,
                                         const char   *cell_id,
                                         TstCellSpec  *spec,
                                         GError      **error);
TST_AVAILABLE_IN_0_1
gboolean      tst_schema_add_value      (TstSchema    *self,
                                         const char   *value_id,
                                         TstCellSpec  *spec,
                                         GError      **error);

TST_AVAILABLE_IN_0_1
gboolean      tst_schema_has_tables     (TstSchema    *self);
TST_AVAILABLE_IN_0_1
gboolean      tst_schema_has_values     (TstSchema    *self);
TST_AVAILABLE_IN_0_1
char        **tst_schema_get_table_ids  (TstSchema    *self) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
char        **tst_schema_get_cell_ids   (TstSchema    *self,
                                         const char   *table_id) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
char        **tst_schema_get_value_ids  (TstSchema    *self) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
TstCellSpec  *tst_schema_get_cell       (TstSchema    *self,
                                         const char   *table_id,
                                         const char   *cell_id);
TST_AVAILABLE_IN_0_1
TstCellSpec  *tst_schema_get_value      (TstSchema    *self,
                                         const char   *value_id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TstSchema, tst_schema_unref)

G_END_DECLS
