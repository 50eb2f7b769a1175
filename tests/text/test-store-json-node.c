/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The twins that have nodes of JSON-GLib for what others have as text. */

#include <libtstore/tstore.h>

#include "test-util.h"

#include <math.h>
#include <string.h>

#define MARK    "\357\277\275"
#define REMOVED "\357\277\274"

/* As deep as a cell may be nested, the outermost counted */
#define MAX_DEPTH 64

#define CONTENT \
  "[{\"pets\":{\"rex\":{\"name\":\"Rex\",\"age\":3},\"tom\":{\"name\":\"Tom\"}}," \
  "\"owners\":{\"1\":{\"name\":\"Ann\"}}},{\"open\":true}]"

/* A store of CONTENT, and what was heard of it */
typedef struct
{
  TstStore *store;
  GString  *refused;
  guint     n_changed;
} World;

static void
invalid_cell_cb (TstStore     *store,
                 const char   *table_id,
                 const char   *row_id,
                 const char   *cell_id,
                 const GError *error,
                 gpointer      user_data)
{
  World *world = user_data;

  g_string_append_printf (world->refused, "cell %s %s %s %d;",
                          table_id ? table_id : "-", row_id ? row_id : "-",
                          cell_id ? cell_id : "-", error->code);
}

static void
invalid_value_cb (TstStore     *store,
                  const char   *value_id,
                  const GError *error,
                  gpointer      user_data)
{
  World *world = user_data;

  g_string_append_printf (world->refused, "value %s %d;", value_id ? value_id : "-", error->code);
}

static void
changed_cb (TstStore   *store,
            TstChanges *changes,
            gpointer    user_data)
{
  World *world = user_data;

  world->n_changed++;
}

static void
world_init (World *world)
{
  g_autoptr(GError) error = NULL;

  world->store = tst_store_new ();
  world->refused = g_string_new (NULL);
  world->n_changed = 0;
  tst_store_set_json (world->store, CONTENT, &error);
  g_assert_no_error (error);

  g_signal_connect (world->store, "invalid-cell", G_CALLBACK (invalid_cell_cb), world);
  g_signal_connect (world->store, "invalid-value", G_CALLBACK (invalid_value_cb), world);
  g_signal_connect (world->store, "changed", G_CALLBACK (changed_cb), world);
}

static void
world_clear (World *world)
{
  g_assert_finalize_object (world->store);
  g_string_free (world->refused, TRUE);
}

/* Frees @actual. */
static void
assert_text (char       *actual,
             const char *expected)
{
  g_assert_cmpstr (actual, ==, expected);
  g_free (actual);
}

static JsonNode *
parse (const char *text)
{
  g_autoptr(GError) error = NULL;
  JsonNode *node = json_from_string (text, &error);

  g_assert_no_error (error);

  return node;
}

/* --- Every way in, by text and by node --- */

typedef enum
{
  DOOR_CONTENT,
  DOOR_ROW,
  DOOR_PARTIAL_ROW,
  DOOR_ADD_ROW,
  DOOR_CELL,
  DOOR_VALUE,
  DOOR_CHANGES,
  N_DOORS
} Door;

static gboolean
is_id (char *id)
{
  gboolean added = id != NULL;

  g_free (id);

  return added;
}

static gboolean
set_by_text (TstStore    *store,
             Door         door,
             const char  *text,
             GError     **error)
{
  switch (door)
    {
    case DOOR_CONTENT:
      return tst_store_set_json (store, text, error);
    case DOOR_ROW:
      return tst_store_set_row_json (store, "pets", "rex", text, error);
    case DOOR_PARTIAL_ROW:
      return tst_store_set_partial_row_json (store, "pets", "rex", text, error);
    case DOOR_ADD_ROW:
      return is_id (tst_store_add_row_json (store, "pets", text, TST_ADD_ROW_DEFAULT, error));
    case DOOR_CELL:
      return tst_store_set_cell_json (store, "pets", "rex", "age", text, error);
    case DOOR_VALUE:
      return tst_store_set_value_json (store, "open", text, error);
    case DOOR_CHANGES:
    case N_DOORS:
    default:
      return tst_store_apply_changes_json (store, text, error);
    }
}

static gboolean
set_by_node (TstStore  *store,
             Door       door,
             JsonNode  *node,
             GError   **error)
{
  switch (door)
    {
    case DOOR_CONTENT:
      return tst_store_set_json_node (store, node, error);
    case DOOR_ROW:
      return tst_store_set_row_json_node (store, "pets", "rex", node, error);
    case DOOR_PARTIAL_ROW:
      return tst_store_set_partial_row_json_node (store, "pets", "rex", node, error);
    case DOOR_ADD_ROW:
      return is_id (tst_store_add_row_json_node (store, "pets", node, TST_ADD_ROW_DEFAULT, error));
    case DOOR_CELL:
      return tst_store_set_cell_json_node (store, "pets", "rex", "age", node, error);
    case DOOR_VALUE:
      return tst_store_set_value_json_node (store, "open", node, error);
    case DOOR_CHANGES:
    case N_DOORS:
    default:
      return tst_store_apply_changes_json_node (store, node, error);
    }
}

