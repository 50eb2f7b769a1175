/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "pets-closing.h"

#include <glib/gi18n.h>

/* What is to be thought of when a window is closed. */

/**
 * pets_closing_is_shared:
 *
 * Tells whether the document of a window is shown by another one, too: then closing this
 * one ends nothing.
 */
gboolean
pets_closing_is_shared (PetsWindow *window)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (window));

  for (GList *l = gtk_application_get_windows (application); l != NULL; l = l->next)
    if (PETS_IS_WINDOW (l->data) && l->data != (gpointer) window &&
        pets_window_get_document (l->data) == pets_window_get_document (window))
      return TRUE;

  return FALSE;
}

static void
saved_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GtkWindow) window = GTK_WINDOW (user_data);

  /* If not, the window shows why. */
  if (tst_persister_save_finish (TST_PERSISTER (object), result, NULL))
    gtk_window_close (window);
}

static void
response_cb (GtkDialog  *dialog,
             int         response,
             PetsWindow *window)
{
  PetsDocument *document = pets_window_get_document (window);

  /* GTK 4.8 looks at what it belongs to once more when the dialog goes, which is after this. */
  gtk_window_set_transient_for (GTK_WINDOW (dialog), NULL);
  gtk_window_destroy (GTK_WINDOW (dialog));

  if (response == GTK_RESPONSE_ACCEPT)
    {
      tst_persister_save_async (pets_document_get_persister (document), NULL, saved_cb,
                                g_object_ref (window));
    }
  else if (response == GTK_RESPONSE_CLOSE)
    {
      pets_document_discard (document);
      gtk_window_destroy (GTK_WINDOW (window));
    }
}

/**
 * pets_closing_ask:
 *
 * Asks what to do with changes that are not saved automatically. Returns whether there
 * are any; then the window is closed, or not, when that is answered.
 */
gboolean
pets_closing_ask (PetsWindow *window)
{
  PetsDocument *document = pets_window_get_document (window);
  gboolean auto_save;
  GtkWidget *dialog, *discard;

  g_object_get (document, "auto-save", &auto_save, NULL);
  if (auto_save || !tst_persister_get_dirty (pets_document_get_persister (document)))
    return FALSE;

  dialog = gtk_message_dialog_new (GTK_WINDOW (window),
                                   GTK_DIALOG_MODAL | GTK_DIALOG_DESTROY_WITH_PARENT,
                                   GTK_MESSAGE_QUESTION, GTK_BUTTONS_NONE, _("Save changes?"));
  gtk_message_dialog_format_secondary_text (GTK_MESSAGE_DIALOG (dialog), "%s",
                                            _("Changes that are not saved will be lost."));
  gtk_dialog_add_buttons (GTK_DIALOG (dialog),
                          _("_Cancel"), GTK_RESPONSE_CANCEL,
                          _("_Discard"), GTK_RESPONSE_CLOSE,
                          _("_Save"), GTK_RESPONSE_ACCEPT,
                          NULL);
  discard = gtk_dialog_get_widget_for_response (GTK_DIALOG (dialog), GTK_RESPONSE_CLOSE);
  gtk_widget_add_css_class (discard, "destructive-action");
  gtk_dialog_set_default_response (GTK_DIALOG (dialog), GTK_RESPONSE_ACCEPT);
  g_signal_connect (dialog, "response", G_CALLBACK (response_cb), window);
  gtk_window_present (GTK_WINDOW (dialog));

  return TRUE;
}
