/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "suite.h"

/* Stores that have a schema: what does not fit stays where it is, and defaults come
 * after everything that somebody has persisted. */

#define ONLY_DOGS "{\"pets\":{\"species\":{\"enum\":[\"dog\"]}}}"
#define LEGS "[{\"pets\":{\"species\":{\"type\":\"string\"},\"legs\":{\"type\":\"number\",\"default\":4}}}," \
              "{\"open\":{\"type\":\"boolean\",\"default\":true}}]"

static void
set_schema (TstStore       *store,
            const char     *json,
            TstSchemaFlags  flags)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (tst_store_set_schema_json (store, json, flags, &error));
  g_assert_no_error (error);
}

static void
write_modified_cb (TstStore *store,
                   gpointer  user_data)
{
  tst_store_set_value_number (store, "modified", 1, NULL);
}

static void
test_written_with_defaults (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = suite_persister (suite, store);

  g_test_summary ("What a handler writes while a schema brings its defaults is saved");

  run_ok (start_auto_save, persister);
  g_signal_connect (store, "transaction-finishing", G_CALLBACK (write_modified_cb), NULL);
  set_schema (store, "[{},{\"open\":{\"type\":\"boolean\",\"default\":true},"
                     "\"modified\":{\"type\":\"number\"}}]", TST_SCHEMA_DEFAULT);
  g_assert_true (tst_persister_get_dirty (persister));
  wait_idle (persister);
  suite_assert (suite, "[{},{\"open\":true,\"modified\":1}]");

  close_persister (persister);
}

static void
test_refused (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = suite_persister (suite, store);
  g_autoptr(GError) error = NULL;

  g_test_summary ("F15: what does not fit the schema is told, and stays on the medium");

  set_schema (store, ONLY_DOGS, TST_SCHEMA_DEFAULT);
  suite_write (suite, BOTH);
  g_assert_false (run (load, persister, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_SCHEMA);
  g_clear_error (&error);
  g_assert_false (run_with (start_auto_persisting, persister, &error, FIDO));
  g_assert_error (error, TST_ERROR, TST_ERROR_SCHEMA);
  g_clear_error (&error);
  assert_store (store, EMPTY);
  suite_assert (suite, BOTH);

  /* Not even what is changed here replaces it. */
  set_species (store, "rex", "dog");
  g_assert_false (run (flush, persister, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_SCHEMA);
  g_clear_error (&error);
  suite_assert (suite, BOTH);

  set_schema (store, NULL, TST_SCHEMA_DEFAULT);
  run_ok (flush, persister);
  assert_store (store, "[{\"pets\":{\"felix\":{\"species\":\"cat\"},\"fido\":{\"species\":\"dog\"},"
                                   "\"rex\":{\"species\":\"dog\"}}},{}]");

  close_persister (persister);
}

static void
failed_cb (TstPersister          *persister,
           TstPersisterOperation  operation,
           const GError          *error,
           gboolean               retrying,
           gpointer               user_data)
{
  if (g_error_matches (error, TST_ERROR, TST_ERROR_SCHEMA))
    *(gboolean *) user_data = TRUE;
}

static void
test_later (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = suite_persister (suite, store);
  g_autoptr(GError) error = NULL;
  gboolean failed = FALSE;

  g_test_summary ("F15: neither is replaced what somebody else puts there later");

  set_schema (store, ONLY_DOGS, TST_SCHEMA_DEFAULT);
  run_ok_with (start_auto_persisting, persister, FIDO);
  run_ok (flush, persister);
  g_signal_connect (persister, "failed", G_CALLBACK (failed_cb), &failed);

  suite_write (suite, BOTH);
  wait_for (failed);
  assert_store (store, FIDO);

  set_species (store, "rex", "dog");
  g_assert_false (run (flush, persister, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_SCHEMA);
  suite_assert (suite, BOTH);

  suite_write (suite, FIDO);
  run_ok (flush, persister);
  suite_assert (suite, "[{\"pets\":{\"fido\":{\"species\":\"dog\"},\"rex\":{\"species\":\"dog\"}}},{}]");

  close_persister (persister);
}

static void
test_completed (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = suite_persister (suite, store);
  static const char completed[] =
    "[{\"pets\":{\"fido\":{\"species\":\"dog\",\"legs\":4}}},{\"open\":true}]";

  g_test_summary ("Defaults that are missing in what is loaded are saved with it");

  set_schema (store, LEGS, TST_SCHEMA_DEFAULT);
  suite_write (suite, FIDO);
  run_ok_with (start_auto_persisting, persister, NULL);
  assert_store (store, completed);
  run_ok (flush, persister);
  suite_assert (suite, completed);
  g_assert_false (tst_persister_get_dirty (persister));

  close_persister (persister);
}

static void
test_defaults (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = suite_persister (suite, store);
  static const char shut[] =
    "[{\"pets\":{\"fido\":{\"species\":\"dog\",\"legs\":3}}},{\"open\":false}]";

  g_test_summary ("Defaults are no change: what is persisted comes before them");

  set_schema (store, LEGS, TST_SCHEMA_DEFAULT);
  assert_store (store, "[{},{\"open\":true}]");
  g_assert_false (tst_persister_get_dirty (persister));
  suite_write (suite, shut);
  run_ok_with (start_auto_persisting, persister, NULL);
  run_ok (flush, persister);
  assert_store (store, shut);
  suite_assert (suite, shut);

  close_persister (persister);
}

static void
test_dropped (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = suite_persister (suite, store);

  g_test_summary ("What is dropped because of a schema is a change that is saved");

  suite_write (suite, BOTH);
  run_ok_with (start_auto_persisting, persister, NULL);
  run_ok (flush, persister);
  set_schema (store, ONLY_DOGS, TST_SCHEMA_DROP);
  g_assert_true (tst_persister_get_dirty (persister));
  run_ok (flush, persister);
  suite_assert (suite, FIDO);

  close_persister (persister);
}

static void
test_shared (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (NULL);
  g_autoptr(TstStore) other = new_store (NULL);
  TstPersister *persister = suite_persister (suite, store);
  TstPersister *other_persister = suite_persister (suite, other);
  static const char both[] =
    "[{\"pets\":{\"fido\":{\"species\":\"dog\",\"legs\":4},\"felix\":{\"species\":\"cat\",\"legs\":4}}},"
     "{\"open\":true}]";

  g_test_summary ("Two with the same schema come to rest");

  set_schema (store, LEGS, TST_SCHEMA_DEFAULT);
  set_schema (other, LEGS, TST_SCHEMA_DEFAULT);
  run_ok_with (start_auto_persisting, persister, NULL);
  run_ok_with (start_auto_persisting, other_persister, NULL);
  set_species (store, "fido", "dog");
  wait_for (tst_store_has_row (other, "pets", "fido"));
  set_species (other, "felix", "cat");
  wait_for (tst_store_has_row (store, "pets", "felix"));
  run_ok (flush, persister);
  run_ok (flush, other_persister);
  wait_idle (persister);
  wait_idle (other_persister);
  assert_store (store, both);
  assert_store (other, both);
  suite_assert (suite, both);

  close_persister (other_persister);
  close_persister (persister);
}

void
suite_add_schema (const Medium *medium)
{
  suite_add (medium, "schema/refused", test_refused);
  suite_add (medium, "schema/written-with-defaults", test_written_with_defaults);
  suite_add (medium, "schema/later", test_later);
  suite_add (medium, "schema/completed", test_completed);
  suite_add (medium, "schema/defaults", test_defaults);
  suite_add (medium, "schema/dropped", test_dropped);
  suite_add (medium, "schema/shared", test_shared);
}
