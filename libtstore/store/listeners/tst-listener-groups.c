/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-listener-groups-private.h"

#define CACHE_LINE 64

G_STATIC_ASSERT (G_STRUCT_OFFSET (TstListenerGroup, more) <= CACHE_LINE);

#define MIN_SLOTS 16

static const TstPlace NOWHERE = { G_MAXUINT32, G_MAXUINT32 };

/* The index takes at most so many pointers for each group. */
#define MAX_INDEXED_ROWS 16

/* The pattern of the listeners that the index is for: a table and a row. */
#define ROW_PATTERN 6

/* --- Groups --- */

static inline guint
pattern_bit (guint position)
{
  return 1u << (TST_MAX_POSITIONS - 1 - position);
}

static guint32
hash_ids (TstListenerKind      kind,
          guint                pattern,
          const TstId * const *ids)
{
  guint64 hash = (guint64) kind << 8 | pattern;

  for (guint i = 0; i < TST_MAX_POSITIONS; i++)
    if (pattern & pattern_bit (i))
      hash = (hash ^ ids[i]->hash) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  return (guint32) (hash >> 32);
}

/* @ids where the pattern has a wildcard do not matter. */
static gboolean
group_matches (const TstListenerGroup *self,
               TstListenerKind         kind,
               guint                   pattern,
               const TstId * const    *ids)
{
  if (self->kind != kind || self->pattern != pattern)
    return FALSE;

  for (guint i = 0; i < TST_MAX_POSITIONS; i++)
    if ((pattern & pattern_bit (i)) && !tst_id_equal (self->ids[i], ids[i]))
      return FALSE;

  return TRUE;
}

/* @ids are equal to those of the group. */
static void
group_take_ids (TstListenerGroup    *self,
                const TstId * const *ids)
{
  for (guint i = 0; i < TST_MAX_POSITIONS; i++)
    if ((self->pattern & pattern_bit (i)) && self->ids[i] != ids[i])
      {
        g_clear_pointer (&self->ids[i], tst_id_unref);
        self->ids[i] = tst_id_ref ((TstId *) ids[i]);
      }
}

static TstListenerGroup *
group_new (TstListenerKind      kind,
           guint                pattern,
           const TstId * const *ids)
{
  TstListenerGroup *self = g_aligned_alloc0 (1, sizeof (TstListenerGroup), CACHE_LINE);

  self->hash = hash_ids (kind, pattern, ids);
  self->kind = kind;
  self->pattern = pattern;
  self->capacity = 1;
  self->place = NOWHERE;
  group_take_ids (self, ids);

  return self;
}

static void
group_free (TstListenerGroup *self)
{
  for (guint i = 0; i < TST_MAX_POSITIONS; i++)
    g_clear_pointer (&self->ids[i], tst_id_unref);
  g_free (self->more);
  g_clear_pointer (&self->buried, g_array_unref);
  g_aligned_free (self);
}

void
tst_listener_group_append (TstListenerGroup  *self,
                           const TstListener *listener)
{
  if (self->n == self->capacity)
    {
      self->more = g_renew (TstListener, self->more, self->capacity * 2);
      if (!self->has_more)
        self->more[0] = self->first;
      self->has_more = TRUE;
      self->capacity *= 2;
    }

  tst_listener_group_listeners (self)[self->n++] = *listener;
}

void
tst_listener_group_close_gaps (TstListenerGroup *self)
{
  TstListener *listeners = tst_listener_group_listeners (self);
  guint n = 0;

  for (guint i = 0; i < self->n; i++)
    if (listeners[i].func != NULL)
      listeners[n++] = listeners[i];

  self->n = n;
  self->has_gaps = FALSE;
}

/* --- The table of groups --- */

/* Returns: (nullable): the group for these ids */
static TstListenerGroup *
find_group (const TstListenerGroups *self,
            TstListenerKind          kind,
            guint                    pattern,
            const TstId * const     *ids)
{
  guint32 hash;

  if (pattern == 0)
    return self->anything[kind];

  hash = hash_ids (kind, pattern, ids);
  for (guint i = hash & self->mask; self->slots[i].group != NULL; i = (i + 1) & self->mask)
    if (self->slots[i].hash == hash && group_matches (self->slots[i].group, kind, pattern, ids))
      return self->slots[i].group;

  return NULL;
}

static void
put_group (TstListenerGroups *self,
           TstListenerGroup  *group)
{
  guint i = group->hash & self->mask;

  while (self->slots[i].group != NULL)
    i = (i + 1) & self->mask;
  self->slots[i] = (TstListenerSlot) { group->hash, group };
}

static void
resize (TstListenerGroups *self,
        guint              n_slots)
{
  g_autofree TstListenerSlot *old = self->slots;
  guint n_old = self->mask + 1;

  self->slots = g_new0 (TstListenerSlot, n_slots);
  self->mask = n_slots - 1;

  for (guint i = 0; i < n_old; i++)
    if (old[i].group != NULL)
      put_group (self, old[i].group);
}

static void
add_group (TstListenerGroups *self,
           TstListenerGroup  *group)
{
  if (++self->n * 2 > self->mask)
    resize (self, (self->mask + 1) * 2);

  put_group (self, group);
  if (group->pattern == 0)
    self->anything[group->kind] = group;
}

/* --- The index of rows --- */

/* Returns: (nullable): where the index has, or may have, the group of the row */
static TstListenerGroup **
find_in_index (const TstListenerGroups *self,
               const TstPlace          *place)
{
  const TstRowIndex *index;

  if (place->table >= self->n_row_indexes)
    return NULL;

  index = &self->row_indexes[place->table];
  return place->row < index->n ? &index->groups[place->row] : NULL;
}

