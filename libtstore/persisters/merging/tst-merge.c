/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-merge-private.h"

#include "tst-conflict-private.h"
#include "tst-engine-private.h"
#include "tst-merge-insides-private.h"

/* What comes out, by what became of a thing of the base here and there:
 *
 *   here             there            result
 *   as it was        anything         theirs
 *   anything         as it was        ours
 *   the same change on both sides     that
 *   cell set         cell set         ours (KEPT)
 *   cell set         cell removed     ours (KEPT)
 *   cell removed     cell set         theirs (TAKEN)
 *   row changed      row removed      the whole row of ours (ROW_KEPT)
 *   row removed      row changed      the whole row of theirs (ROW_TAKEN)
 *   row added        row added        as two sets of cells; but if its id comes
 *                                     from the pool, both, ours under a new id
 *                                     (ROW_MOVED)
 *   row removed, and another added    as both: the removed one is that of the
 *   under its id from the pool        base, the added one is new
 *
 * A table that is removed is rows that are removed. Values are like the cells
 * of one row. The order is theirs, then what is only ours. */

typedef struct
{
  const TstTableData *data;     /* (nullable) */
  guint32            *columns;  /* of the result, for each column of data; or NO_COLUMN */
} Source;

#define NO_COLUMN G_MAXUINT32

typedef struct
{
  TstEngine    *engine;
  TstConflict  *conflict;
  TstId        *table_id;
  TstTable     *table;          /* (nullable): until the first cell */
  const TstTableData *base;     /* (nullable) */
  guint32       number;         /* of the base */
  gboolean      agreed;
  Source        ours;
  Source        theirs;
  GPtrArray    *moved;          /* of TstId: rows of ours that need a new id */
} Merge;

static gboolean
row_equal (const TstTableData *a_data,
           const TstRowView   *a,
           const TstTableData *b_data,
           const TstRowView   *b)
{
  if (a->n_cells != b->n_cells)
    return FALSE;
  if (a->cells == b->cells && a->columns == b->columns && a_data == b_data)
    return TRUE;

  for (guint i = 0; i < a->n_cells; i++)
    {
      TstId *cell_id = tst_table_data_get_column_id (a_data, a->columns[i]);
      const TstCell *cell = tst_table_data_find_cell (b_data, b, cell_id);

      if (cell == NULL || !tst_cell_equal (&a->cells[i], cell))
        return FALSE;
    }

  return TRUE;
}

/* What a cell becomes; NULL: it is removed. */
static const TstCell *
choose_cell (const TstCell   *base,
             const TstCell   *ours,
             const TstCell   *theirs,
             TstConflictKind *kind,
             gboolean        *conflict)
{
  *conflict = FALSE;

  if (same_cell (base, ours) || same_cell (ours, theirs))
    return theirs;
  if (same_cell (base, theirs))
    return ours;

  *conflict = TRUE;
  *kind = ours != NULL ? TST_CONFLICT_KEPT : TST_CONFLICT_TAKEN;

  return ours != NULL ? ours : theirs;
}

/* --- Writing the result --- */

static void
put_cell (Merge         *merge,
          Source        *source,
          TstId         *row_id,
          guint32        column,
          const TstCell *cell)
{
  TstCell copy;
  guint32 row;

  if (merge->table == NULL)
    merge->table = tst_engine_ensure_table (merge->engine, merge->table_id->text,
                                            merge->table_id->length, NULL);

  if (source->columns[column] == NO_COLUMN)
    {
      TstId *cell_id = tst_table_data_get_column_id (source->data, column);

      source->columns[column] = tst_engine_ensure_column (merge->engine, merge->table,
                                                          cell_id->text, cell_id->length);
    }

  row = tst_engine_ensure_row (merge->engine, merge->table, row_id->text, row_id->length, NULL);
  tst_cell_copy (&copy, cell);
  if (!tst_engine_put_cell (merge->engine, merge->table, row, source->columns[column], &copy))
    g_assert_not_reached ();
}

