/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-http-exchange-private.h"

#include <glib/gi18n-lib.h>

#include "tst-http-headers-private.h"
#include "tst-system-private.h"

/* As many addresses may follow each other. */
#define MAX_REDIRECTS 5

/* Of a body that nobody wants, such as the page that comes with an error, so much is
 * read, for the sake of the connection. */
#define MAX_UNWANTED 65536

#define CHUNK 65536

/* Somebody who sends a byte now and then keeps nobody waiting for ever: in each time
 * of the length of the timeout, so many bytes per second have to pass. */
#define MIN_BYTES_PER_S 100

typedef struct
{
  TstHttpRequest  request;
  GUri           *uri;            /* where it is sent now */
  guint           n_redirects;

  SoupMessage    *message;        /* (nullable): of this try */
  GInputStream   *stream;         /* (nullable) */
  GByteArray     *body;           /* (nullable): if it is wanted */
  guint64         n_read;

  GCancellable   *cancellable;    /* of this exchange alone */
  GCancellable   *outer;          /* (nullable): of who asked */
  gulong          outer_id;
  GSource        *timer;          /* (nullable) */
  guint64         n_passed;       /* since the timer began */
  gboolean        timed_out;
  gboolean        ended;          /* answered, perhaps before the session has */
} Exchange;

static void fail (GTask  *task,
                  GError *error);
static void send_message (GTask *task);
static void read_more (GTask *task);

void
tst_http_reply_free (TstHttpReply *reply)
{
  g_free (reply->reason);
  g_clear_pointer (&reply->headers, soup_message_headers_unref);
  g_clear_pointer (&reply->body, g_bytes_unref);
  g_clear_pointer (&reply->uri, g_uri_unref);
  g_free (reply);
}

gboolean
tst_http_reply_is_content (const TstHttpReply *reply)
{
  return reply->status == SOUP_STATUS_OK || reply->status == SOUP_STATUS_NON_AUTHORITATIVE ||
         reply->status == SOUP_STATUS_NO_CONTENT;
}

static void
exchange_free (gpointer data)
{
  Exchange *self = data;

  g_clear_object (&self->request.session);
  g_clear_pointer (&self->request.uri, g_uri_unref);
  g_clear_pointer (&self->request.headers, soup_message_headers_unref);
  g_clear_pointer (&self->request.body, g_bytes_unref);
  g_clear_pointer (&self->uri, g_uri_unref);
  g_clear_object (&self->message);
  g_clear_object (&self->stream);
  g_clear_pointer (&self->body, g_byte_array_unref);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->outer);
  g_assert (self->timer == NULL);
  g_free (self);
}

/* --- Time --- */

static void
stop_timer (Exchange *self)
{
  if (self->timer == NULL)
    return;

  g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

/* What waits for a connection in the queue of a session does not hear that it is cancelled
 * until it has one, and somebody else may keep all of them. So nobody waits for that; it
 * will not be sent then. */
static gboolean
timer_cb (gpointer user_data)
{
  g_autoptr(GTask) task = g_object_ref (user_data);
  Exchange *self = g_task_get_task_data (task);

  if (self->n_passed * 1000 >= (guint64) MIN_BYTES_PER_S * self->request.timeout &&
      self->n_passed > 0)
    {
      self->n_passed = 0;
      return G_SOURCE_CONTINUE;
    }

  stop_timer (self);
  self->timed_out = TRUE;
  g_cancellable_cancel (self->cancellable);
  if (self->stream == NULL && !self->ended)
    fail (g_object_ref (task), NULL);

  return G_SOURCE_REMOVE;
}

static void
start_timer (GTask *task)
{
  Exchange *self = g_task_get_task_data (task);

  if (self->request.timeout == 0)
    return;

  self->timer = tst_system->new_timeout (self->request.timeout);
  g_source_set_static_name (self->timer, "TstHttpExchange");
  g_source_set_callback (self->timer, timer_cb, task, NULL);
  g_source_attach (self->timer, g_main_context_get_thread_default ());
}

static void
wrote_data_cb (SoupMessage *message,
               guint        length,
               Exchange    *self)
{
  self->n_passed += length;
}

/* --- The end --- */

static void
outer_cancelled_cb (GCancellable *outer,
                    GCancellable *inner)
{
  g_cancellable_cancel (inner);
}

static void
closed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_input_stream_close_finish (G_INPUT_STREAM (object), result, NULL);
}

/* Without the cancellable, closing would wait for the rest of the body. */
static void
drop_stream (Exchange *self)
{
  g_autoptr(GInputStream) stream = g_steal_pointer (&self->stream);

  if (stream == NULL)
    return;

  g_cancellable_cancel (self->cancellable);
  g_input_stream_close_async (stream, G_PRIORITY_DEFAULT, self->cancellable, closed_cb, NULL);
}

