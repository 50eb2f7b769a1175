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

void
tst_base_set (TstBase        *base,
              TstMediumState  state,
              const char     *tag,
              TstSnapshot    *snapshot,
              gboolean        exact)
{
  if (base->tag != tag)
    {
      g_free (base->tag);
      base->tag = g_strdup (tag);
    }

  if (base->snapshot != snapshot)
    {
      tst_snapshot_ref (snapshot);
      tst_snapshot_unref (base->snapshot);
      base->snapshot = snapshot;
    }

  if (state == TST_MEDIUM_HELD)
    g_clear_pointer (&base->merged, tst_snapshot_unref);
  base->state = state;
  base->exact = exact;
  base->seen |= state == TST_MEDIUM_HELD;
}

void
tst_base_set_nothing (TstBase        *base,
                      TstMediumState  state,
                      const char     *tag)
{
  g_autoptr(TstEngine) engine = tst_engine_new ();
  g_autoptr(TstSnapshot) nothing = tst_engine_snapshot (engine);

  tst_base_set (base, state, tag, nothing, FALSE);
}

void
tst_base_set_saved (TstBase    *base,
                    TstCall    *call,
                    const char *tag)
{
  tst_base_set (base, TST_MEDIUM_HELD, tag, tst_call_get_snapshot (call), TRUE);
  base->number = tst_call_get_number (call);
}

/* If a save of which it was not known whether it arrived has arrived, what it
 * wrote is not the work of somebody else, and what is there is made from it. The base is
 * replaced by now, by ours or others: so none of those that are left can arrive. */
void
tst_base_recognize_sent (TstBase     *base,
                         TstSent     *sent,
                         TstSnapshot *theirs,
                         const char  *tag)
{
  guint32 number = 0;
  TstSnapshot *arrived = tst_sent_recognize (sent, base->snapshot, theirs, &number);

  if (arrived != NULL)
    {
      /* Not the content of that tag: the app may refuse that. */
      tst_base_set (base, TST_MEDIUM_HELD, tag, arrived, FALSE);
      base->number = number;
    }
  tst_sent_clear (sent);
}

TstSnapshot *
tst_base_merge (const TstBase *base,
                TstSnapshot   *ours,
                TstSnapshot   *theirs,
                TstConflict   *conflict,
                TstSnapshot  **next)
{
  TstMergeBase merge_base = {
    base->merged != NULL ? base->merged : base->snapshot,
    base->number,
    base->seen,
  };
  TstSnapshot *merged = tst_merge (&merge_base, ours, theirs, conflict);

  if (next != NULL)
    *next = tst_merge_get_base (&merge_base, theirs, conflict);

  return merged;
}

void
tst_base_clear (TstBase *base)
{
  g_clear_pointer (&base->tag, g_free);
  g_clear_pointer (&base->snapshot, tst_snapshot_unref);
  g_clear_pointer (&base->merged, tst_snapshot_unref);
}

/* --- Applying --- */

/* What the store is to become, and what to tell about it. */
static TstSnapshot *
merge (TstMachine   *m,
       TstSnapshot  *theirs,
       TstConflict **conflict,
       TstSnapshot **next)
{
  g_autoptr(TstSnapshot) ours = tst_store_snapshot (m->store);

  *conflict = tst_conflict_new ();

  return tst_base_merge (&m->base, ours, theirs, *conflict, next);
}

/* What the medium holds and what the store holds are known: what is dirty?
 * @next (nullable): what to merge with next, if it is not @theirs. */
static void
rebase (TstMachine  *m,
        TstSnapshot *theirs,
        const char  *tag,
        gboolean     has_values,
        gboolean     merged,
        TstSnapshot *next)
{
  g_autoptr(TstSnapshot) now = tst_store_snapshot (m->store);
  gboolean equal = has_values ? tst_snapshot_equal (now, theirs) : !merged;

  /* If they are equal, the snapshot that shares its memory with the store. */
  tst_base_set (&m->base, TST_MEDIUM_HELD, tag, equal ? now : theirs, has_values);

  /* What was added here before, and is not persisted, stays to be told from what is
   * there. */
  if (equal)
    m->base.number = tst_snapshot_get_number (now);
  else if (next != NULL)
    m->base.merged = tst_snapshot_ref (next);
  m->dirty = !equal;
  m->save_failed = FALSE; /* it was to save, or to replace, something else */
  g_clear_pointer (&m->defaults, tst_snapshot_unref);
  m->keeps_store = TRUE;
}

/* Fails if the app does not have it: then the store is no change to what is there,
 * and must not replace it. */
