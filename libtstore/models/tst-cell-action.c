/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-cell-action-private.h"

#include <math.h>

struct _TstCellAction
{
  GObject       parent_instance;

  char         *name;
  TstCellPlace  place;
  GVariantType *type;
  GVariant     *state;        /* what was told last */
  gulong        listener_id;
  gulong        end_id;       /* while what was read may be rolled back */
};

enum
{
  PROP_0,
  PROP_NAME,
  PROP_PARAMETER_TYPE,
  PROP_ENABLED,
  PROP_STATE_TYPE,
  PROP_STATE
};

static void tst_cell_action_iface_init (GActionInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TstCellAction, tst_cell_action, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_ACTION, tst_cell_action_iface_init))

/* --- States --- */

/* As an integer of the type, or the nearest one that it has. */
static GVariant *
make_number (const GVariantType *type,
             double              number)
{
  double rounded = round (number);

  switch (g_variant_type_peek_string (type)[0])
    {
    case 'y':
      return g_variant_new_byte (CLAMP (rounded, 0, G_MAXUINT8));
    case 'n':
      return g_variant_new_int16 (CLAMP (rounded, G_MININT16, G_MAXINT16));
    case 'q':
      return g_variant_new_uint16 (CLAMP (rounded, 0, G_MAXUINT16));
    case 'i':
      return g_variant_new_int32 (CLAMP (rounded, G_MININT32, G_MAXINT32));
    case 'u':
      return g_variant_new_uint32 (CLAMP (rounded, 0, G_MAXUINT32));
    case 'x':
      /* The nearest doubles to the limits of these two are beyond them. */
      return g_variant_new_int64 (rounded >= (double) G_MAXINT64 ? G_MAXINT64
                                  : rounded <= (double) G_MININT64 ? G_MININT64 : (gint64) rounded);
    case 't':
      return g_variant_new_uint64 (rounded >= (double) G_MAXUINT64 ? G_MAXUINT64
                                   : rounded <= 0 ? 0 : (guint64) rounded);
    default:
      return g_variant_new_double (number);
    }
}

/* What is missing, or of another type, is FALSE, an empty string, or 0. */
static GVariant *
make_state (TstCellAction *self)
{
  const TstCell *cell = tst_cell_place_peek (&self->place);
  const char *text;

  if (g_variant_type_equal (self->type, G_VARIANT_TYPE_BOOLEAN))
    return g_variant_new_boolean (tst_cell_peek_boolean (cell));

  if (!g_variant_type_equal (self->type, G_VARIANT_TYPE_STRING))
    return make_number (self->type, tst_cell_peek_number (cell));

  text = tst_cell_peek_string (cell);

  return g_variant_new_string (text != NULL ? text : "");
}

static void finished_cb (TstStore *store,
                         gpointer  user_data);

/* A rollback tells nobody of what it takes back. */
static void
look_again_at_the_end (TstCellAction *self)
{
  if (self->end_id == 0 && tst_store_is_unsettled (self->place.store))
    self->end_id = tst_store_add_finished_listener (self->place.store, finished_cb, self, NULL);
}

static void
place_changed_cb (gpointer user_data)
{
  TstCellAction *self = user_data;
  g_autoptr(GVariant) state = g_variant_ref_sink (make_state (self));

  /* What was read may have been written by a listener, in a transaction that follows. */
  look_again_at_the_end (self);
  if (g_variant_equal (state, self->state))
    return;

  g_variant_unref (self->state);
  self->state = g_steal_pointer (&state);
  g_object_notify (G_OBJECT (self), "state");
}

static void
finished_cb (TstStore *store,
             gpointer  user_data)
{
  TstCellAction *self = user_data;
  g_autoptr(TstCellAction) keep_alive = NULL;

  if (tst_store_is_unsettled (store))
    return;

  keep_alive = g_object_ref (self);
  tst_store_remove_listener (store, self->end_id);
  self->end_id = 0;
  place_changed_cb (self);
}

/* --- The action --- */

static const char *
tst_cell_action_get_name (GAction *action)
{
  return TST_CELL_ACTION (action)->name;
}

static const GVariantType *
tst_cell_action_get_state_type (GAction *action)
{
  return TST_CELL_ACTION (action)->type;
}

static const GVariantType *
tst_cell_action_get_parameter_type (GAction *action)
{
  TstCellAction *self = TST_CELL_ACTION (action);

  return g_variant_type_equal (self->type, G_VARIANT_TYPE_BOOLEAN) ? NULL : self->type;
}

static gboolean
tst_cell_action_get_enabled (GAction *action)
{
  return TRUE;
}

static GVariant *
tst_cell_action_get_state (GAction *action)
{
  return g_variant_ref (TST_CELL_ACTION (action)->state);
}

