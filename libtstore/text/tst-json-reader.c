/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-json-reader-private.h"

#include "tst-json-scan-private.h"
#include "tst-json-string-private.h"
#include "tst-number-private.h"

#include <glib/gi18n-lib.h>

#define BYTE_ORDER_MARK "\357\273\277"

static gboolean copy_value (TstJsonReader *self,
                            TstJsonBuffer *out,
                            guint          depth);

void
tst_json_reader_init (TstJsonReader *self,
                      const char    *text,
                      gsize          length)
{
  /* Empty bytes may have no address. */
  if (length == 0)
    text = "";

  *self = (TstJsonReader) { .start = text, .p = text, .end = text + length };
}

void
tst_json_reader_clear (TstJsonReader *self)
{
  tst_json_buffer_clear (&self->scratch);
  tst_json_buffer_clear (&self->container);
}

/* --- Errors --- */

gboolean
tst_json_reader_fail (TstJsonReader *self,
                      TstError       code,
                      const char    *at,
                      const char    *message)
{
  if (self->error_message == NULL)
    {
      self->error_code = code;
      self->error_at = at ? at : self->p;
      self->error_message = message;
    }

  return FALSE;
}

gboolean
tst_json_reader_fail_expected (TstJsonReader *self,
                               const char    *message)
{
  gboolean is_value = self->p < self->end &&
                      *self->p != '\0' && strchr ("{[\"-0123456789tfn", *self->p);

  return tst_json_reader_fail (self, is_value ? TST_ERROR_FORMAT : TST_ERROR_PARSE, NULL, message);
}

gboolean
tst_json_reader_fail_next (TstJsonReader *self)
{
  return tst_json_reader_fail (self, TST_ERROR_PARSE, NULL, N_("Expected “,” or “}”"));
}

/* Correct JSON, but more than a store can hold */
static gboolean
fail_unsupported (TstJsonReader *self,
                  TstError       code,
                  const char    *at,
                  const char    *message)
{
  self->is_unsupported = self->error_message == NULL;

  return tst_json_reader_fail (self, code, at, message);
}

/* Only computed when it is wanted. All in front of an error is valid UTF-8. */
static void
find_position (const TstJsonReader *self,
               guint               *line,
               guint               *column)
{
  *line = *column = 1;

  for (const char *p = self->start; p < self->error_at; p++)
    {
      if (*p == '\n')
        {
          (*line)++;
          *column = 1;
        }
      else if (((guint8) *p & 0xc0) != 0x80)
        {
          (*column)++;
        }
    }
}

void
tst_json_reader_set_error (TstJsonReader  *self,
                           GError        **error)
{
  guint line, column;

  g_assert (self->error_message != NULL);

  find_position (self, &line, &column);
  g_set_error (error, TST_ERROR, (int) self->error_code,
               _("%s: line %u, column %u"), _(self->error_message), line, column);
}

/* --- The text as a whole --- */

gboolean
tst_json_reader_begin (TstJsonReader *self)
{
  if ((guint64) (self->end - self->start) > TST_JSON_MAX_LENGTH)
    return tst_json_reader_fail (self, TST_ERROR_LIMIT, NULL, N_("The text is too long"));

  if (self->end - self->p >= 3 && memcmp (self->p, BYTE_ORDER_MARK, 3) == 0)
    return tst_json_reader_fail (self, TST_ERROR_PARSE, NULL,
                                 N_("The text starts with a byte order mark"));

  tst_json_reader_skip_space (self);
  if (self->p == self->end)
    return tst_json_reader_fail (self, TST_ERROR_PARSE, NULL, N_("The text is empty"));

  return TRUE;
}

gboolean
tst_json_reader_finish (TstJsonReader *self)
{
  tst_json_reader_skip_space (self);
  if (self->p < self->end)
    return tst_json_reader_fail (self, TST_ERROR_PARSE, NULL,
                                 N_("There is more text behind the end"));

  return TRUE;
}

/* --- Strings --- */

static gboolean
fail_string (TstJsonReader *self,
             const char    *p)
{
  const char *message = N_("Not valid UTF-8");

  if (p == self->end)
    message = N_("A string does not end");
  else if ((guint8) *p < 0x20)
    message = N_("A control character in a string is not escaped");

  tst_json_reader_fail (self, TST_ERROR_PARSE, p, message);

  return FALSE;
}

