/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "server.h"

#include <libsoup/soup.h>
#include <string.h>

#include "access.h"
#include "events.h"
#include "handlers.h"
#include "index.h"
#include "reply.h"

/* A connection on which nothing happens for so many seconds is closed. */
#define MAX_SECONDS_OF_SILENCE 30

#define DOCUMENT_METHODS "GET, HEAD, PUT, POST, DELETE, OPTIONS"
#define OTHER_METHODS "GET, HEAD, OPTIONS"

struct _DemoServer
{
  DemoDocuments *documents; /* not owned */
  DemoEvents    *events;
  char         **origins;
  SoupServer    *soup;
};

/* --- What is asked for --- */

typedef struct
{
  gboolean  is_index;
  char     *name;       /* (nullable): of a document */
  gboolean  is_events;  /* those of the document */
} Target;

static void
target_clear (Target *target)
{
  g_free (target->name);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Target, target_clear)

static void
target_init (Target     *target,
             GUri       *uri)
{
  const char *path = g_uri_get_path (uri);
  g_autofree char *name = NULL;

  memset (target, 0, sizeof *target);
  if (strcmp (path, "/") == 0)
    {
      target->is_index = TRUE;
      return;
    }

  /* There is one level only: no slash, and none in disguise. */
  name = *path == '/' ? g_uri_unescape_string (path + 1, "/") : NULL;
  if (name == NULL || !demo_documents_is_name (name))
    return;

  target->name = g_steal_pointer (&name);
  target->is_events = g_strcmp0 (g_uri_get_query (uri), "events") == 0;
}

static const char *
get_methods (const Target *target)
{
  return target->name != NULL && !target->is_events ? DOCUMENT_METHODS : OTHER_METHODS;
}

static gboolean
is_method_allowed (const char *method,
                   const char *methods)
{
  g_auto(GStrv) list = g_strsplit (methods, ", ", -1);

  return g_strv_contains ((const char * const *) list, method);
}

static gboolean
is_body_expected (const char *method)
{
  return method == SOUP_METHOD_PUT || method == SOUP_METHOD_POST;
}

/* --- Before the body comes --- */

/* A header that is there and is not what it has to be. */
static gboolean
is_type_wrong (SoupMessageHeaders *headers)
{
  g_autoptr(GHashTable) params = NULL;
  const char *type = soup_message_headers_get_content_type (headers, &params);
  const char *charset;

  if (soup_message_headers_get_one (headers, "Content-Type") == NULL)
    return FALSE;

  if (type == NULL || g_ascii_strcasecmp (type, "application/json") != 0)
    return TRUE;

  charset = params != NULL ? g_hash_table_lookup (params, "charset") : NULL;

  return charset != NULL && g_ascii_strcasecmp (charset, "utf-8") != 0;
}

static gboolean
is_coding_wrong (SoupMessageHeaders *headers)
{
  const char *coding = soup_message_headers_get_list (headers, "Content-Encoding");

  return coding != NULL &&
         g_ascii_strcasecmp (coding, "gzip") != 0 &&
         g_ascii_strcasecmp (coding, "x-gzip") != 0 &&
         g_ascii_strcasecmp (coding, "identity") != 0;
}

static void
add_date (SoupMessageHeaders *reply)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *text = soup_date_time_to_string (now, SOUP_DATE_HTTP);

  soup_message_headers_replace (reply, "Date", text);
}

/* What every reply says. Not before it is certain that it is one: libsoup would spend
 * it on a 100 Continue, as it does with its own date. */
static void
add_headers (DemoServer        *self,
             SoupServerMessage *message)
{
  SoupMessageHeaders *reply = soup_server_message_get_response_headers (message);

  add_date (reply);
  /* libsoup 3.2 forgets connections that the other side closes between two requests. */
  soup_message_headers_replace (reply, "Connection", "close");
  soup_message_headers_replace (reply, "Cache-Control", "no-cache");
  soup_message_headers_replace (reply, "X-Content-Type-Options", "nosniff");
  demo_access_add_headers (message, (const char * const *) self->origins);
}

static void
refuse (DemoServer        *self,
        SoupServerMessage *message,
        guint              status,
        const char        *text)
{
  add_headers (self, message);
  demo_reply_at_once (message, status, text);
}

