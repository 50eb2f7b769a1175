/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <libsoup/soup.h>

#include "documents.h"
#include "events.h"

G_BEGIN_DECLS

void demo_handle_read   (DemoDocuments     *documents,
                         SoupServerMessage *message,
                         const char        *name);
void demo_handle_write  (DemoDocuments     *documents,
                         DemoEvents        *events,
                         SoupServerMessage *message,
                         const char        *name);
void demo_handle_delete (DemoDocuments     *documents,
                         DemoEvents        *events,
                         SoupServerMessage *message,
                         const char        *name);

G_END_DECLS
