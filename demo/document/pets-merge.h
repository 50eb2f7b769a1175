/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <libtstore/tstore.h>

G_BEGIN_DECLS

gboolean  pets_merge_json  (TstStore    *store,
                            const char  *json,
                            GError     **error);

G_END_DECLS
