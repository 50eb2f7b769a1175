/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "pets-exchange.h"

#include <glib/gi18n.h>
#include <string.h>

#include "pets-column.h"
#include "pets-csv.h"

/* Pets as text for other programs, both ways. Needs no display. What is read
 * becomes an `aa{sv}`, so that it can be read in a thread, and be added in one
 * transaction. */

/* --- From JSON --- */

/* Any JSON is something that a cell can hold: the store reads it. */
static GVariant *
read_json (const char  *text,
           GError     **error)
{
  g_autoptr(TstStore) store = tst_store_new ();
  g_autoptr(GVariant) row = NULL;

  if (!tst_store_set_cell_json (store, "table", "row", "cell", text, error))
    return NULL;

  row = tst_store_get_row (store, "table", "row");

  return g_variant_lookup_value (row, "cell", NULL);
}

static gboolean
is_object (GVariant *variant)
{
  return g_variant_is_of_type (variant, G_VARIANT_TYPE_VARDICT);
}

static gboolean
has_pets (GVariant *variant)
{
  g_autoptr(GVariant) table = is_object (variant) ? g_variant_lookup_value (variant, PETS_TABLE, NULL) : NULL;

  return table != NULL && is_object (table);
}

static gboolean
is_file_of_store (GVariant *document)
{
  g_autoptr(GVariant) first = NULL;

  if (g_variant_n_children (document) != 2)
    return FALSE;

  g_variant_get_child (document, 0, "v", &first);

  return has_pets (first);
}

static GVariant *
read_list (GVariant  *list,
           GError   **error)
{
  g_auto(GVariantBuilder) pets = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));

  for (gsize i = 0; i < g_variant_n_children (list); i++)
    {
      g_autoptr(GVariant) row = NULL;

      g_variant_get_child (list, i, "v", &row);
      if (!is_object (row))
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                       _("This is JSON, but neither a table of pets nor a list of them"));
          return NULL;
        }

      g_variant_builder_add_value (&pets, row);
    }

  return g_variant_ref_sink (g_variant_builder_end (&pets));
}

static GVariant *
get_pets (TstStore *store)
{
  g_auto(GVariantBuilder) pets = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  g_autoptr(GVariant) table = tst_store_get_table (store, PETS_TABLE);

  for (gsize i = 0; i < g_variant_n_children (table); i++)
    {
      g_autoptr(GVariant) row = NULL;

      g_variant_get_child (table, i, "{&s@a{sv}}", NULL, &row);
      g_variant_builder_add_value (&pets, row);
    }

  return g_variant_ref_sink (g_variant_builder_end (&pets));
}

/* Whatever people may have: the file of a store, its tables, one table, or a
 * list of objects. All but the last are for the store to read. */
static GVariant *
parse_json (const char  *text,
            GError     **error)
{
  g_autoptr(GVariant) document = read_json (text, error);
  g_autoptr(TstStore) store = tst_store_new ();
  gboolean read;

  if (document == NULL)
    return NULL;

  /* To a store, a table without rows is none. */
  if (is_object (document) && g_variant_n_children (document) == 0)
    read = TRUE;
  else if (has_pets (document))
    read = tst_store_set_tables_json (store, text, error);
  else if (is_object (document))
    read = tst_store_set_table_json (store, PETS_TABLE, text, error);
  else if (is_file_of_store (document))
    read = tst_store_set_json (store, text, error);
  else
    return read_list (document, error);

  return read ? get_pets (store) : NULL;
}

/* --- From CSV --- */

typedef struct
{
  const PetsColumn *column;   /* (nullable): none of the window's */
  char             *cell_id;
} Heading;

static void
clear_heading (gpointer data)
{
  Heading *heading = data;

  g_free (heading->cell_id);
}

/* By the id of the cells, or by the title that people see. */
static const PetsColumn *
find_column (const char *text)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);
  guint n_columns;
  const PetsColumn *columns = pets_columns (&n_columns);

  for (guint i = 0; i < n_columns; i++)
    {
      g_autofree char *title = g_utf8_casefold (_(columns[i].title), -1);

      if (g_str_equal (folded, columns[i].cell_id) || g_str_equal (folded, title))
        return &columns[i];
    }

  return NULL;
}

