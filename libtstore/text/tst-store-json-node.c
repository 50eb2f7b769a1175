/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-store-json-node.h"

#include "tst-json-node-private.h"
#include "tst-refuse-private.h"

static JsonNode *
take_object (JsonObject *object)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, object);

  return node;
}

/* --- Everything --- */

/**
 * tst_store_get_json_node:
 * @self: a store
 *
 * Gets the whole content as a node of JSON-GLib.
 *
 * It is what [method@Store.get_json] has as text: an array of the tables, with
 * their rows and cells, and the values. A string, a boolean, null, an object and
 * an array are what JSON-GLib has for them; if an object has a name twice, the
 * last one counts. A number without a fraction, between -2^53 and 2^53, is an
 * integer, and any other a double; [method@Json.Node.get_double] reads both.
 *
 * A string that would be taken for something else, because it starts with U+FFFD,
 * or is only U+FFFC, is U+FFFD and its JSON text.
 *
 * The node is for the caller alone; changing it does nothing to the store.
 *
 * Returns: (transfer full): the node
 *
 * Since: 0.1
 */
JsonNode *
tst_store_get_json_node (TstStore *self)
{
  g_autoptr(TstSnapshot) snapshot = NULL;
  JsonArray *array;
  JsonNode *node;

  g_return_val_if_fail (TST_IS_STORE (self), NULL);

  snapshot = tst_store_snapshot (self);
  array = json_array_new ();
  json_array_add_object_element (array, tst_json_object_new_tables (snapshot));
  json_array_add_object_element (array, tst_json_object_new_values (snapshot));

  node = json_node_new (JSON_NODE_ARRAY);
  json_node_take_array (node, array);

  return node;
}

/**
 * tst_store_set_json_node:
 * @self: a store
 * @node: (nullable): a node of JSON-GLib
 * @error: return location for an error
 *
 * Makes the content equal to a node of JSON-GLib.
 *
 * The node is what [method@Store.set_json] reads from a text: an array of tables
 * and values, or of only tables, or the bare object of tables. What that refuses
 * is refused with the same codes, and so is what no text can say, with
 * [error@TStore.Error.PARSE]: a number that is not finite, a string that is not
 * valid UTF-8, a node that was never filled, and `NULL`, which is what JSON-GLib
 * has for an empty document. The error says where, as a JSON pointer such as
 * `/0/pets/rex/age`. If anything is wrong, nothing changes.
 *
 * All numbers of a store are doubles. An integer of 64 bits that none is equal to
 * becomes the nearest one, as its digits do in a text. A string of JSON-GLib ends at
 * U+0000, so that nothing can be said of what was behind.
 *
 * Do not let JSON-GLib read what comes from outside: its parser accepts more than
 * JSON, and its nodes are freed by functions that call each other as deep as they
 * are nested. [method@Store.set_json] is for that.
 *
 * Returns: whether the content is now that of the node
 *
 * Since: 0.1
 */
gboolean
tst_store_set_json_node (TstStore  *self,
                         JsonNode  *node,
                         GError   **error)
{
  g_autoptr(TstEngine) engine = NULL;
  g_autoptr(TstSnapshot) content = NULL;
  GError *refused = NULL;
  gboolean has_values;

  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  engine = tst_json_node_read_content (node, &has_values, &refused);
  if (engine == NULL)
    return refuse_cell (self, NULL, NULL, NULL, refused, error);

  content = tst_engine_snapshot (engine);

  return tst_store_write_content (self, content, has_values ? TST_PART_ALL : TST_PART_TABLES, error);
}

/* --- Rows --- */

typedef struct
{
  JsonObject *object;
  const char *table_id;
  const char *row_id;
} Row;

static void
add_cell_cb (TstStore     *store,
             const char   *id,
             const GValue *value,
             gpointer      user_data)
{
  Row *row = user_data;
  const TstCell *cell = tst_store_peek_cell (store, row->table_id, row->row_id, id);

  json_object_set_member (row->object, id, tst_json_node_new_cell (cell));
}

