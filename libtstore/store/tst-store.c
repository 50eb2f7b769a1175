/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-store-object-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "tst-error.h"
#include "tst-store-intercept-private.h"

/**
 * TstStore:
 *
 * Keeps an app's data, and tells of every change.
 *
 * A store holds tables of rows of cells, and keyed values beside them. A cell,
 * or a value, is a string, a number, a boolean, null, or a JSON object or
 * array that is kept as its text. Tables, rows, cells and values have ids,
 * which are strings, and stay in the order in which they were added. There are
 * no empty tables and no empty rows: a table is there as long as it has a row,
 * and a row as long as it has a cell.
 *
 * ```c
 * g_autoptr(TstStore) store = tst_store_new ();
 *
 * tst_store_set_cell_string (store, "pets", "fido", "species", "dog", NULL);
 * tst_store_set_cell_number (store, "pets", "fido", "price", 5, NULL);
 * ```
 *
 * Each write is a transaction of its own, unless it is made between
 * [method@Store.begin] and [method@Store.commit], or in
 * [method@Store.transact]. When the transaction is over, whoever asked for it
 * is told what changed in the end:
 *
 * - signals, such as [signal@Store::changed] and [signal@Store::row-changed],
 *   are the simple way, from every language;
 * - listeners, such as [method@Store.add_cell_listener], are called for
 *   exactly the table, row or cell that they were added for, and cost the same
 *   whether there are ten of them or ten thousand.
 *
 * # Errors
 *
 * Whatever writes can fail for reasons that its own documentation does not repeat: with
 * [error@TStore.Error.INVALID_ID] for an id that is not valid; with
 * [error@TStore.Error.SCHEMA] if the schema does not allow it; with
 * [error@TStore.Error.REFUSED], and the reason as message, if an interceptor refuses it,
 * or with the error of what one tried to make of it; and, where it is a transaction of
 * its own, with [error@TStore.Error.ROLLED_BACK] if a mutator has undone it.
 *
 * # Text
 *
 * Ids and strings are UTF-8 without a NUL. What is not is refused with
 * [error@TStore.Error.INVALID_ID] or [error@TStore.Error.INVALID_VALUE]. All
 * other text can be stored.
 *
 * # Threads
 *
 * A store belongs to the thread that made it.
 *
 * Since: 0.1
 */

G_DEFINE_FINAL_TYPE (TstStore, tst_store, G_TYPE_OBJECT)

guint tst_store_signals[N_SIGNALS];

static void
tst_store_dispose (GObject *object)
{
  TstStore *self = TST_STORE (object);

  if (self->n_batches > 0 && !self->let_go)
    {
      self->let_go = TRUE;
      g_object_ref (self);
      return;
    }

  G_OBJECT_CLASS (tst_store_parent_class)->dispose (object);
}

static void
tst_store_finalize (GObject *object)
{
  TstStore *self = TST_STORE (object);

  if (tst_store_depth (self) > 0)
    g_warning ("A store was finalized with a transaction open");

  tst_engine_free (self->engine);
  tst_store_clear_transactions (self);
  g_clear_pointer (&self->schema, tst_schema_unref);
  if (self->sorted != NULL)
    tst_store_clear_sorted (self);
  g_clear_pointer (&self->interceptors, g_ptr_array_unref);
  g_clear_pointer (&self->mutators, tst_listeners_free);
  tst_listeners_free (self->listeners);

  G_OBJECT_CLASS (tst_store_parent_class)->finalize (object);
}

#define STATIC_STRING (G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE)

static guint
new_signal (TstStoreClass *klass,
            const char    *name,
            GSignalFlags   flags,
            guint          n_ids)
{
  return g_signal_new (name, G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST | flags,
                       0, NULL, NULL, NULL, G_TYPE_NONE, n_ids,
                       STATIC_STRING, STATIC_STRING, STATIC_STRING);
}

