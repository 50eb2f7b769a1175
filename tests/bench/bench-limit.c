/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The workloads on the bare data structure of limit-store.c. */

#include "harness.h"
#include "limit-sorted.h"
#include "limit-store.h"

#define N_CHANGES 100000 /* of W3 */

static gsize n_calls;

static BENCH_APART void
count_cb (LimitStore *store,
          guint       table,
          guint       row,
          guint       cell)
{
  n_calls++;
}

static inline guint
type_of (const LimitCell *cell)
{
  if (cell->tag == LIMIT_NUMBER)
    return DATASET_NUMBER;

  return cell->tag == LIMIT_BOOLEAN ? DATASET_BOOLEAN : DATASET_STRING;
}

/* A loop for each workload, so that an instruction counter tells them apart. */
HARNESS_MEASURED
fill (LimitStore    *store,
      const Dataset *data)
{
  const DatasetValue *value = data->values;

  for (guint t = 0; t < data->n_tables; t++)
    for (guint r = 0; r < data->n_rows; r++)
      for (guint c = 0; c < data->n_cells; c++)
        limit_store_set (store, data->table_ids[t], data->row_ids[r], data->cell_ids[c], value++);
}

HARNESS_MEASURED
overwrite (LimitStore         *store,
           const Dataset      *data,
           const DatasetValue *value)
{
  for (guint t = 0; t < data->n_tables; t++)
    for (guint r = 0; r < data->n_rows; r++)
      for (guint c = 0; c < data->n_cells; c++)
        limit_store_set (store, data->table_ids[t], data->row_ids[r], data->cell_ids[c], value++);
}

HARNESS_MEASURED
fill_alone (LimitStore    *store,
            const Dataset *data)
{
  const DatasetValue *value = data->values;

  for (guint t = 0; t < data->n_tables; t++)
    for (guint r = 0; r < data->n_rows; r++)
      for (guint c = 0; c < data->n_cells; c++)
        limit_store_set (store, data->table_ids[t], data->row_ids[r], data->cell_ids[c], value++);
}

HARNESS_MEASURED
overwrite_at (LimitStore         *store,
              const Dataset      *data,
              const DatasetValue *value)
{
  for (guint t = 0; t < data->n_tables; t++)
    for (guint r = 0; r < data->n_rows; r++)
      for (guint c = 0; c < data->n_cells; c++)
        limit_store_set_at (store, t, r, c, value++);
}

static LimitStore *
make_filled (const Dataset *data)
{
  LimitStore *store = limit_store_new ();

  fill (store, data);

  return store;
}

static gboolean
holds (const LimitCell    *cell,
       const DatasetValue *value)
{
  if (cell == NULL || type_of (cell) != value->type)
    return FALSE;

  switch (value->type)
    {
    case DATASET_NUMBER:
      return cell->number == value->number;

    case DATASET_BOOLEAN:
      return cell->length == value->boolean;

    case DATASET_STRING:
    default:
      return cell->length == value->length &&
             memcmp (cell->tag == LIMIT_SHORT_STRING ? cell->text : cell->string,
                     value->string, value->length) == 0;
    }
}

static gsize
count_right (const LimitStore   *store,
             const Dataset      *data,
             const DatasetValue *value)
{
  gsize n_right = 0;

  for (guint t = 0; t < data->n_tables; t++)
    for (guint r = 0; r < data->n_rows; r++)
      for (guint c = 0; c < data->n_cells; c++)
        n_right += holds (limit_store_get (store, data->table_ids[t], data->row_ids[r],
                                           data->cell_ids[c]), value++);

  harness_expect ("the number of right cells", n_right, data->size);
  return n_right;
}

static void
run_w1 (const Harness *harness)
{
  Dataset *data = dataset_new (harness->n_rows);
  DatasetValue *others = dataset_make_values (2, data->size);
  LimitStore *store = limit_store_new ();
  double start;

  store->in_transaction = TRUE;
  start = harness_now ();
  fill (store, data);
  store->n_logged = 0;
  start = harness_now () - start;
  harness_report (harness, "W1", start, data->size, count_right (store, data, data->values));

  start = harness_now ();
  overwrite (store, data, others);
  store->n_logged = 0;
  start = harness_now () - start;
  harness_report (harness, "W1u", start, data->size, count_right (store, data, others));

  start = harness_now ();
  overwrite_at (store, data, data->values);
  store->n_logged = 0;
  start = harness_now () - start;
  harness_report (harness, "W1ucursor", start, data->size,
                  count_right (store, data, data->values));
}

