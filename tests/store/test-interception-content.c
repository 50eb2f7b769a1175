/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Interceptors: how they are asked about tables, content, removals and changes. */

#include "intercept-fixture.h"

#include "test-util.h"

#include <string.h>

#define REMOVALS (TST_WRITE_REMOVE_TABLES | TST_WRITE_REMOVE_TABLE | TST_WRITE_REMOVE_ROW | \
                  TST_WRITE_REMOVE_CELL | TST_WRITE_REMOVE_VALUES | TST_WRITE_REMOVE_VALUE)

/* --- Content and tables --- */

static void
test_content_order (Fixture       *fixture,
                    gconstpointer  user_data)
{
  const Rule rule = { NULL, };

  g_test_summary ("Content is asked about from large to small, and removals after what is set");

  fill (fixture, "[{\"pets\":{\"fido\":{\"price\":5,\"species\":\"dog\"},\"rex\":{\"a\":1}},\"old\":{\"r\":{\"c\":1}},"
                 "\"same\":{\"r\":{\"c\":1}}},{\"open\":true,\"till\":1}]");
  intercept (fixture, TST_WRITE_ANY, &rule);
  fill (fixture, "[{\"same\":{\"r\":{\"c\":1}},\"pets\":{\"fido\":{\"price\":6},\"felix\":{\"price\":4}}},{\"till\":2}]");
  assert_heard (fixture,
                "set-content [{\"same\":{\"r\":{\"c\":1}},\"pets\":{\"fido\":{\"price\":6},\"felix\":{\"price\":4}}},"
                "{\"till\":2}]\n"
                "set-tables {\"same\":{\"r\":{\"c\":1}},\"pets\":{\"fido\":{\"price\":6},\"felix\":{\"price\":4}}}\n"
                "set-table pets {\"fido\":{\"price\":6},\"felix\":{\"price\":4}}\n"
                "set-row pets/fido {\"price\":6}\n"
                "set-cell pets/fido/price 6\n"
                "remove-cell pets/fido/species\n"
                "set-row pets/felix {\"price\":4}\n"
                "set-cell pets/felix/price 4\n"
                "remove-row pets/rex\n"
                "remove-cell pets/rex/a\n"
                "remove-table old\n"
                "remove-row old/r\n"
                "remove-cell old/r/c\n"
                "set-values {\"till\":2}\n"
                "set-value till 2\n"
                "remove-value open\n");
  assert_content (fixture, "[{\"pets\":{\"fido\":{\"price\":6},\"felix\":{\"price\":4}},\"same\":{\"r\":{\"c\":1}}},"
                           "{\"till\":2}]");
}

static void
test_content_same (Fixture       *fixture,
                   gconstpointer  user_data)
{
  const Rule rule = { NULL, };
  g_autoptr(GVariant) content = NULL, row = NULL;

  g_test_summary ("Nobody is asked about what is so already, nor about what is not there");

  fill (fixture, "[{\"pets\":{\"fido\":{\"price\":5}}},{\"till\":1}]");
  intercept (fixture, TST_WRITE_ANY, &rule);

  content = tst_store_get_content (fixture->store);
  row = tst_store_get_row (fixture->store, "pets", "fido");
  g_assert_true (tst_store_set_content (fixture->store, content, NULL));
  g_assert_true (tst_store_set_tables_json (fixture->store, "{\"pets\":{\"fido\":{\"price\":5}}}", NULL));
  g_assert_true (tst_store_set_table_json (fixture->store, "pets", "{\"fido\":{\"price\":5}}", NULL));
  g_assert_true (tst_store_set_row (fixture->store, "pets", "fido", row, NULL));
  g_assert_true (tst_store_set_partial_row (fixture->store, "pets", "fido", row, NULL));
  g_assert_true (tst_store_set_partial_row_json (fixture->store, "pets", "fido", "{}", NULL));
  set_number (fixture, "pets", "fido", "price", 5);
  g_assert_true (tst_store_set_values_json (fixture->store, "{\"till\":1}", NULL));
  g_assert_true (tst_store_set_value_number (fixture->store, "till", 1, NULL));
  g_assert_true (tst_store_apply_changes_json (fixture->store, "[{},{},1]", NULL));

  g_assert_false (tst_store_remove_cell (fixture->store, "pets", "fido", "none"));
  g_assert_false (tst_store_remove_cell (fixture->store, "pets", "none", "price"));
  g_assert_false (tst_store_remove_row (fixture->store, "pets", "none"));
  g_assert_false (tst_store_remove_table (fixture->store, "none"));
  g_assert_false (tst_store_remove_value (fixture->store, "none"));
  assert_heard (fixture, "");

  fill (fixture, "[{},{}]");
  g_string_truncate (fixture->heard, 0);
  fill (fixture, "[{},{}]");
  tst_store_remove_tables (fixture->store);
  tst_store_remove_values (fixture->store);
  assert_heard (fixture, "");
}

