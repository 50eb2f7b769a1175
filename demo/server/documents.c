/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#define _GNU_SOURCE

#include "documents.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "known.h"

/* The documents are the plain files NAME.json of one folder. All that is done here
 * is done at once, on the main thread: so a check and what follows from it are one
 * step, and as only one server keeps a folder, nobody else who asks it comes between. */

#define ENDING ".json"

/* What is written is .NAME.json.server-tmp until it is whole; a server that is killed leaves
 * it behind. Of what a file system takes, that is left for a name: */
#define TEMPORARY_ENDING ".server-tmp"
#define MAX_NAME_LENGTH 240

/* Somebody who writes in place may be at it for a while. */
#define MAX_TRIES 5

struct _DemoDocuments
{
  char      *folder;
  gsize      max_size;
  int        fd;    /* of the folder: holds the lock */
  DemoKnown *known;
};

/* --- Little helpers --- */

static gboolean
fail (GError     **error,
      const char  *name)
{
  int code = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s: %s", name, g_strerror (code));

  return FALSE;
}

void
demo_document_clear (DemoDocument *document)
{
  g_clear_pointer (&document->digest, g_free);
}

/* --- Names --- */

/*
 * demo_documents_is_name:
 * @name: what was asked for
 *
 * Returns: whether it can be the name of a document: of one file in the folder,
 *   not a hidden one, and with nothing in it that means something else elsewhere
 */
gboolean
demo_documents_is_name (const char *name)
{
  gsize length = strlen (name);

  if (length <= strlen (ENDING) || length > MAX_NAME_LENGTH || !g_str_has_suffix (name, ENDING))
    return FALSE;

  if (*name == '.' || !g_utf8_validate (name, length, NULL))
    return FALSE;

  for (const char *c = name; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c) || *c == '/' || *c == '\\')
      return FALSE;

  return TRUE;
}

/* --- The folder --- */

static gboolean
is_temporary (const char *name)
{
  return *name == '.' && g_str_has_suffix (name, ENDING TEMPORARY_ENDING);
}

static void
remove_left_over (DemoDocuments *self,
                  const char    *name)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  GStatBuf st;

  if (g_lstat (path, &st) != 0 || !S_ISREG (st.st_mode))
    return;

  if (g_unlink (path) != 0)
    g_printerr ("%s: %s\n", path, g_strerror (errno));
}

static gboolean
remove_left_overs (DemoDocuments  *self,
                   GError        **error)
{
  g_autoptr(GDir) dir = g_dir_open (self->folder, 0, error);
  const char *name;

  if (dir == NULL)
    return FALSE;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (is_temporary (name))
      remove_left_over (self, name);

  return TRUE;
}

static gboolean
take_folder (DemoDocuments  *self,
             const char     *folder,
             GError        **error)
{
  g_autofree char *given = g_canonicalize_filename (folder, NULL);

  if (g_mkdir_with_parents (given, 0700) != 0)
    return fail (error, given);

  self->fd = open (given, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (self->fd == -1)
    return fail (error, given);

  /* So that it stays the same, whatever becomes of links on the way to it. */
  self->folder = realpath (given, NULL);
  if (self->folder == NULL)
    return fail (error, given);

  if (flock (self->fd, LOCK_EX | LOCK_NB) == 0)
    return TRUE;

  if (errno != EWOULDBLOCK)
    return fail (error, given);

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY, "%s: another server keeps this folder", given);

  return FALSE;
}

/*
 * demo_documents_new:
 * @folder: a folder, which is made if it is not there
 * @max_size: how many bytes a document may have
 * @error: return location for an error
 *
 * Returns: (nullable): the documents of the folder; it is locked until they are freed
 */
