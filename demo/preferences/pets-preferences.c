/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "pets-preferences.h"

#include <glib/gi18n.h>

#include "pets-appearance.h"
#include "pets-move.h"

/* Where the pets of one window are kept, and how all windows look. What is chosen takes
 * effect at once, and is what Pets begins with the next time. The radio buttons always
 * show where the pets are: choosing another one that does not work out leaves none of
 * it behind. */

struct _PetsPreferences
{
  GtkWindow parent_instance;

  PetsDocument   *document;
  PetsSettings   *settings;

  GtkCheckButton *local_radio;
  GtkCheckButton *session_radio;
  GtkCheckButton *file_radio;
  GtkCheckButton *remote_radio;
  GtkLabel       *file_label;
  GtkWidget      *file_buttons;
  GtkRevealer    *remote_revealer;
  GtkEntry       *uri_entry;
  GtkWidget      *connect_button;
  GtkLabel       *uri_label;
  GtkSpinButton  *interval_spin;
  GtkWidget      *busy_box;
  GtkLabel       *error_label;
  GtkSwitch      *load_switch;
  GtkSwitch      *save_switch;
  GtkDropDown    *style_drop_down;

  guint           busy : 1;      /* going elsewhere */
  guint           updating : 1;  /* what is set was not chosen by people */
};

G_DEFINE_FINAL_TYPE (PetsPreferences, pets_preferences, GTK_TYPE_WINDOW)

static const char * const styles[] = { PETS_STYLE_SYSTEM, PETS_STYLE_LIGHT, PETS_STYLE_DARK };

/* --- Showing what is --- */

static GtkCheckButton *
get_radio (PetsPreferences *self,
           PetsPlaceKind    kind)
{
  switch (kind)
    {
    case PETS_PLACE_SESSION:
      return self->session_radio;

    case PETS_PLACE_FILE:
      return self->file_radio;

    case PETS_PLACE_REMOTE:
      return self->remote_radio;

    case PETS_PLACE_LOCAL:
    default:
      return self->local_radio;
    }
}

static void
set_busy (PetsPreferences *self,
          gboolean         busy)
{
  GtkWidget *widgets[] = {
    GTK_WIDGET (self->local_radio), GTK_WIDGET (self->session_radio), GTK_WIDGET (self->file_radio),
    GTK_WIDGET (self->remote_radio), self->file_buttons, self->connect_button,
  };

  self->busy = busy;
  gtk_widget_set_visible (self->busy_box, busy);
  for (gsize i = 0; i < G_N_ELEMENTS (widgets); i++)
    gtk_widget_set_sensitive (widgets[i], !busy);
}

static void
show_error (PetsPreferences *self,
            const GError    *error)
{
  g_autofree char *text = NULL;

  if (error != NULL)
    /* Translators: %s is the reason */
    text = g_strdup_printf (_("That place cannot be used: %s"), error->message);

  gtk_label_set_label (self->error_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->error_label), error != NULL);
}

static GFile *
get_known_file (PetsPreferences *self)
{
  GFile *file = pets_place_get_file (pets_document_get_place (self->document));
  const char *uri = pets_settings_get_string (self->settings, PETS_SETTING_FILE, NULL);

  if (file != NULL)
    return g_object_ref (file);

  return uri != NULL ? g_file_new_for_uri (uri) : NULL;
}

static PetsPlace *
make_remote_place (PetsPreferences  *self,
                   GError          **error)
{
  return pets_place_new_for_uri (gtk_editable_get_text (GTK_EDITABLE (self->uri_entry)), error);
}

static void
update_address (PetsPreferences *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PetsPlace) place = make_remote_place (self, &error);
  gboolean wrong = place == NULL && gtk_entry_get_text_length (self->uri_entry) > 0;
  gboolean useful;

  if (self->document == NULL)
    return;

  useful = place != NULL && !pets_place_equal (place, pets_document_get_place (self->document));
  gtk_widget_set_sensitive (self->connect_button, useful && !self->busy);
  gtk_label_set_label (self->uri_label, wrong ? error->message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->uri_label), wrong);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->uri_entry), GTK_ACCESSIBLE_STATE_INVALID,
                               wrong ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}

