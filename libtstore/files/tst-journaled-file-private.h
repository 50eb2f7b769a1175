/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-shared-file-private.h"

G_BEGIN_DECLS

/* A shared file with a journal beside it: a version is the file and the entries that are
 * to be done to it. Knows nothing of what the entries mean. A tag is made of the digest
 * of the file, and of the sum of the last entry, if there is any. Blocking; any thread,
 * one call at a time. */
typedef struct _TstJournaledFile TstJournaledFile;

typedef enum
{
  TST_JOURNALED_NOT_AT_ALL, /* the file is all there is */
  TST_JOURNALED_WELL,       /* there are entries */
  TST_JOURNALED_IN_DOUBT    /* and they are not known to who wrote the file */
} TstJournaledState;

typedef struct
{
  char              *tag;
  GBytes            *content;   /* (nullable): of the file; NULL: the entries follow what was known */
  GPtrArray         *entries;   /* of GBytes */
  gboolean           replaced;  /* the file, by somebody who knew nothing of the entries */
  GError            *damage;    /* (nullable): the journal cannot be understood */
  TstJournaledState  state;
  gsize              size;      /* of the file */
} TstJournaledVersion;

#define TST_JOURNALED_VERSION_INIT { NULL, NULL, NULL, FALSE, NULL, TST_JOURNALED_NOT_AT_ALL, 0 }

TstJournaledFile   *tst_journaled_file_new           (const char           *path);
void                tst_journaled_file_free          (TstJournaledFile     *self);
/* Smaller files are written whole. */
void                tst_journaled_file_set_threshold (TstJournaledFile     *self,
                                                      guint64               threshold);
guint64             tst_journaled_file_get_threshold (TstJournaledFile     *self);
/* The file alone, for its settings. */
TstSharedFile      *tst_journaled_file_get_shared    (TstJournaledFile     *self);

/* known_tag (nullable): what the caller has the content of; if that is still what is
 * there, only its state and size are told. */
TstFileReadResult   tst_journaled_file_read          (TstJournaledFile     *self,
                                                      const char           *known_tag,
                                                      GCancellable         *cancellable,
                                                      TstJournaledVersion  *version,
                                                      GError              **error);

/* How long an entry for that version may be; 0: it is to be written whole. */
gsize               tst_journaled_file_get_room      (TstJournaledFile     *self,
                                                      const char           *tag);
/* The same as tst_shared_file_write(), with an entry. Of what is there then, the tag, state
 * and size are told; the tag is NULL if the file has to be written whole, and nothing was
 * written. */
TstFileWriteResult  tst_journaled_file_append        (TstJournaledFile     *self,
                                                      const char           *base_tag,
                                                      GBytes               *entry,
                                                      GCancellable         *cancellable,
                                                      TstJournaledVersion  *version,
                                                      GError              **error);
/* (nullable): for what is to replace that version, if it is worth it. is_new: it is not
 * the same. */
TstFileDraft       *tst_journaled_file_begin_draft   (TstJournaledFile     *self,
                                                      const char           *base_tag,
                                                      gboolean              is_new,
                                                      GCancellable         *cancellable);
/* The same with the content of the file, and then there is no journal any more. */
TstFileWriteResult  tst_journaled_file_write         (TstJournaledFile     *self,
                                                      const TstFileChange  *change,
                                                      GCancellable         *cancellable,
                                                      GError              **error);

void                tst_journaled_version_clear      (TstJournaledVersion  *version);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TstJournaledVersion, tst_journaled_version_clear)

G_END_DECLS
