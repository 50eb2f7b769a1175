/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "harness.h"

#include <libtstore/tstore.h>

G_BEGIN_DECLS

/* What the parts of bench-store share. */

void      bench_fill         (TstStore           *store,
                              const Dataset      *data);
void      bench_fill_alone   (TstStore           *store,
                              const Dataset      *data);
void      bench_fill_on_the_fly
                             (TstStore           *store,
                              const Dataset      *data);
void      bench_read_random  (TstStore           *store,
                              const Dataset      *data,
                              const guint32      *order,
                              gsize              *sum);
TstStore *bench_make_filled  (const Dataset      *data);

gsize     bench_count_right  (TstStore           *store,
                              const Dataset      *data,
                              const DatasetValue *values);
gboolean  bench_cell_holds   (TstStore           *store,
                              const char         *table_id,
                              const char         *row_id,
                              const char         *cell_id,
                              const DatasetValue *value);
void      bench_expect_text  (const char         *text,
                              const Dataset      *data);

/* bench-store-cells.c */
void      bench_run_w1       (const Harness      *harness);
void      bench_run_w1b      (const Harness      *harness);
void      bench_run_w1c      (const Harness      *harness);
void      bench_run_w1v      (const Harness      *harness);
void      bench_run_w6       (const Harness      *harness);

/* bench-store-reads.c */
void      bench_run_w2       (const Harness      *harness);
void      bench_run_w2s      (const Harness      *harness);
void      bench_run_w2held   (const Harness      *harness);

/* bench-store-listeners.c */
void      bench_run_w3rows    (const Harness     *harness);
void      bench_run_w3few     (const Harness     *harness);
void      bench_run_w3spread  (const Harness     *harness);
void      bench_run_w3wild    (const Harness     *harness);
void      bench_run_w3none    (const Harness     *harness);
void      bench_run_w3changed (const Harness     *harness);

/* bench-store-text.c */
void      bench_run_w4       (const Harness      *harness);
void      bench_run_w5       (const Harness      *harness);

/* bench-store-sorted.c */
void      bench_run_w7       (const Harness      *harness);
void      bench_run_w7live   (const Harness      *harness);

/* bench-store-models.c */
void      bench_run_w10      (const Harness      *harness);

/* bench-store-irregular.c */
void      bench_run_sparse   (const Harness      *harness);
void      bench_run_uuid     (const Harness      *harness);
void      bench_run_churn    (const Harness      *harness);

/* bench-store-persister.c */
void      bench_run_persister (const Harness     *harness);

/* bench-store-saves.c */
void      bench_run_w8       (const Harness      *harness);
void      bench_run_w9       (const Harness      *harness);

/* Sets one cell as an app in C would. */
static inline gboolean
bench_set (TstStore           *store,
           const char         *table_id,
           const char         *row_id,
           const char         *cell_id,
           const DatasetValue *value)
{
  switch (value->type)
    {
    case DATASET_NUMBER:
      return tst_store_set_cell_number (store, table_id, row_id, cell_id, value->number, NULL);

    case DATASET_STRING:
      return tst_store_set_cell_string (store, table_id, row_id, cell_id, value->string, NULL);

    case DATASET_BOOLEAN:
    default:
      return tst_store_set_cell_boolean (store, table_id, row_id, cell_id, value->boolean, NULL);
    }
}

static inline guint
bench_type_code (TstCellType type)
{
  if (type == TST_CELL_TYPE_NUMBER)
    return DATASET_NUMBER;

  return type == TST_CELL_TYPE_STRING ? DATASET_STRING : DATASET_BOOLEAN;
}

G_END_DECLS
