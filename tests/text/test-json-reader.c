/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Text from anywhere: what is right is read, and all else is refused whole. */

#include <libtstore/tstore.h>

#include "tst-json-reader-private.h"
#include "tst-text-private.h"

#include "test-util.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define MARK    "\357\277\275"
#define REMOVED "\357\277\274"

/* The text that is written of what was read, or NULL */
static char *
rewrite (const char  *text,
         gsize        length,
         GError     **error)
{
  g_autofree char *copy = g_memdup2 (text, length); /* for memory checkers: no NUL behind it */
  g_autoptr(TstEngine) engine = NULL;
  g_autoptr(TstSnapshot) snapshot = NULL;
  g_autoptr(GBytes) bytes = NULL;

  engine = tst_text_read_content (copy, length, NULL, error);
  if (engine == NULL)
    return NULL;

  snapshot = tst_engine_snapshot (engine);
  bytes = tst_text_write_content (snapshot);

  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
assert_rewritten (const char *text,
                  const char *expected)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *actual = rewrite (text, strlen (text), &error);

  g_assert_no_error (error);
  g_assert_cmpstr (actual, ==, expected);
}

/* A cell with the text @cell is written as @expected. */
static void
assert_cell (const char *cell,
             const char *expected)
{
  g_autofree char *text = g_strdup_printf ("[{\"t\":{\"r\":{\"c\":%s}}},{\"v\":%s}]", cell, cell);
  g_autofree char *whole = g_strdup_printf ("[{\"t\":{\"r\":{\"c\":%s}}},{\"v\":%s}]", expected, expected);

  g_test_message ("%s", cell);
  assert_rewritten (text, whole);
}

static void
assert_refused_bytes (const char *text,
                      gsize       length,
                      TstError    code,
                      const char *position)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *actual = rewrite (text, length, &error);
  g_autofree char *shown = g_strescape (text ? text : "", NULL);

  g_test_message ("%.100s", shown);
  g_assert_null (actual);
  g_assert_error (error, TST_ERROR, (int) code);
  if (position != NULL && !g_str_has_suffix (error->message, position))
    g_error ("The message is “%s” and not at %s", error->message, position);
}

static void
assert_refused (const char *text,
                TstError    code,
                const char *position)
{
  assert_refused_bytes (text, strlen (text), code, position);
}

static void
assert_cell_refused (const char *cell,
                     TstError    code)
{
  g_autofree char *table = g_strdup_printf ("[{\"t\":{\"r\":{\"c\":%s}}},{}]", cell);
  g_autofree char *value = g_strdup_printf ("[{},{\"v\":%s}]", cell);

  assert_refused (table, code, NULL);
  assert_refused (value, code, NULL);
}

/* --- What is accepted --- */

static void
test_json_reader_forms (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TstEngine) engine = NULL;
  gboolean has_values = TRUE;

  g_test_summary ("Tables and values, tables alone, and the older bare form");

  assert_rewritten ("[{},{}]", "[{},{}]");
  assert_rewritten ("[{}]", "[{},{}]");
  assert_rewritten ("{}", "[{},{}]");
  assert_rewritten ("[{\"t\":{\"r\":{\"c\":1}}},{\"v\":2}]", "[{\"t\":{\"r\":{\"c\":1}}},{\"v\":2}]");
  assert_rewritten ("{\"t\":{\"r\":{\"c\":1}}}", "[{\"t\":{\"r\":{\"c\":1}}},{}]");
  assert_rewritten (" \t\r\n[ { \"t\" : { \"r\" : { \"c\" : 1 , \"d\" : 2 } } } , { \"v\" : 2 } ] \n",
                    "[{\"t\":{\"r\":{\"c\":1,\"d\":2}}},{\"v\":2}]");

  engine = tst_text_read_content ("[{},{}]", 7, &has_values, &error);
  g_assert_no_error (error);
  g_assert_true (has_values);
  g_clear_pointer (&engine, tst_engine_free);

  engine = tst_text_read_content ("[{}]", 4, &has_values, &error);
  g_assert_no_error (error);
  g_assert_false (has_values);
  g_clear_pointer (&engine, tst_engine_free);

  engine = tst_text_read_content ("{}", 2, &has_values, &error);
  g_assert_no_error (error);
  g_assert_false (has_values);
}

static void
test_json_reader_order (void)
{
  const char *text =
    "[{\"b\":{\"2\":{\"z\":1,\"a\":2},\"1\":{\"a\":3,\"z\":4,\"m\":5},\"3\":{\"m\":6,\"a\":7}},"
    "\"a\":{\"10\":{\"\":1}}},{\"2\":0,\"1\":0,\"\":0}]";

  g_test_summary ("Everything keeps its order, whatever the rows have in common");
  assert_rewritten (text, text);
}

