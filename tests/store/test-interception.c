/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Interceptors: how they are asked, and about cells, values and rows. */

#include "intercept-fixture.h"

#include <math.h>
#include <string.h>

/* --- Cells --- */

static void
test_cell_sees (Fixture       *fixture,
                gconstpointer  user_data)
{
  const Rule rule = { NULL, };
  g_auto(GValue) value = G_VALUE_INIT;

  g_test_summary ("Every way to set a cell is asked about, before it is done");

  fill (fixture, FIDO);
  intercept (fixture, TST_WRITE_SET_CELL, &rule);

  g_value_init (&value, G_TYPE_INT);
  g_value_set_int (&value, 1);
  g_assert_true (tst_store_set_cell (fixture->store, "pets", "fido", "price", &value, NULL));
  g_assert_true (tst_store_set_cell_string (fixture->store, "pets", "fido", "price", "2", NULL));
  g_assert_true (tst_store_set_cell_number (fixture->store, "pets", "fido", "price", 3, NULL));
  g_assert_true (tst_store_set_cell_boolean (fixture->store, "pets", "fido", "price", TRUE, NULL));
  g_assert_true (tst_store_set_cell (fixture->store, "pets", "fido", "price", NULL, NULL));
  g_assert_true (tst_store_set_cell_json (fixture->store, "pets", "fido", "price", "[4]", NULL));
  g_assert_true (tst_store_set_cell_number (fixture->store, "new", "row", "cell", 5, NULL));
  assert_heard (fixture,
                "set-cell pets/fido/price 1\n"
                "set-cell pets/fido/price \"2\"\n"
                "set-cell pets/fido/price 3\n"
                "set-cell pets/fido/price true\n"
                "set-cell pets/fido/price null\n"
                "set-cell pets/fido/price [4]\n"
                "set-cell new/row/cell 5\n");
  assert_content (fixture, "[{\"pets\":{\"fido\":{\"price\":\"\357\277\275[4]\",\"species\":\"dog\"}},"
                           "\"new\":{\"row\":{\"cell\":5}}},{}]");
}

static void
look_at_old_cb (Fixture  *fixture,
                TstWrite *write)
{
  g_autofree GValue *value = tst_write_get_value (write);

  g_assert_cmpfloat (g_value_get_double (value), ==, 6);
  g_assert_cmpfloat (tst_store_get_cell_number (fixture->store, "pets", "fido", "price"), ==, 5);
  g_assert_null (tst_write_get_value_id (write));
  g_assert_null (tst_write_get_changes (write));

  g_value_set_double (value, 7);
  g_assert_true (tst_write_set_value (write, value, NULL));
}

static void
test_cell_alters (Fixture       *fixture,
                  gconstpointer  user_data)
{
  const Rule rule = { .act = look_at_old_cb };

  g_test_summary ("What an interceptor makes of a cell is what is stored");

  fill (fixture, FIDO);
  intercept (fixture, TST_WRITE_SET_CELL, &rule);
  set_number (fixture, "pets", "fido", "price", 6);
  assert_content (fixture, "[{\"pets\":{\"fido\":{\"price\":7,\"species\":\"dog\"}}},{}]");
}

static void
test_cell_refuses (Fixture       *fixture,
                   gconstpointer  user_data)
{
  const Rule rule = { .on = "set-cell pets/fido/price", .reason = "Too dear", .is_quiet = TRUE };
  g_autoptr(GError) error = NULL;

  g_test_summary ("What an interceptor refuses is not stored, and the caller knows why");

  fill (fixture, FIDO);
  intercept (fixture, TST_WRITE_SET_CELL, &rule);
  assert_refused (tst_store_set_cell_number (fixture->store, "pets", "fido", "price", 6, &error), &error,
                  "Too dear");
  assert_refused (tst_store_set_cell_string (fixture->store, "pets", "fido", "price",
                                             "a string that is long enough not to be in line", &error),
                  &error, "Too dear");
  assert_refused (tst_store_set_cell_json (fixture->store, "pets", "fido", "price", "[1]", &error), &error,
                  "Too dear");
  g_assert_false (tst_store_set_cell_number (fixture->store, "pets", "fido", "price", 6, NULL));
  assert_content (fixture, FIDO);

  set_number (fixture, "pets", "felix", "price", 4);
  assert_content (fixture, BOTH);
}

static void
test_cell_cursor (Fixture       *fixture,
                  gconstpointer  user_data)
{
  const Rule rule = { .on = "set-cell pets/fido/price 6", .reason = "Too dear" };
  g_autoptr(TstCursor) cursor = tst_cursor_new (fixture->store, "pets");
  guint price = tst_cursor_add_column (cursor, "price");
  guint sold = tst_cursor_add_column (cursor, "sold");
  g_autoptr(GError) error = NULL;

  g_test_summary ("A cursor asks as well, where there is a cell and where there is none");

  fill (fixture, FIDO);
  intercept (fixture, TST_WRITE_SET_CELL, &rule);
  g_assert_true (tst_cursor_next (cursor));
  assert_refused (tst_cursor_set_number (cursor, price, 6, &error), &error, "Too dear");
  g_assert_true (tst_cursor_set_number (cursor, price, 7, NULL));
  g_assert_true (tst_cursor_set_boolean (cursor, sold, TRUE, NULL));
  assert_heard (fixture,
                "set-cell pets/fido/price 6\n"
                "set-cell pets/fido/price 7\n"
                "set-cell pets/fido/sold true\n");
  assert_content (fixture, "[{\"pets\":{\"fido\":{\"price\":7,\"species\":\"dog\",\"sold\":true}}},{}]");

  g_clear_object (&cursor);
}

