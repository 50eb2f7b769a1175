/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "memory-medium.h"

/* What a persister does with a medium that answers late, wrongly or not at all:
 * what is left of the promises when nothing is left to the medium. */

static void
test_persister_overlap (void)
{
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = memory_persister (memory, store);
  GAsyncResult *results[4] = { NULL };

  g_test_summary ("5.2.1: loads and saves never overlap; at most one save waits");

  run_ok (save, persister);
  memory->hold = TRUE;
  g_string_truncate (memory->log, 0);

  tst_persister_save_async (persister, NULL, take_result_cb, &results[0]);
  wait_for (memory->held.length == 1);
  tst_persister_load_async (persister, NULL, take_result_cb, &results[1]);
  tst_persister_save_async (persister, NULL, take_result_cb, &results[2]);
  tst_persister_save_async (persister, NULL, take_result_cb, &results[3]);
  run_ready ();
  g_assert_cmpstr (memory->log->str, ==, "w");

  memory_release (memory);
  wait_for (results[0] != NULL && results[1] != NULL && results[2] != NULL && results[3] != NULL);
  g_assert_cmpstr (memory->log->str, ==, "wrw");
  g_assert_cmpuint (memory->max_running, ==, 1);

  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    g_clear_object (&results[i]);
  close_persister (persister);
  memory_free (memory);
}

static void
test_persister_snapshot (void)
{
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = memory_persister (memory, store);

  g_test_summary ("5.2.2: what a save writes is fixed when it begins; later changes are still dirty");

  run_ok (start_auto_save, persister);
  memory->hold = TRUE;
  set_species (store, "felix", "cat");
  wait_for (memory->held.length == 1);
  set_species (store, "toto", "dog");
  memory_release_one (memory);
  wait_for (memory_has (memory, BOTH) && memory->held.length == 1);
  g_assert_true (tst_persister_get_dirty (persister));

  memory_release (memory);
  wait_idle (persister);
  g_assert_true (memory_has (memory, "[{\"pets\":{\"fido\":{\"species\":\"dog\"},"
                                     "\"felix\":{\"species\":\"cat\"},\"toto\":{\"species\":\"dog\"}}},{}]"));
  g_assert_false (tst_persister_get_dirty (persister));

  close_persister (persister);
  memory_free (memory);
}

static void
test_persister_news_while_saving (void)
{
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = memory_persister (memory, store);

  g_test_summary ("News during a save is looked at after it");

  run_ok_with (start_auto_persisting, persister, NULL);
  memory->hold = TRUE;
  set_species (store, "fido", "wolf");
  wait_for (memory->held.length == 1);
  memory_release_one (memory);
  memory->hold = FALSE;
  memory_write (memory, FELIX);
  wait_for (store_is (store, FELIX));

  close_persister (persister);
  memory_free (memory);
}

static void
no_conflict_cb (TstPersister *persister,
                TstConflict  *conflict,
                gpointer      user_data)
{
  g_assert_not_reached ();
}

static void
test_persister_ambiguous (void)
{
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = memory_persister (memory, store);

  g_test_summary ("5.2.4: after a save that may have arrived, the medium is read; it had");

  run_ok (start_auto_save, persister);
  g_signal_connect (persister, "conflict", G_CALLBACK (no_conflict_cb), NULL);
  memory->lose_answers = 1;
  set_species (store, "felix", "cat");
  wait_for (tst_persister_get_last_error (persister) != NULL);
  g_assert_true (tst_persister_get_dirty (persister));
  g_assert_true (memory_has (memory, BOTH));

  /* Our own work, changed once more: not a conflict. */
  set_species (store, "felix", "lion");
  wait_idle (persister);
  g_assert_false (tst_persister_get_dirty (persister));
  g_assert_true (memory_has (memory, "[{\"pets\":{\"felix\":{\"species\":\"lion\"},"
                                     "\"fido\":{\"species\":\"dog\"}}},{}]"));

  /* Without another change, reading is enough. */
  memory->lose_answers = 1;
  set_species (store, "felix", "cat");
  wait_for (tst_persister_get_last_error (persister) != NULL);
  g_string_truncate (memory->log, 0);
  wait_idle (persister);
  g_assert_cmpstr (memory->log->str, ==, "r");
  g_assert_false (tst_persister_get_dirty (persister));

  close_persister (persister);
  memory_free (memory);
}

static void
test_persister_built_upon (void)
{
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = memory_persister (memory, store);
  g_autofree char *id = NULL;

  g_test_summary ("5.2.4: others have built upon a save that may have arrived: it had, so that a "
                  "row which was added is not another one, and does not come twice");

  run_ok (start_auto_save, persister);
  g_signal_connect (persister, "conflict", G_CALLBACK (no_conflict_cb), NULL);
  memory->lose_answers = 1;
  id = tst_store_add_row_json (store, "pets", "{\"species\":\"cat\"}", TST_ADD_ROW_DEFAULT, NULL);
  g_assert_cmpstr (id, ==, "0");
  wait_for (tst_persister_get_last_error (persister) != NULL);

  memory_write (memory, "[{\"pets\":{\"fido\":{\"species\":\"dog\"},"
                        "\"0\":{\"species\":\"cat\",\"name\":\"Felix\"}}},{}]");
  wait_idle (persister);
  assert_store (store, "[{\"pets\":{\"fido\":{\"species\":\"dog\"},"
                       "\"0\":{\"species\":\"cat\",\"name\":\"Felix\"}}},{}]");

  close_persister (persister);
  memory_free (memory);
}

