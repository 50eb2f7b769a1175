/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-layout-private.h"

#include <string.h>

static guint32
mix_column (guint32 hash,
            guint32 column)
{
  guint64 product = (guint64) (hash ^ column) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  return (guint32) (product >> 32) + column;
}

static guint32
hash_columns (const guint32 *columns,
              guint32        n)
{
  guint32 hash = 0;

  for (guint32 i = 0; i < n; i++)
    hash = mix_column (hash, columns[i]);

  return hash;
}

/* --- Private layouts --- */

static inline guint32
index_home (const TstLayout *self,
            guint32          column)
{
  return (column * 0x9e3779b1u) & self->index_mask;
}

static void
index_add (TstLayout *self,
           guint32    position)
{
  guint32 i = index_home (self, self->columns[position]);

  while (self->index[i] != 0)
    i = (i + 1) & self->index_mask;
  self->index[i] = position + 1;
}

static void
make_index (TstLayout *self)
{
  guint32 n_slots = 16;

  while (n_slots < self->capacity * 2)
    n_slots *= 2;

  if (self->index == NULL || n_slots != self->index_mask + 1)
    {
      g_free (self->index);
      self->index = g_new (guint32, n_slots);
      self->index_mask = n_slots - 1;
    }

  memset (self->index, 0, sizeof (guint32) * n_slots);
  for (guint32 i = 0; i < self->n; i++)
    index_add (self, i);
}

TstLayout *
tst_layout_new_private (const TstLayout *other)
{
  guint32 capacity = MAX (other->n + other->n / 2, 4);
  TstLayout *self = g_malloc0 (sizeof (TstLayout) + sizeof (guint32) * capacity);

  self->n = other->n;
  self->capacity = capacity;
  memcpy (self->columns, other->columns, sizeof (guint32) * other->n);
  if (self->n > TST_LAYOUT_MAX_SHARED)
    make_index (self);

  return self;
}

void
tst_layout_free_private (TstLayout *self)
{
  g_assert (tst_layout_is_private (self));

  g_free (self->index);
  g_free (self);
}

TstLayout *
tst_layout_insert (TstLayout *self,
                   guint32    position,
                   guint32    column)
{
  gboolean at_end = position == self->n;
  gboolean grown = self->n == self->capacity;

  if (grown)
    {
      self->capacity += self->capacity / 2;
      self = g_realloc (self, sizeof (TstLayout) + sizeof (guint32) * self->capacity);
    }

  memmove (&self->columns[position + 1], &self->columns[position],
           sizeof (guint32) * (self->n - position));
  self->columns[position] = column;
  self->n++;

  if (self->index != NULL && at_end && !grown)
    index_add (self, position);
  else if (self->index != NULL || self->n > TST_LAYOUT_MAX_SHARED)
    make_index (self);

  return self;
}

/* Takes the last position out of the index. It came in last: no other had to go
 * past it to find a place. */
static void
index_remove_last (TstLayout *self)
{
  guint32 gap = index_home (self, self->columns[self->n - 1]);

  while (self->index[gap] != self->n)
    gap = (gap + 1) & self->index_mask;

  self->index[gap] = 0;
}

void
tst_layout_remove (TstLayout *self,
                   guint32    position)
{
  gboolean at_end = position == self->n - 1;

  if (self->index != NULL && at_end)
    index_remove_last (self);

  self->n--;
  memmove (&self->columns[position], &self->columns[position + 1],
           sizeof (guint32) * (self->n - position));

  if (self->index != NULL && !at_end)
    make_index (self);
}

gint
tst_layout_search (const TstLayout *self,
                   guint32          column)
{
  if (!tst_layout_is_private (self) || self->index == NULL)
    {
      for (guint32 i = 0; i < self->n; i++)
        if (self->columns[i] == column)
          return (gint) i;
      return -1;
    }

  for (guint32 i = index_home (self, column); self->index[i] != 0; i = (i + 1) & self->index_mask)
    if (self->columns[self->index[i] - 1] == column)
      return (gint) self->index[i] - 1;

  return -1;
}

/* --- The pool --- */

