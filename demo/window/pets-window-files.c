/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "pets-window-files.h"

#include <glib/gi18n.h>

#include "pets-column.h"
#include "pets-exchange.h"
#include "pets-transfer.h"

/* Import and export: files that people choose, or drop on the window. */

static TstStore *
get_store (PetsWindow *self)
{
  return pets_document_get_store (pets_window_get_document (self));
}

static char *
get_display_name (GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);

  return g_filename_display_name (name);
}

static void
add_filter (GtkFileChooserNative *chooser,
            const char           *name,
            ...)
{
  g_autoptr(GtkFileFilter) filter = gtk_file_filter_new ();
  va_list suffixes;

  gtk_file_filter_set_name (filter, name);
  va_start (suffixes, name);
  for (const char *suffix = va_arg (suffixes, const char *); suffix != NULL;
       suffix = va_arg (suffixes, const char *))
    gtk_file_filter_add_suffix (filter, suffix);
  va_end (suffixes);

  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), filter);
}

/* --- Import --- */

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(PetsWindow) self = PETS_WINDOW (user_data);
  GFile *file = G_FILE (object);
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) pets = pets_transfer_read_finish (file, result, &error);
  g_autofree char *text = NULL;
  guint before = tst_store_get_n_rows (get_store (self), PETS_TABLE);
  guint n;

  if (pets == NULL || !pets_exchange_add (get_store (self), pets, &error))
    {
      g_autofree char *name = get_display_name (file);

      /* Translators: %s is the name of a file */
      text = g_strdup_printf (_("“%s” Cannot Be Imported"), name);
      pets_window_show_error (self, text, error);
      return;
    }

  n = tst_store_get_n_rows (get_store (self), PETS_TABLE) - before;
  text = g_strdup_printf (ngettext ("%'u pet imported", "%'u pets imported", n), n);
  pets_window_tell (self, text, n > 0);
}

static void
import_file (PetsWindow *self,
             GFile      *file)
{
  pets_transfer_read_async (file, read_cb, g_object_ref (self));
}

typedef void (*PetsChosenFunc) (GtkNativeDialog *dialog,
                                int              response,
                                PetsWindow      *self);

/* Takes over @chooser, which @chosen asks by take_file(). */
static void
choose (PetsWindow           *self,
        GtkFileChooserNative *chooser,
        PetsChosenFunc        chosen)
{
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (chosen), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/* NULL: none was chosen. */
static GFile *
take_file (GtkNativeDialog *dialog,
           int              response)
{
  GFile *file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);

  return file;
}

static void
import_response_cb (GtkNativeDialog *dialog,
                    int              response,
                    PetsWindow      *self)
{
  g_autoptr(GFile) file = take_file (dialog, response);

  if (file != NULL)
    import_file (self, file);
}

static void
import_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  GtkFileChooserNative *chooser =
    gtk_file_chooser_native_new (_("Import Pets"), GTK_WINDOW (widget),
                                 GTK_FILE_CHOOSER_ACTION_OPEN, _("_Import"), NULL);

  add_filter (chooser, _("JSON and CSV Files"), "json", "csv", NULL);
  choose (PETS_WINDOW (widget), chooser, import_response_cb);
}

static gboolean
drop_cb (GtkDropTarget *target,
         const GValue  *value,
         double         x,
         double         y,
         PetsWindow    *self)
{
  for (GSList *l = g_value_get_boxed (value); l != NULL; l = l->next)
    import_file (self, l->data);

  return TRUE;
}

/* --- Export --- */

static void
written_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(PetsWindow) self = PETS_WINDOW (user_data);
  GFile *file = G_FILE (object);
  g_autofree char *name = get_display_name (file);
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;

  if (pets_transfer_write_finish (file, result, &error))
    {
      /* Translators: %s is the name of a file */
      text = g_strdup_printf (_("Exported to “%s”"), name);
      pets_window_tell (self, text, FALSE);
    }
  else
    {
      /* Translators: %s is the name of a file */
      text = g_strdup_printf (_("“%s” Cannot Be Exported"), name);
      pets_window_show_error (self, text, error);
    }

  g_application_release (g_application_get_default ());
}

static void
export_response_cb (GtkNativeDialog *dialog,
                    int              response,
                    PetsWindow      *self)
{
  g_autoptr(GFile) file = take_file (dialog, response);
  g_autofree char *name = NULL;
  g_autofree char *folded = NULL;

  if (file == NULL)
    return;

  /* Also if the last window is closed before it is over. */
  g_application_hold (g_application_get_default ());

  name = get_display_name (file);
  folded = g_utf8_casefold (name, -1);
  pets_transfer_write_async (file,
                             g_str_has_suffix (folded, ".json") ? pets_exchange_to_json (get_store (self))
                                                                : pets_exchange_to_csv (get_store (self)),
                             written_cb, g_object_ref (self));
}

static void
export_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  GtkFileChooserNative *chooser =
    gtk_file_chooser_native_new (_("Export Pets"), GTK_WINDOW (widget),
                                 GTK_FILE_CHOOSER_ACTION_SAVE, _("_Export"), NULL);

  /* The ending of the name says which of the two it is to be. */
  add_filter (chooser, _("CSV or JSON Files"), "csv", "json", NULL);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), _("Pets.csv"));
  choose (PETS_WINDOW (widget), chooser, export_response_cb);
}

/* --- Setting up --- */

void
pets_window_files_class_init (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.import", NULL, import_action);
  gtk_widget_class_install_action (widget_class, "win.export", NULL, export_action);
}

void
pets_window_files_init (PetsWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}
