/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-checkpoints-private.h"

/**
 * TstCheckpoints:
 *
 * Undo and redo for a store.
 *
 * A checkpoint is a state of the store that one can go back to. What the application writes
 * between two of them is a step: [method@Checkpoints.undo] takes the last
 * one back, and [method@Checkpoints.redo] does it again. There are two ways to set them:
 *
 * - With [property@Checkpoints:automatic], each transaction is a step of its own; what belongs
 *   together goes between [method@Checkpoints.begin_group] and
 *   [method@Checkpoints.end_group], with a label.
 * - Without it, [method@Checkpoints.add] sets a checkpoint.
 *
 * ```c
 * TstCheckpoints *checkpoints = tst_checkpoints_new (store);
 *
 * tst_checkpoints_set_automatic (checkpoints, TRUE);
 * g_action_map_add_action (G_ACTION_MAP (window), tst_checkpoints_create_undo_action (checkpoints));
 * g_action_map_add_action (G_ACTION_MAP (window), tst_checkpoints_create_redo_action (checkpoints));
 * ```
 *
 * What others write is never taken back: what a [class@Persister] loads or merges, the default
 * content, and the defaults of a schema belong to no step. A step is undone
 * cell by cell, and a cell that is not any more as the step left it is left alone:
 *
 * - A row that the step changed, and that was removed elsewhere, stays removed.
 * - A row that the step added is removed if it still is as the step left it. If somebody else has
 *   changed it or added to it, it stays.
 * - A row that the step removed comes back under its id, behind the other rows. If there is such a
 *   row again, it gets the cells that it lacks, and keeps those that it has.
 *
 * What listeners write because of a transaction goes with that transaction: it is part of
 * the step of the application, or of none if it follows something from outside.
 *
 * Undoing is an ordinary transaction of the application. It is saved, mutators and interceptors
 * see it, and it has to fit the schema. If any of them refuses a part of it, nothing of it is done, and
 * the error tells so.
 *
 * The store may be written to at any time: it costs nothing but a call for each transaction. Only with
 * [property@Checkpoints:automatic] each one is compared with the one before, which takes
 * some microseconds, and more if tables have a million rows.
 *
 * Since: 0.1
 */

#define DEFAULT_SIZE 100

G_DEFINE_FINAL_TYPE (TstCheckpoints, tst_checkpoints, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_STORE,
  PROP_SIZE,
  PROP_AUTOMATIC,
  PROP_CURRENT,
  PROP_CAN_UNDO,
  PROP_CAN_REDO,
  PROP_UNDO_LABEL,
  PROP_REDO_LABEL,
  N_PROPS
};

enum
{
  SIGNAL_CHANGED,
  SIGNAL_FAILED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

/* --- The list --- */

static TstCheckpoint *
checkpoint_new (TstCheckpoints *self,
                const char     *label,
                TstUndoStep    *step)
{
  TstCheckpoint *checkpoint = g_new (TstCheckpoint, 1);

  checkpoint->id = ++self->last_id;
  checkpoint->label = g_strdup (label);
  checkpoint->step = step;

  return checkpoint;
}

static void
checkpoint_free (gpointer data)
{
  TstCheckpoint *self = data;

  g_clear_pointer (&self->step, tst_undo_step_free);
  g_free (self->label);
  g_free (self);
}

guint
tst_checkpoints_find (TstCheckpoints *self,
                      guint           id)
{
  guint i = 0;

  while (i < self->list->len && tst_checkpoints_peek (self, i)->id != id)
    i++;

  return i;
}

static void
drop_forward (TstCheckpoints *self)
{
  guint n = self->list->len - self->current - 1;

  if (n == 0)
    return;

  g_ptr_array_remove_range (self->list, self->current + 1, n);
  self->list_changed = TRUE;
}

void
tst_checkpoints_drop_too_many (TstCheckpoints *self)
{
  guint n = self->current > self->size ? self->current - self->size : 0;

  if (n == 0)
    return;

  g_ptr_array_remove_range (self->list, 0, n);
  self->current -= n;
  g_clear_pointer (&tst_checkpoints_peek (self, 0)->step, tst_undo_step_free);
  self->list_changed = TRUE;
}

/* --- Telling --- */

static void
update_text (TstCheckpoints *self,
             char          **told,
             const char     *text,
             guint           prop_id)
{
  if (g_strcmp0 (*told, text) == 0)
    return;

  g_free (*told);
  *told = g_strdup (text);
  g_object_notify_by_pspec (G_OBJECT (self), properties[prop_id]);
}

static void
update_number (TstCheckpoints *self,
               guint          *told,
               guint           number,
               guint           prop_id)
{
  if (*told == number)
    return;

  *told = number;
  g_object_notify_by_pspec (G_OBJECT (self), properties[prop_id]);
}

/* What is notified is seen only when all of it is up to date. */
void
tst_checkpoints_tell (TstCheckpoints *self)
{
  GObject *object = g_object_ref (G_OBJECT (self));
  gboolean list_changed = self->list_changed;

  self->list_changed = FALSE;

  g_object_freeze_notify (object);
  update_number (self, &self->told.can_undo, tst_checkpoints_get_can_undo (self), PROP_CAN_UNDO);
  update_number (self, &self->told.can_redo, tst_checkpoints_get_can_redo (self), PROP_CAN_REDO);
  update_text (self, &self->told.undo_label, tst_checkpoints_get_undo_label (self), PROP_UNDO_LABEL);
  update_text (self, &self->told.redo_label, tst_checkpoints_get_redo_label (self), PROP_REDO_LABEL);
  update_number (self, &self->told.current, tst_checkpoints_get_current (self), PROP_CURRENT);
  g_object_thaw_notify (object);

  if (list_changed)
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);

