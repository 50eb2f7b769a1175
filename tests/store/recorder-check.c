/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "recorder-private.h"

#include <string.h>

static guint64
sum_model_ids (const GPtrArray *ids)
{
  guint64 sum = ids->len;

  for (guint i = 0; i < ids->len; i++)
    sum += recorder_mix (GPOINTER_TO_SIZE (ids->pdata[i]));

  return sum;
}

/* --- What should have been heard --- */

/* Objects and arrays are given out as their text. */
static ModelValue
as_given_out (ModelValue value)
{
  if (value.type == TST_CELL_TYPE_OBJECT || value.type == TST_CELL_TYPE_ARRAY)
    value.type = TST_CELL_TYPE_STRING;

  return value;
}

static gboolean
is_for (const RecorderListener *listener,
        const Event    *event)
{
  return (listener->table_id == NULL || listener->table_id == event->table_id) &&
         (listener->row_id == NULL || listener->row_id == event->row_id) &&
         (listener->cell_id == NULL || listener->cell_id == event->cell_id);
}

/* One event, for each who listens to it. */
static void
expect (Recorder *self,
        GArray   *expected,
        Event     event)
{
  GPtrArray *listeners = self->listeners[self->expects_mutators][event.kind];

  event.is_mutator = self->expects_mutators;
  for (guint i = 0; i < listeners->len; i++)
    {
      const RecorderListener *listener = g_ptr_array_index (listeners, i);
      Event heard = event;

      if (!is_for (listener, &event))
        continue;

      heard.who = listener->who;
      if (listener->is_signal)
        {
          memset (&heard.new_value, 0, sizeof (ModelValue));
          memset (&heard.old_value, 0, sizeof (ModelValue));
          heard.added = heard.removed = 0;
        }
      g_array_append_val (expected, heard);
    }
}

static Event
ids_event (EventKind       kind,
           const char     *table_id,
           const char     *row_id,
           const ModelIds *ids)
{
  return (Event) {
    .kind = kind,
    .table_id = table_id,
    .row_id = row_id,
    .added = sum_model_ids (ids->added),
    .removed = sum_model_ids (ids->removed),
  };
}

static void
expect_ids (Recorder       *self,
            GArray         *expected,
            EventKind       kind,
            const char     *table_id,
            const char     *row_id,
            const ModelIds *ids)
{
  if (self->listeners[self->expects_mutators][kind]->len > 0 && ids->added->len + ids->removed->len > 0)
    expect (self, expected, ids_event (kind, table_id, row_id, ids));
}

/* All of them at once, then one by one, in what is in @where. */
static void
expect_ids_and_has (Recorder       *self,
                    GArray         *expected,
                    EventKind       ids_kind,
                    EventKind       has_kind,
                    Event           where,
                    const ModelIds *ids)
{
  gboolean is_row = has_kind == EVENT_HAS_ROW, is_table = has_kind == EVENT_HAS_TABLE;

  expect_ids (self, expected, ids_kind, where.table_id, where.row_id, ids);

  for (guint i = 0; i < ids->added->len + ids->removed->len; i++)
    {
      gboolean exists = i < ids->added->len;
      const char *id = exists ? ids->added->pdata[i] : ids->removed->pdata[i - ids->added->len];
      Event event = where;

      event.kind = has_kind;
      event.n = exists;
      *(is_table ? &event.table_id : is_row ? &event.row_id : &event.cell_id) = id;
      expect (self, expected, event);
    }
}

static void
expect_has_any (Recorder  *self,
                GArray    *expected,
                EventKind  kind,
                guint      n_before,
                guint      n_after)
{
  if ((n_before > 0) != (n_after > 0))
    expect (self, expected, (Event) { .kind = kind, .n = n_after > 0 });
}

