/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "model.h"

#include <string.h>

/* The library keeps at most so many released row ids of a table. */
#define MAX_RELEASED 1000

const char *
model_intern (const char *text)
{
  static GHashTable *texts;
  const char *found;

  if (texts == NULL)
    texts = g_hash_table_new (g_str_hash, g_str_equal);

  found = g_hash_table_lookup (texts, text);
  if (found == NULL)
    {
      char *copy = g_strdup (text);

      g_hash_table_add (texts, copy);
      found = copy;
    }

  return found;
}

/* --- Values --- */

gboolean
model_value_equal (const ModelValue *a,
                   const ModelValue *b)
{
  return a->type == b->type && a->number == b->number && a->text == b->text;
}

/* As a store gives values out: objects and arrays look like strings. */
ModelValue
model_value_from (const GValue *value)
{
  ModelValue result = { TST_CELL_TYPE_NONE, 0, NULL };

  if (value == NULL)
    return result;

  if (G_VALUE_HOLDS_STRING (value))
    {
      result.type = TST_CELL_TYPE_STRING;
      result.text = model_intern (g_value_get_string (value));
    }
  else if (G_VALUE_HOLDS_DOUBLE (value))
    {
      result.type = TST_CELL_TYPE_NUMBER;
      result.number = g_value_get_double (value);
    }
  else if (G_VALUE_HOLDS_BOOLEAN (value))
    {
      result.type = TST_CELL_TYPE_BOOLEAN;
      result.number = g_value_get_boolean (value) ? 1 : 0;
    }
  else
    {
      g_assert_true (G_VALUE_HOLDS_POINTER (value));
      g_assert_null (g_value_get_pointer (value));
      result.type = TST_CELL_TYPE_NULL;
    }

  return result;
}

char *
model_value_print (const ModelValue *value)
{
  if (value->text != NULL)
    return g_strdup_printf ("%d '%s'", value->type, value->text);

  return g_strdup_printf ("%d %.17g", value->type, value->number);
}

/* --- Rows --- */

static ModelRow *
row_new (void)
{
  ModelRow *self = g_new0 (ModelRow, 1);

  self->ref_count = 1;

  return self;
}

static ModelRow *
row_ref (ModelRow *self)
{
  self->ref_count++;

  return self;
}

static void
row_unref (ModelRow *self)
{
  if (--self->ref_count > 0)
    return;

  g_free (self->cells);
  g_free (self);
}

/* Makes *row a copy that nobody else holds. */
static ModelRow *
row_own (ModelRow **row)
{
  ModelRow *self = *row;

  if (self->ref_count > 1)
    {
      ModelRow *copy = row_new ();

      copy->n_cells = copy->n_allocated = self->n_cells;
      copy->cells = g_memdup2 (self->cells, self->n_cells * sizeof (ModelCell));
      row_unref (self);
      *row = copy;
    }

  return *row;
}

MODEL_UNSANITIZED ModelValue *
model_row_find (const ModelRow *self,
                const char     *cell_id)
{
  for (guint i = 0; i < self->n_cells; i++)
    {
      if (self->cells[i].id == cell_id)
        return &self->cells[i].value;
    }

  return NULL;
}

static void
row_set (ModelRow   **row,
         const char  *cell_id,
         ModelValue   value)
{
  ModelValue *found = model_row_find (*row, cell_id);
  ModelRow *self;

  if (found != NULL && model_value_equal (found, &value))
    return;

  self = row_own (row);
  found = model_row_find (self, cell_id);
  if (found != NULL)
    {
      *found = value;
      return;
    }

  if (self->n_cells == self->n_allocated)
    {
      self->n_allocated = self->n_allocated * 2 + 4;
      self->cells = g_renew (ModelCell, self->cells, self->n_allocated);
    }
  self->cells[self->n_cells++] = (ModelCell) { cell_id, value };
}

static void
row_remove_at (ModelRow **row,
               guint      i)
{
  ModelRow *self = row_own (row);

  self->n_cells--;
  memmove (self->cells + i, self->cells + i + 1, (self->n_cells - i) * sizeof (ModelCell));
}

