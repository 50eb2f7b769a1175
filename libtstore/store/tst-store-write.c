/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-store-object-private.h"

#include <glib/gi18n-lib.h>

#include "tst-error.h"
#include "tst-store-intercept-private.h"

/* Writes of more than one cell, for the rooms that know the forms in which
 * they come. Always in a transaction: while the log is open nothing moves, so
 * rows can be removed while walking over them. */

/* --- Rows --- */

static void
clear_cells (TstNamedCell *cells,
             gsize         n_cells)
{
  for (gsize i = 0; i < n_cells; i++)
    tst_cell_clear (&cells[i].cell);
}

/* Removes the cells of a row whose columns are not marked, of which there are some. */
static void
remove_unmarked_cells (TstStore     *self,
                       TstTable     *table,
                       guint32       row,
                       const guint8 *marks)
{
  for (guint32 i = 0; i < tst_table_data_head (table->data, row)->layout->n; )
    if (marks[tst_table_data_head (table->data, row)->layout->columns[i]] ||
        !tst_store_drop_cell_at (self, table, row, i))
      i++;
}

/* @cells is not empty. */
static void
fill_row (TstStore     *self,
          TstTable     *table,
          guint32       row,
          TstNamedCell *cells,
          gsize         n_cells,
          gboolean      partial)
{
  g_autofree guint32 *columns = g_new (guint32, n_cells);
  g_autofree guint8 *marks = NULL;

  for (gsize i = 0; i < n_cells; i++)
    {
      columns[i] = tst_engine_ensure_column (self->engine, table, cells[i].id, cells[i].length);
      tst_engine_set_at (self->engine, table, row, columns[i], &cells[i].cell);
    }

  if (partial || tst_table_data_head (table->data, row)->layout->n == n_cells)
    return;

  marks = g_malloc0 (table->data->columns->n);
  for (gsize i = 0; i < n_cells; i++)
    marks[columns[i]] = 1;
  remove_unmarked_cells (self, table, row, marks);
}

static GError *
check_row (const char *table_id,
           const char *row_id,
           gsize       n_cells)
{
  GError *error = NULL;

  if (n_cells == 0)
    return g_error_new_literal (TST_ERROR, TST_ERROR_EMPTY,
                                _("A row without cells cannot be stored"));

  if (tst_store_check_id (table_id, &error) && row_id != NULL)
    tst_store_check_id (row_id, &error);

  return error;
}

static void
refuse_row (TstStore    *self,
            const char  *table_id,
            const char  *row_id,
            GError      *refusal,
            GError     **error)
{
  tst_store_refuse_cell (self, table_id, row_id, NULL, refusal);
  g_propagate_error (error, refusal);
}

gboolean
tst_store_write_row (TstStore      *self,
                     const char    *table_id,
                     const char    *row_id,
                     TstNamedCell  *cells,
                     gsize          n_cells,
                     gboolean       partial,
                     GError       **error)
{
  GError *refusal;
  TstTable *table;
  guint32 row;
  gsize mark;

  if (partial && n_cells == 0)
    return TRUE;

  refusal = check_row (table_id, row_id, n_cells);
  if (refusal != NULL)
    {
      clear_cells (cells, n_cells);
      refuse_row (self, table_id, row_id, refusal, error);
      return FALSE;
    }

  if (G_UNLIKELY (self->intercepted & TST_INTERCEPT_ROW))
    return tst_store_intercept_row (self, table_id, row_id, cells, n_cells, partial, error);

  mark = tst_store_open_statement (self);
  table = tst_engine_ensure_table (self->engine, table_id, strlen (table_id), NULL);
  row = tst_engine_ensure_row (self->engine, table, row_id, strlen (row_id), NULL);
  fill_row (self, table, row, cells, n_cells, partial);

  return tst_store_close_statement (self, mark, error);
}

char *
tst_store_make_row_id (TstStore       *self,
                       TstTable       *table,
                       TstAddRowFlags  flags)
{
  if (flags & TST_ADD_ROW_UNIQUE)
    return g_uuid_string_random ();

  return tst_engine_take_row_id (self->engine, table, !(flags & TST_ADD_ROW_NO_REUSE));
}

