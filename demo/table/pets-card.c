/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "pets-card.h"

#include <glib/gi18n.h>

/* A pet in a few words, for windows that have no room for a table: name and
 * price, and under them what it is. */

struct _PetsCard
{
  GtkWidget parent_instance;

  TstRow    *row;         /* (nullable): held while bound */
  gulong     changed_id;  /* of @row */

  GtkWidget *grid;
  GtkLabel  *name;
  GtkLabel  *price;
  GtkLabel  *kind;
  GtkLabel  *sold;
};

G_DEFINE_FINAL_TYPE (PetsCard, pets_card, GTK_TYPE_WIDGET)

static char *
show (PetsCard   *self,
      const char *cell_id)
{
  guint n_columns;
  const PetsColumn *columns = pets_columns (&n_columns);

  for (guint i = 0; i < n_columns; i++)
    if (g_str_equal (columns[i].cell_id, cell_id))
      return pets_column_show (&columns[i], self->row);

  g_return_val_if_reached (NULL);
}

static char *
describe_kind (PetsCard *self)
{
  static const char * const cell_ids[] = { "species", "breed", "colour" };
  g_autoptr(GStrvBuilder) parts = g_strv_builder_new ();
  g_auto(GStrv) strv = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cell_ids); i++)
    {
      g_autofree char *part = show (self, cell_ids[i]);

      if (*part != '\0')
        g_strv_builder_add (parts, part);
    }

  strv = g_strv_builder_end (parts);

  return g_strjoinv (" · ", strv);
}

/* What is read out is the row of the list, which is ours only for as long as we
 * are in it. */
static void
update_label (PetsCard   *self,
              const char *name,
              const char *kind,
              const char *price,
              gboolean    sold)
{
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self));
  g_autofree char *label = g_strdup_printf ("%s, %s, %s%s%s", name, kind, price,
                                            sold ? ", " : "", sold ? _("Sold") : "");

  if (parent != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (parent),
                                    GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                    -1);
}

static void
show_row (PetsCard *self)
{
  g_autofree char *name = show (self, "name");
  g_autofree char *kind = describe_kind (self);
  g_autofree char *price = show (self, "price");
  gboolean sold = tst_row_get_boolean (self->row, "sold");

  gtk_label_set_label (self->name, name);
  gtk_label_set_label (self->kind, kind);
  gtk_widget_set_visible (GTK_WIDGET (self->kind), *kind != '\0');
  gtk_label_set_label (self->price, price);
  gtk_widget_set_visible (GTK_WIDGET (self->sold), sold);
  update_label (self, name, kind, price, sold);
}

static void
cell_changed_cb (TstRow     *row,
                 const char *cell_id,
                 PetsCard   *self)
{
  show_row (self);
}

static void
pets_card_set_row (PetsCard *self,
                   TstRow   *row)
{
  if (self->row != NULL)
    g_clear_signal_handler (&self->changed_id, self->row);

  g_set_object (&self->row, row);
  if (row == NULL)
    return;

  self->changed_id = g_signal_connect (row, "cell-changed", G_CALLBACK (cell_changed_cb), self);
  show_row (self);
}

static void
pets_card_dispose (GObject *object)
{
  PetsCard *self = PETS_CARD (object);

  pets_card_set_row (self, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), PETS_TYPE_CARD);

  G_OBJECT_CLASS (pets_card_parent_class)->dispose (object);
}

static void
pets_card_class_init (PetsCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pets_card_dispose;

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "petcard");
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tstore/Pets/pets-card.ui");
  gtk_widget_class_bind_template_child (widget_class, PetsCard, grid);
  gtk_widget_class_bind_template_child (widget_class, PetsCard, name);
  gtk_widget_class_bind_template_child (widget_class, PetsCard, price);
  gtk_widget_class_bind_template_child (widget_class, PetsCard, kind);
  gtk_widget_class_bind_template_child (widget_class, PetsCard, sold);
}

static void
pets_card_init (PetsCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
set_up_cb (GtkSignalListItemFactory *factory,
           GtkListItem              *item)
{
  gtk_list_item_set_child (item, g_object_new (PETS_TYPE_CARD, NULL));
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *item)
{
  pets_card_set_row (PETS_CARD (gtk_list_item_get_child (item)), gtk_list_item_get_item (item));
}

static void
unbind_cb (GtkSignalListItemFactory *factory,
           GtkListItem              *item)
{
  pets_card_set_row (PETS_CARD (gtk_list_item_get_child (item)), NULL);
}

/**
 * pets_card_factory_new:
 *
 * Makes what makes a card for each row of a list.
 */
GtkListItemFactory *
pets_card_factory_new (void)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (set_up_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), NULL);

  return factory;
}
