/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-engine-write-private.h"

/* What the log of a transaction is for: going back, or never again. */

#define MAX_IDLE_LOG 1024

/* --- The way back --- */

static void
undo_cell_changed (TstEngine *self,
                   TstTable  *table,
                   TstUndo   *undo)
{
  TstCell *cell;

  tst_table_own_chunk (table, undo->row / TST_CHUNK_ROWS);
  cell = tst_table_data_cell (table->data, undo->row, undo->column);
  tst_cell_clear (cell);
  *cell = undo->old;
}

static void
undo_cell_added (TstEngine *self,
                 TstTable  *table,
                 TstUndo   *undo)
{
  guint32 last = tst_table_data_head (table->data, undo->row)->layout->n - 1;
  TstCell cell = tst_table_take_cell (table, undo->row, last);

  tst_cell_clear (&cell);
}

static void
undo_table_removed (TstEngine *self,
                    TstUndo   *undo)
{
  TstTable *table = undo->old.wide.pointer;

  tst_engine_own_root (self);
  g_assert (self->tables[table->number] == NULL);
  tst_engine_put_table (self, table);
}

static void
undo_table_added (TstEngine *self,
                  TstTable  *table)
{
  g_assert (table->number == self->root->n_slots - 1);

  tst_engine_take_table_out (self, table);
  self->root->n_slots--;
  tst_table_free (table);
}

static void
undo_step (TstEngine *self,
           TstUndo   *undo)
{
  TstTable *table;

  if (undo->kind == TST_UNDO_TABLE_REMOVED)
    {
      undo_table_removed (self, undo);
      return;
    }

  table = tst_engine_get_table (self, undo->table);
  tst_engine_own_table (self, table);

  switch ((TstUndoKind) undo->kind)
    {
    case TST_UNDO_CELL_CHANGED:
      undo_cell_changed (self, table, undo);
      break;
    case TST_UNDO_CELL_ADDED:
      undo_cell_added (self, table, undo);
      break;
    case TST_UNDO_CELL_REMOVED:
      tst_table_insert_cell (table, undo->row, undo->position, undo->column, &undo->old);
      break;
    case TST_UNDO_ROW_ADDED:
      tst_table_pop_row (table, undo->row);
      break;
    case TST_UNDO_ROW_REMOVED:
      tst_table_unhide_row (table, undo->row);
      break;
    case TST_UNDO_TABLE_ADDED:
      undo_table_added (self, table);
      break;
    case TST_UNDO_POOL_COUNTED:
      table->next_row_number = (guint32) undo->old.words[1];
      break;
    case TST_UNDO_POOL_TAKEN:
      g_queue_push_head (&table->released_row_ids, undo->old.wide.pointer);
      break;
    case TST_UNDO_POOL_RELEASED:
      tst_id_unref (g_queue_pop_tail (&table->released_row_ids));
      break;
    case TST_UNDO_POOL_MARKED:
      tst_table_set_pooled (table, undo->row, undo->column != 0);
      break;
    case TST_UNDO_TABLE_REMOVED:
    default:
      g_assert_not_reached ();
    }
}

void
tst_engine_undo (TstEngine *self,
                 gsize      n_log)
{
  self->fresh_row = TST_ID_MAP_NONE;
  if (self->n_log == n_log)
    return;

  while (self->n_log > n_log)
    undo_step (self, &self->log[--self->n_log]);

  self->generation++;
  self->structure++;
  self->n_undone++;
}

/* --- No way back --- */

