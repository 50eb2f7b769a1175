/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Listeners that are called before a transaction is committed. */

#include "listener-fixture.h"

#include "test-util.h"

#include <string.h>

static void
assert_number (Fixture    *fixture,
               const char *table_id,
               const char *row_id,
               const char *cell_id,
               double      expected)
{
  g_assert_cmpfloat (tst_store_get_cell_number (fixture->store, table_id, row_id, cell_id), ==,
                     expected);
}

/* --- What is heard, as text --- */

static double
get_number (const GValue *value)
{
  return value != NULL ? g_value_get_double (value) : 0;
}

static void
cell_cb (TstStore     *store,
         const char   *table_id,
         const char   *row_id,
         const char   *cell_id,
         const GValue *new_value,
         const GValue *old_value,
         gpointer      user_data)
{
  g_string_append_printf (user_data, "cell %s/%s/%s %g>%g\n", table_id, row_id, cell_id,
                          get_number (old_value), get_number (new_value));
}

static void
value_cb (TstStore     *store,
          const char   *value_id,
          const GValue *new_value,
          const GValue *old_value,
          gpointer      user_data)
{
  g_string_append_printf (user_data, "value %s %g>%g\n", value_id, get_number (old_value),
                          get_number (new_value));
}

static void
row_count_cb (TstStore   *store,
              const char *table_id,
              guint       n_rows,
              gpointer    user_data)
{
  g_string_append_printf (user_data, "row-count %s %u\n", table_id, n_rows);
}

static void
finishing_cb (TstStore *store,
              gpointer  user_data)
{
  g_string_append (user_data, "finishing\n");
}

static void
finished_cb (TstStore *store,
             gpointer  user_data)
{
  g_string_append (user_data, "finished\n");
}

static void
listen (Fixture *fixture)
{
  tst_store_add_cell_listener (fixture->store, NULL, NULL, NULL, 0, cell_cb, fixture->heard, NULL);
  tst_store_add_value_listener (fixture->store, NULL, 0, value_cb, fixture->heard, NULL);
  tst_store_add_finishing_listener (fixture->store, finishing_cb, fixture->heard, NULL);
  tst_store_add_finished_listener (fixture->store, finished_cb, fixture->heard, NULL);
}

/* --- Changing what is committed --- */

static void
clamp_cb (TstStore     *store,
          const char   *table_id,
          const char   *row_id,
          const char   *cell_id,
          const GValue *new_value,
          const GValue *old_value,
          gpointer      user_data)
{
  Fixture *fixture = user_data;

  g_string_append_printf (fixture->heard, "clamp %g>%g, is %g\n", get_number (old_value),
                          get_number (new_value),
                          tst_store_get_cell_number (store, table_id, row_id, cell_id));
  if (get_number (new_value) > 10)
    g_assert_true (tst_store_set_cell_number (store, table_id, row_id, cell_id, 10, NULL));
}

static void
test_mutators_change (Fixture       *fixture,
                      gconstpointer  user_data)
{
  g_test_summary ("What a mutator writes is part of the transaction, and others see only that");

  tst_store_add_cell_listener (fixture->store, "t", NULL, NULL, TST_LISTENER_MUTATOR, clamp_cb,
                               fixture, NULL);
  listen (fixture);

  set_number (fixture, "t", "r", "c", 20);
  assert_number (fixture, "t", "r", "c", 10);
  assert_heard (fixture, "clamp 0>20, is 20\nfinishing\ncell t/r/c 0>10\nfinished\n");

  /* In the end nothing changed. */
  set_number (fixture, "t", "r", "c", 30);
  assert_heard (fixture, "clamp 10>30, is 30\nfinishing\nfinished\n");

  set_number (fixture, "t", "r", "c", 5);
  assert_heard (fixture, "clamp 10>5, is 5\nfinishing\ncell t/r/c 10>5\nfinished\n");

  /* Nothing changed before it, and so it is not called. */
  set_number (fixture, "t", "r", "c", 5);
  assert_heard (fixture, "finishing\nfinished\n");
}

static void
test_mutators_once (Fixture       *fixture,
                    gconstpointer  user_data)
{
  g_test_summary ("Each mutator is told once of the change, and sees what others wrote");

  /* The more specific one comes first, though it was added later. */
  tst_store_add_cell_listener (fixture->store, NULL, NULL, NULL, TST_LISTENER_MUTATOR, clamp_cb,
                               fixture, NULL);
  tst_store_add_cell_listener (fixture->store, "t", "r", "c", TST_LISTENER_MUTATOR, clamp_cb,
                               fixture, NULL);
  set_number (fixture, "t", "r", "c", 20);
  assert_heard (fixture, "clamp 0>20, is 20\nclamp 0>20, is 10\n");
  set_number (fixture, "t", "r2", "c", 20);
  assert_heard (fixture, "clamp 0>20, is 20\n");
}

