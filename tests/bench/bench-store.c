/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The workloads on libtstore, through its public API as an app has it. */

#include "bench-store.h"

#include <stdlib.h>
#include <string.h>

void
bench_fill (TstStore      *store,
            const Dataset *data)
{
  gsize i = 0;

  tst_store_begin (store);

  for (guint t = 0; t < data->n_tables; t++)
    for (guint r = 0; r < data->n_rows; r++)
      for (guint c = 0; c < data->n_cells; c++, i++)
        bench_set (store, data->table_ids[t], data->row_ids[r], dataset_cell_id (data, i, c),
                   &data->values[i]);

  tst_store_commit (store);
}

/* Each set is a transaction of its own. */
void
bench_fill_alone (TstStore      *store,
                  const Dataset *data)
{
  gsize i = 0;

  for (guint t = 0; t < data->n_tables; t++)
    for (guint r = 0; r < data->n_rows; r++)
      for (guint c = 0; c < data->n_cells; c++, i++)
        bench_set (store, data->table_ids[t], data->row_ids[r], dataset_cell_id (data, i, c),
                   &data->values[i]);
}

/* With values that nothing but the store keeps, to measure its memory. */
void
bench_fill_on_the_fly (TstStore      *store,
                       const Dataset *data)
{
  char buffer[DATASET_STRING_SIZE];
  guint32 seed = 1;
  gsize i = 0;

  tst_store_begin (store);

  for (guint t = 0; t < data->n_tables; t++)
    for (guint r = 0; r < data->n_rows; r++)
      for (guint c = 0; c < data->n_cells; c++, i++)
        {
          guint32 first = dataset_random (&seed);
          guint32 second = dataset_random (&seed);
          DatasetValue value = dataset_make_value (first, second, buffer);

          bench_set (store, data->table_ids[t], data->row_ids[r], dataset_cell_id (data, i, c),
                     &value);
        }

  tst_store_commit (store);
}

void
bench_read_random (TstStore      *store,
                   const Dataset *data,
                   const guint32 *order,
                   gsize         *sum)
{
  *sum = 0;

  for (gsize i = 0; i < data->size; i++)
    {
      guint32 row = order[i] / data->n_cells;
      TstCellType type = tst_store_get_cell_type (store, data->table_ids[row / data->n_rows],
                                                  data->row_ids[row % data->n_rows],
                                                  dataset_cell_id (data, order[i],
                                                                   order[i] % data->n_cells));

      *sum += bench_type_code (type);
    }
}

TstStore *
bench_make_filled (const Dataset *data)
{
  TstStore *store = tst_store_new ();

  bench_fill (store, data);

  return store;
}

gboolean
bench_cell_holds (TstStore           *store,
                  const char         *table_id,
                  const char         *row_id,
                  const char         *cell_id,
                  const DatasetValue *value)
{
  TstCellType type = tst_store_get_cell_type (store, table_id, row_id, cell_id);

  switch (value->type)
    {
    case DATASET_NUMBER:
      return type == TST_CELL_TYPE_NUMBER &&
             tst_store_get_cell_number (store, table_id, row_id, cell_id) == value->number;

    case DATASET_STRING:
      return type == TST_CELL_TYPE_STRING &&
             strcmp (tst_store_get_cell_string (store, table_id, row_id, cell_id),
                     value->string) == 0;

    case DATASET_BOOLEAN:
    default:
      return type == TST_CELL_TYPE_BOOLEAN &&
             tst_store_get_cell_boolean (store, table_id, row_id, cell_id) == value->boolean;
    }
}

gsize
bench_count_right (TstStore           *store,
                   const Dataset      *data,
                   const DatasetValue *values)
{
  gsize n_right = 0;
  gsize i = 0;

  for (guint t = 0; t < data->n_tables; t++)
    for (guint r = 0; r < data->n_rows; r++)
      for (guint c = 0; c < data->n_cells; c++, i++)
        n_right += bench_cell_holds (store, data->table_ids[t], data->row_ids[r],
                                     dataset_cell_id (data, i, c), &values[i]);

  harness_expect ("the number of right cells", n_right, data->size);
  return n_right;
}

void
bench_expect_text (const char    *text,
                   const Dataset *data)
{
  gsize length;
  g_autofree char *expected = dataset_to_text (data, &length);

  if (strcmp (text, expected) != 0)
    {
      g_printerr ("The text is not what it must be\n");
      exit (1);
    }
}

int
main (int   argc,
      char *argv[])
{
  static const HarnessWorkload workloads[] = {
    { "W1", bench_run_w1 },
    { "W1b", bench_run_w1b },
    { "W1c", bench_run_w1c },
    { "W1v", bench_run_w1v },
    { "W2", bench_run_w2 },
    { "W2s", bench_run_w2s },
    { "W2held", bench_run_w2held },
    { "W3rows", bench_run_w3rows },
    { "W3few", bench_run_w3few },
    { "W3spread", bench_run_w3spread },
    { "W3wild", bench_run_w3wild },
    { "W3none", bench_run_w3none },
    { "W3changed", bench_run_w3changed },
    { "W4", bench_run_w4 },
    { "W5", bench_run_w5 },
    { "W6", bench_run_w6 },
    { "W7", bench_run_w7 },
    { "W7live", bench_run_w7live },
    { "W8", bench_run_w8 },
    { "W9", bench_run_w9 },
    { "W10", bench_run_w10 },
    { "sparse", bench_run_sparse },
    { "uuid", bench_run_uuid },
    { "churn", bench_run_churn },
    { "persister", bench_run_persister },
    { NULL, NULL }
  };

  return harness_main (argc, argv, "libtstore", workloads);
}
