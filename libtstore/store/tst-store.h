/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (TSTORE_INSIDE) && !defined (TSTORE_COMPILATION)
# error "Only <libtstore/tstore.h> can be included directly."
#endif

#include "tst-types.h"

G_BEGIN_DECLS

#define TST_TYPE_STORE (tst_store_get_type ())

TST_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (TstStore, tst_store, TST, STORE, GObject)

typedef void (*TstTransactFunc)      (TstStore      *store,
                                      gpointer       user_data,
                                      GError       **error);
typedef void (*TstForeachIdFunc)     (TstStore      *store,
                                      const char    *id,
                                      gpointer       user_data);
typedef void (*TstForeachTableCellFunc) (TstStore      *store,
                                         const char    *cell_id,
                                         guint          n_rows,
                                         gpointer       user_data);
typedef void (*TstForeachValueFunc)  (TstStore      *store,
                                      const char    *id,
                                      const GValue  *value,
                                      gpointer       user_data);
typedef void (*TstMapFunc)           (const GValue  *old_value,
                                      GValue        *new_value,
                                      gpointer       user_data,
                                      GError       **error);

TST_AVAILABLE_IN_0_1
TstStore    *tst_store_new               (void) G_GNUC_WARN_UNUSED_RESULT;

/* Cells */

TST_AVAILABLE_IN_0_1
gboolean     tst_store_set_cell          (TstStore      *self,
                                          const char    *table_id,
                                          const char    *row_id,
                                          const char    *cell_id,
                                          const GValue  *value,
                                          GError       **error);
TST_AVAILABLE_IN_0_1
gboolean     tst_store_set_cell_string   (TstStore      *self,
                                          const char    *table_id,
                                          const char    *row_id,
                                          const char    *cell_id,
                                          const char    *value,
                                          GError       **error);
TST_AVAILABLE_IN_0_1
gboolean     tst_store_set_cell_number   (TstStore      *self,
                                          const char    *table_id,
                                          const char    *row_id,
                                          const char    *cell_id,
                                          double         value,
                                          GError       **error);
TST_AVAILABLE_IN_0_1
gboolean     tst_store_set_cell_boolean  (TstStore      *self,
                                          const char    *table_id,
                                          const char    *row_id,
                                          const char    *cell_id,
                                          gboolean       value,
                                          GError       **error);
TST_AVAILABLE_IN_0_1
GValue      *tst_store_get_cell          (TstStore      *self,
                                          const char    *table_id,
                                          const char    *row_id,
                                          const char    *cell_id) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
const char  *tst_store_get_cell_string   (TstStore      *self,
                                          const char    *table_id,
                                          const char    *row_id,
                                          const char    *cell_id);
TST_AVAILABLE_IN_0_1
double       tst_store_get_cell_number   (TstStore      *self,
                                          const char    *table_id,
                                          const char    *row_id,
                                          const char    *cell_id);
TST_AVAILABLE_IN_0_1
gboolean     tst_store_get_cell_boolean  (TstStore      *self,
                                          const char    *table_id,
                                          const char    *row_id,
                                          const char    *cell_id);
TST_AVAILABLE_IN_0_1
TstCellType  tst_store_get_cell_type     (TstStore      *self,
                                          const char    *table_id,
                                          const char    *row_id,
                                          const char    *cell_id);
TST_AVAILABLE_IN_0_1
gboolean     tst_store_has_cell          (TstStore      *self,
                                          const char    *table_id,
                                          const char    *row_id,
                                          const char    *cell_id);
TST_AVAILABLE_IN_0_1
gboolean     tst_store_remove_cell       (TstStore      *self,
                                          const char    *table_id,
                                          const char    *row_id,
                                          const char    *cell_id);
TST_AVAILABLE_IN_0_1
gboolean     tst_store_map_cell          (TstStore      *self,
                                          const char    *table_id,
                                          const char    *row_id,
                                          const char    *cell_id,
                                          TstMapFunc     func,
                                          gpointer       user_data,
                                          GError       **error);

/* Rows and tables */

TST_AVAILABLE_IN_0_1
gboolean     tst_store_has_row           (TstStore      *self,
                                          const char    *table_id,
                                          const char    *row_id);
TST_AVAILABLE_IN_0_1
gboolean     tst_store_remove_row        (TstStore      *self,
                                          const char    *table_id,
                                          const char    *row_id);
TST_AVAILABLE_IN_0_1
gboolean     tst_store_has_table         (TstStore      *self,
                                          const char    *table_id);
TST_AVAILABLE_IN_0_1
gboolean     tst_store_remove_table      (TstStore      *self,
                                          const char    *table_id);
TST_AVAILABLE_IN_0_1
gboolean     tst_store_has_tables        (TstStore      *self);
TST_AVAILABLE_IN_0_1
void         tst_store_remove_tables     (TstStore      *self);

