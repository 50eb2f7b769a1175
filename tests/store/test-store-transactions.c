/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <libtstore/tstore.h>

#include "test-util.h"

typedef struct
{
  TstStore *store;
  GString  *heard;
} Fixture;

static void
started_cb (TstStore *store,
            gpointer  user_data)
{
  g_string_append_c (user_data, 'S');
}

static void
finishing_cb (TstStore *store,
              gpointer  user_data)
{
  g_string_append_c (user_data, 'f');
}

static void
finished_cb (TstStore *store,
             gpointer  user_data)
{
  g_string_append_c (user_data, 'F');
}

static void
changed_cb (TstStore   *store,
            TstChanges *changes,
            gpointer    user_data)
{
  g_string_append_printf (user_data, "%u", tst_changes_get_n_cells (changes) +
                                           tst_changes_get_n_values (changes));
}

static void
invalid_cell_cb (TstStore   *store,
                 const char *table_id,
                 const char *row_id,
                 const char *cell_id,
                 GError     *error,
                 gpointer    user_data)
{
  g_string_append_c (user_data, '!');
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  user_data)
{
  fixture->store = tst_store_new ();
  fixture->heard = g_string_new (NULL);
  tst_store_add_started_listener (fixture->store, started_cb, fixture->heard, NULL);
  tst_store_add_finishing_listener (fixture->store, finishing_cb, fixture->heard, NULL);
  tst_store_add_finished_listener (fixture->store, finished_cb, fixture->heard, NULL);
  g_signal_connect (fixture->store, "changed", G_CALLBACK (changed_cb), fixture->heard);
  g_signal_connect (fixture->store, "invalid-cell", G_CALLBACK (invalid_cell_cb), fixture->heard);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  user_data)
{
  g_assert_finalize_object (fixture->store);
  g_string_free (fixture->heard, TRUE);
}

static void
set_number (Fixture    *fixture,
            const char *table_id,
            const char *row_id,
            const char *cell_id,
            double      number)
{
  g_assert_true (tst_store_set_cell_number (fixture->store, table_id, row_id, cell_id, number,
                                            NULL));
}

static void
assert_heard (Fixture    *fixture,
              const char *expected)
{
  g_assert_cmpstr (fixture->heard->str, ==, expected);
  g_string_truncate (fixture->heard, 0);
}

/* --- Phases --- */

static void
test_transactions_single (Fixture       *fixture,
                          gconstpointer  user_data)
{
  g_test_summary ("Each write outside a transaction is one of its own");

  set_number (fixture, "t", "r", "c", 1);
  assert_heard (fixture, "Sf1F");
  set_number (fixture, "t", "r", "c", 2);
  assert_heard (fixture, "Sf1F");
}

static void
test_transactions_one (Fixture       *fixture,
                       gconstpointer  user_data)
{
  g_test_summary ("All writes of one transaction are told once, at its end");

  tst_store_begin (fixture->store);
  assert_heard (fixture, "S");
  set_number (fixture, "t", "r", "c", 1);
  set_number (fixture, "t", "r", "d", 1);
  g_assert_true (tst_store_set_value_number (fixture->store, "v", 1, NULL));
  assert_heard (fixture, "");
  g_assert_cmpfloat (tst_store_get_cell_number (fixture->store, "t", "r", "c"), ==, 1);
  tst_store_commit (fixture->store);
  assert_heard (fixture, "f3F");
}

static void
test_transactions_empty (Fixture       *fixture,
                         gconstpointer  user_data)
{
  g_test_summary ("A transaction that changes nothing starts and finishes, no more");

  tst_store_begin (fixture->store);
  tst_store_commit (fixture->store);
  assert_heard (fixture, "SfF");

  set_number (fixture, "t", "r", "c", 1);
  assert_heard (fixture, "Sf1F");
  set_number (fixture, "t", "r", "c", 1);
  assert_heard (fixture, "SfF");
}