static gboolean
apply_content (TstMachine   *m,
               TstAnswer    *answer,
               gboolean      revert,
               TstConflict **conflict,
               GError      **error)
{
  TstParts parts = answer->has_values ? TST_PART_ALL : TST_PART_TABLES;
  g_autoptr(TstSnapshot) result = NULL;
  g_autoptr(TstSnapshot) next = NULL;
  gboolean merged;

  tst_base_recognize_sent (&m->base, &m->sent, answer->content, answer->tag);

  merged = m->dirty && !revert;
  if (merged)
    {
      result = merge (m, answer->content, conflict, &next);
      parts |= TST_PART_POOLED;
    }
  else
    {
      result = tst_snapshot_ref (answer->content);
    }

  if (!tst_machine_write_to_store (m, result, parts, m, error))
    return FALSE;

  rebase (m, answer->content, answer->tag, answer->has_values, merged, next);

  return TRUE;
}

/* --- Answers to reading --- */

static void
end_load (TstMachine  *m,
          TstConflict *conflict)
{
  m->n_loads++;
  tst_machine_end_step (m, TST_EVENT_LOADED, conflict, NULL);
}

static void
fail (TstMachine *m,
      GError     *error)
{
  tst_machine_end_step (m, TST_EVENT_NONE, NULL, error);
}

/* Also for the news that a save has found waiting. */
static void
fail_to_read (TstMachine *m,
              GError     *error)
{
  m->load_failed |= m->purpose == TST_PURPOSE_REREAD && m->auto_load;
  fail (m, error);
}

/* The medium has refused to replace the version that it holds. Some do not take the
 * name of a new version before a moment has passed, and what a cache says it holds is
 * what it held. Asked again at once, it would say the same. */
static void
wait_after_refusal (TstMachine *m)
{
  if (m->n_refused >= TST_MACHINE_MAX_REFUSED)
    {
      fail (m, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_BUSY,
                                    _("It cannot be replaced for the time being")));
      return;
    }

  tst_machine_schedule_refused (m);
  m->n_refused++;
  tst_machine_put_step_back (m);
}

/* The medium was read for a save for the first time, and there is no content: all
 * of the store is to be saved, whatever somebody else puts there meanwhile. */
static void
begin_with_nothing (TstMachine *m)
{
  tst_base_set_nothing (&m->base, m->base.state, m->base.tag);
  m->no_overwrite = TRUE;
  m->dirty = TRUE;
}

/* The medium has been looked at: is it to be written whole? A look that finds nothing
 * new does not put that off. */
static void
take_fold (TstMachine *m,
           gint        fold_after,
           gboolean    is_new)
{
  m->fold_after = fold_after;
  if (is_new || m->fold_source == NULL || fold_after == TST_NO_FOLD)
    tst_machine_schedule_fold (m);
}

static void
handle_nothing (TstMachine *m,
                const char *tag)
{
  gboolean first = !m->base.seen;

  take_fold (m, TST_NO_FOLD, TRUE);
  m->reread = FALSE;
  if (m->base.state != TST_MEDIUM_ABSENT)
    tst_machine_clear_timer (&m->retry_source); /* what failed was to replace something else */
  if (m->base.state == TST_MEDIUM_HELD)
    tst_sent_clear (&m->sent); /* it was to replace what is gone */
  tst_base_set (&m->base, TST_MEDIUM_ABSENT, tag, m->base.snapshot, FALSE);

  if (m->purpose == TST_PURPOSE_REREAD)
    {
      if (first && !m->no_overwrite)
        begin_with_nothing (m);
      return;
    }

  if (first && m->defaults != NULL)
    {
      tst_machine_show_defaults (m);
      m->keeps_store = TRUE;
      m->save_failed |= m->auto_save; /* nothing is dirty, and nothing is there */
    }

  end_load (m, NULL);
}

static void
handle_empty (TstMachine *m,
              const char *tag)
{
  gboolean known = m->base.state == TST_MEDIUM_ABSENT && m->settle_source == NULL &&
                   g_strcmp0 (tag, m->base.tag) == 0;

  /* Where something was, or nothing, somebody may be about to write. */
  if (known || m->base.state == TST_MEDIUM_UNKNOWN || tst_machine_is_settled (m, tag))
    {
      tst_machine_settled (m);
    }
  else if (!m->step->revert)
    {
      tst_machine_put_step_back (m);
      return;
    }

  /* Who calls load() wants to know what is there now. */
  handle_nothing (m, tag);
}

