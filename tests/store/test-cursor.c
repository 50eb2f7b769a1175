/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <libtstore/tstore.h>

#include "test-util.h"

typedef struct
{
  TstStore  *store;
  TstCursor *cursor;
  guint      name;
  guint      price;
  guint      sold;
} Fixture;

static void
set_number (Fixture    *fixture,
            const char *row_id,
            const char *cell_id,
            double      number)
{
  g_assert_true (tst_store_set_cell_number (fixture->store, "pets", row_id, cell_id, number, NULL));
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  user_data)
{
  TstStore *store = fixture->store = tst_store_new ();

  g_assert_true (tst_store_set_cell_string (store, "pets", "fido", "name", "Fido", NULL));
  g_assert_true (tst_store_set_cell_number (store, "pets", "fido", "price", 5, NULL));
  g_assert_true (tst_store_set_cell_boolean (store, "pets", "fido", "sold", TRUE, NULL));
  g_assert_true (tst_store_set_cell_string (store, "pets", "felix", "name",
                                            "Felix, whose name is long", NULL));
  g_assert_true (tst_store_set_cell_number (store, "pets", "cujo", "price", 7, NULL));

  fixture->cursor = tst_cursor_new (store, "pets");
  fixture->name = tst_cursor_add_column (fixture->cursor, "name");
  fixture->price = tst_cursor_add_column (fixture->cursor, "price");
  fixture->sold = tst_cursor_add_column (fixture->cursor, "sold");
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  user_data)
{
  if (fixture->cursor != NULL)
    g_assert_finalize_object (fixture->cursor);
  g_assert_finalize_object (fixture->store);
}

static void
test_cursor_next (Fixture       *fixture,
                  gconstpointer  user_data)
{
  TstCursor *cursor = fixture->cursor;

  g_test_summary ("A cursor visits the rows in order, from before the first");

  g_assert_null (tst_cursor_get_row_id (cursor));
  g_assert_true (tst_cursor_next (cursor));
  g_assert_cmpstr (tst_cursor_get_row_id (cursor), ==, "fido");
  g_assert_true (tst_cursor_next (cursor));
  g_assert_cmpstr (tst_cursor_get_row_id (cursor), ==, "felix");
  g_assert_true (tst_cursor_next (cursor));
  g_assert_cmpstr (tst_cursor_get_row_id (cursor), ==, "cujo");
  g_assert_false (tst_cursor_next (cursor));
  g_assert_null (tst_cursor_get_row_id (cursor));

  tst_cursor_rewind (cursor);
  g_assert_null (tst_cursor_get_row_id (cursor));
  g_assert_true (tst_cursor_next (cursor));
  g_assert_cmpstr (tst_cursor_get_row_id (cursor), ==, "fido");
}

static void
test_cursor_get (Fixture       *fixture,
                 gconstpointer  user_data)
{
  TstCursor *cursor = fixture->cursor;

  g_test_summary ("A cursor reads cells as the store does");

  g_assert_true (tst_cursor_next (cursor));
  g_assert_cmpstr (tst_cursor_get_string (cursor, fixture->name), ==, "Fido");
  g_assert_cmpfloat (tst_cursor_get_number (cursor, fixture->price), ==, 5);
  g_assert_true (tst_cursor_get_boolean (cursor, fixture->sold));
  g_assert_cmpint (tst_cursor_get_cell_type (cursor, fixture->name), ==, TST_CELL_TYPE_STRING);
  g_assert_cmpint (tst_cursor_get_cell_type (cursor, fixture->price), ==, TST_CELL_TYPE_NUMBER);
  g_assert_null (tst_cursor_get_string (cursor, fixture->price));
  g_assert_cmpfloat (tst_cursor_get_number (cursor, fixture->name), ==, 0);
  g_assert_false (tst_cursor_get_boolean (cursor, fixture->name));

  g_assert_true (tst_cursor_next (cursor));
  g_assert_cmpstr (tst_cursor_get_string (cursor, fixture->name), ==, "Felix, whose name is long");
  g_assert_cmpint (tst_cursor_get_cell_type (cursor, fixture->price), ==, TST_CELL_TYPE_NONE);
  g_assert_cmpfloat (tst_cursor_get_number (cursor, fixture->price), ==, 0);
}