/**
 * tst_store_get_row_json_node:
 * @self: a store
 * @table_id: the id of a table
 * @row_id: the id of a row
 *
 * Gets one row as a node of JSON-GLib: an object with the cells.
 *
 * [method@Store.get_json_node] says what the cells are. If there is no such row,
 * the object is empty.
 *
 * Returns: (transfer full): the node
 *
 * Since: 0.1
 */
JsonNode *
tst_store_get_row_json_node (TstStore   *self,
                             const char *table_id,
                             const char *row_id)
{
  Row row = { NULL, table_id, row_id };

  g_return_val_if_fail (TST_IS_STORE (self), NULL);
  g_return_val_if_fail (table_id != NULL, NULL);
  g_return_val_if_fail (row_id != NULL, NULL);

  /* Not from a snapshot, which would make the next write copy something. */
  row.object = json_object_new ();
  tst_store_foreach_cell (self, table_id, row_id, add_cell_cb, &row);

  return take_object (row.object);
}

static gboolean
write_row (TstStore    *self,
           const char  *table_id,
           const char  *row_id,
           JsonNode    *node,
           gboolean     partial,
           GError     **error)
{
  g_auto(TstJsonCells) cells = TST_JSON_CELLS_INIT;
  GError *refused = NULL;

  if (!tst_json_node_read_cells (&cells, node, &refused))
    return refuse_cell (self, table_id, row_id, NULL, refused, error);

  return tst_store_write_row (self, table_id, row_id, cells.cells, cells.n_cells, partial, error);
}

/**
 * tst_store_set_row_json_node:
 * @self: a store
 * @table_id: the id of a table
 * @row_id: the id of a row
 * @node: (nullable): a node of JSON-GLib
 * @error: return location for an error
 *
 * Makes one row equal to a node of JSON-GLib.
 *
 * The node is an object with the cells, but not empty: that is
 * [error@TStore.Error.EMPTY]. [method@Store.set_json_node] says what else may be
 * wrong with it; then nothing changes.
 *
 * Returns: whether the row is now that of the node
 *
 * Since: 0.1
 */
