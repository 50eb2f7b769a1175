/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "listener-fixture.h"

#include "test-util.h"

#include <string.h>

/* --- What is heard, as text --- */

static void
append_value (GString      *heard,
              const GValue *value)
{
  if (value == NULL)
    g_string_append (heard, "-");
  else if (G_VALUE_HOLDS_STRING (value))
    g_string_append (heard, g_value_get_string (value));
  else if (G_VALUE_HOLDS_DOUBLE (value))
    g_string_append_printf (heard, "%g", g_value_get_double (value));
  else
    g_string_append (heard, G_VALUE_TYPE_NAME (value));
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
  g_string_append_printf (user_data, "cell %s/%s/%s ", table_id, row_id, cell_id);
  append_value (user_data, old_value);
  g_string_append_c (user_data, '>');
  append_value (user_data, new_value);
  g_string_append_c (user_data, '\n');
}

static void
row_cb (TstStore   *store,
        const char *table_id,
        const char *row_id,
        gpointer    user_data)
{
  g_string_append_printf (user_data, "row %s/%s\n", table_id, row_id);
}

static void
table_cb (TstStore   *store,
          const char *table_id,
          gpointer    user_data)
{
  g_string_append_printf (user_data, "table %s\n", table_id);
}

static void
tables_cb (TstStore *store,
           gpointer  user_data)
{
  g_string_append (user_data, "tables\n");
}

static void
values_cb (TstStore *store,
           gpointer  user_data)
{
  g_string_append (user_data, "values\n");
}

static void
cell_ids_cb (TstStore           *store,
             const char         *table_id,
             const char         *row_id,
             const char * const *added,
             const char * const *removed,
             gpointer            user_data)
{
  g_string_append_printf (user_data, "cell-ids %s/%s ", table_id, row_id);
  append_ids (user_data, '+', added);
  append_ids (user_data, '-', removed);
  g_string_append_c (user_data, '\n');
}

static void
row_ids_cb (TstStore           *store,
            const char         *table_id,
            const char * const *added,
            const char * const *removed,
            gpointer            user_data)
{
  g_string_append_printf (user_data, "row-ids %s ", table_id);
  append_ids (user_data, '+', added);
  append_ids (user_data, '-', removed);
  g_string_append_c (user_data, '\n');
}

static void
table_ids_cb (TstStore           *store,
              const char * const *added,
              const char * const *removed,
              gpointer            user_data)
{
  g_string_append (user_data, "table-ids ");
  append_ids (user_data, '+', added);
  append_ids (user_data, '-', removed);
  g_string_append_c (user_data, '\n');
}

static void
value_ids_cb (TstStore           *store,
              const char * const *added,
              const char * const *removed,
              gpointer            user_data)
{
  g_string_append (user_data, "value-ids ");
  append_ids (user_data, '+', added);
  append_ids (user_data, '-', removed);
  g_string_append_c (user_data, '\n');
}

static void
value_cb (TstStore     *store,
          const char   *value_id,
          const GValue *new_value,
          const GValue *old_value,
          gpointer      user_data)
{
  g_string_append_printf (user_data, "value %s ", value_id);
  append_value (user_data, old_value);
  g_string_append_c (user_data, '>');
  append_value (user_data, new_value);
  g_string_append_c (user_data, '\n');
}

static void
listen_to_all (Fixture *fixture)
{
  TstStore *store = fixture->store;
  GString *heard = fixture->heard;

  tst_store_add_values_listener (store, 0, values_cb, heard, NULL);
  tst_store_add_value_listener (store, NULL, 0, value_cb, heard, NULL);
  tst_store_add_value_ids_listener (store, 0, value_ids_cb, heard, NULL);
  tst_store_add_tables_listener (store, 0, tables_cb, heard, NULL);
  tst_store_add_table_listener (store, NULL, 0, table_cb, heard, NULL);
  tst_store_add_row_listener (store, NULL, NULL, 0, row_cb, heard, NULL);
  tst_store_add_cell_listener (store, NULL, NULL, NULL, 0, cell_cb, heard, NULL);
  tst_store_add_cell_ids_listener (store, NULL, NULL, 0, cell_ids_cb, heard, NULL);
  tst_store_add_row_ids_listener (store, NULL, 0, row_ids_cb, heard, NULL);
  tst_store_add_table_ids_listener (store, 0, table_ids_cb, heard, NULL);
}

