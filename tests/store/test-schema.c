/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What a schema says, and what a store that has one does. */

#include "listener-fixture.h"

#include "test-util.h"

#include <string.h>

static void
invalid_cell_cb (TstStore     *store,
                 const char   *table_id,
                 const char   *row_id,
                 const char   *cell_id,
                 const GError *error,
                 gpointer      user_data)
{
  g_string_append_printf (user_data, "invalid %s/%s/%s\n", table_id ? table_id : "-",
                          row_id ? row_id : "-", cell_id ? cell_id : "-");
}

static void
invalid_value_cb (TstStore     *store,
                  const char   *value_id,
                  const GError *error,
                  gpointer      user_data)
{
  g_string_append_printf (user_data, "invalid %s\n", value_id ? value_id : "-");
}

static void
changed_cb (TstStore   *store,
            TstChanges *changes,
            gpointer    user_data)
{
  g_autofree char *json = tst_changes_to_json (changes);

  g_string_append_printf (user_data, "%s\n", json);
}

/* Name required, species dog or cat and dog by default, price a number or null, tags an
 * array; and values: open, true by default, and motto. */
static const char pets[] =
  "[{\"pets\":{\"name\":{\"type\":\"string\",\"required\":true},"
             "\"species\":{\"enum\":[\"dog\",\"cat\"],\"default\":\"dog\"},"
             "\"price\":{\"type\":\"number\",\"allowNull\":true},"
             "\"tags\":{\"type\":[\"array\",\"object\"]}}},"
   "{\"open\":{\"type\":\"boolean\",\"default\":true},\"motto\":{\"type\":\"string\"}}]";

static void
set_schema (Fixture    *fixture,
            const char *json)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (tst_store_set_schema_json (fixture->store, json, TST_SCHEMA_DEFAULT, &error));
  g_assert_no_error (error);
}

static void
set_json (Fixture    *fixture,
          const char *json)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (tst_store_set_json (fixture->store, json, &error));
  g_assert_no_error (error);
}

static void
assert_json (Fixture    *fixture,
             const char *expected)
{
  g_autofree char *json = tst_store_get_json (fixture->store);

  g_assert_cmpstr (json, ==, expected);
}

static void
listen (Fixture *fixture)
{
  tst_store_add_invalid_cell_listener (fixture->store, NULL, NULL, NULL, 0, invalid_cell_cb,
                                       fixture->heard, NULL);
  tst_store_add_invalid_value_listener (fixture->store, NULL, 0, invalid_value_cb,
                                        fixture->heard, NULL);
  g_signal_connect (fixture->store, "changed", G_CALLBACK (changed_cb), fixture->heard);
}

static void
pets_set_up (Fixture       *fixture,
             gconstpointer  user_data)
{
  fixture_set_up (fixture, user_data);
  set_schema (fixture, pets);
  set_json (fixture, "[{\"pets\":{\"rex\":{\"name\":\"Rex\",\"price\":5}}},{}]");
  assert_json (fixture, "[{\"pets\":{\"rex\":{\"name\":\"Rex\",\"price\":5,\"species\":\"dog\"}}},{\"open\":true}]");
  listen (fixture);
}

/* --- The schema itself --- */

static void
test_build (void)
{
  g_autoptr(TstSchema) schema = tst_schema_new ();
  g_autoptr(TstSchema) same = NULL;
  g_autoptr(TstCellSpec) name = tst_cell_spec_new (TST_CELL_TYPES_STRING);
  g_autoptr(TstCellSpec) species = tst_cell_spec_new_enum ((const char *[]) { "dog", "cat", NULL });
  g_autoptr(TstCellSpec) price = tst_cell_spec_new (TST_CELL_TYPES_NUMBER | TST_CELL_TYPES_NULL);
  g_autoptr(TstCellSpec) tags = tst_cell_spec_new (TST_CELL_TYPES_OBJECT | TST_CELL_TYPES_ARRAY);
  g_autoptr(TstCellSpec) open = tst_cell_spec_new (TST_CELL_TYPES_BOOLEAN);
  g_auto(GValue) value = G_VALUE_INIT;
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) tables = NULL;
  g_auto(GStrv) cells = NULL;
  g_auto(GStrv) values = NULL;

  g_test_summary ("A schema that is built is the same as one that is read");

  g_assert_false (tst_schema_has_tables (schema));
  g_assert_false (tst_schema_has_values (schema));
  tst_cell_spec_set_required (name, TRUE);
  g_value_init (&value, G_TYPE_STRING);
  g_value_set_static_string (&value, "dog");
  g_assert_true (tst_cell_spec_set_default (species, &value, &error));
  g_assert_true (tst_cell_spec_set_default_json (open, "true", &error));

  g_assert_true (tst_schema_add_cell (schema, "pets", "name", name, &error));
  g_assert_true (tst_schema_add_cell (schema, "pets", "species", species, &error));
  g_assert_true (tst_schema_add_cell (schema, "pets", "price", price, &error));
  g_assert_true (tst_schema_add_cell (schema, "pets", "tags", tags, &error));
  g_assert_true (tst_schema_add_value (schema, "open", open, &error));
  g_assert_true (tst_schema_add_value (schema, "motto", name, &error));
  g_assert_true (tst_schema_has_tables (schema));
  g_assert_true (tst_schema_has_values (schema));

  same = tst_schema_new_from_json (pets, &error);
  g_assert_no_error (error);
  g_assert_false (tst_schema_equal (schema, same)); /* the motto is required in one */

  tables = tst_schema_get_table_ids (schema);
  g_assert_cmpstrv (tables, ((const char *[]) { "pets", NULL }));
  cells = tst_schema_get_cell_ids (schema, "pets");
  g_assert_cmpstrv (cells, ((const char *[]) { "name", "species", "price", "tags", NULL }));
  values = tst_schema_get_value_ids (schema);
  g_assert_cmpstrv (values, ((const char *[]) { "open", "motto", NULL }));
  for (guint i = 0; cells[i] != NULL; i++)
    g_assert_true (tst_cell_spec_equal (tst_schema_get_cell (schema, "pets", cells[i]),
                                        tst_schema_get_cell (same, "pets", cells[i])));
  g_assert_true (tst_cell_spec_equal (tst_schema_get_value (schema, "open"),
                                      tst_schema_get_value (same, "open")));
  g_assert_null (tst_schema_get_cell (schema, "pets", "open"));
  g_assert_null (tst_schema_get_cell (schema, "toys", "name"));
  g_assert_null (tst_schema_get_value (schema, "name"));
}

