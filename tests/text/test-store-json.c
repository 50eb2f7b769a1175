/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The JSON twins of what a store can do. */

#include <libtstore/tstore.h>

#include <json-glib/json-glib.h>
#include <string.h>

#define MARK    "\357\277\275"
#define REMOVED "\357\277\274"

typedef struct
{
  TstStore *store;

  /* What was heard, each with a semicolon */
  GString  *refused;
  guint     n_changed;
} Fixture;

static void
invalid_cell_cb (TstStore     *store,
                 const char   *table_id,
                 const char   *row_id,
                 const char   *cell_id,
                 const GError *error,
                 gpointer      user_data)
{
  Fixture *fixture = user_data;

  g_assert_nonnull (error);
  g_assert_true (error->domain == TST_ERROR);
  g_string_append_printf (fixture->refused, "cell %s %s %s;",
                          table_id ? table_id : "-", row_id ? row_id : "-", cell_id ? cell_id : "-");
}

static void
invalid_value_cb (TstStore     *store,
                  const char   *value_id,
                  const GError *error,
                  gpointer      user_data)
{
  Fixture *fixture = user_data;

  g_assert_nonnull (error);
  g_string_append_printf (fixture->refused, "value %s;", value_id ? value_id : "-");
}

static void
changed_cb (TstStore   *store,
            TstChanges *changes,
            gpointer    user_data)
{
  Fixture *fixture = user_data;

  fixture->n_changed++;
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  user_data)
{
  fixture->store = tst_store_new ();
  fixture->refused = g_string_new (NULL);
  g_signal_connect (fixture->store, "invalid-cell", G_CALLBACK (invalid_cell_cb), fixture);
  g_signal_connect (fixture->store, "invalid-value", G_CALLBACK (invalid_value_cb), fixture);
  g_signal_connect (fixture->store, "changed", G_CALLBACK (changed_cb), fixture);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  user_data)
{
  g_assert_finalize_object (fixture->store);
  g_string_free (fixture->refused, TRUE);
}

/* Frees @actual. */
static void
assert_text (char       *actual,
             const char *expected)
{
  g_assert_cmpstr (actual, ==, expected);
  g_free (actual);
}

static void
set_json (Fixture    *fixture,
          const char *json)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (tst_store_set_json (fixture->store, json, &error));
  g_assert_no_error (error);
  fixture->n_changed = 0;
}

/* That of the fixture in most tests */
#define CONTENT \
  "[{\"pets\":{\"rex\":{\"name\":\"Rex\",\"age\":3},\"tom\":{\"name\":\"Tom\"}},\"owners\":{\"1\":{\"name\":\"Ann\"}}}," \
  "{\"open\":true}]"

/* The call that was made was refused, and nothing changed. Takes over @error. */
static void
assert_refused (Fixture    *fixture,
                gboolean    done,
                GError     *error,
                TstError    code,
                const char *refused)
{
  g_assert_false (done);
  g_assert_error (error, TST_ERROR, (int) code);
  g_error_free (error);

  g_assert_cmpstr (fixture->refused->str, ==, refused);
  g_string_truncate (fixture->refused, 0);

  g_assert_cmpuint (fixture->n_changed, ==, 0);
  assert_text (tst_store_get_json (fixture->store), CONTENT);
}

static void
test_store_json_content (Fixture       *fixture,
                         gconstpointer  user_data)
{
  g_test_summary ("The whole content goes out and in");

  assert_text (tst_store_get_json (fixture->store), "[{},{}]");
  set_json (fixture, CONTENT);
  assert_text (tst_store_get_json (fixture->store), CONTENT);
  g_assert_cmpfloat (tst_store_get_cell_number (fixture->store, "pets", "rex", "age"), ==, 3);

  g_assert_true (tst_store_set_json (fixture->store, "[{\"t\":{\"r\":{\"c\":null}}},{\"v\":0}]", NULL));
  g_assert_cmpuint (fixture->n_changed, ==, 1);
  assert_text (tst_store_get_json (fixture->store), "[{\"t\":{\"r\":{\"c\":null}}},{\"v\":0}]");
}