/* --- Kinds and their order --- */

static void
test_listeners_kinds (Fixture       *fixture,
                      gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("Every kind hears what it is for, in the order of kinds");

  listen_to_all (fixture);

  tst_store_begin (store);
  set_number (fixture, "pets", "fido", "price", 5);
  g_assert_true (tst_store_set_value_string (store, "open", "yes", NULL));
  tst_store_commit (store);
  assert_heard (fixture,
                "table-ids +pets\n"
                "row-ids pets +fido\n"
                "cell-ids pets/fido +price\n"
                "cell pets/fido/price ->5\n"
                "row pets/fido\n"
                "table pets\n"
                "tables\n"
                "value-ids +open\n"
                "value open ->yes\n"
                "values\n");

  set_number (fixture, "pets", "fido", "price", 6);
  assert_heard (fixture,
                "cell pets/fido/price 5>6\n"
                "row pets/fido\n"
                "table pets\n"
                "tables\n");

  g_assert_true (tst_store_remove_row (store, "pets", "fido"));
  assert_heard (fixture,
                "table-ids -pets\n"
                "row-ids pets -fido\n"
                "cell-ids pets/fido -price\n"
                "cell pets/fido/price 6>-\n"
                "row pets/fido\n"
                "table pets\n"
                "tables\n");

  g_assert_true (tst_store_set_value_number (store, "open", 1, NULL));
  assert_heard (fixture, "value open yes>1\nvalues\n");
  g_assert_true (tst_store_remove_value (store, "open"));
  assert_heard (fixture, "value-ids -open\nvalue open 1>-\nvalues\n");
}

static void
test_listeners_grouped (Fixture       *fixture,
                        gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("Cells, then their row; rows, then their table; tables, then all");

  set_number (fixture, "t", "r1", "a", 1);
  set_number (fixture, "t", "r2", "a", 1);
  set_number (fixture, "u", "r1", "a", 1);

  tst_store_add_tables_listener (store, 0, tables_cb, fixture->heard, NULL);
  tst_store_add_table_listener (store, NULL, 0, table_cb, fixture->heard, NULL);
  tst_store_add_row_listener (store, NULL, NULL, 0, row_cb, fixture->heard, NULL);
  tst_store_add_cell_listener (store, NULL, NULL, NULL, 0, cell_cb, fixture->heard, NULL);

  tst_store_begin (store);
  set_number (fixture, "t", "r1", "a", 2);
  set_number (fixture, "t", "r2", "a", 2);
  set_number (fixture, "u", "r1", "a", 2);
  set_number (fixture, "t", "r1", "b", 2);
  tst_store_commit (store);
  assert_heard (fixture,
                "cell t/r1/a 1>2\n"
                "cell t/r1/b ->2\n"
                "row t/r1\n"
                "cell t/r2/a 1>2\n"
                "row t/r2\n"
                "table t\n"
                "cell u/r1/a 1>2\n"
                "row u/r1\n"
                "table u\n"
                "tables\n");
}

static void
test_listeners_removed (Fixture       *fixture,
                        gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("What is removed at once is told of in the order in which it was");

  for (guint i = 0; i < 3; i++)
    {
      const char id[] = { (char) ('a' + i), '\0' };

      set_number (fixture, "t", "r", id, i);
      set_number (fixture, id, "r", "c", i);
      g_assert_true (tst_store_set_value_number (store, id, i, NULL));
    }

  tst_store_add_cell_ids_listener (store, "t", "r", 0, cell_ids_cb, fixture->heard, NULL);
  tst_store_add_table_ids_listener (store, 0, table_ids_cb, fixture->heard, NULL);
  tst_store_add_value_ids_listener (store, 0, value_ids_cb, fixture->heard, NULL);

  g_assert_true (tst_store_set_row_json (store, "t", "r", "{\"d\":1}", NULL));
  assert_heard (fixture, "cell-ids t/r +d-a-b-c\n");
  g_assert_true (tst_store_set_values_json (store, "{\"d\":1}", NULL));
  assert_heard (fixture, "value-ids +d-a-b-c\n");
  tst_store_remove_tables (store);
  assert_heard (fixture, "table-ids -t-a-b-c\ncell-ids t/r -d\n");
}

