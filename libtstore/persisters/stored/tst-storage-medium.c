/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-storage-medium-private.h"

#include "tst-call-private.h"

struct _TstStorageMedium
{
  TstFindStorageFunc  find;
  char               *key;

  GMutex              lock;     /* guards the next */
  TstStorage         *storage;  /* (nullable): once set, it stays */
};

TstStorageMedium *
tst_storage_medium_new (TstStorage         *storage,
                        TstFindStorageFunc  find,
                        const char         *key)
{
  TstStorageMedium *self = g_new0 (TstStorageMedium, 1);

  self->find = find;
  self->key = g_strdup (key);
  self->storage = storage != NULL ? g_object_ref (storage) : NULL;
  g_mutex_init (&self->lock);

  return self;
}

void
tst_storage_medium_free (TstStorageMedium *self)
{
  g_clear_object (&self->storage);
  g_free (self->key);
  g_mutex_clear (&self->lock);
  g_free (self);
}

TstStorage *
tst_storage_medium_get_storage (TstStorageMedium  *self,
                                GError           **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->storage == NULL)
    self->storage = self->find (NULL, error);

  return self->storage;
}

TstStorage *
tst_storage_medium_peek_storage (TstStorageMedium *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->storage;
}

const char *
tst_storage_medium_get_key (TstStorageMedium *self)
{
  return self->key;
}

/* --- Answering --- */

static void
answer_read (TstStorage *storage,
             const char *key,
             TstRequest *request)
{
  g_autoptr(GBytes) content = NULL;
  g_autofree char *tag = NULL;
  GError *error = NULL;

  switch (tst_storage_read (storage, key, tst_request_get_base_tag (request),
                            tst_request_get_cancellable (request), &content, &tag, &error))
    {
    case TST_ITEM_FAILED:
      tst_request_take_error (request, error);
      break;
    case TST_ITEM_NOTHING:
      tst_request_return_nothing (request);
      break;
    case TST_ITEM_UNCHANGED:
      tst_request_return_unchanged (request);
      break;
    case TST_ITEM_EMPTY:
      content = g_bytes_new_static ("", 0);
      tst_request_return_text (request, content, tag);
      break;
    case TST_ITEM_CONTENT:
      tst_request_return_text (request, content, tag);
      break;
    case TST_ITEM_DAMAGED:
      tst_request_take_malformed (request, tag, error);
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
answer_write (TstStorage *storage,
              const char *key,
              TstRequest *request)
{
  GError *error = NULL;
  g_autoptr(GBytes) text = tst_request_get_text (request, &error);
  TstItemChange change = { FALSE };

  if (text == NULL)
    {
      tst_request_take_error (request, error);
      return;
    }

  change.base_tag = tst_request_get_base_tag (request);
  change.keep_original = tst_request_keeps_original (request);
  change.content = text;
  change.tag = tst_request_get_text_tag (request);

  switch (tst_storage_write (storage, key, &change, tst_request_get_cancellable (request), &error))
    {
    case TST_FILE_WRITE_FAILED:
      tst_request_take_error (request, error);
      break;
    case TST_FILE_WRITE_CONFLICT:
      tst_request_return_conflict (request);
      break;
    case TST_FILE_WRITE_DONE:
      tst_request_return_saved (request, change.tag);
      break;
    default:
      g_assert_not_reached ();
    }
}

void
tst_storage_medium_perform (TstRequest *request,
                            gpointer    data)
{
  TstStorageMedium *self = data;
  GError *error = NULL;
  TstStorage *storage = tst_storage_medium_get_storage (self, &error);

  if (storage == NULL)
    tst_request_take_error (request, error);
  else if (tst_request_is_write (request))
    answer_write (storage, self->key, request);
  else
    answer_read (storage, self->key, request);
}
