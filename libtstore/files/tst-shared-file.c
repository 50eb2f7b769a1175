/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-shared-file-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sys/file.h>
#include <unistd.h>

#include "tst-digest-private.h"
#include "tst-error.h"
#include "tst-shared-file-insides-private.h"

/* More is not read: nobody has that much in memory twice. */
#define MAX_SIZE (G_GINT64_CONSTANT (1) << 31)

/* How long to wait for another writer, and how long between two tries. */
#define LOCK_TIMEOUT_US (10 * G_USEC_PER_SEC)
#define LOCK_INTERVAL_US 5000

/* A file that was changed this shortly before it was read may be changed once
 * more without a trace in its times. */
#define RACY_NS (G_GINT64_CONSTANT (50) * 1000000)


TstSharedFile *
tst_shared_file_new (const char *path)
{
  TstSharedFile *self = g_new0 (TstSharedFile, 1);

  self->path = g_strdup (path);
  self->max_size = MAX_SIZE;
  g_mutex_init (&self->lock);

  return self;
}

void
tst_shared_file_free (TstSharedFile *self)
{
  g_mutex_clear (&self->lock);
  g_free (self->path);
  g_free (self->tag);
  g_free (self);
}

void
tst_shared_file_set_kind (TstSharedFile      *self,
                          TstSharedFileFlags  flags,
                          gint64              max_size)
{
  self->flags = flags;
  self->max_size = max_size;
}

void
tst_shared_file_set_in_place (TstSharedFile *self,
                              gboolean       in_place)
{
  g_atomic_int_set (&self->in_place, in_place);
}

gboolean
tst_shared_file_get_in_place (TstSharedFile *self)
{
  return g_atomic_int_get (&self->in_place);
}

static void
remember (TstSharedFile      *self,
          const TstFileStamp *stamp,
          const char         *tag)
{
  self->stamp = *stamp;
  if (self->tag != tag)
    {
      g_free (self->tag);
      self->tag = g_strdup (tag);
    }
}

static void
forget (TstSharedFile *self)
{
  TstFileStamp none = { 0 };

  remember (self, &none, NULL);
}

/* --- Reading --- */

static gboolean
check_kind (TstSharedFile      *self,
            const struct stat  *st,
            const char         *path,
            GError            **error)
{
  if (S_ISDIR (st->st_mode))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY, _("“%s” is a folder"), path);
      return FALSE;
    }

  if (!S_ISREG (st->st_mode))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE,
                   _("“%s” is not a regular file"), path);
      return FALSE;
    }

  if (st->st_size > self->max_size)
    {
      g_set_error (error, TST_ERROR, TST_ERROR_LIMIT, _("“%s” is too large"), path);
      return FALSE;
    }

  return TRUE;
}

GBytes *
tst_file_read_all (int            fd,
                   const char    *path,
                   gsize          expected,
                   gint64         max_size,
                   GCancellable  *cancellable,
                   GError       **error)
{
  g_autoptr(GByteArray) content = g_byte_array_new ();
  gsize length = 0;

  if (lseek (fd, 0, SEEK_SET) == -1)
    goto failed;

  for (;;)
    {
      gssize n;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;

      /* One byte more than expected, to see that it has not grown. */
      g_byte_array_set_size (content, MAX (expected + 1, length + 4096));
      n = read (fd, content->data + length, content->len - length);
      if (n == -1 && errno == EINTR)
        continue;
      if (n == -1)
        goto failed;
      if (n == 0)
        break;
      length += n;
      if ((gint64) length > max_size)
        {
          g_set_error (error, TST_ERROR, TST_ERROR_LIMIT, _("“%s” is too large"), path);
          return NULL;
        }
    }

  g_byte_array_set_size (content, length);

  return g_byte_array_free_to_bytes (g_steal_pointer (&content));

failed:
  {
    int code = errno;

    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), _("Cannot read “%s”: %s"),
                 path, g_strerror (code));
  }

  return NULL;
}

/* Whether the times of a file are old enough to tell it from its successor. */
static gboolean
is_settled (const TstFileStamp *stamp)
{
  gint64 now_ns = g_get_real_time () * 1000;

  return MAX (stamp->mtime_ns, stamp->ctime_ns) + RACY_NS < now_ns;
}

/* Reads the file that @fd is of. Tells and remembers its tag. NULL content: it
 * is the version that is known already. */
