/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "http-medium.h"

#include <string.h>

/* Fast, because a test waits for it; those that are told ask hardly ever. */
#define POLL_MS 20
#define POLL_SELDOM_MS 5000

/* --- What is there --- */

static void
set_text (HttpPlace *place,
          GBytes    *text)
{
  g_clear_pointer (&place->text, g_bytes_unref);
  place->text = text != NULL ? g_bytes_ref (text) : NULL;
  place->version++;
}

char *
http_place_tag (HttpPlace *place)
{
  g_autofree char *digest = NULL;
  gboolean weak = (place->flags & HTTP_WEAK) != 0 ||
                  ((place->flags & HTTP_WEAK_AT_FIRST) != 0 && !place->is_strong);

  if ((place->flags & HTTP_NO_TAGS) != 0 || place->text == NULL)
    return NULL;
  if ((place->flags & HTTP_SECONDS) != 0)
    return g_strdup_printf ("\"12345678-%" G_GSIZE_FORMAT "\"", g_bytes_get_size (place->text));

  digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, place->text);

  return g_strdup_printf ("%s\"%s\"", weak ? "W/" : "", digest);
}

/* --- Telling --- */

static void
stream_finished_cb (SoupServerMessage *message,
                    HttpPlace         *place)
{
  g_ptr_array_remove (place->streams, message);
}

static void
send_to_stream (SoupServerMessage *message,
                const char        *text)
{
  SoupMessageBody *body = soup_server_message_get_response_body (message);

  soup_message_body_append (body, SOUP_MEMORY_COPY, text, strlen (text));
  soup_server_message_unpause (message);
}

void
http_place_tell (HttpPlace  *place,
                 const char *text)
{
  g_autofree char *tag = http_place_tag (place);
  g_autofree char *event = g_strdup_printf ("event: changed\ndata: %s\n\n",
                                            tag != NULL ? tag : "\"nothing\"");

  for (guint i = 0; i < place->streams->len; i++)
    send_to_stream (g_ptr_array_index (place->streams, i), text != NULL ? text : event);
}

void
http_place_end_streams (HttpPlace *place)
{
  for (guint i = place->streams->len; i > 0; i--)
    {
      SoupServerMessage *message = g_ptr_array_index (place->streams, i - 1);

      soup_message_body_complete (soup_server_message_get_response_body (message));
      soup_server_message_unpause (message);
    }
}

/* The server of libsoup 3.2 does not close connections that the client has closed. */
static void
ask_to_close (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  if (soup_server_message_get_http_version (message) < SOUP_HTTP_2_0)
    soup_message_headers_replace (headers, "Connection", "close");
}

static void
events_cb (SoupServer        *server,
           SoupServerMessage *message,
           const char        *path,
           GHashTable        *query,
           gpointer           user_data)
{
  HttpPlace *place = user_data;
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  g_string_append_c (place->log, 'E');
  place->version_of_events = soup_server_message_get_http_version (message);
  if (place->no_streams)
    {
      soup_server_message_set_status (message, SOUP_STATUS_SERVICE_UNAVAILABLE, NULL);
      return;
    }

  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_message_headers_replace (headers, "Content-Type", "text/event-stream; charset=utf-8");
  ask_to_close (message);
  soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
  soup_message_body_set_accumulate (soup_server_message_get_response_body (message), FALSE);
  g_ptr_array_add (place->streams, message);
  g_signal_connect (message, "finished", G_CALLBACK (stream_finished_cb), place);
  if (place->silent_streams)
    soup_server_message_pause (message);
  else
    send_to_stream (message, "retry: 100\n\n");
}

/* --- Answering --- */

static gboolean
matches (const char *header,
         const char *tag,
         gboolean    weakly)
{
  if (header == NULL)
    return FALSE;
  if (g_str_equal (header, "*"))
    return tag != NULL;
  if (tag == NULL)
    return FALSE;
  if (weakly)
    {
      header += g_str_has_prefix (header, "W/") ? 2 : 0;
      tag += g_str_has_prefix (tag, "W/") ? 2 : 0;
    }

  return !g_str_has_prefix (tag, "W/") && g_str_equal (header, tag);
}

