/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "http-medium.h"

#include <string.h>

#include "test-util.h"

/* F25: whatever a server does, nothing is lost: the store keeps what was changed, it
 * stays dirty, it is tried again, and at last the server has it. */

#define TIMEOUT_MS (test_is_slow () ? 2000 : 200)

/* --- What goes wrong --- */

typedef struct
{
  const char *name;
  const char *method;   /* of the messages that it happens to */
  HttpFault   fault;
  const void *data;
  int         code;     /* the error of G_IO_ERROR, or -1 for any */
  gboolean    hangs;    /* the connection stays open */
} Fault;

typedef struct
{
  guint       status;
  const char *location; /* (nullable) */
} Status;

static gboolean
answer_status (HttpPlace         *place,
               SoupServerMessage *message,
               const char        *method)
{
  const Fault *fault = place->fault_data;
  const Status *status = fault->data;

  if (!g_str_equal (method, fault->method))
    return FALSE;

  soup_server_message_set_status (message, status->status, NULL);
  if (status->location != NULL)
    soup_message_headers_replace (soup_server_message_get_response_headers (message), "Location",
                                  status->location);
  soup_server_message_set_response (message, "text/html", SOUP_MEMORY_STATIC, "<html>", 6);

  return TRUE;
}

/* Sends these bytes, and then nothing more. */
static gboolean
answer_raw (HttpPlace         *place,
            SoupServerMessage *message,
            const char        *method)
{
  const Fault *fault = place->fault_data;
  const char *bytes = fault->data;

  if (!g_str_equal (method, fault->method))
    return FALSE;

  http_place_send_raw (place, message, bytes, strlen (bytes), !fault->hangs);

  return TRUE;
}

/* Does it, and does not say so. */
static gboolean
save_silently (HttpPlace         *place,
               SoupServerMessage *message,
               const char        *method)
{
  const Fault *fault = place->fault_data;
  guint version = place->version;

  if (!g_str_equal (method, "PUT"))
    return FALSE;

  http_place_answer (place, message, method);
  if (place->version == version)
    return FALSE; /* answered, with a status */

  http_place_send_raw (place, message, "", 0, !fault->hangs);

  return TRUE;
}

/* Does it, and says so with a page and without a tag. */
static gboolean
save_and_show_page (HttpPlace         *place,
                    SoupServerMessage *message,
                    const char        *method)
{
  guint version = place->version;

  if (!g_str_equal (method, "PUT"))
    return FALSE;

  http_place_answer (place, message, method);
  if (place->version == version)
    return FALSE;

  soup_message_headers_remove (soup_server_message_get_response_headers (message), "ETag");
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (message, "text/html", SOUP_MEMORY_STATIC, "<html>", 6);

  return TRUE;
}

#define STATUS(number, where) (&(const Status) { number, where })

