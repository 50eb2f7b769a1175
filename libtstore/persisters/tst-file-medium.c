/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-file-medium-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sys/file.h>
#include <unistd.h>

#include "tst-error.h"
#include "tst-file-writer-private.h"

/* More is not read: nobody has that much in memory twice. */
#define MAX_SIZE (G_GINT64_CONSTANT (1) << 31)

/* How long to wait for another writer, and how long between two tries. */
#define LOCK_TIMEOUT_US (10 * G_USEC_PER_SEC)
#define LOCK_INTERVAL_US 5000

/* A file that was changed this shortly before it was read may be changed once
 * more without a trace in its times. */
#define RACY_NS (G_GINT64_CONSTANT (50) * 1000000)

/* Of the name of what is kept of a corrupt file. */
#define KEPT_DIGEST_LENGTH 16

struct _TstFileMedium
{
  char         *path;       /* (nullable): as the app gave it */
  gint          in_place;   /* atomic */

  GMutex        lock;       /* one request at a time; guards the rest */
  TstFileStamp  stamp;      /* of the version of that tag, or 0 */
  char         *tag;        /* (nullable) */
  gboolean      unsynced;   /* replaced, but perhaps not on the disk */
  gboolean      cleaned;    /* looked for left-over temporary files */
};

TstFileMedium *
tst_file_medium_new (const char *path)
{
  TstFileMedium *self = g_new0 (TstFileMedium, 1);

  self->path = g_strdup (path);
  g_mutex_init (&self->lock);

  return self;
}

void
tst_file_medium_free (TstFileMedium *self)
{
  g_mutex_clear (&self->lock);
  g_free (self->path);
  g_free (self->tag);
  g_free (self);
}

void
tst_file_medium_set_in_place (TstFileMedium *self,
                              gboolean       in_place)
{
  g_atomic_int_set (&self->in_place, in_place);
}

gboolean
tst_file_medium_get_in_place (TstFileMedium *self)
{
  return g_atomic_int_get (&self->in_place);
}

