/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Data that is less kind than ten rows of the same ten cells. */

#include "bench-store.h"

#define CHURN_TIMES 10 /* the size of the table */

static void
measure_text (const Harness *harness,
              const char    *name,
              TstStore      *store,
              const Dataset *data)
{
  g_autofree char *written = g_strconcat (name, " W4", NULL);
  g_autofree char *read = g_strconcat (name, " W5", NULL);
  g_autofree char *text = tst_store_get_json (store); /* warm */
  g_autoptr(TstStore) copy = tst_store_new ();
  g_autoptr(GError) error = NULL;
  double start;

  g_clear_pointer (&text, g_free);
  start = harness_now ();
  text = tst_store_get_json (store);
  start = harness_now () - start;
  bench_expect_text (text, data);
  harness_report (harness, written, start, data->size, data->size);

  start = harness_now ();
  tst_store_set_json (copy, text, &error);
  start = harness_now () - start;
  g_assert_no_error (error);
  harness_report (harness, read, start, data->size,
                  bench_count_right (copy, data, data->values));
}

/* W6, W1, W2, W4 and W5 on @data; W6 first, while memory is untouched. */
static void
run_all (const Harness *harness,
         const char    *name,
         Dataset       *data)
{
  g_autofree char *w1 = g_strconcat (name, " W1", NULL);
  g_autofree char *w2 = g_strconcat (name, " W2", NULL);
  g_autofree char *w6 = g_strconcat (name, " W6", NULL);
  guint32 *order = dataset_make_order (3, data->size, data->size);
  TstStore *store = tst_store_new ();
  double start, before;
  gsize sum;

  before = harness_memory ();
  bench_fill_on_the_fly (store, data);
  harness_report_bytes (harness, w6, (harness_memory () - before) / data->size,
                        (harness_peak_memory () - before) / data->size,
                        bench_count_right (store, data, data->values));
  g_object_unref (store);

  store = tst_store_new ();
  start = harness_now ();
  bench_fill (store, data);
  start = harness_now () - start;
  harness_report (harness, w1, start, data->size, bench_count_right (store, data, data->values));

  bench_read_random (store, data, order, &sum);
  start = harness_now ();
  bench_read_random (store, data, order, &sum);
  start = harness_now () - start;
  harness_expect ("the sum of types", sum, dataset_sum_types (data, order));
  harness_report (harness, w2, start, data->size, sum);

  measure_text (harness, name, store, data);
  g_object_unref (store);
}

void
bench_run_sparse (const Harness *harness)
{
  run_all (harness, "sparse", dataset_new_sparse (harness->n_rows));
}

void
bench_run_uuid (const Harness *harness)
{
  run_all (harness, "uuid", dataset_new_uuids (harness->n_rows));
}

static void
set_row (TstStore           *store,
         const Dataset      *data,
         const char         *row_id,
         const DatasetValue *values)
{
  for (guint c = 0; c < data->n_cells; c++)
    bench_set (store, data->table_ids[0], row_id, data->cell_ids[c], &values[c]);
}

static void
expect_row (TstStore           *store,
            const Dataset      *data,
            const char         *row_id,
            const DatasetValue *values)
{
  gsize n_right = 0;

  for (guint c = 0; c < data->n_cells; c++)
    n_right += bench_cell_holds (store, data->table_ids[0], row_id, data->cell_ids[c], &values[c]);

  harness_expect ("the number of right cells", n_right, data->n_cells);
}

/* One time the size of the table. @places tells where a row's values are. */
HARNESS_MEASURED
churn (TstStore      *store,
       const Dataset *data,
       guint          round,
       guint32       *seed,
       gsize         *places)
{
  for (guint i = 0; i < data->n_rows; i++)
    {
      guint row = dataset_random (seed) % data->n_rows;

      places[row] = ((gsize) round * data->n_rows + row) * data->n_cells;
      tst_store_remove_row (store, data->table_ids[0], data->row_ids[row]);
      set_row (store, data, data->row_ids[row], data->values + places[row]);
    }
}

static void
run_churn_again (const Harness *harness,
                 const Dataset *data)
{
  g_autoptr(TstStore) store = tst_store_new ();
  g_autofree gsize *places = g_new (gsize, data->n_rows);
  gsize table_size = (gsize) data->n_rows * data->n_cells;
  guint32 seed = 16;
  double start, spent = 0, before = 0;

  for (guint r = 0; r < data->n_rows; r++)
    {
      places[r] = (gsize) r * data->n_cells;
      set_row (store, data, data->row_ids[r], data->values + places[r]);
    }

  for (guint round = 0; round < CHURN_TIMES; round++)
    {
      start = harness_now ();
      churn (store, data, round, &seed, places);
      spent += harness_now () - start;

      if (round == 0)
        before = harness_memory ();
    }

  harness_report_bytes (harness, "churn growth", (harness_memory () - before) / table_size,
                        (harness_peak_memory () - before) / table_size, table_size);

  for (guint r = 0; r < data->n_rows; r++)
    expect_row (store, data, data->row_ids[r], data->values + places[r]);
  harness_expect ("the number of rows", tst_store_get_n_rows (store, data->table_ids[0]),
                  data->n_rows);
  harness_report (harness, "churn", spent, table_size * CHURN_TIMES, table_size);
}

/* Each row that comes has an id that was never there before. */
static void
run_churn_new (const Harness *harness,
               const Dataset *data)
{
  g_autoptr(TstStore) store = tst_store_new ();
  guint n_ids = data->n_rows * (CHURN_TIMES + 1);
  char **row_ids = dataset_make_uuids (17, n_ids);
  gsize table_size = (gsize) data->n_rows * data->n_cells;
  double start = 0, before = 0;

  for (guint i = 0; i < n_ids; i++)
    {
      if (i == data->n_rows)
        start = harness_now ();
      if (i == data->n_rows * 2)
        before = harness_memory ();

      if (i >= data->n_rows)
        tst_store_remove_row (store, data->table_ids[0], row_ids[i - data->n_rows]);
      set_row (store, data, row_ids[i], data->values + i % data->n_rows * data->n_cells);
    }

  start = harness_now () - start;
  harness_report_bytes (harness, "churn-new growth", (harness_memory () - before) / table_size,
                        (harness_peak_memory () - before) / table_size, table_size);

  for (guint r = 0; r < data->n_rows; r++)
    expect_row (store, data, row_ids[n_ids - data->n_rows + r], data->values + r * data->n_cells);
  harness_expect ("the number of rows", tst_store_get_n_rows (store, data->table_ids[0]),
                  data->n_rows);
  harness_report (harness, "churn-new", start, table_size * CHURN_TIMES, table_size);
}

void
bench_run_churn (const Harness *harness)
{
  Dataset *data = dataset_new (harness->n_rows);

  run_churn_again (harness, data);
  run_churn_new (harness, data);
}
