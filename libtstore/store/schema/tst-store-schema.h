/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (TSTORE_INSIDE) && !defined (TSTORE_COMPILATION)
# error "Only <libtstore/tstore.h> can be included directly."
#endif

#include "tst-changes.h"
#include "tst-schema.h"
#include "tst-store.h"

G_BEGIN_DECLS

TST_AVAILABLE_IN_0_1
TstSchema  *tst_store_get_schema     (TstStore        *self);
TST_AVAILABLE_IN_0_1
gboolean    tst_store_set_schema     (TstStore        *self,
                                      TstSchema       *schema,
                                      TstSchemaFlags   flags,
                                      GError         **error);
TST_AVAILABLE_IN_0_1
TstChanges *tst_store_preview_schema (TstStore        *self,
                                      TstSchema       *schema) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
