/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "http-medium.h"

#include <string.h>

#include "test-util.h"

/* What is asked of a server, and what is made of its tags: with servers of all kinds.
 * In the log of one, G, H, P, O and E are for GET, HEAD, PUT, POST and the event stream. */

#define TOTO "[{\"pets\":{\"toto\":{\"species\":\"dog\"}}},{}]"
#define BOTH_AND_TOTO "[{\"pets\":{\"felix\":{\"species\":\"cat\"},\"fido\":{\"species\":\"dog\"}," \
                      "\"toto\":{\"species\":\"dog\"}}},{}]"

static void
assert_log (HttpPlace  *place,
            const char *expected)
{
  g_assert_cmpstr (place->log->str, ==, expected);
  g_string_truncate (place->log, 0);
}

static guint
count (HttpPlace *place,
       char       method)
{
  guint n = 0;

  for (gsize i = 0; i < place->log->len; i++)
    n += place->log->str[i] == method;

  return n;
}

/* One that asks only if it is told to. */
static HttpPlace *
quiet_place (HttpFlags flags)
{
  HttpPlace *place = http_place_new (flags | HTTP_POLLED, NULL);

  place->poll_interval = 0;

  return place;
}

/* --- Preconditions --- */

static void
test_conflict (void)
{
  HttpPlace *place = quiet_place (0);
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = http_place_persister (place, store);

  g_test_summary ("F26, F28: a save names the version it replaces; one that was not read is merged");

  http_place_write (place, FIDO);
  run_ok_with (start_auto_persisting, persister, NULL);
  assert_log (place, "G");

  /* The first one looks, finds out whether the server checks, and saves. */
  set_species (store, "felix", "cat");
  wait_idle (persister);
  assert_log (place, "GPP");

  /* From then on, once is enough: the tag is that of the save before. */
  set_species (store, "felix", "lion");
  wait_idle (persister);
  set_species (store, "felix", "cat");
  wait_idle (persister);
  assert_log (place, "PP");

  http_place_write_quietly (place, TOTO);
  set_species (store, "felix", "tiger");
  wait_idle (persister);
  assert_log (place, "PGP");
  assert_store (store, "[{\"pets\":{\"toto\":{\"species\":\"dog\"},\"felix\":{\"species\":\"tiger\"}}},{}]");
  g_assert_true (http_place_has (place, "[{\"pets\":{\"felix\":{\"species\":\"tiger\"},"
                                        "\"toto\":{\"species\":\"dog\"}}},{}]"));
  g_assert_false (tst_persister_get_dirty (persister));

  close_persister (persister);
  http_place_free (place);
}

static gboolean
write_first (HttpPlace         *place,
             SoupServerMessage *message,
             const char        *method)
{
  if (!g_str_equal (method, "PUT"))
    return FALSE;

  http_place_write_quietly (place, TOTO);
  http_place_answer (place, message, method);

  return TRUE;
}

static void
test_create (void)
{
  HttpPlace *place = quiet_place (0);
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = http_place_persister (place, store);

  g_test_summary ("F26: where nothing was, something is made only if there still is nothing");

  run_ok_with (start_auto_persisting, persister, FIDO);
  g_assert_true (http_place_has (place, FIDO));
  assert_log (place, "GGP");
  close_persister (persister);

  http_place_write_quietly (place, NULL);
  g_string_truncate (place->log, 0);
  persister = http_place_persister (place, store);
  http_place_set_fault (place, write_first, 1, NULL);
  run_ok (save, persister);
  g_assert_true (tst_store_has_row (store, "pets", "toto"));
  g_assert_true (tst_store_has_row (store, "pets", "fido"));
  g_assert_true (http_place_has (place, "[{\"pets\":{\"fido\":{\"species\":\"dog\"},"
                                        "\"toto\":{\"species\":\"dog\"}}},{}]"));

  close_persister (persister);
  http_place_free (place);
}

static void
count_message_cb (const char     *domain,
                  GLogLevelFlags  level,
                  const char     *message,
                  gpointer        user_data)
{
  ++*(guint *) user_data;
}

static void
check_ignoring (HttpFlags   flags,
                const char *first_log,
                const char *second_log,
                guint       expected)
{
  HttpPlace *place = quiet_place (flags);
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = http_place_persister (place, store);
  guint n_messages = 0;
  guint id = g_log_set_handler ("TStore", G_LOG_LEVEL_MESSAGE, count_message_cb, &n_messages);

  http_place_write (place, FIDO);
  run_ok_with (start_auto_persisting, persister, NULL);
  g_string_truncate (place->log, 0);
  set_species (store, "felix", "lion");
  wait_idle (persister);
  assert_log (place, first_log);
  set_species (store, "felix", "cat");
  wait_idle (persister);
  assert_log (place, second_log);
  g_assert_true (http_place_has (place, BOTH));
  g_assert_cmpuint (place->n_matches, <=, 1);

  /* What somebody else has saved before that is found. */
  http_place_write_quietly (place, TOTO);
  set_species (store, "fido", "wolf");
  wait_idle (persister);
  g_assert_true (tst_store_has_row (store, "pets", "toto"));
  g_assert_true (http_place_has (place, "[{\"pets\":{\"fido\":{\"species\":\"wolf\"},"
                                        "\"toto\":{\"species\":\"dog\"}}},{}]"));
  g_assert_cmpuint (n_messages, ==, expected);

  close_persister (persister);
  g_log_remove_handler ("TStore", id);
  http_place_free (place);
}