static void
test_store_json_content_same (Fixture       *fixture,
                              gconstpointer  user_data)
{
  g_test_summary ("The same content changes nothing");

  set_json (fixture, CONTENT);
  g_assert_true (tst_store_set_json (fixture->store, CONTENT, NULL));
  g_assert_cmpuint (fixture->n_changed, ==, 0);
}

static void
test_store_json_content_halves (Fixture       *fixture,
                                gconstpointer  user_data)
{
  g_test_summary ("An empty half is emptied, and one that is not there is left alone");

  set_json (fixture, CONTENT);
  set_json (fixture, "[{},{\"open\":false}]");
  assert_text (tst_store_get_json (fixture->store), "[{},{\"open\":false}]");

  set_json (fixture, "{\"t\":{\"r\":{\"c\":1}}}");
  assert_text (tst_store_get_json (fixture->store), "[{\"t\":{\"r\":{\"c\":1}}},{\"open\":false}]");

  set_json (fixture, "[{\"t\":{\"r\":{\"c\":2}}},{}]");
  assert_text (tst_store_get_json (fixture->store), "[{\"t\":{\"r\":{\"c\":2}}},{}]");

  set_json (fixture, "[{},{\"v\":1}]");
  set_json (fixture, "[{\"t\":{\"r\":{\"c\":2}}}]");
  set_json (fixture, "{}");
  assert_text (tst_store_get_json (fixture->store), "[{},{\"v\":1}]");
}

static void
test_store_json_content_refused (Fixture       *fixture,
                                 gconstpointer  user_data)
{
  static const struct { const char *json; TstError code; } texts[] = {
    { "", TST_ERROR_PARSE },
    { "[{\"pets\":{\"new\":{\"a\":1}}},{\"open\":x}]", TST_ERROR_PARSE },
    { "[{\"pets\":{\"new\":{}}},{}]", TST_ERROR_FORMAT },
    { "[{\"pets\":{\"new\":{\"a\":1}}},{}] ]", TST_ERROR_PARSE },
    { "[{\"pets\":{\"new\":{\"a\":\"\377\"}}},{}]", TST_ERROR_PARSE },
    { "null", TST_ERROR_FORMAT },
  };

  g_test_summary ("A text that is partly wrong changes nothing");
  set_json (fixture, CONTENT);

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      GError *error = NULL;
      gboolean done = tst_store_set_json (fixture->store, texts[i].json, &error);

      assert_refused (fixture, done, error, texts[i].code, "cell - - -;");
    }

  g_assert_false (tst_store_set_json (fixture->store, "x", NULL));
}

static void
test_store_json_tables (Fixture       *fixture,
                        gconstpointer  user_data)
{
  GError *error = NULL;
  gboolean done;

  g_test_summary ("All tables, and what is refused");

  assert_text (tst_store_get_tables_json (fixture->store), "{}");
  set_json (fixture, CONTENT);

  done = tst_store_set_tables_json (fixture->store, " {} ", &error);
  assert_refused (fixture, done, g_steal_pointer (&error), TST_ERROR_EMPTY, "cell - - -;");
  done = tst_store_set_tables_json (fixture->store, "[]", &error);
  assert_refused (fixture, done, g_steal_pointer (&error), TST_ERROR_FORMAT, "cell - - -;");
  done = tst_store_set_tables_json (fixture->store, " ", &error);
  assert_refused (fixture, done, g_steal_pointer (&error), TST_ERROR_PARSE, "cell - - -;");
  done = tst_store_set_tables_json (fixture->store, "{\"a\":{\"b\":{\"c\":1}}} {}", &error);
  assert_refused (fixture, done, g_steal_pointer (&error), TST_ERROR_PARSE, "cell - - -;");

  g_assert_true (tst_store_set_tables_json (fixture->store, "{\"a\":{\"b\":{\"c\":1}}}", &error));
  g_assert_no_error (error);
  assert_text (tst_store_get_tables_json (fixture->store), "{\"a\":{\"b\":{\"c\":1}}}");
  assert_text (tst_store_get_values_json (fixture->store), "{\"open\":true}");
}

