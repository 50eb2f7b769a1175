/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Schemas as JSON text: what is read, what is written, and what is refused. */

#include <libtstore/tstore.h>

#include <string.h>

#define MARK    "\357\277\275"
#define REMOVED "\357\277\274"

/* --- What is accepted --- */

typedef struct
{
  const char *json;
  const char *written;
} Accepted;

static const Accepted accepted[] = {
  /* The forms of the whole */
  { "[{},{}]", "[{},{}]" },
  { " [ { } , { } ] ", "[{},{}]" },
  { "[{}]", "[{},{}]" },
  { "{}", "[{},{}]" },
  { "{\"t\":{\"c\":{\"type\":\"string\"}}}", "[{\"t\":{\"c\":{\"type\":\"string\"}}},{}]" },
  { "[{\"t\":{\"c\":{\"type\":\"string\"}}}]", "[{\"t\":{\"c\":{\"type\":\"string\"}}},{}]" },
  { "[{},{\"v\":{\"type\":\"string\"}}]", "[{},{\"v\":{\"type\":\"string\"}}]" },
  { "\t[\r\n{\"t\" : {\"c\":\n{ \"type\" :\"string\" , \"required\" : true}} }\n,{}\n]\n",
    "[{\"t\":{\"c\":{\"type\":\"string\",\"required\":true}}},{}]" },

  /* Types */
  { "[{},{\"a\":{\"type\":\"number\"},\"b\":{\"type\":\"boolean\"},\"c\":{\"type\":\"object\"},\"d\":{\"type\":\"array\"}}]",
    "[{},{\"a\":{\"type\":\"number\"},\"b\":{\"type\":\"boolean\"},\"c\":{\"type\":\"object\"},\"d\":{\"type\":\"array\"}}]" },
  { "[{},{\"v\":{\"type\":[\"string\"]}}]", "[{},{\"v\":{\"type\":\"string\"}}]" },
  { "[{},{\"v\":{\"type\":[ \"array\" , \"object\",\"boolean\",\"number\",\"string\"]}}]",
    "[{},{\"v\":{\"type\":[\"string\",\"number\",\"boolean\",\"object\",\"array\"]}}]" },
  { "[{},{\"v\":{\"type\":[\"number\",\"number\"]}}]", "[{},{\"v\":{\"type\":\"number\"}}]" },
  { "[{},{\"v\":{\"typ\\u0065\":\"str\\u0069ng\"}}]", "[{},{\"v\":{\"type\":\"string\"}}]" },

  /* Enumerations */
  { "[{},{\"v\":{\"enum\":[\"a\"]}}]", "[{},{\"v\":{\"enum\":[\"a\"]}}]" },
  { "[{},{\"v\":{\"enum\":[ true , 1.0,\"1\",\"\",false ]}}]", "[{},{\"v\":{\"enum\":[true,1,\"1\",\"\",false]}}]" },
  { "[{},{\"v\":{\"enum\":[\"" MARK "x\",\"" REMOVED "\"]}}]",
    "[{},{\"v\":{\"enum\":[\"" MARK "\\\"" MARK "x\\\"\",\"" MARK "\\\"" REMOVED "\\\"\"]}}]" },

  /* The other members, in any order */
  { "[{},{\"v\":{\"required\":false,\"allowNull\":false,\"type\":\"string\"}}]", "[{},{\"v\":{\"type\":\"string\"}}]" },
  { "[{},{\"v\":{\"required\":true,\"allowNull\":true,\"default\":\"x\",\"type\":\"string\"}}]",
    "[{},{\"v\":{\"type\":\"string\",\"default\":\"x\",\"allowNull\":true,\"required\":true}}]" },
  { "[{},{\"v\":{\"default\":null,\"type\":\"string\",\"allowNull\":true}}]",
    "[{},{\"v\":{\"type\":\"string\",\"default\":null,\"allowNull\":true}}]" },
  { "[{},{\"v\":{\"default\":2,\"enum\":[1,2]}}]", "[{},{\"v\":{\"enum\":[1,2],\"default\":2}}]" },
  { "[{},{\"v\":{\"allowNull\":true,\"default\":null,\"enum\":[1,2]}}]",
    "[{},{\"v\":{\"enum\":[1,2],\"default\":null,\"allowNull\":true}}]" },

  /* Defaults */
  { "[{},{\"v\":{\"type\":\"boolean\",\"default\":false}}]", "[{},{\"v\":{\"type\":\"boolean\",\"default\":false}}]" },
  { "[{},{\"v\":{\"type\":\"string\",\"default\":\"\"}}]", "[{},{\"v\":{\"type\":\"string\",\"default\":\"\"}}]" },
  { "[{},{\"v\":{\"type\":\"number\",\"default\":1E+3}}]", "[{},{\"v\":{\"type\":\"number\",\"default\":1000}}]" },
  { "[{},{\"v\":{\"type\":\"number\",\"default\":-0}}]", "[{},{\"v\":{\"type\":\"number\",\"default\":0}}]" },
  { "[{},{\"v\":{\"type\":\"number\",\"default\":1e21}}]", "[{},{\"v\":{\"type\":\"number\",\"default\":1e+21}}]" },
  { "[{},{\"v\":{\"type\":\"number\",\"default\":0.0000001}}]", "[{},{\"v\":{\"type\":\"number\",\"default\":1e-7}}]" },
  { "[{},{\"v\":{\"type\":\"object\",\"default\":{ \"a\" : [ 1 , null ] }}}]",
    "[{},{\"v\":{\"type\":\"object\",\"default\":{\"a\":[1,null]}}}]" },
  { "[{},{\"v\":{\"type\":\"array\",\"default\":[]}}]", "[{},{\"v\":{\"type\":\"array\",\"default\":[]}}]" },
  { "[{},{\"v\":{\"type\":\"object\",\"default\":\"" MARK "{\\\"a\\\":1}\"}}]",
    "[{},{\"v\":{\"type\":\"object\",\"default\":{\"a\":1}}}]" },
  { "[{},{\"v\":{\"type\":\"string\",\"default\":\"" MARK "x\"}}]",
    "[{},{\"v\":{\"type\":\"string\",\"default\":\"" MARK "\\\"" MARK "x\\\"\"}}]" },
  { "[{},{\"v\":{\"type\":\"string\",\"default\":\"" MARK "\\\"{}\\\"\"}}]",
    "[{},{\"v\":{\"type\":\"string\",\"default\":\"{}\"}}]" },

  /* Ids: any, in the order in which they come */
  { "{\"\":{\"\":{\"type\":\"string\"}}}", "[{\"\":{\"\":{\"type\":\"string\"}}},{}]" },
  { "{\"b\":{\"2\":{\"type\":\"string\"},\"1\":{\"type\":\"string\"}},\"a\":{\"c\":{\"type\":\"string\"}}}",
    "[{\"b\":{\"2\":{\"type\":\"string\"},\"1\":{\"type\":\"string\"}},\"a\":{\"c\":{\"type\":\"string\"}}},{}]" },
  { "{\"\\u0074\\n\":{\"\\\"\\\\\":{\"type\":\"string\"}}}", "[{\"t\\n\":{\"\\\"\\\\\":{\"type\":\"string\"}}},{}]" },
  { "{\"t\":{\"\\ud83d\\ude00é\":{\"type\":\"string\"}}}", "[{\"t\":{\"😀é\":{\"type\":\"string\"}}},{}]" },
  { "[{\"type\":{\"enum\":{\"type\":\"string\"}}},{\"default\":{\"type\":\"string\"}}]",
    "[{\"type\":{\"enum\":{\"type\":\"string\"}}},{\"default\":{\"type\":\"string\"}}]" },
  { "[{\"t\":{\"c\":{\"type\":\"string\"}},\"u\":{\"c\":{\"type\":\"string\"}}},{\"c\":{\"type\":\"string\"},\"t\":{\"type\":\"string\"}}]",
    "[{\"t\":{\"c\":{\"type\":\"string\"}},\"u\":{\"c\":{\"type\":\"string\"}}},{\"c\":{\"type\":\"string\"},\"t\":{\"type\":\"string\"}}]" },
};

