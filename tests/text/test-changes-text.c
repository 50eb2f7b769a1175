/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Changes as JSON text and as variants, and what they make of a store. */

#include <libtstore/tstore.h>

#include "test-util.h"

#include <string.h>

#define MARK    "\357\277\275"
#define REMOVED "\357\277\274"

#define CONTENT \
  "[{\"pets\":{\"rex\":{\"name\":\"Rex\",\"age\":3},\"tom\":{\"name\":\"Tom\"}}," \
  "\"owners\":{\"1\":{\"name\":\"Ann\"}}},{\"open\":true,\"n\":1}]"

static TstStore *
make_store (void)
{
  TstStore *store = tst_store_new ();
  g_autoptr(GError) error = NULL;

  tst_store_set_json (store, CONTENT, &error);
  g_assert_no_error (error);

  return store;
}

static void
assert_json (TstStore   *store,
             const char *expected)
{
  g_autofree char *json = tst_store_get_json (store);

  g_assert_cmpstr (json, ==, expected);
}

static void
apply (const char *json,
       const char *expected)
{
  TstStore *store = make_store ();
  g_autoptr(GError) error = NULL;

  g_assert_true (tst_store_apply_changes_json (store, json, &error));
  g_assert_no_error (error);
  assert_json (store, expected);
  g_assert_finalize_object (store);
}

/* --- Applying --- */

static void
test_changes_text_set (void)
{
  g_test_summary ("What is set is set, and all else stays");

  apply ("[{\"pets\":{\"rex\":{\"\\u0061ge\":\"\\u0062\"}}},{\"\\u006e\":\"\\u0063\"},1]",
         "[{\"pets\":{\"rex\":{\"name\":\"Rex\",\"age\":\"b\"},\"tom\":{\"name\":\"Tom\"}},"
         "\"owners\":{\"1\":{\"name\":\"Ann\"}}},{\"open\":true,\"n\":\"c\"}]");

  apply ("[{\"pets\":{\"rex\":{\"age\":4,\"x\":null},\"new\":{\"a\":[1]}}},{\"n\":\"\"},1]",
         "[{\"pets\":{\"rex\":{\"name\":\"Rex\",\"age\":4,\"x\":null},\"tom\":{\"name\":\"Tom\"},"
         "\"new\":{\"a\":\"" MARK "[1]\"}},\"owners\":{\"1\":{\"name\":\"Ann\"}}},"
         "{\"open\":true,\"n\":\"\"}]");
}

static void
test_changes_text_removed (void)
{
  g_test_summary ("What is removed is removed at its level");

  apply ("[{\"pets\":{\"rex\":{\"age\":\"" REMOVED "\"},\"tom\":\"\\ufffc\"},"
         "\"owners\":\"" REMOVED "\"},{\"open\":\"" REMOVED "\"},1]",
         "[{\"pets\":{\"rex\":{\"name\":\"Rex\"}}},{\"n\":1}]");
  apply ("[{\"pets\":{\"tom\":{\"name\":\"" REMOVED "\"}}},"
         "{\"open\":\"" REMOVED "\",\"n\":\"" REMOVED "\"},1]",
         "[{\"pets\":{\"rex\":{\"name\":\"Rex\",\"age\":3}},\"owners\":{\"1\":{\"name\":\"Ann\"}}},"
         "{}]");
  apply ("[{\"owners\":{\"1\":\"" REMOVED "\"}},{},1]",
         "[{\"pets\":{\"rex\":{\"name\":\"Rex\",\"age\":3},\"tom\":{\"name\":\"Tom\"}}},"
         "{\"open\":true,\"n\":1}]");
}

static void
test_changes_text_nothing (void)
{
  g_test_summary ("What is empty, or not there, does nothing");

  apply ("[{},{},1]", CONTENT);
  apply (" [ { } , { } , 1 ] ", CONTENT);
  apply ("[{\"pets\":{},\"new\":{\"r\":{}},\"x\":\"" REMOVED "\"},{\"y\":\"" REMOVED "\"},1]", CONTENT);
  apply ("[{\"pets\":{\"x\":\"" REMOVED "\",\"rex\":{\"x\":\"" REMOVED "\"},"
         "\"new\":{\"c\":\"" REMOVED "\"}}},{},1]", CONTENT);
}