static void
answer_read (HttpPlace         *place,
             SoupServerMessage *message)
{
  SoupMessageHeaders *asked = soup_server_message_get_request_headers (message);
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autofree char *tag = http_place_tag (place);
  gsize length;
  const char *data;

  /* A tag that is to be a precondition is not that of a compressed form. */
  g_assert_cmpstr (soup_message_headers_get_one (asked, "Accept-Encoding"), ==,
                   place->save_uri == NULL ? "identity" : "gzip, deflate");

  if ((place->flags & HTTP_POLLED) == 0)
    {
      soup_message_headers_append (headers, "Link", "</other,thing>; rel=next");
      soup_message_headers_append (headers, "Link",
                                   "</events>; rel=\"alternate\"; type=\"text/event-stream\"");
    }

  if (place->text == NULL)
    {
      soup_server_message_set_status (message, SOUP_STATUS_NOT_FOUND, NULL);
      return;
    }

  if (tag != NULL)
    soup_message_headers_replace (headers, "ETag", tag);
  if ((place->flags & (HTTP_SECONDS | HTTP_WEAK_AT_FIRST)) != 0)
    {
      /* All that happens, happens within one second. */
      soup_message_headers_replace (headers, "Date", "Sat, 01 Aug 2026 12:00:00 GMT");
      soup_message_headers_replace (headers, "Last-Modified", "Sat, 01 Aug 2026 12:00:00 GMT");
    }
  if (matches (soup_message_headers_get_one (asked, "If-None-Match"), tag, TRUE))
    {
      soup_server_message_set_status (message, SOUP_STATUS_NOT_MODIFIED, NULL);
      return;
    }

  data = g_bytes_get_data (place->text, &length);
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  /* By HTTP/2, the server of libsoup 3.2 sends the body of a HEAD as well. */
  if ((place->flags & HTTP_2) != 0 && soup_server_message_get_method (message) == SOUP_METHOD_HEAD)
    return;

  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY,
                                    data != NULL ? data : "", length);
}

static gboolean
is_refused (HttpPlace         *place,
            SoupServerMessage *message)
{
  SoupMessageHeaders *asked = soup_server_message_get_request_headers (message);
  const char *match = soup_message_headers_get_one (asked, "If-Match");
  const char *none_match = soup_message_headers_get_one (asked, "If-None-Match");
  g_autofree char *tag = http_place_tag (place);

  if ((place->flags & HTTP_NO_CONDITIONS) != 0)
    return FALSE;

  return (match != NULL && !matches (match, tag, FALSE)) ||
         (none_match != NULL && place->text != NULL);
}

static void
answer_save (HttpPlace         *place,
             SoupServerMessage *message)
{
  SoupMessageHeaders *asked = soup_server_message_get_request_headers (message);
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autoptr(GBytes) text = NULL;
  g_autofree char *tag = NULL;
  gboolean created = place->text == NULL;

  g_assert_cmpstr (soup_message_headers_get_one (asked, "Content-Type"), ==, "application/json");
  place->n_matches += soup_message_headers_get_one (asked, "If-Match") != NULL;
  if (is_refused (place, message))
    {
      soup_server_message_set_status (message, SOUP_STATUS_PRECONDITION_FAILED, NULL);
      return;
    }

  text = soup_message_body_flatten (soup_server_message_get_request_body (message));
  set_text (place, text);
  tag = http_place_tag (place);
  if (tag != NULL && (place->flags & HTTP_NO_TAG_ON_SAVE) == 0)
    soup_message_headers_replace (headers, "ETag", tag);
  soup_server_message_set_status (message, created ? SOUP_STATUS_CREATED : SOUP_STATUS_NO_CONTENT,
                                  NULL);
  http_place_tell (place, NULL);
}

