/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#define _GNU_SOURCE

#include "config.h"

#include "tst-file-writer-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tst-temporary-file-private.h"

#define MAX_LINKS 40

/* --- Stamps --- */

static gint64
to_nanoseconds (const struct timespec *time)
{
  return time->tv_sec * G_GINT64_CONSTANT (1000000000) + time->tv_nsec;
}

void
tst_file_stamp_init (TstFileStamp      *stamp,
                     const struct stat *st)
{
  memset (stamp, 0, sizeof *stamp);
  stamp->device = st->st_dev;
  stamp->inode = st->st_ino;
  stamp->size = st->st_size;
  stamp->mtime_ns = to_nanoseconds (&st->st_mtim);
  stamp->ctime_ns = to_nanoseconds (&st->st_ctim);
}

gboolean
tst_file_stamp_equal (const TstFileStamp *a,
                      const TstFileStamp *b)
{
  return memcmp (a, b, sizeof *a) == 0;
}

/* --- Errors --- */

gboolean
tst_file_writer_fail (GError     **error,
                      const char  *action,
                      const char  *path)
{
  int code = errno;
  g_autofree char *name = g_filename_display_name (path);

  /* translators: what was tried, a file name, why it failed */
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), _("%s “%s”: %s"),
               action, name, g_strerror (code));

  return FALSE;
}

static gboolean
fail_exists (GError     **error,
             const char  *path)
{
  errno = EEXIST;

  return tst_file_writer_fail (error, _("Cannot replace"), path);
}

int
tst_file_writer_open (const char  *path,
                      int          flags,
                      int          mode,
                      GError     **error)
{
  int fd = TST_RETRY (open (path, flags | O_CLOEXEC, mode));

  if (fd == -1)
    tst_file_writer_fail (error, _("Cannot open"), path);

  return fd;
}

/* --- Folders --- */

gboolean
tst_file_writer_sync_folder (const char  *path,
                             GError     **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = tst_file_writer_open (folder, O_RDONLY | O_DIRECTORY, 0, error);
  gboolean done;

  if (fd == -1)
    return FALSE;

  done = TST_RETRY (fsync (fd)) == 0;
  /* Some file systems have no fsync() for folders. */
  if (!done && (errno == EINVAL || errno == ENOTSUP))
    done = TRUE;
  if (!done)
    tst_file_writer_fail (error, _("Cannot write to disk"), folder);
  close (fd);

  return done;
}

gboolean
tst_file_writer_sync (const char  *path,
                      GError     **error)
{
  int fd = tst_file_writer_open (path, O_RDONLY, 0, error);
  gboolean done;

  if (fd == -1)
    return FALSE;

  done = TST_RETRY (fsync (fd)) == 0 || tst_file_writer_fail (error, _("Cannot write to disk"), path);
  close (fd);

  return done && tst_file_writer_sync_folder (path, error);
}

static gboolean
make_one_folder (const char  *path,
                 GError     **error)
{
  if (mkdir (path, 0700) == 0)
    return tst_file_writer_sync_folder (path, error);

  /* Whatever else it is, it cannot be written in. */
  return errno == EEXIST || tst_file_writer_fail (error, _("Cannot create"), path);
}

gboolean
tst_file_writer_make_folder (const char  *path,
                             GError     **error)
{
  g_autoptr(GPtrArray) missing = g_ptr_array_new_with_free_func (g_free);
  char *folder = g_strdup (path);

  while (!g_file_test (folder, G_FILE_TEST_IS_DIR))
    {
      g_ptr_array_add (missing, folder);
      folder = g_path_get_dirname (folder);
      if (g_str_equal (folder, g_ptr_array_index (missing, missing->len - 1)))
        break;
    }
  g_free (folder);

  for (guint i = missing->len; i > 0; i--)
    {
      if (!make_one_folder (g_ptr_array_index (missing, i - 1), error))
        return FALSE;
    }

  return TRUE;
}

/* --- Symbolic links --- */

static char *
follow_link (const char  *path,
             GError     **error)
{
  g_autofree char *target = g_file_read_link (path, error);
  g_autofree char *folder = NULL;

  if (target == NULL)
    return NULL;
  if (g_path_is_absolute (target))
    return g_steal_pointer (&target);

  folder = g_path_get_dirname (path);

  return g_build_filename (folder, target, NULL);
}

