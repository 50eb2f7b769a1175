/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-engine-write-private.h"

G_BEGIN_DECLS

/* The rows of a table of an engine, sorted, and kept so: always in the order of
 * tst_store_get_sorted_row_ids(), ascending, as the other way round is only
 * another way to count.
 *
 * It follows the log, and not the net changes: a row that is removed and added
 * again, just as it was, goes behind those that are the same, but is no change.
 * In the log a row is its slot, which is never used twice as long as the log is
 * open; and among rows that are the same, the order of the slots is that in
 * which they were added. Tidying gives them other numbers, but leaves them in
 * that order.
 *
 * Nothing may be written to the table without a log. */
typedef struct _TstSortedRows TstSortedRows;

/* One step from the order that was to the one that is: @removed rows are not at
 * @position any more, and @added rows are there now. The steps follow upon each
 * other, and @rows is as it is after this one. */
typedef void (*TstSortedRowsFunc) (TstSortedRows *rows,
                                   guint          position,
                                   guint          removed,
                                   guint          added,
                                   gpointer       user_data);

/* @cell_id: (nullable): by row id */
TstSortedRows *tst_sorted_rows_new          (TstEngine         *engine,
                                             const char        *table_id,
                                             const char        *cell_id);
void           tst_sorted_rows_free         (TstSortedRows     *self);
TstId         *tst_sorted_rows_get_table_id (TstSortedRows     *self);
TstId         *tst_sorted_rows_get_cell_id  (TstSortedRows     *self);

/* Takes in what is in the log by now, as often as one likes. Whoever does it before
 * the transaction is over may see it undone. */
void           tst_sorted_rows_follow       (TstSortedRows     *self,
                                             TstSortedRowsFunc  func,
                                             gpointer           user_data);
/* The log, all of which was taken in, has just been forgotten. */
void           tst_sorted_rows_settle       (TstSortedRows     *self);

guint          tst_sorted_rows_get_n        (TstSortedRows     *self);
/* The ids of rows that are there, as of the last time that it followed, if
 * nothing was written since.
 * @ids: (out): room for @n of them, not owned */
void           tst_sorted_rows_get_ids      (TstSortedRows     *self,
                                             guint              position,
                                             guint              n,
                                             TstId            **ids);

G_END_DECLS