char *
tst_store_write_new_row (TstStore        *self,
                         const char      *table_id,
                         TstNamedCell    *cells,
                         gsize            n_cells,
                         TstAddRowFlags   flags,
                         GError         **error)
{
  GError *refusal = check_row (table_id, NULL, n_cells);
  char *row_id;
  TstTable *table;
  TstIdKey key;
  guint32 row;
  gsize mark;

  if (refusal != NULL)
    {
      clear_cells (cells, n_cells);
      refuse_row (self, table_id, NULL, refusal, error);
      return NULL;
    }

  if (G_UNLIKELY (self->intercepted & TST_INTERCEPT_CELL))
    return tst_store_intercept_new_row (self, table_id, cells, n_cells, flags, error);

  mark = tst_store_open_statement (self);
  table = tst_engine_ensure_table (self->engine, table_id, strlen (table_id), NULL);
  row_id = tst_store_make_row_id (self, table, flags);
  tst_id_key_init (&key, row_id, strlen (row_id));
  row = tst_engine_add_row (self->engine, table, &key,
                            flags & TST_ADD_ROW_UNIQUE ? 0 : TST_ROW_POOLED);
  fill_row (self, table, row, cells, n_cells, TRUE);

  if (tst_store_close_statement (self, mark, error))
    return row_id;

  g_free (row_id);
  return NULL;
}

gboolean
tst_store_write_values (TstStore      *self,
                        TstNamedCell  *cells,
                        gsize          n_cells,
                        gboolean       partial,
                        GError       **error)
{
  TstTable *values = self->engine->values;
  gsize mark;

  if (n_cells == 0)
    {
      GError *refusal;

      if (partial)
        return TRUE;

      refusal = g_error_new_literal (TST_ERROR, TST_ERROR_EMPTY,
                                     _("An empty set of values cannot be stored"));
      tst_store_refuse_value (self, NULL, refusal);
      g_propagate_error (error, refusal);
      return FALSE;
    }

  if (G_UNLIKELY (self->intercepted & TST_INTERCEPT_VALUES))
    return tst_store_intercept_row (self, NULL, NULL, cells, n_cells, partial, error);

  mark = tst_store_open_statement (self);
  fill_row (self, values, tst_engine_ensure_row (self->engine, values, "", 0, NULL),
            cells, n_cells, partial);

  return tst_store_close_statement (self, mark, error);
}

/* --- Whole content --- */

/* The columns of a table that comes in, by its own numbers, as the columns of
 * the live table; asked for when they are met. */
typedef struct
{
  TstStore           *store;
  TstTable           *table;
  const TstTableData *content;
  guint32            *columns;
} Incoming;

static guint32
live_column (Incoming *self,
             guint32   column)
{
  if (self->columns[column] == TST_ID_MAP_NONE)
    {
      const TstId *id = tst_table_data_get_column_id (self->content, column);

      self->columns[column] = tst_engine_ensure_column (self->store->engine, self->table,
                                                        id->text, id->length);
    }

  return self->columns[column];
}

static void
replace_row (Incoming         *self,
             guint32           row,
             const TstRowView *content)
{
  const TstLayout *layout;

  for (guint i = 0; i < content->n_cells; i++)
    {
      TstCell cell;

      tst_cell_copy (&cell, &content->cells[i]);
      tst_engine_set_at (self->store->engine, self->table, row,
                         live_column (self, content->columns[i]), &cell);
    }

  /* All that came in is there now; is there more? */
  layout = tst_table_data_head (self->table->data, row)->layout;
  if (layout->n > content->n_cells)
    {
      g_autofree guint8 *marks = g_malloc0 (self->table->data->columns->n);

      for (guint i = 0; i < content->n_cells; i++)
        marks[self->columns[content->columns[i]]] = 1;
      remove_unmarked_cells (self->store, self->table, row, marks);
    }
}

/* What comes in mostly shares its memory with what is there: then nothing has to be done
 * to the rows of that chunk. Written ones are not shared any more. */
static gboolean
is_chunk_shared (const Incoming *self,
                 guint32         slot)
{
  return tst_table_data_shares_chunk (self->table->data, self->content, slot / TST_CHUNK_ROWS);
}