static void
end (Exchange *self)
{
  self->ended = TRUE;
  stop_timer (self);
  if (self->message != NULL)
    g_signal_handlers_disconnect_by_data (self->message, self);
  if (self->outer_id != 0)
    g_cancellable_disconnect (self->outer, self->outer_id);
  self->outer_id = 0;
}

/* Takes over @task and @error, which may be NULL if it has timed out. */
static void
fail (GTask  *task,
      GError *error)
{
  Exchange *self = g_task_get_task_data (task);
  g_autoptr(GTask) owned = task;
  g_autofree char *shown = tst_http_show_uri (self->uri);

  end (self);
  drop_stream (self);

  if (self->timed_out)
    {
      g_clear_error (&error);
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                               _("%s: the server did not answer in time"), shown);
      return;
    }

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_prefix_error (&error, "%s: ", shown);
    }
  else if (!g_cancellable_is_cancelled (self->outer))
    {
      g_clear_error (&error);
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CLOSED,
                               _("%s: the session was aborted"), shown);
      return;
    }

  g_task_return_error (task, error);
}

static void
fail_too_large (GTask *task)
{
  Exchange *self = g_task_get_task_data (task);
  g_autofree char *limit = g_format_size (self->request.max_size);

  fail (task, g_error_new (G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE, _("more than %s"), limit));
}

static void
succeed (GTask *task)
{
  Exchange *self = g_task_get_task_data (task);
  g_autoptr(GTask) owned = task;
  TstHttpReply *reply = g_new0 (TstHttpReply, 1);

  end (self);

  reply->status = soup_message_get_status (self->message);
  reply->reason = g_strdup (soup_message_get_reason_phrase (self->message));
  reply->headers = soup_message_headers_ref (soup_message_get_response_headers (self->message));
  reply->uri = g_uri_ref (self->uri);
  if (self->body != NULL)
    reply->body = g_byte_array_free_to_bytes (g_steal_pointer (&self->body));

  g_task_return_pointer (task, reply, (GDestroyNotify) tst_http_reply_free);
}

/* --- Elsewhere --- */

/* A save stays one: what is called "see other" is not where to save to. */
static gboolean
is_to_be_followed (Exchange *self)
{
  guint status = soup_message_get_status (self->message);

  switch (status)
    {
    case SOUP_STATUS_MOVED_PERMANENTLY:
    case SOUP_STATUS_FOUND:
    case SOUP_STATUS_SEE_OTHER:
      return self->request.body == NULL;
    case SOUP_STATUS_TEMPORARY_REDIRECT:
    case SOUP_STATUS_PERMANENT_REDIRECT:
      return TRUE;
    default:
      return FALSE;
    }
}

static GUri *
find_location (Exchange  *self,
               GError   **error)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (self->message);
  const char *location = soup_message_headers_get_one (headers, "Location");
  g_autoptr(GUri) uri = NULL;

  if (++self->n_redirects > MAX_REDIRECTS)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                           _("the server sends elsewhere again and again"));
      return NULL;
    }

  if (location != NULL)
    uri = g_uri_parse_relative (self->uri, location, SOUP_HTTP_URI_FLAGS, NULL);
  if (uri == NULL || !tst_http_may_follow (self->uri, uri))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                           _("the server sends to an address that cannot be followed"));
      return NULL;
    }

  return g_steal_pointer (&uri);
}

static void
follow (GTask *task)
{
  Exchange *self = g_task_get_task_data (task);
  GError *error = NULL;
  GUri *uri = find_location (self, &error);

  if (uri == NULL)
    {
      fail (task, error);
      return;
    }

  g_uri_unref (self->uri);
  self->uri = uri;
  send_message (task);
}

/* --- Reading --- */

static void
body_ended (GTask *task)
{
  Exchange *self = g_task_get_task_data (task);

  g_clear_object (&self->stream);
  if (is_to_be_followed (self))
    follow (task);
  else
    succeed (task);
}

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  GTask *task = user_data;
  Exchange *self = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr(GBytes) bytes = g_input_stream_read_bytes_finish (self->stream, result, &error);
  guint64 limit = self->body != NULL ? self->request.max_size : MAX_UNWANTED;
  gsize length;

  if (bytes == NULL)
    {
      fail (task, error);
      return;
    }

  length = g_bytes_get_size (bytes);
  self->n_passed += length;
  self->n_read += length;
  if (length == 0)
    {
      body_ended (task);
      return;
    }

  if (self->n_read > limit && self->body != NULL)
    {
      fail_too_large (task);
      return;
    }

  if (self->body != NULL)
    g_byte_array_append (self->body, g_bytes_get_data (bytes, NULL), length);

  if (self->n_read <= limit)
    {
      read_more (task);
      return;
    }

  drop_stream (self);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  body_ended (task);
}