static void
put_row (Merge            *merge,
         Source           *source,
         const TstRowView *row,
         TstId            *row_id)
{
  for (guint i = 0; i < row->n_cells; i++)
    put_cell (merge, source, row_id, row->columns[i], &row->cells[i]);
}

/* One that nobody else can know yet. */
static void
put_added_row (Merge            *merge,
               const TstRowView *row,
               TstId            *row_id)
{
  guint32 slot;

  put_row (merge, &merge->ours, row, row_id);
  slot = tst_engine_ensure_row (merge->engine, merge->table, row_id->text, row_id->length, NULL);
  tst_engine_set_pooled (merge->engine, merge->table, slot, row->pooled);
}

static void
report (Merge           *merge,
        TstConflictKind  kind,
        TstId           *row_id,
        TstId           *cell_id,
        TstId           *new_row_id)
{
  tst_conflict_add (merge->conflict,
                    kind,
                    merge->table_id->text,
                    row_id->text,
                    cell_id != NULL ? cell_id->text : NULL,
                    new_row_id != NULL ? new_row_id->text : NULL);
}

/* --- Rows --- */

static void
merge_cells (Merge            *merge,
             const TstRowView *base,
             const TstRowView *ours,
             const TstRowView *theirs)
{
  TstId *row_id = theirs->id;

  for (guint i = 0; i < theirs->n_cells; i++)
    {
      TstId *cell_id = tst_table_data_get_column_id (merge->theirs.data, theirs->columns[i]);
      TstConflictKind kind = TST_CONFLICT_KEPT;
      gboolean conflict;
      const TstCell *cell;

      cell = choose_cell (find_cell (merge->base, base, cell_id),
                          find_cell (merge->ours.data, ours, cell_id),
                          &theirs->cells[i], &kind, &conflict);
      if (cell != NULL)
        put_cell (merge, &merge->theirs, row_id, theirs->columns[i], cell);
      if (conflict)
        report (merge, kind, row_id, cell_id, NULL);
    }

  for (guint i = 0; i < ours->n_cells; i++)
    {
      TstId *cell_id = tst_table_data_get_column_id (merge->ours.data, ours->columns[i]);
      TstConflictKind kind = TST_CONFLICT_KEPT;
      gboolean conflict;

      if (tst_table_data_find_cell (merge->theirs.data, theirs, cell_id) != NULL)
        continue;

      if (choose_cell (find_cell (merge->base, base, cell_id), &ours->cells[i], NULL,
                       &kind, &conflict) != NULL)
        put_cell (merge, &merge->ours, row_id, ours->columns[i], &ours->cells[i]);
      if (conflict)
        report (merge, kind, row_id, cell_id, NULL);
    }
}

static gboolean
have_common_cell (Merge            *merge,
                  const TstRowView *base,
                  const TstRowView *theirs)
{
  for (guint i = 0; i < base->n_cells; i++)
    {
      TstId *cell_id = tst_table_data_get_column_id (merge->base, base->columns[i]);

      if (same_cell (&base->cells[i], find_cell (merge->theirs.data, theirs, cell_id)))
        return TRUE;
    }

  return FALSE;
}

/* Whether a row of ours was added here under an id from the pool, and so is not
 * the one of the base or theirs. */
static gboolean
is_added (Merge            *merge,
          const TstRowView *base,
          const TstRowView *ours,
          const TstRowView *theirs)
{
  if (!ours->pooled)
    return FALSE;
  if (base == NULL)
    return TRUE;
  if (row_equal (merge->base, base, merge->ours.data, ours))
    return FALSE;
  if (tst_row_view_is_later (ours, merge->number))
    return TRUE;

  /* What the store had before anything was known of the medium may be what the
   * medium has, or not. */
  return !merge->agreed && (theirs == NULL || !have_common_cell (merge, base, theirs));
}