static gboolean
row_remove (ModelRow   **row,
            const char  *cell_id)
{
  for (guint i = 0; i < (*row)->n_cells; i++)
    {
      if ((*row)->cells[i].id == cell_id)
        {
          row_remove_at (row, i);
          return TRUE;
        }
    }

  return FALSE;
}

/* First what comes in, then the removal of what is left over. */
static void
row_fill (ModelRow           **row,
          const ModelRowSpec  *spec,
          const ModelCell     *cells,
          guint                n_cells,
          gboolean             partial)
{
  for (guint i = 0; i < n_cells; i++)
    row_set (row, cells[i].id, cells[i].value);

  for (guint i = 0; !partial && i < (*row)->n_cells; )
    {
      const char *id = (*row)->cells[i].id;
      const ModelValue *fallback = model_row_spec_find_default (spec, id);
      gboolean wanted = i < n_cells && cells[i].id == id;

      for (guint j = 0; !wanted && j < n_cells; j++)
        wanted = cells[j].id == id;

      if (!wanted && fallback == NULL)
        {
          row_remove_at (row, i);
          continue;
        }

      if (!wanted)
        row_set (row, id, *fallback);
      i++;
    }
}

/* --- Tables --- */

static ModelTable *
table_new (void)
{
  ModelTable *self = g_new0 (ModelTable, 1);

  self->ref_count = 1;
  self->released = g_ptr_array_new ();

  return self;
}

static ModelTable *
table_ref (ModelTable *self)
{
  self->ref_count++;

  return self;
}

static void
table_unref (ModelTable *self)
{
  if (--self->ref_count > 0)
    return;

  for (guint i = 0; i < self->n_rows; i++)
    row_unref (self->rows[i].row);
  g_ptr_array_unref (self->released);
  g_free (self->rows);
  g_free (self);
}

static ModelTable *
table_own (ModelTable **table)
{
  ModelTable *self = *table;

  if (self->ref_count > 1)
    {
      ModelTable *copy = table_new ();

      copy->n_rows = copy->n_allocated = self->n_rows;
      copy->rows = g_memdup2 (self->rows, self->n_rows * sizeof (ModelRowEntry));
      for (guint i = 0; i < copy->n_rows; i++)
        row_ref (copy->rows[i].row);
      copy->next_id = self->next_id;
      g_ptr_array_extend (copy->released, self->released, NULL, NULL);
      table_unref (self);
      *table = copy;
    }

  return *table;
}

int
model_table_find_row (const ModelTable *self,
                      const char       *row_id)
{
  for (guint i = 0; i < self->n_rows; i++)
    {
      if (self->rows[i].id == row_id)
        return i;
    }

  return -1;
}

gboolean
model_table_has_cell (const ModelTable *self,
                      const char       *cell_id)
{
  for (guint i = 0; self != NULL && i < self->n_rows; i++)
    if (model_row_find (self->rows[i].row, cell_id) != NULL)
      return TRUE;

  return FALSE;
}

/* Returns the row, made if there is none; the table is the caller's own. */
static ModelRow **
table_ensure_row (ModelTable *self,
                  const char *row_id)
{
  int i = model_table_find_row (self, row_id);

  if (i < 0)
    {
      if (self->n_rows == self->n_allocated)
        {
          self->n_allocated = self->n_allocated * 2 + 4;
          self->rows = g_renew (ModelRowEntry, self->rows, self->n_allocated);
        }
      i = self->n_rows++;
      self->rows[i] = (ModelRowEntry) { row_id, row_new () };
    }

  return &self->rows[i].row;
}

static void
table_remove_row_at (ModelTable *self,
                     guint       i)
{
  row_unref (self->rows[i].row);
  self->n_rows--;
  memmove (self->rows + i, self->rows + i + 1, (self->n_rows - i) * sizeof (ModelRowEntry));
}

static void
table_release_id (ModelTable *self,
                  const char *row_id)
{
  if (*row_id != '\0' && strspn (row_id, "0123456789") == strlen (row_id) &&
      self->released->len < MAX_RELEASED)
    g_ptr_array_add (self->released, (gpointer) row_id);
}

/* --- Content --- */

ModelContent *
model_content_new (void)
{
  ModelContent *self = g_new0 (ModelContent, 1);

  self->ref_count = 1;
  self->values = row_new ();

  return self;
}

