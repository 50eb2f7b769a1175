/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (TSTORE_INSIDE) && !defined (TSTORE_COMPILATION)
# error "Only <libtstore/tstore.h> can be included directly."
#endif

#include <gio/gio.h>

#include "tst-store.h"

G_BEGIN_DECLS

#define TST_TYPE_CHECKPOINTS (tst_checkpoints_get_type ())

TST_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (TstCheckpoints, tst_checkpoints, TST, CHECKPOINTS, GObject)

TST_AVAILABLE_IN_0_1
TstCheckpoints *tst_checkpoints_new                (TstStore        *store) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
TstStore       *tst_checkpoints_get_store          (TstCheckpoints  *self);

TST_AVAILABLE_IN_0_1
guint           tst_checkpoints_get_size           (TstCheckpoints  *self);
TST_AVAILABLE_IN_0_1
void            tst_checkpoints_set_size           (TstCheckpoints  *self,
                                                    guint            size);
TST_AVAILABLE_IN_0_1
gboolean        tst_checkpoints_get_automatic      (TstCheckpoints  *self);
TST_AVAILABLE_IN_0_1
void            tst_checkpoints_set_automatic      (TstCheckpoints  *self,
                                                    gboolean         automatic);

TST_AVAILABLE_IN_0_1
guint           tst_checkpoints_add                (TstCheckpoints  *self,
                                                    const char      *label);
TST_AVAILABLE_IN_0_1
void            tst_checkpoints_begin_group        (TstCheckpoints  *self,
                                                    const char      *label);
TST_AVAILABLE_IN_0_1
void            tst_checkpoints_end_group          (TstCheckpoints  *self);
TST_AVAILABLE_IN_0_1
void            tst_checkpoints_clear              (TstCheckpoints  *self);
TST_AVAILABLE_IN_0_1
void            tst_checkpoints_clear_forward      (TstCheckpoints  *self);

TST_AVAILABLE_IN_0_1
guint           tst_checkpoints_get_current        (TstCheckpoints  *self);
TST_AVAILABLE_IN_0_1
guint          *tst_checkpoints_get_backward_ids   (TstCheckpoints  *self,
                                                    gsize           *n_ids) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
guint          *tst_checkpoints_get_forward_ids    (TstCheckpoints  *self,
                                                    gsize           *n_ids) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
gboolean        tst_checkpoints_has                (TstCheckpoints  *self,
                                                    guint            id);
TST_AVAILABLE_IN_0_1
const char     *tst_checkpoints_get_label          (TstCheckpoints  *self,
                                                    guint            id);
TST_AVAILABLE_IN_0_1
void            tst_checkpoints_set_label          (TstCheckpoints  *self,
                                                    guint            id,
                                                    const char      *label);

TST_AVAILABLE_IN_0_1
gboolean        tst_checkpoints_get_can_undo       (TstCheckpoints  *self);
TST_AVAILABLE_IN_0_1
gboolean        tst_checkpoints_get_can_redo       (TstCheckpoints  *self);
TST_AVAILABLE_IN_0_1
const char     *tst_checkpoints_get_undo_label     (TstCheckpoints  *self);
TST_AVAILABLE_IN_0_1
const char     *tst_checkpoints_get_redo_label     (TstCheckpoints  *self);

TST_AVAILABLE_IN_0_1
gboolean        tst_checkpoints_undo               (TstCheckpoints  *self,
                                                    GError         **error);
TST_AVAILABLE_IN_0_1
gboolean        tst_checkpoints_redo               (TstCheckpoints  *self,
                                                    GError         **error);
TST_AVAILABLE_IN_0_1
gboolean        tst_checkpoints_go_to              (TstCheckpoints  *self,
                                                    guint            id,
                                                    GError         **error);

TST_AVAILABLE_IN_0_1
GAction        *tst_checkpoints_create_undo_action (TstCheckpoints  *self) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
GAction        *tst_checkpoints_create_redo_action (TstCheckpoints  *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
