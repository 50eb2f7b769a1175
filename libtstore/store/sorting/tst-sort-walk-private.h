/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-sort-key-private.h"
#include "tst-table-private.h"

G_BEGIN_DECLS

/* All rows of a table with their keys, in the order in which they were added. */
typedef struct
{
  const TstTableData *table;
  gboolean            by_id;
  guint32             column;  /* … or TST_ID_MAP_NONE if no row has it */
  guint32             slot;    /* of the next row */
  const TstLayout    *layout;  /* (nullable): of the row before, … */
  gint                at;      /* … and where the cell is in it, or -1 */
} TstSortWalk;

static inline void
tst_sort_walk_init (TstSortWalk        *self,
                    const TstTableData *table,
                    gboolean            by_id,
                    guint32             column)
{
  *self = (TstSortWalk) { table, by_id, column, 0, NULL, -1 };
}

/* Most rows have the layout of the row before.
 * @slot, @key: (out). @texts: see tst_sort_key_init_slowly() */
static inline gboolean
tst_sort_walk_next (TstSortWalk   *self,
                    guint32       *slot,
                    TstSortKey    *key,
                    GStringChunk **texts)
{
  while (self->slot < self->table->n_slots)
    {
      const TstChunk *chunk = tst_table_data_chunk (self->table, self->slot);
      guint i = self->slot % TST_CHUNK_ROWS;

      *slot = self->slot++;
      if (!tst_chunk_has_row (chunk, i))
        continue;

      if (self->by_id)
        {
          tst_sort_key_init_id (key, chunk->heads[i].id);
          return TRUE;
        }

      if (chunk->heads[i].layout != self->layout)
        {
          self->layout = chunk->heads[i].layout;
          self->at = self->column != TST_ID_MAP_NONE ? tst_layout_find (self->layout, self->column) : -1;
        }
      tst_sort_key_init (key, self->at >= 0 ? tst_chunk_cells (chunk, i) + self->at : NULL, texts);
      return TRUE;
    }

  return FALSE;
}

/* Which rows of a sorted table make up a page: from @start on, up to @end. */
static inline void
tst_sort_find_page (guint  n_rows,
                    int    offset,
                    int    limit,
                    guint *start,
                    guint *end)
{
  *start = offset < 0 ? n_rows - MIN (n_rows, -(guint) offset) : MIN (n_rows, (guint) offset);
  *end = limit < 0 ? n_rows : *start + MIN (n_rows - *start, (guint) limit);
}

G_END_DECLS
