/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-changes-json.h"

#include "tst-changes-builder-private.h"
#include "tst-json-content-private.h"
#include "tst-json-reader-private.h"
#include "tst-refuse-private.h"

#include <glib/gi18n-lib.h>

/* --- Writing --- */

static void
write_key (TstJsonBuffer *out,
           const TstId   *id)
{
  tst_json_write_string (out, id->text, id->length);
  tst_json_buffer_append_char (out, ':');
}

static void
write_removed (TstJsonBuffer *out)
{
  tst_json_write_string (out, TST_JSON_REMOVED, strlen (TST_JSON_REMOVED));
}

static void
write_row (TstJsonBuffer       *out,
           const TstChangedRow *row)
{
  tst_json_buffer_append_char (out, '{');

  for (guint i = 0; i < row->n_cells; i++)
    {
      const TstChangedCell *cell = &row->cells[i];

      write_key (out, cell->id);
      if (tst_cell_type (&cell->new_cell) == TST_CELL_TYPE_NONE)
        write_removed (out);
      else
        tst_json_write_cell (out, &cell->new_cell);
      tst_json_buffer_append_char (out, ',');
    }

  tst_json_buffer_close (out, '}');
}

static void
write_table (TstJsonBuffer         *out,
             const TstChangedTable *table)
{
  tst_json_buffer_append_char (out, '{');

  for (guint i = 0; i < table->n_rows; i++)
    {
      const TstChangedRow *row = &table->rows[i];

      write_key (out, row->id);
      if (row->delta < 0)
        write_removed (out);
      else
        write_row (out, row);
      tst_json_buffer_append_char (out, ',');
    }

  tst_json_buffer_close (out, '}');
}

static void
write_tables (TstJsonBuffer    *out,
              const TstChanges *changes)
{
  tst_json_buffer_append_char (out, '{');

  for (guint i = 0; i < changes->n_tables; i++)
    {
      const TstChangedTable *table = &changes->tables[i];

      write_key (out, table->id);
      if (table->delta < 0)
        write_removed (out);
      else
        write_table (out, table);
      tst_json_buffer_append_char (out, ',');
    }

  tst_json_buffer_close (out, '}');
}

/**
 * tst_changes_to_json:
 * @self: changes
 *
 * Gets the changes as JSON text.
 *
 * The text is `[tables,values,1]`, with what was added or is different now,
 * as [method@Store.get_json] writes it. What was removed is there as the string of
 * only U+FFFC: a whole table or row where all of it was removed. A cell that is
 * this string is written as one that is not.
 *
 * That is the text by which TinyBase exchanges such changes.
 *
 * Returns: (transfer full): the text
 *
 * Since: 0.1
 */
char *
tst_changes_to_json (TstChanges *self)
{
  TstJsonBuffer out = TST_JSON_BUFFER_INIT;

  g_return_val_if_fail (self != NULL, NULL);

  tst_json_buffer_append_char (&out, '[');
  write_tables (&out, self);
  tst_json_buffer_append_char (&out, ',');
  write_row (&out, &self->values);
  tst_json_buffer_append (&out, ",1]", 3);

  return tst_json_buffer_steal (&out);
}

/* --- Reading --- */

typedef struct
{
  TstJsonReader      reader;
  TstChangesBuilder  builder;
} Reading;

static gboolean
fail_twice (Reading    *self,
            const char *at)
{
  return tst_json_reader_fail (&self->reader, TST_ERROR_FORMAT, at, N_("An id is there twice"));
}

/* In the place of what was removed is a string. Returns FALSE with an error if it is
 * not a valid one; if it is another one, it is left for whoever wants to read it. */
static gboolean
take_removed (TstJsonReader *reader,
              gboolean      *removed)
{
  const char *at = reader->p;
  const char *string;
  gsize length;

  *removed = FALSE;

  /* As it is, or escaped */
  if (reader->end - at < 2 || at[0] != '"' || (at[1] != TST_JSON_REMOVED[0] && at[1] != '\\'))
    return TRUE;

  if (!tst_json_reader_read_string (reader, &string, &length))
    return FALSE;

  *removed = tst_json_is_removed (string, length);
  if (!*removed)
    reader->p = at;

  return TRUE;
}

/* A cell or a value, and its id */
static gboolean
read_cell (Reading        *self,
           TstAddCellFunc  add)
{
  TstJsonReader *reader = &self->reader;
  const char *at = reader->p;
  g_autofree char *copy = NULL;
  TstCell cell = TST_CELL_INIT;
  gboolean removed;
  const char *id;
  gsize length;

  if (!tst_json_reader_read_key (reader, &id, &length))
    return FALSE;

  /* The next string goes where this one may be. */
  if (id == reader->scratch.text)
    id = copy = g_strndup (id, length);

  if (!take_removed (reader, &removed) ||
      (!removed && !tst_json_reader_read_cell (reader, &cell)))
    return FALSE;

  if (add (&self->builder, id, length, removed ? NULL : &cell))
    return TRUE;

  tst_cell_clear (&cell);

  return fail_twice (self, at);
}

static gboolean
read_row_cell (gpointer user_data)
{
  return read_cell (user_data, tst_changes_builder_add_cell);
}

static gboolean
read_value (gpointer user_data)
{
  return read_cell (user_data, tst_changes_builder_add_value);
}

