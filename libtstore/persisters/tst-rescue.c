/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-machine-private.h"

#include <glib/gi18n-lib.h>

#include "tst-conflict-private.h"
#include "tst-error.h"
#include "tst-merge-private.h"

/* What a persister leaves behind that goes away with changes that it was to
 * save. It knows the medium and a snapshot, and neither the persister nor the
 * store; so it lives in a thread of its own until everything is written. */
typedef struct
{
  TstMedium   *medium;
  TstCall     *call;        /* (nullable): under way when the persister went away */
  TstSnapshot *snapshot;    /* what is to be written */
  TstBase      base;
  gboolean     reread;
  gboolean     overwrite;   /* a first save, which replaces what is there */
} Rescue;

static void
rescue_free (Rescue *rescue)
{
  tst_medium_unref (rescue->medium);
  g_clear_pointer (&rescue->call, tst_call_unref);
  tst_snapshot_unref (rescue->snapshot);
  tst_snapshot_unref (rescue->base.snapshot);
  g_free (rescue->base.tag);
  g_free (rescue);
}

static TstAnswer *
ask (Rescue  *rescue,
     TstCall *call)
{
  g_autoptr(TstRequest) request = tst_call_new_request (call);

  rescue->medium->perform (request, rescue->medium->data);

  return tst_call_wait (call);
}

static void
take_content (Rescue    *rescue,
              TstAnswer *answer)
{
  g_autoptr(TstSnapshot) next_base = tst_snapshot_ref (answer->content);

  if (!rescue->overwrite)
    {
      g_autoptr(TstConflict) conflict = tst_conflict_new ();
      TstSnapshot *merged = tst_merge (rescue->base.snapshot, rescue->snapshot, answer->content,
                                       conflict);

      tst_snapshot_unref (next_base);
      next_base = tst_merge_get_base (rescue->base.snapshot, answer->content, conflict);
      tst_snapshot_unref (rescue->snapshot);
      rescue->snapshot = merged;
    }

  tst_base_set (&rescue->base, TST_MEDIUM_HELD, answer->tag, next_base,
                next_base == answer->content);
}

static gboolean
read_base (Rescue  *rescue,
           GError **error)
{
  g_autoptr(TstCall) call = NULL;
  g_autoptr(TstAnswer) answer = NULL;

  call = tst_call_new (TST_CALL_READ, rescue->base.exact ? rescue->base.tag : NULL,
                       NULL, NULL, NULL);
  answer = ask (rescue, call);

  if (answer->kind == TST_ANSWER_ERROR)
    {
      g_propagate_error (error, g_steal_pointer (&answer->error));
      return FALSE;
    }

  if (answer->kind == TST_ANSWER_CONTENT)
    take_content (rescue, answer);
  else if (answer->kind == TST_ANSWER_UNCHANGED)
    rescue->base.state = TST_MEDIUM_HELD;
  else if (answer->kind == TST_ANSWER_MALFORMED)
    tst_base_set (&rescue->base, TST_MEDIUM_MALFORMED, answer->tag, rescue->base.snapshot, FALSE);
  else
    tst_base_set (&rescue->base, TST_MEDIUM_ABSENT, answer->tag, rescue->base.snapshot, FALSE);

  rescue->reread = FALSE;

  return TRUE;
}

static gboolean
write_snapshot (Rescue    *rescue,
                gboolean  *saved,
                GError   **error)
{
  g_autoptr(TstCall) call = tst_call_new (TST_CALL_WRITE, rescue->base.tag, NULL, NULL, NULL);
  g_autoptr(TstAnswer) answer = NULL;

  tst_call_set_snapshot (call, rescue->snapshot, rescue->base.state == TST_MEDIUM_MALFORMED);
  answer = ask (rescue, call);

  if (answer->kind == TST_ANSWER_ERROR)
    {
      g_propagate_error (error, g_steal_pointer (&answer->error));
      return FALSE;
    }

  *saved = answer->kind == TST_ANSWER_SAVED;
  rescue->reread = TRUE;

  return TRUE;
}

