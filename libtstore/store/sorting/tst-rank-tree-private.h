/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-slot-set-private.h"
#include "tst-sort-key-private.h"

G_BEGIN_DECLS

/* Rows in the order of their keys, which knows the place of each row, and the
 * row at each place: both ways, and any change, in O(log n).
 *
 * It is a B+ tree with counts. A leaf has the rows and the heads of their keys
 * side by side, which decide most comparisons; and each row has its leaf on
 * record, so that it is found without its key. That makes 18 to 26 bytes a row:
 * 13 in leaves that are full, and 20 where rows came and went at random; 4 or 5
 * for the record; and 1 for what is above the leaves. */
typedef struct _TstRankTree TstRankTree;

typedef struct
{
  guint64 head;  /* see tst_sort_key_get_head() */
  guint32 row;
} TstRankEntry;

/* Compares the keys of two rows whose heads are the same, and cut off. Never
 * asked for a row that is not in there, but for one that is about to be. */
typedef int (*TstRankCompare) (guint32  first,
                               guint32  second,
                               gpointer user_data);

#define TST_RANK_NONE G_MAXUINT32

TstRankTree *tst_rank_tree_new       (TstRankCompare   compare,
                                      gpointer         user_data);
void         tst_rank_tree_free      (TstRankTree     *self);
guint        tst_rank_tree_get_n     (const TstRankTree *self);
/* Replaces all that is in there. Sorts @entries. */
void         tst_rank_tree_fill      (TstRankTree     *self,
                                      TstRankEntry    *entries,
                                      guint            n);
/* Returns: where it is now; it may not be in there yet */
guint        tst_rank_tree_insert    (TstRankTree     *self,
                                      guint64          head,
                                      guint32          row);
/* Returns: where it was; it must be in there */
guint        tst_rank_tree_remove    (TstRankTree     *self,
                                      guint32          row);
gboolean     tst_rank_tree_contains  (const TstRankTree *self,
                                      guint32          row);
/* Returns: where it is, or TST_RANK_NONE */
guint        tst_rank_tree_find      (const TstRankTree *self,
                                      guint32          row);
/* The rows at @position and behind it, of which there must be @n. */
void         tst_rank_tree_get_range (const TstRankTree *self,
                                      guint            position,
                                      guint            n,
                                      guint32         *rows);
/* The rows of @all, which has all that are in here, are numbered from 0 now, without
 * gaps, in the order of their numbers. @all: (nullable): NULL if no other rows are */
void         tst_rank_tree_renumber  (TstRankTree      *self,
                                      const TstSlotSet *all);

G_END_DECLS
