/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (TSTORE_INSIDE) && !defined (TSTORE_COMPILATION)
# error "Only <libtstore/tstore.h> can be included directly."
#endif

#include <gio/gio.h>

#include "tst-store.h"

G_BEGIN_DECLS

TST_AVAILABLE_IN_0_1
GAction *tst_store_create_cell_action  (TstStore           *self,
                                        const char         *name,
                                        const char         *table_id,
                                        const char         *row_id,
                                        const char         *cell_id,
                                        const GVariantType *type) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
GAction *tst_store_create_value_action (TstStore           *self,
                                        const char         *name,
                                        const char         *value_id,
                                        const GVariantType *type) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
