/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-changes.h"
#include "tst-engine-write-private.h"

G_BEGIN_DECLS

/* What changed in the end between two moments. A cell that is absent is
 * TST_CELL_TYPE_NONE. Where delta is 1 the row or table was added, where it is
 * -1 it was removed, and else it was there before and is there now. */
typedef struct
{
  TstId   *id;
  TstCell  old_cell;
  TstCell  new_cell;
} TstChangedCell;

/* The cells of a row while they are gathered, each id once. Starts as all zeros. */
typedef struct
{
  TstChangedCell *cells;
  guint           n_cells;
  guint           capacity;
  TstIdMap        map;       /* to their indices; in use when there are many */
} TstChangedCells;

typedef struct
{
  TstId          *id;
  gint            delta;
  guint           n_cells;
  TstChangedCell *cells;
} TstChangedRow;

typedef struct
{
  TstId         *id;
  gint           delta;
  guint          n_rows;
  TstChangedRow *rows;
} TstChangedTable;

struct _TstChanges
{
  gint             ref_count;  /* atomic */
  gint             last_row;   /* atomic: where a row was found, to begin with there */
  gboolean         is_read;    /* from outside: what was there before is not known, … */
  guint            n_tables;   /* … and neither what was in what was removed */
  TstChangedTable *tables;
  TstChangedRow    values;     /* id is NULL, delta 0 */
};

/* The numbers of a table and a row in the engine. */
typedef struct
{
  guint32 table;
  guint32 row;
} TstPlace;

/* For the most frequent transaction, that of one cell: changes without an
 * allocation, which borrow their ids. */
typedef struct
{
  TstChanges      changes;
  TstChangedTable table;
  TstChangedRow   row;
  TstChangedCell  cell;
  TstPlace        place;
} TstSingleChange;

void            tst_changed_cell_clear (TstChangedCell  *cell);
/* Returns: (nullable): the cell of that id */
TstChangedCell *tst_changed_cells_find (TstChangedCells *self,
                                        const TstId     *id);
/* Takes over @id, which may not be there yet. */
TstChangedCell *tst_changed_cells_add  (TstChangedCells *self,
                                        TstId           *id);

/* Whether both set and remove the same. */
gboolean        tst_changes_compare    (const TstChanges *self,
                                        const TstChanges *other);

/* What the log of @engine amounts to. */
TstChanges *tst_changes_new_from_log    (TstEngine       *engine);

/* Returns: FALSE if the log is not that of one cell */
gboolean    tst_single_change_init      (TstSingleChange *self,
                                         TstEngine       *engine);
void        tst_single_change_clear     (TstSingleChange *self);
TstChanges *tst_single_change_to_changes (const TstSingleChange *self);

G_END_DECLS
