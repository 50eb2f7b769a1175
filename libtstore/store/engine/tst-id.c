/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-id-private.h"

guint64 tst_id_seed[2] = { G_GUINT64_CONSTANT (0xa0761d6478bd642f), G_GUINT64_CONSTANT (0xe7037ed1a0b428db) };

void
tst_id_init_seed (void)
{
  static gsize done = 0;

  if (g_once_init_enter (&done))
    {
      tst_id_seed[0] ^= (guint64) g_random_int () << 32 | g_random_int ();
      tst_id_seed[1] ^= (guint64) g_random_int () << 32 | g_random_int ();
      g_once_init_leave (&done, 1);
    }
}

guint32
tst_id_hash_long (const char *text,
                  gsize       length)
{
  guint64 hash = tst_id_seed[0] ^ length;
  guint64 a, b;

  g_assert (length > TST_ID_KEY_MAX_SHORT);

  for (; length > 16; length -= 16, text += 16)
    {
      memcpy (&a, text, 8);
      memcpy (&b, text + 8, 8);
      hash = tst_id_mix (a ^ hash, b ^ tst_id_seed[1]);
    }

  /* What is left has 1 to 16 bytes, and at least 13 were there at first: the
   * last 8 bytes may be read once more. */
  memcpy (&b, text + length - 8, 8);
  if (length > 8)
    memcpy (&a, text, 8);
  else
    a = length;

  return (guint32) tst_id_mix (a ^ hash, b ^ tst_id_seed[1]);
}

static TstId *
new_with_hash (const char *text,
               gsize       length,
               guint32     hash)
{
  TstId *self;

  g_assert (length <= TST_ID_MAX_LENGTH);

  self = g_malloc (sizeof (TstId) + length + 1);
  self->ref_count = 1;
  self->hash = hash;
  self->length = (guint32) length;
  memcpy (self->text, text, length);
  self->text[length] = '\0';

  return self;
}

TstId *
tst_id_new (const char *text,
            gsize       length)
{
  return new_with_hash (text, length, tst_id_hash (text, length));
}

TstId *
tst_id_new_for_key (const TstIdKey *key)
{
  return new_with_hash (key->text, key->length, key->hash);
}

void
tst_id_free (TstId *self)
{
  g_free (self);
}