/* Each is brought to each door. */
static const char *both_ways[] = {
  "[{},{}]", "[{}]", "{}", "[]", "null", "true", "1", "-0", "0.5", "\"\"", "\"x\"", "[[],{}]", "[{},[]]",
  "[null]", "[{},null]", "[{},{},{}]", "[{},{},1]", "[{},{},1,1]", "[{},{},2]", "[{},{},true]",
  "[{},{},\"1\"]", "[{},{},null]", "[{},{},[1]]", "[{},1]",
  "{\"a\":1}", "{\"a\":null,\"b\":false,\"c\":\"\",\"d\":1e300}", "{\"\":{}}", "{\"\":\"\"}",
  "{\"t\":{\"r\":{\"c\":1}}}", "{\"t\":{\"r\":{}}}", "{\"t\":{}}", "{\"t\":[]}", "{\"t\":{\"r\":1}}",
  "{\"\":{\"\":{\"\":\"\"}}}",
  "[{\"t\":{\"r\":{\"c\":1}}}]", "[{\"t\":{\"r\":{\"c\":1}}},{\"v\":2}]",
  "[{\"t\":{\"r\":{\"c\":{\"x\":[1,{}]}}}},{\"v\":[]}]", "[{\"t\":{\"r\":{}}},{}]", "[{\"t\":{}},{}]",
  "[{\"t\":{\"r\":{\"c\":1},\"s\":null}},{}]", "[{\"t\":1},{}]",
  "[{\"pets\":{\"rex\":{\"age\":4}}},{\"open\":false},1]", "[{\"pets\":{\"rex\":{}}},{},1]",
  "[{\"pets\":{\"rex\":{\"age\":\"" REMOVED "\"},\"tom\":\"" REMOVED "\",\"new\":{\"a\":[1]}},"
  "\"owners\":\"" REMOVED "\"},{\"open\":\"" REMOVED "\",\"n\":null},1]",
  "[{\"pets\":\"x\"},{},1]", "[{\"pets\":null},{},1]", "[{\"pets\":{\"rex\":\"\"}},{},1]",
  "[{\"pets\":{\"rex\":[]}},{},1]", "[{},{\"v\":[1,\"" REMOVED "\"]},1]",
  "\"" REMOVED "\"", "\"" REMOVED "x\"", "\"" MARK "\"", "\"" MARK "{\"", "\"" MARK "{}\"",
  "\"" MARK " [ 1.0 , \\\"a\\\" ] \"", "\"" MARK "[1e999]\"", "\"" MARK "\\\"" MARK "{}\\\"\"",
  "\"" MARK "\\\"" REMOVED "\\\"\"", "\"" MARK "nothing\"", "{\"a\":\"" MARK "[]\"}", "{\"a\":\"" MARK "[1e999]\"}",
  "[\"" MARK "[1e999]\"]", "{\"a\":\"" REMOVED "\"}",
  "9007199254740991", "9007199254740992", "9007199254740993", "-9007199254740993", "9223372036854775807",
  "-9223372036854775808", "[9007199254740993,1e21,1e-7,100,-0.0,5e-324,1.7976931348623157e308]",
  "{\"b\":1,\"a\":{\"z\":null,\"y\":[true,false,\"\\u00e9\\ud83d\\ude00\\n\\\"\\\\\"]}}",
  "[[[[[[[[\"deep\"]]]]]]]]",
};

/* What comes in as text and as node does the same, heard and seen. */
static void
assert_alike (Door        door,
              const char *text,
              JsonNode   *node)
{
  g_autoptr(GError) text_error = NULL;
  g_autoptr(GError) node_error = NULL;
  g_autofree char *content = NULL;
  World by_text, by_node;
  gboolean done;

  world_init (&by_text);
  world_init (&by_node);

  done = set_by_text (by_text.store, door, text, &text_error);
  if (set_by_node (by_node.store, door, node, &node_error) != done ||
      (!done && !g_error_matches (node_error, text_error->domain, text_error->code)))
    g_error ("Door %d, %s: %s, but %s", door, text,
             text_error ? text_error->message : "done", node_error ? node_error->message : "done");

  content = tst_store_get_json (by_text.store);
  assert_text (tst_store_get_json (by_node.store), content);
  if (!done)
    g_assert_cmpstr (content, ==, CONTENT);
  g_assert_cmpstr (by_node.refused->str, ==, by_text.refused->str);
  g_assert_cmpint (by_node.refused->len == 0, ==, done);
  g_assert_cmpuint (by_node.n_changed, ==, by_text.n_changed);

  world_clear (&by_text);
  world_clear (&by_node);
}

static void
test_store_json_node_alike (void)
{
  g_test_summary ("Every node is accepted or refused as its text is, and does the same");

  for (guint i = 0; i < G_N_ELEMENTS (both_ways); i++)
    {
      g_autoptr(JsonNode) node = parse (both_ways[i]);

      for (Door door = 0; door < N_DOORS; door++)
        assert_alike (door, both_ways[i], node);
    }
}

