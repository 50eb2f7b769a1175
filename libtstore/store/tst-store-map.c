/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-store.h"

/* Read, change and write, in one transaction. */

typedef struct
{
  const char  *table_id;  /* (nullable): NULL for a keyed value */
  const char  *row_id;
  const char  *id;
  TstMapFunc   func;
  gpointer     user_data;
} Mapping;

static void
map_in_transaction (TstStore  *store,
                    gpointer   user_data,
                    GError   **error)
{
  const Mapping *self = user_data;
  g_autoptr(GError) local_error = NULL;
  g_auto(GValue) new_value = G_VALUE_INIT;
  GValue *old_value;

  old_value = self->table_id ? tst_store_get_cell (store, self->table_id, self->row_id, self->id)
                             : tst_store_get_value (store, self->id);

  self->func (old_value, &new_value, self->user_data, &local_error);

  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else if (self->table_id != NULL)
    tst_store_set_cell (store, self->table_id, self->row_id, self->id, &new_value, error);
  else
    tst_store_set_value (store, self->id, &new_value, error);

  if (old_value != NULL)
    g_boxed_free (G_TYPE_VALUE, old_value);
}

/**
 * TstMapFunc:
 * @old_value: (nullable): what is there, or `NULL`
 * @new_value: (out caller-allocates): what will be there: all zeros, to be
 *   initialized; null if it is not
 * @user_data: the data given with the function
 * @error: where to put an error, with which all stays as it was
 *
 * Makes a new value of an old one.
 *
 * Since: 0.1
 */

/**
 * tst_store_map_cell:
 * @self: a store
 * @table_id: the id of the table
 * @row_id: the id of the row
 * @cell_id: the id of the cell
 * @func: (scope call) (closure user_data): the function to call
 * @user_data: data for @func
 * @error: where to put an error
 *
 * Sets a cell to what a function makes of it.
 *
 * All of it is one transaction, and so is what the function itself writes. If
 * the function sets an error, or what it makes cannot be stored, everything is
 * undone.
 *
 * In Python and JavaScript the function takes the old value and returns the new
 * one, and an exception of it is passed on.
 *
 * ```c
 * static void
 * add_one (const GValue  *visits,
 *          GValue        *more,
 *          gpointer       user_data,
 *          GError       **error)
 * {
 *   g_value_init (more, G_TYPE_DOUBLE);
 *   g_value_set_double (more, visits != NULL ? g_value_get_double (visits) + 1 : 1);
 * }
 * ```
 *
 * ```c
 * tst_store_map_cell (store, "pets", "fido", "visits", add_one, NULL, &error);
 * ```
 *
 * Returns: `TRUE` if the cell is set, or was so already; `FALSE` with an error
 *   of the function, or of [method@Store.set_cell]
 *
 * Since: 0.1
 */
gboolean
tst_store_map_cell (TstStore    *self,
                    const char  *table_id,
                    const char  *row_id,
                    const char  *cell_id,
                    TstMapFunc   func,
                    gpointer     user_data,
                    GError     **error)
{
  Mapping mapping = { table_id, row_id, cell_id, func, user_data };

  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (table_id != NULL && row_id != NULL && cell_id != NULL, FALSE);
  g_return_val_if_fail (func != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return tst_store_transact (self, map_in_transaction, &mapping, error);
}

/**
 * tst_store_map_value:
 * @self: a store
 * @value_id: the id of the value
 * @func: (scope call) (closure user_data): the function to call
 * @user_data: data for @func
 * @error: where to put an error
 *
 * Sets a keyed value to what a function makes of it.
 *
 * This is [method@Store.map_cell] for a value.
 *
 * Returns: `TRUE` if the value is set, or was so already; `FALSE` with an error
 *   of the function, or of [method@Store.set_value]
 *
 * Since: 0.1
 */
gboolean
tst_store_map_value (TstStore    *self,
                     const char  *value_id,
                     TstMapFunc   func,
                     gpointer     user_data,
                     GError     **error)
{
  Mapping mapping = { NULL, NULL, value_id, func, user_data };

  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (value_id != NULL, FALSE);
  g_return_val_if_fail (func != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return tst_store_transact (self, map_in_transaction, &mapping, error);
}
