/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <libtstore/tstore.h>

#include <string.h>

#include "test-util.h"
#include "tst-conflict-private.h"
#include "tst-merge-private.h"
#include "tst-store-private.h"

/* What a merge makes of each way to change one thing here and there: design
 * table by table line. */

static TstStore *
store_new (const char *json)
{
  TstStore *store = tst_store_new ();
  g_autoptr(GError) error = NULL;

  tst_store_set_json (store, json, &error);
  g_assert_no_error (error);

  return store;
}

static char *
describe (TstConflict *conflict)
{
  static const char *const kinds[] = { "kept", "taken", "row-kept", "row-taken", "row-moved" };
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < tst_conflict_get_n_entries (conflict); i++)
    {
      const char *table_id = tst_conflict_get_table_id (conflict, i);
      const char *row_id = tst_conflict_get_row_id (conflict, i);
      const char *cell_id = tst_conflict_get_cell_id (conflict, i);
      const char *new_row_id = tst_conflict_get_new_row_id (conflict, i);

      g_string_append_printf (text, "%s%s", i > 0 ? " " : "",
                              kinds[tst_conflict_get_kind (conflict, i)]);
      if (table_id != NULL)
        g_string_append_printf (text, " %s/%s", table_id, row_id);
      if (cell_id != NULL)
        g_string_append_printf (text, "/%s", cell_id);
      if (new_row_id != NULL)
        g_string_append_printf (text, ">%s", new_row_id);
    }

  return g_string_free (text, FALSE);
}

/* What @ours became since @base was taken of it. */
static void
check_since (TstSnapshot *base,
             gboolean     agreed,
             TstStore    *ours_store,
             const char  *theirs_json,
             const char  *expected,
             const char  *expected_conflict)
{
  TstMergeBase merge_base = { base, tst_snapshot_get_number (base), agreed };
  g_autoptr(TstStore) theirs_store = store_new (theirs_json);
  g_autoptr(TstSnapshot) ours = tst_store_snapshot (ours_store);
  g_autoptr(TstSnapshot) theirs = tst_store_snapshot (theirs_store);
  g_autoptr(TstConflict) conflict = tst_conflict_new ();
  g_autoptr(TstSnapshot) merged = tst_merge (&merge_base, ours, theirs, conflict);
  g_autoptr(TstStore) result = tst_store_new ();
  g_autofree char *text = NULL;
  g_autofree char *description = describe (conflict);

  tst_store_replace (result, merged, TST_PART_ALL, NULL);
  text = tst_store_get_json (result);
  g_assert_cmpstr (text, ==, expected);
  g_assert_cmpstr (description, ==, expected_conflict);
}

/* ours may be changed further between being made and being merged. */
static void
check_store (const char *base_json,
             TstStore   *ours,
             const char *theirs,
             const char *expected,
             const char *conflict)
{
  g_autoptr(TstStore) base_store = store_new (base_json);
  g_autoptr(TstSnapshot) base = tst_store_snapshot (base_store);

  check_since (base, TRUE, ours, theirs, expected, conflict);
}

/* As a persister does it before it tries to save again. */
static void
merge_into_store (const char *base_json,
                  TstStore   *store,
                  const char *theirs_json)
{
  g_autoptr(TstStore) base_store = store_new (base_json);
  g_autoptr(TstStore) theirs_store = store_new (theirs_json);
  g_autoptr(TstSnapshot) base = tst_store_snapshot (base_store);
  g_autoptr(TstSnapshot) ours = tst_store_snapshot (store);
  g_autoptr(TstSnapshot) theirs = tst_store_snapshot (theirs_store);
  g_autoptr(TstConflict) conflict = tst_conflict_new ();
  TstMergeBase merge_base = { base, 0, TRUE };
  g_autoptr(TstSnapshot) merged = tst_merge (&merge_base, ours, theirs, conflict);

  tst_store_push_origin (store, merged);
  tst_store_replace (store, merged, TST_PART_ALL | TST_PART_POOLED, NULL);
  tst_store_pop_origin (store);
}

static void
check (const char *base,
       const char *ours,
       const char *theirs,
       const char *expected,
       const char *conflict)
{
  g_autoptr(TstStore) store = store_new (ours);

  check_store (base, store, theirs, expected, conflict);
}

#define R(cells) "[{\"t\":{\"r\":{" cells "}}},{}]"