static void
test_store_json_node_empty (void)
{
  g_test_summary ("No node at all is refused, as no text at all is");

  for (Door door = 0; door < N_DOORS; door++)
    assert_alike (door, "", NULL);
}

/* --- Out --- */

static void
assert_changes_of_text (const char *text,
                        const char *expected)
{
  g_autoptr(TstChanges) changes = tst_changes_new_from_json (text, NULL);
  g_autoptr(JsonNode) node = tst_changes_to_json_node (changes);
  g_autoptr(TstChanges) again = NULL;
  g_autoptr(GError) error = NULL;

  assert_text (json_to_string (node, FALSE), expected);

  again = tst_changes_new_from_json_node (node, &error);
  g_assert_no_error (error);
  g_assert_true (tst_changes_equal (again, changes));
}

static void
test_store_json_node_changes (void)
{
  g_test_summary ("Changes go out, with what was removed, and are the same when they come back");

  assert_changes_of_text ("[{},{},1]", "[{},{},1]");
  assert_changes_of_text ("[{\"t\":{\"r\":{\"c\":\"" REMOVED "\",\"d\":{\"a\":[1]},\"e\":null},"
                          "\"s\":\"" REMOVED "\"},\"u\":\"" REMOVED "\"},"
                          "{\"v\":\"" REMOVED "\",\"w\":\"" MARK "\\\"" REMOVED "\\\"\"},1]",
                          "[{\"t\":{\"r\":{\"c\":\"" REMOVED "\",\"d\":{\"a\":[1]},\"e\":null},"
                          "\"s\":\"" REMOVED "\"},\"u\":\"" REMOVED "\"},"
                          "{\"v\":\"" REMOVED "\",\"w\":\"" MARK "\\\"" REMOVED "\\\"\"},1]");
}

static void
test_store_json_node_mark (void)
{
  g_autoptr(JsonNode) node = parse ("[{},{\"v\":1},1.0]");
  g_autoptr(TstChanges) changes = NULL;
  g_autoptr(GError) error = NULL;

  g_test_summary ("The number that marks changes may be a double");

  changes = tst_changes_new_from_json_node (node, &error);
  g_assert_no_error (error);
  assert_text (tst_changes_to_json (changes), "[{},{\"v\":1},1]");
}

static void
test_store_json_node_content (void)
{
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(JsonNode) parsed_empty = parse ("[{},{}]");
  g_autoptr(JsonNode) empty = NULL;
  World world;

  g_test_summary ("The content goes out, with objects and arrays as such, in order");

  world_init (&world);
  g_assert_true (tst_store_set_cell_json (world.store, "pets", "rex", "o", "{\"a\":[1,null,\"x\"],\"b\":{}}", NULL));
  g_assert_true (tst_store_set_value_json (world.store, "a", "[[],0.5]", NULL));
  node = tst_store_get_json_node (world.store);
  assert_text (json_to_string (node, FALSE),
               "[{\"pets\":{\"rex\":{\"name\":\"Rex\",\"age\":3,\"o\":{\"a\":[1,null,\"x\"],\"b\":{}}},"
               "\"tom\":{\"name\":\"Tom\"}},\"owners\":{\"1\":{\"name\":\"Ann\"}}},"
               "{\"open\":true,\"a\":[[],0.5]}]");

  g_assert_true (tst_store_set_json_node (world.store, parsed_empty, NULL));
  empty = tst_store_get_json_node (world.store);
  assert_text (json_to_string (empty, FALSE), "[{},{}]");
  world_clear (&world);
}

/* Frees @node. */
static void
assert_node (JsonNode   *node,
             const char *expected)
{
  g_assert_nonnull (node);
  assert_text (json_to_string (node, FALSE), expected);
  json_node_unref (node);
}

static void
test_store_json_node_parts (void)
{
  World world;

  g_test_summary ("A row, a cell and a value go out, and what is not there does not");

  world_init (&world);
  assert_node (tst_store_get_row_json_node (world.store, "pets", "rex"), "{\"name\":\"Rex\",\"age\":3}");
  assert_node (tst_store_get_row_json_node (world.store, "pets", "none"), "{}");
  assert_node (tst_store_get_row_json_node (world.store, "none", "rex"), "{}");
  assert_node (tst_store_get_cell_json_node (world.store, "pets", "rex", "name"), "\"Rex\"");
  g_assert_null (tst_store_get_cell_json_node (world.store, "pets", "rex", "none"));
  assert_node (tst_store_get_value_json_node (world.store, "open"), "true");
  g_assert_null (tst_store_get_value_json_node (world.store, "none"));
  world_clear (&world);
}

