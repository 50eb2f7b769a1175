/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "tst-http-headers-private.h"
#include "tst-http-tag-private.h"

#include <gio/gio.h>

/* --- Tags --- */

/* Each may be NULL. */
static void
read_tag (TstHttpTag *tag,
          const char *etag,
          const char *last_modified,
          const char *date)
{
  SoupMessageHeaders *headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);

  if (etag != NULL)
    soup_message_headers_append (headers, "ETag", etag);
  if (last_modified != NULL)
    soup_message_headers_append (headers, "Last-Modified", last_modified);
  if (date != NULL)
    soup_message_headers_append (headers, "Date", date);

  tst_http_tag_read (tag, headers);
  soup_message_headers_unref (headers);
}

#define AT_0 "Sat, 01 Aug 2026 12:00:00 GMT"
#define AT_1 "Sat, 01 Aug 2026 12:00:01 GMT"
#define AT_2 "Sat, 01 Aug 2026 12:00:02 GMT"

static void
test_etags (void)
{
  g_test_summary ("F25: what is an entity tag, and what is a strong one");

  g_assert_true (tst_http_etag_is_valid ("\"\""));
  g_assert_true (tst_http_etag_is_valid ("\"a-b:c\""));
  g_assert_true (tst_http_etag_is_valid ("W/\"a\""));
  g_assert_true (tst_http_etag_is_valid ("\"\xc3\xa9\""));

  g_assert_false (tst_http_etag_is_valid (""));
  g_assert_false (tst_http_etag_is_valid ("\""));
  g_assert_false (tst_http_etag_is_valid ("W/"));
  g_assert_false (tst_http_etag_is_valid ("W/\""));
  g_assert_false (tst_http_etag_is_valid ("a"));
  g_assert_false (tst_http_etag_is_valid ("w/\"a\""));
  g_assert_false (tst_http_etag_is_valid ("\"a\"b\""));
  g_assert_false (tst_http_etag_is_valid ("\"a b\""));
  g_assert_false (tst_http_etag_is_valid ("\"a\r\nX: y\""));
  g_assert_false (tst_http_etag_is_valid ("*"));
  g_assert_false (tst_http_etag_is_valid ("\"a\", \"b\""));

  g_assert_true (tst_http_etag_is_strong ("\"a\""));
  g_assert_false (tst_http_etag_is_strong ("W/\"a\""));
  g_assert_true (tst_http_etags_match ("W/\"a\"", "\"a\""));
  g_assert_true (tst_http_etags_match ("W/\"a\"", "W/\"a\""));
  g_assert_false (tst_http_etags_match ("\"a\"", "\"A\""));
}

static void
test_too_long (void)
{
  g_autoptr(GString) etag = g_string_new ("\"");
  TstHttpTag tag = { NULL, };

  g_test_summary ("A tag of a megabyte is none");

  for (guint i = 0; i < 1000 * 1000; i++)
    g_string_append_c (etag, 'a');
  g_string_append_c (etag, '"');
  read_tag (&tag, etag->str, NULL, NULL);
  g_assert_false (tst_http_tag_is_set (&tag));
  tst_http_tag_clear (&tag);
}

static void
check_kind (const char *etag,
            const char *last_modified,
            const char *date,
            gboolean    set,
            gboolean    strong,
            gboolean    settled)
{
  TstHttpTag tag = { NULL, };

  read_tag (&tag, etag, last_modified, date);
  g_assert_true (tst_http_tag_is_set (&tag) == set);
  g_assert_true (tst_http_tag_is_strong (&tag) == strong);
  g_assert_true (tag.settled == settled);
  tst_http_tag_clear (&tag);
}

static void
test_read (void)
{
  g_test_summary ("F25: validators, and when no other version can get the same any more");

  check_kind (NULL, NULL, NULL, FALSE, FALSE, FALSE);
  check_kind ("\"a\"", NULL, AT_0, TRUE, TRUE, TRUE);
  check_kind ("W/\"a\"", NULL, AT_0, TRUE, FALSE, TRUE);
  check_kind ("nonsense", NULL, AT_0, FALSE, FALSE, FALSE);
  check_kind (NULL, AT_0, AT_2, TRUE, FALSE, TRUE);
  check_kind (NULL, AT_0, AT_1, TRUE, FALSE, FALSE);
  check_kind ("\"a\"", AT_0, AT_1, TRUE, TRUE, FALSE);
  check_kind ("\"a\"", AT_0, AT_2, TRUE, TRUE, TRUE);
  check_kind ("\"a\"", AT_2, AT_0, TRUE, TRUE, FALSE);
  check_kind ("\"a\"", AT_0, NULL, TRUE, TRUE, FALSE);
  check_kind ("\"a\"", "yesterday", AT_2, TRUE, TRUE, FALSE);
}

static void
check_same (const char *etag,
            const char *last_modified,
            const char *date,
            const char *seen_etag,
            const char *seen_last_modified,
            gboolean    same)
{
  TstHttpTag known = { NULL, };
  TstHttpTag seen = { NULL, };

  read_tag (&known, etag, last_modified, date);
  read_tag (&seen, seen_etag, seen_last_modified, date);
  g_assert_true (tst_http_tag_proves_same (&known, &seen) == same);
  tst_http_tag_clear (&known);
  tst_http_tag_clear (&seen);
}

