/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <libtstore/tstore.h>

/* JSON-GLib's own functions on rows and keyed values. */

static const char content[] =
  "[{\"pets\":{\"fido\":{\"pet name\":\"Fido\",\"price_now\":2.5,\"age\":3,\"sold\":true,\"note\":null,"
  "\"tags\":[\"good\",{\"old\":1}],\"größe\":\"groß\"}}},{\"theme\":\"dark\",\"size\":{\"w\":1}}]";

/* --- An object that has a row --- */

#define TEST_TYPE_HOLDER (test_holder_get_type ())
G_DECLARE_FINAL_TYPE (TestHolder, test_holder, TEST, HOLDER, GObject)

struct _TestHolder
{
  GObject  parent_instance;
  TstRow  *row;  /* not held */
};

G_DEFINE_FINAL_TYPE (TestHolder, test_holder, G_TYPE_OBJECT)

static void
test_holder_get_property (GObject    *object,
                          guint       prop_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  g_value_set_object (value, TEST_HOLDER (object)->row);
}

static void
test_holder_class_init (TestHolderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = test_holder_get_property;
  g_object_class_install_property (object_class, 1,
                                   g_param_spec_object ("pet", NULL, NULL, TST_TYPE_ROW,
                                                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void
test_holder_init (TestHolder *self)
{
}

/* --- Tests --- */

static TstStore *
make_store (void)
{
  TstStore *store = tst_store_new ();
  g_autoptr(GError) error = NULL;

  tst_store_set_json (store, content, &error);
  g_assert_no_error (error);

  return store;
}

static void
test_serializable_row (void)
{
  g_autoptr(TstStore) store = make_store ();
  TstRow *row = tst_row_new (store, "pets", "fido");

  /* Again, as what was listed is kept. */
  for (int i = 0; i < 2; i++)
    {
      g_autoptr(JsonNode) node = json_gobject_serialize (G_OBJECT (row));
      g_autofree char *json = json_to_string (node, FALSE);

      g_assert_cmpstr (json, ==, "{\"pet name\":\"Fido\",\"price_now\":2.5,\"age\":3,\"sold\":true,\"note\":null,"
                                 "\"tags\":[\"good\",{\"old\":1}],\"größe\":\"groß\"}");
    }

  tst_store_remove_row (store, "pets", "fido");
  {
    g_autoptr(JsonNode) node = json_gobject_serialize (G_OBJECT (row));

    g_assert_cmpuint (json_object_get_size (json_node_get_object (node)), ==, 0);
  }

  g_assert_finalize_object (row);
}

static void
test_serializable_nested (void)
{
  g_autoptr(TstStore) store = make_store ();
  g_autoptr(TstRow) row = tst_row_new (store, "pets", "fido");
  g_autoptr(TestHolder) holder = g_object_new (TEST_TYPE_HOLDER, NULL);
  g_autoptr(JsonNode) node = NULL;
  g_autofree char *json = NULL;

  tst_store_set_row_json (store, "pets", "fido", "{\"name\":\"Fido\"}", NULL);
  holder->row = row;
  node = json_gobject_serialize (G_OBJECT (holder));
  json = json_to_string (node, FALSE);
  g_assert_cmpstr (json, ==, "{\"pet\":{\"name\":\"Fido\"}}");
}

static void
test_serializable_values (void)
{
  g_autoptr(TstStore) store = make_store ();
  TstValues *values = tst_values_new (store);
  g_autoptr(JsonNode) node = json_gobject_serialize (G_OBJECT (values));
  g_autofree char *json = json_to_string (node, FALSE);

  g_assert_cmpstr (json, ==, "{\"theme\":\"dark\",\"size\":{\"w\":1}}");
  g_assert_finalize_object (values);
}

/* What JSON-GLib does with each member of an object that it makes. */
static void
deserialize (gpointer    object,
             const char *json)
{
  JsonSerializable *serializable = JSON_SERIALIZABLE (object);
  g_autoptr(JsonNode) node = json_from_string (json, NULL);
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;

  json_object_iter_init_ordered (&iter, json_node_get_object (node));
  while (json_object_iter_next_ordered (&iter, &name, &member))
    {
      GParamSpec *pspec = json_serializable_find_property (serializable, name);
      g_auto(GValue) value = G_VALUE_INIT;

      g_value_init (&value, pspec->value_type);
      g_assert_true (json_serializable_deserialize_property (serializable, name, &value, pspec, member));
      json_serializable_set_property (serializable, pspec, &value);
    }
}

static void
test_serializable_deserialize (void)
{
  g_autoptr(TstStore) store = make_store ();
  g_autoptr(TstRow) row = tst_row_new (store, "pets", "rex");
  g_autoptr(TstValues) values = tst_values_new (store);
  g_autofree char *json = NULL;

  deserialize (row, "{\"name\":\"Rex\",\"tags\":[1]}");
  deserialize (values, "{\"theme\":\"light\",\"new one\":null}");

  tst_store_remove_row (store, "pets", "fido");
  json = tst_store_get_json (store);
  g_assert_cmpstr (json, ==, "[{\"pets\":{\"rex\":{\"name\":\"Rex\",\"tags\":\"\357\277\275[1]\"}}},"
                             "{\"theme\":\"light\",\"size\":\"\357\277\275{\\\"w\\\":1}\",\"new one\":null}]");
}

static void
test_serializable_no_store (void)
{
  g_autoptr(JsonNode) node = json_from_string ("{\"name\":\"Rex\"}", NULL);
  g_autoptr(GObject) row = NULL;

  g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, "*needs a store*");
  row = json_gobject_deserialize (TST_TYPE_ROW, node);
  g_test_assert_expected_messages ();

  g_assert_null (tst_row_get_store (TST_ROW (row)));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/serializable/row", test_serializable_row);
  g_test_add_func ("/serializable/nested", test_serializable_nested);
  g_test_add_func ("/serializable/values", test_serializable_values);
  g_test_add_func ("/serializable/deserialize", test_serializable_deserialize);
  g_test_add_func ("/serializable/no-store", test_serializable_no_store);

  return g_test_run ();
}
