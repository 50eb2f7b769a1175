/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <libtstore/tstore.h>

#include "test-util.h"

typedef struct
{
  TstStore   *store;
  TstChanges *changes;  /* (nullable): of the last transaction */
  guint       n_changed;
} Fixture;

static void
changed_cb (TstStore   *store,
            TstChanges *changes,
            gpointer    user_data)
{
  Fixture *fixture = user_data;

  g_clear_pointer (&fixture->changes, tst_changes_unref);
  fixture->changes = tst_changes_ref (changes);
  fixture->n_changed++;
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  user_data)
{
  fixture->store = tst_store_new ();
  g_signal_connect (fixture->store, "changed", G_CALLBACK (changed_cb), fixture);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  user_data)
{
  g_assert_finalize_object (fixture->store);
  g_clear_pointer (&fixture->changes, tst_changes_unref);
}

static void
append_value (GString      *text,
              const GValue *value)
{
  g_autofree char *content = value != NULL ? g_strdup_value_contents (value) : g_strdup ("none");

  g_string_append (text, content);
}

static void
append_cell_cb (TstChanges   *changes,
                const char   *table_id,
                const char   *row_id,
                const char   *cell_id,
                const GValue *new_value,
                const GValue *old_value,
                gpointer      user_data)
{
  g_string_append_printf (user_data, "%s/%s/%s: ", table_id, row_id, cell_id);
  append_value (user_data, old_value);
  g_string_append (user_data, " > ");
  append_value (user_data, new_value);
  g_string_append_c (user_data, '\n');
}

static void
append_value_cb (TstChanges   *changes,
                 const char   *value_id,
                 const GValue *new_value,
                 const GValue *old_value,
                 gpointer      user_data)
{
  g_string_append_printf (user_data, "%s: ", value_id);
  append_value (user_data, old_value);
  g_string_append (user_data, " > ");
  append_value (user_data, new_value);
  g_string_append_c (user_data, '\n');
}

