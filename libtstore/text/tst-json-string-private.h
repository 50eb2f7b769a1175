/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Pieces of strings, for the reader. */

/* How many bytes the character of several bytes has that @p starts with; or
 * 0, if it is not valid UTF-8. */
guint     tst_utf8_check (const char  *p,
                          const char  *end);

typedef enum
{
  TST_ESCAPE_VALID,
  TST_ESCAPE_SYNTAX,
  TST_ESCAPE_NUL,
  TST_ESCAPE_SURROGATE
} TstEscapeStatus;

/* Reads what follows a backslash, and moves *p behind it. */
TstEscapeStatus tst_escape_read (const char **p,
                                 const char  *end,
                                 gunichar    *character);

G_END_DECLS
