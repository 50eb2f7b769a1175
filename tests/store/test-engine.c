/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The insides of the engine: cells, ids and their maps, layouts, chunks, and
 * what becomes of memory when rows come and go. */

#include <libtstore/tstore.h>

#include "tst-engine-write-private.h"
#include "tst-store-private.h"

#include "test-util.h"

#include <string.h>

/* --- Cells --- */

static void
test_engine_cell_text (void)
{
  g_autofree char *text = g_strnfill (200, 'x');

  g_test_summary ("Texts of every length are kept, on both sides of what fits inline");

  for (gsize length = 0; length <= 200; length++)
    {
      TstCell cell, copy;
      gsize got;

      tst_cell_init_text (&cell, TST_CELL_TYPE_STRING, text, length);
      g_assert_cmpint (tst_cell_type (&cell), ==, TST_CELL_TYPE_STRING);
      g_assert_cmpuint (strlen (tst_cell_get_text (&cell, &got)), ==, length);
      g_assert_cmpuint (got, ==, length);
      g_assert_cmpint ((cell.kind & TST_CELL_LONG) != 0, ==, length > TST_CELL_INLINE_LENGTH);

      tst_cell_copy (&copy, &cell);
      tst_cell_clear (&cell);
      g_assert_cmpuint (strlen (tst_cell_get_text (&copy, NULL)), ==, length);
      tst_cell_clear (&copy);
    }
}

static void
test_engine_cell_kind (void)
{
  g_autofree char *text = g_strnfill (200, 'x');
  TstCell cells[5];
  const guint8 kinds[] = {
    TST_CELL_TYPE_NULL, TST_CELL_TYPE_BOOLEAN, TST_CELL_TYPE_NUMBER, TST_CELL_TYPE_STRING,
    TST_CELL_TYPE_STRING | TST_CELL_LONG
  };

  g_test_summary ("The first byte of a cell is its kind, and all of a word without text");

  tst_cell_init_null (&cells[0]);
  tst_cell_init_boolean (&cells[1], TRUE);
  tst_cell_init_number (&cells[2], 1);
  tst_cell_init_text (&cells[3], TST_CELL_TYPE_STRING, "", 0);
  tst_cell_init_text (&cells[4], TST_CELL_TYPE_STRING, text, 200);

  for (guint i = 0; i < G_N_ELEMENTS (cells); i++)
    {
      g_assert_cmpuint (*(guint8 *) &cells[i], ==, kinds[i]);
      g_assert_cmpuint (cells[i].kind, ==, kinds[i]);
      g_assert_cmpuint (cells[i].words[0], ==, GUINT64_TO_LE (kinds[i]));
      tst_cell_clear (&cells[i]);
    }
}

static void
test_engine_cell_equal (void)
{
  TstCell cells[9], same;

  g_test_summary ("Cells are equal if type and content are");

  tst_cell_init_null (&cells[0]);
  tst_cell_init_boolean (&cells[1], FALSE);
  tst_cell_init_boolean (&cells[2], TRUE);
  tst_cell_init_number (&cells[3], 0);
  tst_cell_init_number (&cells[4], 1);
  tst_cell_init_text (&cells[5], TST_CELL_TYPE_STRING, "{}", 2);
  tst_cell_init_text (&cells[6], TST_CELL_TYPE_OBJECT, "{}", 2);
  tst_cell_init_text (&cells[7], TST_CELL_TYPE_STRING, "a text that is not short", 24);
  tst_cell_init_text (&cells[8], TST_CELL_TYPE_STRING, "a text that is not shorT", 24);

  for (guint i = 0; i < G_N_ELEMENTS (cells); i++)
    {
      for (guint j = 0; j < G_N_ELEMENTS (cells); j++)
        g_assert_cmpint (tst_cell_equal (&cells[i], &cells[j]), ==, i == j);
    }

  tst_cell_init_number (&same, -0.0);
  g_assert_true (tst_cell_equal (&cells[3], &same));
  tst_cell_init_text (&same, TST_CELL_TYPE_STRING, "a text that is not short", 24);
  g_assert_true (tst_cell_equal (&cells[7], &same));
  tst_cell_clear (&same);
  for (guint i = 0; i < G_N_ELEMENTS (cells); i++)
    tst_cell_clear (&cells[i]);
}

/* --- Ids --- */

static TstId **
make_ids (guint n)
{
  TstId **ids = g_new (TstId *, n);

  /* Of every length around those that are kept in two words, and longer. */
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = g_strdup_printf ("%0*u", (int) (1 + i % 40), i / 40);
      g_autofree char *unique = g_strdup_printf ("%u:%s", i, text);

      ids[i] = tst_id_new (unique, strlen (unique));
    }

  return ids;
}

