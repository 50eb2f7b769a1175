/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <libtstore/tstore.h>

#include "tst-chunk-private.h"
#include "tst-store-private.h"

#include "test-util.h"

#include <string.h>

#define N_ROWS 200

typedef struct
{
  TstStore *store;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  user_data)
{
  TstStore *store = fixture->store = tst_store_new ();

  for (guint i = 0; i < N_ROWS; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      g_assert_true (tst_store_set_cell_string (store, "t", id, "name", "a text that is not short",
                                                NULL));
      g_assert_true (tst_store_set_cell_number (store, "t", id, "price", i, NULL));
    }
  g_assert_true (tst_store_set_cell_number (store, "u", "r", "c", 1, NULL));
  g_assert_true (tst_store_set_value_number (store, "v", 1, NULL));
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  user_data)
{
  if (fixture->store != NULL)
    g_assert_finalize_object (fixture->store);
}

/* A snapshot as text, so that it can be compared with what it was. */
static char *
print_snapshot (TstSnapshot *snapshot)
{
  GString *text = g_string_new (NULL);
  const TstTableData *table;
  guint table_position = 0;
  TstRowView row;

  while (tst_snapshot_next_table (snapshot, &table_position, &table))
    {
      guint position = 0;

      g_string_append_printf (text, "%s\n", tst_table_data_get_id (table)->text);
      while (tst_table_data_next_row (table, &position, &row))
        {
          g_string_append_printf (text, " %s", row.id->text);
          for (guint i = 0; i < row.n_cells; i++)
            g_string_append_printf (text, " %s:%d:%s",
                                    tst_table_data_get_column_id (table, row.columns[i])->text,
                                    tst_cell_type (&row.cells[i]),
                                    tst_cell_type (&row.cells[i]) == TST_CELL_TYPE_STRING
                                      ? tst_cell_get_text (&row.cells[i], NULL) : "");
          g_string_append_c (text, '\n');
        }
    }

  return g_string_free (text, FALSE);
}

/* Changes something of every kind. */
static void
change_all (TstStore *store)
{
  for (guint i = 0; i < N_ROWS; i += 3)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      g_assert_true (tst_store_set_cell_string (store, "t", id, "name", "another, not short text",
                                                NULL));
      g_assert_true (tst_store_set_cell_number (store, "t", id, "new", 1, NULL));
    }
  for (guint i = 1; i < N_ROWS; i += 3)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      g_assert_true (tst_store_remove_row (store, "t", id));
    }
  g_assert_true (tst_store_remove_table (store, "u"));
  g_assert_true (tst_store_set_cell_number (store, "w", "r", "c", 1, NULL));
  g_assert_true (tst_store_set_value_number (store, "v", 2, NULL));
}

static void
test_snapshot_isolated (Fixture       *fixture,
                        gconstpointer  user_data)
{
  g_autoptr(TstSnapshot) snapshot = tst_store_snapshot (fixture->store);
  g_autofree char *before = print_snapshot (snapshot);
  g_autofree char *after = NULL;

  g_test_summary ("A snapshot stays what it was, whatever happens to the store");

  change_all (fixture->store);
  after = print_snapshot (snapshot);
  g_assert_cmpstr (before, ==, after);

  tst_store_remove_tables (fixture->store);
  tst_store_remove_values (fixture->store);
  g_free (after);
  after = print_snapshot (snapshot);
  g_assert_cmpstr (before, ==, after);
}

static void
test_snapshot_outlives (Fixture       *fixture,
                        gconstpointer  user_data)
{
  g_autoptr(TstSnapshot) snapshot = tst_store_snapshot (fixture->store);
  g_autofree char *before = print_snapshot (snapshot);
  g_autofree char *after = NULL;

  g_test_summary ("A snapshot outlives its store");

  g_assert_finalize_object (g_steal_pointer (&fixture->store));
  after = print_snapshot (snapshot);
  g_assert_cmpstr (before, ==, after);
}

