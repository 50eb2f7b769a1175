/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-store-private.h"

G_BEGIN_DECLS

/* Variants of the parts of a store, into an engine. They may be of any type
 * and hold anything; what cannot be stored is an error, and then the engine
 * is good for nothing but being freed. */

/* (a{sa{sa{sv}}}a{sv}); both may be empty. */
gboolean  tst_variant_read_content (TstEngine        *engine,
                                    GVariant         *content,
                                    GError          **error);
/* a{sa{sa{sv}}}, which may be empty */
gboolean  tst_variant_read_tables  (TstEngine        *engine,
                                    GVariant         *tables,
                                    GError          **error);
/* a{sa{sv}}, which may not be empty. table_id must be valid. */
gboolean  tst_variant_read_table   (TstEngine        *engine,
                                    const char       *table_id,
                                    GVariant         *rows,
                                    GError          **error);

/* Whether it is of that type, and in normal form. @wanted: the type, for people */
gboolean  tst_variant_check_type   (GVariant           *variant,
                                    const GVariantType *type,
                                    const char         *wanted,
                                    GError            **error);
/* Always FALSE. */
gboolean  tst_variant_fail_twice   (const char         *id,
                                    GError            **error);

/* a{sv}: the cells of a row, or the values. May be empty. */
typedef struct
{
  TstNamedCell *cells;
  gsize         n_cells;
  GPtrArray    *ids;      /* of char*, owned */
} TstVariantCells;

gboolean  tst_variant_read_cells   (TstVariantCells  *self,
                                    GVariant         *variant,
                                    GError          **error);
void      tst_variant_cells_clear  (TstVariantCells  *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TstVariantCells, tst_variant_cells_clear)

G_END_DECLS
