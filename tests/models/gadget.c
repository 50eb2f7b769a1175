/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gadget.h"

#include <math.h>

enum
{
  PROP_0,
  PROP_TEXT,
  PROP_ON,
  PROP_NUMBER,
  PROP_PERCENT,
  PROP_BIG,
  PROP_TAGS,
  PROP_KIND,
  PROP_WHEN,
  PROP_FRIEND,
  PROP_FIXED,
  PROP_SECRET,
  PROP_SHOWN,
  N_PROPS
};

struct _TestGadget
{
  GObject parent_instance;
  GValue  values[N_PROPS];
  guint   n_sets;
};

G_DEFINE_FINAL_TYPE (TestGadget, test_gadget, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

static void
test_gadget_finalize (GObject *object)
{
  TestGadget *self = TEST_GADGET (object);

  for (guint i = 1; i < N_PROPS; i++)
    g_value_unset (&self->values[i]);

  G_OBJECT_CLASS (test_gadget_parent_class)->finalize (object);
}

static void
test_gadget_get_property (GObject    *object,
                          guint       prop_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  g_value_copy (&TEST_GADGET (object)->values[prop_id], value);
}

static void
test_gadget_set_property (GObject      *object,
                          guint         prop_id,
                          const GValue *value,
                          GParamSpec   *pspec)
{
  TestGadget *self = TEST_GADGET (object);

  self->n_sets++;
  if (g_param_values_cmp (pspec, value, &self->values[prop_id]) == 0)
    return;

  g_value_copy (value, &self->values[prop_id]);
  g_object_notify_by_pspec (object, pspec);
}

static void
test_gadget_class_init (TestGadgetClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->finalize = test_gadget_finalize;
  object_class->get_property = test_gadget_get_property;
  object_class->set_property = test_gadget_set_property;

  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, "nothing", flags);
  properties[PROP_ON] = g_param_spec_boolean ("on", NULL, NULL, FALSE, flags);
  properties[PROP_NUMBER] = g_param_spec_double ("number", NULL, NULL, -HUGE_VAL, HUGE_VAL, -1, flags);
  properties[PROP_PERCENT] = g_param_spec_int ("percent", NULL, NULL, 0, 100, 50, flags);
  properties[PROP_BIG] = g_param_spec_uint64 ("big", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_TAGS] = g_param_spec_boxed ("tags", NULL, NULL, G_TYPE_STRV, flags);
  properties[PROP_KIND] = g_param_spec_enum ("kind", NULL, NULL, G_TYPE_FILE_TYPE, G_FILE_TYPE_REGULAR, flags);
  properties[PROP_WHEN] = g_param_spec_boxed ("when", NULL, NULL, G_TYPE_DATE_TIME, flags);
  properties[PROP_FRIEND] = g_param_spec_object ("friend", NULL, NULL, G_TYPE_OBJECT, flags);
  properties[PROP_FIXED] = g_param_spec_string ("fixed", NULL, NULL, NULL,
                                                G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_SECRET] = g_param_spec_string ("secret", NULL, NULL, NULL,
                                                 G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_SHOWN] = g_param_spec_string ("shown", NULL, NULL, NULL,
                                                G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
test_gadget_init (TestGadget *self)
{
  for (guint i = 1; i < N_PROPS; i++)
    {
      g_value_init (&self->values[i], properties[i]->value_type);
      g_param_value_set_default (properties[i], &self->values[i]);
    }
}

TestGadget *
test_gadget_new (void)
{
  TestGadget *self = g_object_new (TEST_TYPE_GADGET, NULL);

  self->n_sets = 0;

  return self;
}

guint
test_gadget_n_sets (TestGadget *self)
{
  return self->n_sets;
}
