/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The doors through which other rooms write: whole rows, new rows, values,
 * tables and content. And the pool of row ids. */

#include <libtstore/tstore.h>

#include "tst-store-private.h"

#include "test-util.h"

#include <string.h>

typedef struct
{
  TstStore *store;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  user_data)
{
  fixture->store = tst_store_new ();
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  user_data)
{
  g_assert_finalize_object (fixture->store);
}

static TstNamedCell
number_cell (const char *id,
             double      number)
{
  TstNamedCell cell = { id, strlen (id), TST_CELL_INIT };

  tst_cell_init_number (&cell.cell, number);

  return cell;
}

static TstNamedCell
text_cell (const char *id,
           const char *text)
{
  TstNamedCell cell = { id, strlen (id), TST_CELL_INIT };

  tst_cell_init_text (&cell.cell, TST_CELL_TYPE_STRING, text, strlen (text));

  return cell;
}

static char *
add_row (Fixture        *fixture,
         const char     *table_id,
         TstAddRowFlags  flags)
{
  TstNamedCell cell = number_cell ("c", 1);
  g_autoptr(GError) error = NULL;
  char *id = tst_store_write_new_row (fixture->store, table_id, &cell, 1, flags, &error);

  g_assert_no_error (error);

  return id;
}

static void
assert_adds (Fixture        *fixture,
             TstAddRowFlags  flags,
             const char     *expected)
{
  g_autofree char *id = add_row (fixture, "t", flags);

  g_assert_cmpstr (id, ==, expected);
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
remove_row (Fixture    *fixture,
            const char *row_id)
{
  g_assert_true (tst_store_remove_row (fixture->store, "t", row_id));
}

/* --- The pool of row ids --- */

static void
test_rows_pool_reuse (Fixture       *fixture,
                      gconstpointer  user_data)
{
  g_test_summary ("Row ids count up, and released ones are used first, oldest first");

  assert_adds (fixture, TST_ADD_ROW_DEFAULT, "0");
  assert_adds (fixture, TST_ADD_ROW_DEFAULT, "1");
  assert_adds (fixture, TST_ADD_ROW_DEFAULT, "2");
  remove_row (fixture, "1");
  assert_adds (fixture, TST_ADD_ROW_DEFAULT, "1");
  remove_row (fixture, "1");
  remove_row (fixture, "0");
  assert_adds (fixture, TST_ADD_ROW_DEFAULT, "1");
  assert_adds (fixture, TST_ADD_ROW_DEFAULT, "0");
  assert_adds (fixture, TST_ADD_ROW_DEFAULT, "3");
}

static void
test_rows_pool_no_reuse (Fixture       *fixture,
                         gconstpointer  user_data)
{
  g_test_summary ("Without reuse, released ids stay for later");

  assert_adds (fixture, TST_ADD_ROW_DEFAULT, "0");
  assert_adds (fixture, TST_ADD_ROW_DEFAULT, "1");
  remove_row (fixture, "0");
  assert_adds (fixture, TST_ADD_ROW_NO_REUSE, "2");
  assert_adds (fixture, TST_ADD_ROW_DEFAULT, "0");
  assert_adds (fixture, TST_ADD_ROW_DEFAULT, "3");
}

static void
test_rows_pool_in_use (Fixture       *fixture,
                       gconstpointer  user_data)
{
  g_test_summary ("Ids that are in use are passed over");

  set_number (fixture, "t", "0", "c", 1);
  set_number (fixture, "t", "2", "c", 1);
  assert_adds (fixture, TST_ADD_ROW_DEFAULT, "1");
  assert_adds (fixture, TST_ADD_ROW_NO_REUSE, "3");

  remove_row (fixture, "0");
  set_number (fixture, "t", "0", "c", 1);
  assert_adds (fixture, TST_ADD_ROW_DEFAULT, "4");
}

static void
test_rows_pool_foreign (Fixture       *fixture,
                        gconstpointer  user_data)
{
  g_test_summary ("Every removed row with digits only gives its id, also one never handed out");

  set_number (fixture, "t", "100", "c", 1);
  set_number (fixture, "t", "007", "c", 1);
  set_number (fixture, "t", "x1", "c", 1);
  set_number (fixture, "t", "-1", "c", 1);
  set_number (fixture, "t", "", "c", 1);
  set_number (fixture, "t", "stay", "c", 1);
  remove_row (fixture, "100");
  remove_row (fixture, "x1");
  remove_row (fixture, "-1");
  remove_row (fixture, "");
  remove_row (fixture, "007");
  assert_adds (fixture, TST_ADD_ROW_DEFAULT, "100");
  assert_adds (fixture, TST_ADD_ROW_DEFAULT, "007");
  assert_adds (fixture, TST_ADD_ROW_DEFAULT, "0");
}

static void
test_rows_pool_last_cell (Fixture       *fixture,
                          gconstpointer  user_data)
{
  g_test_summary ("A row that goes with its last cell does not give its id");

  assert_adds (fixture, TST_ADD_ROW_DEFAULT, "0");
  assert_adds (fixture, TST_ADD_ROW_DEFAULT, "1");
  g_assert_true (tst_store_remove_cell (fixture->store, "t", "0", "c"));
  assert_adds (fixture, TST_ADD_ROW_DEFAULT, "2");
}

static void
test_rows_pool_table_gone (Fixture       *fixture,
                           gconstpointer  user_data)
{
  g_test_summary ("With its table, the pool goes, too");

  assert_adds (fixture, TST_ADD_ROW_DEFAULT, "0");
  assert_adds (fixture, TST_ADD_ROW_DEFAULT, "1");
  remove_row (fixture, "0");
  remove_row (fixture, "1");
  assert_adds (fixture, TST_ADD_ROW_DEFAULT, "0");

  assert_adds (fixture, TST_ADD_ROW_DEFAULT, "1");
  g_assert_true (tst_store_remove_table (fixture->store, "t"));
  assert_adds (fixture, TST_ADD_ROW_DEFAULT, "0");
}

static void
test_rows_pool_bounded (Fixture       *fixture,
                        gconstpointer  user_data)
{
  g_test_summary ("Only the first thousand released ids are kept");

  set_number (fixture, "t", "stay", "c", 1);
  for (guint i = 0; i < 1100; i++)
    g_free (add_row (fixture, "t", TST_ADD_ROW_DEFAULT));
  for (guint i = 0; i < 1100; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      remove_row (fixture, id);
    }
  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      assert_adds (fixture, TST_ADD_ROW_DEFAULT, id);
    }
  assert_adds (fixture, TST_ADD_ROW_DEFAULT, "1100");
}

