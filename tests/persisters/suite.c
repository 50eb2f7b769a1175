/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "suite.h"

#include "test-util.h"

#include <string.h>

typedef struct
{
  const Medium *medium;
  SuiteFunc     func;
} SuiteTest;

static void
run_test (gconstpointer user_data)
{
  const SuiteTest *test = user_data;
  Suite suite = { test->medium, test->medium->set_up () };

  test->func (&suite);
  test->medium->tear_down (suite.data);
}

void
suite_add (const Medium *medium,
           const char   *path,
           SuiteFunc     func)
{
  g_autofree char *full_path = g_strdup_printf ("/%s/%s", medium->name, path);
  SuiteTest *test = g_new0 (SuiteTest, 1);

  test->medium = medium;
  test->func = func;
  g_test_add_data_func_full (full_path, test, run_test, g_free);
}

void
suite_add_all (const Medium *medium)
{
  static guint n_media;

  /* The media of one program differ in what they say, not in whose code it goes
   * through: where everything takes ten times as long, the first one is enough. */
  if (n_media++ > 0 && test_is_slow ())
    return;

  suite_add_promises (medium);
  suite_add_contents (medium);
  suite_add_schema (medium);
  suite_add_several (medium);
  suite_add_status (medium);
  suite_add_discard (medium);
}

TstPersister *
suite_persister (Suite    *suite,
                 TstStore *store)
{
  TstPersister *persister = suite->medium->new_persister (suite->data, store);

  watch_persister (persister);

  return persister;
}

void
suite_write (Suite      *suite,
             const char *text)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));

  suite->medium->write (suite->data, bytes);
}

static char *
to_text (GBytes *bytes)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  return length > 0 ? g_strndup (data, length) : g_strdup ("");
}

/* The order does not count. */
gboolean
suite_has (Suite      *suite,
           const char *text)
{
  g_autoptr(GBytes) bytes = suite->medium->read (suite->data);
  g_autofree char *actual = NULL;
  g_autoptr(TstStore) store = NULL;

  if (bytes == NULL || text == NULL)
    return bytes == NULL && text == NULL;

  actual = to_text (bytes);
  if (g_str_equal (actual, text))
    return TRUE;
  if (text[0] != '[')
    return FALSE;

  store = tst_store_new ();

  return tst_store_set_json (store, actual, NULL) && store_is (store, text);
}

void
suite_assert (Suite      *suite,
              const char *text)
{
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *actual = NULL;

  if (suite_has (suite, text))
    return;

  bytes = suite->medium->read (suite->data);
  if (bytes != NULL)
    actual = to_text (bytes);
  g_assert_cmpstr (actual, ==, text);
}

void
drop_persister (TstPersister *persister)
{
  tst_persister_stop_auto_load (persister);
  tst_persister_stop_auto_save (persister);
  wait_idle (persister);
  run_ready ();
  assert_seen (persister);
  g_assert_finalize_object (persister);
}

void
close_persister (TstPersister *persister)
{
  g_autoptr(GError) error = NULL;

  run_ok (close, persister);
  g_assert_false (tst_persister_get_auto_load (persister));
  g_assert_false (tst_persister_get_auto_save (persister));

  g_assert_false (run (save, persister, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_CLOSED);
  run_ok (close, persister);  /* again is no mistake */

  run_ready ();
  assert_seen (persister);
  g_assert_finalize_object (persister);
}
