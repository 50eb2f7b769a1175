/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#define G_SETTINGS_ENABLE_BACKEND

#include "../persisters/util.h"

#include <gio/gsettingsbackend.h>
#include <glib/gstdio.h>

#include "test-util.h"

/* The file of an item as what it is: one of GSettings. */

#define ROOT "/"

typedef struct
{
  char       *dir;
  char       *path;
  TstStorage *storage;
  GSettings  *settings;
  guint       n_told;  /* by GSettings */
} Fixture;

/* Those of the build, or else the installed ones. */
static GSettingsSchemaSource *
find_schemas (void)
{
  const char *folder = g_getenv ("TST_TEST_SCHEMAS");
  g_autoptr(GError) error = NULL;
  GSettingsSchemaSource *source;

  if (folder == NULL)
    return g_settings_schema_source_ref (g_settings_schema_source_get_default ());

  source = g_settings_schema_source_new_from_directory (folder, NULL, TRUE, &error);
  g_assert_no_error (error);

  return source;
}

static GSettings *
open_settings (const char *path,
               const char *group)
{
  g_autoptr(GSettingsBackend) backend = g_keyfile_settings_backend_new (path, ROOT, NULL);
  g_autoptr(GSettingsSchemaSource) source = find_schemas ();
  g_autoptr(GSettingsSchema) schema = NULL;
  g_autofree char *settings_path = g_strconcat (ROOT, group, "/", NULL);

  schema = g_settings_schema_source_lookup (source, "org.tstore.Storage.Item", FALSE);
  g_assert_nonnull (schema);

  return g_settings_new_full (schema, backend, settings_path);
}

static void
told_cb (GSettings  *settings,
         const char *key,
         Fixture    *f)
{
  f->n_told++;
}

static void
set_up (Fixture       *f,
        gconstpointer  user_data)
{
  g_autoptr(GFile) folder = NULL;
  g_autoptr(GError) error = NULL;

  f->dir = g_dir_make_tmp ("tst-gsettings-XXXXXX", &error);
  g_assert_no_error (error);
  folder = g_file_new_for_path (f->dir);
  f->path = g_build_filename (f->dir, "my%20pets.ini", NULL);
  f->storage = tst_storage_new (folder);
  f->settings = open_settings (f->path, "my%20pets");
  g_signal_connect (f->settings, "changed::content", G_CALLBACK (told_cb), f);
}

static void
tear_down (Fixture       *f,
           gconstpointer  user_data)
{
  g_object_unref (f->settings);
  run_ready ();
  wait_gone (f->storage);
  g_unlink (f->path);
  g_assert_cmpint (g_rmdir (f->dir), ==, 0);
  g_free (f->path);
  g_free (f->dir);
}

static gboolean
settings_are (Fixture    *f,
              const char *expected)
{
  g_autofree char *content = g_settings_get_string (f->settings, "content");

  return g_str_equal (content, expected);
}

static gboolean
item_is (Fixture    *f,
         const char *expected)
{
  g_autofree char *content = tst_storage_get_item (f->storage, "my pets", NULL);

  return g_strcmp0 (content, expected) == 0;
}

static void
set_item (Fixture    *f,
          const char *content)
{
  g_autoptr(GError) error = NULL;

  tst_storage_set_item (f->storage, "my pets", content, &error);
  g_assert_no_error (error);
}

static char *
read_file (Fixture *f)
{
  char *text = NULL;

  g_file_get_contents (f->path, &text, NULL, NULL);

  return text;
}

static void
test_both_ways (Fixture       *f,
                gconstpointer  user_data)
{
  const char *texts[] = {
    "x", "it's", "\"both\" 'quotes'", "line\nline\ttab \\", "ü 😀 \x01\x7f", " space ", FIDO,
  };

  g_test_summary ("What one side writes, the other one reads, and the file is the same to the byte");

  g_assert_true (settings_are (f, ""));

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *ours = NULL;
      g_autofree char *theirs = NULL;

      set_item (f, texts[i]);
      wait_for (settings_are (f, texts[i]));
      g_assert_cmpuint (f->n_told, >, 0);
      ours = read_file (f);

      g_settings_set_string (f->settings, "content", "other");
      wait_for (item_is (f, "other"));
      g_settings_set_string (f->settings, "content", texts[i]);
      wait_for (item_is (f, texts[i]));
      theirs = read_file (f);
      g_assert_cmpstr (ours, ==, theirs);
    }
}

static void
heard_cb (TstStorage *storage,
          const char *key,
          GString    *heard)
{
  g_string_append_printf (heard, "%s;", key);
}

