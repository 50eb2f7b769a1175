/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-cell-variant-private.h"

#include "tst-json-reader-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static gboolean write_variant (TstJsonBuffer  *out,
                               GVariant       *variant,
                               guint           depth,
                               GError        **error);

/* --- To a variant --- */

static GVariant *read_value (TstJsonReader *reader);

static GVariant *
read_object (TstJsonReader *reader)
{
  GVariantBuilder builder;
  gboolean more;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);

  reader->p++;
  more = !tst_json_reader_take (reader, '}');
  while (more)
    {
      g_autofree char *key = NULL;
      const char *text;
      gsize length;

      tst_json_reader_read_key (reader, &text, &length);
      key = g_strndup (text, length);
      g_variant_builder_add (&builder, "{sv}", key, read_value (reader));
      tst_json_reader_next_member (reader, &more);
    }

  return g_variant_builder_end (&builder);
}

static GVariant *
read_array (TstJsonReader *reader)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("av"));

  reader->p++;
  while (!tst_json_reader_take (reader, ']'))
    {
      g_variant_builder_add (&builder, "v", read_value (reader));
      tst_json_reader_take (reader, ',');
    }

  return g_variant_builder_end (&builder);
}

/* The text is one that tst_json_reader_read_cell() made: compact, correct and
 * not too deep. */
static GVariant *
read_value (TstJsonReader *reader)
{
  TstCell cell;
  GVariant *variant;

  if (tst_json_reader_is_at (reader, '{'))
    return read_object (reader);
  if (tst_json_reader_is_at (reader, '['))
    return read_array (reader);

  /* Strings in here are never marked, whatever they start with. */
  if (tst_json_reader_is_at (reader, '"'))
    {
      const char *text = "";
      gsize length = 0;

      tst_json_reader_read_string (reader, &text, &length);
      return g_variant_new_take_string (g_strndup (text, length));
    }

  if (!tst_json_reader_read_cell (reader, &cell))
    g_return_val_if_reached (g_variant_new_maybe (G_VARIANT_TYPE_VARIANT, NULL));

  variant = tst_cell_to_variant (&cell);
  tst_cell_clear (&cell);

  return variant;
}

static GVariant *
container_to_variant (const TstCell *cell)
{
  g_auto(TstJsonReader) reader = { NULL, };
  const char *text;
  gsize length;

  text = tst_cell_get_text (cell, &length);
  tst_json_reader_init (&reader, text, length);

  return read_value (&reader);
}

GVariant *
tst_cell_to_variant (const TstCell *cell)
{
  switch (tst_cell_type (cell))
    {
    case TST_CELL_TYPE_STRING:
      return g_variant_new_string (tst_cell_get_text (cell, NULL));

    case TST_CELL_TYPE_NUMBER:
      return g_variant_new_double (tst_cell_get_number (cell));

    case TST_CELL_TYPE_BOOLEAN:
      return g_variant_new_boolean (tst_cell_get_boolean (cell));

    case TST_CELL_TYPE_OBJECT:
    case TST_CELL_TYPE_ARRAY:
      return container_to_variant (cell);

    case TST_CELL_TYPE_NULL:
    case TST_CELL_TYPE_NONE:
    default:
      return g_variant_new_maybe (G_VARIANT_TYPE_VARIANT, NULL);
    }
}

/* --- From a variant --- */

static gboolean
get_number (GVariant *variant,
            double   *number)
{
  switch (g_variant_classify (variant))
    {
    case G_VARIANT_CLASS_BYTE:
      *number = g_variant_get_byte (variant);
      return TRUE;

    case G_VARIANT_CLASS_INT16:
      *number = g_variant_get_int16 (variant);
      return TRUE;

    case G_VARIANT_CLASS_UINT16:
      *number = g_variant_get_uint16 (variant);
      return TRUE;

    case G_VARIANT_CLASS_INT32:
      *number = g_variant_get_int32 (variant);
      return TRUE;

    case G_VARIANT_CLASS_UINT32:
      *number = g_variant_get_uint32 (variant);
      return TRUE;

    case G_VARIANT_CLASS_INT64:
      *number = (double) g_variant_get_int64 (variant);
      return TRUE;

    case G_VARIANT_CLASS_UINT64:
      *number = (double) g_variant_get_uint64 (variant);
      return TRUE;

    case G_VARIANT_CLASS_DOUBLE:
      *number = g_variant_get_double (variant);
      return TRUE;

    case G_VARIANT_CLASS_BOOLEAN:
    case G_VARIANT_CLASS_HANDLE:
    case G_VARIANT_CLASS_STRING:
    case G_VARIANT_CLASS_OBJECT_PATH:
    case G_VARIANT_CLASS_SIGNATURE:
    case G_VARIANT_CLASS_VARIANT:
    case G_VARIANT_CLASS_MAYBE:
    case G_VARIANT_CLASS_ARRAY:
    case G_VARIANT_CLASS_TUPLE:
    case G_VARIANT_CLASS_DICT_ENTRY:
    default:
      return FALSE;
    }
}

static gboolean
check_number (double    number,
              GError  **error)
{
  if (isfinite (number))
    return TRUE;

  g_set_error_literal (error, TST_ERROR, TST_ERROR_INVALID_VALUE, _("A number is not finite"));

  return FALSE;
}

static gboolean
is_string (GVariant *variant)
{
  return g_variant_is_of_type (variant, G_VARIANT_TYPE_STRING) ||
         g_variant_is_of_type (variant, G_VARIANT_TYPE_OBJECT_PATH) ||
         g_variant_is_of_type (variant, G_VARIANT_TYPE_SIGNATURE);
}

