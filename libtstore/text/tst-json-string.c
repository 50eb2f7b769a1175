/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-json-string-private.h"

static gboolean
is_in_range (const char *p,
             guint8      first,
             guint8      last)
{
  return (guint8) *p >= first && (guint8) *p <= last;
}

/* Table 3-7 of the Unicode standard: nothing longer than necessary, no
 * surrogates, nothing behind U+10FFFF. */
guint
tst_utf8_check (const char *p,
                const char *end)
{
  guint8 lead = (guint8) *p;
  guint8 first = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  guint8 last = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  guint length;

  if (lead >= 0xc2 && lead <= 0xdf)
    length = 2;
  else if (lead >= 0xe0 && lead <= 0xef)
    length = 3;
  else if (lead >= 0xf0 && lead <= 0xf4)
    length = 4;
  else
    return 0;

  if ((gsize) (end - p) < length || !is_in_range (p + 1, first, last))
    return 0;

  for (guint i = 2; i < length; i++)
    if (!is_in_range (p + i, 0x80, 0xbf))
      return 0;

  return length;
}

/* The four digits of \u */
static gboolean
read_hex (const char **p,
          const char  *end,
          gunichar    *unit)
{
  if (end - *p < 4)
    return FALSE;

  *unit = 0;
  for (guint i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value (**p);

      if (digit < 0)
        return FALSE;
      *unit = *unit << 4 | (guint) digit;
      (*p)++;
    }

  return TRUE;
}

static TstEscapeStatus
read_unicode (const char **p,
              const char  *end,
              gunichar    *character)
{
  gunichar low;

  if (!read_hex (p, end, character))
    return TST_ESCAPE_SYNTAX;

  if (*character == 0)
    return TST_ESCAPE_NUL;
  if (*character < 0xd800 || *character > 0xdfff)
    return TST_ESCAPE_VALID;
  if (*character > 0xdbff)
    return TST_ESCAPE_SURROGATE;

  if (end - *p < 2 || (*p)[0] != '\\' || (*p)[1] != 'u')
    return TST_ESCAPE_SURROGATE;
  *p += 2;
  if (!read_hex (p, end, &low))
    return TST_ESCAPE_SYNTAX;
  if (low < 0xdc00 || low > 0xdfff)
    return TST_ESCAPE_SURROGATE;

  *character = 0x10000 + ((*character - 0xd800) << 10) + (low - 0xdc00);

  return TST_ESCAPE_VALID;
}

TstEscapeStatus
tst_escape_read (const char **p,
                 const char  *end,
                 gunichar    *character)
{
  if (*p == end)
    return TST_ESCAPE_SYNTAX;

  switch (*(*p)++)
    {
    case '"':
    case '\\':
    case '/':
      *character = (guint8) (*p)[-1];
      return TST_ESCAPE_VALID;

    case 'b':
      *character = '\b';
      return TST_ESCAPE_VALID;

    case 'f':
      *character = '\f';
      return TST_ESCAPE_VALID;

    case 'n':
      *character = '\n';
      return TST_ESCAPE_VALID;

    case 'r':
      *character = '\r';
      return TST_ESCAPE_VALID;

    case 't':
      *character = '\t';
      return TST_ESCAPE_VALID;

    case 'u':
      return read_unicode (p, end, character);

    default:
      return TST_ESCAPE_SYNTAX;
    }
}
