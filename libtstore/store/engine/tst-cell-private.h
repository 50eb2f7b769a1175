/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-types.h"

#include <string.h>

G_BEGIN_DECLS

/* One cell, or one keyed value, in 16 bytes: a kind, then what the kind says.
 *
 *   number, boolean   in `number`
 *   text              up to 14 bytes in `inline_text`, whose last byte is
 *                     14 - length, so that it ends a text of 14 bytes;
 *                     longer ones in a counted block (TST_CELL_LONG is set)
 *
 * Bytes that a kind does not use are 0, so that equal cells but for numbers
 * and long texts are equal as memory. The text of objects and arrays is
 * compact JSON. A cell owns its block: copy with tst_cell_copy() and let go
 * with tst_cell_clear(). */

#define TST_CELL_LONG          0x80
#define TST_CELL_TYPE_MASK     0x07
#define TST_CELL_INLINE_LENGTH 14

typedef struct
{
  gint    ref_count;  /* atomic */
  guint32 length;     /* in bytes, without the NUL that follows */
  char    text[];
} TstText;

typedef union
{
  guint8 kind;        /* TstCellType, perhaps with TST_CELL_LONG: the first byte, whatever the byte order */
  struct
  {
    guint8 kind_;
    char   text[15];
  } inlined;
  struct
  {
    guint64 kind_;
    union
    {
      double   number;
      guint64  boolean;
      TstText *text;
      gpointer pointer;
    };
  } wide;
  guint64 words[2];
} TstCell;

G_STATIC_ASSERT (sizeof (TstCell) == 16);

#define TST_CELL_INIT { .words = { 0, 0 } }

/* The first word of a cell whose kind is all that is in it. */
#define TST_CELL_KIND_WORD(kind) GUINT64_TO_LE ((guint64) (kind))

void      tst_cell_init_long_text (TstCell       *cell,
                                   TstCellType    type,
                                   const char    *text,
                                   gsize          length);
gboolean  tst_cell_init_value     (TstCell       *cell,
                                   const GValue  *value,
                                   GError       **error);
void      tst_cell_get_value      (const TstCell *cell,
                                   GValue        *value);
void      tst_text_unref          (TstText       *text);

gboolean  tst_text_is_valid       (const char    *text,
                                   gsize          length);
gboolean  tst_cell_init_string    (TstCell       *cell,
                                   const char    *text,
                                   GError       **error);
gboolean  tst_cell_init_finite    (TstCell       *cell,
                                   double         number,
                                   GError       **error);

/* These take NULL for a cell that is absent. */
GValue   *tst_cell_dup_value      (const TstCell *cell);

static inline TstCellType
tst_cell_type (const TstCell *cell)
{
  return cell->kind & TST_CELL_TYPE_MASK;
}

static inline void
tst_cell_init_null (TstCell *cell)
{
  cell->words[0] = TST_CELL_KIND_WORD (TST_CELL_TYPE_NULL);
  cell->words[1] = 0;
}

/* number must be finite */
static inline void
tst_cell_init_number (TstCell *cell,
                      double   number)
{
  cell->words[0] = TST_CELL_KIND_WORD (TST_CELL_TYPE_NUMBER);
  cell->wide.number = number;
}

static inline void
tst_cell_init_boolean (TstCell  *cell,
                       gboolean  boolean)
{
  cell->words[0] = TST_CELL_KIND_WORD (TST_CELL_TYPE_BOOLEAN);
  cell->words[1] = boolean ? 1 : 0;
}

/* type: string, object or array. text must be valid UTF-8 without a NUL; the
 * text of objects and arrays must be compact JSON. */
static inline void
tst_cell_init_text (TstCell     *cell,
                    TstCellType  type,
                    const char  *text,
                    gsize        length)
{
  if (length > TST_CELL_INLINE_LENGTH)
    {
      tst_cell_init_long_text (cell, type, text, length);
      return;
    }

  cell->words[0] = cell->words[1] = 0;
  cell->inlined.kind_ = type;
  memcpy (cell->inlined.text, text, length);
  cell->inlined.text[TST_CELL_INLINE_LENGTH] = (char) (TST_CELL_INLINE_LENGTH - length);
}

static inline double
tst_cell_get_number (const TstCell *cell)
{
  return cell->wide.number;
}

static inline gboolean
tst_cell_get_boolean (const TstCell *cell)
{
  return cell->wide.boolean != 0;
}

/* Ends with a NUL, and lives as long as the cell stays where it is. */
static inline const char *
tst_cell_get_text (const TstCell *cell,
                   gsize         *length)
{
  if (cell->kind & TST_CELL_LONG)
    {
      if (length)
        *length = cell->wide.text->length;
      return cell->wide.text->text;
    }

  if (length)
    *length = TST_CELL_INLINE_LENGTH - (gsize) cell->inlined.text[TST_CELL_INLINE_LENGTH];
  return cell->inlined.text;
}

static inline TstCellType
tst_cell_peek_type (const TstCell *cell)
{
  return cell ? tst_cell_type (cell) : TST_CELL_TYPE_NONE;
}

static inline const char *
tst_cell_peek_string (const TstCell *cell)
{
  return tst_cell_peek_type (cell) == TST_CELL_TYPE_STRING ? tst_cell_get_text (cell, NULL) : NULL;
}

static inline double
tst_cell_peek_number (const TstCell *cell)
{
  return tst_cell_peek_type (cell) == TST_CELL_TYPE_NUMBER ? tst_cell_get_number (cell) : 0;
}

static inline gboolean
tst_cell_peek_boolean (const TstCell *cell)
{
  return tst_cell_peek_type (cell) == TST_CELL_TYPE_BOOLEAN && tst_cell_get_boolean (cell);
}

static inline void
tst_cell_clear (TstCell *cell)
{
  if (cell->kind & TST_CELL_LONG)
    tst_text_unref (cell->wide.text);
  cell->words[0] = cell->words[1] = 0;
}

static inline void
tst_cell_copy (TstCell       *cell,
               const TstCell *other)
{
  *cell = *other;
  if (cell->kind & TST_CELL_LONG)
    g_atomic_int_inc (&cell->wide.text->ref_count);
}

static inline gboolean
tst_cell_equal (const TstCell *a,
                const TstCell *b)
{
  if (a->words[0] != b->words[0])
    return FALSE;
  if (a->kind == TST_CELL_TYPE_NUMBER)
    return a->wide.number == b->wide.number;
  if (a->words[1] == b->words[1])
    return TRUE;
  if (!(a->kind & TST_CELL_LONG))
    return FALSE;
  return a->wide.text->length == b->wide.text->length &&
         memcmp (a->wide.text->text, b->wide.text->text, a->wide.text->length) == 0;
}

G_END_DECLS
