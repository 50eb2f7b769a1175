/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The text of a snapshot: TinyBase's, but in the order of insertion. */

#include <libtstore/tstore.h>

#include "tst-json-writer-private.h"
#include "tst-text-private.h"

#include "test-util.h"

#include <string.h>

#define MARK    "\357\277\275"
#define REMOVED "\357\277\274"

typedef struct
{
  TstEngine *engine;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  user_data)
{
  fixture->engine = tst_engine_new ();
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  user_data)
{
  g_clear_pointer (&fixture->engine, tst_engine_free);
}

static void
put (Fixture    *fixture,
     const char *table_id,
     const char *row_id,
     const char *cell_id,
     TstCell     cell)
{
  TstEngine *engine = fixture->engine;
  TstTable *table = tst_engine_ensure_table (engine, table_id, strlen (table_id), NULL);
  guint32 row = tst_engine_ensure_row (engine, table, row_id, strlen (row_id), NULL);
  guint32 column = tst_engine_ensure_column (engine, table, cell_id, strlen (cell_id));

  g_assert_true (tst_engine_put_cell (engine, table, row, column, &cell));
}

static void
put_value (Fixture    *fixture,
           const char *value_id,
           TstCell     cell)
{
  g_assert_true (tst_engine_put_value (fixture->engine, value_id, strlen (value_id), &cell));
}

static TstCell
number_cell (double number)
{
  TstCell cell;

  tst_cell_init_number (&cell, number);

  return cell;
}

static TstCell
text_cell (TstCellType  type,
           const char  *text)
{
  TstCell cell;

  tst_cell_init_text (&cell, type, text, strlen (text));

  return cell;
}

static TstCell
boolean_cell (gboolean boolean)
{
  TstCell cell;

  tst_cell_init_boolean (&cell, boolean);

  return cell;
}

static TstCell
null_cell (void)
{
  TstCell cell;

  tst_cell_init_null (&cell);

  return cell;
}

static char *
write_content (Fixture *fixture)
{
  g_autoptr(TstSnapshot) snapshot = tst_engine_snapshot (fixture->engine);
  g_autoptr(GBytes) bytes = tst_text_write_content (snapshot);
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);

  g_assert_cmpuint (text[length], ==, 0); /* nobody counts on it, but a debugger does */
  g_assert_cmpuint (strlen (text), ==, length);

  return g_strdup (text);
}

static void
assert_content (Fixture    *fixture,
                const char *expected)
{
  g_autofree char *actual = write_content (fixture);

  g_assert_cmpstr (actual, ==, expected);
}

/* What the cell is written as */
static char *
write_cell (TstCell cell)
{
  TstJsonBuffer buffer = TST_JSON_BUFFER_INIT;

  tst_json_write_cell (&buffer, &cell);
  tst_cell_clear (&cell);

  return tst_json_buffer_steal (&buffer);
}

static void
assert_cell (TstCell     cell,
             const char *expected)
{
  g_autofree char *actual = write_cell (cell);

  g_assert_cmpstr (actual, ==, expected);
}

static void
test_json_writer_empty (Fixture       *fixture,
                        gconstpointer  user_data)
{
  g_test_summary ("Nothing is two empty objects");
  assert_content (fixture, "[{},{}]");
}

static void
test_json_writer_order (Fixture       *fixture,
                        gconstpointer  user_data)
{
  static const char *ids[] = { "4294967295", "4294967294", "01", "1.5", "-1", "1", "4294967296" };

  g_test_summary ("F41: ids stay in the order of insertion, also those that look like numbers");

  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    put_value (fixture, ids[i], number_cell ((double) i));
  put (fixture, "2", "b", "y", boolean_cell (TRUE));
  put (fixture, "1", "b", "x", boolean_cell (FALSE));
  put (fixture, "2", "a", "x", null_cell ());
  put (fixture, "2", "a", "y", null_cell ());
  put (fixture, "2", "b", "x", null_cell ());

  assert_content (fixture,
                  "[{\"2\":{\"b\":{\"y\":true,\"x\":null},\"a\":{\"x\":null,\"y\":null}},"
                  "\"1\":{\"b\":{\"x\":false}}},"
                  "{\"4294967295\":0,\"4294967294\":1,\"01\":2,\"1.5\":3,\"-1\":4,\"1\":5,\"4294967296\":6}]");
}

