/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-store-object-private.h"

#include <glib/gi18n-lib.h>

#include "tst-error.h"

/* How a transaction goes:
 *
 *   begin      opens it; "transaction-started"
 *   …          writes go to the engine, which logs how to undo them
 *   commit     mutators, then "transaction-finishing", whose handlers may still
 *              write; then the log is turned into net changes and forgotten, and listeners
 *              and signals are told, each seeing the whole new state; then
 *              "transaction-finished"; then the observers
 *
 * What listeners write meanwhile is a transaction of its own, which is
 * finished in the same way when everybody was told: a round. */

/* So many rounds in a row, and the listeners are in a loop. */
#define MAX_ROUNDS 100

typedef struct
{
  guint                 id;
  TstStoreObserver      func;
  TstStoreBeforeOutside before_outside;  /* (nullable) */
  gpointer              user_data;
} Observer;

void
tst_store_init_transactions (TstStore *self)
{
  self->observers = g_array_new (FALSE, FALSE, sizeof (Observer));
}

void
tst_store_clear_transactions (TstStore *self)
{
  g_clear_pointer (&self->observers, g_array_unref);
  g_clear_pointer (&self->marks, g_free);
  tst_store_forget_schemas (self);
  g_clear_pointer (&self->refused, g_ptr_array_unref);
}

/* --- Observers --- */

/* Backwards, so that an observer may remove itself. */
void
tst_store_tell_observers (TstStore  *self,
                          TstOrigin  origin,
                          gboolean   changed)
{
  gboolean several = self->observers->len > 1;

  /* Whoever is told may let go of the store. */
  if (several)
    g_object_ref (self);

  for (guint i = self->observers->len; i-- > 0; )
    {
      Observer observer;

      if (i >= self->observers->len)
        continue;

      observer = g_array_index (self->observers, Observer, i);
      observer.func (self, origin, changed, observer.user_data);
    }

  if (several)
    g_object_unref (self);
}

void
tst_store_tell_before_outside (TstStore *self)
{
  for (guint i = 0; i < self->observers->len; i++)
    {
      Observer observer = g_array_index (self->observers, Observer, i);

      if (observer.before_outside != NULL)
        observer.before_outside (self, observer.user_data);
    }
}

guint
tst_store_add_observer_full (TstStore              *self,
                             TstStoreObserver       func,
                             TstStoreBeforeOutside  before_outside,
                             gpointer               user_data)
{
  Observer observer = { ++self->last_observer, func, before_outside, user_data };

  g_array_append_val (self->observers, observer);

  return observer.id;
}

guint
tst_store_add_observer (TstStore         *self,
                        TstStoreObserver  func,
                        gpointer          user_data)
{
  return tst_store_add_observer_full (self, func, NULL, user_data);
}

void
tst_store_remove_observer (TstStore *self,
                           guint     id)
{
  for (guint i = 0; i < self->observers->len; i++)
    if (g_array_index (self->observers, Observer, i).id == id)
      {
        g_array_remove_index (self->observers, i);
        return;
      }

  g_assert_not_reached ();
}

/* --- Rounds --- */

G_GNUC_NO_INLINE static void
grow_marks (TstStore *self)
{
  self->marks_capacity = MAX (self->marks_capacity * 2, 4);
  self->marks = g_renew (TstMark, self->marks, self->marks_capacity);
}

static inline void
push_mark (TstStore *self)
{
  if (G_UNLIKELY (self->depth == self->marks_capacity))
    grow_marks (self);

  self->marks[self->depth].n_log = tst_engine_mark (self->engine);
  self->marks[self->depth++].n_schemas = G_UNLIKELY (self->old_schemas) ? self->old_schemas->len : 0;
}

static void
undo_to_mark (TstStore *self,
              guint     depth)
{
  tst_engine_undo (self->engine, self->marks[depth].n_log);
  tst_store_undo_schemas (self, self->marks[depth].n_schemas);
}

static void
emit_changed (TstStore   *self,
              TstChanges *changes)
{
  if (changes != NULL && !tst_changes_is_empty (changes))
    g_signal_emit (self, tst_store_signals[SIGNAL_CHANGED], 0, changes);
}

