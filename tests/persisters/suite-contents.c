/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "suite.h"

#include <string.h>

/* What a medium may hold instead of content, at first, later, and while there
 * are changes to be saved. */

/* Fails to load, with an error of our own that ends with line and column. */
static void
assert_malformed (Suite      *suite,
                  const char *text,
                  gssize      length)
{
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = suite_persister (suite, store);
  g_autoptr(GBytes) bytes = g_bytes_new (text, length >= 0 ? (gsize) length : strlen (text));
  g_autoptr(GBytes) after = NULL;
  g_autoptr(GError) error = NULL;

  suite->medium->write (suite->data, bytes);
  g_assert_false (run (load, persister, &error));
  g_assert_nonnull (error);
  g_assert_true (error->domain == TST_ERROR);
  g_assert_true (g_regex_match_simple ("line [0-9]+.*column [0-9]+", error->message, 0, 0));
  assert_store (store, FIDO);

  /* Automatically too, and nobody touches it. */
  g_clear_error (&error);
  g_assert_false (run_with (start_auto_load, persister, &error, NULL));
  g_assert_true (error->domain == TST_ERROR);
  assert_store (store, FIDO);
  after = suite->medium->read (suite->data);
  g_assert_true (g_bytes_equal (bytes, after));

  drop_persister (persister);
}

/* --- Absent --- */

static void
test_absent (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = suite_persister (suite, store);

  g_test_summary ("Absent, explicit load: the store is left alone, and that is no error");

  run_ok (load, persister);
  assert_store (store, FIDO);
  suite_assert (suite, NULL);

  close_persister (persister);
}

static void
test_absent_defaults (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (FELIX);
  TstPersister *persister = suite_persister (suite, store);

  g_test_summary ("Absent, automatic load: default content, which is not dirty and not saved");

  run_ok_with (start_auto_load, persister, FIDO);
  assert_store (store, FIDO);
  g_assert_false (tst_persister_get_dirty (persister));
  wait_idle (persister);
  suite_assert (suite, NULL);

  /* It yields to anything. */
  suite_write (suite, FELIX);
  wait_for (store_is (store, FELIX));

  close_persister (persister);
}

static void
test_absent_variant (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (NULL);
  g_autoptr(TstStore) source = new_store (FIDO);
  g_autoptr(GVariant) content = tst_store_get_content (source);
  TstPersister *persister = suite_persister (suite, store);
  GAsyncResult *result = NULL;
  g_autoptr(GError) error = NULL;

  g_test_summary ("Default content as a variant, and default content that is none");

  tst_persister_start_auto_load_variant_async (persister, content, NULL,
                                               take_result_cb, &result);
  wait_for (result != NULL);
  g_assert_true (tst_persister_start_auto_load_finish (persister, result, &error));
  g_assert_no_error (error);
  assert_store (store, FIDO);
  tst_persister_stop_auto_load (persister);

  g_assert_false (run_with (start_auto_load, persister, &error, "nonsense"));
  g_assert_error (error, TST_ERROR, TST_ERROR_FORMAT);
  g_assert_false (tst_persister_get_auto_load (persister));

  g_clear_object (&result);
  close_persister (persister);
}

static void
test_absent_saved (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = suite_persister (suite, store);

  g_test_summary ("Absent, saving automatically already: default content is created");

  run_ok (start_auto_save, persister);
  suite->medium->remove (suite->data);
  tst_persister_stop_auto_save (persister);
  close_persister (persister);

  persister = suite_persister (suite, store);
  run_ok_with (start_auto_load, persister, FIDO);
  tst_persister_set_auto_save (persister, TRUE);
  wait_for (suite_has (suite, FIDO));

  close_persister (persister);
}

