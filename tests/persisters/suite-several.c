/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "suite.h"

#include <string.h>

/* Several persisters and stores: what goes through all of them comes to rest,
 * and they do not get in each other's way. */

/* Another medium of the same kind. */
static Suite *
another_medium (Suite *suite)
{
  Suite *other = g_new (Suite, 1);

  other->medium = suite->medium;
  other->data = suite->medium->set_up ();

  return other;
}

static void
medium_free (Suite *other)
{
  other->medium->tear_down (other->data);
  g_free (other);
}

static gboolean
are_idle (TstPersister **persisters,
          guint          n)
{
  for (guint i = 0; i < n; i++)
    if (tst_persister_get_status (persisters[i]) != TST_PERSISTER_IDLE ||
        tst_persister_get_dirty (persisters[i]))
      return FALSE;

  return TRUE;
}

/* Until nobody has anything to do, also after what is on its way has arrived. */
static void
wait_rest (TstPersister **persisters,
           guint          n)
{
  for (guint i = 0; i < 3; i++)
    {
      wait_for (are_idle (persisters, n));
      run_ready ();
    }
}

static guint
count_saves (TstPersister **persisters,
             guint          n)
{
  guint n_saves = 0;

  for (guint i = 0; i < n; i++)
    n_saves += tst_persister_get_n_saves (persisters[i]);

  return n_saves;
}

static void
test_chain (Suite *suite)
{
  Suite *other = another_medium (suite);
  g_autoptr(TstStore) first = new_store (NULL);
  g_autoptr(TstStore) middle = new_store (NULL);
  g_autoptr(TstStore) last = new_store (NULL);
  TstPersister *persisters[] = {
    suite_persister (suite, first),
    suite_persister (suite, middle),
    suite_persister (other, middle),
    suite_persister (other, last),
  };
  guint n_saves;

  g_test_summary ("5.2.5: a chain of stores and media passes on each change once, and rests");

  for (guint i = 0; i < G_N_ELEMENTS (persisters); i++)
    run_ok_with (start_auto_persisting, persisters[i], NULL);
  wait_rest (persisters, 4);
  n_saves = count_saves (persisters, 4);

  set_species (first, "fido", "dog");
  wait_for (store_is (last, FIDO));
  wait_rest (persisters, 4);
  g_assert_cmpuint (count_saves (persisters, 4), ==, n_saves + 2);

  tst_store_remove_row (last, "pets", "fido");
  wait_for (store_is (first, EMPTY));
  wait_rest (persisters, 4);
  g_assert_cmpuint (count_saves (persisters, 4), ==, n_saves + 4);

  for (guint i = 0; i < G_N_ELEMENTS (persisters); i++)
    close_persister (persisters[i]);
  medium_free (other);
}

static void
test_ring (Suite *suite)
{
  Suite *other = another_medium (suite);
  g_autoptr(TstStore) store = new_store (NULL);
  g_autoptr(TstStore) other_store = new_store (NULL);
  TstPersister *persisters[] = {
    suite_persister (suite, store),
    suite_persister (other, store),
    suite_persister (suite, other_store),
    suite_persister (other, other_store),
  };
  guint n_saves;

  g_test_summary ("5.2.5: two stores that are on the same two media come to rest");

  for (guint i = 0; i < G_N_ELEMENTS (persisters); i++)
    run_ok_with (start_auto_persisting, persisters[i], NULL);
  wait_rest (persisters, 4);
  n_saves = count_saves (persisters, 4);

  set_species (store, "fido", "dog");
  wait_for (store_is (other_store, FIDO));
  wait_rest (persisters, 4);
  suite_assert (suite, FIDO);
  suite_assert (other, FIDO);
  /* The other store may be faster on one of them. */
  g_assert_cmpuint (count_saves (persisters, 4), >=, n_saves + 2);
  g_assert_cmpuint (count_saves (persisters, 4), <=, n_saves + 3);

  for (guint i = 0; i < G_N_ELEMENTS (persisters); i++)
    close_persister (persisters[i]);
  medium_free (other);
}

