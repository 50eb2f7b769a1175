/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-number-private.h"

#include <string.h>

/* The table of powers of ten is computed, in well under a millisecond, rather than kept as
 * thirteen hundred numbers in the source that nobody could check. All of it
 * is exact integer arithmetic: 5^n by multiplying, and 2^N / 5^n by dividing
 * again and again, which cuts off the same as one division would. */

/* Enough for 5^324 (753 bits), and for 128 bits of 2^N / 5^342 (795 bits). */
#define N_WORDS 30

/* The least significant word first. */
typedef guint32 BigNumber[N_WORDS];

static void
multiply_by_five (BigNumber number)
{
  guint64 carry = 0;

  for (guint i = 0; i < N_WORDS; i++)
    {
      carry += (guint64) number[i] * 5;
      number[i] = (guint32) carry;
      carry >>= 32;
    }
}

static void
divide_by_five (BigNumber number)
{
  guint64 rest = 0;

  for (guint i = N_WORDS; i-- > 0;)
    {
      rest = rest << 32 | number[i];
      number[i] = (guint32) (rest / 5);
      rest %= 5;
    }
}

static guint32
get_word (const BigNumber number,
          int             index)
{
  return index >= 0 ? number[index] : 0;
}

/* Two words in which the highest bit is @shift bits below the top of the
 * first, moved up to there. */
static guint64
get_shifted (const BigNumber number,
             int             index,
             guint           shift)
{
  guint64 words = (guint64) get_word (number, index) << 32 | get_word (number, index - 1);

  if (shift == 0)
    return words;

  return words << shift | get_word (number, index - 2) >> (32 - shift);
}

static void
take_significand (const BigNumber  number,
                  TstPowerOfTen   *power)
{
  int top = N_WORDS - 1;
  guint shift = 0;

  while (number[top] == 0)
    top--;
  while ((number[top] << shift & 0x80000000u) == 0)
    shift++;

  power->high = get_shifted (number, top, shift);
  power->low = get_shifted (number, top - 2, shift);
}

/* 10^n and 5^n have the same significand. */
static void
fill_powers (TstPowerOfTen *powers)
{
  BigNumber number = { 1, };

  for (int i = 0; i <= TST_POWER_OF_TEN_MAX; i++)
    {
      take_significand (number, &powers[i - TST_POWER_OF_TEN_MIN]);
      multiply_by_five (number);
    }

  memset (number, 0, sizeof (BigNumber));
  number[N_WORDS - 1] = 0x80000000u;
  for (int i = -1; i >= TST_POWER_OF_TEN_MIN; i--)
    {
      divide_by_five (number);
      take_significand (number, &powers[i - TST_POWER_OF_TEN_MIN]);
    }
}

const TstPowerOfTen *
tst_number_get_powers (void)
{
  static TstPowerOfTen powers[TST_POWER_OF_TEN_MAX - TST_POWER_OF_TEN_MIN + 1];
  static gsize filled = 0;

  if (g_once_init_enter (&filled))
    {
      fill_powers (powers);
      g_once_init_leave (&filled, 1);
    }

  return powers;
}
