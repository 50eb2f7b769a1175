/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-row-order-insides-private.h"

#include "tst-rank-tree-private.h"

/* --- Some rows --- */

/* Where the rows are that are in there. Returns: (transfer full): of TstRowPlace */
static GArray *
find_places (TstRowOrder   *self,
             const guint32 *slots,
             guint          n)
{
  GArray *places = g_array_sized_new (FALSE, FALSE, sizeof (TstRowPlace), n + 1);
  const TstTable *table = tst_sorted_rows_get_table (self->rows);
  guint n_rows = tst_sorted_rows_get_n (self->rows);

  for (guint i = 0; i < n; i++)
    {
      guint at = tst_sorted_rows_find (self->rows, slots[i]);
      TstRowPlace place;

      if (at == TST_RANK_NONE)
        continue;

      place.position = tst_row_order_turn (self, n_rows, at);
      place.id = tst_table_data_head (table->data, slots[i])->id;
      g_array_append_val (places, place);
    }

  return places;
}

static int
compare_places (gconstpointer a,
                gconstpointer b)
{
  const TstRowPlace *first = a, *second = b;

  return (first->position > second->position) - (first->position < second->position);
}

/* Puts rows where they belong now. @passing: of each of them, whether it is to be in there */
static void
place_rows (TstRowOrder    *self,
            const guint32  *slots,
            guint           n,
            const gboolean *passing)
{
  TstRowWindow was = tst_row_order_get_window (self), is;
  g_autoptr(GArray) gone = find_places (self, slots, n);
  g_autoptr(GArray) come = NULL;

  for (guint i = 0; i < n; i++)
    if (tst_sorted_rows_find (self->rows, slots[i]) != TST_RANK_NONE)
      tst_sorted_rows_take_out (self->rows, slots[i]);
  for (guint i = 0; i < n; i++)
    if (passing[i])
      tst_sorted_rows_put_in (self->rows, slots[i]);

  is = tst_row_order_get_window (self);
  come = find_places (self, slots, n);
  g_array_sort (gone, compare_places);
  g_array_sort (come, compare_places);
  tst_row_splices_set (self->untold, gone, come, &was, &is, tst_row_order_get_id_cb, self);
}

/* Returns: (transfer full): of each row, whether it is there, and passes */
static gboolean *
ask_some (TstRowOrder   *self,
          const guint32 *slots,
          guint          n)
{
  gboolean *passing = g_new (gboolean, n);
  TstRowQuestion question;

  for (guint i = 0; i < n; i++)
    passing[i] = tst_sorted_rows_has_row (self->rows, slots[i]);
  if (self->filter == NULL)
    return passing;

  tst_row_question_start (&question, self->filter, self->store, &self->is_asking);
  for (guint i = 0; i < n; i++)
    passing[i] = passing[i] && tst_row_question_ask (&question, self->rows, slots[i]);
  tst_row_question_stop (&question);

  return passing;
}

/* --- All rows --- */

static TstSlotSet *
ask_all (TstRowOrder      *self,
         TstSortedRows    *rows,
         const TstSlotSet *all)
{
  TstSlotSet *passing = tst_slot_set_new ();
  TstRowQuestion question;

  tst_row_question_start (&question, self->filter, self->store, &self->is_asking);
  for (guint32 slot = tst_slot_set_next (all, 0); slot != TST_SLOT_NONE;
       slot = tst_slot_set_next (all, slot + 1))
    if (tst_row_question_ask (&question, rows, slot))
      tst_slot_set_put (passing, slot);
  tst_row_question_stop (&question);
  tst_slot_set_count (passing);

  return passing;
}

/* Sorts all rows of a table, as it is now. @only: (nullable): what passes, if that is
 * known already */
