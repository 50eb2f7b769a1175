/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* How long a fuzz target that was built with libFuzzer searches as a test: so
 * many inputs, and a hundred times as many in a soak run. Without this
 * variable, as when it is started by hand, for ever. */

#include "fuzz.h"

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
    runs *= 100;

  /* Lives as long as the program */
  arguments = g_new0 (char *, *argc + 2);
  for (int i = 0; i < *argc; i++)
    arguments[i] = (*argv)[i];
  arguments[(*argc)++] = g_strdup_printf ("-runs=%" G_GUINT64_FORMAT, runs);
  *argv = arguments;

  return 0;
}
