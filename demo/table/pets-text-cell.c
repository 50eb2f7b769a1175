/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "pets-text-cell.h"

#include <glib/gi18n.h>

/* A cell of the table that shows text, and can be edited in place: on a double
 * click, Enter or F2. The entry is there only while it is needed: a table has a
 * thousand cells. What was typed is written when editing ends, in one piece. */

struct _PetsTextCell
{
  GtkWidget parent_instance;

  const PetsColumn *column;
  TstRow           *row;           /* (nullable): held while bound */
  gulong            changed_id;    /* of @row */

  GtkWidget        *label;
  GtkWidget        *text;          /* (nullable): while editing */
  char             *edited;        /* (nullable): what @text began with */
  guint             end_source;    /* while @text is written, and only to be taken away */
};

G_DEFINE_FINAL_TYPE (PetsTextCell, pets_text_cell, GTK_TYPE_WIDGET)

/* GTK's own widgets around a cell have no name, up to GTK 4.12: the cell is to be
 * what it shows, and the row is to be its pet. */
static void
name_parents (PetsTextCell *self,
              const char   *shown)
{
  GtkWidget *cell = gtk_widget_get_parent (GTK_WIDGET (self));
  GtkWidget *row = cell != NULL ? gtk_widget_get_parent (cell) : NULL;

  if (cell != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (cell), GTK_ACCESSIBLE_PROPERTY_LABEL, shown, -1);
  if (row != NULL && g_str_equal (self->column->cell_id, "name"))
    gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, shown, -1);
}

static void
show_cell (PetsTextCell *self)
{
  g_autofree char *shown = self->row != NULL ? pets_column_show (self->column, self->row) : g_strdup ("");

  gtk_label_set_label (GTK_LABEL (self->label), shown);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, shown,
                                  -1);
  name_parents (self, shown);
}

static void
cell_changed_cb (TstRow       *row,
                 const char   *cell_id,
                 PetsTextCell *self)
{
  if (g_str_equal (cell_id, self->column->cell_id))
    show_cell (self);
}

/* --- Editing --- */

static gboolean
is_changed (PetsTextCell *self)
{
  return g_strcmp0 (gtk_editable_get_text (GTK_EDITABLE (self->text)), self->edited) != 0;
}

/* Writes what was typed. What nobody changed is not written: it may have been
 * changed elsewhere in the meantime. Nor is a row that was removed elsewhere
 * brought back with one cell. */
static gboolean
write_cell (PetsTextCell  *self,
            GError       **error)
{
  if (!is_changed (self) ||
      !tst_store_has_row (tst_row_get_store (self->row), PETS_TABLE, tst_row_get_row_id (self->row)))
    return TRUE;

  return pets_column_write (self->column, self->row,
                            gtk_editable_get_text (GTK_EDITABLE (self->text)), error);
}

static void
end_editing (PetsTextCell *self)
{
  /* From here on, that the entry loses the focus means nothing. */
  GtkWidget *text = g_steal_pointer (&self->text);
  gboolean had_focus = gtk_widget_has_focus (text);

  g_clear_handle_id (&self->end_source, g_source_remove);
  g_clear_pointer (&self->edited, g_free);
  gtk_widget_remove_css_class (GTK_WIDGET (self), "editing");
  gtk_widget_remove_css_class (GTK_WIDGET (self), "error");
  gtk_widget_set_visible (self->label, TRUE);
  if (had_focus)
    gtk_widget_grab_focus (GTK_WIDGET (self));
  gtk_widget_unparent (text);
}

static void
write_or_tell (PetsTextCell *self)
{
  g_autoptr(GError) error = NULL;

  if (!write_cell (self, &error))
    gtk_widget_activate_action (GTK_WIDGET (self), "win.tell", "s", error->message);
}