/* Returns: (transfer full) (nullable): the pages of sorted rows to be told */
static inline GPtrArray *
forget_log (TstStore *self)
{
  if (G_UNLIKELY (self->sorted != NULL))
    return tst_store_forget_log_of_sorted (self);

  tst_engine_forget (self->engine);
  return NULL;
}

/* Turns the log into net changes, forgets it, and tells. Most transactions
 * are of one cell: those do without an allocation. */
static void
tell_changes (TstStore *self)
{
  gboolean wants_changes = self->has_handlers && tst_store_has_handler (self, SIGNAL_CHANGED);
  g_autoptr(TstChanges) changes = NULL;
  g_autoptr(GPtrArray) pages = NULL;
  TstSingleChange single;

  if (tst_single_change_init (&single, self->engine))
    {
      pages = forget_log (self);
      if (wants_changes)
        changes = tst_single_change_to_changes (&single);
      tst_store_dispatch_changes (self, &single.changes, &single.place, pages);
      tst_single_change_clear (&single);
    }
  else
    {
      changes = tst_changes_new_from_log (self->engine);
      pages = forget_log (self);
      tst_store_dispatch_changes (self, changes, NULL, pages);
    }

  /* Whoever connected just now, in a listener, hears of the next ones. */
  if (wants_changes)
    emit_changed (self, changes);
}

static gboolean
anybody_listens (TstStore *self)
{
  return tst_listeners_count (self->listeners) > 0 || self->has_handlers;
}

static inline void
drop_changes (TstStore *self)
{
  g_autoptr(GPtrArray) pages = forget_log (self);

  tst_sorted_pages_put_off (pages);
  if (self->refused != NULL)
    g_clear_pointer (&self->refused, g_ptr_array_unref);
}

/* Nobody listens but orders of rows. */
static inline void
drop_and_tell_orders (TstStore *self)
{
  drop_changes (self);
  if (G_UNLIKELY (self->sorted != NULL))
    tst_store_tell_orders (self);
}

/* One round: the transaction is over, nothing is open. */
static void
play_round (TstStore  *self,
            TstOrigin  origin)
{
  gboolean changed = self->engine->generation != self->generation && self->engine->n_log > 0;

  self->generation = self->engine->generation;
  self->notifying = TRUE;
  if (G_UNLIKELY (self->old_schemas != NULL))
    tst_store_forget_schemas (self);

  if ((self->engine->n_log > 0 || self->refused != NULL) && anybody_listens (self))
    tell_changes (self);
  else
    drop_and_tell_orders (self);
  tst_store_tell_phase (self, TST_LISTENER_KIND_FINISHED);

  self->notifying = FALSE;

  if (changed && self->observers->len > 0)
    tst_store_tell_observers (self, origin, TRUE);
}

/* Whoever is called in the middle may not leave a transaction of his own open:
 * there would be no end. */
static void
end_what_is_open (TstStore   *self,
                  guint       depth,
                  const char *who)
{
  if (tst_store_depth (self) == depth)
    return;

  g_critical ("%s began a transaction and did not end it", who);
  self->depth = depth;
}

guint
tst_store_enter_interceptor (TstStore *self)
{
  guint floor = self->floor;

  self->floor = tst_store_depth (self);

  return floor;
}

void
tst_store_leave_interceptor (TstStore *self,
                             guint     floor)
{
  end_what_is_open (self, self->floor, "An interceptor");
  self->floor = floor;
}

/* In a transaction of their own, whose end is not theirs. */
void
tst_store_start_filtering (TstStore     *self,
                           TstFiltering *filtering)
{
  filtering->logging = self->engine->logging;
  self->engine->logging = TRUE;
  push_mark (self);
  filtering->floor = tst_store_enter_interceptor (self);
}

