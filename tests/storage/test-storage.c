/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "../persisters/util.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>

#include "test-util.h"

#define NOBODY 65534

/* Where the items are. */
typedef enum
{
  IN_NEW_FOLDER,  /* which is not there yet */
  IN_FOLDER,
  IN_MEMORY
} Kind;

typedef struct
{
  char       *dir;      /* of the test */
  char       *folder;   /* of the storage: made by it */
  TstStorage *storage;
  GString    *heard;    /* keys, with a space after each */
} Fixture;

static TstStorage *
open_folder (const char *path)
{
  g_autoptr(GFile) folder = g_file_new_for_path (path);

  return tst_storage_new (folder);
}

static void
changed_cb (TstStorage *storage,
            const char *key,
            GString    *heard)
{
  g_string_append_printf (heard, "%s ", key);
}

static void
set_up (Fixture       *f,
        gconstpointer  kind)
{
  g_autoptr(GError) error = NULL;

  f->dir = g_dir_make_tmp ("tst-storage-XXXXXX", &error);
  g_assert_no_error (error);
  f->folder = g_build_filename (f->dir, "items", NULL);
  if (GPOINTER_TO_INT (kind) == IN_FOLDER)
    g_assert_cmpint (g_mkdir (f->folder, 0700), ==, 0);
  f->storage = GPOINTER_TO_INT (kind) == IN_MEMORY ? tst_storage_new (NULL) : open_folder (f->folder);
  f->heard = g_string_new (NULL);
}

static void
tear_down (Fixture       *f,
           gconstpointer  kind)
{
  g_autoptr(GError) error = NULL;

  tst_storage_clear (f->storage, &error);
  g_assert_no_error (error);
  g_signal_handlers_disconnect_by_data (f->storage, f->heard);
  run_ready ();
  wait_gone (f->storage);
  g_string_free (f->heard, TRUE);

  g_rmdir (f->folder);
  g_assert_cmpint (g_rmdir (f->dir), ==, 0); /* nothing else was left behind */
  g_free (f->dir);
  g_free (f->folder);
}

static char *
path_of (Fixture    *f,
         const char *name)
{
  return g_build_filename (f->folder, name, NULL);
}

static void
remove_file (Fixture    *f,
             const char *name)
{
  g_autofree char *path = path_of (f, name);

  g_assert_cmpint (g_unlink (path), ==, 0);
}

