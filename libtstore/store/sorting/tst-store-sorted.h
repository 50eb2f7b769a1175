/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (TSTORE_INSIDE) && !defined (TSTORE_COMPILATION)
# error "Only <libtstore/tstore.h> can be included directly."
#endif

#include "tst-store.h"

G_BEGIN_DECLS

typedef int (*TstSorter) (const GValue *first,
                          const GValue *second,
                          gpointer      user_data);

typedef void (*TstSortedRowIdsListener) (TstStore           *store,
                                         const char         *table_id,
                                         const char         *cell_id,
                                         gboolean            descending,
                                         int                 offset,
                                         int                 limit,
                                         const char * const *row_ids,
                                         gpointer            user_data);

TST_AVAILABLE_IN_0_1
char **tst_store_get_sorted_row_ids           (TstStore   *self,
                                               const char *table_id,
                                               const char *cell_id,
                                               gboolean    descending,
                                               int         offset,
                                               int         limit) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
char **tst_store_get_sorted_row_ids_with_func (TstStore   *self,
                                               const char *table_id,
                                               const char *cell_id,
                                               gboolean    descending,
                                               int         offset,
                                               int         limit,
                                               TstSorter   sorter,
                                               gpointer    user_data) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
gulong tst_store_add_sorted_row_ids_listener  (TstStore                *self,
                                               const char              *table_id,
                                               const char              *cell_id,
                                               gboolean                 descending,
                                               int                      offset,
                                               int                      limit,
                                               TstListenerFlags         flags,
                                               TstSortedRowIdsListener  listener,
                                               gpointer                 user_data,
                                               GDestroyNotify           destroy);

G_END_DECLS