static void
test_kinds (Fixture       *fixture,
            gconstpointer  user_data)
{
  const Rule rule = { NULL, };

  g_test_summary ("Nobody is asked about other kinds than those asked for");

  intercept (fixture, TST_WRITE_SET_TABLES, &rule);
  intercept (fixture, TST_WRITE_REMOVE_ROW, &rule);
  fill (fixture, "[{\"pets\":{\"fido\":{\"price\":5}}},{\"till\":1}]");
  g_assert_true (tst_store_remove_table (fixture->store, "pets"));
  tst_store_remove_values (fixture->store);
  assert_heard (fixture, "set-tables {\"pets\":{\"fido\":{\"price\":5}}}\nremove-row pets/fido\n");
  assert_content (fixture, "[{},{}]");
}

static void
set_all_ways (Fixture *fixture)
{
  g_autoptr(GVariant) table = g_variant_ref_sink (g_variant_new_parsed ("{'fido': {'price': <6>}}"));
  g_autoptr(GVariant) tables = g_variant_ref_sink (g_variant_new_parsed ("{'pets': {'fido': {'price': <7>}}}"));
  g_autoptr(GVariant) content =
    g_variant_ref_sink (g_variant_new_parsed ("({'pets': {'fido': {'price': <8>}}}, @a{sv} {})"));

  g_assert_true (tst_store_set_table (fixture->store, "pets", table, NULL));
  g_assert_true (tst_store_set_tables (fixture->store, tables, NULL));
  g_assert_true (tst_store_set_content (fixture->store, content, NULL));
  g_assert_true (tst_store_set_table_json (fixture->store, "pets", "{\"fido\":{\"price\":9}}", NULL));
  g_assert_true (tst_store_set_tables_json (fixture->store, "{\"pets\":{\"fido\":{\"price\":10}}}", NULL));
  g_assert_true (tst_store_set_json (fixture->store, "[{\"pets\":{\"fido\":{\"price\":11}}}]", NULL));
}

static void
test_every_setter (Fixture       *fixture,
                   gconstpointer  user_data)
{
  const Rule rule = { NULL, };

  g_test_summary ("Every way to set tables is asked about");

  intercept (fixture, TST_WRITE_SET_TABLE, &rule);
  set_all_ways (fixture);
  assert_heard (fixture,
                "set-table pets {\"fido\":{\"price\":6}}\n"
                "set-table pets {\"fido\":{\"price\":7}}\n"
                "set-table pets {\"fido\":{\"price\":8}}\n"
                "set-table pets {\"fido\":{\"price\":9}}\n"
                "set-table pets {\"fido\":{\"price\":10}}\n"
                "set-table pets {\"fido\":{\"price\":11}}\n");
}

static void
test_altered_at_each_level (Fixture       *fixture,
                            gconstpointer  user_data)
{
  const Rule content = { .on = "set-content", .json = "[{\"t\":{\"r\":{\"c\":1}}},{\"v\":1}]" };
  const Rule tables = { .on = "set-tables {\"t\":{\"r\":{\"c\":1", .json = "{\"t\":{\"r\":{\"c\":2}}}" };
  const Rule table = { .on = "set-table t {\"r\":{\"c\":2", .json = "{\"r\":{\"c\":3},\"s\":{\"c\":9}}" };
  const Rule row = { .on = "set-row t/r {\"c\":3", .json = "{\"c\":4}" };
  const Rule cell = { .on = "set-cell t/r/c 4", .json = "5" };
  const Rule values = { .on = "set-values {\"v\":1", .json = "{\"v\":2}" };
  const Rule value = { .on = "set-value v 2", .json = "3" };

  g_test_summary ("Each level sees what became of the one above");

  intercept (fixture, TST_WRITE_SET_CELL, &cell);
  intercept (fixture, TST_WRITE_SET_ROW, &row);
  intercept (fixture, TST_WRITE_SET_TABLE, &table);
  intercept (fixture, TST_WRITE_SET_TABLES, &tables);
  intercept (fixture, TST_WRITE_SET_CONTENT, &content);
  intercept (fixture, TST_WRITE_SET_VALUES, &values);
  intercept (fixture, TST_WRITE_SET_VALUE, &value);

  fill (fixture, "[{\"x\":{\"y\":{\"z\":0}}},{}]");
  assert_heard (fixture,
                "set-content [{\"x\":{\"y\":{\"z\":0}}},{}]\n"
                "set-tables {\"t\":{\"r\":{\"c\":1}}}\n"
                "set-table t {\"r\":{\"c\":2}}\n"
                "set-row t/r {\"c\":3}\n"
                "set-cell t/r/c 4\n"
                "set-row t/s {\"c\":9}\n"
                "set-cell t/s/c 9\n"
                "set-values {\"v\":1}\n"
                "set-value v 2\n");
  assert_content (fixture, "[{\"t\":{\"r\":{\"c\":5},\"s\":{\"c\":9}}},{\"v\":3}]");
}