static void
test_transactions_net (Fixture       *fixture,
                       gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("What ends as it began is no change");

  set_number (fixture, "t", "r", "c", 1);
  assert_heard (fixture, "Sf1F");

  tst_store_begin (store);
  set_number (fixture, "t", "r", "c", 2);
  set_number (fixture, "t", "r", "c", 1);
  tst_store_commit (store);
  assert_heard (fixture, "SfF");

  tst_store_begin (store);
  tst_store_remove_table (store, "t");
  set_number (fixture, "t", "r", "c", 1);
  set_number (fixture, "x", "r", "c", 1);
  tst_store_remove_row (store, "x", "r");
  tst_store_commit (store);
  assert_heard (fixture, "SfF");
}

static void
test_transactions_nested (Fixture       *fixture,
                          gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("Only the outermost transaction finishes");

  tst_store_begin (store);
  set_number (fixture, "t", "r", "a", 1);
  tst_store_begin (store);
  set_number (fixture, "t", "r", "b", 1);
  tst_store_commit (store);
  assert_heard (fixture, "S");
  set_number (fixture, "t", "r", "c", 1);
  tst_store_commit (store);
  assert_heard (fixture, "f3F");
}

/* --- Rolling back --- */

static void
test_transactions_rollback (Fixture       *fixture,
                            gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("Rolled back, everything is as it was, and no change is told");

  g_assert_true (tst_store_set_cell_string (store, "t", "r1", "a", "a text that is not short",
                                            NULL));
  set_number (fixture, "t", "r1", "b", 1);
  set_number (fixture, "t", "r2", "a", 1);
  set_number (fixture, "u", "r1", "a", 1);
  g_assert_true (tst_store_set_value_number (store, "v", 1, NULL));
  g_string_truncate (fixture->heard, 0);

  tst_store_begin (store);
  g_assert_true (tst_store_set_cell_boolean (store, "t", "r1", "a", TRUE, NULL));
  g_assert_true (tst_store_remove_cell (store, "t", "r1", "b"));
  g_assert_true (tst_store_remove_row (store, "t", "r2"));
  g_assert_true (tst_store_remove_table (store, "u"));
  g_assert_true (tst_store_remove_value (store, "v"));
  set_number (fixture, "new", "r", "c", 1);
  set_number (fixture, "t", "new", "c", 1);
  set_number (fixture, "t", "r1", "new", 1);
  tst_store_rollback (store);

  g_assert_cmpstr (tst_store_get_cell_string (store, "t", "r1", "a"), ==,
                   "a text that is not short");
  test_assert_ids (tst_store_get_table_ids (store), "t", "u", NULL);
  test_assert_ids (tst_store_get_row_ids (store, "t"), "r1", "r2", NULL);
  test_assert_ids (tst_store_get_cell_ids (store, "t", "r1"), "a", "b", NULL);
  test_assert_ids (tst_store_get_cell_ids (store, "t", "r2"), "a", NULL);
  test_assert_ids (tst_store_get_value_ids (store), "v", NULL);
  g_assert_cmpfloat (tst_store_get_value_number (store, "v"), ==, 1);
  assert_heard (fixture, "SF");
}

static void
test_transactions_rollback_order (Fixture       *fixture,
                                  gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("F38: rolling back restores the order of everything");

  for (guint i = 0; i < 3; i++)
    {
      const char *ids[] = { "b", "c", "a" };

      set_number (fixture, ids[i], "r", "c", 1);
      set_number (fixture, "t", ids[i], "c", 1);
      set_number (fixture, "t", "r", ids[i], 1);
      g_assert_true (tst_store_set_value_number (store, ids[i], 1, NULL));
    }

  tst_store_begin (store);
  g_assert_true (tst_store_remove_table (store, "b"));
  set_number (fixture, "b", "r", "c", 1);
  g_assert_true (tst_store_remove_row (store, "t", "b"));
  set_number (fixture, "t", "b", "c", 1);
  g_assert_true (tst_store_remove_cell (store, "t", "r", "b"));
  set_number (fixture, "t", "r", "b", 1);
  g_assert_true (tst_store_remove_value (store, "b"));
  g_assert_true (tst_store_set_value_number (store, "b", 1, NULL));
  test_assert_ids (tst_store_get_row_ids (store, "t"), "r", "c", "a", "b", NULL);
  tst_store_rollback (store);

  test_assert_ids (tst_store_get_table_ids (store), "b", "t", "c", "a", NULL);
  test_assert_ids (tst_store_get_row_ids (store, "t"), "b", "r", "c", "a", NULL);
  test_assert_ids (tst_store_get_cell_ids (store, "t", "r"), "b", "c", "a", NULL);
  test_assert_ids (tst_store_get_value_ids (store), "b", "c", "a", NULL);
}

