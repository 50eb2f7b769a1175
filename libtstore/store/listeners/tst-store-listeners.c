/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-store-object-private.h"

/* The public face of tst-listeners.c, but for listeners to what exists, which
 * are in tst-store-has-listeners.c, and to sorted rows, in
 * tst-store-sorted-listeners.c. */

/**
 * TstCellListener:
 * @store: the store
 * @table_id: the id of the table
 * @row_id: the id of the row
 * @cell_id: the id of the cell
 * @new_value: (nullable): what it is now, or `NULL` if it was removed
 * @old_value: (nullable): what it was, or `NULL` if it was added
 * @user_data: the data given with the listener
 *
 * Is told of a changed cell.
 *
 * Since: 0.1
 */

/**
 * TstRowListener:
 * @store: the store
 * @table_id: the id of the table
 * @row_id: the id of the row
 * @user_data: the data given with the listener
 *
 * Is told of a row in which a cell changed.
 *
 * Since: 0.1
 */

/**
 * TstTableListener:
 * @store: the store
 * @table_id: the id of the table
 * @user_data: the data given with the listener
 *
 * Is told of a table in which a cell changed.
 *
 * Since: 0.1
 */

/**
 * TstStoreListener:
 * @store: the store
 * @user_data: the data given with the listener
 *
 * Is told of something in the store as a whole.
 *
 * Since: 0.1
 */

/**
 * TstCellIdsListener:
 * @store: the store
 * @table_id: the id of the table
 * @row_id: the id of the row
 * @added: (array zero-terminated=1): the ids that were added
 * @removed: (array zero-terminated=1): the ids that were removed
 * @user_data: the data given with the listener
 *
 * Is told of the cells that a row got and lost.
 *
 * Since: 0.1
 */

/**
 * TstRowIdsListener:
 * @store: the store
 * @table_id: the id of the table
 * @added: (array zero-terminated=1): the ids that were added
 * @removed: (array zero-terminated=1): the ids that were removed
 * @user_data: the data given with the listener
 *
 * Is told of the rows that a table got and lost.
 *
 * Since: 0.1
 */

/**
 * TstIdsListener:
 * @store: the store
 * @added: (array zero-terminated=1): the ids that were added
 * @removed: (array zero-terminated=1): the ids that were removed
 * @user_data: the data given with the listener
 *
 * Is told of the tables, or the keyed values, that the store got and lost.
 *
 * Since: 0.1
 */

/**
 * TstValueListener:
 * @store: the store
 * @value_id: the id of the keyed value
 * @new_value: (nullable): what it is now, or `NULL` if it was removed
 * @old_value: (nullable): what it was, or `NULL` if it was added
 * @user_data: the data given with the listener
 *
 * Is told of a changed keyed value.
 *
 * Since: 0.1
 */

/**
 * TstTableCellIdsListener:
 * @store: the store
 * @table_id: the id of the table
 * @added: (array zero-terminated=1): the ids that were added
 * @removed: (array zero-terminated=1): the ids that were removed
 * @user_data: the data given with the listener
 *
 * Is told of the cell ids that a table began to use, and that it uses no more.
 *
 * Since: 0.1
 */

/**
 * TstRowCountListener:
 * @store: the store
 * @table_id: the id of the table
 * @n_rows: how many rows the table has now
 * @user_data: the data given with the listener
 *
 * Is told of a table with more rows than before, or fewer.
 *
 * Since: 0.1
 */

/**
 * TstInvalidCellListener:
 * @store: the store
 * @table_id: (nullable): the id of the table, if it is known
 * @row_id: (nullable): the id of the row, if it is known
 * @cell_id: (nullable): the id of the cell, if it is known
 * @error: why
 * @user_data: the data given with the listener
 *
 * Is told of a write to the tables that was refused.
 *
 * Since: 0.1
 */

/**
 * TstInvalidValueListener:
 * @store: the store
 * @value_id: (nullable): the id of the keyed value, if it is known
 * @error: why
 * @user_data: the data given with the listener
 *
 * Is told of a write to the keyed values that was refused.
 *
 * Since: 0.1
 */

