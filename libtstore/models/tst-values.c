/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-values.h"

#include "tst-mapped-private.h"
#include "tst-serializable-private.h"
#include "tst-store-listeners.h"
#include "tst-store-private.h"

/**
 * TstValues:
 *
 * The keyed values of a store, as an object.
 *
 * It is a view, not a copy: it reads and writes the values of its
 * [property@Values:store].
 *
 * [signal@Values::value-changed] tells that a value is another one now. Connect with
 * its id as detail, as in `value-changed::theme`, to hear of that one only.
 *
 * An application derives a class of its own, whose properties are values, as those
 * of [class@Row] are cells: its settings, for example.
 *
 * ```python
 * class Settings(TStore.Values):
 *     theme = TStore.cell(str, default="light")
 *     font_size = TStore.cell(int, default=12, id="fontSize")
 *
 * settings = Settings(store=store)
 * settings.bind_property("font-size", adjustment, "value", GObject.BindingFlags.BIDIRECTIONAL)
 * ```
 *
 * To JSON-GLib, it is an object with the values, under their ids.
 *
 * Since: 0.1
 */

typedef struct
{
  TstStore  *store;        /* construct-only, held */
  gulong     listener_id;  /* of @store, until disposed */

  TstMapped *mapped;       /* (nullable): if properties of the class are values */
} TstValuesPrivate;

G_DEFINE_TYPE_WITH_CODE (TstValues, tst_values, G_TYPE_OBJECT,
                         G_ADD_PRIVATE (TstValues)
                         G_IMPLEMENT_INTERFACE (JSON_TYPE_SERIALIZABLE, tst_serializable_init))

enum
{
  PROP_0,
  PROP_STORE,
  N_PROPS
};

