/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A journal lies beside a file, hidden, and tells in lines of text what is to be done
 * to that file; what that is, is none of its business. Blocking; any thread. A path is
 * always that of the file, a real one.
 *
 *   {"tst-journal":1,"base":"DIGEST"}    of the file that the first entry is for
 *   {"sum":"SUM","save":ENTRY}           what is to be done
 *   {"sum":"SUM","fold":"DIGEST"}        of the file when all until here is done to it
 *
 * A sum is the digest of the one before it, or of the base, and of the line. A last line
 * that is not whole is one that was never written to its end. */

#define TST_JOURNAL_DIGEST_LENGTH 64

typedef enum
{
  TST_JOURNAL_SAVE,
  TST_JOURNAL_FOLD
} TstJournalKind;

/* Of a line: @text is the entry, or the digest. */
typedef struct
{
  TstJournalKind  kind;
  const char     *text;    /* not owned */
  gsize           length;
  char            sum[TST_JOURNAL_DIGEST_LENGTH + 1];
} TstJournalLine;

/* Where a journal ends, and which one it is. All zeros: there is none. */
typedef struct
{
  guint64 device;
  guint64 inode;
  gsize   size;
  gint64  mtime_ns;        /* what was taken back may have been of the same size */
  gsize   length;          /* what is whole of it; 0: not even the first line */
  gboolean named;          /* its name is on the disk, too, as far as is known here */
  char    sum[TST_JOURNAL_DIGEST_LENGTH + 1]; /* the last one, or the base */
} TstJournalEnd;

typedef struct
{
  GBytes        *content;
  char           base[TST_JOURNAL_DIGEST_LENGTH + 1];
  GArray        *lines;    /* of TstJournalLine */
  TstJournalEnd  end;
  GError        *damage;   /* (nullable): it is not a journal, or one of a later version */
} TstJournal;

char       *tst_journal_get_path   (const char           *path);

/* NULL without an error: there is none. */
TstJournal *tst_journal_read       (const char           *path,
                                    GCancellable         *cancellable,
                                    GError              **error);
TstJournal *tst_journal_new_for_content (GBytes          *content);
void        tst_journal_free       (TstJournal           *self);

/* Whether it is still that one, and as it was. */
gboolean    tst_journal_is         (const char           *path,
                                    const TstJournalEnd  *end);

/* Whoever changes a journal locks it, and the file before it. -1 without an error:
 * there is none. */
int         tst_journal_lock       (const char           *path,
                                    GCancellable         *cancellable,
                                    GError              **error);

/* Appends a line to the end of a locked journal, in the place of what is not whole. If
 * there is none, end->sum is the base, and @fd is -1: it is made, for the same people
 * as @original. On success it is on the disk, and *end is the new end. */
gboolean    tst_journal_append     (const char           *path,
                                    int                   fd,
                                    int                   original,
                                    TstJournalEnd        *end,
                                    TstJournalKind        kind,
                                    GBytes               *text,
                                    GError              **error);

/* Removes it, if it still is that one. */
void        tst_journal_remove     (const char           *path,
                                    const TstJournalEnd  *end);

/* fsync of a journal, if there is one. */
gboolean    tst_journal_sync       (const char           *path,
                                    GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TstJournal, tst_journal_free)

G_END_DECLS