static void
expect_cells (Recorder           *self,
              GArray             *expected,
              EventKind           kind,
              const char         *table_id,
              const ModelRowDiff *row)
{
  for (guint i = 0; i < row->cells->len; i++)
    {
      const ModelCellDiff *cell = &g_array_index (row->cells, ModelCellDiff, i);

      expect (self, expected, (Event) {
        .kind = kind,
        .table_id = table_id,
        .row_id = row->id,
        .cell_id = cell->id,
        .new_value = as_given_out (cell->new_value),
        .old_value = as_given_out (cell->old_value),
      });
    }
}

static void
expect_table (Recorder             *self,
              GArray               *expected,
              const ModelTableDiff *table)
{
  for (guint j = 0; j < table->rows->len; j++)
    {
      const ModelRowDiff *row = g_ptr_array_index (table->rows, j);

      expect_cells (self, expected, EVENT_CELL, table->id, row);
      expect (self, expected, (Event) { .kind = EVENT_ROW,
                                        .table_id = table->id,
                                        .row_id = row->id });
    }
  expect (self, expected, (Event) { .kind = EVENT_TABLE, .table_id = table->id });
}

static void
expect_rows (Recorder             *self,
             GArray               *expected,
             const ModelTableDiff *table)
{
  for (guint j = 0; j < table->rows->len; j++)
    {
      const ModelRowDiff *row = g_ptr_array_index (table->rows, j);

      expect_ids_and_has (self, expected, EVENT_CELL_IDS, EVENT_HAS_CELL,
                          (Event) { .table_id = table->id, .row_id = row->id }, &row->ids);
    }
}

static void
expect_table_ids (Recorder             *self,
                  GArray               *expected,
                  const ModelTableDiff *table)
{
  Event where = { .table_id = table->id };

  expect_ids_and_has (self, expected, EVENT_TABLE_CELL_IDS, EVENT_HAS_TABLE_CELL, where,
                      &table->cell_ids);
  expect_ids_and_has (self, expected, EVENT_ROW_IDS, EVENT_HAS_ROW, where, &table->ids);

  where.kind = EVENT_ROW_COUNT;
  where.n = table->n_after;
  if (table->n_before != table->n_after)
    expect (self, expected, where);
}

/* By kind, which is not the order of all: comparing brings them into that. */
static void
expect_tables (Recorder        *self,
               GArray          *expected,
               const ModelDiff *diff)
{
  expect_has_any (self, expected, EVENT_HAS_TABLES, diff->before->n_tables, diff->after->n_tables);
  expect_ids_and_has (self, expected, EVENT_TABLE_IDS, EVENT_HAS_TABLE, (Event) { 0 }, &diff->ids);

  for (guint i = 0; i < diff->tables->len; i++)
    expect_table_ids (self, expected, g_ptr_array_index (diff->tables, i));
  for (guint i = 0; i < diff->tables->len; i++)
    expect_rows (self, expected, g_ptr_array_index (diff->tables, i));
  for (guint i = 0; i < diff->tables->len; i++)
    expect_table (self, expected, g_ptr_array_index (diff->tables, i));

  if (diff->tables->len > 0)
    expect (self, expected, (Event) { .kind = EVENT_TABLES });
}

static void
expect_values (Recorder        *self,
               GArray          *expected,
               const ModelDiff *diff)
{
  if (diff->values == NULL)
    return;

  expect_has_any (self, expected, EVENT_HAS_VALUES,
                  diff->before->values->n_cells, diff->after->values->n_cells);
  expect_ids_and_has (self, expected, EVENT_VALUE_IDS, EVENT_HAS_VALUE, (Event) { 0 },
                      &diff->values->ids);
  expect_cells (self, expected, EVENT_VALUE, NULL, diff->values);
  expect (self, expected, (Event) { .kind = EVENT_VALUES });
}

static void
expect_invalid (Recorder     *self,
                GArray       *expected,
                const GArray *invalid)
{
  for (guint i = 0; invalid != NULL && i < invalid->len; i++)
    expect (self, expected, g_array_index (invalid, Event, i));
}