static void
test_told (Fixture       *f,
           gconstpointer  user_data)
{
  g_autoptr(GString) heard = g_string_new (NULL);

  g_test_summary ("Each side tells of what the other one does");

  g_signal_connect (f->storage, "changed::my pets", G_CALLBACK (heard_cb), heard);
  g_settings_set_string (f->settings, "content", "1");
  wait_for (g_str_equal (heard->str, "my pets;"));

  f->n_told = 0;
  set_item (f, "2");
  wait_for (f->n_told > 0);
  g_assert_true (settings_are (f, "2"));

  /* Without a key, GSettings leaves its group behind. */
  g_settings_reset (f->settings, "content");
  wait_for (item_is (f, NULL));
  g_signal_handlers_disconnect_by_data (f->storage, heard);
}

static void
test_persister (Fixture       *f,
                gconstpointer  user_data)
{
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = tst_local_persister_new (store, f->storage, "my pets");

  g_test_summary ("A store follows GSettings, merges what it writes, and is written for it");

  run_ok_with (start_auto_persisting, persister, NULL);
  g_settings_set_string (f->settings, "content", FIDO);
  wait_for (store_is (store, FIDO));

  set_species (store, "felix", "cat");
  run_ok (flush, persister);
  wait_for (settings_are (f, BOTH) || settings_are (f, "[{\"pets\":{\"fido\":{\"species\":\"dog\"},"
                                                       "\"felix\":{\"species\":\"cat\"}}},{}]"));

  /* Not the content of a store: an error, and the store is kept. */
  g_settings_set_string (f->settings, "content", "hello");
  wait_for (tst_persister_get_last_error (persister) != NULL);
  assert_store (store, BOTH);
  g_settings_set_string (f->settings, "content", FELIX);
  wait_for (store_is (store, FELIX));

  run_ok (close, persister);
  wait_gone (persister);
}

/* A store has an unsaved change while GSettings, which takes no lock, writes what it
 * has in memory: it is found by its content, and merged. */
static void
test_merged (Fixture       *f,
             gconstpointer  user_data)
{
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = tst_local_persister_new (store, f->storage, "my pets");

  g_test_summary ("F22: what GSettings writes at the same time is detected, not overwritten");

  run_ok (load, persister);
  for (guint i = 0; i < test_scale (20); i++)
    {
      g_autofree char *here = g_strdup_printf ("here%u", i);
      g_autofree char *there = g_strdup_printf ("[{\"pets\":{\"there%u\":{\"species\":\"dog\"}}},{}]", i);
      g_autofree char *there_id = g_strdup_printf ("there%u", i);

      g_settings_set_string (f->settings, "content", there);
      set_species (store, here, "cat");
      tst_persister_set_auto_save (persister, TRUE);
      run_ok (flush, persister);

      g_assert_true (tst_store_has_row (store, "pets", here));
      g_assert_true (tst_store_has_row (store, "pets", there_id));
      tst_persister_set_auto_save (persister, FALSE);
      wait_idle (persister);
      run_ok (load, persister);
      g_assert_true (tst_store_has_row (store, "pets", here));
      g_assert_true (tst_store_has_row (store, "pets", there_id));
    }

  run_ok (close, persister);
  wait_gone (persister);
}

static void
test_damaged (Fixture       *f,
              gconstpointer  user_data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *other_path = g_build_filename (f->dir, "other.ini", NULL);
  g_autoptr(GSettings) other = open_settings (other_path, "other");

  g_test_summary ("A garbage byte, with which GSettings forgets everything, hurts one item");

  set_item (f, "1");
  g_assert_true (tst_storage_set_item (f->storage, "other", "2", NULL));
  g_assert_true (g_file_set_contents (f->path, "[my%20pets]\ncontent='1'\n\xff\n", -1, NULL));
  g_assert_null (tst_storage_get_item (f->storage, "my pets", &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_PARSE);
  {
    g_autofree char *content = tst_storage_get_item (f->storage, "other", NULL);

    g_assert_cmpstr (content, ==, "2");
  }
  wait_for (({ g_autofree char *s = g_settings_get_string (other, "content"); g_str_equal (s, "2"); }));
  g_assert_cmpint (g_unlink (other_path), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/storage-gsettings/" path, Fixture, NULL, set_up, func, tear_down)

  ADD ("both-ways", test_both_ways);
  ADD ("told", test_told);
  ADD ("persister", test_persister);
  ADD ("merged", test_merged);
  ADD ("damaged", test_damaged);

  return g_test_run ();
}
