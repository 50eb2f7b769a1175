/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What test_writers.py runs several of at a time: adds rows to the store in a
 * file, one by one, each saved before the next.
 *
 *   add-rows FILE NAME COUNT  */

#include "util.h"

int
main (int   argc,
      char *argv[])
{
  g_autoptr(TstStore) store = tst_store_new ();
  g_autoptr(GFile) file = g_file_new_for_commandline_arg (argv[1]);
  g_autoptr(TstPersister) persister = tst_file_persister_new (store, file);

  run_ok_with (start_auto_persisting, persister, NULL);

  for (int i = 0; i < atoi (argv[3]); i++)
    {
      g_autofree char *row_id = g_strdup_printf ("%s%d", argv[2], i);

      tst_store_set_cell_number (store, "rows", row_id, "n", i, NULL);
      tst_store_set_value_number (store, argv[2], i, NULL);
      run_ok (flush, persister);
    }

  run_ok (close, persister);

  return 0;
}
