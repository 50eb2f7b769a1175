/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* W2: reading cells, by their ids, by the getter of their type, and by cursor. */

#include "bench-store.h"

HARNESS_MEASURED
read_random (TstStore      *store,
             const Dataset *data,
             const guint32 *order,
             gsize         *sum)
{
  bench_read_random (store, data, order, sum);
}

HARNESS_MEASURED
read_ordered (TstStore      *store,
              const Dataset *data,
              gsize         *sum)
{
  *sum = 0;

  for (guint t = 0; t < data->n_tables; t++)
    for (guint r = 0; r < data->n_rows; r++)
      for (guint c = 0; c < data->n_cells; c++)
        *sum += bench_type_code (tst_store_get_cell_type (store, data->table_ids[t],
                                                          data->row_ids[r], data->cell_ids[c]));
}

/* The app knows what it reads. Each order holds the type in its upper bits, so
 * that looking it up costs no cache miss. */
#define TYPE_SHIFT 30

static void
mark_types (const Dataset *data,
            guint32       *order)
{
  for (gsize i = 0; i < data->size; i++)
    order[i] |= (guint32) data->values[order[i]].type << TYPE_SHIFT;
}

static inline gsize
read_typed (TstStore    *store,
            const char  *table_id,
            const char  *row_id,
            const char  *cell_id,
            DatasetType  type)
{
  switch (type)
    {
    case DATASET_NUMBER:
      return tst_store_get_cell_number (store, table_id, row_id, cell_id) >= 0 ? 1 : 0;

    case DATASET_STRING:
      return tst_store_get_cell_string (store, table_id, row_id, cell_id) != NULL ? 2 : 0;

    case DATASET_BOOLEAN:
    default:
      return tst_store_get_cell_boolean (store, table_id, row_id, cell_id) <= 1 ? 3 : 0;
    }
}

HARNESS_MEASURED
read_random_typed (TstStore      *store,
                   const Dataset *data,
                   const guint32 *order,
                   gsize         *sum)
{
  *sum = 0;

  for (gsize i = 0; i < data->size; i++)
    {
      guint32 cell = order[i] & ((1u << TYPE_SHIFT) - 1);
      guint32 row = cell / data->n_cells;

      *sum += read_typed (store, data->table_ids[row / data->n_rows],
                          data->row_ids[row % data->n_rows],
                          data->cell_ids[cell % data->n_cells], order[i] >> TYPE_SHIFT);
    }
}

typedef struct
{
  TstCursor *cursor;
  guint      columns[DATASET_N_CELLS];
} Place;

static void
place_init (Place         *place,
            TstStore      *store,
            const Dataset *data,
            guint          table)
{
  place->cursor = tst_cursor_new (store, data->table_ids[table]);

  for (guint c = 0; c < data->n_cells; c++)
    place->columns[c] = tst_cursor_add_column (place->cursor, data->cell_ids[c]);
}

HARNESS_MEASURED
read_random_cursor (const Place   *places,
                    const Dataset *data,
                    const guint32 *order,
                    gsize         *sum)
{
  *sum = 0;

  for (gsize i = 0; i < data->size; i++)
    {
      guint32 row = order[i] / data->n_cells;
      const Place *place = &places[row / data->n_rows];

      tst_cursor_seek (place->cursor, data->row_ids[row % data->n_rows]);
      *sum += bench_type_code (tst_cursor_get_cell_type (place->cursor,
                                                         place->columns[order[i] % data->n_cells]));
    }
}

/* As a row object of a model does it: one cursor that stays on its row. */
HARNESS_MEASURED
read_random_held (TstCursor * const *cursors,
                  const Dataset     *data,
                  const guint32     *order,
                  gsize             *sum)
{
  *sum = 0;

  for (gsize i = 0; i < data->size; i++)
    *sum += bench_type_code (tst_cursor_get_cell_type (cursors[order[i] / data->n_cells],
                                                       order[i] % data->n_cells));
}

