/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-json-writer-private.h"

#include "tst-json-scan-private.h"
#include "tst-number-private.h"

#define MIN_BUFFER_SIZE 256

/* A text is told of when it is longer by so many bytes. */
#define STEP_LENGTH (1 << 20)

/* An escaped byte has up to six characters (and is written as a word); long
 * texts are written slice by slice, so that the room for that stays small. */
#define MAX_ESCAPE_LENGTH 6
#define SLICE_LENGTH      512

/* Room for everything of a cell but its key and a long text */
#define CELL_SIZE (TST_CELL_INLINE_LENGTH * MAX_ESCAPE_LENGTH + TST_NUMBER_SIZE)

/* Short keys are copied as blocks of this size. */
#define KEY_BLOCK 16

/* The text "cell id": of a column, made when the column is first met */
typedef struct
{
  char  *text; /* (nullable), of at least KEY_BLOCK bytes */
  gsize  length;
} Key;

void
tst_json_buffer_grow (TstJsonBuffer *self,
                      gsize          extra)
{
  gsize *allocated = self->progress != NULL ? &self->progress->size : &self->size;
  gsize size = MAX (*allocated, self->progress != NULL ? STEP_LENGTH : MIN_BUFFER_SIZE);

  if (extra > G_MAXSIZE / 4 || self->length > G_MAXSIZE / 4)
    g_error ("A text of more than %" G_GSIZE_FORMAT " bytes", self->length);

  /* A comma that is to become a bracket becomes it at once: nothing comes in between. */
  if (self->progress != NULL && self->length > 0)
    self->progress->func (self->text, self->length, self->progress->user_data);

  while (size - self->length < extra)
    size *= 2;
  if (size != *allocated)
    self->text = g_realloc (self->text, size);

  *allocated = size;
  self->size = self->progress != NULL ? MIN (size, self->length + extra + STEP_LENGTH) : size;
}

void
tst_json_buffer_clear (TstJsonBuffer *self)
{
  g_clear_pointer (&self->text, g_free);
  self->length = self->size = 0;
}

char *
tst_json_buffer_steal (TstJsonBuffer *self)
{
  tst_json_buffer_append_char (self, '\0');
  self->length = self->size = 0;

  return g_steal_pointer (&self->text);
}

static char *
write_escape (char   *out,
              guint8  byte)
{
  static const char digits[] = "0123456789abcdef";
  const char *short_form = "\"\"\\\\\bb\tt\nn\ff\rr";

  *out++ = '\\';
  for (; *short_form; short_form += 2)
    if ((guint8) short_form[0] == byte)
      {
        *out++ = short_form[1];
        return out;
      }

  memcpy (out, "u00", 3);
  out[3] = digits[byte >> 4];
  out[4] = digits[byte & 15];

  return out + 5;
}

/* Needs room for MAX_ESCAPE_LENGTH bytes for each, and a word more. */
static inline char *
write_escaped (char       *out,
               const char *text,
               gsize       length)
{
  const char *end = text + length;

  while (text < end)
    {
      gsize n = MIN ((gsize) (end - text), 8);
      guint64 word = n == 8 ? tst_word_load (text) : tst_word_load_part (text, n);
      guint64 found = tst_word_find_escaped (word) & tst_word_mask (n);

      tst_word_store (out, word);
      if (G_LIKELY (found == 0))
        {
          out += n;
          text += n;
          continue;
        }

      n = tst_word_count_before (found);
      out = write_escape (out + n, (guint8) text[n]);
      text += n + 1;
    }

  return out;
}

/* A string without its quotation marks */
static void
append_escaped (TstJsonBuffer *self,
                const char    *text,
                gsize          length)
{
  while (length > 0)
    {
      gsize n = MIN (length, SLICE_LENGTH);
      char *out = tst_json_buffer_reserve (self, n * MAX_ESCAPE_LENGTH + 8);

      self->length = (gsize) (write_escaped (out, text, n) - self->text);
      text += n;
      length -= n;
    }
}

void
tst_json_write_string (TstJsonBuffer *self,
                       const char    *text,
                       gsize          length)
{
  tst_json_buffer_append_char (self, '"');
  append_escaped (self, text, length);
  tst_json_buffer_append_char (self, '"');
}