static void
add_one_cb (const GValue  *old_value,
            GValue        *new_value,
            gpointer       user_data,
            GError       **error)
{
  g_value_init (new_value, G_TYPE_DOUBLE);
  g_value_set_double (new_value, g_value_get_double (old_value) + 1);
}

static void
test_cell_map (Fixture       *fixture,
               gconstpointer  user_data)
{
  const Rule rule = { .on = "set-cell pets/fido/price 7", .reason = "Too dear", .is_quiet = TRUE };
  g_autoptr(GError) error = NULL;

  g_test_summary ("What a function makes of a cell is asked about");

  fill (fixture, FIDO);
  intercept (fixture, TST_WRITE_SET_CELL, &rule);
  g_assert_true (tst_store_map_cell (fixture->store, "pets", "fido", "price", add_one_cb, NULL, NULL));
  assert_refused (tst_store_map_cell (fixture->store, "pets", "fido", "price", add_one_cb, NULL, &error),
                  &error, "Too dear");
  g_assert_cmpfloat (tst_store_get_cell_number (fixture->store, "pets", "fido", "price"), ==, 6);
}

/* --- Values --- */

static void
test_value (Fixture       *fixture,
            gconstpointer  user_data)
{
  const Rule refusing = { .on = "set-value till 6", .reason = "Too much" };
  const Rule altering = { .on = "set-value till 7", .json = "8", .is_quiet = TRUE };
  g_autoptr(GError) error = NULL;

  g_test_summary ("A keyed value is asked about, altered and refused as a cell");

  intercept (fixture, TST_WRITE_SET_VALUE, &refusing);
  intercept (fixture, TST_WRITE_SET_VALUE, &altering);
  g_assert_true (tst_store_set_value_number (fixture->store, "till", 5, NULL));
  assert_refused (tst_store_set_value_number (fixture->store, "till", 6, &error), &error, "Too much");
  g_assert_true (tst_store_set_value_number (fixture->store, "till", 7, NULL));
  g_assert_true (tst_store_set_value_string (fixture->store, "owner", "Ann", NULL));
  assert_heard (fixture,
                "set-value till 5\n"
                "set-value till 6\n"
                "set-value till 7\n"
                "set-value owner \"Ann\"\n");
  assert_content (fixture, "[{},{\"till\":8,\"owner\":\"Ann\"}]");
}

static void
test_values (Fixture       *fixture,
             gconstpointer  user_data)
{
  const Rule rule = { .on = "set-values {\"till\":6", .json = "{\"till\":7,\"new\":1}" };
  const Rule refusing = { .on = "set-values {\"till\":8", .reason = "Too much", .is_quiet = TRUE };
  const Rule cells = { .on = "remove-value owner", .reason = "Mine" };
  g_autoptr(GError) error = NULL;

  g_test_summary ("All values are asked about before each of them, also when only one is set");

  fill (fixture, "[{},{\"till\":5,\"open\":true}]");
  intercept (fixture, TST_WRITE_SET_VALUES, &rule);
  intercept (fixture, TST_WRITE_SET_VALUES, &refusing);
  intercept (fixture, TST_WRITE_SET_VALUE | TST_WRITE_REMOVE_VALUE, &cells);

  g_assert_true (tst_store_set_value_number (fixture->store, "till", 6, NULL));
  assert_heard (fixture,
                "set-values {\"till\":6,\"open\":true}\n"
                "set-value till 7\n"
                "set-value new 1\n"
                "remove-value open\n");
  assert_content (fixture, "[{},{\"till\":7,\"new\":1}]");

  g_assert_true (tst_store_set_partial_values_json (fixture->store, "{\"new\":2,\"owner\":\"Ann\"}", NULL));
  g_assert_true (tst_store_set_values_json (fixture->store, "{\"till\":9}", NULL));
  assert_refused (tst_store_set_values_json (fixture->store, "{\"till\":8}", &error), &error, "Too much");
  assert_heard (fixture,
                "set-values {\"till\":7,\"new\":2,\"owner\":\"Ann\"}\n"
                "set-value new 2\n"
                "set-value owner \"Ann\"\n"
                "set-values {\"till\":9}\n"
                "set-value till 9\n"
                "remove-value new\n"
                "remove-value owner\n"
                "set-values {\"till\":8}\n");
  assert_content (fixture, "[{},{\"till\":9,\"owner\":\"Ann\"}]");
}

/* --- Rows --- */

