/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <libtstore/tstore.h>

#include "tst-store-private.h"
#include "tst-table-private.h"
#include "tst-text-private.h"

#include "test-util.h"

#include <string.h>

/* What two snapshots differ in, as text, and what comes of applying that. */

#define N_TABLES 3
#define N_ROWS 300
#define N_CELLS 20
#define N_VALUES 6

static void
add_line (GHashTable *lines,
          const char *table_id,
          const char *row_id,
          const char *cell_id,
          char       *json)
{
  g_hash_table_insert (lines, g_strdup_printf ("%s/%s/%s", table_id, row_id, cell_id), json);
}

/* Each cell and value by its place: what everything here is compared by, as it knows
 * nothing of snapshots. */
static GHashTable *
get_lines (TstStore *store)
{
  GHashTable *lines = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_auto(GStrv) tables = tst_store_get_table_ids (store);
  g_auto(GStrv) values = tst_store_get_value_ids (store);

  for (guint i = 0; tables[i] != NULL; i++)
    {
      g_auto(GStrv) rows = tst_store_get_row_ids (store, tables[i]);

      for (guint j = 0; rows[j] != NULL; j++)
        {
          g_auto(GStrv) cells = tst_store_get_cell_ids (store, tables[i], rows[j]);

          for (guint k = 0; cells[k] != NULL; k++)
            add_line (lines, tables[i], rows[j], cells[k],
                      tst_store_get_cell_json (store, tables[i], rows[j], cells[k]));
        }
    }

  for (guint i = 0; values[i] != NULL; i++)
    add_line (lines, "", "", values[i], tst_store_get_value_json (store, values[i]));

  return lines;
}

static void
assert_same (GHashTable *a,
             GHashTable *b)
{
  GHashTableIter iter;
  gpointer place, json;

  g_hash_table_iter_init (&iter, a);
  while (g_hash_table_iter_next (&iter, &place, &json))
    g_assert_cmpstr (g_hash_table_lookup (b, place), ==, json);
  g_assert_cmpuint (g_hash_table_size (a), ==, g_hash_table_size (b));
}

/* The rows of @a in which something is not the same in @b, and such values. */
static void
add_touched (GHashTable *touched,
             GHashTable *a,
             GHashTable *b)
{
  GHashTableIter iter;
  gpointer place, json;

  g_hash_table_iter_init (&iter, a);
  while (g_hash_table_iter_next (&iter, &place, &json))
    {
      const char *end = strrchr (place, '/');

      if (g_strcmp0 (g_hash_table_lookup (b, place), json) == 0)
        continue;
      g_hash_table_add (touched, *(char *) place != '/' ? g_strndup (place, end - (char *) place)
                                                        : g_strdup (place));
    }
}

static TstStore *
store_for (GBytes *text)
{
  TstStore *store = tst_store_new ();
  g_autofree char *json = g_strndup (g_bytes_get_data (text, NULL), g_bytes_get_size (text));
  g_autoptr(GError) error = NULL;

  tst_store_set_json (store, json, &error);
  g_assert_no_error (error);

  return store;
}

/* @text has the touched rows of @lines, whole, and nothing else. */
static void
check_text (GBytes     *text,
            GHashTable *lines,
            GHashTable *touched)
{
  g_autoptr(TstStore) store = store_for (text);
  g_autoptr(GHashTable) found = get_lines (store);
  g_autoptr(GHashTable) expected = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GHashTableIter iter;
  gpointer place, json;

  g_hash_table_iter_init (&iter, lines);
  while (g_hash_table_iter_next (&iter, &place, &json))
    {
      g_autofree char *row = g_strndup (place, strrchr (place, '/') - (char *) place);

      if (g_hash_table_contains (touched, *row != '/' ? row : place))
        g_hash_table_insert (expected, g_strdup (place), g_strdup (json));
    }

  assert_same (found, expected);
}

static TstSnapshot *
read_text (GBytes *text)
{
  gboolean has_values;
  g_autoptr(GError) error = NULL;
  g_autoptr(TstEngine) engine = tst_text_read_content (g_bytes_get_data (text, NULL),
                                                       g_bytes_get_size (text), &has_values, &error);

  g_assert_no_error (error);
  g_assert_true (has_values);

  return tst_engine_snapshot (engine);
}

