/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "memory-medium.h"

#include <string.h>

struct _TestPersister
{
  TstPersister parent_instance;

  Memory *memory;
};

G_DEFINE_FINAL_TYPE (TestPersister, test_persister, TST_TYPE_PERSISTER)

static char *
get_tag (Memory *memory)
{
  if (memory->has_digests && memory->text != NULL)
    return g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, memory->text);

  return g_strdup_printf ("v%u", memory->version);
}

/* What it tells of it. */
static char *
give_tag (Memory *memory)
{
  gboolean has_tags = memory->answer_kind != ANSWER_CONTENT && !memory->has_digests;

  return has_tags ? get_tag (memory) : NULL;
}

static void
tell (Memory *memory)
{
  g_autofree char *tag = give_tag (memory);

  for (guint i = 0; i < memory->persisters->len; i++)
    tst_persister_notify_changed (g_ptr_array_index (memory->persisters, i), tag);
}

static void
set_text (Memory *memory,
          GBytes *text)
{
  g_clear_pointer (&memory->text, g_bytes_unref);
  memory->text = text != NULL ? g_bytes_ref (text) : NULL;
  memory->version++;
}

/* --- Answering --- */

static GVariant *
parse (GBytes *text)
{
  g_autofree char *json = g_strndup (g_bytes_get_data (text, NULL), g_bytes_get_size (text));
  g_autoptr(TstStore) store = new_store (json);

  return g_variant_take_ref (tst_store_get_content (store));
}

typedef struct
{
  TstRequest *request;
  GBytes     *text;
  char       *tag;
} ThreadAnswer;

static gpointer
answer_in_thread (gpointer user_data)
{
  ThreadAnswer *answer = user_data;

  tst_request_return_text (answer->request, answer->text, answer->tag);

  g_object_unref (answer->request);
  g_bytes_unref (answer->text);
  g_free (answer->tag);
  g_free (answer);

  return NULL;
}

static void
answer_text (Memory     *memory,
             TstRequest *request)
{
  g_autofree char *tag = give_tag (memory);
  ThreadAnswer *answer;

  if (memory->answer_kind == ANSWER_CONTENT && g_bytes_get_size (memory->text) > 0)
    {
      g_autoptr(GVariant) content = parse (memory->text);

      tst_request_return_content (request, content, NULL);
      return;
    }

  if (memory->answer_kind != ANSWER_IN_THREAD)
    {
      tst_request_return_text (request, memory->text, tag);
      return;
    }

  answer = g_new0 (ThreadAnswer, 1);
  answer->request = g_object_ref (request);
  answer->text = g_bytes_ref (memory->text);
  answer->tag = g_steal_pointer (&tag);
  g_thread_unref (g_thread_new ("answer", answer_in_thread, answer));
}

static void
answer_error (TstRequest   *request,
              GIOErrorEnum  code,
              const char   *message)
{
  g_autoptr(GError) error = g_error_new_literal (G_IO_ERROR, code, message);

  tst_request_return_error (request, error);
}

static void
answer_read (Memory     *memory,
             TstRequest *request)
{
  if (memory->unreadable)
    answer_error (request, G_IO_ERROR_TIMED_OUT, "unreadable");
  else if (memory->text == NULL)
    tst_request_return_nothing (request);
  else
    answer_text (memory, request);
}

static gboolean
has_moved_on (Memory     *memory,
              TstRequest *request)
{
  const char *base_tag = tst_request_get_base_tag (request);
  g_autofree char *tag = get_tag (memory);

  if (memory->ignores_tags || memory->answer_kind == ANSWER_CONTENT)
    return FALSE;

  return g_strcmp0 (base_tag, memory->text != NULL ? tag : NULL) != 0;
}

static void
answer_write (Memory     *memory,
              TstRequest *request)
{
  g_autoptr(GBytes) text = NULL;
  g_autofree char *tag = NULL;

  if (memory->unreadable || memory->fail_writes > 0)
    {
      memory->fail_writes -= memory->fail_writes > 0;
      answer_error (request, G_IO_ERROR_TIMED_OUT, "not written");
      return;
    }

  if (memory->cancel_writes > 0)
    {
      memory->cancel_writes--;
      answer_error (request, G_IO_ERROR_CANCELLED, "cancelled");
      return;
    }

  if (has_moved_on (memory, request))
    {
      tst_request_return_conflict (request);
      return;
    }

  text = tst_request_get_text (request, NULL);
  set_text (memory, text);
  tag = give_tag (memory);
  tell (memory);

  if (memory->lose_answers > 0)
    {
      memory->lose_answers--;
      answer_error (request, G_IO_ERROR_TIMED_OUT, "written, perhaps");
    }
  else
    {
      tst_request_return_saved (request, tag);
    }
}

static void
answer (Memory     *memory,
        TstRequest *request)
{
  g_autoptr(GVariant) content = tst_request_get_content (request);

  memory->n_running--;

  if (content != NULL)
    answer_write (memory, request);
  else
    answer_read (memory, request);
}

void
memory_release_one (Memory *memory)
{
  g_autoptr(TstRequest) request = g_queue_pop_head (&memory->held);

  g_assert_nonnull (request);
  answer (memory, request);
}

void
memory_release (Memory *memory)
{
  memory->hold = FALSE;
  while (!g_queue_is_empty (&memory->held))
    memory_release_one (memory);
}

typedef struct
{
  Memory       *memory;
  TstPersister *persister;
  TstRequest   *request;
} Later;

static gboolean
answer_cb (gpointer user_data)
{
  Later *later = user_data;

  answer (later->memory, later->request);

  return G_SOURCE_REMOVE;
}

