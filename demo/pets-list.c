/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "pets-list.h"

#include <glib/gi18n.h>

#include "pets-column.h"
#include "pets-document.h"

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
read_texts (TstStore *store)
{
  g_autoptr(TstTableModel) model = tst_table_model_new (store, PETS_TABLE);
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (model));
  GPtrArray *texts = g_ptr_array_new_with_free_func (g_free);
  guint n_columns;
  const PetsColumn *columns = pets_columns (&n_columns);

  for (guint column = 0; column < n_columns; column++)
    g_ptr_array_add (texts, g_strdup (_(columns[column].title)));

  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr(TstRow) row = g_list_model_get_item (G_LIST_MODEL (model), i);

      for (guint column = 0; column < n_columns; column++)
        g_ptr_array_add (texts, show_cell (&columns[column], row));
    }

  return texts;
}

static void
print_table (TstStore *store)
{
  g_autoptr(GPtrArray) texts = read_texts (store);
  guint n_columns;
  const PetsColumn *columns = pets_columns (&n_columns);
  g_autofree int *widths = g_new0 (int, n_columns);

  for (guint i = 0; i < texts->len; i++)
    widths[i % n_columns] = MAX (widths[i % n_columns],
                                 (int) g_utf8_strlen (g_ptr_array_index (texts, i), -1));

  for (guint i = 0; i < texts->len; i++)
    {
      guint column = i % n_columns;

      print_field (g_ptr_array_index (texts, i),
                   columns[column].kind == PETS_KIND_PRICE ? -widths[column] : widths[column],
                   column == n_columns - 1);
    }
}

static gboolean
load_sample (TstStore  *store,
             GError   **error)
{
  g_autoptr(GBytes) sample = pets_document_get_sample ();
  g_autofree char *json = g_strndup (g_bytes_get_data (sample, NULL), g_bytes_get_size (sample));

  return tst_store_set_json (store, json, error);
}

/**
 * pets_list_print:
 *
 * Prints the pets of a file, or if @file is `NULL`, those that the window shows.
 */
gboolean
pets_list_print (GFile   *file,
                 GError **error)
{
  g_autoptr(GFile) default_file = pets_document_get_default_file ();
  g_autoptr(TstStore) store = tst_store_new ();
  g_autoptr(TstPersister) persister = NULL;

  if (file == NULL && !g_file_query_exists (default_file, NULL))
    {
      if (!load_sample (store, error))
        return FALSE;
    }
  else
    {
      /* To load from where nothing is yet is no error; to list it would be. */
      if (file != NULL && !g_file_query_exists (file, NULL))
        {
          g_autofree char *name = g_file_get_parse_name (file);

          g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _("There is no file %s"), name);
          return FALSE;
        }

      persister = tst_file_persister_new (store, file != NULL ? file : default_file);
      if (!tst_persister_load (persister, NULL, error))
        return FALSE;
    }

  print_table (store);

  return TRUE;
}
