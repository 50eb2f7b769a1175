/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-json-content-private.h"

#include "tst-json-reader-private.h"
#include "tst-json-scan-private.h"
#include "tst-text-private.h"

#include <glib/gi18n-lib.h>

/* What came behind a column in the row before: the bytes from the quotation
 * mark to the value. Where the same bytes come again, the column is known
 * without reading the string and looking it up. */
typedef struct
{
  const char *text;    /* borrowed from the text that is read; (nullable) */
  gsize       length;
  guint64     word;    /* the first bytes of it, up to 8 */
  guint64     mask;    /* those bytes of a word */
  guint32     column;
} Guess;

typedef struct
{
  TstJsonReader  reader;
  TstEngine     *engine;   /* owned */
  guint          n_tables;

  /* Of the table that is read: one for each column, and the first for the
   * beginning of a row. */
  GArray        *guesses;
} Content;

static void
content_init (Content    *self,
              const char *text,
              gsize       length)
{
  tst_json_reader_init (&self->reader, text, length);
  self->engine = tst_engine_new ();
  self->n_tables = 0;
  self->guesses = g_array_new (FALSE, TRUE, sizeof (Guess));
}

/* The engine, if everything was read, or else NULL and the error */
static TstEngine *
content_finish (Content   *self,
                gboolean   done,
                GError   **error)
{
  g_autoptr(TstEngine) engine = g_steal_pointer (&self->engine);

  if (!done)
    tst_json_reader_set_error (&self->reader, error);

  tst_json_reader_clear (&self->reader);
  g_array_unref (self->guesses);

  return done ? g_steal_pointer (&engine) : NULL;
}

static gboolean
fail_format (Content    *self,
             const char *at,
             const char *message)
{
  return tst_json_reader_fail (&self->reader, TST_ERROR_FORMAT, at, message);
}

/* --- Rows --- */

static inline gboolean
is_guess (const TstJsonReader *reader,
          const Guess         *guess)
{
  gsize rest = (gsize) (reader->end - reader->p);

  return guess->text != NULL &&
         rest >= 8 && rest >= guess->length &&
         ((tst_word_load (reader->p) ^ guess->word) & guess->mask) == 0 &&
         (guess->length <= 8 || memcmp (reader->p + 8, guess->text + 8, guess->length - 8) == 0);
}

/* The guess is for what comes behind the column of the index before. */
static void
learn (Content    *self,
       guint       index,
       const char *text,
       guint32     column)
{
  gsize length = (gsize) (self->reader.p - text);
  guint needed = MAX (index, column + 1) + 1;
  Guess *guess;

  if (needed > self->guesses->len)
    g_array_set_size (self->guesses, needed);

  if (self->reader.end - text < 8)
    return;

  guess = &g_array_index (self->guesses, Guess, index);
  guess->text = text;
  guess->length = length;
  guess->word = tst_word_load (text);
  guess->mask = tst_word_mask (MIN (length, 8));
  guess->column = column;
}

/* Reads the id of a cell, up to its value. *index is that of the guess for
 * it, and becomes that of the guess for the next. */
static inline gboolean
read_cell_key (Content  *self,
               TstTable *table,
               guint    *index,
               guint32  *column)
{
  TstJsonReader *reader = &self->reader;
  const Guess *guess = &g_array_index (self->guesses, Guess, *index);
  const char *start = reader->p;
  const char *id;
  gsize length;

  if (G_LIKELY (is_guess (reader, guess)))
    {
      reader->p += guess->length;
      tst_json_reader_skip_space (reader); /* there may be more of it than before */
      *column = guess->column;
      *index = guess->column + 1;
      return TRUE;
    }

  if (!tst_json_reader_read_key (reader, &id, &length))
    return FALSE;

  *column = tst_engine_ensure_column (self->engine, table, id, length);
  learn (self, *index, start, *column);
  *index = *column + 1;

  return TRUE;
}

static gboolean
read_cells (Content  *self,
            TstTable *table,
            guint32   row)
{
  guint index = 0;
  gboolean more = TRUE;

  while (more)
    {
      const char *at = self->reader.p;
      guint32 column;
      TstCell cell;

      if (!read_cell_key (self, table, &index, &column) ||
          !tst_json_reader_read_cell (&self->reader, &cell))
        return FALSE;

      if (G_UNLIKELY (!tst_engine_put_cell (self->engine, table, row, column, &cell)))
        {
          tst_cell_clear (&cell);
          return fail_format (self, at, N_("This cell is in the row twice"));
        }

      if (!tst_json_reader_next_member (&self->reader, &more))
        return FALSE;
    }

  return TRUE;
}

/* Takes the opening brace of an object that may not be empty. */
static gboolean
open_object (Content    *self,
             const char *expected,
             TstError    empty_code,
             const char *empty)
{
  const char *at = self->reader.p;

  if (!tst_json_reader_take (&self->reader, '{'))
    return tst_json_reader_fail_expected (&self->reader, expected);

  tst_json_reader_skip_space (&self->reader);

  return !tst_json_reader_is_at (&self->reader, '}') ||
         tst_json_reader_fail (&self->reader, empty_code, at, empty);
}

static gboolean
read_row (Content  *self,
          TstTable *table)
{
  const char *at = self->reader.p;
  gboolean created;
  const char *id;
  gsize length;
  guint32 row;

  if (!tst_json_reader_read_key (&self->reader, &id, &length))
    return FALSE;

  row = tst_engine_ensure_row (self->engine, table, id, length, &created);
  if (!created)
    return fail_format (self, at, N_("This row is in the table twice"));

  return open_object (self, N_("Expected an object with the cells of a row"),
                      TST_ERROR_FORMAT, N_("A row is empty")) &&
         read_cells (self, table, row);
}

