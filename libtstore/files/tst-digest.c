/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-digest-private.h"

#include <string.h>

/* GLib's SHA-256 takes as long as everything else that is done to save a large store.
 * Most processors have instructions for it that take a fifth of that. */

#ifdef __x86_64__

#include <cpuid.h>
#include <immintrin.h>

#define BLOCK_SIZE 64
#define N_WORDS    8

/* FIPS 180-4, 4.2.2 and 5.3.3 */
static const guint32 constants[64] = {
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static const guint32 initial_state[N_WORDS] = {
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

#define WITH_INSTRUCTIONS __attribute__ ((target ("sha,sse4.1")))

/* The words A to H as the instructions want them. */
typedef struct
{
  __m128i abef;
  __m128i cdgh;
} State;

/* Four rounds with the next four words of the message schedule. */
WITH_INSTRUCTIONS static inline void
do_rounds (State         *self,
           __m128i        words,
           const guint32 *k)
{
  __m128i sums = _mm_add_epi32 (words, _mm_loadu_si128 ((const __m128i *) k));

  self->cdgh = _mm_sha256rnds2_epu32 (self->cdgh, self->abef, sums);
  self->abef = _mm_sha256rnds2_epu32 (self->abef, self->cdgh, _mm_shuffle_epi32 (sums, 0x0e));
}

/* The four words of the schedule that follow the sixteen of @a to @d. */
WITH_INSTRUCTIONS static inline __m128i
schedule (__m128i a,
          __m128i b,
          __m128i c,
          __m128i d)
{
  __m128i words = _mm_add_epi32 (_mm_sha256msg1_epu32 (a, b), _mm_alignr_epi8 (d, c, 4));

  return _mm_sha256msg2_epu32 (words, d);
}

/* They are big-endian. */
WITH_INSTRUCTIONS static inline __m128i
load_words (const guint8 *data)
{
  const __m128i order = _mm_set_epi64x (0x0c0d0e0f08090a0b, 0x0405060700010203);

  return _mm_shuffle_epi8 (_mm_loadu_si128 ((const __m128i *) data), order);
}

WITH_INSTRUCTIONS static inline void
add_block (State        *self,
           const guint8 *data)
{
  State before = *self;
  __m128i a = load_words (data);
  __m128i b = load_words (data + 16);
  __m128i c = load_words (data + 32);
  __m128i d = load_words (data + 48);

  for (guint i = 0; i < G_N_ELEMENTS (constants); i += 16)
    {
      do_rounds (self, a, constants + i);
      do_rounds (self, b, constants + i + 4);
      do_rounds (self, c, constants + i + 8);
      do_rounds (self, d, constants + i + 12);

      /* After the last rounds for nothing, which costs nothing. */
      a = schedule (a, b, c, d);
      b = schedule (b, c, d, a);
      c = schedule (c, d, a, b);
      d = schedule (d, a, b, c);
    }

  self->abef = _mm_add_epi32 (self->abef, before.abef);
  self->cdgh = _mm_add_epi32 (self->cdgh, before.cdgh);
}

WITH_INSTRUCTIONS static void
add_blocks (guint32       words[N_WORDS],
            const guint8 *data,
            gsize         n_blocks)
{
  __m128i cdab = _mm_shuffle_epi32 (_mm_loadu_si128 ((const __m128i *) words), 0xb1);
  __m128i efgh = _mm_shuffle_epi32 (_mm_loadu_si128 ((const __m128i *) (words + 4)), 0x1b);
  State state = { _mm_alignr_epi8 (cdab, efgh, 8), _mm_blend_epi16 (efgh, cdab, 0xf0) };
  __m128i feba, dchg;

  for (; n_blocks > 0; n_blocks--, data += BLOCK_SIZE)
    add_block (&state, data);

  feba = _mm_shuffle_epi32 (state.abef, 0x1b);
  dchg = _mm_shuffle_epi32 (state.cdgh, 0xb1);
  _mm_storeu_si128 ((__m128i *) words, _mm_blend_epi16 (feba, dchg, 0xf0));
  _mm_storeu_si128 ((__m128i *) (words + 4), _mm_alignr_epi8 (dchg, feba, 8));
}

/* What does not fill a block, and the length in bits at the end of the last one. */
static void
add_end (guint32       words[N_WORDS],
         const guint8 *data,
         gsize         length)
{
  gsize rest = length % BLOCK_SIZE;
  gsize n_blocks = rest + 1 + sizeof (guint64) > BLOCK_SIZE ? 2 : 1;
  guint64 n_bits = GUINT64_TO_BE ((guint64) length * 8);
  guint8 end[2 * BLOCK_SIZE] = { 0, };

  if (rest > 0)
    memcpy (end, data + length - rest, rest);
  end[rest] = 0x80;
  memcpy (end + n_blocks * BLOCK_SIZE - sizeof n_bits, &n_bits, sizeof n_bits);

  add_blocks (words, end, n_blocks);
}

static char *
digest_by_instructions (GBytes *content)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (content, &length);
  guint32 words[N_WORDS];

  memcpy (words, initial_state, sizeof words);
  add_blocks (words, data, length / BLOCK_SIZE);
  add_end (words, data, length);

  return g_strdup_printf ("%08x%08x%08x%08x%08x%08x%08x%08x", words[0], words[1], words[2],
                          words[3], words[4], words[5], words[6], words[7]);
}

/* Intel's manual, "CPUID": leaf 7 tells of SHA; whatever has it has the others. Asking
 * takes long in a virtual machine. */
static gboolean
has_instructions (void)
{
  static gsize known = 0;  /* 1: it has none, 2: it has them */

  if (g_once_init_enter (&known))
    {
      guint eax, ebx = 0, ecx, edx;
      gboolean has = __get_cpuid_count (7, 0, &eax, &ebx, &ecx, &edx) != 0 &&
                     (ebx & (1u << 29)) != 0;

      g_once_init_leave (&known, has ? 2 : 1);
    }

  return known == 2;
}

#endif

char *
tst_digest (GBytes *content)
{
#ifdef __x86_64__
  if (has_instructions ())
    return digest_by_instructions (content);
#endif

  return g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, content);
}
