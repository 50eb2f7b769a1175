/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#define _GNU_SOURCE

#include "config.h"

#include "tst-temporary-file-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tst-file-writer-private.h"

/* .NAME.RANDOM.tst-tmp: hidden, ours, and of one file. */
#define TEMPORARY_SUFFIX ".tst-tmp"
#define RANDOM_LENGTH 12

#define PAGE_SIZE 4096

/* --- Temporary files --- */

void
tst_temporary_file_clear (TstTemporaryFile *self)
{
  if (self->fd != -1)
    close (self->fd);
  self->fd = -1;
  g_clear_pointer (&self->path, g_free);
}

void
tst_temporary_file_remove (TstTemporaryFile *self)
{
  if (self->path != NULL)
    unlink (self->path);
  tst_temporary_file_clear (self);
}

static char *
make_temporary_path (const char *path)
{
  static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *temporary = NULL;
  char random[RANDOM_LENGTH + 1] = "";

  for (guint i = 0; i < RANDOM_LENGTH; i++)
    random[i] = letters[g_random_int_range (0, strlen (letters))];

  temporary = g_strdup_printf (".%s.%s" TEMPORARY_SUFFIX, name, random);

  return g_build_filename (folder, temporary, NULL);
}

/* A file without a lock belongs to nobody. So it may be taken away between being
 * made and being locked, and then another one is made. */
gboolean
tst_temporary_file_make (TstTemporaryFile  *self,
                         const char        *path,
                         int                mode,
                         GError           **error)
{
  self->written = 0;

  for (guint n = 0; n < 100; n++)
    {
      struct stat st;

      self->path = make_temporary_path (path);
      self->fd = TST_RETRY (open (self->path,
                                  O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode));
      if (self->fd == -1 && errno != EEXIST)
        break;

      if (self->fd != -1 &&
          (TST_RETRY (flock (self->fd, LOCK_EX | LOCK_NB)) == 0 || errno != EWOULDBLOCK) &&
          fstat (self->fd, &st) == 0 && st.st_nlink > 0)
        return TRUE;

      tst_temporary_file_clear (self);
    }

  tst_file_writer_fail (error, _("Cannot create a file for"), path);
  tst_temporary_file_clear (self);

  return FALSE;
}

static gboolean
is_temporary_of (const char *name,
                 const char *base)
{
  gsize length = strlen (base);

  return name[0] == '.' &&
         strlen (name) == 1 + length + 1 + RANDOM_LENGTH + strlen (TEMPORARY_SUFFIX) &&
         strncmp (name + 1, base, length) == 0 &&
         name[1 + length] == '.' &&
         g_str_has_suffix (name, TEMPORARY_SUFFIX);
}

void
tst_temporary_file_clean (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *base = g_path_get_basename (path);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *left_over = NULL;
      int fd;

      if (!is_temporary_of (name, base))
        continue;

      left_over = g_build_filename (folder, name, NULL);
      fd = TST_RETRY (open (left_over, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
      if (fd == -1)
        continue;
      if (TST_RETRY (flock (fd, LOCK_EX | LOCK_NB)) == 0)
        unlink (left_over);
      close (fd);
    }
}

/* --- Writing --- */

gboolean
tst_file_write_all (int            fd,
                    const char    *path,
                    const char    *text,
                    gsize          length,
                    GCancellable  *cancellable,
                    GError       **error)
{
  const gsize slice = 1 << 20;

  while (length > 0)
    {
      gssize written;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;

      written = TST_RETRY (write (fd, text, MIN (length, slice)));
      if (written == 0)
        errno = ENOSPC;
      if (written <= 0)
        return tst_file_writer_fail (error, _("Cannot write"), path);

      text += written;
      length -= (gsize) written;
    }

  return TRUE;
}

gboolean
tst_temporary_file_write (TstTemporaryFile  *self,
                          const char        *path,
                          const char        *text,
                          gsize              length,
                          GCancellable      *cancellable,
                          GError           **error)
{
  if (!tst_file_write_all (self->fd, path, text + self->written, length - self->written,
                           cancellable, error))
    return FALSE;

  self->written = length;

  return TRUE;
}

/* --- Drafts --- */

struct _TstFileDraft
{
  TstTemporaryFile  temporary;
  char             *path;
  GCancellable     *cancellable;
};

TstFileDraft *
tst_file_draft_new (const char   *path,
                    GCancellable *cancellable)
{
  TstTemporaryFile temporary;
  TstFileDraft *self;

  if (!tst_temporary_file_make (&temporary, path, TST_TEMPORARY_FILE_MODE, NULL))
    return NULL;

  self = g_new0 (TstFileDraft, 1);
  self->temporary = temporary;
  self->path = g_strdup (path);
  self->cancellable = g_object_ref (cancellable);

  return self;
}

void
tst_file_draft_free (TstFileDraft *self)
{
  tst_temporary_file_remove (&self->temporary);
  g_free (self->path);
  g_object_unref (self->cancellable);
  g_free (self);
}

/* Pages that are on their way to the disk had better not be written to again. */
void
tst_file_draft_write (TstFileDraft *self,
                      const char   *text,
                      gsize         length)
{
  length -= length % PAGE_SIZE;
  if (self->temporary.fd == -1 || length <= self->temporary.written)
    return;

  if (!tst_temporary_file_write (&self->temporary, self->path, text, length, self->cancellable,
                                 NULL))
    tst_temporary_file_remove (&self->temporary);
  else
    sync_file_range (self->temporary.fd, 0, 0, SYNC_FILE_RANGE_WRITE);
}

gboolean
tst_file_draft_take (TstFileDraft     *self,
                     const char       *path,
                     TstTemporaryFile *temporary)
{
  if (self->temporary.fd == -1 || !g_str_equal (self->path, path))
    return FALSE;

  *temporary = self->temporary;
  self->temporary = (TstTemporaryFile) TST_TEMPORARY_FILE_INIT;

  return TRUE;
}