void
http_place_answer (HttpPlace         *place,
                   SoupServerMessage *message,
                   const char        *method)
{
  gboolean is_read = g_str_equal (method, "GET") || g_str_equal (method, "HEAD");

  if (place->unreadable)
    soup_server_message_set_status (message, SOUP_STATUS_INTERNAL_SERVER_ERROR, NULL);
  else if (g_str_equal (method, "HEAD") && (place->flags & HTTP_NO_HEAD) != 0)
    soup_server_message_set_status (message, SOUP_STATUS_METHOD_NOT_ALLOWED, NULL);
  else if (is_read)
    answer_read (place, message);
  else
    answer_save (place, message);
}

static void
resource_cb (SoupServer        *server,
             SoupServerMessage *message,
             const char        *path,
             GHashTable        *query,
             gpointer           user_data)
{
  HttpPlace *place = user_data;
  const char *method = soup_server_message_get_method (message);

  g_string_append_c (place->log, g_str_equal (method, "POST") ? 'O' : method[0]);
  place->version_of_others = soup_server_message_get_http_version (message);
  ask_to_close (message);

  if (place->n_faults > 0 && place->fault (place, message, method))
    {
      place->n_faults--;
      return;
    }

  http_place_answer (place, message, method);
}

static void
raw_written_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  GIOStream *stream = user_data;

  g_output_stream_write_all_finish (G_OUTPUT_STREAM (object), result, NULL, NULL);
  if (stream != NULL)
    g_io_stream_close (stream, NULL, NULL);
}

void
http_place_send_raw (HttpPlace         *place,
                     SoupServerMessage *message,
                     const char        *bytes,
                     gsize              length,
                     gboolean           close)
{
  GIOStream *stream = soup_server_message_steal_connection (message);

  g_ptr_array_add (place->stolen, stream);
  g_output_stream_write_all_async (g_io_stream_get_output_stream (stream), bytes, length,
                                   G_PRIORITY_DEFAULT, NULL, raw_written_cb,
                                   close ? stream : NULL);
}

void
http_place_set_fault (HttpPlace *place,
                      HttpFault  fault,
                      guint      n_faults,
                      gpointer   fault_data)
{
  place->fault = fault;
  place->n_faults = n_faults;
  place->fault_data = fault_data;
}

/* --- The place --- */

