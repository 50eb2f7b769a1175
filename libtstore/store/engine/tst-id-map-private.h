/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-id-private.h"

G_BEGIN_DECLS

/* From an id to a number: open addressing with linear probing, 16 bytes a
 * slot, and the text of short ids in the slot itself. Holds no reference on
 * the ids: whoever numbers them does, and for as long as they are in here. */
typedef struct
{
  guint64 low;    /* as in TstIdKey; of a long id: the address of its TstId */
  guint32 high;
  guint32 value;  /* number + 1; 0 in a free slot */
} TstIdSlot;

typedef struct
{
  TstIdSlot *slots;  /* (nullable) */
  guint32    mask;   /* number of slots - 1; they are a power of two */
  guint32    n;
} TstIdMap;

#define TST_ID_MAP_NONE G_MAXUINT32

void     tst_id_map_clear    (TstIdMap       *self);
void     tst_id_map_reserve  (TstIdMap       *self,
                              guint32         n);
/* The id may not be in there yet. */
void     tst_id_map_insert   (TstIdMap       *self,
                              TstId          *id,
                              guint32         number);
/* The id must be in there. */
void     tst_id_map_replace  (TstIdMap       *self,
                              const TstId    *id,
                              guint32         number);
void     tst_id_map_remove   (TstIdMap       *self,
                              const TstId    *id);

/* Of long ids, which take more than a comparison of words. */
guint32  tst_id_map_find_long      (const TstIdMap *self,
                                    const TstIdKey *key);
guint32  tst_id_map_find_long_text (const TstIdMap *self,
                                    const char     *text,
                                    gsize           length);

/* Returns: the slot of a short id, or the free one where it would be */
static inline G_ALWAYS_INLINE const TstIdSlot *
tst_id_map_probe (const TstIdMap *self,
                  guint64         low,
                  guint32         high,
                  guint32         hash)
{
  for (guint32 i = hash & self->mask; ; i = (i + 1) & self->mask)
    {
      const TstIdSlot *slot = &self->slots[i];

      if ((slot->low == low && slot->high == high) || slot->value == 0)
        return slot;
    }
}

/* Returns: the number, or TST_ID_MAP_NONE */
static inline G_ALWAYS_INLINE guint32
tst_id_map_find (const TstIdMap *self,
                 const TstIdKey *key)
{
  if (G_UNLIKELY (self->slots == NULL))
    return TST_ID_MAP_NONE;

  if (G_UNLIKELY (key->length > TST_ID_KEY_MAX_SHORT))
    return tst_id_map_find_long (self, key);

  /* TST_ID_MAP_NONE in a free slot */
  return tst_id_map_probe (self, key->low, key->high, key->hash)->value - 1;
}

/* The short id that was found last: many calls ask for the same table, and for
 * the same row, as the call before. */
typedef struct
{
  guint64 low;
  guint32 high;
  guint32 value;  /* number + 1; 0 if nothing is remembered */
} TstIdMemo;

static inline void
tst_id_memo_clear (TstIdMemo *self)
{
  self->value = 0;
}

/* As tst_id_map_find(), and makes the key. */
static inline G_ALWAYS_INLINE guint32
tst_id_map_find_remembered (const TstIdMap *self,
                            TstIdMemo      *memo,
                            TstIdKey       *key,
                            const char     *text)
{
  gboolean is_short = tst_id_key_load (key, text, strlen (text));
  guint32 number;

  if (is_short && memo->value != 0 && key->low == memo->low && key->high == memo->high)
    return memo->value - 1;

  tst_id_key_hash (key);
  number = tst_id_map_find (self, key);

  if (is_short && number != TST_ID_MAP_NONE)
    *memo = (TstIdMemo) { key->low, key->high, number + 1 };

  return number;
}

/* The same without a key, for reading: a short id stays in registers.
 * @memo: (nullable) */
static inline G_ALWAYS_INLINE guint32
tst_id_map_read (const TstIdMap *self,
                 TstIdMemo      *memo,
                 const char     *text)
{
  gsize length = strlen (text);
  const TstIdSlot *slot;
  TstIdKey key;

  if (G_UNLIKELY (length > TST_ID_KEY_MAX_SHORT))
    return tst_id_map_find_long_text (self, text, length);

  tst_id_key_load_short (&key, text, length);

  if (memo != NULL && key.low == memo->low && key.high == memo->high && memo->value != 0)
    return memo->value - 1;
  if (G_UNLIKELY (self->slots == NULL))
    return TST_ID_MAP_NONE;

  slot = tst_id_map_probe (self, key.low, key.high, tst_id_key_hash_short (key.low, key.high));
  if (memo != NULL)
    *memo = (TstIdMemo) { key.low, key.high, slot->value };

  return slot->value - 1;
}

static inline G_ALWAYS_INLINE guint32
tst_id_map_find_text (const TstIdMap *self,
                      const char     *text)
{
  return tst_id_map_read (self, NULL, text);
}

static inline guint32
tst_id_map_find_id (const TstIdMap *self,
                    const TstId    *id)
{
  TstIdKey key;

  tst_id_key_init_id (&key, id);
  return tst_id_map_find (self, &key);
}

G_END_DECLS
