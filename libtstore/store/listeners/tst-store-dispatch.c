/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-store-object-private.h"

/* From changes to listeners and signals. For each event the listeners come
 * first, then the signal, if anybody is connected to it. */

#define KIND(name) (1u << TST_LISTENER_KIND_ ## name)

#define KINDS_OF_TOTALS (KIND (HAS_TABLES) | KIND (TABLE_CELL_IDS) | KIND (HAS_TABLE_CELL) | \
                         KIND (ROW_COUNT) | KIND (HAS_VALUES))
#define KINDS_OF_IDS    (KIND (HAS_TABLES) | KIND (TABLE_IDS) | KIND (HAS_TABLE) | \
                         KIND (TABLE_CELL_IDS) | KIND (HAS_TABLE_CELL) | KIND (ROW_COUNT) | \
                         KIND (ROW_IDS) | KIND (HAS_ROW) | KIND (SORTED_ROW_IDS) | \
                         KIND (CELL_IDS) | KIND (HAS_CELL))
#define KINDS_OF_ROWS   (KIND (CELL) | KIND (ROW))

/* In the order of the kinds, those of tables come before those of values. */
#define KINDS_OF_TABLES (KIND (INVALID_VALUE) - 1)
#define KINDS_OF_VALUES (KIND (STARTED) - KIND (INVALID_VALUE))

#define NO_SIGNAL N_SIGNALS

static const guint8 signal_of_kind[TST_N_LISTENER_KINDS] = {
  [TST_LISTENER_KIND_INVALID_CELL] = SIGNAL_INVALID_CELL,
  [TST_LISTENER_KIND_HAS_TABLES] = NO_SIGNAL,
  [TST_LISTENER_KIND_TABLE_IDS] = SIGNAL_TABLE_IDS_CHANGED,
  [TST_LISTENER_KIND_HAS_TABLE] = NO_SIGNAL,
  [TST_LISTENER_KIND_TABLE_CELL_IDS] = NO_SIGNAL,
  [TST_LISTENER_KIND_HAS_TABLE_CELL] = NO_SIGNAL,
  [TST_LISTENER_KIND_ROW_COUNT] = NO_SIGNAL,
  [TST_LISTENER_KIND_ROW_IDS] = SIGNAL_ROW_IDS_CHANGED,
  [TST_LISTENER_KIND_HAS_ROW] = NO_SIGNAL,
  [TST_LISTENER_KIND_SORTED_ROW_IDS] = NO_SIGNAL,
  [TST_LISTENER_KIND_CELL_IDS] = SIGNAL_CELL_IDS_CHANGED,
  [TST_LISTENER_KIND_HAS_CELL] = NO_SIGNAL,
  [TST_LISTENER_KIND_CELL] = SIGNAL_CELL_CHANGED,
  [TST_LISTENER_KIND_ROW] = SIGNAL_ROW_CHANGED,
  [TST_LISTENER_KIND_TABLE] = SIGNAL_TABLE_CHANGED,
  [TST_LISTENER_KIND_TABLES] = SIGNAL_TABLES_CHANGED,
  [TST_LISTENER_KIND_INVALID_VALUE] = SIGNAL_INVALID_VALUE,
  [TST_LISTENER_KIND_HAS_VALUES] = NO_SIGNAL,
  [TST_LISTENER_KIND_VALUE_IDS] = SIGNAL_VALUE_IDS_CHANGED,
  [TST_LISTENER_KIND_HAS_VALUE] = NO_SIGNAL,
  [TST_LISTENER_KIND_VALUE] = SIGNAL_VALUE_CHANGED,
  [TST_LISTENER_KIND_VALUES] = SIGNAL_VALUES_CHANGED,
  [TST_LISTENER_KIND_STARTED] = SIGNAL_TRANSACTION_STARTED,
  [TST_LISTENER_KIND_FINISHING] = SIGNAL_TRANSACTION_FINISHING,
  [TST_LISTENER_KIND_FINISHED] = SIGNAL_TRANSACTION_FINISHED,
};

/* An id that came (1) or went (-1). */
typedef struct
{
  const TstId *id;
  gint         delta;
} IdChange;

