/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "journal-medium.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test-util.h"

/* A file with a journal, as programs see it that know of journals, and that do not. */

#define THREE "[{\"pets\":{\"fido\":{\"species\":\"dog\"},\"felix\":{\"species\":\"cat\"}," \
              "\"cujo\":{\"species\":\"wolf\"}}},{}]"

typedef struct
{
  Place        *place;
  TstStore     *store;
  TstPersister *persister;
} Fixture;

/* The file holds FIDO, the journal that Felix was added. */
static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  fixture->place = place_new ();
  write_file (fixture->place->path, FIDO);
  fixture->store = new_store (NULL);
  fixture->persister = journal_persister (fixture->place->path, fixture->store);
  run_ok_with (start_auto_persisting, fixture->persister, NULL);
  set_species (fixture->store, "felix", "cat");
  run_ok (flush, fixture->persister);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  close_persister (fixture->persister);
  g_assert_finalize_object (fixture->store);
  g_assert_false (has_journal (fixture->place));
  place_free (fixture->place);
}

static gboolean
all_is (Fixture    *fixture,
        const char *json)
{
  g_autofree char *actual = read_all (fixture->place->path);
  g_autoptr(TstStore) store = new_store (actual);

  return actual != NULL && store_is (store, json);
}

static void
test_file_journal_flush (Fixture       *fixture,
                         gconstpointer  user_data)
{
  g_test_summary ("A change goes to the journal; other programs see a file that is whole");

  g_assert_true (file_is (fixture->place->path, FIDO));
  g_assert_true (has_journal (fixture->place));
  g_assert_true (all_is (fixture, BOTH));
  g_assert_cmpuint (place_count (fixture->place), ==, 2);
  g_assert_cmpuint (tst_persister_get_n_saves (fixture->persister), ==, 1);
}

static void
test_file_journal_save (Fixture       *fixture,
                        gconstpointer  user_data)
{
  g_autofree char *text = NULL;

  g_test_summary ("An explicit save brings it into the file");

  run_ok (save, fixture->persister);
  text = read_file (fixture->place->path);
  g_assert_false (has_journal (fixture->place));
  g_assert_nonnull (strstr (text, "felix"));
}

static void
test_file_journal_quiet (Fixture       *fixture,
                         gconstpointer  user_data)
{
  g_test_summary ("When it has been quiet for a while, it comes into the file, without a word");

  wait_for (!has_journal (fixture->place));
  wait_idle (fixture->persister);
  g_assert_false (file_is (fixture->place->path, FIDO));
  g_assert_cmpuint (tst_persister_get_n_saves (fixture->persister), ==, 1);
  g_assert_true (all_is (fixture, BOTH));
}

static void
test_file_journal_growth (Fixture       *fixture,
                          gconstpointer  user_data)
{
  g_autofree char *path = journal_path (fixture->place);
  GStatBuf st;
  guint n_folds = 0;

  g_test_summary ("A journal does not grow without end");

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *species = g_strdup_printf ("species %u", i);

      set_species (fixture->store, "felix", species);
      run_ok (flush, fixture->persister);
      if (g_stat (path, &st) == -1)
        n_folds++;
      else
        g_assert_cmpint (st.st_size, <=, 65536);
    }

  g_assert_cmpuint (n_folds, >, 1);
  g_assert_cmpuint (n_folds, <, 20);
}

static void
test_file_journal_last_reference (Fixture       *fixture,
                                  gconstpointer  user_data)
{
  g_test_summary ("A persister that is let go of brings it into the file");

  g_assert_finalize_object (fixture->persister);
  wait_for (!has_journal (fixture->place));
  wait_last_save ();
  g_assert_true (all_is (fixture, BOTH));

  fixture->persister = journal_persister (fixture->place->path, fixture->store);
}