static void
test_row_whole (Fixture       *fixture,
                gconstpointer  user_data)
{
  const Rule rule = { NULL, };
  g_autoptr(TstCursor) cursor = tst_cursor_new (fixture->store, "pets");
  guint price = tst_cursor_add_column (cursor, "price");

  g_test_summary ("Whoever looks after rows sees each as it would be; cells only if they change");

  fill (fixture, FIDO);
  intercept (fixture, TST_WRITE_SET_ROW | TST_WRITE_SET_CELL | TST_WRITE_REMOVE_CELL, &rule);

  set_number (fixture, "pets", "fido", "price", 6);
  g_assert_true (tst_store_set_partial_row_json (fixture->store, "pets", "fido",
                                                 "{\"sold\":true,\"price\":6}", NULL));
  g_assert_true (tst_cursor_next (cursor));
  g_assert_true (tst_cursor_set_number (cursor, price, 7, NULL));
  g_assert_true (tst_store_set_row_json (fixture->store, "pets", "fido",
                                         "{\"species\":\"dog\",\"price\":8}", NULL));
  g_assert_true (tst_store_set_row_json (fixture->store, "pets", "felix", "{\"price\":4}", NULL));
  assert_heard (fixture,
                "set-row pets/fido {\"price\":6,\"species\":\"dog\"}\n"
                "set-cell pets/fido/price 6\n"
                "set-row pets/fido {\"price\":6,\"species\":\"dog\",\"sold\":true}\n"
                "set-cell pets/fido/sold true\n"
                "set-row pets/fido {\"price\":7,\"species\":\"dog\",\"sold\":true}\n"
                "set-cell pets/fido/price 7\n"
                "set-row pets/fido {\"species\":\"dog\",\"price\":8}\n"
                "set-cell pets/fido/price 8\n"
                "remove-cell pets/fido/sold\n"
                "set-row pets/felix {\"price\":4}\n"
                "set-cell pets/felix/price 4\n");
  assert_content (fixture, "[{\"pets\":{\"fido\":{\"price\":8,\"species\":\"dog\"},"
                           "\"felix\":{\"price\":4}}},{}]");
  g_clear_object (&cursor);
}

static void
test_row_alters (Fixture       *fixture,
                 gconstpointer  user_data)
{
  const Rule rule = { .on = "set-row", .json = "{\"price\":5,\"new\":1}", .is_quiet = TRUE };

  g_test_summary ("An altered row is set as a whole, whatever was asked for");

  fill (fixture, FIDO);
  intercept (fixture, TST_WRITE_SET_ROW, &rule);
  set_number (fixture, "pets", "fido", "price", 6);
  assert_content (fixture, "[{\"pets\":{\"fido\":{\"price\":5,\"new\":1}}},{}]");
}

static void
test_row_refuses (Fixture       *fixture,
                  gconstpointer  user_data)
{
  const Rule rule = { .reason = "No", .is_quiet = TRUE };
  g_autoptr(GVariant) row = g_variant_ref_sink (g_variant_new_parsed ("{'price': <6>}"));
  g_autoptr(GError) error = NULL;

  g_test_summary ("A row that is refused stays as it is, in every way to set it");

  fill (fixture, FIDO);
  intercept (fixture, TST_WRITE_SET_ROW, &rule);
  assert_refused (tst_store_set_cell_number (fixture->store, "pets", "fido", "price", 6, &error), &error, "No");
  assert_refused (tst_store_set_row (fixture->store, "pets", "fido", row, &error), &error, "No");
  assert_refused (tst_store_set_partial_row (fixture->store, "pets", "fido", row, &error), &error, "No");
  assert_refused (tst_store_set_row_json (fixture->store, "pets", "rex", "{\"a\":1}", &error), &error, "No");
  assert_refused (tst_store_add_row (fixture->store, "pets", row, 0, &error) != NULL, &error, "No");
  assert_content (fixture, FIDO);
}

static void
test_row_cell_refused (Fixture       *fixture,
                       gconstpointer  user_data)
{
  const Rule rule = { .on = "set-cell pets/fido/price", .reason = "Too dear", .is_quiet = TRUE };
  const Rule keeping = { .on = "remove-cell pets/fido/species", .reason = "Needed", .is_quiet = TRUE };
  g_autoptr(GError) error = NULL;

  g_test_summary ("A refused cell stays as it is, and the rest of the row is set");

  fill (fixture, FIDO);
  intercept (fixture, TST_WRITE_SET_CELL, &rule);
  g_assert_true (tst_store_set_row_json (fixture->store, "pets", "fido", "{\"price\":6,\"sold\":true}", &error));
  g_assert_no_error (error);
  assert_content (fixture, "[{\"pets\":{\"fido\":{\"price\":5,\"sold\":true}}},{}]");

  /* Nothing remains of it: not even the other cell is removed. */
  assert_refused (tst_store_set_row_json (fixture->store, "pets", "fido", "{\"price\":6}", &error), &error,
                  "Too dear");
  assert_refused (tst_store_set_partial_row_json (fixture->store, "pets", "fido",
                                                  "{\"price\":6,\"sold\":true}", &error), &error, "Too dear");
  assert_content (fixture, "[{\"pets\":{\"fido\":{\"price\":5,\"sold\":true}}},{}]");

  fill (fixture, FIDO);
  intercept (fixture, TST_WRITE_REMOVE_CELL, &keeping);
  g_assert_true (tst_store_set_row_json (fixture->store, "pets", "fido", "{\"sold\":true}", NULL));
  assert_content (fixture, "[{\"pets\":{\"fido\":{\"species\":\"dog\",\"sold\":true}}},{}]");
}

