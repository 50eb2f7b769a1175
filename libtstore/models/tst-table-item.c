/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-table-item.h"

#include "tst-store-listeners.h"

/**
 * TstTableItem:
 *
 * A table in a [class@TablesModel].
 *
 * It outlives its table, which then has no rows, and shows it again when it is back.
 *
 * Since: 0.1
 */

struct _TstTableItem
{
  GObject parent_instance;

  TstStore *store;        /* construct-only, held */
  char     *table_id;     /* construct-only */
  gulong    listener_id;  /* of @store, until disposed */
};

G_DEFINE_FINAL_TYPE (TstTableItem, tst_table_item, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_STORE,
  PROP_TABLE_ID,
  PROP_N_ROWS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
n_rows_changed_cb (TstStore   *store,
                   const char *table_id,
                   guint       n_rows,
                   gpointer    user_data)
{
  g_object_notify_by_pspec (user_data, properties[PROP_N_ROWS]);
}

static void
tst_table_item_constructed (GObject *object)
{
  TstTableItem *self = TST_TABLE_ITEM (object);

  G_OBJECT_CLASS (tst_table_item_parent_class)->constructed (object);

  if (self->store == NULL || self->table_id == NULL)
    {
      g_critical ("A TstTableItem needs a store and a table id");
      return;
    }

  /* Not held by the listener: the item removes it before it goes away. */
  self->listener_id = tst_store_add_row_count_listener (self->store, self->table_id,
                                                        TST_LISTENER_DEFAULT,
                                                        n_rows_changed_cb, self, NULL);
}

static void
tst_table_item_dispose (GObject *object)
{
  TstTableItem *self = TST_TABLE_ITEM (object);

  if (self->listener_id != 0)
    {
      tst_store_remove_listener (self->store, self->listener_id);
      self->listener_id = 0;
    }

  G_OBJECT_CLASS (tst_table_item_parent_class)->dispose (object);
}

static void
tst_table_item_finalize (GObject *object)
{
  TstTableItem *self = TST_TABLE_ITEM (object);

  /* Only here: what is disposed can still be asked for what it shows. */
  g_clear_object (&self->store);
  g_clear_pointer (&self->table_id, g_free);

  G_OBJECT_CLASS (tst_table_item_parent_class)->finalize (object);
}

static void
tst_table_item_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  TstTableItem *self = TST_TABLE_ITEM (object);

  switch (prop_id)
    {
    case PROP_STORE:
      g_value_set_object (value, self->store);
      break;

    case PROP_TABLE_ID:
      g_value_set_string (value, self->table_id);
      break;

    case PROP_N_ROWS:
      g_value_set_uint (value, tst_table_item_get_n_rows (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tst_table_item_set_property (GObject      *object,
                             guint         prop_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  TstTableItem *self = TST_TABLE_ITEM (object);

  switch (prop_id)
    {
    case PROP_STORE:
      self->store = g_value_dup_object (value);
      break;

    case PROP_TABLE_ID:
      self->table_id = g_value_dup_string (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tst_table_item_class_init (TstTableItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = tst_table_item_constructed;
  object_class->dispose = tst_table_item_dispose;
  object_class->finalize = tst_table_item_finalize;
  object_class->get_property = tst_table_item_get_property;
  object_class->set_property = tst_table_item_set_property;

  /**
   * TstTableItem:store: (getter get_store)
   *
   * The store that has the table.
   *
   * Since: 0.1
   */
  properties[PROP_STORE] =
    g_param_spec_object ("store", NULL, NULL,
                         TST_TYPE_STORE,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * TstTableItem:table-id: (getter get_table_id)
   *
   * The id of the table.
   *
   * Since: 0.1
   */
  properties[PROP_TABLE_ID] =
    g_param_spec_string ("table-id", NULL, NULL,
                         NULL,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * TstTableItem:n-rows: (getter get_n_rows)
   *
   * The number of rows in the table.
   *
   * Since: 0.1
   */
  properties[PROP_N_ROWS] =
    g_param_spec_uint ("n-rows", NULL, NULL,
                       0, G_MAXUINT, 0,
                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tst_table_item_init (TstTableItem *self)
{
}

/**
 * tst_table_item_get_store: (get-property store)
 * @self: an item
 *
 * Gets the store that has the table.
 *
 * Returns: (transfer none): the store
 *
 * Since: 0.1
 */
TstStore *
tst_table_item_get_store (TstTableItem *self)
{
  g_return_val_if_fail (TST_IS_TABLE_ITEM (self), NULL);

  return self->store;
}

/**
 * tst_table_item_get_table_id: (get-property table-id)
 * @self: an item
 *
 * Gets the id of the table.
 *
 * Returns: (transfer none): the id
 *
 * Since: 0.1
 */
const char *
tst_table_item_get_table_id (TstTableItem *self)
{
  g_return_val_if_fail (TST_IS_TABLE_ITEM (self), NULL);

  return self->table_id;
}

/**
 * tst_table_item_get_n_rows: (get-property n-rows)
 * @self: an item
 *
 * Gets the number of rows in the table.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
guint
tst_table_item_get_n_rows (TstTableItem *self)
{
  g_return_val_if_fail (TST_IS_TABLE_ITEM (self), 0);

  return tst_store_get_n_rows (self->store, self->table_id);
}
