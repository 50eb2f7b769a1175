/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What test_faults.py runs while calls to files fail: opens the store in a file,
 * changes it, saves it, and saves it again. Prints what became
 * of each try: "saved" or "failed", "clean" or "dirty".
 *
 *   save-once FILE         the same twice
 *   save-once FILE back    what was changed is changed back in between
 *   save-once FILE lost    the same, and the second save is that of a persister that is lost
 */

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
  gboolean back = argc > 2;
  gboolean lost = back && g_str_equal (argv[2], "lost");
  g_autoptr(TstStore) store = tst_store_new ();
  g_autoptr(GFile) file = g_file_new_for_commandline_arg (argv[1]);
  g_autoptr(TstPersister) persister = tst_file_persister_new (store, file);
  g_autoptr(GError) error = NULL;

  if (!run (load, persister, &error))
    g_print ("not loaded: %s\n", error->message);

  if (lost)
    run_ok (start_auto_save, persister);

  tst_store_set_value_string (store, "new", "a text that is longer than the old one", NULL);
  try (persister);
  if (back)
    tst_store_remove_value (store, "new");
  if (!lost)
    try (persister);
  g_clear_object (&persister);
  if (lost)
    wait_last_save ();

  return 0;
}
