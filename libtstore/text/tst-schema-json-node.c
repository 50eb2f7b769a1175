/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-schema-json-node.h"

#include "tst-json-node-private.h"
#include "tst-schema-json.h"
#include "tst-text-private.h"

/* A schema is small: it goes by way of its text, which is that of an array or an
 * object as a cell holds it. */

/**
 * tst_schema_new_from_json_node:
 * @node: (nullable): a node of JSON-GLib
 * @error: where to put an error
 *
 * Makes a schema from a node of JSON-GLib.
 *
 * The node is what [ctor@Schema.new_from_json] reads from a text. Where an error says a
 * line and a column, they are those of its text without any space.
 *
 * Returns: (transfer full): a new schema, or `NULL` with an error
 *
 * Since: 0.1
 */
TstSchema *
tst_schema_new_from_json_node (JsonNode  *node,
                               GError   **error)
{
  g_autofree char *text = NULL;
  TstCell cell = TST_CELL_INIT;

  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!tst_json_node_read_cell (&cell, node, error))
    return NULL;

  text = tst_json_dup_cell (&cell);
  tst_cell_clear (&cell);

  return tst_schema_new_from_json (text, error);
}

/**
 * tst_schema_to_json_node:
 * @self: a schema
 *
 * Gets a schema as a node of JSON-GLib.
 *
 * Returns: (transfer full): the node
 *
 * Since: 0.1
 */
JsonNode *
tst_schema_to_json_node (TstSchema *self)
{
  g_autofree char *text = NULL;
  TstCell cell;
  JsonNode *node;

  g_return_val_if_fail (self != NULL, NULL);

  text = tst_schema_to_json (self);
  tst_cell_init_text (&cell, TST_CELL_TYPE_ARRAY, text, strlen (text));
  node = tst_json_node_new_cell (&cell);
  tst_cell_clear (&cell);

  return node;
}
