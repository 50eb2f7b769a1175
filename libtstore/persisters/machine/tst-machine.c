/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-machine-private.h"

#include <glib/gi18n-lib.h>

#include "tst-error.h"

/* --- What to do next --- */

gboolean
tst_machine_save_is_due (TstMachine *m)
{
  return m->auto_save && (m->dirty || m->save_failed || m->fold_due);
}

static gboolean
is_blocked (TstMachine *m,
            TstStep    *step)
{
  if (step->kind == TST_STEP_SAVE && m->refused_source != NULL)
    return TRUE;
  if (m->settle_source == NULL)
    return FALSE;

  return step->kind == TST_STEP_SAVE || !(m->load_due || step->revert);
}

static TstStep *
take_waiting_step (TstMachine *m)
{
  for (GList *l = m->steps.head; l != NULL; l = l->next)
    {
      TstStep *step = l->data;

      if (is_blocked (m, step))
        continue;

      g_queue_delete_link (&m->steps, l);
      return step;
    }

  return NULL;
}

static gboolean
take_news (TstMachine *m)
{
  if (!m->load_due)
    return FALSE;

  m->load_due = FALSE;

  /* Our own write, told back to us. */
  return m->news_tag == NULL || !tst_base_is_held (&m->base) ||
         g_strcmp0 (m->news_tag, m->base.tag) != 0;
}

static TstStep *
next_step (TstMachine *m)
{
  TstStep *step = take_waiting_step (m);

  if (step != NULL)
    {
      if (step->kind == TST_STEP_LOAD)
        m->load_due = FALSE;
      return step;
    }

  if (take_news (m))
    {
      step = tst_step_new (TST_STEP_LOAD);
      step->automatic = TRUE;
      return step;
    }

  if (!tst_machine_save_is_due (m) || m->settle_source != NULL || m->retry_source != NULL ||
      m->refused_source != NULL)
    return NULL;

  if (m->save_delay > 0 && !m->delay_over)
    {
      tst_machine_schedule_save (m);
      return NULL;
    }

  step = tst_step_new (TST_STEP_SAVE);
  step->automatic = TRUE;

  return step;
}

static void
begin_step (TstMachine *m,
            TstStep    *step)
{
  m->step = step;
  m->rounds = 0;

  if (step->kind == TST_STEP_SAVE)
    {
      step->whole |= m->fold_due;
      m->fold_due = FALSE;
      m->delay_over = FALSE;
      tst_machine_clear_timer (&m->delay_source);
    }

  if (step->kind == TST_STEP_SAVE || m->load_failed || !m->save_failed)
    tst_machine_clear_timer (&m->retry_source);
}

/* --- Calling the medium --- */

static void
answered_cb (TstCall  *call,
             gpointer  user_data);

static void
cancel_call_cb (GCancellable *cancellable,
                TstCall      *call)
{
  tst_call_cancel (call);
}

/* What others wait for as well is not theirs to cancel who block. */
static GCancellable *
find_blocking_cancellable (TstMachine *m)
{
  TstOperation *operation = m->blocking_operation;
  gboolean alone = operation->step == m->step && m->step->operations->len == 1 &&
                   !m->step->automatic;

  return alone ? operation->cancellable : NULL;
}

static void
perform_blocking (TstMachine *m,
                  TstRequest *request)
{
  GCancellable *cancellable = find_blocking_cancellable (m);
  gulong id = 0;

  if (cancellable != NULL)
    id = g_cancellable_connect (cancellable, G_CALLBACK (cancel_call_cb),
                                tst_call_ref (m->call), (GDestroyNotify) tst_call_unref);

  m->medium->perform (request, m->medium->data);

  if (cancellable != NULL)
    g_cancellable_disconnect (cancellable, id);
}