static void
add_change_signals (TstStoreClass *klass)
{
  /**
   * TstStore::changed:
   * @self: the store
   * @changes: what changed
   *
   * Emitted once after each transaction that changed something.
   *
   * Since: 0.1
   */
  tst_store_signals[SIGNAL_CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                  /* Not of static scope: GJS would hold it without a reference. */
                  TST_TYPE_CHANGES);

  /**
   * TstStore::cell-changed:
   * @self: the store
   * @table_id: the id of the table
   * @row_id: the id of the row
   * @cell_id: the id of the cell
   *
   * Emitted after a transaction for each cell that it changed.
   *
   * The detail is the id of the table: connect to `cell-changed::pets` to hear
   * of the table “pets” only.
   *
   * Since: 0.1
   */
  tst_store_signals[SIGNAL_CELL_CHANGED] = new_signal (klass, "cell-changed", G_SIGNAL_DETAILED, 3);

  /**
   * TstStore::row-changed:
   * @self: the store
   * @table_id: the id of the table
   * @row_id: the id of the row
   *
   * Emitted after a transaction for each row in which it changed a cell.
   *
   * The detail is the id of the table.
   *
   * Since: 0.1
   */
  tst_store_signals[SIGNAL_ROW_CHANGED] = new_signal (klass, "row-changed", G_SIGNAL_DETAILED, 2);

  /**
   * TstStore::table-changed:
   * @self: the store
   * @table_id: the id of the table
   *
   * Emitted after a transaction for each table in which it changed a cell.
   *
   * The detail is the id of the table.
   *
   * Since: 0.1
   */
  tst_store_signals[SIGNAL_TABLE_CHANGED] = new_signal (klass, "table-changed", G_SIGNAL_DETAILED, 1);

  /**
   * TstStore::tables-changed:
   * @self: the store
   *
   * Emitted after a transaction that changed a cell of any table.
   *
   * Since: 0.1
   */
  tst_store_signals[SIGNAL_TABLES_CHANGED] = new_signal (klass, "tables-changed", 0, 0);
}

static void
add_id_signals (TstStoreClass *klass)
{
  /**
   * TstStore::cell-ids-changed:
   * @self: the store
   * @table_id: the id of the table
   * @row_id: the id of the row
   *
   * Emitted after a transaction for each row that has other cells than before.
   *
   * The detail is the id of the table.
   *
   * Since: 0.1
   */
  tst_store_signals[SIGNAL_CELL_IDS_CHANGED] = new_signal (klass, "cell-ids-changed", G_SIGNAL_DETAILED, 2);

  /**
   * TstStore::row-ids-changed:
   * @self: the store
   * @table_id: the id of the table
   *
   * Emitted after a transaction for each table that has other rows than before.
   *
   * The detail is the id of the table.
   *
   * Since: 0.1
   */
  tst_store_signals[SIGNAL_ROW_IDS_CHANGED] = new_signal (klass, "row-ids-changed", G_SIGNAL_DETAILED, 1);

  /**
   * TstStore::table-ids-changed:
   * @self: the store
   *
   * Emitted after a transaction if there are other tables than before.
   *
   * Since: 0.1
   */
  tst_store_signals[SIGNAL_TABLE_IDS_CHANGED] = new_signal (klass, "table-ids-changed", 0, 0);
}

static void
add_value_signals (TstStoreClass *klass)
{
  /**
   * TstStore::value-changed:
   * @self: the store
   * @value_id: the id of the value
   *
   * Emitted after a transaction for each keyed value that it changed.
   *
   * The detail is the id of the value.
   *
   * Since: 0.1
   */
  tst_store_signals[SIGNAL_VALUE_CHANGED] = new_signal (klass, "value-changed", G_SIGNAL_DETAILED, 1);

  /**
   * TstStore::values-changed:
   * @self: the store
   *
   * Emitted after a transaction that changed any keyed value.
   *
   * Since: 0.1
   */
  tst_store_signals[SIGNAL_VALUES_CHANGED] = new_signal (klass, "values-changed", 0, 0);

  /**
   * TstStore::value-ids-changed:
   * @self: the store
   *
   * Emitted after a transaction if there are other keyed values than before.
   *
   * Since: 0.1
   */
  tst_store_signals[SIGNAL_VALUE_IDS_CHANGED] = new_signal (klass, "value-ids-changed", 0, 0);
}

