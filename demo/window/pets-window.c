/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "pets-window-private.h"

#include <glib/gi18n.h>

#include "pets-closing.h"
#include "pets-storage-actions.h"
#include "pets-window-files.h"

/* The window of one document: its pets as a table, or where there is no room for
 * that, as a list of cards and a page for each. */

G_DEFINE_FINAL_TYPE (PetsWindow, pets_window, GTK_TYPE_APPLICATION_WINDOW)

enum
{
  PROP_0,
  PROP_DOCUMENT,
  PROP_SORT_CELL,
  PROP_DESCENDING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* --- Sorting --- */

static gboolean
focus_cb (gpointer user_data)
{
  PetsWindow *self = PETS_WINDOW (user_data);
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  self->focus_source = 0;
  if (focus == NULL || !gtk_widget_get_mapped (focus))
    gtk_widget_child_focus (GTK_WIDGET (self->stack), GTK_DIR_TAB_FORWARD);

  return G_SOURCE_REMOVE;
}

/* Up to GTK 4.8, a submenu keeps the focus when it has been chosen from, and no
 * key does anything any more. */
static void
queue_focus (PetsWindow *self)
{
  if (self->focus_source == 0)
    self->focus_source = g_idle_add (focus_cb, self);
}

/* The model has NULL for no cell, which the state of an action cannot be. */
static const char *
get_sort_cell (PetsWindow *self)
{
  const char *sort_cell = self->model != NULL ? tst_table_model_get_sort_cell (self->model) : NULL;

  return sort_cell != NULL ? sort_cell : "";
}

static void
set_sort_cell (PetsWindow *self,
               const char *sort_cell)
{
  if (self->model == NULL || g_str_equal (get_sort_cell (self), sort_cell))
    return;

  pets_window_begin_rearranging (self);
  tst_table_model_set_sort_cell (self->model, *sort_cell != '\0' ? sort_cell : NULL);
  pets_window_end_rearranging (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SORT_CELL]);
  queue_focus (self);
}

static void
set_descending (PetsWindow *self,
                gboolean    descending)
{
  if (self->model == NULL || tst_table_model_get_descending (self->model) == descending)
    return;

  pets_window_begin_rearranging (self);
  tst_table_model_set_descending (self->model, descending);
  pets_window_end_rearranging (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DESCENDING]);
  queue_focus (self);
}

/* --- Closing --- */

static gboolean
pets_window_close_request (GtkWindow *window)
{
  PetsWindow *self = PETS_WINDOW (window);

  if (self->closing)
    return GDK_EVENT_STOP;

  /* What is being typed is to be saved, too. */
  gtk_window_set_focus (window, NULL);

  if (pets_closing_is_shared (self))
    gtk_window_destroy (window);
  else if (!pets_closing_ask (self))
    pets_closing_save (self);

  return GDK_EVENT_STOP;
}

/* --- GObject --- */

static void
pets_window_constructed (GObject *object)
{
  PetsWindow *self = PETS_WINDOW (object);

  G_OBJECT_CLASS (pets_window_parent_class)->constructed (object);

  pets_window_set_up_undo (self);
  pets_window_set_up_model (self);
  pets_window_files_init (self);

  pets_status_set_document (self->status, self->document);
  pets_storage_actions_add (self, self->status);
  g_object_bind_property (self->document, "title", self, "title", G_BINDING_SYNC_CREATE);
  g_object_bind_property (self->document, "title", self->title_label, "label", G_BINDING_SYNC_CREATE);
  g_object_bind_property (self->document, "state", self->state_label, "label", G_BINDING_SYNC_CREATE);
  g_signal_connect_object (self->document, "notify::opened",
                           G_CALLBACK (pets_window_update_count), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->document, "notify::problem",
                           G_CALLBACK (pets_window_update_problem), self, G_CONNECT_SWAPPED);
  pets_window_update_count (self);
  pets_window_update_problem (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->table));
}

static void
pets_window_dispose (GObject *object)
{
  PetsWindow *self = PETS_WINDOW (object);

  g_clear_handle_id (&self->focus_source, g_source_remove);
  g_clear_weak_pointer (&self->question);

  /* Others may hold the model, and nothing is to be shown any more. */
  if (self->model != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->selection, self);
      g_signal_handlers_disconnect_by_data (pets_document_get_store (self->document), self);
      tst_table_model_set_filter_func (self->model, NULL, NULL, NULL);
    }

  gtk_widget_dispose_template (GTK_WIDGET (self), PETS_TYPE_WINDOW);
  g_clear_object (&self->selection);
  g_clear_object (&self->cards_model);
  g_clear_object (&self->checkpoints);
  g_clear_object (&self->model);

  G_OBJECT_CLASS (pets_window_parent_class)->dispose (object);
}

static void
pets_window_finalize (GObject *object)
{
  PetsWindow *self = PETS_WINDOW (object);

  g_clear_object (&self->document);
  g_clear_pointer (&self->search, pets_search_free);

  G_OBJECT_CLASS (pets_window_parent_class)->finalize (object);
}

