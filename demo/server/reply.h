/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

void       demo_reply_text      (SoupServerMessage *message,
                                 guint              status,
                                 const char        *text);
void       demo_reply_bytes     (SoupServerMessage *message,
                                 guint              status,
                                 const char        *type,
                                 GBytes            *bytes);
void       demo_reply_error     (SoupServerMessage *message,
                                 const GError      *error);

GIOStream *demo_reply_take_over (SoupServerMessage *message,
                                 guint              status,
                                 const char        *body) G_GNUC_WARN_UNUSED_RESULT;
gboolean   demo_reply_write_now (GIOStream         *stream,
                                 const char        *text);
void       demo_reply_at_once   (SoupServerMessage *message,
                                 guint              status,
                                 const char        *text);

G_END_DECLS
