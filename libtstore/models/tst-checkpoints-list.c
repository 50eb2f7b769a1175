/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-checkpoints-private.h"

/* --- Looking at them --- */

/**
 * tst_checkpoints_get_current: (get-property current)
 * @self: checkpoints
 *
 * Gets the checkpoint that the store is at.
 *
 * Returns: its id, or 0 if the application wrote to the store since
 *
 * Since: 0.1
 */
guint
tst_checkpoints_get_current (TstCheckpoints *self)
{
  g_return_val_if_fail (TST_IS_CHECKPOINTS (self), 0);

  return self->edited ? 0 : tst_checkpoints_peek (self, self->current)->id;
}

static guint *
dup_ids (TstCheckpoints *self,
         guint           first,
         guint           end,
         gsize          *n_ids)
{
  guint *ids = g_new (guint, end - first);

  for (guint i = first; i < end; i++)
    ids[i - first] = tst_checkpoints_peek (self, i)->id;
  *n_ids = end - first;

  return ids;
}

/**
 * tst_checkpoints_get_backward_ids:
 * @self: checkpoints
 * @n_ids: (out): their number
 *
 * Gets the checkpoints that one can go back to, the oldest first.
 *
 * Returns: (transfer full) (array length=n_ids): their ids
 *
 * Since: 0.1
 */
guint *
tst_checkpoints_get_backward_ids (TstCheckpoints *self,
                                  gsize          *n_ids)
{
  g_return_val_if_fail (TST_IS_CHECKPOINTS (self), NULL);
  g_return_val_if_fail (n_ids != NULL, NULL);

  return dup_ids (self, 0, self->current + (self->edited ? 1 : 0), n_ids);
}

/**
 * tst_checkpoints_get_forward_ids:
 * @self: checkpoints
 * @n_ids: (out): their number
 *
 * Gets the checkpoints that were undone, in the order in which redoing comes to them.
 *
 * Returns: (transfer full) (array length=n_ids): their ids
 *
 * Since: 0.1
 */
guint *
tst_checkpoints_get_forward_ids (TstCheckpoints *self,
                                 gsize          *n_ids)
{
  g_return_val_if_fail (TST_IS_CHECKPOINTS (self), NULL);
  g_return_val_if_fail (n_ids != NULL, NULL);

  return dup_ids (self, self->current + 1, self->list->len, n_ids);
}

/**
 * tst_checkpoints_has:
 * @self: checkpoints
 * @id: the id of a checkpoint
 *
 * Finds out whether there still is such a checkpoint.
 *
 * Returns: `TRUE` if one can go to it
 *
 * Since: 0.1
 */
gboolean
tst_checkpoints_has (TstCheckpoints *self,
                     guint           id)
{
  g_return_val_if_fail (TST_IS_CHECKPOINTS (self), FALSE);

  return tst_checkpoints_find (self, id) < self->list->len;
}

/**
 * tst_checkpoints_get_label:
 * @self: checkpoints
 * @id: the id of a checkpoint
 *
 * Gets what was done to come to a checkpoint from the one before.
 *
 * Returns: (transfer none) (nullable): the label; `NULL` if it has none, or if there is no such
 *   checkpoint
 *
 * Since: 0.1
 */
const char *
tst_checkpoints_get_label (TstCheckpoints *self,
                           guint           id)
{
  guint i;

  g_return_val_if_fail (TST_IS_CHECKPOINTS (self), NULL);

  i = tst_checkpoints_find (self, id);

  return i < self->list->len ? tst_checkpoints_peek (self, i)->label : NULL;
}

/**
 * tst_checkpoints_set_label:
 * @self: checkpoints
 * @id: the id of a checkpoint
 * @label: (nullable): the new label
 *
 * Sets what was done to come to a checkpoint from the one before.
 *
 * Does nothing if there is no such checkpoint any more.
 *
 * Since: 0.1
 */
void
tst_checkpoints_set_label (TstCheckpoints *self,
                           guint           id,
                           const char     *label)
{
  TstCheckpoint *checkpoint;
  guint i;

  g_return_if_fail (TST_IS_CHECKPOINTS (self));

  i = tst_checkpoints_find (self, id);
  if (i == self->list->len)
    return;

  checkpoint = tst_checkpoints_peek (self, i);
  if (g_strcmp0 (checkpoint->label, label) == 0)
    return;

  g_free (checkpoint->label);
  checkpoint->label = g_strdup (label);
  self->list_changed = TRUE;
  tst_checkpoints_tell (self);
}

/**
 * tst_checkpoints_get_can_undo: (get-property can-undo)
 * @self: checkpoints
 *
 * Gets whether there is something to undo.
 *
 * Returns: whether [method@Checkpoints.undo] has something to do
 *
 * Since: 0.1
 */
gboolean
tst_checkpoints_get_can_undo (TstCheckpoints *self)
{
  g_return_val_if_fail (TST_IS_CHECKPOINTS (self), FALSE);

  return self->n_groups == 0 && (self->current > 0 || (self->edited && self->size > 0));
}

/**
 * tst_checkpoints_get_can_redo: (get-property can-redo)
 * @self: checkpoints
 *
 * Gets whether there is something to do again.
 *
 * Returns: whether [method@Checkpoints.redo] has something to do
 *
 * Since: 0.1
 */
gboolean
tst_checkpoints_get_can_redo (TstCheckpoints *self)
{
  g_return_val_if_fail (TST_IS_CHECKPOINTS (self), FALSE);

  return self->n_groups == 0 && self->current + 1 < self->list->len;
}

/**
 * tst_checkpoints_get_undo_label: (get-property undo-label)
 * @self: checkpoints
 *
 * Gets the label of the step that would be undone.
 *
 * Returns: (transfer none) (nullable): the label; `NULL` if it has none, or if there is nothing
 *   to undo
 *
 * Since: 0.1
 */
const char *
tst_checkpoints_get_undo_label (TstCheckpoints *self)
{
  g_return_val_if_fail (TST_IS_CHECKPOINTS (self), NULL);

  /* The first one may have one from the time before older ones were forgotten. */
  return self->edited || self->current == 0 ? NULL : tst_checkpoints_peek (self, self->current)->label;
}

/**
 * tst_checkpoints_get_redo_label: (get-property redo-label)
 * @self: checkpoints
 *
 * Gets the label of the step that would be done again.
 *
 * Returns: (transfer none) (nullable): the label; `NULL` if it has none, or if there is nothing
 *   to do again
 *
 * Since: 0.1
 */
const char *
tst_checkpoints_get_redo_label (TstCheckpoints *self)
{
  g_return_val_if_fail (TST_IS_CHECKPOINTS (self), NULL);

  return self->current + 1 < self->list->len ? tst_checkpoints_peek (self, self->current + 1)->label : NULL;
}