static void
test_store_json_table (Fixture       *fixture,
                       gconstpointer  user_data)
{
  GError *error = NULL;
  gboolean done;

  g_test_summary ("One table, and what is refused");

  set_json (fixture, CONTENT);
  assert_text (tst_store_get_table_json (fixture->store, "owners"), "{\"1\":{\"name\":\"Ann\"}}");
  assert_text (tst_store_get_table_json (fixture->store, "none"), "{}");

  done = tst_store_set_table_json (fixture->store, "pets", "{}", &error);
  assert_refused (fixture, done, g_steal_pointer (&error), TST_ERROR_EMPTY, "cell pets - -;");
  done = tst_store_set_table_json (fixture->store, "pets", "{\"a\":{}}", &error);
  assert_refused (fixture, done, g_steal_pointer (&error), TST_ERROR_FORMAT, "cell pets - -;");
  done = tst_store_set_table_json (fixture->store, "pets", "", &error);
  assert_refused (fixture, done, g_steal_pointer (&error), TST_ERROR_PARSE, "cell pets - -;");
  done = tst_store_set_table_json (fixture->store, "pets", "{\"a\":{\"b\":1}} 1", &error);
  assert_refused (fixture, done, g_steal_pointer (&error), TST_ERROR_PARSE, "cell pets - -;");
  done = tst_store_set_table_json (fixture->store, "pets", "{\"a\":{\"b\":1}", &error);
  assert_refused (fixture, done, g_steal_pointer (&error), TST_ERROR_PARSE, "cell pets - -;");
  done = tst_store_set_table_json (fixture->store, "\377", "{\"a\":{\"b\":1}}", &error);
  assert_refused (fixture, done, g_steal_pointer (&error), TST_ERROR_INVALID_ID, "cell " MARK " - -;");

  g_assert_true (tst_store_set_table_json (fixture->store, "pets", "{\"tom\":{\"age\":2},\"bob\":{\"age\":1}}", &error));
  g_assert_no_error (error);
  g_assert_cmpuint (fixture->n_changed, ==, 1);
  assert_text (tst_store_get_table_json (fixture->store, "pets"), "{\"tom\":{\"age\":2},\"bob\":{\"age\":1}}");

  g_assert_true (tst_store_set_table_json (fixture->store, "new", "{\"a\":{\"b\":1}}", &error));
  assert_text (tst_store_get_table_json (fixture->store, "new"), "{\"a\":{\"b\":1}}");
  assert_text (tst_store_get_table_json (fixture->store, "owners"), "{\"1\":{\"name\":\"Ann\"}}");
}

static void
test_store_json_row (Fixture       *fixture,
                     gconstpointer  user_data)
{
  g_autoptr(GError) error = NULL;
  TstStore *store = fixture->store;

  g_test_summary ("One row, whole or in part");

  set_json (fixture, CONTENT);
  assert_text (tst_store_get_row_json (store, "pets", "rex"), "{\"name\":\"Rex\",\"age\":3}");
  assert_text (tst_store_get_row_json (store, "pets", "none"), "{}");
  assert_text (tst_store_get_row_json (store, "none", "rex"), "{}");

  g_assert_true (tst_store_set_row_json (store, "pets", "rex", "{\"age\":4,\"tags\":[1, \"a\"],\"x\":null}", &error));
  g_assert_no_error (error);
  g_assert_cmpuint (fixture->n_changed, ==, 1);
  assert_text (tst_store_get_row_json (store, "pets", "rex"), "{\"age\":4,\"tags\":\"" MARK "[1,\\\"a\\\"]\",\"x\":null}");

  g_assert_true (tst_store_set_partial_row_json (store, "pets", "rex", "{\"x\":\"\\u00e9\",\"\\n\":true}", &error));
  g_assert_no_error (error);
  assert_text (tst_store_get_row_json (store, "pets", "rex"),
               "{\"age\":4,\"tags\":\"" MARK "[1,\\\"a\\\"]\",\"x\":\"\xc3\xa9\",\"\\n\":true}");

  g_assert_true (tst_store_set_partial_row_json (store, "pets", "rex", "{}", &error));
  g_assert_cmpuint (fixture->n_changed, ==, 2);
  g_assert_true (tst_store_set_row_json (store, "new", "row", "{\"a\":1}", &error));
  assert_text (tst_store_get_row_json (store, "new", "row"), "{\"a\":1}");
}

