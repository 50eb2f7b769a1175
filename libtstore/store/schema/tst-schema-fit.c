/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-schema-insides-private.h"

#include <glib/gi18n-lib.h>

#include "tst-error.h"

/* Rows against a schema, after they were written: one by one, and each as a
 * whole, as it takes all of a row to know what is missing in it. The columns of
 * a table are looked up in the schema once for all its rows. */

typedef struct
{
  const TstSchema    *schema;
  TstEngine          *engine;
  TstMisfitFunc       misfit;
  gpointer            user_data;

  /* Of the table that was looked at last: */
  TstTable           *table;      /* (nullable) */
  const TstRowSpec   *row_spec;   /* (nullable) */
  const TstCellSpec **columns;    /* by number of the column; (nullable) elements … */
  guint32             n_columns;  /* … of which so many are known */
} Fit;

static void
look_at_table (Fit      *self,
               TstTable *table)
{
  if (self->table == table)
    return;

  self->table = table;
  self->row_spec = tst_schema_find_table (self->schema, table);
  self->n_columns = 0;
}

static const TstCellSpec *
find_spec (Fit     *self,
           guint32  column)
{
  const TstColumns *columns = self->table->data->columns;

  if (column >= self->n_columns)
    {
      self->columns = g_renew (const TstCellSpec *, self->columns, columns->n);
      for (; self->n_columns < columns->n; self->n_columns++)
        self->columns[self->n_columns] = columns->ids[self->n_columns] != NULL ?
          tst_row_spec_find (self->row_spec, columns->ids[self->n_columns]) : NULL;
    }

  return self->columns[column];
}

GError *
tst_schema_new_misfit (const char *table_id,
                       const char *row_id,
                       const char *cell_id,
                       const char *message)
{
  const char *ids[] = { table_id, row_id, cell_id };
  g_autoptr(GString) path = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    if (ids[i] != NULL)
      g_string_append_printf (path, "/%s", ids[i]);

  return g_error_new (TST_ERROR, TST_ERROR_SCHEMA, "%s: %s", path->str, message);
}

static void
tell (Fit        *self,
      guint32     row,
      const TstId *cell_id,
      const char *message)
{
  gboolean is_value = self->table->number == TST_VALUES_TABLE;
  const TstId *row_id = row != TST_ID_MAP_NONE ? tst_table_data_head (self->table->data, row)->id : NULL;
  GError *error = tst_schema_new_misfit (is_value ? NULL : self->table->data->id->text,
                                         is_value || row_id == NULL ? NULL : row_id->text,
                                         cell_id ? cell_id->text : NULL, message);

  self->misfit (self->table, row_id, cell_id, error, self->user_data);
  g_error_free (error);
}

static const char *
explain (const TstCellSpec *spec,
         const TstCell     *cell)
{
  if (spec == NULL)
    return _("There is no such cell in the schema");
  if (tst_cell_type (cell) == TST_CELL_TYPE_NULL)
    return _("The schema does not allow it to be null");
  if ((spec->types & (1u << tst_cell_type (cell))) == 0)
    return _("The schema does not allow this type");

  return _("It is none of the choices of the schema");
}

/* --- Single rows --- */

static const TstCell *
row_cells (const Fit *self,
           guint32    row)
{
  return tst_chunk_cells (tst_table_data_chunk (self->table->data, row), row % TST_CHUNK_ROWS);
}

static const TstLayout *
row_layout (const Fit *self,
            guint32    row)
{
  return tst_table_data_head (self->table->data, row)->layout;
}

static const TstId *
cell_id (const Fit *self,
         guint32    row,
         guint32    position)
{
  return self->table->data->columns->ids[row_layout (self, row)->columns[position]];
}

/* Returns: the first position from @position on at which a cell does not fit */
static guint32
find_misfit (Fit     *self,
             guint32  row,
             guint32  position)
{
  const TstLayout *layout = row_layout (self, row);
  const TstCell *cells = row_cells (self, row);

  for (; position < layout->n; position++)
    {
      const TstCellSpec *spec = find_spec (self, layout->columns[position]);

      if (spec == NULL || !tst_cell_spec_allows (spec, &cells[position]))
        break;
    }

  return position;
}

static void
tell_misfit (Fit     *self,
             guint32  row,
             guint32  position)
{
  const TstCell *cell = &row_cells (self, row)[position];

  tell (self, row, cell_id (self, row, position),
        explain (find_spec (self, row_layout (self, row)->columns[position]), cell));
}

/* Whether a row has a cell that may stay. */
static gboolean
row_has (const Fit          *self,
         guint32             row,
         const TstNamedSpec *named)
{
  guint32 column = tst_id_map_find_id (&self->table->columns, named->id);
  gint position = column != TST_ID_MAP_NONE ? tst_layout_find (row_layout (self, row), column) : -1;

  return position >= 0 && tst_cell_spec_allows (named->spec, &row_cells (self, row)[position]);
}

static void
put_default (Fit                *self,
             guint32             row,
             const TstNamedSpec *named)
{
  guint32 column = tst_engine_ensure_column (self->engine, self->table, named->id->text, named->id->length);
  TstCell cell;

  /* It may be a number that was free. */
  if (column < self->n_columns)
    self->columns[column] = named->spec;

  tst_cell_copy (&cell, &named->spec->fallback);
  tst_engine_set_at (self->engine, self->table, row, column, &cell);
}