/* --- New rows --- */

static char *
add_row (Fixture         *fixture,
         TstAddRowFlags   flags,
         GError         **error)
{
  return tst_store_add_row_json (fixture->store, "pets", "{\"price\":1}", flags, error);
}

static void
test_new_row (Fixture       *fixture,
              gconstpointer  user_data)
{
  const Rule rule = { .on = "set-row pets/0", .json = "{\"price\":2}" };
  const Rule refusing = { .on = "set-cell pets/1", .reason = "Full" };
  g_autofree char *first = NULL, *second = NULL, *random = NULL;
  g_autoptr(GError) error = NULL;
  gulong id;

  g_test_summary ("A new row is asked about under its id, which is free again if it is refused");

  intercept (fixture, TST_WRITE_SET_ROW, &rule);
  id = intercept (fixture, TST_WRITE_SET_CELL, &refusing);
  first = add_row (fixture, 0, NULL);
  g_assert_cmpstr (first, ==, "0");
  assert_refused (add_row (fixture, 0, &error) != NULL, &error, "Full");
  assert_heard (fixture,
                "set-row pets/0 {\"price\":1}\n"
                "set-cell pets/0/price 2\n"
                "set-row pets/1 {\"price\":1}\n"
                "set-cell pets/1/price 1\n");

  g_assert_true (tst_store_remove_interceptor (fixture->store, id));
  second = add_row (fixture, TST_ADD_ROW_NO_REUSE, NULL);
  g_assert_cmpstr (second, ==, "1");
  assert_content (fixture, "[{\"pets\":{\"0\":{\"price\":2},\"1\":{\"price\":1}}},{}]");

  g_string_truncate (fixture->heard, 0);
  random = add_row (fixture, TST_ADD_ROW_UNIQUE, NULL);
  g_assert_nonnull (strstr (fixture->heard->str, random));
  g_assert_true (tst_store_has_row (fixture->store, "pets", random));
}

static void
add_another_cb (Fixture  *fixture,
                TstWrite *write)
{
  g_autofree char *id = tst_store_add_row_json (fixture->store, "pets", "{\"price\":9}", 0, NULL);

  g_assert_cmpstr (id, ==, "0");
}

static void
test_new_row_taken (Fixture       *fixture,
                    gconstpointer  user_data)
{
  const Rule rule = { .act = add_another_cb };
  g_autofree char *id = NULL;

  g_test_summary ("A new row gets another id if an interceptor was faster");

  intercept (fixture, TST_WRITE_SET_ROW, &rule);
  id = add_row (fixture, 0, NULL);
  g_assert_cmpstr (id, ==, "1");
  assert_content (fixture, "[{\"pets\":{\"0\":{\"price\":9},\"1\":{\"price\":1}}},{}]");
}

static void
add_same_cb (Fixture  *fixture,
             TstWrite *write)
{
  g_assert_true (tst_store_set_cell_number (fixture->store, "pets", tst_write_get_row_id (write), "price", 1, NULL));
}

static void
test_new_row_same (Fixture       *fixture,
                   gconstpointer  user_data)
{
  const Rule rule = { .on = "set-row pets/0", .act = add_same_cb };
  const Rule again = { .on = "set-row pets/2", .act = add_same_cb };
  g_autofree char *first = NULL, *second = NULL;

  g_test_summary ("A new row gets all its cells, even if the row that was faster has the same");

  intercept (fixture, TST_WRITE_SET_ROW, &rule);
  intercept (fixture, TST_WRITE_SET_ROW, &again);
  first = tst_store_add_row_json (fixture->store, "pets", "{\"price\":1,\"sold\":true}", 0, NULL);
  g_assert_cmpstr (first, ==, "1");
  second = add_row (fixture, 0, NULL);
  g_assert_cmpstr (second, ==, "3");
  assert_content (fixture, "[{\"pets\":{\"0\":{\"price\":1},\"1\":{\"price\":1,\"sold\":true},"
                           "\"2\":{\"price\":1},\"3\":{\"price\":1}}},{}]");
}

/* --- More than one --- */

