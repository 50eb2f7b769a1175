/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-engine-write-private.h"

TstSnapshot *
tst_snapshot_ref (TstSnapshot *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
tst_snapshot_unref (TstSnapshot *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  for (guint32 i = 0; i < self->n_slots; i++)
    if (self->tables[i] != NULL)
      tst_table_data_unref (self->tables[i]);
  g_free (self->tables);
  tst_table_data_unref (self->values);
  g_free (self);
}

guint64
tst_snapshot_get_generation (const TstSnapshot *self)
{
  return self->generation;
}

guint32
tst_snapshot_get_number (const TstSnapshot *self)
{
  return self->number;
}

gboolean
tst_snapshot_next_table (const TstSnapshot   *self,
                         guint               *position,
                         const TstTableData **table)
{
  while (*position < self->n_slots)
    {
      *table = self->tables[(*position)++];
      if (*table != NULL)
        return TRUE;
    }

  return FALSE;
}

static void
view_row (const TstTableData *self,
          guint32             slot,
          TstRowView         *row)
{
  const TstChunk *chunk = tst_table_data_chunk (self, slot);
  guint i = slot % TST_CHUNK_ROWS;
  const TstRowHead *head = &chunk->heads[i];

  row->id = head->id;
  row->n_cells = head->layout->n;
  row->columns = head->layout->columns;
  row->cells = tst_chunk_cells (chunk, i);
  row->birth = chunk->births[i];
  row->pooled = (chunk->flags[i] & TST_ROW_POOLED) != 0;
}

/* Numbers may come to their end and begin anew. */
gboolean
tst_row_view_is_later (const TstRowView *row,
                       guint32           number)
{
  return (gint32) (row->birth - number) > 0;
}

gboolean
tst_table_data_next_row (const TstTableData *self,
                         guint              *position,
                         TstRowView         *row)
{
  while (*position < self->n_slots)
    {
      guint32 slot = (*position)++;

      if (tst_chunk_has_row (tst_table_data_chunk (self, slot), slot % TST_CHUNK_ROWS))
        {
          view_row (self, slot, row);
          return TRUE;
        }
    }

  return FALSE;
}

/* Tables are few, and this is not on a hot path: no index. */
const TstTableData *
tst_snapshot_find_table (const TstSnapshot *self,
                         const char        *table_id)
{
  for (guint32 i = 0; i < self->n_slots; i++)
    if (self->tables[i] != NULL && strcmp (self->tables[i]->id->text, table_id) == 0)
      return self->tables[i];

  return NULL;
}

static TstTableIndex *
make_index (const TstTableData *self)
{
  TstTableIndex *index = g_new0 (TstTableIndex, 1);

  tst_id_map_reserve (&index->rows, self->n_rows);
  for (guint32 slot = 0; slot < self->n_slots; slot++)
    if (tst_chunk_has_row (tst_table_data_chunk (self, slot), slot % TST_CHUNK_ROWS))
      tst_id_map_insert (&index->rows, tst_table_data_head (self, slot)->id, slot);

  for (guint32 i = 0; i < self->columns->n; i++)
    if (self->columns->ids[i] != NULL)
      tst_id_map_insert (&index->columns, self->columns->ids[i], i);

  return index;
}

/* Snapshots are read in several threads. */
static const TstTableIndex *
get_index (const TstTableData *self)
{
  static GMutex mutex;
  TstTableData *data = (TstTableData *) self;
  TstTableIndex *index = g_atomic_pointer_get (&data->index);

  if (index != NULL)
    return index;

  g_mutex_lock (&mutex);
  index = g_atomic_pointer_get (&data->index);
  if (index == NULL)
    {
      index = make_index (self);
      g_atomic_pointer_set (&data->index, index);
    }
  g_mutex_unlock (&mutex);

  return index;
}

gboolean
tst_table_data_find_row (const TstTableData *self,
                         const TstId        *row_id,
                         TstRowView         *row)
{
  guint32 slot = tst_id_map_find_id (&get_index (self)->rows, row_id);

  if (slot == TST_ID_MAP_NONE)
    return FALSE;

  view_row (self, slot, row);
  return TRUE;
}

static const TstCell *
find_cell_in_column (const TstRowView *row,
                     guint32           column)
{
  if (column < row->n_cells && row->columns[column] == column)
    return &row->cells[column];

  for (guint i = 0; i < row->n_cells; i++)
    if (row->columns[i] == column)
      return &row->cells[i];

  return NULL;
}

const TstCell *
tst_table_data_find_cell (const TstTableData *self,
                          const TstRowView   *row,
                          const TstId        *cell_id)
{
  guint32 column = tst_id_map_find_id (&get_index (self)->columns, cell_id);

  return column != TST_ID_MAP_NONE ? find_cell_in_column (row, column) : NULL;
}

TstId *
tst_table_data_get_id (const TstTableData *self)
{
  return self->id;
}

guint
tst_table_data_get_n_rows (const TstTableData *self)
{
  return self->n_rows;
}

guint
tst_table_data_get_n_columns (const TstTableData *self)
{
  return self->columns->n;
}

TstId *
tst_table_data_get_column_id (const TstTableData *self,
                              guint32             column)
{
  return self->columns->ids[column];
}

const TstTableData *
tst_snapshot_get_values (const TstSnapshot *self,
                         TstRowView        *row)
{
  guint position = 0;

  return tst_table_data_next_row (self->values, &position, row) ? self->values : NULL;
}

gboolean
tst_table_data_is_shared (const TstTableData *self,
                          const TstTableData *other)
{
  if (self == other)
    return TRUE;

  if (self->pool != other->pool || self->columns != other->columns ||
      self->n_slots != other->n_slots || self->n_rows != other->n_rows)
    return FALSE;

  for (guint32 i = 0; i < self->n_chunks; i++)
    if (self->chunks[i] != other->chunks[i])
      return FALSE;

  return TRUE;
}
