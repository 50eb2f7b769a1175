/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "reply.h"

#include <string.h>

#define TEXT_TYPE "text/plain; charset=utf-8"

/* --- Plain replies --- */

void
demo_reply_bytes (SoupServerMessage *message,
                  guint              status,
                  const char        *type,
                  GBytes            *bytes)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  SoupMessageBody *body = soup_server_message_get_response_body (message);

  soup_server_message_set_status (message, status, NULL);
  soup_message_headers_set_content_type (headers, type, NULL);
  if (g_bytes_get_size (bytes) > 0)
    soup_message_body_append_bytes (body, bytes);
}

void
demo_reply_text (SoupServerMessage *message,
                 guint              status,
                 const char        *text)
{
  char *line = g_strconcat (text, "\n", NULL);
  g_autoptr(GBytes) bytes = g_bytes_new_take (line, strlen (line));

  demo_reply_bytes (message, status, TEXT_TYPE, bytes);
}

static guint
get_status_of (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE) ||
      g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOSPC))
    return SOUP_STATUS_INSUFFICIENT_STORAGE;

  if (error->domain != G_IO_ERROR)
    return SOUP_STATUS_INTERNAL_SERVER_ERROR;

  switch (error->code)
    {
    case G_IO_ERROR_BUSY:
      return SOUP_STATUS_SERVICE_UNAVAILABLE;
    case G_IO_ERROR_INVALID_DATA:
    case G_IO_ERROR_PARTIAL_INPUT:
      return SOUP_STATUS_BAD_REQUEST;
    case G_IO_ERROR_MESSAGE_TOO_LARGE:
      return SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE;
    case G_IO_ERROR_NOT_REGULAR_FILE:
      return SOUP_STATUS_CONFLICT;
    case G_IO_ERROR_PERMISSION_DENIED:
      return SOUP_STATUS_FORBIDDEN;
    default:
      return SOUP_STATUS_INTERNAL_SERVER_ERROR;
    }
}

void
demo_reply_error (SoupServerMessage *message,
                  const GError      *error)
{
  guint status = get_status_of (error);

  if (status == SOUP_STATUS_SERVICE_UNAVAILABLE)
    soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                  "Retry-After", "1");

  demo_reply_text (message, status, error->message);
}

/* --- Replies without libsoup --- */

/* For what is little enough to go into an empty buffer of the system. */
gboolean
demo_reply_write_now (GIOStream  *stream,
                      const char *text)
{
  GOutputStream *output = g_io_stream_get_output_stream (stream);
  gssize length = strlen (text);

  return g_pollable_output_stream_write_nonblocking (G_POLLABLE_OUTPUT_STREAM (output),
                                                     text, length, NULL, NULL) == length;
}

/*
 * demo_reply_take_over:
 * @message: a message, which is not replied to yet
 * @status: the status
 * @body: the body, or its beginning
 *
 * Takes the connection away from libsoup, and writes a reply to it, with
 * the headers that the message has.
 *
 * Returns: (nullable): the connection, or NULL if it is gone
 */
GIOStream *
demo_reply_take_over (SoupServerMessage *message,
                      guint              status,
                      const char        *body)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GIOStream) stream = NULL;
  SoupMessageHeadersIter iter;
  const char *name, *value;

  g_string_printf (text, "HTTP/1.1 %u %s\r\n", status, soup_status_get_phrase (status));
  soup_message_headers_iter_init (&iter, headers);
  while (soup_message_headers_iter_next (&iter, &name, &value))
    g_string_append_printf (text, "%s: %s\r\n", name, value);
  g_string_append_printf (text, "\r\n%s", body);

  stream = soup_server_message_steal_connection (message);
  if (stream == NULL || demo_reply_write_now (stream, text->str))
    return g_steal_pointer (&stream);

  g_io_stream_close (stream, NULL, NULL);

  return NULL;
}

/* --- Replies that do not wait for the end of the request --- */

/* If a connection is closed while there is something to read from it, the system
 * tells the other side, which then forgets the reply that it has not read yet.
 * So some of what still comes is read, and thrown away. */
#define MAX_THROWN_AWAY (64 * 1024 * 1024)
#define MAX_SECONDS_OF_SILENCE 5

typedef struct
{
  GIOStream *stream;
  GSocket   *socket;
  gsize      n_bytes;
} Closing;

static void
closing_free (gpointer data)
{
  Closing *closing = data;

  g_io_stream_close (closing->stream, NULL, NULL);
  g_socket_close (closing->socket, NULL);
  g_object_unref (closing->stream);
  g_object_unref (closing->socket);
  g_free (closing);
}

static gboolean
throw_away_cb (GSocket      *socket,
               GIOCondition  condition,
               gpointer      user_data)
{
  Closing *closing = user_data;
  char buffer[16 * 1024];
  g_autoptr(GError) error = NULL;
  gssize n_read;

  n_read = g_socket_receive_with_blocking (socket, buffer, sizeof buffer, FALSE, NULL, &error);
  if (n_read > 0)
    {
      closing->n_bytes += n_read;
      return closing->n_bytes < MAX_THROWN_AWAY ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
    }

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return G_SOURCE_CONTINUE;

  return G_SOURCE_REMOVE;
}

static void
close_slowly (GIOStream *stream,
              GSocket   *socket)
{
  Closing *closing = g_new0 (Closing, 1);
  g_autoptr(GSource) source = NULL;

  closing->stream = g_object_ref (stream);
  closing->socket = g_object_ref (socket);

  g_socket_set_timeout (socket, MAX_SECONDS_OF_SILENCE);
  g_socket_shutdown (socket, FALSE, TRUE, NULL);
  source = g_socket_create_source (socket, G_IO_IN, NULL);
  g_source_set_callback (source, G_SOURCE_FUNC (throw_away_cb), closing, closing_free);
  g_source_attach (source, NULL);
}

/*
 * demo_reply_at_once:
 * @message: a message, of which not everything has been read yet
 * @status: the status
 * @text: one line for people
 *
 * Replies, and reads no more.
 */
void
demo_reply_at_once (SoupServerMessage *message,
                    guint              status,
                    const char        *text)
{
  g_autoptr(GSocket) socket = g_object_ref (soup_server_message_get_socket (message));
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autofree char *line = g_strconcat (text, "\n", NULL);
  g_autoptr(GIOStream) stream = NULL;
  gboolean is_head;

  soup_message_headers_replace (headers, "Content-Type", TEXT_TYPE);
  soup_message_headers_set_content_length (headers, strlen (line));

  /* A reply to HEAD has no body. */
  is_head = soup_server_message_get_method (message) == SOUP_METHOD_HEAD;
  stream = demo_reply_take_over (message, status, is_head ? "" : line);
  if (stream != NULL)
    close_slowly (stream, socket);
}
