/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-mapped-private.h"

#include "tst-property-cell-private.h"
#include "tst-store.h"

struct _TstMapped
{
  GObject              *object;   /* whose part this is */
  TstPropertyMap       *map;
  const TstMappedFuncs *funcs;

  gboolean              constructed;
  GPtrArray            *waiting;  /* (nullable): of Waiting, until constructed */

  GPtrArray            *untrue;   /* (nullable): of TstMappedProperty, to be told again */
  GSource              *source;   /* that does */
};

/* What a property was set to while its object was being made */
typedef struct
{
  const TstMappedProperty *property;
  GValue                   value;
} Waiting;

static void
free_waiting (gpointer data)
{
  Waiting *waiting = data;

  g_value_unset (&waiting->value);
  g_free (waiting);
}

TstMapped *
tst_mapped_new (GObject              *object,
                TstPropertyMap       *map,
                const TstMappedFuncs *funcs)
{
  TstMapped *self = g_new0 (TstMapped, 1);

  self->object = object;
  self->map = map;
  self->funcs = funcs;

  return self;
}

void
tst_mapped_free (TstMapped *self)
{
  g_clear_pointer (&self->waiting, g_ptr_array_unref);
  g_clear_pointer (&self->untrue, g_ptr_array_unref);
  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
  g_free (self);
}

/* --- The truth --- */

static gboolean
tell_truth_cb (gpointer data)
{
  TstMapped *self = data;
  g_autoptr(GObject) object = g_object_ref (self->object);
  g_autoptr(GPtrArray) untrue = g_steal_pointer (&self->untrue);

  g_clear_pointer (&self->source, g_source_unref);

  for (guint i = 0; i < untrue->len; i++)
    g_object_notify_by_pspec (object, ((TstMappedProperty *) g_ptr_array_index (untrue, i))->pspec);

  return G_SOURCE_REMOVE;
}

/* Whoever has set the property shows something else than what it is now. A
 * binding does not listen while it sets, so it is told once more later. */
static void
tell_truth (TstMapped               *self,
            const TstMappedProperty *property)
{
  g_object_notify_by_pspec (self->object, property->pspec);

  if (self->untrue == NULL)
    {
      self->untrue = g_ptr_array_new ();
      self->source = g_idle_source_new ();
      g_source_set_priority (self->source, G_PRIORITY_DEFAULT);
      g_source_set_callback (self->source, tell_truth_cb, self, NULL);
      g_source_attach (self->source, g_main_context_get_thread_default ());
    }

  if (!g_ptr_array_find (self->untrue, property, NULL))
    g_ptr_array_add (self->untrue, (gpointer) property);
}

/* --- Reading and writing --- */

static gboolean
write_value (TstMapped               *self,
             const TstMappedProperty *property,
             const GValue            *value)
{
  TstCell cell = TST_CELL_INIT;
  TstCell wanted;
  const TstCell *now;
  g_autoptr(GError) error = NULL;
  gboolean equal;

  if (!tst_property_make_cell (value, &cell, &error))
    {
      self->funcs->refuse_cell (self->object, property->id, error);
      return FALSE;
    }

  tst_cell_copy (&wanted, &cell);
  self->funcs->write_cell (self->object, property->id, &cell);

  now = self->funcs->peek_cell (self->object, property->id);
  equal = now != NULL && tst_cell_equal (now, &wanted);
  tst_cell_clear (&wanted);

  return equal;
}

static void
wait_with_value (TstMapped               *self,
                 const TstMappedProperty *property,
                 const GValue            *value)
{
  Waiting *waiting;

  /* GObject sets construct properties in any case, and must not write its default
   * values over what is there. */
  if (g_param_value_defaults (property->pspec, value))
    return;

  waiting = g_new0 (Waiting, 1);
  waiting->property = property;
  g_value_init (&waiting->value, G_VALUE_TYPE (value));
  g_value_copy (value, &waiting->value);

  if (self->waiting == NULL)
    self->waiting = g_ptr_array_new_with_free_func (free_waiting);
  g_ptr_array_add (self->waiting, waiting);
}

void
tst_mapped_constructed (TstMapped *self,
                        TstStore  *store)
{
  g_autoptr(GPtrArray) waiting = g_steal_pointer (&self->waiting);

  self->constructed = TRUE;

  if (waiting == NULL)
    return;

  tst_store_begin (store);
  for (guint i = 0; i < waiting->len; i++)
    {
      Waiting *one = g_ptr_array_index (waiting, i);

      write_value (self, one->property, &one->value);
    }
  tst_store_commit (store);
}

static void
read_value (TstMapped               *self,
            const TstMappedProperty *property,
            GValue                  *value)
{
  /* What is read before is as if there were no cell. */
  const TstCell *cell = self->constructed ? self->funcs->peek_cell (self->object, property->id) : NULL;

  tst_property_read_cell (property->pspec, cell, value);
}

void
tst_mapped_get_property (TstMapped  *self,
                         GObject    *object,
                         guint       prop_id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  const TstMappedProperty *property = self ? tst_property_map_find (self->map, pspec->name) : NULL;

  if (property != NULL)
    read_value (self, property, value);
  else if (self != NULL)
    tst_property_map_get_property (self->map, object, prop_id, value, pspec);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

void
tst_mapped_set_property (TstMapped    *self,
                         GObject      *object,
                         guint         prop_id,
                         const GValue *value,
                         GParamSpec   *pspec)
{
  const TstMappedProperty *property = self ? tst_property_map_find (self->map, pspec->name) : NULL;

  if (property != NULL)
    {
      if (!self->constructed)
        wait_with_value (self, property, value);
      else if (!write_value (self, property, value))
        tell_truth (self, property);
    }
  else if (self != NULL)
    {
      tst_property_map_set_property (self->map, object, prop_id, value, pspec);
    }
  else
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

GValue *
tst_mapped_dup_value (TstMapped  *self,
                      const char *property_name)
{
  GParamSpec *pspec;
  const TstMappedProperty *property;
  GValue *value;

  if (self == NULL)
    return NULL;

  pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (self->object), property_name);
  property = pspec ? tst_property_map_find (self->map, pspec->name) : NULL;
  if (property == NULL)
    return NULL;

  value = g_new0 (GValue, 1);
  g_value_init (value, property->pspec->value_type);
  read_value (self, property, value);

  return value;
}

void
tst_mapped_notify (TstMapped  *self,
                   const char *id)
{
  const TstMappedProperty *property = tst_property_map_find_id (self->map, id);

  for (; property != NULL; property = property->next)
    g_object_notify_by_pspec (self->object, property->pspec);
}