static void
test_second_defaults (Suite *suite)
{
  Suite *other = another_medium (suite);
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = suite_persister (suite, store);
  TstPersister *second = suite_persister (other, store);

  g_test_summary ("Defaults of a second persister do not replace what the first has loaded");

  suite_write (suite, FELIX);
  run_ok_with (start_auto_persisting, persister, FIDO);
  assert_store (store, FELIX);

  run_ok_with (start_auto_persisting, second, FIDO);
  assert_store (store, FELIX);
  wait_idle (second);
  suite_assert (other, FELIX);
  suite_assert (suite, FELIX);

  close_persister (second);
  close_persister (persister);
  medium_free (other);
}

static void
test_defaults_over_edits (Suite *suite)
{
  Suite *other = another_medium (suite);
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = suite_persister (suite, store);
  TstPersister *second;

  g_test_summary ("Nor do they replace what the first is about to save");

  tst_persister_set_save_delay (persister, 1000 * 1000);
  run_ok (start_auto_save, persister);
  set_store (store, FELIX);

  second = suite_persister (other, store);
  run_ok_with (start_auto_load, second, FIDO);
  assert_store (store, FELIX);
  close_persister (second);

  close_persister (persister);
  suite_assert (suite, FELIX);
  medium_free (other);
}

static void
write_value_cb (TstStore           *store,
                const char         *table_id,
                const char * const *added,
                const char * const *removed,
                gpointer            user_data)
{
  tst_store_set_value_number (store, "pets", tst_store_get_n_rows (store, "pets"), NULL);
}

static void
test_answer_to_defaults (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = suite_persister (suite, store);

  g_test_summary ("What a listener writes in answer to defaults is no default");

  tst_store_add_row_ids_listener (store, "pets", 0, write_value_cb, NULL, NULL);
  run_ok_with (start_auto_load, persister, FIDO);
  g_assert_true (tst_persister_get_dirty (persister));

  run_ok (save, persister);
  suite_assert (suite, "[{\"pets\":{\"fido\":{\"species\":\"dog\"}}},{\"pets\":1}]");

  close_persister (persister);
}

static void
refuse_felix_cb (TstStore   *store,
                 const char *table_id,
                 const char *row_id,
                 gpointer    user_data)
{
  if (tst_store_has_row (store, "pets", "felix"))
    tst_store_rollback (store);
}

