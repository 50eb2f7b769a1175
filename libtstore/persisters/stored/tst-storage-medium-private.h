/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-persister-private.h"
#include "tst-storage-private.h"

G_BEGIN_DECLS

/* An item of a storage as a medium: its content is the text of the store. */
typedef struct _TstStorageMedium TstStorageMedium;

typedef TstStorage *(*TstFindStorageFunc) (const char  *app_id,
                                           GError     **error);

/* storage (nullable): NULL: the one that @find gives when it is needed */
TstStorageMedium *tst_storage_medium_new          (TstStorage          *storage,
                                                   TstFindStorageFunc   find,
                                                   const char          *key);
void              tst_storage_medium_free         (TstStorageMedium    *self);
/* Borrowed. Any thread. */
TstStorage       *tst_storage_medium_get_storage  (TstStorageMedium    *self,
                                                   GError             **error);
const char       *tst_storage_medium_get_key      (TstStorageMedium    *self);
/* The same, if it was needed before, or given. */
TstStorage       *tst_storage_medium_peek_storage (TstStorageMedium    *self);
void              tst_storage_medium_perform      (TstRequest          *request,
                                                   gpointer             data);

G_END_DECLS