static void
test_store_json_row_refused (Fixture       *fixture,
                             gconstpointer  user_data)
{
  static const struct { const char *json; TstError code; } texts[] = {
    { "", TST_ERROR_PARSE },
    { "{\"age\":4,\"name\":nope}", TST_ERROR_PARSE },
    { "{\"age\":4,name:5}", TST_ERROR_PARSE },
    { "{\"age\":4,\"age\":5}", TST_ERROR_FORMAT },
    { "{\"\\n\":4,\"\\u000a\":5}", TST_ERROR_FORMAT },
    { "{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1,\"h\":1,\"i\":1,\"j\":1,\"k\":1,\"l\":1,"
      "\"m\":1,\"n\":1,\"o\":1,\"p\":\"a longer string here\",\"q\":1,\"r\":1,\"d\":1}", TST_ERROR_FORMAT },
    { "{\"age\":\"a longer string here\"", TST_ERROR_PARSE },
    { "{\"age\":4} {}", TST_ERROR_PARSE },
    { "[{\"age\":4}]", TST_ERROR_FORMAT },
    { "4", TST_ERROR_FORMAT },
    { "{\"age\":1e999}", TST_ERROR_PARSE },
  };
  GError *error = NULL;
  gboolean done;
  char *id;

  g_test_summary ("A row that is partly wrong changes nothing");
  set_json (fixture, CONTENT);

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      done = tst_store_set_row_json (fixture->store, "pets", "rex", texts[i].json, &error);
      assert_refused (fixture, done, g_steal_pointer (&error), texts[i].code, "cell pets rex -;");
      done = tst_store_set_partial_row_json (fixture->store, "pets", "rex", texts[i].json, &error);
      assert_refused (fixture, done, g_steal_pointer (&error), texts[i].code, "cell pets rex -;");
      id = tst_store_add_row_json (fixture->store, "pets", texts[i].json, TST_ADD_ROW_DEFAULT, &error);
      assert_refused (fixture, id != NULL, g_steal_pointer (&error), texts[i].code, "cell pets - -;");
    }

  done = tst_store_set_row_json (fixture->store, "pets", "rex", "{}", &error);
  assert_refused (fixture, done, g_steal_pointer (&error), TST_ERROR_EMPTY, "cell pets rex -;");
  id = tst_store_add_row_json (fixture->store, "pets", "{}", TST_ADD_ROW_DEFAULT, &error);
  assert_refused (fixture, id != NULL, g_steal_pointer (&error), TST_ERROR_EMPTY, "cell pets - -;");
  done = tst_store_set_row_json (fixture->store, "pets", "\377", "{\"a\":\"a longer string here\"}", &error);
  assert_refused (fixture, done, g_steal_pointer (&error), TST_ERROR_INVALID_ID, "cell pets " MARK " -;");
}

static void
test_store_json_row_wide (Fixture       *fixture,
                          gconstpointer  user_data)
{
  g_autoptr(GString) json = g_string_new ("{");
  g_autoptr(GError) error = NULL;

  g_test_summary ("A row of many cells, with names that are escaped");

  for (guint i = 0; i < 2000; i++)
    g_string_append_printf (json, "%s\"\\t%u\":\"value number %u\"", i > 0 ? "," : "", i, i);
  g_string_append_c (json, '}');

  g_assert_true (tst_store_set_row_json (fixture->store, "t", "r", json->str, &error));
  g_assert_no_error (error);
  assert_text (tst_store_get_row_json (fixture->store, "t", "r"), json->str);
}