void
tst_store_stop_filtering (TstStore           *self,
                          const TstFiltering *filtering)
{
  const TstMark *mark;

  end_what_is_open (self, self->floor, "A filter");
  self->floor = filtering->floor;

  mark = &self->marks[self->depth - 1];
  if (self->engine->n_log != mark->n_log ||
      (self->old_schemas ? self->old_schemas->len : 0) != mark->n_schemas)
    {
      g_critical ("A filter wrote to the store, which is undone");
      undo_to_mark (self, self->depth - 1);
    }

  self->depth--;
  self->engine->logging = filtering->logging;
}

/* What is told before the end is part of the transaction, and may undo it.
 * Returns: FALSE if it is undone */
G_GNUC_NO_INLINE static gboolean
tell_before_end (TstStore *self)
{
  gboolean undone;

  self->closing = TRUE;

  if (tst_store_has_mutators (self))
    {
      tst_store_dispatch_mutators (self);
      end_what_is_open (self, 1, "A mutator");
      tst_store_find_handlers (self);
    }
  if (!self->undone)
    {
      tst_store_tell_phase (self, TST_LISTENER_KIND_FINISHING);
      end_what_is_open (self, 1, "A handler of “transaction-finishing”");
    }

  undone = self->undone;
  if (undone)
    undo_to_mark (self, 0);
  self->closing = FALSE;
  self->undone = FALSE;

  return !undone;
}

/* Returns: FALSE if the transaction is undone */
static inline gboolean
close_transaction (TstStore *self)
{
  gboolean committed = TRUE;

  if (self->mutators != NULL || tst_store_wants_phase (self, TST_LISTENER_KIND_FINISHING))
    committed = tell_before_end (self);
  self->depth--;

  return committed;
}

/* A mutator wants nothing of all this. What is written after it, before the
 * transaction is over, will be undone as well. */
static void
undo_transaction (TstStore *self)
{
  undo_to_mark (self, 0);
  self->undone = TRUE;
  if (self->mutators != NULL)
    tst_listeners_set_stopped (self->mutators, TRUE);
}

/* Listeners wrote during the round: their writes become a transaction.
 * Returns: FALSE if there is none to finish */
static gboolean
open_next_round (TstStore *self)
{
  if (!self->deferred)
    return FALSE;
  self->deferred = FALSE;

  /* A listener began a transaction and left it open: it is one as any other
   * now, and will be finished by its commit(). */
  if (tst_store_depth (self) > 0)
    return FALSE;

  push_mark (self);
  self->marks[0] = (TstMark) { 0, 0 };
  tst_store_find_handlers (self);
  close_transaction (self);
  return TRUE;
}

/* Models follow all the same: what they show is what there is. Those who write as they are
 * told of that hear of it with the next change. */
static void
stop_ping_pong (TstStore *self)
{
  g_critical ("Listeners of a store kept writing to it for %d rounds; "
              "they are not told of the last writes", MAX_ROUNDS);

  self->notifying = TRUE;
  drop_and_tell_orders (self);
  self->notifying = FALSE;
  self->deferred = FALSE;
  if (tst_store_depth (self) == 0)
    drop_changes (self);

  tst_store_tell_observers (self, NULL, TRUE);
}

static void
play_rounds (TstStore *self)
{
  TstOrigin origin = self->origin;
  guint n_rounds = 0;

  self->in_rounds = TRUE;

  do
    {
      if (++n_rounds > MAX_ROUNDS)
        {
          stop_ping_pong (self);
          break;
        }

      play_round (self, origin);
      origin = NULL;
    }
  while (open_next_round (self));

  self->in_rounds = FALSE;
  if (tst_store_depth (self) > 0)
    return;

  self->engine->logging = FALSE;
  if (self->observers->len > 0)
    tst_store_tell_observers (self, NULL, FALSE);
}

/* They may write, but the transaction is not theirs: nor is its end. They may let go of
 * the store, which a batch holds anyway. */
G_GNUC_NO_INLINE static void
tell_started (TstStore *self)
{
  guint floor = tst_store_enter_interceptor (self);
  gboolean is_held = self->n_batches > 0;

  if (!is_held)
    g_object_ref (self);

  tst_store_dispatch_phase (self, TST_LISTENER_KIND_STARTED);
  end_what_is_open (self, self->floor, "A handler of “transaction-started”");
  self->floor = floor;

  if (!is_held)
    g_object_unref (self);
}

