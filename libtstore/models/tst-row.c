/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-row.h"

#include "tst-mapped-private.h"
#include "tst-serializable-private.h"
#include "tst-store-listeners.h"
#include "tst-store-private.h"

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
 * asks for them.
 *
 * An application may derive its own kind of row from this class, whose properties
 * are cells: reading one reads the cell, setting it sets the cell, and it notifies after
 * a transaction that has changed the cell. [Rows as objects](rows.html) shows it in each
 * language.
 *
 * ```c
 * G_DECLARE_FINAL_TYPE (Pet, pet, MY, PET, TstRow)
 *
 * struct _Pet
 * {
 *   TstRow parent_instance;
 * };
 *
 * G_DEFINE_FINAL_TYPE (Pet, pet, TST_TYPE_ROW)
 *
 * static void
 * pet_class_init (PetClass *klass)
 * {
 *   tst_row_class_map_properties (TST_ROW_CLASS (klass), TST_CELL_NAMING_AS_IS);
 *   g_object_class_install_property (G_OBJECT_CLASS (klass), 1,
 *                                    g_param_spec_string ("name", NULL, NULL, NULL,
 *                                                         G_PARAM_READWRITE));
 * }
 *
 * static void
 * pet_init (Pet *self)
 * {
 * }
 * ```
 *
 * To JSON-GLib, a row is an object with its cells, under their ids. It cannot
 * make rows of JSON, because they would have no store.
 *
 * Since: 0.1
 */

typedef struct
{
  TstStore *store;        /* construct-only, held */
  char     *table_id;     /* construct-only */
  char     *row_id;       /* construct-only */
  gulong    listener_id;  /* of @store, on exactly this row, until disposed */

  TstMapped *mapped;      /* (nullable): if properties of the class are cells */
} TstRowPrivate;

G_DEFINE_TYPE_WITH_CODE (TstRow, tst_row, G_TYPE_OBJECT,
                         G_ADD_PRIVATE (TstRow)
                         G_IMPLEMENT_INTERFACE (JSON_TYPE_SERIALIZABLE, tst_serializable_init))

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

/* --- Properties that are cells --- */

static const TstCell *
peek_cell (GObject    *object,
           const char *cell_id)
{
  TstRowPrivate *priv = tst_row_get_instance_private (TST_ROW (object));

  return tst_store_peek_cell (priv->store, priv->table_id, priv->row_id, cell_id);
}

static gboolean
write_cell (GObject    *object,
            const char *cell_id,
            TstCell    *cell)
{
  TstRowPrivate *priv = tst_row_get_instance_private (TST_ROW (object));

  return tst_store_write_cell (priv->store, priv->table_id, priv->row_id, cell_id, cell, NULL);
}

static void
refuse_cell (GObject      *object,
             const char   *cell_id,
             const GError *error)
{
  TstRowPrivate *priv = tst_row_get_instance_private (TST_ROW (object));

  tst_store_refuse_cell (priv->store, priv->table_id, priv->row_id, cell_id, error);
}

static const TstMappedFuncs mapped_funcs = { peek_cell, write_cell, refuse_cell };

static void
prepare_properties (TstRow *self)
{
  TstRowPrivate *priv = tst_row_get_instance_private (self);
  TstRowClass *klass = TST_ROW_GET_CLASS (self);
  TstPropertyMap *map = tst_property_map_finish ((TstPropertyMap **) &klass->properties,
                                                 G_OBJECT_CLASS (klass), TST_TYPE_ROW);

  if (map != NULL)
    priv->mapped = tst_mapped_new (G_OBJECT (self), map, &mapped_funcs);
}