static void
test_bad_content (Fixture       *fixture,
                  gconstpointer  user_data)
{
  const Rule content = { .json = "{\"t\":{\"r\":{\"c\":1}}}", .is_quiet = TRUE };
  g_autoptr(GError) error = NULL;

  g_test_summary ("Altered content has to say what the values are");

  intercept (fixture, TST_WRITE_SET_CONTENT, &content);
  g_assert_false (tst_store_set_json (fixture->store, BOTH, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_FORMAT);
  assert_content (fixture, "[{},{}]");
}

/* --- Refused in the middle --- */

typedef struct
{
  const char   *name;
  TstWriteKinds kind;
  const char   *on;
  const char   *result;  /* (nullable): NULL if it fails as a whole */
} Veto;

#define BEFORE "[{\"a\":{\"r\":{\"c\":1,\"d\":1},\"s\":{\"c\":1}},\"b\":{\"r\":{\"c\":1}}},{\"v\":1,\"w\":1}]"
#define AFTER "[{\"a\":{\"r\":{\"c\":2},\"n\":{\"c\":2}},\"n\":{\"r\":{\"c\":2}}},{\"v\":2,\"n\":2}]"

static const Veto vetoes[] = {
  { "content", TST_WRITE_SET_CONTENT, "", NULL },
  { "tables", TST_WRITE_SET_TABLES, "",
    "[{\"a\":{\"r\":{\"c\":1,\"d\":1},\"s\":{\"c\":1}},\"b\":{\"r\":{\"c\":1}}},{\"v\":2,\"n\":2}]" },
  { "table", TST_WRITE_SET_TABLE, "set-table a",
    "[{\"a\":{\"r\":{\"c\":1,\"d\":1},\"s\":{\"c\":1}},\"n\":{\"r\":{\"c\":2}}},{\"v\":2,\"n\":2}]" },
  { "new-table", TST_WRITE_SET_TABLE, "set-table n",
    "[{\"a\":{\"r\":{\"c\":2},\"n\":{\"c\":2}}},{\"v\":2,\"n\":2}]" },
  { "row", TST_WRITE_SET_ROW, "set-row a/r",
    "[{\"a\":{\"r\":{\"c\":1,\"d\":1},\"n\":{\"c\":2}},\"n\":{\"r\":{\"c\":2}}},{\"v\":2,\"n\":2}]" },
  { "only-row", TST_WRITE_SET_ROW, "set-row n/r",
    "[{\"a\":{\"r\":{\"c\":2},\"n\":{\"c\":2}}},{\"v\":2,\"n\":2}]" },
  { "cell", TST_WRITE_SET_CELL, "set-cell a/r/c",
    "[{\"a\":{\"r\":{\"c\":1,\"d\":1},\"n\":{\"c\":2}},\"n\":{\"r\":{\"c\":2}}},{\"v\":2,\"n\":2}]" },
  { "all-cells", TST_WRITE_SET_CELL, "set-cell",
    "[{\"a\":{\"r\":{\"c\":1,\"d\":1},\"s\":{\"c\":1}},\"b\":{\"r\":{\"c\":1}}},{\"v\":2,\"n\":2}]" },
  { "values", TST_WRITE_SET_VALUES, "",
    "[{\"a\":{\"r\":{\"c\":2},\"n\":{\"c\":2}},\"n\":{\"r\":{\"c\":2}}},{\"v\":1,\"w\":1}]" },
  { "value", TST_WRITE_SET_VALUE, "set-value v",
    "[{\"a\":{\"r\":{\"c\":2},\"n\":{\"c\":2}},\"n\":{\"r\":{\"c\":2}}},{\"v\":1,\"n\":2}]" },
  { "everything", TST_WRITE_SET_CELL | TST_WRITE_SET_VALUE, "", NULL },
  { "removed-table", TST_WRITE_REMOVE_TABLE, "remove-table b",
    "[{\"a\":{\"r\":{\"c\":2},\"n\":{\"c\":2}},\"b\":{\"r\":{\"c\":1}},\"n\":{\"r\":{\"c\":2}}},{\"v\":2,\"n\":2}]" },
  { "removed-row", TST_WRITE_REMOVE_ROW, "remove-row a/s",
    "[{\"a\":{\"r\":{\"c\":2},\"s\":{\"c\":1},\"n\":{\"c\":2}},\"n\":{\"r\":{\"c\":2}}},{\"v\":2,\"n\":2}]" },
  { "removed-cell", TST_WRITE_REMOVE_CELL, "remove-cell a/r/d",
    "[{\"a\":{\"r\":{\"c\":2,\"d\":1},\"n\":{\"c\":2}},\"n\":{\"r\":{\"c\":2}}},{\"v\":2,\"n\":2}]" },
  { "removed-last-cell", TST_WRITE_REMOVE_CELL, "remove-cell b/r/c",
    "[{\"a\":{\"r\":{\"c\":2},\"n\":{\"c\":2}},\"b\":{\"r\":{\"c\":1}},\"n\":{\"r\":{\"c\":2}}},{\"v\":2,\"n\":2}]" },
  { "removed-value", TST_WRITE_REMOVE_VALUE, "remove-value w",
    "[{\"a\":{\"r\":{\"c\":2},\"n\":{\"c\":2}},\"n\":{\"r\":{\"c\":2}}},{\"v\":2,\"w\":1,\"n\":2}]" },
};

static void
test_veto (Fixture       *fixture,
           gconstpointer  user_data)
{
  const Veto *veto = user_data;
  const Rule rule = { .on = veto->on, .reason = "No", .is_quiet = TRUE };
  g_autoptr(GError) error = NULL;
  gboolean done;

  g_test_summary ("What is refused stays as it is, and all else is done");

  fill (fixture, BEFORE);
  intercept (fixture, veto->kind, &rule);
  done = tst_store_set_json (fixture->store, AFTER, &error);

  if (veto->result == NULL)
    {
      assert_refused (done, &error, "No");
      assert_content (fixture, BEFORE);
      return;
    }

  g_assert_no_error (error);
  g_assert_true (done);
  assert_content (fixture, veto->result);
}

static void
test_part_refused (Fixture       *fixture,
                   gconstpointer  user_data)
{
  const Rule rule = { .on = "set-row t/r", .reason = "No", .is_quiet = TRUE };
  g_autoptr(GError) error = NULL;

  g_test_summary ("A write of which nothing comes fails");

  intercept (fixture, TST_WRITE_SET_ROW, &rule);
  assert_refused (tst_store_set_table_json (fixture->store, "t", "{\"r\":{\"c\":1}}", &error), &error, "No");
  assert_refused (tst_store_set_tables_json (fixture->store, "{\"t\":{\"r\":{\"c\":1}}}", &error), &error, "No");
  assert_refused (tst_store_set_json (fixture->store, "[{\"t\":{\"r\":{\"c\":1}}},{}]", &error), &error, "No");
  g_assert_true (tst_store_set_table_json (fixture->store, "t", "{\"r\":{\"c\":1},\"s\":{\"c\":1}}", NULL));
  assert_content (fixture, "[{\"t\":{\"s\":{\"c\":1}}},{}]");

  /* What there is already remains of it. */
  g_assert_true (tst_store_set_table_json (fixture->store, "t", "{\"r\":{\"c\":1},\"s\":{\"c\":1}}", NULL));
}

static void
write_to_kept_cb (Fixture  *fixture,
                  TstWrite *write)
{
  set_number (fixture, "b", "r", "c", 7);
  set_number (fixture, "gone", "r", "c", 7);
  tst_write_refuse (write, NULL);
}

static void
test_written_meanwhile (Fixture       *fixture,
                        gconstpointer  user_data)
{
  const Rule rule = { .on = "remove-table b", .act = write_to_kept_cb, .is_quiet = TRUE };

  g_test_summary ("What interceptors write comes first: it stays in what is kept, and else is replaced");

  fill (fixture, BEFORE);
  intercept (fixture, TST_WRITE_REMOVE_TABLE, &rule);
  fill (fixture, "[{\"a\":{\"r\":{\"c\":2}}},{}]");
  assert_content (fixture, "[{\"a\":{\"r\":{\"c\":2}},\"b\":{\"r\":{\"c\":7}}},{}]");
}

/* --- Removals --- */

static void
test_removals (Fixture       *fixture,
               gconstpointer  user_data)
{
  const Rule rule = { NULL, };

  g_test_summary ("Removals are asked about from large to small");

  intercept (fixture, REMOVALS, &rule);
  fill (fixture, BEFORE);
  tst_store_remove_tables (fixture->store);
  tst_store_remove_values (fixture->store);
  assert_heard (fixture,
                "remove-tables\n"
                "remove-table a\n"
                "remove-row a/r\n"
                "remove-cell a/r/c\n"
                "remove-cell a/r/d\n"
                "remove-row a/s\n"
                "remove-cell a/s/c\n"
                "remove-table b\n"
                "remove-row b/r\n"
                "remove-cell b/r/c\n"
                "remove-values\n"
                "remove-value v\n"
                "remove-value w\n");
  assert_content (fixture, "[{},{}]");

  fill (fixture, BEFORE);
  g_assert_true (tst_store_remove_table (fixture->store, "b"));
  g_assert_true (tst_store_remove_row (fixture->store, "a", "s"));
  g_assert_true (tst_store_remove_cell (fixture->store, "a", "r", "c"));
  g_assert_true (tst_store_remove_value (fixture->store, "v"));
  assert_heard (fixture,
                "remove-table b\n"
                "remove-row b/r\n"
                "remove-cell b/r/c\n"
                "remove-row a/s\n"
                "remove-cell a/s/c\n"
                "remove-cell a/r/c\n"
                "remove-value v\n");
  assert_content (fixture, "[{\"a\":{\"r\":{\"d\":1}}},{\"w\":1}]");

  /* Empty content removes everything. */
  fill (fixture, "[{},{}]");
  assert_heard (fixture,
                "remove-tables\n"
                "remove-table a\n"
                "remove-row a/r\n"
                "remove-cell a/r/d\n"
                "remove-values\n"
                "remove-value w\n");
}

static const Veto removal_vetoes[] = {
  { "tables", TST_WRITE_REMOVE_TABLES, "",
    "[{\"a\":{\"r\":{\"c\":1,\"d\":1},\"s\":{\"c\":1}},\"b\":{\"r\":{\"c\":1}}},{}]" },
  { "table", TST_WRITE_REMOVE_TABLE, "remove-table b", "[{\"b\":{\"r\":{\"c\":1}}},{}]" },
  { "row", TST_WRITE_REMOVE_ROW, "remove-row a/r", "[{\"a\":{\"r\":{\"c\":1,\"d\":1}}},{}]" },
  { "cell", TST_WRITE_REMOVE_CELL, "remove-cell a/r/d", "[{\"a\":{\"r\":{\"d\":1}}},{}]" },
  { "values", TST_WRITE_REMOVE_VALUES, "", "[{},{\"v\":1,\"w\":1}]" },
  { "value", TST_WRITE_REMOVE_VALUE, "remove-value w", "[{},{\"w\":1}]" },
};

static void
test_removal_veto (Fixture       *fixture,
                   gconstpointer  user_data)
{
  const Veto *veto = user_data;
  const Rule rule = { .on = veto->on, .reason = "No", .is_quiet = TRUE };

  g_test_summary ("What may not be removed stays, and all else goes");

  fill (fixture, BEFORE);
  intercept (fixture, veto->kind, &rule);
  tst_store_remove_tables (fixture->store);
  tst_store_remove_values (fixture->store);
  assert_content (fixture, veto->result);

  /* The same by what is set. */
  fill (fixture, BEFORE);
  fill (fixture, "[{},{}]");
  assert_content (fixture, veto->result);
}

static void
test_removal_fails (Fixture       *fixture,
                    gconstpointer  user_data)
{
  const Rule rule = { .reason = "No", .is_quiet = TRUE };
  g_autoptr(GError) error = NULL;

  g_test_summary ("A removal of which nothing comes returns FALSE");

  fill (fixture, BEFORE);
  intercept (fixture, TST_WRITE_REMOVE_CELL | TST_WRITE_REMOVE_VALUE, &rule);
  g_assert_false (tst_store_remove_cell (fixture->store, "a", "r", "c"));
  g_assert_false (tst_store_remove_row (fixture->store, "a", "r"));
  g_assert_false (tst_store_remove_table (fixture->store, "a"));
  g_assert_false (tst_store_remove_value (fixture->store, "v"));
  assert_refused (tst_store_set_json (fixture->store, "[{},{}]", &error), &error, "No");
  assert_content (fixture, BEFORE);
}

static void
test_pool (Fixture       *fixture,
           gconstpointer  user_data)
{
  const Rule rule = { .on = "remove-row t/1", .reason = "No", .is_quiet = TRUE };
  g_autofree char *id = NULL;

  g_test_summary ("Ids of rows that are removed may be given to others, but not those of rows that stay");

  fill (fixture, "[{\"t\":{\"0\":{\"c\":1},\"1\":{\"c\":1}}},{}]");
  intercept (fixture, TST_WRITE_REMOVE_ROW, &rule);
  g_assert_false (tst_store_remove_row (fixture->store, "t", "1"));
  g_assert_true (tst_store_remove_row (fixture->store, "t", "0"));
  id = tst_store_add_row_json (fixture->store, "t", "{\"c\":1}", 0, NULL);
  g_assert_cmpstr (id, ==, "0");
}

/* --- Changes --- */

#define REMOVED "\"\357\277\274\""
#define CHANGES "[{\"a\":{\"r\":{\"c\":2,\"d\":" REMOVED "},\"s\":" REMOVED "},\"b\":" REMOVED "}," \
                "{\"v\":2,\"w\":" REMOVED "},1]"

static void
test_changes (Fixture       *fixture,
              gconstpointer  user_data)
{
  const Rule rule = { NULL, };

  g_test_summary ("Changes are asked about as a whole, and then one by one, but not by rows");

  fill (fixture, BEFORE);
  intercept (fixture, TST_WRITE_ANY, &rule);
  g_assert_true (tst_store_apply_changes_json (fixture->store, CHANGES, NULL));
  assert_heard (fixture,
                "apply-changes " CHANGES "\n"
                "set-cell a/r/c 2\n"
                "remove-cell a/r/d\n"
                "remove-row a/s\n"
                "remove-cell a/s/c\n"
                "remove-table b\n"
                "remove-row b/r\n"
                "remove-cell b/r/c\n"
                "set-value v 2\n"
                "remove-value w\n");
  assert_content (fixture, "[{\"a\":{\"r\":{\"c\":2}}},{\"v\":2}]");
}

static void
test_changes_altered (Fixture       *fixture,
                      gconstpointer  user_data)
{
  const Rule changes = { .json = "[{\"a\":{\"r\":{\"c\":3}}},{\"v\":3},1]", .is_quiet = TRUE };
  const Rule cell = { .on = "set-cell a/r/c 3", .json = "4", .is_quiet = TRUE };

  g_test_summary ("Altered changes are applied");

  fill (fixture, BEFORE);
  intercept (fixture, TST_WRITE_APPLY_CHANGES, &changes);
  intercept (fixture, TST_WRITE_SET_CELL, &cell);
  g_assert_true (tst_store_apply_changes_json (fixture->store, CHANGES, NULL));
  assert_content (fixture, "[{\"a\":{\"r\":{\"c\":4,\"d\":1},\"s\":{\"c\":1}},\"b\":{\"r\":{\"c\":1}}},{\"v\":3,\"w\":1}]");
}

static const Veto changes_vetoes[] = {
  { "all", TST_WRITE_APPLY_CHANGES, "", NULL },
  { "each", TST_WRITE_SET_CELL | TST_WRITE_SET_VALUE | TST_WRITE_REMOVE_CELL | TST_WRITE_REMOVE_VALUE, "", NULL },
  { "cell", TST_WRITE_SET_CELL, "set-cell a/r/c", "[{\"a\":{\"r\":{\"c\":1}}},{\"v\":2}]" },
  { "removed-cell", TST_WRITE_REMOVE_CELL, "remove-cell a/r/d", "[{\"a\":{\"r\":{\"c\":2,\"d\":1}}},{\"v\":2}]" },
  { "removed-row", TST_WRITE_REMOVE_ROW, "remove-row a/s",
    "[{\"a\":{\"r\":{\"c\":2},\"s\":{\"c\":1}}},{\"v\":2}]" },
  { "removed-table", TST_WRITE_REMOVE_TABLE, "remove-table b",
    "[{\"a\":{\"r\":{\"c\":2}},\"b\":{\"r\":{\"c\":1}}},{\"v\":2}]" },
  { "cell-of-removed-table", TST_WRITE_REMOVE_CELL, "remove-cell b",
    "[{\"a\":{\"r\":{\"c\":2}},\"b\":{\"r\":{\"c\":1}}},{\"v\":2}]" },
  { "value", TST_WRITE_SET_VALUE, "set-value v", "[{\"a\":{\"r\":{\"c\":2}}},{\"v\":1}]" },
  { "removed-value", TST_WRITE_REMOVE_VALUE, "remove-value w", "[{\"a\":{\"r\":{\"c\":2}}},{\"v\":2,\"w\":1}]" },
};

static void
test_changes_veto (Fixture       *fixture,
                   gconstpointer  user_data)
{
  const Veto *veto = user_data;
  const Rule rule = { .on = veto->on, .reason = "No", .is_quiet = TRUE };
  g_autoptr(GError) error = NULL;
  gboolean done;

  g_test_summary ("Of changes, too, all that is not refused is done");

  fill (fixture, BEFORE);
  intercept (fixture, veto->kind, &rule);
  done = tst_store_apply_changes_json (fixture->store, CHANGES, &error);

  if (veto->result == NULL)
    {
      assert_refused (done, &error, "No");
      assert_content (fixture, BEFORE);
      return;
    }

  g_assert_true (done);
  assert_content (fixture, veto->result);
}

/* --- By chance --- */

/* Nothing may change that was not let through, cell by cell. */
typedef struct
{
  GRand      *random;
  GHashTable *let_through;  /* of char*, owned: paths of cells and values */
  guint       n_changed;
} Chance;

static void
decide_cb (TstStore *store,
           TstWrite *write,
           gpointer  user_data)
{
  Chance *self = user_data;
  const char *id = tst_write_get_cell_id (write);

  if (g_rand_int_range (self->random, 0, 8) == 0)
    {
      tst_write_refuse (write, "By chance");
      return;
    }

  if (id != NULL)
    g_hash_table_add (self->let_through, g_strjoin ("/", tst_write_get_table_id (write),
                                                    tst_write_get_row_id (write), id, NULL));
  else if (tst_write_get_value_id (write) != NULL)
    g_hash_table_add (self->let_through, g_strdup (tst_write_get_value_id (write)));
}

static void
check_cell_cb (TstChanges   *changes,
               const char   *table_id,
               const char   *row_id,
               const char   *cell_id,
               const GValue *new_value,
               const GValue *old_value,
               gpointer      user_data)
{
  Chance *self = user_data;
  g_autofree char *path = g_strjoin ("/", table_id, row_id, cell_id, NULL);

  g_assert_true (g_hash_table_contains (self->let_through, path));
  self->n_changed++;
}

static void
check_value_cb (TstChanges   *changes,
                const char   *value_id,
                const GValue *new_value,
                const GValue *old_value,
                gpointer      user_data)
{
  Chance *self = user_data;

  g_assert_true (g_hash_table_contains (self->let_through, value_id));
  self->n_changed++;
}

static void
check_changed_cb (TstStore   *store,
                  TstChanges *changes,
                  gpointer    user_data)
{
  tst_changes_foreach_cell (changes, check_cell_cb, user_data);
  tst_changes_foreach_value (changes, check_value_cb, user_data);
}

static char
pick (Chance     *self,
      const char *from)
{
  return from[g_rand_int_range (self->random, 0, (gint32) strlen (from))];
}

/* Returns: {"a":1,"b":2} or so; @make: (nullable): what each of them is */
static char *
make_object (Chance      *self,
             const char  *ids,
             char      *(*make) (Chance *self))
{
  GString *json = g_string_new ("{");

  for (const char *id = ids; *id != '\0'; id++)
    {
      g_autofree char *inner = NULL;

      if (g_rand_boolean (self->random) && (id[1] != '\0' || json->len > 1))
        continue;

      inner = make ? make (self) : g_strdup_printf ("%d", g_rand_int_range (self->random, 0, 3));
      g_string_append_printf (json, "%s\"%c\":%s", json->len > 1 ? "," : "", *id, inner);
    }

  return g_string_free (g_string_append_c (json, '}'), FALSE);
}

static char *
make_row (Chance *self)
{
  return make_object (self, "cde", NULL);
}

static char *
make_table (Chance *self)
{
  return make_object (self, "rst", make_row);
}

static char *
make_tables (Chance *self)
{
  return make_object (self, "ab", make_table);
}

static void
write_by_chance (Chance   *self,
                 TstStore *store)
{
  const char table[] = { pick (self, "ab"), '\0' }, row[] = { pick (self, "rst"), '\0' };
  const char cell[] = { pick (self, "cde"), '\0' };
  g_autofree char *tables = make_tables (self), *rows = make_table (self), *cells = make_row (self);
  g_autofree char *content = g_strdup_printf ("[%s,%s]", tables, cells);
  g_autofree char *changes = g_strdup_printf ("[%s,%s,1]", tables, cells);

  switch (g_rand_int_range (self->random, 0, 12))
    {
    case 0:
      tst_store_set_json (store, content, NULL);
      break;
    case 1:
      tst_store_set_tables_json (store, tables, NULL);
      break;
    case 2:
      tst_store_set_table_json (store, table, rows, NULL);
      break;
    case 3:
      tst_store_set_row_json (store, table, row, cells, NULL);
      break;
    case 4:
      tst_store_set_partial_row_json (store, table, row, cells, NULL);
      break;
    case 5:
      tst_store_set_values_json (store, cells, NULL);
      break;
    case 6:
      tst_store_apply_changes_json (store, changes, NULL);
      break;
    case 7:
      tst_store_remove_table (store, table);
      break;
    case 8:
      tst_store_remove_row (store, table, row);
      break;
    case 9:
      tst_store_remove_cell (store, table, row, cell);
      break;
    case 10:
      tst_store_remove_value (store, cell);
      break;
    default:
      tst_store_set_cell_number (store, table, row, cell, g_rand_int_range (self->random, 0, 3), NULL);
      break;
    }
}

static void
test_chance (Fixture       *fixture,
             gconstpointer  user_data)
{
  Chance chance = { .random = g_rand_new_with_seed (test_seed ()) };
  guint n = test_scale (20000);

  g_test_summary ("Whatever is refused, nothing changes that was not let through");

  chance.let_through = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  tst_store_add_interceptor (fixture->store, TST_WRITE_ANY, decide_cb, &chance, NULL);
  g_signal_connect (fixture->store, "changed", G_CALLBACK (check_changed_cb), &chance);

  for (guint i = 0; i < n; i++)
    {
      write_by_chance (&chance, fixture->store);
      g_hash_table_remove_all (chance.let_through);
    }

  g_assert_cmpuint (chance.n_changed, >, n / 2);
  g_hash_table_unref (chance.let_through);
  g_rand_free (chance.random);
}

static void
add_vetoes (const char *path,
            const Veto *table,
            gsize       n,
            void      (*func) (Fixture       *fixture,
                               gconstpointer  user_data))
{
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *name = g_strconcat (path, table[i].name, NULL);

      g_test_add (name, Fixture, &table[i], fixture_set_up, func, fixture_tear_down);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

  ADD ("/interception-content/order", test_content_order);
  ADD ("/interception-content/same", test_content_same);
  ADD ("/interception-content/kinds", test_kinds);
  ADD ("/interception-content/every-setter", test_every_setter);
  ADD ("/interception-content/altered", test_altered_at_each_level);
  ADD ("/interception-content/altered/bad", test_bad_content);
  add_vetoes ("/interception-content/refused/", vetoes, G_N_ELEMENTS (vetoes), test_veto);
  ADD ("/interception-content/part-refused", test_part_refused);
  ADD ("/interception-content/written-meanwhile", test_written_meanwhile);
  ADD ("/interception-content/removals", test_removals);
  add_vetoes ("/interception-content/removals/refused/", removal_vetoes, G_N_ELEMENTS (removal_vetoes),
              test_removal_veto);
  ADD ("/interception-content/removals/fail", test_removal_fails);
  ADD ("/interception-content/removals/pool", test_pool);
  ADD ("/interception-content/changes", test_changes);
  ADD ("/interception-content/changes/altered", test_changes_altered);
  add_vetoes ("/interception-content/changes/refused/", changes_vetoes, G_N_ELEMENTS (changes_vetoes),
              test_changes_veto);
  ADD ("/interception-content/chance", test_chance);

  return g_test_run ();
}
