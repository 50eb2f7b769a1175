/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "handlers.h"

#include <libtstore/tstore.h>
#include <string.h>

#include "conditions.h"
#include "gzip.h"
#include "reply.h"

#define TYPE "application/json"

/* Below, the headers are most of what is sent. */
#define MIN_GZIP_SIZE 1024

/* What may stay as it is in a path. */
#define PATH_CHARACTERS "!$&'()*+,;=:@"

/* --- What a reply says of a document --- */

static void
add_link (SoupServerMessage *message,
          const char        *name)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autofree char *path = g_uri_escape_string (name, PATH_CHARACTERS, FALSE);
  g_autofree char *link = g_strdup_printf ("</%s?events>; rel=\"alternate\"; type=\"%s\"",
                                           path, DEMO_EVENTS_TYPE);

  soup_message_headers_replace (headers, "Link", link);
}

static void
add_tag (SoupServerMessage *message,
         const char        *digest,
         gboolean           is_packed)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autofree char *tag = g_strdup_printf ("\"%s%s\"", digest, is_packed ? DEMO_GZIP_SUFFIX : "");

  soup_message_headers_replace (headers, "ETag", tag);
}

static void
add_date (SoupServerMessage *message,
          gint64             modified)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc (modified);
  g_autofree char *text = date != NULL ? soup_date_time_to_string (date, SOUP_DATE_HTTP) : NULL;

  if (text != NULL)
    soup_message_headers_replace (headers, "Last-Modified", text);
}

/* A length would be that of the document. */
static void
reply_not_modified (SoupServerMessage *message)
{
  soup_server_message_set_status (message, SOUP_STATUS_NOT_MODIFIED, NULL);
  soup_message_headers_set_encoding (soup_server_message_get_response_headers (message),
                                     SOUP_ENCODING_EOF);
}

/* Returns whether to go on; if not, it was replied to. */
static gboolean
check_conditions (SoupServerMessage  *message,
                  gboolean            is_read,
                  const DemoDocument *document)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  guint status = demo_conditions_check (headers, is_read, document->digest, document->modified);

  if (status == SOUP_STATUS_NONE)
    return TRUE;

  if (status == SOUP_STATUS_NOT_MODIFIED)
    reply_not_modified (message);
  else if (status == SOUP_STATUS_BAD_REQUEST)
    demo_reply_text (message, status, "A list of entity tags is malformed");
  else if (document->digest == NULL)
    demo_reply_text (message, status, "There is no such document");
  else
    demo_reply_text (message, status, "The document is another one by now, or is there already");

  /* So that who lost a race need not ask what is there now. */
  if (status == SOUP_STATUS_PRECONDITION_FAILED && document->digest != NULL)
    add_tag (message, document->digest, FALSE);

  return FALSE;
}

/* --- GET and HEAD --- */

static gboolean
takes_gzip (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *accept = soup_message_headers_get_list (headers, "Accept-Encoding");
  GSList *codings = accept != NULL ? soup_header_parse_quality_list (accept, NULL) : NULL;
  gboolean result = FALSE;

  for (GSList *l = codings; l != NULL && !result; l = l->next)
    result = g_ascii_strcasecmp (l->data, "gzip") == 0 ||
             g_ascii_strcasecmp (l->data, "x-gzip") == 0;

  soup_header_free_list (codings);

  return result;
}

static void
reply_content (SoupServerMessage *message,
               GBytes            *content,
               gboolean           is_packed)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = is_packed ? demo_gzip_pack (content, &error) : g_bytes_ref (content);

  if (bytes != NULL)
    demo_reply_bytes (message, SOUP_STATUS_OK, TYPE, bytes);
  else
    demo_reply_error (message, error);
}

/* Without having read or packed anything. */
static void
reply_head (SoupServerMessage *message,
            gsize              size,
            gboolean           is_packed)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_message_headers_set_content_type (headers, TYPE, NULL);
  if (is_packed || size == 0)
    soup_message_headers_set_encoding (headers, SOUP_ENCODING_EOF);
  else
    soup_message_headers_set_content_length (headers, size);
}

static void
reply_found (SoupServerMessage  *message,
             const char         *name,
             const DemoDocument *document,
             GBytes             *content)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  gboolean is_packed = document->size >= MIN_GZIP_SIZE && takes_gzip (message);

  add_link (message, name);
  add_tag (message, document->digest, is_packed);
  add_date (message, document->modified);
  soup_message_headers_append (headers, "Vary", "Accept-Encoding");

  if (!check_conditions (message, TRUE, document))
    return;

  if (is_packed)
    soup_message_headers_replace (headers, "Content-Encoding", "gzip");

  if (content != NULL)
    reply_content (message, content, is_packed);
  else
    reply_head (message, document->size, is_packed);
}

/* Whether the content is needed at all. */
static gboolean
is_content_wanted (SoupServerMessage  *message,
                   const DemoDocument *document)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);

  if (document->digest == NULL || soup_server_message_get_method (message) != SOUP_METHOD_GET)
    return FALSE;

  return demo_conditions_check (headers, TRUE, document->digest,
                                document->modified) == SOUP_STATUS_NONE;
}