static void
test_json_reader_cells (void)
{
  g_test_summary ("Each kind of cell");

  assert_cell ("0", "0");
  assert_cell ("-0", "0");
  assert_cell ("-12.50", "-12.5");
  assert_cell ("1E3", "1000");
  assert_cell ("1e21", "1e+21");
  assert_cell ("1e-400", "0");
  assert_cell ("9007199254740993", "9007199254740992");
  assert_cell ("true", "true");
  assert_cell ("false", "false");
  assert_cell ("null", "null");
  assert_cell ("\"\"", "\"\"");
  assert_cell ("\"fourteen bytes\"", "\"fourteen bytes\"");
  assert_cell ("\"fifteen  bytes.\"", "\"fifteen  bytes.\"");
  assert_cell ("\"\\u0061\\/\\\"\\\\\\b\\f\\n\\r\\t\\u001f\\u007f\"",
               "\"a/\\\"\\\\\\b\\f\\n\\r\\t\\u001f\177\"");
  assert_cell ("\"\\u00e9\\u20AC\\ud83d\\ude00\"", "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"");
  assert_cell ("\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xf4\x8f\xbf\xbf\xef\xbf\xbf\"",
               "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xf4\x8f\xbf\xbf\xef\xbf\xbf\"");
}

static void
test_json_reader_containers (void)
{
  g_test_summary ("Objects and arrays, as such or marked, and made compact");

  assert_cell ("{}", "\"" MARK "{}\"");
  assert_cell ("[]", "\"" MARK "[]\"");
  assert_cell ("[ 1.0 , \"\\u0061\\u001f\" , null , { \"b\" : true , \"a\" : [ ] } ]",
               "\"" MARK "[1,\\\"a\\\\u001f\\\",null,{\\\"b\\\":true,\\\"a\\\":[]}]\"");
  assert_cell ("{\"a\":1,\"a\":2}", "\"" MARK "{\\\"a\\\":1,\\\"a\\\":2}\"");
  assert_cell ("\"\\ufffd{\\\"a\\\": -0}\"", "\"" MARK "{\\\"a\\\":0}\"");
  assert_cell ("\"" MARK "[1,2]\"", "\"" MARK "[1,2]\"");
  assert_cell ("\"" MARK " [1,2] \"", "\"" MARK "[1,2]\"");
}

static void
test_json_reader_reserved (void)
{
  g_test_summary ("Strings that look like something else are kept");

  assert_cell ("\"" REMOVED "\"", "\"" MARK "\\\"" REMOVED "\\\"\"");
  assert_cell ("\"" REMOVED "x\"", "\"" REMOVED "x\"");
  assert_cell ("\"x" MARK "\"", "\"x" MARK "\"");
  assert_cell ("\"" MARK "\"", "\"" MARK "\\\"" MARK "\\\"\"");
  assert_cell ("\"" MARK "abc\"", "\"" MARK "\\\"" MARK "abc\\\"\"");
  assert_cell ("\"" MARK "{\\\"a\\\":1\"", "\"" MARK "\\\"" MARK "{\\\\\\\"a\\\\\\\":1\\\"\"");
  assert_cell ("\"" MARK "[1] x\"", "\"" MARK "\\\"" MARK "[1] x\\\"\"");
  assert_cell ("\"" MARK "1\"", "\"" MARK "\\\"" MARK "1\\\"\"");

  /* and again */
  assert_cell ("\"" MARK "\\\"" MARK "abc\\\"\"", "\"" MARK "\\\"" MARK "abc\\\"\"");
  assert_cell ("\"" MARK "\\\"" REMOVED "\\\"\"", "\"" MARK "\\\"" REMOVED "\\\"\"");
  assert_cell ("\"" MARK "\\\"plain\\\"\"", "\"plain\"");
}

static void
test_json_reader_ids (void)
{
  g_test_summary ("Any string is an id");

  assert_rewritten ("[{\"\":{\"\":{\"\":1}}},{\"\":1}]", "[{\"\":{\"\":{\"\":1}}},{\"\":1}]");
  assert_rewritten ("[{\"\\u0074\":{\"\\n\":{\"\\\"\":1,\"\\u00e9\":2},\"2\":{\"\\\"\":1}}},{\"\\u0001\":\"\\u0002\"}]",
                    "[{\"t\":{\"\\n\":{\"\\\"\":1,\"\xc3\xa9\":2},\"2\":{\"\\\"\":1}}},{\"\\u0001\":\"\\u0002\"}]");
  assert_rewritten ("[{\"" MARK "{}\":{\"" REMOVED "\":{\"" MARK "\":1}}},{}]",
                    "[{\"" MARK "{}\":{\"" REMOVED "\":{\"" MARK "\":1}}},{}]");
}

/* --- What is refused --- */

typedef struct
{
  const char *text;
  TstError    code;
  const char *position;
} Refused;

static const Refused refused[] = {
  { "", TST_ERROR_PARSE, "line 1, column 1" },
  { " \n ", TST_ERROR_PARSE, "line 2, column 2" },
  { "\357\273\277[{},{}]", TST_ERROR_PARSE, "line 1, column 1" },
  { "[{},{}] x", TST_ERROR_PARSE, "line 1, column 9" },
  { "[{},{}][{},{}]", TST_ERROR_PARSE, "line 1, column 8" },
  { "{}{}", TST_ERROR_PARSE, "line 1, column 3" },
  { "[{},{},1]", TST_ERROR_FORMAT, "line 1, column 7" },
  { "[{},{},]", TST_ERROR_FORMAT, "line 1, column 7" },
  { "[{},{}", TST_ERROR_PARSE, "line 1, column 7" },
  { "[{} {}]", TST_ERROR_PARSE, "line 1, column 5" },
  { "{\"t\":{\"r\":{\"c\":[1}}}", TST_ERROR_PARSE, "line 1, column 18" },
  { "[{},]", TST_ERROR_PARSE, "line 1, column 5" },
  { "[]", TST_ERROR_FORMAT, "line 1, column 2" },
  { "[1]", TST_ERROR_FORMAT, "line 1, column 2" },
  { "[null,{}]", TST_ERROR_FORMAT, "line 1, column 2" },
  { "[{},null]", TST_ERROR_FORMAT, "line 1, column 5" },
  { "[{},[]]", TST_ERROR_FORMAT, "line 1, column 5" },
  { "[[],{}]", TST_ERROR_FORMAT, "line 1, column 2" },
  { "null", TST_ERROR_FORMAT, "line 1, column 1" },
  { "\"x\"", TST_ERROR_FORMAT, "line 1, column 1" },
  { "12", TST_ERROR_FORMAT, "line 1, column 1" },
  { "undefined", TST_ERROR_PARSE, "line 1, column 1" },
  { "// comment\n[{},{}]", TST_ERROR_PARSE, "line 1, column 1" },
  { "[{},/* comment */{}]", TST_ERROR_PARSE, "line 1, column 5" },
  { "var a = [{},{}]", TST_ERROR_PARSE, "line 1, column 1" },
  { "{'t':{'r':{'c':1}}}", TST_ERROR_PARSE, "line 1, column 2" },
  { "{t:{r:{c:1}}}", TST_ERROR_PARSE, "line 1, column 2" },
  { "{\"t\":{}}", TST_ERROR_FORMAT, "line 1, column 6" },
  { "{\"t\":{\"r\":{}}}", TST_ERROR_FORMAT, "line 1, column 11" },
  { "{\"t\":1}", TST_ERROR_FORMAT, "line 1, column 6" },
  { "{\"t\":{\"r\":null}}", TST_ERROR_FORMAT, "line 1, column 11" },
  { "{\"t\":{\"r\":[]}}", TST_ERROR_FORMAT, "line 1, column 11" },
  { "{\"t\":{\"r\":{\"c\":1,}}}", TST_ERROR_PARSE, "line 1, column 18" },
  { "{\"t\":{\"r\":{,\"c\":1}}}", TST_ERROR_PARSE, "line 1, column 12" },
  { "{\"t\":{\"r\":{\"c\":1},}}", TST_ERROR_PARSE, "line 1, column 19" },
  { "{\"t\":{\"r\":{\"c\":1 \"d\":2}}}", TST_ERROR_PARSE, "line 1, column 18" },
  { "{\"t\":{\"r\":{\"c\" 1}}}", TST_ERROR_PARSE, "line 1, column 16" },
  { "{\"t\":{\"r\":{\"c\":}}}", TST_ERROR_PARSE, "line 1, column 16" },
  { "{\"t\":{\"r\":{\"c\":1,\n  \"\xc3\xa9\":2,\n  \"\xc3\xa9\xf0\x9f\x98\x80\": x}}}", TST_ERROR_PARSE, "line 3, column 9" },
  { "{\"t\":{\"r\":{\"c\":1,\"c\":2}}}", TST_ERROR_FORMAT, "line 1, column 18" },
  { "{\"t\":{\"r\":{\"c\":1,\"d\":1},\"s\":{\"c\":1,\"\\u0063\":1}}}", TST_ERROR_FORMAT, "line 1, column 36" },
  { "{\"t\":{\"r\":{\"c\":1},\"r\":{\"d\":1}}}", TST_ERROR_FORMAT, "line 1, column 19" },
  { "{\"t\":{\"r\":{\"c\":1}},\"t\":{\"s\":{\"c\":1}}}", TST_ERROR_FORMAT, "line 1, column 20" },
  { "[{},{\"v\":1,\"v\":1}]", TST_ERROR_FORMAT, "line 1, column 12" },
  { "[{},{\"\\n\":\"\\t\",\"\\n\":1}]", TST_ERROR_FORMAT, "line 1, column 16" },
};

static void
test_json_reader_refused (void)
{
  g_test_summary ("What is not content is refused, with its line and column");

  assert_refused_bytes (NULL, 0, TST_ERROR_PARSE, "line 1, column 1");
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    assert_refused (refused[i].text, refused[i].code, refused[i].position);
}

static void
test_json_reader_refused_cells (void)
{
  static const char *cells[] = {
    "+1", ".5", "1.", "01", "-", "1e", "0x10", "NaN", "Infinity", "-Infinity", "1e400", "-1e400", "[1e400]",
    "tru", "True", "nul", "nullx", "'x'", "x", "\"x", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\",
    "\"a\nb\"", "\"a\tb\"", "\"\1\"", "\"12345678\37\"",
    "\"\\u0000\"", "\"a\\u0000b\"", "{\"\\u0000\":1}", "[\"\\u0000\"]",
    "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800x\"", "\"\\ud800\\n\"", "\"\\ud800\\ud800\"", "\"\\ud800\\u0061\"", "\"\\ud83d\\ude\"",
    "\"\x80\"", "\"\xc3\"", "\"\xc3\x28\"", "\"\xc0\x80\"", "\"\xc1\xbf\"", "\"\xe0\x9f\xbf\"", "\"\xed\xa0\x80\"",
    "\"\xe2\x82\"", "\"\xf0\x8f\xbf\xbf\"", "\"\xf4\x90\x80\x80\"", "\"\xf5\x80\x80\x80\"", "\"\xff\"", "\"1234567\xe2\x28\xa1\"",
    "[1,]", "[,1]", "[1 2]", "[1", "{\"a\":1,}", "{\"a\"}", "{1:2}", "{\"a\":1", "[1}", "{\"a\":1]", "[nul]", "[+1]", "[.5]",
    "[\"\xff\"]", "{\"\xff\":1}", "[\"\\ud800\"]", "\"" MARK "{\\\"a\\\":\\\"\\\\u0000\\\"}\"",
    "\"" MARK "[1e999]\"", "\"" MARK "\\\"\\\\ud800\\\"\"",
  };

  g_test_summary ("What is not a value, or cannot be stored, is refused");

  for (gsize i = 0; i < G_N_ELEMENTS (cells); i++)
    assert_cell_refused (cells[i], TST_ERROR_PARSE);
}

static void
test_json_reader_nul (void)
{
  static const char texts[][12] = { "[{},{}]\0", "\0[{},{}]", "[{},\0{}]", "{\"t\0\":1}", "{\"t\":\0}" };

  g_test_summary ("A NUL in the text is no end of it");

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_refused_bytes (texts[i], 8, TST_ERROR_PARSE, NULL);
}

static void
test_json_reader_truncated (void)
{
  const char *text =
    " [{\"table \xc3\xa9\":{\"row\\n\":{\"a\":-1.5e+3,\"b\":\"\\ud83d\\ude00 \xf0\x9f\x98\x80\",\"c\":true,\"d\":false,\"e\":null},"
    "\"second\":{\"a\":12345678,\"b\":{\"x\":[1,\"y\",{}]},\"c\":\"" MARK "[1]\"}}},{\"value\":0.25,\"w\":[]}]";

  g_test_summary ("Every beginning of a text is refused");

  for (gsize length = 0; length < strlen (text); length++)
    assert_refused_bytes (text, length, TST_ERROR_PARSE, NULL);

  assert_refused_bytes ("[{},{}", 6, TST_ERROR_PARSE, "line 1, column 7");
}

/* --- Limits --- */

static char *
nest (const char *opening,
      const char *inside,
      const char *closing,
      guint       depth)
{
  GString *text = g_string_new ("{\"t\":{\"r\":{\"c\":");

  for (guint i = 0; i < depth; i++)
    g_string_append (text, opening);
  g_string_append (text, inside);
  for (guint i = 0; i < depth; i++)
    g_string_append (text, closing);
  g_string_append (text, "}}}");

  return g_string_free (text, FALSE);
}

static void
assert_depth (const char *opening,
              const char *inside,
              const char *closing)
{
  g_autofree char *deepest = nest (opening, inside, closing, TST_JSON_MAX_DEPTH);
  g_autofree char *deeper = nest (opening, inside, closing, TST_JSON_MAX_DEPTH + 1);
  g_autofree char *far_deeper = nest (opening, inside, closing, 100000);
  g_autofree char *open = nest (opening, "", "", 100000);
  g_autofree char *written = NULL;
  g_autofree char *again = NULL;
  g_autoptr(GError) error = NULL;

  written = rewrite (deepest, strlen (deepest), &error);
  g_assert_no_error (error);
  again = rewrite (written, strlen (written), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (again, ==, written);

  assert_refused (deeper, TST_ERROR_LIMIT, NULL);
  assert_refused (far_deeper, TST_ERROR_LIMIT, NULL);
  assert_refused (open, TST_ERROR_LIMIT, NULL);
}

static void
test_json_reader_depth (void)
{
  g_autofree char *arrays = g_strnfill (100000, '[');
  g_autofree char *nested = nest ("[", "", "]", TST_JSON_MAX_DEPTH + 1);
  g_autofree char *marked = NULL;
  char *inside, *end;

  g_test_summary ("Cells are nested as deep as the limit, and no deeper");

  assert_depth ("[", "", "]");
  assert_depth ("{\"a\":", "1", "}");
  assert_refused (arrays, TST_ERROR_FORMAT, "line 1, column 2");

  /* The same in a marked string */
  inside = strchr (nested, '[');
  end = strrchr (nested, ']') + 1;
  *end = '\0';
  marked = g_strdup_printf ("{\"t\":{\"r\":{\"c\":\"" MARK "%s\"}}}", inside);
  assert_refused (marked, TST_ERROR_LIMIT, "line 1, column 16");
}

static void
test_json_reader_length (void)
{
  g_autoptr(GError) error = NULL;

  g_test_summary ("A text that is too long is refused before anything of it is read");

  /* Only its beginning is there. */
  g_assert_null (tst_text_read_content ("[", (gsize) TST_JSON_MAX_LENGTH + 1, NULL, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_LIMIT);
}

static void
test_json_reader_long (void)
{
  g_autofree char *letters = g_strnfill (3000000, 'x');
  g_autofree char *quotes = g_strnfill (1000000, '\1');
  g_autofree char *digits = g_strnfill (1000000, '7');
  g_autofree char *spaces = g_strnfill (1000000, '\n');
  g_autofree char *id = g_strdup_printf ("{\"%s\":{\"%s\":{\"%s\":\"%s\"}}}", letters, letters, letters, letters);
  g_autofree char *expected = g_strdup_printf ("[%s,{}]", id);
  g_autofree char *number = g_strdup_printf ("{\"t\":{\"r\":{\"c\":0.%s}}}", digits);
  g_autofree char *control = g_strdup_printf ("{\"t\":{\"r\":{\"c\":\"%s\"}}}", quotes);
  g_autofree char *spaced = g_strdup_printf ("%s{}%s!", spaces, spaces);

  g_test_summary ("Long ids, strings, numbers and spaces");

  assert_rewritten (id, expected);
  assert_rewritten (number, "[{\"t\":{\"r\":{\"c\":0.7777777777777778}}},{}]");
  assert_refused (control, TST_ERROR_PARSE, "line 1, column 17");
  assert_refused (spaced, TST_ERROR_PARSE, "line 2000001, column 1");
}

static void
test_json_reader_many (void)
{
  g_autoptr(GString) text = g_string_new ("[{\"t\":{");
  guint n = test_scale (10000);

  g_test_summary ("Many columns, and rows that have few of them");

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s\"r%u\":{\"c%u\":%u,\"c%u\":true,\"c%u\":\"x\"}", i > 0 ? "," : "",
                            i, i % 1000, i, (i * 7 + 1) % 1000 + 1000, (i * 31) % 1000 + 2000);
  g_string_append (text, "}},{}]");
  assert_rewritten (text->str, text->str);
}

/* --- Anything --- */

static void
append_space (GString *text,
              GRand   *rand)
{
  while (g_rand_int_range (rand, 0, 6) == 0)
    g_string_append_c (text, " \t\r\n"[g_rand_int_range (rand, 0, 4)]);
}

/* Returns whether it was the mark */
static gboolean
append_character (GString *text,
                  GRand   *rand)
{
  static const char *pieces[] = {
    "a", "b", "Z", "0", " ", "/", "\\/", "\\\"", "\\\\", "\\b", "\\f", "\\n", "\\r", "\\t",
    "\\u0001", "\\u001F", "\\u0041", "\\u00e9", "\\uFFFD", "\\ufffc", "\\ud83d\\uDE00",
    "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xe2\x80\xa8", "\177", MARK, REMOVED, "{", "}", "[", "]", ":", ",",
  };

  const char *piece = pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))];

  g_string_append (text, piece);

  return g_str_equal (piece, MARK) || g_str_equal (piece, "\\uFFFD");
}