static void
pets_window_get_property (GObject    *object,
                          guint       prop_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  PetsWindow *self = PETS_WINDOW (object);

  switch (prop_id)
    {
    case PROP_DOCUMENT:
      g_value_set_object (value, self->document);
      break;

    case PROP_SORT_CELL:
      g_value_set_string (value, get_sort_cell (self));
      break;

    case PROP_DESCENDING:
      g_value_set_boolean (value, self->model != NULL && tst_table_model_get_descending (self->model));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pets_window_set_property (GObject      *object,
                          guint         prop_id,
                          const GValue *value,
                          GParamSpec   *pspec)
{
  PetsWindow *self = PETS_WINDOW (object);

  switch (prop_id)
    {
    case PROP_DOCUMENT:
      self->document = g_value_dup_object (value);
      break;

    case PROP_SORT_CELL:
      set_sort_cell (self, g_value_get_string (value));
      break;

    case PROP_DESCENDING:
      set_descending (self, g_value_get_boolean (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pets_window_class_init (PetsWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = pets_window_constructed;
  object_class->dispose = pets_window_dispose;
  object_class->finalize = pets_window_finalize;
  object_class->get_property = pets_window_get_property;
  object_class->set_property = pets_window_set_property;
  GTK_WINDOW_CLASS (klass)->close_request = pets_window_close_request;

  properties[PROP_DOCUMENT] =
    g_param_spec_object ("document", NULL, NULL,
                         PETS_TYPE_DOCUMENT,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /* Properties that actions of the menu are made of: an empty text is none. */
  properties[PROP_SORT_CELL] =
    g_param_spec_string ("sort-cell", NULL, NULL,
                         "",
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  properties[PROP_DESCENDING] =
    g_param_spec_boolean ("descending", NULL, NULL,
                          FALSE,
                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_install_property_action (widget_class, "win.sort-by", "sort-cell");
  gtk_widget_class_install_property_action (widget_class, "win.sort-descending", "descending");
  pets_window_actions_class_init (widget_class);
  pets_window_files_class_init (widget_class);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/tstore/Pets/pets-window.ui");
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, title_label);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, count_label);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, state_box);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, state_label);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, status);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, problem_bar);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, problem_label);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, sizer);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, search_bar);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, search_entry);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, table);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, cards);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, editor);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, toast);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, add_button);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, remove_button);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, search_button);
  gtk_widget_class_bind_template_child (widget_class, PetsWindow, back_button);
  pets_window_view_class_init (widget_class);
}

static void
pets_window_init (PetsWindow *self)
{
  g_type_ensure (PETS_TYPE_EDITOR);
  g_type_ensure (PETS_TYPE_SIZER);
  g_type_ensure (PETS_TYPE_STATUS);
  g_type_ensure (PETS_TYPE_TABLE_VIEW);
  g_type_ensure (PETS_TYPE_TOAST);
  gtk_widget_init_template (GTK_WIDGET (self));
}

PetsWindow *
pets_window_new (GtkApplication *application,
                 PetsDocument   *document)
{
  return g_object_new (PETS_TYPE_WINDOW,
                       "application", application,
                       "document", document,
                       NULL);
}

/**
 * pets_window_is_closing:
 *
 * Tells whether this window goes as soon as its document is saved.
 */
gboolean
pets_window_is_closing (PetsWindow *self)
{
  return self->closing;
}

PetsDocument *
pets_window_get_document (PetsWindow *self)
{
  return self->document;
}

/**
 * pets_window_tell:
 *
 * Tells of what has happened, and offers to undo it if @can_undo.
 */
void
pets_window_tell (PetsWindow *self,
                  const char *text,
                  gboolean    can_undo)
{
  /* What has taken long may end after the window was closed. */
  if (self->toast != NULL)
    pets_toast_show (self->toast, text, can_undo);
}

/**
 * pets_window_show_error:
 *
 * Tells of what has failed, until people have read it: a toast is gone before a line with its
 * column is looked up. Also after the window was closed: then the program stays for that.
 */
void
pets_window_show_error (PetsWindow   *self,
                        const char   *title,
                        const GError *error)
{
  /* Who waits for something holds it. */
  gboolean closed = !gtk_widget_get_realized (GTK_WIDGET (self));
  GtkWidget *dialog =
    gtk_message_dialog_new (closed ? NULL : GTK_WINDOW (self),
                            closed ? 0 : GTK_DIALOG_MODAL | GTK_DIALOG_DESTROY_WITH_PARENT,
                            GTK_MESSAGE_ERROR, GTK_BUTTONS_CLOSE, "%s", title);

  if (closed)
    {
      gtk_window_set_title (GTK_WINDOW (dialog), _("Pets"));
      gtk_window_set_application (GTK_WINDOW (dialog), GTK_APPLICATION (g_application_get_default ()));
    }
  gtk_message_dialog_format_secondary_text (GTK_MESSAGE_DIALOG (dialog), "%s", error->message);
  g_signal_connect (dialog, "response", G_CALLBACK (gtk_window_destroy), NULL);
  gtk_window_present (GTK_WINDOW (dialog));
}