static void
test_cursor_seek (Fixture       *fixture,
                  gconstpointer  user_data)
{
  TstCursor *cursor = fixture->cursor;

  g_test_summary ("A cursor goes to a row by its id, and on from there");

  g_assert_true (tst_cursor_seek (cursor, "felix"));
  g_assert_cmpstr (tst_cursor_get_row_id (cursor), ==, "felix");
  g_assert_true (tst_cursor_next (cursor));
  g_assert_cmpstr (tst_cursor_get_row_id (cursor), ==, "cujo");
  g_assert_false (tst_cursor_seek (cursor, "nobody"));
  g_assert_null (tst_cursor_get_row_id (cursor));
  g_assert_cmpint (tst_cursor_get_cell_type (cursor, fixture->name), ==, TST_CELL_TYPE_NONE);
  g_assert_true (tst_cursor_seek (cursor, "fido"));
  g_assert_cmpstr (tst_cursor_get_string (cursor, fixture->name), ==, "Fido");
}

static void
test_cursor_set (Fixture       *fixture,
                 gconstpointer  user_data)
{
  TstCursor *cursor = fixture->cursor;
  g_autoptr(GError) error = NULL;

  g_test_summary ("A cursor writes cells, also those that were not there");

  g_assert_true (tst_cursor_seek (cursor, "cujo"));
  g_assert_true (tst_cursor_set_string (cursor, fixture->name, "Cujo", &error));
  g_assert_no_error (error);
  g_assert_true (tst_cursor_set_number (cursor, fixture->price, 8, &error));
  g_assert_true (tst_cursor_set_boolean (cursor, fixture->sold, FALSE, &error));

  g_assert_cmpstr (tst_cursor_get_string (cursor, fixture->name), ==, "Cujo");
  g_assert_cmpstr (tst_store_get_cell_string (fixture->store, "pets", "cujo", "name"), ==, "Cujo");
  g_assert_cmpfloat (tst_store_get_cell_number (fixture->store, "pets", "cujo", "price"), ==, 8);
  g_assert_cmpint (tst_store_get_cell_type (fixture->store, "pets", "cujo", "sold"), ==,
                   TST_CELL_TYPE_BOOLEAN);
  test_assert_ids (tst_store_get_cell_ids (fixture->store, "pets", "cujo"),
                   "price", "name", "sold", NULL);
}

static void
test_cursor_new_column (Fixture       *fixture,
                        gconstpointer  user_data)
{
  TstCursor *cursor = fixture->cursor;
  guint column = tst_cursor_add_column (cursor, "colour");

  g_test_summary ("A column need not be there yet");

  g_assert_true (tst_cursor_next (cursor));
  g_assert_cmpint (tst_cursor_get_cell_type (cursor, column), ==, TST_CELL_TYPE_NONE);
  g_assert_true (tst_cursor_set_string (cursor, column, "brown", NULL));
  g_assert_cmpstr (tst_cursor_get_string (cursor, column), ==, "brown");

  /* Also when somebody else makes it. */
  column = tst_cursor_add_column (cursor, "weight");
  g_assert_cmpfloat (tst_cursor_get_number (cursor, column), ==, 0);
  set_number (fixture, "fido", "weight", 12);
  g_assert_cmpfloat (tst_cursor_get_number (cursor, column), ==, 12);
}

