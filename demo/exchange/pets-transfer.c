/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "pets-transfer.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "pets-exchange.h"

/* The files that are imported and exported, read and written in a thread. */

#define CHUNK 65536

static GBytes *
read_bytes (GFile         *file,
            GCancellable  *cancellable,
            GError       **error)
{
  g_autoptr(GFileInputStream) stream = g_file_read (file, cancellable, error);
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  gssize n = 1;

  if (stream == NULL)
    return NULL;

  /* No more than a byte too much: a device never ends. */
  while (n > 0 && bytes->len <= PETS_EXCHANGE_MAX_SIZE)
    {
      guint8 chunk[CHUNK];

      n = g_input_stream_read (G_INPUT_STREAM (stream), chunk, sizeof chunk, cancellable, error);
      if (n < 0)
        return NULL;

      g_byte_array_append (bytes, chunk, n);
    }

  g_byte_array_append (bytes, (const guint8 *) "", 1);

  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

static void
read_in_thread (GTask        *task,
                gpointer      source_object,
                gpointer      task_data,
                GCancellable *cancellable)
{
  GError *error = NULL;
  g_autoptr(GBytes) bytes = read_bytes (G_FILE (source_object), cancellable, &error);
  GVariant *pets = NULL;

  if (bytes != NULL)
    pets = pets_exchange_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes) - 1, &error);

  if (pets != NULL)
    g_task_return_pointer (task, pets, (GDestroyNotify) g_variant_unref);
  else
    g_task_return_error (task, error);
}

/**
 * pets_transfer_read_async:
 *
 * Reads the pets of a file.
 */
void
pets_transfer_read_async (GFile               *file,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (file, NULL, callback, user_data);

  g_task_run_in_thread (task, read_in_thread);
}

GVariant *
pets_transfer_read_finish (GFile         *file,
                           GAsyncResult  *result,
                           GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
write_in_thread (GTask        *task,
                 gpointer      source_object,
                 gpointer      task_data,
                 GCancellable *cancellable)
{
  GFile *file = G_FILE (source_object);
  const char *text = task_data;
  const char *path = g_file_peek_path (file);
  /* A link stays one, and who may not read the file may not then. */
  g_autofree char *target = path != NULL ? realpath (path, NULL) : NULL;
  GStatBuf st = { .st_mode = 0666 };
  GError *error = NULL;
  gboolean written;

  /* Up to GLib 2.76, g_file_replace_contents() leaves nothing of the old file on
   * a full disk. */
  if (target != NULL)
    g_stat (target, &st);
  if (path != NULL)
    written = g_file_set_contents_full (target != NULL ? target : path, text, strlen (text),
                                        G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                        st.st_mode & 0777, &error);
  else
    written = g_file_replace_contents (file, text, strlen (text), NULL, FALSE, G_FILE_CREATE_NONE,
                                       NULL, cancellable, &error);

  if (written)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * pets_transfer_write_async:
 * @text: (transfer full): what is to be in the file
 *
 * Writes a file.
 */
void
pets_transfer_write_async (GFile               *file,
                           char                *text,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (file, NULL, callback, user_data);

  g_task_set_task_data (task, text, g_free);
  g_task_run_in_thread (task, write_in_thread);
}

gboolean
pets_transfer_write_finish (GFile         *file,
                            GAsyncResult  *result,
                            GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
