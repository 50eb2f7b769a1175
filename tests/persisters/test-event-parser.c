/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "tst-event-parser-private.h"

#include <string.h>

static void
event_cb (const char *type,
          const char *data,
          gpointer    user_data)
{
  g_string_append_printf (user_data, "[%s|%s]", type, data);
}

/* Fed in pieces of @step bytes, the first of @first. */
static void
check_pieces (const char *text,
              gsize       length,
              gsize       first,
              gsize       step,
              const char *expected)
{
  g_autoptr(GString) log = g_string_new (NULL);
  g_autoptr(TstEventParser) parser = tst_event_parser_new (event_cb, log);
  gsize at = MIN (first, length);

  g_assert_true (tst_event_parser_feed (parser, text, at));
  for (; at < length; at += step)
    g_assert_true (tst_event_parser_feed (parser, text + at, MIN (step, length - at)));

  g_assert_cmpstr (log->str, ==, expected);
}

/* Whatever the pieces are. */
static void
check_length (const char *text,
              gsize       length,
              const char *expected)
{
  for (gsize first = 0; first <= length; first++)
    check_pieces (text, length, first, length, expected);
  for (gsize step = 1; step <= length; step++)
    check_pieces (text, length, 0, step, expected);
}

static void
check (const char *text,
       const char *expected)
{
  check_length (text, strlen (text), expected);
}

static void
test_events (void)
{
  g_test_summary ("Events, and what belongs to them");

  check ("data: a\n\n", "[message|a]");
  check ("event: changed\ndata: \"1\"\n\nevent: changed\ndata: \"2\"\n\n",
         "[changed|\"1\"][changed|\"2\"]");
  check ("data: a\ndata: b\ndata\ndata:c\n\n", "[message|a\nb\n\nc]");
  check ("data:\n\n", "[message|]");
  check ("data\n\n", "[message|]");
  check ("event: x\nevent: y\ndata: a\n\n", "[y|a]");
  check ("id: 7\nevent: x\nunknown: z\nretry: 5\ndata:  two\n\n", "[x| two]");
  check (": a comment\n:\ndata: a\n: another\n\n", "[message|a]");
}

static void
test_none (void)
{
  g_test_summary ("What is no event, or none yet");

  check ("", "");
  check ("\n\n\n", "");
  check ("data: not ended", "");
  check ("data: not ended\n", "");
  check ("event: changed\n\n", "");
  /* The type of one is not that of the next. */
  check ("event: changed\n\ndata: a\n\n", "[message|a]");
  check ("Data: a\n\n", "");
  check (" data: a\n\n", "");
  check ("datum: a\ndat: b\ndata2: c\n\n", "");
}

static void
test_line_ends (void)
{
  g_test_summary ("F25: lines end with CR, LF or both, also mixed, and also between two pieces");

  check ("data: a\r\rdata: b\r\r", "[message|a][message|b]");
  check ("data: a\r\n\r\ndata: b\r\n\r\n", "[message|a][message|b]");
  check ("data: a\n\rdata: b\r\n\n", "[message|a][message|b]");
  check ("data: a\r\n\n", "[message|a]");
  check ("data: a\r\ndata: b\n\r\n", "[message|a\nb]");
}

static void
test_byte_order_mark (void)
{
  g_test_summary ("A byte order mark is one at the very beginning only");

  check ("\xef\xbb\xbf" "data: a\n\n", "[message|a]");
  check ("\xef\xbb\xbf\ndata: a\n\n", "[message|a]");
  check ("data: a\n\n\xef\xbb\xbf" "data: b\n\ndata: c\n\n", "[message|a][message|c]");
  check ("\xef\xbb\xbf\xef\xbb\xbf" "data: a\n\n", "");
}

static void
test_hostile (void)
{
  g_test_summary ("Text that is not UTF-8, and NUL, is no event; what follows is");

  check ("data: \xff\xfe\n\ndata: a\n\n", "[message|a]");
  check ("event: \xff\ndata: b\n\ndata: a\n\n", "[message|a]");
  check_length ("data: x\0y\n\ndata: a\n\n", 20, "[message|a]");
  check_length ("da\0ta: x\n\ndata: a\n\n", 19, "[message|a]");
}

static void
feed_much (const char *piece,
           guint       n,
           gboolean    fits)
{
  g_autoptr(GString) log = g_string_new (NULL);
  g_autoptr(TstEventParser) parser = tst_event_parser_new (event_cb, log);
  gboolean taken = TRUE;

  for (guint i = 0; i < n && taken; i++)
    taken = tst_event_parser_feed (parser, piece, strlen (piece));

  g_assert_true (taken == fits);
  g_assert_cmpstr (log->str, ==, "");
  g_assert_true (tst_event_parser_feed (parser, "\ndata: a\n\n", 10) == fits);
}

static void
test_bounds (void)
{
  g_test_summary ("A line, and the data of an event, have a bound; a stream has none");

  feed_much ("x", TST_EVENT_PARSER_MAX_BYTES, TRUE);
  feed_much ("x", TST_EVENT_PARSER_MAX_BYTES + 1, FALSE);
  feed_much ("data: 0123456789\n", TST_EVENT_PARSER_MAX_BYTES, FALSE);
  feed_much (": comment\n", TST_EVENT_PARSER_MAX_BYTES, TRUE);
  feed_much ("event: 0123456789\n", TST_EVENT_PARSER_MAX_BYTES, TRUE);
}

static gint64
retry_of (const char *text)
{
  g_autoptr(GString) log = g_string_new (NULL);
  g_autoptr(TstEventParser) parser = tst_event_parser_new (event_cb, log);

  g_assert_true (tst_event_parser_feed (parser, text, strlen (text)));

  return tst_event_parser_get_retry (parser);
}

static void
test_retry (void)
{
  g_test_summary ("The time until the next try, if it is one");

  g_assert_cmpint (retry_of ("data: a\n\n"), ==, -1);
  g_assert_cmpint (retry_of ("retry: 1500\n"), ==, 1500);
  g_assert_cmpint (retry_of ("retry:0\n"), ==, 0);
  g_assert_cmpint (retry_of ("retry: 1\nretry: 2\n"), ==, 2);
  g_assert_cmpint (retry_of ("retry: -1\n"), ==, -1);
  g_assert_cmpint (retry_of ("retry: 1e3\n"), ==, -1);
  g_assert_cmpint (retry_of ("retry:\n"), ==, -1);
  g_assert_cmpint (retry_of ("retry: 99999999999999999999\n"), ==, -1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/event-parser/events", test_events);
  g_test_add_func ("/event-parser/none", test_none);
  g_test_add_func ("/event-parser/line-ends", test_line_ends);
  g_test_add_func ("/event-parser/byte-order-mark", test_byte_order_mark);
  g_test_add_func ("/event-parser/hostile", test_hostile);
  g_test_add_func ("/event-parser/bounds", test_bounds);
  g_test_add_func ("/event-parser/retry", test_retry);

  return g_test_run ();
}
