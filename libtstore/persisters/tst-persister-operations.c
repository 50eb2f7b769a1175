/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-persister-insides-private.h"

#include <glib/gi18n-lib.h>

#include "tst-error.h"

/* The operations of a persister: what they are for is in tst-persister.c, and
 * what they do in the machine. */

GTask *
tst_persister_begin_task (TstPersister        *self,
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

TstOperation *
tst_persister_begin_operation (TstPersister *self,
                               GTask        *task)
{
  return tst_operation_new (tst_persister_get_machine (self), task,
                            g_task_get_cancellable (task));
}

gboolean
tst_persister_finish_task (TstPersister  *self,
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

  task = tst_persister_begin_task (self, tst_persister_load_async, cancellable,
                                   callback, user_data);
  if (task == NULL)
    return;

  operation = tst_persister_begin_operation (self, task);
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
  return tst_persister_finish_task (self, result, tst_persister_load_async, error);
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
 * persisted is what it was, unless the error leaves open whether it arrived, as a
 * timeout does: then that is found out before anything else is saved.
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

  task = tst_persister_begin_task (self, tst_persister_save_async, cancellable,
                                   callback, user_data);
  if (task == NULL)
    return;

  operation = tst_persister_begin_operation (self, task);
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
  return tst_persister_finish_task (self, result, tst_persister_save_async, error);
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

  task = tst_persister_begin_task (self, tst_persister_flush_async, cancellable,
                                   callback, user_data);
  if (task == NULL)
    return;

  operation = tst_persister_begin_operation (self, task);
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
  return tst_persister_finish_task (self, result, tst_persister_flush_async, error);
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
  TstMachine *m = tst_persister_get_machine (self);
  g_autoptr(GTask) task = G_TASK (user_data);
  g_autoptr(GError) error = NULL;
  gboolean done = tst_persister_flush_finish (self, result, &error);
  /* It could not be folded, that is all. */
  gboolean saved = done || (!m->dirty && tst_base_is_held (&m->base) &&
                            !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));

  if (!saved)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  /* What was saved meanwhile. */
  if (done && tst_machine_fold_now (m))
    {
      tst_persister_flush_async (self, g_task_get_cancellable (task), flushed_cb, task);
      g_steal_pointer (&task);
      return;
    }

  tst_persister_stop_auto_load (self);
  tst_persister_stop_auto_save (self);
  tst_machine_close (m);
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

  task = tst_persister_begin_task (self, tst_persister_close_async, cancellable,
                                   callback, user_data);
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
  return tst_persister_finish_task (self, result, tst_persister_close_async, error);
}

/**
 * tst_persister_discard:
 * @self: a persister
 *
 * Stops at once, and gives up what is not saved.
 *
 * The same as [method@Persister.close_async], but without a last save: what was changed
 * and is not persisted is never written, and losing the last reference is no mistake. It
 * is for an app that cannot save the last changes, and whose user has decided to leave
 * all the same.
 *
 * What waits, and all operations from now on, fail with [error@TStore.Error.CLOSED]. A
 * save that is under way is cancelled; like any that is cancelled, it may have arrived
 * before. The store is left alone, and [property@Persister:dirty] tells whether something
 * was given up.
 *
 * Since: 0.1
 */
void
tst_persister_discard (TstPersister *self)
{
  TstMachine *m;
  gboolean had_auto_load, had_auto_save;

  g_return_if_fail (TST_IS_PERSISTER (self));

  m = tst_persister_get_machine (self);
  had_auto_load = m->auto_load;
  had_auto_save = m->auto_save;

  g_object_ref (self);
  tst_machine_discard (m);
  if (had_auto_load)
    g_object_notify (G_OBJECT (self), "auto-load");
  if (had_auto_save)
    g_object_notify (G_OBJECT (self), "auto-save");
  g_object_unref (self);
}
