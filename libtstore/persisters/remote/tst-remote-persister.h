/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (TSTORE_INSIDE) && !defined (TSTORE_COMPILATION)
# error "Only <libtstore/tstore.h> can be included directly."
#endif

#include <libsoup/soup.h>

#include "tst-persister.h"

G_BEGIN_DECLS

#define TST_TYPE_REMOTE_PERSISTER (tst_remote_persister_get_type ())

TST_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (TstRemotePersister, tst_remote_persister, TST, REMOTE_PERSISTER, TstPersister)

TST_AVAILABLE_IN_0_1
TstPersister *tst_remote_persister_new                   (TstStore           *store,
                                                          const char         *load_uri,
                                                          const char         *save_uri) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
const char   *tst_remote_persister_get_load_uri          (TstRemotePersister *self);
TST_AVAILABLE_IN_0_1
const char   *tst_remote_persister_get_save_uri          (TstRemotePersister *self);
TST_AVAILABLE_IN_0_1
const char   *tst_remote_persister_get_save_method       (TstRemotePersister *self);
TST_AVAILABLE_IN_0_1
void          tst_remote_persister_set_save_method       (TstRemotePersister *self,
                                                          const char         *save_method);
TST_AVAILABLE_IN_0_1
guint         tst_remote_persister_get_poll_interval     (TstRemotePersister *self);
TST_AVAILABLE_IN_0_1
void          tst_remote_persister_set_poll_interval     (TstRemotePersister *self,
                                                          guint               milliseconds);
TST_AVAILABLE_IN_0_1
gboolean      tst_remote_persister_get_use_event_stream  (TstRemotePersister *self);
TST_AVAILABLE_IN_0_1
void          tst_remote_persister_set_use_event_stream  (TstRemotePersister *self,
                                                          gboolean            use_event_stream);
TST_AVAILABLE_IN_0_1
guint         tst_remote_persister_get_timeout           (TstRemotePersister *self);
TST_AVAILABLE_IN_0_1
void          tst_remote_persister_set_timeout           (TstRemotePersister *self,
                                                          guint               milliseconds);
TST_AVAILABLE_IN_0_1
guint64       tst_remote_persister_get_max_size          (TstRemotePersister *self);
TST_AVAILABLE_IN_0_1
void          tst_remote_persister_set_max_size          (TstRemotePersister *self,
                                                          guint64             max_size);
TST_AVAILABLE_IN_0_1
SoupSession  *tst_remote_persister_get_session           (TstRemotePersister *self);
TST_AVAILABLE_IN_0_1
void          tst_remote_persister_set_session           (TstRemotePersister *self,
                                                          SoupSession        *session);

G_END_DECLS
