/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "run.h"

#include <string.h>

/* Schemas by chance, and what is written with care not to be refused by them. */

/* --- With care --- */

static const ModelRowSpec *
find_spec (const Run  *run,
           const char *table_id)
{
  return run->careful ? model_schema_find (run->model->schema, table_id) : NULL;
}

static ModelValue
pick_allowed (Run             *run,
              const ModelSpec *spec)
{
  ModelValue value = run_pick_value (run);

  if (spec->choices != NULL)
    return g_array_index (spec->choices, ModelValue, run_chance (run, spec->choices->len));

  for (guint i = 0; i < 100 && !model_spec_allows (spec, &value); i++)
    value = run_pick_value (run);

  return value;
}

ModelValue
run_pick_value_for (Run        *run,
                    const char *table_id,
                    const char *cell_id)
{
  const ModelSpec *spec = model_row_spec_find (find_spec (run, table_id), cell_id);

  return spec != NULL ? pick_allowed (run, spec) : run_pick_value (run);
}

const char *
run_pick_cell_for (Run        *run,
                   const char *table_id)
{
  const ModelRowSpec *spec = find_spec (run, table_id);
  const char *cell_id = run_pick_cell (run);

  for (guint i = 0; spec != NULL && i < 5 && model_row_spec_find (spec, cell_id) == NULL; i++)
    cell_id = run_pick_cell (run);

  return cell_id;
}

static gboolean
has_cell (const GArray *cells,
          const char   *id)
{
  for (guint i = 0; i < cells->len; i++)
    if (g_array_index (cells, ModelCell, i).id == id)
      return TRUE;

  return FALSE;
}

/* Leaves out what the schema does not know, and adds what it asks for. */
void
run_make_cells_fit (Run        *run,
                    const char *table_id,
                    GArray     *cells)
{
  const ModelRowSpec *spec = find_spec (run, table_id);

  if (spec == NULL)
    return;

  for (guint i = cells->len; i-- > 0; )
    if (model_row_spec_find (spec, g_array_index (cells, ModelCell, i).id) == NULL)
      g_array_remove_index (cells, i);

  for (guint i = 0; i < spec->specs->len; i++)
    {
      const ModelSpec *cell = &g_array_index (spec->specs, ModelSpec, i);
      gboolean wanted = model_spec_is_asked_for (cell) || cells->len == 0;

      if (wanted && !has_cell (cells, cell->id))
        g_array_append_vals (cells, &(ModelCell) { cell->id, pick_allowed (run, cell) }, 1);
    }
}

/* --- Specifications --- */

static void
add_choice (Run       *run,
            ModelSpec *spec)
{
  ModelValue value;

  do
    value = run_pick_value (run);
  while (value.type != TST_CELL_TYPE_STRING && value.type != TST_CELL_TYPE_NUMBER &&
         value.type != TST_CELL_TYPE_BOOLEAN);

  g_array_append_val (spec->choices, value);
  spec->types |= 1 << value.type;
}

/* @n: how many there are of them. The more, the less of them ask for something. */
static ModelSpec
pick_spec (Run        *run,
           const char *id,
           guint       n)
{
  ModelSpec spec = { .id = id };
  guint kind = run_chance (run, 6);

  if (kind == 0)
    {
      spec.choices = g_array_new (FALSE, FALSE, sizeof (ModelValue));
      for (guint i = run_chance (run, 3); i < 3; i++)
        add_choice (run, &spec);
    }
  else
    {
      spec.types = TST_CELL_TYPES_ANY & ~TST_CELL_TYPES_NULL;
      if (kind < 3)
        spec.types &= (guint) (run_chance (run, 128) | 1 << (TST_CELL_TYPE_STRING + run_chance (run, 5)));
    }

  if (run_chance (run, 2) == 0)
    spec.types |= TST_CELL_TYPES_NULL;
  spec.required = run_chance (run, MAX (n / 2, 6)) == 0;
  if (run_chance (run, MAX (n / 6, 4)) == 0)
    spec.fallback = pick_allowed (run, &spec);
  spec.fallback.number += 0.0; /* the text has no -0 */
  if (spec.fallback.type != TST_CELL_TYPE_NONE && !model_spec_allows (&spec, &spec.fallback))
    spec.fallback.type = TST_CELL_TYPE_NONE;

  return spec;
}

