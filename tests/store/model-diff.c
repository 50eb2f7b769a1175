/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "model.h"

/* What differs between two contents. */

static void
ids_init (ModelIds *self)
{
  self->added = g_ptr_array_new ();
  self->removed = g_ptr_array_new ();
}

static void
ids_clear (ModelIds *self)
{
  g_ptr_array_unref (self->added);
  g_ptr_array_unref (self->removed);
}

static void
row_diff_free (ModelRowDiff *self)
{
  ids_clear (&self->ids);
  g_array_unref (self->cells);
  g_free (self);
}

static void
table_diff_free (ModelTableDiff *self)
{
  ids_clear (&self->ids);
  ids_clear (&self->cell_ids);
  g_ptr_array_unref (self->rows);
  g_free (self);
}

/* Where @id is in a row; mostly where it was in the other one. */
static const ModelValue *
find_cell_near (const ModelRow *row,
                guint           i,
                const char     *id)
{
  if (row == NULL)
    return NULL;
  if (i < row->n_cells && row->cells[i].id == id)
    return &row->cells[i].value;

  return model_row_find (row, id);
}

static void
diff_cells (ModelRowDiff   *diff,
            const ModelRow *before,
            const ModelRow *after)
{
  static const ModelValue none;

  for (guint i = 0; before != NULL && i < before->n_cells; i++)
    {
      const ModelCell *cell = &before->cells[i];
      const ModelValue *now = find_cell_near (after, i, cell->id);

      if (now != NULL && model_value_equal (now, &cell->value))
        continue;
      if (now == NULL)
        g_ptr_array_add (diff->ids.removed, (gpointer) cell->id);
      g_array_append_vals (diff->cells,
                           &(ModelCellDiff) { cell->id, now != NULL ? *now : none, cell->value },
                           1);
    }

  for (guint i = 0; after != NULL && i < after->n_cells; i++)
    {
      const ModelCell *cell = &after->cells[i];

      if (find_cell_near (before, i, cell->id) != NULL)
        continue;
      g_ptr_array_add (diff->ids.added, (gpointer) cell->id);
      g_array_append_vals (diff->cells, &(ModelCellDiff) { cell->id, cell->value, none }, 1);
    }
}

/* NULL if there is no difference. Each row may be NULL. */
static ModelRowDiff *
row_diff (const char     *id,
          const ModelRow *before,
          const ModelRow *after)
{
  ModelRowDiff *self;

  if (before == after)
    return NULL;

  self = g_new0 (ModelRowDiff, 1);
  self->id = id;
  ids_init (&self->ids);
  self->cells = g_array_new (FALSE, FALSE, sizeof (ModelCellDiff));
  diff_cells (self, before, after);

  if (self->cells->len == 0)
    g_clear_pointer (&self, row_diff_free);

  return self;
}

/* The same for rows: mostly the one after the one that was found last. */
static const ModelRow *
find_row_near (const ModelTable *table,
               guint            *near,
               const char       *id)
{
  int found;

  if (table == NULL)
    return NULL;
  if (*near < table->n_rows && table->rows[*near].id == id)
    return table->rows[(*near)++].row;

  found = model_table_find_row (table, id);
  if (found < 0)
    return NULL;

  *near = found + 1;

  return table->rows[found].row;
}

static void
table_diff_add (ModelTableDiff *self,
                const char     *row_id,
                const ModelRow *before,
                const ModelRow *after)
{
  ModelRowDiff *diff = row_diff (row_id, before, after);

  if (diff == NULL)
    return;

  if (before == NULL)
    g_ptr_array_add (self->ids.added, (gpointer) row_id);
  if (after == NULL)
    g_ptr_array_add (self->ids.removed, (gpointer) row_id);
  g_ptr_array_add (self->rows, diff);
}

/* Which of @ids some row had and none has, or the other way. */
static void
diff_cell_ids (ModelIds         *diff,
               const GPtrArray  *ids,
               const ModelTable *before,
               const ModelTable *after)
{
  for (guint i = 0; i < ids->len; i++)
    {
      const char *id = ids->pdata[i];
      GPtrArray *changed = model_table_has_cell (after, id) ? diff->added : diff->removed;

      if (model_table_has_cell (before, id) != model_table_has_cell (after, id) &&
          !g_ptr_array_find (changed, id, NULL))
        g_ptr_array_add (changed, (gpointer) id);
    }
}

static ModelTableDiff *
table_diff (const char       *id,
            const ModelTable *before,
            const ModelTable *after)
{
  ModelTableDiff *self;
  guint near = 0;

  if (before == after)
    return NULL;

  self = g_new0 (ModelTableDiff, 1);
  self->id = id;
  ids_init (&self->ids);
  ids_init (&self->cell_ids);
  self->n_before = before != NULL ? before->n_rows : 0;
  self->n_after = after != NULL ? after->n_rows : 0;
  self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) row_diff_free);

  for (guint i = 0; before != NULL && i < before->n_rows; i++)
    table_diff_add (self, before->rows[i].id, before->rows[i].row,
                    find_row_near (after, &near, before->rows[i].id));
  near = 0;
  for (guint i = 0; after != NULL && i < after->n_rows; i++)
    {
      if (find_row_near (before, &near, after->rows[i].id) == NULL)
        table_diff_add (self, after->rows[i].id, NULL, after->rows[i].row);
    }
  for (guint i = 0; i < self->rows->len; i++)
    {
      const ModelRowDiff *row = g_ptr_array_index (self->rows, i);

      diff_cell_ids (&self->cell_ids, row->ids.added, before, after);
      diff_cell_ids (&self->cell_ids, row->ids.removed, before, after);
    }

  if (self->rows->len == 0)
    g_clear_pointer (&self, table_diff_free);

  return self;
}

static void
diff_add (ModelDiff        *self,
          const char       *table_id,
          const ModelTable *before,
          const ModelTable *after)
{
  ModelTableDiff *diff = table_diff (table_id, before, after);

  if (diff == NULL)
    return;

  if (before == NULL)
    g_ptr_array_add (self->ids.added, (gpointer) table_id);
  if (after == NULL)
    g_ptr_array_add (self->ids.removed, (gpointer) table_id);
  g_ptr_array_add (self->tables, diff);
}

ModelDiff *
model_diff (const ModelContent *before,
            const ModelContent *after)
{
  ModelDiff *self = g_new0 (ModelDiff, 1);

  ids_init (&self->ids);
  self->tables = g_ptr_array_new_with_free_func ((GDestroyNotify) table_diff_free);

  for (guint i = 0; i < before->n_tables; i++)
    diff_add (self, before->tables[i].id, before->tables[i].table,
              model_content_find (after, before->tables[i].id));
  for (guint i = 0; i < after->n_tables; i++)
    {
      if (model_content_find (before, after->tables[i].id) == NULL)
        diff_add (self, after->tables[i].id, NULL, after->tables[i].table);
    }

  self->before = before;
  self->after = after;
  self->values = row_diff (NULL, before->values, after->values);

  return self;
}

void
model_diff_free (ModelDiff *self)
{
  ids_clear (&self->ids);
  g_ptr_array_unref (self->tables);
  g_clear_pointer (&self->values, row_diff_free);
  g_free (self);
}

gboolean
model_diff_is_empty (const ModelDiff *self)
{
  return self->tables->len == 0 && self->values == NULL;
}
