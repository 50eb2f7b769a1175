/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "pets-toast.h"

/* A line above the content that tells what has happened, for some seconds. */

#define SECONDS 8

struct _PetsToast
{
  GtkWidget parent_instance;

  GtkRevealer *revealer;
  GtkLabel    *label;
  GtkWidget   *undo_button;

  guint        source;
};

G_DEFINE_FINAL_TYPE (PetsToast, pets_toast, GTK_TYPE_WIDGET)

/* Gone, it is neither to be clicked on nor to be read out. */
static void
revealed_cb (GtkRevealer *revealer,
             GParamSpec  *pspec,
             PetsToast   *self)
{
  if (!gtk_revealer_get_child_revealed (revealer) && !gtk_revealer_get_reveal_child (revealer))
    gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

static gboolean
timeout_cb (gpointer user_data)
{
  PetsToast *self = PETS_TOAST (user_data);

  self->source = 0;
  pets_toast_hide (self);

  return G_SOURCE_REMOVE;
}

/**
 * pets_toast_show:
 *
 * Tells @text, with a button for win.undo if @can_undo.
 */
void
pets_toast_show (PetsToast  *self,
                 const char *text,
                 gboolean    can_undo)
{
  g_clear_handle_id (&self->source, g_source_remove);

  gtk_label_set_label (self->label, text);
  gtk_widget_set_visible (self->undo_button, can_undo);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  gtk_revealer_set_reveal_child (self->revealer, TRUE);
  self->source = g_timeout_add_seconds (SECONDS, timeout_cb, self);
}

void
pets_toast_hide (PetsToast *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  gtk_revealer_set_reveal_child (self->revealer, FALSE);
}

static void
pets_toast_dispose (GObject *object)
{
  PetsToast *self = PETS_TOAST (object);

  g_clear_handle_id (&self->source, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), PETS_TYPE_TOAST);

  G_OBJECT_CLASS (pets_toast_parent_class)->dispose (object);
}

static void
pets_toast_class_init (PetsToastClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pets_toast_dispose;

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_ALERT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tstore/Pets/pets-toast.ui");
  gtk_widget_class_bind_template_child (widget_class, PetsToast, revealer);
  gtk_widget_class_bind_template_child (widget_class, PetsToast, label);
  gtk_widget_class_bind_template_child (widget_class, PetsToast, undo_button);
  gtk_widget_class_bind_template_callback (widget_class, pets_toast_hide);
  gtk_widget_class_bind_template_callback (widget_class, revealed_cb);
}

static void
pets_toast_init (PetsToast *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