/* @n: makes it unlike all others, if not 0 */
static void
append_string (GString *text,
               GRand   *rand,
               guint    n)
{
  int length = g_rand_int_range (rand, 0, g_rand_int_range (rand, 0, 10) == 0 ? 60 : 8);

  g_string_append_c (text, '"');
  /* Behind a mark in front, nothing that json-glib would take for JSON, but not we */
  if (length > 0 && append_character (text, rand))
    g_string_append_c (text, 'a');
  while (--length > 0)
    append_character (text, rand);
  if (n > 0)
    g_string_append_printf (text, "-%u", n);
  g_string_append_c (text, '"');
}

static void
append_number (GString *text,
               GRand   *rand)
{
  switch (g_rand_int_range (rand, 0, 4))
    {
    case 0:
      g_string_append_printf (text, "%d", g_rand_int_range (rand, -1000000, 1000000));
      break;

    case 1:
      g_string_append_printf (text, "%d.%u", g_rand_int_range (rand, -1000, 1000), g_rand_int (rand));
      break;

    case 2:
      /* Not of the size that is written as an integer that json-glib cannot read */
      g_string_append_printf (text, "%d.%ue%d", g_rand_int_range (rand, -9, 9), g_rand_int (rand),
                              g_rand_boolean (rand) ? g_rand_int_range (rand, -330, 9)
                                                    : g_rand_int_range (rand, 22, 300));
      break;

    default:
      g_string_append_printf (text, "%uE+%d", g_rand_int (rand) % 10, g_rand_int_range (rand, 0, 9));
      break;
    }
}

