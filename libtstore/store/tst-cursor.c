/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-cursor.h"
#include "tst-store-intercept-private.h"
#include "tst-store-object-private.h"

/**
 * TstCursor:
 *
 * Reads and writes the rows of a table, in order, without looking anything up.
 *
 * A cursor is for loops over many rows. It resolves the id of the table once,
 * that of each column once ([method@Cursor.add_column]), and that of a row
 * when it gets there, where the methods of [class@Store] resolve all three on
 * each call.
 *
 * ```c
 * g_autoptr(TstCursor) cursor = tst_cursor_new (store, "pets");
 * guint price = tst_cursor_add_column (cursor, "price");
 * double sum = 0;
 *
 * while (tst_cursor_next (cursor))
 *   sum += tst_cursor_get_number (cursor, price);
 * ```
 *
 * The cursor always shows the store as it is. Rows that are added while it
 * moves are visited if they come later in the table; if the row that it is on
 * is removed, it has no cells any more.
 *
 * Since: 0.1
 */

typedef struct
{
  TstId   *id;
  guint32  number;    /* in the table, or TST_ID_MAP_NONE */
  gint     position;  /* in the row, or -1 */
} Column;

struct _TstCursor
{
  GObject parent_instance;

  TstStore   *store;
  TstEngine  *engine;      /* of the store */
  TstId      *table_id;
  TstId      *row_id;      /* (nullable): the row it is on */
  gboolean    at_end;

  guint64     structure;   /* for which what follows holds */
  TstTable   *table;       /* (nullable) */
  guint32     row;         /* the slot, or TST_ID_MAP_NONE */
  TstCell    *cells;       /* (nullable): of the row */
  const TstLayout *layout; /* (nullable): that the positions of the columns are for */
  guint       n_columns;
  Column     *columns;

  TstBookmark next;        /* to go on from */
};

G_DEFINE_FINAL_TYPE (TstCursor, tst_cursor, G_TYPE_OBJECT)

static void
tst_cursor_finalize (GObject *object)
{
  TstCursor *self = TST_CURSOR (object);

  for (guint i = 0; i < self->n_columns; i++)
    tst_id_unref (self->columns[i].id);
  g_free (self->columns);
  if (self->store != NULL)
    tst_engine_remove_bookmark (self->engine, &self->next);
  g_clear_pointer (&self->row_id, tst_id_unref);
  g_clear_pointer (&self->table_id, tst_id_unref);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (tst_cursor_parent_class)->finalize (object);
}

static void
tst_cursor_class_init (TstCursorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tst_cursor_finalize;
}

static void
tst_cursor_init (TstCursor *self)
{
  self->row = TST_ID_MAP_NONE;
  self->structure = G_MAXUINT64;
}

/**
 * tst_cursor_new:
 * @store: a store
 * @table_id: the id of a table, which need not exist yet
 *
 * Makes a cursor over a table. It is before the first row.
 *
 * Returns: (transfer full): a new cursor
 *
 * Since: 0.1
 */
TstCursor *
tst_cursor_new (TstStore   *store,
                const char *table_id)
{
  TstCursor *self;

  g_return_val_if_fail (TST_IS_STORE (store), NULL);
  g_return_val_if_fail (table_id != NULL, NULL);

  self = g_object_new (TST_TYPE_CURSOR, NULL);
  self->store = g_object_ref (store);
  self->engine = store->engine;
  tst_engine_add_bookmark (self->engine, &self->next);
  self->table_id = tst_id_new (table_id, strlen (table_id));

  return self;
}

/* --- Finding again what is remembered --- */

/* Rows that follow each other mostly have the same layout, for which nothing
 * is to be done. */
static void
resolve_columns (TstCursor *self)
{
  const TstLayout *layout = NULL;

  self->cells = NULL;
  if (self->row != TST_ID_MAP_NONE)
    {
      layout = tst_table_data_head (self->table->data, self->row)->layout;
      self->cells = tst_chunk_cells (tst_table_data_chunk (self->table->data, self->row),
                                     self->row % TST_CHUNK_ROWS);
    }

  if (layout != NULL && layout == self->layout)
    return;

  self->layout = layout;
  for (guint i = 0; i < self->n_columns; i++)
    {
      Column *column = &self->columns[i];

      column->position = layout && column->number != TST_ID_MAP_NONE
                           ? tst_layout_find (layout, column->number)
                           : -1;
    }
}