static ModelRowSpec *
pick_row_spec (Run         *run,
               const char  *id,
               const char **ids,
               guint        n_ids)
{
  ModelRowSpec *self = model_row_spec_new (id);
  guint at = run_chance (run, n_ids);

  for (guint i = 0; i < n_ids; i++)
    if (i == 0 || run_chance (run, 6) != 0)
      {
        ModelSpec spec = pick_spec (run, ids[(at + i) % n_ids], n_ids);

        g_array_append_val (self->specs, spec);
      }

  return self;
}

/* --- Of those that write by themselves --- */

static void
allow_anything (ModelRowSpec *self,
                const char   *id)
{
  ModelSpec spec = { .id = id, .types = TST_CELL_TYPES_ANY };

  if (model_row_spec_find (self, id) == NULL)
    g_array_append_val (self->specs, spec);
}

static void
allow_all (ModelRowSpec *self,
           const char  **ids,
           guint         n_ids)
{
  for (guint i = 0; i < n_ids; i++)
    allow_anything (self, ids[i]);
}

static void
allow_cells_of (ModelRowSpec   *self,
                const ModelRow *row)
{
  for (guint i = 0; i < row->n_cells; i++)
    allow_anything (self, row->cells[i].id);
}

/* Listeners and mutators are never refused: there is room for all that they may
 * hear of. Values may come from earlier episodes, when there were other ids. */
static ModelRowSpec *
make_room (Run        *run,
           const char *table_id)
{
  ModelRowSpec *self = model_row_spec_new (model_intern (table_id));

  allow_all (self, run->cell_ids, run->profile->n_cells);
  allow_all (self, run->value_ids, run->profile->n_values);
  allow_anything (self, model_intern ("late"));
  allow_cells_of (self, run->model->now->values);
  for (guint i = 0; i < run->model->stack->len; i++)
    allow_cells_of (self, ((ModelContent *) run->model->stack->pdata[i])->values);
  for (guint i = 0; i < MAX_HELD; i++)
    if (run->held[i].content != NULL)
      allow_cells_of (self, run->held[i].content->values);

  return self;
}

/* --- The same for a store --- */

static void
set_default (Run         *run,
             TstCellSpec *spec,
             ModelValue   value)
{
  g_autoptr(GError) error = NULL;
  g_auto(GValue) gvalue = G_VALUE_INIT;

  if (value.type == TST_CELL_TYPE_OBJECT || value.type == TST_CELL_TYPE_ARRAY)
    {
      g_assert_true (tst_cell_spec_set_default_json (spec, value.text, &error));
    }
  else
    {
      run_init_gvalue (run, &gvalue, value);
      g_assert_true (tst_cell_spec_set_default (spec, &gvalue, &error));
    }
  g_assert_no_error (error);
}

static TstCellSpec *
make_spec (Run             *run,
           const ModelSpec *model)
{
  TstCellSpec *spec = model->choices != NULL ? tst_cell_spec_new_enum (NULL)
                                             : tst_cell_spec_new (model->types);

  for (guint i = 0; model->choices != NULL && i < model->choices->len; i++)
    {
      g_auto(GValue) gvalue = G_VALUE_INIT;

      run_init_gvalue (run, &gvalue, g_array_index (model->choices, ModelValue, i));
      g_assert_true (tst_cell_spec_add_choice (spec, &gvalue, NULL));
    }

  tst_cell_spec_set_nullable (spec, (model->types & TST_CELL_TYPES_NULL) != 0);
  tst_cell_spec_set_required (spec, model->required);
  if (model->fallback.type != TST_CELL_TYPE_NONE)
    set_default (run, spec, model->fallback);
  g_assert_cmpuint (tst_cell_spec_get_types (spec), ==, model->types);

  return spec;
}

static void
add_row_spec (Run                *run,
              TstSchema          *schema,
              const ModelRowSpec *row)
{
  for (guint i = 0; i < row->specs->len; i++)
    {
      const ModelSpec *model = &g_array_index (row->specs, ModelSpec, i);
      g_autoptr(TstCellSpec) spec = make_spec (run, model);
      g_autoptr(GError) error = NULL;

      if (row->id != NULL)
        tst_schema_add_cell (schema, row->id, model->id, spec, &error);
      else
        tst_schema_add_value (schema, model->id, spec, &error);
      g_assert_no_error (error);
    }
}

