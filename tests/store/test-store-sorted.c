/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Rows in the order of a cell. */

#include <libtstore/tstore.h>

#include "test-util.h"

#include <string.h>

static TstStore *
make_table (const char *json)
{
  TstStore *store = tst_store_new ();
  g_autoptr(GError) error = NULL;

  tst_store_set_table_json (store, "t", json, &error);
  g_assert_no_error (error);

  return store;
}

static void
assert_page (TstStore   *store,
             const char *cell_id,
             gboolean    descending,
             int         offset,
             int         limit,
             const char *expected)
{
  g_auto(GStrv) ids = tst_store_get_sorted_row_ids (store, "t", cell_id, descending, offset, limit);
  g_autofree char *text = g_strjoinv (" ", ids);

  g_assert_cmpstr (text, ==, expected);
}

/* Both directions, of all rows */
static void
assert_sorted (const char *json,
               const char *expected)
{
  TstStore *store = make_table (json);
  g_auto(GStrv) ids = g_strsplit (expected, " ", -1);
  g_autofree char *reversed = NULL;
  guint n = g_strv_length (ids);

  assert_page (store, "c", FALSE, 0, -1, expected);

  for (guint i = 0; i < n / 2; i++)
    {
      char *id = ids[i];

      ids[i] = ids[n - 1 - i];
      ids[n - 1 - i] = id;
    }
  reversed = g_strjoinv (" ", ids);
  assert_page (store, "c", TRUE, 0, -1, reversed);

  g_assert_finalize_object (store);
}

static void
test_store_sorted_ties (void)
{
  g_test_summary ("Rows that are the same keep their order, and descending reverses it");

  assert_sorted ("{\"z\":{\"c\":3},\"y\":{\"c\":1},\"x\":{\"c\":3},\"w\":{\"c\":2},\"v\":{\"c\":1}}",
                 "y v w z x");
}

static void
test_store_sorted_nothing (void)
{
  g_test_summary ("Null, false and what is not there count as 0, and true as 1");

  assert_sorted ("{\"neg\":{\"c\":-1},\"none\":{\"x\":1},\"pos\":{\"c\":1},\"zero\":{\"c\":0},"
                 "\"nul\":{\"c\":null}}", "neg none zero nul pos");
  assert_sorted ("{\"a\":{\"c\":true},\"b\":{\"c\":1},\"c\":{\"c\":false},\"d\":{\"c\":0.5},"
                 "\"e\":{\"c\":0}}", "c e d a b");
}

static void
test_store_sorted_mixed (void)
{
  g_test_summary ("Numbers come before strings, which are compared as strings");

  assert_sorted ("{\"a\":{\"c\":\"10\"},\"b\":{\"c\":9},\"c\":{\"c\":\"9\"},\"d\":{\"c\":11},"
                 "\"e\":{\"c\":\"\"},\"f\":{\"x\":0},\"g\":{\"c\":\"x\"}}", "f b d e a c g");
}

static void
test_store_sorted_containers (void)
{
  g_test_summary ("Arrays and objects are compared as the strings that ECMAScript makes of them");

  assert_sorted ("{\"a\":{\"c\":[10]},\"b\":{\"c\":[9]},\"c\":{\"c\":[1,2]},\"d\":{\"c\":[1]},"
                 "\"e\":{\"c\":[]},\"f\":{\"c\":\"1,1\"}}", "e d f c a b");
  assert_sorted ("{\"a\":{\"c\":{\"a\":2}},\"b\":{\"c\":{\"a\":1}},\"c\":{\"c\":\"[object Object]\"},"
                 "\"d\":{\"c\":\"[object N\"},\"e\":{\"c\":[{\"}\":[\"\\\"}\"]},{}]}}", "d a b c e");
  /* "a\n\"\\" four times, and what is before and behind it */
  assert_sorted ("{\"a\":{\"c\":[[\"a\\n\\\"\\\\\"]]},\"b\":{\"c\":\"a\\n\\\"\\\\!\"},"
                 "\"c\":{\"c\":\"a\\n\\\"\\\\\"},\"d\":{\"c\":\"a\\n\\\"\"},"
                 "\"e\":{\"c\":[\"a\\u000a\\\"\\\\\"]},\"f\":{\"c\":[[\"a\\n\\\"\\\\\",null]]}}",
                 "d a c e b f");
  assert_sorted ("{\"a\":{\"c\":[null,true,[null,-1.5]]},\"b\":{\"c\":\",true,,-1.5\"},"
                 "\"c\":{\"c\":\",true,,-1\"},\"d\":{\"c\":[\"\\u0001\\u001f\\b\\t\\f\\r/\"]},"
                 "\"e\":{\"c\":\"\\u0001\\u001f\\b\\t\\f\\r/\"},"
                 "\"f\":{\"c\":\"\\u0001\\u001f\\b\\t\\f\\r0\"}}", "d e f c a b");
}