static void
test_changes_text_places (void)
{
  g_test_summary ("A row of which every cell is another one keeps its place, as does its table");

  apply ("[{\"pets\":{\"rex\":{\"name\":\"" REMOVED "\",\"age\":\"" REMOVED "\",\"a\":1},"
         "\"tom\":\"" REMOVED "\"},\"owners\":{\"1\":\"" REMOVED "\",\"2\":{\"b\":1}}},{},1]",
         "[{\"pets\":{\"rex\":{\"a\":1}},\"owners\":{\"2\":{\"b\":1}}},{\"open\":true,\"n\":1}]");
}

static void
count_cb (TstStore   *store,
          TstChanges *changes,
          gpointer    user_data)
{
  (*(guint *) user_data)++;
}

static void
test_changes_text_transaction (void)
{
  TstStore *store = make_store ();
  g_autoptr(TstChanges) changes = NULL;
  g_autoptr(TstChanges) made = NULL;
  g_autoptr(GError) error = NULL;
  guint n_changed = 0;

  g_test_summary ("All changes are one transaction, or part of the open one");

  g_signal_connect (store, "changed", G_CALLBACK (count_cb), &n_changed);
  changes = tst_changes_new_from_json ("[{\"pets\":{\"a\":{\"b\":1},\"tom\":\"" REMOVED "\"}},"
                                       "{\"n\":\"" REMOVED "\",\"m\":2},1]", &error);
  g_assert_no_error (error);

  tst_store_begin (store);
  g_assert_true (tst_store_apply_changes (store, changes, &error));
  made = tst_store_get_changes (store);
  g_assert_true (tst_changes_equal (changes, made));
  tst_store_rollback (store);
  assert_json (store, CONTENT);
  g_assert_cmpuint (n_changed, ==, 0);

  g_assert_true (tst_store_apply_changes (store, changes, &error));
  g_assert_cmpuint (n_changed, ==, 1);
  g_assert_true (tst_store_apply_changes (store, changes, &error));
  g_assert_cmpuint (n_changed, ==, 1);

  g_assert_finalize_object (store);
}

/* --- Reading --- */

static void
refuse (const char *json,
        TstError    code,
        guint       line,
        guint       column)
{
  TstStore *store = make_store ();
  g_autofree char *where = g_strdup_printf (": line %u, column %u", line, column);
  g_autoptr(GError) error = NULL;
  guint n_refused = 0;

  g_signal_connect_swapped (store, "invalid-cell", G_CALLBACK (g_atomic_int_inc), &n_refused);
  g_assert_false (tst_store_apply_changes_json (store, json, &error));
  g_assert_error (error, TST_ERROR, (int) code);
  g_assert_true (g_str_has_suffix (error->message, where));
  g_assert_cmpuint (n_refused, ==, 1);
  assert_json (store, CONTENT);
  g_assert_finalize_object (store);
}