static gboolean
fail_escape (TstJsonReader   *self,
             const char      *at,
             TstEscapeStatus  status)
{
  if (status == TST_ESCAPE_NUL)
    return fail_unsupported (self, TST_ERROR_PARSE, at,
                             N_("A string contains the character U+0000"));

  if (status == TST_ESCAPE_SURROGATE)
    return fail_unsupported (self, TST_ERROR_PARSE, at,
                             N_("A string contains half of a surrogate pair"));

  return tst_json_reader_fail (self, TST_ERROR_PARSE, at, N_("Not a valid escape"));
}

/* The first byte that is a quotation mark, a backslash, or not allowed. */
static inline const char *
skip_plain (const char *p,
            const char *end)
{
  for (;;)
    {
      guint n;

      while (end - p >= 8)
        {
          guint64 word = tst_word_load (p);
          guint64 found = tst_word_find_escaped (word) | (word & TST_WORD_HIGH_BITS);

          if (found)
            {
              p += tst_word_count_before (found);
              break;
            }
          p += 8;
        }

      while (p < end && (guint8) *p >= 0x20 && (guint8) *p < 0x80 && *p != '"' && *p != '\\')
        p++;

      if (p == end || (guint8) *p < 0x80)
        return p;

      n = tst_utf8_check (p, end);
      if (n == 0)
        return p;
      p += n;
    }
}

/* Adds the character at a backslash to the scratch buffer. */
static gboolean
unescape (TstJsonReader *self,
          const char   **p)
{
  const char *at = *p;
  TstEscapeStatus status;
  gunichar character;
  char *out;

  (*p)++;
  status = tst_escape_read (p, self->end, &character);
  if (status != TST_ESCAPE_VALID)
    return fail_escape (self, at, status);

  out = tst_json_buffer_reserve (&self->scratch, 6);
  self->scratch.length += (gsize) g_unichar_to_utf8 (character, out);

  return TRUE;
}

/* What begins at @start, up to @p, is plain, and at @p is a backslash. */
static gboolean
read_escaped_string (TstJsonReader *self,
                     const char    *start,
                     const char    *p,
                     const char   **string,
                     gsize         *length)
{
  self->scratch.length = 0;
  tst_json_buffer_reserve (&self->scratch, (gsize) (p - start) + 1);

  for (;;)
    {
      tst_json_buffer_append (&self->scratch, start, (gsize) (p - start));

      if (p == self->end || (*p != '"' && *p != '\\'))
        return fail_string (self, p);

      if (*p == '"')
        break;

      if (!unescape (self, &p))
        return FALSE;

      start = p;
      p = skip_plain (p, self->end);
    }

  self->p = p + 1;
  *string = self->scratch.text;
  *length = self->scratch.length;

  return TRUE;
}

static inline gboolean
read_string (TstJsonReader *self,
             const char   **string,
             gsize         *length)
{
  const char *start = self->p + 1;
  const char *p = skip_plain (start, self->end);

  if (G_LIKELY (p < self->end && *p == '"'))
    {
      self->p = p + 1;
      *string = start;
      *length = (gsize) (p - start);
      return TRUE;
    }

  return read_escaped_string (self, start, p, string, length);
}

gboolean
tst_json_reader_read_string (TstJsonReader *self,
                             const char   **string,
                             gsize         *length)
{
  if (!tst_json_reader_is_at (self, '"'))
    return tst_json_reader_fail_expected (self, N_("Expected a string"));

  return read_string (self, string, length);
}

gboolean
tst_json_reader_read_key (TstJsonReader *self,
                          const char   **string,
                          gsize         *length)
{
  const char *at = self->p;

  if (!tst_json_reader_is_at (self, '"'))
    return tst_json_reader_fail (self, TST_ERROR_PARSE, NULL, N_("Expected “\"”"));

  if (!read_string (self, string, length))
    return FALSE;

  if (*length > TST_ID_MAX_LENGTH)
    return tst_json_reader_fail (self, TST_ERROR_LIMIT, at, N_("The text is too long"));

  tst_json_reader_skip_space (self);
  if (!tst_json_reader_take (self, ':'))
    return tst_json_reader_fail (self, TST_ERROR_PARSE, NULL, N_("Expected “:”"));
  tst_json_reader_skip_space (self);

  return TRUE;
}

gboolean
tst_json_reader_read_members (TstJsonReader     *self,
                              const char        *expected,
                              TstJsonMemberFunc  read_member,
                              gpointer           user_data)
{
  gboolean more = TRUE;

  if (!tst_json_reader_take (self, '{'))
    return tst_json_reader_fail_expected (self, expected);

  tst_json_reader_skip_space (self);
  if (tst_json_reader_take (self, '}'))
    return TRUE;

  while (more)
    if (!read_member (user_data) || !tst_json_reader_next_member (self, &more))
      return FALSE;

  return TRUE;
}

