/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "pets-sizer.h"

/* A widget with one child that tells how wide it has become, so that what is in it can be laid
 * out for that. */

struct _PetsSizer
{
  GtkWidget parent_instance;

  int   width;
  guint source;
};

G_DEFINE_FINAL_TYPE (PetsSizer, pets_sizer, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_WIDTH,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static gboolean
tell_cb (gpointer user_data)
{
  PetsSizer *self = PETS_SIZER (user_data);

  self->source = 0;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WIDTH]);

  return G_SOURCE_REMOVE;
}

static void
pets_sizer_measure (GtkWidget      *widget,
                    GtkOrientation  orientation,
                    int             for_size,
                    int            *minimum,
                    int            *natural,
                    int            *minimum_baseline,
                    int            *natural_baseline)
{
  GtkWidget *child = gtk_widget_get_first_child (widget);

  if (child != NULL)
    gtk_widget_measure (child, orientation, for_size, minimum, natural, NULL, NULL);
}

static void
pets_sizer_size_allocate (GtkWidget *widget,
                          int        width,
                          int        height,
                          int        baseline)
{
  PetsSizer *self = PETS_SIZER (widget);
  GtkWidget *child = gtk_widget_get_first_child (widget);

  if (child != NULL)
    gtk_widget_allocate (child, width, height, baseline, NULL);

  if (self->width == width)
    return;

  /* In the middle of a layout nothing can be laid out in another way: it is done
   * before the frame is drawn, or else in the next one. */
  self->width = width;
  if (self->source == 0)
    self->source = g_idle_add_full (G_PRIORITY_HIGH, tell_cb, self, NULL);
}

static void
pets_sizer_get_property (GObject    *object,
                         guint       prop_id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_WIDTH:
      g_value_set_int (value, PETS_SIZER (object)->width);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pets_sizer_dispose (GObject *object)
{
  PetsSizer *self = PETS_SIZER (object);
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self));

  g_clear_handle_id (&self->source, g_source_remove);
  if (child != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (pets_sizer_parent_class)->dispose (object);
}

static void
pets_sizer_class_init (PetsSizerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = pets_sizer_dispose;
  object_class->get_property = pets_sizer_get_property;
  widget_class->measure = pets_sizer_measure;
  widget_class->size_allocate = pets_sizer_size_allocate;

  properties[PROP_WIDTH] =
    g_param_spec_int ("width", NULL, NULL,
                      0, G_MAXINT, 0,
                      G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
pets_sizer_init (PetsSizer *self)
{
}

int
pets_sizer_get_width (PetsSizer *self)
{
  return self->width;
}