static void
test_store_sorted_utf16 (void)
{
  g_test_summary ("Strings are in the order of UTF-16, in which U+E000 is behind U+10000");

  assert_sorted ("{\"a\":{\"c\":\"\\ue000\"},\"b\":{\"c\":\"\\ud800\\udc00\"},\"c\":{\"c\":\"\\ud7ff\"},"
                 "\"d\":{\"c\":\"\\uffff\"},\"e\":{\"c\":\"\\udbff\\udfff\"},\"f\":{\"c\":\"z\"},"
                 "\"g\":{\"c\":\"é\"},\"h\":{\"c\":\"zz\"}}", "f h g c b e a d");
}

static void
test_store_sorted_row_ids (void)
{
  TstStore *store = make_table ("{\"é\":{\"c\":1},\"a\":{\"c\":1},\"10\":{\"c\":1},\"\":{\"c\":1},"
                                "\"Z\":{\"c\":1},\"1\":{\"c\":1},\"aa\":{\"c\":1},\"9\":{\"c\":1},"
                                "\"B\":{\"c\":1}}");

  g_test_summary ("Without a cell, the ids of the rows are compared, as strings");

  assert_page (store, NULL, FALSE, 0, -1, " 1 10 9 B Z a aa é");
  assert_page (store, NULL, TRUE, 0, -1, "é aa a Z B 9 10 1 ");
  assert_page (store, NULL, FALSE, 1, 3, "1 10 9");
  g_assert_true (tst_store_remove_row (store, "t", "é"));
  assert_page (store, NULL, TRUE, 0, 2, "aa a");
  g_assert_finalize_object (store);
}

static void
test_store_sorted_pages (void)
{
  TstStore *store = make_table ("{\"d\":{\"c\":4},\"a\":{\"c\":1},\"e\":{\"c\":5},\"b\":{\"c\":2},"
                                "\"c\":{\"c\":3}}");

  g_test_summary ("A page is a part of all that is sorted");

  assert_page (store, "c", FALSE, 0, 2, "a b");
  assert_page (store, "c", FALSE, 1, 3, "b c d");
  assert_page (store, "c", FALSE, 3, 9, "d e");
  assert_page (store, "c", FALSE, 4, -1, "e");
  assert_page (store, "c", FALSE, 5, -1, "");
  assert_page (store, "c", FALSE, 9, 1, "");
  assert_page (store, "c", FALSE, 0, 0, "");
  assert_page (store, "c", TRUE, 0, 2, "e d");
  assert_page (store, "c", FALSE, -2, -1, "d e");
  assert_page (store, "c", FALSE, -2, 1, "d");
  assert_page (store, "c", FALSE, -9, 2, "a b");
  assert_page (store, "c", FALSE, G_MININT, G_MAXINT, "a b c d e");
  assert_page (store, "c", FALSE, G_MAXINT, G_MAXINT, "");
  assert_page (store, "no such cell", FALSE, 0, -1, "d a e b c");
  test_assert_ids (tst_store_get_sorted_row_ids (store, "no such table", "c", FALSE, 0, -1), NULL);
  g_assert_finalize_object (store);
}