static GArray *
expect_mutators (Recorder            *self,
                 const RecorderRound *round)
{
  GArray *expected = g_array_new (FALSE, FALSE, sizeof (Event));

  if (round->mutable_tables == NULL)
    return expected;

  self->expects_mutators = TRUE;
  expect_invalid (self, expected, round->invalid);
  expect_tables (self, expected, round->mutable_tables);
  expect_values (self, expected, round->mutable_values);
  self->expects_mutators = FALSE;

  return expected;
}

static GArray *
expect_others (Recorder            *self,
               const RecorderRound *round)
{
  GArray *expected = g_array_new (FALSE, FALSE, sizeof (Event));

  if (!self->answered)
    expect (self, expected, (Event) { .kind = EVENT_STARTED });
  if (!round->rolled_back)
    expect (self, expected, (Event) { .kind = EVENT_FINISHING });

  expect_invalid (self, expected, round->invalid);
  expect_tables (self, expected, round->diff);
  expect_values (self, expected, round->diff);
  if (!model_diff_is_empty (round->diff))
    expect (self, expected, (Event) { .kind = EVENT_CHANGED });
  expect (self, expected, (Event) { .kind = EVENT_FINISHED });

  return expected;
}

/* --- Comparing --- */

static gboolean
event_equal (const Event *a,
             const Event *b)
{
  return a->kind == b->kind && a->who == b->who &&
         a->table_id == b->table_id && a->row_id == b->row_id && a->cell_id == b->cell_id &&
         a->added == b->added && a->removed == b->removed && a->n == b->n &&
         model_value_equal (&a->new_value, &b->new_value) &&
         model_value_equal (&a->old_value, &b->old_value);
}

static gboolean
events_equal (const GArray *a,
              const GArray *b)
{
  if (a->len != b->len)
    return FALSE;

  for (guint i = 0; i < a->len; i++)
    {
      if (!event_equal (&g_array_index (a, Event, i), &g_array_index (b, Event, i)))
        return FALSE;
    }

  return TRUE;
}

/* Where in one list of events each table, row and cell comes first, so that
 * another list can be brought into that order. Cells, their row and its table
 * come together, and so do the ids of a table or row, and each of them. */
typedef struct
{
  GHashTable   *first;
  const GArray *events;
} Order;

static EventKind
kind_of_group (EventKind kind)
{
  switch ((int) kind)
    {
    case EVENT_ROW:
    case EVENT_TABLE:
      return EVENT_CELL;
    case EVENT_HAS_TABLE_CELL:
      return EVENT_TABLE_CELL_IDS;
    case EVENT_HAS_ROW:
      return EVENT_ROW_IDS;
    case EVENT_HAS_CELL:
      return EVENT_CELL_IDS;
    default:
      return kind;
    }
}

static gpointer
order_key (const Event *event,
           guint        depth)
{
  guint64 hash = recorder_mix (kind_of_group (event->kind) * 4 + depth + 1);

  hash = recorder_mix (hash * 31 + GPOINTER_TO_SIZE (event->table_id));
  if (depth > 0)
    hash = recorder_mix (hash * 31 + GPOINTER_TO_SIZE (event->row_id));
  if (depth > 1)
    hash = recorder_mix (hash * 31 + GPOINTER_TO_SIZE (event->cell_id));

  return GSIZE_TO_POINTER (hash);
}

static guint
order_rank (const Order *order,
            const Event *event,
            guint        depth)
{
  gpointer at;

  if ((depth == 1 && event->kind == EVENT_TABLE) ||
      (depth == 2 && (event->kind == EVENT_ROW || event->kind == EVENT_TABLE)))
    return G_MAXUINT; /* after what is in it */
  if ((depth == 1 && event->kind == EVENT_ROW_IDS) ||
      (depth == 2 && (event->kind == EVENT_CELL_IDS || event->kind == EVENT_TABLE_CELL_IDS)))
    return 0; /* before each of them */
  if (!g_hash_table_lookup_extended (order->first, order_key (event, depth), NULL, &at))
    return G_MAXUINT - 1;

  return GPOINTER_TO_UINT (at) + 1;
}

