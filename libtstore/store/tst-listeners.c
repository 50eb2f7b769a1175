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

/* The listeners of one kind and one pattern of ids, in the order in which they
 * were added. While they are being called, removed ones leave a NULL. */
typedef struct
{
  TstEventKind  kind;
  guint         pattern;                /* bit 2: the first id is given, and so on */
  TstId        *ids[TST_MAX_POSITIONS]; /* (nullable) owned */
  guint32       hash;
  GPtrArray    *listeners;              /* of Listener */
  guint         n_calling;
  gboolean      has_gaps;
} Group;

struct _TstListeners
{
  GHashTable *groups;                   /* of Group, owned; each is its own key */
  GHashTable *by_handle;                /* handle to Group */
  guint       counts[TST_N_EVENTS][TST_N_PATTERNS];
  guint       kind_counts[TST_N_EVENTS];
  guint       n;
  gulong      last_handle;              /* never used again */
};

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

static guint32
hash_ids (TstEventKind         kind,
          guint                pattern,
          const TstId * const *ids)
{
  guint64 hash = (guint64) kind << 8 | pattern;

  for (guint i = 0; i < TST_MAX_POSITIONS; i++)
    if (ids[i] != NULL)
      hash = (hash ^ ids[i]->hash) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  return (guint32) (hash >> 32);
}

static guint
group_hash (gconstpointer data)
{
  return ((const Group *) data)->hash;
}

static gboolean
group_equal (gconstpointer a,
             gconstpointer b)
{
  const Group *group = a, *other = b;

  if (group->hash != other->hash || group->kind != other->kind || group->pattern != other->pattern)
    return FALSE;

  for (guint i = 0; i < TST_MAX_POSITIONS; i++)
    if (group->ids[i] != NULL && !tst_id_equal (group->ids[i], other->ids[i]))
      return FALSE;

  return TRUE;
}

static void
group_free (gpointer data)
{
  Group *self = data;

  for (guint i = 0; i < TST_MAX_POSITIONS; i++)
    g_clear_pointer (&self->ids[i], tst_id_unref);
  g_ptr_array_unref (self->listeners);
  g_free (self);
}

static gboolean
group_is_empty (const Group *self)
{
  for (guint i = 0; i < self->listeners->len; i++)
    if (g_ptr_array_index (self->listeners, i) != NULL)
      return FALSE;

  return TRUE;
}

static void
close_gaps (Group *self)
{
  guint n = 0;

  if (!self->has_gaps)
    return;

  for (guint i = 0; i < self->listeners->len; i++)
    if (g_ptr_array_index (self->listeners, i) != NULL)
      g_ptr_array_index (self->listeners, n++) = g_ptr_array_index (self->listeners, i);

  g_ptr_array_set_size (self->listeners, n);
  self->has_gaps = FALSE;
}

/* --- Adding and removing --- */

TstListeners *
tst_listeners_new (void)
{
  TstListeners *self = g_new0 (TstListeners, 1);

  self->groups = g_hash_table_new_full (group_hash, group_equal, group_free, NULL);
  self->by_handle = g_hash_table_new (NULL, NULL);

  return self;
}

void
tst_listeners_free (TstListeners *self)
{
  g_autoptr(GPtrArray) left = g_ptr_array_new_with_free_func ((GDestroyNotify) listener_unref);
  GHashTableIter iter;
  Group *group;

  /* Last of all the functions of others, when nothing of ours is left. */
  g_hash_table_iter_init (&iter, self->groups);
  while (g_hash_table_iter_next (&iter, (gpointer *) &group, NULL))
    for (guint i = 0; i < group->listeners->len; i++)
      if (g_ptr_array_index (group->listeners, i) != NULL)
        g_ptr_array_add (left, g_ptr_array_index (group->listeners, i));

  g_hash_table_unref (self->groups);
  g_hash_table_unref (self->by_handle);
  g_free (self);
}

static Group *
ensure_group (TstListeners *self,
              TstEventKind  kind,
              const char   *texts[TST_MAX_POSITIONS])
{
  Group *group = g_new0 (Group, 1);
  Group *known;

  group->kind = kind;
  for (guint i = 0; i < TST_MAX_POSITIONS; i++)
    if (texts[i] != NULL)
      {
        group->ids[i] = tst_id_new (texts[i], strlen (texts[i]));
        group->pattern |= 1u << (TST_MAX_POSITIONS - 1 - i);
      }
  group->hash = hash_ids (kind, group->pattern, (const TstId * const *) group->ids);
  group->listeners = g_ptr_array_new ();

  known = g_hash_table_lookup (self->groups, group);
  if (known != NULL)
    {
      group_free (group);
      return known;
    }

  g_hash_table_add (self->groups, group);
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

  g_ptr_array_add (group->listeners, listener);
  g_hash_table_insert (self->by_handle, GSIZE_TO_POINTER (listener->handle), group);
  self->counts[kind][group->pattern]++;
  self->kind_counts[kind]++;
  self->n++;

  return listener->handle;
}

static Listener *
take_listener (Group  *group,
               gulong  handle)
{
  for (guint i = 0; i < group->listeners->len; i++)
    {
      Listener *listener = g_ptr_array_index (group->listeners, i);

      if (listener == NULL || listener->handle != handle)
        continue;

      if (group->n_calling > 0)
        {
          g_ptr_array_index (group->listeners, i) = NULL;
          group->has_gaps = TRUE;
        }
      else
        {
          g_ptr_array_remove_index (group->listeners, i);
        }

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
  self->counts[group->kind][group->pattern]--;
  self->kind_counts[group->kind]--;
  self->n--;

  if (group->n_calling == 0 && group->listeners->len == 0)
    g_hash_table_remove (self->groups, group);

  listener_unref (listener);
  return TRUE;
}

guint
tst_listeners_count (const TstListeners *self)
{
  return self->n;
}

gboolean
tst_listeners_has_kind (const TstListeners *self,
                        TstEventKind        kind)
{
  return self->kind_counts[kind] > 0;
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

  for (guint i = 0; i < group->listeners->len; i++)
    {
      Listener *listener = g_ptr_array_index (group->listeners, i);

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
    g_hash_table_remove (self->groups, group);
}

static Group *
find_group (TstListeners   *self,
            const TstEvent *event,
            guint           pattern)
{
  Group key = { .kind = event->kind, .pattern = pattern };

  for (guint i = 0; i < TST_MAX_POSITIONS; i++)
    if (pattern & (1u << (TST_MAX_POSITIONS - 1 - i)))
      key.ids[i] = (TstId *) event->ids[i];
  key.hash = hash_ids (event->kind, pattern, (const TstId * const *) key.ids);

  return g_hash_table_lookup (self->groups, &key);
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
  Call call;

  if (!tst_listeners_has_kind (self, event->kind))
    return;

  call_init (&call, store, event);

  /* As numbers, patterns stand from the most specific to the most general. */
  for (guint pattern = TST_N_PATTERNS; pattern-- > 0; )
    {
      Group *group;

      if (self->counts[event->kind][pattern] == 0)
        continue;

      group = find_group (self, event, pattern);
      if (group != NULL)
        call_group (self, group, &call);
    }
}
