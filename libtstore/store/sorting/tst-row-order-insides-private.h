/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-row-filter-private.h"
#include "tst-row-splices-private.h"

G_BEGIN_DECLS

/* The order itself, for the files that implement it. */

struct _TstRowOrder
{
  guint               ref_count;
  TstStore           *store;         /* not owned */
  TstRowOrderFunc     func;          /* (nullable): NULL if it is closed */
  gpointer            user_data;

  TstSortedRows      *rows;          /* those that pass, ascending, as they are now */
  TstRowFilter       *filter;        /* (nullable) */
  TstRowOrderView     view;
  TstRowSplices      *untold;        /* from what its owner knows to @rows */

  /* While @rows are of an open transaction that may yet be undone: what it is about,
   * as it was when they were made. */
  TstSnapshot        *pinned;        /* (nullable) */
  const TstTableData *pinned_table;  /* (nullable): in @pinned */

  gboolean            is_asking;     /* the filter is being asked */
  gboolean            is_current;    /* it followed in this round */
};

/* --- tst-row-order.c: what there is --- */

/* From here on, what is in the log will not be undone. */
void         tst_row_order_unpin         (TstRowOrder       *self);
/* The rows, which are those of now, may be undone if a transaction is open. */
void         tst_row_order_pin_if_open   (TstRowOrder       *self);
TstRowWindow tst_row_order_get_window    (const TstRowOrder *self);
/* A TstRowIdFunc: the rows that there are now */
TstId       *tst_row_order_get_id_cb     (guint              position,
                                          gpointer           user_data);
/* Returns: (transfer full): of TstId, not owned: the rows that the owner knows */
GPtrArray   *tst_row_order_list_known    (TstRowOrder       *self);

/* From the place among all @n rows to that among those in rising order, or back. */
static inline guint
tst_row_order_turn (const TstRowOrder *self,
                    guint              n,
                    guint              position)
{
  return self->view.descending ? n - 1 - position : position;
}

G_END_DECLS
