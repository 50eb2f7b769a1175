/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-store.h"

G_BEGIN_DECLS

/* The rows of a table in an order, all of them or some, for as long as somebody wants to
 * be told of each change: what list models stand on.
 *
 * After a transaction, before anybody is told anything, the orders of a store take in
 * what happened, and each tells of it in steps. Until it has told a step, it answers as if
 * that had not happened, so it is always what its owner knows. */
typedef struct _TstRowOrder TstRowOrder;

typedef enum
{
  TST_ROW_ORDER_BY_PLACE,  /* as they were added */
  TST_ROW_ORDER_BY_ID,
  TST_ROW_ORDER_BY_CELL
} TstRowOrderBy;

/* Whether a row is to be in there. It may not write to the store. */
typedef gboolean (*TstRowOrderFilter) (TstStore   *store,
                                       const char *table_id,
                                       const char *row_id,
                                       gpointer    user_data);

typedef enum
{
  TST_ROW_ORDER_OTHER_ROWS,
  TST_ROW_ORDER_MORE_ROWS,  /* all that pass, and perhaps others */
  TST_ROW_ORDER_FEWER_ROWS  /* none but those that pass, and perhaps not all of them */
} TstRowOrderChange;

/* @removed rows are not at @position any more, and @added rows are there now. Whoever is
 * told may do whatever he likes, also close the order. */
typedef void (*TstRowOrderFunc) (guint    position,
                                 guint    removed,
                                 guint    added,
                                 gpointer user_data);

/* What is to be seen of the rows, once they are sorted. */
typedef struct
{
  gboolean descending;
  int      offset;      /* if negative, so many before the end */
  int      limit;       /* -1: no limit */
} TstRowOrderView;

/* All rows of a table. The store must live as long.
 * @cell_id: (nullable): NULL unless it is by cell */
TstRowOrder *tst_row_order_new            (TstStore              *store,
                                           const char            *table_id,
                                           TstRowOrderBy          by,
                                           const char            *cell_id,
                                           const TstRowOrderView *view,
                                           TstRowOrderFunc        func,
                                           gpointer               user_data);
/* It tells nothing any more. */
void         tst_row_order_close          (TstRowOrder           *self);

guint        tst_row_order_get_n          (TstRowOrder           *self);
/* Valid until the store is next written to. */
const char  *tst_row_order_get_row_id     (TstRowOrder           *self,
                                           guint                  position);
gboolean     tst_row_order_find           (TstRowOrder           *self,
                                           const char            *row_id,
                                           guint                 *position);

/* These tell at once what is other now, in one step; a filter that changed in more. */
void         tst_row_order_set_sort       (TstRowOrder           *self,
                                           TstRowOrderBy          by,
                                           const char            *cell_id);
/* @filter: (nullable): all rows if NULL */
void         tst_row_order_set_filter     (TstRowOrder           *self,
                                           TstRowOrderFilter      filter,
                                           gpointer               user_data,
                                           GDestroyNotify         destroy);
void         tst_row_order_set_view       (TstRowOrder           *self,
                                           const TstRowOrderView *view);
void         tst_row_order_filter_changed (TstRowOrder           *self,
                                           TstRowOrderChange      change);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TstRowOrder, tst_row_order_close)

G_END_DECLS