static void
later_free (gpointer data)
{
  Later *later = data;

  g_object_unref (later->persister);
  g_object_unref (later->request);
  g_free (later);
}

gboolean
memory_take (Memory       *memory,
             TstPersister *persister,
             TstRequest   *request,
             char          letter)
{
  Later *later;

  g_string_append_c (memory->log, letter);

  if (memory->raise > 0)
    {
      memory->raise--;
      return FALSE;
    }

  if (memory->drop_requests > 0)
    {
      memory->drop_requests--;
      return TRUE;
    }

  memory->n_running++;
  memory->max_running = MAX (memory->max_running, memory->n_running);

  if (memory->hold)
    {
      g_queue_push_tail (&memory->held, g_object_ref (request));
      return TRUE;
    }

  if (memory->answer_kind == ANSWER_AT_ONCE)
    {
      answer (memory, request);
      return TRUE;
    }

  later = g_new0 (Later, 1);
  later->memory = memory;
  later->persister = g_object_ref (persister);
  later->request = g_object_ref (request);
  g_idle_add_full (G_PRIORITY_DEFAULT, answer_cb, later, later_free);

  return TRUE;
}

void
memory_listen (Memory       *memory,
               TstPersister *persister,
               gboolean      listen)
{
  g_string_append_c (memory->log, listen ? 'l' : 's');
  g_assert_cmpint (g_ptr_array_find (memory->persisters, persister, NULL), ==, !listen);

  if (listen)
    g_ptr_array_add (memory->persisters, persister);
  else
    g_ptr_array_remove (memory->persisters, persister);
}

/* --- The class --- */

static gboolean
test_persister_read (TstPersister  *persister,
                     TstRequest    *request,
                     GError       **error)
{
  return memory_take (TEST_PERSISTER (persister)->memory, persister, request, 'r');
}

static gboolean
test_persister_write (TstPersister  *persister,
                      TstRequest    *request,
                      GError       **error)
{
  return memory_take (TEST_PERSISTER (persister)->memory, persister, request, 'w');
}

static gboolean
test_persister_start_listening (TstPersister  *persister,
                                GError       **error)
{
  memory_listen (TEST_PERSISTER (persister)->memory, persister, TRUE);

  return TRUE;
}

static void
test_persister_stop_listening (TstPersister *persister)
{
  memory_listen (TEST_PERSISTER (persister)->memory, persister, FALSE);
}

static void
test_persister_class_init (TestPersisterClass *klass)
{
  TstPersisterClass *persister_class = TST_PERSISTER_CLASS (klass);

  persister_class->read = test_persister_read;
  persister_class->write = test_persister_write;
  persister_class->start_listening = test_persister_start_listening;
  persister_class->stop_listening = test_persister_stop_listening;
}

static void
test_persister_init (TestPersister *self)
{
}

/* --- The medium --- */

Memory *
memory_new (void)
{
  Memory *memory = g_new0 (Memory, 1);

  memory->persisters = g_ptr_array_new ();
  memory->log = g_string_new (NULL);
  g_queue_init (&memory->held);

  return memory;
}

void
memory_free (Memory *memory)
{
  g_assert_cmpuint (memory->persisters->len, ==, 0);
  g_assert_cmpuint (memory->held.length, ==, 0);
  g_assert_cmpuint (memory->n_running, ==, 0);

  g_clear_pointer (&memory->text, g_bytes_unref);
  g_ptr_array_unref (memory->persisters);
  g_string_free (memory->log, TRUE);
  g_free (memory);
}

TstPersister *
memory_persister (Memory   *memory,
                  TstStore *store)
{
  TestPersister *self = g_object_new (TEST_TYPE_PERSISTER, "store", store, NULL);

  self->memory = memory;

  return TST_PERSISTER (self);
}

void
memory_write_quietly (Memory     *memory,
                      const char *text)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));

  set_text (memory, bytes);
}

void
memory_write (Memory     *memory,
              const char *text)
{
  memory_write_quietly (memory, text);
  tell (memory);
}

gboolean
memory_has (Memory     *memory,
            const char *text)
{
  Suite suite = { &memory_medium, memory };

  return suite_has (&suite, text);
}

/* --- For the suite --- */

static gpointer
medium_set_up (void)
{
  return memory_new ();
}

static void
medium_tear_down (gpointer medium)
{
  memory_free (medium);
}

static TstPersister *
medium_new_persister (gpointer  medium,
                      TstStore *store)
{
  return memory_persister (medium, store);
}

static GBytes *
medium_read (gpointer medium)
{
  Memory *memory = medium;

  return memory->text != NULL ? g_bytes_ref (memory->text) : NULL;
}

static void
medium_write (gpointer  medium,
              GBytes   *text)
{
  set_text (medium, text);
  tell (medium);
}

static void
medium_remove (gpointer medium)
{
  set_text (medium, NULL);
  tell (medium);
}

static void
medium_set_unreadable (gpointer medium,
                       gboolean unreadable)
{
  Memory *memory = medium;

  memory->unreadable = unreadable;
  memory->version++;
  tell (memory);
}

static char *
medium_get_version (gpointer medium)
{
  Memory *memory = medium;

  return g_strdup_printf ("v%u", memory->version);
}

const Medium memory_medium = {
  .name = "memory",
  .set_up = medium_set_up,
  .tear_down = medium_tear_down,
  .new_persister = medium_new_persister,
  .read = medium_read,
  .write = medium_write,
  .remove = medium_remove,
  .set_unreadable = medium_set_unreadable,
  .get_version = medium_get_version,
};