static void
run_w1b (const Harness *harness)
{
  Dataset *data = dataset_new (harness->n_rows);
  LimitStore *store = limit_store_new ();
  double start;

  for (guint t = 0; t < data->n_tables; t++)
    store->tables[limit_store_add_table (store, data->table_ids[t])].listener = count_cb;

  n_calls = 0;
  start = harness_now ();
  fill_alone (store, data);
  start = harness_now () - start;

  count_right (store, data, data->values);
  harness_report (harness, "W1b", start, data->size, n_calls);
}

static void
run_w1c (const Harness *harness)
{
  Dataset *data = dataset_new (harness->n_rows);
  LimitStore *store = limit_store_new ();
  double start;

  start = harness_now ();
  fill_alone (store, data);
  start = harness_now () - start;

  harness_report (harness, "W1c", start, data->size, count_right (store, data, data->values));
}

HARNESS_MEASURED
read_random (const LimitStore *store,
             const Dataset    *data,
             const guint32    *order,
             gsize            *sum)
{
  *sum = 0;

  for (gsize i = 0; i < data->size; i++)
    {
      guint32 row = order[i] / data->n_cells;

      *sum += type_of (limit_store_get (store, data->table_ids[row / data->n_rows],
                                        data->row_ids[row % data->n_rows],
                                        data->cell_ids[order[i] % data->n_cells]));
    }
}

HARNESS_MEASURED
read_random_at (const LimitStore *store,
                const Dataset    *data,
                const guint32    *order,
                gsize            *sum)
{
  *sum = 0;

  for (gsize i = 0; i < data->size; i++)
    {
      guint32 row = order[i] / data->n_cells;

      *sum += type_of (limit_store_get_at (store, row / data->n_rows, row % data->n_rows,
                                           order[i] % data->n_cells));
    }
}

HARNESS_MEASURED
read_ordered (const LimitStore *store,
              const Dataset    *data,
              gsize            *sum)
{
  *sum = 0;

  for (guint t = 0; t < data->n_tables; t++)
    for (guint r = 0; r < data->n_rows; r++)
      for (guint c = 0; c < data->n_cells; c++)
        *sum += type_of (limit_store_get (store, data->table_ids[t], data->row_ids[r],
                                          data->cell_ids[c]));
}

HARNESS_MEASURED
read_ordered_at (const LimitStore *store,
                 const Dataset    *data,
                 gsize            *sum)
{
  *sum = 0;

  for (guint t = 0; t < data->n_tables; t++)
    for (guint r = 0; r < data->n_rows; r++)
      for (guint c = 0; c < data->n_cells; c++)
        *sum += type_of (limit_store_get_at (store, t, r, c));
}

static void
run_w2 (const Harness *harness)
{
  Dataset *data = dataset_new (harness->n_rows);
  LimitStore *store = make_filled (data);
  guint32 *order = dataset_make_order (3, data->size, data->size);
  gsize expected = dataset_sum_types (data, order);
  gsize sum;
  double start;

  if (!harness->once)
    read_random (store, data, order, &sum);
  start = harness_now ();
  read_random (store, data, order, &sum);
  start = harness_now () - start;
  harness_expect ("the sum of types", sum, expected);
  harness_report (harness, "W2", start, data->size, sum);

  if (!harness->once)
    read_random_at (store, data, order, &sum);
  start = harness_now ();
  read_random_at (store, data, order, &sum);
  start = harness_now () - start;
  harness_expect ("the sum of types", sum, expected);
  harness_report (harness, "W2cursor", start, data->size, sum);
}

