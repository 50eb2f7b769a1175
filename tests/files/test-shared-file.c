/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "tst-shared-file-private.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tst-digest-private.h"
#include "tst-error.h"
#include "tst-file-writer-private.h"

#define LIMIT 1000

typedef struct
{
  char          *dir;
  char          *path;
  TstSharedFile *file;
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  flags)
{
  g_autoptr(GError) error = NULL;

  f->dir = g_dir_make_tmp ("tst-files-XXXXXX", &error);
  g_assert_no_error (error);
  f->path = g_build_filename (f->dir, "file", NULL);
  f->file = tst_shared_file_new (f->path);
  tst_shared_file_set_kind (f->file, GPOINTER_TO_UINT (flags), LIMIT);
}

static void
tear_down (Fixture       *f,
           gconstpointer  flags)
{
  tst_shared_file_free (f->file);
  g_unlink (f->path);
  g_assert_cmpint (g_rmdir (f->dir), ==, 0); /* nothing else was left behind */
  g_free (f->path);
  g_free (f->dir);
}

/* text NULL: remove */
static TstFileWriteResult
change (Fixture     *f,
        const char  *base,
        const char  *text,
        gboolean     keep,
        GError     **error)
{
  g_autoptr(GBytes) base_bytes = g_bytes_new (base, base != NULL ? strlen (base) : 0);
  g_autoptr(GBytes) bytes = text != NULL ? g_bytes_new (text, strlen (text)) : NULL;
  g_autofree char *base_tag = base != NULL ? tst_digest (base_bytes) : NULL;
  g_autofree char *tag = bytes != NULL ? tst_digest (bytes) : NULL;
  TstFileChange file_change = { base_tag, keep, bytes, tag };

  return tst_shared_file_write (f->file, &file_change, NULL, error);
}

static void
assert_done (Fixture    *f,
             const char *base,
             const char *text)
{
  g_autoptr(GError) error = NULL;
  TstFileWriteResult result = change (f, base, text, FALSE, &error);

  g_assert_no_error (error);
  g_assert_cmpint (result, ==, TST_FILE_WRITE_DONE);
}

static TstFileReadResult
read_file (Fixture  *f,
           GError  **error)
{
  g_autoptr(GBytes) content = NULL;
  g_autofree char *tag = NULL;

  return tst_shared_file_read (f->file, NULL, NULL, &content, &tag, error);
}

static void
assert_text (Fixture    *f,
             const char *expected)
{
  g_autofree char *text = NULL;

  g_file_get_contents (f->path, &text, NULL, NULL);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_remove (Fixture       *f,
             gconstpointer  flags)
{
  g_test_summary ("A file is removed if it is the version that is known, and only then");

  assert_done (f, NULL, NULL); /* nothing is there */
  assert_done (f, NULL, "one");

  g_assert_cmpint (change (f, "two", NULL, FALSE, NULL), ==, TST_FILE_WRITE_CONFLICT);
  g_assert_cmpint (change (f, NULL, NULL, FALSE, NULL), ==, TST_FILE_WRITE_CONFLICT);
  assert_text (f, "one");

  g_assert_true (g_file_set_contents (f->path, "two", -1, NULL));
  g_assert_cmpint (change (f, "one", NULL, FALSE, NULL), ==, TST_FILE_WRITE_CONFLICT);
  assert_text (f, "two");

  assert_done (f, "two", NULL);
  assert_text (f, NULL);
  g_assert_cmpint (read_file (f, NULL), ==, TST_FILE_READ_NOTHING);

  /* It is gone anyway. */
  assert_done (f, "two", NULL);
  assert_done (f, NULL, "three");
  assert_text (f, "three");
}

static void
test_remove_kept (Fixture       *f,
                  gconstpointer  flags)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static ("one", 3);
  g_autofree char *tag = tst_digest (bytes);
  g_autofree char *kept = g_strdup_printf ("%s.corrupt-%.16s", f->path, tag);

  g_test_summary ("What is removed is kept aside if that is asked for");

  assert_done (f, NULL, "one");
  g_assert_cmpint (change (f, "one", NULL, TRUE, NULL), ==, TST_FILE_WRITE_DONE);
  assert_text (f, NULL);
  g_assert_true (g_file_test (kept, G_FILE_TEST_IS_REGULAR));
  g_unlink (kept);
}

static void
test_no_link (Fixture       *f,
              gconstpointer  flags)
{
  g_autofree char *target = g_build_filename (f->dir, "target", NULL);
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  g_test_summary ("Where symbolic links are not followed, they are neither read, written nor removed");

  g_assert_true (g_file_set_contents (target, "secret", -1, NULL));
  g_assert_cmpint (symlink (target, f->path), ==, 0);

  g_assert_cmpint (read_file (f, &error), ==, TST_FILE_READ_FAILED);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_LINKS);
  g_clear_error (&error);
  g_assert_cmpint (change (f, "secret", "mine", FALSE, &error), ==, TST_FILE_WRITE_FAILED);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_LINKS);
  g_clear_error (&error);
  g_assert_cmpint (change (f, "secret", NULL, FALSE, &error), ==, TST_FILE_WRITE_FAILED);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_LINKS);

  g_file_get_contents (target, &text, NULL, NULL);
  g_assert_cmpstr (text, ==, "secret");

  /* One that leads nowhere is not the way to make a file there either. */
  g_unlink (target);
  g_clear_error (&error);
  g_assert_cmpint (change (f, NULL, "mine", FALSE, &error), ==, TST_FILE_WRITE_FAILED);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_LINKS);
  g_assert_false (g_file_test (target, G_FILE_TEST_EXISTS));
}

