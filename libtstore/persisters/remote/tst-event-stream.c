/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-event-stream-private.h"

#include "tst-event-parser-private.h"
#include "tst-http-headers-private.h"
#include "tst-system-private.h"

/* Between two tries; the second one counts from what the server says or the first. */
#define RETRY_DEFAULT_MS 1000
#define RETRY_MIN_MS 100
#define RETRY_MAX_MS 60000

#define CHUNK 4096

struct _TstEventStream
{
  TstRemote          *remote;
  SoupSession        *session;
  TstEventStreamFunc  func;
  gpointer            user_data;
  GMainContext       *context;

  SoupMessage        *message;      /* (nullable): while connected, or about to be */
  GInputStream       *stream;       /* (nullable): while connected */
  GCancellable       *cancellable;  /* (nullable): of that connection */
  TstEventParser     *parser;       /* (nullable): of that connection */
  GSource            *timer;        /* (nullable): until connecting has failed, or until
                                     * the next try */
  gint64              retry;        /* as the server says, or -1 */
  guint               n_failures;   /* in a row */
  gboolean            over;         /* the server wants no more of it */
};

static void connect_to_server (TstEventStream *self);
static void read_more (TstEventStream *self);

/* A stream keeps its connection. If all that a session has to one server were taken by
 * streams, nothing could be loaded or saved any more. */
static guint *
get_n_streams (SoupSession *session)
{
  static GQuark quark;
  guint *n_streams;

  if (quark == 0)
    quark = g_quark_from_static_string ("tst-event-streams");

  n_streams = g_object_get_qdata (G_OBJECT (session), quark);
  if (n_streams == NULL)
    {
      n_streams = g_new0 (guint, 1);
      g_object_set_qdata_full (G_OBJECT (session), quark, n_streams, g_free);
    }

  return n_streams;
}

static void
stop_timer (TstEventStream *self)
{
  if (self->timer == NULL)
    return;

  g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

static void
start_timer (TstEventStream *self,
             guint           milliseconds,
             GSourceFunc     func)
{
  stop_timer (self);
  self->timer = tst_system->new_timeout (milliseconds);
  g_source_set_static_name (self->timer, "TstEventStream");
  g_source_set_callback (self->timer, func, self, NULL);
  g_source_attach (self->timer, self->context);
}

/* --- Trying again --- */

static void
closed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_input_stream_close_finish (G_INPUT_STREAM (object), result, NULL);
}

static void
disconnect (TstEventStream *self)
{
  stop_timer (self);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  if (self->stream != NULL)
    g_input_stream_close_async (self->stream, G_PRIORITY_DEFAULT, self->cancellable, closed_cb, NULL);

  g_clear_object (&self->cancellable);
  g_clear_object (&self->stream);
  g_clear_object (&self->message);
  g_clear_pointer (&self->parser, tst_event_parser_free);
}

static gboolean
retry_cb (gpointer user_data)
{
  TstEventStream *self = user_data;

  stop_timer (self);
  connect_to_server (self);

  return G_SOURCE_REMOVE;
}

static void
try_again_later (TstEventStream *self)
{
  gint64 delay = self->retry >= 0 ? self->retry : RETRY_DEFAULT_MS;

  disconnect (self);

  delay = CLAMP (delay, RETRY_MIN_MS, RETRY_MAX_MS) << MIN (self->n_failures, 10);
  delay = MIN (delay, RETRY_MAX_MS);
  delay = MAX (delay, tst_remote_get_pause (self->remote));
  self->n_failures++;
  /* Not all clients at the same moment. */
  start_timer (self, g_random_int_range (delay, delay * 5 / 4 + 1), retry_cb);

  /* Until then, it has to be asked as often as others. */
  tst_remote_tell (self->remote);
}

static gboolean
connecting_failed_cb (gpointer user_data)
{
  try_again_later (user_data);

  return G_SOURCE_REMOVE;
}

/* --- Events --- */

