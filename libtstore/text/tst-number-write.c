/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-number-private.h"

#include <math.h>
#include <string.h>

#define SIGNIFICAND_BITS 52
#define HIDDEN_BIT       (G_GUINT64_CONSTANT (1) << SIGNIFICAND_BITS)
#define SIGNIFICAND_MASK (HIDDEN_BIT - 1)
#define EXPONENT_MASK    0x7ff
#define EXPONENT_BIAS    1075 /* of a significand that is taken as an integer */

/* Below this, each integer is a double of its own. */
#define MAX_SAFE_INTEGER 9007199254740992.0

/* What ECMAScript writes without an exponent: 1e-6 to below 1e21. */
#define MIN_PLAIN_POINT (-5)
#define MAX_PLAIN_POINT 21

/* A decimal number: digits * 10^exponent. */
typedef struct
{
  guint64 digits;
  int     exponent;
} Decimal;

static const char digit_pairs[] =
  "00010203040506070809101112131415161718192021222324"
  "25262728293031323334353637383940414243444546474849"
  "50515253545556575859606162636465666768697071727374"
  "75767778798081828384858687888990919293949596979899";

static const guint64 powers[] = {
  0, G_GUINT64_CONSTANT (10), G_GUINT64_CONSTANT (100), G_GUINT64_CONSTANT (1000),
  G_GUINT64_CONSTANT (10000), G_GUINT64_CONSTANT (100000), G_GUINT64_CONSTANT (1000000),
  G_GUINT64_CONSTANT (10000000), G_GUINT64_CONSTANT (100000000),
  G_GUINT64_CONSTANT (1000000000), G_GUINT64_CONSTANT (10000000000),
  G_GUINT64_CONSTANT (100000000000), G_GUINT64_CONSTANT (1000000000000),
  G_GUINT64_CONSTANT (10000000000000), G_GUINT64_CONSTANT (100000000000000),
  G_GUINT64_CONSTANT (1000000000000000), G_GUINT64_CONSTANT (10000000000000000),
  G_GUINT64_CONSTANT (100000000000000000), G_GUINT64_CONSTANT (1000000000000000000),
};

/* number is below 10^19. The bits give the digits, but for one (1233 / 4096 is
 * close to the logarithm of 2). */
static inline guint
count_digits (guint64 number)
{
  guint n_bits = 64 - (guint) __builtin_clzll (number | 1);
  guint n = (n_bits * 1233) >> 12;

  return n + (number >= powers[n]);
}

/* Writes exactly @n_digits, with zeros in front if it has fewer. */
static inline void
write_digits (char    *text,
              guint    n_digits,
              guint64  number)
{
  char *p = text + n_digits;

  while (p - text >= 2)
    {
      p -= 2;
      memcpy (p, digit_pairs + number % 100 * 2, 2);
      number /= 100;
    }
  if (p > text)
    *text = (char) ('0' + number % 10);
}

static gsize
write_integer (char    *text,
               guint64  number)
{
  guint n_digits = count_digits (number);

  write_digits (text, n_digits, number);

  return n_digits;
}

/* number = thousandths / 1000 is known to be right. */
static gsize
write_thousandths (char    *text,
                   guint64  thousandths)
{
  guint fraction = (guint) (thousandths % 1000);
  gsize length = write_integer (text, thousandths / 1000);
  guint n_digits = 3;

  while (fraction % 10 == 0)
    {
      fraction /= 10;
      n_digits--;
    }

  text[length++] = '.';
  write_digits (text + length, n_digits, fraction);

  return length + n_digits;
}

/* Most numbers of real tables have few decimals. No two decimals of up to 15
 * digits are the same double, so if one of those reads back as the number
 * (and a quotient of two exact doubles is rounded just as reading is), then
 * there is no shorter one, and no other as short. */
static gboolean
find_thousandths (double   number,
                  guint64 *thousandths)
{
  if (number >= 1e12)
    return FALSE;

  *thousandths = (guint64) (number * 1000 + 0.5);

  return (double) *thousandths / 1000 == number;
}

/* floor (log10 (2^e)), and log10 (3/4 * 2^e) */
static inline int
floor_log10_pow2 (int      e,
                  gboolean three_quarters)
{
  return (e * 1262611 - (three_quarters ? 524031 : 0)) >> 22;
}

static inline int
floor_log2_pow10 (int e)
{
  return (e * 1741647) >> 19;
}

/* 10^exponent for the next function, which wants it rounded up. */
static inline TstPowerOfTen
get_power_up (int exponent)
{
  TstPowerOfTen power = tst_number_get_powers ()[exponent - TST_POWER_OF_TEN_MIN];

  if (exponent < 0 || exponent > TST_POWER_OF_TEN_MAX_EXACT)
    {
      power.low++;
      power.high += power.low == 0;
    }

  return power;
}

/* The integer part of power * factor / 2^128, its lowest bit set if anything
 * was cut off ("rounded to odd"), so that it compares as the exact product
 * would. */
