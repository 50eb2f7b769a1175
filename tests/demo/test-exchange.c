/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "pets-exchange.h"

#include <string.h>

/* What parsing gives, as the JSON of a store to which it was added; or the error. */
static char *
import (const char *text)
{
  g_autoptr(TstStore) store = tst_store_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) pets = pets_exchange_parse (text, strlen (text), &error);
  g_autoptr(GString) seen = g_string_new (NULL);
  g_auto(GStrv) row_ids = NULL;

  if (pets == NULL)
    return g_strdup (error->message);

  g_assert_no_error (error);
  g_assert_true (pets_exchange_add (store, pets, &error));
  g_assert_no_error (error);

  row_ids = tst_store_get_row_ids (store, "pets");
  for (gsize i = 0; row_ids[i] != NULL; i++)
    {
      g_autofree char *row = tst_store_get_row_json (store, "pets", row_ids[i]);

      g_string_append (seen, row);
    }

  return g_string_free (g_steal_pointer (&seen), FALSE);
}

static void
assert_imports (const char *text,
                const char *expected)
{
  g_autofree char *seen = import (text);

  g_assert_cmpstr (seen, ==, expected);
}

static void
test_exchange_csv_types (void)
{
  g_test_summary ("Cells get the type of their column, or the one that they look like");

  assert_imports ("name,price,born,sold\nRex,12.5,2024-05-31,true\n",
                  "{\"name\":\"Rex\",\"price\":12.5,\"born\":\"2024-05-31\",\"sold\":true}");
  /* A name is text, whatever it looks like. Where nothing is, nothing is. */
  assert_imports ("name,price,sold\n007,,no\n", "{\"name\":\"007\",\"sold\":false}");
  assert_imports ("Name; Price \n Rex ;7\n", "{\"name\":\"Rex\",\"price\":7}");
  assert_imports ("name,price\n\" Rex \",\"12\"\n", "{\"name\":\" Rex \",\"price\":12}");
  assert_imports ("name,extra\nA,5\nB,\"5\"\nC,true\nD,yes\nE,\"{\"\"a\"\":[1]}\"\nF,\nG,\"\"\n",
                  "{\"name\":\"A\",\"extra\":5}{\"name\":\"B\",\"extra\":\"5\"}{\"name\":\"C\",\"extra\":true}"
                  "{\"name\":\"D\",\"extra\":\"yes\"}{\"name\":\"E\",\"extra\":\"\uFFFD{\\\"a\\\":[1]}\"}{\"name\":\"F\"}"
                  "{\"name\":\"G\",\"extra\":\"\"}");
  /* Fewer fields than columns; a column without a heading; an empty line of fields. */
  assert_imports ("name,,species\nRex\nBo,x,Cat\n,,\n", "{\"name\":\"Rex\"}{\"name\":\"Bo\",\"species\":\"Cat\"}");
  assert_imports ("name\n", "");
}

static void
test_exchange_csv_errors (void)
{
  g_test_summary ("What is wrong is told with line and column");

  assert_imports ("name,price\nRex,5\nBo,cheap\n", "Line 3, column “Price”: “cheap” is not a price");
  assert_imports ("name,born\n\"R\nex\",\"soon\"\n", "Line 2, column “Born”: “soon” is not a date such as 2024-05-31");
  assert_imports ("name,sold\nRex,maybe\n", "Line 2, column “Sold”: “maybe” is neither yes nor no");
  assert_imports ("name,species\nRex,Dog,5\n", "Line 2: there are 3 fields, but only 2 columns");
  assert_imports ("name,Name\nRex,Dog\n", "Line 1: there are two columns “name”");
  assert_imports ("Rex,Dog\n", "Line 1: this is to name the columns, such as “name,species”");
  assert_imports ("name\n\"Rex\n", "Line 2, character 1: the quotation mark is never closed");
}

static void
test_exchange_json (void)
{
  g_test_summary ("JSON may be a file of pets, a table or a list");

  assert_imports ("[{\"pets\":{\"1\":{\"name\":\"Rex\",\"sold\":null}}},{\"x\":1}]", "{\"name\":\"Rex\",\"sold\":null}");
  assert_imports ("{\"pets\":{\"1\":{\"name\":\"Rex\",\"price\":5}}}", "{\"name\":\"Rex\",\"price\":5}");
  assert_imports (" {\"1\":{\"name\":\"Rex\"},\"2\":{\"name\":\"Bo\"}}", "{\"name\":\"Rex\"}{\"name\":\"Bo\"}");
  assert_imports ("[{\"name\":\"Rex\",\"toys\":[1,{\"a\":null}]},{\"name\":\"Bo\"}]",
                  "{\"name\":\"Rex\",\"toys\":\"\uFFFD[1,{\\\"a\\\":null}]\"}{\"name\":\"Bo\"}");
  /* As the file of a store has it. */
  assert_imports ("[{\"pets\":{\"1\":{\"name\":\"Rex\",\"toys\":\"\uFFFD[1]\"}}},{}]",
                  "{\"name\":\"Rex\",\"toys\":\"\uFFFD[1]\"}");
  assert_imports ("[]", "");
  assert_imports ("{}", "");
}