typedef struct
{
  guint   n_rows;
  gint    delta;      /* by how much they changed */
  GArray *cell_ids;   /* of IdChange */
} TableTotals;

typedef struct
{
  TstStore       *store;
  TstListeners   *listeners;
  guint32         signals;   /* bit k: the signal of the kind k has handlers */
  const TstPlace *place;     /* (nullable): of the only row that changed */
  GPtrArray      *pages;     /* (nullable): of TstSortedPage: those that are others now */

  /* What is not in the changes: counted if somebody is to be told, and before
   * anybody is, as listeners may write. */
  guint           n_tables;
  guint           n_values;
  TableTotals    *totals;    /* (nullable): of each changed table */
} Dispatch;

/* It costs to find out: only for what there may be to tell. */
static guint32
find_signals (TstStore         *store,
              const TstChanges *changes,
              gboolean          refused)
{
  guint32 kinds = refused ? KIND (INVALID_CELL) | KIND (INVALID_VALUE) : 0;
  guint32 signals = 0;

  if (changes->n_tables > 0)
    kinds |= KINDS_OF_TABLES & ~KIND (INVALID_CELL);
  if (changes->values.n_cells > 0)
    kinds |= KINDS_OF_VALUES & ~KIND (INVALID_VALUE);

  for (guint kind = 0; kind < TST_LISTENER_KIND_STARTED; kind++)
    if ((kinds & (1u << kind)) && signal_of_kind[kind] != NO_SIGNAL &&
        tst_store_has_handler (store, signal_of_kind[kind]))
      signals |= 1u << kind;

  return signals;
}

/* Is anybody to be told of an event of any of these kinds? */
static inline gboolean
wants (const Dispatch *self,
       guint32         kinds)
{
  return ((self->signals | tst_listeners_get_kinds (self->listeners)) & kinds) != 0;
}

/* The detail is a quark only if somebody made it one by connecting: ids from
 * a file never become quarks. */
G_GNUC_NO_INLINE static void
emit (const Dispatch *self,
      const TstEvent *event)
{
  guint signal = tst_store_signals[signal_of_kind[event->kind]];
  const char *id_0 = event->ids[0] ? event->ids[0]->text : NULL;
  const char *id_1 = event->ids[1] ? event->ids[1]->text : NULL;
  const char *id_2 = event->ids[2] ? event->ids[2]->text : NULL;

  if (event->kind == TST_LISTENER_KIND_INVALID_CELL)
    g_signal_emit (self->store, signal, 0, id_0, id_1, id_2, event->error);
  else if (event->kind == TST_LISTENER_KIND_INVALID_VALUE)
    g_signal_emit (self->store, signal, 0, id_0, event->error);
  else
    g_signal_emit (self->store, signal, id_0 ? g_quark_try_string (id_0) : 0, id_0, id_1, id_2);
}

static inline void
tell_patterns (const Dispatch *self,
               const TstEvent *event,
               guint8          patterns)
{
  if (tst_listeners_get_kinds (self->listeners) & (1u << event->kind))
    tst_listeners_dispatch (self->listeners, self->store, event, patterns);
  if (self->signals & (1u << event->kind))
    emit (self, event);
}

static void
tell (const Dispatch *self,
      const TstEvent *event)
{
  tell_patterns (self, event, TST_ALL_PATTERNS);
}

/* --- What was refused --- */

/* It may not be known to which cell a write was: then nobody who asked for one
 * in particular is told. */
static guint8
find_known_patterns (const TstRefusal *refusal)
{
  guint unknown = (refusal->ids[0] == NULL) << 2 | (refusal->ids[1] == NULL) << 1 |
                  (refusal->ids[2] == NULL);
  guint8 patterns = 0;

  for (guint pattern = 0; pattern < TST_N_PATTERNS; pattern++)
    if ((pattern & unknown) == 0)
      patterns |= 1u << pattern;

  return patterns;
}

/* There may be more meanwhile, if mutators are told. */
static void
tell_refusals (const Dispatch  *self,
               TstListenerKind  kind,
               const GPtrArray *refused)
{
  guint n = refused->len;

  for (guint i = 0; i < n; i++)
    {
      const TstRefusal *refusal = g_ptr_array_index (refused, i);
      TstEvent event = {
        .kind = kind, .ids = { refusal->ids[0], refusal->ids[1], refusal->ids[2] },
        .error = refusal->error
      };

      if (refusal->kind == kind)
        tell_patterns (self, &event, find_known_patterns (refusal));
    }
}