static gboolean
read_version (TstSharedFile  *self,
              int             fd,
              const char     *path,
              gboolean        content_wanted,
              GCancellable   *cancellable,
              GBytes        **content,
              GError        **error)
{
  g_autoptr(GBytes) text = NULL;
  g_autofree char *tag = NULL;
  TstFileStamp before, after;
  struct stat st;

  if (fstat (fd, &st) == -1 || !check_kind (self, &st, path, error))
    {
      if (error != NULL && *error == NULL)
        g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), _("Cannot read “%s”"), path);
      return FALSE;
    }

  tst_file_stamp_init (&before, &st);
  self->seen = before;
  if (!content_wanted && self->tag != NULL && tst_file_stamp_equal (&before, &self->stamp))
    return TRUE;

  text = tst_file_read_all (fd, path, st.st_size, self->max_size, cancellable, error);
  if (text == NULL)
    return FALSE;

  tag = tst_digest (text);
  if (fstat (fd, &st) == 0)
    tst_file_stamp_init (&after, &st);
  else
    after = before;

  if (!tst_file_stamp_equal (&before, &after) || !is_settled (&after))
    memset (&after, 0, sizeof after);
  remember (self, &after, tag);

  *content = g_steal_pointer (&text);

  return TRUE;
}

/* After a replacement of which it is not known whether it reached the disk,
 * nothing is told to be there before it is. */
static gboolean
ensure_synced (TstSharedFile  *self,
               const char     *path,
               GError        **error)
{
  if (!self->unsynced)
    return TRUE;
  if (!tst_file_writer_sync (path, error))
    return FALSE;

  self->unsynced = FALSE;

  return TRUE;
}

/* A path is looked up each time: a symbolic link may lead elsewhere by now. */
static char *
find_path (TstSharedFile  *self,
           GCancellable   *cancellable,
           GError        **error)
{
  if (self->path == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           _("Only local files can be used"));
      return NULL;
    }

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;

  if (self->flags & TST_SHARED_FILE_NO_LINK)
    return g_strdup (self->path);

  return tst_file_writer_resolve (self->path, error);
}

static int
get_open_flags (TstSharedFile *self)
{
  return O_RDONLY | (self->flags & TST_SHARED_FILE_NO_LINK ? O_NOFOLLOW : 0);
}

/* Nothing is there. If it was removed from here, that must last. */
static gboolean
end_nothing (TstSharedFile  *self,
             const char     *path,
             GError        **error)
{
  if (self->unremoved && !tst_file_writer_sync_folder (path, error))
    return FALSE;

  forget (self);
  self->unremoved = FALSE;
  self->unsynced = FALSE;

  return TRUE;
}

TstFileReadResult
tst_shared_file_read (TstSharedFile  *self,
                      const char     *known_tag,
                      GCancellable   *cancellable,
                      GBytes        **content,
                      char          **tag,
                      GError        **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  g_autofree char *path = find_path (self, cancellable, error);
  g_autoptr(GError) local_error = NULL;
  gboolean done;
  int fd;

  if (path == NULL)
    return TST_FILE_READ_FAILED;

  /* Not waiting for somebody at the other end, if it is a pipe. */
  fd = tst_file_writer_open (path, get_open_flags (self) | O_NONBLOCK, 0, &local_error);
  if (fd == -1 && g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return end_nothing (self, path, error) ? TST_FILE_READ_NOTHING : TST_FILE_READ_FAILED;

  done = fd != -1 &&
         ensure_synced (self, path, &local_error) &&
         read_version (self, fd, path,
                       known_tag == NULL || g_strcmp0 (known_tag, self->tag) != 0,
                       cancellable, content, &local_error);
  if (fd != -1)
    close (fd);

  if (!done)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return TST_FILE_READ_FAILED;
    }

  if (known_tag != NULL && g_strcmp0 (known_tag, self->tag) == 0)
    {
      g_clear_pointer (content, g_bytes_unref);
      return TST_FILE_READ_UNCHANGED;
    }

  *tag = g_strdup (self->tag);

  return TST_FILE_READ_CONTENT;
}

/* --- Writing --- */

/* Cooperating writers lock the file that they replace; after waiting, it may be
 * one that has been replaced. Not every file system has locks. */
