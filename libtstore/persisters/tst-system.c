/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-system-private.h"

#include <gio/gio.h>
#include <stdlib.h>

/* How long a program waits for work in threads of its own, before it exits all the
 * same. */
#define EXIT_TIMEOUT_S 10

static GMutex lock;
static GCond work_done;
static guint n_threads;

static void
sleep_in_thread (guint milliseconds)
{
  g_usleep (milliseconds * 1000ul);
}

typedef struct
{
  TstWork  work;
  gpointer data;
} Job;

static void
work_in_pool (GTask        *task,
              gpointer      source_object,
              gpointer      task_data,
              GCancellable *cancellable)
{
  Job *job = task_data;

  job->work (job->data);
}

static void
run_in_pool (TstWork  work,
             gpointer data)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, NULL, NULL);
  Job *job = g_new (Job, 1);

  job->work = work;
  job->data = data;

  g_task_set_source_tag (task, run_in_pool);
  g_task_set_task_data (task, job, g_free);
  g_task_run_in_thread (task, work_in_pool);
}

static gpointer
work_in_thread (gpointer user_data)
{
  g_autofree Job *job = user_data;

  job->work (job->data);

  g_mutex_lock (&lock);
  n_threads--;
  g_cond_broadcast (&work_done);
  g_mutex_unlock (&lock);

  return NULL;
}

static void
wait_at_exit (void)
{
  gint64 deadline = g_get_monotonic_time () + EXIT_TIMEOUT_S * G_TIME_SPAN_SECOND;
  gboolean waiting = TRUE;

  g_mutex_lock (&lock);
  while (n_threads > 0 && waiting)
    waiting = g_cond_wait_until (&work_done, &lock, deadline);
  g_mutex_unlock (&lock);
}

static void
run_in_thread (TstWork  work,
               gpointer data)
{
  static gsize registered;
  Job *job = g_new (Job, 1);

  if (g_once_init_enter (&registered))
    {
      atexit (wait_at_exit);
      g_once_init_leave (&registered, 1);
    }

  job->work = work;
  job->data = data;

  g_mutex_lock (&lock);
  n_threads++;
  g_mutex_unlock (&lock);

  g_thread_unref (g_thread_new ("tst-persister", work_in_thread, job));
}

static const TstSystem real_system = {
  g_get_monotonic_time,
  g_timeout_source_new,
  sleep_in_thread,
  run_in_pool,
  run_in_thread,
};

const TstSystem *tst_system = &real_system;