static void
test_chain (Fixture       *fixture,
            gconstpointer  user_data)
{
  const Rule first = { .name = "1 ", .on = "set-cell t/r/c 1", .json = "2" };
  const Rule second = { .name = "2 ", .on = "set-cell t/r/c 2", .json = "3" };
  const Rule third = { .name = "3 ", .on = "set-cell t/r/c 4", .reason = "Four" };
  const Rule fourth = { .name = "4 ", .on = "set-cell t/r/c 4", .reason = "Never asked" };
  g_autoptr(GError) error = NULL;

  g_test_summary ("Interceptors are asked in order, each what the one before made of it, until one refuses");

  intercept (fixture, TST_WRITE_SET_CELL, &first);
  intercept (fixture, TST_WRITE_ANY, &second);
  intercept (fixture, TST_WRITE_SET_CELL, &third);
  intercept (fixture, TST_WRITE_SET_CELL, &fourth);

  set_number (fixture, "t", "r", "c", 1);
  g_assert_cmpfloat (tst_store_get_cell_number (fixture->store, "t", "r", "c"), ==, 3);
  assert_refused (tst_store_set_cell_number (fixture->store, "t", "r", "c", 4, &error), &error, "Four");
  assert_heard (fixture,
                "2 set-row t/r {\"c\":1}\n"
                "1 set-cell t/r/c 1\n"
                "2 set-cell t/r/c 2\n"
                "3 set-cell t/r/c 3\n"
                "4 set-cell t/r/c 3\n"
                "2 set-row t/r {\"c\":4}\n"
                "1 set-cell t/r/c 4\n"
                "2 set-cell t/r/c 4\n"
                "3 set-cell t/r/c 4\n");
}

static void
write_more_cb (Fixture  *fixture,
               TstWrite *write)
{
  g_assert_true (tst_store_set_cell_number (fixture->store, "log", "row", tst_write_get_cell_id (write), 1, NULL));
}

static void
test_recursion (Fixture       *fixture,
                gconstpointer  user_data)
{
  const Rule first = { .name = "1 ", .act = write_more_cb };
  const Rule second = { .name = "2 ", .act = write_more_cb };

  g_test_summary ("What an interceptor writes is asked of the others, not of itself");

  intercept (fixture, TST_WRITE_SET_CELL, &first);
  intercept (fixture, TST_WRITE_SET_CELL, &second);
  set_number (fixture, "t", "r", "c", 1);
  assert_heard (fixture,
                "1 set-cell t/r/c 1\n"
                "2 set-cell log/row/c 1\n"
                "2 set-cell t/r/c 1\n");
  assert_content (fixture, "[{\"log\":{\"row\":{\"c\":1}},\"t\":{\"r\":{\"c\":1}}},{}]");
}

static void
remove_both_cb (Fixture  *fixture,
                TstWrite *write)
{
  g_assert_true (tst_store_remove_interceptor (fixture->store, fixture->handles[0]));
  g_assert_true (tst_store_remove_interceptor (fixture->store, fixture->handles[1]));
  g_assert_cmpuint (fixture->n_destroyed, ==, 0);
}

static void
test_removal (Fixture       *fixture,
              gconstpointer  user_data)
{
  const Rule first = { .name = "1 ", .act = remove_both_cb };
  const Rule second = { .name = "2 " };
  const Rule third = { .name = "3 " };

  g_test_summary ("An interceptor removes itself and the next one, and is freed afterwards");

  fixture->handles[0] = intercept (fixture, TST_WRITE_SET_CELL, &first);
  fixture->handles[1] = intercept (fixture, TST_WRITE_SET_CELL, &second);
  fixture->handles[2] = intercept (fixture, TST_WRITE_SET_CELL, &third);
  g_assert_cmpuint (fixture->handles[0], !=, 0);

  set_number (fixture, "t", "r", "c", 1);
  g_assert_cmpuint (fixture->n_destroyed, ==, 2);
  set_number (fixture, "t", "r", "c", 2);
  assert_heard (fixture, "1 set-cell t/r/c 1\n3 set-cell t/r/c 1\n3 set-cell t/r/c 2\n");

  g_assert_false (tst_store_remove_interceptor (fixture->store, fixture->handles[0]));
  g_assert_true (tst_store_remove_interceptor (fixture->store, fixture->handles[2]));
  g_assert_cmpuint (fixture->n_destroyed, ==, 3);
  set_number (fixture, "t", "r", "c", 3);
  assert_heard (fixture, "");
  g_assert_cmpuint (intercept (fixture, TST_WRITE_SET_CELL, &first), >, fixture->handles[2]);
}

static const Rule late = { .name = "late " };

static void
add_another_interceptor_cb (Fixture  *fixture,
                            TstWrite *write)
{
  intercept (fixture, TST_WRITE_SET_CELL, &late);
}

static void
test_adding (Fixture       *fixture,
             gconstpointer  user_data)
{
  const Rule rule = { .act = add_another_interceptor_cb, .on = "set-cell t/r/c 1" };

  g_test_summary ("An interceptor that is added by another one is asked about the next cell");

  intercept (fixture, TST_WRITE_SET_CELL, &rule);
  g_assert_true (tst_store_set_row_json (fixture->store, "t", "r", "{\"c\":1,\"d\":2}", NULL));
  assert_heard (fixture, "set-cell t/r/c 1\nset-cell t/r/d 2\nlate set-cell t/r/d 2\n");
}

static void
drop_store_cb (Fixture  *fixture,
               TstWrite *write)
{
  g_clear_object (&fixture->store);
}

