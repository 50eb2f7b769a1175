/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-id-list-private.h"

#include "tst-store-private.h"

typedef struct
{
  TstIdList *list;     /* not held */
  char      *id;
  GObject   *item;     /* (nullable): not held; cleared by item_gone_cb() */
  gboolean   removed;  /* out of the list, or about to go */
} Entry;

struct _TstIdList
{
  GListModel           *model;    /* not held: it has the list */
  GParamSpec           *n_items;
  TstStore             *store;    /* held */
  const TstIdListFuncs *funcs;

  GPtrArray            *entries;  /* of Entry, owned by @by_id: the list */
  GHashTable           *by_id;    /* of their ids to the same entries */
  GHashTable           *gone;     /* of ids to Entry, owned: those out of the list whose item
                                   * somebody still has */

  gulong                ids_listener;
  gulong                finished_listener;  /* while what was read may be rolled back */
};

static void
item_gone_cb (gpointer  user_data,
              GObject  *where_the_object_was)
{
  Entry *entry = user_data;

  entry->item = NULL;
  if (g_hash_table_lookup (entry->list->gone, entry->id) == entry)
    g_hash_table_remove (entry->list->gone, entry->id);
}

static void
free_entry (gpointer data)
{
  Entry *entry = data;

  if (entry->item != NULL)
    g_object_weak_unref (entry->item, item_gone_cb, entry);

  g_free (entry->id);
  g_free (entry);
}

static GHashTable *
new_set (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, NULL, free_entry);
}

/* A model that was made without a store has no list. */
guint
tst_id_list_get_n_items (TstIdList *self)
{
  return self != NULL ? self->entries->len : 0;
}

gpointer
tst_id_list_get_item (TstIdList *self,
                      guint      position)
{
  Entry *entry;

  if (position >= tst_id_list_get_n_items (self))
    return NULL;

  entry = g_ptr_array_index (self->entries, position);
  if (entry->item != NULL)
    return g_object_ref (entry->item);

  entry->item = self->funcs->make_item (self->store, entry->id);
  g_object_weak_ref (entry->item, item_gone_cb, entry);

  return entry->item;
}

/* --- Changes --- */

static void
tell_items_changed (TstIdList *self,
                    guint      position,
                    guint      removed,
                    guint      added)
{
  if (removed == 0 && added == 0)
    return;

  g_list_model_items_changed (self->model, position, removed, added);

  if (removed != added)
    g_object_notify_by_pspec (G_OBJECT (self->model), self->n_items);
}

/* The same one, if it was there before and somebody has its item. */
static Entry *
make_entry (TstIdList  *self,
            const char *id)
{
  Entry *entry = g_hash_table_lookup (self->gone, id);

  if (entry != NULL)
    {
      g_hash_table_steal (self->gone, id);
      entry->removed = FALSE;
      return entry;
    }

  entry = g_new0 (Entry, 1);
  entry->list = self;
  entry->id = g_strdup (id);

  return entry;
}

/* Appends the entry of an id that is not in the list. */
static void
append_id (TstIdList  *self,
           const char *id)
{
  Entry *entry = make_entry (self, id);

  g_hash_table_insert (self->by_id, entry->id, entry);
  g_ptr_array_add (self->entries, entry);
}

static gboolean
is_removed (TstIdList *self,
            guint      position)
{
  return ((Entry *) g_ptr_array_index (self->entries, position))->removed;
}

static void
remove_stretch (TstIdList *self,
                guint      position,
                guint      count)
{
  for (guint i = position; i < position + count; i++)
    {
      Entry *entry = g_ptr_array_index (self->entries, i);

      g_hash_table_steal (self->by_id, entry->id);
      if (entry->item != NULL)
        g_hash_table_insert (self->gone, entry->id, entry);
      else
        free_entry (entry);
    }

  g_ptr_array_remove_range (self->entries, position, count);
  tell_items_changed (self, position, count, 0);
}

static void
remove_ids (TstIdList          *self,
            const char * const *ids)
{
  guint end;

  for (gsize i = 0; ids[i] != NULL; i++)
    {
      Entry *entry = g_hash_table_lookup (self->by_id, ids[i]);

      if (entry != NULL)
        entry->removed = TRUE;
    }

  /* From the end, so that the positions before stay right. */
  end = self->entries->len;
  while (end > 0)
    {
      guint start = end;

      while (start > 0 && is_removed (self, start - 1))
        start--;

      if (start < end)
        remove_stretch (self, start, end - start);

      /* The one before stays. */
      end = start > 0 ? start - 1 : 0;
    }
}