static void
assert_accepted (const char *json,
                 const char *expected)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TstSchema) schema = tst_schema_new_from_json (json, &error);
  g_autoptr(TstSchema) again = NULL;
  g_autofree char *written = NULL;
  g_autofree char *rewritten = NULL;

  g_assert_no_error (error);
  written = tst_schema_to_json (schema);
  g_assert_cmpstr (written, ==, expected);

  again = tst_schema_new_from_json (written, &error);
  g_assert_no_error (error);
  g_assert_true (tst_schema_equal (schema, again));
  rewritten = tst_schema_to_json (again);
  g_assert_cmpstr (rewritten, ==, written);
}

static void
test_accepted (void)
{
  g_test_summary ("A schema is read, written in one form, and is the same when that is read");

  for (guint i = 0; i < G_N_ELEMENTS (accepted); i++)
    {
      g_test_message ("%s", accepted[i].json);
      assert_accepted (accepted[i].json, accepted[i].written);
    }
}

/* --- What is refused --- */

typedef struct
{
  const char *json;
  TstError    code;
  const char *message;
} Refused;

#define P TST_ERROR_PARSE
#define F TST_ERROR_FORMAT

static const Refused refused[] = {
  /* Not JSON */
  { "", P, "The text is empty: line 1, column 1" },
  { " ", P, "The text is empty: line 1, column 2" },
  { "\357\273\277{}", P, "The text starts with a byte order mark: line 1, column 1" },
  { "x", P, "Expected an object with tables: line 1, column 1" },
  { "1", F, "Expected an object with tables: line 1, column 1" },
  { "null", F, "Expected an object with tables: line 1, column 1" },
  { "\"t\"", F, "Expected an object with tables: line 1, column 1" },
  { "{", P, "Expected “\"”: line 1, column 2" },
  { "[", P, "Expected an object with tables: line 1, column 2" },
  { "[{", P, "Expected “\"”: line 1, column 3" },
  { "[{}", P, "Expected “]”: line 1, column 4" },
  { "[{},", P, "Expected an object with values: line 1, column 5" },
  { "[{},{}", P, "Expected “]”: line 1, column 7" },
  { "[{},{}] x", P, "There is more text behind the end: line 1, column 9" },
  { "{} {}", P, "There is more text behind the end: line 1, column 4" },
  { "{},{}", P, "There is more text behind the end: line 1, column 3" },
  { "[{},{},{}]", P, "Expected “]”: line 1, column 7" },
  { "[{}{}]", P, "Expected “]”: line 1, column 4" },
  { "[{},]", P, "Expected an object with values: line 1, column 5" },
  { "[]", F, "Expected an object with tables: line 1, column 2" },
  { "[,{}]", P, "Expected an object with tables: line 1, column 2" },
  { "[[],{}]", F, "Expected an object with tables: line 1, column 2" },
  { "[{},[]]", F, "Expected an object with values: line 1, column 5" },
  { "[{},null]", F, "Expected an object with values: line 1, column 5" },
  { "[null,{}]", F, "Expected an object with tables: line 1, column 2" },
  { "[{\"t\"}]", P, "Expected “:”: line 1, column 6" },
  { "[{\"t\":}]", P, "Expected an object with cells: line 1, column 7" },
  { "[{t:{}}]", P, "Expected “\"”: line 1, column 3" },
  { "[{\"t\":{\"c\":{\"type\":\"string\"}},}]", P, "Expected “\"”: line 1, column 31" },
  { "[{\"t\":{\"c\":{\"type\":\"string\"},}}]", P, "Expected “\"”: line 1, column 30" },
  { "[{\"t\":{\"c\":{\"type\":\"string\",}}}]", P, "Expected “\"”: line 1, column 29" },
  { "[{\"t\":{\"c\":{\"type\":\"string\" \"required\":true}}}]", P, "Expected “,” or “}”: line 1, column 29" },
  { "[{\"t\":{\"c\":{\"type\":\"string}}}]", P, "A string does not end: line 1, column 31" },
  { "[{\"\377\":{}}]", P, "Not valid UTF-8: line 1, column 4" },
  { "[{\"t\":{\"c\":{\"type\":\"string\",\"default\":\"\377\"}}}]", P, "Not valid UTF-8: line 1, column 40" },
  { "[{\"\\u0000\":{}}]", P, "A string contains the character U+0000: line 1, column 4" },
  { "[{\"\\ud800\":{}}]", P, "A string contains half of a surrogate pair: line 1, column 4" },
  { "{/**/}", P, "Expected “\"”: line 1, column 2" },

  /* Tables, cells and values that are none */
  { "{\"t\":{}}", F, "Expected a cell in the table: line 1, column 6" },
  { "[{\"t\":{}},{}]", F, "Expected a cell in the table: line 1, column 7" },
  { "{\"t\":[]}", F, "Expected an object with cells: line 1, column 6" },
  { "{\"t\":null}", F, "Expected an object with cells: line 1, column 6" },
  { "{\"t\":{\"c\":{}}}", F, "Expected either “type” or “enum”: line 1, column 11" },
  { "{\"t\":{\"c\":\"string\"}}", F, "Expected an object with “type” or “enum”: line 1, column 11" },
  { "{\"t\":{\"c\":null}}", F, "Expected an object with “type” or “enum”: line 1, column 11" },
  { "[{},{\"v\":{}}]", F, "Expected either “type” or “enum”: line 1, column 10" },
  { "[{},{\"v\":[]}]", F, "Expected an object with “type” or “enum”: line 1, column 10" },

  /* Twice */
  { "{\"t\":{\"c\":{\"type\":\"string\"}},\"t\":{\"d\":{\"type\":\"string\"}}}", F,
    "An id is there twice: line 1, column 30" },
  { "{\"t\":{\"c\":{\"type\":\"string\"}},\"\\u0074\":{\"d\":{\"type\":\"string\"}}}", F,
    "An id is there twice: line 1, column 30" },
  { "{\"t\":{\"c\":{\"type\":\"string\"},\n\"\\u0063\":{\"type\":\"string\"}}}", F,
    "An id is there twice: line 2, column 1" },
  { "[{},{\"v\":{\"type\":\"string\"},\"v\":{\"type\":\"string\"}}]", F,
    "An id is there twice: line 1, column 28" },
  { "[{},{\"v\":{\"type\":\"string\",\"type\":\"string\"}}]", F, "It is there twice: line 1, column 27" },
  { "[{},{\"v\":{\"type\":\"string\",\"typ\\u0065\":\"number\"}}]", F, "It is there twice: line 1, column 27" },
  { "[{},{\"v\":{\"enum\":[1],\"enum\":[1]}}]", F, "It is there twice: line 1, column 22" },
  { "[{},{\"v\":{\"default\":1,\"default\":1,\"type\":\"number\"}}]", F, "It is there twice: line 1, column 23" },
  { "[{},{\"v\":{\"required\":true,\"required\":true,\"type\":\"number\"}}]", F,
    "It is there twice: line 1, column 27" },
  { "[{},{\"v\":{\"allowNull\":true,\"allowNull\":true,\"type\":\"number\"}}]", F,
    "It is there twice: line 1, column 28" },

  /* Members */
  { "[{},{\"v\":{\"type\":\"string\",\"enum\":[\"a\"]}}]", F,
    "Expected either “type” or “enum”: line 1, column 10" },
  { "[{},{\"v\":{\"required\":true}}]", F, "Expected either “type” or “enum”: line 1, column 10" },
  { "[{},{\"v\":{\"type\":\"string\",\"Default\":1}}]", F,
    "Expected “type”, “enum”, “default”, “allowNull” or “required”: line 1, column 27" },
  { "[{},{\"v\":{\"type\":\"string\",\"\":1}}]", F,
    "Expected “type”, “enum”, “default”, “allowNull” or “required”: line 1, column 27" },
  { "[{},{\"v\":{\"type\":\"string\",\n \"requiredé\":1}}]", F,
    "Expected “type”, “enum”, “default”, “allowNull” or “required”: line 2, column 2" },
  { "[{},{\"v\":{\"type\":\"string\",\"required\":1}}]", F, "Expected true or false: line 1, column 38" },
  { "[{},{\"v\":{\"type\":\"string\",\"required\":null}}]", F, "Expected true or false: line 1, column 38" },
  { "[{},{\"v\":{\"type\":\"string\",\"required\":\"true\"}}]", F, "Expected true or false: line 1, column 38" },
  { "[{},{\"v\":{\"type\":\"string\",\"allowNull\":[]}}]", F, "Expected true or false: line 1, column 39" },
  { "[{},{\"v\":{\"type\":\"string\",\"allowNull\":tru}}]", P, "Expected a value: line 1, column 39" },
  { "[{},{\"v\":{\"type\":\"string\",\"allowNull\":}}]", P, "Expected a value: line 1, column 39" },

  /* Types */
  { "[{},{\"v\":{\"type\":\"text\"}}]", F, "There is no type of that name: line 1, column 18" },
  { "[{},{\"v\":{\"type\":\"String\"}}]", F, "There is no type of that name: line 1, column 18" },
  { "[{},{\"v\":{\"type\":\"null\"}}]", F, "There is no type of that name: line 1, column 18" },
  { "[{},{\"v\":{\"type\":\"\"}}]", F, "There is no type of that name: line 1, column 18" },
  { "[{},{\"v\":{\"type\":1}}]", F, "Expected the name of a type: line 1, column 18" },
  { "[{},{\"v\":{\"type\":null}}]", F, "Expected the name of a type: line 1, column 18" },
  { "[{},{\"v\":{\"type\":{}}}]", F, "Expected the name of a type: line 1, column 18" },
  { "[{},{\"v\":{\"type\":}}]", P, "Expected the name of a type: line 1, column 18" },
  { "[{},{\"v\":{\"type\":[]}}]", F, "Expected something in the list: line 1, column 19" },
  { "[{},{\"v\":{\"type\":[\"string\",\"text\"]}}]", F, "There is no type of that name: line 1, column 28" },
  { "[{},{\"v\":{\"type\":[\"string\",]}}]", P, "Expected the name of a type: line 1, column 28" },
  { "[{},{\"v\":{\"type\":[\"string\" \"number\"]}}]", P, "Expected “,” or “]”: line 1, column 28" },
  { "[{},{\"v\":{\"type\":[\"string\"}}]", P, "Expected “,” or “]”: line 1, column 27" },
  { "[{},{\"v\":{\"type\":[[\"string\"]]}}]", F, "Expected the name of a type: line 1, column 19" },

  /* Choices */
  { "[{},{\"v\":{\"enum\":[]}}]", F, "Expected something in the list: line 1, column 19" },
  { "[{},{\"v\":{\"enum\":\"a\"}}]", F, "Expected a list of choices: line 1, column 18" },
  { "[{},{\"v\":{\"enum\":{}}}]", F, "Expected a list of choices: line 1, column 18" },
  { "[{},{\"v\":{\"enum\":null}}]", F, "Expected a list of choices: line 1, column 18" },
  { "[{},{\"v\":{\"enum\":[\"a\",null]}}]", F,
    "Only strings, numbers and booleans can be choices: line 1, column 23" },
  { "[{},{\"v\":{\"enum\":[{}]}}]", F, "Only strings, numbers and booleans can be choices: line 1, column 19" },
  { "[{},{\"v\":{\"enum\":[1, [1]]}}]", F,
    "Only strings, numbers and booleans can be choices: line 1, column 22" },
  { "[{},{\"v\":{\"enum\":[\"" MARK "[]\"]}}]", F,
    "Only strings, numbers and booleans can be choices: line 1, column 19" },
  { "[{},{\"v\":{\"enum\":[1,]}}]", P, "Expected a value: line 1, column 21" },
  { "[{},{\"v\":{\"enum\":[1 2]}}]", P, "Expected “,” or “]”: line 1, column 21" },
  { "[{},{\"v\":{\"enum\":[1e999]}}]", P, "A number is too large: line 1, column 19" },

  /* Defaults */
  { "[{},{\"v\":{\"type\":\"string\",\"default\":1}}]", F,
    "The default is not allowed for the cell: line 1, column 37" },
  { "[{},{\"v\":{\"default\":1,\"type\":\"string\"}}]", F,
    "The default is not allowed for the cell: line 1, column 21" },
  { "[{},{\"v\":{\"type\":\"string\",\"default\":null}}]", F,
    "The default is not allowed for the cell: line 1, column 37" },
  { "[{},{\"v\":{\"type\":\"string\",\"default\":null,\"allowNull\":false}}]", F,
    "The default is not allowed for the cell: line 1, column 37" },
  { "[{},{\"v\":{\"type\":[\"number\",\"boolean\"],\"default\":\"1\"}}]", F,
    "The default is not allowed for the cell: line 1, column 49" },
  { "[{},{\"v\":{\"type\":\"string\",\"default\":[]}}]", F,
    "The default is not allowed for the cell: line 1, column 37" },
  { "[{},{\"v\":{\"type\":\"array\",\"default\":{}}}]", F,
    "The default is not allowed for the cell: line 1, column 36" },
  { "[{},{\"v\":{\"type\":\"object\",\"default\":\"{}\"}}]", F,
    "The default is not allowed for the cell: line 1, column 37" },
  { "[{},{\"v\":{\"enum\":[1,2],\"default\":3}}]", F,
    "The default is not allowed for the cell: line 1, column 34" },
  { "[{},{\"v\":{\"enum\":[1,2],\"default\":\"1\"}}]", F,
    "The default is not allowed for the cell: line 1, column 34" },
  { "[{},{\"v\":{\"enum\":[1,2],\"default\":null}}]", F,
    "The default is not allowed for the cell: line 1, column 34" },
  { "[{},{\"v\":{\"default\":3,\n\"enum\":[1,2]}}]", F,
    "The default is not allowed for the cell: line 1, column 21" },
  { "[{},{\"v\":{\"type\":\"number\",\"default\":1e999}}]", P, "A number is too large: line 1, column 37" },
  { "[{},{\"v\":{\"type\":\"number\",\"default\":01}}]", P, "Not a valid number: line 1, column 38" },
  { "[{},{\"v\":{\"type\":\"object\",\"default\":{\"a\":}}}]", P, "Expected a value: line 1, column 42" },
  { "[{},{\"v\":{\"default\":1}}]", F, "Expected either “type” or “enum”: line 1, column 10" },
};

