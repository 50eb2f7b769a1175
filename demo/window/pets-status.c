/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "pets-status.h"

#include <glib/gi18n.h>

#include "pets-conflict.h"

/* A button that shows at a glance whether all is saved, and a popover that tells the rest,
 * with the ways out of what is wrong. */

/* More would be no popover any more. */
#define MAX_SHOWN_CONFLICTS 6

struct _PetsStatus
{
  GtkWidget parent_instance;

  PetsDocument  *document;

  GtkMenuButton *button;
  GtkImage      *icon;
  GtkWidget     *popover;
  GtkImage      *image;
  GtkLabel      *heading_label;
  GtkLabel      *detail_label;
  GtkLabel      *place_label;
  GtkWidget     *saved_title;
  GtkLabel      *saved_label;
  GtkWidget     *conflict_box;
  GtkWidget     *conflict_list;
  GtkWidget     *save_button;
  GtkWidget     *retry_button;
  GtkWidget     *copy_button;
};

G_DEFINE_FINAL_TYPE (PetsStatus, pets_status, GTK_TYPE_WIDGET)

/* --- What there is to say --- */

static char *
describe_time (GDateTime *time)
{
  g_autoptr(GDateTime) local = g_date_time_to_local (time);
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();

  if (g_date_time_get_day_of_year (local) == g_date_time_get_day_of_year (now) &&
      g_date_time_get_year (local) == g_date_time_get_year (now))
    /* Translators: the time of day, see g_date_time_format() */
    return g_date_time_format (local, _("%H:%M"));

  /* Translators: a day and the time of day, see g_date_time_format() */
  return g_date_time_format (local, _("%-d %b %Y, %H:%M"));
}

static const char *
get_heading (PetsState state)
{
  switch (state)
    {
    case PETS_STATE_LOADING:
    case PETS_STATE_SAVING:
    case PETS_STATE_NOT_LOADED:
    case PETS_STATE_NOT_SAVED:
    case PETS_STATE_OFFLINE:
      return pets_state_get_label (state);

    case PETS_STATE_UNSAVED:
      return _("There are unsaved changes");

    case PETS_STATE_SAVED:
    default:
      return _("All changes are saved");
    }
}

/* What to do about it, or what will be done. */
static char *
get_detail (PetsStatus *self,
            PetsState   state)
{
  TstPersister *persister = pets_document_get_persister (self->document);
  const GError *error = tst_persister_get_last_error (persister);
  char *problem = NULL;

  switch (state)
    {
    case PETS_STATE_OFFLINE:
      if (tst_persister_get_dirty (persister))
        return g_strdup (_("The server cannot be reached. What you change is kept here, and saved "
                           "when the server is back."));
      return g_strdup (_("The server cannot be reached."));

    case PETS_STATE_UNSAVED:
      return g_strdup (_("They are not saved automatically."));

    case PETS_STATE_NOT_LOADED:
    case PETS_STATE_NOT_SAVED:
      if (error != NULL)
        return g_strdup (error->message);
      g_object_get (self->document, "problem", &problem, NULL);
      return problem;

    case PETS_STATE_LOADING:
    case PETS_STATE_SAVING:
    case PETS_STATE_SAVED:
    default:
      g_object_get (self->document, "problem", &problem, NULL);
      return problem;
    }
}

/* --- Showing it --- */

static void
add_conflict_label (PetsStatus *self,
                    const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 40);
  gtk_box_append (GTK_BOX (self->conflict_list), label);
}

static void
update_conflicts (PetsStatus *self)
{
  GPtrArray *conflicts = pets_document_get_conflicts (self->document);
  TstStore *store = pets_document_get_store (self->document);
  GtkWidget *child;
  guint n_shown = 0;

  while ((child = gtk_widget_get_first_child (self->conflict_list)) != NULL)
    gtk_box_remove (GTK_BOX (self->conflict_list), child);

  for (guint i = 0; i < conflicts->len; i++)
    {
      TstConflict *conflict = g_ptr_array_index (conflicts, i);

      for (guint j = 0; j < tst_conflict_get_n_entries (conflict); j++, n_shown++)
        {
          g_autofree char *text = NULL;

          if (n_shown >= MAX_SHOWN_CONFLICTS)
            continue;

          text = pets_conflict_describe (conflict, j, store);
          add_conflict_label (self, text);
        }
    }

  if (n_shown > MAX_SHOWN_CONFLICTS)
    {
      guint n_more = n_shown - MAX_SHOWN_CONFLICTS;
      g_autofree char *text = g_strdup_printf (ngettext ("And %u more", "And %u more", n_more), n_more);

      add_conflict_label (self, text);
    }

  gtk_widget_set_visible (self->conflict_box, n_shown > 0);
}