static void
test_absent_race (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = suite_persister (suite, store);

  g_test_summary ("Absent, but not any more when it is to be created: merged, defaults yield");

  run_ok_with (start_auto_load, persister, FIDO);
  suite_write (suite, FELIX);
  set_species (store, "toto", "dog");
  run_ok (save, persister);
  suite_assert (suite, "[{\"pets\":{\"felix\":{\"species\":\"cat\"},\"toto\":{\"species\":\"dog\"}}},{}]");

  close_persister (persister);
}

static void
test_removed_later (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = suite_persister (suite, store);

  g_test_summary ("Removed later: the store is kept, and the next save creates it again");

  suite_write (suite, FIDO);
  run_ok_with (start_auto_persisting, persister, FELIX);
  suite->medium->remove (suite->data);
  run_ready ();
  wait_idle (persister);
  assert_store (store, FIDO);
  suite_assert (suite, NULL);

  set_species (store, "felix", "cat");
  wait_for (suite_has (suite, BOTH));

  close_persister (persister);
}

static void
test_removed_stays_away (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = suite_persister (suite, store);
  g_autoptr(GError) error = NULL;

  g_test_summary ("F25: removed later, where that is a failure: the store is kept, and nothing is made "
                  "until something is there again");

  suite_write (suite, FIDO);
  run_ok_with (start_auto_persisting, persister, FELIX);
  suite->medium->remove (suite->data);
  wait_for (tst_persister_get_last_error (persister) != NULL);
  g_assert_error (tst_persister_get_last_error (persister), G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  assert_store (store, FIDO);

  set_species (store, "felix", "cat");
  g_assert_false (run (flush, persister, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  assert_store (store, BOTH);
  suite_assert (suite, NULL);
  g_assert_true (tst_persister_get_dirty (persister));

  suite_write (suite, FIDO);
  wait_for (suite_has (suite, BOTH));
  wait_idle (persister);
  g_assert_false (tst_persister_get_dirty (persister));

  close_persister (persister);
}

/* --- Empty --- */

static void
test_empty_first (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = suite_persister (suite, store);

  g_test_summary ("0 bytes, first load: as if absent");

  suite_write (suite, "");
  run_ok_with (start_auto_persisting, persister, FIDO);
  assert_store (store, FIDO);
  wait_for (suite_has (suite, FIDO));

  close_persister (persister);
}

static void
test_empty_later (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = suite_persister (suite, store);
  guint n_loads;

  g_test_summary ("0 bytes, later: unsettled; the store is kept, and what follows is loaded");

  suite_write (suite, FIDO);
  run_ok_with (start_auto_persisting, persister, NULL);
  n_loads = tst_persister_get_n_loads (persister);

  suite_write (suite, "");
  wait_for (tst_persister_get_status (persister) == TST_PERSISTER_LOADING);
  set_species (store, "toto", "dog");
  for (guint i = 0; i < 10; i++)
    g_main_context_iteration (NULL, FALSE);
  suite_assert (suite, ""); /* saving waits */
  suite_write (suite, FELIX);
  wait_for (suite_has (suite, "[{\"pets\":{\"felix\":{\"species\":\"cat\"},\"toto\":{\"species\":\"dog\"}}},{}]"));
  g_assert_cmpuint (tst_persister_get_n_loads (persister), >, n_loads);

  close_persister (persister);
}

static void
test_empty_settled (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = suite_persister (suite, store);

  g_test_summary ("0 bytes that stay are as removed: the store is kept, and saved with a change");

  suite_write (suite, FIDO);
  run_ok_with (start_auto_persisting, persister, NULL);
  suite_write (suite, "");
  wait_for (tst_persister_get_status (persister) == TST_PERSISTER_LOADING);
  wait_idle (persister);
  assert_store (store, FIDO);

  set_species (store, "felix", "cat");
  wait_for (suite_has (suite, BOTH));

  close_persister (persister);
}

/* --- Unreadable --- */

static void
test_unreadable_first (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = suite_persister (suite, store);
  g_autoptr(GError) error = NULL;

  g_test_summary ("Unreadable at first: fails, defaults are shown, never saved; tried again");

  suite_write (suite, FELIX);
  suite->medium->set_unreadable (suite->data, TRUE);

  g_assert_false (run (load, persister, &error));
  g_assert_nonnull (error);
  g_assert_cmpuint (tst_store_get_n_rows (store, "pets"), ==, 0);
  g_clear_error (&error);

  g_assert_false (run_with (start_auto_persisting, persister, &error, FIDO));
  g_assert_nonnull (error);
  assert_store (store, FIDO);
  g_assert_true (tst_persister_get_auto_save (persister));
  set_species (store, "toto", "dog");
  g_assert_true (tst_persister_get_dirty (persister));

  suite->medium->set_unreadable (suite->data, FALSE);
  wait_for (suite_has (suite, "[{\"pets\":{\"felix\":{\"species\":\"cat\"},\"toto\":{\"species\":\"dog\"}}},{}]"));
  assert_store (store, "[{\"pets\":{\"felix\":{\"species\":\"cat\"},\"toto\":{\"species\":\"dog\"}}},{}]");

  close_persister (persister);
}

static void
test_unreadable_later (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = suite_persister (suite, store);

  g_test_summary ("Unreadable later: the store is kept, saving waits, and goes on by itself");

  suite_write (suite, FIDO);
  run_ok_with (start_auto_persisting, persister, NULL);
  suite->medium->set_unreadable (suite->data, TRUE);
  wait_for (tst_persister_get_last_error (persister) != NULL);
  assert_store (store, FIDO);

  set_species (store, "felix", "cat");
  suite->medium->set_unreadable (suite->data, FALSE);
  wait_for (suite_has (suite, BOTH));
  wait_idle (persister);

  close_persister (persister);
}

/* --- Not our format --- */

static void
test_corrupt (Suite *suite)
{
  g_test_summary ("F12, F13, F17: what is not our format is an error with line and column");

  assert_malformed (suite, "this is not JSON", -1);
}

static void
test_truncated (Suite *suite)
{
  g_test_summary ("A text that ends in the middle");

  assert_malformed (suite, "[{\"pets\":{\"fido\":{\"spec", -1);
}

static void
test_deep (Suite *suite)
{
  g_autoptr(GString) text = g_string_new (NULL);

  g_test_summary ("A text nested a hundred thousand deep");

  for (guint i = 0; i < 100000; i++)
    g_string_append_c (text, '[');
  assert_malformed (suite, text->str, text->len);
}

static void
test_wrong_type (Suite *suite)
{
  g_test_summary ("Valid JSON of another shape");

  assert_malformed (suite, "[{\"pets\":[1,2,3]},{}]", -1);
  assert_malformed (suite, "42", -1);
  assert_malformed (suite, "null", -1);
  assert_malformed (suite, "[{},{},{}]", -1);
}

static void
test_not_utf8 (Suite *suite)
{
  g_test_summary ("Bytes that are not UTF-8, and NUL");

  assert_malformed (suite, "[{\"pets\":{\"fido\":{\"species\":\"\xff\xfe\"}}},{}]", -1);
  assert_malformed (suite, "[{},{}\0]", 8);
}

static void
test_malformed_defaults (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = suite_persister (suite, store);
  g_autoptr(GError) error = NULL;

  g_test_summary ("Not our format, with defaults: shown, and not saved over it");

  suite_write (suite, "{");
  g_assert_false (run_with (start_auto_load, persister, &error, FIDO));
  g_assert_error (error, TST_ERROR, TST_ERROR_PARSE);
  assert_store (store, FIDO);
  g_assert_false (tst_persister_get_dirty (persister));
  suite_assert (suite, "{");

  /* Somebody repairs it. */
  suite_write (suite, FELIX);
  wait_for (store_is (store, FELIX));

  close_persister (persister);
}

static void
test_malformed_auto_save (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = suite_persister (suite, store);
  g_autoptr(GError) error = NULL;

  g_test_summary ("F13: not our format, with defaults and auto-save: left alone until somebody edits");

  suite_write (suite, "{");
  g_assert_false (run_with (start_auto_load, persister, &error, FIDO));
  run_ok (start_auto_save, persister);
  run_ok (flush, persister);
  suite_assert (suite, "{");
  g_assert_cmpuint (tst_persister_get_n_saves (persister), ==, 0);

  close_persister (persister);
}

static void
test_malformed_later (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = suite_persister (suite, store);

  g_test_summary ("F21: half of a text is waited for; if it stays so, that is told");

  suite_write (suite, FIDO);
  run_ok_with (start_auto_load, persister, NULL);

  suite_write (suite, "[{\"pets\":{\"fel");
  wait_for (tst_persister_get_status (persister) == TST_PERSISTER_LOADING);
  suite_write (suite, FELIX);
  wait_for (store_is (store, FELIX));
  wait_idle (persister);
  g_assert_null (tst_persister_get_last_error (persister));

  suite_write (suite, "[{\"pets\":{\"fel");
  wait_for (tst_persister_get_last_error (persister) != NULL);
  g_assert_true (tst_persister_get_last_error (persister)->domain == TST_ERROR);
  assert_store (store, FELIX);
  wait_idle (persister);

  close_persister (persister);
}

static void
test_bare_tables (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = suite_persister (suite, store);

  g_test_summary ("The older bare {tables} form loads the tables, and says nothing of the values");

  tst_store_set_value_number (store, "n", 1, NULL);
  suite_write (suite, "{\"pets\":{\"fido\":{\"species\":\"dog\"}}}");
  run_ok (load, persister);
  assert_store (store, "[{\"pets\":{\"fido\":{\"species\":\"dog\"}}},{\"n\":1}]");
  g_assert_false (tst_persister_get_dirty (persister));

  close_persister (persister);
}

static void
test_empty_store (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = suite_persister (suite, store);

  g_test_summary ("F12: content that is an empty store is content, and defaults are not used");

  suite_write (suite, EMPTY);
  run_ok_with (start_auto_load, persister, FELIX);
  assert_store (store, EMPTY);

  close_persister (persister);
}

/* --- Merging --- */

static void
conflict_cb (TstPersister *persister,
             TstConflict  *conflict,
             GString      *log)
{
  for (guint i = 0; i < tst_conflict_get_n_entries (conflict); i++)
    g_string_append_printf (log, "%d:%s ", tst_conflict_get_kind (conflict, i),
                            tst_conflict_get_row_id (conflict, i));
}

static void
test_merge (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = suite_persister (suite, store);
  g_autoptr(GString) log = g_string_new (NULL);

  g_test_summary ("F22, F27: unsaved changes and those of somebody else are merged, and told of");

  suite_write (suite, BOTH);
  run_ok_with (start_auto_load, persister, NULL);
  g_signal_connect (persister, "conflict", G_CALLBACK (conflict_cb), log);

  set_species (store, "fido", "wolf");
  tst_store_set_cell_number (store, "pets", "felix", "age", 3, NULL);
  suite_write (suite, "[{\"pets\":{\"felix\":{\"species\":\"lion\"},\"fido\":{\"species\":\"fox\"},"
                      "\"toto\":{\"species\":\"dog\"}}},{}]");
  wait_for (tst_store_has_row (store, "pets", "toto"));
  assert_store (store, "[{\"pets\":{\"felix\":{\"species\":\"lion\",\"age\":3},"
                       "\"fido\":{\"species\":\"wolf\"},\"toto\":{\"species\":\"dog\"}}},{}]");
  g_assert_true (tst_persister_get_dirty (persister));
  wait_for (log->len > 0);
  g_assert_cmpstr (log->str, ==, "0:fido ");

  run_ok (save, persister);
  suite_assert (suite, "[{\"pets\":{\"felix\":{\"species\":\"lion\",\"age\":3},"
                       "\"fido\":{\"species\":\"wolf\"},\"toto\":{\"species\":\"dog\"}}},{}]");
  g_assert_false (tst_persister_get_dirty (persister));

  close_persister (persister);
}

static void
test_same_change (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = suite_persister (suite, store);

  g_test_summary ("The same change on both sides is one change, and not dirty");

  suite_write (suite, FIDO);
  run_ok_with (start_auto_load, persister, NULL);
  set_species (store, "felix", "cat");
  suite_write (suite, BOTH);
  wait_for (!tst_persister_get_dirty (persister));
  assert_store (store, BOTH);

  close_persister (persister);
}

#define REX(age, name) \
  "[{\"pets\":{\"felix\":{\"species\":\"cat\"},\"rex\":{\"age\":" #age ",\"name\":\"" name "\"}}},{}]"

static void
count_conflict_cb (TstPersister *persister,
                   TstConflict  *conflict,
                   gpointer      user_data)
{
  guint *n = user_data;

  *n += 1;
}

static void
test_kept_twice (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = suite_persister (suite, store);
  guint n_conflicts = 0;

  g_test_summary ("A row that is kept although it was removed: what was not changed in it "
                  "still yields");

  g_signal_connect (persister, "conflict", G_CALLBACK (count_conflict_cb), &n_conflicts);
  suite_write (suite, REX (1, "Rex"));
  run_ok_with (start_auto_load, persister, NULL);
  tst_store_set_cell_string (store, "pets", "rex", "name", "Max", NULL);

  suite_write (suite, FELIX);
  wait_for (n_conflicts == 1);
  assert_store (store, REX (1, "Max"));
  g_assert_true (tst_persister_get_dirty (persister));

  /* However often that version is seen, it is told once. */
  tst_persister_notify_changed (persister, NULL);
  wait_idle (persister);
  g_assert_cmpuint (n_conflicts, ==, 1);

  /* Somebody else has kept it, too, because of another change. */
  suite_write (suite, REX (2, "Rex"));
  wait_for (tst_store_get_cell_number (store, "pets", "rex", "age") == 2);
  assert_store (store, REX (2, "Max"));

  run_ok (save, persister);
  suite_assert (suite, REX (2, "Max"));
  g_assert_cmpuint (n_conflicts, ==, 1);
  close_persister (persister);
}

void
suite_add_contents (const Medium *medium)
{
  suite_add (medium, "absent", test_absent);
  suite_add (medium, "absent/defaults", test_absent_defaults);
  suite_add (medium, "absent/defaults-variant", test_absent_variant);
  suite_add (medium, "absent/saved", test_absent_saved);
  suite_add (medium, "absent/race", test_absent_race);
  suite_add (medium, "removed-later",
             medium->keeps_away ? test_removed_stays_away : test_removed_later);
  suite_add (medium, "empty/first", test_empty_first);
  suite_add (medium, "empty/later", test_empty_later);
  suite_add (medium, "empty/settled", test_empty_settled);
  if (medium->set_unreadable != NULL)
    {
      suite_add (medium, "unreadable/first", test_unreadable_first);
      suite_add (medium, "unreadable/later", test_unreadable_later);
    }
  suite_add (medium, "malformed/corrupt", test_corrupt);
  suite_add (medium, "malformed/truncated", test_truncated);
  suite_add (medium, "malformed/deep", test_deep);
  suite_add (medium, "malformed/wrong-type", test_wrong_type);
  if (!medium->only_utf8)
    suite_add (medium, "malformed/not-utf8", test_not_utf8);
  suite_add (medium, "malformed/defaults", test_malformed_defaults);
  suite_add (medium, "malformed/auto-save", test_malformed_auto_save);
  suite_add (medium, "malformed/later", test_malformed_later);
  suite_add (medium, "bare-tables", test_bare_tables);
  suite_add (medium, "empty-store", test_empty_store);
  suite_add (medium, "merge", test_merge);
  suite_add (medium, "merge/same-change", test_same_change);
  suite_add (medium, "merge/kept-twice", test_kept_twice);
}