static void
test_store_json_add_row (Fixture       *fixture,
                         gconstpointer  user_data)
{
  g_autoptr(GError) error = NULL;

  g_test_summary ("Rows are added under ids of their own");

  assert_text (tst_store_add_row_json (fixture->store, "t", "{\"a\":1}", TST_ADD_ROW_DEFAULT, &error), "0");
  assert_text (tst_store_add_row_json (fixture->store, "t", "{\"a\":2}", TST_ADD_ROW_DEFAULT, &error), "1");
  g_assert_no_error (error);
  assert_text (tst_store_get_table_json (fixture->store, "t"), "{\"0\":{\"a\":1},\"1\":{\"a\":2}}");
}

static void
test_store_json_cell (Fixture       *fixture,
                      gconstpointer  user_data)
{
  static const struct { const char *in; const char *out; TstCellType type; } cells[] = {
    { " 1.50 ", "1.5", TST_CELL_TYPE_NUMBER },
    { "\"a\\u0062\"", "\"ab\"", TST_CELL_TYPE_STRING },
    { "true", "true", TST_CELL_TYPE_BOOLEAN },
    { "null", "null", TST_CELL_TYPE_NULL },
    { "{\"a\" : [1.0]}", "{\"a\":[1]}", TST_CELL_TYPE_OBJECT },
    { "[ ]", "[]", TST_CELL_TYPE_ARRAY },
    { "\"\\ufffd{}\"", "{}", TST_CELL_TYPE_OBJECT },
    { "\"" REMOVED "\"", "\"" MARK "\\\"" REMOVED "\\\"\"", TST_CELL_TYPE_STRING },
  };
  g_autoptr(GError) error = NULL;
  TstStore *store = fixture->store;

  g_test_summary ("Each kind of cell and value goes in and out");

  g_assert_null (tst_store_get_cell_json (store, "t", "r", "c"));
  g_assert_null (tst_store_get_value_json (store, "v"));

  for (gsize i = 0; i < G_N_ELEMENTS (cells); i++)
    {
      g_assert_true (tst_store_set_cell_json (store, "t", "r", "c", cells[i].in, &error));
      g_assert_no_error (error);
      g_assert_true (tst_store_set_value_json (store, "v", cells[i].in, &error));
      g_assert_no_error (error);

      g_assert_cmpint (tst_store_get_cell_type (store, "t", "r", "c"), ==, cells[i].type);
      g_assert_cmpint (tst_store_get_value_type (store, "v"), ==, cells[i].type);
      assert_text (tst_store_get_cell_json (store, "t", "r", "c"), cells[i].out);
      assert_text (tst_store_get_value_json (store, "v"), cells[i].out);

      /* and what came out goes in again */
      fixture->n_changed = 0;
      g_assert_true (tst_store_set_cell_json (store, "t", "r", "c", cells[i].out, &error));
      g_assert_true (tst_store_set_value_json (store, "v", cells[i].out, &error));
      g_assert_cmpuint (fixture->n_changed, ==, 0);
    }
}

static void
test_store_json_cell_refused (Fixture       *fixture,
                              gconstpointer  user_data)
{
  static const char *texts[] = { "", " ", "x", "1 2", "[1", "\"a longer string here\" x", "[1] ]", "\"\\u0000\"" };
  GError *error = NULL;
  gboolean done;

  g_test_summary ("A cell or value that is wrong changes nothing");
  set_json (fixture, CONTENT);

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      done = tst_store_set_cell_json (fixture->store, "pets", "rex", "age", texts[i], &error);
      assert_refused (fixture, done, g_steal_pointer (&error), TST_ERROR_PARSE, "cell pets rex age;");
      done = tst_store_set_value_json (fixture->store, "open", texts[i], &error);
      assert_refused (fixture, done, g_steal_pointer (&error), TST_ERROR_PARSE, "value open;");
    }

  done = tst_store_set_cell_json (fixture->store, "pets", "rex", "\377", "\"a longer string here\"", &error);
  assert_refused (fixture, done, g_steal_pointer (&error), TST_ERROR_INVALID_ID, "cell pets rex " MARK ";");
  done = tst_store_set_value_json (fixture->store, "\377", "\"a longer string here\"", &error);
  assert_refused (fixture, done, g_steal_pointer (&error), TST_ERROR_INVALID_ID, "value " MARK ";");
}