static int
compare_events (gconstpointer a,
                gconstpointer b,
                gpointer      user_data)
{
  const Event *first = &g_array_index (((Order *) user_data)->events, Event, *(const guint *) a);
  const Event *second = &g_array_index (((Order *) user_data)->events, Event, *(const guint *) b);
  EventKind kind = kind_of_group (first->kind), other_kind = kind_of_group (second->kind);

  if (kind != other_kind)
    return kind < other_kind ? -1 : 1;

  for (guint depth = 0; depth < 3; depth++)
    {
      guint rank = order_rank (user_data, first, depth);
      guint other = order_rank (user_data, second, depth);

      if (kind == EVENT_INVALID_CELL || kind == EVENT_INVALID_VALUE)
        break; /* as they came */
      if (rank != other)
        return rank < other ? -1 : 1;
    }

  return *(const guint *) a < *(const guint *) b ? -1 : 1; /* as they were */
}

/* Brings @expected into the order of tables, rows and cells of @heard. */
static GArray *
reorder (const GArray *expected,
         const GArray *heard)
{
  g_autoptr(GHashTable) first = g_hash_table_new (NULL, NULL);
  g_autofree guint *indices = g_new (guint, expected->len + 1);
  GArray *result = g_array_new (FALSE, FALSE, sizeof (Event));
  Order order = { first, expected };

  for (guint i = heard->len; i-- > 0; )
    {
      for (guint depth = 0; depth < 3; depth++)
        g_hash_table_insert (first, order_key (&g_array_index (heard, Event, i), depth),
                             GUINT_TO_POINTER (i));
    }

  for (guint i = 0; i < expected->len; i++)
    indices[i] = i;
  g_qsort_with_data (indices, expected->len, sizeof (guint), compare_events, &order);
  for (guint i = 0; i < expected->len; i++)
    g_array_append_val (result, g_array_index (expected, Event, indices[i]));

  return result;
}

static void
print_events (const char   *title,
              const GArray *events)
{
  g_printerr ("%s: %u\n", title, events->len);
  for (guint i = 0; i < MIN (events->len, 60); i++)
    {
      const Event *e = &g_array_index (events, Event, i);
      g_autofree char *new_value = model_value_print (&e->new_value);
      g_autofree char *old_value = model_value_print (&e->old_value);

      g_printerr ("  kind %d to %u: [%s] [%s] [%s] new %s old %s added %" G_GINT64_MODIFIER "x"
                  " removed %" G_GINT64_MODIFIER "x\n",
                  e->kind, e->who, e->table_id, e->row_id, e->cell_id, new_value, old_value,
                  e->added, e->removed);
    }
}

static void
assert_same (const GArray *heard,
             const GArray *expected)
{
  g_autoptr(GArray) reordered = NULL;

  if (events_equal (heard, expected))
    return;

  reordered = reorder (expected, heard);
  if (events_equal (heard, reordered))
    return;

  print_events ("heard", heard);
  print_events ("expected", reordered);
  g_error ("The store said something else than it should have said");
}

static GArray *
events_of_diff (const ModelDiff *diff)
{
  GArray *events = g_array_new (FALSE, FALSE, sizeof (Event));
  Event event = { EVENT_CELL };

  for (guint i = 0; i < diff->tables->len; i++)
    {
      const ModelTableDiff *table = g_ptr_array_index (diff->tables, i);

      for (guint j = 0; j < table->rows->len; j++)
        {
          const ModelRowDiff *row = g_ptr_array_index (table->rows, j);

          for (guint k = 0; k < row->cells->len; k++)
            {
              const ModelCellDiff *cell = &g_array_index (row->cells, ModelCellDiff, k);

              event = (Event) { EVENT_CELL, 0, table->id, row->id, cell->id,
                                as_given_out (cell->new_value), as_given_out (cell->old_value) };
              g_array_append_val (events, event);
            }
        }
    }

  for (guint k = 0; diff->values != NULL && k < diff->values->cells->len; k++)
    {
      const ModelCellDiff *cell = &g_array_index (diff->values->cells, ModelCellDiff, k);

      event = (Event) { EVENT_VALUE, 0, NULL, NULL, cell->id,
                        as_given_out (cell->new_value), as_given_out (cell->old_value) };
      g_array_append_val (events, event);
    }

  return events;
}

