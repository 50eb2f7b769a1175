/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-cell-place-private.h"

#include "tst-schema.h"
#include "tst-store-schema.h"

typedef struct
{
  TstCellPlaceFunc func;
  gpointer         user_data;
  GDestroyNotify   destroy;    /* (nullable) */
} Listener;

gboolean
tst_cell_place_is_id (const char *id)
{
  return id != NULL && g_utf8_validate (id, -1, NULL);
}

void
tst_cell_place_init (TstCellPlace *self,
                     TstStore     *store,
                     const char   *table_id,
                     const char   *row_id,
                     const char   *id)
{
  self->store = g_object_ref (store);
  self->table_id = g_strdup (table_id);
  self->row_id = g_strdup (row_id);
  self->id = g_strdup (id);
}

void
tst_cell_place_clear (TstCellPlace *self)
{
  g_clear_pointer (&self->table_id, g_free);
  g_clear_pointer (&self->row_id, g_free);
  g_clear_pointer (&self->id, g_free);
  g_clear_object (&self->store);
}

const TstCell *
tst_cell_place_peek (const TstCellPlace *self)
{
  if (self->table_id == NULL)
    return tst_store_peek_value (self->store, self->id);

  return tst_store_peek_cell (self->store, self->table_id, self->row_id, self->id);
}

gboolean
tst_cell_place_write (const TstCellPlace  *self,
                      TstCell             *cell,
                      GError             **error)
{
  if (self->table_id == NULL)
    return tst_store_write_value (self->store, self->id, cell, error);

  return tst_store_write_cell (self->store, self->table_id, self->row_id, self->id, cell, error);
}

TstCellTypes
tst_cell_place_get_types (const TstCellPlace *self)
{
  TstSchema *schema = tst_store_get_schema (self->store);
  TstCellSpec *spec = NULL;

  if (schema != NULL && self->table_id != NULL)
    spec = tst_schema_get_cell (schema, self->table_id, self->id);
  else if (schema != NULL)
    spec = tst_schema_get_value (schema, self->id);

  return spec != NULL ? tst_cell_spec_get_types (spec) : TST_CELL_TYPES_ANY;
}

/* --- Listening --- */

static void
listener_free (gpointer data)
{
  Listener *self = data;

  if (self->destroy != NULL)
    self->destroy (self->user_data);
  g_free (self);
}

static void
cell_cb (TstStore     *store,
         const char   *table_id,
         const char   *row_id,
         const char   *cell_id,
         const GValue *new_value,
         const GValue *old_value,
         gpointer      user_data)
{
  Listener *self = user_data;

  self->func (self->user_data);
}

static void
value_cb (TstStore     *store,
          const char   *value_id,
          const GValue *new_value,
          const GValue *old_value,
          gpointer      user_data)
{
  Listener *self = user_data;

  self->func (self->user_data);
}

gulong
tst_cell_place_listen (const TstCellPlace *self,
                       TstCellPlaceFunc    func,
                       gpointer            user_data,
                       GDestroyNotify      destroy)
{
  Listener *listener = g_new (Listener, 1);

  *listener = (Listener) { func, user_data, destroy };

  if (self->table_id == NULL)
    return tst_store_add_value_listener (self->store, self->id, TST_LISTENER_DEFAULT,
                                         value_cb, listener, listener_free);

  return tst_store_add_cell_listener (self->store, self->table_id, self->row_id, self->id,
                                      TST_LISTENER_DEFAULT, cell_cb, listener, listener_free);
}