static void
add_transaction_signals (TstStoreClass *klass)
{
  /**
   * TstStore::transaction-started:
   * @self: the store
   *
   * Emitted when the outermost transaction begins.
   *
   * What handlers write is part of the transaction. It is not theirs to end, and
   * those that begin one of their own have to end that.
   *
   * Since: 0.1
   */
  tst_store_signals[SIGNAL_TRANSACTION_STARTED] = new_signal (klass, "transaction-started", 0, 0);

  /**
   * TstStore::transaction-finishing:
   * @self: the store
   *
   * Emitted when the outermost transaction is about to be committed.
   *
   * What handlers write is part of the transaction.
   *
   * Since: 0.1
   */
  tst_store_signals[SIGNAL_TRANSACTION_FINISHING] = new_signal (klass, "transaction-finishing", 0, 0);

  /**
   * TstStore::transaction-finished:
   * @self: the store
   *
   * Emitted when the outermost transaction is over and everybody was told.
   *
   * Also after a transaction that changed nothing, and after a rollback.
   *
   * Since: 0.1
   */
  tst_store_signals[SIGNAL_TRANSACTION_FINISHED] = new_signal (klass, "transaction-finished", 0, 0);
}

static void
add_refusal_signals (TstStoreClass *klass)
{
  /**
   * TstStore::invalid-cell:
   * @self: the store
   * @table_id: (nullable): the id of the table, if it is known
   * @row_id: (nullable): the id of the row, if it is known
   * @cell_id: (nullable): the id of the cell, if it is known
   * @error: why
   *
   * Emitted at the end of a transaction for each write to the tables that was
   * refused in it.
   *
   * Since: 0.1
   */
  tst_store_signals[SIGNAL_INVALID_CELL] =
    g_signal_new ("invalid-cell", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 4,
                  STATIC_STRING, STATIC_STRING, STATIC_STRING, G_TYPE_ERROR);

  /**
   * TstStore::invalid-value:
   * @self: the store
   * @value_id: (nullable): the id of the value, if it is known
   * @error: why
   *
   * Emitted at the end of a transaction for each write to the keyed values
   * that was refused in it.
   *
   * Since: 0.1
   */
  tst_store_signals[SIGNAL_INVALID_VALUE] =
    g_signal_new ("invalid-value", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 2, STATIC_STRING, G_TYPE_ERROR);
}

static void
tst_store_class_init (TstStoreClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tst_store_dispose;
  object_class->finalize = tst_store_finalize;

  add_change_signals (klass);
  add_id_signals (klass);
  add_value_signals (klass);
  add_transaction_signals (klass);
  add_refusal_signals (klass);
}

static void
tst_store_init (TstStore *self)
{
  self->engine = tst_engine_new ();
  self->listeners = tst_listeners_new ();
  tst_store_init_transactions (self);
}

/**
 * tst_store_new:
 *
 * Makes an empty store.
 *
 * Returns: (transfer full): a new store
 *
 * Since: 0.1
 */
TstStore *
tst_store_new (void)
{
  return g_object_new (TST_TYPE_STORE, NULL);
}

/* --- For other rooms --- */

TstSnapshot *
tst_store_snapshot (TstStore *self)
{
  return tst_engine_snapshot (self->engine);
}

guint64
tst_store_get_generation (TstStore *self)
{
  return self->engine->generation;
}

const TstCell *
tst_store_peek_cell (TstStore   *self,
                     const char *table_id,
                     const char *row_id,
                     const char *cell_id)
{
  return tst_engine_find_cell (self->engine, table_id, row_id, cell_id);
}

const TstCell *
tst_store_peek_value (TstStore   *self,
                      const char *value_id)
{
  return tst_engine_find_value (self->engine, value_id);
}

/* --- Cells --- */

gboolean
tst_store_check_id (const char  *id,
                    GError     **error)
{
  if (g_utf8_validate (id, -1, NULL))
    return TRUE;

  g_set_error_literal (error, TST_ERROR, TST_ERROR_INVALID_ID, _("An id must be valid UTF-8"));
  return FALSE;
}

G_GNUC_NO_INLINE static gboolean
refuse_cell (TstStore    *self,
             const char  *table_id,
             const char  *row_id,
             const char  *cell_id,
             GError      *refusal,
             GError     **error)
{
  tst_store_refuse_cell (self, table_id, row_id, cell_id, refusal);
  g_propagate_error (error, refusal);

  return FALSE;
}

