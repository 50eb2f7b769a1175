/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-storage-insides-private.h"

#include <glib/gi18n-lib.h>

#include "tst-item-name-private.h"
#include "tst-item-text-private.h"

/* What changed, and telling of it. */

/* --- Listing --- */

/* Adds the keys that may have an item in a file: those of its groups that belong
 * there. Where "A" and "a" are one file, it is for both. */
static void
add_keys_of (TstStorage *self,
             const char *name,
             GHashTable *keys)
{
  g_autofree char *path = g_build_filename (self->path, name, NULL);
  g_autofree char *stem = tst_item_file_name_get_group (name);
  TstSharedFile *file = tst_shared_file_new (path);
  g_autoptr(GBytes) text = NULL;
  g_autofree char *tag = NULL;
  g_auto(GStrv) groups = NULL;

  if (stem != NULL)
    g_hash_table_add (keys, tst_item_group_get_key (stem));

  tst_shared_file_set_kind (file, self->flags, TST_ITEM_MAX_SIZE);
  if (tst_shared_file_read (file, NULL, NULL, &text, &tag, NULL) == TST_FILE_READ_CONTENT)
    groups = tst_item_text_get_groups (text);

  for (guint i = 0; groups != NULL && groups[i] != NULL; i++)
    {
      g_autofree char *key = tst_item_group_get_key (groups[i]);
      g_autofree char *own_name = key != NULL ? tst_item_file_name (groups[i]) : NULL;

      if (key != NULL && g_ascii_strcasecmp (own_name, name) == 0)
        g_hash_table_add (keys, g_steal_pointer (&key));
    }

  tst_shared_file_free (file);
}

gboolean
tst_storage_add_all_keys (TstStorage  *self,
                          GHashTable  *keys,
                          GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GDir) dir = NULL;
  const char *name;

  if (self->memory != NULL)
    {
      tst_memory_list (self->memory, keys);
      return TRUE;
    }

  if (self->path == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           _("Only local folders can be used"));
      return FALSE;
    }

  dir = g_dir_open (self->path, 0, &local_error);
  if (g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return TRUE;
  if (dir == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, g_io_error_from_file_error (local_error->code),
                           local_error->message);
      return FALSE;
    }

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      if (tst_item_file_name_is_ours (name))
        add_keys_of (self, name, keys);
    }

  return TRUE;
}

/* --- Telling --- */

typedef struct
{
  TstStorage *storage;
  char       *key;
} Change;

static void
change_free (gpointer data)
{
  Change *change = data;

  g_object_unref (change->storage);
  g_free (change->key);
  g_free (change);
}

static gboolean
emit_cb (gpointer user_data)
{
  Change *change = user_data;

  tst_storage_emit_changed (change->storage, change->key);

  return G_SOURCE_REMOVE;
}

/* Not g_main_context_invoke(), which may call back in this thread. */
static void
emit_later (TstStorage *self,
            const char *key)
{
  g_autoptr(GSource) source = g_idle_source_new ();
  Change *change = g_new0 (Change, 1);

  change->storage = g_object_ref (self);
  change->key = g_strdup (key);

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (source, "TstStorage");
  g_source_set_callback (source, emit_cb, change, change_free);
  g_source_attach (source, self->context);
}

/* Whether that is news. */
static gboolean
set_told (TstStorage *self,
          TstStorageEntry *entry,
          const char *tag)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (entry->known && g_strcmp0 (entry->told, tag) == 0)
    return FALSE;

  entry->known = TRUE;
  g_free (entry->told);
  entry->told = g_strdup (tag);

  return TRUE;
}

static void
tell_watches (TstStorage *self,
              const char *key)
{
  g_autoptr(GPtrArray) watches = g_ptr_array_new_with_free_func ((GDestroyNotify) tst_item_watch_unref);

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->watches->len; i++)
    g_ptr_array_add (watches, tst_item_watch_ref (g_ptr_array_index (self->watches, i)));
  g_mutex_unlock (&self->lock);

  for (guint i = 0; i < watches->len; i++)
    tst_item_watch_wrote (g_ptr_array_index (watches, i), key);
}

void
tst_storage_wrote (TstStorage *self,
                   const char *key,
                   const char *tag)
{
  tell_watches (self, key);
  if (set_told (self, tst_storage_get_entry (self, key), tag))
    emit_later (self, key);
}

void
tst_storage_add_watch (TstStorage   *self,
                       TstItemWatch *watch)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_ptr_array_add (self->watches, watch);
}

void
tst_storage_remove_watch (TstStorage   *self,
                          TstItemWatch *watch)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_ptr_array_remove_fast (self->watches, watch);
}

/* --- Looking --- */

