/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-store-intercept.h"

#include "tst-store-intercept-private.h"

/* Interceptors, and how they are asked. */

typedef struct
{
  gulong            id;
  TstWriteKinds     kinds;
  TstInterceptFunc  func;
  gpointer          user_data;
  GDestroyNotify    destroy;     /* (nullable) */
  gboolean          is_running;  /* what it writes itself is not its business */
  gboolean          is_removed;
} Interceptor;

static void
interceptor_clear (gpointer data)
{
  Interceptor *self = data;

  if (self->destroy != NULL)
    self->destroy (self->user_data);
}

static void
interceptor_unref (gpointer data)
{
  g_rc_box_release_full (data, interceptor_clear);
}

/* --- Adding and removing --- */

/* An array may be in use when interceptors come and go: there is a new one each
 * time. @without: (nullable) */
static GPtrArray *
copy_interceptors (TstStore          *self,
                   const Interceptor *without)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func (interceptor_unref);

  for (guint i = 0; self->interceptors != NULL && i < self->interceptors->len; i++)
    if (g_ptr_array_index (self->interceptors, i) != without)
      g_ptr_array_add (copy, g_rc_box_acquire (g_ptr_array_index (self->interceptors, i)));

  return copy;
}

/* Returns: (transfer full) (nullable): the ones until now. Whom their data belongs to may do
 * anything when they are freed: last of all. */
static GPtrArray *
exchange_interceptors (TstStore  *self,
                       GPtrArray *interceptors)
{
  GPtrArray *old = self->interceptors;

  self->interceptors = interceptors;
  self->intercepted = 0;
  for (guint i = 0; i < interceptors->len; i++)
    self->intercepted |= ((Interceptor *) g_ptr_array_index (interceptors, i))->kinds;

  return old;
}

static Interceptor *
find_interceptor (TstStore *self,
                  gulong    id)
{
  for (guint i = 0; self->interceptors != NULL && i < self->interceptors->len; i++)
    {
      Interceptor *interceptor = g_ptr_array_index (self->interceptors, i);

      if (interceptor->id == id)
        return interceptor;
    }

  return NULL;
}

/**
 * TstInterceptFunc:
 * @store: the store
 * @write: what is about to be written to it
 * @user_data: the data given with the function
 *
 * Is asked about a write before it is done.
 *
 * Since: 0.1
 */

/**
 * tst_store_add_interceptor:
 * @self: a store
 * @kinds: what to be asked about
 * @func: (scope notified) (closure user_data) (destroy destroy): the function to call
 * @user_data: data for @func
 * @destroy: (nullable): what frees @user_data when the interceptor is gone
 *
 * Asks to be asked about writes before they are done.
 *
 * The interceptor gets a [class@Write], and may alter or refuse what is to be
 * written. What it does nothing about goes on. Interceptors are asked in the order in
 * which they were added; each sees what those before it made of the write, and
 * the first one that refuses it is the last one that is asked.
 *
 * ## What is asked
 *
 * For each write, from large to small: `TST_WRITE_SET_CONTENT`, for all tables
 * `TST_WRITE_SET_TABLES`, for each of them `TST_WRITE_SET_TABLE`, for each of its
 * rows `TST_WRITE_SET_ROW`, and for each of its cells `TST_WRITE_SET_CELL`; for the
 * keyed values `TST_WRITE_SET_VALUES`, and for each `TST_WRITE_SET_VALUE`; beginning with
 * what was asked for.
 *
 * - Setting one or some cells of a row asks `TST_WRITE_SET_ROW`, with the whole row
 *   as it would be, and then `TST_WRITE_SET_CELL`. It is the same with keyed
 *   values. So nothing gets around who looks after a row; but cells are removed
 *   from it one by one, without a look at the row.
 * - Removing asks in the same order: `TST_WRITE_REMOVE_TABLES`,
 *   `TST_WRITE_REMOVE_TABLE`, `TST_WRITE_REMOVE_ROW`, `TST_WRITE_REMOVE_CELL`. Tables, rows
 *   and cells that are not in what is set are removed as well, and asked about
 *   when the rest of the table, row or content was.
 * - [method@Store.apply_changes] asks `TST_WRITE_APPLY_CHANGES`, and then about
 *   each cell, keyed value, and removal.
 * - Nobody is asked about what is so already: not about a cell that is set to
 *   what it holds, nor about an unchanged row of a table.
 * - What a persister loads is set as well. [method@Store.rollback] sets nothing.
 *
 * ## What becomes of it
 *
 * What is refused stays as it is; all the rest of the write is done. A row of
 * which no cell remains stays as it is, too, and so does a table of which no row
 * remains, and so on: as if it were refused itself. If that is what was asked for, the
 * write fails with [error@TStore.Error.REFUSED]; or does nothing and returns
 * `FALSE`, if it is a removal. Listeners to what is invalid are told of each cell, row or
 * more that was not set.
 *
 * All interceptors are asked before anything is written, except for what they write
 * themselves. That is part of the same transaction, and comes first: the
 * write that they were asked about may replace it. An interceptor is not asked
 * about what it writes itself. One that begins a transaction has to end it.
 *
 * In Python and JavaScript, an interceptor that throws an exception refuses
 * the write. In C and Vala, one that is in doubt has to refuse it itself.
 *
 * Returns: a handle for [method@Store.remove_interceptor], never 0, and never
 *   given out again
 *
 * Since: 0.1
 */
