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

TST_AVAILABLE_IN_0_1
GVariant *tst_store_get_content         (TstStore        *self) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
gboolean  tst_store_set_content         (TstStore        *self,
                                         GVariant        *content,
                                         GError         **error);
TST_AVAILABLE_IN_0_1
GVariant *tst_store_get_tables          (TstStore        *self) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
gboolean  tst_store_set_tables          (TstStore        *self,
                                         GVariant        *tables,
                                         GError         **error);
TST_AVAILABLE_IN_0_1
GVariant *tst_store_get_table           (TstStore        *self,
                                         const char      *table_id) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
gboolean  tst_store_set_table           (TstStore        *self,
                                         const char      *table_id,
                                         GVariant        *table,
                                         GError         **error);
TST_AVAILABLE_IN_0_1
GVariant *tst_store_get_row             (TstStore        *self,
                                         const char      *table_id,
                                         const char      *row_id) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
gboolean  tst_store_set_row             (TstStore        *self,
                                         const char      *table_id,
                                         const char      *row_id,
                                         GVariant        *row,
                                         GError         **error);
TST_AVAILABLE_IN_0_1
gboolean  tst_store_set_partial_row     (TstStore        *self,
                                         const char      *table_id,
                                         const char      *row_id,
                                         GVariant        *row,
                                         GError         **error);
TST_AVAILABLE_IN_0_1
char     *tst_store_add_row             (TstStore        *self,
                                         const char      *table_id,
                                         GVariant        *row,
                                         TstAddRowFlags   flags,
                                         GError         **error) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
GVariant *tst_store_get_values          (TstStore        *self) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
gboolean  tst_store_set_values          (TstStore        *self,
                                         GVariant        *values,
                                         GError         **error);
TST_AVAILABLE_IN_0_1
gboolean  tst_store_set_partial_values  (TstStore        *self,
                                         GVariant        *values,
                                         GError         **error);

G_END_DECLS
