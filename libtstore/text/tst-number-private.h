/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Numbers as text, in the form of ECMAScript: the shortest decimal that reads
 * back as the same double, and of those the one closest to it. Never depends
 * on the locale; in any thread. */

/* What tst_number_write() may write to: the longest number has 25 characters,
 * and it writes in blocks. */
#define TST_NUMBER_SIZE 40

typedef enum
{
  TST_NUMBER_VALID,
  TST_NUMBER_SYNTAX,   /* not a number of JSON */
  TST_NUMBER_OVERFLOW  /* one, but larger than any double */
} TstNumberStatus;

/* Writes the text of @number, which must be finite, without a NUL; returns
 * its length. -0 is written as 0. */
gsize           tst_number_write (double        number,
                                  char         *text);

/* Reads the number that *text starts with, correctly rounded, and moves *text
 * behind it; or, if the status is not valid, to where it is not. */
TstNumberStatus tst_number_read  (const char  **text,
                                  const char   *end,
                                  double       *number);

/* --- For the two above --- */

/* 10^exponent is significand * 2^e, with the e that puts the highest bit of the
 * 128 bits of the significand to 1; what does not fit in them is cut off. */
typedef struct
{
  guint64 high;
  guint64 low;
} TstPowerOfTen;

#define TST_POWER_OF_TEN_MIN (-342)
#define TST_POWER_OF_TEN_MAX 324

/* From 10^0 to here, nothing is cut off. */
#define TST_POWER_OF_TEN_MAX_EXACT 55

/* A table from MIN to MAX; it is made when it is first asked for. */
const TstPowerOfTen *tst_number_get_powers (void);

G_END_DECLS