/* --- GObject --- */

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
  TstRowPrivate *priv = tst_row_get_instance_private (self);
  /* Whoever is told first may let go of the row. */
  g_autoptr(TstRow) held = priv->mapped != NULL ? g_object_ref (self) : NULL;
  /* Ids come from files: they must not become quarks, which live for ever. An
   * id that nobody made a quark of is not waited for by any handler. */
  GQuark detail = g_quark_try_string (cell_id);

  g_signal_emit (self, signals[SIGNAL_CELL_CHANGED], detail, cell_id);

  if (priv->mapped != NULL)
    tst_mapped_notify (priv->mapped, cell_id);
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

  if (priv->mapped != NULL)
    tst_mapped_constructed (priv->mapped, priv->store);
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
  g_clear_pointer (&priv->mapped, tst_mapped_free);
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

  /* Those of subclasses, whose numbers are their own */
  if (pspec->owner_type != TST_TYPE_ROW)
    {
      tst_mapped_get_property (priv->mapped, object, prop_id, value, pspec);
      return;
    }

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
      g_assert_not_reached ();
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

  /* Those of subclasses, whose numbers are their own */
  if (pspec->owner_type != TST_TYPE_ROW)
    {
      tst_mapped_set_property (priv->mapped, object, prop_id, value, pspec);
      return;
    }

  switch (prop_id)
    {
    case PROP_STORE:
      priv->store = g_value_dup_object (value);
      /* This is where an object is first seen under its own class: GObject sets
       * the construct properties of a class after those of its parents. */
      prepare_properties (self);
      break;

    case PROP_TABLE_ID:
      priv->table_id = g_value_dup_string (value);
      break;

    case PROP_ROW_ID:
      priv->row_id = g_value_dup_string (value);
      break;

    default:
      g_assert_not_reached ();
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
 * tst_row_class_map_properties:
 * @klass: a class of rows
 * @naming: how the ids of cells are made
 *
 * Makes cells of the properties that a class has.
 *
 * These are all that it has itself, not those of its parents, which can be read
 * and written at any time, and whose type a cell can hold.
 *
 * A class that has no functions to get and set its properties need not have any;
 * then call this before the properties are installed. The functions of a class that
 * has some are not called for what is a cell.
 *
 * Call this while the class is being made, before there is any object of it.
 *
 * Since: 0.1
 */
void
tst_row_class_map_properties (TstRowClass   *klass,
                              TstCellNaming  naming)
{
  g_return_if_fail (TST_IS_ROW_CLASS (klass));

  tst_property_map_add_all ((TstPropertyMap **) &klass->properties, G_OBJECT_CLASS (klass), TST_TYPE_ROW,
                            naming);
}

/**
 * tst_row_class_map_property:
 * @klass: a class of rows
 * @property_name: the name of a property
 * @cell_id: (nullable): the id of a cell, or `NULL` if it is none
 *
 * Says which cell a property is, which the class has itself, or which is a cell in
 * its parent.
 *
 * This goes before [method@RowClass.map_properties]. Two properties may be the
 * same cell: its text and its number, for example.
 *
 * Call this while the class is being made, before there is any object of it.
 *
 * Since: 0.1
 */
void
tst_row_class_map_property (TstRowClass *klass,
                            const char  *property_name,
                            const char  *cell_id)
{
  g_return_if_fail (TST_IS_ROW_CLASS (klass));
  g_return_if_fail (property_name != NULL);

  tst_property_map_add ((TstPropertyMap **) &klass->properties, G_OBJECT_CLASS (klass), TST_TYPE_ROW,
                        property_name, cell_id);
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
  g_autoptr(TstRow) held = NULL;

  g_return_val_if_fail (TST_IS_ROW (self), FALSE);
  g_return_val_if_fail (cell_id != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  /* Whoever is told may let go of the row, and so of its ids. */
  held = g_object_ref (self);

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
  g_autoptr(TstRow) held = NULL;

  g_return_val_if_fail (TST_IS_ROW (self), FALSE);
  g_return_val_if_fail (cell_id != NULL, FALSE);
  g_return_val_if_fail (value != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  /* Whoever is told may let go of the row, and so of its ids. */
  held = g_object_ref (self);

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
  g_autoptr(TstRow) held = NULL;

  g_return_val_if_fail (TST_IS_ROW (self), FALSE);
  g_return_val_if_fail (cell_id != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  /* Whoever is told may let go of the row, and so of its ids. */
  held = g_object_ref (self);

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
  g_autoptr(TstRow) held = NULL;

  g_return_val_if_fail (TST_IS_ROW (self), FALSE);
  g_return_val_if_fail (cell_id != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  /* Whoever is told may let go of the row, and so of its ids. */
  held = g_object_ref (self);

  return tst_store_set_cell_boolean (priv->store, priv->table_id, priv->row_id, cell_id, value, error);
}

/**
 * tst_row_get_property_value:
 * @self: a row
 * @property_name: the name of a property of a subclass
 *
 * Gets the value of a property that is a cell.
 *
 * This is what [method@GObject.Object.get_property] gets; it is for languages
 * whose classes would go through their own code for that.
 *
 * Returns: (transfer full) (nullable): the value, which has the type of the
 *   property, or `NULL` if it is not a cell
 *
 * Since: 0.1
 */
GValue *
tst_row_get_property_value (TstRow     *self,
                            const char *property_name)
{
  TstRowPrivate *priv = tst_row_get_instance_private (self);

  g_return_val_if_fail (TST_IS_ROW (self), NULL);
  g_return_val_if_fail (property_name != NULL, NULL);

  return tst_mapped_dup_value (priv->mapped, property_name);
}
