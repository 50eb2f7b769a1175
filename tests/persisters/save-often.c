/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What test_journal_faults.py runs while calls to files fail: keeps a store in a file
 * with a journal, and prints "saved N" when the Nth change is saved.
 *
 *   save-often FILE all PREFIX   four changes, a save of the whole file before the last one,
 *                                and a close
 *   save-often FILE two PREFIX   two changes, and no close
 *   save-often FILE once PREFIX  one change, and a close
 *   save-often FILE print        prints the content */

#include "util.h"

#include <string.h>
#include <unistd.h>

#define N_CHANGES 4

static void
change (TstStore   *store,
        const char *prefix,
        guint       i)
{
  g_autofree char *row_id = g_strdup_printf ("%s%u", prefix, i);

  tst_store_begin (store);
  tst_store_set_cell_number (store, "t", row_id, "c", i, NULL);
  tst_store_set_value_number (store, prefix, i, NULL);
  tst_store_commit (store);
}

/* What has failed once, works the second time, if it works at all. */
static gboolean
try (const char   *what,
     BeginFunc     begin,
     FinishFunc    finish,
     TstPersister *persister,
     guint         i)
{
  for (guint n = 0; n < 3; n++)
    {
      g_autoptr(GError) error = NULL;

      if (run_operation (begin, finish, persister, &error))
        {
          g_print ("%s %u\n", what, i);
          return TRUE;
        }
      g_print ("failed %u: %s\n", i, error->message);
    }

  return FALSE;
}

static int
print_content (TstPersister *persister)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *json = NULL;

  if (!tst_persister_load (persister, NULL, &error))
    {
      g_print ("%s\n", error->message);
      return 1;
    }

  json = tst_store_get_json (tst_persister_get_store (persister));
  g_print ("%s\n", json);

  return 0;
}

#define TRY(what, name, i) \
  try (what, tst_persister_ ## name ## _async, tst_persister_ ## name ## _finish, persister, i)

int
main (int   argc,
      char *argv[])
{
  g_autoptr(TstStore) store = tst_store_new ();
  g_autoptr(GFile) file = g_file_new_for_commandline_arg (argv[1]);
  g_autoptr(TstPersister) persister = tst_file_persister_new (store, file);
  g_autoptr(GError) error = NULL;
  guint n_changes = N_CHANGES;

  tst_file_persister_set_journal_threshold (TST_FILE_PERSISTER (persister), 0);
  if (strcmp (argv[2], "print") == 0)
    return print_content (persister);

  if (!run_with (start_auto_persisting, persister, &error, NULL))
    g_print ("not loaded: %s\n", error->message);

  if (strcmp (argv[2], "two") == 0)
    {
      for (guint i = 1; i <= 2; i++)
        {
          change (store, argv[3], i);
          TRY ("saved", flush, i);
        }
      _exit (0);
    }

  if (strcmp (argv[2], "once") == 0)
    n_changes = 1;

  for (guint i = 1; i <= n_changes; i++)
    {
      change (store, argv[3], i);
      TRY ("saved", flush, i);
      if (i == N_CHANGES - 1)
        TRY ("saved", save, i);
    }

  return TRY ("closed", close, n_changes) ? 0 : 1;
}
