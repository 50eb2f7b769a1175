/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-engine-write-private.h"
#include "tst-slot-set-private.h"

G_BEGIN_DECLS

/* The rows of a table of an engine in an order, and kept so: that in which they were
 * added, or that of tst_store_get_sorted_row_ids(), ascending, as the other way round
 * is only another way to count. All of the rows, or some of them.
 *
 * They follow the log, and not the net changes: a row that is removed and added
 * again, just as it was, goes behind those that are the same, but is no change.
 * In the log a row is its slot, which is never used twice as long as the log is
 * open; and among rows that are the same, the order of the slots is that in
 * which they were added. Tidying gives them other numbers, but leaves them in
 * that order.
 *
 * Nothing may be written to the table without a log. */
typedef struct _TstSortedRows TstSortedRows;

typedef enum
{
  TST_SORTED_BY_PLACE,  /* in the table */
  TST_SORTED_BY_ID,
  TST_SORTED_BY_CELL
} TstSortedBy;

/* One step from the order that was to the one that is: @removed rows are not at
 * @position any more, and @added rows are there now. The steps follow upon each
 * other, and @rows is as it is after this one. */
typedef void (*TstSortedRowsFunc) (TstSortedRows *rows,
                                   guint          position,
                                   guint          removed,
                                   guint          added,
                                   gpointer       user_data);

/* @cell_id: (nullable): NULL unless it is by cell
 * @is_partial: only some of the rows are in it, by tst_sorted_rows_fill(); else all are */
TstSortedRows    *tst_sorted_rows_new          (TstEngine         *engine,
                                                const char        *table_id,
                                                TstSortedBy        by,
                                                const char        *cell_id,
                                                gboolean           is_partial);
void              tst_sorted_rows_free         (TstSortedRows     *self);
TstId            *tst_sorted_rows_get_table_id (TstSortedRows     *self);
TstId            *tst_sorted_rows_get_cell_id  (TstSortedRows     *self);
TstSortedBy       tst_sorted_rows_get_by       (TstSortedRows     *self);

/* Takes in what is in the log by now, as often as one likes. Whoever does it before
 * the transaction is over may see it undone. Not if it is partial. */
void              tst_sorted_rows_follow       (TstSortedRows     *self,
                                                TstSortedRowsFunc  func,
                                                gpointer           user_data);
/* The log, all of which was taken in, has just been forgotten. */
void              tst_sorted_rows_settle       (TstSortedRows     *self);

guint             tst_sorted_rows_get_n        (TstSortedRows     *self);
/* The ids of rows that are there, as of the last time that it followed, if
 * nothing was written since.
 * @ids: (out): room for @n of them, not owned */
void              tst_sorted_rows_get_ids      (TstSortedRows     *self,
                                                guint              position,
                                                guint              n,
                                                TstId            **ids);

/* --- To follow step by step --- */

/* Returns: (nullable): the table that they are of since they last followed */
TstTable         *tst_sorted_rows_get_table    (TstSortedRows     *self);
guint32           tst_sorted_rows_get_slot     (TstSortedRows     *self,
                                                guint              position);
void              tst_sorted_rows_get_slots    (TstSortedRows     *self,
                                                guint              position,
                                                guint              n,
                                                guint32           *slots);
/* Returns: its position, or TST_RANK_NONE if it is not in there */
guint             tst_sorted_rows_find         (TstSortedRows     *self,
                                                guint32            slot);

/* Finds the rows that the log says may be somewhere else now, or be there or not: slots,
 * in rising order. First all of those that are in there are to be taken out, so that
 * those that are left are where they belong while others are compared to them.
 * @any_cell: also those of which some other cell changed
 * Returns: FALSE, and has done nothing, if all rows are to be sorted again */
gboolean          tst_sorted_rows_look         (TstSortedRows     *self,
                                                gboolean           any_cell,
                                                const guint32    **slots,
                                                guint             *n);
void              tst_sorted_rows_take_out     (TstSortedRows     *self,
                                                guint32            slot);
void              tst_sorted_rows_put_in       (TstSortedRows     *self,
                                                guint32            slot);
/* Whether the table has such a row now. */
gboolean          tst_sorted_rows_has_row      (TstSortedRows     *self,
                                                guint32            slot);

/* The rows of the table as it is now, if this is partial: then it is to be filled with
 * some of them. */
const TstSlotSet *tst_sorted_rows_list         (TstSortedRows     *self);
/* @only: (nullable): NULL for all */
void              tst_sorted_rows_fill         (TstSortedRows     *self,
                                                const TstSlotSet  *only);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TstSortedRows, tst_sorted_rows_free)

G_END_DECLS
