/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "pets-application.h"

#include <glib/gi18n.h>
#include <glib-unix.h>

#include "pets-appearance.h"
#include "pets-commands.h"
#include "pets-preferences.h"
#include "pets-settings.h"
#include "pets-window.h"

struct _PetsApplication
{
  GtkApplication parent_instance;

  PetsSettings   *settings;    /* (nullable): of a process that may have windows */
  PetsAppearance *appearance;  /* (nullable): the same */

  guint           terminate_source;
  guint           interrupt_source;
};

G_DEFINE_FINAL_TYPE (PetsApplication, pets_application, GTK_TYPE_APPLICATION)

static const GOptionEntry options[] = {
  { "file", 'f', G_OPTION_FLAG_NONE, G_OPTION_ARG_FILENAME, NULL,
    N_("Pets in a file"), N_("FILE") },
  { "local", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, NULL,
    N_("Pets among the data of this program"), NULL },
  { "session", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, NULL,
    N_("Pets that are kept until you log out"), NULL },
  { "url", 'u', G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, NULL,
    N_("Pets on a server"), N_("URL") },
  { "list", 'l', G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, NULL,
    N_("Print the pets as text; needs no display"), NULL },
  { "ids", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, NULL,
    N_("Print their ids, too"), NULL },
  { "add", 'a', G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING_ARRAY, NULL,
    N_("Add a pet, and print its id; needs no display. May be repeated"),
    N_("NAME[,SPECIES[,BREED[,COLOUR[,BORN[,PRICE]]]]]") },
  { "remove", 'r', G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING_ARRAY, NULL,
    N_("Remove the pet with this id; needs no display. May be repeated"), N_("ID") },
  { "new-window", 'n', G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, NULL,
    N_("Open another window with the same pets"), NULL },
  { "standalone", 's', G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, NULL,
    N_("Run as a process of its own, beside others"), NULL },
  { "version", 'v', G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, NULL,
    N_("Print the version"), NULL },
  { G_OPTION_REMAINING, 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_FILENAME_ARRAY, NULL,
    NULL, N_("[FILE…]") },
  { NULL }
};

/* --- Windows --- */

/* The size that a window gets, and the next one after it. */
static void
remember_size (GtkWindow       *window,
               GParamSpec      *pspec,
               PetsApplication *self)
{
  int width, height;

  pets_settings_set_boolean (self->settings, PETS_SETTING_MAXIMIZED, gtk_window_is_maximized (window));
  if (gtk_window_is_maximized (window) || gtk_window_is_fullscreen (window))
    return;

  gtk_window_get_default_size (window, &width, &height);
  if (width > 0 && height > 0)
    {
      tst_store_begin (pets_settings_get_store (self->settings));
      pets_settings_set_int (self->settings, PETS_SETTING_WIDTH, width);
      pets_settings_set_int (self->settings, PETS_SETTING_HEIGHT, height);
      tst_store_commit (pets_settings_get_store (self->settings));
    }
}

static void
restore_size (PetsApplication *self,
              GtkWindow       *window)
{
  static const char * const watched[] = {
    "notify::default-width", "notify::default-height", "notify::maximized",
  };
  int width, height;

  gtk_window_get_default_size (window, &width, &height);
  gtk_window_set_default_size (window,
                               pets_settings_get_int (self->settings, PETS_SETTING_WIDTH, width),
                               pets_settings_get_int (self->settings, PETS_SETTING_HEIGHT, height));
  if (pets_settings_get_boolean (self->settings, PETS_SETTING_MAXIMIZED, FALSE))
    gtk_window_maximize (window);

  for (gsize i = 0; i < G_N_ELEMENTS (watched); i++)
    g_signal_connect_object (window, watched[i], G_CALLBACK (remember_size), self, 0);
}

static void
show_document (PetsApplication *self,
               PetsDocument    *document)
{
  PetsWindow *window = pets_window_new (GTK_APPLICATION (self), document);

  restore_size (self, GTK_WINDOW (window));
  gtk_window_present (GTK_WINDOW (window));
}

