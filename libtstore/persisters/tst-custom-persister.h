/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (TSTORE_INSIDE) && !defined (TSTORE_COMPILATION)
# error "Only <libtstore/tstore.h> can be included directly."
#endif

#include "tst-persister.h"

G_BEGIN_DECLS

#define TST_TYPE_CUSTOM_PERSISTER (tst_custom_persister_get_type ())

TST_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (TstCustomPersister, tst_custom_persister, TST, CUSTOM_PERSISTER, TstPersister)

typedef gboolean (*TstRequestFunc)        (TstPersister  *persister,
                                           TstRequest    *request,
                                           gpointer       user_data,
                                           GError       **error);
typedef gboolean (*TstStartListeningFunc) (TstPersister  *persister,
                                           gpointer       user_data,
                                           GError       **error);
typedef void     (*TstStopListeningFunc)  (TstPersister  *persister,
                                           gpointer       user_data);

TST_AVAILABLE_IN_0_1
TstPersister *tst_custom_persister_new                       (TstStore              *store) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
void          tst_custom_persister_set_read_func             (TstCustomPersister    *self,
                                                              TstRequestFunc         func,
                                                              gpointer               user_data,
                                                              GDestroyNotify         destroy);
TST_AVAILABLE_IN_0_1
void          tst_custom_persister_set_write_func            (TstCustomPersister    *self,
                                                              TstRequestFunc         func,
                                                              gpointer               user_data,
                                                              GDestroyNotify         destroy);
TST_AVAILABLE_IN_0_1
void          tst_custom_persister_set_start_listening_func  (TstCustomPersister    *self,
                                                              TstStartListeningFunc  func,
                                                              gpointer               user_data,
                                                              GDestroyNotify         destroy);
TST_AVAILABLE_IN_0_1
void          tst_custom_persister_set_stop_listening_func   (TstCustomPersister    *self,
                                                              TstStopListeningFunc   func,
                                                              gpointer               user_data,
                                                              GDestroyNotify         destroy);

G_END_DECLS
