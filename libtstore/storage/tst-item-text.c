/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-item-text-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "tst-error.h"

/* A damaged file is looked at more closely than GKeyFile does, which accepts
 * texts that it does not give back as they were; but where it accepts one, it is
 * GKeyFile that reads and writes it, as it does for GSettings. */

#define CONTENT_KEY "content"

#define KEY_FILE_FLAGS (G_KEY_FILE_KEEP_COMMENTS | G_KEY_FILE_KEEP_TRANSLATIONS)

typedef struct
{
  const char *data;
  gsize       length;
} Text;

static Text
get_text (GBytes *bytes)
{
  Text text;

  text.data = g_bytes_get_data (bytes, &text.length);
  if (text.data == NULL)
    text.data = "";

  return text;
}

/* --- Where it is damaged --- */

static gboolean
fail_at (GError     **error,
         TstError     code,
         const Text  *text,
         gsize        offset,
         const char  *message)
{
  guint line = 1;
  gsize start = 0;

  for (gsize i = 0; i < offset; i++)
    {
      if (text->data[i] == '\n')
        {
          line++;
          start = i + 1;
        }
    }

  /* translators: a line, a column, what is wrong there */
  g_set_error (error, TST_ERROR, code, _("Not a storage item: line %u, column %u: %s"),
               line, (guint) (offset - start + 1), message);

  return FALSE;
}

static gboolean
loads (const Text *text,
       gsize       length)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();

  return length == 0 || g_key_file_load_from_data (file, text->data, length, KEY_FILE_FLAGS, NULL);
}

static gsize
end_of_line (const Text *text,
             gsize       offset)
{
  const char *end = memchr (text->data + offset, '\n', text->length - offset);

  return end != NULL ? (gsize) (end - text->data) + 1 : text->length;
}

static gsize
start_of_line (const Text *text,
               gsize       offset)
{
  while (offset > 0 && text->data[offset - 1] != '\n')
    offset--;

  return offset;
}

/* GKeyFile does not tell which line it is: the first one with which it does not
 * load. */
static gsize
find_bad_line (const Text *text)
{
  gsize good = 0;
  gsize bad = text->length;

  while (end_of_line (text, good) < bad)
    {
      gsize middle = end_of_line (text, start_of_line (text, good + (bad - good) / 2));

      if (middle >= bad)
        middle = end_of_line (text, good);
      if (loads (text, middle))
        good = middle;
      else
        bad = middle;
    }

  return good;
}

static GKeyFile *
load (const Text  *text,
      GError     **error)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autoptr(GError) local_error = NULL;
  const char *end;

  if (!g_utf8_validate_len (text->data, text->length, &end))
    {
      fail_at (error, TST_ERROR_PARSE, text, end - text->data, _("not UTF-8"));
      return NULL;
    }

  if (text->length > 0 &&
      !g_key_file_load_from_data (file, text->data, text->length, KEY_FILE_FLAGS, &local_error))
    {
      fail_at (error, TST_ERROR_PARSE, text, find_bad_line (text), local_error->message);
      return NULL;
    }

  return g_steal_pointer (&file);
}

/* The last one counts, as for GKeyFile. */
static gsize
find_value (const Text *text,
            const char *group)
{
  g_autofree char *header = g_strdup_printf ("[%s]", group);
  gboolean in_group = FALSE;
  gsize found = 0;

  for (gsize start = 0; start < text->length; start = end_of_line (text, start))
    {
      g_autofree char *line = g_strndup (text->data + start, end_of_line (text, start) - start);
      char *stripped = g_strchug (g_strdup (line));
      gsize indent = strlen (line) - strlen (stripped);

      if (stripped[0] == '[')
        in_group = g_str_has_prefix (stripped, header);
      else if (in_group && g_str_has_prefix (stripped, CONTENT_KEY) &&
               strchr (" \t=", stripped[strlen (CONTENT_KEY)]) != NULL && strchr (stripped, '='))
        {
          const char *value = strchr (stripped, '=') + 1;

          found = start + indent + (value - stripped) + strspn (value, " \t");
        }
      g_free (stripped);
    }

  return found;
}

