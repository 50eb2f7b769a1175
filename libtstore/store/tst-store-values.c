/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-store-intercept-private.h"
#include "tst-store-object-private.h"

/* The keyed values of a store: in the engine, the one row of a table. */

/* The slot of that row; only if there is a value. */
static guint32
values_row (TstStore *self)
{
  return self->engine->values->data->n_slots - 1;
}

static gboolean
finish_write (TstStore      *self,
              const char    *value_id,
              gboolean       opened,
              TstSetResult   result,
              GError       **error)
{
  GError *refusal = NULL;
  gboolean committed;

  if (G_UNLIKELY (result == TST_SET_INVALID_ID))
    {
      tst_store_check_id (value_id, &refusal);
      tst_store_refuse_value (self, value_id, refusal);
    }

  committed = tst_store_close_write (self, opened, result == TST_SET_CHANGED);

  if (G_UNLIKELY (refusal != NULL))
    g_propagate_error (error, refusal);
  else if (G_UNLIKELY (!committed))
    tst_store_set_rolled_back (error);

  return result != TST_SET_INVALID_ID && committed;
}

gboolean
tst_store_write_value (TstStore    *self,
                       const char  *value_id,
                       TstCell     *cell,
                       GError     **error)
{
  gboolean opened;

  if (G_UNLIKELY (self->intercepted & TST_INTERCEPT_VALUE))
    return tst_store_intercept_value (self, value_id, cell, error);

  if (G_UNLIKELY (self->schema != NULL))
    return tst_store_write_fitting (self, NULL, NULL, value_id, cell, error);

  opened = tst_store_open_write (self);

  return finish_write (self, value_id, opened,
                       tst_engine_set_value (self->engine, value_id, cell), error);
}

static gboolean
refuse_value (TstStore    *self,
              const char  *value_id,
              GError      *refusal,
              GError     **error)
{
  tst_store_refuse_value (self, value_id, refusal);
  g_propagate_error (error, refusal);

  return FALSE;
}

/**
 * tst_store_set_value:
 * @self: a store
 * @value_id: the id of the value
 * @value: (nullable): a string, boolean, or number of any kind; `NULL` for null
 * @error: where to put an error
 *
 * Sets a keyed value.
 *
 * Returns: `TRUE` if the value is set, or was so already; `FALSE` with
 *   [error@TStore.Error.INVALID_VALUE] or [error@TStore.Error.INVALID_ID] if
 *   it was refused
 *
 * Since: 0.1
 */
gboolean
tst_store_set_value (TstStore      *self,
                     const char    *value_id,
                     const GValue  *value,
                     GError       **error)
{
  TstCell cell = TST_CELL_INIT;
  GError *refusal = NULL;

  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (value_id != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!tst_cell_init_value (&cell, value, &refusal))
    return refuse_value (self, value_id, refusal, error);

  return tst_store_write_value (self, value_id, &cell, error);
}

/**
 * tst_store_set_value_string:
 * @self: a store
 * @value_id: the id of the value
 * @value: a string in UTF-8
 * @error: where to put an error
 *
 * Sets a keyed value to a string.
 *
 * Returns: `TRUE` if the value is set, or was so already; `FALSE` with
 *   [error@TStore.Error.INVALID_VALUE] or [error@TStore.Error.INVALID_ID] if
 *   it was refused
 *
 * Since: 0.1
 */
gboolean
tst_store_set_value_string (TstStore    *self,
                            const char  *value_id,
                            const char  *value,
                            GError     **error)
{
  TstCell cell = TST_CELL_INIT;
  GError *refusal = NULL;

  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (value_id != NULL, FALSE);
  g_return_val_if_fail (value != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!tst_cell_init_string (&cell, value, &refusal))
    return refuse_value (self, value_id, refusal, error);

  return tst_store_write_value (self, value_id, &cell, error);
}

/**
 * tst_store_set_value_number:
 * @self: a store
 * @value_id: the id of the value
 * @value: a finite number
 * @error: where to put an error
 *
 * Sets a keyed value to a number.
 *
 * Returns: `TRUE` if the value is set, or was so already; `FALSE` with
 *   [error@TStore.Error.INVALID_VALUE] or [error@TStore.Error.INVALID_ID] if
 *   it was refused
 *
 * Since: 0.1
 */
