/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-content-variant-private.h"

#include "tst-cell-variant-private.h"
#include "tst-error.h"

#include <glib/gi18n-lib.h>

/* Any dictionary with strings as keys is accepted: bindings make a{ss} or
 * a{sd} of what has only such members. */
#define TYPE_OBJECT G_VARIANT_TYPE ("a{s*}")

gboolean
tst_variant_check_type (GVariant            *variant,
                        const GVariantType  *type,
                        const char          *wanted,
                        GError             **error)
{
  if (!g_variant_is_of_type (variant, type))
    {
      g_set_error (error, TST_ERROR, TST_ERROR_INVALID_VALUE,
                   _("Expected a variant of type “%s”, but got “%s”"),
                   wanted, g_variant_get_type_string (variant));
      return FALSE;
    }

  /* One from outside may be damaged, and then something else would be read. */
  if (!g_variant_is_normal_form (variant))
    {
      g_set_error_literal (error, TST_ERROR, TST_ERROR_INVALID_VALUE,
                           _("A variant is not in normal form"));
      return FALSE;
    }

  return TRUE;
}

gboolean
tst_variant_fail_twice (const char  *id,
                        GError     **error)
{
  g_set_error (error, TST_ERROR, TST_ERROR_FORMAT, _("The id “%s” is there twice"), id);

  return FALSE;
}

static gboolean
check_not_empty (GVariant    *variant,
                 const char  *message,
                 GError     **error)
{
  if (g_variant_n_children (variant) > 0)
    return TRUE;

  g_set_error_literal (error, TST_ERROR, TST_ERROR_EMPTY, message);

  return FALSE;
}

/* Like g_variant_iter_next(), for members of any type; a member that is boxed
 * comes without its box. */
static gboolean
next_member (GVariantIter  *iter,
             char         **id,
             GVariant     **value)
{
  g_autoptr(GVariant) member = g_variant_iter_next_value (iter);
  GVariant *boxed;

  if (member == NULL)
    return FALSE;

  g_variant_get_child (member, 0, "s", id);
  *value = g_variant_get_child_value (member, 1);
  if (g_variant_is_of_type (*value, G_VARIANT_TYPE_VARIANT))
    {
      boxed = *value;
      *value = g_variant_get_variant (boxed);
      g_variant_unref (boxed);
    }

  return TRUE;
}

static gboolean
add_cell (TstEngine   *engine,
          TstTable    *table,
          guint32      row,
          const char  *cell_id,
          GVariant    *value,
          GError     **error)
{
  TstCell cell;
  guint32 column;

  if (!tst_cell_init_from_variant (&cell, value, error))
    return FALSE;

  column = tst_engine_ensure_column (engine, table, cell_id, strlen (cell_id));
  if (tst_engine_put_cell (engine, table, row, column, &cell))
    return TRUE;

  tst_cell_clear (&cell);

  return tst_variant_fail_twice (cell_id, error);
}

static gboolean
add_row (TstEngine   *engine,
         TstTable    *table,
         const char  *row_id,
         GVariant    *cells,
         GError     **error)
{
  GVariantIter iter;
  gboolean created;
  guint32 row;

  if (!tst_variant_check_type (cells, TYPE_OBJECT, "a{sv}", error) ||
      !check_not_empty (cells, _("A row is empty"), error))
    return FALSE;

  row = tst_engine_ensure_row (engine, table, row_id, strlen (row_id), &created);
  if (!created)
    return tst_variant_fail_twice (row_id, error);

  g_variant_iter_init (&iter, cells);
  for (;;)
    {
      g_autofree char *cell_id = NULL;
      g_autoptr(GVariant) value = NULL;

      if (!next_member (&iter, &cell_id, &value))
        return TRUE;
      if (!add_cell (engine, table, row, cell_id, value, error))
        return FALSE;
    }
}