  g_object_unref (object);
}

/* --- Hearing of what is written --- */

void
tst_checkpoints_rebase (TstCheckpoints *self)
{
  tst_snapshot_unref (self->base);
  self->base = tst_store_snapshot (self->store);
}

/* What the application wrote since the base becomes part of the step. */
static void
close_stretch (TstCheckpoints *self)
{
  g_autoptr(TstSnapshot) before = tst_snapshot_ref (self->base);

  if (self->step == NULL)
    self->step = tst_undo_step_new ();
  tst_checkpoints_rebase (self);
  tst_undo_step_append (self->step, before, self->base);
}

void
tst_checkpoints_settle (TstCheckpoints *self,
                        const char     *label)
{
  g_autoptr(TstUndoStep) step = NULL;

  if (!self->edited)
    return;

  close_stretch (self);
  step = g_steal_pointer (&self->step);
  self->edited = FALSE;
  if (tst_undo_step_is_empty (step))
    return;

  drop_forward (self);
  g_ptr_array_add (self->list, checkpoint_new (self, label, g_steal_pointer (&step)));
  self->current++;
  self->list_changed = TRUE;
  tst_checkpoints_drop_too_many (self);
}

static void
note_edit (TstCheckpoints *self)
{
  gboolean is_step = self->automatic && self->n_groups == 0;

  if (self->edited && !is_step)
    return;

  self->edited = TRUE;
  if (is_step)
    tst_checkpoints_settle (self, NULL);
  else
    drop_forward (self);
  tst_checkpoints_tell (self);
}

static void
store_changed_cb (TstStore  *store,
                  TstOrigin  origin,
                  gboolean   changed,
                  gpointer   user_data)
{
  TstCheckpoints *self = user_data;
  TstWriter writer;

  if (self->moving)
    return;

  if (changed && self->writer == TST_WRITER_NONE)
    self->writer = origin == NULL ? TST_WRITER_APPLICATION : TST_WRITER_OUTSIDE;
  if (tst_store_is_busy (store))
    return;

  writer = self->writer;
  self->writer = TST_WRITER_NONE;

  if (writer == TST_WRITER_APPLICATION)
    note_edit (self);
  else if (writer == TST_WRITER_OUTSIDE)
    tst_checkpoints_rebase (self);
}

static void
before_outside_cb (TstStore *store,
                   gpointer  user_data)
{
  TstCheckpoints *self = user_data;

  if (self->edited)
    close_stretch (self);
}

/* --- The object --- */

static void
tst_checkpoints_constructed (GObject *object)
{
  TstCheckpoints *self = TST_CHECKPOINTS (object);

  G_OBJECT_CLASS (tst_checkpoints_parent_class)->constructed (object);

  if (self->store == NULL)
    {
      g_critical ("TstCheckpoints need a store");
      self->store = tst_store_new ();
    }

  self->base = tst_store_snapshot (self->store);
  self->told.current = tst_checkpoints_get_current (self);
  /* Not held by the store: it is removed before it goes away. */
  self->observer_id = tst_store_add_observer_full (self->store, store_changed_cb, before_outside_cb, self);
}

