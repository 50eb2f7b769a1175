/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What listeners to sorted rows are told, against the getter, whatever happens to
 * the rows. */

#include <libtstore/tstore.h>

#include "test-util.h"

#include <string.h>

#define MAX_WATCHERS 12
#define MAX_DEPTH    3

typedef struct _Run Run;

/* A listener, and what it knows. */
typedef struct
{
  Run        *run;
  gulong      handle;      /* 0: none */
  gboolean    is_mutator;
  gboolean    is_unsure;   /* it may know a page of what was undone */
  const char *table_id;
  const char *cell_id;     /* (nullable) */
  gboolean    descending;
  int         offset;
  int         limit;
  char      **known;
} Watcher;

struct _Run
{
  guint64   random;
  TstStore *store;
  guint     n_rows;        /* how many ids there are */
  guint     n_values;      /* how many different things a cell may hold */
  guint     depth;
  gboolean  veto;          /* a mutator undoes the next transaction */
  guint     n_transactions;
  guint     n_calls;
  Watcher   watchers[MAX_WATCHERS];
};

static guint
chance (Run  *run,
        guint n)
{
  run->random = run->random * G_GUINT64_CONSTANT (6364136223846793005) + 1442695040888963407;

  return (guint) ((run->random >> 33) % n);
}

/* --- What there is --- */

static const char * const table_ids[] = { "t", "t", "t", "t", "u" };
static const char * const cell_ids[] = { "a", "a", "b", "a cell that takes part in no order" };

static const char * const texts[] = {
  "1", "2", "2.5", "-1", "-0", "0", "1e300", "true", "false", "null", "\"\"", "\"a\"", "\"ab\"",
  "\"abcdef\"", "\"abcdefg\"", "\"abcdefgh\"", "\"abcdefgi\"", "\"a text that is long, and a\"",
  "\"a text that is long, and b\"", "\"a text that is long, and c\"", "\"\\ue000\"", "\"\\ud800\\udc00\"",
  "\"abcde\\ue000\"", "\"abcde\\ud800\\udc00\"", "\"abcdefgh\\uffff\"", "\"abcdefgh\\udbff\\udfff\"",
  "[]", "[1,\"x\"]", "[\"abcdefg\",[null]]", "[\"abcdefgh\"]", "{}", "{\"a\":1}", "\"[object Object]\"",
};

/* Some short, some with the same beginning */
static char *
pick_row (Run *run)
{
  guint n = chance (run, run->n_rows);

  return g_strdup_printf (n % 3 == 0 ? "the row of number %u" : "r%u", n);
}

static void
set_something (Run        *run,
               const char *table_id,
               const char *row_id,
               const char *cell_id)
{
  g_autoptr(GError) error = NULL;

  if (chance (run, 3) == 0)
    tst_store_set_cell_json (run->store, table_id, row_id, cell_id,
                             texts[chance (run, MIN (run->n_values, G_N_ELEMENTS (texts)))], &error);
  else
    tst_store_set_cell_number (run->store, table_id, row_id, cell_id,
                               (double) chance (run, run->n_values) - 3, &error);
  g_assert_no_error (error);
}

/* --- Watchers --- */

static char **
get_page (const Watcher *watcher)
{
  return tst_store_get_sorted_row_ids (watcher->run->store, watcher->table_id, watcher->cell_id,
                                       watcher->descending, watcher->offset, watcher->limit);
}

static void
assert_page (const Watcher *watcher)
{
  g_auto(GStrv) page = get_page (watcher);

  g_assert_cmpstrv (watcher->known, page);
}

static void
page_cb (TstStore           *store,
         const char         *table_id,
         const char         *cell_id,
         gboolean            descending,
         int                 offset,
         int                 limit,
         const char * const *row_ids,
         gpointer            user_data)
{
  Watcher *watcher = user_data;

  g_assert_cmpstr (table_id, ==, watcher->table_id);
  g_assert_cmpstr (cell_id, ==, watcher->cell_id);
  g_assert_true (descending == watcher->descending && offset == watcher->offset &&
                 limit == watcher->limit);

  g_assert_false (g_strv_equal ((const char * const *) watcher->known, row_ids));
  g_strfreev (watcher->known);
  watcher->known = g_strdupv ((char **) row_ids);
  watcher->is_unsure = watcher->run->veto;
  watcher->run->n_calls++;
  assert_page (watcher);
}

static void
forget (Watcher *watcher)
{
  g_assert_true (tst_store_remove_listener (watcher->run->store, watcher->handle));
  g_clear_pointer (&watcher->known, g_strfreev);
  watcher->handle = 0;
}