/* New ids are at the end, in the order of @ids. */
static void
append_ids (TstIdList          *self,
            const char * const *ids)
{
  guint position = self->entries->len;

  /* A list made in the middle of things may have read some of them already. */
  for (gsize i = 0; ids[i] != NULL; i++)
    if (!g_hash_table_contains (self->by_id, ids[i]))
      append_id (self, ids[i]);

  tell_items_changed (self, position, 0, self->entries->len - position);
}

static void
ids_changed_cb (TstStore           *store,
                const char * const *added,
                const char * const *removed,
                gpointer            user_data)
{
  TstIdList *self = user_data;
  /* Whoever is told may let go of the model, and so of the list. */
  g_autoptr(GListModel) model = g_object_ref (self->model);

  if (removed != NULL)
    remove_ids (self, removed);

  if (added != NULL)
    append_ids (self, added);
}

/* What somebody has the item of stays known, to be the same one when it is back. */
static void
keep_items (TstIdList  *self,
            GHashTable *entries)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Entry *entry = value;

      if (entry->item == NULL)
        continue;

      g_hash_table_iter_steal (&iter);
      g_hash_table_insert (self->gone, entry->id, entry);
    }
}

/* Makes the list equal to the store, when it is not known what happened. */
static void
read_again (TstIdList *self)
{
  g_auto(GStrv) ids = self->funcs->get_ids (self->store);
  g_autoptr(GPtrArray) old = g_steal_pointer (&self->entries);
  g_autoptr(GHashTable) old_by_id = g_steal_pointer (&self->by_id);
  guint start = 0;
  guint end = 0;
  guint shorter;

  self->entries = g_ptr_array_new ();
  self->by_id = new_set ();

  for (gsize i = 0; ids[i] != NULL; i++)
    {
      gpointer entry;

      if (g_hash_table_steal_extended (old_by_id, ids[i], NULL, &entry))
        {
          g_hash_table_insert (self->by_id, ((Entry *) entry)->id, entry);
          g_ptr_array_add (self->entries, entry);
        }
      else
        {
          append_id (self, ids[i]);
        }
    }
  keep_items (self, old_by_id);

  shorter = MIN (self->entries->len, old->len);
  while (start < shorter && self->entries->pdata[start] == old->pdata[start])
    start++;

  while (end < shorter - start &&
         self->entries->pdata[self->entries->len - 1 - end] == old->pdata[old->len - 1 - end])
    end++;

  tell_items_changed (self, start, old->len - start - end, self->entries->len - start - end);
}

static void
finished_cb (TstStore *store,
             gpointer  user_data)
{
  TstIdList *self = user_data;
  g_autoptr(GListModel) model = NULL;

  /* A listener has written in a transaction that follows. */
  if (tst_store_is_unsettled (store))
    return;

  model = g_object_ref (self->model);
  tst_store_remove_listener (store, self->finished_listener);
  self->finished_listener = 0;

  read_again (self);
}

/* --- Life --- */

TstIdList *
tst_id_list_new (GListModel           *model,
                 GParamSpec           *n_items,
                 TstStore             *store,
                 const TstIdListFuncs *funcs)
{
  TstIdList *self = g_new0 (TstIdList, 1);
  g_auto(GStrv) ids = funcs->get_ids (store);

  self->model = model;
  self->n_items = n_items;
  self->store = g_object_ref (store);
  self->funcs = funcs;
  self->entries = g_ptr_array_new ();
  self->by_id = new_set ();
  self->gone = new_set ();

  /* Not held by the listeners, which are removed before the model goes away. */
  self->ids_listener = funcs->add_listener (store, TST_LISTENER_DEFAULT, ids_changed_cb, self, NULL);

  /* What an open transaction did so far is there already, but a rollback would
   * tell nobody of its end. */
  if (tst_store_is_unsettled (store))
    self->finished_listener = tst_store_add_finished_listener (store, finished_cb, self, NULL);

  for (gsize i = 0; ids[i] != NULL; i++)
    append_id (self, ids[i]);

  return self;
}

void
tst_id_list_stop (TstIdList *self)
{
  if (self->ids_listener != 0)
    tst_store_remove_listener (self->store, self->ids_listener);
  self->ids_listener = 0;

  if (self->finished_listener != 0)
    tst_store_remove_listener (self->store, self->finished_listener);
  self->finished_listener = 0;
}

void
tst_id_list_free (TstIdList *self)
{
  g_ptr_array_unref (self->entries);
  g_hash_table_unref (self->by_id);
  g_hash_table_unref (self->gone);
  g_object_unref (self->store);
  g_free (self);
}
