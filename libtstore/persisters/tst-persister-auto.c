/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-persister-insides-private.h"

#include <string.h>

#include "tst-store-variant.h"
#include "tst-text-private.h"

/* Loading and saving by itself. */

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

  operation = tst_persister_begin_operation (self, task);
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
 * Cancelling @cancellable ends the wait for the first load, not the loading: that is
 * what [method@Persister.stop_auto_load] is for.
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

  task = tst_persister_begin_task (self, tst_persister_start_auto_load_async, cancellable,
                                   callback, user_data);
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

  task = tst_persister_begin_task (self, tst_persister_start_auto_load_async, cancellable,
                                   callback, user_data);
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
  return tst_persister_finish_task (self, result, tst_persister_start_auto_load_async, error);
}

/**
 * tst_persister_stop_auto_load:
 * @self: a persister
 *
 * Stops loading automatically.
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
  TstOperation *operation = tst_persister_begin_operation (self, task);

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
 * If nothing was loaded before, this replaces what is persisted with what is in the
 * store: [method@Persister.start_auto_persisting_async] loads first.
 *
 * If the first save fails, this fails, and saving is tried again until it is
 * stopped. Cancelling @cancellable ends the wait for the first save, not the saving:
 * that is what [method@Persister.stop_auto_save] is for.
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

  task = tst_persister_begin_task (self, tst_persister_start_auto_save_async, cancellable,
                                   callback, user_data);
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
  return tst_persister_finish_task (self, result, tst_persister_start_auto_save_async, error);
}

/**
 * tst_persister_stop_auto_save:
 * @self: a persister
 *
 * Stops saving automatically.
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

  /* That ends the wait alone. */
  if (g_cancellable_is_cancelled (cancellable))
    {
      tst_persister_start_auto_save_async (self, NULL, NULL, NULL);
      if (error != NULL)
        g_task_return_error (task, g_error_copy (error));
      else
        g_task_return_error_if_cancelled (task);
      return;
    }

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

  task = tst_persister_begin_task (self, tst_persister_start_auto_persisting_async, cancellable,
                                   callback, user_data);
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
  return tst_persister_finish_task (self, result, tst_persister_start_auto_persisting_async, error);
}

/**
 * tst_persister_get_auto_load: (get-property auto-load)
 * @self: a persister
 *
 * Returns whether the store follows what is persisted.
 *
 * Returns: whether loading is automatic
 *
 * Since: 0.1
 */
gboolean
tst_persister_get_auto_load (TstPersister *self)
{
  g_return_val_if_fail (TST_IS_PERSISTER (self), FALSE);

  return tst_persister_get_machine (self)->auto_load;
}

/**
 * tst_persister_set_auto_load: (set-property auto-load)
 * @self: a persister
 * @auto_load: whether to load automatically
 *
 * Starts or stops loading automatically.
 *
 * The same as [method@Persister.start_auto_load_async] without default content,
 * or [method@Persister.stop_auto_load]. [signal@Persister::failed] tells if
 * the first load fails.
 *
 * Since: 0.1
 */
void
tst_persister_set_auto_load (TstPersister *self,
                             gboolean      auto_load)
{
  g_return_if_fail (TST_IS_PERSISTER (self));

  if (auto_load == tst_persister_get_machine (self)->auto_load)
    return;

  if (auto_load)
    tst_persister_start_auto_load_async (self, NULL, NULL, NULL, NULL);
  else
    tst_persister_stop_auto_load (self);
}

/**
 * tst_persister_get_auto_save: (get-property auto-save)
 * @self: a persister
 *
 * Returns whether changes in the store are persisted.
 *
 * Returns: whether saving is automatic
 *
 * Since: 0.1
 */
gboolean
tst_persister_get_auto_save (TstPersister *self)
{
  g_return_val_if_fail (TST_IS_PERSISTER (self), FALSE);

  return tst_persister_get_machine (self)->auto_save;
}

/**
 * tst_persister_set_auto_save: (set-property auto-save)
 * @self: a persister
 * @auto_save: whether to save automatically
 *
 * Starts or stops saving automatically.
 *
 * The same as [method@Persister.start_auto_save_async] or
 * [method@Persister.stop_auto_save]: if nothing was loaded before, it replaces what is
 * persisted. [signal@Persister::failed] tells if the first save fails.
 *
 * Since: 0.1
 */
void
tst_persister_set_auto_save (TstPersister *self,
                             gboolean      auto_save)
{
  g_return_if_fail (TST_IS_PERSISTER (self));

  if (auto_save == tst_persister_get_machine (self)->auto_save)
    return;

  if (auto_save)
    tst_persister_start_auto_save_async (self, NULL, NULL, NULL);
  else
    tst_persister_stop_auto_save (self);
}
