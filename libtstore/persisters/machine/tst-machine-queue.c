/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-machine-private.h"

#include <glib/gi18n-lib.h>

#include "tst-error.h"

/* --- Operations --- */

void
tst_step_free (TstStep *step)
{
  g_ptr_array_unref (step->operations);
  g_free (step);
}

/* Cancels or drops a step that nobody waits for any more. */
static void
abandon_step (TstMachine *m,
              TstStep    *step)
{
  if (step == m->step)
    {
      step->abandoned = TRUE;
      if (m->call != NULL)
        tst_call_cancel (m->call);
    }
  else
    {
      g_queue_remove (&m->steps, step);
      if (step->kind == TST_STEP_SAVE)
        m->n_refused = 0;
      if (m->load_failed && m->retry_source == NULL)
        tst_machine_schedule_retry (m);
      tst_step_free (step);
      tst_machine_schedule (m); /* which tells of it */
    }
}

void
tst_operation_leave_step (TstOperation *operation)
{
  TstStep *step = g_steal_pointer (&operation->step);

  if (step == NULL)
    return;

  g_ptr_array_remove (step->operations, operation);
  if (step->operations->len == 0 && !step->automatic)
    abandon_step (operation->machine, step);
}

static gboolean
cancel_operation_cb (gpointer user_data)
{
  TstOperation *operation = user_data;

  if (operation->finished)
    return G_SOURCE_REMOVE;

  tst_operation_ref (operation);
  tst_operation_leave_step (operation);
  tst_operation_finish (operation, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                                                        _("Operation was cancelled")));
  tst_operation_unref (operation);

  return G_SOURCE_REMOVE;
}

/* In any thread, and with the cancellable's lock held. */
static void
cancelled_cb (GCancellable *cancellable,
              TstOperation *operation)
{
  g_autoptr(GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, cancel_operation_cb, tst_operation_ref (operation),
                         (GDestroyNotify) tst_operation_unref);
  g_source_attach (source, operation->context);
}

static void
unref_operation_closure (gpointer  data,
                         GClosure *closure)
{
  tst_operation_unref (data);
}

static void
listen_for_cancelling (TstOperation *operation)
{
  operation->cancelled_id = g_signal_connect_data (operation->cancellable, "cancelled",
                                                   G_CALLBACK (cancelled_cb),
                                                   tst_operation_ref (operation),
                                                   unref_operation_closure, 0);

  /* Since somebody looked last. To hear of it twice does no harm. */
  if (g_cancellable_is_cancelled (operation->cancellable))
    cancelled_cb (operation->cancellable, operation);
}

TstOperation *
tst_operation_new (TstMachine   *m,
                   GTask        *task,
                   GCancellable *cancellable)
{
  TstOperation *operation = g_new0 (TstOperation, 1);

  g_atomic_ref_count_init (&operation->ref_count);
  operation->machine = m;
  if (task != NULL)
    {
      operation->task = g_object_ref (task);
      operation->context = g_main_context_ref (g_task_get_context (task));
    }

  if (cancellable != NULL)
    {
      operation->cancellable = g_object_ref (cancellable);
      if (task != NULL)
        listen_for_cancelling (operation);
    }

  return operation;
}

TstOperation *
tst_operation_ref (TstOperation *operation)
{
  g_atomic_ref_count_inc (&operation->ref_count);

  return operation;
}

void
tst_operation_unref (TstOperation *operation)
{
  if (!g_atomic_ref_count_dec (&operation->ref_count))
    return;

  g_clear_object (&operation->task);
  g_clear_pointer (&operation->context, g_main_context_unref);
  g_clear_object (&operation->cancellable);
  g_clear_error (&operation->error);
  g_free (operation);
}