gulong
tst_store_add_interceptor (TstStore         *self,
                           TstWriteKinds     kinds,
                           TstInterceptFunc  func,
                           gpointer          user_data,
                           GDestroyNotify    destroy)
{
  GPtrArray *interceptors, *old;
  Interceptor *interceptor;

  g_return_val_if_fail (TST_IS_STORE (self), 0);
  g_return_val_if_fail (kinds != 0 && (kinds & ~TST_WRITE_ANY) == 0, 0);
  g_return_val_if_fail (func != NULL, 0);

  interceptor = g_rc_box_new0 (Interceptor);
  interceptor->id = ++self->last_interceptor;
  interceptor->kinds = kinds;
  interceptor->func = func;
  interceptor->user_data = user_data;
  interceptor->destroy = destroy;

  interceptors = copy_interceptors (self, NULL);
  g_ptr_array_add (interceptors, interceptor);
  old = exchange_interceptors (self, interceptors);
  g_clear_pointer (&old, g_ptr_array_unref);

  return interceptor->id;
}

/**
 * tst_store_remove_interceptor:
 * @self: a store
 * @interceptor_id: the handle of an interceptor
 *
 * Asks an interceptor no more, from now on.
 *
 * Returns: `TRUE` if there was such an interceptor
 *
 * Since: 0.1
 */
gboolean
tst_store_remove_interceptor (TstStore *self,
                              gulong    interceptor_id)
{
  Interceptor *interceptor;
  GPtrArray *old;

  g_return_val_if_fail (TST_IS_STORE (self), FALSE);

  interceptor = find_interceptor (self, interceptor_id);
  if (interceptor == NULL)
    return FALSE;

  interceptor->is_removed = TRUE;
  old = exchange_interceptors (self, copy_interceptors (self, interceptor));
  g_ptr_array_unref (old);

  return TRUE;
}

/* --- Asking --- */

static gboolean
is_asked (const Interceptor *self,
          TstWriteKinds      kinds)
{
  return (self->kinds & kinds) && !self->is_running && !self->is_removed;
}

static void
call (TstStore    *store,
      Interceptor *interceptor,
      TstWrite    *write)
{
  guint floor = tst_store_enter_interceptor (store);

  interceptor->is_running = TRUE;
  interceptor->func (store, write, interceptor->user_data);
  interceptor->is_running = FALSE;

  tst_store_leave_interceptor (store, floor);
}

