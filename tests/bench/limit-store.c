/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "limit-store.h"

void
limit_map_grow (LimitMap *map)
{
  guint32 mask = map->slots ? map->mask * 2 + 1 : 15;
  LimitSlot *slots = calloc (mask + 1, sizeof *slots);

  for (guint32 i = 0; map->slots && i <= map->mask; i++)
    {
      char id[16] = { 0 };
      guint32 j;

      if (map->slots[i].position == 0)
        continue;

      memcpy (id, map->slots[i].id, LIMIT_ID_SIZE);
      j = limit_hash_id (_mm_loadu_si128 ((gconstpointer) id)) & mask;
      while (slots[j].position)
        j = (j + 1) & mask;
      slots[j] = map->slots[i];
    }

  free (map->slots);
  map->slots = slots;
  map->mask = mask;
}

static void
copy_id (char        to[LIMIT_ID_SIZE],
         const char *id)
{
  char bytes[16];

  _mm_storeu_si128 ((gpointer) bytes, limit_load_id (id));
  memcpy (to, bytes, LIMIT_ID_SIZE);
}

const char *
limit_store_copy (LimitStore *self,
                  const char *text,
                  gsize       length)
{
  char *copy;

  if (self->arena_left < length + 1)
    {
      self->arena_left = 1 << 20;
      self->arena = malloc (self->arena_left);
    }

  copy = self->arena;
  memcpy (copy, text, length);
  copy[length] = '\0';
  self->arena += length + 1;
  self->arena_left -= length + 1;

  return copy;
}

void
limit_table_add_rows (LimitTable *table)
{
  guint32 n_chunks = table->n_allocated / LIMIT_CHUNK_ROWS;

  if ((n_chunks & (n_chunks - 1)) == 0)
    table->chunks = realloc (table->chunks, sizeof (LimitCell *) * MAX (n_chunks * 2, 1));

  table->n_allocated += LIMIT_CHUNK_ROWS;
  table->chunks[n_chunks] = calloc (LIMIT_CHUNK_ROWS * LIMIT_ROW_WIDTH, sizeof (LimitCell));
  table->row_ids = realloc (table->row_ids, LIMIT_ID_SIZE * (gsize) table->n_allocated);
}

LimitStore *
limit_store_new (void)
{
  return calloc (1, sizeof (LimitStore));
}

inline guint32
limit_store_add_table (LimitStore *self,
                       const char *id)
{
  gboolean is_new;
  guint32 table = limit_map_ensure (&self->table_ids, id, &is_new) - 1;

  if (is_new)
    copy_id (self->ids[table], id);

  return table;
}

inline guint32
limit_table_add_cell (LimitTable *table,
                      const char *id)
{
  gboolean is_new;
  guint32 cell = limit_map_ensure (&table->cells, id, &is_new) - 1;

  if (is_new)
    {
      if (table->cell_ids == NULL)
        table->cell_ids = calloc (LIMIT_ROW_WIDTH, LIMIT_ID_SIZE);
      if (cell >= LIMIT_ROW_WIDTH)
        abort ();
      copy_id (table->cell_ids[cell], id);
    }

  return cell;
}

inline guint32
limit_table_add_row (LimitTable *table,
                     const char *id)
{
  gboolean is_new;
  guint32 row = limit_map_ensure (&table->rows, id, &is_new) - 1;

  if (is_new)
    {
      if (row >= table->n_allocated)
        limit_table_add_rows (table);
      copy_id (table->row_ids[row], id);
    }

  return row;
}

void
limit_store_set (LimitStore         *self,
                 const char         *table_id,
                 const char         *row_id,
                 const char         *cell_id,
                 const DatasetValue *value)
{
  guint32 table = limit_store_add_table (self, table_id);
  guint32 cell = limit_table_add_cell (&self->tables[table], cell_id);
  guint32 row = limit_table_add_row (&self->tables[table], row_id);

  limit_store_put (self, table, row, cell, value);
}

const LimitCell *
limit_store_get (const LimitStore *self,
                 const char       *table_id,
                 const char       *row_id,
                 const char       *cell_id)
{
  guint32 position = limit_map_find (&self->table_ids, table_id);
  const LimitTable *table;
  guint32 row, cell;

  if (position == 0)
    return NULL;

  table = &self->tables[position - 1];
  cell = limit_map_find (&table->cells, cell_id);
  row = limit_map_find (&table->rows, row_id);

  return row && cell ? limit_table_cell (table, row - 1, cell - 1) : NULL;
}

/* The same with all ids resolved beforehand. */

void
limit_store_set_at (LimitStore         *self,
                    guint               table,
                    guint               row,
                    guint               cell,
                    const DatasetValue *value)
{
  limit_store_put (self, table, row, cell, value);
}

const LimitCell *
limit_store_get_at (const LimitStore *self,
                    guint             table,
                    guint             row,
                    guint             cell)
{
  return limit_table_cell (&self->tables[table], row, cell);
}
