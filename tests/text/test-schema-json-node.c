/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A schema as a node of JSON-GLib. */

#include <libtstore/tstore.h>

#include "test-util.h"

#define SCHEMA \
  "[{\"pets\":{\"name\":{\"type\":\"string\",\"required\":true}," \
             "\"species\":{\"enum\":[\"dog\",7,true],\"default\":7,\"allowNull\":true}," \
             "\"tags\":{\"type\":[\"object\",\"array\"],\"default\":[1,{\"a\":\"\357\277\275[]\"}]}}}," \
    "{\"open\":{\"type\":\"boolean\",\"default\":false}}]"

static void
test_round_trip (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TstSchema) schema = tst_schema_new_from_json (SCHEMA, &error);
  g_autoptr(TstSchema) again = NULL;
  g_autoptr(JsonNode) node = NULL;
  JsonObject *pets, *species;

  g_test_summary ("A schema is the same after a way through a node");

  g_assert_no_error (error);
  node = tst_schema_to_json_node (schema);
  pets = json_object_get_object_member (json_array_get_object_element (json_node_get_array (node), 0), "pets");
  species = json_object_get_object_member (pets, "species");
  g_assert_cmpint (json_object_get_int_member (species, "default"), ==, 7);
  g_assert_true (json_object_get_boolean_member (species, "allowNull"));
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (species, "enum")), ==, 3);

  again = tst_schema_new_from_json_node (node, &error);
  g_assert_no_error (error);
  g_assert_true (tst_schema_equal (schema, again));
}

static void
test_bare (void)
{
  g_autoptr(JsonNode) node = json_from_string ("{\"pets\":{\"price\":{\"type\":\"number\",\"default\":1.5}}}", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(TstSchema) schema = tst_schema_new_from_json_node (node, &error);

  g_test_summary ("The bare object of tables is a schema, too");

  g_assert_no_error (error);
  g_assert_true (tst_schema_has_tables (schema));
  g_assert_false (tst_schema_has_values (schema));
}

static void
assert_refused (JsonNode *node,
                TstError  code)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (tst_schema_new_from_json_node (node, &error));
  g_assert_error (error, TST_ERROR, (int) code);
}

static void
test_refused (void)
{
  g_autoptr(JsonNode) number = json_node_init_double (json_node_alloc (), 0.0 / 0.0);
  g_autoptr(JsonNode) unknown = json_from_string ("[{\"pets\":{\"price\":{\"typ\":\"number\"}}}]", NULL);
  g_autoptr(JsonNode) string = json_node_init_string (json_node_alloc (), "pets");
  g_autoptr(JsonNode) deep = json_node_init_null (json_node_alloc ());

  g_test_summary ("What is no schema is refused, whatever it is");

  for (guint i = 0; i < 100; i++)
    {
      JsonArray *array = json_array_new ();
      JsonNode *outer = json_node_new (JSON_NODE_ARRAY);

      json_array_add_element (array, deep);
      json_node_take_array (outer, array);
      deep = outer;
    }

  assert_refused (NULL, TST_ERROR_PARSE);
  assert_refused (number, TST_ERROR_PARSE);
  assert_refused (unknown, TST_ERROR_FORMAT);
  assert_refused (string, TST_ERROR_FORMAT);
  assert_refused (deep, TST_ERROR_LIMIT);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/schema-json-node/round-trip", test_round_trip);
  g_test_add_func ("/schema-json-node/bare", test_bare);
  g_test_add_func ("/schema-json-node/refused", test_refused);

  return g_test_run ();
}