gulong
tst_store_add_listener (TstStore           *self,
                        TstListenerKind     kind,
                        const char * const *ids,
                        TstListenerFlags    flags,
                        GCallback           listener,
                        gpointer            user_data,
                        GDestroyNotify      destroy)
{
  TstListeners *listeners;

  g_return_val_if_fail (TST_IS_STORE (self), 0);
  g_return_val_if_fail ((flags & ~TST_LISTENER_MUTATOR) == 0, 0);
  g_return_val_if_fail (listener != NULL, 0);

  if ((flags & TST_LISTENER_MUTATOR) && self->mutators == NULL)
    self->mutators = tst_listeners_new ();
  listeners = flags & TST_LISTENER_MUTATOR ? self->mutators : self->listeners;
  self->n_listeners++;
  tst_listeners_add (listeners, ++self->last_listener, kind, ids, listener, user_data, destroy);

  return self->last_listener;
}

/**
 * tst_store_add_cell_listener:
 * @self: a store
 * @table_id: (nullable): the id of the table, or `NULL` for any
 * @row_id: (nullable): the id of the row, or `NULL` for any
 * @cell_id: (nullable): the id of the cell, or `NULL` for any
 * @flags: how the listener is called
 * @listener: (scope notified) (closure user_data) (destroy destroy): the function to call
 * @user_data: data for @listener
 * @destroy: (nullable): what frees @user_data when the listener is gone
 *
 * Asks to be told of cells that changed, after each transaction.
 *
 * Each of the ids may be `NULL`, which stands for any. Listeners for
 * something in particular are called before those for more in general.
 *
 * A listener may write to the store; that becomes a transaction that follows.
 *
 * ```python
 * def changed(store, table_id, row_id, cell_id, price, before):
 *     print(row_id, "costs", price)
 *
 * store.add_cell_listener("pets", None, "price", TStore.ListenerFlags.DEFAULT, changed)
 * ```
 *
 * Returns: a handle for [method@Store.remove_listener], never 0, and never
 *   given out again
 *
 * Since: 0.1
 */
gulong
tst_store_add_cell_listener (TstStore         *self,
                             const char       *table_id,
                             const char       *row_id,
                             const char       *cell_id,
                             TstListenerFlags  flags,
                             TstCellListener   listener,
                             gpointer          user_data,
                             GDestroyNotify    destroy)
{
  return tst_store_add_listener (self, TST_LISTENER_KIND_CELL, TST_IDS (table_id, row_id, cell_id),
                                 flags, G_CALLBACK (listener), user_data, destroy);
}

/**
 * tst_store_add_row_listener:
 * @self: a store
 * @table_id: (nullable): the id of the table, or `NULL` for any
 * @row_id: (nullable): the id of the row, or `NULL` for any
 * @flags: how the listener is called
 * @listener: (scope notified) (closure user_data) (destroy destroy): the function to call
 * @user_data: data for @listener
 * @destroy: (nullable): what frees @user_data when the listener is gone
 *
 * Asks to be told of rows in which a cell changed, after each transaction.
 *
 * Returns: a handle for [method@Store.remove_listener], never 0, and never
 *   given out again
 *
 * Since: 0.1
 */
gulong
tst_store_add_row_listener (TstStore         *self,
                            const char       *table_id,
                            const char       *row_id,
                            TstListenerFlags  flags,
                            TstRowListener    listener,
                            gpointer          user_data,
                            GDestroyNotify    destroy)
{
  return tst_store_add_listener (self, TST_LISTENER_KIND_ROW, TST_IDS (table_id, row_id), flags,
                                 G_CALLBACK (listener), user_data, destroy);
}

/**
 * tst_store_add_table_listener:
 * @self: a store
 * @table_id: (nullable): the id of the table, or `NULL` for any
 * @flags: how the listener is called
 * @listener: (scope notified) (closure user_data) (destroy destroy): the function to call
 * @user_data: data for @listener
 * @destroy: (nullable): what frees @user_data when the listener is gone
 *
 * Asks to be told of tables in which a cell changed, after each transaction.
 *
 * Returns: a handle for [method@Store.remove_listener], never 0, and never
 *   given out again
 *
 * Since: 0.1
 */