/* --- By a function --- */

static int
compare_lengths_cb (const GValue *first,
                    const GValue *second,
                    gpointer      user_data)
{
  gsize a = first ? strlen (g_value_get_string (first)) : 99;
  gsize b = second ? strlen (g_value_get_string (second)) : 99;

  return (a > b) - (a < b);
}

static int
remove_table_cb (const GValue *first,
                 const GValue *second,
                 gpointer      user_data)
{
  TstStore *store = user_data;

  tst_store_remove_tables (store);

  return g_strcmp0 (g_value_get_string (first), g_value_get_string (second));
}

static int
never_agree_cb (const GValue *first,
                const GValue *second,
                gpointer      user_data)
{
  return -1;
}

static void
test_store_sorted_func (void)
{
  TstStore *store = make_table ("{\"a\":{\"c\":\"four\"},\"bbb\":{\"x\":1},\"cc\":{\"c\":\"one\"},"
                                "\"dddd\":{\"c\":\"six\"},\"e\":{\"c\":\"a string that is long\"}}");

  g_test_summary ("A function may compare cells, and write to the store, and be wrong");

  test_assert_ids (tst_store_get_sorted_row_ids_with_func (store, "t", "c", FALSE, 0, -1,
                                                           compare_lengths_cb, NULL),
                   "cc", "dddd", "a", "e", "bbb", NULL);
  test_assert_ids (tst_store_get_sorted_row_ids_with_func (store, "t", "c", TRUE, 0, 3,
                                                           compare_lengths_cb, NULL),
                   "bbb", "e", "a", NULL);
  test_assert_ids (tst_store_get_sorted_row_ids_with_func (store, "t", NULL, FALSE, 0, 2,
                                                           compare_lengths_cb, NULL),
                   "a", "e", NULL);
  /* Nobody has the cell: all are the same, and come as they were added. */
  test_assert_ids (tst_store_get_sorted_row_ids_with_func (store, "t", "none", FALSE, 0, -1,
                                                           compare_lengths_cb, NULL),
                   "a", "bbb", "cc", "dddd", "e", NULL);
  g_strfreev (tst_store_get_sorted_row_ids_with_func (store, "t", NULL, FALSE, 1, 3,
                                                      never_agree_cb, NULL));

  test_assert_ids (tst_store_get_sorted_row_ids_with_func (store, "t", NULL, FALSE, 0, 3,
                                                           remove_table_cb, store),
                   "a", "bbb", "cc", NULL);
  g_assert_false (tst_store_has_tables (store));
  g_assert_finalize_object (store);
}

/* --- At random, beside what is slow and obvious --- */

static int
compare_utf16 (const char *a,
               const char *b)
{
  g_autofree gunichar2 *first = g_utf8_to_utf16 (a, -1, NULL, NULL, NULL);
  g_autofree gunichar2 *second = g_utf8_to_utf16 (b, -1, NULL, NULL, NULL);
  guint i = 0;

  while (first[i] != 0 && first[i] == second[i])
    i++;

  return (first[i] > second[i]) - (first[i] < second[i]);
}

static int
compare_rows (TstStore   *store,
              const char *first,
              const char *second)
{
  const char *a = tst_store_get_cell_string (store, "t", first, "c");
  const char *b = tst_store_get_cell_string (store, "t", second, "c");
  double x, y;

  if (a != NULL && b != NULL)
    return compare_utf16 (a, b);
  if (a != NULL || b != NULL)
    return a != NULL ? 1 : -1;

  x = tst_store_get_cell_number (store, "t", first, "c") +
      tst_store_get_cell_boolean (store, "t", first, "c");
  y = tst_store_get_cell_number (store, "t", second, "c") +
      tst_store_get_cell_boolean (store, "t", second, "c");

  return (x > y) - (x < y);
}

