/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "model.h"

/* What a schema does to the model: every row that a write touched is looked at when
 * the write is done, and everything is put back if one of them does not fit. */

/* --- What a schema says --- */

static void
spec_clear (gpointer data)
{
  ModelSpec *self = data;

  g_clear_pointer (&self->choices, g_array_unref);
}

ModelRowSpec *
model_row_spec_new (const char *id)
{
  ModelRowSpec *self = g_new0 (ModelRowSpec, 1);

  self->id = id;
  self->specs = g_array_new (FALSE, FALSE, sizeof (ModelSpec));
  g_array_set_clear_func (self->specs, spec_clear);

  return self;
}

static void
row_spec_free (gpointer data)
{
  ModelRowSpec *self = data;

  g_array_unref (self->specs);
  g_free (self);
}

static MODEL_UNSANITIZED ModelSpec *
row_spec_get (const ModelRowSpec *self,
              guint               i)
{
  return &g_array_index (self->specs, ModelSpec, i);
}

MODEL_UNSANITIZED ModelSpec *
model_row_spec_find (const ModelRowSpec *self,
                     const char         *cell_id)
{
  for (guint i = 0; self != NULL && i < self->specs->len; i++)
    if (row_spec_get (self, i)->id == cell_id)
      return row_spec_get (self, i);

  return NULL;
}

const ModelValue *
model_row_spec_find_default (const ModelRowSpec *self,
                             const char         *cell_id)
{
  const ModelSpec *spec = model_row_spec_find (self, cell_id);

  return spec != NULL && spec->fallback.type != TST_CELL_TYPE_NONE ? &spec->fallback : NULL;
}

gboolean
model_spec_allows (const ModelSpec  *self,
                   const ModelValue *value)
{
  if ((self->types & (1 << value->type)) == 0)
    return FALSE;
  if (self->choices == NULL || value->type == TST_CELL_TYPE_NULL)
    return TRUE;

  for (guint i = 0; i < self->choices->len; i++)
    if (model_value_equal (&g_array_index (self->choices, ModelValue, i), value))
      return TRUE;

  return FALSE;
}

/* Whether only the app knows what it is to be. */
gboolean
model_spec_is_asked_for (const ModelSpec *self)
{
  return self->required && self->fallback.type == TST_CELL_TYPE_NONE;
}

ModelSchema *
model_schema_new (void)
{
  ModelSchema *self = g_new0 (ModelSchema, 1);

  self->tables = g_ptr_array_new_with_free_func (row_spec_free);

  return self;
}

void
model_schema_free (ModelSchema *self)
{
  g_ptr_array_unref (self->tables);
  g_clear_pointer (&self->values, row_spec_free);
  g_clear_pointer (&self->made, tst_schema_unref);
  g_free (self);
}

ModelRowSpec *
model_schema_find (const ModelSchema *self,
                   const char        *table_id)
{
  if (self == NULL || table_id == NULL)
    return self != NULL ? self->values : NULL;

  for (guint i = 0; i < self->tables->len; i++)
    {
      ModelRowSpec *table = g_ptr_array_index (self->tables, i);

      if (table->id == table_id)
        return table;
    }

  return NULL;
}

static gboolean
is_about (const ModelSchema *self,
          const char        *table_id)
{
  return table_id != NULL ? self->tables->len > 0 : self->values != NULL;
}

/* --- Rows, and the values like one --- */

static const ModelRow *
find_row (const ModelContent *content,
          const char         *table_id,
          const char         *row_id)
{
  return table_id != NULL ? model_content_find_row (content, table_id, row_id) : content->values;
}

static void
set_cell (ModelContent **content,
          const char    *table_id,
          const char    *row_id,
          const char    *cell_id,
          ModelValue     value)
{
  if (table_id != NULL)
    model_content_set_cell (content, table_id, row_id, cell_id, value);
  else
    model_content_set_value (content, cell_id, value);
}

static gboolean
cell_fits (const ModelRowSpec *spec,
           const ModelCell    *cell)
{
  const ModelSpec *cell_spec = model_row_spec_find (spec, cell->id);

  return cell_spec != NULL && model_spec_allows (cell_spec, &cell->value);
}

/* (nullable): a cell that only the app knows, and that is not there, or does not fit */
static const char *
find_missing (const ModelRowSpec *spec,
              const ModelRow     *row)
{
  for (guint i = 0; i < spec->specs->len; i++)
    {
      const ModelSpec *cell = row_spec_get (spec, i);
      const ModelValue *value = model_row_find (row, cell->id);

      if (model_spec_is_asked_for (cell) && (value == NULL || !model_spec_allows (cell, value)))
        return cell->id;
    }

  return NULL;
}

static void
add_defaults (ModelContent       **content,
              const ModelRowSpec  *spec,
              const char          *table_id,
              const char          *row_id)
{
  for (guint i = 0; i < spec->specs->len; i++)
    {
      const ModelSpec *cell = row_spec_get (spec, i);

      if (cell->fallback.type != TST_CELL_TYPE_NONE &&
          model_row_find (find_row (*content, table_id, row_id), cell->id) == NULL)
        set_cell (content, table_id, row_id, cell->id, cell->fallback);
    }
}

/* Where there are no values there are their defaults, if that is all there must be. */
static void
ensure_values (ModelContent      **content,
               const ModelSchema  *schema)
{
  if (schema->values != NULL && (*content)->values->n_cells == 0 &&
      find_missing (schema->values, (*content)->values) == NULL)
    add_defaults (content, schema->values, NULL, NULL);
}

