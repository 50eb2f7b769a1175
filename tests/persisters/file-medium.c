/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "file-medium.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

char *
place_path (Place      *place,
            const char *name)
{
  return g_build_filename (place->dir, name, NULL);
}

Place *
place_new (void)
{
  g_autoptr(GError) error = NULL;
  Place *place = g_new0 (Place, 1);

  place->dir = g_dir_make_tmp ("tst-persisters-XXXXXX", &error);
  g_assert_no_error (error);
  place->path = place_path (place, "store.json");
  place->aside = place_path (place, "aside");

  return place;
}

void
place_remove (Place      *place,
              const char *name)
{
  g_autofree char *path = place_path (place, name);

  g_assert_cmpint (g_remove (path), ==, 0);
}

void
place_free (Place *place)
{
  g_remove (place->path);
  g_assert_cmpint (g_rmdir (place->dir), ==, 0); /* nothing else was left behind */

  g_free (place->dir);
  g_free (place->path);
  g_free (place->aside);
  g_free (place);
}

guint
place_count (Place *place)
{
  g_autoptr(GDir) dir = g_dir_open (place->dir, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

TstPersister *
file_persister (const char *path,
                TstStore   *store)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);

  return tst_file_persister_new (store, file);
}

char *
read_file (const char *path)
{
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, NULL);

  return text;
}

/* By a rename, as a careful program does. */
void
write_file (const char *path,
            const char *text)
{
  g_autoptr(GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

/* As an editor or a shell does. */
void
write_file_in_place (const char *path,
                     const char *text,
                     gsize       length)
{
  int fd = g_open (path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (write (fd, text, length), ==, length);
  close (fd);
}

gboolean
file_is (const char *path,
         const char *text)
{
  g_autofree char *actual = read_file (path);

  return g_strcmp0 (actual, text) == 0;
}

/* --- For the suite --- */

static gpointer
set_up (void)
{
  return place_new ();
}

static void
tear_down (gpointer medium)
{
  place_free (medium);
}

static TstPersister *
new_persister (gpointer  medium,
               TstStore *store)
{
  Place *place = medium;

  return file_persister (place->path, store);
}

static GBytes *
read_medium (gpointer medium)
{
  Place *place = medium;
  char *text = NULL;
  gsize length;

  if (!g_file_get_contents (place->path, &text, &length, NULL))
    return NULL;

  return g_bytes_new_take (text, length);
}

static void
write_medium (gpointer  medium,
              GBytes   *text)
{
  Place *place = medium;
  gsize length;
  const char *data = g_bytes_get_data (text, &length);

  /* What is no content is what is seen of a write in place. */
  if (length == 0 || data[0] != '[' || data[length - 1] != ']')
    {
      write_file_in_place (place->path, length > 0 ? data : "", length);
      return;
    }

  g_assert_true (g_file_set_contents (place->path, data, length, NULL));
}

static void
remove_medium (gpointer medium)
{
  Place *place = medium;

  g_assert_cmpint (g_unlink (place->path), ==, 0);
}

/* A folder in its place: cannot be read by root either. */
static void
set_unreadable (gpointer medium,
                gboolean unreadable)
{
  Place *place = medium;

  if (unreadable)
    {
      g_assert_true (g_rename (place->path, place->aside) == 0 || errno == ENOENT);
      g_assert_cmpint (g_mkdir (place->path, 0755), ==, 0);
    }
  else
    {
      g_assert_cmpint (g_rmdir (place->path), ==, 0);
      g_assert_true (g_rename (place->aside, place->path) == 0 || errno == ENOENT);
    }
}

static char *
get_version (gpointer medium)
{
  Place *place = medium;
  GStatBuf st;

  if (g_stat (place->path, &st) == -1)
    return g_strdup ("none");

  return g_strdup_printf ("%" G_GUINT64_FORMAT ".%" G_GINT64_FORMAT ".%ld",
                          (guint64) st.st_ino, (gint64) st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
}

const Medium file_medium = {
  .name = "file",
  .set_up = set_up,
  .tear_down = tear_down,
  .new_persister = new_persister,
  .read = read_medium,
  .write = write_medium,
  .remove = remove_medium,
  .set_unreadable = set_unreadable,
  .get_version = get_version,
  .works_in_thread = TRUE,
};