static void
assert_number (double number,
               GType  type)
{
  g_autoptr(TstStore) store = tst_store_new ();
  g_autoptr(JsonNode) node = NULL;

  g_assert_true (tst_store_set_value_number (store, "v", number, NULL));
  node = tst_store_get_value_json_node (store, "v");
  g_assert_true (json_node_get_value_type (node) == type);
  g_assert_cmpfloat (json_node_get_double (node), ==, number);
  if (type == G_TYPE_INT64)
    g_assert_cmpint (json_node_get_int (node), ==, (gint64) number);

  g_assert_true (tst_store_set_value_json_node (store, "v", node, NULL));
  g_assert_cmpfloat (tst_store_get_value_number (store, "v"), ==, number);
}

static void
test_store_json_node_numbers (void)
{
  const double limit = 9007199254740992;

  g_test_summary ("Numbers without a fraction are integers where those are exact, others are doubles");

  for (int sign = -1; sign <= 1; sign += 2)
    {
      assert_number (sign * 0.0, G_TYPE_INT64);
      assert_number (sign * 1.0, G_TYPE_INT64);
      assert_number (sign * (limit - 1), G_TYPE_INT64);
      assert_number (sign * limit, G_TYPE_DOUBLE);
      assert_number (sign * (limit + 2), G_TYPE_DOUBLE);
      assert_number (sign * 0x1p63, G_TYPE_DOUBLE);
      assert_number (sign * 1e300, G_TYPE_DOUBLE);
      assert_number (sign * G_MAXDOUBLE, G_TYPE_DOUBLE);
      assert_number (sign * 0.5, G_TYPE_DOUBLE);
      assert_number (sign * 5e-324, G_TYPE_DOUBLE);
    }
}

static void
test_store_json_node_large (void)
{
  g_autoptr(TstStore) store = tst_store_new ();
  g_autoptr(JsonNode) array = parse ("[]");

  g_test_summary ("An integer that no double is equal to becomes the nearest, in arrays too");

  json_array_add_int_element (json_node_get_array (array), G_MAXINT64);
  json_array_add_int_element (json_node_get_array (array), (G_GINT64_CONSTANT (1) << 53) + 1);
  json_array_add_int_element (json_node_get_array (array), (G_GINT64_CONSTANT (1) << 53) + 3);
  g_assert_true (tst_store_set_value_json_node (store, "v", array, NULL));
  assert_text (tst_store_get_value_json (store, "v"),
               "[9223372036854776000,9007199254740992,9007199254740996]");
}

static void
assert_string_cell (const char *string)
{
  g_autoptr(TstStore) store = tst_store_new ();
  g_autoptr(TstStore) other = tst_store_new ();
  g_autoptr(JsonNode) node = NULL;

  g_assert_true (tst_store_set_cell_string (store, "t", "r", "c", string, NULL));
  node = tst_store_get_cell_json_node (store, "t", "r", "c");
  g_assert_true (tst_store_set_cell_json_node (other, "t", "r", "c", node, NULL));
  g_assert_cmpstr (tst_store_get_cell_string (other, "t", "r", "c"), ==, string);
}

static void
test_store_json_node_marked (void)
{
  g_autoptr(TstStore) store = tst_store_new ();
  g_autoptr(JsonNode) node = NULL;

  g_test_summary ("A string that looks like something else is still one when it comes back");

  assert_string_cell ("");
  assert_string_cell (MARK);
  assert_string_cell (REMOVED);
  assert_string_cell (REMOVED "x");
  assert_string_cell (MARK "{}");
  assert_string_cell (MARK "[1,2,3,4,5,6,7,8,9]");
  assert_string_cell (MARK "\"" MARK "\"");
  assert_string_cell ("a much longer string \"than\" fits in\ta cell");

  /* But in an object or array, it is what it is. */
  g_assert_true (tst_store_set_value_json (store, "v", "[\"" MARK "{}\",\"" REMOVED "\"]", NULL));
  node = tst_store_get_value_json_node (store, "v");
  g_assert_cmpstr (json_array_get_string_element (json_node_get_array (node), 0), ==, MARK "{}");
  g_assert_cmpstr (json_array_get_string_element (json_node_get_array (node), 1), ==, REMOVED);
  g_assert_true (tst_store_set_value_json_node (store, "v", node, NULL));
  assert_text (tst_store_get_value_json (store, "v"), "[\"" MARK "{}\",\"" REMOVED "\"]");
}

static void
test_store_json_node_twice (void)
{
  g_autoptr(TstStore) store = tst_store_new ();

  g_test_summary ("Of what is in an object twice, the last one counts, in the first one's place");

  g_assert_true (tst_store_set_value_json (store, "v", "{\"a\":[1],\"b\":2,\"a\":{\"c\":3},\"\":0,\"a\":\"x\"}", NULL));
  assert_node (tst_store_get_value_json_node (store, "v"), "{\"a\":\"x\",\"b\":2,\"\":0}");
}

/* --- Refused --- */