DemoDocuments *
demo_documents_new (const char  *folder,
                    gsize        max_size,
                    GError     **error)
{
  g_autoptr(DemoDocuments) self = g_new0 (DemoDocuments, 1);

  self->fd = -1;
  self->max_size = max_size;
  self->known = demo_known_new ();

  if (!take_folder (self, folder, error) || !remove_left_overs (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

void
demo_documents_free (DemoDocuments *self)
{
  if (self->fd != -1)
    close (self->fd);
  free (self->folder);
  demo_known_free (self->known);
  g_free (self);
}

const char *
demo_documents_get_folder (DemoDocuments *self)
{
  return self->folder;
}

gsize
demo_documents_get_max_size (DemoDocuments *self)
{
  return self->max_size;
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char **) a, *(const char **) b);
}

/*
 * demo_documents_list:
 * @self: documents
 * @error: return location for an error
 *
 * Returns: (element-type utf8) (nullable): what may be documents, in order
 */
GPtrArray *
demo_documents_list (DemoDocuments  *self,
                     GError        **error)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GDir) dir = g_dir_open (self->folder, 0, error);
  const char *name;

  if (dir == NULL)
    return NULL;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (demo_documents_is_name (name))
      g_ptr_array_add (names, g_strdup (name));

  g_ptr_array_sort (names, compare_names);

  return g_steal_pointer (&names);
}

/* --- Reading --- */

/* Returns -1 without an error if there is no such document. */
static int
open_document (DemoDocuments  *self,
               const char     *name,
               struct stat    *st,
               GError        **error)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  /* Not through a link, which may lead out of the folder; nor waiting for a pipe. */
  int fd = open (path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

  if (fd == -1)
    {
      if (errno != ENOENT && errno != ELOOP && errno != ENXIO)
        fail (error, name);
      return -1;
    }

  if (fstat (fd, st) != 0)
    fail (error, name);
  else if ((guint64) st->st_size > self->max_size && S_ISREG (st->st_mode))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                 "%s: it has more than %" G_GSIZE_FORMAT " bytes", name, self->max_size);
  else if (S_ISREG (st->st_mode))
    return fd;

  close (fd);

  return -1;
}

/* Returns NULL without an error if the file has another size by now. */
static GBytes *
read_content (int          fd,
              const char  *name,
              gsize        size,
              GError     **error)
{
  g_autofree char *data = g_malloc (size + 1);
  gsize length = 0;
  gssize n_read;

  do
    {
      n_read = read (fd, data + length, size + 1 - length);
      if (n_read > 0)
        length += n_read;
    }
  while (n_read > 0 ? length <= size : n_read == -1 && errno == EINTR);

  if (n_read == -1)
    fail (error, name);

  return length == size && n_read == 0 ? g_bytes_new_take (g_steal_pointer (&data), size) : NULL;
}

/* Returns NULL without an error if the file was changed meanwhile. */
static GBytes *
read_unchanged (DemoDocuments  *self,
                const char     *name,
                int             fd,
                struct stat    *st,
                DemoDocument   *document,
                GError        **error)
{
  gint64 read_at = g_get_real_time ();
  g_autoptr(GBytes) content = read_content (fd, name, st->st_size, error);
  const char *digest;
  DemoStamp before, after;

  if (content == NULL)
    return NULL;

  demo_stamp_init (&before, st);
  if (fstat (fd, st) != 0)
    {
      fail (error, name);
      return NULL;
    }

  demo_stamp_init (&after, st);
  if (!demo_stamp_equal (&before, &after))
    return NULL;

  digest = demo_known_find (self->known, name, &after);
  document->digest = digest != NULL ? g_strdup (digest)
                                    : g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, content);
  document->modified = st->st_mtim.tv_sec;
  document->size = st->st_size;
  if (digest == NULL)
    demo_known_remember (self->known, name, &after, read_at, document->digest);

  return g_steal_pointer (&content);
}

/*
 * demo_documents_read:
 * @self: documents
 * @name: the name of one
 * @document: (out): what is known of it; its digest is NULL if there is none
 * @error: return location for an error
 *
 * Returns: (nullable): the content, or NULL, also if there is no such document
 */
