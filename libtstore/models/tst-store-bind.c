/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-store-bind.h"

#include <string.h>

#include "tst-cell-place-private.h"
#include "tst-property-cell-private.h"
#include "tst-text-private.h"

/* A cell, or a keyed value, and a property of an object that follow each other. The object has
 * it as data under the name of the property, until it is finalized; the listener of
 * the store and the handler of the object hold it as well, so that it may end while
 * it is at work. */

typedef struct
{
  TstBindMapping func;       /* (nullable) */
  gpointer       user_data;
  GDestroyNotify destroy;    /* (nullable) */
} Mapping;

typedef struct
{
  int           ref_count;
  TstCellPlace  place;
  GObject      *object;      /* (nullable): not held; NULL when it has ended */
  GParamSpec   *pspec;
  TstBindFlags  flags;
  Mapping       get;
  Mapping       set;
  gulong        listener_id; /* of the store; 0 for none */
  gulong        end_id;      /* the same, while what was read or written may be rolled back */
  gulong        notify_id;   /* of the object; 0 for none */
  gboolean      running;     /* one of the two is being set */
  GValue        shown;       /* what the store set the property to, if nobody has set it since */
} Binding;

static Binding *
binding_ref (Binding *self)
{
  self->ref_count++;

  return self;
}

static void
clear_mapping (Mapping *mapping)
{
  GDestroyNotify destroy = g_steal_pointer (&mapping->destroy);

  if (destroy != NULL)
    destroy (mapping->user_data);
}

static void
binding_unref (gpointer data)
{
  Binding *self = data;

  if (--self->ref_count > 0)
    return;

  clear_mapping (&self->get);
  clear_mapping (&self->set);
  if (G_IS_VALUE (&self->shown))
    g_value_unset (&self->shown);
  g_param_spec_unref (self->pspec);
  tst_cell_place_clear (&self->place);
  g_free (self);
}

/* The object lets go of it: another one takes its place, or the object goes away. */
static void
binding_end (gpointer data)
{
  Binding *self = data;
  GObject *object = g_steal_pointer (&self->object);

  if (self->listener_id != 0)
    tst_store_remove_listener (self->place.store, self->listener_id);
  if (self->end_id != 0)
    tst_store_remove_listener (self->place.store, self->end_id);
  /* An object that goes away has no handlers any more. */
  if (self->notify_id != 0 && g_signal_handler_is_connected (object, self->notify_id))
    g_signal_handler_disconnect (object, self->notify_id);

  binding_unref (self);
}

/* --- From the store to the property --- */

/* Into a value of the type of the property. */
static gboolean
convert_mapped (Binding      *self,
                const GValue *mapped,
                GValue       *value)
{
  TstCell cell = TST_CELL_INIT;

  if (g_value_type_compatible (G_VALUE_TYPE (mapped), G_VALUE_TYPE (value)))
    {
      g_value_copy (mapped, value);
      return TRUE;
    }

  if (tst_property_is_storable (self->pspec) && tst_property_make_cell (mapped, &cell, NULL))
    {
      tst_property_read_cell (self->pspec, &cell, value);
      tst_cell_clear (&cell);
      return TRUE;
    }

  if (g_value_transform (mapped, value))
    return TRUE;

  g_critical ("A mapping function made a value of type %s for the property %s of type %s",
              G_VALUE_TYPE_NAME (mapped), self->pspec->name, G_VALUE_TYPE_NAME (value));
  return FALSE;
}

static gboolean
map_from_store (Binding *self,
                GValue  *value)
{
  GValue *from = tst_cell_dup_value (tst_cell_place_peek (&self->place));
  g_auto(GValue) mapped = G_VALUE_INIT;

  self->get.func (from, &mapped, self->get.user_data);
  if (from != NULL)
    g_boxed_free (G_TYPE_VALUE, from);

  return G_IS_VALUE (&mapped) && convert_mapped (self, &mapped, value);
}

