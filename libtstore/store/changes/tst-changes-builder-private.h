/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-changes-private.h"

G_BEGIN_DECLS

/* Changes that come from outside, one after the other: a table, in it a row,
 * in it the cells; and values. Ids must be valid. What has nothing in it is
 * left out in the end. */
typedef struct
{
  GArray          *tables;    /* of TstChangedTable; the rows of the last one are in … */
  GArray          *rows;      /* … here: TstChangedRow; the cells of the last one are in … */
  TstChangedCells  cells;     /* … here */
  TstChangedCells  values;
  TstIdMap         table_map;
  TstIdMap         row_map;
  GPtrArray       *cell_ids;  /* of TstId, owned: each is made once … */
  TstIdMap         cell_map;  /* … and found here */
} TstChangesBuilder;

void        tst_changes_builder_init       (TstChangesBuilder *self);
void        tst_changes_builder_clear      (TstChangesBuilder *self);
/* Empties the builder. */
TstChanges *tst_changes_builder_end        (TstChangesBuilder *self);

/* These return FALSE, and do nothing, if the id was there already. */
gboolean    tst_changes_builder_open_table (TstChangesBuilder *self,
                                            const char        *id,
                                            gsize              length);
gboolean    tst_changes_builder_open_row   (TstChangesBuilder *self,
                                            const char        *id,
                                            gsize              length);
/* @cell: (nullable): taken over; NULL if it is removed */
gboolean    tst_changes_builder_add_cell   (TstChangesBuilder *self,
                                            const char        *id,
                                            gsize              length,
                                            TstCell           *cell);
gboolean    tst_changes_builder_add_value  (TstChangesBuilder *self,
                                            const char        *id,
                                            gsize              length,
                                            TstCell           *cell);

typedef gboolean (*TstAddCellFunc)           (TstChangesBuilder *builder,
                                              const char        *id,
                                              gsize              length,
                                              TstCell           *cell);

/* The table, or the row, that was opened last. */
void        tst_changes_builder_remove_table (TstChangesBuilder *self);
void        tst_changes_builder_remove_row   (TstChangesBuilder *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TstChangesBuilder, tst_changes_builder_clear)

G_END_DECLS