static void
test_changes_text_refused (void)
{
  g_test_summary ("What is not the text of changes is refused, and nothing changes");

  refuse ("", TST_ERROR_PARSE, 1, 1);
  refuse ("{}", TST_ERROR_FORMAT, 1, 1);
  refuse ("[]", TST_ERROR_FORMAT, 1, 2);
  refuse ("[{}]", TST_ERROR_FORMAT, 1, 4);
  refuse ("[{},{}]", TST_ERROR_FORMAT, 1, 7);
  refuse ("[{},{},0]", TST_ERROR_FORMAT, 1, 8);
  refuse ("[{},{},10]", TST_ERROR_FORMAT, 1, 9);
  refuse ("[{},{},1,1]", TST_ERROR_FORMAT, 1, 9);
  refuse ("[{},{},1] 1", TST_ERROR_PARSE, 1, 11);
  refuse ("[{},{},1", TST_ERROR_FORMAT, 1, 9);
  refuse ("[{},{} 1]", TST_ERROR_PARSE, 1, 8);
  refuse ("[{},{}", TST_ERROR_PARSE, 1, 7);
  refuse ("[{t:{}},{},1]", TST_ERROR_PARSE, 1, 3);
  refuse ("[{\"t\":{r:{}}},{},1]", TST_ERROR_PARSE, 1, 8);
  refuse ("[{\"t\":{\"r\":{c:1}}},{},1]", TST_ERROR_PARSE, 1, 13);
  refuse ("[{},{v:1},1]", TST_ERROR_PARSE, 1, 6);
  refuse ("[{\"t\":\"\\x\"},{},1]", TST_ERROR_PARSE, 1, 8);
  refuse ("[{\"t\":{\"r\":\"\\x\"}},{},1]", TST_ERROR_PARSE, 1, 13);
  refuse ("[{\"t\":{\"r\":{\"c\":\"\\x\"}}},{},1]", TST_ERROR_PARSE, 1, 18);
  refuse ("[null,{},1]", TST_ERROR_FORMAT, 1, 2);
  refuse ("[{\"t\":null},{},1]", TST_ERROR_FORMAT, 1, 7);
  refuse ("[{\"t\":\"x\"},{},1]", TST_ERROR_FORMAT, 1, 7);
  refuse ("[{\"t\":\"" REMOVED "x\"},{},1]", TST_ERROR_FORMAT, 1, 7);
  refuse ("[{\"t\":\n{\"r\":null}},{},1]", TST_ERROR_FORMAT, 2, 6);
  refuse ("[{\"t\":{\"r\":[]}},{},1]", TST_ERROR_FORMAT, 1, 12);
  refuse ("[{\"t\":{\"r\":{\"c\":}}},{},1]", TST_ERROR_PARSE, 1, 17);
  refuse ("[{\"t\":{},\"t\":{}},{},1]", TST_ERROR_FORMAT, 1, 10);
  refuse ("[{\"t\":{\"r\":{},\"r\":{}}},{},1]", TST_ERROR_FORMAT, 1, 15);
  refuse ("[{\"t\":{\"r\":{\"c\":\"long enough to be counted\",\"c\":\"" REMOVED "\"}}},{},1]",
          TST_ERROR_FORMAT, 1, 45);
  refuse ("[{\"new\":{\"r\":{\"c\":1}}},{\"v\":1,\"v\":1},1]", TST_ERROR_FORMAT, 1, 31);
  refuse ("[{\"new\":{\"r\":{\"c\":1}}},{\"v\":1e999},1]", TST_ERROR_PARSE, 1, 29);
  refuse ("[{\"new\":{\"r\":{\"c\":\"\\u0000\"}}},{},1]", TST_ERROR_PARSE, 1, 20);
  refuse ("[{\"new\":{\"r\":{\"c\":\"\\ud800\"}}},{},1]", TST_ERROR_PARSE, 1, 20);
  refuse ("[{\"new\":{\"r\":{\"c\":\"\377\"}}},{},1]", TST_ERROR_PARSE, 1, 20);
}

static void
test_changes_text_deep (void)
{
  g_autoptr(GString) json = g_string_new ("[{},{\"v\":");

  g_test_summary ("What is nested too deep is refused");

  for (guint i = 0; i < 65; i++)
    g_string_append_c (json, '[');
  for (guint i = 0; i < 65; i++)
    g_string_append_c (json, ']');
  g_string_append (json, "},1]");

  refuse (json->str, TST_ERROR_LIMIT, 1, 74);
}