static PetsWindow *
find_window (PetsApplication *self,
             PetsPlace       *place)
{
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL; l = l->next)
    if (PETS_IS_WINDOW (l->data) && !pets_window_is_closing (l->data) &&
        (place == NULL ||
         pets_place_equal (pets_document_get_place (pets_window_get_document (l->data)), place)))
      return l->data;

  return NULL;
}

/* What is chosen for one document is what the next one begins with. */
static void
remember_place (PetsDocument    *document,
                GParamSpec      *pspec,
                PetsApplication *self)
{
  pets_settings_set_place (self->settings, pets_document_get_place (document));
}

static void
remember_switch (PetsDocument    *document,
                 GParamSpec      *pspec,
                 PetsApplication *self)
{
  gboolean value;

  g_object_get (document, pspec->name, &value, NULL);
  pets_settings_set_boolean (self->settings, pspec->name, value);
}

static void
remember_poll_interval (PetsDocument    *document,
                        GParamSpec      *pspec,
                        PetsApplication *self)
{
  guint poll_interval;

  g_object_get (document, "poll-interval", &poll_interval, NULL);
  pets_settings_set_int (self->settings, PETS_SETTING_POLL_INTERVAL, poll_interval);
}

static guint
get_poll_interval (PetsApplication *self)
{
  int seconds = pets_settings_get_int (self->settings, PETS_SETTING_POLL_INTERVAL, PETS_POLL_INTERVAL_DEFAULT);

  return CLAMP (seconds, 1, PETS_POLL_INTERVAL_MAX);
}

static void
open_place (PetsApplication *self,
            PetsPlace       *place)
{
  PetsWindow *window = find_window (self, place);
  g_autoptr(PetsDocument) document = NULL;

  if (window != NULL)
    {
      gtk_window_present (GTK_WINDOW (window));
      return;
    }

  document = pets_document_new (place);
  g_object_set (document,
                "auto-load", pets_settings_get_boolean (self->settings, PETS_SETTING_AUTO_LOAD, TRUE),
                "auto-save", pets_settings_get_boolean (self->settings, PETS_SETTING_AUTO_SAVE, TRUE),
                "poll-interval", get_poll_interval (self),
                NULL);
  g_signal_connect_object (document, "notify::place", G_CALLBACK (remember_place), self, 0);
  g_signal_connect_object (document, "notify::" PETS_SETTING_AUTO_LOAD,
                           G_CALLBACK (remember_switch), self, 0);
  g_signal_connect_object (document, "notify::" PETS_SETTING_AUTO_SAVE,
                           G_CALLBACK (remember_switch), self, 0);
  g_signal_connect_object (document, "notify::" PETS_SETTING_POLL_INTERVAL,
                           G_CALLBACK (remember_poll_interval), self, 0);

  show_document (self, document);
  pets_document_open (document);
}

static void
open_file (PetsApplication *self,
           GFile           *file)
{
  g_autoptr(PetsPlace) place = pets_place_new_for_file (file);

  open_place (self, place);
}

static void
pets_application_activate (GApplication *application)
{
  PetsApplication *self = PETS_APPLICATION (application);
  g_autoptr(PetsPlace) place = pets_settings_get_place (self->settings);

  open_place (self, place);
}

/* From a file manager, by way of the bus. */
static void
pets_application_open (GApplication  *application,
                       GFile        **files,
                       int            n_files,
                       const char    *hint)
{
  for (int i = 0; i < n_files; i++)
    open_file (PETS_APPLICATION (application), files[i]);
}

/* --- The command line --- */

/* Before anything is connected to: what is answered here needs no display. */
static int
pets_application_handle_local_options (GApplication *application,
                                       GVariantDict *dict)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PetsPlace) place = NULL;
  g_auto(GStrv) names = NULL;

  if (g_variant_dict_contains (dict, "version"))
    {
      g_print ("%s %s\n", "tstore-demo", PACKAGE_VERSION);
      return 0;
    }

  if (pets_commands_are_wanted (dict))
    return pets_commands_run (dict);

  /* Several files are as many windows. */
  g_variant_dict_lookup (dict, G_OPTION_REMAINING, "^aay", &names);
  if ((names == NULL || g_strv_length (names) < 2) && !pets_commands_get_place (dict, &place, &error))
    {
      g_printerr ("%s: %s\n", g_get_prgname (), error->message);
      return 2;
    }

  if (g_variant_dict_contains (dict, "standalone"))
    g_application_set_flags (application,
                             g_application_get_flags (application) | G_APPLICATION_NON_UNIQUE);

  return -1;
}

