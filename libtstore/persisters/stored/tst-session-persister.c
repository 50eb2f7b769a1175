/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-session-persister.h"

/**
 * TstSessionPersister:
 *
 * Keeps a store for the login session, in an item of the session storage of an
 * application, [func@Storage.get_session].
 *
 * The store survives the application, and a crash of it, but not the session: it
 * is for what a user was just doing.
 *
 * ```python
 * drafts = TStore.Storage.get_session("org.example.Shop")
 * persister = TStore.SessionPersister.new(store, drafts, "draft")
 * persister.save(None)
 * ```
 *
 * See [class@StoragePersister] for what happens when several programs use it, or
 * something is there that is not the content of a store.
 *
 * Since: 0.1
 */

struct _TstSessionPersister
{
  TstStoragePersister parent_instance;
};

G_DEFINE_FINAL_TYPE (TstSessionPersister, tst_session_persister, TST_TYPE_STORAGE_PERSISTER)

static void
tst_session_persister_class_init (TstSessionPersisterClass *klass)
{
  TST_STORAGE_PERSISTER_CLASS (klass)->find_storage = tst_storage_get_session;
}

static void
tst_session_persister_init (TstSessionPersister *self)
{
}

/**
 * tst_session_persister_new:
 * @store: a store
 * @storage: (nullable): a storage, or `NULL` for the session storage of the
 *   application that runs
 * @name: the key of the item
 *
 * Makes a persister that keeps @store in the item @name of @storage.
 *
 * Nothing is read or written before it is asked to load or save. Then it is an
 * error if @storage is `NULL` and there is no application with an id.
 *
 * Returns: (transfer full) (type TstSessionPersister): a new persister
 *
 * Since: 0.1
 */
TstPersister *
tst_session_persister_new (TstStore   *store,
                        TstStorage *storage,
                        const char *name)
{
  g_return_val_if_fail (TST_IS_STORE (store), NULL);
  g_return_val_if_fail (storage == NULL || TST_IS_STORAGE (storage), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return g_object_new (TST_TYPE_SESSION_PERSISTER,
                       "store", store,
                       "storage", storage,
                       "name", name,
                       NULL);
}