static void
test_cursor_refused (Fixture       *fixture,
                     gconstpointer  user_data)
{
  TstCursor *cursor = fixture->cursor;
  g_autoptr(GError) error = NULL;

  g_test_summary ("A cursor refuses what the store refuses");

  g_assert_true (tst_cursor_next (cursor));
  g_assert_false (tst_cursor_set_number (cursor, fixture->price, G_MAXDOUBLE * 10, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_INVALID_VALUE);
  g_clear_error (&error);
  g_assert_false (tst_cursor_set_string (cursor, fixture->name, "\xff", &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_INVALID_VALUE);
  g_assert_cmpstr (tst_cursor_get_string (cursor, fixture->name), ==, "Fido");
  g_assert_cmpfloat (tst_cursor_get_number (cursor, fixture->price), ==, 5);
}

static void
count_cb (TstStore     *store,
          const char   *table_id,
          const char   *row_id,
          const char   *cell_id,
          const GValue *new_value,
          const GValue *old_value,
          gpointer      user_data)
{
  g_string_append_printf (user_data, "%s/%s/%s\n", table_id, row_id, cell_id);
}

static void
test_cursor_told (Fixture       *fixture,
                  gconstpointer  user_data)
{
  g_autoptr(GString) heard = g_string_new (NULL);

  g_test_summary ("What a cursor writes is told like any other write");

  tst_store_add_cell_listener (fixture->store, NULL, NULL, NULL, 0, count_cb, heard, NULL);
  g_assert_true (tst_cursor_next (fixture->cursor));
  g_assert_true (tst_cursor_set_number (fixture->cursor, fixture->price, 6, NULL));
  g_assert_cmpstr (heard->str, ==, "pets/fido/price\n");
  g_assert_true (tst_cursor_set_number (fixture->cursor, fixture->price, 6, NULL));
  g_assert_cmpstr (heard->str, ==, "pets/fido/price\n");
}

static void
remove_fido_cb (TstStore *store,
                gpointer  user_data)
{
  g_assert_true (tst_store_remove_row (store, "pets", "fido"));
}

static void
test_cursor_removed_meanwhile (Fixture       *fixture,
                               gconstpointer  user_data)
{
  TstCursor *cursor = fixture->cursor;
  gulong handle;

  g_test_summary ("A row that is removed as a write to it begins is made anew by the write");

  g_assert_true (tst_cursor_next (cursor));
  handle = tst_store_add_started_listener (fixture->store, remove_fido_cb, NULL, NULL);
  g_assert_true (tst_cursor_set_number (cursor, fixture->price, 6, NULL));
  g_assert_true (tst_store_remove_listener (fixture->store, handle));

  g_assert_cmpfloat (tst_store_get_cell_number (fixture->store, "pets", "fido", "price"), ==, 6);
  test_assert_ids (tst_store_get_cell_ids (fixture->store, "pets", "fido"), "price", NULL);
  test_assert_ids (tst_store_get_row_ids (fixture->store, "pets"), "felix", "cujo", "fido", NULL);
}

static void
test_cursor_rolled_back (Fixture       *fixture,
                         gconstpointer  user_data)
{
  TstCursor *cursor = fixture->cursor;

  g_test_summary ("What a cursor writes is rolled back with the rest");

  g_assert_true (tst_cursor_next (cursor));
  tst_store_begin (fixture->store);
  g_assert_true (tst_cursor_set_number (cursor, fixture->price, 6, NULL));
  tst_store_rollback (fixture->store);
  g_assert_cmpfloat (tst_cursor_get_number (cursor, fixture->price), ==, 5);
}

static void
test_cursor_row_removed (Fixture       *fixture,
                         gconstpointer  user_data)
{
  TstCursor *cursor = fixture->cursor;

  g_test_summary ("A cursor whose row is removed is on no row, and reads nothing");

  g_assert_true (tst_cursor_seek (cursor, "felix"));
  g_assert_true (tst_store_remove_row (fixture->store, "pets", "felix"));
  g_assert_cmpint (tst_cursor_get_cell_type (cursor, fixture->name), ==, TST_CELL_TYPE_NONE);
  g_assert_null (tst_cursor_get_string (cursor, fixture->name));
  g_assert_true (tst_cursor_seek (cursor, "cujo"));
  g_assert_cmpfloat (tst_cursor_get_number (cursor, fixture->price), ==, 7);
}

static void
test_cursor_table_removed (Fixture       *fixture,
                           gconstpointer  user_data)
{
  TstCursor *cursor = fixture->cursor;

  g_test_summary ("A cursor on a table that is removed, and comes back, finds it again");

  g_assert_true (tst_cursor_next (cursor));
  g_assert_true (tst_store_remove_table (fixture->store, "pets"));
  g_assert_cmpint (tst_cursor_get_cell_type (cursor, fixture->name), ==, TST_CELL_TYPE_NONE);
  tst_cursor_rewind (cursor);
  g_assert_false (tst_cursor_next (cursor));

  set_number (fixture, "new", "price", 9);
  tst_cursor_rewind (cursor);
  g_assert_true (tst_cursor_next (cursor));
  g_assert_cmpstr (tst_cursor_get_row_id (cursor), ==, "new");
  g_assert_cmpfloat (tst_cursor_get_number (cursor, fixture->price), ==, 9);
}

static void
test_cursor_no_table (Fixture       *fixture,
                      gconstpointer  user_data)
{
  g_autoptr(TstCursor) cursor = tst_cursor_new (fixture->store, "nothing");
  guint column = tst_cursor_add_column (cursor, "c");

  g_test_summary ("A cursor may be made before its table");

  g_assert_false (tst_cursor_next (cursor));
  g_assert_true (tst_store_set_cell_number (fixture->store, "nothing", "r", "c", 3, NULL));
  tst_cursor_rewind (cursor);
  g_assert_true (tst_cursor_next (cursor));
  g_assert_cmpfloat (tst_cursor_get_number (cursor, column), ==, 3);
}

static void
test_cursor_rows_change (Fixture       *fixture,
                         gconstpointer  user_data)
{
  TstCursor *cursor = fixture->cursor;

  g_test_summary ("A cursor stays on its row while others come and go");

  for (guint i = 0; i < 500; i++)
    {
      g_autofree char *id = g_strdup_printf ("row %u", i);

      set_number (fixture, id, "price", i);
    }
  g_assert_true (tst_cursor_seek (cursor, "row 499"));
  for (guint i = 0; i < 499; i++)
    {
      g_autofree char *id = g_strdup_printf ("row %u", i);

      g_assert_true (tst_store_remove_row (fixture->store, "pets", id));
      g_assert_cmpfloat (tst_cursor_get_number (cursor, fixture->price), ==, 499);
    }
  g_assert_cmpstr (tst_cursor_get_row_id (cursor), ==, "row 499");
  g_assert_true (tst_cursor_set_number (cursor, fixture->price, 1000, NULL));
  g_assert_cmpfloat (tst_store_get_cell_number (fixture->store, "pets", "row 499", "price"), ==,
                     1000);
  g_assert_false (tst_cursor_next (cursor));
}

static void
test_cursor_same_numbers (Fixture       *fixture,
                          gconstpointer  user_data)
{
  g_test_summary ("The handles of columns count up from 0; the same cell may be asked for twice");

  g_assert_cmpuint (fixture->name, ==, 0);
  g_assert_cmpuint (fixture->price, ==, 1);
  g_assert_cmpuint (fixture->sold, ==, 2);
  g_assert_true (tst_cursor_next (fixture->cursor));
  g_assert_cmpstr (tst_cursor_get_string (fixture->cursor,
                                          tst_cursor_add_column (fixture->cursor, "name")), ==,
                   "Fido");
}

static void
test_cursor_mistakes (Fixture       *fixture,
                      gconstpointer  user_data)
{
  TstCursor *cursor = fixture->cursor;

  g_test_summary ("To write with a cursor that is on no row is a mistake");

  g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, "*");
  g_assert_false (tst_cursor_set_number (cursor, fixture->price, 1, NULL));
  g_test_assert_expected_messages ();

  g_assert_false (tst_cursor_seek (cursor, "nobody"));
  g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, "*");
  g_assert_false (tst_cursor_set_string (cursor, fixture->name, "x", NULL));
  g_test_assert_expected_messages ();
  g_assert_cmpuint (tst_store_get_n_rows (fixture->store, "pets"), ==, 3);
}

