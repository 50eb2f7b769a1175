/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-store-intercept-private.h"
#include "tst-store-object-private.h"

/* Rows and tables: asking for them, and removing them. */

/* Finds a row by its ids. Returns: (nullable): its table, and its slot */
static TstTable *
find_row (TstStore   *self,
          const char *table_id,
          const char *row_id,
          guint32    *row)
{
  TstTable *table = tst_engine_find_table (self->engine, table_id);

  if (table == NULL)
    return NULL;

  *row = tst_id_map_find_text (&table->rows, row_id);

  return *row != TST_ID_MAP_NONE ? table : NULL;
}

gboolean
tst_store_remove_cell_in (TstStore   *self,
                          TstTable   *table,
                          const char *row_id,
                          const char *cell_id)
{
  guint32 row = tst_id_map_find_text (&table->rows, row_id);
  guint32 column = tst_id_map_find_text (&table->columns, cell_id);
  gint position;

  if (row == TST_ID_MAP_NONE || column == TST_ID_MAP_NONE)
    return FALSE;

  position = tst_layout_find (tst_table_data_head (table->data, row)->layout, column);
  if (position < 0)
    return FALSE;

  tst_store_drop_cell_at (self, table, row, (guint32) position);
  return TRUE;
}

/**
 * tst_store_has_row:
 * @self: a store
 * @table_id: the id of the table
 * @row_id: the id of the row
 *
 * Tells whether there is a row.
 *
 * Returns: `TRUE` if there is such a row
 *
 * Since: 0.1
 */
gboolean
tst_store_has_row (TstStore   *self,
                   const char *table_id,
                   const char *row_id)
{
  guint32 row;

  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (table_id != NULL && row_id != NULL, FALSE);

  return find_row (self, table_id, row_id, &row) != NULL;
}

/**
 * tst_store_remove_row:
 * @self: a store
 * @table_id: the id of the table
 * @row_id: the id of the row
 *
 * Removes a row.
 *
 * With its last row goes the table. If the id is a number, [method@Store.add_row]
 * may give it to a new row.
 *
 * Returns: `TRUE` if there was such a row, and it could be removed
 *
 * Since: 0.1
 */
gboolean
tst_store_remove_row (TstStore   *self,
                      const char *table_id,
                      const char *row_id)
{
  gboolean opened;
  TstTable *table;
  guint32 row;

  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (table_id != NULL && row_id != NULL, FALSE);

  if (G_UNLIKELY (self->intercepted & TST_INTERCEPT_REMOVE_ROW))
    return tst_store_intercept_removal (self, table_id, row_id, NULL);

  opened = tst_store_open_write (self);
  table = find_row (self, table_id, row_id, &row);
  if (table != NULL)
    tst_engine_remove_row_at (self->engine, table, row, TRUE);

  return tst_store_close_write (self, opened, table != NULL) && table != NULL;
}

/**
 * tst_store_has_table:
 * @self: a store
 * @table_id: the id of the table
 *
 * Tells whether there is a table.
 *
 * Returns: `TRUE` if there is such a table
 *
 * Since: 0.1
 */
gboolean
tst_store_has_table (TstStore   *self,
                     const char *table_id)
{
  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (table_id != NULL, FALSE);

  return tst_engine_find_table (self->engine, table_id) != NULL;
}

/**
 * tst_store_remove_table:
 * @self: a store
 * @table_id: the id of the table
 *
 * Removes a table with all its rows.
 *
 * Returns: `TRUE` if there was such a table, and it could be removed
 *
 * Since: 0.1
 */
gboolean
tst_store_remove_table (TstStore   *self,
                        const char *table_id)
{
  gboolean opened;
  TstTable *table;

  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (table_id != NULL, FALSE);

  if (G_UNLIKELY (self->intercepted & TST_INTERCEPT_REMOVE_TABLE))
    return tst_store_intercept_removal (self, table_id, NULL, NULL);

  opened = tst_store_open_write (self);
  table = tst_engine_find_table (self->engine, table_id);
  if (table != NULL)
    tst_engine_remove_table (self->engine, table);

  return tst_store_close_write (self, opened, table != NULL) && table != NULL;
}

