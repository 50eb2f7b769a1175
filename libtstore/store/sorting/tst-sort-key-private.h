/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-cell-private.h"
#include "tst-id-private.h"

G_BEGIN_DECLS

/* What cells are sorted by: a number, or a text, which is behind all numbers. */
typedef struct
{
  const char *text;    /* (nullable): borrowed; NULL if it is a number */
  double      number;
  guint32     length;
} TstSortKey;

/* @cell: (nullable). @texts keeps the texts of arrays, and is made for the
 * first of them. */
void  tst_sort_key_init_slowly (TstSortKey       *self,
                                const TstCell    *cell,
                                GStringChunk    **texts);

/* Compares UTF-8 in the order of UTF-16. */
int   tst_text_compare_utf16   (const char       *a,
                                gsize             a_length,
                                const char       *b,
                                gsize             b_length);

/* The beginning of a key as a number: heads are in the order of the keys, and
 * keys with the same head are the same, unless it is cut off. */
guint64 tst_sort_key_get_head  (const TstSortKey *self);

/* Numbers that are no double, as far as it is finite: those of texts. */
#define TST_SORT_HEAD_TEXT G_GUINT64_CONSTANT (0xfff0000000000000)
#define TST_SORT_HEAD_CUT  1

static inline gboolean
tst_sort_head_is_cut (guint64 head)
{
  return head >= TST_SORT_HEAD_TEXT && (head & TST_SORT_HEAD_CUT);
}

static inline void
tst_sort_key_init (TstSortKey     *self,
                   const TstCell  *cell,
                   GStringChunk  **texts)
{
  if (G_LIKELY (cell != NULL && cell->kind == TST_CELL_TYPE_NUMBER))
    *self = (TstSortKey) { NULL, tst_cell_get_number (cell), 0 };
  else
    tst_sort_key_init_slowly (self, cell, texts);
}

static inline void
tst_sort_key_init_id (TstSortKey  *self,
                      const TstId *id)
{
  *self = (TstSortKey) { id->text, 0, id->length };
}

static inline int
tst_sort_key_compare (const TstSortKey *a,
                      const TstSortKey *b)
{
  if (G_LIKELY (a->text == NULL && b->text == NULL))
    return (a->number > b->number) - (a->number < b->number);

  if (a->text == NULL || b->text == NULL)
    return a->text == NULL ? -1 : 1;

  return tst_text_compare_utf16 (a->text, a->length, b->text, b->length);
}

G_END_DECLS
