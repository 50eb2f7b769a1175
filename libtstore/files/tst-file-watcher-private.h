/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Tells when a file may have changed, been made or removed, in whatever way.
 * Reads and makes nothing. Belongs to the main context that it was made in. */
typedef struct _TstFileWatcher TstFileWatcher;

typedef void (*TstFileWatcherFunc) (gpointer user_data);

TstFileWatcher *tst_file_watcher_new   (GFile               *file,
                                        TstFileWatcherFunc   func,
                                        gpointer             user_data);
void            tst_file_watcher_free  (TstFileWatcher      *self);

/* Where the system cannot tell, one has to look, this often. */
#define TST_FILE_WATCHER_POLL_MS 2000

gboolean        tst_file_monitor_is_native
                                       (GFileMonitor        *monitor);

G_END_DECLS
