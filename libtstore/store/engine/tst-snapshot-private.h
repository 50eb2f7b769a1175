/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-cell-private.h"
#include "tst-id-private.h"

G_BEGIN_DECLS

/* The content of a store at one moment: immutable, and readable and released
 * in any thread. Taken in constant time; pins what it shows. */
typedef struct _TstSnapshot TstSnapshot;
typedef struct _TstTableData TstTableData;

/* One row, as it lies in a snapshot. Valid as long as the snapshot. */
typedef struct
{
  TstId         *id;       /* not owned */
  guint          n_cells;
  const guint32 *columns;  /* of each cell, in the order of the cells */
  const TstCell *cells;
  guint32        birth;    /* for tst_row_view_is_later() */
  gboolean       pooled;   /* its id was made by add_row(), from the pool */
} TstRowView;

TstSnapshot        *tst_snapshot_ref               (TstSnapshot         *self);
void                tst_snapshot_unref             (TstSnapshot         *self);

/* Grows with each change of the store that it was taken of. */
guint64             tst_snapshot_get_generation    (const TstSnapshot   *self);

/* The number of the snapshot among those of its store. Only in the thread of the
 * store, as it grows when the store did not change until the next one. */
guint32             tst_snapshot_get_number        (const TstSnapshot   *self);

/* Iteration in insertion order: start with *position = 0. */
gboolean            tst_snapshot_next_table        (const TstSnapshot   *self,
                                                    guint               *position,
                                                    const TstTableData **table);
gboolean            tst_table_data_next_row        (const TstTableData  *self,
                                                    guint               *position,
                                                    TstRowView          *row);

/* Looking up. The first look-up of a row in a table makes an index. */
const TstTableData *tst_snapshot_find_table        (const TstSnapshot   *self,
                                                    const char          *table_id);
gboolean            tst_table_data_find_row        (const TstTableData  *self,
                                                    const TstId         *row_id,
                                                    TstRowView          *row);
const TstCell      *tst_table_data_find_cell       (const TstTableData  *self,
                                                    const TstRowView    *row,
                                                    const TstId         *cell_id);

/* Whether a row of a store was added after its snapshot of that number, also if
 * there was a row of that id before. */
gboolean            tst_row_view_is_later          (const TstRowView    *row,
                                                    guint32              number);

TstId              *tst_table_data_get_id          (const TstTableData  *self);
guint               tst_table_data_get_n_rows      (const TstTableData  *self);
guint               tst_table_data_get_n_columns   (const TstTableData  *self);
TstId              *tst_table_data_get_column_id   (const TstTableData  *self,
                                                    guint32              column);

/* The keyed values are the cells of one row; NULL if there are none. */
const TstTableData *tst_snapshot_get_values        (const TstSnapshot   *self,
                                                    TstRowView          *row);

/* TRUE if both hold the same tables, rows, cells and values; the order of
 * rows and cells does not count. Quick where they share memory. */
gboolean            tst_snapshot_equal             (const TstSnapshot   *self,
                                                    const TstSnapshot   *other);
gboolean            tst_table_data_equal           (const TstTableData  *self,
                                                    const TstTableData  *other);

/* Calls @func for each row that is not the same in both, until it returns FALSE, and
 * returns whether it never did. NULL stands for a row that is not there. */
typedef gboolean (*TstDifferentRowFunc)            (const TstRowView    *before,
                                                    const TstRowView    *after,
                                                    gpointer             user_data);

gboolean            tst_table_data_compare         (const TstTableData  *before,
                                                    const TstTableData  *after,
                                                    TstDifferentRowFunc  func,
                                                    gpointer             user_data);

/* The same content as @self, which shares its memory with @base where they do not
 * differ: what was read anew is then compared with that in no time. */
TstSnapshot        *tst_snapshot_graft             (TstSnapshot         *self,
                                                    TstSnapshot         *base);

/* TRUE if both tables are certain to be the same without a look at their
 * rows: their memory is shared. FALSE says nothing. */
gboolean            tst_table_data_is_shared       (const TstTableData  *self,
                                                    const TstTableData  *other);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TstSnapshot, tst_snapshot_unref)

G_END_DECLS
