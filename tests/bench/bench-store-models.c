/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* W10: models of a million rows, in the order of the table and in that of a number. */

#include "bench-model.h"
#include "bench-store.h"

static TstStore *
make_store (const Harness *harness)
{
  TstStore *store = tst_store_new ();
  guint32 seed = 4;

  tst_store_begin (store);
  for (guint i = 0; i < BENCH_MODEL_ROWS (harness); i++)
    {
      char id[16];

      g_snprintf (id, sizeof id, "r%u", i);
      tst_store_set_cell_number (store, "t0", id, "c0", bench_model_next_number (&seed), NULL);
    }
  tst_store_commit (store);

  return store;
}

static const char *
get_id (gpointer item)
{
  return tst_row_get_row_id (item);
}

static void
change_cb (guint    row,
           double   number,
           gpointer user_data)
{
  char id[16];

  g_snprintf (id, sizeof id, "r%u", row);
  tst_store_set_cell_number (user_data, "t0", id, "c0", number, NULL);
}

static GListModel *
open_model (const Harness *harness,
            const char    *workload,
            TstStore      *store,
            const char    *sort_cell)
{
  double start = harness_now ();
  GListModel *model = g_object_new (TST_TYPE_TABLE_MODEL,
                                    "store", store, "table-id", "t0", "sort-cell", sort_cell, NULL);
  guint32 hash = bench_model_hash_page (model, get_id);

  harness_report (harness, workload, harness_now () - start, 1, hash);

  return model;
}

void
bench_run_w10 (const Harness *harness)
{
  g_autoptr(TstStore) store = make_store (harness);
  double memory = harness_memory ();
  g_autoptr(GListModel) model = open_model (harness, "W10 open", store, NULL);
  g_autoptr(GListModel) sorted = open_model (harness, "W10 sorted", store, "c0");
  guint n_rows = BENCH_MODEL_ROWS (harness);

  memory = (harness_memory () - memory) / n_rows;
  harness_report_bytes (harness, "W10 memory", memory, memory, n_rows);
  harness_expect ("rows", g_list_model_get_n_items (model), n_rows);

  bench_model_edit (harness, sorted, get_id, change_cb, store);
  bench_model_scroll (harness, sorted, get_id);
}
