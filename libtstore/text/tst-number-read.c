/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-number-private.h"

#include <math.h>
#include <string.h>

/* As many digits always fit into a guint64. */
#define MAX_FAST_DIGITS 19

/* With 17 significant digits of a decimal one is close to a double; to tell
 * which side of the middle between two doubles it is on, up to 768 may be
 * needed. Of what follows only counts whether it is all zeros. */
#define MAX_DIGITS 780

/* Any number with a larger exponent is 0 or too large: texts are shorter than
 * a GiB, so their digits cannot make up for it. */
#define MAX_EXPONENT (G_MAXINT32 - 1)

/* A number that was read as far as its syntax goes: digits * 10^exponent. */
typedef struct
{
  const char *digits_start; /* with a decimal point somewhere, perhaps */
  const char *digits_end;
  guint64     digits;       /* of up to MAX_FAST_DIGITS, zeros in front not counted */
  gint64      exponent;     /* that goes with digits */
  gint64      n_digits;     /* zeros in front not counted */
  gboolean    is_negative;
} Parts;

static const double exact_powers[] = {
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
  1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
};

static inline gboolean
is_digit (const char *p,
          const char *end)
{
  return p < end && (guint8) (*p - '0') < 10;
}

static inline guint
get_digit (const char *p)
{
  return (guint8) (*p - '0');
}

/* Reads digits into @parts, which is for the usual, short number; the count
 * of what did not fit is left to count_digits(). */
static inline const char *
read_digits (const char *p,
             const char *end,
             guint64    *digits)
{
  guint64 number = *digits;

  for (; is_digit (p, end); p++)
    number = number * 10 + get_digit (p);
  *digits = number;

  return p;
}

/* The slow way, for numbers of many digits: takes the first MAX_FAST_DIGITS. */
static void
take_first_digits (Parts      *parts,
                   const char *point)
{
  gint64 n_taken = 0;
  gboolean is_behind_point = FALSE;

  parts->digits = 0;
  parts->n_digits = 0;
  parts->exponent = 0;

  for (const char *p = parts->digits_start; p < parts->digits_end; p++)
    {
      if (p == point)
        {
          is_behind_point = TRUE;
          continue;
        }
      if (parts->n_digits > 0 || *p != '0')
        parts->n_digits++;
      if (n_taken < MAX_FAST_DIGITS)
        {
          parts->digits = parts->digits * 10 + get_digit (p);
          n_taken += parts->digits != 0;
          parts->exponent -= is_behind_point;
        }
      else
        {
          parts->exponent += !is_behind_point;
        }
    }
}

/* Returns where it is not a number any more, or NULL. */
static inline const char *
read_exponent (const char **text,
               const char  *end,
               gint64      *exponent)
{
  const char *p = *text + 1;
  gint64 number = 0;
  gboolean is_negative = FALSE;

  if (p < end && (*p == '+' || *p == '-'))
    is_negative = *p++ == '-';

  if (!is_digit (p, end))
    return p;

  for (; is_digit (p, end); p++)
    number = MIN (number * 10 + get_digit (p), MAX_EXPONENT);

  *exponent += is_negative ? -number : number;
  *text = p;

  return NULL;
}

/* The grammar of JSON numbers. Returns where it is not one, or NULL. */
static inline const char *
read_parts (const char **text,
            const char  *end,
            Parts       *parts)
{
  const char *p = *text;
  const char *point = NULL;

  parts->is_negative = p < end && *p == '-';
  p += parts->is_negative;

  parts->digits_start = p;
  parts->digits = 0;
  if (!is_digit (p, end))
    return p;
  if (*p == '0')
    p++;
  else
    p = read_digits (p, end, &parts->digits);
  if (is_digit (p, end))
    return p; /* a zero in front */

  if (p < end && *p == '.')
    {
      point = p++;
      if (!is_digit (p, end))
        return p;
      p = read_digits (p, end, &parts->digits);
    }

  parts->digits_end = p;
  parts->exponent = point ? point + 1 - p : 0;
  parts->n_digits = p - parts->digits_start - (point != NULL);
  if (parts->n_digits > MAX_FAST_DIGITS)
    take_first_digits (parts, point);

  *text = p;
  if (p < end && (*p == 'e' || *p == 'E'))
    return read_exponent (text, end, &parts->exponent);

  return NULL;
}

