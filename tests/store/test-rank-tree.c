/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The tree that sorted rows are kept in, against a plain array. */

#include "test-util.h"

#include "tst-rank-tree-private.h"

#define N_ROWS 20000

typedef struct
{
  guint64      random;
  TstRankTree *tree;
  GArray      *plain;           /* of TstRankEntry */
  guint32      newcomer;        /* the row that is about to be in there */
  gboolean     all_are_new;
  guint32      keys[N_ROWS];    /* what decides where heads are cut off */
} Fixture;

static guint
chance (Fixture *fixture,
        guint    n)
{
  fixture->random = fixture->random * G_GUINT64_CONSTANT (6364136223846793005) + 1442695040888963407;

  return (guint) ((fixture->random >> 33) % n);
}

static int
compare_keys (guint32  first,
              guint32  second,
              gpointer user_data)
{
  const Fixture *fixture = user_data;

  /* No other row has a key that could be asked for. */
  g_assert_true (fixture->all_are_new || first == fixture->newcomer ||
                 tst_rank_tree_contains (fixture->tree, first));
  g_assert_true (fixture->all_are_new || second == fixture->newcomer ||
                 tst_rank_tree_contains (fixture->tree, second));

  return (fixture->keys[first] > fixture->keys[second]) - (fixture->keys[first] < fixture->keys[second]);
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  user_data)
{
  fixture->random = test_seed ();
  fixture->tree = tst_rank_tree_new (compare_keys, fixture);
  fixture->newcomer = TST_RANK_NONE;
  fixture->plain = g_array_new (FALSE, FALSE, sizeof (TstRankEntry));
  for (guint i = 0; i < N_ROWS; i++)
    fixture->keys[i] = chance (fixture, 8);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  user_data)
{
  tst_rank_tree_free (fixture->tree);
  g_array_unref (fixture->plain);
}

/* --- The plain array --- */

static TstRankEntry *
entry_at (Fixture *fixture,
          guint    i)
{
  return &g_array_index (fixture->plain, TstRankEntry, i);
}

static gboolean
is_before (Fixture            *fixture,
           const TstRankEntry *a,
           const TstRankEntry *b)
{
  if (a->head != b->head)
    return a->head < b->head;
  if (tst_sort_head_is_cut (a->head) && fixture->keys[a->row] != fixture->keys[b->row])
    return fixture->keys[a->row] < fixture->keys[b->row];

  return a->row < b->row;
}

static guint
insert_plain (Fixture      *fixture,
              TstRankEntry  entry)
{
  guint low = 0, high = fixture->plain->len;

  while (low < high)
    if (is_before (fixture, entry_at (fixture, (low + high) / 2), &entry))
      low = (low + high) / 2 + 1;
    else
      high = (low + high) / 2;

  g_array_insert_val (fixture->plain, low, entry);
  return low;
}

static guint
find_plain (Fixture *fixture,
            guint32  row)
{
  for (guint i = 0; i < fixture->plain->len; i++)
    if (entry_at (fixture, i)->row == row)
      return i;

  return TST_RANK_NONE;
}

static TstRankEntry
pick_entry (Fixture *fixture,
            guint32  row,
            guint    n_heads)
{
  guint64 head = (guint64) chance (fixture, n_heads) << 4;

  /* Some of texts, which are cut off in the middle or not */
  if (chance (fixture, 2) == 0)
    head |= TST_SORT_HEAD_TEXT | chance (fixture, 2);

  return (TstRankEntry) { head, row };
}

static void
assert_same (Fixture *fixture)
{
  guint n = fixture->plain->len;
  g_autofree guint32 *rows = g_new (guint32, n + 1);
  guint start = chance (fixture, n + 1);
  guint n_part = chance (fixture, n - start + 1);

  g_assert_cmpuint (tst_rank_tree_get_n (fixture->tree), ==, n);

  tst_rank_tree_get_range (fixture->tree, 0, n, rows);
  for (guint i = 0; i < n; i++)
    {
      g_assert_cmpuint (rows[i], ==, entry_at (fixture, i)->row);
      g_assert_cmpuint (tst_rank_tree_find (fixture->tree, rows[i]), ==, i);
    }

  tst_rank_tree_get_range (fixture->tree, start, n_part, rows);
  for (guint i = 0; i < n_part; i++)
    g_assert_cmpuint (rows[i], ==, entry_at (fixture, start + i)->row);
}

