/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-store-object-private.h"

#include "tst-rank-tree-private.h"
#include "tst-row-splices-private.h"
#include "tst-sort-walk-private.h"
#include "tst-sorted-rows-private.h"

/* Rows that come and go by a filter, of so many, are not told one by one. */
#define MANY(n_rows) (16 + (n_rows) / 4)

/* Kept as long as it is asked, also if its order is closed, or gets another one. */
typedef struct
{
  guint             ref_count;
  TstRowOrderFilter func;
  gpointer          user_data;
  GDestroyNotify    destroy;   /* (nullable) */
} Filter;

struct _TstRowOrder
{
  guint               ref_count;
  TstStore           *store;         /* not owned */
  TstRowOrderFunc     func;          /* (nullable): NULL if it is closed */
  gpointer            user_data;

  TstSortedRows      *rows;          /* those that pass, ascending, as they are now */
  Filter             *filter;        /* (nullable) */
  TstRowOrderView     view;
  TstRowSplices      *untold;        /* from what its owner knows to @rows */

  /* While @rows are of an open transaction that may yet be undone: what it is about,
   * as it was when they were made. */
  TstSnapshot        *pinned;        /* (nullable) */
  const TstTableData *pinned_table;  /* (nullable): in @pinned */

  gboolean            is_asking;     /* the filter is being asked */
  gboolean            is_current;    /* it followed in this round */
};

/* --- Filters --- */

static void
filter_unref (Filter *self)
{
  if (--self->ref_count > 0)
    return;

  if (self->destroy != NULL)
    self->destroy (self->user_data);
  g_free (self);
}

typedef struct
{
  TstRowOrder *order;
  Filter      *filter;
  TstFiltering filtering;
} Question;

static void
start_asking (Question    *question,
              TstRowOrder *order)
{
  question->order = order;
  question->filter = order->filter;
  question->filter->ref_count++;
  order->is_asking = TRUE;
  tst_store_start_filtering (order->store, &question->filtering);
}

static void
stop_asking (Question *question)
{
  tst_store_stop_filtering (question->order->store, &question->filtering);
  question->order->is_asking = FALSE;
  filter_unref (question->filter);
}

static gboolean
ask (const Question *question,
     TstSortedRows  *rows,
     guint32         slot)
{
  const TstTable *table = tst_sorted_rows_get_table (rows);

  return question->filter->func (question->order->store, table->data->id->text,
                                 tst_table_data_head (table->data, slot)->id->text,
                                 question->filter->user_data);
}

static TstSlotSet *
ask_all (TstRowOrder      *self,
         TstSortedRows    *rows,
         const TstSlotSet *all)
{
  TstSlotSet *passing = tst_slot_set_new ();
  Question question;

  start_asking (&question, self);
  for (guint32 slot = tst_slot_set_next (all, 0); slot != TST_SLOT_NONE;
       slot = tst_slot_set_next (all, slot + 1))
    if (ask (&question, rows, slot))
      tst_slot_set_put (passing, slot);
  stop_asking (&question);
  tst_slot_set_count (passing);

  return passing;
}

/* Sorts all rows of a table, as it is now. @only: (nullable): what passes, if that is
 * known already */
