/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-sorted-rows-private.h"

#include "tst-rank-tree-private.h"
#include "tst-sort-walk-private.h"

/* If more than this part of the rows was touched, to sort them all is faster. */
#define MANY(n_rows) (16 + (n_rows) / 4)

struct _TstSortedRows
{
  TstEngine   *engine;
  TstId       *table_id;
  TstId       *cell_id;        /* (nullable) */
  TstRankTree *tree;           /* of slots */
  TstTable    *table;          /* (nullable): whose rows they are */
  guint32      column;         /* … or TST_ID_MAP_NONE; only while it follows */
  guint32      n_moves;        /* of the table, when the slots were as in the tree */
  gboolean     is_ahead;       /* it has what is in the log, … */
  guint64      n_undone;       /* … if this is that of the engine */
  GArray      *touched;        /* of guint32: slots; only while it follows */
};

/* --- Keys --- */

/* @texts: see tst_sort_key_init_slowly() */
static void
init_key (const TstSortedRows  *self,
          TstSortKey           *key,
          guint32               slot,
          GStringChunk        **texts)
{
  const TstTableData *data = self->table->data;

  if (self->cell_id == NULL)
    tst_sort_key_init_id (key, tst_table_data_head (data, slot)->id);
  else if (self->column == TST_ID_MAP_NONE)
    tst_sort_key_init (key, NULL, texts);
  else
    tst_sort_key_init (key, tst_table_data_cell (data, slot, self->column), texts);
}

static int
compare_cb (guint32  first,
            guint32  second,
            gpointer user_data)
{
  GStringChunk *texts = NULL;
  TstSortKey a, b;
  int order;

  init_key (user_data, &a, first, &texts);
  init_key (user_data, &b, second, &texts);
  order = tst_sort_key_compare (&a, &b);
  g_clear_pointer (&texts, g_string_chunk_free);

  return order;
}

static guint64
get_head (const TstSortedRows *self,
          guint32              slot)
{
  GStringChunk *texts = NULL;
  TstSortKey key;
  guint64 head;

  init_key (self, &key, slot, &texts);
  head = tst_sort_key_get_head (&key);
  g_clear_pointer (&texts, g_string_chunk_free);

  return head;
}

/* --- All rows --- */

static guint
list_rows (const TstSortedRows *self,
           TstRankEntry        *entries)
{
  GStringChunk *texts = NULL;
  TstSortWalk walk;
  TstSortKey key;
  guint32 slot;
  guint n = 0;

  tst_sort_walk_init (&walk, self->table->data, self->cell_id == NULL, self->column);
  while (tst_sort_walk_next (&walk, &slot, &key, &texts))
    entries[n++] = (TstRankEntry) { tst_sort_key_get_head (&key), slot };
  g_clear_pointer (&texts, g_string_chunk_free);

  return n;
}

static void
sort_all (TstSortedRows *self)
{
  g_autofree TstRankEntry *entries = NULL;
  guint n = 0;

  if (self->table != NULL)
    {
      entries = g_new (TstRankEntry, self->table->data->n_rows);
      n = list_rows (self, entries);
      self->n_moves = self->table->n_moves;
    }

  tst_rank_tree_fill (self->tree, entries, n);
}

/* --- Rows that were touched --- */

static gboolean
touches (const TstSortedRows *self,
         const TstUndo       *undo)
{
  if (undo->table != self->table->number)
    return FALSE;

  switch ((TstUndoKind) undo->kind)
    {
    case TST_UNDO_CELL_CHANGED:
    case TST_UNDO_CELL_ADDED:
    case TST_UNDO_CELL_REMOVED:
      return self->cell_id != NULL && undo->column == self->column;
    case TST_UNDO_ROW_ADDED:
    case TST_UNDO_ROW_REMOVED:
      return TRUE;
    case TST_UNDO_TABLE_ADDED:
    case TST_UNDO_TABLE_REMOVED:
    case TST_UNDO_POOL_COUNTED:
    case TST_UNDO_POOL_TAKEN:
    case TST_UNDO_POOL_RELEASED:
    default:
      return FALSE;
    }
}

/* Returns: FALSE if they are many */
static gboolean
find_touched (TstSortedRows *self)
{
  const TstEngine *engine = self->engine;
  guint most = MANY (tst_rank_tree_get_n (self->tree));

  g_array_set_size (self->touched, 0);
  for (gsize i = 0; i < engine->n_log && self->touched->len <= most; i++)
    if (touches (self, &engine->log[i]))
      g_array_append_val (self->touched, engine->log[i].row);

  return self->touched->len <= most;
}