static TstLayout *
new_shared (TstLayoutPool *pool,
            const guint32 *columns,
            guint32        n,
            guint32        hash)
{
  TstLayout *self = g_malloc0 (sizeof (TstLayout) + sizeof (guint32) * n);

  self->pool = pool;
  self->n = n;
  self->hash = hash;
  if (n > 0)
    memcpy (self->columns, columns, sizeof (guint32) * n);

  return self;
}

static gboolean
is_in_order (const TstLayout *self)
{
  for (guint32 i = 0; i < self->n; i++)
    if (self->columns[i] != i)
      return FALSE;

  return TRUE;
}

TstLayoutPool *
tst_layout_pool_new (guint64        owner,
                     TstLayoutPool *parent)
{
  TstLayoutPool *self = g_new0 (TstLayoutPool, 1);

  self->ref_count = 1;
  self->owner = owner;
  self->parent = parent ? tst_layout_pool_ref (parent) : NULL;
  self->depth = parent ? parent->depth + 1 : 0;
  self->mask = 7;
  self->slots = g_new0 (TstLayout *, self->mask + 1);
  self->empty = new_shared (self, NULL, 0, 0);
  self->empty->in_order = TRUE;

  return self;
}

TstLayoutPool *
tst_layout_pool_ref (TstLayoutPool *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
tst_layout_pool_unref (TstLayoutPool *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  for (guint32 i = 0; i <= self->mask; i++)
    g_free (self->slots[i]);
  g_free (self->slots);
  g_free (self->empty);
  g_clear_pointer (&self->parent, tst_layout_pool_unref);
  g_free (self);
}

static void
grow_pool (TstLayoutPool *self)
{
  TstLayout **old = self->slots;
  guint32 n_old = self->mask + 1;

  self->mask = n_old * 2 - 1;
  self->slots = g_new0 (TstLayout *, n_old * 2);

  for (guint32 i = 0; i < n_old; i++)
    {
      guint32 j;

      if (old[i] == NULL)
        continue;

      j = old[i]->hash & self->mask;
      while (self->slots[j] != NULL)
        j = (j + 1) & self->mask;
      self->slots[j] = old[i];
    }

  g_free (old);
}

/* @columns, and @last after them if @n is one more than they are */
static TstLayout *
intern (TstLayoutPool *self,
        const guint32 *columns,
        guint32        n_columns,
        guint32        last,
        guint32        n,
        guint32        hash)
{
  guint32 i;

  for (i = hash & self->mask; self->slots[i] != NULL; i = (i + 1) & self->mask)
    {
      TstLayout *layout = self->slots[i];

      if (layout->hash == hash && layout->n == n &&
          memcmp (layout->columns, columns, sizeof (guint32) * n_columns) == 0 &&
          (n == n_columns || layout->columns[n_columns] == last))
        return layout;
    }

  if (self->is_crowded)
    return NULL;

  if ((self->n + 1) * 2 > self->mask + 1)
    {
      grow_pool (self);
      for (i = hash & self->mask; self->slots[i] != NULL; i = (i + 1) & self->mask)
        ;
    }

  self->slots[i] = new_shared (self, columns, n_columns, hash);
  if (n > n_columns)
    {
      self->slots[i] = g_realloc (self->slots[i], sizeof (TstLayout) + sizeof (guint32) * n);
      self->slots[i]->columns[n_columns] = last;
      self->slots[i]->n = n;
    }
  self->slots[i]->in_order = is_in_order (self->slots[i]);
  self->n++;

  return self->slots[i];
}

TstLayout *
tst_layout_pool_intern (TstLayoutPool *self,
                        const guint32 *columns,
                        guint32        n)
{
  if (n == 0)
    return self->empty;

  return intern (self, columns, n, 0, n, hash_columns (columns, n));
}

TstLayout *
tst_layout_pool_append (TstLayoutPool *self,
                        TstLayout     *layout,
                        guint32        column)
{
  TstLayout *next;

  if (layout->pool == self && layout->next != NULL && layout->next_column == column)
    return layout->next;

  next = intern (self, layout->columns, layout->n, column, layout->n + 1,
                 mix_column (layout->hash, column));

  if (next != NULL && layout->pool == self)
    {
      layout->next = next;
      layout->next_column = column;
    }

  return next;
}