/* Takes over @cell: puts it into a content, and asserts on the error that is got of it. */
static void
refuse_cell (JsonNode   *cell,
             TstError    code,
             const char *message)
{
  g_autoptr(JsonNode) root = parse ("[{\"pets\":{\"rex\":{\"name\":\"Rex\",\"age\":4}}},{}]");
  JsonObject *tables = json_array_get_object_element (json_node_get_array (root), 0);
  JsonObject *rex = json_object_get_object_member (json_object_get_object_member (tables, "pets"), "rex");
  g_autofree char *there = g_strconcat (message, ": /0/pets/rex/age", NULL);
  g_autoptr(GError) error = NULL;
  World world;

  world_init (&world);

  g_assert_false (tst_store_set_value_json_node (world.store, "open", cell, &error));
  g_assert_error (error, TST_ERROR, (int) code);
  g_assert_true (g_str_has_prefix (error->message, message));
  g_clear_error (&error);

  json_object_set_member (rex, "age", cell);
  g_assert_false (tst_store_set_json_node (world.store, root, &error));
  g_assert_error (error, TST_ERROR, (int) code);
  g_assert_true (g_str_has_prefix (error->message, there));
  assert_text (tst_store_get_json (world.store), CONTENT);
  g_assert_cmpuint (world.n_changed, ==, 0);
  g_assert_nonnull (strstr (world.refused->str, "value open"));
  g_assert_nonnull (strstr (world.refused->str, "cell - - -"));

  world_clear (&world);
}

static JsonNode *
new_double (double number)
{
  return json_node_init_double (json_node_alloc (), number);
}

static JsonNode *
new_string (const char *string)
{
  return json_node_init_string (json_node_alloc (), string);
}

/* An array around @node, which is taken over */
static JsonNode *
wrap (JsonNode *node)
{
  JsonArray *array = json_array_new ();
  JsonNode *wrapped = json_node_new (JSON_NODE_ARRAY);

  json_array_add_element (array, node);
  json_node_take_array (wrapped, array);

  return wrapped;
}

static void
test_store_json_node_no_text (void)
{
  g_test_summary ("What no text can say is refused, in an array too");

  for (guint i = 0; i < 2; i++)
    {
#define NODE(node) (i == 0 ? (node) : wrap (node))
      refuse_cell (NODE (new_double (NAN)), TST_ERROR_PARSE, "A number is not finite");
      refuse_cell (NODE (new_double (INFINITY)), TST_ERROR_PARSE, "A number is not finite");
      refuse_cell (NODE (new_double (-INFINITY)), TST_ERROR_PARSE, "A number is not finite");
      refuse_cell (NODE (new_string ("a\300\200")), TST_ERROR_PARSE, "Not valid UTF-8");
      refuse_cell (NODE (new_string ("\355\240\200")), TST_ERROR_PARSE, "Not valid UTF-8");
      refuse_cell (NODE (new_string (NULL)), TST_ERROR_PARSE, "A node holds nothing");
      refuse_cell (NODE (json_node_new (JSON_NODE_VALUE)), TST_ERROR_PARSE, "A node holds nothing");
      refuse_cell (NODE (json_node_new (JSON_NODE_OBJECT)), TST_ERROR_PARSE, "A node holds nothing");
      refuse_cell (NODE (json_node_new (JSON_NODE_ARRAY)), TST_ERROR_PARSE, "A node holds nothing");
#undef NODE
    }
}

static void
test_store_json_node_unset (void)
{
  g_test_summary ("A node that was never filled is refused at every door");

  for (Door door = 0; door < N_DOORS; door++)
    for (JsonNodeType type = JSON_NODE_OBJECT; type <= JSON_NODE_VALUE; type++)
      {
        g_autoptr(JsonNode) node = json_node_new (type);
        World world;

        world_init (&world);
        g_assert_false (set_by_node (world.store, door, node, NULL));
        g_assert_cmpuint (world.refused->len, >, 0);
        assert_text (tst_store_get_json (world.store), CONTENT);
        world_clear (&world);
      }
}

/* What is wrong with the node of @text, and where; at the door of content, or of changes */
static void
assert_where (Door        door,
              const char *text,
              const char *message)
{
  g_autoptr(TstStore) store = tst_store_new ();
  g_autoptr(JsonNode) node = parse (text);
  g_autoptr(GError) error = NULL;

  g_assert_false (set_by_node (store, door, node, &error));
  g_assert_cmpstr (error->message, ==, message);
}

static void
test_store_json_node_where (void)
{
  g_test_summary ("The error says where, as a JSON pointer");

  assert_where (DOOR_CONTENT, "[{\"pets\":{\"rex\":{}}}]", "A row is empty: /0/pets/rex");
  assert_where (DOOR_CONTENT, "{\"pets\":{\"rex\":{}}}", "A row is empty: /pets/rex");
  assert_where (DOOR_CONTENT, "{\"a\":{\"b\":{\"c\":1}},\"pets\":{}}", "A table is empty: /pets");
  assert_where (DOOR_CONTENT, "[{},[]]", "Expected an object with values: /1");
  assert_where (DOOR_CONTENT, "[{},{\"v\":\"" MARK "[1e999]\"}]", "A number is too large: /1/v");
  assert_where (DOOR_CONTENT, "{\"a/b~c\":{\"\":{}}}", "A row is empty: /a~1b~0c/");
  assert_where (DOOR_CONTENT, "1", "Expected an array of tables and values");
  assert_where (DOOR_CHANGES, "[{\"pets\":{\"rex\":1}},{},1]", "Expected an object with cells: /0/pets/rex");
  assert_where (DOOR_CHANGES, "[{\"pets\":1},{},1]", "Expected an object with rows: /0/pets");
  assert_where (DOOR_CHANGES, "[{},1]", "Expected an object with values: /1");
  assert_where (DOOR_CHANGES, "[{},{}]", "Expected the number 1 that marks changes");
}

