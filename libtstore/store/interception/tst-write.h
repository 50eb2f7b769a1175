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

/**
 * TstWriteKinds:
 * @TST_WRITE_SET_CONTENT: set everything, tables and keyed values
 * @TST_WRITE_SET_TABLES: set all tables
 * @TST_WRITE_SET_TABLE: set a table
 * @TST_WRITE_SET_ROW: set a row, or some or one of its cells
 * @TST_WRITE_SET_CELL: set a cell
 * @TST_WRITE_SET_VALUES: set all keyed values, or some or one of them
 * @TST_WRITE_SET_VALUE: set a keyed value
 * @TST_WRITE_REMOVE_TABLES: remove all tables
 * @TST_WRITE_REMOVE_TABLE: remove a table
 * @TST_WRITE_REMOVE_ROW: remove a row
 * @TST_WRITE_REMOVE_CELL: remove a cell
 * @TST_WRITE_REMOVE_VALUES: remove all keyed values
 * @TST_WRITE_REMOVE_VALUE: remove a keyed value
 * @TST_WRITE_APPLY_CHANGES: apply changes
 * @TST_WRITE_ANY: all of these
 *
 * What somebody is about to do to a store. [method@Store.add_interceptor] says
 * when an interceptor is asked about which.
 *
 * Since: 0.1
 */
typedef enum /*< flags >*/
{
  TST_WRITE_SET_CONTENT = 1 << 0,
  TST_WRITE_SET_TABLES = 1 << 1,
  TST_WRITE_SET_TABLE = 1 << 2,
  TST_WRITE_SET_ROW = 1 << 3,
  TST_WRITE_SET_CELL = 1 << 4,
  TST_WRITE_SET_VALUES = 1 << 5,
  TST_WRITE_SET_VALUE = 1 << 6,
  TST_WRITE_REMOVE_TABLES = 1 << 7,
  TST_WRITE_REMOVE_TABLE = 1 << 8,
  TST_WRITE_REMOVE_ROW = 1 << 9,
  TST_WRITE_REMOVE_CELL = 1 << 10,
  TST_WRITE_REMOVE_VALUES = 1 << 11,
  TST_WRITE_REMOVE_VALUE = 1 << 12,
  TST_WRITE_APPLY_CHANGES = 1 << 13,
  TST_WRITE_ANY = (1 << 14) - 1
} TstWriteKinds;

#define TST_TYPE_WRITE (tst_write_get_type ())

TST_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (TstWrite, tst_write, TST, WRITE, GObject)

TST_AVAILABLE_IN_0_1
TstWriteKinds  tst_write_get_kind      (TstWrite      *self);
TST_AVAILABLE_IN_0_1
const char    *tst_write_get_table_id  (TstWrite      *self);
TST_AVAILABLE_IN_0_1
const char    *tst_write_get_row_id    (TstWrite      *self);
TST_AVAILABLE_IN_0_1
const char    *tst_write_get_cell_id   (TstWrite      *self);
TST_AVAILABLE_IN_0_1
const char    *tst_write_get_value_id  (TstWrite      *self);

TST_AVAILABLE_IN_0_1
GValue        *tst_write_get_value     (TstWrite      *self) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
gboolean       tst_write_set_value     (TstWrite      *self,
                                        const GValue  *value,
                                        GError       **error);
TST_AVAILABLE_IN_0_1
TstChanges    *tst_write_get_changes   (TstWrite      *self) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
gboolean       tst_write_set_changes   (TstWrite      *self,
                                        TstChanges    *changes,
                                        GError       **error);

TST_AVAILABLE_IN_0_1
void           tst_write_refuse        (TstWrite      *self,
                                        const char    *reason);

G_END_DECLS
