/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-engine-private.h"
#include "tst-property-map-private.h"

G_BEGIN_DECLS

/* What an object has whose properties are cells, or keyed values. */

typedef struct _TstMapped TstMapped;

/* How the object reads and writes them. */
typedef struct
{
  const TstCell *(*peek_cell)   (GObject       *object,
                                 const char    *id);
  /* Takes over @cell */
  gboolean       (*write_cell)  (GObject       *object,
                                 const char    *id,
                                 TstCell       *cell);
  void           (*refuse_cell) (GObject       *object,
                                 const char    *id,
                                 const GError  *error);
} TstMappedFuncs;

TstMapped *tst_mapped_new           (GObject              *object,
                                     TstPropertyMap       *map,
                                     const TstMappedFuncs *funcs);
void       tst_mapped_free          (TstMapped            *self);

/* Writes what was set while the object could not be written to yet, in one transaction. */
void       tst_mapped_constructed   (TstMapped            *self,
                                     TstStore             *store);

/* Both serve any property that @object does not serve by itself; @self may be NULL. */
void       tst_mapped_get_property  (TstMapped            *self,
                                     GObject              *object,
                                     guint                 prop_id,
                                     GValue               *value,
                                     GParamSpec           *pspec);
void       tst_mapped_set_property  (TstMapped            *self,
                                     GObject              *object,
                                     guint                 prop_id,
                                     const GValue         *value,
                                     GParamSpec           *pspec);

/* (transfer full) (nullable): the value of a property that is mapped */
GValue    *tst_mapped_dup_value     (TstMapped            *self,
                                     const char           *property_name);

/* Notifies of the properties of a cell. The object must be held. */
void       tst_mapped_notify        (TstMapped            *self,
                                     const char           *id);

G_END_DECLS
