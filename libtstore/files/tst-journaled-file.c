/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-journaled-file-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tst-digest-private.h"
#include "tst-journal-private.h"
#include "tst-shared-file-insides-private.h"

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

/* A journal that grows beyond this part of its file is folded: a save costs the more the
 * larger that is, but not more often; and reading costs the more the larger this is. */
#define MAX_PART 4
/* Not that often, if the file is small. */
#define MIN_LIMIT 65536

/* What is smaller is made and written in no time. */
#define MIN_DRAFTED (1 << 20)

/* What stands around an entry. */
#define OVERHEAD 256

/* So often may a file be replaced while it is read. */
#define MAX_ROUNDS 100

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

TstJournaledState
tst_journaled_file_get_state (TstJournaledFile *self,
                              gsize            *size)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  *size = self->size;

  return self->state;
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

static void
forget (TstJournaledFile *self)
{
  g_clear_pointer (&self->tag, g_free);
  g_clear_pointer (&self->digest, g_free);
  self->state = TST_JOURNALED_NOT_AT_ALL;
}

/* Takes over @tag. */
static void
remember (TstJournaledFile    *self,
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

/* @journal: (nullable). Returns the index of the first line of it that counts. */
static guint
take_version (TstJournaledFile *self,
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
      remember (self, g_strdup (digest), digest, &none, TST_JOURNALED_NOT_AT_ALL);
      return 0;
    }

  if (self->damaged)
    {
      g_autofree char *sum = tst_digest (journal->content);

      remember (self, g_strdup_printf ("%s+%s", digest, sum), digest, &journal->end,
                TST_JOURNALED_NOT_AT_ALL);
      return 0;
    }

  start = find_start (journal, digest, replaced);
  last = find_last_save (journal, start);
  if (last == NULL)
    remember (self, g_strdup (digest), digest, &journal->end,
              *replaced ? TST_JOURNALED_IN_DOUBT : TST_JOURNALED_NOT_AT_ALL);
  else
    remember (self, g_strdup_printf ("%s+%s", digest, last->sum), digest, &journal->end,
              *replaced ? TST_JOURNALED_IN_DOUBT : TST_JOURNALED_WELL);

  return start;
}

static gboolean
has_unfolded_entries (TstJournaledFile *self)
{
  return self->damaged || strchr (self->tag, '+') != NULL;
}

/* --- Reading --- */

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

static gboolean
ensure_synced (TstJournaledFile  *self,
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

  start = take_version (self, digest, journal, &version->replaced);
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
      forget (self);
      return result;
    }
  if (result == TST_FILE_READ_UNCHANGED)
    digest = g_strdup (*known_digest);

  path = tst_file_writer_resolve (self->shared->path, error);
  if (path == NULL || !ensure_synced (self, path, error))
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
        return result;
      tst_journaled_version_clear (version);
    }

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY,
               _("“%s” was replaced again and again while it was read"), self->shared->path);

  return TST_FILE_READ_FAILED;
}

/* --- Writing --- */

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

  take_version (self, self->shared->tag, journal, &replaced);

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
      (ensure_synced (self, locks->file.path, error) &&
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
      (!is_new && !has_unfolded_entries (self)))
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
  forget (self);

  return FALSE;
}

static TstFileWriteResult
append_entry (TstJournaledFile  *self,
              Locks             *locks,
              const char        *base_tag,
              GBytes            *entry,
              char             **tag,
              GError           **error)
{
  g_autoptr(GError) local_error = NULL;

  if (locks->file.fd == -1 || g_strcmp0 (base_tag, self->tag) != 0)
    return TST_FILE_WRITE_CONFLICT;

  if (get_room (self) < g_bytes_get_size (entry))
    return TST_FILE_WRITE_DONE;

  if (append (self, locks, TST_JOURNAL_SAVE, entry, &local_error))
    {
      *tag = g_strdup_printf ("%s+%s", self->digest, self->end.sum);
      remember (self, g_strdup (*tag), self->digest, &self->end, TST_JOURNALED_WELL);
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
tst_journaled_file_append (TstJournaledFile  *self,
                           const char        *base_tag,
                           GBytes            *entry,
                           GCancellable      *cancellable,
                           char             **tag,
                           GError           **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  TstFileWriteResult result;
  Locks locks;

  if (!lock (self, &locks, cancellable, error))
    return TST_FILE_WRITE_FAILED;

  result = append_entry (self, &locks, base_tag, entry, tag, error);
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

  if (self->end.inode != 0)
    tst_journal_remove (locks->file.path, &self->end);
  self->damaged = FALSE;
  remember (self, g_strdup (digest), digest, &none, TST_JOURNALED_NOT_AT_ALL);
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
      gboolean is_there = !has_unfolded_entries (self) &&
                          g_strcmp0 (self->digest, change->tag) == 0;

      return is_there ? TST_FILE_WRITE_DONE : TST_FILE_WRITE_CONFLICT;
    }

  if ((change->keep_original && !keep_journal (self, locks->file.path, error)) ||
      !append_fold (self, locks, change->tag, error))
    return TST_FILE_WRITE_FAILED;

  file_change.base_tag = self->digest;
  result = tst_shared_file_write_locked (&locks->file, &file_change, cancellable, error);
  if (result == TST_FILE_WRITE_DONE)
    remove_journal (self, locks, change->tag);
  else
    forget (self);

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

  take_version (self, change->tag, journal, &replaced);
  if (journal != NULL && !append_fold (self, locks, change->tag, error))
    return TST_FILE_WRITE_FAILED;

  result = tst_shared_file_write_locked (&locks->file, change, cancellable, error);
  if (result == TST_FILE_WRITE_DONE)
    remove_journal (self, locks, change->tag);
  else
    forget (self);

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
    forget (self);

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