static void append_value (GString *text,
                          GRand   *rand,
                          guint    depth);

static void append_members (GString *text,
                            GRand   *rand,
                            guint    depth,
                            gboolean is_object);

/* A string of the mark and JSON text, as a cell */
static void
append_marked (GString *text,
               GRand   *rand)
{
  g_autoptr(GString) inner = g_string_new (NULL);

  if (g_rand_boolean (rand))
    append_string (inner, rand, 0);
  else
    append_members (inner, rand, 1, g_rand_boolean (rand));

  g_string_append (text, "\"" MARK);
  for (const char *p = inner->str; *p != '\0'; p++)
    {
      if (*p == '"' || *p == '\\')
        g_string_append_printf (text, "\\%c", *p);
      else if ((guint8) *p < 0x20)
        g_string_append_printf (text, "\\u%04X", (guint8) *p);
      else
        g_string_append_c (text, *p);
    }
  g_string_append_c (text, '"');
}

static void
append_members (GString *text,
                GRand   *rand,
                guint    depth,
                gboolean is_object)
{
  int n = g_rand_int_range (rand, 0, 4);

  g_string_append_c (text, is_object ? '{' : '[');
  append_space (text, rand);

  for (int i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append_c (text, ',');
      append_space (text, rand);
      if (is_object)
        {
          append_string (text, rand, (guint) i + 1);
          append_space (text, rand);
          g_string_append_c (text, ':');
          append_space (text, rand);
        }
      append_value (text, rand, depth + 1);
      append_space (text, rand);
    }

  g_string_append_c (text, is_object ? '}' : ']');
}