char *
tst_file_writer_resolve (const char  *path,
                         GError     **error)
{
  g_autofree char *resolved = g_strdup (path);

  for (guint n = 0; n < MAX_LINKS; n++)
    {
      struct stat st;
      char *target;

      if (lstat (resolved, &st) == -1)
        {
          if (errno == ENOENT)
            return g_steal_pointer (&resolved);
          tst_file_writer_fail (error, _("Cannot find"), resolved);
          return NULL;
        }

      if (!S_ISLNK (st.st_mode))
        return g_steal_pointer (&resolved);

      target = follow_link (resolved, error);
      if (target == NULL)
        return NULL;
      g_free (resolved);
      resolved = target;
    }

  errno = ELOOP;
  tst_file_writer_fail (error, _("Cannot find"), path);

  return NULL;
}

/* --- Writing --- */

/* A time of our own choice, to the nanosecond: so that a file that somebody
 * else writes to within the same tick of the clock has another one. */
static void
set_own_time (int              fd,
              struct timespec *time)
{
  struct timespec times[2] = { { 0, UTIME_OMIT }, { 0, 0 } };

  clock_gettime (CLOCK_REALTIME, &times[1]);
  if (futimens (fd, times) == 0)
    *time = times[1];
}

static gboolean
fill (TstTemporaryFile *temporary,
      const char       *path,
      GBytes           *content,
      GCancellable     *cancellable,
      struct timespec  *time,
      GError          **error)
{
  gsize length;
  const char *text = g_bytes_get_data (content, &length);

  if (!tst_temporary_file_write (temporary, path, text, length, cancellable, error))
    return FALSE;

  set_own_time (temporary->fd, time);

  if (TST_RETRY (fsync (temporary->fd)) == -1)
    return tst_file_writer_fail (error, _("Cannot write to disk"), path);

  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

/* Only a stamp that cannot belong to anything else is worth to be remembered. */
static void
take_stamp (int                    fd,
            const struct timespec *time,
            GBytes                *content,
            TstFileStamp          *stamp)
{
  struct stat st;

  memset (stamp, 0, sizeof *stamp);

  if (fstat (fd, &st) == 0 && time->tv_sec != 0 &&
      to_nanoseconds (&st.st_mtim) == to_nanoseconds (time) &&
      (gsize) st.st_size == g_bytes_get_size (content))
    tst_file_stamp_init (stamp, &st);
}

/* Some file systems cannot rename without replacing, and some cannot link. */
static gboolean
rename_to_new (const char  *temporary,
               const char  *path,
               GError     **error)
{
  if (TST_RETRY (renameat2 (AT_FDCWD, temporary, AT_FDCWD, path, RENAME_NOREPLACE)) == 0)
    return TRUE;
  if (errno != EINVAL && errno != ENOSYS && errno != ENOTSUP)
    return tst_file_writer_fail (error, _("Cannot create"), path);

  if (TST_RETRY (link (temporary, path)) == -1)
    return tst_file_writer_fail (error, _("Cannot create"), path);
  unlink (temporary);

  return TRUE;
}

/* It has its new content by now: nobody is to take it for not written. */
static gboolean
sync_new_name (const char  *path,
               GError     **error)
{
  g_autoptr(GError) local_error = NULL;

  if (tst_file_writer_sync_folder (path, &local_error))
    return TRUE;

  local_error->code = G_IO_ERROR_FAILED;
  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

gboolean
tst_file_writer_create (const char    *path,
                        int            mode,
                        GBytes        *content,
                        GCancellable  *cancellable,
                        TstFileStamp  *stamp,
                        GError       **error)
{
  TstTemporaryFile temporary = TST_TEMPORARY_FILE_INIT;
  struct timespec time = { 0, 0 };
  gboolean done;

  if (!tst_temporary_file_make (&temporary, path, mode, error))
    return FALSE;

  if (!fill (&temporary, path, content, cancellable, &time, error) ||
      !rename_to_new (temporary.path, path, error))
    {
      tst_temporary_file_remove (&temporary);
      return FALSE;
    }

  done = sync_new_name (path, error);
  take_stamp (temporary.fd, &time, content, stamp);
  tst_temporary_file_clear (&temporary);

  return done;
}

/* Who may read a file and who may not must not change by saving it. */
gboolean
tst_file_writer_copy_owner (int           from,
                            int           to,
                            const char   *path,
                            GError      **error)
{
  struct stat st, own;

  if (fstat (from, &st) == -1 || fstat (to, &own) == -1)
    return tst_file_writer_fail (error, _("Cannot read"), path);

  /* Where that is not permitted, the group alone often is. */
  if ((st.st_uid != own.st_uid || st.st_gid != own.st_gid) &&
      TST_RETRY (fchown (to, st.st_uid, st.st_gid)) == -1 &&
      TST_RETRY (fchown (to, -1, st.st_gid)) == -1)
    {
      /* What the group could do would be done by another group. */
      st.st_mode &= ~(S_IRWXG | S_ISUID | S_ISGID);
    }

  if (TST_RETRY (fchmod (to, st.st_mode & 07777)) == -1 && errno != EPERM && errno != ENOTSUP)
    return tst_file_writer_fail (error, _("Cannot set the permissions of"), path);

  return TRUE;
}

/* A second name for it is no other content. */
static gboolean
is_as_seen (const struct stat  *st,
            const TstFileStamp *seen)
{
  TstFileStamp now;

  tst_file_stamp_init (&now, st);
  now.ctime_ns = seen->ctime_ns;

  return tst_file_stamp_equal (&now, seen);
}

/* Neither replaced by somebody who takes no lock, nor written to. */
static gboolean
is_still (const char         *path,
          const TstFileStamp *seen)
{
  struct stat st;

  return lstat (path, &st) == 0 && is_as_seen (&st, seen);
}

/* The descriptor of the lock is open for reading only. */
static gboolean
write_in_place (const char          *path,
                const TstFileStamp  *seen,
                GBytes              *content,
                TstFileStamp        *stamp,
                GError             **error)
{
  struct timespec time = { 0, 0 };
  gsize length;
  const char *text = g_bytes_get_data (content, &length);
  int fd = tst_file_writer_open (path, O_WRONLY, 0, error);
  struct stat st;
  gboolean done;

  if (fd == -1)
    return FALSE;

  if (fstat (fd, &st) == -1 || !is_as_seen (&st, seen))
    {
      close (fd);
      return fail_exists (error, path);
    }

  /* Not to be cancelled half way. */
  done = tst_file_write_all (fd, path, text, length, NULL, error);
  if (done && TST_RETRY (ftruncate (fd, (off_t) length)) == -1)
    done = tst_file_writer_fail (error, _("Cannot write"), path);
  if (done)
    set_own_time (fd, &time);
  if (done && TST_RETRY (fsync (fd)) == -1)
    done = tst_file_writer_fail (error, _("Cannot write to disk"), path);

  take_stamp (fd, &time, content, stamp);
  close (fd);

  return done;
}

gboolean
tst_file_writer_is_about_folder (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_READ_ONLY);
}

gboolean
tst_file_writer_replace (const char          *path,
                         int                  original,
                         const TstFileStamp  *seen,
                         gboolean             in_place,
                         GBytes              *content,
                         TstFileDraft        *draft,
                         GCancellable        *cancellable,
                         TstFileStamp        *stamp,
                         GError             **error)
{
  g_autoptr(GError) local_error = NULL;
  TstTemporaryFile temporary = TST_TEMPORARY_FILE_INIT;
  struct timespec time = { 0, 0 };
  gboolean done;

  if (!(draft != NULL && tst_file_draft_take (draft, path, &temporary)) &&
      !tst_temporary_file_make (&temporary, path, TST_TEMPORARY_FILE_MODE, &local_error))
    {
      if (in_place && tst_file_writer_is_about_folder (local_error))
        return write_in_place (path, seen, content, stamp, error);
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  done = tst_file_writer_copy_owner (original, temporary.fd, path, error) &&
         fill (&temporary, path, content, cancellable, &time, error);

  /* Writers that take no lock: the shorter the gap, the fewer slip through. */
  if (done && !is_still (path, seen))
    done = fail_exists (error, path);
  if (done && TST_RETRY (rename (temporary.path, path)) == -1)
    done = tst_file_writer_fail (error, _("Cannot replace"), path);

  if (!done)
    {
      tst_temporary_file_remove (&temporary);
      return FALSE;
    }

  done = sync_new_name (path, error);
  take_stamp (temporary.fd, &time, content, stamp);
  tst_temporary_file_clear (&temporary);

  return done;
}

gboolean
tst_file_writer_remove (const char          *path,
                        const TstFileStamp  *seen,
                        GError             **error)
{
  if (!is_still (path, seen))
    return fail_exists (error, path);
  if (TST_RETRY (unlink (path)) == -1)
    return tst_file_writer_fail (error, _("Cannot remove"), path);

  return sync_new_name (path, error);
}

gboolean
tst_file_writer_keep (const char  *path,
                      const char  *kept_path,
                      GError     **error)
{
  if (TST_RETRY (link (path, kept_path)) == 0 || errno == EEXIST)
    return tst_file_writer_sync_folder (path, error);

  return tst_file_writer_fail (error, _("Cannot keep a copy as"), kept_path);
}
