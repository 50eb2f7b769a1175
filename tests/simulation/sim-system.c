/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "sim.h"

#include "tst-system-private.h"

/* One world at a time, in one thread. */
static gint64 now;
static GQueue timeouts = G_QUEUE_INIT;  /* of SimTimeout, alive */
static SimProcess *current;             /* (nullable) */
static const TstSystem *real_system;

/* --- The clock --- */

typedef struct
{
  GSource source;
  gint64  due;
} SimTimeout;

static gboolean
timeout_prepare (GSource *source,
                 int     *timeout)
{
  *timeout = -1;

  return now >= ((SimTimeout *) source)->due;
}

static gboolean
timeout_check (GSource *source)
{
  return now >= ((SimTimeout *) source)->due;
}

static gboolean
timeout_dispatch (GSource     *source,
                  GSourceFunc  callback,
                  gpointer     user_data)
{
  return callback (user_data);
}

static void
timeout_finalize (GSource *source)
{
  g_queue_remove (&timeouts, source);
}

static GSourceFuncs timeout_funcs = {
  .prepare = timeout_prepare,
  .check = timeout_check,
  .dispatch = timeout_dispatch,
  .finalize = timeout_finalize,
};

static GSource *
new_timeout (guint milliseconds)
{
  GSource *source = g_source_new (&timeout_funcs, sizeof (SimTimeout));

  ((SimTimeout *) source)->due = now + milliseconds * G_GINT64_CONSTANT (1000);
  g_queue_push_tail (&timeouts, source);

  return source;
}

gint64
sim_system_get_time (void)
{
  return now;
}

void
sim_system_advance (gint64 microseconds)
{
  now += microseconds;
}

gint64
sim_system_get_due (void)
{
  gint64 due = -1;

  for (GList *l = timeouts.head; l != NULL; l = l->next)
    {
      SimTimeout *timeout = l->data;

      if (!g_source_is_destroyed (l->data) && (due == -1 || timeout->due < due))
        due = timeout->due;
    }

  return due;
}

static void
sleep_in_thread (guint milliseconds)
{
  now += milliseconds * G_GINT64_CONSTANT (1000);
}

/* --- Threads --- */

static void
add_job (TstWork  work,
         gpointer data,
         gboolean alone)
{
  SimJob *job = g_new (SimJob, 1);

  job->work = work;
  job->data = data;
  job->alone = alone;
  g_queue_push_tail (&current->jobs, job);
}

static void
run_in_pool (TstWork  work,
             gpointer data)
{
  add_job (work, data, FALSE);
}

static void
run_in_thread (TstWork  work,
               gpointer data)
{
  add_job (work, data, TRUE);
}

static const TstSystem simulated_system = {
  sim_system_get_time,
  new_timeout,
  sleep_in_thread,
  run_in_pool,
  run_in_thread,
};

void
sim_system_enter (SimProcess *process)
{
  current = process;
}

void
sim_system_begin (Sim *sim)
{
  now = 0;
  real_system = tst_system;
  tst_system = &simulated_system;
}

void
sim_system_end (Sim *sim)
{
  if (timeouts.length > 0)
    sim_fail (sim, "somebody still waits for a timer");

  g_queue_clear (&timeouts);
  tst_system = real_system;
}