/* --- Statements --- */

void
model_refuse (Model      *self,
              const char *table_id,
              const char *row_id,
              const char *cell_id)
{
  ModelPlace misfit = { table_id, row_id, cell_id };

  g_array_append_val (self->misfits, misfit);
}

void
model_open_statement (Model *self)
{
  if (self->n_open++ > 0 || self->schema == NULL)
    return;

  self->before = model_content_ref (self->now);
  g_array_set_size (self->touched, 0);
}

void
model_touch (Model      *self,
             const char *table_id,
             const char *row_id)
{
  ModelPlace place = { table_id, row_id, NULL };

  if (self->before != NULL)
    g_array_append_val (self->touched, place);
}

static gboolean
check_row (Model      *self,
           const char *table_id,
           const char *row_id)
{
  const ModelRowSpec *spec = model_schema_find (self->schema, table_id);
  const ModelRow *row = find_row (self->now, table_id, row_id);
  const char *missing;

  if (!is_about (self->schema, table_id) || row == NULL || row->n_cells == 0)
    return TRUE;

  if (spec == NULL)
    {
      model_refuse (self, table_id, NULL, NULL);
      return FALSE;
    }

  for (guint i = 0; i < row->n_cells; i++)
    if (!cell_fits (spec, &row->cells[i]))
      {
        model_refuse (self, table_id, row_id, row->cells[i].id);
        return FALSE;
      }

  missing = find_missing (spec, row);
  if (missing == NULL)
    add_defaults (&self->now, spec, table_id, row_id);
  else
    model_refuse (self, table_id, row_id, missing);

  return missing == NULL;
}

gboolean
model_close_statement (Model *self)
{
  gboolean fits = TRUE;

  if (--self->n_open > 0 || self->before == NULL)
    return TRUE;

  for (guint i = 0; fits && i < self->touched->len; i++)
    {
      const ModelPlace *place = &g_array_index (self->touched, ModelPlace, i);

      fits = check_row (self, place->table_id, place->row_id);
    }

  if (fits)
    {
      ensure_values (&self->now, self->schema);
    }
  else
    {
      model_content_unref (self->now);
      self->now = model_content_ref (self->before);
    }
  g_clear_pointer (&self->before, model_content_unref);

  return fits;
}

/* --- With what is there --- */

/* A cell that does not fit becomes its default, or is removed; a row in which something
 * is missing goes as a whole. */
static void
fit_row (Model              *self,
         const ModelRowSpec *spec,
         const char         *table_id,
         const char         *row_id)
{
  g_autoptr(GPtrArray) removed = g_ptr_array_new ();
  const ModelRow *row = find_row (self->now, table_id, row_id);
  const char *missing = find_missing (spec, row);
  guint n_cells = row->n_cells;

  for (guint i = 0; i < n_cells; i++)
    {
      const ModelCell *cell = &find_row (self->now, table_id, row_id)->cells[i];
      const ModelValue *fallback = model_row_spec_find_default (spec, cell->id);

      if (cell_fits (spec, cell))
        continue;

      model_refuse (self, table_id, row_id, cell->id);
      if (fallback != NULL)
        set_cell (&self->now, table_id, row_id, cell->id, *fallback);
      else
        g_ptr_array_add (removed, (gpointer) cell->id);
    }

  if (missing != NULL)
    {
      model_refuse (self, table_id, row_id, missing);
      if (table_id != NULL)
        model_remove_row (self, table_id, row_id);
      else
        model_remove_values (self);
      return;
    }

  add_defaults (&self->now, spec, table_id, row_id);
  for (guint i = 0; i < removed->len; i++)
    if (table_id != NULL)
      model_remove_cell (self, table_id, row_id, removed->pdata[i]);
    else
      model_remove_value (self, removed->pdata[i]);
}

static void
fit_table (Model             *self,
           const ModelSchema *schema,
           const char        *table_id,
           const ModelTable  *table)
{
  const ModelRowSpec *spec = model_schema_find (schema, table_id);

  if (spec == NULL)
    {
      model_refuse (self, table_id, NULL, NULL);
      model_remove_table (self, table_id);
      return;
    }

  for (guint i = 0; i < table->n_rows; i++)
    fit_row (self, spec, table_id, table->rows[i].id);
}

ModelContent *
model_fit (const Model       *self,
           const ModelSchema *schema,
           GArray            *misfits)
{
  /* As it is without a schema; what it goes through stays as it was. */
  Model fitted = { .now = model_content_ref (self->now), .misfits = misfits };
  const ModelContent *content = self->now;

  if (schema == NULL)
    return fitted.now;

  for (guint i = 0; schema->tables->len > 0 && i < content->n_tables; i++)
    fit_table (&fitted, schema, content->tables[i].id, content->tables[i].table);

  if (schema->values != NULL && content->values->n_cells > 0)
    fit_row (&fitted, schema->values, NULL, NULL);
  ensure_values (&fitted.now, schema);

  return fitted.now;
}

gboolean
model_set_schema (Model       *self,
                  ModelSchema *schema,
                  gboolean     drop)
{
  g_autoptr(GArray) misfits = g_array_new (FALSE, FALSE, sizeof (ModelPlace));
  ModelContent *fitted = model_fit (self, schema, misfits);

  if (misfits->len > 0 && !drop)
    {
      model_content_unref (fitted);
      return FALSE;
    }

  g_array_append_vals (self->misfits, misfits->data, misfits->len);
  model_content_unref (self->now);
  self->now = fitted;
  self->schema = schema;

  return TRUE;
}