static void
write_file (Fixture    *f,
            const char *name,
            const char *text)
{
  g_autofree char *path = path_of (f, name);
  g_autoptr(GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static void
assert_file (Fixture    *f,
             const char *name,
             const char *expected)
{
  g_autofree char *path = path_of (f, name);
  g_autofree char *text = NULL;

  g_file_get_contents (path, &text, NULL, NULL);
  g_assert_cmpstr (text, ==, expected);
}

static guint
count_files (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

static void
set_item (TstStorage *storage,
          const char *key,
          const char *content)
{
  g_autoptr(GError) error = NULL;
  gboolean done = content != NULL ? tst_storage_set_item (storage, key, content, &error)
                                  : tst_storage_remove_item (storage, key, &error);

  g_assert_no_error (error);
  g_assert_true (done);
}

static void
assert_item (TstStorage *storage,
             const char *key,
             const char *expected)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *content = tst_storage_get_item (storage, key, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (content, ==, expected);
}

#define assert_keys(storage, ...) \
  G_STMT_START { \
    g_autoptr(GError) _error = NULL; \
    char **_keys = tst_storage_list_keys (storage, &_error); \
    g_assert_no_error (_error); \
    test_assert_ids (_keys, ##__VA_ARGS__, NULL); \
  } G_STMT_END

/* --- Items --- */

static void
test_items (Fixture       *f,
            gconstpointer  kind)
{
  g_test_summary ("Items are set, got, listed and removed; one that is missing is no error");

  assert_keys (f->storage);
  assert_item (f->storage, "a", NULL);
  set_item (f->storage, "a", NULL);

  set_item (f->storage, "b", "two\nlines, \"quotes\" and 'more' \\ ü");
  set_item (f->storage, "a", "1");
  set_item (f->storage, "empty", "");
  assert_keys (f->storage, "a", "b", "empty");
  assert_item (f->storage, "b", "two\nlines, \"quotes\" and 'more' \\ ü");
  assert_item (f->storage, "empty", "");

  set_item (f->storage, "a", "2");
  assert_item (f->storage, "a", "2");
  set_item (f->storage, "a", "");
  assert_item (f->storage, "a", "");
  set_item (f->storage, "a", NULL);
  assert_item (f->storage, "a", NULL);
  assert_keys (f->storage, "b", "empty");

  g_assert_true (tst_storage_clear (f->storage, NULL));
  assert_keys (f->storage);
}

static void
test_keys (Fixture       *f,
           gconstpointer  kind)
{
  g_autofree char *longest = g_strnfill (4096, '\xc3');
  g_autofree char *too_long = g_strnfill (4097, 'x');
  const char *keys[] = {
    "", ".", "..", "../up", "/", "%", "%2F", "A", "a", "a b", "a/b", "ü", longest,
  };
  g_autoptr(GError) error = NULL;

  g_test_summary ("Any text is a key, up to a limit, and none of them gets out of the folder");

  for (guint i = 1; i < 4096; i += 2)
    longest[i] = '\xbc';

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    set_item (f->storage, keys[i], keys[i]);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    assert_item (f->storage, keys[i], keys[i]);
  assert_keys (f->storage, "", "%", "%2F", ".", "..", "../up", "/", "A", "a", "a b", "a/b", "ü",
               longest);

  if (GPOINTER_TO_INT (kind) != IN_MEMORY)
    {
      g_assert_cmpuint (count_files (f->folder), ==, G_N_ELEMENTS (keys));
      g_assert_cmpuint (count_files (f->dir), ==, 1);
    }

  g_assert_false (tst_storage_set_item (f->storage, too_long, "x", &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_LIMIT);
  g_clear_error (&error);
  g_assert_null (tst_storage_get_item (f->storage, "\xff", &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_INVALID_ID);
  g_clear_error (&error);
  g_assert_false (tst_storage_set_item (f->storage, "\xff", "x", &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_INVALID_ID);
}

static void
test_contents (Fixture       *f,
               gconstpointer  kind)
{
  g_autofree char *large = g_strnfill (1 << 20, '\'');
  g_autoptr(GError) error = NULL;

  g_test_summary ("Only valid UTF-8 is a content; it may be large");

  set_item (f->storage, "a", "old");
  g_assert_false (tst_storage_set_item (f->storage, "a", "abc\xff", &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_INVALID_VALUE);
  g_assert_true (g_str_has_suffix (error->message, "byte 3"));
  assert_item (f->storage, "a", "old");

  set_item (f->storage, "a", large);
  assert_item (f->storage, "a", large);
}

/* --- Changes --- */

static void
test_changed (Fixture       *f,
              gconstpointer  kind)
{
  g_autoptr(GString) detailed = g_string_new (NULL);

  g_test_summary ("A change is told once, with its key, to all and to who asks for the key; after it");

  g_signal_connect (f->storage, "changed", G_CALLBACK (changed_cb), f->heard);
  g_signal_connect (f->storage, "changed::a", G_CALLBACK (changed_cb), detailed);

  set_item (f->storage, "a", "1");
  g_assert_cmpstr (f->heard->str, ==, "");
  wait_for (g_str_equal (f->heard->str, "a "));

  set_item (f->storage, "a", "1"); /* what it is already */
  set_item (f->storage, "c", NULL); /* what is not there */
  set_item (f->storage, "b", "1");
  wait_for (g_str_equal (f->heard->str, "a b "));
  set_item (f->storage, "a", NULL);
  wait_for (g_str_equal (f->heard->str, "a b a "));
  g_assert_cmpstr (detailed->str, ==, "a a ");

  g_assert_cmpint (g_quark_try_string ("b"), ==, 0);
  g_signal_handlers_disconnect_by_data (f->storage, detailed);
}

static void
test_changed_elsewhere (Fixture       *f,
                        gconstpointer  kind)
{
  TstStorage *other;
  g_autofree char *path = path_of (f, "a.ini");

  g_test_summary ("W9: what others do is told: with a storage of their own, or with the file");

  other = open_folder (f->folder);
  g_signal_connect (f->storage, "changed", G_CALLBACK (changed_cb), f->heard);

  set_item (other, "a", "1");
  wait_for (strstr (f->heard->str, "a ") != NULL);
  assert_item (f->storage, "a", "1");

  g_string_truncate (f->heard, 0);
  write_file (f, "a.ini", "[a]\ncontent='2'\n");
  wait_for (strstr (f->heard->str, "a ") != NULL);
  assert_item (f->storage, "a", "2");

  g_string_truncate (f->heard, 0);
  remove_file (f, "a.ini");
  wait_for (strstr (f->heard->str, "a ") != NULL);
  assert_item (f->storage, "a", NULL);

  wait_gone (other);
}

static void
test_not_changed (Fixture       *f,
                  gconstpointer  kind)
{
  g_autofree char *path = path_of (f, "a.ini");

  g_test_summary ("A file that is touched, or in which something else is changed, tells nobody");

  g_signal_connect (f->storage, "changed", G_CALLBACK (changed_cb), f->heard);
  set_item (f->storage, "a", "2");
  wait_for (g_str_equal (f->heard->str, "a "));

  g_assert_cmpint (g_utime (path, NULL), ==, 0);
  write_file (f, "a.ini", "# hello\n[a]\ncontent='2'\n");
  write_file (f, "notes.ini", "[others]\nx=1\n");
  write_file (f, "a.ini.orig", "[a]\ncontent='3'\n");

  /* Events come in order. */
  write_file (f, "last.ini", "[last]\ncontent='1'\n");
  wait_for (strstr (f->heard->str, "last ") != NULL);
  g_assert_cmpstr (f->heard->str, ==, "a last ");

  write_file (f, "notes.ini", "[others]\nx=2\n");
  write_file (f, "end.ini", "[end]\ncontent='1'\n");
  wait_for (strstr (f->heard->str, "end ") != NULL);
  g_assert_cmpstr (f->heard->str, ==, "a last end ");

  remove_file (f, "notes.ini");
  remove_file (f, "a.ini.orig");
  remove_file (f, "a.ini");
}

static void
test_threads_cb (gpointer data,
                 gpointer user_data)
{
  Fixture *f = user_data;
  g_autofree char *key = g_strdup_printf ("item %d", GPOINTER_TO_INT (data) / 2);

  set_item (f->storage, key, "x");
}

static void
test_threads (Fixture       *f,
              gconstpointer  kind)
{
  GThreadPool *pool = g_thread_pool_new (test_threads_cb, f, 8, TRUE, NULL);

  g_test_summary ("Any thread may use it; signals are emitted in the one where it was made");

  g_signal_connect (f->storage, "changed", G_CALLBACK (changed_cb), f->heard);
  for (int i = 0; i < 40; i++)
    g_thread_pool_push (pool, GINT_TO_POINTER (i + 2), NULL);
  g_thread_pool_free (pool, FALSE, TRUE);

  g_assert_cmpuint (f->heard->len, ==, 0);
  for (int i = 1; i <= 20; i++)
    {
      g_autofree char *key = g_strdup_printf ("item %d", i);
      g_autofree char *told = g_strdup_printf ("%s ", key);

      assert_item (f->storage, key, "x");
      wait_for (strstr (f->heard->str, told) != NULL);
    }
}

/* --- Files --- */

static void
test_folder (Fixture       *f,
             gconstpointer  kind)
{
  struct stat st;
  g_autofree char *path = path_of (f, "a.ini");

  g_test_summary ("F23: reading and watching make nothing; the first item does, for the user alone");

  g_signal_connect (f->storage, "changed", G_CALLBACK (changed_cb), f->heard);
  assert_item (f->storage, "a", NULL);
  assert_keys (f->storage);
  set_item (f->storage, "a", NULL);
  run_ready ();
  g_assert_cmpuint (count_files (f->dir), ==, 0);

  set_item (f->storage, "a", "1");
  g_assert_cmpint (g_stat (f->folder, &st), ==, 0);
  g_assert_cmpint (st.st_mode & 07777, ==, 0700);
  g_assert_cmpint (g_stat (path, &st), ==, 0);
  g_assert_cmpint (st.st_mode & 07777, ==, 0600);
  assert_file (f, "a.ini", "[a]\ncontent='1'\n");
  g_assert_cmpuint (count_files (f->folder), ==, 1);

  /* It is gone, and the next one makes it again. */
  g_unlink (path);
  g_rmdir (f->folder);
  assert_item (f->storage, "a", NULL);
  set_item (f->storage, "a", "2");
  assert_item (f->storage, "a", "2");
}

static void
test_foreign (Fixture       *f,
              gconstpointer  kind)
{
  g_test_summary ("What others have put into the file of an item is kept");

  write_file (f, "a.ini", "# mine\n[other]\nx=1\n");
  write_file (f, "readme.txt", "hello");
  assert_item (f->storage, "a", NULL);
  assert_keys (f->storage);

  set_item (f->storage, "a", "1");
  assert_file (f, "a.ini", "# mine\n\n[other]\nx=1\n\n[a]\ncontent='1'\n");
  assert_keys (f->storage, "a");

  set_item (f->storage, "a", NULL);
  assert_file (f, "a.ini", "# mine\n\n[other]\nx=1\n\n[a]\n");
  assert_keys (f->storage);

  g_assert_true (tst_storage_clear (f->storage, NULL));
  remove_file (f, "a.ini");
  remove_file (f, "readme.txt");
}

static char *
find_kept (Fixture *f)
{
  g_autoptr(GDir) dir = g_dir_open (f->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      if (g_str_has_prefix (name, "a.ini.corrupt-"))
        return g_strdup (name);
    }

  return NULL;
}

static void
assert_kept (Fixture    *f,
             const char *text)
{
  g_autofree char *kept = find_kept (f);

  g_assert_nonnull (kept);
  assert_file (f, kept, text);
  remove_file (f, kept);
  g_assert_null (find_kept (f));
}

static void
assert_damaged (Fixture    *f,
                const char *text,
                const char *where)
{
  g_autoptr(GError) error = NULL;

  write_file (f, "a.ini", text);
  g_assert_null (tst_storage_get_item (f->storage, "a", &error));
  g_assert_nonnull (error);
  g_assert_true (error->domain == TST_ERROR);
  g_assert_nonnull (strstr (error->message, where));

  assert_item (f->storage, "b", "fine");
  assert_keys (f->storage, "a", "b");
  assert_file (f, "a.ini", text);

  set_item (f->storage, "a", "new");
  assert_item (f->storage, "a", "new");
  assert_kept (f, text);

  write_file (f, "a.ini", text);
  set_item (f->storage, "a", NULL);
  assert_item (f->storage, "a", NULL);
  assert_kept (f, text);
}

static void
test_damaged (Fixture       *f,
              gconstpointer  kind)
{
  g_test_summary ("F13: damage is an error of its item alone, and kept aside before it is replaced");

  set_item (f->storage, "b", "fine");
  assert_damaged (f, "garbage", "line 1, column 1");
  assert_damaged (f, "[a]\ncontent='1'\n\xff\n", "line 3, column 1");
  assert_damaged (f, "[a]\ncontent=5\n", "line 2, column 9");

  /* Nothing of what is sound is lost by that. */
  write_file (f, "a.ini", "[x]\ny=1\n\n[a]\ncontent=5\n");
  set_item (f->storage, "a", "6");
  assert_file (f, "a.ini", "[x]\ny=1\n\n[a]\ncontent='6'\n");
  assert_kept (f, "[x]\ny=1\n\n[a]\ncontent=5\n");
  remove_file (f, "a.ini");
}

static void
test_not_a_file (Fixture       *f,
                 gconstpointer  kind)
{
  g_autofree char *path = path_of (f, "a.ini");
  g_autoptr(GFile) remote = g_file_new_for_uri ("resource:///nowhere");
  TstStorage *storage = tst_storage_new (remote);
  g_autoptr(GError) error = NULL;

  g_test_summary ("A folder, a pipe and a huge file in the place of an item; a folder that is not local");

  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  g_assert_null (tst_storage_get_item (f->storage, "a", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
  g_clear_error (&error);
  g_assert_false (tst_storage_set_item (f->storage, "a", "1", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
  g_clear_error (&error);
  assert_keys (f->storage, "a");
  g_rmdir (path);

  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  g_assert_null (tst_storage_get_item (f->storage, "a", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
  g_clear_error (&error);
  g_unlink (path);

  write_file (f, "a.ini", "");
  g_assert_cmpint (truncate (path, (1 << 28) + 1), ==, 0);
  g_assert_false (tst_storage_set_item (f->storage, "a", "1", &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_LIMIT);
  g_clear_error (&error);
  g_unlink (path);

  g_assert_false (tst_storage_set_item (storage, "a", "1", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_clear_error (&error);
  g_assert_null (tst_storage_list_keys (storage, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_assert_finalize_object (storage);
}

static void
test_empty_file (Fixture       *f,
                 gconstpointer  kind)
{
  g_test_summary ("A file of 0 bytes is no item, and is filled");

  write_file (f, "a.ini", "");
  assert_item (f->storage, "a", NULL);
  assert_keys (f->storage);
  set_item (f->storage, "a", "");
  assert_item (f->storage, "a", "");
  assert_file (f, "a.ini", "[a]\ncontent=''\n");
}

static void
test_symlink (Fixture       *f,
              gconstpointer  kind)
{
  g_autofree char *link = path_of (f, "a.ini");
  g_autofree char *target = g_build_filename (f->dir, "elsewhere", NULL);

  g_test_summary ("F20: a symbolic link stays one");

  g_assert_cmpint (symlink (target, link), ==, 0);
  set_item (f->storage, "a", "1");
  set_item (f->storage, "a", "2");
  assert_item (f->storage, "a", "2");
  g_assert_true (g_file_test (link, G_FILE_TEST_IS_SYMLINK));
  assert_file (f, "../elsewhere", "[a]\ncontent='2'\n");

  g_unlink (link);
  g_unlink (target);
}

static void
test_one_file_for_two (Fixture       *f,
                       gconstpointer  kind)
{
  g_autofree char *link = path_of (f, "a.ini");

  g_test_summary ("Where upper and lower case are one name, two items share a file");

  /* What such a file system does, by a link. */
  g_assert_cmpint (symlink ("A.ini", link), ==, 0);

  set_item (f->storage, "A", "upper");
  assert_item (f->storage, "a", NULL);
  set_item (f->storage, "a", "lower");
  assert_item (f->storage, "A", "upper");
  assert_item (f->storage, "a", "lower");
  assert_keys (f->storage, "A", "a");

  set_item (f->storage, "A", NULL);
  assert_item (f->storage, "a", "lower");
  assert_keys (f->storage, "a");
  set_item (f->storage, "a", NULL);
  assert_keys (f->storage);

  g_unlink (link);
}

static void
test_other_case (Fixture       *f,
                 gconstpointer  kind)
{
  g_test_summary ("Where they are two, what is in the wrong file is no item");

  write_file (f, "a.ini", "[A]\ncontent='1'\n");
  assert_item (f->storage, "A", NULL);
  assert_item (f->storage, "a", NULL);
  assert_keys (f->storage);
  remove_file (f, "a.ini");
}

static void
test_left_over (Fixture       *f,
                gconstpointer  kind)
{
  g_test_summary ("F24: temporary files of a crashed run are no items, and are removed");

  write_file (f, ".a.ini.abcdefghijkl.tst-tmp", "[a]\ncontent='1'\n");
  assert_keys (f->storage);
  set_item (f->storage, "a", "2");
  g_assert_cmpuint (count_files (f->folder), ==, 1);
}

/* Permissions do not stop root, who is therefore nobody for a while, in all threads. */
static void
test_read_only (Fixture       *f,
                gconstpointer  kind)
{
  gboolean root = geteuid () == 0;
  g_autoptr(GError) error = NULL;

  g_test_summary ("F19: a folder that cannot be written in: items can be got, and setting them fails");

  if (root)
    {
      g_assert_cmpint (chown (f->dir, NOBODY, (gid_t) -1), ==, 0);
      g_assert_cmpint (seteuid (NOBODY), ==, 0);
    }

  set_item (f->storage, "a", "1");
  g_assert_cmpint (g_chmod (f->folder, 0500), ==, 0);
  g_assert_false (tst_storage_set_item (f->storage, "a", "2", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_clear_error (&error);
  g_assert_false (tst_storage_remove_item (f->storage, "a", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_clear_error (&error);
  g_assert_false (tst_storage_clear (f->storage, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_clear_error (&error);
  assert_item (f->storage, "a", "1");

  g_assert_cmpint (g_chmod (f->folder, 0000), ==, 0);
  g_assert_null (tst_storage_get_item (f->storage, "a", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_clear_error (&error);
  g_assert_null (tst_storage_list_keys (f->storage, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);

  g_assert_cmpint (g_chmod (f->folder, 0700), ==, 0);
  if (root)
    g_assert_cmpint (seteuid (0), ==, 0);
}

static void
test_full_disk (Fixture       *f,
                gconstpointer  kind)
{
  g_autofree char *block = g_strnfill (1100 * 1024, 'x');
  g_autoptr(GError) error = NULL;

  g_test_summary ("F19: a full disk: the old content is intact");

  if (mount ("none", f->folder, "tmpfs", 0, "size=1M") == -1)
    {
      g_test_message ("Cannot mount; a full disk is injected elsewhere");
      return;
    }

  set_item (f->storage, "a", "1");
  g_assert_false (tst_storage_set_item (f->storage, "a", block, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  assert_item (f->storage, "a", "1");
  g_assert_cmpuint (count_files (f->folder), ==, 1);

  set_item (f->storage, "a", "2");
  assert_item (f->storage, "a", "2");
  g_assert_cmpint (umount2 (f->folder, MNT_DETACH), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, kind, func) \
  g_test_add ("/storage/" path, Fixture, GINT_TO_POINTER (kind), set_up, func, tear_down)
#define ADD_BOTH(path, func) \
  ADD (path, IN_NEW_FOLDER, func); \
  ADD (path "/in-memory", IN_MEMORY, func)

  ADD_BOTH ("items", test_items);
  ADD_BOTH ("keys", test_keys);
  ADD_BOTH ("contents", test_contents);
  ADD_BOTH ("changed", test_changed);
  ADD_BOTH ("threads", test_threads);
  ADD ("changed/elsewhere", IN_FOLDER, test_changed_elsewhere);
  ADD ("changed/not", IN_FOLDER, test_not_changed);
  ADD ("folder", IN_NEW_FOLDER, test_folder);
  ADD ("foreign", IN_FOLDER, test_foreign);
  ADD ("damaged", IN_FOLDER, test_damaged);
  ADD ("not-a-file", IN_FOLDER, test_not_a_file);
  ADD ("empty-file", IN_FOLDER, test_empty_file);
  ADD ("symlink", IN_FOLDER, test_symlink);
  ADD ("case/one-file", IN_FOLDER, test_one_file_for_two);
  ADD ("case/two-files", IN_FOLDER, test_other_case);
  ADD ("left-over", IN_FOLDER, test_left_over);
  ADD ("read-only", IN_NEW_FOLDER, test_read_only);
  ADD ("full-disk", IN_FOLDER, test_full_disk);

  return g_test_run ();
}
