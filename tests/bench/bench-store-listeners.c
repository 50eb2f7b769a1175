/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* W3: what it costs to be heard. */

#include "bench-store.h"

#define N_CHANGES 100000
#define N_FEW     10 /* listeners, against one for each row */

static gsize n_calls;

static void
row_cb (TstStore   *store,
        const char *table_id,
        const char *row_id,
        gpointer    user_data)
{
  n_calls++;
}

static void
cell_cb (TstStore     *store,
         const char   *table_id,
         const char   *row_id,
         const char   *cell_id,
         const GValue *new_value,
         const GValue *old_value,
         gpointer      user_data)
{
  n_calls++;
}

static void
changed_cb (TstStore   *store,
            TstChanges *changes,
            gpointer    user_data)
{
  n_calls++;
}

HARNESS_MEASURED
change (TstStore      *store,
        const Dataset *data,
        guint32        seed,
        guint          n_rows,
        guint          n_changes)
{
  double part = seed / 100.0;

  for (guint i = 0; i < n_changes; i++)
    {
      guint32 row = dataset_random (&seed) % n_rows;
      guint32 cell = dataset_random (&seed) % data->n_cells;

      tst_store_set_cell_number (store, data->table_ids[0], data->row_ids[row],
                                 data->cell_ids[cell], -(double) (i + 1) - part, NULL);
    }
}

/* How many of the changes are in the first @n_first rows. */
static gsize
count_changes (const Dataset *data,
               guint32        seed,
               guint          n_first)
{
  gsize n = 0;

  for (guint i = 0; i < N_CHANGES; i++)
    {
      n += dataset_random (&seed) % data->n_rows < n_first;
      dataset_random (&seed);
    }

  return n;
}

static TstStore *
make_table (const Dataset *data)
{
  TstStore *store = tst_store_new ();
  Dataset first = *data;

  first.n_tables = 1;
  bench_fill (store, &first);

  return store;
}

/* Sets cells of the first @n_rows rows; each set is a change. */
static void
measure (const Harness *harness,
         const char    *workload,
         TstStore      *store,
         const Dataset *data,
         guint          n_rows,
         gsize          n_expected_calls)
{
  double start;

  if (!harness->once)
    change (store, data, 7, n_rows, N_CHANGES / 5);
  n_calls = 0;
  start = harness_now ();
  change (store, data, 6, n_rows, N_CHANGES);
  start = harness_now () - start;

  harness_expect ("the number of calls", n_calls, n_expected_calls);
  harness_report (harness, workload, start, N_CHANGES, n_calls);
}

static TstStore *
make_heard_table (const Dataset *data,
                  guint          n_listeners)
{
  TstStore *store = make_table (data);

  for (guint r = 0; r < n_listeners; r++)
    tst_store_add_row_listener (store, data->table_ids[0], data->row_ids[r],
                                TST_LISTENER_DEFAULT, row_cb, NULL, NULL);

  return store;
}

static void
run_rows (const Harness *harness,
          const char    *workload,
          guint          n_rows)
{
  Dataset *data = dataset_new (harness->n_rows);
  g_autoptr(TstStore) store = make_heard_table (data, n_rows);

  measure (harness, workload, store, data, n_rows, N_CHANGES);
}

void
bench_run_w3rows (const Harness *harness)
{
  run_rows (harness, "W3rows", harness->n_rows);
}

void
bench_run_w3few (const Harness *harness)
{
  run_rows (harness, "W3few", MIN (N_FEW, harness->n_rows));
}

/* The few listeners of W3few and the changes of W3rows: what of the difference
 * between the two is the price of going to ten thousand rows, heard or not. */
void
bench_run_w3spread (const Harness *harness)
{
  Dataset *data = dataset_new (harness->n_rows);
  guint n_listeners = MIN (N_FEW, data->n_rows);
  g_autoptr(TstStore) store = make_heard_table (data, n_listeners);

  measure (harness, "W3spread", store, data, data->n_rows, count_changes (data, 6, n_listeners));
}

void
bench_run_w3wild (const Harness *harness)
{
  Dataset *data = dataset_new (harness->n_rows);
  g_autoptr(TstStore) store = make_table (data);

  tst_store_add_cell_listener (store, NULL, NULL, NULL, TST_LISTENER_DEFAULT,
                               cell_cb, NULL, NULL);
  measure (harness, "W3wild", store, data, data->n_rows, N_CHANGES);
}

void
bench_run_w3none (const Harness *harness)
{
  Dataset *data = dataset_new (harness->n_rows);
  g_autoptr(TstStore) store = make_table (data);

  measure (harness, "W3none", store, data, data->n_rows, 0);
}

/* The one signal a transaction, by which other languages hear. */
void
bench_run_w3changed (const Harness *harness)
{
  Dataset *data = dataset_new (harness->n_rows);
  g_autoptr(TstStore) store = make_table (data);

  g_signal_connect (store, "changed", G_CALLBACK (changed_cb), NULL);
  measure (harness, "W3changed", store, data, data->n_rows, N_CHANGES);
}
