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

/* Lengths are kept in 32 bits; everything that comes in is far below. */
#define TST_ID_MAX_LENGTH (G_MAXINT32 / 2)

guint32  tst_id_hash   (const char *text,
                        gsize       length);
TstId   *tst_id_new    (const char *text,
                        gsize       length);
TstId   *tst_id_ref    (TstId      *self);
void     tst_id_unref  (TstId      *self);

static inline gboolean
tst_id_equal (const TstId *a,
              const TstId *b)
{
  return a == b ||
         (a->hash == b->hash && a->length == b->length && memcmp (a->text, b->text, a->length) == 0);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TstId, tst_id_unref)

G_END_DECLS
