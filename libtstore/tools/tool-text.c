/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tool-text.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What is read at most: no more than the library takes. */
#define MAX_SIZE (1024 * 1024 * 1024)

/* --- What terminals do not show as it is --- */

/* Ids and texts may come from anywhere: they must not look like two lines, move the
 * cursor, or turn the direction of what follows. */
#define INVISIBLE (1u << G_UNICODE_CONTROL | 1u << G_UNICODE_FORMAT | 1u << G_UNICODE_UNASSIGNED | \
                   1u << G_UNICODE_SURROGATE | 1u << G_UNICODE_LINE_SEPARATOR | \
                   1u << G_UNICODE_PARAGRAPH_SEPARATOR)

/* These are invisible, but join and part letters in many languages. */
#define NON_JOINER 0x200c
#define JOINER     0x200d

static gboolean
is_visible (gunichar c)
{
  return c == NON_JOINER || c == JOINER || (INVISIBLE & 1u << g_unichar_type (c)) == 0;
}

/* As JSON writes it, which is the same text there. Of what is @kept, each is one byte. */
static void
append_visible (GString    *out,
                const char *p,
                const char *kept)
{
  for (; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (is_visible (c) || strchr (kept, *p) != NULL)
        g_string_append_unichar (out, c);
      else if (c <= 0xffff)
        g_string_append_printf (out, "\\u%04x", c);
      else
        g_string_append_printf (out, "\\u%04x\\u%04x", 0xd800 + ((c - 0x10000) >> 10),
                                0xdc00 + ((c - 0x10000) & 0x3ff));
    }
}

static char *
make_visible (const char *text,
              const char *kept)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *out = g_string_sized_new (strlen (valid));

  append_visible (out, valid, kept);

  return g_string_free (out, FALSE);
}

/* It stays one line. */
char *
tool_make_visible (const char *text)
{
  return make_visible (text, "");
}

/* --- Ids --- */

static gboolean
is_plain (const char *id,
          gboolean    in_line)
{
  /* In a line, --value stands before the id of one. */
  if (*id == '\0' || *id == '"' || (in_line && *id == '-'))
    return FALSE;

  for (const char *p = id; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (!is_visible (c) || (in_line && g_unichar_isspace (c)))
        return FALSE;
    }

  return TRUE;
}

static void
append_id (GString    *out,
           const char *id,
           gboolean    in_line)
{
  if (is_plain (id, in_line))
    {
      g_string_append (out, id);
      return;
    }

  g_string_append_c (out, '"');
  for (const char *p = id; *p != '\0'; p = g_utf8_next_char (p))
    {
      char character[7] = { '\0' };

      if (*p == '"' || *p == '\\')
        g_string_append_c (out, '\\');
      memcpy (character, p, (gsize) (g_utf8_next_char (p) - p));
      append_visible (out, character, "");
    }
  g_string_append_c (out, '"');
}

/* As arguments of this program: "pets fido price". Those of a value begin with --value.
 * All but one id may be missing. */
char *
tool_quote_ids (const char *table_id,
                const char *row_id,
                const char *cell_id)
{
  const char *ids[] = { table_id, row_id, cell_id };
  GString *out = g_string_new (table_id != NULL ? NULL : "--value");

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    if (ids[i] != NULL)
      {
        if (out->len > 0)
          g_string_append_c (out, ' ');
        append_id (out, ids[i], TRUE);
      }

  return g_string_free (out, FALSE);
}

/* --- Printing --- */

/* Why it was not possible at first, or 0. */
static int print_errno;

void
tool_print (const char *text)
{
  if (fputs (text, stdout) == EOF && print_errno == 0)
    print_errno = errno;
}

void
tool_print_line (const char *text)
{
  /* Programs get it as it is; for people, it may have many lines. */
  g_autofree char *visible = isatty (STDOUT_FILENO) ? make_visible (text, "\n\t") : NULL;

  tool_print (visible != NULL ? visible : text);
  tool_print ("\n");
}

void
tool_print_document (const char *json,
                     gboolean    pretty)
{
  g_autofree char *text = pretty ? tool_make_pretty (json) : g_strdup (json);

  if (!pretty)
    tool_print_line (text);
  else
    tool_print (text);
}