static TstSnapshot *
patch (TstSnapshot *before,
       GBytes      *was,
       GBytes      *is)
{
  g_autoptr(TstEngine) engine = tst_engine_new_for_snapshot (before);
  g_autoptr(TstSnapshot) was_content = read_text (was);
  g_autoptr(TstSnapshot) is_content = read_text (is);

  tst_engine_patch (engine, was_content, is_content);

  return tst_engine_snapshot (engine);
}

static void
check_patched (TstSnapshot *patched,
               GHashTable  *lines)
{
  g_autoptr(GBytes) text = tst_text_write_content (patched);
  g_autoptr(TstStore) store = store_for (text);
  g_autoptr(GHashTable) found = get_lines (store);

  assert_same (found, lines);
}

static void
check_grafted (TstSnapshot *before,
               TstSnapshot *after,
               GHashTable  *lines)
{
  g_autoptr(GBytes) text = tst_text_write_content (after);
  g_autoptr(TstSnapshot) read = read_text (text);
  g_autoptr(TstSnapshot) grafted = tst_snapshot_graft (read, before);

  check_patched (grafted, lines);
}

static void
check_difference (TstSnapshot *before,
                  GHashTable  *before_lines,
                  TstSnapshot *after,
                  GHashTable  *after_lines)
{
  g_autoptr(GBytes) was = NULL;
  g_autoptr(GBytes) is = NULL;
  g_autoptr(GBytes) none = NULL;
  g_autoptr(GHashTable) touched = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(TstSnapshot) patched = NULL;
  gsize length;

  add_touched (touched, before_lines, after_lines);
  add_touched (touched, after_lines, before_lines);

  g_assert_true (tst_text_write_difference (before, after, G_MAXSIZE, &was, &is));
  check_text (was, before_lines, touched);
  check_text (is, after_lines, touched);
  g_assert_cmpint (tst_snapshot_equal (before, after), ==, g_hash_table_size (touched) == 0);
  g_assert_cmpint (tst_snapshot_equal (after, before), ==, g_hash_table_size (touched) == 0);

  patched = patch (before, was, is);
  check_patched (patched, after_lines);
  g_assert_true (tst_snapshot_equal (patched, after));
  check_grafted (before, after, after_lines);

  length = g_bytes_get_size (was) + g_bytes_get_size (is);
  g_assert_false (tst_text_write_difference (before, after, length - 5, &none, &none));
  g_assert_null (none);
}

static guint
draw (GRand *rand,
      guint  n)
{
  return (guint) g_rand_int_range (rand, 0, (gint) n);
}

static void
change_row (TstStore   *store,
            GRand      *rand,
            const char *table_id)
{
  g_autofree char *row_id = g_strdup_printf ("%s%u", draw (rand, 4) == 0 ? "row " : "",
                                             draw (rand, N_ROWS));
  g_autofree char *cell_id = g_strdup_printf ("c%u", draw (rand, N_CELLS));

  switch (draw (rand, 12))
    {
    case 0:
      tst_store_remove_row (store, table_id, row_id);
      break;
    case 1:
    case 2:
      tst_store_remove_cell (store, table_id, row_id, cell_id);
      break;
    case 3:
      g_free (tst_store_add_row_json (store, table_id, "{\"c0\":\"\\nadded\",\"c1\":[1,{}]}",
                                      TST_ADD_ROW_DEFAULT, NULL));
      break;
    case 4:
      tst_store_set_cell_json (store, table_id, row_id, cell_id, "{\"a\":[\"\\u0007\"]}", NULL);
      break;
    default:
      tst_store_set_cell_number (store, table_id, row_id, cell_id, draw (rand, 5), NULL);
      break;
    }
}

static void
change (TstStore *store,
        GRand    *rand)
{
  g_autofree char *table_id = g_strdup_printf ("t%u", draw (rand, N_TABLES));
  g_autofree char *value_id = g_strdup_printf ("v%u", draw (rand, N_VALUES));

  switch (draw (rand, 40))
    {
    case 0:
      if (draw (rand, 10) == 0)
        tst_store_remove_table (store, table_id);
      break;
    case 1:
      tst_store_set_value_number (store, value_id, draw (rand, 5), NULL);
      break;
    case 2:
      tst_store_remove_value (store, value_id);
      break;
    case 3:
      if (draw (rand, 10) == 0)
        tst_store_remove_values (store);
      break;
    default:
      change_row (store, rand, table_id);
      break;
    }
}