static void
free_ids (TstId **ids,
          guint   n)
{
  for (guint i = 0; i < n; i++)
    tst_id_unref (ids[i]);
  g_free (ids);
}

static void
test_engine_id_map (void)
{
  const guint n = 5000;
  TstId **ids = make_ids (n);
  TstIdMap map = { NULL, };

  g_test_summary ("A map finds what is in it, and nothing else, while ids come and go");

  g_assert_cmpuint (tst_id_map_find_text (&map, "0:0"), ==, TST_ID_MAP_NONE);

  for (guint i = 0; i < n; i++)
    tst_id_map_insert (&map, ids[i], i);
  g_assert_cmpuint (map.n, ==, n);

  for (guint i = 0; i < n; i += 2)
    tst_id_map_remove (&map, ids[i]);
  for (guint i = 0; i < n; i++)
    {
      g_assert_cmpuint (tst_id_map_find_id (&map, ids[i]), ==, i % 2 == 0 ? TST_ID_MAP_NONE : i);
      g_assert_cmpuint (tst_id_map_find_text (&map, ids[i]->text), ==,
                        i % 2 == 0 ? TST_ID_MAP_NONE : i);
    }

  for (guint i = 0; i < n; i += 2)
    tst_id_map_insert (&map, ids[i], i + n);
  for (guint i = 1; i < n; i += 2)
    tst_id_map_replace (&map, ids[i], i + n);
  for (guint i = 0; i < n; i++)
    g_assert_cmpuint (tst_id_map_find_id (&map, ids[i]), ==, i + n);
  g_assert_cmpuint (tst_id_map_find_text (&map, "nothing"), ==, TST_ID_MAP_NONE);
  g_assert_cmpuint (tst_id_map_find_text (&map, "nothing that is any shorter"), ==,
                    TST_ID_MAP_NONE);
  g_assert_cmpuint (tst_id_map_find_text (&map, ""), ==, TST_ID_MAP_NONE);

  tst_id_map_clear (&map);
  g_assert_cmpuint (tst_id_map_find_id (&map, ids[0]), ==, TST_ID_MAP_NONE);
  free_ids (ids, n);
}

static void
test_engine_id_seed (void)
{
  static const char *texts[] = { "a", "an id of 12b", "an id that is not short" };
  guint64 seed[2];

  g_test_summary ("How an id is hashed is other in each process, and with each half of the seed");

  tst_id_init_seed ();
  memcpy (seed, tst_id_seed, sizeof seed);
  /* What it is before, as in every process. */
  g_assert_cmpuint (seed[0], !=, G_GUINT64_CONSTANT (0xa0761d6478bd642f));
  g_assert_cmpuint (seed[1], !=, G_GUINT64_CONSTANT (0xe7037ed1a0b428db));
  tst_id_init_seed ();
  g_assert_cmpmem (seed, sizeof seed, tst_id_seed, sizeof seed);

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    for (guint half = 0; half < 2; half++)
      {
        guint32 hash = tst_id_hash (texts[i], strlen (texts[i]));

        tst_id_seed[half] ^= G_GUINT64_CONSTANT (0x0123456789abcdef);
        g_assert_cmpuint (tst_id_hash (texts[i], strlen (texts[i])), !=, hash);
        tst_id_seed[half] = seed[half];
      }
}

static void
test_engine_id_map_prefixes (void)
{
  const char *texts[] = {
    "", "a", "aa", "aaa", "aaaa", "aaaaa", "aaaaaa", "aaaaaaa", "aaaaaaaa", "aaaaaaaaa",
    "aaaaaaaaaa", "aaaaaaaaaaa", "aaaaaaaaaaaa", "aaaaaaaaaaaaa", "aaaaaaaaaaaaaa",
  };
  TstId *ids[G_N_ELEMENTS (texts)];
  TstIdMap map = { NULL, };

  g_test_summary ("Ids that begin alike are told apart, at every length");

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      ids[i] = tst_id_new (texts[i], strlen (texts[i]));
      tst_id_map_insert (&map, ids[i], i);
    }
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_cmpuint (tst_id_map_find_text (&map, texts[i]), ==, i);

  tst_id_map_clear (&map);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    tst_id_unref (ids[i]);
}

/* --- Layouts --- */

