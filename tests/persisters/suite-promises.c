/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "suite.h"

#include "test-util.h"

/* --- The operations --- */

static void
test_save (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = suite_persister (suite, store);

  g_test_summary ("save() persists what was in the store before the persister was made");

  run_ok (save, persister);
  suite_assert (suite, FIDO);
  g_assert_cmpuint (tst_persister_get_n_saves (persister), ==, 1);
  g_assert_nonnull (tst_persister_get_last_saved (persister));
  g_assert_cmpint (tst_persister_get_status (persister), ==, TST_PERSISTER_IDLE);

  close_persister (persister);
}

static void
test_save_replaces (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = suite_persister (suite, store);

  g_test_summary ("The first save() of a persister that never loaded replaces what is there");

  suite_write (suite, FELIX);
  run_ok (save, persister);
  suite_assert (suite, FIDO);
  assert_store (store, FIDO);
  g_assert_cmpuint (tst_persister_get_n_loads (persister), ==, 0);

  close_persister (persister);
}

static void
test_load (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = suite_persister (suite, store);

  g_test_summary ("load() makes the store what is persisted, changes included");

  suite_write (suite, FELIX);
  set_species (store, "toto", "dog");
  run_ok (load, persister);
  assert_store (store, FELIX);
  g_assert_false (tst_persister_get_dirty (persister));
  g_assert_cmpuint (tst_persister_get_n_loads (persister), ==, 1);

  /* Reverting does not need the medium to have changed. */
  set_species (store, "felix", "lion");
  g_assert_true (tst_persister_get_dirty (persister));
  run_ok (load, persister);
  assert_store (store, FELIX);
  g_assert_false (tst_persister_get_dirty (persister));

  close_persister (persister);
}

static void
test_load_while_saving (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = suite_persister (suite, store);
  GAsyncResult *saved = NULL;
  GAsyncResult *loaded = NULL;

  g_test_summary ("F9: a load asked for during a save, and a save during a load, run next");

  tst_persister_save_async (persister, NULL, take_result_cb, &saved);
  tst_persister_load_async (persister, NULL, take_result_cb, &loaded);
  wait_for (saved != NULL && loaded != NULL);
  g_assert_true (tst_persister_save_finish (persister, saved, NULL));
  g_assert_true (tst_persister_load_finish (persister, loaded, NULL));
  g_assert_cmpuint (tst_persister_get_n_saves (persister), ==, 1);
  g_assert_cmpuint (tst_persister_get_n_loads (persister), ==, 1);

  g_clear_object (&saved);
  g_clear_object (&loaded);
  tst_persister_load_async (persister, NULL, take_result_cb, &loaded);
  tst_persister_save_async (persister, NULL, take_result_cb, &saved);
  wait_for (saved != NULL && loaded != NULL);
  suite_assert (suite, FIDO);

  g_clear_object (&saved);
  g_clear_object (&loaded);
  close_persister (persister);
}

static void
note_status_cb (TstPersister       *persister,
                TstPersisterStatus *status)
{
  *status = tst_persister_get_status (persister);
}

static void
test_status (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = suite_persister (suite, store);
  TstPersisterStatus after_save = TST_PERSISTER_IDLE;
  GAsyncResult *loaded = NULL;

  g_test_summary ("F8: the status covers what waits; idle means saved, and the rest tells when");

  g_signal_connect (persister, "saved", G_CALLBACK (note_status_cb), &after_save);
  tst_persister_save_async (persister, NULL, NULL, NULL);
  tst_persister_load_async (persister, NULL, take_result_cb, &loaded);
  g_assert_cmpint (tst_persister_get_status (persister), ==, TST_PERSISTER_SAVING);
  wait_for (loaded != NULL);
  g_assert_cmpint (after_save, ==, TST_PERSISTER_LOADING);

  wait_for (tst_persister_get_status (persister) == TST_PERSISTER_IDLE);
  g_assert_false (tst_persister_get_dirty (persister));
  g_assert_nonnull (tst_persister_get_last_saved (persister));
  g_assert_null (tst_persister_get_last_error (persister));

  g_object_unref (loaded);
  close_persister (persister);
}