HttpPlace *
http_place_new (HttpFlags        flags,
                GTlsCertificate *certificate)
{
  g_autoptr(GError) error = NULL;
  HttpPlace *place = g_new0 (HttpPlace, 1);
  SoupServerListenOptions options = SOUP_SERVER_LISTEN_IPV4_ONLY;
  g_autofree char *base = NULL;
  GSList *uris;

  place->flags = flags;
  place->poll_interval = (flags & HTTP_POLLED) != 0 ? POLL_MS : POLL_SELDOM_MS;
  place->streams = g_ptr_array_new ();
  place->stolen = g_ptr_array_new_with_free_func (g_object_unref);
  place->log = g_string_new (NULL);
  if ((flags & HTTP_2) != 0)
    g_setenv ("SOUP_SERVER_HTTP2", "1", TRUE);
  place->server = g_object_new (SOUP_TYPE_SERVER, "tls-certificate", certificate, NULL);
  if ((flags & HTTP_2) != 0)
    g_unsetenv ("SOUP_SERVER_HTTP2");
  soup_server_add_handler (place->server, "/pets.json", resource_cb, place, NULL);
  soup_server_add_handler (place->server, "/save", resource_cb, place, NULL);
  soup_server_add_handler (place->server, "/events", events_cb, place, NULL);

  if (certificate != NULL)
    options |= SOUP_SERVER_LISTEN_HTTPS;
  soup_server_listen_local (place->server, 0, options, &error);
  g_assert_no_error (error);

  uris = soup_server_get_uris (place->server);
  base = g_strdup_printf ("%s://%s:%d", certificate != NULL ? "https" : "http",
                          certificate != NULL ? "localhost" : "127.0.0.1",
                          g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  place->uri = g_strconcat (base, "/pets.json", NULL);
  if ((flags & HTTP_POST_ELSEWHERE) != 0)
    place->save_uri = g_strconcat (base, "/save", NULL);

  return place;
}

void
http_place_free (HttpPlace *place)
{
  /* Nobody listens any more, but a server hears of that when it says something. */
  http_place_end_streams (place);
  wait_for (place->streams->len == 0);

  g_ptr_array_unref (place->stolen);
  soup_server_disconnect (place->server);
  run_ready ();
  g_assert_finalize_object (place->server);

  g_clear_pointer (&place->text, g_bytes_unref);
  g_ptr_array_unref (place->streams);
  g_string_free (place->log, TRUE);
  g_free (place->uri);
  g_free (place->save_uri);
  g_free (place);
}

TstPersister *
http_place_persister (HttpPlace *place,
                      TstStore  *store)
{
  TstPersister *persister = tst_remote_persister_new (store, place->uri, place->save_uri);

  g_object_set (persister, "poll-interval", place->poll_interval, NULL);
  if (place->timeout > 0)
    g_object_set (persister, "timeout", place->timeout, NULL);

  return persister;
}

void
http_place_write_quietly (HttpPlace  *place,
                          const char *text)
{
  g_autoptr(GBytes) bytes = text != NULL ? g_bytes_new (text, strlen (text)) : NULL;

  set_text (place, bytes);
}

void
http_place_write (HttpPlace  *place,
                  const char *text)
{
  http_place_write_quietly (place, text);
  http_place_tell (place, NULL);
}

gboolean
http_place_has (HttpPlace  *place,
                const char *text)
{
  Suite suite = { &http_medium, place };

  return suite_has (&suite, text);
}

/* --- For the suite --- */

static void
tear_down (gpointer medium)
{
  http_place_free (medium);
}

static TstPersister *
new_persister (gpointer  medium,
               TstStore *store)
{
  return http_place_persister (medium, store);
}

static GBytes *
read_medium (gpointer medium)
{
  HttpPlace *place = medium;

  return place->text != NULL ? g_bytes_ref (place->text) : NULL;
}

static void
write_medium (gpointer  medium,
              GBytes   *text)
{
  set_text (medium, text);
  http_place_tell (medium, NULL);
}

static void
remove_medium (gpointer medium)
{
  http_place_write (medium, NULL);
}

static void
set_unreadable (gpointer medium,
                gboolean unreadable)
{
  HttpPlace *place = medium;

  place->unreadable = unreadable;
  http_place_tell (place, "event: changed\ndata: \"something\"\n\n");
}

static char *
get_version (gpointer medium)
{
  HttpPlace *place = medium;

  return g_strdup_printf ("%u", place->version);
}

#define DEFINE_MEDIUM(symbol, medium_name, flags, may_overwrite) \
  static gpointer \
  set_up_ ## symbol (void) \
  { \
    return http_place_new (flags, NULL); \
  } \
  \
  const Medium symbol = { \
    .name = medium_name, \
    .set_up = set_up_ ## symbol, \
    .tear_down = tear_down, \
    .new_persister = new_persister, \
    .read = read_medium, \
    .write = write_medium, \
    .remove = remove_medium, \
    .set_unreadable = set_unreadable, \
    .get_version = get_version, \
    .keeps_away = TRUE, \
    .overwrites = may_overwrite, \
  };

DEFINE_MEDIUM (http_medium, "http", 0, FALSE)
DEFINE_MEDIUM (http_polled_medium, "http-polled", HTTP_POLLED, FALSE)
DEFINE_MEDIUM (http_no_tags_medium, "http-no-tags", HTTP_POLLED | HTTP_NO_TAGS, TRUE)
DEFINE_MEDIUM (http_weak_medium, "http-weak", HTTP_POLLED | HTTP_WEAK, TRUE)
DEFINE_MEDIUM (http_no_conditions_medium, "http-no-conditions",
               HTTP_POLLED | HTTP_NO_CONDITIONS, TRUE)
DEFINE_MEDIUM (http_no_tag_on_save_medium, "http-no-tag-on-save",
               HTTP_POLLED | HTTP_NO_TAG_ON_SAVE, FALSE)
DEFINE_MEDIUM (http_post_medium, "http-post", HTTP_POST_ELSEWHERE | HTTP_NO_TAG_ON_SAVE, TRUE)
