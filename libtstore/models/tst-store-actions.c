/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-store-actions.h"

#include <string.h>

#include "tst-cell-action-private.h"

/* Returns: (nullable): the type of a state for what there is, or else for what the schema
 * lets in, if that is one type that a state can have */
static const GVariantType *
find_type (const TstCellPlace *place)
{
  TstCellType held = tst_cell_peek_type (tst_cell_place_peek (place));
  TstCellTypes types = held > TST_CELL_TYPE_NULL ? 1u << held : tst_cell_place_get_types (place);

  switch ((guint) types & ~TST_CELL_TYPES_NULL)
    {
    case TST_CELL_TYPES_BOOLEAN:
      return G_VARIANT_TYPE_BOOLEAN;
    case TST_CELL_TYPES_STRING:
      return G_VARIANT_TYPE_STRING;
    case TST_CELL_TYPES_NUMBER:
      return G_VARIANT_TYPE_DOUBLE;
    default:
      return NULL;
    }
}

static gboolean
is_state_type (const GVariantType *type)
{
  return g_variant_type_is_basic (type) &&
         strchr ("bsynqiuxtd", g_variant_type_peek_string (type)[0]) != NULL;
}

static GAction *
create_action (TstStore           *store,
               const char         *name,
               const char         *table_id,
               const char         *row_id,
               const char         *id,
               const GVariantType *type)
{
  TstCellPlace place;

  tst_cell_place_init (&place, store, table_id, row_id, id);
  if (type == NULL)
    type = find_type (&place);
  if (type != NULL)
    return tst_cell_action_new (name, &place, type);

  g_critical ("The action “%s” needs a type: what it is for is not there, and no schema tells it", name);
  tst_cell_place_clear (&place);

  return NULL;
}

/**
 * tst_store_create_cell_action:
 * @self: a store
 * @name: (nullable): the name of the action, or `NULL` for the id of the cell
 * @table_id: the id of the table
 * @row_id: the id of the row
 * @cell_id: the id of the cell
 * @type: (nullable): the type of its state, or `NULL` for that of the cell
 *
 * Makes an action for a cell, as [method@Store.create_value_action] does
 * for a keyed value.
 *
 * Returns: (transfer full): a new action
 *
 * Since: 0.1
 */
GAction *
tst_store_create_cell_action (TstStore           *self,
                              const char         *name,
                              const char         *table_id,
                              const char         *row_id,
                              const char         *cell_id,
                              const GVariantType *type)
{
  g_return_val_if_fail (TST_IS_STORE (self), NULL);
  g_return_val_if_fail (tst_cell_place_is_id (table_id), NULL);
  g_return_val_if_fail (tst_cell_place_is_id (row_id), NULL);
  g_return_val_if_fail (tst_cell_place_is_id (cell_id), NULL);
  g_return_val_if_fail (g_action_name_is_valid (name != NULL ? name : cell_id), NULL);
  g_return_val_if_fail (type == NULL || is_state_type (type), NULL);

  return create_action (self, name != NULL ? name : cell_id, table_id, row_id, cell_id, type);
}

/**
 * tst_store_create_value_action:
 * @self: a store
 * @name: (nullable): the name of the action, or `NULL` for the id of the value
 * @value_id: the id of the value
 * @type: (nullable): the type of its state, or `NULL` for that of the value
 *
 * Makes an action for a keyed value, for menus, switches and shortcuts.
 *
 * Its state is the value. Activating one for a boolean toggles it; others
 * take the new value as parameter, as radio buttons and menu items with a target do. What
 * the store refuses leaves the state as it is.
 *
 * ```c
 * g_autoptr(GAction) action = tst_store_create_value_action (store, "show-sold", "showSold",
 *                                                            G_VARIANT_TYPE_BOOLEAN);
 *
 * g_action_map_add_action (G_ACTION_MAP (window), action);
 * ```
 *
 * The type is a boolean, a string, or any kind of number, and never changes. By default it is
 * a boolean, a string or a double, as what is there, or else as the schema says; if neither
 * tells it, it has to be given. While there is no value, or one of another type, the state
 * is `FALSE`, an empty string, or 0.
 *
 * Names of actions have only ASCII letters, digits, `-` and `.`: give another one if the
 * id is not like that.
 *
 * The action holds the store.
 *
 * Returns: (transfer full): a new action
 *
 * Since: 0.1
 */
GAction *
tst_store_create_value_action (TstStore           *self,
                               const char         *name,
                               const char         *value_id,
                               const GVariantType *type)
{
  g_return_val_if_fail (TST_IS_STORE (self), NULL);
  g_return_val_if_fail (tst_cell_place_is_id (value_id), NULL);
  g_return_val_if_fail (g_action_name_is_valid (name != NULL ? name : value_id), NULL);
  g_return_val_if_fail (type == NULL || is_state_type (type), NULL);

  return create_action (self, name != NULL ? name : value_id, NULL, NULL, value_id, type);
}
