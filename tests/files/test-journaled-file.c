/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "tst-journaled-file-private.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tst-digest-private.h"

/* What is read and written where somebody else does something meanwhile. */

typedef struct
{
  char             *dir;
  char             *path;
  char             *journal;
  TstJournaledFile *file;
  char             *tag;      /* of the version that is known */
} Fixture;

static TstJournaledFile *
new_file (Fixture *fixture)
{
  return tst_journaled_file_new (fixture->path);
}

/* Each letter of the content is what an entry was. */
static void
assert_read (TstJournaledFile *file,
             const char       *known_tag,
             const char       *content,
             const char       *entries,
             char            **tag)
{
  g_auto(TstJournaledVersion) version = TST_JOURNALED_VERSION_INIT;
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) found = g_string_new (NULL);

  g_assert_cmpint (tst_journaled_file_read (file, known_tag, NULL, &version, &error), ==,
                   TST_FILE_READ_CONTENT);
  g_assert_no_error (error);
  g_assert_no_error (version.damage);

  if (content == NULL)
    g_assert_null (version.content);
  else
    g_assert_cmpmem (g_bytes_get_data (version.content, NULL), g_bytes_get_size (version.content),
                     content, strlen (content));

  for (guint i = 0; i < version.entries->len; i++)
    {
      GBytes *entry = g_ptr_array_index (version.entries, i);

      g_string_append_len (found, g_bytes_get_data (entry, NULL),
                           (gssize) g_bytes_get_size (entry));
    }
  g_assert_cmpstr (found->str, ==, entries);

  if (tag != NULL)
    {
      g_free (*tag);
      *tag = g_strdup (version.tag);
    }
}

static void
assert_append (Fixture    *fixture,
               const char *text)
{
  g_autoptr(GBytes) entry = g_bytes_new (text, strlen (text));
  g_auto(TstJournaledVersion) version = TST_JOURNALED_VERSION_INIT;
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (tst_journaled_file_append (fixture->file, fixture->tag, entry, NULL, &version,
                                              &error), ==, TST_FILE_WRITE_DONE);
  g_assert_no_error (error);
  g_assert_nonnull (version.tag);
  g_assert_cmpint (version.state, ==, TST_JOURNALED_WELL);
  g_free (fixture->tag);
  fixture->tag = g_steal_pointer (&version.tag);
}

