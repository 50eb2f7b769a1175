/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "pets-storage-actions.h"

#include <glib/gi18n.h>

#include "pets-conflict.h"
#include "pets-text-cell.h"

/* The actions of a window that are about where the pets are kept. */

static TstPersister *
get_persister (gpointer window)
{
  return pets_document_get_persister (pets_window_get_document (PETS_WINDOW (window)));
}

static void
tell (gpointer    window,
      const char *text)
{
  gtk_widget_activate_action (GTK_WIDGET (window), "win.tell", "s", text);
}

/* What is being typed is to be saved, too: it is written when the focus leaves it. In the table,
 * the entry is gone then. */
static void
end_typing (GtkWindow *window)
{
  GtkWidget *focus = gtk_window_get_focus (window);
  GtkWidget *cell = focus != NULL ? gtk_widget_get_ancestor (focus, PETS_TYPE_TEXT_CELL) : NULL;
  g_autoptr(GtkWidget) next = NULL;

  if (focus == NULL)
    return;

  next = g_object_ref (cell != NULL ? cell : focus);
  gtk_window_set_focus (window, NULL);

  /* The row may have gone elsewhere for what was written. */
  if (!gtk_widget_get_mapped (next))
    return;

  if (GTK_IS_TEXT (next))
    gtk_text_grab_focus_without_selecting (GTK_TEXT (next));
  else
    gtk_widget_grab_focus (next);
}

static void
save_action (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  end_typing (GTK_WINDOW (user_data));
  pets_document_save (pets_window_get_document (PETS_WINDOW (user_data)));
}

/* --- Load --- */

static void
load_response_cb (GtkDialog  *dialog,
                  int         response,
                  PetsWindow *window)
{
  gtk_window_destroy (GTK_WINDOW (dialog));

  if (response == GTK_RESPONSE_ACCEPT)
    pets_document_load (pets_window_get_document (window));
}

static void
load_action (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  PetsDocument *document = pets_window_get_document (PETS_WINDOW (user_data));
  gboolean auto_save;
  GtkWidget *dialog, *load;

  g_object_get (document, "auto-save", &auto_save, NULL);
  if (auto_save || !tst_persister_get_dirty (get_persister (user_data)))
    {
      pets_document_load (document);
      return;
    }

  dialog = gtk_message_dialog_new (GTK_WINDOW (user_data),
                                   GTK_DIALOG_MODAL | GTK_DIALOG_DESTROY_WITH_PARENT,
                                   GTK_MESSAGE_QUESTION, GTK_BUTTONS_NONE,
                                   _("Discard unsaved changes?"));
  gtk_message_dialog_format_secondary_text (GTK_MESSAGE_DIALOG (dialog), "%s",
                                            _("The pets will be those that were saved last."));
  gtk_dialog_add_buttons (GTK_DIALOG (dialog),
                          _("_Cancel"), GTK_RESPONSE_CANCEL,
                          _("_Discard and Load"), GTK_RESPONSE_ACCEPT,
                          NULL);
  load = gtk_dialog_get_widget_for_response (GTK_DIALOG (dialog), GTK_RESPONSE_ACCEPT);
  gtk_widget_add_css_class (load, "destructive-action");
  gtk_dialog_set_default_response (GTK_DIALOG (dialog), GTK_RESPONSE_CANCEL);
  g_signal_connect_object (dialog, "response", G_CALLBACK (load_response_cb), user_data, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* --- Save a copy --- */

static void
copied_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(PetsWindow) window = PETS_WINDOW (user_data);
  g_autoptr(GError) error = NULL;

  if (tst_persister_save_finish (TST_PERSISTER (object), result, &error))
    tell (window, _("The copy was saved"));
  else
    pets_window_show_error (window, _("The Copy Cannot Be Saved"), error);

  g_application_release (g_application_get_default ());
}

static void
copy_response_cb (GtkNativeDialog *dialog,
                  int              response,
                  PetsWindow      *window)
{
  TstStore *store = pets_document_get_store (pets_window_get_document (window));
  g_autoptr(GFile) file = NULL;
  g_autoptr(TstPersister) persister = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      /* Also if the last window is closed before it is over. */
      g_application_hold (g_application_get_default ());

      file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      persister = tst_file_persister_new (store, file);
      tst_persister_save_async (persister, NULL, copied_cb, g_object_ref (window));
    }

  g_object_unref (dialog);
}

static void
save_copy_action (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       user_data)
{
  GtkFileChooserNative *dialog =
    gtk_file_chooser_native_new (_("Save a Copy"), GTK_WINDOW (user_data),
                                 GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), _("_Cancel"));

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), _("Copy of Pets.json"));
  g_signal_connect_object (dialog, "response", G_CALLBACK (copy_response_cb), user_data, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/* --- Setting up --- */

static void
conflict_cb (PetsDocument *document,
             TstConflict  *conflict,
             PetsWindow   *window)
{
  g_autofree char *text = pets_conflict_summarize (conflict);

  tell (window, text);
}

static void
show_status_cb (GSimpleAction *action,
                GVariant      *parameter,
                PetsStatus    *status)
{
  pets_status_show (status);
}

/**
 * pets_storage_actions_add:
 *
 * Adds the actions to a window, and tells there of what was merged.
 */
void
pets_storage_actions_add (PetsWindow *window,
                          PetsStatus *status)
{
  static const GActionEntry entries[] = {
    { .name = "save", .activate = save_action },
    { .name = "load", .activate = load_action },
    { .name = "save-copy", .activate = save_copy_action },
  };
  g_autoptr(GSimpleAction) show = g_simple_action_new ("show-status", NULL);

  g_action_map_add_action_entries (G_ACTION_MAP (window), entries, G_N_ELEMENTS (entries), window);
  g_signal_connect_object (show, "activate", G_CALLBACK (show_status_cb), status, 0);
  g_action_map_add_action (G_ACTION_MAP (window), G_ACTION (show));

  g_signal_connect_object (pets_window_get_document (window), "conflict",
                           G_CALLBACK (conflict_cb), window, 0);
}
