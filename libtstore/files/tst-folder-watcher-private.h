/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Tells when a file in a folder may have changed, been made or removed. Reads and
 * makes nothing. Calls back in the main context that was the thread's default
 * when it was made, and is freed in any thread. */
typedef struct _TstFolderWatcher TstFolderWatcher;

/* name NULL: any file may have changed. Whose reference is held meanwhile. */
typedef void (*TstFolderWatcherFunc) (GObject    *owner,
                                      const char *name);

TstFolderWatcher *tst_folder_watcher_new        (const char           *path,
                                                 GObject              *owner,
                                                 TstFolderWatcherFunc  func);
void              tst_folder_watcher_free       (TstFolderWatcher     *self);
/* The system cannot tell: one looks from time to time. */
gboolean          tst_folder_watcher_is_polling (TstFolderWatcher     *self);

G_END_DECLS