ModelContent *
model_content_ref (ModelContent *self)
{
  self->ref_count++;

  return self;
}

void
model_content_unref (ModelContent *self)
{
  if (--self->ref_count > 0)
    return;

  for (guint i = 0; i < self->n_tables; i++)
    table_unref (self->tables[i].table);
  row_unref (self->values);
  g_free (self->tables);
  g_free (self);
}

static ModelContent *
content_own (ModelContent **content)
{
  ModelContent *self = *content;

  if (self->ref_count > 1)
    {
      ModelContent *copy = g_new0 (ModelContent, 1);

      copy->ref_count = 1;
      copy->n_tables = copy->n_allocated = self->n_tables;
      copy->tables = g_memdup2 (self->tables, self->n_tables * sizeof (ModelTableEntry));
      for (guint i = 0; i < copy->n_tables; i++)
        table_ref (copy->tables[i].table);
      copy->values = row_ref (self->values);
      model_content_unref (self);
      *content = copy;
    }

  return *content;
}

static int
content_find_table (const ModelContent *self,
                    const char         *table_id)
{
  for (guint i = 0; i < self->n_tables; i++)
    {
      if (self->tables[i].id == table_id)
        return i;
    }

  return -1;
}

ModelTable *
model_content_find (const ModelContent *self,
                    const char         *table_id)
{
  int i = content_find_table (self, table_id);

  return i < 0 ? NULL : self->tables[i].table;
}

ModelRow *
model_content_find_row (const ModelContent *self,
                        const char         *table_id,
                        const char         *row_id)
{
  ModelTable *table = model_content_find (self, table_id);
  int i = table != NULL ? model_table_find_row (table, row_id) : -1;

  return i < 0 ? NULL : table->rows[i].row;
}

/* Returns the table, made if there is none, for writing. */
static ModelTable *
content_write_table (ModelContent **content,
                     const char    *table_id)
{
  ModelContent *self = content_own (content);
  int i = content_find_table (self, table_id);

  if (i < 0)
    {
      if (self->n_tables == self->n_allocated)
        {
          self->n_allocated = self->n_allocated * 2 + 4;
          self->tables = g_renew (ModelTableEntry, self->tables, self->n_allocated);
        }
      i = self->n_tables++;
      self->tables[i] = (ModelTableEntry) { table_id, table_new () };
    }

  return table_own (&self->tables[i].table);
}

static void
content_remove_table_at (ModelContent **content,
                         guint          i)
{
  ModelContent *self = content_own (content);

  table_unref (self->tables[i].table);
  self->n_tables--;
  memmove (self->tables + i, self->tables + i + 1,
           (self->n_tables - i) * sizeof (ModelTableEntry));
}

void
model_content_set_cell (ModelContent **self,
                        const char    *table_id,
                        const char    *row_id,
                        const char    *cell_id,
                        ModelValue     value)
{
  ModelTable *table = content_write_table (self, table_id);

  row_set (table_ensure_row (table, row_id), cell_id, value);
}

void
model_content_set_value (ModelContent **self,
                         const char    *value_id,
                         ModelValue     value)
{
  row_set (&content_own (self)->values, value_id, value);
}

static gboolean
row_equal (const ModelRow *a,
           const ModelRow *b)
{
  if (a == b)
    return TRUE;
  if (a->n_cells != b->n_cells)
    return FALSE;

  for (guint i = 0; i < a->n_cells; i++)
    {
      ModelValue *other = model_row_find (b, a->cells[i].id);

      if (other == NULL || !model_value_equal (&a->cells[i].value, other))
        return FALSE;
    }

  return TRUE;
}

gboolean
model_content_equal (const ModelContent *a,
                     const ModelContent *b)
{
  g_autoptr(ModelDiff) diff = NULL;

  if (a->n_tables != b->n_tables || !row_equal (a->values, b->values))
    return FALSE;

  diff = model_diff (a, b);

  return model_diff_is_empty (diff);
}

/* --- The store --- */

Model *
model_new (void)
{
  Model *self = g_new0 (Model, 1);

  self->now = model_content_new ();
  self->stack = g_ptr_array_new_with_free_func ((GDestroyNotify) model_content_unref);
  self->schemas = g_ptr_array_new ();
  self->misfits = g_array_new (FALSE, FALSE, sizeof (ModelPlace));
  self->touched = g_array_new (FALSE, FALSE, sizeof (ModelPlace));

  return self;
}

