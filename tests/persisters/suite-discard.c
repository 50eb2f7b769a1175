/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "suite.h"

/* What is given up is never written, and nobody is warned. */

#define LATER_MS (1000 * 1000)

static void
discard (TstPersister *persister)
{
  g_autoptr(GError) error = NULL;

  tst_persister_discard (persister);
  g_assert_false (tst_persister_get_auto_load (persister));
  g_assert_false (tst_persister_get_auto_save (persister));

  g_assert_false (run (save, persister, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_CLOSED);
  run_ok (close, persister);
  tst_persister_discard (persister);
}

static void
assert_gone (TstPersister *persister)
{
  wait_idle (persister);
  run_ready ();
  assert_seen (persister);
  g_assert_finalize_object (persister);
  run_ready ();
  wait_last_save ();
}

static void
test_unsaved (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = suite_persister (suite, store);

  g_test_summary ("A change that waits is not saved; the store keeps it");

  tst_persister_set_save_delay (persister, LATER_MS);
  run_ok_with (start_auto_persisting, persister, NULL);
  set_store (store, FELIX);
  run_ready ();
  discard (persister);
  g_assert_true (tst_persister_get_dirty (persister));
  assert_gone (persister);

  suite_assert (suite, FIDO);
  assert_store (store, FELIX);
}

static void
test_at_once (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = suite_persister (suite, store);

  g_test_summary ("A persister may go away in the same moment");

  run_ok (start_auto_save, persister);
  set_store (store, FELIX);
  tst_persister_discard (persister);
  g_assert_finalize_object (persister);
  run_ready ();
  wait_last_save ();

  suite_assert (suite, FIDO);
}

static void
assert_closed (TstPersister *persister,
               GAsyncResult *result,
               FinishFunc    finish)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (finish (persister, result, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_CLOSED);
}

static void
test_asked_for (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = suite_persister (suite, store);
  g_autoptr(GAsyncResult) saved = NULL;
  g_autoptr(GAsyncResult) loaded = NULL;
  g_autoptr(GAsyncResult) closed = NULL;

  g_test_summary ("Who waits is told that the persister was closed");

  tst_persister_save_async (persister, NULL, take_result_cb, &saved);
  tst_persister_load_async (persister, NULL, take_result_cb, &loaded);
  tst_persister_close_async (persister, NULL, take_result_cb, &closed);
  discard (persister);
  wait_for (saved != NULL && loaded != NULL && closed != NULL);
  assert_closed (persister, saved, tst_persister_save_finish);
  assert_closed (persister, loaded, tst_persister_load_finish);
  assert_closed (persister, closed, tst_persister_close_finish);
  suite_assert (suite, NULL);

  g_clear_object (&saved);
  g_clear_object (&loaded);
  g_clear_object (&closed);
  assert_gone (persister);
}

static void
test_under_way (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = suite_persister (suite, store);

  g_test_summary ("A save that is under way arrives or not; none comes after it");

  run_ok (start_auto_save, persister);
  set_store (store, FELIX);
  g_main_context_iteration (NULL, FALSE);
  set_store (store, BOTH);
  discard (persister);
  assert_gone (persister);

  g_assert_true (suite_has (suite, FIDO) || suite_has (suite, FELIX));
}

static void
test_after_failure (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = suite_persister (suite, store);
  g_autoptr(GError) error = NULL;

  g_test_summary ("What could not be saved, and was about to be tried again, is not");

  run_ok (start_auto_save, persister);
  suite->medium->set_unreadable (suite->data, TRUE);
  set_store (store, FELIX);
  g_assert_false (run (close, persister, &error));
  discard (persister);
  suite->medium->set_unreadable (suite->data, FALSE);
  assert_gone (persister);

  suite_assert (suite, FIDO);
}

void
suite_add_discard (const Medium *medium)
{
  suite_add (medium, "discard/unsaved", test_unsaved);
  suite_add (medium, "discard/at-once", test_at_once);
  suite_add (medium, "discard/asked-for", test_asked_for);
  /* What a thread still does is only known of those that say so: test-file-persister. */
  if (!medium->works_in_thread)
    suite_add (medium, "discard/under-way", test_under_way);
  if (medium->set_unreadable != NULL)
    suite_add (medium, "discard/after-failure", test_after_failure);
}
