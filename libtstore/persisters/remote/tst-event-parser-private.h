/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Reads server-sent events (text/event-stream) from bytes that come in any pieces. */
typedef struct _TstEventParser TstEventParser;

/* A line, and the data of an event, are at most so long. */
#define TST_EVENT_PARSER_MAX_BYTES 65536

/* Must not free the parser. */
typedef void (*TstEventFunc) (const char *type,
                              const char *data,
                              gpointer    user_data);

TstEventParser *tst_event_parser_new        (TstEventFunc     func,
                                             gpointer         user_data);
void            tst_event_parser_free       (TstEventParser  *parser);
/* Returns FALSE if this cannot be one: too long. Then nothing more can be fed. */
gboolean        tst_event_parser_feed       (TstEventParser  *parser,
                                             const char      *bytes,
                                             gsize            length);
/* How long to wait before connecting again, in milliseconds; -1: was not said. */
gint64          tst_event_parser_get_retry  (TstEventParser  *parser);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TstEventParser, tst_event_parser_free)

G_END_DECLS
