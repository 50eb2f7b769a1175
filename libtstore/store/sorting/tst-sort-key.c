/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-sort-key-private.h"

/* The order is that of ECMAScript's `<`, where that is one: among numbers,
 * booleans, null and what is absent; and among strings, arrays and objects. It
 * is none between the two (5 < "7", "7" < "x", but neither 5 < "x" nor "x" < 5),
 * so here the first come before the second. */

#define OBJECT_TEXT "[object Object]"

int
tst_text_compare_utf16 (const char *a,
                        gsize       a_length,
                        const char *b,
                        gsize       b_length)
{
  gsize length = MIN (a_length, b_length);

  for (gsize i = 0; i < length; i++)
    {
      guint8 x = (guint8) a[i], y = (guint8) b[i];

      if (x == y)
        continue;

      /* Characters from U+10000 on, which begin with 0xf0 or more, are pairs of
       * surrogates in UTF-16, and so before U+E000 to U+FFFF, 0xee and 0xef. */
      if (x >= 0xee && y >= 0xee && (x >= 0xf0) != (y >= 0xf0))
        return x >= 0xf0 ? -1 : 1;

      return x < y ? -1 : 1;
    }

  return (a_length > b_length) - (a_length < b_length);
}

/* --- Arrays --- */

/* Behind the string that begins at @p */
static const char *
skip_string (const char *p)
{
  for (p++; *p != '"'; p++)
    if (*p == '\\')
      p++;

  return p + 1;
}

/* Behind the object that begins at @p */
static const char *
skip_object (const char *p)
{
  guint depth = 0;

  do
    {
      if (*p == '"')
        {
          p = skip_string (p);
          continue;
        }

      if (*p == '{')
        depth++;
      else if (*p == '}')
        depth--;
      p++;
    }
  while (depth > 0);

  return p;
}

/* The writer of cells escapes no more than it must. */
static const char *
append_escaped (GString    *out,
                const char *p)
{
  switch (*p)
    {
    case 'b':
      g_string_append_c (out, '\b');
      break;
    case 'f':
      g_string_append_c (out, '\f');
      break;
    case 'n':
      g_string_append_c (out, '\n');
      break;
    case 'r':
      g_string_append_c (out, '\r');
      break;
    case 't':
      g_string_append_c (out, '\t');
      break;
    case 'u':
      g_string_append_c (out, (char) (g_ascii_xdigit_value (p[3]) * 16 + g_ascii_xdigit_value (p[4])));
      return p + 5;
    default:
      g_string_append_c (out, *p);
      break;
    }

  return p + 1;
}

/* Appends the string that begins at @p. */
static const char *
append_string (GString    *out,
               const char *p)
{
  for (p++; *p != '"'; )
    if (*p == '\\')
      p = append_escaped (out, p + 1);
    else
      g_string_append_c (out, *p++);

  return p + 1;
}

/* An array as a string, as ECMAScript makes it: its elements with commas between them,
 * null as nothing, and arrays in it in the same way. @json is as a cell holds it. */
static char *
array_to_text (const char *json)
{
  GString *out = g_string_new (NULL);

  for (const char *p = json; *p != '\0'; )
    if (*p == '[' || *p == ']')
      {
        p++;
      }
    else if (*p == '"')
      {
        p = append_string (out, p);
      }
    else if (*p == '{')
      {
        g_string_append (out, OBJECT_TEXT);
        p = skip_object (p);
      }
    else if (*p == 'n')
      {
        p += strlen ("null");
      }
    else
      {
        g_string_append_c (out, *p++);
      }

  return g_string_free (out, FALSE);
}

static void
init_array (TstSortKey     *self,
            const TstCell  *cell,
            GStringChunk  **texts)
{
  g_autofree char *text = array_to_text (tst_cell_get_text (cell, NULL));

  if (*texts == NULL)
    *texts = g_string_chunk_new (1024);

  self->length = (guint32) strlen (text);
  self->text = g_string_chunk_insert_len (*texts, text, self->length);
}

/* --- Keys --- */

void
tst_sort_key_init_slowly (TstSortKey     *self,
                          const TstCell  *cell,
                          GStringChunk  **texts)
{
  gsize length;

  *self = (TstSortKey) { NULL, 0, 0 };

  switch (tst_cell_peek_type (cell))
    {
    case TST_CELL_TYPE_NUMBER:
      self->number = tst_cell_get_number (cell);
      break;
    case TST_CELL_TYPE_BOOLEAN:
      self->number = tst_cell_get_boolean (cell) ? 1 : 0;
      break;
    case TST_CELL_TYPE_STRING:
      self->text = tst_cell_get_text (cell, &length);
      self->length = (guint32) length;
      break;
    case TST_CELL_TYPE_OBJECT:
      self->text = OBJECT_TEXT;
      self->length = strlen (OBJECT_TEXT);
      break;
    case TST_CELL_TYPE_ARRAY:
      init_array (self, cell, texts);
      break;
    case TST_CELL_TYPE_NULL:
    case TST_CELL_TYPE_NONE:
    default:
      break;
    }
}

/* --- Heads --- */

#define HEAD_BYTES 6

/* In the order of tst_text_compare_utf16(): 0xf0 and more before 0xee and 0xef. */
static inline guint64
order_of_byte (guint8 byte)
{
  if (G_LIKELY (byte < 0xee))
    return byte;

  return byte >= 0xf0 ? byte - 2 : byte + 5;
}

static guint64
get_head_of_text (const char *text,
                  guint32     length)
{
  guint64 head = TST_SORT_HEAD_TEXT;

  for (guint i = 0; i < MIN (length, HEAD_BYTES); i++)
    head |= order_of_byte ((guint8) text[i]) << (8 * (HEAD_BYTES - 1 - i) + 4);

  return length > HEAD_BYTES ? head | TST_SORT_HEAD_CUT : head;
}

guint64
tst_sort_key_get_head (const TstSortKey *self)
{
  double number = self->number + 0.0; /* there is one zero */
  guint64 bits;

  if (self->text != NULL)
    return get_head_of_text (self->text, self->length);

  memcpy (&bits, &number, sizeof (bits));
  return bits & G_GUINT64_CONSTANT (0x8000000000000000)
           ? ~bits : bits | G_GUINT64_CONSTANT (0x8000000000000000);
}