G_GNUC_NO_INLINE static void
resolve (TstCursor *self)
{
  guint32 number = tst_id_map_find_id (&self->engine->table_slots, self->table_id);

  self->table = number != TST_ID_MAP_NONE ? self->engine->tables[number] : NULL;
  self->row = TST_ID_MAP_NONE;
  if (self->table != NULL && self->row_id != NULL)
    self->row = tst_id_map_find_id (&self->table->rows, self->row_id);

  for (guint i = 0; i < self->n_columns; i++)
    self->columns[i].number = self->table ? tst_id_map_find_id (&self->table->columns, self->columns[i].id)
                                          : TST_ID_MAP_NONE;

  self->layout = NULL;
  resolve_columns (self);
  self->structure = self->engine->structure;
}

static inline const TstCell *
peek (TstCursor *self,
      guint      column)
{
  gint position;

  if (G_UNLIKELY (self->structure != self->engine->structure))
    resolve (self);

  position = self->columns[column].position;

  return position >= 0 ? &self->cells[position] : NULL;
}

/**
 * tst_cursor_add_column:
 * @self: a cursor
 * @cell_id: the id of the cells, of which there need not be one yet
 *
 * Adds a column to work with.
 *
 * Returns: the handle of the column for the getters and setters
 *
 * Since: 0.1
 */
guint
tst_cursor_add_column (TstCursor  *self,
                       const char *cell_id)
{
  g_return_val_if_fail (TST_IS_CURSOR (self), 0);
  g_return_val_if_fail (cell_id != NULL, 0);

  self->columns = g_renew (Column, self->columns, self->n_columns + 1);
  self->columns[self->n_columns] = (Column) { tst_id_new (cell_id, strlen (cell_id)), TST_ID_MAP_NONE, -1 };
  self->structure = G_MAXUINT64;

  return self->n_columns++;
}

/* --- Moving --- */

static void
set_row (TstCursor *self,
         guint32    row)
{
  TstId *id = row != TST_ID_MAP_NONE ? tst_table_data_head (self->table->data, row)->id : NULL;

  if (id != self->row_id)
    {
      g_clear_pointer (&self->row_id, tst_id_unref);
      self->row_id = id ? tst_id_ref (id) : NULL;
    }

  self->row = row;
  resolve_columns (self);
}

/* Where the search for the next row starts: behind the row that the cursor is
 * on, or, where that was removed, behind where it was. */
static guint32
next_slot (TstCursor *self)
{
  if (self->row != TST_ID_MAP_NONE)
    return self->row + 1;

  /* Of another table under the same id, all rows came later. */
  return self->next.table == self->table->identity ? self->next.slot : 0;
}

static void
set_next (TstCursor *self,
          guint32    slot)
{
  self->next.table = self->table != NULL ? self->table->identity : 0;
  self->next.slot = slot;
}

/**
 * tst_cursor_next:
 * @self: a cursor
 *
 * Moves on to the next row.
 *
 * Returns: `TRUE` if there is a next row, `FALSE` at the end of the table
 *
 * Since: 0.1
 */
gboolean
tst_cursor_next (TstCursor *self)
{
  g_return_val_if_fail (TST_IS_CURSOR (self), FALSE);

  if (self->structure != self->engine->structure)
    resolve (self);

  if (self->table != NULL && !self->at_end)
    for (guint32 row = next_slot (self); row < self->table->data->n_slots; row++)
      if (tst_chunk_has_row (tst_table_data_chunk (self->table->data, row), row % TST_CHUNK_ROWS))
        {
          set_next (self, row + 1);
          set_row (self, row);
          return TRUE;
        }

  set_row (self, TST_ID_MAP_NONE);
  self->at_end = TRUE;
  return FALSE;
}

/**
 * tst_cursor_seek:
 * @self: a cursor
 * @row_id: the id of a row
 *
 * Goes to a row.
 *
 * If there is no such row, the cursor is before the first row.
 *
 * Returns: `TRUE` if there is such a row
 *
 * Since: 0.1
 */
gboolean
tst_cursor_seek (TstCursor  *self,
                 const char *row_id)
{
  guint32 row;

  g_return_val_if_fail (TST_IS_CURSOR (self), FALSE);
  g_return_val_if_fail (row_id != NULL, FALSE);

  if (self->structure != self->engine->structure)
    resolve (self);

  self->at_end = FALSE;
  row = self->table ? tst_id_map_find_text (&self->table->rows, row_id) : TST_ID_MAP_NONE;
  set_next (self, row != TST_ID_MAP_NONE ? row + 1 : 0);
  set_row (self, row);

  return row != TST_ID_MAP_NONE;
}

