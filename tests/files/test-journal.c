/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "tst-error.h"
#include "tst-journal-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "test-util.h"

#define BASE "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

typedef struct
{
  char          *dir;
  char          *path;
  char          *journal;
  int            original;
  TstJournalEnd  end;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  fixture->dir = g_dir_make_tmp ("tst-journal-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->dir, "store.json", NULL);
  fixture->journal = tst_journal_get_path (fixture->path);
  g_assert_true (g_file_set_contents (fixture->path, "a file", -1, NULL));
  fixture->original = open (fixture->path, O_RDONLY);
  strcpy (fixture->end.sum, BASE);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  close (fixture->original);
  g_unlink (fixture->journal);
  g_unlink (fixture->path);
  g_assert_cmpint (g_rmdir (fixture->dir), ==, 0);
  g_free (fixture->dir);
  g_free (fixture->path);
  g_free (fixture->journal);
}

static void
append (Fixture        *fixture,
        TstJournalKind  kind,
        const char     *text)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr(GError) error = NULL;
  int fd = tst_journal_lock (fixture->path, NULL, &error);

  g_assert_no_error (error);
  tst_journal_append (fixture->path, fd, fixture->original, &fixture->end, kind, bytes, &error);
  g_assert_no_error (error);
  if (fd != -1)
    close (fd);
}

static TstJournal *
read_journal (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  TstJournal *journal = tst_journal_read (fixture->path, NULL, &error);

  g_assert_no_error (error);

  return journal;
}

static void
assert_lines (TstJournal *journal,
              const char *first,
              ...) G_GNUC_NULL_TERMINATED;

static void
assert_lines (TstJournal *journal,
              const char *first,
              ...)
{
  const char *text = first;
  guint n = 0;
  va_list list;

  g_assert_no_error (journal->damage);
  va_start (list, first);
  for (; text != NULL; text = va_arg (list, const char *))
    {
      const TstJournalLine *line = &g_array_index (journal->lines, TstJournalLine, n++);

      g_assert_cmpuint (n, <=, journal->lines->len);
      g_assert_cmpmem (line->text, line->length, text, strlen (text));
      g_assert_cmpint (line->kind, ==,
                       strlen (text) == 64 ? TST_JOURNAL_FOLD : TST_JOURNAL_SAVE);
    }
  va_end (list);
  g_assert_cmpuint (n, ==, journal->lines->len);
}