static TstSortedRows *
sort_rows (TstRowOrder      *self,
           TstSortedBy       by,
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

/* --- The rows that there are now --- */

static void
unpin (TstRowOrder *self)
{
  g_clear_pointer (&self->pinned, tst_snapshot_unref);
  self->pinned_table = NULL;
}

static void
pin_if_open (TstRowOrder *self)
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

static TstRowWindow
get_window (const TstRowOrder *self)
{
  TstRowWindow window = { tst_sorted_rows_get_n (self->rows), 0, 0 };

  tst_sort_find_page (window.n, self->view.offset, self->view.limit, &window.start, &window.end);

  return window;
}

/* From the place among all rows to that among those in rising order, or back. */
static inline guint
turn (const TstRowOrder *self,
      guint              n,
      guint              position)
{
  return self->view.descending ? n - 1 - position : position;
}

static TstId *
get_id_cb (guint    position,
           gpointer user_data)
{
  TstRowOrder *self = user_data;
  guint n = tst_sorted_rows_get_n (self->rows);
  guint32 slot = tst_sorted_rows_get_slot (self->rows, turn (self, n, position));

  return tst_table_data_head (get_data (self), slot)->id;
}

static TstId *
get_known_id (TstRowOrder *self,
              guint        position)
{
  TstId *id = tst_row_splices_look_up (self->untold, &position);

  return id != NULL ? id : get_id_cb (get_window (self).start + position, self);
}

static void
list_window (TstRowOrder *self,
             GPtrArray   *ids)
{
  TstRowWindow window = get_window (self);
  guint n = window.end - window.start;
  g_autofree guint32 *slots = g_new (guint32, n);
  guint start = n > 0 ? turn (self, window.n, self->view.descending ? window.end - 1 : window.start) : 0;

  tst_sorted_rows_get_slots (self->rows, start, n, slots);
  for (guint i = 0; i < n; i++)
    ids->pdata[i] = tst_table_data_head (get_data (self), slots[turn (self, n, i)])->id;
}

/* Returns: (transfer full): of TstId, not owned: the rows that the owner knows */
static GPtrArray *
list_known (TstRowOrder *self)
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
  TstRowWindow window = get_window (self);

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
    if (strcmp (get_id_cb (*position, self)->text, row_id) == 0)
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

      *position = turn (self, tst_sorted_rows_get_n (self->rows), at);
      if (at != TST_RANK_NONE)
        return TRUE;
    }

  return self->store->engine->n_log > 0 && search (self, row_id, position);
}

gboolean
tst_row_order_find (TstRowOrder *self,
                    const char  *row_id,
                    guint       *position)
{
  TstRowWindow window = get_window (self);

  if (find_now (self, row_id, position) && *position >= window.start && *position < window.end)
    {
      *position -= window.start;
      if (tst_row_splices_is_known (self->untold, position))
        return TRUE;
    }

  return tst_row_splices_find (self->untold, row_id, position);
}

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

      place = (TstRowPlace) { turn (self, n_rows, at), tst_table_data_head (table->data, slots[i])->id };
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
  TstRowWindow was = get_window (self), is;
  g_autoptr(GArray) gone = find_places (self, slots, n);
  g_autoptr(GArray) come = NULL;

  for (guint i = 0; i < n; i++)
    if (tst_sorted_rows_find (self->rows, slots[i]) != TST_RANK_NONE)
      tst_sorted_rows_take_out (self->rows, slots[i]);
  for (guint i = 0; i < n; i++)
    if (passing[i])
      tst_sorted_rows_put_in (self->rows, slots[i]);

  is = get_window (self);
  come = find_places (self, slots, n);
  g_array_sort (gone, compare_places);
  g_array_sort (come, compare_places);
  tst_row_splices_set (self->untold, gone, come, &was, &is, get_id_cb, self);
}

/* Returns: (transfer full): of each row, whether it is there, and passes */
static gboolean *
ask_some (TstRowOrder   *self,
          const guint32 *slots,
          guint          n)
{
  gboolean *passing = g_new (gboolean, n);
  Question question;

  for (guint i = 0; i < n; i++)
    passing[i] = tst_sorted_rows_has_row (self->rows, slots[i]);
  if (self->filter == NULL)
    return passing;

  start_asking (&question, self);
  for (guint i = 0; i < n; i++)
    passing[i] = passing[i] && ask (&question, self->rows, slots[i]);
  stop_asking (&question);

  return passing;
}

/* --- All rows --- */

