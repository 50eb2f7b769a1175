/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-rank-nodes-private.h"

/* --- Comparing --- */

static inline int
compare (const TstRankTree *self,
         guint64            head,
         guint32            row,
         guint64            other_head,
         guint32            other_row)
{
  if (head != other_head)
    return head < other_head ? -1 : 1;

  if (G_UNLIKELY (tst_sort_head_is_cut (head)))
    {
      int order = self->compare (row, other_row, self->user_data);

      if (order != 0)
        return order;
    }

  return (row > other_row) - (row < other_row);
}

/* Returns: how many of the entries come before that one */
static inline guint
count_before (const TstRankTree *self,
              const guint64     *heads,
              const guint32     *rows,
              guint              n,
              guint64            head,
              guint32            row)
{
  guint low = 0, high = n;

  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (compare (self, heads[middle], rows[middle], head, row) < 0)
        low = middle + 1;
      else
        high = middle;
    }

  return low;
}

static int
compare_entries (gconstpointer a,
                 gconstpointer b,
                 gpointer      user_data)
{
  const TstRankEntry *first = a, *second = b;

  return compare (user_data, first->head, first->row, second->head, second->row);
}

/* --- Finding --- */

/* @position: (out): of the first row of the leaf. Returns: the leaf in which the
 * entry is, or would be */
static TstRankLeaf *
find_leaf (const TstRankTree *self,
           guint64            head,
           guint32            row,
           guint             *position)
{
  TstRankNode *node = self->root;

  *position = 0;
  while (!node->is_leaf)
    {
      TstRankInner *inner = (TstRankInner *) node;
      guint at = count_before (self, inner->heads + 1, inner->rows + 1, node->n - 1, head, row);

      for (guint i = 0; i < at; i++)
        *position += inner->counts[i];
      node = inner->children[at];
    }

  return (TstRankLeaf *) node;
}

/* @position: (inout): from that of all rows to that in the leaf */
static TstRankLeaf *
find_leaf_at (const TstRankTree *self,
              guint             *position)
{
  TstRankNode *node = self->root;

  while (!node->is_leaf)
    {
      TstRankInner *inner = (TstRankInner *) node;
      guint i = 0;

      while (*position >= inner->counts[i])
        *position -= inner->counts[i++];
      node = inner->children[i];
    }

  return (TstRankLeaf *) node;
}

static inline TstRankLeaf *
leaf_of_row (const TstRankTree *self,
             guint32            row)
{
  return self->leaves[self->leaf_of[row]];
}

static inline guint
index_in_leaf (const TstRankLeaf *leaf,
               guint32            row)
{
  guint i = 0;

  while (leaf->rows[i] != row)
    i++;

  return i;
}

guint
tst_rank_tree_get_n (const TstRankTree *self)
{
  return self->n;
}

gboolean
tst_rank_tree_contains (const TstRankTree *self,
                        guint32            row)
{
  return row < self->n_rows && self->leaf_of[row] != TST_RANK_NONE;
}

guint
tst_rank_tree_find (const TstRankTree *self,
                    guint32            row)
{
  TstRankLeaf *leaf;

  if (!tst_rank_tree_contains (self, row))
    return TST_RANK_NONE;

  leaf = leaf_of_row (self, row);
  return tst_rank_node_climb (&leaf->node, 0) + index_in_leaf (leaf, row);
}

void
tst_rank_tree_get_range (const TstRankTree *self,
                         guint              position,
                         guint              n,
                         guint32           *rows)
{
  const TstRankLeaf *leaf;

  g_assert (position <= self->n && n <= self->n - position);
  if (n == 0)
    return;

  for (leaf = find_leaf_at (self, &position); n > 0; leaf = leaf->next)
    {
      guint n_here = MIN (n, leaf->node.n - position);

      memcpy (rows, &leaf->rows[position], sizeof (guint32) * n_here);
      rows += n_here;
      n -= n_here;
      position = 0;
    }
}

/* --- Inserting --- */

static void
make_room_for_row (TstRankTree *self,
                   guint32      row)
{
  guint32 n = MAX (row + 1, self->n_rows + self->n_rows / 4);

  if (row < self->n_rows)
    return;

  self->leaf_of = g_renew (guint32, self->leaf_of, n);
  memset (&self->leaf_of[self->n_rows], 0xff, sizeof (guint32) * (n - self->n_rows));
  self->n_rows = n;
}

guint
tst_rank_tree_insert (TstRankTree *self,
                      guint64      head,
                      guint32      row)
{
  guint position;
  TstRankLeaf *leaf = find_leaf (self, head, row, &position);
  guint at = count_before (self, leaf->heads, leaf->rows, leaf->node.n, head, row);

  position += at;
  if (leaf->node.n == TST_RANK_LEAF_ROWS)
    {
      tst_rank_node_split (self, &leaf->node, leaf->next == NULL && at == TST_RANK_LEAF_ROWS);
      if (at > leaf->node.n)
        {
          at -= leaf->node.n;
          leaf = leaf->next;
        }
    }

  TST_RANK_MOVE (leaf->heads, at + 1, at, leaf->node.n - at);
  TST_RANK_MOVE (leaf->rows, at + 1, at, leaf->node.n - at);
  leaf->heads[at] = head;
  leaf->rows[at] = row;
  leaf->node.n++;
  self->n++;

  make_room_for_row (self, row);
  self->leaf_of[row] = leaf->number;
  tst_rank_node_climb (&leaf->node, 1);
  if (at == 0)
    tst_rank_node_update_first (&leaf->node);

  return position;
}