static void
to_value_cb (TstStore     *store,
             const char   *table_id,
             const char   *row_id,
             const char   *cell_id,
             const GValue *new_value,
             const GValue *old_value,
             gpointer      user_data)
{
  g_assert_true (tst_store_set_value (store, cell_id, new_value, NULL));
}

static void
to_cell_cb (TstStore     *store,
            const char   *value_id,
            const GValue *new_value,
            const GValue *old_value,
            gpointer      user_data)
{
  g_assert_true (tst_store_set_cell (store, "values", "r", value_id, new_value, NULL));
}

static void
test_mutators_values (Fixture       *fixture,
                      gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("Mutators of values see what those of tables wrote, and not the other way");

  tst_store_add_value_listener (store, NULL, TST_LISTENER_MUTATOR, value_cb, fixture->heard, NULL);
  tst_store_add_value_listener (store, NULL, TST_LISTENER_MUTATOR, to_cell_cb, NULL, NULL);
  tst_store_add_cell_listener (store, NULL, NULL, NULL, TST_LISTENER_MUTATOR, cell_cb,
                               fixture->heard, NULL);
  tst_store_add_cell_listener (store, "t", NULL, NULL, TST_LISTENER_MUTATOR, to_value_cb, NULL,
                               NULL);
  set_number (fixture, "t", "r", "v", 1);
  assert_heard (fixture, "cell t/r/v 0>1\nvalue v 0>1\n");
  assert_number (fixture, "values", "r", "v", 1);
}

static void
add_row_count_cb (TstStore   *store,
                  const char *table_id,
                  guint       n_rows,
                  gpointer    user_data)
{
  g_assert_true (tst_store_set_cell_number (store, "t", "more", "c", 1, NULL));
}

static void
test_mutators_counts (Fixture       *fixture,
                      gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("Numbers are those before the first mutator, then those after the last");

  tst_store_add_row_count_listener (store, "t", TST_LISTENER_MUTATOR, add_row_count_cb, NULL, NULL);
  tst_store_add_row_count_listener (store, NULL, TST_LISTENER_MUTATOR, row_count_cb,
                                    fixture->heard, NULL);
  tst_store_add_finishing_listener (store, finishing_cb, fixture->heard, NULL);
  tst_store_add_row_count_listener (store, NULL, 0, row_count_cb, fixture->heard, NULL);
  set_number (fixture, "t", "r", "c", 1);
  assert_heard (fixture, "row-count t 1\nfinishing\nrow-count t 2\n");
}

static void
mutator_cell_cb (TstStore     *store,
                 const char   *table_id,
                 const char   *row_id,
                 const char   *cell_id,
                 const GValue *new_value,
                 const GValue *old_value,
                 gpointer      user_data)
{
  g_string_append_printf (user_data, "mutator-cell %s\n", cell_id);
}

static void
repair_cb (TstStore     *store,
           const char   *table_id,
           const char   *row_id,
           const char   *cell_id,
           const GError *error,
           gpointer      user_data)
{
  Fixture *fixture = user_data;

  g_string_append (fixture->heard, "repair\n");
  g_assert_true (tst_store_set_cell_number (store, table_id, row_id, cell_id, 0, NULL));
  g_assert_false (tst_store_set_cell_number (store, table_id, row_id, "x", G_MAXDOUBLE * 10, NULL));
}

static void
invalid_cell_cb (TstStore     *store,
                 const char   *table_id,
                 const char   *row_id,
                 const char   *cell_id,
                 const GError *error,
                 gpointer      user_data)
{
  g_string_append_printf (user_data, "invalid-cell %s\n", cell_id);
}

static void
test_mutators_invalid (Fixture       *fixture,
                       gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("A mutator may repair what was refused");

  tst_store_add_invalid_cell_listener (store, NULL, NULL, NULL, TST_LISTENER_MUTATOR, repair_cb,
                                       fixture, NULL);
  tst_store_add_invalid_cell_listener (store, NULL, NULL, NULL, 0, invalid_cell_cb, fixture->heard,
                                       NULL);
  g_assert_false (tst_store_set_cell_number (store, "t", "r", "c", G_MAXDOUBLE * 10, NULL));
  g_assert_true (tst_store_has_cell (store, "t", "r", "c"));
  assert_heard (fixture, "repair\ninvalid-cell c\ninvalid-cell x\n");
}