static inline guint64
multiply_to_odd (TstPowerOfTen power,
                 guint64       factor)
{
  __extension__ typedef unsigned __int128 guint128;
  guint128 product = (guint128) power.high * factor +
                     (guint64) (((guint128) power.low * factor) >> 64);

  return (guint64) (product >> 64) | ((guint64) product > 1);
}

/* The Schubfach algorithm: Raffaello Giulietti, "The Schubfach way to render
 * doubles" (2020). Scales the number, and the two numbers half way to its
 * neighbours, by a power of ten that leaves at most two candidates of one
 * length, and at most one that is a digit shorter. Everything is times four,
 * so that halves and quarters are integers. */
static Decimal
find_shortest (guint64 significand,
               int     biased_exponent)
{
  gboolean is_closer_below = significand == 0 && biased_exponent > 1;
  guint64 c = biased_exponent != 0 ? significand | HIDDEN_BIT : significand;
  int q = MAX (biased_exponent, 1) - EXPONENT_BIAS;
  gboolean is_odd = c & 1; /* then a reader would round the half way points away */
  int k = floor_log10_pow2 (q, is_closer_below);
  int shift = q + floor_log2_pow10 (-k) + 1;
  TstPowerOfTen power = get_power_up (-k);
  guint64 lower = multiply_to_odd (power, (4 * c - 2 + is_closer_below) << shift) + is_odd;
  guint64 value = multiply_to_odd (power, (4 * c) << shift);
  guint64 upper = multiply_to_odd (power, (4 * c + 2) << shift) - is_odd;
  guint64 s = value / 4;
  guint64 tens = s / 10;
  gboolean down_fits, up_fits;

  down_fits = lower <= 40 * tens;
  up_fits = 40 * tens + 40 <= upper;
  if (s >= 10 && down_fits != up_fits)
    return (Decimal) { tens + up_fits, k + 1 };

  down_fits = lower <= 4 * s;
  up_fits = 4 * s + 4 <= upper;
  if (down_fits != up_fits)
    return (Decimal) { s + up_fits, k };

  /* Both are right, or none is: the closest, or else the even one */
  up_fits = value > 4 * s + 2 || (value == 4 * s + 2 && (s & 1));

  return (Decimal) { s + up_fits, k };
}

static Decimal
strip_zeros (Decimal decimal)
{
  while (decimal.digits % 100 == 0)
    {
      decimal.digits /= 100;
      decimal.exponent += 2;
    }
  if (decimal.digits % 10 == 0)
    {
      decimal.digits /= 10;
      decimal.exponent++;
    }

  return decimal;
}

static gsize
write_exponent (char *text,
                int   exponent)
{
  text[0] = 'e';
  text[1] = exponent < 0 ? '-' : '+';

  return 2 + write_integer (text + 2, (guint64) ABS (exponent));
}

/* d, or d.ddd, and an exponent */
static gsize
write_scientific (char    *text,
                  guint64  digits,
                  guint    n_digits,
                  int      exponent)
{
  gsize length = 1;

  write_digits (text + 1, n_digits, digits);
  text[0] = text[1];
  if (n_digits > 1)
    {
      text[1] = '.';
      length += n_digits;
    }

  return length + write_exponent (text + length, exponent);
}

/* Number::toString of ECMAScript, where point is called n: the number of
 * digits in front of the decimal point. */
static gsize
write_decimal (char    *text,
               Decimal  decimal)
{
  guint n_digits = count_digits (decimal.digits);
  int point = (int) n_digits + decimal.exponent;

  if (point < MIN_PLAIN_POINT || point > MAX_PLAIN_POINT)
    return write_scientific (text, decimal.digits, n_digits, point - 1);

  if (decimal.exponent >= 0)
    {
      write_digits (text, n_digits, decimal.digits);
      memset (text + n_digits, '0', (gsize) decimal.exponent);
      return (gsize) point;
    }

  if (point <= 0)
    {
      memcpy (text, "0.000000", 8);
      write_digits (text + 2 - point, n_digits, decimal.digits);
      return 2 + (gsize) -point + n_digits;
    }

  write_digits (text + 1, n_digits, decimal.digits);
  memmove (text, text + 1, (gsize) point);
  text[point] = '.';

  return n_digits + 1;
}

gsize
tst_number_write (double  number,
                  char   *text)
{
  double magnitude = fabs (number);
  gboolean is_negative = number < 0; /* not so for -0 */
  guint64 bits, thousandths;

  g_assert (isfinite (number));

  if (is_negative)
    *text++ = '-';

  if (magnitude < MAX_SAFE_INTEGER && (double) (guint64) magnitude == magnitude)
    return is_negative + write_integer (text, (guint64) magnitude);

  if (find_thousandths (magnitude, &thousandths))
    return is_negative + write_thousandths (text, thousandths);

  memcpy (&bits, &magnitude, sizeof bits);

  return is_negative +
         write_decimal (text, strip_zeros (find_shortest (bits & SIGNIFICAND_MASK,
                                                          (int) (bits >> SIGNIFICAND_BITS))));
}
