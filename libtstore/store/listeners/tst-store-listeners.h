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

typedef void (*TstCellListener)         (TstStore           *store,
                                         const char         *table_id,
                                         const char         *row_id,
                                         const char         *cell_id,
                                         const GValue       *new_value,
                                         const GValue       *old_value,
                                         gpointer            user_data);
typedef void (*TstRowListener)          (TstStore           *store,
                                         const char         *table_id,
                                         const char         *row_id,
                                         gpointer            user_data);
typedef void (*TstTableListener)        (TstStore           *store,
                                         const char         *table_id,
                                         gpointer            user_data);
typedef void (*TstStoreListener)        (TstStore           *store,
                                         gpointer            user_data);
typedef void (*TstCellIdsListener)      (TstStore           *store,
                                         const char         *table_id,
                                         const char         *row_id,
                                         const char * const *added,
                                         const char * const *removed,
                                         gpointer            user_data);
typedef void (*TstRowIdsListener)       (TstStore           *store,
                                         const char         *table_id,
                                         const char * const *added,
                                         const char * const *removed,
                                         gpointer            user_data);
typedef void (*TstIdsListener)          (TstStore           *store,
                                         const char * const *added,
                                         const char * const *removed,
                                         gpointer            user_data);
typedef void (*TstValueListener)        (TstStore           *store,
                                         const char         *value_id,
                                         const GValue       *new_value,
                                         const GValue       *old_value,
                                         gpointer            user_data);
typedef void (*TstTableCellIdsListener) (TstStore           *store,
                                         const char         *table_id,
                                         const char * const *added,
                                         const char * const *removed,
                                         gpointer            user_data);
typedef void (*TstRowCountListener)     (TstStore           *store,
                                         const char         *table_id,
                                         guint               n_rows,
                                         gpointer            user_data);
typedef void (*TstInvalidCellListener)  (TstStore           *store,
                                         const char         *table_id,
                                         const char         *row_id,
                                         const char         *cell_id,
                                         const GError       *error,
                                         gpointer            user_data);
typedef void (*TstInvalidValueListener) (TstStore           *store,
                                         const char         *value_id,
                                         const GError       *error,
                                         gpointer            user_data);

TST_AVAILABLE_IN_0_1
gulong   tst_store_add_cell_listener           (TstStore                *self,
                                                const char              *table_id,
                                                const char              *row_id,
                                                const char              *cell_id,
                                                TstListenerFlags         flags,
                                                TstCellListener          listener,
                                                gpointer                 user_data,
                                                GDestroyNotify           destroy);
TST_AVAILABLE_IN_0_1
gulong   tst_store_add_row_listener            (TstStore                *self,
                                                const char              *table_id,
                                                const char              *row_id,
                                                TstListenerFlags         flags,
                                                TstRowListener           listener,
                                                gpointer                 user_data,
                                                GDestroyNotify           destroy);
TST_AVAILABLE_IN_0_1
gulong   tst_store_add_table_listener          (TstStore                *self,
                                                const char              *table_id,
                                                TstListenerFlags         flags,
                                                TstTableListener         listener,
                                                gpointer                 user_data,
                                                GDestroyNotify           destroy);
TST_AVAILABLE_IN_0_1
gulong   tst_store_add_tables_listener         (TstStore                *self,
                                                TstListenerFlags         flags,
                                                TstStoreListener         listener,
                                                gpointer                 user_data,
                                                GDestroyNotify           destroy);
TST_AVAILABLE_IN_0_1
gulong   tst_store_add_cell_ids_listener       (TstStore                *self,
                                                const char              *table_id,
                                                const char              *row_id,
                                                TstListenerFlags         flags,
                                                TstCellIdsListener       listener,
                                                gpointer                 user_data,
                                                GDestroyNotify           destroy);
TST_AVAILABLE_IN_0_1
gulong   tst_store_add_row_ids_listener        (TstStore                *self,
                                                const char              *table_id,
                                                TstListenerFlags         flags,
                                                TstRowIdsListener        listener,
                                                gpointer                 user_data,
                                                GDestroyNotify           destroy);
TST_AVAILABLE_IN_0_1
gulong   tst_store_add_row_count_listener      (TstStore                *self,
                                                const char              *table_id,
                                                TstListenerFlags         flags,
                                                TstRowCountListener      listener,
                                                gpointer                 user_data,
                                                GDestroyNotify           destroy);
TST_AVAILABLE_IN_0_1
gulong   tst_store_add_table_cell_ids_listener (TstStore                *self,
                                                const char              *table_id,
                                                TstListenerFlags         flags,
                                                TstTableCellIdsListener  listener,
                                                gpointer                 user_data,
                                                GDestroyNotify           destroy);
TST_AVAILABLE_IN_0_1
gulong   tst_store_add_table_ids_listener      (TstStore                *self,
                                                TstListenerFlags         flags,
                                                TstIdsListener           listener,
                                                gpointer                 user_data,
                                                GDestroyNotify           destroy);
TST_AVAILABLE_IN_0_1
gulong   tst_store_add_value_listener          (TstStore                *self,
                                                const char              *value_id,
                                                TstListenerFlags         flags,
                                                TstValueListener         listener,
                                                gpointer                 user_data,
                                                GDestroyNotify           destroy);
TST_AVAILABLE_IN_0_1
gulong   tst_store_add_values_listener         (TstStore                *self,
                                                TstListenerFlags         flags,
                                                TstStoreListener         listener,
                                                gpointer                 user_data,
                                                GDestroyNotify           destroy);
TST_AVAILABLE_IN_0_1
gulong   tst_store_add_value_ids_listener      (TstStore                *self,
                                                TstListenerFlags         flags,
                                                TstIdsListener           listener,
                                                gpointer                 user_data,
                                                GDestroyNotify           destroy);
TST_AVAILABLE_IN_0_1
gulong   tst_store_add_invalid_cell_listener   (TstStore                *self,
                                                const char              *table_id,
                                                const char              *row_id,
                                                const char              *cell_id,
                                                TstListenerFlags         flags,
                                                TstInvalidCellListener   listener,
                                                gpointer                 user_data,
                                                GDestroyNotify           destroy);
TST_AVAILABLE_IN_0_1
gulong   tst_store_add_invalid_value_listener  (TstStore                *self,
                                                const char              *value_id,
                                                TstListenerFlags         flags,
                                                TstInvalidValueListener  listener,
                                                gpointer                 user_data,
                                                GDestroyNotify           destroy);
TST_AVAILABLE_IN_0_1
gulong   tst_store_add_started_listener        (TstStore                *self,
                                                TstStoreListener         listener,
                                                gpointer                 user_data,
                                                GDestroyNotify           destroy);
TST_AVAILABLE_IN_0_1
gulong   tst_store_add_finishing_listener      (TstStore                *self,
                                                TstStoreListener         listener,
                                                gpointer                 user_data,
                                                GDestroyNotify           destroy);
TST_AVAILABLE_IN_0_1
gulong   tst_store_add_finished_listener       (TstStore                *self,
                                                TstStoreListener         listener,
                                                gpointer                 user_data,
                                                GDestroyNotify           destroy);
TST_AVAILABLE_IN_0_1
gboolean tst_store_remove_listener             (TstStore                *self,
                                                gulong                   listener_id);
TST_AVAILABLE_IN_0_1
gboolean tst_store_call_listener               (TstStore                *self,
                                                gulong                   listener_id);
TST_AVAILABLE_IN_0_1
guint    tst_store_get_n_listeners             (TstStore                *self,
                                                TstListenerKind          kind);

G_END_DECLS