static void
test_transactions_rollback_inner (Fixture       *fixture,
                                  gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("An inner rollback undoes what was done since its begin, no more");

  set_number (fixture, "t", "r", "c", 1);
  g_string_truncate (fixture->heard, 0);

  tst_store_begin (store);
  set_number (fixture, "t", "r", "c", 2);
  tst_store_begin (store);
  set_number (fixture, "t", "r", "c", 3);
  set_number (fixture, "t", "r", "d", 3);
  tst_store_begin (store);
  g_assert_true (tst_store_remove_table (store, "t"));
  tst_store_commit (store);
  tst_store_rollback (store);
  g_assert_cmpfloat (tst_store_get_cell_number (store, "t", "r", "c"), ==, 2);
  g_assert_false (tst_store_has_cell (store, "t", "r", "d"));
  set_number (fixture, "t", "r", "e", 4);
  assert_heard (fixture, "S");
  tst_store_commit (store);

  g_assert_cmpfloat (tst_store_get_cell_number (store, "t", "r", "c"), ==, 2);
  test_assert_ids (tst_store_get_cell_ids (store, "t", "r"), "c", "e", NULL);
  assert_heard (fixture, "f2F");
}

static void
test_transactions_rollback_outer (Fixture       *fixture,
                                  gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("An outer rollback undoes what inner ones committed");

  tst_store_begin (store);
  tst_store_begin (store);
  set_number (fixture, "t", "r", "c", 3);
  tst_store_commit (store);
  tst_store_rollback (store);

  g_assert_false (tst_store_has_tables (store));
  assert_heard (fixture, "SF");

  /* And it is over. */
  set_number (fixture, "t", "r", "c", 1);
  assert_heard (fixture, "Sf1F");
}

static void
test_transactions_rollback_invalid (Fixture       *fixture,
                                    gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("What was refused is told, rolled back or not");

  tst_store_begin (store);
  g_assert_false (tst_store_set_cell_string (store, "t", "r", "c", "\xff", NULL));
  set_number (fixture, "t", "r", "c", 1);
  tst_store_rollback (store);
  assert_heard (fixture, "S!F");

  tst_store_begin (store);
  g_assert_false (tst_store_set_cell_string (store, "t", "r", "c", "\xff", NULL));
  set_number (fixture, "t", "r", "c", 1);
  tst_store_commit (store);
  assert_heard (fixture, "Sf!1F");
}

static void
count_refused_cb (TstStore     *store,
                  const char   *table_id,
                  const char   *row_id,
                  const char   *cell_id,
                  const GError *error,
                  gpointer      user_data)
{
  (*(guint *) user_data)++;
}

static void
test_transactions_invalid_unheard (void)
{
  TstStore *store = tst_store_new ();
  guint n_refused = 0;
  gulong handle;

  g_test_summary ("What was refused while a listener was there is told to nobody who came later");

  tst_store_begin (store);
  handle = tst_store_add_invalid_cell_listener (store, NULL, NULL, NULL, 0, count_refused_cb,
                                                &n_refused, NULL);
  g_assert_false (tst_store_set_cell_string (store, "t", "r", "c", "\xff", NULL));
  g_assert_true (tst_store_remove_listener (store, handle));
  g_assert_true (tst_store_commit (store));

  tst_store_add_invalid_cell_listener (store, NULL, NULL, NULL, 0, count_refused_cb, &n_refused, NULL);
  g_assert_true (tst_store_set_cell_number (store, "t", "r", "c", 1, NULL));
  g_assert_cmpuint (n_refused, ==, 0);
  g_assert_false (tst_store_set_cell_string (store, "t", "r", "c", "\xff", NULL));
  g_assert_cmpuint (n_refused, ==, 1);
  g_assert_finalize_object (store);
}

