/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tool.h"

#include <glib-unix.h>
#include <glib/gi18n.h>

#include "tool-changes.h"
#include "tool-medium.h"
#include "tool-text.h"

typedef struct
{
  gboolean      json;
  TstStore     *shown;  /* what was there when it was told last */
  char         *told;   /* (nullable): the last failure */
  GCancellable *end;    /* cancelled when it is to end */
  GError       *error;  /* (nullable): why, if it is not by a signal */
} Watch;

static void
start_auto_load (TstPersister        *persister,
                 GCancellable        *cancellable,
                 GAsyncReadyCallback  callback,
                 gpointer             user_data)
{
  tst_persister_start_auto_load_async (persister, NULL, cancellable, callback, user_data);
}

static void
changed_cb (TstStore   *store,
            TstChanges *changes,
            gpointer    user_data)
{
  Watch *watch = user_data;

  if (watch->json)
    {
      g_autofree char *json = tst_changes_to_json (changes);

      tool_print_document (json, FALSE);
    }
  else
    {
      tool_print_changes (changes, watch->shown, store);
      tst_store_apply_changes (watch->shown, changes, NULL);
    }

  g_clear_pointer (&watch->told, g_free);
  if (watch->error == NULL && !tool_flush (&watch->error))
    g_cancellable_cancel (watch->end);
}

/* It is tried again and again; the same is told once. */
static void
failed_cb (TstPersister          *persister,
           TstPersisterOperation  operation,
           const GError          *error,
           gboolean               will_retry,
           gpointer               user_data)
{
  Watch *watch = user_data;
  g_autofree char *message = tool_make_visible (error->message);

  if (g_strcmp0 (message, watch->told) == 0)
    return;

  g_printerr ("tstore: %s\n", message);
  g_free (watch->told);
  watch->told = g_steal_pointer (&message);
}

static gboolean
quit_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);

  return G_SOURCE_CONTINUE;
}

static gboolean
watch_until_end (Watch       *watch,
                 ToolMedium  *medium,
                 gboolean     initial,
                 GError     **error)
{
  if (initial)
    g_signal_connect (medium->store, "changed", G_CALLBACK (changed_cb), watch);
  if (!tool_wait (medium->persister, start_auto_load, tst_persister_start_auto_load_finish,
                  watch->end, error))
    return tool_medium_fail (medium, error);

  if (!initial)
    {
      g_autofree char *json = tst_store_get_json (medium->store);

      if (!tst_store_set_json (watch->shown, json, error))
        return FALSE;
      g_signal_connect (medium->store, "changed", G_CALLBACK (changed_cb), watch);
    }

  g_signal_connect (medium->persister, "failed", G_CALLBACK (failed_cb), watch);
  while (!g_cancellable_is_cancelled (watch->end))
    g_main_context_iteration (NULL, TRUE);

  return TRUE;
}

/* Why it has ended, if not because it was told to. */
static gboolean
finish_watch (Watch   *watch,
              GError  *failure,
              GError **error)
{
  g_autoptr(GError) owned = failure;

  g_free (watch->told);
  if (watch->error != NULL)
    {
      g_propagate_error (error, watch->error);
      return FALSE;
    }

  if (failure == NULL || g_cancellable_is_cancelled (watch->end))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&owned));

  return FALSE;
}

gboolean
tool_run_watch (ToolCall  *call,
                GError   **error)
{
  g_autoptr(ToolMedium) medium = tool_medium_open (call->args[0], error);
  g_autoptr(TstStore) shown = tst_store_new ();
  g_autoptr(GCancellable) end = g_cancellable_new ();
  Watch watch = { call->json, shown, NULL, end, NULL };
  guint terminate_source, interrupt_source;
  GError *failure = NULL;

  if (medium == NULL)
    return FALSE;

  terminate_source = g_unix_signal_add (SIGTERM, quit_cb, end);
  interrupt_source = g_unix_signal_add (SIGINT, quit_cb, end);
  watch_until_end (&watch, medium, call->initial, &failure);
  g_source_remove (terminate_source);
  g_source_remove (interrupt_source);

  return finish_watch (&watch, failure, error);
}
