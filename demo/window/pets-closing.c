/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "pets-closing.h"

#include <glib/gi18n.h>

#include "pets-window-private.h"

/* What is to be thought of when a window is closed. */

/* Who waits for longer gets a way out. */
#define PATIENCE_MS 1000

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

/* The window may go before the dialog does; and GTK 4.8 looks at what a dialog belongs to once
 * more when that goes. */
static void
destroy_dialog (GtkWidget *dialog)
{
  GtkWindow *window = gtk_window_get_transient_for (GTK_WINDOW (dialog));

  if (window != NULL)
    g_clear_weak_pointer (&PETS_WINDOW (window)->question);
  gtk_window_set_transient_for (GTK_WINDOW (dialog), NULL);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static void
add_destructive (GtkWidget  *dialog,
                 const char *label)
{
  GtkWidget *button = gtk_dialog_add_button (GTK_DIALOG (dialog), label, GTK_RESPONSE_CLOSE);

  gtk_widget_add_css_class (button, "destructive-action");
}

static GtkWidget *
new_question (PetsWindow *window,
              const char *title)
{
  GtkWidget *dialog =
    gtk_message_dialog_new (GTK_WINDOW (window), GTK_DIALOG_MODAL | GTK_DIALOG_DESTROY_WITH_PARENT,
                            GTK_MESSAGE_QUESTION, GTK_BUTTONS_NONE, "%s", title);

  g_set_weak_pointer (&window->question, dialog);

  return dialog;
}

/* Somebody may have opened another window on it while this one asked. */
static void
discard (PetsWindow *window)
{
  if (!pets_closing_is_shared (window))
    pets_document_discard (pets_window_get_document (window));
  gtk_window_destroy (GTK_WINDOW (window));
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

  destroy_dialog (GTK_WIDGET (dialog));

  if (response == GTK_RESPONSE_ACCEPT)
    {
      tst_persister_save_async (pets_document_get_persister (document), NULL, saved_cb,
                                g_object_ref (window));
    }
  else if (response == GTK_RESPONSE_CLOSE)
    {
      discard (window);
    }
}

static void
moving_response_cb (GtkDialog  *dialog,
                    int         response,
                    PetsWindow *window)
{
  gboolean moving = pets_document_is_moving (pets_window_get_document (window));

  destroy_dialog (GTK_WIDGET (dialog));

  /* It may be over by now, and nothing is to be given up. */
  if (response == GTK_RESPONSE_CLOSE && moving)
    discard (window);
  else if (response == GTK_RESPONSE_CLOSE)
    gtk_window_close (GTK_WINDOW (window));
}

/* It is over soon, or people are told why not. */
static void
ask_while_moving (PetsWindow *window)
{
  PetsDocument *document = pets_window_get_document (window);
  const GError *error = tst_persister_get_last_error (pets_document_get_persister (document));
  GtkWidget *dialog = new_question (window, _("Close without saving?"));

  if (error != NULL)
    gtk_message_dialog_format_secondary_text (GTK_MESSAGE_DIALOG (dialog),
                                              _("The latest changes could not be saved: %s"),
                                              error->message);
  else
    gtk_message_dialog_format_secondary_text (GTK_MESSAGE_DIALOG (dialog), "%s",
                                              _("The latest changes are still being saved."));
  add_destructive (dialog, _("Close _without Saving"));
  gtk_dialog_add_button (GTK_DIALOG (dialog), _("_Cancel"), GTK_RESPONSE_CANCEL);
  gtk_dialog_set_default_response (GTK_DIALOG (dialog), GTK_RESPONSE_CANCEL);
  g_signal_connect (dialog, "response", G_CALLBACK (moving_response_cb), window);
  gtk_window_present (GTK_WINDOW (dialog));
}

/**
 * pets_closing_ask:
 *
 * Asks what to do with changes that are not saved automatically, or are on their way to
 * another place. Returns whether nothing else is to be done: the window is closed, or not,
 * when that is answered, or was closed as there is nothing to save.
 */
gboolean
pets_closing_ask (PetsWindow *window)
{
  PetsDocument *document = pets_window_get_document (window);
  TstPersister *persister = pets_document_get_persister (document);
  gboolean auto_save;
  GtkWidget *dialog;

  if (window->question != NULL)
    {
      gtk_window_present (GTK_WINDOW (window->question));
      return TRUE;
    }

  if (pets_document_is_moving (document))
    {
      ask_while_moving (window);
      return TRUE;
    }

  /* Nothing is lost where nothing was changed, whatever cannot be read or written. */
  if (tst_persister_get_last_error (persister) != NULL && !tst_persister_get_dirty (persister))
    {
      discard (window);
      return TRUE;
    }

  g_object_get (document, "auto-save", &auto_save, NULL);
  if (auto_save || !tst_persister_get_dirty (persister))
    return FALSE;

  dialog = new_question (window, _("Save changes?"));
  gtk_message_dialog_format_secondary_text (GTK_MESSAGE_DIALOG (dialog), "%s",
                                            _("Changes that are not saved will be lost."));
  gtk_dialog_add_button (GTK_DIALOG (dialog), _("_Cancel"), GTK_RESPONSE_CANCEL);
  add_destructive (dialog, _("_Discard"));
  gtk_dialog_add_button (GTK_DIALOG (dialog), _("_Save"), GTK_RESPONSE_ACCEPT);
  gtk_dialog_set_default_response (GTK_DIALOG (dialog), GTK_RESPONSE_ACCEPT);
  g_signal_connect (dialog, "response", G_CALLBACK (response_cb), window);
  gtk_window_present (GTK_WINDOW (dialog));

  return TRUE;
}

/* --- Saving --- */

typedef struct
{
  PetsWindow   *window;
  GCancellable *cancellable;
  GtkWidget    *dialog;       /* (nullable): while it takes long */
  guint         source;       /* until it does */
  gboolean      discarded;
} Closing;

static void
closing_free (Closing *closing)
{
  if (closing->dialog != NULL)
    destroy_dialog (closing->dialog);
  g_clear_handle_id (&closing->source, g_source_remove);
  g_object_unref (closing->cancellable);
  g_object_unref (closing->window);
  g_free (closing);
}

static void
not_saved_response_cb (GtkDialog  *dialog,
                       int         response,
                       PetsWindow *window)
{
  destroy_dialog (GTK_WIDGET (dialog));

  if (response == GTK_RESPONSE_ACCEPT)
    {
      pets_closing_save (window);
    }
  else if (response == GTK_RESPONSE_CLOSE)
    {
      discard (window);
    }
}

static void
ask_what_to_do (PetsWindow   *window,
                const GError *error)
{
  GtkWidget *dialog = new_question (window, _("Close without saving?"));

  gtk_message_dialog_format_secondary_text (GTK_MESSAGE_DIALOG (dialog),
                                            _("The latest changes could not be saved: %s"),
                                            error->message);
  add_destructive (dialog, _("Close _without Saving"));
  gtk_dialog_add_buttons (GTK_DIALOG (dialog),
                          _("_Cancel"), GTK_RESPONSE_CANCEL,
                          _("_Try Again"), GTK_RESPONSE_ACCEPT,
                          NULL);
  gtk_dialog_set_default_response (GTK_DIALOG (dialog), GTK_RESPONSE_ACCEPT);
  g_signal_connect (dialog, "response", G_CALLBACK (not_saved_response_cb), window);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
closed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  Closing *closing = user_data;
  g_autoptr(PetsWindow) window = g_object_ref (closing->window);
  gboolean closed = pets_document_close_finish (PETS_DOCUMENT (object), result, &error);

  closed = closed || closing->discarded;
  closing_free (closing);

  if (closed)
    {
      gtk_window_destroy (GTK_WINDOW (window));
      return;
    }

  window->closing = FALSE;
  gtk_widget_set_sensitive (GTK_WIDGET (window), TRUE);
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    ask_what_to_do (window, error);
}

/* Either is followed by closed_cb(). */
static void
saving_response_cb (GtkDialog *dialog,
                    int        response,
                    Closing   *closing)
{
  destroy_dialog (g_steal_pointer (&closing->dialog));

  if (response == GTK_RESPONSE_CLOSE)
    {
      closing->discarded = TRUE;
      pets_document_discard (pets_window_get_document (closing->window));
    }
  else
    {
      g_cancellable_cancel (closing->cancellable);
    }
}

static gboolean
takes_long_cb (gpointer user_data)
{
  Closing *closing = user_data;

  closing->source = 0;
  closing->dialog = new_question (closing->window, _("Close without saving?"));
  gtk_message_dialog_format_secondary_text (GTK_MESSAGE_DIALOG (closing->dialog), "%s",
                                            _("The latest changes are still being saved."));
  add_destructive (closing->dialog, _("Close _without Saving"));
  gtk_dialog_add_button (GTK_DIALOG (closing->dialog), _("_Cancel"), GTK_RESPONSE_CANCEL);
  gtk_dialog_set_default_response (GTK_DIALOG (closing->dialog), GTK_RESPONSE_CANCEL);
  g_signal_connect (closing->dialog, "response", G_CALLBACK (saving_response_cb), closing);
  gtk_window_present (GTK_WINDOW (closing->dialog));

  return G_SOURCE_REMOVE;
}

/**
 * pets_closing_save:
 *
 * Saves what is to be saved, and closes the window then.
 *
 * Until then, it stays where it is: the application lives as long as its windows; who waits
 * for a slow server sees so; and GTK 4.8 crashes when a screen reader asks for a window that
 * was just hidden.
 */
void
pets_closing_save (PetsWindow *window)
{
  Closing *closing = g_new0 (Closing, 1);

  window->closing = TRUE;
  gtk_widget_set_sensitive (GTK_WIDGET (window), FALSE);

  closing->window = g_object_ref (window);
  closing->cancellable = g_cancellable_new ();
  closing->source = g_timeout_add (PATIENCE_MS, takes_long_cb, closing);
  pets_document_close_async (window->document, closing->cancellable, closed_cb, closing);
}