static void
tst_checkpoints_dispose (GObject *object)
{
  TstCheckpoints *self = TST_CHECKPOINTS (object);

  if (self->observer_id != 0)
    tst_store_remove_observer (self->store, self->observer_id);
  self->observer_id = 0;

  G_OBJECT_CLASS (tst_checkpoints_parent_class)->dispose (object);
}

static void
tst_checkpoints_finalize (GObject *object)
{
  TstCheckpoints *self = TST_CHECKPOINTS (object);

  g_clear_pointer (&self->list, g_ptr_array_unref);
  g_clear_pointer (&self->step, tst_undo_step_free);
  g_clear_pointer (&self->base, tst_snapshot_unref);
  g_clear_pointer (&self->group_label, g_free);
  g_clear_pointer (&self->told.undo_label, g_free);
  g_clear_pointer (&self->told.redo_label, g_free);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (tst_checkpoints_parent_class)->finalize (object);
}

static void
tst_checkpoints_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  TstCheckpoints *self = TST_CHECKPOINTS (object);

  switch (prop_id)
    {
    case PROP_STORE:
      g_value_set_object (value, self->store);
      break;

    case PROP_SIZE:
      g_value_set_uint (value, self->size);
      break;

    case PROP_AUTOMATIC:
      g_value_set_boolean (value, self->automatic);
      break;

    case PROP_CURRENT:
      g_value_set_uint (value, tst_checkpoints_get_current (self));
      break;

    case PROP_CAN_UNDO:
      g_value_set_boolean (value, tst_checkpoints_get_can_undo (self));
      break;

    case PROP_CAN_REDO:
      g_value_set_boolean (value, tst_checkpoints_get_can_redo (self));
      break;

    case PROP_UNDO_LABEL:
      g_value_set_string (value, tst_checkpoints_get_undo_label (self));
      break;

    case PROP_REDO_LABEL:
      g_value_set_string (value, tst_checkpoints_get_redo_label (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tst_checkpoints_set_property (GObject      *object,
                              guint         prop_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  TstCheckpoints *self = TST_CHECKPOINTS (object);

  switch (prop_id)
    {
    case PROP_STORE:
      self->store = g_value_dup_object (value);
      break;

    case PROP_SIZE:
      tst_checkpoints_set_size (self, g_value_get_uint (value));
      break;

    case PROP_AUTOMATIC:
      tst_checkpoints_set_automatic (self, g_value_get_boolean (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
install_properties (GObjectClass *object_class)
{
  /**
   * TstCheckpoints:store: (getter get_store)
   *
   * The store.
   *
   * Since: 0.1
   */
  properties[PROP_STORE] =
    g_param_spec_object ("store", NULL, NULL,
                         TST_TYPE_STORE,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * TstCheckpoints:size: (getter get_size) (setter set_size)
   *
   * How many steps can be undone; older ones are forgotten.
   *
   * Since: 0.1
   */
  properties[PROP_SIZE] =
    g_param_spec_uint ("size", NULL, NULL,
                       0, G_MAXUINT, DEFAULT_SIZE,
                       G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  /**
   * TstCheckpoints:automatic: (getter get_automatic) (setter set_automatic)
   *
   * Whether each transaction of the application is a step of its own.
   *
   * Since: 0.1
   */
  properties[PROP_AUTOMATIC] =
    g_param_spec_boolean ("automatic", NULL, NULL,
                          FALSE,
                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  /**
   * TstCheckpoints:current: (getter get_current)
   *
   * The id of the checkpoint that the store is at, or 0 if the application wrote
   * to it since.
   *
   * Since: 0.1
   */
  properties[PROP_CURRENT] =
    g_param_spec_uint ("current", NULL, NULL,
                       0, G_MAXUINT, 1,
                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  /**
   * TstCheckpoints:can-undo: (getter get_can_undo)
   *
   * Whether there is something to undo.
   *
   * Since: 0.1
   */
  properties[PROP_CAN_UNDO] =
    g_param_spec_boolean ("can-undo", NULL, NULL,
                          FALSE,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  /**
   * TstCheckpoints:can-redo: (getter get_can_redo)
   *
   * Whether there is something to do again.
   *
   * Since: 0.1
   */
  properties[PROP_CAN_REDO] =
    g_param_spec_boolean ("can-redo", NULL, NULL,
                          FALSE,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  /**
   * TstCheckpoints:undo-label: (getter get_undo_label)
   *
   * The label of the step that would be undone.
   *
   * Since: 0.1
   */
  properties[PROP_UNDO_LABEL] =
    g_param_spec_string ("undo-label", NULL, NULL,
                         NULL,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  /**
   * TstCheckpoints:redo-label: (getter get_redo_label)
   *
   * The label of the step that would be done again.
   *
   * Since: 0.1
   */
  properties[PROP_REDO_LABEL] =
    g_param_spec_string ("redo-label", NULL, NULL,
                         NULL,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tst_checkpoints_class_init (TstCheckpointsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = tst_checkpoints_constructed;
  object_class->dispose = tst_checkpoints_dispose;
  object_class->finalize = tst_checkpoints_finalize;
  object_class->get_property = tst_checkpoints_get_property;
  object_class->set_property = tst_checkpoints_set_property;

  install_properties (object_class);

  /**
   * TstCheckpoints::changed:
   * @self: checkpoints
   *
   * Emitted when there are other checkpoints, when one has another label, or when the
   * store is at another one.
   *
   * Since: 0.1
   */
  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0,
                  NULL, NULL,
                  NULL,
                  G_TYPE_NONE, 0);

  /**
   * TstCheckpoints::failed:
   * @self: checkpoints
   * @error: why
   *
   * Emitted when an action from [method@Checkpoints.create_undo_action] or
   * [method@Checkpoints.create_redo_action] could not do it.
   *
   * Without a handler, a warning is logged.
   *
   * Since: 0.1
   */
  signals[SIGNAL_FAILED] =
    g_signal_new ("failed",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0,
                  NULL, NULL,
                  NULL,
                  G_TYPE_NONE, 1,
                  G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
tst_checkpoints_init (TstCheckpoints *self)
{
  self->size = DEFAULT_SIZE;
  self->list = g_ptr_array_new_with_free_func (checkpoint_free);
  g_ptr_array_add (self->list, checkpoint_new (self, NULL, NULL));
}

/**
 * tst_checkpoints_new:
 * @store: a store
 *
 * Begins to remember what the application does to a store.
 *
 * The present state is the first checkpoint.
 *
 * Returns: (transfer full): new checkpoints
 *
 * Since: 0.1
 */
TstCheckpoints *
tst_checkpoints_new (TstStore *store)
{
  g_return_val_if_fail (TST_IS_STORE (store), NULL);

  return g_object_new (TST_TYPE_CHECKPOINTS, "store", store, NULL);
}

/**
 * tst_checkpoints_get_store: (get-property store)
 * @self: checkpoints
 *
 * Gets the store.
 *
 * Returns: (transfer none): the store
 *
 * Since: 0.1
 */
TstStore *
tst_checkpoints_get_store (TstCheckpoints *self)
{
  g_return_val_if_fail (TST_IS_CHECKPOINTS (self), NULL);

  return self->store;
}

/**
 * tst_checkpoints_get_size: (get-property size)
 * @self: checkpoints
 *
 * Gets how many steps can be undone.
 *
 * Returns: the largest number
 *
 * Since: 0.1
 */
guint
tst_checkpoints_get_size (TstCheckpoints *self)
{
  g_return_val_if_fail (TST_IS_CHECKPOINTS (self), 0);

  return self->size;
}

/**
 * tst_checkpoints_set_size: (set-property size)
 * @self: checkpoints
 * @size: the largest number
 *
 * Sets how many steps can be undone. Older ones are forgotten.
 *
 * Since: 0.1
 */
void
tst_checkpoints_set_size (TstCheckpoints *self,
                          guint           size)
{
  g_return_if_fail (TST_IS_CHECKPOINTS (self));

  if (self->size == size)
    return;

  self->size = size;
  if (!self->moving)
    tst_checkpoints_drop_too_many (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SIZE]);
  tst_checkpoints_tell (self);
}

/**
 * tst_checkpoints_get_automatic: (get-property automatic)
 * @self: checkpoints
 *
 * Gets whether each transaction is a step of its own.
 *
 * Returns: whether it is so
 *
 * Since: 0.1
 */
gboolean
tst_checkpoints_get_automatic (TstCheckpoints *self)
{
  g_return_val_if_fail (TST_IS_CHECKPOINTS (self), FALSE);

  return self->automatic;
}

/**
 * tst_checkpoints_set_automatic: (set-property automatic)
 * @self: checkpoints
 * @automatic: whether it is to be so
 *
 * Sets whether each transaction of the application is a step of its own.
 *
 * Since: 0.1
 */
void
tst_checkpoints_set_automatic (TstCheckpoints *self,
                               gboolean        automatic)
{
  g_return_if_fail (TST_IS_CHECKPOINTS (self));

  if (self->automatic == automatic)
    return;

  self->automatic = automatic;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_AUTOMATIC]);
}

/* --- Setting checkpoints --- */

/**
 * tst_checkpoints_add:
 * @self: checkpoints
 * @label: (nullable): what was done since the checkpoint before, for people to read
 *
 * Makes a checkpoint of the present state.
 *
 * If the application changed nothing since the current one, it remains.
 *
 * It is a programmer's error to call this while a transaction is open, or from a
 * listener of the store.
 *
 * Returns: the id of the checkpoint that the store is at now; never 0
 *
 * Since: 0.1
 */
guint
tst_checkpoints_add (TstCheckpoints *self,
                     const char     *label)
{
  g_return_val_if_fail (TST_IS_CHECKPOINTS (self), 0);
  g_return_val_if_fail (!tst_store_is_busy (self->store), 0);

  tst_checkpoints_settle (self, label);
  tst_checkpoints_tell (self);

  return tst_checkpoints_get_current (self);
}

/**
 * tst_checkpoints_begin_group:
 * @self: checkpoints
 * @label: (nullable): what is going to be done, for people to read
 *
 * Begins a step.
 *
 * All that the application writes until [method@Checkpoints.end_group] is one step with that label,
 * however many transactions it takes. Groups nest: only the outermost one counts.
 *
 * Nothing can be undone before it has ended.
 *
 * It is a programmer's error to call this while a transaction is open, or from a
 * listener of the store.
 *
 * Since: 0.1
 */
void
tst_checkpoints_begin_group (TstCheckpoints *self,
                             const char     *label)
{
  g_return_if_fail (TST_IS_CHECKPOINTS (self));
  g_return_if_fail (!tst_store_is_busy (self->store));

  if (self->n_groups++ > 0)
    return;

  tst_checkpoints_settle (self, NULL);
  self->group_label = g_strdup (label);
  tst_checkpoints_tell (self);
}

/**
 * tst_checkpoints_end_group:
 * @self: checkpoints
 *
 * Ends a step that [method@Checkpoints.begin_group] has begun.
 *
 * Nothing becomes of a step in which nothing changed.
 *
 * Since: 0.1
 */
void
tst_checkpoints_end_group (TstCheckpoints *self)
{
  g_autofree char *label = NULL;

  g_return_if_fail (TST_IS_CHECKPOINTS (self));
  g_return_if_fail (self->n_groups > 0);
  g_return_if_fail (!tst_store_is_busy (self->store));

  if (--self->n_groups > 0)
    return;

  label = g_steal_pointer (&self->group_label);
  tst_checkpoints_settle (self, label);
  tst_checkpoints_tell (self);
}

/**
 * tst_checkpoints_clear:
 * @self: checkpoints
 *
 * Forgets all checkpoints. The present state is the first one of those that follow.
 *
 * It is a programmer's error to call this while a transaction is open, or from a
 * listener of the store.
 *
 * Since: 0.1
 */
void
tst_checkpoints_clear (TstCheckpoints *self)
{
  g_return_if_fail (TST_IS_CHECKPOINTS (self));
  g_return_if_fail (!tst_store_is_busy (self->store));

  g_clear_pointer (&self->step, tst_undo_step_free);
  tst_checkpoints_rebase (self);
  self->edited = FALSE;

  g_ptr_array_set_size (self->list, 0);
  g_ptr_array_add (self->list, checkpoint_new (self, NULL, NULL));
  self->current = 0;
  self->list_changed = TRUE;
  tst_checkpoints_tell (self);
}

/**
 * tst_checkpoints_clear_forward:
 * @self: checkpoints
 *
 * Forgets what was undone.
 *
 * It is a programmer's error to call this from a listener of the store while
 * something is being undone.
 *
 * Since: 0.1
 */
void
tst_checkpoints_clear_forward (TstCheckpoints *self)
{
  g_return_if_fail (TST_IS_CHECKPOINTS (self));
  g_return_if_fail (!self->moving);

  drop_forward (self);
  tst_checkpoints_tell (self);
}
