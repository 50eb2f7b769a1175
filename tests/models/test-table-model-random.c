/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What models tell, against a list that knows nothing else, and against what the store
 * says, whatever happens to the rows, also while they are being told. */

#include <libtstore/tstore.h>

#include "test-util.h"

#include <string.h>

#define MAX_WATCHERS 8
#define MAX_DEPTH    3
#define N_HELD       4

typedef struct _Run Run;

/* A model, and what it told. */
typedef struct
{
  Run           *run;
  TstTableModel *model;            /* (nullable) */
  GPtrArray     *told;             /* of char *: the ids of its rows */
  TstRow        *held[N_HELD];     /* (nullable) */
  gboolean       has_filter;
  int            least;            /* what passes the filter */
} Watcher;

struct _Run
{
  guint64   random;
  TstStore *store;
  guint     n_rows;        /* how many ids there are */
  guint     n_values;      /* how many different things a cell may hold */
  guint     depth;
  gboolean  veto;          /* a mutator undoes the next transaction */
  guint     n_answers;     /* what handlers may still do in this step */
  char     *saved;         /* (nullable): the content at some time */
  guint     n_told;
  Watcher   watchers[MAX_WATCHERS];
};

static void do_something (Run *run);

static guint
chance (Run  *run,
        guint n)
{
  run->random = run->random * G_GUINT64_CONSTANT (6364136223846793005) + 1442695040888963407;

  return (guint) ((run->random >> 33) % n);
}

static const char * const table_ids[] = { "t", "t", "t", "t", "u" };
static const char * const cell_ids[] = { "a", "a", "b", "c" };
static const char * const texts[] = {
  "true", "null", "\"a\"", "\"abcdefgh\"", "\"abcdefgi\"", "\"a text that is long, and a\"",
  "\"a text that is long, and b\"", "[\"abcdefgh\"]", "{}",
};

static const char *
pick_table (Run *run)
{
  return table_ids[chance (run, G_N_ELEMENTS (table_ids))];
}

/* Some short, some with the same beginning */
static char *
pick_row (Run *run)
{
  guint n = chance (run, run->n_rows);

  return g_strdup_printf (n % 3 == 0 ? "the row of number %u" : "r%u", n);
}

/* --- What is to be in a model --- */

static gboolean
passes_cb (TstStore   *store,
           const char *table_id,
           const char *row_id,
           gpointer    user_data)
{
  Watcher *watcher = user_data;

  return tst_store_get_cell_number (store, table_id, row_id, "b") >= watcher->least;
}

static char **
list_rows (const Watcher *watcher)
{
  const char *table_id = tst_table_model_get_table_id (watcher->model);
  const char *cell_id = tst_table_model_get_sort_cell (watcher->model);

  if (cell_id != NULL || tst_table_model_get_sort_by_row_id (watcher->model))
    return tst_store_get_sorted_row_ids (watcher->run->store, table_id, cell_id, FALSE, 0, -1);

  return tst_store_get_row_ids (watcher->run->store, table_id);
}

static GPtrArray *
list_expected (Watcher *watcher)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);
  g_auto(GStrv) rows = list_rows (watcher);
  int offset = tst_table_model_get_offset (watcher->model);
  int limit = tst_table_model_get_limit (watcher->model);
  guint start;

  for (guint i = 0; rows[i] != NULL; i++)
    if (!watcher->has_filter ||
        passes_cb (watcher->run->store, tst_table_model_get_table_id (watcher->model), rows[i], watcher))
      g_ptr_array_insert (ids, tst_table_model_get_descending (watcher->model) ? 0 : -1,
                          g_strdup (rows[i]));

  start = offset < 0 ? ids->len - MIN (ids->len, (guint) -offset) : MIN (ids->len, (guint) offset);
  if (start > 0)
    g_ptr_array_remove_range (ids, 0, start);
  if (limit >= 0 && ids->len > (guint) limit)
    g_ptr_array_remove_range (ids, (guint) limit, ids->len - (guint) limit);

  return ids;
}

/* --- What is in it --- */

static char *
dup_id_at (const Watcher *watcher,
           guint          position)
{
  g_autoptr(TstRow) row = g_list_model_get_item (G_LIST_MODEL (watcher->model), position);

  return g_strdup (tst_row_get_row_id (row));
}

