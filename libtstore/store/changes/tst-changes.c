/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-changes-private.h"

/**
 * TstChanges:
 *
 * What one transaction did to a store.
 *
 * The changes are net: a cell that was set back to what it was before the
 * transaction is not among them, and neither is a row that was removed and
 * added again as it was. They never change once they are made, so they can be
 * kept, and handed to another thread.
 *
 * [signal@Store::changed] hands them out after each transaction, and
 * [method@Store.get_changes] in the middle of one. They can be sent somewhere
 * else, as JSON text or as a variant, and made there to another store by
 * [method@Store.apply_changes].
 *
 * ```python
 * def tell(store, changes):
 *     for table_id in changes.get_table_ids():
 *         for row_id in changes.get_row_ids(table_id):
 *             print(table_id, row_id, changes.get_row_change(table_id, row_id).value_nick)
 *
 * store.connect("changed", tell)
 * ```
 *
 * Changes that were read from a text or a variant do not know what was there
 * before: then old values are `NULL`, all that is set counts as updated, and
 * of a table or row that is removed, only the id is known.
 *
 * Where null and no value at all are the same, as in Python and JavaScript,
 * [method@Changes.get_cell_change] tells a cell that was removed from one that
 * is now null.
 *
 * Since: 0.1
 */

/**
 * TstChangedCellFunc:
 * @changes: the changes
 * @table_id: the id of the table
 * @row_id: the id of the row
 * @cell_id: the id of the cell
 * @new_value: (nullable): what the cell is now, or `NULL` if it was removed
 * @old_value: (nullable): what the cell was, or `NULL` if it was added
 * @user_data: the data given with the function
 *
 * Is called for a changed cell.
 *
 * Since: 0.1
 */

/**
 * TstChangedValueFunc:
 * @changes: the changes
 * @value_id: the id of the keyed value
 * @new_value: (nullable): what the value is now, or `NULL` if it was removed
 * @old_value: (nullable): what the value was, or `NULL` if it was added
 * @user_data: the data given with the function
 *
 * Is called for a changed keyed value.
 *
 * Since: 0.1
 */

G_DEFINE_BOXED_TYPE (TstChanges, tst_changes, tst_changes_ref, tst_changes_unref)

/**
 * tst_changes_ref:
 * @self: changes
 *
 * Adds a reference to changes.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
TstChanges *
tst_changes_ref (TstChanges *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
tst_changed_cell_clear (TstChangedCell *cell)
{
  tst_id_unref (cell->id);
  tst_cell_clear (&cell->old_cell);
  tst_cell_clear (&cell->new_cell);
}

static void
clear_row (TstChangedRow *row)
{
  for (guint i = 0; i < row->n_cells; i++)
    tst_changed_cell_clear (&row->cells[i]);
  g_free (row->cells);
  g_clear_pointer (&row->id, tst_id_unref);
}

static void
clear_table (TstChangedTable *table)
{
  for (guint i = 0; i < table->n_rows; i++)
    clear_row (&table->rows[i]);
  g_free (table->rows);
  tst_id_unref (table->id);
}

/**
 * tst_changes_unref:
 * @self: (transfer full): changes
 *
 * Lets go of a reference to changes.
 *
 * Since: 0.1
 */
void
tst_changes_unref (TstChanges *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  for (guint i = 0; i < self->n_tables; i++)
    clear_table (&self->tables[i]);
  g_free (self->tables);
  clear_row (&self->values);
  g_free (self);
}

/**
 * tst_changes_is_empty:
 * @self: changes
 *
 * Tells whether nothing changed.
 *
 * Returns: `TRUE` if no cell and no keyed value is among the changes
 *
 * Since: 0.1
 */
gboolean
tst_changes_is_empty (TstChanges *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return self->n_tables == 0 && self->values.n_cells == 0;
}

/**
 * tst_changes_equal:
 * @self: changes
 * @other: changes
 *
 * Tells whether two changes make the same of a store.
 *
 * What counts is what is set and what is removed, and not what was there
 * before, nor the order.
 *
 * Returns: `TRUE` if both are the same
 *
 * Since: 0.1
 */
gboolean
tst_changes_equal (TstChanges *self,
                   TstChanges *other)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (other != NULL, FALSE);

  return self == other || tst_changes_compare (self, other);
}

/**
 * tst_changes_get_n_cells:
 * @self: changes
 *
 * Counts the cells that changed.
 *
 * Returns: the number of cells that were added, removed or set to another value
 *
 * Since: 0.1
 */
guint
tst_changes_get_n_cells (TstChanges *self)
{
  guint n = 0;

  g_return_val_if_fail (self != NULL, 0);

  for (guint i = 0; i < self->n_tables; i++)
    for (guint j = 0; j < self->tables[i].n_rows; j++)
      n += self->tables[i].rows[j].n_cells;

  return n;
}

