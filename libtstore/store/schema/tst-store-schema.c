/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-store-object-private.h"

#include <glib/gi18n-lib.h>

#include "tst-error.h"

/* A store that has a schema. Writes of several cells go to the engine first, as
 * they do without one; then what they touched is held against the schema, and all
 * of it is undone if it does not fit. A cell that is set in a row that is there
 * needs no more than a look at what the schema says of it. */

static const char schema_origin = 's';

const TstOrigin tst_schema_origin = &schema_origin;

/* --- Statements --- */

typedef struct
{
  TstStore *store;
  GError   *first;      /* (nullable) */
  guint     n;
  gboolean  silent;     /* nobody is told */
} Misfits;

static void
count_misfit_cb (const TstTable *table,
                 const TstId    *row_id,
                 const TstId    *cell_id,
                 GError         *error,
                 gpointer        user_data)
{
  Misfits *self = user_data;

  if (self->n++ == 0)
    self->first = g_error_copy (error);

  if (self->silent)
    return;

  if (table->number == TST_VALUES_TABLE)
    tst_store_refuse_value (self->store, cell_id ? cell_id->text : NULL, error);
  else
    tst_store_refuse_cell (self->store, table->data->id->text, row_id ? row_id->text : NULL,
                           cell_id ? cell_id->text : NULL, error);
}

gsize
tst_store_open_statement (TstStore *self)
{
  tst_store_open_batch (self);

  return tst_engine_mark (self->engine);
}

gboolean
tst_store_close_statement (TstStore  *self,
                           gsize      mark,
                           GError   **error)
{
  Misfits misfits = { self };
  gboolean committed;

  if (self->schema != NULL &&
      !tst_schema_check (self->schema, self->engine, mark, count_misfit_cb, &misfits))
    tst_engine_undo (self->engine, mark);

  committed = tst_store_close_batch (self);

  if (misfits.first != NULL)
    g_propagate_error (error, misfits.first);
  else if (!committed)
    tst_store_set_rolled_back (error);

  return committed && misfits.first == NULL;
}

/* --- Single cells --- */

/* Those of a table, or the keyed values if @table_id is NULL. */
static const TstCellSpec *
find_spec (const TstSchema *schema,
           const char      *table_id,
           const char      *cell_id)
{
  return table_id ? tst_schema_get_cell ((TstSchema *) schema, table_id, cell_id)
                  : tst_schema_get_value ((TstSchema *) schema, cell_id);
}

static gboolean
fits (const TstStore *self,
      const char     *table_id,
      const char     *cell_id,
      const TstCell  *cell)
{
  const TstCellSpec *spec;

  if (self->schema == NULL ||
      (table_id ? self->schema->tables->len == 0 : self->schema->values == NULL))
    return TRUE;

  spec = find_spec (self->schema, table_id, cell_id);

  return spec != NULL && tst_cell_spec_allows (spec, cell);
}

static gboolean
has_row (TstStore   *self,
         const char *table_id,
         const char *row_id)
{
  return table_id ? tst_store_has_row (self, table_id, row_id) : tst_store_has_values (self);
}

static TstSetResult
put (TstStore   *self,
     const char *table_id,
     const char *row_id,
     const char *cell_id,
     TstCell    *cell)
{
  TstTarget target;

  if (table_id == NULL)
    return tst_engine_set_value (self->engine, cell_id, cell);

  tst_engine_find_target (self->engine, &target, table_id, row_id, cell_id);

  return tst_engine_set_target (self->engine, &target, cell);
}

/* Where no row is yet, or where the cell does not fit, which is told of in the
 * same words as in any other row. */
static gboolean
put_as_statement (TstStore    *self,
                  const char  *table_id,
                  const char  *row_id,
                  const char  *cell_id,
                  TstCell     *cell,
                  GError     **error)
{
  gsize mark = tst_store_open_statement (self);
  GError *refusal = NULL;
  gboolean written;

  if (put (self, table_id, row_id, cell_id, cell) == TST_SET_INVALID_ID)
    {
      refusal = g_error_new_literal (TST_ERROR, TST_ERROR_INVALID_ID, _("An id must be valid UTF-8"));
      if (table_id != NULL)
        tst_store_refuse_cell (self, table_id, row_id, cell_id, refusal);
      else
        tst_store_refuse_value (self, cell_id, refusal);
    }

  written = tst_store_close_statement (self, mark, refusal == NULL ? error : NULL);
  if (refusal == NULL)
    return written;

  g_propagate_error (error, refusal);
  return FALSE;
}

