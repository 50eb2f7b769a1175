/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-changes-json-node.h"

#include "tst-changes-builder-private.h"
#include "tst-json-node-private.h"
#include "tst-json-writer-private.h"
#include "tst-refuse-private.h"

#include <glib/gi18n-lib.h>

/* --- Writing --- */

static JsonObject *
new_row (const TstChangedRow *row)
{
  JsonObject *object = json_object_new ();

  for (guint i = 0; i < row->n_cells; i++)
    {
      const TstChangedCell *cell = &row->cells[i];

      if (tst_cell_type (&cell->new_cell) == TST_CELL_TYPE_NONE)
        json_object_set_string_member (object, cell->id->text, TST_JSON_REMOVED);
      else
        json_object_set_member (object, cell->id->text, tst_json_node_new_cell (&cell->new_cell));
    }

  return object;
}

static JsonObject *
new_table (const TstChangedTable *table)
{
  JsonObject *object = json_object_new ();

  for (guint i = 0; i < table->n_rows; i++)
    {
      const TstChangedRow *row = &table->rows[i];

      if (row->delta < 0)
        json_object_set_string_member (object, row->id->text, TST_JSON_REMOVED);
      else
        json_object_set_object_member (object, row->id->text, new_row (row));
    }

  return object;
}

static JsonObject *
new_tables (const TstChanges *changes)
{
  JsonObject *object = json_object_new ();

  for (guint i = 0; i < changes->n_tables; i++)
    {
      const TstChangedTable *table = &changes->tables[i];

      if (table->delta < 0)
        json_object_set_string_member (object, table->id->text, TST_JSON_REMOVED);
      else
        json_object_set_object_member (object, table->id->text, new_table (table));
    }

  return object;
}

/**
 * tst_changes_to_json_node:
 * @self: changes
 *
 * Gets the changes as a node of JSON-GLib.
 *
 * It is what [method@Changes.to_json] has as text, with nodes as in
 * [method@Store.get_json_node].
 *
 * Returns: (transfer full): the node
 *
 * Since: 0.1
 */
JsonNode *
tst_changes_to_json_node (TstChanges *self)
{
  JsonArray *array;
  JsonNode *node;

  g_return_val_if_fail (self != NULL, NULL);

  array = json_array_new ();
  json_array_add_object_element (array, new_tables (self));
  json_array_add_object_element (array, new_row (&self->values));
  json_array_add_int_element (array, 1);

  node = json_node_new (JSON_NODE_ARRAY);
  json_node_take_array (node, array);

  return node;
}

/* --- Reading --- */

typedef struct
{
  TstJsonNodeReader  reader;
  TstChangesBuilder  builder;
} Reading;

/* A cell or a value */
static gboolean
read_cell (Reading        *self,
           const char     *id,
           gsize           length,
           JsonNode       *node,
           TstAddCellFunc  add)
{
  TstCell cell;

  if (tst_json_node_is_removed (node))
    return add (&self->builder, id, length, NULL);

  return tst_json_node_reader_read_cell (&self->reader, node, &cell) &&
         add (&self->builder, id, length, &cell);
}

static gboolean
read_row_cell (const char *id,
               gsize       length,
               JsonNode   *node,
               gpointer    user_data)
{
  return read_cell (user_data, id, length, node, tst_changes_builder_add_cell);
}

static gboolean
read_value (const char *id,
            gsize       length,
            JsonNode   *node,
            gpointer    user_data)
{
  return read_cell (user_data, id, length, node, tst_changes_builder_add_value);
}

static gboolean
read_row (const char *id,
          gsize       length,
          JsonNode   *node,
          gpointer    user_data)
{
  Reading *self = user_data;

  tst_changes_builder_open_row (&self->builder, id, length);
  if (!tst_json_node_is_removed (node))
    return tst_json_node_reader_read_members (&self->reader, node,
                                              N_("Expected an object with cells"),
                                              read_row_cell, self);

  tst_changes_builder_remove_row (&self->builder);

  return TRUE;
}