static void
test_refused (void)
{
  g_test_summary ("What is no schema is refused, with the place where it is none");

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(TstSchema) schema = tst_schema_new_from_json (refused[i].json, &error);
      g_autofree char *printable = g_utf8_make_valid (refused[i].json, -1);

      g_test_message ("%s", printable);
      g_assert_null (schema);
      g_assert_error (error, TST_ERROR, (int) refused[i].code);
      g_assert_cmpstr (error->message, ==, refused[i].message);
    }
}

/* --- Limits --- */

/* A schema with a default that is nested so deep, which counts from the default on. */
static char *
make_deep (guint depth)
{
  g_autoptr(GString) json = g_string_new ("{\"t\":{\"c\":{\"type\":\"array\",\"default\":");

  for (guint i = 0; i < depth; i++)
    g_string_append_c (json, '[');
  for (guint i = 0; i < depth; i++)
    g_string_append_c (json, ']');
  g_string_append (json, "}}}");

  return g_string_free (g_steal_pointer (&json), FALSE);
}

static void
test_deep (void)
{
  g_autofree char *deep = make_deep (64);
  g_autofree char *written = g_strdup_printf ("[%s,{}]", deep);
  g_autofree char *too_deep = make_deep (65);
  g_autoptr(TstSchema) schema = NULL;
  g_autoptr(GError) error = NULL;

  g_test_summary ("A default is as deep as a cell can be, and not deeper");

  assert_accepted (deep, written);
  schema = tst_schema_new_from_json (too_deep, &error);
  g_assert_null (schema);
  g_assert_error (error, TST_ERROR, TST_ERROR_LIMIT);
  g_assert_cmpstr (error->message, ==, "The text is nested too deep: line 1, column 101");
}