static TstFileWriteResult
write_whole (TstJournaledFile *file,
             const char       *base_tag,
             const char       *text)
{
  g_autoptr(GBytes) content = g_bytes_new (text, strlen (text));
  g_autofree char *digest = tst_digest (content);
  TstFileChange change = { base_tag, FALSE, content, digest };
  g_autoptr(GError) error = NULL;
  TstFileWriteResult result = tst_journaled_file_write (file, &change, NULL, &error);

  g_assert_no_error (error);

  return result;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  fixture->dir = g_dir_make_tmp ("tst-journaled-file-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->dir, "file", NULL);
  fixture->journal = g_build_filename (fixture->dir, ".file.tst-journal", NULL);
  g_assert_true (g_file_set_contents (fixture->path, "content", -1, NULL));
  fixture->file = new_file (fixture);
  assert_read (fixture->file, NULL, "content", "", &fixture->tag);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  tst_journaled_file_free (fixture->file);
  g_unlink (fixture->journal);
  g_unlink (fixture->path);
  g_assert_cmpint (g_rmdir (fixture->dir), ==, 0);
  g_free (fixture->dir);
  g_free (fixture->path);
  g_free (fixture->journal);
  g_free (fixture->tag);
}

static void
test_journaled_file_append (Fixture       *fixture,
                            gconstpointer  user_data)
{
  TstJournaledFile *other = new_file (fixture);
  g_autofree char *known = NULL;
  g_auto(TstJournaledVersion) version = TST_JOURNALED_VERSION_INIT;

  g_test_summary ("Who knows a version gets what has come since, and nothing else");

  assert_append (fixture, "1");
  assert_append (fixture, "2");
  assert_read (other, NULL, "content", "12", &known);
  g_assert_cmpstr (known, ==, fixture->tag);
  assert_append (fixture, "3");
  assert_append (fixture, "4");
  assert_read (other, known, NULL, "34", &known);
  g_assert_cmpint (tst_journaled_file_read (other, known, NULL, &version, NULL), ==,
                   TST_FILE_READ_UNCHANGED);

  tst_journaled_file_free (other);
}

static void
test_journaled_file_unknown (Fixture       *fixture,
                             gconstpointer  user_data)
{
  TstJournaledFile *other = new_file (fixture);

  g_test_summary ("Who knows a version that what is there does not follow from gets all of it");

  assert_append (fixture, "1");
  g_assert_cmpint (g_unlink (fixture->journal), ==, 0);
  assert_read (other, fixture->tag, "content", "", NULL);
  assert_read (fixture->file, fixture->tag, "content", "", NULL);

  tst_journaled_file_free (other);
}

static void
test_journaled_file_conflict (Fixture       *fixture,
                              gconstpointer  user_data)
{
  TstJournaledFile *other = new_file (fixture);
  g_autofree char *old = g_strdup (fixture->tag);
  g_autoptr(GBytes) entry = g_bytes_new ("9", 1);
  g_auto(TstJournaledVersion) version = TST_JOURNALED_VERSION_INIT;

  g_test_summary ("Who does not know the version writes nothing, in either way");

  assert_append (fixture, "1");
  g_assert_cmpint (tst_journaled_file_append (other, old, entry, NULL, &version, NULL), ==,
                   TST_FILE_WRITE_CONFLICT);
  g_assert_cmpint (write_whole (other, old, "other"), ==, TST_FILE_WRITE_CONFLICT);
  g_assert_cmpint (write_whole (other, NULL, "other"), ==, TST_FILE_WRITE_CONFLICT);
  assert_read (other, NULL, "content", "1", NULL);

  g_assert_cmpint (write_whole (other, fixture->tag, "other"), ==, TST_FILE_WRITE_DONE);
  g_assert_false (g_file_test (fixture->journal, G_FILE_TEST_EXISTS));
  g_assert_cmpint (tst_journaled_file_append (fixture->file, fixture->tag, entry, NULL, &version,
                                              NULL), ==, TST_FILE_WRITE_CONFLICT);
  assert_read (fixture->file, NULL, "other", "", NULL);

  tst_journaled_file_free (other);
}

static void
test_journaled_file_crashed_fold (Fixture       *fixture,
                                  gconstpointer  user_data)
{
  g_autofree char *journal = NULL;
  TstJournaledFile *other = new_file (fixture);
  g_autofree char *kept = g_build_filename (fixture->dir, "kept", NULL);

  g_test_summary ("Before and after the file was replaced, a fold that nobody finished is right");

  assert_append (fixture, "1");
  assert_append (fixture, "2");
  /* To look at what there is between the steps, the journal is put back. */
  g_assert_cmpint (link (fixture->journal, kept), ==, 0);
  g_assert_cmpint (write_whole (fixture->file, fixture->tag, "folded"), ==, TST_FILE_WRITE_DONE);
  g_assert_cmpint (rename (kept, fixture->journal), ==, 0);
  g_assert_true (g_file_get_contents (fixture->journal, &journal, NULL, NULL));
  g_assert_nonnull (strstr (journal, "\"fold\":"));

  assert_read (other, NULL, "folded", "", &fixture->tag);
  g_assert_true (g_file_set_contents (fixture->path, "content", -1, NULL));
  assert_read (other, NULL, "content", "12", NULL);

  /* And it goes on, from either. */
  g_assert_true (g_file_set_contents (fixture->path, "folded", -1, NULL));
  assert_append (fixture, "3");
  assert_read (other, NULL, "folded", "3", NULL);
  g_assert_true (g_file_set_contents (fixture->path, "content", -1, NULL));
  assert_read (other, NULL, "content", "123", NULL);

  tst_journaled_file_free (other);
}

static void
test_journaled_file_replaced (Fixture       *fixture,
                              gconstpointer  user_data)
{
  g_auto(TstJournaledVersion) version = TST_JOURNALED_VERSION_INIT;
  g_auto(TstJournaledVersion) appended = TST_JOURNALED_VERSION_INIT;
  g_autoptr(GBytes) entry = g_bytes_new ("2", 1);

  g_test_summary ("To a file that somebody has replaced, nothing is appended");

  assert_append (fixture, "1");
  g_assert_true (g_file_set_contents (fixture->path, "foreign", -1, NULL));
  g_assert_cmpint (tst_journaled_file_read (fixture->file, fixture->tag, NULL, &version, NULL), ==,
                   TST_FILE_READ_CONTENT);
  g_assert_true (version.replaced);
  g_assert_cmpint (version.state, ==, TST_JOURNALED_IN_DOUBT);
  g_assert_cmpuint (version.size, ==, strlen ("foreign"));
  g_assert_cmpuint (tst_journaled_file_get_room (fixture->file, version.tag), ==, 0);

  g_assert_cmpint (tst_journaled_file_append (fixture->file, version.tag, entry, NULL, &appended,
                                              NULL), ==, TST_FILE_WRITE_DONE);
  g_assert_null (appended.tag);
  g_assert_cmpint (write_whole (fixture->file, version.tag, "merged"), ==, TST_FILE_WRITE_DONE);
  assert_read (fixture->file, NULL, "merged", "", NULL);
  g_assert_false (g_file_test (fixture->journal, G_FILE_TEST_EXISTS));
}

static void
test_journaled_file_removed (Fixture       *fixture,
                             gconstpointer  user_data)
{
  g_auto(TstJournaledVersion) version = TST_JOURNALED_VERSION_INIT;

  g_test_summary ("A journal without its file is nothing, and does not come back with the next");

  assert_append (fixture, "1");
  g_assert_cmpint (g_unlink (fixture->path), ==, 0);
  g_assert_cmpint (tst_journaled_file_read (fixture->file, fixture->tag, NULL, &version, NULL), ==,
                   TST_FILE_READ_NOTHING);
  g_assert_cmpint (write_whole (fixture->file, fixture->tag, "new"), ==, TST_FILE_WRITE_CONFLICT);
  g_assert_cmpint (write_whole (fixture->file, NULL, "new"), ==, TST_FILE_WRITE_DONE);
  g_assert_false (g_file_test (fixture->journal, G_FILE_TEST_EXISTS));
  assert_read (fixture->file, NULL, "new", "", NULL);
}

static void
test_journaled_file_limits (Fixture       *fixture,
                            gconstpointer  user_data)
{
  g_autofree char *large = g_strnfill (1 << 20, 'x');
  gsize room;

  g_test_summary ("A journal has room for a part of its file, and small files have none");

  g_assert_cmpint (write_whole (fixture->file, fixture->tag, large), ==, TST_FILE_WRITE_DONE);
  assert_read (fixture->file, NULL, large, "", &fixture->tag);
  room = tst_journaled_file_get_room (fixture->file, fixture->tag);
  g_assert_cmpuint (room, >, 1 << 17);
  g_assert_cmpuint (room, <, 1 << 19);
  g_assert_cmpuint (tst_journaled_file_get_room (fixture->file, "another"), ==, 0);

  assert_append (fixture, "1");
  g_assert_cmpuint (tst_journaled_file_get_room (fixture->file, fixture->tag), <, room);

  tst_journaled_file_set_threshold (fixture->file, (1 << 20) + 1);
  g_assert_cmpuint (tst_journaled_file_get_room (fixture->file, fixture->tag), ==, 0);
  tst_journaled_file_set_threshold (fixture->file, 1 << 20);
  g_assert_cmpuint (tst_journaled_file_get_room (fixture->file, fixture->tag), >, 0);
}

typedef struct
{
  TstJournaledFile *file;
  gint              over;
} Cancelled;

static gpointer
read_cancelled (gpointer data)
{
  Cancelled *cancelled = data;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  g_cancellable_cancel (cancellable);
  while (!g_atomic_int_get (&cancelled->over))
    {
      g_auto(TstJournaledVersion) version = TST_JOURNALED_VERSION_INIT;
      g_autoptr(GError) error = NULL;

      g_assert_cmpint (tst_journaled_file_read (cancelled->file, NULL, cancellable, &version,
                                                &error), ==, TST_FILE_READ_FAILED);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    }

  return NULL;
}

static void
test_journaled_file_cancelled (Fixture       *fixture,
                               gconstpointer  user_data)
{
  Cancelled cancelled = { fixture->file, FALSE };
  GThread *thread;

  g_test_summary ("Nobody hears of another's read, which was cancelled, that there is no journal");

  assert_append (fixture, "1");
  thread = g_thread_new ("cancelled", read_cancelled, &cancelled);
  for (guint i = 0; i < 1000; i++)
    {
      g_auto(TstJournaledVersion) version = TST_JOURNALED_VERSION_INIT;

      g_assert_cmpint (tst_journaled_file_read (fixture->file, fixture->tag, NULL, &version, NULL),
                       ==, TST_FILE_READ_UNCHANGED);
      g_assert_cmpint (version.state, ==, TST_JOURNALED_WELL);
      g_assert_cmpuint (version.size, ==, strlen ("content"));
    }
  g_atomic_int_set (&cancelled.over, TRUE);
  g_thread_join (thread);
}

/* --- Drafts --- */

#define LARGE (2 << 20)

/* A file of so many letters, and what is to replace it. */
static GBytes *
make_large (Fixture *fixture)
{
  g_autofree char *text = g_strnfill (LARGE, 'a');

  g_assert_cmpint (write_whole (fixture->file, fixture->tag, text), ==, TST_FILE_WRITE_DONE);
  assert_read (fixture->file, NULL, text, "", &fixture->tag);

  return g_bytes_new_take (g_strnfill (LARGE + 1, 'b'), LARGE + 1);
}

static TstFileDraft *
begin (Fixture  *fixture,
       gboolean  is_new)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  return tst_journaled_file_begin_draft (fixture->file, fixture->tag, is_new, cancellable);
}

