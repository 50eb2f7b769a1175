/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-listeners-private.h"

typedef struct
{
  GCallback       func;                 /* NULL in a gap */
  gpointer        user_data;
  gulong          handle;
  GDestroyNotify  destroy;
} Listener;

/* The listeners of one kind and one pattern of ids, in the order in which they
 * were added. Mostly there is one, and with ten thousand groups what counts is
 * how many cache lines an event touches: one here, as the first listener lies
 * in the group, and the ids of the latest event are taken over, so that those
 * of the next one are the same objects. */
typedef struct
{
  TstId   *ids[TST_MAX_POSITIONS];  /* (nullable): owned; NULL for a wildcard */
  Listener first;
  guint32  n;
  guint32  n_calling : 30;
  guint32  has_gaps : 1;
  guint32  has_more : 1;            /* the listeners are in `more` */

  Listener *more;                   /* (nullable) */
  GArray   *buried;                 /* (nullable): of Listener, removed while being called */
  guint32   capacity;
  guint32   hash;
  TstPlace  place;                  /* in the index of rows, or NOWHERE */
  guint8    kind;                   /* TstEventKind */
  guint8    pattern;                /* bit 2: the first id is given, and so on */
} Group;

#define CACHE_LINE 64

typedef struct
{
  guint32  hash;
  Group   *group;                       /* (nullable): owned */
} Slot;

/* By the number of a row: the group of the listeners to this row. A hint, as
 * rows come and go: it is the right one if it has the ids of the event. */
typedef struct
{
  Group  **groups;                      /* (nullable), of (nullable) */
  guint32  n;
} RowIndex;

struct _TstListeners
{
  TstListenersSummary summary;

  Slot        *slots;                   /* open addressing */
  guint        mask;
  guint        n_groups;
  Group       *anything[TST_N_EVENTS];  /* (nullable): in slots as well: all wildcards */
  RowIndex    *row_indexes;             /* (nullable): by the number of the table */
  guint32      n_row_indexes;
  gsize        n_indexed;               /* the sum of their sizes */
  GHashTable  *by_handle;               /* handle to Group */
  guint        counts[TST_N_EVENTS][TST_N_PATTERNS];
  gulong       last_handle;             /* never used again */
};

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
hash_ids (TstEventKind        kind,
          guint               pattern,
          const TstId * const *ids)
{
  guint64 hash = (guint64) kind << 8 | pattern;

  for (guint i = 0; i < TST_MAX_POSITIONS; i++)
    if (pattern & pattern_bit (i))
      hash = (hash ^ ids[i]->hash) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  return (guint32) (hash >> 32);
}

static inline Listener *
group_listeners (Group *self)
{
  return self->has_more ? self->more : &self->first;
}

/* @ids where the pattern has a wildcard do not matter. */
static gboolean
group_matches (const Group         *self,
               TstEventKind         kind,
               guint                pattern,
               const TstId * const *ids)
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
group_take_ids (Group               *self,
                const TstId * const *ids)
{
  for (guint i = 0; i < TST_MAX_POSITIONS; i++)
    if ((self->pattern & pattern_bit (i)) && self->ids[i] != ids[i])
      {
        g_clear_pointer (&self->ids[i], tst_id_unref);
        self->ids[i] = tst_id_ref ((TstId *) ids[i]);
      }
}

static Group *
group_new (TstEventKind         kind,
           guint                pattern,
           const TstId * const *ids)
{
  Group *self = g_aligned_alloc0 (1, sizeof (Group), CACHE_LINE);

  self->hash = hash_ids (kind, pattern, ids);
  self->kind = kind;
  self->pattern = pattern;
  self->capacity = 1;
  self->place = NOWHERE;
  group_take_ids (self, ids);

  return self;
}

static void
group_free (Group *self)
{
  for (guint i = 0; i < TST_MAX_POSITIONS; i++)
    g_clear_pointer (&self->ids[i], tst_id_unref);
  g_free (self->more);
  g_clear_pointer (&self->buried, g_array_unref);
  g_aligned_free (self);
}

static void
group_append (Group          *self,
              const Listener *listener)
{
  if (self->n == self->capacity)
    {
      self->more = g_renew (Listener, self->more, self->capacity * 2);
      if (!self->has_more)
        self->more[0] = self->first;
      self->has_more = TRUE;
      self->capacity *= 2;
    }

  group_listeners (self)[self->n++] = *listener;
}

