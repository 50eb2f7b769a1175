/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The GVariant forms of what a store holds. */

#include <libtstore/tstore.h>

#include <math.h>
#include <string.h>

#define MARK "\357\277\275"

typedef struct
{
  TstStore *store;
  GString  *refused;  /* what was heard, each with a semicolon */
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
  g_string_append_printf (fixture->refused, "cell %s %s;", table_id ? table_id : "-", row_id ? row_id : "-");
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

/* Not floating */
static GVariant *
parse (const char *text)
{
  g_autoptr(GError) error = NULL;
  GVariant *variant = g_variant_parse (NULL, text, NULL, NULL, &error);

  g_assert_no_error (error);

  return variant;
}

/* Frees @actual. */
static void
assert_variant (GVariant   *actual,
                const char *type,
                const char *expected)
{
  g_autoptr(GVariant) wanted = g_variant_parse (G_VARIANT_TYPE (type), expected, NULL, NULL, NULL);
  g_autofree char *text = g_variant_print (actual, TRUE);

  g_assert_nonnull (wanted);
  g_assert_false (g_variant_is_floating (actual));
  g_assert_cmpstr (g_variant_get_type_string (actual), ==, type);
  g_test_message ("%s", text);
  g_assert_true (g_variant_equal (actual, wanted));
  g_variant_unref (actual);
}

static void
assert_json (Fixture    *fixture,
             const char *expected)
{
  g_autofree char *actual = tst_store_get_json (fixture->store);

  g_assert_cmpstr (actual, ==, expected);
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

#define CONTENT "[{\"t\":{\"r\":{\"c\":1}}},{\"v\":true}]"

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
  assert_json (fixture, CONTENT);
}

static void
test_store_variant_content (Fixture       *fixture,
                            gconstpointer  user_data)
{
  const char *text =
    "({'b': {'2': {'s': <'x'>, 'd': <1.5>}, '1': {'b': <true>}}, 'a': {'r': {'n': <@mv nothing>}}}, {'v': <-2.0>})";
  const char *type = "(a{sa{sa{sv}}}a{sv})";
  g_autoptr(GVariant) content = g_variant_parse (G_VARIANT_TYPE (type), text, NULL, NULL, NULL);
  g_autoptr(GError) error = NULL;

  g_test_summary ("The whole content goes out and in");

  assert_variant (tst_store_get_content (fixture->store), type, "({}, {})");
  g_assert_true (tst_store_set_content (fixture->store, content, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (fixture->n_changed, ==, 1);
  assert_json (fixture,
               "[{\"b\":{\"2\":{\"s\":\"x\",\"d\":1.5},\"1\":{\"b\":true}},\"a\":{\"r\":{\"n\":null}}},{\"v\":-2}]");
  assert_variant (tst_store_get_content (fixture->store), type, text);

  g_assert_true (tst_store_set_content (fixture->store, content, &error));
  g_assert_cmpuint (fixture->n_changed, ==, 1);
}

static void
test_store_variant_content_halves (Fixture       *fixture,
                                   gconstpointer  user_data)
{
  g_autoptr(GVariant) no_values = parse ("({'t': {'r': {'c': <2>}}}, @a{sv} {})");
  g_autoptr(GVariant) no_tables = parse ("(@a{sa{sa{sv}}} {}, {'v': <2>})");

  g_test_summary ("An empty half is emptied");

  set_json (fixture, CONTENT);
  g_assert_true (tst_store_set_content (fixture->store, no_values, NULL));
  assert_json (fixture, "[{\"t\":{\"r\":{\"c\":2}}},{}]");
  g_assert_true (tst_store_set_content (fixture->store, no_tables, NULL));
  assert_json (fixture, "[{},{\"v\":2}]");
}

static void
test_store_variant_parts (Fixture       *fixture,
                          gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  g_autoptr(GVariant) tables = parse ("{'t': {'r': {'c': <1>}}}");
  g_autoptr(GVariant) table = parse ("{'r': {'c': <'x'>}, 's': {'d': <'y'>}}");
  g_autoptr(GError) error = NULL;

  g_test_summary ("Tables and a table go out and in");

  assert_variant (tst_store_get_tables (store), "a{sa{sa{sv}}}", "{}");
  assert_variant (tst_store_get_table (store, "t"), "a{sa{sv}}", "{}");
  assert_variant (tst_store_get_row (store, "t", "r"), "a{sv}", "{}");
  assert_variant (tst_store_get_values (store), "a{sv}", "{}");

  g_assert_true (tst_store_set_tables (store, tables, &error));
  g_assert_no_error (error);
  assert_variant (tst_store_get_tables (store), "a{sa{sa{sv}}}", "{'t': {'r': {'c': <1.0>}}}");

  g_assert_true (tst_store_set_table (store, "t", table, &error));
  g_assert_no_error (error);
  assert_variant (tst_store_get_table (store, "t"), "a{sa{sv}}", "{'r': {'c': <'x'>}, 's': {'d': <'y'>}}");
  g_assert_true (tst_store_set_table (store, "u", table, &error));
  assert_variant (tst_store_get_table (store, "u"), "a{sa{sv}}", "{'r': {'c': <'x'>}, 's': {'d': <'y'>}}");
}

static void
test_store_variant_row (Fixture       *fixture,
                        gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  g_autoptr(GError) error = NULL;
  g_autofree char *id = NULL;

  g_test_summary ("A row, whole or in part; a floating variant is taken");

  g_assert_true (tst_store_set_row (store, "t", "r", g_variant_new_parsed ("{'a': <1>, 'b': <'x'>}"), &error));
  g_assert_no_error (error);
  assert_variant (tst_store_get_row (store, "t", "r"), "a{sv}", "{'a': <1.0>, 'b': <'x'>}");

  g_assert_true (tst_store_set_partial_row (store, "t", "r", g_variant_new_parsed ("{'c': <@mv nothing>}"), &error));
  assert_variant (tst_store_get_row (store, "t", "r"), "a{sv}", "{'a': <1.0>, 'b': <'x'>, 'c': <@mv nothing>}");
  g_assert_true (tst_store_set_partial_row (store, "t", "r", g_variant_new_parsed ("@a{sv} {}"), &error));
  g_assert_cmpuint (fixture->n_changed, ==, 2);

  g_assert_true (tst_store_set_row (store, "t", "r", g_variant_new_parsed ("{'b': <'x'>}"), &error));
  assert_variant (tst_store_get_row (store, "t", "r"), "a{sv}", "{'b': <'x'>}");

  id = tst_store_add_row (store, "t", g_variant_new_parsed ("{'b': <'y'>}"), TST_ADD_ROW_DEFAULT, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (id, ==, "0");
  assert_variant (tst_store_get_row (store, "t", "0"), "a{sv}", "{'b': <'y'>}");
}

static void
test_store_variant_values (Fixture       *fixture,
                           gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("Values, whole or in part");

  g_assert_true (tst_store_set_values (store, g_variant_new_parsed ("{'a': <1>, 'b': <'x'>}"), NULL));
  assert_variant (tst_store_get_values (store), "a{sv}", "{'a': <1.0>, 'b': <'x'>}");
  g_assert_true (tst_store_set_partial_values (store, g_variant_new_parsed ("{'a': <2>}"), NULL));
  g_assert_true (tst_store_set_partial_values (store, g_variant_new_parsed ("@a{sv} {}"), NULL));
  assert_variant (tst_store_get_values (store), "a{sv}", "{'a': <2.0>, 'b': <'x'>}");
  g_assert_true (tst_store_set_values (store, g_variant_new_parsed ("{'c': <true>}"), NULL));
  assert_variant (tst_store_get_values (store), "a{sv}", "{'c': <true>}");
}

/* What a cell may be given as, its JSON text, and what it is given back as */
static const struct
{
  const char *in;
  const char *json;
  const char *out;
} cells[] = {
  { "'text'", "\"text\"", "<'text'>" },
  { "''", "\"\"", "<''>" },
  { "objectpath '/a/b'", "\"/a/b\"", "<'/a/b'>" },
  { "signature 'as'", "\"as\"", "<'as'>" },
  { "true", "true", "<true>" },
  { "byte 255", "255", "<255.0>" },
  { "int16 -1", "-1", "<-1.0>" },
  { "uint16 65535", "65535", "<65535.0>" },
  { "int32 -1", "-1", "<-1.0>" },
  { "uint32 4294967295", "4294967295", "<4294967295.0>" },
  { "int64 -9007199254740993", "-9007199254740992", "<-9007199254740992.0>" },
  { "uint64 18446744073709551615", "18446744073709552000", "<18446744073709551615.0>" },
  { "0.1", "0.1", "<0.1>" },
  { "<<'boxed'>>", "\"boxed\"", "<'boxed'>" },
  { "@mv nothing", "null", "<@mv nothing>" },
  { "@ms nothing", "null", "<@mv nothing>" },
  { "@ms 'just'", "\"just\"", "<'just'>" },
  { "@mmi just nothing", "null", "<@mv nothing>" },
  { "@a{sv} {}", "{}", "<@a{sv} {}>" },
  { "@av []", "[]", "<@av []>" },
  { "()", "[]", "<@av []>" },
  { "['a', 'b']", "[\"a\",\"b\"]", "<[<'a'>, <'b'>]>" },
  { "[1, 2]", "[1,2]", "<[<1.0>, <2.0>]>" },
  { "b'ab'", "[97,98,0]", "<[<97.0>, <98.0>, <0.0>]>" },
  { "(1, 'a', false)", "[1,\"a\",false]", "<[<1.0>, <'a'>, <false>]>" },
  { "{'a': 1.5}", "{\"a\":1.5}", "<{'a': <1.5>}>" },
  { "{'a\\n': <'\"'>, '': <@mv nothing>}", "{\"a\\n\":\"\\\"\",\"\":null}", "<{'a\\n': <'\"'>, '': <@mv nothing>}>" },
  { "[<[<{'a': <@av []>}>]>, <true>]", "[[{\"a\":[]}],true]", "<[<[<{'a': <@av []>}>]>, <true>]>" },
  { "[<'" MARK "{}'>]", "[\"" MARK "{}\"]", "<[<'" MARK "{}'>]>" },
};

static void
test_store_variant_cells (Fixture       *fixture,
                          gconstpointer  user_data)
{
  g_test_summary ("All that can be a cell");

  for (gsize i = 0; i < G_N_ELEMENTS (cells); i++)
    {
      g_autoptr(GVariant) cell = parse (cells[i].in);
      g_autoptr(GError) error = NULL;
      g_autofree char *json = NULL;
      g_autofree char *row = g_strdup_printf ("{'c': %s}", cells[i].out);
      GVariantDict dict;

      g_test_message ("%s", cells[i].in);
      g_variant_dict_init (&dict, NULL);
      g_variant_dict_insert_value (&dict, "c", cell);
      g_assert_true (tst_store_set_row (fixture->store, "t", "r", g_variant_dict_end (&dict), &error));
      g_assert_no_error (error);

      json = tst_store_get_cell_json (fixture->store, "t", "r", "c");
      g_assert_cmpstr (json, ==, cells[i].json);
      assert_variant (tst_store_get_row (fixture->store, "t", "r"), "a{sv}", row);
    }
}

static void
test_store_variant_dictionaries (Fixture       *fixture,
                                 gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  g_autoptr(GError) error = NULL;

  g_test_summary ("Any dictionary with strings as keys is a row, a table or tables");

  g_assert_true (tst_store_set_row (store, "t", "r", g_variant_new_parsed ("{'a': 'x', 'b': 'y'}"), &error));
  g_assert_no_error (error);
  g_assert_true (tst_store_set_table (store, "u", g_variant_new_parsed ("{'r': {'a': 1}}"), &error));
  g_assert_no_error (error);
  assert_json (fixture, "[{\"t\":{\"r\":{\"a\":\"x\",\"b\":\"y\"}},\"u\":{\"r\":{\"a\":1}}},{}]");
  g_assert_true (tst_store_set_tables (store, g_variant_new_parsed ("{'t': <{'r': <{'a': <1>}>}>}"), &error));
  g_assert_no_error (error);
  assert_json (fixture, "[{\"t\":{\"r\":{\"a\":1}}},{}]");
  g_assert_true (tst_store_set_content (store, g_variant_new_parsed ("({'t': {'r': {'a': true}}}, {'v': 1.5})"), &error));
  g_assert_no_error (error);
  assert_json (fixture, "[{\"t\":{\"r\":{\"a\":true}}},{\"v\":1.5}]");
}

static const struct
{
  const char *row;
  TstError    code;
} refused_rows[] = {
  { "'text'", TST_ERROR_INVALID_VALUE },
  { "@av []", TST_ERROR_INVALID_VALUE },
  { "{1: 'x'}", TST_ERROR_INVALID_VALUE },
  { "{'c': <handle 1>}", TST_ERROR_INVALID_VALUE },
  { "{'c': <{1: 2}>}", TST_ERROR_INVALID_VALUE },
  { "{'c': <[<handle 1>]>}", TST_ERROR_INVALID_VALUE },
  { "{'c': <{'a', 1}>}", TST_ERROR_INVALID_VALUE },
  { "{'c': <inf>}", TST_ERROR_INVALID_VALUE },
  { "{'c': <nan>}", TST_ERROR_INVALID_VALUE },
  { "{'c': <[-inf]>}", TST_ERROR_INVALID_VALUE },
  { "{'d': <'a text that is long'>, 'c': <handle 1>}", TST_ERROR_INVALID_VALUE },
  { "{'c': <'a text that is long'>, 'c': <1>}", TST_ERROR_FORMAT },
};

static void
test_store_variant_refused (Fixture       *fixture,
                            gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("What is partly wrong changes nothing");
  set_json (fixture, CONTENT);

  for (gsize i = 0; i < G_N_ELEMENTS (refused_rows); i++)
    {
      g_autoptr(GVariant) row = parse (refused_rows[i].row);
      g_autofree char *table_text = g_strdup_printf ("{'a': <{'c': <1>}>, 'r': <%s>}", refused_rows[i].row);
      g_autoptr(GVariant) table = parse (table_text);
      g_autofree char *tables_text = g_strdup_printf ("{'a': <{'r': <{'c': <1>}>}>, 't': <%s>}", table_text);
      g_autoptr(GVariant) tables = parse (tables_text);
      g_autofree char *content_text = g_strdup_printf ("({'a': {'r': {'c': <1>}}}, %s)", refused_rows[i].row);
      g_autoptr(GVariant) content = parse (content_text);
      TstError code = refused_rows[i].code;
      GError *error = NULL;
      gboolean done;
      char *id;

      g_test_message ("%s", refused_rows[i].row);

      done = tst_store_set_row (store, "t", "r", row, &error);
      assert_refused (fixture, done, g_steal_pointer (&error), code, "cell t r;");
      done = tst_store_set_partial_row (store, "t", "r", row, &error);
      assert_refused (fixture, done, g_steal_pointer (&error), code, "cell t r;");
      id = tst_store_add_row (store, "t", row, TST_ADD_ROW_DEFAULT, &error);
      assert_refused (fixture, id != NULL, g_steal_pointer (&error), code, "cell t -;");
      done = tst_store_set_values (store, row, &error);
      assert_refused (fixture, done, g_steal_pointer (&error), code, "value -;");
      done = tst_store_set_partial_values (store, row, &error);
      assert_refused (fixture, done, g_steal_pointer (&error), code, "value -;");
      done = tst_store_set_table (store, "t", table, &error);
      assert_refused (fixture, done, g_steal_pointer (&error), code, "cell t -;");
      done = tst_store_set_tables (store, tables, &error);
      assert_refused (fixture, done, g_steal_pointer (&error), code, "cell - -;");
      done = tst_store_set_content (store, content, &error);
      assert_refused (fixture, done, g_steal_pointer (&error), code, "cell - -;");
    }
}

static void
test_store_variant_refused_forms (Fixture       *fixture,
                                  gconstpointer  user_data)
{
  static const struct { const char *tables; TstError code; } texts[] = {
    { "1", TST_ERROR_INVALID_VALUE },
    { "{'a': 1}", TST_ERROR_INVALID_VALUE },
    { "{'a': {'b': 1}}", TST_ERROR_INVALID_VALUE },
    { "{'a': @a{sa{sv}} {}}", TST_ERROR_EMPTY },
    { "{'a': {'b': @a{sv} {}}}", TST_ERROR_EMPTY },
    { "@a{sa{sa{sv}}} {}", TST_ERROR_EMPTY },
    { "{'a': {'b': {'c': 1}}, 'a': {'d': {'c': 1}}}", TST_ERROR_FORMAT },
    { "{'a': {'b': {'c': 1}, 'b': {'d': 1}}}", TST_ERROR_FORMAT },
  };
  TstStore *store = fixture->store;
  GError *error = NULL;
  gboolean done;

  g_test_summary ("What is of another form is refused");
  set_json (fixture, CONTENT);

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GVariant) tables = parse (texts[i].tables);

      done = tst_store_set_tables (store, tables, &error);
      assert_refused (fixture, done, g_steal_pointer (&error), texts[i].code, "cell - -;");
    }

  done = tst_store_set_content (store, g_variant_new_parsed ("({'a': {'b': 1}}, {'v': 1})"), &error);
  assert_refused (fixture, done, g_steal_pointer (&error), TST_ERROR_INVALID_VALUE, "cell - -;");
  done = tst_store_set_content (store, g_variant_new_parsed ("({'a': {'b': {'c': 1}}},)"), &error);
  assert_refused (fixture, done, g_steal_pointer (&error), TST_ERROR_INVALID_VALUE, "cell - -;");
  done = tst_store_set_table (store, "t", g_variant_new_parsed ("@a{sa{sv}} {}"), &error);
  assert_refused (fixture, done, g_steal_pointer (&error), TST_ERROR_EMPTY, "cell t -;");
  done = tst_store_set_table (store, "\377", g_variant_new_parsed ("{'r': {'c': 1}}"), &error);
  assert_refused (fixture, done, g_steal_pointer (&error), TST_ERROR_INVALID_ID, "cell " MARK " -;");
  done = tst_store_set_row (store, "t", "r", g_variant_new_parsed ("@a{sv} {}"), &error);
  assert_refused (fixture, done, g_steal_pointer (&error), TST_ERROR_EMPTY, "cell t r;");
  done = tst_store_set_values (store, g_variant_new_parsed ("@a{sv} {}"), &error);
  assert_refused (fixture, done, g_steal_pointer (&error), TST_ERROR_EMPTY, "value -;");
}

static void
test_store_variant_damaged (Fixture       *fixture,
                            gconstpointer  user_data)
{
  static const guint8 data[] = { 'a', 0, 0xff, 'x', 0, 0, 's', 0x77 };
  g_autoptr(GBytes) bytes = g_bytes_new_static (data, sizeof data);
  GError *error = NULL;
  gboolean done;

  g_test_summary ("A variant of damaged bytes is refused");
  set_json (fixture, CONTENT);

  done = tst_store_set_row (fixture->store, "t", "r",
                            g_variant_new_from_bytes (G_VARIANT_TYPE_VARDICT, bytes, FALSE), &error);
  assert_refused (fixture, done, g_steal_pointer (&error), TST_ERROR_INVALID_VALUE, "cell t r;");
}

/* Arrays in arrays, boxed */
static GVariant *
nest (guint depth)
{
  GVariant *variant = g_variant_new_array (G_VARIANT_TYPE_VARIANT, NULL, 0);

  while (--depth > 0)
    {
      GVariant *boxed = g_variant_new_variant (variant);

      variant = g_variant_new_array (NULL, &boxed, 1);
    }

  return variant;
}

static void
test_store_variant_depth (Fixture       *fixture,
                          gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  g_autoptr(GVariant) row = NULL;
  GError *error = NULL;
  gboolean done;

  g_test_summary ("Cells are nested as deep as in JSON, and no deeper");

  g_assert_true (tst_store_set_row (store, "t", "r", g_variant_new_parsed ("{'c': <%*>}", nest (64)), &error));
  g_assert_no_error (error);
  row = tst_store_get_row (store, "t", "r");
  g_assert_true (tst_store_set_row (store, "t", "s", row, &error));
  g_assert_no_error (error);
  g_clear_pointer (&row, g_variant_unref);

  set_json (fixture, CONTENT);
  done = tst_store_set_row (store, "t", "r", g_variant_new_parsed ("{'c': <%*>}", nest (65)), &error);
  assert_refused (fixture, done, g_steal_pointer (&error), TST_ERROR_LIMIT, "cell t r;");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

  ADD ("/store-variant/content", test_store_variant_content);
  ADD ("/store-variant/content/halves", test_store_variant_content_halves);
  ADD ("/store-variant/tables", test_store_variant_parts);
  ADD ("/store-variant/row", test_store_variant_row);
  ADD ("/store-variant/values", test_store_variant_values);
  ADD ("/store-variant/cells", test_store_variant_cells);
  ADD ("/store-variant/dictionaries", test_store_variant_dictionaries);
  ADD ("/store-variant/refused/cells", test_store_variant_refused);
  ADD ("/store-variant/refused/forms", test_store_variant_refused_forms);
  ADD ("/store-variant/refused/damaged", test_store_variant_damaged);
  ADD ("/store-variant/depth", test_store_variant_depth);

  return g_test_run ();
}
