/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-memory-private.h"

#include "tst-digest-private.h"

struct _TstMemory
{
  GMutex      lock;
  GHashTable *items;  /* key → GBytes */
};

TstMemory *
tst_memory_new (void)
{
  TstMemory *self = g_atomic_rc_box_new0 (TstMemory);

  g_mutex_init (&self->lock);
  self->items = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                       (GDestroyNotify) g_bytes_unref);

  return self;
}

TstMemory *
tst_memory_ref (TstMemory *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
memory_clear (gpointer data)
{
  TstMemory *self = data;

  g_hash_table_unref (self->items);
  g_mutex_clear (&self->lock);
}

void
tst_memory_unref (TstMemory *self)
{
  g_atomic_rc_box_release_full (self, memory_clear);
}

TstItemResult
tst_memory_read (TstMemory   *self,
                 const char  *key,
                 const char  *known_tag,
                 GBytes     **content,
                 char       **tag)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  GBytes *item = g_hash_table_lookup (self->items, key);
  g_autofree char *digest = NULL;

  if (item == NULL)
    return TST_ITEM_NOTHING;

  digest = tst_digest (item);
  if (g_strcmp0 (digest, known_tag) == 0)
    return TST_ITEM_UNCHANGED;

  *content = g_bytes_ref (item);
  *tag = g_steal_pointer (&digest);

  return TST_ITEM_CONTENT;
}

static void
keep (TstMemory  *self,
      const char *key,
      GBytes     *item,
      const char *digest)
{
  char *kept = g_strdup_printf ("%s.corrupt-%.*s", key, TST_SHARED_FILE_KEPT_DIGEST_LENGTH, digest);

  g_hash_table_insert (self->items, kept, g_bytes_ref (item));
}

TstFileWriteResult
tst_memory_write (TstMemory           *self,
                  const char          *key,
                  const TstItemChange *change,
                  gboolean            *changed)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  GBytes *item = g_hash_table_lookup (self->items, key);
  g_autofree char *digest = item != NULL ? tst_digest (item) : NULL;

  *changed = FALSE;

  if (g_strcmp0 (digest, change->tag) == 0)
    return TST_FILE_WRITE_DONE;
  if (!change->any_base && g_strcmp0 (digest, change->base_tag) != 0)
    return TST_FILE_WRITE_CONFLICT;

  if (item != NULL && change->keep_original)
    keep (self, key, item, digest);
  if (change->content != NULL)
    g_hash_table_insert (self->items, g_strdup (key), g_bytes_ref (change->content));
  else
    g_hash_table_remove (self->items, key);
  *changed = TRUE;

  return TST_FILE_WRITE_DONE;
}

void
tst_memory_list (TstMemory  *self,
                 GHashTable *keys)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_hash_table_add (keys, g_strdup (key));
}
