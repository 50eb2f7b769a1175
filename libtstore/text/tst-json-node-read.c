/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-json-node-private.h"

#include "tst-json-reader-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static gboolean write_value (TstJsonNodeReader *self,
                             TstJsonBuffer     *out,
                             JsonNode          *node,
                             guint              depth);

/* --- Errors --- */

gboolean
tst_json_node_reader_fail (TstJsonNodeReader *self,
                           TstError           code,
                           const char        *message)
{
  self->error_code = code;
  self->error_message = message;

  return FALSE;
}

static void
prepend_path (TstJsonNodeReader *self,
              const char        *step)
{
  if (self->error_path == NULL)
    self->error_path = g_string_new (NULL);

  g_string_prepend (self->error_path, step);
  g_string_prepend_c (self->error_path, '/');
}

gboolean
tst_json_node_reader_fail_member (TstJsonNodeReader *self,
                                  const char        *name)
{
  g_autofree char *valid = g_utf8_make_valid (name, -1);
  g_autoptr(GString) step = g_string_new (valid);

  g_string_replace (step, "~", "~0", 0);
  g_string_replace (step, "/", "~1", 0);
  prepend_path (self, step->str);

  return FALSE;
}

gboolean
tst_json_node_reader_fail_element (TstJsonNodeReader *self,
                                   guint              index)
{
  g_autofree char *step = g_strdup_printf ("%u", index);

  prepend_path (self, step);

  return FALSE;
}

gboolean
tst_json_node_reader_set_error (TstJsonNodeReader  *self,
                                GError            **error)
{
  g_assert (self->error_message != NULL);

  /* To the document as a whole, there is no way to point at. */
  if (self->error_path == NULL)
    {
      g_set_error_literal (error, TST_ERROR, (int) self->error_code, _(self->error_message));
      return FALSE;
    }

  g_set_error (error, TST_ERROR, (int) self->error_code,
               "%s: %s", _(self->error_message), self->error_path->str);
  g_string_free (g_steal_pointer (&self->error_path), TRUE);

  return FALSE;
}

/* --- What there is in a document --- */

gboolean
tst_json_node_reader_begin (TstJsonNodeReader *self,
                            JsonNode          *root)
{
  return root != NULL ||
         tst_json_node_reader_fail (self, TST_ERROR_PARSE, N_("The document is empty"));
}

/* A node that was made and not filled */
static gboolean
fail_unset (TstJsonNodeReader *self)
{
  return tst_json_node_reader_fail (self, TST_ERROR_PARSE, N_("A node holds nothing"));
}

JsonObject *
tst_json_node_reader_get_object (TstJsonNodeReader *self,
                                 JsonNode          *node,
                                 const char        *expected)
{
  JsonObject *object;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      tst_json_node_reader_fail (self, TST_ERROR_FORMAT, expected);
      return NULL;
    }

  object = json_node_get_object (node);
  if (object == NULL)
    fail_unset (self);

  return object;
}

JsonArray *
tst_json_node_reader_get_array (TstJsonNodeReader *self,
                                JsonNode          *node,
                                const char        *expected)
{
  JsonArray *array;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    {
      tst_json_node_reader_fail (self, TST_ERROR_FORMAT, expected);
      return NULL;
    }

  array = json_node_get_array (node);
  if (array == NULL)
    fail_unset (self);

  return array;
}

/* Any string: the value, or the name of a member */
static gboolean
check_string (TstJsonNodeReader *self,
              const char        *string,
              gsize             *length)
{
  *length = strlen (string);

  if (*length > TST_ID_MAX_LENGTH)
    return tst_json_node_reader_fail (self, TST_ERROR_LIMIT, N_("The text is too long"));

  return tst_text_is_valid (string, *length) ||
         tst_json_node_reader_fail (self, TST_ERROR_PARSE, N_("Not valid UTF-8"));
}

gboolean
tst_json_node_reader_read_members (TstJsonNodeReader     *self,
                                   JsonNode              *node,
                                   const char            *expected,
                                   TstJsonNodeMemberFunc  read_member,
                                   gpointer               user_data)
{
  JsonObject *object = tst_json_node_reader_get_object (self, node, expected);
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;
  gsize length;

  if (object == NULL)
    return FALSE;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &member))
    if (!check_string (self, name, &length) || !read_member (name, length, member, user_data))
      return tst_json_node_reader_fail_member (self, name);

  return TRUE;
}

static const char *
peek_string (JsonNode *node)
{
  return json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : NULL;
}

gboolean
tst_json_node_is_removed (JsonNode *node)
{
  const char *string = peek_string (node);

  return string != NULL && strcmp (string, TST_JSON_REMOVED) == 0;
}

gboolean
tst_json_node_is_number (JsonNode *node)
{
  GType type = json_node_get_value_type (node);

  return type == G_TYPE_INT64 || type == G_TYPE_DOUBLE;
}

/* An integer becomes the number next to it, as the digits of one do. */
static gboolean
get_number (TstJsonNodeReader *self,
            JsonNode          *node,
            double            *number)
{
  *number = json_node_get_double (node);

  return isfinite (*number) ||
         tst_json_node_reader_fail (self, TST_ERROR_PARSE, N_("A number is not finite"));
}

/* --- Objects and arrays, as the text that a cell has of them --- */

/* What is written into, and how deep what is in there is nested */
typedef struct
{
  TstJsonNodeReader *reader;
  TstJsonBuffer     *out;
  guint              depth;
} Writing;