/**
 * tst_changes_get_n_values:
 * @self: changes
 *
 * Counts the keyed values that changed.
 *
 * Returns: the number of values that were added, removed or set to another value
 *
 * Since: 0.1
 */
guint
tst_changes_get_n_values (TstChanges *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->values.n_cells;
}

/**
 * tst_changes_get_table_ids:
 * @self: changes
 *
 * Lists the tables in which something changed.
 *
 * Returns: (transfer full) (array zero-terminated=1): the ids of the tables
 *
 * Since: 0.1
 */
char **
tst_changes_get_table_ids (TstChanges *self)
{
  char **ids;

  g_return_val_if_fail (self != NULL, NULL);

  ids = g_new0 (char *, self->n_tables + 1);
  for (guint i = 0; i < self->n_tables; i++)
    ids[i] = g_strdup (self->tables[i].id->text);

  return ids;
}

static const TstChangedTable *
find_table (TstChanges *self,
            const char *table_id)
{
  for (guint i = 0; i < self->n_tables; i++)
    if (strcmp (self->tables[i].id->text, table_id) == 0)
      return &self->tables[i];

  return NULL;
}

static const TstChangedRow *
find_row (TstChanges *self,
          const char *table_id,
          const char *row_id)
{
  const TstChangedTable *table = find_table (self, table_id);
  guint start = (guint) g_atomic_int_get (&self->last_row);

  /* Most ask for one row after the other. */
  for (guint i = 0; table != NULL && i < table->n_rows; i++)
    {
      guint at = (start + i) % table->n_rows;

      if (strcmp (table->rows[at].id->text, row_id) == 0)
        {
          g_atomic_int_set (&self->last_row, (gint) at);
          return &table->rows[at];
        }
    }

  return NULL;
}

static const TstChangedCell *
find_cell (const TstChangedRow *row,
           const char          *id)
{
  for (guint i = 0; row != NULL && i < row->n_cells; i++)
    if (strcmp (row->cells[i].id->text, id) == 0)
      return &row->cells[i];

  return NULL;
}

static char **
dup_cell_ids (const TstChangedRow *row)
{
  guint n = row ? row->n_cells : 0;
  char **ids = g_new0 (char *, (gsize) n + 1);

  for (guint i = 0; i < n; i++)
    ids[i] = g_strdup (row->cells[i].id->text);

  return ids;
}

/**
 * tst_changes_get_row_ids:
 * @self: changes
 * @table_id: the id of a table
 *
 * Lists the rows of a table in which something changed.
 *
 * Returns: (transfer full) (array zero-terminated=1): the ids of the rows
 *
 * Since: 0.1
 */
char **
tst_changes_get_row_ids (TstChanges *self,
                         const char *table_id)
{
  const TstChangedTable *table;
  guint n;
  char **ids;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (table_id != NULL, NULL);

  table = find_table (self, table_id);
  n = table ? table->n_rows : 0;
  ids = g_new0 (char *, n + 1);
  for (guint i = 0; i < n; i++)
    ids[i] = g_strdup (table->rows[i].id->text);

  return ids;
}

/**
 * tst_changes_get_cell_ids:
 * @self: changes
 * @table_id: the id of a table
 * @row_id: the id of a row
 *
 * Lists the cells of a row that changed.
 *
 * Returns: (transfer full) (array zero-terminated=1): the ids of the cells
 *
 * Since: 0.1
 */
char **
tst_changes_get_cell_ids (TstChanges *self,
                          const char *table_id,
                          const char *row_id)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (table_id != NULL && row_id != NULL, NULL);

  return dup_cell_ids (find_row (self, table_id, row_id));
}

/**
 * tst_changes_get_value_ids:
 * @self: changes
 *
 * Lists the keyed values that changed.
 *
 * Returns: (transfer full) (array zero-terminated=1): the ids of the values
 *
 * Since: 0.1
 */
char **
tst_changes_get_value_ids (TstChanges *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return dup_cell_ids (&self->values);
}

/* --- What became of one thing --- */

static TstChange
change_of_delta (gint delta)
{
  if (delta == 0)
    return TST_CHANGE_UPDATED;

  return delta > 0 ? TST_CHANGE_ADDED : TST_CHANGE_REMOVED;
}

static TstChange
change_of_cell (TstChanges           *self,
                const TstChangedCell *cell)
{
  if (cell == NULL)
    return TST_CHANGE_NONE;
  if (tst_cell_type (&cell->new_cell) == TST_CELL_TYPE_NONE)
    return TST_CHANGE_REMOVED;
  if (self->is_read || tst_cell_type (&cell->old_cell) != TST_CELL_TYPE_NONE)
    return TST_CHANGE_UPDATED;

  return TST_CHANGE_ADDED;
}

/**
 * tst_changes_get_table_change:
 * @self: changes
 * @table_id: the id of a table
 *
 * Tells what became of a table.
 *
 * Returns: what became of it, as far as it is known
 *
 * Since: 0.1
 */