static gboolean
has_file (TstStorage *self,
          const char *key)
{
  g_autofree char *path = tst_storage_get_path_of (self, key);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* Of what was not told of before, all that is known is that it may have changed,
 * unless there is a file without it. */
static void
look_at_item (TstStorage *self,
              const char *key,
              gboolean    quiet)
{
  TstStorageEntry *entry = tst_storage_get_entry (self, key);
  g_autoptr(GBytes) content = NULL;
  g_autofree char *told = NULL;
  g_autofree char *tag = NULL;
  gboolean known;

  g_mutex_lock (&self->lock);
  known = entry->known;
  told = g_strdup (known ? entry->told : NULL);
  g_mutex_unlock (&self->lock);

  switch (tst_storage_read (self, key, told, NULL, &content, &tag, NULL))
    {
    case TST_ITEM_FAILED:
    case TST_ITEM_UNCHANGED:
      return;
    case TST_ITEM_NOTHING:
    case TST_ITEM_EMPTY:
      g_clear_pointer (&tag, g_free);
      quiet |= !known && has_file (self, key);
      break;
    case TST_ITEM_CONTENT:
    case TST_ITEM_DAMAGED:
    default:
      break;
    }

  if (set_told (self, entry, tag) && !quiet)
    emit_later (self, key);
}

static void
look_at_file (TstStorage *self,
              const char *name)
{
  g_autoptr(GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer key, entry;

  g_mutex_lock (&self->lock);
  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, &key, &entry))
    {
      if (g_ascii_strcasecmp (((TstStorageEntry *) entry)->name, name) == 0)
        g_hash_table_add (keys, g_strdup (key));
    }
  g_mutex_unlock (&self->lock);

  add_keys_of (self, name, keys);

  g_hash_table_iter_init (&iter, keys);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    look_at_item (self, key, FALSE);
}

static void
look_at_all (TstStorage *self,
             gboolean    quiet)
{
  g_autoptr(GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer key;

  g_mutex_lock (&self->lock);
  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_hash_table_add (keys, g_strdup (key));
  g_mutex_unlock (&self->lock);

  tst_storage_add_all_keys (self, keys, NULL);

  g_hash_table_iter_init (&iter, keys);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    look_at_item (self, key, quiet);
}

static void
look_in_thread (GTask        *task,
                gpointer      source_object,
                gpointer      task_data,
                GCancellable *cancellable)
{
  TstStorage *self = source_object;

  for (;;)
    {
      g_autoptr(GHashTable) due = NULL;
      GHashTableIter iter;
      gboolean all_due;
      gpointer name;

      g_mutex_lock (&self->lock);
      due = g_steal_pointer (&self->due);
      all_due = self->all_due;
      self->all_due = FALSE;
      if (due == NULL && !all_due)
        self->looking = FALSE;
      g_mutex_unlock (&self->lock);

      if (due == NULL && !all_due)
        break;

      if (all_due)
        look_at_all (self, !self->seen);
      self->seen |= all_due;
      if (due == NULL)
        continue;

      g_hash_table_iter_init (&iter, due);
      while (g_hash_table_iter_next (&iter, &name, NULL))
        look_at_file (self, name);
    }

  g_task_return_boolean (task, TRUE);
}

/* name NULL: at all of them. */
static void
look (TstStorage *self,
      const char *name)
{
  g_autoptr(GTask) task = NULL;
  gboolean looking;

  g_mutex_lock (&self->lock);
  if (name == NULL)
    self->all_due = TRUE;
  else if (self->due == NULL)
    self->due = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (name != NULL)
    g_hash_table_add (self->due, g_strdup (name));
  looking = self->looking;
  self->looking = TRUE;
  g_mutex_unlock (&self->lock);

  if (looking)
    return;

  task = g_task_new (self, NULL, NULL, NULL);
  g_task_set_source_tag (task, look);
  g_task_run_in_thread (task, look_in_thread);
}

/* Nobody is told, so what was told last is no longer what was there last. */
static void
forget (TstStorage *self,
        const char *name)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      TstStorageEntry *entry = value;

      if (name == NULL || g_ascii_strcasecmp (entry->name, name) == 0)
        entry->known = FALSE;
    }
}

static void
folder_changed_cb (GObject    *object,
                   const char *name)
{
  TstStorage *self = TST_STORAGE (object);

  if (name != NULL && !tst_item_file_name_is_ours (name))
    return;

  if (tst_storage_is_heard (self))
    look (self, name);
  else
    forget (self, name);
}

void
tst_storage_start_watching (TstStorage *self)
{
  self->watcher = tst_folder_watcher_new (self->path, G_OBJECT (self), folder_changed_cb);

  /* To know what has changed when one looks again. */
  if (tst_folder_watcher_is_polling (self->watcher))
    look (self, NULL);
}