static void
test_same (void)
{
  g_test_summary ("F21, F25: what proves that nothing has changed");

  check_same (NULL, NULL, NULL, NULL, NULL, FALSE);
  check_same ("\"a\"", NULL, NULL, "\"a\"", NULL, TRUE);
  check_same ("\"a\"", NULL, NULL, "\"b\"", NULL, FALSE);
  check_same ("\"a\"", NULL, NULL, NULL, NULL, FALSE);
  check_same (NULL, NULL, NULL, "\"a\"", NULL, FALSE);
  check_same ("W/\"a\"", NULL, NULL, "\"a\"", NULL, TRUE);
  check_same (NULL, AT_0, AT_2, NULL, AT_0, TRUE);
  check_same (NULL, AT_0, AT_2, NULL, AT_1, FALSE);

  /* Written twice in one second, and as long as before. */
  check_same ("\"a\"", AT_0, AT_0, "\"a\"", AT_0, FALSE);
  check_same (NULL, AT_0, AT_0, NULL, AT_0, FALSE);
  check_same ("\"a\"", AT_0, AT_2, "\"a\"", AT_0, TRUE);
  /* Made anew for each answer: that time says nothing, but the tag does. */
  check_same ("\"a\"", AT_0, AT_0, "\"a\"", AT_1, TRUE);
}

static void
check_ask (const char *etag,
           const char *last_modified,
           const char *date,
           const char *name,
           const char *value)
{
  SoupMessageHeaders *headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  TstHttpTag tag = { NULL, };

  read_tag (&tag, etag, last_modified, date);
  g_assert_true (tst_http_tag_ask_unchanged (&tag, headers) == (name != NULL));
  g_assert_cmpstr (soup_message_headers_get_one (headers, name != NULL ? name : "If-None-Match"),
                   ==, value);
  tst_http_tag_clear (&tag);
  soup_message_headers_unref (headers);
}

static void
test_ask (void)
{
  g_test_summary ("F25: a server is asked whether it still has a version only if its word counts");

  check_ask (NULL, NULL, NULL, NULL, NULL);
  check_ask ("\"a\"", NULL, NULL, "If-None-Match", "\"a\"");
  check_ask ("W/\"a\"", NULL, NULL, "If-None-Match", "W/\"a\"");
  check_ask (NULL, AT_0, AT_2, "If-Modified-Since", AT_0);
  check_ask ("\"a\"", AT_0, AT_1, NULL, NULL);
}

static void
test_take (void)
{
  TstHttpTag from = { NULL, };
  TstHttpTag tag = { NULL, };

  g_test_summary ("A tag that is taken over is whole, and gone from where it was");

  read_tag (&tag, "\"old\"", AT_0, AT_0);
  read_tag (&from, "\"a\"", AT_0, AT_2);
  tst_http_tag_take (&tag, &from);
  g_assert_cmpstr (tag.etag, ==, "\"a\"");
  g_assert_cmpstr (tag.last_modified, ==, AT_0);
  g_assert_true (tag.settled);
  g_assert_false (tst_http_tag_is_set (&from));
  tst_http_tag_clear (&tag);
}

/* --- Headers --- */

static void
test_retry_after (void)
{
  /* AT_0 */
  const gint64 now = 1785585600;

  g_test_summary ("F25: Retry-After in seconds and as a date, for an hour at most");

  g_assert_cmpuint (tst_http_parse_retry_after (NULL, now), ==, 0);
  g_assert_cmpuint (tst_http_parse_retry_after ("", now), ==, 0);
  g_assert_cmpuint (tst_http_parse_retry_after ("120", now), ==, 120);
  g_assert_cmpuint (tst_http_parse_retry_after ("0", now), ==, 0);
  g_assert_cmpuint (tst_http_parse_retry_after ("-5", now), ==, 0);
  g_assert_cmpuint (tst_http_parse_retry_after ("12 monkeys", now), ==, 0);
  g_assert_cmpuint (tst_http_parse_retry_after ("999999", now), ==, 3600);
  g_assert_cmpuint (tst_http_parse_retry_after ("99999999999999999999999", now), ==, 3600);
  g_assert_cmpuint (tst_http_parse_retry_after (AT_2, now), ==, 2);
  g_assert_cmpuint (tst_http_parse_retry_after ("Sat, 01 Aug 2026 11:00:00 GMT", now), ==, 0);
  g_assert_cmpuint (tst_http_parse_retry_after ("Sat, 01 Aug 2099 11:00:00 GMT", now), ==, 3600);
  g_assert_cmpuint (tst_http_parse_retry_after ("soon", now), ==, 0);
}

static void
check_link (const char *base,
            const char *links,
            const char *expected)
{
  g_autoptr(GUri) uri = g_uri_parse (base, SOUP_HTTP_URI_FLAGS, NULL);
  g_autoptr(GUri) found = tst_http_find_event_stream (links, uri);
  g_autofree char *text = found != NULL ? g_uri_to_string (found) : NULL;

  g_assert_cmpstr (text, ==, expected);
}