static void
test_store_json_values (Fixture       *fixture,
                        gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  GError *error = NULL;
  gboolean done;

  g_test_summary ("All values, whole or in part, and what is refused");

  assert_text (tst_store_get_values_json (store), "{}");
  set_json (fixture, CONTENT);

  done = tst_store_set_values_json (store, "{}", &error);
  assert_refused (fixture, done, g_steal_pointer (&error), TST_ERROR_EMPTY, "value -;");
  done = tst_store_set_values_json (store, "{\"open\":1,\"open\":2}", &error);
  assert_refused (fixture, done, g_steal_pointer (&error), TST_ERROR_FORMAT, "value -;");
  done = tst_store_set_partial_values_json (store, "{\"open\":1", &error);
  assert_refused (fixture, done, g_steal_pointer (&error), TST_ERROR_PARSE, "value -;");

  g_assert_true (tst_store_set_partial_values_json (store, "{\"b\":[],\"a\":1}", &error));
  g_assert_no_error (error);
  assert_text (tst_store_get_values_json (store), "{\"open\":true,\"b\":\"" MARK "[]\",\"a\":1}");
  g_assert_true (tst_store_set_partial_values_json (store, "{}", &error));
  g_assert_cmpuint (fixture->n_changed, ==, 1);

  g_assert_true (tst_store_set_values_json (store, "{\"a\":2}", &error));
  g_assert_no_error (error);
  assert_text (tst_store_get_values_json (store), "{\"a\":2}");
}

static void
test_store_json_transaction (Fixture       *fixture,
                             gconstpointer  user_data)
{
  g_test_summary ("In a transaction, the text is that of now, and can be taken back");

  set_json (fixture, CONTENT);
  tst_store_begin (fixture->store);
  g_assert_true (tst_store_set_json (fixture->store, "[{},{\"v\":1}]", NULL));
  assert_text (tst_store_get_json (fixture->store), "[{},{\"v\":1}]");
  g_assert_true (tst_store_set_row_json (fixture->store, "t", "r", "{\"c\":1}", NULL));
  assert_text (tst_store_get_row_json (fixture->store, "t", "r"), "{\"c\":1}");
  tst_store_rollback (fixture->store);

  assert_text (tst_store_get_json (fixture->store), CONTENT);
  g_assert_cmpuint (fixture->n_changed, ==, 0);
}

/* --- Changes --- */

static void
assert_changes (TstStore   *store,
                const char *expected)
{
  g_autoptr(TstChanges) changes = tst_store_get_changes (store);

  assert_text (tst_changes_to_json (changes), expected);
}

static void
test_store_json_changes (Fixture       *fixture,
                         gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("Changes say what is new in the open transaction");

  set_json (fixture, CONTENT);
  tst_store_begin (store);
  assert_changes (store, "[{},{},1]");

  g_assert_true (tst_store_set_cell_json (store, "pets", "rex", "age", "4", NULL));
  assert_changes (store, "[{\"pets\":{\"rex\":{\"age\":4}}},{},1]");

  g_assert_true (tst_store_set_value_json (store, "new", "\"x\"", NULL));
  assert_changes (store, "[{\"pets\":{\"rex\":{\"age\":4}}},{\"new\":\"x\"},1]");
  tst_store_commit (store);
}

static void
keep_changes_cb (TstStore   *store,
                 TstChanges *changes,
                 gpointer    user_data)
{
  char **text = user_data;

  g_free (*text);
  *text = tst_changes_to_json (changes);
}

/* The text as json-glib has it, whose order of members we do not promise */
static void
assert_member (JsonObject *object,
               const char *path,
               const char *expected)
{
  g_autoptr(JsonNode) root = json_node_alloc ();
  g_autoptr(JsonNode) matches = NULL;
  g_autoptr(GError) error = NULL;
  JsonArray *array;

  json_node_init_object (root, object);
  matches = json_path_query (path, root, &error);
  g_assert_no_error (error);
  array = json_node_get_array (matches);
  g_assert_cmpuint (json_array_get_length (array), ==, 1);
  assert_text (json_to_string (json_array_get_element (array, 0), FALSE), expected);
}