/* Whether a boolean cell, which is what can be inverted. */
static gboolean
is_inverted (const Binding *self,
             const TstCell *cell)
{
  return (self->flags & TST_BIND_INVERT_BOOLEAN) &&
         tst_cell_peek_type (cell) == TST_CELL_TYPE_BOOLEAN;
}

static gboolean
read_from_store (Binding *self,
                 GValue  *value)
{
  const TstCell *cell;

  g_value_init (value, self->pspec->value_type);
  if (self->get.func != NULL)
    return map_from_store (self, value);

  cell = tst_cell_place_peek (&self->place);
  tst_property_read_cell (self->pspec, cell, value);
  if (is_inverted (self, cell))
    g_value_set_boolean (value, !g_value_get_boolean (value));

  return TRUE;
}

/* To set a text again would move the cursor in it. */
static gboolean
property_is (Binding      *self,
             GObject      *object,
             const GValue *value)
{
  g_auto(GValue) present = G_VALUE_INIT;

  if (!(self->pspec->flags & G_PARAM_READABLE))
    return FALSE;

  g_value_init (&present, self->pspec->value_type);
  g_object_get_property (object, self->pspec->name, &present);

  return g_param_values_cmp (self->pspec, &present, value) == 0;
}

static void
set_shown (Binding      *self,
           const GValue *value)
{
  if (G_IS_VALUE (&self->shown))
    g_value_unset (&self->shown);
  if (value == NULL)
    return;

  g_value_init (&self->shown, G_VALUE_TYPE (value));
  g_value_copy (value, &self->shown);
}

static void
set_property (Binding *self)
{
  GObject *object = self->object;
  g_auto(GValue) value = G_VALUE_INIT;

  /* A mapping function may end it. */
  if (!read_from_store (self, &value) || self->object == NULL)
    return;

  set_shown (self, &value);
  if (!property_is (self, object, &value))
    g_object_set_property (object, self->pspec->name, &value);
}

static void look_again_at_the_end (Binding *self);

static void
store_changed_cb (gpointer user_data)
{
  Binding *self = user_data;
  g_autoptr(GObject) object = NULL;

  if (self->running || self->object == NULL)
    return;

  binding_ref (self);
  object = g_object_ref (self->object);
  self->running = TRUE;
  set_property (self);
  self->running = FALSE;
  /* What was read may have been written by a listener, in a transaction that follows. */
  look_again_at_the_end (self);
  binding_unref (self);
}

static void
finished_cb (TstStore *store,
             gpointer  user_data)
{
  Binding *self;

  if (tst_store_is_unsettled (store))
    return;

  self = binding_ref (user_data);
  tst_store_remove_listener (store, self->end_id);
  self->end_id = 0;
  store_changed_cb (self);
  binding_unref (self);
}

/* A rollback tells nobody of what it takes back. */
static void
look_again_at_the_end (Binding *self)
{
  gboolean follows = (self->flags & TST_BIND_GET) && !(self->flags & TST_BIND_GET_NO_CHANGES);

  if (follows && self->end_id == 0 && self->object != NULL && tst_store_is_unsettled (self->place.store))
    self->end_id = tst_store_add_finished_listener (self->place.store, finished_cb,
                                                    binding_ref (self), binding_unref);
}

/* --- From the property to the store --- */

/* Text stands for something else in a cell that holds that, or may only hold it. */
static gboolean
read_text (Binding *self,
           TstCell *cell)
{
  TstCellType type = tst_cell_peek_type (tst_cell_place_peek (&self->place));
  TstCellTypes allowed = tst_cell_place_get_types (&self->place);
  TstCellTypes wanted = type > TST_CELL_TYPE_NULL ? 1u << type : allowed;
  const char *text = tst_cell_get_text (cell, NULL);
  TstCell parsed = TST_CELL_INIT;

  if (wanted & TST_CELL_TYPES_STRING)
    return TRUE;

  if (tst_json_read_cell (&parsed, text, strlen (text), NULL) &&
      (wanted & (1 << tst_cell_type (&parsed))))
    {
      tst_cell_clear (cell);
      *cell = parsed;
      return TRUE;
    }

  tst_cell_clear (&parsed);
  return allowed != TST_CELL_TYPES_ANY && (allowed & TST_CELL_TYPES_STRING);
}