static void
append_name_cell_cb (TstStore     *store,
                     const char   *table_id,
                     const char   *row_id,
                     const char   *cell_id,
                     const GValue *new_value,
                     const GValue *old_value,
                     gpointer      user_data)
{
  const char *name = user_data;

  g_string_append_printf (g_object_get_data (G_OBJECT (store), "heard"), "%s ", name);
}

static void
test_listeners_patterns (Fixture       *fixture,
                         gconstpointer  user_data)
{
  static const struct { const char *ids[3]; const char *name; } patterns[] = {
    { { NULL, NULL, NULL }, "***" }, { { NULL, NULL, "c" }, "**c" }, { { NULL, "r", NULL }, "*r*" },
    { { NULL, "r", "c" }, "*rc" }, { { "t", NULL, NULL }, "t**" }, { { "t", NULL, "c" }, "t*c" },
    { { "t", "r", NULL }, "tr*" }, { { "t", "r", "c" }, "trc" }, { { "t", "r", "c" }, "trc2" },
    { { "x", NULL, NULL }, "x**" }, { { NULL, "x", NULL }, "*x*" }, { { NULL, NULL, "x" }, "**x" },
    { { NULL, NULL, NULL }, "***2" },
  };

  g_test_summary ("Specific before wildcard, from left to right; then in order of addition");

  g_object_set_data (G_OBJECT (fixture->store), "heard", fixture->heard);
  for (guint i = 0; i < G_N_ELEMENTS (patterns); i++)
    tst_store_add_cell_listener (fixture->store, patterns[i].ids[0], patterns[i].ids[1],
                                 patterns[i].ids[2], 0, append_name_cell_cb,
                                 (gpointer) patterns[i].name, NULL);

  set_number (fixture, "t", "r", "c", 1);
  assert_heard (fixture, "trc trc2 tr* t*c t** *rc *r* **c *** ***2 ");
  set_number (fixture, "t", "r2", "c", 1);
  assert_heard (fixture, "t*c t** **c *** ***2 ");
  set_number (fixture, "u", "r", "d", 1);
  assert_heard (fixture, "*r* *** ***2 ");
  set_number (fixture, "x", "x", "x", 1);
  assert_heard (fixture, "x** *x* **x *** ***2 ");
}

static void
test_listeners_exact (Fixture       *fixture,
                      gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("Who listens to one thing hears of nothing else");

  tst_store_add_row_listener (store, "t", "r", 0, row_cb, fixture->heard, NULL);
  tst_store_add_row_listener (store, NULL, "q", 0, row_cb, fixture->heard, NULL);
  tst_store_add_table_listener (store, "u", 0, table_cb, fixture->heard, NULL);
  tst_store_add_cell_ids_listener (store, "t", NULL, 0, cell_ids_cb, fixture->heard, NULL);
  tst_store_add_row_ids_listener (store, "t", 0, row_ids_cb, fixture->heard, NULL);
  tst_store_add_value_listener (store, "v", 0, value_cb, fixture->heard, NULL);

  set_number (fixture, "u", "r", "c", 1);
  assert_heard (fixture, "table u\n");
  set_number (fixture, "x", "q", "c", 1);
  assert_heard (fixture, "row x/q\n");
  set_number (fixture, "t", "r", "c", 1);
  assert_heard (fixture, "row-ids t +r\ncell-ids t/r +c\nrow t/r\n");
  g_assert_true (tst_store_set_value_number (store, "w", 1, NULL));
  assert_heard (fixture, "");
  g_assert_true (tst_store_set_value_number (store, "v", 1, NULL));
  assert_heard (fixture, "value v ->1\n");
}

