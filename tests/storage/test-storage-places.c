/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "../persisters/util.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* GLib looks for the user's folders once, so each test runs in a process of its own,
 * with an empty folder for all that it makes. */

#define APP_ID "org.tstore.Test"
#define OTHER_UID 12

static const char *
get_root (void)
{
  return g_getenv ("TST_TEST_ROOT");
}

static char *
path_of (const char *name)
{
  return g_build_filename (get_root (), name, NULL);
}

static void
make_folder (const char *name,
             int         mode)
{
  g_autofree char *path = path_of (name);

  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  g_assert_cmpint (g_chmod (path, mode), ==, 0);
}

static int
mode_of (const char *name)
{
  g_autofree char *path = path_of (name);
  struct stat st;

  g_assert_cmpint (lstat (path, &st), ==, 0);

  return st.st_mode & 07777;
}

static gboolean
exists (const char *name)
{
  g_autofree char *path = path_of (name);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
link_to (const char *target,
         const char *name)
{
  g_autofree char *target_path = path_of (target);
  g_autofree char *path = path_of (name);

  g_assert_cmpint (symlink (target_path, path), ==, 0);
}

static TstStorage *
get_session (void)
{
  g_autoptr(GError) error = NULL;
  TstStorage *storage = tst_storage_get_session (APP_ID, &error);

  g_assert_no_error (error);

  return storage;
}

static TstStorage *
get_local (void)
{
  g_autoptr(GError) error = NULL;
  TstStorage *storage = tst_storage_get_local (APP_ID, &error);

  g_assert_no_error (error);

  return storage;
}

static void
assert_in (TstStorage *storage,
           const char *name)
{
  GFile *folder = tst_storage_get_folder (storage);
  g_autofree char *path = path_of (name);

  g_assert_cmpstr (g_file_peek_path (folder), ==, path);
}

static void
set_item (TstStorage *storage,
          const char *content)
{
  g_autoptr(GError) error = NULL;

  tst_storage_set_item (storage, "a", content, &error);
  g_assert_no_error (error);
}

static void
assert_item (TstStorage *storage,
             const char *expected)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *content = tst_storage_get_item (storage, "a", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (content, ==, expected);
}

#define assert_no_session(code) \
  G_STMT_START { \
    g_autoptr(GError) _error = NULL; \
    g_assert_null (tst_storage_get_session (APP_ID, &_error)); \
    g_assert_error (_error, G_IO_ERROR, code); \
  } G_STMT_END

/* --- Local --- */

static void
test_local (void)
{
  TstStorage *storage = get_local ();

  g_test_summary ("The local storage is in the data folder, for the user alone, and stays");

  assert_in (storage, "data/" APP_ID "/tstore");
  g_assert_cmpint (mode_of ("data"), ==, 0700);
  g_assert_cmpint (mode_of ("data/" APP_ID), ==, 0700);
  g_assert_cmpint (mode_of ("data/" APP_ID "/tstore"), ==, 0700);

  set_item (storage, "1");
  g_assert_true (exists ("data/" APP_ID "/tstore/a.ini"));
  g_assert_cmpint (mode_of ("data/" APP_ID "/tstore/a.ini"), ==, 0600);
  wait_gone (storage);

  storage = get_local ();
  assert_item (storage, "1");
  wait_gone (storage);
}

static void
test_shared (void)
{
  TstStorage *local = get_local ();
  TstStorage *again = get_local ();
  TstStorage *session = NULL;
  TstStorage *other = tst_storage_get_local ("org.tstore.Other", NULL);

  g_test_summary ("One object for each application and kind, as long as anybody holds it");

  make_folder ("runtime", 0700);
  session = get_session ();

  g_assert_true (local == again);
  g_assert_true (local != session);
  g_assert_true (local != other);
  set_item (local, "local");
  set_item (session, "session");
  assert_item (local, "local");
  assert_item (session, "session");
  assert_item (other, NULL);

  g_object_unref (again);
  wait_gone (local);
  wait_gone (session);
  wait_gone (other);
}

static void
test_ids (void)
{
  const char *invalid[] = { "", "x", "..", "../x", "org/tstore", "org.tstore.", "org..tstore", ".org" };
  g_autoptr(GError) error = NULL;
  GApplication *application;
  TstStorage *storage;

  g_test_summary ("An invalid id is an error, and makes nothing; none is that of the application");

  for (guint i = 0; i < G_N_ELEMENTS (invalid); i++)
    {
      g_assert_null (tst_storage_get_local (invalid[i], &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
      g_clear_error (&error);
    }

  g_assert_null (tst_storage_get_local (NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (tst_storage_get_session (NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_false (exists ("data"));

  application = g_application_new (APP_ID, G_APPLICATION_DEFAULT_FLAGS);
  g_application_set_default (application);
  storage = tst_storage_get_local (NULL, NULL);
  assert_in (storage, "data/" APP_ID "/tstore");
  wait_gone (storage);
  g_object_unref (application);
}

static void
test_no_data (void)
{
  g_autofree char *path = path_of ("data");
  g_autoptr(GError) error = NULL;

  g_test_summary ("A data folder that cannot be made is an error");

  g_assert_true (g_file_set_contents (path, "a file", -1, NULL));
  g_assert_null (tst_storage_get_local (APP_ID, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY);
}

/* Of Flatpak, the runtime folder belongs to a sandbox, but for a folder in it. */
static void
test_sandbox (void)
{
  TstStorage *storage;

  g_test_summary ("In a sandbox, in the folder that survives the application and is shared");

  make_folder ("runtime", 0755);
  make_folder ("runtime/app", 0755);
  make_folder ("runtime/app/" APP_ID, 0700);

  storage = get_session ();
  assert_in (storage, "runtime/app/" APP_ID "/tstore");
  set_item (storage, "1");
  wait_gone (storage);
}

/* --- Session --- */

static void
test_session (void)
{
  TstStorage *storage;

  g_test_summary ("The session storage is in the runtime folder, and survives the application");

  make_folder ("runtime", 0700);
  storage = get_session ();
  assert_in (storage, "runtime/app/" APP_ID "/tstore");
  g_assert_cmpint (mode_of ("runtime/app/" APP_ID "/tstore"), ==, 0700);

  set_item (storage, "1");
  wait_gone (storage);
  storage = get_session ();
  assert_item (storage, "1");
  wait_gone (storage);
}

static void
check_in_memory (void)
{
  TstStorage *storage = get_session ();
  TstStorage *again = get_session ();

  g_assert_true (storage == again);
  g_assert_null (tst_storage_get_folder (storage));
  set_item (storage, "1");
  assert_item (again, "1");

  /* As long as the process, whoever holds it. */
  g_object_unref (again);
  wait_gone (storage);
  storage = get_session ();
  assert_item (storage, "1");
  wait_gone (storage);

  storage = tst_storage_get_session ("org.tstore.Other", NULL);
  assert_item (storage, NULL);
  wait_gone (storage);
}

static void
test_no_runtime (void)
{
  g_test_summary ("Without a runtime folder, it is in memory, for all in the process");

  check_in_memory ();
  g_assert_false (exists ("runtime"));
}

static void
test_runtime_missing (void)
{
  g_test_summary ("A runtime folder that does not exist is none");

  check_in_memory ();
  g_assert_false (exists ("runtime"));
}

static void
test_open_runtime (void)
{
  g_autofree char *path = path_of ("runtime");

  g_test_summary ("A runtime folder that others can write in, or that belongs to another user, is refused");

  make_folder ("runtime", 01777);
  assert_no_session (G_IO_ERROR_PERMISSION_DENIED);
  g_assert_false (exists ("runtime/app"));

  g_assert_cmpint (g_chmod (path, 0770), ==, 0);
  assert_no_session (G_IO_ERROR_PERMISSION_DENIED);

  if (geteuid () == 0)
    {
      g_assert_cmpint (g_chmod (path, 0700), ==, 0);
      g_assert_cmpint (chown (path, OTHER_UID, (gid_t) -1), ==, 0);
      assert_no_session (G_IO_ERROR_PERMISSION_DENIED);
    }
  g_assert_false (exists ("runtime/app"));
}

static void
test_open_folders (void)
{
  const char *names[] = { "runtime/app", "runtime/app/" APP_ID, "runtime/app/" APP_ID "/tstore" };

  g_test_summary ("So are the folders in it");

  make_folder ("runtime", 0700);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = path_of (names[i]);

      make_folder (names[i], 0722);
      assert_no_session (G_IO_ERROR_PERMISSION_DENIED);
      g_assert_cmpint (g_chmod (path, 0700), ==, 0);

      if (geteuid () == 0)
        {
          g_assert_cmpint (chown (path, OTHER_UID, (gid_t) -1), ==, 0);
          assert_no_session (G_IO_ERROR_PERMISSION_DENIED);
          g_assert_cmpint (chown (path, 0, (gid_t) -1), ==, 0);
        }
    }

  {
    g_autofree char *path = path_of (names[2]);

    g_assert_cmpint (g_chmod (path, 0755), ==, 0);
    assert_no_session (G_IO_ERROR_PERMISSION_DENIED);
    g_assert_cmpint (g_chmod (path, 0700), ==, 0);
  }

  wait_gone (get_session ());
}

static void
test_links (void)
{
  const char *names[] = { "runtime/app", "runtime/app/" APP_ID, "runtime/app/" APP_ID "/tstore" };

  g_test_summary ("A symbolic link in the place of a folder is not followed");

  make_folder ("runtime", 0700);
  make_folder ("elsewhere", 0700);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = path_of (names[i]);

      link_to ("elsewhere", names[i]);
      assert_no_session (G_IO_ERROR_NOT_DIRECTORY);
      g_assert_cmpint (g_unlink (path), ==, 0);
      link_to ("nowhere", names[i]);
      assert_no_session (G_IO_ERROR_NOT_DIRECTORY);
      g_assert_cmpint (g_unlink (path), ==, 0);
      make_folder (names[i], 0700);
    }

  g_assert_false (exists ("nowhere"));
  {
    g_autofree char *path = path_of ("elsewhere");

    g_assert_cmpint (g_rmdir (path), ==, 0); /* nothing was put there */
  }
}

static void
test_item_link (void)
{
  g_autofree char *secret = path_of ("secret");
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  TstStorage *storage;

  g_test_summary ("A symbolic link in the place of an item is neither read nor written through");

  make_folder ("runtime", 0700);
  storage = get_session ();
  g_assert_true (g_file_set_contents (secret, "[a]\ncontent='secret'\n", -1, NULL));
  link_to ("secret", "runtime/app/" APP_ID "/tstore/a.ini");

  g_assert_null (tst_storage_get_item (storage, "a", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_LINKS);
  g_clear_error (&error);
  g_assert_false (tst_storage_set_item (storage, "a", "mine", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_LINKS);
  g_clear_error (&error);
  g_assert_false (tst_storage_clear (storage, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_LINKS);

  g_file_get_contents (secret, &text, NULL, NULL);
  g_assert_cmpstr (text, ==, "[a]\ncontent='secret'\n");
  wait_gone (storage);
}

/* --- Persisters --- */

static void
check_persister (TstPersister *(*new_persister) (TstStore *, TstStorage *, const char *),
                 const char   *folder)
{
  g_autoptr(TstStore) store = new_store (FIDO);
  g_autoptr(TstStorage) own = tst_storage_new (NULL);
  TstPersister *persister = new_persister (store, NULL, "pets");
  TstStorage *storage = NULL;
  g_autofree char *name = NULL;
  g_autoptr(GError) error = NULL;
  GApplication *application;

  g_object_get (persister, "name", &name, "storage", &storage, NULL);
  g_assert_cmpstr (name, ==, "pets");
  g_assert_null (storage);

  g_assert_false (run (load, persister, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (run (save, persister, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (run_with (start_auto_load, persister, &error, NULL));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);

  application = g_application_new (APP_ID, G_APPLICATION_DEFAULT_FLAGS);
  g_application_set_default (application);
  run_ok_with (start_auto_persisting, persister, NULL);
  run_ok (save, persister);
  storage = tst_storage_persister_get_storage (TST_STORAGE_PERSISTER (persister));
  assert_in (storage, folder);
  {
    g_autofree char *text = tst_storage_get_item (storage, "pets", NULL);

    g_assert_cmpstr (text, ==, FIDO);
  }
  run_ok (close, persister);
  wait_gone (persister);
  g_application_set_default (NULL);
  g_object_unref (application);

  persister = new_persister (store, own, "x");
  g_assert_true (tst_storage_persister_get_storage (TST_STORAGE_PERSISTER (persister)) == own);
  g_assert_cmpstr (tst_storage_persister_get_name (TST_STORAGE_PERSISTER (persister)), ==, "x");
  g_object_unref (persister);
}

static void
test_local_persister (void)
{
  g_test_summary ("A local persister without a storage takes that of the application, else fails");

  check_persister (tst_local_persister_new, "data/" APP_ID "/tstore");
}

static void
test_session_persister (void)
{
  g_test_summary ("So does a session persister");

  make_folder ("runtime", 0700);
  check_persister (tst_session_persister_new, "runtime/app/" APP_ID "/tstore");
}

/* --- Running them --- */

typedef struct
{
  const char *path;
  void      (*func) (void);
} PlaceTest;

static void
remove_all (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        remove_all (child);
      else
        g_unlink (child);
    }

  g_assert_cmpint (g_rmdir (path), ==, 0);
}

static void
set_folder (const char *variable,
            const char *root,
            const char *name)
{
  g_autofree char *path = g_build_filename (root, name, NULL);

  g_setenv (variable, path, TRUE);
}

static void
run_test (gconstpointer data)
{
  const PlaceTest *test = data;
  g_autofree char *root = NULL;

  if (g_test_subprocess ())
    {
      test->func ();
      return;
    }

  root = g_dir_make_tmp ("tst-places-XXXXXX", NULL);
  g_setenv ("TST_TEST_ROOT", root, TRUE);
  set_folder ("XDG_DATA_HOME", root, "data");
  set_folder ("XDG_CACHE_HOME", root, "cache");
  if (strstr (test->path, "no-runtime") != NULL)
    g_unsetenv ("XDG_RUNTIME_DIR");
  else
    set_folder ("XDG_RUNTIME_DIR", root, "runtime");

  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  remove_all (root);
}

static const PlaceTest tests[] = {
  { "/storage-places/local", test_local },
  { "/storage-places/no-data-folder", test_no_data },
  { "/storage-places/shared", test_shared },
  { "/storage-places/ids", test_ids },
  { "/storage-places/session", test_session },
  { "/storage-places/session-in/sandbox", test_sandbox },
  { "/storage-places/session-in/no-runtime-folder", test_no_runtime },
  { "/storage-places/session-in/runtime-folder-missing", test_runtime_missing },
  { "/storage-places/session-in/open-runtime-folder", test_open_runtime },
  { "/storage-places/session-in/open-folders", test_open_folders },
  { "/storage-places/session-in/links", test_links },
  { "/storage-places/session-in/item-link", test_item_link },
  { "/storage-places/local-persister", test_local_persister },
  { "/storage-places/session-persister", test_session_persister },
};

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add_data_func (tests[i].path, &tests[i], run_test);

  return g_test_run ();
}
