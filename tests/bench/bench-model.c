/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "bench-model.h"

static guint32
hash_items (GListModel    *model,
            BenchItemFunc  get_id,
            const guint   *positions,
            guint          n)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree const char **ids = g_new (const char *, n);

  for (guint i = 0; i < n; i++)
    {
      g_ptr_array_add (items, g_list_model_get_item (model, positions[i]));
      ids[i] = get_id (items->pdata[i]);
    }

  return dataset_hash_ids (ids, n);
}

double
bench_model_next_number (guint32 *seed)
{
  return dataset_random (seed) / 16.0;
}

guint32
bench_model_hash_page (GListModel    *model,
                       BenchItemFunc  get_id)
{
  guint positions[DATASET_PAGE];

  for (guint i = 0; i < DATASET_PAGE; i++)
    positions[i] = i;

  return hash_items (model, get_id, positions, DATASET_PAGE);
}

static void
count_cb (GListModel *model,
          guint       position,
          guint       removed,
          guint       added,
          guint      *n_told)
{
  (*n_told)++;
}

void
bench_model_edit (const Harness   *harness,
                  GListModel      *sorted,
                  BenchItemFunc    get_id,
                  BenchChangeFunc  change,
                  gpointer         user_data)
{
  guint32 seed = 5;
  guint row, n_told = 0;
  double start;

  g_signal_connect (sorted, "items-changed", G_CALLBACK (count_cb), &n_told);

  start = harness_now ();
  for (guint i = 0; i < BENCH_MODEL_CHANGES; i++)
    {
      double number = dataset_next_sorted_change (&seed, i, BENCH_MODEL_ROWS (harness), &row);

      change (row, number, user_data);
    }
  start = harness_now () - start;

  g_signal_handlers_disconnect_by_func (sorted, count_cb, &n_told);
  if (n_told == 0)
    g_error ("Nothing was told");
  harness_report (harness, "W10 edit", start, BENCH_MODEL_CHANGES,
                  bench_model_hash_page (sorted, get_id));
}

void
bench_model_scroll (const Harness *harness,
                    GListModel    *model,
                    BenchItemFunc  get_id)
{
  g_autofree guint *positions = g_new (guint, BENCH_MODEL_CHANGES);
  guint32 seed = 8;
  double start;

  for (guint i = 0; i < BENCH_MODEL_CHANGES; i++)
    positions[i] = dataset_random (&seed) % g_list_model_get_n_items (model);

  start = harness_now ();
  for (guint i = 0; i < BENCH_MODEL_CHANGES; i++)
    g_object_unref (g_list_model_get_item (model, positions[i]));
  start = harness_now () - start;

  harness_report (harness, "W10 scroll", start, BENCH_MODEL_CHANGES,
                  hash_items (model, get_id, positions, BENCH_MODEL_CHANGES));
}
