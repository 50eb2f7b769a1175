/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-types.h"

G_BEGIN_DECLS

/* Which properties of a class are cells, or keyed values, and under which ids.
 *
 * Each class has a map of its own, in a field of its class struct that starts as
 * NULL, or as a copy of the parent's. What is asked for is written down while
 * the class is being made; the map is finished when the first object is. Like the
 * class, it stays. */

typedef struct _TstPropertyMap TstPropertyMap;

typedef struct _TstMappedProperty TstMappedProperty;

struct _TstMappedProperty
{
  GParamSpec        *pspec;   /* of the class */
  char              *id;      /* of the cell or value */
  TstMappedProperty *next;    /* (nullable): another property of that cell or value */
};

/* @klass comes from @base. Every property that the class itself has and that can be a cell, unless it is
 * asked for by name. */
void                     tst_property_map_add_all      (TstPropertyMap **map,
                                                        GObjectClass    *klass,
                                                        GType            base,
                                                        TstCellNaming    naming);
/* One; with @id NULL, never. */
void                     tst_property_map_add          (TstPropertyMap **map,
                                                        GObjectClass    *klass,
                                                        GType            base,
                                                        const char      *property_name,
                                                        const char      *id);

/* The finished map of @klass, which comes from @base; NULL if no property is mapped.
 *
 * Classes in Vala, Python and JavaScript have functions of their own that serve
 * properties. From now on those of @base are called instead. */
TstPropertyMap          *tst_property_map_finish       (TstPropertyMap **map,
                                                        GObjectClass    *klass,
                                                        GType            base);

/* @property_name must be the name of a param spec. */
const TstMappedProperty *tst_property_map_find         (TstPropertyMap  *self,
                                                        const char      *property_name);
/* The first property of a cell or value */
const TstMappedProperty *tst_property_map_find_id      (TstPropertyMap  *self,
                                                        const char      *id);

/* Serve a property that is not mapped as its class would have. */
void                     tst_property_map_get_property (TstPropertyMap  *self,
                                                        GObject         *object,
                                                        guint            prop_id,
                                                        GValue          *value,
                                                        GParamSpec      *pspec);
void                     tst_property_map_set_property (TstPropertyMap  *self,
                                                        GObject         *object,
                                                        guint            prop_id,
                                                        const GValue    *value,
                                                        GParamSpec      *pspec);

G_END_DECLS