/* --- transact --- */

static void
write_and_fail_cb (TstStore  *store,
                   gpointer   user_data,
                   GError   **error)
{
  g_assert_true (tst_store_set_cell_number (store, "t", "r", "c", 2, NULL));
  if (user_data != NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "on purpose");
}

static void
test_transactions_transact (Fixture       *fixture,
                            gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  g_autoptr(GError) error = NULL;

  g_test_summary ("What a function does is one transaction");

  g_assert_true (tst_store_transact (store, write_and_fail_cb, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpfloat (tst_store_get_cell_number (store, "t", "r", "c"), ==, 2);
  assert_heard (fixture, "Sf1F");
}

static void
test_transactions_transact_error (Fixture       *fixture,
                                  gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  g_autoptr(GError) error = NULL;

  g_test_summary ("F37: an error of the function rolls back, and is returned");

  set_number (fixture, "t", "r", "c", 1);
  g_string_truncate (fixture->heard, 0);
  g_assert_false (tst_store_transact (store, write_and_fail_cb, store, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_cmpfloat (tst_store_get_cell_number (store, "t", "r", "c"), ==, 1);
  assert_heard (fixture, "SF");

  /* Also when the caller does not want to know it. */
  g_assert_false (tst_store_transact (store, write_and_fail_cb, store, NULL));
  g_assert_cmpfloat (tst_store_get_cell_number (store, "t", "r", "c"), ==, 1);
}

static void
leave_open_cb (TstStore  *store,
               gpointer   user_data,
               GError   **error)
{
  tst_store_begin (store);
  g_assert_true (tst_store_set_cell_number (store, "t", "r", "c", 2, NULL));
}

static void
test_transactions_transact_left_open (Fixture       *fixture,
                                      gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  g_autoptr(GError) error = NULL;

  g_test_summary ("A transaction that the function leaves open is a mistake, and is ended");

  g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, "*did not end it*");
  g_assert_true (tst_store_transact (store, leave_open_cb, NULL, &error));
  g_test_assert_expected_messages ();
  g_assert_no_error (error);
  assert_heard (fixture, "Sf1F");

  set_number (fixture, "t", "r", "c", 3);
  assert_heard (fixture, "Sf1F");
}

static void
begin_and_write_cb (TstStore *store,
                    gpointer  user_data)
{
  gulong *handle = user_data;

  g_assert_true (tst_store_remove_listener (store, *handle));
  tst_store_begin (store);
  g_assert_true (tst_store_set_cell_number (store, "t", "r", "answer", 1, NULL));
}

static void
test_transactions_transact_answered (Fixture       *fixture,
                                     gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  gulong handle;

  g_test_summary ("A transaction that a listener began at the end of another one is the listener's");

  for (guint i = 0; i < 2; i++)
    {
      handle = tst_store_add_finished_listener (store, begin_and_write_cb, &handle, NULL);
      g_assert_cmpint (tst_store_transact (store, write_and_fail_cb, i == 1 ? store : NULL, NULL), ==,
                       i == 0);
      g_assert_true (tst_store_has_cell (store, "t", "r", "answer"));
      g_string_truncate (fixture->heard, 0);

      tst_store_rollback (store);
      g_assert_false (tst_store_has_cell (store, "t", "r", "answer"));
      assert_heard (fixture, "F");
    }
}

static void
test_transactions_transact_inner (Fixture       *fixture,
                                  gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  g_autoptr(GError) error = NULL;

  g_test_summary ("Inside a transaction, only the function's own writes are undone");

  tst_store_begin (store);
  set_number (fixture, "t", "r", "d", 1);
  g_assert_false (tst_store_transact (store, write_and_fail_cb, store, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  tst_store_commit (store);
  test_assert_ids (tst_store_get_cell_ids (store, "t", "r"), "d", NULL);
  assert_heard (fixture, "Sf1F");
}

/* --- Writing in the phases --- */

static void
write_once_cb (TstStore *store,
               gpointer  user_data)
{
  const char *cell_id = user_data;

  if (!tst_store_has_cell (store, "log", "r", cell_id))
    g_assert_true (tst_store_set_cell_number (store, "log", "r", cell_id, 1, NULL));
}

static void
test_transactions_write_started (Fixture       *fixture,
                                 gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("A write when it has started is part of the transaction");

  tst_store_add_started_listener (store, write_once_cb, (gpointer) "started", NULL);
  set_number (fixture, "t", "r", "c", 1);
  assert_heard (fixture, "Sf2F");

  tst_store_remove_tables (store);
  g_string_truncate (fixture->heard, 0);
  tst_store_begin (store);
  tst_store_rollback (store);
  g_assert_false (tst_store_has_tables (store));
  assert_heard (fixture, "SF");
}

static void
test_transactions_write_finishing (Fixture       *fixture,
                                   gconstpointer  user_data)
{
  g_test_summary ("A write when it is finishing is part of the transaction");

  tst_store_add_finishing_listener (fixture->store, write_once_cb, (gpointer) "finishing", NULL);
  set_number (fixture, "t", "r", "c", 1);
  assert_heard (fixture, "Sf2F");
  g_assert_true (tst_store_has_cell (fixture->store, "log", "r", "finishing"));
}

static void
test_transactions_write_finished (Fixture       *fixture,
                                  gconstpointer  user_data)
{
  g_test_summary ("A write when it has finished is a transaction that follows");

  tst_store_add_finished_listener (fixture->store, write_once_cb, (gpointer) "finished", NULL);
  set_number (fixture, "t", "r", "c", 1);
  g_assert_true (tst_store_has_cell (fixture->store, "log", "r", "finished"));
  assert_heard (fixture, "Sf1FSf1F");
}

/* --- What it has changed so far --- */

static void
write_wrong_cb (TstStore *store,
                gpointer  user_data)
{
  g_assert_false (tst_store_set_cell_string (store, "t", "r", "c", "\xff", NULL));
}

static void
test_transactions_write_refused (Fixture       *fixture,
                                 gconstpointer  user_data)
{
  g_test_summary ("What a listener is refused is told in a transaction with all its phases");

  tst_store_add_tables_listener (fixture->store, 0, write_wrong_cb, NULL, NULL);
  set_number (fixture, "t", "r", "c", 1);
  assert_heard (fixture, "SfS1Ff!F");
}

static void
drop_store_cb (TstStore *store,
               gpointer  user_data)
{
  g_clear_object ((TstStore **) user_data);
}

static void
test_transactions_drop_store (Fixture       *fixture,
                              gconstpointer  user_data)
{
  typedef gulong (*AddListener) (TstStore *, TstStoreListener, gpointer, GDestroyNotify);
  const AddListener add_listener[] = {
    tst_store_add_started_listener, tst_store_add_finishing_listener,
    tst_store_add_finished_listener,
  };

  g_test_summary ("A listener to any phase may drop the last reference to the store");

  for (guint i = 0; i < G_N_ELEMENTS (add_listener); i++)
    {
      TstStore *store = tst_store_new ();
      gpointer gone = store;

      g_object_add_weak_pointer (G_OBJECT (store), &gone);
      add_listener[i] (store, drop_store_cb, &store, NULL);
      g_assert_true (tst_store_set_cell_number (store, "t", "r", "c", 1, NULL));
      g_assert_null (gone);
    }
}

static void
test_transactions_get_changes (Fixture       *fixture,
                               gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  g_autoptr(TstChanges) none = NULL;
  g_autoptr(TstChanges) some = NULL;
  g_autoptr(TstChanges) undone = NULL;

  g_test_summary ("An open transaction says what it has changed so far");

  none = tst_store_get_changes (store);
  g_assert_true (tst_changes_is_empty (none));

  tst_store_begin (store);
  set_number (fixture, "t", "r", "c", 1);
  tst_store_begin (store);
  set_number (fixture, "t", "r", "d", 1);
  some = tst_store_get_changes (store);
  g_assert_cmpuint (tst_changes_get_n_cells (some), ==, 2);
  tst_store_rollback (store);
  undone = tst_store_get_changes (store);
  g_assert_cmpuint (tst_changes_get_n_cells (undone), ==, 1);
  g_assert_cmpuint (tst_changes_get_n_cells (some), ==, 2);
  tst_store_commit (store);
}

/* --- Mistakes --- */

static void
test_transactions_mistakes (Fixture       *fixture,
                            gconstpointer  user_data)
{
  g_test_summary ("To end what was not begun is a mistake, and does nothing");

  g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, "*");
  tst_store_commit (fixture->store);
  g_test_assert_expected_messages ();

  g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, "*");
  tst_store_rollback (fixture->store);
  g_test_assert_expected_messages ();

  assert_heard (fixture, "");
  set_number (fixture, "t", "r", "c", 1);
  assert_heard (fixture, "Sf1F");
}

static void
test_transactions_dropped (Fixture       *fixture,
                           gconstpointer  user_data)
{
  TstStore *store = tst_store_new ();

  g_test_summary ("A store that goes while a transaction is open says so, and leaks nothing");

  g_assert_true (tst_store_set_cell_string (store, "t", "r", "c", "a text that is not short",
                                            NULL));
  tst_store_begin (store);
  g_assert_true (tst_store_set_cell_string (store, "t", "r", "c", "another that is not short",
                                            NULL));
  g_assert_true (tst_store_remove_row (store, "t", "r"));

  g_test_expect_message ("TStore", G_LOG_LEVEL_WARNING, "*transaction open*");
  g_assert_finalize_object (store);
  g_test_assert_expected_messages ();
}

/* --- Writes as a transaction starts --- */

static void
write_first_cb (TstStore *store,
                gpointer  user_data)
{
  guint *n_calls = user_data;

  switch ((*n_calls)++)
    {
    case 0:
      g_assert_true (tst_store_set_cell_number (store, "t", "r", "c", 1, NULL));
      break;
    case 1:
      g_assert_true (tst_store_remove_table (store, "t"));
      g_assert_true (tst_store_set_cell_number (store, "u", "q", "d", 1, NULL));
      break;
    case 2:
      g_assert_true (tst_store_remove_row (store, "t", "r"));
      g_assert_true (tst_store_set_cell_number (store, "t", "q", "d", 1, NULL));
      break;
    default:
      break;
    }
}

static void
test_transactions_write_first (Fixture       *fixture,
                               gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  guint n_calls = 0;

  g_test_summary ("What is written as a transaction starts comes before the write that started it");

  tst_store_add_started_listener (store, write_first_cb, &n_calls, NULL);
  for (guint i = 0; i < 4; i++)
    {
      g_assert_true (tst_store_set_cell_number (store, "t", "r", "c", i + 10, NULL));
      g_assert_cmpfloat (tst_store_get_cell_number (store, "t", "r", "c"), ==, i + 10);
      g_assert_cmpuint (tst_store_get_n_rows (store, "t"), ==, i < 2 ? 1 : 2);
    }

  g_assert_cmpuint (n_calls, ==, 4);
  test_assert_ids (tst_store_get_table_ids (store), "u", "t", NULL);
  test_assert_ids (tst_store_get_row_ids (store, "t"), "q", "r", NULL);
}

/* --- What started is not theirs to end --- */

static void
end_cb (TstStore *store,
        gpointer  user_data)
{
  g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, "*");
  tst_store_rollback (store);
  g_test_assert_expected_messages ();
  g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, "*");
  tst_store_commit (store);
  g_test_assert_expected_messages ();
}

static void
test_transactions_end_started (Fixture       *fixture,
                               gconstpointer  user_data)
{
  TstStore *store = tst_store_new ();
  g_autofree char *row_id = NULL;

  g_test_summary ("Whoever is told of the start may not end the transaction");

  tst_store_add_started_listener (fixture->store, end_cb, NULL, NULL);
  set_number (fixture, "t", "r", "c", 1);
  assert_heard (fixture, "Sf1F");
  tst_store_begin (fixture->store);
  set_number (fixture, "t", "r", "c", 2);
  g_assert_true (tst_store_commit (fixture->store));
  assert_heard (fixture, "Sf1F");

  /* With nobody else. */
  tst_store_add_started_listener (store, end_cb, NULL, NULL);
  row_id = tst_store_add_row_json (store, "t", "{\"c\":1}", TST_ADD_ROW_DEFAULT, NULL);
  g_assert_cmpstr (row_id, ==, "0");
  tst_store_begin (store);
  tst_store_commit (store);
  g_assert_finalize_object (store);
}

static void
begin_and_leave_cb (TstStore *store,
                    gpointer  user_data)
{
  tst_store_begin (store);
  tst_store_begin (store);
  g_assert_true (tst_store_set_cell_number (store, "log", "r", "c", 1, NULL));
  tst_store_commit (store);
}

static void
test_transactions_leave_started_open (Fixture       *fixture,
                                      gconstpointer  user_data)
{
  gulong handle = tst_store_add_started_listener (fixture->store, begin_and_leave_cb, NULL, NULL);

  g_test_summary ("What is begun as a transaction starts, and not ended, ends there");

  g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, "*“transaction-started” began*");
  set_number (fixture, "t", "r", "c", 1);
  g_test_assert_expected_messages ();
  assert_heard (fixture, "Sf2F");

  g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, "*“transaction-started” began*");
  tst_store_begin (fixture->store);
  g_test_assert_expected_messages ();
  tst_store_remove_tables (fixture->store);
  tst_store_rollback (fixture->store);
  assert_heard (fixture, "SF");
  g_assert_true (tst_store_has_table (fixture->store, "log"));
  g_assert_true (tst_store_remove_listener (fixture->store, handle));
}