static void
test_ignoring (void)
{
  g_test_summary ("F25, F26: where nothing checks what is replaced, each save looks, and that is said once");

  /* The probe is the save. */
  check_ignoring (HTTP_NO_CONDITIONS, "GP", "GP", 1);
  check_ignoring (HTTP_NO_CONDITIONS | HTTP_NO_TAG_ON_SAVE, "GP", "GP", 1);
  check_ignoring (HTTP_NO_TAGS, "GP", "GP", 2);
  check_ignoring (HTTP_WEAK, "GP", "GP", 1);
  check_ignoring (HTTP_POST_ELSEWHERE, "GO", "GO", 1);
}

static void
test_no_tag_on_save (void)
{
  HttpPlace *place = quiet_place (HTTP_NO_TAG_ON_SAVE);
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = http_place_persister (place, store);

  g_test_summary ("F28: a save that is not answered with a tag is looked at before the next one");

  http_place_write (place, FIDO);
  run_ok_with (start_auto_persisting, persister, NULL);
  set_species (store, "felix", "lion");
  wait_idle (persister);
  assert_log (place, "GGPP");
  set_species (store, "felix", "cat");
  wait_idle (persister);
  assert_log (place, "GP");

  /* Of the same length, right after a save of ours: a HEAD would take it for ours. */
  http_place_write_quietly (place, "[{\"pets\":{\"felix\":{\"species\":\"cow\"},"
                                   "\"fido\":{\"species\":\"dog\"}}},{}]");
  set_species (store, "toto", "dog");
  wait_idle (persister);
  g_assert_cmpstr (tst_store_get_cell_string (store, "pets", "felix", "species"), ==, "cow");
  g_assert_true (http_place_has (place, "[{\"pets\":{\"felix\":{\"species\":\"cow\"},"
                                        "\"fido\":{\"species\":\"dog\"},"
                                        "\"toto\":{\"species\":\"dog\"}}},{}]"));

  close_persister (persister);
  http_place_free (place);
}

static gboolean
become_strong (HttpPlace         *place,
               SoupServerMessage *message,
               const char        *method)
{
  guint *n_looks = place->fault_data;

  if (g_str_equal (method, "GET") && ++*n_looks > 1)
    place->is_strong = TRUE;

  return FALSE;
}

static void
test_weak_at_first (void)
{
  HttpPlace *place = quiet_place (HTTP_WEAK_AT_FIRST);
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = http_place_persister (place, store);
  guint n_looks = 0;

  g_test_summary ("F25: a tag that is weak for a moment is waited for, and then is a precondition");

  http_place_write (place, FIDO);
  run_ok_with (start_auto_persisting, persister, NULL);
  g_string_truncate (place->log, 0);
  http_place_set_fault (place, become_strong, 1, &n_looks);
  set_species (store, "felix", "cat");
  wait_idle (persister);
  g_assert_true (http_place_has (place, BOTH));
  assert_log (place, "GGPP");

  close_persister (persister);
  http_place_free (place);
}

static gboolean
refuse_match (HttpPlace         *place,
              SoupServerMessage *message,
              const char        *method)
{
  SoupMessageHeaders *asked = soup_server_message_get_request_headers (message);

  if (soup_message_headers_get_one (asked, "If-Match") == NULL)
    return FALSE;

  soup_server_message_set_status (message, SOUP_STATUS_PRECONDITION_FAILED, NULL);

  return TRUE;
}

static void
test_altered_tags (void)
{
  HttpPlace *place = quiet_place (0);
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = http_place_persister (place, store);

  g_test_summary ("F25: a server whose tags never hold as preconditions is saved to all the same");

  http_place_write (place, FIDO);
  run_ok_with (start_auto_persisting, persister, NULL);
  http_place_set_fault (place, refuse_match, 1000, NULL);
  set_species (store, "felix", "cat");
  wait_idle (persister);
  g_assert_null (tst_persister_get_last_error (persister));
  g_assert_true (http_place_has (place, BOTH));
  g_assert_cmpuint (place->n_faults, >, 900);

  close_persister (persister);
  http_place_free (place);
}

static void
test_same_save (void)
{
  HttpPlace *place = quiet_place (0);
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = http_place_persister (place, store);

  g_test_summary ("5.2.5: a save of what is there makes no new version");

  run_ok (save, persister);
  g_assert_cmpuint (place->version, ==, 1);
  g_string_truncate (place->log, 0);
  run_ok (save, persister);
  assert_log (place, "G");
  g_assert_cmpuint (place->version, ==, 1);

  /* But if it is not there any more, it is merged and saved. */
  http_place_write_quietly (place, FELIX);
  run_ok (save, persister);
  g_assert_true (http_place_has (place, FELIX));
  assert_store (store, FELIX);

  close_persister (persister);
  http_place_free (place);
}

/* --- Polling --- */

static void
test_poll (void)
{
  HttpPlace *place = http_place_new (HTTP_POLLED, NULL);
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = http_place_persister (place, store);
  guint n_gets;

  g_test_summary ("F3, F28: polls read nothing, not even after a save, until there is something new");

  http_place_write (place, FIDO);
  run_ok_with (start_auto_persisting, persister, NULL);
  set_species (store, "felix", "cat");
  wait_idle (persister);
  n_gets = count (place, 'G');
  g_string_truncate (place->log, 0);
  wait_for (count (place, 'H') >= 5);
  g_assert_cmpuint (place->log->len, ==, count (place, 'H'));
  g_assert_cmpuint (n_gets, ==, 2);
  g_assert_cmpuint (tst_persister_get_n_loads (persister), ==, 1);

  http_place_write_quietly (place, TOTO);
  wait_for (store_is (store, TOTO));
  wait_idle (persister);
  g_assert_cmpuint (count (place, 'G'), ==, 1);

  /* Stopped. */
  tst_persister_stop_auto_load (persister);
  run_ready ();
  g_string_truncate (place->log, 0);
  set_species (store, "felix", "cat");
  wait_idle (persister);
  assert_log (place, "P");

  close_persister (persister);
  http_place_free (place);
}