static void
update (PetsPreferences *self)
{
  PetsPlace *place = pets_document_get_place (self->document);
  const char *uri = pets_place_get_uri (place);
  g_autoptr(GFile) file = get_known_file (self);

  self->updating = TRUE;

  gtk_check_button_set_active (get_radio (self, pets_place_get_kind (place)), TRUE);

  if (file != NULL)
    {
      g_autoptr(PetsPlace) file_place = pets_place_new_for_file (file);
      g_autofree char *name = pets_place_describe (file_place);

      gtk_label_set_label (self->file_label, name);
      gtk_widget_set_tooltip_text (GTK_WIDGET (self->file_label), name);
    }

  if (uri == NULL)
    uri = pets_settings_get_string (self->settings, PETS_SETTING_URI, NULL);
  if (uri != NULL)
    gtk_editable_set_text (GTK_EDITABLE (self->uri_entry), uri);

  gtk_revealer_set_reveal_child (self->remote_revealer,
                                 pets_place_get_kind (place) == PETS_PLACE_REMOTE);

  self->updating = FALSE;
  update_address (self);
}

static void
update_style (PetsPreferences *self)
{
  const char *style = pets_settings_get_string (self->settings, PETS_SETTING_STYLE, PETS_STYLE_SYSTEM);

  for (guint i = 0; i < G_N_ELEMENTS (styles); i++)
    if (g_str_equal (style, styles[i]))
      gtk_drop_down_set_selected (self->style_drop_down, i);
}

/* --- Going elsewhere --- */

static void
moved_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  PetsDocument *document = PETS_DOCUMENT (object);
  g_autoptr(PetsPreferences) self = PETS_PREFERENCES (user_data);
  g_autoptr(GError) error = NULL;

  pets_move_finish (document, result, &error);

  /* It may have been closed meanwhile. */
  if (self->document == NULL)
    return;

  set_busy (self, FALSE);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_clear_error (&error);
  show_error (self, error);
  update (self);
}

static void
move (PetsPreferences *self,
      PetsPlace       *place)
{
  show_error (self, NULL);

  if (pets_place_equal (place, pets_document_get_place (self->document)))
    {
      update (self);
      return;
    }

  set_busy (self, TRUE);
  pets_move_async (GTK_WINDOW (self), self->document, place, moved_cb, g_object_ref (self));
}

static void
file_response_cb (GtkNativeDialog *dialog,
                  int              response,
                  PetsPreferences *self)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr(GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      g_autoptr(PetsPlace) place = pets_place_new_for_file (file);

      move (self, place);
    }
  else
    {
      update (self);
    }

  g_object_unref (dialog);
}