static void
handle_unchanged (TstMachine *m,
                  gboolean    after_conflict)
{
  tst_machine_settled (m);
  m->reread = FALSE;
  m->base.state = TST_MEDIUM_HELD;

  if (m->purpose == TST_PURPOSE_REREAD)
    {
      if (after_conflict)
        wait_after_refusal (m);
      return;
    }

  if (m->step->revert && !m->auto_save && m->dirty)
    {
      g_autoptr(TstSnapshot) theirs = tst_snapshot_ref (m->base.snapshot);

      /* If the app does not have it, it is as dirty as before. */
      if (tst_machine_write_to_store (m, theirs, TST_PART_ALL, m, NULL))
        {
          rebase (m, theirs, m->base.tag, TRUE, FALSE, NULL);
          /* If it arrives yet, it is not what the store was made from. */
          tst_sent_clear (&m->sent);
        }
    }

  if (m->step != NULL && m->step->operations->len > 0)
    end_load (m, NULL);
  else
    tst_machine_end_step (m, TST_EVENT_NONE, NULL, NULL);
}

static void
handle_content (TstMachine *m,
                TstAnswer  *answer)
{
  g_autoptr(TstConflict) conflict = NULL;
  gboolean revert = m->purpose == TST_PURPOSE_LOAD && m->step->revert && !m->auto_save;
  GError *error = NULL;

  tst_machine_settled (m);

  if (m->purpose == TST_PURPOSE_REREAD && !m->base.seen && !m->no_overwrite)
    {
      /* A first save replaces what is there, once it is known what that is. */
      tst_base_set (&m->base, TST_MEDIUM_HELD, answer->tag, answer->content, answer->has_values);
      m->base.number = 0; /* no row of ours comes from it */
      m->dirty = TRUE;
      m->reread = FALSE;
      return;
    }

  if (!apply_content (m, answer, revert, &conflict, &error))
    {
      m->reread = TRUE; /* it is there, and not here: no save is to replace it */
      if (m->base.state == TST_MEDIUM_MALFORMED)
        m->base.state = TST_MEDIUM_UNREADABLE; /* not any more: so it is tried again */
      fail_to_read (m, error);
      return;
    }

  m->reread = FALSE;
  if (m->purpose == TST_PURPOSE_LOAD)
    {
      end_load (m, conflict);
      return;
    }

  m->load_failed = FALSE;
  m->n_loads++;
  tst_machine_publish (m);
  tst_persister_emit_conflict (m->persister, conflict);
  tst_persister_emit_loaded (m->persister);
}

static void
handle_malformed (TstMachine *m,
                  TstAnswer  *answer)
{
  if (m->base.state == TST_MEDIUM_UNKNOWN || tst_machine_is_settled (m, answer->tag))
    {
      tst_machine_settled (m);
    }
  else if (!m->step->revert)
    {
      tst_machine_put_step_back (m);
      return;
    }

  tst_base_set (&m->base, TST_MEDIUM_MALFORMED, answer->tag, m->base.snapshot, FALSE);

  if (m->purpose == TST_PURPOSE_LOAD && !m->base.seen)
    tst_machine_show_defaults (m);

  if (m->purpose == TST_PURPOSE_REREAD && m->medium != NULL)
    {
      /* It is kept aside when it is replaced. */
      m->reread = FALSE;
      if (!m->base.seen && !m->no_overwrite)
        begin_with_nothing (m);
      return;
    }

  fail (m, g_steal_pointer (&answer->error));
}

