/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-schema-insides-private.h"

#include <glib/gi18n-lib.h>

#include "tst-error.h"

/**
 * TstSchema:
 *
 * Says what a store may hold.
 *
 * A schema lists the cells that the rows of each table may have, and the keyed
 * values, each with a [struct@CellSpec]. A schema that lists any table allows no
 * other tables, and no other cells; one that lists none says nothing about
 * tables. It is the same for keyed values.
 *
 * ```c
 * g_autoptr(TstSchema) schema = tst_schema_new ();
 * g_autoptr(TstCellSpec) name = tst_cell_spec_new (TST_CELL_TYPES_STRING);
 * g_autoptr(TstCellSpec) sold = tst_cell_spec_new (TST_CELL_TYPES_BOOLEAN);
 *
 * tst_cell_spec_set_required (name, TRUE);
 * tst_cell_spec_set_default_json (sold, "false", NULL);
 * tst_schema_add_cell (schema, "pets", "name", name, NULL);
 * tst_schema_add_cell (schema, "pets", "sold", sold, NULL);
 * ```
 *
 * Or, from JSON, [ctor@Schema.new_from_json]:
 *
 * ```json
 * [{"pets": {"name": {"type": "string", "required": true},
 *            "sold": {"type": "boolean", "default": false}}}, {}]
 * ```
 *
 * [method@Store.set_schema] gives it to a store. From then on it cannot be changed
 * any more; the same schema can be given to many stores, in any thread.
 *
 * Since: 0.1
 */

G_DEFINE_BOXED_TYPE (TstSchema, tst_schema, tst_schema_ref, tst_schema_unref)

/* --- Rows --- */

static void
named_spec_clear (gpointer data)
{
  TstNamedSpec *self = data;

  tst_id_unref (self->id);
  tst_cell_spec_unref (self->spec);
}

static TstRowSpec *
row_spec_new (const char *id)
{
  TstRowSpec *self = g_new0 (TstRowSpec, 1);

  self->id = tst_id_new (id, strlen (id));
  self->cells = g_array_new (FALSE, FALSE, sizeof (TstNamedSpec));
  g_array_set_clear_func (self->cells, named_spec_clear);

  return self;
}

static void
row_spec_free (gpointer data)
{
  TstRowSpec *self = data;

  tst_id_map_clear (&self->numbers);
  g_array_unref (self->cells);
  tst_id_unref (self->id);
  g_free (self);
}

static const TstNamedSpec *
row_spec_get (const TstRowSpec *self,
              guint             number)
{
  return &g_array_index (self->cells, TstNamedSpec, number);
}

const TstCellSpec *
tst_row_spec_find (const TstRowSpec *self,
                   const TstId      *cell_id)
{
  guint32 number = tst_id_map_find_id (&self->numbers, cell_id);

  return number != TST_ID_MAP_NONE ? row_spec_get (self, number)->spec : NULL;
}

static TstCellSpec *
row_spec_find_text (const TstRowSpec *self,
                    const char       *cell_id)
{
  guint32 number = self ? tst_id_map_find_text (&self->numbers, cell_id) : TST_ID_MAP_NONE;

  return number != TST_ID_MAP_NONE ? row_spec_get (self, number)->spec : NULL;
}

/* Returns: an error if it cannot be added */
static GError *
row_spec_add (TstRowSpec  *self,
              const char  *cell_id,
              TstCellSpec *spec)
{
  TstNamedSpec named;

  if (row_spec_find_text (self, cell_id) != NULL)
    return g_error_new (TST_ERROR, TST_ERROR_SCHEMA, _("“%s” is in the schema twice"), cell_id);

  named.id = tst_id_new (cell_id, strlen (cell_id));
  named.spec = tst_cell_spec_ref (spec);
  spec->sealed = TRUE;

  tst_id_map_insert (&self->numbers, named.id, self->cells->len);
  g_array_append_val (self->cells, named);

  if (tst_cell_spec_has_default (spec))
    self->n_defaults++;
  else if (spec->required)
    self->n_required++;

  return NULL;
}

static gboolean
row_spec_equal (const TstRowSpec *self,
                const TstRowSpec *other)
{
  if (!tst_id_equal (self->id, other->id) || self->cells->len != other->cells->len)
    return FALSE;

  for (guint i = 0; i < self->cells->len; i++)
    if (!tst_id_equal (row_spec_get (self, i)->id, row_spec_get (other, i)->id) ||
        !tst_cell_spec_equal (row_spec_get (self, i)->spec, row_spec_get (other, i)->spec))
      return FALSE;

  return TRUE;
}

