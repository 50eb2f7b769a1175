/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#define _GNU_SOURCE

#include "config.h"

#include "tst-storage-place-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gio/gio.h>

#include "tst-file-writer-private.h"

#define FOLDER "tstore"

char *
tst_storage_place_local (const char  *app_id,
                         GError     **error)
{
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), app_id, FOLDER, NULL);

  return tst_file_writer_make_folder (path, error) ? g_steal_pointer (&path) : NULL;
}

/* --- Session --- */

static gboolean
fail (const char  *path,
      GError     **error)
{
  int code = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), _("Cannot use “%s”: %s"),
               path, g_strerror (code));

  return FALSE;
}

/* forbidden: what others must not be able to do. */
static gboolean
check_folder (int          fd,
              const char  *path,
              mode_t       forbidden,
              GError     **error)
{
  struct stat st;

  if (fstat (fd, &st) == -1)
    return fail (path, error);

  if (st.st_uid != geteuid () || (st.st_mode & forbidden) != 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                   _("“%s” belongs to another user, or is open to others"), path);
      return FALSE;
    }

  return TRUE;
}

/* Goes one step down, without following a link that somebody put there. */
static gboolean
descend (int         *fd,
         char       **path,
         const char  *name,
         mode_t       forbidden,
         GError     **error)
{
  g_autofree char *parent = g_steal_pointer (path);
  int child;

  *path = g_build_filename (parent, name, NULL);
  if (mkdirat (*fd, name, 0700) == -1 && errno != EEXIST)
    return fail (*path, error);

  child = openat (*fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (child == -1)
    return fail (*path, error);

  close (*fd);
  *fd = child;

  return check_folder (child, *path, forbidden, error);
}

/* Without a runtime folder, GLib takes the one of the cache, which outlives the
 * session. */
static const char *
get_runtime_folder (void)
{
  const char *path = g_get_user_runtime_dir ();

  if (g_strcmp0 (path, g_get_user_cache_dir ()) == 0 || !g_path_is_absolute (path))
    return NULL;

  return path;
}

/* In a sandbox of Flatpak, this is the only part of the runtime folder that
 * survives the application, and that its processes share. */
#define SHARED_FOLDER "app"

gboolean
tst_storage_place_session (const char  *app_id,
                           char       **path,
                           GError     **error)
{
  const char *runtime = get_runtime_folder ();
  const mode_t writing = S_IWGRP | S_IWOTH;
  g_autofree char *folder = g_strdup (runtime);
  gboolean done;
  int fd;

  *path = NULL;
  if (runtime == NULL)
    return TRUE;

  fd = g_open (runtime, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  if (fd == -1)
    return errno == ENOENT || fail (runtime, error);

  done = check_folder (fd, folder, writing, error) &&
         descend (&fd, &folder, SHARED_FOLDER, writing, error) &&
         descend (&fd, &folder, app_id, writing, error) &&
         descend (&fd, &folder, FOLDER, S_IRWXG | S_IRWXO, error);
  close (fd);

  if (done)
    *path = g_steal_pointer (&folder);

  return done;
}