/* Built, or built and read back from its text */
static TstSchema *
make_schema (Run               *run,
             const ModelSchema *model)
{
  g_autoptr(TstSchema) schema = tst_schema_new ();
  g_autoptr(TstSchema) read = NULL;
  g_autofree char *json = NULL;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < model->tables->len; i++)
    add_row_spec (run, schema, g_ptr_array_index (model->tables, i));
  if (model->values != NULL)
    add_row_spec (run, schema, model->values);

  json = tst_schema_to_json (schema);
  read = tst_schema_new_from_json (json, &error);
  g_assert_no_error (error);
  g_assert_true (tst_schema_equal (schema, read));

  return tst_schema_ref (run_chance (run, 2) == 0 ? read : schema);
}

/* --- Schemas --- */

static ModelSchema *
pick_schema (Run *run)
{
  const Profile *profile = run->profile;
  ModelSchema *self = model_schema_new ();

  for (guint i = 0; i < profile->n_tables && run_chance (run, 6) != 0; i++)
    g_ptr_array_add (self->tables,
                     pick_row_spec (run, run->table_ids[i], run->cell_ids, profile->n_cells));
  if (self->tables->len > 0)
    {
      g_ptr_array_add (self->tables, make_room (run, ECHO_TABLE));
      g_ptr_array_add (self->tables, make_room (run, MUTANT_TABLE));
    }

  /* Mutators write values, too. */
  if (!run->mutating && run_chance (run, 3) != 0)
    self->values = pick_row_spec (run, NULL, run->value_ids, profile->n_values);

  self->made = make_schema (run, self);
  g_ptr_array_add (run->schemas, self);

  return self;
}

static ModelSchema *
choose_schema (Run *run)
{
  switch (run_chance (run, 8))
    {
    case 0:
      return NULL;
    case 1:
      return run->model->schema;
    default:
      return pick_schema (run);
    }
}

/* What would become of the data is told before, and is no different then. */
static guint
check_preview (Run         *run,
               ModelSchema *schema)
{
  g_autoptr(GArray) misfits = g_array_new (FALSE, FALSE, sizeof (ModelPlace));
  g_autoptr(ModelContent) fitted = model_fit (run->model, schema, misfits);
  g_autoptr(ModelDiff) diff = model_diff (run->model->now, fitted);
  g_autoptr(TstChanges) changes = NULL;

  if (schema != NULL)
    {
      changes = tst_store_preview_schema (run->store, schema->made);
      recorder_check_changes (changes, diff);
    }

  return misfits->len;
}

static void
change_schema (Run         *run,
               ModelSchema *schema,
               gboolean     drop)
{
  guint n_misfits = check_preview (run, schema);
  g_autoptr(GError) error = NULL;
  gboolean done;

  run_start (run);
  done = tst_store_set_schema (run->store, schema != NULL ? schema->made : NULL,
                               drop ? TST_SCHEMA_DROP : TST_SCHEMA_DEFAULT, &error);
  run_assert_done (run, model_set_schema (run->model, schema, drop), done, error);
  if (n_misfits > 0 && !drop)
    {
      g_autofree char *count = g_strdup_printf ("%u thing", n_misfits);

      g_assert_true (g_str_has_prefix (error->message, count));
    }
  run_finish (run);
  run_assert_by_snapshot (run);
}

void
run_change_schema (Run *run)
{
  if (run->with_schemas)
    change_schema (run, choose_schema (run), run_chance (run, 4) != 0);
}

void
run_unset_schema (Run *run)
{
  if (run->model->schema != NULL)
    change_schema (run, NULL, FALSE);
}

void
run_assert_schema (const Run *run)
{
  const ModelSchema *schema = run->model->schema;

  g_assert_true (tst_store_get_schema (run->store) == (schema != NULL ? schema->made : NULL));
}

/* What the schema refused is told at the end of the transaction. */
void
run_take_misfits (Run *run)
{
  GArray *misfits = run->model->misfits;

  for (guint i = 0; i < misfits->len; i++)
    {
      const ModelPlace *misfit = &g_array_index (misfits, ModelPlace, i);
      Event event = {
        .kind = misfit->table_id != NULL ? EVENT_INVALID_CELL : EVENT_INVALID_VALUE,
        .table_id = misfit->table_id,
        .row_id = misfit->row_id,
        .cell_id = misfit->cell_id,
      };

      g_array_append_val (run->invalid, event);
    }

  run->n_misfits += misfits->len;
  g_array_set_size (misfits, 0);
}
