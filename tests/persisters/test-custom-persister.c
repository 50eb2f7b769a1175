/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "memory-medium.h"

#include <string.h>

/* Persisters whose medium is made of functions: the suite over several kinds of
 * them, and functions that do what they should not. */

static gboolean
read_cb (TstPersister  *persister,
         TstRequest    *request,
         gpointer       user_data,
         GError       **error)
{
  return memory_take (user_data, persister, request, 'r');
}

static gboolean
write_cb (TstPersister  *persister,
          TstRequest    *request,
          gpointer       user_data,
          GError       **error)
{
  return memory_take (user_data, persister, request, 'w');
}

static gboolean
start_listening_cb (TstPersister  *persister,
                    gpointer       user_data,
                    GError       **error)
{
  memory_listen (user_data, persister, TRUE);

  return TRUE;
}

static void
stop_listening_cb (TstPersister *persister,
                   gpointer      user_data)
{
  memory_listen (user_data, persister, FALSE);
}

static TstPersister *
new_persister (gpointer  medium,
               TstStore *store)
{
  TstPersister *persister = tst_custom_persister_new (store);
  TstCustomPersister *self = TST_CUSTOM_PERSISTER (persister);

  tst_custom_persister_set_read_func (self, read_cb, medium, NULL);
  tst_custom_persister_set_write_func (self, write_cb, medium, NULL);
  tst_custom_persister_set_start_listening_func (self, start_listening_cb, medium, NULL);
  tst_custom_persister_set_stop_listening_func (self, stop_listening_cb, medium, NULL);

  return persister;
}

/* --- The suite, over each kind of answer --- */

static gpointer
set_up_at_once (void)
{
  Memory *memory = memory_new ();

  memory->answer_kind = ANSWER_AT_ONCE;

  return memory;
}

static gpointer
set_up_in_thread (void)
{
  Memory *memory = memory_new ();

  memory->answer_kind = ANSWER_IN_THREAD;

  return memory;
}

static gpointer
set_up_digests (void)
{
  Memory *memory = memory_new ();

  memory->has_digests = TRUE;

  return memory;
}

static void
add_suite (Medium     *medium,
           const char *name,
           gpointer  (*set_up) (void))
{
  *medium = memory_medium;
  medium->name = name;
  medium->new_persister = new_persister;
  if (set_up != NULL)
    medium->set_up = set_up;

  suite_add_all (medium);
}

/* --- The functions --- */

static void
count_cb (gpointer user_data)
{
  ++*(guint *) user_data;
}

static gboolean
nothing_cb (TstPersister  *persister,
            TstRequest    *request,
            gpointer       user_data,
            GError       **error)
{
  tst_request_return_nothing (request);

  return TRUE;
}

static gboolean
bad_content_cb (TstPersister  *persister,
                TstRequest    *request,
                gpointer       user_data,
                GError       **error)
{
  tst_request_return_content (request, g_variant_new ("(ii)", 1, 2), NULL);

  return TRUE;
}

static void
test_bad_content (void)
{
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = new_persister (memory, store);

  g_test_summary ("A variant of another type, without a tag, is told");

  run_ok_with (start_auto_persisting, persister, NULL);
  tst_custom_persister_set_read_func (TST_CUSTOM_PERSISTER (persister), bad_content_cb, NULL, NULL);
  memory_write (memory, FELIX);
  wait_for (tst_persister_get_last_error (persister) != NULL);
  assert_store (store, FIDO);

  close_persister (persister);
  memory_free (memory);
}

static gboolean
replace_itself_cb (TstPersister  *persister,
                   TstRequest    *request,
                   gpointer       user_data,
                   GError       **error)
{
  guint *n_destroyed = user_data;

  tst_custom_persister_set_read_func (TST_CUSTOM_PERSISTER (persister), nothing_cb, n_destroyed,
                                      count_cb);
  g_assert_cmpuint (*n_destroyed, ==, 0); /* not while it runs */
  tst_request_return_nothing (request);

  return TRUE;
}