static void
test_engine_layout_shared (void)
{
  TstLayoutPool *pool = tst_layout_pool_new (0, NULL);
  const guint32 columns[] = { 3, 1, 2 };
  TstLayout *appended = pool->empty;

  g_test_summary ("Rows with the same cells in the same order share a layout");

  for (guint i = 0; i < 3; i++)
    appended = tst_layout_pool_append (pool, appended, columns[i]);
  g_assert_true (appended == tst_layout_pool_intern (pool, columns, 3));
  g_assert_true (appended != tst_layout_pool_intern (pool, columns, 2));
  g_assert_true (appended != tst_layout_pool_append (pool, tst_layout_pool_intern (pool, columns, 2),
                                                     4));
  g_assert_cmpint (tst_layout_find (appended, 3), ==, 0);
  g_assert_cmpint (tst_layout_find (appended, 1), ==, 1);
  g_assert_cmpint (tst_layout_find (appended, 2), ==, 2);
  g_assert_cmpint (tst_layout_find (appended, 0), ==, -1);

  tst_layout_pool_unref (pool);
}

static void
assert_finds_all (const TstLayout *layout,
                  guint            n)
{
  guint found = 0;

  for (guint32 column = 0; column < n; column++)
    {
      gint position = tst_layout_find (layout, column);

      if (position < 0)
        continue;
      g_assert_cmpuint (layout->columns[position], ==, column);
      found++;
    }
  g_assert_cmpuint (found, ==, layout->n);
}

static void
test_engine_layout_private (void)
{
  TstLayoutPool *pool = tst_layout_pool_new (0, NULL);
  TstLayout *layout = tst_layout_new_private (pool->empty);
  const guint n = 600;

  g_test_summary ("The layout of a wide row finds its columns while they come and go");

  for (guint32 i = 0; i < n; i++)
    {
      layout = tst_layout_insert (layout, i % 3 == 0 ? i / 2 : layout->n, i);
      if (i % 37 == 0)
        assert_finds_all (layout, n);
    }
  assert_finds_all (layout, n);

  for (guint32 i = 0; i < n - 1; i++)
    {
      tst_layout_remove (layout, i % 2 == 0 ? layout->n - 1 : i % layout->n);
      if (i % 37 == 0)
        assert_finds_all (layout, n);
    }
  g_assert_cmpuint (layout->n, ==, 1);
  assert_finds_all (layout, n);

  tst_layout_free_private (layout);
  tst_layout_pool_unref (pool);
}

static void
test_engine_layout_collisions (void)
{
  TstLayoutPool *pool = tst_layout_pool_new (0, NULL);
  TstLayout *layout = tst_layout_new_private (pool->empty);
  const guint32 n = 60, step = 4096;

  g_test_summary ("The layout of a wide row finds columns that have the same place in its index");

  for (guint32 i = 0; i < n; i++)
    layout = tst_layout_insert (layout, layout->n, i % 3 == 2 ? i : i * step);
  assert_finds_all (layout, n * step);

  for (guint32 i = 1; i < n; i++)
    {
      tst_layout_remove (layout, layout->n - 1);
      assert_finds_all (layout, n * step);
    }

  tst_layout_free_private (layout);
  tst_layout_pool_unref (pool);
}

/* --- Writing --- */

static TstSetResult
set_cell (TstEngine  *engine,
          const char *table_id,
          const char *row_id,
          const char *cell_id,
          TstCell    *cell)
{
  TstTarget target;

  tst_engine_find_target (engine, &target, table_id, row_id, cell_id);

  return tst_engine_set_target (engine, &target, cell);
}

static void
set (TstEngine  *engine,
     const char *row_id,
     const char *cell_id,
     double      number)
{
  TstCell cell;

  tst_cell_init_number (&cell, number);
  g_assert_cmpint (set_cell (engine, "t", row_id, cell_id, &cell), !=, TST_SET_INVALID_ID);
}

static void
remove_row (TstEngine  *engine,
            const char *row_id)
{
  TstTable *table = tst_engine_find_table (engine, "t");

  tst_engine_remove_row_at (engine, table, tst_id_map_find_text (&table->rows, row_id), TRUE);
}

static void
test_engine_set_target (void)
{
  g_autoptr(TstEngine) engine = tst_engine_new ();
  TstTarget target;
  TstCell cell;

  g_test_summary ("What was found to be written to is found again after a change");

  for (guint i = 0; i < 4; i++)
    {
      tst_engine_find_target (engine, &target, "t", "r", "c");
      if (i == 2)
        remove_row (engine, "r");
      else
        set (engine, "r", "c", i);
      if (i == 3)
        set (engine, "q", "d", 3);

      tst_cell_init_number (&cell, i + 10);
      g_assert_cmpint (tst_engine_set_target (engine, &target, &cell), ==, TST_SET_CHANGED);
      g_assert_cmpfloat (tst_cell_get_number (tst_engine_find_cell (engine, "t", "r", "c")), ==,
                         i + 10);
      g_assert_cmpuint (tst_engine_find_table (engine, "t")->data->n_rows, ==, i < 3 ? 1 : 2);
    }
}