/* --- Ids that came and went --- */

static GArray *
id_changes_new (void)
{
  return g_array_new (FALSE, FALSE, sizeof (IdChange));
}

static void
id_changes_add (GArray      *self,
                const TstId *id,
                gint         delta)
{
  IdChange change = { id, delta };

  if (delta != 0)
    g_array_append_val (self, change);
}

static gint
id_changes_sum (const GArray *self)
{
  gint sum = 0;

  for (guint i = 0; i < self->len; i++)
    sum += g_array_index (self, IdChange, i).delta;

  return sum;
}

static GArray *
find_table_ids (const TstChanges *changes)
{
  GArray *ids = id_changes_new ();

  for (guint i = 0; i < changes->n_tables; i++)
    id_changes_add (ids, changes->tables[i].id, changes->tables[i].delta);

  return ids;
}

static GArray *
find_row_ids (const TstChangedTable *table)
{
  GArray *ids = id_changes_new ();

  for (guint i = 0; i < table->n_rows; i++)
    id_changes_add (ids, table->rows[i].id, table->rows[i].delta);

  return ids;
}

static gint
cell_delta (const TstChangedCell *cell)
{
  return (tst_cell_type (&cell->new_cell) != TST_CELL_TYPE_NONE) -
         (tst_cell_type (&cell->old_cell) != TST_CELL_TYPE_NONE);
}

static GArray *
find_cell_ids (const TstChangedRow *row)
{
  GArray *ids = id_changes_new ();

  for (guint i = 0; i < row->n_cells; i++)
    id_changes_add (ids, row->cells[i].id, cell_delta (&row->cells[i]));

  return ids;
}

static void
tell_lists (const Dispatch *self,
            TstEvent       *event,
            const GArray   *ids)
{
  g_autofree const char **lists = g_new (const char *, ids->len + 2);
  guint n = 0;

  event->added = lists;
  for (guint i = 0; i < ids->len; i++)
    if (g_array_index (ids, IdChange, i).delta > 0)
      lists[n++] = g_array_index (ids, IdChange, i).id->text;
  lists[n++] = NULL;

  event->removed = lists + n;
  for (guint i = 0; i < ids->len; i++)
    if (g_array_index (ids, IdChange, i).delta < 0)
      lists[n++] = g_array_index (ids, IdChange, i).id->text;
  lists[n] = NULL;

  tell (self, event);
}

/* All of them at once, then one by one. @event has the ids of what they are in. */
static void
tell_ids (const Dispatch  *self,
          TstListenerKind  ids_kind,
          TstListenerKind  has_kind,
          TstEvent         event,
          GArray          *ids)
{
  guint position = (event.ids[0] != NULL) + (event.ids[1] != NULL);

  event.kind = ids_kind;
  if (ids->len > 0 && wants (self, 1u << ids_kind))
    tell_lists (self, &event, ids);

  event.kind = has_kind;
  for (guint i = 0; i < ids->len && wants (self, 1u << has_kind); i++)
    {
      event.ids[position] = g_array_index (ids, IdChange, i).id;
      event.n = g_array_index (ids, IdChange, i).delta > 0;
      tell (self, &event);
    }
}

/* Whether there are any, if it was not so before they changed by @delta. */
static void
tell_has_any (const Dispatch  *self,
              TstListenerKind  kind,
              guint            n,
              gint             delta)
{
  TstEvent event = { .kind = kind, .n = n > 0 };

  if ((n > 0) != ((gint64) n - delta > 0))
    tell (self, &event);
}

static void
tell_table_ids (const Dispatch   *self,
                const TstChanges *changes)
{
  g_autoptr(GArray) ids = find_table_ids (changes);

  if (self->totals != NULL)
    tell_has_any (self, TST_LISTENER_KIND_HAS_TABLES, self->n_tables, id_changes_sum (ids));
  tell_ids (self, TST_LISTENER_KIND_TABLE_IDS, TST_LISTENER_KIND_HAS_TABLE, (TstEvent) { 0 }, ids);
}

