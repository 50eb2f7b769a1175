/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-json-node-private.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  TstJsonNodeReader  reader;
  TstEngine         *engine;  /* owned */

  /* What is read into */
  TstTable          *table;
  guint32            row;
} Content;

/* --- Everything --- */

static gboolean
fail_format (Content    *self,
             const char *message)
{
  return tst_json_node_reader_fail (&self->reader, TST_ERROR_FORMAT, message);
}

/* The members of a row or table, which may not be empty */
static gboolean
read_filled (Content               *self,
             JsonNode              *node,
             const char            *expected,
             const char            *empty,
             TstJsonNodeMemberFunc  read_member)
{
  JsonObject *object = tst_json_node_reader_get_object (&self->reader, node, expected);

  if (object == NULL)
    return FALSE;

  if (json_object_get_size (object) == 0)
    return fail_format (self, empty);

  return tst_json_node_reader_read_members (&self->reader, node, expected, read_member, self);
}

static gboolean
read_row_cell (const char *id,
               gsize       length,
               JsonNode   *node,
               gpointer    user_data)
{
  Content *self = user_data;
  guint32 column = tst_engine_ensure_column (self->engine, self->table, id, length);
  TstCell cell;

  return tst_json_node_reader_read_cell (&self->reader, node, &cell) &&
         tst_engine_put_cell (self->engine, self->table, self->row, column, &cell);
}

static gboolean
read_row (const char *id,
          gsize       length,
          JsonNode   *node,
          gpointer    user_data)
{
  Content *self = user_data;

  self->row = tst_engine_ensure_row (self->engine, self->table, id, length, NULL);

  return read_filled (self, node, N_("Expected an object with the cells of a row"),
                      N_("A row is empty"), read_row_cell);
}

static gboolean
read_table (const char *id,
            gsize       length,
            JsonNode   *node,
            gpointer    user_data)
{
  Content *self = user_data;

  self->table = tst_engine_ensure_table (self->engine, id, length, NULL);

  return read_filled (self, node, N_("Expected an object with the rows of a table"),
                      N_("A table is empty"), read_row);
}

static gboolean
read_value (const char *id,
            gsize       length,
            JsonNode   *node,
            gpointer    user_data)
{
  Content *self = user_data;
  TstCell cell;

  return tst_json_node_reader_read_cell (&self->reader, node, &cell) &&
         tst_engine_put_value (self->engine, id, length, &cell);
}

/* [tables,values], or [tables] */
static gboolean
read_pair (Content   *self,
           JsonArray *array,
           gboolean  *has_values)
{
  guint n = json_array_get_length (array);

  if (n == 0)
    return fail_format (self, N_("Expected an object with tables"));

  if (!tst_json_node_reader_read_members (&self->reader, json_array_get_element (array, 0),
                                          N_("Expected an object with tables"), read_table, self))
    return tst_json_node_reader_fail_element (&self->reader, 0);

  *has_values = n > 1;
  if (n > 1 &&
      !tst_json_node_reader_read_members (&self->reader, json_array_get_element (array, 1),
                                          N_("Expected an object with values"), read_value, self))
    return tst_json_node_reader_fail_element (&self->reader, 1);

  return n <= 2 || fail_format (self, N_("Expected nothing behind the values"));
}

static gboolean
read_content (Content  *self,
              JsonNode *node,
              gboolean *has_values)
{
  const char *expected = N_("Expected an array of tables and values");
  JsonArray *array;

  if (!tst_json_node_reader_begin (&self->reader, node))
    return FALSE;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    return tst_json_node_reader_read_members (&self->reader, node, expected, read_table, self);

  array = tst_json_node_reader_get_array (&self->reader, node, expected);

  return array != NULL && read_pair (self, array, has_values);
}

TstEngine *
tst_json_node_read_content (JsonNode  *node,
                            gboolean  *has_values,
                            GError   **error)
{
  Content self = { TST_JSON_NODE_READER_INIT, };
  g_autoptr(TstEngine) engine = tst_engine_new ();

  self.engine = engine;
  *has_values = FALSE;

  if (read_content (&self, node, has_values))
    return g_steal_pointer (&engine);

  tst_json_node_reader_set_error (&self.reader, error);

  return NULL;
}

/* --- Rows --- */

typedef struct
{
  TstJsonNodeReader  reader;
  TstJsonCells      *cells;
} Cells;

/* The names are copied: whoever hears of the cells may do to the object what it likes. */
static gboolean
read_named_cell (const char *id,
                 gsize       length,
                 JsonNode   *node,
                 gpointer    user_data)
{
  Cells *self = user_data;
  TstNamedCell *cell = tst_json_cells_append (self->cells);

  if (!tst_json_node_reader_read_cell (&self->reader, node, &cell->cell))
    return FALSE;

  cell->id = tst_json_cells_keep_name (self->cells, id, length);
  cell->length = length;
  self->cells->n_cells++;

  return TRUE;
}

gboolean
tst_json_node_read_cells (TstJsonCells  *cells,
                          JsonNode      *node,
                          GError       **error)
{
  Cells self = { TST_JSON_NODE_READER_INIT, cells };

  return (tst_json_node_reader_begin (&self.reader, node) &&
          tst_json_node_reader_read_members (&self.reader, node, N_("Expected an object"),
                                             read_named_cell, &self)) ||
         tst_json_node_reader_set_error (&self.reader, error);
}

/* --- Cells --- */

gboolean
tst_json_node_read_cell (TstCell   *cell,
                         JsonNode  *node,
                         GError   **error)
{
  TstJsonNodeReader reader = TST_JSON_NODE_READER_INIT;

  return (tst_json_node_reader_begin (&reader, node) &&
          tst_json_node_reader_read_cell (&reader, node, cell)) ||
         tst_json_node_reader_set_error (&reader, error);
}
