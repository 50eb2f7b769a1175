/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-store-object-private.h"

/* --- Life --- */

TstSorted *
tst_store_ensure_sorted (TstStore *self)
{
  if (self->sorted == NULL)
    {
      self->sorted = g_new0 (TstSorted, 1);
      self->sorted->orders = g_ptr_array_new ();
    }

  return self->sorted;
}

void
tst_store_trim_sorted (TstStore *self)
{
  TstSorted *sorted = self->sorted;

  if (sorted->pages != NULL && tst_sorted_pages_is_empty (sorted->pages))
    g_clear_pointer (&sorted->pages, tst_sorted_pages_free);
  if (sorted->pages == NULL && sorted->orders->len == 0)
    tst_store_clear_sorted (self);
}

void
tst_store_clear_sorted (TstStore *self)
{
  g_clear_pointer (&self->sorted->pages, tst_sorted_pages_free);
  g_ptr_array_unref (self->sorted->orders);
  g_clear_pointer (&self->sorted, g_free);
}

/* An order is one more who wants transactions to be logged. */
void
tst_store_add_order (TstStore    *self,
                     TstRowOrder *order)
{
  g_ptr_array_add (tst_store_ensure_sorted (self)->orders, order);
  self->n_listeners++;
}

void
tst_store_remove_order (TstStore    *self,
                        TstRowOrder *order)
{
  g_ptr_array_remove (self->sorted->orders, order);
  self->n_listeners--;
  tst_store_trim_sorted (self);
}

/* --- Rounds --- */

/* Returns: (transfer full): those that are open now; whoever is asked or told may close
 * any of them, and open others */
static GPtrArray *
hold_orders (TstStore *self)
{
  GPtrArray *orders = g_ptr_array_new_with_free_func ((GDestroyNotify) tst_row_order_unref);

  for (guint i = 0; self->sorted != NULL && i < self->sorted->orders->len; i++)
    g_ptr_array_add (orders, tst_row_order_ref (self->sorted->orders->pdata[i]));

  return orders;
}

/* Their filters are asked, and whoever writes a filter may open orders in it. */
static void
follow_orders (TstStore *self)
{
  gboolean again = TRUE;

  while (again)
    {
      g_autoptr(GPtrArray) orders = hold_orders (self);

      again = FALSE;
      for (guint i = 0; i < orders->len; i++)
        again |= tst_row_order_follow (orders->pdata[i]);
    }
}

GPtrArray *
tst_store_forget_log_of_sorted (TstStore *self)
{
  GPtrArray *pages = NULL;
  TstSorted *sorted;

  if (self->sorted->pages != NULL)
    pages = tst_sorted_pages_follow (self->sorted->pages, FALSE);
  if (self->sorted->orders->len > 0)
    follow_orders (self);

  tst_engine_forget (self->engine);

  sorted = self->sorted;
  if (sorted != NULL && sorted->pages != NULL)
    tst_sorted_pages_settle (sorted->pages);
  for (guint i = 0; sorted != NULL && i < sorted->orders->len; i++)
    tst_row_order_settle (sorted->orders->pdata[i]);

  return pages;
}

void
tst_store_tell_orders (TstStore *self)
{
  g_autoptr(GPtrArray) orders = hold_orders (self);

  for (guint i = 0; i < orders->len; i++)
    tst_row_order_tell (orders->pdata[i]);
}
