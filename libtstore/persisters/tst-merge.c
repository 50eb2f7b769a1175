/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-merge-private.h"

#include "tst-conflict-private.h"
#include "tst-engine-private.h"

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

static gboolean
same_cell (const TstCell *a,
           const TstCell *b)
{
  if (a == NULL || b == NULL)
    return a == b;

  return tst_cell_equal (a, b);
}

static gboolean
find_row (const TstTableData *data,
          const TstId        *row_id,
          TstRowView         *row)
{
  return data != NULL && tst_table_data_find_row (data, row_id, row);
}

static const TstCell *
find_cell (const TstTableData *data,
           const TstRowView   *row,
           const TstId        *cell_id)
{
  return row != NULL ? tst_table_data_find_cell (data, row, cell_id) : NULL;
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
put_cell (Merge            *merge,
          Source           *source,
          const TstRowView *as,
          guint32           column,
          const TstCell    *cell)
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

  row = tst_engine_ensure_row_like (merge->engine, merge->table, as);
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
  TstRowView as = *row;

  /* An id of the pool stays one, also if the row had to be moved to it: until it
   * is saved, there may be another row with it. */
  as.id = row_id;
  for (guint i = 0; i < row->n_cells; i++)
    put_cell (merge, source, &as, row->columns[i], &row->cells[i]);
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
        put_cell (merge, &merge->theirs, theirs, theirs->columns[i], cell);
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
        put_cell (merge, &merge->ours, theirs, ours->columns[i], &ours->cells[i]);
      if (conflict)
        report (merge, kind, row_id, cell_id, NULL);
    }
}

static void
merge_row_of_theirs (Merge            *merge,
                     const TstRowView *theirs)
{
  TstRowView base, ours;
  gboolean in_base = find_row (merge->base, theirs->id, &base);
  gboolean in_ours = find_row (merge->ours.data, theirs->id, &ours);

  if (!in_ours && in_base)
    {
      if (row_equal (merge->base, &base, merge->theirs.data, theirs))
        return;
      report (merge, TST_CONFLICT_ROW_TAKEN, theirs->id, NULL, NULL);
    }

  if (!in_ours)
    {
      put_row (merge, &merge->theirs, theirs, theirs->id);
      return;
    }

  if (!in_base && ours.pooled && !row_equal (merge->ours.data, &ours, merge->theirs.data, theirs))
    {
      put_row (merge, &merge->theirs, theirs, theirs->id);
      g_ptr_array_add (merge->moved, ours.id);
      return;
    }

  merge_cells (merge, in_base ? &base : NULL, &ours, theirs);
}

/* A row that is not there. */
static void
merge_row_of_ours (Merge            *merge,
                   const TstRowView *ours)
{
  TstRowView base;

  if (find_row (merge->base, ours->id, &base))
    {
      if (row_equal (merge->base, &base, merge->ours.data, ours))
        return;
      report (merge, TST_CONFLICT_ROW_KEPT, ours->id, NULL, NULL);
    }

  put_row (merge, &merge->ours, ours, ours->id);
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

      if (!find_row (merge->ours.data, id, &row) && !find_row (merge->theirs.data, id, &row))
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

      put_row (merge, &merge->ours, &ours, new_id);
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
put_table (Merge  *merge,
           Source *source)
{
  guint position = 0;
  TstRowView row;

  while (source->data != NULL && tst_table_data_next_row (source->data, &position, &row))
    put_row (merge, source, &row, row.id);
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
             const TstTableData *base,
             const TstTableData *ours,
             const TstTableData *theirs)
{
  g_autoptr(GPtrArray) moved = g_ptr_array_new ();
  Merge merge = {
    .engine = engine,
    .conflict = conflict,
    .table_id = table_id,
    .base = base,
    .moved = moved,
  };

  source_init (&merge.ours, ours);
  source_init (&merge.theirs, theirs);

  if (is_shared (base, ours))
    put_table (&merge, &merge.theirs);
  else if (is_shared (base, theirs))
    put_table (&merge, &merge.ours);
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
put_values (TstEngine   *engine,
            TstSnapshot *source)
{
  TstRowView row;
  const TstTableData *data = tst_snapshot_get_values (source, &row);

  for (guint i = 0; data != NULL && i < row.n_cells; i++)
    put_value (engine, tst_table_data_get_column_id (data, row.columns[i]), &row.cells[i]);
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
tst_merge (TstSnapshot *base,
           TstSnapshot *ours,
           TstSnapshot *theirs,
           TstConflict *conflict)
{
  g_autoptr(TstEngine) engine = tst_engine_new ();
  const TstTableData *table;
  guint position = 0;

  while (tst_snapshot_next_table (theirs, &position, &table))
    {
      TstId *id = tst_table_data_get_id (table);

      merge_table (engine, conflict, id,
                   tst_snapshot_find_table (base, id->text),
                   tst_snapshot_find_table (ours, id->text),
                   table);
    }

  position = 0;
  while (tst_snapshot_next_table (ours, &position, &table))
    {
      TstId *id = tst_table_data_get_id (table);

      if (tst_snapshot_find_table (theirs, id->text) == NULL)
        merge_table (engine, conflict, id,
                     tst_snapshot_find_table (base, id->text), table, NULL);
    }

  merge_values (engine, conflict, base, ours, theirs);

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
  put_table (&merge, &merge.theirs);
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

TstSnapshot *
tst_merge_get_base (TstSnapshot *base,
                    TstSnapshot *theirs,
                    TstConflict *conflict)
{
  g_autoptr(TstEngine) engine = NULL;
  const TstTableData *table;
  guint position = 0;

  if (!keeps_rows (conflict))
    return tst_snapshot_ref (theirs);

  engine = tst_engine_new ();
  while (tst_snapshot_next_table (theirs, &position, &table))
    put_whole_table (engine, table);
  for (guint i = 0; i < tst_conflict_get_n_entries (conflict); i++)
    {
      if (tst_conflict_get_kind (conflict, i) == TST_CONFLICT_ROW_KEPT)
        put_kept_row (engine, base, conflict, i);
    }
  put_values (engine, theirs);

  return tst_engine_snapshot (engine);
}
