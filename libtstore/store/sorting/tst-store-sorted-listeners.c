/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-store-object-private.h"

/* Listeners to sorted rows: the public face of tst-sorted-pages.c. */

void
tst_store_forget_sorted_page (TstStore *self,
                              gulong    handle)
{
  if (self->sorted == NULL || self->sorted->pages == NULL)
    return;

  tst_sorted_pages_remove (self->sorted->pages, handle);
  tst_store_trim_sorted (self);
}

void
tst_store_call_with_sorted_page (TstStore     *self,
                                 TstListeners *listeners,
                                 gulong        handle)
{
  g_autoptr(TstSortedPage) page = tst_sorted_pages_find (self->sorted->pages, handle);

  tst_sorted_page_tell (page, listeners, self);
}

/**
 * TstSortedRowIdsListener:
 * @store: the store
 * @table_id: the id of the table
 * @cell_id: (nullable): the cell that is sorted by; `NULL` for the row id
 * @descending: whether the order is reversed
 * @offset: how many rows are left out; if negative, it begins so many before
 *   the end
 * @limit: how many rows there are at most; -1 for all
 * @row_ids: (array zero-terminated=1): the ids of the rows
 * @user_data: the data given with the listener
 *
 * Is told of a page of the rows of a table, in the order of a cell.
 *
 * All but @row_ids is as it was given with the listener.
 *
 * Since: 0.1
 */

/**
 * tst_store_add_sorted_row_ids_listener:
 * @self: a store
 * @table_id: the id of the table
 * @cell_id: (nullable): the cell to sort by; `NULL` for the row id
 * @descending: whether to reverse the order
 * @offset: how many rows to leave out; if negative, to begin so many before
 *   the end
 * @limit: how many rows to list at most; -1 for all
 * @flags: how the listener is called
 * @listener: (scope notified) (closure user_data) (destroy destroy): the function to call
 * @user_data: data for @listener
 * @destroy: (nullable): what frees @user_data when the listener is gone
 *
 * Asks to be told of a page of the rows of a table, in the order of a cell,
 * whenever there are other rows in it, or the same in another order.
 *
 * The page is what [method@Store.get_sorted_row_ids] returns for the same
 * arguments. The first one to be told is the first one that differs from the
 * page that there is now.
 *
 * The rows are kept sorted, so that a change costs next to nothing, however many
 * of them there are. That takes some 25 bytes a row, once for all listeners with
 * the same @table_id and @cell_id.
 *
 * Returns: a handle for [method@Store.remove_listener], never 0, and never
 *   given out again
 *
 * Since: 0.1
 */
gulong
tst_store_add_sorted_row_ids_listener (TstStore                *self,
                                       const char              *table_id,
                                       const char              *cell_id,
                                       gboolean                 descending,
                                       int                      offset,
                                       int                      limit,
                                       TstListenerFlags         flags,
                                       TstSortedRowIdsListener  listener,
                                       gpointer                 user_data,
                                       GDestroyNotify           destroy)
{
  TstSorted *sorted;
  gulong handle;

  g_return_val_if_fail (TST_IS_STORE (self), 0);
  g_return_val_if_fail (table_id != NULL, 0);
  g_return_val_if_fail (limit >= -1, 0);

  handle = tst_store_add_listener (self, TST_LISTENER_KIND_SORTED_ROW_IDS,
                                   TST_IDS (table_id, cell_id), flags,
                                   G_CALLBACK (listener), user_data, destroy);
  if (handle == 0)
    return 0;

  sorted = tst_store_ensure_sorted (self);
  if (sorted->pages == NULL)
    sorted->pages = tst_sorted_pages_new (self->engine);
  tst_sorted_pages_add (sorted->pages, handle, flags & TST_LISTENER_MUTATOR, table_id, cell_id,
                        descending, offset, limit);

  return handle;
}