static void
test_store_json_node_where_inside (void)
{
  g_autoptr(TstStore) store = tst_store_new ();
  g_autoptr(JsonNode) node = parse ("{\"a\":{\"items\":[0,1,{\"x\":2}]}}");
  JsonObject *a = json_object_get_object_member (json_node_get_object (node), "a");
  JsonObject *last = json_array_get_object_element (json_object_get_array_member (a, "items"), 2);
  g_autoptr(GError) error = NULL;

  g_test_summary ("Inside of a cell, the error says where as well");

  json_object_set_double_member (last, "x", NAN);
  g_assert_false (tst_store_set_row_json_node (store, "t", "r", node, &error));
  g_assert_cmpstr (error->message, ==, "A number is not finite: /a/items/2/x");
}

/* A name that is not valid, wherever there is one */
static void
test_store_json_node_names (void)
{
  const char *texts[] = { "{\"BAD\":{\"r\":{\"c\":1}}}", "{\"t\":{\"BAD\":{\"c\":1}}}",
                          "{\"t\":{\"r\":{\"BAD\":1}}}", "{\"t\":{\"r\":{\"c\":{\"BAD\":1}}}}" };

  g_test_summary ("A name that is not valid UTF-8 is refused, and shown as well as it can be");

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(TstStore) store = tst_store_new ();
      g_autoptr(JsonNode) node = parse (texts[i]);
      g_autoptr(JsonNode) member = NULL;
      g_autoptr(GError) error = NULL;
      JsonObject *object = json_node_get_object (node);

      while (!json_object_has_member (object, "BAD"))
        {
          g_autoptr(GList) members = json_object_get_values (object);

          object = json_node_get_object (members->data);
        }
      member = json_object_dup_member (object, "BAD");
      json_object_remove_member (object, "BAD");
      json_object_set_member (object, "B\377D", g_steal_pointer (&member));

      g_assert_false (tst_store_set_json_node (store, node, &error));
      g_assert_error (error, TST_ERROR, TST_ERROR_PARSE);
      g_assert_true (g_str_has_prefix (error->message, "Not valid UTF-8: /"));
      g_assert_true (g_str_has_suffix (error->message, "/B\357\277\275D"));
    }
}

static void
test_store_json_node_nul (void)
{
  g_autoptr(TstStore) store = tst_store_new ();
  g_autoptr(JsonNode) node = parse ("\"a\\u0000b\"");

  g_test_summary ("What JSON-GLib cut off at U+0000 is not there");

  g_assert_true (tst_store_set_value_json_node (store, "v", node, NULL));
  assert_text (tst_store_get_value_json (store, "v"), "\"a\"");
}

/* --- Trees that are none, or too high --- */

/* Arrays in arrays, and all of them in @arrays, from the innermost: to be taken
 * apart from the other end, as freeing the outermost would go as deep. */
static JsonNode *
nest (guint      depth,
      GPtrArray *arrays)
{
  JsonNode *node = new_string ("deep");

  for (guint i = 0; i < depth; i++)
    {
      node = wrap (node);
      g_ptr_array_add (arrays, json_array_ref (json_node_get_array (node)));
    }

  return node;
}

static void
take_apart (GPtrArray *arrays)
{
  while (arrays->len > 0)
    {
      JsonArray *array = g_ptr_array_steal_index (arrays, arrays->len - 1);

      json_array_remove_element (array, 0);
      json_array_unref (array);
    }
}

static void
assert_depth (guint    depth,
              gboolean accepted)
{
  g_autoptr(GPtrArray) arrays = g_ptr_array_new ();
  g_autoptr(JsonNode) node = nest (depth, arrays);
  g_autoptr(GError) error = NULL;
  World world;

  for (Door door = 0; door < N_DOORS; door++)
    {
      world_init (&world);
      g_assert_cmpint (set_by_node (world.store, door, node, &error), ==,
                       accepted && (door == DOOR_CELL || door == DOOR_VALUE));
      if (!accepted && (door == DOOR_CELL || door == DOOR_VALUE))
        g_assert_error (error, TST_ERROR, TST_ERROR_LIMIT);
      g_clear_error (&error);
      world_clear (&world);
    }

  take_apart (arrays);
}

static void
test_store_json_node_deep (void)
{
  g_test_summary ("Objects and arrays are nested as deep as in a text, and no deeper");

  assert_depth (MAX_DEPTH, TRUE);
  assert_depth (MAX_DEPTH + 1, FALSE);
  assert_depth (100000, FALSE);
}

