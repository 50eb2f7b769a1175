/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-engine-write-private.h"

/* Content that comes as a whole: built from the outside, or taken over. */

/* --- Building --- */

TstTable *
tst_engine_ensure_table (TstEngine  *self,
                         const char *table_id,
                         gsize       length,
                         gboolean   *created)
{
  TstIdKey key;
  guint32 number;

  tst_id_key_init (&key, table_id, length);
  number = tst_id_map_find (&self->table_slots, &key);

  if (created)
    *created = number == TST_ID_MAP_NONE;

  return number != TST_ID_MAP_NONE ? self->tables[number] : tst_engine_add_table (self, &key);
}

guint32
tst_engine_ensure_row (TstEngine  *self,
                       TstTable   *table,
                       const char *row_id,
                       gsize       length,
                       gboolean   *created)
{
  TstIdKey key;
  guint32 row;

  tst_id_key_init (&key, row_id, length);
  row = tst_table_find_row (table, &key);

  if (created)
    *created = row == TST_ID_MAP_NONE;

  return row != TST_ID_MAP_NONE ? row : tst_engine_add_row (self, table, &key, 0);
}

void
tst_engine_set_pooled (TstEngine *self,
                       TstTable  *table,
                       guint32    row,
                       gboolean   pooled)
{
  const TstChunk *chunk = tst_table_data_chunk (table->data, row);

  if (!pooled == !(chunk->flags[row % TST_CHUNK_ROWS] & TST_ROW_POOLED))
    return;

  if (self->logging)
    {
      TstUndo *undo = tst_engine_log_step (self, TST_UNDO_POOL_MARKED, table);

      undo->row = row;
      undo->column = !pooled;
    }

  tst_engine_own_table (self, table);
  tst_table_set_pooled (table, row, pooled);
  self->structure++; /* the row may be in another chunk */
}

guint32
tst_engine_ensure_column (TstEngine  *self,
                          TstTable   *table,
                          const char *cell_id,
                          gsize       length)
{
  TstIdKey key;
  guint32 column;

  tst_id_key_init (&key, cell_id, length);
  column = tst_id_map_find (&table->columns, &key);
  if (column != TST_ID_MAP_NONE)
    return column;

  tst_engine_own_table (self, table);
  self->structure++;
  return tst_table_add_column (table, &key);
}

gboolean
tst_engine_put_cell (TstEngine *self,
                     TstTable  *table,
                     guint32    row,
                     guint32    column,
                     TstCell   *cell)
{
  if (tst_table_data_cell (table->data, row, column) != NULL)
    return FALSE;

  tst_engine_own_table (self, table);
  tst_engine_append_cell (self, table, row, column, cell);
  cell->words[0] = cell->words[1] = 0;
  self->generation++;

  return TRUE;
}

gboolean
tst_engine_put_value (TstEngine  *self,
                      const char *value_id,
                      gsize       length,
                      TstCell    *cell)
{
  guint32 row = tst_engine_ensure_row (self, self->values, "", 0, NULL);
  guint32 column = tst_engine_ensure_column (self, self->values, value_id, length);

  return tst_engine_put_cell (self, self->values, row, column, cell);
}

TstSnapshot *
tst_engine_finish (TstEngine *self)
{
  TstSnapshot *content = tst_engine_snapshot (self);

  g_assert (self->n_log == 0);

  for (guint32 i = 0; i < content->n_slots; i++)
    if (self->tables[i] != NULL)
      tst_table_leave (g_steal_pointer (&self->tables[i]));
  tst_engine_free (self);

  return content;
}

/* --- Adopting --- */

/* A snapshot that was taken in a transaction still has the rows that were removed in
 * it, out of sight; here there is no log that would come to the end of them. */
static void
bury_hidden_rows (TstEngine *self,
                  TstTable  *table)
{
  if (table->data->n_rows == table->data->n_slots)
    return;

  /* Upwards: with the last one go the holes before it. */
  for (guint32 row = 0; row < table->data->n_slots; row++)
    if (tst_table_data_head (table->data, row)->id != NULL &&
        !tst_chunk_has_row (tst_table_data_chunk (table->data, row), row % TST_CHUNK_ROWS))
      {
        tst_engine_own_table (self, table);
        tst_table_bury_row (table, row);
      }
}

void
tst_engine_adopt (TstEngine   *self,
                  TstSnapshot *content)
{
  g_assert (tst_engine_is_empty (self) && self->n_log == 0);

  tst_snapshot_ref (content);
  tst_snapshot_unref (self->root);
  tst_table_free (self->values);

  self->root = content;
  self->epoch++;
  self->generation++;
  self->structure++;
  tst_engine_own_root (self); /* what is noted in it is another engine's */

  self->values = tst_table_new_for_data (tst_table_data_ref (content->values));
  self->values->number = TST_VALUES_TABLE;
  self->values->epoch = self->epoch - 1;

  self->tables = g_renew (TstTable *, self->tables, content->tables_capacity);
  tst_id_map_clear (&self->table_slots);

  for (guint32 i = 0; i < content->n_slots; i++)
    {
      self->tables[i] = NULL;
      if (content->tables[i] == NULL)
        continue;

      self->tables[i] = tst_table_new_for_data (tst_table_data_ref (content->tables[i]));
      self->tables[i]->number = i;
      self->tables[i]->epoch = self->epoch - 1;
      tst_id_map_insert (&self->table_slots, content->tables[i]->id, i);
    }

  for (guint32 i = 0; i < content->n_slots; i++)
    if (self->tables[i] != NULL)
      bury_hidden_rows (self, self->tables[i]);
  bury_hidden_rows (self, self->values);
}