/* By insertion, which is stable */
static char **
sort_slowly (TstStore *store)
{
  char **ids = tst_store_get_row_ids (store, "t");

  for (guint i = 0; ids[i] != NULL; i++)
    for (guint j = i; j > 0 && compare_rows (store, ids[j - 1], ids[j]) > 0; j--)
      {
        char *id = ids[j];

        ids[j] = ids[j - 1];
        ids[j - 1] = id;
      }

  return ids;
}

static void
set_at_random (TstStore   *store,
               const char *row_id,
               GRand      *random)
{
  static const char * const characters[] = {
    "a", "b", "é", "\357\277\277", "\356\200\200", "\360\220\200\200", "\364\217\277\277",
    "\355\237\277", "more than a few characters",
  };
  g_autoptr(GString) text = g_string_new (NULL);

  switch (g_rand_int_range (random, 0, 6))
    {
    case 0:
      g_assert_true (tst_store_set_cell (store, "t", row_id, "c", NULL, NULL));
      break;
    case 1:
      g_assert_true (tst_store_set_cell_boolean (store, "t", row_id, "c", g_rand_boolean (random),
                                                 NULL));
      break;
    case 2:
    case 3:
      g_assert_true (tst_store_set_cell_number (store, "t", row_id, "c",
                                                g_rand_int_range (random, -4, 5) / 2.0, NULL));
      break;
    case 4:
      for (gint n = g_rand_int_range (random, 0, 4); n > 0; n--)
        g_string_append (text, characters[g_rand_int_range (random, 0, G_N_ELEMENTS (characters))]);
      g_assert_true (tst_store_set_cell_string (store, "t", row_id, "c", text->str, NULL));
      break;
    default:
      tst_store_remove_cell (store, "t", row_id, "c");
      g_assert_true (tst_store_set_cell_number (store, "t", row_id, "d", 1, NULL));
      break;
    }
}

static void
check_page (TstStore *store,
            GRand    *random)
{
  g_auto(GStrv) sorted = sort_slowly (store);
  guint n = g_strv_length (sorted);
  gboolean descending = g_rand_boolean (random);
  gint offset = g_rand_int_range (random, 0, (gint) n + 3);
  gint limit = g_rand_int_range (random, -1, (gint) n + 3);
  g_auto(GStrv) page = tst_store_get_sorted_row_ids (store, "t", "c", descending, offset, limit);
  guint start = MIN ((guint) offset, n);
  guint length = limit < 0 ? n - start : MIN ((guint) limit, n - start);

  g_assert_cmpuint (g_strv_length (page), ==, length);
  for (guint i = 0; i < length; i++)
    g_assert_cmpstr (page[i], ==, sorted[descending ? n - 1 - start - i : start + i]);
}

static void
test_store_sorted_random (void)
{
  g_autoptr(GRand) random = g_rand_new_with_seed (test_seed ());
  TstStore *store = tst_store_new ();

  g_test_summary ("Pages are those of a slow and obvious sort");

  for (guint i = test_scale (4000); i > 0; i--)
    {
      char row_id[16];

      g_snprintf (row_id, sizeof row_id, "r%d", g_rand_int_range (random, 0, 60));
      if (g_rand_int_range (random, 0, 5) == 0)
        tst_store_remove_row (store, "t", row_id);
      else
        set_at_random (store, row_id, random);

      if (g_rand_int_range (random, 0, 4) == 0)
        check_page (store, random);
    }

  g_assert_finalize_object (store);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add_func ("/store-sorted/" path, func)

  ADD ("ties", test_store_sorted_ties);
  ADD ("nothing", test_store_sorted_nothing);
  ADD ("mixed", test_store_sorted_mixed);
  ADD ("containers", test_store_sorted_containers);
  ADD ("utf16", test_store_sorted_utf16);
  ADD ("row-ids", test_store_sorted_row_ids);
  ADD ("pages", test_store_sorted_pages);
  ADD ("func", test_store_sorted_func);
  ADD ("random", test_store_sorted_random);

  return g_test_run ();
}