static void
test_snapshot_in_transaction (Fixture       *fixture,
                              gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  g_autoptr(TstSnapshot) before = tst_store_snapshot (store);
  g_autoptr(TstSnapshot) inside = NULL;
  g_autoptr(TstSnapshot) after = NULL;
  g_autofree char *text = NULL;
  g_autofree char *later = NULL;

  g_test_summary ("In a transaction, a snapshot shows what was written, and keeps it");

  tst_store_begin (store);
  change_all (store);
  inside = tst_store_snapshot (store);
  text = print_snapshot (inside);
  g_assert_nonnull (strstr (text, "another, not short text"));
  tst_store_rollback (store);

  after = tst_store_snapshot (store);
  later = print_snapshot (inside);
  g_assert_cmpstr (text, ==, later);
  g_assert_false (tst_snapshot_equal (before, inside));
  g_assert_true (tst_snapshot_equal (before, after));
}

static void
test_snapshot_equal (Fixture       *fixture,
                     gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  g_autoptr(TstSnapshot) first = tst_store_snapshot (store);
  g_autoptr(TstSnapshot) second = NULL;
  g_autoptr(TstSnapshot) third = NULL;
  g_autoptr(TstSnapshot) fourth = NULL;

  g_test_summary ("Snapshots are equal if they hold the same, in whatever order");

  g_assert_true (tst_store_remove_row (store, "t", "7"));
  second = tst_store_snapshot (store);
  g_assert_false (tst_snapshot_equal (first, second));
  g_assert_false (tst_snapshot_equal (second, first));

  g_assert_true (tst_store_set_cell_number (store, "t", "7", "price", 7, NULL));
  g_assert_true (tst_store_set_cell_string (store, "t", "7", "name", "a text that is not short",
                                            NULL));
  third = tst_store_snapshot (store);
  g_assert_true (tst_snapshot_equal (first, third));
  g_assert_true (tst_snapshot_equal (third, first));

  g_assert_true (tst_store_set_value_number (store, "w", 1, NULL));
  fourth = tst_store_snapshot (store);
  g_assert_false (tst_snapshot_equal (first, fourth));
}

static void
test_snapshot_generation (Fixture       *fixture,
                          gconstpointer  user_data)
{
  g_autoptr(TstSnapshot) first = tst_store_snapshot (fixture->store);
  g_autoptr(TstSnapshot) same = tst_store_snapshot (fixture->store);
  g_autoptr(TstSnapshot) later = NULL;

  g_test_summary ("The generation of a snapshot is that of the store when it was taken");

  g_assert_cmpuint (tst_snapshot_get_generation (first), ==,
                    tst_store_get_generation (fixture->store));
  g_assert_cmpuint (tst_snapshot_get_generation (same), ==, tst_snapshot_get_generation (first));
  change_all (fixture->store);
  later = tst_store_snapshot (fixture->store);
  g_assert_cmpuint (tst_snapshot_get_generation (later), >, tst_snapshot_get_generation (first));
  g_assert_cmpuint (tst_snapshot_get_generation (later), ==,
                    tst_store_get_generation (fixture->store));
}

static void
test_snapshot_shares (Fixture       *fixture,
                      gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  g_autoptr(TstSnapshot) first = tst_store_snapshot (store);
  g_autoptr(TstSnapshot) second = NULL;

  g_test_summary ("Tables that did not change are shared between snapshots");

  g_assert_true (tst_store_set_cell_number (store, "t", "0", "price", -1, NULL));
  second = tst_store_snapshot (store);
  g_assert_true (tst_table_data_is_shared (tst_snapshot_find_table (first, "u"),
                                           tst_snapshot_find_table (second, "u")));
  g_assert_false (tst_table_data_is_shared (tst_snapshot_find_table (first, "t"),
                                            tst_snapshot_find_table (second, "t")));
}

