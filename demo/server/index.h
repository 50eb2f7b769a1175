/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <libsoup/soup.h>

#include "documents.h"

G_BEGIN_DECLS

void demo_index_reply (DemoDocuments     *documents,
                       SoupServerMessage *message);

G_END_DECLS