/* What begin() does. */
static inline void
start (TstStore *self)
{
  if (tst_store_depth (self) > 0)
    {
      push_mark (self);
      return;
    }

  if (!self->notifying)
    self->generation = self->engine->generation;

  self->engine->logging = TRUE;
  push_mark (self);

  if (self->notifying && self->deferred)
    return;

  self->deferred = self->notifying;
  if (!self->notifying)
    tst_store_find_handlers (self);
  if (tst_store_wants_phase (self, TST_LISTENER_KIND_STARTED))
    tell_started (self);
}

/* Closes what begin() opened. Returns: FALSE if it is undone */
static gboolean
finish (TstStore *self)
{
  guint64 generation = self->engine->generation;
  gboolean committed;

  if (tst_store_depth (self) > 1 || self->notifying)
    {
      self->depth--;
      return TRUE;
    }

  committed = close_transaction (self);
  /* What handlers have written with the defaults of a schema is a change. */
  if (G_UNLIKELY (self->origin == tst_schema_origin) && self->engine->generation != generation)
    self->origin = NULL;
  play_rounds (self);

  return committed;
}

void
tst_store_set_rolled_back (GError **error)
{
  g_set_error_literal (error, TST_ERROR, TST_ERROR_ROLLED_BACK,
                       _("A listener rolled the transaction back"));
}

/* --- Transactions --- */

/**
 * tst_store_begin:
 * @self: a store
 *
 * Opens a transaction.
 *
 * Until [method@Store.commit], listeners and signals are silent; getters show
 * what was written. Transactions nest: only the outermost one is finished by
 * its commit. What was done since a begin can be undone with
 * [method@Store.rollback].
 *
 * A transaction may stay open across iterations of a main loop. Persisters
 * wait for it to end.
 *
 * Since: 0.1
 */
void
tst_store_begin (TstStore *self)
{
  g_return_if_fail (TST_IS_STORE (self));

  start (self);
}

/**
 * tst_store_commit:
 * @self: a store
 *
 * Closes a transaction.
 *
 * If it is the outermost one, mutators are called
 * (`TST_LISTENER_MUTATOR`), [signal@Store::transaction-finishing] is
 * emitted, then listeners and signals are told what changed in the end, and
 * then [signal@Store::transaction-finished] is emitted. What listeners write
 * in the meantime follows as a transaction of its own, before this returns.
 *
 * It is a programmer's error to call this without [method@Store.begin].
 *
 * Returns: `FALSE` if the transaction was undone by a mutator
 *
 * Since: 0.1
 */
gboolean
tst_store_commit (TstStore *self)
{
  gboolean committed;

  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  /* The outermost one is not that of those who are called before its end; and
   * no open one is that of an interceptor. */
  g_return_val_if_fail (tst_store_depth (self) > self->closing, FALSE);
  g_return_val_if_fail (tst_store_depth (self) > self->floor, FALSE);

  if (tst_store_depth (self) == 1)
    tst_store_find_handlers (self);

  g_object_ref (self);
  committed = finish (self);
  g_object_unref (self);

  return committed;
}

/* Whoever is told may let go of the store: then dispose() keeps it until the
 * batch is closed, which is cheaper than a reference for each. */
void
tst_store_open_batch (TstStore *self)
{
  self->n_batches++;
  start (self);
}

/* Without a look at who connected meanwhile: there was no meanwhile. */
gboolean
tst_store_close_batch (TstStore *self)
{
  gboolean committed = finish (self);

  if (--self->n_batches == 0 && self->let_go)
    {
      self->let_go = FALSE;
      g_object_unref (self);
    }

  return committed;
}

/**
 * tst_store_rollback:
 * @self: a store
 *
 * Closes a transaction and undoes it.
 *
 * Everything is as it was at the matching [method@Store.begin]: the data,
 * its order, and the ids that [method@Store.add_row] will give out. In an
 * inner transaction, the outer one stays open.
 *
 * A mutator (`TST_LISTENER_MUTATOR`) or a handler of
 * [signal@Store::transaction-finishing] may call it without a begin: it undoes
 * the transaction that is about to be committed. What is still written to that
 * one is undone as well. [method@Store.commit] tells whoever began it.
 *
 * It is a programmer's error to call this without [method@Store.begin].
 *
 * Since: 0.1
 */