static void
test_large (void)
{
  g_autoptr(GString) json = g_string_new ("[{");
  g_autoptr(TstSchema) schema = NULL;
  g_auto(GStrv) ids = NULL;
  g_autoptr(GError) error = NULL;

  g_test_summary ("A schema may be large");

  for (guint i = 0; i < 20000; i++)
    g_string_append_printf (json, "%s\"table %u\":{\"a\":{\"type\":\"string\"},\"b\":{\"enum\":[1,2]}}",
                            i > 0 ? "," : "", i);
  g_string_append (json, "},{}]");

  assert_accepted (json->str, json->str);
  schema = tst_schema_new_from_json (json->str, &error);
  ids = tst_schema_get_table_ids (schema);
  g_assert_cmpuint (g_strv_length (ids), ==, 20000);
  g_assert_cmpstr (ids[19999], ==, "table 19999");
}

/* --- What was read --- */

static void
test_read (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TstSchema) schema = tst_schema_new_from_json (
    "[{\"t\":{\"a\":{\"type\":[\"string\",\"array\"],\"default\":[1],\"allowNull\":true},"
            "\"b\":{\"enum\":[1,true],\"required\":true}}},{\"v\":{\"type\":\"number\"}}]", &error);
  TstCellSpec *a, *b, *v;
  g_autofree char *json = NULL;
  GValue *value;

  g_test_summary ("A specification is what the text says");

  g_assert_no_error (error);
  a = tst_schema_get_cell (schema, "t", "a");
  g_assert_cmpint (tst_cell_spec_get_types (a), ==,
                   TST_CELL_TYPES_STRING | TST_CELL_TYPES_ARRAY | TST_CELL_TYPES_NULL);
  g_assert_true (tst_cell_spec_get_nullable (a));
  g_assert_false (tst_cell_spec_get_required (a));
  g_assert_cmpuint (tst_cell_spec_get_n_choices (a), ==, 0);
  json = tst_cell_spec_get_default_json (a);
  g_assert_cmpstr (json, ==, "[1]");

  b = tst_schema_get_cell (schema, "t", "b");
  g_assert_cmpint (tst_cell_spec_get_types (b), ==, TST_CELL_TYPES_NUMBER | TST_CELL_TYPES_BOOLEAN);
  g_assert_true (tst_cell_spec_get_required (b));
  g_assert_cmpuint (tst_cell_spec_get_n_choices (b), ==, 2);
  value = tst_cell_spec_get_choice (b, 1);
  g_assert_true (g_value_get_boolean (value));
  g_boxed_free (G_TYPE_VALUE, value);

  v = tst_schema_get_value (schema, "v");
  g_assert_cmpint (tst_cell_spec_get_types (v), ==, TST_CELL_TYPES_NUMBER);
  g_assert_null (tst_cell_spec_get_default (v));
}

