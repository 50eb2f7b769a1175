/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-sorted-rows-private.h"

#include "tst-rank-tree-private.h"
#include "tst-sort-walk-private.h"

struct _TstSortedRows
{
  TstEngine     *engine;
  TstRowOrderBy  by;
  TstId         *table_id;
  TstId         *cell_id;        /* (nullable): only by cell */
  TstRankTree   *tree;           /* (nullable): of slots, … */
  TstSlotSet    *set;            /* (nullable): … or, by place, this */
  TstSlotSet    *all;            /* (nullable): all slots of the table, if it is partial */
  TstTable      *table;          /* (nullable): whose rows they are */
  guint32        column;         /* … or TST_ID_MAP_NONE; only while it follows */
  guint32        n_moves;        /* of the table, when the slots were as in here */
  gboolean       is_ahead;       /* it has what is in the log, … */
  guint64        n_undone;       /* … if this is that of the engine */
  GArray        *touched;        /* of guint32: slots; only while it follows */
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

  if (self->by == TST_ROW_ORDER_BY_ID)
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

/* --- Reading --- */

guint
tst_sorted_rows_get_n (TstSortedRows *self)
{
  return self->set != NULL ? tst_slot_set_get_n (self->set) : tst_rank_tree_get_n (self->tree);
}

static inline gboolean
contains (const TstSortedRows *self,
          guint32              slot)
{
  return self->set != NULL ? tst_slot_set_contains (self->set, slot)
                           : tst_rank_tree_contains (self->tree, slot);
}

guint
tst_sorted_rows_find (TstSortedRows *self,
                      guint32        slot)
{
  if (self->set == NULL)
    return tst_rank_tree_find (self->tree, slot);

  if (!tst_slot_set_contains (self->set, slot))
    return TST_RANK_NONE;

  return tst_slot_set_rank (self->set, slot);
}

void
tst_sorted_rows_get_slots (TstSortedRows *self,
                           guint          position,
                           guint          n,
                           guint32       *slots)
{
  if (self->set == NULL)
    {
      tst_rank_tree_get_range (self->tree, position, n, slots);
      return;
    }

  for (guint i = 0; i < n; i++)
    slots[i] = i == 0 ? tst_slot_set_select (self->set, position)
                      : tst_slot_set_next (self->set, slots[i - 1] + 1);
}

guint32
tst_sorted_rows_get_slot (TstSortedRows *self,
                          guint          position)
{
  guint32 slot;

  tst_sorted_rows_get_slots (self, position, 1, &slot);

  return slot;
}

void
tst_sorted_rows_get_ids (TstSortedRows  *self,
                         guint           position,
                         guint           n,
                         TstId         **ids)
{
  g_autofree guint32 *slots = g_new (guint32, n);

  tst_sorted_rows_get_slots (self, position, n, slots);
  for (guint i = 0; i < n; i++)
    ids[i] = tst_table_data_head (self->table->data, slots[i])->id;
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

TstRowOrderBy
tst_sorted_rows_get_by (TstSortedRows *self)
{
  return self->by;
}

TstTable *
tst_sorted_rows_get_table (TstSortedRows *self)
{
  return self->table;
}

gboolean
tst_sorted_rows_has_row (TstSortedRows *self,
                         guint32        slot)
{
  const TstTableData *data = self->table->data;

  return slot < data->n_slots &&
         tst_chunk_has_row (tst_table_data_chunk (data, slot), slot % TST_CHUNK_ROWS);
}

/* --- All rows --- */

static void
find_column (TstSortedRows *self)
{
  self->column = self->table != NULL && self->cell_id != NULL
                   ? tst_id_map_find_id (&self->table->columns, self->cell_id) : TST_ID_MAP_NONE;
}

static void
find_table (TstSortedRows *self)
{
  self->table = tst_engine_find_table (self->engine, self->table_id->text);
  find_column (self);
}

/* It is up to date with the log. */
static void
mark (TstSortedRows *self)
{
  self->is_ahead = self->engine->n_log > 0;
  self->n_undone = self->engine->n_undone;
}

/* All rows of the table, which most often has no holes. */
static void
fill_set (const TstSortedRows *self,
          TstSlotSet          *set)
{
  const TstTableData *data = self->table ? self->table->data : NULL;

  tst_slot_set_fill (set, data && data->n_rows == data->n_slots ? data->n_slots : 0);
  if (data == NULL || data->n_rows == data->n_slots)
    return;

  for (guint32 slot = 0; slot < data->n_slots; slot++)
    if (tst_chunk_has_row (tst_table_data_chunk (data, slot), slot % TST_CHUNK_ROWS))
      tst_slot_set_put (set, slot);
  tst_slot_set_count (set);
}

static guint
list_rows (const TstSortedRows *self,
           const TstSlotSet    *only,
           TstRankEntry        *entries)
{
  GStringChunk *texts = NULL;
  TstSortWalk walk;
  TstSortKey key;
  guint32 slot;
  guint n = 0;

  tst_sort_walk_init (&walk, self->table->data, self->by == TST_ROW_ORDER_BY_ID, self->column);
  while (tst_sort_walk_next (&walk, &slot, &key, &texts))
    if (only == NULL || tst_slot_set_contains (only, slot))
      entries[n++] = (TstRankEntry) { tst_sort_key_get_head (&key), slot };
  g_clear_pointer (&texts, g_string_chunk_free);

  return n;
}

static void
fill_tree (TstSortedRows    *self,
           const TstSlotSet *only)
{
  g_autofree TstRankEntry *entries = NULL;
  guint n = 0;

  if (self->table != NULL)
    {
      entries = g_new (TstRankEntry, only ? tst_slot_set_get_n (only) : self->table->data->n_rows);
      n = list_rows (self, only, entries);
    }

  tst_rank_tree_fill (self->tree, entries, n);
}

const TstSlotSet *
tst_sorted_rows_list (TstSortedRows *self)
{
  find_table (self);
  fill_set (self, self->all);

  return self->all;
}

void
tst_sorted_rows_fill (TstSortedRows    *self,
                      const TstSlotSet *only)
{
  find_table (self);
  mark (self);
  if (self->table != NULL)
    self->n_moves = self->table->n_moves;

  if (self->set == NULL)
    fill_tree (self, only);
  else if (only != NULL)
    tst_slot_set_copy (self->set, only);
  else
    fill_set (self, self->set);
}

/* --- Rows that were touched --- */

static gboolean
touches (const TstSortedRows *self,
         const TstUndo       *undo,
         gboolean             any_cell)
{
  if (undo->table != self->table->number)
    return FALSE;

  switch ((TstUndoKind) undo->kind)
    {
    case TST_UNDO_CELL_CHANGED:
    case TST_UNDO_CELL_ADDED:
    case TST_UNDO_CELL_REMOVED:
      return any_cell || (self->cell_id != NULL && undo->column == self->column);
    case TST_UNDO_ROW_ADDED:
    case TST_UNDO_ROW_REMOVED:
      return TRUE;
    case TST_UNDO_TABLE_ADDED:
    case TST_UNDO_TABLE_REMOVED:
    case TST_UNDO_POOL_COUNTED:
    case TST_UNDO_POOL_TAKEN:
    case TST_UNDO_POOL_RELEASED:
    case TST_UNDO_POOL_MARKED:
    default:
      return FALSE;
    }
}

/* Returns: FALSE if they are many */
static gboolean
find_touched (TstSortedRows *self,
              gboolean       any_cell)
{
  const TstEngine *engine = self->engine;
  guint most = TST_SORTED_MANY (tst_sorted_rows_get_n (self));

  g_array_set_size (self->touched, 0);
  for (gsize i = 0; i < engine->n_log && self->touched->len <= most; i++)
    if (touches (self, &engine->log[i], any_cell))
      g_array_append_val (self->touched, engine->log[i].row);

  return self->touched->len <= most;
}

static int
compare_slots (gconstpointer a,
               gconstpointer b)
{
  guint32 first = *(const guint32 *) a, second = *(const guint32 *) b;

  return (first > second) - (first < second);
}

/* A row may have been touched twice. */
static void
sort_touched (TstSortedRows *self)
{
  guint32 *slots = (guint32 *) self->touched->data;
  guint n = 0;

  if (self->touched->len < 2)
    return;

  g_array_sort (self->touched, compare_slots);
  for (guint i = 0; i < self->touched->len; i++)
    if (i == 0 || slots[i] != slots[n - 1])
      slots[n++] = slots[i];
  g_array_set_size (self->touched, n);
}

static void
update_all (TstSortedRows *self)
{
  const guint32 *slots = (const guint32 *) self->touched->data;

  for (guint i = 0; i < self->touched->len; i++)
    {
      gboolean is_there = tst_sorted_rows_has_row (self, slots[i]);

      if (is_there == tst_slot_set_contains (self->all, slots[i]))
        continue;

      if (is_there)
        tst_slot_set_add (self->all, slots[i]);
      else
        tst_slot_set_remove (self->all, slots[i]);
    }
}

/* --- Following --- */

gboolean
tst_sorted_rows_look (TstSortedRows  *self,
                      gboolean        any_cell,
                      const guint32 **slots,
                      guint          *n)
{
  gboolean is_lost = self->is_ahead && self->n_undone != self->engine->n_undone;

  /* A table that was removed is not freed before the log is forgotten: one that
   * was made meanwhile is another one. */
  if (is_lost || tst_engine_find_table (self->engine, self->table_id->text) != self->table)
    return FALSE;

  find_column (self);
  g_array_set_size (self->touched, 0);
  if (self->table != NULL && !find_touched (self, any_cell))
    return FALSE;

  mark (self);
  sort_touched (self);
  if (self->all != NULL)
    update_all (self);
  *slots = (const guint32 *) self->touched->data;
  *n = self->touched->len;

  return TRUE;
}

/* Returns: where it was */
static guint
take_out (TstSortedRows *self,
          guint32        slot)
{
  guint position;

  if (self->set == NULL)
    return tst_rank_tree_remove (self->tree, slot);

  position = tst_slot_set_rank (self->set, slot);
  tst_slot_set_remove (self->set, slot);

  return position;
}

void
tst_sorted_rows_take_out (TstSortedRows *self,
                          guint32        slot)
{
  take_out (self, slot);
}

/* Returns: where it is */
static guint
put_in (TstSortedRows *self,
        guint32        slot)
{
  if (self->set == NULL)
    return tst_rank_tree_insert (self->tree, get_head (self, slot), slot);

  tst_slot_set_add (self->set, slot);

  return tst_slot_set_rank (self->set, slot);
}

void
tst_sorted_rows_put_in (TstSortedRows *self,
                        guint32        slot)
{
  put_in (self, slot);
}

static void
fill_again (TstSortedRows     *self,
            TstSortedRowsFunc  func,
            gpointer           user_data)
{
  guint n_before = tst_sorted_rows_get_n (self);
  guint n_after;

  tst_sorted_rows_fill (self, NULL);
  n_after = tst_sorted_rows_get_n (self);
  if (n_before > 0 || n_after > 0)
    func (self, 0, n_before, n_after, user_data);
}

void
tst_sorted_rows_follow (TstSortedRows     *self,
                        TstSortedRowsFunc  func,
                        gpointer           user_data)
{
  const guint32 *slots;
  guint n;

  if (!tst_sorted_rows_look (self, FALSE, &slots, &n))
    {
      fill_again (self, func, user_data);
      return;
    }

  for (guint i = 0; i < n; i++)
    if (contains (self, slots[i]))
      func (self, take_out (self, slots[i]), 1, 0, user_data);

  for (guint i = 0; i < n; i++)
    if (tst_sorted_rows_has_row (self, slots[i]))
      func (self, put_in (self, slots[i]), 0, 1, user_data);
}

void
tst_sorted_rows_settle (TstSortedRows *self)
{
  self->is_ahead = FALSE;

  if (self->table == NULL || self->table->n_moves == self->n_moves)
    return;

  self->n_moves = self->table->n_moves;
  if (self->set != NULL)
    tst_slot_set_renumber (self->set, self->all ? self->all : self->set);
  else
    tst_rank_tree_renumber (self->tree, self->all);
  if (self->all != NULL)
    tst_slot_set_renumber (self->all, self->all);
}

/* --- Life --- */

TstSortedRows *
tst_sorted_rows_new (TstEngine     *engine,
                     const char    *table_id,
                     TstRowOrderBy  by,
                     const char    *cell_id,
                     gboolean       is_partial)
{
  TstSortedRows *self = g_new0 (TstSortedRows, 1);

  g_assert ((by == TST_ROW_ORDER_BY_CELL) == (cell_id != NULL));

  self->engine = engine;
  self->by = by;
  self->table_id = tst_id_new (table_id, strlen (table_id));
  self->cell_id = cell_id ? tst_id_new (cell_id, strlen (cell_id)) : NULL;
  self->set = by == TST_ROW_ORDER_BY_PLACE ? tst_slot_set_new () : NULL;
  self->tree = by == TST_ROW_ORDER_BY_PLACE ? NULL : tst_rank_tree_new (compare_cb, self);
  self->all = is_partial ? tst_slot_set_new () : NULL;
  self->touched = g_array_new (FALSE, FALSE, sizeof (guint32));

  if (!is_partial)
    tst_sorted_rows_fill (self, NULL);

  return self;
}

void
tst_sorted_rows_free (TstSortedRows *self)
{
  g_clear_pointer (&self->set, tst_slot_set_free);
  g_clear_pointer (&self->all, tst_slot_set_free);
  g_clear_pointer (&self->tree, tst_rank_tree_free);
  tst_id_unref (self->table_id);
  g_clear_pointer (&self->cell_id, tst_id_unref);
  g_array_unref (self->touched);
  g_free (self);
}