static void
test_engine_set_result (void)
{
  g_autoptr(TstEngine) engine = tst_engine_new ();
  TstCell cell;

  g_test_summary ("Setting says what came of it");

  tst_cell_init_number (&cell, 1);
  g_assert_cmpint (set_cell (engine, "t", "r", "c", &cell), ==, TST_SET_CHANGED);
  tst_cell_init_number (&cell, 1);
  g_assert_cmpint (set_cell (engine, "t", "r", "c", &cell), ==, TST_SET_SAME);
  tst_cell_init_text (&cell, TST_CELL_TYPE_STRING, "a text that is not short", 24);
  g_assert_cmpint (set_cell (engine, "t", "r", "\xff", &cell), ==, TST_SET_INVALID_ID);
  g_assert_cmpuint (tst_engine_find_table (engine, "t")->data->n_rows, ==, 1);
  tst_cell_init_number (&cell, 1);
  g_assert_cmpint (tst_engine_set_value (engine, "v", &cell), ==, TST_SET_CHANGED);
  g_assert_cmpfloat (tst_cell_get_number (tst_engine_find_value (engine, "v")), ==, 1);
}

static void
test_engine_put_twice (void)
{
  g_autoptr(TstEngine) engine = tst_engine_new ();
  TstTable *table = tst_engine_ensure_table (engine, "t", 1, NULL);
  guint32 row = tst_engine_ensure_row (engine, table, "r", 1, NULL);
  guint32 column = tst_engine_ensure_column (engine, table, "c", 1);
  gboolean created = TRUE;
  TstCell cell;

  g_test_summary ("Building tells what is there twice");

  tst_cell_init_number (&cell, 1);
  g_assert_true (tst_engine_put_cell (engine, table, row, column, &cell));
  tst_cell_init_number (&cell, 2);
  g_assert_false (tst_engine_put_cell (engine, table, row, column, &cell));
  g_assert_cmpfloat (tst_cell_get_number (&cell), ==, 2);
  g_assert_cmpfloat (tst_cell_get_number (tst_engine_find_cell (engine, "t", "r", "c")), ==, 1);

  g_assert_true (tst_engine_ensure_table (engine, "t", 1, &created) == table);
  g_assert_false (created);
  g_assert_cmpuint (tst_engine_ensure_row (engine, table, "r", 1, &created), ==, row);
  g_assert_false (created);
  g_assert_cmpuint (tst_engine_ensure_column (engine, table, "c", 1), ==, column);

  g_assert_true (tst_engine_put_value (engine, "v", 1, &cell));
  tst_cell_init_number (&cell, 3);
  g_assert_false (tst_engine_put_value (engine, "v", 1, &cell));
}

/* --- Undoing --- */

static void
test_engine_undo (void)
{
  g_autoptr(TstEngine) engine = tst_engine_new ();
  g_autoptr(TstSnapshot) before = NULL;
  g_autoptr(TstSnapshot) after = NULL;
  guint64 generation;

  g_test_summary ("The log takes everything back, step by step");

  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      set (engine, id, "c", i);
      set (engine, "wide", id, i);
    }
  before = tst_engine_snapshot (engine);
  generation = engine->generation;

  engine->logging = TRUE;
  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      if (i % 3 == 0)
        remove_row (engine, id);
      else
        set (engine, id, i % 3 == 1 ? "c" : "d", -1);
      set (engine, "wide", id, -1);
      set (engine, "wide", "d", i);
    }
  tst_engine_remove_table (engine, tst_engine_find_table (engine, "t"));
  set (engine, "1", "c", 1);
  tst_engine_undo (engine, 0);
  engine->logging = FALSE;

  after = tst_engine_snapshot (engine);
  g_assert_true (tst_snapshot_equal (before, after));
  g_assert_cmpuint (engine->generation, >, generation);
}

static void
test_engine_log_let_go (void)
{
  g_autoptr(TstEngine) engine = tst_engine_new ();

  g_test_summary ("The room of a usual log is kept for the next one, that of a long one is not");

  engine->logging = TRUE;
  for (guint i = 0; i < 10; i++)
    set (engine, "r", "c", i);
  tst_engine_forget (engine);
  g_assert_cmpuint (engine->log_capacity, >=, 10);

  for (guint i = 0; i < 10000; i++)
    set (engine, "r", "c", i);
  g_assert_cmpuint (engine->log_capacity, >=, 10000);
  tst_engine_forget (engine);
  g_assert_cmpuint (engine->log_capacity, ==, 0);

  /* And there is room again. */
  set (engine, "r", "c", -1);
  tst_engine_undo (engine, 0);
  engine->logging = FALSE;
  g_assert_cmpfloat (tst_cell_get_number (tst_engine_find_cell (engine, "t", "r", "c")), ==, 9999);
}