static gboolean
lock_file (int            fd,
           const char    *path,
           GCancellable  *cancellable,
           GError       **error)
{
  gint64 deadline = g_get_monotonic_time () + LOCK_TIMEOUT_US;

  while (flock (fd, LOCK_EX | LOCK_NB) == -1)
    {
      if (errno == EINTR)
        continue;
      if (errno == ENOLCK || errno == ENOTSUP || errno == EINVAL || errno == ENOSYS ||
          errno == EBADF)
        return TRUE;

      if (errno != EWOULDBLOCK)
        {
          int code = errno;

          g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
                       _("Cannot lock “%s”: %s"), path, g_strerror (code));
          return FALSE;
        }

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (g_get_monotonic_time () > deadline)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                       _("“%s” is locked by another program"), path);
          return FALSE;
        }
      g_usleep (LOCK_INTERVAL_US);
    }

  return TRUE;
}

/* On NFS, only who may write may lock. */
static int
open_to_lock (const char  *path,
              int          flags,
              GError     **error)
{
  int fd = tst_file_writer_open (path, flags | O_NONBLOCK, 0, error);
  int writable;

  if (fd == -1 || flock (fd, LOCK_EX | LOCK_NB) == 0 || errno != EBADF)
    return fd;

  writable = TST_RETRY (open (path, (flags & ~O_ACCMODE) | O_RDWR | O_NONBLOCK | O_CLOEXEC));
  if (writable == -1)
    return fd;
  close (fd);

  return writable;
}