static void
test_changes_text_three_things (void)
{
  const char *json =
    "[{\"t\":{\"r\":{\"null\":null,\"removed\":\"" REMOVED "\","
    "\"string\":\"" MARK "\\\"" REMOVED "\\\"\"}}},{},1]";
  g_autoptr(TstChanges) changes = NULL;
  g_autoptr(GVariant) variant = NULL;
  g_autoptr(GVariant) expected = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *back = NULL;

  g_test_summary ("Null, what is removed, and a string that looks like it, are three things");

  changes = tst_changes_new_from_json (json, &error);
  g_assert_no_error (error);
  g_assert_cmpint (tst_changes_get_table_change (changes, "t"), ==, TST_CHANGE_UPDATED);
  g_assert_cmpint (tst_changes_get_row_change (changes, "t", "r"), ==, TST_CHANGE_UPDATED);
  g_assert_cmpint (tst_changes_get_cell_change (changes, "t", "r", "null"), ==, TST_CHANGE_UPDATED);
  g_assert_cmpint (tst_changes_get_cell_change (changes, "t", "r", "removed"), ==,
                   TST_CHANGE_REMOVED);
  g_assert_cmpint (tst_changes_get_cell_change (changes, "t", "r", "string"), ==,
                   TST_CHANGE_UPDATED);
  g_assert_cmpint (tst_changes_get_cell_change (changes, "t", "r", "other"), ==, TST_CHANGE_NONE);

  back = tst_changes_to_json (changes);
  g_assert_cmpstr (back, ==, json);

  variant = tst_changes_to_variant (changes);
  expected = g_variant_new_parsed ("({'t': @ma{sma{smv}} just {'r': just {'null': just <@mv nothing>, "
                                   "'removed': nothing, 'string': just <'" REMOVED "'>}}}, "
                                   "@a{smv} {})");
  g_variant_ref_sink (expected);
  g_assert_cmpvariant (variant, expected);
}

/* --- Variants --- */

