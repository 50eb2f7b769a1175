/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-journaled-file-insides-private.h"

#include <string.h>
#include <unistd.h>

/* A journal that grows beyond this part of its file is folded: a save costs the more the
 * larger that is, but not more often; and reading costs the more the larger this is. */
#define MAX_PART 4
/* Not that often, if the file is small. */
#define MIN_LIMIT 65536

/* What is smaller is made and written in no time. */
#define MIN_DRAFTED (1 << 20)

/* What stands around an entry. */
#define OVERHEAD 256

/* What is there, locked. */
typedef struct
{
  TstFileLock file;
  int         journal;  /* -1: there is none */
} Locks;

static void
unlock (Locks *locks)
{
  if (locks->journal != -1)
    close (locks->journal);
  tst_shared_file_unlock (&locks->file);
}

static gboolean
look_at_journal (TstJournaledFile  *self,
                 Locks             *locks,
                 GCancellable      *cancellable,
                 GError           **error)
{
  const char *path = locks->file.path;
  g_autoptr(GError) local_error = NULL;
  g_autoptr(TstJournal) journal = NULL;
  gboolean replaced;

  locks->journal = tst_journal_lock (path, cancellable, &local_error);
  if (local_error == NULL && self->tag != NULL && tst_journal_is (path, &self->end) &&
      g_strcmp0 (self->digest, self->shared->tag) == 0)
    return TRUE;

  if (local_error == NULL)
    journal = tst_journal_read (path, cancellable, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  tst_journaled_take_version (self, self->shared->tag, journal, &replaced);

  return TRUE;
}

/* On success, what is known is what is there, as far as there is a file. */
static gboolean
lock (TstJournaledFile  *self,
      Locks             *locks,
      GCancellable      *cancellable,
      GError           **error)
{
  locks->journal = -1;
  if (!tst_shared_file_lock (self->shared, &locks->file, cancellable, error))
    return FALSE;

  if (locks->file.fd == -1 ||
      (tst_journaled_ensure_synced (self, locks->file.path, error) &&
       tst_shared_file_look (&locks->file, cancellable, error) &&
       look_at_journal (self, locks, cancellable, error)))
    return TRUE;

  unlock (locks);

  return FALSE;
}

static gsize
get_room (TstJournaledFile *self)
{
  gsize limit = MAX (self->size / MAX_PART, MIN_LIMIT);

  if (self->tag == NULL || self->damaged || self->state == TST_JOURNALED_IN_DOUBT ||
      self->size < tst_journaled_file_get_threshold (self) ||
      self->end.length + OVERHEAD >= limit)
    return 0;

  return limit - self->end.length - OVERHEAD;
}

gsize
tst_journaled_file_get_room (TstJournaledFile *self,
                             const char       *tag)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return g_strcmp0 (tag, self->tag) == 0 ? get_room (self) : 0;
}

TstFileDraft *
tst_journaled_file_begin_draft (TstJournaledFile *self,
                                const char       *base_tag,
                                gboolean          is_new,
                                GCancellable     *cancellable)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->tag == NULL || g_strcmp0 (base_tag, self->tag) != 0 || self->size < MIN_DRAFTED ||
      (!is_new && !tst_journaled_has_unfolded (self)))
    return NULL;

  return tst_shared_file_begin_draft (self->shared, cancellable);
}

static gboolean
append (TstJournaledFile  *self,
        Locks             *locks,
        TstJournalKind     kind,
        GBytes            *text,
        GError           **error)
{
  if (self->end.length == 0)
    memcpy (self->end.sum, self->digest, sizeof self->end.sum);

  if (tst_journal_append (locks->file.path, locks->journal, locks->file.fd, &self->end, kind,
                          text, error))
    return TRUE;

  self->unsynced = TRUE;
  tst_journaled_forget (self);

  return FALSE;
}

static TstFileWriteResult
append_entry (TstJournaledFile     *self,
              Locks                *locks,
              const char           *base_tag,
              GBytes               *entry,
              TstJournaledVersion  *version,
              GError              **error)
{
  g_autoptr(GError) local_error = NULL;

  if (locks->file.fd == -1 || g_strcmp0 (base_tag, self->tag) != 0)
    return TST_FILE_WRITE_CONFLICT;

  if (get_room (self) < g_bytes_get_size (entry))
    return TST_FILE_WRITE_DONE;

  if (append (self, locks, TST_JOURNAL_SAVE, entry, &local_error))
    {
      version->tag = g_strdup_printf ("%s+%s", self->digest, self->end.sum);
      tst_journaled_remember (self, g_strdup (version->tag), self->digest, &self->end,
                              TST_JOURNALED_WELL);
      tst_journaled_tell_state (self, version);
      return TST_FILE_WRITE_DONE;
    }

  /* Who has no say in the folder can perhaps still replace what is in the file. */
  if (locks->journal == -1 && tst_file_writer_is_about_folder (local_error))
    return TST_FILE_WRITE_DONE;
  if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_EXISTS))
    return TST_FILE_WRITE_CONFLICT;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return TST_FILE_WRITE_FAILED;
}

TstFileWriteResult
tst_journaled_file_append (TstJournaledFile     *self,
                           const char           *base_tag,
                           GBytes               *entry,
                           GCancellable         *cancellable,
                           TstJournaledVersion  *version,
                           GError              **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  TstFileWriteResult result;
  Locks locks;

  if (!lock (self, &locks, cancellable, error))
    return TST_FILE_WRITE_FAILED;

  result = append_entry (self, &locks, base_tag, entry, version, error);
  unlock (&locks);

  return result;
}