static void
check_polled (HttpFlags flags)
{
  HttpPlace *place = http_place_new (flags | HTTP_POLLED, NULL);
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = http_place_persister (place, store);
  guint n_loads;

  http_place_write (place, "[{},{\"n\":1}]");
  run_ok_with (start_auto_load, persister, NULL);
  http_place_write_quietly (place, "[{},{\"n\":2}]");
  wait_for (store_is (store, "[{},{\"n\":2}]"));
  wait_idle (persister);

  /* And nothing is loaded that is not new. */
  n_loads = tst_persister_get_n_loads (persister);
  g_string_truncate (place->log, 0);
  wait_for (place->log->len > 6);
  g_assert_cmpuint (tst_persister_get_n_loads (persister), ==, n_loads);

  close_persister (persister);
  http_place_free (place);
}

static void
test_poll_kinds (void)
{
  g_test_summary ("F21, F25: changes are noticed whatever tags there are, also twice in one second");

  check_polled (0);
  check_polled (HTTP_WEAK);
  check_polled (HTTP_NO_TAGS);
  check_polled (HTTP_NO_HEAD);
  check_polled (HTTP_SECONDS);
  check_polled (HTTP_SECONDS | HTTP_NO_HEAD);
}

static void
fail_cb (TstPersister          *persister,
         TstPersisterOperation  operation,
         GError                *error,
         gboolean               will_retry,
         gpointer               user_data)
{
  ++*(guint *) user_data;
}

static void
test_failed_save_and_poll (void)
{
  HttpPlace *place = http_place_new (HTTP_POLLED, NULL);
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = http_place_persister (place, store);
  guint n_failed = 0;

  g_test_summary ("F27: a save that failed is not taken back by the polls that follow");

  http_place_write (place, FIDO);
  run_ok_with (start_auto_persisting, persister, NULL);
  g_signal_connect (persister, "failed", G_CALLBACK (fail_cb), &n_failed);

  /* Everything fails, then reading works again, and there is something new as well. */
  place->unreadable = TRUE;
  set_species (store, "felix", "cat");
  wait_for (n_failed >= 3);
  assert_store (store, BOTH);
  http_place_write_quietly (place, "[{\"pets\":{\"fido\":{\"species\":\"dog\"},"
                                   "\"toto\":{\"species\":\"dog\"}}},{}]");
  place->unreadable = FALSE;
  wait_for (http_place_has (place, BOTH_AND_TOTO));
  assert_store (store, BOTH_AND_TOTO);

  close_persister (persister);
  http_place_free (place);
}

static void
test_network (void)
{
  HttpPlace *place = quiet_place (0);
  g_autoptr(TstStore) store = new_store (NULL);
  g_autoptr(TstStore) other_store = new_store (NULL);
  TstPersister *persister = http_place_persister (place, store);
  TstPersister *other = http_place_persister (place, other_store);

  g_test_summary ("5.2.6: when the network is back, it is tried again at once, and asked for news");

  http_place_write (place, FIDO);
  run_ok_with (start_auto_persisting, persister, NULL);
  place->unreadable = TRUE;
  set_species (store, "felix", "cat");
  /* Until the next try by itself is a minute away. */
  for (guint i = 0; i < 12; i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (run (flush, persister, &error));
    }
  place->unreadable = FALSE;
  run_ready ();
  g_string_truncate (place->log, 0);

  g_signal_emit_by_name (g_network_monitor_get_default (), "network-changed", FALSE);
  run_ok (load, other);
  assert_log (place, "G");
  g_signal_emit_by_name (g_network_monitor_get_default (), "network-changed", TRUE);
  run_ok (load, other);
  g_assert_cmpuint (place->log->len, >, 1);
  wait_for (http_place_has (place, BOTH));
  wait_idle (persister);

  /* Nothing polls here, but this does. */
  http_place_write_quietly (place, TOTO);
  g_signal_emit_by_name (g_network_monitor_get_default (), "network-changed", TRUE);
  wait_for (store_is (store, TOTO));

  close_persister (other);
  close_persister (persister);
  http_place_free (place);
}

/* --- Event streams --- */

static void
test_stream (void)
{
  HttpPlace *place = http_place_new (0, NULL);
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister;

  g_test_summary ("F3: a server that tells is not asked, and its telling of our own saves is no news");

  http_place_write (place, FIDO);
  persister = http_place_persister (place, store);
  run_ok_with (start_auto_persisting, persister, NULL);
  wait_for (place->streams->len == 1);
  wait_for (count (place, 'H') == 1); /* it may have missed something before */
  run_ready ();
  g_string_truncate (place->log, 0);

  http_place_write (place, TOTO);
  wait_for (store_is (store, TOTO));
  assert_log (place, "G");

  set_species (store, "felix", "cat");
  wait_idle (persister);
  set_species (store, "fido", "dog");
  wait_idle (persister);
  g_assert_true (http_place_has (place, BOTH_AND_TOTO));
  /* Who hears of a save before its answer waits for that; the mark comes after both. */
  http_place_write (place, FIDO);
  wait_for (store_is (store, FIDO));
  wait_idle (persister);
  assert_log (place, "GPPPG");
  g_assert_cmpuint (place->streams->len, ==, 1);

  close_persister (persister);
  http_place_free (place);
}

static void
test_stream_ends (void)
{
  HttpPlace *place = http_place_new (0, NULL);
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = http_place_persister (place, store);

  g_test_summary ("A stream that ends is connected to again, and what happened meanwhile is found");

  http_place_write (place, FIDO);
  run_ok_with (start_auto_load, persister, NULL);

  for (guint i = 0; i < 3; i++)
    {
      wait_for (place->streams->len == 1);
      http_place_end_streams (place);
      wait_for (place->streams->len == 0);
      http_place_write_quietly (place, i % 2 ? FIDO : FELIX);
      wait_for (store_is (store, i % 2 ? FIDO : FELIX));
    }

  close_persister (persister);
  http_place_free (place);
}