static void
test_transactions_drop_store_begun (void)
{
  TstStore *store = tst_store_new ();
  gpointer gone = store;

  g_test_summary ("Whoever is told that one begins may drop the last reference to the store");

  g_object_add_weak_pointer (G_OBJECT (store), &gone);
  tst_store_add_started_listener (store, drop_store_cb, &store, NULL);
  g_test_expect_message ("TStore", G_LOG_LEVEL_WARNING, "*transaction open*");
  tst_store_begin (store);
  g_test_assert_expected_messages ();
  g_assert_null (gone);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/store-transactions/" path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

  ADD ("single", test_transactions_single);
  ADD ("one", test_transactions_one);
  ADD ("empty", test_transactions_empty);
  ADD ("net", test_transactions_net);
  ADD ("nested", test_transactions_nested);
  ADD ("rollback/all", test_transactions_rollback);
  ADD ("rollback/order", test_transactions_rollback_order);
  ADD ("rollback/inner", test_transactions_rollback_inner);
  ADD ("rollback/outer", test_transactions_rollback_outer);
  ADD ("rollback/invalid", test_transactions_rollback_invalid);
  ADD ("transact/success", test_transactions_transact);
  ADD ("transact/error", test_transactions_transact_error);
  ADD ("transact/left-open", test_transactions_transact_left_open);
  ADD ("transact/answered", test_transactions_transact_answered);
  ADD ("transact/inner", test_transactions_transact_inner);
  ADD ("write/started", test_transactions_write_started);
  ADD ("write/finishing", test_transactions_write_finishing);
  ADD ("write/finished", test_transactions_write_finished);
  ADD ("write/refused", test_transactions_write_refused);
  ADD ("drop-store", test_transactions_drop_store);
  ADD ("get-changes", test_transactions_get_changes);
  ADD ("mistakes", test_transactions_mistakes);
  ADD ("dropped", test_transactions_dropped);
  ADD ("write-first", test_transactions_write_first);
  ADD ("started/ended", test_transactions_end_started);
  ADD ("started/left-open", test_transactions_leave_started_open);

  g_test_add_func ("/store-transactions/invalid-unheard", test_transactions_invalid_unheard);
  g_test_add_func ("/store-transactions/drop-store/begun", test_transactions_drop_store_begun);

  return g_test_run ();
}