static void
test_store_json_changes_removed (Fixture       *fixture,
                                 gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  g_autofree char *text = NULL;
  g_autoptr(JsonNode) node = NULL;
  JsonArray *array;
  JsonObject *tables, *values;

  g_test_summary ("What was removed is there once, at the highest level");

  set_json (fixture, CONTENT);
  g_signal_connect (store, "changed", G_CALLBACK (keep_changes_cb), &text);
  tst_store_begin (store);
  g_assert_true (tst_store_remove_cell (store, "pets", "rex", "name"));
  g_assert_true (tst_store_remove_row (store, "pets", "tom"));
  g_assert_true (tst_store_set_row_json (store, "pets", "new", "{\"a\":1,\"b\":{}}", NULL));
  g_assert_true (tst_store_remove_table (store, "owners"));
  g_assert_true (tst_store_remove_value (store, "open"));
  g_assert_true (tst_store_set_value_json (store, "s", "\"" REMOVED "\"", NULL));
  tst_store_commit (store);

  g_assert_nonnull (text);
  node = json_from_string (text, NULL);
  array = json_node_get_array (node);
  g_assert_cmpuint (json_array_get_length (array), ==, 3);
  g_assert_cmpint (json_array_get_int_element (array, 2), ==, 1);

  tables = json_array_get_object_element (array, 0);
  g_assert_cmpuint (json_object_get_size (tables), ==, 2);
  assert_member (tables, "$.owners", "\"" REMOVED "\"");
  assert_member (tables, "$.pets.rex", "{\"name\":\"" REMOVED "\"}");
  assert_member (tables, "$.pets.tom", "\"" REMOVED "\"");
  assert_member (tables, "$.pets.new", "{\"a\":1,\"b\":\"" MARK "{}\"}");

  values = json_array_get_object_element (array, 1);
  g_assert_cmpuint (json_object_get_size (values), ==, 2);
  assert_member (values, "$.open", "\"" REMOVED "\"");
  assert_member (values, "$.s", "\"" MARK "\\\"" REMOVED "\\\"\"");
}

static void
test_store_json_changes_again (Fixture       *fixture,
                               gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("A row that was removed and is back with other cells shows its cells");

  set_json (fixture, CONTENT);
  tst_store_begin (store);
  g_assert_true (tst_store_remove_row (store, "pets", "tom"));
  g_assert_true (tst_store_set_row_json (store, "pets", "tom", "{\"name\":\"Tim\"}", NULL));
  assert_changes (store, "[{\"pets\":{\"tom\":{\"name\":\"Tim\"}}},{},1]");
  tst_store_rollback (store);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

  ADD ("/store-json/content", test_store_json_content);
  ADD ("/store-json/content/same", test_store_json_content_same);
  ADD ("/store-json/content/halves", test_store_json_content_halves);
  ADD ("/store-json/content/refused", test_store_json_content_refused);
  ADD ("/store-json/tables", test_store_json_tables);
  ADD ("/store-json/table", test_store_json_table);
  ADD ("/store-json/row", test_store_json_row);
  ADD ("/store-json/row/refused", test_store_json_row_refused);
  ADD ("/store-json/row/wide", test_store_json_row_wide);
  ADD ("/store-json/add-row", test_store_json_add_row);
  ADD ("/store-json/cell", test_store_json_cell);
  ADD ("/store-json/cell/refused", test_store_json_cell_refused);
  ADD ("/store-json/values", test_store_json_values);
  ADD ("/store-json/transaction", test_store_json_transaction);
  ADD ("/store-json/changes", test_store_json_changes);
  ADD ("/store-json/changes/removed", test_store_json_changes_removed);
  ADD ("/store-json/changes/again", test_store_json_changes_again);

  return g_test_run ();
}