/* --- Rows that are not alike --- */

/* Each row has other cells than the row before: many of them, so that hardly
 * two are alike. */
static gboolean
is_in_row (guint row,
           guint cell)
{
  return ((row * 2654435761u) >> (8 + cell)) & 1;
}

static void
write_crowd (TstStore *store,
             guint     n_rows,
             guint     n_cells)
{
  for (guint i = 0; i < n_rows; i++)
    for (guint j = 0; j < n_cells; j++)
      {
        g_autofree char *row_id = g_strdup_printf ("%u", i);
        g_autofree char *cell_id = g_strdup_printf ("c%u", j);

        if (j == 0 || is_in_row (i, j))
          g_assert_true (tst_store_set_cell_number (store, "t", row_id, cell_id, i * 100 + j, NULL));
      }
}

/* @without: a cell that was removed from all of them */
static void
assert_crowd (TstStore *store,
              guint     n_rows,
              guint     n_cells,
              guint     without)
{
  for (guint i = 0; i < n_rows; i++)
    for (guint j = 0; j < n_cells; j++)
      {
        g_autofree char *row_id = g_strdup_printf ("%u", i);
        g_autofree char *cell_id = g_strdup_printf ("c%u", j);
        gboolean there = j != without && (j == 0 || is_in_row (i, j));

        g_assert_cmpint (tst_store_has_cell (store, "t", row_id, cell_id), ==, there);
        g_assert_cmpfloat (tst_store_get_cell_number (store, "t", row_id, cell_id), ==,
                           there ? i * 100 + j : 0);
      }
}

static void
test_engine_crowd (void)
{
  const guint n_rows = 600, n_cells = 16, without = 3;
  TstStore *store = tst_store_new ();
  g_autoptr(TstSnapshot) snapshot = NULL;

  g_test_summary ("Rows of which no two are alike share no layouts any more, and lose nothing");

  write_crowd (store, n_rows, n_cells);
  snapshot = tst_store_snapshot (store);
  g_assert_true (tst_snapshot_find_table (snapshot, "t")->pool->is_crowded);
  assert_crowd (store, n_rows, n_cells, n_cells);

  for (guint i = 0; i < n_rows; i++)
    {
      g_autofree char *row_id = g_strdup_printf ("%u", i);

      g_assert_cmpint (tst_store_remove_cell (store, "t", row_id, "c3"), ==, is_in_row (i, without));
    }
  assert_crowd (store, n_rows, n_cells, without);
  g_assert_finalize_object (store);
}

static void
test_engine_holes_of_narrow_rows (void)
{
  TstStore *store = tst_store_new ();
  const guint n_narrow = 150, n_wide = 40, n_cells = 12;

  g_test_summary ("Wide rows move up to where there were narrow ones");

  for (guint i = 0; i < n_narrow + n_wide; i++)
    for (guint j = 0; j < (i < n_narrow ? 1 : n_cells); j++)
      {
        g_autofree char *row_id = g_strdup_printf ("%u", i);
        g_autofree char *cell_id = g_strdup_printf ("c%u", j);

        g_assert_true (tst_store_set_cell_number (store, "t", row_id, cell_id, i * 100 + j, NULL));
      }
  for (guint i = 1; i < n_narrow; i++)
    {
      g_autofree char *row_id = g_strdup_printf ("%u", i);

      g_assert_true (tst_store_remove_row (store, "t", row_id));
    }

  g_assert_cmpuint (tst_store_get_n_rows (store, "t"), ==, 1 + n_wide);
  for (guint i = n_narrow; i < n_narrow + n_wide; i++)
    for (guint j = 0; j < n_cells; j++)
      {
        g_autofree char *row_id = g_strdup_printf ("%u", i);
        g_autofree char *cell_id = g_strdup_printf ("c%u", j);

        g_assert_cmpfloat (tst_store_get_cell_number (store, "t", row_id, cell_id), ==, i * 100 + j);
      }
  g_assert_finalize_object (store);
}

/* --- Memory --- */

typedef enum
{
  CHURN_TRANSACTIONS = 1 << 0,
  CHURN_SNAPSHOTS = 1 << 1
} ChurnFlags;