TstChange
tst_changes_get_table_change (TstChanges *self,
                              const char *table_id)
{
  const TstChangedTable *table;

  g_return_val_if_fail (self != NULL, TST_CHANGE_NONE);
  g_return_val_if_fail (table_id != NULL, TST_CHANGE_NONE);

  table = find_table (self, table_id);

  return table ? change_of_delta (table->delta) : TST_CHANGE_NONE;
}

/**
 * tst_changes_get_row_change:
 * @self: changes
 * @table_id: the id of a table
 * @row_id: the id of a row
 *
 * Tells what became of a row.
 *
 * Returns: what became of it, as far as it is known
 *
 * Since: 0.1
 */
TstChange
tst_changes_get_row_change (TstChanges *self,
                            const char *table_id,
                            const char *row_id)
{
  const TstChangedRow *row;

  g_return_val_if_fail (self != NULL, TST_CHANGE_NONE);
  g_return_val_if_fail (table_id != NULL && row_id != NULL, TST_CHANGE_NONE);

  row = find_row (self, table_id, row_id);

  return row ? change_of_delta (row->delta) : TST_CHANGE_NONE;
}

/**
 * tst_changes_get_cell_change:
 * @self: changes
 * @table_id: the id of a table
 * @row_id: the id of a row
 * @cell_id: the id of a cell
 *
 * Tells what became of a cell.
 *
 * Returns: what became of it, as far as it is known
 *
 * Since: 0.1
 */
TstChange
tst_changes_get_cell_change (TstChanges *self,
                             const char *table_id,
                             const char *row_id,
                             const char *cell_id)
{
  g_return_val_if_fail (self != NULL, TST_CHANGE_NONE);
  g_return_val_if_fail (table_id != NULL && row_id != NULL, TST_CHANGE_NONE);
  g_return_val_if_fail (cell_id != NULL, TST_CHANGE_NONE);

  return change_of_cell (self, find_cell (find_row (self, table_id, row_id), cell_id));
}

/**
 * tst_changes_get_value_change:
 * @self: changes
 * @value_id: the id of a keyed value
 *
 * Tells what became of a keyed value.
 *
 * Returns: what became of it, as far as it is known
 *
 * Since: 0.1
 */
TstChange
tst_changes_get_value_change (TstChanges *self,
                              const char *value_id)
{
  g_return_val_if_fail (self != NULL, TST_CHANGE_NONE);
  g_return_val_if_fail (value_id != NULL, TST_CHANGE_NONE);

  return change_of_cell (self, find_cell (&self->values, value_id));
}

/* --- One after the other --- */

/* The values of a cell as a callback gets them: NULL for what is absent. */
typedef struct
{
  GValue        new_value, old_value;
  const GValue *new_or_null, *old_or_null;
} Values;

static void
values_init (Values               *self,
             const TstChangedCell *cell)
{
  *self = (Values) { G_VALUE_INIT, G_VALUE_INIT, NULL, NULL };

  if (tst_cell_type (&cell->new_cell) != TST_CELL_TYPE_NONE)
    {
      tst_cell_get_value (&cell->new_cell, &self->new_value);
      self->new_or_null = &self->new_value;
    }
  if (tst_cell_type (&cell->old_cell) != TST_CELL_TYPE_NONE)
    {
      tst_cell_get_value (&cell->old_cell, &self->old_value);
      self->old_or_null = &self->old_value;
    }
}

/**
 * tst_changes_foreach_cell:
 * @self: changes
 * @func: (scope call) (closure user_data): the function to call
 * @user_data: data for @func
 *
 * Calls a function for each changed cell.
 *
 * Since: 0.1
 */
void
tst_changes_foreach_cell (TstChanges         *self,
                          TstChangedCellFunc  func,
                          gpointer            user_data)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (func != NULL);

  for (guint i = 0; i < self->n_tables; i++)
    for (guint j = 0; j < self->tables[i].n_rows; j++)
      for (guint k = 0; k < self->tables[i].rows[j].n_cells; k++)
        {
          const TstChangedRow *row = &self->tables[i].rows[j];
          Values values;

          values_init (&values, &row->cells[k]);
          func (self, self->tables[i].id->text, row->id->text, row->cells[k].id->text,
                values.new_or_null, values.old_or_null, user_data);
        }
}

/**
 * tst_changes_foreach_value:
 * @self: changes
 * @func: (scope call) (closure user_data): the function to call
 * @user_data: data for @func
 *
 * Calls a function for each changed keyed value.
 *
 * Since: 0.1
 */
void
tst_changes_foreach_value (TstChanges          *self,
                           TstChangedValueFunc  func,
                           gpointer             user_data)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (func != NULL);

  for (guint i = 0; i < self->values.n_cells; i++)
    {
      Values values;

      values_init (&values, &self->values.cells[i]);
      func (self, self->values.cells[i].id->text, values.new_or_null, values.old_or_null, user_data);
    }
}
