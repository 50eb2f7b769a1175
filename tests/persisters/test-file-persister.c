/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "file-medium.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>

#include "test-util.h"

#define NOBODY 65534

static void
test_file_persister_properties (void)
{
  Place *place = place_new ();
  g_autoptr(TstStore) store = new_store (NULL);
  g_autoptr(GFile) file = g_file_new_for_path (place->path);
  TstPersister *persister = tst_file_persister_new (store, file);

  g_test_summary ("A persister knows its store and its file");

  g_assert_true (tst_persister_get_store (persister) == store);
  g_assert_true (g_file_equal (tst_file_persister_get_file (TST_FILE_PERSISTER (persister)), file));
  g_assert_false (tst_file_persister_get_allow_in_place_write (TST_FILE_PERSISTER (persister)));
  g_assert_cmpuint (place_count (place), ==, 0);

  g_assert_finalize_object (persister);
  place_free (place);
}

static void
test_file_persister_text (void)
{
  Place *place = place_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = file_persister (place->path, store);
  g_autofree char *text = NULL;

  g_test_summary ("The file is the text of the store and nothing else, without a line end");

  run_ok (save, persister);
  text = read_file (place->path);
  g_assert_cmpstr (text, ==, FIDO);
  g_assert_cmpuint (place_count (place), ==, 1);

  close_persister (persister);
  place_free (place);
}

static void
test_file_persister_symlink (void)
{
  Place *place = place_new ();
  g_autofree char *dir = place_path (place, "there");
  g_autofree char *target = g_build_filename (dir, "real.json", NULL);
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = NULL;

  g_test_summary ("F20: a symbolic link stays one, also one that leads to nothing yet; it is watched");

  g_assert_cmpint (g_mkdir (dir, 0755), ==, 0);
  g_assert_cmpint (symlink ("there/real.json", place->path), ==, 0);

  persister = file_persister (place->path, store);
  run_ok_with (start_auto_persisting, persister, NULL);
  g_assert_true (g_file_test (place->path, G_FILE_TEST_IS_SYMLINK));
  g_assert_true (file_is (target, FIDO));

  write_file (target, FELIX);
  wait_for (store_is (store, FELIX));
  write_file_in_place (target, FIDO, strlen (FIDO));
  wait_for (store_is (store, FIDO));

  set_store (store, FELIX);
  wait_for (file_is (target, FELIX));
  g_assert_true (g_file_test (place->path, G_FILE_TEST_IS_SYMLINK));

  close_persister (persister);
  g_unlink (target);
  g_rmdir (dir);
  place_free (place);
}

static void
test_file_persister_symlink_moved (void)
{
  Place *place = place_new ();
  g_autofree char *a = place_path (place, "a.json");
  g_autofree char *b = place_path (place, "b.json");
  g_autofree char *other = place_path (place, "other-link");
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = NULL;

  g_test_summary ("A symbolic link that is changed to lead elsewhere is followed");

  write_file (a, FIDO);
  write_file (b, FELIX);
  g_assert_cmpint (symlink ("a.json", place->path), ==, 0);
  persister = file_persister (place->path, store);
  run_ok_with (start_auto_load, persister, NULL);
  assert_store (store, FIDO);

  g_assert_cmpint (symlink ("b.json", other), ==, 0);
  g_assert_cmpint (g_rename (other, place->path), ==, 0);
  wait_for (store_is (store, FELIX));
  write_file (b, BOTH);
  wait_for (store_is (store, BOTH));

  close_persister (persister);
  g_unlink (a);
  g_unlink (b);
  place_free (place);
}