static void
test_drop (Fixture       *fixture,
           gconstpointer  user_data)
{
  const Rule rule = { .act = drop_store_cb };
  gpointer gone = fixture->store;

  g_test_summary ("The last reference is dropped while an interceptor is asked");

  g_object_add_weak_pointer (G_OBJECT (fixture->store), &gone);
  intercept (fixture, TST_WRITE_SET_CELL, &rule);
  g_assert_true (tst_store_set_cell_number (fixture->store, "t", "r", "c", 1, NULL));
  g_assert_null (gone);
  g_assert_null (fixture->store);
  g_assert_cmpuint (fixture->n_destroyed, ==, 1);
}

/* --- Transactions --- */

static void
changed_cb (TstStore   *store,
            TstChanges *changes,
            gpointer    user_data)
{
  g_autofree char *json = tst_changes_to_json (changes);

  g_string_append_printf (user_data, "changed %s\n", json);
}

static void
stamp_cb (Fixture  *fixture,
          TstWrite *write)
{
  set_number (fixture, tst_write_get_table_id (write), tst_write_get_row_id (write), "stamp", 1);
}

static void
test_one_transaction (Fixture       *fixture,
                      gconstpointer  user_data)
{
  const Rule rule = { .on = "set-cell pets/fido/price", .act = stamp_cb, .is_quiet = TRUE };

  g_test_summary ("What an interceptor writes is told and undone together with what it was asked about");

  fill (fixture, FIDO);
  intercept (fixture, TST_WRITE_SET_CELL, &rule);
  g_signal_connect (fixture->store, "changed", G_CALLBACK (changed_cb), fixture->heard);

  set_number (fixture, "pets", "fido", "price", 6);
  assert_heard (fixture, "changed [{\"pets\":{\"fido\":{\"stamp\":1,\"price\":6}}},{},1]\n");

  fill (fixture, FIDO);
  g_string_truncate (fixture->heard, 0);
  tst_store_begin (fixture->store);
  set_number (fixture, "pets", "fido", "price", 6);
  tst_store_rollback (fixture->store);
  assert_heard (fixture, "");
  assert_content (fixture, FIDO);
}

static void
begin_cb (Fixture  *fixture,
          TstWrite *write)
{
  tst_store_begin (fixture->store);
  set_number (fixture, "log", "row", "begun", 1);
  tst_store_begin (fixture->store);
}

static void
commit_cb (Fixture  *fixture,
           TstWrite *write)
{
  g_assert_false (tst_store_commit (fixture->store));
}

static void
rollback_cb (Fixture  *fixture,
             TstWrite *write)
{
  tst_store_rollback (fixture->store);
}

static void
undo_own_cb (Fixture  *fixture,
             TstWrite *write)
{
  tst_store_begin (fixture->store);
  set_number (fixture, "log", "row", "undone", 1);
  tst_store_rollback (fixture->store);
}

static void
test_transactions (Fixture       *fixture,
                   gconstpointer  user_data)
{
  const Rule begins = { .on = "set-cell t/r/c 1", .act = begin_cb, .is_quiet = TRUE };
  const Rule commits = { .on = "set-cell t/r/c 2", .act = commit_cb, .is_quiet = TRUE };
  const Rule undoes = { .on = "set-cell t/r/c 3", .act = rollback_cb, .is_quiet = TRUE };
  const Rule undoes_own = { .on = "set-cell t/r/c 4", .act = undo_own_cb, .is_quiet = TRUE };

  g_test_summary ("An interceptor ends what it begins, and no transaction but its own");

  intercept (fixture, TST_WRITE_SET_CELL, &begins);
  intercept (fixture, TST_WRITE_SET_CELL, &commits);
  intercept (fixture, TST_WRITE_SET_CELL, &undoes);
  intercept (fixture, TST_WRITE_SET_CELL, &undoes_own);
  g_signal_connect (fixture->store, "changed", G_CALLBACK (changed_cb), fixture->heard);

  g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, "*interceptor began a transaction*");
  set_number (fixture, "t", "r", "c", 1);
  g_test_assert_expected_messages ();
  assert_heard (fixture, "changed [{\"log\":{\"row\":{\"begun\":1}},\"t\":{\"r\":{\"c\":1}}},{},1]\n");

  tst_store_begin (fixture->store);
  g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, "*floor*");
  set_number (fixture, "t", "r", "c", 2);
  g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, "*floor*");
  set_number (fixture, "t", "r", "c", 3);
  g_test_assert_expected_messages ();
  assert_heard (fixture, "");
  g_assert_true (tst_store_commit (fixture->store));
  assert_heard (fixture, "changed [{\"t\":{\"r\":{\"c\":3}}},{},1]\n");

  set_number (fixture, "t", "r", "c", 4);
  assert_heard (fixture, "changed [{\"t\":{\"r\":{\"c\":4}}},{},1]\n");
}

static void
test_rollback (Fixture       *fixture,
               gconstpointer  user_data)
{
  const Rule rule = { .on = "set-cell pets/fido/price 5", .reason = "Never again" };

  g_test_summary ("Nobody is asked about what is undone");

  fill (fixture, FIDO);
  intercept (fixture, TST_WRITE_ANY, &rule);
  tst_store_begin (fixture->store);
  g_assert_true (tst_store_remove_row (fixture->store, "pets", "fido"));
  g_string_truncate (fixture->heard, 0);
  tst_store_rollback (fixture->store);
  assert_heard (fixture, "");
  assert_content (fixture, FIDO);
}