static void
test_snapshot_shares_what_came_back (Fixture       *fixture,
                                     gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  g_autoptr(TstSnapshot) first = NULL;
  g_autoptr(TstSnapshot) second = NULL;

  g_test_summary ("Rows that an addition, undone, did not touch are the same memory as before");

  /* All of what is there is full, so that a row more has memory of its own. */
  while (tst_store_get_n_rows (store, "u") % TST_CHUNK_ROWS > 0)
    {
      g_autofree char *id = g_strdup_printf ("%u", tst_store_get_n_rows (store, "u"));

      g_assert_true (tst_store_set_cell_number (store, "u", id, "c", 1, NULL));
    }
  first = tst_store_snapshot (store);
  tst_store_begin (store);
  g_assert_true (tst_store_set_cell_number (store, "u", "one more", "c", 1, NULL));
  tst_store_rollback (store);
  second = tst_store_snapshot (store);

  g_assert_true (tst_table_data_is_shared (tst_snapshot_find_table (first, "u"),
                                           tst_snapshot_find_table (second, "u")));
  g_assert_true (tst_snapshot_equal (first, second));
}

static void
test_snapshot_copies_little (Fixture       *fixture,
                             gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  TstSnapshot *held[100];
  gsize before, used;

  g_test_summary ("A write after a snapshot copies a part of the table, not all of it");

  if (test_is_slow ())
    {
      g_test_skip ("memory cannot be counted here");
      return;
    }

  for (guint i = 0; i < 20000; i++)
    {
      g_autofree char *id = g_strdup_printf ("more %u", i);

      g_assert_true (tst_store_set_cell_number (store, "t", id, "price", i, NULL));
    }

  before = test_allocated ();
  for (guint i = 0; i < G_N_ELEMENTS (held); i++)
    {
      held[i] = tst_store_snapshot (store);
      g_assert_true (tst_store_set_cell_number (store, "t", "more 5000", "price", -1.0 * i, NULL));
    }
  used = test_allocated () - before;
  for (guint i = 0; i < G_N_ELEMENTS (held); i++)
    tst_snapshot_unref (held[i]);

  /* All of it would be more than 20,000 times 32 bytes each time. */
  g_assert_cmpuint (used / G_N_ELEMENTS (held), <, 20000);
}

static void
test_snapshot_released (Fixture       *fixture,
                        gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  gsize before = test_allocated ();

  g_test_summary ("What a snapshot pinned goes with it");

  for (guint i = 0; i < 200; i++)
    {
      g_autoptr(TstSnapshot) snapshot = tst_store_snapshot (store);

      change_all (store);
      tst_store_replace (store, snapshot, TST_PART_ALL, NULL);
    }

  if (!test_is_slow ())
    g_assert_cmpuint (test_allocated (), <, before + 300000);
}

static void
test_snapshot_restored (Fixture       *fixture,
                        gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  gsize before = 0;

  g_test_summary ("A store that is emptied and restored again and again does not grow");

  for (guint i = 0; i < 2000; i++)
    {
      g_autoptr(TstSnapshot) snapshot = NULL;

      if (i == 100)
        before = test_allocated ();

      snapshot = tst_store_snapshot (store);
      tst_store_remove_tables (store);
      tst_store_remove_values (store);
      tst_store_replace (store, snapshot, TST_PART_ALL, NULL);
      g_assert_true (tst_store_set_cell_number (store, "t", "new", "price", i, NULL));
      g_assert_true (tst_store_remove_row (store, "t", "new"));
    }
  g_assert_cmpuint (tst_store_get_n_rows (store, "t"), ==, N_ROWS);
  if (!test_is_slow ())
    g_assert_cmpuint (test_allocated (), <, before + 100000);
}

/* --- Threads --- */

typedef struct
{
  TstSnapshot *snapshot;
  const char  *expected;
} Reader;