static gboolean
read_table (const char *id,
            gsize       length,
            JsonNode   *node,
            gpointer    user_data)
{
  Reading *self = user_data;

  tst_changes_builder_open_table (&self->builder, id, length);
  if (!tst_json_node_is_removed (node))
    return tst_json_node_reader_read_members (&self->reader, node,
                                              N_("Expected an object with rows"),
                                              read_row, self);

  tst_changes_builder_remove_table (&self->builder);

  return TRUE;
}

static gboolean
read_part (Reading               *self,
           JsonArray             *array,
           guint                  index,
           const char            *expected,
           TstJsonNodeMemberFunc  read_member)
{
  if (index >= json_array_get_length (array))
    return tst_json_node_reader_fail (&self->reader, TST_ERROR_FORMAT, expected);

  return tst_json_node_reader_read_members (&self->reader, json_array_get_element (array, index),
                                            expected, read_member, self) ||
         tst_json_node_reader_fail_element (&self->reader, index);
}

/* Without this, content would be taken for changes that do nothing but add. */
static gboolean
has_mark (JsonArray *array)
{
  JsonNode *mark = json_array_get_length (array) == 3 ? json_array_get_element (array, 2) : NULL;

  return mark != NULL && tst_json_node_is_number (mark) && json_node_get_double (mark) == 1;
}

static gboolean
read_changes (Reading  *self,
              JsonNode *node)
{
  JsonArray *array;

  if (!tst_json_node_reader_begin (&self->reader, node))
    return FALSE;

  array = tst_json_node_reader_get_array (&self->reader, node,
                                          N_("Expected an array of tables and values"));

  return array != NULL &&
         read_part (self, array, 0, N_("Expected an object with tables"), read_table) &&
         read_part (self, array, 1, N_("Expected an object with values"), read_value) &&
         (has_mark (array) ||
          tst_json_node_reader_fail (&self->reader, TST_ERROR_FORMAT,
                                     N_("Expected the number 1 that marks changes")));
}

static TstChanges *
new_changes (JsonNode  *node,
             GError   **error)
{
  TstChanges *changes = NULL;
  Reading self = { TST_JSON_NODE_READER_INIT, };

  tst_changes_builder_init (&self.builder);

  if (read_changes (&self, node))
    changes = tst_changes_builder_end (&self.builder);
  else
    tst_json_node_reader_set_error (&self.reader, error);

  tst_changes_builder_clear (&self.builder);

  return changes;
}

/**
 * tst_changes_new_from_json_node:
 * @node: (nullable): a node of JSON-GLib
 * @error: return location for an error
 *
 * Makes changes from a node of JSON-GLib.
 *
 * The node is what [ctor@Changes.new_from_json] reads from a text, and
 * [method@Store.set_json_node] says what else may be wrong with it.
 *
 * Returns: (transfer full): new changes, or `NULL` with an error
 *
 * Since: 0.1
 */
TstChanges *
tst_changes_new_from_json_node (JsonNode  *node,
                                GError   **error)
{
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return new_changes (node, error);
}

/**
 * tst_store_apply_changes_json_node:
 * @self: a store
 * @node: (nullable): a node of JSON-GLib
 * @error: return location for an error
 *
 * Does to a store what a node of JSON-GLib says, as
 * [method@Store.apply_changes].
 *
 * [ctor@Changes.new_from_json_node] says what the node is. If anything is wrong
 * with it, nothing changes.
 *
 * Returns: whether the changes are made
 *
 * Since: 0.1
 */
gboolean
tst_store_apply_changes_json_node (TstStore  *self,
                                   JsonNode  *node,
                                   GError   **error)
{
  g_autoptr(TstChanges) changes = NULL;
  GError *refused = NULL;

  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  changes = new_changes (node, &refused);
  if (changes == NULL)
    return refuse_cell (self, NULL, NULL, NULL, refused, error);

  return tst_store_apply_changes (self, changes, error);
}