static void
merge_added_row (Merge            *merge,
                 const TstRowView *base,
                 const TstRowView *ours,
                 const TstRowView *theirs)
{
  if (base != NULL && row_equal (merge->base, base, merge->theirs.data, theirs))
    {
      /* Theirs is the one that was removed here, and its id was free again. */
      put_added_row (merge, ours, ours->id);
      return;
    }

  put_row (merge, &merge->theirs, theirs, theirs->id);
  if (row_equal (merge->ours.data, ours, merge->theirs.data, theirs))
    return;

  if (base != NULL)
    report (merge, TST_CONFLICT_ROW_TAKEN, theirs->id, NULL, NULL);
  g_ptr_array_add (merge->moved, ours->id);
}

static void
merge_row_of_theirs (Merge            *merge,
                     const TstRowView *theirs)
{
  TstRowView base_row, ours;
  TstRowView *base = find_row (merge->base, theirs->id, &base_row) ? &base_row : NULL;
  gboolean in_ours = find_row (merge->ours.data, theirs->id, &ours);

  if (in_ours && is_added (merge, base, &ours, theirs))
    {
      merge_added_row (merge, base, &ours, theirs);
      return;
    }

  if (in_ours)
    {
      merge_cells (merge, base, &ours, theirs);
      return;
    }

  if (base != NULL && row_equal (merge->base, base, merge->theirs.data, theirs))
    return;

  put_row (merge, &merge->theirs, theirs, theirs->id);
  if (base != NULL)
    report (merge, TST_CONFLICT_ROW_TAKEN, theirs->id, NULL, NULL);
}

/* A row that is not there. */
static void
merge_row_of_ours (Merge            *merge,
                   const TstRowView *ours)
{
  TstRowView base_row;
  TstRowView *base = find_row (merge->base, ours->id, &base_row) ? &base_row : NULL;

  if (base != NULL && row_equal (merge->base, base, merge->ours.data, ours))
    return;

  if (base == NULL || is_added (merge, base, ours, NULL))
    {
      put_added_row (merge, ours, ours->id);
      return;
    }

  put_row (merge, &merge->ours, ours, ours->id);
  report (merge, TST_CONFLICT_ROW_KEPT, ours->id, NULL, NULL);
}

static TstId *
make_row_id (Merge *merge,
             guint *next)
{
  for (;;)
    {
      g_autofree char *text = g_strdup_printf ("%u", (*next)++);
      g_autoptr(TstId) id = tst_id_new (text, strlen (text));
      TstRowView row;

      /* Not one that was removed either: somebody may still know it. */
      if (!find_row (merge->ours.data, id, &row) && !find_row (merge->theirs.data, id, &row) &&
          !find_row (merge->base, id, &row))
        return g_steal_pointer (&id);
    }
}

/* Two rows got one id from two pools: that of ours was not seen by anybody
 * else yet, so it is the one to move. */
static void
put_moved_rows (Merge *merge)
{
  guint next = tst_table_data_get_n_rows (merge->theirs.data);

  for (guint i = 0; i < merge->moved->len; i++)
    {
      TstId *row_id = g_ptr_array_index (merge->moved, i);
      g_autoptr(TstId) new_id = make_row_id (merge, &next);
      TstRowView ours;

      if (!find_row (merge->ours.data, row_id, &ours))
        g_assert_not_reached ();

      put_added_row (merge, &ours, new_id);
      report (merge, TST_CONFLICT_ROW_MOVED, row_id, NULL, new_id);
    }
}

/* --- Tables --- */

static void
source_init (Source             *source,
             const TstTableData *data)
{
  guint n_columns = data != NULL ? tst_table_data_get_n_columns (data) : 0;

  source->data = data;
  source->columns = g_new (guint32, MAX (n_columns, 1));
  for (guint i = 0; i < n_columns; i++)
    source->columns[i] = NO_COLUMN;
}

static void
put_table_of_ours (Merge *merge)
{
  guint position = 0;
  TstRowView row;

  while (merge->ours.data != NULL && tst_table_data_next_row (merge->ours.data, &position, &row))
    put_added_row (merge, &row, row.id);
}