static void
test_destroy (void)
{
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = tst_custom_persister_new (store);
  TstCustomPersister *self = TST_CUSTOM_PERSISTER (persister);
  guint n_destroyed = 0;

  g_test_summary ("What a function holds is let go of once, when it is replaced or not needed");

  tst_custom_persister_set_read_func (self, replace_itself_cb, &n_destroyed, count_cb);
  run_ok (load, persister);
  g_assert_cmpuint (n_destroyed, ==, 1);
  run_ok (load, persister);
  g_assert_cmpuint (n_destroyed, ==, 1);
  tst_custom_persister_set_read_func (self, NULL, NULL, NULL);
  g_assert_cmpuint (n_destroyed, ==, 2);

  n_destroyed = 0;
  tst_custom_persister_set_read_func (self, nothing_cb, &n_destroyed, count_cb);
  tst_custom_persister_set_write_func (self, nothing_cb, &n_destroyed, count_cb);
  tst_custom_persister_set_start_listening_func (self, start_listening_cb, &n_destroyed, count_cb);
  tst_custom_persister_set_stop_listening_func (self, stop_listening_cb, &n_destroyed, count_cb);
  g_assert_cmpuint (n_destroyed, ==, 0);
  g_assert_finalize_object (persister);
  g_assert_cmpuint (n_destroyed, ==, 4);
}