/**
 * tst_cursor_rewind:
 * @self: a cursor
 *
 * Goes back to before the first row.
 *
 * Since: 0.1
 */
void
tst_cursor_rewind (TstCursor *self)
{
  g_return_if_fail (TST_IS_CURSOR (self));

  self->at_end = FALSE;
  self->next.slot = 0;
  g_clear_pointer (&self->row_id, tst_id_unref);
  self->structure = G_MAXUINT64;
}

/**
 * tst_cursor_get_row_id:
 * @self: a cursor
 *
 * Tells which row the cursor is on.
 *
 * Returns: (nullable): the id of the row, until the cursor is moved; `NULL` if
 *   it is on none
 *
 * Since: 0.1
 */
const char *
tst_cursor_get_row_id (TstCursor *self)
{
  g_return_val_if_fail (TST_IS_CURSOR (self), NULL);

  return self->row_id ? self->row_id->text : NULL;
}

/* --- Reading --- */

/**
 * tst_cursor_get_cell_type:
 * @self: a cursor
 * @column: the handle of a column
 *
 * Tells what is in a cell of the row.
 *
 * Returns: what the cell holds; `TST_CELL_TYPE_NONE` if there is none
 *
 * Since: 0.1
 */
TstCellType
tst_cursor_get_cell_type (TstCursor *self,
                          guint      column)
{
  g_return_val_if_fail (TST_IS_CURSOR (self), TST_CELL_TYPE_NONE);
  g_return_val_if_fail (column < self->n_columns, TST_CELL_TYPE_NONE);

  return tst_cell_peek_type (peek (self, column));
}

/**
 * tst_cursor_get_string:
 * @self: a cursor
 * @column: the handle of a column
 *
 * Gets the string in a cell of the row.
 *
 * Returns: (transfer none) (nullable): the string, until the store is written
 *   to next; `NULL` if there is no such cell, or if it is not a string
 *
 * Since: 0.1
 */
const char *
tst_cursor_get_string (TstCursor *self,
                       guint      column)
{
  g_return_val_if_fail (TST_IS_CURSOR (self), NULL);
  g_return_val_if_fail (column < self->n_columns, NULL);

  return tst_cell_peek_string (peek (self, column));
}

/**
 * tst_cursor_get_number:
 * @self: a cursor
 * @column: the handle of a column
 *
 * Gets the number in a cell of the row.
 *
 * Returns: the number; 0 if there is no such cell, or if it is not a number
 *
 * Since: 0.1
 */
double
tst_cursor_get_number (TstCursor *self,
                       guint      column)
{
  g_return_val_if_fail (TST_IS_CURSOR (self), 0);
  g_return_val_if_fail (column < self->n_columns, 0);

  return tst_cell_peek_number (peek (self, column));
}

/**
 * tst_cursor_get_boolean:
 * @self: a cursor
 * @column: the handle of a column
 *
 * Gets the boolean in a cell of the row.
 *
 * Returns: the boolean; `FALSE` if there is no such cell, or if it is not a
 *   boolean
 *
 * Since: 0.1
 */
gboolean
tst_cursor_get_boolean (TstCursor *self,
                        guint      column)
{
  g_return_val_if_fail (TST_IS_CURSOR (self), FALSE);
  g_return_val_if_fail (column < self->n_columns, FALSE);

  return tst_cell_peek_boolean (peek (self, column));
}

/* --- Writing --- */

/* Whether it takes more than setting the cell. */
static inline gboolean
is_special (const TstCursor *self)
{
  return self->store->schema != NULL || (self->store->intercepted & TST_INTERCEPT_CELL);
}

/* Whoever is told may let go of the cursor, and move it. */
static gboolean
write_by_ids (TstCursor  *self,
              TstId      *row_id,
              guint       column,
              TstCell    *cell,
              GError    **error)
{
  gboolean written;

  g_object_ref (self);
  tst_id_ref (row_id);
  written = tst_store_write_cell (self->store, self->table_id->text, row_id->text,
                                  self->columns[column].id->text, cell, error);
  tst_id_unref (row_id);
  g_object_unref (self);

  return written;
}