/* --- What others hear --- */

static void
invalid_cell_cb (TstStore     *store,
                 const char   *table_id,
                 const char   *row_id,
                 const char   *cell_id,
                 const GError *error,
                 gpointer      user_data)
{
  g_assert_error (error, TST_ERROR, TST_ERROR_REFUSED);
  g_string_append_printf (user_data, "invalid-cell %s/%s/%s %s\n", table_id ? table_id : "?",
                          row_id ? row_id : "?", cell_id ? cell_id : "?", error->message);
}

static void
invalid_value_cb (TstStore     *store,
                  const char   *value_id,
                  const GError *error,
                  gpointer      user_data)
{
  g_assert_error (error, TST_ERROR, TST_ERROR_REFUSED);
  g_string_append_printf (user_data, "invalid-value %s %s\n", value_id ? value_id : "?", error->message);
}

static void
test_listeners (Fixture       *fixture,
                gconstpointer  user_data)
{
  const Rule altering = { .on = "set-cell t/r/c", .json = "2", .is_quiet = TRUE };
  const Rule refusing = { .reason = "No", .is_quiet = TRUE };
  gulong id;

  g_test_summary ("Listeners hear what was stored, and of what was refused");

  g_signal_connect (fixture->store, "changed", G_CALLBACK (changed_cb), fixture->heard);
  tst_store_add_invalid_cell_listener (fixture->store, NULL, NULL, NULL, 0, invalid_cell_cb, fixture->heard, NULL);
  tst_store_add_invalid_value_listener (fixture->store, NULL, 0, invalid_value_cb, fixture->heard, NULL);

  id = intercept (fixture, TST_WRITE_SET_CELL, &altering);
  set_number (fixture, "t", "r", "c", 1);
  set_number (fixture, "t", "r", "c", 1);
  assert_heard (fixture, "changed [{\"t\":{\"r\":{\"c\":2}}},{},1]\n");
  g_assert_true (tst_store_remove_interceptor (fixture->store, id));

  id = intercept (fixture, TST_WRITE_ANY & ~TST_WRITE_SET_ROW & ~TST_WRITE_SET_VALUES, &refusing);
  g_assert_false (tst_store_set_cell_number (fixture->store, "t", "r", "c", 1, NULL));
  g_assert_false (tst_store_set_row_json (fixture->store, "t", "r", "{\"d\":1,\"e\":1}", NULL));
  g_assert_false (tst_store_set_table_json (fixture->store, "t", "{\"r\":{\"d\":1}}", NULL));
  g_assert_false (tst_store_set_json (fixture->store, "[{},{\"v\":1}]", NULL));
  g_assert_false (tst_store_set_value_number (fixture->store, "v", 1, NULL));
  g_assert_false (tst_store_remove_cell (fixture->store, "t", "r", "c"));
  assert_heard (fixture,
                "invalid-cell t/r/c No\n"
                "invalid-cell t/r/d No\n"
                "invalid-cell t/r/e No\n"
                "invalid-cell t/?/? No\n"
                "invalid-cell ?/?/? No\n"
                "invalid-value v No\n");
  g_assert_true (tst_store_remove_interceptor (fixture->store, id));

  intercept (fixture, TST_WRITE_SET_ROW | TST_WRITE_SET_VALUES, &refusing);
  g_assert_false (tst_store_set_cell_number (fixture->store, "t", "r", "c", 1, NULL));
  g_assert_false (tst_store_set_value_number (fixture->store, "v", 1, NULL));
  assert_heard (fixture, "invalid-cell t/r/? No\ninvalid-value ? No\n");
}

/* --- What is not possible --- */

