/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-journaled-file-insides-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>

/* So often may a file be replaced while it is read. */
#define MAX_ROUNDS 100

/* The part of a tag that is about the file. */
static char *
get_digest (const char *tag)
{
  return tag != NULL ? g_strndup (tag, strcspn (tag, "+")) : NULL;
}

/* The index of the line behind that of a tag; G_MAXUINT if it is not there. */
static guint
find_known (const TstJournal *journal,
            guint             start,
            const char       *known_tag)
{
  const char *sum = strchr (known_tag, '+');

  if (sum == NULL)
    return start;

  for (guint i = journal->lines->len; i > start; i--)
    {
      const TstJournalLine *line = &g_array_index (journal->lines, TstJournalLine, i - 1);

      if (line->kind == TST_JOURNAL_SAVE && strcmp (line->sum, sum + 1) == 0)
        return i;
    }

  return G_MAXUINT;
}

static void
add_entries (TstJournaledVersion *version,
             const TstJournal    *journal,
             guint                start)
{
  const char *data = g_bytes_get_data (journal->content, NULL);

  for (guint i = start; i < journal->lines->len; i++)
    {
      const TstJournalLine *line = &g_array_index (journal->lines, TstJournalLine, i);

      if (line->kind == TST_JOURNAL_SAVE)
        g_ptr_array_add (version->entries,
                         g_bytes_new_from_bytes (journal->content, (gsize) (line->text - data),
                                                 line->length));
    }
}

static gboolean
is_still (TstJournaledFile *self,
          const char       *path)
{
  TstFileStamp stamp;
  struct stat st;

  if (stat (path, &st) == -1)
    return FALSE;

  tst_file_stamp_init (&stamp, &st);

  return tst_file_stamp_equal (&stamp, &self->shared->seen);
}

/* Says by *again that what was read does not belong together, or does not follow from
 * what is known, in which case *known_digest is gone too. */
static TstFileReadResult
read_journal (TstJournaledFile     *self,
              const char           *path,
              const char           *known_tag,
              char                **known_digest,
              const char           *digest,
              gboolean             *again,
              GCancellable         *cancellable,
              TstJournaledVersion  *version,
              GError              **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(TstJournal) journal = NULL;
  guint start;

  journal = tst_journal_read (path, cancellable, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return TST_FILE_READ_FAILED;
    }

  *again = !is_still (self, path);
  if (*again)
    return TST_FILE_READ_FAILED;

  start = tst_journaled_take_version (self, digest, journal, &version->replaced);
  if (g_strcmp0 (known_tag, self->tag) == 0)
    return TST_FILE_READ_UNCHANGED;

  version->tag = g_strdup (self->tag);
  if (self->damaged)
    {
      version->damage = g_steal_pointer (&journal->damage);
      return TST_FILE_READ_CONTENT;
    }

  if (version->content == NULL)
    {
      start = journal != NULL && !version->replaced ? find_known (journal, start, known_tag)
                                                    : G_MAXUINT;
      *again = start == G_MAXUINT;
      if (*again)
        g_clear_pointer (known_digest, g_free);
    }

  if (!*again && journal != NULL)
    add_entries (version, journal, start);

  return TST_FILE_READ_CONTENT;
}

static TstFileReadResult
read_once (TstJournaledFile     *self,
           const char           *known_tag,
           char                **known_digest,
           gboolean             *again,
           GCancellable         *cancellable,
           TstJournaledVersion  *version,
           GError              **error)
{
  g_autofree char *path = NULL;
  g_autofree char *digest = NULL;
  TstFileReadResult result;

  *again = FALSE;
  version->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  /* Also says what is wrong with the path, if there is something. */
  result = tst_shared_file_read (self->shared, *known_digest, cancellable, &version->content,
                                 &digest, error);
  if (result == TST_FILE_READ_FAILED || result == TST_FILE_READ_NOTHING)
    {
      tst_journaled_forget (self);
      return result;
    }
  if (result == TST_FILE_READ_UNCHANGED)
    digest = g_strdup (*known_digest);

  path = tst_file_writer_resolve (self->shared->path, error);
  if (path == NULL || !tst_journaled_ensure_synced (self, path, error))
    return TST_FILE_READ_FAILED;

  if (g_strcmp0 (known_tag, self->tag) == 0 && g_strcmp0 (digest, self->digest) == 0 &&
      tst_journal_is (path, &self->end) && is_still (self, path))
    return TST_FILE_READ_UNCHANGED;

  return read_journal (self, path, known_tag, known_digest, digest, again, cancellable, version,
                       error);
}

TstFileReadResult
tst_journaled_file_read (TstJournaledFile     *self,
                         const char           *known_tag,
                         GCancellable         *cancellable,
                         TstJournaledVersion  *version,
                         GError              **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  g_autofree char *known_digest = get_digest (known_tag);

  for (guint round = 0; round < MAX_ROUNDS; round++)
    {
      gboolean again;
      TstFileReadResult result = read_once (self, known_tag, &known_digest, &again, cancellable,
                                            version, error);

      if (!again)
        {
          tst_journaled_tell_state (self, version);
          return result;
        }
      tst_journaled_version_clear (version);
    }

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY,
               _("“%s” was replaced again and again while it was read"), self->shared->path);

  return TST_FILE_READ_FAILED;
}