static void
test_read_only (void)
{
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = tst_custom_persister_new (store);
  g_autoptr(GError) error = NULL;

  g_test_summary ("Without a function to write, it loads, follows, and cannot be saved");

  memory_write (memory, FIDO);
  tst_custom_persister_set_read_func (TST_CUSTOM_PERSISTER (persister), read_cb, memory, NULL);
  run_ok_with (start_auto_load, persister, NULL);
  assert_store (store, FIDO);
  memory_write (memory, FELIX);
  tst_persister_notify_changed (persister, NULL);
  wait_for (store_is (store, FELIX));

  set_store (store, BOTH);
  g_assert_false (run (save, persister, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_assert_true (tst_persister_get_dirty (persister));
  assert_store (store, BOTH);

  drop_persister (persister);
  memory_free (memory);
}

static void
test_write_only (void)
{
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = tst_custom_persister_new (store);
  g_autoptr(GError) error = NULL;

  g_test_summary ("Without a function to read, it saves, and cannot be loaded");

  memory->ignores_tags = TRUE;
  tst_custom_persister_set_write_func (TST_CUSTOM_PERSISTER (persister), write_cb, memory, NULL);
  g_assert_false (run (load, persister, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);

  run_ok (start_auto_save, persister);
  g_assert_true (memory_has (memory, FIDO));
  set_store (store, FELIX);
  wait_idle (persister);
  g_assert_true (memory_has (memory, FELIX));

  close_persister (persister);
  memory_free (memory);
}

/* --- Functions that do what they should not --- */

typedef enum
{
  DO_ANSWER = 1 << 0,        /* with nothing, or that it is saved */
  DO_ANSWER_WRONGLY = 1 << 1,/* as if it were the other kind of request */
  DO_FAIL = 1 << 2,          /* answers with an error */
  DO_SET_ERROR = 1 << 3,
  DO_RETURN_FALSE = 1 << 4
} Doings;

typedef struct
{
  const char *name;
  Doings      doings;
  int         load_code;     /* of TST_ERROR, or if negative of G_IO_ERROR */
} Case;

#define FINE G_MAXINT

static const Case cases[] = {
  { "answers", DO_ANSWER, FINE },
  { "answers-then-fails", DO_ANSWER | DO_FAIL, FINE },
  { "answers-then-wrongly", DO_ANSWER | DO_ANSWER_WRONGLY, FINE },
  { "answers-and-false", DO_ANSWER | DO_RETURN_FALSE, FINE },
  { "answers-and-error", DO_ANSWER | DO_SET_ERROR | DO_RETURN_FALSE, FINE },
  { "fails", DO_FAIL, -G_IO_ERROR_NO_SPACE },
  { "wrong-kind", DO_ANSWER_WRONGLY, -G_IO_ERROR_INVALID_ARGUMENT },
  { "nothing", 0, TST_ERROR_NOT_ANSWERED },
  { "false", DO_RETURN_FALSE, TST_ERROR_NOT_ANSWERED },
  { "false-and-error", DO_RETURN_FALSE | DO_SET_ERROR, -G_IO_ERROR_PERMISSION_DENIED },
  { "true-and-error", DO_SET_ERROR, -G_IO_ERROR_PERMISSION_DENIED },
};

static void
answer (TstRequest *request,
        gboolean    as_write)
{
  g_autoptr(GBytes) text = g_bytes_new_static (EMPTY, strlen (EMPTY));

  if (as_write)
    tst_request_return_saved (request, NULL);
  else
    tst_request_return_text (request, text, NULL);
}

static gboolean
do_case (TstRequest  *request,
         Doings       doings,
         gboolean     is_write,
         GError     **error)
{
  g_autoptr(GError) full = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NO_SPACE, "full");

  if (doings & DO_ANSWER)
    answer (request, is_write);
  if (doings & DO_ANSWER_WRONGLY)
    answer (request, !is_write);
  if (doings & DO_FAIL)
    tst_request_return_error (request, full);
  if (doings & DO_SET_ERROR)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, "no");

  return !(doings & DO_RETURN_FALSE);
}

static gboolean
case_read_cb (TstPersister  *persister,
              TstRequest    *request,
              gpointer       user_data,
              GError       **error)
{
  return do_case (request, ((const Case *) user_data)->doings, FALSE, error);
}

static gboolean
case_write_cb (TstPersister  *persister,
               TstRequest    *request,
               gpointer       user_data,
               GError       **error)
{
  return do_case (request, ((const Case *) user_data)->doings, TRUE, error);
}

static void
assert_case (const Case *c,
             gboolean    done,
             GError     *error)
{
  if (c->load_code == FINE)
    g_assert_no_error (error);
  else if (c->load_code < 0)
    g_assert_error (error, G_IO_ERROR, -c->load_code);
  else
    g_assert_error (error, TST_ERROR, c->load_code);
  g_assert_cmpint (done, ==, error == NULL);
  g_clear_error (&error);
}

static void
test_case (gconstpointer user_data)
{
  const Case *c = user_data;
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = new_persister (memory, store);
  TstCustomPersister *self = TST_CUSTOM_PERSISTER (persister);
  GError *error = NULL;
  gboolean done;

  g_test_summary ("F10: whatever a function does is an answer, and afterwards all is as before");

  tst_custom_persister_set_read_func (self, case_read_cb, (gpointer) c, NULL);
  done = run (load, persister, &error);
  assert_case (c, done, g_steal_pointer (&error));

  set_store (store, BOTH);
  tst_custom_persister_set_read_func (self, read_cb, memory, NULL);
  tst_custom_persister_set_write_func (self, case_write_cb, (gpointer) c, NULL);
  done = run (save, persister, &error);
  g_assert_cmpint (tst_persister_get_dirty (persister), ==, !done);
  assert_case (c, done, g_steal_pointer (&error));

  tst_custom_persister_set_write_func (self, write_cb, memory, NULL);
  set_species (store, "toto", "dog");
  run_ok (save, persister);
  g_assert_true (tst_store_has_row (store, "pets", "toto"));
  g_assert_true (tst_store_has_row (store, "pets", "felix"));

  drop_persister (persister);
  memory_free (memory);
}

/* --- Requests that are answered too late, or never --- */

static void
test_late (gconstpointer user_data)
{
  gboolean is_save = GPOINTER_TO_INT (user_data);
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = new_persister (memory, store);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GCancellable) of_request = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(TstRequest) late = NULL;
  g_autoptr(GError) error = NULL;

  g_test_summary ("A medium that hangs can be cancelled and closed; late answers are ignored");

  run_ok (save, persister);
  memory->hold = TRUE;
  set_store (store, BOTH);
  if (is_save)
    tst_persister_save_async (persister, cancellable, take_result_cb, &result);
  else
    tst_persister_load_async (persister, cancellable, take_result_cb, &result);
  wait_for (memory->held.length == 1);
  late = g_queue_pop_head (&memory->held);
  memory->n_running--;
  of_request = g_object_ref (tst_request_get_cancellable (late));
  g_assert_false (g_cancellable_is_cancelled (of_request));

  g_cancellable_cancel (cancellable);
  wait_for (result != NULL);
  g_assert_true (g_cancellable_is_cancelled (of_request));
  g_assert_false (g_task_propagate_boolean (G_TASK (result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (tst_persister_get_dirty (persister));

  answer (late, is_save);
  run_ready ();
  assert_store (store, BOTH);
  g_assert_true (tst_persister_get_dirty (persister));

  memory->hold = FALSE;
  run_ok (save, persister);
  g_assert_true (memory_has (memory, BOTH));
  g_clear_object (&result);
  close_persister (persister);

  answer (late, is_save);
  run_ready ();
  memory_free (memory);
}

static void
test_timeout (void)
{
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = new_persister (memory, store);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(TstRequest) late = NULL;
  g_autoptr(GError) error = NULL;

  g_test_summary ("A request that is not answered in time fails, and is tried again");

  run_ok (start_auto_save, persister);
  g_assert_cmpuint (tst_persister_get_request_timeout (persister), ==, 0);
  g_object_set (persister, "request-timeout", 50, NULL);
  g_assert_cmpuint (tst_persister_get_request_timeout (persister), ==, 50);

  memory->hold = TRUE;
  set_store (store, BOTH);
  tst_persister_close_async (persister, NULL, take_result_cb, &result);
  wait_for (result != NULL);
  g_assert_false (tst_persister_close_finish (persister, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_true (tst_persister_get_dirty (persister));
  late = g_queue_pop_head (&memory->held);
  memory->n_running--;
  g_assert_true (g_cancellable_is_cancelled (tst_request_get_cancellable (late)));

  memory_release (memory);
  wait_idle (persister);
  g_assert_true (memory_has (memory, BOTH));
  g_assert_false (tst_persister_get_dirty (persister));

  g_clear_object (&result);
  close_persister (persister);
  memory_free (memory);
}

static void
test_stop_while_hung (void)
{
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = new_persister (memory, store);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(TstRequest) request = NULL;
  g_autoptr(GError) error = NULL;

  g_test_summary ("F11: a medium that hangs does not keep automatic loading from being stopped");

  memory->hold = TRUE;
  tst_persister_start_auto_load_async (persister, NULL, NULL, take_result_cb, &result);
  wait_for (memory->held.length == 1);
  request = g_queue_pop_head (&memory->held);
  memory->n_running--;
  tst_persister_stop_auto_load (persister);
  wait_for (result != NULL);
  g_assert_false (tst_persister_start_auto_load_finish (persister, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (g_cancellable_is_cancelled (tst_request_get_cancellable (request)));

  g_clear_object (&result);
  close_persister (persister);
  memory_free (memory);
}

static void
test_gone (void)
{
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = new_persister (memory, store);

  g_test_summary ("An answer after the persister is gone is ignored");

  run_ok_with (start_auto_load, persister, NULL);
  wait_idle (persister);
  memory->hold = TRUE;
  memory_write (memory, FELIX);
  wait_for (memory->held.length == 1);
  tst_persister_stop_auto_load (persister);
  g_assert_finalize_object (persister);
  memory_release (memory);
  run_ready ();
  assert_store (store, FIDO);

  memory_free (memory);
}

/* --- News --- */

static gpointer
notify_in_thread (gpointer user_data)
{
  tst_persister_notify_changed (user_data, NULL);

  return NULL;
}

static void
test_notify_thread (void)
{
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = new_persister (memory, store);

  g_test_summary ("News from a thread is not handled in that thread, even if nobody runs the loop");

  run_ok_with (start_auto_load, persister, NULL);
  wait_idle (persister);
  memory_write_quietly (memory, FIDO);
  g_thread_join (g_thread_new ("news", notify_in_thread, persister));
  g_assert_cmpint (tst_persister_get_status (persister), ==, TST_PERSISTER_IDLE);
  wait_for (store_is (store, FIDO));

  close_persister (persister);
  memory_free (memory);
}

static void
test_notify_moments (void)
{
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = new_persister (memory, store);

  g_test_summary ("F11: news before listening, or after it, does nothing");

  memory_write_quietly (memory, FIDO);
  tst_persister_notify_changed (persister, NULL);
  g_thread_join (g_thread_new ("news", notify_in_thread, persister));
  run_ready ();
  g_assert_cmpstr (memory->log->str, ==, "");

  run_ok_with (start_auto_load, persister, NULL);
  g_thread_join (g_thread_new ("news", notify_in_thread, persister));
  tst_persister_stop_auto_load (persister);
  tst_persister_notify_changed (persister, NULL);
  memory_write_quietly (memory, FELIX);
  run_ready ();
  g_assert_cmpstr (memory->log->str, ==, "lrs");
  assert_store (store, FIDO);

  run_ok (close, persister);
  tst_persister_notify_changed (persister, "tag");
  g_thread_join (g_thread_new ("news", notify_in_thread, persister));
  g_assert_finalize_object (persister);
  run_ready ();
  memory_free (memory);
}

/* --- Functions that call back --- */

typedef struct
{
  Memory       *memory;
  TstPersister *persister;
  GAsyncResult *results[3];
  guint         n_calls;
  guint         n_writes;
  gboolean      is_starting;
} Caller;

static gboolean
calling_read_cb (TstPersister  *persister,
                 TstRequest    *request,
                 gpointer       user_data,
                 GError       **error)
{
  Caller *caller = user_data;

  if (caller->n_calls++ == 0)
    {
      tst_persister_load_async (persister, NULL, take_result_cb, &caller->results[0]);
      tst_persister_save_async (persister, NULL, take_result_cb, &caller->results[1]);
      set_species (tst_persister_get_store (persister), "felix", "cat");
      g_assert_false (tst_persister_load (persister, NULL, NULL));
    }

  return memory_take (caller->memory, persister, request, 'r');
}

static gboolean
calling_write_cb (TstPersister  *persister,
                  TstRequest    *request,
                  gpointer       user_data,
                  GError       **error)
{
  Caller *caller = user_data;

  if (caller->n_writes++ == 0)
    {
      tst_persister_save_async (persister, NULL, take_result_cb, &caller->results[2]);
      set_species (tst_persister_get_store (persister), "toto", "dog");
    }

  return memory_take (caller->memory, persister, request, 'w');
}

static void
test_calls_back (void)
{
  Caller caller = { memory_new () };
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = new_persister (caller.memory, store);
  TstCustomPersister *self = TST_CUSTOM_PERSISTER (persister);

  g_test_summary ("F9: what functions ask of the persister, and write to the store, comes next");

  caller.memory->answer_kind = ANSWER_AT_ONCE;
  memory_write (caller.memory, FIDO);
  run_ok (start_auto_save, persister);
  tst_custom_persister_set_read_func (self, calling_read_cb, &caller, NULL);
  tst_custom_persister_set_write_func (self, calling_write_cb, &caller, NULL);
  memory_write (caller.memory, FIDO);
  run_ok (load, persister);
  wait_for (caller.results[0] != NULL && caller.results[1] != NULL && caller.results[2] != NULL);
  wait_idle (persister);
  assert_store (store, "[{\"pets\":{\"fido\":{\"species\":\"dog\"},\"felix\":{\"species\":\"cat\"},"
                       "\"toto\":{\"species\":\"dog\"}}},{}]");
  g_assert_true (memory_has (caller.memory,
                             "[{\"pets\":{\"fido\":{\"species\":\"dog\"},"
                             "\"felix\":{\"species\":\"cat\"},\"toto\":{\"species\":\"dog\"}}},{}]"));
  g_assert_false (tst_persister_get_dirty (persister));

  for (guint i = 0; i < G_N_ELEMENTS (caller.results); i++)
    {
      g_assert_true (g_task_propagate_boolean (G_TASK (caller.results[i]), NULL));
      g_clear_object (&caller.results[i]);
    }
  close_persister (persister);
  memory_free (caller.memory);
}

typedef void (*Reaction) (Caller *caller);

static void
react_by_drop (Caller *caller)
{
  g_clear_object (&caller->persister);
}

static void
react_by_stop (Caller *caller)
{
  tst_persister_stop_auto_load (caller->persister);
  tst_persister_stop_auto_save (caller->persister);
}

static void
react_by_start (Caller *caller)
{
  tst_persister_start_auto_load_async (caller->persister, NULL, NULL, NULL, NULL);
}

static void
react_by_start_and_stop (Caller *caller)
{
  react_by_start (caller);
  react_by_stop (caller);
}

static void
react_by_close (Caller *caller)
{
  tst_persister_close_async (caller->persister, NULL, NULL, NULL);
}

static Reaction reaction;

static void
react (Caller *caller)
{
  if (caller->persister != NULL && caller->n_calls++ == 0)
    reaction (caller);
}

static gboolean
reacting_read_cb (TstPersister  *persister,
                  TstRequest    *request,
                  gpointer       user_data,
                  GError       **error)
{
  react (user_data);

  return memory_take (((Caller *) user_data)->memory, persister, request, 'r');
}

static gboolean
reacting_write_cb (TstPersister  *persister,
                   TstRequest    *request,
                   gpointer       user_data,
                   GError       **error)
{
  react (user_data);

  return memory_take (((Caller *) user_data)->memory, persister, request, 'w');
}

static gboolean
reacting_start_cb (TstPersister  *persister,
                   gpointer       user_data,
                   GError       **error)
{
  Caller *caller = user_data;

  caller->is_starting = TRUE;
  react (caller);
  caller->is_starting = FALSE;
  memory_listen (caller->memory, persister, TRUE);

  return TRUE;
}

static void
reacting_stop_cb (TstPersister *persister,
                  gpointer      user_data)
{
  Caller *caller = user_data;

  g_assert_false (caller->is_starting);
  memory_listen (caller->memory, persister, FALSE);
  react (caller);
}

/* Which function reacts. */
static const char letters[] = "rwls";

static const struct
{
  const char *name;
  Reaction    func;
} reactions[] = {
  { "drop", react_by_drop },
  { "stop", react_by_stop },
  { "start", react_by_start },
  { "start-and-stop", react_by_start_and_stop },
  { "close", react_by_close },
};

static void
connect_reaction (Caller *caller,
                  char    letter)
{
  TstCustomPersister *self = TST_CUSTOM_PERSISTER (caller->persister);

  if (letter == 'r')
    tst_custom_persister_set_read_func (self, reacting_read_cb, caller, NULL);
  else if (letter == 'w')
    tst_custom_persister_set_write_func (self, reacting_write_cb, caller, NULL);
  else if (letter == 'l')
    tst_custom_persister_set_start_listening_func (self, reacting_start_cb, caller, NULL);

  if (letter == 's' || letter == 'l')
    tst_custom_persister_set_stop_listening_func (self, reacting_stop_cb, caller, NULL);
}

static void
test_reaction (gconstpointer user_data)
{
  guint number = GPOINTER_TO_UINT (user_data);
  Caller caller = { memory_new () };
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *weak = NULL;

  g_test_summary ("F11: whatever is done in a function, nothing is stuck or left behind");

  caller.persister = weak = new_persister (caller.memory, store);
  g_object_add_weak_pointer (G_OBJECT (weak), (gpointer *) &weak);
  reaction = reactions[number / 4].func;
  connect_reaction (&caller, letters[number % 4]);

  tst_persister_start_auto_persisting_async (caller.persister, NULL, NULL, NULL, NULL);
  wait_for (weak == NULL || letters[number % 4] == 's' ||
            (tst_persister_get_status (weak) == TST_PERSISTER_IDLE && caller.n_calls > 0));
  if (caller.persister != NULL)
    {
      wait_idle (caller.persister);
      tst_persister_stop_auto_load (caller.persister);
    }
  wait_for (caller.n_calls > 0 && (weak == NULL ||
            tst_persister_get_status (weak) == TST_PERSISTER_IDLE));
  run_ready ();
  assert_store (store, FIDO);

  if (caller.persister != NULL)
    {
      run_ok (close, caller.persister);
      run_ready ();
      g_assert_cmpuint (caller.memory->persisters->len, ==, 0);
      g_clear_object (&caller.persister);
    }
  run_ready ();
  g_assert_null (weak);
  memory_free (caller.memory);
}

/* --- Listening --- */

static gboolean
fail_listening_cb (TstPersister  *persister,
                   gpointer       user_data,
                   GError       **error)
{
  Doings doings = GPOINTER_TO_INT (user_data);

  if (doings & DO_SET_ERROR)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, "no");

  return !(doings & DO_RETURN_FALSE);
}

static void
test_listening_fails (void)
{
  const Doings doings[] = { DO_RETURN_FALSE, DO_SET_ERROR, DO_RETURN_FALSE | DO_SET_ERROR };
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (NULL);
  TstPersister *persister = new_persister (memory, store);

  g_test_summary ("If listening fails, so does starting, and nothing is on");

  for (guint i = 0; i < G_N_ELEMENTS (doings); i++)
    {
      g_autoptr(GError) error = NULL;

      tst_custom_persister_set_start_listening_func (TST_CUSTOM_PERSISTER (persister),
                                                     fail_listening_cb,
                                                     GINT_TO_POINTER (doings[i]), NULL);
      g_assert_false (run_with (start_auto_persisting, persister, &error, NULL));
      if (doings[i] & DO_SET_ERROR)
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
      else
        g_assert_error (error, TST_ERROR, TST_ERROR_NOT_ANSWERED);
      g_assert_false (tst_persister_get_auto_load (persister));
      g_assert_false (tst_persister_get_auto_save (persister));
    }
  g_assert_cmpstr (memory->log->str, ==, "");

  close_persister (persister);
  memory_free (memory);
}

/* --- Losing it --- */

static void
take_message_cb (const char     *domain,
                 GLogLevelFlags  level,
                 const char     *message,
                 gpointer        user_data)
{
  g_string_append (user_data, message);
}

static void
test_lost (gconstpointer user_data)
{
  gboolean refuses = GPOINTER_TO_INT (user_data);
  g_autoptr(GString) messages = g_string_new (NULL);
  GLogLevelFlags fatal;
  guint handler_id;
  Memory *memory = memory_new ();
  g_autoptr(TstStore) store = new_store (FIDO);
  TstPersister *persister = new_persister (memory, store);

  g_test_summary ("5.2.7: a medium that refuses a last save is asked again; what is lost is told");

  run_ok (start_auto_save, persister);
  set_store (store, BOTH);
  if (refuses)
    memory->raise = 1;
  else
    memory_write_quietly (memory, FELIX);

  fatal = g_log_set_always_fatal (G_LOG_FATAL_MASK);
  handler_id = g_log_set_handler ("TStore", G_LOG_LEVEL_WARNING, take_message_cb, messages);
  g_assert_finalize_object (persister);
  g_assert_nonnull (strstr (messages->str, "lost its last reference"));
  set_store (store, FIDO);

  if (refuses)
    wait_for (memory_has (memory, BOTH) && memory->n_running == 0);
  else
    wait_for (strstr (messages->str, "are lost: it was changed elsewhere") != NULL);
  run_ready ();
  g_assert_cmpint (strstr (messages->str, "are lost") == NULL, ==, refuses);

  g_log_remove_handler ("TStore", handler_id);
  g_log_set_always_fatal (fatal);
  memory_free (memory);
}

/* --- Two on one medium --- */

static void
take_conflict_cb (TstPersister *persister,
                  TstConflict  *conflict,
                  gpointer      user_data)
{
  TstConflict **out = user_data;

  g_assert_null (*out);
  *out = tst_conflict_ref (conflict);
}

static void
test_merge (gconstpointer user_data)
{
  const char *both = "[{\"pets\":{\"fido\":{\"species\":\"fox\"},\"felix\":{\"species\":\"cat\"},"
                     "\"toto\":{\"species\":\"dog\"}}},{}]";
  Memory *memory = memory_new ();
  g_autoptr(TstStore) a_store = new_store (FIDO);
  g_autoptr(TstStore) b_store = new_store (NULL);
  TstPersister *a = new_persister (memory, a_store);
  TstPersister *b = new_persister (memory, b_store);
  TstConflict *conflict = NULL;

  g_test_summary ("F22: two edit at the same time, and come to rest with what both have changed");

  memory->has_digests = GPOINTER_TO_INT (user_data);
  run_ok_with (start_auto_persisting, a, NULL);
  run_ok_with (start_auto_persisting, b, NULL);
  assert_store (b_store, FIDO);
  g_signal_connect (b, "conflict", G_CALLBACK (take_conflict_cb), &conflict);

  /* Without tags, it reads what it is told of its first save: one that does so saves last. */
  run_ready ();
  wait_idle (a);

  memory->hold = TRUE;
  set_species (a_store, "fido", "wolf");
  set_species (a_store, "felix", "cat");
  wait_for (memory->held.length == 1);
  set_species (b_store, "fido", "fox");
  set_species (b_store, "toto", "dog");
  wait_for (memory->held.length == 2);
  memory_release (memory);
  wait_for (store_is (a_store, both) && store_is (b_store, both));
  wait_idle (a);
  wait_idle (b);
  g_assert_nonnull (conflict);
  g_assert_cmpuint (tst_conflict_get_n_entries (conflict), ==, 1);
  g_assert_cmpint (tst_conflict_get_kind (conflict, 0), ==, TST_CONFLICT_KEPT);
  g_assert_cmpstr (tst_conflict_get_row_id (conflict, 0), ==, "fido");
  tst_conflict_unref (conflict);
  g_assert_false (tst_persister_get_dirty (a));
  g_assert_false (tst_persister_get_dirty (b));

  close_persister (a);
  close_persister (b);
  memory_free (memory);
}

/* --- Strings --- */

static gboolean
json_read_cb (TstPersister  *persister,
              TstRequest    *request,
              gpointer       user_data,
              GError       **error)
{
  char **kept = user_data;
  g_autoptr(GError) no_text = NULL;

  g_assert_null (tst_request_get_json (request, &no_text));
  g_assert_error (no_text, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  tst_request_return_json (request, *kept, NULL);

  return TRUE;
}

static gboolean
json_write_cb (TstPersister  *persister,
               TstRequest    *request,
               gpointer       user_data,
               GError       **error)
{
  char **kept = user_data;

  g_free (*kept);
  *kept = tst_request_get_json (request, error);
  tst_request_return_saved (request, NULL);

  return *kept != NULL;
}

static void
test_json (void)
{
  const char *content = "[{\"t\":{\"10\":{\"a\":\"\\né\"},\"2\":{\"b\":null},"
                        "\"1\":{\"c\":true}}},{\"3\":0,\"1\":0}]";
  g_autoptr(TstStore) store = new_store (content);
  TstPersister *persister = tst_custom_persister_new (store);
  TstCustomPersister *self = TST_CUSTOM_PERSISTER (persister);
  g_autofree char *kept = g_strdup (EMPTY);
  g_autofree char *json = NULL;

  g_test_summary ("F41: strings there and back, with ids that look like numbers in their order");

  tst_custom_persister_set_read_func (self, json_read_cb, &kept, NULL);
  tst_custom_persister_set_write_func (self, json_write_cb, &kept, NULL);
  run_ok (save, persister);
  g_assert_cmpstr (kept, ==, content);
  tst_store_remove_tables (store);
  run_ok (load, persister);
  json = tst_store_get_json (store);
  g_assert_cmpstr (json, ==, content);

  close_persister (persister);
}

int
main (int   argc,
      char *argv[])
{
  static Medium media[4];

  g_test_init (&argc, &argv, NULL);

  add_suite (&media[0], "custom", NULL);
  add_suite (&media[1], "custom-at-once", set_up_at_once);
  add_suite (&media[2], "custom-in-thread", set_up_in_thread);
  add_suite (&media[3], "custom-digests", set_up_digests);

#define ADD(path, func) g_test_add_func ("/custom-persister/" path, func)

  ADD ("destroy", test_destroy);
  ADD ("bad-content", test_bad_content);
  ADD ("read-only", test_read_only);
  ADD ("write-only", test_write_only);
  ADD ("gone", test_gone);
  ADD ("stop-while-hung", test_stop_while_hung);
  ADD ("timeout", test_timeout);
  ADD ("notify/thread", test_notify_thread);
  ADD ("notify/moments", test_notify_moments);
  ADD ("calls-back", test_calls_back);
  ADD ("listening-fails", test_listening_fails);
  ADD ("json", test_json);

  g_test_add_data_func ("/custom-persister/late/load", GINT_TO_POINTER (FALSE), test_late);
  g_test_add_data_func ("/custom-persister/late/save", GINT_TO_POINTER (TRUE), test_late);
  g_test_add_data_func ("/custom-persister/lost/refused", GINT_TO_POINTER (TRUE), test_lost);
  g_test_add_data_func ("/custom-persister/lost/conflict", GINT_TO_POINTER (FALSE), test_lost);
  g_test_add_data_func ("/custom-persister/merge/tags", GINT_TO_POINTER (FALSE), test_merge);
  g_test_add_data_func ("/custom-persister/merge/digests", GINT_TO_POINTER (TRUE), test_merge);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/custom-persister/case/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_case);
    }

  for (guint i = 0; i < G_N_ELEMENTS (reactions) * 4; i++)
    {
      g_autofree char *path = g_strdup_printf ("/custom-persister/react/%s/%c", reactions[i / 4].name,
                                               letters[i % 4]);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_reaction);
    }

  return g_test_run ();
}