static void
remove_other_rows (Incoming *self)
{
  for (guint32 row = 0; row < self->table->data->n_slots; row++)
    {
      const TstTableData *data = self->table->data;
      TstRowView view;

      if (row % TST_CHUNK_ROWS == 0 && is_chunk_shared (self, row))
        {
          row += TST_CHUNK_ROWS - 1;
          continue;
        }

      if (!tst_chunk_has_row (tst_table_data_chunk (data, row), row % TST_CHUNK_ROWS))
        continue;

      if (!tst_table_data_find_row (self->content, tst_table_data_head (data, row)->id, &view))
        tst_engine_remove_row_at (self->store->engine, self->table, row, TRUE);
    }
}

static gboolean
skip_shared_chunks (const Incoming *self,
                    guint          *position)
{
  while (*position % TST_CHUNK_ROWS == 0 && *position < self->content->n_slots &&
         is_chunk_shared (self, *position))
    *position += TST_CHUNK_ROWS;

  return *position < self->content->n_slots;
}

static void
replace_rows (TstStore           *self,
              TstTable           *table,
              const TstTableData *content,
              TstParts            parts)
{
  TstEngine *engine = self->engine;
  guint n_columns = tst_table_data_get_n_columns (content);
  Incoming incoming = { self, table, content, g_new (guint32, n_columns) };
  guint position = 0;
  TstRowView row;

  memset (incoming.columns, 0xff, sizeof (guint32) * n_columns);

  while (skip_shared_chunks (&incoming, &position) &&
         tst_table_data_next_row (content, &position, &row))
    {
      guint32 live = tst_engine_ensure_row (engine, table, row.id->text, row.id->length, NULL);

      replace_row (&incoming, live, &row);
      if (self->origin != NULL)
        tst_engine_set_pooled (engine, table, live, row.pooled && (parts & TST_PART_POOLED));
    }

  if (table->data->n_rows > tst_table_data_get_n_rows (content))
    remove_other_rows (&incoming);

  g_free (incoming.columns);
}

static void
replace_table (TstStore           *self,
               const TstId        *id,
               const TstTableData *content,
               TstParts            parts)
{
  TstTable *table = tst_engine_ensure_table (self->engine, id->text, id->length, NULL);

  if (!tst_table_data_is_shared (table->data, content))
    replace_rows (self, table, content, parts);
}

static void
replace_tables (TstStore          *self,
                const TstSnapshot *content,
                TstParts           parts)
{
  guint position = 0;
  const TstTableData *table;

  while (tst_snapshot_next_table (content, &position, &table))
    replace_table (self, tst_table_data_get_id (table), table, parts);

  if (self->engine->root->n_tables == content->n_tables)
    return;

  for (guint32 i = 0; i < self->engine->root->n_slots; i++)
    {
      TstTable *live = self->engine->tables[i];

      if (live != NULL && tst_snapshot_find_table (content, live->data->id->text) == NULL)
        tst_engine_remove_table (self->engine, live);
    }
}

static void
replace_values (TstStore          *self,
                const TstSnapshot *content)
{
  TstRowView row;

  if (tst_snapshot_get_values (content, &row) == NULL)
    tst_store_remove_values (self);
  else
    replace_rows (self, self->engine->values, content->values, 0);
}

gboolean
tst_store_replace (TstStore     *self,
                   TstSnapshot  *content,
                   TstParts      parts,
                   GError      **error)
{
  gsize mark;

  if ((parts & TST_PART_ALL) == TST_PART_ALL && self->schema == NULL &&
      tst_store_is_quiet (self) && tst_engine_is_empty (self->engine) && !tst_snapshot_is_worn (content))
    {
      gboolean changed = content->n_tables > 0 || content->values->n_rows > 0;

      if (changed)
        tst_engine_adopt (self->engine, content);
      tst_store_close_write (self, FALSE, changed);
      return TRUE;
    }

  mark = tst_store_open_statement (self);
  if (parts & TST_PART_TABLES)
    replace_tables (self, content, parts);
  if (parts & TST_PART_VALUES)
    replace_values (self, content);

  return tst_store_close_statement (self, mark, error);
}

gboolean
tst_store_replace_table (TstStore            *self,
                         const char          *table_id,
                         const TstTableData  *content,
                         GError             **error)
{
  g_autoptr(TstId) id = tst_id_new (table_id, strlen (table_id));
  gsize mark = tst_store_open_statement (self);

  replace_table (self, id, content, 0);

  return tst_store_close_statement (self, mark, error);
}