static guint
count_files (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

static char *
find_temporary (Fixture *fixture)
{
  g_autoptr(GDir) dir = g_dir_open (fixture->dir, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".tst-tmp"))
      return g_build_filename (fixture->dir, name, NULL);

  return NULL;
}

static guint64
get_inode (const char *path)
{
  struct stat st;

  g_assert_cmpint (stat (path, &st), ==, 0);

  return st.st_ino;
}

static TstFileWriteResult
write_drafted (Fixture      *fixture,
               GBytes       *content,
               TstFileDraft *draft)
{
  g_autofree char *digest = tst_digest (content);
  TstFileChange change = {
    .base_tag = fixture->tag, .content = content, .tag = digest, .draft = draft,
  };
  g_autoptr(GError) error = NULL;
  TstFileWriteResult result = tst_journaled_file_write (fixture->file, &change, NULL, &error);

  g_assert_no_error (error);

  return result;
}

static void
assert_content (Fixture *fixture,
                GBytes  *content)
{
  g_autofree char *text = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (fixture->path, &text, &length, NULL));
  g_assert_cmpmem (text, length, g_bytes_get_data (content, NULL), g_bytes_get_size (content));
}

static void
test_journaled_file_draft (Fixture       *fixture,
                           gconstpointer  user_data)
{
  g_autoptr(GBytes) content = make_large (fixture);
  g_autoptr(TstFileDraft) draft = begin (fixture, TRUE);
  g_autofree char *temporary = find_temporary (fixture);
  const char *text = g_bytes_get_data (content, NULL);
  guint64 inode;
  struct stat st;

  g_test_summary ("What was begun of a large file becomes that file, with the rest of it");

  g_assert_nonnull (draft);
  g_assert_nonnull (temporary);
  g_assert_cmpint (g_chmod (fixture->path, 0640), ==, 0);
  inode = get_inode (temporary);
  tst_file_draft_write (draft, text, 100);
  tst_file_draft_write (draft, text, LARGE / 2 + 7);
  g_assert_cmpint (stat (temporary, &st), ==, 0);
  g_assert_cmpint (st.st_size, ==, LARGE / 2);

  g_assert_cmpint (write_drafted (fixture, content, draft), ==, TST_FILE_WRITE_DONE);
  assert_content (fixture, content);
  g_assert_cmpint (get_inode (fixture->path), ==, inode);
  g_assert_cmpint (stat (fixture->path, &st), ==, 0);
  g_assert_cmpint (st.st_mode & 0777, ==, 0640);
  g_assert_cmpuint (count_files (fixture->dir), ==, 1);
}