static void
test_file_journal_stop (Fixture       *fixture,
                        gconstpointer  user_data)
{
  g_test_summary ("One that was told to stop writes nothing until it is closed");

  tst_persister_stop_auto_save (fixture->persister);
  set_species (fixture->store, "felix", "lion");
  wait_idle (fixture->persister);
  g_assert_true (has_journal (fixture->place));
  g_assert_true (file_is (fixture->place->path, FIDO));
  g_assert_true (all_is (fixture, BOTH));
}

static void
test_file_journal_discard (Fixture       *fixture,
                           gconstpointer  user_data)
{
  g_test_summary ("One that gives up leaves the journal as it is, which holds what is saved");

  set_species (fixture->store, "felix", "lion");
  tst_persister_discard (fixture->persister);
  g_assert_finalize_object (fixture->persister);
  wait_last_save ();
  g_assert_true (has_journal (fixture->place));
  g_assert_true (file_is (fixture->place->path, FIDO));
  g_assert_true (all_is (fixture, BOTH));

  fixture->persister = journal_persister (fixture->place->path, fixture->store);
  run_ok (save, fixture->persister);
}

static void
test_file_journal_mode (Fixture       *fixture,
                        gconstpointer  user_data)
{
  g_autofree char *path = journal_path (fixture->place);
  GStatBuf file, journal;

  g_test_summary ("Who cannot read the file cannot read the journal either, also if that changes");

  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpint (g_stat (fixture->place->path, &file), ==, 0);
      g_assert_cmpint (g_stat (path, &journal), ==, 0);
      g_assert_cmpint (file.st_mode, ==, journal.st_mode);

      g_assert_cmpint (g_chmod (fixture->place->path, 0600), ==, 0);
      set_species (fixture->store, "felix", "lion");
      run_ok (flush, fixture->persister);
    }
}

static void
test_file_journal_threshold (Fixture       *fixture,
                             gconstpointer  user_data)
{
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *other = file_persister (fixture->place->path, store);
  TstFilePersister *file = TST_FILE_PERSISTER (other);

  g_test_summary ("A small file has none, but one that is there counts");

  g_assert_cmpuint (tst_file_persister_get_journal_threshold (file), ==, 1 << 20);
  run_ok_with (start_auto_persisting, other, NULL);
  assert_store (store, BOTH);
  set_species (store, "cujo", "wolf");
  run_ok (flush, other);
  g_assert_false (has_journal (fixture->place));
  wait_for (store_is (fixture->store, THREE));

  tst_file_persister_set_journal_threshold (file, 10);
  set_species (store, "cujo", "dog");
  run_ok (flush, other);
  g_assert_true (has_journal (fixture->place));
  wait_for (g_strcmp0 (tst_store_get_cell_string (fixture->store, "pets", "cujo", "species"),
                       "dog") == 0);

  close_persister (other);
}

static void
test_file_journal_two (Fixture       *fixture,
                       gconstpointer  user_data)
{
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *other = journal_persister (fixture->place->path, store);

  g_test_summary ("Two write to one journal, and each hears of the other");

  run_ok_with (start_auto_persisting, other, NULL);
  assert_store (store, BOTH);

  for (guint i = 0; i < 50; i++)
    {
      TstStore *from = i % 2 == 0 ? store : fixture->store;
      TstStore *to = i % 2 == 0 ? fixture->store : store;
      g_autofree char *species = g_strdup_printf ("s%u", i);

      set_species (from, "cujo", species);
      wait_for (g_strcmp0 (tst_store_get_cell_string (to, "pets", "cujo", "species"),
                           species) == 0);
    }

  close_persister (other);
}

/* --- Programs that know nothing of it --- */

static void
write_by_truncating (const char *path,
                     const char *text)
{
  write_file_in_place (path, text, strlen (text));
}

static void
write_without_truncating (const char *path,
                          const char *text)
{
  FILE *file = fopen (path, "r+");

  g_assert_nonnull (file);
  g_assert_cmpuint (fwrite (text, 1, strlen (text), file), ==, strlen (text));
  g_assert_cmpint (ftruncate (fileno (file), (off_t) strlen (text)), ==, 0);
  g_assert_cmpint (fclose (file), ==, 0);
}

