/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-file-watcher-private.h"
#include "tst-storage-private.h"

/* An item in a file is watched as the file; one in memory is told of by whoever
 * writes it, in any thread. */

struct _TstItemWatch
{
  TstStorage       *storage;
  char             *key;
  TstFileWatcher   *watcher;    /* (nullable) */

  GMainContext     *context;
  TstItemWatchFunc  func;       /* (nullable): NULL: it was freed. In the context only */
  gpointer          user_data;
};

TstItemWatch *
tst_item_watch_ref (TstItemWatch *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
item_watch_clear (gpointer data)
{
  TstItemWatch *self = data;

  g_object_unref (self->storage);
  g_main_context_unref (self->context);
  g_free (self->key);
}

void
tst_item_watch_unref (TstItemWatch *self)
{
  g_atomic_rc_box_release_full (self, item_watch_clear);
}

static gboolean
tell_cb (gpointer user_data)
{
  TstItemWatch *self = user_data;

  if (self->func != NULL)
    self->func (self->user_data);

  return G_SOURCE_REMOVE;
}

void
tst_item_watch_wrote (TstItemWatch *self,
                      const char   *key)
{
  g_autoptr(GSource) source = NULL;

  if (!g_str_equal (key, self->key))
    return;

  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (source, "TstItemWatch");
  g_source_set_callback (source, tell_cb, tst_item_watch_ref (self),
                         (GDestroyNotify) tst_item_watch_unref);
  g_source_attach (source, self->context);
}

TstItemWatch *
tst_item_watch_new (TstStorage       *storage,
                    const char       *key,
                    TstItemWatchFunc  func,
                    gpointer          user_data)
{
  TstItemWatch *self = g_atomic_rc_box_new0 (TstItemWatch);
  g_autofree char *path = tst_storage_get_path_of (storage, key);

  self->storage = g_object_ref (storage);
  self->key = g_strdup (key);
  self->context = g_main_context_ref_thread_default ();
  self->func = func;
  self->user_data = user_data;

  if (path != NULL)
    {
      g_autoptr(GFile) file = g_file_new_for_path (path);

      self->watcher = tst_file_watcher_new (file, func, user_data);
    }
  else
    {
      tst_storage_add_watch (storage, self);
    }

  return self;
}

void
tst_item_watch_free (TstItemWatch *self)
{
  if (self->watcher != NULL)
    g_clear_pointer (&self->watcher, tst_file_watcher_free);
  else
    tst_storage_remove_watch (self->storage, self);

  self->func = NULL;
  tst_item_watch_unref (self);
}
