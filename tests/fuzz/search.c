/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A fuzz target that was built with libFuzzer, as a test: it tries so many
 * inputs, thirty times as many in a soak run, and keeps the interesting
 * ones in its first folder, which is made here. Without the variable, as when
 * it is started by hand, it goes on for ever. */

#include "fuzz.h"

#include <glib/gstdio.h>

int LLVMFuzzerInitialize (int    *argc,
                          char ***argv);

int
LLVMFuzzerInitialize (int    *argc,
                      char ***argv)
{
  guint64 runs = g_ascii_strtoull (g_getenv ("TST_FUZZ_RUNS") ? g_getenv ("TST_FUZZ_RUNS") : "0", NULL, 10);
  char **arguments;

  if (runs == 0)
    return 0;

  if (g_getenv ("TST_TEST_SOAK") != NULL)
    runs *= 30;

  /* Lives as long as the program */
  arguments = g_new0 (char *, *argc + 2);
  for (int i = 0; i < *argc; i++)
    arguments[i] = (*argv)[i];
  g_assert_cmpint (g_mkdir_with_parents (arguments[1], 0700), ==, 0);
  arguments[(*argc)++] = g_strdup_printf ("-runs=%" G_GUINT64_FORMAT, runs);
  *argv = arguments;

  return 0;
}
