/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-changes-variant.h"

#include "tst-cell-variant-private.h"
#include "tst-changes-builder-private.h"
#include "tst-content-variant-private.h"

#define TYPE_CELLS   "a{smv}"
#define TYPE_ROWS    "a{sm" TYPE_CELLS "}"
#define TYPE_TABLES  "a{sm" TYPE_ROWS "}"
#define TYPE_CHANGES "(" TYPE_TABLES TYPE_CELLS ")"

/* --- Writing --- */

static GVariant *
cells_to_variant (const TstChangedRow *row)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE (TYPE_CELLS));
  for (guint i = 0; i < row->n_cells; i++)
    {
      const TstCell *cell = &row->cells[i].new_cell;
      gboolean removed = tst_cell_type (cell) == TST_CELL_TYPE_NONE;

      g_variant_builder_add (&builder, "{smv}", row->cells[i].id->text,
                             removed ? NULL : tst_cell_to_variant (cell));
    }

  return g_variant_builder_end (&builder);
}

static GVariant *
rows_to_variant (const TstChangedTable *table)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE (TYPE_ROWS));
  for (guint i = 0; i < table->n_rows; i++)
    g_variant_builder_add (&builder, "{sm@" TYPE_CELLS "}", table->rows[i].id->text,
                           table->rows[i].delta < 0 ? NULL : cells_to_variant (&table->rows[i]));

  return g_variant_builder_end (&builder);
}

/**
 * tst_changes_to_variant:
 * @self: changes
 *
 * Gets the changes as a variant.
 *
 * It has the type `(a{sma{sma{smv}}}a{smv})`: the tables, with their rows and
 * cells, and the values, with what was added or is different now. Each table,
 * row, cell and value is a maybe, and what was removed is nothing: a whole
 * table or row where all of it was removed. A cell is as in
 * [method@Store.get_content]; one that is null is a variant, in which is an
 * `mv` of nothing.
 *
 * Returns: (transfer full): the changes
 *
 * Since: 0.1
 */
GVariant *
tst_changes_to_variant (TstChanges *self)
{
  GVariantBuilder tables;

  g_return_val_if_fail (self != NULL, NULL);

  g_variant_builder_init (&tables, G_VARIANT_TYPE (TYPE_TABLES));
  for (guint i = 0; i < self->n_tables; i++)
    g_variant_builder_add (&tables, "{sm@" TYPE_ROWS "}", self->tables[i].id->text,
                           self->tables[i].delta < 0 ? NULL : rows_to_variant (&self->tables[i]));

  return g_variant_ref_sink (g_variant_new ("(@" TYPE_TABLES "@" TYPE_CELLS ")",
                                            g_variant_builder_end (&tables),
                                            cells_to_variant (&self->values)));
}

/* --- Reading --- */

static gboolean
read_cells (TstChangesBuilder  *builder,
            GVariant           *cells,
            TstAddCellFunc      add,
            GError            **error)
{
  GVariantIter iter;

  g_variant_iter_init (&iter, cells);
  for (;;)
    {
      g_autofree char *id = NULL;
      g_autoptr(GVariant) value = NULL;
      TstCell cell = TST_CELL_INIT;

      if (!g_variant_iter_next (&iter, "{smv}", &id, &value))
        return TRUE;
      if (value != NULL && !tst_cell_init_from_variant (&cell, value, error))
        return FALSE;
      if (!add (builder, id, strlen (id), value ? &cell : NULL))
        {
          tst_cell_clear (&cell);
          return tst_variant_fail_twice (id, error);
        }
    }
}

static gboolean
read_rows (TstChangesBuilder  *builder,
           GVariant           *rows,
           GError            **error)
{
  GVariantIter iter;

  g_variant_iter_init (&iter, rows);
  for (;;)
    {
      g_autofree char *id = NULL;
      g_autoptr(GVariant) cells = NULL;

      if (!g_variant_iter_next (&iter, "{sm@" TYPE_CELLS "}", &id, &cells))
        return TRUE;
      if (!tst_changes_builder_open_row (builder, id, strlen (id)))
        return tst_variant_fail_twice (id, error);
      if (cells == NULL)
        tst_changes_builder_remove_row (builder);
      else if (!read_cells (builder, cells, tst_changes_builder_add_cell, error))
        return FALSE;
    }
}

static gboolean
read_tables (TstChangesBuilder  *builder,
             GVariant           *tables,
             GError            **error)
{
  GVariantIter iter;

  g_variant_iter_init (&iter, tables);
  for (;;)
    {
      g_autofree char *id = NULL;
      g_autoptr(GVariant) rows = NULL;

      if (!g_variant_iter_next (&iter, "{sm@" TYPE_ROWS "}", &id, &rows))
        return TRUE;
      if (!tst_changes_builder_open_table (builder, id, strlen (id)))
        return tst_variant_fail_twice (id, error);
      if (rows == NULL)
        tst_changes_builder_remove_table (builder);
      else if (!read_rows (builder, rows, error))
        return FALSE;
    }
}

/**
 * tst_changes_new_from_variant:
 * @variant: the changes
 * @error: return location for an error
 *
 * Makes changes from a variant.
 *
 * The variant is as [method@Changes.to_variant] makes it, but any kind of
 * number in it is a number, and any dictionary, array or tuple may stand for
 * an object or an array. An empty table or row does nothing.
 *
 * Returns: (transfer full): new changes, or `NULL` with an error:
 *   [error@TStore.Error.INVALID_VALUE], [error@TStore.Error.FORMAT] or
 *   [error@TStore.Error.LIMIT]
 *
 * Since: 0.1
 */
TstChanges *
tst_changes_new_from_variant (GVariant  *variant,
                              GError   **error)
{
  g_autoptr(GVariant) owned = NULL;
  g_autoptr(GVariant) tables = NULL;
  g_autoptr(GVariant) values = NULL;
  g_auto(TstChangesBuilder) builder = { NULL, };

  g_return_val_if_fail (variant != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  owned = g_variant_ref_sink (variant);
  if (!tst_variant_check_type (owned, G_VARIANT_TYPE (TYPE_CHANGES), TYPE_CHANGES, error))
    return NULL;

  tables = g_variant_get_child_value (owned, 0);
  values = g_variant_get_child_value (owned, 1);
  tst_changes_builder_init (&builder);

  if (!read_tables (&builder, tables, error) ||
      !read_cells (&builder, values, tst_changes_builder_add_value, error))
    return NULL;

  return tst_changes_builder_end (&builder);
}
