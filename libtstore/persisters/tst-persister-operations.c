/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-persister.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "tst-error.h"
#include "tst-machine-private.h"
#include "tst-store-variant.h"
#include "tst-text-private.h"

/* The operations of a persister: what they are for is in tst-persister.c, and
 * what they do in the machine. */

/* A task for an operation; NULL if it has ended already. */
static GTask *
begin_task (TstPersister        *self,
            gpointer             source_tag,
            GCancellable        *cancellable,
            GAsyncReadyCallback  callback,
            gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, source_tag);
  /* What was done is not reported as cancelled. */
  g_task_set_check_cancellable (task, FALSE);

  if (g_task_return_error_if_cancelled (task))
    return NULL;

  if (tst_persister_get_machine (self)->closed && source_tag == tst_persister_close_async)
    {
      /* As with streams: it is closed, which is what was asked for. */
      g_task_return_boolean (task, TRUE);
      return NULL;
    }

  if (tst_persister_get_machine (self)->closed)
    {
      g_task_return_new_error (task, TST_ERROR, TST_ERROR_CLOSED, _("The persister was closed"));
      return NULL;
    }

  return g_steal_pointer (&task);
}

static TstOperation *
begin_operation (TstPersister *self,
                 GTask        *task)
{
  return tst_operation_new (tst_persister_get_machine (self), task,
                            g_task_get_cancellable (task));
}

static gboolean
finish_task (TstPersister  *self,
             GAsyncResult  *result,
             gpointer       source_tag,
             GError       **error)
{
  g_return_val_if_fail (TST_IS_PERSISTER (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, source_tag), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Checks whether an operation may block, and makes it. */
static TstOperation *
begin_blocking (TstPersister  *self,
                GCancellable  *cancellable,
                GError       **error)
{
  TstMachine *m = tst_persister_get_machine (self);

  if (m->medium == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                   _("%s cannot do this without a main loop"), G_OBJECT_TYPE_NAME (self));
      return NULL;
    }

  if (m->closed)
    {
      g_set_error_literal (error, TST_ERROR, TST_ERROR_CLOSED, _("The persister was closed"));
      return NULL;
    }

  if (tst_store_is_busy (m->store))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                           _("This cannot be done in the middle of a transaction"));
      return NULL;
    }

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;

  return tst_operation_new (m, NULL, cancellable);
}

static gboolean
end_blocking (TstOperation  *operation,
              GError       **error)
{
  gboolean done;

  if (!operation->finished)
    tst_machine_block (operation->machine, operation);

  done = operation->error == NULL;
  if (!done)
    g_propagate_error (error, g_steal_pointer (&operation->error));
  tst_operation_unref (operation);

  return done;
}

/**
 * tst_persister_load_async:
 * @self: a persister
 * @cancellable: (nullable): a cancellable, or `NULL`
 * @callback: (nullable) (scope async) (closure user_data): called when it is done
 * @user_data: data for @callback
 *
 * Loads what is persisted into the store.
 *
 * Without automatic saving, the store becomes what is persisted: changes that
 * were not saved are gone, in one transaction. While saving automatically, what
 * is persisted is merged with them.
 *
 * If nothing is persisted, the store is left alone. If what is there cannot be
 * read or is not the content of a store, this fails, and the store is left
 * alone too.
 *

 * Since: 0.1
 */