/* --- Whether two are the same --- */

#define ONE(rest) "[{\"t\":{\"c\":{" rest "}}},{}]"

static const char *different[] = {
  "[{},{}]",
  ONE ("\"type\":\"string\""),
  ONE ("\"type\":\"number\""),
  ONE ("\"type\":[\"string\",\"number\"]"),
  ONE ("\"type\":\"string\",\"default\":\"\""),
  ONE ("\"type\":\"string\",\"default\":\"1\""),
  ONE ("\"type\":\"string\",\"allowNull\":true"),
  ONE ("\"type\":\"string\",\"allowNull\":true,\"default\":null"),
  ONE ("\"type\":\"string\",\"required\":true"),
  ONE ("\"enum\":[\"a\"]"),
  ONE ("\"enum\":[\"a\",\"b\"]"),
  ONE ("\"enum\":[\"b\",\"a\"]"),
  ONE ("\"type\":\"object\",\"default\":{}"),
  ONE ("\"type\":\"array\",\"default\":[]"),
  "[{\"t\":{\"d\":{\"type\":\"string\"}}},{}]",
  "[{\"u\":{\"c\":{\"type\":\"string\"}}},{}]",
  "[{\"t\":{\"c\":{\"type\":\"string\"}}},{\"c\":{\"type\":\"string\"}}]",
  "[{},{\"c\":{\"type\":\"string\"}}]",
  "[{\"t\":{\"c\":{\"type\":\"string\"},\"d\":{\"type\":\"string\"}}},{}]",
  "[{\"t\":{\"d\":{\"type\":\"string\"},\"c\":{\"type\":\"string\"}}},{}]",
};