GBytes *
demo_documents_read (DemoDocuments  *self,
                     const char     *name,
                     DemoDocument   *document,
                     GError        **error)
{
  demo_document_clear (document);

  for (int i = 0; i < MAX_TRIES; i++)
    {
      g_autoptr(GError) failed = NULL;
      g_autoptr(GBytes) content = NULL;
      struct stat st;
      int fd = open_document (self, name, &st, &failed);

      if (fd != -1)
        {
          content = read_unchanged (self, name, fd, &st, document, &failed);
          close (fd);
        }

      if (failed != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&failed));
          return NULL;
        }

      if (content != NULL || fd == -1)
        return g_steal_pointer (&content);
    }

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY, "%s: somebody is writing to it", name);

  return NULL;
}

/*
 * demo_documents_look:
 * @self: documents
 * @name: the name of one
 * @document: (out): what is known of it; its digest is NULL if there is none
 * @error: return location for an error
 *
 * The same without reading what is known already.
 *
 * Returns: whether @document is right
 */
gboolean
demo_documents_look (DemoDocuments  *self,
                     const char     *name,
                     DemoDocument   *document,
                     GError        **error)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  g_autoptr(GBytes) content = NULL;
  g_autoptr(GError) failed = NULL;
  const char *digest;
  struct stat st;
  DemoStamp stamp;

  demo_document_clear (document);

  if (lstat (path, &st) == 0)
    {
      demo_stamp_init (&stamp, &st);
      digest = demo_known_find (self->known, name, &stamp);
      if (digest != NULL)
        {
          document->digest = g_strdup (digest);
          document->modified = st.st_mtim.tv_sec;
          document->size = st.st_size;
          return TRUE;
        }
    }

  content = demo_documents_read (self, name, document, &failed);
  if (failed == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&failed));

  return FALSE;
}

/* --- Writing --- */

/* A rename would replace a link or a pipe, too. Who may read it now may read it then. */
static gboolean
check_replaceable (const char  *path,
                   const char  *name,
                   int         *mode, /* (nullable): stays if nothing is there */
                   GError     **error)
{
  GStatBuf st;

  if (g_lstat (path, &st) != 0)
    return errno == ENOENT || fail (error, name);

  if (mode != NULL)
    *mode = st.st_mode & 0777;
  if (S_ISREG (st.st_mode))
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE,
               "%s: there is something else of this name", name);

  return FALSE;
}

/*
 * demo_documents_replace:
 * @self: documents
 * @name: the name of one, which need not be there
 * @content: its new content
 * @error: return location for an error
 *
 * Replaces a document as a whole. When this returns, it is on the disk.
 *
 * Returns: (nullable): the digest of the content
 */
char *
demo_documents_replace (DemoDocuments  *self,
                        const char     *name,
                        GBytes         *content,
                        GError        **error)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  g_autofree char *temporary_name = g_strconcat (".", name, TEMPORARY_ENDING, NULL);
  g_autofree char *temporary = g_build_filename (self->folder, temporary_name, NULL);
  gsize size;
  const char *data = g_bytes_get_data (content, &size);
  int mode = 0666;

  if (!check_replaceable (path, name, &mode, error))
    return NULL;

  if (!g_file_set_contents_full (temporary, data, size, G_FILE_SET_CONTENTS_DURABLE, mode, error))
    {
      g_unlink (temporary);
      return NULL;
    }

  if (g_rename (temporary, path) != 0)
    {
      fail (error, name);
      g_unlink (temporary);
      return NULL;
    }

  if (fsync (self->fd) != 0)
    {
      fail (error, name);
      return NULL;
    }

  return g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, content);
}

/*
 * demo_documents_delete:
 * @self: documents
 * @name: the name of one
 * @error: return location for an error
 *
 * Removes a document. When this returns, that is on the disk.
 *
 * Returns: whether it is gone
 */
gboolean
demo_documents_delete (DemoDocuments  *self,
                       const char     *name,
                       GError        **error)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  if (!check_replaceable (path, name, NULL, error))
    return FALSE;

  demo_known_forget (self->known, name);

  return (g_unlink (path) == 0 && fsync (self->fd) == 0) || fail (error, name);
}