static void
test_json_writer_numbers (Fixture       *fixture,
                          gconstpointer  user_data)
{
  g_test_summary ("The line of numbers that TinyBase writes");

  put (fixture, "t", "r", "a", number_cell (1e21));
  put (fixture, "t", "r", "b", number_cell (123456789012345680000.0));
  put (fixture, "t", "r", "c", number_cell (1e-7));
  put (fixture, "t", "r", "d", number_cell (0.000001));
  put (fixture, "t", "r", "e", number_cell (-0.0));
  put (fixture, "t", "r", "f", number_cell (5e-324));
  put (fixture, "t", "r", "h", number_cell (0.1 + 0.2));
  put (fixture, "t", "r", "i", number_cell (-1.5e-10));

  assert_content (fixture,
                  "[{\"t\":{\"r\":{\"a\":1e+21,\"b\":123456789012345680000,\"c\":1e-7,\"d\":0.000001,\"e\":0,"
                  "\"f\":5e-324,\"h\":0.30000000000000004,\"i\":-1.5e-10}}},{}]");
}

static void
test_json_writer_cells (void)
{
  g_test_summary ("Objects and arrays are marked, and strings that look like it are kept");

  assert_cell (null_cell (), "null");
  assert_cell (boolean_cell (TRUE), "true");
  assert_cell (boolean_cell (FALSE), "false");
  assert_cell (text_cell (TST_CELL_TYPE_STRING, ""), "\"\"");
  assert_cell (text_cell (TST_CELL_TYPE_STRING, "null"), "\"null\"");
  assert_cell (text_cell (TST_CELL_TYPE_OBJECT, "{}"), "\"" MARK "{}\"");
  assert_cell (text_cell (TST_CELL_TYPE_OBJECT, "{\"a\":\"\\n\"}"), "\"" MARK "{\\\"a\\\":\\\"\\\\n\\\"}\"");
  assert_cell (text_cell (TST_CELL_TYPE_ARRAY, "[1,2,3,4,5,6,7,8,9]"), "\"" MARK "[1,2,3,4,5,6,7,8,9]\"");
  assert_cell (text_cell (TST_CELL_TYPE_STRING, "{}"), "\"{}\"");
  assert_cell (text_cell (TST_CELL_TYPE_STRING, REMOVED), "\"" MARK "\\\"" REMOVED "\\\"\"");
  assert_cell (text_cell (TST_CELL_TYPE_STRING, REMOVED REMOVED), "\"" REMOVED REMOVED "\"");
  assert_cell (text_cell (TST_CELL_TYPE_STRING, MARK), "\"" MARK "\\\"" MARK "\\\"\"");
  assert_cell (text_cell (TST_CELL_TYPE_STRING, MARK "{\"a\":1} and more"),
               "\"" MARK "\\\"" MARK "{\\\\\\\"a\\\\\\\":1} and more\\\"\"");
  assert_cell (text_cell (TST_CELL_TYPE_STRING, "\357\277\276"), "\"\357\277\276\"");
}

static void
test_json_writer_escapes (void)
{
  g_test_summary ("What must be escaped is, and nothing else");

  assert_cell (text_cell (TST_CELL_TYPE_STRING, "\"\\\b\t\n\f\r"), "\"\\\"\\\\\\b\\t\\n\\f\\r\"");
  assert_cell (text_cell (TST_CELL_TYPE_STRING, "\1\2\3\4\5\6\7\013\016\017"),
               "\"\\u0001\\u0002\\u0003\\u0004\\u0005\\u0006\\u0007\\u000b\\u000e\\u000f\"");
  assert_cell (text_cell (TST_CELL_TYPE_STRING, "\020\032\033\037"), "\"\\u0010\\u001a\\u001b\\u001f\"");
  assert_cell (text_cell (TST_CELL_TYPE_STRING, "/\177\xe2\x80\xa8\xe2\x80\xa9\xc3\xa9\xf0\x9f\x98\x80"),
               "\"/\177\xe2\x80\xa8\xe2\x80\xa9\xc3\xa9\xf0\x9f\x98\x80\"");
}