static GArray *
read_headings (GPtrArray  *fields,
               guint       line,
               GError    **error)
{
  g_autoptr(GArray) headings = g_array_new (FALSE, FALSE, sizeof (Heading));
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  gboolean known = FALSE;

  g_array_set_clear_func (headings, clear_heading);

  for (guint i = 0; i < fields->len; i++)
    {
      const PetsCsvField *field = g_ptr_array_index (fields, i);
      g_autofree char *stripped = g_strstrip (g_strdup (field->text));
      const PetsColumn *column = find_column (stripped);
      Heading heading = { column, g_strdup (column != NULL ? column->cell_id : stripped) };

      known = known || column != NULL;
      g_array_append_val (headings, heading);
      if (*heading.cell_id != '\0' && !g_hash_table_add (seen, heading.cell_id))
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                       _("Line %u: there are two columns “%s”"), line, heading.cell_id);
          return NULL;
        }
    }

  if (!known)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   _("Line %u: this is to name the columns, such as “name,species”"), line);
      return NULL;
    }

  return g_steal_pointer (&headings);
}

/* For a column that the window does not show: what JSON would have it be. What
 * is in quotation marks is text, unless it is a whole object or list. */
static GVariant *
recover_type (const PetsCsvField *field)
{
  g_autoptr(GVariant) read = NULL;

  if (*field->text == '\0')
    return field->quoted ? g_variant_new_string ("") : NULL;

  if (!field->quoted || *field->text == '{' || *field->text == '[')
    read = read_json (field->text, NULL);

  return read != NULL ? g_steal_pointer (&read) : g_variant_new_string (field->text);
}

static gboolean
read_cell (GVariantBuilder     *cells,
           const Heading       *heading,
           const PetsCsvField  *field,
           GError             **error)
{
  g_autoptr(GError) problem = NULL;
  g_autoptr(GVariant) value = NULL;

  /* Without a heading, there is nowhere to keep it. */
  if (*heading->cell_id == '\0')
    return TRUE;

  if (heading->column == NULL)
    value = recover_type (field);
  else if (heading->column->kind == PETS_KIND_TEXT && field->quoted)
    value = g_variant_new_string (field->text);
  else
    value = pets_column_parse (heading->column, field->text, &problem);

  if (problem != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }

  if (value != NULL)
    g_variant_builder_add (cells, "{sv}", heading->cell_id, g_variant_take_ref (value));

  return TRUE;
}

static GVariant *
read_pet (GArray     *headings,
          GPtrArray  *fields,
          guint       line,
          GError    **error)
{
  g_auto(GVariantBuilder) cells = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  if (fields->len > headings->len)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   ngettext ("Line %u: there are %u fields, but only %u column",
                             "Line %u: there are %u fields, but only %u columns", headings->len),
                   line, fields->len, headings->len);
      return NULL;
    }

  for (guint i = 0; i < fields->len; i++)
    {
      const Heading *heading = &g_array_index (headings, Heading, i);

      if (!read_cell (&cells, heading, g_ptr_array_index (fields, i), error))
        {
          /* Translators: %s is the name of a column; what is wrong there follows */
          g_prefix_error (error, _("Line %u, column “%s”: "), line,
                          heading->column != NULL ? _(heading->column->title) : heading->cell_id);
          return NULL;
        }
    }

  return g_variant_builder_end (&cells);
}

static GVariant *
parse_csv (const char  *text,
           gsize        length,
           GError     **error)
{
  PetsCsvReader reader;
  g_autoptr(GArray) headings = NULL;
  g_auto(GVariantBuilder) pets = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));

  if (!pets_csv_reader_init (&reader, text, length, error))
    return NULL;

  while (TRUE)
    {
      g_autoptr(GPtrArray) fields = NULL;
      GVariant *pet;
      guint line;

      if (!pets_csv_reader_next (&reader, &fields, &line, error))
        return NULL;
      if (fields == NULL)
        break;

      if (headings == NULL)
        {
          headings = read_headings (fields, line, error);
          if (headings == NULL)
            return NULL;
          continue;
        }

      pet = read_pet (headings, fields, line, error);
      if (pet == NULL)
        return NULL;
      g_variant_builder_add_value (&pets, pet);
    }

  return g_variant_ref_sink (g_variant_builder_end (&pets));
}

/* --- Both --- */

static gboolean
looks_like_json (const char *text,
                 gsize       length)
{
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isspace (text[i]))
      return text[i] == '[' || text[i] == '{';

  return FALSE;
}

/**
 * pets_exchange_parse:
 *
 * Reads JSON or CSV: an array of rows. @text ends with a NUL after @length bytes.
 */