static void
test_mutators_mended (Fixture       *fixture,
                      gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("What is written in the place of what was refused is told to other mutators");

  tst_store_add_cell_listener (store, NULL, NULL, NULL, TST_LISTENER_MUTATOR, mutator_cell_cb,
                               fixture->heard, NULL);
  tst_store_add_invalid_cell_listener (store, NULL, NULL, NULL, TST_LISTENER_MUTATOR, repair_cb,
                                       fixture, NULL);
  g_assert_false (tst_store_set_cell_number (store, "t", "r", "c", G_MAXDOUBLE * 10, NULL));
  assert_heard (fixture, "repair\nmutator-cell c\n");
}

static void
answer_cb (TstStore     *store,
           const char   *table_id,
           const char   *row_id,
           const char   *cell_id,
           const GValue *new_value,
           const GValue *old_value,
           gpointer      user_data)
{
  g_assert_true (tst_store_set_cell_number (store, "t", "r", "c", 20, NULL));
}

static void
test_mutators_rounds (Fixture       *fixture,
                      gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("What a listener writes goes by the mutators as well");

  tst_store_add_cell_listener (store, "t", NULL, NULL, TST_LISTENER_MUTATOR, clamp_cb, fixture,
                               NULL);
  tst_store_add_cell_listener (store, "u", NULL, NULL, 0, answer_cb, NULL, NULL);
  set_number (fixture, "u", "r", "c", 1);
  assert_heard (fixture, "clamp 0>20, is 20\n");
  assert_number (fixture, "t", "r", "c", 10);
}

/* --- Undoing --- */

static void
refuse_cb (TstStore     *store,
           const char   *table_id,
           const char   *row_id,
           const char   *cell_id,
           const GValue *new_value,
           const GValue *old_value,
           gpointer      user_data)
{
  if (get_number (new_value) < 10)
    return;

  tst_store_rollback (store);
  g_assert_cmpfloat (tst_store_get_cell_number (store, table_id, row_id, cell_id), ==,
                     get_number (old_value));
  g_assert_true (tst_store_set_cell_number (store, "too", "late", "c", 1, NULL));
}

static void
write_in_vain (TstStore  *store,
               gpointer   user_data,
               GError   **error)
{
  g_assert_true (tst_store_set_cell_number (store, "t", "new", "c", 20, error));
}

