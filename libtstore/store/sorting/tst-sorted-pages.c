/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-sorted-pages-private.h"

#include "tst-sort-walk-private.h"
#include "tst-sorted-rows-private.h"

/* Those who want the rows of the same table in the order of the same cell share
 * the sorted rows, whatever their pages are. Most changes are somewhere else than
 * in a page, which is known from the steps, without a look at its rows. */

struct _TstSortedPage
{
  gatomicrefcount  ref_count;
  gulong           handle;
  gboolean         is_mutator;
  TstId           *table_id;
  TstId           *cell_id;     /* (nullable) */
  gboolean         descending;
  int              offset;
  int              limit;

  GPtrArray       *told;        /* of TstId, owned: what the listener knows */
  GPtrArray       *next;        /* (nullable): what it is about to be told */
  gboolean         is_current;  /* the rows in it are the sorted ones, in `next` if there is
                                 * that, else in `told` */
  guint            start;       /* its place among the sorted rows, when they were looked */
  guint            end;         /* … at last */
};

/* Sorted rows, and the pages that are made of them. */
typedef struct
{
  TstSortedRows *rows;
  GPtrArray     *pages;   /* of TstSortedPage, owned, in the order of their listeners */
} View;

struct _TstSortedPages
{
  TstEngine *engine;
  GPtrArray *views;   /* of View, owned */
};

/* What the steps leave as it was: the rows at the beginning and at the end. */
typedef struct
{
  guint    n_before;
  guint    n_after;
  guint    n_same_at_start;
  guint    n_same_at_end;
  gboolean changed;
} Span;

/* --- Pages --- */

