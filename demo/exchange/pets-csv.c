/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "pets-csv.h"

#include <glib/gi18n.h>
#include <string.h>

/* Comma-separated values as RFC 4180 has them, in UTF-8. Reads also what
 * spreadsheets make of that: a byte order mark, semicolons or tabs between the
 * fields, and any kind of line end. */

static const char byte_order_mark[] = "\xef\xbb\xbf";

/* --- Reading --- */

static void
free_field (gpointer data)
{
  PetsCsvField *field = data;

  g_free (field->text);
  g_free (field);
}

static gboolean
fail_at (const PetsCsvReader  *self,
         const char           *p,
         const char           *reason,
         GError              **error)
{
  /* Translators: %s is what is wrong there */
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _("Line %u, character %u: %s"),
               self->line, (guint) g_utf8_strlen (self->line_start, p - self->line_start) + 1, reason);

  return FALSE;
}

static gboolean
at_line_end (const PetsCsvReader *self)
{
  return self->p == self->end || *self->p == '\n' || *self->p == '\r';
}

/* Steps over a line end, in a field or after one. */
static void
next_line (PetsCsvReader *self)
{
  if (self->end - self->p > 1 && self->p[0] == '\r' && self->p[1] == '\n')
    self->p++;
  self->p++;
  self->line++;
  self->line_start = self->p;
}

/* The one that there is most of in the first line. */
static char
find_separator (const PetsCsvReader *self)
{
  static const char separators[] = ",;\t";
  guint counts[sizeof separators] = { 0 };
  gboolean quoted = FALSE;
  gsize best = 0;

  for (const char *p = self->p; p < self->end && (quoted || (*p != '\n' && *p != '\r')); p++)
    {
      const char *found = memchr (separators, *p, strlen (separators));

      if (*p == '"')
        quoted = !quoted;
      else if (!quoted && found != NULL)
        counts[found - separators]++;
    }

  for (gsize i = 1; i < strlen (separators); i++)
    if (counts[i] > counts[best])
      best = i;

  return separators[best];
}

/* Says where bytes are that are not UTF-8. */
static gboolean
check_utf8 (PetsCsvReader  *self,
            GError        **error)
{
  const char *bad;

  if (g_utf8_validate_len (self->p, self->end - self->p, &bad))
    return TRUE;

  while (self->p < bad)
    {
      if (at_line_end (self))
        next_line (self);
      else
        self->p++;
    }

  return fail_at (self, bad, _("this is not text in UTF-8"), error);
}

/**
 * pets_csv_reader_init:
 *
 * Begins to read @text, which has to stay for as long as it is read.
 */
gboolean
pets_csv_reader_init (PetsCsvReader  *self,
                      const char     *text,
                      gsize           length,
                      GError        **error)
{
  self->p = text;
  self->end = text + length;
  self->line = 1;

  if (length >= strlen (byte_order_mark) && memcmp (text, byte_order_mark, strlen (byte_order_mark)) == 0)
    self->p += strlen (byte_order_mark);
  self->line_start = self->p;

  if (!check_utf8 (self, error))
    return FALSE;

  self->separator = find_separator (self);

  return TRUE;
}

static gboolean
read_quoted (PetsCsvReader  *self,
             GString        *text,
             GError        **error)
{
  PetsCsvReader start = *self;

  self->p++;
  while (TRUE)
    {
      const char *from = self->p;

      if (self->p == self->end)
        return fail_at (&start, start.p, _("the quotation mark is never closed"), error);

      if (*self->p != '"')
        {
          if (at_line_end (self))
            next_line (self);
          else
            self->p++;
          g_string_append_len (text, from, self->p - from);
          continue;
        }

      self->p++;
      if (self->p == self->end || *self->p != '"')
        break;

      g_string_append_c (text, '"');
      self->p++;
    }

  if (!at_line_end (self) && *self->p != self->separator)
    return fail_at (self, self->p, _("there is text after the closing quotation mark"), error);

  return TRUE;
}

static gboolean
read_field (PetsCsvReader  *self,
            PetsCsvField   *field,
            GError        **error)
{
  g_autoptr(GString) text = g_string_new (NULL);
  const char *start = self->p;

  field->quoted = self->p < self->end && *self->p == '"';
  if (field->quoted)
    {
      if (!read_quoted (self, text, error))
        return FALSE;
    }
  else
    {
      while (!at_line_end (self) && *self->p != self->separator)
        self->p++;
      g_string_append_len (text, start, self->p - start);
    }

  field->text = g_string_free (g_steal_pointer (&text), FALSE);

  return TRUE;
}

/**
 * pets_csv_reader_next:
 *
 * Reads a record: an array of #PetsCsvField, or `NULL` after the last one.
 * Empty lines are none.
 */
gboolean
pets_csv_reader_next (PetsCsvReader  *self,
                      GPtrArray     **fields,
                      guint          *line,
                      GError        **error)
{
  g_autoptr(GPtrArray) read = g_ptr_array_new_with_free_func (free_field);

  *fields = NULL;

  while (self->p < self->end && at_line_end (self))
    next_line (self);
  if (self->p == self->end)
    return TRUE;

  *line = self->line;
  while (TRUE)
    {
      PetsCsvField *field = g_new0 (PetsCsvField, 1);

      g_ptr_array_add (read, field);
      if (read->len > PETS_CSV_MAX_FIELDS)
        return fail_at (self, self->p, _("there are too many columns"), error);
      if (!read_field (self, field, error))
        return FALSE;

      if (at_line_end (self))
        break;
      self->p++;
    }

  if (self->p < self->end)
    next_line (self);
  *fields = g_steal_pointer (&read);

  return TRUE;
}

/* --- Writing --- */

static gboolean
needs_quotes (const char *text)
{
  gsize length = strlen (text);

  /* Programs differ in what they make of space around a field. */
  return length > 0 &&
         (strpbrk (text, "\",;\t\r\n") != NULL || text[0] == ' ' || text[length - 1] == ' ');
}

/**
 * pets_csv_append_field:
 *
 * Writes a field, in quotation marks if it needs them or they are asked for.
 */
void
pets_csv_append_field (GString    *csv,
                       const char *text,
                       gboolean    quoted)
{
  if (!quoted && !needs_quotes (text))
    {
      g_string_append_printf (csv, "%s,", text);
      return;
    }

  g_string_append_c (csv, '"');
  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '"')
        g_string_append_c (csv, '"');
      g_string_append_c (csv, *p);
    }
  g_string_append (csv, "\",");
}

void
pets_csv_end_record (GString *csv)
{
  /* After the last field there is no comma. */
  g_string_truncate (csv, csv->len - 1);
  g_string_append (csv, "\r\n");
}