static void
run_w2s (const Harness *harness)
{
  Dataset *data = dataset_new (harness->n_rows);
  LimitStore *store = make_filled (data);
  gsize expected = dataset_sum_types (data, NULL);
  gsize sum;
  double start;

  if (!harness->once)
    read_ordered (store, data, &sum);
  start = harness_now ();
  read_ordered (store, data, &sum);
  start = harness_now () - start;
  harness_expect ("the sum of types", sum, expected);
  harness_report (harness, "W2s", start, data->size, sum);

  if (!harness->once)
    read_ordered_at (store, data, &sum);
  start = harness_now ();
  read_ordered_at (store, data, &sum);
  start = harness_now () - start;
  harness_expect ("the sum of types", sum, expected);
  harness_report (harness, "W2scursor", start, data->size, sum);
}

HARNESS_MEASURED
change (LimitStore    *store,
        const Dataset *data,
        guint32        seed,
        guint          n_changes)
{
  double part = seed / 100.0;

  for (guint i = 0; i < n_changes; i++)
    {
      guint32 row = dataset_random (&seed) % data->n_rows;
      guint32 cell = dataset_random (&seed) % data->n_cells;
      DatasetValue value = { .type = DATASET_NUMBER, .number = -(double) (i + 1) - part };

      limit_store_set (store, data->table_ids[0], data->row_ids[row], data->cell_ids[cell], &value);
    }
}

static void
run_changes (const Harness *harness,
             const char    *workload,
             gboolean       rows,
             LimitFunc      listener)
{
  Dataset *data = dataset_new (harness->n_rows);
  LimitStore *store = limit_store_new ();
  double start;

  data->n_tables = 1;
  fill (store, data);
  store->listener = listener;

  if (rows)
    {
      store->tables[0].row_listeners = g_new (LimitFunc, data->n_rows);
      for (guint r = 0; r < data->n_rows; r++)
        store->tables[0].row_listeners[r] = count_cb;
    }

  if (!harness->once)
    change (store, data, 7, N_CHANGES / 5);
  n_calls = 0;
  start = harness_now ();
  change (store, data, 6, N_CHANGES);
  harness_report (harness, workload, harness_now () - start, N_CHANGES, n_calls);
}

static void
run_w3rows (const Harness *harness)
{
  run_changes (harness, "W3rows", TRUE, NULL);
}

static void
run_w3wild (const Harness *harness)
{
  run_changes (harness, "W3wild", FALSE, count_cb);
}

static void
run_w3none (const Harness *harness)
{
  run_changes (harness, "W3none", FALSE, NULL);
}

static void
run_w4 (const Harness *harness)
{
  Dataset *data = dataset_new (harness->n_rows);
  LimitStore *store = make_filled (data);
  char *text = NULL;
  gsize length;
  double start = 0;

  for (guint pass = 0; pass < 3; pass++)
    {
      free (text);
      start = harness_now ();
      text = limit_store_to_text (store, &length);
      start = harness_now () - start;
    }

  harness_report_text (harness, "W4", start, data->size, text, length);
}

static void
run_w5 (const Harness *harness)
{
  Dataset *data = dataset_new (harness->n_rows);
  LimitStore *store = limit_store_new ();
  gsize length;
  char *text = dataset_to_text (data, &length);
  double start;

  start = harness_now ();
  limit_store_from_text (store, text);
  start = harness_now () - start;

  harness_report (harness, "W5", start, data->size, count_right (store, data, data->values));
}

static void
run_w6 (const Harness *harness)
{
  Dataset *data = dataset_new_ids_only (harness->n_rows);
  LimitStore *store = limit_store_new ();
  double before = harness_memory ();
  guint32 seed = 1;
  char buffer[DATASET_STRING_SIZE];

  for (guint t = 0; t < data->n_tables; t++)
    for (guint r = 0; r < data->n_rows; r++)
      for (guint c = 0; c < data->n_cells; c++)
        {
          guint32 first = dataset_random (&seed);
          guint32 second = dataset_random (&seed);
          DatasetValue value = dataset_make_value (first, second, buffer);

          limit_store_set (store, data->table_ids[t], data->row_ids[r], data->cell_ids[c], &value);
        }

  harness_report_bytes (harness, "W6",
                        (harness_memory () - before) / data->size,
                        (harness_peak_memory () - before) / data->size,
                        data->size);
}