/* --- Removing --- */

guint
tst_rank_tree_remove (TstRankTree *self,
                      guint32      row)
{
  TstRankLeaf *leaf = leaf_of_row (self, row);
  guint at = index_in_leaf (leaf, row);
  guint position = tst_rank_node_climb (&leaf->node, -1) + at;

  self->n--;
  self->leaf_of[row] = TST_RANK_NONE;
  leaf->node.n--;
  TST_RANK_MOVE (leaf->heads, at, at + 1, leaf->node.n - at);
  TST_RANK_MOVE (leaf->rows, at, at + 1, leaf->node.n - at);

  if (leaf->node.n == 0 && leaf->node.parent != NULL)
    {
      tst_rank_inner_remove (self, leaf->node.parent, tst_rank_node_index (&leaf->node));
    }
  else
    {
      if (at == 0)
        tst_rank_node_update_first (&leaf->node);
      tst_rank_node_merge (self, &leaf->node);
    }
  tst_rank_tree_lower (self);

  return position;
}

/* --- All at once --- */

/* Returns: how many of @n go to the group @i, if groups are to be as large as
 * @enough at most, and all the same */
static guint
size_of_group (guint n,
               guint enough,
               guint i)
{
  guint n_groups = (n + enough - 1) / enough;

  return n / n_groups + (i < n % n_groups);
}

/* Returns: (element-type TstRankNode) (transfer full): the leaves, in order */
static GPtrArray *
make_leaves (TstRankTree        *self,
             const TstRankEntry *entries,
             guint               n)
{
  GPtrArray *leaves = g_ptr_array_new ();
  TstRankLeaf *previous = NULL;

  for (guint done = 0; done < n; )
    {
      TstRankLeaf *leaf = tst_rank_leaf_new (self);

      leaf->node.n = size_of_group (n, TST_RANK_ENOUGH (TST_RANK_LEAF_ROWS), leaves->len);
      for (guint i = 0; i < leaf->node.n; i++, done++)
        {
          leaf->heads[i] = entries[done].head;
          leaf->rows[i] = entries[done].row;
          make_room_for_row (self, leaf->rows[i]);
          self->leaf_of[leaf->rows[i]] = leaf->number;
        }

      leaf->previous = previous;
      if (previous != NULL)
        previous->next = leaf;
      previous = leaf;
      g_ptr_array_add (leaves, leaf);
    }

  return leaves;
}

/* The nodes above @nodes, which it lets go of. */
static GPtrArray *
make_level (GPtrArray *nodes)
{
  GPtrArray *level = g_ptr_array_new ();

  for (guint done = 0; done < nodes->len; )
    {
      TstRankInner *inner = tst_rank_inner_new ();
      guint n = size_of_group (nodes->len, TST_RANK_ENOUGH (TST_RANK_FANOUT), level->len);

      for (guint i = 0; i < n; i++)
        tst_rank_inner_insert (inner, i, g_ptr_array_index (nodes, done++));
      g_ptr_array_add (level, inner);
    }

  g_ptr_array_unref (nodes);
  return level;
}

void
tst_rank_tree_fill (TstRankTree  *self,
                    TstRankEntry *entries,
                    guint         n)
{
  GPtrArray *level;

  tst_rank_node_free (self, self->root);
  g_clear_pointer (&self->leaf_of, g_free);
  self->n_rows = 0;
  self->n = n;

  if (n == 0)
    {
      self->root = &tst_rank_leaf_new (self)->node;
      return;
    }

  g_qsort_with_data (entries, (gint) n, sizeof (TstRankEntry), compare_entries, self);
  level = make_leaves (self, entries, n);
  while (level->len > 1)
    level = make_level (level);

  self->root = g_ptr_array_index (level, 0);
  g_ptr_array_unref (level);
}

static void
renumber_below (TstRankNode   *node,
                const guint32 *numbers)
{
  guint32 *rows = node->is_leaf ? ((TstRankLeaf *) node)->rows : ((TstRankInner *) node)->rows;

  for (guint i = 0; i < node->n; i++)
    {
      rows[i] = numbers[rows[i]];
      if (!node->is_leaf)
        renumber_below (((TstRankInner *) node)->children[i], numbers);
    }
}

void
tst_rank_tree_renumber (TstRankTree      *self,
                        const TstSlotSet *all)
{
  g_autofree guint32 *numbers = g_new (guint32, self->n_rows);
  guint32 n = 0, n_rows = 0;

  for (guint32 row = 0; row < self->n_rows; row++)
    {
      guint32 leaf = self->leaf_of[row];

      if (all != NULL ? !tst_slot_set_contains (all, row) : leaf == TST_RANK_NONE)
        continue;

      numbers[row] = n;
      self->leaf_of[n++] = leaf;
      if (leaf != TST_RANK_NONE)
        n_rows = n;
    }

  renumber_below (self->root, numbers);
  self->leaf_of = g_renew (guint32, self->leaf_of, n_rows);
  self->n_rows = n_rows;
}

/* --- Life --- */

TstRankTree *
tst_rank_tree_new (TstRankCompare compare_func,
                   gpointer       user_data)
{
  TstRankTree *self = g_new0 (TstRankTree, 1);

  self->compare = compare_func;
  self->user_data = user_data;
  self->free_leaf = TST_RANK_NONE;
  self->root = &tst_rank_leaf_new (self)->node;

  return self;
}

void
tst_rank_tree_free (TstRankTree *self)
{
  tst_rank_node_free (self, self->root);
  g_free (self->leaves);
  g_free (self->leaf_of);
  g_free (self);
}
