/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-store-object-private.h"

/* Listeners to whether there is something: the public face of tst-listeners.c,
 * continued. */

/**
 * TstHasListener:
 * @store: the store
 * @exists: whether there is one now
 * @user_data: the data given with the listener
 *
 * Is told whether there is anything, when there was nothing, or is not any more.
 *
 * Since: 0.1
 */

/**
 * TstHasTableListener:
 * @store: the store
 * @table_id: the id of the table
 * @exists: whether there is one now
 * @user_data: the data given with the listener
 *
 * Is told of a table that came or went.
 *
 * Since: 0.1
 */

/**
 * TstHasTableCellListener:
 * @store: the store
 * @table_id: the id of the table
 * @cell_id: the id of the cell
 * @exists: whether there is one now
 * @user_data: the data given with the listener
 *
 * Is told of a cell id that a table began to use, or uses no more in any row.
 *
 * Since: 0.1
 */

/**
 * TstHasRowListener:
 * @store: the store
 * @table_id: the id of the table
 * @row_id: the id of the row
 * @exists: whether there is one now
 * @user_data: the data given with the listener
 *
 * Is told of a row that came or went.
 *
 * Since: 0.1
 */

/**
 * TstHasCellListener:
 * @store: the store
 * @table_id: the id of the table
 * @row_id: the id of the row
 * @cell_id: the id of the cell
 * @exists: whether there is one now
 * @user_data: the data given with the listener
 *
 * Is told of a cell that came or went.
 *
 * Since: 0.1
 */

/**
 * TstHasValueListener:
 * @store: the store
 * @value_id: the id of the keyed value
 * @exists: whether there is one now
 * @user_data: the data given with the listener
 *
 * Is told of a keyed value that came or went.
 *
 * Since: 0.1
 */

/**
 * tst_store_add_has_tables_listener:
 * @self: a store
 * @flags: how the listener is called
 * @listener: (scope notified) (closure user_data) (destroy destroy): the function to call
 * @user_data: data for @listener
 * @destroy: (nullable): what frees @user_data when the listener is gone
 *
 * Asks to be told when the first table comes, and when the last one goes.
 *
 * Returns: a handle for [method@Store.remove_listener], never 0, and never
 *   given out again
 *
 * Since: 0.1
 */
gulong
tst_store_add_has_tables_listener (TstStore         *self,
                                   TstListenerFlags  flags,
                                   TstHasListener    listener,
                                   gpointer          user_data,
                                   GDestroyNotify    destroy)
{
  return tst_store_add_listener (self, TST_LISTENER_KIND_HAS_TABLES, TST_IDS (NULL), flags,
                                 G_CALLBACK (listener), user_data, destroy);
}

/**
 * tst_store_add_has_table_listener:
 * @self: a store
 * @table_id: (nullable): the id of the table, or `NULL` for any
 * @flags: how the listener is called
 * @listener: (scope notified) (closure user_data) (destroy destroy): the function to call
 * @user_data: data for @listener
 * @destroy: (nullable): what frees @user_data when the listener is gone
 *
 * Asks to be told of tables that come and go, one by one.
 *
 * Returns: a handle for [method@Store.remove_listener], never 0, and never
 *   given out again
 *
 * Since: 0.1
 */
gulong
tst_store_add_has_table_listener (TstStore            *self,
                                  const char          *table_id,
                                  TstListenerFlags     flags,
                                  TstHasTableListener  listener,
                                  gpointer             user_data,
                                  GDestroyNotify       destroy)
{
  return tst_store_add_listener (self, TST_LISTENER_KIND_HAS_TABLE, TST_IDS (table_id), flags,
                                 G_CALLBACK (listener), user_data, destroy);
}

/**
 * tst_store_add_has_table_cell_listener:
 * @self: a store
 * @table_id: (nullable): the id of the table, or `NULL` for any
 * @cell_id: (nullable): the id of the cell, or `NULL` for any
 * @flags: how the listener is called
 * @listener: (scope notified) (closure user_data) (destroy destroy): the function to call
 * @user_data: data for @listener
 * @destroy: (nullable): what frees @user_data when the listener is gone
 *
 * Asks to be told when the first row of a table gets a cell of some id, and
 * when the last one loses it.
 *
 * Returns: a handle for [method@Store.remove_listener], never 0, and never
 *   given out again
 *
 * Since: 0.1
 */
