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

#define TST_TYPE_CHANGES (tst_changes_get_type ())

typedef void (*TstChangedCellFunc)  (TstChanges   *changes,
                                     const char   *table_id,
                                     const char   *row_id,
                                     const char   *cell_id,
                                     const GValue *new_value,
                                     const GValue *old_value,
                                     gpointer      user_data);
typedef void (*TstChangedValueFunc) (TstChanges   *changes,
                                     const char   *value_id,
                                     const GValue *new_value,
                                     const GValue *old_value,
                                     gpointer      user_data);

TST_AVAILABLE_IN_0_1
GType        tst_changes_get_type       (void);
TST_AVAILABLE_IN_0_1
TstChanges  *tst_changes_ref            (TstChanges           *self);
TST_AVAILABLE_IN_0_1
void         tst_changes_unref          (TstChanges           *self);
TST_AVAILABLE_IN_0_1
gboolean     tst_changes_is_empty       (TstChanges           *self);
TST_AVAILABLE_IN_0_1
gboolean     tst_changes_equal          (TstChanges           *self,
                                         TstChanges           *other);
TST_AVAILABLE_IN_0_1
guint        tst_changes_get_n_cells    (TstChanges           *self);
TST_AVAILABLE_IN_0_1
guint        tst_changes_get_n_values   (TstChanges           *self);
TST_AVAILABLE_IN_0_1
char       **tst_changes_get_table_ids  (TstChanges           *self) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
char       **tst_changes_get_row_ids    (TstChanges           *self,
                                         const char           *table_id) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
char       **tst_changes_get_cell_ids   (TstChanges           *self,
                                         const char           *table_id,
                                         const char           *row_id) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
char       **tst_changes_get_value_ids  (TstChanges           *self) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
TstChange    tst_changes_get_table_change (TstChanges         *self,
                                         const char           *table_id);
TST_AVAILABLE_IN_0_1
TstChange    tst_changes_get_row_change (TstChanges           *self,
                                         const char           *table_id,
                                         const char           *row_id);
TST_AVAILABLE_IN_0_1
TstChange    tst_changes_get_cell_change (TstChanges          *self,
                                         const char           *table_id,
                                         const char           *row_id,
                                         const char           *cell_id);
TST_AVAILABLE_IN_0_1
TstChange    tst_changes_get_value_change (TstChanges         *self,
                                         const char           *value_id);
TST_AVAILABLE_IN_0_1
void         tst_changes_foreach_cell   (TstChanges           *self,
                                         TstChangedCellFunc    func,
                                         gpointer              user_data);
TST_AVAILABLE_IN_0_1
void         tst_changes_foreach_value  (TstChanges           *self,
                                         TstChangedValueFunc   func,
                                         gpointer              user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TstChanges, tst_changes_unref)

G_END_DECLS