static void
append_value (GString *text,
              GRand   *rand,
              guint    depth)
{
  switch (g_rand_int_range (rand, 0, depth < 5 ? 8 : 6))
    {
    case 0:
      g_string_append (text, "true");
      break;

    case 1:
      g_string_append (text, "false");
      break;

    case 2:
      g_string_append (text, "null");
      break;

    case 3:
      append_number (text, rand);
      break;

    case 6:
    case 7:
      append_members (text, rand, depth, g_rand_boolean (rand));
      break;

    default:
      append_string (text, rand, 0);
      break;
    }
}

/* An object of @levels of objects, none of which is empty, and values in them */
static void
append_content (GString *text,
                GRand   *rand,
                guint    levels)
{
  int n = g_rand_int_range (rand, 1, 6);
  guint first = g_rand_int (rand) % 3 * 10;

  g_string_append_c (text, '{');

  for (int i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append_c (text, ',');
      append_space (text, rand);
      /* The same ids come again in other rows. */
      if (g_rand_int_range (rand, 0, 4) > 0)
        g_string_append_printf (text, "\"c%u\"", first + (guint) i);
      else
        append_string (text, rand, (guint) i + 1);
      append_space (text, rand);
      g_string_append_c (text, ':');
      append_space (text, rand);
      if (levels > 1)
        append_content (text, rand, levels - 1);
      else if (g_rand_int_range (rand, 0, 5) == 0)
        append_marked (text, rand);
      else
        append_value (text, rand, 1);
      append_space (text, rand);
    }

  g_string_append_c (text, '}');
}