gulong
tst_store_add_table_listener (TstStore         *self,
                              const char       *table_id,
                              TstListenerFlags  flags,
                              TstTableListener  listener,
                              gpointer          user_data,
                              GDestroyNotify    destroy)
{
  return tst_store_add_listener (self, TST_LISTENER_KIND_TABLE, TST_IDS (table_id), flags,
                                 G_CALLBACK (listener), user_data, destroy);
}

/**
 * tst_store_add_tables_listener:
 * @self: a store
 * @flags: how the listener is called
 * @listener: (scope notified) (closure user_data) (destroy destroy): the function to call
 * @user_data: data for @listener
 * @destroy: (nullable): what frees @user_data when the listener is gone
 *
 * Asks to be told of transactions that changed a cell of any table.
 *
 * Returns: a handle for [method@Store.remove_listener], never 0, and never
 *   given out again
 *
 * Since: 0.1
 */
gulong
tst_store_add_tables_listener (TstStore         *self,
                               TstListenerFlags  flags,
                               TstStoreListener  listener,
                               gpointer          user_data,
                               GDestroyNotify    destroy)
{
  return tst_store_add_listener (self, TST_LISTENER_KIND_TABLES, TST_IDS (NULL), flags,
                                 G_CALLBACK (listener), user_data, destroy);
}

/**
 * tst_store_add_cell_ids_listener:
 * @self: a store
 * @table_id: (nullable): the id of the table, or `NULL` for any
 * @row_id: (nullable): the id of the row, or `NULL` for any
 * @flags: how the listener is called
 * @listener: (scope notified) (closure user_data) (destroy destroy): the function to call
 * @user_data: data for @listener
 * @destroy: (nullable): what frees @user_data when the listener is gone
 *
 * Asks to be told of cells that come and go, after each transaction.
 *
 * Returns: a handle for [method@Store.remove_listener], never 0, and never
 *   given out again
 *
 * Since: 0.1
 */
gulong
tst_store_add_cell_ids_listener (TstStore           *self,
                                 const char         *table_id,
                                 const char         *row_id,
                                 TstListenerFlags    flags,
                                 TstCellIdsListener  listener,
                                 gpointer            user_data,
                                 GDestroyNotify      destroy)
{
  return tst_store_add_listener (self, TST_LISTENER_KIND_CELL_IDS, TST_IDS (table_id, row_id),
                                 flags, G_CALLBACK (listener), user_data, destroy);
}

/**
 * tst_store_add_row_ids_listener:
 * @self: a store
 * @table_id: (nullable): the id of the table, or `NULL` for any
 * @flags: how the listener is called
 * @listener: (scope notified) (closure user_data) (destroy destroy): the function to call
 * @user_data: data for @listener
 * @destroy: (nullable): what frees @user_data when the listener is gone
 *
 * Asks to be told of rows that come and go, after each transaction.
 *
 * Returns: a handle for [method@Store.remove_listener], never 0, and never
 *   given out again
 *
 * Since: 0.1
 */
gulong
tst_store_add_row_ids_listener (TstStore          *self,
                                const char        *table_id,
                                TstListenerFlags   flags,
                                TstRowIdsListener  listener,
                                gpointer           user_data,
                                GDestroyNotify     destroy)
{
  return tst_store_add_listener (self, TST_LISTENER_KIND_ROW_IDS, TST_IDS (table_id), flags,
                                 G_CALLBACK (listener), user_data, destroy);
}

/**
 * tst_store_add_row_count_listener:
 * @self: a store
 * @table_id: (nullable): the id of the table, or `NULL` for any
 * @flags: how the listener is called
 * @listener: (scope notified) (closure user_data) (destroy destroy): the function to call
 * @user_data: data for @listener
 * @destroy: (nullable): what frees @user_data when the listener is gone
 *
 * Asks to be told of tables with more rows than before, or fewer.
 *
 * Returns: a handle for [method@Store.remove_listener], never 0, and never
 *   given out again
 *
 * Since: 0.1
 */
