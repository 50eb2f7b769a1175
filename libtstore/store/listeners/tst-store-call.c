/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-store-object-private.h"

/* Calling a listener without a change: for what there is now. */

typedef struct
{
  TstStore        *store;
  TstListeners    *listeners;
  gulong           handle;
  TstListenerKind  kind;
  char            *asked[TST_MAX_POSITIONS];  /* (nullable): owned: what the listener is for */
  const char      *ids[TST_MAX_POSITIONS];    /* what it is called for */
} Caller;

/* --- What a wildcard stands for --- */

typedef char **(*ListFunc) (const Caller *self);

static char **
list_tables (const Caller *self)
{
  return tst_store_get_table_ids (self->store);
}

static char **
list_rows (const Caller *self)
{
  return tst_store_get_row_ids (self->store, self->ids[0]);
}

static char **
list_cells (const Caller *self)
{
  return tst_store_get_cell_ids (self->store, self->ids[0], self->ids[1]);
}

static char **
list_table_cells (const Caller *self)
{
  return tst_store_get_table_cell_ids (self->store, self->ids[0]);
}

static char **
list_values (const Caller *self)
{
  return tst_store_get_value_ids (self->store);
}

/* For each id of a kind. */
static const ListFunc lists[TST_N_LISTENER_KINDS][TST_MAX_POSITIONS] = {
  [TST_LISTENER_KIND_HAS_TABLE] = { list_tables },
  [TST_LISTENER_KIND_TABLE_CELL_IDS] = { list_tables },
  [TST_LISTENER_KIND_HAS_TABLE_CELL] = { list_tables, list_table_cells },
  [TST_LISTENER_KIND_ROW_COUNT] = { list_tables },
  [TST_LISTENER_KIND_ROW_IDS] = { list_tables },
  [TST_LISTENER_KIND_HAS_ROW] = { list_tables, list_rows },
  [TST_LISTENER_KIND_CELL_IDS] = { list_tables, list_rows },
  [TST_LISTENER_KIND_HAS_CELL] = { list_tables, list_rows, list_cells },
  [TST_LISTENER_KIND_CELL] = { list_tables, list_rows, list_cells },
  [TST_LISTENER_KIND_ROW] = { list_tables, list_rows },
  [TST_LISTENER_KIND_TABLE] = { list_tables },
  [TST_LISTENER_KIND_HAS_VALUE] = { list_values },
  [TST_LISTENER_KIND_VALUE] = { list_values },
};

/* --- What there is to tell --- */

/* Returns: how many there are, or whether there are any */
static guint
count (const Caller *self)
{
  TstStore *store = self->store;
  const char * const *ids = self->ids;

  switch ((int) self->kind)
    {
    case TST_LISTENER_KIND_HAS_TABLES:
      return tst_store_has_tables (store);
    case TST_LISTENER_KIND_HAS_TABLE:
      return tst_store_has_table (store, ids[0]);
    case TST_LISTENER_KIND_HAS_TABLE_CELL:
      return tst_store_has_table_cell (store, ids[0], ids[1]);
    case TST_LISTENER_KIND_ROW_COUNT:
      return tst_store_get_n_rows (store, ids[0]);
    case TST_LISTENER_KIND_HAS_ROW:
      return tst_store_has_row (store, ids[0], ids[1]);
    case TST_LISTENER_KIND_HAS_CELL:
      return tst_store_has_cell (store, ids[0], ids[1], ids[2]);
    case TST_LISTENER_KIND_HAS_VALUES:
      return tst_store_has_values (store);
    case TST_LISTENER_KIND_HAS_VALUE:
      return tst_store_has_value (store, ids[0]);
    default:
      return 0;
    }
}

/* Returns: (nullable): the cell or value, for the kinds that tell it */
static const TstCell *
find_cell (const Caller *self)
{
  if (self->kind == TST_LISTENER_KIND_CELL)
    return tst_store_peek_cell (self->store, self->ids[0], self->ids[1], self->ids[2]);
  if (self->kind == TST_LISTENER_KIND_VALUE)
    return tst_store_peek_value (self->store, self->ids[0]);

  return NULL;
}