HARNESS_MEASURED
read_ordered_cursor (const Place   *places,
                     const Dataset *data,
                     gsize         *sum)
{
  *sum = 0;

  for (guint t = 0; t < data->n_tables; t++)
    {
      TstCursor *cursor = places[t].cursor;

      tst_cursor_rewind (cursor);
      while (tst_cursor_next (cursor))
        for (guint c = 0; c < data->n_cells; c++)
          *sum += bench_type_code (tst_cursor_get_cell_type (cursor, places[t].columns[c]));
    }
}

void
bench_run_w2 (const Harness *harness)
{
  Dataset *data = dataset_new (harness->n_rows);
  g_autoptr(TstStore) store = bench_make_filled (data);
  guint32 *order = dataset_make_order (3, data->size, data->size);
  gsize expected = dataset_sum_types (data, order);
  Place places[DATASET_N_TABLES];
  double start;
  gsize sum;

  if (!harness->once)
    read_random (store, data, order, &sum);
  start = harness_now ();
  read_random (store, data, order, &sum);
  start = harness_now () - start;
  harness_expect ("the sum of types", sum, expected);
  harness_report (harness, "W2", start, data->size, sum);

  for (guint t = 0; t < data->n_tables; t++)
    place_init (&places[t], store, data, t);

  if (!harness->once)
    read_random_cursor (places, data, order, &sum);
  start = harness_now ();
  read_random_cursor (places, data, order, &sum);
  start = harness_now () - start;
  harness_expect ("the sum of types", sum, expected);
  harness_report (harness, "W2cursor", start, data->size, sum);

  for (guint t = 0; t < data->n_tables; t++)
    g_object_unref (places[t].cursor);

  mark_types (data, order);
  start = harness_now ();
  read_random_typed (store, data, order, &sum);
  start = harness_now () - start;
  harness_expect ("the sum of types", sum, expected);
  harness_report (harness, "W2typed", start, data->size, sum);
}

void
bench_run_w2s (const Harness *harness)
{
  Dataset *data = dataset_new (harness->n_rows);
  g_autoptr(TstStore) store = bench_make_filled (data);
  gsize expected = dataset_sum_types (data, NULL);
  Place places[DATASET_N_TABLES];
  double start;
  gsize sum;

  if (!harness->once)
    read_ordered (store, data, &sum);
  start = harness_now ();
  read_ordered (store, data, &sum);
  start = harness_now () - start;
  harness_expect ("the sum of types", sum, expected);
  harness_report (harness, "W2s", start, data->size, sum);

  for (guint t = 0; t < data->n_tables; t++)
    place_init (&places[t], store, data, t);

  if (!harness->once)
    read_ordered_cursor (places, data, &sum);
  start = harness_now ();
  read_ordered_cursor (places, data, &sum);
  start = harness_now () - start;
  harness_expect ("the sum of types", sum, expected);
  harness_report (harness, "W2scursor", start, data->size, sum);

  for (guint t = 0; t < data->n_tables; t++)
    g_object_unref (places[t].cursor);
}

void
bench_run_w2held (const Harness *harness)
{
  Dataset *data = dataset_new (harness->n_rows);
  g_autoptr(TstStore) store = bench_make_filled (data);
  guint32 *order = dataset_make_order (3, data->size, data->size);
  guint n_cursors = data->n_tables * data->n_rows;
  TstCursor **cursors = g_new (TstCursor *, n_cursors);
  double start;
  gsize sum;

  for (guint i = 0; i < n_cursors; i++)
    {
      Place place;

      place_init (&place, store, data, i / data->n_rows);
      for (guint c = 0; c < data->n_cells; c++)
        harness_expect ("a column", place.columns[c], c);
      cursors[i] = place.cursor;
      tst_cursor_seek (cursors[i], data->row_ids[i % data->n_rows]);
    }

  if (!harness->once)
    read_random_held (cursors, data, order, &sum);
  start = harness_now ();
  read_random_held (cursors, data, order, &sum);
  start = harness_now () - start;
  harness_expect ("the sum of types", sum, dataset_sum_types (data, order));
  harness_report (harness, "W2held", start, data->size, sum);

  for (guint i = 0; i < n_cursors; i++)
    g_object_unref (cursors[i]);
  g_free (cursors);
}