/* The entries that nobody could read, or that a file is replaced with which nobody
 * could read. */
static gboolean
keep_journal (TstJournaledFile  *self,
              const char        *path,
              GError           **error)
{
  g_autofree char *journal = tst_journal_get_path (path);
  const char *sum = strchr (self->tag, '+');
  g_autofree char *kept = NULL;

  if (sum == NULL)
    return TRUE;

  kept = g_strdup_printf ("%s.corrupt-%.*s", path, TST_SHARED_FILE_KEPT_DIGEST_LENGTH, sum + 1);

  return tst_file_writer_keep (journal, kept, error);
}

static gboolean
append_fold (TstJournaledFile  *self,
             Locks             *locks,
             const char        *digest,
             GError           **error)
{
  g_autoptr(GBytes) text = g_bytes_new (digest, strlen (digest));

  return self->damaged || append (self, locks, TST_JOURNAL_FOLD, text, error);
}

static void
remove_journal (TstJournaledFile *self,
                Locks            *locks,
                const char       *digest)
{
  const TstJournalEnd none = { 0, };

  /* Another one than what is locked may be somebody else's. */
  if (locks->journal != -1 && self->end.inode != 0)
    tst_journal_remove (locks->file.path, &self->end);
  self->damaged = FALSE;
  tst_journaled_remember (self, g_strdup (digest), digest, &none, TST_JOURNALED_NOT_AT_ALL);
}

static TstFileWriteResult
fold (TstJournaledFile     *self,
      Locks                *locks,
      const TstFileChange  *change,
      GCancellable         *cancellable,
      GError              **error)
{
  TstFileChange file_change = *change;
  TstFileWriteResult result;

  if (g_strcmp0 (self->tag, change->base_tag) != 0)
    {
      if (tst_journaled_has_unfolded (self) || g_strcmp0 (self->digest, change->tag) != 0)
        return TST_FILE_WRITE_CONFLICT;

      return tst_shared_file_sync (&locks->file, error) ? TST_FILE_WRITE_DONE : TST_FILE_WRITE_FAILED;
    }

  if ((change->keep_original && !keep_journal (self, locks->file.path, error)) ||
      !append_fold (self, locks, change->tag, error))
    return TST_FILE_WRITE_FAILED;

  file_change.base_tag = self->digest;
  result = tst_shared_file_write_locked (&locks->file, &file_change, cancellable, error);
  if (result == TST_FILE_WRITE_DONE)
    remove_journal (self, locks, change->tag);
  else
    tst_journaled_forget (self);

  return result;
}

/* There was a file, and somebody has removed it. What is in its journal is gone with it,
 * but must not come back with the next one. */
static TstFileWriteResult
create (TstJournaledFile     *self,
        Locks                *locks,
        const TstFileChange  *change,
        GCancellable         *cancellable,
        GError              **error)
{
  const char *path = locks->file.path;
  g_autoptr(GError) local_error = NULL;
  g_autoptr(TstJournal) journal = NULL;
  TstFileWriteResult result;
  gboolean replaced;

  journal = tst_journal_read (path, cancellable, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return TST_FILE_WRITE_FAILED;
    }

  tst_journaled_take_version (self, change->tag, journal, &replaced);
  if (self->damaged && !keep_journal (self, path, error))
    return TST_FILE_WRITE_FAILED;
  if (journal != NULL && !append_fold (self, locks, change->tag, error))
    return TST_FILE_WRITE_FAILED;

  result = tst_shared_file_write_locked (&locks->file, change, cancellable, error);
  if (result == TST_FILE_WRITE_DONE)
    remove_journal (self, locks, change->tag);
  else
    tst_journaled_forget (self);

  return result;
}

static TstFileWriteResult
write_locked (TstJournaledFile     *self,
              Locks                *locks,
              const TstFileChange  *change,
              GCancellable         *cancellable,
              GError              **error)
{
  g_autoptr(GError) local_error = NULL;
  TstFileWriteResult result;

  if (locks->file.fd != -1 && locks->journal != -1)
    return fold (self, locks, change, cancellable, error);

  if (locks->file.fd == -1 && change->base_tag == NULL)
    {
      locks->journal = tst_journal_lock (locks->file.path, cancellable, &local_error);
      if (local_error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return TST_FILE_WRITE_FAILED;
        }
      if (locks->journal != -1 && g_file_test (locks->file.path, G_FILE_TEST_EXISTS))
        return TST_FILE_WRITE_CONFLICT;
      if (locks->journal != -1)
        return create (self, locks, change, cancellable, error);
    }

  result = tst_shared_file_write_locked (&locks->file, change, cancellable, error);
  if (result == TST_FILE_WRITE_DONE)
    remove_journal (self, locks, change->tag);
  else
    tst_journaled_forget (self);

  return result;
}

TstFileWriteResult
tst_journaled_file_write (TstJournaledFile     *self,
                          const TstFileChange  *change,
                          GCancellable         *cancellable,
                          GError              **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  TstFileWriteResult result;
  Locks locks;

  if (!lock (self, &locks, cancellable, error))
    return TST_FILE_WRITE_FAILED;

  result = write_locked (self, &locks, change, cancellable, error);
  unlock (&locks);

  return result;
}