static void
test_refused (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = suite_persister (suite, store);
  g_autoptr(GError) error = NULL;
  gulong handle;

  g_test_summary ("What a mutator does not let into the store is told, and stays on the medium");

  handle = tst_store_add_row_listener (store, "pets", NULL, TST_LISTENER_MUTATOR, refuse_felix_cb,
                                       NULL, NULL);
  suite_write (suite, FELIX);
  g_assert_false (run_with (start_auto_persisting, persister, &error, FIDO));
  g_assert_error (error, TST_ERROR, TST_ERROR_ROLLED_BACK);
  g_clear_error (&error);
  assert_store (store, EMPTY);
  suite_assert (suite, FELIX);

  /* Not even what is changed here replaces it. */
  set_species (store, "fido", "dog");
  g_assert_false (run (flush, persister, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_ROLLED_BACK);
  suite_assert (suite, FELIX);
  assert_store (store, FIDO);

  g_assert_true (tst_store_remove_listener (store, handle));
  run_ok (flush, persister);
  assert_store (store, BOTH);
  suite_assert (suite, BOTH);

  close_persister (persister);
}

static void
refuse_content_cb (TstStore *store,
                   TstWrite *write,
                   gpointer  user_data)
{
  g_autofree char *json = tst_write_get_json (write);

  if (strstr (json, "felix") != NULL)
    tst_write_refuse (write, "No cats");
}

static void
test_intercepted (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = suite_persister (suite, store);
  g_autoptr(GError) error = NULL;
  gulong id;

  g_test_summary ("What an interceptor refuses as a whole is told, and stays on the medium");

  id = tst_store_add_interceptor (store, TST_WRITE_SET_CONTENT | TST_WRITE_SET_TABLES, refuse_content_cb,
                                  NULL, NULL);
  suite_write (suite, FELIX);
  g_assert_false (run_with (start_auto_persisting, persister, &error, FIDO));
  g_assert_error (error, TST_ERROR, TST_ERROR_REFUSED);
  g_assert_cmpstr (error->message, ==, "No cats");
  g_clear_error (&error);
  assert_store (store, EMPTY);
  suite_assert (suite, FELIX);

  set_species (store, "fido", "dog");
  g_assert_false (run (flush, persister, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_REFUSED);
  suite_assert (suite, FELIX);
  assert_store (store, FIDO);

  g_assert_true (tst_store_remove_interceptor (store, id));
  run_ok (flush, persister);
  assert_store (store, BOTH);
  suite_assert (suite, BOTH);

  close_persister (persister);
}

static void
alter_cell_cb (TstStore *store,
               TstWrite *write,
               gpointer  user_data)
{
  if (g_strcmp0 (tst_write_get_row_id (write), "felix") == 0)
    g_assert_true (tst_write_set_json (write, "\"tiger\"", NULL));
}

static void
test_altered (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = suite_persister (suite, store);

  g_test_summary ("What an interceptor makes of what is loaded is dirty, and saved");

  tst_store_add_interceptor (store, TST_WRITE_SET_CELL, alter_cell_cb, NULL, NULL);
  suite_write (suite, FELIX);
  run_ok (load, persister);
  g_assert_cmpstr (tst_store_get_cell_string (store, "pets", "felix", "species"), ==, "tiger");
  g_assert_true (tst_persister_get_dirty (persister));
  suite_assert (suite, FELIX);

  run_ok (save, persister);
  g_assert_false (tst_persister_get_dirty (persister));
  suite_assert (suite, "[{\"pets\":{\"felix\":{\"species\":\"tiger\"}}},{}]");

  close_persister (persister);
}

/* --- Without a word, at any moment --- */

static void
test_dropped_in_transaction (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = suite_persister (suite, store);

  g_test_summary ("5.2.3: half of a transaction is not saved, not even by a persister that is gone");

  run_ok (start_auto_save, persister);
  set_store (store, BOTH);

  tst_store_begin (store);
  tst_store_remove_row (store, "pets", "fido");
  g_test_expect_message ("TStore", G_LOG_LEVEL_WARNING, "*lost its last reference*");
  g_assert_finalize_object (persister);
  g_test_assert_expected_messages ();
  run_ready ();
  suite_assert (suite, FIDO);

  tst_store_rollback (store);
  wait_for (suite_has (suite, BOTH));
  wait_last_save ();
}

static void
test_load_while_closing (Suite *suite)
{
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = suite_persister (suite, store);
  g_autoptr(GAsyncResult) closed = NULL;
  g_autoptr(GAsyncResult) loaded = NULL;
  g_autoptr(GError) error = NULL;

  g_test_summary ("A load that was asked for while closing waits is refused, and takes back nothing");

  run_ok (start_auto_save, persister);
  set_store (store, FIDO);
  tst_persister_close_async (persister, NULL, take_result_cb, &closed);
  tst_persister_load_async (persister, NULL, take_result_cb, &loaded);
  wait_for (closed != NULL);
  g_assert_true (tst_persister_close_finish (persister, closed, &error));
  g_assert_no_error (error);
  set_store (store, BOTH);

  wait_for (loaded != NULL);
  if (!tst_persister_load_finish (persister, loaded, &error))
    g_assert_error (error, TST_ERROR, TST_ERROR_CLOSED);
  run_ready ();
  assert_store (store, BOTH);
  suite_assert (suite, FIDO);

  g_clear_object (&closed);
  g_clear_object (&loaded);
  run_ready ();
  g_assert_finalize_object (persister);
}

typedef void (*Reaction) (TstPersister **persister);

static void
react_by_drop (TstPersister **persister)
{
  g_clear_object (persister);
}

static void
react_by_stop (TstPersister **persister)
{
  tst_persister_stop_auto_load (*persister);
  tst_persister_stop_auto_save (*persister);
}

static void
react_by_close (TstPersister **persister)
{
  tst_persister_close_async (*persister, NULL, NULL, NULL);
}

static void
react_by_load (TstPersister **persister)
{
  tst_persister_load_async (*persister, NULL, NULL, NULL);
}

static const struct
{
  const char *name;
  Reaction    func;
} reactions[] = {
  { "drop", react_by_drop },
  { "stop", react_by_stop },
  { "close", react_by_close },
  { "load", react_by_load },
};

typedef struct
{
  TstPersister *persister;
  Reaction      reaction;
} Moment;

static void
react (Moment *moment)
{
  Reaction reaction = moment->reaction;

  moment->reaction = NULL;
  if (reaction != NULL && moment->persister != NULL)
    reaction (&moment->persister);
}

static void
react_when_done_cb (GObject      *object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  react (user_data);
}

static gboolean
has_pet (Suite      *suite,
         const char *pet)
{
  g_autoptr(GBytes) text = suite->medium->read (suite->data);

  return g_strstr_len (g_bytes_get_data (text, NULL), g_bytes_get_size (text), pet) != NULL;
}

/* Does something to the persister from inside a callback; then whatever has been
 * changed is persisted all the same, or was said not to be. */
static void
check_moment (Suite      *suite,
              guint       n,
              const char *callback,
              Reaction    reaction)
{
  /* One that was dropped before may still be saving. */
  g_autofree char *here = g_strdup_printf ("here%u", n);
  g_autofree char *there = g_strdup_printf ("[{\"pets\":{\"there%u\":{\"species\":\"dog\"}}},{}]", n);
  g_autoptr(TstStore) store = new_store (NULL);
  Moment moment = { suite_persister (suite, store), NULL };
  gpointer alive = moment.persister;
  gulong handler;

  suite_write (suite, FELIX);
  run_ok_with (start_auto_persisting, moment.persister, NULL);
  wait_idle (moment.persister);

  g_object_add_weak_pointer (alive, &alive);
  handler = g_signal_connect_swapped (g_str_equal (callback, "changed") ? (gpointer) store : alive,
                                      g_str_equal (callback, "done") ? "notify::n-loads" : callback,
                                      G_CALLBACK (react), &moment);
  if (g_str_equal (callback, "done"))
    tst_persister_flush_async (moment.persister, NULL, react_when_done_cb, &moment);

  moment.reaction = reaction;
  suite_write (suite, there);
  set_species (store, here, "dog");
  wait_for (moment.reaction == NULL);
  run_ready ();

  if (alive != NULL && moment.persister != NULL)
    {
      wait_idle (moment.persister);
      run_ready ();
    }
  g_assert_true (tst_store_has_row (store, "pets", here));
  wait_last_save ();
  if (moment.persister == NULL && suite->medium->works_in_thread)
    wait_for (has_pet (suite, here));

  if (alive != NULL)
    g_object_remove_weak_pointer (alive, &alive);
  if (g_str_equal (callback, "changed"))
    g_signal_handler_disconnect (store, handler);
  if (moment.persister != NULL)
    {
      moment.reaction = NULL;
      g_signal_handlers_disconnect_by_data (moment.persister, &moment);
      run_ok (close, moment.persister);
      run_ready ();
      g_assert_finalize_object (moment.persister);
    }
}

static void
ignore_warning_cb (const char     *domain,
                   GLogLevelFlags  level,
                   const char     *message,
                   gpointer        user_data)
{
  g_assert_nonnull (strstr (message, "last"));
}

static void
test_any_moment (Suite *suite)
{
  static const char *const callbacks[] = {
    "loaded", "saved", "notify::status", "notify::dirty", "changed", "done",
  };
  GLogLevelFlags fatal = g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  guint id = g_log_set_handler ("TStore", G_LOG_LEVEL_WARNING, ignore_warning_cb, NULL);

  g_test_summary ("To drop, stop, close or load from inside any callback is safe");

  for (guint i = 0; i < G_N_ELEMENTS (callbacks); i++)
    for (guint j = 0; j < G_N_ELEMENTS (reactions); j++)
      {
        g_test_message ("%s in %s", reactions[j].name, callbacks[i]);
        check_moment (suite, i * G_N_ELEMENTS (reactions) + j, callbacks[i], reactions[j].func);
      }

  g_log_remove_handler ("TStore", id);
  g_log_set_always_fatal (fatal);
}

void
suite_add_several (const Medium *medium)
{
  suite_add (medium, "several/chain", test_chain);
  suite_add (medium, "several/ring", test_ring);
  suite_add (medium, "several/second-defaults", test_second_defaults);
  suite_add (medium, "several/defaults-over-edits", test_defaults_over_edits);
  suite_add (medium, "several/answer-to-defaults", test_answer_to_defaults);
  suite_add (medium, "several/refused", test_refused);
  suite_add (medium, "several/intercepted", test_intercepted);
  suite_add (medium, "several/altered", test_altered);
  suite_add (medium, "moment/dropped-in-transaction", test_dropped_in_transaction);
  suite_add (medium, "moment/load-while-closing", test_load_while_closing);
  suite_add (medium, "moment/any", test_any_moment);
}