/* Byte by byte, as it can be read in RFC 8259 */
static char *
escape_plainly (const char *text)
{
  GString *out = g_string_new ("\"");

  for (; *text != '\0'; text++)
    {
      const char *short_form = strchr ("\"\"\\\\\bb\tt\nn\ff\rr", *text);

      if (*text == 'b' || *text == 't' || *text == 'n' || *text == 'f' || *text == 'r')
        g_string_append_c (out, *text);
      else if (short_form != NULL)
        g_string_append_printf (out, "\\%c", short_form[1]);
      else if ((guint8) *text < 0x20)
        g_string_append_printf (out, "\\u%04x", (guint8) *text);
      else
        g_string_append_c (out, *text);
    }

  g_string_append_c (out, '"');

  return g_string_free (out, FALSE);
}

static void
test_json_writer_random_strings (void)
{
  static const char *pieces[] = { "\"", "\\", "\n", "\1", "\037", " ", "!", "\177", "\xc3\xa9", "\xf0\x9f\x98\x80", "n", "b" };
  g_autoptr(GRand) rand = g_rand_new_with_seed (test_seed ());
  guint n = test_scale (100000);

  g_test_summary ("Strings of any length have their escapes anywhere");

  for (guint i = 0; i < n; i++)
    {
      int rarity = g_rand_int_range (rand, 1, 40);
      int length = g_rand_int_range (rand, 0, i % 100 == 0 ? 3000 : 40);
      g_autoptr(GString) text = g_string_new (NULL);
      g_autofree char *expected = NULL;

      while (length-- > 0)
        g_string_append (text, g_rand_int_range (rand, 0, rarity) == 0
                                 ? pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))] : "x");
      expected = escape_plainly (text->str);
      assert_cell (text_cell (TST_CELL_TYPE_STRING, text->str), expected);
    }
}

static void
test_json_writer_ids (Fixture       *fixture,
                      gconstpointer  user_data)
{
  g_test_summary ("Ids are escaped, short or long, and never marked");

  put (fixture, "", "", "", number_cell (1));
  put (fixture, "\n", "\"", "\\", number_cell (2));
  put (fixture, "\n", "\"", MARK "{}", number_cell (3));
  put (fixture, "\n", REMOVED, "\\", number_cell (4));
  put (fixture, "\n", REMOVED, "thirteen byte", number_cell (5));
  put (fixture, "\n", REMOVED, "fourteen bytes", number_cell (6));
  put (fixture, "\n", REMOVED, "a longer id than any block", text_cell (TST_CELL_TYPE_STRING, "and a longer text"));
  put (fixture, "\n", "last", "a longer id than any block", number_cell (7));
  put_value (fixture, "\t", number_cell (8));

  assert_content (fixture,
                  "[{\"\":{\"\":{\"\":1}},"
                  "\"\\n\":{\"\\\"\":{\"\\\\\":2,\"" MARK "{}\":3},"
                  "\"" REMOVED "\":{\"\\\\\":4,\"thirteen byte\":5,\"fourteen bytes\":6,"
                  "\"a longer id than any block\":\"and a longer text\"},"
                  "\"last\":{\"a longer id than any block\":7}}},{\"\\t\":8}]");
}

static void
test_json_writer_long (Fixture       *fixture,
                       gconstpointer  user_data)
{
  g_autofree char *controls = g_strnfill (1000000, '\1');
  g_autofree char *id = g_strnfill (100000, '"');
  g_autofree char *text = NULL;

  g_test_summary ("Long texts and ids");

  put (fixture, id, id, id, text_cell (TST_CELL_TYPE_STRING, controls));
  put (fixture, id, id, "x", text_cell (TST_CELL_TYPE_STRING, id));

  text = write_content (fixture);
  g_assert_cmpuint (strlen (text), ==,
                    strlen ("[{\"\":{\"\":{\"\":\"\",\"x\":\"\"}}},{}]") + 6 * 1000000 + 4 * 200000);
  g_assert_true (g_str_has_prefix (text, "[{\"\\\"\\\""));
  g_assert_true (g_str_has_suffix (text, "\\\"\\\"\"}}},{}]"));
}