void
tool_print_node (JsonNode *node)
{
  g_autofree char *json = json_to_string (node, FALSE);
  /* JSON-GLib leaves this one as it is, which is no JSON. */
  g_auto(GStrv) parts = g_strsplit (json, "\x1f", -1);
  g_autofree char *text = g_strjoinv ("\\u001f", parts);

  tool_print_document (text, FALSE);
}

void
tool_print_id (const char *id)
{
  g_autoptr(GString) line = g_string_new (NULL);

  append_id (line, id, FALSE);
  g_string_append_c (line, '\n');
  tool_print (line->str);
}

void
tool_print_item (const char *sign,
                 const char *table_id,
                 const char *row_id,
                 const char *cell_id,
                 const char *json)
{
  g_autofree char *ids = tool_quote_ids (table_id, row_id, cell_id);
  g_autofree char *visible = tool_make_visible (json);
  g_autofree char *line = g_strconcat (sign, ids, " ", visible, "\n", NULL);

  tool_print (line);
}

gboolean
tool_flush (GError **error)
{
  int code = fflush (stdout) == EOF ? errno : EIO;

  if (!ferror (stdout))
    return TRUE;

  if (print_errno != 0)
    code = print_errno;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), _("Cannot print: %s"),
               g_strerror (code));

  return FALSE;
}

/* --- Pretty JSON --- */

static void
append_break (GString *out,
              guint    depth)
{
  g_string_append_c (out, '\n');
  for (guint i = 0; i < depth; i++)
    g_string_append (out, "  ");
}

static const char *
append_string (GString    *out,
               const char *p)
{
  const char *start = p++;

  for (; *p != '"'; p++)
    if (*p == '\\')
      p++;
  g_string_append_len (out, start, p + 1 - start);

  return p + 1;
}

/* What is between strings, and the space around it. Returns the new depth. */
static guint
append_part (GString *out,
             char     c,
             guint    depth)
{
  switch (c)
    {
    case '{':
    case '[':
      g_string_append_c (out, c);
      append_break (out, ++depth);
      break;
    case '}':
    case ']':
      append_break (out, --depth);
      g_string_append_c (out, c);
      break;
    case ',':
      g_string_append_c (out, c);
      append_break (out, depth);
      break;
    case ':':
      g_string_append (out, ": ");
      break;
    default:
      g_string_append_c (out, c);
      break;
    }

  return depth;
}

/* Of text without spaces between its parts, as the library writes it. */
char *
tool_make_pretty (const char *json)
{
  g_autofree char *visible = tool_make_visible (json);
  GString *out = g_string_sized_new (strlen (visible) * 2);
  const char *p = visible;
  guint depth = 0;

  while (*p != '\0')
    if (*p == '"')
      {
        p = append_string (out, p);
      }
    else if (g_str_has_prefix (p, "{}") || g_str_has_prefix (p, "[]"))
      {
        g_string_append_len (out, p, 2);
        p += 2;
      }
    else
      {
        depth = append_part (out, *p++, depth);
      }
  g_string_append_c (out, '\n');

  return g_string_free (out, FALSE);
}

/* --- Reading --- */

/* Returns an errno, or 0. */
static int
read_all (FILE    *file,
          GString *text)
{
  char buffer[65536];
  gsize n;

  while ((n = fread (buffer, 1, sizeof buffer, file)) > 0)
    {
      if (n > MAX_SIZE - text->len)
        return EFBIG;
      if (memchr (buffer, '\0', n) != NULL)
        return EILSEQ;
      g_string_append_len (text, buffer, (gssize) n);
    }

  return ferror (file) ? errno : 0;
}

/* "-" is the standard input. */
char *
tool_read_text (const char  *path,
                GError     **error)
{
  gboolean is_input = g_str_equal (path, "-");
  FILE *file = is_input ? stdin : fopen (path, "rbe");
  g_autoptr(GString) text = g_string_new (NULL);
  int code = file != NULL ? read_all (file, text) : errno;

  if (file != NULL && !is_input)
    fclose (file);

  if (code == 0)
    return g_string_free (g_steal_pointer (&text), FALSE);

  if (code == EILSEQ)
    g_set_error (error, TST_ERROR, TST_ERROR_PARSE, _("“%s” is not text"), path);
  else
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), _("Cannot read “%s”: %s"),
                 path, g_strerror (code));

  return NULL;
}