/**
 * tst_store_has_tables:
 * @self: a store
 *
 * Tells whether there are any tables.
 *
 * Returns: `TRUE` if there is at least one table
 *
 * Since: 0.1
 */
gboolean
tst_store_has_tables (TstStore *self)
{
  g_return_val_if_fail (TST_IS_STORE (self), FALSE);

  return self->engine->root->n_tables > 0;
}

/**
 * tst_store_remove_tables:
 * @self: a store
 *
 * Removes all tables.
 *
 * Since: 0.1
 */
void
tst_store_remove_tables (TstStore *self)
{
  g_return_if_fail (TST_IS_STORE (self));

  if (G_UNLIKELY (self->intercepted & TST_INTERCEPT_REMOVE_TABLES))
    {
      tst_store_intercept_removal (self, NULL, NULL, NULL);
      return;
    }

  tst_store_open_batch (self);
  for (guint32 i = 0; i < self->engine->root->n_slots; i++)
    if (self->engine->tables[i] != NULL)
      tst_engine_remove_table (self->engine, self->engine->tables[i]);
  tst_store_close_batch (self);
}

/* --- Ids --- */

/**
 * tst_store_get_table_ids:
 * @self: a store
 *
 * Lists the tables.
 *
 * Returns: (transfer full) (array zero-terminated=1): the ids of the tables,
 *   in the order in which they were added
 *
 * Since: 0.1
 */
char **
tst_store_get_table_ids (TstStore *self)
{
  char **ids;
  guint n = 0;

  g_return_val_if_fail (TST_IS_STORE (self), NULL);

  ids = g_new (char *, self->engine->root->n_tables + 1);
  for (guint32 i = 0; i < self->engine->root->n_slots; i++)
    if (self->engine->tables[i] != NULL)
      ids[n++] = g_strdup (self->engine->tables[i]->data->id->text);
  ids[n] = NULL;

  return ids;
}

/**
 * tst_store_get_row_ids:
 * @self: a store
 * @table_id: the id of the table
 *
 * Lists the rows of a table.
 *
 * Returns: (transfer full) (array zero-terminated=1): the ids of the rows, in
 *   the order in which they were added; none if there is no such table
 *
 * Since: 0.1
 */
char **
tst_store_get_row_ids (TstStore   *self,
                       const char *table_id)
{
  TstTable *table;
  char **ids;
  guint n = 0, position = 0;
  TstRowView row;

  g_return_val_if_fail (TST_IS_STORE (self), NULL);
  g_return_val_if_fail (table_id != NULL, NULL);

  table = tst_engine_find_table (self->engine, table_id);
  if (table == NULL)
    return g_new0 (char *, 1);

  ids = g_new (char *, (gsize) table->data->n_rows + 1);
  while (tst_table_data_next_row (table->data, &position, &row))
    ids[n++] = g_strdup (row.id->text);
  ids[n] = NULL;

  return ids;
}

char **
tst_store_dup_cell_ids (TstTable *table,
                        guint32   row)
{
  const TstLayout *layout = tst_table_data_head (table->data, row)->layout;
  char **ids = g_new (char *, (gsize) layout->n + 1);

  for (guint32 i = 0; i < layout->n; i++)
    ids[i] = g_strdup (table->data->columns->ids[layout->columns[i]]->text);
  ids[layout->n] = NULL;

  return ids;
}

/**
 * tst_store_get_cell_ids:
 * @self: a store
 * @table_id: the id of the table
 * @row_id: the id of the row
 *
 * Lists the cells of a row.
 *
 * Returns: (transfer full) (array zero-terminated=1): the ids of the cells, in
 *   the order in which they were added; none if there is no such row
 *
 * Since: 0.1
 */
char **
tst_store_get_cell_ids (TstStore   *self,
                        const char *table_id,
                        const char *row_id)
{
  TstTable *table;
  guint32 row;

  g_return_val_if_fail (TST_IS_STORE (self), NULL);
  g_return_val_if_fail (table_id != NULL && row_id != NULL, NULL);

  table = find_row (self, table_id, row_id, &row);

  return table ? tst_store_dup_cell_ids (table, row) : g_new0 (char *, 1);
}