static gboolean
has_row (const TstTableData *data,
         guint32             slot)
{
  return slot < data->n_slots &&
         tst_chunk_has_row (tst_table_data_chunk (data, slot), slot % TST_CHUNK_ROWS);
}

/* A row may have been touched twice. First all of them go, so that those that
 * are left in the tree are where they belong while others are compared to them. */
static void
move_touched (TstSortedRows     *self,
              TstSortedRowsFunc  func,
              gpointer           user_data)
{
  const guint32 *slots = (const guint32 *) self->touched->data;
  guint n = self->touched->len;

  for (guint i = 0; i < n; i++)
    if (tst_rank_tree_contains (self->tree, slots[i]))
      func (self, tst_rank_tree_remove (self->tree, slots[i]), 1, 0, user_data);

  for (guint i = 0; i < n; i++)
    if (has_row (self->table->data, slots[i]) && !tst_rank_tree_contains (self->tree, slots[i]))
      func (self, tst_rank_tree_insert (self->tree, get_head (self, slots[i]), slots[i]), 0, 1,
            user_data);
}

/* --- Following --- */

static void
sort_again (TstSortedRows     *self,
            TstSortedRowsFunc  func,
            gpointer           user_data)
{
  guint n_before = tst_rank_tree_get_n (self->tree);
  guint n_after;

  sort_all (self);
  n_after = tst_rank_tree_get_n (self->tree);
  if (n_before > 0 || n_after > 0)
    func (self, 0, n_before, n_after, user_data);
}

static void
find_table (TstSortedRows *self)
{
  self->table = tst_engine_find_table (self->engine, self->table_id->text);
  self->column = self->table != NULL && self->cell_id != NULL
                   ? tst_id_map_find_id (&self->table->columns, self->cell_id) : TST_ID_MAP_NONE;
}

void
tst_sorted_rows_follow (TstSortedRows     *self,
                        TstSortedRowsFunc  func,
                        gpointer           user_data)
{
  gboolean is_lost = self->is_ahead && self->n_undone != self->engine->n_undone;
  const TstTable *before = self->table;

  find_table (self);
  /* A table that was removed is not freed before the log is forgotten: one that
   * was made meanwhile is another one. */
  if (is_lost || self->table != before)
    {
      sort_again (self, func, user_data);
    }
  else if (self->table != NULL)
    {
      if (find_touched (self))
        move_touched (self, func, user_data);
      else
        sort_again (self, func, user_data);
    }

  self->is_ahead = self->engine->n_log > 0;
  self->n_undone = self->engine->n_undone;
}

void
tst_sorted_rows_settle (TstSortedRows *self)
{
  self->is_ahead = FALSE;

  if (self->table != NULL && self->table->n_moves != self->n_moves)
    {
      tst_rank_tree_renumber (self->tree);
      self->n_moves = self->table->n_moves;
    }
}

guint
tst_sorted_rows_get_n (TstSortedRows *self)
{
  return tst_rank_tree_get_n (self->tree);
}

void
tst_sorted_rows_get_ids (TstSortedRows  *self,
                         guint           position,
                         guint           n,
                         TstId         **ids)
{
  g_autofree guint32 *slots = g_new (guint32, n);

  tst_rank_tree_get_range (self->tree, position, n, slots);
  for (guint i = 0; i < n; i++)
    ids[i] = tst_table_data_head (self->table->data, slots[i])->id;
}

/* --- Life --- */

TstSortedRows *
tst_sorted_rows_new (TstEngine  *engine,
                     const char *table_id,
                     const char *cell_id)
{
  TstSortedRows *self = g_new0 (TstSortedRows, 1);

  self->engine = engine;
  self->table_id = tst_id_new (table_id, strlen (table_id));
  self->cell_id = cell_id ? tst_id_new (cell_id, strlen (cell_id)) : NULL;
  self->tree = tst_rank_tree_new (compare_cb, self);
  self->touched = g_array_new (FALSE, FALSE, sizeof (guint32));

  find_table (self);
  sort_all (self);
  self->is_ahead = engine->n_log > 0;
  self->n_undone = engine->n_undone;

  return self;
}

void
tst_sorted_rows_free (TstSortedRows *self)
{
  tst_rank_tree_free (self->tree);
  tst_id_unref (self->table_id);
  g_clear_pointer (&self->cell_id, tst_id_unref);
  g_array_unref (self->touched);
  g_free (self);
}

TstId *
tst_sorted_rows_get_table_id (TstSortedRows *self)
{
  return self->table_id;
}

TstId *
tst_sorted_rows_get_cell_id (TstSortedRows *self)
{
  return self->cell_id;
}
