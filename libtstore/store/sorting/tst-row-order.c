/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-row-order-insides-private.h"

#include "tst-rank-tree-private.h"
#include "tst-sort-walk-private.h"

/* --- The rows that there are now --- */

void
tst_row_order_unpin (TstRowOrder *self)
{
  g_clear_pointer (&self->pinned, tst_snapshot_unref);
  self->pinned_table = NULL;
}

void
tst_row_order_pin_if_open (TstRowOrder *self)
{
  if (self->store->engine->n_log == 0)
    return;

  self->pinned = tst_engine_snapshot (self->store->engine);
  self->pinned_table =
    tst_snapshot_find_table (self->pinned, tst_sorted_rows_get_table_id (self->rows)->text);
}

static const TstTableData *
get_data (const TstRowOrder *self)
{
  return self->pinned != NULL ? self->pinned_table : tst_sorted_rows_get_table (self->rows)->data;
}

TstRowWindow
tst_row_order_get_window (const TstRowOrder *self)
{
  TstRowWindow window = { tst_sorted_rows_get_n (self->rows), 0, 0 };

  tst_sort_find_page (window.n, self->view.offset, self->view.limit, &window.start, &window.end);

  return window;
}

TstId *
tst_row_order_get_id_cb (guint    position,
                         gpointer user_data)
{
  TstRowOrder *self = user_data;
  guint n = tst_sorted_rows_get_n (self->rows);
  guint32 slot = tst_sorted_rows_get_slot (self->rows, tst_row_order_turn (self, n, position));

  return tst_table_data_head (get_data (self), slot)->id;
}

static TstId *
get_known_id (TstRowOrder *self,
              guint        position)
{
  TstId *id = tst_row_splices_look_up (self->untold, &position);

  if (id != NULL)
    return id;

  return tst_row_order_get_id_cb (tst_row_order_get_window (self).start + position, self);
}

static void
list_window (TstRowOrder *self,
             GPtrArray   *ids)
{
  TstRowWindow window = tst_row_order_get_window (self);
  guint n = window.end - window.start;
  guint start = self->view.descending ? window.n - window.end : window.start;
  g_autofree guint32 *slots = g_new (guint32, n);

  tst_sorted_rows_get_slots (self->rows, start, n, slots);
  for (guint i = 0; i < n; i++)
    {
      guint at = tst_row_order_turn (self, n, i);

      ids->pdata[i] = tst_table_data_head (get_data (self), slots[at])->id;
    }
}

GPtrArray *
tst_row_order_list_known (TstRowOrder *self)
{
  guint n = tst_row_order_get_n (self);
  GPtrArray *ids = g_ptr_array_sized_new (n);

  g_ptr_array_set_size (ids, (gint) n);
  if (tst_row_splices_is_empty (self->untold))
    list_window (self, ids);
  else
    for (guint i = 0; i < n; i++)
      ids->pdata[i] = get_known_id (self, i);

  return ids;
}

guint
tst_row_order_get_n (TstRowOrder *self)
{
  TstRowWindow window = tst_row_order_get_window (self);

  return tst_row_splices_get_n (self->untold, window.end - window.start);
}

const char *
tst_row_order_get_row_id (TstRowOrder *self,
                          guint        position)
{
  g_assert (position < tst_row_order_get_n (self));

  return get_known_id (self, position)->text;
}

/* What an open transaction removed is found by nobody but us. */
static gboolean
search (TstRowOrder *self,
        const char  *row_id,
        guint       *position)
{
  guint n = tst_sorted_rows_get_n (self->rows);

  for (*position = 0; *position < n; (*position)++)
    if (strcmp (tst_row_order_get_id_cb (*position, self)->text, row_id) == 0)
      return TRUE;

  return FALSE;
}

/* @position: (out): among all rows */
static gboolean
find_now (TstRowOrder *self,
          const char  *row_id,
          guint       *position)
{
  if (self->pinned == NULL && tst_sorted_rows_get_table (self->rows) != NULL)
    {
      guint32 slot = tst_id_map_find_text (&tst_sorted_rows_get_table (self->rows)->rows, row_id);
      guint at = slot != TST_ID_MAP_NONE ? tst_sorted_rows_find (self->rows, slot) : TST_RANK_NONE;

      *position = tst_row_order_turn (self, tst_sorted_rows_get_n (self->rows), at);
      if (at != TST_RANK_NONE)
        return TRUE;
    }

  return (self->pinned != NULL || self->store->engine->n_log > 0) &&
         search (self, row_id, position);
}

gboolean
tst_row_order_find (TstRowOrder *self,
                    const char  *row_id,
                    guint       *position)
{
  TstRowWindow window = tst_row_order_get_window (self);

  if (find_now (self, row_id, position) && *position >= window.start && *position < window.end)
    {
      *position -= window.start;
      if (tst_row_splices_is_known (self->untold, position))
        return TRUE;
    }

  return tst_row_splices_find (self->untold, row_id, position);
}

/* --- Life --- */

TstRowOrder *
tst_row_order_ref (TstRowOrder *self)
{
  self->ref_count++;
  return self;
}

void
tst_row_order_unref (TstRowOrder *self)
{
  if (--self->ref_count > 0)
    return;

  tst_row_order_unpin (self);
  tst_sorted_rows_free (self->rows);
  tst_row_splices_free (self->untold);
  g_clear_pointer (&self->filter, tst_row_filter_unref);
  g_free (self);
}

TstRowOrder *
tst_row_order_new (TstStore              *store,
                   const char            *table_id,
                   TstRowOrderBy          by,
                   const char            *cell_id,
                   const TstRowOrderView *view,
                   TstRowOrderFunc        func,
                   gpointer               user_data)
{
  TstRowOrder *self = g_new0 (TstRowOrder, 1);

  self->ref_count = 1;
  self->store = store;
  self->view = *view;
  self->func = func;
  self->user_data = user_data;
  self->untold = tst_row_splices_new ();
  self->rows = tst_sorted_rows_new (store->engine, table_id, by, cell_id, FALSE);
  tst_row_order_pin_if_open (self);
  tst_store_add_order (store, self);

  return self;
}

void
tst_row_order_close (TstRowOrder *self)
{
  g_assert (self->func != NULL);

  self->func = NULL;
  tst_store_remove_order (self->store, self);
  tst_row_order_unref (self);
}