static void
test_auto_load (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = suite_persister (suite, store);

  g_test_summary ("Automatic loading loads at once, follows the medium, and stops");

  suite_write (suite, FIDO);
  run_ok_with (start_auto_load, persister, NULL);
  assert_store (store, FIDO);
  g_assert_true (tst_persister_get_auto_load (persister));

  suite_write (suite, FELIX);
  wait_for (store_is (store, FELIX));
  g_assert_false (tst_persister_get_dirty (persister));
  suite_write (suite, FIDO);
  wait_for (store_is (store, FIDO));

  tst_persister_stop_auto_load (persister);
  suite_write (suite, FELIX);
  run_ready ();
  assert_store (store, FIDO);

  close_persister (persister);
}

static void
test_auto_save (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = suite_persister (suite, store);

  g_test_summary ("Automatic saving saves at once, follows the store, and stops");

  run_ok (start_auto_save, persister);
  suite_assert (suite, FIDO);
  g_assert_true (tst_persister_get_auto_save (persister));

  set_store (store, FELIX);
  g_assert_true (tst_persister_get_dirty (persister));
  wait_for (suite_has (suite, FELIX));
  wait_idle (persister);
  g_assert_false (tst_persister_get_dirty (persister));

  tst_persister_stop_auto_save (persister);
  set_store (store, FIDO);
  run_ready ();
  g_assert_cmpint (tst_persister_get_status (persister), ==, TST_PERSISTER_IDLE);
  suite_assert (suite, FELIX);
  g_assert_true (tst_persister_get_dirty (persister));

  drop_persister (persister);
}

static void
test_auto_properties (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = suite_persister (suite, store);

  g_test_summary ("The writable properties start and stop the same");

  g_object_set (persister, "auto-save", TRUE, "auto-load", TRUE, NULL);
  wait_for (suite_has (suite, FIDO));
  wait_idle (persister);
  suite_write (suite, FELIX);
  wait_for (store_is (store, FELIX));
  set_species (store, "fido", "dog");
  wait_for (suite_has (suite, BOTH));
  g_object_set (persister, "auto-save", FALSE, "auto-load", FALSE, NULL);
  wait_idle (persister);

  close_persister (persister);
}

static void
test_auto_persisting (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = suite_persister (suite, store);

  g_test_summary ("Automatic loading and saving, with default content where nothing is");

  run_ok_with (start_auto_persisting, persister, FIDO);
  assert_store (store, FIDO);
  suite_assert (suite, FIDO);

  set_store (store, FELIX);
  wait_for (suite_has (suite, FELIX));
  suite_write (suite, BOTH);
  wait_for (store_is (store, BOTH));

  close_persister (persister);
}

static void
test_stop_in_any_order (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = suite_persister (suite, store);
  GRand *rand = g_rand_new_with_seed (test_seed ());

  g_test_summary ("F11: starting and stopping in any order leaves what was asked for last");

  for (guint i = 0; i < 200; i++)
    {
      switch (g_rand_int_range (rand, 0, 6))
        {
        case 0:
          tst_persister_set_auto_load (persister, TRUE);
          break;
        case 1:
          tst_persister_set_auto_load (persister, FALSE);
          break;
        case 2:
          tst_persister_set_auto_save (persister, TRUE);
          break;
        case 3:
          tst_persister_set_auto_save (persister, FALSE);
          break;
        case 4:
          set_species (store, "fido", i % 2 ? "dog" : "wolf");
          break;
        default:
          g_main_context_iteration (NULL, FALSE);
          break;
        }
    }

  tst_persister_set_auto_load (persister, TRUE);
  tst_persister_set_auto_save (persister, TRUE);
  set_store (store, FELIX);
  wait_for (suite_has (suite, FELIX));
  suite_write (suite, FIDO);
  wait_for (store_is (store, FIDO));

  g_rand_free (rand);
  close_persister (persister);
}

