/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "pets-window-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "pets-exchange.h"

/* What can be done in a window, but for files. */

static void
tell_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  pets_window_tell (PETS_WINDOW (widget), g_variant_get_string (parameter, NULL), FALSE);
}

static void
search_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  PetsWindow *self = PETS_WINDOW (widget);

  if (!pets_window_is_page (self, "editor"))
    pets_window_start_search (self);
}

static void
back_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  PetsWindow *self = PETS_WINDOW (widget);

  if (!pets_window_is_page (self, "editor"))
    return;

  pets_window_set_edited (self, NULL);
  pets_window_update_page (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->cards));
}

static void
add_action (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  PetsWindow *self = PETS_WINDOW (widget);
  g_autoptr(GError) error = NULL;
  g_autofree char *row_id = pets_document_add_pet (self->document, &error);
  guint position;

  if (row_id == NULL)
    {
      pets_window_tell (self, error->message, FALSE);
      return;
    }

  /* It is not one of those that are looked for. */
  pets_window_stop_search (self);
  pets_window_show_row (self, row_id);

  if (self->narrow)
    {
      if (tst_table_model_find (self->model, row_id, &position))
        pets_window_open_editor (self, position);
      gtk_widget_grab_focus (GTK_WIDGET (self->editor));
    }
  else
    {
      pets_table_view_edit_name (self->table, row_id);
    }
}

static void
add_samples_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  PetsWindow *self = PETS_WINDOW (widget);
  g_autoptr(GBytes) sample = pets_document_get_sample ();
  g_autofree char *json = g_strndup (g_bytes_get_data (sample, NULL), g_bytes_get_size (sample));
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) pets = pets_exchange_parse (json, strlen (json), &error);

  if (pets == NULL || !pets_exchange_add (pets_document_get_store (self->document), pets, &error))
    pets_window_tell (self, error->message, FALSE);
}

/* The one whose page is shown may not be selected any more: a selection forgets a row that
 * goes to another place. */
static GStrv
get_selected_ids (PetsWindow *self)
{
  g_autoptr(GtkBitset) selected = gtk_selection_model_get_selection (self->selection);
  g_autoptr(GStrvBuilder) ids = g_strv_builder_new ();
  TstRow *edited = pets_editor_get_row (self->editor);
  GtkBitsetIter iter;
  guint position;

  if (edited != NULL)
    {
      g_strv_builder_add (ids, tst_row_get_row_id (edited));
      return g_strv_builder_end (ids);
    }

  for (gboolean valid = gtk_bitset_iter_init_first (&iter, selected, &position);
       valid;
       valid = gtk_bitset_iter_next (&iter, &position))
    {
      g_autoptr(TstRow) row = g_list_model_get_item (G_LIST_MODEL (self->selection), position);

      g_strv_builder_add (ids, tst_row_get_row_id (row));
    }

  return g_strv_builder_end (ids);
}

static char *
describe_removal (GStrv names)
{
  guint n = g_strv_length (names);

  if (n == 1 && *names[0] != '\0')
    /* Translators: %s is the name of a pet */
    return g_strdup_printf (_("“%s” removed"), names[0]);

  return g_strdup_printf (ngettext ("%u pet removed", "%u pets removed", n), n);
}

/* So that Delete can be pressed again, and the arrow keys go on from there. */
static void
select_near (PetsWindow *self,
             guint       position)
{
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->selection));

  if (self->narrow || n_items == 0)
    return;

  pets_window_show_position (self, MIN (position, n_items - 1));
  gtk_widget_grab_focus (GTK_WIDGET (self->table));
}

static void
remove_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  PetsWindow *self = PETS_WINDOW (widget);
  g_autoptr(GtkBitset) selected = gtk_selection_model_get_selection (self->selection);
  guint position = gtk_bitset_get_minimum (selected);
  g_auto(GStrv) ids = get_selected_ids (self);
  g_auto(GStrv) names = pets_document_remove_pets (self->document, (const char * const *) ids);
  g_autofree char *text = NULL;

  if (names[0] == NULL)
    return;

  select_near (self, position);
  text = describe_removal (names);
  pets_window_tell (self, text, TRUE);
}

/* What came back may be far from what is on the screen. */
static void
show_last_added (PetsWindow *self)
{
  if (self->last_added < g_list_model_get_n_items (G_LIST_MODEL (self->model)))
    pets_window_show_position (self, self->last_added);
}

/* Where something is being typed, the keys are for that alone. */
static gboolean
is_typing (PetsWindow *self)
{
  return GTK_IS_TEXT (gtk_window_get_focus (GTK_WINDOW (self)));
}

static void
step_in_time (PetsWindow *self,
              gboolean  (*step) (TstCheckpoints  *checkpoints,
                                 GError         **error))
{
  g_autoptr(GError) error = NULL;

  if (is_typing (self))
    return;

  pets_toast_hide (self->toast);
  self->last_added = GTK_INVALID_LIST_POSITION;

  if (!step (self->checkpoints, &error))
    pets_window_tell (self, error->message, FALSE);
  show_last_added (self);
}

static void
undo_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  step_in_time (PETS_WINDOW (widget), tst_checkpoints_undo);
}

static void
redo_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  step_in_time (PETS_WINDOW (widget), tst_checkpoints_redo);
}

static void
update_undo (PetsWindow *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.undo",
                                 tst_checkpoints_get_can_undo (self->checkpoints));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.redo",
                                 tst_checkpoints_get_can_redo (self->checkpoints));
}

void
pets_window_set_up_undo (PetsWindow *self)
{
  self->checkpoints = g_object_ref (pets_document_get_checkpoints (self->document));

  g_signal_connect_object (self->checkpoints, "notify::can-undo",
                           G_CALLBACK (update_undo), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->checkpoints, "notify::can-redo",
                           G_CALLBACK (update_undo), self, G_CONNECT_SWAPPED);
  update_undo (self);
}

static void
retry_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  pets_document_retry (PETS_WINDOW (widget)->document);
}

void
pets_window_actions_class_init (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.add", NULL, add_action);
  gtk_widget_class_install_action (widget_class, "win.add-samples", NULL, add_samples_action);
  gtk_widget_class_install_action (widget_class, "win.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "win.redo", NULL, redo_action);
  gtk_widget_class_install_action (widget_class, "win.remove", NULL, remove_action);
  gtk_widget_class_install_action (widget_class, "win.retry", NULL, retry_action);
  gtk_widget_class_install_action (widget_class, "win.search", NULL, search_action);
  gtk_widget_class_install_action (widget_class, "win.tell", "s", tell_action);
  gtk_widget_class_install_action (widget_class, "win.undo", NULL, undo_action);
}
