/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (TSTORE_INSIDE) && !defined (TSTORE_COMPILATION)
# error "Only <libtstore/tstore.h> can be included directly."
#endif

#include "tst-changes.h"
#include "tst-store.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

TST_AVAILABLE_IN_0_1
TstChanges *tst_changes_new_from_json_node    (JsonNode    *node,
                                               GError     **error) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
JsonNode   *tst_changes_to_json_node          (TstChanges  *self) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
gboolean    tst_store_apply_changes_json_node (TstStore    *self,
                                               JsonNode    *node,
                                               GError     **error);

G_END_DECLS
