/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Listeners that are called without a change. */

#include "listener-fixture.h"

#include "test-util.h"

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  fixture_set_up (fixture, user_data);

  set_number (fixture, "t", "r", "a", 1);
  set_number (fixture, "t", "s", "a", 2);
  set_number (fixture, "t", "s", "b", 3);
  set_number (fixture, "u", "r", "a", 4);
  g_assert_true (tst_store_set_value_number (fixture->store, "v", 5, NULL));
}

/* Calls it, and looks at what it heard. */
static void
assert_called (Fixture    *fixture,
               gulong      handle,
               const char *expected)
{
  g_assert_true (tst_store_call_listener (fixture->store, handle));
  g_assert_cmpstr (fixture->heard->str, ==, expected);
  g_string_truncate (fixture->heard, 0);
  g_assert_true (tst_store_remove_listener (fixture->store, handle));
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
  g_string_append_printf (user_data, "%s/%s/%s %g>%g ", table_id, row_id, cell_id,
                          get_number (old_value), get_number (new_value));
}

static void
value_cb (TstStore     *store,
          const char   *value_id,
          const GValue *new_value,
          const GValue *old_value,
          gpointer      user_data)
{
  g_string_append_printf (user_data, "%s %g>%g ", value_id, get_number (old_value),
                          get_number (new_value));
}

static void
row_cb (TstStore   *store,
        const char *table_id,
        const char *row_id,
        gpointer    user_data)
{
  g_string_append_printf (user_data, "%s/%s ", table_id, row_id);
}

static void
store_cb (TstStore *store,
          gpointer  user_data)
{
  g_string_append (user_data, "store ");
}

static void
has_cb (TstStore *store,
        gboolean  exists,
        gpointer  user_data)
{
  g_string_append_printf (user_data, "%d ", exists);
}

static void
has_table_cb (TstStore   *store,
              const char *table_id,
              gboolean    exists,
              gpointer    user_data)
{
  g_string_append_printf (user_data, "%s %d ", table_id, exists);
}

static void
has_row_cb (TstStore   *store,
            const char *table_id,
            const char *row_id,
            gboolean    exists,
            gpointer    user_data)
{
  g_string_append_printf (user_data, "%s/%s %d ", table_id, row_id, exists);
}

static void
has_cell_cb (TstStore   *store,
             const char *table_id,
             const char *row_id,
             const char *cell_id,
             gboolean    exists,
             gpointer    user_data)
{
  g_string_append_printf (user_data, "%s/%s/%s %d ", table_id, row_id, cell_id, exists);
}

static void
row_count_cb (TstStore   *store,
              const char *table_id,
              guint       n_rows,
              gpointer    user_data)
{
  g_string_append_printf (user_data, "%s %u ", table_id, n_rows);
}

static void
ids_cb (TstStore           *store,
        const char * const *added,
        const char * const *removed,
        gpointer            user_data)
{
  g_assert_true (*added == NULL && *removed == NULL);
  g_string_append (user_data, "ids ");
}

static void
row_ids_cb (TstStore           *store,
            const char         *table_id,
            const char * const *added,
            const char * const *removed,
            gpointer            user_data)
{
  g_assert_true (*added == NULL && *removed == NULL);
  g_string_append_printf (user_data, "%s ", table_id);
}

static void
cell_ids_cb (TstStore           *store,
             const char         *table_id,
             const char         *row_id,
             const char * const *added,
             const char * const *removed,
             gpointer            user_data)
{
  g_assert_true (*added == NULL && *removed == NULL);
  g_string_append_printf (user_data, "%s/%s ", table_id, row_id);
}

static void
invalid_value_cb (TstStore     *store,
                  const char   *value_id,
                  const GError *error,
                  gpointer      user_data)
{
  g_assert_not_reached ();
}

/* --- Kinds --- */

