/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-listener-groups-private.h"

struct _TstListeners
{
  TstListenersSummary summary;

  TstListenerGroups   groups;
  GHashTable         *by_handle;    /* handle to TstListenerGroup */
  guint               counts[TST_N_LISTENER_KINDS][TST_N_PATTERNS];
  gboolean            stopped;
};

/* --- Adding and removing --- */

TstListeners *
tst_listeners_new (void)
{
  TstListeners *self = g_new0 (TstListeners, 1);

  tst_listener_groups_init (&self->groups);
  self->by_handle = g_hash_table_new (NULL, NULL);

  return self;
}

static void
destroy_all (GArray *listeners)
{
  for (guint i = 0; i < listeners->len; i++)
    {
      const TstListener *listener = &g_array_index (listeners, TstListener, i);

      if (listener->destroy)
        listener->destroy (listener->user_data);
    }

  g_array_unref (listeners);
}

void
tst_listeners_free (TstListeners *self)
{
  GArray *left = tst_listener_groups_clear (&self->groups);

  g_hash_table_unref (self->by_handle);
  g_free (self);

  /* Last of all the functions of others, when nothing of ours is left. */
  destroy_all (left);
}

void
tst_listeners_add (TstListeners       *self,
                   gulong              handle,
                   TstListenerKind     kind,
                   const char * const *ids,
                   GCallback           func,
                   gpointer            user_data,
                   GDestroyNotify      destroy)
{
  TstListenerGroup *group = tst_listener_groups_ensure (&self->groups, kind, ids);
  TstListener listener = { func, user_data, handle, destroy };

  tst_listener_group_append (group, &listener);
  g_hash_table_insert (self->by_handle, GSIZE_TO_POINTER (handle), group);
  self->counts[kind][group->pattern]++;
  self->summary.patterns[kind] |= 1u << group->pattern;
  self->summary.kinds |= 1u << kind;
  self->summary.n++;
}

static TstListener
take_listener (TstListenerGroup *group,
               gulong            handle)
{
  for (guint i = 0; i < group->n; i++)
    {
      TstListener listener = tst_listener_group_listeners (group)[i];

      if (listener.func == NULL || listener.handle != handle)
        continue;

      tst_listener_group_listeners (group)[i] = (TstListener) { NULL, };
      group->has_gaps = TRUE;
      if (group->n_calling == 0)
        tst_listener_group_close_gaps (group);

      return listener;
    }

  g_assert_not_reached ();
}

/* It may be the one that is being called: it keeps its data until then. */
static void
bury (TstListenerGroup  *group,
      const TstListener *listener)
{
  if (group->buried == NULL)
    group->buried = g_array_new (FALSE, FALSE, sizeof (TstListener));
  g_array_append_vals (group->buried, listener, 1);
}

gboolean
tst_listeners_remove (TstListeners *self,
                      gulong        handle)
{
  TstListenerGroup *group = g_hash_table_lookup (self->by_handle, GSIZE_TO_POINTER (handle));
  TstListener listener;

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
    tst_listener_groups_remove (&self->groups, group);
  if (listener.destroy)
    listener.destroy (listener.user_data);

  return TRUE;
}

guint
tst_listeners_count_kind (const TstListeners *self,
                          TstListenerKind     kind)
{
  guint n = 0;

  for (guint pattern = 0; pattern < TST_N_PATTERNS; pattern++)
    n += self->counts[kind][pattern];

  return n;
}

gboolean
tst_listeners_find (TstListeners    *self,
                    gulong           handle,
                    TstListenerKind *kind,
                    char            *ids[TST_MAX_POSITIONS])
{
  const TstListenerGroup *group = g_hash_table_lookup (self->by_handle, GSIZE_TO_POINTER (handle));

  if (group == NULL)
    return FALSE;

  *kind = group->kind;
  for (guint i = 0; i < TST_MAX_POSITIONS; i++)
    ids[i] = group->ids[i] ? g_strdup (group->ids[i]->text) : NULL;

  return TRUE;
}

void
tst_listeners_set_stopped (TstListeners *self,
                           gboolean      stopped)
{
  self->stopped = stopped;
}

/* --- Calling --- */

typedef struct
{
  TstStore       *store;
  const TstEvent *event;
  GValue          new_value, old_value;
  const GValue   *new_or_null, *old_or_null;
} Call;