static gboolean
map_to_store (Binding       *self,
              const GValue  *value,
              TstCell       *cell,
              GError       **error)
{
  g_auto(GValue) mapped = G_VALUE_INIT;

  self->set.func (value, &mapped, self->set.user_data);
  if (!G_IS_VALUE (&mapped))
    return FALSE;

  if (tst_property_make_cell (&mapped, cell, error))
    return TRUE;

  g_warning ("What a mapping function made of the property %s is not stored: %s",
             self->pspec->name, (*error)->message);
  return FALSE;
}

/* When a property is set by one who is told that it was set, as to take that back, then
 * GObject does not tell in the middle of telling, but begins anew. */
static gboolean
is_shown (Binding      *self,
          const GValue *value)
{
  if (!G_IS_VALUE (&self->shown))
    return FALSE;
  if (g_param_values_cmp (self->pspec, value, &self->shown) == 0)
    return TRUE;

  set_shown (self, NULL);
  return FALSE;
}

/* Returns: FALSE if there is nothing to be written, or with an error */
static gboolean
read_from_property (Binding  *self,
                    TstCell  *cell,
                    GError  **error)
{
  g_auto(GValue) value = G_VALUE_INIT;

  g_value_init (&value, self->pspec->value_type);
  g_object_get_property (self->object, self->pspec->name, &value);
  if (is_shown (self, &value))
    return FALSE;

  if (self->set.func != NULL)
    return map_to_store (self, &value, cell, error);

  if (!tst_property_make_cell (&value, cell, error))
    return FALSE;

  if (is_inverted (self, cell))
    tst_cell_init_boolean (cell, !tst_cell_get_boolean (cell));

  return !G_VALUE_HOLDS_STRING (&value) || tst_cell_type (cell) != TST_CELL_TYPE_STRING ||
         read_text (self, cell);
}

static gboolean
store_has (Binding       *self,
           const TstCell *cell)
{
  const TstCell *present = tst_cell_place_peek (&self->place);

  return present != NULL && tst_cell_equal (present, cell);
}

/* What was refused, or became something else, is taken back. */
static void
set_store (Binding *self)
{
  g_autoptr(GError) error = NULL;
  TstCell cell = TST_CELL_INIT;
  TstCell written;
  gboolean kept = FALSE;

  if (read_from_property (self, &cell, &error))
    {
      tst_cell_copy (&written, &cell);
      if (!store_has (self, &cell))
        tst_cell_place_write (&self->place, &cell, NULL);
      kept = store_has (self, &written);
      tst_cell_clear (&written);
    }
  else if (error == NULL)
    {
      kept = TRUE;
    }
  tst_cell_clear (&cell);

  if (!kept && self->object != NULL && (self->flags & TST_BIND_GET))
    set_property (self);
}

static void
property_changed_cb (GObject    *object,
                     GParamSpec *pspec,
                     gpointer    user_data)
{
  Binding *self = user_data;

  if (self->running || self->object == NULL)
    return;

  binding_ref (self);
  g_object_ref (object);
  self->running = TRUE;
  set_store (self);
  self->running = FALSE;
  look_again_at_the_end (self);
  g_object_unref (object);
  binding_unref (self);
}

/* --- Binding --- */

static GQuark
get_quark (const char *property)
{
  g_autofree char *name = g_strconcat ("tst-binding::", property, NULL);

  return g_quark_from_string (name);
}

