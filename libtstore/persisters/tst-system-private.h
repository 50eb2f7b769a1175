/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the persisters use of the system beside main contexts: the time, and
 * threads. A test that wants to decide itself when what happens puts its own
 * in place. */

/* Frees @data itself. */
typedef void (*TstWork) (gpointer data);

typedef struct
{
  /* Monotonic, in microseconds. */
  gint64    (*get_time)       (void);
  GSource * (*new_timeout)    (guint     milliseconds);
  /* In a thread. */
  void      (*sleep)          (guint     milliseconds);
  /* Does some work in a thread of a pool. */
  void      (*run_in_pool)    (TstWork   work,
                               gpointer  data);
  /* The same for work that waits for what others do in the pool, and that a program
   * does not exit without. */
  void      (*run_in_thread)  (TstWork   work,
                               gpointer  data);
} TstSystem;

extern const TstSystem *tst_system;

G_END_DECLS
