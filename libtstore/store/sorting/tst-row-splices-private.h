/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-id-private.h"

G_BEGIN_DECLS

/* The way from the rows that somebody knows to those that there are, in steps that are
 * still to be told; and what the rows are in between, as everybody asks for them as they
 * were told. Steps are told from the last one to the first, so that positions before
 * them are those that are known. A row that moves is taken away first and added then, so that
 * it is never there twice. */
typedef struct _TstRowSplices TstRowSplices;

/* A row that is not at @position any more, or that is there now. */
typedef struct
{
  guint  position;
  TstId *id;
} TstRowPlace;

/* What is to be seen of @n rows: those from @start up to @end. */
typedef struct
{
  guint n;
  guint start;
  guint end;
} TstRowWindow;

/* Returns: (transfer none): the row that is at @position now, of all rows and not in
 * the window */
typedef TstId *(*TstRowIdFunc) (guint    position,
                                gpointer user_data);

TstRowSplices *tst_row_splices_new      (void);
void           tst_row_splices_free     (TstRowSplices       *self);

/* Nothing is to be told. */
void           tst_row_splices_clear    (TstRowSplices       *self);
/* @gone, @come: of TstRowPlace, in the order of their positions: all that differs
 * between @was and @is; rows that are in both may be where they were.
 * @get_id: finds those that are in the window, or leave it, by no fault of theirs */
void           tst_row_splices_set      (TstRowSplices       *self,
                                         const GArray        *gone,
                                         const GArray        *come,
                                         const TstRowWindow  *was,
                                         const TstRowWindow  *is,
                                         TstRowIdFunc         get_id,
                                         gpointer             user_data);
/* One step without what is the same at the beginning and at the end.
 * @was, @is: of TstId: what was to be seen, and what is now */
void           tst_row_splices_set_all  (TstRowSplices       *self,
                                         const GPtrArray     *was,
                                         const GPtrArray     *is);

gboolean       tst_row_splices_is_empty (const TstRowSplices *self);
/* Takes the next step: what is to be told now. Returns: FALSE if there is none */
gboolean       tst_row_splices_next     (TstRowSplices       *self,
                                         guint               *position,
                                         guint               *removed,
                                         guint               *added);

/* How many rows are known when there are @n. */
guint          tst_row_splices_get_n    (const TstRowSplices *self,
                                         guint                n);
/* @position: (inout): from that which is known to that in the window
 * Returns: (transfer none) (nullable): the row, if it is not in the window any more */
TstId         *tst_row_splices_look_up  (const TstRowSplices *self,
                                         guint               *position);
/* @position: (inout): from that in the window to that which is known
 * Returns: FALSE if it is not known yet */
gboolean       tst_row_splices_is_known (const TstRowSplices *self,
                                         guint               *position);
/* Finds a row that is not in the window any more. */
gboolean       tst_row_splices_find     (const TstRowSplices *self,
                                         const char          *row_id,
                                         guint               *position);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TstRowSplices, tst_row_splices_free)

G_END_DECLS