static void
put_table_of_theirs (Merge *merge)
{
  guint position = 0;
  TstRowView row;

  while (merge->theirs.data != NULL &&
         tst_table_data_next_row (merge->theirs.data, &position, &row))
    put_row (merge, &merge->theirs, &row, row.id);
}

static void
merge_rows (Merge *merge)
{
  guint position = 0;
  TstRowView row, other;

  while (merge->theirs.data != NULL &&
         tst_table_data_next_row (merge->theirs.data, &position, &row))
    merge_row_of_theirs (merge, &row);

  position = 0;
  while (merge->ours.data != NULL &&
         tst_table_data_next_row (merge->ours.data, &position, &row))
    {
      if (!find_row (merge->theirs.data, row.id, &other))
        merge_row_of_ours (merge, &row);
    }

  if (merge->moved->len > 0)
    put_moved_rows (merge);
}

static gboolean
is_shared (const TstTableData *a,
           const TstTableData *b)
{
  if (a == NULL || b == NULL)
    return a == b;

  return a == b || tst_table_data_is_shared (a, b);
}

static void
merge_table (TstEngine          *engine,
             TstConflict        *conflict,
             TstId              *table_id,
             const TstMergeBase *base,
             const TstTableData *ours,
             const TstTableData *theirs)
{
  g_autoptr(GPtrArray) moved = g_ptr_array_new ();
  Merge merge = {
    .engine = engine,
    .conflict = conflict,
    .table_id = table_id,
    .base = tst_snapshot_find_table (base->snapshot, table_id->text),
    .number = base->number,
    .agreed = base->agreed,
    .moved = moved,
  };

  source_init (&merge.ours, ours);
  source_init (&merge.theirs, theirs);

  if (is_shared (merge.base, ours))
    put_table_of_theirs (&merge);
  else if (is_shared (merge.base, theirs))
    put_table_of_ours (&merge);
  else
    merge_rows (&merge);

  g_free (merge.ours.columns);
  g_free (merge.theirs.columns);
}

/* --- Values --- */

static void
put_value (TstEngine     *engine,
           TstId         *value_id,
           const TstCell *cell)
{
  TstCell copy;

  tst_cell_copy (&copy, cell);
  if (!tst_engine_put_value (engine, value_id->text, value_id->length, &copy))
    g_assert_not_reached ();
}

static void
merge_value (TstEngine     *engine,
             TstConflict   *conflict,
             TstId         *value_id,
             const TstCell *base,
             const TstCell *ours,
             const TstCell *theirs)
{
  TstConflictKind kind = TST_CONFLICT_KEPT;
  gboolean in_conflict;
  const TstCell *cell = choose_cell (base, ours, theirs, &kind, &in_conflict);

  if (cell != NULL)
    put_value (engine, value_id, cell);
  if (in_conflict)
    tst_conflict_add (conflict, kind, NULL, NULL, value_id->text, NULL);
}

static void
merge_values (TstEngine   *engine,
              TstConflict *conflict,
              TstSnapshot *base,
              TstSnapshot *ours,
              TstSnapshot *theirs)
{
  TstRowView base_row, our_row, their_row;
  const TstTableData *base_data = tst_snapshot_get_values (base, &base_row);
  const TstTableData *our_data = tst_snapshot_get_values (ours, &our_row);
  const TstTableData *their_data = tst_snapshot_get_values (theirs, &their_row);

  for (guint i = 0; their_data != NULL && i < their_row.n_cells; i++)
    {
      TstId *id = tst_table_data_get_column_id (their_data, their_row.columns[i]);

      merge_value (engine, conflict, id,
                   find_cell (base_data, base_data != NULL ? &base_row : NULL, id),
                   find_cell (our_data, our_data != NULL ? &our_row : NULL, id),
                   &their_row.cells[i]);
    }

  for (guint i = 0; our_data != NULL && i < our_row.n_cells; i++)
    {
      TstId *id = tst_table_data_get_column_id (our_data, our_row.columns[i]);

      if (find_cell (their_data, their_data != NULL ? &their_row : NULL, id) == NULL)
        merge_value (engine, conflict, id,
                     find_cell (base_data, base_data != NULL ? &base_row : NULL, id),
                     &our_row.cells[i],
                     NULL);
    }
}

