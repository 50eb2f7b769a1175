/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-id-map-private.h"

#define MIN_SLOTS 8

/* Small maps, as those of columns, are asked at every turn: half of their
 * slots stay free. Of large ones, a quarter. */
#define MAX_SMALL 1024

/* A long id in a map keeps its TstId alive by its owner, so the hash of a
 * slot never needs the key that it came from. */
static guint32
slot_hash (const TstIdSlot *slot)
{
  if ((slot->high & TST_ID_KEY_LONG) == TST_ID_KEY_LONG)
    return ((const TstId *) (guintptr) slot->low)->hash;

  return tst_id_key_hash_short (slot->low, slot->high);
}

static void
resize (TstIdMap *self,
        guint32   n_slots)
{
  TstIdSlot *old = self->slots;
  guint32 n_old = old ? self->mask + 1 : 0;

  self->slots = g_new0 (TstIdSlot, n_slots);
  self->mask = n_slots - 1;

  for (guint32 i = 0; i < n_old; i++)
    {
      guint32 j;

      if (old[i].value == 0)
        continue;

      j = slot_hash (&old[i]) & self->mask;
      while (self->slots[j].value != 0)
        j = (j + 1) & self->mask;
      self->slots[j] = old[i];
    }

  g_free (old);
}

void
tst_id_map_clear (TstIdMap *self)
{
  g_clear_pointer (&self->slots, g_free);
  self->mask = 0;
  self->n = 0;
}

void
tst_id_map_reserve (TstIdMap *self,
                    guint32   n)
{
  gsize n_slots = self->slots ? (gsize) self->mask + 1 : MIN_SLOTS;

  while (n <= MAX_SMALL ? n_slots < (gsize) n * 2 : n_slots * 3 < (gsize) n * 4)
    n_slots *= 2;

  if (self->slots == NULL || n_slots != (gsize) self->mask + 1)
    resize (self, (guint32) n_slots);
}

void
tst_id_map_insert (TstIdMap *self,
                   TstId    *id,
                   guint32   number)
{
  TstIdKey key;
  guint32 i;

  tst_id_map_reserve (self, self->n + 1);
  tst_id_key_init_id (&key, id);

  i = key.hash & self->mask;
  while (self->slots[i].value != 0)
    i = (i + 1) & self->mask;

  self->slots[i].low = key.length <= TST_ID_KEY_MAX_SHORT ? key.low : (guint64) (guintptr) id;
  self->slots[i].high = key.high;
  self->slots[i].value = number + 1;
  self->n++;
}

static gboolean
matches (const TstIdSlot *slot,
         const TstIdKey  *key)
{
  const TstId *id;

  if (slot->high != key->high)
    return FALSE;
  if (key->length <= TST_ID_KEY_MAX_SHORT)
    return slot->low == key->low;

  id = (const TstId *) (guintptr) slot->low;

  return id->length == key->length && memcmp (id->text, key->text, key->length) == 0;
}

guint32
tst_id_map_find_long (const TstIdMap *self,
                      const TstIdKey *key)
{
  if (self->slots == NULL)
    return TST_ID_MAP_NONE;

  for (guint32 i = key->hash & self->mask; ; i = (i + 1) & self->mask)
    {
      const TstIdSlot *slot = &self->slots[i];

      /* TST_ID_MAP_NONE in a free slot */
      if (slot->value == 0 || matches (slot, key))
        return slot->value - 1;
    }
}

guint32
tst_id_map_find_long_text (const TstIdMap *self,
                           const char     *text,
                           gsize           length)
{
  TstIdKey key;

  tst_id_key_init (&key, text, length);

  return tst_id_map_find_long (self, &key);
}

static guint32
find_slot (TstIdMap    *self,
           const TstId *id)
{
  TstIdKey key;
  guint32 i;

  tst_id_key_init_id (&key, id);
  i = key.hash & self->mask;
  while (!matches (&self->slots[i], &key))
    {
      g_assert (self->slots[i].value != 0);
      i = (i + 1) & self->mask;
    }

  return i;
}

void
tst_id_map_replace (TstIdMap    *self,
                    const TstId *id,
                    guint32      number)
{
  self->slots[find_slot (self, id)].value = number + 1;
}

/* Closes the gap by moving back what was pushed on by the removed one, so
 * that no marks are left behind and a table may live on churn for ever. */
void
tst_id_map_remove (TstIdMap    *self,
                   const TstId *id)
{
  guint32 gap = find_slot (self, id);

  for (guint32 i = (gap + 1) & self->mask; self->slots[i].value != 0; i = (i + 1) & self->mask)
    {
      guint32 home = slot_hash (&self->slots[i]) & self->mask;

      /* May it be at the gap? Only if its home is not behind the gap. */
      if (((i - home) & self->mask) >= ((i - gap) & self->mask))
        {
          self->slots[gap] = self->slots[i];
          gap = i;
        }
    }

  memset (&self->slots[gap], 0, sizeof (TstIdSlot));
  self->n--;

  if (self->n == 0)
    tst_id_map_clear (self);
  else if (self->mask >= 64 && (gsize) self->n * 8 < self->mask)
    resize (self, (self->mask + 1) / 2);
}
