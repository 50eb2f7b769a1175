/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-rank-tree-private.h"

#include <string.h>

#define LEAF_ROWS 64
#define FANOUT    32

/* Below that, a node looks for a neighbour that takes it in; as full as that
 * are they made, so that there is room for what comes. */
#define FEW(capacity)     ((capacity) / 2)
#define ENOUGH(capacity)  ((capacity) - (capacity) / 8)

typedef struct _Inner Inner;

typedef struct
{
  Inner   *parent;   /* (nullable): NULL of the root */
  guint16  n;
  gboolean is_leaf;
} Node;

typedef struct _Leaf Leaf;

struct _Leaf
{
  Node     node;
  guint32  number;           /* in the table of leaves */
  Leaf    *previous;         /* (nullable) */
  Leaf    *next;             /* (nullable) */
  guint64  heads[LEAF_ROWS];
  guint32  rows[LEAF_ROWS];
};

/* With the first entry of each child, and how many rows are below it. */
struct _Inner
{
  Node     node;
  guint64  heads[FANOUT];
  guint32  rows[FANOUT];
  guint32  counts[FANOUT];
  Node    *children[FANOUT];
};

struct _TstRankTree
{
  TstRankCompare  compare;
  gpointer        user_data;
  guint32         n;
  Node           *root;
  Leaf          **leaves;       /* by number; a free one is the number of the next free one */
  guint32         n_leaves;
  guint32         leaves_capacity;
  guint32         free_leaf;    /* or TST_RANK_NONE */
  guint32        *leaf_of;      /* by row: the number of its leaf, or TST_RANK_NONE */
  guint32         n_rows;       /* the size of leaf_of */
};

/* --- Nodes --- */

static void
grow_leaves (TstRankTree *self)
{
  self->leaves_capacity = MAX (self->leaves_capacity * 2, 8);
  self->leaves = g_renew (Leaf *, self->leaves, self->leaves_capacity);
}

static Leaf *
leaf_new (TstRankTree *self)
{
  Leaf *leaf = g_new (Leaf, 1);

  leaf->node = (Node) { NULL, 0, TRUE };
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
           Leaf        *leaf)
{
  if (leaf->previous != NULL)
    leaf->previous->next = leaf->next;
  if (leaf->next != NULL)
    leaf->next->previous = leaf->previous;

  self->leaves[leaf->number] = GUINT_TO_POINTER (self->free_leaf);
  self->free_leaf = leaf->number;
  g_free (leaf);
}

static Inner *
inner_new (void)
{
  Inner *inner = g_new (Inner, 1);

  inner->node = (Node) { NULL, 0, FALSE };

  return inner;
}

static void
node_free (TstRankTree *self,
           Node        *node)
{
  if (node->is_leaf)
    leaf_free (self, (Leaf *) node);
  else
    g_free (node);
}

static void
free_below (TstRankTree *self,
            Node        *node)
{
  if (!node->is_leaf)
    for (guint i = 0; i < node->n; i++)
      free_below (self, ((Inner *) node)->children[i]);

  node_free (self, node);
}

static guint32
node_count (const Node *node)
{
  guint32 n = 0;

  if (node->is_leaf)
    return node->n;

  for (guint i = 0; i < node->n; i++)
    n += ((const Inner *) node)->counts[i];

  return n;
}

static inline guint
index_of (const Node *node)
{
  guint i = 0;

  while (node->parent->children[i] != node)
    i++;

  return i;
}

/* What the parent of a node, which is its child @i, knows of it. */
static inline void
copy_first (Node  *node,
            guint  i)
{
  Inner *parent = node->parent;

  parent->heads[i] = node->is_leaf ? ((Leaf *) node)->heads[0] : ((Inner *) node)->heads[0];
  parent->rows[i] = node->is_leaf ? ((Leaf *) node)->rows[0] : ((Inner *) node)->rows[0];
}

/* The first entry of the node is another one. */
static void
update_first (Node *node)
{
  for (; node->parent != NULL; node = &node->parent->node)
    {
      guint i = index_of (node);

      copy_first (node, i);
      if (i > 0)
        return;
    }
}

/* Moves the part of an array that begins at @from to @to. */
#define MOVE(array, to, from, n) \
  memmove (&(array)[to], &(array)[from], sizeof ((array)[0]) * (n))
#define COPY(to, at, from, from_at, n) \
  memcpy (&(to)[at], &(from)[from_at], sizeof ((to)[0]) * (n))

static void
insert_child (Inner *parent,
              guint  i,
              Node  *child)
{
  guint n_behind = parent->node.n - i;

  MOVE (parent->heads, i + 1, i, n_behind);
  MOVE (parent->rows, i + 1, i, n_behind);
  MOVE (parent->counts, i + 1, i, n_behind);
  MOVE (parent->children, i + 1, i, n_behind);

  parent->node.n++;
  parent->children[i] = child;
  parent->counts[i] = node_count (child);
  child->parent = parent;
  copy_first (child, i);
}

