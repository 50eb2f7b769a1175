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

/* One connection, from when it is asked for. Each answer that is waited for holds it. */
typedef struct
{
  TstEventStream *owner;        /* (nullable): not owned; NULL once it was given up */
  SoupMessage    *message;
  GCancellable   *cancellable;
  GInputStream   *stream;       /* (nullable): until the server has answered */
  TstEventParser *parser;       /* (nullable): until that was an event stream */
} Connection;

struct _TstEventStream
{
  TstRemote          *remote;
  SoupSession        *session;
  TstEventStreamFunc  func;
  gpointer            user_data;
  GMainContext       *context;

  Connection         *connection;   /* (nullable) */
  GSource            *timer;        /* (nullable): until connecting has failed, or until
                                     * the next try */
  gint64              retry;        /* as the server says, or -1 */
  guint               n_failures;   /* in a row */
  gboolean            over;         /* the server wants no more of it */
};

static void connect_to_server (TstEventStream *self);
static void read_more (Connection *connection);

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
connection_clear (gpointer data)
{
  Connection *connection = data;

  g_clear_object (&connection->message);
  g_clear_object (&connection->cancellable);
  g_clear_object (&connection->stream);
  g_clear_pointer (&connection->parser, tst_event_parser_free);
}

static void
connection_unref (Connection *connection)
{
  g_rc_box_release_full (connection, connection_clear);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Connection, connection_unref)

static void
disconnect (TstEventStream *self)
{
  g_autoptr(Connection) connection = g_steal_pointer (&self->connection);

  stop_timer (self);
  if (connection == NULL)
    return;

  connection->owner = NULL;
  g_cancellable_cancel (connection->cancellable);
  if (connection->stream != NULL)
    g_input_stream_close_async (connection->stream, G_PRIORITY_DEFAULT, connection->cancellable,
                                closed_cb, NULL);
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
start_retry (TstEventStream *self,
             guint           milliseconds)
{
  /* Not all clients at the same moment. */
  start_timer (self, g_random_int_range (milliseconds, milliseconds * 5 / 4 + 1), retry_cb);
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
  start_retry (self, delay);

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
  g_autoptr(Connection) connection = user_data;
  g_autoptr(GBytes) bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (object), result, NULL);
  TstEventStream *self = connection->owner;
  gboolean fed;

  if (self == NULL)
    return;

  fed = bytes != NULL && g_bytes_get_size (bytes) > 0 &&
        tst_event_parser_feed (connection->parser, g_bytes_get_data (bytes, NULL),
                               g_bytes_get_size (bytes));
  if (connection->owner == NULL)
    return;

  /* Also if whoever has the session has aborted what was under way; but nothing wakes a
   * read that waits then: it ends with the next byte that comes. */
  if (!fed)
    {
      try_again_later (self);
      return;
    }

  self->n_failures = 0;
  self->retry = tst_event_parser_get_retry (connection->parser);
  read_more (connection);
}

static void
read_more (Connection *connection)
{
  g_input_stream_read_bytes_async (connection->stream, CHUNK, G_PRIORITY_DEFAULT,
                                   connection->cancellable, read_cb,
                                   g_rc_box_acquire (connection));
}

/* --- Connecting --- */

/* Among the others of one HTTP/2 connection, libsoup 3.2 does not tell who reads a body that
 * the connection is dead or that its stream was reset, and tells of an answer only with
 * its first data. So a stream has a connection of its own, which is one of HTTP/1.1. */
static void
network_event_cb (SoupMessage        *message,
                  GSocketClientEvent  event,
                  GIOStream          *connection,
                  gpointer            user_data)
{
  static const char *const protocols[] = { "http/1.1", NULL };

  if (event == G_SOCKET_CLIENT_TLS_HANDSHAKING && G_IS_TLS_CONNECTION (connection))
    g_tls_connection_set_advertised_protocols (G_TLS_CONNECTION (connection), protocols);
}

static gboolean
is_event_stream (SoupMessage *message)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  const char *type = soup_message_headers_get_content_type (headers, NULL);

  return soup_message_get_status (message) == SOUP_STATUS_OK && type != NULL &&
         g_ascii_strcasecmp (type, "text/event-stream") == 0;
}

static void
connected (Connection *connection)
{
  TstEventStream *self = connection->owner;
  guint status = soup_message_get_status (connection->message);

  stop_timer (self);
  if (is_event_stream (connection->message))
    {
      connection->parser = tst_event_parser_new (event_cb, self);
      read_more (connection);
      self->func (NULL, self->user_data);
      return;
    }

  tst_remote_learn (self->remote, status, soup_message_get_response_headers (connection->message),
                    soup_message_get_uri (connection->message), FALSE);
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
  g_autoptr(Connection) connection = user_data;

  connection->stream = soup_session_send_finish (SOUP_SESSION (object), result, NULL);
  if (connection->owner == NULL)
    return;

  if (connection->stream != NULL)
    connected (connection);
  else
    try_again_later (connection->owner);
}

static void
connect_to_server (TstEventStream *self)
{
  SoupMessageHeaders *headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  Connection *connection = g_rc_box_new0 (Connection);

  soup_message_headers_append (headers, "Accept", "text/event-stream");
  soup_message_headers_append (headers, "Accept-Encoding", "identity");
  soup_message_headers_append (headers, "Cache-Control", "no-cache");
  connection->owner = self;
  connection->message = tst_http_message_new (SOUP_METHOD_GET, self->remote->event_uri, headers);
  connection->cancellable = g_cancellable_new ();
  soup_message_headers_unref (headers);
  soup_message_add_flags (connection->message, SOUP_MESSAGE_NEW_CONNECTION);
  g_signal_connect (connection->message, "network-event", G_CALLBACK (network_event_cb), NULL);

  self->connection = connection;
  if (self->remote->timeout > 0)
    start_timer (self, self->remote->timeout, connecting_failed_cb);
  soup_session_send_async (self->session, connection->message, G_PRIORITY_DEFAULT,
                           connection->cancellable, sent_cb, g_rc_box_acquire (connection));
}

gboolean
tst_event_stream_is_alive (TstEventStream *self)
{
  return self->connection != NULL && self->connection->parser != NULL;
}

void
tst_event_stream_reconnect (TstEventStream *self)
{
  guint pause = tst_remote_get_pause (self->remote);

  if (self->over)
    return;

  disconnect (self);
  self->n_failures = 0;
  if (pause > 0)
    start_retry (self, pause);
  else
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