static const struct
{
  const char *name;
  void      (*write) (const char *path,
                      const char *text);
} foreign_ways[] = {
  { "rename", write_file },
  { "truncate", write_by_truncating },
  { "in-place", write_without_truncating },
};

#define FIDO_AND_CUJO "[{\"pets\":{\"fido\":{\"species\":\"dog\"},\"cujo\":{\"species\":\"wolf\"}}},{}]"

static void
test_file_journal_foreign (Fixture       *fixture,
                           gconstpointer  user_data)
{
  guint way = GPOINTER_TO_UINT (user_data);

  g_test_summary ("What somebody writes who has not seen the journal is merged with it, at once");

  foreign_ways[way].write (fixture->place->path, FIDO_AND_CUJO);
  wait_for (store_is (fixture->store, THREE));
  wait_for (!has_journal (fixture->place));
  g_assert_true (all_is (fixture, THREE));

  /* And then it is over: what they remove now is removed. */
  foreign_ways[way].write (fixture->place->path, FIDO_AND_CUJO);
  wait_for (store_is (fixture->store, FIDO_AND_CUJO));
}

static void
test_file_journal_foreign_dead (Fixture       *fixture,
                                gconstpointer  user_data)
{
  g_autofree char *path = journal_path (fixture->place);
  g_autofree char *journal = read_file (path);
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *other;

  g_test_summary ("The same while no program runs that has written the journal");

  close_persister (fixture->persister);
  write_file (path, journal);
  write_file (fixture->place->path, FIDO_AND_CUJO);

  g_assert_true (all_is (fixture, THREE));
  other = file_persister (fixture->place->path, store);
  run_ok (load, other);
  assert_store (store, THREE);
  g_assert_true (has_journal (fixture->place));
  run_ok (save, other);
  g_assert_false (has_journal (fixture->place));
  close_persister (other);

  fixture->persister = journal_persister (fixture->place->path, fixture->store);
}

static void
test_file_journal_foreign_removed (Fixture       *fixture,
                                   gconstpointer  user_data)
{
  g_test_summary ("What was changed, then removed, and is there as it was before, stays removed");

  set_species (fixture->store, "fido", "wolf");
  run_ok (flush, fixture->persister);
  tst_store_remove_row (fixture->store, "pets", "fido");
  run_ok (flush, fixture->persister);
  tst_persister_stop_auto_load (fixture->persister);

  write_file (fixture->place->path, FIDO_AND_CUJO);
  g_assert_true (all_is (fixture, "[{\"pets\":{\"cujo\":{\"species\":\"wolf\"},"
                                  "\"felix\":{\"species\":\"cat\"}}},{}]"));
}

static void
test_file_journal_pool (Fixture       *fixture,
                        gconstpointer  user_data)
{
  const char *theirs = "[{\"pets\":{\"fido\":{\"species\":\"dog\"},\"0\":{\"species\":\"wolf\"}}},{}]";
  g_autofree char *row_id = NULL;

  g_test_summary ("Two rows that were added under one number stay two");

  row_id = tst_store_add_row_json (fixture->store, "pets", "{\"species\":\"hamster\"}",
                                   TST_ADD_ROW_DEFAULT, NULL);
  g_assert_cmpstr (row_id, ==, "0");
  run_ok (flush, fixture->persister);
  write_file (fixture->place->path, theirs);
  wait_for (!has_journal (fixture->place));
  wait_idle (fixture->persister);

  g_assert_cmpstr (tst_store_get_cell_string (fixture->store, "pets", "0", "species"), ==, "wolf");
  g_assert_cmpuint (tst_store_get_n_rows (fixture->store, "pets"), ==, 4);
}

