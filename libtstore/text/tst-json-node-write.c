/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-json-node-private.h"

#include "tst-json-reader-private.h"

/* Numbers without a fraction are integers up to here, as those of ECMAScript that
 * are called safe: json_node_get_int() and json_node_get_double() both give them. */
#define MAX_INTEGER ((gint64) 1 << 53)

static JsonNode *new_value (TstJsonReader *reader);

/* --- Cells --- */

static JsonNode *
new_number (double number)
{
  JsonNode *node = json_node_alloc ();

  if (number > -MAX_INTEGER && number < MAX_INTEGER && number == (double) (gint64) number)
    return json_node_init_int (node, (gint64) number);

  return json_node_init_double (node, number);
}

static JsonNode *
new_plain (const TstCell *cell)
{
  if (tst_cell_type (cell) == TST_CELL_TYPE_NUMBER)
    return new_number (tst_cell_get_number (cell));

  if (tst_cell_type (cell) == TST_CELL_TYPE_BOOLEAN)
    return json_node_init_boolean (json_node_alloc (), tst_cell_get_boolean (cell));

  return json_node_new (JSON_NODE_NULL);
}

/* The same members in the same order, but as in @later, if they are there */
static JsonObject *
replace_members (JsonObject *object,
                 GHashTable *later)
{
  JsonObject *replaced = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &member))
    {
      JsonNode *node = g_hash_table_lookup (later, name);

      json_object_set_member (replaced, name, json_node_ref (node ? node : member));
    }

  return replaced;
}

/* From behind the brace. Nothing says that the object in a cell has each name once;
 * and setting a member again takes long where there are many. */
static JsonObject *
read_members (TstJsonReader *reader)
{
  g_autoptr(JsonObject) object = json_object_new ();
  g_autoptr(GHashTable) later = NULL;
  gboolean more = !tst_json_reader_take (reader, '}');

  while (more)
    {
      g_autofree char *key = NULL;
      const char *text;
      gsize length;

      tst_json_reader_read_key (reader, &text, &length);
      key = g_strndup (text, length);

      if (G_LIKELY (!json_object_has_member (object, key)))
        {
          json_object_set_member (object, key, new_value (reader));
        }
      else
        {
          if (later == NULL)
            later = g_hash_table_new_full (g_str_hash, g_str_equal,
                                           g_free, (GDestroyNotify) json_node_unref);
          g_hash_table_replace (later, g_steal_pointer (&key), new_value (reader));
        }

      tst_json_reader_next_member (reader, &more);
    }

  return later ? replace_members (object, later) : g_steal_pointer (&object);
}

static JsonArray *
read_elements (TstJsonReader *reader)
{
  JsonArray *array = json_array_new ();

  while (!tst_json_reader_take (reader, ']'))
    {
      json_array_add_element (array, new_value (reader));
      tst_json_reader_take (reader, ',');
    }

  return array;
}

static JsonNode *
new_string (TstJsonReader *reader)
{
  g_autofree char *string = NULL;
  const char *text = "";
  gsize length = 0;

  tst_json_reader_read_string (reader, &text, &length);
  string = g_strndup (text, length);

  return json_node_init_string (json_node_alloc (), string);
}

/* The text is one that tst_json_reader_read_cell() made: compact, correct and not
 * too deep. Strings in it are never marked. */
static JsonNode *
new_value (TstJsonReader *reader)
{
  TstCell cell = TST_CELL_INIT;
  JsonNode *node;

  if (tst_json_reader_take (reader, '{'))
    {
      node = json_node_new (JSON_NODE_OBJECT);
      json_node_take_object (node, read_members (reader));
      return node;
    }

  if (tst_json_reader_take (reader, '['))
    {
      node = json_node_new (JSON_NODE_ARRAY);
      json_node_take_array (node, read_elements (reader));
      return node;
    }

  if (tst_json_reader_is_at (reader, '"'))
    return new_string (reader);

  tst_json_reader_read_cell (reader, &cell);

  return new_plain (&cell);
}

static JsonNode *
new_container_cell (const TstCell *cell)
{
  g_auto(TstJsonReader) reader = { NULL, };
  const char *text;
  gsize length;

  text = tst_cell_get_text (cell, &length);
  tst_json_reader_init (&reader, text, length);

  return new_value (&reader);
}

static JsonNode *
new_string_cell (const TstCell *cell)
{
  TstJsonBuffer marked = TST_JSON_BUFFER_INIT;
  g_autofree char *string = NULL;
  const char *text;
  gsize length;

  text = tst_cell_get_text (cell, &length);
  if (G_LIKELY (!tst_json_is_reserved (text, length)))
    return json_node_init_string (json_node_alloc (), text);

  tst_json_buffer_append (&marked, TST_JSON_MARK, TST_JSON_MARK_LENGTH);
  tst_json_write_string (&marked, text, length);
  string = tst_json_buffer_steal (&marked);

  return json_node_init_string (json_node_alloc (), string);
}

JsonNode *
tst_json_node_new_cell (const TstCell *cell)
{
  switch (tst_cell_type (cell))
    {
    case TST_CELL_TYPE_STRING:
      return new_string_cell (cell);

    case TST_CELL_TYPE_OBJECT:
    case TST_CELL_TYPE_ARRAY:
      return new_container_cell (cell);

    case TST_CELL_TYPE_NUMBER:
    case TST_CELL_TYPE_BOOLEAN:
    case TST_CELL_TYPE_NULL:
    case TST_CELL_TYPE_NONE:
    default:
      return new_plain (cell);
    }
}

/* --- Content --- */

static JsonObject *
new_row (const TstTableData *table,
         const TstRowView   *row)
{
  JsonObject *object = json_object_new ();

  for (guint i = 0; i < row->n_cells; i++)
    json_object_set_member (object,
                            tst_table_data_get_column_id (table, row->columns[i])->text,
                            tst_json_node_new_cell (&row->cells[i]));

  return object;
}

static JsonObject *
new_table (const TstTableData *table)
{
  JsonObject *object = json_object_new ();
  TstRowView row;
  guint position = 0;

  while (tst_table_data_next_row (table, &position, &row))
    json_object_set_object_member (object, row.id->text, new_row (table, &row));

  return object;
}

JsonObject *
tst_json_object_new_tables (const TstSnapshot *snapshot)
{
  JsonObject *object = json_object_new ();
  const TstTableData *table;
  guint position = 0;

  while (tst_snapshot_next_table (snapshot, &position, &table))
    json_object_set_object_member (object, tst_table_data_get_id (table)->text, new_table (table));

  return object;
}

JsonObject *
tst_json_object_new_values (const TstSnapshot *snapshot)
{
  TstRowView row;
  const TstTableData *table = tst_snapshot_get_values (snapshot, &row);

  return table ? new_row (table, &row) : json_object_new ();
}
