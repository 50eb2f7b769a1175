/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Listeners to rows are found by where the row is in memory. Whatever moves
 * rows, and whatever takes the place of one, a listener hears of its own row
 * and of no other. */

#include <libtstore/tstore.h>

#include "test-util.h"

#define N_TABLES 2
#define N_ROWS   200

typedef struct
{
  char    *table_id;
  char    *row_id;
  gulong   handle;
  guint    n_calls;
} Row;

typedef struct
{
  TstStore *store;
  Row       rows[N_TABLES * N_ROWS];
  double    last_number;
  guint     n_destroyed;
} Fixture;

static void
row_cb (TstStore   *store,
        const char *table_id,
        const char *row_id,
        gpointer    user_data)
{
  Row *row = user_data;

  g_assert_cmpstr (table_id, ==, row->table_id);
  g_assert_cmpstr (row_id, ==, row->row_id);
  row->n_calls++;
}

static void
listen (Fixture *fixture,
        Row     *row)
{
  row->handle = tst_store_add_row_listener (fixture->store, row->table_id, row->row_id,
                                            TST_LISTENER_DEFAULT, row_cb, row, NULL);
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  user_data)
{
  fixture->store = tst_store_new ();

  for (guint i = 0; i < N_TABLES * N_ROWS; i++)
    {
      Row *row = &fixture->rows[i];

      row->table_id = g_strdup_printf ("table %u", i / N_ROWS);
      /* Long ids and short ones */
      row->row_id = g_strdup_printf (i % 2 ? "row %u" : "the row with the number %u", i % N_ROWS);
      listen (fixture, row);
    }
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  user_data)
{
  if (fixture->store != NULL)
    g_assert_finalize_object (fixture->store);

  for (guint i = 0; i < N_TABLES * N_ROWS; i++)
    {
      g_free (fixture->rows[i].table_id);
      g_free (fixture->rows[i].row_id);
    }
}

static void
write_row (Fixture   *fixture,
           const Row *row)
{
  g_assert_true (tst_store_set_cell_number (fixture->store, row->table_id, row->row_id, "c",
                                            ++fixture->last_number, NULL));
}

/* Writes to the rows from @first on, each @step-th, and around: whoever listens
 * to the one that was written to, and nobody else, is called. Twice, as after
 * the first time it is known where the row is. */
static void
assert_heard (Fixture *fixture,
              guint    first,
              guint    step,
              guint    n_calls)
{
  const guint n = N_TABLES * N_ROWS;

  for (guint i = 0; i < 2 * n; i++)
    {
      Row *row = &fixture->rows[(first + i * step) % n];
      guint sum = 0;

      for (guint j = 0; j < n; j++)
        fixture->rows[j].n_calls = 0;
      write_row (fixture, row);
      for (guint j = 0; j < n; j++)
        sum += fixture->rows[j].n_calls;

      g_assert_cmpuint (row->n_calls, ==, n_calls);
      g_assert_cmpuint (sum, ==, n_calls);
    }
}

static void
remove_rows (Fixture *fixture,
             guint    first,
             guint    n)
{
  for (guint i = first; i < first + n; i++)
    g_assert_true (tst_store_remove_row (fixture->store, fixture->rows[i].table_id,
                                         fixture->rows[i].row_id));
}

static void
test_row_listeners_added (Fixture       *fixture,
                          gconstpointer  user_data)
{
  g_test_summary ("Rows that are not there yet are heard of, in whatever order they come");

  assert_heard (fixture, 7, 3, 1);
}

static void
test_row_listeners_removed (Fixture       *fixture,
                            gconstpointer  user_data)
{
  g_test_summary ("Rows that are removed and added again, in another order, are the same rows");

  assert_heard (fixture, 0, 1, 1);
  remove_rows (fixture, 20, 30);
  assert_heard (fixture, 0, 399, 1);

  /* So many that the others move up. */
  remove_rows (fixture, 0, 150);
  remove_rows (fixture, 230, 150);
  assert_heard (fixture, 180, 1, 1);
}

static void
test_row_listeners_tables (Fixture       *fixture,
                           gconstpointer  user_data)
{
  g_test_summary ("A table in the place of another one is not mistaken for it");

  assert_heard (fixture, 0, 1, 1);
  g_assert_true (tst_store_remove_table (fixture->store, "table 0"));
  g_assert_true (tst_store_remove_table (fixture->store, "table 1"));
  assert_heard (fixture, N_ROWS, 1, 1);
  tst_store_remove_tables (fixture->store);
  assert_heard (fixture, 0, 399, 1);
}

static void
test_row_listeners_rolled_back (Fixture       *fixture,
                                gconstpointer  user_data)
{
  g_test_summary ("After a rollback all rows are where they were");

  assert_heard (fixture, 0, 1, 1);

  for (guint i = 0; i < 4; i++)
    {
      remove_rows (fixture, 100, 10 + i * 20);

      tst_store_begin (fixture->store);
      remove_rows (fixture, 0, 100);
      if (i % 2 == 0)
        g_assert_true (tst_store_remove_table (fixture->store, "table 0"));
      for (guint j = 0; j < N_ROWS; j++)
        write_row (fixture, &fixture->rows[(j * 7 + i) % N_ROWS]);
      tst_store_rollback (fixture->store);

      assert_heard (fixture, i, 7, 1);
    }
}

