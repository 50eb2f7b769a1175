/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "pets-list.h"

#include <glib/gi18n.h>

#include "pets-column.h"

/* The table as text, for terminals and scripts. Needs no display. */

/* Right-aligned if @width is negative, as printf() does; by characters. */
static void
print_field (const char *text,
             int         width,
             gboolean    last)
{
  int padding = ABS (width) - (int) g_utf8_strlen (text, -1);

  if (width < 0)
    g_print ("%*s%s", padding, "", text);
  else
    g_print ("%s%*s", text, last ? 0 : padding, "");

  g_print ("%s", last ? "\n" : "  ");
}

/* A line break in a cell would break the table. */
static char *
show_on_one_line (const PetsColumn *column,
                  TstRow           *row)
{
  return g_strdelimit (pets_column_show (column, row), "\n\r\t\v\f", ' ');
}

static char *
show_cell (const PetsColumn *column,
           TstRow           *row)
{
  /* In a list for programs, too, a date is one that sorts. */
  if (column->kind == PETS_KIND_DATE && tst_row_get_string (row, column->cell_id) != NULL)
    return g_strdup (tst_row_get_string (row, column->cell_id));

  return show_on_one_line (column, row);
}

static GPtrArray *
read_texts (TstStore *store,
            gboolean  with_ids)
{
  g_autoptr(TstTableModel) model = tst_table_model_new (store, PETS_TABLE);
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (model));
  GPtrArray *texts = g_ptr_array_new_with_free_func (g_free);
  guint n_columns;
  const PetsColumn *columns = pets_columns (&n_columns);

  if (with_ids)
    g_ptr_array_add (texts, g_strdup (_("Id")));
  for (guint column = 0; column < n_columns; column++)
    g_ptr_array_add (texts, g_strdup (_(columns[column].title)));

  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr(TstRow) row = g_list_model_get_item (G_LIST_MODEL (model), i);

      if (with_ids)
        g_ptr_array_add (texts, g_strdup (tst_row_get_row_id (row)));
      for (guint column = 0; column < n_columns; column++)
        g_ptr_array_add (texts, show_cell (&columns[column], row));
    }

  return texts;
}

/**
 * pets_list_print:
 *
 * Prints the pets of a store, with their ids in front if @with_ids.
 */
void
pets_list_print (TstStore *store,
                 gboolean  with_ids)
{
  g_autoptr(GPtrArray) texts = read_texts (store, with_ids);
  guint n_columns;
  const PetsColumn *columns = pets_columns (&n_columns);
  guint n_fields = n_columns + (with_ids ? 1 : 0);
  g_autofree int *widths = g_new0 (int, n_fields);

  for (guint i = 0; i < texts->len; i++)
    widths[i % n_fields] = MAX (widths[i % n_fields],
                                (int) g_utf8_strlen (g_ptr_array_index (texts, i), -1));

  for (guint i = 0; i < texts->len; i++)
    {
      guint field = i % n_fields;
      gboolean is_id = with_ids && field == 0;
      const PetsColumn *column = &columns[is_id ? 0 : field + n_columns - n_fields];
      gboolean is_number = !is_id && column->kind == PETS_KIND_PRICE;

      print_field (g_ptr_array_index (texts, i), is_number ? -widths[field] : widths[field],
                   field == n_fields - 1);
    }
}