static void
activate_cb (GtkText      *text,
             PetsTextCell *self)
{
  g_autoptr(GError) error = NULL;

  if (self->text == NULL || self->end_source != 0)
    return;

  /* Stay, so that it can be put right. */
  if (!write_cell (self, &error))
    {
      gtk_widget_add_css_class (GTK_WIDGET (self), "error");
      gtk_widget_activate_action (GTK_WIDGET (self), "win.tell", "s", error->message);
      return;
    }

  /* Unless the row went to another place for that, and this cell was needed there. */
  if (self->text != NULL)
    end_editing (self);
}

static void
text_changed_cb (GtkEditable  *text,
                 PetsTextCell *self)
{
  gtk_widget_remove_css_class (GTK_WIDGET (self), "error");
}

static gboolean
end_cb (gpointer user_data)
{
  PetsTextCell *self = PETS_TEXT_CELL (user_data);

  self->end_source = 0;
  end_editing (self);

  return G_SOURCE_REMOVE;
}

/* The entry stays for a moment: GTK is on its way from it to the new focus. */
static void
focus_left_cb (GtkEventControllerFocus *controller,
               PetsTextCell            *self)
{
  if (self->text == NULL || self->end_source != 0)
    return;

  write_or_tell (self);
  if (self->text != NULL && self->end_source == 0)
    self->end_source = g_idle_add_full (GDK_PRIORITY_EVENTS, end_cb, self, NULL);
}

static gboolean
text_key_cb (GtkEventControllerKey *controller,
             guint                  keyval,
             guint                  keycode,
             GdkModifierType        state,
             PetsTextCell          *self)
{
  if (keyval != GDK_KEY_Escape || self->text == NULL || self->end_source != 0)
    return GDK_EVENT_PROPAGATE;

  end_editing (self);

  return GDK_EVENT_STOP;
}

static GtkWidget *
make_text (PetsTextCell *self)
{
  /* GTK takes it for the inside of an entry, which would have the role. */
  GtkWidget *text = g_object_new (GTK_TYPE_TEXT, "accessible-role", GTK_ACCESSIBLE_ROLE_TEXT_BOX, NULL);
  GtkEventController *focus = gtk_event_controller_focus_new ();
  GtkEventController *key = gtk_event_controller_key_new ();

  /* What it begins with is nothing to undo. */
  gtk_editable_set_enable_undo (GTK_EDITABLE (text), FALSE);
  gtk_editable_set_text (GTK_EDITABLE (text), self->edited);
  gtk_editable_set_enable_undo (GTK_EDITABLE (text), TRUE);
  gtk_editable_set_alignment (GTK_EDITABLE (text), gtk_label_get_xalign (GTK_LABEL (self->label)));
  gtk_editable_set_width_chars (GTK_EDITABLE (text), 1);
  gtk_widget_set_hexpand (text, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (text),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _(self->column->title),
                                  -1);

  g_signal_connect (text, "activate", G_CALLBACK (activate_cb), self);
  g_signal_connect (text, "changed", G_CALLBACK (text_changed_cb), self);
  g_signal_connect (focus, "leave", G_CALLBACK (focus_left_cb), self);
  gtk_widget_add_controller (text, focus);
  gtk_event_controller_set_propagation_phase (key, GTK_PHASE_CAPTURE);
  g_signal_connect (key, "key-pressed", G_CALLBACK (text_key_cb), self);
  gtk_widget_add_controller (text, key);

  return text;
}

/**
 * pets_text_cell_start_editing:
 *
 * Shows an entry with the text of the cell, all of it selected.
 */
void
pets_text_cell_start_editing (PetsTextCell *self)
{
  g_return_if_fail (PETS_IS_TEXT_CELL (self));

  if (self->row == NULL || self->text != NULL)
    return;

  self->edited = pets_column_edit (self->column, self->row);
  self->text = make_text (self);
  gtk_widget_set_visible (self->label, FALSE);
  gtk_widget_set_parent (self->text, GTK_WIDGET (self));
  gtk_widget_add_css_class (GTK_WIDGET (self), "editing");
  gtk_widget_grab_focus (self->text);
}

static void
edit_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  pets_text_cell_start_editing (PETS_TEXT_CELL (widget));
}

