/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-cell-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "tst-error.h"

void
tst_cell_init_long_text (TstCell     *cell,
                         TstCellType  type,
                         const char  *text,
                         gsize        length)
{
  TstText *block;

  g_assert (length <= G_MAXUINT32 - 1);

  block = g_malloc (sizeof (TstText) + length + 1);
  block->ref_count = 1;
  block->length = (guint32) length;
  memcpy (block->text, text, length);
  block->text[length] = '\0';

  cell->words[0] = TST_CELL_KIND_WORD (type | TST_CELL_LONG);
  cell->wide.text = block;
}

void
tst_text_unref (TstText *text)
{
  if (g_atomic_int_dec_and_test (&text->ref_count))
    g_free (text);
}

gboolean
tst_cell_init_finite (TstCell  *cell,
                      double    number,
                      GError  **error)
{
  if (!isfinite (number))
    {
      g_set_error_literal (error, TST_ERROR, TST_ERROR_INVALID_VALUE,
                           _("A number must be finite"));
      return FALSE;
    }

  tst_cell_init_number (cell, number);
  return TRUE;
}

/* Is it valid UTF-8? Most text is ASCII: eight bytes at a time. */
gboolean
tst_text_is_valid (const char *text,
                   gsize       length)
{
  gsize i = 0;

  for (; i + 8 <= length; i += 8)
    {
      guint64 word;

      memcpy (&word, text + i, 8);
      if (word & G_GUINT64_CONSTANT (0x8080808080808080))
        return g_utf8_validate_len (text + i, length - i, NULL);
    }

  for (; i < length; i++)
    if ((guint8) text[i] & 0x80)
      return g_utf8_validate_len (text + i, length - i, NULL);

  return TRUE;
}

gboolean
tst_cell_init_string (TstCell     *cell,
                      const char  *text,
                      GError     **error)
{
  gsize length = strlen (text);

  if (length >= G_MAXUINT32 || !tst_text_is_valid (text, length))
    {
      g_set_error_literal (error, TST_ERROR, TST_ERROR_INVALID_VALUE,
                           _("A string must be valid UTF-8"));
      return FALSE;
    }

  tst_cell_init_text (cell, TST_CELL_TYPE_STRING, text, length);
  return TRUE;
}

static gboolean
init_variant (TstCell   *cell,
              GVariant  *variant,
              GError   **error)
{
  switch (g_variant_classify (variant))
    {
    case G_VARIANT_CLASS_BOOLEAN:
      tst_cell_init_boolean (cell, g_variant_get_boolean (variant));
      return TRUE;
    case G_VARIANT_CLASS_BYTE:
      return tst_cell_init_finite (cell, g_variant_get_byte (variant), error);
    case G_VARIANT_CLASS_INT16:
      return tst_cell_init_finite (cell, g_variant_get_int16 (variant), error);
    case G_VARIANT_CLASS_UINT16:
      return tst_cell_init_finite (cell, g_variant_get_uint16 (variant), error);
    case G_VARIANT_CLASS_INT32:
      return tst_cell_init_finite (cell, g_variant_get_int32 (variant), error);
    case G_VARIANT_CLASS_UINT32:
      return tst_cell_init_finite (cell, g_variant_get_uint32 (variant), error);
    case G_VARIANT_CLASS_INT64:
      return tst_cell_init_finite (cell, (double) g_variant_get_int64 (variant), error);
    case G_VARIANT_CLASS_UINT64:
      return tst_cell_init_finite (cell, (double) g_variant_get_uint64 (variant), error);
    case G_VARIANT_CLASS_DOUBLE:
      return tst_cell_init_finite (cell, g_variant_get_double (variant), error);
    case G_VARIANT_CLASS_STRING:
      return tst_cell_init_string (cell, g_variant_get_string (variant, NULL), error);
    case G_VARIANT_CLASS_MAYBE:
      if (g_variant_n_children (variant) == 0)
        {
          tst_cell_init_null (cell);
          return TRUE;
        }
      G_GNUC_FALLTHROUGH;
    case G_VARIANT_CLASS_HANDLE:
    case G_VARIANT_CLASS_OBJECT_PATH:
    case G_VARIANT_CLASS_SIGNATURE:
    case G_VARIANT_CLASS_VARIANT:
    case G_VARIANT_CLASS_ARRAY:
    case G_VARIANT_CLASS_TUPLE:
    case G_VARIANT_CLASS_DICT_ENTRY:
    default:
      g_set_error (error, TST_ERROR, TST_ERROR_INVALID_VALUE,
                   _("A value of type “%s” cannot be stored here"),
                   g_variant_get_type_string (variant));
      return FALSE;
    }
}