gboolean
tst_machine_ask (TstMachine  *m,
                 TstCall     *call,
                 TstRequest  *request,
                 GError     **error)
{
  TstPersisterClass *klass = TST_PERSISTER_GET_CLASS (m->persister);
  g_autoptr(GError) local_error = NULL;
  gboolean taken;

  if (tst_call_get_kind (call) == TST_CALL_READ)
    taken = klass->read (m->persister, request, &local_error);
  else
    taken = klass->write (m->persister, request, &local_error);

  if (taken && local_error == NULL)
    return TRUE;

  /* An exception in Python or GJS is a FALSE with or without an error; a TRUE with an
   * error is a mistake, and to be on the safe side not taken either. */
  if (local_error == NULL)
    g_set_error (&local_error, TST_ERROR, TST_ERROR_NOT_ANSWERED,
                 _("%s did not take the request (did it raise, or not return TRUE?)"),
                 G_OBJECT_TYPE_NAME (m->persister));
  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

static void
call_medium (TstMachine *m)
{
  g_autoptr(TstRequest) request = tst_call_new_request (m->call);
  g_autoptr(GError) error = NULL;

  if (m->blocking > 0 && m->medium != NULL)
    {
      perform_blocking (m, request);
      return;
    }

  tst_machine_schedule_timeout (m);
  if (!tst_machine_ask (m, m->call, request, &error))
    tst_request_return_error (request, error);
}

static gboolean
must_reread (TstMachine *m)
{
  return m->reread ||
         m->base.state == TST_MEDIUM_UNKNOWN ||
         m->base.state == TST_MEDIUM_UNREADABLE ||
         (m->base.state == TST_MEDIUM_MALFORMED && m->medium == NULL);
}

static void
begin_write (TstMachine      *m,
             TstAnsweredFunc  func)
{
  g_autoptr(TstSnapshot) snapshot = tst_store_snapshot (m->store);

  m->n_changes_written = m->n_changes;
  m->step->silent = !m->step->forced && !m->dirty && tst_base_is_held (&m->base);
  m->call = tst_call_new (TST_CALL_WRITE, m->base.tag, m->context, func, m);
  tst_call_set_snapshot (m->call, snapshot, m->base.state == TST_MEDIUM_MALFORMED);
  if (tst_base_is_held (&m->base))
    tst_call_set_base (m->call, m->base.snapshot);
  if (m->step->forced || m->step->whole)
    tst_call_set_whole (m->call);
}

static void
begin_read (TstMachine      *m,
            TstAnsweredFunc  func)
{
  m->call = tst_call_new (TST_CALL_READ, m->base.exact ? m->base.tag : NULL, m->context, func, m);
  if (m->base.exact)
    tst_call_set_base (m->call, m->base.snapshot);
}

static void
begin_call (TstMachine *m)
{
  TstAnsweredFunc func = m->blocking > 0 ? NULL : answered_cb;

  /* A medium may not notice that it is to replace what we have not read. */
  if (m->step->kind == TST_STEP_SAVE && take_news (m))
    m->reread = TRUE;

  if (m->step->kind == TST_STEP_LOAD)
    m->purpose = TST_PURPOSE_LOAD;
  else if (must_reread (m))
    m->purpose = TST_PURPOSE_REREAD;
  else
    m->purpose = TST_PURPOSE_SAVE;

  if (m->purpose == TST_PURPOSE_SAVE)
    begin_write (m, func);
  else
    begin_read (m, func);

  call_medium (m);
}

/* What is there could not be read, and nobody changed anything: what the store
 * shows instead, such as defaults, is no reason to put it aside. */
static gboolean
would_replace_unread (TstMachine *m)
{
  return m->base.state == TST_MEDIUM_MALFORMED && m->no_overwrite && !m->dirty;
}

/* A save that nobody asked for, and that would write what is there, or less. */
static gboolean
step_is_needless (TstMachine *m)
{
  g_autoptr(TstSnapshot) snapshot = NULL;

  if (m->step->kind != TST_STEP_SAVE || m->step->forced)
    return FALSE;
  if (would_replace_unread (m))
    return TRUE;
  if (m->reread)
    return FALSE;
  /* Something to fold that is gone is not to be made anew. */
  if (m->step->whole && !m->dirty)
    return m->fold_after == TST_NO_FOLD;
  if (!tst_base_is_held (&m->base))
    return FALSE;

  snapshot = tst_store_snapshot (m->store);
  if (!tst_snapshot_equal (snapshot, m->base.snapshot))
    return FALSE;

  m->dirty = FALSE;

  /* It is there, but perhaps not as everybody can read it. */
  return !m->step->whole || m->fold_after == TST_NO_FOLD;
}

static gboolean
run_once (TstMachine *m)
{
  g_autoptr(TstAnswer) answer = NULL;

  if (m->call != NULL && m->answer == NULL)
    return FALSE;

  if (tst_store_is_busy (m->store))
    {
      m->waits_for_store = TRUE;
      return FALSE;
    }

  if (m->answer != NULL)
    {
      answer = g_steal_pointer (&m->answer);
      tst_machine_handle_answer (m, answer);
      return TRUE;
    }

  if (m->step == NULL)
    {
      TstStep *step = next_step (m);

      if (step == NULL)
        return FALSE;
      begin_step (m, step);
    }

  if (m->step->abandoned)
    tst_machine_end_abandoned (m);
  else if (step_is_needless (m))
    tst_machine_end_step (m, TST_EVENT_NONE, NULL, NULL);
  else
    begin_call (m);

  return TRUE;
}

/* until: (nullable): whoever blocks does not begin anything after that, whose answer nobody
 * would take. */
static void
run (TstMachine         *m,
     const TstOperation *until)
{
  g_autoptr(TstPersister) keep_alive = g_object_ref (m->persister);

  while ((until == NULL || !until->finished) && run_once (m))
    {
      if (m->answer == NULL && m->call != NULL && m->blocking > 0)
        break;
    }

  tst_machine_publish (m);
}

static void
answered_cb (TstCall  *call,
             gpointer  user_data)
{
  TstMachine *m = user_data;

  g_assert (call == m->call && m->answer == NULL);

  tst_machine_clear_timer (&m->timeout_source);
  m->answer = tst_call_steal_answer (call);
  run (m, NULL);
}

static gboolean
run_cb (gpointer user_data)
{
  TstMachine *m = user_data;

  tst_machine_clear_timer (&m->run_source);
  run (m, NULL);

  return G_SOURCE_REMOVE;
}

void
tst_machine_schedule (TstMachine *m)
{
  if (m->run_source != NULL || m->context == NULL)
    return;

  m->run_source = g_idle_source_new ();
  g_source_set_priority (m->run_source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (m->run_source, "TstPersister");
  g_source_set_callback (m->run_source, run_cb, m, NULL);
  g_source_attach (m->run_source, m->context);
}

static void
withdraw_operation (TstOperation *operation,
                    GIOErrorEnum  code,
                    const char   *message)
{
  tst_operation_leave_step (operation);
  tst_operation_finish (operation, g_error_new_literal (G_IO_ERROR, code, message));
}

/* What a main loop has begun that was run in a handler of the app meanwhile was done in
 * this thread, and calls nobody back. */
static void
take_blocking_answer (TstMachine *m)
{
  if (m->blocking == 0 && m->call != NULL && m->answer == NULL && tst_call_is_blocking (m->call))
    m->answer = tst_call_wait (m->call);
}

void
tst_machine_block (TstMachine   *m,
                   TstOperation *operation)
{
  g_autoptr(TstPersister) keep_alive = g_object_ref (m->persister);
  TstOperation *outer = m->blocking_operation;

  m->blocking++;
  m->blocking_operation = operation;
  while (!operation->finished)
    {
      if (g_cancellable_is_cancelled (operation->cancellable) && operation->step != m->step)
        {
          withdraw_operation (operation, G_IO_ERROR_CANCELLED, _("Operation was cancelled"));
          break;
        }

      run (m, operation);
      if (operation->finished)
        break;

      if (m->call == NULL || m->answer != NULL)
        {
          /* The step that it belongs to cannot go on without the main loop. */
          withdraw_operation (operation, G_IO_ERROR_BUSY,
                              _("This cannot be done right now without waiting"));
          break;
        }

      m->answer = tst_call_wait (m->call);
      tst_machine_clear_timer (&m->timeout_source);
    }
  m->blocking--;
  m->blocking_operation = outer;

  take_blocking_answer (m);
  tst_machine_schedule (m);
}

/* --- Ending a step --- */

static void
remember_error (TstMachine   *m,
                const GError *error)
{
  g_clear_error (&m->last_error);
  m->last_error = g_error_copy (error);
}

static void
end_step_failed (TstMachine *m,
                 TstStep    *step,
                 GError     *error)
{
  TstPersisterOperation operation = TST_PERSISTER_SAVE;
  gboolean will_retry = m->auto_save;

  if (step->kind == TST_STEP_LOAD)
    {
      operation = TST_PERSISTER_LOAD;
      /* What is not our format is read again when it changes. */
      will_retry = m->auto_load && m->base.state != TST_MEDIUM_MALFORMED;
      m->load_failed = will_retry;
    }
  else
    {
      m->save_failed = will_retry;
    }

  remember_error (m, error);
  m->n_failures++;
  if (step->whole)
    {
      m->n_failed_folds++;
      tst_machine_schedule_fold (m);
    }
  /* Also for a load whose turn this was. */
  if (will_retry || m->load_failed)
    tst_machine_schedule_retry (m);

  tst_machine_publish (m);
  tst_persister_emit_failed (m->persister, operation, error, will_retry);
  tst_step_finish (step, error);
}

static void
forget_failures (TstMachine *m)
{
  m->n_failures = 0;
  m->load_failed = FALSE;
  tst_machine_clear_timer (&m->retry_source);
  g_clear_error (&m->last_error);
}

static void
end_step_done (TstMachine  *m,
               TstStep     *step,
               TstEvent     event,
               TstConflict *conflict)
{
  gboolean still_due = step->kind == TST_STEP_LOAD && m->save_failed && tst_machine_save_is_due (m);
  gboolean had_error = m->last_error != NULL;

  /* That it can be read does not mean that it can be written again, unless it could
   * not be read before either: then it is tried at once. */
  if (!still_due || m->load_failed)
    forget_failures (m);
  m->save_failed &= still_due;

  tst_machine_publish (m);
  if (had_error && m->last_error == NULL)
    tst_persister_notify_last_error (m->persister);
  tst_persister_emit_conflict (m->persister, conflict);
  if (event == TST_EVENT_LOADED)
    tst_persister_emit_loaded (m->persister);
  else if (event == TST_EVENT_SAVED)
    tst_persister_emit_saved (m->persister);
  tst_step_finish (step, NULL);
}

/* Everything agrees before the first one hears of it: they may ask for more,
 * even by a blocking call. */
void
tst_machine_end_step (TstMachine  *m,
                      TstEvent     event,
                      TstConflict *conflict,
                      GError      *error)
{
  g_autoptr(GError) owned = error;
  TstStep *step = g_steal_pointer (&m->step);

  /* The persister was disposed of by somebody who heard of what was loaded. */
  if (step == NULL)
    return;

  tst_step_detach (step);

  m->rounds = 0;
  if (step->kind == TST_STEP_SAVE)
    m->n_refused = 0;

  if (error == NULL)
    {
      end_step_done (m, step, event, conflict);
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      /* Who cancelled it was not the only one who wants it. */
      m->save_failed |= step->kind == TST_STEP_SAVE && step->automatic && m->auto_save;
      if (m->load_failed)
        tst_machine_schedule_retry (m);
      tst_machine_publish (m);
      tst_step_finish (step, error);
    }
  else
    {
      end_step_failed (m, step, error);
    }
}

void
tst_machine_put_step_back (TstMachine *m)
{
  TstStep *step = g_steal_pointer (&m->step);

  /* A load that nobody waits for comes again by itself. */
  if (step->kind == TST_STEP_LOAD && step->operations->len == 0)
    {
      tst_step_free (step);
      return;
    }

  for (GList *l = m->steps.head; l != NULL; l = l->next)
    {
      TstStep *other = l->data;

      if (other->kind != step->kind)
        continue;

      for (guint i = 0; i < other->operations->len; i++)
        tst_step_join (step, g_ptr_array_index (other->operations, i));
      step->automatic |= other->automatic;
      step->forced |= other->forced;
      step->whole |= other->whole;
      step->revert &= other->revert;
      g_queue_delete_link (&m->steps, l);
      tst_step_free (other);
      break;
    }

  g_queue_push_head (&m->steps, step);
}

/* --- The store --- */

static void
store_changed_cb (TstStore  *store,
                  TstOrigin  origin,
                  gboolean   changed,
                  gpointer   user_data)
{
  TstMachine *m = user_data;

  if (!changed)
    {
      if (m->waits_for_store)
        {
          m->waits_for_store = FALSE;
          tst_machine_schedule (m);
        }
      return;
    }

  /* Listeners may write while we do: what they wrote is found by comparing. */
  if (m->applying)
    return;

  if (origin == tst_defaults_origin || origin == tst_schema_origin)
    return;

  m->n_changes++;
  if (m->dirty && !m->auto_save)
    return;

  m->dirty = TRUE;
  if (m->auto_save && m->retry_source != NULL && tst_machine_get_hold (m) == 0)
    tst_machine_clear_timer (&m->retry_source);
  tst_machine_schedule (m);
}

gboolean
tst_machine_write_to_store (TstMachine   *m,
                            TstSnapshot  *content,
                            TstParts      parts,
                            TstOrigin     origin,
                            GError      **error)
{
  gboolean written;

  m->applying = TRUE;
  tst_store_push_origin (m->store, origin);
  written = tst_store_write_content (m->store, content, parts, error);
  tst_store_pop_origin (m->store);
  m->applying = FALSE;

  return written;
}

void
tst_machine_init (TstMachine   *m,
                  TstPersister *persister,
                  TstStore     *store)
{
  m->persister = persister;
  m->store = g_object_ref (store);
  m->context = g_main_context_ref_thread_default ();
  m->owner = g_thread_self ();
  m->base.snapshot = tst_store_snapshot (store);
  m->base.number = tst_snapshot_get_number (m->base.snapshot);
  m->fold_after = TST_NO_FOLD;
  m->told_status = 1u << TST_PERSISTER_IDLE;
  m->told_dirty = 1u << FALSE;
  m->observer_id = tst_store_add_observer (store, store_changed_cb, m);
  g_queue_init (&m->steps);
  tst_machine_join_store (m);
}

void
tst_machine_dispose (TstMachine *m)
{
  g_autoptr(GError) error = NULL;
  TstStep *step;

  if (m->observer_id == 0)
    return;

  tst_machine_rescue (m);

  tst_store_remove_observer (m->store, m->observer_id);
  m->observer_id = 0;
  tst_machine_close (m);
  tst_machine_leave_store (m);

  if (m->call != NULL)
    tst_call_forget (m->call);
  g_clear_pointer (&m->call, tst_call_unref);
  g_clear_pointer (&m->answer, tst_answer_free);

  tst_machine_clear_timer (&m->run_source);
  tst_machine_clear_timer (&m->retry_source);
  tst_machine_clear_timer (&m->settle_source);
  tst_machine_clear_timer (&m->refused_source);
  tst_machine_clear_timer (&m->delay_source);
  tst_machine_clear_timer (&m->fold_source);
  tst_machine_clear_timer (&m->timeout_source);

  /* Who waits holds the persister; so this is g_object_run_dispose(), or nobody. */
  error = g_error_new_literal (TST_ERROR, TST_ERROR_CLOSED, _("The persister was closed"));
  if (m->step != NULL)
    g_queue_push_tail (&m->steps, g_steal_pointer (&m->step));
  while ((step = g_queue_pop_head (&m->steps)) != NULL)
    tst_step_finish (step, error);
}

void
tst_machine_finalize (TstMachine *m)
{
  tst_base_clear (&m->base);
  tst_sent_clear (&m->sent);
  g_clear_pointer (&m->defaults, tst_snapshot_unref);
  g_clear_pointer (&m->medium, tst_medium_unref);
  g_clear_pointer (&m->last_saved, g_date_time_unref);
  g_clear_error (&m->last_error);
  g_free (m->news_tag);
  g_free (m->unsettled_tag);
  g_clear_object (&m->store);
  g_clear_pointer (&m->context, g_main_context_unref);
}

/* --- Telling --- */

static TstPersisterStatus
status_of (TstStep *step)
{
  return step->kind == TST_STEP_LOAD ? TST_PERSISTER_LOADING : TST_PERSISTER_SAVING;
}

static TstPersisterStatus
find_status (TstMachine *m)
{
  if (m->step != NULL)
    return status_of (m->step);
  if (m->steps.head != NULL)
    return status_of (m->steps.head->data);
  if (m->auto_load && (m->load_due || m->load_failed || m->settle_source != NULL))
    return TST_PERSISTER_LOADING;
  if (tst_machine_save_is_due (m))
    return TST_PERSISTER_SAVING;

  return TST_PERSISTER_IDLE;
}

TstPersisterStatus
tst_machine_get_status (TstMachine *m)
{
  TstPersisterStatus status = find_status (m);

  m->told_status |= 1u << status;

  return status;
}

gboolean
tst_machine_get_dirty (TstMachine *m)
{
  m->told_dirty |= 1u << m->dirty;

  return m->dirty;
}

/* Not only after what notify told last: what was asked for is seen as soon as that, and
 * may come to nothing before this is called. */
static void
publish (TstMachine *m,
         guint      *told,
         guint       value,
         const char *property)
{
  if ((*told & ~(1u << value)) == 0)
    return;

  *told = 1u << value;
  g_object_notify (G_OBJECT (m->persister), property);
}

void
tst_machine_publish (TstMachine *m)
{
  TstPersisterStatus status = find_status (m);

  publish (m, &m->told_dirty, m->dirty, "dirty");
  publish (m, &m->told_status, status, "status");
}