static void
failed_cb (TstPersister          *persister,
           TstPersisterOperation  operation,
           GError                *error,
           gboolean               will_retry,
           guint                 *n_failed)
{
  (*n_failed)++;
}

/* Two saves fail, each after a change, and then the first one arrives. */
static void
check_late (void       (*change) (TstStore *store),
            void       (*change_more) (TstStore *store),
            const char  *expected)
{
  guint n_failed = 0;
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = memory_persister (memory, store);
  g_autofree char *first = NULL;

  run_ok (start_auto_save, persister);
  g_signal_connect (persister, "failed", G_CALLBACK (failed_cb), &n_failed);
  g_signal_connect (persister, "conflict", G_CALLBACK (no_conflict_cb), NULL);

  memory->fail_writes = 2;
  change (store);
  first = tst_store_get_json (store);
  wait_for (n_failed == 1);
  change_more (store);
  wait_for (n_failed == 2);
  memory_write (memory, first);

  wait_idle (persister);
  g_assert_false (tst_persister_get_dirty (persister));
  assert_store (store, expected);
  g_assert_true (memory_has (memory, expected));

  close_persister (persister);
  memory_free (memory);
}

static void
add_felix (TstStore *store)
{
  g_autofree char *id = tst_store_add_row_json (store, "pets",
                                                "{\"species\":\"cat\",\"age\":1,\"sold\":false}",
                                                TST_ADD_ROW_DEFAULT, NULL);

  g_assert_cmpstr (id, ==, "0");
}

static void
name_felix (TstStore *store)
{
  tst_store_set_cell_string (store, "pets", "0", "name", "Felix", NULL);
}

static void
sell_felix (TstStore *store)
{
  tst_store_set_cell_boolean (store, "pets", "0", "sold", TRUE, NULL);
}

static void
set_three_values (TstStore *store)
{
  g_autoptr(GError) error = NULL;

  tst_store_set_values_json (store, "{\"u\":1,\"v\":1,\"w\":1}", &error);
  g_assert_no_error (error);
}

static void
set_one_value (TstStore *store)
{
  tst_store_set_value_number (store, "w", 2, NULL);
}

static void
test_persister_late (void)
{
  g_test_summary ("5.2.4: a save that may have arrived does so after the next one was sent: what "
                  "was changed in between is not taken for the work of somebody else");

  check_late (add_felix, name_felix,
              "[{\"pets\":{\"fido\":{\"species\":\"dog\"},"
              "\"0\":{\"species\":\"cat\",\"age\":1,\"sold\":false,\"name\":\"Felix\"}}},{}]");
  check_late (add_felix, sell_felix,
              "[{\"pets\":{\"fido\":{\"species\":\"dog\"},"
              "\"0\":{\"species\":\"cat\",\"age\":1,\"sold\":true}}},{}]");
  check_late (set_three_values, set_one_value,
              "[{\"pets\":{\"fido\":{\"species\":\"dog\"}}},{\"u\":1,\"v\":1,\"w\":2}]");
}

static void
test_persister_late_again (void)
{
  guint n_failed = 0;
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = memory_persister (memory, store);
  g_autoptr(GError) error = NULL;

  g_test_summary ("5.2.4: the same, sent again and again, is one");

  run_ok (start_auto_save, persister);
  g_signal_connect (persister, "failed", G_CALLBACK (failed_cb), &n_failed);
  g_signal_connect (persister, "conflict", G_CALLBACK (no_conflict_cb), NULL);

  memory->fail_writes = 20;
  add_felix (store);
  wait_for (n_failed == 1);
  while (n_failed < 20)
    {
      g_clear_error (&error);
      g_assert_false (run (flush, persister, &error));
    }
  memory_write (memory, "[{\"pets\":{\"fido\":{\"species\":\"dog\"},\"0\":{\"species\":\"cat\",\"age\":1,"
                        "\"sold\":false,\"name\":\"Felix\"}}},{}]");

  run_ok (flush, persister);
  g_assert_cmpuint (tst_store_get_n_rows (store, "pets"), ==, 2);

  close_persister (persister);
  memory_free (memory);
}

