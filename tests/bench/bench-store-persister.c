/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* W1c once more, with a file persister that saves by itself: what knowing what
 * to save costs the app that writes. */

#include "bench-store.h"

#include <glib/gstdio.h>

typedef gboolean (*FinishFunc) (TstPersister  *persister,
                                GAsyncResult  *result,
                                GError       **error);

HARNESS_MEASURED
fill_alone (TstStore      *store,
            const Dataset *data)
{
  bench_fill_alone (store, data);
}

static void
take_result_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  GAsyncResult **out = user_data;

  *out = g_object_ref (result);
}

static void
wait_for (TstPersister  *persister,
          GAsyncResult **result,
          FinishFunc     finish)
{
  g_autoptr(GError) error = NULL;

  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);

  finish (persister, *result, &error);
  g_assert_no_error (error);
  g_clear_object (result);
}

static void
measure (const Harness *harness,
         const char    *workload,
         TstPersister  *persister,
         const Dataset *data,
         const char    *path)
{
  TstStore *store = tst_persister_get_store (persister);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *memory = g_strconcat (workload, " memory", NULL);
  g_autofree char *text = NULL;
  double start, before, after;

  before = harness_memory ();
  start = harness_now ();
  fill_alone (store, data);
  start = harness_now () - start;
  after = harness_memory ();

  harness_report (harness, workload, start, data->size,
                  bench_count_right (store, data, data->values));
  harness_report_bytes (harness, memory, (after - before) / data->size,
                        (harness_peak_memory () - before) / data->size, data->size);

  tst_persister_flush_async (persister, NULL, take_result_cb, &result);
  wait_for (persister, &result, tst_persister_flush_finish);

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  bench_expect_text (text, data);
}

void
bench_run_persister (const Harness *harness)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp ("tst-bench-XXXXXX", &error);
  g_autofree char *path = NULL;
  g_autoptr(GFile) file = NULL;
  g_autoptr(TstStore) store = tst_store_new ();
  g_autoptr(TstPersister) persister = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  Dataset *data = dataset_new (harness->n_rows);
  Dataset others = *data;

  g_assert_no_error (error);
  path = g_build_filename (dir, "store.json", NULL);
  file = g_file_new_for_path (path);
  persister = tst_file_persister_new (store, file);
  others.values = dataset_make_values (2, data->size);

  tst_persister_start_auto_save_async (persister, NULL, take_result_cb, &result);
  wait_for (persister, &result, tst_persister_start_auto_save_finish);

  measure (harness, "persister W1c", persister, data, path);
  /* Here all that is overwritten is also pinned, as what the file holds. */
  measure (harness, "persister W1uc", persister, &others, path);

  tst_persister_close_async (persister, NULL, take_result_cb, &result);
  wait_for (persister, &result, tst_persister_close_finish);

  g_unlink (path);
  g_rmdir (dir);
}
