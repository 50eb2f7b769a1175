/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "storage-medium.h"

#include <glib/gstdio.h>
#include <unistd.h>

static void
write_text (StoragePlace *place,
            const char   *text)
{
  g_assert_true (g_file_set_contents (place->path, text, -1, NULL));
}

/* Removes what was kept of a damaged file; fails if it is not what is expected. */
static void
expect_kept (StoragePlace *place,
             const char   *expected)
{
  g_autoptr(GDir) dir = g_dir_open (place->dir, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (place->dir, name, NULL);
      g_autofree char *text = NULL;

      if (!g_str_has_prefix (name, ITEM_FILE ".corrupt-"))
        continue;

      g_file_get_contents (path, &text, NULL, NULL);
      g_assert_cmpstr (text, ==, expected);
      g_assert_cmpint (g_unlink (path), ==, 0);
      return;
    }

  g_assert_not_reached ();
}

static void
test_damaged (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = suite_persister (suite, store);
  g_autoptr(GError) error = NULL;

  g_test_summary ("F13: a damaged key file is an error, shows defaults, and is kept aside by a save");

  write_text (suite->data, "[pets]\ncontent='a'\ngarbage\n");
  g_assert_false (run_with (start_auto_persisting, persister, &error, FIDO));
  g_assert_error (error, TST_ERROR, TST_ERROR_PARSE);
  g_assert_nonnull (strstr (error->message, "line 3"));
  assert_store (store, FIDO);

  set_species (store, "felix", "cat");
  wait_for (suite_has (suite, BOTH));
  wait_idle (persister);
  expect_kept (suite->data, "[pets]\ncontent='a'\ngarbage\n");

  close_persister (persister);
}

static void
test_damaged_later (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = suite_persister (suite, store);

  g_test_summary ("F13: so is one that is damaged later, while the store has changes");

  run_ok_with (start_auto_persisting, persister, NULL);
  write_text (suite->data, "[pets]\ncontent=nothing\n");
  wait_for (tst_persister_get_last_error (persister) != NULL);
  assert_store (store, FIDO);
  set_species (store, "felix", "cat");
  wait_for (suite_has (suite, BOTH));
  wait_idle (persister);
  expect_kept (suite->data, "[pets]\ncontent=nothing\n");

  close_persister (persister);
}

static void
test_foreign (Suite *suite)
{
  StoragePlace *place = suite->data;
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = suite_persister (suite, store);
  g_autofree char *text = NULL;
  guint n_loads;

  g_test_summary ("What else is in the file is no news, no conflict, and is kept");

  run_ok_with (start_auto_persisting, persister, FIDO);
  run_ok (save, persister);
  n_loads = tst_persister_get_n_loads (persister);

  write_text (place, "# mine\n\n[pets]\ncontent='" FIDO "'\nx=1\n");
  set_store (store, FELIX);
  run_ok (flush, persister);
  wait_idle (persister);
  g_assert_cmpuint (tst_persister_get_n_loads (persister), ==, n_loads);
  g_file_get_contents (place->path, &text, NULL, NULL);
  g_assert_cmpstr (text, ==, "# mine\n\n[pets]\ncontent='" FELIX "'\nx=1\n");

  close_persister (persister);
}

static void
test_other_item (Suite *suite)
{
  StoragePlace *place = suite->data;
  g_autoptr(GFile) folder = g_file_new_for_path (place->dir);
  TstStorage *storage = tst_storage_new (folder);
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = suite_persister (suite, store);
  guint n_loads;

  g_test_summary ("Other items of the storage are no news");

  run_ok_with (start_auto_persisting, persister, FIDO);
  run_ok (save, persister);
  n_loads = tst_persister_get_n_loads (persister);

  g_assert_true (tst_storage_set_item (storage, "other", FELIX, NULL));
  g_assert_true (tst_storage_remove_item (storage, "other", NULL));
  set_store (store, BOTH);
  run_ok (flush, persister);
  wait_idle (persister);
  g_assert_cmpuint (tst_persister_get_n_loads (persister), ==, n_loads);

  close_persister (persister);
  wait_gone (storage);
}

static void
test_symlink (Suite *suite)
{
  StoragePlace *place = suite->data;
  g_autofree char *target = g_build_filename (storage_root (), "elsewhere", NULL);
  g_autofree char *item = item_text_new (FELIX);
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = suite_persister (suite, store);

  g_test_summary ("F20: a symbolic link stays one, and what happens where it leads is heard of");

  g_assert_cmpint (symlink (target, place->path), ==, 0);
  run_ok_with (start_auto_persisting, persister, NULL);
  run_ok (save, persister);
  g_assert_true (g_file_test (place->path, G_FILE_TEST_IS_SYMLINK));
  g_assert_true (g_file_set_contents (target, item, -1, NULL));
  wait_for (store_is (store, FELIX));

  close_persister (persister);
  g_assert_cmpint (g_unlink (target), ==, 0);
}

static void
add_for_files (const Medium *medium)
{
  suite_add (medium, "damaged", test_damaged);
  suite_add (medium, "damaged/later", test_damaged_later);
  suite_add (medium, "foreign", test_foreign);
  suite_add (medium, "other-item", test_other_item);
}

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

  add_for_files (&local_medium);
  add_for_files (&session_medium);
  suite_add (&local_medium, "symlink", test_symlink);

  result = g_test_run ();
  storage_end ();

  return result;
}