static char *
make_document (GRand *rand)
{
  GString *text = g_string_new (NULL);

  append_space (text, rand);
  g_string_append_c (text, '[');
  append_space (text, rand);
  append_content (text, rand, 3);
  append_space (text, rand);
  g_string_append_c (text, ',');
  append_space (text, rand);
  append_content (text, rand, 1);
  append_space (text, rand);
  g_string_append_c (text, ']');
  append_space (text, rand);

  return g_string_free (text, FALSE);
}

static JsonNode *
parse_by_json_glib (const char *text)
{
  g_autoptr(GError) error = NULL;
  JsonNode *node = json_from_string (text, &error);

  g_assert_no_error (error);
  g_assert_nonnull (node);

  return node;
}

/* What a cell that is a string means */
static JsonNode *
unmark (JsonNode *node)
{
  const char *text = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
  g_autoptr(JsonNode) inner = NULL;

  if (text == NULL || !g_str_has_prefix (text, MARK))
    return json_node_ref (node);

  /* json-glib reads more than JSON; what it reads here begins like JSON */
  text += strlen (MARK);
  if (*text != '{' && *text != '[' && *text != '"')
    return json_node_ref (node);

  inner = json_from_string (text, NULL);

  return inner ? g_steal_pointer (&inner) : json_node_ref (node);
}