static void
test_cancel (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = suite_persister (suite, store);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult *result = NULL;
  GAsyncResult *second = NULL;
  g_autoptr(GError) error = NULL;

  g_test_summary ("Cancelled before and during: reported as such, nothing applied, nothing stuck");

  suite_write (suite, FELIX);

  tst_persister_load_async (persister, cancellable, take_result_cb, &result);
  tst_persister_load_async (persister, NULL, take_result_cb, &second);
  g_cancellable_cancel (cancellable);
  wait_for (result != NULL);
  g_assert_false (tst_persister_load_finish (persister, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);

  /* Somebody else waited too. */
  wait_for (second != NULL);
  g_assert_true (tst_persister_load_finish (persister, second, NULL));
  assert_store (store, FELIX);
  g_assert_cmpuint (tst_persister_get_n_loads (persister), ==, 1);

  g_clear_object (&result);
  tst_persister_save_async (persister, cancellable, take_result_cb, &result);
  g_assert_null (result);
  wait_for (result != NULL);
  g_assert_false (tst_persister_save_finish (persister, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (tst_persister_get_n_saves (persister), ==, 0);

  g_clear_object (&result);
  g_clear_object (&second);
  close_persister (persister);
}

static void
test_blocking (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = suite_persister (suite, store);
  g_autoptr(GError) error = NULL;

  g_test_summary ("Blocking operations work without a main loop, or say that they do not");

  if (!suite->medium->works_in_thread)
    {
      g_assert_false (tst_persister_save (persister, NULL, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
      drop_persister (persister);
      return;
    }

  tst_persister_save (persister, NULL, &error);
  g_assert_no_error (error);
  suite_assert (suite, FIDO);
  suite_write (suite, FELIX);
  tst_persister_load (persister, NULL, &error);
  g_assert_no_error (error);
  assert_store (store, FELIX);
  set_store (store, BOTH);
  tst_persister_flush (persister, NULL, &error);
  g_assert_no_error (error);
  suite_assert (suite, BOTH);

  /* What is due beside it goes on with the main loop. */
  run_ok (start_auto_save, persister);
  set_species (store, "fido", "wolf");
  tst_persister_load (persister, NULL, &error);
  g_assert_no_error (error);
  set_species (store, "fido", "dog");
  run_ok (flush, persister);
  suite_assert (suite, BOTH);

  tst_store_begin (store);
  g_assert_false (tst_persister_save (persister, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  tst_store_commit (store);

  close_persister (persister);
}

/* --- The promises --- */

static void
test_none_dropped (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = suite_persister (suite, store);
  guint n_saves;

  g_test_summary ("5.2.1, F6, F10: a thousand changes during one save are one more save");

  run_ok (start_auto_save, persister);
  n_saves = tst_persister_get_n_saves (persister);

  set_species (store, "fido", "wolf");
  wait_for (tst_persister_get_status (persister) == TST_PERSISTER_SAVING);
  for (guint i = 0; i < 1000; i++)
    tst_store_set_cell_number (store, "pets", "fido", "age", i, NULL);

  wait_idle (persister);
  g_assert_cmpuint (tst_persister_get_n_saves (persister) - n_saves, <=, 2);
  suite_assert (suite, "[{\"pets\":{\"fido\":{\"species\":\"wolf\",\"age\":999}}},{}]");

  close_persister (persister);
}

static void
test_between_transactions (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = suite_persister (suite, store);

  g_test_summary ("5.2.3: nothing is applied, and nothing saved, in the middle of a transaction");

  run_ok_with (start_auto_persisting, persister, NULL);

  tst_store_begin (store);
  set_species (store, "fido", "wolf");
  suite_write (suite, FELIX);
  for (guint i = 0; i < 20; i++)
    g_main_context_iteration (NULL, FALSE);
  suite_assert (suite, FELIX);
  assert_store (store, "[{\"pets\":{\"fido\":{\"species\":\"wolf\"}}},{}]");
  set_species (store, "toto", "dog");
  tst_store_commit (store);

  /* Their removal of a row that was changed here does not remove it. */
  wait_for (suite_has (suite, "[{\"pets\":{\"felix\":{\"species\":\"cat\"},"
                              "\"fido\":{\"species\":\"wolf\"},\"toto\":{\"species\":\"dog\"}}},{}]"));

  close_persister (persister);
}

static void
test_own_writes (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = suite_persister (suite, store);
  guint n_loads;

  g_test_summary ("5.2.4, F3: what the persister wrote is no news to it");

  run_ok_with (start_auto_persisting, persister, NULL);
  n_loads = tst_persister_get_n_loads (persister);

  for (guint i = 0; i < 20; i++)
    {
      tst_store_set_cell_number (store, "pets", "fido", "age", i, NULL);
      wait_idle (persister);
    }

  run_ready ();
  wait_idle (persister);
  g_assert_cmpuint (tst_persister_get_n_loads (persister), ==, n_loads);

  close_persister (persister);
}

static void
test_older_version (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = suite_persister (suite, store);

  g_test_summary ("5.2.4: an older version that somebody restores is news");

  run_ok_with (start_auto_persisting, persister, NULL);
  set_store (store, FELIX);
  wait_for (suite_has (suite, FELIX));
  wait_idle (persister);

  suite_write (suite, FIDO);
  wait_for (store_is (store, FIDO));

  close_persister (persister);
}

static void
test_same_content (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = suite_persister (suite, store);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  g_test_summary ("5.2.5: a load that changes nothing dirties nothing; A to B to A writes nothing");

  suite_write (suite, FIDO);
  run_ok_with (start_auto_persisting, persister, NULL);
  wait_idle (persister);
  g_assert_false (tst_persister_get_dirty (persister));
  g_assert_cmpuint (tst_persister_get_n_saves (persister), ==, 0);

  before = suite->medium->get_version (suite->data);
  set_species (store, "fido", "wolf");
  set_species (store, "fido", "dog");
  wait_idle (persister);
  g_assert_false (tst_persister_get_dirty (persister));
  run_ok (flush, persister);
  after = suite->medium->get_version (suite->data);
  g_assert_cmpstr (before, ==, after);

  close_persister (persister);
}

static void
test_two_on_one_store (Suite *suite)
{
  gpointer other_medium = suite->medium->set_up ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *a = suite_persister (suite, store);
  TstPersister *b = suite->medium->new_persister (other_medium, store);
  Suite other = { suite->medium, other_medium };
  guint n_saves;

  g_test_summary ("5.2.5: two persisters on one store pass on what they load, and come to rest");

  run_ok_with (start_auto_persisting, a, NULL);
  run_ok_with (start_auto_persisting, b, NULL);
  wait_idle (a);
  wait_idle (b);
  n_saves = tst_persister_get_n_saves (a) + tst_persister_get_n_saves (b);

  suite_write (suite, FELIX);
  wait_for (suite_has (&other, FELIX));
  wait_idle (a);
  wait_idle (b);
  run_ready ();
  wait_idle (a);
  wait_idle (b);
  g_assert_cmpuint (tst_persister_get_n_saves (a) + tst_persister_get_n_saves (b), ==, n_saves + 1);

  close_persister (a);
  close_persister (b);
  suite->medium->tear_down (other_medium);
}

static void
test_two_on_one_medium (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (NULL);
  g_autoptr(TstStore) other_store = new_store (NULL);
  TstPersister *a = suite_persister (suite, store);
  TstPersister *b = suite_persister (suite, other_store);

  g_test_summary ("F22: two stores on one medium, both changed at once, converge; nothing is lost");

  run_ok_with (start_auto_persisting, a, NULL);
  run_ok_with (start_auto_persisting, b, NULL);

  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *mine = g_strdup_printf ("a%u", i);
      g_autofree char *yours = g_strdup_printf ("b%u", i);

      set_species (store, mine, "dog");
      set_species (other_store, yours, "cat");
      g_main_context_iteration (NULL, FALSE);
    }

  wait_for (tst_store_get_n_rows (store, "pets") == 40 &&
            tst_store_get_n_rows (other_store, "pets") == 40 &&
            tst_persister_get_status (a) == TST_PERSISTER_IDLE &&
            tst_persister_get_status (b) == TST_PERSISTER_IDLE);

  {
    g_autofree char *text = tst_store_get_json (store);

    assert_store (other_store, text);
    suite_assert (suite, text);
  }

  close_persister (a);
  close_persister (b);
}

typedef struct
{
  guint     n;
  gboolean  will_retry;
  GError   *error;
} Failures;

static void
failed_cb (TstPersister          *persister,
           TstPersisterOperation  operation,
           GError                *error,
           gboolean               will_retry,
           Failures              *failures)
{
  failures->n++;
  failures->will_retry = will_retry;
  g_clear_error (&failures->error);
  failures->error = g_error_copy (error);
}

static void
test_failures (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = suite_persister (suite, store);
  Failures failures = { 0 };
  g_autoptr(GError) error = NULL;

  g_test_summary ("5.2.6, F7: a failed save is told, stays dirty, and is tried again by itself");

  g_signal_connect (persister, "failed", G_CALLBACK (failed_cb), &failures);
  run_ok (start_auto_save, persister);

  suite->medium->set_unreadable (suite->data, TRUE);
  set_store (store, FELIX);
  wait_for (failures.n > 0);
  g_assert_true (failures.will_retry);
  g_assert_true (tst_persister_get_dirty (persister));
  g_assert_cmpint (tst_persister_get_status (persister), ==, TST_PERSISTER_SAVING);
  g_assert_nonnull (tst_persister_get_last_error (persister));

  g_assert_false (run (flush, persister, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_false (run (close, persister, &error));
  g_assert_nonnull (error);
  g_assert_true (tst_persister_get_auto_save (persister));

  suite->medium->set_unreadable (suite->data, FALSE);
  wait_for (suite_has (suite, FELIX));
  wait_idle (persister);
  g_assert_false (tst_persister_get_dirty (persister));
  g_assert_null (tst_persister_get_last_error (persister));

  g_clear_error (&failures.error);
  close_persister (persister);
}

static void
test_last_change_flush (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = suite_persister (suite, store);

  g_test_summary ("5.2.7, F5: flush and close finish when the last change is persisted");

  run_ok (flush, persister); /* nothing to do */
  suite_assert (suite, NULL);

  tst_persister_set_save_delay (persister, 1000 * 1000);
  run_ok (start_auto_save, persister);
  set_store (store, FELIX);
  run_ok (flush, persister);
  suite_assert (suite, FELIX);

  set_store (store, FIDO);
  close_persister (persister);
  suite_assert (suite, FIDO);
}

static void
test_last_change_stop (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = suite_persister (suite, store);

  g_test_summary ("F5: what was changed before automatic saving stops is saved");

  run_ok (start_auto_save, persister);
  set_store (store, FELIX);
  tst_persister_stop_auto_save (persister);
  wait_idle (persister);
  suite_assert (suite, FELIX);

  drop_persister (persister);
}

static void
test_last_reference (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = suite_persister (suite, store);

  g_test_summary ("5.2.7: losing the last reference while dirty warns, and still saves");

  run_ok (start_auto_save, persister);
  set_store (store, FELIX);

  g_test_expect_message ("TStore", G_LOG_LEVEL_WARNING, "*lost its last reference*");
  g_assert_finalize_object (persister);
  g_test_assert_expected_messages ();
  set_store (store, FIDO);
  wait_for (suite_has (suite, FELIX));
  wait_last_save ();
}

static void
test_last_reference_values (Suite *suite)
{
  g_autoptr(TstStore) store = new_store ("[{\"pets\":{\"fido\":{\"species\":\"dog\"}}},{\"open\":true}]");
  TstPersister *persister = suite_persister (suite, store);

  g_test_summary ("Keyed values outlive somebody who has written nothing but tables");

  run_ok (start_auto_save, persister);
  suite_write (suite, "{\"pets\":{\"fido\":{\"species\":\"wolf\"}}}");
  set_species (store, "felix", "cat");

  g_test_expect_message ("TStore", G_LOG_LEVEL_WARNING, "*lost its last reference*");
  g_assert_finalize_object (persister);
  g_test_assert_expected_messages ();
  wait_for (suite_has (suite, "[{\"pets\":{\"fido\":{\"species\":\"wolf\"},"
                              "\"felix\":{\"species\":\"cat\"}}},{\"open\":true}]"));
  wait_last_save ();
}

static void
test_first_save (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = suite_persister (suite, store);
  GAsyncResult *result = NULL;

  g_test_summary ("F4: a change during the first automatic save is saved");

  tst_persister_start_auto_save_async (persister, NULL, take_result_cb, &result);
  while (result == NULL)
    {
      tst_store_set_cell_number (store, "pets", "fido", "age", g_random_double (), NULL);
      g_main_context_iteration (NULL, TRUE);
    }
  set_store (store, FELIX);
  wait_for (suite_has (suite, FELIX));

  g_clear_object (&result);
  close_persister (persister);
}

static void
test_change_while_loading (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = suite_persister (suite, store);
  GAsyncResult *result = NULL;

  g_test_summary ("F1: a change made while a load is under way is kept, and saved");

  suite_write (suite, FELIX);
  tst_persister_start_auto_persisting_async (persister, NULL, NULL, take_result_cb, &result);
  set_species (store, "fido", "dog");
  wait_for (result != NULL);
  wait_for (suite_has (suite, BOTH));
  assert_store (store, BOTH);

  g_clear_object (&result);
  close_persister (persister);
}

static void
test_listening (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = suite_persister (suite, store);

  g_test_summary ("5.2.9, F23: starting to watch creates and changes nothing");

  run_ok_with (start_auto_load, persister, NULL);
  wait_idle (persister);
  suite_assert (suite, NULL);

  suite_write (suite, FIDO);
  wait_for (store_is (store, FIDO));

  close_persister (persister);
}

static void
test_rapid_writes (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = suite_persister (suite, store);
  guint n = g_getenv ("TST_TEST_SOAK") != NULL ? 5000 : test_scale (300);
  g_autofree char *text = NULL;
  GRand *rand = g_rand_new_with_seed (test_seed ());

  g_test_summary ("F2: rapid writes with automatic loading and saving: none is lost");

  run_ok_with (start_auto_persisting, persister, NULL);

  for (guint i = 0; i < n; i++)
    {
      gint64 until = g_get_monotonic_time () + g_rand_int_range (rand, 1, 8) * 1000;
      g_autofree char *row_id = g_strdup_printf ("%u", i);

      tst_store_set_cell_number (store, "writes", row_id, "n", i, NULL);
      wait_for (g_get_monotonic_time () >= until || test_is_slow ());
      g_assert_cmpuint (tst_store_get_n_rows (store, "writes"), ==, i + 1);
    }

  wait_idle (persister);
  g_assert_cmpuint (tst_store_get_n_rows (store, "writes"), ==, n);
  text = tst_store_get_json (store);
  suite_assert (suite, text);

  g_rand_free (rand);
  close_persister (persister);
}

static void
save_again_cb (TstPersister *persister,
               gpointer      user_data)
{
  guint *n = user_data;

  if (++*n == 1)
    {
      set_store (tst_persister_get_store (persister), FELIX);
      tst_persister_save_async (persister, NULL, NULL, NULL);
      tst_persister_stop_auto_load (persister);
    }
}

static void
test_reentrant (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = suite_persister (suite, store);
  guint n = 0;

  g_test_summary ("F11: a handler may write, save and stop");

  g_signal_connect (persister, "saved", G_CALLBACK (save_again_cb), &n);
  run_ok (save, persister);
  wait_for (suite_has (suite, FELIX));
  wait_idle (persister);
  g_assert_cmpuint (n, ==, 2);

  close_persister (persister);
}

static void
count_cb (TstStore   *store,
          const char *table_id,
          gpointer    user_data)
{
  tst_store_set_value_number (store, "pets", tst_store_get_n_rows (store, "pets"), NULL);
}

static void
test_listeners_write (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = suite_persister (suite, store);

  g_test_summary ("What a listener writes in answer to a load is dirty, and saved");

  g_signal_connect (store, "row-ids-changed::pets", G_CALLBACK (count_cb), NULL);
  suite_write (suite, FIDO);
  run_ok_with (start_auto_persisting, persister, NULL);
  wait_for (suite_has (suite, "[{\"pets\":{\"fido\":{\"species\":\"dog\"}}},{\"pets\":1}]"));

  suite_write (suite, FELIX);
  wait_for (suite_has (suite, "[{\"pets\":{\"felix\":{\"species\":\"cat\"}}},{\"pets\":1}]"));

  close_persister (persister);
}

void
suite_add_promises (const Medium *medium)
{
  suite_add (medium, "save", test_save);
  suite_add (medium, "save/replaces", test_save_replaces);
  suite_add (medium, "load", test_load);
  suite_add (medium, "load/while-saving", test_load_while_saving);
  suite_add (medium, "status", test_status);
  suite_add (medium, "auto-load", test_auto_load);
  suite_add (medium, "auto-save", test_auto_save);
  suite_add (medium, "auto-properties", test_auto_properties);
  suite_add (medium, "auto-persisting", test_auto_persisting);
  suite_add (medium, "stop-in-any-order", test_stop_in_any_order);
  suite_add (medium, "cancel", test_cancel);
  suite_add (medium, "blocking", test_blocking);
  suite_add (medium, "promise/none-dropped", test_none_dropped);
  suite_add (medium, "promise/between-transactions", test_between_transactions);
  suite_add (medium, "promise/own-writes", test_own_writes);
  suite_add (medium, "promise/older-version", test_older_version);
  suite_add (medium, "promise/same-content", test_same_content);
  suite_add (medium, "promise/two-on-one-store", test_two_on_one_store);
  if (medium->set_unreadable != NULL)
    suite_add (medium, "promise/failures", test_failures);
  if (!medium->overwrites)
    suite_add (medium, "promise/two-on-one-medium", test_two_on_one_medium);
  suite_add (medium, "promise/last-change/flush", test_last_change_flush);
  suite_add (medium, "promise/last-change/stop", test_last_change_stop);
  suite_add (medium, "promise/last-change/last-reference", test_last_reference);
  if (medium->works_in_thread)
    suite_add (medium, "promise/last-change/last-reference/values", test_last_reference_values);
  suite_add (medium, "promise/first-save", test_first_save);
  suite_add (medium, "promise/change-while-loading", test_change_while_loading);
  suite_add (medium, "promise/listening", test_listening);
  suite_add (medium, "promise/rapid-writes", test_rapid_writes);
  suite_add (medium, "promise/reentrant", test_reentrant);
  suite_add (medium, "promise/listeners-write", test_listeners_write);
}