static void
refuse_variant (const char *text,
                TstError    code)
{
  g_autoptr(GError) error = NULL;
  GVariant *variant = g_variant_parse (NULL, text, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_null (tst_changes_new_from_variant (variant, &error));
  g_assert_error (error, TST_ERROR, (int) code);
  g_variant_unref (variant);
}

static void
test_changes_text_variant (void)
{
  TstStore *store = make_store ();
  g_autoptr(TstChanges) changes = NULL;
  g_autoptr(GVariant) variant = NULL;
  g_autoptr(GVariant) back = NULL;
  g_autoptr(GError) error = NULL;

  g_test_summary ("A variant of changes goes in and comes out");

  variant = g_variant_ref_sink (g_variant_new_parsed (
    "({'pets': @ma{sma{smv}} just {'tom': nothing, 'rex': just {'age': just <4.0>, 'name': nothing}}, "
    "'owners': nothing}, {'open': @mv nothing, 'n': just <@mv nothing>})"));
  changes = tst_changes_new_from_variant (variant, &error);
  g_assert_no_error (error);
  g_assert_true (tst_store_apply_changes (store, changes, &error));
  assert_json (store, "[{\"pets\":{\"rex\":{\"age\":4}}},{\"n\":null}]");

  back = tst_changes_to_variant (changes);
  g_assert_cmpvariant (back, variant);
  g_assert_finalize_object (store);
}

static void
test_changes_text_variant_refused (void)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static ("\1\2\3\4\5\6\7", 7);
  g_autoptr(GVariant) damaged = NULL;
  g_autoptr(GError) error = NULL;

  g_test_summary ("A variant that is none of changes, or damaged, is refused");

  refuse_variant ("1", TST_ERROR_INVALID_VALUE);
  refuse_variant ("(@a{sa{sa{sv}}} {}, @a{sv} {})", TST_ERROR_INVALID_VALUE);
  refuse_variant ("(@a{sma{sma{smv}}} {}, {'v': @mv just <inf>})", TST_ERROR_INVALID_VALUE);
  refuse_variant ("(@a{sma{sma{smv}}} {}, {'v': @mv just <handle 1>})", TST_ERROR_INVALID_VALUE);
  refuse_variant ("(@a{sma{sma{smv}}} {}, {'v': @mv nothing, 'v': nothing})", TST_ERROR_FORMAT);
  refuse_variant ("({'t': @ma{sma{smv}} nothing, 't': nothing}, @a{smv} {})", TST_ERROR_FORMAT);
  refuse_variant ("({'t': @ma{sma{smv}} just {'r': nothing, 'r': nothing}}, @a{smv} {})",
                  TST_ERROR_FORMAT);
  refuse_variant ("({'t': @ma{sma{smv}} just {'r': just {'c': just <1>, 'c': just <'x'>}}}, "
                  "@a{smv} {})", TST_ERROR_FORMAT);

  damaged = g_variant_ref_sink (g_variant_new_from_bytes (
    G_VARIANT_TYPE ("(a{sma{sma{smv}}}a{smv})"), bytes, FALSE));
  g_assert_null (tst_changes_new_from_variant (damaged, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_INVALID_VALUE);
}

/* --- Comparing --- */

static gboolean
are_equal (const char *first,
           const char *second)
{
  g_autoptr(TstChanges) a = tst_changes_new_from_json (first, NULL);
  g_autoptr(TstChanges) b = tst_changes_new_from_json (second, NULL);
  gboolean equal;

  g_assert_nonnull (a);
  g_assert_nonnull (b);
  equal = tst_changes_equal (a, b);
  g_assert_cmpint (tst_changes_equal (b, a), ==, equal);
  g_assert_true (tst_changes_equal (a, a));

  return equal;
}

static void
test_changes_text_equal (void)
{
  const char *some = "[{\"t\":{\"r\":{\"a\":1,\"b\":2},\"s\":\"" REMOVED "\"},\"u\":\"" REMOVED "\"},"
                     "{\"v\":1,\"w\":\"" REMOVED "\"},1]";

  g_test_summary ("Changes are equal if they make the same of a store");

  g_assert_true (are_equal (some,
                            "[{\"u\":\"" REMOVED "\",\"t\":{\"s\":\"" REMOVED "\","
                            "\"r\":{\"b\":2,\"a\":1},\"x\":{}},\"y\":{}},"
                            "{\"w\":\"" REMOVED "\",\"v\":1},1]"));
  g_assert_false (are_equal (some, "[{},{},1]"));
  g_assert_false (are_equal ("[{\"t\":\"" REMOVED "\"},{},1]", "[{\"t\":{\"r\":{\"a\":1}}},{},1]"));
  g_assert_false (are_equal ("[{\"t\":{\"r\":\"" REMOVED "\"}},{},1]",
                             "[{\"t\":{\"r\":{\"a\":1}}},{},1]"));
  g_assert_false (are_equal ("[{\"t\":{\"r\":{\"a\":1}}},{},1]", "[{\"t\":{\"r\":{\"a\":2}}},{},1]"));
  g_assert_false (are_equal ("[{\"t\":{\"r\":{\"a\":1}}},{},1]", "[{\"t\":{\"r\":{\"b\":1}}},{},1]"));
  g_assert_false (are_equal ("[{\"t\":{\"r\":{\"a\":1}}},{},1]", "[{\"t\":{\"s\":{\"a\":1}}},{},1]"));
  g_assert_false (are_equal ("[{\"t\":{\"r\":{\"a\":1}}},{},1]", "[{\"u\":{\"r\":{\"a\":1}}},{},1]"));
  g_assert_false (are_equal ("[{},{\"v\":null},1]", "[{},{\"v\":\"" REMOVED "\"},1]"));
}

/* --- At random --- */

static const char *
pick (GRand       *random,
      const char  *prefix,
      guint        n)
{
  char text[64];

  g_snprintf (text, sizeof text, "%s%d", prefix, g_rand_int_range (random, 0, (gint32) n));

  return g_intern_string (text);
}

static const char *
pick_json (GRand *random)
{
  static const char * const values[] = {
    "null", "true", "false", "0", "1", "-1.5", "\"\"", "\"a string that is not short\"", "{}",
    "[1,{\"a\":null}]", "\"" MARK "\\\"" REMOVED "\\\"\"", "\"" MARK "x\"", "\"" REMOVED "x\"",
  };

  return values[g_rand_int_range (random, 0, G_N_ELEMENTS (values))];
}

static void
write_at_random (TstStore *store,
                 GRand    *random)
{
  const char *t = pick (random, "t", 3);
  const char *r = pick (random, "", 6);
  const char *c = pick (random, "c", 5);
  const char *v = pick (random, "v", 4);
  const char *json = pick_json (random);
  g_autofree char *row_id = NULL;
  g_autofree char *row = NULL;

  switch (g_rand_int_range (random, 0, 12))
    {
    case 0:
      tst_store_remove_cell (store, t, r, c);
      break;
    case 1:
      tst_store_remove_row (store, t, r);
      break;
    case 2:
      if (g_rand_int_range (random, 0, 3) == 0)
        tst_store_remove_table (store, t);
      break;
    case 3:
      tst_store_remove_value (store, v);
      break;
    case 4:
      if (g_rand_int_range (random, 0, 3) == 0)
        tst_store_remove_values (store);
      break;
    case 5:
    case 6:
      g_assert_true (tst_store_set_value_json (store, v, json, NULL));
      break;
    case 7:
      row = g_strdup_printf ("{\"%s\":%s,\"x\":%s}", c, json, pick_json (random));
      g_assert_true (tst_store_set_row_json (store, t, r, row, NULL));
      break;
    case 8:
      row = g_strdup_printf ("{\"%s\":%s}", c, json);
      row_id = tst_store_add_row_json (store, t, row, TST_ADD_ROW_DEFAULT, NULL);
      break;
    default:
      g_assert_true (tst_store_set_cell_json (store, t, r, c, json, NULL));
      break;
    }
}

static void
transact_at_random (TstStore *store,
                    GRand    *random)
{
  guint n = (guint) g_rand_int_range (random, 0, 20);

  for (guint i = 0; i < n; i++)
    {
      write_at_random (store, random);

      if (g_rand_int_range (random, 0, 10) > 0)
        continue;

      tst_store_begin (store);
      write_at_random (store, random);
      write_at_random (store, random);
      if (g_rand_int_range (random, 0, 2) == 0)
        tst_store_commit (store);
      else
        tst_store_rollback (store);
    }
}

static TstStore *
copy_store (TstStore *store)
{
  TstStore *copy = tst_store_new ();
  g_autofree char *json = tst_store_get_json (store);

  g_assert_true (tst_store_set_json (copy, json, NULL));

  return copy;
}

/* What was there before and still is, in the order in which it was; then what is
 * new, in the order in which it is. */
static void
assert_ids (char **got,
            char **before,
            char **after)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) expected = NULL;

  for (guint i = 0; before[i] != NULL; i++)
    if (g_strv_contains ((const char * const *) after, before[i]))
      g_strv_builder_add (builder, before[i]);
  for (guint i = 0; after[i] != NULL; i++)
    if (!g_strv_contains ((const char * const *) before, after[i]))
      g_strv_builder_add (builder, after[i]);

  expected = g_strv_builder_end (builder);
  g_assert_cmpstrv (got, expected);
  g_strfreev (got);
  g_strfreev (before);
  g_strfreev (after);
}