static void
assert_same_scalar (JsonNode *ours,
                    JsonNode *theirs)
{
  GType our_type = json_node_get_value_type (ours);
  GType their_type = json_node_get_value_type (theirs);

  if (our_type == G_TYPE_DOUBLE || our_type == G_TYPE_INT64)
    {
      g_assert_true (their_type == G_TYPE_DOUBLE || their_type == G_TYPE_INT64);
      g_assert_cmpfloat (json_node_get_double (ours), ==, json_node_get_double (theirs));
      return;
    }

  g_assert_true (our_type == their_type);
  if (our_type == G_TYPE_STRING)
    g_assert_cmpstr (json_node_get_string (ours), ==, json_node_get_string (theirs));
  else if (our_type == G_TYPE_BOOLEAN)
    g_assert_cmpint (json_node_get_boolean (ours), ==, json_node_get_boolean (theirs));
}

/* @levels: how many of objects until the cells */
static void
assert_same (JsonNode *ours,
             JsonNode *theirs,
             int       levels)
{
  g_autoptr(JsonNode) our_value = levels == 0 ? unmark (ours) : json_node_ref (ours);
  g_autoptr(JsonNode) their_value = levels == 0 ? unmark (theirs) : json_node_ref (theirs);

  g_assert_cmpint (json_node_get_node_type (our_value), ==, json_node_get_node_type (their_value));

  if (JSON_NODE_HOLDS_OBJECT (our_value))
    {
      g_autoptr(GList) our_names = json_object_get_members (json_node_get_object (our_value));
      g_autoptr(GList) their_names = json_object_get_members (json_node_get_object (their_value));

      g_assert_cmpuint (g_list_length (our_names), ==, g_list_length (their_names));
      for (GList *a = our_names, *b = their_names; a != NULL; a = a->next, b = b->next)
        {
          g_assert_cmpstr (a->data, ==, b->data);
          assert_same (json_object_get_member (json_node_get_object (our_value), a->data),
                       json_object_get_member (json_node_get_object (their_value), b->data), levels - 1);
        }
    }
  else if (JSON_NODE_HOLDS_ARRAY (our_value))
    {
      JsonArray *a = json_node_get_array (our_value), *b = json_node_get_array (their_value);

      g_assert_cmpuint (json_array_get_length (a), ==, json_array_get_length (b));
      for (guint i = 0; i < json_array_get_length (a); i++)
        assert_same (json_array_get_element (a, i), json_array_get_element (b, i), levels - 1);
    }
  else if (JSON_NODE_HOLDS_VALUE (our_value))
    {
      assert_same_scalar (our_value, their_value);
    }
}

