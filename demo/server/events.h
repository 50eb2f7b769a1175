/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <libsoup/soup.h>

#include "documents.h"

G_BEGIN_DECLS

#define DEMO_EVENTS_TYPE "text/event-stream"

typedef struct _DemoEvents DemoEvents;

DemoEvents *demo_events_new     (DemoDocuments      *documents,
                                 guint               heartbeat,
                                 GError            **error) G_GNUC_WARN_UNUSED_RESULT;
void        demo_events_free    (DemoEvents         *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DemoEvents, demo_events_free)

void        demo_events_open    (DemoEvents         *self,
                                 SoupServerMessage  *message,
                                 const char         *name);
void        demo_events_changed (DemoEvents         *self,
                                 const char         *name);

G_END_DECLS