gulong
tst_store_add_row_count_listener (TstStore            *self,
                                  const char          *table_id,
                                  TstListenerFlags     flags,
                                  TstRowCountListener  listener,
                                  gpointer             user_data,
                                  GDestroyNotify       destroy)
{
  return tst_store_add_listener (self, TST_LISTENER_KIND_ROW_COUNT, TST_IDS (table_id), flags,
                                 G_CALLBACK (listener), user_data, destroy);
}

/**
 * tst_store_add_table_cell_ids_listener:
 * @self: a store
 * @table_id: (nullable): the id of the table, or `NULL` for any
 * @flags: how the listener is called
 * @listener: (scope notified) (closure user_data) (destroy destroy): the function to call
 * @user_data: data for @listener
 * @destroy: (nullable): what frees @user_data when the listener is gone
 *
 * Asks to be told of cell ids that come into use in a table, and go out of use:
 * see [method@Store.get_table_cell_ids].
 *
 * Returns: a handle for [method@Store.remove_listener], never 0, and never
 *   given out again
 *
 * Since: 0.1
 */
gulong
tst_store_add_table_cell_ids_listener (TstStore                *self,
                                       const char              *table_id,
                                       TstListenerFlags         flags,
                                       TstTableCellIdsListener  listener,
                                       gpointer                 user_data,
                                       GDestroyNotify           destroy)
{
  return tst_store_add_listener (self, TST_LISTENER_KIND_TABLE_CELL_IDS, TST_IDS (table_id),
                                 flags, G_CALLBACK (listener), user_data, destroy);
}

/**
 * tst_store_add_table_ids_listener:
 * @self: a store
 * @flags: how the listener is called
 * @listener: (scope notified) (closure user_data) (destroy destroy): the function to call
 * @user_data: data for @listener
 * @destroy: (nullable): what frees @user_data when the listener is gone
 *
 * Asks to be told of tables that come and go, after each transaction.
 *
 * Returns: a handle for [method@Store.remove_listener], never 0, and never
 *   given out again
 *
 * Since: 0.1
 */
gulong
tst_store_add_table_ids_listener (TstStore         *self,
                                  TstListenerFlags  flags,
                                  TstIdsListener    listener,
                                  gpointer          user_data,
                                  GDestroyNotify    destroy)
{
  return tst_store_add_listener (self, TST_LISTENER_KIND_TABLE_IDS, TST_IDS (NULL), flags,
                                 G_CALLBACK (listener), user_data, destroy);
}

/**
 * tst_store_add_value_listener:
 * @self: a store
 * @value_id: (nullable): the id of the keyed value, or `NULL` for any
 * @flags: how the listener is called
 * @listener: (scope notified) (closure user_data) (destroy destroy): the function to call
 * @user_data: data for @listener
 * @destroy: (nullable): what frees @user_data when the listener is gone
 *
 * Asks to be told of keyed values that changed, after each transaction.
 *
 * Returns: a handle for [method@Store.remove_listener], never 0, and never
 *   given out again
 *
 * Since: 0.1
 */
gulong
tst_store_add_value_listener (TstStore         *self,
                              const char       *value_id,
                              TstListenerFlags  flags,
                              TstValueListener  listener,
                              gpointer          user_data,
                              GDestroyNotify    destroy)
{
  return tst_store_add_listener (self, TST_LISTENER_KIND_VALUE, TST_IDS (value_id), flags,
                                 G_CALLBACK (listener), user_data, destroy);
}

/**
 * tst_store_add_values_listener:
 * @self: a store
 * @flags: how the listener is called
 * @listener: (scope notified) (closure user_data) (destroy destroy): the function to call
 * @user_data: data for @listener
 * @destroy: (nullable): what frees @user_data when the listener is gone
 *
 * Asks to be told of transactions that changed any keyed value.
 *
 * Returns: a handle for [method@Store.remove_listener], never 0, and never
 *   given out again
 *
 * Since: 0.1
 */