int
tst_file_open_locked (const char    *path,
                      int            flags,
                      GCancellable  *cancellable,
                      GError       **error)
{
  for (;;)
    {
      g_autoptr(GError) local_error = NULL;
      struct stat st, here;
      int fd = open_to_lock (path, flags, &local_error);

      if (fd == -1)
        {
          if (!g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
            g_propagate_error (error, g_steal_pointer (&local_error));
          return -1;
        }

      if (!lock_file (fd, path, cancellable, error))
        {
          close (fd);
          return -1;
        }

      if (fstat (fd, &st) == 0 && stat (path, &here) == 0 &&
          st.st_dev == here.st_dev && st.st_ino == here.st_ino)
        return fd;

      close (fd);
    }
}

static TstFileWriteResult
end_write (TstSharedFile       *self,
           gboolean             done,
           const TstFileStamp  *stamp,
           gsize                size,
           const char          *tag,
           GError              *write_error,
           GError             **error)
{
  if (done)
    {
      self->unsynced = FALSE;
      self->seen = *stamp;
      self->seen.size = (gint64) size;
      self->synced = self->seen;
      remember (self, stamp, tag);
      return TST_FILE_WRITE_DONE;
    }

  forget (self);
  self->cleaned = FALSE;

  if (g_error_matches (write_error, G_IO_ERROR, G_IO_ERROR_EXISTS))
    {
      g_error_free (write_error);
      return TST_FILE_WRITE_CONFLICT;
    }

  g_propagate_error (error, write_error);

  return TST_FILE_WRITE_FAILED;
}

static TstFileWriteResult
create_file (TstSharedFile       *self,
             const char          *path,
             const TstFileChange *change,
             GCancellable        *cancellable,
             GError             **error)
{
  TstFileStamp stamp;
  GError *write_error = NULL;
  gboolean done;

  if (change->base_tag != NULL)
    {
      /* There was something. */
      forget (self);
      return TST_FILE_WRITE_CONFLICT;
    }

  self->unsynced = TRUE;
  done = tst_file_writer_create (path, self->flags & TST_SHARED_FILE_PRIVATE ? 0600 : 0666,
                                 change->content, cancellable, &stamp, &write_error);

  return end_write (self, done, &stamp, g_bytes_get_size (change->content), change->tag,
                    write_error, error);
}

static TstFileWriteResult
remove_file (TstSharedFile  *self,
             const char     *path,
             GError        **error)
{
  TstFileStamp none = { 0 };
  GError *write_error = NULL;
  gboolean done;

  self->unremoved = TRUE;
  done = tst_file_writer_remove (path, &self->seen, &write_error);
  if (done)
    self->unremoved = FALSE;

  return end_write (self, done, &none, 0, NULL, write_error, error);
}

static gboolean
keep_original (TstSharedFile  *self,
               const char     *path,
               GError        **error)
{
  g_autofree char *kept = g_strdup_printf ("%s.corrupt-%.*s", path,
                                           TST_SHARED_FILE_KEPT_DIGEST_LENGTH, self->tag);

  return tst_file_writer_keep (path, kept, error);
}

static gboolean
sync_seen (TstSharedFile  *self,
           const char     *path,
           GError        **error)
{
  TstFileStamp seen = self->seen;

  /* That it was renamed is no other version. */
  seen.ctime_ns = self->synced.ctime_ns;
  if (tst_file_stamp_equal (&seen, &self->synced))
    return TRUE;
  if (!tst_file_writer_sync (path, error))
    return FALSE;

  self->synced = self->seen;

  return TRUE;
}

gboolean
tst_shared_file_sync (TstFileLock  *lock,
                      GError      **error)
{
  return sync_seen (lock->file, lock->path, error);
}

static TstFileWriteResult
replace_file (TstSharedFile       *self,
              const char          *path,
              int                  original,
              const TstFileChange *change,
              GCancellable        *cancellable,
              GError             **error)
{
  g_autoptr(GBytes) content = NULL;
  TstFileStamp stamp;
  GError *write_error = NULL;
  gboolean done;

  if (!ensure_synced (self, path, error) ||
      !read_version (self, original, path, FALSE, cancellable, &content, error))
    return TST_FILE_WRITE_FAILED;

  if (change->content != NULL && g_strcmp0 (self->tag, change->tag) == 0)
    return sync_seen (self, path, error) ? TST_FILE_WRITE_DONE : TST_FILE_WRITE_FAILED;
  if (g_strcmp0 (self->tag, change->base_tag) != 0)
    return TST_FILE_WRITE_CONFLICT;
  if (change->keep_original && !keep_original (self, path, error))
    return TST_FILE_WRITE_FAILED;

  if (change->content == NULL)
    return remove_file (self, path, error);

  self->unsynced = TRUE;
  done = tst_file_writer_replace (path, original, &self->seen, tst_shared_file_get_in_place (self),
                                  change->content, change->draft, cancellable, &stamp,
                                  &write_error);

  return end_write (self, done, &stamp, g_bytes_get_size (change->content), change->tag,
                    write_error, error);
}

/* A draft that is of another file by then is of no use, but does no harm. */
TstFileDraft *
tst_shared_file_begin_draft (TstSharedFile *self,
                             GCancellable  *cancellable)
{
  g_autofree char *path = find_path (self, cancellable, NULL);

  return path != NULL ? tst_file_draft_new (path, cancellable) : NULL;
}

gboolean
tst_shared_file_lock (TstSharedFile  *self,
                      TstFileLock    *lock,
                      GCancellable   *cancellable,
                      GError        **error)
{
  g_autoptr(GError) local_error = NULL;

  g_mutex_lock (&self->lock);

  lock->file = self;
  lock->fd = -1;
  lock->path = find_path (self, cancellable, error);
  if (lock->path == NULL)
    {
      tst_shared_file_unlock (lock);
      return FALSE;
    }

  if (!self->cleaned)
    tst_temporary_file_clean (lock->path);
  self->cleaned = TRUE;

  lock->fd = tst_file_open_locked (lock->path, get_open_flags (self), cancellable, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      tst_shared_file_unlock (lock);
      return FALSE;
    }

  return TRUE;
}

void
tst_shared_file_unlock (TstFileLock *lock)
{
  if (lock->fd != -1)
    close (lock->fd);
  g_free (lock->path);
  g_mutex_unlock (&lock->file->lock);
}

gboolean
tst_shared_file_look (TstFileLock   *lock,
                      GCancellable  *cancellable,
                      GError       **error)
{
  g_autoptr(GBytes) content = NULL;

  return ensure_synced (lock->file, lock->path, error) &&
         read_version (lock->file, lock->fd, lock->path, FALSE, cancellable, &content, error);
}

TstFileWriteResult
tst_shared_file_write_locked (TstFileLock          *lock,
                              const TstFileChange  *change,
                              GCancellable         *cancellable,
                              GError              **error)
{
  if (lock->fd == -1 && change->content == NULL)
    return end_nothing (lock->file, lock->path, error) ? TST_FILE_WRITE_DONE : TST_FILE_WRITE_FAILED;
  if (lock->fd == -1)
    return create_file (lock->file, lock->path, change, cancellable, error);

  return replace_file (lock->file, lock->path, lock->fd, change, cancellable, error);
}

TstFileWriteResult
tst_shared_file_write (TstSharedFile        *self,
                       const TstFileChange  *change,
                       GCancellable         *cancellable,
                       GError              **error)
{
  TstFileWriteResult result;
  TstFileLock lock;

  if (!tst_shared_file_lock (self, &lock, cancellable, error))
    return TST_FILE_WRITE_FAILED;

  result = tst_shared_file_write_locked (&lock, change, cancellable, error);
  tst_shared_file_unlock (&lock);

  return result;
}
