/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-listeners-private.h"

G_BEGIN_DECLS

/* The pages of sorted rows that the listeners of a store keep live: which page each
 * of them was told last, and whether there is another one to tell. */
typedef struct _TstSortedPages TstSortedPages;
typedef struct _TstSortedPage TstSortedPage;

TstSortedPages *tst_sorted_pages_new         (TstEngine         *engine);
void            tst_sorted_pages_free        (TstSortedPages    *self);
gboolean        tst_sorted_pages_is_empty    (TstSortedPages    *self);
/* The page as it is now counts as told. @cell_id: (nullable) */
void            tst_sorted_pages_add         (TstSortedPages    *self,
                                              gulong             handle,
                                              gboolean           is_mutator,
                                              const char        *table_id,
                                              const char        *cell_id,
                                              gboolean           descending,
                                              int                offset,
                                              int                limit);
/* Does nothing if the listener has no page. */
void            tst_sorted_pages_remove      (TstSortedPages    *self,
                                              gulong             handle);

/* Takes in what is in the log by now. Returns: (transfer full) (nullable)
 * (element-type TstSortedPage): those to be told, in the order of their
 * listeners; each must be told or put off */
GPtrArray      *tst_sorted_pages_follow      (TstSortedPages    *self,
                                              gboolean           of_mutators);
/* The log, all of which was taken in, has just been forgotten. */
void            tst_sorted_pages_settle      (TstSortedPages    *self);
/* Returns: (transfer full): the page as it is now, to be told */
TstSortedPage  *tst_sorted_pages_find        (TstSortedPages    *self,
                                              gulong             handle);

void            tst_sorted_page_unref        (TstSortedPage     *self);
const TstId    *tst_sorted_page_get_table_id (TstSortedPage     *self);
/* Tells its listener, unless it is gone, or was told by other means meanwhile. */
void            tst_sorted_page_tell         (TstSortedPage     *self,
                                              TstListeners      *listeners,
                                              TstStore          *store);

/* Those whose listeners were not told will be told later. @pages: (nullable) */
void            tst_sorted_pages_put_off     (GPtrArray         *pages);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TstSortedPage, tst_sorted_page_unref)

G_END_DECLS
