/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-store-listeners.h"
#include "tst-store-private.h"

G_BEGIN_DECLS

/* Where something is in a store: a cell, or a keyed value. Holds the store. */
typedef struct
{
  TstStore *store;
  char     *table_id;  /* (nullable): NULL for a keyed value, as row_id */
  char     *row_id;    /* (nullable) */
  char     *id;
} TstCellPlace;

/* Whether it can be part of one. */
gboolean       tst_cell_place_is_id    (const char         *id);

/* Ids must be such. */
void           tst_cell_place_init     (TstCellPlace       *self,
                                        TstStore           *store,
                                        const char         *table_id,
                                        const char         *row_id,
                                        const char         *id);
void           tst_cell_place_clear    (TstCellPlace       *self);

/* Returns: (nullable): what is there, until the store is next written to */
const TstCell *tst_cell_place_peek     (const TstCellPlace *self);
/* Takes over @cell. */
gboolean       tst_cell_place_write    (const TstCellPlace *self,
                                        TstCell            *cell,
                                        GError            **error);
/* Which types the schema lets in; all of them without one. */
TstCellTypes   tst_cell_place_get_types (const TstCellPlace *self);

/* Called after each transaction that has changed it. */
typedef void (*TstCellPlaceFunc) (gpointer user_data);

gulong         tst_cell_place_listen   (const TstCellPlace *self,
                                        TstCellPlaceFunc    func,
                                        gpointer            user_data,
                                        GDestroyNotify      destroy);

G_END_DECLS
