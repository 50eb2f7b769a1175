/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-cell-private.h"
#include "tst-id-private.h"
#include "tst-layout-private.h"

G_BEGIN_DECLS

/* Some rows of a table, in order: what is shared with snapshots, and copied
 * as a whole before a write while it is. The cells of a row lie side by side;
 * each row has room for `stride` of them, a row that outgrows that by far has
 * its own block. */
#define TST_CHUNK_ROWS 64

typedef enum
{
  TST_ROW_DEAD    = 1 << 0,  /* removed in the open transaction, kept for its undoing */
  TST_ROW_SPILLED = 1 << 1,  /* its cells are in a block of their own */
  TST_ROW_POOLED  = 1 << 2   /* its id came from the pool */
} TstRowFlags;

typedef struct
{
  TstId     *id;      /* (nullable): NULL in a hole */
  TstLayout *layout;  /* owned if private */
} TstRowHead;

/* In the place of the first cell of a spilled row */
typedef struct
{
  TstCell *cells;
  gsize    capacity;
} TstSpill;

typedef struct
{
  gint       ref_count;  /* atomic */
  guint32    capacity;   /* of rows, up to TST_CHUNK_ROWS */
  guint32    stride;     /* at least 1 */
  guint32    padding;
  guint8     flags[TST_CHUNK_ROWS];
  guint32    births[TST_CHUNK_ROWS]; /* the epoch of the engine when the row was added */
  TstRowHead heads[];    /* capacity of them, then capacity * stride cells */
} TstChunk;

G_STATIC_ASSERT (sizeof (TstSpill) <= sizeof (TstCell));
G_STATIC_ASSERT (sizeof (TstChunk) % 16 == 0);

TstChunk *tst_chunk_new        (guint32          capacity,
                                guint32          stride);
TstChunk *tst_chunk_ref        (TstChunk        *self);
void      tst_chunk_unref      (TstChunk        *self);
TstChunk *tst_chunk_copy       (const TstChunk  *self,
                                guint32          capacity,
                                guint32          stride);
/* For the sole owner: as tst_chunk_copy(), but takes over what is in @self.
 * Rows that are not spilled must fit. */
TstChunk *tst_chunk_resize     (TstChunk        *self,
                                guint32          capacity,
                                guint32          stride);
/* Makes a hole. */
void      tst_chunk_clear_row  (TstChunk        *self,
                                guint            row);
/* Gives the row a block of its own for at least @n cells. */
void      tst_chunk_spill      (TstChunk        *self,
                                guint            row,
                                guint32          n);

static inline TstCell *
tst_chunk_room (const TstChunk *self,
                guint           row)
{
  return (TstCell *) &self->heads[self->capacity] + (gsize) row * self->stride;
}

static inline TstCell *
tst_chunk_cells (const TstChunk *self,
                 guint           row)
{
  TstCell *cells = tst_chunk_room (self, row);

  if (G_UNLIKELY (self->flags[row] & TST_ROW_SPILLED))
    return ((TstSpill *) cells)->cells;

  return cells;
}

static inline gsize
tst_chunk_row_capacity (const TstChunk *self,
                        guint           row)
{
  if (G_UNLIKELY (self->flags[row] & TST_ROW_SPILLED))
    return ((TstSpill *) tst_chunk_room (self, row))->capacity;

  return self->stride;
}

static inline gboolean
tst_chunk_is_shared (const TstChunk *self)
{
  return g_atomic_int_get (&self->ref_count) > 1;
}

/* Is there a row that is to be seen? */
static inline gboolean
tst_chunk_has_row (const TstChunk *self,
                   guint           row)
{
  return self->heads[row].id != NULL && !(self->flags[row] & TST_ROW_DEAD);
}

G_END_DECLS