static gpointer
read_cb (gpointer user_data)
{
  Reader *reader = user_data;
  const TstTableData *table = tst_snapshot_find_table (reader->snapshot, "t");

  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *text = print_snapshot (reader->snapshot);

      g_assert_cmpstr (text, ==, reader->expected);
    }
  for (guint i = 0; i < N_ROWS; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u", i);
      g_autoptr(TstId) id = tst_id_new (text, strlen (text));
      TstRowView row;

      g_assert_true (tst_table_data_find_row (table, id, &row));
      g_assert_true (row.id != NULL && strcmp (row.id->text, text) == 0);
    }

  tst_snapshot_unref (reader->snapshot);

  return NULL;
}

static void
test_snapshot_threads (Fixture       *fixture,
                       gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  TstSnapshot *snapshot = tst_store_snapshot (store);
  g_autofree char *expected = print_snapshot (snapshot);
  Reader readers[4];
  GThread *threads[4];

  g_test_summary ("A snapshot is read and released in other threads while the store changes");

  for (guint i = 0; i < 4; i++)
    {
      readers[i] = (Reader) { tst_snapshot_ref (snapshot), expected };
      threads[i] = g_thread_new ("reader", read_cb, &readers[i]);
    }
  tst_snapshot_unref (snapshot);

  for (guint i = 0; i < 10; i++)
    {
      g_autoptr(TstSnapshot) mine = tst_store_snapshot (store);

      change_all (store);
      tst_store_replace (store, mine, TST_PART_ALL, NULL);
    }
  tst_store_remove_tables (store);
  for (guint i = 0; i < 4; i++)
    g_thread_join (threads[i]);
}

static void
let_through_cb (TstStore *store,
                TstWrite *write,
                gpointer  user_data)
{
}

/* A row of many cells, and as many values: in order from the first to the last. */
static void
set_wide (TstStore *store,
          int       first,
          int       last)
{
  g_autoptr(GString) cells = g_string_new (NULL);
  g_autofree char *json = NULL;
  g_autoptr(GError) error = NULL;

  for (int i = first; ; i += first < last ? 1 : -1)
    {
      g_string_append_printf (cells, "%s\"c%d\":%d", cells->len > 0 ? "," : "", i, i);
      if (i == last)
        break;
    }

  json = g_strdup_printf ("[{\"pets\":{\"fido\":{%s}}},{%s}]", cells->str, cells->str);
  tst_store_set_json (store, json, &error);
  g_assert_no_error (error);
}

static void
test_snapshot_after_comparing (Fixture       *fixture,
                               gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  g_autoptr(TstSnapshot) snapshot = NULL;
  g_autoptr(TstId) row_id = tst_id_new ("felix", 5);
  g_autoptr(TstId) value_id = tst_id_new ("new", 3);
  const TstTableData *values;
  TstRowView row;

  g_test_summary ("What is found where content was compared with the store is all that is there later");

  /* It looks for ids where they are in another order. */
  set_wide (store, 0, 99);
  tst_store_add_interceptor (store, TST_WRITE_ANY, let_through_cb, NULL, NULL);
  set_wide (store, 99, 0);

  tst_store_set_cell_number (store, "pets", "felix", "a", 1, NULL);
  tst_store_set_value_number (store, "new", 1, NULL);
  snapshot = tst_store_snapshot (store);
  g_assert_true (tst_table_data_find_row (tst_snapshot_find_table (snapshot, "pets"), row_id, &row));
  values = tst_snapshot_get_values (snapshot, &row);
  g_assert_nonnull (tst_table_data_find_cell (values, &row, value_id));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/snapshot/" path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

  ADD ("isolated", test_snapshot_isolated);
  ADD ("outlives", test_snapshot_outlives);
  ADD ("in-transaction", test_snapshot_in_transaction);
  ADD ("equal", test_snapshot_equal);
  ADD ("generation", test_snapshot_generation);
  ADD ("shares", test_snapshot_shares);
  ADD ("shares-what-came-back", test_snapshot_shares_what_came_back);
  ADD ("copies-little", test_snapshot_copies_little);
  ADD ("released", test_snapshot_released);
  ADD ("restored", test_snapshot_restored);
  ADD ("after-comparing", test_snapshot_after_comparing);
  ADD ("threads", test_snapshot_threads);

  return g_test_run ();
}
