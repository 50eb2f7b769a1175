/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "harness.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* W10, for those who have a GListModel of it: a table of a hundred times the rows, with
 * a number each. */

#define BENCH_MODEL_ROWS(harness) ((harness)->n_rows * 100)
#define BENCH_MODEL_CHANGES 1000

/* Returns: (transfer none): the id of the row that an item is of */
typedef const char *(*BenchItemFunc)   (gpointer    item);
/* Sets the number of a row. */
typedef void        (*BenchChangeFunc) (guint       row,
                                        double      number,
                                        gpointer    user_data);

/* The number of the next row. */
double  bench_model_next_number  (guint32         *seed);
/* Of the first rows */
guint32 bench_model_hash_page    (GListModel      *model,
                                  BenchItemFunc    get_id);
/* @sorted: what moves as rows change */
void    bench_model_edit         (const Harness   *harness,
                                  GListModel      *sorted,
                                  BenchItemFunc    get_id,
                                  BenchChangeFunc  change,
                                  gpointer         user_data);
void    bench_model_scroll       (const Harness   *harness,
                                  GListModel      *model,
                                  BenchItemFunc    get_id);

G_END_DECLS