static const Fault save_faults[] = {
  { "200-with-a-page", "PUT", answer_status, STATUS (200, NULL), G_IO_ERROR_FAILED },
  { "301", "PUT", answer_status, STATUS (301, "/pets.json"), G_IO_ERROR_FAILED },
  { "302", "PUT", answer_status, STATUS (302, "/pets.json"), G_IO_ERROR_FAILED },
  { "303", "PUT", answer_status, STATUS (303, "/pets.json"), G_IO_ERROR_FAILED },
  { "307-to-itself", "PUT", answer_status, STATUS (307, "/pets.json"), G_IO_ERROR_FAILED },
  { "307-to-file", "PUT", answer_status, STATUS (307, "file:///dev/null"), G_IO_ERROR_FAILED },
  { "307-to-nowhere", "PUT", answer_status, STATUS (307, NULL), G_IO_ERROR_FAILED },
  { "202", "PUT", answer_status, STATUS (202, NULL), G_IO_ERROR_FAILED },
  { "304", "PUT", answer_status, STATUS (304, NULL), G_IO_ERROR_FAILED },
  { "400", "PUT", answer_status, STATUS (400, NULL), G_IO_ERROR_FAILED },
  { "401", "PUT", answer_status, STATUS (401, NULL), G_IO_ERROR_PERMISSION_DENIED },
  { "403", "PUT", answer_status, STATUS (403, NULL), G_IO_ERROR_PERMISSION_DENIED },
  { "404", "PUT", answer_status, STATUS (404, NULL), G_IO_ERROR_NOT_FOUND },
  { "405", "PUT", answer_status, STATUS (405, NULL), G_IO_ERROR_FAILED },
  { "408", "PUT", answer_status, STATUS (408, NULL), G_IO_ERROR_TIMED_OUT },
  { "410", "PUT", answer_status, STATUS (410, NULL), G_IO_ERROR_NOT_FOUND },
  { "413", "PUT", answer_status, STATUS (413, NULL), G_IO_ERROR_MESSAGE_TOO_LARGE },
  { "429", "PUT", answer_status, STATUS (429, NULL), G_IO_ERROR_BUSY },
  { "500", "PUT", answer_status, STATUS (500, NULL), G_IO_ERROR_FAILED },
  { "503", "PUT", answer_status, STATUS (503, NULL), G_IO_ERROR_FAILED },
  { "504", "PUT", answer_status, STATUS (504, NULL), G_IO_ERROR_TIMED_OUT },
  { "507", "PUT", answer_status, STATUS (507, NULL), G_IO_ERROR_NO_SPACE },
  { "reset", "PUT", answer_raw, "", -1 },
  { "garbage", "PUT", answer_raw, "\x01\x02 nonsense\r\n\r\n", -1 },
  { "half-a-status", "PUT", answer_raw, "HTTP/1.1 20", -1 },
  { "half-of-the-headers", "PUT", answer_raw, "HTTP/1.1 200 OK\r\nETag: \"x", -1 },
  { "hang", "PUT", answer_raw, "", G_IO_ERROR_TIMED_OUT, TRUE },
  { "hang-in-the-headers", "PUT", answer_raw, "HTTP/1.1 200 OK\r\n", G_IO_ERROR_TIMED_OUT, TRUE },
  { "hang-in-the-body", "PUT", answer_raw,
    "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx", G_IO_ERROR_TIMED_OUT, TRUE },
  { "saved-and-reset", "PUT", save_silently, NULL, -1 },
  { "saved-and-hang", "PUT", save_silently, NULL, G_IO_ERROR_TIMED_OUT, TRUE },
};

#define HTML "<!DOCTYPE html><title>Sign in to the network</title>"