static void
watch (Run     *run,
       Watcher *watcher)
{
  static const int offsets[] = { 0, 0, 0, 3, 20, -4, -20, 1000, -1000 };
  static const int limits[] = { 5, 5, 20, 1, 0, -1, 1000 };

  *watcher = (Watcher) {
    run, 0, chance (run, 4) == 0, FALSE, table_ids[chance (run, G_N_ELEMENTS (table_ids))],
    chance (run, 5) == 0 ? NULL : cell_ids[chance (run, 3)], (gboolean) chance (run, 2),
    offsets[chance (run, G_N_ELEMENTS (offsets))], limits[chance (run, G_N_ELEMENTS (limits))], NULL
  };
  watcher->known = get_page (watcher);
  watcher->is_unsure = run->depth > 0;
  watcher->handle =
    tst_store_add_sorted_row_ids_listener (run->store, watcher->table_id, watcher->cell_id,
                                           watcher->descending, watcher->offset, watcher->limit,
                                           watcher->is_mutator ? TST_LISTENER_MUTATOR : 0,
                                           page_cb, watcher, NULL);
}

static void
change_watchers (Run *run)
{
  Watcher *watcher = &run->watchers[chance (run, MAX_WATCHERS)];

  if (watcher->handle == 0)
    watch (run, watcher);
  else if (chance (run, 2) == 0)
    forget (watcher);
}

static void
veto_cb (TstStore   *store,
         const char *table_id,
         gpointer    user_data)
{
  Run *run = user_data;

  if (run->veto)
    tst_store_rollback (store);
}

/* --- Writing --- */

static void
write_cell (Run *run)
{
  g_autofree char *row_id = pick_row (run);

  set_something (run, table_ids[chance (run, G_N_ELEMENTS (table_ids))], row_id,
                 cell_ids[chance (run, G_N_ELEMENTS (cell_ids))]);
}

static void
remove_something (Run *run)
{
  const char *table_id = table_ids[chance (run, G_N_ELEMENTS (table_ids))];
  g_autofree char *row_id = pick_row (run);

  if (chance (run, 150) == 0)
    tst_store_remove_table (run->store, table_id);
  else if (chance (run, 2) == 0)
    tst_store_remove_row (run->store, table_id, row_id);
  else
    tst_store_remove_cell (run->store, table_id, row_id, cell_ids[chance (run, 3)]);
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
do_something (Run *run)
{
  guint at = chance (run, 100);

  if (at < 55)
    write_cell (run);
  else if (at < 90)
    remove_something (run);
  else if (at < 96)
    add_again (run);
  else if (at < 97)
    write_much (run);
  else
    change_watchers (run);
}

/* --- Transactions --- */

/* Whatever was undone, those who know a page of it are told in the next
 * transaction. */
static void
make_sure (Run *run)
{
  for (guint i = 0; i < MAX_WATCHERS; i++)
    run->watchers[i].is_unsure |= run->watchers[i].is_mutator;

  g_assert_true (tst_store_set_cell_number (run->store, "another table", "r", "a",
                                            ++run->n_transactions, NULL));

  for (guint i = 0; i < MAX_WATCHERS; i++)
    run->watchers[i].is_unsure = FALSE;
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

  if (run->depth == 0)
    make_sure (run);
}

static void
check_watchers (Run *run)
{
  for (guint i = 0; i < MAX_WATCHERS && run->depth == 0; i++)
    if (run->watchers[i].handle != 0 && !run->watchers[i].is_unsure)
      assert_page (&run->watchers[i]);
}

static void
run_steps (guint n_rows,
           guint n_values,
           guint n_steps)
{
  Run run = { test_seed (), tst_store_new (), n_rows, n_values, };

  tst_store_add_table_listener (run.store, NULL, TST_LISTENER_MUTATOR, veto_cb, &run, NULL);
  for (guint i = 0; i < MAX_WATCHERS; i++)
    watch (&run, &run.watchers[i]);

  for (guint i = 0; i < n_steps; i++)
    {
      take_step (&run);
      check_watchers (&run);
    }

  while (run.depth-- > 0)
    tst_store_commit (run.store);
  for (guint i = 0; i < MAX_WATCHERS; i++)
    if (run.watchers[i].handle != 0)
      forget (&run.watchers[i]);

  g_test_message ("%u pages were told", run.n_calls);
  g_assert_finalize_object (run.store);
}

static void
test_sorted_random_few (void)
{
  g_test_summary ("Pages of few rows, many of which are the same");

  for (guint i = 0; i < 20; i++)
    run_steps (30, 6, test_scale (500));
}

static void
test_sorted_random_many (void)
{
  g_test_summary ("Pages of many rows, with all sorts of cells");

  run_steps (1500, 1000, test_scale (8000));
  run_steps (400, 40, test_scale (8000));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sorted-random/few", test_sorted_random_few);
  g_test_add_func ("/sorted-random/many", test_sorted_random_many);

  return g_test_run ();
}
