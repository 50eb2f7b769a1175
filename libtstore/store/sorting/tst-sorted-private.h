/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-row-order-private.h"
#include "tst-sorted-pages-private.h"

G_BEGIN_DECLS

/* All that a store keeps sorted: the pages of listeners, and the orders of models. There
 * is none of it unless somebody wants something of the kind. */
typedef struct
{
  TstSortedPages *pages;   /* (nullable) */
  GPtrArray      *orders;  /* of TstRowOrder, not owned: those that are open */
} TstSorted;

/* Returns: that of the store, made if there is none */
TstSorted *tst_store_ensure_sorted  (TstStore    *self);
/* Lets go of it if nobody wants anything any more. */
void       tst_store_trim_sorted    (TstStore    *self);
void       tst_store_clear_sorted   (TstStore    *self);

void       tst_store_add_order      (TstStore    *self,
                                     TstRowOrder *order);
void       tst_store_remove_order   (TstStore    *self,
                                     TstRowOrder *order);

/* Takes in what is in the log, and forgets that.
 * Returns: (transfer full) (nullable): the pages of sorted rows to be told */
GPtrArray *tst_store_forget_log_of_sorted (TstStore *self);
/* Each order tells what it has to. */
void       tst_store_tell_orders    (TstStore    *self);

/* --- tst-row-order.c --- */

TstRowOrder *tst_row_order_ref      (TstRowOrder *self);
void         tst_row_order_unref    (TstRowOrder *self);
/* Takes in what is in the log. Returns: FALSE if it had done so already */
gboolean     tst_row_order_follow   (TstRowOrder *self);
/* The log, all of which was taken in, has just been forgotten. */
void         tst_row_order_settle   (TstRowOrder *self);
void         tst_row_order_tell     (TstRowOrder *self);

G_END_DECLS