/* The answer is that of now, but comes later. */
static gboolean
hold_read (HttpPlace         *place,
           SoupServerMessage *message,
           const char        *method)
{
  SoupServerMessage **held = place->fault_data;

  if (!g_str_equal (method, "GET"))
    return FALSE;

  http_place_answer (place, message, method);
  soup_server_message_pause (message);
  *held = g_object_ref (message);

  return TRUE;
}

static void
test_stream_while_loading (void)
{
  HttpPlace *place = http_place_new (0, NULL);
  g_autoptr(TstStore) store = new_store (NULL);
  g_autoptr(TstStore) other_store = new_store (NULL);
  TstPersister *persister;
  TstPersister *other = http_place_persister (place, other_store);
  g_autoptr(SoupServerMessage) held = NULL;
  GAsyncResult *result = NULL;

  g_test_summary ("What a load that began before the stream does not tell any more is asked for");

  /* Nothing else asks. */
  place->poll_interval = 0;
  persister = http_place_persister (place, store);
  http_place_write (place, FIDO);
  run_ok_with (start_auto_load, persister, NULL);
  wait_for (place->streams->len == 1 && count (place, 'H') == 1);

  http_place_set_fault (place, hold_read, 1, &held);
  tst_persister_load_async (persister, NULL, take_result_cb, &result);
  wait_for (held != NULL);
  http_place_write_quietly (place, FELIX);
  http_place_end_streams (place);
  wait_for (place->streams->len == 0);
  wait_for (place->streams->len == 1);
  for (guint i = 0; i < 3; i++)
    run_ok (load, other);
  assert_store (store, FIDO);

  soup_server_message_unpause (held);
  wait_for (store_is (store, FELIX));
  g_assert_true (tst_persister_load_finish (persister, result, NULL));
  g_clear_object (&result);

  close_persister (other);
  close_persister (persister);
  http_place_free (place);
}

static void
test_stream_refused (void)
{
  HttpPlace *place = http_place_new (0, NULL);
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister;

  g_test_summary ("Where the stream cannot be had, the server is asked as often as others");

  place->no_streams = TRUE;
  place->poll_interval = 20;
  http_place_write (place, FIDO);
  persister = http_place_persister (place, store);
  run_ok_with (start_auto_load, persister, NULL);
  wait_for (count (place, 'E') >= 2);
  http_place_write_quietly (place, FELIX);
  wait_for (store_is (store, FELIX));

  /* As soon as it can. */
  place->no_streams = FALSE;
  wait_for (place->streams->len == 1);

  close_persister (persister);
  http_place_free (place);
}

static void
test_stream_hostile (void)
{
  HttpPlace *place = http_place_new (0, NULL);
  g_autoptr(TstStore) store = new_store (NULL);
  g_autoptr(TstStore) other_store = new_store (NULL);
  g_autoptr(GString) line = g_string_new ("data: ");
  TstPersister *persister = http_place_persister (place, store);
  TstPersister *other = http_place_persister (place, other_store);

  g_test_summary ("What a stream says that is none of our events is ignored, and nonsense ends it");

  http_place_write (place, FIDO);
  run_ok_with (start_auto_load, persister, NULL);
  wait_for (place->streams->len == 1 && count (place, 'H') == 1);
  run_ready ();
  g_string_truncate (place->log, 0);

  http_place_write_quietly (place, FELIX);
  http_place_tell (place, "data: \"x\"\n\nevent: other\ndata: \"x\"\n\n: comment\n\n"
                          "event: changed\ndata: not a tag\n\nevent: changed\ndata:\n\n"
                          "event: Changed\ndata: \"x\"\n\nevent: changed\n\n");
  for (guint i = 0; i < 3; i++)
    run_ok (load, other);
  assert_log (place, "GGG");
  assert_store (store, FIDO);
  http_place_tell (place, "event: changed\rdata: \"x\"\r\r");
  wait_for (store_is (store, FELIX));
  assert_log (place, "G");

  for (guint i = 0; i < 100000; i++)
    g_string_append_c (line, 'x');
  http_place_tell (place, line->str);
  wait_for (count (place, 'E') == 1);

  close_persister (other);
  close_persister (persister);
  http_place_free (place);
}

static void
test_stream_off (void)
{
  HttpPlace *place = http_place_new (0, NULL);
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = http_place_persister (place, store);
  TstRemotePersister *remote = TST_REMOTE_PERSISTER (persister);

  g_test_summary ("A property turns the stream off, and on again");

  g_assert_true (tst_remote_persister_get_use_event_stream (remote));
  tst_remote_persister_set_use_event_stream (remote, FALSE);
  tst_remote_persister_set_poll_interval (remote, 20);
  http_place_write (place, FIDO);
  run_ok_with (start_auto_load, persister, NULL);
  wait_for (count (place, 'H') >= 3);
  g_assert_cmpuint (count (place, 'E'), ==, 0);

  tst_remote_persister_set_use_event_stream (remote, TRUE);
  wait_for (place->streams->len == 1);
  tst_remote_persister_set_use_event_stream (remote, FALSE);
  http_place_tell (place, ": somebody there?\n");
  wait_for (place->streams->len == 0);

  close_persister (persister);
  http_place_free (place);
}