/* --- Values --- */

static gboolean
read_number (TstJsonReader *self,
             double        *number)
{
  const char *at = self->p;

  switch (tst_number_read (&self->p, self->end, number))
    {
    case TST_NUMBER_VALID:
      return TRUE;

    case TST_NUMBER_OVERFLOW:
      return fail_unsupported (self, TST_ERROR_PARSE, at, N_("A number is too large"));

    case TST_NUMBER_SYNTAX:
    default:
      return tst_json_reader_fail (self, TST_ERROR_PARSE, NULL, N_("Not a valid number"));
    }
}

static gboolean
take_word (TstJsonReader *self,
           const char    *word)
{
  gsize length = strlen (word);

  if ((gsize) (self->end - self->p) < length || memcmp (self->p, word, length) != 0)
    return tst_json_reader_fail (self, TST_ERROR_PARSE, NULL, N_("Expected a value"));

  self->p += length;

  return TRUE;
}

static gboolean
copy_string (TstJsonReader *self,
             TstJsonBuffer *out)
{
  const char *string;
  gsize length;

  if (!read_string (self, &string, &length))
    return FALSE;

  tst_json_write_string (out, string, length);

  return TRUE;
}

static gboolean
copy_number (TstJsonReader *self,
             TstJsonBuffer *out)
{
  double number;

  if (!read_number (self, &number))
    return FALSE;

  tst_json_write_number (out, number);

  return TRUE;
}

static gboolean
copy_word (TstJsonReader *self,
           TstJsonBuffer *out,
           const char    *word)
{
  if (!take_word (self, word))
    return FALSE;

  tst_json_buffer_append (out, word, strlen (word));

  return TRUE;
}

static gboolean
copy_key (TstJsonReader *self,
          TstJsonBuffer *out)
{
  const char *key;
  gsize length;

  if (!tst_json_reader_read_key (self, &key, &length))
    return FALSE;

  tst_json_write_string (out, key, length);
  tst_json_buffer_append_char (out, ':');

  return TRUE;
}

/* An object or an array, from behind its first character. No deeper than
 * TST_JSON_MAX_DEPTH, so the stack is deep enough. */
static gboolean
copy_members (TstJsonReader *self,
              TstJsonBuffer *out,
              gboolean       is_object,
              guint          depth)
{
  const char closing = is_object ? '}' : ']';

  tst_json_buffer_append_char (out, is_object ? '{' : '[');
  tst_json_reader_skip_space (self);

  if (tst_json_reader_take (self, closing))
    {
      tst_json_buffer_append_char (out, closing);
      return TRUE;
    }

  for (;;)
    {
      if (is_object && !copy_key (self, out))
        return FALSE;
      if (!copy_value (self, out, depth + 1))
        return FALSE;

      tst_json_reader_skip_space (self);
      if (!tst_json_reader_take (self, ','))
        break;
      tst_json_buffer_append_char (out, ',');
      tst_json_reader_skip_space (self);
    }

  tst_json_buffer_append_char (out, closing);

  return tst_json_reader_take (self, closing) ||
         tst_json_reader_fail (self, TST_ERROR_PARSE, NULL,
                               is_object ? N_("Expected “,” or “}”") : N_("Expected “,” or “]”"));
}

static gboolean
copy_container (TstJsonReader *self,
                TstJsonBuffer *out,
                guint          depth)
{
  gboolean is_object = *self->p == '{';

  if (depth > TST_JSON_MAX_DEPTH)
    return fail_unsupported (self, TST_ERROR_LIMIT, NULL, N_("The text is nested too deep"));

  self->p++;

  return copy_members (self, out, is_object, depth);
}

/* Rewrites a value of any kind in the form that the writer has. */
static gboolean
copy_value (TstJsonReader *self,
            TstJsonBuffer *out,
            guint          depth)
{
  if (self->p == self->end)
    return tst_json_reader_fail (self, TST_ERROR_PARSE, NULL, N_("Expected a value"));

  switch (*self->p)
    {
    case '{':
    case '[':
      return copy_container (self, out, depth);

    case '"':
      return copy_string (self, out);

    case 't':
      return copy_word (self, out, "true");

    case 'f':
      return copy_word (self, out, "false");

    case 'n':
      return copy_word (self, out, "null");

    default:
      if (*self->p == '-' || g_ascii_isdigit (*self->p))
        return copy_number (self, out);
      return tst_json_reader_fail (self, TST_ERROR_PARSE, NULL, N_("Expected a value"));
    }
}

