/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <libtstore/tstore.h>

#include "id-model.h"
#include "test-util.h"

static void
add (TstStore   *store,
     const char *id)
{
  g_autoptr(GError) error = NULL;

  tst_store_set_value_number (store, id, 1, &error);
  g_assert_no_error (error);
}

static void
discard (TstStore   *store,
         const char *id)
{
  tst_store_remove_value (store, id);
}

static void
touch (TstStore   *store,
       const char *id,
       int         number)
{
  g_autoptr(GError) error = NULL;

  tst_store_set_value_number (store, id, number % 4, &error);
  g_assert_no_error (error);
}

static const char *
get_id (gpointer item)
{
  return tst_value_item_get_value_id (item);
}

static char *
describe (TstStore   *store,
          const char *id)
{
  return tst_store_get_value_json (store, id);
}

static char *
describe_item (gpointer item)
{
  return tst_value_item_get_text (item);
}

const IdModel id_model = {
  .path = "/values-model",
  .property = "text",
  .add = add,
  .discard = discard,
  .touch = touch,
  .get_ids = tst_store_get_value_ids,
  .get_id = get_id,
  .describe = describe,
  .describe_item = describe_item,
};

GListModel *
id_model_new (TstStore *store)
{
  return G_LIST_MODEL (tst_values_model_new (store));
}

static void
notify_cb (GObject    *object,
           GParamSpec *pspec,
           GString    *heard)
{
  g_string_append_printf (heard, "%s ", pspec->name);
}

static void
test_values_model_item (void)
{
  g_autoptr(TstStore) store = tst_store_new ();
  g_autoptr(TstValuesModel) model = tst_values_model_new (store);
  g_autoptr(TstValueItem) item = NULL;
  g_autoptr(GString) heard = g_string_new (NULL);
  g_autofree char *text = NULL;
  g_autofree char *json_text = NULL;
  g_autoptr(GError) error = NULL;
  g_auto(GValue) value = G_VALUE_INIT;
  GValue *got;
  TstCellType type;

  tst_store_set_value_string (store, "theme", "dark", &error);
  item = g_list_model_get_item (G_LIST_MODEL (model), 0);
  g_signal_connect (item, "notify", G_CALLBACK (notify_cb), heard);

  g_object_get (item, "value", &got, "value-type", &type, "text", &text, NULL);
  g_assert_cmpstr (g_value_get_string (got), ==, "dark");
  g_assert_cmpint (type, ==, TST_CELL_TYPE_STRING);
  g_assert_cmpstr (text, ==, "dark");
  g_boxed_free (G_TYPE_VALUE, got);

  g_value_init (&value, G_TYPE_INT);
  g_value_set_int (&value, 5);
  g_object_set (item, "value", &value, NULL);
  g_assert_cmpfloat (tst_store_get_value_number (store, "theme"), ==, 5);
  g_assert_cmpint (tst_value_item_get_value_type (item), ==, TST_CELL_TYPE_NUMBER);
  g_assert_cmpstr (heard->str, ==, "text value-type value ");

  /* What is refused stays as it is, and is shown again. */
  g_string_truncate (heard, 0);
  g_value_unset (&value);
  g_value_init (&value, G_TYPE_DOUBLE);
  g_value_set_double (&value, G_MAXDOUBLE * 2);
  g_object_set (item, "value", &value, NULL);
  g_assert_cmpstr (heard->str, ==, "value ");
  g_assert_false (tst_value_item_set_value (item, &value, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_INVALID_VALUE);

  tst_store_set_value_json (store, "theme", "{\"a\":1}", NULL);
  json_text = tst_value_item_get_text (item);
  g_assert_cmpstr (json_text, ==, "{\"a\":1}");

  tst_store_remove_values (store);
  g_assert_null (tst_value_item_get_value (item));
  g_assert_null (tst_value_item_get_text (item));
  g_assert_cmpint (tst_value_item_get_value_type (item), ==, TST_CELL_TYPE_NONE);
}

static void
drop_item_cb (TstStore *store,
              gpointer  user_data)
{
  g_clear_object ((TstValueItem **) user_data);
}

static void
test_values_model_dropped (void)
{
  g_autoptr(TstStore) store = tst_store_new ();
  g_auto(GValue) value = G_VALUE_INIT;
  TstValueItem *item;

  g_test_summary ("Whoever is told that an item begins to write may drop it");

  g_value_init (&value, G_TYPE_INT);
  item = g_object_new (TST_TYPE_VALUE_ITEM, "store", store, "value-id", "a value that is not short", NULL);
  tst_store_add_started_listener (store, drop_item_cb, &item, NULL);
  g_assert_true (tst_value_item_set_value (item, &value, NULL));
  g_assert_null (item);
  test_assert_ids (tst_store_get_value_ids (store), "a value that is not short", NULL);
}

static void
test_values_model_properties (void)
{
  g_autoptr(TstStore) store = tst_store_new ();
  g_autoptr(TstValuesModel) model = tst_values_model_new (store);
  g_autoptr(TstValueItem) item = NULL;
  g_autoptr(TstStore) model_store = NULL;
  g_autoptr(TstStore) item_store = NULL;
  g_autofree char *value_id = NULL;
  GType type;
  guint n;

  add (store, "theme");
  item = g_list_model_get_item (G_LIST_MODEL (model), 0);
  g_object_get (model, "store", &model_store, "item-type", &type, "n-items", &n, NULL);
  g_object_get (item, "store", &item_store, "value-id", &value_id, NULL);

  g_assert_true (model_store == store && tst_values_model_get_store (model) == store);
  g_assert_true (item_store == store && tst_value_item_get_store (item) == store);
  g_assert_true (type == TST_TYPE_VALUE_ITEM);
  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (model)) == TST_TYPE_VALUE_ITEM);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpstr (value_id, ==, "theme");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/values-model/item", test_values_model_item);
  g_test_add_func ("/values-model/dropped", test_values_model_dropped);
  g_test_add_func ("/values-model/properties", test_values_model_properties);
  id_model_add_tests ();

  return g_test_run ();
}
