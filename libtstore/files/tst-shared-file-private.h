/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-temporary-file-private.h"

G_BEGIN_DECLS

/* A local file that several programs read and replace as a whole. A version of
 * it is known by its tag, the digest of its content, and only the version that
 * is known to whoever replaces it is replaced. Blocking; any thread, one call at
 * a time. */
typedef struct _TstSharedFile TstSharedFile;

typedef enum
{
  TST_SHARED_FILE_DEFAULT = 0,
  TST_SHARED_FILE_PRIVATE = 1 << 0,  /* is made for nobody but the user */
  TST_SHARED_FILE_NO_LINK = 1 << 1   /* a symbolic link is not followed: it fails */
} TstSharedFileFlags;

typedef enum
{
  TST_FILE_READ_FAILED,
  TST_FILE_READ_NOTHING,    /* nothing is there */
  TST_FILE_READ_UNCHANGED,  /* it is the known version */
  TST_FILE_READ_CONTENT
} TstFileReadResult;

typedef enum
{
  TST_FILE_WRITE_FAILED,
  TST_FILE_WRITE_CONFLICT,  /* it is another version than the base: nothing was written */
  TST_FILE_WRITE_DONE       /* it is on the disk */
} TstFileWriteResult;

/* Of the name of what is kept of a corrupt file. */
#define TST_SHARED_FILE_KEPT_DIGEST_LENGTH 16

typedef struct
{
  const char   *base_tag;       /* (nullable): of what is replaced; NULL: nothing is there */
  gboolean      keep_original;  /* under another name */
  GBytes       *content;        /* (nullable): NULL: remove it */
  const char   *tag;            /* (nullable): of the content */
  TstFileDraft *draft;          /* (nullable): what was written of the content before */
} TstFileChange;

/* path NULL: a file that is not local, for which everything fails. */
TstSharedFile      *tst_shared_file_new           (const char           *path);
void                tst_shared_file_free          (TstSharedFile        *self);
/* Before anything else. max_size: what is larger is not read. */
void                tst_shared_file_set_kind      (TstSharedFile        *self,
                                                   TstSharedFileFlags    flags,
                                                   gint64                max_size);
/* If the folder cannot be written in, write into the file itself, which is not
 * safe in a crash. */
void                tst_shared_file_set_in_place  (TstSharedFile        *self,
                                                   gboolean              in_place);
gboolean            tst_shared_file_get_in_place  (TstSharedFile        *self);

/* content, tag: set with CONTENT only. */
TstFileReadResult   tst_shared_file_read          (TstSharedFile        *self,
                                                   const char           *known_tag,
                                                   GCancellable         *cancellable,
                                                   GBytes              **content,
                                                   char                **tag,
                                                   GError              **error);
/* (nullable) */
TstFileDraft       *tst_shared_file_begin_draft   (TstSharedFile        *self,
                                                   GCancellable         *cancellable);
TstFileWriteResult  tst_shared_file_write         (TstSharedFile        *self,
                                                   const TstFileChange  *change,
                                                   GCancellable         *cancellable,
                                                   GError              **error);

G_END_DECLS
