/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-undo-step-private.h"

#include <glib/gi18n-lib.h>

#include "tst-changes-builder-private.h"
#include "tst-error.h"
#include "tst-schema-private.h"
#include "tst-store-schema.h"

/* Of rows with more cells, such as the keyed values, they are looked up in an index. */
#define MAX_LINEAR_CELLS 64

/* A cell that is absent is TST_CELL_TYPE_NONE. */
typedef struct
{
  TstId   *id;
  TstCell  old_cell;
  TstCell  new_cell;
} CellEdit;

typedef struct
{
  TstId    *table_id;  /* (nullable): NULL for the keyed values, as row_id */
  TstId    *row_id;    /* (nullable) */
  gboolean  was_there;
  gboolean  is_there;
  GArray   *cells;     /* of CellEdit, at least one */
} RowEdit;

struct _TstUndoStep
{
  GPtrArray *stretches;  /* of GArray of RowEdit; those of a table lie side by side */
};

static void
cell_edit_clear (gpointer data)
{
  CellEdit *self = data;

  tst_id_unref (self->id);
  tst_cell_clear (&self->old_cell);
  tst_cell_clear (&self->new_cell);
}

static void
row_edit_clear (gpointer data)
{
  RowEdit *self = data;

  g_clear_pointer (&self->table_id, tst_id_unref);
  g_clear_pointer (&self->row_id, tst_id_unref);
  g_array_unref (self->cells);
}

TstUndoStep *
tst_undo_step_new (void)
{
  TstUndoStep *self = g_new (TstUndoStep, 1);

  self->stretches = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);

  return self;
}

void
tst_undo_step_free (TstUndoStep *self)
{
  g_ptr_array_unref (self->stretches);
  g_free (self);
}

gboolean
tst_undo_step_is_empty (const TstUndoStep *self)
{
  return self->stretches->len == 0;
}

/* --- Comparing --- */

/* A row in its table; both NULL if there is none. */
typedef struct
{
  const TstTableData *table;
  const TstRowView   *row;
} Side;

static gboolean
is_at (const Side  *side,
       const TstId *id,
       guint        at)
{
  return tst_id_equal (tst_table_data_get_column_id (side->table, side->row->columns[at]), id);
}

/* Cells are mostly in the same order in both: the next one is where the last
 * one was found. */
static const TstCell *
find_cell (const Side  *side,
           const TstId *id,
           guint       *hint)
{
  guint n = side->row != NULL ? side->row->n_cells : 0;
  const TstCell *cell = NULL;

  if (*hint < n && is_at (side, id, *hint))
    cell = &side->row->cells[*hint];
  else if (n > MAX_LINEAR_CELLS)
    cell = tst_table_data_find_cell (side->table, side->row, id);
  else
    for (guint i = 0; i < n && cell == NULL; i++)
      if (is_at (side, id, i))
        cell = &side->row->cells[i];

  if (cell != NULL)
    *hint = cell - side->row->cells + 1;

  return cell;
}

static void
add_cell_edit (GArray        *cells,
               TstId         *id,
               const TstCell *old_cell,
               const TstCell *new_cell)
{
  CellEdit edit = { tst_id_ref (id), TST_CELL_INIT, TST_CELL_INIT };

  if (old_cell != NULL)
    tst_cell_copy (&edit.old_cell, old_cell);
  if (new_cell != NULL)
    tst_cell_copy (&edit.new_cell, new_cell);

  g_array_append_val (cells, edit);
}

static void
compare_cells (const Side *before,
               const Side *after,
               GArray     *cells)
{
  guint hint = 0;

  for (guint i = 0; after->row != NULL && i < after->row->n_cells; i++)
    {
      TstId *id = tst_table_data_get_column_id (after->table, after->row->columns[i]);
      const TstCell *old_cell = find_cell (before, id, &hint);

      if (old_cell == NULL || !tst_cell_equal (old_cell, &after->row->cells[i]))
        add_cell_edit (cells, id, old_cell, &after->row->cells[i]);
    }

  hint = 0;
  for (guint i = 0; before->row != NULL && i < before->row->n_cells; i++)
    {
      TstId *id = tst_table_data_get_column_id (before->table, before->row->columns[i]);

      if (find_cell (after, id, &hint) == NULL)
        add_cell_edit (cells, id, &before->row->cells[i], NULL);
    }
}

