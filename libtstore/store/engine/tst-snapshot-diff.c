/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-engine-write-private.h"

/* Where the content of two snapshots differs. Of two that come from one store, what
 * they share is skipped chunk by chunk; so one changed cell costs a look at the
 * pointers of its table, and a comparison of the rows that lie beside it. */

/* Of rows with more cells, they are looked up in an index. */
#define MAX_LINEAR_CELLS 16

typedef struct
{
  const TstTableData *data;
  const TstTableData *other;
  gboolean            shares;   /* chunks, perhaps */
  gboolean            indexed;
  TstIdMap            rows;     /* those of chunks that are not shared, to slots */
} Side;

/* In a chunk that two tables share, cells are in columns that both have, unless the
 * columns were numbered anew. */
static gboolean
columns_agree (const TstColumns *a,
               const TstColumns *b)
{
  if (a == b)
    return TRUE;

  for (guint32 i = 0; i < MIN (a->n, b->n); i++)
    if (a->ids[i] != b->ids[i] && a->ids[i] != NULL && b->ids[i] != NULL)
      return FALSE;

  return TRUE;
}

gboolean
tst_table_data_shares_chunk (const TstTableData *self,
                             const TstTableData *other,
                             guint32             chunk)
{
  return self->pool == other->pool && columns_agree (self->columns, other->columns) &&
         chunk < self->n_chunks && chunk < other->n_chunks &&
         self->chunks[chunk] == other->chunks[chunk];
}

static gboolean
is_shared (const Side *self,
           guint32     chunk)
{
  return self->shares && chunk < self->other->n_chunks &&
         self->data->chunks[chunk] == self->other->chunks[chunk];
}

static gboolean
get_row (const TstTableData *data,
         guint32             slot,
         TstRowView         *row)
{
  guint position = slot;

  return slot < data->n_slots &&
         tst_chunk_has_row (tst_table_data_chunk (data, slot), slot % TST_CHUNK_ROWS) &&
         tst_table_data_next_row (data, &position, row);
}

/* The next row of a chunk that is not shared; start with *slot = 0. */
static gboolean
next_row (const Side *self,
          guint32    *slot,
          TstRowView *row)
{
  while (*slot < self->data->n_slots)
    {
      if (*slot % TST_CHUNK_ROWS == 0 && is_shared (self, *slot / TST_CHUNK_ROWS))
        *slot += TST_CHUNK_ROWS;
      else if (get_row (self->data, (*slot)++, row))
        return TRUE;
    }

  return FALSE;
}

static void
make_index (Side *self)
{
  guint32 slot = 0;
  TstRowView row;

  while (next_row (self, &slot, &row))
    tst_id_map_insert (&self->rows, row.id, slot - 1);

  self->indexed = TRUE;
}

/* A row of a chunk that is not shared is in no chunk of the other that is. Most are in
 * the same place. */
static gboolean
find_row (Side        *self,
          guint32      slot,
          const TstId *id,
          TstRowView  *row)
{
  if (get_row (self->data, slot, row) && tst_id_equal (row->id, id))
    return TRUE;

  if (!self->indexed)
    make_index (self);
  slot = tst_id_map_find_id (&self->rows, id);

  return slot != TST_ID_MAP_NONE && get_row (self->data, slot, row);
}

static const TstCell *
find_cell (const TstTableData *data,
           const TstRowView   *row,
           const TstId        *id)
{
  if (row->n_cells > MAX_LINEAR_CELLS)
    return tst_table_data_find_cell (data, row, id);

  for (guint i = 0; i < row->n_cells; i++)
    if (tst_id_equal (data->columns->ids[row->columns[i]], id))
      return &row->cells[i];

  return NULL;
}

static gboolean
rows_equal (const TstTableData *table,
            const TstRowView   *row,
            const TstTableData *other_table,
            const TstRowView   *other)
{
  if (row->n_cells != other->n_cells)
    return FALSE;

  for (guint i = 0; i < row->n_cells; i++)
    {
      const TstId *id = table->columns->ids[row->columns[i]];
      const TstCell *cell = NULL;

      /* Most rows have their cells in the same order. */
      if (tst_id_equal (other_table->columns->ids[other->columns[i]], id))
        cell = &other->cells[i];
      else
        cell = find_cell (other_table, other, id);

      if (cell == NULL || !tst_cell_equal (&row->cells[i], cell))
        return FALSE;
    }

  return TRUE;
}

static gboolean
tell_new_rows (Side                *before,
               Side                *after,
               TstDifferentRowFunc  func,
               gpointer             user_data)
{
  guint32 slot = 0;
  TstRowView row, old;

  while (next_row (after, &slot, &row))
    {
      gboolean found = find_row (before, slot - 1, row.id, &old);

      if (found && rows_equal (after->data, &row, before->data, &old))
        continue;
      if (!func (found ? &old : NULL, &row, user_data))
        return FALSE;
    }

  return TRUE;
}

static gboolean
tell_removed_rows (Side                *before,
                   Side                *after,
                   TstDifferentRowFunc  func,
                   gpointer             user_data)
{
  guint32 slot = 0;
  TstRowView row, new_row;

  while (next_row (before, &slot, &row))
    if (!find_row (after, slot - 1, row.id, &new_row) && !func (&row, NULL, user_data))
      return FALSE;

  return TRUE;
}

gboolean
tst_table_data_compare (const TstTableData  *before,
                        const TstTableData  *after,
                        TstDifferentRowFunc  func,
                        gpointer             user_data)
{
  gboolean shares = before->pool == after->pool && columns_agree (before->columns, after->columns);
  Side old_side = { before, after, shares };
  Side new_side = { after, before, shares };
  gboolean done;

  if (before == after)
    return TRUE;

  done = tell_new_rows (&old_side, &new_side, func, user_data) &&
         tell_removed_rows (&old_side, &new_side, func, user_data);

  tst_id_map_clear (&old_side.rows);
  tst_id_map_clear (&new_side.rows);

  return done;
}

/* --- Equality --- */

static gboolean
stop_cb (const TstRowView *before,
         const TstRowView *after,
         gpointer          user_data)
{
  return FALSE;
}

gboolean
tst_table_data_equal (const TstTableData *self,
                      const TstTableData *other)
{
  return self->n_rows == other->n_rows && tst_table_data_compare (self, other, stop_cb, NULL);
}

gboolean
tst_snapshot_equal (const TstSnapshot *self,
                    const TstSnapshot *other)
{
  guint position = 0;
  const TstTableData *table;

  if (self == other)
    return TRUE;
  if (self->n_tables != other->n_tables || !tst_table_data_equal (self->values, other->values))
    return FALSE;

  while (tst_snapshot_next_table (self, &position, &table))
    {
      const TstTableData *other_table = tst_snapshot_find_table (other, table->id->text);

      if (other_table == NULL || !tst_table_data_equal (table, other_table))
        return FALSE;
    }

  return TRUE;
}
