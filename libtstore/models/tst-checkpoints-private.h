/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-checkpoints.h"
#include "tst-store-private.h"
#include "tst-undo-step-private.h"

G_BEGIN_DECLS

/* The checkpoints themselves, for the files that implement them. */

/* Who made a transaction, and those that followed from it until the store was at rest. */
typedef enum
{
  TST_WRITER_NONE,
  TST_WRITER_APPLICATION,
  TST_WRITER_OUTSIDE
} TstWriter;

typedef struct
{
  guint        id;
  char        *label;  /* (nullable) */
  TstUndoStep *step;   /* (nullable): between it and the one before; to be reverted to go from
                        * where we are to the other side of it; NULL of the first checkpoint */
} TstCheckpoint;

/* What the properties said last. */
typedef struct
{
  guint  can_undo;
  guint  can_redo;
  char  *undo_label;
  char  *redo_label;
  guint  current;
} TstCheckpointsTold;

struct _TstCheckpoints
{
  GObject      parent_instance;

  TstStore    *store;
  guint        observer_id;
  guint        size;
  gboolean     automatic;

  GPtrArray   *list;         /* of TstCheckpoint; at least the current one */
  guint        current;      /* its index */
  guint        last_id;
  gboolean     edited;       /* the application wrote since then: … */
  TstUndoStep *step;         /* (nullable): … this, … */
  TstSnapshot *base;         /* … and what differs from this */

  TstWriter    writer;       /* while the store is busy */
  gboolean     moving;       /* undoing or redoing */
  guint        n_groups;     /* open ones */
  char        *group_label;  /* (nullable): of the outermost one */

  gboolean     list_changed; /* and it is not told yet */
  TstCheckpointsTold told;
};

static inline TstCheckpoint *
tst_checkpoints_peek (TstCheckpoints *self,
                      guint           i)
{
  return g_ptr_array_index (self->list, i);
}

/* Returns: the index, or the length of the list if there is none of that id */
guint    tst_checkpoints_find           (TstCheckpoints *self,
                                         guint           id);
void     tst_checkpoints_drop_too_many  (TstCheckpoints *self);

/* Makes a checkpoint of the present state, unless it is one. */
void     tst_checkpoints_settle         (TstCheckpoints *self,
                                         const char     *label);
/* What comes from now on is compared with the present state. */
void     tst_checkpoints_rebase         (TstCheckpoints *self);

/* Notifies of what is not as it was told last. Whoever hears of it may do anything. */
void     tst_checkpoints_tell           (TstCheckpoints *self);

G_END_DECLS
