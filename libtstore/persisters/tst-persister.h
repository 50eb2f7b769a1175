/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (TSTORE_INSIDE) && !defined (TSTORE_COMPILATION)
# error "Only <libtstore/tstore.h> can be included directly."
#endif

#include "tst-conflict.h"
#include "tst-request.h"
#include "tst-store.h"

G_BEGIN_DECLS

#define TST_TYPE_PERSISTER (tst_persister_get_type ())

TST_AVAILABLE_IN_0_1
G_DECLARE_DERIVABLE_TYPE (TstPersister, tst_persister, TST, PERSISTER, GObject)

/**
 * TstPersisterStatus:
 * @TST_PERSISTER_IDLE: nothing is under way, queued or due
 * @TST_PERSISTER_LOADING: loading, or about to
 * @TST_PERSISTER_SAVING: saving, or about to
 *
 * What a persister is doing.
 *
 * Since: 0.1
 */
typedef enum
{
  TST_PERSISTER_IDLE,
  TST_PERSISTER_LOADING,
  TST_PERSISTER_SAVING
} TstPersisterStatus;

/**
 * TstPersisterOperation:
 * @TST_PERSISTER_LOAD: to load what is persisted
 * @TST_PERSISTER_SAVE: to persist what is in the store
 *
 * What a persister tried to do.
 *
 * Since: 0.1
 */
typedef enum
{
  TST_PERSISTER_LOAD,
  TST_PERSISTER_SAVE
} TstPersisterOperation;

/**
 * TstPersisterClass:
 * @parent_class: the parent class
 * @read: answers @request with what is persisted, now or later, from any
 *   thread; returns whether the request was taken
 * @write: persists the content of @request, and answers now or later, from any
 *   thread; returns whether the request was taken
 * @start_listening: begins to watch the medium, and from then on calls
 *   [method@Persister.notify_changed] when it may have changed
 * @stop_listening: stops watching the medium
 *
 * The class of persisters. A medium is added by implementing its functions.
 *
 * A persister loads and saves; its medium only reads and writes. (The two
 * pairs need different names: bindings take a virtual function for the
 * inside of the method of its name.)
 *
 * Since: 0.1
 */
struct _TstPersisterClass
{
  GObjectClass parent_class;

  gboolean (*read)            (TstPersister  *self,
                               TstRequest    *request,
                               GError       **error);
  gboolean (*write)           (TstPersister  *self,
                               TstRequest    *request,
                               GError       **error);
  gboolean (*start_listening) (TstPersister  *self,
                               GError       **error);
  void     (*stop_listening)  (TstPersister  *self);

  /*< private >*/
  gpointer padding[12];
};

TST_AVAILABLE_IN_0_1
TstStore           *tst_persister_get_store                      (TstPersister         *self);
TST_AVAILABLE_IN_0_1
TstPersisterStatus  tst_persister_get_status                     (TstPersister         *self);
TST_AVAILABLE_IN_0_1
gboolean            tst_persister_get_dirty                      (TstPersister         *self);
TST_AVAILABLE_IN_0_1
GDateTime          *tst_persister_get_last_saved                 (TstPersister         *self);
TST_AVAILABLE_IN_0_1
const GError       *tst_persister_get_last_error                 (TstPersister         *self);
TST_AVAILABLE_IN_0_1
guint               tst_persister_get_n_loads                    (TstPersister         *self);
TST_AVAILABLE_IN_0_1
guint               tst_persister_get_n_saves                    (TstPersister         *self);
TST_AVAILABLE_IN_0_1
guint               tst_persister_get_save_delay                 (TstPersister         *self);
TST_AVAILABLE_IN_0_1
void                tst_persister_set_save_delay                 (TstPersister         *self,
                                                                  guint                 milliseconds);
TST_AVAILABLE_IN_0_1
guint               tst_persister_get_request_timeout            (TstPersister         *self);
TST_AVAILABLE_IN_0_1
void                tst_persister_set_request_timeout            (TstPersister         *self,
                                                                  guint                 milliseconds);
TST_AVAILABLE_IN_0_1
gboolean            tst_persister_get_auto_load                  (TstPersister         *self);
TST_AVAILABLE_IN_0_1
void                tst_persister_set_auto_load                  (TstPersister         *self,
                                                                  gboolean              auto_load);
TST_AVAILABLE_IN_0_1
gboolean            tst_persister_get_auto_save                  (TstPersister         *self);
TST_AVAILABLE_IN_0_1
void                tst_persister_set_auto_save                  (TstPersister         *self,
                                                                  gboolean              auto_save);