#define STREAM "; rel=\"alternate\"; type=\"text/event-stream\""

static void
test_links (void)
{
  const char *base = "http://example.org/a/pets.json";

  g_test_summary ("The address of an event stream");

  check_link (base, "</events>" STREAM, "http://example.org/events");
  check_link (base, "<events?a=1,2;3>" STREAM, "http://example.org/a/events?a=1,2;3");
  check_link (base, "<//other.org/e>" STREAM, "http://other.org/e");
  check_link (base, "</n>; rel=next, </e>;rel=alternate;type=text/event-stream",
              "http://example.org/e");
  check_link (base, "</e>; TYPE=\"Text/Event-Stream\" ; Rel = \"self ALTERNATE\"",
              "http://example.org/e");
  check_link (base, "</n>; title=\"a, <b>\\\"; rel=alternate\", </e>" STREAM, "http://example.org/e");
  check_link (base, ",, </e>; flag" STREAM, "http://example.org/e");

  check_link (base, "", NULL);
  check_link (base, "nonsense", NULL);
  check_link (base, "</e", NULL);
  check_link (base, "</e>; rel=alternate", NULL);
  check_link (base, "</e>; type=\"text/event-stream\"", NULL);
  check_link (base, "</e>; rel=alternate; type=\"text/html\"", NULL);
  check_link (base, "</e>; rel=\"alternate; type=text/event-stream", NULL);
  check_link (base, "</e>" STREAM "; anchor=\"#other\"", NULL);
  check_link (base, "<file:///etc/passwd>" STREAM, NULL);
  check_link (base, "<ws://example.org/e>" STREAM, NULL);
  check_link ("https://example.org/", "<http://example.org/e>" STREAM, NULL);
  check_link ("https://example.org/", "<https://example.org/e>" STREAM, "https://example.org/e");
}

static void
check_error (guint      status,
             GIOErrorEnum code)
{
  g_autoptr(GUri) uri = g_uri_parse ("http://me:secret@example.org/pets", SOUP_HTTP_URI_FLAGS, NULL);
  g_autoptr(GError) error = tst_http_error_new (uri, status, "Some\xff Reason");
  g_autofree char *number = g_strdup_printf ("%u", status);

  g_assert_error (error, G_IO_ERROR, (int) code);
  g_assert_nonnull (g_strstr_len (error->message, -1, number));
  g_assert_nonnull (g_strstr_len (error->message, -1, "Reason"));
  g_assert_nonnull (g_strstr_len (error->message, -1, "example.org/pets"));
  g_assert_null (g_strstr_len (error->message, -1, "secret"));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

static void
test_long_error (void)
{
  g_autoptr(GUri) uri = g_uri_parse ("http://example.org/pets", SOUP_HTTP_URI_FLAGS, NULL);
  g_autofree char *reason = g_strnfill (100 * 1000, 'X');
  g_autoptr(GError) error = tst_http_error_new (uri, 500, reason);
  const char *start = strchr (error->message, 'X');

  g_test_summary ("F25: of a long reason, the first 100 characters are told");

  g_assert_nonnull (start);
  g_assert_cmpuint (strspn (start, "X"), ==, 100);
  g_assert_null (strchr (start + 100, 'X'));
}

static void
test_errors (void)
{
  g_test_summary ("F25: a status as an error, with its reason and the address, and no password");

  check_error (302, G_IO_ERROR_FAILED);
  check_error (400, G_IO_ERROR_FAILED);
  check_error (401, G_IO_ERROR_PERMISSION_DENIED);
  check_error (403, G_IO_ERROR_PERMISSION_DENIED);
  check_error (404, G_IO_ERROR_NOT_FOUND);
  check_error (407, G_IO_ERROR_PROXY_AUTH_FAILED);
  check_error (408, G_IO_ERROR_TIMED_OUT);
  check_error (410, G_IO_ERROR_NOT_FOUND);
  check_error (413, G_IO_ERROR_MESSAGE_TOO_LARGE);
  check_error (429, G_IO_ERROR_BUSY);
  check_error (500, G_IO_ERROR_FAILED);
  check_error (503, G_IO_ERROR_FAILED);
  check_error (504, G_IO_ERROR_TIMED_OUT);
  check_error (507, G_IO_ERROR_NO_SPACE);
  check_error (999, G_IO_ERROR_FAILED);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/http/tag/etags", test_etags);
  g_test_add_func ("/http/tag/too-long", test_too_long);
  g_test_add_func ("/http/tag/read", test_read);
  g_test_add_func ("/http/tag/same", test_same);
  g_test_add_func ("/http/tag/ask", test_ask);
  g_test_add_func ("/http/tag/take", test_take);
  g_test_add_func ("/http/retry-after", test_retry_after);
  g_test_add_func ("/http/links", test_links);
  g_test_add_func ("/http/errors", test_errors);
  g_test_add_func ("/http/errors/long", test_long_error);

  return g_test_run ();
}