void
model_free (Model *self)
{
  model_content_unref (self->now);
  g_ptr_array_unref (self->stack);
  g_ptr_array_unref (self->schemas);
  g_array_unref (self->misfits);
  g_array_unref (self->touched);
  g_free (self);
}

gboolean
model_set_cell (Model      *self,
                const char *table_id,
                const char *row_id,
                const char *cell_id,
                ModelValue  value)
{
  model_open_statement (self);
  model_touch (self, table_id, row_id);
  model_content_set_cell (&self->now, table_id, row_id, cell_id, value);

  return model_close_statement (self);
}

/* Removes a row, and the table if it was the last; gives its id to the pool
 * if the row was removed as such, not by the removal of its last cell. */
static void
remove_row_at (Model    *self,
               guint     t,
               guint     r,
               gboolean  release)
{
  ModelContent *content = content_own (&self->now);
  ModelTable *table = table_own (&content->tables[t].table);

  if (release)
    table_release_id (table, table->rows[r].id);
  table_remove_row_at (table, r);
  if (table->n_rows == 0)
    content_remove_table_at (&self->now, t);
}

static void
remove_cell (Model      *self,
             const char *table_id,
             const char *row_id,
             const char *cell_id)
{
  ModelTable *table = content_write_table (&self->now, table_id);
  int r = model_table_find_row (table, row_id);

  row_remove (&table->rows[r].row, cell_id);
  if (table->rows[r].row->n_cells == 0)
    remove_row_at (self, content_find_table (self->now, table_id), r, FALSE);
}

gboolean
model_remove_cell (Model      *self,
                   const char *table_id,
                   const char *row_id,
                   const char *cell_id)
{
  const ModelRowSpec *spec = model_schema_find (self->schema, table_id);
  const ModelValue *fallback = model_row_spec_find_default (spec, cell_id);
  ModelRow *row = model_content_find_row (self->now, table_id, row_id);

  if (row == NULL || model_row_find (row, cell_id) == NULL)
    return FALSE;

  if (fallback != NULL)
    return model_set_cell (self, table_id, row_id, cell_id, *fallback);

  if (spec != NULL && model_spec_is_asked_for (model_row_spec_find (spec, cell_id)))
    {
      model_refuse (self, table_id, row_id, cell_id);
      return FALSE;
    }

  remove_cell (self, table_id, row_id, cell_id);

  return TRUE;
}

gboolean
model_set_row (Model           *self,
               const char      *table_id,
               const char      *row_id,
               const ModelCell *cells,
               guint            n_cells,
               gboolean         partial)
{
  ModelTable *table;

  if (n_cells == 0)
    return TRUE;

  model_open_statement (self);
  model_touch (self, table_id, row_id);
  table = content_write_table (&self->now, table_id);
  row_fill (table_ensure_row (table, row_id), model_schema_find (self->schema, table_id),
            cells, n_cells, partial);

  return model_close_statement (self);
}

static const char *
take_id (ModelTable *table,
         gboolean    reuse)
{
  for (;;)
    {
      g_autofree char *text = NULL;
      const char *id;

      if (reuse && table->released->len > 0)
        {
          id = g_ptr_array_steal_index (table->released, 0);
        }
      else
        {
          text = g_strdup_printf ("%" G_GUINT64_FORMAT, table->next_id++);
          id = model_intern (text);
        }

      if (model_table_find_row (table, id) < 0)
        return id;
    }
}

const char *
model_add_row (Model           *self,
               const char      *table_id,
               const ModelCell *cells,
               guint            n_cells,
               gboolean         reuse)
{
  ModelTable *table;
  const char *row_id;

  model_open_statement (self);
  table = content_write_table (&self->now, table_id);
  row_id = take_id (table, reuse);
  model_touch (self, table_id, row_id);
  row_fill (table_ensure_row (table, row_id), NULL, cells, n_cells, FALSE);

  return model_close_statement (self) ? row_id : NULL;
}