static gboolean
check_access (GObject      *object,
              GParamSpec   *pspec,
              TstBindFlags  flags)
{
  const char *class_name = G_OBJECT_TYPE_NAME (object);

  if ((flags & TST_BIND_GET) &&
      (!(pspec->flags & G_PARAM_WRITABLE) || (pspec->flags & G_PARAM_CONSTRUCT_ONLY)))
    {
      g_critical ("The property %s of %s cannot be set", pspec->name, class_name);
      return FALSE;
    }
  if ((flags & TST_BIND_SET) && !(pspec->flags & G_PARAM_READABLE))
    {
      g_critical ("The property %s of %s cannot be read", pspec->name, class_name);
      return FALSE;
    }

  return TRUE;
}

static gboolean
check_type (GParamSpec   *pspec,
            TstBindFlags  flags,
            gboolean      mapped)
{
  if ((flags & TST_BIND_INVERT_BOOLEAN) && pspec->value_type != G_TYPE_BOOLEAN)
    {
      g_critical ("The property %s cannot be inverted, as it is no boolean", pspec->name);
      return FALSE;
    }
  if (!mapped && !tst_property_is_storable (pspec))
    {
      g_critical ("The property %s, of type %s, cannot be bound without mapping functions",
                  pspec->name, g_type_name (pspec->value_type));
      return FALSE;
    }

  return TRUE;
}

/* Whether all that is asked for is done by mapping functions. */
static gboolean
is_mapped (TstBindFlags   flags,
           const Mapping *get,
           const Mapping *set)
{
  return (!(flags & TST_BIND_GET) || get->func != NULL) &&
         (!(flags & TST_BIND_SET) || set->func != NULL);
}

static TstBindFlags
complete_flags (TstBindFlags flags)
{
  return flags & (TST_BIND_GET | TST_BIND_SET) ? flags : flags | TST_BIND_GET | TST_BIND_SET;
}

/* Takes over the mappings. */
static Binding *
binding_new (TstCellPlace *place,
             GObject      *object,
             GParamSpec   *pspec,
             TstBindFlags  flags,
             Mapping      *get,
             Mapping      *set)
{
  Binding *self = g_new0 (Binding, 1);

  *self = (Binding) {
    .ref_count = 1,
    .place = *place,
    .object = object,
    .pspec = g_param_spec_ref (pspec),
    .flags = flags,
    .get = *get,
    .set = *set,
  };
  *get = *set = (Mapping) { NULL };

  return self;
}

static void
binding_begin (Binding *self)
{
  binding_ref (self);

  /* One that it replaces ends. */
  g_object_set_qdata_full (self->object, get_quark (self->pspec->name), self, binding_end);

  if (self->flags & TST_BIND_SET)
    {
      g_autofree char *signal = g_strconcat ("notify::", self->pspec->name, NULL);

      self->notify_id = g_signal_connect_data (self->object, signal, G_CALLBACK (property_changed_cb),
                                               binding_ref (self), (GClosureNotify) binding_unref, 0);
    }
  if (self->flags & TST_BIND_GET && !(self->flags & TST_BIND_GET_NO_CHANGES))
    self->listener_id = tst_cell_place_listen (&self->place, store_changed_cb,
                                               binding_ref (self), binding_unref);
  if (self->flags & TST_BIND_GET)
    store_changed_cb (self);
  look_again_at_the_end (self);

  binding_unref (self);
}

static void
bind_place (TstStore     *store,
            const char   *table_id,
            const char   *row_id,
            const char   *id,
            GObject      *object,
            const char   *property,
            TstBindFlags  flags,
            Mapping       get,
            Mapping       set)
{
  GParamSpec *pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (object), property);
  TstCellPlace place;

  flags = complete_flags (flags);
  if (pspec == NULL)
    {
      g_critical ("%s has no property %s", G_OBJECT_TYPE_NAME (object), property);
    }
  else if (check_access (object, pspec, flags) &&
           check_type (pspec, flags, is_mapped (flags, &get, &set)))
    {
      tst_cell_place_init (&place, store, table_id, row_id, id);
      binding_begin (binding_new (&place, object, pspec, flags, &get, &set));
    }

  clear_mapping (&get);
  clear_mapping (&set);
}

