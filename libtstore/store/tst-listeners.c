/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-listeners-private.h"

typedef struct
{
  gint            ref_count;
  gulong          handle;
  GCallback       func;
  gpointer        user_data;
  GDestroyNotify  destroy;
} Listener;

/* An id that a group is for, as in a TstIdMap: the words of a short one, so
 * that comparing it looks nowhere else. */
typedef struct
{
  guint64  low;
  guint32  high;
  TstId   *id;                          /* (nullable): owned; NULL for a wildcard */
} GroupId;

/* The listeners of one kind and one pattern of ids, in the order in which they
 * were added. While they are being called, removed ones leave a NULL. Mostly
 * there is one. */
typedef struct
{
  guint32       hash;
  guint8        kind;                   /* TstEventKind */
  guint8        pattern;                /* bit 2: the first id is given, and so on */
  gboolean      has_gaps;
  guint         n_calling;
  guint         n;
  guint         capacity;
  Listener    **listeners;              /* `only`, or allocated */
  Listener     *only;
  GroupId       ids[TST_MAX_POSITIONS];
} Group;

struct _TstListeners
{
  TstListenersSummary summary;

  Group      **slots;                   /* by hash, owned; open addressing */
  guint        mask;
  guint        n_groups;
  Group       *anything[TST_N_EVENTS];  /* (nullable): in slots as well: all wildcards */
  GHashTable  *by_handle;               /* handle to Group */
  guint        counts[TST_N_EVENTS][TST_N_PATTERNS];
  gulong       last_handle;             /* never used again */
};

#define MIN_SLOTS 16

/* --- Listeners and groups --- */

static Listener *
listener_ref (Listener *self)
{
  self->ref_count++;
  return self;
}

static void
listener_unref (Listener *self)
{
  if (--self->ref_count > 0)
    return;

  if (self->destroy)
    self->destroy (self->user_data);
  g_free (self);
}

static inline guint
pattern_bit (guint position)
{
  return 1u << (TST_MAX_POSITIONS - 1 - position);
}

static inline guint32
hash_ids (TstEventKind    kind,
          guint           pattern,
          const TstIdKey *keys)
{
  guint64 hash = (guint64) kind << 8 | pattern;

  for (guint i = 0; i < TST_MAX_POSITIONS; i++)
    if (pattern & pattern_bit (i))
      hash = (hash ^ keys[i].hash) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  return (guint32) (hash >> 32);
}

static inline gboolean
id_matches (const GroupId  *self,
            const TstIdKey *key)
{
  if (self->high != key->high || self->low != key->low)
    return FALSE;

  return key->length <= TST_ID_KEY_MAX_SHORT ||
         (self->id->hash == key->hash && self->id->length == key->length &&
          memcmp (self->id->text, key->text, key->length) == 0);
}

/* @keys where the pattern has a wildcard do not matter. */
static inline gboolean
group_matches (const Group    *self,
               TstEventKind    kind,
               guint           pattern,
               const TstIdKey *keys)
{
  if (self->kind != kind || self->pattern != pattern)
    return FALSE;

  for (guint i = 0; i < TST_MAX_POSITIONS; i++)
    if ((pattern & pattern_bit (i)) && !id_matches (&self->ids[i], &keys[i]))
      return FALSE;

  return TRUE;
}

static Group *
group_new (TstEventKind    kind,
           guint           pattern,
           const TstIdKey *keys)
{
  Group *self = g_new0 (Group, 1);

  self->hash = hash_ids (kind, pattern, keys);
  self->kind = kind;
  self->pattern = pattern;
  self->listeners = &self->only;
  self->capacity = 1;

  for (guint i = 0; i < TST_MAX_POSITIONS; i++)
    if (pattern & pattern_bit (i))
      self->ids[i] = (GroupId) { keys[i].low, keys[i].high, tst_id_new_for_key (&keys[i]) };

  return self;
}

static void
group_free (Group *self)
{
  for (guint i = 0; i < TST_MAX_POSITIONS; i++)
    g_clear_pointer (&self->ids[i].id, tst_id_unref);
  if (self->listeners != &self->only)
    g_free (self->listeners);
  g_free (self);
}

static gboolean
group_is_empty (const Group *self)
{
  for (guint i = 0; i < self->n; i++)
    if (self->listeners[i] != NULL)
      return FALSE;

  return TRUE;
}

static void
group_append (Group    *self,
              Listener *listener)
{
  if (self->n == self->capacity)
    {
      Listener **more = g_new (Listener *, self->capacity * 2);

      memcpy (more, self->listeners, sizeof (Listener *) * self->n);
      if (self->listeners != &self->only)
        g_free (self->listeners);
      self->listeners = more;
      self->capacity *= 2;
    }

  self->listeners[self->n++] = listener;
}