gulong
tst_store_add_values_listener (TstStore         *self,
                               TstListenerFlags  flags,
                               TstStoreListener  listener,
                               gpointer          user_data,
                               GDestroyNotify    destroy)
{
  return tst_store_add_listener (self, TST_LISTENER_KIND_VALUES, TST_IDS (NULL), flags,
                                 G_CALLBACK (listener), user_data, destroy);
}

/**
 * tst_store_add_value_ids_listener:
 * @self: a store
 * @flags: how the listener is called
 * @listener: (scope notified) (closure user_data) (destroy destroy): the function to call
 * @user_data: data for @listener
 * @destroy: (nullable): what frees @user_data when the listener is gone
 *
 * Asks to be told of keyed values that come and go, after each transaction.
 *
 * Returns: a handle for [method@Store.remove_listener], never 0, and never
 *   given out again
 *
 * Since: 0.1
 */
gulong
tst_store_add_value_ids_listener (TstStore         *self,
                                  TstListenerFlags  flags,
                                  TstIdsListener    listener,
                                  gpointer          user_data,
                                  GDestroyNotify    destroy)
{
  return tst_store_add_listener (self, TST_LISTENER_KIND_VALUE_IDS, TST_IDS (NULL), flags,
                                 G_CALLBACK (listener), user_data, destroy);
}

/**
 * tst_store_add_invalid_cell_listener:
 * @self: a store
 * @table_id: (nullable): the id of the table, or `NULL` for any
 * @row_id: (nullable): the id of the row, or `NULL` for any
 * @cell_id: (nullable): the id of the cell, or `NULL` for any
 * @flags: how the listener is called
 * @listener: (scope notified) (closure user_data) (destroy destroy): the function to call
 * @user_data: data for @listener
 * @destroy: (nullable): what frees @user_data when the listener is gone
 *
 * Asks to be told of writes to the tables that were refused, after each
 * transaction, also after one that was rolled back.
 *
 * If it is not known to which cell a write was, only listeners for any are
 * called.
 *
 * Returns: a handle for [method@Store.remove_listener], never 0, and never
 *   given out again
 *
 * Since: 0.1
 */
gulong
tst_store_add_invalid_cell_listener (TstStore               *self,
                                     const char             *table_id,
                                     const char             *row_id,
                                     const char             *cell_id,
                                     TstListenerFlags        flags,
                                     TstInvalidCellListener  listener,
                                     gpointer                user_data,
                                     GDestroyNotify          destroy)
{
  return tst_store_add_listener (self, TST_LISTENER_KIND_INVALID_CELL, TST_IDS (table_id, row_id, cell_id),
                                 flags, G_CALLBACK (listener), user_data, destroy);
}

/**
 * tst_store_add_invalid_value_listener:
 * @self: a store
 * @value_id: (nullable): the id of the keyed value, or `NULL` for any
 * @flags: how the listener is called
 * @listener: (scope notified) (closure user_data) (destroy destroy): the function to call
 * @user_data: data for @listener
 * @destroy: (nullable): what frees @user_data when the listener is gone
 *
 * Asks to be told of writes to the keyed values that were refused, after each
 * transaction, also after one that was rolled back.
 *
 * Returns: a handle for [method@Store.remove_listener], never 0, and never
 *   given out again
 *
 * Since: 0.1
 */
gulong
tst_store_add_invalid_value_listener (TstStore                *self,
                                      const char              *value_id,
                                      TstListenerFlags         flags,
                                      TstInvalidValueListener  listener,
                                      gpointer                 user_data,
                                      GDestroyNotify           destroy)
{
  return tst_store_add_listener (self, TST_LISTENER_KIND_INVALID_VALUE, TST_IDS (value_id), flags,
                                 G_CALLBACK (listener), user_data, destroy);
}