static void
assert_changes (TstChanges *changes,
                const char *expected)
{
  g_autoptr(GString) text = g_string_new (NULL);

  tst_changes_foreach_cell (changes, append_cell_cb, text);
  tst_changes_foreach_value (changes, append_value_cb, text);
  g_assert_cmpstr (text->str, ==, expected);
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
test_changes_content (Fixture       *fixture,
                      gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("Changes say what is new and what was there before");

  set_number (fixture, "t", "r", "a", 1);
  set_number (fixture, "t", "r", "b", 1);
  g_assert_true (tst_store_set_value_number (store, "v", 1, NULL));

  tst_store_begin (store);
  set_number (fixture, "t", "r", "a", 2);
  g_assert_true (tst_store_remove_cell (store, "t", "r", "b"));
  g_assert_true (tst_store_set_cell_string (store, "t", "r", "c", "x", NULL));
  g_assert_true (tst_store_remove_value (store, "v"));
  tst_store_commit (store);

  g_assert_false (tst_changes_is_empty (fixture->changes));
  g_assert_cmpuint (tst_changes_get_n_cells (fixture->changes), ==, 3);
  g_assert_cmpuint (tst_changes_get_n_values (fixture->changes), ==, 1);
  assert_changes (fixture->changes,
                  "t/r/a: 1.000000 > 2.000000\n"
                  "t/r/b: 1.000000 > none\n"
                  "t/r/c: none > \"x\"\n"
                  "v: 1.000000 > none\n");
}

static void
test_changes_ids (Fixture       *fixture,
                  gconstpointer  user_data)
{
  g_test_summary ("Changes know the tables and rows that they touch");

  tst_store_begin (fixture->store);
  set_number (fixture, "t", "r1", "a", 1);
  set_number (fixture, "t", "r2", "a", 1);
  set_number (fixture, "u", "r1", "a", 1);
  set_number (fixture, "w", "r1", "a", 1);
  g_assert_true (tst_store_remove_table (fixture->store, "w"));
  tst_store_commit (fixture->store);

  test_assert_ids (tst_changes_get_table_ids (fixture->changes), "t", "u", NULL);
  test_assert_ids (tst_changes_get_row_ids (fixture->changes, "t"), "r1", "r2", NULL);
  test_assert_ids (tst_changes_get_row_ids (fixture->changes, "u"), "r1", NULL);
  test_assert_ids (tst_changes_get_row_ids (fixture->changes, "w"), NULL);
  test_assert_ids (tst_changes_get_row_ids (fixture->changes, "nothing"), NULL);
}

static void
test_changes_kinds (Fixture       *fixture,
                    gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  TstChanges *changes;

  g_test_summary ("Changes tell what became of each thing");

  set_number (fixture, "t", "r", "a", 1);
  set_number (fixture, "t", "r", "b", 1);
  set_number (fixture, "t", "gone", "a", 1);
  set_number (fixture, "u", "r", "a", 1);
  g_assert_true (tst_store_set_value_number (store, "v", 1, NULL));

  tst_store_begin (store);
  g_assert_true (tst_store_set_cell (store, "t", "r", "a", NULL, NULL));
  g_assert_true (tst_store_remove_cell (store, "t", "r", "b"));
  set_number (fixture, "t", "r", "c", 1);
  g_assert_true (tst_store_remove_row (store, "t", "gone"));
  set_number (fixture, "t", "new", "a", 1);
  g_assert_true (tst_store_remove_table (store, "u"));
  set_number (fixture, "new", "r", "a", 1);
  g_assert_true (tst_store_remove_value (store, "v"));
  tst_store_commit (store);

  changes = fixture->changes;
  g_assert_cmpint (tst_changes_get_table_change (changes, "t"), ==, TST_CHANGE_UPDATED);
  g_assert_cmpint (tst_changes_get_table_change (changes, "u"), ==, TST_CHANGE_REMOVED);
  g_assert_cmpint (tst_changes_get_table_change (changes, "new"), ==, TST_CHANGE_ADDED);
  g_assert_cmpint (tst_changes_get_table_change (changes, "x"), ==, TST_CHANGE_NONE);
  g_assert_cmpint (tst_changes_get_row_change (changes, "t", "new"), ==, TST_CHANGE_ADDED);
  g_assert_cmpint (tst_changes_get_row_change (changes, "t", "r"), ==, TST_CHANGE_UPDATED);
  g_assert_cmpint (tst_changes_get_row_change (changes, "t", "gone"), ==, TST_CHANGE_REMOVED);
  g_assert_cmpint (tst_changes_get_row_change (changes, "t", "x"), ==, TST_CHANGE_NONE);
  g_assert_cmpint (tst_changes_get_cell_change (changes, "t", "r", "a"), ==, TST_CHANGE_UPDATED);
  g_assert_cmpint (tst_changes_get_cell_change (changes, "t", "r", "b"), ==, TST_CHANGE_REMOVED);
  g_assert_cmpint (tst_changes_get_cell_change (changes, "t", "r", "c"), ==, TST_CHANGE_ADDED);
  g_assert_cmpint (tst_changes_get_cell_change (changes, "t", "r", "x"), ==, TST_CHANGE_NONE);
  g_assert_cmpint (tst_changes_get_value_change (changes, "v"), ==, TST_CHANGE_REMOVED);
  g_assert_cmpint (tst_changes_get_value_change (changes, "x"), ==, TST_CHANGE_NONE);

  test_assert_ids (tst_changes_get_cell_ids (changes, "t", "r"), "a", "b", "c", NULL);
  test_assert_ids (tst_changes_get_cell_ids (changes, "t", "x"), NULL);
  test_assert_ids (tst_changes_get_value_ids (changes), "v", NULL);
}

static void
test_changes_applied (Fixture       *fixture,
                      gconstpointer  user_data)
{
  TstStore *other = tst_store_new ();
  g_autoptr(TstChanges) made = NULL;

  g_test_summary ("Changes of one store are made to another, as a part of its transaction");

  tst_store_begin (fixture->store);
  set_number (fixture, "t", "r1", "a", 1);
  set_number (fixture, "t", "r2", "a", 2);
  g_assert_true (tst_store_set_value_number (fixture->store, "v", 1, NULL));
  tst_store_commit (fixture->store);

  tst_store_begin (other);
  g_assert_true (tst_store_apply_changes (other, fixture->changes, NULL));
  made = tst_store_get_changes (other);
  g_assert_true (tst_changes_equal (made, fixture->changes));
  test_assert_ids (tst_store_get_row_ids (other, "t"), "r1", "r2", NULL);
  g_assert_cmpfloat (tst_store_get_value_number (other, "v"), ==, 1);
  tst_store_rollback (other);

  g_assert_false (tst_store_has_tables (other));
  g_assert_false (tst_store_has_values (other));
  g_assert_finalize_object (other);
}

static void
test_changes_order (Fixture       *fixture,
                    gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("What was added and removed before it was added comes where it is now");

  set_number (fixture, "t", "old", "a", 1);

  tst_store_begin (store);
  set_number (fixture, "t", "r1", "a", 1);
  set_number (fixture, "u", "r", "a", 1);
  set_number (fixture, "v", "r", "a", 1);
  set_number (fixture, "t", "r2", "a", 1);
  set_number (fixture, "t", "old", "b", 1);
  set_number (fixture, "t", "old", "c", 1);
  g_assert_true (tst_store_set_value_number (store, "v1", 1, NULL));
  g_assert_true (tst_store_set_value_number (store, "v2", 1, NULL));

  g_assert_true (tst_store_remove_table (store, "u"));
  set_number (fixture, "u", "r", "a", 2);
  g_assert_true (tst_store_remove_row (store, "t", "r1"));
  set_number (fixture, "t", "r1", "b", 2);
  set_number (fixture, "t", "r1", "a", 2);
  g_assert_true (tst_store_remove_cell (store, "t", "old", "b"));
  set_number (fixture, "t", "old", "b", 2);
  g_assert_true (tst_store_remove_value (store, "v1"));
  g_assert_true (tst_store_set_value_number (store, "v1", 2, NULL));
  tst_store_commit (store);

  assert_changes (fixture->changes,
                  "t/r2/a: none > 1.000000\n"
                  "t/r1/b: none > 2.000000\n"
                  "t/r1/a: none > 2.000000\n"
                  "t/old/c: none > 1.000000\n"
                  "t/old/b: none > 2.000000\n"
                  "v/r/a: none > 1.000000\n"
                  "u/r/a: none > 2.000000\n"
                  "v2: none > 1.000000\n"
                  "v1: none > 2.000000\n");
}

static void
test_changes_kept (Fixture       *fixture,
                   gconstpointer  user_data)
{
  g_autoptr(TstChanges) kept = NULL;

  g_test_summary ("Changes do not change, whatever becomes of the store");

  g_assert_true (tst_store_set_cell_string (fixture->store, "t", "r", "c",
                                            "a text that is not short", NULL));
  kept = tst_changes_ref (fixture->changes);
  set_number (fixture, "t", "r", "c", 2);
  tst_store_remove_tables (fixture->store);
  g_assert_cmpuint (fixture->n_changed, ==, 3);

  assert_changes (kept, "t/r/c: none > \"a text that is not short\"\n");
}

static void
test_changes_outlive (Fixture       *fixture,
                      gconstpointer  user_data)
{
  TstStore *store = tst_store_new ();
  TstChanges *changes;

  g_test_summary ("Changes outlive their store");

  tst_store_begin (store);
  g_assert_true (tst_store_set_cell_string (store, "t", "r", "c", "a text that is not short",
                                            NULL));
  changes = tst_store_get_changes (store);
  tst_store_commit (store);
  g_assert_finalize_object (store);

  assert_changes (changes, "t/r/c: none > \"a text that is not short\"\n");
  tst_changes_unref (changes);
}

static void
test_changes_none (Fixture       *fixture,
                   gconstpointer  user_data)
{
  g_autoptr(TstChanges) changes = NULL;

  g_test_summary ("Without a transaction there are no changes, but there is an object");

  set_number (fixture, "t", "r", "c", 1);
  changes = tst_store_get_changes (fixture->store);
  g_assert_true (tst_changes_is_empty (changes));
  g_assert_cmpuint (tst_changes_get_n_cells (changes), ==, 0);
  g_assert_cmpuint (tst_changes_get_n_values (changes), ==, 0);
  test_assert_ids (tst_changes_get_table_ids (changes), NULL);
  assert_changes (changes, "");
}

static void
test_changes_row_replaced (Fixture       *fixture,
                           gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("A row removed and made again differently is told by its cells");

  set_number (fixture, "t", "r", "a", 1);
  set_number (fixture, "t", "r", "b", 1);
  tst_store_begin (store);
  g_assert_true (tst_store_remove_row (store, "t", "r"));
  set_number (fixture, "t", "r", "b", 1);
  set_number (fixture, "t", "r", "c", 1);
  tst_store_commit (store);

  g_assert_cmpuint (tst_changes_get_n_cells (fixture->changes), ==, 2);
  test_assert_ids (tst_changes_get_row_ids (fixture->changes, "t"), "r", NULL);
}

static void
test_changes_boxed (Fixture       *fixture,
                    gconstpointer  user_data)
{
  GValue value = G_VALUE_INIT;

  g_test_summary ("Changes travel in a GValue");

  set_number (fixture, "t", "r", "c", 1);
  g_value_init (&value, TST_TYPE_CHANGES);
  g_value_set_boxed (&value, fixture->changes);
  g_assert_cmpuint (tst_changes_get_n_cells (g_value_get_boxed (&value)), ==, 1);
  g_value_unset (&value);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/changes/" path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

  ADD ("content", test_changes_content);
  ADD ("ids", test_changes_ids);
  ADD ("kinds", test_changes_kinds);
  ADD ("applied", test_changes_applied);
  ADD ("order", test_changes_order);
  ADD ("kept", test_changes_kept);
  ADD ("outlive", test_changes_outlive);
  ADD ("none", test_changes_none);
  ADD ("row-replaced", test_changes_row_replaced);
  ADD ("boxed", test_changes_boxed);

  return g_test_run ();
}