static void
test_listeners_empty_id (Fixture       *fixture,
                         gconstpointer  user_data)
{
  g_test_summary ("The empty id is an id, not a wildcard");

  tst_store_add_row_listener (fixture->store, "", "", 0, row_cb, fixture->heard, NULL);
  set_number (fixture, "t", "r", "c", 1);
  assert_heard (fixture, "");
  set_number (fixture, "", "", "", 1);
  assert_heard (fixture, "row /\n");
}

static void
test_listeners_null_value (Fixture       *fixture,
                           gconstpointer  user_data)
{
  g_test_summary ("Null is told as a value, absence as none");

  tst_store_add_cell_listener (fixture->store, NULL, NULL, NULL, 0, cell_cb, fixture->heard, NULL);
  g_assert_true (tst_store_set_cell (fixture->store, "t", "r", "c", NULL, NULL));
  assert_heard (fixture, "cell t/r/c ->gpointer\n");
  g_assert_true (tst_store_remove_cell (fixture->store, "t", "r", "c"));
  assert_heard (fixture, "cell t/r/c gpointer>-\n");
}

static void
test_listeners_net (Fixture       *fixture,
                    gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("Only the difference between before and after is told");

  set_number (fixture, "t", "r", "a", 1);
  set_number (fixture, "t", "r", "b", 1);
  listen_to_all (fixture);

  tst_store_begin (store);
  set_number (fixture, "t", "r", "a", 2);
  set_number (fixture, "t", "r", "a", 3);
  g_assert_true (tst_store_remove_row (store, "t", "r"));
  set_number (fixture, "t", "r", "a", 4);
  set_number (fixture, "t", "r", "b", 1);
  set_number (fixture, "t", "s", "a", 1);
  g_assert_true (tst_store_remove_row (store, "t", "s"));
  tst_store_commit (store);
  assert_heard (fixture, "cell t/r/a 1>4\nrow t/r\ntable t\ntables\n");

  tst_store_begin (store);
  g_assert_true (tst_store_remove_table (store, "t"));
  set_number (fixture, "t", "r", "b", 1);
  set_number (fixture, "t", "r", "a", 4);
  tst_store_commit (store);
  assert_heard (fixture, "");
}

static void
test_listeners_long_texts (Fixture       *fixture,
                           gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("The old text is still there to be told");

  g_assert_true (tst_store_set_cell_string (store, "t", "r", "c", "the old text, which is long",
                                            NULL));
  tst_store_add_cell_listener (store, "t", "r", "c", 0, cell_cb, fixture->heard, NULL);
  g_assert_true (tst_store_set_cell_string (store, "t", "r", "c", "the new text, which is long",
                                            NULL));
  assert_heard (fixture, "cell t/r/c the old text, which is long>the new text, which is long\n");
}

/* --- Coming and going --- */

static void
test_listeners_remove (Fixture       *fixture,
                       gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  gulong first, second;

  g_test_summary ("A removed listener hears no more, and its handle is never used again");

  first = tst_store_add_tables_listener (store, 0, tables_cb, fixture->heard, NULL);
  g_assert_cmpuint (first, >, 0);
  g_assert_true (tst_store_remove_listener (store, first));
  set_number (fixture, "t", "r", "c", 1);
  assert_heard (fixture, "");

  second = tst_store_add_tables_listener (store, 0, tables_cb, fixture->heard, NULL);
  g_assert_cmpuint (second, !=, first);
  g_assert_false (tst_store_remove_listener (store, first));
  set_number (fixture, "t", "r", "c", 2);
  assert_heard (fixture, "tables\n");
  g_assert_true (tst_store_remove_listener (store, second));
  g_assert_false (tst_store_remove_listener (store, second));
  g_assert_false (tst_store_remove_listener (store, 0));
}

static void
destroyed_cb (gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->n_destroyed++;
}

static void
count_cb (TstStore *store,
          gpointer  user_data)
{
  Fixture *fixture = user_data;

  fixture->n_calls++;
}