static void
test_call_listener_cells (Fixture       *fixture,
                          gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  GString *heard = fixture->heard;

  g_test_summary ("A wildcard stands for what there is, in order; an id for itself");

#define CALL_CELL(t, r, c, expected) \
  assert_called (fixture, tst_store_add_cell_listener (store, t, r, c, 0, cell_cb, heard, NULL), \
                 expected)

  CALL_CELL (NULL, NULL, NULL, "t/r/a 1>1 t/s/a 2>2 t/s/b 3>3 u/r/a 4>4 ");
  CALL_CELL (NULL, "r", NULL, "t/r/a 1>1 u/r/a 4>4 ");
  CALL_CELL ("t", NULL, "b", "t/r/b 0>0 t/s/b 3>3 ");
  CALL_CELL ("t", "s", "b", "t/s/b 3>3 ");
  CALL_CELL ("none", "r", "a", "none/r/a 0>0 ");
  CALL_CELL ("none", NULL, NULL, "");

  assert_called (fixture, tst_store_add_value_listener (store, NULL, 0, value_cb, heard, NULL),
                 "v 5>5 ");
  assert_called (fixture, tst_store_add_value_listener (store, "x", 0, value_cb, heard, NULL),
                 "x 0>0 ");
}

static void
test_call_listener_kinds (Fixture       *fixture,
                          gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  GString *heard = fixture->heard;

  g_test_summary ("Every kind is told how things are");

#define CALL(kind, expected, ...) \
  assert_called (fixture, tst_store_add_ ## kind ## _listener (store, __VA_ARGS__, heard, NULL), \
                 expected)

  CALL (has_tables, "1 ", 0, has_cb);
  CALL (table_ids, "ids ", 0, ids_cb);
  CALL (has_table, "t 1 u 1 ", NULL, 0, has_table_cb);
  CALL (has_table, "x 0 ", "x", 0, has_table_cb);
  CALL (table_cell_ids, "t u ", NULL, 0, row_ids_cb);
  CALL (has_table_cell, "t/a 1 t/b 1 u/a 1 ", NULL, NULL, 0, has_row_cb);
  CALL (has_table_cell, "t/b 1 u/b 0 ", NULL, "b", 0, has_row_cb);
  CALL (row_count, "t 2 u 1 ", NULL, 0, row_count_cb);
  CALL (row_ids, "t u ", NULL, 0, row_ids_cb);
  CALL (has_row, "t/r 1 t/s 1 u/r 1 ", NULL, NULL, 0, has_row_cb);
  CALL (has_row, "t/s 1 u/s 0 ", NULL, "s", 0, has_row_cb);
  CALL (cell_ids, "t/r t/s u/r ", NULL, NULL, 0, cell_ids_cb);
  CALL (has_cell, "t/r/b 0 t/s/b 1 ", "t", NULL, "b", 0, has_cell_cb);
  CALL (row, "t/r t/s ", "t", NULL, 0, row_cb);
  CALL (tables, "store ", 0, store_cb);
  CALL (has_values, "1 ", 0, has_cb);
  CALL (value_ids, "ids ", 0, ids_cb);
  CALL (has_value, "v 1 ", NULL, 0, has_table_cb);
  CALL (values, "store ", 0, store_cb);
  CALL (started, "store ", store_cb);
  CALL (finished, "store ", store_cb);
  CALL (invalid_value, "", "v", 0, invalid_value_cb);
}

static void
test_call_listener_unknown (Fixture       *fixture,
                            gconstpointer  user_data)
{
  gulong handle = tst_store_add_tables_listener (fixture->store, 0, store_cb, fixture->heard, NULL);

  g_test_summary ("A listener that is gone is not called");

  g_assert_true (tst_store_remove_listener (fixture->store, handle));
  g_assert_false (tst_store_call_listener (fixture->store, handle));
  g_assert_false (tst_store_call_listener (fixture->store, 0));
  g_assert_cmpstr (fixture->heard->str, ==, "");
}

/* --- Robust --- */

static void
double_cb (TstStore     *store,
           const char   *table_id,
           const char   *row_id,
           const char   *cell_id,
           const GValue *new_value,
           const GValue *old_value,
           gpointer      user_data)
{
  Fixture *fixture = user_data;
  double number = tst_store_get_cell_number (store, table_id, row_id, cell_id);

  g_assert_true (tst_store_set_cell_number (store, table_id, row_id, cell_id, number * 2, NULL));
  g_assert_true (tst_store_set_cell_number (store, "w", row_id, cell_id, number, NULL));
  g_string_append (fixture->heard, "double ");
}

