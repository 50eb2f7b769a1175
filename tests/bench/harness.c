/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

double
harness_now (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);

  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

/* A field of /proc/self/status, which is in kB. */
static double
read_status (const char *field)
{
  FILE *status = fopen ("/proc/self/status", "r");
  char line[256];
  double bytes = 0;

  g_assert_nonnull (status);

  while (fgets (line, sizeof line, status) != NULL)
    if (g_str_has_prefix (line, field))
      bytes = g_ascii_strtod (line + strlen (field), NULL) * 1024;

  fclose (status);
  return bytes;
}

double
harness_memory (void)
{
  return read_status ("VmRSS:");
}

double
harness_peak_memory (void)
{
  return read_status ("VmHWM:");
}

static void
print_line (const Harness *self,
            const char    *workload,
            const char    *format,
            ...) G_GNUC_PRINTF (3, 4);

static void
print_line (const Harness *self,
            const char    *workload,
            const char    *format,
            ...)
{
  va_list arguments;

  printf ("{\"workload\":\"%s\",\"peer\":\"%s\"", workload, self->peer);
  va_start (arguments, format);
  vprintf (format, arguments);
  va_end (arguments);
  printf ("}\n");
  fflush (stdout);
}

void
harness_report (const Harness *self,
                const char    *workload,
                double         milliseconds,
                gsize          n_operations,
                gsize          check)
{
  print_line (self, workload, ",\"ms\":%.6f,\"n\":%" G_GSIZE_FORMAT ",\"check\":%" G_GSIZE_FORMAT,
              milliseconds, n_operations, check);
}

void
harness_report_bytes (const Harness *self,
                      const char    *workload,
                      double         bytes,
                      double         peak_bytes,
                      gsize          check)
{
  print_line (self, workload, ",\"bytes\":%.2f,\"peak\":%.2f,\"check\":%" G_GSIZE_FORMAT,
              bytes, peak_bytes, check);
}

void
harness_report_text (const Harness *self,
                     const char    *workload,
                     double         milliseconds,
                     gsize          n_operations,
                     const char    *text,
                     gsize          length)
{
  g_autofree char *digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256,
                                                         (const guchar *) text, length);

  print_line (self, workload, ",\"ms\":%.6f,\"n\":%" G_GSIZE_FORMAT ",\"check\":\"%s\"",
              milliseconds, n_operations, digest);
}

/* A peer that did something else than what was asked is not measured. */
void
harness_expect (const char *what,
                gsize       value,
                gsize       expected)
{
  if (value == expected)
    return;

  g_printerr ("%s is %" G_GSIZE_FORMAT ", not %" G_GSIZE_FORMAT "\n", what, value, expected);
  exit (1);
}

static gboolean
run_workload (const Harness         *self,
              const HarnessWorkload *workloads,
              const char            *name)
{
  gboolean found = FALSE;

  for (; workloads->name != NULL; workloads++)
    if (g_str_equal (name, "all") || g_str_equal (name, workloads->name))
      {
        workloads->run (self);
        found = TRUE;
      }

  if (!found)
    g_printerr ("There is no workload '%s'\n", name);

  return found;
}

int
harness_main (int                    argc,
              char                  *argv[],
              const char            *peer,
              const HarnessWorkload *workloads)
{
  Harness self = { .peer = peer };
  int n_rows = DATASET_DEFAULT_ROWS;
  const GOptionEntry entries[] = {
    { "rows", 0, 0, G_OPTION_ARG_INT, &n_rows, "Rows in each table", "N" },
    { "once", 0, 0, G_OPTION_ARG_NONE, &self.once, "Do not warm up", NULL },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr(GOptionContext) context = g_option_context_new ("WORKLOAD… | all");
  g_autoptr(GError) error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);

  if (!g_option_context_parse (context, &argc, &argv, &error) || n_rows < 1)
    {
      g_printerr ("%s\n", error ? error->message : "There must be rows");
      return 2;
    }

  self.n_rows = n_rows;

  for (int i = 1; i < argc; i++)
    if (!run_workload (&self, workloads, argv[i]))
      return 2;

  return 0;
}