static void
handle_unreadable (TstMachine *m,
                   TstAnswer  *answer)
{
  gboolean cancelled = g_error_matches (answer->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  if (m->purpose == TST_PURPOSE_REREAD &&
      g_error_matches (answer->error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED))
    {
      /* A medium that can only be written to. */
      tst_machine_settled (m);
      handle_nothing (m, NULL);
      return;
    }

  if (!cancelled)
    m->base.state = TST_MEDIUM_UNREADABLE;

  if (!cancelled && m->purpose == TST_PURPOSE_LOAD && !m->base.seen)
    {
      g_autoptr(TstSnapshot) defaults = m->defaults != NULL ? tst_snapshot_ref (m->defaults) : NULL;

      tst_machine_show_defaults (m);
      /* If it turns out later that nothing is there, they are what to create. */
      m->defaults = g_steal_pointer (&defaults);
    }

  if (cancelled)
    tst_machine_end_abandoned (m);
  else
    fail_to_read (m, g_steal_pointer (&answer->error));
}

/* --- Answers to writing --- */

gboolean
tst_answer_is_ambiguous (const TstAnswer *answer)
{
  const GError *error = answer->error;

  if (answer->kind != TST_ANSWER_ERROR)
    return FALSE;

  if (error->domain == TST_ERROR)
    return error->code == TST_ERROR_NOT_ANSWERED;

  if (error->domain != G_IO_ERROR)
    return TRUE;

  switch (error->code)
    {
    case G_IO_ERROR_NO_SPACE:
    case G_IO_ERROR_PERMISSION_DENIED:
    case G_IO_ERROR_READ_ONLY:
    case G_IO_ERROR_NOT_FOUND:
    case G_IO_ERROR_NOT_SUPPORTED:
    case G_IO_ERROR_BUSY:
    case G_IO_ERROR_CONNECTION_REFUSED:
      return FALSE;
    default:
      return TRUE;
    }
}

static void
handle_saved (TstMachine *m,
              TstCall    *call,
              const char *tag)
{
  tst_base_set_saved (&m->base, call, tag);
  tst_sent_clear (&m->sent);
  if (m->step->whole)
    m->n_failed_folds = 0;
  g_clear_pointer (&m->defaults, tst_snapshot_unref);
  m->dirty = m->n_changes != m->n_changes_written;
  m->keeps_store = TRUE;

  if (m->step->silent)
    {
      tst_machine_end_step (m, TST_EVENT_NONE, NULL, NULL);
      return;
    }

  m->n_saves++;
  g_clear_pointer (&m->last_saved, g_date_time_unref);
  m->last_saved = g_date_time_new_now_local ();

  tst_machine_end_step (m, TST_EVENT_SAVED, NULL, NULL);
}

static void
handle_conflict (TstMachine *m)
{
  m->reread = TRUE;

  if (++m->rounds >= TST_MACHINE_MAX_ROUNDS)
    fail (m, g_error_new_literal (TST_ERROR, TST_ERROR_CHANGED_ELSEWHERE,
                                  _("It was changed elsewhere again and again "
                                    "while it was to be saved")));
}

static void
handle_not_saved (TstMachine *m,
                  TstCall    *call,
                  TstAnswer  *answer)
{
  if (tst_answer_is_ambiguous (answer))
    {
      m->reread = TRUE;
      tst_sent_add (&m->sent, tst_call_get_snapshot (call), tst_call_get_number (call));
    }

  fail (m, g_steal_pointer (&answer->error));
}

void
tst_machine_end_abandoned (TstMachine *m)
{
  /* News may have waited for it. */
  tst_machine_look_again (m);
  fail (m, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, _("Operation was cancelled")));
}

/* A medium that says so by itself has failed. */
static void
check_cancelled (TstCall   *call,
                 TstAnswer *answer)
{
  if (g_error_matches (answer->error, G_IO_ERROR, G_IO_ERROR_CANCELLED) &&
      !tst_call_is_cancelled (call))
    answer->error->code = G_IO_ERROR_FAILED;
}

/* Only while the store is quiet. On return, either the step has ended, or the
 * medium has to be called for it again. */
void
tst_machine_handle_answer (TstMachine *m,
                           TstAnswer  *answer)
{
  g_autoptr(TstCall) call = g_steal_pointer (&m->call);
  gboolean after_conflict = m->conflict;

  check_cancelled (call, answer);
  m->conflict = answer->kind == TST_ANSWER_CONFLICT;
  if (m->step->abandoned && m->purpose != TST_PURPOSE_SAVE)
    {
      tst_machine_end_abandoned (m);
      return;
    }

  switch (answer->kind)
    {
    case TST_ANSWER_CONTENT:
      take_fold (m, answer->fold_after, TRUE);
      handle_content (m, answer);
      break;
    case TST_ANSWER_UNCHANGED:
      take_fold (m, answer->fold_after, FALSE);
      handle_unchanged (m, after_conflict);
      break;
    case TST_ANSWER_EMPTY:
      handle_empty (m, answer->tag);
      break;
    case TST_ANSWER_NOTHING:
      tst_machine_settled (m);
      handle_nothing (m, NULL);
      break;
    case TST_ANSWER_MALFORMED:
      take_fold (m, TST_NO_FOLD, TRUE);
      handle_malformed (m, answer);
      break;
    case TST_ANSWER_SAVED:
      take_fold (m, answer->fold_after, TRUE);
      handle_saved (m, call, answer->tag);
      break;
    case TST_ANSWER_CONFLICT:
      handle_conflict (m);
      break;
    case TST_ANSWER_ERROR:
    default:
      if (m->purpose == TST_PURPOSE_SAVE)
        handle_not_saved (m, call, answer);
      else
        handle_unreadable (m, answer);
      break;
    }
}
