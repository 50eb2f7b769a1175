/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* One HTTP request and its answer, with a bound to everything: how long it takes,
 * how large it is, and how often it is sent elsewhere. A status of any kind is an
 * answer and no error. */
typedef struct
{
  SoupSession        *session;
  const char         *method;        /* static or interned */
  GUri               *uri;
  SoupMessageHeaders *headers;       /* (nullable): of the request */
  GBytes             *body;          /* (nullable): makes it a save */
  guint               timeout;       /* ms; 0: never */
  guint64             max_size;      /* of what comes */
} TstHttpRequest;

typedef struct
{
  guint               status;
  char               *reason;
  SoupMessageHeaders *headers;
  GBytes             *body;          /* (nullable): of a GET that was answered with content */
  GUri               *uri;           /* where it came from */
} TstHttpReply;

void          tst_http_reply_free           (TstHttpReply          *reply);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TstHttpReply, tst_http_reply_free)

/* Copies what it needs. */
void          tst_http_exchange_async       (const TstHttpRequest  *request,
                                             GCancellable          *cancellable,
                                             GAsyncReadyCallback    callback,
                                             gpointer               user_data);
TstHttpReply *tst_http_exchange_finish      (GAsyncResult          *result,
                                             GError               **error);

/* A message as all of ours are: nothing is cached, and nothing is sent elsewhere
 * behind our back. */
SoupMessage  *tst_http_message_new          (const char            *method,
                                             GUri                  *uri,
                                             SoupMessageHeaders    *headers);

/* For `GET` and the like. */
gboolean      tst_http_reply_is_content     (const TstHttpReply    *reply);

G_END_DECLS