/**
 * tst_store_add_started_listener:
 * @self: a store
 * @listener: (scope notified) (closure user_data) (destroy destroy): the function to call
 * @user_data: data for @listener
 * @destroy: (nullable): what frees @user_data when the listener is gone
 *
 * Asks to be called as [signal@Store::transaction-started] is emitted.
 *
 * Returns: a handle for [method@Store.remove_listener], never 0, and never
 *   given out again
 *
 * Since: 0.1
 */
gulong
tst_store_add_started_listener (TstStore         *self,
                                TstStoreListener  listener,
                                gpointer          user_data,
                                GDestroyNotify    destroy)
{
  return tst_store_add_listener (self, TST_LISTENER_KIND_STARTED, TST_IDS (NULL),
                                 TST_LISTENER_DEFAULT, G_CALLBACK (listener), user_data, destroy);
}

/**
 * tst_store_add_finishing_listener:
 * @self: a store
 * @listener: (scope notified) (closure user_data) (destroy destroy): the function to call
 * @user_data: data for @listener
 * @destroy: (nullable): what frees @user_data when the listener is gone
 *
 * Asks to be called as [signal@Store::transaction-finishing] is emitted.
 *
 * Returns: a handle for [method@Store.remove_listener], never 0, and never
 *   given out again
 *
 * Since: 0.1
 */
gulong
tst_store_add_finishing_listener (TstStore         *self,
                                  TstStoreListener  listener,
                                  gpointer          user_data,
                                  GDestroyNotify    destroy)
{
  return tst_store_add_listener (self, TST_LISTENER_KIND_FINISHING, TST_IDS (NULL),
                                 TST_LISTENER_DEFAULT, G_CALLBACK (listener), user_data, destroy);
}

/**
 * tst_store_add_finished_listener:
 * @self: a store
 * @listener: (scope notified) (closure user_data) (destroy destroy): the function to call
 * @user_data: data for @listener
 * @destroy: (nullable): what frees @user_data when the listener is gone
 *
 * Asks to be called as [signal@Store::transaction-finished] is emitted.
 *
 * Returns: a handle for [method@Store.remove_listener], never 0, and never
 *   given out again
 *
 * Since: 0.1
 */
gulong
tst_store_add_finished_listener (TstStore         *self,
                                 TstStoreListener  listener,
                                 gpointer          user_data,
                                 GDestroyNotify    destroy)
{
  return tst_store_add_listener (self, TST_LISTENER_KIND_FINISHED, TST_IDS (NULL),
                                 TST_LISTENER_DEFAULT, G_CALLBACK (listener), user_data, destroy);
}

/**
 * tst_store_remove_listener:
 * @self: a store
 * @listener_id: the handle of a listener
 *
 * Removes a listener.
 *
 * It is not called any more, not even in the round of calls that is under way.
 *
 * Returns: `TRUE` if there was such a listener
 *
 * Since: 0.1
 */
gboolean
tst_store_remove_listener (TstStore *self,
                           gulong    listener_id)
{
  gboolean removed;

  g_return_val_if_fail (TST_IS_STORE (self), FALSE);

  /* What it was given may have held the store. */
  g_object_ref (self);
  tst_store_forget_sorted_page (self, listener_id);
  removed = tst_listeners_remove (self->listeners, listener_id) ||
            (self->mutators != NULL && tst_listeners_remove (self->mutators, listener_id));
  if (removed)
    self->n_listeners--;
  g_object_unref (self);

  return removed;
}

/**
 * tst_store_get_n_listeners:
 * @self: a store
 * @kind: a kind of listener
 *
 * Counts the listeners of one kind, whatever they were added for.
 *
 * Mutators are among them, handlers of signals are not.
 *
 * Returns: the number of listeners
 *
 * Since: 0.1
 */
guint
tst_store_get_n_listeners (TstStore        *self,
                           TstListenerKind  kind)
{
  g_return_val_if_fail (TST_IS_STORE (self), 0);
  g_return_val_if_fail ((guint) kind < TST_N_LISTENER_KINDS, 0);

  return tst_listeners_count_kind (self->listeners, kind) +
         (self->mutators != NULL ? tst_listeners_count_kind (self->mutators, kind) : 0);
}
