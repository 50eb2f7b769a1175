/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-store-object-private.h"

/* From changes to listeners and signals. For each event the listeners come
 * first, then the signal, if anybody is connected to it. */

#define KIND(name) (1u << TST_EVENT_ ## name)

#define KINDS_OF_IDS  (KIND (TABLE_IDS) | KIND (ROW_IDS) | KIND (CELL_IDS))
#define KINDS_OF_ROWS (KIND (CELL) | KIND (ROW))

static const guint8 signal_of_kind[TST_N_EVENTS] = {
  [TST_EVENT_TABLE_IDS] = SIGNAL_TABLE_IDS_CHANGED,
  [TST_EVENT_ROW_IDS] = SIGNAL_ROW_IDS_CHANGED,
  [TST_EVENT_CELL_IDS] = SIGNAL_CELL_IDS_CHANGED,
  [TST_EVENT_CELL] = SIGNAL_CELL_CHANGED,
  [TST_EVENT_ROW] = SIGNAL_ROW_CHANGED,
  [TST_EVENT_TABLE] = SIGNAL_TABLE_CHANGED,
  [TST_EVENT_TABLES] = SIGNAL_TABLES_CHANGED,
  [TST_EVENT_VALUE_IDS] = SIGNAL_VALUE_IDS_CHANGED,
  [TST_EVENT_VALUE] = SIGNAL_VALUE_CHANGED,
  [TST_EVENT_VALUES] = SIGNAL_VALUES_CHANGED,
  [TST_EVENT_STARTED] = SIGNAL_TRANSACTION_STARTED,
  [TST_EVENT_FINISHING] = SIGNAL_TRANSACTION_FINISHING,
  [TST_EVENT_FINISHED] = SIGNAL_TRANSACTION_FINISHED,
};

typedef struct
{
  TstStore       *store;
  guint32         signals;  /* bit k: the signal of the kind k has handlers */
  const TstPlace *place;    /* (nullable): of the only row that changed */
} Dispatch;

static guint32
find_signals (TstStore *store)
{
  guint32 signals = 0;

  for (guint kind = 0; kind < TST_EVENT_STARTED; kind++)
    if (tst_store_has_handler (store, signal_of_kind[kind]))
      signals |= 1u << kind;

  return signals;
}

/* Is anybody to be told of an event of any of these kinds? */
static inline gboolean
wants (const Dispatch *self,
       guint32         kinds)
{
  return ((self->signals | tst_listeners_get_kinds (self->store->listeners)) & kinds) != 0;
}

/* The detail is a quark only if somebody made it one by connecting: ids from
 * a file never become quarks. */
static void
emit (const Dispatch *self,
      const TstEvent *event)
{
  GQuark detail = event->ids[0] ? g_quark_try_string (event->ids[0]->text) : 0;

  g_signal_emit (self->store, tst_store_signals[signal_of_kind[event->kind]], detail,
                 event->ids[0] ? event->ids[0]->text : NULL,
                 event->ids[1] ? event->ids[1]->text : NULL,
                 event->ids[2] ? event->ids[2]->text : NULL);
}

static void
tell (const Dispatch *self,
      const TstEvent *event)
{
  if (tst_listeners_get_kinds (self->store->listeners) & (1u << event->kind))
    tst_listeners_dispatch (self->store->listeners, self->store, event);
  if (self->signals & (1u << event->kind))
    emit (self, event);
}

/* --- Ids that came and went --- */

typedef struct
{
  GPtrArray *added;
  GPtrArray *removed;
} IdChanges;

static void
id_changes_init (IdChanges *self)
{
  self->added = g_ptr_array_new ();
  self->removed = g_ptr_array_new ();
}

static void
id_changes_add (IdChanges   *self,
                gint         delta,
                const TstId *id)
{
  if (delta != 0)
    g_ptr_array_add (delta > 0 ? self->added : self->removed, (gpointer) id->text);
}

static void
id_changes_tell (IdChanges      *self,
                 const Dispatch *dispatch,
                 TstEvent       *event)
{
  if (self->added->len > 0 || self->removed->len > 0)
    {
      g_ptr_array_add (self->added, NULL);
      g_ptr_array_add (self->removed, NULL);
      event->added = (const char * const *) self->added->pdata;
      event->removed = (const char * const *) self->removed->pdata;
      tell (dispatch, event);
    }

  g_ptr_array_unref (self->added);
  g_ptr_array_unref (self->removed);
}

static gint
cell_delta (const TstChangedCell *cell)
{
  return (tst_cell_type (&cell->new_cell) != TST_CELL_TYPE_NONE) -
         (tst_cell_type (&cell->old_cell) != TST_CELL_TYPE_NONE);
}

static void
tell_table_ids (const Dispatch   *self,
                const TstChanges *changes)
{
  TstEvent event = { .kind = TST_EVENT_TABLE_IDS };
  IdChanges ids;

  if (!wants (self, KIND (TABLE_IDS)))
    return;

  id_changes_init (&ids);
  for (guint i = 0; i < changes->n_tables; i++)
    id_changes_add (&ids, changes->tables[i].delta, changes->tables[i].id);
  id_changes_tell (&ids, self, &event);
}

