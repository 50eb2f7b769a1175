/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "pets-column.h"

#include <glib/gi18n.h>
#include <math.h>
#include <stdio.h>

/* How the cells of each column are shown, edited and written. A file may hold
 * anything in any cell: what is not of the column's kind is shown as it is. */

static const PetsColumn columns[] = {
  { "name",    N_("Name"),    PETS_KIND_TEXT,  18, TRUE,  0 },
  { "species", N_("Species"), PETS_KIND_TEXT,  14, FALSE, 0 },
  { "breed",   N_("Breed"),   PETS_KIND_TEXT,  22, TRUE,  2 },
  { "colour",  N_("Colour"),  PETS_KIND_TEXT,  20, TRUE,  4 },
  { "born",    N_("Born"),    PETS_KIND_DATE,  14, FALSE, 3 },
  { "price",   N_("Price"),   PETS_KIND_PRICE, 12, FALSE, 0 },
  { "sold",    N_("Sold"),    PETS_KIND_CHECK,  8, FALSE, 1 },
};

const PetsColumn *
pets_columns (guint *n_columns)
{
  *n_columns = G_N_ELEMENTS (columns);

  return columns;
}

/* A date as in the file, 2024-05-31, or NULL. */
static GDateTime *
parse_iso_date (const char *text)
{
  int year, month, day, end = 0;

  if (sscanf (text, "%4d-%2d-%2d%n", &year, &month, &day, &end) != 3 || text[end] != '\0')
    return NULL;

  return g_date_time_new_utc (year, month, day, 0, 0, 0);
}

static char *
show_string (const PetsColumn *self,
             const char       *text)
{
  g_autoptr(GDateTime) date = self->kind == PETS_KIND_DATE ? parse_iso_date (text) : NULL;

  if (date == NULL)
    return g_strdup (text);

  /* Translators: the format of a birthday, see g_date_time_format() */
  return g_date_time_format (date, _("%-d %b %Y"));
}

static char *
show_number (const PetsColumn *self,
             double            number)
{
  /* Of a huge one, all digits would be noise. */
  if (self->kind == PETS_KIND_PRICE && fabs (number) < 1e12)
    return g_strdup_printf ("%'.2f", number);

  return g_strdup_printf ("%.15g", number);
}

/**
 * pets_column_show:
 *
 * Makes the text that the table shows for a row.
 */
char *
pets_column_show (const PetsColumn *self,
                  TstRow           *row)
{
  GValue *value = NULL;
  char *text = NULL;

  switch (tst_row_get_cell_type (row, self->cell_id))
    {
    case TST_CELL_TYPE_STRING:
      return show_string (self, tst_row_get_string (row, self->cell_id));

    case TST_CELL_TYPE_NUMBER:
      return show_number (self, tst_row_get_number (row, self->cell_id));

    case TST_CELL_TYPE_BOOLEAN:
      return g_strdup (tst_row_get_boolean (row, self->cell_id) ? _("Yes") : _("No"));

    case TST_CELL_TYPE_OBJECT:
    case TST_CELL_TYPE_ARRAY:
      value = tst_row_get_cell (row, self->cell_id);
      text = g_value_dup_string (value);
      g_boxed_free (G_TYPE_VALUE, value);
      return text;

    case TST_CELL_TYPE_NONE:
    case TST_CELL_TYPE_NULL:
    default:
      return g_strdup ("");
    }
}

/**
 * pets_column_edit:
 *
 * Makes the text that is edited for a row: no less exact than the cell.
 */
char *
pets_column_edit (const PetsColumn *self,
                  TstRow           *row)
{
  TstCellType type = tst_row_get_cell_type (row, self->cell_id);

  if (type == TST_CELL_TYPE_STRING)
    return g_strdup (tst_row_get_string (row, self->cell_id));

  if (type == TST_CELL_TYPE_NUMBER)
    return g_strdup_printf ("%.15g", tst_row_get_number (row, self->cell_id));

  return pets_column_show (self, row);
}

static GVariant *
parse_date (const char  *text,
            GError     **error)
{
  g_autoptr(GDateTime) iso = parse_iso_date (text);
  GDate date;

  if (iso != NULL)
    return g_variant_new_string (text);

  /* Any other way to write a date that is usual here. */
  g_date_clear (&date, 1);
  g_date_set_parse (&date, text);
  if (!g_date_valid (&date))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   _("“%s” is not a date such as 2024-05-31"), text);
      return NULL;
    }

  return g_variant_new_take_string (
    g_strdup_printf ("%04u-%02u-%02u",
                     g_date_get_year (&date), g_date_get_month (&date), g_date_get_day (&date)));
}

static GVariant *
parse_price (const char  *text,
             GError     **error)
{
  char *end = NULL;
  /* As people here write a number, or as programs do. */
  double price = g_strtod (text, &end);

  if (*end != '\0' || !isfinite (price) || price < 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   _("“%s” is not a price"), text);
      return NULL;
    }

  return g_variant_new_double (price);
}

static gboolean
is_one_of (const char         *text,
           const char * const *words)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);

  for (gsize i = 0; words[i] != NULL; i++)
    {
      g_autofree char *word = g_utf8_casefold (words[i], -1);

      if (g_str_equal (folded, word))
        return TRUE;
    }

  return FALSE;
}

static GVariant *
parse_check (const char  *text,
             GError     **error)
{
  const char *yes[] = { "true", "yes", "1", "x", _("Yes"), NULL };
  const char *no[] = { "false", "no", "0", _("No"), NULL };

  if (is_one_of (text, yes))
    return g_variant_new_boolean (TRUE);
  if (is_one_of (text, no))
    return g_variant_new_boolean (FALSE);

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               _("“%s” is neither yes nor no"), text);

  return NULL;
}

/**
 * pets_column_parse:
 *
 * Makes what a cell of the column is to hold from what people write, a floating
 * variant. Returns `NULL` without an error where that is nothing.
 */
GVariant *
pets_column_parse (const PetsColumn  *self,
                   const char        *text,
                   GError           **error)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));

  /* What is not known is not there. */
  if (*stripped == '\0')
    return NULL;

  switch (self->kind)
    {
    case PETS_KIND_DATE:
      return parse_date (stripped, error);

    case PETS_KIND_PRICE:
      return parse_price (stripped, error);

    case PETS_KIND_CHECK:
      return parse_check (stripped, error);

    case PETS_KIND_TEXT:
    default:
      return g_variant_new_take_string (g_steal_pointer (&stripped));
    }
}

/**
 * pets_column_write:
 *
 * Writes what was edited into the cell of a row.
 */
gboolean
pets_column_write (const PetsColumn  *self,
                   TstRow            *row,
                   const char        *text,
                   GError           **error)
{
  g_autoptr(GError) problem = NULL;
  g_autoptr(GVariant) parsed = pets_column_parse (self, text, &problem);

  if (problem != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }

  if (parsed == NULL && self->kind != PETS_KIND_TEXT)
    {
      tst_store_remove_cell (tst_row_get_store (row), tst_row_get_table_id (row),
                             tst_row_get_row_id (row), self->cell_id);
      return TRUE;
    }

  if (parsed == NULL)
    return tst_row_set_string (row, self->cell_id, "", error);

  if (self->kind == PETS_KIND_PRICE)
    return tst_row_set_number (row, self->cell_id, g_variant_get_double (parsed), error);

  return tst_row_set_string (row, self->cell_id, g_variant_get_string (parsed, NULL), error);
}
