/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-item-private.h"
#include "tst-memory-private.h"
#include "tst-storage.h"

G_BEGIN_DECLS

/* path (nullable): the folder of the items; memory (nullable): else, where they are */
TstStorage         *tst_storage_new_full    (const char           *path,
                                             TstSharedFileFlags    flags,
                                             TstMemory            *memory);

/* For persisters: with tags, blocking, in any thread. The key is checked. */
TstItemResult       tst_storage_read        (TstStorage           *self,
                                             const char           *key,
                                             const char           *known_tag,
                                             GCancellable         *cancellable,
                                             GBytes              **content,
                                             char                **tag,
                                             GError              **error);
TstFileWriteResult  tst_storage_write       (TstStorage           *self,
                                             const char           *key,
                                             const TstItemChange  *change,
                                             GCancellable         *cancellable,
                                             GError              **error);

/* Tells when an item may have changed, within milliseconds, in the main context
 * that was the thread's default when it was made. */
typedef struct _TstItemWatch TstItemWatch;

typedef void (*TstItemWatchFunc) (gpointer user_data);

TstItemWatch       *tst_item_watch_new      (TstStorage           *storage,
                                             const char           *key,
                                             TstItemWatchFunc      func,
                                             gpointer              user_data);
/* In the thread of that context. */
void                tst_item_watch_free     (TstItemWatch         *self);

/* --- Inside the room --- */

/* NULL: it is in memory. */
char               *tst_storage_get_path_of (TstStorage           *self,
                                             const char           *key);

/* Calls back in any thread after an item was written here. */
void                tst_storage_add_watch   (TstStorage           *self,
                                             TstItemWatch         *watch);
void                tst_storage_remove_watch
                                            (TstStorage           *self,
                                             TstItemWatch         *watch);
void                tst_item_watch_wrote    (TstItemWatch         *self,
                                             const char           *key);
TstItemWatch       *tst_item_watch_ref      (TstItemWatch         *self);
void                tst_item_watch_unref    (TstItemWatch         *self);

G_END_DECLS