static char **
row_spec_get_ids (const TstRowSpec *self)
{
  guint n = self ? self->cells->len : 0;
  char **ids = g_new (char *, n + 1);

  for (guint i = 0; i < n; i++)
    ids[i] = g_strdup (row_spec_get (self, i)->id->text);
  ids[n] = NULL;

  return ids;
}

/* --- The schema --- */

/**
 * tst_schema_new:
 *
 * Makes a schema that allows everything.
 *
 * Returns: (transfer full): a new schema
 *
 * Since: 0.1
 */
TstSchema *
tst_schema_new (void)
{
  TstSchema *self = g_new0 (TstSchema, 1);

  tst_id_init_seed ();
  self->ref_count = 1;
  self->tables = g_ptr_array_new_with_free_func (row_spec_free);

  return self;
}

/**
 * tst_schema_ref:
 * @self: a schema
 *
 * Takes a reference.
 *
 * Returns: (transfer full): the same schema
 *
 * Since: 0.1
 */
TstSchema *
tst_schema_ref (TstSchema *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_int_inc (&self->ref_count);

  return self;
}

/**
 * tst_schema_unref:
 * @self: (transfer full): a schema
 *
 * Lets go of a reference.
 *
 * Since: 0.1
 */
void
tst_schema_unref (TstSchema *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  tst_id_map_clear (&self->table_numbers);
  g_ptr_array_unref (self->tables);
  g_clear_pointer (&self->values, row_spec_free);
  g_free (self);
}

/**
 * tst_schema_equal:
 * @self: a schema
 * @other: another one
 *
 * Tells whether two schemas say the same, in the same order.
 *
 * Returns: `TRUE` if they do
 *
 * Since: 0.1
 */
gboolean
tst_schema_equal (TstSchema *self,
                  TstSchema *other)
{
  g_return_val_if_fail (self != NULL && other != NULL, FALSE);

  if (self->tables->len != other->tables->len || !self->values != !other->values)
    return FALSE;

  for (guint i = 0; i < self->tables->len; i++)
    if (!row_spec_equal (g_ptr_array_index (self->tables, i), g_ptr_array_index (other->tables, i)))
      return FALSE;

  return self->values == NULL || row_spec_equal (self->values, other->values);
}

static TstRowSpec *
find_table (const TstSchema *self,
            const char      *table_id)
{
  guint32 number = tst_id_map_find_text (&self->table_numbers, table_id);

  return number != TST_ID_MAP_NONE ? g_ptr_array_index (self->tables, number) : NULL;
}

const TstRowSpec *
tst_schema_find_table (const TstSchema *self,
                       const TstTable  *table)
{
  guint32 number;

  if (table->number == TST_VALUES_TABLE)
    return self->values;

  number = tst_id_map_find_id (&self->table_numbers, table->data->id);

  return number != TST_ID_MAP_NONE ? g_ptr_array_index (self->tables, number) : NULL;
}

static GError *
check_addition (const char        *id,
                const TstCellSpec *spec)
{
  if (!g_utf8_validate (id, -1, NULL))
    return g_error_new_literal (TST_ERROR, TST_ERROR_INVALID_ID, _("An id must be valid UTF-8"));

  if (spec->choices != NULL && spec->choices->len == 0)
    return g_error_new (TST_ERROR, TST_ERROR_SCHEMA, _("There is no choice for “%s”"), id);

  return NULL;
}

static TstRowSpec *
add_table (TstSchema  *self,
           const char *table_id)
{
  TstRowSpec *table = row_spec_new (table_id);

  tst_id_map_insert (&self->table_numbers, table->id, self->tables->len);
  g_ptr_array_add (self->tables, table);

  return table;
}

static gboolean
finish_addition (GError  *problem,
                 GError **error)
{
  if (problem == NULL)
    return TRUE;

  g_propagate_error (error, problem);
  return FALSE;
}

/**
 * tst_schema_add_cell:
 * @self: a schema that no store has yet
 * @table_id: the id of a table
 * @cell_id: the id of a cell
 * @spec: what the cell may be
 * @error: where to put an error
 *
 * Allows a cell in the rows of a table.
 *
 * Returns: `TRUE` if it is added; `FALSE` with [error@TStore.Error.INVALID_ID], or
 *   with [error@TStore.Error.SCHEMA] if the cell is in the schema already, or if it
 *   is an enumeration without a choice
 *
 * Since: 0.1
 */