/* One pass, with a page that is kept sorted */
static guint
pick_page (const LimitStore *store,
           guint             n_rows,
           LimitPlace       *page)
{
  guint n = 0;

  for (guint r = 0; r < n_rows; r++)
    {
      LimitPlace place = { limit_store_get_at (store, 0, r, 0)->number, r };
      guint i;

      if (n == DATASET_PAGE && !limit_place_is_before (place, page[n - 1]))
        continue;

      for (i = n < DATASET_PAGE ? n++ : n - 1; i > 0 && limit_place_is_before (place, page[i - 1]); i--)
        page[i] = page[i - 1];
      page[i] = place;
    }

  return n;
}

static void
run_w7 (const Harness *harness)
{
  Dataset *data = dataset_new_sorted (harness->n_rows);
  LimitStore *store = make_filled (data);
  const char *ids[DATASET_PAGE];
  LimitPlace page[DATASET_PAGE];
  double start = 0;
  guint n = 0;

  for (guint pass = 0; pass < 3; pass++)
    {
      start = harness_now ();
      n = pick_page (store, data->n_rows, page);
      start = harness_now () - start;
    }

  for (guint i = 0; i < n; i++)
    ids[i] = data->row_ids[page[i].row];
  harness_report (harness, "W7", start, 1, dataset_hash_ids (ids, n));
}

static LimitSorted *
sort_rows (const LimitStore *store,
           guint             n_rows)
{
  g_autofree LimitPlace *places = g_new (LimitPlace, n_rows);

  for (guint r = 0; r < n_rows; r++)
    places[r] = (LimitPlace) { limit_store_get_at (store, 0, r, 0)->number, r };

  return limit_sorted_new (places, n_rows);
}

HARNESS_MEASURED
change_sorted (LimitStore    *store,
               LimitSorted   *sorted,
               const Dataset *data,
               guint          n_changes)
{
  DatasetValue value = { .type = DATASET_NUMBER };
  guint32 seed = 5, row;

  for (guint i = 0; i < n_changes; i++)
    {
      LimitPlace last = limit_sorted_get (sorted, DATASET_PAGE - 1);
      LimitPlace before, after;

      value.number = dataset_next_sorted_change (&seed, i, data->n_rows, &row);
      before = (LimitPlace) {
        limit_store_get (store, data->table_ids[0], data->row_ids[row], data->cell_ids[0])->number, row
      };
      after = (LimitPlace) { value.number, row };

      limit_store_set (store, data->table_ids[0], data->row_ids[row], data->cell_ids[0], &value);
      limit_sorted_remove (sorted, before);
      limit_sorted_add (sorted, after);
      if (!limit_place_is_before (last, before) || limit_place_is_before (after, last))
        n_calls++;
    }
}

static void
run_w7live (const Harness *harness)
{
  Dataset *data = dataset_new_sorted (harness->n_rows);
  LimitStore *store = make_filled (data);
  LimitSorted *sorted = sort_rows (store, data->n_rows);
  const char *ids[DATASET_PAGE];
  double start = harness_now ();

  change_sorted (store, sorted, data, DATASET_SORTED_CHANGES);
  start = harness_now () - start;

  for (guint i = 0; i < DATASET_PAGE; i++)
    ids[i] = data->row_ids[limit_sorted_get (sorted, i).row];
  harness_report (harness, "W7live", start, DATASET_SORTED_CHANGES,
                  dataset_hash_ids (ids, DATASET_PAGE));
}

int
main (int   argc,
      char *argv[])
{
  static const HarnessWorkload workloads[] = {
    { "W1", run_w1 },
    { "W1b", run_w1b },
    { "W1c", run_w1c },
    { "W2", run_w2 },
    { "W2s", run_w2s },
    { "W3rows", run_w3rows },
    { "W3wild", run_w3wild },
    { "W3none", run_w3none },
    { "W4", run_w4 },
    { "W5", run_w5 },
    { "W6", run_w6 },
    { "W7", run_w7 },
    { "W7live", run_w7live },
    { NULL, NULL }
  };

  return harness_main (argc, argv, "limit", workloads);
}
