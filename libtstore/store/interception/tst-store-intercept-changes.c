/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-changes-builder-private.h"
#include "tst-store-intercept-private.h"

/* Changes that are applied, and intercepted. What comes out of it are changes
 * again. */

typedef struct
{
  TstAsking          asking;
  TstStore          *store;
  TstChangesBuilder  outcome;
} Applying;

/* --- What is removed --- */

static void
open_row (Applying    *self,
          const TstId *id)
{
  tst_changes_builder_open_row (&self->outcome, id->text, id->length);
}

/* What is gone of the table or row that is open, from @first on. */
static void
add_gone (Applying *self,
          guint     first)
{
  const TstId *row_id = NULL;

  for (guint i = first; i < self->asking.gone->len; i++)
    {
      const TstPath *path = &g_array_index (self->asking.gone, TstPath, i);

      if (path->row_id == NULL)
        {
          tst_changes_builder_remove_table (&self->outcome);
          continue;
        }

      if (row_id == NULL || !tst_id_equal (path->row_id, row_id))
        open_row (self, path->row_id);
      row_id = path->row_id;

      if (path->id == NULL)
        tst_changes_builder_remove_row (&self->outcome);
      else
        tst_changes_builder_add_cell (&self->outcome, path->id->text, path->id->length, NULL);
    }
}

static void
apply_removed_row (Applying            *self,
                   const char          *table_id,
                   const TstChangedRow *changed)
{
  guint first = self->asking.gone->len;

  if (tst_store_has_row (self->store, table_id, changed->id->text))
    tst_asking_remove_row (&self->asking, table_id, changed->id->text);
  add_gone (self, first);
}

static void
apply_removed_table (Applying   *self,
                     const char *table_id)
{
  guint first = self->asking.gone->len;

  if (tst_store_has_table (self->store, table_id))
    tst_asking_remove_table (&self->asking, table_id);
  add_gone (self, first);
}

/* --- Cells --- */

static void
apply_cell (Applying             *self,
            TstAskedRow          *row,
            const TstChangedCell *changed)
{
  TstAddCellFunc add = row->table_id ? tst_changes_builder_add_cell : tst_changes_builder_add_value;
  const TstId *id = changed->id;
  TstCell cell;

  if (tst_cell_type (&changed->new_cell) == TST_CELL_TYPE_NONE)
    {
      if (tst_asked_row_peek (row, self->store, id->text) != NULL &&
          tst_asking_remove_cell (&self->asking, row->table_id, row->row_id, id->text))
        add (&self->outcome, id->text, id->length, NULL);
      return;
    }

  tst_cell_copy (&cell, &changed->new_cell);
  if (tst_asking_set_cell (&self->asking, row, id->text, &cell) &&
      !add (&self->outcome, id->text, id->length, &cell))
    tst_cell_clear (&cell);
}

/* @table_id: (nullable): NULL for the values */
static void
apply_cells (Applying            *self,
             const char          *table_id,
             const TstChangedRow *changed)
{
  TstAskedRow row = { table_id, table_id ? changed->id->text : NULL, NULL };

  for (guint i = 0; i < changed->n_cells; i++)
    apply_cell (self, &row, &changed->cells[i]);
}

/* --- Tables --- */

static void
apply_table (Applying              *self,
             const TstChangedTable *changed)
{
  const char *table_id = changed->id->text;

  tst_changes_builder_open_table (&self->outcome, table_id, changed->id->length);

  if (changed->delta < 0)
    {
      apply_removed_table (self, table_id);
      return;
    }

  for (guint i = 0; i < changed->n_rows; i++)
    {
      const TstChangedRow *row = &changed->rows[i];

      if (row->delta < 0)
        {
          apply_removed_row (self, table_id, row);
          continue;
        }

      open_row (self, row->id);
      apply_cells (self, table_id, row);
    }
}

/* --- Everything --- */

/* Returns: (transfer full) (nullable): what came out of it */
static TstChanges *
ask (Applying   *self,
     TstChanges *changes)
{
  g_autoptr(TstWrite) write = NULL;

  if (!tst_asking_wants (&self->asking, TST_WRITE_APPLY_CHANGES) || tst_changes_is_empty (changes))
    return tst_changes_ref (changes);

  write = tst_write_new (TST_WRITE_APPLY_CHANGES, NULL, NULL, NULL);
  tst_write_take_changes (write, tst_changes_ref (changes));

  return tst_asking_ask (&self->asking, write) ? tst_write_get_changes (write) : NULL;
}

static gboolean
write_outcome (Applying *self)
{
  g_autoptr(TstChanges) changes = tst_changes_builder_end (&self->outcome);
  TstWriteKinds intercepted = tst_asking_let_through (&self->asking);
  g_autoptr(GError) error = NULL;
  gboolean applied;

  applied = tst_store_apply_changes (self->store, changes, &error);
  tst_asking_intercept_again (&self->asking, intercepted);
  if (!applied)
    tst_asking_take_error (&self->asking, g_steal_pointer (&error));

  return applied;
}

gboolean
tst_store_intercept_changes (TstStore    *self,
                             TstChanges  *changes,
                             GError     **error)
{
  g_autoptr(TstChanges) altered = NULL;
  Applying applying = { .store = self };
  gboolean done = FALSE;

  tst_asking_begin (&applying.asking, self);
  tst_changes_builder_init (&applying.outcome);

  altered = ask (&applying, changes);
  if (altered != NULL)
    {
      for (guint i = 0; i < altered->n_tables; i++)
        apply_table (&applying, &altered->tables[i]);
      apply_cells (&applying, NULL, &altered->values);
      done = tst_asking_has_effect (&applying.asking) && write_outcome (&applying);
    }

  tst_changes_builder_clear (&applying.outcome);

  return tst_asking_end (&applying.asking, done, error);
}