static void
test_difference_random (void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed (test_seed ());
  TstStore *store = tst_store_new ();
  g_autoptr(TstSnapshot) before = tst_store_snapshot (store);
  g_autoptr(GHashTable) before_lines = get_lines (store);

  g_test_summary ("It is the rows that differ, whole; and it makes the new content of the old");

  for (guint n = test_scale (400); n > 0; n--)
    {
      guint n_changes = 1u << draw (rand, draw (rand, 5) == 0 ? 11 : 4);
      g_autoptr(TstSnapshot) after = NULL;
      g_autoptr(TstSnapshot) unshared = NULL;
      g_autoptr(GHashTable) after_lines = NULL;
      g_autoptr(GBytes) text = NULL;

      while (n_changes-- > 0)
        change (store, rand);
      after = tst_store_snapshot (store);
      after_lines = get_lines (store);
      check_difference (before, before_lines, after, after_lines);

      /* The same from memory that is not shared. */
      text = tst_text_write_content (before);
      unshared = read_text (text);
      check_difference (unshared, before_lines, after, after_lines);

      g_clear_pointer (&before, tst_snapshot_unref);
      before = tst_snapshot_ref (after);
      g_clear_pointer (&before_lines, g_hash_table_unref);
      before_lines = g_hash_table_ref (after_lines);
    }

  g_assert_finalize_object (store);
}

static void
test_difference_one_cell (void)
{
  g_autoptr(TstStore) store = tst_store_new ();
  g_autoptr(TstSnapshot) before = NULL;
  g_autoptr(TstSnapshot) after = NULL;
  g_autoptr(GBytes) was = NULL;
  g_autoptr(GBytes) is = NULL;

  g_test_summary ("One cell is its row, twice; a value is only itself");

  tst_store_set_json (store, "[{\"t\":{\"a\":{\"x\":1,\"y\":2},\"b\":{\"x\":3}}},{\"v\":1,\"w\":2}]", NULL);
  before = tst_store_snapshot (store);
  tst_store_set_cell_number (store, "t", "a", "y", 4, NULL);
  tst_store_set_value_number (store, "w", 5, NULL);
  after = tst_store_snapshot (store);

  g_assert_true (tst_text_write_difference (before, after, G_MAXSIZE, &was, &is));
  g_assert_cmpmem (g_bytes_get_data (was, NULL), g_bytes_get_size (was),
                   "[{\"t\":{\"a\":{\"x\":1,\"y\":2}}},{\"w\":2}]", 35);
  g_assert_cmpmem (g_bytes_get_data (is, NULL), g_bytes_get_size (is),
                   "[{\"t\":{\"a\":{\"x\":1,\"y\":4}}},{\"w\":5}]", 35);
}

/* So many that a table goes through more live tables than it can. */
#define N_GRAFTS 200

static void
test_difference_graft (void)
{
  TstStore *store = tst_store_new ();
  g_autoptr(TstSnapshot) base = NULL;

  g_test_summary ("What is read again shares its memory with what was there, however often");

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *row_id = g_strdup_printf ("r%u", i);

      tst_store_set_cell_number (store, "t", row_id, "c", i, NULL);
    }
  base = tst_store_snapshot (store);

  for (guint i = 0; i < N_GRAFTS; i++)
    {
      g_autofree char *cell_id = g_strdup_printf ("c%u", i);
      g_autoptr(TstSnapshot) now = NULL;
      g_autoptr(TstSnapshot) read = NULL;
      g_autoptr(GBytes) text = NULL;
      TstSnapshot *grafted;
      const TstTableData *table, *base_table;
      guint n_shared = 0;

      tst_store_set_cell_number (store, "t", "r7", cell_id, i, NULL);
      now = tst_store_snapshot (store);
      text = tst_text_write_content (now);
      read = read_text (text);
      grafted = tst_snapshot_graft (read, base);
      g_assert_true (tst_snapshot_equal (grafted, now));

      table = tst_snapshot_find_table (grafted, "t");
      base_table = tst_snapshot_find_table (base, "t");
      for (guint32 chunk = 0; chunk < table->n_chunks; chunk++)
        n_shared += table->chunks[chunk] == base_table->chunks[chunk];
      /* All but one, unless it was time to copy them. */
      g_assert_true (n_shared == table->n_chunks - 1 || (i > 0 && n_shared == 0));
      g_assert_false (tst_table_data_is_shared (table, base_table));

      g_clear_pointer (&base, tst_snapshot_unref);
      base = grafted;
    }

  g_assert_finalize_object (store);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/difference/one-cell", test_difference_one_cell);
  g_test_add_func ("/difference/graft", test_difference_graft);
  g_test_add_func ("/difference/random", test_difference_random);

  return g_test_run ();
}