static void
update_buttons (PetsStatus *self,
                PetsState   state)
{
  gboolean failed = state == PETS_STATE_NOT_LOADED || state == PETS_STATE_NOT_SAVED;

  gtk_widget_set_visible (self->save_button, state == PETS_STATE_UNSAVED);
  gtk_widget_set_visible (self->retry_button, failed || state == PETS_STATE_OFFLINE);
  gtk_widget_set_visible (self->copy_button, failed || state == PETS_STATE_OFFLINE);
}

static void
update_button (PetsStatus *self,
               PetsState   state)
{
  g_autofree char *name = NULL;
  g_autofree char *problem = NULL;
  const char *icon_name = pets_state_get_icon_name (state);

  g_object_get (self->document, "problem", &problem, NULL);
  if (problem != NULL)
    icon_name = pets_state_get_icon_name (PETS_STATE_NOT_SAVED);
  gtk_image_set_from_icon_name (self->image, icon_name);

  /* There is something to read. */
  if (problem == NULL && state == PETS_STATE_SAVED &&
      pets_document_get_conflicts (self->document)->len > 0)
    icon_name = "dialog-information-symbolic";

  /* Translators: %s is a state such as “Saved” */
  name = g_strdup_printf (_("Storage: %s"), pets_state_get_label (state));
  gtk_image_set_from_icon_name (self->icon, icon_name);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button), name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/* Nothing is said of what was saved before it was opened: nobody knows. */
static void
update_time (PetsStatus *self)
{
  GDateTime *time = tst_persister_get_last_saved (pets_document_get_persister (self->document));
  g_autofree char *text = time != NULL ? describe_time (time) : NULL;

  gtk_label_set_label (self->saved_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->saved_label), text != NULL);
  gtk_widget_set_visible (self->saved_title, text != NULL);
}

static void
update (PetsStatus *self)
{
  PetsState state = pets_document_get_state (self->document);
  g_autofree char *detail = get_detail (self, state);
  g_autofree char *place = pets_place_describe (pets_document_get_place (self->document));

  gtk_label_set_label (self->heading_label, get_heading (state));
  gtk_label_set_label (self->detail_label, detail != NULL ? detail : "");
  gtk_widget_set_visible (GTK_WIDGET (self->detail_label), detail != NULL);
  gtk_label_set_label (self->place_label, place);

  update_time (self);
  update_button (self, state);
  update_buttons (self, state);
  update_conflicts (self);
}

static void
forget_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  pets_document_forget_conflicts (PETS_STATUS (widget)->document);
}

/* --- GObject --- */

static void
pets_status_dispose (GObject *object)
{
  PetsStatus *self = PETS_STATUS (object);

  g_clear_pointer ((GtkWidget **) &self->button, gtk_widget_unparent);
  gtk_widget_dispose_template (GTK_WIDGET (self), PETS_TYPE_STATUS);
  g_clear_object (&self->document);

  G_OBJECT_CLASS (pets_status_parent_class)->dispose (object);
}

static void
pets_status_class_init (PetsStatusClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pets_status_dispose;

  gtk_widget_class_install_action (widget_class, "status.forget", NULL, forget_action);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tstore/Pets/pets-status.ui");
  gtk_widget_class_bind_template_child (widget_class, PetsStatus, button);
  gtk_widget_class_bind_template_child (widget_class, PetsStatus, icon);
  gtk_widget_class_bind_template_child (widget_class, PetsStatus, popover);
  gtk_widget_class_bind_template_child (widget_class, PetsStatus, image);
  gtk_widget_class_bind_template_child (widget_class, PetsStatus, heading_label);
  gtk_widget_class_bind_template_child (widget_class, PetsStatus, detail_label);
  gtk_widget_class_bind_template_child (widget_class, PetsStatus, place_label);
  gtk_widget_class_bind_template_child (widget_class, PetsStatus, saved_title);
  gtk_widget_class_bind_template_child (widget_class, PetsStatus, saved_label);
  gtk_widget_class_bind_template_child (widget_class, PetsStatus, conflict_box);
  gtk_widget_class_bind_template_child (widget_class, PetsStatus, conflict_list);
  gtk_widget_class_bind_template_child (widget_class, PetsStatus, save_button);
  gtk_widget_class_bind_template_child (widget_class, PetsStatus, retry_button);
  gtk_widget_class_bind_template_child (widget_class, PetsStatus, copy_button);
}

static void
pets_status_init (PetsStatus *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * pets_status_set_document:
 *
 * Sets the document to tell of, once.
 */
void
pets_status_set_document (PetsStatus   *self,
                          PetsDocument *document)
{
  self->document = g_object_ref (document);
  g_signal_connect_object (document, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

void
pets_status_show (PetsStatus *self)
{
  gtk_menu_button_popup (self->button);
}
