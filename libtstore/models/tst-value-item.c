/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-value-item.h"

#include "tst-enum-types.h"
#include "tst-store-json.h"
#include "tst-store-listeners.h"

/**
 * TstValueItem:
 *
 * A keyed value in a [class@ValuesModel].
 *
 * [property@ValueItem:text] is for showing any value; what is edited has a type, and
 * is a property of a class of [class@Values].
 *
 * The item outlives its value, and shows it again when it is back.
 *
 * Since: 0.1
 */

struct _TstValueItem
{
  GObject parent_instance;

  TstStore *store;        /* construct-only, held */
  char     *value_id;     /* construct-only */
  gulong    listener_id;  /* of @store, until disposed */
};

G_DEFINE_FINAL_TYPE (TstValueItem, tst_value_item, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_STORE,
  PROP_VALUE_ID,
  PROP_VALUE,
  PROP_VALUE_TYPE,
  PROP_TEXT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
value_changed_cb (TstStore     *store,
                  const char   *value_id,
                  const GValue *new_value,
                  const GValue *old_value,
                  gpointer      user_data)
{
  g_autoptr(GObject) self = g_object_ref (user_data);

  g_object_notify_by_pspec (self, properties[PROP_VALUE]);
  g_object_notify_by_pspec (self, properties[PROP_VALUE_TYPE]);
  g_object_notify_by_pspec (self, properties[PROP_TEXT]);
}

static void
tst_value_item_constructed (GObject *object)
{
  TstValueItem *self = TST_VALUE_ITEM (object);

  G_OBJECT_CLASS (tst_value_item_parent_class)->constructed (object);

  if (self->store == NULL || self->value_id == NULL)
    {
      g_critical ("A TstValueItem needs a store and a value id");
      return;
    }

  /* Not held by the listener: the item removes it before it goes away. */
  self->listener_id = tst_store_add_value_listener (self->store, self->value_id,
                                                    TST_LISTENER_DEFAULT,
                                                    value_changed_cb, self, NULL);
}

static void
tst_value_item_dispose (GObject *object)
{
  TstValueItem *self = TST_VALUE_ITEM (object);

  if (self->listener_id != 0)
    {
      tst_store_remove_listener (self->store, self->listener_id);
      self->listener_id = 0;
    }

  G_OBJECT_CLASS (tst_value_item_parent_class)->dispose (object);
}

static void
tst_value_item_finalize (GObject *object)
{
  TstValueItem *self = TST_VALUE_ITEM (object);

  /* Only here: what is disposed can still be asked for what it shows. */
  g_clear_object (&self->store);
  g_clear_pointer (&self->value_id, g_free);

  G_OBJECT_CLASS (tst_value_item_parent_class)->finalize (object);
}

static void
tst_value_item_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  TstValueItem *self = TST_VALUE_ITEM (object);

  switch (prop_id)
    {
    case PROP_STORE:
      g_value_set_object (value, self->store);
      break;

    case PROP_VALUE_ID:
      g_value_set_string (value, self->value_id);
      break;

    case PROP_VALUE:
      g_value_take_boxed (value, tst_value_item_get_value (self));
      break;

    case PROP_VALUE_TYPE:
      g_value_set_enum (value, tst_value_item_get_value_type (self));
      break;

    case PROP_TEXT:
      g_value_take_string (value, tst_value_item_get_text (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tst_value_item_set_property (GObject      *object,
                             guint         prop_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  TstValueItem *self = TST_VALUE_ITEM (object);

  switch (prop_id)
    {
    case PROP_STORE:
      self->store = g_value_dup_object (value);
      break;

    case PROP_VALUE_ID:
      self->value_id = g_value_dup_string (value);
      break;

    case PROP_VALUE:
      if (!tst_value_item_set_value (self, g_value_get_boxed (value), NULL))
        g_object_notify_by_pspec (object, pspec);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tst_value_item_class_init (TstValueItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = tst_value_item_constructed;
  object_class->dispose = tst_value_item_dispose;
  object_class->finalize = tst_value_item_finalize;
  object_class->get_property = tst_value_item_get_property;
  object_class->set_property = tst_value_item_set_property;

  /**
   * TstValueItem:store: (getter get_store)
   *
   * The store that has the value.
   *
   * Since: 0.1
   */
  properties[PROP_STORE] =
    g_param_spec_object ("store", NULL, NULL,
                         TST_TYPE_STORE,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * TstValueItem:value-id: (getter get_value_id)
   *
   * The id of the value.
   *
   * Since: 0.1
   */
  properties[PROP_VALUE_ID] =
    g_param_spec_string ("value-id", NULL, NULL,
                         NULL,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * TstValueItem:value: (getter get_value) (setter set_value)
   *
   * The value: a string, number or boolean, the JSON text of an object or array,
   * or a `NULL` pointer for null. `NULL` if there is no such value.
   *
   * What cannot be stored is refused, and the property stays what it is.
   *
   * Since: 0.1
   */
  properties[PROP_VALUE] =
    g_param_spec_boxed ("value", NULL, NULL,
                        G_TYPE_VALUE,
                        G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  /**
   * TstValueItem:value-type: (getter get_value_type)
   *
   * What the value is.
   *
   * Since: 0.1
   */
  properties[PROP_VALUE_TYPE] =
    g_param_spec_enum ("value-type", NULL, NULL,
                       TST_TYPE_CELL_TYPE, TST_CELL_TYPE_NONE,
                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  /**
   * TstValueItem:text: (getter get_text)
   *
   * The value as text: that of a string, and the JSON text of anything else.
   *
   * Since: 0.1
   */
  properties[PROP_TEXT] =
    g_param_spec_string ("text", NULL, NULL,
                         NULL,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tst_value_item_init (TstValueItem *self)
{
}

/**
 * tst_value_item_get_store: (get-property store)
 * @self: an item
 *
 * Gets the store that has the value.
 *
 * Returns: (transfer none): the store
 *
 * Since: 0.1
 */
TstStore *
tst_value_item_get_store (TstValueItem *self)
{
  g_return_val_if_fail (TST_IS_VALUE_ITEM (self), NULL);

  return self->store;
}

/**
 * tst_value_item_get_value_id: (get-property value-id)
 * @self: an item
 *
 * Gets the id of the value.
 *
 * Returns: (transfer none): the id
 *
 * Since: 0.1
 */
const char *
tst_value_item_get_value_id (TstValueItem *self)
{
  g_return_val_if_fail (TST_IS_VALUE_ITEM (self), NULL);

  return self->value_id;
}

/**
 * tst_value_item_get_value: (get-property value)
 * @self: an item
 *
 * Gets the value, as [method@Store.get_value] does.
 *
 * Returns: (transfer full) (nullable): the value, or `NULL` if there is none
 *
 * Since: 0.1
 */
GValue *
tst_value_item_get_value (TstValueItem *self)
{
  g_return_val_if_fail (TST_IS_VALUE_ITEM (self), NULL);

  return tst_store_get_value (self->store, self->value_id);
}

/**
 * tst_value_item_set_value: (set-property value)
 * @self: an item
 * @value: (nullable): a string, number or boolean, or `NULL` for null
 * @error: return location for an error
 *
 * Sets the value, as [method@Store.set_value] does.
 *
 * Returns: whether the value is @value now
 *
 * Since: 0.1
 */
gboolean
tst_value_item_set_value (TstValueItem  *self,
                          const GValue  *value,
                          GError       **error)
{
  g_autoptr(TstValueItem) held = NULL;

  g_return_val_if_fail (TST_IS_VALUE_ITEM (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  /* Whoever is told may let go of the item, and so of its id. */
  held = g_object_ref (self);

  return tst_store_set_value (self->store, self->value_id, value, error);
}

/**
 * tst_value_item_get_value_type: (get-property value-type)
 * @self: an item
 *
 * Gets what the value is.
 *
 * Returns: the type, which is `TST_CELL_TYPE_NONE` if there is no value
 *
 * Since: 0.1
 */
TstCellType
tst_value_item_get_value_type (TstValueItem *self)
{
  g_return_val_if_fail (TST_IS_VALUE_ITEM (self), TST_CELL_TYPE_NONE);

  return tst_store_get_value_type (self->store, self->value_id);
}

/**
 * tst_value_item_get_text: (get-property text)
 * @self: an item
 *
 * Gets the value as text: that of a string, and the JSON text of anything else.
 *
 * Returns: (transfer full) (nullable): the text, or `NULL` if there is no value
 *
 * Since: 0.1
 */
char *
tst_value_item_get_text (TstValueItem *self)
{
  g_return_val_if_fail (TST_IS_VALUE_ITEM (self), NULL);

  if (tst_store_get_value_type (self->store, self->value_id) == TST_CELL_TYPE_STRING)
    return g_strdup (tst_store_get_value_string (self->store, self->value_id));

  return tst_store_get_value_json (self->store, self->value_id);
}