/* Rows of a queue: the oldest goes as a new one comes. */
static void
churn (TstStore   *store,
       guint       n_rows,
       guint       n_rounds,
       ChurnFlags  flags)
{
  TstSnapshot *held = NULL;

  for (guint i = 0; i < n_rows * n_rounds; i++)
    {
      g_autofree char *id = g_strdup_printf ("row number %u", i);
      g_autofree char *old = g_strdup_printf ("row number %u", i - n_rows);

      if (flags & CHURN_TRANSACTIONS)
        tst_store_begin (store);
      g_assert_true (tst_store_set_cell_string (store, "t", id, "name", "a text that is not short",
                                                NULL));
      g_assert_true (tst_store_set_cell_number (store, "t", id, "price", i, NULL));
      if (i >= n_rows)
        g_assert_true (tst_store_remove_row (store, "t", old));
      if (flags & CHURN_TRANSACTIONS)
        tst_store_commit (store);

      if ((flags & CHURN_SNAPSHOTS) && i % 1000 == 0)
        {
          g_clear_pointer (&held, tst_snapshot_unref);
          held = tst_store_snapshot (store);
        }
    }

  g_clear_pointer (&held, tst_snapshot_unref);
}

static void
test_engine_churn (gconstpointer user_data)
{
  ChurnFlags flags = GPOINTER_TO_UINT (user_data);
  const guint n_rows = test_is_slow () ? 500 : 5000;
  TstStore *store = tst_store_new ();
  gsize before = test_allocated ();
  gsize filled;

  g_test_summary ("Rows that come and go, ten times the table over, need no more memory");

  churn (store, n_rows, 1, flags);
  filled = test_allocated () - before;
  churn (store, n_rows, 10, flags);

  g_assert_cmpuint (tst_store_get_n_rows (store, "t"), ==, n_rows);
  if (!test_is_slow ())
    g_assert_cmpuint (test_allocated () - before, <, filled * 3);
  g_assert_finalize_object (store);
}

static void
test_engine_churn_columns (void)
{
  TstStore *store = tst_store_new ();
  gsize before = test_allocated ();
  gsize filled = 0;

  g_test_summary ("Cells under ever new ids do not pile up");

  g_assert_true (tst_store_set_cell_number (store, "t", "r", "stays", 1, NULL));
  for (guint i = 0; i < 20000; i++)
    {
      g_autofree char *id = g_strdup_printf ("the name of a cell, %u", i);
      g_autofree char *value_id = g_strdup_printf ("the name of a value, %u", i);

      g_assert_true (tst_store_set_cell_number (store, "t", "r", id, i, NULL));
      g_assert_true (tst_store_remove_cell (store, "t", "r", id));
      g_assert_true (tst_store_set_value_number (store, value_id, i, NULL));
      g_assert_true (tst_store_remove_value (store, value_id));
      if (i == 2000)
        filled = test_allocated () - before;
    }

  if (!test_is_slow ())
    g_assert_cmpuint (test_allocated () - before, <, filled * 3 + 100000);
  g_assert_finalize_object (store);
}

static void
test_engine_churn_tables (void)
{
  TstStore *store = tst_store_new ();
  gsize before = test_allocated ();
  gsize filled = 0;

  g_test_summary ("Tables that come and go do not pile up");

  for (guint i = 0; i < 10000; i++)
    {
      g_autofree char *id = g_strdup_printf ("the name of a table, %u", i);
      g_autofree char *old = g_strdup_printf ("the name of a table, %u", i - 10);

      g_assert_true (tst_store_set_cell_number (store, id, "r", "c", i, NULL));
      if (i >= 10)
        g_assert_true (tst_store_remove_table (store, old));
      if (i == 500)
        filled = test_allocated () - before;
    }

  g_assert_cmpuint (tst_store_get_n_tables (store), ==, 10);
  if (!test_is_slow ())
    g_assert_cmpuint (test_allocated () - before, <, filled * 3 + 100000);
  g_assert_finalize_object (store);
}

static void
test_engine_churn_layouts (void)
{
  TstStore *store = tst_store_new ();
  guint32 random = 1;
  gsize before = test_allocated ();
  gsize filled = 0;

  g_test_summary ("Layouts that no row has any more do not pile up");

  for (guint i = 0; i < 30000; i++)
    {
      g_autofree char *row_id = g_strdup_printf ("%u", i % 20);

      g_assert_true (tst_store_set_cell_number (store, "t", "stays", "c", i, NULL));
      for (guint j = 0; j < 6; j++)
        {
          g_autofree char *cell_id = NULL;

          random = random * 1664525 + 1013904223;
          cell_id = g_strdup_printf ("%u", (random >> 16) % 40);
          g_assert_true (tst_store_set_cell_number (store, "t", row_id, cell_id, i, NULL));
        }
      g_assert_true (tst_store_remove_row (store, "t", row_id));
      if (i == 3000)
        filled = test_allocated () - before;
    }

  if (!test_is_slow ())
    g_assert_cmpuint (test_allocated () - before, <, filled * 3 + 100000);
  g_assert_finalize_object (store);
}