static void
assert_held (const Watcher *watcher)
{
  for (guint i = 0; i < N_HELD; i++)
    {
      g_autoptr(TstRow) row = NULL;
      guint position;

      if (watcher->held[i] == NULL ||
          !tst_table_model_find (watcher->model, tst_row_get_row_id (watcher->held[i]), &position))
        continue;

      row = g_list_model_get_item (G_LIST_MODEL (watcher->model), position);
      g_assert_true (row == watcher->held[i]);
    }
}

static void
assert_absent (const Watcher *watcher)
{
  g_autofree char *id = pick_row (watcher->run);

  for (guint i = 0; i < watcher->told->len; i++)
    if (strcmp (watcher->told->pdata[i], id) == 0)
      return;

  g_assert_false (tst_table_model_find (watcher->model, id, NULL));
}

/* The model is what it told. Each row now and then, as to look at all takes its time. */
static void
assert_as_told (const Watcher *watcher)
{
  guint step = 1 + watcher->told->len / 50;

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (watcher->model)), ==, watcher->told->len);

  for (guint i = chance (watcher->run, step); i < watcher->told->len; i += step)
    {
      g_autofree char *id = dup_id_at (watcher, i);
      guint position;

      g_assert_cmpstr (id, ==, watcher->told->pdata[i]);
      g_assert_true (tst_table_model_find (watcher->model, id, &position));
      g_assert_cmpuint (position, ==, i);
    }

  assert_held (watcher);
  assert_absent (watcher);
}

static void
assert_expected (Watcher *watcher)
{
  g_autoptr(GPtrArray) expected = list_expected (watcher);

  g_assert_cmpuint (watcher->told->len, ==, expected->len);
  for (guint i = 0; i < expected->len; i++)
    g_assert_cmpstr (watcher->told->pdata[i], ==, expected->pdata[i]);
}

static void
check_watchers (Run *run)
{
  for (guint i = 0; i < MAX_WATCHERS; i++)
    if (run->watchers[i].model != NULL)
      assert_as_told (&run->watchers[i]);
}

/* --- Models that come and go --- */

static void
items_changed_cb (GListModel *model,
                  guint       position,
                  guint       removed,
                  guint       added,
                  Watcher    *watcher)
{
  Run *run = watcher->run;
  g_autoptr(GHashTable) there = NULL;

  run->n_told++;
  g_assert_true (removed > 0 || added > 0);
  g_assert_cmpuint (position + removed, <=, watcher->told->len);
  if (removed > 0)
    g_ptr_array_remove_range (watcher->told, position, removed);

  /* None is there twice. */
  there = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < watcher->told->len; i++)
    g_hash_table_add (there, watcher->told->pdata[i]);
  for (guint i = 0; i < added; i++)
    {
      g_ptr_array_insert (watcher->told, (gint) (position + i), dup_id_at (watcher, position + i));
      g_assert_true (g_hash_table_add (there, watcher->told->pdata[position + i]));
    }

  if (chance (run, 4) == 0)
    check_watchers (run);
  else
    assert_as_told (watcher);

  if (run->n_answers > 0 && chance (run, 6) == 0)
    {
      run->n_answers--;
      do_something (run);
    }
}

static void
forget (Watcher *watcher)
{
  for (guint i = 0; i < N_HELD; i++)
    g_clear_object (&watcher->held[i]);

  /* It may be the one that is telling: it goes when that is over. */
  g_signal_handlers_disconnect_by_data (watcher->model, watcher);
  g_clear_object (&watcher->model);
  g_clear_pointer (&watcher->told, g_ptr_array_unref);
}

static int
pick_offset (Run *run)
{
  static const int offsets[] = { 0, 0, 0, 1, 3, 20, -4, -20, 1000, -1000 };

  return offsets[chance (run, G_N_ELEMENTS (offsets))];
}

static int
pick_limit (Run *run)
{
  static const int limits[] = { -1, -1, -1, 5, 20, 1, 0, 1000 };

  return limits[chance (run, G_N_ELEMENTS (limits))];
}

static const char *
pick_sort_cell (Run *run)
{
  return chance (run, 3) == 0 ? NULL : cell_ids[chance (run, 3)];
}