static void
open_arguments (PetsApplication         *self,
                GApplicationCommandLine *command_line,
                char                   **names)
{
  for (gsize i = 0; names[i] != NULL; i++)
    {
      g_autoptr(GFile) file = g_application_command_line_create_file_for_arg (command_line, names[i]);

      open_file (self, file);
    }
}

static int
pets_application_command_line (GApplication            *application,
                               GApplicationCommandLine *command_line)
{
  PetsApplication *self = PETS_APPLICATION (application);
  GVariantDict *dict = g_application_command_line_get_options_dict (command_line);
  g_auto(GStrv) names = NULL;
  char *named_file[] = { NULL, NULL };
  g_autofree char *name = NULL;
  g_autoptr(PetsPlace) place = NULL;

  g_variant_dict_lookup (dict, G_OPTION_REMAINING, "^aay", &names);

  if (g_variant_dict_lookup (dict, "file", "^ay", &name))
    {
      named_file[0] = name;
      open_arguments (self, command_line, named_file);
    }
  else if (names != NULL && names[0] != NULL)
    {
      open_arguments (self, command_line, names);
    }
  else if (g_variant_dict_contains (dict, "new-window"))
    {
      g_action_group_activate_action (G_ACTION_GROUP (self), "new-window", NULL);
    }
  else if (pets_commands_get_place (dict, &place, NULL) && place != NULL)
    {
      open_place (self, place);
    }
  else
    {
      g_application_activate (application);
    }

  return 0;
}

/* --- Actions --- */

static void
quit_action (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  GList *all = gtk_application_get_windows (GTK_APPLICATION (user_data));
  g_autolist(GtkWindow) windows = g_list_copy_deep (all, (GCopyFunc) g_object_ref, NULL);

  /* Each saves first; the application ends with the last one. One may take others along. */
  for (GList *l = windows; l != NULL; l = l->next)
    if (PETS_IS_WINDOW (l->data) || gtk_window_get_transient_for (l->data) == NULL)
      gtk_window_close (GTK_WINDOW (l->data));
}

static void
new_window_action (GSimpleAction *action,
                   GVariant      *parameter,
                   gpointer       user_data)
{
  PetsApplication *self = PETS_APPLICATION (user_data);
  PetsWindow *window = find_window (self, NULL);

  if (window != NULL)
    show_document (self, pets_window_get_document (window));
  else
    g_application_activate (G_APPLICATION (self));
}

static void
open_response_cb (GtkNativeDialog *dialog,
                  int              response,
                  PetsApplication *self)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr(GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

      open_file (self, file);
    }

  g_object_unref (dialog);
}

static void
open_action (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  GtkWindow *parent = gtk_application_get_active_window (GTK_APPLICATION (user_data));
  GtkFileChooserNative *dialog =
    gtk_file_chooser_native_new (_("Open Pets"), parent, GTK_FILE_CHOOSER_ACTION_OPEN,
                                 _("_Open"), _("_Cancel"));

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (open_response_cb), user_data, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static PetsPreferences *
find_preferences (PetsApplication *self,
                  PetsDocument    *document)
{
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL; l = l->next)
    if (PETS_IS_PREFERENCES (l->data) && pets_preferences_get_document (l->data) == document)
      return l->data;

  return NULL;
}

static void
preferences_action (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       user_data)
{
  PetsApplication *self = PETS_APPLICATION (user_data);
  GtkWindow *active = gtk_application_get_active_window (GTK_APPLICATION (self));
  PetsPreferences *preferences;
  PetsDocument *document;

  if (!PETS_IS_WINDOW (active))
    return;

  document = pets_window_get_document (PETS_WINDOW (active));
  preferences = find_preferences (self, document);
  if (preferences == NULL)
    preferences = pets_preferences_new (active, document, self->settings);

  gtk_window_present (GTK_WINDOW (preferences));
}

