/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-system-private.h"

#include <gio/gio.h>

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

  return NULL;
}

static void
run_in_thread (TstWork  work,
               gpointer data)
{
  Job *job = g_new (Job, 1);

  job->work = work;
  job->data = data;

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