static void
test_equal (void)
{
  g_test_summary ("Schemas that say something else, or in another order, are not the same");

  for (guint i = 0; i < G_N_ELEMENTS (different); i++)
    for (guint j = 0; j < G_N_ELEMENTS (different); j++)
      {
        g_autoptr(TstSchema) a = tst_schema_new_from_json (different[i], NULL);
        g_autoptr(TstSchema) b = tst_schema_new_from_json (different[j], NULL);

        g_test_message ("%s and %s", different[i], different[j]);
        g_assert_cmpint (tst_schema_equal (a, b), ==, i == j);
      }
}

/* --- Defaults as text --- */

typedef struct
{
  TstCellTypes types;
  const char  *json;
  TstError     code;     /* of what is refused … */
  const char  *written;  /* (nullable): … NULL if it is */
} Default;

static const Default defaults[] = {
  { TST_CELL_TYPES_STRING, "\"x\"", 0, "\"x\"" },
  { TST_CELL_TYPES_STRING, " \"\\u0078\" ", 0, "\"x\"" },
  { TST_CELL_TYPES_NUMBER, "1.50", 0, "1.5" },
  { TST_CELL_TYPES_BOOLEAN, "true", 0, "true" },
  { TST_CELL_TYPES_OBJECT, " { \"a\" : 1 } ", 0, "{\"a\":1}" },
  { TST_CELL_TYPES_ARRAY, "[ 1 ,2]", 0, "[1,2]" },
  { TST_CELL_TYPES_ARRAY, "\"" MARK "[1]\"", 0, "[1]" },
  { TST_CELL_TYPES_ANY, "null", 0, "null" },
  { TST_CELL_TYPES_STRING, "\"" MARK "x\"", 0, "\"" MARK "\\\"" MARK "x\\\"\"" },
  { TST_CELL_TYPES_STRING, "null", TST_ERROR_SCHEMA, NULL },
  { TST_CELL_TYPES_STRING, "1", TST_ERROR_SCHEMA, NULL },
  { TST_CELL_TYPES_STRING, "[]", TST_ERROR_SCHEMA, NULL },
  { TST_CELL_TYPES_OBJECT, "[]", TST_ERROR_SCHEMA, NULL },
  { TST_CELL_TYPES_ARRAY, "{}", TST_ERROR_SCHEMA, NULL },
  { TST_CELL_TYPES_ANY, "", TST_ERROR_PARSE, NULL },
  { TST_CELL_TYPES_ANY, "x", TST_ERROR_PARSE, NULL },
  { TST_CELL_TYPES_ANY, "1 2", TST_ERROR_PARSE, NULL },
  { TST_CELL_TYPES_ANY, "1e999", TST_ERROR_PARSE, NULL },
  { TST_CELL_TYPES_ANY, "[1", TST_ERROR_PARSE, NULL },
  { TST_CELL_TYPES_ANY, "\"\377\"", TST_ERROR_PARSE, NULL },
};