void
tst_operation_finish (TstOperation *operation,
                      GError       *error)
{
  g_autoptr(GTask) task = NULL;

  /* Of several that end together, whoever hears of it first may do anything to the others. */
  if (operation->finished)
    {
      g_clear_error (&error);
      return;
    }

  task = g_steal_pointer (&operation->task);
  operation->finished = TRUE;
  if (operation->cancellable != NULL)
    g_clear_signal_handler (&operation->cancelled_id, operation->cancellable);

  if (task == NULL)
    operation->error = error;
  else if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/* --- Steps --- */

TstStep *
tst_step_new (TstStepKind kind)
{
  TstStep *step = g_new0 (TstStep, 1);

  step->kind = kind;
  step->operations = g_ptr_array_new_with_free_func ((GDestroyNotify) tst_operation_unref);

  return step;
}

/* One of a kind waits at most: what is asked for meanwhile is done with it. */
static TstStep *
ensure_step (TstMachine  *m,
             TstStepKind  kind)
{
  TstStep *step;

  for (GList *l = m->steps.head; l != NULL; l = l->next)
    {
      step = l->data;
      if (step->kind == kind)
        return step;
    }

  step = tst_step_new (kind);
  g_queue_push_tail (&m->steps, step);

  return step;
}

void
tst_step_join (TstStep      *step,
               TstOperation *operation)
{
  if (operation == NULL)
    {
      step->automatic = TRUE;
      return;
    }

  operation->step = step;
  g_ptr_array_add (step->operations, tst_operation_ref (operation));
}

/* It is over: who leaves it by now does not take it along. */
void
tst_step_detach (TstStep *step)
{
  for (guint i = 0; i < step->operations->len; i++)
    ((TstOperation *) g_ptr_array_index (step->operations, i))->step = NULL;
}

void
tst_step_finish (TstStep      *step,
                 const GError *error)
{
  g_autoptr(GPtrArray) operations = g_ptr_array_ref (step->operations);

  tst_step_detach (step);
  tst_step_free (step);

  for (guint i = 0; i < operations->len; i++)
    tst_operation_finish (g_ptr_array_index (operations, i),
                          error != NULL ? g_error_copy (error) : NULL);
}

/* --- Asking --- */

void
tst_machine_load (TstMachine   *m,
                  TstOperation *operation,
                  gboolean      automatic)
{
  TstStep *step = ensure_step (m, TST_STEP_LOAD);

  tst_step_join (step, operation);
  if (operation != NULL)
    operation->automatic = automatic;
  step->automatic |= automatic;
  step->revert = !step->automatic;
  m->no_overwrite = TRUE;
  tst_machine_schedule (m);
}

void
tst_machine_save (TstMachine   *m,
                  TstOperation *operation,
                  gboolean      forced)
{
  TstStep *step = ensure_step (m, TST_STEP_SAVE);

  tst_step_join (step, operation);
  step->forced |= forced;
  tst_machine_schedule (m);
}

gboolean
tst_machine_is_saving (TstMachine *m)
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

static gboolean
is_clean (TstMachine *m)
{
  return !m->dirty && !m->fold_due && !tst_machine_save_is_due (m) && !tst_machine_is_saving (m);
}

void
tst_machine_flush (TstMachine   *m,
                   TstOperation *operation)
{
  gboolean under_way = m->step != NULL && m->step->kind == TST_STEP_SAVE && m->call != NULL &&
                       m->purpose == TST_PURPOSE_SAVE && m->n_changes == m->n_changes_written &&
                       !m->step->abandoned && !m->fold_due;

  if (is_clean (m))
    tst_operation_finish (operation, NULL);
  else if (under_way)
    tst_step_join (m->step, operation);
  else
    tst_machine_save (m, operation, FALSE);
}

static void
stop_listening (TstMachine *m)
{
  TstPersisterClass *klass = TST_PERSISTER_GET_CLASS (m->persister);

  m->listening = FALSE;
  if (!m->starts_listening && klass->stop_listening != NULL)
    klass->stop_listening (m->persister);
}

/* The app may do anything meanwhile, even start and stop. */
static gboolean
start_listening (TstMachine  *m,
                 GError     **error)
{
  TstPersisterClass *klass = TST_PERSISTER_GET_CLASS (m->persister);
  g_autoptr(GError) local_error = NULL;
  gboolean started = TRUE;

  m->listening = m->starts_listening = TRUE;
  if (klass->start_listening != NULL)
    started = klass->start_listening (m->persister, &local_error);
  m->starts_listening = FALSE;

  if (started && local_error == NULL && m->listening)
    return TRUE;

  if (started && local_error == NULL)
    {
      stop_listening (m);
      g_set_error_literal (&local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                           _("Automatic loading was stopped"));
    }
  else if (local_error == NULL)
    {
      g_set_error (&local_error, TST_ERROR, TST_ERROR_NOT_ANSWERED,
                   _("%s did not start to listen"), G_OBJECT_TYPE_NAME (m->persister));
    }

  m->listening = FALSE;
  tst_machine_stop_auto_load (m);
  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

gboolean
tst_machine_start_auto_load (TstMachine    *m,
                             TstSnapshot   *defaults,
                             TstOperation  *operation,
                             GError       **error)
{
  if (!m->listening)
    {
      if (!start_listening (m, error))
        return FALSE;
    }

  if (defaults != NULL && !m->base.seen)
    {
      g_clear_pointer (&m->defaults, tst_snapshot_unref);
      m->defaults = tst_snapshot_ref (defaults);
    }

  m->auto_load = TRUE;
  tst_machine_load (m, operation, TRUE);

  return TRUE;
}

/* What is left of a load when nothing is loaded automatically any more: what
 * somebody asked for. */
static void
make_explicit (TstMachine *m,
               TstStep    *step)
{
  g_autoptr(GPtrArray) stopped = g_ptr_array_new_with_free_func ((GDestroyNotify) tst_operation_unref);

  for (guint i = step->operations->len; i > 0; i--)
    {
      TstOperation *operation = g_ptr_array_index (step->operations, i - 1);

      if (!operation->automatic)
        continue;

      operation->step = NULL;
      g_ptr_array_add (stopped, tst_operation_ref (operation));
      g_ptr_array_remove_index (step->operations, i - 1);
    }

  step->automatic = FALSE;
  step->revert = TRUE;
  if (step->operations->len == 0)
    abandon_step (m, step);

  for (guint i = stopped->len; i > 0; i--)
    tst_operation_finish (g_ptr_array_index (stopped, i - 1),
                          g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                                               _("Automatic loading was stopped")));
}

static void
drop_automatic_loads (TstMachine *m)
{
  TstStep *waiting = NULL;

  for (GList *l = m->steps.head; l != NULL; l = l->next)
    {
      if (((TstStep *) l->data)->kind == TST_STEP_LOAD)
        waiting = l->data;
    }

  /* Whoever hears of it may have that one done, or dropped: it comes first. */
  if (waiting != NULL && waiting->automatic)
    make_explicit (m, waiting);
  if (m->step != NULL && m->step->kind == TST_STEP_LOAD && m->step->automatic)
    make_explicit (m, m->step);
}

void
tst_machine_stop_auto_load (TstMachine *m)
{
  if (m->listening)
    stop_listening (m);

  m->auto_load = FALSE;
  m->load_due = FALSE;
  m->load_failed = FALSE;
  drop_automatic_loads (m);
  tst_machine_schedule (m);
}

void
tst_machine_start_auto_save (TstMachine   *m,
                             TstOperation *operation)
{
  m->auto_save = TRUE;
  m->may_fold = TRUE;
  tst_machine_schedule_fold (m);
  tst_machine_save (m, operation, FALSE);
  tst_machine_save (m, NULL, FALSE); /* who does not wait for it any more does not stop it */
}

gboolean
tst_machine_fold_now (TstMachine *m)
{
  if (!m->may_fold || m->fold_after == TST_NO_FOLD)
    return FALSE;

  m->fold_due = TRUE;

  return TRUE;
}

void
tst_machine_stop_auto_save (TstMachine *m)
{
  gboolean due = tst_machine_save_is_due (m);

  m->auto_save = FALSE;
  tst_machine_clear_timer (&m->fold_source);
  tst_machine_clear_timer (&m->delay_source);
  m->delay_over = FALSE;

  /* What was changed while it was on is still saved. */
  if (due && !m->closed)
    tst_machine_save (m, NULL, FALSE);
}

static gpointer
copy_operation (gconstpointer operation,
                gpointer      user_data)
{
  return tst_operation_ref ((TstOperation *) operation);
}

static void
refuse_step (TstMachine *m,
             TstStep    *step)
{
  g_autoptr(GPtrArray) operations = g_ptr_array_copy (step->operations, copy_operation, NULL);

  step->automatic = FALSE;
  if (operations->len == 0 && !step->abandoned)
    abandon_step (m, step);

  /* The last one to leave takes the step along. */
  for (guint i = 0; i < operations->len; i++)
    {
      tst_operation_leave_step (g_ptr_array_index (operations, i));
      tst_operation_finish (g_ptr_array_index (operations, i),
                            g_error_new_literal (TST_ERROR, TST_ERROR_CLOSED,
                                                 _("The persister was closed")));
    }
}

static void
refuse_steps (TstMachine  *m,
              TstStepKind  kind)
{
  for (GList *l = m->steps.head; l != NULL; l = l->next)
    {
      if (((TstStep *) l->data)->kind == kind)
        {
          refuse_step (m, l->data);
          break; /* no other one of that kind waits, and who waited may have done anything */
        }
    }

  if (m->step != NULL && m->step->kind == kind)
    refuse_step (m, m->step);
}

void
tst_machine_close (TstMachine *m)
{
  m->closed = TRUE;
  tst_machine_stop_auto_load (m);
  tst_machine_stop_auto_save (m);
  /* What was asked to be loaded while closing waited for the last save would take back
   * what was changed since. */
  refuse_steps (m, TST_STEP_LOAD);
}

void
tst_machine_discard (TstMachine *m)
{
  m->discarded = TRUE;
  tst_machine_close (m);
  refuse_steps (m, TST_STEP_SAVE);
  tst_machine_schedule (m);
}

void
tst_machine_look_again (TstMachine *m)
{
  g_clear_pointer (&m->news_tag, g_free);
  m->load_due = m->auto_load;
}

void
tst_machine_news (TstMachine *m,
                  const char *tag)
{
  if (!m->auto_load)
    return;

  /* News may come out of order: of two, nobody knows which one is the latest. */
  if (m->load_due && g_strcmp0 (tag, m->news_tag) != 0)
    tag = NULL;

  g_free (m->news_tag);
  m->news_tag = g_strdup (tag);
  m->load_due = TRUE;
  tst_machine_schedule (m);
}
