/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-store-variant.h"

#include "tst-cell-variant-private.h"
#include "tst-content-variant-private.h"
#include "tst-error.h"
#include "tst-refuse-private.h"

#include <glib/gi18n-lib.h>

#define TYPE_ROW    G_VARIANT_TYPE_VARDICT
#define TYPE_TABLE  G_VARIANT_TYPE ("a{sa{sv}}")
#define TYPE_TABLES G_VARIANT_TYPE ("a{sa{sa{sv}}}")

/* --- To variants --- */

static GVariant *
row_to_variant (const TstTableData *table,
                const TstRowView   *row)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, TYPE_ROW);
  for (guint i = 0; i < row->n_cells; i++)
    g_variant_builder_add (&builder, "{sv}",
                           tst_table_data_get_column_id (table, row->columns[i])->text,
                           tst_cell_to_variant (&row->cells[i]));

  return g_variant_builder_end (&builder);
}

static GVariant *
table_to_variant (const TstTableData *table)
{
  GVariantBuilder builder;
  TstRowView row;
  guint position = 0;

  g_variant_builder_init (&builder, TYPE_TABLE);
  while (tst_table_data_next_row (table, &position, &row))
    g_variant_builder_add (&builder, "{s@a{sv}}", row.id->text, row_to_variant (table, &row));

  return g_variant_builder_end (&builder);
}

static GVariant *
tables_to_variant (const TstSnapshot *snapshot)
{
  GVariantBuilder builder;
  const TstTableData *table;
  guint position = 0;

  g_variant_builder_init (&builder, TYPE_TABLES);
  while (tst_snapshot_next_table (snapshot, &position, &table))
    g_variant_builder_add (&builder, "{s@a{sa{sv}}}",
                           tst_table_data_get_id (table)->text, table_to_variant (table));

  return g_variant_builder_end (&builder);
}

static GVariant *
values_to_variant (const TstSnapshot *snapshot)
{
  TstRowView row;
  const TstTableData *table = tst_snapshot_get_values (snapshot, &row);

  return table ? row_to_variant (table, &row)
               : g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0);
}

/* --- Everything --- */

/**
 * tst_store_get_content:
 * @self: a store
 *
 * Gets the whole content as a variant.
 *
 * It has the type `(a{sa{sa{sv}}}a{sv})`: the tables, with their rows and
 * cells, and the values. A string is an `s`, a number a `d`, a boolean a `b`,
 * null an `mv` of nothing, an object an `a{sv}` and an array an `av`.
 *
 * Returns: (transfer full): the content
 *
 * Since: 0.1
 */
GVariant *
tst_store_get_content (TstStore *self)
{
  g_autoptr(TstSnapshot) snapshot = NULL;

  g_return_val_if_fail (TST_IS_STORE (self), NULL);

  snapshot = tst_store_snapshot (self);

  return g_variant_ref_sink (g_variant_new ("(@a{sa{sa{sv}}}@a{sv})",
                                            tables_to_variant (snapshot),
                                            values_to_variant (snapshot)));
}

/**
 * tst_store_set_content:
 * @self: a store
 * @content: the tables and the values
 * @error: return location for an error
 *
 * Makes the content equal to a variant.
 *
 * The variant is as [method@Store.get_content] makes it, but any kind of
 * number is a number, and in the place of an `a{sv}` or `av` may be any
 * dictionary with strings as keys, array or tuple. Empty tables or values
 * remove those there are; one empty row or table in it is
 * [error@TStore.Error.EMPTY]. If anything is wrong, nothing changes.
 *
 * Returns: whether the content is now that of the variant
 *
 * Since: 0.1
 */
