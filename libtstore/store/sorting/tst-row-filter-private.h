/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-row-order-private.h"
#include "tst-sorted-rows-private.h"
#include "tst-store-object-private.h"

G_BEGIN_DECLS

/* Which rows are to be in an order. Kept as long as it is asked, also if the order is
 * closed, or gets another one. */
typedef struct
{
  guint              ref_count;
  TstRowOrderFilter  func;
  gpointer           user_data;
  GDestroyNotify     destroy;    /* (nullable) */
} TstRowFilter;

TstRowFilter *tst_row_filter_new         (TstRowOrderFilter     func,
                                          gpointer              user_data,
                                          GDestroyNotify        destroy);
void          tst_row_filter_unref       (TstRowFilter         *self);

/* While it is being asked, what it writes is undone in the end. Whoever is asked may close
 * the order. */
typedef struct
{
  TstRowFilter *filter;
  TstStore     *store;
  gboolean     *is_asking;
  TstFiltering  filtering;
} TstRowQuestion;

/* @is_asking: is TRUE until it stops */
void          tst_row_question_start     (TstRowQuestion       *self,
                                          TstRowFilter         *filter,
                                          TstStore             *store,
                                          gboolean             *is_asking);
/* Returns: whether that row of the table that @rows are of is to be in there */
gboolean      tst_row_question_ask       (const TstRowQuestion *self,
                                          TstSortedRows        *rows,
                                          guint32               slot);
void          tst_row_question_stop      (TstRowQuestion       *self);

G_END_DECLS