static TstSortedPage *
page_ref (TstSortedPage *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
tst_sorted_page_unref (TstSortedPage *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  tst_id_unref (self->table_id);
  g_clear_pointer (&self->cell_id, tst_id_unref);
  g_clear_pointer (&self->told, g_ptr_array_unref);
  g_clear_pointer (&self->next, g_ptr_array_unref);
  g_free (self);
}

const TstId *
tst_sorted_page_get_table_id (TstSortedPage *self)
{
  return self->table_id;
}

/* Its place among @n_rows in rising order. */
static void
find_place (const TstSortedPage *self,
            guint                n_rows,
            guint               *start,
            guint               *end)
{
  guint first, last;

  tst_sort_find_page (n_rows, self->offset, self->limit, &first, &last);
  *start = self->descending ? n_rows - last : first;
  *end = self->descending ? n_rows - first : last;
}

/* Whether the rows from @start on are those that were in the page. */
static gboolean
is_untouched (const TstSortedPage *self,
              const Span          *span,
              guint                start,
              guint                end)
{
  if (end - start != self->end - self->start)
    return FALSE;

  return start == end ||
         (start == self->start && end <= span->n_same_at_start) ||
         (span->n_after - start == span->n_before - self->start &&
          span->n_after - start <= span->n_same_at_end);
}

/* Returns: (transfer full): of TstId: what is in the page now */
static GPtrArray *
list_ids (const TstSortedPage *self,
          TstSortedRows       *rows)
{
  guint n = self->end - self->start;
  GPtrArray *ids = g_ptr_array_new_full (n, (GDestroyNotify) tst_id_unref);

  if (n == 0)
    return ids;

  g_ptr_array_set_size (ids, (gint) n);
  tst_sorted_rows_get_ids (rows, self->start, n, (TstId **) ids->pdata);

  for (guint i = 0; i < n; i++)
    tst_id_ref (ids->pdata[i]);
  for (guint i = 0; self->descending && i < n / 2; i++)
    {
      gpointer id = ids->pdata[i];

      ids->pdata[i] = ids->pdata[n - 1 - i];
      ids->pdata[n - 1 - i] = id;
    }

  return ids;
}

static gboolean
ids_equal (const GPtrArray *a,
           const GPtrArray *b)
{
  if (a->len != b->len)
    return FALSE;

  for (guint i = 0; i < a->len; i++)
    if (!tst_id_equal (a->pdata[i], b->pdata[i]))
      return FALSE;

  return TRUE;
}

/* Returns: whether there is something to tell */
static gboolean
look (TstSortedPage *self,
      TstSortedRows *rows)
{
  g_autoptr(GPtrArray) ids = list_ids (self, rows);

  g_clear_pointer (&self->next, g_ptr_array_unref);
  self->is_current = TRUE;
  if (ids_equal (ids, self->told))
    return FALSE;

  self->next = g_steal_pointer (&ids);
  return TRUE;
}

void
tst_sorted_page_tell (TstSortedPage *self,
                      TstListeners  *listeners,
                      TstStore      *store)
{
  g_autofree const char **row_ids = NULL;
  TstPage page = { self->descending, self->offset, self->limit, NULL };
  TstEvent event = {
    .kind = TST_LISTENER_KIND_SORTED_ROW_IDS, .ids = { self->table_id, self->cell_id },
    .page = &page
  };
  g_autoptr(GPtrArray) ids = NULL;

  if (self->next == NULL)
    return;

  g_ptr_array_unref (self->told);
  self->told = g_steal_pointer (&self->next);
  /* The listener may have itself told something else. */
  ids = g_ptr_array_ref (self->told);

  page.row_ids = row_ids = g_new (const char *, ids->len + 1);
  for (guint i = 0; i < ids->len; i++)
    row_ids[i] = ((const TstId *) ids->pdata[i])->text;
  row_ids[ids->len] = NULL;

  tst_listeners_call (listeners, store, self->handle, &event);
}

void
tst_sorted_pages_put_off (GPtrArray *pages)
{
  for (guint i = 0; pages != NULL && i < pages->len; i++)
    {
      TstSortedPage *page = g_ptr_array_index (pages, i);

      if (page->next == NULL)
        continue;

      g_clear_pointer (&page->next, g_ptr_array_unref);
      page->is_current = FALSE;
    }
}

/* --- Views --- */

static void
view_free (View *self)
{
  tst_sorted_rows_free (self->rows);
  g_ptr_array_unref (self->pages);
  g_free (self);
}

static View *
ensure_view (TstSortedPages *self,
             const char     *table_id,
             const char     *cell_id)
{
  View *view;

  for (guint i = 0; i < self->views->len; i++)
    {
      const TstId *id, *cell;

      view = g_ptr_array_index (self->views, i);
      id = tst_sorted_rows_get_table_id (view->rows);
      cell = tst_sorted_rows_get_cell_id (view->rows);
      if (strcmp (id->text, table_id) == 0 && g_strcmp0 (cell ? cell->text : NULL, cell_id) == 0)
        return view;
    }

  view = g_new (View, 1);
  view->rows = tst_sorted_rows_new (self->engine, table_id,
                                    cell_id ? TST_SORTED_BY_CELL : TST_SORTED_BY_ID, cell_id, FALSE);
  view->pages = g_ptr_array_new_with_free_func ((GDestroyNotify) tst_sorted_page_unref);
  g_ptr_array_add (self->views, view);

  return view;
}

static void
take_step_cb (TstSortedRows *rows,
              guint          position,
              guint          removed,
              guint          added,
              gpointer       user_data)
{
  Span *span = user_data;
  guint n_behind = tst_sorted_rows_get_n (rows) - position - added;

  span->n_same_at_start = MIN (span->n_same_at_start, position);
  span->n_same_at_end = MIN (span->n_same_at_end, n_behind);
  span->changed = TRUE;
}

static void
follow (View *self)
{
  guint n = tst_sorted_rows_get_n (self->rows);
  Span span = { n, n, n, n, FALSE };

  tst_sorted_rows_follow (self->rows, take_step_cb, &span);
  if (!span.changed)
    return;

  span.n_after = tst_sorted_rows_get_n (self->rows);
  for (guint i = 0; i < self->pages->len; i++)
    {
      TstSortedPage *page = g_ptr_array_index (self->pages, i);
      guint start, end;

      find_place (page, span.n_after, &start, &end);
      if (!is_untouched (page, &span, start, end))
        page->is_current = FALSE;
      page->start = start;
      page->end = end;
    }
}

/* --- All of them --- */

TstSortedPages *
tst_sorted_pages_new (TstEngine *engine)
{
  TstSortedPages *self = g_new (TstSortedPages, 1);

  self->engine = engine;
  self->views = g_ptr_array_new_with_free_func ((GDestroyNotify) view_free);

  return self;
}

void
tst_sorted_pages_free (TstSortedPages *self)
{
  g_ptr_array_unref (self->views);
  g_free (self);
}

gboolean
tst_sorted_pages_is_empty (TstSortedPages *self)
{
  return self->views->len == 0;
}

void
tst_sorted_pages_add (TstSortedPages *self,
                      gulong          handle,
                      gboolean        is_mutator,
                      const char     *table_id,
                      const char     *cell_id,
                      gboolean        descending,
                      int             offset,
                      int             limit)
{
  View *view = ensure_view (self, table_id, cell_id);
  TstSortedPage *page = g_new0 (TstSortedPage, 1);
  TstId *cell = tst_sorted_rows_get_cell_id (view->rows);

  follow (view);

  g_atomic_ref_count_init (&page->ref_count);
  page->handle = handle;
  page->is_mutator = is_mutator;
  page->table_id = tst_id_ref (tst_sorted_rows_get_table_id (view->rows));
  page->cell_id = cell ? tst_id_ref (cell) : NULL;
  page->descending = descending;
  page->offset = offset;
  page->limit = limit;
  find_place (page, tst_sorted_rows_get_n (view->rows), &page->start, &page->end);
  page->told = list_ids (page, view->rows);
  page->is_current = TRUE;

  g_ptr_array_add (view->pages, page);
}

/* @view: (out) (nullable). Returns: (nullable): the page */
static TstSortedPage *
find_page (TstSortedPages  *self,
           gulong           handle,
           View           **view)
{
  for (guint i = 0; i < self->views->len; i++)
    {
      *view = g_ptr_array_index (self->views, i);
      for (guint j = 0; j < (*view)->pages->len; j++)
        {
          TstSortedPage *page = g_ptr_array_index ((*view)->pages, j);

          if (page->handle == handle)
            return page;
        }
    }

  return NULL;
}

void
tst_sorted_pages_remove (TstSortedPages *self,
                         gulong          handle)
{
  View *view = NULL;
  TstSortedPage *page = find_page (self, handle, &view);

  if (page == NULL)
    return;

  g_ptr_array_remove (view->pages, page);
  if (view->pages->len == 0)
    g_ptr_array_remove (self->views, view);
}

TstSortedPage *
tst_sorted_pages_find (TstSortedPages *self,
                       gulong          handle)
{
  View *view = NULL;
  TstSortedPage *page = find_page (self, handle, &view);

  g_assert (page != NULL);
  follow (view);
  g_clear_pointer (&page->next, g_ptr_array_unref);
  page->next = list_ids (page, view->rows);
  page->is_current = TRUE;

  return page_ref (page);
}

static int
compare_handles (gconstpointer a,
                 gconstpointer b)
{
  const TstSortedPage *first = *(TstSortedPage * const *) a;
  const TstSortedPage *second = *(TstSortedPage * const *) b;

  return (first->handle > second->handle) - (first->handle < second->handle);
}

GPtrArray *
tst_sorted_pages_follow (TstSortedPages *self,
                         gboolean        of_mutators)
{
  GPtrArray *news = NULL;

  for (guint i = 0; i < self->views->len; i++)
    {
      View *view = g_ptr_array_index (self->views, i);

      follow (view);
      for (guint j = 0; j < view->pages->len; j++)
        {
          TstSortedPage *page = g_ptr_array_index (view->pages, j);

          if (page->is_current || page->is_mutator != of_mutators || !look (page, view->rows))
            continue;

          if (news == NULL)
            news = g_ptr_array_new_with_free_func ((GDestroyNotify) tst_sorted_page_unref);
          g_ptr_array_add (news, page_ref (page));
        }
    }

  if (news != NULL)
    g_ptr_array_sort (news, compare_handles);

  return news;
}

void
tst_sorted_pages_settle (TstSortedPages *self)
{
  for (guint i = 0; i < self->views->len; i++)
    tst_sorted_rows_settle (((View *) g_ptr_array_index (self->views, i))->rows);
}