static void
compare_rows (GArray     *rows,
              TstId      *table_id,
              TstId      *row_id,
              const Side *before,
              const Side *after)
{
  RowEdit edit = {
    .table_id = table_id != NULL ? tst_id_ref (table_id) : NULL,
    .row_id = row_id != NULL ? tst_id_ref (row_id) : NULL,
    .was_there = before->row != NULL,
    .is_there = after->row != NULL,
    .cells = g_array_new (FALSE, FALSE, sizeof (CellEdit)),
  };

  g_array_set_clear_func (edit.cells, cell_edit_clear);
  compare_cells (before, after, edit.cells);

  if (edit.cells->len > 0)
    g_array_append_val (rows, edit);
  else
    row_edit_clear (&edit);
}

typedef struct
{
  GArray             *rows;
  const TstTableData *before;  /* (nullable) */
  const TstTableData *after;   /* (nullable) */
} Tables;

static gboolean
different_row_cb (const TstRowView *before,
                  const TstRowView *after,
                  gpointer          user_data)
{
  const Tables *tables = user_data;
  const TstTableData *table = tables->after != NULL ? tables->after : tables->before;

  g_assert (before != NULL || after != NULL);
  compare_rows (tables->rows, tst_table_data_get_id (table), after != NULL ? after->id : before->id,
                &(Side) { tables->before, before }, &(Side) { tables->after, after });

  return TRUE;
}

/* One of the two may be missing. */
static void
compare_tables (GArray             *rows,
                const TstTableData *before,
                const TstTableData *after)
{
  Tables tables = { rows, before, after };
  const TstTableData *table = after != NULL ? after : before;
  guint position = 0;
  TstRowView row;

  if (before != NULL && after != NULL)
    {
      tst_table_data_compare (before, after, different_row_cb, &tables);
      return;
    }

  while (tst_table_data_next_row (table, &position, &row))
    different_row_cb (before != NULL ? &row : NULL, after != NULL ? &row : NULL, &tables);
}

/* Tables are mostly in the same order in both, too. */
static const TstTableData *
find_table (const TstSnapshot *snapshot,
            const TstId       *id,
            guint             *hint)
{
  const TstTableData *table;
  guint position = *hint;

  if (tst_snapshot_next_table (snapshot, &position, &table) &&
      tst_id_equal (tst_table_data_get_id (table), id))
    {
      *hint = position;
      return table;
    }

  return tst_snapshot_find_table (snapshot, id->text);
}

static void
compare_all_tables (GArray            *rows,
                    const TstSnapshot *before,
                    const TstSnapshot *after)
{
  guint position = 0, hint = 0;
  const TstTableData *table;

  while (tst_snapshot_next_table (after, &position, &table))
    compare_tables (rows, find_table (before, tst_table_data_get_id (table), &hint), table);

  position = hint = 0;
  while (tst_snapshot_next_table (before, &position, &table))
    if (find_table (after, tst_table_data_get_id (table), &hint) == NULL)
      compare_tables (rows, table, NULL);
}

static void
compare_values (GArray            *rows,
                const TstSnapshot *before,
                const TstSnapshot *after)
{
  TstRowView old_row, new_row;
  Side old_side = { tst_snapshot_get_values (before, &old_row), &old_row };
  Side new_side = { tst_snapshot_get_values (after, &new_row), &new_row };

  if (old_side.table == NULL)
    old_side.row = NULL;
  if (new_side.table == NULL)
    new_side.row = NULL;

  if (old_side.table != new_side.table)
    compare_rows (rows, NULL, NULL, &old_side, &new_side);
}

void
tst_undo_step_append (TstUndoStep       *self,
                      const TstSnapshot *before,
                      const TstSnapshot *after)
{
  g_autoptr(GArray) rows = NULL;

  if (tst_snapshot_get_generation (before) == tst_snapshot_get_generation (after))
    return;

  rows = g_array_new (FALSE, FALSE, sizeof (RowEdit));
  g_array_set_clear_func (rows, row_edit_clear);
  compare_all_tables (rows, before, after);
  compare_values (rows, before, after);

  if (rows->len > 0)
    g_ptr_array_add (self->stretches, g_steal_pointer (&rows));
}

/* --- Taking back --- */

static const TstCell *
peek_cell (TstStore      *store,
           const RowEdit *row,
           const TstId   *id)
{
  if (row->table_id == NULL)
    return tst_store_peek_value (store, id->text);

  return tst_store_peek_cell (store, row->table_id->text, row->row_id->text, id->text);
}

/* Whether a cell is as it was left. */
static gboolean
is_as_left (TstStore       *store,
            const RowEdit  *row,
            const CellEdit *edit)
{
  const TstCell *cell = peek_cell (store, row, edit->id);

  if (cell == NULL)
    return tst_cell_type (&edit->new_cell) == TST_CELL_TYPE_NONE;

  return tst_cell_equal (cell, &edit->new_cell);
}

