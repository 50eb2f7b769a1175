/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What the tests run in processes of their own:
 *
 *   storage-tool FOLDER set KEY CONTENT
 *   storage-tool FOLDER remove KEY
 *     twice, so that one sees whether the second time helps. Prints "done", or
 *     "failed" and why, for each time
 *   storage-tool FOLDER get KEY
 *     prints "content" and the content, "nothing", or "failed" and why
 *   storage-tool FOLDER add-rows KEY ID N
 *     adds rows with a persister, ID-0 and so on, each with a save of its own
 *   storage-tool FOLDER follow KEY THERE HERE
 *     prints "ready", adds the row HERE without saving it, waits until somebody has
 *     saved a row THERE, and saves
 */

#include "../persisters/util.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
report (GError *error)
{
  if (error != NULL)
    g_print ("failed %s\n", error->message);
  else
    g_print ("done\n");
}

static void
set_twice (TstStorage *storage,
           const char *key,
           const char *content)
{
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GError) error = NULL;

      if (content != NULL)
        tst_storage_set_item (storage, key, content, &error);
      else
        tst_storage_remove_item (storage, key, &error);
      report (error);
    }
}

static void
get (TstStorage *storage,
     const char *key)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *content = tst_storage_get_item (storage, key, &error);

  if (error != NULL)
    report (error);
  else if (content != NULL)
    g_print ("content %s\n", content);
  else
    g_print ("nothing\n");
}

static void
add_rows (TstStorage *storage,
          const char *key,
          const char *id,
          guint       n_rows)
{
  g_autoptr(TstStore) store = tst_store_new ();
  g_autoptr(TstPersister) persister = tst_local_persister_new (store, storage, key);

  run_ok_with (start_auto_persisting, persister, NULL);
  for (guint i = 0; i < n_rows; i++)
    {
      g_autofree char *row_id = g_strdup_printf ("%s-%u", id, i);

      set_species (store, row_id, "dog");
      run_ok (flush, persister);
    }
  run_ok (close, persister);
  g_print ("done\n");
}

static void
follow (TstStorage *storage,
        const char *key,
        const char *there,
        const char *here)
{
  g_autoptr(TstStore) store = tst_store_new ();
  g_autoptr(TstPersister) persister = tst_local_persister_new (store, storage, key);

  tst_persister_set_save_delay (persister, 60 * 1000);
  run_ok_with (start_auto_persisting, persister, NULL);
  set_species (store, here, "dog");
  g_print ("ready\n");
  fflush (stdout);
  wait_for (tst_store_has_row (store, "pets", there));

  g_assert_true (tst_store_has_row (store, "pets", here));
  run_ok (save, persister);
  run_ok (close, persister);
  g_print ("done\n");
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GFile) folder = g_file_new_for_commandline_arg (argv[1]);
  g_autoptr(TstStorage) storage = tst_storage_new (folder);
  const char *command = argv[2];
  const char *key = argv[3];

  if (g_str_equal (command, "set"))
    set_twice (storage, key, argv[4]);
  else if (g_str_equal (command, "remove"))
    set_twice (storage, key, NULL);
  else if (g_str_equal (command, "get"))
    get (storage, key);
  else if (g_str_equal (command, "add-rows"))
    add_rows (storage, key, argv[4], atoi (argv[5]));
  else if (g_str_equal (command, "follow"))
    follow (storage, key, argv[4], argv[5]);
  else
    return 2;

  return 0;
}