static void
test_stream_polls (void)
{
  HttpPlace *place = http_place_new (0, NULL);
  HttpPlace *other_place = http_place_new (HTTP_POLLED, NULL);
  g_autoptr(TstStore) store = new_store (NULL);
  g_autoptr(TstStore) other_store = new_store (NULL);
  TstPersister *persister;
  TstPersister *other;

  g_test_summary ("While a stream is alive, the server is asked, but twelve times less often");

  place->poll_interval = other_place->poll_interval = 20;
  http_place_write (place, FIDO);
  http_place_write (other_place, FIDO);
  persister = http_place_persister (place, store);
  other = http_place_persister (other_place, other_store);
  run_ok_with (start_auto_load, persister, NULL);
  run_ok_with (start_auto_load, other, NULL);
  wait_for (place->streams->len == 1 && count (place, 'H') >= 1);
  g_string_truncate (place->log, 0);
  g_string_truncate (other_place->log, 0);

  wait_for (count (place, 'H') == 4);
  g_assert_cmpuint (count (other_place, 'H'), >, 2 * 4);

  /* Which finds what the stream does not tell. */
  http_place_write_quietly (place, FELIX);
  wait_for (store_is (store, FELIX));

  /* And as often as others when it is dead, from then on. */
  place->no_streams = TRUE;
  http_place_end_streams (place);
  wait_for (place->streams->len == 0 && count (place, 'E') >= 1);
  g_string_truncate (place->log, 0);
  g_string_truncate (other_place->log, 0);
  wait_for (count (other_place, 'H') == 20);
  g_assert_cmpuint (count (place, 'H'), >, 20 / 2);

  close_persister (persister);
  close_persister (other);
  http_place_free (place);
  http_place_free (other_place);
}

/* What it answers is from now; it arrives later. */
static gboolean
hold_answer (HttpPlace         *place,
             SoupServerMessage *message,
             const char        *method)
{
  http_place_answer (place, message, method);
  soup_server_message_pause (message);
  *(SoupServerMessage **) place->fault_data = message;

  return TRUE;
}

static void
test_stream_begins_late (void)
{
  HttpPlace *place = http_place_new (0, NULL);
  g_autoptr(TstStore) store = new_store (NULL);
  g_autoptr(TstStore) other_store = new_store (NULL);
  TstRemotePersister *remote;
  TstPersister *persister;
  TstPersister *other;
  SoupServerMessage *held = NULL;

  g_test_summary ("What happens between a load and the beginning of a stream is found at once");

  place->poll_interval = 0;
  http_place_write (place, FIDO);
  persister = http_place_persister (place, store);
  other = http_place_persister (place, other_store);
  remote = TST_REMOTE_PERSISTER (persister);
  tst_remote_persister_set_use_event_stream (remote, FALSE);
  run_ok_with (start_auto_load, persister, NULL);

  http_place_write_quietly (place, FELIX);
  http_place_set_fault (place, hold_answer, 1, &held);
  tst_persister_load_async (persister, NULL, NULL, NULL);
  wait_for (held != NULL);
  http_place_write_quietly (place, TOTO);
  tst_remote_persister_set_use_event_stream (remote, TRUE);
  wait_for (place->streams->len == 1);
  for (guint i = 0; i < 3; i++)
    run_ok (load, other);
  soup_server_message_unpause (held);
  wait_for (store_is (store, TOTO));

  close_persister (other);
  close_persister (persister);
  http_place_free (place);
}

static void
test_stream_silent (void)
{
  HttpPlace *place = http_place_new (0, NULL);
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister;

  g_test_summary ("A stream that does not tell of something new is dead, and connected to again");

  place->poll_interval = 5;
  http_place_write (place, FIDO);
  persister = http_place_persister (place, store);
  run_ok_with (start_auto_load, persister, NULL);
  wait_for (place->streams->len == 1);
  g_string_truncate (place->log, 0);

  /* The first ones may be found before it has heard of the stream. */
  for (guint i = 0; i < 20 && count (place, 'E') == 0; i++)
    {
      const char *text = i % 2 == 0 ? FELIX : FIDO;

      http_place_write_quietly (place, text);
      wait_for (store_is (store, text));
    }
  g_assert_cmpuint (count (place, 'E'), >, 0);

  /* But not each time that it is asked; one may be under way. */
  g_string_truncate (place->log, 0);
  wait_for (count (place, 'H') == 5);
  g_assert_cmpuint (count (place, 'E'), <=, 1);

  /* Nor more often than that, whatever the answers are. */
  place->unreadable = TRUE;
  http_place_write_quietly (place, TOTO);
  g_string_truncate (place->log, 0);
  wait_for (place->log->len >= 10);
  g_assert_cmpuint (count (place, 'E'), <=, count (place, 'H') + 1);

  close_persister (persister);
  http_place_free (place);
}

static void
check_silent_stream_without (HttpFlags flags)
{
  HttpPlace *place = http_place_new (flags, NULL);
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister;

  place->poll_interval = 5;
  http_place_write (place, FIDO);
  persister = http_place_persister (place, store);
  run_ok_with (start_auto_load, persister, NULL);
  wait_for (place->streams->len == 1);
  wait_for (count (place, 'G') >= 3);

  /* Not as long as there is nothing new. */
  g_assert_cmpuint (count (place, 'E'), ==, 1);
  g_string_truncate (place->log, 0);
  for (guint i = 0; i < 20 && count (place, 'E') == 0; i++)
    {
      const char *text = i % 2 == 0 ? FELIX : FIDO;

      http_place_write_quietly (place, text);
      wait_for (store_is (store, text));
      wait_idle (persister);
    }
  g_assert_cmpuint (count (place, 'E'), >, 0);

  close_persister (persister);
  http_place_free (place);
}

static void
test_stream_silent_without (void)
{
  g_test_summary ("So it is where only reading tells whether there is something new");

  check_silent_stream_without (HTTP_NO_HEAD);
  check_silent_stream_without (HTTP_NO_TAGS);
}

static TstPersister *
persister_with_session (HttpPlace   *place,
                        TstStore    *store,
                        SoupSession *session)
{
  TstPersister *persister = http_place_persister (place, store);

  tst_remote_persister_set_session (TST_REMOTE_PERSISTER (persister), session);

  return persister;
}