static void
test_store_json_node_cycle (void)
{
  g_autoptr(TstStore) store = tst_store_new ();
  g_autoptr(JsonNode) node = json_node_init_object (json_node_alloc (), json_object_new ());
  JsonObject *object = json_node_get_object (node);
  g_autoptr(GError) error = NULL;

  g_test_summary ("An object that has itself as a member is refused");

  json_object_unref (object);
  json_object_set_object_member (object, "self", json_object_ref (object));
  g_assert_false (tst_store_set_value_json_node (store, "v", node, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_LIMIT);
  g_clear_error (&error);
  g_assert_false (tst_store_set_json_node (store, node, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_LIMIT);
  json_object_remove_member (object, "self");
}

/* Twice in an array, what is twice in an array, and so on */
static JsonNode *
double_up (JsonNode *node,
           guint     levels)
{
  for (guint i = 0; i < levels; i++)
    {
      JsonNode *again = json_node_ref (node);

      node = wrap (node);
      json_array_add_element (json_node_get_array (node), again);
    }

  return node;
}

static void
test_store_json_node_shared (void)
{
  g_autofree char *string = g_strnfill (1 << 20, 'x');
  g_autoptr(JsonNode) few = double_up (new_string ("x"), 3);
  g_autoptr(JsonNode) many = double_up (new_string (string), MAX_DEPTH);
  g_autoptr(TstStore) store = tst_store_new ();
  g_autoptr(GError) error = NULL;

  g_test_summary ("What is there again and again is written each time, up to the longest text");

  g_assert_true (tst_store_set_value_json_node (store, "v", few, NULL));
  assert_text (tst_store_get_value_json (store, "v"),
               "[[[\"x\",\"x\"],[\"x\",\"x\"]],[[\"x\",\"x\"],[\"x\",\"x\"]]]");

  /* A gigabyte is written until it is known to be too much. */
  if (test_is_slow ())
    return;

  g_assert_false (tst_store_set_value_json_node (store, "v", many, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_LIMIT);
}

static void
test_store_json_node_long (void)
{
  /* Two gigabytes, which not every machine has to spare */
  const gboolean is_long = g_getenv ("TST_TEST_SOAK") != NULL && !test_is_slow ();
  g_autofree char *string = g_strnfill (is_long ? (gsize) 1 << 30 : 1 << 20, 'x');
  g_autoptr(JsonNode) node = new_string (string);
  g_autoptr(TstStore) store = tst_store_new ();
  g_autoptr(GError) error = NULL;

  g_test_summary ("A string is as long as it can be in a text, and no longer");

  g_assert_cmpint (tst_store_set_value_json_node (store, "v", node, &error), ==, !is_long);
  if (is_long)
    g_assert_error (error, TST_ERROR, TST_ERROR_LIMIT);
}

/* --- Whoever listens --- */

static void
empty_object_cb (TstStore   *store,
                 const char *table_id,
                 const char *row_id,
                 const char *cell_id,
                 gpointer    user_data)
{
  JsonObject *object = user_data;
  g_autoptr(GList) names = json_object_get_members (object);

  for (GList *l = names; l != NULL; l = l->next)
    json_object_remove_member (object, l->data);
}

static void
test_store_json_node_listener (void)
{
  g_autoptr(JsonNode) node = parse ("{\"a\":1,\"b\":\"a string that does not fit in a cell\",\"c\":[1,2]}");
  JsonObject *object = json_node_get_object (node);
  TstStore *store = tst_store_new ();

  g_test_summary ("A listener may do to the node what it likes, and so may who has one");

  g_signal_connect (store, "cell-changed", G_CALLBACK (empty_object_cb), object);
  g_assert_true (tst_store_set_row_json_node (store, "t", "r", node, NULL));
  g_assert_cmpuint (json_object_get_size (object), ==, 0);
  assert_text (tst_store_get_row_json (store, "t", "r"),
               "{\"a\":1,\"b\":\"a string that does not fit in a cell\",\"c\":\"" MARK "[1,2]\"}");

  json_node_unref (node);
  node = tst_store_get_row_json_node (store, "t", "r");
  json_object_remove_member (json_node_get_object (node), "a");
  g_assert_true (tst_store_has_cell (store, "t", "r", "a"));
  g_assert_finalize_object (store);
}

/* --- At random --- */

static const char *strings[] = {
  "", "a", "b", "x y", "\"quoted\\\"", "\n\t\001", "é😀", MARK, REMOVED, MARK "{}", MARK "[1]", MARK "\"x\"",
  REMOVED "x", "a string that does not fit in a cell", "1", "__proto__",
};

static const double numbers[] = {
  0, -0.0, 1, -1, 3, 0.1, 1e21, 1e-7, 123456789, 9007199254740991, 9007199254740992, 1e300, 5e-324,
};

static JsonNode *
random_value (GRand *rand,
              guint  depth)
{
  int kind = g_rand_int_range (rand, 0, depth > 3 ? 5 : 7);
  JsonNode *node = json_node_alloc ();
  int n = g_rand_int_range (rand, 0, 4);

  if (kind == 0)
    return json_node_init_null (node);
  if (kind == 1)
    return json_node_init_boolean (node, g_rand_boolean (rand));
  if (kind == 2)
    return json_node_init_double (node, numbers[g_rand_int_range (rand, 0, G_N_ELEMENTS (numbers))]);
  if (kind == 3)
    return json_node_init_int (node, (gint64) ((guint64) g_rand_int (rand) << 32 | g_rand_int (rand)));
  if (kind == 4)
    return json_node_init_string (node, strings[g_rand_int_range (rand, 0, G_N_ELEMENTS (strings))]);

  json_node_init (node, kind == 5 ? JSON_NODE_ARRAY : JSON_NODE_OBJECT);
  if (kind == 5)
    json_node_take_array (node, json_array_new ());
  else
    json_node_take_object (node, json_object_new ());

  for (int i = 0; i < n; i++)
    if (kind == 5)
      json_array_add_element (json_node_get_array (node), random_value (rand, depth + 1));
    else
      json_object_set_member (json_node_get_object (node),
                              strings[g_rand_int_range (rand, 0, G_N_ELEMENTS (strings))],
                              random_value (rand, depth + 1));

  return node;
}

/* An object of objects, @levels of them, of which none is empty */
static JsonObject *
random_object (GRand *rand,
               guint  levels)
{
  JsonObject *object = json_object_new ();
  int n = g_rand_int_range (rand, 1, 6);

  for (int i = 0; i < n; i++)
    {
      const char *name = strings[g_rand_int_range (rand, 0, G_N_ELEMENTS (strings))];

      if (levels > 1)
        json_object_set_object_member (object, name, random_object (rand, levels - 1));
      else
        json_object_set_member (object, name, random_value (rand, 0));
    }

  return object;
}

static void
test_store_json_node_random (void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed (test_seed ());
  guint n = test_scale (2000);

  g_test_summary ("Random content is the same by node and by text, however often it goes out and in");

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(TstStore) first = tst_store_new ();
      g_autoptr(TstStore) second = tst_store_new ();
      g_autoptr(TstStore) third = tst_store_new ();
      JsonArray *array = json_array_new ();
      g_autoptr(JsonNode) node = json_node_init_array (json_node_alloc (), array);
      g_autoptr(JsonNode) out = NULL;
      g_autoptr(JsonNode) again = NULL;
      g_autofree char *text = NULL;
      g_autoptr(GError) error = NULL;

      json_array_unref (array);
      json_array_add_object_element (array, random_object (rand, 3));
      json_array_add_object_element (array, random_object (rand, 1));

      tst_store_set_json_node (first, node, &error);
      g_assert_no_error (error);
      text = tst_store_get_json (first);
      tst_store_set_json (second, text, &error);
      g_assert_no_error (error);

      out = tst_store_get_json_node (second);
      tst_store_set_json_node (third, out, &error);
      g_assert_no_error (error);
      assert_text (tst_store_get_json (third), text);
      again = tst_store_get_json_node (third);
      g_assert_true (json_node_equal (again, out));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/store-json-node/alike", test_store_json_node_alike);
  g_test_add_func ("/store-json-node/alike/empty", test_store_json_node_empty);
  g_test_add_func ("/store-json-node/content", test_store_json_node_content);
  g_test_add_func ("/store-json-node/parts", test_store_json_node_parts);
  g_test_add_func ("/store-json-node/changes", test_store_json_node_changes);
  g_test_add_func ("/store-json-node/changes/mark", test_store_json_node_mark);
  g_test_add_func ("/store-json-node/numbers", test_store_json_node_numbers);
  g_test_add_func ("/store-json-node/numbers/large", test_store_json_node_large);
  g_test_add_func ("/store-json-node/strings/marked", test_store_json_node_marked);
  g_test_add_func ("/store-json-node/objects/twice", test_store_json_node_twice);
  g_test_add_func ("/store-json-node/refused/no-text", test_store_json_node_no_text);
  g_test_add_func ("/store-json-node/refused/unset", test_store_json_node_unset);
  g_test_add_func ("/store-json-node/refused/where", test_store_json_node_where);
  g_test_add_func ("/store-json-node/refused/where/inside", test_store_json_node_where_inside);
  g_test_add_func ("/store-json-node/refused/names", test_store_json_node_names);
  g_test_add_func ("/store-json-node/refused/nul", test_store_json_node_nul);
  g_test_add_func ("/store-json-node/refused/deep", test_store_json_node_deep);
  g_test_add_func ("/store-json-node/refused/cycle", test_store_json_node_cycle);
  g_test_add_func ("/store-json-node/refused/shared", test_store_json_node_shared);
  g_test_add_func ("/store-json-node/refused/long", test_store_json_node_long);
  g_test_add_func ("/store-json-node/listener", test_store_json_node_listener);
  g_test_add_func ("/store-json-node/random", test_store_json_node_random);

  return g_test_run ();
}
