/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "dataset.h"

#include <immintrin.h>
#include <stdlib.h>
#include <string.h>

G_BEGIN_DECLS

/* What a store could do that has nothing but the data structure: 16-byte tagged
 * cells in rows of a fixed width, open addressing with ids of at most 12 bytes
 * kept in the slot, no GObject, no validation, no error paths, nothing freed.
 * A bound to measure against, not a design to copy. */

#define LIMIT_ID_SIZE    12
#define LIMIT_ROW_WIDTH  12  /* cells */
#define LIMIT_CHUNK_ROWS 256 /* chunks never move, so that little is wasted */
#define LIMIT_INLINE     14  /* bytes of a string kept in its cell */

typedef enum
{
  LIMIT_NONE,
  LIMIT_NUMBER,
  LIMIT_BOOLEAN,
  LIMIT_SHORT_STRING,
  LIMIT_LONG_STRING
} LimitTag;

typedef union
{
  struct
  {
    guint8 tag;
    guint8 length; /* or the boolean */
    char   text[LIMIT_INLINE];
  };
  struct
  {
    char padding[8];
    union
    {
      double      number;
      const char *string;
    };
  };
} LimitCell;

G_STATIC_ASSERT (sizeof (LimitCell) == 16);

typedef struct
{
  char    id[LIMIT_ID_SIZE]; /* padded with NUL */
  guint32 position;          /* index + 1; 0 is free */
} LimitSlot;

typedef struct
{
  LimitSlot *slots;
  guint32    mask;
  guint32    n_ids;
} LimitMap;

typedef struct _LimitStore LimitStore;
typedef void (*LimitFunc) (LimitStore *store, guint table, guint row, guint cell);

typedef struct
{
  LimitMap    rows;
  LimitMap    cells;
  LimitCell **chunks;
  guint32     n_allocated; /* rows */
  char      (*row_ids)[LIMIT_ID_SIZE];
  char      (*cell_ids)[LIMIT_ID_SIZE];
  LimitFunc   listener;
  LimitFunc  *row_listeners;
} LimitTable;

typedef struct
{
  guint32   table, row, cell;
  LimitCell before;
} LimitChange;

struct _LimitStore
{
  LimitMap     table_ids;
  LimitTable   tables[16];
  char         ids[16][LIMIT_ID_SIZE];
  gboolean     in_transaction;
  LimitChange *log;
  gsize        n_logged;
  gsize        log_size;
  LimitFunc    listener;
  char        *arena;
  gsize        arena_left;
};

void             limit_map_grow        (LimitMap           *map);
void             limit_table_add_rows  (LimitTable         *table);
const char      *limit_store_copy      (LimitStore         *self,
                                        const char         *text,
                                        gsize               length);

LimitStore      *limit_store_new       (void);
guint32          limit_store_add_table (LimitStore         *self,
                                        const char         *id);
guint32          limit_table_add_cell  (LimitTable         *table,
                                        const char         *id);
guint32          limit_table_add_row   (LimitTable         *table,
                                        const char         *id);
void             limit_store_set       (LimitStore         *self,
                                        const char         *table_id,
                                        const char         *row_id,
                                        const char         *cell_id,
                                        const DatasetValue *value);
const LimitCell *limit_store_get       (const LimitStore   *self,
                                        const char         *table_id,
                                        const char         *row_id,
                                        const char         *cell_id);
void             limit_store_set_at    (LimitStore         *self,
                                        guint               table,
                                        guint               row,
                                        guint               cell,
                                        const DatasetValue *value);
const LimitCell *limit_store_get_at    (const LimitStore   *self,
                                        guint               table,
                                        guint               row,
                                        guint               cell);

char            *limit_store_to_text   (const LimitStore   *self,
                                        gsize              *length);
void             limit_store_from_text (LimitStore         *self,
                                        const char         *text);

/* 16 bytes at once, with what follows the NUL masked off. */
static inline __m128i
limit_load_id (const char *id)
{
  static const guint8 mask[32] = {
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255
  };
  char copy[16] = { 0 };
  __m128i bytes;
  guint length;

  if (((guintptr) id & 4095) > 4080) /* the next page may not be there */
    id = strncpy (copy, id, 15);

  bytes = _mm_loadu_si128 ((gconstpointer) id);
  length = __builtin_ctz (0x10000 |
                          _mm_movemask_epi8 (_mm_cmpeq_epi8 (bytes, _mm_setzero_si128 ())));

  if (length > LIMIT_ID_SIZE)
    abort ();

  return _mm_and_si128 (bytes, _mm_loadu_si128 ((gconstpointer) (mask + 16 - length)));
}

