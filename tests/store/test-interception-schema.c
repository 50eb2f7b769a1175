/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Interceptors of a store that has a schema, or mutators: what they let through is
 * one write. */

#include "intercept-fixture.h"

#include "test-util.h"

#define SCHEMA \
  "{\"pets\":{\"price\":{\"type\":\"number\",\"required\":true}," \
             "\"species\":{\"type\":\"string\",\"default\":\"dog\"}}}"

static void
schema_set_up (Fixture       *fixture,
               gconstpointer  user_data)
{
  fixture_set_up (fixture, user_data);
  fill (fixture, FIDO);
  g_assert_true (tst_store_set_schema_json (fixture->store, SCHEMA, TST_SCHEMA_DEFAULT, NULL));
}

static void
assert_misfit (Fixture  *fixture,
               gboolean  done,
               GError  **error)
{
  g_assert_false (done);
  g_assert_error (*error, TST_ERROR, TST_ERROR_SCHEMA);
  g_clear_error (error);
  assert_content (fixture, FIDO);
}

static void
test_altered (Fixture       *fixture,
              gconstpointer  user_data)
{
  const Rule cell = { "set-cell pets/fido/price", "\"dear\"", .is_quiet = TRUE };
  const Rule row = { "set-row pets/felix", "{\"species\":\"cat\"}", .is_quiet = TRUE };
  TstStore *store = fixture->store;
  g_autoptr(GError) error = NULL;
  g_autofree char *id = NULL;

  g_test_summary ("What interceptors made of a write has to fit, too");

  intercept (fixture, TST_WRITE_SET_CELL, &cell);
  intercept (fixture, TST_WRITE_SET_ROW, &row);
  assert_misfit (fixture, tst_store_set_cell_number (store, "pets", "fido", "price", 6, &error), &error);
  assert_misfit (fixture, tst_store_set_row_json (store, "pets", "fido", "{\"price\":6}", &error), &error);
  assert_misfit (fixture, tst_store_set_row_json (store, "pets", "felix", "{\"price\":6}", &error), &error);
  assert_misfit (fixture, tst_store_set_json (store, "[{\"pets\":{\"felix\":{\"price\":6}}},{}]", &error), &error);
  assert_misfit (fixture, tst_store_set_table_json (store, "pets", "{\"felix\":{\"price\":6}}", &error), &error);
  assert_misfit (fixture,
                 tst_store_apply_changes_json (store, "[{\"pets\":{\"fido\":{\"price\":6}}},{},1]", &error), &error);

  id = tst_store_add_row_json (store, "pets", "{\"species\":\"cat\"}", TST_ADD_ROW_DEFAULT, &error);
  assert_misfit (fixture, id != NULL, &error);
}

static void
test_missing (Fixture       *fixture,
              gconstpointer  user_data)
{
  const Rule none = { .is_quiet = TRUE };
  TstStore *store = fixture->store;
  g_autoptr(GError) error = NULL;

  g_test_summary ("What is required is missed, and what has a default comes back");

  intercept (fixture, TST_WRITE_ANY, &none);
  assert_misfit (fixture, tst_store_set_row_json (store, "pets", "fido", "{\"species\":\"cat\"}", &error), &error);
  g_assert_false (tst_store_remove_cell (store, "pets", "fido", "price"));
  assert_content (fixture, FIDO);

  /* Not even as the last one. */
  g_assert_true (tst_store_set_schema_json (store, "[{},{\"v\":{\"type\":\"number\",\"required\":true}}]", 0, NULL));
  g_assert_true (tst_store_set_value_number (store, "v", 1, NULL));
  g_assert_false (tst_store_remove_value (store, "v"));
  tst_store_remove_values (store);
  g_assert_true (tst_store_set_schema_json (store, SCHEMA, 0, NULL));
  assert_content (fixture, FIDO);

  g_assert_true (tst_store_set_row_json (store, "pets", "fido", "{\"price\":5,\"species\":\"cat\"}", &error));
  g_assert_true (tst_store_remove_cell (store, "pets", "fido", "species"));
  assert_content (fixture, FIDO);
  g_assert_true (tst_store_set_row_json (store, "pets", "felix", "{\"price\":4}", &error));
  g_assert_no_error (error);
  assert_content (fixture, "[{\"pets\":{\"fido\":{\"price\":5,\"species\":\"dog\"},"
                                     "\"felix\":{\"price\":4,\"species\":\"dog\"}}},{}]");
}

static void
undo_cb (TstStore   *store,
         const char *table_id,
         gpointer    user_data)
{
  tst_store_rollback (store);
}

static void
assert_undone (Fixture  *fixture,
               gboolean  done,
               GError  **error)
{
  g_assert_false (done);
  g_assert_error (*error, TST_ERROR, TST_ERROR_ROLLED_BACK);
  g_clear_error (error);
  assert_content (fixture, FIDO);
}

static void
test_undone (Fixture       *fixture,
             gconstpointer  user_data)
{
  const Rule none = { .is_quiet = TRUE };
  TstStore *store = fixture->store;
  g_autoptr(GError) error = NULL;
  g_autofree char *id = NULL;

  g_test_summary ("What a mutator undoes is not done, although interceptors let it through");

  fill (fixture, FIDO);
  intercept (fixture, TST_WRITE_ANY, &none);
  tst_store_add_table_listener (store, "pets", TST_LISTENER_MUTATOR, undo_cb, NULL, NULL);

  assert_undone (fixture, tst_store_set_cell_number (store, "pets", "fido", "price", 6, &error), &error);
  assert_undone (fixture, tst_store_set_row_json (store, "pets", "fido", "{\"price\":6}", &error), &error);
  assert_undone (fixture, tst_store_set_table_json (store, "pets", "{\"felix\":{\"price\":6}}", &error), &error);
  assert_undone (fixture, tst_store_set_json (store, "[{\"pets\":{\"felix\":{\"price\":6}}},{}]", &error), &error);
  id = tst_store_add_row_json (store, "pets", "{\"species\":\"cat\"}", TST_ADD_ROW_DEFAULT, &error);
  assert_undone (fixture, id != NULL, &error);
  g_assert_false (tst_store_remove_row (store, "pets", "fido"));
  assert_content (fixture, FIDO);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, set_up, func) g_test_add (path, Fixture, NULL, set_up, func, fixture_tear_down)

  ADD ("/interception-schema/altered", schema_set_up, test_altered);
  ADD ("/interception-schema/missing", schema_set_up, test_missing);
  ADD ("/interception-schema/undone", fixture_set_up, test_undone);

  return g_test_run ();
}
