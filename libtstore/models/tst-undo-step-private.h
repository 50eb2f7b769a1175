/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-store-private.h"

G_BEGIN_DECLS

/* What the application did to a store from one moment to another: for each cell
 * that is another one since, what it was before and what it became. It consists
 * of stretches, between which others may have written. */
typedef struct _TstUndoStep TstUndoStep;

TstUndoStep *tst_undo_step_new      (void);
void         tst_undo_step_free     (TstUndoStep       *self);
gboolean     tst_undo_step_is_empty (const TstUndoStep *self);

/* Adds a stretch: what differs between two snapshots of one store. */
void         tst_undo_step_append   (TstUndoStep       *self,
                                     const TstSnapshot *before,
                                     const TstSnapshot *after);

/* Takes it back, the last stretch first, but for what is not any more as it was
 * left: that belongs to somebody else by now. In an open transaction, which is to be
 * rolled back if this fails. */
gboolean     tst_undo_step_revert   (const TstUndoStep *self,
                                     TstStore          *store,
                                     GError           **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TstUndoStep, tst_undo_step_free)

G_END_DECLS
