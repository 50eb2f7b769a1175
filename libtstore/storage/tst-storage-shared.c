/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "tst-storage-place-private.h"
#include "tst-storage-private.h"

/* The storages of applications: one object for each while anybody holds it. */

static GMutex lock;
static GHashTable *storages;  /* kind and id → GWeakRef */
static GHashTable *memories;  /* id → TstMemory: as long as the process, as nothing else
                               * keeps what is in there */

typedef TstStorage *(*OpenFunc) (const char  *app_id,
                                 GError     **error);

static void
weak_ref_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

static TstMemory *
get_memory (const char *app_id)
{
  TstMemory *memory;

  if (memories == NULL)
    memories = g_hash_table_new (g_str_hash, g_str_equal);

  memory = g_hash_table_lookup (memories, app_id);
  if (memory == NULL)
    {
      memory = tst_memory_new ();
      g_hash_table_insert (memories, g_strdup (app_id), memory);
    }

  return memory;
}

static TstStorage *
open_session (const char  *app_id,
              GError     **error)
{
  g_autofree char *path = NULL;

  if (!tst_storage_place_session (app_id, &path, error))
    return NULL;

  return tst_storage_new_full (path, TST_SHARED_FILE_NO_LINK,
                               path == NULL ? get_memory (app_id) : NULL);
}

static TstStorage *
open_local (const char  *app_id,
            GError     **error)
{
  g_autofree char *path = tst_storage_place_local (app_id, error);

  return path != NULL ? tst_storage_new_full (path, TST_SHARED_FILE_DEFAULT, NULL) : NULL;
}

static const char *
check_app_id (const char  *app_id,
              GError     **error)
{
  GApplication *application = g_application_get_default ();

  if (app_id == NULL && application != NULL)
    app_id = g_application_get_application_id (application);

  if (app_id == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                         _("There is no application with an id"));
  else if (!g_application_id_is_valid (app_id))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 _("“%s” is not the id of an application"), app_id);
  else
    return app_id;

  return NULL;
}

static TstStorage *
get_shared (const char  *kind,
            const char  *app_id,
            OpenFunc     func,
            GError     **error)
{
  g_autoptr(GMutexLocker) locker = NULL;
  g_autofree char *name = NULL;
  TstStorage *storage;
  GWeakRef *ref;

  app_id = check_app_id (app_id, error);
  if (app_id == NULL)
    return NULL;

  locker = g_mutex_locker_new (&lock);
  if (storages == NULL)
    storages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, weak_ref_free);

  name = g_strconcat (kind, " ", app_id, NULL);
  ref = g_hash_table_lookup (storages, name);
  storage = ref != NULL ? g_weak_ref_get (ref) : NULL;
  if (storage != NULL)
    return storage;

  storage = func (app_id, error);
  if (storage == NULL)
    return NULL;

  ref = g_new0 (GWeakRef, 1);
  g_weak_ref_init (ref, storage);
  g_hash_table_replace (storages, g_steal_pointer (&name), ref);

  return storage;
}

/**
 * tst_storage_get_session:
 * @app_id: (nullable): the id of an application, or `NULL` for that of the one that
 *   runs, [func@Gio.Application.get_default]
 * @error: return location for an error
 *
 * Gets the storage that an application has for this login session.
 *
 * What is in there survives the application, but not the session. It is in the
 * runtime folder of the user, `$XDG_RUNTIME_DIR/app/APP-ID/tstore`, in a sandbox of
 * Flatpak as well. The folder is made if it is not there. If it is open to others
 * than the user, or belongs to somebody else, this fails.
 *
 * Where there is no runtime folder, the storage is in the memory of this process, and
 * ends with it.
 *
 * Everybody in this process gets the same object, as long as anybody holds it. This
 * blocks while the folder is made.
 *
 * Returns: (transfer full): the storage, or `NULL` with @error set
 *
 * Since: 0.1
 */
TstStorage *
tst_storage_get_session (const char  *app_id,
                         GError     **error)
{
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return get_shared ("session", app_id, open_session, error);
}

/**
 * tst_storage_get_local:
 * @app_id: (nullable): the id of an application, or `NULL` for that of the one that
 *   runs, [func@Gio.Application.get_default]
 * @error: return location for an error
 *
 * Gets the storage of an application that stays.
 *
 * It is in the data folder of the user, `$XDG_DATA_HOME/APP-ID/tstore`; in a sandbox
 * of Flatpak, that is a part of `~/.var/app/APP-ID/data`. The folder is made if it
 * is not there.
 *
 * Everybody in this process gets the same object, as long as anybody holds it. This
 * blocks while the folder is made.
 *
 * Returns: (transfer full): the storage, or `NULL` with @error set
 *
 * Since: 0.1
 */
TstStorage *
tst_storage_get_local (const char  *app_id,
                       GError     **error)
{
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return get_shared ("local", app_id, open_local, error);
}
