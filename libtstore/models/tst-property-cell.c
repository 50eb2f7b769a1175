/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-property-cell-private.h"

#include <json-glib/json-glib.h>
#include <math.h>

#include "tst-text-private.h"

gboolean
tst_property_is_storable (GParamSpec *pspec)
{
  switch (G_TYPE_FUNDAMENTAL (pspec->value_type))
    {
    case G_TYPE_STRING:
    case G_TYPE_BOOLEAN:
    case G_TYPE_CHAR:
    case G_TYPE_UCHAR:
    case G_TYPE_INT:
    case G_TYPE_UINT:
    case G_TYPE_LONG:
    case G_TYPE_ULONG:
    case G_TYPE_INT64:
    case G_TYPE_UINT64:
    case G_TYPE_FLOAT:
    case G_TYPE_DOUBLE:
    case G_TYPE_ENUM:
    case G_TYPE_FLAGS:
      return TRUE;

    case G_TYPE_BOXED:
      return pspec->value_type == G_TYPE_STRV || pspec->value_type == G_TYPE_DATE_TIME;

    default:
      return FALSE;
    }
}

/* --- Reading numbers --- */

static gint64
clamp_signed (double number,
              gint64 min,
              gint64 max)
{
  double rounded = round (number);

  /* The nearest double to G_MAXINT64 is larger than it. */
  if (rounded >= (double) max)
    return max;

  return rounded <= (double) min ? min : (gint64) rounded;
}

static guint64
clamp_unsigned (double  number,
                guint64 max)
{
  double rounded = round (number);

  if (rounded >= (double) max)
    return max;

  return rounded <= 0 ? 0 : (guint64) rounded;
}

static gboolean
set_enum (GValue *value,
          int     number)
{
  GEnumClass *klass = g_type_class_peek (G_VALUE_TYPE (value));

  if (g_enum_get_value (klass, number) == NULL)
    return FALSE;

  g_value_set_enum (value, number);

  return TRUE;
}

static gboolean
read_number (double  number,
             GValue *value)
{
  switch (G_TYPE_FUNDAMENTAL (G_VALUE_TYPE (value)))
    {
    case G_TYPE_BOOLEAN:
      g_value_set_boolean (value, number != 0);
      return TRUE;

    case G_TYPE_CHAR:
      g_value_set_schar (value, clamp_signed (number, G_MININT8, G_MAXINT8));
      return TRUE;

    case G_TYPE_UCHAR:
      g_value_set_uchar (value, clamp_unsigned (number, G_MAXUINT8));
      return TRUE;

    case G_TYPE_INT:
      g_value_set_int (value, clamp_signed (number, G_MININT, G_MAXINT));
      return TRUE;

    case G_TYPE_UINT:
      g_value_set_uint (value, clamp_unsigned (number, G_MAXUINT));
      return TRUE;

    case G_TYPE_LONG:
      g_value_set_long (value, clamp_signed (number, G_MINLONG, G_MAXLONG));
      return TRUE;

    case G_TYPE_ULONG:
      g_value_set_ulong (value, clamp_unsigned (number, G_MAXULONG));
      return TRUE;

    case G_TYPE_INT64:
      g_value_set_int64 (value, clamp_signed (number, G_MININT64, G_MAXINT64));
      return TRUE;

    case G_TYPE_UINT64:
      g_value_set_uint64 (value, clamp_unsigned (number, G_MAXUINT64));
      return TRUE;

    case G_TYPE_FLOAT:
      g_value_set_float (value, CLAMP (number, -G_MAXFLOAT, G_MAXFLOAT));
      return TRUE;

    case G_TYPE_DOUBLE:
      g_value_set_double (value, number);
      return TRUE;

    case G_TYPE_ENUM:
      return set_enum (value, clamp_signed (number, G_MININT, G_MAXINT));

    case G_TYPE_FLAGS:
      g_value_set_flags (value, clamp_unsigned (number, G_MAXUINT));
      return TRUE;

    default:
      return FALSE;
    }
}

/* --- Reading text --- */

static gboolean
read_enum (const char *text,
           GValue     *value)
{
  GEnumClass *klass = g_type_class_peek (G_VALUE_TYPE (value));
  GEnumValue *found = g_enum_get_value_by_nick (klass, text);

  if (found == NULL)
    return FALSE;

  g_value_set_enum (value, found->value);

  return TRUE;
}

static gboolean
read_flags (const char *text,
            GValue     *value)
{
  GFlagsClass *klass = g_type_class_peek (G_VALUE_TYPE (value));
  g_auto(GStrv) nicks = g_strsplit (text, "|", -1);
  guint flags = 0;

  for (gsize i = 0; nicks[i] != NULL; i++)
    {
      GFlagsValue *found = g_flags_get_value_by_nick (klass, nicks[i]);

      if (found == NULL)
        return FALSE;

      flags |= found->value;
    }

  g_value_set_flags (value, flags);

  return TRUE;
}

static gboolean
read_date_time (const char *text,
                GValue     *value)
{
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();
  GDateTime *date_time = g_date_time_new_from_iso8601 (text, utc);

  if (date_time == NULL)
    {
      /* A date alone. */
      g_autofree char *midnight = g_strconcat (text, "T00:00:00", NULL);

      date_time = g_date_time_new_from_iso8601 (midnight, utc);
    }

  if (date_time == NULL)
    return FALSE;

  g_value_take_boxed (value, date_time);

  return TRUE;
}

