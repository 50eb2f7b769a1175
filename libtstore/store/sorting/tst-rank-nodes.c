/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-rank-nodes-private.h"

/* Below that, a node looks for a neighbour that takes it in. */
#define FEW(capacity) ((capacity) / 2)

/* --- Making and freeing --- */

static void
grow_leaves (TstRankTree *self)
{
  self->leaves_capacity = MAX (self->leaves_capacity * 2, 8);
  self->leaves = g_renew (TstRankLeaf *, self->leaves, self->leaves_capacity);
}

TstRankLeaf *
tst_rank_leaf_new (TstRankTree *self)
{
  TstRankLeaf *leaf = g_new (TstRankLeaf, 1);

  leaf->node = (TstRankNode) { NULL, 0, TRUE };
  leaf->previous = leaf->next = NULL;
  leaf->number = self->free_leaf;

  if (leaf->number != TST_RANK_NONE)
    {
      self->free_leaf = GPOINTER_TO_UINT (self->leaves[leaf->number]);
    }
  else
    {
      if (self->n_leaves == self->leaves_capacity)
        grow_leaves (self);
      leaf->number = self->n_leaves++;
    }
  self->leaves[leaf->number] = leaf;

  return leaf;
}

static void
leaf_free (TstRankTree *self,
           TstRankLeaf *leaf)
{
  if (leaf->previous != NULL)
    leaf->previous->next = leaf->next;
  if (leaf->next != NULL)
    leaf->next->previous = leaf->previous;

  self->leaves[leaf->number] = GUINT_TO_POINTER (self->free_leaf);
  self->free_leaf = leaf->number;
  g_free (leaf);
}

TstRankInner *
tst_rank_inner_new (void)
{
  TstRankInner *inner = g_new (TstRankInner, 1);

  inner->node = (TstRankNode) { NULL, 0, FALSE };

  return inner;
}

static void
free_one (TstRankTree *self,
          TstRankNode *node)
{
  if (node->is_leaf)
    leaf_free (self, (TstRankLeaf *) node);
  else
    g_free (node);
}

void
tst_rank_node_free (TstRankTree *self,
                    TstRankNode *node)
{
  if (!node->is_leaf)
    for (guint i = 0; i < node->n; i++)
      tst_rank_node_free (self, ((TstRankInner *) node)->children[i]);

  free_one (self, node);
}

/* --- Parents and children --- */

static guint32
node_count (const TstRankNode *node)
{
  guint32 n = 0;

  if (node->is_leaf)
    return node->n;

  for (guint i = 0; i < node->n; i++)
    n += ((const TstRankInner *) node)->counts[i];

  return n;
}

/* What the parent of a node, which is its child @i, knows of it. */
static inline void
copy_first (TstRankNode *node,
            guint        i)
{
  TstRankInner *parent = node->parent;
  const TstRankLeaf *leaf = (const TstRankLeaf *) node;
  const TstRankInner *inner = (const TstRankInner *) node;

  parent->heads[i] = node->is_leaf ? leaf->heads[0] : inner->heads[0];
  parent->rows[i] = node->is_leaf ? leaf->rows[0] : inner->rows[0];
}

void
tst_rank_node_update_first (TstRankNode *node)
{
  for (; node->parent != NULL; node = &node->parent->node)
    {
      guint i = tst_rank_node_index (node);

      copy_first (node, i);
      if (i > 0)
        return;
    }
}

#define COPY(to, at, from, from_at, n) \
  memcpy (&(to)[at], &(from)[from_at], sizeof ((to)[0]) * (n))

void
tst_rank_inner_insert (TstRankInner *parent,
                       guint         i,
                       TstRankNode  *child)
{
  guint n_behind = parent->node.n - i;

  TST_RANK_MOVE (parent->heads, i + 1, i, n_behind);
  TST_RANK_MOVE (parent->rows, i + 1, i, n_behind);
  TST_RANK_MOVE (parent->counts, i + 1, i, n_behind);
  TST_RANK_MOVE (parent->children, i + 1, i, n_behind);

  parent->node.n++;
  parent->children[i] = child;
  parent->counts[i] = node_count (child);
  child->parent = parent;
  copy_first (child, i);
}

static void
take_out_child (TstRankInner *parent,
                guint         i)
{
  guint n_behind = parent->node.n - i - 1;

  TST_RANK_MOVE (parent->heads, i, i + 1, n_behind);
  TST_RANK_MOVE (parent->rows, i, i + 1, n_behind);
  TST_RANK_MOVE (parent->counts, i, i + 1, n_behind);
  TST_RANK_MOVE (parent->children, i, i + 1, n_behind);
  parent->node.n--;
}

