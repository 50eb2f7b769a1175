/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-file-watcher-private.h"

#include "tst-file-writer-private.h"
#include "tst-journal-private.h"

/* What is watched is the folder: a monitor of the file itself hears of a rename
 * over it a hundred times later, and a folder's one also hears of files that are
 * made. If the file is a symbolic link, there are two: where the link is, and
 * where it leads. */

/* Each event is told at once, and once more this long after the last one of a
 * burst: whoever hears of it looks at the file one time after the other anyway. */
#define TAIL_MS 15

typedef struct
{
  TstFileWatcher *watcher;
  GFileMonitor   *monitor;  /* (nullable) */
  GFile          *file;     /* (nullable): what counts of what happens there … */
  GFile          *journal;  /* (nullable): … and what is to be done to it */
} Place;

struct _TstFileWatcher
{
  TstFileWatcherFunc  func;
  gpointer            user_data;

  Place               link;         /* where the file is */
  Place               target;       /* where it leads, if elsewhere */
  GCancellable       *cancellable;  /* of finding that out */
  gboolean            resolving;
  gboolean            resolve_again;

  GMainContext       *context;
  GSource            *tail_source;  /* (nullable) */
  GSource            *poll_source;  /* (nullable) */
};

static void resolve (TstFileWatcher *self);

static void
clear_source (GSource **source)
{
  if (*source == NULL)
    return;

  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static GSource *
add_timeout (TstFileWatcher *self,
             guint           milliseconds,
             GSourceFunc     func)
{
  GSource *source = g_timeout_source_new (milliseconds);

  g_source_set_static_name (source, "TstFileWatcher");
  g_source_set_callback (source, func, self, NULL);
  g_source_attach (source, self->context);

  return source;
}

static gboolean
tail_cb (gpointer user_data)
{
  TstFileWatcher *self = user_data;

  clear_source (&self->tail_source);
  self->func (self->user_data);

  return G_SOURCE_REMOVE;
}

static gboolean
poll_cb (gpointer user_data)
{
  TstFileWatcher *self = user_data;

  self->func (self->user_data);

  return G_SOURCE_CONTINUE;
}

static void
tell (TstFileWatcher *self)
{
  clear_source (&self->tail_source);
  self->tail_source = add_timeout (self, TAIL_MS, tail_cb);

  self->func (self->user_data);
}

static gboolean
is_file_of (Place *place,
            GFile *file)
{
  return file != NULL && (g_file_equal (file, place->file) || g_file_equal (file, place->journal));
}

static void
monitor_changed_cb (GFileMonitor      *monitor,
                    GFile             *file,
                    GFile             *other_file,
                    GFileMonitorEvent  event,
                    gpointer           user_data)
{
  Place *place = user_data;
  TstFileWatcher *self = place->watcher;

  if (!is_file_of (place, file) && !is_file_of (place, other_file))
    return;

  /* It may be another link now, or no link any more. */
  if (place == &self->link && event != G_FILE_MONITOR_EVENT_CHANGED &&
      event != G_FILE_MONITOR_EVENT_CHANGES_DONE_HINT &&
      event != G_FILE_MONITOR_EVENT_ATTRIBUTE_CHANGED)
    resolve (self);

  tell (self);
}

static void
place_clear (Place *place)
{
  if (place->monitor != NULL)
    {
      g_signal_handlers_disconnect_by_data (place->monitor, place);
      g_file_monitor_cancel (place->monitor);
    }

  g_clear_object (&place->monitor);
  g_clear_object (&place->file);
  g_clear_object (&place->journal);
}

/* Monitors of network file systems and the like poll by themselves, slowly, or
 * hear of nothing that other computers do. */
gboolean
tst_file_monitor_is_native (GFileMonitor *monitor)
{
  const char *type = G_OBJECT_TYPE_NAME (monitor);

  return g_str_equal (type, "GInotifyFileMonitor") || g_str_equal (type, "GKqueueFileMonitor");
}

static GFile *
find_journal (GFile *file)
{
  g_autofree char *path = g_file_get_path (file);
  g_autofree char *journal = path != NULL ? tst_journal_get_path (path) : NULL;

  return journal != NULL ? g_file_new_for_path (journal) : g_object_ref (file);
}

static gboolean
place_watch (Place    *place,
             GFile    *file,
             GError  **error)
{
  g_autoptr(GFile) folder = g_file_get_parent (file);

  place_clear (place);

  place->file = g_object_ref (file);
  place->journal = find_journal (file);
  if (folder == NULL)
    folder = g_object_ref (file);

  place->monitor = g_file_monitor_directory (folder, G_FILE_MONITOR_WATCH_MOVES, NULL, error);
  if (place->monitor == NULL)
    return FALSE;

  g_signal_connect (place->monitor, "changed", G_CALLBACK (monitor_changed_cb), place);

  return TRUE;
}

static void
watch_place (TstFileWatcher *self,
             Place          *place,
             GFile          *file)
{
  g_autoptr(GError) error = NULL;

  if (!place_watch (place, file, &error))
    g_debug ("Polling, because a folder cannot be watched: %s", error->message);
  else if (tst_file_monitor_is_native (place->monitor))
    return;

  if (self->poll_source == NULL)
    self->poll_source = add_timeout (self, TST_FILE_WATCHER_POLL_MS, poll_cb);
}

/* --- Symbolic links --- */

static void
resolve_in_thread (GTask        *task,
                   gpointer      source_object,
                   gpointer      task_data,
                   GCancellable *cancellable)
{
  GError *error = NULL;
  char *path = tst_file_writer_resolve (task_data, &error);

  if (path != NULL)
    g_task_return_pointer (task, path, g_free);
  else
    g_task_return_error (task, error);
}

static void
resolved_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  TstFileWatcher *self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_task_propagate_pointer (G_TASK (result), &error);
  g_autoptr(GFile) target = NULL;

  /* Then self is gone. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->resolving = FALSE;
  if (self->resolve_again)
    resolve (self);

  if (path == NULL)
    return;

  target = g_file_new_for_path (path);
  if (g_file_equal (target, self->link.file))
    {
      place_clear (&self->target);
      return;
    }

  if (self->target.file != NULL && g_file_equal (target, self->target.file))
    return;

  /* It may have changed before it was watched. */
  watch_place (self, &self->target, target);
  tell (self);
}

static void
resolve (TstFileWatcher *self)
{
  g_autoptr(GTask) task = NULL;
  char *path = g_file_get_path (self->link.file);

  self->resolve_again = self->resolving;
  if (self->resolving || path == NULL)
    {
      g_free (path);
      return;
    }

  self->resolving = TRUE;
  task = g_task_new (NULL, self->cancellable, resolved_cb, self);
  g_task_set_source_tag (task, resolve);
  g_task_set_task_data (task, path, g_free);
  g_task_run_in_thread (task, resolve_in_thread);
}

/* --- The watcher --- */

TstFileWatcher *
tst_file_watcher_new (GFile              *file,
                      TstFileWatcherFunc  func,
                      gpointer            user_data)
{
  TstFileWatcher *self = g_new0 (TstFileWatcher, 1);

  self->func = func;
  self->user_data = user_data;
  self->context = g_main_context_ref_thread_default ();
  self->cancellable = g_cancellable_new ();
  self->link.watcher = self;
  self->target.watcher = self;

  watch_place (self, &self->link, file);
  resolve (self);

  return self;
}

void
tst_file_watcher_free (TstFileWatcher *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  clear_source (&self->tail_source);
  clear_source (&self->poll_source);
  place_clear (&self->link);
  place_clear (&self->target);
  g_main_context_unref (self->context);
  g_free (self);
}
