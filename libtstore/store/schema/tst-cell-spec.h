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

#define TST_TYPE_CELL_SPEC (tst_cell_spec_get_type ())

TST_AVAILABLE_IN_0_1
GType         tst_cell_spec_get_type      (void);
TST_AVAILABLE_IN_0_1
TstCellSpec  *tst_cell_spec_new           (TstCellTypes         types) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
TstCellSpec  *tst_cell_spec_new_enum      (const char * const  *choices) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
TstCellSpec  *tst_cell_spec_ref           (TstCellSpec         *self);
TST_AVAILABLE_IN_0_1
void          tst_cell_spec_unref         (TstCellSpec         *self);
TST_AVAILABLE_IN_0_1
gboolean      tst_cell_spec_equal         (TstCellSpec         *self,
                                           TstCellSpec         *other);

TST_AVAILABLE_IN_0_1
TstCellTypes  tst_cell_spec_get_types     (TstCellSpec         *self);
TST_AVAILABLE_IN_0_1
gboolean      tst_cell_spec_get_nullable  (TstCellSpec         *self);
TST_AVAILABLE_IN_0_1
void          tst_cell_spec_set_nullable  (TstCellSpec         *self,
                                           gboolean             nullable);
TST_AVAILABLE_IN_0_1
gboolean      tst_cell_spec_get_required  (TstCellSpec         *self);
TST_AVAILABLE_IN_0_1
void          tst_cell_spec_set_required  (TstCellSpec         *self,
                                           gboolean             required);
TST_AVAILABLE_IN_0_1
GValue       *tst_cell_spec_get_default   (TstCellSpec         *self) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
gboolean      tst_cell_spec_set_default   (TstCellSpec         *self,
                                           const GValue        *value,
                                           GError             **error);
TST_AVAILABLE_IN_0_1
gboolean      tst_cell_spec_add_choice    (TstCellSpec         *self,
                                           const GValue        *value,
                                           GError             **error);
TST_AVAILABLE_IN_0_1
guint         tst_cell_spec_get_n_choices (TstCellSpec         *self);
TST_AVAILABLE_IN_0_1
GValue       *tst_cell_spec_get_choice    (TstCellSpec         *self,
                                           guint                position) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TstCellSpec, tst_cell_spec_unref)

G_END_DECLS