/**
 * TstBindMapping:
 * @from: (nullable): what there is: in the store, where `NULL` is for a cell that is not there; or in
 *   the property
 * @to: (out caller-allocates): what is to be set: all zeros, to be initialized; nothing is
 *   set if it is not
 * @user_data: the data given with the function
 *
 * Makes the value of a property of a cell, or the other way around.
 *
 * What it makes need not have the type of the property, if it can be converted.
 *
 * In Python and JavaScript it takes a value and returns one.
 *
 * Since: 0.1
 */

/**
 * tst_store_bind_cell:
 * @self: a store
 * @table_id: the id of the table
 * @row_id: the id of the row
 * @cell_id: the id of the cell
 * @object: an object
 * @property: the name of a property
 * @flags: how to bind them
 *
 * Binds a property of an object to a cell, so that they follow each other.
 *
 * The property takes what the cell holds at once; and again after each transaction that
 * has changed it, whoever made that. When the property is notified, the cell is set. If
 * there is no such row, that makes it. With `TST_BIND_SET` alone the property stays
 * as it is, and the cell too until the property changes.
 *
 * ```c
 * g_autoptr(GSimpleAction) sell = g_simple_action_new ("sell", NULL);
 *
 * tst_store_bind_cell (store, "pets", "fido", "forSale", G_OBJECT (sell), "enabled", TST_BIND_GET);
 * ```
 *
 * Properties of these types can be bound: numbers of any kind, strings, booleans, enumerations and
 * flags (which are stored as their nicks), lists of strings (as a JSON array), and
 * [struct@GLib.DateTime]. Where the cell is missing, or null, or holds something that the property
 * cannot, the property gets its default value. A property that is a string shows a number as text; and as long as
 * the cell holds a number, or may only hold one by the schema, text that is
 * one becomes a number, and other text is not stored.
 *
 * If the store refuses a value, or makes something else of it, the property is set to what
 * the store holds.
 *
 * The binding lives as long as the object does, and holds the store. Another binding of
 * the same property, and [func@Store.unbind], end it.
 *
 * Since: 0.1
 */
void
tst_store_bind_cell (TstStore     *self,
                     const char   *table_id,
                     const char   *row_id,
                     const char   *cell_id,
                     GObject      *object,
                     const char   *property,
                     TstBindFlags  flags)
{
  tst_store_bind_cell_with_mapping (self, table_id, row_id, cell_id, object, property, flags,
                                    NULL, NULL, NULL, NULL, NULL, NULL);
}

/**
 * tst_store_bind_value:
 * @self: a store
 * @value_id: the id of the value
 * @object: an object
 * @property: the name of a property
 * @flags: how to bind them
 *
 * Binds a property of an object to a keyed value, as [method@Store.bind_cell]
 * does to a cell.
 *
 * Since: 0.1
 */
void
tst_store_bind_value (TstStore     *self,
                      const char   *value_id,
                      GObject      *object,
                      const char   *property,
                      TstBindFlags  flags)
{
  tst_store_bind_value_with_mapping (self, value_id, object, property, flags,
                                     NULL, NULL, NULL, NULL, NULL, NULL);
}