/* Appends what is in @from, from @at on, to another node of its kind. */
static void
move_end (TstRankTree *self,
          TstRankNode *to,
          TstRankNode *from,
          guint        at)
{
  guint n = from->n - at;

  if (to->is_leaf)
    {
      TstRankLeaf *to_leaf = (TstRankLeaf *) to, *from_leaf = (TstRankLeaf *) from;

      COPY (to_leaf->heads, to->n, from_leaf->heads, at, n);
      COPY (to_leaf->rows, to->n, from_leaf->rows, at, n);
      for (guint i = 0; i < n; i++)
        self->leaf_of[from_leaf->rows[at + i]] = to_leaf->number;
    }
  else
    {
      TstRankInner *to_inner = (TstRankInner *) to, *from_inner = (TstRankInner *) from;

      COPY (to_inner->heads, to->n, from_inner->heads, at, n);
      COPY (to_inner->rows, to->n, from_inner->rows, at, n);
      COPY (to_inner->counts, to->n, from_inner->counts, at, n);
      COPY (to_inner->children, to->n, from_inner->children, at, n);
      for (guint i = 0; i < n; i++)
        from_inner->children[at + i]->parent = to_inner;
    }

  to->n += n;
  from->n -= n;
}

/* --- Getting more and fewer --- */

static TstRankNode *
make_sibling (TstRankTree *self,
              TstRankNode *node)
{
  TstRankLeaf *leaf = (TstRankLeaf *) node, *sibling;

  if (!node->is_leaf)
    return &tst_rank_inner_new ()->node;

  sibling = tst_rank_leaf_new (self);
  sibling->previous = leaf;
  sibling->next = leaf->next;
  if (leaf->next != NULL)
    leaf->next->previous = sibling;
  leaf->next = sibling;

  return &sibling->node;
}

static void
grow_root (TstRankTree *self)
{
  TstRankInner *root = tst_rank_inner_new ();

  tst_rank_inner_insert (root, 0, self->root);
  self->root = &root->node;
}

void
tst_rank_node_split (TstRankTree *self,
                     TstRankNode *node,
                     gboolean     at_end)
{
  TstRankNode *sibling;
  guint i;

  if (node->parent == NULL)
    grow_root (self);
  else if (node->parent->node.n == TST_RANK_FANOUT)
    tst_rank_node_split (self, &node->parent->node, at_end);

  sibling = make_sibling (self, node);
  move_end (self, sibling, node, at_end ? node->n - 1 : node->n / 2);

  i = tst_rank_node_index (node);
  tst_rank_inner_insert (node->parent, i + 1, sibling);
  node->parent->counts[i] -= node->parent->counts[i + 1];
}

void
tst_rank_inner_remove (TstRankTree  *self,
                       TstRankInner *parent,
                       guint         i)
{
  TstRankNode *child = parent->children[i];

  take_out_child (parent, i);
  free_one (self, child);

  if (parent->node.n == 0)
    {
      tst_rank_inner_remove (self, parent->node.parent, tst_rank_node_index (&parent->node));
      return;
    }

  if (i == 0)
    tst_rank_node_update_first (&parent->node);
  tst_rank_node_merge (self, &parent->node);
}

void
tst_rank_node_merge (TstRankTree *self,
                     TstRankNode *node)
{
  guint capacity = node->is_leaf ? TST_RANK_LEAF_ROWS : TST_RANK_FANOUT;
  TstRankInner *parent = node->parent;
  guint left;

  if (parent == NULL || parent->node.n == 1 || node->n >= FEW (capacity))
    return;

  left = tst_rank_node_index (node);
  left -= left > 0;
  if (parent->children[left]->n + parent->children[left + 1]->n > (gint) TST_RANK_ENOUGH (capacity))
    return;

  move_end (self, parent->children[left], parent->children[left + 1], 0);
  parent->counts[left] += parent->counts[left + 1];
  tst_rank_inner_remove (self, parent, left + 1);
}

void
tst_rank_tree_lower (TstRankTree *self)
{
  while (!self->root->is_leaf && self->root->n == 1)
    {
      TstRankInner *root = (TstRankInner *) self->root;

      self->root = root->children[0];
      self->root->parent = NULL;
      g_free (root);
    }
}