/* --- Tests --- */

static void
toggle (Fixture *fixture,
        guint    n_rows,
        guint    n_heads,
        guint    n_to_insert)
{
  guint32 row = chance (fixture, n_rows);
  guint at = find_plain (fixture, row);

  g_assert_cmpint (tst_rank_tree_contains (fixture->tree, row), ==, at != TST_RANK_NONE);
  g_assert_cmpuint (tst_rank_tree_find (fixture->tree, row), ==, at);

  if (at == TST_RANK_NONE && chance (fixture, 10) < n_to_insert)
    {
      TstRankEntry entry = pick_entry (fixture, row, n_heads);

      fixture->newcomer = row;
      at = insert_plain (fixture, entry);
      g_assert_cmpuint (tst_rank_tree_insert (fixture->tree, entry.head, row), ==, at);
    }
  else if (at != TST_RANK_NONE && chance (fixture, 10) >= n_to_insert)
    {
      g_array_remove_index (fixture->plain, at);
      g_assert_cmpuint (tst_rank_tree_remove (fixture->tree, row), ==, at);
    }
}

static void
test_rank_tree_random (Fixture       *fixture,
                       gconstpointer  user_data)
{
  static const guint tides[] = { 10, 7, 5, 3, 0, 9, 1, 10, 0 };

  g_test_summary ("Rows that come and go are where they are in an array");

  for (guint tide = 0; tide < G_N_ELEMENTS (tides); tide++)
    {
      guint n_heads = 1 + chance (fixture, tide % 2 ? 5 : 100000);

      for (guint i = 0; i < test_scale (15000); i++)
        {
          toggle (fixture, 5000, n_heads, tides[tide]);
          if (i % 1000 == 0)
            assert_same (fixture);
        }
      assert_same (fixture);
    }
}

static void
test_rank_tree_ends (Fixture       *fixture,
                     gconstpointer  user_data)
{
  g_test_summary ("Rows that come and go at either end, until none is left");

  for (guint round = 0; round < 4; round++)
    {
      for (guint32 i = 0; i < 3000; i++)
        {
          TstRankEntry entry = { (round & 1 ? i : 3000 - i) << 4, i };

          g_assert_cmpuint (tst_rank_tree_insert (fixture->tree, entry.head, i), ==, round & 1 ? i : 0);
          insert_plain (fixture, entry);
        }
      assert_same (fixture);

      for (guint i = 0; i < 3000; i++)
        {
          guint at = round & 2 ? 0 : fixture->plain->len - 1;

          g_assert_cmpuint (tst_rank_tree_remove (fixture->tree, entry_at (fixture, at)->row), ==, at);
          g_array_remove_index (fixture->plain, at);
          if (i % 500 == 0)
            assert_same (fixture);
        }
      assert_same (fixture);
    }
}

static void
test_rank_tree_fill (Fixture       *fixture,
                     gconstpointer  user_data)
{
  static const guint sizes[] = { 0, 1, 55, 56, 57, 64, 65, 113, 1567, 1568, 1569, 3000, 0, 20000, 7 };

  g_test_summary ("All rows at once, however many, in the place of those that were there");

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree TstRankEntry *entries = g_new (TstRankEntry, sizes[i] + 1);

      g_array_set_size (fixture->plain, 0);
      for (guint32 row = 0; row < sizes[i]; row++)
        insert_plain (fixture, entries[row] = pick_entry (fixture, row, 3000));

      fixture->all_are_new = TRUE;
      tst_rank_tree_fill (fixture->tree, entries, sizes[i]);
      fixture->all_are_new = FALSE;
      assert_same (fixture);
      for (guint j = 0; j < 500; j++)
        toggle (fixture, N_ROWS, 3000, j % 11);
      assert_same (fixture);
    }
}

