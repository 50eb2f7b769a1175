/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* What single headers and statuses mean. Pure functions. */

/* Nobody is waited for longer than this, whatever they ask for. */
#define TST_HTTP_MAX_RETRY_AFTER_S 3600

/* Seconds to wait from @now (of the calendar, in seconds) on; 0 if there is nothing
 * of that kind in @value. */
guint     tst_http_parse_retry_after    (const char  *value,
                                         gint64       now);

/* The address of an event stream that a Link header tells of, or NULL. */
GUri     *tst_http_find_event_stream    (const char  *links,
                                         GUri        *base);

/* Whether one may be sent from @from to @to: nowhere but to HTTP, and not from
 * something that is encrypted to something that is not. */
gboolean  tst_http_may_follow           (GUri        *from,
                                         GUri        *to);

/* How to show an address to somebody. */
char     *tst_http_show_uri             (GUri        *uri);

/* A status that is no success. */
GError   *tst_http_error_new            (GUri        *uri,
                                         guint        status,
                                         const char  *reason);

G_END_DECLS
