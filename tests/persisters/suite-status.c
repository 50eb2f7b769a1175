/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "suite.h"

/* Whoever has seen what a persister is about to do, and waits for notify, hears of it
 * when it comes to nothing. */

static void
assert_rest (TstPersister *persister)
{
  wait_idle (persister);
  run_ready ();
  g_assert_cmpint (tst_persister_get_status (persister), ==, TST_PERSISTER_IDLE);
  assert_seen (persister);
}

static void
test_auto_save (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = suite_persister (suite, store);

  g_test_summary ("Saving automatically begins with a save that has nothing to write");

  run_ok (save, persister);
  tst_persister_set_auto_save (persister, TRUE);
  look (persister);
  g_assert_cmpint (tst_persister_get_status (persister), ==, TST_PERSISTER_SAVING);
  assert_rest (persister);
  g_assert_cmpuint (tst_persister_get_n_saves (persister), ==, 1);

  close_persister (persister);
}

static void
test_auto_load (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = suite_persister (suite, store);

  g_test_summary ("Loading automatically is switched off before it has begun");

  suite_write (suite, FIDO);
  run_ok (load, persister);
  tst_persister_set_auto_load (persister, TRUE);
  look (persister);
  g_assert_cmpint (tst_persister_get_status (persister), ==, TST_PERSISTER_LOADING);
  tst_persister_set_auto_load (persister, FALSE);
  assert_rest (persister);

  tst_persister_set_auto_load (persister, TRUE);
  look (persister);
  assert_rest (persister);

  close_persister (persister);
}

static void
test_taken_back (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = suite_persister (suite, store);

  g_test_summary ("A change is taken back before it is saved");

  run_ok (start_auto_save, persister);
  set_species (store, "fido", "wolf");
  look (persister);
  g_assert_true (tst_persister_get_dirty (persister));
  g_assert_cmpint (tst_persister_get_status (persister), ==, TST_PERSISTER_SAVING);
  set_species (store, "fido", "dog");
  assert_rest (persister);
  g_assert_false (tst_persister_get_dirty (persister));
  g_assert_cmpuint (tst_persister_get_n_saves (persister), ==, 1);

  close_persister (persister);
}

static void
test_blocking (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = suite_persister (suite, store);
  g_autoptr(GError) error = NULL;

  g_test_summary ("A change is taken back, and flushed without a main loop");

  tst_persister_save (persister, NULL, &error);
  g_assert_no_error (error);
  set_species (store, "fido", "wolf");
  look (persister);
  g_assert_true (tst_persister_get_dirty (persister));
  set_species (store, "fido", "dog");
  tst_persister_flush (persister, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (tst_persister_get_dirty (persister));
  assert_seen (persister);

  close_persister (persister);
}

static void
cancel (TstPersister       *persister,
        BeginFunc           begin,
        TstPersisterStatus  status)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;

  begin (persister, cancellable, take_result_cb, &result);
  look (persister);
  g_assert_cmpint (tst_persister_get_status (persister), ==, status);
  g_cancellable_cancel (cancellable);
  wait_for (result != NULL);
  assert_rest (persister);
}

static void
test_cancelled (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = suite_persister (suite, store);

  g_test_summary ("What was asked for is cancelled, first of all or behind something else");

  cancel (persister, tst_persister_load_async, TST_PERSISTER_LOADING);
  cancel (persister, tst_persister_save_async, TST_PERSISTER_SAVING);

  tst_persister_load_async (persister, NULL, NULL, NULL);
  cancel (persister, tst_persister_save_async, TST_PERSISTER_LOADING);

  /* What cannot begin yet. */
  tst_store_begin (store);
  cancel (persister, tst_persister_save_async, TST_PERSISTER_SAVING);
  tst_store_commit (store);

  close_persister (persister);
}

static void
test_closed (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = suite_persister (suite, store);
  g_autoptr(GAsyncResult) closed = NULL;
  g_autoptr(GAsyncResult) loaded = NULL;

  g_test_summary ("What waits when a persister is closed");

  run_ok (start_auto_save, persister);
  tst_persister_close_async (persister, NULL, take_result_cb, &closed);
  tst_persister_load_async (persister, NULL, take_result_cb, &loaded);
  look (persister);
  wait_for (closed != NULL && loaded != NULL);
  g_assert_true (tst_persister_close_finish (persister, closed, NULL));
  assert_rest (persister);

  g_clear_object (&closed);
  g_clear_object (&loaded);
  close_persister (persister);
}

void
suite_add_status (const Medium *medium)
{
  suite_add (medium, "status/auto-save", test_auto_save);
  suite_add (medium, "status/auto-load", test_auto_load);
  suite_add (medium, "status/taken-back", test_taken_back);
  if (medium->works_in_thread)
    suite_add (medium, "status/blocking", test_blocking);
  suite_add (medium, "status/cancelled", test_cancelled);
  suite_add (medium, "status/closed", test_closed);
}
