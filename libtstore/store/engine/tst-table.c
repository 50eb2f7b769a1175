/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-table-private.h"

#define FIRST_STRIDE        4
#define SMALL_ROW           8
#define MAX_WASTE           4  /* times the cells that are there */
#define MIN_HOLES_TO_CLOSE  64
#define MIN_UNUSED_COLUMNS  64
#define MIN_UNUSED_LAYOUTS  64

/* --- Columns --- */

static TstColumns *
columns_new (guint32 capacity)
{
  TstColumns *self = g_malloc0 (sizeof (TstColumns) + sizeof (TstId *) * capacity);

  self->ref_count = 1;
  self->capacity = capacity;

  return self;
}

static void
columns_unref (TstColumns *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  for (guint32 i = 0; i < self->n; i++)
    if (self->ids[i] != NULL)
      tst_id_unref (self->ids[i]);
  g_free (self);
}

/* Returns: columns that may be written to, with room for one more */
static TstColumns *
columns_own (TstColumns *self)
{
  TstColumns *copy;

  if (g_atomic_int_get (&self->ref_count) == 1)
    {
      if (self->n == self->capacity)
        {
          self->capacity *= 2;
          self = g_realloc (self, sizeof (TstColumns) + sizeof (TstId *) * self->capacity);
        }
      return self;
    }

  copy = columns_new (self->n + MAX (self->n / 2, 4));
  copy->n = self->n;
  for (guint32 i = 0; i < self->n; i++)
    copy->ids[i] = self->ids[i] ? tst_id_ref (self->ids[i]) : NULL;
  columns_unref (self);

  return copy;
}

/* --- The data --- */

TstTableData *
tst_table_data_new (TstId   *id,
                    guint64  owner)
{
  TstTableData *self = g_new0 (TstTableData, 1);

  self->ref_count = 1;
  self->id = tst_id_ref (id);
  self->pool = tst_layout_pool_new (owner, NULL);
  self->columns = columns_new (4);

  return self;
}

