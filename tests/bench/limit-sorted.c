/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "limit-sorted.h"

#include <stdlib.h>
#include <string.h>

#define CHUNK_SIZE 512

static int
compare_places (const void *a,
                const void *b)
{
  const LimitPlace *first = a, *second = b;

  return limit_place_is_before (*first, *second) ? -1 : limit_place_is_before (*second, *first);
}

LimitSorted *
limit_sorted_new (LimitPlace *places,
                  guint32     n)
{
  LimitSorted *self = g_new0 (LimitSorted, 1);

  qsort (places, n, sizeof (LimitPlace), compare_places);
  /* Never more of them: a chunk is split when it is full. */
  self->chunks = g_new (LimitSortedChunk, n / (CHUNK_SIZE / 4) + 16);

  for (guint32 i = 0; i < n; i += CHUNK_SIZE / 2)
    {
      LimitSortedChunk *chunk = &self->chunks[self->n_chunks++];

      chunk->n = MIN (n - i, CHUNK_SIZE / 2);
      chunk->places = g_new (LimitPlace, CHUNK_SIZE);
      memcpy (chunk->places, places + i, sizeof (LimitPlace) * chunk->n);
    }

  return self;
}

static guint32
find_chunk (const LimitSorted *self,
            LimitPlace         place)
{
  guint32 low = 0, high = self->n_chunks;

  while (high - low > 1)
    {
      guint32 middle = (low + high) / 2;

      if (limit_place_is_before (place, self->chunks[middle].places[0]))
        high = middle;
      else
        low = middle;
    }

  return low;
}

static guint32
find_in_chunk (const LimitSortedChunk *chunk,
               LimitPlace              place)
{
  guint32 low = 0, high = chunk->n;

  while (low < high)
    {
      guint32 middle = (low + high) / 2;

      if (limit_place_is_before (chunk->places[middle], place))
        low = middle + 1;
      else
        high = middle;
    }

  return low;
}

static void
split_chunk (LimitSorted *self,
             guint32      i)
{
  LimitSortedChunk *chunk = &self->chunks[i];

  memmove (chunk + 1, chunk, sizeof (LimitSortedChunk) * (self->n_chunks++ - i));
  chunk[1].places = g_new (LimitPlace, CHUNK_SIZE);
  memcpy (chunk[1].places, chunk->places + CHUNK_SIZE / 2, sizeof (LimitPlace) * (CHUNK_SIZE / 2));
  chunk->n = chunk[1].n = CHUNK_SIZE / 2;
}

void
limit_sorted_add (LimitSorted *self,
                  LimitPlace   place)
{
  guint32 i = find_chunk (self, place);
  LimitSortedChunk *chunk;
  guint32 at;

  if (self->chunks[i].n == CHUNK_SIZE)
    {
      split_chunk (self, i);
      i = find_chunk (self, place);
    }

  chunk = &self->chunks[i];
  at = find_in_chunk (chunk, place);
  memmove (chunk->places + at + 1, chunk->places + at, sizeof (LimitPlace) * (chunk->n++ - at));
  chunk->places[at] = place;
}

void
limit_sorted_remove (LimitSorted *self,
                     LimitPlace   place)
{
  guint32 i = find_chunk (self, place);
  LimitSortedChunk *chunk = &self->chunks[i];
  guint32 at = find_in_chunk (chunk, place);

  memmove (chunk->places + at, chunk->places + at + 1, sizeof (LimitPlace) * (--chunk->n - at));
  if (chunk->n > 0 || self->n_chunks == 1)
    return;

  g_free (chunk->places);
  memmove (chunk, chunk + 1, sizeof (LimitSortedChunk) * (--self->n_chunks - i));
}

LimitPlace
limit_sorted_get (LimitSorted *self,
                  guint32      position)
{
  const LimitSortedChunk *chunk = self->chunks;

  while (position >= chunk->n)
    position -= (chunk++)->n;

  return chunk->places[position];
}
