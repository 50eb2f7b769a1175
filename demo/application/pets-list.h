/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <libtstore/tstore.h>

G_BEGIN_DECLS

void  pets_list_print  (TstStore *store,
                        gboolean  with_ids);

G_END_DECLS
