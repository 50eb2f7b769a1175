/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-table-model.h"

#include <string.h>

#include "tst-enum-types.h"
#include "tst-row-order-private.h"

/**
 * TstTableModel:
 *
 * The rows of a table, as a list model.
 *
 * The items are [class@Row] objects. They are made when somebody asks for them,
 * and the same object is given out for a row for as long as anybody holds it, so
 * that a view of a table with a million rows has objects for the rows that it
 * shows, and no others. With [property@TableModel:row-type] they are of a class
 * that the application derived from it.
 *
 * ```python
 * model = TStore.TableModel.new(store, "pets")
 * model.props.sort_cell = "price"
 * for row in model:
 *     print(row.get_row_id(), row.get_number("price"))
 * ```
 *
 * Each row has its id, so that this is the model of the ids of rows, too.
 *
 * The rows come in the order of the table, which is that of their insertion, or
 * in the order of a cell, [property@TableModel:sort-cell], as
 * [method@Store.get_sorted_row_ids] gives it. A row moves as its cell changes.
 * [method@TableModel.set_filter_func] leaves rows out, and
 * [property@TableModel:offset] and [property@TableModel:limit] make a page of
 * what is left.
 *
 * After a transaction, the model tells of rows that came, went or moved, before
 * the listeners of the store hear of it: first of those that went, then of those
 * that came, and of a row that moved as both. What happens in a row is told by the row.
 *
 * It keeps no copy of the table: the order of the table takes two bits a row, any other
 * order some 25 bytes, and a change of one row a few microseconds, however many there
 * are.
 *
 * For an order that no cell has, put a `GtkSortListModel` on top. As any of GTK's
 * models, it looks at a row when that comes, and not when a cell of it changes.
 *
 * Since: 0.1
 */

/* An object for a row, held by others. */
typedef struct
{
  TstTableModel *model;
  TstRow        *row;
  char           id[];
} Item;

struct _TstTableModel
{
  GObject parent_instance;

  TstStore        *store;           /* construct-only, held */
  char            *table_id;        /* construct-only */
  GType            row_type;        /* construct-only */
  char            *sort_cell;       /* (nullable) */
  gboolean         sort_by_row_id;
  TstRowOrderView  view;

  TstRowOrder     *order;           /* (nullable): from constructed to disposed */
  GHashTable      *items;           /* from the id in an Item to it: those that are held */
};

static void tst_table_model_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TstTableModel, tst_table_model, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      tst_table_model_list_model_init))

enum
{
  PROP_0,
  PROP_STORE,
  PROP_TABLE_ID,
  PROP_ROW_TYPE,
  PROP_SORT_CELL,
  PROP_SORT_BY_ROW_ID,
  PROP_DESCENDING,
  PROP_OFFSET,
  PROP_LIMIT,
  PROP_ITEM_TYPE,
  PROP_N_ITEMS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* --- Objects for rows --- */

static void
row_gone_cb (gpointer  user_data,
             GObject  *where_the_object_was)
{
  Item *item = user_data;

  g_hash_table_remove (item->model->items, item->id);
}

static void
forget_items (TstTableModel *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    g_object_weak_unref (G_OBJECT (((Item *) value)->row), row_gone_cb, value);

  g_hash_table_remove_all (self->items);
}

static TstRow *
add_item (TstTableModel *self,
          TstRow        *row)
{
  const char *row_id = tst_row_get_row_id (row);
  gsize size = strlen (row_id) + 1;
  Item *item = g_malloc (sizeof (Item) + size);

  item->model = self;
  item->row = row;
  memcpy (item->id, row_id, size);
  g_object_weak_ref (G_OBJECT (row), row_gone_cb, item);
  g_hash_table_insert (self->items, item->id, item);

  return row;
}

/* Returns: (transfer full) (nullable): the object for a row, if there is one */
static TstRow *
find_row (TstTableModel *self,
          const char    *row_id)
{
  Item *item = g_hash_table_lookup (self->items, row_id);

  return item != NULL ? g_object_ref (item->row) : NULL;
}

/* --- The order --- */

static void
rows_changed_cb (guint    position,
                 guint    removed,
                 guint    added,
                 gpointer user_data)
{
  /* Whoever is told may let go of the model. */
  g_autoptr(TstTableModel) self = g_object_ref (TST_TABLE_MODEL (user_data));

  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);

