/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-store-json.h"

#include "tst-error.h"
#include "tst-json-content-private.h"
#include "tst-json-writer-private.h"
#include "tst-refuse-private.h"
#include "tst-text-private.h"

#include <glib/gi18n-lib.h>

/* --- Everything --- */

/**
 * tst_store_get_json:
 * @self: a store
 *
 * Gets the whole content as JSON text.
 *
 * The text is `[tables,values]`, compact and in the order of insertion, such
 * as `[{"pets":{"rex":{"age":3}}},{"open":true}]`. Numbers are written as
 * ECMAScript writes them. Objects and arrays are strings of U+FFFD and their
 * JSON text; and so are strings that would be taken for something else: those
 * that start with U+FFFD, and the string of only U+FFFC.
 *
 * Returns: (transfer full): the text
 *
 * Since: 0.1
 */
char *
tst_store_get_json (TstStore *self)
{
  g_autoptr(TstSnapshot) snapshot = NULL;
  TstJsonBuffer buffer = TST_JSON_BUFFER_INIT;

  g_return_val_if_fail (TST_IS_STORE (self), NULL);

  snapshot = tst_store_snapshot (self);
  tst_json_write_content (&buffer, snapshot);

  return tst_json_buffer_steal (&buffer);
}

/**
 * tst_store_set_json:
 * @self: a store
 * @json: a JSON text
 * @error: return location for an error
 *
 * Makes the content equal to a JSON text.
 *
 * The text is `[tables,values]`, as [method@Store.get_json] makes it. In
 * `[tables]`, and in the bare object of tables that is an older form, there is
 * nothing about the values, and they are left alone. Empty tables or values
 * remove those there are.
 *
 * The text must be strict JSON, valid UTF-8 without U+0000, without an empty
 * table or row, and without an id that is there twice. Objects and arrays are
 * accepted as such, too. If anything is wrong, nothing changes, and the error
 * says where: [error@TStore.Error.PARSE], [error@TStore.Error.FORMAT] or
 * [error@TStore.Error.LIMIT].
 *
 * Returns: whether the content is now that of the text
 *
 * Since: 0.1
 */
