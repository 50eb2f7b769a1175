/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

/* Looking at eight bytes of a text at once. The first byte of the text is the
 * lowest of the word, on every machine. */

#define TST_WORD_OF(byte)  (G_GUINT64_CONSTANT (0x0101010101010101) * (byte))
#define TST_WORD_HIGH_BITS TST_WORD_OF (0x80)

static inline guint64
tst_word_load (const char *text)
{
  guint64 word;

  memcpy (&word, text, sizeof word);

  return GUINT64_FROM_LE (word);
}

static inline void
tst_word_store (char    *text,
                guint64  word)
{
  word = GUINT64_TO_LE (word);
  memcpy (text, &word, sizeof word);
}

/* As much of a word as the text has; length is 1 to 7, the rest is 0. */
static inline guint64
tst_word_load_part (const char *text,
                    gsize       length)
{
  guint32 first, last;
  guint16 pair;

  if (length >= 4)
    {
      memcpy (&first, text, 4);
      memcpy (&last, text + length - 4, 4);
      return GUINT32_FROM_LE (first) | (guint64) GUINT32_FROM_LE (last) << (length - 4) * 8;
    }

  if (length == 1)
    return (guint8) *text;

  memcpy (&pair, text, 2);

  return GUINT16_FROM_LE (pair) | (guint64) (guint8) text[length - 1] << (length - 1) * 8;
}

/* The mask of the lowest length bytes, 1 to 8 */
static inline guint64
tst_word_mask (gsize length)
{
  return ~G_GUINT64_CONSTANT (0) >> (64 - length * 8);
}

/* The next two set the high bit of the bytes they are about; above the lowest
 * one that is set, they may err. */

static inline guint64
tst_word_find (guint64 word,
               guint8  byte)
{
  word ^= TST_WORD_OF (byte);

  return (word - TST_WORD_OF (1)) & ~word & TST_WORD_HIGH_BITS;
}

/* What a string of JSON cannot hold as it is: control characters, quotation
 * marks and backslashes. */
static inline guint64
tst_word_find_escaped (guint64 word)
{
  guint64 control = (word - TST_WORD_OF (0x20)) & ~word & TST_WORD_HIGH_BITS;

  return control | tst_word_find (word, '"') | tst_word_find (word, '\\');
}

/* How many bytes come before the first that such a mask is about */
static inline guint
tst_word_count_before (guint64 mask)
{
  return (guint) __builtin_ctzll (mask) / 8;
}

G_END_DECLS
