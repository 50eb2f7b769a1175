/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* W7: the first rows of a large table, in the order of a number, of a string that
 * many rows share, and of their ids; and all of them. */

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