static void
test_listeners_destroy (Fixture       *fixture,
                        gconstpointer  user_data)
{
  TstStore *store = g_steal_pointer (&fixture->store);
  gulong handle;

  g_test_summary ("User data is destroyed once: at removal, or with the store");

  handle = tst_store_add_tables_listener (store, 0, count_cb, fixture, destroyed_cb);
  tst_store_add_finished_listener (store, count_cb, fixture, destroyed_cb);
  g_assert_true (tst_store_remove_listener (store, handle));
  g_assert_cmpuint (fixture->n_destroyed, ==, 1);
  g_assert_finalize_object (store);
  g_assert_cmpuint (fixture->n_destroyed, ==, 2);
}

static void
remove_handles_cb (TstStore *store,
                   gpointer  user_data)
{
  Fixture *fixture = user_data;

  fixture->n_calls++;
  for (guint i = 0; i < G_N_ELEMENTS (fixture->handles); i++)
    {
      if (fixture->handles[i] != 0)
        g_assert_true (tst_store_remove_listener (store, fixture->handles[i]));
      fixture->handles[i] = 0;
    }
}

static void
test_listeners_remove_inside (Fixture       *fixture,
                              gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("A listener may remove itself and others, which are then not called");

  fixture->handles[0] = tst_store_add_tables_listener (store, 0, remove_handles_cb, fixture,
                                                       destroyed_cb);
  fixture->handles[1] = tst_store_add_tables_listener (store, 0, remove_handles_cb, fixture,
                                                       destroyed_cb);
  fixture->handles[2] = tst_store_add_finished_listener (store, remove_handles_cb, fixture,
                                                         destroyed_cb);
  set_number (fixture, "t", "r", "c", 1);
  g_assert_cmpuint (fixture->n_calls, ==, 1);
  g_assert_cmpuint (fixture->n_destroyed, ==, 3);
  set_number (fixture, "t", "r", "c", 2);
  g_assert_cmpuint (fixture->n_calls, ==, 1);
}

static void
add_another_cb (TstStore   *store,
                const char *table_id,
                gpointer    user_data)
{
  Fixture *fixture = user_data;

  if (fixture->n_calls++ > 0)
    return;

  tst_store_add_table_listener (store, "t", 0, table_cb, fixture->heard, NULL);
  tst_store_add_tables_listener (store, 0, tables_cb, fixture->heard, NULL);
  for (guint i = 0; i < 200; i++)
    tst_store_add_table_listener (store, "never", 0, table_cb, fixture->heard, NULL);
}

static void
test_listeners_add_inside (Fixture       *fixture,
                           gconstpointer  user_data)
{
  g_test_summary ("A listener that is added while others are called hears the rest");

  tst_store_add_table_listener (fixture->store, "t", 0, add_another_cb, fixture, NULL);
  set_number (fixture, "t", "r", "c", 1);
  assert_heard (fixture, "table t\ntables\n");
  set_number (fixture, "t", "r", "c", 2);
  assert_heard (fixture, "table t\ntables\n");
}

static void
drop_store_cb (TstStore *store,
               gpointer  user_data)
{
  Fixture *fixture = user_data;

  g_clear_object (&fixture->store);
}

static void
test_listeners_drop_store (Fixture       *fixture,
                           gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  gpointer gone = store;

  g_test_summary ("A listener may drop the last reference to the store");

  g_object_add_weak_pointer (G_OBJECT (store), &gone);
  tst_store_add_tables_listener (store, 0, drop_store_cb, fixture, NULL);
  tst_store_add_tables_listener (store, 0, tables_cb, fixture->heard, NULL);
  set_number (fixture, "t", "r", "c", 1);
  g_assert_null (fixture->store);
  g_assert_null (gone);
  assert_heard (fixture, "tables\n");
}

/* --- Writing --- */