static void
test_exchange_json_errors (void)
{
  g_autofree char *opened = g_strnfill (65, '[');
  g_autofree char *closed = g_strnfill (65, ']');
  g_autofree char *deep = g_strconcat ("[{\"name\":", opened, closed, "}]", NULL);
  g_autoptr(GError) error = NULL;

  g_test_summary ("What is no table is refused, with the place where it is known");

  assert_imports ("[1,2]", "This is JSON, but neither a table of pets nor a list of them");
  assert_imports ("{\"name\":\"Rex\"}", "Expected an object with the cells of a row: line 1, column 9");
  assert_imports ("[{\"name\":\"Rex\"},\n {\"name\":oops}]", "Expected a value: line 2, column 10");

  g_assert_null (pets_exchange_parse ("[]\0]", 4, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_clear_error (&error);

  g_assert_null (pets_exchange_parse (deep, strlen (deep), &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_LIMIT);
  g_clear_error (&error);

  /* Never looked at. */
  g_assert_null (pets_exchange_parse ("[]", PETS_EXCHANGE_MAX_SIZE + 1, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_assert_cmpstr (error->message, ==, "The file is too large");
}

static void
count_cb (TstStore   *store,
          TstChanges *changes,
          guint      *count)
{
  (*count)++;
}

static void
test_exchange_one_transaction (void)
{
  g_autoptr(TstStore) store = tst_store_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) pets = NULL;
  g_autoptr(GVariant) bad = NULL;
  const char *text = "{\"1\":{\"name\":\"Rex\"},\"2\":{\"name\":\"Bo\"}}";
  guint count = 0;

  g_test_summary ("All pets are added at once, beside those that are there, or none is");

  tst_store_set_cell_string (store, "pets", "1", "name", "Una", NULL);
  g_signal_connect (store, "changed", G_CALLBACK (count_cb), &count);

  pets = pets_exchange_parse (text, strlen (text), &error);
  g_assert_no_error (error);
  g_assert_true (pets_exchange_add (store, pets, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count, ==, 1);
  g_assert_cmpuint (tst_store_get_n_rows (store, "pets"), ==, 3);
  g_assert_cmpstr (tst_store_get_cell_string (store, "pets", "1", "name"), ==, "Una");

  /* The second has a cell that no store can hold. */
  bad = g_variant_ref_sink (g_variant_new_parsed ("[{'name': <'Kim'>}, {'name': <'Jo'>, 'price': <inf>}]"));
  g_assert_false (pets_exchange_add (store, bad, &error));
  g_assert_nonnull (error);
  g_assert_cmpuint (count, ==, 1);
  g_assert_cmpuint (tst_store_get_n_rows (store, "pets"), ==, 3);
}

static void
test_exchange_round_trip (void)
{
  g_autoptr(TstStore) store = tst_store_new ();
  g_autoptr(TstStore) copy = tst_store_new ();
  g_autoptr(GError) error = NULL;
  const char *rows =
    "{\"1\":{\"name\":\"Zoë, \\\"the cat\\\"\",\"price\":12.25,\"sold\":true,\"id\":\"007\",\"n\":7,\"ok\":false},"
    "\"2\":{\"name\":\"\",\"breed\":\" two\\nlines \",\"born\":\"2024-05-31\",\"id\":\"true\",\"toys\":\"\uFFFD[1,\\\"a\\\"]\"}}";
  g_autofree char *csv = NULL;
  g_autofree char *json = NULL;
  g_autoptr(GVariant) pets = NULL;
  g_auto(GStrv) ids = NULL;

  g_test_summary ("What was exported is imported as it was");

  g_assert_true (tst_store_set_table_json (store, "pets", rows, &error));
  csv = pets_exchange_to_csv (store);
  g_assert_cmpstr (csv, ==,
                   "name,species,breed,colour,born,price,sold,id,n,ok,toys\r\n"
                   "\"Zoë, \"\"the cat\"\"\",,,,,12.25,true,\"007\",7,false,\r\n"
                   "\"\",,\" two\nlines \",,2024-05-31,,,\"true\",,,\"[1,\"\"a\"\"]\"\r\n");

  pets = pets_exchange_parse (csv, strlen (csv), &error);
  g_assert_no_error (error);
  g_assert_true (pets_exchange_add (copy, pets, &error));
  ids = tst_store_get_row_ids (copy, "pets");
  g_assert_cmpuint (g_strv_length (ids), ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GVariant) was = tst_store_get_row (store, "pets", i == 0 ? "1" : "2");
      g_autoptr(GVariant) is = tst_store_get_row (copy, "pets", ids[i]);
      GVariantIter iter;
      const char *cell_id;
      GVariant *cell;

      g_assert_cmpuint (g_variant_n_children (was), ==, g_variant_n_children (is));
      g_variant_iter_init (&iter, was);
      while (g_variant_iter_loop (&iter, "{&sv}", &cell_id, &cell))
        {
          g_autoptr(GVariant) other = g_variant_lookup_value (is, cell_id, NULL);

          g_assert_nonnull (other);
          g_assert_cmpvariant (cell, other);
        }
    }

  json = pets_exchange_to_json (store);
  g_assert_true (tst_store_set_json (copy, json, &error));
  g_assert_no_error (error);
  g_free (json);
  json = tst_store_get_table_json (copy, "pets");
  g_assert_cmpstr (json, ==, rows);
}

static void
test_exchange_nothing (void)
{
  g_autoptr(TstStore) store = tst_store_new ();
  g_autofree char *csv = pets_exchange_to_csv (store);
  g_autofree char *json = pets_exchange_to_json (store);

  g_test_summary ("No pets make texts that can be read");

  g_assert_cmpstr (csv, ==, "name,species,breed,colour,born,price,sold\r\n");
  assert_imports (csv, "");
  assert_imports (json, "");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/exchange/csv/types", test_exchange_csv_types);
  g_test_add_func ("/exchange/csv/errors", test_exchange_csv_errors);
  g_test_add_func ("/exchange/json", test_exchange_json);
  g_test_add_func ("/exchange/json/errors", test_exchange_json_errors);
  g_test_add_func ("/exchange/one-transaction", test_exchange_one_transaction);
  g_test_add_func ("/exchange/round-trip", test_exchange_round_trip);
  g_test_add_func ("/exchange/nothing", test_exchange_nothing);

  return g_test_run ();
}
