/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-remote-private.h"

G_BEGIN_DECLS

/* Listens to the server's event stream, and connects again when it ends. */
typedef struct _TstEventStream TstEventStream;

/* etag NULL: it has just connected, and may have missed something. Must not free the
 * stream. */
typedef void (*TstEventStreamFunc) (const char *etag,
                                    gpointer    user_data);

/* NULL: the session has no connection to spare. */
TstEventStream *tst_event_stream_new        (TstRemote           *remote,
                                             TstEventStreamFunc   func,
                                             gpointer             user_data);
void            tst_event_stream_free       (TstEventStream      *self);
/* Whether events would be heard of. */
gboolean        tst_event_stream_is_alive   (TstEventStream      *self);
/* Does not wait any longer for the next try, but for the end of a pause that the server
 * has asked for. */
void            tst_event_stream_reconnect  (TstEventStream      *self);

G_END_DECLS