static void
test_merge_clean (void)
{
  g_test_summary ("What only one side changed is as that side has it");

  check (R ("\"a\":1"), R ("\"a\":1"), R ("\"a\":2"), R ("\"a\":2"), "");
  check (R ("\"a\":1"), R ("\"a\":2"), R ("\"a\":1"), R ("\"a\":2"), "");
  check (R ("\"a\":1,\"b\":1"), R ("\"a\":2,\"b\":1"), R ("\"a\":1,\"b\":2"),
         R ("\"a\":2,\"b\":2"), "");
  check (R ("\"a\":1"), R ("\"a\":1,\"b\":1"), R ("\"a\":1,\"c\":1"),
         R ("\"a\":1,\"c\":1,\"b\":1"), "");
  check (R ("\"a\":1,\"b\":1"), R ("\"a\":1"), R ("\"a\":2,\"b\":1"), R ("\"a\":2"), "");
  check ("[{},{}]", R ("\"a\":1"), "[{\"u\":{\"r\":{\"a\":1}}},{}]",
         "[{\"u\":{\"r\":{\"a\":1}},\"t\":{\"r\":{\"a\":1}}},{}]", "");
}

static void
test_merge_same (void)
{
  g_test_summary ("The same change on both sides is one change");

  check (R ("\"a\":1"), R ("\"a\":2"), R ("\"a\":2"), R ("\"a\":2"), "");
  check (R ("\"a\":1"), "[{},{}]", "[{},{}]", "[{},{}]", "");
  check ("[{},{}]", R ("\"a\":1"), R ("\"a\":1"), R ("\"a\":1"), "");
  check (R ("\"a\":1,\"b\":1"), R ("\"a\":1"), R ("\"a\":1"), R ("\"a\":1"), "");
}

static void
test_merge_cells (void)
{
  g_test_summary ("Cell set on both sides: ours; removed and set: what was set");

  check (R ("\"a\":1"), R ("\"a\":2"), R ("\"a\":3"), R ("\"a\":2"), "kept t/r/a");
  check (R ("\"b\":1"), R ("\"a\":2,\"b\":1"), R ("\"a\":3,\"b\":1"), R ("\"a\":2,\"b\":1"),
         "kept t/r/a");
  check (R ("\"a\":1,\"b\":1"), R ("\"a\":2,\"b\":1"), R ("\"b\":1"), R ("\"b\":1,\"a\":2"),
         "kept t/r/a");
  check (R ("\"a\":1,\"b\":1"), R ("\"b\":1"), R ("\"a\":3,\"b\":1"), R ("\"a\":3,\"b\":1"),
         "taken t/r/a");
}

static void
test_merge_removed_there (void)
{
  g_test_summary ("Changed here, row or table removed there: our whole row comes back");

  check ("[{\"t\":{\"r\":{\"a\":1,\"b\":1},\"s\":{\"a\":1}}},{}]",
         "[{\"t\":{\"r\":{\"a\":2,\"b\":1},\"s\":{\"a\":1}}},{}]",
         "[{\"t\":{\"s\":{\"a\":1}}},{}]",
         "[{\"t\":{\"s\":{\"a\":1},\"r\":{\"a\":2,\"b\":1}}},{}]", "row-kept t/r");
  check ("[{\"t\":{\"r\":{\"a\":1,\"b\":1},\"s\":{\"a\":1}}},{}]",
         "[{\"t\":{\"r\":{\"a\":2,\"b\":1},\"s\":{\"a\":1}}},{}]",
         "[{},{}]", R ("\"a\":2,\"b\":1"), "row-kept t/r");
}

static void
test_merge_removed_here (void)
{
  g_test_summary ("Removed here: stays so if unchanged there, else it comes back with theirs");

  check (R ("\"a\":1"), "[{},{}]", R ("\"a\":1"), "[{},{}]", "");
  check (R ("\"a\":1,\"b\":1"), "[{},{}]", R ("\"a\":2,\"b\":1"), R ("\"a\":2,\"b\":1"),
         "row-taken t/r");
  check ("[{\"t\":{\"r\":{\"a\":1},\"s\":{\"a\":1}}},{}]", "[{},{}]",
         "[{\"t\":{\"r\":{\"a\":1},\"s\":{\"a\":2}}},{}]",
         "[{\"t\":{\"s\":{\"a\":2}}},{}]", "row-taken t/s");
}

static void
test_merge_added (void)
{
  g_test_summary ("One id that the app chose on both sides: merged cell by cell");

  check ("[{},{}]", R ("\"a\":1,\"b\":1"), R ("\"a\":2,\"c\":1"),
         R ("\"a\":1,\"c\":1,\"b\":1"), "kept t/r/a");
}

