/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "dataset.h"

G_BEGIN_DECLS

/* For a function that must stay one, so that a loop in it is compiled by itself. */
#ifdef __clang__
# define BENCH_APART __attribute__ ((noinline))
#else
# define BENCH_APART __attribute__ ((noinline, noclone))
#endif

/* What all C peers share: a main function, the clock, and the one JSON line
 * that a measurement prints. */

typedef struct
{
  const char *peer;
  guint       n_rows; /* in each table */
  gboolean    once;   /* no warming up, so that an instruction counter sees one pass */
} Harness;

typedef struct
{
  const char *name;
  void      (*run) (const Harness *harness);
} HarnessWorkload;

int      harness_main         (int                    argc,
                               char                  *argv[],
                               const char            *peer,
                               const HarnessWorkload *workloads);

double   harness_now          (void); /* milliseconds */
double   harness_memory       (void); /* resident bytes */
double   harness_peak_memory  (void);

void     harness_report       (const Harness *self,
                               const char    *workload,
                               double         milliseconds,
                               gsize          n_operations,
                               gsize          check);
void     harness_report_bytes (const Harness *self,
                               const char    *workload,
                               double         bytes,
                               double         peak_bytes,
                               gsize          check);
void     harness_report_text  (const Harness *self,
                               const char    *workload,
                               double         milliseconds,
                               gsize          n_operations,
                               const char    *text,
                               gsize          length);
void     harness_expect       (const char    *what,
                               gsize          value,
                               gsize          expected);

/* Stands before the name of a loop that is measured: the compiler neither mixes
 * it with what surrounds it nor makes one of two that look alike, so that the
 * instruction counter finds it by its name. */
#ifdef __clang__
# define HARNESS_MEASURED static __attribute__ ((noinline)) void
#else
# define HARNESS_MEASURED static __attribute__ ((noipa)) void
#endif

G_END_DECLS
