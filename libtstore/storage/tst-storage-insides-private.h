/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-folder-watcher-private.h"
#include "tst-storage-private.h"

G_BEGIN_DECLS

/* Nothing but tags is kept of the items: another process may have written them a
 * moment ago. One monitor of the folder tells of what others do; what changed is
 * then found out in a thread. */

typedef struct
{
  TstItem  *item;
  char     *name;   /* of its file */

  gboolean  known;  /* guarded by the lock of the storage, like told */
  char     *told;   /* (nullable): the tag of what `changed` was emitted for last;
                     * NULL: there was no such item */
} TstStorageEntry;

struct _TstStorage
{
  GObject             parent_instance;

  GFile              *folder;     /* (nullable), construct-only */
  char               *path;       /* (nullable): of the folder */
  TstSharedFileFlags  flags;      /* of the files */
  TstMemory          *memory;     /* (nullable): where the items are, if in no folder */
  GMainContext       *context;    /* where signals are emitted */
  TstFolderWatcher   *watcher;    /* (nullable) */

  GMutex              lock;       /* guards the rest */
  GHashTable         *entries;    /* key → TstStorageEntry; none is removed */
  GPtrArray          *watches;    /* of TstItemWatch, owned by others */
  GHashTable         *due;        /* names of files that may have changed */
  gboolean            all_due;
  gboolean            looking;    /* a thread is at it */
  gboolean            seen;       /* all files were looked at once */
};

TstStorageEntry *tst_storage_get_entry       (TstStorage       *self,
                                              const char       *key);

/* Adds the keys of all items that may be there. */
gboolean         tst_storage_add_all_keys    (TstStorage       *self,
                                              GHashTable       *keys,
                                              GError          **error);

/* After an item was written here. tag (nullable): what it is now */
void             tst_storage_wrote           (TstStorage       *self,
                                              const char       *key,
                                              const char       *tag);
void             tst_storage_emit_changed    (TstStorage       *self,
                                              const char       *key);
gboolean         tst_storage_is_heard        (TstStorage       *self);
void             tst_storage_start_watching  (TstStorage       *self);

G_END_DECLS