static inline guint32
limit_hash_id (__m128i id)
{
  guint64 low = (guint64) _mm_cvtsi128_si64 (id) ^ G_GUINT64_CONSTANT (0xa0761d6478bd642f);
  guint64 high = (guint64) _mm_extract_epi64 (id, 1) ^ G_GUINT64_CONSTANT (0xe7037ed1a0b428db);
  __uint128_t product = (__uint128_t) low * high;

  return (guint32) ((guint64) product ^ (guint64) (product >> 64));
}

static inline gboolean
limit_slot_holds (const LimitSlot *slot,
                  __m128i          id)
{
  __m128i bytes = _mm_loadu_si128 ((gconstpointer) slot);

  return (_mm_movemask_epi8 (_mm_cmpeq_epi8 (bytes, id)) & 0xfff) == 0xfff;
}

/* The position, or 0. */
static inline guint32
limit_map_find (const LimitMap *map,
                const char     *string)
{
  __m128i id;

  if (map->slots == NULL)
    return 0;

  id = limit_load_id (string);

  for (guint32 i = limit_hash_id (id) & map->mask; map->slots[i].position; i = (i + 1) & map->mask)
    if (limit_slot_holds (&map->slots[i], id))
      return map->slots[i].position;

  return 0;
}

static inline guint32
limit_map_ensure (LimitMap   *map,
                  const char *string,
                  gboolean   *is_new)
{
  __m128i id;
  guint32 i;

  if (map->slots == NULL || map->n_ids * 4 >= map->mask * 3)
    limit_map_grow (map);

  id = limit_load_id (string);
  *is_new = FALSE;

  for (i = limit_hash_id (id) & map->mask; map->slots[i].position; i = (i + 1) & map->mask)
    if (limit_slot_holds (&map->slots[i], id))
      return map->slots[i].position;

  *is_new = TRUE;
  _mm_storeu_si128 ((gpointer) &map->slots[i], id);
  return map->slots[i].position = ++map->n_ids;
}

static inline LimitCell *
limit_table_cell (const LimitTable *table,
                  guint             row,
                  guint             cell)
{
  return &table->chunks[row / LIMIT_CHUNK_ROWS][row % LIMIT_CHUNK_ROWS * LIMIT_ROW_WIDTH + cell];
}

static inline LimitCell
limit_cell_make (LimitStore         *store,
                 const DatasetValue *value)
{
  LimitCell cell = { 0 };

  switch (value->type)
    {
    case DATASET_NUMBER:
      cell.tag = LIMIT_NUMBER;
      cell.number = value->number;
      break;

    case DATASET_BOOLEAN:
      cell.tag = LIMIT_BOOLEAN;
      cell.length = value->boolean;
      break;

    case DATASET_STRING:
    default:
      cell.length = value->length;
      if (value->length <= LIMIT_INLINE)
        {
          cell.tag = LIMIT_SHORT_STRING;
          memcpy (cell.text, value->string, value->length);
        }
      else
        {
          cell.tag = LIMIT_LONG_STRING;
          cell.string = limit_store_copy (store, value->string, value->length);
        }
      break;
    }

  return cell;
}

static inline void
limit_store_log (LimitStore      *self,
                 guint            table,
                 guint            row,
                 guint            cell,
                 const LimitCell *before)
{
  if (self->n_logged == self->log_size)
    {
      self->log_size = self->log_size ? self->log_size * 2 : 1024;
      self->log = realloc (self->log, self->log_size * sizeof *self->log);
    }

  self->log[self->n_logged++] = (LimitChange) { table, row, cell, *before };
}

static inline void
limit_store_tell (LimitStore *self,
                  guint       table,
                  guint       row,
                  guint       cell)
{
  const LimitTable *where = &self->tables[table];

  if (where->row_listeners && where->row_listeners[row])
    where->row_listeners[row] (self, table, row, cell);
  if (where->listener)
    where->listener (self, table, row, cell);
  if (self->listener)
    self->listener (self, table, row, cell);
}

static inline void
limit_store_put (LimitStore         *self,
                 guint               table,
                 guint               row,
                 guint               cell,
                 const DatasetValue *value)
{
  LimitCell *where = limit_table_cell (&self->tables[table], row, cell);

  if (self->in_transaction)
    limit_store_log (self, table, row, cell, where);

  *where = limit_cell_make (self, value);

  if (!self->in_transaction)
    limit_store_tell (self, table, row, cell);
}

G_END_DECLS