static void
test_cursor_holds_store (Fixture       *fixture,
                         gconstpointer  user_data)
{
  TstStore *store = tst_store_new ();
  TstCursor *cursor = tst_cursor_new (store, "t");
  guint column = tst_cursor_add_column (cursor, "c");

  g_test_summary ("A cursor keeps its store");

  g_assert_true (tst_store_set_cell_number (store, "t", "r", "c", 1, NULL));
  g_object_unref (store);
  g_assert_true (tst_cursor_next (cursor));
  g_assert_cmpfloat (tst_cursor_get_number (cursor, column), ==, 1);
  g_assert_finalize_object (cursor);
}

static void
test_cursor_remove_all (Fixture       *fixture,
                        gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  g_autoptr(TstCursor) other = NULL;
  guint n = 0;

  g_test_summary ("A loop that removes each row comes to all of them, also where holes are closed meanwhile");

  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *row_id = g_strdup_printf ("%u", i);

      tst_store_set_cell_number (store, "many", row_id, "n", i, NULL);
    }

  other = tst_cursor_new (store, "many");
  while (tst_cursor_next (other))
    {
      g_autofree char *row_id = g_strdup (tst_cursor_get_row_id (other));
      g_autofree char *expected = g_strdup_printf ("%u", n++);

      g_assert_cmpstr (row_id, ==, expected);
      g_assert_true (tst_store_remove_row (store, "many", row_id));
    }
  g_assert_cmpuint (n, ==, 300);
  g_assert_false (tst_store_has_table (store, "many"));
}

static void
fill_many (TstStore *store,
           guint     n_rows)
{
  for (guint i = 0; i < n_rows; i++)
    {
      g_autofree char *row_id = g_strdup_printf ("%u", i);

      g_assert_true (tst_store_set_cell_number (store, "many", row_id, "n", i, NULL));
    }
}

static void
test_cursor_table_again (Fixture       *fixture,
                         gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("Of a table that went and came back, all rows come later");

  g_assert_true (tst_cursor_seek (fixture->cursor, "cujo"));
  g_assert_true (tst_store_remove_table (store, "pets"));
  set_number (fixture, "rex", "price", 1);
  set_number (fixture, "polly", "price", 2);
  g_assert_true (tst_cursor_next (fixture->cursor));
  g_assert_cmpstr (tst_cursor_get_row_id (fixture->cursor), ==, "rex");
  g_assert_true (tst_cursor_next (fixture->cursor));
  g_assert_cmpstr (tst_cursor_get_row_id (fixture->cursor), ==, "polly");

  /* Not so if it never went. */
  tst_store_begin (store);
  g_assert_true (tst_store_remove_table (store, "pets"));
  tst_store_rollback (store);
  g_assert_false (tst_cursor_next (fixture->cursor));
}

