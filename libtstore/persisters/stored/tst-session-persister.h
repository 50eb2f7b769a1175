/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (TSTORE_INSIDE) && !defined (TSTORE_COMPILATION)
# error "Only <libtstore/tstore.h> can be included directly."
#endif

#include "tst-storage-persister.h"

G_BEGIN_DECLS

#define TST_TYPE_SESSION_PERSISTER (tst_session_persister_get_type ())

TST_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (TstSessionPersister, tst_session_persister, TST, SESSION_PERSISTER,
                      TstStoragePersister)

TST_AVAILABLE_IN_0_1
TstPersister *tst_session_persister_new  (TstStore    *store,
                                         TstStorage  *storage,
                                         const char  *name) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