static void
close_gaps (Group *self)
{
  guint n = 0;

  if (!self->has_gaps)
    return;

  for (guint i = 0; i < self->n; i++)
    if (self->listeners[i] != NULL)
      self->listeners[n++] = self->listeners[i];

  self->n = n;
  self->has_gaps = FALSE;
}

/* --- The table of groups --- */

static Group *
find_group (const TstListeners *self,
            TstEventKind        kind,
            guint               pattern,
            const TstIdKey     *keys)
{
  guint32 hash;

  if (pattern == 0)
    return self->anything[kind];

  hash = hash_ids (kind, pattern, keys);
  for (guint i = hash & self->mask; self->slots[i] != NULL; i = (i + 1) & self->mask)
    if (self->slots[i]->hash == hash && group_matches (self->slots[i], kind, pattern, keys))
      return self->slots[i];

  return NULL;
}

static void
put_group (TstListeners *self,
           Group        *group)
{
  guint i = group->hash & self->mask;

  while (self->slots[i] != NULL)
    i = (i + 1) & self->mask;
  self->slots[i] = group;
}

static void
resize (TstListeners *self,
        guint         n_slots)
{
  Group **old = self->slots;
  guint n_old = self->mask + 1;

  self->slots = g_new0 (Group *, n_slots);
  self->mask = n_slots - 1;

  for (guint i = 0; i < n_old; i++)
    if (old[i] != NULL)
      put_group (self, old[i]);

  g_free (old);
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

/* As in tst_id_map_remove(): what was pushed on by it moves up. */
static void
remove_group (TstListeners *self,
              Group        *group)
{
  guint gap = group->hash & self->mask;

  while (self->slots[gap] != group)
    gap = (gap + 1) & self->mask;

  for (guint i = (gap + 1) & self->mask; self->slots[i] != NULL; i = (i + 1) & self->mask)
    if (((i - self->slots[i]->hash) & self->mask) >= ((i - gap) & self->mask))
      {
        self->slots[gap] = self->slots[i];
        gap = i;
      }

  self->slots[gap] = NULL;
  self->n_groups--;
  if (group->pattern == 0)
    self->anything[group->kind] = NULL;

  group_free (group);
}

/* --- Adding and removing --- */

TstListeners *
tst_listeners_new (void)
{
  TstListeners *self = g_new0 (TstListeners, 1);

  self->slots = g_new0 (Group *, MIN_SLOTS);
  self->mask = MIN_SLOTS - 1;
  self->by_handle = g_hash_table_new (NULL, NULL);

  return self;
}

void
tst_listeners_free (TstListeners *self)
{
  g_autoptr(GPtrArray) left = g_ptr_array_new_with_free_func ((GDestroyNotify) listener_unref);

  /* Last of all the functions of others, when nothing of ours is left. */
  for (guint slot = 0; slot <= self->mask; slot++)
    {
      Group *group = self->slots[slot];

      if (group == NULL)
        continue;

      for (guint i = 0; i < group->n; i++)
        if (group->listeners[i] != NULL)
          g_ptr_array_add (left, group->listeners[i]);
      group_free (group);
    }

  g_free (self->slots);
  g_hash_table_unref (self->by_handle);
  g_free (self);
}

static Group *
ensure_group (TstListeners *self,
              TstEventKind  kind,
              const char   *texts[TST_MAX_POSITIONS])
{
  TstIdKey keys[TST_MAX_POSITIONS];
  guint pattern = 0;
  Group *group;

  for (guint i = 0; i < TST_MAX_POSITIONS; i++)
    if (texts[i] != NULL)
      {
        tst_id_key_init (&keys[i], texts[i], strlen (texts[i]));
        pattern |= pattern_bit (i);
      }

  group = find_group (self, kind, pattern, keys);
  if (group == NULL)
    {
      group = group_new (kind, pattern, keys);
      add_group (self, group);
    }

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
  Listener *listener = g_new (Listener, 1);

  listener->ref_count = 1;
  listener->handle = ++self->last_handle;
  listener->func = func;
  listener->user_data = user_data;
  listener->destroy = destroy;

  group_append (group, listener);
  g_hash_table_insert (self->by_handle, GSIZE_TO_POINTER (listener->handle), group);
  self->counts[kind][group->pattern]++;
  self->summary.patterns[kind] |= 1u << group->pattern;
  self->summary.n++;

  return listener->handle;
}

static Listener *
take_listener (Group  *group,
               gulong  handle)
{
  for (guint i = 0; i < group->n; i++)
    {
      Listener *listener = group->listeners[i];

      if (listener == NULL || listener->handle != handle)
        continue;

      group->listeners[i] = NULL;
      group->has_gaps = TRUE;
      if (group->n_calling == 0)
        close_gaps (group);

      return listener;
    }

  g_assert_not_reached ();
}

gboolean
tst_listeners_remove (TstListeners *self,
                      gulong        handle)
{
  Group *group = g_hash_table_lookup (self->by_handle, GSIZE_TO_POINTER (handle));
  Listener *listener;

  if (group == NULL)
    return FALSE;

  listener = take_listener (group, handle);
  g_hash_table_remove (self->by_handle, GSIZE_TO_POINTER (handle));
  if (--self->counts[group->kind][group->pattern] == 0)
    self->summary.patterns[group->kind] &= ~(1u << group->pattern);
  self->summary.n--;

  if (group->n_calling == 0 && group->n == 0)
    remove_group (self, group);

  listener_unref (listener);
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
call_listener (const Call     *call,
               const Listener *listener)
{
  const TstEvent *event = call->event;
  const char *id_0 = event->ids[0] ? event->ids[0]->text : NULL;
  const char *id_1 = event->ids[1] ? event->ids[1]->text : NULL;

  switch (event->kind)
    {
    case TST_EVENT_CELL:
      ((TstCellListener) listener->func) (call->store, id_0, id_1, event->ids[2]->text,
                                          call->new_or_null, call->old_or_null,
                                          listener->user_data);
      break;
    case TST_EVENT_VALUE:
      ((TstValueListener) listener->func) (call->store, id_0,
                                           call->new_or_null, call->old_or_null,
                                           listener->user_data);
      break;
    case TST_EVENT_ROW:
      ((TstRowListener) listener->func) (call->store, id_0, id_1, listener->user_data);
      break;
    case TST_EVENT_TABLE:
      ((TstTableListener) listener->func) (call->store, id_0, listener->user_data);
      break;
    case TST_EVENT_CELL_IDS:
      ((TstCellIdsListener) listener->func) (call->store, id_0, id_1, event->added, event->removed,
                                             listener->user_data);
      break;
    case TST_EVENT_ROW_IDS:
      ((TstRowIdsListener) listener->func) (call->store, id_0, event->added, event->removed,
                                            listener->user_data);
      break;
    case TST_EVENT_TABLE_IDS:
    case TST_EVENT_VALUE_IDS:
      ((TstIdsListener) listener->func) (call->store, event->added, event->removed,
                                         listener->user_data);
      break;
    case TST_EVENT_TABLES:
    case TST_EVENT_VALUES:
    case TST_EVENT_STARTED:
    case TST_EVENT_FINISHING:
    case TST_EVENT_FINISHED:
      ((TstStoreListener) listener->func) (call->store, listener->user_data);
      break;
    case TST_N_EVENTS:
    default:
      g_assert_not_reached ();
    }
}

/* A listener that is added meanwhile is called as well, a removed one is not. */
static void
call_group (TstListeners *self,
            Group        *group,
            const Call   *call)
{
  group->n_calling++;

  for (guint i = 0; i < group->n; i++)
    {
      Listener *listener = group->listeners[i];

      if (listener == NULL)
        continue;

      listener_ref (listener);
      call_listener (call, listener);
      listener_unref (listener);
    }

  if (--group->n_calling > 0)
    return;

  close_gaps (group);
  if (group_is_empty (group))
    remove_group (self, group);
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
  TstIdKey keys[TST_MAX_POSITIONS];
  Call call;
  gboolean is_call_ready = FALSE;

  guint8 below = 0xff;

  if (!tst_listeners_has_kind (self, event->kind))
    return;

  for (guint i = 0; i < TST_MAX_POSITIONS && event->ids[i] != NULL; i++)
    tst_id_key_init_id (&keys[i], event->ids[i]);

  /* As numbers, patterns stand from the most specific to the most general.
   * A listener may add the first one of a pattern that is still to come. */
  while (self->summary.patterns[event->kind] & below)
    {
      guint pattern = g_bit_storage (self->summary.patterns[event->kind] & below) - 1;
      Group *group;

      below = (1u << pattern) - 1;
      group = find_group (self, event->kind, pattern, keys);
      if (group == NULL)
        continue;

      if (!is_call_ready)
        call_init (&call, store, event);
      is_call_ready = TRUE;
      call_group (self, group, &call);
    }
}