static void
pressed_cb (GtkGestureClick *gesture,
            int              n_press,
            double           x,
            double           y,
            PetsTextCell    *self)
{
  if (n_press != 2 || self->text != NULL)
    return;

  /* Or the row would be activated, too. */
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  pets_text_cell_start_editing (self);
}

/* Numbers are above each other at their end, which is on the right in any language. */
static void
align (PetsTextCell *self)
{
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;

  gtk_label_set_xalign (GTK_LABEL (self->label), self->column->kind == PETS_KIND_PRICE && !rtl ? 1 : 0);
}

static void
pets_text_cell_direction_changed (GtkWidget        *widget,
                                  GtkTextDirection  previous)
{
  GTK_WIDGET_CLASS (pets_text_cell_parent_class)->direction_changed (widget, previous);

  align (PETS_TEXT_CELL (widget));
}

/* --- GObject --- */

static void
pets_text_cell_dispose (GObject *object)
{
  PetsTextCell *self = PETS_TEXT_CELL (object);

  g_clear_handle_id (&self->end_source, g_source_remove);
  if (self->row != NULL)
    g_clear_signal_handler (&self->changed_id, self->row);
  g_clear_object (&self->row);
  g_clear_pointer (&self->text, gtk_widget_unparent);
  g_clear_pointer (&self->label, gtk_widget_unparent);
  g_clear_pointer (&self->edited, g_free);

  G_OBJECT_CLASS (pets_text_cell_parent_class)->dispose (object);
}

static void
pets_text_cell_class_init (PetsTextCellClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = pets_text_cell_dispose;
  widget_class->direction_changed = pets_text_cell_direction_changed;

  gtk_widget_class_install_action (widget_class, "cell.edit", NULL, edit_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F2, 0, "cell.edit", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, 0, "cell.edit", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Enter, 0, "cell.edit", NULL);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "petcell");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
pets_text_cell_init (PetsTextCell *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  self->label = gtk_label_new (NULL);
  gtk_label_set_ellipsize (GTK_LABEL (self->label), PANGO_ELLIPSIZE_END);
  /* Rows are equally high, whatever others write into a cell. */
  gtk_label_set_single_line_mode (GTK_LABEL (self->label), TRUE);
  gtk_widget_set_parent (self->label, GTK_WIDGET (self));

  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));

  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
}

/**
 * pets_text_cell_new:
 *
 * Makes a cell of a column.
 */
GtkWidget *
pets_text_cell_new (const PetsColumn *column)
{
  PetsTextCell *self = g_object_new (PETS_TYPE_TEXT_CELL, NULL);

  self->column = column;
  align (self);
  if (column->kind != PETS_KIND_TEXT)
    gtk_widget_add_css_class (GTK_WIDGET (self), "numeric");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _(column->title),
                                  -1);

  return GTK_WIDGET (self);
}

/**
 * pets_text_cell_bind:
 *
 * Shows a row in the cell.
 */
void
pets_text_cell_bind (PetsTextCell *self,
                     TstRow       *row)
{
  g_return_if_fail (PETS_IS_TEXT_CELL (self));

  pets_text_cell_unbind (self);

  self->row = g_object_ref (row);
  self->changed_id = g_signal_connect (row, "cell-changed", G_CALLBACK (cell_changed_cb), self);
  show_cell (self);
}

/**
 * pets_text_cell_unbind:
 *
 * Lets go of the row; what is being typed is written first.
 */
void
pets_text_cell_unbind (PetsTextCell *self)
{
  g_return_if_fail (PETS_IS_TEXT_CELL (self));

  if (self->row == NULL)
    return;

  if (self->text != NULL && self->end_source == 0)
    write_or_tell (self);
  if (self->text != NULL)
    end_editing (self);

  g_clear_signal_handler (&self->changed_id, self->row);
  g_clear_object (&self->row);
}

/**
 * pets_text_cell_get_row:
 *
 * Gets the row that the cell shows, or `NULL`.
 */
TstRow *
pets_text_cell_get_row (PetsTextCell *self)
{
  g_return_val_if_fail (PETS_IS_TEXT_CELL (self), NULL);

  return self->row;
}
