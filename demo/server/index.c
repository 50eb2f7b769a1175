/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "index.h"

#include <libtstore/tstore.h>
#include <string.h>

#include "reply.h"

#define INTRODUCTION \
  "<!DOCTYPE html>\n" \
  "<html lang=\"en\">\n" \
  "<meta charset=\"utf-8\">\n" \
  "<title>tstore-demo-server</title>\n" \
  "<h1>tstore-demo-server</h1>\n" \
  "<p>This keeps the content of stores, each in a document of its own. Put one here:</p>\n" \
  "<pre>curl -i -T pets.json %s</pre>\n" \
  "<p>Get it, follow its changes, remove it:</p>\n" \
  "<pre>curl -i %spets.json\n" \
  "curl -N '%spets.json?events'\n" \
  "curl -i -X DELETE %spets.json</pre>\n"

/* The list is the content of a store, too. */
static TstStore *
make_list (DemoDocuments  *documents,
           GError        **error)
{
  g_autoptr(TstStore) store = tst_store_new ();
  g_autoptr(GPtrArray) names = demo_documents_list (documents, error);

  if (names == NULL)
    return NULL;

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      g_auto(DemoDocument) document = DEMO_DOCUMENT_INIT;
      g_autofree char *etag = NULL;

      /* What cannot be read, or is something else, is none. */
      if (!demo_documents_look (documents, name, &document, NULL) || document.digest == NULL)
        continue;

      etag = g_strdup_printf ("\"%s\"", document.digest);
      if (!tst_store_set_cell_number (store, "documents", name, "size", document.size, error) ||
          !tst_store_set_cell_number (store, "documents", name, "modified", document.modified,
                                      error) ||
          !tst_store_set_cell_string (store, "documents", name, "etag", etag, error))
        return NULL;
    }

  return g_steal_pointer (&store);
}

/* --- For people --- */

static void
append_row_cb (TstStore   *store,
               const char *row_id,
               gpointer    user_data)
{
  GString *text = user_data;
  g_autofree char *shown = g_markup_escape_text (row_id, -1);
  g_autofree char *link = g_uri_escape_string (row_id, NULL, FALSE);

  g_string_append_printf (text, "<li><a href=\"/%s\">%s</a></li>\n", link, shown);
}

static char *
make_page (TstStore *store,
           GUri     *uri)
{
  GString *text = g_string_new (NULL);
  g_autofree char *base = g_uri_to_string (uri);
  g_autofree char *shown = g_markup_escape_text (base, -1);

  g_string_append_printf (text, INTRODUCTION, shown, shown, shown, shown);
  g_string_append (text, "<p>What is there:</p>\n<ul>\n");
  tst_store_foreach_row (store, "documents", append_row_cb, text);
  g_string_append (text, "</ul>\n</html>\n");

  return g_string_free (text, FALSE);
}

/* Who takes anything gets JSON. */
static gboolean
prefers_page (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *accept = soup_message_headers_get_list (headers, "Accept");
  GSList *types = accept != NULL ? soup_header_parse_quality_list (accept, NULL) : NULL;
  gboolean result = FALSE;

  for (GSList *l = types; l != NULL; l = l->next)
    {
      result = g_ascii_strcasecmp (l->data, "text/html") == 0;
      if (result || g_ascii_strcasecmp (l->data, "application/json") == 0)
        break;
    }

  soup_header_free_list (types);

  return result;
}

/*
 * demo_index_reply:
 * @documents: the documents
 * @message: a request for the list of them
 *
 * Replies with the list, as a page for people or as the content of a store.
 */
void
demo_index_reply (DemoDocuments     *documents,
                  SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autoptr(GError) error = NULL;
  g_autoptr(TstStore) store = make_list (documents, &error);
  gboolean is_page = prefers_page (message);
  g_autoptr(GBytes) bytes = NULL;
  char *text;

  if (store == NULL)
    {
      demo_reply_error (message, error);
      return;
    }

  text = is_page ? make_page (store, soup_server_message_get_uri (message))
                 : tst_store_get_json (store);
  bytes = g_bytes_new_take (text, strlen (text));
  soup_message_headers_append (headers, "Vary", "Accept");
  demo_reply_bytes (message, SOUP_STATUS_OK,
                    is_page ? "text/html; charset=utf-8" : "application/json", bytes);
}