static void
test_call_listener_write (Fixture       *fixture,
                          gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("A mutator is called as well, and its writes are transactions");

  fixture->handles[0] = tst_store_add_cell_listener (store, "t", NULL, "a", TST_LISTENER_MUTATOR,
                                                 double_cb, fixture, NULL);
  tst_store_add_finished_listener (store, store_cb, fixture->heard, NULL);
  tst_store_begin (store);
  g_assert_true (tst_store_call_listener (store, fixture->handles[0]));
  g_assert_cmpstr (fixture->heard->str, ==, "double double ");
  g_assert_cmpfloat (tst_store_get_cell_number (store, "t", "r", "a"), ==, 2);
  g_assert_cmpfloat (tst_store_get_cell_number (store, "t", "s", "a"), ==, 4);
  tst_store_rollback (store);
  g_assert_cmpfloat (tst_store_get_cell_number (store, "t", "s", "a"), ==, 2);
}

static void
remove_itself_cb (TstStore   *store,
                  const char *table_id,
                  const char *row_id,
                  gpointer    user_data)
{
  Fixture *fixture = user_data;

  g_assert_true (tst_store_remove_listener (store, fixture->handles[0]));
  tst_store_remove_tables (store);
  row_cb (store, table_id, row_id, fixture->heard);
}

static void
test_call_listener_remove_inside (Fixture       *fixture,
                                  gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("A listener may remove itself, and what it is called for");

  fixture->handles[0] = tst_store_add_row_listener (store, NULL, NULL, 0, remove_itself_cb, fixture,
                                                NULL);
  g_assert_true (tst_store_call_listener (store, fixture->handles[0]));
  g_assert_cmpstr (fixture->heard->str, ==, "t/r ");
}

static void
test_call_listener_second (Fixture       *fixture,
                           gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  GString *others = g_string_new (NULL);

  g_test_summary ("Of several listeners to the same thing, the one that is meant is called");

  for (guint i = 0; i < 3; i++)
    fixture->handles[i] = tst_store_add_row_listener (store, "t", "r", 0, row_cb,
                                                      i == 1 ? fixture->heard : others, NULL);
  assert_called (fixture, fixture->handles[1], "t/r ");
  g_assert_cmpstr (others->str, ==, "");

  g_assert_true (tst_store_call_listener (store, fixture->handles[2]));
  g_assert_cmpstr (others->str, ==, "t/r ");
  g_assert_cmpstr (fixture->heard->str, ==, "");
  g_string_free (others, TRUE);
}

static void
drop_store_cb (TstStore   *store,
               const char *table_id,
               const char *row_id,
               gpointer    user_data)
{
  Fixture *fixture = user_data;

  g_clear_object (&fixture->store);
  row_cb (store, table_id, row_id, fixture->heard);
}

static void
test_call_listener_drop_store (Fixture       *fixture,
                               gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  gpointer gone = store;

  g_test_summary ("A listener may drop the last reference to the store");

  g_object_add_weak_pointer (G_OBJECT (store), &gone);
  fixture->handles[0] = tst_store_add_row_listener (store, "t", NULL, 0, drop_store_cb, fixture, NULL);
  g_assert_true (tst_store_call_listener (store, fixture->handles[0]));
  g_assert_null (gone);
  g_assert_cmpstr (fixture->heard->str, ==, "t/r t/s ");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/call-listener/" path, Fixture, NULL, set_up, func, fixture_tear_down)

  ADD ("cells", test_call_listener_cells);
  ADD ("kinds", test_call_listener_kinds);
  ADD ("second", test_call_listener_second);
  ADD ("unknown", test_call_listener_unknown);
  ADD ("write", test_call_listener_write);
  ADD ("remove-inside", test_call_listener_remove_inside);
  ADD ("drop-store", test_call_listener_drop_store);

  return g_test_run ();
}