static TstSortedRows *
sort_rows (TstRowOrder      *self,
           TstRowOrderBy     by,
           const char       *cell_id,
           const TstSlotSet *only)
{
  const char *table_id = tst_sorted_rows_get_table_id (self->rows)->text;
  TstSortedRows *rows =
    tst_sorted_rows_new (self->store->engine, table_id, by, cell_id, self->filter != NULL);
  g_autoptr(TstSlotSet) passing = NULL;
  const TstSlotSet *all;

  if (self->filter == NULL)
    return rows;

  all = tst_sorted_rows_list (rows);
  if (only == NULL)
    only = passing = ask_all (self, rows, all);
  tst_sorted_rows_fill (rows, only);

  return rows;
}

/* Takes over @rows. */
static void
replace_rows (TstRowOrder   *self,
              TstSortedRows *rows)
{
  g_autoptr(GPtrArray) was = tst_row_order_list_known (self);
  g_autoptr(GPtrArray) is = NULL;
  g_autoptr(TstSortedRows) old = self->rows;
  g_autoptr(TstSnapshot) pinned = g_steal_pointer (&self->pinned);
  g_autoptr(TstRowSplices) untold = self->untold;

  self->rows = rows;
  self->untold = tst_row_splices_new ();
  is = tst_row_order_list_known (self);
  tst_row_splices_set_all (self->untold, was, is);
}

/* @only: see sort_rows() */
static void
sort_again (TstRowOrder      *self,
            const TstSlotSet *only)
{
  TstId *cell_id = tst_sorted_rows_get_cell_id (self->rows);

  replace_rows (self, sort_rows (self, tst_sorted_rows_get_by (self->rows),
                                 cell_id ? cell_id->text : NULL, only));
}

/* --- Rounds --- */

gboolean
tst_row_order_follow (TstRowOrder *self)
{
  g_autofree gboolean *passing = NULL;
  const guint32 *slots;
  guint n;

  if (self->is_current || self->func == NULL)
    return FALSE;

  self->is_current = TRUE;
  if (!tst_row_splices_is_empty (self->untold) ||
      !tst_sorted_rows_look (self->rows, self->filter != NULL, &slots, &n))
    {
      sort_again (self, NULL);
      return self->filter != NULL;
    }

  /* What is in the log by now will not be undone. */
  tst_row_order_unpin (self);
  if (n > 0)
    {
      passing = ask_some (self, slots, n);
      place_rows (self, slots, n, passing);
    }

  return self->filter != NULL && n > 0;
}

void
tst_row_order_settle (TstRowOrder *self)
{
  self->is_current = FALSE;
  tst_sorted_rows_settle (self->rows);
}

void
tst_row_order_tell (TstRowOrder *self)
{
  guint position, removed, added;

  tst_row_order_ref (self);
  while (self->func != NULL && tst_row_splices_next (self->untold, &position, &removed, &added))
    self->func (position, removed, added, self->user_data);
  tst_row_order_unref (self);
}

/* --- Changing it --- */

/* After a change that is not of the store. */
static void
tell_at_once (TstRowOrder *self)
{
  tst_row_order_pin_if_open (self);
  tst_row_order_tell (self);
}

void
tst_row_order_set_sort (TstRowOrder   *self,
                        TstRowOrderBy  by,
                        const char    *cell_id)
{
  g_return_if_fail (!self->is_asking);

  tst_row_order_ref (self);
  replace_rows (self, sort_rows (self, by, cell_id, NULL));
  tell_at_once (self);
  tst_row_order_unref (self);
}

void
tst_row_order_set_filter (TstRowOrder       *self,
                          TstRowOrderFilter  filter,
                          gpointer           user_data,
                          GDestroyNotify     destroy)
{
  TstRowFilter *old = self->filter;

  g_return_if_fail (!self->is_asking);

  tst_row_order_ref (self);
  self->filter = NULL;
  if (filter != NULL)
    self->filter = tst_row_filter_new (filter, user_data, destroy);
  sort_again (self, NULL);
  g_clear_pointer (&old, tst_row_filter_unref);
  tell_at_once (self);
  tst_row_order_unref (self);
}