G_GNUC_NO_INLINE static GError *
invalid_id_error (void)
{
  return g_error_new_literal (TST_ERROR, TST_ERROR_INVALID_ID, _("An id must be valid UTF-8"));
}

gboolean
tst_store_write_cell (TstStore    *self,
                      const char  *table_id,
                      const char  *row_id,
                      const char  *cell_id,
                      TstCell     *cell,
                      GError     **error)
{
  GError *refusal = NULL;
  TstSetResult result;
  TstTarget target;
  gboolean opened, committed;

  if (G_UNLIKELY (self->intercepted & TST_INTERCEPT_CELL))
    return tst_store_intercept_cell (self, table_id, row_id, cell_id, cell, error);
  if (G_UNLIKELY (self->schema != NULL))
    return tst_store_write_fitting (self, table_id, row_id, cell_id, cell, error);

  /* First, as the cell is on its way from memory while signals are asked for. */
  tst_engine_find_target (self->engine, &target, table_id, row_id, cell_id);
  opened = tst_store_open_write (self);
  result = tst_engine_set_target (self->engine, &target, cell);

  if (G_UNLIKELY (result == TST_SET_INVALID_ID))
    {
      refusal = invalid_id_error ();
      tst_store_refuse_cell (self, table_id, row_id, cell_id, refusal);
    }

  committed = tst_store_close_write (self, opened, result == TST_SET_CHANGED);

  if (G_UNLIKELY (refusal != NULL))
    g_propagate_error (error, refusal);
  else if (G_UNLIKELY (!committed))
    tst_store_set_rolled_back (error);

  return result != TST_SET_INVALID_ID && committed;
}

/**
 * tst_store_set_cell:
 * @self: a store
 * @table_id: the id of the table
 * @row_id: the id of the row
 * @cell_id: the id of the cell
 * @value: (nullable): a string, boolean, or number of any kind; `NULL` for null
 * @error: where to put an error
 *
 * Sets a cell.
 *
 * The table and the row are made if they are missing. A NULL string or
 * pointer is null as well, and a `GVariant` may hold any of these. Numbers
 * are kept as doubles.
 *
 * Returns: `TRUE` if the cell is set, or was so already; `FALSE` with
 *   [error@TStore.Error.INVALID_VALUE] or [error@TStore.Error.INVALID_ID] if
 *   it was refused, or with [error@TStore.Error.SCHEMA] because of the schema, or
 *   with [error@TStore.Error.ROLLED_BACK] if a mutator has undone it
 *
 * Since: 0.1
 */
gboolean
tst_store_set_cell (TstStore      *self,
                    const char    *table_id,
                    const char    *row_id,
                    const char    *cell_id,
                    const GValue  *value,
                    GError       **error)
{
  TstCell cell = TST_CELL_INIT;
  GError *refusal = NULL;

  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (table_id != NULL && row_id != NULL && cell_id != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!tst_cell_init_value (&cell, value, &refusal))
    return refuse_cell (self, table_id, row_id, cell_id, refusal, error);

  return tst_store_write_cell (self, table_id, row_id, cell_id, &cell, error);
}

/**
 * tst_store_set_cell_string:
 * @self: a store
 * @table_id: the id of the table
 * @row_id: the id of the row
 * @cell_id: the id of the cell
 * @value: a string in UTF-8
 * @error: where to put an error
 *
 * Sets a cell to a string.
 *
 * Returns: `TRUE` if the cell is set, or was so already; `FALSE` with
 *   [error@TStore.Error.INVALID_VALUE] or [error@TStore.Error.INVALID_ID] if
 *   it was refused
 *
 * Since: 0.1
 */
gboolean
tst_store_set_cell_string (TstStore    *self,
                           const char  *table_id,
                           const char  *row_id,
                           const char  *cell_id,
                           const char  *value,
                           GError     **error)
{
  TstCell cell = TST_CELL_INIT;
  GError *refusal = NULL;

  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (table_id != NULL && row_id != NULL && cell_id != NULL, FALSE);
  g_return_val_if_fail (value != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!tst_cell_init_string (&cell, value, &refusal))
    return refuse_cell (self, table_id, row_id, cell_id, refusal, error);

  return tst_store_write_cell (self, table_id, row_id, cell_id, &cell, error);
}