enum
{
  SIGNAL_VALUE_CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

/* --- Properties that are values --- */

static const TstCell *
peek_value (GObject    *object,
            const char *value_id)
{
  TstValuesPrivate *priv = tst_values_get_instance_private (TST_VALUES (object));

  return tst_store_peek_value (priv->store, value_id);
}

static gboolean
write_value (GObject    *object,
             const char *value_id,
             TstCell    *cell)
{
  TstValuesPrivate *priv = tst_values_get_instance_private (TST_VALUES (object));

  return tst_store_write_value (priv->store, value_id, cell, NULL);
}

static void
refuse_value (GObject      *object,
              const char   *value_id,
              const GError *error)
{
  TstValuesPrivate *priv = tst_values_get_instance_private (TST_VALUES (object));

  tst_store_refuse_value (priv->store, value_id, error);
}

static const TstMappedFuncs mapped_funcs = { peek_value, write_value, refuse_value };

static void
prepare_properties (TstValues *self)
{
  TstValuesPrivate *priv = tst_values_get_instance_private (self);
  TstValuesClass *klass = TST_VALUES_GET_CLASS (self);
  TstPropertyMap *map = tst_property_map_finish ((TstPropertyMap **) &klass->properties,
                                                 G_OBJECT_CLASS (klass), TST_TYPE_VALUES);

  if (map != NULL)
    priv->mapped = tst_mapped_new (G_OBJECT (self), map, &mapped_funcs);
}

/* --- GObject --- */

static void
value_changed_cb (TstStore     *store,
                  const char   *value_id,
                  const GValue *new_value,
                  const GValue *old_value,
                  gpointer      user_data)
{
  TstValues *self = TST_VALUES (user_data);
  TstValuesPrivate *priv = tst_values_get_instance_private (self);
  /* Whoever is told first may let go of the object. */
  g_autoptr(TstValues) held = priv->mapped != NULL ? g_object_ref (self) : NULL;
  /* Ids come from files: they must not become quarks, which live for ever. An
   * id that nobody made a quark of is not waited for by any handler. */
  GQuark detail = g_quark_try_string (value_id);

  g_signal_emit (self, signals[SIGNAL_VALUE_CHANGED], detail, value_id);

  if (priv->mapped != NULL)
    tst_mapped_notify (priv->mapped, value_id);
}

static void
tst_values_constructed (GObject *object)
{
  TstValues *self = TST_VALUES (object);
  TstValuesPrivate *priv = tst_values_get_instance_private (self);

  G_OBJECT_CLASS (tst_values_parent_class)->constructed (object);

  if (priv->store == NULL)
    {
      g_critical ("A TstValues needs a store");
      return;
    }

  /* Not held by the listener, which is removed before the object goes away. */
  priv->listener_id = tst_store_add_value_listener (priv->store, NULL, TST_LISTENER_DEFAULT,
                                                    value_changed_cb, self, NULL);

  if (priv->mapped != NULL)
    tst_mapped_constructed (priv->mapped, priv->store);
}

static void
tst_values_dispose (GObject *object)
{
  TstValuesPrivate *priv = tst_values_get_instance_private (TST_VALUES (object));

  if (priv->listener_id != 0)
    {
      tst_store_remove_listener (priv->store, priv->listener_id);
      priv->listener_id = 0;
    }

  G_OBJECT_CLASS (tst_values_parent_class)->dispose (object);
}

static void
tst_values_finalize (GObject *object)
{
  TstValuesPrivate *priv = tst_values_get_instance_private (TST_VALUES (object));

  /* Only here: what is disposed can still be asked for what it shows. */
  g_clear_pointer (&priv->mapped, tst_mapped_free);
  g_clear_object (&priv->store);

  G_OBJECT_CLASS (tst_values_parent_class)->finalize (object);
}

static void
tst_values_get_property (GObject    *object,
                         guint       prop_id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  TstValuesPrivate *priv = tst_values_get_instance_private (TST_VALUES (object));

  /* Those of subclasses have numbers of their own. */
  if (pspec == properties[PROP_STORE])
    g_value_set_object (value, priv->store);
  else
    tst_mapped_get_property (priv->mapped, object, prop_id, value, pspec);
}

static void
tst_values_set_property (GObject      *object,
                         guint         prop_id,
                         const GValue *value,
                         GParamSpec   *pspec)
{
  TstValues *self = TST_VALUES (object);
  TstValuesPrivate *priv = tst_values_get_instance_private (self);

  if (pspec == properties[PROP_STORE])
    {
      priv->store = g_value_dup_object (value);
      /* This is where an object is first seen under its own class: GObject sets
       * the construct properties of a class after those of its parents. */
      prepare_properties (self);
    }
  else
    {
      tst_mapped_set_property (priv->mapped, object, prop_id, value, pspec);
    }
}

static void
tst_values_class_init (TstValuesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = tst_values_constructed;
  object_class->dispose = tst_values_dispose;
  object_class->finalize = tst_values_finalize;
  object_class->get_property = tst_values_get_property;
  object_class->set_property = tst_values_set_property;

  /**
   * TstValues:store: (getter get_store)
   *
   * The store that has the values.
   *
   * Since: 0.1
   */
  properties[PROP_STORE] =
    g_param_spec_object ("store", NULL, NULL,
                         TST_TYPE_STORE,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * TstValues::value-changed:
   * @self: the values
   * @value_id: the id of the value
   *
   * Emitted after a transaction, for each value that it changed, added or removed.
   *
   * The detail is the id of the value.
   *
   * Since: 0.1
   */
  signals[SIGNAL_VALUE_CHANGED] =
    g_signal_new ("value-changed",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED,
                  0,
                  NULL, NULL,
                  NULL,
                  G_TYPE_NONE, 1,
                  G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
tst_values_init (TstValues *self)
{
}

/**
 * tst_values_class_map_properties:
 * @klass: a class of values
 * @naming: how the ids of values are made
 *
 * Makes keyed values of the properties that a class has.
 *
 * It is for values what [method@RowClass.map_properties] is for cells.
 *
 * Since: 0.1
 */
void
tst_values_class_map_properties (TstValuesClass *klass,
                                 TstCellNaming   naming)
{
  g_return_if_fail (TST_IS_VALUES_CLASS (klass));

  tst_property_map_add_all ((TstPropertyMap **) &klass->properties, G_OBJECT_CLASS (klass),
                            TST_TYPE_VALUES, naming);
}

/**
 * tst_values_class_map_property:
 * @klass: a class of values
 * @property_name: the name of a property
 * @value_id: (nullable): the id of a value, or `NULL` if it is none
 *
 * Says which keyed value a property is.
 *
 * It is for values what [method@RowClass.map_property] is for cells.
 *
 * Since: 0.1
 */
void
tst_values_class_map_property (TstValuesClass *klass,
                               const char     *property_name,
                               const char     *value_id)
{
  g_return_if_fail (TST_IS_VALUES_CLASS (klass));
  g_return_if_fail (property_name != NULL);

  tst_property_map_add ((TstPropertyMap **) &klass->properties, G_OBJECT_CLASS (klass),
                        TST_TYPE_VALUES, property_name, value_id);
}

/**
 * tst_values_new:
 * @store: a store
 *
 * Makes an object for the keyed values of a store.
 *
 * Returns: (transfer full): a new object
 *
 * Since: 0.1
 */
TstValues *
tst_values_new (TstStore *store)
{
  g_return_val_if_fail (TST_IS_STORE (store), NULL);

  return g_object_new (TST_TYPE_VALUES, "store", store, NULL);
}

/**
 * tst_values_get_store: (get-property store)
 * @self: the values
 *
 * Gets the store that has the values.
 *
 * Returns: (transfer none): the store
 *
 * Since: 0.1
 */
TstStore *
tst_values_get_store (TstValues *self)
{
  TstValuesPrivate *priv = tst_values_get_instance_private (self);

  g_return_val_if_fail (TST_IS_VALUES (self), NULL);

  return priv->store;
}

/**
 * tst_values_get_value:
 * @self: the values
 * @value_id: the id of a value
 *
 * Gets a value, as [method@Store.get_value] does.
 *
 * Returns: (transfer full) (nullable): the value, or `NULL` if there is no such
 *   value
 *
 * Since: 0.1
 */
GValue *
tst_values_get_value (TstValues  *self,
                      const char *value_id)
{
  TstValuesPrivate *priv = tst_values_get_instance_private (self);

  g_return_val_if_fail (TST_IS_VALUES (self), NULL);
  g_return_val_if_fail (value_id != NULL, NULL);

  return tst_store_get_value (priv->store, value_id);
}

/**
 * tst_values_get_value_type:
 * @self: the values
 * @value_id: the id of a value
 *
 * Gets what a value holds.
 *
 * Returns: the type, which is `TST_CELL_TYPE_NONE` if there is no such
 *   value
 *
 * Since: 0.1
 */
TstCellType
tst_values_get_value_type (TstValues  *self,
                           const char *value_id)
{
  TstValuesPrivate *priv = tst_values_get_instance_private (self);

  g_return_val_if_fail (TST_IS_VALUES (self), TST_CELL_TYPE_NONE);
  g_return_val_if_fail (value_id != NULL, TST_CELL_TYPE_NONE);

  return tst_store_get_value_type (priv->store, value_id);
}

/**
 * tst_values_get_string:
 * @self: the values
 * @value_id: the id of a value
 *
 * Gets the string in a value.
 *
 * It is valid until the store is next written to.
 *
 * Returns: (transfer none) (nullable): the string, or `NULL` if the value does
 *   not hold one
 *
 * Since: 0.1
 */
const char *
tst_values_get_string (TstValues  *self,
                       const char *value_id)
{
  TstValuesPrivate *priv = tst_values_get_instance_private (self);

  g_return_val_if_fail (TST_IS_VALUES (self), NULL);
  g_return_val_if_fail (value_id != NULL, NULL);

  return tst_store_get_value_string (priv->store, value_id);
}

/**
 * tst_values_get_number:
 * @self: the values
 * @value_id: the id of a value
 *
 * Gets the number in a value.
 *
 * Returns: the number, or 0 if the value does not hold one
 *
 * Since: 0.1
 */
double
tst_values_get_number (TstValues  *self,
                       const char *value_id)
{
  TstValuesPrivate *priv = tst_values_get_instance_private (self);

  g_return_val_if_fail (TST_IS_VALUES (self), 0);
  g_return_val_if_fail (value_id != NULL, 0);

  return tst_store_get_value_number (priv->store, value_id);
}

/**
 * tst_values_get_boolean:
 * @self: the values
 * @value_id: the id of a value
 *
 * Gets the boolean in a value.
 *
 * Returns: the boolean, or `FALSE` if the value does not hold one
 *
 * Since: 0.1
 */
gboolean
tst_values_get_boolean (TstValues  *self,
                        const char *value_id)
{
  TstValuesPrivate *priv = tst_values_get_instance_private (self);

  g_return_val_if_fail (TST_IS_VALUES (self), FALSE);
  g_return_val_if_fail (value_id != NULL, FALSE);

  return tst_store_get_value_boolean (priv->store, value_id);
}

/**
 * tst_values_set_value:
 * @self: the values
 * @value_id: the id of a value
 * @value: (nullable): a string, number or boolean, or `NULL` for null
 * @error: return location for an error
 *
 * Sets a value, as [method@Store.set_value] does.
 *
 * Returns: whether the value is @value now
 *
 * Since: 0.1
 */
gboolean
tst_values_set_value (TstValues     *self,
                      const char    *value_id,
                      const GValue  *value,
                      GError       **error)
{
  TstValuesPrivate *priv = tst_values_get_instance_private (self);

  g_return_val_if_fail (TST_IS_VALUES (self), FALSE);
  g_return_val_if_fail (value_id != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return tst_store_set_value (priv->store, value_id, value, error);
}

/**
 * tst_values_set_string:
 * @self: the values
 * @value_id: the id of a value
 * @value: a string
 * @error: return location for an error
 *
 * Sets a value to a string.
 *
 * Returns: whether the value is @value now
 *
 * Since: 0.1
 */
gboolean
tst_values_set_string (TstValues   *self,
                       const char  *value_id,
                       const char  *value,
                       GError     **error)
{
  TstValuesPrivate *priv = tst_values_get_instance_private (self);

  g_return_val_if_fail (TST_IS_VALUES (self), FALSE);
  g_return_val_if_fail (value_id != NULL, FALSE);
  g_return_val_if_fail (value != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return tst_store_set_value_string (priv->store, value_id, value, error);
}

/**
 * tst_values_set_number:
 * @self: the values
 * @value_id: the id of a value
 * @value: a finite number
 * @error: return location for an error
 *
 * Sets a value to a number.
 *
 * Returns: whether the value is @value now
 *
 * Since: 0.1
 */
gboolean
tst_values_set_number (TstValues   *self,
                       const char  *value_id,
                       double       value,
                       GError     **error)
{
  TstValuesPrivate *priv = tst_values_get_instance_private (self);

  g_return_val_if_fail (TST_IS_VALUES (self), FALSE);
  g_return_val_if_fail (value_id != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return tst_store_set_value_number (priv->store, value_id, value, error);
}

/**
 * tst_values_set_boolean:
 * @self: the values
 * @value_id: the id of a value
 * @value: a boolean
 * @error: return location for an error
 *
 * Sets a value to a boolean.
 *
 * Returns: whether the value is @value now
 *
 * Since: 0.1
 */
gboolean
tst_values_set_boolean (TstValues   *self,
                        const char  *value_id,
                        gboolean     value,
                        GError     **error)
{
  TstValuesPrivate *priv = tst_values_get_instance_private (self);

  g_return_val_if_fail (TST_IS_VALUES (self), FALSE);
  g_return_val_if_fail (value_id != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return tst_store_set_value_boolean (priv->store, value_id, value, error);
}

/**
 * tst_values_get_property_value:
 * @self: the values
 * @property_name: the name of a property of a subclass
 *
 * Gets the value of a property that is a keyed value.
 *
 * This is what [method@GObject.Object.get_property] gets; it is for languages
 * whose classes would go through their own code for that.
 *
 * Returns: (transfer full) (nullable): the value, which has the type of the
 *   property, or `NULL` if it is not one
 *
 * Since: 0.1
 */
GValue *
tst_values_get_property_value (TstValues  *self,
                               const char *property_name)
{
  TstValuesPrivate *priv = tst_values_get_instance_private (self);

  g_return_val_if_fail (TST_IS_VALUES (self), NULL);
  g_return_val_if_fail (property_name != NULL, NULL);

  return tst_mapped_dup_value (priv->mapped, property_name);
}