static void
refuse_size (DemoServer        *self,
             SoupServerMessage *message)
{
  g_autofree char *text = g_strdup_printf ("It has more than %" G_GSIZE_FORMAT " bytes",
                                           demo_documents_get_max_size (self->documents));

  refuse (self, message, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, text);
}

static void
refuse_coding (DemoServer        *self,
               SoupServerMessage *message)
{
  SoupMessageHeaders *reply = soup_server_message_get_response_headers (message);

  soup_message_headers_replace (reply, "Accept-Encoding", "gzip");
  refuse (self, message, SOUP_STATUS_UNSUPPORTED_MEDIA_TYPE, "It has to be plain, or gzip");
}

static void
refuse_method (DemoServer        *self,
               SoupServerMessage *message,
               const char        *methods)
{
  SoupMessageHeaders *reply = soup_server_message_get_response_headers (message);

  soup_message_headers_replace (reply, "Allow", methods);
  refuse (self, message, SOUP_STATUS_METHOD_NOT_ALLOWED, "That cannot be done here");
}

static void
check_body (DemoServer        *self,
            SoupServerMessage *message)
{
  SoupMessageHeaders *request = soup_server_message_get_request_headers (message);
  goffset length = soup_message_headers_get_content_length (request);

  if (is_coding_wrong (request))
    refuse_coding (self, message);
  else if (is_type_wrong (request))
    refuse (self, message, SOUP_STATUS_UNSUPPORTED_MEDIA_TYPE,
            "It has to be application/json, in UTF-8");
  else if (soup_message_headers_get_one (request, "Content-Range") != NULL)
    refuse (self, message, SOUP_STATUS_BAD_REQUEST, "Only the whole can be replaced");
  else if ((guint64) length > demo_documents_get_max_size (self->documents))
    refuse_size (self, message);
}

static void
check_request_cb (SoupServer        *soup,
                  SoupServerMessage *message,
                  const char        *path,
                  GHashTable        *query,
                  gpointer           user_data)
{
  DemoServer *self = user_data;
  const char *method = soup_server_message_get_method (message);
  g_auto(Target) target = { 0 };

  target_init (&target, soup_server_message_get_uri (message));

  if (!demo_access_is_for_us (message))
    refuse (self, message, SOUP_STATUS_MISDIRECTED_REQUEST, "This is only for localhost");
  else if (!target.is_index && target.name == NULL)
    refuse (self, message, SOUP_STATUS_NOT_FOUND, "Documents are at /NAME.json");
  else if (!is_method_allowed (method, get_methods (&target)))
    refuse_method (self, message, get_methods (&target));
  else if ((is_body_expected (method) || method == SOUP_METHOD_DELETE) &&
           !demo_access_may_write (message, (const char * const *) self->origins))
    refuse (self, message, SOUP_STATUS_FORBIDDEN, "Pages from elsewhere may not do that");
  else if (is_body_expected (method))
    check_body (self, message);
}

/* libsoup may have replied on its own. */
static void
check_reply_cb (SoupServerMessage *message,
                DemoServer        *self)
{
  SoupMessageHeaders *reply = soup_server_message_get_response_headers (message);

  if (soup_server_message_get_status (message) != SOUP_STATUS_NONE &&
      soup_message_headers_get_one (reply, "Connection") == NULL)
    add_headers (self, message);
}

/* However long it said that it would be. */
static void
got_chunk_cb (SoupServerMessage *message,
              GBytes            *chunk,
              DemoServer        *self)
{
  goffset length = soup_server_message_get_request_body (message)->length;

  if ((guint64) length > demo_documents_get_max_size (self->documents))
    refuse_size (self, message);
}

/* Tests do not wait that long. */
static guint
get_max_silence (void)
{
  const char *seconds = g_getenv ("TST_TEST_SILENCE");

  return seconds != NULL ? (guint) g_ascii_strtoull (seconds, NULL, 10) : MAX_SECONDS_OF_SILENCE;
}

static void
request_started_cb (SoupServer        *soup,
                    SoupServerMessage *message,
                    DemoServer        *self)
{
  GSocket *socket = soup_server_message_get_socket (message);

  if (socket != NULL)
    g_socket_set_timeout (socket, get_max_silence ());
  g_signal_connect_after (message, "got-headers", G_CALLBACK (check_reply_cb), self);
  g_signal_connect_after (message, "got-body", G_CALLBACK (check_reply_cb), self);
  g_signal_connect (message, "got-chunk", G_CALLBACK (got_chunk_cb), self);
}

