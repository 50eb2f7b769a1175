/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* W7: the first rows of a large table, in the order of a number, of a string that
 * many rows share, and of their ids; and all of them. W7live: the first rows, kept
 * live. */

#include "bench-store.h"

static void
measure (const Harness *harness,
         const char    *workload,
         TstStore      *store,
         const Dataset *data,
         const char    *cell_id,
         int            limit)
{
  char **ids = NULL;
  double start = 0;

  for (guint pass = harness->once ? 2 : 0; pass < 3; pass++)
    {
      g_strfreev (ids);
      start = harness_now ();
      ids = tst_store_get_sorted_row_ids (store, data->table_ids[0], cell_id, FALSE, 0, limit);
      start = harness_now () - start;
    }

  harness_report (harness, workload, start, 1,
                  dataset_hash_ids ((const char * const *) ids, g_strv_length (ids)));
  g_strfreev (ids);
}

void
bench_run_w7 (const Harness *harness)
{
  Dataset *data = dataset_new_sorted (harness->n_rows);
  g_autoptr(TstStore) store = bench_make_filled (data);

  bench_count_right (store, data, data->values);

  measure (harness, "W7", store, data, data->cell_ids[0], DATASET_PAGE);
  measure (harness, "W7string", store, data, data->cell_ids[1], DATASET_PAGE);
  measure (harness, "W7ids", store, data, NULL, DATASET_PAGE);
  measure (harness, "W7all", store, data, data->cell_ids[0], -1);
}

/* --- Kept live --- */

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
  guint32 *hash = user_data;

  *hash = dataset_hash_ids (row_ids, g_strv_length ((char **) row_ids));
}

HARNESS_MEASURED
change_sorted (TstStore      *store,
               const Dataset *data,
               guint          n_changes)
{
  guint32 seed = 5, row;

  for (guint i = 0; i < n_changes; i++)
    {
      double number = dataset_next_sorted_change (&seed, i, data->n_rows, &row);

      tst_store_set_cell_number (store, data->table_ids[0], data->row_ids[row], data->cell_ids[0],
                                 number, NULL);
    }
}

static guint32
hash_page (TstStore      *store,
           const Dataset *data)
{
  g_auto(GStrv) ids = tst_store_get_sorted_row_ids (store, data->table_ids[0], data->cell_ids[0],
                                                    FALSE, 0, DATASET_PAGE);

  return dataset_hash_ids ((const char * const *) ids, g_strv_length (ids));
}

void
bench_run_w7live (const Harness *harness)
{
  Dataset *data = dataset_new_sorted (harness->n_rows);
  g_autoptr(TstStore) store = bench_make_filled (data);
  guint32 hash = hash_page (store, data); /* of the page that was told last */
  double start = harness_now ();

  tst_store_add_sorted_row_ids_listener (store, data->table_ids[0], data->cell_ids[0], FALSE,
                                         0, DATASET_PAGE, 0, page_cb, &hash, NULL);
  harness_report (harness, "W7live start", harness_now () - start, 1, hash);

  start = harness_now ();
  change_sorted (store, data, DATASET_SORTED_CHANGES);
  start = harness_now () - start;

  harness_expect ("the page", hash, hash_page (store, data));
  harness_report (harness, "W7live", start, DATASET_SORTED_CHANGES, hash);
}