/**
 * tst_store_has_table_cell:
 * @self: a store
 * @table_id: the id of the table
 * @cell_id: the id of a cell
 *
 * Tells whether any row of a table has a cell of some id.
 *
 * Returns: `TRUE` if there is such a row
 *
 * Since: 0.1
 */
gboolean
tst_store_has_table_cell (TstStore   *self,
                          const char *table_id,
                          const char *cell_id)
{
  TstTable *table;
  guint32 column;

  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (table_id != NULL && cell_id != NULL, FALSE);

  table = tst_engine_find_table (self->engine, table_id);
  column = table ? tst_id_map_find_text (&table->columns, cell_id) : TST_ID_MAP_NONE;

  return column != TST_ID_MAP_NONE && table->column_uses[column] > 0;
}

/**
 * tst_store_get_table_cell_ids:
 * @self: a store
 * @table_id: the id of the table
 *
 * Lists the cell ids that are used in a table, by any of its rows.
 *
 * Returns: (transfer full) (array zero-terminated=1): the ids of the cells, in
 *   no particular order; none if there is no such table
 *
 * Since: 0.1
 */
char **
tst_store_get_table_cell_ids (TstStore   *self,
                              const char *table_id)
{
  g_autoptr(GStrvBuilder) ids = g_strv_builder_new ();
  TstTable *table;

  g_return_val_if_fail (TST_IS_STORE (self), NULL);
  g_return_val_if_fail (table_id != NULL, NULL);

  table = tst_engine_find_table (self->engine, table_id);
  for (guint32 i = 0; table != NULL && i < table->data->columns->n; i++)
    if (table->data->columns->ids[i] != NULL && table->column_uses[i] > 0)
      g_strv_builder_add (ids, table->data->columns->ids[i]->text);

  return g_strv_builder_end (ids);
}

/**
 * tst_store_get_n_tables:
 * @self: a store
 *
 * Counts the tables.
 *
 * Returns: the number of tables
 *
 * Since: 0.1
 */
guint
tst_store_get_n_tables (TstStore *self)
{
  g_return_val_if_fail (TST_IS_STORE (self), 0);

  return self->engine->root->n_tables;
}

/**
 * tst_store_get_n_rows:
 * @self: a store
 * @table_id: the id of the table
 *
 * Counts the rows of a table.
 *
 * Returns: the number of rows; 0 if there is no such table
 *
 * Since: 0.1
 */
guint
tst_store_get_n_rows (TstStore   *self,
                      const char *table_id)
{
  TstTable *table;

  g_return_val_if_fail (TST_IS_STORE (self), 0);
  g_return_val_if_fail (table_id != NULL, 0);

  table = tst_engine_find_table (self->engine, table_id);

  return table ? table->data->n_rows : 0;
}

/* --- One after the other --- */

/**
 * TstForeachIdFunc:
 * @store: the store
 * @id: an id
 * @user_data: the data given with the function
 *
 * Is called for each table, or for each row of a table.
 *
 * Since: 0.1
 */

/**
 * TstForeachTableCellFunc:
 * @store: the store
 * @cell_id: the id of a cell
 * @n_rows: how many rows have such a cell
 * @user_data: the data given with the function
 *
 * Is called for each cell id that is used in a table.
 *
 * Since: 0.1
 */

/**
 * TstForeachValueFunc:
 * @store: the store
 * @id: the id of a cell or value
 * @value: what it holds, as [method@Store.get_cell] gives it
 * @user_data: the data given with the function
 *
 * Is called for each cell of a row, or for each keyed value.
 *
 * Since: 0.1
 */

/**
 * tst_store_foreach_table:
 * @self: a store
 * @func: (scope call) (closure user_data): the function to call
 * @user_data: data for @func
 *
 * Calls a function for each table.
 *
 * The function may write to the store; it is called for what was there at the
 * start.
 *
 * Since: 0.1
 */
void
tst_store_foreach_table (TstStore         *self,
                         TstForeachIdFunc  func,
                         gpointer          user_data)
{
  g_autoptr(TstSnapshot) snapshot = NULL;
  guint position = 0;
  const TstTableData *table;

  g_return_if_fail (TST_IS_STORE (self));
  g_return_if_fail (func != NULL);

  snapshot = tst_store_snapshot (self);
  while (tst_snapshot_next_table (snapshot, &position, &table))
    func (self, tst_table_data_get_id (table)->text, user_data);
}

