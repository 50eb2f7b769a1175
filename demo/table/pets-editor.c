/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "pets-editor.h"

#include <glib/gi18n.h>

/* All cells of one pet under each other, for windows that have no room for a
 * table. What was typed is written when its entry is left, as in the table. */

typedef struct
{
  PetsEditor       *editor;
  const PetsColumn *column;
  GtkWidget        *control;    /* an entry or a switch */
  gulong            changed_id; /* of @control */
  char             *shown;      /* (nullable): what the entry began with */
} Field;

struct _PetsEditor
{
  GtkWidget parent_instance;

  GtkWidget *scrolled_window;
  GtkGrid   *form;

  TstRow    *row;       /* (nullable) */
  gulong     row_id;    /* of its signal */
  Field     *fields;
  guint      n_fields;
};

G_DEFINE_FINAL_TYPE (PetsEditor, pets_editor, GTK_TYPE_WIDGET)

/* --- Fields --- */

static void
show_field (Field *field)
{
  g_free (field->shown);
  field->shown = NULL;

  if (field->column->kind == PETS_KIND_CHECK)
    {
      g_signal_handler_block (field->control, field->changed_id);
      gtk_switch_set_active (GTK_SWITCH (field->control),
                             tst_row_get_boolean (field->editor->row, field->column->cell_id));
      g_signal_handler_unblock (field->control, field->changed_id);
      return;
    }

  field->shown = pets_column_edit (field->column, field->editor->row);
  /* What it begins with is nothing to undo. */
  gtk_editable_set_enable_undo (GTK_EDITABLE (field->control), FALSE);
  gtk_editable_set_text (GTK_EDITABLE (field->control), field->shown);
  gtk_editable_set_enable_undo (GTK_EDITABLE (field->control), TRUE);
  gtk_widget_remove_css_class (field->control, "error");
}

static gboolean
is_changed (Field *field)
{
  return field->shown != NULL &&
         g_strcmp0 (gtk_editable_get_text (GTK_EDITABLE (field->control)), field->shown) != 0;
}

/* As in the table: what nobody changed is not written, nor a row that is gone. */
static void
write_field (Field *field)
{
  TstRow *row = field->editor->row;
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;

  if (row == NULL || !is_changed (field) ||
      !tst_store_has_row (tst_row_get_store (row), PETS_TABLE, tst_row_get_row_id (row)))
    return;

  text = g_strdup (gtk_editable_get_text (GTK_EDITABLE (field->control)));
  if (!pets_column_write (field->column, row, text, &error))
    {
      gtk_widget_add_css_class (field->control, "error");
      gtk_widget_activate_action (field->control, "win.tell", "s", error->message);
      return;
    }

  show_field (field);
}

static void
left_cb (GtkEventControllerFocus *controller,
         Field                   *field)
{
  write_field (field);
}

static void
activate_cb (GtkEntry *entry,
             Field    *field)
{
  write_field (field);
}

static void
text_changed_cb (GtkEditable *entry,
                 Field       *field)
{
  gtk_widget_remove_css_class (field->control, "error");
}

static void
switched_cb (GtkSwitch  *control,
             GParamSpec *pspec,
             Field      *field)
{
  g_autoptr(GError) error = NULL;

  if (!tst_row_set_boolean (field->editor->row, field->column->cell_id,
                            gtk_switch_get_active (control), &error))
    gtk_widget_activate_action (field->control, "win.tell", "s", error->message);
}

static void
make_entry (Field *field)
{
  GtkEventController *focus = gtk_event_controller_focus_new ();

  field->control = gtk_entry_new ();
  gtk_widget_set_hexpand (field->control, TRUE);
  /* So that a screen keyboard has the right keys. */
  if (field->column->kind == PETS_KIND_PRICE)
    gtk_entry_set_input_purpose (GTK_ENTRY (field->control), GTK_INPUT_PURPOSE_NUMBER);

  g_signal_connect (focus, "leave", G_CALLBACK (left_cb), field);
  gtk_widget_add_controller (field->control, focus);
  g_signal_connect (field->control, "activate", G_CALLBACK (activate_cb), field);
  field->changed_id = g_signal_connect (field->control, "changed", G_CALLBACK (text_changed_cb), field);
}