static gboolean
read_string (const char *text,
             GValue     *value)
{
  switch (G_TYPE_FUNDAMENTAL (G_VALUE_TYPE (value)))
    {
    case G_TYPE_STRING:
      g_value_set_string (value, text);
      return TRUE;

    case G_TYPE_ENUM:
      return read_enum (text, value);

    case G_TYPE_FLAGS:
      return *text == '\0' || read_flags (text, value);

    default:
      return G_VALUE_TYPE (value) == G_TYPE_DATE_TIME && read_date_time (text, value);
    }
}

static gboolean
read_array (const char *text,
            GValue     *value)
{
  g_autoptr(JsonNode) node = NULL;
  JsonArray *array;
  g_autoptr(GStrvBuilder) strings = NULL;

  if (G_VALUE_TYPE (value) != G_TYPE_STRV)
    return FALSE;

  /* The store has let in only JSON, and not too deep. */
  node = json_from_string (text, NULL);
  array = json_node_get_array (node);
  strings = g_strv_builder_new ();

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);

      if (json_node_get_value_type (element) != G_TYPE_STRING)
        return FALSE;

      g_strv_builder_add (strings, json_node_get_string (element));
    }

  g_value_take_boxed (value, g_strv_builder_end (strings));

  return TRUE;
}

static gboolean
read_cell (const TstCell *cell,
           GValue        *value)
{
  TstCellType type = tst_cell_peek_type (cell);

  if (type == TST_CELL_TYPE_NONE || type == TST_CELL_TYPE_NULL)
    return FALSE;

  if (type != TST_CELL_TYPE_STRING && G_VALUE_HOLDS_STRING (value))
    {
      g_value_take_string (value, tst_json_dup_cell (cell));
      return TRUE;
    }

  if (type == TST_CELL_TYPE_NUMBER)
    return read_number (tst_cell_get_number (cell), value);

  if (type == TST_CELL_TYPE_BOOLEAN)
    return read_number (tst_cell_get_boolean (cell), value);

  if (type == TST_CELL_TYPE_STRING)
    return read_string (tst_cell_get_text (cell, NULL), value);

  return type == TST_CELL_TYPE_ARRAY && read_array (tst_cell_get_text (cell, NULL), value);
}

void
tst_property_read_cell (GParamSpec    *pspec,
                        const TstCell *cell,
                        GValue        *value)
{
  if (read_cell (cell, value))
    g_param_value_validate (pspec, value);
  else
    g_param_value_set_default (pspec, value);
}

/* --- Writing: of the type of a value, unlike that of a property, nobody need have the class --- */

static gboolean
make_enum (const GValue  *value,
           TstCell       *cell,
           GError       **error)
{
  g_autoptr(GEnumClass) klass = g_type_class_ref (G_VALUE_TYPE (value));
  int number = g_value_get_enum (value);
  GEnumValue *found = g_enum_get_value (klass, number);

  if (found != NULL)
    return tst_cell_init_string (cell, found->value_nick, error);

  tst_cell_init_number (cell, number);

  return TRUE;
}

static gboolean
make_flags (const GValue  *value,
            TstCell       *cell,
            GError       **error)
{
  g_autoptr(GFlagsClass) klass = g_type_class_ref (G_VALUE_TYPE (value));
  guint left = g_value_get_flags (value);
  g_autoptr(GString) nicks = g_string_new (NULL);

  while (left != 0)
    {
      GFlagsValue *found = g_flags_get_first_value (klass, left);

      if (found == NULL)
        {
          tst_cell_init_number (cell, g_value_get_flags (value));
          return TRUE;
        }

      if (nicks->len > 0)
        g_string_append_c (nicks, '|');
      g_string_append (nicks, found->value_nick);
      left &= ~found->value;
    }

  return tst_cell_init_string (cell, nicks->str, error);
}

static gboolean
make_array (const char * const  *strings,
            TstCell             *cell,
            GError             **error)
{
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_ARRAY);
  JsonArray *array = json_array_new ();

  for (gsize i = 0; strings[i] != NULL; i++)
    json_array_add_string_element (array, strings[i]);

  json_node_take_array (node, array);

  return tst_json_node_read_cell (cell, node, error);
}

static gboolean
make_boxed (const GValue  *value,
            TstCell       *cell,
            GError       **error)
{
  g_autofree char *text = NULL;

  if (g_value_get_boxed (value) == NULL)
    {
      tst_cell_init_null (cell);
      return TRUE;
    }

  if (G_VALUE_HOLDS (value, G_TYPE_STRV))
    return make_array (g_value_get_boxed (value), cell, error);

  text = g_date_time_format_iso8601 (g_value_get_boxed (value));

  return tst_cell_init_string (cell, text, error);
}

gboolean
tst_property_make_cell (const GValue  *value,
                        TstCell       *cell,
                        GError       **error)
{
  switch (G_TYPE_FUNDAMENTAL (G_VALUE_TYPE (value)))
    {
    case G_TYPE_ENUM:
      return make_enum (value, cell, error);

    case G_TYPE_FLAGS:
      return make_flags (value, cell, error);

    case G_TYPE_BOXED:
      return make_boxed (value, cell, error);

    default:
      return tst_cell_init_value (cell, value, error);
    }
}