static void
grow_row_indexes (TstListenerGroups *self,
                  guint32            n)
{
  self->row_indexes = g_renew (TstRowIndex, self->row_indexes, n);
  memset (&self->row_indexes[self->n_row_indexes], 0,
          sizeof (TstRowIndex) * (n - self->n_row_indexes));
  self->n_row_indexes = n;
}

/* Returns: FALSE if that would take more memory than it is worth */
static gboolean
make_room_in_index (TstListenerGroups *self,
                    const TstPlace    *place)
{
  gsize n_max = (gsize) self->n * MAX_INDEXED_ROWS;
  TstRowIndex *index;
  gsize n;

  if (place->table >= n_max || place->row >= n_max)
    return FALSE;

  if (place->table >= self->n_row_indexes)
    grow_row_indexes (self, place->table + 1);

  index = &self->row_indexes[place->table];
  n = (gsize) 1 << g_bit_storage (place->row);
  if (self->n_indexed + n - index->n > n_max)
    return FALSE;

  index->groups = g_renew (TstListenerGroup *, index->groups, n);
  memset (&index->groups[index->n], 0, sizeof (TstListenerGroup *) * (n - index->n));
  self->n_indexed += n - index->n;
  index->n = n;

  return TRUE;
}

static void
take_out_of_index (TstListenerGroups *self,
                   TstListenerGroup  *group)
{
  TstListenerGroup **entry = find_in_index (self, &group->place);

  if (entry != NULL)
    *entry = NULL;
  group->place = NOWHERE;
}

static void
put_into_index (TstListenerGroups *self,
                TstListenerGroup  *group,
                const TstPlace    *place)
{
  TstListenerGroup **entry = find_in_index (self, place);
  TstListenerGroup *other = entry != NULL ? *entry : NULL;

  if (entry == NULL && make_room_in_index (self, place))
    entry = find_in_index (self, place);
  if (entry == NULL)
    return;

  take_out_of_index (self, group);
  if (other != NULL)
    other->place = NOWHERE;
  *entry = group;
  group->place = *place;
}

TstListenerGroup *
tst_listener_groups_find (TstListenerGroups *self,
                          const TstEvent    *event,
                          guint              pattern)
{
  gboolean may_index = event->place != NULL && event->kind == TST_LISTENER_KIND_ROW &&
                       pattern == ROW_PATTERN;
  TstListenerGroup **entry = may_index ? find_in_index (self, event->place) : NULL;
  TstListenerGroup *group = entry ? *entry : NULL;

  if (pattern == 0)
    return self->anything[event->kind];
  if (G_LIKELY (group != NULL && group->ids[0] == event->ids[0] && group->ids[1] == event->ids[1]))
    return group;

  group = find_group (self, event->kind, pattern, event->ids);
  if (group == NULL)
    return NULL;

  group_take_ids (group, event->ids);
  if (may_index)
    put_into_index (self, group, event->place);

  return group;
}

static void
clear_index (TstListenerGroups *self)
{
  for (guint32 i = 0; i < self->n_row_indexes; i++)
    g_free (self->row_indexes[i].groups);
  g_clear_pointer (&self->row_indexes, g_free);
  self->n_row_indexes = 0;
  self->n_indexed = 0;
}

/* As in tst_id_map_remove(): what was pushed on by it moves up. */
void
tst_listener_groups_remove (TstListenerGroups *self,
                            TstListenerGroup  *group)
{
  guint gap = group->hash & self->mask;

  take_out_of_index (self, group);
  while (self->slots[gap].group != group)
    gap = (gap + 1) & self->mask;

  for (guint i = (gap + 1) & self->mask; self->slots[i].group != NULL; i = (i + 1) & self->mask)
    if (((i - self->slots[i].hash) & self->mask) >= ((i - gap) & self->mask))
      {
        self->slots[gap] = self->slots[i];
        gap = i;
      }

  self->slots[gap] = (TstListenerSlot) { 0, NULL };
  self->n--;
  if (group->pattern == 0)
    self->anything[group->kind] = NULL;
  if (self->n == 0)
    clear_index (self);

  group_free (group);
}

TstListenerGroup *
tst_listener_groups_ensure (TstListenerGroups *self,
                            TstListenerKind    kind,
                            const char * const *texts)
{
  TstId *ids[TST_MAX_POSITIONS] = { NULL, };
  guint pattern = 0;
  TstListenerGroup *group;

  for (guint i = 0; i < TST_MAX_POSITIONS; i++)
    if (texts[i] != NULL)
      {
        ids[i] = tst_id_new (texts[i], strlen (texts[i]));
        pattern |= pattern_bit (i);
      }

  group = find_group (self, kind, pattern, (const TstId * const *) ids);
  if (group == NULL)
    {
      group = group_new (kind, pattern, (const TstId * const *) ids);
      add_group (self, group);
    }

  for (guint i = 0; i < TST_MAX_POSITIONS; i++)
    g_clear_pointer (&ids[i], tst_id_unref);

  return group;
}

/* --- Life --- */

void
tst_listener_groups_init (TstListenerGroups *self)
{
  self->slots = g_new0 (TstListenerSlot, MIN_SLOTS);
  self->mask = MIN_SLOTS - 1;
}

GArray *
tst_listener_groups_clear (TstListenerGroups *self)
{
  GArray *left = g_array_new (FALSE, FALSE, sizeof (TstListener));

  for (guint i = 0; i <= self->mask; i++)
    {
      TstListenerGroup *group = self->slots[i].group;

      if (group == NULL)
        continue;

      g_array_append_vals (left, tst_listener_group_listeners (group), group->n);
      group_free (group);
    }

  clear_index (self);
  g_free (self->slots);

  return left;
}
