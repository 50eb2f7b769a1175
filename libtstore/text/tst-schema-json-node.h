/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (TSTORE_INSIDE) && !defined (TSTORE_COMPILATION)
# error "Only <libtstore/tstore.h> can be included directly."
#endif

#include "tst-schema.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

TST_AVAILABLE_IN_0_1
TstSchema *tst_schema_new_from_json_node (JsonNode   *node,
                                          GError    **error) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
JsonNode  *tst_schema_to_json_node       (TstSchema  *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