void
recorder_check_changes (TstChanges      *changes,
                        const ModelDiff *diff)
{
  g_autoptr(GArray) events = recorder_take_changes (changes);
  g_autoptr(GArray) expected = events_of_diff (diff);
  g_auto(GStrv) table_ids = tst_changes_get_table_ids (changes);

  assert_same (events, expected);

  g_assert_cmpuint (g_strv_length (table_ids), ==, diff->tables->len);
  for (guint i = 0; i < diff->tables->len; i++)
    {
      const ModelTableDiff *table = g_ptr_array_index (diff->tables, i);
      g_auto(GStrv) row_ids = tst_changes_get_row_ids (changes, table->id);

      g_assert_true (g_strv_contains ((const char * const *) table_ids, table->id));
      g_assert_cmpuint (g_strv_length (row_ids), ==, table->rows->len);
    }
}

/* What the signal "changed" carried, to each who is connected to it. */
static void
check_changed (Recorder        *self,
               const ModelDiff *diff)
{
  guint n = self->listeners[FALSE][EVENT_CHANGED]->len;
  g_autoptr(GArray) expected = NULL;

  if (n == 0 || model_diff_is_empty (diff))
    return;

  expected = events_of_diff (diff);
  g_assert_cmpuint (self->changed->len, >=, n);
  for (guint i = 0; i < n; i++)
    assert_same (g_ptr_array_index (self->changed, i), expected);
  g_ptr_array_remove_range (self->changed, 0, n);
}

/* How many of the events come before the end of the transaction. Mutators
 * come after its start, and before everything else. */
static guint
count_mutators (const GArray *events)
{
  guint n_started = 0, n = 0;

  while (n_started < events->len &&
         g_array_index (events, Event, n_started).kind == EVENT_STARTED)
    n_started++;
  while (n_started + n < events->len && g_array_index (events, Event, n_started + n).is_mutator)
    n++;

  return n;
}

/* Takes the first @n events of mutators, or of others. */
static GArray *
take_events (Recorder *self,
             gboolean  is_mutator,
             guint     n)
{
  GArray *taken = g_array_new (FALSE, FALSE, sizeof (Event));
  guint n_seen = 0, n_left = 0;

  while (n_seen < self->events->len && taken->len < n)
    {
      Event event = g_array_index (self->events, Event, n_seen++);

      if (event.is_mutator == is_mutator)
        g_array_append_val (taken, event);
      else
        g_array_index (self->events, Event, n_left++) = event;
    }
  g_array_remove_range (self->events, n_left, n_seen - n_left);

  return taken;
}

static void
check_mutators (Recorder            *self,
                const RecorderRound *round)
{
  g_autoptr(GArray) expected = expect_mutators (self, round);
  /* If nobody else was told in between, those of the next round follow. */
  guint n = MIN (count_mutators (self->events), expected->len);
  g_autoptr(GArray) heard = take_events (self, TRUE, n);

  /* The one that undoes the transaction is the last. */
  if (round->rolled_back && heard->len < expected->len)
    {
      g_autoptr(GArray) reordered = reorder (expected, heard);

      g_array_set_size (reordered, heard->len);
      assert_same (heard, reordered);
    }
  else
    {
      assert_same (heard, expected);
    }
}

void
recorder_check (Recorder            *self,
                const RecorderRound *round)
{
  g_autoptr(GArray) expected = expect_others (self, round);
  g_autoptr(GArray) heard = NULL;

  check_mutators (self, round);
  heard = take_events (self, FALSE, expected->len);
  assert_same (heard, expected);
  check_changed (self, round->diff);
}

void
recorder_check_silence (Recorder *self)
{
  if (self->events->len > 0)
    print_events ("heard too much", self->events);
  g_assert_cmpuint (self->events->len, ==, 0);
  g_assert_cmpuint (self->changed->len, ==, 0);
}