static void
test_engine_small_cells (void)
{
  const guint n_rows = 20000;
  TstStore *store;
  gsize before, used;

  g_test_summary ("A cell costs not much more than its 16 bytes");

  if (test_is_slow ())
    {
      g_test_skip ("memory cannot be counted here");
      return;
    }

  store = tst_store_new ();
  before = test_allocated ();
  for (guint i = 0; i < n_rows; i++)
    {
      g_autofree char *row_id = g_strdup_printf ("%u", i);

      for (guint j = 0; j < 10; j++)
        {
          g_autofree char *cell_id = g_strdup_printf ("cell %u", j);

          g_assert_true (tst_store_set_cell_number (store, "t", row_id, cell_id, i, NULL));
        }
    }
  used = test_allocated () - before;
  g_test_message ("%.1f bytes for each cell", (double) used / (n_rows * 10));
  g_assert_cmpuint (used / (n_rows * 10), <=, 48);
  g_assert_finalize_object (store);
}

static void
fill_row (TstStore *store,
          guint     row,
          guint     n_cells)
{
  g_autofree char *row_id = g_strdup_printf ("row %u", row);

  for (guint i = 0; i < n_cells; i++)
    {
      g_autofree char *cell_id = g_strdup_printf ("cell %u", i);

      g_assert_true (tst_store_set_cell_number (store, "t", row_id, cell_id, i, NULL));
    }
}

/* @user_data: how many narrow rows there are before the wide one */
static void
test_engine_wide_row (gconstpointer user_data)
{
  const guint n_before = GPOINTER_TO_UINT (user_data);
  const guint n_cells = 20000;
  TstStore *store;
  gsize before, used;

  g_test_summary ("One wide row does not make all the others as wide");

  if (test_is_slow ())
    {
      g_test_skip ("memory cannot be counted here");
      return;
    }

  store = tst_store_new ();
  for (guint i = 0; i < n_before; i++)
    fill_row (store, i, 1);
  before = test_allocated ();
  fill_row (store, n_before, n_cells);
  for (guint i = 0; i < 200; i++)
    fill_row (store, n_before + 1 + i, 1);
  used = test_allocated () - before;
  g_test_message ("%.1f bytes for each cell", (double) used / n_cells);
  /* Three quarters of it are ids. */
  g_assert_cmpuint (used / n_cells, <=, 250);
  g_assert_finalize_object (store);
}

static void
test_engine_wide_rows (void)
{
  const guint n_cells = 1000;
  const guint n_rows = 100;
  TstStore *store;
  gsize before, used;

  g_test_summary ("Rows that are all as wide lie in their chunks, whatever there was before");

  if (test_is_slow ())
    {
      g_test_skip ("memory cannot be counted here");
      return;
    }

  store = tst_store_new ();
  for (guint i = 0; i < 64; i++)
    fill_row (store, i, 1);
  before = test_allocated ();
  for (guint i = 0; i < n_rows; i++)
    fill_row (store, 64 + i, n_cells);
  used = test_allocated () - before;
  g_test_message ("%.1f bytes for each cell", (double) used / (n_rows * n_cells));
  g_assert_cmpuint (used / (n_rows * n_cells), <=, 64);
  g_assert_finalize_object (store);
}

/* --- Handing on --- */

static TstSnapshot *
make_finished (guint n_rows)
{
  TstEngine *engine = tst_engine_new ();
  TstTable *table = tst_engine_ensure_table (engine, "t", 1, NULL);

  for (guint i = 0; i < n_rows; i++)
    {
      g_autofree char *id = g_strdup_printf ("a row id that is not short %u", i);
      guint32 row = tst_engine_ensure_row (engine, table, id, strlen (id), NULL);
      TstCell cell;

      tst_cell_init_number (&cell, i);
      tst_engine_put_cell (engine, table, row, tst_engine_ensure_column (engine, table, "c", 1),
                           &cell);
    }

  return tst_engine_finish (engine);
}

/* Removes every other row, and adds one. */
static void
change_rows (TstStore *store,
             guint     n_rows)
{
  for (guint i = 0; i < n_rows; i += 2)
    {
      g_autofree char *id = g_strdup_printf ("a row id that is not short %u", i);

      g_assert_cmpfloat (tst_store_get_cell_number (store, "t", id, "c"), ==, i);
      tst_store_remove_row (store, "t", id);
    }

  g_assert_true (tst_store_set_cell_number (store, "t", "new", "d", 1, NULL));
}