gulong
tst_store_add_has_table_cell_listener (TstStore                *self,
                                       const char              *table_id,
                                       const char              *cell_id,
                                       TstListenerFlags         flags,
                                       TstHasTableCellListener  listener,
                                       gpointer                 user_data,
                                       GDestroyNotify           destroy)
{
  return tst_store_add_listener (self, TST_LISTENER_KIND_HAS_TABLE_CELL, TST_IDS (table_id, cell_id),
                                 flags, G_CALLBACK (listener), user_data, destroy);
}

/**
 * tst_store_add_has_row_listener:
 * @self: a store
 * @table_id: (nullable): the id of the table, or `NULL` for any
 * @row_id: (nullable): the id of the row, or `NULL` for any
 * @flags: how the listener is called
 * @listener: (scope notified) (closure user_data) (destroy destroy): the function to call
 * @user_data: data for @listener
 * @destroy: (nullable): what frees @user_data when the listener is gone
 *
 * Asks to be told of rows that come and go, one by one.
 *
 * Returns: a handle for [method@Store.remove_listener], never 0, and never
 *   given out again
 *
 * Since: 0.1
 */
gulong
tst_store_add_has_row_listener (TstStore          *self,
                                const char        *table_id,
                                const char        *row_id,
                                TstListenerFlags   flags,
                                TstHasRowListener  listener,
                                gpointer           user_data,
                                GDestroyNotify     destroy)
{
  return tst_store_add_listener (self, TST_LISTENER_KIND_HAS_ROW, TST_IDS (table_id, row_id),
                                 flags, G_CALLBACK (listener), user_data, destroy);
}

/**
 * tst_store_add_has_cell_listener:
 * @self: a store
 * @table_id: (nullable): the id of the table, or `NULL` for any
 * @row_id: (nullable): the id of the row, or `NULL` for any
 * @cell_id: (nullable): the id of the cell, or `NULL` for any
 * @flags: how the listener is called
 * @listener: (scope notified) (closure user_data) (destroy destroy): the function to call
 * @user_data: data for @listener
 * @destroy: (nullable): what frees @user_data when the listener is gone
 *
 * Asks to be told of cells that come and go, one by one.
 *
 * Returns: a handle for [method@Store.remove_listener], never 0, and never
 *   given out again
 *
 * Since: 0.1
 */
gulong
tst_store_add_has_cell_listener (TstStore           *self,
                                 const char         *table_id,
                                 const char         *row_id,
                                 const char         *cell_id,
                                 TstListenerFlags    flags,
                                 TstHasCellListener  listener,
                                 gpointer            user_data,
                                 GDestroyNotify      destroy)
{
  return tst_store_add_listener (self, TST_LISTENER_KIND_HAS_CELL, TST_IDS (table_id, row_id, cell_id),
                                 flags, G_CALLBACK (listener), user_data, destroy);
}

/**
 * tst_store_add_has_values_listener:
 * @self: a store
 * @flags: how the listener is called
 * @listener: (scope notified) (closure user_data) (destroy destroy): the function to call
 * @user_data: data for @listener
 * @destroy: (nullable): what frees @user_data when the listener is gone
 *
 * Asks to be told when the first keyed value comes, and when the last one
 * goes.
 *
 * Returns: a handle for [method@Store.remove_listener], never 0, and never
 *   given out again
 *
 * Since: 0.1
 */
gulong
tst_store_add_has_values_listener (TstStore         *self,
                                   TstListenerFlags  flags,
                                   TstHasListener    listener,
                                   gpointer          user_data,
                                   GDestroyNotify    destroy)
{
  return tst_store_add_listener (self, TST_LISTENER_KIND_HAS_VALUES, TST_IDS (NULL), flags,
                                 G_CALLBACK (listener), user_data, destroy);
}

/**
 * tst_store_add_has_value_listener:
 * @self: a store
 * @value_id: (nullable): the id of the keyed value, or `NULL` for any
 * @flags: how the listener is called
 * @listener: (scope notified) (closure user_data) (destroy destroy): the function to call
 * @user_data: data for @listener
 * @destroy: (nullable): what frees @user_data when the listener is gone
 *
 * Asks to be told of keyed values that come and go, one by one.
 *
 * Returns: a handle for [method@Store.remove_listener], never 0, and never
 *   given out again
 *
 * Since: 0.1
 */
gulong
tst_store_add_has_value_listener (TstStore            *self,
                                  const char          *value_id,
                                  TstListenerFlags     flags,
                                  TstHasValueListener  listener,
                                  gpointer             user_data,
                                  GDestroyNotify       destroy)
{
  return tst_store_add_listener (self, TST_LISTENER_KIND_HAS_VALUE, TST_IDS (value_id), flags,
                                 G_CALLBACK (listener), user_data, destroy);
}