/**
 * tst_store_foreach_row:
 * @self: a store
 * @table_id: the id of the table
 * @func: (scope call) (closure user_data): the function to call
 * @user_data: data for @func
 *
 * Calls a function for each row of a table.
 *
 * The function may write to the store; it is called for what was there at the
 * start.
 *
 * Since: 0.1
 */
void
tst_store_foreach_row (TstStore         *self,
                       const char       *table_id,
                       TstForeachIdFunc  func,
                       gpointer          user_data)
{
  g_autoptr(TstSnapshot) snapshot = NULL;
  TstTable *table;
  const TstTableData *data;
  guint position = 0;
  TstRowView row;

  g_return_if_fail (TST_IS_STORE (self));
  g_return_if_fail (table_id != NULL);
  g_return_if_fail (func != NULL);

  table = tst_engine_find_table (self->engine, table_id);
  if (table == NULL)
    return;

  snapshot = tst_store_snapshot (self);
  data = table->data;
  while (tst_table_data_next_row (data, &position, &row))
    func (self, row.id->text, user_data);
}

void
tst_store_call_for_cells (TstStore            *self,
                          const TstTableData  *table,
                          const TstRowView    *row,
                          TstForeachValueFunc  func,
                          gpointer             user_data)
{
  for (guint i = 0; i < row->n_cells; i++)
    {
      GValue value = G_VALUE_INIT;

      tst_cell_get_value (&row->cells[i], &value);
      func (self, tst_table_data_get_column_id (table, row->columns[i])->text, &value, user_data);
    }
}

/**
 * tst_store_foreach_cell:
 * @self: a store
 * @table_id: the id of the table
 * @row_id: the id of the row
 * @func: (scope call) (closure user_data): the function to call
 * @user_data: data for @func
 *
 * Calls a function for each cell of a row.
 *
 * The function may write to the store; it is called for what was there at the
 * start.
 *
 * Since: 0.1
 */
void
tst_store_foreach_cell (TstStore            *self,
                        const char          *table_id,
                        const char          *row_id,
                        TstForeachValueFunc  func,
                        gpointer             user_data)
{
  g_autoptr(TstSnapshot) snapshot = NULL;
  TstTable *table;
  guint32 slot;
  TstRowView row;

  g_return_if_fail (TST_IS_STORE (self));
  g_return_if_fail (table_id != NULL && row_id != NULL);
  g_return_if_fail (func != NULL);

  table = find_row (self, table_id, row_id, &slot);
  if (table == NULL)
    return;

  snapshot = tst_store_snapshot (self);
  if (tst_table_data_next_row (table->data, &slot, &row))
    tst_store_call_for_cells (self, table->data, &row, func, user_data);
}

/**
 * tst_store_foreach_table_cell:
 * @self: a store
 * @table_id: the id of the table
 * @func: (scope call) (closure user_data): the function to call
 * @user_data: data for @func
 *
 * Calls a function for each cell id that is used in a table, by any of its
 * rows, in no particular order.
 *
 * The function may write to the store; it is called for what was there at the
 * start.
 *
 * Since: 0.1
 */
void
tst_store_foreach_table_cell (TstStore                *self,
                              const char              *table_id,
                              TstForeachTableCellFunc  func,
                              gpointer                 user_data)
{
  g_auto(GStrv) ids = NULL;
  g_autofree guint *counts = NULL;
  TstTable *table;

  g_return_if_fail (TST_IS_STORE (self));
  g_return_if_fail (table_id != NULL);
  g_return_if_fail (func != NULL);

  ids = tst_store_get_table_cell_ids (self, table_id);
  table = tst_engine_find_table (self->engine, table_id);
  counts = g_new (guint, g_strv_length (ids));
  for (guint i = 0; ids[i] != NULL; i++)
    counts[i] = table->column_uses[tst_id_map_find_text (&table->columns, ids[i])];

  for (guint i = 0; ids[i] != NULL; i++)
    func (self, ids[i], counts[i], user_data);
}