/* --- Cells --- */

static gboolean
read_container_cell (TstJsonReader *self,
                     TstCell       *cell)
{
  TstCellType type = *self->p == '{' ? TST_CELL_TYPE_OBJECT : TST_CELL_TYPE_ARRAY;

  self->container.length = 0;
  if (!copy_container (self, &self->container, 1))
    return FALSE;

  tst_cell_init_text (cell, type, self->container.text, self->container.length);

  return TRUE;
}

/* What is behind the mark: an object or array, or a string that looks like
 * something marked. */
static gboolean
read_marked_text (TstJsonReader *self,
                  TstCell       *cell)
{
  const char *string;
  gsize length;

  tst_json_reader_skip_space (self);

  if (tst_json_reader_is_at (self, '{') || tst_json_reader_is_at (self, '['))
    {
      TstCell container;

      if (!read_container_cell (self, &container))
        return FALSE;
      if (!tst_json_reader_finish (self))
        {
          tst_cell_clear (&container);
          return FALSE;
        }
      *cell = container;
      return TRUE;
    }

  if (!tst_json_reader_read_string (self, &string, &length) || !tst_json_reader_finish (self))
    return FALSE;

  tst_cell_init_text (cell, TST_CELL_TYPE_STRING, string, length);

  return TRUE;
}

gboolean
tst_json_read_marked (const char  *string,
                      gsize        length,
                      TstCell     *cell,
                      TstError    *code,
                      const char **message)
{
  g_auto(TstJsonReader) marked = { NULL, };

  tst_json_reader_init (&marked, string + TST_JSON_MARK_LENGTH, length - TST_JSON_MARK_LENGTH);
  if (read_marked_text (&marked, cell))
    return TRUE;

  if (marked.is_unsupported)
    {
      *code = marked.error_code;
      *message = marked.error_message;
      return FALSE;
    }

  tst_cell_init_text (cell, TST_CELL_TYPE_STRING, string, length);

  return TRUE;
}

static gboolean
read_marked_cell (TstJsonReader *self,
                  const char    *at,
                  const char    *string,
                  gsize          length,
                  TstCell       *cell)
{
  const char *message;
  TstError code;

  return tst_json_read_marked (string, length, cell, &code, &message) ||
         fail_unsupported (self, code, at, message);
}

static inline gboolean
read_string_cell (TstJsonReader *self,
                  TstCell       *cell)
{
  const char *at = self->p;
  const char *string;
  gsize length;

  if (!read_string (self, &string, &length))
    return FALSE;

  if (G_UNLIKELY (tst_json_is_marked (string, length)))
    return read_marked_cell (self, at, string, length, cell);

  tst_cell_init_text (cell, TST_CELL_TYPE_STRING, string, length);

  return TRUE;
}

static inline gboolean
read_boolean_cell (TstJsonReader *self,
                   gboolean       boolean,
                   TstCell       *cell)
{
  if (!take_word (self, boolean ? "true" : "false"))
    return FALSE;

  tst_cell_init_boolean (cell, boolean);

  return TRUE;
}

static inline gboolean
read_number_cell (TstJsonReader *self,
                  TstCell       *cell)
{
  double number;

  if (!read_number (self, &number))
    return FALSE;

  tst_cell_init_number (cell, number);

  return TRUE;
}

gboolean
tst_json_reader_read_cell (TstJsonReader *self,
                           TstCell       *cell)
{
  if (self->p == self->end)
    return tst_json_reader_fail (self, TST_ERROR_PARSE, NULL, N_("Expected a value"));

  switch (*self->p)
    {
    case '"':
      return read_string_cell (self, cell);

    case 't':
    case 'f':
      return read_boolean_cell (self, *self->p == 't', cell);

    case 'n':
      if (!take_word (self, "null"))
        return FALSE;
      tst_cell_init_null (cell);
      return TRUE;

    case '{':
    case '[':
      return read_container_cell (self, cell);

    default:
      if (*self->p == '-' || g_ascii_isdigit (*self->p))
        return read_number_cell (self, cell);
      return tst_json_reader_fail (self, TST_ERROR_PARSE, NULL, N_("Expected a value"));
    }
}