static void
test_mutators_rollback (Fixture       *fixture,
                        gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  g_autoptr(GError) error = NULL;

  g_test_summary ("A mutator may undo the transaction, and nobody hears of it");

  set_number (fixture, "t", "r", "c", 1);
  tst_store_add_cell_listener (store, NULL, NULL, NULL, TST_LISTENER_MUTATOR, refuse_cb, NULL,
                               NULL);
  tst_store_add_cell_listener (store, NULL, NULL, NULL, TST_LISTENER_MUTATOR, cell_cb,
                               fixture->heard, NULL);
  tst_store_add_value_listener (store, NULL, TST_LISTENER_MUTATOR, value_cb, fixture->heard, NULL);
  listen (fixture);

  tst_store_begin (store);
  g_assert_true (tst_store_set_value_number (store, "v", 1, NULL));
  set_number (fixture, "t", "r", "c", 10);
  g_assert_false (tst_store_commit (store));
  assert_heard (fixture, "finished\n");
  assert_number (fixture, "t", "r", "c", 1);
  g_assert_false (tst_store_has_table (store, "too"));
  g_assert_false (tst_store_has_values (store));

  g_assert_false (tst_store_transact (store, write_in_vain, NULL, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_ROLLED_BACK);
  assert_heard (fixture, "finished\n");
  g_assert_false (tst_store_has_row (store, "t", "new"));

  /* And all is well again. */
  set_number (fixture, "t", "r", "c", 2);
  assert_heard (fixture, "cell t/r/c 1>2\nfinishing\ncell t/r/c 1>2\nfinished\n");
}

static void
refuse_finishing_cb (TstStore *store,
                     gpointer  user_data)
{
  if (tst_store_has_value (store, "no"))
    tst_store_rollback (store);
}

static void
test_mutators_rollback_finishing (Fixture       *fixture,
                                  gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("So may a handler of “transaction-finishing”");

  tst_store_add_finishing_listener (store, refuse_finishing_cb, NULL, NULL);
  tst_store_add_cell_listener (store, NULL, NULL, NULL, 0, cell_cb, fixture->heard, NULL);
  tst_store_begin (store);
  g_assert_true (tst_store_set_value_number (store, "no", 1, NULL));
  set_number (fixture, "t", "r", "c", 10);
  g_assert_false (tst_store_commit (store));
  assert_heard (fixture, "");
  g_assert_false (tst_store_has_table (store, "t"));
  g_assert_false (tst_store_has_values (store));
}

static void
inner_rollback_cb (TstStore     *store,
                   const char   *table_id,
                   const char   *row_id,
                   const char   *cell_id,
                   const GValue *new_value,
                   const GValue *old_value,
                   gpointer      user_data)
{
  tst_store_begin (store);
  tst_store_remove_tables (store);
  tst_store_rollback (store);
  tst_store_begin (store);
  g_assert_true (tst_store_set_cell_number (store, "u", row_id, cell_id, 1, NULL));
  g_assert_true (tst_store_commit (store));
}

static void
test_mutators_inner (Fixture       *fixture,
                     gconstpointer  user_data)
{
  g_test_summary ("A mutator may have transactions of its own inside");

  tst_store_add_cell_listener (fixture->store, "t", NULL, NULL, TST_LISTENER_MUTATOR,
                               inner_rollback_cb, NULL, NULL);
  set_number (fixture, "t", "r", "c", 1);
  assert_number (fixture, "t", "r", "c", 1);
  assert_number (fixture, "u", "r", "c", 1);
}

/* --- Robust --- */

static void
begin_cb (TstStore     *store,
          const char   *table_id,
          const char   *row_id,
          const char   *cell_id,
          const GValue *new_value,
          const GValue *old_value,
          gpointer      user_data)
{
  tst_store_begin (store);
  g_assert_true (tst_store_set_cell_number (store, "u", "r", "c", 1, NULL));
}

static void
test_mutators_begin (Fixture       *fixture,
                     gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("A transaction that a mutator leaves open is ended, with what it wrote");

  fixture->handles[0] = tst_store_add_cell_listener (store, "t", NULL, NULL, TST_LISTENER_MUTATOR,
                                                 begin_cb, NULL, NULL);
  listen (fixture);
  g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, "*mutator began*");
  set_number (fixture, "t", "r", "c", 1);
  g_test_assert_expected_messages ();
  assert_heard (fixture, "finishing\ncell t/r/c 0>1\ncell u/r/c 0>1\nfinished\n");

  g_assert_true (tst_store_remove_listener (store, fixture->handles[0]));
  set_number (fixture, "t", "r", "c", 2);
  assert_heard (fixture, "finishing\ncell t/r/c 1>2\nfinished\n");
}

static void
commit_cb (TstStore     *store,
           const char   *table_id,
           const char   *row_id,
           const char   *cell_id,
           const GValue *new_value,
           const GValue *old_value,
           gpointer      user_data)
{
  tst_store_commit (store);
}

static void
test_mutators_commit (Fixture       *fixture,
                      gconstpointer  user_data)
{
  g_test_summary ("A mutator cannot commit what it is called for");

  tst_store_add_cell_listener (fixture->store, "t", NULL, NULL, TST_LISTENER_MUTATOR, commit_cb,
                               NULL, NULL);
  listen (fixture);
  g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, "*closing*");
  set_number (fixture, "t", "r", "c", 1);
  g_test_assert_expected_messages ();
  assert_heard (fixture, "finishing\ncell t/r/c 0>1\nfinished\n");
}

static void
count_destroyed (gpointer user_data)
{
  ((Fixture *) user_data)->n_destroyed++;
}

static void
remove_itself_cb (TstStore     *store,
                  const char   *table_id,
                  const char   *row_id,
                  const char   *cell_id,
                  const GValue *new_value,
                  const GValue *old_value,
                  gpointer      user_data)
{
  Fixture *fixture = user_data;

  g_assert_true (tst_store_remove_listener (store, fixture->handles[0]));
  g_assert_cmpuint (fixture->n_destroyed, ==, 0);
  g_assert_true (tst_store_set_cell_number (store, "u", "r", "c", 1, NULL));
}