/* Takes over @rows. */
static void
replace_rows (TstRowOrder   *self,
              TstSortedRows *rows)
{
  g_autoptr(GPtrArray) was = list_known (self);
  g_autoptr(GPtrArray) is = NULL;
  g_autoptr(TstSortedRows) old = self->rows;
  g_autoptr(TstSnapshot) pinned = g_steal_pointer (&self->pinned);
  g_autoptr(TstRowSplices) untold = self->untold;

  self->rows = rows;
  self->untold = tst_row_splices_new ();
  is = list_known (self);
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
      return TRUE;
    }

  /* What is in the log by now will not be undone. */
  unpin (self);
  if (n > 0)
    {
      passing = ask_some (self, slots, n);
      place_rows (self, slots, n, passing);
    }

  return TRUE;
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

static TstSortedBy
sorted_by (TstRowOrderBy by)
{
  switch (by)
    {
    case TST_ROW_ORDER_BY_ID:
      return TST_SORTED_BY_ID;
    case TST_ROW_ORDER_BY_CELL:
      return TST_SORTED_BY_CELL;
    case TST_ROW_ORDER_BY_PLACE:
    default:
      return TST_SORTED_BY_PLACE;
    }
}

/* After a change that is not of the store. */
static void
tell_at_once (TstRowOrder *self)
{
  pin_if_open (self);
  tst_row_order_tell (self);
}

void
tst_row_order_set_sort (TstRowOrder   *self,
                        TstRowOrderBy  by,
                        const char    *cell_id)
{
  g_return_if_fail (!self->is_asking);

  tst_row_order_ref (self);
  replace_rows (self, sort_rows (self, sorted_by (by), cell_id, NULL));
  tell_at_once (self);
  tst_row_order_unref (self);
}

void
tst_row_order_set_filter (TstRowOrder       *self,
                          TstRowOrderFilter  filter,
                          gpointer           user_data,
                          GDestroyNotify     destroy)
{
  Filter *old = self->filter;

  g_return_if_fail (!self->is_asking);

  tst_row_order_ref (self);
  self->filter = NULL;
  if (filter != NULL)
    {
      self->filter = g_new (Filter, 1);
      *self->filter = (Filter) { 1, filter, user_data, destroy };
    }
  sort_again (self, NULL);
  g_clear_pointer (&old, filter_unref);
  tell_at_once (self);
  tst_row_order_unref (self);
}

void
tst_row_order_set_view (TstRowOrder           *self,
                        const TstRowOrderView *view)
{
  g_autoptr(GPtrArray) was = NULL;
  g_autoptr(GPtrArray) is = NULL;
  g_autoptr(TstRowSplices) untold = NULL;

  g_return_if_fail (!self->is_asking);

  was = list_known (self);
  untold = g_steal_pointer (&self->untold);
  self->untold = tst_row_splices_new ();
  self->view = *view;
  is = list_known (self);
  tst_row_splices_set_all (self->untold, was, is);
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
  Question question;

  start_asking (&question, self);
  for (guint32 slot = tst_slot_set_next (all, 0); slot != TST_SLOT_NONE;
       slot = tst_slot_set_next (all, slot + 1))
    {
      gboolean was_in = tst_sorted_rows_find (self->rows, slot) != TST_RANK_NONE;
      gboolean is_in = was_in;

      if (change != (was_in ? TST_ROW_ORDER_MORE_ROWS : TST_ROW_ORDER_FEWER_ROWS))
        is_in = ask (&question, self->rows, slot);
      if (is_in)
        tst_slot_set_put (passing, slot);
      if (is_in != was_in)
        g_array_append_val (others, slot);
    }
  stop_asking (&question);
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
      if (others->len > MANY (tst_sorted_rows_get_n (self->rows)))
        sort_again (self, passing);
      else if (others->len > 0)
        place_others (self, others, passing);
    }
  tell_at_once (self);
  tst_row_order_unref (self);
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

  unpin (self);
  tst_sorted_rows_free (self->rows);
  tst_row_splices_free (self->untold);
  g_clear_pointer (&self->filter, filter_unref);
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
  self->rows = tst_sorted_rows_new (store->engine, table_id, sorted_by (by), cell_id, FALSE);
  pin_if_open (self);
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
