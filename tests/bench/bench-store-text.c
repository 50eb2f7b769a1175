/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* W4 and W5: the store as JSON text, both ways. */

#include "bench-store.h"

#include <string.h>

HARNESS_MEASURED
write_text (TstStore  *store,
            char     **text)
{
  *text = tst_store_get_json (store);
}

HARNESS_MEASURED
read_text (TstStore    *store,
           const char  *text,
           GError     **error)
{
  tst_store_set_json (store, text, error);
}

void
bench_run_w4 (const Harness *harness)
{
  Dataset *data = dataset_new (harness->n_rows);
  g_autoptr(TstStore) store = bench_make_filled (data);
  char *text = NULL;
  double start = 0;

  for (guint pass = harness->once ? 2 : 0; pass < 3; pass++)
    {
      g_free (text);
      start = harness_now ();
      write_text (store, &text);
      start = harness_now () - start;
    }

  bench_expect_text (text, data);
  harness_report_text (harness, "W4", start, data->size, text, strlen (text));
  g_free (text);
}

void
bench_run_w5 (const Harness *harness)
{
  Dataset *data = dataset_new (harness->n_rows);
  g_autoptr(TstStore) store = tst_store_new ();
  g_autoptr(GError) error = NULL;
  gsize length;
  g_autofree char *text = dataset_to_text (data, &length);
  double start;

  start = harness_now ();
  read_text (store, text, &error);
  start = harness_now () - start;

  g_assert_no_error (error);
  harness_report (harness, "W5", start, data->size,
                  bench_count_right (store, data, data->values));
}