/**
 * tst_store_bind_cell_with_mapping:
 * @self: a store
 * @table_id: the id of the table
 * @row_id: the id of the row
 * @cell_id: the id of the cell
 * @object: an object
 * @property: the name of a property
 * @flags: how to bind them
 * @get_mapping: (nullable) (scope notified) (closure get_data) (destroy get_destroy): makes the
 *   value of the property; `NULL` to do without
 * @get_data: data for @get_mapping
 * @get_destroy: (nullable): frees @get_data
 * @set_mapping: (nullable) (scope notified) (closure set_data) (destroy set_destroy): makes the
 *   cell; `NULL` to do without
 * @set_data: data for @set_mapping
 * @set_destroy: (nullable): frees @set_data
 *
 * Binds a property of an object to a cell, as [method@Store.bind_cell] does, by
 * way of functions. With them, a property of any type can be bound.
 *
 * Since: 0.1
 */
void
tst_store_bind_cell_with_mapping (TstStore       *self,
                                  const char     *table_id,
                                  const char     *row_id,
                                  const char     *cell_id,
                                  GObject        *object,
                                  const char     *property,
                                  TstBindFlags    flags,
                                  TstBindMapping  get_mapping,
                                  gpointer        get_data,
                                  GDestroyNotify  get_destroy,
                                  TstBindMapping  set_mapping,
                                  gpointer        set_data,
                                  GDestroyNotify  set_destroy)
{
  g_return_if_fail (TST_IS_STORE (self));
  g_return_if_fail (tst_cell_place_is_id (table_id));
  g_return_if_fail (tst_cell_place_is_id (row_id));
  g_return_if_fail (tst_cell_place_is_id (cell_id));
  g_return_if_fail (G_IS_OBJECT (object));
  g_return_if_fail (property != NULL);

  bind_place (self, table_id, row_id, cell_id, object, property, flags,
              (Mapping) { get_mapping, get_data, get_destroy },
              (Mapping) { set_mapping, set_data, set_destroy });
}

/**
 * tst_store_bind_value_with_mapping:
 * @self: a store
 * @value_id: the id of the value
 * @object: an object
 * @property: the name of a property
 * @flags: how to bind them
 * @get_mapping: (nullable) (scope notified) (closure get_data) (destroy get_destroy): makes the
 *   value of the property; `NULL` to do without
 * @get_data: data for @get_mapping
 * @get_destroy: (nullable): frees @get_data
 * @set_mapping: (nullable) (scope notified) (closure set_data) (destroy set_destroy): makes the
 *   value in the store; `NULL` to do without
 * @set_data: data for @set_mapping
 * @set_destroy: (nullable): frees @set_data
 *
 * Binds a property of an object to a keyed value, as [method@Store.bind_value] does,
 * by way of functions. With them, a property of any type can be bound.
 *
 * Since: 0.1
 */
void
tst_store_bind_value_with_mapping (TstStore       *self,
                                   const char     *value_id,
                                   GObject        *object,
                                   const char     *property,
                                   TstBindFlags    flags,
                                   TstBindMapping  get_mapping,
                                   gpointer        get_data,
                                   GDestroyNotify  get_destroy,
                                   TstBindMapping  set_mapping,
                                   gpointer        set_data,
                                   GDestroyNotify  set_destroy)
{
  g_return_if_fail (TST_IS_STORE (self));
  g_return_if_fail (tst_cell_place_is_id (value_id));
  g_return_if_fail (G_IS_OBJECT (object));
  g_return_if_fail (property != NULL);

  bind_place (self, NULL, NULL, value_id, object, property, flags,
              (Mapping) { get_mapping, get_data, get_destroy },
              (Mapping) { set_mapping, set_data, set_destroy });
}

/**
 * tst_store_unbind:
 * @object: an object
 * @property: the name of a property
 *
 * Ends the binding of a property to whatever store.
 *
 * The property keeps its value. Does nothing if it is not bound.
 *
 * Since: 0.1
 */
void
tst_store_unbind (GObject    *object,
                  const char *property)
{
  GParamSpec *pspec;

  g_return_if_fail (G_IS_OBJECT (object));
  g_return_if_fail (property != NULL);

  pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (object), property);
  if (pspec != NULL)
    g_object_set_qdata (object, get_quark (pspec->name), NULL);
}