static void
count_up_cb (TstStore     *store,
             const char   *table_id,
             const char   *row_id,
             const char   *cell_id,
             const GValue *new_value,
             const GValue *old_value,
             gpointer      user_data)
{
  double number = tst_store_get_cell_number (store, table_id, row_id, cell_id);

  if (number < 3)
    {
      g_assert_true (tst_store_set_cell_number (store, table_id, row_id, cell_id, number + 1,
                                                NULL));
      g_assert_cmpfloat (tst_store_get_cell_number (store, table_id, row_id, cell_id), ==,
                         number + 1);
    }
}

static void
phase_cb (TstStore *store,
          gpointer  user_data)
{
  g_string_append (g_object_get_data (G_OBJECT (store), "heard"), user_data);
}

static void
test_listeners_write (Fixture       *fixture,
                      gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("A write from a listener is done at once, and told in a round that follows");

  g_object_set_data (G_OBJECT (store), "heard", fixture->heard);
  tst_store_add_cell_listener (store, "t", "r", "c", 0, count_up_cb, fixture, NULL);
  tst_store_add_cell_listener (store, NULL, NULL, NULL, 0, cell_cb, fixture->heard, NULL);
  tst_store_add_tables_listener (store, 0, tables_cb, fixture->heard, NULL);
  tst_store_add_started_listener (store, phase_cb, (gpointer) "started\n", NULL);
  tst_store_add_finishing_listener (store, phase_cb, (gpointer) "finishing\n", NULL);
  tst_store_add_finished_listener (store, phase_cb, (gpointer) "finished\n", NULL);

  set_number (fixture, "t", "r", "c", 1);
  g_assert_cmpfloat (tst_store_get_cell_number (store, "t", "r", "c"), ==, 3);
  assert_heard (fixture,
                "started\nfinishing\n"
                "started\n"
                "cell t/r/c ->1\n"
                "tables\n"
                "finished\n"
                "finishing\n"
                "started\n"
                "cell t/r/c 1>2\n"
                "tables\n"
                "finished\n"
                "finishing\n"
                "cell t/r/c 2>3\n"
                "tables\n"
                "finished\n");
}

static void
add_log_cb (TstStore     *store,
            const char   *table_id,
            const char   *row_id,
            const char   *cell_id,
            const GValue *new_value,
            const GValue *old_value,
            gpointer      user_data)
{
  g_assert_true (tst_store_set_cell_number (store, "log", row_id, cell_id, 1, NULL));
}

static void
test_listeners_write_together (Fixture       *fixture,
                               gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("All that the listeners of one round write is one transaction");

  g_object_set_data (G_OBJECT (store), "heard", fixture->heard);
  tst_store_add_cell_listener (store, "t", NULL, NULL, 0, add_log_cb, NULL, NULL);
  tst_store_add_row_ids_listener (store, "log", 0, row_ids_cb, fixture->heard, NULL);
  tst_store_add_finished_listener (store, phase_cb, (gpointer) "finished\n", NULL);

  tst_store_begin (store);
  set_number (fixture, "t", "r1", "c", 1);
  set_number (fixture, "t", "r2", "c", 1);
  tst_store_commit (store);
  assert_heard (fixture, "finished\nrow-ids log +r1+r2\nfinished\n");
}

static void
transact_cb (TstStore *store,
             gpointer  user_data)
{
  if (tst_store_has_table (store, "from-listener"))
    return;

  tst_store_begin (store);
  g_assert_true (tst_store_set_cell_number (store, "from-listener", "r", "c", 1, NULL));
  tst_store_begin (store);
  g_assert_true (tst_store_remove_table (store, "t"));
  tst_store_rollback (store);
  tst_store_commit (store);
}

static void
test_listeners_transact (Fixture       *fixture,
                         gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("A listener may use transactions, and roll back what it did");

  tst_store_add_tables_listener (store, 0, transact_cb, NULL, NULL);
  tst_store_add_table_ids_listener (store, 0, table_ids_cb, fixture->heard, NULL);
  set_number (fixture, "t", "r", "c", 1);
  assert_heard (fixture, "table-ids +t\ntable-ids +from-listener\n");
  test_assert_ids (tst_store_get_table_ids (store), "t", "from-listener", NULL);
}

