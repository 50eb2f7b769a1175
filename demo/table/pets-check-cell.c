/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "pets-check-cell.h"

#include <glib/gi18n.h>

/* A cell of the table that is a check button. */

struct _PetsCheckCell
{
  GtkWidget parent_instance;

  const PetsColumn *column;
  TstRow           *row;         /* (nullable): held while bound */
  gulong            changed_id;  /* of @row */

  GtkWidget        *check;
  gulong            toggled_id;  /* of @check */
};

G_DEFINE_FINAL_TYPE (PetsCheckCell, pets_check_cell, GTK_TYPE_WIDGET)

static void
show_cell (PetsCheckCell *self)
{
  g_signal_handler_block (self->check, self->toggled_id);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (self->check),
                               tst_row_get_boolean (self->row, self->column->cell_id));
  g_signal_handler_unblock (self->check, self->toggled_id);
}

static void
cell_changed_cb (TstRow        *row,
                 const char    *cell_id,
                 PetsCheckCell *self)
{
  if (g_str_equal (cell_id, self->column->cell_id))
    show_cell (self);
}

static void
toggled_cb (GtkCheckButton *check,
            PetsCheckCell  *self)
{
  g_autoptr(GError) error = NULL;

  if (self->row == NULL ||
      !tst_store_has_row (tst_row_get_store (self->row), PETS_TABLE, tst_row_get_row_id (self->row)))
    return;

  if (!tst_row_set_boolean (self->row, self->column->cell_id, gtk_check_button_get_active (check), &error))
    gtk_widget_activate_action (GTK_WIDGET (self), "win.tell", "s", error->message);
}

static void
pets_check_cell_dispose (GObject *object)
{
  PetsCheckCell *self = PETS_CHECK_CELL (object);

  if (self->row != NULL)
    g_clear_signal_handler (&self->changed_id, self->row);
  g_clear_object (&self->row);
  g_clear_pointer (&self->check, gtk_widget_unparent);

  G_OBJECT_CLASS (pets_check_cell_parent_class)->dispose (object);
}

static void
pets_check_cell_class_init (PetsCheckCellClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = pets_check_cell_dispose;

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
pets_check_cell_init (PetsCheckCell *self)
{
  self->check = gtk_check_button_new ();
  gtk_widget_set_halign (self->check, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (self->check, GTK_ALIGN_CENTER);
  gtk_widget_set_parent (self->check, GTK_WIDGET (self));
  self->toggled_id = g_signal_connect (self->check, "toggled", G_CALLBACK (toggled_cb), self);
}

/**
 * pets_check_cell_new:
 *
 * Makes a cell of a column.
 */
GtkWidget *
pets_check_cell_new (const PetsColumn *column)
{
  PetsCheckCell *self = g_object_new (PETS_TYPE_CHECK_CELL, NULL);

  self->column = column;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->check),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _(column->title),
                                  -1);

  return GTK_WIDGET (self);
}

/**
 * pets_check_cell_bind:
 *
 * Shows a row in the cell.
 */
void
pets_check_cell_bind (PetsCheckCell *self,
                      TstRow        *row)
{
  g_return_if_fail (PETS_IS_CHECK_CELL (self));

  pets_check_cell_unbind (self);

  self->row = g_object_ref (row);
  self->changed_id = g_signal_connect (row, "cell-changed", G_CALLBACK (cell_changed_cb), self);
  show_cell (self);
}

/**
 * pets_check_cell_unbind:
 *
 * Lets go of the row.
 */
void
pets_check_cell_unbind (PetsCheckCell *self)
{
  g_return_if_fail (PETS_IS_CHECK_CELL (self));

  if (self->row != NULL)
    g_clear_signal_handler (&self->changed_id, self->row);
  g_clear_object (&self->row);
}