static GVariant *
tst_cell_action_get_state_hint (GAction *action)
{
  return NULL;
}

/* What the store refuses is told by the store; the state stays. */
static void
tst_cell_action_change_state (GAction  *action,
                              GVariant *value)
{
  TstCellAction *self = TST_CELL_ACTION (action);
  g_autoptr(GVariant) state = g_variant_ref_sink (value);
  g_auto(GValue) boxed = G_VALUE_INIT;
  TstCell cell = TST_CELL_INIT;

  g_return_if_fail (g_variant_is_of_type (state, self->type));

  g_value_init (&boxed, G_TYPE_VARIANT);
  g_value_set_variant (&boxed, state);
  if (!tst_cell_init_value (&cell, &boxed, NULL))
    return;

  g_object_ref (self);
  tst_cell_place_write (&self->place, &cell, NULL);
  tst_cell_clear (&cell);
  g_object_unref (self);
}

static void
tst_cell_action_activate (GAction  *action,
                          GVariant *parameter)
{
  TstCellAction *self = TST_CELL_ACTION (action);
  gboolean toggles = g_variant_type_equal (self->type, G_VARIANT_TYPE_BOOLEAN);

  g_return_if_fail (toggles == (parameter == NULL));

  if (toggles)
    parameter = g_variant_new_boolean (!tst_cell_peek_boolean (tst_cell_place_peek (&self->place)));

  tst_cell_action_change_state (action, parameter);
}

static void
tst_cell_action_iface_init (GActionInterface *iface)
{
  iface->get_name = tst_cell_action_get_name;
  iface->get_parameter_type = tst_cell_action_get_parameter_type;
  iface->get_state_type = tst_cell_action_get_state_type;
  iface->get_state_hint = tst_cell_action_get_state_hint;
  iface->get_enabled = tst_cell_action_get_enabled;
  iface->get_state = tst_cell_action_get_state;
  iface->change_state = tst_cell_action_change_state;
  iface->activate = tst_cell_action_activate;
}

/* --- The object --- */

static void
tst_cell_action_dispose (GObject *object)
{
  TstCellAction *self = TST_CELL_ACTION (object);

  if (self->listener_id != 0)
    tst_store_remove_listener (self->place.store, self->listener_id);
  self->listener_id = 0;
  if (self->end_id != 0)
    tst_store_remove_listener (self->place.store, self->end_id);
  self->end_id = 0;

  G_OBJECT_CLASS (tst_cell_action_parent_class)->dispose (object);
}

static void
tst_cell_action_finalize (GObject *object)
{
  TstCellAction *self = TST_CELL_ACTION (object);

  g_free (self->name);
  g_variant_type_free (self->type);
  g_variant_unref (self->state);
  tst_cell_place_clear (&self->place);

  G_OBJECT_CLASS (tst_cell_action_parent_class)->finalize (object);
}

static void
tst_cell_action_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  GAction *action = G_ACTION (object);

  switch (prop_id)
    {
    case PROP_NAME:
      g_value_set_string (value, tst_cell_action_get_name (action));
      break;

    case PROP_PARAMETER_TYPE:
      g_value_set_boxed (value, tst_cell_action_get_parameter_type (action));
      break;

    case PROP_ENABLED:
      g_value_set_boolean (value, tst_cell_action_get_enabled (action));
      break;

    case PROP_STATE_TYPE:
      g_value_set_boxed (value, tst_cell_action_get_state_type (action));
      break;

    case PROP_STATE:
      g_value_take_variant (value, tst_cell_action_get_state (action));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tst_cell_action_class_init (TstCellActionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tst_cell_action_dispose;
  object_class->finalize = tst_cell_action_finalize;
  object_class->get_property = tst_cell_action_get_property;

  g_object_class_override_property (object_class, PROP_NAME, "name");
  g_object_class_override_property (object_class, PROP_PARAMETER_TYPE, "parameter-type");
  g_object_class_override_property (object_class, PROP_ENABLED, "enabled");
  g_object_class_override_property (object_class, PROP_STATE_TYPE, "state-type");
  g_object_class_override_property (object_class, PROP_STATE, "state");
}

static void
tst_cell_action_init (TstCellAction *self)
{
}

GAction *
tst_cell_action_new (const char         *name,
                     TstCellPlace       *place,
                     const GVariantType *type)
{
  TstCellAction *self = g_object_new (TST_TYPE_CELL_ACTION, NULL);

  self->name = g_strdup (name);
  self->place = *place;
  self->type = g_variant_type_copy (type);
  self->state = g_variant_ref_sink (make_state (self));
  /* Not held by the listener: it is removed before the action goes away. */
  self->listener_id = tst_cell_place_listen (&self->place, place_changed_cb, self, NULL);
  look_again_at_the_end (self);

  return G_ACTION (self);
}