static void
event_cb (const char *type,
          const char *data,
          gpointer    user_data)
{
  TstEventStream *self = user_data;

  if (!g_str_equal (type, "changed") || !tst_http_etag_is_valid (data))
    return;

  self->func (data, self->user_data);
}

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (object), result,
                                                              &error);
  TstEventStream *self = user_data;

  /* Then the stream is gone, or connects again. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (bytes == NULL || g_bytes_get_size (bytes) == 0 ||
      !tst_event_parser_feed (self->parser, g_bytes_get_data (bytes, NULL),
                              g_bytes_get_size (bytes)))
    {
      try_again_later (self);
      return;
    }

  self->n_failures = 0;
  self->retry = tst_event_parser_get_retry (self->parser);
  read_more (self);
}

static void
read_more (TstEventStream *self)
{
  g_input_stream_read_bytes_async (self->stream, CHUNK, G_PRIORITY_DEFAULT, self->cancellable,
                                   read_cb, self);
}

/* --- Connecting --- */

static gboolean
is_event_stream (SoupMessage *message)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  const char *type = soup_message_headers_get_content_type (headers, NULL);

  return soup_message_get_status (message) == SOUP_STATUS_OK && type != NULL &&
         g_ascii_strcasecmp (type, "text/event-stream") == 0;
}

static void
connected (TstEventStream *self)
{
  guint status = soup_message_get_status (self->message);

  stop_timer (self);
  if (is_event_stream (self->message))
    {
      self->parser = tst_event_parser_new (event_cb, self);
      read_more (self);
      self->func (NULL, self->user_data);
      return;
    }

  tst_remote_learn (self->remote, status, soup_message_get_response_headers (self->message),
                    soup_message_get_uri (self->message), FALSE);
  if (status == SOUP_STATUS_NO_CONTENT)
    {
      self->over = TRUE;
      disconnect (self);
      return;
    }

  try_again_later (self);
}

static void
sent_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GInputStream) stream = soup_session_send_finish (SOUP_SESSION (object), result, &error);
  TstEventStream *self = user_data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (stream == NULL)
    {
      try_again_later (self);
      return;
    }

  self->stream = g_steal_pointer (&stream);
  connected (self);
}

static void
connect_to_server (TstEventStream *self)
{
  SoupMessageHeaders *headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);

  soup_message_headers_append (headers, "Accept", "text/event-stream");
  soup_message_headers_append (headers, "Accept-Encoding", "identity");
  soup_message_headers_append (headers, "Cache-Control", "no-cache");
  self->message = tst_http_message_new (SOUP_METHOD_GET, self->remote->event_uri, headers);
  soup_message_headers_unref (headers);

  self->cancellable = g_cancellable_new ();
  if (self->remote->timeout > 0)
    start_timer (self, self->remote->timeout, connecting_failed_cb);
  soup_session_send_async (self->session, self->message, G_PRIORITY_DEFAULT, self->cancellable,
                           sent_cb, self);
}

gboolean
tst_event_stream_is_alive (TstEventStream *self)
{
  return self->parser != NULL;
}

void
tst_event_stream_reconnect (TstEventStream *self)
{
  if (self->over || tst_remote_get_pause (self->remote) > 0)
    return;

  disconnect (self);
  self->n_failures = 0;
  connect_to_server (self);
}

TstEventStream *
tst_event_stream_new (TstRemote          *remote,
                      TstEventStreamFunc  func,
                      gpointer            user_data)
{
  SoupSession *session = tst_remote_get_session (remote);
  guint *n_streams = get_n_streams (session);
  TstEventStream *self;

  if (*n_streams + 1 >= soup_session_get_max_conns_per_host (session))
    return NULL;

  ++*n_streams;
  self = g_new0 (TstEventStream, 1);
  self->remote = tst_remote_ref (remote);
  self->session = g_object_ref (session);
  self->func = func;
  self->user_data = user_data;
  self->context = g_main_context_ref_thread_default ();
  self->retry = -1;
  connect_to_server (self);

  return self;
}

void
tst_event_stream_free (TstEventStream *self)
{
  --*get_n_streams (self->session);
  disconnect (self);
  g_object_unref (self->session);
  tst_remote_unref (self->remote);
  g_main_context_unref (self->context);
  g_free (self);
}