static void
test_merge_pool (void)
{
  g_autoptr(TstStore) ours = store_new ("[{},{}]");
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  g_test_summary ("One id from two pools: both rows are kept, ours under a new id");

  first = tst_store_add_row_json (ours, "t", "{\"a\":1}", TST_ADD_ROW_DEFAULT, NULL);
  second = tst_store_add_row_json (ours, "t", "{\"a\":2}", TST_ADD_ROW_DEFAULT, NULL);
  g_assert_cmpstr (first, ==, "0");
  g_assert_cmpstr (second, ==, "1");

  check_store ("[{},{}]", ours, "[{\"t\":{\"0\":{\"a\":3},\"1\":{\"a\":2}}},{}]",
               "[{\"t\":{\"0\":{\"a\":3},\"1\":{\"a\":2},\"2\":{\"a\":1}}},{}]", "row-moved t/0>2");
}

/* A store whose row "0" was made by add_row(), and its snapshot. */
static TstStore *
store_new_with_added_row (TstSnapshot **base)
{
  TstStore *store = store_new ("[{},{}]");

  g_free (tst_store_add_row_json (store, "t", "{\"a\":1,\"b\":1}", TST_ADD_ROW_DEFAULT, NULL));
  *base = tst_store_snapshot (store);

  return store;
}

static void
add_again (TstStore   *store,
           const char *json)
{
  g_autofree char *row_id = NULL;

  tst_store_remove_row (store, "t", "0");
  row_id = tst_store_add_row_json (store, "t", json, TST_ADD_ROW_DEFAULT, NULL);
  g_assert_cmpstr (row_id, ==, "0");
}

static void
test_merge_added_again (void)
{
  g_autoptr(TstSnapshot) base = NULL;
  g_autoptr(TstStore) ours = store_new_with_added_row (&base);

  g_test_summary ("A row removed, and another added under its id: two rows, never one of both");

  add_again (ours, "{\"a\":2}");

  check_since (base, TRUE, ours, "[{\"t\":{\"0\":{\"a\":1,\"b\":1}}},{}]",
               "[{\"t\":{\"0\":{\"a\":2}}},{}]", "");
  check_since (base, TRUE, ours, "[{},{}]", "[{\"t\":{\"0\":{\"a\":2}}},{}]", "");
  check_since (base, TRUE, ours, "[{\"t\":{\"0\":{\"a\":1,\"b\":2}}},{}]",
               "[{\"t\":{\"0\":{\"a\":1,\"b\":2},\"1\":{\"a\":2}}},{}]",
               "row-taken t/0 row-moved t/0>1");
}

static void
test_merge_not_agreed (void)
{
  g_autoptr(TstSnapshot) base = NULL;
  g_autoptr(TstStore) ours = store_new_with_added_row (&base);

  g_test_summary ("What the store had first is the medium's row if they have something in common");

  tst_store_set_cell_number (ours, "t", "0", "a", 2, NULL);

  check_since (base, FALSE, ours, "[{\"t\":{\"0\":{\"a\":1,\"b\":3}}},{}]",
               "[{\"t\":{\"0\":{\"a\":2,\"b\":3}}},{}]", "");
  check_since (base, FALSE, ours, "[{\"t\":{\"0\":{\"a\":4,\"b\":4}}},{}]",
               "[{\"t\":{\"0\":{\"a\":4,\"b\":4},\"1\":{\"a\":2,\"b\":1}}},{}]",
               "row-taken t/0 row-moved t/0>1");
}

static void
check_store_arrived (const char *base_json,
                     TstStore   *sent_store,
                     const char *theirs_json,
                     gboolean    expected)
{
  g_autoptr(TstStore) base_store = store_new (base_json);
  g_autoptr(TstStore) theirs_store = store_new (theirs_json);
  g_autoptr(TstSnapshot) base = tst_store_snapshot (base_store);
  g_autoptr(TstSnapshot) sent = tst_store_snapshot (sent_store);
  g_autoptr(TstSnapshot) theirs = tst_store_snapshot (theirs_store);

  g_assert_cmpint (tst_merge_has_arrived (base, sent, theirs), ==, expected);
}

static void
check_arrived (const char *base_json,
               const char *sent_json,
               const char *theirs_json,
               gboolean    expected)
{
  g_autoptr(TstStore) sent_store = store_new (sent_json);

  check_store_arrived (base_json, sent_store, theirs_json, expected);
}