gboolean
tst_store_write_fitting (TstStore    *self,
                         const char  *table_id,
                         const char  *row_id,
                         const char  *cell_id,
                         TstCell     *cell,
                         GError     **error)
{
  gboolean opened = tst_store_open_write (self);
  gboolean written = TRUE, changed = FALSE;
  gboolean committed;

  if (fits (self, table_id, cell_id, cell) && has_row (self, table_id, row_id) &&
      g_utf8_validate (cell_id, -1, NULL))
    changed = put (self, table_id, row_id, cell_id, cell) == TST_SET_CHANGED;
  else
    written = put_as_statement (self, table_id, row_id, cell_id, cell, error);

  committed = tst_store_close_write (self, opened, changed);
  if (written && !committed)
    tst_store_set_rolled_back (error);

  return written && committed;
}

/* One that is required is not removed, not even as the last one of its row, with
 * which the row would go. */
gboolean
tst_store_keeps_cell (TstStore   *self,
                      const char *table_id,
                      const char *row_id,
                      const char *cell_id)
{
  const TstCellSpec *spec = self->schema ? find_spec (self->schema, table_id, cell_id) : NULL;

  if (spec == NULL || !spec->required || tst_cell_spec_has_default (spec))
    return FALSE;

  return table_id ? tst_store_has_cell (self, table_id, row_id, cell_id)
                  : tst_store_has_value (self, cell_id);
}

static void
refuse_removal (TstStore   *self,
                const char *table_id,
                const char *row_id,
                const char *cell_id)
{
  g_autoptr(GError) error = tst_schema_new_misfit (table_id, row_id, cell_id,
                                                   _("It is required by the schema"));

  if (table_id != NULL)
    tst_store_refuse_cell (self, table_id, row_id, cell_id, error);
  else
    tst_store_refuse_value (self, cell_id, error);
}

gboolean
tst_store_remove_fitting (TstStore   *self,
                          const char *table_id,
                          const char *row_id,
                          const char *cell_id)
{
  gsize mark = tst_store_open_statement (self);
  TstTable *table = table_id ? tst_engine_find_table (self->engine, table_id) : self->engine->values;
  gboolean removed = FALSE;

  if (tst_store_keeps_cell (self, table_id, row_id, cell_id))
    refuse_removal (self, table_id, row_id, cell_id);
  else if (table != NULL)
    removed = tst_store_remove_cell_in (self, table, table_id ? row_id : "", cell_id);

  return tst_store_close_statement (self, mark, NULL) && removed;
}

gboolean
tst_store_drop_cell_at (TstStore *self,
                        TstTable *table,
                        guint32   row,
                        guint32   position)
{
  guint32 column = tst_table_data_head (table->data, row)->layout->columns[position];
  const TstRowSpec *row_spec = self->schema ? tst_schema_find_table (self->schema, table) : NULL;
  const TstCellSpec *spec = row_spec ? tst_row_spec_find (row_spec, table->data->columns->ids[column]) : NULL;
  TstCell cell;

  if (spec == NULL || !tst_cell_spec_has_default (spec))
    {
      tst_engine_remove_at (self->engine, table, row, position);
      return TRUE;
    }

  tst_cell_copy (&cell, &spec->fallback);
  tst_engine_set_at (self->engine, table, row, column, &cell);
  return FALSE;
}

/* --- The schema --- */

static void
clear_schema (gpointer data)
{
  if (data != NULL)
    tst_schema_unref (data);
}

/* Takes over @schema. */
static void
change_schema (TstStore  *self,
               TstSchema *schema)
{
  if (self->old_schemas == NULL)
    self->old_schemas = g_ptr_array_new_with_free_func (clear_schema);

  g_ptr_array_add (self->old_schemas, self->schema);
  self->schema = schema;
}

void
tst_store_undo_schemas (TstStore *self,
                        guint     n_schemas)
{
  while (self->old_schemas != NULL && self->old_schemas->len > n_schemas)
    {
      clear_schema (self->schema);
      self->schema = g_ptr_array_steal_index (self->old_schemas, self->old_schemas->len - 1);
    }
}

void
tst_store_forget_schemas (TstStore *self)
{
  g_clear_pointer (&self->old_schemas, g_ptr_array_unref);
}

/**
 * tst_store_get_schema:
 * @self: a store
 *
 * Gets the schema.
 *
 * Returns: (transfer none) (nullable): the schema, or `NULL` if there is none
 *
 * Since: 0.1
 */
TstSchema *
tst_store_get_schema (TstStore *self)
{
  g_return_val_if_fail (TST_IS_STORE (self), NULL);

  return self->schema;
}

/* Defaults alone are no change by the app: what is persisted somewhere comes
 * before them. What mutators write with them would be one. */
static gboolean
close_schema_statement (TstStore *self,
                        gboolean  only_defaults)
{
  gboolean committed, marked;

  g_object_ref (self);
  marked = only_defaults && self->origin == NULL && tst_store_depth (self) == 1 &&
           !self->notifying && !tst_store_has_mutators (self);
  if (marked)
    self->origin = tst_schema_origin;
  committed = tst_store_close_batch (self);
  if (marked)
    self->origin = NULL;
  g_object_unref (self);

  return committed;
}