static void
test_journaled_file_draft_dropped (Fixture       *fixture,
                                   gconstpointer  user_data)
{
  g_autoptr(GBytes) content = make_large (fixture);
  g_autoptr(TstFileDraft) draft = begin (fixture, TRUE);
  TstJournaledFile *other = new_file (fixture);
  g_autofree char *text = g_strnfill (LARGE, 'c');

  g_test_summary ("Of what was begun nothing stays if somebody else was there first");

  tst_file_draft_write (draft, g_bytes_get_data (content, NULL), LARGE);
  g_assert_cmpint (write_whole (other, fixture->tag, text), ==, TST_FILE_WRITE_DONE);
  g_assert_cmpint (write_drafted (fixture, content, draft), ==, TST_FILE_WRITE_CONFLICT);
  g_clear_pointer (&draft, tst_file_draft_free);
  g_assert_cmpuint (count_files (fixture->dir), ==, 1);
  tst_journaled_file_free (other);
}

static void
test_journaled_file_draft_failed (Fixture       *fixture,
                                  gconstpointer  user_data)
{
  g_autoptr(GBytes) content = make_large (fixture);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(TstFileDraft) draft = tst_journaled_file_begin_draft (fixture->file, fixture->tag,
                                                                  TRUE, cancellable);

  g_test_summary ("Where beginning fails, it is given up, and all is written in the end");

  g_cancellable_cancel (cancellable);
  tst_file_draft_write (draft, g_bytes_get_data (content, NULL), LARGE / 2);
  g_assert_cmpuint (count_files (fixture->dir), ==, 1);
  g_assert_cmpint (write_drafted (fixture, content, draft), ==, TST_FILE_WRITE_DONE);
  assert_content (fixture, content);
}

