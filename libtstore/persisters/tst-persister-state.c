/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-persister.h"

#include "tst-machine-private.h"

/* What a persister tells of itself, and its settings. */

/**
 * tst_persister_get_store: (get-property store)
 * @self: a persister
 *
 * Returns the store that is persisted.
 *
 * Returns: (transfer none): the store
 *
 * Since: 0.1
 */
TstStore *
tst_persister_get_store (TstPersister *self)
{
  g_return_val_if_fail (TST_IS_PERSISTER (self), NULL);

  return tst_persister_get_machine (self)->store;
}

/**
 * tst_persister_get_status: (get-property status)
 * @self: a persister
 *
 * Returns what the persister is doing, or about to do.
 *
 * Returns: the status
 *
 * Since: 0.1
 */
TstPersisterStatus
tst_persister_get_status (TstPersister *self)
{
  g_return_val_if_fail (TST_IS_PERSISTER (self), TST_PERSISTER_IDLE);

  return tst_machine_get_status (tst_persister_get_machine (self));
}

/**
 * tst_persister_get_dirty: (get-property dirty)
 * @self: a persister
 *
 * Returns whether there are changes in the store that are not persisted.
 *
 * Returns: whether the store is dirty
 *
 * Since: 0.1
 */
gboolean
tst_persister_get_dirty (TstPersister *self)
{
  g_return_val_if_fail (TST_IS_PERSISTER (self), FALSE);

  return tst_machine_get_dirty (tst_persister_get_machine (self));
}

/**
 * tst_persister_get_last_saved: (get-property last-saved)
 * @self: a persister
 *
 * Returns when the store was last persisted.
 *
 * Returns: (transfer none) (nullable): a time, or `NULL`
 *
 * Since: 0.1
 */
GDateTime *
tst_persister_get_last_saved (TstPersister *self)
{
  g_return_val_if_fail (TST_IS_PERSISTER (self), NULL);

  return tst_persister_get_machine (self)->last_saved;
}

/**
 * tst_persister_get_last_error: (get-property last-error)
 * @self: a persister
 *
 * Returns why the latest operation failed.
 *
 * Returns: (transfer none) (nullable): an error, or `NULL` if it did not fail
 *
 * Since: 0.1
 */
const GError *
tst_persister_get_last_error (TstPersister *self)
{
  g_return_val_if_fail (TST_IS_PERSISTER (self), NULL);

  return tst_persister_get_machine (self)->last_error;
}

/**
 * tst_persister_get_n_loads: (get-property n-loads)
 * @self: a persister
 *
 * Returns how often the store was loaded.
 *
 * Returns: the number of loads
 *
 * Since: 0.1
 */
guint
tst_persister_get_n_loads (TstPersister *self)
{
  g_return_val_if_fail (TST_IS_PERSISTER (self), 0);

  return tst_persister_get_machine (self)->n_loads;
}

/**
 * tst_persister_get_n_saves: (get-property n-saves)
 * @self: a persister
 *
 * Returns how often the store was persisted.
 *
 * Returns: the number of saves
 *
 * Since: 0.1
 */
guint
tst_persister_get_n_saves (TstPersister *self)
{
  g_return_val_if_fail (TST_IS_PERSISTER (self), 0);

  return tst_persister_get_machine (self)->n_saves;
}

/**
 * tst_persister_get_save_delay: (get-property save-delay)
 * @self: a persister
 *
 * Returns how long an automatic save waits for further changes.
 *
 * Returns: a delay in milliseconds
 *
 * Since: 0.1
 */
guint
tst_persister_get_save_delay (TstPersister *self)
{
  g_return_val_if_fail (TST_IS_PERSISTER (self), 0);

  return tst_persister_get_machine (self)->save_delay;
}

/**
 * tst_persister_set_save_delay: (set-property save-delay)
 * @self: a persister
 * @milliseconds: a delay
 *
 * Sets how long an automatic save waits for further changes.
 *
 * Since: 0.1
 */
void
tst_persister_set_save_delay (TstPersister *self,
                              guint         milliseconds)
{
  TstMachine *m;

  g_return_if_fail (TST_IS_PERSISTER (self));

  m = tst_persister_get_machine (self);
  if (m->save_delay == milliseconds)
    return;

  m->save_delay = milliseconds;
  g_object_notify (G_OBJECT (self), "save-delay");
}

/**
 * tst_persister_get_request_timeout: (get-property request-timeout)
 * @self: a persister
 *
 * Returns how long the medium may take to answer a request.
 *
 * Returns: a time in milliseconds, or 0 for as long as it likes
 *
 * Since: 0.1
 */
guint
tst_persister_get_request_timeout (TstPersister *self)
{
  g_return_val_if_fail (TST_IS_PERSISTER (self), 0);

  return tst_persister_get_machine (self)->request_timeout;
}

/**
 * tst_persister_set_request_timeout: (set-property request-timeout)
 * @self: a persister
 * @milliseconds: a time, or 0 for as long as it likes
 *
 * Sets how long the medium may take to answer a request.
 *
 * It holds for requests from now on.
 *
 * Since: 0.1
 */
void
tst_persister_set_request_timeout (TstPersister *self,
                                   guint         milliseconds)
{
  TstMachine *m;

  g_return_if_fail (TST_IS_PERSISTER (self));

  m = tst_persister_get_machine (self);
  if (m->request_timeout == milliseconds)
    return;

  m->request_timeout = milliseconds;
  g_object_notify (G_OBJECT (self), "request-timeout");
}
