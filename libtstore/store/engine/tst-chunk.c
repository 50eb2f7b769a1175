/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-chunk-private.h"

TstChunk *
tst_chunk_new (guint32 capacity,
               guint32 stride)
{
  TstChunk *self;

  g_assert (capacity >= 1 && capacity <= TST_CHUNK_ROWS);
  g_assert (stride >= 1);

  self = g_malloc0 (sizeof (TstChunk) +
                    sizeof (TstRowHead) * capacity +
                    sizeof (TstCell) * capacity * stride);
  self->ref_count = 1;
  self->capacity = capacity;
  self->stride = stride;

  return self;
}

TstChunk *
tst_chunk_ref (TstChunk *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
tst_chunk_clear_row (TstChunk *self,
                     guint     row)
{
  TstRowHead *head = &self->heads[row];
  TstCell *room = tst_chunk_room (self, row);

  if (head->id == NULL)
    return;

  if (head->layout != NULL)
    {
      TstCell *cells = tst_chunk_cells (self, row);

      for (guint32 i = 0; i < head->layout->n; i++)
        tst_cell_clear (&cells[i]);
      if (tst_layout_is_private (head->layout))
        tst_layout_free_private (head->layout);
    }

  if (self->flags[row] & TST_ROW_SPILLED)
    {
      g_free (((TstSpill *) room)->cells);
      memset (room, 0, sizeof (TstCell));
    }

  tst_id_unref (head->id);
  head->id = NULL;
  head->layout = NULL;
  self->flags[row] = 0;
}

void
tst_chunk_unref (TstChunk *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  for (guint i = 0; i < self->capacity; i++)
    tst_chunk_clear_row (self, i);
  g_free (self);
}

static void
copy_row (TstChunk       *self,
          const TstChunk *other,
          guint           row)
{
  const TstRowHead *head = &other->heads[row];
  const TstCell *from = tst_chunk_cells (other, row);
  TstCell *to = tst_chunk_room (self, row);
  guint32 n = head->layout->n;

  self->heads[row].id = tst_id_ref (head->id);
  self->heads[row].layout = tst_layout_is_private (head->layout) ? tst_layout_new_private (head->layout)
                                                                 : head->layout;
  self->flags[row] = other->flags[row] & ~TST_ROW_SPILLED;
  self->births[row] = other->births[row];

  if (n > self->stride)
    {
      tst_chunk_spill (self, row, n);
      to = tst_chunk_cells (self, row);
    }

  for (guint32 i = 0; i < n; i++)
    tst_cell_copy (&to[i], &from[i]);
}

TstChunk *
tst_chunk_copy (const TstChunk *other,
                guint32         capacity,
                guint32         stride)
{
  TstChunk *self = tst_chunk_new (capacity, stride);

  for (guint i = 0; i < other->capacity; i++)
    if (other->heads[i].id != NULL)
      copy_row (self, other, i);

  return self;
}

TstChunk *
tst_chunk_resize (TstChunk *self,
                  guint32   capacity,
                  guint32   stride)
{
  TstChunk *resized = tst_chunk_new (capacity, stride);

  g_assert (!tst_chunk_is_shared (self));
  g_assert (capacity >= self->capacity);

  memcpy (resized->flags, self->flags, sizeof (self->flags));
  memcpy (resized->births, self->births, sizeof (self->births));
  memcpy (resized->heads, self->heads, sizeof (TstRowHead) * self->capacity);
  for (guint i = 0; i < self->capacity; i++)
    memcpy (tst_chunk_room (resized, i), tst_chunk_room (self, i), sizeof (TstCell) * MIN (self->stride, stride));

  g_free (self);

  return resized;
}

void
tst_chunk_spill (TstChunk *self,
                 guint     row,
                 guint32   n)
{
  TstCell *room = tst_chunk_room (self, row);
  TstSpill *spill = (TstSpill *) room;
  gsize capacity = (gsize) n + n / 2;

  if (self->flags[row] & TST_ROW_SPILLED)
    {
      spill->cells = g_renew (TstCell, spill->cells, capacity);
    }
  else
    {
      TstCell *cells = g_new (TstCell, capacity);

      memcpy (cells, room, sizeof (TstCell) * MIN (self->stride, capacity));
      memset (room, 0, sizeof (TstCell) * self->stride);
      spill->cells = cells;
      self->flags[row] |= TST_ROW_SPILLED;
    }

  spill->capacity = capacity;
}