/* Kinds whose functions have the same parameters share a line. */
static inline G_ALWAYS_INLINE void
call_listener (const Call *call,
               GCallback   func,
               gpointer    user_data)
{
  const TstEvent *event = call->event;
  const char *id_0 = event->ids[0] ? event->ids[0]->text : NULL;
  const char *id_1 = event->ids[1] ? event->ids[1]->text : NULL;

  switch (event->kind)
    {
    case TST_LISTENER_KIND_CELL:
      ((TstCellListener) func) (call->store, id_0, id_1, event->ids[2]->text,
                                call->new_or_null, call->old_or_null, user_data);
      break;
    case TST_LISTENER_KIND_VALUE:
      ((TstValueListener) func) (call->store, id_0,
                                 call->new_or_null, call->old_or_null, user_data);
      break;
    case TST_LISTENER_KIND_ROW:
      ((TstRowListener) func) (call->store, id_0, id_1, user_data);
      break;
    case TST_LISTENER_KIND_TABLE:
      ((TstTableListener) func) (call->store, id_0, user_data);
      break;
    case TST_LISTENER_KIND_CELL_IDS:
      ((TstCellIdsListener) func) (call->store, id_0, id_1, event->added, event->removed,
                                   user_data);
      break;
    case TST_LISTENER_KIND_ROW_IDS:
    case TST_LISTENER_KIND_TABLE_CELL_IDS:
      ((TstRowIdsListener) func) (call->store, id_0, event->added, event->removed, user_data);
      break;
    case TST_LISTENER_KIND_TABLE_IDS:
    case TST_LISTENER_KIND_VALUE_IDS:
      ((TstIdsListener) func) (call->store, event->added, event->removed, user_data);
      break;
    case TST_LISTENER_KIND_HAS_CELL:
      ((TstHasCellListener) func) (call->store, id_0, id_1, event->ids[2]->text,
                                   event->n > 0, user_data);
      break;
    case TST_LISTENER_KIND_HAS_ROW:
    case TST_LISTENER_KIND_HAS_TABLE_CELL:
      ((TstHasRowListener) func) (call->store, id_0, id_1, event->n > 0, user_data);
      break;
    case TST_LISTENER_KIND_HAS_TABLE:
    case TST_LISTENER_KIND_HAS_VALUE:
      ((TstHasTableListener) func) (call->store, id_0, event->n > 0, user_data);
      break;
    case TST_LISTENER_KIND_HAS_TABLES:
    case TST_LISTENER_KIND_HAS_VALUES:
      ((TstHasListener) func) (call->store, event->n > 0, user_data);
      break;
    case TST_LISTENER_KIND_ROW_COUNT:
      ((TstRowCountListener) func) (call->store, id_0, event->n, user_data);
      break;
    case TST_LISTENER_KIND_INVALID_CELL:
      ((TstInvalidCellListener) func) (call->store, id_0, id_1,
                                       event->ids[2] ? event->ids[2]->text : NULL,
                                       event->error, user_data);
      break;
    case TST_LISTENER_KIND_INVALID_VALUE:
      ((TstInvalidValueListener) func) (call->store, id_0, event->error, user_data);
      break;
    case TST_LISTENER_KIND_SORTED_ROW_IDS:
      ((TstSortedRowIdsListener) func) (call->store, id_0, id_1, event->page->descending,
                                        event->page->offset, event->page->limit,
                                        event->page->row_ids, user_data);
      break;
    case TST_LISTENER_KIND_TABLES:
    case TST_LISTENER_KIND_VALUES:
    case TST_LISTENER_KIND_STARTED:
    case TST_LISTENER_KIND_FINISHING:
    case TST_LISTENER_KIND_FINISHED:
      ((TstStoreListener) func) (call->store, user_data);
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
sweep_group (TstListeners     *self,
             TstListenerGroup *group)
{
  GArray *buried;

  tst_listener_group_close_gaps (group);
  buried = g_steal_pointer (&group->buried);
  if (group->n == 0)
    tst_listener_groups_remove (&self->groups, group);

  destroy_all (buried);
}

static inline void
leave_group (TstListeners     *self,
             TstListenerGroup *group)
{
  if (--group->n_calling == 0 && group->has_gaps)
    sweep_group (self, group);
}

/* A listener that is added meanwhile is called as well, a removed one is not.
 * The array may move while one is called. */
static void
call_group (TstListeners     *self,
            TstListenerGroup *group,
            const Call       *call)
{
  group->n_calling++;

  for (guint i = 0; i < group->n && !self->stopped; i++)
    {
      const TstListener *listener = &tst_listener_group_listeners (group)[i];

      if (listener->func != NULL)
        call_listener (call, listener->func, listener->user_data);
    }

  leave_group (self, group);
}

static inline void
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
                        const TstEvent *event,
                        guint8          patterns)
{
  gboolean is_call_ready = FALSE;
  Call call;

  /* As numbers, patterns stand from the most specific to the most general.
   * A listener may add the first one of a pattern that is still to come. */
  while (self->summary.patterns[event->kind] & patterns)
    {
      guint pattern = g_bit_storage (self->summary.patterns[event->kind] & patterns) - 1;
      TstListenerGroup *group;

      patterns &= (1u << pattern) - 1;
      group = tst_listener_groups_find (&self->groups, event, pattern);
      if (group == NULL)
        continue;

      if (!is_call_ready)
        call_init (&call, store, event);
      is_call_ready = TRUE;
      call_group (self, group, &call);
    }
}

gboolean
tst_listeners_call (TstListeners   *self,
                    TstStore       *store,
                    gulong          handle,
                    const TstEvent *event)
{
  TstListenerGroup *group = g_hash_table_lookup (self->by_handle, GSIZE_TO_POINTER (handle));
  TstListener *listener;
  Call call;

  if (group == NULL)
    return FALSE;

  listener = tst_listener_group_listeners (group);
  while (listener->handle != handle)
    listener++;

  call_init (&call, store, event);
  group->n_calling++;
  call_listener (&call, listener->func, listener->user_data);
  leave_group (self, group);

  return TRUE;
}