static void
test_journal_lines (Fixture       *fixture,
                    gconstpointer  user_data)
{
  g_autoptr(TstJournal) journal = NULL;
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;

  g_test_summary ("What is appended is read, and each line is text that others can read");

  g_assert_null (read_journal (fixture));
  append (fixture, TST_JOURNAL_SAVE, "[1]");
  append (fixture, TST_JOURNAL_SAVE, "{\"a\":\"}\"}");
  append (fixture, TST_JOURNAL_FOLD, BASE);
  append (fixture, TST_JOURNAL_SAVE, "2");

  journal = read_journal (fixture);
  assert_lines (journal, "[1]", "{\"a\":\"}\"}", BASE, "2", NULL);
  g_assert_cmpstr (journal->base, ==, BASE);
  g_assert_cmpstr (journal->end.sum, ==, fixture->end.sum);
  g_assert_cmpuint (journal->end.length, ==, fixture->end.length);
  g_assert_true (tst_journal_is (fixture->path, &fixture->end));

  g_assert_true (g_file_get_contents (fixture->journal, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 6);
  g_assert_cmpstr (lines[0], ==, "{\"tst-journal\":1,\"base\":\"" BASE "\"}");
  g_assert_true (g_str_has_suffix (lines[1], "\",\"save\":[1]}"));
}

static void
test_journal_torn (Fixture       *fixture,
                   gconstpointer  user_data)
{
  g_autofree char *text = NULL;
  gsize length, header, first;

  g_test_summary ("At whatever byte it ends, what is whole counts, and the next goes behind that");

  append (fixture, TST_JOURNAL_SAVE, "[1]");
  first = fixture->end.length;
  append (fixture, TST_JOURNAL_SAVE, "[2]");
  g_assert_true (g_file_get_contents (fixture->journal, &text, &length, NULL));
  header = (gsize) (strchr (text, '\n') + 1 - text);

  for (gsize cut = 0; cut < length; cut++)
    {
      g_autoptr(TstJournal) torn = NULL;
      g_autoptr(TstJournal) journal = NULL;

      g_assert_true (g_file_set_contents (fixture->journal, text, (gssize) cut, NULL));
      torn = read_journal (fixture);
      g_assert_cmpuint (torn->end.length, ==, cut < header ? 0 : cut < first ? header : first);
      assert_lines (torn, cut < first ? NULL : "[1]", NULL);

      fixture->end = torn->end;
      if (cut < header)
        strcpy (fixture->end.sum, BASE);
      append (fixture, TST_JOURNAL_SAVE, "[3]");
      journal = read_journal (fixture);
      if (cut < first)
        assert_lines (journal, "[3]", NULL);
      else
        assert_lines (journal, "[1]", "[3]", NULL);
    }
}

static void
test_journal_long_tail (Fixture       *fixture,
                        gconstpointer  user_data)
{
  g_autofree char *tail = g_strnfill (1000, 'x');
  g_autoptr(TstJournal) torn = NULL;
  g_autoptr(TstJournal) journal = NULL;
  FILE *file;

  g_test_summary ("Nothing is left of a line that was to be longer than the next one");

  append (fixture, TST_JOURNAL_SAVE, "[1]");
  file = fopen (fixture->journal, "a");
  g_assert_cmpint (fputs (tail, file), >=, 0);
  g_assert_cmpint (fclose (file), ==, 0);

  torn = read_journal (fixture);
  assert_lines (torn, "[1]", NULL);
  fixture->end = torn->end;
  append (fixture, TST_JOURNAL_SAVE, "[2]");
  journal = read_journal (fixture);
  assert_lines (journal, "[1]", "[2]", NULL);
  g_assert_cmpuint (journal->end.size, ==, journal->end.length);
}

static void
test_journal_changed (Fixture       *fixture,
                      gconstpointer  user_data)
{
  g_autofree char *text = NULL;
  gsize length, last;

  g_test_summary ("A byte that is another one is noticed, unless it is in the last line");

  append (fixture, TST_JOURNAL_SAVE, "[1]");
  append (fixture, TST_JOURNAL_FOLD, BASE);
  last = fixture->end.length;
  append (fixture, TST_JOURNAL_SAVE, "[2]");
  g_assert_true (g_file_get_contents (fixture->journal, &text, &length, NULL));

  for (gsize i = 0; i < length; i++)
    {
      g_autoptr(TstJournal) journal = NULL;

      text[i] ^= 1;
      g_assert_true (g_file_set_contents (fixture->journal, text, (gssize) length, NULL));
      journal = read_journal (fixture);
      text[i] ^= 1;

      if (i < last - 1)
        g_assert_error (journal->damage, TST_ERROR, TST_ERROR_FORMAT);
      else if (i < last) /* without its end, a line is one with the next */
        assert_lines (journal, "[1]", NULL);
      else
        assert_lines (journal, "[1]", BASE, NULL);
    }
}

static void
test_journal_not_as_read (Fixture       *fixture,
                          gconstpointer  user_data)
{
  g_autoptr(GBytes) text = g_bytes_new ("[9]", 3);
  TstJournalEnd old;
  g_autoptr(GError) error = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  int fd;

  g_test_summary ("Nothing is written to a journal that is not as it was read");

  append (fixture, TST_JOURNAL_SAVE, "[1]");
  old = fixture->end;
  append (fixture, TST_JOURNAL_SAVE, "[2]");
  g_assert_false (tst_journal_is (fixture->path, &old));
  g_assert_true (g_file_get_contents (fixture->journal, &before, NULL, NULL));

  fd = tst_journal_lock (fixture->path, NULL, NULL);
  g_assert_false (tst_journal_append (fixture->path, fd, fixture->original, &old, TST_JOURNAL_SAVE,
                                      text, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_clear_error (&error);
  close (fd);

  memset (&old, 0, sizeof old);
  strcpy (old.sum, BASE);
  g_assert_false (tst_journal_append (fixture->path, -1, fixture->original, &old, TST_JOURNAL_SAVE,
                                      text, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);

  g_assert_true (g_file_get_contents (fixture->journal, &after, NULL, NULL));
  g_assert_cmpstr (before, ==, after);

  /* Nor is another one removed. */
  old = fixture->end;
  old.inode++;
  tst_journal_remove (fixture->path, &old);
  g_assert_true (g_file_test (fixture->journal, G_FILE_TEST_EXISTS));
  tst_journal_remove (fixture->path, &fixture->end);
  g_assert_false (g_file_test (fixture->journal, G_FILE_TEST_EXISTS));
}

static void
test_journal_huge (Fixture       *fixture,
                   gconstpointer  user_data)
{
  g_autoptr(TstJournal) journal = NULL;
  int fd = g_open (fixture->journal, O_CREAT | O_WRONLY, 0600);

  g_test_summary ("What is too large is not read");

  g_assert_cmpint (ftruncate (fd, (off_t) 1 << 30), ==, 0);
  close (fd);
  journal = read_journal (fixture);
  g_assert_error (journal->damage, TST_ERROR, TST_ERROR_LIMIT);
}

static void
test_journal_other_kinds (Fixture       *fixture,
                          gconstpointer  user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TstJournal) folder = NULL;
  g_autoptr(TstJournal) fifo = NULL;

  g_test_summary ("A folder, a pipe or a link in its place is no journal, and not followed");

  g_assert_cmpint (g_mkdir (fixture->journal, 0700), ==, 0);
  folder = read_journal (fixture);
  g_assert_error (folder->damage, TST_ERROR, TST_ERROR_FORMAT);
  g_assert_cmpint (g_rmdir (fixture->journal), ==, 0);

  g_assert_cmpint (mkfifo (fixture->journal, 0600), ==, 0);
  fifo = read_journal (fixture);
  g_assert_error (fifo->damage, TST_ERROR, TST_ERROR_FORMAT);
  g_assert_cmpint (g_unlink (fixture->journal), ==, 0);

  g_assert_cmpint (symlink ("store.json", fixture->journal), ==, 0);
  g_assert_null (tst_journal_read (fixture->path, NULL, &error));
  g_assert_nonnull (error);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add ("/journal/" path, Fixture, NULL, set_up, func, tear_down)

  ADD ("lines", test_journal_lines);
  ADD ("torn", test_journal_torn);
  ADD ("long-tail", test_journal_long_tail);
  ADD ("changed", test_journal_changed);
  ADD ("not-as-read", test_journal_not_as_read);
  ADD ("huge", test_journal_huge);
  ADD ("other-kinds", test_journal_other_kinds);

  return g_test_run ();
}
