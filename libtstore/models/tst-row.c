/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-row.h"
#include "tst-store-listeners.h"

/**
 * TstRow:
 *
 * One row of a table, as an object.
 *
 * A row is a view, not a copy: it reads and writes the cells of its
 * [property@Row:store], and stays useful whatever happens there. While the
 * store has no such row, it has no cells; setting one makes the row.
 *
 * [signal@Row::cell-changed] tells that a cell of this row got another value.
 * Connect with the id of a cell as detail, as in `cell-changed::price`, to hear
 * of that cell only.
 *
 * Rows are the items of [class@TableModel], which makes them only when somebody
 * asks for them. An application may derive its own kind of row from this class.
 *
 * Since: 0.1
 */

typedef struct
{
  TstStore *store;        /* construct-only, held */
  char     *table_id;     /* construct-only */
  char     *row_id;       /* construct-only */
  gulong    listener_id;  /* of @store, on exactly this row, until disposed */
} TstRowPrivate;

G_DEFINE_TYPE_WITH_PRIVATE (TstRow, tst_row, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_STORE,
  PROP_TABLE_ID,
  PROP_ROW_ID,
  N_PROPS
};

enum
{
  SIGNAL_CELL_CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
cell_changed_cb (TstStore     *store,
                 const char   *table_id,
                 const char   *row_id,
                 const char   *cell_id,
                 const GValue *new_value,
                 const GValue *old_value,
                 gpointer      user_data)
{
  TstRow *self = TST_ROW (user_data);
  /* Ids come from files: they must not become quarks, which live for ever. An
   * id that nobody made a quark of is not waited for by any handler. */
  GQuark detail = g_quark_try_string (cell_id);

  g_signal_emit (self, signals[SIGNAL_CELL_CHANGED], detail, cell_id);
}

static void
tst_row_constructed (GObject *object)
{
  TstRow *self = TST_ROW (object);
  TstRowPrivate *priv = tst_row_get_instance_private (self);

  G_OBJECT_CLASS (tst_row_parent_class)->constructed (object);

  if (priv->store == NULL || priv->table_id == NULL || priv->row_id == NULL)
    {
      g_critical ("A TstRow needs a store, a table id and a row id");
      return;
    }

  /* Not held by the listener: the row removes it before it goes away. */
  priv->listener_id = tst_store_add_cell_listener (priv->store, priv->table_id, priv->row_id, NULL,
                                                   TST_LISTENER_DEFAULT,
                                                   cell_changed_cb, self, NULL);
}

static void
tst_row_dispose (GObject *object)
{
  TstRow *self = TST_ROW (object);
  TstRowPrivate *priv = tst_row_get_instance_private (self);

  if (priv->listener_id != 0)
    {
      tst_store_remove_listener (priv->store, priv->listener_id);
      priv->listener_id = 0;
    }

  G_OBJECT_CLASS (tst_row_parent_class)->dispose (object);
}

static void
tst_row_finalize (GObject *object)
{
  TstRow *self = TST_ROW (object);
  TstRowPrivate *priv = tst_row_get_instance_private (self);

  /* Only here: a disposed row can still be asked for what it shows. */
  g_clear_object (&priv->store);
  g_clear_pointer (&priv->table_id, g_free);
  g_clear_pointer (&priv->row_id, g_free);

  G_OBJECT_CLASS (tst_row_parent_class)->finalize (object);
}

static void
tst_row_get_property (GObject    *object,
                      guint       prop_id,
                      GValue     *value,
                      GParamSpec *pspec)
{
  TstRow *self = TST_ROW (object);
  TstRowPrivate *priv = tst_row_get_instance_private (self);

  switch (prop_id)
    {
    case PROP_STORE:
      g_value_set_object (value, priv->store);
      break;

    case PROP_TABLE_ID:
      g_value_set_string (value, priv->table_id);
      break;

    case PROP_ROW_ID:
      g_value_set_string (value, priv->row_id);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tst_row_set_property (GObject      *object,
                      guint         prop_id,
                      const GValue *value,
                      GParamSpec   *pspec)
{
  TstRow *self = TST_ROW (object);
  TstRowPrivate *priv = tst_row_get_instance_private (self);

  switch (prop_id)
    {
    case PROP_STORE:
      priv->store = g_value_dup_object (value);
      break;

    case PROP_TABLE_ID:
      priv->table_id = g_value_dup_string (value);
      break;

    case PROP_ROW_ID:
      priv->row_id = g_value_dup_string (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tst_row_class_init (TstRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = tst_row_constructed;
  object_class->dispose = tst_row_dispose;
  object_class->finalize = tst_row_finalize;
  object_class->get_property = tst_row_get_property;
  object_class->set_property = tst_row_set_property;

  /**
   * TstRow:store: (getter get_store)
   *
   * The store that has the row.
   *
   * Since: 0.1
   */
  properties[PROP_STORE] =
    g_param_spec_object ("store", NULL, NULL,
                         TST_TYPE_STORE,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * TstRow:table-id: (getter get_table_id)
   *
   * The id of the table that the row is in.
   *
   * Since: 0.1
   */
  properties[PROP_TABLE_ID] =
    g_param_spec_string ("table-id", NULL, NULL,
                         NULL,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * TstRow:row-id: (getter get_row_id)
   *
   * The id of the row.
   *
   * Since: 0.1
   */
  properties[PROP_ROW_ID] =
    g_param_spec_string ("row-id", NULL, NULL,
                         NULL,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * TstRow::cell-changed:
   * @self: a row
   * @cell_id: the id of the cell
   *
   * Emitted after a transaction, for each cell of the row that it changed,
   * added or removed.
   *
   * The detail is the id of the cell.
   *
   * Since: 0.1
   */
  signals[SIGNAL_CELL_CHANGED] =
    g_signal_new ("cell-changed",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED,
                  0,
                  NULL, NULL,
                  NULL,
                  G_TYPE_NONE, 1,
                  G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
tst_row_init (TstRow *self)
{
}

/**
 * tst_row_new:
 * @store: a store
 * @table_id: the id of a table
 * @row_id: the id of a row
 *
 * Makes an object for a row, which need not exist yet.
 *
 * Returns: (transfer full): a new row
 *
 * Since: 0.1
 */
TstRow *
tst_row_new (TstStore   *store,
             const char *table_id,
             const char *row_id)
{
  g_return_val_if_fail (TST_IS_STORE (store), NULL);
  g_return_val_if_fail (table_id != NULL, NULL);
  g_return_val_if_fail (row_id != NULL, NULL);

  return g_object_new (TST_TYPE_ROW,
                       "store", store,
                       "table-id", table_id,
                       "row-id", row_id,
                       NULL);
}

/**
 * tst_row_get_store: (get-property store)
 * @self: a row
 *
 * Gets the store that has the row.
 *
 * Returns: (transfer none): the store
 *
 * Since: 0.1
 */
TstStore *
tst_row_get_store (TstRow *self)
{
  TstRowPrivate *priv = tst_row_get_instance_private (self);

  g_return_val_if_fail (TST_IS_ROW (self), NULL);

  return priv->store;
}

/**
 * tst_row_get_table_id: (get-property table-id)
 * @self: a row
 *
 * Gets the id of the table that the row is in.
 *
 * Returns: (transfer none): the id
 *
 * Since: 0.1
 */
const char *
tst_row_get_table_id (TstRow *self)
{
  TstRowPrivate *priv = tst_row_get_instance_private (self);

  g_return_val_if_fail (TST_IS_ROW (self), NULL);

  return priv->table_id;
}

/**
 * tst_row_get_row_id: (get-property row-id)
 * @self: a row
 *
 * Gets the id of the row.
 *
 * Returns: (transfer none): the id
 *
 * Since: 0.1
 */
const char *
tst_row_get_row_id (TstRow *self)
{
  TstRowPrivate *priv = tst_row_get_instance_private (self);

  g_return_val_if_fail (TST_IS_ROW (self), NULL);

  return priv->row_id;
}

/**
 * tst_row_get_cell:
 * @self: a row
 * @cell_id: the id of a cell
 *
 * Gets a cell, as [method@Store.get_cell] does.
 *
 * Returns: (transfer full) (nullable): the value, or `NULL` if there is no such
 *   cell
 *
 * Since: 0.1
 */
GValue *
tst_row_get_cell (TstRow     *self,
                  const char *cell_id)
{
  TstRowPrivate *priv = tst_row_get_instance_private (self);

  g_return_val_if_fail (TST_IS_ROW (self), NULL);
  g_return_val_if_fail (cell_id != NULL, NULL);

  return tst_store_get_cell (priv->store, priv->table_id, priv->row_id, cell_id);
}

/**
 * tst_row_get_cell_type:
 * @self: a row
 * @cell_id: the id of a cell
 *
 * Gets what a cell holds.
 *
 * Returns: the type, which is `TST_CELL_TYPE_NONE` if there is no such
 *   cell
 *
 * Since: 0.1
 */
TstCellType
tst_row_get_cell_type (TstRow     *self,
                       const char *cell_id)
{
  TstRowPrivate *priv = tst_row_get_instance_private (self);

  g_return_val_if_fail (TST_IS_ROW (self), TST_CELL_TYPE_NONE);
  g_return_val_if_fail (cell_id != NULL, TST_CELL_TYPE_NONE);

  return tst_store_get_cell_type (priv->store, priv->table_id, priv->row_id, cell_id);
}

/**
 * tst_row_get_string:
 * @self: a row
 * @cell_id: the id of a cell
 *
 * Gets the string in a cell.
 *
 * It is valid until the store is next written to.
 *
 * Returns: (transfer none) (nullable): the string, or `NULL` if the cell does
 *   not hold one
 *
 * Since: 0.1
 */
const char *
tst_row_get_string (TstRow     *self,
                    const char *cell_id)
{
  TstRowPrivate *priv = tst_row_get_instance_private (self);

  g_return_val_if_fail (TST_IS_ROW (self), NULL);
  g_return_val_if_fail (cell_id != NULL, NULL);

  return tst_store_get_cell_string (priv->store, priv->table_id, priv->row_id, cell_id);
}

/**
 * tst_row_get_number:
 * @self: a row
 * @cell_id: the id of a cell
 *
 * Gets the number in a cell.
 *
 * Returns: the number, or 0 if the cell does not hold one
 *
 * Since: 0.1
 */
double
tst_row_get_number (TstRow     *self,
                    const char *cell_id)
{
  TstRowPrivate *priv = tst_row_get_instance_private (self);

  g_return_val_if_fail (TST_IS_ROW (self), 0);
  g_return_val_if_fail (cell_id != NULL, 0);

  return tst_store_get_cell_number (priv->store, priv->table_id, priv->row_id, cell_id);
}

/**
 * tst_row_get_boolean:
 * @self: a row
 * @cell_id: the id of a cell
 *
 * Gets the boolean in a cell.
 *
 * Returns: the boolean, or `FALSE` if the cell does not hold one
 *
 * Since: 0.1
 */
gboolean
tst_row_get_boolean (TstRow     *self,
                     const char *cell_id)
{
  TstRowPrivate *priv = tst_row_get_instance_private (self);

  g_return_val_if_fail (TST_IS_ROW (self), FALSE);
  g_return_val_if_fail (cell_id != NULL, FALSE);

  return tst_store_get_cell_boolean (priv->store, priv->table_id, priv->row_id, cell_id);
}

/**
 * tst_row_set_cell:
 * @self: a row
 * @cell_id: the id of a cell
 * @value: (nullable): a string, number or boolean, or `NULL` for null
 * @error: return location for an error
 *
 * Sets a cell, as [method@Store.set_cell] does.
 *
 * This makes the row if there is none.
 *
 * Returns: whether the cell holds @value now
 *
 * Since: 0.1
 */
gboolean
tst_row_set_cell (TstRow        *self,
                  const char    *cell_id,
                  const GValue  *value,
                  GError       **error)
{
  TstRowPrivate *priv = tst_row_get_instance_private (self);

  g_return_val_if_fail (TST_IS_ROW (self), FALSE);
  g_return_val_if_fail (cell_id != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return tst_store_set_cell (priv->store, priv->table_id, priv->row_id, cell_id, value, error);
}

/**
 * tst_row_set_string:
 * @self: a row
 * @cell_id: the id of a cell
 * @value: a string
 * @error: return location for an error
 *
 * Sets a cell to a string.
 *
 * This makes the row if there is none.
 *
 * Returns: whether the cell holds @value now
 *
 * Since: 0.1
 */
gboolean
tst_row_set_string (TstRow      *self,
                    const char  *cell_id,
                    const char  *value,
                    GError     **error)
{
  TstRowPrivate *priv = tst_row_get_instance_private (self);

  g_return_val_if_fail (TST_IS_ROW (self), FALSE);
  g_return_val_if_fail (cell_id != NULL, FALSE);
  g_return_val_if_fail (value != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return tst_store_set_cell_string (priv->store, priv->table_id, priv->row_id, cell_id, value, error);
}

/**
 * tst_row_set_number:
 * @self: a row
 * @cell_id: the id of a cell
 * @value: a finite number
 * @error: return location for an error
 *
 * Sets a cell to a number.
 *
 * This makes the row if there is none.
 *
 * Returns: whether the cell holds @value now
 *
 * Since: 0.1
 */
gboolean
tst_row_set_number (TstRow      *self,
                    const char  *cell_id,
                    double       value,
                    GError     **error)
{
  TstRowPrivate *priv = tst_row_get_instance_private (self);

  g_return_val_if_fail (TST_IS_ROW (self), FALSE);
  g_return_val_if_fail (cell_id != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return tst_store_set_cell_number (priv->store, priv->table_id, priv->row_id, cell_id, value, error);
}

/**
 * tst_row_set_boolean:
 * @self: a row
 * @cell_id: the id of a cell
 * @value: a boolean
 * @error: return location for an error
 *
 * Sets a cell to a boolean.
 *
 * This makes the row if there is none.
 *
 * Returns: whether the cell holds @value now
 *
 * Since: 0.1
 */
gboolean
tst_row_set_boolean (TstRow      *self,
                     const char  *cell_id,
                     gboolean     value,
                     GError     **error)
{
  TstRowPrivate *priv = tst_row_get_instance_private (self);

  g_return_val_if_fail (TST_IS_ROW (self), FALSE);
  g_return_val_if_fail (cell_id != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return tst_store_set_cell_boolean (priv->store, priv->table_id, priv->row_id, cell_id, value, error);
}