gboolean
tst_schema_add_cell (TstSchema    *self,
                     const char   *table_id,
                     const char   *cell_id,
                     TstCellSpec  *spec,
                     GError      **error)
{
  TstRowSpec *table;
  GError *problem;

  g_return_val_if_fail (self != NULL && !self->sealed, FALSE);
  g_return_val_if_fail (table_id != NULL && cell_id != NULL, FALSE);
  g_return_val_if_fail (spec != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  problem = check_addition (cell_id, spec);
  if (problem == NULL)
    problem = check_addition (table_id, spec);
  if (problem != NULL)
    return finish_addition (problem, error);

  table = find_table (self, table_id);
  if (table == NULL)
    table = add_table (self, table_id);

  return finish_addition (row_spec_add (table, cell_id, spec), error);
}

/**
 * tst_schema_add_value:
 * @self: a schema that no store has yet
 * @value_id: the id of a keyed value
 * @spec: what the value may be
 * @error: where to put an error
 *
 * Allows a keyed value.
 *
 * Returns: `TRUE` if it is added; `FALSE` with [error@TStore.Error.INVALID_ID], or
 *   with [error@TStore.Error.SCHEMA] if the value is in the schema already, or if it
 *   is an enumeration without a choice
 *
 * Since: 0.1
 */
gboolean
tst_schema_add_value (TstSchema    *self,
                      const char   *value_id,
                      TstCellSpec  *spec,
                      GError      **error)
{
  GError *problem;

  g_return_val_if_fail (self != NULL && !self->sealed, FALSE);
  g_return_val_if_fail (value_id != NULL, FALSE);
  g_return_val_if_fail (spec != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  problem = check_addition (value_id, spec);
  if (problem != NULL)
    return finish_addition (problem, error);

  if (self->values == NULL)
    self->values = row_spec_new ("");

  return finish_addition (row_spec_add (self->values, value_id, spec), error);
}

/* --- What it says --- */

/**
 * tst_schema_has_tables:
 * @self: a schema
 *
 * Tells whether the schema says anything about tables.
 *
 * Returns: `TRUE` if no other tables are allowed than those listed
 *
 * Since: 0.1
 */
gboolean
tst_schema_has_tables (TstSchema *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->tables->len > 0;
}

/**
 * tst_schema_has_values:
 * @self: a schema
 *
 * Tells whether the schema says anything about keyed values.
 *
 * Returns: `TRUE` if no other keyed values are allowed than those listed
 *
 * Since: 0.1
 */
gboolean
tst_schema_has_values (TstSchema *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->values != NULL;
}

/**
 * tst_schema_get_table_ids:
 * @self: a schema
 *
 * Lists the tables.
 *
 * Returns: (transfer full) (array zero-terminated=1): their ids, in the order in
 *   which they were added
 *
 * Since: 0.1
 */
char **
tst_schema_get_table_ids (TstSchema *self)
{
  char **ids;

  g_return_val_if_fail (self != NULL, NULL);

  ids = g_new (char *, self->tables->len + 1);
  for (guint i = 0; i < self->tables->len; i++)
    {
      const TstRowSpec *table = g_ptr_array_index (self->tables, i);

      ids[i] = g_strdup (table->id->text);
    }
  ids[self->tables->len] = NULL;

  return ids;
}

/**
 * tst_schema_get_cell_ids:
 * @self: a schema
 * @table_id: the id of a table
 *
 * Lists the cells of the rows of a table.
 *
 * Returns: (transfer full) (array zero-terminated=1): their ids, in the order in
 *   which they were added; none if the table is not in the schema
 *
 * Since: 0.1
 */
char **
tst_schema_get_cell_ids (TstSchema  *self,
                         const char *table_id)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (table_id != NULL, NULL);

  return row_spec_get_ids (find_table (self, table_id));
}

/**
 * tst_schema_get_value_ids:
 * @self: a schema
 *
 * Lists the keyed values.
 *
 * Returns: (transfer full) (array zero-terminated=1): their ids, in the order in
 *   which they were added
 *
 * Since: 0.1
 */
char **
tst_schema_get_value_ids (TstSchema *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return row_spec_get_ids (self->values);
}

/**
 * tst_schema_get_cell:
 * @self: a schema
 * @table_id: the id of a table
 * @cell_id: the id of a cell
 *
 * Tells what a cell may be.
 *
 * Returns: (transfer none) (nullable): what it may be; `NULL` if it is not in the
 *   schema
 *
 * Since: 0.1
 */
TstCellSpec *
tst_schema_get_cell (TstSchema  *self,
                     const char *table_id,
                     const char *cell_id)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (table_id != NULL && cell_id != NULL, NULL);

  return row_spec_find_text (find_table (self, table_id), cell_id);
}

/**
 * tst_schema_get_value:
 * @self: a schema
 * @value_id: the id of a keyed value
 *
 * Tells what a keyed value may be.
 *
 * Returns: (transfer none) (nullable): what it may be; `NULL` if it is not in the
 *   schema
 *
 * Since: 0.1
 */
TstCellSpec *
tst_schema_get_value (TstSchema  *self,
                      const char *value_id)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (value_id != NULL, NULL);

  return row_spec_find_text (self->values, value_id);
}