static void
about_action (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  gtk_show_about_dialog (gtk_application_get_active_window (GTK_APPLICATION (user_data)),
                         "program-name", _("Pets"),
                         "logo-icon-name", "org.tstore.Pets",
                         "version", PACKAGE_VERSION,
                         "comments", _("A table of pets that is always saved, and follows its file"),
                         "copyright", "© 2026 The libtstore authors",
                         "license-type", GTK_LICENSE_LGPL_2_1,
                         NULL);
}

static const GActionEntry actions[] = {
  { .name = "about", .activate = about_action },
  { .name = "new-window", .activate = new_window_action },
  { .name = "open", .activate = open_action },
  { .name = "preferences", .activate = preferences_action },
  { .name = "quit", .activate = quit_action },
};

/* --- GObject --- */

static gboolean
quit_cb (gpointer user_data)
{
  g_action_group_activate_action (G_ACTION_GROUP (user_data), "quit", NULL);

  return G_SOURCE_CONTINUE;
}

static void
load_style (const char *path)
{
  g_autoptr(GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, path);
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

static void
pets_application_startup (GApplication *application)
{
  PetsApplication *self = PETS_APPLICATION (application);
  GtkApplication *gtk_application = GTK_APPLICATION (application);

  G_APPLICATION_CLASS (pets_application_parent_class)->startup (application);

  self->settings = pets_settings_new ();
  pets_settings_follow (self->settings);
  self->appearance = pets_appearance_new (self->settings);

  load_style ("/org/tstore/Pets/style.css");
  load_style ("/org/tstore/Pets/preferences.css");
  gtk_window_set_default_icon_name ("org.tstore.Pets");

  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);

#define SET_ACCELS(action, ...) \
  gtk_application_set_accels_for_action (gtk_application, action, (const char *[]) { __VA_ARGS__, NULL })

  SET_ACCELS ("app.quit", "<Control>q");
  SET_ACCELS ("app.new-window", "<Control><Shift>n");
  SET_ACCELS ("app.open", "<Control>o");
  SET_ACCELS ("app.preferences", "<Control>comma");
  SET_ACCELS ("window.close", "<Control>w");
  SET_ACCELS ("win.add", "<Control>n");
  SET_ACCELS ("win.load", "<Control>r");
  SET_ACCELS ("win.save", "<Control>s");
  SET_ACCELS ("win.show-help-overlay", "F1", "<Control>question");

#undef SET_ACCELS

  /* So that who logs out or types Ctrl+C loses nothing. */
  self->terminate_source = g_unix_signal_add (SIGTERM, quit_cb, self);
  self->interrupt_source = g_unix_signal_add (SIGINT, quit_cb, self);
}

static void
pets_application_shutdown (GApplication *application)
{
  PetsApplication *self = PETS_APPLICATION (application);

  g_clear_handle_id (&self->terminate_source, g_source_remove);
  g_clear_handle_id (&self->interrupt_source, g_source_remove);
  g_clear_object (&self->appearance);
  pets_settings_flush (self->settings);
  g_clear_object (&self->settings);

  G_APPLICATION_CLASS (pets_application_parent_class)->shutdown (application);
}

static void
pets_application_class_init (PetsApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  application_class->activate = pets_application_activate;
  application_class->command_line = pets_application_command_line;
  application_class->open = pets_application_open;
  application_class->handle_local_options = pets_application_handle_local_options;
  application_class->startup = pets_application_startup;
  application_class->shutdown = pets_application_shutdown;
}

static void
pets_application_init (PetsApplication *self)
{
  g_application_add_main_option_entries (G_APPLICATION (self), options);
}

PetsApplication *
pets_application_new (void)
{
  return g_object_new (PETS_TYPE_APPLICATION,
                       "application-id", APPLICATION_ID,
                       "flags", G_APPLICATION_HANDLES_COMMAND_LINE | G_APPLICATION_HANDLES_OPEN,
                       "resource-base-path", "/org/tstore/Pets",
                       NULL);
}
