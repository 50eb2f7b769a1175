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

/**
 * TstFilterChange:
 * @TST_FILTER_CHANGE_DIFFERENT: it lets other rows pass
 * @TST_FILTER_CHANGE_LESS_STRICT: all rows that passed pass, and perhaps others
 * @TST_FILTER_CHANGE_MORE_STRICT: no row passes that did not pass before
 *
 * How a filter changed.
 *
 * Since: 0.1
 */
typedef enum
{
  TST_FILTER_CHANGE_DIFFERENT,
  TST_FILTER_CHANGE_LESS_STRICT,
  TST_FILTER_CHANGE_MORE_STRICT
} TstFilterChange;

typedef gboolean (*TstRowFilterFunc) (TstStore   *store,
                                      const char *table_id,
                                      const char *row_id,
                                      gpointer    user_data);

#define TST_TYPE_TABLE_MODEL (tst_table_model_get_type ())

TST_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (TstTableModel, tst_table_model, TST, TABLE_MODEL, GObject)

TST_AVAILABLE_IN_0_1
TstTableModel *tst_table_model_new                (TstStore         *store,
                                                   const char       *table_id) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
TstStore      *tst_table_model_get_store          (TstTableModel    *self);
TST_AVAILABLE_IN_0_1
const char    *tst_table_model_get_table_id       (TstTableModel    *self);
TST_AVAILABLE_IN_0_1
GType          tst_table_model_get_row_type       (TstTableModel    *self);

TST_AVAILABLE_IN_0_1
const char    *tst_table_model_get_sort_cell      (TstTableModel    *self);
TST_AVAILABLE_IN_0_1
void           tst_table_model_set_sort_cell      (TstTableModel    *self,
                                                   const char       *sort_cell);
TST_AVAILABLE_IN_0_1
gboolean       tst_table_model_get_sort_by_row_id (TstTableModel    *self);
TST_AVAILABLE_IN_0_1
void           tst_table_model_set_sort_by_row_id (TstTableModel    *self,
                                                   gboolean          sort_by_row_id);
TST_AVAILABLE_IN_0_1
gboolean       tst_table_model_get_descending     (TstTableModel    *self);
TST_AVAILABLE_IN_0_1
void           tst_table_model_set_descending     (TstTableModel    *self,
                                                   gboolean          descending);
TST_AVAILABLE_IN_0_1
int            tst_table_model_get_offset         (TstTableModel    *self);
TST_AVAILABLE_IN_0_1
void           tst_table_model_set_offset         (TstTableModel    *self,
                                                   int               offset);
TST_AVAILABLE_IN_0_1
int            tst_table_model_get_limit          (TstTableModel    *self);
TST_AVAILABLE_IN_0_1
void           tst_table_model_set_limit          (TstTableModel    *self,
                                                   int               limit);

TST_AVAILABLE_IN_0_1
void           tst_table_model_set_filter_func    (TstTableModel    *self,
                                                   TstRowFilterFunc  func,
                                                   gpointer          user_data,
                                                   GDestroyNotify    destroy);
TST_AVAILABLE_IN_0_1
void           tst_table_model_filter_changed     (TstTableModel    *self,
                                                   TstFilterChange   change);

TST_AVAILABLE_IN_0_1
gboolean       tst_table_model_find               (TstTableModel    *self,
                                                   const char       *row_id,
                                                   guint            *position);

G_END_DECLS