TST_AVAILABLE_IN_0_1
char       **tst_store_get_table_ids     (TstStore      *self) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
char       **tst_store_get_row_ids       (TstStore      *self,
                                          const char    *table_id) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
char       **tst_store_get_cell_ids      (TstStore      *self,
                                          const char    *table_id,
                                          const char    *row_id) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
gboolean     tst_store_has_table_cell     (TstStore     *self,
                                           const char   *table_id,
                                           const char   *cell_id);
TST_AVAILABLE_IN_0_1
char       **tst_store_get_table_cell_ids (TstStore     *self,
                                           const char   *table_id) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
guint        tst_store_get_n_tables      (TstStore      *self);
TST_AVAILABLE_IN_0_1
guint        tst_store_get_n_rows        (TstStore      *self,
                                          const char    *table_id);

TST_AVAILABLE_IN_0_1
void         tst_store_foreach_table     (TstStore            *self,
                                          TstForeachIdFunc     func,
                                          gpointer             user_data);
TST_AVAILABLE_IN_0_1
void         tst_store_foreach_row       (TstStore            *self,
                                          const char          *table_id,
                                          TstForeachIdFunc     func,
                                          gpointer             user_data);
TST_AVAILABLE_IN_0_1
void         tst_store_foreach_table_cell (TstStore                *self,
                                           const char              *table_id,
                                           TstForeachTableCellFunc  func,
                                           gpointer                 user_data);
TST_AVAILABLE_IN_0_1
void         tst_store_foreach_cell      (TstStore            *self,
                                          const char          *table_id,
                                          const char          *row_id,
                                          TstForeachValueFunc  func,
                                          gpointer             user_data);

/* Keyed values */

TST_AVAILABLE_IN_0_1
gboolean     tst_store_set_value         (TstStore      *self,
                                          const char    *value_id,
                                          const GValue  *value,
                                          GError       **error);
TST_AVAILABLE_IN_0_1
gboolean     tst_store_set_value_string  (TstStore      *self,
                                          const char    *value_id,
                                          const char    *value,
                                          GError       **error);
TST_AVAILABLE_IN_0_1
gboolean     tst_store_set_value_number  (TstStore      *self,
                                          const char    *value_id,
                                          double         value,
                                          GError       **error);
TST_AVAILABLE_IN_0_1
gboolean     tst_store_set_value_boolean (TstStore      *self,
                                          const char    *value_id,
                                          gboolean       value,
                                          GError       **error);
TST_AVAILABLE_IN_0_1
GValue      *tst_store_get_value         (TstStore      *self,
                                          const char    *value_id) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
const char  *tst_store_get_value_string  (TstStore      *self,
                                          const char    *value_id);
TST_AVAILABLE_IN_0_1
double       tst_store_get_value_number  (TstStore      *self,
                                          const char    *value_id);
TST_AVAILABLE_IN_0_1
gboolean     tst_store_get_value_boolean (TstStore      *self,
                                          const char    *value_id);
TST_AVAILABLE_IN_0_1
TstCellType  tst_store_get_value_type    (TstStore      *self,
                                          const char    *value_id);
TST_AVAILABLE_IN_0_1
gboolean     tst_store_has_value         (TstStore      *self,
                                          const char    *value_id);
TST_AVAILABLE_IN_0_1
gboolean     tst_store_remove_value      (TstStore      *self,
                                          const char    *value_id);
TST_AVAILABLE_IN_0_1
gboolean     tst_store_has_values        (TstStore      *self);
TST_AVAILABLE_IN_0_1
void         tst_store_remove_values     (TstStore      *self);
TST_AVAILABLE_IN_0_1
char       **tst_store_get_value_ids     (TstStore      *self) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
guint        tst_store_get_n_values      (TstStore      *self);
TST_AVAILABLE_IN_0_1
void         tst_store_foreach_value     (TstStore            *self,
                                          TstForeachValueFunc  func,
                                          gpointer             user_data);
TST_AVAILABLE_IN_0_1
gboolean     tst_store_map_value         (TstStore      *self,
                                          const char    *value_id,
                                          TstMapFunc     func,
                                          gpointer       user_data,
                                          GError       **error);

/* Transactions */

TST_AVAILABLE_IN_0_1
void         tst_store_begin             (TstStore         *self);
TST_AVAILABLE_IN_0_1
gboolean     tst_store_commit            (TstStore         *self);
TST_AVAILABLE_IN_0_1
void         tst_store_rollback          (TstStore         *self);
TST_AVAILABLE_IN_0_1
gboolean     tst_store_transact          (TstStore         *self,
                                          TstTransactFunc   func,
                                          gpointer          user_data,
                                          GError          **error);
TST_AVAILABLE_IN_0_1
TstChanges  *tst_store_get_changes       (TstStore         *self) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
gboolean     tst_store_apply_changes     (TstStore         *self,
                                          TstChanges       *changes,
                                          GError          **error);

G_END_DECLS
