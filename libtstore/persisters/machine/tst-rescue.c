/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-machine-private.h"

#include <glib/gi18n-lib.h>

#include "tst-cell-private.h"
#include "tst-conflict-private.h"
#include "tst-engine-private.h"
#include "tst-error.h"
#include "tst-merge-private.h"
#include "tst-system-private.h"

/* What a persister leaves behind that goes away with changes that it was to
 * save. It knows the medium and a snapshot, and neither the persister nor the
 * store; so it lives in a thread of its own until everything is written. */
typedef struct
{
  TstMedium   *medium;
  TstStore    *store;       /* (nullable): until it is quiet */
  guint        observer_id;
  TstCall     *call;        /* (nullable): under way when the persister went away */
  TstAnswer   *answer;      /* (nullable): that nobody has looked at */
  TstSnapshot *snapshot;    /* (nullable): what is to be written; NULL while there is a store */
  TstBase      base;
  TstSent      sent;        /* instead of the base, perhaps */
  gboolean     reread;
  gboolean     fold;        /* all is saved, but not as everybody can read it */
  gboolean     folded;      /* by somebody else, or gone */
  gboolean     unchanged;   /* what was read last is what was known */
  gboolean     overwrite;   /* a first save, which replaces what is there */
} Rescue;

static void
rescue_free (Rescue *rescue)
{
  tst_medium_unref (rescue->medium);
  g_clear_pointer (&rescue->call, tst_call_unref);
  g_clear_pointer (&rescue->answer, tst_answer_free);
  g_clear_pointer (&rescue->snapshot, tst_snapshot_unref);
  tst_base_clear (&rescue->base);
  tst_sent_clear (&rescue->sent);
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

/* Where there are none, those of ours are not removed. */
static TstSnapshot *
add_values (Rescue    *rescue,
            TstAnswer *answer)
{
  g_autoptr(TstEngine) engine = NULL;
  const TstTableData *values;
  TstRowView row;

  values = answer->has_values ? NULL : tst_snapshot_get_values (rescue->snapshot, &row);
  if (values == NULL)
    return tst_snapshot_ref (answer->content);

  engine = tst_engine_new_for_snapshot (answer->content);
  for (guint i = 0; i < row.n_cells; i++)
    {
      const TstId *id = tst_table_data_get_column_id (values, row.columns[i]);
      TstCell cell;

      tst_cell_copy (&cell, &row.cells[i]);
      tst_engine_put_value (engine, id->text, id->length, &cell);
    }

  return tst_engine_finish (g_steal_pointer (&engine));
}

static void
take_content (Rescue    *rescue,
              TstAnswer *answer)
{
  g_autoptr(TstSnapshot) next = NULL;

  tst_base_recognize_sent (&rescue->base, &rescue->sent, answer->content, answer->tag);

  if (!rescue->overwrite)
    {
      g_autoptr(TstConflict) conflict = tst_conflict_new ();
      g_autoptr(TstSnapshot) theirs = add_values (rescue, answer);
      TstSnapshot *merged = tst_base_merge (&rescue->base, rescue->snapshot, theirs, conflict,
                                            &next);

      tst_snapshot_unref (rescue->snapshot);
      rescue->snapshot = merged;
    }

  tst_base_set (&rescue->base, TST_MEDIUM_HELD, answer->tag, answer->content, answer->has_values);
  rescue->base.merged = g_steal_pointer (&next);
  if (rescue->overwrite)
    rescue->base.number = 0; /* no row of ours comes from it */
}

/* What somebody else puts there meanwhile does not replace what is saved first. */
static void
take_nothing (Rescue         *rescue,
              TstMediumState  state,
              const char     *tag)
{
  if (rescue->overwrite)
    tst_base_set_nothing (&rescue->base, state, tag);
  else
    tst_base_set (&rescue->base, state, tag, rescue->base.snapshot, FALSE);
  rescue->overwrite = FALSE;
}

static gboolean
is_unsettled (Rescue    *rescue,
              TstAnswer *answer)
{
  return rescue->base.state != TST_MEDIUM_UNKNOWN &&
         (answer->kind == TST_ANSWER_EMPTY || answer->kind == TST_ANSWER_MALFORMED);
}

/* Perhaps somebody is just writing: not before it stays the same for a moment. */
static TstAnswer *
read_settled (Rescue *rescue)
{
  const char *base_tag = rescue->base.exact ? rescue->base.tag : NULL;
  TstAnswer *answer = NULL;

  for (guint round = 0; round < TST_MACHINE_MAX_ROUNDS; round++)
    {
      g_autoptr(TstCall) call = tst_call_new (TST_CALL_READ, base_tag, NULL, NULL, NULL);
      g_autoptr(TstAnswer) last = answer;

      if (rescue->base.exact)
        tst_call_set_base (call, rescue->base.snapshot);
      answer = ask (rescue, call);
      if (!is_unsettled (rescue, answer) ||
          (last != NULL && g_strcmp0 (last->tag, answer->tag) == 0))
        break;

      tst_system->sleep (TST_MACHINE_SETTLE_MS);
    }

  return answer;
}

static gboolean
read_base (Rescue  *rescue,
           GError **error)
{
  g_autoptr(TstAnswer) answer = read_settled (rescue);

  if (answer->kind == TST_ANSWER_ERROR)
    {
      g_propagate_error (error, g_steal_pointer (&answer->error));
      return FALSE;
    }

  rescue->unchanged = answer->kind == TST_ANSWER_UNCHANGED;
  if (answer->kind == TST_ANSWER_CONTENT)
    take_content (rescue, answer);
  else if (answer->kind == TST_ANSWER_UNCHANGED)
    rescue->base.state = TST_MEDIUM_HELD;
  else if (answer->kind == TST_ANSWER_MALFORMED)
    take_nothing (rescue, TST_MEDIUM_MALFORMED, answer->tag);
  else
    take_nothing (rescue, TST_MEDIUM_ABSENT, answer->tag);

  rescue->reread = FALSE;
  rescue->folded = answer->fold_after == TST_NO_FOLD ||
                   (answer->kind != TST_ANSWER_CONTENT && answer->kind != TST_ANSWER_UNCHANGED);

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
  tst_call_set_whole (call);
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
      if (rescue->fold && rescue->folded)
        return TRUE;
      /* It was refused for no reason: not again at once. */
      if (round > 0 && rescue->unchanged)
        tst_system->sleep (TST_MACHINE_SETTLE_MS);
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
  if (rescue->call == NULL)
    return;

  if (rescue->answer == NULL)
    rescue->answer = tst_call_wait (rescue->call);

  if (rescue->answer->kind == TST_ANSWER_SAVED)
    {
      tst_base_set_saved (&rescue->base, rescue->call, rescue->answer->tag);
      tst_sent_clear (&rescue->sent);
    }
  else
    {
      if (tst_call_get_kind (rescue->call) == TST_CALL_WRITE &&
          tst_answer_is_ambiguous (rescue->answer))
        tst_sent_add (&rescue->sent, tst_call_get_snapshot (rescue->call),
                      tst_call_get_number (rescue->call));
      rescue->reread = TRUE;
    }
}

static void
warn_lost (const GError *error)
{
  g_warning ("The last changes of a store are lost: %s", error->message);
}

static void
rescue_changes (gpointer user_data)
{
  Rescue *rescue = user_data;
  g_autoptr(GError) error = NULL;

  wait_for_call (rescue);

  if (rescue->fold || rescue->reread || !tst_base_is_held (&rescue->base) ||
      !tst_snapshot_equal (rescue->snapshot, rescue->base.snapshot))
    {
      if (!save (rescue, &error) && rescue->fold)
        g_debug ("What is saved was not written whole: %s", error->message);
      else if (error != NULL)
        warn_lost (error);
    }

  rescue_free (rescue);
}

static void
start (Rescue   *rescue,
       TstStore *store)
{
  rescue->snapshot = tst_store_snapshot (store);
  tst_system->run_in_thread (rescue_changes, rescue);
}

static void
store_changed_cb (TstStore  *store,
                  TstOrigin  origin,
                  gboolean   changed,
                  gpointer   user_data)
{
  Rescue *rescue = user_data;

  /* It may be called for each of several rounds. */
  if (changed)
    return;

  tst_store_remove_observer (store, rescue->observer_id);
  rescue->store = NULL;
  start (rescue, store);
  g_object_unref (store);
}

/* Half a transaction is not to be written: the store lives until its end. */
static void
start_when_quiet (Rescue   *rescue,
                  TstStore *store)
{
  if (!tst_store_is_busy (store))
    {
      start (rescue, store);
      return;
    }

  rescue->store = g_object_ref (store);
  rescue->observer_id = tst_store_add_observer (store, store_changed_cb, rescue);
}

/* --- Media that need the persister --- */

/* They are asked once, when the persister goes away, to save what the store has then. If
 * that is not the moment, for a transaction is open, a save is under way, or the medium
 * refuses (GJS calls nothing while it collects garbage), the persister lives on until the
 * next one. */
typedef struct
{
  TstPersister *persister;
  TstSnapshot  *snapshot;    /* (nullable): NULL until the store is quiet */
  guint         observer_id;
  gboolean      follows;     /* a save that is under way */
} LastSave;

static LastSave *
last_save_new (TstMachine *m)
{
  LastSave *last = g_new0 (LastSave, 1);

  last->persister = g_object_ref (m->persister);

  return last;
}

static void
last_save_free (gpointer data)
{
  LastSave *last = data;

  g_clear_pointer (&last->snapshot, tst_snapshot_unref);
  g_object_unref (last->persister);
  g_free (last);
}

static void
last_answered_cb (TstCall  *call,
                  gpointer  user_data)
{
  g_autoptr(TstAnswer) answer = tst_call_steal_answer (call);

  if (answer->kind == TST_ANSWER_CONFLICT)
    g_warning ("The last changes of a store are lost: it was changed elsewhere");
  else if (answer->kind == TST_ANSWER_ERROR)
    warn_lost (answer->error);
}

static gboolean
ask_once (TstMachine   *m,
          TstSnapshot  *snapshot,
          GError      **error)
{
  g_autoptr(TstCall) call = tst_call_new (TST_CALL_WRITE, m->base.tag, m->context,
                                          last_answered_cb, NULL);
  g_autoptr(TstRequest) request = NULL;

  tst_call_set_snapshot (call, snapshot, FALSE);
  request = tst_call_new_request (call);
  if (tst_machine_ask (m, call, request, error))
    return TRUE;

  tst_call_forget (call);

  return FALSE;
}

static gboolean
ask_later_cb (gpointer user_data)
{
  LastSave *last = user_data;
  g_autoptr(GError) error = NULL;

  if (!ask_once (tst_persister_get_machine (last->persister), last->snapshot, &error))
    warn_lost (error);

  return G_SOURCE_REMOVE;
}

static void
ask_later (LastSave *last)
{
  g_autoptr(GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (source, "TstPersister");
  g_source_set_callback (source, ask_later_cb, last, last_save_free);
  g_source_attach (source, tst_persister_get_machine (last->persister)->context);
}

static void
ask_when_ready (LastSave *last)
{
  TstMachine *m = tst_persister_get_machine (last->persister);

  if (last->snapshot == NULL || last->follows)
    return;

  if (tst_base_is_held (&m->base) && tst_snapshot_equal (last->snapshot, m->base.snapshot))
    last_save_free (last);
  else
    ask_later (last);
}

static void
store_quiet_cb (TstStore  *store,
                TstOrigin  origin,
                gboolean   changed,
                gpointer   user_data)
{
  LastSave *last = user_data;

  if (changed)
    return;

  tst_store_remove_observer (store, last->observer_id);
  last->snapshot = tst_store_snapshot (store);
  ask_when_ready (last);
}

/* What the store has now, or as soon as it is quiet. */
static void
take_snapshot (LastSave *last)
{
  TstStore *store = tst_persister_get_machine (last->persister)->store;

  if (tst_store_is_busy (store))
    last->observer_id = tst_store_add_observer (store, store_quiet_cb, last);
  else
    last->snapshot = tst_store_snapshot (store);
}

static void
save_before_ended_cb (TstCall  *call,
                      gpointer  user_data)
{
  LastSave *last = user_data;
  g_autoptr(TstAnswer) answer = tst_call_steal_answer (call);

  if (answer->kind == TST_ANSWER_SAVED)
    tst_base_set_saved (&tst_persister_get_machine (last->persister)->base, call, answer->tag);
  last->follows = FALSE;
  ask_when_ready (last);
}

/* One thing at a time, also now. Returns whether the last save follows one that is under
 * way. */
static gboolean
follow_save (TstMachine *m)
{
  LastSave *last;

  if (m->call == NULL || m->purpose != TST_PURPOSE_SAVE)
    return FALSE;

  if (m->answer == NULL)
    m->answer = tst_call_steal_answer (m->call);
  if (m->answer != NULL)
    {
      if (m->answer->kind == TST_ANSWER_SAVED)
        tst_base_set_saved (&m->base, m->call, m->answer->tag);
      return FALSE;
    }

  last = last_save_new (m);
  last->follows = TRUE;
  take_snapshot (last);
  tst_call_set_func (m->call, save_before_ended_cb, last);
  g_clear_pointer (&m->call, tst_call_unref); /* the medium has it */

  return TRUE;
}

/* Revives the persister, which holds the store. */
static void
rescue_by_persister (TstMachine *m)
{
  LastSave *last;

  if (follow_save (m))
    return;

  if (m->settle_source != NULL ||
      (m->base.state != TST_MEDIUM_HELD && m->base.state != TST_MEDIUM_ABSENT))
    {
      g_warning ("The last changes of a store are lost: it is not known what would be replaced");
      return;
    }

  last = last_save_new (m);
  take_snapshot (last);
  if (last->snapshot != NULL && ask_once (m, last->snapshot, NULL))
    last_save_free (last);
  else if (last->snapshot != NULL)
    ask_later (last);
}

void
tst_machine_rescue (TstMachine *m)
{
  gboolean fold;
  Rescue *rescue;

  if (m->discarded)
    return;

  fold = !m->dirty && m->medium != NULL && tst_machine_fold_now (m);
  if (!fold && !(m->dirty && (m->auto_save || tst_machine_is_saving (m))))
    return;

  if (m->dirty)
    g_warning ("A %s lost its last reference before its last changes were saved; "
               "close it first", G_OBJECT_TYPE_NAME (m->persister));

  if (m->medium == NULL)
    {
      rescue_by_persister (m);
      return;
    }

  rescue = g_new0 (Rescue, 1);
  rescue->medium = tst_medium_ref (m->medium);
  rescue->base = m->base;
  rescue->base.tag = g_strdup (m->base.tag);
  rescue->base.snapshot = tst_snapshot_ref (m->base.snapshot);
  rescue->base.merged = m->base.merged != NULL ? tst_snapshot_ref (m->base.merged) : NULL;
  rescue->reread = m->reread || m->base.state == TST_MEDIUM_UNKNOWN ||
                   m->base.state == TST_MEDIUM_UNREADABLE || m->settle_source != NULL;
  rescue->sent = m->sent;
  m->sent = (TstSent) { NULL, FALSE };
  rescue->fold = fold;
  rescue->overwrite = !m->base.seen && !m->no_overwrite;
  if (m->call != NULL)
    {
      tst_call_forget (m->call);
      rescue->call = tst_call_ref (m->call);
      rescue->answer = g_steal_pointer (&m->answer);
    }

  start_when_quiet (rescue, m->store);
}
