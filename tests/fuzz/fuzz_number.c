/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Any bytes: what is a number of JSON is read as the C library reads it, and
 * written as something that reads back the same. */

#include "fuzz.h"

#include "tst-number-private.h"

#include <math.h>
#include <string.h>

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  const char *p = (const char *) data;
  const char *end = p + size;
  g_autofree char *text = NULL;
  char written[TST_NUMBER_SIZE + 1];
  double number, again;
  TstNumberStatus status;

  status = tst_number_read (&p, end, &number);
  g_assert_true (p >= (const char *) data && p <= end);
  if (status == TST_NUMBER_SYNTAX)
    return 0;

  if (status == TST_NUMBER_OVERFLOW)
    p = end;
  text = g_strndup ((const char *) data, (gsize) (p - (const char *) data));
  again = g_ascii_strtod (text, NULL);

  if (status == TST_NUMBER_OVERFLOW)
    {
      g_assert_true (isinf (again));
      return 0;
    }

  g_assert_true (memcmp (&number, &again, sizeof number) == 0);
  written[tst_number_write (number, written)] = '\0';
  g_assert_cmpfloat (g_ascii_strtod (written, NULL), ==, number);

  return 0;
}
