/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-checkpoints-private.h"

#include <glib/gi18n-lib.h>

/* --- Moving --- */

typedef struct
{
  TstCheckpoints *checkpoints;
  int             direction;
  guint           n_steps;
  GPtrArray      *states;     /* of TstSnapshot: before each of the steps */
} Move;

/* The step that is the @i th to be reverted. */
static TstUndoStep **
get_step (const Move *move,
          guint       i)
{
  TstCheckpoints *self = move->checkpoints;
  guint at = move->direction < 0 ? self->current - i : self->current + 1 + i;

  return &tst_checkpoints_peek (self, at)->step;
}

static void
move_cb (TstStore  *store,
         gpointer   user_data,
         GError   **error)
{
  Move *move = user_data;

  for (guint i = 0; i < move->n_steps; i++)
    {
      g_ptr_array_add (move->states, tst_store_snapshot (store));
      if (!tst_undo_step_revert (*get_step (move, i), store, error))
        return;
    }
}

/* To take back a move is to take back what it did in fact, which may be less
 * than what the step was, and more if listeners followed it. */
static void
turn_steps (Move *move)
{
  for (guint i = 0; i < move->n_steps; i++)
    {
      TstUndoStep **step = get_step (move, i);

      tst_undo_step_free (*step);
      *step = tst_undo_step_new ();
      tst_undo_step_append (*step,
                            g_ptr_array_index (move->states, i),
                            g_ptr_array_index (move->states, i + 1));
    }
}

static gboolean
move_to (TstCheckpoints  *self,
         guint            target,
         GError         **error)
{
  g_autoptr(GPtrArray) states = g_ptr_array_new_with_free_func ((GDestroyNotify) tst_snapshot_unref);
  Move move = {
    .checkpoints = self,
    .direction = target < self->current ? -1 : 1,
    .n_steps = target < self->current ? self->current - target : target - self->current,
    .states = states,
  };
  gboolean moved;

  g_object_ref (self);

  self->moving = TRUE;
  moved = tst_store_transact (self->store, move_cb, &move, error);
  self->moving = FALSE;

  tst_checkpoints_rebase (self);
  if (moved)
    {
      g_ptr_array_add (states, tst_snapshot_ref (self->base));
      turn_steps (&move);
      self->current = target;
      self->list_changed = TRUE;
      tst_checkpoints_drop_too_many (self);
    }
  tst_checkpoints_tell (self);

  g_object_unref (self);

  return moved;
}

/* Whether it can be moved at all. What was written since the last checkpoint
 * becomes one, so that it can be done again. */
static gboolean
begin_move (TstCheckpoints  *self,
            GError         **error)
{
  if (self->n_groups > 0 || self->moving || tst_store_is_busy (self->store))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                           _("A transaction has not ended yet"));
      return FALSE;
    }

  tst_checkpoints_settle (self, NULL);
  return TRUE;
}

static gboolean
fail_move (TstCheckpoints  *self,
           const char      *message,
           GError         **error)
{
  tst_checkpoints_tell (self);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, message);

  return FALSE;
}

/* --- Going somewhere --- */

/**
 * tst_checkpoints_undo:
 * @self: checkpoints
 * @error: return location for an error
 *
 * Takes back the last step, or what was written since.
 *
 * What others have written stays, as told in [class@Checkpoints]. If
 * nothing of the step is left by now, nothing changes, and that is no error.
 *
 * Returns: `TRUE` if it is done; `FALSE` if it was refused, and nothing changed: with
 *   [error@TStore.Error.REFUSED] by an interceptor, with [error@TStore.Error.SCHEMA] if it does not
 *   fit the schema any more, with [error@TStore.Error.ROLLED_BACK] by a mutator; with
 *   `G_IO_ERROR_BUSY` if a transaction, or a group, is open; and with
 *   `G_IO_ERROR_NOT_FOUND` if there is nothing to undo
 *
 * Since: 0.1
 */
