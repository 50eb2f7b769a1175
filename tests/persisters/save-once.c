/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What test_faults.py runs while calls to files fail: opens the store in a file,
 * changes it, saves it, and if that failed, saves it again. Prints what became
 * of each try: "saved" or "failed", "clean" or "dirty". */

#include "util.h"

static void
try (TstPersister *persister)
{
  g_autoptr(GError) error = NULL;
  gboolean saved = run (save, persister, &error);

  g_print ("%s %s %s\n",
           saved ? "saved" : "failed",
           tst_persister_get_dirty (persister) ? "dirty" : "clean",
           error != NULL ? error->message : "");
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(TstStore) store = tst_store_new ();
  g_autoptr(GFile) file = g_file_new_for_commandline_arg (argv[1]);
  g_autoptr(TstPersister) persister = tst_file_persister_new (store, file);
  g_autoptr(GError) error = NULL;

  if (!run (load, persister, &error))
    g_print ("not loaded: %s\n", error->message);

  tst_store_set_value_string (store, "new", "a text that is longer than the old one", NULL);
  try (persister);
  try (persister);

  return 0;
}
