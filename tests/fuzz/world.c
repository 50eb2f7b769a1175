/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "world.h"

#include <string.h>

#include "tst-text-private.h"

/* --- Bytes and ids --- */

guint8
world_take (World *self)
{
  return self->at < self->end ? *self->at++ : 0;
}

gboolean
world_is_over (const World *self)
{
  return self->at == self->end;
}

static const char *
make_id (World      *self,
         const char *prefix,
         guint       number)
{
  g_autofree char *id = g_strdup_printf ("%s%u", prefix, number);

  return g_string_chunk_insert_const (self->ids, id);
}

const char *
world_take_table_id (World *self)
{
  static const char *ids[] = { "t", "u", "a table whose id is long", "\xc3\xbc" };

  return ids[world_take (self) % G_N_ELEMENTS (ids)];
}

/* The upper half of the bytes are rows that are there, if there are any. */
const char *
world_take_row_id (World      *self,
                   const char *table_id)
{
  guint8 byte = world_take (self);
  g_auto(GStrv) ids = NULL;
  guint n;

  if (byte < 128)
    return byte % 16 < 12 ? make_id (self, "", byte % 12)
                          : make_id (self, "a row whose id is long, ", byte % 16);

  ids = tst_store_get_row_ids (self->store, table_id);
  n = g_strv_length (ids);

  return n > 0 ? g_string_chunk_insert_const (self->ids, ids[byte % n]) : "r";
}

const char *
world_take_cell_id (World *self)
{
  guint8 byte = world_take (self);

  if (byte < 128)
    return byte % 8 < 7 ? make_id (self, "c", byte % 7) : "a cell whose id is long";

  return make_id (self, "c", byte - 128);
}

const char *
world_take_value_id (World *self)
{
  guint8 byte = world_take (self);

  return byte % 8 < 7 ? make_id (self, "v", byte % 7) : "a value whose id is long";
}

/* --- The store --- */

static void
changed_cb (TstStore   *store,
            TstChanges *changes,
            gpointer    user_data)
{
  World *self = user_data;

  g_assert_false (tst_changes_is_empty (changes));
  g_assert_true (tst_store_apply_changes (self->shadow, changes, NULL));
  g_clear_pointer (&self->kept, tst_changes_unref);
  self->kept = tst_changes_ref (changes);
}

/* What a listener to the start leaves open is ended with a complaint. */
static gboolean
is_fatal (const char     *log_domain,
          GLogLevelFlags  log_level,
          const char     *message,
          gpointer        user_data)
{
  return strstr (message, "“transaction-started” began a transaction") == NULL;
}

static void
log_cb (const char     *log_domain,
        GLogLevelFlags  log_level,
        const char     *message,
        gpointer        user_data)
{
  if (is_fatal (log_domain, log_level, message, NULL))
    g_log_default_handler (log_domain, log_level, message, NULL);
}

void
world_init (World        *self,
            const guint8 *data,
            gsize         size)
{
  *self = (World) { .at = data, .end = data + size };
  self->ids = g_string_chunk_new (256);
  self->store = tst_store_new ();
  self->shadow = tst_store_new ();
  self->marks = g_array_new (FALSE, FALSE, sizeof (Mark));
  self->listeners = g_ptr_array_new ();

  g_signal_connect (self->store, "changed", G_CALLBACK (changed_cb), self);
  g_test_log_set_fatal_handler (is_fatal, NULL);
  self->log_handler = g_log_set_handler ("TStore", G_LOG_LEVEL_CRITICAL | G_LOG_FLAG_FATAL, log_cb, NULL);
}

void
world_clear (World *self)
{
  world_commit_down_to (self, 0);
  world_assert_sound (self);
  world_assert_shadow (self);
  world_assert_listeners (self);

  for (guint i = 0; i < N_CURSORS; i++)
    if (self->cursors[i] != NULL)
      g_assert_finalize_object (self->cursors[i]);
  g_assert_finalize_object (self->store);
  g_assert_finalize_object (self->shadow);
  g_assert_cmpuint (self->listeners->len, ==, 0);

  /* Snapshots outlive their store. */
  for (guint i = 0; i < N_HELD; i++)
    if (self->held[i].snapshot != NULL)
      {
        g_autoptr(GBytes) text = tst_text_write_content (self->held[i].snapshot);

        g_assert_true (g_bytes_equal (text, self->held[i].text));
        tst_snapshot_unref (self->held[i].snapshot);
        g_bytes_unref (self->held[i].text);
      }

  g_log_remove_handler ("TStore", self->log_handler);
  g_clear_pointer (&self->kept, tst_changes_unref);
  g_ptr_array_unref (self->listeners);
  g_array_unref (self->marks);
  g_string_chunk_free (self->ids);
}

/* --- Transactions --- */

void
world_begin (World    *self,
             gboolean  compared)
{
  Mark mark = { compared ? tst_store_get_json (self->store) : NULL };

  tst_store_begin (self->store);
  g_array_append_val (self->marks, mark);
}

static char *
pop_mark (World *self)
{
  char *text = g_array_index (self->marks, Mark, self->marks->len - 1).text;

  g_array_set_size (self->marks, self->marks->len - 1);

  return text;
}

void
world_commit (World *self)
{
  g_free (pop_mark (self));
  tst_store_commit (self->store);
}

/* Whoever is told of the end of it may write already. */
void
world_rollback (World *self)
{
  g_autofree char *text = pop_mark (self);
  gboolean answered = self->answered;

  self->answered = FALSE;
  tst_store_rollback (self->store);
  if (text != NULL && !self->answered)
    world_assert_text (self, text);
  self->answered |= answered;
}

void
world_commit_down_to (World *self,
                      guint  n_marks)
{
  while (self->marks->len > n_marks)
    world_commit (self);
}

void
world_forget_down_to (World *self,
                      guint  n_marks)
{
  while (self->marks->len > n_marks)
    g_free (pop_mark (self));
}
