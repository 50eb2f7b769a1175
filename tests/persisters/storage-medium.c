/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "storage-medium.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static char *root;
static guint n_places;

static void
set_folder (const char *variable,
            const char *name)
{
  g_autofree char *path = g_build_filename (root, name, NULL);

  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  g_setenv (variable, path, TRUE);
}

void
storage_begin (void)
{
  g_autoptr(GError) error = NULL;

  root = g_dir_make_tmp ("tst-storage-XXXXXX", &error);
  g_assert_no_error (error);

  set_folder ("XDG_DATA_HOME", "data");
  set_folder ("XDG_RUNTIME_DIR", "runtime");
}

const char *
storage_root (void)
{
  return root;
}

void
storage_end (void)
{
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *path = g_build_filename (root, i == 0 ? "data" : "runtime", NULL);
      g_autofree char *app = g_build_filename (path, "app", NULL);

      g_rmdir (app);
      g_assert_cmpint (g_rmdir (path), ==, 0);
    }

  g_assert_cmpint (g_rmdir (root), ==, 0);
  g_clear_pointer (&root, g_free);
}

char *
item_text_new (const char *content)
{
  g_autoptr(GVariant) variant = g_variant_ref_sink (g_variant_new_string (content));
  g_autofree char *value = g_variant_print (variant, FALSE);

  return g_strdup_printf ("[" ITEM "]\ncontent=%s\n", value);
}

/* --- Places --- */

static void
set_dir (StoragePlace *place,
         const char   *dir)
{
  place->dir = g_strdup (dir);
  place->path = g_build_filename (dir, ITEM_FILE, NULL);
  place->aside = g_build_filename (dir, "aside", NULL);
}

static char *
new_app_id (void)
{
  return g_strdup_printf ("org.tstore.Test%u", n_places++);
}

static gpointer
set_up_local (void)
{
  StoragePlace *place = g_new0 (StoragePlace, 1);
  g_autofree char *app_id = new_app_id ();
  g_autoptr(GError) error = NULL;
  g_autoptr(TstStorage) storage = tst_storage_get_local (app_id, &error);

  g_assert_no_error (error);
  set_dir (place, g_file_peek_path (tst_storage_get_folder (storage)));

  return place;
}

static void
changed_cb (TstStorage   *storage,
            const char   *key,
            StoragePlace *place)
{
  place->n_changes++;
}

static gpointer
set_up_session (void)
{
  StoragePlace *place = g_new0 (StoragePlace, 1);
  g_autofree char *app_id = new_app_id ();
  g_autoptr(GError) error = NULL;

  place->storage = tst_storage_get_session (app_id, &error);
  g_assert_no_error (error);
  set_dir (place, g_file_peek_path (tst_storage_get_folder (place->storage)));

  return place;
}

static gpointer
set_up_memory (void)
{
  StoragePlace *place = g_new0 (StoragePlace, 1);

  place->storage = tst_storage_new (NULL);
  g_signal_connect (place->storage, "changed::" ITEM, G_CALLBACK (changed_cb), place);

  return place;
}

static void
remove_folder (const char *dir)
{
  g_autofree char *app = g_path_get_dirname (dir);

  g_assert_cmpint (g_rmdir (dir), ==, 0); /* nothing else was left behind */
  g_assert_cmpint (g_rmdir (app), ==, 0);
}

void
storage_place_expect (StoragePlace *place,
                      const char   *name)
{
  g_autofree char *path = g_build_filename (place->dir, name, NULL);

  g_assert_cmpint (g_unlink (path), ==, 0);
}

/* What was kept of a corrupt one may be there, under the name that is promised. */
static void
remove_kept (StoragePlace *place)
{
  g_autoptr(GDir) dir = g_dir_open (place->dir, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      if (g_str_has_prefix (name, ITEM_FILE ".corrupt-"))
        storage_place_expect (place, name);
    }
}

static void
tear_down (gpointer medium)
{
  StoragePlace *place = medium;

  run_ready ();

  if (place->storage != NULL)
    {
      g_signal_handlers_disconnect_by_data (place->storage, place);
      wait_gone (place->storage);
    }

  if (place->dir != NULL)
    {
      g_unlink (place->path);
      remove_kept (place);
      remove_folder (place->dir);
    }

  g_free (place->dir);
  g_free (place->path);
  g_free (place->aside);
  g_free (place);
}

/* --- Persisters --- */

static TstPersister *
new_local_persister (gpointer  medium,
                     TstStore *store)
{
  StoragePlace *place = medium;
  g_autoptr(GFile) folder = g_file_new_for_path (place->dir);
  g_autoptr(TstStorage) storage = tst_storage_new (folder);

  return tst_local_persister_new (store, storage, ITEM);
}

static TstPersister *
new_session_persister (gpointer  medium,
                       TstStore *store)
{
  StoragePlace *place = medium;

  return tst_session_persister_new (store, place->storage, ITEM);
}

/* --- Somebody else, who has a file --- */

#define RAW_BEGIN "[" ITEM "]\ncontent='"
#define RAW_END "'\n"

/* What is not even text is given back as it is between the quotation marks. */
static GBytes *
read_raw (const char *data,
          gsize       length)
{
  const gsize around = strlen (RAW_BEGIN RAW_END);

  g_assert_cmpuint (length, >=, around);

  return g_bytes_new (data + strlen (RAW_BEGIN), length - around);
}