TstTableData *
tst_table_data_ref (TstTableData *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

/* What a live table has beside its data. */
static void
free_maps (TstTable *self)
{
  tst_id_map_clear (&self->rows);
  tst_id_map_clear (&self->columns);
  g_queue_clear_full (&self->released_row_ids, (GDestroyNotify) tst_id_unref);
  g_free (self->column_uses);
  g_free (self);
}

void
tst_table_data_drop_maps (TstTableData *self)
{
  TstTableIndex *index = g_steal_pointer (&self->index);

  g_clear_pointer (&self->left, free_maps);
  if (index == NULL)
    return;

  tst_id_map_clear (&index->rows);
  tst_id_map_clear (&index->columns);
  g_free (index);
}

void
tst_table_data_unref (TstTableData *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  tst_table_data_drop_maps (self);
  for (guint32 i = 0; i < self->n_chunks; i++)
    tst_chunk_unref (self->chunks[i]);
  g_free (self->chunks);
  columns_unref (self->columns);
  tst_layout_pool_unref (self->pool);
  tst_id_unref (self->id);
  g_free (self);
}

TstTableData *
tst_table_data_copy (TstTableData *self)
{
  TstTableData *copy = g_new0 (TstTableData, 1);

  copy->ref_count = 1;
  copy->n_rows = self->n_rows;
  copy->n_slots = self->n_slots;
  copy->n_chunks = self->n_chunks;
  copy->chunks_capacity = self->chunks_capacity;
  copy->chunks = g_new (TstChunk *, self->chunks_capacity);
  for (guint32 i = 0; i < self->n_chunks; i++)
    copy->chunks[i] = tst_chunk_ref (self->chunks[i]);
  copy->id = tst_id_ref (self->id);
  copy->pool = tst_layout_pool_ref (self->pool);
  copy->columns = self->columns;
  g_atomic_int_inc (&copy->columns->ref_count);

  return copy;
}

/* --- Life --- */

/* An address would not do: that of a table that is gone is given to the next. */
static guint64
new_identity (void)
{
  static gsize n_tables = 0;  /* atomic */

  return (guint64) g_atomic_pointer_add (&n_tables, 1) + 1;
}

static TstTable *
new_table (void)
{
  TstTable *self = g_new0 (TstTable, 1);

  self->identity = new_identity ();
  g_queue_init (&self->released_row_ids);

  return self;
}

TstTable *
tst_table_new (TstId *id)
{
  TstTable *self = new_table ();

  self->data = tst_table_data_new (id, self->identity);

  return self;
}

void
tst_table_free (TstTable *self)
{
  tst_table_data_unref (self->data);
  free_maps (self);
}

void
tst_table_leave (TstTable *self)
{
  TstTableData *data = g_steal_pointer (&self->data);
  TstTable *other = g_atomic_pointer_exchange (&data->left, self);

  if (other != NULL)
    free_maps (other);
  tst_table_data_unref (data);
}

/* As good as new, but for the maps. */
static TstTable *
take_left (TstTableData *data)
{
  TstTable *self = g_atomic_pointer_exchange (&data->left, NULL);

  if (self == NULL)
    return NULL;

  self->data = data;
  self->identity = new_identity ();
  self->n_moves = 0;
  self->next_row_number = 0;
  tst_id_memo_clear (&self->last_row);
  g_queue_clear_full (&self->released_row_ids, (GDestroyNotify) tst_id_unref);

  return self;
}

static void
count_uses (TstTable        *self,
            const TstLayout *layout,
            guint32          n)
{
  for (guint32 i = 0; i < layout->n; i++)
    {
      guint32 column = layout->columns[i];

      if (self->column_uses[column] == 0)
        self->n_unused_columns--;
      self->column_uses[column] += n;
    }
}

/* Makes what writing needs for rows that are there already. */
static void
index_rows (TstTable *self)
{
  TstTableData *data = self->data;
  const TstLayout *layout = NULL;
  guint32 n_same = 0;

  tst_id_map_reserve (&self->rows, data->n_rows);

  for (guint32 slot = 0; slot < data->n_slots; slot++)
    {
      TstRowHead *head = tst_table_data_head (data, slot);

      if (!tst_chunk_has_row (tst_table_data_chunk (data, slot), slot % TST_CHUNK_ROWS))
        continue;

      tst_id_map_insert (&self->rows, head->id, slot);

      if (head->layout != layout)
        {
          if (layout != NULL)
            count_uses (self, layout, n_same);
          layout = head->layout;
          n_same = 0;
        }
      n_same++;
    }

  if (layout != NULL)
    count_uses (self, layout, n_same);
}

/* Takes over the reference on @data, which others may share. */
TstTable *
tst_table_new_for_data (TstTableData *data)
{
  TstTable *self = take_left (data);

  if (self != NULL)
    return self;

  self = new_table ();
  self->data = data;
  self->column_uses_capacity = MAX (data->columns->n, 4);
  self->column_uses = g_new0 (guint32, self->column_uses_capacity);
  self->n_unused_columns = data->columns->n;

  for (guint32 i = 0; i < data->columns->n; i++)
    if (data->columns->ids[i] != NULL)
      tst_id_map_insert (&self->columns, data->columns->ids[i], i);
    else
      self->n_unused_columns--;

  index_rows (self);

  return self;
}

/* --- Columns of the live table --- */

static guint32
find_free_column (TstTable *self)
{
  const TstColumns *columns = self->data->columns;

  /* Free numbers are rare: there are some only after unused columns were let
   * go. Below the first free one there is none. */
  if (self->columns.n < columns->n)
    for (; self->first_free_column < columns->n; self->first_free_column++)
      if (columns->ids[self->first_free_column] == NULL)
        return self->first_free_column;

  return columns->n;
}

guint32
tst_table_add_column (TstTable       *self,
                      const TstIdKey *key)
{
  TstColumns *columns = self->data->columns = columns_own (self->data->columns);
  guint32 column = find_free_column (self);

  if (column == columns->n)
    columns->n++;
  columns->ids[column] = tst_id_new_for_key (key);
  tst_id_map_insert (&self->columns, columns->ids[column], column);

  if (column >= self->column_uses_capacity)
    {
      self->column_uses_capacity = MAX (column + 1 + column / 2, 4);
      self->column_uses = g_renew (guint32, self->column_uses, self->column_uses_capacity);
    }
  self->column_uses[column] = 0;
  self->n_unused_columns++;

  return column;
}

static inline void
use_column (TstTable *self,
            guint32   column)
{
  if (self->column_uses[column]++ == 0)
    self->n_unused_columns--;
}

static inline void
unuse_column (TstTable *self,
              guint32   column)
{
  if (--self->column_uses[column] == 0)
    self->n_unused_columns++;
}

/* --- Layouts of rows --- */

/* Those of another table, whose data this one began with, are counted there: perhaps in
 * another thread. */
static inline gboolean
counts_layout (const TstTable  *self,
               const TstLayout *layout)
{
  return layout->pool == self->data->pool && self->data->pool->owner == self->identity;
}

static inline void
use_layout (TstTable  *self,
            TstLayout *layout)
{
  if (counts_layout (self, layout) && layout->n_rows++ == 0)
    layout->pool->n_used++;
}

static inline void
unuse_layout (TstTable  *self,
              TstLayout *layout)
{
  if (counts_layout (self, layout) && layout->n_rows > 0 && --layout->n_rows == 0)
    layout->pool->n_used--;
}

gboolean
tst_table_data_is_worn (const TstTableData *self)
{
  return self->pool->depth >= TST_LAYOUT_MAX_DEPTH;
}

/* A pool that this table may add to: one that came with data made by another
 * table stays as it is, and is built upon. */
static TstLayoutPool *
own_pool (TstTable *self)
{
  TstTableData *data = self->data;

  if (G_UNLIKELY (data->pool->owner != self->identity))
    {
      TstLayoutPool *pool = tst_layout_pool_new (self->identity, data->pool);

      tst_layout_pool_unref (data->pool);
      data->pool = pool;
    }

  return data->pool;
}

/* Sharing is worth it only where rows are alike. */
static void
look_for_crowd (TstTable *self)
{
  TstLayoutPool *pool = own_pool (self);

  if (pool->n >= TST_LAYOUT_MIN_CROWD && pool->n > self->data->n_rows / 2)
    pool->is_crowded = TRUE;
}

static TstLayout *
shared_layout_with (TstTable  *self,
                    TstLayout *layout,
                    guint32    position,
                    guint32    column)
{
  guint32 columns[TST_LAYOUT_MAX_SHARED];

  if (layout->n == TST_LAYOUT_MAX_SHARED)
    return NULL;

  if (position == layout->n)
    return tst_layout_pool_append (own_pool (self), layout, column);

  memcpy (columns, layout->columns, sizeof (guint32) * position);
  columns[position] = column;
  memcpy (columns + position + 1, layout->columns + position,
          sizeof (guint32) * (layout->n - position));

  return tst_layout_pool_intern (own_pool (self), columns, layout->n + 1);
}

static TstLayout *
layout_with (TstTable  *self,
             TstLayout *layout,
             guint32    position,
             guint32    column)
{
  TstLayout *shared;

  if (tst_layout_is_private (layout))
    return tst_layout_insert (layout, position, column);

  look_for_crowd (self);
  shared = shared_layout_with (self, layout, position, column);

  return shared ? shared : tst_layout_insert (tst_layout_new_private (layout), position, column);
}

static TstLayout *
layout_without (TstTable  *self,
                TstLayout *layout,
                guint32    position)
{
  guint32 columns[TST_LAYOUT_MAX_SHARED];
  TstLayout *shared;

  if (!tst_layout_is_private (layout))
    {
      memcpy (columns, layout->columns, sizeof (guint32) * position);
      memcpy (columns + position, layout->columns + position + 1,
              sizeof (guint32) * (layout->n - position - 1));

      shared = tst_layout_pool_intern (own_pool (self), columns, layout->n - 1);
      if (shared != NULL)
        return shared;

      layout = tst_layout_new_private (layout);
    }

  tst_layout_remove (layout, position);
  return layout;
}

/* --- Room for cells --- */

static TstChunk *
replace_chunk (TstTable *self,
               guint32   number,
               TstChunk *chunk)
{
  self->data->chunks[number] = chunk;
  return chunk;
}

TstChunk *
tst_table_own_chunk (TstTable *self,
                     guint32   number)
{
  TstChunk *chunk = self->data->chunks[number];

  if (G_UNLIKELY (tst_chunk_is_shared (chunk)))
    {
      replace_chunk (self, number, tst_chunk_copy (chunk, chunk->capacity, chunk->stride));
      tst_chunk_unref (chunk);
      chunk = self->data->chunks[number];
    }

  return chunk;
}

typedef struct
{
  guint64 n_cells;
  guint32 average;  /* of the cells in a row */
  guint32 widest;   /* the most in one of those that lie in the chunk */
} Widths;

static Widths
measure_rows (const TstChunk *chunk)
{
  Widths widths = { 0, 1, 1 };
  guint n_rows = 0;

  for (guint i = 0; i < chunk->capacity; i++)
    {
      if (chunk->heads[i].id == NULL)
        continue;

      n_rows++;
      widths.n_cells += chunk->heads[i].layout->n;
      if (!(chunk->flags[i] & TST_ROW_SPILLED))
        widths.widest = MAX (widths.widest, chunk->heads[i].layout->n);
    }

  if (n_rows > 0)
    widths.average = (guint32) ((widths.n_cells + n_rows - 1) / n_rows);

  return widths;
}

/* Whether room for @n cells in each row would be most of what is in the chunk. */
static gboolean
would_waste (const Widths *widths,
             guint32       capacity,
             guint32       n)
{
  return n > SMALL_ROW && capacity > 2 && (guint64) n * capacity > widths->n_cells * MAX_WASTE;
}

/* More rows, of which all get as much room as the widest one: rows that are far
 * from the average had better get blocks of their own. */
static TstChunk *
resize_for_rows (TstChunk *chunk,
                 guint32   capacity)
{
  Widths widths = measure_rows (chunk);

  if (G_UNLIKELY (would_waste (&widths, capacity, widths.widest)))
    {
      for (guint i = 0; i < chunk->capacity; i++)
        if (chunk->heads[i].id != NULL && !(chunk->flags[i] & TST_ROW_SPILLED) &&
            would_waste (&widths, capacity, chunk->heads[i].layout->n))
          tst_chunk_spill (chunk, i, chunk->heads[i].layout->n);
      widths = measure_rows (chunk);
    }

  return tst_chunk_resize (chunk, capacity, widths.widest);
}

/* Makes room for one more cell in a row: a wider chunk if the row is not much
 * wider than the others, else a block for this row. */
static TstChunk *
make_room (TstTable *self,
           guint32   number,
           guint     row)
{
  TstChunk *chunk = self->data->chunks[number];
  guint32 need = chunk->heads[row].layout->n + 1;
  Widths widths;

  if (chunk->flags[row] & TST_ROW_SPILLED)
    {
      tst_chunk_spill (chunk, row, need);
      return chunk;
    }

  widths = measure_rows (chunk);
  if (would_waste (&widths, chunk->capacity, need) ||
      (need > SMALL_ROW && need > widths.average * 2 && chunk->capacity > 2))
    {
      tst_chunk_spill (chunk, row, need);
      return chunk;
    }

  return replace_chunk (self, number,
                        tst_chunk_resize (chunk, chunk->capacity,
                                          MAX (need, chunk->stride + chunk->stride / 2)));
}

/* --- Rows --- */

static TstChunk *
append_chunk (TstTable *self)
{
  TstTableData *data = self->data;
  guint32 capacity = 1;
  guint32 stride = FIRST_STRIDE;

  if (data->n_chunks > 0)
    {
      Widths widths = measure_rows (data->chunks[data->n_chunks - 1]);

      capacity = TST_CHUNK_ROWS;
      stride = MIN (widths.widest, MAX (widths.average * 2, SMALL_ROW));
    }

  if (data->n_chunks == data->chunks_capacity)
    {
      data->chunks_capacity = MAX (data->chunks_capacity * 2, 1);
      data->chunks = g_renew (TstChunk *, data->chunks, data->chunks_capacity);
    }

  return replace_chunk (self, data->n_chunks++, tst_chunk_new (capacity, stride));
}

/* Returns: the chunk, which may be written to, of the slot behind the last */
static TstChunk *
chunk_for_next_slot (TstTable *self)
{
  guint32 number = self->data->n_slots / TST_CHUNK_ROWS;
  guint row = self->data->n_slots % TST_CHUNK_ROWS;
  TstChunk *chunk;

  if (number == self->data->n_chunks)
    return append_chunk (self);

  chunk = tst_table_own_chunk (self, number);
  if (row >= chunk->capacity)
    chunk = replace_chunk (self, number,
                           resize_for_rows (chunk, MIN (chunk->capacity * 2, TST_CHUNK_ROWS)));
  return chunk;
}

guint32
tst_table_append_row (TstTable       *self,
                      const TstIdKey *key,
                      guint8          flags)
{
  TstChunk *chunk = chunk_for_next_slot (self);
  guint32 slot = self->data->n_slots++;
  guint row = slot % TST_CHUNK_ROWS;
  TstRowHead *head = &chunk->heads[row];

  head->id = tst_id_new_for_key (key);
  head->layout = own_pool (self)->empty;
  chunk->flags[row] = flags;
  chunk->births[row] = (guint32) self->epoch;
  tst_id_map_insert (&self->rows, head->id, slot);
  self->data->n_rows++;

  return slot;
}

static void
drop_last_holes (TstTable *self)
{
  TstTableData *data = self->data;

  while (data->n_slots > 0 && tst_table_data_head (data, data->n_slots - 1)->id == NULL)
    data->n_slots--;

  while (data->n_chunks > 0 && (data->n_chunks - 1) * TST_CHUNK_ROWS >= data->n_slots)
    tst_chunk_unref (data->chunks[--data->n_chunks]);
}

void
tst_table_pop_row (TstTable *self,
                   guint32   slot)
{
  g_assert (slot == self->data->n_slots - 1);

  tst_table_hide_row (self, slot);
  tst_table_bury_row (self, slot);
}

void
tst_table_set_pooled (TstTable *self,
                      guint32   slot,
                      gboolean  pooled)
{
  TstChunk *chunk = tst_table_own_chunk (self, slot / TST_CHUNK_ROWS);
  guint row = slot % TST_CHUNK_ROWS;

  chunk->flags[row] &= ~TST_ROW_POOLED;
  if (pooled)
    chunk->flags[row] |= TST_ROW_POOLED;
}

void
tst_table_hide_row (TstTable *self,
                    guint32   slot)
{
  TstChunk *chunk = tst_table_own_chunk (self, slot / TST_CHUNK_ROWS);
  guint row = slot % TST_CHUNK_ROWS;
  TstLayout *layout = chunk->heads[row].layout;

  chunk->flags[row] |= TST_ROW_DEAD;
  tst_id_map_remove (&self->rows, chunk->heads[row].id);
  tst_id_memo_clear (&self->last_row);
  self->data->n_rows--;

  for (guint32 i = 0; i < layout->n; i++)
    unuse_column (self, layout->columns[i]);
  unuse_layout (self, layout);
}

void
tst_table_unhide_row (TstTable *self,
                      guint32   slot)
{
  TstChunk *chunk = tst_table_own_chunk (self, slot / TST_CHUNK_ROWS);
  guint row = slot % TST_CHUNK_ROWS;
  TstLayout *layout = chunk->heads[row].layout;

  chunk->flags[row] &= ~TST_ROW_DEAD;
  tst_id_map_insert (&self->rows, chunk->heads[row].id, slot);
  self->data->n_rows++;

  for (guint32 i = 0; i < layout->n; i++)
    use_column (self, layout->columns[i]);
  use_layout (self, layout);
}

void
tst_table_bury_row (TstTable *self,
                    guint32   slot)
{
  TstChunk *chunk = tst_table_own_chunk (self, slot / TST_CHUNK_ROWS);

  tst_chunk_clear_row (chunk, slot % TST_CHUNK_ROWS);
  if (slot == self->data->n_slots - 1)
    drop_last_holes (self);
}

/* --- Cells --- */

void
tst_table_insert_cell (TstTable      *self,
                       guint32        slot,
                       guint32        position,
                       guint32        column,
                       const TstCell *cell)
{
  guint32 number = slot / TST_CHUNK_ROWS;
  guint row = slot % TST_CHUNK_ROWS;
  TstChunk *chunk = tst_table_own_chunk (self, number);
  guint32 n = chunk->heads[row].layout->n;
  TstLayout *layout;
  TstCell *cells;

  if (n == tst_chunk_row_capacity (chunk, row))
    chunk = make_room (self, number, row);

  layout = chunk->heads[row].layout;
  unuse_layout (self, layout);
  layout = chunk->heads[row].layout = layout_with (self, layout, position, column);
  use_layout (self, layout);
  use_column (self, column);

  cells = tst_chunk_cells (chunk, row);
  memmove (&cells[position + 1], &cells[position], sizeof (TstCell) * (n - position));
  cells[position] = *cell;
}

gboolean
tst_table_append_cell (TstTable      *self,
                       guint32        slot,
                       guint32        column,
                       const TstCell *cell)
{
  TstChunk *chunk = tst_table_data_chunk (self->data, slot);
  guint row = slot % TST_CHUNK_ROWS;
  TstLayout *layout = chunk->heads[row].layout;
  TstLayout *next;

  if (!counts_layout (self, layout) || layout->next == NULL || layout->next_column != column ||
      layout->n >= chunk->stride || (chunk->flags[row] & TST_ROW_SPILLED) ||
      tst_chunk_is_shared (chunk))
    return FALSE;

  next = layout->next;
  unuse_layout (self, layout);
  use_layout (self, next);
  use_column (self, column);
  tst_chunk_room (chunk, row)[layout->n] = *cell;
  chunk->heads[row].layout = next;

  return TRUE;
}

TstCell
tst_table_take_cell (TstTable *self,
                     guint32   slot,
                     guint32   position)
{
  guint row = slot % TST_CHUNK_ROWS;
  TstChunk *chunk = tst_table_own_chunk (self, slot / TST_CHUNK_ROWS);
  TstLayout *layout = chunk->heads[row].layout;
  TstCell *cells = tst_chunk_cells (chunk, row);
  TstCell cell = cells[position];
  guint32 n_behind = layout->n - position - 1;

  unuse_column (self, layout->columns[position]);
  unuse_layout (self, layout);
  chunk->heads[row].layout = layout_without (self, layout, position);
  use_layout (self, chunk->heads[row].layout);

  memmove (&cells[position], &cells[position + 1], sizeof (TstCell) * n_behind);
  memset (&cells[position + n_behind], 0, sizeof (TstCell));

  return cell;
}

/* --- Tidying --- */

static void
move_row (TstTable *self,
          TstChunk *from,
          guint     from_row,
          TstChunk *to,
          guint     to_row)
{
  TstRowHead *head = &from->heads[from_row];

  g_assert (to->heads[to_row].id == NULL);

  to->heads[to_row] = *head;
  to->flags[to_row] = from->flags[from_row];
  to->births[to_row] = from->births[from_row];
  memcpy (tst_chunk_room (to, to_row), tst_chunk_room (from, from_row),
          sizeof (TstCell) * MIN (from->stride, to->stride));

  head->id = NULL;
  head->layout = NULL;
  from->flags[from_row] = 0;
  memset (tst_chunk_room (from, from_row), 0, sizeof (TstCell) * from->stride);
}

/* Moves all rows to the front, in order. The first target that a row does not
 * fit into is made wide enough for it. */
static void
close_holes (TstTable *self)
{
  TstTableData *data = self->data;
  guint32 next = 0;

  for (guint32 slot = 0; slot < data->n_slots; slot++)
    {
      guint32 from_number = slot / TST_CHUNK_ROWS, to_number = next / TST_CHUNK_ROWS;
      TstChunk *from, *to;

      if (tst_table_data_head (data, slot)->id == NULL)
        continue;

      if (slot != next)
        {
          from = tst_table_own_chunk (self, from_number);
          to = tst_table_own_chunk (self, to_number);
          if (to->stride < from->stride && from != to)
            to = replace_chunk (self, to_number, tst_chunk_resize (to, to->capacity, from->stride));
          move_row (self, from, slot % TST_CHUNK_ROWS, to, next % TST_CHUNK_ROWS);
          tst_id_map_replace (&self->rows, to->heads[next % TST_CHUNK_ROWS].id, next);
        }
      next++;
    }

  drop_last_holes (self);
  tst_id_memo_clear (&self->last_row);
  self->n_moves++;
}

static void
drop_unused_layouts (TstTable *self)
{
  TstTableData *data = self->data;
  TstLayoutPool *pool = tst_layout_pool_new (self->identity, NULL);

  for (guint32 slot = 0; slot < data->n_slots; slot++)
    {
      TstLayout *layout = tst_table_data_head (data, slot)->layout;
      TstRowHead *head;

      if (layout == NULL || tst_layout_is_private (layout))
        continue;

      head = &tst_table_own_chunk (self, slot / TST_CHUNK_ROWS)->heads[slot % TST_CHUNK_ROWS];
      head->layout = tst_layout_pool_intern (pool, layout->columns, layout->n);
      if (head->layout->n_rows++ == 0)
        pool->n_used++;
    }

  tst_layout_pool_unref (data->pool);
  data->pool = pool;
}

static void
drop_unused_columns (TstTable *self)
{
  TstColumns *columns = self->data->columns = columns_own (self->data->columns);

  for (guint32 i = 0; i < columns->n; i++)
    {
      if (columns->ids[i] == NULL || self->column_uses[i] > 0)
        continue;

      tst_id_map_remove (&self->columns, columns->ids[i]);
      g_clear_pointer (&columns->ids[i], tst_id_unref);
    }

  while (columns->n > 0 && columns->ids[columns->n - 1] == NULL)
    columns->n--;
  self->n_unused_columns = 0;
  self->first_free_column = 0;
}

gboolean
tst_table_has_many_holes (const TstTable *self)
{
  guint32 n_holes = self->data->n_slots - self->data->n_rows;

  return n_holes > MIN_HOLES_TO_CLOSE && n_holes > self->data->n_rows;
}

guint32
tst_table_count_rows_before (const TstTable *self,
                             guint32         slot)
{
  guint32 n = 0;

  for (guint32 i = 0; i < MIN (slot, self->data->n_slots); i++)
    n += tst_chunk_has_row (tst_table_data_chunk (self->data, i), i % TST_CHUNK_ROWS);

  return n;
}

gboolean
tst_table_tidy (TstTable *self)
{
  TstTableData *data = self->data;
  guint32 n_unused_layouts = data->pool->n - data->pool->n_used;
  gboolean tidied = FALSE;

  if (tst_table_has_many_holes (self))
    {
      close_holes (self);
      tidied = TRUE;
    }
  if (self->n_unused_columns > MIN_UNUSED_COLUMNS && self->n_unused_columns > self->columns.n / 2)
    {
      drop_unused_columns (self);
      tidied = TRUE;
    }
  if (n_unused_layouts > MIN_UNUSED_LAYOUTS && n_unused_layouts > data->pool->n_used * 2)
    {
      drop_unused_layouts (self);
      tidied = TRUE;
    }

  return tidied;
}