static void
ping_cb (TstStore *store,
         gpointer  user_data)
{
  Fixture *fixture = user_data;

  g_assert_true (tst_store_set_cell_number (store, "t", "r", "c", ++fixture->n_calls, NULL));
}

static void
test_listeners_ping_pong (Fixture       *fixture,
                          gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("Listeners that answer each other for ever are stopped, with their data");

  fixture->handles[0] = tst_store_add_tables_listener (store, 0, ping_cb, fixture, NULL);
  g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, "*");
  set_number (fixture, "t", "r", "c", -1);
  g_test_assert_expected_messages ();

  g_assert_cmpuint (fixture->n_calls, >=, 10);
  g_assert_cmpuint (fixture->n_calls, <=, 100);
  g_assert_cmpfloat (tst_store_get_cell_number (store, "t", "r", "c"), ==, fixture->n_calls);

  /* And all is well again. */
  g_assert_true (tst_store_remove_listener (store, fixture->handles[0]));
  tst_store_add_tables_listener (store, 0, tables_cb, fixture->heard, NULL);
  set_number (fixture, "t", "r", "c", -2);
  assert_heard (fixture, "tables\n");
}

/* --- Scale --- */

static void
count_row_cb (TstStore   *store,
              const char *table_id,
              const char *row_id,
              gpointer    user_data)
{
  Fixture *fixture = user_data;

  fixture->n_calls++;
}

static void
test_listeners_many (Fixture       *fixture,
                     gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  const guint n = test_is_slow () ? 500 : 10000;
  g_autofree gulong *handles = g_new (gulong, n);

  g_test_summary ("Ten thousand listeners to rows: each hears of its own row only");

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("row %u", i);

      handles[i] = tst_store_add_row_listener (store, "t", id, 0, count_row_cb, fixture, NULL);
    }
  for (guint i = 0; i < n; i += 7)
    {
      g_autofree char *id = g_strdup_printf ("row %u", i);

      fixture->n_calls = 0;
      set_number (fixture, "t", id, "c", i);
      g_assert_cmpuint (fixture->n_calls, ==, 1);
    }
  for (guint i = 0; i < n; i++)
    g_assert_true (tst_store_remove_listener (store, handles[i]));
  fixture->n_calls = 0;
  set_number (fixture, "t", "row 1", "c", -1);
  g_assert_cmpuint (fixture->n_calls, ==, 0);
}

static void
ignore_cb (TstStore *store,
           gpointer  user_data)
{
}

static void
test_listeners_last_reference (Fixture       *fixture,
                               gconstpointer  user_data)
{
  TstStore *store = tst_store_new ();
  gpointer weak = store;
  gulong id = tst_store_add_finished_listener (store, ignore_cb, store, g_object_unref);

  g_test_summary ("A listener may hold the last reference to the store that it is removed from");

  g_object_add_weak_pointer (G_OBJECT (store), &weak);
  g_assert_true (tst_store_remove_listener (store, id));
  g_assert_null (weak);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/store-listeners/" path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

  ADD ("kinds", test_listeners_kinds);
  ADD ("grouped", test_listeners_grouped);
  ADD ("removed", test_listeners_removed);
  ADD ("patterns", test_listeners_patterns);
  ADD ("exact", test_listeners_exact);
  ADD ("empty-id", test_listeners_empty_id);
  ADD ("null-value", test_listeners_null_value);
  ADD ("net", test_listeners_net);
  ADD ("long-texts", test_listeners_long_texts);
  ADD ("remove", test_listeners_remove);
  ADD ("destroy", test_listeners_destroy);
  ADD ("last-reference", test_listeners_last_reference);
  ADD ("remove-inside", test_listeners_remove_inside);
  ADD ("add-inside", test_listeners_add_inside);
  ADD ("drop-store", test_listeners_drop_store);
  ADD ("write/rounds", test_listeners_write);
  ADD ("write/together", test_listeners_write_together);
  ADD ("write/transact", test_listeners_transact);
  ADD ("write/ping-pong", test_listeners_ping_pong);
  ADD ("many", test_listeners_many);

  return g_test_run ();
}
