/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-journal-private.h"
#include "tst-journaled-file-private.h"
#include "tst-shared-file-insides-private.h"

G_BEGIN_DECLS

/* A journaled file, for the files that it is in. */

struct _TstJournaledFile
{
  TstSharedFile     *shared;

  GMutex             settings_lock; /* guards the threshold */
  guint64            threshold;

  GMutex             lock;      /* one call at a time; guards the rest */
  char              *tag;       /* (nullable): of the version that is known … */
  char              *digest;    /* (nullable): … and of its file */
  gsize              size;      /* of the file */
  TstJournalEnd      end;
  TstJournaledState  state;
  gboolean           damaged;
  gboolean           unsynced;  /* the journal: perhaps it is not on the disk */
};

void      tst_journaled_forget        (TstJournaledFile     *self);
/* Takes over @tag. */
void      tst_journaled_remember      (TstJournaledFile     *self,
                                       char                 *tag,
                                       const char           *digest,
                                       const TstJournalEnd  *end,
                                       TstJournaledState     state);
/* @journal: (nullable). Returns the index of the first line of it that counts. */
guint     tst_journaled_take_version  (TstJournaledFile     *self,
                                       const char           *digest,
                                       const TstJournal     *journal,
                                       gboolean             *replaced);
/* While it is locked. */
void      tst_journaled_tell_state    (TstJournaledFile     *self,
                                       TstJournaledVersion  *version);
gboolean  tst_journaled_has_unfolded  (TstJournaledFile     *self);
/* After a failure it is not known whether what is there is on the disk. */
gboolean  tst_journaled_ensure_synced (TstJournaledFile     *self,
                                       const char           *path,
                                       GError              **error);

G_END_DECLS
