/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "access.h"

#include <string.h>

/* Any page in a browser on this computer can send requests here. Without being asked,
 * a browser does not let it read the replies; but it sends some kinds of writes, and a page
 * whose own name has come to point at this computer may do anything. */

#define ALLOWED_METHODS "GET, HEAD, PUT, POST, DELETE"
#define ALLOWED_HEADERS "Content-Encoding, Content-Type, If-Match, If-Modified-Since, " \
                        "If-None-Match, If-Unmodified-Since"
#define EXPOSED_HEADERS "ETag, Last-Modified, Link, Location, Retry-After"

/* In seconds, of what was answered about methods and headers. */
#define MAX_AGE "600"

static const char *
get_origin (SoupServerMessage *message)
{
  return soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Origin");
}

static gboolean
is_allowed (const char         *origin,
            const char * const *origins)
{
  return g_strv_contains (origins, "*") || g_strv_contains (origins, origin);
}

static gboolean
is_own (SoupServerMessage *message,
        const char        *origin)
{
  GUri *uri = soup_server_message_get_uri (message);
  g_autoptr(GUri) other = g_uri_parse (origin, SOUP_HTTP_URI_FLAGS, NULL);

  return other != NULL &&
         g_strcmp0 (g_uri_get_scheme (uri), g_uri_get_scheme (other)) == 0 &&
         g_strcmp0 (g_uri_get_host (uri), g_uri_get_host (other)) == 0 &&
         g_uri_get_port (uri) == g_uri_get_port (other);
}

/* Whether it was sent to this computer by a name that means it to everybody. */
gboolean
demo_access_is_for_us (SoupServerMessage *message)
{
  const char *host = g_uri_get_host (soup_server_message_get_uri (message));
  g_autoptr(GInetAddress) address = g_inet_address_new_from_string (host);

  if (address != NULL)
    return g_inet_address_get_is_loopback (address);

  return g_ascii_strcasecmp (host, "localhost") == 0;
}

/* Programs that are no browsers say nothing of an origin. */
gboolean
demo_access_may_write (SoupServerMessage  *message,
                       const char * const *origins)
{
  const char *origin = get_origin (message);

  return origin == NULL || is_own (message, origin) || is_allowed (origin, origins);
}

/* Lets pages of the origins read the replies. */
void
demo_access_add_headers (SoupServerMessage  *message,
                         const char * const *origins)
{
  SoupMessageHeaders *request = soup_server_message_get_request_headers (message);
  SoupMessageHeaders *reply = soup_server_message_get_response_headers (message);
  const char *origin = get_origin (message);

  if (*origins == NULL)
    return;

  soup_message_headers_append (reply, "Vary", "Origin");
  if (origin == NULL || !is_allowed (origin, origins))
    return;

  soup_message_headers_replace (reply, "Access-Control-Allow-Origin", origin);
  soup_message_headers_replace (reply, "Access-Control-Expose-Headers", EXPOSED_HEADERS);

  if (soup_message_headers_get_one (request, "Access-Control-Request-Method") == NULL)
    return;

  soup_message_headers_replace (reply, "Access-Control-Allow-Methods", ALLOWED_METHODS);
  soup_message_headers_replace (reply, "Access-Control-Allow-Headers", ALLOWED_HEADERS);
  soup_message_headers_replace (reply, "Access-Control-Max-Age", MAX_AGE);
  if (soup_message_headers_get_one (request, "Access-Control-Request-Private-Network") != NULL)
    soup_message_headers_replace (reply, "Access-Control-Allow-Private-Network", "true");
}