/* A cell that is there is set where it is; anything else goes by the ids. */
static gboolean
write_cell (TstCursor  *self,
            guint       column,
            TstCell    *cell,
            GError    **error)
{
  TstId *row_id = self->row_id;
  gboolean opened, changed, written, committed;

  if (peek (self, column) == NULL || G_UNLIKELY (is_special (self)))
    return write_by_ids (self, row_id, column, cell, error);

  opened = tst_store_depth (self->store) == 0 && !tst_store_is_quiet (self->store);
  if (opened)
    {
      /* Whoever is told may let go of it, and move it. */
      g_object_ref (self);
      tst_id_ref (row_id);
      tst_store_open_batch (self->store);
    }

  /* A handler of “transaction-started” may have moved on, removed it, or set a schema. */
  if (G_UNLIKELY (self->row_id != row_id) || peek (self, column) == NULL || G_UNLIKELY (is_special (self)))
    {
      written = write_by_ids (self, row_id, column, cell, error);
      changed = FALSE;
    }
  else
    {
      written = TRUE;
      changed = tst_engine_set_at (self->engine, self->table, self->row, self->columns[column].number,
                                   cell);
    }

  committed = tst_store_close_write (self->store, opened, changed);
  if (opened)
    {
      tst_id_unref (row_id);
      g_object_unref (self);
    }
  if (written && !committed)
    tst_store_set_rolled_back (error);

  return written && committed;
}

/**
 * tst_cursor_set_string:
 * @self: a cursor that is on a row
 * @column: the handle of a column
 * @value: a string in UTF-8
 * @error: where to put an error
 *
 * Sets a cell of the row to a string.
 *
 * Returns: `TRUE` if the cell is set, or was so already; `FALSE` with
 *   [error@TStore.Error.INVALID_VALUE] or [error@TStore.Error.INVALID_ID] if
 *   it was refused
 *
 * Since: 0.1
 */
gboolean
tst_cursor_set_string (TstCursor   *self,
                       guint        column,
                       const char  *value,
                       GError     **error)
{
  TstCell cell = TST_CELL_INIT;

  g_return_val_if_fail (TST_IS_CURSOR (self), FALSE);
  g_return_val_if_fail (column < self->n_columns, FALSE);
  g_return_val_if_fail (self->row_id != NULL, FALSE);
  g_return_val_if_fail (value != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  /* What is to be refused is refused, and told of, by the store. */
  if (!tst_cell_init_string (&cell, value, NULL))
    return tst_store_set_cell_string (self->store, self->table_id->text, self->row_id->text,
                                      self->columns[column].id->text, value, error);

  return write_cell (self, column, &cell, error);
}

/**
 * tst_cursor_set_number:
 * @self: a cursor that is on a row
 * @column: the handle of a column
 * @value: a finite number
 * @error: where to put an error
 *
 * Sets a cell of the row to a number.
 *
 * Returns: `TRUE` if the cell is set, or was so already; `FALSE` with
 *   [error@TStore.Error.INVALID_VALUE] or [error@TStore.Error.INVALID_ID] if
 *   it was refused
 *
 * Since: 0.1
 */
gboolean
tst_cursor_set_number (TstCursor  *self,
                       guint       column,
                       double      value,
                       GError    **error)
{
  TstCell cell = TST_CELL_INIT;

  g_return_val_if_fail (TST_IS_CURSOR (self), FALSE);
  g_return_val_if_fail (column < self->n_columns, FALSE);
  g_return_val_if_fail (self->row_id != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!tst_cell_init_finite (&cell, value, NULL))
    return tst_store_set_cell_number (self->store, self->table_id->text, self->row_id->text,
                                      self->columns[column].id->text, value, error);

  return write_cell (self, column, &cell, error);
}

/**
 * tst_cursor_set_boolean:
 * @self: a cursor that is on a row
 * @column: the handle of a column
 * @value: a boolean
 * @error: where to put an error
 *
 * Sets a cell of the row to a boolean.
 *
 * Returns: `TRUE` if the cell is set, or was so already; `FALSE` with
 *   [error@TStore.Error.INVALID_ID] if it was refused
 *
 * Since: 0.1
 */
gboolean
tst_cursor_set_boolean (TstCursor  *self,
                        guint       column,
                        gboolean    value,
                        GError    **error)
{
  TstCell cell = TST_CELL_INIT;

  g_return_val_if_fail (TST_IS_CURSOR (self), FALSE);
  g_return_val_if_fail (column < self->n_columns, FALSE);
  g_return_val_if_fail (self->row_id != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  tst_cell_init_boolean (&cell, value);
  return write_cell (self, column, &cell, error);
}