static void
test_rank_tree_renumber (Fixture       *fixture,
                         gconstpointer  user_data)
{
  g_test_summary ("Rows get other numbers, and stay where they are");

  for (guint round = 0; round < 4; round++)
    {
      g_autofree guint32 *numbers = g_new (guint32, N_ROWS);
      guint32 n = 0;

      for (guint i = 0; i < 4000; i++)
        toggle (fixture, N_ROWS, 1000, 6);

      for (guint32 row = 0; row < N_ROWS; row++)
        {
          numbers[row] = n;
          if (tst_rank_tree_contains (fixture->tree, row))
            fixture->keys[n++] = fixture->keys[row];
        }
      for (guint i = 0; i < fixture->plain->len; i++)
        entry_at (fixture, i)->row = numbers[entry_at (fixture, i)->row];

      tst_rank_tree_renumber (fixture->tree, NULL);
      assert_same (fixture);
      g_assert_false (tst_rank_tree_contains (fixture->tree, n));
    }
}

/* All heads are the same, so that it is the keys that count. */
static void
empty_part (Fixture *fixture,
            guint    start)
{
  const guint64 head = TST_SORT_HEAD_TEXT | TST_SORT_HEAD_CUT;
  g_autofree TstRankEntry *entries = g_new (TstRankEntry, 3000);

  g_array_set_size (fixture->plain, 0);
  for (guint32 row = 0; row < N_ROWS; row++)
    fixture->keys[row] = row < 3000 ? row * 16 : (start + 56 + row % 7 * 8) * 16 + 1;
  for (guint32 row = 0; row < 3000; row++)
    entries[row] = (TstRankEntry) { head, row };
  g_array_append_vals (fixture->plain, entries, 3000);

  fixture->all_are_new = TRUE;
  tst_rank_tree_fill (fixture->tree, entries, 3000);
  fixture->all_are_new = FALSE;

  for (guint32 row = 3000; row < 3020; row++)
    {
      /* Behind the first eight, next to what is not there any more */
      if (row >= 3008)
        fixture->keys[row] = (start + row % 3 * 28) * 16 - 1;
      for (guint i = 0; row == 3008 && i < 56; i++)
        {
          tst_rank_tree_remove (fixture->tree, start + i);
          g_array_remove_index (fixture->plain, start);
        }

      fixture->newcomer = row;
      g_assert_cmpuint (tst_rank_tree_insert (fixture->tree, head, row), ==,
                        insert_plain (fixture, (TstRankEntry) { head, row }));
    }
  assert_same (fixture);
}

static void
test_rank_tree_emptied (Fixture       *fixture,
                        gconstpointer  user_data)
{
  g_test_summary ("Where all rows went next to many others, those are not asked for any more");

  for (guint start = 1400; start < 1700; start++)
    empty_part (fixture, start);
}

/* How many bytes are allocated for each row in the tree. */
static double
cost_of_row (Fixture *fixture,
             gsize    before)
{
  return (double) (test_allocated () - before) / tst_rank_tree_get_n (fixture->tree);
}

static void
test_rank_tree_memory (Fixture       *fixture,
                       gconstpointer  user_data)
{
  gsize before = test_allocated ();

  g_test_summary ("A row takes 20 to 28 bytes, and less room is taken where rows went");

  if (test_is_slow ())
    return;

  /* One behind the other */
  for (guint32 i = 0; i < N_ROWS; i++)
    tst_rank_tree_insert (fixture->tree, i << 4, i);
  g_assert_cmpfloat (cost_of_row (fixture, before), <, 21);

  /* Here and there */
  for (guint32 i = 0; i < 5 * N_ROWS; i++)
    {
      tst_rank_tree_remove (fixture->tree, i % N_ROWS);
      tst_rank_tree_insert (fixture->tree, (guint64) chance (fixture, N_ROWS) << 4, i % N_ROWS);
    }
  g_assert_cmpfloat (cost_of_row (fixture, before), <, 28);

  for (guint32 i = 0; i < N_ROWS; i++)
    if (i % 10 != 0)
      tst_rank_tree_remove (fixture->tree, i);
  /* Without what is for each number */
  g_assert_cmpfloat (cost_of_row (fixture, before) - 10 * 5, <, 30);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

  ADD ("/rank-tree/random", test_rank_tree_random);
  ADD ("/rank-tree/ends", test_rank_tree_ends);
  ADD ("/rank-tree/fill", test_rank_tree_fill);
  ADD ("/rank-tree/renumber", test_rank_tree_renumber);
  ADD ("/rank-tree/emptied", test_rank_tree_emptied);
  ADD ("/rank-tree/memory", test_rank_tree_memory);

  return g_test_run ();
}