static gboolean
save (Rescue  *rescue,
      GError **error)
{
  gboolean saved = FALSE;

  for (guint round = 0; !saved && round < TST_MACHINE_MAX_ROUNDS; round++)
    {
      if (rescue->reread && !read_base (rescue, error))
        return FALSE;
      if (!write_snapshot (rescue, &saved, error))
        return FALSE;
      rescue->overwrite = FALSE;
    }

  if (!saved)
    g_set_error_literal (error, TST_ERROR, TST_ERROR_CHANGED_ELSEWHERE,
                         _("It was changed elsewhere again and again while it was to be saved"));

  return saved;
}

/* One thing at a time, also now. */
static void
wait_for_call (Rescue *rescue)
{
  g_autoptr(TstAnswer) answer = NULL;

  if (rescue->call == NULL)
    return;

  answer = tst_call_wait (rescue->call);
  if (answer->kind == TST_ANSWER_SAVED)
    tst_base_set (&rescue->base, TST_MEDIUM_HELD, answer->tag,
                  tst_call_get_snapshot (rescue->call), TRUE);
  else
    rescue->reread = TRUE;
}

static gpointer
rescue_in_thread (gpointer user_data)
{
  Rescue *rescue = user_data;
  g_autoptr(GError) error = NULL;

  wait_for_call (rescue);

  if (rescue->reread || !tst_base_is_held (&rescue->base) ||
      !tst_snapshot_equal (rescue->snapshot, rescue->base.snapshot))
    {
      if (!save (rescue, &error))
        g_warning ("The last changes of a store are lost: %s", error->message);
    }

  rescue_free (rescue);

  return NULL;
}

/* A medium that needs the persister: it can still be asked, and not waited for. */
static void
ask_once (TstMachine *m)
{
  g_autoptr(TstCall) call = tst_call_new (TST_CALL_WRITE, m->base.tag, NULL, NULL, NULL);
  g_autoptr(TstSnapshot) snapshot = tst_store_snapshot (m->store);
  g_autoptr(TstRequest) request = NULL;
  g_autoptr(GError) error = NULL;

  /* Not without knowing what would be replaced. */
  if (m->base.state != TST_MEDIUM_HELD && m->base.state != TST_MEDIUM_ABSENT)
    return;

  tst_call_set_snapshot (call, snapshot, FALSE);
  request = tst_call_new_request (call);
  if (!TST_PERSISTER_GET_CLASS (m->persister)->write (m->persister, request, &error))
    g_warning ("The last changes of a store are lost: %s",
               error != NULL ? error->message : "not answered");
}

static gboolean
is_saving (TstMachine *m)
{
  if (m->step != NULL && m->step->kind == TST_STEP_SAVE)
    return TRUE;

  for (GList *l = m->steps.head; l != NULL; l = l->next)
    {
      if (((TstStep *) l->data)->kind == TST_STEP_SAVE)
        return TRUE;
    }

  return FALSE;
}

void
tst_machine_rescue (TstMachine *m)
{
  Rescue *rescue;

  if (!m->dirty || !(m->auto_save || is_saving (m)))
    return;

  g_warning ("A %s lost its last reference before its last changes were saved; "
             "close it first", G_OBJECT_TYPE_NAME (m->persister));

  if (m->medium == NULL)
    {
      ask_once (m);
      return;
    }

  rescue = g_new0 (Rescue, 1);
  rescue->medium = tst_medium_ref (m->medium);
  rescue->snapshot = tst_store_snapshot (m->store);
  rescue->base = m->base;
  rescue->base.tag = g_strdup (m->base.tag);
  rescue->base.snapshot = tst_snapshot_ref (m->base.snapshot);
  rescue->reread = m->reread || m->base.state == TST_MEDIUM_UNKNOWN ||
                   m->base.state == TST_MEDIUM_UNREADABLE;
  rescue->overwrite = !m->base.seen && !m->load_wanted;
  if (m->call != NULL && m->answer == NULL)
    {
      tst_call_forget (m->call);
      rescue->call = tst_call_ref (m->call);
    }

  g_thread_unref (g_thread_new ("tst-rescue", rescue_in_thread, rescue));
}