static void
test_file_persister_symlink_loop (void)
{
  Place *place = place_new ();
  g_autofree char *name = g_path_get_basename (place->path);
  g_autofree char *other = place_path (place, "other-link");
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = file_persister (place->path, store);
  g_autoptr(GError) error = NULL;

  g_test_summary ("Two symbolic links that lead to each other are an error, and stay");

  g_assert_cmpint (symlink ("other-link", place->path), ==, 0);
  g_assert_cmpint (symlink (name, other), ==, 0);
  g_assert_false (run (load, persister, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_LINKS);
  g_clear_error (&error);
  assert_store (store, FIDO);
  g_assert_false (run (save, persister, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_LINKS);
  g_assert_true (g_file_test (place->path, G_FILE_TEST_IS_SYMLINK));
  g_assert_true (g_file_test (other, G_FILE_TEST_IS_SYMLINK));
  g_assert_cmpuint (place_count (place), ==, 2);

  drop_persister (persister);
  g_unlink (other);
  place_free (place);
}

static void
test_file_persister_mode (void)
{
  Place *place = place_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = file_persister (place->path, store);
  struct stat st;
  mode_t mask;

  g_test_summary ("F20: the file keeps its mode and owner; a new one has the usual mode");

  mask = umask (0027);
  run_ok (save, persister);
  umask (mask);
  g_assert_cmpint (g_stat (place->path, &st), ==, 0);
  g_assert_cmpint (st.st_mode & 07777, ==, 0640);

  g_assert_cmpint (g_chmod (place->path, 0604), ==, 0);
  if (geteuid () == 0)
    g_assert_cmpint (chown (place->path, 12, 34), ==, 0);
  set_store (store, FELIX);
  run_ok (save, persister);
  g_assert_true (file_is (place->path, FELIX));
  g_assert_cmpint (g_stat (place->path, &st), ==, 0);
  g_assert_cmpint (st.st_mode & 07777, ==, 0604);
  if (geteuid () == 0)
    {
      g_assert_cmpint (st.st_uid, ==, 12);
      g_assert_cmpint (st.st_gid, ==, 34);
    }

  close_persister (persister);
  place_free (place);
}

static void
test_file_persister_left_over (void)
{
  Place *place = place_new ();
  g_autofree char *dead = place_path (place, ".store.json.abcdefghijkl.tst-tmp");
  g_autofree char *alive = place_path (place, ".store.json.mnopqrstuvwx.tst-tmp");
  g_autofree char *foreign = place_path (place, ".other.json.abcdefghijkl.tst-tmp");
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = file_persister (place->path, store);
  int fd;

  g_test_summary ("F24: temporary files of a crashed run are removed; those at work are not");

  write_file (dead, "x");
  write_file (alive, "x");
  write_file (foreign, "x");
  fd = g_open (alive, O_RDONLY, 0);
  g_assert_cmpint (flock (fd, LOCK_EX | LOCK_NB), ==, 0);

  run_ok (save, persister);
  g_assert_false (g_file_test (dead, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (alive, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (foreign, G_FILE_TEST_EXISTS));

  close (fd);
  g_unlink (alive);
  g_unlink (foreign);
  close_persister (persister);
  place_free (place);
}

static void
test_file_persister_no_parent (void)
{
  Place *place = place_new ();
  g_autofree char *dir = place_path (place, "later");
  g_autofree char *path = g_build_filename (dir, "store.json", NULL);
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = file_persister (path, store);
  g_autoptr(GError) error = NULL;

  g_test_summary ("F19: a folder that is not there: watching makes nothing, saving fails, then goes on");

  run_ok_with (start_auto_load, persister, NULL);
  g_assert_cmpuint (place_count (place), ==, 0);
  g_assert_false (run (save, persister, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_cmpuint (place_count (place), ==, 0);

  g_assert_cmpint (g_mkdir (dir, 0755), ==, 0);
  run_ok (save, persister);
  g_assert_true (file_is (path, FIDO));

  /* GLib finds the folder by and by. */
  wait_for (({ write_file (path, FELIX); store_is (store, FELIX); }));

  close_persister (persister);
  g_unlink (path);
  g_rmdir (dir);
  place_free (place);
}

static void
test_file_persister_not_a_file (void)
{
  g_autoptr(TstStore) store = new_store (FIDO);
  g_autoptr(GFile) remote = g_file_new_for_uri ("resource:///nowhere");
  TstPersister *persister = file_persister ("/dev/null", store);
  g_autoptr(GError) error = NULL;

  g_test_summary ("Devices and files that are not local are refused");

  g_assert_false (run (load, persister, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
  g_clear_error (&error);
  g_assert_false (run (save, persister, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
  g_clear_error (&error);
  drop_persister (persister);

  persister = tst_file_persister_new (store, remote);
  g_assert_false (run (load, persister, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  drop_persister (persister);
}

static void
test_file_persister_huge (void)
{
  Place *place = place_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = file_persister (place->path, store);
  g_autoptr(GError) error = NULL;
  struct stat st;

  g_test_summary ("A file of many gigabytes is refused before it is read, and left alone");

  write_file (place->path, "");
  g_assert_cmpint (truncate (place->path, G_GINT64_CONSTANT (5) << 30), ==, 0);
  g_assert_false (run (load, persister, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_LIMIT);
  g_clear_error (&error);
  g_assert_false (run (save, persister, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_LIMIT);
  g_assert_cmpint (g_stat (place->path, &st), ==, 0);
  g_assert_cmpint (st.st_size >> 30, ==, 5);

  drop_persister (persister);
  place_free (place);
}

static char *
find_kept (Place *place)
{
  g_autoptr(GDir) dir = g_dir_open (place->dir, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      if (g_str_has_prefix (name, "store.json.corrupt-"))
        return g_strdup (name);
    }

  return NULL;
}

static void
test_file_persister_corrupt (void)
{
  Place *place = place_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = file_persister (place->path, store);
  g_autofree char *name = NULL;
  g_autofree char *kept = NULL;

  g_test_summary ("F13: what is not our format is kept under another name before it is replaced");

  write_file (place->path, "what I wrote by hand");
  run_ok (save, persister);
  g_assert_true (file_is (place->path, FIDO));

  name = find_kept (place);
  g_assert_nonnull (name);
  kept = place_path (place, name);
  g_assert_true (file_is (kept, "what I wrote by hand"));
  g_assert_cmpuint (place_count (place), ==, 2);

  close_persister (persister);
  place_remove (place, name);
  place_free (place);
}

static void
test_file_persister_corrupt_later (void)
{
  Place *place = place_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = file_persister (place->path, store);
  g_autofree char *name = NULL;

  g_test_summary ("F13: a file that becomes corrupt while the store has changes is kept, then replaced");

  run_ok_with (start_auto_persisting, persister, NULL);
  write_file (place->path, "[corrupt");
  wait_for (tst_persister_get_last_error (persister) != NULL);
  set_store (store, FELIX);
  wait_for (file_is (place->path, FELIX));
  wait_idle (persister);
  name = find_kept (place);
  g_assert_nonnull (name);

  close_persister (persister);
  place_remove (place, name);
  place_free (place);
}

static void
test_file_persister_corrupt_removed (void)
{
  Place *place = place_new ();
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = file_persister (place->path, store);

  g_test_summary ("Defaults are saved where nothing is any more, also if a save was put off before");

  write_file (place->path, "[corrupt");
  g_assert_false (run (load, persister, NULL));
  run_ok (start_auto_save, persister);
  g_assert_true (file_is (place->path, "[corrupt"));

  place_remove (place, "store.json");
  run_ok_with (start_auto_load, persister, FIDO);
  wait_idle (persister);
  g_assert_true (file_is (place->path, FIDO));

  close_persister (persister);
  place_free (place);
}

static void
test_file_persister_outside (void)
{
  Place *place = place_new ();
  g_autofree char *other = place_path (place, "other.json");
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = file_persister (place->path, store);

  g_test_summary ("F21, W9: every way in which a program writes a file is noticed");

  run_ok_with (start_auto_load, persister, NULL);

  write_file_in_place (place->path, FIDO, strlen (FIDO));
  wait_for (store_is (store, FIDO));

  write_file (place->path, FELIX);
  wait_for (store_is (store, FELIX));

  write_file (other, BOTH);
  g_assert_cmpint (g_rename (other, place->path), ==, 0);
  wait_for (store_is (store, BOTH));

  g_unlink (place->path);
  write_file_in_place (place->path, FIDO, strlen (FIDO));
  wait_for (store_is (store, FIDO));

  close_persister (persister);
  place_free (place);
}

static void
test_file_persister_same_size (void)
{
  Place *place = place_new ();
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = file_persister (place->path, store);
  char text[] = "[{},{\"n\":1}]";

  g_test_summary ("F21: edits of the same size within one tick of the clock are all noticed");

  write_file_in_place (place->path, text, strlen (text));
  run_ok_with (start_auto_load, persister, NULL);

  for (guint i = 0; i < test_scale (100); i++)
    {
      text[9] = '2' + i % 8;
      write_file_in_place (place->path, text, strlen (text));
      if (i % 3 == 0)
        g_main_context_iteration (NULL, FALSE);
    }

  wait_for (store_is (store, text));

  close_persister (persister);
  place_free (place);
}

static void
test_file_persister_touch (void)
{
  Place *place = place_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = file_persister (place->path, store);
  guint n_loads;

  g_test_summary ("F21: a touch, a chmod and a copy over it with the same content are no news");

  run_ok_with (start_auto_persisting, persister, NULL);
  n_loads = tst_persister_get_n_loads (persister);

  g_assert_cmpint (g_utime (place->path, NULL), ==, 0);
  g_assert_cmpint (g_chmod (place->path, 0600), ==, 0);
  write_file (place->path, FIDO);
  set_store (store, FELIX);
  wait_for (file_is (place->path, FELIX));
  wait_idle (persister);
  g_assert_cmpuint (tst_persister_get_n_loads (persister), ==, n_loads);

  close_persister (persister);
  place_free (place);
}

static void
test_file_persister_changed_quietly (void)
{
  Place *place = place_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = file_persister (place->path, store);

  g_test_summary ("F22: a save notices a change that nobody told it of");

  run_ok (save, persister);
  write_file (place->path, BOTH);
  set_species (store, "toto", "dog");
  run_ok (save, persister);
  assert_store (store, "[{\"pets\":{\"felix\":{\"species\":\"cat\"},\"fido\":{\"species\":\"dog\"},"
                       "\"toto\":{\"species\":\"dog\"}}},{}]");

  close_persister (persister);
  place_free (place);
}

static void
test_file_persister_locked (void)
{
  Place *place = place_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = file_persister (place->path, store);
  GAsyncResult *result = NULL;
  int fd;

  g_test_summary ("A save waits for another writer that holds the lock, and then looks again");

  run_ok (save, persister);
  fd = g_open (place->path, O_RDONLY, 0);
  g_assert_cmpint (flock (fd, LOCK_EX | LOCK_NB), ==, 0);
  set_species (store, "toto", "dog");
  tst_persister_save_async (persister, NULL, take_result_cb, &result);
  for (guint i = 0; i < 100; i++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_null (result);

  write_file (place->path, BOTH);
  close (fd);
  wait_for (result != NULL);
  g_assert_true (tst_persister_save_finish (persister, result, NULL));
  g_assert_cmpuint (tst_store_get_n_rows (store, "pets"), ==, 3);

  g_clear_object (&result);
  close_persister (persister);
  place_free (place);
}

static void
test_file_persister_locked_discarded (void)
{
  Place *place = place_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = file_persister (place->path, store);
  TstPersister *other;
  int fd;

  g_test_summary ("A save that waits for a lock can be given up, and writes nothing later");

  run_ok (start_auto_save, persister);
  fd = g_open (place->path, O_RDONLY, 0);
  g_assert_cmpint (flock (fd, LOCK_EX | LOCK_NB), ==, 0);
  set_store (store, FELIX);
  for (guint i = 0; i < 100; i++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpint (tst_persister_get_status (persister), ==, TST_PERSISTER_SAVING);
  tst_persister_discard (persister);
  g_assert_finalize_object (persister);
  close (fd);
  wait_last_save ();
  g_assert_true (file_is (place->path, FIDO));

  /* Who comes later finds nobody before them, and nothing to merge. */
  other = file_persister (place->path, store);
  set_store (store, BOTH);
  run_ok (save, other);
  g_assert_true (file_is (place->path, BOTH));
  close_persister (other);
  place_free (place);
}

static void
test_file_persister_locked_cancelled (void)
{
  Place *place = place_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = file_persister (place->path, store);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult *result = NULL;
  g_autoptr(GError) error = NULL;
  int fd;

  g_test_summary ("A save that waits for a lock can be cancelled, and has written nothing");

  run_ok (save, persister);
  fd = g_open (place->path, O_RDONLY, 0);
  g_assert_cmpint (flock (fd, LOCK_EX | LOCK_NB), ==, 0);
  set_store (store, FELIX);
  tst_persister_save_async (persister, cancellable, take_result_cb, &result);
  for (guint i = 0; i < 100; i++)
    g_main_context_iteration (NULL, FALSE);
  g_cancellable_cancel (cancellable);
  wait_for (result != NULL);
  g_assert_false (tst_persister_save_finish (persister, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  close (fd);
  g_assert_true (file_is (place->path, FIDO));
  g_assert_true (tst_persister_get_dirty (persister));
  run_ok (save, persister);
  g_assert_true (file_is (place->path, FELIX));

  g_clear_object (&result);
  close_persister (persister);
  place_free (place);
}

static void
test_file_persister_full_disk (void)
{
  Place *place = place_new ();
  g_autofree char *dir = place_path (place, "small");
  g_autofree char *path = g_build_filename (dir, "store.json", NULL);
  g_autofree char *filler = g_build_filename (dir, "filler", NULL);
  g_autofree char *block = g_strnfill (700 * 1024, 'x');
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = NULL;
  g_autoptr(GError) error = NULL;

  g_test_summary ("F19: a full disk: the old file is intact, it is told, and saved once there is room");

  g_assert_cmpint (g_mkdir (dir, 0755), ==, 0);
  if (mount ("none", dir, "tmpfs", 0, "size=1M") == -1)
    {
      g_test_skip ("Cannot mount; a full disk is injected elsewhere");
      g_rmdir (dir);
      place_free (place);
      return;
    }

  persister = file_persister (path, store);
  run_ok (save, persister);
  g_assert_true (g_file_set_contents (filler, block, 700 * 1024, NULL));

  tst_store_set_value_string (store, "large", block, NULL);
  g_assert_false (run (save, persister, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_assert_true (file_is (path, FIDO));
  g_assert_true (tst_persister_get_dirty (persister));

  tst_persister_set_auto_save (persister, TRUE);
  wait_for (tst_persister_get_last_error (persister) != NULL);
  g_unlink (filler);
  wait_idle (persister);
  g_assert_false (tst_persister_get_dirty (persister));
  g_assert_false (file_is (path, FIDO));

  close_persister (persister);
  g_assert_cmpint (umount2 (dir, MNT_DETACH), ==, 0);
  g_rmdir (dir);
  place_free (place);
}

static void
test_file_persister_large (void)
{
  Place *place = place_new ();
  g_autoptr(TstStore) store = new_store (NULL);
  g_autoptr(TstStore) other = new_store (NULL);
  TstPersister *persister = file_persister (place->path, store);
  TstPersister *reader = file_persister (place->path, other);

  g_test_summary ("A large store is saved and loaded whole");

  tst_store_begin (store);
  for (guint i = 0; i < test_scale (20000); i++)
    {
      g_autofree char *row_id = g_strdup_printf ("%u", i);

      tst_store_set_cell_number (store, "t", row_id, "n", i, NULL);
      tst_store_set_cell_string (store, "t", row_id, "s", "a string of some length, so that it adds up",
                                 NULL);
    }
  tst_store_commit (store);

  run_ok (save, persister);
  run_ok (load, reader);
  {
    g_autofree char *text = tst_store_get_json (store);
    g_autofree char *other_text = tst_store_get_json (other);

    g_assert_cmpstr (text, ==, other_text);
  }

  close_persister (persister);
  close_persister (reader);
  place_free (place);
}

/* Permissions do not stop root, who is therefore nobody for a while, in all threads. */
static void
begin_unprivileged (Place *place)
{
  if (geteuid () != 0)
    return;

  g_assert_cmpint (chown (place->dir, NOBODY, (gid_t) -1), ==, 0);
  g_assert_cmpint (seteuid (NOBODY), ==, 0);
}

static void
end_unprivileged (void)
{
  if (getuid () == 0)
    g_assert_cmpint (seteuid (0), ==, 0);
}

static void
test_file_persister_in_place (void)
{
  Place *place = place_new ();
  g_autofree char *dir = place_path (place, "locked");
  g_autofree char *path = g_build_filename (dir, "store.json", NULL);
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = NULL;
  g_autoptr(GError) error = NULL;

  g_test_summary ("F20: a folder that cannot be written in: fails, or in place if that is allowed");

  begin_unprivileged (place);
  g_assert_cmpint (g_mkdir (dir, 0755), ==, 0);
  write_file (path, FELIX);
  g_assert_cmpint (g_chmod (dir, 0555), ==, 0);

  persister = file_persister (path, store);
  g_assert_false (run (save, persister, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_assert_true (file_is (path, FELIX));

  tst_file_persister_set_allow_in_place_write (TST_FILE_PERSISTER (persister), TRUE);
  run_ok (save, persister);
  g_assert_true (file_is (path, FIDO));

  close_persister (persister);
  g_assert_cmpint (g_chmod (dir, 0755), ==, 0);
  g_unlink (path);
  g_rmdir (dir);
  end_unprivileged ();
  place_free (place);
}

static void
test_file_persister_permission (void)
{
  Place *place = place_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = file_persister (place->path, store);
  g_autoptr(GError) error = NULL;

  g_test_summary ("F12, F13: a file that may not be read is an error, and never replaced");

  begin_unprivileged (place);
  write_file (place->path, FELIX);
  g_assert_cmpint (g_chmod (place->path, 0000), ==, 0);
  g_assert_false (run_with (start_auto_persisting, persister, &error, BOTH));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  assert_store (store, BOTH);

  g_assert_cmpint (g_chmod (place->path, 0644), ==, 0);
  wait_for (store_is (store, FELIX));
  g_assert_true (file_is (place->path, FELIX));

  close_persister (persister);
  end_unprivileged ();
  place_free (place);
}

/* In a process of its own. */
static void
drop_and_exit (const char *path)
{
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = file_persister (path, store);

  run_ok (start_auto_save, persister);
  set_store (store, FELIX);

  g_test_expect_message ("TStore", G_LOG_LEVEL_WARNING, "*lost its last reference*");
  g_object_unref (persister);
  exit (0);
}

static void
test_file_persister_exit (void)
{
  const char *path = g_getenv ("TST_TEST_PATH");
  Place *place;

  g_test_summary ("5.2.7: the last save of a persister that is gone is not cut off by exit()");

  if (path != NULL)
    drop_and_exit (path);

  place = place_new ();
  g_setenv ("TST_TEST_PATH", place->path, TRUE);
  g_test_trap_subprocess ("/file-persister/exit", 0, 0);
  g_unsetenv ("TST_TEST_PATH");
  g_test_trap_assert_passed ();
  g_assert_true (file_is (place->path, FELIX));

  place_free (place);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  suite_add_all (&file_medium);

#define ADD(path, func) g_test_add_func ("/file-persister/" path, func)

  ADD ("properties", test_file_persister_properties);
  ADD ("text", test_file_persister_text);
  ADD ("symlink", test_file_persister_symlink);
  ADD ("symlink/moved", test_file_persister_symlink_moved);
  ADD ("symlink/loop", test_file_persister_symlink_loop);
  ADD ("mode", test_file_persister_mode);
  ADD ("left-over", test_file_persister_left_over);
  ADD ("no-parent", test_file_persister_no_parent);
  ADD ("not-a-file", test_file_persister_not_a_file);
  ADD ("huge", test_file_persister_huge);
  ADD ("corrupt", test_file_persister_corrupt);
  ADD ("corrupt/later", test_file_persister_corrupt_later);
  ADD ("corrupt/removed", test_file_persister_corrupt_removed);
  ADD ("outside", test_file_persister_outside);
  ADD ("same-size", test_file_persister_same_size);
  ADD ("touch", test_file_persister_touch);
  ADD ("changed-quietly", test_file_persister_changed_quietly);
  ADD ("locked", test_file_persister_locked);
  ADD ("locked/cancelled", test_file_persister_locked_cancelled);
  ADD ("locked/discarded", test_file_persister_locked_discarded);
  ADD ("full-disk", test_file_persister_full_disk);
  ADD ("large", test_file_persister_large);
  ADD ("in-place", test_file_persister_in_place);
  ADD ("permission", test_file_persister_permission);
  ADD ("exit", test_file_persister_exit);

  return g_test_run ();
}