GVariant *
pets_exchange_parse (const char  *text,
                     gsize        length,
                     GError     **error)
{
  if (length > PETS_EXCHANGE_MAX_SIZE)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _("The file is too large"));
      return NULL;
    }

  if (!looks_like_json (text, length))
    return parse_csv (text, length, error);

  if (strlen (text) < length)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _("The file is not text"));
      return NULL;
    }

  return parse_json (text, error);
}

/**
 * pets_exchange_add:
 *
 * Adds rows as new pets: all of them, or none.
 */
gboolean
pets_exchange_add (TstStore  *store,
                   GVariant  *pets,
                   GError   **error)
{
  GVariantIter iter;
  GVariant *row;

  tst_store_begin (store);
  g_variant_iter_init (&iter, pets);
  while (g_variant_iter_next (&iter, "@a{sv}", &row))
    {
      g_autoptr(GVariant) owned = row;
      g_autofree char *row_id = NULL;

      /* A line of empty fields is no pet, and there are no empty rows. */
      if (g_variant_n_children (owned) == 0)
        continue;

      row_id = tst_store_add_row (store, PETS_TABLE, owned, TST_ADD_ROW_UNIQUE, error);
      if (row_id == NULL)
        {
          tst_store_rollback (store);
          return FALSE;
        }
    }

  tst_store_commit (store);

  return TRUE;
}

/* --- To text --- */

/* The window's columns come first, then those that only the file has. */
static GPtrArray *
get_cell_ids (TstStore *store)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);
  g_auto(GStrv) in_table = tst_store_get_table_cell_ids (store, PETS_TABLE);
  guint n_columns;
  const PetsColumn *columns = pets_columns (&n_columns);

  for (guint i = 0; i < n_columns; i++)
    g_ptr_array_add (ids, g_strdup (columns[i].cell_id));

  for (gsize i = 0; in_table[i] != NULL; i++)
    if (!g_ptr_array_find_with_equal_func (ids, in_table[i], g_str_equal, NULL))
      g_ptr_array_add (ids, g_strdup (in_table[i]));

  return ids;
}

static void
append_cell (GString    *csv,
             TstStore   *store,
             const char *row_id,
             const char *cell_id,
             gboolean    known)
{
  TstCellType type = tst_store_get_cell_type (store, PETS_TABLE, row_id, cell_id);
  g_autofree char *json = NULL;

  if (type == TST_CELL_TYPE_STRING)
    {
      const char *text = tst_store_get_cell_string (store, PETS_TABLE, row_id, cell_id);

      /* Or it might be read as a number, or as nothing. */
      pets_csv_append_field (csv, text, !known || *text == '\0');
      return;
    }

  if (type != TST_CELL_TYPE_NONE && type != TST_CELL_TYPE_NULL)
    json = tst_store_get_cell_json (store, PETS_TABLE, row_id, cell_id);

  pets_csv_append_field (csv, json != NULL ? json : "", FALSE);
}

/**
 * pets_exchange_to_csv:
 *
 * Makes a text that a spreadsheet reads.
 */
char *
pets_exchange_to_csv (TstStore *store)
{
  g_autoptr(GString) csv = g_string_new (NULL);
  g_autoptr(GPtrArray) cell_ids = get_cell_ids (store);
  g_auto(GStrv) row_ids = tst_store_get_row_ids (store, PETS_TABLE);
  guint n_columns;

  pets_columns (&n_columns);

  for (guint i = 0; i < cell_ids->len; i++)
    pets_csv_append_field (csv, g_ptr_array_index (cell_ids, i), FALSE);
  pets_csv_end_record (csv);

  for (gsize row = 0; row_ids[row] != NULL; row++)
    {
      for (guint i = 0; i < cell_ids->len; i++)
        append_cell (csv, store, row_ids[row], g_ptr_array_index (cell_ids, i), i < n_columns);
      pets_csv_end_record (csv);
    }

  return g_string_free (g_steal_pointer (&csv), FALSE);
}

/**
 * pets_exchange_to_json:
 *
 * Makes a text that can be opened as a file of pets, too.
 */
char *
pets_exchange_to_json (TstStore *store)
{
  g_autofree char *table = NULL;

  if (!tst_store_has_table (store, PETS_TABLE))
    return g_strdup ("[{},{}]\n");

  table = tst_store_get_table_json (store, PETS_TABLE);

  return g_strdup_printf ("[{\"" PETS_TABLE "\":%s},{}]\n", table);
}