void
tst_store_rollback (TstStore *self)
{
  g_return_if_fail (TST_IS_STORE (self));
  g_return_if_fail (tst_store_depth (self) > self->floor);

  if (self->closing && tst_store_depth (self) == 1)
    {
      undo_transaction (self);
      return;
    }

  undo_to_mark (self, --self->depth);
  tst_store_find_handlers (self);

  if (tst_store_depth (self) > 0 || self->notifying)
    return;

  g_object_ref (self);
  play_rounds (self);
  g_object_unref (self);
}

/**
 * TstTransactFunc:
 * @store: the store
 * @user_data: the data given with the function
 * @error: where to put an error, which undoes the transaction
 *
 * Writes to a store in a transaction.
 *
 * Since: 0.1
 */

/**
 * tst_store_transact:
 * @self: a store
 * @func: (scope call) (closure user_data): the function to call
 * @user_data: data for @func
 * @error: where to put the error of @func
 *
 * Calls a function in a transaction of its own.
 *
 * If the function sets an error, everything that it wrote is undone, and the
 * error is returned. If a mutator undoes it, that is
 * [error@TStore.Error.ROLLED_BACK]. In any case no transaction stays open, even if the
 * function began one and forgot about it.
 *
 * ```c
 * static void
 * sell_cb (TstStore  *store,
 *          gpointer   row_id,
 *          GError   **error)
 * {
 *   if (tst_store_set_cell_boolean (store, "pets", row_id, "sold", TRUE, error))
 *     tst_store_set_value_string (store, "lastSold", row_id, error);
 * }
 * ```
 *
 * ```c
 * tst_store_transact (store, sell_cb, "fido", &error);
 * ```
 *
 * Returns: `TRUE` if the transaction was committed, `FALSE` with an error if
 *   it was rolled back
 *
 * Since: 0.1
 */
gboolean
tst_store_transact (TstStore         *self,
                    TstTransactFunc   func,
                    gpointer          user_data,
                    GError          **error)
{
  g_autoptr(GError) local_error = NULL;
  guint depth, n_open;

  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (func != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  g_object_ref (self);
  tst_store_begin (self);
  depth = tst_store_depth (self);

  func (self, user_data, &local_error);

  n_open = MAX (tst_store_depth (self) + 1, depth) - depth;
  if (local_error == NULL && n_open > 1)
    g_critical ("A function in tst_store_transact() began a transaction and did not end it");

  /* A listener that is told of the end may begin another one, and leave it open. */
  for (; n_open > 0; n_open--)
    if (local_error != NULL)
      tst_store_rollback (self);
    else if (!tst_store_commit (self))
      tst_store_set_rolled_back (&local_error);

  g_object_unref (self);

  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/**
 * tst_store_get_changes:
 * @self: a store
 *
 * Tells what the open transaction did so far.
 *
 * Returns: (transfer full): the net changes since the outermost
 *   [method@Store.begin]; none if no transaction is open
 *
 * Since: 0.1
 */
TstChanges *
tst_store_get_changes (TstStore *self)
{
  g_return_val_if_fail (TST_IS_STORE (self), NULL);

  return tst_changes_new_from_log (self->engine);
}

/* --- Content from outside --- */

gboolean
tst_store_is_busy (TstStore *self)
{
  return tst_store_depth (self) > 0 || self->in_rounds;
}

gboolean
tst_store_is_unsettled (TstStore *self)
{
  return self->engine->n_log > 0;
}

void
tst_store_push_origin (TstStore  *self,
                       TstOrigin  origin)
{
  g_assert (!tst_store_is_busy (self));
  g_assert (self->origin == NULL && origin != NULL);

  tst_store_tell_before_outside (self);
  self->origin = origin;
}

void
tst_store_pop_origin (TstStore *self)
{
  self->origin = NULL;
}