static void
assert_same_text (char *got,
                  char *expected)
{
  g_assert_cmpstr (got, ==, expected);
  g_free (got);
  g_free (expected);
}

static void
assert_same_row (TstStore   *got,
                 TstStore   *before,
                 TstStore   *after,
                 const char *t,
                 const char *r)
{
  g_auto(GStrv) cells = tst_store_get_cell_ids (after, t, r);

  assert_ids (tst_store_get_cell_ids (got, t, r), tst_store_get_cell_ids (before, t, r),
              tst_store_get_cell_ids (after, t, r));
  for (guint i = 0; cells[i] != NULL; i++)
    assert_same_text (tst_store_get_cell_json (got, t, r, cells[i]),
                      tst_store_get_cell_json (after, t, r, cells[i]));
}

static void
assert_same (TstStore *got,
             TstStore *before,
             TstStore *after)
{
  g_auto(GStrv) tables = tst_store_get_table_ids (after);
  g_auto(GStrv) values = tst_store_get_value_ids (after);

  assert_ids (tst_store_get_table_ids (got), tst_store_get_table_ids (before),
              tst_store_get_table_ids (after));
  assert_ids (tst_store_get_value_ids (got), tst_store_get_value_ids (before),
              tst_store_get_value_ids (after));
  for (guint i = 0; values[i] != NULL; i++)
    assert_same_text (tst_store_get_value_json (got, values[i]),
                      tst_store_get_value_json (after, values[i]));

  for (guint i = 0; tables[i] != NULL; i++)
    {
      g_auto(GStrv) rows = tst_store_get_row_ids (after, tables[i]);

      assert_ids (tst_store_get_row_ids (got, tables[i]), tst_store_get_row_ids (before, tables[i]),
                  tst_store_get_row_ids (after, tables[i]));
      for (guint j = 0; rows[j] != NULL; j++)
        assert_same_row (got, before, after, tables[i], rows[j]);
    }
}

