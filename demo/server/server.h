/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

#include "documents.h"

G_BEGIN_DECLS

typedef struct _DemoServer DemoServer;

DemoServer *demo_server_new     (DemoDocuments       *documents,
                                 guint                heartbeat,
                                 const char * const  *origins,
                                 GTlsCertificate     *certificate,
                                 GError             **error) G_GNUC_WARN_UNUSED_RESULT;
void        demo_server_free    (DemoServer          *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DemoServer, demo_server_free)

char       *demo_server_listen  (DemoServer          *self,
                                 guint                port,
                                 GError             **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
