/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "util.h"

#include "test-util.h"

#include <unistd.h>

/* Nothing here takes a tenth of it. */
#define TIMEOUT_S 60

/* What happens outside of the main loop is looked for this often. */
#define TICK_MS 5

struct _Wait
{
  GSource *tick;
  gint64   deadline;
};

static gboolean
continue_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

Wait *
wait_begin (void)
{
  Wait *wait = g_new0 (Wait, 1);

  wait->deadline = g_get_monotonic_time () +
                   TIMEOUT_S * G_USEC_PER_SEC * (test_is_slow () ? 10 : 1);
  wait->tick = g_timeout_source_new (TICK_MS);
  g_source_set_callback (wait->tick, continue_cb, NULL, NULL);
  g_source_attach (wait->tick, NULL);

  return wait;
}

void
wait_step (Wait       *wait,
           const char *where,
           const char *condition)
{
  if (g_get_monotonic_time () > wait->deadline)
    g_error ("%s: waited too long for %s", where, condition);

  g_main_context_iteration (NULL, TRUE);
}

void
wait_end (Wait *wait)
{
  g_source_destroy (wait->tick);
  g_source_unref (wait->tick);
  g_free (wait);
}

void
run_ready (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

void
wait_idle (TstPersister *persister)
{
  wait_for (tst_persister_get_status (persister) == TST_PERSISTER_IDLE);
}

/* --- What somebody has seen --- */

typedef struct
{
  TstPersisterStatus status;
  gboolean           dirty;
} Seen;

static Seen *
get_seen (TstPersister *persister)
{
  return g_object_get_data (G_OBJECT (persister), "seen");
}

void
look (TstPersister *persister)
{
  Seen *seen = get_seen (persister);

  seen->status = tst_persister_get_status (persister);
  seen->dirty = tst_persister_get_dirty (persister);
}

static void
note_status_cb (TstPersister *persister)
{
  get_seen (persister)->status = tst_persister_get_status (persister);
}

static void
note_dirty_cb (TstPersister *persister)
{
  get_seen (persister)->dirty = tst_persister_get_dirty (persister);
}

void
watch_persister (TstPersister *persister)
{
  g_object_set_data_full (G_OBJECT (persister), "seen", g_new0 (Seen, 1), g_free);
  look (persister);
  g_signal_connect (persister, "notify::status", G_CALLBACK (note_status_cb), NULL);
  g_signal_connect (persister, "notify::dirty", G_CALLBACK (note_dirty_cb), NULL);
  /* As with a switch that somebody has moved. */
  g_signal_connect (persister, "notify::auto-save", G_CALLBACK (look), NULL);
}

void
assert_seen (TstPersister *persister)
{
  Seen *seen = get_seen (persister);

  if (seen == NULL)
    return;

  g_assert_cmpint (seen->status, ==, tst_persister_get_status (persister));
  g_assert_cmpint (seen->dirty, ==, tst_persister_get_dirty (persister));
}

/* What a thread is called, which is as the program until it has named itself. */
static char *
read_thread_name (const char *id)
{
  g_autofree char *path = g_build_filename ("/proc/self/task", id, "comm", NULL);
  char *name = NULL;

  return g_file_get_contents (path, &name, NULL, NULL) ? g_strchomp (name) : NULL;
}

/* It has a thread of its own, which only the system knows. */
static gboolean
has_thread (const char *name)
{
  g_autofree char *main_id = g_strdup_printf ("%d", (int) getpid ());
  g_autofree char *main_name = read_thread_name (main_id);
  g_autoptr(GDir) dir = g_dir_open ("/proc/self/task", 0, NULL);
  const char *id;

  g_assert_nonnull (dir);
  while ((id = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *other_name = read_thread_name (id);

      if (g_strcmp0 (other_name, name) == 0 ||
          (g_strcmp0 (other_name, main_name) == 0 && !g_str_equal (id, main_id)))
        return TRUE;
    }

  return FALSE;
}

void
wait_last_save (void)
{
  wait_for (!has_thread ("tst-persister"));
}

static void
gone_cb (gpointer  data,
         GObject  *object)
{
  g_atomic_int_set ((int *) data, TRUE);
}

void
wait_gone (gpointer object)
{
  int gone = FALSE;

  g_object_weak_ref (object, gone_cb, &gone);
  g_object_unref (object);
  wait_for (g_atomic_int_get (&gone));
}

void
take_result_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  GAsyncResult **out = user_data;

  g_assert_null (*out); /* a callback runs once */
  *out = g_object_ref (result);
}

gboolean
run_operation (BeginFunc      begin,
               FinishFunc     finish,
               TstPersister  *persister,
               GError       **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  begin (persister, NULL, take_result_cb, &result);
  g_assert_null (result); /* never called back before it returns */
  wait_for (result != NULL);

  return finish (persister, result, error);
}

gboolean
run_operation_with (BeginWithFunc   begin,
                    FinishFunc      finish,
                    TstPersister   *persister,
                    const char     *argument,
                    GError        **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  begin (persister, argument, NULL, take_result_cb, &result);
  g_assert_null (result);
  wait_for (result != NULL);

  return finish (persister, result, error);
}

void
set_store (TstStore   *store,
           const char *json)
{
  g_autoptr(GError) error = NULL;

  tst_store_set_json (store, json, &error);
  g_assert_no_error (error);
}

TstStore *
new_store (const char *json)
{
  TstStore *store = tst_store_new ();

  if (json != NULL)
    set_store (store, json);

  return store;
}

void
set_species (TstStore   *store,
             const char *pet,
             const char *species)
{
  g_autoptr(GError) error = NULL;

  tst_store_set_cell_string (store, "pets", pet, "species", species, &error);
  g_assert_no_error (error);
}

/* The order does not count: it is that of the changes. */
gboolean
store_is (TstStore   *store,
          const char *json)
{
  g_autoptr(GVariant) a = g_variant_take_ref (tst_store_get_content (store));
  g_autoptr(GVariant) b = NULL;
  g_autofree char *text = tst_store_get_json (store);

  /* Written over the content of this one, it takes its order. */
  g_autoptr(TstStore) copy = new_store (text);

  set_store (copy, json);
  b = g_variant_take_ref (tst_store_get_content (copy));

  return g_variant_equal (a, b);
}

void
assert_store (TstStore   *store,
              const char *json)
{
  g_autofree char *actual = tst_store_get_json (store);

  if (!store_is (store, json))
    g_assert_cmpstr (actual, ==, json);
}