/* Bindings box their values by themselves, and in their own ways: None and
 * null come as a NULL pointer of some kind, numbers as any numeric type. */
gboolean
tst_cell_init_value (TstCell       *cell,
                     const GValue  *value,
                     GError       **error)
{
  GType type = value ? G_VALUE_TYPE (value) : G_TYPE_INVALID;

  switch (type)
    {
    case G_TYPE_INVALID:
      tst_cell_init_null (cell);
      return TRUE;
    case G_TYPE_BOOLEAN:
      tst_cell_init_boolean (cell, g_value_get_boolean (value));
      return TRUE;
    case G_TYPE_CHAR:
      return tst_cell_init_finite (cell, g_value_get_schar (value), error);
    case G_TYPE_UCHAR:
      return tst_cell_init_finite (cell, g_value_get_uchar (value), error);
    case G_TYPE_INT:
      return tst_cell_init_finite (cell, g_value_get_int (value), error);
    case G_TYPE_UINT:
      return tst_cell_init_finite (cell, g_value_get_uint (value), error);
    case G_TYPE_LONG:
      return tst_cell_init_finite (cell, (double) g_value_get_long (value), error);
    case G_TYPE_ULONG:
      return tst_cell_init_finite (cell, (double) g_value_get_ulong (value), error);
    case G_TYPE_INT64:
      return tst_cell_init_finite (cell, (double) g_value_get_int64 (value), error);
    case G_TYPE_UINT64:
      return tst_cell_init_finite (cell, (double) g_value_get_uint64 (value), error);
    case G_TYPE_FLOAT:
      return tst_cell_init_finite (cell, (double) g_value_get_float (value), error);
    case G_TYPE_DOUBLE:
      return tst_cell_init_finite (cell, g_value_get_double (value), error);
    case G_TYPE_STRING:
      if (g_value_get_string (value) != NULL)
        return tst_cell_init_string (cell, g_value_get_string (value), error);
      tst_cell_init_null (cell);
      return TRUE;
    case G_TYPE_VARIANT:
      if (g_value_get_variant (value) != NULL)
        return init_variant (cell, g_value_get_variant (value), error);
      tst_cell_init_null (cell);
      return TRUE;
    case G_TYPE_POINTER:
      if (g_value_get_pointer (value) == NULL)
        {
          tst_cell_init_null (cell);
          return TRUE;
        }
      break;
    default:
      break;
    }

  g_set_error (error, TST_ERROR, TST_ERROR_INVALID_VALUE,
               _("A value of type “%s” cannot be stored"), g_type_name (type));
  return FALSE;
}

GValue *
tst_cell_dup_value (const TstCell *cell)
{
  GValue borrowed = G_VALUE_INIT;
  GValue *value;

  if (cell == NULL)
    return NULL;

  tst_cell_get_value (cell, &borrowed);
  value = g_new0 (GValue, 1);
  g_value_init (value, G_VALUE_TYPE (&borrowed));
  g_value_copy (&borrowed, value);

  return value;
}

/* @value must be all zeros; text in it lives as long as @cell stays. */
void
tst_cell_get_value (const TstCell *cell,
                    GValue        *value)
{
  switch (tst_cell_type (cell))
    {
    case TST_CELL_TYPE_NUMBER:
      g_value_init (value, G_TYPE_DOUBLE);
      g_value_set_double (value, tst_cell_get_number (cell));
      break;
    case TST_CELL_TYPE_BOOLEAN:
      g_value_init (value, G_TYPE_BOOLEAN);
      g_value_set_boolean (value, tst_cell_get_boolean (cell));
      break;
    case TST_CELL_TYPE_STRING:
    case TST_CELL_TYPE_OBJECT:
    case TST_CELL_TYPE_ARRAY:
      g_value_init (value, G_TYPE_STRING);
      g_value_set_static_string (value, tst_cell_get_text (cell, NULL));
      break;
    case TST_CELL_TYPE_NULL:
      g_value_init (value, G_TYPE_POINTER);
      break;
    case TST_CELL_TYPE_NONE:
    default:
      g_assert_not_reached ();
    }
}