/* --- Reading --- */

/* GVariant takes escaped characters that there are none of, and fails on them
 * later, as on a mistake of the programmer. */
static gboolean
escapes_are_valid (const char *value)
{
  for (const char *p = strchr (value, '\\'); p != NULL; p = strchr (p, '\\'))
    {
      guint n_digits = p[1] == 'u' ? 4 : p[1] == 'U' ? 8 : 0;
      guint32 c = 0;

      if (p[1] == '\0')
        break;
      p += 2;
      for (guint i = 0; i < n_digits && g_ascii_isxdigit (*p); i++)
        c = c * 16 + g_ascii_xdigit_value (*p++);
      if (n_digits > 0 && (c == 0 || !g_unichar_validate (c)))
        return FALSE;
    }

  return TRUE;
}

static GVariant *
parse_value (const char  *value,
             GError     **error)
{
  if (escapes_are_valid (value))
    return g_variant_parse (G_VARIANT_TYPE_STRING, value, NULL, NULL, error);

  g_set_error_literal (error, TST_ERROR, TST_ERROR_FORMAT, _("an escaped character that is none"));

  return NULL;
}

gboolean
tst_item_text_read (GBytes      *bytes,
                    const char  *group,
                    char       **content,
                    GError     **error)
{
  Text text = get_text (bytes);
  g_autoptr(GKeyFile) file = load (&text, error);
  g_autofree char *value = NULL;
  g_autoptr(GVariant) variant = NULL;
  g_autoptr(GError) local_error = NULL;

  *content = NULL;

  if (file == NULL)
    return FALSE;

  value = g_key_file_get_value (file, group, CONTENT_KEY, NULL);
  if (value == NULL)
    return TRUE;

  variant = parse_value (value, &local_error);
  if (variant == NULL)
    return fail_at (error, TST_ERROR_FORMAT, &text, find_value (&text, group),
                    local_error->message);

  *content = g_variant_dup_string (variant, NULL);

  return TRUE;
}

gboolean
tst_item_text_is_sound (GBytes *bytes)
{
  Text text = get_text (bytes);
  g_autoptr(GKeyFile) file = load (&text, NULL);

  return file != NULL;
}

GStrv
tst_item_text_get_groups (GBytes *bytes)
{
  Text text = get_text (bytes);
  g_autoptr(GKeyFile) file = load (&text, NULL);

  return file != NULL ? g_key_file_get_groups (file, NULL) : g_new0 (char *, 1);
}

/* --- Writing --- */

/* Empty groups are no more than what GSettings leaves behind, or another item. */
static gboolean
is_empty (const char *data)
{
  g_auto(GStrv) lines = g_strsplit (data, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      if (lines[i][0] != '[' && lines[i][0] != '\0')
        return FALSE;
    }

  return TRUE;
}

GBytes *
tst_item_text_write (GBytes     *bytes,
                     const char *group,
                     const char *content)
{
  Text text = { "", 0 };
  g_autoptr(GKeyFile) file = NULL;
  char *data;
  gsize length;

  if (bytes != NULL)
    text = get_text (bytes);
  file = load (&text, NULL);
  g_assert (file != NULL);

  if (content != NULL)
    {
      g_autoptr(GVariant) variant = g_variant_ref_sink (g_variant_new_string (content));
      g_autofree char *value = g_variant_print (variant, FALSE);

      g_key_file_set_value (file, group, CONTENT_KEY, value);
    }
  else
    {
      g_key_file_remove_key (file, group, CONTENT_KEY, NULL);
    }

  data = g_key_file_to_data (file, &length, NULL);
  if (content == NULL && is_empty (data))
    {
      g_free (data);
      return NULL;
    }

  return g_bytes_new_take (data, length);
}