static void
tell_totals (const Dispatch   *self,
             const TstChanges *changes)
{
  for (guint i = 0; i < changes->n_tables; i++)
    tell_ids (self, TST_LISTENER_KIND_TABLE_CELL_IDS, TST_LISTENER_KIND_HAS_TABLE_CELL,
              (TstEvent) { .ids = { changes->tables[i].id } }, self->totals[i].cell_ids);

  for (guint i = 0; i < changes->n_tables; i++)
    {
      TstEvent event = {
        .kind = TST_LISTENER_KIND_ROW_COUNT, .ids = { changes->tables[i].id },
        .n = self->totals[i].n_rows
      };

      if (self->totals[i].delta != 0)
        tell (self, &event);
    }
}

static void
tell_row_ids (const Dispatch        *self,
              const TstChangedTable *table)
{
  g_autoptr(GArray) ids = find_row_ids (table);

  tell_ids (self, TST_LISTENER_KIND_ROW_IDS, TST_LISTENER_KIND_HAS_ROW,
            (TstEvent) { .ids = { table->id } }, ids);
}

/* A mutator may have undone all of it. @table_id: (nullable): NULL for any */
static void
tell_pages (const Dispatch *self,
            const TstId    *table_id)
{
  for (guint i = 0; i < self->pages->len && !self->store->undone; i++)
    {
      TstSortedPage *page = g_ptr_array_index (self->pages, i);

      if (table_id == NULL || tst_id_equal (tst_sorted_page_get_table_id (page), table_id))
        tst_sorted_page_tell (page, self->listeners, self->store);
    }
}

static gboolean
has_other_rows (const TstChangedTable *table)
{
  for (guint i = 0; i < table->n_rows; i++)
    if (table->rows[i].delta != 0)
      return TRUE;

  return FALSE;
}

/* Of tables that got or lost rows, the pages come with the ids of the rows. */
static void
tell_rows_and_pages (const Dispatch   *self,
                     const TstChanges *changes)
{
  for (guint i = 0; i < changes->n_tables; i++)
    {
      const TstChangedTable *table = &changes->tables[i];

      if (wants (self, KIND (ROW_IDS) | KIND (HAS_ROW)))
        tell_row_ids (self, table);
      if (self->pages != NULL && has_other_rows (table))
        tell_pages (self, table->id);
    }

  if (self->pages != NULL)
    tell_pages (self, NULL);
}

static void
tell_cell_ids (const Dispatch      *self,
               const TstId         *table_id,
               const TstChangedRow *row)
{
  g_autoptr(GArray) ids = find_cell_ids (row);

  tell_ids (self, TST_LISTENER_KIND_CELL_IDS, TST_LISTENER_KIND_HAS_CELL,
            (TstEvent) { .ids = { table_id, row->id } }, ids);
}

static void
tell_all_ids (const Dispatch   *self,
              const TstChanges *changes)
{
  if (wants (self, KIND (HAS_TABLES) | KIND (TABLE_IDS) | KIND (HAS_TABLE)))
    tell_table_ids (self, changes);

  if (self->totals != NULL)
    tell_totals (self, changes);

  if (self->pages != NULL || wants (self, KIND (ROW_IDS) | KIND (HAS_ROW)))
    tell_rows_and_pages (self, changes);

  if (wants (self, KIND (CELL_IDS) | KIND (HAS_CELL)))
    for (guint i = 0; i < changes->n_tables; i++)
      for (guint j = 0; j < changes->tables[i].n_rows; j++)
        tell_cell_ids (self, changes->tables[i].id, &changes->tables[i].rows[j]);
}

/* --- What changed --- */

static inline G_ALWAYS_INLINE void
tell_row (const Dispatch        *self,
          const TstChangedTable *table,
          const TstChangedRow   *row)
{
  TstEvent event = { .ids = { table->id, row->id }, .place = self->place };

  if (wants (self, KIND (CELL)))
    for (guint i = 0; i < row->n_cells; i++)
      {
        event.kind = TST_LISTENER_KIND_CELL;
        event.ids[2] = row->cells[i].id;
        event.cell = &row->cells[i];
        tell (self, &event);
      }

  if (!wants (self, KIND (ROW)))
    return;

  event.kind = TST_LISTENER_KIND_ROW;
  event.ids[2] = NULL;
  event.cell = NULL;
  tell (self, &event);
}

