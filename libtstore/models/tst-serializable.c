/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-serializable-private.h"

#include "tst-row.h"
#include "tst-store-json-node.h"
#include "tst-values.h"

/* To JSON-GLib the members of an object are its properties: so there is one of these
 * for each cell. Its value is a node. */
typedef struct
{
  GParamSpec  parent_instance;
  char       *id;  /* also the name, which may be anything here */
} CellSpec;

static void
cell_spec_finalize (GParamSpec *pspec)
{
  GParamSpecClass *parent_class = g_type_class_peek (g_type_parent (G_PARAM_SPEC_TYPE (pspec)));

  g_free (((CellSpec *) pspec)->id);

  parent_class->finalize (pspec);
}

static GType
cell_spec_get_type (void)
{
  static gsize type = 0;

  if (g_once_init_enter (&type))
    {
      const GParamSpecTypeInfo info = {
        .instance_size = sizeof (CellSpec),
        .value_type = JSON_TYPE_NODE,
        .finalize = cell_spec_finalize,
      };

      g_once_init_leave (&type, g_param_type_register_static ("TstCellParam", &info));
    }

  return type;
}

static GParamSpec *
cell_spec_new (const char *id)
{
  GParamSpec *pspec = g_param_spec_internal (cell_spec_get_type (), "cell", NULL, NULL,
                                             G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);

  /* Names of properties are interned, which live for ever. */
  pspec->name = ((CellSpec *) pspec)->id = g_strdup (id);

  return g_param_spec_ref_sink (pspec);
}

/* --- Cells --- */

static TstStore *
get_store (JsonSerializable *self)
{
  return TST_IS_ROW (self) ? tst_row_get_store (TST_ROW (self))
                           : tst_values_get_store (TST_VALUES (self));
}

static char **
get_ids (JsonSerializable *self)
{
  TstRow *row;

  if (!TST_IS_ROW (self))
    return tst_store_get_value_ids (get_store (self));

  row = TST_ROW (self);

  return tst_store_get_cell_ids (get_store (self), tst_row_get_table_id (row), tst_row_get_row_id (row));
}

static JsonNode *
get_node (JsonSerializable *self,
          const char       *id)
{
  TstRow *row;

  if (!TST_IS_ROW (self))
    return tst_store_get_value_json_node (get_store (self), id);

  row = TST_ROW (self);

  return tst_store_get_cell_json_node (get_store (self),
                                       tst_row_get_table_id (row), tst_row_get_row_id (row), id);
}

static void
set_node (JsonSerializable *self,
          const char       *id,
          JsonNode         *node)
{
  TstRow *row;

  /* What is refused is told to whoever listens for that. */
  if (!TST_IS_ROW (self))
    {
      tst_store_set_value_json_node (get_store (self), id, node, NULL);
      return;
    }

  row = TST_ROW (self);
  tst_store_set_cell_json_node (get_store (self),
                                tst_row_get_table_id (row), tst_row_get_row_id (row), id, node, NULL);
}

/* --- JsonSerializable --- */

static G_DEFINE_QUARK (tst-serializable-specs, specs)

/* JSON-GLib does not take over the param specs that it is given: the object keeps
 * them. */
static GParamSpec *
find_spec (JsonSerializable *self,
           const char       *id)
{
  GObject *object = G_OBJECT (self);
  GHashTable *specs = g_object_get_qdata (object, specs_quark ());
  GParamSpec *spec;

  if (specs == NULL)
    {
      specs = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_param_spec_unref);
      g_object_set_qdata_full (object, specs_quark (), specs, (GDestroyNotify) g_hash_table_unref);
    }

  spec = g_hash_table_lookup (specs, id);
  if (spec == NULL)
    {
      spec = cell_spec_new (id);
      g_hash_table_insert (specs, (gpointer) spec->name, spec);
    }

  return spec;
}

static GParamSpec *
find_property (JsonSerializable *self,
               const char       *name)
{
  /* JSON-GLib makes objects without any store. */
  return get_store (self) != NULL ? find_spec (self, name) : NULL;
}

static GParamSpec **
list_properties (JsonSerializable *self,
                 guint            *n_pspecs)
{
  g_auto(GStrv) ids = get_ids (self);
  GParamSpec **specs = g_new0 (GParamSpec *, g_strv_length (ids) + 1);

  for (*n_pspecs = 0; ids[*n_pspecs] != NULL; (*n_pspecs)++)
    specs[*n_pspecs] = find_spec (self, ids[*n_pspecs]);

  return specs;
}

static void
get_property (JsonSerializable *self,
              GParamSpec       *pspec,
              GValue           *value)
{
  g_value_take_boxed (value, get_node (self, pspec->name));
}

static void
set_property (JsonSerializable *self,
              GParamSpec       *pspec,
              const GValue     *value)
{
  set_node (self, pspec->name, g_value_get_boxed (value));
}

static JsonNode *
serialize_property (JsonSerializable *self,
                    const char       *name,
                    const GValue     *value,
                    GParamSpec       *pspec)
{
  return g_value_dup_boxed (value);
}

static gboolean
deserialize_property (JsonSerializable *self,
                      const char       *name,
                      GValue           *value,
                      GParamSpec       *pspec,
                      JsonNode         *node)
{
  g_value_set_boxed (value, node);

  return TRUE;
}

void
tst_serializable_init (JsonSerializableIface *iface)
{
  iface->find_property = find_property;
  iface->list_properties = list_properties;
  iface->get_property = get_property;
  iface->set_property = set_property;
  iface->serialize_property = serialize_property;
  iface->deserialize_property = deserialize_property;
}