gboolean
tst_store_set_row_json_node (TstStore    *self,
                             const char  *table_id,
                             const char  *row_id,
                             JsonNode    *node,
                             GError     **error)
{
  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (table_id != NULL, FALSE);
  g_return_val_if_fail (row_id != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return write_row (self, table_id, row_id, node, FALSE, error);
}

/**
 * tst_store_set_partial_row_json_node:
 * @self: a store
 * @table_id: the id of a table
 * @row_id: the id of a row
 * @node: (nullable): a node of JSON-GLib
 * @error: return location for an error
 *
 * Sets some cells of a row from a node of JSON-GLib.
 *
 * Cells that are not in the node stay as they are.
 * [method@Store.set_json_node] says what may be wrong with it; then nothing
 * changes.
 *
 * Returns: whether the row now has the cells of the node
 *
 * Since: 0.1
 */
gboolean
tst_store_set_partial_row_json_node (TstStore    *self,
                                     const char  *table_id,
                                     const char  *row_id,
                                     JsonNode    *node,
                                     GError     **error)
{
  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (table_id != NULL, FALSE);
  g_return_val_if_fail (row_id != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return write_row (self, table_id, row_id, node, TRUE, error);
}

/**
 * tst_store_add_row_json_node:
 * @self: a store
 * @table_id: the id of a table
 * @node: (nullable): a node of JSON-GLib
 * @flags: how to make the id
 * @error: return location for an error
 *
 * Adds a row from a node of JSON-GLib, under an id that is made for it.
 *
 * The node is an object with the cells, but not empty: that is
 * [error@TStore.Error.EMPTY]. [method@Store.set_json_node] says what else may be
 * wrong with it; then nothing changes.
 *
 * Returns: (transfer full): the id of the new row, or `NULL` with an error
 *
 * Since: 0.1
 */
char *
tst_store_add_row_json_node (TstStore        *self,
                             const char      *table_id,
                             JsonNode        *node,
                             TstAddRowFlags   flags,
                             GError         **error)
{
  g_auto(TstJsonCells) cells = TST_JSON_CELLS_INIT;
  GError *refused = NULL;

  g_return_val_if_fail (TST_IS_STORE (self), NULL);
  g_return_val_if_fail (table_id != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!tst_json_node_read_cells (&cells, node, &refused))
    {
      refuse_cell (self, table_id, NULL, NULL, refused, error);
      return NULL;
    }

  return tst_store_write_new_row (self, table_id, cells.cells, cells.n_cells, flags, error);
}

/* --- Cells --- */

/**
 * tst_store_get_cell_json_node:
 * @self: a store
 * @table_id: the id of a table
 * @row_id: the id of a row
 * @cell_id: the id of a cell
 *
 * Gets one cell as a node of JSON-GLib.
 *
 * [method@Store.get_json_node] says what it is.
 *
 * Returns: (transfer full) (nullable): the node, or `NULL` if there is no such
 *   cell
 *
 * Since: 0.1
 */
JsonNode *
tst_store_get_cell_json_node (TstStore   *self,
                              const char *table_id,
                              const char *row_id,
                              const char *cell_id)
{
  const TstCell *cell;

  g_return_val_if_fail (TST_IS_STORE (self), NULL);
  g_return_val_if_fail (table_id != NULL, NULL);
  g_return_val_if_fail (row_id != NULL, NULL);
  g_return_val_if_fail (cell_id != NULL, NULL);

  cell = tst_store_peek_cell (self, table_id, row_id, cell_id);

  return cell ? tst_json_node_new_cell (cell) : NULL;
}

/**
 * tst_store_set_cell_json_node:
 * @self: a store
 * @table_id: the id of a table
 * @row_id: the id of a row
 * @cell_id: the id of a cell
 * @node: (nullable): a node of JSON-GLib
 * @error: return location for an error
 *
 * Sets one cell from a node of JSON-GLib, which may be an object or an array.
 *
 * [method@Store.set_json_node] says what may be wrong with it; then nothing
 * changes.
 *
 * Returns: whether the cell now is what the node says
 *
 * Since: 0.1
 */
gboolean
tst_store_set_cell_json_node (TstStore    *self,
                              const char  *table_id,
                              const char  *row_id,
                              const char  *cell_id,
                              JsonNode    *node,
                              GError     **error)
{
  TstCell cell = TST_CELL_INIT;
  GError *refused = NULL;

  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (table_id != NULL, FALSE);
  g_return_val_if_fail (row_id != NULL, FALSE);
  g_return_val_if_fail (cell_id != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!tst_json_node_read_cell (&cell, node, &refused))
    return refuse_cell (self, table_id, row_id, cell_id, refused, error);

  return tst_store_write_cell (self, table_id, row_id, cell_id, &cell, error);
}

/* --- Keyed values --- */

/**
 * tst_store_get_value_json_node:
 * @self: a store
 * @value_id: the id of a keyed value
 *
 * Gets one keyed value as a node of JSON-GLib.
 *
 * [method@Store.get_json_node] says what it is.
 *
 * Returns: (transfer full) (nullable): the node, or `NULL` if there is no such
 *   value
 *
 * Since: 0.1
 */
JsonNode *
tst_store_get_value_json_node (TstStore   *self,
                               const char *value_id)
{
  const TstCell *cell;

  g_return_val_if_fail (TST_IS_STORE (self), NULL);
  g_return_val_if_fail (value_id != NULL, NULL);

  cell = tst_store_peek_value (self, value_id);

  return cell ? tst_json_node_new_cell (cell) : NULL;
}

/**
 * tst_store_set_value_json_node:
 * @self: a store
 * @value_id: the id of a keyed value
 * @node: (nullable): a node of JSON-GLib
 * @error: return location for an error
 *
 * Sets one keyed value from a node of JSON-GLib, which may be an object or an
 * array.
 *
 * [method@Store.set_json_node] says what may be wrong with it; then nothing
 * changes.
 *
 * Returns: whether the value now is what the node says
 *
 * Since: 0.1
 */
gboolean
tst_store_set_value_json_node (TstStore    *self,
                               const char  *value_id,
                               JsonNode    *node,
                               GError     **error)
{
  TstCell cell = TST_CELL_INIT;
  GError *refused = NULL;

  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (value_id != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!tst_json_node_read_cell (&cell, node, &refused))
    return refuse_value (self, value_id, refused, error);

  return tst_store_write_value (self, value_id, &cell, error);
}