static void
assert_same_document (const char *ours,
                      const char *theirs)
{
  g_autoptr(JsonNode) our_root = parse_by_json_glib (ours);
  g_autoptr(JsonNode) their_root = parse_by_json_glib (theirs);
  JsonArray *a = json_node_get_array (our_root), *b = json_node_get_array (their_root);

  g_assert_cmpuint (json_array_get_length (a), ==, 2);
  assert_same (json_array_get_element (a, 0), json_array_get_element (b, 0), 3);
  assert_same (json_array_get_element (a, 1), json_array_get_element (b, 1), 1);
}

static void
test_json_reader_random (void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed (test_seed ());
  guint n = test_scale (2000);

  g_test_summary ("Random documents mean the same to json-glib, before and after");

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *document = make_document (rand);
      g_autoptr(GError) error = NULL;
      g_autofree char *written = rewrite (document, strlen (document), &error);
      g_autofree char *again = NULL;

      if (error != NULL)
        g_error ("%s: %s", error->message, document);

      assert_same_document (written, document);
      again = rewrite (written, strlen (written), &error);
      g_assert_no_error (error);
      g_assert_cmpstr (again, ==, written);
    }
}

/* Something is wrong with it, or it reads back the same. */
static void
assert_stable (const char *text,
               gsize       length)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *written = rewrite (text, length, &error);
  g_autofree char *again = NULL;

  if (written == NULL)
    {
      g_assert_true (error != NULL && error->domain == TST_ERROR);
      g_assert_nonnull (strstr (error->message, "line "));
      return;
    }

  g_assert_no_error (error);
  g_assert_true (g_utf8_validate (written, -1, NULL));
  again = rewrite (written, strlen (written), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (again, ==, written);
}

static void
test_json_reader_damaged (void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed (test_seed ());
  guint n = test_scale (8000);

  g_test_summary ("Damaged documents are refused, or are documents");

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *document = make_document (rand);
      gsize length = strlen (document);
      int n_damages = g_rand_int_range (rand, 1, 4);

      while (n_damages-- > 0)
        {
          gsize at = (gsize) g_rand_int_range (rand, 0, (int) length);

          if (g_rand_boolean (rand))
            document[at] = (char) g_rand_int_range (rand, 0, 256);
          else
            document[at] = "\"\\{}[],:0-+.eE\n "[g_rand_int_range (rand, 0, 16)];
        }

      assert_stable (document, length);
    }
}

static gpointer
read_in_thread (gpointer data)
{
  const char *text = data;

  for (guint i = 0; i < test_scale (200); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *written = rewrite (text, strlen (text), &error);

      g_assert_no_error (error);
      g_assert_cmpstr (written, ==, text);
      g_assert_null (rewrite (text, strlen (text) - 1, &error));
      g_assert_error (error, TST_ERROR, TST_ERROR_PARSE);
    }

  return NULL;
}

static void
test_json_reader_threads (void)
{
  char *text = (char *) "[{\"t\":{\"r\":{\"a\":0.3333333333333333,\"b\":\"a longer string\"}}},{\"v\":1e+21}]";
  GThread *threads[4];

  g_test_summary ("Texts are read and written in several threads at once");

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("reader", read_in_thread, text);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/json-reader/forms", test_json_reader_forms);
  g_test_add_func ("/json-reader/order", test_json_reader_order);
  g_test_add_func ("/json-reader/cells", test_json_reader_cells);
  g_test_add_func ("/json-reader/containers", test_json_reader_containers);
  g_test_add_func ("/json-reader/reserved", test_json_reader_reserved);
  g_test_add_func ("/json-reader/ids", test_json_reader_ids);
  g_test_add_func ("/json-reader/refused/texts", test_json_reader_refused);
  g_test_add_func ("/json-reader/refused/cells", test_json_reader_refused_cells);
  g_test_add_func ("/json-reader/refused/nul", test_json_reader_nul);
  g_test_add_func ("/json-reader/refused/truncated", test_json_reader_truncated);
  g_test_add_func ("/json-reader/limits/depth", test_json_reader_depth);
  g_test_add_func ("/json-reader/limits/length", test_json_reader_length);
  g_test_add_func ("/json-reader/limits/long", test_json_reader_long);
  g_test_add_func ("/json-reader/limits/many", test_json_reader_many);
  g_test_add_func ("/json-reader/random", test_json_reader_random);
  g_test_add_func ("/json-reader/damaged", test_json_reader_damaged);
  g_test_add_func ("/json-reader/threads", test_json_reader_threads);

  return g_test_run ();
}
