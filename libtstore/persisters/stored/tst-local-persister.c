/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-local-persister.h"

/**
 * TstLocalPersister:
 *
 * Keeps a store with the data of an application, in an item of its local storage,
 * [func@Storage.get_local].
 *
 * When saving has succeeded, the content is on the disk, as with a
 * [class@FilePersister]. But there is no file to think of: a name is enough.
 *
 * ```python
 * persister = TStore.LocalPersister.new(store, None, "pets")     # of the application that runs
 * persister.load(None)
 * ```
 *
 * See [class@StoragePersister] for what happens when several programs use it, or
 * something is there that is not the content of a store.
 *
 * Since: 0.1
 */

struct _TstLocalPersister
{
  TstStoragePersister parent_instance;
};

G_DEFINE_FINAL_TYPE (TstLocalPersister, tst_local_persister, TST_TYPE_STORAGE_PERSISTER)

static void
tst_local_persister_class_init (TstLocalPersisterClass *klass)
{
  TST_STORAGE_PERSISTER_CLASS (klass)->find_storage = tst_storage_get_local;
}

static void
tst_local_persister_init (TstLocalPersister *self)
{
}

/**
 * tst_local_persister_new:
 * @store: a store
 * @storage: (nullable): a storage, or `NULL` for the local storage of the
 *   application that runs
 * @name: the key of the item
 *
 * Makes a persister that keeps @store in the item @name of @storage.
 *
 * Nothing is read or written before it is asked to load or save. Then it is an
 * error if @storage is `NULL` and there is no application with an id.
 *
 * Returns: (transfer full) (type TstLocalPersister): a new persister
 *
 * Since: 0.1
 */
TstPersister *
tst_local_persister_new (TstStore   *store,
                        TstStorage *storage,
                        const char *name)
{
  g_return_val_if_fail (TST_IS_STORE (store), NULL);
  g_return_val_if_fail (storage == NULL || TST_IS_STORAGE (storage), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return g_object_new (TST_TYPE_LOCAL_PERSISTER,
                       "store", store,
                       "storage", storage,
                       "name", name,
                       NULL);
}
