/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A file under a name of its own, beside the one that it is to become. Whoever writes it
 * holds a lock on it; one without a lock was left behind by a crash. Blocking; any
 * thread. */
typedef struct
{
  char  *path;     /* (nullable) */
  int    fd;
  gsize  written;  /* of what is to be in it */
} TstTemporaryFile;

#define TST_TEMPORARY_FILE_INIT { NULL, -1, 0 }

/* Until it is known who may read it. */
#define TST_TEMPORARY_FILE_MODE 0600

gboolean  tst_temporary_file_make    (TstTemporaryFile  *self,
                                      const char        *path,
                                      int                mode,
                                      GError           **error);
/* Writes what it does not have yet of that. */
gboolean  tst_temporary_file_write   (TstTemporaryFile  *self,
                                      const char        *path,
                                      const char        *text,
                                      gsize              length,
                                      GCancellable      *cancellable,
                                      GError           **error);
/* Lets go of it. */
void      tst_temporary_file_clear   (TstTemporaryFile  *self);
void      tst_temporary_file_remove  (TstTemporaryFile  *self);

/* Removes those of @path that their writers left behind. */
void      tst_temporary_file_clean   (const char        *path);

/* Appends to an open file. */
gboolean  tst_file_write_all         (int                fd,
                                      const char        *path,
                                      const char        *text,
                                      gsize              length,
                                      GCancellable      *cancellable,
                                      GError           **error);

/* What is to replace a file, begun while the rest of it is being made: so that the disk
 * has something to do meanwhile. Whether it gets there at all is not known yet. */
typedef struct _TstFileDraft TstFileDraft;

/* NULL: there cannot be one, which the real writing will tell about. */
TstFileDraft *tst_file_draft_new     (const char        *path,
                                      GCancellable      *cancellable);
void          tst_file_draft_free    (TstFileDraft      *self);
/* @text begins with what was written before. */
void          tst_file_draft_write   (TstFileDraft      *self,
                                      const char        *text,
                                      gsize              length);
/* Hands it over, if it is one of @path. */
gboolean      tst_file_draft_take    (TstFileDraft      *self,
                                      const char        *path,
                                      TstTemporaryFile  *temporary);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TstFileDraft, tst_file_draft_free)

G_END_DECLS