static const Fault read_faults[] = {
  { "302-to-itself", "GET", answer_status, STATUS (302, "/pets.json"), G_IO_ERROR_FAILED },
  { "302-to-file", "GET", answer_status, STATUS (302, "file:///etc/passwd"), G_IO_ERROR_FAILED },
  { "302-to-nowhere", "GET", answer_status, STATUS (302, NULL), G_IO_ERROR_FAILED },
  { "206", "GET", answer_status, STATUS (206, NULL), G_IO_ERROR_FAILED },
  { "400", "GET", answer_status, STATUS (400, NULL), G_IO_ERROR_FAILED },
  { "401", "GET", answer_status, STATUS (401, NULL), G_IO_ERROR_PERMISSION_DENIED },
  { "403", "GET", answer_status, STATUS (403, NULL), G_IO_ERROR_PERMISSION_DENIED },
  { "404", "GET", answer_status, STATUS (404, NULL), G_IO_ERROR_NOT_FOUND },
  { "405", "GET", answer_status, STATUS (405, NULL), G_IO_ERROR_FAILED },
  { "408", "GET", answer_status, STATUS (408, NULL), G_IO_ERROR_TIMED_OUT },
  { "410", "GET", answer_status, STATUS (410, NULL), G_IO_ERROR_NOT_FOUND },
  { "412", "GET", answer_status, STATUS (412, NULL), G_IO_ERROR_FAILED },
  { "429", "GET", answer_status, STATUS (429, NULL), G_IO_ERROR_BUSY },
  { "500", "GET", answer_status, STATUS (500, NULL), G_IO_ERROR_FAILED },
  { "503", "GET", answer_status, STATUS (503, NULL), G_IO_ERROR_FAILED },
  { "html", "GET", answer_raw, "HTTP/1.1 200 OK\r\nContent-Length: 52\r\n\r\n" HTML, -1 },
  { "text-that-breaks-off", "GET", answer_raw, "HTTP/1.0 200 OK\r\n\r\n[{\"pets\":{\"fi", -1 },
  { "less-than-said", "GET", answer_raw,
    "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n[{},{}]", -1 },
  { "more-than-said", "GET", answer_raw, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n[{},{}]", -1 },
  { "chunk-that-breaks-off", "GET", answer_raw,
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n[{},{},\r\n", -1 },
  { "half-a-chunk", "GET", answer_raw,
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n[{},{}]", -1 },
  { "not-gzip", "GET", answer_raw,
    "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nnogzi", -1 },
  { "too-large", "GET", answer_raw,
    "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n[", G_IO_ERROR_MESSAGE_TOO_LARGE },
  { "reset", "GET", answer_raw, "", -1 },
  { "garbage", "GET", answer_raw, "\x01\x02 nonsense\r\n\r\n", -1 },
  { "hang", "GET", answer_raw, "", G_IO_ERROR_TIMED_OUT, TRUE },
  { "hang-in-the-body", "GET", answer_raw,
    "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n[", G_IO_ERROR_TIMED_OUT, TRUE },
};

/* --- Nothing is lost --- */

static void
assert_failed (TstPersister *persister,
               const Fault  *fault)
{
  const GError *error = tst_persister_get_last_error (persister);

  g_test_message ("%s", error->message);
  if (fault->code >= 0)
    g_assert_error (error, G_IO_ERROR, fault->code);
}

static void
test_save (gconstpointer user_data)
{
  const Fault *fault = user_data;
  HttpPlace *place = http_place_new (HTTP_POLLED, NULL);
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister;

  g_test_summary ("F7, F25, F27: a save that goes wrong");

  place->poll_interval = 0;
  place->timeout = TIMEOUT_MS;
  http_place_write (place, FIDO);
  persister = http_place_persister (place, store);
  run_ok_with (start_auto_persisting, persister, NULL);

  http_place_set_fault (place, fault->fault, 1000, (gpointer) fault);
  set_species (store, "felix", "cat");
  wait_for (tst_persister_get_last_error (persister) != NULL);
  assert_failed (persister, fault);
  assert_store (store, BOTH);
  g_assert_true (tst_persister_get_dirty (persister));

  /* By itself. */
  place->n_faults = 0;
  wait_for (http_place_has (place, BOTH));
  wait_idle (persister);
  assert_store (store, BOTH);
  g_assert_false (tst_persister_get_dirty (persister));
  g_assert_null (tst_persister_get_last_error (persister));

  close_persister (persister);
  http_place_free (place);
}

static void
test_read (gconstpointer user_data)
{
  const Fault *fault = user_data;
  HttpPlace *place = http_place_new (HTTP_POLLED, NULL);
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister;
  g_autoptr(GError) error = NULL;

  g_test_summary ("F13, F25, F27: a load that goes wrong later, with changes that are not saved");

  place->poll_interval = 0;
  place->timeout = TIMEOUT_MS;
  http_place_write (place, FIDO);
  persister = http_place_persister (place, store);
  g_object_set (persister, "max-size", (guint64) 100000, NULL);
  run_ok_with (start_auto_load, persister, NULL);

  http_place_write_quietly (place, "[{\"pets\":{\"fido\":{\"species\":\"dog\"},"
                                   "\"toto\":{\"species\":\"dog\"}}},{}]");
  http_place_set_fault (place, fault->fault, 1000, (gpointer) fault);
  set_species (store, "felix", "cat");
  g_assert_false (run (load, persister, &error));
  assert_failed (persister, fault);
  assert_store (store, BOTH);
  g_assert_true (tst_persister_get_dirty (persister));

  /* Saving waits until it is known what would be replaced, and does not replace it. */
  tst_persister_set_auto_save (persister, TRUE);
  g_clear_error (&error);
  g_assert_false (run (flush, persister, &error));
  g_assert_nonnull (error);
  g_assert_cmpuint (place->version, ==, 2);

  place->n_faults = 0;
  wait_for (http_place_has (place, "[{\"pets\":{\"felix\":{\"species\":\"cat\"},"
                                   "\"fido\":{\"species\":\"dog\"},"
                                   "\"toto\":{\"species\":\"dog\"}}},{}]"));
  wait_idle (persister);
  g_assert_false (tst_persister_get_dirty (persister));
  g_assert_cmpuint (tst_store_get_n_rows (store, "pets"), ==, 3);

  close_persister (persister);
  http_place_free (place);
}

static void
test_first_read (gconstpointer user_data)
{
  const Fault *fault = user_data;
  HttpPlace *place;
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister;
  g_autoptr(GError) error = NULL;

  g_test_summary ("F12, F13: a first load that goes wrong: defaults are shown, and never saved");

  /* There it is no failure. */
  if (g_str_equal (fault->name, "404") || g_str_equal (fault->name, "410"))
    return;

  place = http_place_new (HTTP_POLLED, NULL);
  place->poll_interval = 0;
  place->timeout = TIMEOUT_MS;
  http_place_write (place, FIDO);
  persister = http_place_persister (place, store);
  g_object_set (persister, "max-size", (guint64) 100000, NULL);
  http_place_set_fault (place, fault->fault, 1000, (gpointer) fault);
  g_assert_false (run_with (start_auto_load, persister, &error, FELIX));
  g_assert_nonnull (error);
  assert_store (store, FELIX);
  tst_persister_set_auto_save (persister, TRUE);
  run_ready ();
  g_assert_cmpuint (place->version, ==, 1);

  place->n_faults = 0;
  tst_persister_notify_changed (persister, NULL);
  wait_for (store_is (store, FIDO));
  wait_idle (persister);
  g_assert_true (http_place_has (place, FIDO));
  g_assert_cmpuint (place->version, ==, 1);

  close_persister (persister);
  http_place_free (place);
}

/* --- Once only --- */

static void
test_saved_once (void)
{
  Fault reset = { "saved-and-reset", "PUT", save_silently, NULL, -1 };
  HttpPlace *place = http_place_new (HTTP_POLLED, NULL);
  g_autoptr(TstStore) store = new_store (NULL);
  g_autofree char *row_id = NULL;
  TstPersister *persister;

  g_test_summary ("5.2.4: a save of which the answer was lost is recognized, and not made again");

  place->poll_interval = 0;
  http_place_write (place, FIDO);
  persister = http_place_persister (place, store);
  run_ok_with (start_auto_persisting, persister, NULL);
  http_place_set_fault (place, reset.fault, 1, &reset);
  row_id = tst_store_add_row_json (store, "pets", "{\"species\":\"cat\"}", 0, NULL);
  wait_for (tst_persister_get_last_error (persister) != NULL);
  wait_idle (persister);

  g_assert_cmpuint (place->version, ==, 2);
  g_assert_cmpuint (tst_store_get_n_rows (store, "pets"), ==, 2);
  g_assert_false (tst_persister_get_dirty (persister));

  close_persister (persister);
  http_place_free (place);
}

static void
test_saved_with_page (void)
{
  HttpPlace *place = http_place_new (HTTP_POLLED, NULL);
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister;

  g_test_summary ("F25: a save that is answered with a page counts if it is there then");

  place->poll_interval = 0;
  http_place_write (place, FIDO);
  persister = http_place_persister (place, store);
  run_ok_with (start_auto_persisting, persister, NULL);
  http_place_set_fault (place, save_and_show_page, 1, NULL);
  set_species (store, "felix", "cat");
  run_ok (flush, persister);
  g_assert_cmpuint (place->n_faults, ==, 0);
  g_assert_true (http_place_has (place, BOTH));
  g_assert_cmpuint (place->version, ==, 2);
  g_assert_null (tst_persister_get_last_error (persister));

  close_persister (persister);
  http_place_free (place);
}

/* --- Elsewhere --- */

static gboolean
redirect_to_save (HttpPlace         *place,
               SoupServerMessage *message,
               const char        *method)
{
  if (g_str_equal (g_uri_get_path (soup_server_message_get_uri (message)), "/save"))
    return FALSE;

  return answer_status (place, message, method);
}

static void
check_followed (const char *method,
                guint       status)
{
  HttpPlace *place = http_place_new (HTTP_POLLED, NULL);
  g_autoptr(TstStore) store = new_store (NULL);
  Status answer = { status, "/save" };
  Fault fault = { "redirect", method, NULL, &answer, -1 };
  TstPersister *persister;

  place->poll_interval = 0;
  http_place_write (place, FIDO);
  persister = http_place_persister (place, store);
  http_place_set_fault (place, redirect_to_save, 1000, &fault);
  run_ok (load, persister);
  assert_store (store, FIDO);
  set_species (store, "felix", "cat");
  run_ok (save, persister);
  g_assert_true (http_place_has (place, BOTH));
  g_assert_cmpuint (place->n_faults, <, 1000);

  close_persister (persister);
  http_place_free (place);
}

static void
check_not_followed (guint status)
{
  HttpPlace *place = http_place_new (HTTP_POLLED, NULL);
  g_autoptr(TstStore) store = new_store (NULL);
  Status answer = { status, "/save" };
  Fault fault = { "redirect", "PUT", NULL, &answer, -1 };
  TstPersister *persister;
  g_autoptr(GError) error = NULL;

  place->poll_interval = 0;
  http_place_write (place, FIDO);
  persister = http_place_persister (place, store);
  http_place_set_fault (place, redirect_to_save, 1000, &fault);
  run_ok (load, persister);
  set_species (store, "felix", "cat");
  g_assert_false (run (save, persister, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_true (http_place_has (place, FIDO));
  g_assert_true (tst_persister_get_dirty (persister));

  drop_persister (persister);
  http_place_free (place);
}

static void
test_followed (void)
{
  g_test_summary ("F25: a load follows any redirection, and a save 307 and 308, as what it is");

  check_followed ("GET", 301);
  check_followed ("GET", 302);
  check_followed ("GET", 307);
  check_followed ("GET", 308);
  check_followed ("PUT", 307);
  check_followed ("PUT", 308);
  check_not_followed (301);
  check_not_followed (302);
  check_not_followed (303);
}

/* --- Bounds --- */

static gboolean
answer_for_ever (HttpPlace         *place,
                 SoupServerMessage *message,
                 const char        *method)
{
  static const char start[] = "HTTP/1.1 200 OK\r\n\r\n[{\"";
  static char bytes[1000 * 1000];

  memset (bytes, 'x', sizeof bytes);
  memcpy (bytes, start, strlen (start));
  http_place_send_raw (place, message, bytes, sizeof bytes, FALSE);

  return TRUE;
}

static void
test_too_large (void)
{
  HttpPlace *place = http_place_new (HTTP_POLLED, NULL);
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = http_place_persister (place, store);
  g_autoptr(GError) error = NULL;

  g_test_summary ("F25: a body without an end is not read further than the bound");

  g_object_set (persister, "max-size", (guint64) 5000, NULL);
  http_place_set_fault (place, answer_for_ever, 1, NULL);
  g_assert_false (run (load, persister, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
  assert_store (store, FIDO);

  /* Exactly that much is no more. */
  http_place_write (place, FELIX);
  g_object_set (persister, "max-size", (guint64) strlen (FELIX), NULL);
  run_ok (load, persister);
  assert_store (store, FELIX);
  http_place_write (place, FIDO);
  g_object_set (persister, "max-size", (guint64) strlen (FIDO) - 1, NULL);
  g_clear_error (&error);
  g_assert_false (run (load, persister, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
  g_assert_nonnull (strstr (error->message, "more than 39"));

  close_persister (persister);
  http_place_free (place);
}

/* Sends fault_data, compressed. */
static gboolean
answer_compressed (HttpPlace         *place,
                   SoupServerMessage *message,
                   const char        *method)
{
  g_autoptr(GConverter) converter = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9));
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  const char *text = place->fault_data;
  char bytes[10000];
  gsize length;
  gsize n_read;

  g_assert_cmpint (g_converter_convert (converter, text, strlen (text), bytes, sizeof bytes,
                                        G_CONVERTER_INPUT_AT_END, &n_read, &length, NULL),
                   ==, G_CONVERTER_FINISHED);
  soup_message_headers_replace (headers, "Content-Encoding", "gzip");
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, bytes, length);

  return TRUE;
}

static void
test_compressed (void)
{
  HttpPlace *place = http_place_new (HTTP_POLLED | HTTP_POST_ELSEWHERE, NULL);
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = http_place_persister (place, store);
  g_autofree char *spaces = g_strnfill (1000 * 1000, ' ');
  g_autoptr(GError) error = NULL;

  g_test_summary ("F25: what is compressed is read, and its bound is that of what comes out");

  http_place_set_fault (place, answer_compressed, 1, (gpointer) FIDO);
  run_ok (load, persister);
  assert_store (store, FIDO);

  g_object_set (persister, "max-size", (guint64) 100000, NULL);
  http_place_set_fault (place, answer_compressed, 1, spaces);
  g_assert_false (run (load, persister, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
  assert_store (store, FIDO);

  close_persister (persister);
  http_place_free (place);
}

typedef struct
{
  GOutputStream *stream;
  guint          id;
} Trickle;

static gboolean
trickle_cb (gpointer user_data)
{
  Trickle *trickle = user_data;

  g_output_stream_write (trickle->stream, " ", 1, NULL, NULL);

  return G_SOURCE_CONTINUE;
}

static gboolean
answer_slowly (HttpPlace         *place,
               SoupServerMessage *message,
               const char        *method)
{
  Trickle *trickle = place->fault_data;
  const char *start = "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n[";

  http_place_send_raw (place, message, start, strlen (start), FALSE);
  trickle->stream = g_io_stream_get_output_stream (g_ptr_array_index (place->stolen, 0));
  trickle->id = g_timeout_add (TIMEOUT_MS / 5, trickle_cb, trickle);

  return TRUE;
}

static void
test_slow (void)
{
  HttpPlace *place = http_place_new (HTTP_POLLED, NULL);
  g_autoptr(TstStore) store = new_store (FIDO);
  Trickle trickle = { NULL, 0 };
  TstPersister *persister;
  g_autoptr(GError) error = NULL;

  g_test_summary ("F25: a server that sends a byte now and then is not waited for either");

  place->timeout = TIMEOUT_MS;
  persister = http_place_persister (place, store);
  http_place_set_fault (place, answer_slowly, 1, &trickle);
  g_assert_false (run (load, persister, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  assert_store (store, FIDO);
  g_source_remove (trickle.id);

  close_persister (persister);
  http_place_free (place);
}

/* --- Cancelled --- */

static const Fault hang = { "hang", "GET", answer_raw, "", -1, TRUE };
static const Fault hang_in_body = {
  "hang", "GET", answer_raw, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n[", -1, TRUE
};
static const Fault hang_save = { "hang", "PUT", answer_raw, "", -1, TRUE };

/* The other end has closed it. */
static void
wait_closed (GIOStream *stream)
{
  GInputStream *input = g_io_stream_get_input_stream (stream);
  GAsyncResult *result = NULL;
  char byte;

  g_input_stream_read_async (input, &byte, 1, G_PRIORITY_DEFAULT, NULL, take_result_cb, &result);
  wait_for (result != NULL);
  g_assert_cmpint (g_input_stream_read_finish (input, result, NULL), <=, 0);
  g_clear_object (&result);
}

static void
check_stopped (const Fault *fault)
{
  HttpPlace *place = http_place_new (HTTP_POLLED, NULL);
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = http_place_persister (place, store);
  GAsyncResult *result = NULL;
  g_autoptr(GError) error = NULL;

  g_object_set (persister, "timeout", 0, NULL);
  http_place_set_fault (place, fault->fault, 1000, (gpointer) fault);
  tst_persister_start_auto_load_async (persister, NULL, NULL, take_result_cb, &result);
  wait_for (place->stolen->len > 0);
  tst_persister_stop_auto_load (persister);
  wait_for (result != NULL);
  g_assert_false (tst_persister_start_auto_load_finish (persister, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_object (&result);
  assert_store (store, FIDO);
  wait_closed (g_ptr_array_index (place->stolen, 0));

  /* And once more, without a word. */
  tst_persister_start_auto_load_async (persister, NULL, NULL, NULL, NULL);
  wait_for (place->stolen->len > 1);
  close_persister (persister);
  wait_closed (g_ptr_array_index (place->stolen, 1));
  http_place_free (place);
}

static void
test_stopped (void)
{
  g_test_summary ("F25: stopping and closing do not wait for a server that hangs");

  check_stopped (&hang);
  check_stopped (&hang_in_body);
}

static void
test_cancelled_save (void)
{
  HttpPlace *place = http_place_new (HTTP_POLLED, NULL);
  g_autoptr(TstStore) store = new_store (FIDO);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  TstPersister *persister = http_place_persister (place, store);
  GAsyncResult *result = NULL;
  g_autoptr(GError) error = NULL;

  g_test_summary ("F25: a save that hangs is cancelled, and can be asked for again");

  http_place_set_fault (place, hang_save.fault, 1, (gpointer) &hang_save);
  tst_persister_save_async (persister, cancellable, take_result_cb, &result);
  wait_for (place->stolen->len > 0);
  g_cancellable_cancel (cancellable);
  wait_for (result != NULL);
  g_assert_false (tst_persister_save_finish (persister, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_object (&result);

  run_ok (save, persister);
  g_assert_true (http_place_has (place, FIDO));
  close_persister (persister);
  http_place_free (place);
}

/* --- A pause --- */

static void
count_cb (guint *n)
{
  ++*n;
}

static gboolean
ask_for_pause (HttpPlace         *place,
               SoupServerMessage *message,
               const char        *method)
{
  const char *pause = place->fault_data;

  if (!g_str_equal (method, "PUT"))
    return FALSE;

  soup_server_message_set_status (message, SOUP_STATUS_SERVICE_UNAVAILABLE, NULL);
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Retry-After",
                                pause);

  return TRUE;
}

static void
test_pause (void)
{
  HttpPlace *place = http_place_new (HTTP_POLLED, NULL);
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister;
  g_autoptr(GError) error = NULL;
  guint n_failed = 0;
  gsize length;

  g_test_summary ("F25: a server that asks for a pause gets it, and then the changes");

  http_place_write (place, FIDO);
  persister = http_place_persister (place, store);
  run_ok_with (start_auto_persisting, persister, NULL);
  http_place_set_fault (place, ask_for_pause, 1, (gpointer) "2");
  set_species (store, "felix", "wolf");
  wait_for (tst_persister_get_last_error (persister) != NULL);
  g_signal_connect_swapped (persister, "failed", G_CALLBACK (count_cb), &n_failed);
  length = place->log->len;

  /* Not with a change, not with a poll, and not if somebody asks. */
  set_species (store, "felix", "cat");
  run_ready ();
  g_assert_cmpuint (n_failed, ==, 0);
  g_assert_false (run (flush, persister, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  tst_persister_notify_changed (persister, NULL);
  g_signal_emit_by_name (g_network_monitor_get_default (), "network-changed", TRUE);
  run_ready ();
  g_assert_cmpuint (place->log->len, ==, length);
  assert_store (store, BOTH);
  g_assert_true (tst_persister_get_dirty (persister));

  wait_for (http_place_has (place, BOTH));
  close_persister (persister);
  http_place_free (place);
}

/* --- Certificates --- */

static HttpPlace *
new_tls_place (HttpFlags     flags,
               SoupSession **session)
{
  g_autofree char *pem = g_test_build_filename (G_TEST_DIST, "persisters", "tls", "server.pem", NULL);
  g_autofree char *key = g_test_build_filename (G_TEST_DIST, "persisters", "tls", "server.key", NULL);
  g_autofree char *ca = g_test_build_filename (G_TEST_DIST, "persisters", "tls", "ca.pem", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GTlsCertificate) certificate = g_tls_certificate_new_from_files (pem, key, &error);
  g_autoptr(GTlsDatabase) database = NULL;

  g_assert_no_error (error);
  database = g_tls_file_database_new (ca, &error);
  g_assert_no_error (error);
  *session = soup_session_new_with_options ("tls-database", database, NULL);

  return http_place_new (flags, certificate);
}

static void
test_tls (void)
{
  SoupSession *session;
  HttpPlace *place = new_tls_place (0, &session);
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = http_place_persister (place, store);
  g_autoptr(GError) error = NULL;

  g_test_summary ("F25: a certificate that nobody knows is a failure; a session that knows it helps");

  http_place_write (place, FIDO);
  g_assert_false (run_with (start_auto_persisting, persister, &error, FELIX));
  g_assert_error (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE);
  assert_store (store, FELIX);
  set_species (store, "toto", "dog");
  g_assert_cmpuint (place->log->len, ==, 0);

  tst_remote_persister_set_session (TST_REMOTE_PERSISTER (persister), session);
  g_assert_true (tst_remote_persister_get_session (TST_REMOTE_PERSISTER (persister)) == session);
  wait_for (http_place_has (place, "[{\"pets\":{\"fido\":{\"species\":\"dog\"},"
                                   "\"toto\":{\"species\":\"dog\"}}},{}]"));
  wait_idle (persister);
  /* Its stream is encrypted, too. */
  http_place_write (place, FELIX);
  wait_for (store_is (store, FELIX));

  close_persister (persister);
  soup_session_abort (session);
  run_ready ();
  g_assert_finalize_object (session);
  http_place_free (place);
}

static void
test_http_2 (void)
{
  SoupSession *session;
  HttpPlace *place = new_tls_place (HTTP_2, &session);
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister;

  g_test_summary ("F25: a stream does not share a connection, not even with a server that can do that");

  place->poll_interval = 0;
  http_place_write (place, FIDO);
  persister = http_place_persister (place, store);
  tst_remote_persister_set_session (TST_REMOTE_PERSISTER (persister), session);
  run_ok_with (start_auto_persisting, persister, NULL);
  wait_for (place->streams->len == 1);
  g_assert_cmpint (place->version_of_others, ==, SOUP_HTTP_2_0);
  g_assert_cmpint (place->version_of_events, ==, SOUP_HTTP_1_1);
  wait_for (place->log->str[place->log->len - 1] == 'H');
  run_ready ();

  http_place_write (place, FELIX);
  wait_for (store_is (store, FELIX));

  /* When it dies, that is noticed. */
  http_place_end_streams (place);
  wait_for (place->streams->len == 0);
  http_place_write_quietly (place, FIDO);
  wait_for (store_is (store, FIDO));
  g_assert_cmpint (place->version_of_events, ==, SOUP_HTTP_1_1);
  g_assert_cmpint (place->version_of_others, ==, SOUP_HTTP_2_0);

  close_persister (persister);
  soup_session_abort (session);
  run_ready ();
  g_assert_finalize_object (session);
  http_place_free (place);
}

static void
test_tls_left (void)
{
  SoupSession *session;
  HttpPlace *place = new_tls_place (0, &session);
  HttpPlace *open = http_place_new (0, NULL);
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = http_place_persister (place, store);
  Status answer = { 307, open->uri };
  Fault fault = { "to-http", "GET", NULL, &answer, -1 };
  g_autoptr(GError) error = NULL;

  g_test_summary ("No redirection leads from HTTPS to HTTP");

  http_place_write (place, FELIX);
  http_place_write (open, FELIX);
  tst_remote_persister_set_session (TST_REMOTE_PERSISTER (persister), session);
  http_place_set_fault (place, answer_status, 1000, &fault);
  g_assert_false (run (load, persister, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  assert_store (store, FIDO);
  g_assert_cmpuint (place->n_faults, <, 1000);
  g_assert_cmpuint (open->log->len, ==, 0);

  drop_persister (persister);
  soup_session_abort (session);
  run_ready ();
  g_assert_finalize_object (session);
  http_place_free (open);
  http_place_free (place);
}

/* --- Passwords --- */

static gboolean
is_allowed_cb (SoupAuthDomain    *domain,
               SoupServerMessage *message,
               const char        *user,
               const char        *password,
               gpointer           user_data)
{
  return g_str_equal (user, "me") && g_str_equal (password, "secret");
}

static void
test_password (void)
{
  HttpPlace *place = http_place_new (HTTP_POLLED, NULL);
  g_autoptr(SoupAuthDomain) domain = soup_auth_domain_basic_new ("realm", "pets", NULL);
  g_autoptr(TstStore) store = new_store (FIDO);
  g_autofree char *bad = g_strconcat ("http://me:wrong@", place->uri + strlen ("http://"), NULL);
  g_autofree char *good = g_strconcat ("http://me:secret@", place->uri + strlen ("http://"), NULL);
  TstPersister *persister = tst_remote_persister_new (store, bad, NULL);
  g_autoptr(GError) error = NULL;

  g_test_summary ("F25: 401 is a failure that does not show the password; with the right one, it works");

  soup_auth_domain_basic_set_auth_callback (domain, is_allowed_cb, NULL, NULL);
  soup_auth_domain_add_path (domain, "/");
  soup_server_add_auth_domain (place->server, domain);

  g_assert_false (run (save, persister, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_assert_null (strstr (error->message, "wrong"));
  g_assert_nonnull (strstr (error->message, "401"));
  close_persister (persister);

  persister = tst_remote_persister_new (store, good, NULL);
  run_ok (save, persister);
  g_assert_true (http_place_has (place, FIDO));
  close_persister (persister);
  http_place_free (place);
}

static void
add_faults (const char     *path,
            const Fault    *faults,
            gsize           n_faults,
            GTestDataFunc   func)
{
  for (gsize i = 0; i < n_faults; i++)
    {
      g_autofree char *full = g_strconcat (path, "/", faults[i].name, NULL);

      g_test_add_data_func (full, &faults[i], func);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add_faults ("/remote-faults/save", save_faults, G_N_ELEMENTS (save_faults), test_save);
  add_faults ("/remote-faults/read", read_faults, G_N_ELEMENTS (read_faults), test_read);
  add_faults ("/remote-faults/first-read", read_faults, G_N_ELEMENTS (read_faults), test_first_read);
  g_test_add_func ("/remote-faults/saved-once", test_saved_once);
  g_test_add_func ("/remote-faults/saved-with-page", test_saved_with_page);
  g_test_add_func ("/remote-faults/followed", test_followed);
  g_test_add_func ("/remote-faults/too-large", test_too_large);
  g_test_add_func ("/remote-faults/compressed", test_compressed);
  g_test_add_func ("/remote-faults/slow", test_slow);
  g_test_add_func ("/remote-faults/stopped", test_stopped);
  g_test_add_func ("/remote-faults/cancelled-save", test_cancelled_save);
  g_test_add_func ("/remote-faults/pause", test_pause);
  g_test_add_func ("/remote-faults/tls", test_tls);
  g_test_add_func ("/remote-faults/tls/http-2", test_http_2);
  g_test_add_func ("/remote-faults/tls/left", test_tls_left);
  g_test_add_func ("/remote-faults/password", test_password);

  return g_test_run ();
}