gboolean
tst_store_set_content (TstStore  *self,
                       GVariant  *content,
                       GError   **error)
{
  g_autoptr(GVariant) owned = NULL;
  g_autoptr(TstEngine) engine = NULL;
  g_autoptr(TstSnapshot) snapshot = NULL;
  GError *refused = NULL;

  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (content != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  owned = g_variant_ref_sink (content);
  engine = tst_engine_new ();
  if (!tst_variant_read_content (engine, owned, &refused))
    return refuse_cell (self, NULL, NULL, NULL, refused, error);

  snapshot = tst_engine_snapshot (engine);

  return tst_store_write_content (self, snapshot, TST_PART_ALL, error);
}

/* --- Tables --- */

/**
 * tst_store_get_tables:
 * @self: a store
 *
 * Gets all tables as a variant of type `a{sa{sa{sv}}}`.
 *
 * [method@Store.get_content] says what the cells are.
 *
 * Returns: (transfer full): the tables
 *
 * Since: 0.1
 */
GVariant *
tst_store_get_tables (TstStore *self)
{
  g_autoptr(TstSnapshot) snapshot = NULL;

  g_return_val_if_fail (TST_IS_STORE (self), NULL);

  snapshot = tst_store_snapshot (self);

  return g_variant_ref_sink (tables_to_variant (snapshot));
}

static gboolean
read_tables (TstEngine  *engine,
             GVariant   *tables,
             GError    **error)
{
  if (!tst_variant_read_tables (engine, tables, error))
    return FALSE;

  if (g_variant_n_children (tables) > 0)
    return TRUE;

  g_set_error_literal (error, TST_ERROR, TST_ERROR_EMPTY, _("There are no tables"));

  return FALSE;
}

/**
 * tst_store_set_tables:
 * @self: a store
 * @tables: the tables
 * @error: return location for an error
 *
 * Makes the tables equal to a variant.
 *
 * The variant is as [method@Store.get_tables] makes it, with the liberties of
 * [method@Store.set_content], but not empty: that is
 * [error@TStore.Error.EMPTY]. If anything is wrong with it, nothing changes.
 *
 * Returns: whether the tables are now those of the variant
 *
 * Since: 0.1
 */
gboolean
tst_store_set_tables (TstStore  *self,
                      GVariant  *tables,
                      GError   **error)
{
  g_autoptr(GVariant) owned = NULL;
  g_autoptr(TstEngine) engine = NULL;
  g_autoptr(TstSnapshot) content = NULL;
  GError *refused = NULL;

  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (tables != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  owned = g_variant_ref_sink (tables);
  engine = tst_engine_new ();
  if (!read_tables (engine, owned, &refused))
    return refuse_cell (self, NULL, NULL, NULL, refused, error);

  content = tst_engine_snapshot (engine);

  return tst_store_write_content (self, content, TST_PART_TABLES, error);
}

/**
 * tst_store_get_table:
 * @self: a store
 * @table_id: the id of a table
 *
 * Gets one table as a variant of type `a{sa{sv}}`.
 *
 * [method@Store.get_content] says what the cells are.
 *
 * Returns: (transfer full): the table, empty if there is none
 *
 * Since: 0.1
 */
GVariant *
tst_store_get_table (TstStore   *self,
                     const char *table_id)
{
  g_autoptr(TstSnapshot) snapshot = NULL;
  const TstTableData *table;

  g_return_val_if_fail (TST_IS_STORE (self), NULL);
  g_return_val_if_fail (table_id != NULL, NULL);

  snapshot = tst_store_snapshot (self);
  table = tst_snapshot_find_table (snapshot, table_id);

  return g_variant_ref_sink (table ? table_to_variant (table)
                                   : g_variant_new_array (G_VARIANT_TYPE ("{sa{sv}}"), NULL, 0));
}

static TstEngine *
read_table (const char  *table_id,
            GVariant    *rows,
            GError     **error)
{
  g_autoptr(TstEngine) engine = NULL;

  if (!g_utf8_validate (table_id, -1, NULL))
    {
      g_set_error_literal (error, TST_ERROR, TST_ERROR_INVALID_ID, _("An id is not valid UTF-8"));
      return NULL;
    }

  engine = tst_engine_new ();

  return tst_variant_read_table (engine, table_id, rows, error) ? g_steal_pointer (&engine) : NULL;
}

/**
 * tst_store_set_table:
 * @self: a store
 * @table_id: the id of a table
 * @table: the rows
 * @error: return location for an error
 *
 * Makes one table equal to a variant.
 *
 * The variant is as [method@Store.get_table] makes it, with the liberties of
 * [method@Store.set_content], but not empty: that is
 * [error@TStore.Error.EMPTY]. If anything is wrong with it, nothing changes.
 *
 * Returns: whether the table is now that of the variant
 *
 * Since: 0.1
 */
gboolean
tst_store_set_table (TstStore    *self,
                     const char  *table_id,
                     GVariant    *table,
                     GError     **error)
{
  g_autoptr(GVariant) owned = NULL;
  g_autoptr(TstEngine) engine = NULL;
  g_autoptr(TstSnapshot) content = NULL;
  GError *refused = NULL;

  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (table_id != NULL, FALSE);
  g_return_val_if_fail (table != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  owned = g_variant_ref_sink (table);
  engine = read_table (table_id, owned, &refused);
  if (engine == NULL)
    return refuse_cell (self, table_id, NULL, NULL, refused, error);

  content = tst_engine_snapshot (engine);

  return tst_store_write_table (self, table_id, content, error);
}

/* --- Rows --- */

typedef struct
{
  GVariantBuilder  builder;
  const char      *table_id;
  const char      *row_id;
} RowBuilder;

static void
add_cell_cb (TstStore     *store,
             const char   *id,
             const GValue *value,
             gpointer      user_data)
{
  RowBuilder *row = user_data;
  const TstCell *cell = tst_store_peek_cell (store, row->table_id, row->row_id, id);

  g_variant_builder_add (&row->builder, "{sv}", id, tst_cell_to_variant (cell));
}

/**
 * tst_store_get_row:
 * @self: a store
 * @table_id: the id of a table
 * @row_id: the id of a row
 *
 * Gets one row as a variant of type `a{sv}`.
 *
 * [method@Store.get_content] says what the cells are.
 *
 * Returns: (transfer full): the row, empty if there is none
 *
 * Since: 0.1
 */
GVariant *
tst_store_get_row (TstStore   *self,
                   const char *table_id,
                   const char *row_id)
{
  RowBuilder row = { .table_id = table_id, .row_id = row_id };

  g_return_val_if_fail (TST_IS_STORE (self), NULL);
  g_return_val_if_fail (table_id != NULL, NULL);
  g_return_val_if_fail (row_id != NULL, NULL);

  /* Not from a snapshot, which would make the next write copy something. */
  g_variant_builder_init (&row.builder, TYPE_ROW);
  tst_store_foreach_cell (self, table_id, row_id, add_cell_cb, &row);

  return g_variant_ref_sink (g_variant_builder_end (&row.builder));
}

static gboolean
write_row (TstStore    *self,
           const char  *table_id,
           const char  *row_id,
           GVariant    *variant,
           gboolean     partial,
           GError     **error)
{
  g_autoptr(GVariant) owned = g_variant_ref_sink (variant);
  g_auto(TstVariantCells) cells = { NULL, };
  GError *refused = NULL;

  if (!tst_variant_read_cells (&cells, owned, &refused))
    return refuse_cell (self, table_id, row_id, NULL, refused, error);

  return tst_store_write_row (self, table_id, row_id, cells.cells, cells.n_cells, partial, error);
}

/**
 * tst_store_set_row:
 * @self: a store
 * @table_id: the id of a table
 * @row_id: the id of a row
 * @row: the cells
 * @error: return location for an error
 *
 * Makes one row equal to a variant.
 *
 * The variant is as [method@Store.get_row] makes it, with the liberties of
 * [method@Store.set_content], but not empty: that is
 * [error@TStore.Error.EMPTY]. If anything is wrong with it, nothing changes.
 *
 * Returns: whether the row is now that of the variant
 *
 * Since: 0.1
 */
gboolean
tst_store_set_row (TstStore    *self,
                   const char  *table_id,
                   const char  *row_id,
                   GVariant    *row,
                   GError     **error)
{
  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (table_id != NULL, FALSE);
  g_return_val_if_fail (row_id != NULL, FALSE);
  g_return_val_if_fail (row != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return write_row (self, table_id, row_id, row, FALSE, error);
}

/**
 * tst_store_set_partial_row:
 * @self: a store
 * @table_id: the id of a table
 * @row_id: the id of a row
 * @row: some cells
 * @error: return location for an error
 *
 * Sets some cells of a row from a variant.
 *
 * Cells that are not in the variant stay as they are. If anything is wrong
 * with it, nothing changes.
 *
 * Returns: whether the row now has the cells of the variant
 *
 * Since: 0.1
 */
gboolean
tst_store_set_partial_row (TstStore    *self,
                           const char  *table_id,
                           const char  *row_id,
                           GVariant    *row,
                           GError     **error)
{
  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (table_id != NULL, FALSE);
  g_return_val_if_fail (row_id != NULL, FALSE);
  g_return_val_if_fail (row != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return write_row (self, table_id, row_id, row, TRUE, error);
}

/**
 * tst_store_add_row:
 * @self: a store
 * @table_id: the id of a table
 * @row: the cells
 * @flags: how to make the id
 * @error: return location for an error
 *
 * Adds a row from a variant, under an id that is made for it.
 *
 * The variant is as [method@Store.get_row] makes it, with the liberties of
 * [method@Store.set_content], but not empty: that is
 * [error@TStore.Error.EMPTY]. If anything is wrong with it, nothing changes.
 *
 * Returns: (transfer full): the id of the new row, or `NULL` with an error
 *
 * Since: 0.1
 */
char *
tst_store_add_row (TstStore        *self,
                   const char      *table_id,
                   GVariant        *row,
                   TstAddRowFlags   flags,
                   GError         **error)
{
  g_autoptr(GVariant) owned = NULL;
  g_auto(TstVariantCells) cells = { NULL, };
  GError *refused = NULL;

  g_return_val_if_fail (TST_IS_STORE (self), NULL);
  g_return_val_if_fail (table_id != NULL, NULL);
  g_return_val_if_fail (row != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  owned = g_variant_ref_sink (row);
  if (!tst_variant_read_cells (&cells, owned, &refused))
    {
      refuse_cell (self, table_id, NULL, NULL, refused, error);
      return NULL;
    }

  return tst_store_write_new_row (self, table_id, cells.cells, cells.n_cells, flags, error);
}

/* --- Keyed values --- */

/**
 * tst_store_get_values:
 * @self: a store
 *
 * Gets all keyed values as a variant of type `a{sv}`.
 *
 * [method@Store.get_content] says what they are.
 *
 * Returns: (transfer full): the values, perhaps none
 *
 * Since: 0.1
 */
GVariant *
tst_store_get_values (TstStore *self)
{
  g_autoptr(TstSnapshot) snapshot = NULL;

  g_return_val_if_fail (TST_IS_STORE (self), NULL);

  snapshot = tst_store_snapshot (self);

  return g_variant_ref_sink (values_to_variant (snapshot));
}

static gboolean
write_values (TstStore  *self,
              GVariant  *variant,
              gboolean   partial,
              GError   **error)
{
  g_autoptr(GVariant) owned = g_variant_ref_sink (variant);
  g_auto(TstVariantCells) cells = { NULL, };
  GError *refused = NULL;

  if (!tst_variant_read_cells (&cells, owned, &refused))
    return refuse_value (self, NULL, refused, error);

  return tst_store_write_values (self, cells.cells, cells.n_cells, partial, error);
}

/**
 * tst_store_set_values:
 * @self: a store
 * @values: the values
 * @error: return location for an error
 *
 * Makes the keyed values equal to a variant.
 *
 * The variant is as [method@Store.get_values] makes it, with the liberties of
 * [method@Store.set_content], but not empty: that is
 * [error@TStore.Error.EMPTY]. If anything is wrong with it, nothing changes.
 *
 * Returns: whether the values are now those of the variant
 *
 * Since: 0.1
 */
gboolean
tst_store_set_values (TstStore  *self,
                      GVariant  *values,
                      GError   **error)
{
  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (values != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return write_values (self, values, FALSE, error);
}

/**
 * tst_store_set_partial_values:
 * @self: a store
 * @values: some values
 * @error: return location for an error
 *
 * Sets some keyed values from a variant.
 *
 * Values that are not in the variant stay as they are. If anything is wrong
 * with it, nothing changes.
 *
 * Returns: whether the store now has the values of the variant
 *
 * Since: 0.1
 */
gboolean
tst_store_set_partial_values (TstStore  *self,
                              GVariant  *values,
                              GError   **error)
{
  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (values != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return write_values (self, values, TRUE, error);
}