static void
watch (Run     *run,
       Watcher *watcher)
{
  *watcher = (Watcher) { .run = run };
  watcher->model = g_object_new (TST_TYPE_TABLE_MODEL,
                                 "store", run->store,
                                 "table-id", pick_table (run),
                                 "sort-cell", pick_sort_cell (run),
                                 "sort-by-row-id", (gboolean) chance (run, 2),
                                 "descending", (gboolean) chance (run, 2),
                                 "offset", pick_offset (run),
                                 "limit", pick_limit (run),
                                 NULL);
  watcher->told = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (watcher->model)); i++)
    g_ptr_array_add (watcher->told, dup_id_at (watcher, i));
  g_signal_connect (watcher->model, "items-changed", G_CALLBACK (items_changed_cb), watcher);
}

static void
hold_row (Watcher *watcher)
{
  guint at = chance (watcher->run, N_HELD);

  g_clear_object (&watcher->held[at]);
  if (watcher->told->len > 0)
    watcher->held[at] = g_list_model_get_item (G_LIST_MODEL (watcher->model),
                                               chance (watcher->run, watcher->told->len));
}

static void
change_filter (Watcher *watcher)
{
  int least = (int) chance (watcher->run, watcher->run->n_values) - 3;
  TstFilterChange change = least > watcher->least ? TST_FILTER_CHANGE_MORE_STRICT
                                                  : TST_FILTER_CHANGE_LESS_STRICT;

  watcher->least = least;
  tst_table_model_filter_changed (watcher->model,
                                  chance (watcher->run, 3) == 0 ? TST_FILTER_CHANGE_DIFFERENT : change);
}

static void
set_filter (Watcher *watcher)
{
  watcher->has_filter = chance (watcher->run, 3) > 0;
  watcher->least = (int) chance (watcher->run, watcher->run->n_values) - 3;
  tst_table_model_set_filter_func (watcher->model, watcher->has_filter ? passes_cb : NULL, watcher, NULL);
}

static void
change_model (Watcher *watcher)
{
  Run *run = watcher->run;
  g_autoptr(TstTableModel) model = g_object_ref (watcher->model);

  switch (chance (run, 9))
    {
    case 0:
      tst_table_model_set_sort_cell (model, pick_sort_cell (run));
      break;
    case 1:
      tst_table_model_set_sort_by_row_id (model, (gboolean) chance (run, 2));
      break;
    case 2:
      tst_table_model_set_descending (model, (gboolean) chance (run, 2));
      break;
    case 3:
      tst_table_model_set_offset (model, pick_offset (run));
      break;
    case 4:
      tst_table_model_set_limit (model, pick_limit (run));
      break;
    case 5:
      set_filter (watcher);
      break;
    case 6:
      change_filter (watcher);
      break;
    default:
      hold_row (watcher);
      break;
    }
}

static void
change_watchers (Run *run)
{
  Watcher *watcher = &run->watchers[chance (run, MAX_WATCHERS)];

  if (watcher->model == NULL)
    watch (run, watcher);
  else if (chance (run, 8) == 0)
    forget (watcher);
  else
    change_model (watcher);
}

/* --- Writing --- */

static void
write_cell (Run *run)
{
  g_autofree char *row_id = pick_row (run);
  const char *table_id = pick_table (run);
  const char *cell_id = cell_ids[chance (run, G_N_ELEMENTS (cell_ids))];
  g_autoptr(GError) error = NULL;

  if (chance (run, 6) == 0)
    tst_store_set_cell_json (run->store, table_id, row_id, cell_id,
                             texts[chance (run, G_N_ELEMENTS (texts))], &error);
  else
    tst_store_set_cell_number (run->store, table_id, row_id, cell_id,
                               (double) chance (run, run->n_values) - 3, &error);
  g_assert_no_error (error);
}

static void
remove_something (Run *run)
{
  const char *table_id = pick_table (run);
  g_autofree char *row_id = pick_row (run);

  if (chance (run, 150) == 0)
    tst_store_remove_table (run->store, table_id);
  else if (chance (run, 2) == 0)
    tst_store_remove_row (run->store, table_id, row_id);
  else
    tst_store_remove_cell (run->store, table_id, row_id, cell_ids[chance (run, 4)]);
}

/* Just as it was */
static void
add_again (Run *run)
{
  g_autofree char *row_id = pick_row (run);
  g_autofree char *json = tst_store_get_row_json (run->store, "t", row_id);

  if (!tst_store_has_row (run->store, "t", row_id))
    return;

  tst_store_begin (run->store);
  tst_store_remove_row (run->store, "t", row_id);
  g_assert_true (tst_store_set_row_json (run->store, "t", row_id, json, NULL));
  tst_store_commit (run->store);
}