TST_AVAILABLE_IN_0_1
void                tst_persister_load_async                     (TstPersister         *self,
                                                                  GCancellable         *cancellable,
                                                                  GAsyncReadyCallback   callback,
                                                                  gpointer              user_data);
TST_AVAILABLE_IN_0_1
gboolean            tst_persister_load_finish                    (TstPersister         *self,
                                                                  GAsyncResult         *result,
                                                                  GError              **error);
TST_AVAILABLE_IN_0_1
gboolean            tst_persister_load                           (TstPersister         *self,
                                                                  GCancellable         *cancellable,
                                                                  GError              **error);
TST_AVAILABLE_IN_0_1
void                tst_persister_save_async                     (TstPersister         *self,
                                                                  GCancellable         *cancellable,
                                                                  GAsyncReadyCallback   callback,
                                                                  gpointer              user_data);
TST_AVAILABLE_IN_0_1
gboolean            tst_persister_save_finish                    (TstPersister         *self,
                                                                  GAsyncResult         *result,
                                                                  GError              **error);
TST_AVAILABLE_IN_0_1
gboolean            tst_persister_save                           (TstPersister         *self,
                                                                  GCancellable         *cancellable,
                                                                  GError              **error);
TST_AVAILABLE_IN_0_1
void                tst_persister_start_auto_load_async          (TstPersister         *self,
                                                                  const char           *default_json,
                                                                  GCancellable         *cancellable,
                                                                  GAsyncReadyCallback   callback,
                                                                  gpointer              user_data);
TST_AVAILABLE_IN_0_1
void                tst_persister_start_auto_load_variant_async  (TstPersister         *self,
                                                                  GVariant             *default_content,
                                                                  GCancellable         *cancellable,
                                                                  GAsyncReadyCallback   callback,
                                                                  gpointer              user_data);
TST_AVAILABLE_IN_0_1
gboolean            tst_persister_start_auto_load_finish         (TstPersister         *self,
                                                                  GAsyncResult         *result,
                                                                  GError              **error);
TST_AVAILABLE_IN_0_1
void                tst_persister_stop_auto_load                 (TstPersister         *self);
TST_AVAILABLE_IN_0_1
void                tst_persister_start_auto_save_async          (TstPersister         *self,
                                                                  GCancellable         *cancellable,
                                                                  GAsyncReadyCallback   callback,
                                                                  gpointer              user_data);
TST_AVAILABLE_IN_0_1
gboolean            tst_persister_start_auto_save_finish         (TstPersister         *self,
                                                                  GAsyncResult         *result,
                                                                  GError              **error);
TST_AVAILABLE_IN_0_1
void                tst_persister_stop_auto_save                 (TstPersister         *self);
TST_AVAILABLE_IN_0_1
void                tst_persister_start_auto_persisting_async    (TstPersister         *self,
                                                                  const char           *default_json,
                                                                  GCancellable         *cancellable,
                                                                  GAsyncReadyCallback   callback,
                                                                  gpointer              user_data);
TST_AVAILABLE_IN_0_1
gboolean            tst_persister_start_auto_persisting_finish   (TstPersister         *self,
                                                                  GAsyncResult         *result,
                                                                  GError              **error);
TST_AVAILABLE_IN_0_1
void                tst_persister_flush_async                    (TstPersister         *self,
                                                                  GCancellable         *cancellable,
                                                                  GAsyncReadyCallback   callback,
                                                                  gpointer              user_data);
TST_AVAILABLE_IN_0_1
gboolean            tst_persister_flush_finish                   (TstPersister         *self,
                                                                  GAsyncResult         *result,
                                                                  GError              **error);
TST_AVAILABLE_IN_0_1
gboolean            tst_persister_flush                          (TstPersister         *self,
                                                                  GCancellable         *cancellable,
                                                                  GError              **error);
TST_AVAILABLE_IN_0_1
void                tst_persister_close_async                    (TstPersister         *self,
                                                                  GCancellable         *cancellable,
                                                                  GAsyncReadyCallback   callback,
                                                                  gpointer              user_data);
TST_AVAILABLE_IN_0_1
gboolean            tst_persister_close_finish                   (TstPersister         *self,
                                                                  GAsyncResult         *result,
                                                                  GError              **error);
TST_AVAILABLE_IN_0_1
void                tst_persister_discard                        (TstPersister         *self);

TST_AVAILABLE_IN_0_1
void                tst_persister_notify_changed                 (TstPersister         *self,
                                                                  const char           *tag);

G_END_DECLS