static void
test_mutators_remove_inside (Fixture       *fixture,
                             gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  gulong handle;

  g_test_summary ("A mutator may remove itself, and its handle is not used again");

  fixture->handles[0] = tst_store_add_cell_listener (store, "t", NULL, NULL, TST_LISTENER_MUTATOR,
                                                 remove_itself_cb, fixture, count_destroyed);
  g_assert_cmpuint (tst_store_get_n_listeners (store, TST_LISTENER_KIND_CELL), ==, 1);
  set_number (fixture, "t", "r", "c", 1);
  g_assert_cmpuint (fixture->n_destroyed, ==, 1);
  g_assert_cmpuint (tst_store_get_n_listeners (store, TST_LISTENER_KIND_CELL), ==, 0);
  assert_number (fixture, "u", "r", "c", 1);

  handle = tst_store_add_cell_listener (store, NULL, NULL, NULL, 0, cell_cb, fixture->heard, NULL);
  g_assert_cmpuint (handle, >, fixture->handles[0]);
  g_assert_false (tst_store_remove_listener (store, fixture->handles[0]));
  set_number (fixture, "t", "r", "c", 2);
  assert_heard (fixture, "cell t/r/c 1>2\n");
}

static void
add_listeners_cb (TstStore     *store,
                  const char   *table_id,
                  const char   *row_id,
                  const char   *cell_id,
                  const GValue *new_value,
                  const GValue *old_value,
                  gpointer      user_data)
{
  Fixture *fixture = user_data;

  g_assert_true (tst_store_remove_listener (store, fixture->handles[0]));
  tst_store_add_cell_listener (store, NULL, NULL, NULL, TST_LISTENER_MUTATOR, clamp_cb, fixture,
                               NULL);
  listen (fixture);
}

static void
test_mutators_add_inside (Fixture       *fixture,
                          gconstpointer  user_data)
{
  g_test_summary ("Listeners that a mutator adds are told of the same transaction");

  fixture->handles[0] = tst_store_add_cell_listener (fixture->store, "t", NULL, NULL,
                                                 TST_LISTENER_MUTATOR, add_listeners_cb, fixture,
                                                 NULL);
  set_number (fixture, "t", "r", "c", 20);
  assert_heard (fixture, "clamp 0>20, is 20\nfinishing\ncell t/r/c 0>10\nfinished\n");
}

static void
drop_store_cb (TstStore     *store,
               const char   *table_id,
               const char   *row_id,
               const char   *cell_id,
               const GValue *new_value,
               const GValue *old_value,
               gpointer      user_data)
{
  Fixture *fixture = user_data;

  g_clear_object (&fixture->store);
}

static void
test_mutators_drop_store (Fixture       *fixture,
                          gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  gpointer gone = store;

  g_test_summary ("A mutator may drop the last reference to the store");

  g_object_add_weak_pointer (G_OBJECT (store), &gone);
  tst_store_add_cell_listener (store, "t", NULL, NULL, TST_LISTENER_MUTATOR, drop_store_cb,
                               fixture, count_destroyed);
  tst_store_add_cell_listener (store, NULL, NULL, NULL, 0, cell_cb, fixture->heard, NULL);
  set_number (fixture, "t", "r", "c", 1);
  g_assert_null (gone);
  g_assert_cmpuint (fixture->n_destroyed, ==, 1);
  assert_heard (fixture, "cell t/r/c 0>1\n");
}

static void
test_mutators_flags (Fixture       *fixture,
                     gconstpointer  user_data)
{
  g_test_summary ("Unknown flags are refused");

  g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, "*flags*");
  g_assert_cmpuint (tst_store_add_cell_listener (fixture->store, NULL, NULL, NULL, 1 << 5, cell_cb,
                                                 fixture->heard, NULL), ==, 0);
  g_test_assert_expected_messages ();
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/mutators/" path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

  ADD ("change", test_mutators_change);
  ADD ("once", test_mutators_once);
  ADD ("values", test_mutators_values);
  ADD ("counts", test_mutators_counts);
  ADD ("invalid", test_mutators_invalid);
  ADD ("mended", test_mutators_mended);
  ADD ("rounds", test_mutators_rounds);
  ADD ("rollback", test_mutators_rollback);
  ADD ("rollback/finishing", test_mutators_rollback_finishing);
  ADD ("inner", test_mutators_inner);
  ADD ("begin", test_mutators_begin);
  ADD ("commit", test_mutators_commit);
  ADD ("remove-inside", test_mutators_remove_inside);
  ADD ("add-inside", test_mutators_add_inside);
  ADD ("drop-store", test_mutators_drop_store);
  ADD ("flags", test_mutators_flags);

  return g_test_run ();
}