/* --- Tables --- */

/* A table that is in the engine already, from its opening brace */
static gboolean
read_rows (Content  *self,
           TstTable *table,
           TstError  empty_code)
{
  gboolean more = TRUE;

  if (!open_object (self, N_("Expected an object with the rows of a table"),
                    empty_code, N_("A table is empty")))
    return FALSE;

  g_array_set_size (self->guesses, 0);
  g_array_set_size (self->guesses, 1);

  while (more)
    if (!read_row (self, table) || !tst_json_reader_next_member (&self->reader, &more))
      return FALSE;

  return TRUE;
}

static gboolean
read_table (gpointer user_data)
{
  Content *self = user_data;
  const char *at = self->reader.p;
  gboolean created;
  const char *id;
  gsize length;
  TstTable *table;

  if (!tst_json_reader_read_key (&self->reader, &id, &length))
    return FALSE;

  table = tst_engine_ensure_table (self->engine, id, length, &created);
  if (!created)
    return fail_format (self, at, N_("This table is there twice"));

  self->n_tables++;

  return read_rows (self, table, TST_ERROR_FORMAT);
}

static gboolean
read_value (gpointer user_data)
{
  Content *self = user_data;
  const char *at = self->reader.p;
  g_autofree char *copy = NULL;
  const char *id;
  gsize length;
  TstCell cell;

  if (!tst_json_reader_read_key (&self->reader, &id, &length))
    return FALSE;

  /* The string of the value goes where this one may be */
  if (id == self->reader.scratch.text)
    id = copy = g_strndup (id, length);

  if (!tst_json_reader_read_cell (&self->reader, &cell))
    return FALSE;

  if (tst_engine_put_value (self->engine, id, length, &cell))
    return TRUE;

  tst_cell_clear (&cell);

  return fail_format (self, at, N_("This value is there twice"));
}

static gboolean
read_tables (Content *self)
{
  return tst_json_reader_read_members (&self->reader, N_("Expected an object with tables"),
                                       read_table, self);
}

static gboolean
read_values (Content *self)
{
  return tst_json_reader_read_members (&self->reader, N_("Expected an object with values"),
                                       read_value, self);
}

/* --- Whole texts --- */

/* [tables,values], or [tables]: from behind the bracket */
static gboolean
read_pair (Content  *self,
           gboolean *has_values)
{
  TstJsonReader *reader = &self->reader;

  tst_json_reader_skip_space (reader);
  if (tst_json_reader_is_at (reader, ']'))
    return fail_format (self, NULL, N_("Expected an object with tables"));
  if (!read_tables (self))
    return FALSE;

  tst_json_reader_skip_space (reader);
  if (tst_json_reader_take (reader, ','))
    {
      tst_json_reader_skip_space (reader);
      if (!read_values (self))
        return FALSE;
      *has_values = TRUE;
      tst_json_reader_skip_space (reader);
    }

  if (*has_values && tst_json_reader_is_at (reader, ','))
    return fail_format (self, NULL, N_("Expected nothing behind the values"));

  return tst_json_reader_take (reader, ']') ||
         tst_json_reader_fail (reader, TST_ERROR_PARSE, NULL, N_("Expected “,” or “]”"));
}

static gboolean
read_content (Content  *self,
              gboolean *has_values)
{
  if (!tst_json_reader_begin (&self->reader))
    return FALSE;

  if (tst_json_reader_take (&self->reader, '['))
    return read_pair (self, has_values) && tst_json_reader_finish (&self->reader);

  return tst_json_reader_read_members (&self->reader,
                                       N_("Expected an array of tables and values"),
                                       read_table, self) &&
         tst_json_reader_finish (&self->reader);
}

TstEngine *
tst_text_read_content (const char  *text,
                       gsize        length,
                       gboolean    *has_values,
                       GError     **error)
{
  gboolean found_values = FALSE;
  Content self;
  gboolean done;

  content_init (&self, text, length);
  done = read_content (&self, &found_values);

  if (has_values)
    *has_values = found_values;

  return content_finish (&self, done, error);
}

/* {"table": {...}}, with at least one */
static gboolean
read_only_tables (Content *self)
{
  const char *at;

  if (!tst_json_reader_begin (&self->reader))
    return FALSE;

  at = self->reader.p;
  if (!read_tables (self) || !tst_json_reader_finish (&self->reader))
    return FALSE;

  return self->n_tables > 0 ||
         tst_json_reader_fail (&self->reader, TST_ERROR_EMPTY, at, N_("There are no tables"));
}

TstEngine *
tst_json_read_tables (const char  *text,
                      gsize        length,
                      GError     **error)
{
  Content self;
  gboolean done;

  content_init (&self, text, length);
  done = read_only_tables (&self);

  return content_finish (&self, done, error);
}

static gboolean
read_one_table (Content    *self,
                const char *table_id)
{
  TstTable *table = tst_engine_ensure_table (self->engine, table_id, strlen (table_id), NULL);

  return tst_json_reader_begin (&self->reader) &&
         read_rows (self, table, TST_ERROR_EMPTY) &&
         tst_json_reader_finish (&self->reader);
}

TstEngine *
tst_json_read_table (const char  *table_id,
                     const char  *text,
                     gsize        length,
                     GError     **error)
{
  Content self;
  gboolean done;

  content_init (&self, text, length);
  done = read_one_table (&self, table_id);

  return content_finish (&self, done, error);
}
