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

#define TST_TYPE_VALUES_MODEL (tst_values_model_get_type ())

TST_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (TstValuesModel, tst_values_model, TST, VALUES_MODEL, GObject)

TST_AVAILABLE_IN_0_1
TstValuesModel *tst_values_model_new       (TstStore       *store) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
TstStore       *tst_values_model_get_store (TstValuesModel *self);

G_END_DECLS