static void
test_persister_late_of_many (void)
{
  guint n_failed = 0;
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = memory_persister (memory, store);
  g_autofree char *first = NULL;

  g_test_summary ("5.2.4: so it is if there were more of them than are kept");

  run_ok (start_auto_save, persister);
  g_signal_connect (persister, "failed", G_CALLBACK (failed_cb), &n_failed);

  memory->fail_writes = 20;
  set_three_values (store);
  tst_store_set_value_number (store, "x", 1, NULL);
  tst_store_set_value_number (store, "y", 1, NULL);
  first = tst_store_get_json (store);
  wait_for (n_failed == 1);
  set_one_value (store);
  wait_for (n_failed == 2);
  while (n_failed < 20)
    {
      guint n = n_failed;

      tst_store_set_value_number (store, "x", n, NULL);
      wait_for (n_failed > n);
    }
  memory_write (memory, first);

  run_ok (flush, persister);
  assert_store (store, "[{\"pets\":{\"fido\":{\"species\":\"dog\"}}},"
                       "{\"u\":1,\"v\":1,\"w\":2,\"x\":19,\"y\":1}]");

  close_persister (persister);
  memory_free (memory);
}

static void
test_persister_retry_on_change (void)
{
  guint n_failed = 0;
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = memory_persister (memory, store);
  g_autoptr(GError) error = NULL;

  g_test_summary ("5.2.6: a failed save is tried again at once with the next change and by flush");

  run_ok (start_auto_save, persister);

  /* So often that waiting for the backoff would take minutes. */
  g_signal_connect (persister, "failed", G_CALLBACK (failed_cb), &n_failed);
  memory->fail_writes = 30;
  for (guint i = 0; i < 30; i++)
    {
      tst_store_set_cell_number (store, "pets", "fido", "age", i, NULL);
      wait_for (n_failed > i);
    }

  run_ok (flush, persister);
  g_assert_false (tst_persister_get_dirty (persister));

  close_persister (persister);
  memory_free (memory);
}

static void
test_persister_conflict (void)
{
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = memory_persister (memory, store);

  g_test_summary ("A medium that has moved on is read, merged and written");

  run_ok (save, persister);
  memory_write_quietly (memory, BOTH);
  set_species (store, "toto", "dog");
  g_string_truncate (memory->log, 0);
  run_ok (save, persister);
  g_assert_cmpstr (memory->log->str, ==, "wrw");
  assert_store (store, "[{\"pets\":{\"felix\":{\"species\":\"cat\"},\"fido\":{\"species\":\"dog\"},"
                       "\"toto\":{\"species\":\"dog\"}}},{}]");

  close_persister (persister);
  memory_free (memory);
}

