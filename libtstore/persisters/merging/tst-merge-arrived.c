/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-merge-private.h"

#include "tst-merge-insides-private.h"

/* Cells that a save changed, and that are now as it made them, or as what it
 * replaced. */
typedef struct
{
  guint    n_set;
  guint    set_as_sent;
  guint    removed_as_sent;
  guint    as_before;
  gboolean refuted;         /* there is another row than the one that was added */
} Evidence;

static void
weigh_cell (Evidence      *evidence,
            const TstCell *base,
            const TstCell *sent,
            const TstCell *theirs)
{
  if (same_cell (base, sent))
    return;

  evidence->n_set += sent != NULL;
  if (same_cell (base, theirs))
    evidence->as_before++;
  else if (same_cell (sent, theirs) && sent != NULL)
    evidence->set_as_sent++;
  else if (sent == NULL && theirs == NULL)
    evidence->removed_as_sent++;
}

/* A save arrives as a whole: if anything is as before, it has not. And others may
 * have removed the same, and now and then have set the same; but not most of it. If
 * it is wrong to say that it has arrived, something is lost; otherwise, it comes
 * twice. */
static gboolean
is_convincing (const Evidence *evidence)
{
  if (evidence->refuted || evidence->as_before > 0)
    return FALSE;
  if (evidence->n_set > 0)
    return evidence->set_as_sent * 2 > evidence->n_set;

  return evidence->removed_as_sent > 0;
}

/* All cells of a row of @sent, and those that it has removed. */
static void
weigh_row (Evidence           *evidence,
           const TstTableData *base_data,
           const TstRowView   *base,
           const TstTableData *sent_data,
           const TstRowView   *sent,
           const TstTableData *their_data,
           const TstRowView   *theirs)
{
  for (guint i = 0; sent != NULL && i < sent->n_cells; i++)
    {
      TstId *id = tst_table_data_get_column_id (sent_data, sent->columns[i]);

      weigh_cell (evidence, find_cell (base_data, base, id), &sent->cells[i],
                  find_cell (their_data, theirs, id));
    }

  for (guint i = 0; base != NULL && i < base->n_cells; i++)
    {
      TstId *id = tst_table_data_get_column_id (base_data, base->columns[i]);

      if (find_cell (sent_data, sent, id) == NULL)
        weigh_cell (evidence, &base->cells[i], NULL, find_cell (their_data, theirs, id));
    }
}

/* Two that add a row may have much in common: what they begin with, say. If it has as
 * little in common as two rows have by chance, it is another one, and nothing has
 * arrived. Under an id from a pool, one that is almost the same may be our row, which
 * somebody has changed since, or another one: what else was sent has to tell. */
static void
weigh_added_row (Evidence           *evidence,
                 const TstTableData *sent_data,
                 const TstRowView   *sent,
                 const TstTableData *their_data,
                 const TstRowView   *theirs)
{
  Evidence row_evidence = { 0 };

  weigh_row (&row_evidence, NULL, NULL, sent_data, sent, their_data, theirs);
  evidence->as_before += row_evidence.as_before;
  if (theirs == NULL)
    return;

  if (row_evidence.set_as_sent * 2 <= sent->n_cells)
    {
      evidence->refuted = TRUE;
    }
  else if (row_evidence.set_as_sent == sent->n_cells || !sent->pooled)
    {
      evidence->n_set += sent->n_cells;
      evidence->set_as_sent += row_evidence.set_as_sent;
    }
}

static void
weigh_table (Evidence           *evidence,
             const TstTableData *base,
             const TstTableData *sent,
             const TstTableData *theirs)
{
  TstRowView sent_row, base_row, their_row;
  guint position = 0;

  while (sent != NULL && tst_table_data_next_row (sent, &position, &sent_row))
    {
      TstRowView *there = find_row (theirs, sent_row.id, &their_row) ? &their_row : NULL;

      if (find_row (base, sent_row.id, &base_row))
        weigh_row (evidence, base, &base_row, sent, &sent_row, theirs, there);
      else
        weigh_added_row (evidence, sent, &sent_row, theirs, there);
    }

  position = 0;
  while (base != NULL && tst_table_data_next_row (base, &position, &base_row))
    {
      TstRowView *there = find_row (theirs, base_row.id, &their_row) ? &their_row : NULL;

      if (!find_row (sent, base_row.id, &sent_row))
        weigh_row (evidence, base, &base_row, sent, NULL, theirs, there);
    }
}

static void
weigh_values (Evidence    *evidence,
              TstSnapshot *base,
              TstSnapshot *sent,
              TstSnapshot *theirs)
{
  TstRowView base_row, sent_row, their_row;
  const TstTableData *base_data = tst_snapshot_get_values (base, &base_row);
  const TstTableData *sent_data = tst_snapshot_get_values (sent, &sent_row);
  const TstTableData *their_data = tst_snapshot_get_values (theirs, &their_row);

  weigh_row (evidence,
             base_data, base_data != NULL ? &base_row : NULL,
             sent_data, sent_data != NULL ? &sent_row : NULL,
             their_data, their_data != NULL ? &their_row : NULL);
}

gboolean
tst_merge_has_arrived (TstSnapshot *base,
                       TstSnapshot *sent,
                       TstSnapshot *theirs)
{
  Evidence evidence = { 0 };
  const TstTableData *table;
  guint position = 0;

  while (tst_snapshot_next_table (sent, &position, &table))
    {
      const char *id = tst_table_data_get_id (table)->text;

      weigh_table (&evidence, tst_snapshot_find_table (base, id), table,
                   tst_snapshot_find_table (theirs, id));
    }

  position = 0;
  while (tst_snapshot_next_table (base, &position, &table))
    {
      const char *id = tst_table_data_get_id (table)->text;

      if (tst_snapshot_find_table (sent, id) == NULL)
        weigh_table (&evidence, table, NULL, tst_snapshot_find_table (theirs, id));
    }

  weigh_values (&evidence, base, sent, theirs);

  return is_convincing (&evidence);
}