static gboolean
finish_schema (Misfits   *misfits,
               gboolean   refused,
               gboolean   committed,
               GError   **error)
{
  if (refused)
    g_set_error (error, TST_ERROR, TST_ERROR_SCHEMA,
                 ngettext ("%u thing in the store does not fit the schema, the first is %s",
                           "%u things in the store do not fit the schema, the first is %s",
                           misfits->n),
                 misfits->n, misfits->first->message);
  else if (!committed)
    tst_store_set_rolled_back (error);

  g_clear_error (&misfits->first);

  return !refused && committed;
}

/**
 * tst_store_set_schema:
 * @self: a store
 * @schema: (nullable): a schema; `NULL` for none
 * @flags: what to do with data that does not fit
 * @error: where to put an error
 *
 * Gives a schema to the store, or takes it away.
 *
 * From now on, what does not fit the schema is refused, with
 * [error@TStore.Error.SCHEMA] and a notification of
 * [signal@Store::invalid-cell] or [signal@Store::invalid-value]. A write is made as a whole or
 * not at all: one cell that does not fit is enough to refuse a whole table. So
 * is loading from somewhere else, which then fails and leaves alone what is there.
 *
 * - A row always has the cells that have a default, and those that are
 *   required. The default is there when the row is made; when
 *   the cell is removed, or is missing in what replaces the row, it comes back.
 * - The keyed values are like one row, but that the defaults are there even before
 *   any other value is: unless others are required as well.
 *
 * If there is data already, it has to fit, too. Defaults are added, and what
 * does not fit is removed if @flags say so: a cell, or a row in which something is
 * missing, or a table that is not in the schema; and a cell that has a default
 * becomes that. [method@Store.preview_schema] tells what that would do. Without
 * `TST_SCHEMA_DROP` nothing is lost: if anything does not fit, neither the
 * schema nor the data changes, and the error says what it was.
 *
 * A schema belongs to the transaction in which it is set: a rollback brings the
 * one before it back.
 *
 * Returns: `TRUE` if the store has the schema; `FALSE` with
 *   [error@TStore.Error.SCHEMA] if it holds something that does not fit
 *
 * Since: 0.1
 */
gboolean
tst_store_set_schema (TstStore        *self,
                      TstSchema       *schema,
                      TstSchemaFlags   flags,
                      GError         **error)
{
  Misfits misfits = { self };
  gboolean drop = (flags & TST_SCHEMA_DROP) != 0;
  gboolean refused, committed;
  guint n_schemas;
  gsize mark;

  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  /* Its defaults come from there. */
  if (!tst_store_is_busy (self))
    tst_store_tell_before_outside (self);

  mark = tst_store_open_statement (self);
  n_schemas = self->old_schemas ? self->old_schemas->len : 0;
  change_schema (self, schema ? tst_schema_ref (schema) : NULL);

  if (schema != NULL)
    {
      schema->sealed = TRUE;
      misfits.silent = !drop;
      tst_schema_fit (schema, self->engine, count_misfit_cb, &misfits);
    }

  refused = misfits.n > 0 && !drop;
  if (refused)
    {
      tst_engine_undo (self->engine, mark);
      tst_store_undo_schemas (self, n_schemas);
    }

  /* Unless somebody has written as it began. */
  committed = close_schema_statement (self, misfits.n == 0 && mark == 0);

  return finish_schema (&misfits, refused, committed, error);
}

/**
 * tst_store_preview_schema:
 * @self: a store
 * @schema: a schema
 *
 * Tells what a schema would do to the data.
 *
 * Nothing changes. Whatever would be removed because it does not fit, and the
 * defaults that would be added, are what
 * [method@Store.set_schema] with `TST_SCHEMA_DROP` would do.
 *
 * Returns: (transfer full): what would change
 *
 * Since: 0.1
 */
TstChanges *
tst_store_preview_schema (TstStore  *self,
                          TstSchema *schema)
{
  g_autoptr(TstEngine) engine = NULL;
  g_autoptr(TstSnapshot) snapshot = NULL;
  Misfits misfits = { self };
  TstChanges *changes;

  g_return_val_if_fail (TST_IS_STORE (self), NULL);
  g_return_val_if_fail (schema != NULL, NULL);

  engine = tst_engine_new ();
  snapshot = tst_engine_snapshot (self->engine);
  tst_engine_adopt (engine, snapshot);

  misfits.silent = TRUE;
  engine->logging = TRUE;
  tst_schema_fit (schema, engine, count_misfit_cb, &misfits);
  changes = tst_changes_new_from_log (engine);
  tst_engine_forget (engine);
  g_clear_error (&misfits.first);

  return changes;
}