static void
test_merge_arrived (void)
{
  g_test_summary ("Whether what is there is made from a save that nobody knows the end of");

  check_arrived (R ("\"a\":1"), R ("\"a\":2"), R ("\"a\":2,\"b\":3"), TRUE);
  check_arrived (R ("\"a\":1"), R ("\"a\":2"), R ("\"a\":1,\"b\":3"), FALSE);
  check_arrived (R ("\"a\":1"), R ("\"a\":2"), R ("\"a\":3"), FALSE);
  check_arrived (R ("\"a\":1,\"b\":1"), R ("\"a\":1"), R ("\"a\":4"), TRUE);
  check_arrived (R ("\"a\":1"), "[{},{}]", "[{},{\"v\":1}]", TRUE);
  check_arrived (R ("\"a\":1"), "[{},{}]", R ("\"a\":1,\"b\":1"), FALSE);
  check_arrived ("[{},{}]", "[{},{\"v\":1}]", "[{},{\"v\":1,\"w\":2}]", TRUE);

  check_arrived ("[{},{}]", "[{},{\"v\":1,\"w\":1,\"x\":1}]", "[{},{\"v\":1,\"w\":1}]", FALSE);

  /* By chance, one cell of a row that somebody else has added, and a value. */
  check_arrived ("[{},{}]", R ("\"a\":1,\"b\":1"), R ("\"a\":1,\"b\":2"), FALSE);
  check_arrived ("[{},{}]", "[{},{\"v\":1,\"n\":0}]", "[{},{\"v\":2,\"n\":0}]", FALSE);
  check_arrived ("[{},{}]", "[{\"t\":{\"r\":{\"a\":1,\"b\":1}}},{\"n\":1}]",
                 "[{\"t\":{\"r\":{\"a\":2}}},{\"n\":1}]", FALSE);
  check_arrived ("[{},{}]", R ("\"a\":1,\"b\":1,\"c\":1"), R ("\"a\":1,\"b\":1,\"c\":2"), TRUE);

  /* An older version of that row, perhaps. */
  check_arrived ("[{},{}]", R ("\"a\":1,\"b\":1,\"c\":1"), R ("\"a\":1,\"b\":1"), FALSE);
}

static void
test_merge_arrived_pool (void)
{
  g_autoptr(TstStore) sent = store_new ("[{},{}]");
  g_autofree char *id = NULL;

  g_test_summary ("A row that was added, and one that somebody else has added like it, are two");

  id = tst_store_add_row_json (sent, "t", "{\"a\":1,\"b\":1,\"c\":1}", TST_ADD_ROW_DEFAULT, NULL);
  g_assert_cmpstr (id, ==, "0");

  check_store_arrived ("[{},{}]", sent, "[{\"t\":{\"0\":{\"a\":1,\"b\":1,\"c\":1,\"d\":1}}},{}]", TRUE);
  check_store_arrived ("[{},{}]", sent, "[{\"t\":{\"0\":{\"a\":1,\"b\":1,\"c\":2}}},{}]", FALSE);

  /* Unless something else of it has arrived. */
  tst_store_set_value_number (sent, "v", 1, NULL);
  check_store_arrived ("[{},{}]", sent, "[{\"t\":{\"0\":{\"a\":1,\"b\":1,\"c\":2}}},{\"v\":1}]",
                       TRUE);
  check_store_arrived ("[{},{}]", sent, "[{\"t\":{\"0\":{\"a\":1,\"b\":2,\"c\":2}}},{\"v\":1}]",
                       FALSE);
}

static void
test_merge_pool_again (void)
{
  const char *once = "[{\"t\":{\"0\":{\"a\":2}}},{}]";
  const char *twice = "[{\"t\":{\"0\":{\"a\":2},\"1\":{\"a\":3}}},{}]";
  g_autoptr(TstStore) ours = store_new ("[{},{}]");
  g_autofree char *id = NULL;

  g_test_summary ("A row that was moved is moved again if its new id is taken, too");

  id = tst_store_add_row_json (ours, "t", "{\"a\":1}", TST_ADD_ROW_DEFAULT, NULL);
  g_assert_cmpstr (id, ==, "0");

  merge_into_store ("[{},{}]", ours, once);
  check_store (once, ours, twice,
               "[{\"t\":{\"0\":{\"a\":2},\"1\":{\"a\":3},\"2\":{\"a\":1}}},{}]", "row-moved t/1>2");
}

