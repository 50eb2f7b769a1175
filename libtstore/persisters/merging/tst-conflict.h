/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (TSTORE_INSIDE) && !defined (TSTORE_COMPILATION)
# error "Only <libtstore/tstore.h> can be included directly."
#endif

#include "tst-types.h"

G_BEGIN_DECLS

#define TST_TYPE_CONFLICT (tst_conflict_get_type ())

typedef struct _TstConflict TstConflict;

/**
 * TstConflictKind:
 * @TST_CONFLICT_KEPT: a cell or value was changed here and there; what is here
 *   was kept
 * @TST_CONFLICT_TAKEN: a cell or value was removed here and changed there; what
 *   is there was taken
 * @TST_CONFLICT_ROW_KEPT: a row was changed here and removed there; it was kept
 * @TST_CONFLICT_ROW_TAKEN: a row was removed here and changed there; it came
 *   back with what is there
 * @TST_CONFLICT_ROW_MOVED: two rows were added under one id; the one from here
 *   was moved to a new id
 *
 * What became of one thing that was changed here and elsewhere.
 *
 * Since: 0.1
 */
typedef enum
{
  TST_CONFLICT_KEPT,
  TST_CONFLICT_TAKEN,
  TST_CONFLICT_ROW_KEPT,
  TST_CONFLICT_ROW_TAKEN,
  TST_CONFLICT_ROW_MOVED
} TstConflictKind;

TST_AVAILABLE_IN_0_1
GType            tst_conflict_get_type        (void);
TST_AVAILABLE_IN_0_1
TstConflict     *tst_conflict_ref             (TstConflict *self);
TST_AVAILABLE_IN_0_1
void             tst_conflict_unref           (TstConflict *self);

TST_AVAILABLE_IN_0_1
guint            tst_conflict_get_n_entries   (TstConflict *self);
TST_AVAILABLE_IN_0_1
TstConflictKind  tst_conflict_get_kind        (TstConflict *self,
                                               guint        index);
TST_AVAILABLE_IN_0_1
const char      *tst_conflict_get_table_id    (TstConflict *self,
                                               guint        index);
TST_AVAILABLE_IN_0_1
const char      *tst_conflict_get_row_id      (TstConflict *self,
                                               guint        index);
TST_AVAILABLE_IN_0_1
const char      *tst_conflict_get_cell_id     (TstConflict *self,
                                               guint        index);
TST_AVAILABLE_IN_0_1
const char      *tst_conflict_get_new_row_id  (TstConflict *self,
                                               guint        index);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TstConflict, tst_conflict_unref)

G_END_DECLS