static GBytes *
read_file_medium (gpointer medium)
{
  StoragePlace *place = medium;
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autofree char *data = NULL;
  g_autofree char *value = NULL;
  g_autoptr(GVariant) variant = NULL;
  gsize length;

  if (!g_file_get_contents (place->path, &data, &length, NULL))
    return NULL;
  if (length == 0)
    return g_bytes_new (NULL, 0);

  if (g_utf8_validate_len (data, length, NULL) &&
      g_key_file_load_from_data (file, data, length, 0, NULL))
    value = g_key_file_get_value (file, ITEM, "content", NULL);
  if (value != NULL)
    variant = g_variant_parse (G_VARIANT_TYPE_STRING, value, NULL, NULL, NULL);
  if (variant == NULL)
    return read_raw (data, length);

  return g_bytes_new (g_variant_get_string (variant, NULL), strlen (g_variant_get_string (variant, NULL)));
}

static void
write_in_place (const char *path,
                const char *data,
                gsize       length)
{
  int fd = g_open (path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (write (fd, data, length), ==, length);
  close (fd);
}

static void
write_raw (StoragePlace *place,
           const char   *data,
           gsize         length)
{
  g_autoptr(GString) text = g_string_new (RAW_BEGIN);

  g_string_append_len (text, data, length);
  g_string_append (text, RAW_END);
  write_in_place (place->path, text->str, text->len);
}

static void
write_file_medium (gpointer  medium,
                   GBytes   *text)
{
  StoragePlace *place = medium;
  g_autofree char *content = NULL;
  g_autofree char *item = NULL;
  gsize length;
  const char *data = g_bytes_get_data (text, &length);

  if (length == 0)
    {
      write_in_place (place->path, "", 0);
      return;
    }

  if (!g_utf8_validate_len (data, length, NULL))
    {
      write_raw (place, data, length);
      return;
    }

  content = g_strndup (data, length);
  item = item_text_new (content);
  /* What is no content is what is seen of a write in place. */
  if (data[0] == '[' && data[length - 1] == ']')
    g_assert_true (g_file_set_contents (place->path, item, -1, NULL));
  else
    write_in_place (place->path, item, strlen (item));
}

static void
remove_file_medium (gpointer medium)
{
  StoragePlace *place = medium;

  g_assert_cmpint (g_unlink (place->path), ==, 0);
}

/* A folder in its place: cannot be read by root either. */
static void
set_file_unreadable (gpointer medium,
                     gboolean unreadable)
{
  StoragePlace *place = medium;

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
get_file_version (gpointer medium)
{
  StoragePlace *place = medium;
  GStatBuf st;

  if (g_stat (place->path, &st) == -1)
    return g_strdup ("none");

  return g_strdup_printf ("%" G_GUINT64_FORMAT ".%" G_GINT64_FORMAT ".%ld",
                          (guint64) st.st_ino, (gint64) st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
}

/* --- Somebody else in this process --- */

static GBytes *
read_memory (gpointer medium)
{
  StoragePlace *place = medium;
  g_autoptr(GError) error = NULL;
  char *content = tst_storage_get_item (place->storage, ITEM, &error);

  g_assert_no_error (error);

  return content != NULL ? g_bytes_new_take (content, strlen (content)) : NULL;
}

static void
write_memory (gpointer  medium,
              GBytes   *text)
{
  StoragePlace *place = medium;
  gsize length;
  const char *data = g_bytes_get_data (text, &length);
  g_autofree char *content = g_strndup (length > 0 ? data : "", length);
  g_autoptr(GError) error = NULL;

  tst_storage_set_item (place->storage, ITEM, content, &error);
  g_assert_no_error (error);
}

static void
remove_memory (gpointer medium)
{
  StoragePlace *place = medium;

  g_assert_true (tst_storage_remove_item (place->storage, ITEM, NULL));
}

static char *
get_memory_version (gpointer medium)
{
  StoragePlace *place = medium;

  run_ready ();

  return g_strdup_printf ("%u", place->n_changes);
}

/* --- For the suite --- */

const Medium local_medium = {
  .name = "local-persister",
  .set_up = set_up_local,
  .tear_down = tear_down,
  .new_persister = new_local_persister,
  .read = read_file_medium,
  .write = write_file_medium,
  .remove = remove_file_medium,
  .set_unreadable = set_file_unreadable,
  .get_version = get_file_version,
  .works_in_thread = TRUE,
};

const Medium session_medium = {
  .name = "session-persister",
  .set_up = set_up_session,
  .tear_down = tear_down,
  .new_persister = new_session_persister,
  .read = read_file_medium,
  .write = write_file_medium,
  .remove = remove_file_medium,
  .set_unreadable = set_file_unreadable,
  .get_version = get_file_version,
  .works_in_thread = TRUE,
};

const Medium session_in_memory_medium = {
  .name = "session-persister/in-memory",
  .set_up = set_up_memory,
  .tear_down = tear_down,
  .new_persister = new_session_persister,
  .read = read_memory,
  .write = write_memory,
  .remove = remove_memory,
  .get_version = get_memory_version,
  .works_in_thread = TRUE,
  .only_utf8 = TRUE,
};
