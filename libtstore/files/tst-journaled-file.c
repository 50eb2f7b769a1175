/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-journaled-file-insides-private.h"

#include <string.h>

#include "tst-digest-private.h"

/* What a reader finds, whatever else happens meanwhile and whoever crashes:
 *
 *   - An entry is appended to a journal that follows from the file as it is: from its
 *     base, or from a fold. So of all these, the last one that is the digest of the file
 *     is where its entries begin. If none is, somebody has replaced the file who knows
 *     nothing of the journal: then all of them are changes to be merged with it.
 *   - To write the file whole, the digest that it will have is appended first (a fold),
 *     then the file is replaced, then the journal is removed. In between, the file is
 *     one that the entries before the fold are done to, or not.
 *   - Who changes a journal holds a lock on the file, and on the journal as well: to
 *     begin one where there is no file any more, or to remove one whose file was just
 *     replaced, as the lock of that is not ours.
 *   - Who reads locks nothing. What was read belongs together if the file is still the
 *     one that it was before the journal was read. */

TstJournaledFile *
tst_journaled_file_new (const char *path)
{
  TstJournaledFile *self = g_new0 (TstJournaledFile, 1);

  self->shared = tst_shared_file_new (path);
  g_mutex_init (&self->settings_lock);
  g_mutex_init (&self->lock);

  return self;
}

void
tst_journaled_file_free (TstJournaledFile *self)
{
  tst_shared_file_free (self->shared);
  g_mutex_clear (&self->settings_lock);
  g_mutex_clear (&self->lock);
  g_free (self->tag);
  g_free (self->digest);
  g_free (self);
}

void
tst_journaled_file_set_threshold (TstJournaledFile *self,
                                  guint64           threshold)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->settings_lock);

  self->threshold = threshold;
}

guint64
tst_journaled_file_get_threshold (TstJournaledFile *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->settings_lock);

  return self->threshold;
}

TstSharedFile *
tst_journaled_file_get_shared (TstJournaledFile *self)
{
  return self->shared;
}

void
tst_journaled_version_clear (TstJournaledVersion *version)
{
  g_clear_pointer (&version->tag, g_free);
  g_clear_pointer (&version->content, g_bytes_unref);
  g_clear_pointer (&version->entries, g_ptr_array_unref);
  g_clear_error (&version->damage);
}

/* --- Versions --- */

/* Which lines of a journal are to be done to a file of that digest. */
static guint
find_start (const TstJournal *journal,
            const char       *digest,
            gboolean         *replaced)
{
  for (guint i = journal->lines->len; i > 0; i--)
    {
      const TstJournalLine *line = &g_array_index (journal->lines, TstJournalLine, i - 1);

      if (line->kind == TST_JOURNAL_FOLD && strncmp (line->text, digest, line->length) == 0)
        return i;
    }

  *replaced = journal->end.length > 0 && strcmp (journal->base, digest) != 0;

  return 0;
}

static const TstJournalLine *
find_last_save (const TstJournal *journal,
                guint             start)
{
  for (guint i = journal->lines->len; i > start; i--)
    {
      const TstJournalLine *line = &g_array_index (journal->lines, TstJournalLine, i - 1);

      if (line->kind == TST_JOURNAL_SAVE)
        return line;
    }

  return NULL;
}

void
tst_journaled_forget (TstJournaledFile *self)
{
  g_clear_pointer (&self->tag, g_free);
  g_clear_pointer (&self->digest, g_free);
  self->state = TST_JOURNALED_NOT_AT_ALL;
}

void
tst_journaled_remember (TstJournaledFile    *self,
                        char                *tag,
                        const char          *digest,
                        const TstJournalEnd *end,
                        TstJournaledState    state)
{
  g_free (self->tag);
  self->tag = tag;
  if (self->digest != digest)
    {
      g_free (self->digest);
      self->digest = g_strdup (digest);
    }
  self->size = (gsize) self->shared->seen.size;
  self->state = state;
  self->end = *end;
}

guint
tst_journaled_take_version (TstJournaledFile *self,
                            const char       *digest,
                            const TstJournal *journal,
                            gboolean         *replaced)
{
  const TstJournalEnd none = { 0, };
  const TstJournalLine *last;
  guint start;

  *replaced = FALSE;
  self->damaged = journal != NULL && journal->damage != NULL;

  if (journal == NULL)
    {
      tst_journaled_remember (self, g_strdup (digest), digest, &none, TST_JOURNALED_NOT_AT_ALL);
      return 0;
    }

  if (self->damaged)
    {
      g_autofree char *sum = tst_digest (journal->content);

      tst_journaled_remember (self, g_strdup_printf ("%s+%s", digest, sum), digest,
                              &journal->end, TST_JOURNALED_NOT_AT_ALL);
      return 0;
    }

  start = find_start (journal, digest, replaced);
  last = find_last_save (journal, start);
  if (last == NULL)
    tst_journaled_remember (self, g_strdup (digest), digest, &journal->end,
                            *replaced ? TST_JOURNALED_IN_DOUBT : TST_JOURNALED_NOT_AT_ALL);
  else
    tst_journaled_remember (self, g_strdup_printf ("%s+%s", digest, last->sum), digest,
                            &journal->end,
                            *replaced ? TST_JOURNALED_IN_DOUBT : TST_JOURNALED_WELL);

  return start;
}

/* Later, it may be forgotten. */
void
tst_journaled_tell_state (TstJournaledFile    *self,
                          TstJournaledVersion *version)
{
  version->state = self->state;
  version->size = self->size;
}

gboolean
tst_journaled_has_unfolded (TstJournaledFile *self)
{
  return self->damaged || strchr (self->tag, '+') != NULL;
}

gboolean
tst_journaled_ensure_synced (TstJournaledFile  *self,
                             const char        *path,
                             GError           **error)
{
  if (!self->unsynced)
    return TRUE;
  if (!tst_journal_sync (path, error) || !tst_file_writer_sync_folder (path, error))
    return FALSE;

  self->unsynced = FALSE;

  return TRUE;
}
