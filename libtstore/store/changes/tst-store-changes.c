/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-changes-private.h"
#include "tst-store-intercept-private.h"
#include "tst-store-object-private.h"

/* Changes go into a store in two passes. What is set comes first, so that a
 * row of which every cell is another one now keeps its place, and a table of
 * which every row is; as long as nothing is removed, nothing becomes empty. */

/* --- What is set --- */

static gboolean
sets_something (const TstChangedRow *row)
{
  for (guint i = 0; i < row->n_cells; i++)
    if (tst_cell_type (&row->cells[i].new_cell) != TST_CELL_TYPE_NONE)
      return TRUE;

  return FALSE;
}

/* @changed sets something. */
static void
set_cells (TstEngine           *engine,
           TstTable            *table,
           const TstChangedRow *changed)
{
  const char *row_id = changed->id ? changed->id->text : "";
  guint32 row = tst_engine_ensure_row (engine, table, row_id, strlen (row_id), NULL);

  for (guint i = 0; i < changed->n_cells; i++)
    {
      const TstId *id = changed->cells[i].id;
      guint32 column;
      TstCell cell;

      if (tst_cell_type (&changed->cells[i].new_cell) == TST_CELL_TYPE_NONE)
        continue;

      column = tst_engine_ensure_column (engine, table, id->text, id->length);
      tst_cell_copy (&cell, &changed->cells[i].new_cell);
      tst_engine_set_at (engine, table, row, column, &cell);
    }
}

static void
set_rows (TstEngine             *engine,
          const TstChangedTable *changed)
{
  TstTable *table = NULL;

  for (guint i = 0; i < changed->n_rows; i++)
    {
      if (!sets_something (&changed->rows[i]))
        continue;

      if (table == NULL)
        table = tst_engine_ensure_table (engine, changed->id->text, changed->id->length, NULL);
      set_cells (engine, table, &changed->rows[i]);
    }
}

/* --- What is removed --- */

static void
remove_cells (TstStore            *self,
              TstTable            *table,
              const TstChangedRow *changed)
{
  const char *row_id = changed->id ? changed->id->text : "";

  for (guint i = 0; i < changed->n_cells; i++)
    if (tst_cell_type (&changed->cells[i].new_cell) == TST_CELL_TYPE_NONE)
      tst_store_remove_cell_in (self, table, row_id, changed->cells[i].id->text);
}

/* A table whose last row went is out of sight, but there until the end of the
 * transaction: nothing more is found in it. */
static void
remove_rows (TstStore              *self,
             const TstChangedTable *changed)
{
  TstTable *table = tst_engine_find_table (self->engine, changed->id->text);

  if (table == NULL)
    return;

  if (changed->delta < 0)
    {
      tst_engine_remove_table (self->engine, table);
      return;
    }

  for (guint i = 0; i < changed->n_rows; i++)
    {
      const TstChangedRow *row = &changed->rows[i];
      guint32 slot;

      if (row->delta >= 0)
        {
          remove_cells (self, table, row);
          continue;
        }

      slot = tst_id_map_find_id (&table->rows, row->id);
      if (slot != TST_ID_MAP_NONE)
        tst_engine_remove_row_at (self->engine, table, slot, TRUE);
    }
}

/**
 * tst_store_apply_changes:
 * @self: a store
 * @changes: changes
 * @error: where to put an error
 *
 * Does to a store what was done to another one.
 *
 * Everything that the changes set is set, and everything that they remove is
 * removed if it is there, in one transaction; all else stays as it is. To a
 * store that was as the other one was before, this makes it as the other one
 * is now: what is new comes behind what was there, in the same order; and what
 * was removed and added again in the one transaction keeps its place.
 *
 * ```python
 * copy = TStore.Store()
 * copy.set_json(store.get_json())
 * store.connect("changed", lambda store, changes: copy.apply_changes(changes))
 * ```
 *
 * A cell that is to be removed and that has a default in the schema becomes that.
 *
 * Returns: `TRUE` if the changes are made; `FALSE` if they were refused, and
 *   nothing changed: with [error@TStore.Error.SCHEMA] if they do not fit the schema,
 *   or with [error@TStore.Error.ROLLED_BACK] if a mutator has undone them
 *
 * Since: 0.1
 */
gboolean
tst_store_apply_changes (TstStore    *self,
                         TstChanges  *changes,
                         GError     **error)
{
  gboolean applied;
  gsize mark;

  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (changes != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (G_UNLIKELY (self->intercepted & TST_INTERCEPT_CHANGES))
    return tst_store_intercept_changes (self, changes, error);

  tst_changes_ref (changes);
  mark = tst_store_open_statement (self);

  for (guint i = 0; i < changes->n_tables; i++)
    set_rows (self->engine, &changes->tables[i]);
  if (sets_something (&changes->values))
    set_cells (self->engine, self->engine->values, &changes->values);

  for (guint i = 0; i < changes->n_tables; i++)
    remove_rows (self, &changes->tables[i]);
  remove_cells (self, self->engine->values, &changes->values);

  applied = tst_store_close_statement (self, mark, error);
  tst_changes_unref (changes);

  return applied;
}