static void
tell_row_ids (const Dispatch        *self,
              const TstChangedTable *table)
{
  TstEvent event = { .kind = TST_EVENT_ROW_IDS, .ids = { table->id } };
  IdChanges ids;

  id_changes_init (&ids);
  for (guint i = 0; i < table->n_rows; i++)
    id_changes_add (&ids, table->rows[i].delta, table->rows[i].id);
  id_changes_tell (&ids, self, &event);
}

static void
tell_cell_ids (const Dispatch      *self,
               const TstId         *table_id,
               const TstChangedRow *row)
{
  TstEvent event = { .kind = TST_EVENT_CELL_IDS, .ids = { table_id, row->id } };
  IdChanges ids;

  id_changes_init (&ids);
  for (guint i = 0; i < row->n_cells; i++)
    id_changes_add (&ids, cell_delta (&row->cells[i]), row->cells[i].id);
  id_changes_tell (&ids, self, &event);
}

static void
tell_all_ids (const Dispatch   *self,
              const TstChanges *changes)
{
  tell_table_ids (self, changes);

  if (wants (self, KIND (ROW_IDS)))
    for (guint i = 0; i < changes->n_tables; i++)
      tell_row_ids (self, &changes->tables[i]);

  if (wants (self, KIND (CELL_IDS)))
    for (guint i = 0; i < changes->n_tables; i++)
      for (guint j = 0; j < changes->tables[i].n_rows; j++)
        tell_cell_ids (self, changes->tables[i].id, &changes->tables[i].rows[j]);
}

/* --- What changed --- */

static void
tell_row (const Dispatch        *self,
          const TstChangedTable *table,
          const TstChangedRow   *row)
{
  TstEvent event = { .ids = { table->id, row->id }, .place = self->place };

  if (wants (self, KIND (CELL)))
    for (guint i = 0; i < row->n_cells; i++)
      {
        event.kind = TST_EVENT_CELL;
        event.ids[2] = row->cells[i].id;
        event.cell = &row->cells[i];
        tell (self, &event);
      }

  if (!wants (self, KIND (ROW)))
    return;

  event.kind = TST_EVENT_ROW;
  event.ids[2] = NULL;
  event.cell = NULL;
  tell (self, &event);
}

static void
tell_table (const Dispatch        *self,
            const TstChangedTable *table)
{
  TstEvent event = { .kind = TST_EVENT_TABLE, .ids = { table->id } };

  tell (self, &event);
}

static void
tell_tables (const Dispatch   *self,
             const TstChanges *changes)
{
  gboolean wants_rows = wants (self, KINDS_OF_ROWS);
  TstEvent event;

  for (guint i = 0; i < changes->n_tables; i++)
    {
      const TstChangedTable *table = &changes->tables[i];

      for (guint j = 0; wants_rows && j < table->n_rows; j++)
        tell_row (self, table, &table->rows[j]);
      if (wants (self, KIND (TABLE)))
        tell_table (self, table);
    }

  if (changes->n_tables == 0 || !wants (self, KIND (TABLES)))
    return;

  event = (TstEvent) { .kind = TST_EVENT_TABLES };
  tell (self, &event);
}

static void
tell_values (const Dispatch      *self,
             const TstChangedRow *values)
{
  TstEvent event = { .kind = TST_EVENT_VALUE_IDS };

  if (wants (self, KIND (VALUE_IDS)))
    {
      IdChanges ids;

      id_changes_init (&ids);
      for (guint i = 0; i < values->n_cells; i++)
        id_changes_add (&ids, cell_delta (&values->cells[i]), values->cells[i].id);
      id_changes_tell (&ids, self, &event);
    }

  for (guint i = 0; i < values->n_cells; i++)
    {
      TstEvent value_event = {
        .kind = TST_EVENT_VALUE, .ids = { values->cells[i].id }, .cell = &values->cells[i]
      };

      tell (self, &value_event);
    }

  event = (TstEvent) { .kind = TST_EVENT_VALUES };
  tell (self, &event);
}

void
tst_store_dispatch_changes (TstStore         *self,
                            const TstChanges *changes,
                            const TstPlace   *place)
{
  Dispatch dispatch = { self, self->has_handlers ? find_signals (self) : 0, place };

  if (wants (&dispatch, KINDS_OF_IDS))
    tell_all_ids (&dispatch, changes);
  tell_tables (&dispatch, changes);
  if (changes->values.n_cells > 0)
    tell_values (&dispatch, &changes->values);
}

void
tst_store_dispatch_phase (TstStore     *self,
                          TstEventKind  kind)
{
  TstEvent event = { .kind = kind };

  tst_listeners_dispatch (self->listeners, self, &event);
  if (self->has_handlers)
    g_signal_emit (self, tst_store_signals[signal_of_kind[kind]], 0);
}
