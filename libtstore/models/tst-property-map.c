/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-property-map-private.h"

#include "tst-property-cell-private.h"

struct _TstPropertyMap
{
  GType           type;          /* whose map it is */
  gsize           offset;        /* of the pointer to it in the class struct */

  /* What was asked for */
  gboolean        all;
  TstCellNaming   naming;
  GHashTable     *ids;           /* of property names to ids, or to NULL for never */

  /* What came out */
  int             finished;      /* atomic: stores in several threads share classes */
  TstPropertyMap *parent;        /* (nullable) */
  GHashTable     *by_name;       /* of interned property names to TstMappedProperty, owned */
  GHashTable     *by_id;         /* of ids to the first of them */

  /* (nullable): those of the class, for what is not mapped */
  void          (*get_property)  (GObject      *object,
                                  guint         prop_id,
                                  GValue       *value,
                                  GParamSpec   *pspec);
  void          (*set_property)  (GObject      *object,
                                  guint         prop_id,
                                  const GValue *value,
                                  GParamSpec   *pspec);
};

/* --- Asking --- */

static void
free_property (gpointer data)
{
  TstMappedProperty *property = data;

  g_free (property->id);
  g_free (property);
}

/* GObject lets a class have properties only if it has functions for them. */
static void
ensure_functions (GObjectClass *klass,
                  GType         base)
{
  GObjectClass *base_class = g_type_class_peek (base);

  if (klass->get_property == NULL)
    klass->get_property = base_class->get_property;
  if (klass->set_property == NULL)
    klass->set_property = base_class->set_property;
}

static TstPropertyMap *
ensure_map (TstPropertyMap **map,
            GObjectClass    *klass)
{
  TstPropertyMap *self = *map;

  /* Class structs start as copies of their parent's. */
  if (self != NULL && self->type == G_OBJECT_CLASS_TYPE (klass))
    return self;

  self = g_new0 (TstPropertyMap, 1);
  self->type = G_OBJECT_CLASS_TYPE (klass);
  self->offset = (guint8 *) map - (guint8 *) klass;
  self->ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->by_name = g_hash_table_new_full (NULL, NULL, NULL, free_property);
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  g_atomic_pointer_set (map, self);

  return self;
}

void
tst_property_map_add_all (TstPropertyMap **map,
                          GObjectClass    *klass,
                          GType            base,
                          TstCellNaming    naming)
{
  TstPropertyMap *self = ensure_map (map, klass);

  g_return_if_fail (!g_atomic_int_get (&self->finished));

  ensure_functions (klass, base);
  self->all = TRUE;
  self->naming = naming;
}

void
tst_property_map_add (TstPropertyMap **map,
                      GObjectClass    *klass,
                      GType            base,
                      const char      *property_name,
                      const char      *id)
{
  TstPropertyMap *self = ensure_map (map, klass);

  g_return_if_fail (!g_atomic_int_get (&self->finished));

  ensure_functions (klass, base);
  g_hash_table_insert (self->ids, g_strdelimit (g_strdup (property_name), "_", '-'), g_strdup (id));
}

/* --- Finishing --- */

static char *
make_id (const char    *name,
         TstCellNaming  naming)
{
  GString *id;

  if (naming == TST_CELL_NAMING_AS_IS)
    return g_strdup (name);

  if (naming == TST_CELL_NAMING_SNAKE_CASE)
    return g_strdelimit (g_strdup (name), "-", '_');

  id = g_string_new (NULL);
  for (const char *c = name; *c != '\0'; c++)
    if (*c != '-')
      g_string_append_c (id, c > name && c[-1] == '-' ? g_ascii_toupper (*c) : *c);

  return g_string_free (id, FALSE);
}

static gboolean
is_cell_by_itself (GParamSpec *pspec)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_WRITABLE;

  return (pspec->flags & flags) == flags &&
         !(pspec->flags & G_PARAM_CONSTRUCT_ONLY) &&
         tst_property_is_storable (pspec);
}

/* (nullable) (transfer full): the id of the cell that a property is */
static char *
find_id (TstPropertyMap *self,
         GParamSpec     *pspec)
{
  const TstMappedProperty *inherited = NULL;
  gboolean own = pspec->owner_type == self->type;
  gpointer id;

  if (self->parent != NULL)
    inherited = tst_property_map_find (self->parent, pspec->name);

  if (g_hash_table_lookup_extended (self->ids, pspec->name, NULL, &id))
    {
      /* The functions of a parent serve what is not a cell there. */
      if (id == NULL || (tst_property_is_storable (pspec) && (own || inherited != NULL)))
        return g_strdup (id);

      g_critical ("The property %s:%s cannot be a cell", g_type_name (self->type), pspec->name);

      return NULL;
    }

  if (!own)
    return inherited ? g_strdup (inherited->id) : NULL;

  return self->all && is_cell_by_itself (pspec) ? make_id (pspec->name, self->naming) : NULL;
}