void
tst_persister_load_async (TstPersister        *self,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  TstOperation *operation;

  g_return_if_fail (TST_IS_PERSISTER (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = begin_task (self, tst_persister_load_async, cancellable, callback, user_data);
  if (task == NULL)
    return;

  operation = begin_operation (self, task);
  tst_machine_load (operation->machine, operation, FALSE);
  tst_operation_unref (operation);
}

/**
 * tst_persister_load_finish:
 * @self: a persister
 * @result: the result that the callback got
 * @error: return location for an error
 *
 * Finishes loading.
 *
 * Returns: `TRUE` if it was done, `FALSE` with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
tst_persister_load_finish (TstPersister  *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  return finish_task (self, result, tst_persister_load_async, error);
}

/**
 * tst_persister_load:
 * @self: a persister
 * @cancellable: (nullable): a cancellable, or `NULL`
 * @error: return location for an error
 *
 * Loads what is persisted into the store.
 *
 * See [method@Persister.load_async].
 *

 * Blocks until it is done, so it is for programs without a user interface.
 * Fails with `G_IO_ERROR_NOT_SUPPORTED` if the medium needs a main loop, and
 * with `G_IO_ERROR_BUSY` in the middle of a transaction of the store.
 *
 * Returns: `TRUE` if it was done, `FALSE` with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
tst_persister_load (TstPersister  *self,
                    GCancellable  *cancellable,
                    GError       **error)
{
  TstOperation *operation;

  g_return_val_if_fail (TST_IS_PERSISTER (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  operation = begin_blocking (self, cancellable, error);
  if (operation == NULL)
    return FALSE;

  tst_machine_load (operation->machine, operation, FALSE);

  return end_blocking (operation, error);
}

/**
 * tst_persister_save_async:
 * @self: a persister
 * @cancellable: (nullable): a cancellable, or `NULL`
 * @callback: (nullable) (scope async) (closure user_data): called when it is done
 * @user_data: data for @callback
 *
 * Persists what is in the store.
 *
 * What is saved is what is in the store when the save begins, after what is
 * under way. If the medium was changed elsewhere since it was last read or
 * written, its content is merged first; the first save of a persister that has
 * never loaded replaces what is there.
 *
 * If this fails, the persister is still [property@Persister:dirty], and what is
 * persisted is what it was.
 *

 * Since: 0.1
 */
void
tst_persister_save_async (TstPersister        *self,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  TstOperation *operation;

  g_return_if_fail (TST_IS_PERSISTER (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = begin_task (self, tst_persister_save_async, cancellable, callback, user_data);
  if (task == NULL)
    return;

  operation = begin_operation (self, task);
  tst_machine_save (operation->machine, operation, TRUE);
  tst_operation_unref (operation);
}

/**
 * tst_persister_save_finish:
 * @self: a persister
 * @result: the result that the callback got
 * @error: return location for an error
 *
 * Finishes saving.
 *
 * Returns: `TRUE` if it was done, `FALSE` with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
tst_persister_save_finish (TstPersister  *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  return finish_task (self, result, tst_persister_save_async, error);
}

/**
 * tst_persister_save:
 * @self: a persister
 * @cancellable: (nullable): a cancellable, or `NULL`
 * @error: return location for an error
 *
 * Persists what is in the store.
 *
 * See [method@Persister.save_async].
 *

 * Blocks until it is done, so it is for programs without a user interface.
 * Fails with `G_IO_ERROR_NOT_SUPPORTED` if the medium needs a main loop, and
 * with `G_IO_ERROR_BUSY` in the middle of a transaction of the store.
 *
 * Returns: `TRUE` if it was done, `FALSE` with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
tst_persister_save (TstPersister  *self,
                    GCancellable  *cancellable,
                    GError       **error)
{
  TstOperation *operation;

  g_return_val_if_fail (TST_IS_PERSISTER (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  operation = begin_blocking (self, cancellable, error);
  if (operation == NULL)
    return FALSE;

  tst_machine_save (operation->machine, operation, TRUE);

  return end_blocking (operation, error);
}

static TstSnapshot *
read_json (const char  *json,
           GError     **error)
{
  g_autoptr(TstEngine) engine = NULL;
  gboolean has_values;

  engine = tst_text_read_content (json, strlen (json), &has_values, error);

  return engine != NULL ? tst_engine_snapshot (engine) : NULL;
}

static TstSnapshot *
read_variant (GVariant  *content,
              GError   **error)
{
  g_autoptr(TstStore) store = tst_store_new ();

  if (!tst_store_set_content (store, content, error))
    return NULL;

  return tst_store_snapshot (store);
}

/* Takes over @error. */
static void
start_auto_load (TstPersister *self,
                 TstSnapshot  *defaults,
                 GTask        *task,
                 GError       *error)
{
  TstMachine *m = tst_persister_get_machine (self);
  gboolean was_on = m->auto_load;
  g_autoptr(TstPersister) keep_alive = g_object_ref (self);
  TstOperation *operation;

  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  operation = begin_operation (self, task);
  if (!tst_machine_start_auto_load (m, defaults, operation, &error))
    tst_operation_finish (operation, error);
  tst_operation_unref (operation);

  if (m->auto_load != was_on)
    g_object_notify (G_OBJECT (self), "auto-load");
}

/**
 * tst_persister_start_auto_load_async:
 * @self: a persister
 * @default_json: (nullable): the default content, as JSON text `[tables, values]`
 * @cancellable: (nullable): a cancellable, or `NULL`
 * @callback: (nullable) (scope async) (closure user_data): called when it is done
 * @user_data: data for @callback
 *
 * Makes the store follow what is persisted.
 *
 * The persister begins to watch the medium, and loads; from then on, it loads
 * whenever the medium was changed by somebody else. Loading merges: what was
 * changed in the store and is not saved yet is kept.
 *
 * If nothing is persisted yet, the store becomes the default content. It is not
 * [property@Persister:dirty]: it yields to whatever is persisted later, and is
 * saved only where still nothing is. If the medium cannot be read, the default
 * content is shown too, but never saved in its place; then this fails, and
 * loading is tried again until it is stopped.
 *
 * If the medium cannot be watched, this fails and automatic loading is off.
 *

 * Since: 0.1
 */
void
tst_persister_start_auto_load_async (TstPersister        *self,
                                     const char          *default_json,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(TstSnapshot) defaults = NULL;
  GError *error = NULL;

  g_return_if_fail (TST_IS_PERSISTER (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = begin_task (self, tst_persister_start_auto_load_async, cancellable, callback, user_data);
  if (task == NULL)
    return;

  if (default_json != NULL)
    defaults = read_json (default_json, &error);

  start_auto_load (self, defaults, task, error);
}

/**
 * tst_persister_start_auto_load_variant_async:
 * @self: a persister
 * @default_content: (nullable): the default content, of type `(a{sa{sa{sv}}}a{sv})`
 * @cancellable: (nullable): a cancellable, or `NULL`
 * @callback: (nullable) (scope async) (closure user_data): called when it is done
 * @user_data: data for @callback
 *
 * Makes the store follow what is persisted.
 *
 * The same as [method@Persister.start_auto_load_async], with the default
 * content as a variant. Finish it with
 * [method@Persister.start_auto_load_finish].
 *

 * Since: 0.1
 */
void
tst_persister_start_auto_load_variant_async (TstPersister        *self,
                                             GVariant            *default_content,
                                             GCancellable        *cancellable,
                                             GAsyncReadyCallback  callback,
                                             gpointer             user_data)
{
  g_autoptr(GVariant) sunk = default_content != NULL ? g_variant_ref_sink (default_content) : NULL;
  g_autoptr(GTask) task = NULL;
  g_autoptr(TstSnapshot) defaults = NULL;
  GError *error = NULL;

  g_return_if_fail (TST_IS_PERSISTER (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = begin_task (self, tst_persister_start_auto_load_async, cancellable, callback, user_data);
  if (task == NULL)
    return;

  if (sunk != NULL)
    defaults = read_variant (sunk, &error);

  start_auto_load (self, defaults, task, error);
}

/**
 * tst_persister_start_auto_load_finish:
 * @self: a persister
 * @result: the result that the callback got
 * @error: return location for an error
 *
 * Finishes starting to load automatically.
 *
 * Returns: `TRUE` if it was done, `FALSE` with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
tst_persister_start_auto_load_finish (TstPersister  *self,
                                      GAsyncResult  *result,
                                      GError       **error)
{
  return finish_task (self, result, tst_persister_start_auto_load_async, error);
}

/**
 * tst_persister_stop_auto_load:
 * @self: a persister
 *
 * Stops to load automatically.
 *
 * From now on, nothing is loaded unless asked for.
 *
 * Since: 0.1
 */
void
tst_persister_stop_auto_load (TstPersister *self)
{
  TstMachine *m;

  g_return_if_fail (TST_IS_PERSISTER (self));

  m = tst_persister_get_machine (self);
  if (!m->auto_load)
    return;

  g_object_ref (self);
  tst_machine_stop_auto_load (m);
  g_object_notify (G_OBJECT (self), "auto-load");
  g_object_unref (self);
}

static void
start_auto_save (TstPersister *self,
                 GTask        *task)
{
  TstMachine *m = tst_persister_get_machine (self);
  gboolean was_on = m->auto_save;
  TstOperation *operation = begin_operation (self, task);

  tst_machine_start_auto_save (m, operation);
  tst_operation_unref (operation);

  if (!was_on)
    g_object_notify (G_OBJECT (self), "auto-save");
}

/**
 * tst_persister_start_auto_save_async:
 * @self: a persister
 * @cancellable: (nullable): a cancellable, or `NULL`
 * @callback: (nullable) (scope async) (closure user_data): called when it is done
 * @user_data: data for @callback
 *
 * Persists what is in the store, now and after each change.
 *
 * If the first save fails, this fails, and saving is tried again until it is
 * stopped.
 *

 * Since: 0.1
 */
void
tst_persister_start_auto_save_async (TstPersister        *self,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (TST_IS_PERSISTER (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = begin_task (self, tst_persister_start_auto_save_async, cancellable, callback, user_data);
  if (task != NULL)
    start_auto_save (self, task);
}

/**
 * tst_persister_start_auto_save_finish:
 * @self: a persister
 * @result: the result that the callback got
 * @error: return location for an error
 *
 * Finishes starting to save automatically.
 *
 * Returns: `TRUE` if it was done, `FALSE` with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
tst_persister_start_auto_save_finish (TstPersister  *self,
                                      GAsyncResult  *result,
                                      GError       **error)
{
  return finish_task (self, result, tst_persister_start_auto_save_async, error);
}

/**
 * tst_persister_stop_auto_save:
 * @self: a persister
 *
 * Stops to save automatically.
 *
 * Changes that were made before the call are still saved.
 *
 * Since: 0.1
 */
void
tst_persister_stop_auto_save (TstPersister *self)
{
  TstMachine *m;

  g_return_if_fail (TST_IS_PERSISTER (self));

  m = tst_persister_get_machine (self);
  if (!m->auto_save)
    return;

  g_object_ref (self);
  tst_machine_stop_auto_save (m);
  g_object_notify (G_OBJECT (self), "auto-save");
  g_object_unref (self);
}

static void
save_started_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  GError *load_error = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  gboolean saved;

  saved = tst_persister_start_auto_save_finish (TST_PERSISTER (object), result, &error);

  if (load_error != NULL)
    g_task_return_error (task, g_error_copy (load_error));
  else if (!saved)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
load_started_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  TstPersister *self = TST_PERSISTER (object);
  g_autoptr(GTask) task = G_TASK (user_data);
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;

  tst_persister_start_auto_load_finish (self, result, &error);

  /* It was stopped meanwhile, or never began: then not the other half either. */
  if (error != NULL && !tst_persister_get_machine (self)->auto_load)
    {
      g_task_return_error (task, error);
      return;
    }

  if (error != NULL)
    g_task_set_task_data (task, error, (GDestroyNotify) g_error_free);

  tst_persister_start_auto_save_async (self, cancellable, save_started_cb,
                                       g_steal_pointer (&task));
}

/**
 * tst_persister_start_auto_persisting_async:
 * @self: a persister
 * @default_json: (nullable): the default content, as JSON text `[tables, values]`
 * @cancellable: (nullable): a cancellable, or `NULL`
 * @callback: (nullable) (scope async) (closure user_data): called when it is done
 * @user_data: data for @callback
 *
 * Keeps the store and what is persisted the same.
 *
 * The same as [method@Persister.start_auto_load_async] and then
 * [method@Persister.start_auto_save_async]. If the medium cannot be watched,
 * this fails and neither is on. If it cannot be read, this fails, both are on,
 * and it is tried again until they are stopped.
 *

 * Since: 0.1
 */
void
tst_persister_start_auto_persisting_async (TstPersister        *self,
                                           const char          *default_json,
                                           GCancellable        *cancellable,
                                           GAsyncReadyCallback  callback,
                                           gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (TST_IS_PERSISTER (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = begin_task (self, tst_persister_start_auto_persisting_async, cancellable, callback,
                     user_data);
  if (task != NULL)
    tst_persister_start_auto_load_async (self, default_json, cancellable, load_started_cb,
                                         g_steal_pointer (&task));
}

/**
 * tst_persister_start_auto_persisting_finish:
 * @self: a persister
 * @result: the result that the callback got
 * @error: return location for an error
 *
 * Finishes starting to load and save automatically.
 *
 * Returns: `TRUE` if it was done, `FALSE` with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
tst_persister_start_auto_persisting_finish (TstPersister  *self,
                                            GAsyncResult  *result,
                                            GError       **error)
{
  return finish_task (self, result, tst_persister_start_auto_persisting_async, error);
}

/**
 * tst_persister_flush_async:
 * @self: a persister
 * @cancellable: (nullable): a cancellable, or `NULL`
 * @callback: (nullable) (scope async) (closure user_data): called when it is done
 * @user_data: data for @callback
 *
 * Waits until all changes are persisted.
 *
 * When it is done, everything that was changed before the call is persisted.
 * What failed before is tried at once.
 *

 * Since: 0.1
 */
void
tst_persister_flush_async (TstPersister        *self,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  TstOperation *operation;

  g_return_if_fail (TST_IS_PERSISTER (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = begin_task (self, tst_persister_flush_async, cancellable, callback, user_data);
  if (task == NULL)
    return;

  operation = begin_operation (self, task);
  tst_machine_flush (operation->machine, operation);
  tst_operation_unref (operation);
}

/**
 * tst_persister_flush_finish:
 * @self: a persister
 * @result: the result that the callback got
 * @error: return location for an error
 *
 * Finishes flushing.
 *
 * Returns: `TRUE` if it was done, `FALSE` with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
tst_persister_flush_finish (TstPersister  *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  return finish_task (self, result, tst_persister_flush_async, error);
}

/**
 * tst_persister_flush:
 * @self: a persister
 * @cancellable: (nullable): a cancellable, or `NULL`
 * @error: return location for an error
 *
 * Waits until all changes are persisted.
 *
 * See [method@Persister.flush_async].
 *

 * Blocks until it is done, so it is for programs without a user interface.
 * Fails with `G_IO_ERROR_NOT_SUPPORTED` if the medium needs a main loop, and
 * with `G_IO_ERROR_BUSY` in the middle of a transaction of the store.
 *
 * Returns: `TRUE` if it was done, `FALSE` with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
tst_persister_flush (TstPersister  *self,
                     GCancellable  *cancellable,
                     GError       **error)
{
  TstOperation *operation;

  g_return_val_if_fail (TST_IS_PERSISTER (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  operation = begin_blocking (self, cancellable, error);
  if (operation == NULL)
    return FALSE;

  tst_machine_flush (operation->machine, operation);

  return end_blocking (operation, error);
}

static void
flushed_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  TstPersister *self = TST_PERSISTER (object);
  g_autoptr(GTask) task = G_TASK (user_data);
  GError *error = NULL;

  if (!tst_persister_flush_finish (self, result, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  /* What was saved meanwhile. */
  if (tst_machine_fold_now (tst_persister_get_machine (self)))
    {
      tst_persister_flush_async (self, g_task_get_cancellable (task), flushed_cb, task);
      g_steal_pointer (&task);
      return;
    }

  tst_persister_stop_auto_load (self);
  tst_persister_stop_auto_save (self);
  tst_machine_close (tst_persister_get_machine (self));
  g_task_return_boolean (task, TRUE);
}

/**
 * tst_persister_close_async:
 * @self: a persister
 * @cancellable: (nullable): a cancellable, or `NULL`
 * @callback: (nullable) (scope async) (closure user_data): called when it is done
 * @user_data: data for @callback
 *
 * Waits until all changes are persisted, and stops.
 *
 * After that, nothing is loaded or saved any more: all operations but this one
 * fail with [error@TStore.Error.CLOSED].
 *
 * If the last changes cannot be persisted, this fails, and the persister goes on
 * as if this had not been called: so that an app can tell its user, who may make
 * room on the disk.
 *
 * Since: 0.1
 */
void
tst_persister_close_async (TstPersister        *self,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (TST_IS_PERSISTER (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = begin_task (self, tst_persister_close_async, cancellable, callback, user_data);
  if (task == NULL)
    return;

  /* Others are to find everything in it. */
  tst_machine_fold_now (tst_persister_get_machine (self));
  tst_persister_flush_async (self, cancellable, flushed_cb, g_steal_pointer (&task));
}

/**
 * tst_persister_close_finish:
 * @self: a persister
 * @result: the result that the callback got
 * @error: return location for an error
 *
 * Finishes closing.
 *
 * Returns: `TRUE` if it was done, `FALSE` with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
tst_persister_close_finish (TstPersister  *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  return finish_task (self, result, tst_persister_close_async, error);
}