static void
test_file_journal_removed (Fixture       *fixture,
                           gconstpointer  user_data)
{
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *other = journal_persister (fixture->place->path, store);

  g_test_summary ("A file that is removed is removed, and its journal does not come back with the next");

  tst_persister_stop_auto_load (fixture->persister);
  g_assert_cmpint (g_unlink (fixture->place->path), ==, 0);
  run_ok (load, other);
  assert_store (store, EMPTY);
  set_store (store, FIDO_AND_CUJO);
  run_ok (save, other);
  g_assert_true (file_is (fixture->place->path, FIDO_AND_CUJO));
  g_assert_false (has_journal (fixture->place));
  g_assert_true (all_is (fixture, FIDO_AND_CUJO));

  close_persister (other);
}

static void
test_file_journal_removed_dead (Fixture       *fixture,
                                gconstpointer  user_data)
{
  g_test_summary ("Nobody makes a file anew only because there was something to fold");

  tst_persister_stop_auto_load (fixture->persister);
  g_assert_cmpint (g_unlink (fixture->place->path), ==, 0);
  g_assert_finalize_object (fixture->persister);
  wait_last_save ();
  g_assert_false (g_file_test (fixture->place->path, G_FILE_TEST_EXISTS));

  write_file (fixture->place->path, FIDO);
  fixture->persister = journal_persister (fixture->place->path, fixture->store);
  run_ok (save, fixture->persister);
}

static void
test_file_journal_symlink (void)
{
  Place *place = place_new ();
  g_autofree char *dir = place_path (place, "there");
  g_autofree char *target = g_build_filename (dir, "real.json", NULL);
  g_autofree char *journal = g_build_filename (dir, ".real.json.tst-journal", NULL);
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister;

  g_test_summary ("F20: the journal is beside the real file");

  g_assert_cmpint (g_mkdir (dir, 0755), ==, 0);
  write_file (target, FIDO);
  g_assert_cmpint (symlink ("there/real.json", place->path), ==, 0);
  persister = journal_persister (place->path, store);
  run_ok_with (start_auto_persisting, persister, NULL);
  set_species (store, "felix", "cat");
  run_ok (flush, persister);
  g_assert_true (g_file_test (journal, G_FILE_TEST_EXISTS));
  g_assert_false (has_journal (place));

  close_persister (persister);
  g_assert_false (g_file_test (journal, G_FILE_TEST_EXISTS));
  g_assert_cmpint (g_unlink (target), ==, 0);
  g_assert_cmpint (g_rmdir (dir), ==, 0);
  place_free (place);
}

/* --- What cannot be understood --- */

static const struct
{
  const char *name;
  const char *from;   /* (nullable): NULL replaces all */
  const char *to;
} damages[] = {
  { "not-one", NULL, "What is this?\n" },
  { "binary", NULL, "\001\377\376\n\n" },
  { "later-version", "{\"tst-journal\":1,", "{\"tst-journal\":2," },
  { "in-the-middle", "\"cat\"", "\"dog\"" },
  { "sum", "\"sum\":\"", "\"sum\":\"0" },
};

static void
damage_journal (const char *path,
                guint       i)
{
  g_autofree char *text = read_file (path);
  g_auto(GStrv) parts = NULL;
  g_autofree char *damaged = NULL;

  if (damages[i].from == NULL)
    {
      write_file (path, damages[i].to);
      return;
    }

  parts = g_strsplit (text, damages[i].from, 2);
  g_assert_cmpuint (g_strv_length (parts), ==, 2);
  damaged = g_strjoinv (damages[i].to, parts);
  write_file (path, damaged);
}

