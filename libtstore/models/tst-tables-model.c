/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-tables-model.h"

#include "tst-id-list-private.h"
#include "tst-table-item.h"

/**
 * TstTablesModel:
 *
 * The tables of a store, as a list model.
 *
 * The items are [class@TableItem] objects, with the id of a table and the number of
 * its rows. They are made when somebody asks for them, and the same object is given
 * out for a table for as long as anybody holds it.
 *
 * The tables come in the order of the store, which is that of their insertion. (A
 * table that one transaction removes and adds again keeps its place in the models
 * that are there already.)
 *
 * ```python
 * tables = TStore.TablesModel.new(store)
 * for table in tables:
 *     print(table.props.table_id, table.props.n_rows)
 * ```
 *
 * The rows of one table, with their ids, are a model of their own: [class@TableModel].
 *
 * Since: 0.1
 */

struct _TstTablesModel
{
  GObject parent_instance;

  TstStore  *store;  /* construct-only, held */
  TstIdList *list;   /* once constructed */
};

static void tst_tables_model_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TstTablesModel, tst_tables_model, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      tst_tables_model_list_model_init))

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
tst_tables_model_get_item_type (GListModel *model)
{
  return TST_TYPE_TABLE_ITEM;
}

static guint
tst_tables_model_get_n_items (GListModel *model)
{
  return tst_id_list_get_n_items (TST_TABLES_MODEL (model)->list);
}

static gpointer
tst_tables_model_get_item (GListModel *model,
                           guint       position)
{
  return tst_id_list_get_item (TST_TABLES_MODEL (model)->list, position);
}

static void
tst_tables_model_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = tst_tables_model_get_item_type;
  iface->get_n_items = tst_tables_model_get_n_items;
  iface->get_item = tst_tables_model_get_item;
}

/* --- GObject --- */

static GObject *
make_item (TstStore   *store,
           const char *id)
{
  return g_object_new (TST_TYPE_TABLE_ITEM, "store", store, "table-id", id, NULL);
}

static const TstIdListFuncs funcs = {
  tst_store_get_table_ids,
  tst_store_add_table_ids_listener,
  make_item,
};

static void
tst_tables_model_constructed (GObject *object)
{
  TstTablesModel *self = TST_TABLES_MODEL (object);

  G_OBJECT_CLASS (tst_tables_model_parent_class)->constructed (object);

  if (self->store == NULL)
    {
      g_critical ("A TstTablesModel needs a store");
      return;
    }

  self->list = tst_id_list_new (G_LIST_MODEL (self), properties[PROP_N_ITEMS], self->store, &funcs);
}

static void
tst_tables_model_dispose (GObject *object)
{
  TstTablesModel *self = TST_TABLES_MODEL (object);

  if (self->list != NULL)
    tst_id_list_stop (self->list);

  G_OBJECT_CLASS (tst_tables_model_parent_class)->dispose (object);
}

static void
tst_tables_model_finalize (GObject *object)
{
  TstTablesModel *self = TST_TABLES_MODEL (object);

  /* Only here: what is disposed can still be asked for what it shows. */
  g_clear_pointer (&self->list, tst_id_list_free);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (tst_tables_model_parent_class)->finalize (object);
}

static void
tst_tables_model_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  TstTablesModel *self = TST_TABLES_MODEL (object);

  switch (prop_id)
    {
    case PROP_STORE:
      g_value_set_object (value, self->store);
      break;

    case PROP_ITEM_TYPE:
      g_value_set_gtype (value, TST_TYPE_TABLE_ITEM);
      break;

    case PROP_N_ITEMS:
      g_value_set_uint (value, tst_id_list_get_n_items (self->list));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tst_tables_model_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  TstTablesModel *self = TST_TABLES_MODEL (object);

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
tst_tables_model_class_init (TstTablesModelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = tst_tables_model_constructed;
  object_class->dispose = tst_tables_model_dispose;
  object_class->finalize = tst_tables_model_finalize;
  object_class->get_property = tst_tables_model_get_property;
  object_class->set_property = tst_tables_model_set_property;

  /**
   * TstTablesModel:store: (getter get_store)
   *
   * The store that has the tables.
   *
   * Since: 0.1
   */
  properties[PROP_STORE] =
    g_param_spec_object ("store", NULL, NULL,
                         TST_TYPE_STORE,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * TstTablesModel:item-type:
   *
   * The type of the items, [class@TableItem].
   *
   * Since: 0.1
   */
  properties[PROP_ITEM_TYPE] =
    g_param_spec_gtype ("item-type", NULL, NULL,
                        TST_TYPE_TABLE_ITEM,
                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * TstTablesModel:n-items:
   *
   * The number of tables.
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
tst_tables_model_init (TstTablesModel *self)
{
}

/**
 * tst_tables_model_new:
 * @store: a store
 *
 * Makes a model of the tables of a store.
 *
 * Returns: (transfer full): a new model
 *
 * Since: 0.1
 */
TstTablesModel *
tst_tables_model_new (TstStore *store)
{
  g_return_val_if_fail (TST_IS_STORE (store), NULL);

  return g_object_new (TST_TYPE_TABLES_MODEL, "store", store, NULL);
}

/**
 * tst_tables_model_get_store: (get-property store)
 * @self: a model of tables
 *
 * Gets the store that has the tables.
 *
 * Returns: (transfer none): the store
 *
 * Since: 0.1
 */
TstStore *
tst_tables_model_get_store (TstTablesModel *self)
{
  g_return_val_if_fail (TST_IS_TABLES_MODEL (self), NULL);

  return self->store;
}