/* --- All --- */

TstSnapshot *
tst_merge (const TstMergeBase *base,
           TstSnapshot        *ours,
           TstSnapshot        *theirs,
           TstConflict        *conflict)
{
  g_autoptr(TstEngine) engine = tst_engine_new ();
  const TstTableData *table;
  guint position = 0;

  while (tst_snapshot_next_table (theirs, &position, &table))
    {
      TstId *id = tst_table_data_get_id (table);

      merge_table (engine, conflict, id, base, tst_snapshot_find_table (ours, id->text), table);
    }

  position = 0;
  while (tst_snapshot_next_table (ours, &position, &table))
    {
      TstId *id = tst_table_data_get_id (table);

      if (tst_snapshot_find_table (theirs, id->text) == NULL)
        merge_table (engine, conflict, id, base, table, NULL);
    }

  merge_values (engine, conflict, base->snapshot, ours, theirs);

  return tst_engine_snapshot (engine);
}

/* --- The next base --- */

static gboolean
keeps_rows (TstConflict *conflict)
{
  for (guint i = 0; i < tst_conflict_get_n_entries (conflict); i++)
    {
      if (tst_conflict_get_kind (conflict, i) == TST_CONFLICT_ROW_KEPT)
        return TRUE;
    }

  return FALSE;
}

static void
put_whole_table (TstEngine          *engine,
                 const TstTableData *table)
{
  Merge merge = { .engine = engine, .table_id = tst_table_data_get_id (table) };

  source_init (&merge.theirs, table);
  put_table_of_theirs (&merge);
  g_free (merge.theirs.columns);
}

static void
put_kept_row (TstEngine   *engine,
              TstSnapshot *base,
              TstConflict *conflict,
              guint        i)
{
  const char *text = tst_conflict_get_row_id (conflict, i);
  const TstTableData *table = tst_snapshot_find_table (base, tst_conflict_get_table_id (conflict, i));
  g_autoptr(TstId) row_id = tst_id_new (text, strlen (text));
  Merge merge = { .engine = engine };
  TstRowView row;

  if (!find_row (table, row_id, &row))
    g_assert_not_reached ();

  merge.table_id = tst_table_data_get_id (table);
  source_init (&merge.theirs, table);
  put_row (&merge, &merge.theirs, &row, row.id);
  g_free (merge.theirs.columns);
}

static void
put_values (TstEngine   *engine,
            TstSnapshot *source)
{
  TstRowView row;
  const TstTableData *data = tst_snapshot_get_values (source, &row);

  for (guint i = 0; data != NULL && i < row.n_cells; i++)
    put_value (engine, tst_table_data_get_column_id (data, row.columns[i]), &row.cells[i]);
}

TstSnapshot *
tst_merge_get_base (const TstMergeBase *base,
                    TstSnapshot        *theirs,
                    TstConflict        *conflict)
{
  g_autoptr(TstEngine) engine = NULL;
  const TstTableData *table;
  guint position = 0;

  if (!keeps_rows (conflict))
    return NULL;

  engine = tst_engine_new ();
  while (tst_snapshot_next_table (theirs, &position, &table))
    put_whole_table (engine, table);
  for (guint i = 0; i < tst_conflict_get_n_entries (conflict); i++)
    {
      if (tst_conflict_get_kind (conflict, i) == TST_CONFLICT_ROW_KEPT)
        put_kept_row (engine, base->snapshot, conflict, i);
    }
  put_values (engine, theirs);

  return tst_engine_snapshot (engine);
}