/**
 * tst_store_set_cell_number:
 * @self: a store
 * @table_id: the id of the table
 * @row_id: the id of the row
 * @cell_id: the id of the cell
 * @value: a finite number
 * @error: where to put an error
 *
 * Sets a cell to a number.
 *
 * Returns: `TRUE` if the cell is set, or was so already; `FALSE` with
 *   [error@TStore.Error.INVALID_VALUE] or [error@TStore.Error.INVALID_ID] if
 *   it was refused
 *
 * Since: 0.1
 */
gboolean
tst_store_set_cell_number (TstStore    *self,
                           const char  *table_id,
                           const char  *row_id,
                           const char  *cell_id,
                           double       value,
                           GError     **error)
{
  TstCell cell = TST_CELL_INIT;
  GError *refusal = NULL;

  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (table_id != NULL && row_id != NULL && cell_id != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!tst_cell_init_finite (&cell, value, &refusal))
    return refuse_cell (self, table_id, row_id, cell_id, refusal, error);

  return tst_store_write_cell (self, table_id, row_id, cell_id, &cell, error);
}

/**
 * tst_store_set_cell_boolean:
 * @self: a store
 * @table_id: the id of the table
 * @row_id: the id of the row
 * @cell_id: the id of the cell
 * @value: a boolean
 * @error: where to put an error
 *
 * Sets a cell to a boolean.
 *
 * Returns: `TRUE` if the cell is set, or was so already; `FALSE` with
 *   [error@TStore.Error.INVALID_ID] if it was refused
 *
 * Since: 0.1
 */