static void
test_journaled_file_draft_elsewhere (Fixture       *fixture,
                                     gconstpointer  user_data)
{
  g_autoptr(GBytes) content = make_large (fixture);
  g_autofree char *moved = g_strconcat (fixture->path, ".moved", NULL);
  g_autoptr(TstFileDraft) draft = begin (fixture, TRUE);
  g_autofree char *temporary = find_temporary (fixture);
  guint64 inode = get_inode (temporary);

  g_test_summary ("A link that leads elsewhere meanwhile is followed, without what was begun");

  tst_file_draft_write (draft, g_bytes_get_data (content, NULL), LARGE);
  g_assert_cmpint (g_rename (fixture->path, moved), ==, 0);
  g_assert_cmpint (symlink (moved, fixture->path), ==, 0);

  g_assert_cmpint (write_drafted (fixture, content, draft), ==, TST_FILE_WRITE_DONE);
  assert_content (fixture, content);
  g_assert_true (g_file_test (fixture->path, G_FILE_TEST_IS_SYMLINK));
  g_assert_cmpint (get_inode (fixture->path), !=, inode);
  g_clear_pointer (&draft, tst_file_draft_free);
  g_assert_cmpuint (count_files (fixture->dir), ==, 2);
  g_unlink (moved);
}

static void
test_journaled_file_draft_not (Fixture       *fixture,
                               gconstpointer  user_data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GBytes) content = NULL;
  g_autoptr(TstFileDraft) draft = NULL;

  g_test_summary ("Nothing is begun that is small, the same as before, or not to be");

  g_assert_null (begin (fixture, TRUE));

  content = make_large (fixture);
  g_assert_null (begin (fixture, FALSE));
  g_assert_null (tst_journaled_file_begin_draft (fixture->file, "another", TRUE, cancellable));
  g_assert_null (tst_journaled_file_begin_draft (fixture->file, NULL, TRUE, cancellable));
  g_assert_cmpuint (count_files (fixture->dir), ==, 1);

  /* The same as before, but some of it is in the journal. */
  assert_append (fixture, "x");
  draft = begin (fixture, FALSE);
  g_assert_nonnull (draft);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add ("/journaled-file/" path, Fixture, NULL, set_up, func, tear_down)

  ADD ("append", test_journaled_file_append);
  ADD ("cancelled", test_journaled_file_cancelled);
  ADD ("unknown", test_journaled_file_unknown);
  ADD ("conflict", test_journaled_file_conflict);
  ADD ("crashed-fold", test_journaled_file_crashed_fold);
  ADD ("replaced", test_journaled_file_replaced);
  ADD ("removed", test_journaled_file_removed);
  ADD ("limits", test_journaled_file_limits);
  ADD ("draft/used", test_journaled_file_draft);
  ADD ("draft/dropped", test_journaled_file_draft_dropped);
  ADD ("draft/failed", test_journaled_file_draft_failed);
  ADD ("draft/elsewhere", test_journaled_file_draft_elsewhere);
  ADD ("draft/not", test_journaled_file_draft_not);

  return g_test_run ();
}