static void
set_nan_cb (Fixture  *fixture,
            TstWrite *write)
{
  g_auto(GValue) value = G_VALUE_INIT;
  g_autoptr(GError) error = NULL;

  g_value_init (&value, G_TYPE_DOUBLE);
  g_value_set_double (&value, NAN);
  g_assert_false (tst_write_set_value (write, &value, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_INVALID_VALUE);

  /* It stays refused. */
  g_value_set_double (&value, 1);
  tst_write_set_value (write, &value, NULL);
  tst_write_refuse (write, "Too late");
}

static void
set_wrong_cb (Fixture  *fixture,
              TstWrite *write)
{
  g_autoptr(TstChanges) changes = tst_changes_new_from_json ("[{},{},1]", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_false (tst_write_set_changes (write, changes, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_clear_error (&error);

  if (tst_write_get_kind (write) & TST_WRITE_SET_CELL)
    return;

  g_assert_false (tst_write_set_value (write, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_clear_error (&error);
  g_assert_null (tst_write_get_value (write));

  if (tst_write_get_kind (write) & TST_WRITE_SET_ROW)
    return;

  g_assert_null (tst_write_get_json (write));
  g_assert_false (tst_write_set_json (write, "1", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
}

static TstWrite *held;

static void
hold_cb (Fixture  *fixture,
         TstWrite *write)
{
  held = g_object_ref (write);
}

static void
test_invalid (Fixture       *fixture,
              gconstpointer  user_data)
{
  const Rule nan = { .on = "set-cell t/r/nan", .act = set_nan_cb, .is_quiet = TRUE };
  const Rule text = { .on = "set-cell t/r/text", .json = "{", .is_quiet = TRUE };
  const Rule empty = { .on = "set-row t/empty", .json = "{}", .is_quiet = TRUE };
  const Rule wrong = { .act = set_wrong_cb, .is_quiet = TRUE };
  const Rule holding = { .on = "set-cell t/r/c", .act = hold_cb, .is_quiet = TRUE };
  g_autoptr(GError) error = NULL;

  g_test_summary ("What an interceptor makes of it is checked, and refused as from everybody else");

  intercept (fixture, TST_WRITE_ANY, &wrong);
  intercept (fixture, TST_WRITE_SET_CELL, &nan);
  intercept (fixture, TST_WRITE_SET_CELL, &text);
  intercept (fixture, TST_WRITE_SET_ROW, &empty);
  intercept (fixture, TST_WRITE_SET_CELL, &holding);

  g_assert_false (tst_store_set_cell_number (fixture->store, "t", "r", "nan", 1, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_INVALID_VALUE);
  g_clear_error (&error);
  g_assert_false (tst_store_set_cell_number (fixture->store, "t", "r", "text", 1, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_PARSE);
  g_clear_error (&error);
  g_assert_false (tst_store_set_cell_number (fixture->store, "t", "empty", "c", 1, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_EMPTY);
  g_clear_error (&error);
  assert_content (fixture, "[{},{}]");

  set_number (fixture, "t", "r", "c", 1);
  g_assert_false (tst_write_set_json (held, "2", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  tst_write_refuse (held, "Too late");
  g_assert_finalize_object (held);
  assert_content (fixture, "[{\"t\":{\"r\":{\"c\":1}}},{}]");
  g_assert_true (tst_store_remove_cell (fixture->store, "t", "r", "c"));
}

static void
test_invalid_ids (Fixture       *fixture,
                  gconstpointer  user_data)
{
  const Rule rule = { NULL, };
  g_autoptr(GError) error = NULL;

  g_test_summary ("Nobody is asked about what cannot be stored anyway");

  intercept (fixture, TST_WRITE_ANY, &rule);
  g_assert_false (tst_store_set_cell_number (fixture->store, "t", "\xff", "c", 1, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_INVALID_ID);
  g_clear_error (&error);
  g_assert_false (tst_store_set_value_number (fixture->store, "\xff", 1, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_INVALID_ID);
  g_clear_error (&error);
  g_assert_false (tst_store_set_row_json (fixture->store, "t", "\xff", "{\"a\":1}", &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_INVALID_ID);
  g_clear_error (&error);
  g_assert_false (tst_store_set_row_json (fixture->store, "t", "r", "{}", &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_EMPTY);
  g_clear_error (&error);
  g_assert_false (tst_store_set_cell_number (fixture->store, "t", "r", "c", NAN, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_INVALID_VALUE);
  assert_heard (fixture, "");
}

static void
test_no_reason (Fixture       *fixture,
                gconstpointer  user_data)
{
  const Rule broken = { .reason = "no\xffpe", .is_quiet = TRUE };
  g_autoptr(GError) error = NULL;

  g_test_summary ("A reason is made valid text");

  intercept (fixture, TST_WRITE_SET_VALUE, &broken);
  assert_refused (tst_store_set_value_number (fixture->store, "v", 1, &error), &error, "no\357\277\275pe");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

  ADD ("/interception/cell/sees", test_cell_sees);
  ADD ("/interception/cell/alters", test_cell_alters);
  ADD ("/interception/cell/refuses", test_cell_refuses);
  ADD ("/interception/cell/cursor", test_cell_cursor);
  ADD ("/interception/cell/map", test_cell_map);
  ADD ("/interception/value", test_value);
  ADD ("/interception/values", test_values);
  ADD ("/interception/row/whole", test_row_whole);
  ADD ("/interception/row/alters", test_row_alters);
  ADD ("/interception/row/refuses", test_row_refuses);
  ADD ("/interception/row/cell-refused", test_row_cell_refused);
  ADD ("/interception/new-row", test_new_row);
  ADD ("/interception/new-row/taken", test_new_row_taken);
  ADD ("/interception/new-row/same", test_new_row_same);
  ADD ("/interception/chain", test_chain);
  ADD ("/interception/recursion", test_recursion);
  ADD ("/interception/removal", test_removal);
  ADD ("/interception/adding", test_adding);
  ADD ("/interception/drop", test_drop);
  ADD ("/interception/one-transaction", test_one_transaction);
  ADD ("/interception/transactions", test_transactions);
  ADD ("/interception/rollback", test_rollback);
  ADD ("/interception/listeners", test_listeners);
  ADD ("/interception/invalid", test_invalid);
  ADD ("/interception/invalid/ids", test_invalid_ids);
  ADD ("/interception/invalid/reason", test_no_reason);

  return g_test_run ();
}