static guint
count_kept (Place *place)
{
  g_autoptr(GDir) dir = g_dir_open (place->dir, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (strstr (name, ".corrupt-") != NULL)
      {
        g_autofree char *path = place_path (place, name);

        g_assert_cmpint (g_unlink (path), ==, 0);
        n++;
      }

  return n;
}

static void
test_file_journal_damaged (Fixture       *fixture,
                           gconstpointer  user_data)
{
  g_autofree char *path = journal_path (fixture->place);
  g_autofree char *journal = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(TstStore) store = new_store (EMPTY);
  TstPersister *other;

  g_test_summary ("A journal that cannot be understood fails the load, and is kept before a save");

  set_species (fixture->store, "felix", "lion");
  run_ok (flush, fixture->persister);
  journal = read_file (path);
  close_persister (fixture->persister);
  write_file (fixture->place->path, FIDO);
  write_file (path, journal);
  damage_journal (path, GPOINTER_TO_UINT (user_data));

  other = journal_persister (fixture->place->path, store);
  g_assert_false (run (load, other, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_FORMAT);
  assert_store (store, EMPTY);
  g_assert_true (file_is (fixture->place->path, FIDO));

  set_store (store, FELIX);
  run_ok (save, other);
  g_assert_true (file_is (fixture->place->path, FELIX));
  g_assert_false (has_journal (fixture->place));
  g_assert_cmpuint (count_kept (fixture->place), ==, 2);
  close_persister (other);

  fixture->persister = journal_persister (fixture->place->path, fixture->store);
}

static void
test_file_journal_close_malformed (Fixture       *fixture,
                                   gconstpointer  user_data)
{
  g_test_summary ("Closing does not wait for a fold into what is not our format any more");

  write_file (fixture->place->path, "What is this?");
  wait_for (tst_persister_get_last_error (fixture->persister) != NULL);
  close_persister (fixture->persister);
  g_assert_true (file_is (fixture->place->path, "What is this?"));

  fixture->persister = journal_persister (fixture->place->path, fixture->store);
  run_ok (save, fixture->persister);
  g_assert_true (all_is (fixture, BOTH));
  g_assert_cmpuint (count_kept (fixture->place), ==, 2);
}

static void
test_file_journal_close_emptied (Fixture       *fixture,
                                 gconstpointer  user_data)
{
  g_test_summary ("Closing does not replace an empty file only because there was something to fold");

  tst_persister_stop_auto_load (fixture->persister);
  write_file (fixture->place->path, "");
  close_persister (fixture->persister);
  g_assert_true (file_is (fixture->place->path, ""));

  fixture->persister = journal_persister (fixture->place->path, fixture->store);
  run_ok (save, fixture->persister);
  g_assert_true (all_is (fixture, BOTH));
}

/* The user data is what somebody puts there. */
static void
test_file_journal_last_malformed (Fixture       *fixture,
                                  gconstpointer  user_data)
{
  const char *text = user_data;

  g_test_summary ("One that is let go of replaces nothing only because there was something to fold");

  tst_persister_stop_auto_load (fixture->persister);
  write_file (fixture->place->path, text);
  g_assert_finalize_object (fixture->persister);
  wait_last_save ();
  g_assert_true (file_is (fixture->place->path, text));
  g_assert_cmpuint (count_kept (fixture->place), ==, 0);

  write_file (fixture->place->path, FIDO);
  fixture->persister = journal_persister (fixture->place->path, fixture->store);
  run_ok (save, fixture->persister);
}

static void
test_file_journal_damaged_alone (Fixture       *fixture,
                                 gconstpointer  user_data)
{
  g_autofree char *path = journal_path (fixture->place);
  g_autoptr(TstStore) store = new_store (FELIX);
  TstPersister *other;

  g_test_summary ("A journal that cannot be understood is kept, also if its file is gone");

  close_persister (fixture->persister);
  g_assert_cmpint (g_unlink (fixture->place->path), ==, 0);
  write_file (path, "What is this?\n");

  other = journal_persister (fixture->place->path, store);
  run_ok (save, other);
  g_assert_true (file_is (fixture->place->path, FELIX));
  g_assert_false (has_journal (fixture->place));
  g_assert_cmpuint (count_kept (fixture->place), ==, 1);
  close_persister (other);

  fixture->persister = journal_persister (fixture->place->path, fixture->store);
}

static void
test_file_journal_torn (Fixture       *fixture,
                        gconstpointer  user_data)
{
  g_autofree char *path = journal_path (fixture->place);
  g_autofree char *journal = NULL;
  gsize length;

  g_test_summary ("What was not written to its end never was; and the next one goes there");

  set_species (fixture->store, "felix", "lion");
  run_ok (flush, fixture->persister);
  journal = read_file (path);
  length = strlen (journal);
  close_persister (fixture->persister);

  for (gsize cut = length - 1; cut > 0; cut = cut > 40 ? cut - 37 : cut - 1)
    {
      g_autoptr(TstStore) store = new_store (NULL);
      g_autofree char *torn = g_strndup (journal, cut);
      gboolean has_felix = strstr (torn, "}]\n") != NULL || strstr (torn, "]}\n") != NULL;
      TstPersister *other = journal_persister (fixture->place->path, store);

      write_file (fixture->place->path, FIDO);
      write_file (path, torn);
      g_assert_true (all_is (fixture, has_felix ? BOTH : FIDO));

      run_ok_with (start_auto_persisting, other, NULL);
      set_species (store, "cujo", "wolf");
      run_ok (flush, other);
      g_assert_true (all_is (fixture, has_felix ? THREE : FIDO_AND_CUJO));
      g_assert_true (has_journal (fixture->place));
      close_persister (other);
    }

  fixture->persister = journal_persister (fixture->place->path, fixture->store);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  suite_add_all (&journal_medium);

#define ADD(path, data, func) \
  g_test_add ("/file-journal/" path, Fixture, data, set_up, func, tear_down)

  ADD ("flush", NULL, test_file_journal_flush);
  ADD ("save", NULL, test_file_journal_save);
  ADD ("quiet", NULL, test_file_journal_quiet);
  ADD ("growth", NULL, test_file_journal_growth);
  ADD ("last-reference", NULL, test_file_journal_last_reference);
  ADD ("close-malformed", NULL, test_file_journal_close_malformed);
  ADD ("close-emptied", NULL, test_file_journal_close_emptied);
  ADD ("last-malformed", "What is this?", test_file_journal_last_malformed);
  ADD ("last-emptied", "", test_file_journal_last_malformed);
  ADD ("damaged/alone", NULL, test_file_journal_damaged_alone);
  ADD ("stop", NULL, test_file_journal_stop);
  ADD ("discard", NULL, test_file_journal_discard);
  ADD ("mode", NULL, test_file_journal_mode);
  ADD ("threshold", NULL, test_file_journal_threshold);
  ADD ("two", NULL, test_file_journal_two);
  ADD ("foreign/dead", NULL, test_file_journal_foreign_dead);
  ADD ("foreign/removed", NULL, test_file_journal_foreign_removed);
  ADD ("pool", NULL, test_file_journal_pool);
  ADD ("removed", NULL, test_file_journal_removed);
  ADD ("removed/dead", NULL, test_file_journal_removed_dead);
  ADD ("torn", NULL, test_file_journal_torn);
  g_test_add_func ("/file-journal/symlink", test_file_journal_symlink);

  for (guint i = 0; i < G_N_ELEMENTS (foreign_ways); i++)
    {
      g_autofree char *path = g_strdup_printf ("/file-journal/foreign/%s", foreign_ways[i].name);

      g_test_add (path, Fixture, GUINT_TO_POINTER (i), set_up, test_file_journal_foreign, tear_down);
    }

  for (guint i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      g_autofree char *path = g_strdup_printf ("/file-journal/damaged/%s", damages[i].name);

      g_test_add (path, Fixture, GUINT_TO_POINTER (i), set_up, test_file_journal_damaged, tear_down);
    }

  return g_test_run ();
}