static void
test_persister_conflict_bounded (void)
{
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = memory_persister (memory, store);
  GAsyncResult *result = NULL;
  guint n_writes = 0;
  g_autoptr(GError) error = NULL;

  g_test_summary ("A medium that moves on again and again fails the save at some time");

  run_ok (save, persister);
  set_species (store, "felix", "cat");
  tst_persister_save_async (persister, NULL, take_result_cb, &result);
  while (result == NULL)
    {
      g_autofree char *text = g_strdup_printf ("[{},{\"n\":%u}]", n_writes++);

      memory_write_quietly (memory, text);
      g_main_context_iteration (NULL, TRUE);
    }

  g_assert_false (tst_persister_save_finish (persister, result, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_CHANGED_ELSEWHERE);
  g_assert_true (tst_persister_get_dirty (persister));

  run_ok (save, persister);
  g_assert_true (tst_store_has_row (store, "pets", "felix"));

  g_clear_object (&result);
  close_persister (persister);
  memory_free (memory);
}

static void
test_persister_dropped (void)
{
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = memory_persister (memory, store);
  g_autoptr(GError) error = NULL;

  g_test_summary ("F10: a request that is never answered fails, and nothing is stuck");

  memory->drop_requests = 1;
  g_assert_false (run (load, persister, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_NOT_ANSWERED);
  g_clear_error (&error);

  memory->raise = 1;
  g_assert_false (run (load, persister, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_NOT_ANSWERED);
  g_clear_error (&error);

  run_ok (save, persister);
  memory->drop_requests = 1;
  g_assert_false (run (save, persister, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_NOT_ANSWERED);

  run_ok (save, persister);

  close_persister (persister);
  memory_free (memory);
}

/* What the store is changed to afterwards is not its business. */
static void
lose_last_reference (TstPersister *persister,
                     TstStore     *store)
{
  g_test_expect_message ("TStore", G_LOG_LEVEL_WARNING, "*lost its last reference*");
  g_object_unref (persister);
  g_test_assert_expected_messages ();
  set_species (store, "rex", "dog");
  run_ready ();
}

static void
test_persister_last_save_waits (void)
{
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = memory_persister (memory, store);

  g_test_summary ("5.2.1: the last save of a persister that is lost follows the one under way");

  run_ok (start_auto_save, persister);
  memory->hold = TRUE;
  set_species (store, "felix", "cat");
  wait_for (memory->held.length == 1);
  set_species (store, "toto", "dog");
  lose_last_reference (persister, store);
  g_assert_cmpuint (memory->held.length, ==, 1);

  memory_release_one (memory);
  wait_for (memory->held.length == 1);
  g_assert_true (memory_has (memory, BOTH));
  memory_release (memory);
  wait_for (memory_has (memory, "[{\"pets\":{\"fido\":{\"species\":\"dog\"},\"felix\":{\"species\":\"cat\"},"
                                "\"toto\":{\"species\":\"dog\"}}},{}]"));
  run_ready ();
  memory_free (memory);
}

static void
test_persister_last_save_is_enough (void)
{
  Memory *memory = memory_new ();
  TstStore *store = new_store (FIDO);
  TstPersister *persister = memory_persister (memory, store);

  g_test_summary ("5.2.7: a persister that is lost saves what there was to save, and nothing later");

  run_ok (start_auto_save, persister);
  memory->hold = TRUE;
  set_species (store, "felix", "cat");
  wait_for (memory->held.length == 1);
  lose_last_reference (persister, store);

  /* The persister holds it to the end. */
  g_object_add_weak_pointer (G_OBJECT (store), (gpointer *) &store);
  g_object_unref (store);
  memory_release (memory);
  wait_for (store == NULL);
  g_assert_true (memory_has (memory, BOTH));
  memory_free (memory);
}

static void
test_persister_discard_held (void)
{
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = memory_persister (memory, store);
  g_autoptr(TstRequest) request = NULL;

  g_test_summary ("A save that is given up is cancelled, and what has changed since is not saved");

  watch_persister (persister);
  run_ok (start_auto_save, persister);
  memory->hold = TRUE;
  set_store (store, FELIX);
  wait_for (memory->held.length == 1);
  request = g_object_ref (g_queue_peek_head (&memory->held));
  set_store (store, BOTH);
  tst_persister_discard (persister);
  g_assert_true (g_cancellable_is_cancelled (tst_request_get_cancellable (request)));
  wait_idle (persister);
  run_ready ();
  assert_seen (persister);
  g_assert_finalize_object (persister);

  /* This medium does not care. */
  memory_release (memory);
  run_ready ();
  g_assert_true (memory_has (memory, FELIX));
  memory_free (memory);
}

static void
test_persister_discard_conflict (void)
{
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = memory_persister (memory, store);

  g_test_summary ("After a conflict, nothing is read or written for a save that was given up");

  run_ok (start_auto_save, persister);
  memory->hold = TRUE;
  set_species (store, "fido", "wolf");
  wait_for (memory->held.length == 1);
  memory_write_quietly (memory, FELIX);
  tst_store_begin (store);
  g_string_truncate (memory->log, 0);
  memory_release (memory);
  run_ready ();
  tst_persister_discard (persister);
  tst_store_commit (store);
  wait_idle (persister);
  run_ready ();
  g_assert_cmpstr (memory->log->str, ==, "");
  g_assert_true (memory_has (memory, FELIX));

  g_assert_finalize_object (persister);
  memory_free (memory);
}

static void
test_persister_hung (void)
{
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = memory_persister (memory, store);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult *result = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(TstRequest) request = NULL;

  g_test_summary ("A hung medium can be cancelled at once; its late answer is ignored");

  memory_write (memory, FELIX);
  memory->hold = TRUE;
  tst_persister_load_async (persister, cancellable, take_result_cb, &result);
  wait_for (memory->held.length == 1);
  request = g_object_ref (g_queue_peek_head (&memory->held));
  g_assert_false (g_cancellable_is_cancelled (tst_request_get_cancellable (request)));

  g_cancellable_cancel (cancellable);
  wait_for (result != NULL);
  g_assert_false (tst_persister_load_finish (persister, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (g_cancellable_is_cancelled (tst_request_get_cancellable (request)));

  memory_release (memory);
  wait_idle (persister);
  assert_store (store, FIDO);
  run_ok (load, persister);
  assert_store (store, FELIX);

  g_clear_object (&result);
  close_persister (persister);
  memory_free (memory);
}

static void
test_persister_listens_first (void)
{
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = memory_persister (memory, store);

  g_test_summary ("5.2.9: automatic loading listens before its first load, and once");

  run_ok_with (start_auto_load, persister, NULL);
  g_assert_cmpstr (memory->log->str, ==, "lr");
  run_ok_with (start_auto_load, persister, NULL);
  g_assert_cmpstr (memory->log->str, ==, "lrr");
  tst_persister_stop_auto_load (persister);
  tst_persister_stop_auto_load (persister);
  g_assert_cmpstr (memory->log->str, ==, "lrrs");

  close_persister (persister);
  memory_free (memory);
}

static void
test_persister_stop_while_loading (void)
{
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = memory_persister (memory, store);
  GAsyncResult *result = NULL;
  g_autoptr(GError) error = NULL;

  g_test_summary ("Stopping is immediate: a load that is under way is not applied");

  memory_write (memory, FELIX);
  memory->hold = TRUE;
  tst_persister_start_auto_load_async (persister, NULL, NULL, take_result_cb, &result);
  wait_for (memory->held.length == 1);
  memory_release (memory);
  tst_persister_stop_auto_load (persister);
  wait_for (result != NULL);
  g_assert_false (tst_persister_start_auto_load_finish (persister, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  wait_idle (persister);
  assert_store (store, FIDO);

  g_clear_object (&result);
  close_persister (persister);
  memory_free (memory);
}

static void
test_persister_stop_keeps_load (void)
{
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = memory_persister (memory, store);
  GAsyncResult *started = NULL;
  GAsyncResult *loaded = NULL;
  g_autoptr(GError) error = NULL;

  g_test_summary ("F11: stopping automatic loading does not stop a load that was asked for");

  memory_write (memory, FELIX);
  memory->hold = TRUE;
  tst_persister_load_async (persister, NULL, take_result_cb, &loaded);
  tst_persister_start_auto_load_async (persister, NULL, NULL, take_result_cb, &started);
  wait_for (memory->held.length == 1);
  tst_persister_stop_auto_load (persister);
  memory_release (memory);
  wait_for (started != NULL && loaded != NULL);
  g_assert_false (tst_persister_start_auto_load_finish (persister, started, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (tst_persister_load_finish (persister, loaded, NULL));
  assert_store (store, FELIX);

  g_clear_object (&started);
  g_clear_object (&loaded);
  close_persister (persister);
  memory_free (memory);
}

static void
test_persister_busy_on_answer (void)
{
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = memory_persister (memory, store);
  GAsyncResult *result = NULL;

  g_test_summary ("5.2.3: an answer that comes in the middle of a transaction waits for its end");

  memory_write (memory, FELIX);
  memory->hold = TRUE;
  tst_persister_load_async (persister, NULL, take_result_cb, &result);
  wait_for (memory->held.length == 1);
  tst_store_begin (store);
  memory_release (memory);
  for (guint i = 0; i < 100; i++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_null (result);
  assert_store (store, FIDO);
  tst_store_commit (store);
  wait_for (result != NULL);
  assert_store (store, FELIX);

  g_clear_object (&result);
  close_persister (persister);
  memory_free (memory);
}

static void
test_persister_malformed_waits (void)
{
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = memory_persister (memory, store);
  g_autoptr(GError) error = NULL;

  g_test_summary ("F13: a medium that cannot keep what is not our format aside is not written to");

  memory_write (memory, "nonsense");
  g_assert_false (run (save, persister, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_FORMAT);
  g_assert_true (memory_has (memory, "nonsense"));

  memory_write (memory, EMPTY);
  run_ok (save, persister);
  g_assert_true (memory_has (memory, FIDO));

  close_persister (persister);
  memory_free (memory);
}

static void
test_persister_answers (gconstpointer user_data)
{
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = memory_persister (memory, store);

  g_test_summary ("Answers with variants, from threads, and before the function returns");

  memory->answer_kind = GPOINTER_TO_INT (user_data);

  run_ok_with (start_auto_persisting, persister, NULL);
  g_assert_true (memory_has (memory, FIDO));
  set_store (store, FELIX);
  wait_for (memory_has (memory, FELIX));
  wait_idle (persister);
  memory_write (memory, BOTH);
  wait_for (store_is (store, BOTH));
  wait_idle (persister);
  g_assert_false (tst_persister_get_dirty (persister));

  close_persister (persister);
  memory_free (memory);
}

static void
test_persister_two_defaults (void)
{
  Memory *a_memory = memory_new ();
  Memory *b_memory = memory_new ();
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *a = memory_persister (a_memory, store);
  TstPersister *b = memory_persister (b_memory, store);

  g_test_summary ("What one persister shows as defaults is not dirty for another one");

  memory_write (b_memory, FELIX);
  run_ok_with (start_auto_persisting, b, NULL);
  run_ok_with (start_auto_load, a, FIDO);
  wait_idle (b);
  g_assert_false (tst_persister_get_dirty (b));
  g_assert_true (memory_has (b_memory, FELIX));

  close_persister (a);
  close_persister (b);
  memory_free (a_memory);
  memory_free (b_memory);
}

static void
test_persister_saved_at_last (void)
{
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = memory_persister (memory, store);

  g_test_summary ("A first save that works after all is told of, also if nothing is dirty");

  memory->unreadable = TRUE;
  g_assert_false (run (start_auto_save, persister, NULL));
  g_assert_false (run_with (start_auto_load, persister, NULL, NULL));
  memory->unreadable = FALSE;
  run_ok (load, persister);
  wait_idle (persister);
  g_assert_true (memory_has (memory, FIDO));
  g_assert_cmpuint (tst_persister_get_n_saves (persister), ==, 1);
  g_assert_nonnull (tst_persister_get_last_saved (persister));

  close_persister (persister);
  memory_free (memory);
}

static void
test_persister_cancelled_start (void)
{
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = memory_persister (memory, store);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult *result = NULL;
  g_autoptr(GError) error = NULL;

  g_test_summary ("Who does not wait for the first save of automatic saving does not stop it");

  tst_persister_start_auto_save_async (persister, cancellable, take_result_cb, &result);
  g_cancellable_cancel (cancellable);
  wait_for (result != NULL);
  g_assert_false (tst_persister_start_auto_save_finish (persister, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  g_assert_true (tst_persister_get_auto_save (persister));
  wait_idle (persister);
  g_assert_true (memory_has (memory, FIDO));

  g_object_unref (result);
  close_persister (persister);
  memory_free (memory);
}

static void
test_persister_raced_first_save (void)
{
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = memory_persister (memory, store);
  GAsyncResult *result = NULL;

  g_test_summary ("A first save replaces what was there, and not what comes while it tries");

  memory->hold = TRUE;
  tst_persister_start_auto_save_async (persister, NULL, take_result_cb, &result);
  wait_for (memory->held.length == 1);
  memory_release_one (memory); /* there is nothing */
  wait_for (memory->held.length == 1);
  memory_write_quietly (memory, FELIX);
  memory_release_one (memory); /* a conflict */
  wait_for (memory->held.length == 1);
  memory->unreadable = TRUE;
  memory_release (memory);
  wait_for (result != NULL);
  memory->unreadable = FALSE;
  wait_idle (persister);
  g_assert_true (memory_has (memory, BOTH));
  assert_store (store, BOTH);

  g_object_unref (result);
  close_persister (persister);
  memory_free (memory);
}

static void
test_persister_load_after_change (void)
{
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = memory_persister (memory, store);

  g_test_summary ("A change does not end that a load is tried again");

  memory->unreadable = TRUE;
  g_assert_false (run_with (start_auto_load, persister, NULL, NULL));
  set_species (store, "fido", "dog");
  memory->unreadable = FALSE;
  memory_write_quietly (memory, FELIX);
  wait_for (store_is (store, BOTH));

  drop_persister (persister);
  memory_free (memory);
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
test_persister_refused_load (void)
{
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = memory_persister (memory, store);
  g_autoptr(GError) error = NULL;
  gulong handle;

  g_test_summary ("What the app did not take is not replaced, and comes when it does");

  memory->ignores_tags = TRUE;
  memory_write (memory, FIDO);
  run_ok_with (start_auto_persisting, persister, NULL);
  handle = tst_store_add_row_listener (store, "pets", NULL, TST_LISTENER_MUTATOR, refuse_felix_cb,
                                       NULL, NULL);
  memory_write (memory, BOTH);
  wait_for (tst_persister_get_last_error (persister) != NULL);

  set_species (store, "fido", "wolf");
  g_assert_false (run (flush, persister, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_ROLLED_BACK);
  g_assert_true (memory_has (memory, BOTH));

  /* As if nothing had been changed. */
  set_species (store, "fido", "dog");
  g_assert_false (run (flush, persister, NULL));
  g_assert_true (tst_store_remove_listener (store, handle));
  wait_for (store_is (store, BOTH));
  g_assert_true (memory_has (memory, BOTH));

  close_persister (persister);
  memory_free (memory);
}

static void
test_persister_refused_after_late (void)
{
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = memory_persister (memory, store);
  const char *wolf = "[{\"pets\":{\"fido\":{\"species\":\"wolf\"},\"felix\":{\"species\":\"cat\"}}},{}]";
  gulong handle;

  g_test_summary ("The same, where it was made from a save of which nobody knew that it had arrived");

  run_ok_with (start_auto_persisting, persister, NULL);
  handle = tst_store_add_row_listener (store, "pets", NULL, TST_LISTENER_MUTATOR, refuse_felix_cb,
                                       NULL, NULL);
  memory->lose_answers = 1;
  memory->unreadable = TRUE;
  set_species (store, "fido", "wolf");
  wait_for (tst_persister_get_last_error (persister) != NULL);
  memory_write_quietly (memory, wolf);
  memory->unreadable = FALSE;
  wait_for (g_error_matches (tst_persister_get_last_error (persister), TST_ERROR, TST_ERROR_ROLLED_BACK));

  g_assert_false (run (flush, persister, NULL));
  g_assert_false (run (flush, persister, NULL));
  g_assert_true (memory_has (memory, wolf));
  g_assert_true (tst_store_remove_listener (store, handle));
  wait_for (store_is (store, wolf));

  close_persister (persister);
  memory_free (memory);
}

static void
will_retry_cb (TstPersister          *persister,
               TstPersisterOperation  operation,
               const GError          *error,
               gboolean               will_retry,
               gboolean              *told)
{
  *told = will_retry;
}

static void
test_persister_refused_after_malformed (void)
{
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = memory_persister (memory, store);
  gboolean will_retry = FALSE;
  gulong handle;

  g_test_summary ("The same, where something was there before that was no content");

  memory_write (memory, "?");
  g_assert_false (run_with (start_auto_persisting, persister, NULL, NULL));
  handle = tst_store_add_row_listener (store, "pets", NULL, TST_LISTENER_MUTATOR, refuse_felix_cb,
                                       NULL, NULL);
  g_signal_connect (persister, "failed", G_CALLBACK (will_retry_cb), &will_retry);
  memory_write (memory, FELIX);
  wait_for (g_error_matches (tst_persister_get_last_error (persister), TST_ERROR, TST_ERROR_ROLLED_BACK));
  g_assert_true (will_retry);
  g_assert_true (tst_store_remove_listener (store, handle));
  wait_for (store_is (store, FELIX));

  close_persister (persister);
  memory_free (memory);
}

static void
test_persister_cancelled_first_half (void)
{
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = memory_persister (memory, store);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult *result = NULL;
  g_autoptr(GError) error = NULL;

  g_test_summary ("Who does not wait for the first load of automatic persisting does not stop it");

  memory_write (memory, FELIX);
  memory->hold = TRUE;
  tst_persister_start_auto_persisting_async (persister, NULL, cancellable, take_result_cb, &result);
  wait_for (memory->held.length == 1);
  g_cancellable_cancel (cancellable);
  wait_for (result != NULL);
  g_assert_false (tst_persister_start_auto_persisting_finish (persister, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  memory->hold = FALSE;
  memory_release (memory);

  g_assert_true (tst_persister_get_auto_load (persister));
  g_assert_true (tst_persister_get_auto_save (persister));
  wait_for (store_is (store, FELIX));
  set_species (store, "fido", "dog");
  wait_idle (persister);
  g_assert_true (memory_has (memory, BOTH));

  g_object_unref (result);
  close_persister (persister);
  memory_free (memory);
}

static void
dispose_cb (TstStore     *store,
            TstPersister *persister)
{
  g_object_run_dispose (G_OBJECT (persister));
}

static void
test_persister_disposed_while_loading (void)
{
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = memory_persister (memory, store);
  g_autoptr(GError) error = NULL;

  g_test_summary ("Who hears of what is loaded may dispose of the persister");

  memory_write (memory, FELIX);
  g_signal_connect (store, "transaction-finished", G_CALLBACK (dispose_cb), persister);
  g_assert_false (run (load, persister, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_CLOSED);
  assert_store (store, FELIX);

  g_signal_handlers_disconnect_by_func (store, dispose_cb, persister);
  g_assert_finalize_object (persister);
  memory_free (memory);
}

static void
test_persister_cancels_itself (void)
{
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = memory_persister (memory, store);

  g_test_summary ("What a medium has cancelled by itself is a failure, and tried again");

  run_ok (start_auto_save, persister);
  memory->cancel_writes = 1;
  set_species (store, "felix", "cat");
  wait_for (tst_persister_get_last_error (persister) != NULL);
  wait_idle (persister);
  g_assert_true (memory_has (memory, BOTH));

  close_persister (persister);
  memory_free (memory);
}

/* --- Those who hear of the end do something --- */

static void
discard_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  guint *n = user_data;

  ++*n;
  tst_persister_discard (TST_PERSISTER (object));
}

static gboolean
discard_idle_cb (gpointer user_data)
{
  tst_persister_discard (user_data);

  return G_SOURCE_REMOVE;
}

static gboolean
stop_idle_cb (gpointer user_data)
{
  tst_persister_stop_auto_load (user_data);

  return G_SOURCE_REMOVE;
}

static void
test_persister_discarded_twice (void)
{
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = memory_persister (memory, store);
  guint n = 0;

  g_test_summary ("Who hears that it was discarded may discard it");

  memory->hold = TRUE;
  tst_persister_save_async (persister, NULL, discard_cb, &n);
  tst_persister_save_async (persister, NULL, discard_cb, &n);
  wait_for (memory->held.length == 1);
  g_idle_add (discard_idle_cb, persister);
  wait_for (n == 2);

  memory_release (memory);
  drop_persister (persister);
  memory_free (memory);
}

static void
test_persister_stopped_and_discarded (void)
{
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = memory_persister (memory, store);
  guint n = 0;

  g_test_summary ("Who hears that loading was stopped may discard it, also if another load waits");

  memory->hold = TRUE;
  tst_persister_start_auto_load_async (persister, NULL, NULL, discard_cb, &n);
  wait_for (memory->held.length == 1);
  tst_persister_start_auto_load_async (persister, NULL, NULL, discard_cb, &n);
  g_idle_add (stop_idle_cb, persister);
  wait_for (n == 2);

  memory_release (memory);
  drop_persister (persister);
  memory_free (memory);
}

static void
cancel_and_wait_cb (TstPersister          *persister,
                    TstPersisterOperation  operation,
                    const GError          *error,
                    gboolean               will_retry,
                    GCancellable          *cancellable)
{
  g_cancellable_cancel (cancellable);
  run_ready ();
}

static void
test_persister_cancelled_at_the_end (void)
{
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = memory_persister (memory, store);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult *result = NULL;
  g_autoptr(GError) error = NULL;

  g_test_summary ("What has failed may be cancelled by who hears of it, and its loop run");

  memory->fail_writes = 1;
  g_signal_connect (persister, "failed", G_CALLBACK (cancel_and_wait_cb), cancellable);
  tst_persister_save_async (persister, cancellable, take_result_cb, &result);
  wait_for (result != NULL);
  g_assert_false (tst_persister_save_finish (persister, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  g_object_unref (result);
  drop_persister (persister);
  memory_free (memory);
}

static void
count_cb (gpointer    object,
          GParamSpec *pspec,
          guint      *n)
{
  (*n)++;
}

static void
test_persister_properties (void)
{
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = memory_persister (memory, store);
  guint n_dirty = 0, n_status = 0, n_delay = 0;

  g_test_summary ("Properties tell of changes, and only of changes");

  g_signal_connect (persister, "notify::dirty", G_CALLBACK (count_cb), &n_dirty);
  g_signal_connect (persister, "notify::status", G_CALLBACK (count_cb), &n_status);
  g_signal_connect (persister, "notify::save-delay", G_CALLBACK (count_cb), &n_delay);

  g_assert_true (tst_persister_get_store (persister) == store);
  g_assert_null (tst_persister_get_last_saved (persister));

  set_species (store, "felix", "cat");
  set_species (store, "felix", "lion");
  g_assert_true (tst_persister_get_dirty (persister));
  run_ready ();
  g_assert_cmpuint (n_dirty, ==, 1);

  run_ok (save, persister);
  g_assert_cmpuint (n_dirty, ==, 2);
  g_assert_cmpuint (n_status, ==, 2);

  tst_persister_set_save_delay (persister, 5);
  tst_persister_set_save_delay (persister, 5);
  g_assert_cmpuint (n_delay, ==, 1);
  g_assert_cmpuint (tst_persister_get_save_delay (persister), ==, 5);

  close_persister (persister);
  memory_free (memory);
}

static void
test_persister_delay (void)
{
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = memory_persister (memory, store);

  g_test_summary ("With a delay, changes within it are one save");

  tst_persister_set_save_delay (persister, 50);
  run_ok (start_auto_save, persister);
  for (guint i = 0; i < 20; i++)
    {
      tst_store_set_cell_number (store, "pets", "fido", "age", i, NULL);
      run_ready ();
    }
  g_assert_cmpint (tst_persister_get_status (persister), ==, TST_PERSISTER_SAVING);
  wait_idle (persister);
  g_assert_cmpuint (tst_persister_get_n_saves (persister), <=, 3);
  g_assert_true (memory_has (memory, "[{\"pets\":{\"fido\":{\"species\":\"dog\",\"age\":19}}},{}]"));

  close_persister (persister);
  memory_free (memory);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  suite_add_all (&memory_medium);

#define ADD(path, func) g_test_add_func ("/persister/" path, func)

  ADD ("overlap", test_persister_overlap);
  ADD ("snapshot", test_persister_snapshot);
  ADD ("news-while-saving", test_persister_news_while_saving);
  ADD ("ambiguous", test_persister_ambiguous);
  ADD ("ambiguous/built-upon", test_persister_built_upon);
  ADD ("ambiguous/late", test_persister_late);
  ADD ("ambiguous/late/again", test_persister_late_again);
  ADD ("ambiguous/late/of-many", test_persister_late_of_many);
  ADD ("retry-on-change", test_persister_retry_on_change);
  ADD ("conflict", test_persister_conflict);
  ADD ("conflict/bounded", test_persister_conflict_bounded);
  ADD ("dropped", test_persister_dropped);
  ADD ("last-save-waits", test_persister_last_save_waits);
  ADD ("last-save-is-enough", test_persister_last_save_is_enough);
  ADD ("discard/held", test_persister_discard_held);
  ADD ("discard/conflict", test_persister_discard_conflict);
  ADD ("hung", test_persister_hung);
  ADD ("listens-first", test_persister_listens_first);
  ADD ("stop-while-loading", test_persister_stop_while_loading);
  ADD ("stop-keeps-load", test_persister_stop_keeps_load);
  ADD ("busy-on-answer", test_persister_busy_on_answer);
  ADD ("malformed-waits", test_persister_malformed_waits);
  ADD ("two-defaults", test_persister_two_defaults);
  ADD ("saved-at-last", test_persister_saved_at_last);
  ADD ("cancelled-start", test_persister_cancelled_start);
  ADD ("raced-first-save", test_persister_raced_first_save);
  ADD ("load-after-change", test_persister_load_after_change);
  ADD ("refused-load", test_persister_refused_load);
  ADD ("refused-load/late", test_persister_refused_after_late);
  ADD ("refused-load/malformed", test_persister_refused_after_malformed);
  ADD ("cancelled-start/first-half", test_persister_cancelled_first_half);
  ADD ("disposed-while-loading", test_persister_disposed_while_loading);
  ADD ("cancels-itself", test_persister_cancels_itself);
  ADD ("discarded-twice", test_persister_discarded_twice);
  ADD ("stopped-and-discarded", test_persister_stopped_and_discarded);
  ADD ("cancelled-at-the-end", test_persister_cancelled_at_the_end);
  ADD ("properties", test_persister_properties);
  ADD ("delay", test_persister_delay);

  g_test_add_data_func ("/persister/answers/content", GINT_TO_POINTER (ANSWER_CONTENT),
                        test_persister_answers);
  g_test_add_data_func ("/persister/answers/thread", GINT_TO_POINTER (ANSWER_IN_THREAD),
                        test_persister_answers);
  g_test_add_data_func ("/persister/answers/at-once", GINT_TO_POINTER (ANSWER_AT_ONCE),
                        test_persister_answers);

  return g_test_run ();
}