/* Applied and undone, and then for good */
static void
check_applied (TstStore   *before,
               TstStore   *after,
               TstChanges *changes)
{
  TstStore *copy = copy_store (before);
  g_autofree char *text = tst_store_get_json (copy);
  g_autoptr(TstChanges) made = NULL;

  tst_store_begin (copy);
  g_assert_true (tst_store_apply_changes (copy, changes, NULL));
  made = tst_store_get_changes (copy);
  g_assert_true (tst_changes_equal (made, changes));
  tst_store_rollback (copy);
  assert_json (copy, text);

  g_assert_true (tst_store_apply_changes (copy, changes, NULL));
  assert_same (copy, before, after);
  g_assert_finalize_object (copy);
}

static void
check_ways (TstStore   *before,
            TstStore   *after,
            TstChanges *changes)
{
  g_autofree char *json = tst_changes_to_json (changes);
  g_autofree char *again = NULL;
  g_autoptr(GVariant) variant = tst_changes_to_variant (changes);
  g_autoptr(GError) error = NULL;
  g_autoptr(TstChanges) by_json = NULL;
  g_autoptr(TstChanges) by_variant = NULL;

  by_json = tst_changes_new_from_json (json, &error);
  g_assert_no_error (error);
  by_variant = tst_changes_new_from_variant (variant, &error);
  g_assert_no_error (error);
  g_assert_true (tst_changes_equal (changes, by_json));
  g_assert_true (tst_changes_equal (changes, by_variant));
  again = tst_changes_to_json (by_variant);
  g_assert_cmpstr (again, ==, json);

  check_applied (before, after, changes);
  check_applied (before, after, by_json);
  check_applied (before, after, by_variant);
}

static void
test_changes_text_random (void)
{
  g_autoptr(GRand) random = g_rand_new_with_seed (test_seed ());
  TstStore *store = tst_store_new ();

  g_test_summary ("Changes make of what was before what is after, by whatever way they go");

  for (guint i = test_scale (2000); i > 0; i--)
    {
      TstStore *before = copy_store (store);
      g_autoptr(TstChanges) changes = NULL;

      tst_store_begin (store);
      transact_at_random (store, random);
      changes = tst_store_get_changes (store);
      check_ways (before, store, changes);

      if (g_rand_int_range (random, 0, 4) > 0)
        {
          tst_store_commit (store);
        }
      else
        {
          tst_store_rollback (store);
          assert_same (store, before, before);
        }

      g_assert_finalize_object (before);
    }

  g_assert_finalize_object (store);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add_func ("/changes-text/" path, func)

  ADD ("set", test_changes_text_set);
  ADD ("removed", test_changes_text_removed);
  ADD ("nothing", test_changes_text_nothing);
  ADD ("places", test_changes_text_places);
  ADD ("transaction", test_changes_text_transaction);
  ADD ("refused", test_changes_text_refused);
  ADD ("deep", test_changes_text_deep);
  ADD ("three-things", test_changes_text_three_things);
  ADD ("variant", test_changes_text_variant);
  ADD ("variant/refused", test_changes_text_variant_refused);
  ADD ("equal", test_changes_text_equal);
  ADD ("random", test_changes_text_random);

  return g_test_run ();
}