void
tst_json_write_number (TstJsonBuffer *self,
                       double         number)
{
  self->length += tst_number_write (number, tst_json_buffer_reserve (self, TST_NUMBER_SIZE));
}

/* A JSON text, as TinyBase keeps one in a string */
static void
write_marked (TstJsonBuffer *self,
              const char    *json,
              gsize          length)
{
  tst_json_buffer_append (self, "\"" TST_JSON_MARK, 1 + TST_JSON_MARK_LENGTH);
  append_escaped (self, json, length);
  tst_json_buffer_append_char (self, '"');
}

static void
write_string_cell (TstJsonBuffer *self,
                   const char    *text,
                   gsize          length)
{
  g_auto(TstJsonBuffer) json = TST_JSON_BUFFER_INIT;

  if (G_LIKELY (!tst_json_is_reserved (text, length)))
    {
      tst_json_write_string (self, text, length);
      return;
    }

  tst_json_write_string (&json, text, length);
  write_marked (self, json.text, json.length);
}

/* A short text in the room that was made for a whole cell */
static inline void
write_short_string_cell (TstJsonBuffer *self,
                         const TstCell *cell)
{
  gsize length;
  const char *text = tst_cell_get_text (cell, &length);
  char *out = self->text + self->length;

  if (G_UNLIKELY (tst_json_is_reserved (text, length)))
    {
      write_string_cell (self, text, length);
      return;
    }

  *out++ = '"';
  out = write_escaped (out, text, length);
  *out++ = '"';
  self->length = (gsize) (out - self->text);
}

static void
write_text_cell (TstJsonBuffer *self,
                 const TstCell *cell)
{
  gsize length;
  const char *text = tst_cell_get_text (cell, &length);

  if (tst_cell_type (cell) == TST_CELL_TYPE_STRING)
    write_string_cell (self, text, length);
  else
    write_marked (self, text, length);
}

static void
write_boolean (TstJsonBuffer *self,
               gboolean       boolean)
{
  memcpy (self->text + self->length, boolean ? "true\0" : "false", 5);
  self->length += boolean ? 4 : 5;
}

/* With room for CELL_SIZE made before */
static inline void
write_cell (TstJsonBuffer *self,
            const TstCell *cell)
{
  switch (cell->kind)
    {
    case TST_CELL_TYPE_NUMBER:
      self->length += tst_number_write (tst_cell_get_number (cell), self->text + self->length);
      return;

    case TST_CELL_TYPE_STRING:
      write_short_string_cell (self, cell);
      return;

    case TST_CELL_TYPE_BOOLEAN:
      write_boolean (self, tst_cell_get_boolean (cell));
      return;

    case TST_CELL_TYPE_NULL:
      memcpy (self->text + self->length, "null", 4);
      self->length += 4;
      return;

    default:
      write_text_cell (self, cell);
    }
}

void
tst_json_write_cell (TstJsonBuffer *self,
                     const TstCell *cell)
{
  tst_json_buffer_reserve (self, CELL_SIZE);
  write_cell (self, cell);
}

static void
write_id_key (TstJsonBuffer *self,
              const TstId   *id)
{
  tst_json_write_string (self, id->text, id->length);
  tst_json_buffer_append_char (self, ':');
}

static void
fill_key (Key         *key,
          const TstId *id)
{
  TstJsonBuffer buffer = TST_JSON_BUFFER_INIT;

  tst_json_buffer_reserve (&buffer, KEY_BLOCK);
  write_id_key (&buffer, id);
  key->text = buffer.text;
  key->length = buffer.length;
}

/* Makes room for a whole cell. */
static inline void
write_key (TstJsonBuffer *self,
           const Key     *key)
{
  char *out = tst_json_buffer_reserve (self, key->length + KEY_BLOCK + CELL_SIZE);

  if (key->length <= KEY_BLOCK)
    memcpy (out, key->text, KEY_BLOCK);
  else
    memcpy (out, key->text, key->length);
  self->length += key->length;
}