static void
make_switch (Field *field)
{
  field->control = gtk_switch_new ();
  gtk_widget_set_halign (field->control, GTK_ALIGN_START);
  field->changed_id = g_signal_connect (field->control, "notify::active", G_CALLBACK (switched_cb), field);
}

static void
add_field (PetsEditor *self,
           guint       i)
{
  Field *field = &self->fields[i];
  GtkWidget *label = gtk_label_new (_(field->column->title));

  if (field->column->kind == PETS_KIND_CHECK)
    make_switch (field);
  else
    make_entry (field);

  gtk_label_set_xalign (GTK_LABEL (label), 1);
  /* The control is named by the label, too. */
  gtk_label_set_mnemonic_widget (GTK_LABEL (label), field->control);
  gtk_widget_add_css_class (label, "dim-label");

  gtk_grid_attach (self->form, label, 0, i, 1, 1);
  gtk_grid_attach (self->form, field->control, 1, i, 1, 1);
}

/* --- The row --- */

static void
cell_changed_cb (TstRow     *row,
                 const char *cell_id,
                 PetsEditor *self)
{
  for (guint i = 0; i < self->n_fields; i++)
    {
      Field *field = &self->fields[i];

      /* What is being typed stays; it is written over what came meanwhile. */
      if (g_str_equal (field->column->cell_id, cell_id) && !is_changed (field))
        show_field (field);
    }
}

/**
 * pets_editor_set_row:
 *
 * Writes what was typed, then shows another pet, or none.
 */
void
pets_editor_set_row (PetsEditor *self,
                     TstRow     *row)
{
  if (self->row == row)
    return;

  for (guint i = 0; i < self->n_fields; i++)
    if (self->fields[i].shown != NULL)
      write_field (&self->fields[i]);

  if (self->row != NULL)
    g_clear_signal_handler (&self->row_id, self->row);
  g_set_object (&self->row, row);
  if (row == NULL)
    return;

  self->row_id = g_signal_connect (row, "cell-changed", G_CALLBACK (cell_changed_cb), self);
  for (guint i = 0; i < self->n_fields; i++)
    show_field (&self->fields[i]);
}

TstRow *
pets_editor_get_row (PetsEditor *self)
{
  return self->row;
}

/* --- GObject --- */

static gboolean
pets_editor_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (PETS_EDITOR (widget)->fields[0].control);
}

static void
pets_editor_dispose (GObject *object)
{
  PetsEditor *self = PETS_EDITOR (object);

  if (self->row != NULL)
    g_clear_signal_handler (&self->row_id, self->row);
  g_clear_object (&self->row);
  gtk_widget_dispose_template (GTK_WIDGET (self), PETS_TYPE_EDITOR);

  G_OBJECT_CLASS (pets_editor_parent_class)->dispose (object);
}

static void
pets_editor_finalize (GObject *object)
{
  PetsEditor *self = PETS_EDITOR (object);

  for (guint i = 0; i < self->n_fields; i++)
    g_free (self->fields[i].shown);
  g_free (self->fields);

  G_OBJECT_CLASS (pets_editor_parent_class)->finalize (object);
}

static void
pets_editor_class_init (PetsEditorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = pets_editor_dispose;
  object_class->finalize = pets_editor_finalize;
  widget_class->grab_focus = pets_editor_grab_focus;

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tstore/Pets/pets-editor.ui");
  gtk_widget_class_bind_template_child (widget_class, PetsEditor, scrolled_window);
  gtk_widget_class_bind_template_child (widget_class, PetsEditor, form);
}

static void
pets_editor_init (PetsEditor *self)
{
  const PetsColumn *columns = pets_columns (&self->n_fields);

  gtk_widget_init_template (GTK_WIDGET (self));

  self->fields = g_new0 (Field, self->n_fields);
  for (guint i = 0; i < self->n_fields; i++)
    {
      self->fields[i].editor = self;
      self->fields[i].column = &columns[i];
      add_field (self, i);
    }
}