gboolean
tst_store_set_value_number (TstStore    *self,
                            const char  *value_id,
                            double       value,
                            GError     **error)
{
  TstCell cell = TST_CELL_INIT;
  GError *refusal = NULL;

  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (value_id != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!tst_cell_init_finite (&cell, value, &refusal))
    return refuse_value (self, value_id, refusal, error);

  return tst_store_write_value (self, value_id, &cell, error);
}

/**
 * tst_store_set_value_boolean:
 * @self: a store
 * @value_id: the id of the value
 * @value: a boolean
 * @error: where to put an error
 *
 * Sets a keyed value to a boolean.
 *
 * Returns: `TRUE` if the value is set, or was so already; `FALSE` with
 *   [error@TStore.Error.INVALID_ID] if it was refused
 *
 * Since: 0.1
 */
gboolean
tst_store_set_value_boolean (TstStore    *self,
                             const char  *value_id,
                             gboolean     value,
                             GError     **error)
{
  TstCell cell = TST_CELL_INIT;

  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (value_id != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  tst_cell_init_boolean (&cell, value);
  return tst_store_write_value (self, value_id, &cell, error);
}

/**
 * tst_store_get_value:
 * @self: a store
 * @value_id: the id of the value
 *
 * Gets a keyed value, as [method@Store.get_cell] gets a cell.
 *
 * Returns: (transfer full) (nullable): what the value is, or `NULL` if there is
 *   no such value
 *
 * Since: 0.1
 */
GValue *
tst_store_get_value (TstStore   *self,
                     const char *value_id)
{
  g_return_val_if_fail (TST_IS_STORE (self), NULL);
  g_return_val_if_fail (value_id != NULL, NULL);

  return tst_cell_dup_value (tst_engine_find_value (self->engine, value_id));
}

/**
 * tst_store_get_value_string:
 * @self: a store
 * @value_id: the id of the value
 *
 * Gets a keyed value that is a string.
 *
 * Returns: (transfer none) (nullable): the string, until the store is written
 *   to next; `NULL` if there is no such value, or if it is not a string
 *
 * Since: 0.1
 */
const char *
tst_store_get_value_string (TstStore   *self,
                            const char *value_id)
{
  g_return_val_if_fail (TST_IS_STORE (self), NULL);
  g_return_val_if_fail (value_id != NULL, NULL);

  return tst_cell_peek_string (tst_engine_find_value (self->engine, value_id));
}

/**
 * tst_store_get_value_number:
 * @self: a store
 * @value_id: the id of the value
 *
 * Gets a keyed value that is a number.
 *
 * Returns: the number; 0 if there is no such value, or if it is not a number
 *
 * Since: 0.1
 */
double
tst_store_get_value_number (TstStore   *self,
                            const char *value_id)
{
  g_return_val_if_fail (TST_IS_STORE (self), 0);
  g_return_val_if_fail (value_id != NULL, 0);

  return tst_cell_peek_number (tst_engine_find_value (self->engine, value_id));
}

/**
 * tst_store_get_value_boolean:
 * @self: a store
 * @value_id: the id of the value
 *
 * Gets a keyed value that is a boolean.
 *
 * Returns: the boolean; `FALSE` if there is no such value, or if it is not a
 *   boolean
 *
 * Since: 0.1
 */
gboolean
tst_store_get_value_boolean (TstStore   *self,
                             const char *value_id)
{
  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (value_id != NULL, FALSE);

  return tst_cell_peek_boolean (tst_engine_find_value (self->engine, value_id));
}

/**
 * tst_store_get_value_type:
 * @self: a store
 * @value_id: the id of the value
 *
 * Tells what a keyed value is.
 *
 * Returns: what the value is; `TST_CELL_TYPE_NONE` if there is no such value
 *
 * Since: 0.1
 */
TstCellType
tst_store_get_value_type (TstStore   *self,
                          const char *value_id)
{
  g_return_val_if_fail (TST_IS_STORE (self), TST_CELL_TYPE_NONE);
  g_return_val_if_fail (value_id != NULL, TST_CELL_TYPE_NONE);

  return tst_cell_peek_type (tst_engine_find_value (self->engine, value_id));
}

/**
 * tst_store_has_value:
 * @self: a store
 * @value_id: the id of the value
 *
 * Tells whether there is a keyed value.
 *
 * Returns: `TRUE` if there is such a value, even if it is null
 *
 * Since: 0.1
 */
gboolean
tst_store_has_value (TstStore   *self,
                     const char *value_id)
{
  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (value_id != NULL, FALSE);

  return tst_engine_find_value (self->engine, value_id) != NULL;
}

static gboolean
remove_value (TstStore   *self,
              const char *value_id)
{
  return tst_store_has_values (self) &&
         tst_store_remove_cell_in (self, self->engine->values, "", value_id);
}

/**
 * tst_store_remove_value:
 * @self: a store
 * @value_id: the id of the value
 *
 * Removes a keyed value.
 *
 * One that has a default in the schema becomes that; and one that the schema
 * requires is not removed, which [signal@Store::invalid-value] tells.
 *
 * Returns: `TRUE` if there was such a value, and it could be removed
 *
 * Since: 0.1
 */
gboolean
tst_store_remove_value (TstStore   *self,
                        const char *value_id)
{
  gboolean opened, removed;

  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (value_id != NULL, FALSE);

  if (G_UNLIKELY (self->intercepted & TST_INTERCEPT_REMOVE_VALUE))
    return tst_store_intercept_value_removal (self, value_id);

  if (G_UNLIKELY (self->schema != NULL))
    return tst_store_remove_fitting (self, NULL, NULL, value_id);

  opened = tst_store_open_write (self);
  removed = remove_value (self, value_id);

  return tst_store_close_write (self, opened, removed) && removed;
}

/**
 * tst_store_has_values:
 * @self: a store
 *
 * Tells whether there are any keyed values.
 *
 * Returns: `TRUE` if there is at least one value
 *
 * Since: 0.1
 */
gboolean
tst_store_has_values (TstStore *self)
{
  g_return_val_if_fail (TST_IS_STORE (self), FALSE);

  return self->engine->values->data->n_rows > 0;
}

/**
 * tst_store_remove_values:
 * @self: a store
 *
 * Removes all keyed values.
 *
 * Those that have a default in the schema come back.
 *
 * Since: 0.1
 */
void
tst_store_remove_values (TstStore *self)
{
  gsize mark;

  g_return_if_fail (TST_IS_STORE (self));

  if (G_UNLIKELY (self->intercepted & TST_INTERCEPT_REMOVE_VALUES))
    {
      tst_store_intercept_value_removal (self, NULL);
      return;
    }

  mark = tst_store_open_statement (self);
  if (tst_store_has_values (self))
    tst_engine_remove_row_at (self->engine, self->engine->values, values_row (self), FALSE);
  tst_store_close_statement (self, mark, NULL);
}

/**
 * tst_store_get_value_ids:
 * @self: a store
 *
 * Lists the keyed values.
 *
 * Returns: (transfer full) (array zero-terminated=1): the ids of the values,
 *   in the order in which they were added
 *
 * Since: 0.1
 */
char **
tst_store_get_value_ids (TstStore *self)
{
  g_return_val_if_fail (TST_IS_STORE (self), NULL);

  if (!tst_store_has_values (self))
    return g_new0 (char *, 1);

  return tst_store_dup_cell_ids (self->engine->values, values_row (self));
}

/**
 * tst_store_get_n_values:
 * @self: a store
 *
 * Counts the keyed values.
 *
 * Returns: the number of values
 *
 * Since: 0.1
 */
guint
tst_store_get_n_values (TstStore *self)
{
  g_return_val_if_fail (TST_IS_STORE (self), 0);

  if (!tst_store_has_values (self))
    return 0;

  return tst_table_data_head (self->engine->values->data, values_row (self))->layout->n;
}

/**
 * tst_store_foreach_value:
 * @self: a store
 * @func: (scope call) (closure user_data): the function to call
 * @user_data: data for @func
 *
 * Calls a function for each keyed value.
 *
 * The function may write to the store; it is called for what was there at the
 * start.
 *
 * Since: 0.1
 */
void
tst_store_foreach_value (TstStore            *self,
                         TstForeachValueFunc  func,
                         gpointer             user_data)
{
  g_autoptr(TstSnapshot) snapshot = NULL;
  const TstTableData *values;
  TstRowView row;

  g_return_if_fail (TST_IS_STORE (self));
  g_return_if_fail (func != NULL);

  snapshot = tst_store_snapshot (self);
  values = tst_snapshot_get_values (snapshot, &row);
  if (values != NULL)
    tst_store_call_for_cells (self, values, &row, func, user_data);
}