static void
remember (TstFileMedium      *self,
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
forget (TstFileMedium *self)
{
  TstFileStamp none = { 0 };

  remember (self, &none, NULL);
}

/* --- Reading --- */

static gboolean
check_kind (const struct stat  *st,
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

  if (st->st_size > MAX_SIZE)
    {
      g_set_error (error, TST_ERROR, TST_ERROR_LIMIT, _("“%s” is too large"), path);
      return FALSE;
    }

  return TRUE;
}

static GBytes *
read_all (int            fd,
          const char    *path,
          gsize          expected,
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
      if ((gint64) length > MAX_SIZE)
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
read_version (TstFileMedium  *self,
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

  if (fstat (fd, &st) == -1 || !check_kind (&st, path, error))
    {
      if (error != NULL && *error == NULL)
        g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), _("Cannot read “%s”"), path);
      return FALSE;
    }

  tst_file_stamp_init (&before, &st);
  if (!content_wanted && self->tag != NULL && tst_file_stamp_equal (&before, &self->stamp))
    return TRUE;

  text = read_all (fd, path, st.st_size, cancellable, error);
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
ensure_synced (TstFileMedium  *self,
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

static void
do_read (TstFileMedium *self,
         TstRequest    *request,
         const char    *path)
{
  const char *base_tag = tst_request_get_base_tag (request);
  g_autoptr(GBytes) content = NULL;
  g_autoptr(GError) error = NULL;
  gboolean done;
  int fd;

  /* Not waiting for somebody at the other end, if it is a pipe. */
  fd = tst_file_writer_open (path, O_RDONLY | O_NONBLOCK, 0, &error);
  if (fd == -1 && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    {
      forget (self);
      self->unsynced = FALSE;
      tst_request_return_nothing (request);
      return;
    }

  done = fd != -1 &&
         ensure_synced (self, path, &error) &&
         read_version (self, fd, path, base_tag == NULL || g_strcmp0 (base_tag, self->tag) != 0,
                       tst_request_get_cancellable (request), &content, &error);
  if (fd != -1)
    close (fd);

  if (!done)
    tst_request_take_error (request, g_steal_pointer (&error));
  else if (base_tag != NULL && g_strcmp0 (base_tag, self->tag) == 0)
    tst_request_return_unchanged (request);
  else
    tst_request_return_text (request, content, self->tag);
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
      if (errno == ENOLCK || errno == ENOTSUP || errno == EINVAL || errno == ENOSYS)
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

/* Opens and locks what is at @path. -1 without an error: nothing is there. */
static int
open_locked (const char    *path,
             GCancellable  *cancellable,
             GError       **error)
{
  for (;;)
    {
      g_autoptr(GError) local_error = NULL;
      struct stat st, here;
      int fd = tst_file_writer_open (path, O_RDONLY | O_NONBLOCK, 0, &local_error);

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

static void
end_write (TstFileMedium *self,
           TstRequest    *request,
           gboolean       done,
           TstFileStamp  *stamp,
           GError        *error)
{
  if (done)
    {
      remember (self, stamp, tst_request_get_text_tag (request));
      tst_request_return_saved (request, self->tag);
      return;
    }

  forget (self);
  self->cleaned = FALSE;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_EXISTS))
    {
      g_error_free (error);
      tst_request_return_conflict (request);
    }
  else
    {
      tst_request_take_error (request, error);
    }
}

static void
create_file (TstFileMedium *self,
             TstRequest    *request,
             const char    *path,
             GBytes        *text)
{
  TstFileStamp stamp;
  GError *error = NULL;
  gboolean done;

  if (tst_request_get_base_tag (request) != NULL)
    {
      /* There was something. */
      forget (self);
      tst_request_return_conflict (request);
      return;
    }

  self->unsynced = TRUE;
  done = tst_file_writer_create (path, text, tst_request_get_cancellable (request), &stamp, &error);
  if (done)
    self->unsynced = FALSE;
  end_write (self, request, done, &stamp, error);
}

static gboolean
keep_original (TstFileMedium  *self,
               const char     *path,
               GError        **error)
{
  g_autofree char *kept = g_strdup_printf ("%s.corrupt-%.*s", path, KEPT_DIGEST_LENGTH, self->tag);

  return tst_file_writer_keep (path, kept, error);
}

static void
replace_file (TstFileMedium *self,
              TstRequest    *request,
              const char    *path,
              int            original,
              GBytes        *text)
{
  GCancellable *cancellable = tst_request_get_cancellable (request);
  const char *tag = tst_request_get_text_tag (request);
  g_autoptr(GBytes) content = NULL;
  TstFileStamp stamp;
  GError *error = NULL;
  gboolean done;

  if (!ensure_synced (self, path, &error) ||
      !read_version (self, original, path, FALSE, cancellable, &content, &error))
    {
      tst_request_take_error (request, error);
      return;
    }

  if (g_strcmp0 (self->tag, tag) == 0)
    {
      tst_request_return_saved (request, tag);
      return;
    }

  if (g_strcmp0 (self->tag, tst_request_get_base_tag (request)) != 0)
    {
      tst_request_return_conflict (request);
      return;
    }

  if (tst_request_keeps_original (request) && !keep_original (self, path, &error))
    {
      tst_request_take_error (request, error);
      return;
    }

  self->unsynced = TRUE;
  done = tst_file_writer_replace (path, original, tst_file_medium_get_in_place (self), text,
                                  cancellable, &stamp, &error);
  if (done)
    self->unsynced = FALSE;
  end_write (self, request, done, &stamp, error);
}

static void
do_write (TstFileMedium *self,
          TstRequest    *request,
          const char    *path)
{
  g_autoptr(GBytes) text = NULL;
  GError *error = NULL;
  int fd;

  text = tst_request_get_text (request, &error);
  if (text == NULL)
    {
      tst_request_take_error (request, error);
      return;
    }

  if (!self->cleaned)
    tst_file_writer_clean (path);
  self->cleaned = TRUE;

  fd = open_locked (path, tst_request_get_cancellable (request), &error);
  if (error != NULL)
    {
      tst_request_take_error (request, error);
    }
  else if (fd == -1)
    {
      create_file (self, request, path, text);
    }
  else
    {
      replace_file (self, request, path, fd, text);
      close (fd);
    }
}

void
tst_file_medium_perform (TstRequest *request,
                         gpointer    data)
{
  TstFileMedium *self = data;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  g_autofree char *path = NULL;
  GError *error = NULL;

  if (self->path == NULL)
    g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                         _("Only local files can be used"));
  else if (!g_cancellable_set_error_if_cancelled (tst_request_get_cancellable (request), &error))
    path = tst_file_writer_resolve (self->path, &error);

  if (path == NULL)
    tst_request_take_error (request, error);
  else if (tst_request_is_write (request))
    do_write (self, request, path);
  else
    do_read (self, request, path);
}
