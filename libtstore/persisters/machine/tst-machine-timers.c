/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-machine-private.h"

#include "tst-system-private.h"

/* The first retry comes after this, the next ones each after twice as long. */
#define RETRY_MIN_MS 100
#define RETRY_MAX_MS 60000

void
tst_machine_clear_timer (GSource **timer)
{
  if (*timer == NULL)
    return;

  g_source_destroy (*timer);
  g_clear_pointer (timer, g_source_unref);
}

static void
start_timer (TstMachine   *m,
             GSource     **timer,
             guint         milliseconds,
             GSourceFunc   func)
{
  tst_machine_clear_timer (timer);

  *timer = tst_system->new_timeout (milliseconds);
  g_source_set_static_name (*timer, "TstPersister");
  g_source_set_callback (*timer, func, m, NULL);
  g_source_attach (*timer, m->context);
}

/* --- Trying again --- */

static gboolean
retry_cb (gpointer user_data)
{
  TstMachine *m = user_data;

  tst_machine_clear_timer (&m->retry_source);
  if (m->load_failed)
    tst_machine_look_again (m);
  tst_machine_schedule (m);

  return G_SOURCE_REMOVE;
}

void
tst_machine_schedule_retry (TstMachine *m)
{
  guint delay = RETRY_MIN_MS << MIN (m->n_failures - 1, 10);

  delay = MIN (delay, RETRY_MAX_MS);
  /* Not all apps at the same moment. */
  delay = g_random_int_range (delay * 4 / 5, delay * 6 / 5);
  delay = MAX (delay, tst_machine_get_hold (m));

  start_timer (m, &m->retry_source, delay, retry_cb);
}

/* --- Waiting for a medium that refuses a save for no reason --- */

static gboolean
refused_cb (gpointer user_data)
{
  TstMachine *m = user_data;

  tst_machine_clear_timer (&m->refused_source);
  tst_machine_schedule (m);

  return G_SOURCE_REMOVE;
}

void
tst_machine_schedule_refused (TstMachine *m)
{
  start_timer (m, &m->refused_source, RETRY_MIN_MS << m->n_refused, refused_cb);
}

/* --- When the cause of a failure goes away, and when to wait for it --- */

void
tst_machine_retry_now (TstMachine *m)
{
  if (m->retry_source != NULL && tst_machine_get_hold (m) == 0)
    retry_cb (m);
}

guint
tst_machine_get_hold (TstMachine *m)
{
  gint64 left = m->held_until > 0 ? m->held_until - tst_system->get_time () : 0;

  return left > 0 ? left / 1000 + 1 : 0;
}

void
tst_machine_hold (TstMachine *m,
                  guint       milliseconds)
{
  m->held_until = tst_system->get_time () + milliseconds * G_GINT64_CONSTANT (1000);
}

/* --- Waiting for a half written text --- */

static gboolean
settle_cb (gpointer user_data)
{
  TstMachine *m = user_data;

  tst_machine_clear_timer (&m->settle_source);
  tst_machine_look_again (m);
  tst_machine_schedule (m);

  return G_SOURCE_REMOVE;
}

void
tst_machine_schedule_settle (TstMachine *m)
{
  start_timer (m, &m->settle_source, TST_MACHINE_SETTLE_MS, settle_cb);
}

void
tst_machine_settled (TstMachine *m)
{
  tst_machine_clear_timer (&m->settle_source);
  g_clear_pointer (&m->unsettled_tag, g_free);
}

gboolean
tst_machine_is_settled (TstMachine *m,
                        const char *tag)
{
  gint64 now = tst_system->get_time ();

  if (m->blocking > 0)
    return TRUE;

  if (g_strcmp0 (tag, m->unsettled_tag) != 0)
    {
      g_free (m->unsettled_tag);
      m->unsettled_tag = g_strdup (tag);
      m->unsettled_since = now;
    }
  else if (tag != NULL && now - m->unsettled_since >= TST_MACHINE_SETTLE_MS * G_GINT64_CONSTANT (1000))
    {
      return TRUE;
    }

  tst_machine_schedule_settle (m);

  return FALSE;
}

/* --- Waiting for an answer --- */

static gboolean
timeout_cb (gpointer user_data)
{
  TstMachine *m = user_data;

  tst_machine_clear_timer (&m->timeout_source);
  tst_call_time_out (m->call);

  return G_SOURCE_REMOVE;
}

void
tst_machine_schedule_timeout (TstMachine *m)
{
  if (m->request_timeout > 0)
    start_timer (m, &m->timeout_source, m->request_timeout, timeout_cb);
}

/* --- Waiting until it is quiet --- */

static gboolean
fold_cb (gpointer user_data)
{
  TstMachine *m = user_data;

  tst_machine_clear_timer (&m->fold_source);
  m->fold_due = TRUE;
  tst_machine_schedule (m);

  return G_SOURCE_REMOVE;
}

void
tst_machine_schedule_fold (TstMachine *m)
{
  gint delay = m->fold_after;

  tst_machine_clear_timer (&m->fold_source);
  if (delay == TST_NO_FOLD)
    m->fold_due = FALSE;
  if (delay == TST_NO_FOLD || !m->auto_save)
    return;

  /* Nothing is lost if it fails, so there is no hurry then. */
  if (m->n_failed_folds > 0)
    delay = MIN (MAX (delay, RETRY_MIN_MS) << MIN (m->n_failed_folds, 10), RETRY_MAX_MS);

  start_timer (m, &m->fold_source, (guint) delay, fold_cb);
}

/* --- Waiting for more changes --- */

static gboolean
delay_cb (gpointer user_data)
{
  TstMachine *m = user_data;

  tst_machine_clear_timer (&m->delay_source);
  m->delay_over = TRUE;
  tst_machine_schedule (m);

  return G_SOURCE_REMOVE;
}

void
tst_machine_schedule_save (TstMachine *m)
{
  /* Not put off by further changes, or a busy store would never be saved. */
  if (m->delay_source == NULL)
    start_timer (m, &m->delay_source, m->save_delay, delay_cb);
}