/* The same rows in the other order */
static void
reverse (TstRowOrder           *self,
         const TstRowOrderView *view)
{
  g_autoptr(GPtrArray) was = tst_row_order_list_known (self);
  g_autoptr(GPtrArray) is = NULL;
  g_autoptr(TstRowSplices) untold = self->untold;

  self->untold = tst_row_splices_new ();
  self->view = *view;
  is = tst_row_order_list_known (self);
  tst_row_splices_set_all (self->untold, was, is);
}

/* More or less of the same rows */
static void
move_window (TstRowOrder           *self,
             const TstRowOrderView *view)
{
  g_autoptr(GArray) none = g_array_sized_new (FALSE, FALSE, sizeof (TstRowPlace), 1);
  TstRowWindow was = tst_row_order_get_window (self), is;

  self->view = *view;
  is = tst_row_order_get_window (self);
  tst_row_splices_set (self->untold, none, none, &was, &is, tst_row_order_get_id_cb, self);
}

void
tst_row_order_set_view (TstRowOrder           *self,
                        const TstRowOrderView *view)
{
  g_return_if_fail (!self->is_asking);

  if (view->descending == self->view.descending && tst_row_splices_is_empty (self->untold))
    move_window (self, view);
  else
    reverse (self, view);
  tst_row_order_tell (self);
}

/* Asks those that may be other now. @others: of slots: takes those that are
 * Returns: (transfer full): all that pass */
static TstSlotSet *
ask_again (TstRowOrder       *self,
           TstRowOrderChange  change,
           GArray            *others)
{
  const TstSlotSet *all = tst_sorted_rows_list (self->rows);
  TstSlotSet *passing = tst_slot_set_new ();
  TstRowQuestion question;

  tst_row_question_start (&question, self->filter, self->store, &self->is_asking);
  for (guint32 slot = tst_slot_set_next (all, 0); slot != TST_SLOT_NONE;
       slot = tst_slot_set_next (all, slot + 1))
    {
      gboolean was_in = tst_sorted_rows_find (self->rows, slot) != TST_RANK_NONE;
      gboolean is_in = was_in;

      if (change != (was_in ? TST_ROW_ORDER_MORE_ROWS : TST_ROW_ORDER_FEWER_ROWS))
        is_in = tst_row_question_ask (&question, self->rows, slot);
      if (is_in)
        tst_slot_set_put (passing, slot);
      if (is_in != was_in)
        g_array_append_val (others, slot);
    }
  tst_row_question_stop (&question);
  tst_slot_set_count (passing);

  return passing;
}

static void
place_others (TstRowOrder      *self,
              const GArray     *others,
              const TstSlotSet *passing)
{
  const guint32 *slots = (const guint32 *) others->data;
  g_autofree gboolean *are_in = g_new (gboolean, others->len);

  for (guint i = 0; i < others->len; i++)
    are_in[i] = tst_slot_set_contains (passing, slots[i]);

  place_rows (self, slots, others->len, are_in);
}

void
tst_row_order_filter_changed (TstRowOrder       *self,
                              TstRowOrderChange  change)
{
  g_autoptr(GArray) others = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr(TstSlotSet) passing = NULL;

  g_return_if_fail (!self->is_asking);

  if (self->filter == NULL)
    return;

  tst_row_order_ref (self);
  if (self->pinned != NULL || self->store->engine->n_log > 0 ||
      !tst_row_splices_is_empty (self->untold))
    {
      sort_again (self, NULL);
    }
  else
    {
      passing = ask_again (self, change, others);
      if (others->len > TST_SORTED_MANY (tst_sorted_rows_get_n (self->rows)))
        sort_again (self, passing);
      else if (others->len > 0)
        place_others (self, others, passing);
    }
  tell_at_once (self);
  tst_row_order_unref (self);
}
