/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-folder-watcher-private.h"

#include "tst-file-watcher-private.h"

struct _TstFolderWatcher
{
  GFileMonitor *monitor;      /* (nullable) */
  GSource      *poll_source;  /* (nullable) */
};

/* What the callbacks hold: they may run in another thread while the owner goes. */
typedef struct
{
  GWeakRef             owner;
  TstFolderWatcherFunc func;
} Handler;

static Handler *
handler_new (GObject              *owner,
             TstFolderWatcherFunc  func)
{
  Handler *handler = g_new0 (Handler, 1);

  g_weak_ref_init (&handler->owner, owner);
  handler->func = func;

  return handler;
}

static void
handler_free (gpointer data)
{
  Handler *handler = data;

  g_weak_ref_clear (&handler->owner);
  g_free (handler);
}

static void
tell (Handler *handler,
      GFile   *file)
{
  g_autoptr(GObject) owner = g_weak_ref_get (&handler->owner);
  g_autofree char *name = file != NULL ? g_file_get_basename (file) : NULL;

  if (owner != NULL)
    handler->func (owner, name);
}

static gboolean
poll_cb (gpointer user_data)
{
  tell (user_data, NULL);

  return G_SOURCE_CONTINUE;
}

static void
changed_cb (GFileMonitor      *monitor,
            GFile             *file,
            GFile             *other_file,
            GFileMonitorEvent  event,
            gpointer           user_data)
{
  tell (user_data, file);
  if (other_file != NULL)
    tell (user_data, other_file);
}

TstFolderWatcher *
tst_folder_watcher_new (const char           *path,
                        GObject              *owner,
                        TstFolderWatcherFunc  func)
{
  TstFolderWatcher *self = g_new0 (TstFolderWatcher, 1);
  g_autoptr(GMainContext) context = g_main_context_ref_thread_default ();
  g_autoptr(GFile) folder = g_file_new_for_path (path);
  g_autoptr(GError) error = NULL;

  self->monitor = g_file_monitor_directory (folder, G_FILE_MONITOR_WATCH_MOVES, NULL, &error);
  if (self->monitor != NULL)
    g_signal_connect_data (self->monitor, "changed", G_CALLBACK (changed_cb),
                           handler_new (owner, func), (GClosureNotify) handler_free, 0);
  else
    g_debug ("Polling, because a folder cannot be watched: %s", error->message);

  if (self->monitor != NULL && tst_file_monitor_is_native (self->monitor))
    return self;

  self->poll_source = g_timeout_source_new (TST_FILE_WATCHER_POLL_MS);
  g_source_set_static_name (self->poll_source, "TstFolderWatcher");
  g_source_set_callback (self->poll_source, poll_cb, handler_new (owner, func), handler_free);
  g_source_attach (self->poll_source, context);

  return self;
}

void
tst_folder_watcher_free (TstFolderWatcher *self)
{
  if (self->monitor != NULL)
    {
      g_signal_handlers_disconnect_matched (self->monitor, G_SIGNAL_MATCH_FUNC, 0, 0, NULL,
                                            changed_cb, NULL);
      g_file_monitor_cancel (self->monitor);
      g_object_unref (self->monitor);
    }

  if (self->poll_source != NULL)
    {
      g_source_destroy (self->poll_source);
      g_source_unref (self->poll_source);
    }

  g_free (self);
}

gboolean
tst_folder_watcher_is_polling (TstFolderWatcher *self)
{
  return self->poll_source != NULL;
}