static void
test_engine_finish (void)
{
  g_autoptr(TstSnapshot) content = make_finished (1000);
  TstTableData *data = content->tables[0];
  g_autofree char *before = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  TstStore *stores[] = { tst_store_new (), tst_store_new (), tst_store_new () };

  g_test_summary ("The maps of a finished engine serve one store, and others are no worse off");

  g_assert_nonnull (data->left);
  for (guint i = 0; i < G_N_ELEMENTS (stores); i++)
    {
      g_assert_true (tst_store_replace (stores[i], content, TST_PART_ALL, NULL));
      g_assert_null (data->left);
    }

  before = tst_store_get_json (stores[2]);
  change_rows (stores[0], 1000);
  change_rows (stores[1], 1000);
  g_assert_cmpuint (tst_store_get_n_rows (stores[0], "t"), ==, 501);
  first = tst_store_get_json (stores[0]);
  second = tst_store_get_json (stores[1]);
  g_assert_cmpstr (first, ==, second);

  g_clear_pointer (&first, g_free);
  first = tst_store_get_json (stores[2]);
  g_assert_cmpstr (first, ==, before);

  for (guint i = 0; i < G_N_ELEMENTS (stores); i++)
    g_assert_finalize_object (stores[i]);
}

static void
test_engine_finish_written (void)
{
  g_autoptr(TstSnapshot) content = make_finished (10);
  TstEngine *engine = tst_engine_new_for_snapshot (content);
  g_autoptr(TstSnapshot) again = NULL;
  TstStore *store = tst_store_new ();
  char *id;

  g_test_summary ("An engine that began with another one's maps hands them on in turn");

  g_assert_null (content->tables[0]->left);
  engine->tables[0]->next_row_number = 7; /* which is its own affair */
  again = tst_engine_finish (engine);
  g_assert_nonnull (again->tables[0]->left);
  g_assert_true (tst_store_replace (store, again, TST_PART_ALL, NULL));
  id = tst_store_add_row_json (store, "t", "{\"c\":1}", TST_ADD_ROW_DEFAULT, NULL);
  g_assert_cmpstr (id, ==, "0");

  g_free (id);
  g_assert_finalize_object (store);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/engine/cell/text", test_engine_cell_text);
  g_test_add_func ("/engine/cell/kind", test_engine_cell_kind);
  g_test_add_func ("/engine/cell/equal", test_engine_cell_equal);
  g_test_add_func ("/engine/id-map/come-and-go", test_engine_id_map);
  g_test_add_func ("/engine/id-map/prefixes", test_engine_id_map_prefixes);
  g_test_add_func ("/engine/id-seed", test_engine_id_seed);
  g_test_add_func ("/engine/layout/shared", test_engine_layout_shared);
  g_test_add_func ("/engine/layout/private", test_engine_layout_private);
  g_test_add_func ("/engine/layout/collisions", test_engine_layout_collisions);
  g_test_add_func ("/engine/set-target", test_engine_set_target);
  g_test_add_func ("/engine/set-result", test_engine_set_result);
  g_test_add_func ("/engine/put-twice", test_engine_put_twice);
  g_test_add_func ("/engine/undo", test_engine_undo);
  g_test_add_func ("/engine/log-let-go", test_engine_log_let_go);
  g_test_add_func ("/engine/crowd", test_engine_crowd);
  g_test_add_func ("/engine/holes-of-narrow-rows", test_engine_holes_of_narrow_rows);
  g_test_add_data_func ("/engine/churn/rows", GUINT_TO_POINTER (0), test_engine_churn);
  g_test_add_data_func ("/engine/churn/rows-in-transactions",
                        GUINT_TO_POINTER (CHURN_TRANSACTIONS), test_engine_churn);
  g_test_add_data_func ("/engine/churn/rows-and-snapshots",
                        GUINT_TO_POINTER (CHURN_TRANSACTIONS | CHURN_SNAPSHOTS), test_engine_churn);
  g_test_add_func ("/engine/churn/columns", test_engine_churn_columns);
  g_test_add_func ("/engine/churn/tables", test_engine_churn_tables);
  g_test_add_func ("/engine/churn/layouts", test_engine_churn_layouts);
  g_test_add_func ("/engine/small-cells", test_engine_small_cells);
  g_test_add_data_func ("/engine/wide-row/first", GUINT_TO_POINTER (0), test_engine_wide_row);
  g_test_add_data_func ("/engine/wide-row/third", GUINT_TO_POINTER (2), test_engine_wide_row);
  g_test_add_data_func ("/engine/wide-row/second-chunk", GUINT_TO_POINTER (64), test_engine_wide_row);
  g_test_add_func ("/engine/wide-row/many", test_engine_wide_rows);
  g_test_add_func ("/engine/finish/once", test_engine_finish);
  g_test_add_func ("/engine/finish/again", test_engine_finish_written);

  return g_test_run ();
}
