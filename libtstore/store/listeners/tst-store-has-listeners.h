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

typedef void (*TstHasListener)          (TstStore   *store,
                                         gboolean    exists,
                                         gpointer    user_data);
typedef void (*TstHasTableListener)     (TstStore   *store,
                                         const char *table_id,
                                         gboolean    exists,
                                         gpointer    user_data);
typedef void (*TstHasTableCellListener) (TstStore   *store,
                                         const char *table_id,
                                         const char *cell_id,
                                         gboolean    exists,
                                         gpointer    user_data);
typedef void (*TstHasRowListener)       (TstStore   *store,
                                         const char *table_id,
                                         const char *row_id,
                                         gboolean    exists,
                                         gpointer    user_data);
typedef void (*TstHasCellListener)      (TstStore   *store,
                                         const char *table_id,
                                         const char *row_id,
                                         const char *cell_id,
                                         gboolean    exists,
                                         gpointer    user_data);
typedef void (*TstHasValueListener)     (TstStore   *store,
                                         const char *value_id,
                                         gboolean    exists,
                                         gpointer    user_data);

TST_AVAILABLE_IN_0_1
gulong tst_store_add_has_tables_listener     (TstStore                *self,
                                              TstListenerFlags         flags,
                                              TstHasListener           listener,
                                              gpointer                 user_data,
                                              GDestroyNotify           destroy);
TST_AVAILABLE_IN_0_1
gulong tst_store_add_has_table_listener      (TstStore                *self,
                                              const char              *table_id,
                                              TstListenerFlags         flags,
                                              TstHasTableListener      listener,
                                              gpointer                 user_data,
                                              GDestroyNotify           destroy);
TST_AVAILABLE_IN_0_1
gulong tst_store_add_has_table_cell_listener (TstStore                *self,
                                              const char              *table_id,
                                              const char              *cell_id,
                                              TstListenerFlags         flags,
                                              TstHasTableCellListener  listener,
                                              gpointer                 user_data,
                                              GDestroyNotify           destroy);
TST_AVAILABLE_IN_0_1
gulong tst_store_add_has_row_listener        (TstStore                *self,
                                              const char              *table_id,
                                              const char              *row_id,
                                              TstListenerFlags         flags,
                                              TstHasRowListener        listener,
                                              gpointer                 user_data,
                                              GDestroyNotify           destroy);
TST_AVAILABLE_IN_0_1
gulong tst_store_add_has_cell_listener       (TstStore                *self,
                                              const char              *table_id,
                                              const char              *row_id,
                                              const char              *cell_id,
                                              TstListenerFlags         flags,
                                              TstHasCellListener       listener,
                                              gpointer                 user_data,
                                              GDestroyNotify           destroy);
TST_AVAILABLE_IN_0_1
gulong tst_store_add_has_values_listener     (TstStore                *self,
                                              TstListenerFlags         flags,
                                              TstHasListener           listener,
                                              gpointer                 user_data,
                                              GDestroyNotify           destroy);
TST_AVAILABLE_IN_0_1
gulong tst_store_add_has_value_listener      (TstStore                *self,
                                              const char              *value_id,
                                              TstListenerFlags         flags,
                                              TstHasValueListener      listener,
                                              gpointer                 user_data,
                                              GDestroyNotify           destroy);

G_END_DECLS