static void
choose_file (PetsPreferences      *self,
             GtkFileChooserAction  action,
             const char           *title,
             const char           *label)
{
  GtkFileChooserNative *dialog =
    gtk_file_chooser_native_new (title, GTK_WINDOW (self), action, label, _("_Cancel"));

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  if (action == GTK_FILE_CHOOSER_ACTION_SAVE)
    gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), _("Pets.json"));

  g_signal_connect_object (dialog, "response", G_CALLBACK (file_response_cb), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
choose_old_file (PetsPreferences *self)
{
  choose_file (self, GTK_FILE_CHOOSER_ACTION_OPEN, _("Pets in a File"), _("_Open"));
}

/* Should there be one of that name, nothing in it is replaced without asking again. */
static void
choose_new_file (PetsPreferences *self)
{
  choose_file (self, GTK_FILE_CHOOSER_ACTION_SAVE, _("Keep the Pets in a File"), _("_Keep There"));
}

static void
move_to_file (PetsPreferences *self)
{
  g_autoptr(GFile) file = get_known_file (self);
  g_autoptr(PetsPlace) place = NULL;

  if (file == NULL)
    {
      choose_new_file (self);
      return;
    }

  place = pets_place_new_for_file (file);
  move (self, place);
}

static void
radio_toggled_cb (PetsPreferences *self,
                  GtkCheckButton  *radio)
{
  g_autoptr(PetsPlace) place = NULL;

  if (self->updating || self->document == NULL || !gtk_check_button_get_active (radio))
    return;

  show_error (self, NULL);
  gtk_revealer_set_reveal_child (self->remote_revealer, radio == self->remote_radio);

  if (radio == self->remote_radio)
    {
      /* Goes there when it is known where. */
      gtk_widget_grab_focus (GTK_WIDGET (self->uri_entry));
      return;
    }

  if (radio == self->file_radio)
    {
      move_to_file (self);
      return;
    }

  place = radio == self->session_radio ? pets_place_new_session () : pets_place_new_local ();
  move (self, place);
}

/* --- The server --- */

static void
connect_to_server (PetsPreferences *self)
{
  g_autoptr(PetsPlace) place = make_remote_place (self, NULL);

  if (place != NULL && !self->busy)
    move (self, place);
}

/* --- The rest --- */

static void
switch_row_cb (GtkListBox      *list,
               GtkListBoxRow   *row,
               PetsPreferences *self)
{
  GtkSwitch *widget = gtk_list_box_row_get_index (row) == 0 ? self->load_switch : self->save_switch;

  gtk_widget_activate (GTK_WIDGET (widget));
}

static void
style_selected_cb (PetsPreferences *self)
{
  guint selected = gtk_drop_down_get_selected (self->style_drop_down);

  if (self->settings != NULL && selected < G_N_ELEMENTS (styles))
    pets_settings_set_string (self->settings, PETS_SETTING_STYLE, styles[selected]);
}

/* --- GObject --- */

static void
pets_preferences_dispose (GObject *object)
{
  PetsPreferences *self = PETS_PREFERENCES (object);

  g_clear_object (&self->document);
  g_clear_object (&self->settings);
  gtk_widget_dispose_template (GTK_WIDGET (self), PETS_TYPE_PREFERENCES);

  G_OBJECT_CLASS (pets_preferences_parent_class)->dispose (object);
}

static void
pets_preferences_class_init (PetsPreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pets_preferences_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/tstore/Pets/pets-preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, PetsPreferences, local_radio);
  gtk_widget_class_bind_template_child (widget_class, PetsPreferences, session_radio);
  gtk_widget_class_bind_template_child (widget_class, PetsPreferences, file_radio);
  gtk_widget_class_bind_template_child (widget_class, PetsPreferences, remote_radio);
  gtk_widget_class_bind_template_child (widget_class, PetsPreferences, file_label);
  gtk_widget_class_bind_template_child (widget_class, PetsPreferences, file_buttons);
  gtk_widget_class_bind_template_child (widget_class, PetsPreferences, remote_revealer);
  gtk_widget_class_bind_template_child (widget_class, PetsPreferences, uri_entry);
  gtk_widget_class_bind_template_child (widget_class, PetsPreferences, connect_button);
  gtk_widget_class_bind_template_child (widget_class, PetsPreferences, uri_label);
  gtk_widget_class_bind_template_child (widget_class, PetsPreferences, interval_spin);
  gtk_widget_class_bind_template_child (widget_class, PetsPreferences, busy_box);
  gtk_widget_class_bind_template_child (widget_class, PetsPreferences, error_label);
  gtk_widget_class_bind_template_child (widget_class, PetsPreferences, load_switch);
  gtk_widget_class_bind_template_child (widget_class, PetsPreferences, save_switch);
  gtk_widget_class_bind_template_child (widget_class, PetsPreferences, style_drop_down);
  gtk_widget_class_bind_template_callback (widget_class, choose_new_file);
  gtk_widget_class_bind_template_callback (widget_class, choose_old_file);
  gtk_widget_class_bind_template_callback (widget_class, connect_to_server);
  gtk_widget_class_bind_template_callback (widget_class, radio_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, style_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, switch_row_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_address);
}

static void
pets_preferences_init (PetsPreferences *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

PetsPreferences *
pets_preferences_new (GtkWindow    *parent,
                      PetsDocument *document,
                      PetsSettings *settings)
{
  PetsPreferences *self = g_object_new (PETS_TYPE_PREFERENCES,
                                        "application", gtk_window_get_application (parent),
                                        "transient-for", parent,
                                        NULL);

  self->document = g_object_ref (document);
  self->settings = g_object_ref (settings);

  g_object_bind_property (document, "auto-load", self->load_switch, "active",
                          G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  g_object_bind_property (document, "auto-save", self->save_switch, "active",
                          G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  g_object_bind_property (document, "poll-interval", self->interval_spin, "value",
                          G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  g_signal_connect_object (document, "notify::place", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (pets_settings_get_store (settings), "value-changed::" PETS_SETTING_STYLE,
                           G_CALLBACK (update_style), self, G_CONNECT_SWAPPED);

  update (self);
  update_style (self);

  return self;
}

PetsDocument *
pets_preferences_get_document (PetsPreferences *self)
{
  return self->document;
}