static gboolean
read_row (gpointer user_data)
{
  Reading *self = user_data;
  const char *at = self->reader.p;
  gboolean removed;
  const char *id;
  gsize length;

  if (!tst_json_reader_read_key (&self->reader, &id, &length))
    return FALSE;

  if (!tst_changes_builder_open_row (&self->builder, id, length))
    return fail_twice (self, at);

  if (!take_removed (&self->reader, &removed))
    return FALSE;

  if (!removed)
    return tst_json_reader_read_members (&self->reader, N_("Expected an object with cells"),
                                         read_row_cell, self);

  tst_changes_builder_remove_row (&self->builder);

  return TRUE;
}

static gboolean
read_table (gpointer user_data)
{
  Reading *self = user_data;
  const char *at = self->reader.p;
  gboolean removed;
  const char *id;
  gsize length;

  if (!tst_json_reader_read_key (&self->reader, &id, &length))
    return FALSE;

  if (!tst_changes_builder_open_table (&self->builder, id, length))
    return fail_twice (self, at);

  if (!take_removed (&self->reader, &removed))
    return FALSE;

  if (!removed)
    return tst_json_reader_read_members (&self->reader, N_("Expected an object with rows"),
                                         read_row, self);

  tst_changes_builder_remove_table (&self->builder);

  return TRUE;
}

/* Without this, content would be taken for changes that do nothing but add. */
static gboolean
read_mark (TstJsonReader *reader)
{
  const char *message = N_("Expected the number 1 that marks changes");

  if (tst_json_reader_is_at (reader, ']'))
    return tst_json_reader_fail (reader, TST_ERROR_FORMAT, NULL, message);

  if (!tst_json_reader_take (reader, ','))
    return tst_json_reader_fail (reader, TST_ERROR_PARSE, NULL, N_("Expected “,” or “]”"));

  tst_json_reader_skip_space (reader);
  if (!tst_json_reader_take (reader, '1'))
    return tst_json_reader_fail_expected (reader, message);

  tst_json_reader_skip_space (reader);

  return tst_json_reader_take (reader, ']') ||
         tst_json_reader_fail (reader, TST_ERROR_FORMAT, NULL, message);
}

static gboolean
read_changes (Reading *self)
{
  TstJsonReader *reader = &self->reader;

  if (!tst_json_reader_begin (reader))
    return FALSE;

  if (!tst_json_reader_take (reader, '['))
    return tst_json_reader_fail_expected (reader, N_("Expected an array of tables and values"));

  tst_json_reader_skip_space (reader);
  if (tst_json_reader_is_at (reader, ']'))
    return tst_json_reader_fail (reader, TST_ERROR_FORMAT, NULL,
                                 N_("Expected an object with tables"));
  if (!tst_json_reader_read_members (reader, N_("Expected an object with tables"),
                                     read_table, self))
    return FALSE;

  tst_json_reader_skip_space (reader);
  if (!tst_json_reader_take (reader, ','))
    return tst_json_reader_fail (reader, TST_ERROR_FORMAT, NULL,
                                 N_("Expected an object with values"));

  tst_json_reader_skip_space (reader);
  if (!tst_json_reader_read_members (reader, N_("Expected an object with values"),
                                     read_value, self))
    return FALSE;

  tst_json_reader_skip_space (reader);

  return read_mark (reader) && tst_json_reader_finish (reader);
}

TstChanges *
tst_json_read_changes (const char  *text,
                       gsize        length,
                       GError     **error)
{
  TstChanges *changes = NULL;
  Reading self;

  tst_json_reader_init (&self.reader, text, length);
  tst_changes_builder_init (&self.builder);

  if (read_changes (&self))
    changes = tst_changes_builder_end (&self.builder);
  else
    tst_json_reader_set_error (&self.reader, error);

  tst_json_reader_clear (&self.reader);
  tst_changes_builder_clear (&self.builder);

  return changes;
}

/**
 * tst_changes_new_from_json:
 * @json: a JSON text
 * @error: return location for an error
 *
 * Makes changes from a JSON text.
 *
 * The text is `[tables,values,1]`, as [method@Changes.to_json] makes it, and
 * TinyBase. A table, row, cell or value that is the string of only U+FFFC is to
 * be removed. An empty table or row does nothing. Null is a value like any
 * other.
 *
 * The text must be strict JSON, valid UTF-8 without U+0000, without an id that
 * is there twice. If anything is wrong, the error says where:
 * [error@TStore.Error.PARSE], [error@TStore.Error.FORMAT] or
 * [error@TStore.Error.LIMIT].
 *
 * Returns: (transfer full): new changes, or `NULL` with an error
 *
 * Since: 0.1
 */
TstChanges *
tst_changes_new_from_json (const char  *json,
                           GError     **error)
{
  g_return_val_if_fail (json != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return tst_json_read_changes (json, strlen (json), error);
}

/**
 * tst_store_apply_changes_json:
 * @self: a store
 * @json: a JSON text
 * @error: return location for an error
 *
 * Does to a store what a JSON text says, as [method@Store.apply_changes].
 *
 * [ctor@Changes.new_from_json] says what the text is. If anything is wrong with
 * it, nothing changes.
 *
 * Returns: whether the changes are made
 *
 * Since: 0.1
 */
gboolean
tst_store_apply_changes_json (TstStore    *self,
                              const char  *json,
                              GError     **error)
{
  g_autoptr(TstChanges) changes = NULL;
  GError *refused = NULL;

  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (json != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  changes = tst_json_read_changes (json, strlen (json), &refused);
  if (changes == NULL)
    return refuse_cell (self, NULL, NULL, NULL, refused, error);

  return tst_store_apply_changes (self, changes, error);
}