gboolean
tst_variant_read_table (TstEngine   *engine,
                        const char  *table_id,
                        GVariant    *rows,
                        GError     **error)
{
  GVariantIter iter;
  gboolean created;
  TstTable *table;

  if (!tst_variant_check_type (rows, TYPE_OBJECT, "a{sa{sv}}", error) ||
      !check_not_empty (rows, _("A table is empty"), error))
    return FALSE;

  table = tst_engine_ensure_table (engine, table_id, strlen (table_id), &created);
  if (!created)
    return tst_variant_fail_twice (table_id, error);

  g_variant_iter_init (&iter, rows);
  for (;;)
    {
      g_autofree char *row_id = NULL;
      g_autoptr(GVariant) cells = NULL;

      if (!next_member (&iter, &row_id, &cells))
        return TRUE;
      if (!add_row (engine, table, row_id, cells, error))
        return FALSE;
    }
}

gboolean
tst_variant_read_tables (TstEngine  *engine,
                         GVariant   *tables,
                         GError    **error)
{
  GVariantIter iter;

  if (!tst_variant_check_type (tables, TYPE_OBJECT, "a{sa{sa{sv}}}", error))
    return FALSE;

  g_variant_iter_init (&iter, tables);
  for (;;)
    {
      g_autofree char *table_id = NULL;
      g_autoptr(GVariant) rows = NULL;

      if (!next_member (&iter, &table_id, &rows))
        return TRUE;
      if (!tst_variant_read_table (engine, table_id, rows, error))
        return FALSE;
    }
}

static gboolean
add_values (TstEngine  *engine,
            GVariant   *values,
            GError    **error)
{
  GVariantIter iter;

  if (!tst_variant_check_type (values, TYPE_OBJECT, "a{sv}", error))
    return FALSE;

  g_variant_iter_init (&iter, values);
  for (;;)
    {
      g_autofree char *value_id = NULL;
      g_autoptr(GVariant) value = NULL;
      TstCell cell;

      if (!next_member (&iter, &value_id, &value))
        return TRUE;
      if (!tst_cell_init_from_variant (&cell, value, error))
        return FALSE;
      if (!tst_engine_put_value (engine, value_id, strlen (value_id), &cell))
        {
          tst_cell_clear (&cell);
          return tst_variant_fail_twice (value_id, error);
        }
    }
}

gboolean
tst_variant_read_content (TstEngine  *engine,
                          GVariant   *content,
                          GError    **error)
{
  g_autoptr(GVariant) tables = NULL;
  g_autoptr(GVariant) values = NULL;

  if (!tst_variant_check_type (content, G_VARIANT_TYPE ("(**)"), "(a{sa{sa{sv}}}a{sv})", error))
    return FALSE;

  tables = g_variant_get_child_value (content, 0);
  values = g_variant_get_child_value (content, 1);

  return tst_variant_read_tables (engine, tables, error) && add_values (engine, values, error);
}

void
tst_variant_cells_clear (TstVariantCells *self)
{
  for (gsize i = 0; i < self->n_cells; i++)
    tst_cell_clear (&self->cells[i].cell);
  g_clear_pointer (&self->cells, g_free);
  g_clear_pointer (&self->ids, g_ptr_array_unref);
}

gboolean
tst_variant_read_cells (TstVariantCells  *self,
                        GVariant         *variant,
                        GError          **error)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  GVariantIter iter;

  if (!tst_variant_check_type (variant, TYPE_OBJECT, "a{sv}", error))
    return FALSE;

  self->cells = g_new0 (TstNamedCell, g_variant_n_children (variant));
  self->ids = g_ptr_array_new_with_free_func (g_free);

  g_variant_iter_init (&iter, variant);
  for (;;)
    {
      g_autoptr(GVariant) value = NULL;
      TstNamedCell *cell;
      char *id;

      if (!next_member (&iter, &id, &value))
        return TRUE;

      cell = &self->cells[self->n_cells];
      g_ptr_array_add (self->ids, id);
      if (!g_hash_table_add (seen, id))
        return tst_variant_fail_twice (id, error);
      if (!tst_cell_init_from_variant (&cell->cell, value, error))
        return FALSE;

      cell->id = id;
      cell->length = strlen (id);
      self->n_cells++;
    }
}