gboolean
model_remove_row (Model      *self,
                  const char *table_id,
                  const char *row_id)
{
  int t = content_find_table (self->now, table_id);
  int r = t < 0 ? -1 : model_table_find_row (self->now->tables[t].table, row_id);

  if (r < 0)
    return FALSE;

  remove_row_at (self, t, r, TRUE);

  return TRUE;
}

gboolean
model_remove_table (Model      *self,
                    const char *table_id)
{
  int t = content_find_table (self->now, table_id);

  if (t < 0)
    return FALSE;

  content_remove_table_at (&self->now, t);

  return TRUE;
}

gboolean
model_remove_tables (Model *self)
{
  gboolean any = self->now->n_tables > 0;

  while (self->now->n_tables > 0)
    content_remove_table_at (&self->now, 0);

  return any;
}

gboolean
model_replace_table (Model            *self,
                     const char       *table_id,
                     const ModelTable *content)
{
  const ModelRowSpec *spec = model_schema_find (self->schema, table_id);
  ModelTable *table;

  model_open_statement (self);
  table = content_write_table (&self->now, table_id);
  for (guint i = 0; i < content->n_rows; i++)
    {
      const ModelRow *row = content->rows[i].row;

      model_touch (self, table_id, content->rows[i].id);
      row_fill (table_ensure_row (table, content->rows[i].id), spec, row->cells, row->n_cells, FALSE);
    }

  for (guint i = 0; i < table->n_rows; )
    {
      if (model_table_find_row (content, table->rows[i].id) >= 0)
        {
          i++;
          continue;
        }
      table_release_id (table, table->rows[i].id);
      table_remove_row_at (table, i);
    }

  return model_close_statement (self);
}

gboolean
model_replace_tables (Model              *self,
                      const ModelContent *content)
{
  model_open_statement (self);
  for (guint i = 0; i < content->n_tables; i++)
    model_replace_table (self, content->tables[i].id, content->tables[i].table);

  for (guint i = 0; i < self->now->n_tables; )
    {
      if (model_content_find (content, self->now->tables[i].id) != NULL)
        i++;
      else
        content_remove_table_at (&self->now, i);
    }

  return model_close_statement (self);
}

gboolean
model_set_value (Model      *self,
                 const char *value_id,
                 ModelValue  value)
{
  model_open_statement (self);
  model_touch (self, NULL, NULL);
  model_content_set_value (&self->now, value_id, value);

  return model_close_statement (self);
}

gboolean
model_set_values (Model           *self,
                  const ModelCell *cells,
                  guint            n_cells,
                  gboolean         partial)
{
  model_open_statement (self);
  model_touch (self, NULL, NULL);
  row_fill (&content_own (&self->now)->values,
            n_cells > 0 ? model_schema_find (self->schema, NULL) : NULL, cells, n_cells, partial);

  return model_close_statement (self);
}

gboolean
model_remove_value (Model      *self,
                    const char *value_id)
{
  const ModelRowSpec *spec = model_schema_find (self->schema, NULL);
  const ModelValue *fallback = model_row_spec_find_default (spec, value_id);

  if (model_row_find (self->now->values, value_id) == NULL)
    return FALSE;

  if (fallback != NULL)
    return model_set_value (self, value_id, *fallback);

  if (spec != NULL && model_spec_is_asked_for (model_row_spec_find (spec, value_id)))
    {
      model_refuse (self, NULL, NULL, value_id);
      return FALSE;
    }

  return row_remove (&content_own (&self->now)->values, value_id);
}

gboolean
model_remove_values (Model *self)
{
  gboolean any = self->now->values->n_cells > 0;

  model_set_values (self, NULL, 0, FALSE);

  return any;
}

void
model_begin (Model *self)
{
  g_ptr_array_add (self->stack, model_content_ref (self->now));
  g_ptr_array_add (self->schemas, self->schema);
}

void
model_commit (Model *self)
{
  g_ptr_array_remove_index (self->stack, self->stack->len - 1);
  g_ptr_array_remove_index (self->schemas, self->schemas->len - 1);
}

void
model_rollback (Model *self)
{
  model_content_unref (self->now);
  self->now = g_ptr_array_steal_index (self->stack, self->stack->len - 1);
  self->schema = g_ptr_array_steal_index (self->schemas, self->schemas->len - 1);
}