static void
write_cells (TstJsonBuffer      *self,
             const TstTableData *table,
             const TstRowView   *row,
             Key                *keys)
{
  tst_json_buffer_append_char (self, '{');

  for (guint i = 0; i < row->n_cells; i++)
    {
      Key *key = &keys[row->columns[i]];

      if (G_UNLIKELY (key->text == NULL))
        fill_key (key, tst_table_data_get_column_id (table, row->columns[i]));

      write_key (self, key);
      write_cell (self, &row->cells[i]);
      tst_json_buffer_append_char (self, ',');
    }

  tst_json_buffer_close (self, '}');
}

void
tst_json_write_row (TstJsonBuffer      *self,
                    const TstTableData *table,
                    const TstRowView   *row)
{
  tst_json_buffer_append_char (self, '{');

  for (guint i = 0; i < row->n_cells; i++)
    {
      write_id_key (self, tst_table_data_get_column_id (table, row->columns[i]));
      tst_json_write_cell (self, &row->cells[i]);
      tst_json_buffer_append_char (self, ',');
    }

  tst_json_buffer_close (self, '}');
}

void
tst_json_write_table (TstJsonBuffer      *self,
                      const TstTableData *table)
{
  guint n_columns = tst_table_data_get_n_columns (table);
  g_autofree Key *keys = g_new0 (Key, n_columns);
  TstRowView row;
  guint position = 0;

  tst_json_buffer_append_char (self, '{');

  while (tst_table_data_next_row (table, &position, &row))
    {
      write_id_key (self, row.id);
      write_cells (self, table, &row, keys);
      tst_json_buffer_append_char (self, ',');
    }

  tst_json_buffer_close (self, '}');

  for (guint i = 0; i < n_columns; i++)
    g_free (keys[i].text);
}

void
tst_json_write_tables (TstJsonBuffer     *self,
                       const TstSnapshot *snapshot)
{
  const TstTableData *table;
  guint position = 0;

  tst_json_buffer_append_char (self, '{');

  while (tst_snapshot_next_table (snapshot, &position, &table))
    {
      write_id_key (self, tst_table_data_get_id (table));
      tst_json_write_table (self, table);
      tst_json_buffer_append_char (self, ',');
    }

  tst_json_buffer_close (self, '}');
}

void
tst_json_write_values (TstJsonBuffer     *self,
                       const TstSnapshot *snapshot)
{
  TstRowView row;
  const TstTableData *table = tst_snapshot_get_values (snapshot, &row);

  if (table)
    tst_json_write_row (self, table, &row);
  else
    tst_json_buffer_append (self, "{}", 2);
}

void
tst_json_write_content (TstJsonBuffer     *self,
                        const TstSnapshot *snapshot)
{
  tst_json_buffer_append_char (self, '[');
  tst_json_write_tables (self, snapshot);
  tst_json_buffer_append_char (self, ',');
  tst_json_write_values (self, snapshot);
  tst_json_buffer_append_char (self, ']');
}

char *
tst_json_dup_cell (const TstCell *cell)
{
  TstJsonBuffer buffer = TST_JSON_BUFFER_INIT;

  if (cell == NULL)
    return NULL;

  if (tst_cell_type (cell) == TST_CELL_TYPE_OBJECT || tst_cell_type (cell) == TST_CELL_TYPE_ARRAY)
    return g_strdup (tst_cell_get_text (cell, NULL));

  tst_json_write_cell (&buffer, cell);

  return tst_json_buffer_steal (&buffer);
}

static GBytes *
write_content (TstJsonBuffer     *self,
               const TstSnapshot *snapshot)
{
  gsize length;

  tst_json_write_content (self, snapshot);

  /* Somebody may read it as a string, and nobody should pay for what was
   * reserved and not used. */
  length = self->length;
  tst_json_buffer_append_char (self, '\0');

  return g_bytes_new_take (g_realloc (self->text, self->length), length);
}

GBytes *
tst_text_write_content (const TstSnapshot *snapshot)
{
  TstJsonBuffer buffer = TST_JSON_BUFFER_INIT;

  return write_content (&buffer, snapshot);
}

GBytes *
tst_text_write_content_in_steps (const TstSnapshot *snapshot,
                                 TstTextFunc        func,
                                 gpointer           user_data)
{
  TstJsonProgress progress = { func, user_data, 0 };
  TstJsonBuffer buffer = { NULL, 0, 0, &progress };

  return write_content (&buffer, snapshot);
}
