/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-machine-private.h"

G_BEGIN_DECLS

/* How an operation of a persister begins and ends, for the files that they are in. */

/* NULL: it has ended already. */
GTask        *tst_persister_begin_task      (TstPersister         *self,
                                             gpointer              source_tag,
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
TstOperation *tst_persister_begin_operation (TstPersister         *self,
                                             GTask                *task);
gboolean      tst_persister_finish_task     (TstPersister         *self,
                                             GAsyncResult         *result,
                                             gpointer              source_tag,
                                             GError              **error);

G_END_DECLS
