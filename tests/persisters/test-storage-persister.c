/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "storage-medium.h"

int
main (int   argc,
      char *argv[])
{
  int result;

  storage_begin ();
  g_test_init (&argc, &argv, NULL);

  suite_add_all (&local_medium);
  suite_add_all (&session_medium);
  suite_add_all (&session_in_memory_medium);

  result = g_test_run ();
  storage_end ();

  return result;
}
