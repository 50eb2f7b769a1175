/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-slot-set-private.h"

#include <string.h>

#define WORD_BITS 64
#define MIN_WORDS 16

struct _TstSlotSet
{
  guint64 *words;
  guint32 *sums;     /* a Fenwick tree of the bits in the words; its first one is unused */
  guint32  n_words;  /* a power of two */
  guint    n;
};

static inline guint64
bit_of (guint32 slot)
{
  return G_GUINT64_CONSTANT (1) << (slot % WORD_BITS);
}

static inline guint
count_bits (guint64 word)
{
  return (guint) __builtin_popcountll (word);
}

/* --- Reading --- */

guint
tst_slot_set_get_n (const TstSlotSet *self)
{
  return self->n;
}

gboolean
tst_slot_set_contains (const TstSlotSet *self,
                       guint32           slot)
{
  return slot / WORD_BITS < self->n_words && (self->words[slot / WORD_BITS] & bit_of (slot)) != 0;
}

guint
tst_slot_set_rank (const TstSlotSet *self,
                   guint32           slot)
{
  guint32 word = slot / WORD_BITS;
  guint n;

  if (word >= self->n_words)
    return self->n;

  n = count_bits (self->words[word] & (bit_of (slot) - 1));
  for (guint32 i = word; i > 0; i &= i - 1)
    n += self->sums[i];

  return n;
}

guint32
tst_slot_set_select (const TstSlotSet *self,
                     guint             position)
{
  guint32 word = 0;
  guint64 bits;

  g_assert (position < self->n);

  for (guint32 step = self->n_words; step > 0; step /= 2)
    if (word + step <= self->n_words && self->sums[word + step] <= position)
      {
        word += step;
        position -= self->sums[word];
      }

  bits = self->words[word];
  while (position-- > 0)
    bits &= bits - 1;

  return word * WORD_BITS + (guint32) __builtin_ctzll (bits);
}

guint32
tst_slot_set_next (const TstSlotSet *self,
                   guint32           slot)
{
  guint32 word = slot / WORD_BITS;
  guint64 bits;

  if (word >= self->n_words)
    return TST_SLOT_NONE;

  bits = self->words[word] & ~(bit_of (slot) - 1);
  while (bits == 0)
    {
      if (++word == self->n_words)
        return TST_SLOT_NONE;
      bits = self->words[word];
    }

  return word * WORD_BITS + (guint32) __builtin_ctzll (bits);
}

/* --- One at a time --- */

/* Room for words up to that one. */
static void
grow (TstSlotSet *self,
      guint32     word)
{
  guint32 n_words = MAX (self->n_words, MIN_WORDS);

  while (n_words <= word)
    n_words *= 2;
  if (n_words == self->n_words)
    return;

  self->words = g_renew (guint64, self->words, n_words);
  memset (&self->words[self->n_words], 0, sizeof (guint64) * (n_words - self->n_words));
  self->sums = g_renew (guint32, self->sums, n_words + 1);
  self->n_words = n_words;
}

static void
adjust_sums (TstSlotSet *self,
             guint32     word,
             gint        delta)
{
  for (guint32 i = word + 1; i <= self->n_words; i += i & -i)
    self->sums[i] += (guint32) delta;
}

void
tst_slot_set_add (TstSlotSet *self,
                  guint32     slot)
{
  guint32 word = slot / WORD_BITS;

  g_assert (!tst_slot_set_contains (self, slot));

  if (G_UNLIKELY (word >= self->n_words))
    {
      tst_slot_set_put (self, slot);
      tst_slot_set_count (self);
      return;
    }

  self->words[word] |= bit_of (slot);
  self->n++;
  adjust_sums (self, word, 1);
}

void
tst_slot_set_remove (TstSlotSet *self,
                     guint32     slot)
{
  g_assert (tst_slot_set_contains (self, slot));

  self->words[slot / WORD_BITS] &= ~bit_of (slot);
  self->n--;
  adjust_sums (self, slot / WORD_BITS, -1);
}

/* --- Many at once --- */

void
tst_slot_set_put (TstSlotSet *self,
                  guint32     slot)
{
  guint32 word = slot / WORD_BITS;

  if (G_UNLIKELY (word >= self->n_words))
    grow (self, word);

  self->words[word] |= bit_of (slot);
}

void
tst_slot_set_count (TstSlotSet *self)
{
  self->n = 0;
  self->sums[0] = 0;
  for (guint32 i = 0; i < self->n_words; i++)
    {
      self->sums[i + 1] = count_bits (self->words[i]);
      self->n += self->sums[i + 1];
    }

  for (guint32 i = 1; i <= self->n_words; i++)
    if (i + (i & -i) <= self->n_words)
      self->sums[i + (i & -i)] += self->sums[i];
}

/* With room for @n slots. */
static void
make_empty (TstSlotSet *self,
            guint32     n)
{
  g_clear_pointer (&self->words, g_free);
  g_clear_pointer (&self->sums, g_free);
  self->n_words = 0;
  grow (self, n / WORD_BITS);
}

void
tst_slot_set_fill (TstSlotSet *self,
                   guint32     n)
{
  make_empty (self, n);
  memset (self->words, 0xff, sizeof (guint64) * (n / WORD_BITS));
  self->words[n / WORD_BITS] = bit_of (n) - 1;
  tst_slot_set_count (self);
}

void
tst_slot_set_copy (TstSlotSet       *self,
                   const TstSlotSet *from)
{
  g_free (self->words);
  g_free (self->sums);
  *self = *from;
  self->words = g_memdup2 (from->words, sizeof (guint64) * from->n_words);
  self->sums = g_memdup2 (from->sums, sizeof (guint32) * (from->n_words + 1));
}

void
tst_slot_set_renumber (TstSlotSet       *self,
                       const TstSlotSet *all)
{
  g_autoptr(TstSlotSet) old = NULL;
  guint32 number = 0;

  if (self == all)
    {
      tst_slot_set_fill (self, self->n);
      return;
    }

  old = g_memdup2 (self, sizeof (TstSlotSet));
  self->words = NULL;
  self->sums = NULL;
  make_empty (self, all->n);

  for (guint32 slot = tst_slot_set_next (all, 0); slot != TST_SLOT_NONE;
       slot = tst_slot_set_next (all, slot + 1))
    {
      if (tst_slot_set_contains (old, slot))
        tst_slot_set_put (self, number);
      number++;
    }
  tst_slot_set_count (self);
}

/* --- Life --- */

TstSlotSet *
tst_slot_set_new (void)
{
  TstSlotSet *self = g_new0 (TstSlotSet, 1);

  tst_slot_set_fill (self, 0);

  return self;
}

void
tst_slot_set_free (TstSlotSet *self)
{
  g_free (self->words);
  g_free (self->sums);
  g_free (self);
}
