/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

/* An id: of a table, a row, a cell or a value. Immutable, counted, and made
 * once for each place that it names: whoever remembers an id holds a
 * reference, from any thread. Never contains a NUL. */
typedef struct
{
  gint    ref_count;  /* atomic */
  guint32 hash;       /* tst_id_hash() of the text */
  guint32 length;     /* in bytes, without the NUL that follows */
  char    text[];     /* UTF-8 */
} TstId;

/* The longest id, in bytes. */
#define TST_ID_MAX_LENGTH 0x3fffffff

/* What is compared when an id is looked up: ids of up to 12 bytes as two
 * words, padded with zeros, so that neither a call nor a second cache line is
 * needed; of longer ones the hash, and then the text. */
typedef struct
{
  guint64     low;     /* of a short id: its first 8 bytes */
  guint32     high;    /* of a short id: bytes 8 to 11; else TST_ID_KEY_LONG and hash */
  guint32     hash;
  const char *text;
  gsize       length;
} TstIdKey;

#define TST_ID_KEY_MAX_SHORT 12
/* 0xff is in no UTF-8 text */
#define TST_ID_KEY_LONG 0xff000000u

/* Mixed into every hash, other in each process, so that nobody can make a
 * file whose ids all collide. */
extern guint64 tst_id_seed[2];

void     tst_id_init_seed    (void);
guint32  tst_id_hash_long    (const char *text,
                              gsize       length);
TstId   *tst_id_new          (const char *text,
                              gsize       length);
TstId   *tst_id_new_for_key  (const TstIdKey *key);
void     tst_id_free         (TstId      *self);

static inline TstId *
tst_id_ref (TstId *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

static inline void
tst_id_unref (TstId *self)
{
  if (g_atomic_int_dec_and_test (&self->ref_count))
    tst_id_free (self);
}

static inline gboolean
tst_id_equal (const TstId *a,
              const TstId *b)
{
  return a == b ||
         (a->hash == b->hash && a->length == b->length && memcmp (a->text, b->text, a->length) == 0);
}

static inline guint64
tst_id_mix (guint64 a,
            guint64 b)
{
#ifdef __SIZEOF_INT128__
  __uint128_t product = (__uint128_t) a * b;

  return (guint64) product ^ (guint64) (product >> 64);
#else
  guint64 x = (a ^ (b << 32 | b >> 32)) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  x = (x ^ (x >> 29)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  return x ^ (x >> 32);
#endif
}

static inline guint32
tst_id_key_hash_short (guint64 low,
                       guint32 high)
{
  return (guint32) tst_id_mix (low ^ tst_id_seed[0], high ^ tst_id_seed[1]);
}

/* Reads no byte outside of the text. */
static inline void
tst_id_key_load_short (TstIdKey   *key,
                       const char *text,
                       gsize       length)
{
  guint64 low = 0;
  guint32 high = 0;

#if G_BYTE_ORDER == G_LITTLE_ENDIAN
  if (length >= 8)
    {
      guint32 tail;

      memcpy (&low, text, 8);
      memcpy (&tail, text + length - 4, 4);
      high = (guint32) ((guint64) tail >> ((12 - length) * 8));
    }
  else if (length >= 4)
    {
      guint32 head, tail;

      memcpy (&head, text, 4);
      memcpy (&tail, text + length - 4, 4);
      low = head | (guint64) tail << ((length - 4) * 8);
    }
  else if (length > 0)
    {
      const guint8 *bytes = (const guint8 *) text;

      low = bytes[0] |
            (guint64) bytes[length / 2] << (length / 2 * 8) |
            (guint64) bytes[length - 1] << ((length - 1) * 8);
    }
#else
  char bytes[12] = { 0, };

  memcpy (bytes, text, length);
  memcpy (&low, bytes, 8);
  for (int i = 0; i < 4; i++)
    high |= (guint32) (guint8) bytes[8 + i] << (i * 8);
#endif

  key->low = low;
  key->high = high;
}

/* In two steps, the words of a short id first: to compare it with the one of
 * the call before is cheaper than to hash it. */
static inline gboolean
tst_id_key_load (TstIdKey   *key,
                 const char *text,
                 gsize       length)
{
  key->text = text;
  key->length = length;

  if (G_UNLIKELY (length > TST_ID_KEY_MAX_SHORT))
    return FALSE;

  tst_id_key_load_short (key, text, length);
  return TRUE;
}

static inline void
tst_id_key_hash (TstIdKey *key)
{
  if (G_LIKELY (key->length <= TST_ID_KEY_MAX_SHORT))
    {
      key->hash = tst_id_key_hash_short (key->low, key->high);
    }
  else
    {
      key->hash = tst_id_hash_long (key->text, key->length);
      key->low = 0;
      key->high = TST_ID_KEY_LONG | (key->hash & ~TST_ID_KEY_LONG);
    }
}

static inline void
tst_id_key_init (TstIdKey   *key,
                 const char *text,
                 gsize       length)
{
  tst_id_key_load (key, text, length);
  tst_id_key_hash (key);
}

static inline void
tst_id_key_init_id (TstIdKey    *key,
                    const TstId *id)
{
  key->text = id->text;
  key->length = id->length;
  key->hash = id->hash;

  if (id->length <= TST_ID_KEY_MAX_SHORT)
    {
      tst_id_key_load_short (key, id->text, id->length);
    }
  else
    {
      key->low = 0;
      key->high = TST_ID_KEY_LONG | (key->hash & ~TST_ID_KEY_LONG);
    }
}

static inline guint32
tst_id_hash (const char *text,
             gsize       length)
{
  TstIdKey key;

  tst_id_key_init (&key, text, length);
  return key.hash;
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TstId, tst_id_unref)

G_END_DECLS