static void
test_private (Fixture       *f,
              gconstpointer  flags)
{
  GStatBuf st;

  g_test_summary ("A private file is for nobody but the user");

  assert_done (f, NULL, "one");
  g_assert_cmpint (g_stat (f->path, &st), ==, 0);
  g_assert_cmpint (st.st_mode & 0777, ==, 0600);
  assert_done (f, "one", "two");
  g_assert_cmpint (g_stat (f->path, &st), ==, 0);
  g_assert_cmpint (st.st_mode & 0777, ==, 0600);
}

static void
test_limit (Fixture       *f,
            gconstpointer  flags)
{
  g_autofree char *text = g_strnfill (LIMIT + 1, 'x');
  g_autoptr(GError) error = NULL;

  g_test_summary ("A file is read up to its limit and not further");

  g_assert_true (g_file_set_contents (f->path, text, LIMIT, NULL));
  g_assert_cmpint (read_file (f, &error), ==, TST_FILE_READ_CONTENT);
  g_assert_no_error (error);

  g_assert_true (g_file_set_contents (f->path, text, LIMIT + 1, NULL));
  g_assert_cmpint (read_file (f, &error), ==, TST_FILE_READ_FAILED);
  g_assert_error (error, TST_ERROR, TST_ERROR_LIMIT);
}

static void
test_folder (Fixture       *f,
             gconstpointer  flags)
{
  g_autofree char *a = g_build_filename (f->dir, "a", NULL);
  g_autofree char *b = g_build_filename (a, "b", NULL);
  g_autofree char *below_file = g_build_filename (f->path, "c", "d", NULL);
  g_autoptr(GError) error = NULL;
  GStatBuf st;

  g_test_summary ("A folder is made with those above it, private; where a file is, that fails");

  for (guint i = 0; i < 2; i++)
    {
      g_assert_true (tst_file_writer_make_folder (b, &error));
      g_assert_no_error (error);
    }
  g_assert_cmpint (g_stat (a, &st), ==, 0);
  g_assert_cmpint (st.st_mode & 07777, ==, 0700);
  g_assert_cmpint (g_stat (b, &st), ==, 0);
  g_assert_cmpint (st.st_mode & 07777, ==, 0700);

  g_assert_true (g_file_set_contents (f->path, "x", -1, NULL));
  g_assert_false (tst_file_writer_make_folder (below_file, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY);

  g_rmdir (b);
  g_rmdir (a);
}

/* What is there, seen, and what becomes of it before it is replaced. */
static void
check_replaced_late (Fixture  *f,
                     void    (*meddle) (Fixture *f))
{
  g_autoptr(GBytes) content = g_bytes_new_static ("ours", 4);
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  TstFileStamp seen, stamp;
  struct stat st;
  int fd;

  g_assert_true (g_file_set_contents (f->path, "old", -1, NULL));
  fd = g_open (f->path, O_RDONLY, 0);
  g_assert_cmpint (fstat (fd, &st), ==, 0);
  tst_file_stamp_init (&seen, &st);

  meddle (f);
  g_assert_false (tst_file_writer_replace (f->path, fd, &seen, FALSE, content, NULL, NULL, &stamp,
                                           &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_false (tst_file_writer_remove (f->path, &seen, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_assert_true (g_file_get_contents (f->path, &text, NULL, NULL));
  g_assert_cmpstr (text, !=, "ours");

  g_close (fd, NULL);
}

static void
write_in_it (Fixture *f)
{
  int fd = g_open (f->path, O_WRONLY | O_TRUNC, 0);

  g_assert_cmpint (write (fd, "theirs", 6), ==, 6);
  g_close (fd, NULL);
}

static void
replace_it (Fixture *f)
{
  g_assert_true (g_file_set_contents (f->path, "theirs", -1, NULL));
}

/* What is behind the link is the same file. */
static void
put_link_there (Fixture *f)
{
  g_autofree char *other = g_build_filename (f->dir, "other", NULL);

  g_assert_cmpint (g_rename (f->path, other), ==, 0);
  g_assert_cmpint (symlink (other, f->path), ==, 0);
}

static void
test_meddled (Fixture       *f,
              gconstpointer  flags)
{
  g_autofree char *other = g_build_filename (f->dir, "other", NULL);

  g_test_summary ("What others do while it is written is found before it is replaced");

  check_replaced_late (f, write_in_it);
  check_replaced_late (f, replace_it);
  check_replaced_late (f, put_link_there);
  g_assert_cmpint (g_unlink (other), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, flags, func) \
  g_test_add ("/shared-file/" path, Fixture, GUINT_TO_POINTER (flags), set_up, func, tear_down)

  ADD ("remove", TST_SHARED_FILE_DEFAULT, test_remove);
  ADD ("remove/kept", TST_SHARED_FILE_DEFAULT, test_remove_kept);
  ADD ("no-link", TST_SHARED_FILE_NO_LINK, test_no_link);
  ADD ("private", TST_SHARED_FILE_PRIVATE, test_private);
  ADD ("limit", TST_SHARED_FILE_DEFAULT, test_limit);
  ADD ("folder", TST_SHARED_FILE_DEFAULT, test_folder);
  ADD ("meddled", TST_SHARED_FILE_DEFAULT, test_meddled);

  return g_test_run ();
}