/* --- Once it is there --- */

static void
reply_options (SoupServerMessage *message,
               const Target      *target)
{
  soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                "Allow", get_methods (target));
  soup_server_message_set_status (message, SOUP_STATUS_NO_CONTENT, NULL);
}

static void
reply_events (DemoServer        *self,
              SoupServerMessage *message,
              const char        *name)
{
  SoupMessageHeaders *reply = soup_server_message_get_response_headers (message);

  if (soup_server_message_get_method (message) == SOUP_METHOD_GET)
    {
      demo_events_open (self->events, message, name);
      return;
    }

  soup_message_headers_replace (reply, "Content-Type", DEMO_EVENTS_TYPE);
  soup_message_headers_set_encoding (reply, SOUP_ENCODING_EOF);
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
}

static void
handle_request_cb (SoupServer        *soup,
                   SoupServerMessage *message,
                   const char        *path,
                   GHashTable        *query,
                   gpointer           user_data)
{
  DemoServer *self = user_data;
  const char *method = soup_server_message_get_method (message);
  g_auto(Target) target = { 0 };

  add_headers (self, message);
  /* libsoup would cut what is replied into ranges, without looking at If-Range. */
  soup_message_headers_remove (soup_server_message_get_request_headers (message), "Range");
  target_init (&target, soup_server_message_get_uri (message));

  if (method == SOUP_METHOD_OPTIONS)
    reply_options (message, &target);
  else if (target.is_index)
    demo_index_reply (self->documents, message);
  else if (target.is_events)
    reply_events (self, message, target.name);
  else if (method == SOUP_METHOD_DELETE)
    demo_handle_delete (self->documents, self->events, message, target.name);
  else if (is_body_expected (method))
    demo_handle_write (self->documents, self->events, message, target.name);
  else
    demo_handle_read (self->documents, message, target.name);
}

/* --- Beginning and end --- */

/*
 * demo_server_new:
 * @documents: the documents
 * @heartbeat: how often streams of events say that they are alive, in seconds
 * @origins: whose pages in a browser may read and write, or "*" for all
 * @certificate: (nullable): a certificate, for https
 * @error: return location for an error
 *
 * Returns: (nullable): a server, which does not listen yet
 */
DemoServer *
demo_server_new (DemoDocuments       *documents,
                 guint                heartbeat,
                 const char * const  *origins,
                 GTlsCertificate     *certificate,
                 GError             **error)
{
  g_autoptr(DemoEvents) events = demo_events_new (documents, heartbeat, error);
  DemoServer *self;

  if (events == NULL)
    return NULL;

  self = g_new0 (DemoServer, 1);
  self->documents = documents;
  self->events = g_steal_pointer (&events);
  self->origins = g_strdupv ((char **) origins);

  /* With the paths as they came: they are judged here. */
  self->soup = soup_server_new ("raw-paths", TRUE, "server-header", "tstore-demo-server ", NULL);
  if (certificate != NULL)
    soup_server_set_tls_certificate (self->soup, certificate);
  g_signal_connect (self->soup, "request-started", G_CALLBACK (request_started_cb), self);
  soup_server_add_early_handler (self->soup, NULL, check_request_cb, self, NULL);
  soup_server_add_handler (self->soup, NULL, handle_request_cb, self, NULL);

  return self;
}

void
demo_server_free (DemoServer *self)
{
  soup_server_disconnect (self->soup);
  g_object_unref (self->soup);
  demo_events_free (self->events);
  g_strfreev (self->origins);
  g_free (self);
}

/*
 * demo_server_listen:
 * @self: a server
 * @port: a port, or 0 for any free one
 * @error: return location for an error
 *
 * Listens to this computer only.
 *
 * Returns: (nullable): the URI
 */
char *
demo_server_listen (DemoServer  *self,
                    guint        port,
                    GError     **error)
{
  gboolean is_https = soup_server_get_tls_certificate (self->soup) != NULL;
  GSList *uris;
  int chosen;

  if (!soup_server_listen_local (self->soup, port, is_https ? SOUP_SERVER_LISTEN_HTTPS : 0, error))
    return NULL;

  uris = soup_server_get_uris (self->soup);
  chosen = g_uri_get_port (uris->data);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);

  return g_strdup_printf ("%s://localhost:%d/", is_https ? "https" : "http", chosen);
}
