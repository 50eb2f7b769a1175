/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-file-writer-private.h"
#include "tst-shared-file-private.h"

G_BEGIN_DECLS

/* A shared file, for those that keep something beside it, and nobody else. */

struct _TstSharedFile
{
  char         *path;       /* (nullable): as it was given */
  int           flags;      /* TstSharedFileFlags */
  gint64        max_size;
  gint          in_place;   /* atomic */

  GMutex        lock;       /* one call at a time; guards the rest */
  TstFileStamp  stamp;      /* of the version of that tag, or 0 */
  TstFileStamp  seen;       /* when that version was last looked at */
  TstFileStamp  synced;     /* of the version that is known to be on the disk, or 0 */
  char         *tag;        /* (nullable) */
  gboolean      unsynced;   /* replaced, but perhaps not on the disk */
  gboolean      unremoved;  /* removed, but perhaps not on the disk */
  gboolean      cleaned;    /* looked for left-over temporary files */
};

/* The file, locked for us alone among those who ask. */
typedef struct
{
  TstSharedFile *file;
  char          *path;  /* the real one */
  int            fd;    /* -1: nothing is there */
} TstFileLock;

gboolean            tst_shared_file_lock         (TstSharedFile        *self,
                                                  TstFileLock          *lock,
                                                  GCancellable         *cancellable,
                                                  GError              **error);
void                tst_shared_file_unlock       (TstFileLock          *lock);
/* If there is something: file->tag becomes that of what is there. */
gboolean            tst_shared_file_look         (TstFileLock          *lock,
                                                  GCancellable         *cancellable,
                                                  GError              **error);
/* What is there is on the disk: whoever has written it may have been killed before. */
gboolean            tst_shared_file_sync         (TstFileLock          *lock,
                                                  GError              **error);
TstFileWriteResult  tst_shared_file_write_locked (TstFileLock          *lock,
                                                  const TstFileChange  *change,
                                                  GCancellable         *cancellable,
                                                  GError              **error);

/* All of an open file, within bounds. */
GBytes             *tst_file_read_all            (int                   fd,
                                                  const char           *path,
                                                  gsize                 expected,
                                                  gint64                max_size,
                                                  GCancellable         *cancellable,
                                                  GError              **error);
/* Opens and locks what is at @path. -1 without an error: nothing is there. */
int                 tst_file_open_locked         (const char           *path,
                                                  int                   flags,
                                                  GCancellable         *cancellable,
                                                  GError              **error);

G_END_DECLS