gboolean
tst_store_set_cell_boolean (TstStore    *self,
                            const char  *table_id,
                            const char  *row_id,
                            const char  *cell_id,
                            gboolean     value,
                            GError     **error)
{
  TstCell cell = TST_CELL_INIT;

  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (table_id != NULL && row_id != NULL && cell_id != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  tst_cell_init_boolean (&cell, value);
  return tst_store_write_cell (self, table_id, row_id, cell_id, &cell, error);
}

/**
 * tst_store_get_cell:
 * @self: a store
 * @table_id: the id of the table
 * @row_id: the id of the row
 * @cell_id: the id of the cell
 *
 * Gets a cell.
 *
 * The value holds a string, a double or a boolean; for null, a pointer that is
 * `NULL`; and for an object or an array, its JSON text as a string.
 *
 * Returns: (transfer full) (nullable): what is in the cell, or `NULL` if there
 *   is no such cell
 *
 * Since: 0.1
 */
GValue *
tst_store_get_cell (TstStore   *self,
                    const char *table_id,
                    const char *row_id,
                    const char *cell_id)
{
  g_return_val_if_fail (TST_IS_STORE (self), NULL);
  g_return_val_if_fail (table_id != NULL && row_id != NULL && cell_id != NULL, NULL);

  return tst_cell_dup_value (tst_engine_find_cell (self->engine, table_id, row_id, cell_id));
}

/**
 * tst_store_get_cell_string:
 * @self: a store
 * @table_id: the id of the table
 * @row_id: the id of the row
 * @cell_id: the id of the cell
 *
 * Gets the string in a cell.
 *
 * Returns: (transfer none) (nullable): the string, until the store is written
 *   to next; `NULL` if there is no such cell, or if it is not a string
 *
 * Since: 0.1
 */
const char *
tst_store_get_cell_string (TstStore   *self,
                           const char *table_id,
                           const char *row_id,
                           const char *cell_id)
{
  g_return_val_if_fail (TST_IS_STORE (self), NULL);
  g_return_val_if_fail (table_id != NULL && row_id != NULL && cell_id != NULL, NULL);

  return tst_cell_peek_string (tst_engine_find_cell (self->engine, table_id, row_id, cell_id));
}

/**
 * tst_store_get_cell_number:
 * @self: a store
 * @table_id: the id of the table
 * @row_id: the id of the row
 * @cell_id: the id of the cell
 *
 * Gets the number in a cell.
 *
 * Returns: the number; 0 if there is no such cell, or if it is not a number
 *
 * Since: 0.1
 */
double
tst_store_get_cell_number (TstStore   *self,
                           const char *table_id,
                           const char *row_id,
                           const char *cell_id)
{
  g_return_val_if_fail (TST_IS_STORE (self), 0);
  g_return_val_if_fail (table_id != NULL && row_id != NULL && cell_id != NULL, 0);

  return tst_cell_peek_number (tst_engine_find_cell (self->engine, table_id, row_id, cell_id));
}

/**
 * tst_store_get_cell_boolean:
 * @self: a store
 * @table_id: the id of the table
 * @row_id: the id of the row
 * @cell_id: the id of the cell
 *
 * Gets the boolean in a cell.
 *
 * Returns: the boolean; `FALSE` if there is no such cell, or if it is not a
 *   boolean
 *
 * Since: 0.1
 */
gboolean
tst_store_get_cell_boolean (TstStore   *self,
                            const char *table_id,
                            const char *row_id,
                            const char *cell_id)
{
  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (table_id != NULL && row_id != NULL && cell_id != NULL, FALSE);

  return tst_cell_peek_boolean (tst_engine_find_cell (self->engine, table_id, row_id, cell_id));
}

/**
 * tst_store_get_cell_type:
 * @self: a store
 * @table_id: the id of the table
 * @row_id: the id of the row
 * @cell_id: the id of the cell
 *
 * Tells what is in a cell.
 *
 * Returns: what the cell holds; `TST_CELL_TYPE_NONE` if there is no such cell
 *
 * Since: 0.1
 */
TstCellType
tst_store_get_cell_type (TstStore   *self,
                         const char *table_id,
                         const char *row_id,
                         const char *cell_id)
{
  g_return_val_if_fail (TST_IS_STORE (self), TST_CELL_TYPE_NONE);
  g_return_val_if_fail (table_id != NULL && row_id != NULL && cell_id != NULL, TST_CELL_TYPE_NONE);

  return tst_cell_peek_type (tst_engine_find_cell (self->engine, table_id, row_id, cell_id));
}

/**
 * tst_store_has_cell:
 * @self: a store
 * @table_id: the id of the table
 * @row_id: the id of the row
 * @cell_id: the id of the cell
 *
 * Tells whether there is a cell.
 *
 * Returns: `TRUE` if there is such a cell, even if it holds null
 *
 * Since: 0.1
 */
gboolean
tst_store_has_cell (TstStore   *self,
                    const char *table_id,
                    const char *row_id,
                    const char *cell_id)
{
  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (table_id != NULL && row_id != NULL && cell_id != NULL, FALSE);

  return tst_engine_find_cell (self->engine, table_id, row_id, cell_id) != NULL;
}

static gboolean
remove_cell (TstStore   *self,
             const char *table_id,
             const char *row_id,
             const char *cell_id)
{
  TstTable *table = tst_engine_find_table (self->engine, table_id);

  return table != NULL && tst_store_remove_cell_in (self, table, row_id, cell_id);
}

/**
 * tst_store_remove_cell:
 * @self: a store
 * @table_id: the id of the table
 * @row_id: the id of the row
 * @cell_id: the id of the cell
 *
 * Removes a cell.
 *
 * With its last cell goes the row, and with its last row the table. A cell that
 * has a default in the schema becomes that; and one that the schema requires
 * is not removed, which [signal@Store::invalid-cell] tells.
 *
 * Returns: `TRUE` if there was such a cell, and it could be removed
 *
 * Since: 0.1
 */
gboolean
tst_store_remove_cell (TstStore   *self,
                       const char *table_id,
                       const char *row_id,
                       const char *cell_id)
{
  gboolean opened, removed;

  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (table_id != NULL && row_id != NULL && cell_id != NULL, FALSE);

  if (G_UNLIKELY (self->intercepted & TST_INTERCEPT_REMOVE_CELL))
    return tst_store_intercept_removal (self, table_id, row_id, cell_id);

  if (G_UNLIKELY (self->schema != NULL))
    return tst_store_remove_fitting (self, table_id, row_id, cell_id);

  opened = tst_store_open_write (self);
  removed = remove_cell (self, table_id, row_id, cell_id);

  return tst_store_close_write (self, opened, removed) && removed;
}