static void
test_row_listeners_replaced (Fixture       *fixture,
                             gconstpointer  user_data)
{
  g_autoptr(GString) text = g_string_new ("[{");

  g_test_summary ("Rows are heard of after everything was replaced");

  /* In the opposite order. */
  for (guint i = N_TABLES * N_ROWS; i-- > 0; )
    g_string_append_printf (text, "%s\"%s\":{\"c\":%u}%s",
                            i % N_ROWS == N_ROWS - 1 ? i < N_ROWS ? ",\"table 0\":{" : "\"table 1\":{" : "",
                            fixture->rows[i].row_id, i, i % N_ROWS == 0 ? "}" : ",");
  g_string_append (text, "},{}]");

  assert_heard (fixture, 0, 1, 1);
  g_assert_true (tst_store_set_json (fixture->store, text->str, NULL));
  assert_heard (fixture, 1, 3, 1);
  tst_store_remove_tables (fixture->store);
  g_assert_true (tst_store_set_json (fixture->store, text->str, NULL));
  assert_heard (fixture, 1, 3, 1);
}

static void
test_row_listeners_changed (Fixture       *fixture,
                            gconstpointer  user_data)
{
  const guint n = N_TABLES * N_ROWS;

  g_test_summary ("Listeners come and go while it is known where their rows are");

  assert_heard (fixture, 0, 1, 1);
  for (guint i = 0; i < n; i++)
    listen (fixture, &fixture->rows[i]);
  assert_heard (fixture, 0, 1, 2);
  for (guint i = 0; i < n; i++)
    g_assert_true (tst_store_remove_listener (fixture->store, fixture->rows[i].handle));
  assert_heard (fixture, 0, 399, 1);

  for (guint i = 0; i < n; i++)
    g_assert_true (tst_store_remove_listener (fixture->store, fixture->rows[i].handle - n));
  assert_heard (fixture, 0, 1, 0);
  for (guint i = 0; i < n; i++)
    listen (fixture, &fixture->rows[i]);
  assert_heard (fixture, 0, 1, 1);
}

/* --- What is done inside --- */

static void
leave_cb (TstStore   *store,
          const char *table_id,
          const char *row_id,
          gpointer    user_data)
{
  Fixture *fixture = user_data;

  g_assert_true (tst_store_remove_listener (store, fixture->rows[0].handle));
  g_assert_cmpuint (fixture->n_destroyed, ==, 0);
  fixture->rows[0].handle = 0;
}

static void
destroyed_cb (gpointer user_data)
{
  ((Fixture *) user_data)->n_destroyed++;
}

static void
test_row_listeners_leave (Fixture       *fixture,
                          gconstpointer  user_data)
{
  Row *row = &fixture->rows[0];

  g_test_summary ("The only listener of a row removes itself and keeps its data until it returns");

  g_assert_true (tst_store_remove_listener (fixture->store, row->handle));
  write_row (fixture, row);
  row->handle = tst_store_add_row_listener (fixture->store, row->table_id, row->row_id, 0,
                                            leave_cb, fixture, destroyed_cb);
  write_row (fixture, row);
  g_assert_cmpuint (row->handle, ==, 0);
  g_assert_cmpuint (fixture->n_destroyed, ==, 1);

  write_row (fixture, row);
  listen (fixture, row);
  assert_heard (fixture, 0, 1, 1);
}

static void
test_row_listeners_few (void)
{
  TstStore *store = tst_store_new ();
  Row row = { (char *) "t", (char *) "4999" };

  g_test_summary ("A single listener hears of the last of many rows");

  tst_store_add_row_listener (store, row.table_id, row.row_id, 0, row_cb, &row, NULL);
  for (guint round = 1; round <= 3; round++)
    {
      for (guint i = 0; i < 5000; i++)
        {
          g_autofree char *id = g_strdup_printf ("%u", i);

          g_assert_true (tst_store_set_cell_number (store, "t", id, "c", round, NULL));
        }
      g_assert_cmpuint (row.n_calls, ==, round);
    }

  g_assert_finalize_object (store);
}

static void
test_row_listeners_many_tables (void)
{
  TstStore *store = tst_store_new ();
  Row rows[20] = { { NULL, } };

  g_test_summary ("Listeners in more tables than are indexed for so few hear all the same");

  for (guint round = 1; round <= 3; round++)
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
      {
        Row *row = &rows[i];

        if (round == 1)
          {
            row->table_id = g_strdup_printf ("table %u", i);
            row->row_id = (char *) "30";
            /* Two of them, so that there is room for a part only */
            if (i < 2)
              row->handle = tst_store_add_row_listener (store, row->table_id, row->row_id, 0,
                                                        row_cb, row, NULL);
          }

        for (guint j = 0; j < 31; j++)
          {
            g_autofree char *id = g_strdup_printf ("%u", j);

            g_assert_true (tst_store_set_cell_number (store, row->table_id, id, "c", round, NULL));
          }
        g_assert_cmpuint (row->n_calls, ==, i < 2 ? round : 0);
      }

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_free (rows[i].table_id);
  g_assert_finalize_object (store);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/row-listeners/" path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

  ADD ("added", test_row_listeners_added);
  ADD ("removed", test_row_listeners_removed);
  ADD ("tables", test_row_listeners_tables);
  ADD ("rolled-back", test_row_listeners_rolled_back);
  ADD ("replaced", test_row_listeners_replaced);
  ADD ("changed", test_row_listeners_changed);
  ADD ("leave", test_row_listeners_leave);
  g_test_add_func ("/row-listeners/few", test_row_listeners_few);
  g_test_add_func ("/row-listeners/many-tables", test_row_listeners_many_tables);

  return g_test_run ();
}