static void
test_merge_values (void)
{
  g_test_summary ("Values are merged like the cells of a row");

  check ("[{},{\"a\":1,\"b\":1,\"c\":1}]", "[{},{\"a\":2,\"c\":1,\"d\":1}]",
         "[{},{\"a\":3,\"b\":2,\"c\":4}]",
         "[{},{\"a\":2,\"b\":2,\"c\":4,\"d\":1}]", "kept/a taken/b");
  check ("[{},{}]", "[{},{\"a\":1}]", "[{},{}]", "[{},{\"a\":1}]", "");
}

/* Whatever is done: nothing that one side alone did is lost, and merging once
 * more changes nothing. */

static void
change (TstStore *store,
        GRand    *rand)
{
  for (guint i = 0; i < 6; i++)
    {
      g_autofree char *table_id = g_strdup_printf ("t%d", g_rand_int_range (rand, 0, 2));
      g_autofree char *row_id = g_strdup_printf ("r%d", g_rand_int_range (rand, 0, 3));
      g_autofree char *cell_id = g_strdup_printf ("c%d", g_rand_int_range (rand, 0, 3));

      switch (g_rand_int_range (rand, 0, 5))
        {
        case 0:
          tst_store_remove_row (store, table_id, row_id);
          break;
        case 1:
          tst_store_remove_cell (store, table_id, row_id, cell_id);
          break;
        default:
          tst_store_set_cell_number (store, table_id, row_id, cell_id,
                                     g_rand_int_range (rand, 0, 4), NULL);
          break;
        }
    }
}

static TstSnapshot *
merge_of (TstSnapshot *base,
          TstSnapshot *ours,
          TstSnapshot *theirs,
          TstConflict *conflict)
{
  TstMergeBase merge_base = { base, tst_snapshot_get_number (base), TRUE };

  return tst_merge (&merge_base, ours, theirs, conflict);
}

static void
test_merge_random (void)
{
  GRand *rand = g_rand_new_with_seed (test_seed ());

  g_test_summary ("Random changes: merging is complete, and doing it again changes nothing");

  for (guint i = 0; i < test_scale (2000); i++)
    {
      g_autoptr(TstStore) store = tst_store_new ();
      g_autoptr(TstSnapshot) base = NULL;
      g_autoptr(TstSnapshot) ours = NULL;
      g_autoptr(TstSnapshot) theirs = NULL;
      g_autoptr(TstSnapshot) merged = NULL;
      g_autoptr(TstSnapshot) again = NULL;
      g_autoptr(TstConflict) conflict = tst_conflict_new ();
      g_autoptr(TstConflict) none = tst_conflict_new ();

      change (store, rand);
      base = tst_store_snapshot (store);
      change (store, rand);
      ours = tst_store_snapshot (store);
      tst_store_replace (store, base, TST_PART_ALL, NULL);
      change (store, rand);
      theirs = tst_store_snapshot (store);

      merged = merge_of (base, ours, theirs, conflict);

      /* What was saved is theirs from now on: nothing is left to do. */
      again = merge_of (theirs, merged, theirs, none);
      g_assert_true (tst_snapshot_equal (merged, again));
      g_assert_cmpuint (tst_conflict_get_n_entries (none), ==, 0);

      if (tst_snapshot_equal (base, ours))
        g_assert_true (tst_snapshot_equal (merged, theirs));
      if (tst_snapshot_equal (base, theirs))
        g_assert_true (tst_snapshot_equal (merged, ours));
    }

  g_rand_free (rand);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/merge/clean", test_merge_clean);
  g_test_add_func ("/merge/same", test_merge_same);
  g_test_add_func ("/merge/cells", test_merge_cells);
  g_test_add_func ("/merge/removed-there", test_merge_removed_there);
  g_test_add_func ("/merge/removed-here", test_merge_removed_here);
  g_test_add_func ("/merge/added", test_merge_added);
  g_test_add_func ("/merge/pool", test_merge_pool);
  g_test_add_func ("/merge/added-again", test_merge_added_again);
  g_test_add_func ("/merge/not-agreed", test_merge_not_agreed);
  g_test_add_func ("/merge/arrived", test_merge_arrived);
  g_test_add_func ("/merge/arrived/pool", test_merge_arrived_pool);
  g_test_add_func ("/merge/pool/again", test_merge_pool_again);
  g_test_add_func ("/merge/values", test_merge_values);
  g_test_add_func ("/merge/random", test_merge_random);

  return g_test_run ();
}
