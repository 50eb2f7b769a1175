/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Rows in the order of a number: chunks of an array, found by halving. */
typedef struct
{
  double  number;
  guint32 row;
} LimitPlace;

typedef struct
{
  LimitPlace *places;
  guint32     n;
} LimitSortedChunk;

typedef struct
{
  LimitSortedChunk *chunks;
  guint32           n_chunks;
} LimitSorted;

static inline gboolean
limit_place_is_before (LimitPlace a,
                       LimitPlace b)
{
  return a.number < b.number || (a.number == b.number && a.row < b.row);
}

/* Sorts @places. */
LimitSorted *limit_sorted_new    (LimitPlace  *places,
                                  guint32      n);
void         limit_sorted_add    (LimitSorted *self,
                                  LimitPlace   place);
void         limit_sorted_remove (LimitSorted *self,
                                  LimitPlace   place);
LimitPlace   limit_sorted_get    (LimitSorted *self,
                                  guint32      position);

G_END_DECLS