static void
test_aborted_session (void)
{
  HttpPlace *place = http_place_new (HTTP_POLLED, NULL);
  g_autoptr(TstStore) store = new_store (NULL);
  g_autoptr(SoupSession) session = soup_session_new ();
  SoupServerMessage *held = NULL;
  TstPersister *persister;

  g_test_summary ("Who aborts a session ends what is under way, and not the looking for news");

  place->poll_interval = 5;
  http_place_write (place, FIDO);
  persister = persister_with_session (place, store, session);
  run_ok_with (start_auto_load, persister, NULL);
  http_place_set_fault (place, hold_answer, 1, &held);
  wait_for (held != NULL);

  g_string_truncate (place->log, 0);
  soup_session_abort (session);
  soup_server_message_unpause (held);
  wait_for (count (place, 'H') > 0);
  http_place_write (place, FELIX);
  wait_for (store_is (store, FELIX));

  close_persister (persister);
  soup_session_abort (session);
  http_place_free (place);
}

static void
test_aborted_stream (void)
{
  HttpPlace *place = http_place_new (0, NULL);
  g_autoptr(TstStore) store = new_store (NULL);
  g_autoptr(SoupSession) session = soup_session_new ();
  TstPersister *persister;

  g_test_summary ("A stream that is read when its session is aborted begins again with what comes next");

  place->poll_interval = 0;
  http_place_write (place, FIDO);
  persister = persister_with_session (place, store, session);
  run_ok_with (start_auto_load, persister, NULL);
  wait_for (place->streams->len == 1 && count (place, 'H') == 1); /* so it is being read */
  run_ready ();

  g_string_truncate (place->log, 0);
  soup_session_abort (session);
  http_place_write (place, FELIX);
  wait_for (count (place, 'E') == 1);
  wait_for (store_is (store, FELIX));

  close_persister (persister);
  soup_session_abort (session);
  http_place_free (place);
}

static void
test_aborted_stream_early (void)
{
  HttpPlace *place = http_place_new (0, NULL);
  g_autoptr(TstStore) store = new_store (NULL);
  g_autoptr(SoupSession) session = soup_session_new ();
  TstPersister *persister;

  g_test_summary ("A stream that has not begun when its session is aborted is connected to again");

  place->poll_interval = 0;
  place->silent_streams = TRUE;
  http_place_write (place, FIDO);
  persister = persister_with_session (place, store, session);
  run_ok_with (start_auto_load, persister, NULL);
  wait_for (place->streams->len == 1);
  run_ready ();

  g_string_truncate (place->log, 0);
  place->silent_streams = FALSE;
  soup_session_abort (session);
  wait_for (count (place, 'E') == 1);
  http_place_write (place, FELIX);
  wait_for (store_is (store, FELIX));

  close_persister (persister);
  soup_session_abort (session);
  http_place_free (place);
}

static void
test_other_session (void)
{
  HttpPlace *place = quiet_place (0);
  g_autoptr(TstStore) store = new_store (FIDO);
  g_autoptr(SoupSession) session = soup_session_new ();
  TstPersister *persister = http_place_persister (place, store);
  SoupServerMessage *held = NULL;
  GAsyncResult *result = NULL;
  g_autoptr(GError) error = NULL;

  g_test_summary ("What is under way when the session is replaced goes on with the old one");

  run_ok (save, persister);
  http_place_set_fault (place, hold_answer, 1, &held);
  tst_persister_load_async (persister, NULL, take_result_cb, &result);
  wait_for (held != NULL);
  tst_remote_persister_set_session (TST_REMOTE_PERSISTER (persister), session);
  soup_server_message_unpause (held);
  wait_for (result != NULL);
  tst_persister_load_finish (persister, result, &error);
  g_assert_no_error (error);

  g_object_unref (result);
  close_persister (persister);
  http_place_free (place);
}

/* A message of the app's own, which the server does not answer until it is told to. */
typedef struct
{
  SoupSession       *session;
  char              *uri;
  SoupServerMessage *held;      /* (nullable) */
  GAsyncResult      *result;    /* (nullable) */
} Hog;

static void
hog_cb (SoupServer        *server,
        SoupServerMessage *message,
        const char        *path,
        GHashTable        *query,
        gpointer           user_data)
{
  Hog *hog = user_data;

  soup_server_message_set_status (message, SOUP_STATUS_NO_CONTENT, NULL);
  soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                "Connection", "close");
  soup_server_message_pause (message);
  hog->held = message;
}

static void
hog_begin (Hog *hog)
{
  g_autoptr(SoupMessage) message = soup_message_new (SOUP_METHOD_GET, hog->uri);

  soup_session_send_async (hog->session, message, G_PRIORITY_DEFAULT, NULL, take_result_cb,
                           &hog->result);
}

static void
hog_end (Hog *hog)
{
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(GError) error = NULL;

  soup_server_message_unpause (hog->held);
  wait_for (hog->result != NULL);
  stream = soup_session_send_finish (hog->session, hog->result, &error);
  g_assert_no_error (error);
  g_input_stream_close (stream, NULL, &error);
  g_assert_no_error (error);
  g_clear_object (&hog->result);
}

static Hog *
hog_new (HttpPlace *place)
{
  Hog *hog = g_new0 (Hog, 1);

  hog->session = soup_session_new_with_options ("max-conns-per-host", 1, NULL);
  hog->uri = g_strdup_printf ("%.*s/hog", (int) (strlen (place->uri) - strlen ("/pets.json")),
                              place->uri);
  soup_server_add_handler (place->server, "/hog", hog_cb, hog, NULL);

  return hog;
}

