/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* W1 and its kin: setting cells; W6: the memory they take. */

#include "bench-store.h"

static gsize n_calls;

HARNESS_MEASURED
fill (TstStore      *store,
      const Dataset *data)
{
  bench_fill (store, data);
}

HARNESS_MEASURED
fill_alone (TstStore      *store,
            const Dataset *data)
{
  bench_fill_alone (store, data);
}

HARNESS_MEASURED
overwrite (TstStore      *store,
           const Dataset *data)
{
  bench_fill (store, data);
}

HARNESS_MEASURED
overwrite_alone (TstStore      *store,
                 const Dataset *data)
{
  bench_fill_alone (store, data);
}

static inline gboolean
set_at (TstCursor          *cursor,
        guint               column,
        const DatasetValue *value)
{
  switch (value->type)
    {
    case DATASET_NUMBER:
      return tst_cursor_set_number (cursor, column, value->number, NULL);

    case DATASET_STRING:
      return tst_cursor_set_string (cursor, column, value->string, NULL);

    case DATASET_BOOLEAN:
    default:
      return tst_cursor_set_boolean (cursor, column, value->boolean, NULL);
    }
}

HARNESS_MEASURED
overwrite_cursor (TstStore      *store,
                  const Dataset *data)
{
  const DatasetValue *value = data->values;
  guint columns[DATASET_N_CELLS];

  tst_store_begin (store);

  for (guint t = 0; t < data->n_tables; t++)
    {
      g_autoptr(TstCursor) cursor = tst_cursor_new (store, data->table_ids[t]);

      for (guint c = 0; c < data->n_cells; c++)
        columns[c] = tst_cursor_add_column (cursor, data->cell_ids[c]);

      while (tst_cursor_next (cursor))
        for (guint c = 0; c < data->n_cells; c++)
          set_at (cursor, columns[c], value++);
    }

  tst_store_commit (store);
}

void
bench_run_w1 (const Harness *harness)
{
  Dataset *data = dataset_new (harness->n_rows);
  Dataset others = *data;
  g_autoptr(TstStore) store = tst_store_new ();
  double start;

  others.values = dataset_make_values (2, data->size);

  start = harness_now ();
  fill (store, data);
  start = harness_now () - start;
  harness_report (harness, "W1", start, data->size,
                  bench_count_right (store, data, data->values));

  start = harness_now ();
  overwrite (store, &others);
  start = harness_now () - start;
  harness_report (harness, "W1u", start, data->size,
                  bench_count_right (store, data, others.values));

  start = harness_now ();
  overwrite_cursor (store, data);
  start = harness_now () - start;
  harness_report (harness, "W1ucursor", start, data->size,
                  bench_count_right (store, data, data->values));
}

static void
table_cb (TstStore   *store,
          const char *table_id,
          gpointer    user_data)
{
  n_calls++;
}

void
bench_run_w1b (const Harness *harness)
{
  Dataset *data = dataset_new (harness->n_rows);
  g_autoptr(TstStore) store = tst_store_new ();
  double start;

  for (guint t = 0; t < data->n_tables; t++)
    tst_store_add_table_listener (store, data->table_ids[t], TST_LISTENER_DEFAULT,
                                  table_cb, NULL, NULL);

  n_calls = 0;
  start = harness_now ();
  fill_alone (store, data);
  start = harness_now () - start;

  bench_count_right (store, data, data->values);
  harness_expect ("the number of calls", n_calls, data->size);
  harness_report (harness, "W1b", start, data->size, n_calls);
}

void
bench_run_w1c (const Harness *harness)
{
  Dataset *data = dataset_new (harness->n_rows);
  Dataset others = *data;
  g_autoptr(TstStore) store = tst_store_new ();
  double start, before, after;

  others.values = dataset_make_values (2, data->size);

  before = harness_memory ();
  start = harness_now ();
  fill_alone (store, data);
  start = harness_now () - start;
  after = harness_memory ();
  harness_report (harness, "W1c", start, data->size,
                  bench_count_right (store, data, data->values));
  harness_report_bytes (harness, "W1c memory", (after - before) / data->size,
                        (harness_peak_memory () - before) / data->size, data->size);

  start = harness_now ();
  overwrite_alone (store, &others);
  start = harness_now () - start;
  harness_report (harness, "W1uc", start, data->size,
                  bench_count_right (store, data, others.values));
}

/* W1 by the one setter that bindings use. */
HARNESS_MEASURED
fill_values (TstStore      *store,
             const Dataset *data,
             const GValue  *value)
{
  tst_store_begin (store);

  for (guint t = 0; t < data->n_tables; t++)
    for (guint r = 0; r < data->n_rows; r++)
      for (guint c = 0; c < data->n_cells; c++)
        tst_store_set_cell (store, data->table_ids[t], data->row_ids[r], data->cell_ids[c],
                            value++, NULL);

  tst_store_commit (store);
}

static GValue *
box_values (const Dataset *data)
{
  GValue *boxed = g_new0 (GValue, data->size);

  for (gsize i = 0; i < data->size; i++)
    {
      const DatasetValue *value = &data->values[i];

      if (value->type == DATASET_NUMBER)
        g_value_set_double (g_value_init (&boxed[i], G_TYPE_DOUBLE), value->number);
      else if (value->type == DATASET_STRING)
        g_value_set_static_string (g_value_init (&boxed[i], G_TYPE_STRING), value->string);
      else
        g_value_set_boolean (g_value_init (&boxed[i], G_TYPE_BOOLEAN), value->boolean);
    }

  return boxed;
}

void
bench_run_w1v (const Harness *harness)
{
  Dataset *data = dataset_new (harness->n_rows);
  GValue *boxed = box_values (data);
  g_autoptr(TstStore) store = tst_store_new ();
  double start;

  start = harness_now ();
  fill_values (store, data, boxed);
  start = harness_now () - start;

  harness_report (harness, "W1v", start, data->size,
                  bench_count_right (store, data, data->values));
}

void
bench_run_w6 (const Harness *harness)
{
  Dataset *data = dataset_new_ids_only (harness->n_rows);
  g_autoptr(TstStore) store = tst_store_new ();
  double before = harness_memory ();
  double after;

  bench_fill_on_the_fly (store, data);
  after = harness_memory ();

  harness_report_bytes (harness, "W6", (after - before) / data->size,
                        (harness_peak_memory () - before) / data->size,
                        tst_store_get_n_rows (store, data->table_ids[data->n_tables - 1]) *
                        (gsize) data->n_tables * data->n_cells);
}