static void
test_build_refused (void)
{
  g_autoptr(TstSchema) schema = tst_schema_new ();
  g_autoptr(TstCellSpec) nothing = tst_cell_spec_new_enum (NULL);
  g_autoptr(TstCellSpec) number = tst_cell_spec_new (TST_CELL_TYPES_NUMBER);
  g_auto(GValue) value = G_VALUE_INIT;
  g_autoptr(GError) error = NULL;

  g_test_summary ("What makes no sense is not taken into a schema");

  g_assert_false (tst_schema_add_cell (schema, "pets", "species", nothing, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_SCHEMA);
  g_clear_error (&error);
  g_assert_false (tst_schema_add_cell (schema, "pets", "\xff", number, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_INVALID_ID);
  g_clear_error (&error);
  g_assert_false (tst_schema_add_cell (schema, "\xff", "price", number, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_INVALID_ID);
  g_clear_error (&error);
  g_assert_false (tst_schema_add_value (schema, "\xff", number, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_INVALID_ID);
  g_clear_error (&error);
  g_assert_false (tst_schema_has_tables (schema));

  g_assert_false (tst_cell_spec_set_default (number, NULL, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_SCHEMA);
  g_clear_error (&error);
  g_assert_false (tst_cell_spec_set_default_json (number, "\"x\"", &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_SCHEMA);
  g_clear_error (&error);
  g_assert_false (tst_cell_spec_set_default_json (number, "nonsense", &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_PARSE);
  g_clear_error (&error);
  g_value_init (&value, G_TYPE_OBJECT);
  g_assert_false (tst_cell_spec_set_default (number, &value, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_INVALID_VALUE);
  g_clear_error (&error);
  g_assert_false (tst_cell_spec_add_choice (nothing, NULL, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_SCHEMA);
  g_clear_error (&error);
  g_assert_null (tst_cell_spec_get_default (number));

  g_assert_true (tst_schema_add_cell (schema, "pets", "price", number, &error));
  g_assert_false (tst_schema_add_cell (schema, "pets", "price", number, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_SCHEMA);
}

static void
test_spec (void)
{
  g_autoptr(TstCellSpec) spec = tst_cell_spec_new_enum (NULL);
  g_autoptr(TstCellSpec) other = tst_cell_spec_new_enum (NULL);
  g_auto(GValue) number = G_VALUE_INIT;
  g_autoptr(GError) error = NULL;
  GValue *value;

  g_test_summary ("A specification tells what was put into it");

  g_value_init (&number, G_TYPE_INT);
  g_value_set_int (&number, 7);
  g_assert_true (tst_cell_spec_equal (spec, other));
  g_assert_true (tst_cell_spec_add_choice (spec, &number, &error));
  g_assert_no_error (error);
  g_assert_false (tst_cell_spec_equal (spec, other));
  g_assert_cmpint (tst_cell_spec_get_types (spec), ==, TST_CELL_TYPES_NUMBER);
  g_assert_cmpuint (tst_cell_spec_get_n_choices (spec), ==, 1);
  value = tst_cell_spec_get_choice (spec, 0);
  g_assert_cmpfloat (g_value_get_double (value), ==, 7);
  g_boxed_free (G_TYPE_VALUE, value);

  g_assert_false (tst_cell_spec_get_nullable (spec));
  tst_cell_spec_set_nullable (spec, TRUE);
  g_assert_true (tst_cell_spec_get_nullable (spec));
  g_assert_true (tst_cell_spec_set_default (spec, NULL, &error));
  value = tst_cell_spec_get_default (spec);
  g_assert_nonnull (value);
  g_boxed_free (G_TYPE_VALUE, value);
  tst_cell_spec_set_nullable (spec, FALSE);
  g_assert_null (tst_cell_spec_get_default (spec));
  g_assert_null (tst_cell_spec_get_default_json (spec));

  g_assert_false (tst_cell_spec_get_required (spec));
  tst_cell_spec_set_required (spec, TRUE);
  g_assert_true (tst_cell_spec_get_required (spec));
}

static void
test_sealed (Fixture       *fixture,
             gconstpointer  user_data)
{
  g_autoptr(TstSchema) schema = tst_schema_new ();
  g_autoptr(TstCellSpec) spec = tst_cell_spec_new (TST_CELL_TYPES_NUMBER);

  g_test_summary ("What a store goes by cannot be changed any more");

  g_assert_true (tst_schema_add_cell (schema, "pets", "price", spec, NULL));
  g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, "*sealed*");
  tst_cell_spec_set_nullable (spec, TRUE);
  g_test_assert_expected_messages ();
  g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, "*sealed*");
  g_assert_false (tst_cell_spec_set_default_json (spec, "1", NULL));
  g_test_assert_expected_messages ();
  g_assert_null (tst_cell_spec_get_default (spec));

  g_assert_true (tst_store_set_schema (fixture->store, schema, 0, NULL));
  g_assert_true (tst_store_get_schema (fixture->store) == schema);
  g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, "*sealed*");
  g_assert_false (tst_schema_add_cell (schema, "pets", "name", spec, NULL));
  g_test_assert_expected_messages ();
}

/* --- Single cells --- */

typedef struct
{
  const char *cell_id;
  const char *json;
  gboolean    fits;
} CellCase;

static const CellCase cell_cases[] = {
  { "name", "\"Rexi\"", TRUE },
  { "name", "5", FALSE },
  { "name", "null", FALSE },
  { "species", "\"cat\"", TRUE },
  { "species", "\"dog\"", TRUE },
  { "species", "\"fish\"", FALSE },
  { "species", "true", FALSE },
  { "species", "null", FALSE },
  { "price", "7", TRUE },
  { "price", "null", TRUE },
  { "price", "\"7\"", FALSE },
  { "tags", "[1]", TRUE },
  { "tags", "{\"a\":1}", TRUE },
  { "tags", "\"[1]\"", FALSE },
  { "colour", "\"red\"", FALSE },
};

static void
test_cell (Fixture       *fixture,
           gconstpointer  user_data)
{
  g_test_summary ("A cell is set if it fits, and left alone if it does not");

  for (guint i = 0; i < G_N_ELEMENTS (cell_cases); i++)
    {
      const CellCase *c = &cell_cases[i];
      g_autofree char *before = tst_store_get_json (fixture->store);
      g_autofree char *invalid = g_strdup_printf ("invalid pets/rex/%s\n", c->cell_id);
      g_autofree char *now = NULL;
      g_autoptr(GError) error = NULL;

      g_test_message ("%s: %s", c->cell_id, c->json);
      g_assert_cmpint (tst_store_set_cell_json (fixture->store, "pets", "rex", c->cell_id, c->json, &error),
                       ==, c->fits);
      if (c->fits)
        {
          now = tst_store_get_cell_json (fixture->store, "pets", "rex", c->cell_id);
          g_assert_no_error (error);
          g_assert_cmpstr (now, ==, c->json);
          g_string_truncate (fixture->heard, 0);
        }
      else
        {
          now = tst_store_get_json (fixture->store);
          g_assert_error (error, TST_ERROR, TST_ERROR_SCHEMA);
          g_assert_true (g_str_has_prefix (error->message, "/pets/rex/"));
          g_assert_cmpstr (now, ==, before);
          assert_heard (fixture, invalid);
        }
    }
}

static void
test_new_row (Fixture       *fixture,
              gconstpointer  user_data)
{
  g_autoptr(GError) error = NULL;

  g_test_summary ("A cell makes a row if nothing that is required is missing in it");

  g_assert_false (tst_store_set_cell_number (fixture->store, "pets", "tom", "price", 1, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_SCHEMA);
  g_clear_error (&error);
  assert_heard (fixture, "invalid pets/tom/name\n");
  g_assert_false (tst_store_has_row (fixture->store, "pets", "tom"));

  g_assert_true (tst_store_set_cell_string (fixture->store, "pets", "tom", "name", "Tom", &error));
  g_assert_no_error (error);
  assert_heard (fixture, "[{\"pets\":{\"tom\":{\"name\":\"Tom\",\"species\":\"dog\"}}},{},1]\n");

  g_assert_false (tst_store_set_cell_string (fixture->store, "toys", "ball", "name", "Ball", &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_SCHEMA);
  g_clear_error (&error);
  assert_heard (fixture, "invalid toys/-/-\n");
  g_assert_false (tst_store_set_cell_string (fixture->store, "pets", "\xff", "name", "Ball", &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_INVALID_ID);
  g_clear_error (&error);
  g_assert_false (tst_store_set_cell_string (fixture->store, "pets", "rex", "\xff", "Ball", &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_INVALID_ID);
  assert_json (fixture,
               "[{\"pets\":{\"rex\":{\"name\":\"Rex\",\"price\":5,\"species\":\"dog\"},"
                          "\"tom\":{\"name\":\"Tom\",\"species\":\"dog\"}}},{\"open\":true}]");
}

static void
test_remove_cell (Fixture       *fixture,
                  gconstpointer  user_data)
{
  g_test_summary ("A removed cell becomes its default, and a required one stays");

  g_assert_true (tst_store_set_cell_string (fixture->store, "pets", "rex", "species", "cat", NULL));
  g_string_truncate (fixture->heard, 0);
  g_assert_true (tst_store_remove_cell (fixture->store, "pets", "rex", "species"));
  assert_heard (fixture, "[{\"pets\":{\"rex\":{\"species\":\"dog\"}}},{},1]\n");
  g_assert_true (tst_store_remove_cell (fixture->store, "pets", "rex", "species"));
  assert_heard (fixture, "");
  g_assert_false (tst_store_remove_cell (fixture->store, "pets", "rex", "name"));
  assert_heard (fixture, "invalid pets/rex/name\n");
  g_assert_false (tst_store_remove_cell (fixture->store, "pets", "rex", "tags"));
  g_assert_true (tst_store_remove_cell (fixture->store, "pets", "rex", "price"));
  assert_json (fixture, "[{\"pets\":{\"rex\":{\"name\":\"Rex\",\"species\":\"dog\"}}},{\"open\":true}]");

  g_assert_true (tst_store_remove_row (fixture->store, "pets", "rex"));
  assert_json (fixture, "[{},{\"open\":true}]");
}

static void
test_remove_last (Fixture       *fixture,
                  gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("What is required stays, even as the last cell of its row");

  set_schema (fixture, "[{\"pets\":{\"name\":{\"type\":\"string\",\"required\":true},"
                                  "\"price\":{\"type\":\"number\"}}},"
                        "{\"user\":{\"type\":\"string\",\"required\":true}}]");
  set_json (fixture, "[{\"pets\":{\"rex\":{\"name\":\"Rex\"}}},{\"user\":\"me\"}]");
  listen (fixture);

  g_assert_false (tst_store_remove_cell (store, "pets", "rex", "name"));
  g_assert_false (tst_store_remove_value (store, "user"));
  assert_heard (fixture, "invalid pets/rex/name\ninvalid user\n");
  assert_json (fixture, "[{\"pets\":{\"rex\":{\"name\":\"Rex\"}}},{\"user\":\"me\"}]");

  g_assert_false (tst_store_remove_cell (store, "pets", "tom", "name"));
  g_assert_false (tst_store_remove_cell (store, "toys", "ball", "name"));
  g_assert_false (tst_store_remove_value (store, "motto"));
  assert_heard (fixture, "");
  g_assert_true (tst_store_remove_row (store, "pets", "rex"));
  tst_store_remove_values (store);
  g_assert_false (tst_store_remove_value (store, "user"));
  assert_json (fixture, "[{},{}]");
}

static void
test_cursor (Fixture       *fixture,
             gconstpointer  user_data)
{
  g_autoptr(TstCursor) cursor = tst_cursor_new (fixture->store, "pets");
  guint price = tst_cursor_add_column (cursor, "price");
  guint species = tst_cursor_add_column (cursor, "species");
  g_autoptr(GError) error = NULL;

  g_test_summary ("By cursor it is the same");

  g_assert_true (tst_cursor_seek (cursor, "rex"));
  g_assert_true (tst_cursor_set_number (cursor, price, 9, &error));
  g_assert_no_error (error);
  g_assert_false (tst_cursor_set_number (cursor, species, 9, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_SCHEMA);
  g_assert_cmpstr (tst_cursor_get_string (cursor, species), ==, "dog");
}

/* --- Rows and tables --- */

static void
test_row (Fixture       *fixture,
          gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  g_autoptr(GError) error = NULL;
  g_autofree char *id = NULL;
  g_autofree char *next_id = NULL;

  g_test_summary ("A row is written with its defaults, or not at all");

  tst_store_set_cell_string (store, "pets", "rex", "species", "cat", NULL);
  g_string_truncate (fixture->heard, 0);
  g_assert_true (tst_store_set_row_json (store, "pets", "rex", "{\"price\":1,\"name\":\"Rexi\"}", &error));
  assert_heard (fixture, "[{\"pets\":{\"rex\":{\"price\":1,\"name\":\"Rexi\",\"species\":\"dog\"}}},{},1]\n");
  g_assert_true (tst_store_set_partial_row_json (store, "pets", "rex", "{\"price\":2}", &error));
  assert_heard (fixture, "[{\"pets\":{\"rex\":{\"price\":2}}},{},1]\n");

  g_assert_false (tst_store_set_row_json (store, "pets", "rex", "{\"price\":1}", &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_SCHEMA);
  g_clear_error (&error);
  assert_heard (fixture, "invalid pets/rex/name\n");
  g_assert_false (tst_store_set_partial_row_json (store, "pets", "rex", "{\"price\":3,\"x\":4}", &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_SCHEMA);
  g_clear_error (&error);
  assert_heard (fixture, "invalid pets/rex/x\n");

  id = tst_store_add_row_json (store, "pets", "{\"species\":\"cat\"}", 0, &error);
  g_assert_null (id);
  g_assert_error (error, TST_ERROR, TST_ERROR_SCHEMA);
  g_clear_error (&error);
  next_id = tst_store_add_row_json (store, "pets", "{\"name\":\"Tom\"}", 0, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (next_id, ==, "0"); /* the one that was refused gave it back */
  assert_json (fixture,
               "[{\"pets\":{\"rex\":{\"name\":\"Rexi\",\"price\":2,\"species\":\"dog\"},"
                          "\"0\":{\"name\":\"Tom\",\"species\":\"dog\"}}},{\"open\":true}]");
}

typedef struct
{
  const char *name;
  gboolean  (*set) (TstStore *store, const char *json, GError **error);
  const char *json;
  const char *heard;  /* (nullable): NULL if it fits */
} WholeCase;

static gboolean
set_pets_json (TstStore    *store,
               const char  *json,
               GError     **error)
{
  return tst_store_set_table_json (store, "pets", json, error);
}

static const WholeCase whole_cases[] = {
  { "table", set_pets_json, "{\"a\":{\"name\":\"A\"},\"b\":{\"name\":\"B\",\"price\":false}}", "invalid pets/b/price\n" },
  { "table", set_pets_json, "{\"a\":{\"name\":\"A\"},\"b\":{\"price\":1}}", "invalid pets/b/name\n" },
  { "table", set_pets_json, "{\"a\":{\"name\":\"A\"}}", NULL },
  { "tables", tst_store_set_tables_json, "{\"pets\":{\"a\":{\"name\":\"A\"}},\"toys\":{\"b\":{\"c\":1}}}", "invalid toys/-/-\n" },
  { "tables", tst_store_set_tables_json, "{\"pets\":{\"a\":{\"name\":\"A\"}}}", NULL },
  { "content", tst_store_set_json, "[{\"pets\":{\"a\":{\"name\":\"A\"}}},{\"open\":5}]", "invalid open\n" },
  { "content", tst_store_set_json, "[{\"pets\":{\"a\":{\"nam\":\"A\"}}},{\"open\":true}]", "invalid pets/a/nam\n" },
  { "content", tst_store_set_json, "[{\"pets\":{\"a\":{\"name\":\"A\"}}},{}]", NULL },
  { "changes", tst_store_apply_changes_json, "[{\"pets\":{\"rex\":{\"price\":1},\"a\":{\"price\":1}}},{},1]", "invalid pets/a/name\n" },
  { "changes", tst_store_apply_changes_json, "[{\"pets\":{\"rex\":{\"name\":\"\357\277\274\"}}},{},1]", "invalid pets/rex/name\n" },
  { "changes", tst_store_apply_changes_json, "[{\"pets\":{\"rex\":{\"species\":\"\357\277\274\"}}},{\"open\":\"\357\277\274\"},1]", NULL },
  { "changes", tst_store_apply_changes_json, "[{\"pets\":{\"rex\":\"\357\277\274\"}},{},1]", NULL },
};

static void
test_whole (Fixture       *fixture,
            gconstpointer  user_data)
{
  g_autofree char *before = tst_store_get_json (fixture->store);

  g_test_summary ("One cell that does not fit refuses all that comes with it");

  for (guint i = 0; i < G_N_ELEMENTS (whole_cases); i++)
    {
      const WholeCase *c = &whole_cases[i];
      g_autofree char *again = NULL;
      g_autoptr(GError) error = NULL;

      g_test_message ("%s: %s", c->name, c->json);
      g_assert_cmpint (c->set (fixture->store, c->json, &error), ==, c->heard == NULL);
      if (c->heard != NULL)
        {
          g_assert_error (error, TST_ERROR, TST_ERROR_SCHEMA);
          assert_heard (fixture, c->heard);
          assert_json (fixture, before);
        }

      /* What a store with a schema holds, it takes back. */
      again = tst_store_get_json (fixture->store);
      g_clear_error (&error);
      g_assert_true (tst_store_set_json (fixture->store, again, &error));
      g_assert_no_error (error);
      set_json (fixture, before);
      assert_json (fixture, before);
      g_string_truncate (fixture->heard, 0);
    }
}

static void
test_second_row (Fixture       *fixture,
                 gconstpointer  user_data)
{
  g_autoptr(GError) error = NULL;

  g_test_summary ("Each row that is written is looked at, also the first of each table");

  set_schema (fixture, "[{\"a\":{\"n\":{\"type\":\"number\"}},\"b\":{\"n\":{\"type\":\"number\"}}},"
                        "{\"v\":{\"type\":\"number\"}}]");
  listen (fixture);
  g_assert_false (tst_store_set_json (fixture->store, "[{\"a\":{\"r\":{\"n\":1}},\"b\":{\"r\":{\"n\":\"x\"}}}]", &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_SCHEMA);
  g_clear_error (&error);
  assert_heard (fixture, "invalid b/r/n\n");
  g_assert_false (tst_store_set_json (fixture->store, "[{\"a\":{\"r\":{\"n\":1}}},{\"v\":\"x\"}]", &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_SCHEMA);
  assert_heard (fixture, "invalid v\n");
  assert_json (fixture, "[{},{}]");
}

static void
test_quiet (Fixture       *fixture,
            gconstpointer  user_data)
{
  g_autoptr(GError) error = NULL;

  g_test_summary ("It is the same when nobody listens, and for the first content");

  set_schema (fixture, "{\"t\":{\"n\":{\"type\":\"number\"},\"d\":{\"type\":\"string\",\"default\":\"\"}}}");
  g_assert_false (tst_store_set_json (fixture->store, "[{\"t\":{\"r\":{\"n\":\"x\"}}},{}]", &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_SCHEMA);
  g_clear_error (&error);
  assert_json (fixture, "[{},{}]");
  set_json (fixture, "[{\"t\":{\"r\":{\"n\":1}}},{}]");
  assert_json (fixture, "[{\"t\":{\"r\":{\"n\":1,\"d\":\"\"}}},{}]");
  g_assert_false (tst_store_set_cell_string (fixture->store, "t", "r", "n", "x", &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_SCHEMA);
  assert_json (fixture, "[{\"t\":{\"r\":{\"n\":1,\"d\":\"\"}}},{}]");
}

/* --- Keyed values --- */

static void
test_values (Fixture       *fixture,
             gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  g_autoptr(GError) error = NULL;

  g_test_summary ("Keyed values have their defaults from the start, and get them back");

  set_schema (fixture, pets);
  listen (fixture);
  assert_json (fixture, "[{},{\"open\":true}]");
  g_assert_true (tst_store_set_value_boolean (store, "open", FALSE, &error));
  assert_heard (fixture, "[{},{\"open\":false},1]\n");
  g_assert_true (tst_store_remove_value (store, "open"));
  assert_heard (fixture, "[{},{\"open\":true},1]\n");
  g_assert_false (tst_store_set_value_number (store, "open", 5, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_SCHEMA);
  g_clear_error (&error);
  assert_heard (fixture, "invalid open\n");
  g_assert_false (tst_store_set_value_number (store, "shut", 5, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_SCHEMA);
  g_clear_error (&error);
  assert_heard (fixture, "invalid shut\n");
  g_assert_false (tst_store_set_value_number (store, "\xff", 5, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_INVALID_ID);
  g_clear_error (&error);
  g_string_truncate (fixture->heard, 0);

  g_assert_true (tst_store_set_values_json (store, "{\"motto\":\"Woof\",\"open\":false}", &error));
  g_assert_true (tst_store_set_values_json (store, "{\"motto\":\"Meow\"}", &error));
  assert_json (fixture, "[{},{\"open\":true,\"motto\":\"Meow\"}]");
  tst_store_remove_values (store);
  assert_json (fixture, "[{},{\"open\":true}]");
}

static void
test_required_values (Fixture       *fixture,
                      gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  g_autoptr(GError) error = NULL;

  g_test_summary ("Keyed values that are required come with the first of them");

  set_schema (fixture, "[{},{\"user\":{\"type\":\"string\",\"required\":true},"
                            "\"open\":{\"type\":\"boolean\",\"default\":true}}]");
  assert_json (fixture, "[{},{}]");
  g_assert_false (tst_store_set_value_boolean (store, "open", FALSE, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_SCHEMA);
  g_clear_error (&error);
  assert_json (fixture, "[{},{}]");
  g_assert_true (tst_store_set_value_string (store, "user", "me", &error));
  g_assert_no_error (error);
  assert_json (fixture, "[{},{\"user\":\"me\",\"open\":true}]");
  g_assert_false (tst_store_remove_value (store, "user"));
  tst_store_remove_values (store);
  assert_json (fixture, "[{},{}]");

  /* Nothing is said of tables. */
  g_assert_true (tst_store_set_cell_number (store, "any", "thing", "goes", 1, &error));
  g_assert_no_error (error);
}

/* --- With data --- */

#define MISFITS \
  "[{\"pets\":{\"rex\":{\"name\":\"Rex\",\"price\":\"dear\",\"species\":\"fish\",\"x\":1}," \
             "\"none\":{\"price\":1}," \
             "\"tom\":{\"name\":\"Tom\",\"species\":\"cat\"}}," \
    "\"toys\":{\"ball\":{\"name\":\"Ball\"}}},{\"motto\":1,\"shut\":false}]"

#define FITTED \
  "[{\"pets\":{\"rex\":{\"name\":\"Rex\",\"species\":\"dog\"}," \
             "\"tom\":{\"name\":\"Tom\",\"species\":\"cat\"}}},{\"open\":true}]"

static void
test_data (Fixture       *fixture,
           gconstpointer  user_data)
{
  g_autoptr(TstSchema) schema = tst_schema_new_from_json (pets, NULL);
  g_autoptr(TstChanges) preview = NULL;
  g_autofree char *json = NULL;
  g_autoptr(GError) error = NULL;

  g_test_summary ("F39: data that does not fit refuses the schema, unless it is to be dropped");

  set_json (fixture, MISFITS);
  listen (fixture);

  preview = tst_store_preview_schema (fixture->store, schema);
  json = tst_changes_to_json (preview);
  assert_json (fixture, MISFITS);
  assert_heard (fixture, "");

  g_assert_false (tst_store_set_schema (fixture->store, schema, TST_SCHEMA_DEFAULT, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_SCHEMA);
  g_assert_nonnull (strstr (error->message, "7 things"));
  g_assert_nonnull (strstr (error->message, "/pets/rex/price"));
  g_clear_error (&error);
  g_assert_null (tst_store_get_schema (fixture->store));
  assert_json (fixture, MISFITS);
  assert_heard (fixture, "");

  g_assert_true (tst_store_set_schema (fixture->store, schema, TST_SCHEMA_DROP, &error));
  g_assert_no_error (error);
  g_assert_true (tst_store_get_schema (fixture->store) == schema);
  assert_json (fixture, FITTED);
  g_assert_true (g_str_has_prefix (fixture->heard->str,
                                   "invalid pets/rex/price\n"
                                   "invalid pets/rex/species\n"
                                   "invalid pets/rex/x\n"
                                   "invalid pets/none/name\n"
                                   "invalid toys/-/-\n"
                                   "invalid motto\n"
                                   "invalid shut\n"));
  g_assert_nonnull (strstr (fixture->heard->str, json));
}

static void
test_data_required (Fixture       *fixture,
                    gconstpointer  user_data)
{
  g_autoptr(GError) error = NULL;

  g_test_summary ("What is required and does not fit is missing");

  set_json (fixture, "[{\"pets\":{\"rex\":{\"price\":1,\"name\":5},\"tom\":{\"name\":\"Tom\"},\"1\":{\"name\":1}}},"
                      "{\"user\":5,\"open\":true}]");
  listen (fixture);
  g_assert_true (tst_store_set_schema_json (fixture->store,
                                            "[{\"pets\":{\"name\":{\"type\":\"string\",\"required\":true},"
                                                          "\"price\":{\"type\":\"number\"}}},"
                                             "{\"user\":{\"type\":\"string\",\"required\":true},"
                                              "\"open\":{\"type\":\"boolean\"}}]",
                                            TST_SCHEMA_DROP, &error));
  g_assert_no_error (error);
  assert_json (fixture, "[{\"pets\":{\"tom\":{\"name\":\"Tom\"}}},{}]");
  g_assert_true (g_str_has_prefix (fixture->heard->str,
                                   "invalid pets/rex/name\ninvalid pets/rex/name\n"
                                   "invalid pets/1/name\ninvalid pets/1/name\n"
                                   "invalid user\ninvalid user\n["));
}

/* So many columns that their numbers are free again when nobody has them any more. */
static void
test_data_free_column (Fixture       *fixture,
                       gconstpointer  user_data)
{
  g_autoptr(GError) error = NULL;

  g_test_summary ("A default may come in the place of a column that was there before");

  for (guint i = 0; i < 200; i++)
    {
      g_autofree char *id = g_strdup_printf ("c%u", i);

      tst_store_set_cell_number (fixture->store, "t", "old", id, 1, NULL);
    }
  tst_store_set_cell_number (fixture->store, "t", "r", "n", 1, NULL);
  tst_store_set_cell_number (fixture->store, "t", "r", "x", 1, NULL);
  g_assert_true (tst_store_remove_row (fixture->store, "t", "old"));

  g_assert_true (tst_store_set_schema_json (fixture->store,
                                            "{\"t\":{\"n\":{\"type\":\"number\"},"
                                                   "\"d\":{\"type\":\"string\",\"default\":\"\"}}}",
                                            TST_SCHEMA_DROP, &error));
  g_assert_no_error (error);
  assert_json (fixture, "[{\"t\":{\"r\":{\"n\":1,\"d\":\"\"}}},{}]");
}

static void
remove_rows (TstStore *store,
             guint     from,
             guint     to)
{
  for (guint i = from; i < to; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      g_assert_true (tst_store_remove_row (store, "t", id));
    }
}

/* Many rows, so that what is left of them is put together. */
static void
test_preview_in_transaction (Fixture       *fixture,
                             gconstpointer  user_data)
{
  g_autoptr(TstSchema) schema = tst_schema_new_from_json ("{\"t\":{\"c\":{\"enum\":[1]}}}", NULL);
  g_autoptr(TstChanges) preview = NULL;
  g_auto(GStrv) row_ids = NULL;

  g_test_summary ("A preview in a transaction knows what the transaction removed");

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      tst_store_set_cell_number (fixture->store, "t", id, "c", i % 2, NULL);
    }

  tst_store_begin (fixture->store);
  remove_rows (fixture->store, 10, 1000);
  preview = tst_store_preview_schema (fixture->store, schema);
  g_assert_true (tst_store_commit (fixture->store));

  row_ids = tst_changes_get_row_ids (preview, "t");
  g_assert_cmpstrv (row_ids, ((const char *[]) { "0", "2", "4", "6", "8", NULL }));
  g_assert_cmpuint (tst_store_get_n_rows (fixture->store, "t"), ==, 10);
}

/* With the last rows that the transaction removed goes what is empty before them. */
static void
test_preview_holes (Fixture       *fixture,
                    gconstpointer  user_data)
{
  g_autoptr(TstSchema) schema = tst_schema_new_from_json ("{\"t\":{\"c\":{\"type\":\"number\"}}}", NULL);
  g_autoptr(TstChanges) preview = NULL;

  g_test_summary ("A preview in a transaction knows of rows that were removed before, too");

  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      tst_store_set_cell_number (fixture->store, "t", id, "c", i, NULL);
    }
  remove_rows (fixture->store, 230, 290);
  tst_store_begin (fixture->store);
  remove_rows (fixture->store, 290, 300);
  preview = tst_store_preview_schema (fixture->store, schema);
  g_assert_true (tst_store_commit (fixture->store));

  g_assert_true (tst_changes_is_empty (preview));
  g_assert_cmpuint (tst_store_get_n_rows (fixture->store, "t"), ==, 230);
}

static void
test_replaced (Fixture       *fixture,
               gconstpointer  user_data)
{
  g_autofree char *schema = NULL;
  g_autoptr(GError) error = NULL;

  g_test_summary ("A schema is replaced by another one, or by none, and the data stays");

  set_schema (fixture, "{\"pets\":{\"name\":{\"type\":[\"string\",\"number\"]},"
                                  "\"price\":{\"type\":\"number\"},\"species\":{\"type\":\"string\"}}}");
  g_assert_true (tst_store_set_cell_number (fixture->store, "pets", "rex", "name", 1, &error));
  g_assert_no_error (error);
  g_assert_true (tst_store_set_value_number (fixture->store, "open", 1, &error));
  g_assert_false (tst_store_set_schema_json (fixture->store, pets, 0, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_SCHEMA);
  g_clear_error (&error);
  schema = tst_store_get_schema_json (fixture->store);
  g_assert_nonnull (strstr (schema, "[\"string\",\"number\"]"));
  g_assert_false (tst_store_set_schema_json (fixture->store, "[]", 0, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_FORMAT);
  g_clear_error (&error);

  g_assert_true (tst_store_set_schema_json (fixture->store, NULL, 0, &error));
  g_assert_no_error (error);
  g_assert_null (tst_store_get_schema_json (fixture->store));
  g_assert_true (tst_store_set_cell_boolean (fixture->store, "any", "thing", "goes", TRUE, &error));
  assert_json (fixture, "[{\"pets\":{\"rex\":{\"name\":1,\"price\":5,\"species\":\"dog\"}},"
                         "\"any\":{\"thing\":{\"goes\":true}}},{\"open\":1}]");
}

static void
test_rollback (Fixture       *fixture,
               gconstpointer  user_data)
{
  TstSchema *before;
  g_autofree char *json = tst_store_get_json (fixture->store);
  g_autofree char *inner = NULL;

  g_test_summary ("A rollback brings the schema back that there was");

  before = tst_store_get_schema (fixture->store);
  tst_store_begin (fixture->store);
  set_schema (fixture, NULL);
  tst_store_set_cell_number (fixture->store, "pets", "rex", "x", 1, NULL);
  inner = tst_store_get_json (fixture->store);
  tst_store_begin (fixture->store);
  g_assert_true (tst_store_set_schema_json (fixture->store, "{\"pets\":{\"x\":{\"type\":\"number\"}}}",
                                            TST_SCHEMA_DROP, NULL));
  assert_json (fixture, "[{\"pets\":{\"rex\":{\"x\":1}}},{\"open\":true}]");
  tst_store_rollback (fixture->store);
  g_assert_null (tst_store_get_schema (fixture->store));
  assert_json (fixture, inner);
  tst_store_rollback (fixture->store);
  g_assert_true (tst_store_get_schema (fixture->store) == before);
  assert_json (fixture, json);
  assert_heard (fixture, "invalid pets/rex/name\ninvalid pets/rex/price\ninvalid pets/rex/species\n");
  g_assert_false (tst_store_set_cell_number (fixture->store, "pets", "rex", "x", 1, NULL));

  /* Of what an inner transaction set, only the outer one can go back. */
  tst_store_begin (fixture->store);
  tst_store_begin (fixture->store);
  set_schema (fixture, NULL);
  tst_store_commit (fixture->store);
  tst_store_begin (fixture->store);
  tst_store_rollback (fixture->store);
  g_assert_null (tst_store_get_schema (fixture->store));
  tst_store_rollback (fixture->store);
  g_assert_true (tst_store_get_schema (fixture->store) == before);
}

static void
veto_cb (TstStore     *store,
         const char   *table_id,
         const char   *row_id,
         const char   *cell_id,
         const GValue *new_value,
         const GValue *old_value,
         gpointer      user_data)
{
  tst_store_rollback (store);
}

static void
test_mutator (Fixture       *fixture,
              gconstpointer  user_data)
{
  g_autofree char *json = tst_store_get_json (fixture->store);
  g_autoptr(GError) error = NULL;

  g_test_summary ("What a mutator undoes is undone with the schema, and every write tells");

  tst_store_add_cell_listener (fixture->store, "pets", NULL, NULL, TST_LISTENER_MUTATOR, veto_cb, NULL, NULL);
  g_assert_false (tst_store_set_schema_json (fixture->store, "{\"pets\":{\"name\":{\"type\":\"string\"}}}",
                                             TST_SCHEMA_DROP, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_ROLLED_BACK);
  g_clear_error (&error);
  assert_json (fixture, json);
  g_assert_true (tst_schema_has_values (tst_store_get_schema (fixture->store)));

  g_assert_false (tst_store_set_cell_number (fixture->store, "pets", "rex", "price", 1, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_ROLLED_BACK);
  g_clear_error (&error);
  g_assert_false (tst_store_set_cell_string (fixture->store, "pets", "tom", "name", "Tom", &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_ROLLED_BACK);
  g_clear_error (&error);
  g_assert_false (tst_store_remove_cell (fixture->store, "pets", "rex", "price"));
  assert_json (fixture, json);
}

static void
unset_cb (TstStore *store,
          gpointer  user_data)
{
  g_assert_true (tst_store_set_schema (store, NULL, 0, NULL));
}

static void
test_unset_in_handler (Fixture       *fixture,
                       gconstpointer  user_data)
{
  gulong handler;

  g_test_summary ("A schema that a handler takes away does not hold any more");

  handler = g_signal_connect (fixture->store, "transaction-started", G_CALLBACK (unset_cb), NULL);
  g_assert_true (tst_store_set_cell_number (fixture->store, "pets", "rex", "x", 1, NULL));
  g_signal_handler_disconnect (fixture->store, handler);
  g_assert_null (tst_store_get_schema (fixture->store));
  set_schema (fixture, NULL);
}

static void
test_transaction (Fixture       *fixture,
                  gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("In a transaction, what does not fit is left out, and told of at its end");

  tst_store_begin (store);
  g_assert_true (tst_store_set_cell_number (store, "pets", "rex", "price", 1, NULL));
  g_assert_false (tst_store_set_cell_number (store, "pets", "rex", "name", 1, NULL));
  g_assert_false (tst_store_set_row_json (store, "pets", "tom", "{\"price\":1}", NULL));
  g_assert_true (tst_store_set_row_json (store, "pets", "tom", "{\"name\":\"Tom\"}", NULL));
  assert_heard (fixture, "");
  g_assert_true (tst_store_commit (store));
  assert_heard (fixture, "invalid pets/rex/name\ninvalid pets/tom/name\n"
                         "[{\"pets\":{\"rex\":{\"price\":1},\"tom\":{\"name\":\"Tom\",\"species\":\"dog\"}}},{},1]\n");
}

/* Made before there is any store. */
static TstSchema *early_schema;

static void
test_early (Fixture       *fixture,
            gconstpointer  user_data)
{
  g_autoptr(GError) error = NULL;

  g_test_summary ("A schema that is older than all stores is as good as any");

  g_assert_true (tst_store_set_schema (fixture->store, early_schema, TST_SCHEMA_DEFAULT, &error));
  g_assert_no_error (error);
  g_assert_true (tst_store_set_row_json (fixture->store, "pets", "rex", "{\"name\":\"Rex\",\"price\":1}", &error));
  g_assert_no_error (error);
  g_assert_true (tst_store_set_schema (fixture->store, early_schema, TST_SCHEMA_DEFAULT, &error));
  g_assert_no_error (error);
}

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  early_schema = tst_schema_new_from_json (pets, NULL);

  g_test_add_func ("/schema/build", test_build);
  g_test_add_func ("/schema/build/refused", test_build_refused);
  g_test_add_func ("/schema/spec", test_spec);

#define ADD(path, set_up, func) \
  g_test_add (path, Fixture, NULL, set_up, func, fixture_tear_down)

  ADD ("/schema/sealed", fixture_set_up, test_sealed);
  ADD ("/schema/cell", pets_set_up, test_cell);
  ADD ("/schema/cell/new-row", pets_set_up, test_new_row);
  ADD ("/schema/cell/remove", pets_set_up, test_remove_cell);
  ADD ("/schema/cell/remove/last", fixture_set_up, test_remove_last);
  ADD ("/schema/cell/cursor", pets_set_up, test_cursor);
  ADD ("/schema/row", pets_set_up, test_row);
  ADD ("/schema/whole", pets_set_up, test_whole);
  ADD ("/schema/second-row", fixture_set_up, test_second_row);
  ADD ("/schema/quiet", fixture_set_up, test_quiet);
  ADD ("/schema/values", fixture_set_up, test_values);
  ADD ("/schema/values/required", fixture_set_up, test_required_values);
  ADD ("/schema/data", fixture_set_up, test_data);
  ADD ("/schema/data/required", fixture_set_up, test_data_required);
  ADD ("/schema/data/free-column", fixture_set_up, test_data_free_column);
  ADD ("/schema/preview/in-transaction", fixture_set_up, test_preview_in_transaction);
  ADD ("/schema/preview/holes", fixture_set_up, test_preview_holes);
  ADD ("/schema/replaced", pets_set_up, test_replaced);
  ADD ("/schema/rollback", pets_set_up, test_rollback);
  ADD ("/schema/mutator", pets_set_up, test_mutator);
  ADD ("/schema/unset-in-handler", pets_set_up, test_unset_in_handler);
  ADD ("/schema/transaction", pets_set_up, test_transaction);

  ADD ("/schema/early", fixture_set_up, test_early);

  status = g_test_run ();
  tst_schema_unref (early_schema);

  return status;
}