static void
tell_refusal (TstStore     *store,
              TstWrite     *write,
              const GError *refusal)
{
  TstWriteKinds kind = tst_write_get_kind (write);

  if (kind & (TST_WRITE_SET_VALUES | TST_WRITE_SET_VALUE))
    tst_store_refuse_value (store, tst_write_get_value_id (write), refusal);
  else if (kind & (TST_WRITE_SETS_CONTENT | TST_WRITE_SETS_CELL | TST_WRITE_APPLY_CHANGES))
    tst_store_refuse_cell (store, tst_write_get_table_id (write), tst_write_get_row_id (write),
                           tst_write_get_cell_id (write), refusal);
}

gboolean
tst_asking_wants (TstAsking     *self,
                  TstWriteKinds  kinds)
{
  const GPtrArray *interceptors = self->store->interceptors;

  if (!(self->store->intercepted & kinds))
    return FALSE;

  for (guint i = 0; i < interceptors->len; i++)
    if (is_asked (g_ptr_array_index (interceptors, i), kinds))
      return TRUE;

  return FALSE;
}

gboolean
tst_asking_ask (TstAsking *self,
                TstWrite  *write)
{
  g_autoptr(GPtrArray) interceptors = g_ptr_array_ref (self->store->interceptors);
  TstWriteKinds kind = tst_write_get_kind (write);
  g_autoptr(GError) refusal = NULL;

  for (guint i = 0; i < interceptors->len && !tst_write_is_refused (write); i++)
    if (is_asked (g_ptr_array_index (interceptors, i), kind))
      call (self->store, g_ptr_array_index (interceptors, i), write);

  refusal = tst_write_end (write);
  if (refusal == NULL)
    return TRUE;

  tell_refusal (self->store, write, refusal);
  if (self->refusal == NULL)
    self->refusal = g_steal_pointer (&refusal);

  return FALSE;
}

/* --- Around all of it --- */

static void
path_clear (gpointer data)
{
  TstPath *self = data;

  g_clear_pointer (&self->table_id, tst_id_unref);
  g_clear_pointer (&self->row_id, tst_id_unref);
  g_clear_pointer (&self->id, tst_id_unref);
}

static TstId *
id_new (const char *text)
{
  return text ? tst_id_new (text, strlen (text)) : NULL;
}

void
tst_paths_add (GArray     *paths,
               const char *table_id,
               const char *row_id,
               const char *id)
{
  TstPath path = { id_new (table_id), id_new (row_id), id_new (id) };

  g_array_append_val (paths, path);
}

static GArray *
paths_new (void)
{
  GArray *paths = g_array_new (FALSE, FALSE, sizeof (TstPath));

  g_array_set_clear_func (paths, path_clear);

  return paths;
}

void
tst_asking_begin (TstAsking *self,
                  TstStore  *store)
{
  *self = (TstAsking) { .store = store, .gone = paths_new (), .kept = paths_new () };

  self->mark = tst_store_open_statement (store);
}

gboolean
tst_asking_end (TstAsking  *self,
                gboolean    done,
                GError    **error)
{
  gboolean closed;

  g_array_unref (self->gone);
  g_array_unref (self->kept);
  if (done)
    g_clear_error (&self->refusal);
  else
    g_propagate_error (error, g_steal_pointer (&self->refusal));

  closed = tst_store_close_statement (self->store, self->mark, done ? error : NULL);

  return done && closed;
}

gboolean
tst_asking_has_effect (TstAsking *self)
{
  return self->refusal == NULL || self->n_set > 0 || self->gone->len > 0;
}

void
tst_asking_take_error (TstAsking *self,
                       GError    *error)
{
  g_clear_error (&self->refusal);
  self->refusal = error;
}

/* As the batch is open, nobody is told of anything, and so nobody else writes. */
TstWriteKinds
tst_asking_let_through (TstAsking *self)
{
  TstWriteKinds intercepted = self->store->intercepted;

  self->store->intercepted = 0;

  return intercepted;
}

void
tst_asking_intercept_again (TstAsking     *self,
                            TstWriteKinds  intercepted)
{
  self->store->intercepted = intercepted;
}