static void
test_rows_pool_rollback (Fixture       *fixture,
                         gconstpointer  user_data)
{
  g_test_summary ("The pool is rolled back, too");

  assert_adds (fixture, TST_ADD_ROW_DEFAULT, "0");
  assert_adds (fixture, TST_ADD_ROW_DEFAULT, "1");
  assert_adds (fixture, TST_ADD_ROW_DEFAULT, "2");
  remove_row (fixture, "1");

  tst_store_begin (fixture->store);
  assert_adds (fixture, TST_ADD_ROW_DEFAULT, "1");
  assert_adds (fixture, TST_ADD_ROW_DEFAULT, "3");
  remove_row (fixture, "0");
  tst_store_rollback (fixture->store);

  tst_store_begin (fixture->store);
  g_assert_true (tst_store_remove_table (fixture->store, "t"));
  assert_adds (fixture, TST_ADD_ROW_DEFAULT, "0");
  tst_store_rollback (fixture->store);

  assert_adds (fixture, TST_ADD_ROW_DEFAULT, "1");
  assert_adds (fixture, TST_ADD_ROW_DEFAULT, "3");
}

static void
test_rows_pool_of_each_table (Fixture       *fixture,
                              gconstpointer  user_data)
{
  g_autofree char *other = NULL;

  g_test_summary ("Each table has a pool of its own");

  assert_adds (fixture, TST_ADD_ROW_DEFAULT, "0");
  other = add_row (fixture, "u", TST_ADD_ROW_DEFAULT);
  g_assert_cmpstr (other, ==, "0");
}

static void
test_rows_unique (Fixture       *fixture,
                  gconstpointer  user_data)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  g_test_summary ("Unique ids are all different, long, and leave the pool alone");

  for (guint i = 0; i < 200; i++)
    {
      char *id = add_row (fixture, "t", TST_ADD_ROW_UNIQUE);

      g_assert_cmpuint (strlen (id), >=, 16);
      g_assert_true (g_hash_table_add (seen, id));
    }
  assert_adds (fixture, TST_ADD_ROW_DEFAULT, "0");
  g_assert_cmpuint (tst_store_get_n_rows (fixture->store, "t"), ==, 201);
}

