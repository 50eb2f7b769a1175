/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "pets-move.h"

#include <glib/gi18n.h>

#include "pets-column.h"

/* Takes a document to another place. It is looked first what is there:
 *
 * - Where that fails, everything stays as it is.
 * - To where nothing is, or the same, the pets just go along.
 * - Where other pets are, people are asked: to show those, while the ones shown so far
 *   stay where they are; or to keep both together, in the new place. */

typedef enum
{
  RESPONSE_SHOW = 1,
  RESPONSE_KEEP_BOTH
} Response;

typedef struct
{
  GtkWindow    *parent;
  PetsPlace    *place;
  TstStore     *store;      /* what is there */
  TstPersister *persister;
} Move;

static void
move_free (gpointer data)
{
  Move *move = data;

  g_clear_object (&move->persister);
  g_clear_object (&move->store);
  g_clear_object (&move->place);
  g_clear_object (&move->parent);
  g_free (move);
}

static void
moved_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  GError *error = NULL;

  if (pets_document_move_finish (PETS_DOCUMENT (object), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
go (GTask    *task,
    gboolean  bring)
{
  Move *move = g_task_get_task_data (task);

  pets_document_move_async (g_task_get_source_object (task), move->place, bring, moved_cb, task);
}

static void
response_cb (GtkDialog *dialog,
             int        response,
             gpointer   user_data)
{
  GTask *task = G_TASK (user_data);

  gtk_window_destroy (GTK_WINDOW (dialog));

  if (response == RESPONSE_SHOW || response == RESPONSE_KEEP_BOTH)
    {
      go (task, response == RESPONSE_KEEP_BOTH);
      return;
    }

  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "%s", _("Cancelled"));
  g_object_unref (task);
}

static void
ask (GTask *task)
{
  Move *move = g_task_get_task_data (task);
  PetsDocument *document = g_task_get_source_object (task);
  g_autofree char *old_name = pets_place_describe (pets_document_get_place (document));
  g_autofree char *new_name = pets_place_describe (move->place);
  guint n = tst_store_get_n_rows (move->store, PETS_TABLE);
  g_autofree char *title =
    g_strdup_printf (ngettext ("There is %u pet already", "There are %u pets already", n), n);
  GtkWidget *dialog =
    gtk_message_dialog_new (move->parent, GTK_DIALOG_MODAL | GTK_DIALOG_DESTROY_WITH_PARENT,
                            GTK_MESSAGE_QUESTION, GTK_BUTTONS_NONE, "%s", title);

  /* Translators: the first is where they will be, the second where they are. */
  gtk_message_dialog_format_secondary_text (
    GTK_MESSAGE_DIALOG (dialog),
    _("Show what is kept in “%s”, and leave the pets shown now in “%s”; or keep both together?"),
    new_name, old_name);
  gtk_dialog_add_buttons (GTK_DIALOG (dialog),
                          _("_Cancel"), GTK_RESPONSE_CANCEL,
                          _("_Show What Is There"), RESPONSE_SHOW,
                          _("_Keep Both"), RESPONSE_KEEP_BOTH,
                          NULL);
  gtk_dialog_set_default_response (GTK_DIALOG (dialog), RESPONSE_KEEP_BOTH);
  g_signal_connect (dialog, "response", G_CALLBACK (response_cb), task);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
looked_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Move *move = g_task_get_task_data (task);
  g_autofree char *there = NULL;
  g_autofree char *here = NULL;
  GError *error = NULL;

  if (!tst_persister_load_finish (TST_PERSISTER (object), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  there = tst_store_get_json (move->store);
  here = tst_store_get_json (pets_document_get_store (g_task_get_source_object (task)));

  if (g_str_equal (there, here) ||
      (!tst_store_has_tables (move->store) && !tst_store_has_values (move->store)))
    go (g_steal_pointer (&task), TRUE);
  else
    ask (g_steal_pointer (&task));
}

/**
 * pets_move_async:
 *
 * Takes a document to another place, and asks what is not clear. That it was cancelled
 * is `G_IO_ERROR_CANCELLED`.
 */
void
pets_move_async (GtkWindow           *parent,
                 PetsDocument        *document,
                 PetsPlace           *place,
                 GAsyncReadyCallback  callback,
                 gpointer             user_data)
{
  GTask *task = g_task_new (document, NULL, callback, user_data);
  Move *move = g_new0 (Move, 1);

  move->parent = g_object_ref (parent);
  move->place = g_object_ref (place);
  move->store = tst_store_new ();
  move->persister = pets_place_make_persister (place, move->store);
  g_task_set_task_data (task, move, move_free);

  tst_persister_load_async (move->persister, NULL, looked_cb, task);
}

gboolean
pets_move_finish (PetsDocument  *document,
                  GAsyncResult  *result,
                  GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
