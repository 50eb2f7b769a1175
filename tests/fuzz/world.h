/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <libtstore/tstore.h>

#include "tst-store-private.h"

G_BEGIN_DECLS

/* What fuzz_operations.c does its operations in: a store, all that hangs on
 * it, and what is known of it. */

#define N_HELD    4
#define N_CURSORS 3
#define N_COLUMNS 3

/* A transaction that an operation began */
typedef struct
{
  char *text;  /* (nullable): the store as it was, if it will be compared */
} Mark;

typedef struct
{
  TstSnapshot *snapshot;
  GBytes      *text;    /* of it, when it was taken */
} Held;

typedef struct
{
  const guint8 *at;         /* the bytes that are left, up to … */
  const guint8 *end;
  GStringChunk *ids;
  TstStore     *store;
  TstStore     *shadow;     /* gets what "changed" tells, and nothing else */
  TstChanges   *kept;       /* (nullable): the last of them */
  GArray       *marks;      /* of Mark: the open transactions … */
  guint         base;       /* … of which so many are not for the one that is called to end */
  GPtrArray    *listeners;  /* of Listener, until they are destroyed */
  Held          held[N_HELD];
  TstCursor    *cursors[N_CURSORS];
  guint         log_handler;
  guint         n_nested;   /* listeners and functions that are being called */
  guint         n_answers;  /* that listeners may still give to this operation */
  gboolean      answered;   /* more than one transaction came of this operation */
  gboolean      undone;     /* one was undone before its end */
} World;

/* Bytes: 0 behind the end */
guint8       world_take           (World       *self);
gboolean     world_is_over        (const World *self);

/* Ids: a few, of every kind, so that they meet again. */
const char  *world_take_table_id  (World       *self);
const char  *world_take_row_id    (World       *self,
                                   const char  *table_id);
const char  *world_take_cell_id   (World       *self);
const char  *world_take_value_id  (World       *self);

void         world_init           (World        *self,
                                   const guint8 *data,
                                   gsize         size);
/* Looks at everything a last time. */
void         world_clear          (World       *self);

/* Transactions: those that an operation began. */
void         world_begin          (World       *self,
                                   gboolean     compared);
void         world_commit         (World       *self);
void         world_rollback       (World       *self);
void         world_commit_down_to (World       *self,
                                   guint        n_marks);
/* The store will end them itself. */
void         world_forget_down_to (World       *self,
                                   guint        n_marks);

/* Does one operation, as the next bytes say. (fuzz_operations.c) */
void         world_operate        (World       *self);

/* What must always be true. (world-check.c) */
void         world_assert_sound   (World       *self);
void         world_assert_shadow  (World       *self);
void         world_assert_text    (World       *self,
                                   const char  *expected);

/* Listeners, which do operations, too. (world-listeners.c) */
void         world_add_listener    (World      *self);
void         world_remove_listener (World      *self);
void         world_call_listener   (World      *self);
void         world_assert_listeners (World     *self);

G_END_DECLS
