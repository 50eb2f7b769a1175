/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (TSTORE_INSIDE) && !defined (TSTORE_COMPILATION)
# error "Only <libtstore/tstore.h> can be included directly."
#endif

#include "tst-store.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

TST_AVAILABLE_IN_0_1
JsonNode *tst_store_get_json_node             (TstStore        *self) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
gboolean  tst_store_set_json_node             (TstStore        *self,
                                               JsonNode        *node,
                                               GError         **error);
TST_AVAILABLE_IN_0_1
JsonNode *tst_store_get_row_json_node         (TstStore        *self,
                                               const char      *table_id,
                                               const char      *row_id) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
gboolean  tst_store_set_row_json_node         (TstStore        *self,
                                               const char      *table_id,
                                               const char      *row_id,
                                               JsonNode        *node,
                                               GError         **error);
TST_AVAILABLE_IN_0_1
gboolean  tst_store_set_partial_row_json_node (TstStore        *self,
                                               const char      *table_id,
                                               const char      *row_id,
                                               JsonNode        *node,
                                               GError         **error);
TST_AVAILABLE_IN_0_1
char     *tst_store_add_row_json_node         (TstStore        *self,
                                               const char      *table_id,
                                               JsonNode        *node,
                                               TstAddRowFlags   flags,
                                               GError         **error) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
JsonNode *tst_store_get_cell_json_node        (TstStore        *self,
                                               const char      *table_id,
                                               const char      *row_id,
                                               const char      *cell_id) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
gboolean  tst_store_set_cell_json_node        (TstStore        *self,
                                               const char      *table_id,
                                               const char      *row_id,
                                               const char      *cell_id,
                                               JsonNode        *node,
                                               GError         **error);
TST_AVAILABLE_IN_0_1
JsonNode *tst_store_get_value_json_node       (TstStore        *self,
                                               const char      *value_id) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
gboolean  tst_store_set_value_json_node       (TstStore        *self,
                                               const char      *value_id,
                                               JsonNode        *node,
                                               GError         **error);

G_END_DECLS