/* Whether a row that was added is: its cells, and no others. */
static gboolean
is_row_as_left (TstStore      *store,
                const RowEdit *row)
{
  g_auto(GStrv) cell_ids = tst_store_get_cell_ids (store, row->table_id->text, row->row_id->text);

  if (g_strv_length (cell_ids) != row->cells->len)
    return FALSE;

  for (guint i = 0; i < row->cells->len; i++)
    if (!is_as_left (store, row, &g_array_index (row->cells, CellEdit, i)))
      return FALSE;

  return TRUE;
}

/* Whether a cell that was added would become what it is if it were removed. */
static gboolean
is_default (TstStore       *store,
            const RowEdit  *row,
            const CellEdit *edit)
{
  TstSchema *schema = tst_store_get_schema (store);
  TstCellSpec *spec = NULL;
  const TstCell *cell;

  if (schema == NULL || tst_cell_type (&edit->old_cell) != TST_CELL_TYPE_NONE)
    return FALSE;

  spec = row->table_id ? tst_schema_get_cell (schema, row->table_id->text, edit->id->text)
                       : tst_schema_get_value (schema, edit->id->text);
  cell = spec ? tst_cell_spec_peek_default (spec) : NULL;

  return cell != NULL && tst_cell_equal (cell, &edit->new_cell);
}

static void
build_cells (TstChangesBuilder *builder,
             TstStore          *store,
             const RowEdit     *row)
{
  TstAddCellFunc add = row->table_id ? tst_changes_builder_add_cell : tst_changes_builder_add_value;

  for (guint i = 0; i < row->cells->len; i++)
    {
      const CellEdit *edit = &g_array_index (row->cells, CellEdit, i);
      TstCell cell;

      if (!is_as_left (store, row, edit) || is_default (store, row, edit))
        continue;

      tst_cell_copy (&cell, &edit->old_cell);
      add (builder, edit->id->text, edit->id->length,
           tst_cell_type (&cell) != TST_CELL_TYPE_NONE ? &cell : NULL);
    }
}

/* A row that was added is removed as a whole, or not at all: what somebody else has added
 * to is not torn apart. One that was removed comes back around what others have put there
 * since; and one that others have removed stays away. */
static void
build_row (TstChangesBuilder *builder,
           TstStore          *store,
           const RowEdit     *row)
{
  gboolean is_there = tst_store_has_row (store, row->table_id->text, row->row_id->text);

  if (row->is_there && !is_there)
    return;

  tst_changes_builder_open_row (builder, row->row_id->text, row->row_id->length);

  if (row->was_there)
    build_cells (builder, store, row);
  else if (is_row_as_left (store, row))
    tst_changes_builder_remove_row (builder);
}

/* Returns: (transfer full): what is left to be taken back */
static TstChanges *
build_changes (GArray   *rows,
               TstStore *store)
{
  g_auto(TstChangesBuilder) builder;
  const TstId *table_id = NULL;

  tst_changes_builder_init (&builder);

  for (guint i = 0; i < rows->len; i++)
    {
      const RowEdit *row = &g_array_index (rows, RowEdit, i);

      if (row->table_id == NULL)
        {
          build_cells (&builder, store, row);
          continue;
        }

      if (table_id == NULL || !tst_id_equal (table_id, row->table_id))
        tst_changes_builder_open_table (&builder, row->table_id->text, row->table_id->length);
      table_id = row->table_id;
      build_row (&builder, store, row);
    }

  return tst_changes_builder_end (&builder);
}

/* Interceptors may let through a part, which is too little. */
static gboolean
revert_stretch (GArray    *rows,
                TstStore  *store,
                GError   **error)
{
  g_autoptr(TstChanges) changes = build_changes (rows, store);
  g_autoptr(TstChanges) rest = NULL;

  if (tst_changes_is_empty (changes))
    return TRUE;

  if (!tst_store_apply_changes (store, changes, error))
    return FALSE;

  rest = build_changes (rows, store);
  if (tst_changes_is_empty (rest))
    return TRUE;

  g_set_error_literal (error, TST_ERROR, TST_ERROR_REFUSED,
                       _("An interceptor refused a part of the step"));
  return FALSE;
}

gboolean
tst_undo_step_revert (const TstUndoStep  *self,
                      TstStore           *store,
                      GError            **error)
{
  for (guint i = self->stretches->len; i > 0; i--)
    if (!revert_stretch (g_ptr_array_index (self->stretches, i - 1), store, error))
      return FALSE;

  return TRUE;
}