/*
 * demo_handle_read:
 * @documents: the documents
 * @message: a request for one of them, GET or HEAD
 * @name: its name
 *
 * Replies with it, or with what is known of it.
 */
void
demo_handle_read (DemoDocuments     *documents,
                  SoupServerMessage *message,
                  const char        *name)
{
  g_auto(DemoDocument) document = DEMO_DOCUMENT_INIT;
  g_autoptr(GBytes) content = NULL;
  g_autoptr(GError) error = NULL;

  if (demo_documents_look (documents, name, &document, &error) &&
      is_content_wanted (message, &document))
    content = demo_documents_read (documents, name, &document, &error);

  if (error != NULL)
    demo_reply_error (message, error);
  else if (document.digest != NULL)
    reply_found (message, name, &document, content);
  else
    {
      add_link (message, name);
      if (check_conditions (message, TRUE, &document))
        demo_reply_text (message, SOUP_STATUS_NOT_FOUND, "There is no such document");
    }
}

/* --- PUT and POST --- */

static GBytes *
get_body (SoupServerMessage  *message,
          gsize               max_size,
          GError            **error)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *coding = soup_message_headers_get_one (headers, "Content-Encoding");
  g_autoptr(GBytes) body = NULL;

  body = soup_message_body_flatten (soup_server_message_get_request_body (message));
  if (coding == NULL || g_ascii_strcasecmp (coding, "identity") == 0)
    return g_steal_pointer (&body);

  return demo_gzip_unpack (body, max_size, error);
}

/* The library is the judge of what the content of a store is. */
static gboolean
check_content (GBytes  *content,
               GError **error)
{
  g_autoptr(TstStore) store = tst_store_new ();
  gsize size;
  const char *data = g_bytes_get_data (content, &size);
  g_autofree char *text = NULL;

  if (size > 0 && memchr (data, '\0', size) != NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "There is a NUL byte in it");
      return FALSE;
    }

  text = g_strndup (size > 0 ? data : "", size);

  return tst_store_set_json (store, text, error);
}

static void
reply_written (SoupServerMessage *message,
               const char        *name,
               const char        *digest,
               gboolean           is_new)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  guint status = is_new ? SOUP_STATUS_CREATED : SOUP_STATUS_NO_CONTENT;

  add_link (message, name);
  add_tag (message, digest, FALSE);

  if (is_new)
    {
      g_autofree char *path = g_uri_escape_string (name, PATH_CHARACTERS, FALSE);
      g_autofree char *location = g_strconcat ("/", path, NULL);

      soup_message_headers_replace (headers, "Location", location);
    }

  soup_server_message_set_status (message, status, NULL);
}

/* Returns NULL if what was sent is not the content of a store; then it was replied to. */
static GBytes *
receive_content (DemoDocuments     *documents,
                 SoupServerMessage *message)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) content = get_body (message, demo_documents_get_max_size (documents), &error);

  if (content == NULL)
    demo_reply_error (message, error);
  else if (check_content (content, &error))
    return g_steal_pointer (&content);
  else
    demo_reply_text (message, SOUP_STATUS_BAD_REQUEST, error->message);

  return NULL;
}

/*
 * demo_handle_write:
 * @documents: the documents
 * @events: told of the change
 * @message: a request to replace one of the documents, PUT or POST
 * @name: its name
 *
 * Replaces the document, if the conditions hold, and replies.
 */
void
demo_handle_write (DemoDocuments     *documents,
                   DemoEvents        *events,
                   SoupServerMessage *message,
                   const char        *name)
{
  g_autoptr(GBytes) content = receive_content (documents, message);
  g_auto(DemoDocument) document = DEMO_DOCUMENT_INIT;
  g_autofree char *digest = NULL;
  g_autoptr(GError) error = NULL;

  if (content == NULL)
    return;

  if (demo_documents_look (documents, name, &document, &error))
    {
      if (!check_conditions (message, FALSE, &document))
        return;

      digest = demo_documents_replace (documents, name, content, &error);
    }

  if (digest == NULL)
    {
      demo_reply_error (message, error);
      return;
    }

  reply_written (message, name, digest, document.digest == NULL);
  demo_events_changed (events, name);
}

/* --- DELETE --- */

/*
 * demo_handle_delete:
 * @documents: the documents
 * @events: told of the change
 * @message: a request to remove one of the documents
 * @name: its name
 *
 * Removes the document, if the conditions hold, and replies.
 */
void
demo_handle_delete (DemoDocuments     *documents,
                    DemoEvents        *events,
                    SoupServerMessage *message,
                    const char        *name)
{
  g_auto(DemoDocument) document = DEMO_DOCUMENT_INIT;
  g_autoptr(GError) error = NULL;

  if (!demo_documents_look (documents, name, &document, &error))
    {
      demo_reply_error (message, error);
      return;
    }

  if (!check_conditions (message, FALSE, &document))
    return;

  if (document.digest == NULL)
    demo_reply_text (message, SOUP_STATUS_NOT_FOUND, "There is no such document");
  else if (demo_documents_delete (documents, name, &error))
    soup_server_message_set_status (message, SOUP_STATUS_NO_CONTENT, NULL);
  else
    demo_reply_error (message, error);

  demo_events_changed (events, name);
}
