/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <libtstore/tstore.h>

#include "id-model.h"

static void
add (TstStore   *store,
     const char *id)
{
  g_autoptr(GError) error = NULL;

  tst_store_set_cell_number (store, id, "row", "cell", 1, &error);
  g_assert_no_error (error);
}

static void
discard (TstStore   *store,
         const char *id)
{
  tst_store_remove_table (store, id);
}

static void
touch (TstStore   *store,
       const char *id,
       int         number)
{
  g_autofree char *row_id = g_strdup_printf ("%d", number % 4);
  g_autoptr(GError) error = NULL;

  if (number % 3 == 0)
    tst_store_remove_row (store, id, row_id);
  else
    tst_store_set_cell_number (store, id, row_id, "cell", number, &error);
  g_assert_no_error (error);
}

static const char *
get_id (gpointer item)
{
  return tst_table_item_get_table_id (item);
}

static char *
describe (TstStore   *store,
          const char *id)
{
  return g_strdup_printf ("%u", tst_store_get_n_rows (store, id));
}

static char *
describe_item (gpointer item)
{
  guint n_rows;

  g_object_get (item, "n-rows", &n_rows, NULL);
  g_assert_cmpuint (n_rows, ==, tst_table_item_get_n_rows (item));

  return g_strdup_printf ("%u", n_rows);
}

const IdModel id_model = {
  .path = "/tables-model",
  .property = "n-rows",
  .add = add,
  .discard = discard,
  .touch = touch,
  .get_ids = tst_store_get_table_ids,
  .get_id = get_id,
  .describe = describe,
  .describe_item = describe_item,
};

GListModel *
id_model_new (TstStore *store)
{
  return G_LIST_MODEL (tst_tables_model_new (store));
}

static void
test_tables_model_properties (void)
{
  g_autoptr(TstStore) store = tst_store_new ();
  g_autoptr(TstTablesModel) model = tst_tables_model_new (store);
  g_autoptr(TstTableItem) item = NULL;
  g_autoptr(TstStore) model_store = NULL;
  g_autoptr(TstStore) item_store = NULL;
  g_autofree char *table_id = NULL;
  GType type;
  guint n;

  add (store, "pets");
  item = g_list_model_get_item (G_LIST_MODEL (model), 0);
  g_object_get (model, "store", &model_store, "item-type", &type, "n-items", &n, NULL);
  g_object_get (item, "store", &item_store, "table-id", &table_id, NULL);

  g_assert_true (model_store == store && tst_tables_model_get_store (model) == store);
  g_assert_true (item_store == store && tst_table_item_get_store (item) == store);
  g_assert_true (type == TST_TYPE_TABLE_ITEM);
  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (model)) == TST_TYPE_TABLE_ITEM);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpstr (table_id, ==, "pets");
}

static void
test_tables_model_no_store (void)
{
  g_autoptr(GListModel) model = NULL;
  guint n = 1;

  g_test_summary ("One that was made without a store is empty");

  g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, "*needs a store*");
  model = g_object_new (TST_TYPE_TABLES_MODEL, NULL);
  g_test_assert_expected_messages ();
  g_object_get (model, "n-items", &n, NULL);
  g_assert_cmpuint (n, ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 0);
  g_assert_null (g_list_model_get_item (model, 0));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/tables-model/properties", test_tables_model_properties);
  g_test_add_func ("/tables-model/no-store", test_tables_model_no_store);
  id_model_add_tests ();

  return g_test_run ();
}