static void
tell_table (const Dispatch        *self,
            const TstChangedTable *table)
{
  TstEvent event = { .kind = TST_LISTENER_KIND_TABLE, .ids = { table->id } };

  tell (self, &event);
}

static inline G_ALWAYS_INLINE void
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

  event = (TstEvent) { .kind = TST_LISTENER_KIND_TABLES };
  tell (self, &event);
}

static void
tell_value_ids (const Dispatch      *self,
                const TstChangedRow *values)
{
  g_autoptr(GArray) ids = find_cell_ids (values);

  if (self->totals != NULL)
    tell_has_any (self, TST_LISTENER_KIND_HAS_VALUES, self->n_values, id_changes_sum (ids));
  tell_ids (self, TST_LISTENER_KIND_VALUE_IDS, TST_LISTENER_KIND_HAS_VALUE, (TstEvent) { 0 }, ids);
}

static void
tell_values (const Dispatch      *self,
             const TstChangedRow *values)
{
  TstEvent event = { .kind = TST_LISTENER_KIND_VALUES };

  if (wants (self, KIND (HAS_VALUES) | KIND (VALUE_IDS) | KIND (HAS_VALUE)))
    tell_value_ids (self, values);

  for (guint i = 0; i < values->n_cells; i++)
    {
      TstEvent value_event = {
        .kind = TST_LISTENER_KIND_VALUE, .ids = { values->cells[i].id }, .cell = &values->cells[i]
      };

      tell (self, &value_event);
    }

  tell (self, &event);
}

/* --- What is not in the changes --- */

/* By how much the cells of each id changed in number. */
static void
count_cells (const TstChangedTable *table,
             GArray                *counts)
{
  TstIdMap map = { NULL, };

  for (guint i = 0; i < table->n_rows; i++)
    for (guint j = 0; j < table->rows[i].n_cells; j++)
      {
        TstChangedCell *cell = &table->rows[i].cells[j];
        guint32 at = tst_id_map_find_id (&map, cell->id);

        if (at == TST_ID_MAP_NONE)
          {
            IdChange change = { cell->id, 0 };

            at = counts->len;
            g_array_append_val (counts, change);
            tst_id_map_insert (&map, cell->id, at);
          }
        g_array_index (counts, IdChange, at).delta += cell_delta (cell);
      }

  tst_id_map_clear (&map);
}

/* Returns: of IdChange: the cell ids that @table began and ceased to use */
static GArray *
find_table_cell_ids (const TstTable        *now,
                     const TstChangedTable *table)
{
  g_autoptr(GArray) counts = id_changes_new ();
  GArray *ids = id_changes_new ();

  count_cells (table, counts);
  for (guint i = 0; i < counts->len; i++)
    {
      const IdChange *count = &g_array_index (counts, IdChange, i);
      gint64 n = now ? tst_table_count_cells (now, count->id) : 0;

      id_changes_add (ids, count->id, (n > 0) - (n - count->delta > 0));
    }

  return ids;
}

G_GNUC_NO_INLINE static void
count_totals (Dispatch         *self,
              const TstChanges *changes)
{
  self->n_tables = tst_store_get_n_tables (self->store);
  self->n_values = tst_store_get_n_values (self->store);
  self->totals = g_new (TableTotals, changes->n_tables + 1);

  for (guint i = 0; i < changes->n_tables; i++)
    {
      const TstChangedTable *table = &changes->tables[i];
      const TstTable *now = tst_engine_find_table (self->store->engine, table->id->text);
      TableTotals *totals = &self->totals[i];

      totals->n_rows = now ? now->data->n_rows : 0;
      totals->delta = 0;
      for (guint j = 0; j < table->n_rows; j++)
        totals->delta += table->rows[j].delta;
      totals->cell_ids = wants (self, KIND (TABLE_CELL_IDS) | KIND (HAS_TABLE_CELL))
                           ? find_table_cell_ids (now, table) : id_changes_new ();
    }
}

static void
clear_totals (Dispatch         *self,
              const TstChanges *changes)
{
  for (guint i = 0; i < changes->n_tables; i++)
    g_array_unref (self->totals[i].cell_ids);
  g_free (self->totals);
}