static void
forget_step (TstEngine *self,
             TstUndo   *undo)
{
  TstTable *table;

  switch ((TstUndoKind) undo->kind)
    {
    case TST_UNDO_CELL_CHANGED:
    case TST_UNDO_CELL_REMOVED:
      tst_cell_clear (&undo->old);
      break;
    case TST_UNDO_ROW_REMOVED:
      /* If its table is gone as well, it goes with it. */
      table = tst_engine_get_table (self, undo->table);
      if (table != NULL)
        {
          tst_engine_own_table (self, table);
          tst_table_bury_row (table, undo->row);
        }
      break;
    case TST_UNDO_TABLE_REMOVED:
      tst_table_free (undo->old.wide.pointer);
      break;
    case TST_UNDO_POOL_TAKEN:
      tst_id_unref (undo->old.wide.pointer);
      break;
    case TST_UNDO_CELL_ADDED:
    case TST_UNDO_ROW_ADDED:
    case TST_UNDO_TABLE_ADDED:
    case TST_UNDO_POOL_COUNTED:
    case TST_UNDO_POOL_RELEASED:
    case TST_UNDO_POOL_MARKED:
    default:
      break;
    }
}

/* --- Bookmarks --- */

void
tst_engine_add_bookmark (TstEngine   *self,
                         TstBookmark *bookmark)
{
  if (self->bookmarks == NULL)
    self->bookmarks = g_ptr_array_new ();
  g_ptr_array_add (self->bookmarks, bookmark);
}

void
tst_engine_remove_bookmark (TstEngine   *self,
                            TstBookmark *bookmark)
{
  g_ptr_array_remove_fast (self->bookmarks, bookmark);
}

/* Before holes are closed: then a slot is as many as there are rows before it. */
static void
move_bookmarks (TstEngine *self,
                TstTable  *table)
{
  for (guint i = 0; self->bookmarks != NULL && i < self->bookmarks->len; i++)
    {
      TstBookmark *bookmark = g_ptr_array_index (self->bookmarks, i);

      if (bookmark->table == table->identity)
        bookmark->slot = tst_table_count_rows_before (table, bookmark->slot);
    }
}

void
tst_engine_tidy_table (TstEngine *self,
                       TstTable  *table)
{
  if (tst_table_has_many_holes (table))
    move_bookmarks (self, table);
  if (tst_table_tidy (table))
    self->structure++;
}

/* Tables that lost rows or cells may want to be tidied up; each is asked once
 * for each run of steps in it. */
static void
tidy_touched_tables (TstEngine *self)
{
  TstTable *last = NULL;

  for (gsize i = 0; i < self->n_log; i++)
    {
      TstUndo *undo = &self->log[i];
      TstTable *table;

      if (undo->kind != TST_UNDO_ROW_REMOVED && undo->kind != TST_UNDO_CELL_REMOVED)
        continue;

      table = tst_engine_get_table (self, undo->table);
      if (table == NULL || table == last)
        continue;

      last = table;
      tst_engine_own_table (self, table);
      tst_engine_tidy_table (self, table);
    }
}

/* The log of most transactions: one cell, and nothing to tidy up. */
static inline gboolean
forget_one_cell (TstEngine *self)
{
  if (self->n_log != 1 ||
      (self->log[0].kind != TST_UNDO_CELL_CHANGED && self->log[0].kind != TST_UNDO_CELL_ADDED))
    return FALSE;

  tst_cell_clear (&self->log[0].old);
  self->n_log = 0;
  self->fresh_row = TST_ID_MAP_NONE;

  return TRUE;
}

void
tst_engine_forget (TstEngine *self)
{
  gboolean removed = FALSE;

  if (forget_one_cell (self))
    return;

  for (gsize i = 0; i < self->n_log; i++)
    {
      forget_step (self, &self->log[i]);
      removed |= self->log[i].kind == TST_UNDO_ROW_REMOVED ||
                 self->log[i].kind == TST_UNDO_CELL_REMOVED ||
                 self->log[i].kind == TST_UNDO_TABLE_REMOVED;
    }

  if (removed)
    {
      self->structure++; /* what was buried may be in other chunks */
      tst_engine_own_root (self);
      tidy_touched_tables (self);
      tst_engine_tidy_tables (self);
    }

  self->n_log = 0;
  self->fresh_row = TST_ID_MAP_NONE;
  if (self->log_capacity > MAX_IDLE_LOG)
    {
      g_clear_pointer (&self->log, g_free);
      self->log_capacity = 0;
    }
}