  if (removed != added)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_ITEMS]);
}

static TstRowOrderBy
get_order_by (const TstTableModel *self)
{
  if (self->sort_cell != NULL)
    return TST_ROW_ORDER_BY_CELL;

  return self->sort_by_row_id ? TST_ROW_ORDER_BY_ID : TST_ROW_ORDER_BY_PLACE;
}

/* What changes before there is an order is nobody's news. */
static void
sort_changed (TstTableModel *self)
{
  if (self->order != NULL)
    tst_row_order_set_sort (self->order, get_order_by (self), self->sort_cell);
}

static void
view_changed (TstTableModel *self)
{
  if (self->order != NULL)
    tst_row_order_set_view (self->order, &self->view);
}

/* --- GListModel --- */

static GType
tst_table_model_get_item_type (GListModel *model)
{
  return TST_TABLE_MODEL (model)->row_type;
}

static guint
tst_table_model_get_n_items (GListModel *model)
{
  TstTableModel *self = TST_TABLE_MODEL (model);

  return self->order != NULL ? tst_row_order_get_n (self->order) : 0;
}

static gpointer
tst_table_model_get_item (GListModel *model,
                          guint       position)
{
  TstTableModel *self = TST_TABLE_MODEL (model);
  g_autofree char *row_id = NULL;
  g_autoptr(TstRow) row = NULL;
  TstRow *other;

  if (position >= tst_table_model_get_n_items (model))
    return NULL;

  row = find_row (self, tst_row_order_get_row_id (self->order, position));
  if (row != NULL)
    return g_steal_pointer (&row);

  row_id = g_strdup (tst_row_order_get_row_id (self->order, position));
  row = g_object_new (self->row_type,
                      "store", self->store,
                      "table-id", self->table_id,
                      "row-id", row_id,
                      NULL);

  /* A class of the application may have asked for the same row meanwhile. */
  other = find_row (self, row_id);
  return other != NULL ? other : add_item (self, g_steal_pointer (&row));
}

static void
tst_table_model_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = tst_table_model_get_item_type;
  iface->get_n_items = tst_table_model_get_n_items;
  iface->get_item = tst_table_model_get_item;
}

/* --- GObject --- */

static void
tst_table_model_constructed (GObject *object)
{
  TstTableModel *self = TST_TABLE_MODEL (object);

  G_OBJECT_CLASS (tst_table_model_parent_class)->constructed (object);

  if (self->store == NULL || self->table_id == NULL)
    {
      g_critical ("A TstTableModel needs a store and a table id");
      return;
    }

  self->order = tst_row_order_new (self->store, self->table_id, get_order_by (self), self->sort_cell,
                                   &self->view, rows_changed_cb, self);
}

static void
tst_table_model_dispose (GObject *object)
{
  TstTableModel *self = TST_TABLE_MODEL (object);

  g_clear_pointer (&self->order, tst_row_order_close);

  G_OBJECT_CLASS (tst_table_model_parent_class)->dispose (object);
}

static void
tst_table_model_finalize (GObject *object)
{
  TstTableModel *self = TST_TABLE_MODEL (object);

  forget_items (self);
  g_hash_table_unref (self->items);
  g_clear_pointer (&self->sort_cell, g_free);
  g_clear_pointer (&self->table_id, g_free);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (tst_table_model_parent_class)->finalize (object);
}