/* Returns: (nullable): a cell that is required and is not there */
static const TstNamedSpec *
complete_row (Fit     *self,
              guint32  row)
{
  const TstRowSpec *row_spec = self->row_spec;

  if (row_spec->n_defaults + row_spec->n_required == 0)
    return NULL;

  for (guint i = 0; i < row_spec->cells->len; i++)
    {
      const TstNamedSpec *named = &g_array_index (row_spec->cells, TstNamedSpec, i);
      gboolean has_default = tst_cell_spec_has_default (named->spec);

      if ((!has_default && !named->spec->required) || row_has (self, row, named))
        continue;

      if (!has_default)
        return named;
      put_default (self, row, named);
    }

  return NULL;
}

/* --- What was written --- */

/* Returns: FALSE if it does not fit */
static gboolean
check_row (Fit     *self,
           guint32  row)
{
  const TstNamedSpec *missing;
  guint32 position;

  if (self->row_spec == NULL)
    {
      tell (self, TST_ID_MAP_NONE, NULL, _("There is no such table in the schema"));
      return FALSE;
    }

  position = find_misfit (self, row, 0);
  if (position < row_layout (self, row)->n)
    {
      tell_misfit (self, row, position);
      return FALSE;
    }

  missing = complete_row (self, row);
  if (missing != NULL)
    tell (self, row, missing->id, _("It is required by the schema"));

  return missing == NULL;
}

/* Where there are no keyed values, there are their defaults; unless there must be
 * others as well, which only the app knows. */
static void
ensure_values (Fit *self)
{
  TstEngine *engine = self->engine;
  const TstRowSpec *values = self->schema->values;

  if (values == NULL || values->n_defaults == 0 || values->n_required > 0 ||
      engine->values->data->n_rows > 0)
    return;

  look_at_table (self, engine->values);
  complete_row (self, tst_engine_ensure_row (engine, engine->values, "", 0, NULL));
}

/* Returns: (nullable): the table that @undo is about, if it is still there and the
 * schema says something about it */
static TstTable *
get_touched_table (const Fit     *self,
                   const TstUndo *undo)
{
  TstTable *table;

  if (undo->kind != TST_UNDO_CELL_CHANGED && undo->kind != TST_UNDO_CELL_ADDED &&
      undo->kind != TST_UNDO_CELL_REMOVED && undo->kind != TST_UNDO_ROW_ADDED)
    return NULL;

  table = tst_engine_get_table (self->engine, undo->table);

  return table != NULL && tst_schema_is_about (self->schema, table) ? table : NULL;
}

static gboolean
check_written (Fit   *self,
               gsize  from,
               gsize  to)
{
  guint32 last_row = TST_ID_MAP_NONE;

  for (gsize i = from; i < to; i++)
    {
      /* A copy: what is added makes the log move. */
      TstUndo undo = self->engine->log[i];
      TstTable *table = get_touched_table (self, &undo);

      if (table == NULL || (table == self->table && undo.row == last_row) ||
          !tst_chunk_has_row (tst_table_data_chunk (table->data, undo.row), undo.row % TST_CHUNK_ROWS))
        continue;

      look_at_table (self, table);
      last_row = undo.row;
      if (!check_row (self, undo.row))
        return FALSE;
    }

  return TRUE;
}

gboolean
tst_schema_check (const TstSchema *self,
                  TstEngine       *engine,
                  gsize            mark,
                  TstMisfitFunc    misfit,
                  gpointer         user_data)
{
  Fit fit = { self, engine, misfit, user_data };
  gboolean fits = check_written (&fit, mark, engine->n_log);

  if (fits)
    ensure_values (&fit);
  g_free (fit.columns);

  return fits;
}

/* --- What is there --- */

static void
tell_misfits (Fit     *self,
              guint32  row)
{
  for (guint32 i = find_misfit (self, row, 0); i < row_layout (self, row)->n;
       i = find_misfit (self, row, i + 1))
    tell_misfit (self, row, i);
}

static void
remove_misfits (Fit     *self,
                guint32  row)
{
  guint32 n_misfits = 0;

  for (guint32 i = find_misfit (self, row, 0); i < row_layout (self, row)->n;
       i = find_misfit (self, row, i + 1))
    n_misfits++;

  /* With its last cell goes the row. */
  while (n_misfits-- > 0)
    tst_engine_remove_at (self->engine, self->table, row, find_misfit (self, row, 0));
}

/* A cell that does not fit and has a default becomes that, others are removed: behind
 * the defaults, so that there is something left. */
static void
fit_row (Fit     *self,
         guint32  row)
{
  const TstNamedSpec *missing;

  tell_misfits (self, row);
  missing = complete_row (self, row);
  if (missing == NULL)
    {
      remove_misfits (self, row);
      return;
    }

  tell (self, row, missing->id, _("It is required by the schema"));
  tst_engine_remove_row_at (self->engine, self->table, row, TRUE);
}

static void
fit_table (Fit      *self,
           TstTable *table)
{
  guint32 n_slots = table->data->n_slots;

  look_at_table (self, table);
  if (self->row_spec == NULL)
    {
      tell (self, TST_ID_MAP_NONE, NULL, _("There is no such table in the schema"));
      tst_engine_remove_table (self->engine, table);
      return;
    }

  for (guint32 row = 0; row < n_slots; row++)
    if (tst_chunk_has_row (tst_table_data_chunk (table->data, row), row % TST_CHUNK_ROWS))
      fit_row (self, row);
}

/* The log is open, so nothing moves. */
void
tst_schema_fit (const TstSchema *self,
                TstEngine       *engine,
                TstMisfitFunc    misfit,
                gpointer         user_data)
{
  Fit fit = { self, engine, misfit, user_data };

  for (guint32 i = 0; self->tables->len > 0 && i < engine->root->n_slots; i++)
    if (engine->tables[i] != NULL)
      fit_table (&fit, engine->tables[i]);

  if (self->values != NULL && engine->values->data->n_rows > 0)
    fit_table (&fit, engine->values);
  ensure_values (&fit);

  g_free (fit.columns);
}