static gboolean
is_object (GVariant *variant)
{
  return g_variant_is_of_type (variant, G_VARIANT_TYPE ("a{s*}"));
}

static gboolean
is_array (GVariant *variant)
{
  return g_variant_is_of_type (variant, G_VARIANT_TYPE_TUPLE) ||
         (g_variant_is_of_type (variant, G_VARIANT_TYPE_ARRAY) &&
          !g_variant_is_of_type (variant, G_VARIANT_TYPE_DICTIONARY));
}

/* What is in all boxes and maybes, or NULL if a maybe is nothing. */
static GVariant *
unbox (GVariant *variant)
{
  GVariant *inner = g_variant_ref (variant);

  while (inner != NULL &&
         (g_variant_is_of_type (inner, G_VARIANT_TYPE_VARIANT) ||
          g_variant_is_of_type (inner, G_VARIANT_TYPE_MAYBE)))
    {
      GVariant *box = inner;

      inner = g_variant_is_of_type (box, G_VARIANT_TYPE_VARIANT)
                ? g_variant_get_variant (box) : g_variant_get_maybe (box);
      g_variant_unref (box);
    }

  return inner;
}

static gboolean
write_members (TstJsonBuffer  *out,
               GVariant       *container,
               guint           depth,
               GError        **error)
{
  gboolean object = is_object (container);
  gsize n = g_variant_n_children (container);

  if (depth > TST_JSON_MAX_DEPTH)
    {
      g_set_error_literal (error, TST_ERROR, TST_ERROR_LIMIT, _("A value is nested too deep"));
      return FALSE;
    }

  tst_json_buffer_append_char (out, object ? '{' : '[');

  for (gsize i = 0; i < n; i++)
    {
      g_autoptr(GVariant) member = g_variant_get_child_value (container, i);
      g_autoptr(GVariant) value = NULL;

      if (i > 0)
        tst_json_buffer_append_char (out, ',');

      if (object)
        {
          g_autoptr(GVariant) key = g_variant_get_child_value (member, 0);
          gsize length;
          const char *text = g_variant_get_string (key, &length);

          tst_json_write_string (out, text, length);
          tst_json_buffer_append_char (out, ':');
        }

      value = object ? g_variant_get_child_value (member, 1) : g_variant_ref (member);
      if (!write_variant (out, value, depth, error))
        return FALSE;
    }

  tst_json_buffer_append_char (out, object ? '}' : ']');

  return TRUE;
}

static gboolean
write_number (TstJsonBuffer  *out,
              double          number,
              GError        **error)
{
  if (!check_number (number, error))
    return FALSE;

  tst_json_write_number (out, number);

  return TRUE;
}

static void
write_word (TstJsonBuffer *out,
            const char    *word)
{
  tst_json_buffer_append (out, word, strlen (word));
}

static gboolean
fail_kind (GVariant  *variant,
           GError   **error)
{
  g_set_error (error, TST_ERROR, TST_ERROR_INVALID_VALUE,
               _("A cell cannot hold a value of type “%s”"), g_variant_get_type_string (variant));

  return FALSE;
}

/* A value inside of an object or array that is nested @depth deep */
static gboolean
write_variant (TstJsonBuffer  *out,
               GVariant       *variant,
               guint           depth,
               GError        **error)
{
  g_autoptr(GVariant) value = unbox (variant);
  double number;

  if (value == NULL)
    write_word (out, "null");
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
    write_word (out, g_variant_get_boolean (value) ? "true" : "false");
  else if (is_string (value))
    tst_json_write_string (out, g_variant_get_string (value, NULL),
                           strlen (g_variant_get_string (value, NULL)));
  else if (get_number (value, &number))
    return write_number (out, number, error);
  else if (is_object (value) || is_array (value))
    return write_members (out, value, depth + 1, error);
  else
    return fail_kind (value, error);

  return TRUE;
}

static gboolean
init_number (TstCell  *cell,
             double    number,
             GError  **error)
{
  if (!check_number (number, error))
    return FALSE;

  tst_cell_init_number (cell, number);

  return TRUE;
}

static gboolean
init_container (TstCell   *cell,
                GVariant  *variant,
                GError   **error)
{
  g_auto(TstJsonBuffer) json = TST_JSON_BUFFER_INIT;

  if (!write_members (&json, variant, 1, error))
    return FALSE;

  tst_cell_init_text (cell,
                      is_object (variant) ? TST_CELL_TYPE_OBJECT : TST_CELL_TYPE_ARRAY,
                      json.text, json.length);

  return TRUE;
}

gboolean
tst_cell_init_from_variant (TstCell   *cell,
                            GVariant  *variant,
                            GError   **error)
{
  g_autoptr(GVariant) value = unbox (variant);
  double number;

  if (value == NULL)
    {
      tst_cell_init_null (cell);
    }
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
    {
      tst_cell_init_boolean (cell, g_variant_get_boolean (value));
    }
  else if (is_string (value))
    {
      const char *text = g_variant_get_string (value, NULL);

      tst_cell_init_text (cell, TST_CELL_TYPE_STRING, text, strlen (text));
    }
  else if (get_number (value, &number))
    {
      return init_number (cell, number, error);
    }
  else if (is_object (value) || is_array (value))
    {
      return init_container (cell, value, error);
    }
  else
    {
      return fail_kind (value, error);
    }

  return TRUE;
}