static void
test_default_json (void)
{
  g_test_summary ("A default is given as text, and stays what it was if it is refused");

  for (guint i = 0; i < G_N_ELEMENTS (defaults); i++)
    {
      const Default *d = &defaults[i];
      g_autoptr(TstCellSpec) spec = tst_cell_spec_new (d->types | TST_CELL_TYPES_BOOLEAN);
      g_autofree char *written = NULL;
      g_autofree char *printable = g_utf8_make_valid (d->json, -1);
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", printable);
      g_assert_null (tst_cell_spec_get_default_json (spec));
      g_assert_true (tst_cell_spec_set_default_json (spec, "false", &error));
      g_assert_cmpint (tst_cell_spec_set_default_json (spec, d->json, &error), ==, d->written != NULL);
      written = tst_cell_spec_get_default_json (spec);
      g_assert_cmpstr (written, ==, d->written != NULL ? d->written : "false");
      if (d->written != NULL)
        g_assert_no_error (error);
      else
        g_assert_error (error, TST_ERROR, (int) d->code);
    }
}

static void
test_default_value (void)
{
  g_autoptr(TstCellSpec) spec = tst_cell_spec_new (TST_CELL_TYPES_OBJECT);
  g_autoptr(GError) error = NULL;
  GValue *value;

  g_test_summary ("A default that is an object is given out as a cell would be");

  g_assert_true (tst_cell_spec_set_default_json (spec, "{ \"a\": 1 }", &error));
  value = tst_cell_spec_get_default (spec);
  g_assert_cmpstr (g_value_get_string (value), ==, "{\"a\":1}");
  g_boxed_free (G_TYPE_VALUE, value);
}