static void
take_property (TstPropertyMap *self,
               GParamSpec     *pspec,
               char           *id)
{
  TstMappedProperty *property = g_new0 (TstMappedProperty, 1);

  property->pspec = pspec;
  property->id = id;
  property->next = g_hash_table_lookup (self->by_id, id);

  /* The cell tells when it has changed, which is not always when it is set. */
  if (pspec->owner_type == self->type)
    pspec->flags |= G_PARAM_EXPLICIT_NOTIFY;

  g_hash_table_insert (self->by_name, (gpointer) pspec->name, property);
  g_hash_table_replace (self->by_id, id, property);
}

static void
check_names (TstPropertyMap *self,
             GObjectClass   *klass)
{
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, self->ids);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (g_object_class_find_property (klass, name) == NULL)
      g_critical ("The class %s has no property %s", g_type_name (self->type), (char *) name);
}

static void
collect_properties (TstPropertyMap *self,
                    GObjectClass   *klass,
                    GType           base)
{
  g_autofree GParamSpec **pspecs = NULL;
  guint n_pspecs;

  pspecs = g_object_class_list_properties (klass, &n_pspecs);
  for (guint i = 0; i < n_pspecs; i++)
    {
      char *id;

      if (g_type_is_a (base, pspecs[i]->owner_type))
        continue;

      id = find_id (self, pspecs[i]);
      if (id != NULL)
        take_property (self, pspecs[i], id);
    }

  check_names (self, klass);
}

/* From now on the functions of @base_class serve the properties; those of the class
 * are kept for what is not a cell. */
static void
serve_properties (TstPropertyMap *self,
                  GObjectClass   *klass,
                  GObjectClass   *base_class)
{
  if (klass->get_property != base_class->get_property)
    self->get_property = klass->get_property;
  if (klass->set_property != base_class->set_property)
    self->set_property = klass->set_property;

  klass->get_property = base_class->get_property;
  klass->set_property = base_class->set_property;
}

static TstPropertyMap *
finish (TstPropertyMap **map,
        GObjectClass    *klass,
        GType            base)
{
  TstPropertyMap *self = ensure_map (map, klass);
  GObjectClass *parent_class = g_type_class_peek_parent (klass);

  if (self->finished)
    return self;

  if (G_OBJECT_CLASS_TYPE (parent_class) != base)
    self->parent = finish (G_STRUCT_MEMBER_P (parent_class, self->offset), parent_class, base);

  collect_properties (self, klass, base);

  if (g_hash_table_size (self->by_name) > 0)
    serve_properties (self, klass, g_type_class_peek (base));

  g_atomic_int_set (&self->finished, TRUE);

  return self;
}

TstPropertyMap *
tst_property_map_finish (TstPropertyMap **map,
                         GObjectClass    *klass,
                         GType            base)
{
  static GMutex mutex;
  TstPropertyMap *self;

  if (G_OBJECT_CLASS_TYPE (klass) == base)
    return NULL;

  self = g_atomic_pointer_get (map);
  if (self == NULL || self->type != G_OBJECT_CLASS_TYPE (klass) || !g_atomic_int_get (&self->finished))
    {
      g_mutex_lock (&mutex);
      self = finish (map, klass, base);
      g_mutex_unlock (&mutex);
    }

  return g_hash_table_size (self->by_name) > 0 ? self : NULL;
}

/* --- Finding --- */

const TstMappedProperty *
tst_property_map_find (TstPropertyMap *self,
                       const char     *property_name)
{
  return g_hash_table_lookup (self->by_name, property_name);
}

const TstMappedProperty *
tst_property_map_find_id (TstPropertyMap *self,
                          const char     *id)
{
  return g_hash_table_lookup (self->by_id, id);
}

/* --- Properties that are not mapped --- */

/* The map of the class that has the property. For one of an interface, that is the
 * nearest class with functions. */
static TstPropertyMap *
find_owner (TstPropertyMap *self,
            GParamSpec     *pspec)
{
  TstPropertyMap *owner = self;

  while (owner->parent != NULL &&
         (G_TYPE_IS_INTERFACE (pspec->owner_type) ? owner->get_property == NULL
                                                  : owner->type != pspec->owner_type))
    owner = owner->parent;

  return owner;
}

void
tst_property_map_get_property (TstPropertyMap *self,
                               GObject        *object,
                               guint           prop_id,
                               GValue         *value,
                               GParamSpec     *pspec)
{
  TstPropertyMap *owner = find_owner (self, pspec);

  if (owner->get_property != NULL)
    owner->get_property (object, prop_id, value, pspec);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

void
tst_property_map_set_property (TstPropertyMap *self,
                               GObject        *object,
                               guint           prop_id,
                               const GValue   *value,
                               GParamSpec     *pspec)
{
  TstPropertyMap *owner = find_owner (self, pspec);

  if (owner->set_property != NULL)
    owner->set_property (object, prop_id, value, pspec);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}
