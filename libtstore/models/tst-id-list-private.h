/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-store-listeners.h"

G_BEGIN_DECLS

/* The ids in a list model, which follow those in a store, and their items, which are
 * made when they are asked for, and not held. For lists as short as those of tables
 * and keyed values are: it takes a walk to find what is removed. */

typedef struct _TstIdList TstIdList;

typedef struct
{
  char    **(*get_ids)      (TstStore         *store);
  gulong    (*add_listener) (TstStore         *store,
                             TstListenerFlags  flags,
                             TstIdsListener    listener,
                             gpointer          user_data,
                             GDestroyNotify    destroy);
  /* (transfer full) */
  GObject  *(*make_item)    (TstStore         *store,
                             const char       *id);
} TstIdListFuncs;

/* @model is not held; @n_items is its property. */
TstIdList *tst_id_list_new         (GListModel           *model,
                                    GParamSpec           *n_items,
                                    TstStore             *store,
                                    const TstIdListFuncs *funcs);
/* Hears of nothing any more. */
void       tst_id_list_stop        (TstIdList            *self);
void       tst_id_list_free        (TstIdList            *self);

guint      tst_id_list_get_n_items (TstIdList            *self);
gpointer   tst_id_list_get_item    (TstIdList            *self,
                                    guint                 position);

G_END_DECLS
