/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "pets-application.h"

#include <glib/gi18n.h>
#include <glib-unix.h>

#include "pets-list.h"
#include "pets-window.h"

struct _PetsApplication
{
  GtkApplication parent_instance;

  guint terminate_source;
  guint interrupt_source;
};

G_DEFINE_FINAL_TYPE (PetsApplication, pets_application, GTK_TYPE_APPLICATION)

static const GOptionEntry options[] = {
  { "list", 'l', G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, NULL,
    N_("Print the pets as text; needs no display"), NULL },
  { "standalone", 's', G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, NULL,
    N_("Run as a process of its own, beside others"), NULL },
  { "version", 'v', G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, NULL,
    N_("Print the version"), NULL },
  { G_OPTION_REMAINING, 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_FILENAME_ARRAY, NULL,
    NULL, N_("[FILE…]") },
  { NULL }
};

/* --- Windows --- */

static PetsWindow *
find_window (PetsApplication *self,
             GFile           *file)
{
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL; l = l->next)
    if (PETS_IS_WINDOW (l->data) &&
        g_file_equal (pets_document_get_file (pets_window_get_document (l->data)), file))
      return l->data;

  return NULL;
}

static void
open_file (PetsApplication *self,
           GFile           *file)
{
  PetsWindow *window = find_window (self, file);

  if (window == NULL)
    {
      g_autoptr(PetsDocument) document = pets_document_new (file);

      window = pets_window_new (GTK_APPLICATION (self), document);
      pets_document_open (document);
    }

  gtk_window_present (GTK_WINDOW (window));
}

static void
pets_application_activate (GApplication *application)
{
  g_autoptr(GFile) file = pets_document_get_default_file ();

  open_file (PETS_APPLICATION (application), file);
}

/* --- The command line --- */

static GFile *
get_first_file (GVariantDict *dict)
{
  g_auto(GStrv) names = NULL;

  if (!g_variant_dict_lookup (dict, G_OPTION_REMAINING, "^aay", &names) || names[0] == NULL)
    return NULL;

  return g_file_new_for_commandline_arg (names[0]);
}

static int
print_list (GVariantDict *dict)
{
  g_autoptr(GFile) file = get_first_file (dict);
  g_autoptr(GError) error = NULL;

  if (pets_list_print (file, &error))
    return 0;

  g_printerr ("%s: %s\n", g_get_prgname (), error->message);

  return 1;
}

/* Before anything is connected to: what is answered here needs no display. */
static int
pets_application_handle_local_options (GApplication *application,
                                       GVariantDict *dict)
{
  if (g_variant_dict_contains (dict, "version"))
    {
      g_print ("%s %s\n", "tstore-demo", PACKAGE_VERSION);
      return 0;
    }

  if (g_variant_dict_contains (dict, "list"))
    return print_list (dict);

  if (g_variant_dict_contains (dict, "standalone"))
    g_application_set_flags (application,
                             g_application_get_flags (application) | G_APPLICATION_NON_UNIQUE);

  return -1;
}

static int
pets_application_command_line (GApplication            *application,
                               GApplicationCommandLine *command_line)
{
  GVariantDict *dict = g_application_command_line_get_options_dict (command_line);
  g_auto(GStrv) names = NULL;

  g_variant_dict_lookup (dict, G_OPTION_REMAINING, "^aay", &names);

  if (names == NULL || names[0] == NULL)
    {
      g_application_activate (application);
      return 0;
    }

  for (gsize i = 0; names[i] != NULL; i++)
    {
      g_autoptr(GFile) file = g_application_command_line_create_file_for_arg (command_line, names[i]);

      open_file (PETS_APPLICATION (application), file);
    }

  return 0;
}

/* --- Actions --- */

static void
quit_action (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  g_autoptr(GList) windows = g_list_copy (gtk_application_get_windows (GTK_APPLICATION (user_data)));

  /* Each saves first; the application ends with the last one. */
  for (GList *l = windows; l != NULL; l = l->next)
    gtk_window_close (GTK_WINDOW (l->data));
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
load_style (void)
{
  g_autoptr(GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, "/org/tstore/Pets/style.css");
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

  load_style ();
  gtk_window_set_default_icon_name ("org.tstore.Pets");

  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);

#define SET_ACCELS(action, ...) \
  gtk_application_set_accels_for_action (gtk_application, action, (const char *[]) { __VA_ARGS__, NULL })

  SET_ACCELS ("app.quit", "<Control>q");
  SET_ACCELS ("window.close", "<Control>w");
  SET_ACCELS ("win.add", "<Control>n");
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

  G_APPLICATION_CLASS (pets_application_parent_class)->shutdown (application);
}

static void
pets_application_class_init (PetsApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  application_class->activate = pets_application_activate;
  application_class->command_line = pets_application_command_line;
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
                       "flags", G_APPLICATION_HANDLES_COMMAND_LINE,
                       "resource-base-path", "/org/tstore/Pets",
                       NULL);
}
