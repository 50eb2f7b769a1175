/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Properties of persisters: they are what their getters return, and tell of changes, and of nothing else. */

#include <glib/gstdio.h>
#include <libtstore/tstore.h>

#define URI "http://localhost:1/pets.json"

static void
count_cb (GObject    *object,
          GParamSpec *pspec,
          gpointer    user_data)
{
  (*(guint *) user_data)++;
}

/* Listens to one property. */
static void
listen (gpointer    persister,
        const char *name,
        guint      *n_heard)
{
  g_autofree char *signal = g_strconcat ("notify::", name, NULL);

  *n_heard = 0;
  g_signal_connect (persister, signal, G_CALLBACK (count_cb), n_heard);
}

static void
test_saved (void)
{
  g_autofree char *folder = g_dir_make_tmp ("tst-properties-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "pets.json", NULL);
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(TstStore) store = tst_store_new ();
  TstPersister *persister = tst_file_persister_new (store, file);
  g_autoptr(GDateTime) before = NULL;
  g_autoptr(GDateTime) last_saved = NULL;
  g_autoptr(GError) error = NULL;
  guint n_heard, n_counted, n_saves;

  g_object_get (persister, "last-saved", &before, "n-saves", &n_saves, NULL);
  g_assert_null (before);
  g_assert_cmpuint (n_saves, ==, 0);
  listen (persister, "last-saved", &n_heard);
  listen (persister, "n-saves", &n_counted);

  tst_store_set_value_boolean (store, "open", TRUE, NULL);
  g_assert_true (tst_persister_save (persister, NULL, &error));
  g_assert_no_error (error);
  while (g_main_context_iteration (NULL, FALSE));

  g_object_get (persister, "last-saved", &last_saved, "n-saves", &n_saves, NULL);
  g_assert_nonnull (last_saved);
  g_assert_true (g_date_time_equal (last_saved, tst_persister_get_last_saved (persister)));
  g_assert_cmpuint (n_saves, ==, 1);
  g_assert_cmpuint (n_heard, ==, 1);
  g_assert_cmpuint (n_counted, ==, 1);

  g_assert_finalize_object (persister);
  g_assert_no_errno (g_remove (path));
  g_assert_no_errno (g_rmdir (folder));
}

static void
test_last_error (void)
{
  g_autofree char *folder = g_dir_make_tmp ("tst-properties-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "pets.json", NULL);
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(TstStore) store = tst_store_new ();
  TstPersister *persister = tst_file_persister_new (store, file);
  g_autoptr(GError) none = NULL;
  g_autoptr(GError) told = NULL;
  g_autoptr(GError) error = NULL;
  guint n_heard;

  g_object_get (persister, "last-error", &none, NULL);
  g_assert_no_error (none);
  listen (persister, "last-error", &n_heard);

  g_assert_no_errno (g_mkdir (path, 0700));
  g_assert_false (tst_persister_load (persister, NULL, &error));
  g_object_get (persister, "last-error", &told, NULL);
  g_assert_nonnull (told);
  g_assert_error (told, error->domain, error->code);
  g_assert_cmpuint (n_heard, ==, 1);

  /* Also that it is over. */
  g_clear_error (&error);
  g_assert_no_errno (g_rmdir (path));
  g_assert_true (tst_persister_save (persister, NULL, &error));
  g_assert_no_error (error);
  g_assert_null (tst_persister_get_last_error (persister));
  g_assert_cmpuint (n_heard, ==, 2);

  g_assert_finalize_object (persister);
  g_assert_no_errno (g_remove (path));
  g_assert_no_errno (g_rmdir (folder));
}

static void
test_file (void)
{
  g_autoptr(TstStore) store = tst_store_new ();
  g_autoptr(GFile) file = g_file_new_for_path ("/nowhere/pets.json");
  TstPersister *persister = tst_file_persister_new (store, file);
  g_autoptr(GFile) kept = NULL;
  gboolean allowed;
  guint64 threshold;
  guint n_allowed, n_threshold;

  listen (persister, "allow-in-place-write", &n_allowed);
  listen (persister, "journal-threshold", &n_threshold);
  for (int i = 0; i < 2; i++)
    {
      tst_file_persister_set_allow_in_place_write (TST_FILE_PERSISTER (persister), TRUE);
      tst_file_persister_set_journal_threshold (TST_FILE_PERSISTER (persister), 7);
    }

  g_object_get (persister, "allow-in-place-write", &allowed, "journal-threshold", &threshold,
                "file", &kept, NULL);
  g_assert_true (allowed);
  g_assert_cmpuint (threshold, ==, 7);
  g_assert_true (kept == file);
  g_assert_cmpuint (n_allowed, ==, 1);
  g_assert_cmpuint (n_threshold, ==, 1);
  g_object_set (persister, "allow-in-place-write", FALSE, NULL);
  g_assert_false (tst_file_persister_get_allow_in_place_write (TST_FILE_PERSISTER (persister)));

  g_assert_finalize_object (persister);
}

static void
test_remote (void)
{
  g_autoptr(TstStore) store = tst_store_new ();
  TstPersister *persister = tst_remote_persister_new (store, URI, URI "?save");
  g_autofree char *load_uri = NULL;
  g_autofree char *save_uri = NULL;
  guint64 max_size;
  guint n_size, n_timeout, timeout;

  listen (persister, "max-size", &n_size);
  listen (persister, "request-timeout", &n_timeout);
  for (int i = 0; i < 2; i++)
    {
      tst_remote_persister_set_max_size (TST_REMOTE_PERSISTER (persister), 1000);
      tst_persister_set_request_timeout (persister, 500);
    }

  g_object_get (persister, "load-uri", &load_uri, "save-uri", &save_uri, "max-size", &max_size,
                "request-timeout", &timeout, NULL);
  g_assert_cmpstr (load_uri, ==, URI);
  g_assert_cmpstr (save_uri, ==, URI "?save");
  g_assert_cmpuint (max_size, ==, 1000);
  g_assert_cmpuint (timeout, ==, 500);
  g_assert_cmpuint (n_size, ==, 1);
  g_assert_cmpuint (n_timeout, ==, 1);

  g_assert_finalize_object (persister);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/persister-properties/saved", test_saved);
  g_test_add_func ("/persister-properties/last-error", test_last_error);
  g_test_add_func ("/persister-properties/file", test_file);
  g_test_add_func ("/persister-properties/remote", test_remote);

  return g_test_run ();
}