static void
hog_free (Hog *hog)
{
  soup_session_abort (hog->session);
  run_ready ();
  g_assert_finalize_object (hog->session);
  g_free (hog->uri);
  g_free (hog);
}

static void
test_busy_session (void)
{
  HttpPlace *place = quiet_place (0);
  Hog *hog = hog_new (place);
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister;
  g_autoptr(GError) error = NULL;

  g_test_summary ("A load does not wait for ever for a connection that somebody else keeps");

  place->timeout = 200;
  http_place_write (place, FIDO);
  persister = persister_with_session (place, store, hog->session);
  hog_begin (hog);
  wait_for (hog->held != NULL);

  g_assert_false (run (load, persister, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  assert_log (place, "");

  hog_end (hog);
  g_object_set (persister, "timeout", 30000, NULL);
  run_ok (load, persister);
  assert_store (store, FIDO);

  close_persister (persister);
  hog_free (hog);
  http_place_free (place);
}

/* So what comes after it waits. */
static gboolean
begin_hog (HttpPlace         *place,
           SoupServerMessage *message,
           const char        *method)
{
  hog_begin (place->fault_data);
  http_place_answer (place, message, method);

  return TRUE;
}

static void
test_busy_save (void)
{
  HttpPlace *place = quiet_place (0);
  Hog *hog = hog_new (place);
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister;
  g_autoptr(GError) error = NULL;

  g_test_summary ("A save that was given up while it waited for a connection is not sent later");

  place->timeout = test_is_slow () ? 5000 : 1000;
  persister = persister_with_session (place, store, hog->session);
  http_place_set_fault (place, begin_hog, 1, hog);
  g_assert_false (run (save, persister, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_nonnull (hog->held);
  assert_log (place, "G");
  g_assert_true (tst_persister_get_dirty (persister));

  hog_end (hog);
  g_object_set (persister, "timeout", 30000, NULL);
  for (guint i = 0; i < 3; i++)
    run_ok (load, persister);
  g_assert_cmpuint (count (place, 'P'), ==, 0);
  run_ok (save, persister);
  g_assert_true (http_place_has (place, FIDO));

  close_persister (persister);
  hog_free (hog);
  http_place_free (place);
}

static void
test_shared_session (void)
{
  g_autoptr(SoupSession) session = soup_session_new ();
  HttpPlace *place = http_place_new (0, NULL);
  TstStore *stores[3];
  TstPersister *persisters[3];

  g_test_summary ("Streams do not take all the connections of a session that several share");

  place->poll_interval = 20;
  http_place_write (place, FIDO);
  for (guint i = 0; i < 3; i++)
    {
      stores[i] = new_store (NULL);
      persisters[i] = http_place_persister (place, stores[i]);
      g_object_set (persisters[i], "session", session, NULL);
      run_ok_with (start_auto_persisting, persisters[i], NULL);
    }

  set_species (stores[0], "felix", "cat");
  for (guint i = 0; i < 3; i++)
    wait_for (store_is (stores[i], BOTH));
  g_assert_cmpuint (place->streams->len, ==, 1);

  for (guint i = 0; i < 3; i++)
    {
      close_persister (persisters[i]);
      g_assert_finalize_object (stores[i]);
    }
  soup_session_abort (session);
  http_place_free (place);
}

/* --- A pause --- */

static gboolean
ask_for_pause (HttpPlace         *place,
               SoupServerMessage *message,
               const char        *method)
{
  if (!g_str_equal (method, "PUT"))
    return FALSE;

  soup_server_message_set_status (message, SOUP_STATUS_SERVICE_UNAVAILABLE, NULL);
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Retry-After",
                                place->fault_data);

  return TRUE;
}

/* Then the network comes back. */
static void
begin_pause (HttpPlace    *place,
             TstPersister *persister,
             const char   *seconds)
{
  g_autoptr(GError) error = NULL;

  http_place_set_fault (place, ask_for_pause, 1, (gpointer) seconds);
  g_assert_false (run (save, persister, &error));
  g_assert_nonnull (error);
  g_assert_cmpuint (place->n_faults, ==, 0);
  g_string_truncate (place->log, 0);
  g_signal_emit_by_name (g_network_monitor_get_default (), "network-changed", TRUE);
}

static void
test_pause_poll (void)
{
  HttpPlace *place = quiet_place (0);
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = http_place_persister (place, store);

  g_test_summary ("What is to be asked when the network comes back in a pause is asked after it");

  http_place_write (place, FIDO);
  run_ok_with (start_auto_load, persister, NULL);
  set_species (store, "felix", "cat");
  begin_pause (place, persister, test_is_slow () ? "5" : "2");
  http_place_write_quietly (place, TOTO);
  run_ready ();
  assert_log (place, "");

  wait_for (tst_store_has_row (store, "pets", "toto"));
  wait_idle (persister);
  assert_log (place, "HG");

  close_persister (persister);
  http_place_free (place);
}

static void
test_pause_stream (void)
{
  HttpPlace *place = http_place_new (0, NULL);
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister;

  g_test_summary ("A stream that may have died when the network was away is made again after a pause");

  place->poll_interval = 0;
  http_place_write (place, FIDO);
  persister = http_place_persister (place, store);
  run_ok_with (start_auto_load, persister, NULL);
  wait_for (place->streams->len == 1 && count (place, 'H') == 1);
  run_ready ();
  set_species (store, "felix", "cat");
  begin_pause (place, persister, test_is_slow () ? "5" : "2");
  http_place_write_quietly (place, TOTO);
  run_ready ();
  assert_log (place, "");

  wait_for (count (place, 'E') == 1);
  wait_for (tst_store_has_row (store, "pets", "toto"));
  http_place_write (place, FIDO);
  wait_for (tst_store_has_row (store, "pets", "fido"));

  close_persister (persister);
  http_place_free (place);
}

/* --- The object --- */

static void
count_notify_cb (guint *n)
{
  ++*n;
}

static void
test_properties (void)
{
  g_autoptr(TstStore) store = new_store (NULL);
  g_autoptr(SoupSession) session = soup_session_new ();
  g_autoptr(TstPersister) persister = tst_remote_persister_new (store, "http://localhost/a", NULL);
  g_autoptr(TstPersister) other = tst_remote_persister_new (store, "http://localhost/a",
                                                            "http://localhost/b");
  TstRemotePersister *remote = TST_REMOTE_PERSISTER (persister);
  guint n_notified = 0;

  g_test_summary ("Addresses, methods, bounds and the session");

  g_assert_cmpstr (tst_remote_persister_get_load_uri (remote), ==, "http://localhost/a");
  g_assert_cmpstr (tst_remote_persister_get_save_uri (remote), ==, "http://localhost/a");
  g_assert_cmpstr (tst_remote_persister_get_save_method (remote), ==, "PUT");
  remote = TST_REMOTE_PERSISTER (other);
  g_assert_cmpstr (tst_remote_persister_get_save_uri (remote), ==, "http://localhost/b");
  g_assert_cmpstr (tst_remote_persister_get_save_method (remote), ==, "POST");
  g_assert_cmpuint (tst_remote_persister_get_poll_interval (remote), ==, 5000);
  g_assert_cmpuint (tst_remote_persister_get_timeout (remote), ==, 30000);
  g_assert_cmpuint (tst_remote_persister_get_max_size (remote), ==, 256 * 1024 * 1024);
  g_assert_null (tst_remote_persister_get_session (remote));

  g_signal_connect_swapped (remote, "notify", G_CALLBACK (count_notify_cb), &n_notified);
  for (guint i = 0; i < 2; i++)
    g_object_set (remote, "save-method", "PUT", "poll-interval", 7, "timeout", 8,
                  "max-size", (guint64) 9, "session", session, "use-event-stream", FALSE, NULL);
  g_assert_cmpuint (n_notified, ==, 6);
  g_assert_cmpstr (tst_remote_persister_get_save_method (remote), ==, "PUT");
  g_assert_cmpuint (tst_remote_persister_get_poll_interval (remote), ==, 7);
  g_assert_cmpuint (tst_remote_persister_get_timeout (remote), ==, 8);
  g_assert_cmpuint (tst_remote_persister_get_max_size (remote), ==, 9);
  g_assert_true (tst_remote_persister_get_session (remote) == session);
  g_assert_false (tst_remote_persister_get_use_event_stream (remote));
  tst_remote_persister_set_save_method (remote, NULL);
  g_assert_cmpstr (tst_remote_persister_get_save_method (remote), ==, "POST");
}

static void
test_bad_addresses (void)
{
  static const char *const bad[] = { "", "pets", "file:///etc/passwd", "http:///pets", "ws://a/b" };

  g_test_summary ("An address that is not one of HTTP is a mistake of the programmer, and no crash");

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(TstStore) store = new_store (FIDO);
      g_autoptr(TstPersister) persister = NULL;

      g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, "*address to load from*");
      g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, "*address to save to*");
      persister = tst_remote_persister_new (store, bad[i], NULL);
      g_test_assert_expected_messages ();
      g_assert_nonnull (persister);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/remote-server/conflict", test_conflict);
  g_test_add_func ("/remote-server/create", test_create);
  g_test_add_func ("/remote-server/ignoring", test_ignoring);
  g_test_add_func ("/remote-server/no-tag-on-save", test_no_tag_on_save);
  g_test_add_func ("/remote-server/weak-at-first", test_weak_at_first);
  g_test_add_func ("/remote-server/altered-tags", test_altered_tags);
  g_test_add_func ("/remote-server/same-save", test_same_save);
  g_test_add_func ("/remote-server/poll", test_poll);
  g_test_add_func ("/remote-server/poll/kinds", test_poll_kinds);
  g_test_add_func ("/remote-server/poll/failed-save", test_failed_save_and_poll);
  g_test_add_func ("/remote-server/network", test_network);
  g_test_add_func ("/remote-server/stream", test_stream);
  g_test_add_func ("/remote-server/stream/ends", test_stream_ends);
  g_test_add_func ("/remote-server/stream/while-loading", test_stream_while_loading);
  g_test_add_func ("/remote-server/stream/refused", test_stream_refused);
  g_test_add_func ("/remote-server/stream/hostile", test_stream_hostile);
  g_test_add_func ("/remote-server/stream/off", test_stream_off);
  g_test_add_func ("/remote-server/stream/polls", test_stream_polls);
  g_test_add_func ("/remote-server/stream/begins-late", test_stream_begins_late);
  g_test_add_func ("/remote-server/stream/silent", test_stream_silent);
  g_test_add_func ("/remote-server/stream/silent-without-head", test_stream_silent_without);
  g_test_add_func ("/remote-server/stream/shared-session", test_shared_session);
  g_test_add_func ("/remote-server/session/aborted", test_aborted_session);
  g_test_add_func ("/remote-server/session/aborted-stream", test_aborted_stream);
  g_test_add_func ("/remote-server/session/aborted-stream/early", test_aborted_stream_early);
  g_test_add_func ("/remote-server/session/busy", test_busy_session);
  g_test_add_func ("/remote-server/session/busy-save", test_busy_save);
  g_test_add_func ("/remote-server/session/other", test_other_session);
  g_test_add_func ("/remote-server/pause/poll", test_pause_poll);
  g_test_add_func ("/remote-server/pause/stream", test_pause_stream);
  g_test_add_func ("/remote-server/properties", test_properties);
  g_test_add_func ("/remote-server/bad-addresses", test_bad_addresses);

  return g_test_run ();
}