static gboolean
write_member (const char *name,
              gsize       length,
              JsonNode   *node,
              gpointer    user_data)
{
  Writing *writing = user_data;

  tst_json_write_string (writing->out, name, length);
  tst_json_buffer_append_char (writing->out, ':');
  if (!write_value (writing->reader, writing->out, node, writing->depth))
    return FALSE;
  tst_json_buffer_append_char (writing->out, ',');

  return TRUE;
}

static gboolean
write_object (TstJsonNodeReader *self,
              TstJsonBuffer     *out,
              JsonNode          *node,
              guint              depth)
{
  Writing writing = { self, out, depth };

  tst_json_buffer_append_char (out, '{');
  if (!tst_json_node_reader_read_members (self, node, NULL, write_member, &writing))
    return FALSE;
  tst_json_buffer_close (out, '}');

  return TRUE;
}

static gboolean
write_array (TstJsonNodeReader *self,
             TstJsonBuffer     *out,
             JsonNode          *node,
             guint              depth)
{
  JsonArray *array = tst_json_node_reader_get_array (self, node, NULL);
  guint n = array ? json_array_get_length (array) : 0;

  if (array == NULL)
    return FALSE;

  tst_json_buffer_append_char (out, '[');
  for (guint i = 0; i < n; i++)
    {
      if (!write_value (self, out, json_array_get_element (array, i), depth))
        return tst_json_node_reader_fail_element (self, i);
      tst_json_buffer_append_char (out, ',');
    }
  tst_json_buffer_close (out, ']');

  return TRUE;
}

/* No deeper than TST_JSON_MAX_DEPTH, so the stack is deep enough. */
static gboolean
write_container (TstJsonNodeReader *self,
                 TstJsonBuffer     *out,
                 JsonNode          *node,
                 guint              depth)
{
  if (depth > TST_JSON_MAX_DEPTH)
    return tst_json_node_reader_fail (self, TST_ERROR_LIMIT, N_("A value is nested too deep"));

  return JSON_NODE_HOLDS_OBJECT (node) ? write_object (self, out, node, depth)
                                       : write_array (self, out, node, depth);
}

static gboolean
write_string (TstJsonNodeReader *self,
              TstJsonBuffer     *out,
              const char        *string)
{
  gsize length;

  if (!check_string (self, string, &length))
    return FALSE;

  tst_json_write_string (out, string, length);

  return TRUE;
}

static gboolean
write_number (TstJsonNodeReader *self,
              TstJsonBuffer     *out,
              JsonNode          *node)
{
  double number;

  if (!get_number (self, node, &number))
    return FALSE;

  tst_json_write_number (out, number);

  return TRUE;
}

static gboolean
write_word (TstJsonBuffer *out,
            const char    *word)
{
  tst_json_buffer_append (out, word, strlen (word));

  return TRUE;
}

/* A value in an object or array that is nested @depth deep */
static gboolean
write_value (TstJsonNodeReader *self,
             TstJsonBuffer     *out,
             JsonNode          *node,
             guint              depth)
{
  /* The same nodes may be there again and again, and twice as often with each
   * level: what they amount to is not bounded by what they take. */
  if (out->length > TST_JSON_MAX_LENGTH)
    return tst_json_node_reader_fail (self, TST_ERROR_LIMIT, N_("The text is too long"));

  if (JSON_NODE_HOLDS_NULL (node))
    return write_word (out, "null");
  if (!JSON_NODE_HOLDS_VALUE (node))
    return write_container (self, out, node, depth + 1);
  if (peek_string (node) != NULL)
    return write_string (self, out, peek_string (node));
  if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    return write_word (out, json_node_get_boolean (node) ? "true" : "false");
  if (tst_json_node_is_number (node))
    return write_number (self, out, node);

  return fail_unset (self);
}

/* --- Cells --- */

static gboolean
read_container_cell (TstJsonNodeReader *self,
                     JsonNode          *node,
                     TstCell           *cell)
{
  TstCellType type = JSON_NODE_HOLDS_OBJECT (node) ? TST_CELL_TYPE_OBJECT : TST_CELL_TYPE_ARRAY;
  g_auto(TstJsonBuffer) text = TST_JSON_BUFFER_INIT;

  if (!write_container (self, &text, node, 1))
    return FALSE;

  tst_cell_init_text (cell, type, text.text, text.length);

  return TRUE;
}

static gboolean
read_string_cell (TstJsonNodeReader *self,
                  const char        *string,
                  TstCell           *cell)
{
  const char *message;
  TstError code;
  gsize length;

  if (!check_string (self, string, &length))
    return FALSE;

  if (tst_json_is_marked (string, length))
    return tst_json_read_marked (string, length, cell, &code, &message) ||
           tst_json_node_reader_fail (self, code, message);

  tst_cell_init_text (cell, TST_CELL_TYPE_STRING, string, length);

  return TRUE;
}

static gboolean
read_number_cell (TstJsonNodeReader *self,
                  JsonNode          *node,
                  TstCell           *cell)
{
  double number;

  if (!get_number (self, node, &number))
    return FALSE;

  tst_cell_init_number (cell, number);

  return TRUE;
}

gboolean
tst_json_node_reader_read_cell (TstJsonNodeReader *self,
                                JsonNode          *node,
                                TstCell           *cell)
{
  if (JSON_NODE_HOLDS_NULL (node))
    tst_cell_init_null (cell);
  else if (!JSON_NODE_HOLDS_VALUE (node))
    return read_container_cell (self, node, cell);
  else if (peek_string (node) != NULL)
    return read_string_cell (self, peek_string (node), cell);
  else if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    tst_cell_init_boolean (cell, json_node_get_boolean (node));
  else if (tst_json_node_is_number (node))
    return read_number_cell (self, node, cell);
  else
    return fail_unset (self);

  return TRUE;
}