static void
test_rows_add_refused (Fixture       *fixture,
                       gconstpointer  user_data)
{
  TstNamedCell cell = text_cell ("c", "a text that is not short");
  g_autoptr(GError) error = NULL;

  g_test_summary ("A row that is refused takes no id");

  g_assert_null (tst_store_write_new_row (fixture->store, "t", NULL, 0, 0, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_EMPTY);
  g_clear_error (&error);
  g_assert_null (tst_store_write_new_row (fixture->store, "\xff", &cell, 1, 0, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_INVALID_ID);
  g_assert_false (tst_store_has_tables (fixture->store));
  assert_adds (fixture, TST_ADD_ROW_DEFAULT, "0");
}

/* --- Whole rows --- */

static void
test_rows_write (Fixture       *fixture,
                 gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  TstNamedCell cells[] = { number_cell ("c", 3), text_cell ("d", "a text that is not short") };
  g_autoptr(GError) error = NULL;

  g_test_summary ("A row written is exactly what was given; what is kept keeps its place");

  set_number (fixture, "t", "r", "a", 1);
  set_number (fixture, "t", "r", "c", 1);
  set_number (fixture, "t", "r", "b", 1);
  g_assert_true (tst_store_write_row (store, "t", "r", cells, 2, FALSE, &error));
  g_assert_no_error (error);
  test_assert_ids (tst_store_get_cell_ids (store, "t", "r"), "c", "d", NULL);
  g_assert_cmpfloat (tst_store_get_cell_number (store, "t", "r", "c"), ==, 3);
  g_assert_cmpstr (tst_store_get_cell_string (store, "t", "r", "d"), ==,
                   "a text that is not short");

  /* Taken over, and left empty. */
  g_assert_cmpint (tst_cell_type (&cells[1].cell), ==, TST_CELL_TYPE_NONE);
}

static void
test_rows_write_partial (Fixture       *fixture,
                         gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  TstNamedCell cells[] = { number_cell ("c", 3), number_cell ("a", 3) };
  g_autoptr(GError) error = NULL;

  g_test_summary ("A row written in part keeps the rest; and nothing is allowed");

  set_number (fixture, "t", "r", "a", 1);
  set_number (fixture, "t", "r", "b", 1);
  g_assert_true (tst_store_write_row (store, "t", "r", cells, 2, TRUE, &error));
  g_assert_no_error (error);
  test_assert_ids (tst_store_get_cell_ids (store, "t", "r"), "a", "b", "c", NULL);
  g_assert_cmpfloat (tst_store_get_cell_number (store, "t", "r", "a"), ==, 3);

  g_assert_true (tst_store_write_row (store, "t", "new", NULL, 0, TRUE, &error));
  g_assert_no_error (error);
  g_assert_false (tst_store_has_row (store, "t", "new"));
}

static void
invalid_cb (TstStore   *store,
            const char *table_id,
            const char *row_id,
            const char *cell_id,
            GError     *error,
            gpointer    user_data)
{
  (*(guint *) user_data)++;
}

static void
test_rows_write_refused (Fixture       *fixture,
                         gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  TstNamedCell cells[] = { text_cell ("b", "a text that is not short"), number_cell ("c", 3) };
  g_autoptr(GError) error = NULL;
  guint n_invalid = 0;

  g_test_summary ("A row that is refused changes nothing, and that is told");

  set_number (fixture, "t", "r", "a", 1);
  g_signal_connect (store, "invalid-cell", G_CALLBACK (invalid_cb), &n_invalid);
  g_assert_false (tst_store_write_row (store, "t", "\xff", cells, 2, FALSE, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_INVALID_ID);
  g_assert_cmpuint (n_invalid, ==, 1);
  g_clear_error (&error);
  g_assert_false (tst_store_write_row (store, "t", "r", NULL, 0, FALSE, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_EMPTY);
  g_assert_cmpuint (n_invalid, ==, 2);
  test_assert_ids (tst_store_get_cell_ids (store, "t", "r"), "a", NULL);
  test_assert_ids (tst_store_get_row_ids (store, "t"), "r", NULL);
}

static void
test_rows_write_values (Fixture       *fixture,
                        gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  TstNamedCell all[] = { number_cell ("b", 3), number_cell ("c", 3) };
  TstNamedCell some[] = { number_cell ("d", 3), number_cell ("b", 4) };
  g_autoptr(GError) error = NULL;

  g_test_summary ("Values can be written as a whole, or in part");

  g_assert_true (tst_store_set_value_number (store, "a", 1, NULL));
  g_assert_true (tst_store_set_value_number (store, "b", 1, NULL));
  g_assert_true (tst_store_write_values (store, all, 2, FALSE, &error));
  test_assert_ids (tst_store_get_value_ids (store), "b", "c", NULL);
  g_assert_true (tst_store_write_values (store, some, 2, TRUE, &error));
  test_assert_ids (tst_store_get_value_ids (store), "b", "c", "d", NULL);
  g_assert_cmpfloat (tst_store_get_value_number (store, "b"), ==, 4);
  g_assert_true (tst_store_write_values (store, NULL, 0, TRUE, &error));
  g_assert_no_error (error);
  g_assert_false (tst_store_write_values (store, NULL, 0, FALSE, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_EMPTY);
  test_assert_ids (tst_store_get_value_ids (store), "b", "c", "d", NULL);
}

static void
test_rows_object (Fixture       *fixture,
                  gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  TstCell cell = TST_CELL_INIT;
  GValue *value;
  const TstCell *peeked;

  g_test_summary ("An object is given out as its text, and has a type of its own");

  tst_cell_init_text (&cell, TST_CELL_TYPE_OBJECT, "{\"a\":[1,2,3,4]}", 15);
  g_assert_true (tst_store_write_cell (store, "t", "r", "c", &cell, NULL));
  g_assert_cmpint (tst_store_get_cell_type (store, "t", "r", "c"), ==, TST_CELL_TYPE_OBJECT);
  g_assert_null (tst_store_get_cell_string (store, "t", "r", "c"));
  value = tst_store_get_cell (store, "t", "r", "c");
  g_assert_cmpstr (g_value_get_string (value), ==, "{\"a\":[1,2,3,4]}");
  g_value_unset (value);
  g_free (value);

  peeked = tst_store_peek_cell (store, "t", "r", "c");
  g_assert_cmpstr (tst_cell_get_text (peeked, NULL), ==, "{\"a\":[1,2,3,4]}");
  g_assert_null (tst_store_peek_cell (store, "t", "r", "d"));
  g_assert_null (tst_store_peek_value (store, "c"));

  /* The string of the same text is another value. */
  g_assert_true (tst_store_set_cell_string (store, "t", "r", "c", "{\"a\":[1,2,3,4]}", NULL));
  g_assert_cmpint (tst_store_get_cell_type (store, "t", "r", "c"), ==, TST_CELL_TYPE_STRING);
}

/* --- Whole content --- */

/* Tables a and b of rows 1 and 2, and a value. */
static TstSnapshot *
make_content (void)
{
  g_autoptr(TstEngine) engine = tst_engine_new ();
  const char *table_ids[] = { "b", "a" };
  TstCell cell;

  for (guint i = 0; i < 2; i++)
    {
      TstTable *table = tst_engine_ensure_table (engine, table_ids[i], 1, NULL);

      for (guint j = 2; j > 0; j--)
        {
          g_autofree char *row_id = g_strdup_printf ("%u", j);
          guint32 row = tst_engine_ensure_row (engine, table, row_id, 1, NULL);

          tst_cell_init_text (&cell, TST_CELL_TYPE_STRING, "a text that is not short", 24);
          g_assert_true (tst_engine_put_cell (engine, table, row,
                                              tst_engine_ensure_column (engine, table, "x", 1),
                                              &cell));
        }
    }
  tst_cell_init_number (&cell, 5);
  g_assert_true (tst_engine_put_value (engine, "v", 1, &cell));

  return tst_engine_snapshot (engine);
}

static void
count_changed_cb (TstStore   *store,
                  TstChanges *changes,
                  gpointer    user_data)
{
  (*(guint *) user_data)++;
}

static void
test_rows_replace (Fixture       *fixture,
                   gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  g_autoptr(TstSnapshot) content = make_content ();
  g_autoptr(TstSnapshot) now = NULL;
  guint n_changed = 0;

  g_test_summary ("Content replaces what is there at once; what is kept keeps its place");

  set_number (fixture, "gone", "r", "c", 1);
  set_number (fixture, "a", "1", "old", 1);
  set_number (fixture, "a", "0", "x", 1);
  g_signal_connect (store, "changed", G_CALLBACK (count_changed_cb), &n_changed);
  tst_store_replace (store, content, TST_PART_ALL, NULL);
  g_assert_cmpuint (n_changed, ==, 1);

  test_assert_ids (tst_store_get_table_ids (store), "a", "b", NULL);
  test_assert_ids (tst_store_get_row_ids (store, "a"), "1", "2", NULL);
  test_assert_ids (tst_store_get_row_ids (store, "b"), "2", "1", NULL);
  test_assert_ids (tst_store_get_cell_ids (store, "a", "1"), "x", NULL);
  test_assert_ids (tst_store_get_value_ids (store), "v", NULL);
  now = tst_store_snapshot (store);
  g_assert_true (tst_snapshot_equal (now, content));

  tst_store_replace (store, content, TST_PART_ALL, NULL);
  g_assert_cmpuint (n_changed, ==, 1);
}

static void
test_rows_replace_parts (Fixture       *fixture,
                         gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  g_autoptr(TstSnapshot) content = make_content ();
  g_autoptr(TstEngine) engine = tst_engine_new ();
  g_autoptr(TstSnapshot) nothing = tst_engine_snapshot (engine);

  g_test_summary ("Only the wanted part is replaced, and an empty part empties");

  set_number (fixture, "t", "r", "c", 1);
  tst_store_replace (store, content, TST_PART_VALUES, NULL);
  test_assert_ids (tst_store_get_table_ids (store), "t", NULL);
  g_assert_cmpfloat (tst_store_get_value_number (store, "v"), ==, 5);
  tst_store_replace (store, nothing, TST_PART_TABLES, NULL);
  g_assert_false (tst_store_has_tables (store));
  g_assert_true (tst_store_has_values (store));
  tst_store_replace (store, nothing, TST_PART_ALL, NULL);
  g_assert_false (tst_store_has_values (store));
}

static void
test_rows_replace_empty (Fixture       *fixture,
                         gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  g_autoptr(TstSnapshot) content = make_content ();
  g_autoptr(TstSnapshot) other = make_content ();

  g_test_summary ("An empty store may share what it gets, but never changes it");

  tst_store_replace (store, content, TST_PART_ALL, NULL);
  set_number (fixture, "a", "1", "x", 7);
  set_number (fixture, "a", "1", "new", 7);
  set_number (fixture, "a", "new", "x", 7);
  g_assert_true (tst_store_remove_row (store, "b", "1"));
  g_assert_true (tst_store_set_value_number (store, "v", 7, NULL));
  g_assert_true (tst_snapshot_equal (content, other));
}

static void
test_rows_replace_empty_with_holes (Fixture       *fixture,
                                    gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  TstStore *other = tst_store_new ();
  g_autoptr(TstSnapshot) content = NULL;
  g_autoptr(TstSnapshot) now = NULL;

  g_test_summary ("Content of a store that let go of tables, rows and cells is taken over whole");

  set_number (fixture, "first", "r", "c", 1);
  set_number (fixture, "gone", "r", "c", 1);
  set_number (fixture, "last", "gone", "c", 1);
  set_number (fixture, "last", "r", "stays", 1);
  for (guint i = 0; i < 200; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      set_number (fixture, "last", "r", id, i);
      if (i != 150)
        g_assert_true (tst_store_remove_cell (store, "last", "r", id));
    }
  g_assert_true (tst_store_remove_table (store, "gone"));
  g_assert_true (tst_store_remove_row (store, "last", "gone"));

  content = tst_store_snapshot (store);
  g_assert_true (tst_store_replace (other, content, TST_PART_ALL, NULL));
  test_assert_ids (tst_store_get_table_ids (other), "first", "last", NULL);
  test_assert_ids (tst_store_get_row_ids (other, "last"), "r", NULL);
  test_assert_ids (tst_store_get_cell_ids (other, "last", "r"), "stays", "150", NULL);
  g_assert_false (tst_store_has_table_cell (other, "last", "149"));

  /* New ones find a place. */
  for (guint i = 0; i < 200; i++)
    {
      g_autofree char *id = g_strdup_printf ("new %u", i);

      g_assert_true (tst_store_set_cell_number (other, id, "r", "c", i, NULL));
      g_assert_true (tst_store_set_cell_number (other, "last", "r", id, i, NULL));
    }
  g_assert_cmpfloat (tst_store_get_cell_number (other, "last", "r", "150"), ==, 150);
  g_assert_cmpfloat (tst_store_get_cell_number (other, "last", "r", "new 199"), ==, 199);
  g_assert_cmpfloat (tst_store_get_cell_number (other, "new 199", "r", "c"), ==, 199);

  now = tst_store_snapshot (store);
  g_assert_true (tst_snapshot_equal (content, now));
  g_assert_finalize_object (other);
}

static void
test_rows_replace_table (Fixture       *fixture,
                         gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  g_autoptr(TstSnapshot) content = make_content ();

  g_test_summary ("One table is replaced, and its removed rows give their ids");

  g_free (add_row (fixture, "a", TST_ADD_ROW_DEFAULT));
  set_number (fixture, "a", "2", "x", 1);
  set_number (fixture, "other", "r", "c", 1);
  tst_store_replace_table (store, "a", tst_snapshot_find_table (content, "a"), NULL);
  test_assert_ids (tst_store_get_table_ids (store), "a", "other", NULL);
  test_assert_ids (tst_store_get_row_ids (store, "a"), "2", "1", NULL);
  g_assert_cmpstr (tst_store_get_cell_string (store, "a", "2", "x"), ==,
                   "a text that is not short");

  {
    g_autofree char *id = add_row (fixture, "a", TST_ADD_ROW_DEFAULT);

    g_assert_cmpstr (id, ==, "0");
  }
}

static void
test_rows_replace_rolled_back (Fixture       *fixture,
                               gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  g_autoptr(TstSnapshot) content = make_content ();
  g_autoptr(TstSnapshot) before = NULL;
  g_autoptr(TstSnapshot) after = NULL;

  g_test_summary ("A replacement is rolled back like anything else");

  set_number (fixture, "a", "0", "x", 1);
  set_number (fixture, "t", "r", "c", 1);
  before = tst_store_snapshot (store);
  tst_store_begin (store);
  tst_store_replace (store, content, TST_PART_ALL, NULL);
  tst_store_rollback (store);
  after = tst_store_snapshot (store);
  g_assert_true (tst_snapshot_equal (before, after));
  test_assert_ids (tst_store_get_table_ids (store), "a", "t", NULL);
  g_assert_false (tst_store_has_values (store));

  /* From nothing, too. */
  tst_store_remove_tables (store);
  tst_store_begin (store);
  tst_store_replace (store, content, TST_PART_ALL, NULL);
  g_assert_true (tst_store_has_tables (store));
  tst_store_rollback (store);
  g_assert_false (tst_store_has_tables (store));
  g_assert_false (tst_store_has_values (store));
}

/* --- What interceptors keep --- */

static void
keep_row_cb (TstStore *store,
             TstWrite *write,
             gpointer  user_data)
{
  if (g_strcmp0 (tst_write_get_row_id (write), "2") == 0)
    tst_write_refuse (write, NULL);
}

/* The rows of "a", with a star behind those whose ids are from the pool */
static void
assert_pooled (Fixture    *fixture,
               const char *expected)
{
  g_autoptr(TstSnapshot) snapshot = tst_store_snapshot (fixture->store);
  g_autoptr(GString) rows = g_string_new (NULL);
  guint position = 0;
  TstRowView row;

  while (tst_table_data_next_row (tst_snapshot_find_table (snapshot, "a"), &position, &row))
    g_string_append_printf (rows, "%s%s ", row.id->text, row.pooled ? "*" : "");
  g_assert_cmpstr (rows->str, ==, expected);
}

static void
write_from_outside (Fixture     *fixture,
                    TstSnapshot *content,
                    TstParts     parts)
{
  tst_store_push_origin (fixture->store, fixture);
  g_assert_true (tst_store_write_content (fixture->store, content, parts, NULL));
  tst_store_pop_origin (fixture->store);
}

static void
test_rows_intercepted (Fixture       *fixture,
                       gconstpointer  user_data)
{
  g_autoptr(TstEngine) engine = tst_engine_new ();
  TstTable *table = tst_engine_ensure_table (engine, "a", 1, NULL);
  guint32 column = tst_engine_ensure_column (engine, table, "x", 1);
  g_autoptr(TstSnapshot) content = NULL;

  g_test_summary ("Which ids are from the pool is as content from outside says, but for rows that are kept");

  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);
      TstCell cell;

      tst_cell_init_number (&cell, 7);
      g_assert_true (tst_engine_put_cell (engine, table, tst_engine_ensure_row (engine, table, id, 1, NULL),
                                          column, &cell));
    }
  tst_engine_set_pooled (engine, table, 0, TRUE);
  content = tst_engine_snapshot (engine);

  tst_store_add_interceptor (fixture->store, TST_WRITE_ANY, keep_row_cb, NULL, NULL);
  g_free (add_row (fixture, "a", TST_ADD_ROW_DEFAULT));
  g_free (add_row (fixture, "a", TST_ADD_ROW_DEFAULT));
  assert_pooled (fixture, "0* 1* ");

  write_from_outside (fixture, content, TST_PART_ALL | TST_PART_POOLED);
  assert_pooled (fixture, "0* 1 ");
  write_from_outside (fixture, content, TST_PART_ALL);
  assert_pooled (fixture, "0 1 ");
}

static void
test_rows_intercepted_kept (Fixture       *fixture,
                            gconstpointer  user_data)
{
  g_autoptr(TstSnapshot) content = make_content ();

  g_test_summary ("A row that is kept keeps the pool's mark, and can be kept as often as one likes");

  for (guint i = 0; i < 3; i++)
    g_free (add_row (fixture, "a", TST_ADD_ROW_DEFAULT));
  tst_store_add_interceptor (fixture->store, TST_WRITE_ANY, keep_row_cb, NULL, NULL);

  write_from_outside (fixture, content, TST_PART_ALL);
  assert_pooled (fixture, "1 2* ");
  write_from_outside (fixture, content, TST_PART_ALL | TST_PART_POOLED);
  assert_pooled (fixture, "1 2* ");
}

/* One row, that shares no memory with what is there. */
static TstSnapshot *
make_row (double number)
{
  g_autoptr(TstEngine) engine = tst_engine_new ();
  TstTable *table = tst_engine_ensure_table (engine, "a", 1, NULL);
  TstCell cell;

  tst_cell_init_number (&cell, number);
  g_assert_true (tst_engine_put_cell (engine, table, tst_engine_ensure_row (engine, table, "0", 1, NULL),
                                      tst_engine_ensure_column (engine, table, "c", 1), &cell));

  return tst_engine_snapshot (engine);
}

static void
test_rows_marks_undone (Fixture       *fixture,
                        gconstpointer  user_data)
{
  g_autoptr(TstSnapshot) content = make_row (7);

  g_test_summary ("A rollback brings back which ids are from the pool");

  g_free (add_row (fixture, "a", TST_ADD_ROW_DEFAULT));
  g_signal_connect (fixture->store, "transaction-finishing", G_CALLBACK (tst_store_rollback), NULL);
  tst_store_push_origin (fixture->store, fixture);
  g_assert_false (tst_store_write_content (fixture->store, content, TST_PART_ALL, NULL));
  tst_store_pop_origin (fixture->store);
  assert_pooled (fixture, "0* ");
}

static void
test_rows_marks_and_cursor (Fixture       *fixture,
                            gconstpointer  user_data)
{
  g_autoptr(TstSnapshot) content = make_row (1);
  g_autoptr(TstCursor) cursor = NULL;
  g_autoptr(TstSnapshot) old = NULL;
  guint column;

  g_test_summary ("A cursor finds its row where it is when nothing but such a mark was changed");

  g_free (add_row (fixture, "a", TST_ADD_ROW_DEFAULT));
  old = tst_store_snapshot (fixture->store);
  cursor = tst_cursor_new (fixture->store, "a");
  column = tst_cursor_add_column (cursor, "c");
  g_assert_true (tst_cursor_next (cursor));
  g_assert_cmpfloat (tst_cursor_get_number (cursor, column), ==, 1);

  write_from_outside (fixture, content, TST_PART_ALL);
  assert_pooled (fixture, "0 ");
  g_clear_pointer (&old, tst_snapshot_unref);
  set_number (fixture, "a", "0", "c", 6);
  g_assert_cmpfloat (tst_cursor_get_number (cursor, column), ==, 6);
}

/* --- Observers and origins --- */

typedef struct
{
  GString *heard;
  int      origin;
} Observed;

static void
observe_cb (TstStore  *store,
            TstOrigin  origin,
            gboolean   changed,
            gpointer   user_data)
{
  Observed *observed = user_data;

  g_string_append (observed->heard, !changed ? "idle " : origin == NULL ? "app " : "origin ");
  g_assert_true (origin == NULL || origin == &observed->origin);
  if (!changed)
    g_assert_false (tst_store_is_busy (store));
}

static void
write_more_cb (TstStore *store,
               gpointer  user_data)
{
  g_assert_true (tst_store_is_busy (store));
  if (!tst_store_has_table (store, "more"))
    g_assert_true (tst_store_set_cell_number (store, "more", "r", "c", 1, NULL));
}

static void
test_rows_observer (Fixture       *fixture,
                    gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  Observed observed = { g_string_new (NULL), 0 };
  guint id = tst_store_add_observer (store, observe_cb, &observed);

  g_test_summary ("An observer hears of each transaction that changed something, and who made it");

  /* When nobody listens, a single write never makes the store busy. */
  set_number (fixture, "t", "r", "c", 1);
  g_assert_cmpstr (observed.heard->str, ==, "app ");
  g_string_truncate (observed.heard, 0);

  tst_store_push_origin (store, &observed.origin);
  set_number (fixture, "t", "r", "c", 2);
  tst_store_begin (store);
  set_number (fixture, "t", "r", "c", 1);
  tst_store_commit (store);
  tst_store_begin (store);
  tst_store_commit (store);
  tst_store_pop_origin (store);
  g_assert_cmpstr (observed.heard->str, ==, "origin origin idle idle ");
  g_string_truncate (observed.heard, 0);

  /* What a listener answers is the app's. */
  tst_store_add_tables_listener (store, 0, write_more_cb, NULL, NULL);
  tst_store_push_origin (store, &observed.origin);
  set_number (fixture, "t", "r", "c", 3);
  tst_store_pop_origin (store);
  g_assert_cmpstr (observed.heard->str, ==, "origin app idle ");
  g_string_truncate (observed.heard, 0);

  tst_store_remove_observer (store, id);
  set_number (fixture, "t", "r", "c", 4);
  g_assert_cmpstr (observed.heard->str, ==, "");
  g_string_free (observed.heard, TRUE);
}

typedef struct
{
  guint ids[2];
  guint n_calls[2];
} Leaving;

static void
count_observed_cb (TstStore  *store,
                   TstOrigin  origin,
                   gboolean   changed,
                   gpointer   user_data)
{
  ((Leaving *) user_data)->n_calls[0]++;
}

static void
leave_both_cb (TstStore  *store,
               TstOrigin  origin,
               gboolean   changed,
               gpointer   user_data)
{
  Leaving *leaving = user_data;

  leaving->n_calls[1]++;
  tst_store_remove_observer (store, leaving->ids[0]);
  tst_store_remove_observer (store, leaving->ids[1]);
}

static void
test_rows_observers_leave (Fixture       *fixture,
                           gconstpointer  user_data)
{
  Leaving leaving = { { 0, }, };

  g_test_summary ("An observer may remove itself and all others: nobody is called any more");

  leaving.ids[0] = tst_store_add_observer (fixture->store, count_observed_cb, &leaving);
  leaving.ids[1] = tst_store_add_observer (fixture->store, leave_both_cb, &leaving);
  set_number (fixture, "t", "r", "c", 1);
  set_number (fixture, "t", "r", "c", 2);
  g_assert_cmpuint (leaving.n_calls[0], ==, 0);
  g_assert_cmpuint (leaving.n_calls[1], ==, 1);
}

static void
note_origin_cb (TstStore  *store,
                TstOrigin  origin,
                gboolean   changed,
                gpointer   user_data)
{
  if (changed)
    g_string_append (user_data, origin == tst_schema_origin ? "schema " : origin == NULL ? "app " : "other ");
}

static void
answer_cb (TstStore     *store,
           const char   *value_id,
           const GValue *new_value,
           const GValue *old_value,
           gpointer      user_data)
{
  g_assert_true (tst_store_set_value_number (store, "w", 2, NULL));
}

static void
test_rows_observer_schema (Fixture       *fixture,
                           gconstpointer  user_data)
{
  static const char schema[] = "[{\"t\":{\"c\":{\"type\":\"number\"}}},{\"v\":{\"type\":\"string\",\"default\":\"\"}}]";
  TstStore *store = fixture->store;
  g_autoptr(GString) heard = g_string_new (NULL);

  g_test_summary ("The defaults of a schema are not the app's, but what it drops is");

  tst_store_add_observer (store, note_origin_cb, heard);
  g_assert_true (tst_store_set_schema_json (store, schema, 0, NULL));
  g_assert_cmpstr (heard->str, ==, "schema ");
  g_assert_true (tst_store_set_schema_json (store, schema, 0, NULL));
  g_assert_cmpstr (heard->str, ==, "schema ");

  /* The next write is the app's again. */
  set_number (fixture, "t", "r", "c", 1);
  g_assert_cmpstr (heard->str, ==, "schema app ");
  g_assert_true (tst_store_set_schema_json (store, "{\"t\":{\"d\":{\"type\":\"string\"}}}", TST_SCHEMA_DROP, NULL));
  g_assert_cmpstr (heard->str, ==, "schema app app ");

  /* What is set in a transaction is one with all the rest. */
  g_assert_true (tst_store_set_schema_json (store, NULL, 0, NULL));
  tst_store_begin (store);
  tst_store_remove_values (store);
  g_assert_true (tst_store_set_schema_json (store, "[{},{\"w\":{\"type\":\"number\",\"default\":1}}]", 0, NULL));
  tst_store_commit (store);
  g_assert_cmpstr (heard->str, ==, "schema app app app ");

  /* And so is what mutators answer. */
  g_string_truncate (heard, 0);
  tst_store_add_value_listener (store, "x", TST_LISTENER_MUTATOR, answer_cb, NULL, NULL);
  g_assert_true (tst_store_set_schema_json (store, "[{},{\"w\":{\"type\":\"number\",\"default\":1},"
                                                   "\"x\":{\"type\":\"number\",\"default\":1}}]", 0, NULL));
  g_assert_cmpfloat (tst_store_get_value_number (store, "w"), ==, 2);
  g_assert_cmpstr (heard->str, ==, "app ");
}

static void
test_rows_generation (Fixture       *fixture,
                      gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  guint64 generation = tst_store_get_generation (store);

  g_test_summary ("The generation grows with each change, and only then");

  set_number (fixture, "t", "r", "c", 1);
  g_assert_cmpuint (tst_store_get_generation (store), >, generation);
  generation = tst_store_get_generation (store);
  set_number (fixture, "t", "r", "c", 1);
  g_assert_false (tst_store_remove_row (store, "t", "x"));
  g_assert_cmpuint (tst_store_get_generation (store), ==, generation);
  g_assert_true (tst_store_remove_row (store, "t", "r"));
  g_assert_cmpuint (tst_store_get_generation (store), >, generation);
}

static void
test_rows_busy (Fixture       *fixture,
                gconstpointer  user_data)
{
  g_test_summary ("A store is busy while a transaction is open");

  g_assert_false (tst_store_is_busy (fixture->store));
  tst_store_begin (fixture->store);
  g_assert_true (tst_store_is_busy (fixture->store));
  tst_store_commit (fixture->store);
  g_assert_false (tst_store_is_busy (fixture->store));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/store-rows/" path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

  ADD ("pool/reuse", test_rows_pool_reuse);
  ADD ("pool/no-reuse", test_rows_pool_no_reuse);
  ADD ("pool/in-use", test_rows_pool_in_use);
  ADD ("pool/foreign", test_rows_pool_foreign);
  ADD ("pool/last-cell", test_rows_pool_last_cell);
  ADD ("pool/table-gone", test_rows_pool_table_gone);
  ADD ("pool/bounded", test_rows_pool_bounded);
  ADD ("pool/rollback", test_rows_pool_rollback);
  ADD ("pool/each-table", test_rows_pool_of_each_table);
  ADD ("add/unique", test_rows_unique);
  ADD ("add/refused", test_rows_add_refused);
  ADD ("write/whole", test_rows_write);
  ADD ("write/partial", test_rows_write_partial);
  ADD ("write/refused", test_rows_write_refused);
  ADD ("write/values", test_rows_write_values);
  ADD ("write/object", test_rows_object);
  ADD ("replace/all", test_rows_replace);
  ADD ("replace/parts", test_rows_replace_parts);
  ADD ("replace/empty", test_rows_replace_empty);
  ADD ("replace/empty-with-holes", test_rows_replace_empty_with_holes);
  ADD ("replace/table", test_rows_replace_table);
  ADD ("replace/rolled-back", test_rows_replace_rolled_back);
  ADD ("intercepted", test_rows_intercepted);
  ADD ("intercepted/kept", test_rows_intercepted_kept);
  ADD ("marks/undone", test_rows_marks_undone);
  ADD ("marks/cursor", test_rows_marks_and_cursor);
  ADD ("observer", test_rows_observer);
  ADD ("observers-leave", test_rows_observers_leave);
  ADD ("observer/schema", test_rows_observer_schema);
  ADD ("generation", test_rows_generation);
  ADD ("busy", test_rows_busy);

  return g_test_run ();
}
