/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-values-model.h"

#include "tst-id-list-private.h"
#include "tst-value-item.h"

/**
 * TstValuesModel:
 *
 * The keyed values of a store, as a list model.
 *
 * The items are [class@ValueItem] objects, with the id of a value and the value. They
 * are made when somebody asks for them, and the same object is given out for a value
 * for as long as anybody holds it.
 *
 * The values come in the order of the store, which is that of their insertion. (A
 * value that one transaction removes and adds again keeps its place in the models
 * that are there already.) The model tells of values that came and went; that one is
 * another now is told by its item.
 *
 * ```python
 * values = TStore.ValuesModel.new(store)
 * for item in values:
 *     print(item.props.value_id, item.props.text)
 * ```
 *
 * Since: 0.1
 */

struct _TstValuesModel
{
  GObject parent_instance;

  TstStore  *store;  /* construct-only, held */
  TstIdList *list;   /* once constructed */
};

static void tst_values_model_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TstValuesModel, tst_values_model, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      tst_values_model_list_model_init))

enum
{
  PROP_0,
  PROP_STORE,
  PROP_ITEM_TYPE,
  PROP_N_ITEMS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* --- GListModel --- */

static GType
tst_values_model_get_item_type (GListModel *model)
{
  return TST_TYPE_VALUE_ITEM;
}

static guint
tst_values_model_get_n_items (GListModel *model)
{
  return tst_id_list_get_n_items (TST_VALUES_MODEL (model)->list);
}

static gpointer
tst_values_model_get_item (GListModel *model,
                           guint       position)
{
  return tst_id_list_get_item (TST_VALUES_MODEL (model)->list, position);
}

static void
tst_values_model_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = tst_values_model_get_item_type;
  iface->get_n_items = tst_values_model_get_n_items;
  iface->get_item = tst_values_model_get_item;
}

/* --- GObject --- */

static GObject *
make_item (TstStore   *store,
           const char *id)
{
  return g_object_new (TST_TYPE_VALUE_ITEM, "store", store, "value-id", id, NULL);
}

static const TstIdListFuncs funcs = {
  tst_store_get_value_ids,
  tst_store_add_value_ids_listener,
  make_item,
};

static void
tst_values_model_constructed (GObject *object)
{
  TstValuesModel *self = TST_VALUES_MODEL (object);

  G_OBJECT_CLASS (tst_values_model_parent_class)->constructed (object);

  if (self->store == NULL)
    {
      g_critical ("A TstValuesModel needs a store");
      return;
    }

  self->list = tst_id_list_new (G_LIST_MODEL (self), properties[PROP_N_ITEMS], self->store, &funcs);
}

static void
tst_values_model_dispose (GObject *object)
{
  TstValuesModel *self = TST_VALUES_MODEL (object);

  if (self->list != NULL)
    tst_id_list_stop (self->list);

  G_OBJECT_CLASS (tst_values_model_parent_class)->dispose (object);
}

static void
tst_values_model_finalize (GObject *object)
{
  TstValuesModel *self = TST_VALUES_MODEL (object);

  /* Only here: what is disposed can still be asked for what it shows. */
  g_clear_pointer (&self->list, tst_id_list_free);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (tst_values_model_parent_class)->finalize (object);
}

static void
tst_values_model_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  TstValuesModel *self = TST_VALUES_MODEL (object);

  switch (prop_id)
    {
    case PROP_STORE:
      g_value_set_object (value, self->store);
      break;

    case PROP_ITEM_TYPE:
      g_value_set_gtype (value, TST_TYPE_VALUE_ITEM);
      break;

    case PROP_N_ITEMS:
      g_value_set_uint (value, tst_id_list_get_n_items (self->list));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tst_values_model_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  TstValuesModel *self = TST_VALUES_MODEL (object);

  switch (prop_id)
    {
    case PROP_STORE:
      self->store = g_value_dup_object (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tst_values_model_class_init (TstValuesModelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = tst_values_model_constructed;
  object_class->dispose = tst_values_model_dispose;
  object_class->finalize = tst_values_model_finalize;
  object_class->get_property = tst_values_model_get_property;
  object_class->set_property = tst_values_model_set_property;

  /**
   * TstValuesModel:store: (getter get_store)
   *
   * The store that has the keyed values.
   *
   * Since: 0.1
   */
  properties[PROP_STORE] =
    g_param_spec_object ("store", NULL, NULL,
                         TST_TYPE_STORE,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * TstValuesModel:item-type:
   *
   * The type of the items, [class@ValueItem].
   *
   * Since: 0.1
   */
  properties[PROP_ITEM_TYPE] =
    g_param_spec_gtype ("item-type", NULL, NULL,
                        TST_TYPE_VALUE_ITEM,
                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * TstValuesModel:n-items:
   *
   * The number of keyed values.
   *
   * Since: 0.1
   */
  properties[PROP_N_ITEMS] =
    g_param_spec_uint ("n-items", NULL, NULL,
                       0, G_MAXUINT, 0,
                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tst_values_model_init (TstValuesModel *self)
{
}

/**
 * tst_values_model_new:
 * @store: a store
 *
 * Makes a model of the keyed values of a store.
 *
 * Returns: (transfer full): a new model
 *
 * Since: 0.1
 */
TstValuesModel *
tst_values_model_new (TstStore *store)
{
  g_return_val_if_fail (TST_IS_STORE (store), NULL);

  return g_object_new (TST_TYPE_VALUES_MODEL, "store", store, NULL);
}

/**
 * tst_values_model_get_store: (get-property store)
 * @self: a model of keyed values
 *
 * Gets the store that has the keyed values.
 *
 * Returns: (transfer none): the store
 *
 * Since: 0.1
 */
TstStore *
tst_values_model_get_store (TstValuesModel *self)
{
  g_return_val_if_fail (TST_IS_VALUES_MODEL (self), NULL);

  return self->store;
}