static void
close_gaps (Group *self)
{
  Listener *listeners = group_listeners (self);
  guint n = 0;

  if (!self->has_gaps)
    return;

  for (guint i = 0; i < self->n; i++)
    if (listeners[i].func != NULL)
      listeners[n++] = listeners[i];

  self->n = n;
  self->has_gaps = FALSE;
}

/* --- The table of groups --- */

static Group *
find_group (const TstListeners *self,
            TstEventKind        kind,
            guint               pattern,
            const TstId * const *ids)
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
put_group (TstListeners *self,
           Group        *group)
{
  guint i = group->hash & self->mask;

  while (self->slots[i].group != NULL)
    i = (i + 1) & self->mask;
  self->slots[i] = (Slot) { group->hash, group };
}

static void
resize (TstListeners *self,
        guint         n_slots)
{
  g_autofree Slot *old = self->slots;
  guint n_old = self->mask + 1;

  self->slots = g_new0 (Slot, n_slots);
  self->mask = n_slots - 1;

  for (guint i = 0; i < n_old; i++)
    if (old[i].group != NULL)
      put_group (self, old[i].group);
}

static void
add_group (TstListeners *self,
           Group        *group)
{
  if (++self->n_groups * 2 > self->mask)
    resize (self, (self->mask + 1) * 2);

  put_group (self, group);
  if (group->pattern == 0)
    self->anything[group->kind] = group;
}

/* --- The index of rows --- */

/* Returns: (nullable): where the index has, or may have, the group of the row */
static Group **
find_in_index (const TstListeners *self,
               const TstPlace     *place)
{
  const RowIndex *index;

  if (place->table >= self->n_row_indexes)
    return NULL;

  index = &self->row_indexes[place->table];
  return place->row < index->n ? &index->groups[place->row] : NULL;
}

static void
grow_row_indexes (TstListeners *self,
                  guint32       n)
{
  self->row_indexes = g_renew (RowIndex, self->row_indexes, n);
  memset (&self->row_indexes[self->n_row_indexes], 0,
          sizeof (RowIndex) * (n - self->n_row_indexes));
  self->n_row_indexes = n;
}

/* Returns: FALSE if that would take more memory than it is worth */
static gboolean
make_room_in_index (TstListeners   *self,
                    const TstPlace *place)
{
  gsize n_max = (gsize) self->n_groups * MAX_INDEXED_ROWS;
  RowIndex *index;
  gsize n;

  if (place->table >= n_max || place->row >= n_max)
    return FALSE;

  if (place->table >= self->n_row_indexes)
    grow_row_indexes (self, place->table + 1);

  index = &self->row_indexes[place->table];
  n = (gsize) 1 << g_bit_storage (place->row);
  if (self->n_indexed + n - index->n > n_max)
    return FALSE;

  index->groups = g_renew (Group *, index->groups, n);
  memset (&index->groups[index->n], 0, sizeof (Group *) * (n - index->n));
  self->n_indexed += n - index->n;
  index->n = n;

  return TRUE;
}

static void
take_out_of_index (TstListeners *self,
                   Group        *group)
{
  Group **entry = find_in_index (self, &group->place);

  if (entry != NULL)
    *entry = NULL;
  group->place = NOWHERE;
}

static void
put_into_index (TstListeners   *self,
                Group          *group,
                const TstPlace *place)
{
  Group **entry = find_in_index (self, place);

  if (entry == NULL && make_room_in_index (self, place))
    entry = find_in_index (self, place);
  if (entry == NULL)
    return;

  take_out_of_index (self, group);
  if (*entry != NULL)
    (*entry)->place = NOWHERE;
  *entry = group;
  group->place = *place;
}

/* Returns: (nullable): the group that hears of @event by @pattern */
static Group *
find_group_of_event (TstListeners   *self,
                     const TstEvent *event,
                     guint           pattern)
{
  gboolean may_index = event->place != NULL && event->kind == TST_EVENT_ROW && pattern == ROW_PATTERN;
  Group **place = may_index ? find_in_index (self, event->place) : NULL;
  Group *group = place ? *place : NULL;

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
clear_index (TstListeners *self)
{
  for (guint32 i = 0; i < self->n_row_indexes; i++)
    g_free (self->row_indexes[i].groups);
  g_clear_pointer (&self->row_indexes, g_free);
  self->n_row_indexes = 0;
  self->n_indexed = 0;
}

/* As in tst_id_map_remove(): what was pushed on by it moves up. */
static void
remove_group (TstListeners *self,
              Group        *group)
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

  self->slots[gap] = (Slot) { 0, NULL };
  self->n_groups--;
  if (group->pattern == 0)
    self->anything[group->kind] = NULL;
  if (self->n_groups == 0)
    clear_index (self);

  group_free (group);
}