gboolean
tst_checkpoints_undo (TstCheckpoints  *self,
                      GError         **error)
{
  g_return_val_if_fail (TST_IS_CHECKPOINTS (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!begin_move (self, error))
    return FALSE;
  if (self->current == 0)
    return fail_move (self, _("There is nothing to undo"), error);

  return move_to (self, self->current - 1, error);
}

/**
 * tst_checkpoints_redo:
 * @self: checkpoints
 * @error: return location for an error
 *
 * Does again what was undone last.
 *
 * It takes back what undoing did, and nothing that others have written since.
 *
 * Returns: `TRUE` if it is done; `FALSE` with the errors of [method@Checkpoints.undo]
 *
 * Since: 0.1
 */
gboolean
tst_checkpoints_redo (TstCheckpoints  *self,
                      GError         **error)
{
  g_return_val_if_fail (TST_IS_CHECKPOINTS (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!begin_move (self, error))
    return FALSE;
  if (self->current + 1 == self->list->len)
    return fail_move (self, _("There is nothing to do again"), error);

  return move_to (self, self->current + 1, error);
}

/**
 * tst_checkpoints_go_to:
 * @self: checkpoints
 * @id: the id of a checkpoint
 * @error: return location for an error
 *
 * Undoes or does again as many steps as it takes to come to a checkpoint, in one
 * transaction.
 *
 * What was written since the last checkpoint becomes one before that.
 *
 * Returns: `TRUE` if it is done; `FALSE` with the errors of [method@Checkpoints.undo], of which
 *   `G_IO_ERROR_NOT_FOUND` tells that there is no such checkpoint
 *
 * Since: 0.1
 */
gboolean
tst_checkpoints_go_to (TstCheckpoints  *self,
                       guint            id,
                       GError         **error)
{
  guint target;

  g_return_val_if_fail (TST_IS_CHECKPOINTS (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!begin_move (self, error))
    return FALSE;

  target = tst_checkpoints_find (self, id);
  if (target == self->list->len)
    return fail_move (self, _("There is no such checkpoint"), error);

  return move_to (self, target, error);
}

/* --- Actions --- */

static void
report (TstCheckpoints *self,
        GError         *error)
{
  guint signal_id = g_signal_lookup ("failed", TST_TYPE_CHECKPOINTS);

  if (g_signal_has_handler_pending (self, signal_id, 0, FALSE))
    g_signal_emit (self, signal_id, 0, error);
  else
    g_warning ("%s", error->message);
}

static void
undo_activated_cb (GSimpleAction  *action,
                   GVariant       *parameter,
                   TstCheckpoints *self)
{
  g_autoptr(GError) error = NULL;

  if (!tst_checkpoints_undo (self, &error))
    report (self, error);
}

static void
redo_activated_cb (GSimpleAction  *action,
                   GVariant       *parameter,
                   TstCheckpoints *self)
{
  g_autoptr(GError) error = NULL;

  if (!tst_checkpoints_redo (self, &error))
    report (self, error);
}

static GAction *
create_action (TstCheckpoints *self,
               const char     *name,
               const char     *enabled_by,
               GCallback       activated_cb)
{
  GSimpleAction *action = g_simple_action_new (name, NULL);

  g_signal_connect_data (action, "activate", activated_cb,
                         g_object_ref (self), (GClosureNotify) g_object_unref, 0);
  g_object_bind_property (self, enabled_by, action, "enabled", G_BINDING_SYNC_CREATE);

  return G_ACTION (action);
}

/**
 * tst_checkpoints_create_undo_action:
 * @self: checkpoints
 *
 * Makes an action that undoes the last step.
 *
 * Its name is `undo`. It is enabled while there is something to undo, and keeps @self alive.
 *
 * Returns: (transfer full): a new action
 *
 * Since: 0.1
 */
GAction *
tst_checkpoints_create_undo_action (TstCheckpoints *self)
{
  g_return_val_if_fail (TST_IS_CHECKPOINTS (self), NULL);

  return create_action (self, "undo", "can-undo", G_CALLBACK (undo_activated_cb));
}

/**
 * tst_checkpoints_create_redo_action:
 * @self: checkpoints
 *
 * Makes an action that does again what was undone last.
 *
 * Its name is `redo`. It is enabled while there is something to do again, and keeps @self alive.
 *
 * Returns: (transfer full): a new action
 *
 * Since: 0.1
 */
GAction *
tst_checkpoints_create_redo_action (TstCheckpoints *self)
{
  g_return_val_if_fail (TST_IS_CHECKPOINTS (self), NULL);

  return create_action (self, "redo", "can-redo", G_CALLBACK (redo_activated_cb));
}