static void
take_out_child (Inner *parent,
                guint  i)
{
  guint n_behind = parent->node.n - i - 1;

  MOVE (parent->heads, i, i + 1, n_behind);
  MOVE (parent->rows, i, i + 1, n_behind);
  MOVE (parent->counts, i, i + 1, n_behind);
  MOVE (parent->children, i, i + 1, n_behind);
  parent->node.n--;
}

/* Appends what is in @from, from @at on, to another node of its kind. */
static void
move_end (TstRankTree *self,
          Node        *to,
          Node        *from,
          guint        at)
{
  guint n = from->n - at;

  if (to->is_leaf)
    {
      Leaf *to_leaf = (Leaf *) to, *from_leaf = (Leaf *) from;

      COPY (to_leaf->heads, to->n, from_leaf->heads, at, n);
      COPY (to_leaf->rows, to->n, from_leaf->rows, at, n);
      for (guint i = 0; i < n; i++)
        self->leaf_of[from_leaf->rows[at + i]] = to_leaf->number;
    }
  else
    {
      Inner *to_inner = (Inner *) to, *from_inner = (Inner *) from;

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
static Leaf *
find_leaf (const TstRankTree *self,
           guint64            head,
           guint32            row,
           guint             *position)
{
  Node *node = self->root;

  *position = 0;
  while (!node->is_leaf)
    {
      Inner *inner = (Inner *) node;
      guint at = count_before (self, inner->heads + 1, inner->rows + 1, node->n - 1, head, row);

      for (guint i = 0; i < at; i++)
        *position += inner->counts[i];
      node = inner->children[at];
    }

  return (Leaf *) node;
}

/* @position: (inout): from that of all rows to that in the leaf */
static Leaf *
find_leaf_at (const TstRankTree *self,
              guint             *position)
{
  Node *node = self->root;

  while (!node->is_leaf)
    {
      Inner *inner = (Inner *) node;
      guint i = 0;

      while (*position >= inner->counts[i])
        *position -= inner->counts[i++];
      node = inner->children[i];
    }

  return (Leaf *) node;
}

/* Adds to the counts on the way up. Returns: how many rows come before the node */
static guint
climb (Node *node,
       gint  delta)
{
  guint n = 0;

  for (; node->parent != NULL; node = &node->parent->node)
    {
      guint at = index_of (node);

      for (guint i = 0; i < at; i++)
        n += node->parent->counts[i];
      node->parent->counts[at] += delta;
    }

  return n;
}

static inline Leaf *
leaf_of_row (const TstRankTree *self,
             guint32            row)
{
  return self->leaves[self->leaf_of[row]];
}

static inline guint
index_in_leaf (const Leaf *leaf,
               guint32     row)
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
  Leaf *leaf;

  if (!tst_rank_tree_contains (self, row))
    return TST_RANK_NONE;

  leaf = leaf_of_row (self, row);
  return climb (&leaf->node, 0) + index_in_leaf (leaf, row);
}

void
tst_rank_tree_get_range (const TstRankTree *self,
                         guint              position,
                         guint              n,
                         guint32           *rows)
{
  const Leaf *leaf;

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

static Node *
make_sibling (TstRankTree *self,
              Node        *node)
{
  Leaf *leaf = (Leaf *) node, *sibling;

  if (!node->is_leaf)
    return &inner_new ()->node;

  sibling = leaf_new (self);
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
  Inner *root = inner_new ();

  insert_child (root, 0, self->root);
  self->root = &root->node;
}

/* @at_end: more will come behind what came last, so that what is there may as
 * well stay together */
static void
split (TstRankTree *self,
       Node        *node,
       gboolean     at_end)
{
  Node *sibling;
  guint i;

  if (node->parent == NULL)
    grow_root (self);
  else if (node->parent->node.n == FANOUT)
    split (self, &node->parent->node, at_end);

  sibling = make_sibling (self, node);
  move_end (self, sibling, node, at_end ? node->n - 1 : node->n / 2);

  i = index_of (node);
  insert_child (node->parent, i + 1, sibling);
  node->parent->counts[i] -= node->parent->counts[i + 1];
}

guint
tst_rank_tree_insert (TstRankTree *self,
                      guint64      head,
                      guint32      row)
{
  guint position;
  Leaf *leaf = find_leaf (self, head, row, &position);
  guint at = count_before (self, leaf->heads, leaf->rows, leaf->node.n, head, row);

  position += at;
  if (leaf->node.n == LEAF_ROWS)
    {
      split (self, &leaf->node, leaf->next == NULL && at == LEAF_ROWS);
      if (at > leaf->node.n)
        {
          at -= leaf->node.n;
          leaf = leaf->next;
        }
    }

  MOVE (leaf->heads, at + 1, at, leaf->node.n - at);
  MOVE (leaf->rows, at + 1, at, leaf->node.n - at);
  leaf->heads[at] = head;
  leaf->rows[at] = row;
  leaf->node.n++;
  self->n++;

  make_room_for_row (self, row);
  self->leaf_of[row] = leaf->number;
  climb (&leaf->node, 1);
  if (at == 0)
    update_first (&leaf->node);

  return position;
}

/* --- Removing --- */

static void merge_if_few (TstRankTree *self,
                          Node        *node);

static void
remove_child (TstRankTree *self,
              Inner       *parent,
              guint        i)
{
  Node *child = parent->children[i];

  take_out_child (parent, i);
  node_free (self, child);

  if (parent->node.n == 0)
    {
      remove_child (self, parent->node.parent, index_of (&parent->node));
      return;
    }

  if (i == 0)
    update_first (&parent->node);
  merge_if_few (self, &parent->node);
}

static void
merge_if_few (TstRankTree *self,
              Node        *node)
{
  guint capacity = node->is_leaf ? LEAF_ROWS : FANOUT;
  Inner *parent = node->parent;
  guint left;

  if (parent == NULL || parent->node.n == 1 || node->n >= FEW (capacity))
    return;

  left = index_of (node);
  left -= left > 0;
  if (parent->children[left]->n + parent->children[left + 1]->n > (gint) ENOUGH (capacity))
    return;

  move_end (self, parent->children[left], parent->children[left + 1], 0);
  parent->counts[left] += parent->counts[left + 1];
  remove_child (self, parent, left + 1);
}

static void
drop_empty_root (TstRankTree *self)
{
  while (!self->root->is_leaf && self->root->n == 1)
    {
      Inner *root = (Inner *) self->root;

      self->root = root->children[0];
      self->root->parent = NULL;
      g_free (root);
    }
}

guint
tst_rank_tree_remove (TstRankTree *self,
                      guint32      row)
{
  Leaf *leaf = leaf_of_row (self, row);
  guint at = index_in_leaf (leaf, row);
  guint position = climb (&leaf->node, -1) + at;

  self->n--;
  self->leaf_of[row] = TST_RANK_NONE;
  leaf->node.n--;
  MOVE (leaf->heads, at, at + 1, leaf->node.n - at);
  MOVE (leaf->rows, at, at + 1, leaf->node.n - at);

  if (leaf->node.n == 0 && leaf->node.parent != NULL)
    {
      remove_child (self, leaf->node.parent, index_of (&leaf->node));
    }
  else
    {
      if (at == 0)
        update_first (&leaf->node);
      merge_if_few (self, &leaf->node);
    }
  drop_empty_root (self);

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

/* Returns: (element-type Node) (transfer full): the leaves, in order */
static GPtrArray *
make_leaves (TstRankTree        *self,
             const TstRankEntry *entries,
             guint               n)
{
  GPtrArray *leaves = g_ptr_array_new ();
  Leaf *previous = NULL;

  for (guint done = 0; done < n; )
    {
      Leaf *leaf = leaf_new (self);

      leaf->node.n = size_of_group (n, ENOUGH (LEAF_ROWS), leaves->len);
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
      Inner *inner = inner_new ();
      guint n = size_of_group (nodes->len, ENOUGH (FANOUT), level->len);

      for (guint i = 0; i < n; i++)
        insert_child (inner, i, g_ptr_array_index (nodes, done++));
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

  free_below (self, self->root);
  g_clear_pointer (&self->leaf_of, g_free);
  self->n_rows = 0;
  self->n = n;

  if (n == 0)
    {
      self->root = &leaf_new (self)->node;
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
renumber_below (Node          *node,
                const guint32 *numbers)
{
  guint32 *rows = node->is_leaf ? ((Leaf *) node)->rows : ((Inner *) node)->rows;

  for (guint i = 0; i < node->n; i++)
    {
      rows[i] = numbers[rows[i]];
      if (!node->is_leaf)
        renumber_below (((Inner *) node)->children[i], numbers);
    }
}

void
tst_rank_tree_renumber (TstRankTree *self)
{
  g_autofree guint32 *numbers = g_new (guint32, self->n_rows);
  guint32 n = 0;

  for (guint32 row = 0; row < self->n_rows; row++)
    if (self->leaf_of[row] != TST_RANK_NONE)
      {
        self->leaf_of[n] = self->leaf_of[row];
        numbers[row] = n++;
      }

  renumber_below (self->root, numbers);
  self->leaf_of = g_renew (guint32, self->leaf_of, n);
  self->n_rows = n;
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
  self->root = &leaf_new (self)->node;

  return self;
}

void
tst_rank_tree_free (TstRankTree *self)
{
  free_below (self, self->root);
  g_free (self->leaves);
  g_free (self->leaf_of);
  g_free (self);
}