/* --- Adding and removing --- */

TstListeners *
tst_listeners_new (void)
{
  TstListeners *self = g_new0 (TstListeners, 1);

  self->slots = g_new0 (Slot, MIN_SLOTS);
  self->mask = MIN_SLOTS - 1;
  self->by_handle = g_hash_table_new (NULL, NULL);

  return self;
}

static void
destroy_all (GArray *listeners)
{
  for (guint i = 0; i < listeners->len; i++)
    {
      const Listener *listener = &g_array_index (listeners, Listener, i);

      if (listener->destroy)
        listener->destroy (listener->user_data);
    }

  g_array_unref (listeners);
}

void
tst_listeners_free (TstListeners *self)
{
  GArray *left = g_array_new (FALSE, FALSE, sizeof (Listener));

  for (guint i = 0; i <= self->mask; i++)
    {
      Group *group = self->slots[i].group;

      if (group == NULL)
        continue;

      g_array_append_vals (left, group_listeners (group), group->n);
      group_free (group);
    }

  clear_index (self);
  g_free (self->slots);
  g_hash_table_unref (self->by_handle);
  g_free (self);

  /* Last of all the functions of others, when nothing of ours is left. */
  destroy_all (left);
}

static Group *
ensure_group (TstListeners *self,
              TstEventKind  kind,
              const char   *texts[TST_MAX_POSITIONS])
{
  TstId *ids[TST_MAX_POSITIONS] = { NULL, };
  guint pattern = 0;
  Group *group;

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

gulong
tst_listeners_add (TstListeners   *self,
                   TstEventKind    kind,
                   const char     *id_0,
                   const char     *id_1,
                   const char     *id_2,
                   GCallback       func,
                   gpointer        user_data,
                   GDestroyNotify  destroy)
{
  const char *texts[TST_MAX_POSITIONS] = { id_0, id_1, id_2 };
  Group *group = ensure_group (self, kind, texts);
  Listener listener = { func, user_data, ++self->last_handle, destroy };

  group_append (group, &listener);
  g_hash_table_insert (self->by_handle, GSIZE_TO_POINTER (listener.handle), group);
  self->counts[kind][group->pattern]++;
  self->summary.patterns[kind] |= 1u << group->pattern;
  self->summary.kinds |= 1u << kind;
  self->summary.n++;

  return listener.handle;
}

static Listener
take_listener (Group  *group,
               gulong  handle)
{
  for (guint i = 0; i < group->n; i++)
    {
      Listener listener = group_listeners (group)[i];

      if (listener.func == NULL || listener.handle != handle)
        continue;

      group_listeners (group)[i] = (Listener) { NULL, };
      group->has_gaps = TRUE;
      if (group->n_calling == 0)
        close_gaps (group);

      return listener;
    }

  g_assert_not_reached ();
}

/* It may be the one that is being called: it keeps its data until then. */
static void
bury (Group          *group,
      const Listener *listener)
{
  if (group->buried == NULL)
    group->buried = g_array_new (FALSE, FALSE, sizeof (Listener));
  g_array_append_vals (group->buried, listener, 1);
}

gboolean
tst_listeners_remove (TstListeners *self,
                      gulong        handle)
{
  Group *group = g_hash_table_lookup (self->by_handle, GSIZE_TO_POINTER (handle));
  Listener listener;

  if (group == NULL)
    return FALSE;

  listener = take_listener (group, handle);
  g_hash_table_remove (self->by_handle, GSIZE_TO_POINTER (handle));
  if (--self->counts[group->kind][group->pattern] == 0)
    self->summary.patterns[group->kind] &= ~(1u << group->pattern);
  if (self->summary.patterns[group->kind] == 0)
    self->summary.kinds &= ~(1u << group->kind);
  self->summary.n--;

  if (group->n_calling > 0)
    {
      bury (group, &listener);
      return TRUE;
    }

  if (group->n == 0)
    remove_group (self, group);
  if (listener.destroy)
    listener.destroy (listener.user_data);

  return TRUE;
}

/* --- Calling --- */

typedef struct
{
  TstStore       *store;
  const TstEvent *event;
  GValue          new_value, old_value;
  const GValue   *new_or_null, *old_or_null;
} Call;

static void
call_listener (const Call *call,
               GCallback   func,
               gpointer    user_data)
{
  const TstEvent *event = call->event;
  const char *id_0 = event->ids[0] ? event->ids[0]->text : NULL;
  const char *id_1 = event->ids[1] ? event->ids[1]->text : NULL;

  switch (event->kind)
    {
    case TST_EVENT_CELL:
      ((TstCellListener) func) (call->store, id_0, id_1, event->ids[2]->text,
                                call->new_or_null, call->old_or_null, user_data);
      break;
    case TST_EVENT_VALUE:
      ((TstValueListener) func) (call->store, id_0,
                                 call->new_or_null, call->old_or_null, user_data);
      break;
    case TST_EVENT_ROW:
      ((TstRowListener) func) (call->store, id_0, id_1, user_data);
      break;
    case TST_EVENT_TABLE:
      ((TstTableListener) func) (call->store, id_0, user_data);
      break;
    case TST_EVENT_CELL_IDS:
      ((TstCellIdsListener) func) (call->store, id_0, id_1, event->added, event->removed,
                                   user_data);
      break;
    case TST_EVENT_ROW_IDS:
      ((TstRowIdsListener) func) (call->store, id_0, event->added, event->removed, user_data);
      break;
    case TST_EVENT_TABLE_IDS:
    case TST_EVENT_VALUE_IDS:
      ((TstIdsListener) func) (call->store, event->added, event->removed, user_data);
      break;
    case TST_EVENT_TABLES:
    case TST_EVENT_VALUES:
    case TST_EVENT_STARTED:
    case TST_EVENT_FINISHING:
    case TST_EVENT_FINISHED:
      ((TstStoreListener) func) (call->store, user_data);
      break;
    case TST_N_EVENTS:
    default:
      g_assert_not_reached ();
    }
}

/* A listener that is added meanwhile is called as well, a removed one is not.
 * The array may move while one is called. */
static void
call_group (TstListeners *self,
            Group        *group,
            const Call   *call)
{
  GArray *buried;

  group->n_calling++;

  for (guint i = 0; i < group->n; i++)
    {
      const Listener *listener = &group_listeners (group)[i];

      if (listener->func != NULL)
        call_listener (call, listener->func, listener->user_data);
    }

  if (--group->n_calling > 0)
    return;

  if (!group->has_gaps)
    return;

  close_gaps (group);
  buried = g_steal_pointer (&group->buried);
  if (group->n == 0)
    remove_group (self, group);

  destroy_all (buried);
}

static void
call_init (Call           *self,
           TstStore       *store,
           const TstEvent *event)
{
  self->store = store;
  self->event = event;
  self->new_or_null = NULL;
  self->old_or_null = NULL;

  if (event->cell == NULL)
    return;

  if (tst_cell_type (&event->cell->new_cell) != TST_CELL_TYPE_NONE)
    {
      memset (&self->new_value, 0, sizeof (GValue));
      tst_cell_get_value (&event->cell->new_cell, &self->new_value);
      self->new_or_null = &self->new_value;
    }
  if (tst_cell_type (&event->cell->old_cell) != TST_CELL_TYPE_NONE)
    {
      memset (&self->old_value, 0, sizeof (GValue));
      tst_cell_get_value (&event->cell->old_cell, &self->old_value);
      self->old_or_null = &self->old_value;
    }
}

void
tst_listeners_dispatch (TstListeners   *self,
                        TstStore       *store,
                        const TstEvent *event)
{
  gboolean is_call_ready = FALSE;
  guint8 below = 0xff;
  Call call;

  /* As numbers, patterns stand from the most specific to the most general.
   * A listener may add the first one of a pattern that is still to come. */
  while (self->summary.patterns[event->kind] & below)
    {
      guint pattern = g_bit_storage (self->summary.patterns[event->kind] & below) - 1;
      Group *group;

      below = (1u << pattern) - 1;
      group = pattern == 0 ? self->anything[event->kind]
                           : find_group_of_event (self, event, pattern);
      if (group == NULL)
        continue;

      if (!is_call_ready)
        call_init (&call, store, event);
      is_call_ready = TRUE;
      call_group (self, group, &call);
    }
}
