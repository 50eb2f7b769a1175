/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-rank-tree-private.h"

#include <string.h>

G_BEGIN_DECLS

/* The nodes of a tree, for the files that implement it. */

#define TST_RANK_LEAF_ROWS 64
#define TST_RANK_FANOUT    32

/* As full as that are nodes made, so that there is room for what comes. */
#define TST_RANK_ENOUGH(capacity) ((capacity) - (capacity) / 8)

typedef struct _TstRankInner TstRankInner;
typedef struct _TstRankLeaf TstRankLeaf;

typedef struct
{
  TstRankInner *parent;   /* (nullable): NULL of the root */
  guint16       n;
  gboolean      is_leaf;
} TstRankNode;

struct _TstRankLeaf
{
  TstRankNode  node;
  guint32      number;    /* in the table of leaves */
  TstRankLeaf *previous;  /* (nullable) */
  TstRankLeaf *next;      /* (nullable) */
  guint64      heads[TST_RANK_LEAF_ROWS];
  guint32      rows[TST_RANK_LEAF_ROWS];
};

/* With the first entry of each child, and how many rows are below it. */
struct _TstRankInner
{
  TstRankNode  node;
  guint64      heads[TST_RANK_FANOUT];
  guint32      rows[TST_RANK_FANOUT];
  guint32      counts[TST_RANK_FANOUT];
  TstRankNode *children[TST_RANK_FANOUT];
};

struct _TstRankTree
{
  TstRankCompare   compare;
  gpointer         user_data;
  guint32          n;
  TstRankNode     *root;
  TstRankLeaf    **leaves;     /* by number; a free one is the number of the next free one */
  guint32          n_leaves;
  guint32          leaves_capacity;
  guint32          free_leaf;  /* or TST_RANK_NONE */
  guint32         *leaf_of;    /* by row: the number of its leaf, or TST_RANK_NONE */
  guint32          n_rows;     /* the size of leaf_of */
};

/* Moves the part of an array that begins at @from to @to. */
#define TST_RANK_MOVE(array, to, from, n) \
  memmove (&(array)[to], &(array)[from], sizeof ((array)[0]) * (n))

TstRankLeaf  *tst_rank_leaf_new          (TstRankTree  *self);
TstRankInner *tst_rank_inner_new         (void);
/* With all that is below it. */
void          tst_rank_node_free         (TstRankTree  *self,
                                          TstRankNode  *node);
/* The first entry of the node is another one. */
void          tst_rank_node_update_first (TstRankNode  *node);
/* As the child @i of the parent. */
void          tst_rank_inner_insert      (TstRankInner *parent,
                                          guint         i,
                                          TstRankNode  *child);
/* Frees the child, which is empty, and what becomes empty by that. */
void          tst_rank_inner_remove      (TstRankTree  *self,
                                          TstRankInner *parent,
                                          guint         i);
/* Makes a sibling behind the node, which is full, and moves a part of it there.
 * @at_end: more will come behind what came last, so that what is there may as
 * well stay together */
void          tst_rank_node_split        (TstRankTree  *self,
                                          TstRankNode  *node,
                                          gboolean      at_end);
/* A node in which little is left goes into a neighbour, if there is room. */
void          tst_rank_node_merge        (TstRankTree  *self,
                                          TstRankNode  *node);
/* Takes away roots that have one child. */
void          tst_rank_tree_lower        (TstRankTree  *self);

static inline guint
tst_rank_node_index (const TstRankNode *node)
{
  guint i = 0;

  while (node->parent->children[i] != node)
    i++;

  return i;
}

/* Adds to the counts on the way up. Returns: how many rows come before the node */
static inline guint
tst_rank_node_climb (TstRankNode *node,
                     gint         delta)
{
  guint n = 0;

  for (; node->parent != NULL; node = &node->parent->node)
    {
      guint at = tst_rank_node_index (node);

      for (guint i = 0; i < at; i++)
        n += node->parent->counts[i];
      node->parent->counts[at] += delta;
    }

  return n;
}

G_END_DECLS