/* --- Calling --- */

static gboolean
call_once (const Caller *self)
{
  static const char * const none[] = { NULL };
  TstChangedCell cell = { NULL, TST_CELL_INIT, TST_CELL_INIT };
  TstId *ids[TST_MAX_POSITIONS] = { NULL, };
  const TstCell *now = find_cell (self);
  TstEvent event = {
    .kind = self->kind, .n = count (self), .added = none, .removed = none, .cell = &cell
  };
  gboolean called;

  if (now != NULL)
    {
      tst_cell_copy (&cell.old_cell, now);
      tst_cell_copy (&cell.new_cell, now);
    }
  for (guint i = 0; i < TST_MAX_POSITIONS && self->ids[i] != NULL; i++)
    event.ids[i] = ids[i] = tst_id_new (self->ids[i], strlen (self->ids[i]));

  called = tst_listeners_call (self->listeners, self->store, self->handle, &event);

  tst_cell_clear (&cell.old_cell);
  tst_cell_clear (&cell.new_cell);
  for (guint i = 0; i < TST_MAX_POSITIONS; i++)
    g_clear_pointer (&ids[i], tst_id_unref);

  return called;
}

/* Returns: FALSE if the listener is gone, as it may have removed itself */
static gboolean
call_from (Caller *self,
           guint   position)
{
  ListFunc list = position < TST_MAX_POSITIONS ? lists[self->kind][position] : NULL;
  g_auto(GStrv) ids = NULL;
  gboolean goes_on = TRUE;

  if (list == NULL)
    return call_once (self);

  if (self->asked[position] != NULL)
    {
      self->ids[position] = self->asked[position];
      return call_from (self, position + 1);
    }

  ids = list (self);
  for (guint i = 0; ids[i] != NULL && goes_on; i++)
    {
      self->ids[position] = ids[i];
      goes_on = call_from (self, position + 1);
    }
  self->ids[position] = NULL;

  return goes_on;
}

static gboolean
find_listener (Caller       *self,
               TstListeners *listeners)
{
  self->listeners = listeners;

  return listeners != NULL &&
         tst_listeners_find (listeners, self->handle, &self->kind, self->asked);
}

/**
 * tst_store_call_listener:
 * @self: a store
 * @listener_id: the handle of a listener
 *
 * Calls a listener for what there is in the store, without any change.
 *
 * It is called for each thing that it was added for: if that is any row, for
 * each row there is. A listener to cells gets the same value as the new one and
 * as the old one, a listener to ids gets none that were added or removed, and
 * one to a page of sorted rows gets the page.
 * Listeners to what was refused are not called.
 *
 * The listener may write, and remove itself. It is called here and now, in
 * the transaction that is open, if one is; that also goes for a mutator.
 *
 * Returns: `TRUE` if there was such a listener
 *
 * Since: 0.1
 */
gboolean
tst_store_call_listener (TstStore *self,
                         gulong    listener_id)
{
  Caller caller = { .store = self, .handle = listener_id };

  g_return_val_if_fail (TST_IS_STORE (self), FALSE);

  if (!find_listener (&caller, self->listeners) && !find_listener (&caller, self->mutators))
    return FALSE;

  g_object_ref (self);
  if (caller.kind == TST_LISTENER_KIND_SORTED_ROW_IDS)
    tst_store_call_with_sorted_page (self, caller.listeners, listener_id);
  else if (caller.kind != TST_LISTENER_KIND_INVALID_CELL &&
           caller.kind != TST_LISTENER_KIND_INVALID_VALUE)
    call_from (&caller, 0);
  g_object_unref (self);

  for (guint i = 0; i < TST_MAX_POSITIONS; i++)
    g_free (caller.asked[i]);

  return TRUE;
}