static void
read_more (GTask *task)
{
  Exchange *self = g_task_get_task_data (task);

  g_input_stream_read_bytes_async (self->stream, CHUNK, G_PRIORITY_DEFAULT, self->cancellable,
                                   read_cb, task);
}

static gboolean
is_too_large (Exchange *self)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (self->message);

  return soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH &&
         (guint64) soup_message_headers_get_content_length (headers) > self->request.max_size;
}

static void
sent_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  GTask *task = user_data;
  Exchange *self = g_task_get_task_data (task);
  GError *error = NULL;
  guint status;

  self->stream = soup_session_send_finish (SOUP_SESSION (object), result, &error);
  if (self->ended)
    {
      drop_stream (self);
      g_clear_error (&error);
      g_object_unref (task);
      return;
    }
  if (self->stream == NULL)
    {
      fail (task, error);
      return;
    }

  status = soup_message_get_status (self->message);
  self->n_read = 0;
  if (self->request.method == SOUP_METHOD_GET && SOUP_STATUS_IS_SUCCESSFUL (status))
    {
      if (is_too_large (self))
        {
          fail_too_large (task);
          return;
        }
      self->body = g_byte_array_new ();
    }

  read_more (task);
}

/* --- Sending --- */

static void
add_header (const char *name,
            const char *value,
            gpointer    user_data)
{
  soup_message_headers_append (user_data, name, value);
}

SoupMessage *
tst_http_message_new (const char         *method,
                      GUri               *uri,
                      SoupMessageHeaders *headers)
{
  SoupMessage *message = soup_message_new_from_uri (method, uri);
  SoupMessageHeaders *own = soup_message_get_request_headers (message);

  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  soup_message_disable_feature (message, SOUP_TYPE_CACHE);
  if (headers == NULL)
    return message;

  soup_message_headers_foreach (headers, add_header, own);
  if (soup_message_headers_get_one (own, "Accept-Encoding") != NULL)
    soup_message_disable_feature (message, SOUP_TYPE_CONTENT_DECODER);

  return message;
}

static void
send_message (GTask *task)
{
  Exchange *self = g_task_get_task_data (task);

  if (self->message != NULL)
    g_signal_handlers_disconnect_by_data (self->message, self);
  g_clear_object (&self->message);
  self->message = tst_http_message_new (self->request.method, self->uri, self->request.headers);

  if (self->request.body != NULL)
    {
      soup_message_set_request_body_from_bytes (self->message, "application/json",
                                                self->request.body);
      /* On a connection that the server closes just now, it would be sent a second time
       * or fail, and nobody knew whether the first one has arrived. */
      soup_message_add_flags (self->message, SOUP_MESSAGE_NEW_CONNECTION);
      g_signal_connect (self->message, "wrote-body-data", G_CALLBACK (wrote_data_cb), self);
    }

  soup_session_send_async (self->request.session, self->message, G_PRIORITY_DEFAULT,
                           self->cancellable, sent_cb, task);
}

static void
copy_request (TstHttpRequest       *to,
              const TstHttpRequest *from)
{
  *to = *from;
  to->method = g_intern_string (from->method);
  g_object_ref (to->session);
  g_uri_ref (to->uri);
  if (to->headers != NULL)
    soup_message_headers_ref (to->headers);
  if (to->body != NULL)
    g_bytes_ref (to->body);
}

void
tst_http_exchange_async (const TstHttpRequest *request,
                         GCancellable         *cancellable,
                         GAsyncReadyCallback   callback,
                         gpointer              user_data)
{
  GTask *task = g_task_new (NULL, NULL, callback, user_data);
  Exchange *self = g_new0 (Exchange, 1);

  g_task_set_source_tag (task, tst_http_exchange_async);
  g_task_set_task_data (task, self, exchange_free);

  copy_request (&self->request, request);
  self->uri = g_uri_ref (request->uri);
  self->cancellable = g_cancellable_new ();
  if (cancellable != NULL)
    {
      self->outer = g_object_ref (cancellable);
      self->outer_id = g_cancellable_connect (cancellable, G_CALLBACK (outer_cancelled_cb),
                                              g_object_ref (self->cancellable), g_object_unref);
    }

  start_timer (task);
  send_message (task);
}

TstHttpReply *
tst_http_exchange_finish (GAsyncResult  *result,
                          GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