static void
add_table_again (Run *run)
{
  g_autofree char *json = tst_store_get_table_json (run->store, "t");

  tst_store_begin (run->store);
  tst_store_remove_table (run->store, "t");
  tst_store_set_table_json (run->store, "t", json, NULL);
  tst_store_commit (run->store);
}

static void
write_much (Run *run)
{
  guint n = 1 + chance (run, run->n_rows * 2);
  guint removing = chance (run, 3);

  tst_store_begin (run->store);
  for (guint i = 0; i < n; i++)
    if (chance (run, 2) < removing)
      remove_something (run);
    else
      write_cell (run);
  if (chance (run, 4) == 0)
    tst_store_rollback (run->store);
  else
    tst_store_commit (run->store);
}

static void
replace_content (Run *run)
{
  g_autoptr(GError) error = NULL;

  if (run->saved == NULL || chance (run, 3) == 0)
    {
      g_free (run->saved);
      run->saved = tst_store_get_json (run->store);
      return;
    }

  tst_store_set_json (run->store, run->saved, &error);
  g_assert_no_error (error);
}

static void
do_something (Run *run)
{
  guint at = chance (run, 100);

  if (at < 50)
    write_cell (run);
  else if (at < 80)
    remove_something (run);
  else if (at < 86)
    add_again (run);
  else if (at < 88)
    write_much (run);
  else if (at < 89)
    replace_content (run);
  else if (at < 90)
    add_table_again (run);
  else
    change_watchers (run);
}

/* --- Transactions --- */

static void
veto_cb (TstStore   *store,
         const char *table_id,
         gpointer    user_data)
{
  Run *run = user_data;

  if (run->veto)
    tst_store_rollback (store);
}

static void
undo (Run *run)
{
  if (run->depth > 0 || chance (run, 2) == 0)
    {
      tst_store_rollback (run->store);
      return;
    }

  run->veto = TRUE;
  tst_store_commit (run->store);
  run->veto = FALSE;
}

static void
take_step (Run *run)
{
  run->n_answers = 5;

  if (run->depth < MAX_DEPTH && chance (run, 20) == 0)
    {
      tst_store_begin (run->store);
      run->depth++;
      return;
    }

  if (run->depth == 0 || chance (run, 8) != 0)
    {
      do_something (run);
      return;
    }

  run->depth--;
  if (chance (run, 3) == 0)
    undo (run);
  else
    tst_store_commit (run->store);
}

/* Returns: how many changes were told */
static guint
run_steps (guint n_rows,
           guint n_values,
           guint n_steps)
{
  Run run = { test_seed (), tst_store_new (), n_rows, n_values, };

  n_steps = MAX (test_scale (n_steps), 50);
  tst_store_add_table_listener (run.store, NULL, TST_LISTENER_MUTATOR, veto_cb, &run, NULL);
  for (guint i = 0; i < MAX_WATCHERS; i++)
    watch (&run, &run.watchers[i]);

  for (guint i = 0; i < n_steps; i++)
    {
      take_step (&run);
      check_watchers (&run);
      for (guint j = 0; j < MAX_WATCHERS && run.depth == 0; j++)
        if (run.watchers[j].model != NULL)
          assert_expected (&run.watchers[j]);
    }

  while (run.depth-- > 0)
    tst_store_commit (run.store);
  for (guint i = 0; i < MAX_WATCHERS; i++)
    if (run.watchers[i].model != NULL)
      forget (&run.watchers[i]);

  g_free (run.saved);
  g_assert_finalize_object (run.store);

  return run.n_told;
}

static void
test_few (void)
{
  guint n_told = 0;

  g_test_summary ("Models of few rows, many of which are the same");

  for (guint i = 0; i < 20; i++)
    n_told += run_steps (30, 6, 1000);

  g_test_message ("%u changes were told", n_told);
  g_assert_cmpuint (n_told, >, 0);
}

static void
test_many (void)
{
  guint n_told;

  g_test_summary ("Models of many rows, with all sorts of cells");

  n_told = run_steps (1500, 1000, 2000);
  n_told += run_steps (300, 40, 8000);

  g_test_message ("%u changes were told", n_told);
  g_assert_cmpuint (n_told, >, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/table-model/random/few", test_few);
  g_test_add_func ("/table-model/random/many", test_many);

  return g_test_run ();
}