static void
tst_table_model_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  TstTableModel *self = TST_TABLE_MODEL (object);

  switch (prop_id)
    {
    case PROP_STORE:
      g_value_set_object (value, self->store);
      break;

    case PROP_TABLE_ID:
      g_value_set_string (value, self->table_id);
      break;

    case PROP_ROW_TYPE:
    case PROP_ITEM_TYPE:
      g_value_set_gtype (value, self->row_type);
      break;

    case PROP_SORT_CELL:
      g_value_set_string (value, self->sort_cell);
      break;

    case PROP_SORT_BY_ROW_ID:
      g_value_set_boolean (value, self->sort_by_row_id);
      break;

    case PROP_DESCENDING:
      g_value_set_boolean (value, self->view.descending);
      break;

    case PROP_OFFSET:
      g_value_set_int (value, self->view.offset);
      break;

    case PROP_LIMIT:
      g_value_set_int (value, self->view.limit);
      break;

    case PROP_N_ITEMS:
      g_value_set_uint (value, tst_table_model_get_n_items (G_LIST_MODEL (self)));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tst_table_model_set_property (GObject      *object,
                              guint         prop_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  TstTableModel *self = TST_TABLE_MODEL (object);

  switch (prop_id)
    {
    case PROP_STORE:
      self->store = g_value_dup_object (value);
      break;

    case PROP_TABLE_ID:
      self->table_id = g_value_dup_string (value);
      break;

    case PROP_ROW_TYPE:
      self->row_type = g_value_get_gtype (value);
      break;

    case PROP_SORT_CELL:
      tst_table_model_set_sort_cell (self, g_value_get_string (value));
      break;

    case PROP_SORT_BY_ROW_ID:
      tst_table_model_set_sort_by_row_id (self, g_value_get_boolean (value));
      break;

    case PROP_DESCENDING:
      tst_table_model_set_descending (self, g_value_get_boolean (value));
      break;

    case PROP_OFFSET:
      tst_table_model_set_offset (self, g_value_get_int (value));
      break;

    case PROP_LIMIT:
      tst_table_model_set_limit (self, g_value_get_int (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tst_table_model_class_init (TstTableModelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = tst_table_model_constructed;
  object_class->dispose = tst_table_model_dispose;
  object_class->finalize = tst_table_model_finalize;
  object_class->get_property = tst_table_model_get_property;
  object_class->set_property = tst_table_model_set_property;

  /**
   * TstTableModel:store: (getter get_store)
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
   * TstTableModel:table-id: (getter get_table_id)
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
   * TstTableModel:row-type: (getter get_row_type)
   *
   * The type of the items: [class@Row], or a class derived from it.
   *
   * Since: 0.1
   */
  properties[PROP_ROW_TYPE] =
    g_param_spec_gtype ("row-type", NULL, NULL,
                        TST_TYPE_ROW,
                        G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * TstTableModel:sort-cell: (getter get_sort_cell) (setter set_sort_cell)
   *
   * The cell that the rows are sorted by, or `NULL`.
   *
   * Since: 0.1
   */
  properties[PROP_SORT_CELL] =
    g_param_spec_string ("sort-cell", NULL, NULL,
                         NULL,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * TstTableModel:sort-by-row-id: (getter get_sort_by_row_id) (setter set_sort_by_row_id)
   *
   * Whether the rows are sorted by their ids, unless they are sorted by a cell.
   *
   * Since: 0.1
   */
  properties[PROP_SORT_BY_ROW_ID] =
    g_param_spec_boolean ("sort-by-row-id", NULL, NULL,
                          FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * TstTableModel:descending: (getter get_descending) (setter set_descending)
   *
   * Whether the order is reversed, also if it is that of the table.
   *
   * Since: 0.1
   */
  properties[PROP_DESCENDING] =
    g_param_spec_boolean ("descending", NULL, NULL,
                          FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * TstTableModel:offset: (getter get_offset) (setter set_offset)
   *
   * How many rows are left out at the beginning.
   *
   * If it is negative, the model begins so many rows before the end.
   *
   * Since: 0.1
   */
  properties[PROP_OFFSET] =
    g_param_spec_int ("offset", NULL, NULL,
                      G_MININT, G_MAXINT, 0,
                      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * TstTableModel:limit: (getter get_limit) (setter set_limit)
   *
   * How many rows there are at most; -1 for all.
   *
   * Since: 0.1
   */
  properties[PROP_LIMIT] =
    g_param_spec_int ("limit", NULL, NULL,
                      -1, G_MAXINT, -1,
                      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * TstTableModel:item-type:
   *
   * The type of the items, which is [property@TableModel:row-type].
   *
   * Since: 0.1
   */
  properties[PROP_ITEM_TYPE] =
    g_param_spec_gtype ("item-type", NULL, NULL,
                        TST_TYPE_ROW,
                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * TstTableModel:n-items:
   *
   * The number of rows.
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
tst_table_model_init (TstTableModel *self)
{
  self->row_type = TST_TYPE_ROW;
  self->view.limit = -1;
  self->items = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
}

/**
 * tst_table_model_new:
 * @store: a store
 * @table_id: the id of a table
 *
 * Makes a model of a table, which need not exist yet.
 *
 * Returns: (transfer full): a new model
 *
 * Since: 0.1
 */
TstTableModel *
tst_table_model_new (TstStore   *store,
                     const char *table_id)
{
  g_return_val_if_fail (TST_IS_STORE (store), NULL);
  g_return_val_if_fail (table_id != NULL, NULL);

  return g_object_new (TST_TYPE_TABLE_MODEL,
                       "store", store,
                       "table-id", table_id,
                       NULL);
}

/**
 * tst_table_model_get_store: (get-property store)
 * @self: a table model
 *
 * Gets the store that has the table.
 *
 * Returns: (transfer none): the store
 *
 * Since: 0.1
 */
TstStore *
tst_table_model_get_store (TstTableModel *self)
{
  g_return_val_if_fail (TST_IS_TABLE_MODEL (self), NULL);

  return self->store;
}

/**
 * tst_table_model_get_table_id: (get-property table-id)
 * @self: a table model
 *
 * Gets the id of the table.
 *
 * Returns: (transfer none): the id
 *
 * Since: 0.1
 */
const char *
tst_table_model_get_table_id (TstTableModel *self)
{
  g_return_val_if_fail (TST_IS_TABLE_MODEL (self), NULL);

  return self->table_id;
}

/**
 * tst_table_model_get_row_type: (get-property row-type)
 * @self: a table model
 *
 * Gets the type of the items.
 *
 * Returns: the type
 *
 * Since: 0.1
 */
GType
tst_table_model_get_row_type (TstTableModel *self)
{
  g_return_val_if_fail (TST_IS_TABLE_MODEL (self), G_TYPE_INVALID);

  return self->row_type;
}

/**
 * tst_table_model_get_sort_cell: (get-property sort-cell)
 * @self: a table model
 *
 * Gets the cell that the rows are sorted by.
 *
 * Returns: (transfer none) (nullable): the id of the cell, or `NULL`
 *
 * Since: 0.1
 */
const char *
tst_table_model_get_sort_cell (TstTableModel *self)
{
  g_return_val_if_fail (TST_IS_TABLE_MODEL (self), NULL);

  return self->sort_cell;
}

/**
 * tst_table_model_set_sort_cell: (set-property sort-cell)
 * @self: a table model
 * @sort_cell: (nullable): the id of a cell, or `NULL`
 *
 * Sorts the rows by a cell, as [method@Store.get_sorted_row_ids] does.
 *
 * With `NULL` they come in the order of the table, or in that of their ids if
 * [property@TableModel:sort-by-row-id] says so.
 *
 * Since: 0.1
 */
void
tst_table_model_set_sort_cell (TstTableModel *self,
                               const char    *sort_cell)
{
  g_return_if_fail (TST_IS_TABLE_MODEL (self));

  if (g_strcmp0 (self->sort_cell, sort_cell) == 0)
    return;

  g_free (self->sort_cell);
  self->sort_cell = g_strdup (sort_cell);

  g_object_ref (self);
  sort_changed (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SORT_CELL]);
  g_object_unref (self);
}

/**
 * tst_table_model_get_sort_by_row_id: (get-property sort-by-row-id)
 * @self: a table model
 *
 * Gets whether the rows are sorted by their ids, unless they are sorted by a cell.
 *
 * Returns: whether they are
 *
 * Since: 0.1
 */
gboolean
tst_table_model_get_sort_by_row_id (TstTableModel *self)
{
  g_return_val_if_fail (TST_IS_TABLE_MODEL (self), FALSE);

  return self->sort_by_row_id;
}

/**
 * tst_table_model_set_sort_by_row_id: (set-property sort-by-row-id)
 * @self: a table model
 * @sort_by_row_id: whether to sort by row id
 *
 * Sorts the rows by their ids, unless they are sorted by a cell.
 *
 * Since: 0.1
 */
void
tst_table_model_set_sort_by_row_id (TstTableModel *self,
                                    gboolean       sort_by_row_id)
{
  g_return_if_fail (TST_IS_TABLE_MODEL (self));

  if (!self->sort_by_row_id == !sort_by_row_id)
    return;

  self->sort_by_row_id = sort_by_row_id;

  g_object_ref (self);
  if (self->sort_cell == NULL)
    sort_changed (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SORT_BY_ROW_ID]);
  g_object_unref (self);
}

/**
 * tst_table_model_get_descending: (get-property descending)
 * @self: a table model
 *
 * Gets whether the order is reversed.
 *
 * Returns: whether it is
 *
 * Since: 0.1
 */
gboolean
tst_table_model_get_descending (TstTableModel *self)
{
  g_return_val_if_fail (TST_IS_TABLE_MODEL (self), FALSE);

  return self->view.descending;
}

/**
 * tst_table_model_set_descending: (set-property descending)
 * @self: a table model
 * @descending: whether to reverse the order
 *
 * Reverses the order of the rows.
 *
 * In the order of the table, the latest row then comes first.
 *
 * Since: 0.1
 */
void
tst_table_model_set_descending (TstTableModel *self,
                                gboolean       descending)
{
  g_return_if_fail (TST_IS_TABLE_MODEL (self));

  if (!self->view.descending == !descending)
    return;

  self->view.descending = descending;

  g_object_ref (self);
  view_changed (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DESCENDING]);
  g_object_unref (self);
}

/**
 * tst_table_model_get_offset: (get-property offset)
 * @self: a table model
 *
 * Gets how many rows are left out at the beginning.
 *
 * Returns: the number of rows
 *
 * Since: 0.1
 */
int
tst_table_model_get_offset (TstTableModel *self)
{
  g_return_val_if_fail (TST_IS_TABLE_MODEL (self), 0);

  return self->view.offset;
}

/**
 * tst_table_model_set_offset: (set-property offset)
 * @self: a table model
 * @offset: how many rows to leave out; if negative, to begin so many before the end
 *
 * Leaves rows out at the beginning.
 *
 * Since: 0.1
 */
void
tst_table_model_set_offset (TstTableModel *self,
                            int            offset)
{
  g_return_if_fail (TST_IS_TABLE_MODEL (self));

  if (self->view.offset == offset)
    return;

  self->view.offset = offset;

  g_object_ref (self);
  view_changed (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OFFSET]);
  g_object_unref (self);
}

/**
 * tst_table_model_get_limit: (get-property limit)
 * @self: a table model
 *
 * Gets how many rows there are at most.
 *
 * Returns: the number of rows, or -1
 *
 * Since: 0.1
 */
int
tst_table_model_get_limit (TstTableModel *self)
{
  g_return_val_if_fail (TST_IS_TABLE_MODEL (self), 0);

  return self->view.limit;
}

/**
 * tst_table_model_set_limit: (set-property limit)
 * @self: a table model
 * @limit: how many rows there may be; -1 for all
 *
 * Limits the number of rows.
 *
 * Since: 0.1
 */
void
tst_table_model_set_limit (TstTableModel *self,
                           int            limit)
{
  g_return_if_fail (TST_IS_TABLE_MODEL (self));
  g_return_if_fail (limit >= -1);

  if (self->view.limit == limit)
    return;

  self->view.limit = limit;

  g_object_ref (self);
  view_changed (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LIMIT]);
  g_object_unref (self);
}

/**
 * TstRowFilterFunc:
 * @store: the store
 * @table_id: the id of the table
 * @row_id: the id of a row
 * @user_data: the data given with the function
 *
 * Says whether a row passes.
 *
 * It must not write to the store: what it writes is undone, with a critical
 * warning.
 *
 * Returns: `TRUE` if the row is to be in the model
 *
 * Since: 0.1
 */

/**
 * tst_table_model_set_filter_func:
 * @self: a table model
 * @func: (nullable) (scope notified) (closure user_data) (destroy destroy): the function to
 *   ask, or `NULL` for all rows
 * @user_data: data for @func
 * @destroy: (nullable): what frees @user_data when @func is not asked any more
 *
 * Leaves out rows that do not pass.
 *
 * The function is asked for each row now, and again for a row when a transaction
 * touched it. If it depends on anything else than the row, tell the
 * model with [method@TableModel.filter_changed] when that changed.
 *
 * Since: 0.1
 */
void
tst_table_model_set_filter_func (TstTableModel    *self,
                                 TstRowFilterFunc  func,
                                 gpointer          user_data,
                                 GDestroyNotify    destroy)
{
  g_return_if_fail (TST_IS_TABLE_MODEL (self));
  g_return_if_fail (self->order != NULL);

  g_object_ref (self);
  tst_row_order_set_filter (self->order, func, user_data, destroy);
  g_object_unref (self);
}

/**
 * tst_table_model_filter_changed:
 * @self: a table model
 * @change: how it changed
 *
 * Asks the filter again, as it says other things now.
 *
 * Does nothing if there is no filter. Where it is known that the filter became
 * more or less strict, only those rows are asked for that this can make a difference to.
 *
 * Since: 0.1
 */
void
tst_table_model_filter_changed (TstTableModel   *self,
                                TstFilterChange  change)
{
  static const TstRowOrderChange changes[] = {
    [TST_FILTER_CHANGE_DIFFERENT] = TST_ROW_ORDER_OTHER_ROWS,
    [TST_FILTER_CHANGE_LESS_STRICT] = TST_ROW_ORDER_MORE_ROWS,
    [TST_FILTER_CHANGE_MORE_STRICT] = TST_ROW_ORDER_FEWER_ROWS
  };

  g_return_if_fail (TST_IS_TABLE_MODEL (self));
  g_return_if_fail (self->order != NULL);
  g_return_if_fail ((guint) change < G_N_ELEMENTS (changes));

  g_object_ref (self);
  tst_row_order_filter_changed (self->order, changes[change]);
  g_object_unref (self);
}

/**
 * tst_table_model_find:
 * @self: a table model
 * @row_id: the id of a row
 * @position: (out) (optional): where it is
 *
 * Finds a row in the model.
 *
 * Returns: `TRUE` if it is in there
 *
 * Since: 0.1
 */
gboolean
tst_table_model_find (TstTableModel *self,
                      const char    *row_id,
                      guint         *position)
{
  guint at = 0;

  g_return_val_if_fail (TST_IS_TABLE_MODEL (self), FALSE);
  g_return_val_if_fail (row_id != NULL, FALSE);

  if (self->order == NULL || !tst_row_order_find (self->order, row_id, &at))
    return FALSE;

  if (position != NULL)
    *position = at;
  return TRUE;
}