/* --- From the transaction --- */

static inline G_ALWAYS_INLINE void
dispatch_tables (const Dispatch   *self,
                 const TstChanges *changes)
{
  if (wants (self, KINDS_OF_IDS))
    tell_all_ids (self, changes);
  tell_tables (self, changes);
}

static inline G_ALWAYS_INLINE void
dispatch_values (const Dispatch   *self,
                 const TstChanges *changes)
{
  if (changes->values.n_cells > 0)
    tell_values (self, &changes->values);
}

void
tst_store_dispatch_changes (TstStore         *self,
                            const TstChanges *changes,
                            const TstPlace   *place,
                            GPtrArray        *pages)
{
  g_autoptr(GPtrArray) refused = g_steal_pointer (&self->refused);
  Dispatch dispatch = {
    .store = self, .listeners = self->listeners, .place = place, .pages = pages,
    .signals = self->has_handlers ? find_signals (self, changes, refused != NULL) : 0
  };

  if (wants (&dispatch, KINDS_OF_TOTALS))
    count_totals (&dispatch, changes);

  /* Models are right before anybody hears of anything. */
  if (G_UNLIKELY (self->sorted != NULL))
    tst_store_tell_orders (self);

  if (refused != NULL)
    tell_refusals (&dispatch, TST_LISTENER_KIND_INVALID_CELL, refused);
  dispatch_tables (&dispatch, changes);
  if (refused != NULL)
    tell_refusals (&dispatch, TST_LISTENER_KIND_INVALID_VALUE, refused);
  dispatch_values (&dispatch, changes);

  if (dispatch.totals != NULL)
    clear_totals (&dispatch, changes);
}

/* What was refused: whoever mends that does so before the others look. */
static void
tell_refused (TstStore        *self,
              TstListenerKind  kind)
{
  Dispatch dispatch = { .store = self, .listeners = self->mutators };

  if (self->refused != NULL)
    tell_refusals (&dispatch, kind, self->refused);
}

/* What the transaction did until now, in one of the two parts. */
static void
tell_mutators (TstStore  *self,
               GPtrArray *pages,
               void     (*dispatch_part) (const Dispatch   *dispatch,
                                          const TstChanges *changes))
{
  Dispatch dispatch = { .store = self, .listeners = self->mutators, .pages = pages };
  g_autoptr(TstChanges) changes = tst_changes_new_from_log (self->engine);

  if (wants (&dispatch, KINDS_OF_TOTALS))
    count_totals (&dispatch, changes);

  dispatch_part (&dispatch, changes);

  if (dispatch.totals != NULL)
    clear_totals (&dispatch, changes);
}

static void
tell_mutators_of_tables (TstStore *self)
{
  g_autoptr(GPtrArray) pages = NULL;

  tell_refused (self, TST_LISTENER_KIND_INVALID_CELL);
  if (tst_listeners_get_kinds (self->mutators) & KIND (SORTED_ROW_IDS))
    pages = tst_sorted_pages_follow (self->sorted->pages, TRUE);
  tell_mutators (self, pages, dispatch_tables);
  tst_sorted_pages_put_off (pages);
}

/* Mutators of values see the values that those of tables wrote, and all see
 * what was mended; apart from that, mutators do not see what mutators do. */
void
tst_store_dispatch_mutators (TstStore *self)
{
  tst_listeners_set_stopped (self->mutators, FALSE);

  if (tst_listeners_get_kinds (self->mutators) & KINDS_OF_TABLES)
    tell_mutators_of_tables (self);
  if (tst_listeners_get_kinds (self->mutators) & KINDS_OF_VALUES)
    {
      tell_refused (self, TST_LISTENER_KIND_INVALID_VALUE);
      tell_mutators (self, NULL, dispatch_values);
    }
}

void
tst_store_dispatch_phase (TstStore        *self,
                          TstListenerKind  kind)
{
  TstEvent event = { .kind = kind };

  tst_listeners_dispatch (self->listeners, self, &event, TST_ALL_PATTERNS);
  if (self->has_handlers)
    g_signal_emit (self, tst_store_signals[signal_of_kind[kind]], 0);
}