gboolean
tst_store_set_json (TstStore    *self,
                    const char  *json,
                    GError     **error)
{
  g_autoptr(TstEngine) engine = NULL;
  g_autoptr(TstSnapshot) content = NULL;
  GError *refused = NULL;
  gboolean has_values;

  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (json != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  engine = tst_text_read_content (json, strlen (json), &has_values, &refused);
  if (engine == NULL)
    return refuse_cell (self, NULL, NULL, NULL, refused, error);

  content = tst_engine_finish (g_steal_pointer (&engine));

  return tst_store_write_content (self, content, has_values ? TST_PART_ALL : TST_PART_TABLES, error);
}

/* --- Tables --- */

/**
 * tst_store_get_tables_json:
 * @self: a store
 *
 * Gets all tables as JSON text.
 *
 * The text is like `{"pets":{"rex":{"age":3}}}`, and `{}` without any table.
 *
 * Returns: (transfer full): the text
 *
 * Since: 0.1
 */
char *
tst_store_get_tables_json (TstStore *self)
{
  g_autoptr(TstSnapshot) snapshot = NULL;
  TstJsonBuffer buffer = TST_JSON_BUFFER_INIT;

  g_return_val_if_fail (TST_IS_STORE (self), NULL);

  snapshot = tst_store_snapshot (self);
  tst_json_write_tables (&buffer, snapshot);

  return tst_json_buffer_steal (&buffer);
}

/**
 * tst_store_set_tables_json:
 * @self: a store
 * @json: a JSON text
 * @error: return location for an error
 *
 * Makes the tables equal to a JSON text.
 *
 * The text is as [method@Store.get_tables_json] makes it, but not empty:
 * that is [error@TStore.Error.EMPTY]. If anything is wrong with it, nothing
 * changes.
 *
 * Returns: whether the tables are now those of the text
 *
 * Since: 0.1
 */
gboolean
tst_store_set_tables_json (TstStore    *self,
                           const char  *json,
                           GError     **error)
{
  g_autoptr(TstEngine) engine = NULL;
  g_autoptr(TstSnapshot) content = NULL;
  GError *refused = NULL;

  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (json != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  engine = tst_json_read_tables (json, strlen (json), &refused);
  if (engine == NULL)
    return refuse_cell (self, NULL, NULL, NULL, refused, error);

  content = tst_engine_snapshot (engine);

  return tst_store_write_content (self, content, TST_PART_TABLES, error);
}

/**
 * tst_store_get_table_json:
 * @self: a store
 * @table_id: the id of a table
 *
 * Gets one table as JSON text.
 *
 * The text is like `{"rex":{"age":3}}`, and `{}` if there is no such table.
 *
 * Returns: (transfer full): the text
 *
 * Since: 0.1
 */
char *
tst_store_get_table_json (TstStore   *self,
                          const char *table_id)
{
  g_autoptr(TstSnapshot) snapshot = NULL;
  TstJsonBuffer buffer = TST_JSON_BUFFER_INIT;
  const TstTableData *table;

  g_return_val_if_fail (TST_IS_STORE (self), NULL);
  g_return_val_if_fail (table_id != NULL, NULL);

  snapshot = tst_store_snapshot (self);
  table = tst_snapshot_find_table (snapshot, table_id);
  if (table)
    tst_json_write_table (&buffer, table);
  else
    tst_json_buffer_append (&buffer, "{}", 2);

  return tst_json_buffer_steal (&buffer);
}

static TstEngine *
read_table (const char  *table_id,
            const char  *json,
            GError     **error)
{
  if (g_utf8_validate (table_id, -1, NULL))
    return tst_json_read_table (table_id, json, strlen (json), error);

  g_set_error_literal (error, TST_ERROR, TST_ERROR_INVALID_ID, _("An id is not valid UTF-8"));

  return NULL;
}

/**
 * tst_store_set_table_json:
 * @self: a store
 * @table_id: the id of a table
 * @json: a JSON text
 * @error: return location for an error
 *
 * Makes one table equal to a JSON text.
 *
 * The text is as [method@Store.get_table_json] makes it, but not empty: that
 * is [error@TStore.Error.EMPTY]. If anything is wrong with it, nothing
 * changes.
 *
 * Returns: whether the table is now that of the text
 *
 * Since: 0.1
 */
gboolean
tst_store_set_table_json (TstStore    *self,
                          const char  *table_id,
                          const char  *json,
                          GError     **error)
{
  g_autoptr(TstEngine) engine = NULL;
  g_autoptr(TstSnapshot) content = NULL;
  GError *refused = NULL;

  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (table_id != NULL, FALSE);
  g_return_val_if_fail (json != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  engine = read_table (table_id, json, &refused);
  if (engine == NULL)
    return refuse_cell (self, table_id, NULL, NULL, refused, error);

  content = tst_engine_snapshot (engine);

  return tst_store_write_table (self, table_id, content, error);
}

/* --- Rows --- */

typedef struct
{
  TstJsonBuffer  buffer;
  const char    *table_id;
  const char    *row_id;
} RowText;

static void
write_cell_cb (TstStore     *store,
               const char   *id,
               const GValue *value,
               gpointer      user_data)
{
  RowText *text = user_data;

  tst_json_write_string (&text->buffer, id, strlen (id));
  tst_json_buffer_append_char (&text->buffer, ':');
  tst_json_write_cell (&text->buffer,
                       tst_store_peek_cell (store, text->table_id, text->row_id, id));
  tst_json_buffer_append_char (&text->buffer, ',');
}

/**
 * tst_store_get_row_json:
 * @self: a store
 * @table_id: the id of a table
 * @row_id: the id of a row
 *
 * Gets one row as JSON text.
 *
 * The text is like `{"age":3,"name":"Rex"}`, and `{}` if there is no such row.
 *
 * Returns: (transfer full): the text
 *
 * Since: 0.1
 */
char *
tst_store_get_row_json (TstStore   *self,
                        const char *table_id,
                        const char *row_id)
{
  RowText text = { TST_JSON_BUFFER_INIT, table_id, row_id };

  g_return_val_if_fail (TST_IS_STORE (self), NULL);
  g_return_val_if_fail (table_id != NULL, NULL);
  g_return_val_if_fail (row_id != NULL, NULL);

  /* Not from a snapshot, which would make the next write copy something. */
  tst_json_buffer_append_char (&text.buffer, '{');
  tst_store_foreach_cell (self, table_id, row_id, write_cell_cb, &text);
  tst_json_buffer_close (&text.buffer, '}');

  return tst_json_buffer_steal (&text.buffer);
}

static gboolean
write_row (TstStore    *self,
           const char  *table_id,
           const char  *row_id,
           const char  *json,
           gboolean     partial,
           GError     **error)
{
  g_auto(TstJsonCells) cells = TST_JSON_CELLS_INIT;
  GError *refused = NULL;

  if (!tst_json_read_cells (&cells, json, strlen (json), &refused))
    return refuse_cell (self, table_id, row_id, NULL, refused, error);

  return tst_store_write_row (self, table_id, row_id, cells.cells, cells.n_cells, partial, error);
}

/**
 * tst_store_set_row_json:
 * @self: a store
 * @table_id: the id of a table
 * @row_id: the id of a row
 * @json: a JSON text
 * @error: return location for an error
 *
 * Makes one row equal to a JSON text.
 *
 * The text is as [method@Store.get_row_json] makes it, but not empty: that is
 * [error@TStore.Error.EMPTY]. If anything is wrong with it, nothing changes.
 *
 * Returns: whether the row is now that of the text
 *
 * Since: 0.1
 */
gboolean
tst_store_set_row_json (TstStore    *self,
                        const char  *table_id,
                        const char  *row_id,
                        const char  *json,
                        GError     **error)
{
  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (table_id != NULL, FALSE);
  g_return_val_if_fail (row_id != NULL, FALSE);
  g_return_val_if_fail (json != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return write_row (self, table_id, row_id, json, FALSE, error);
}

/**
 * tst_store_set_partial_row_json:
 * @self: a store
 * @table_id: the id of a table
 * @row_id: the id of a row
 * @json: a JSON text
 * @error: return location for an error
 *
 * Sets some cells of a row from a JSON text.
 *
 * Cells that are not in the text stay as they are. If anything is wrong with
 * the text, nothing changes.
 *
 * Returns: whether the row now has the cells of the text
 *
 * Since: 0.1
 */
gboolean
tst_store_set_partial_row_json (TstStore    *self,
                                const char  *table_id,
                                const char  *row_id,
                                const char  *json,
                                GError     **error)
{
  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (table_id != NULL, FALSE);
  g_return_val_if_fail (row_id != NULL, FALSE);
  g_return_val_if_fail (json != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return write_row (self, table_id, row_id, json, TRUE, error);
}

/**
 * tst_store_add_row_json:
 * @self: a store
 * @table_id: the id of a table
 * @json: a JSON text
 * @flags: how to make the id
 * @error: return location for an error
 *
 * Adds a row from a JSON text, under an id that is made for it.
 *
 * The text is as [method@Store.get_row_json] makes it, but not empty: that is
 * [error@TStore.Error.EMPTY]. If anything is wrong with it, nothing changes.
 *
 * Returns: (transfer full): the id of the new row, or `NULL` with an error
 *
 * Since: 0.1
 */
char *
tst_store_add_row_json (TstStore        *self,
                        const char      *table_id,
                        const char      *json,
                        TstAddRowFlags   flags,
                        GError         **error)
{
  g_auto(TstJsonCells) cells = TST_JSON_CELLS_INIT;
  GError *refused = NULL;

  g_return_val_if_fail (TST_IS_STORE (self), NULL);
  g_return_val_if_fail (table_id != NULL, NULL);
  g_return_val_if_fail (json != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!tst_json_read_cells (&cells, json, strlen (json), &refused))
    {
      refuse_cell (self, table_id, NULL, NULL, refused, error);
      return NULL;
    }

  return tst_store_write_new_row (self, table_id, cells.cells, cells.n_cells, flags, error);
}

/* --- Cells --- */

/**
 * tst_store_get_cell_json:
 * @self: a store
 * @table_id: the id of a table
 * @row_id: the id of a row
 * @cell_id: the id of a cell
 *
 * Gets one cell as JSON text.
 *
 * An object or an array is its own text, such as `[1,2]`; it is marked, as
 * [method@Store.get_json] does it, only inside of a larger text.
 *
 * Returns: (transfer full) (nullable): the text, or `NULL` if there is no such
 *   cell
 *
 * Since: 0.1
 */
char *
tst_store_get_cell_json (TstStore   *self,
                         const char *table_id,
                         const char *row_id,
                         const char *cell_id)
{
  g_return_val_if_fail (TST_IS_STORE (self), NULL);
  g_return_val_if_fail (table_id != NULL, NULL);
  g_return_val_if_fail (row_id != NULL, NULL);
  g_return_val_if_fail (cell_id != NULL, NULL);

  return tst_json_dup_cell (tst_store_peek_cell (self, table_id, row_id, cell_id));
}

/**
 * tst_store_set_cell_json:
 * @self: a store
 * @table_id: the id of a table
 * @row_id: the id of a row
 * @cell_id: the id of a cell
 * @json: a JSON text
 * @error: return location for an error
 *
 * Sets one cell from a JSON text.
 *
 * This is the way to store an object or an array: `{"a":1}` or `[1,2]`. If
 * anything is wrong with the text, nothing changes.
 *
 * Returns: whether the cell now is what the text says
 *
 * Since: 0.1
 */
gboolean
tst_store_set_cell_json (TstStore    *self,
                         const char  *table_id,
                         const char  *row_id,
                         const char  *cell_id,
                         const char  *json,
                         GError     **error)
{
  TstCell cell = TST_CELL_INIT;
  GError *refused = NULL;

  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (table_id != NULL, FALSE);
  g_return_val_if_fail (row_id != NULL, FALSE);
  g_return_val_if_fail (cell_id != NULL, FALSE);
  g_return_val_if_fail (json != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!tst_json_read_cell (&cell, json, strlen (json), &refused))
    return refuse_cell (self, table_id, row_id, cell_id, refused, error);

  return tst_store_write_cell (self, table_id, row_id, cell_id, &cell, error);
}

/* --- Keyed values --- */

/**
 * tst_store_get_values_json:
 * @self: a store
 *
 * Gets all keyed values as JSON text.
 *
 * The text is like `{"open":true}`, and `{}` without any value.
 *
 * Returns: (transfer full): the text
 *
 * Since: 0.1
 */
char *
tst_store_get_values_json (TstStore *self)
{
  g_autoptr(TstSnapshot) snapshot = NULL;
  TstJsonBuffer buffer = TST_JSON_BUFFER_INIT;

  g_return_val_if_fail (TST_IS_STORE (self), NULL);

  snapshot = tst_store_snapshot (self);
  tst_json_write_values (&buffer, snapshot);

  return tst_json_buffer_steal (&buffer);
}

static gboolean
write_values (TstStore    *self,
              const char  *json,
              gboolean     partial,
              GError     **error)
{
  g_auto(TstJsonCells) cells = TST_JSON_CELLS_INIT;
  GError *refused = NULL;

  if (!tst_json_read_cells (&cells, json, strlen (json), &refused))
    return refuse_value (self, NULL, refused, error);

  return tst_store_write_values (self, cells.cells, cells.n_cells, partial, error);
}

/**
 * tst_store_set_values_json:
 * @self: a store
 * @json: a JSON text
 * @error: return location for an error
 *
 * Makes the keyed values equal to a JSON text.
 *
 * The text is as [method@Store.get_values_json] makes it, but not empty: that
 * is [error@TStore.Error.EMPTY]. If anything is wrong with it, nothing
 * changes.
 *
 * Returns: whether the values are now those of the text
 *
 * Since: 0.1
 */
gboolean
tst_store_set_values_json (TstStore    *self,
                           const char  *json,
                           GError     **error)
{
  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (json != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return write_values (self, json, FALSE, error);
}

/**
 * tst_store_set_partial_values_json:
 * @self: a store
 * @json: a JSON text
 * @error: return location for an error
 *
 * Sets some keyed values from a JSON text.
 *
 * Values that are not in the text stay as they are. If anything is wrong with
 * the text, nothing changes.
 *
 * Returns: whether the store now has the values of the text
 *
 * Since: 0.1
 */
gboolean
tst_store_set_partial_values_json (TstStore    *self,
                                   const char  *json,
                                   GError     **error)
{
  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (json != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return write_values (self, json, TRUE, error);
}

/**
 * tst_store_get_value_json:
 * @self: a store
 * @value_id: the id of a keyed value
 *
 * Gets one keyed value as JSON text.
 *
 * Returns: (transfer full) (nullable): the text, or `NULL` if there is no such
 *   value
 *
 * Since: 0.1
 */
char *
tst_store_get_value_json (TstStore   *self,
                          const char *value_id)
{
  g_return_val_if_fail (TST_IS_STORE (self), NULL);
  g_return_val_if_fail (value_id != NULL, NULL);

  return tst_json_dup_cell (tst_store_peek_value (self, value_id));
}

/**
 * tst_store_set_value_json:
 * @self: a store
 * @value_id: the id of a keyed value
 * @json: a JSON text
 * @error: return location for an error
 *
 * Sets one keyed value from a JSON text.
 *
 * This is the way to store an object or an array. If anything is wrong with
 * the text, nothing changes.
 *
 * Returns: whether the value now is what the text says
 *
 * Since: 0.1
 */
gboolean
tst_store_set_value_json (TstStore    *self,
                          const char  *value_id,
                          const char  *json,
                          GError     **error)
{
  TstCell cell = TST_CELL_INIT;
  GError *refused = NULL;

  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (value_id != NULL, FALSE);
  g_return_val_if_fail (json != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!tst_json_read_cell (&cell, json, strlen (json), &refused))
    return refuse_value (self, value_id, refused, error);

  return tst_store_write_value (self, value_id, &cell, error);
}
