/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-changes-builder-private.h"

void
tst_changes_builder_init (TstChangesBuilder *self)
{
  tst_id_init_seed ();

  *self = (TstChangesBuilder) {
    .tables = g_array_new (FALSE, FALSE, sizeof (TstChangedTable)),
    .rows = g_array_new (FALSE, FALSE, sizeof (TstChangedRow)),
    .cell_ids = g_ptr_array_new_with_free_func ((GDestroyNotify) tst_id_unref),
  };
}

void
tst_changes_builder_clear (TstChangesBuilder *self)
{
  if (self->tables != NULL)
    tst_changes_unref (tst_changes_builder_end (self));

  g_clear_pointer (&self->tables, g_array_unref);
  g_clear_pointer (&self->rows, g_array_unref);
  g_clear_pointer (&self->cell_ids, g_ptr_array_unref);
  tst_id_map_clear (&self->cell_map);
}

static TstChangedTable *
last_table (TstChangesBuilder *self)
{
  return &g_array_index (self->tables, TstChangedTable, self->tables->len - 1);
}

static TstChangedRow *
last_row (TstChangesBuilder *self)
{
  return &g_array_index (self->rows, TstChangedRow, self->rows->len - 1);
}

/* --- Closing --- */

static void
take_cells (TstChangedRow   *row,
            TstChangedCells *cells)
{
  row->cells = cells->cells;
  row->n_cells = cells->n_cells;
  tst_id_map_clear (&cells->map);
  *cells = (TstChangedCells) { NULL, };
}

static void
close_row (TstChangesBuilder *self)
{
  if (self->rows->len > 0)
    take_cells (last_row (self), &self->cells);
}

/* Ids that were met stay until here, as they are in the map. */
static void
close_table (TstChangesBuilder *self)
{
  TstChangedTable *table;

  if (self->tables->len == 0)
    return;

  close_row (self);
  tst_id_map_clear (&self->row_map);

  table = last_table (self);
  table->rows = g_new (TstChangedRow, self->rows->len);
  for (guint i = 0; i < self->rows->len; i++)
    {
      const TstChangedRow *row = &g_array_index (self->rows, TstChangedRow, i);

      if (row->delta < 0 || row->n_cells > 0)
        table->rows[table->n_rows++] = *row;
      else
        tst_id_unref (row->id);
    }

  g_array_set_size (self->rows, 0);
}

TstChanges *
tst_changes_builder_end (TstChangesBuilder *self)
{
  TstChanges *changes = g_new0 (TstChanges, 1);

  close_table (self);
  tst_id_map_clear (&self->table_map);

  changes->ref_count = 1;
  changes->is_read = TRUE;
  changes->tables = g_new (TstChangedTable, self->tables->len);
  for (guint i = 0; i < self->tables->len; i++)
    {
      const TstChangedTable *table = &g_array_index (self->tables, TstChangedTable, i);

      if (table->delta < 0 || table->n_rows > 0)
        {
          changes->tables[changes->n_tables++] = *table;
        }
      else
        {
          g_free (table->rows);
          tst_id_unref (table->id);
        }
    }

  take_cells (&changes->values, &self->values);
  g_array_set_size (self->tables, 0);

  return changes;
}

/* --- Opening --- */

gboolean
tst_changes_builder_open_table (TstChangesBuilder *self,
                                const char        *id,
                                gsize              length)
{
  TstChangedTable table = { NULL, };
  TstIdKey key;

  tst_id_key_init (&key, id, length);
  if (tst_id_map_find (&self->table_map, &key) != TST_ID_MAP_NONE)
    return FALSE;

  close_table (self);
  table.id = tst_id_new_for_key (&key);
  g_array_append_val (self->tables, table);
  tst_id_map_insert (&self->table_map, table.id, self->tables->len - 1);

  return TRUE;
}

gboolean
tst_changes_builder_open_row (TstChangesBuilder *self,
                              const char        *id,
                              gsize              length)
{
  TstChangedRow row = { NULL, };
  TstIdKey key;

  tst_id_key_init (&key, id, length);
  if (tst_id_map_find (&self->row_map, &key) != TST_ID_MAP_NONE)
    return FALSE;

  close_row (self);
  row.id = tst_id_new_for_key (&key);
  g_array_append_val (self->rows, row);
  tst_id_map_insert (&self->row_map, row.id, self->rows->len - 1);

  return TRUE;
}

void
tst_changes_builder_remove_table (TstChangesBuilder *self)
{
  last_table (self)->delta = -1;
}

void
tst_changes_builder_remove_row (TstChangesBuilder *self)
{
  last_row (self)->delta = -1;
}

/* --- Cells --- */

static TstId *
ensure_cell_id (TstChangesBuilder *self,
                const char        *text,
                gsize              length)
{
  TstIdKey key;
  guint32 i;

  tst_id_key_init (&key, text, length);
  i = tst_id_map_find (&self->cell_map, &key);
  if (i == TST_ID_MAP_NONE)
    {
      i = self->cell_ids->len;
      g_ptr_array_add (self->cell_ids, tst_id_new_for_key (&key));
      tst_id_map_insert (&self->cell_map, g_ptr_array_index (self->cell_ids, i), i);
    }

  return g_ptr_array_index (self->cell_ids, i);
}

static gboolean
add_cell (TstChangesBuilder *self,
          TstChangedCells   *cells,
          const char        *text,
          gsize              length,
          TstCell           *cell)
{
  TstId *id = ensure_cell_id (self, text, length);
  TstChangedCell *changed;

  if (tst_changed_cells_find (cells, id) != NULL)
    return FALSE;

  changed = tst_changed_cells_add (cells, tst_id_ref (id));
  if (cell != NULL)
    {
      changed->new_cell = *cell;
      *cell = (TstCell) TST_CELL_INIT;
    }

  return TRUE;
}

gboolean
tst_changes_builder_add_cell (TstChangesBuilder *self,
                              const char        *id,
                              gsize              length,
                              TstCell           *cell)
{
  return add_cell (self, &self->cells, id, length, cell);
}

gboolean
tst_changes_builder_add_value (TstChangesBuilder *self,
                               const char        *id,
                               gsize              length,
                               TstCell           *cell)
{
  return add_cell (self, &self->values, id, length, cell);
}