static void
test_cursor_table_moves (Fixture       *fixture,
                         gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  g_autoptr(TstCursor) other = NULL;

  g_test_summary ("A cursor goes on where it was if other tables go, and then the rows before it");

  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *table_id = g_strdup_printf ("table %u", i);

      g_assert_true (tst_store_set_cell_number (store, table_id, "r", "c", i, NULL));
    }
  fill_many (store, 300);
  other = tst_cursor_new (store, "many");
  g_assert_true (tst_cursor_seek (other, "200"));

  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *table_id = g_strdup_printf ("table %u", i);

      g_assert_true (tst_store_remove_table (store, table_id));
    }
  for (guint i = 0; i <= 200; i++)
    {
      g_autofree char *row_id = g_strdup_printf ("%u", i);

      g_assert_true (tst_store_remove_row (store, "many", row_id));
    }

  g_assert_true (tst_cursor_next (other));
  g_assert_cmpstr (tst_cursor_get_row_id (other), ==, "201");
}

/* --- Moved by those who are told that it writes --- */

static void
next_cb (TstStore *store,
         gpointer  user_data)
{
  tst_cursor_next (user_data);
}

static void
rewind_cb (TstStore *store,
           gpointer  user_data)
{
  tst_cursor_rewind (user_data);
}

static void
remove_and_rewind_cb (TstStore *store,
                      gpointer  user_data)
{
  tst_store_remove_row (store, "pets", "fido");
  tst_cursor_rewind (user_data);
}

static void
test_cursor_moved_meanwhile (Fixture       *fixture,
                             gconstpointer  user_data)
{
  const TstStoreListener moves[] = { next_cb, rewind_cb, remove_and_rewind_cb };
  TstCursor *cursor = fixture->cursor;
  TstStore *store = fixture->store;
  guint note = tst_cursor_add_column (cursor, "note");

  g_test_summary ("A cursor that is moved while it writes has written to the row that it was on");

  for (guint i = 0; i < G_N_ELEMENTS (moves); i++)
    {
      gulong handle;

      /* In the place of a cell, and a new one. */
      handle = tst_store_add_started_listener (store, moves[i], cursor, NULL);
      g_assert_true (tst_cursor_seek (cursor, "fido"));
      g_assert_true (tst_cursor_set_number (cursor, fixture->price, 10 + i, NULL));
      g_assert_cmpfloat (tst_store_get_cell_number (store, "pets", "fido", "price"), ==, 10 + i);

      g_assert_true (tst_cursor_seek (cursor, "fido"));
      g_assert_true (tst_cursor_set_number (cursor, note, 20 + i, NULL));
      g_assert_cmpfloat (tst_store_get_cell_number (store, "pets", "fido", "note"), ==, 20 + i);

      g_assert_cmpfloat (tst_store_get_cell_number (store, "pets", "cujo", "price"), ==, 7);
      g_assert_false (tst_store_has_cell (store, "pets", "felix", "price"));
      g_assert_true (tst_store_remove_listener (store, handle));
      g_assert_true (tst_store_remove_cell (store, "pets", "fido", "note"));
      set_number (fixture, "fido", "price", 5);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/cursor/" path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

  ADD ("next", test_cursor_next);
  ADD ("get", test_cursor_get);
  ADD ("seek", test_cursor_seek);
  ADD ("set", test_cursor_set);
  ADD ("new-column", test_cursor_new_column);
  ADD ("refused", test_cursor_refused);
  ADD ("told", test_cursor_told);
  ADD ("removed-meanwhile", test_cursor_removed_meanwhile);
  ADD ("rolled-back", test_cursor_rolled_back);
  ADD ("row-removed", test_cursor_row_removed);
  ADD ("table-removed", test_cursor_table_removed);
  ADD ("no-table", test_cursor_no_table);
  ADD ("rows-change", test_cursor_rows_change);
  ADD ("remove-all", test_cursor_remove_all);
  ADD ("table-again", test_cursor_table_again);
  ADD ("table-moves", test_cursor_table_moves);
  ADD ("moved-meanwhile", test_cursor_moved_meanwhile);
  ADD ("same-numbers", test_cursor_same_numbers);
  ADD ("mistakes", test_cursor_mistakes);
  ADD ("holds-store", test_cursor_holds_store);

  return g_test_run ();
}