/* --- The schema of a store --- */

static void
test_store (void)
{
  g_autoptr(TstStore) store = tst_store_new ();
  g_autofree char *json = NULL;
  g_autofree char *content = NULL;
  g_autoptr(GError) error = NULL;

  g_test_summary ("A store takes a schema as text, with defaults of every type");

  g_assert_null (tst_store_get_schema_json (store));
  g_assert_true (tst_store_set_schema_json (store,
                                            "[{},{\"o\":{\"type\":\"object\",\"default\":{\"a\":[1]}},"
                                                 "\"s\":{\"type\":\"string\",\"default\":\"" MARK "x\"},"
                                                 "\"n\":{\"type\":\"number\",\"allowNull\":true,\"default\":null}}]",
                                            TST_SCHEMA_DEFAULT, &error));
  g_assert_no_error (error);
  content = tst_store_get_json (store);
  g_assert_cmpstr (content, ==,
                   "[{},{\"o\":\"" MARK "{\\\"a\\\":[1]}\",\"s\":\"" MARK "\\\"" MARK "x\\\"\",\"n\":null}]");
  g_assert_true (tst_store_set_json (store, content, &error));
  g_assert_no_error (error);

  g_assert_false (tst_store_set_schema_json (store, "[{},{\"n\":{\"type\":\"numbre\"}}]", TST_SCHEMA_DROP, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_FORMAT);
  json = tst_store_get_schema_json (store);
  g_assert_true (g_str_has_prefix (json, "[{},{\"o\":{\"type\":\"object\",\"default\":{\"a\":[1]}}"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/schema-json/accepted", test_accepted);
  g_test_add_func ("/schema-json/refused", test_refused);
  g_test_add_func ("/schema-json/deep", test_deep);
  g_test_add_func ("/schema-json/large", test_large);
  g_test_add_func ("/schema-json/read", test_read);
  g_test_add_func ("/schema-json/equal", test_equal);
  g_test_add_func ("/schema-json/default", test_default_json);
  g_test_add_func ("/schema-json/default/value", test_default_value);
  g_test_add_func ("/schema-json/store", test_store);

  return g_test_run ();
}