/* Two exact doubles: their product, and their quotient, are rounded once. */
static inline gboolean
convert_exact (const Parts *parts,
               double      *number)
{
  if (parts->n_digits > MAX_FAST_DIGITS || parts->digits > (G_GUINT64_CONSTANT (1) << 53) ||
      parts->exponent < -22 || parts->exponent > 22)
    return FALSE;

  if (parts->exponent < 0)
    *number = (double) parts->digits / exact_powers[-parts->exponent];
  else
    *number = (double) parts->digits * exact_powers[parts->exponent];

  return TRUE;
}

/* The Eisel-Lemire algorithm: Daniel Lemire, "Number Parsing at a Gigabyte
 * per Second" (2021). The digits times 64, and then 128, bits of the power of
 * ten; FALSE where those do not tell how to round, and for numbers that are
 * not normal. */
static gboolean
convert_product (guint64  digits,
                 gint64   exponent,
                 double  *number)
{
  __extension__ typedef unsigned __int128 guint128;
  const TstPowerOfTen *power;
  guint128 product;
  guint64 high, low, significand, biased, top, bits;
  guint shift;

  if (exponent < TST_POWER_OF_TEN_MIN || exponent > TST_POWER_OF_TEN_MAX)
    return FALSE;

  power = &tst_number_get_powers ()[exponent - TST_POWER_OF_TEN_MIN];
  shift = (guint) __builtin_clzll (digits);
  digits <<= shift;
  biased = (guint64) (((217706 * exponent) >> 16) + 64 + 1023) - shift;

  product = (guint128) digits * power->high;
  high = (guint64) (product >> 64);
  low = (guint64) product;

  /* What is cut off of the power could carry up into the bits that matter */
  if ((high & 0x1ff) == 0x1ff && low + digits < digits)
    {
      guint128 rest = (guint128) digits * power->low;

      product += (guint64) (rest >> 64);
      high = (guint64) (product >> 64);
      low = (guint64) product;
      if ((high & 0x1ff) == 0x1ff && low + 1 == 0 && (guint64) rest + digits < digits)
        return FALSE;
    }

  /* 54 bits of it, the last of which is for rounding */
  top = high >> 63;
  significand = high >> (top + 9);
  biased -= 1 ^ top;

  /* Perhaps exactly half way */
  if (low == 0 && (high & 0x1ff) == 0 && (significand & 3) == 1)
    return FALSE;

  significand = (significand + (significand & 1)) >> 1;
  if (significand >> 53)
    {
      significand >>= 1;
      biased++;
    }

  if (biased - 1 >= 0x7ff - 1)
    return FALSE;

  bits = biased << 52 | (significand & ((G_GUINT64_CONSTANT (1) << 52) - 1));
  memcpy (number, &bits, sizeof bits);

  return TRUE;
}

/* Any number, in a text of its own of bounded length. */
static double
convert_slowly (const Parts *parts)
{
  char text[MAX_DIGITS + 32];
  gsize length = 0;
  gboolean has_rest = FALSE;
  gint64 exponent = parts->exponent;

  for (const char *p = parts->digits_start; p < parts->digits_end; p++)
    {
      if (*p == '.' || (length == 0 && *p == '0'))
        continue;
      if (length < MAX_DIGITS)
        text[length++] = *p;
      else
        has_rest |= *p != '0';
    }

  /* parts->exponent goes with the first MAX_FAST_DIGITS */
  exponent -= MAX ((gint64) length - MAX_FAST_DIGITS, 0);
  if (parts->n_digits <= MAX_FAST_DIGITS)
    exponent = parts->exponent;
  if (has_rest)
    {
      text[length++] = '1';
      exponent--;
    }
  g_snprintf (text + length, sizeof text - length, "e%" G_GINT64_FORMAT, exponent);

  return g_ascii_strtod (text, NULL);
}

static double
convert (const Parts *parts)
{
  double number, next;

  if (parts->digits == 0)
    return 0;

  if (!convert_product (parts->digits, parts->exponent, &number))
    return convert_slowly (parts);

  /* Digits were left out: fine if it makes no difference */
  if (parts->n_digits > MAX_FAST_DIGITS &&
      (!convert_product (parts->digits + 1, parts->exponent, &next) || next != number))
    return convert_slowly (parts);

  return number;
}

TstNumberStatus
tst_number_read (const char **text,
                 const char  *end,
                 double      *number)
{
  Parts parts = { 0, };
  const char *start = *text;
  const char *error;

  error = read_parts (text, end, &parts);
  if (error)
    {
      *text = error;
      return TST_NUMBER_SYNTAX;
    }

  if (!convert_exact (&parts, number))
    *number = convert (&parts);

  if (!isfinite (*number))
    {
      *text = start;
      return TST_NUMBER_OVERFLOW;
    }

  if (parts.is_negative)
    *number = -*number;

  return TST_NUMBER_VALID;
}
