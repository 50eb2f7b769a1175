/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (TSTORE_INSIDE) && !defined (TSTORE_COMPILATION)
# error "Only <libtstore/tstore.h> can be included directly."
#endif

#include "tst-schema.h"
#include "tst-store.h"

G_BEGIN_DECLS

TST_AVAILABLE_IN_0_1
TstSchema *tst_schema_new_from_json          (const char      *json,
                                              GError         **error) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
char      *tst_schema_to_json                (TstSchema       *self) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
char      *tst_cell_spec_get_default_json    (TstCellSpec     *self) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
gboolean   tst_cell_spec_set_default_json    (TstCellSpec     *self,
                                              const char      *json,
                                              GError         **error);
TST_AVAILABLE_IN_0_1
char      *tst_store_get_schema_json         (TstStore        *self) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
gboolean   tst_store_set_schema_json         (TstStore        *self,
                                              const char      *json,
                                              TstSchemaFlags   flags,
                                              GError         **error);

G_END_DECLS
