/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (TSTORE_INSIDE) && !defined (TSTORE_COMPILATION)
# error "Only <libtstore/tstore.h> can be included directly."
#endif

#include "tst-store.h"

G_BEGIN_DECLS

/**
 * TstBindFlags:
 * @TST_BIND_DEFAULT: both ways, as with `TST_BIND_GET` and `TST_BIND_SET`
 * @TST_BIND_GET: the property follows the store
 * @TST_BIND_SET: the store follows the property
 * @TST_BIND_GET_NO_CHANGES: the property takes what the store holds now, and does not follow it
 * @TST_BIND_INVERT_BOOLEAN: where one is true, the other is false
 *
 * How to bind a property to a store.
 *
 * Since: 0.1
 */
typedef enum /*< flags >*/
{
  TST_BIND_DEFAULT = 0,
  TST_BIND_GET = 1 << 0,
  TST_BIND_SET = 1 << 1,
  TST_BIND_GET_NO_CHANGES = 1 << 2,
  TST_BIND_INVERT_BOOLEAN = 1 << 3
} TstBindFlags;

typedef void (*TstBindMapping) (const GValue *from,
                                GValue       *to,
                                gpointer      user_data);

TST_AVAILABLE_IN_0_1
void tst_store_bind_cell                (TstStore       *self,
                                         const char     *table_id,
                                         const char     *row_id,
                                         const char     *cell_id,
                                         GObject        *object,
                                         const char     *property,
                                         TstBindFlags    flags);
TST_AVAILABLE_IN_0_1
void tst_store_bind_value               (TstStore       *self,
                                         const char     *value_id,
                                         GObject        *object,
                                         const char     *property,
                                         TstBindFlags    flags);
TST_AVAILABLE_IN_0_1
void tst_store_bind_cell_with_mapping   (TstStore       *self,
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
                                         GDestroyNotify  set_destroy);
TST_AVAILABLE_IN_0_1
void tst_store_bind_value_with_mapping  (TstStore       *self,
                                         const char     *value_id,
                                         GObject        *object,
                                         const char     *property,
                                         TstBindFlags    flags,
                                         TstBindMapping  get_mapping,
                                         gpointer        get_data,
                                         GDestroyNotify  get_destroy,
                                         TstBindMapping  set_mapping,
                                         gpointer        set_data,
                                         GDestroyNotify  set_destroy);
TST_AVAILABLE_IN_0_1
void tst_store_unbind                   (GObject        *object,
                                         const char     *property);

G_END_DECLS