static void
test_json_writer_snapshot (Fixture       *fixture,
                           gconstpointer  user_data)
{
  g_autoptr(TstSnapshot) snapshot = NULL;
  g_autoptr(GBytes) bytes = NULL;

  g_test_summary ("What is written is the snapshot, whatever came later");

  put (fixture, "t", "r", "c", text_cell (TST_CELL_TYPE_STRING, "a text that is not short"));
  snapshot = tst_engine_snapshot (fixture->engine);
  put (fixture, "t", "r", "d", number_cell (1));
  put (fixture, "t", "s", "c", number_cell (2));
  put_value (fixture, "v", number_cell (3));
  g_clear_pointer (&fixture->engine, tst_engine_free);

  bytes = tst_text_write_content (snapshot);
  g_assert_cmpstr (g_bytes_get_data (bytes, NULL), ==,
                   "[{\"t\":{\"r\":{\"c\":\"a text that is not short\"}}},{}]");
}

typedef struct
{
  GString *text;    /* as far as it was told of */
  guint    n_steps;
} Steps;

static void
take_step_cb (const char *text,
              gsize       length,
              gpointer    user_data)
{
  Steps *steps = user_data;

  g_assert_cmpuint (length, >=, steps->text->len);
  g_assert_cmpint (memcmp (text, steps->text->str, steps->text->len), ==, 0);
  g_string_append_len (steps->text, text + steps->text->len,
                       (gssize) (length - steps->text->len));
  steps->n_steps++;
}

static void
test_json_writer_steps (Fixture       *fixture,
                        gconstpointer  user_data)
{
  Steps steps = { g_string_new (NULL), 0 };
  g_autofree char *expected = NULL;
  g_autoptr(TstSnapshot) snapshot = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *long_text = g_strnfill (3 << 20, 'x');

  g_test_summary ("What is told of a text while it is made stays in it");

  for (guint i = 0; i < 50000; i++)
    {
      g_autofree char *table = g_strdup_printf ("t%u", i % 100);
      g_autofree char *row = g_strdup_printf ("r%u", i);

      put (fixture, table, row, "c", text_cell (TST_CELL_TYPE_STRING, "a text that is not short"));
      put (fixture, table, row, "d", number_cell (i));
    }
  put (fixture, "t", "r", "c", text_cell (TST_CELL_TYPE_STRING, long_text));

  expected = write_content (fixture);
  snapshot = tst_engine_snapshot (fixture->engine);
  bytes = tst_text_write_content_in_steps (snapshot, take_step_cb, &steps);
  g_assert_cmpstr (g_bytes_get_data (bytes, NULL), ==, expected);
  g_assert_cmpint (memcmp (expected, steps.text->str, steps.text->len), ==, 0);
  g_assert_cmpuint (strlen (expected) - steps.text->len, <, 2 << 20);
  g_assert_cmpuint (strlen (expected), <, (steps.n_steps + 1) * (5 << 18));
  g_string_free (steps.text, TRUE);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

  ADD ("/json-writer/empty", test_json_writer_empty);
  ADD ("/json-writer/order", test_json_writer_order);
  ADD ("/json-writer/numbers", test_json_writer_numbers);
  ADD ("/json-writer/ids", test_json_writer_ids);
  ADD ("/json-writer/long", test_json_writer_long);
  ADD ("/json-writer/snapshot", test_json_writer_snapshot);
  ADD ("/json-writer/steps", test_json_writer_steps);
  g_test_add_func ("/json-writer/cells", test_json_writer_cells);
  g_test_add_func ("/json-writer/escapes", test_json_writer_escapes);
  g_test_add_func ("/json-writer/random-strings", test_json_writer_random_strings);

  return g_test_run ();
}
