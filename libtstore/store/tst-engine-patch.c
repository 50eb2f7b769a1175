/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-engine-write-private.h"

/* Content that changes as a whole, by what somebody else has noted: rows as they were
 * before, and as they are now. */

TstEngine *
tst_engine_new_for_snapshot (TstSnapshot *content)
{
  TstEngine *self = tst_engine_new ();

  tst_engine_adopt (self, content);

  return self;
}

static guint32
find_row (const TstTable *table,
          const TstId    *id)
{
  TstIdKey key;

  tst_id_key_init (&key, id->text, id->length);

  return tst_table_find_row (table, &key);
}

/* Removing may move rows. */
static void
remove_other_cells (TstEngine          *self,
                    TstTable           *table,
                    const TstTableData *is,
                    const TstRowView   *is_row)
{
  guint32 row = find_row (table, is_row->id);

  for (guint i = tst_table_data_head (table->data, row)->layout->n; i > 0; i--)
    {
      guint32 column = tst_table_data_head (table->data, row)->layout->columns[i - 1];

      if (tst_table_data_find_cell (is, is_row, table->data->columns->ids[column]) != NULL)
        continue;

      tst_engine_remove_at (self, table, row, i - 1);
      row = find_row (table, is_row->id);
    }
}

static guint32
set_cells (TstEngine          *self,
           TstTable           *table,
           const TstTableData *is,
           const TstRowView   *is_row)
{
  guint32 row = tst_engine_ensure_row (self, table, is_row->id->text, is_row->id->length, NULL);

  for (guint i = 0; i < is_row->n_cells; i++)
    {
      const TstId *id = is->columns->ids[is_row->columns[i]];
      guint32 column = tst_engine_ensure_column (self, table, id->text, id->length);
      TstCell cell;

      tst_cell_copy (&cell, &is_row->cells[i]);
      tst_engine_set_at (self, table, row, column, &cell);
    }

  return row;
}

static void
patch_rows (TstEngine          *self,
            const TstTableData *is)
{
  TstTable *table = tst_engine_ensure_table (self, is->id->text, is->id->length, NULL);
  guint position = 0;
  TstRowView row;

  while (tst_table_data_next_row (is, &position, &row))
    {
      guint32 live = set_cells (self, table, is, &row);

      tst_engine_set_pooled (self, table, live, row.pooled);
      if (tst_table_data_head (table->data, live)->layout->n > row.n_cells)
        remove_other_cells (self, table, is, &row);
    }
}

static void
remove_rows (TstEngine          *self,
             const TstTableData *was,
             const TstTableData *is)
{
  guint position = 0;
  TstRowView row, other;

  while (tst_table_data_next_row (was, &position, &row))
    {
      TstTable *table = tst_engine_find_table (self, was->id->text);
      guint32 live;

      if (is != NULL && tst_table_data_find_row (is, row.id, &other))
        continue;

      live = table != NULL ? find_row (table, row.id) : TST_ID_MAP_NONE;
      if (live != TST_ID_MAP_NONE)
        tst_engine_remove_row_at (self, table, live, FALSE);
    }
}

/* The values are the one row of their table. */
static void
remove_value (TstEngine   *self,
              const TstId *id)
{
  TstTable *values = self->values;
  guint32 column = tst_id_map_find_id (&values->columns, id);
  guint32 row = find_row (values, tst_table_data_get_id (values->data));
  gint position;

  if (row == TST_ID_MAP_NONE || column == TST_ID_MAP_NONE)
    return;

  position = tst_layout_find (tst_table_data_head (values->data, row)->layout, column);
  if (position >= 0)
    tst_engine_remove_at (self, values, row, (guint32) position);
}

static void
patch_values (TstEngine         *self,
              const TstSnapshot *was,
              const TstSnapshot *is)
{
  TstRowView was_row, is_row;
  const TstTableData *was_data = tst_snapshot_get_values (was, &was_row);
  const TstTableData *is_data = tst_snapshot_get_values (is, &is_row);

  if (is_data != NULL)
    set_cells (self, self->values, is_data, &is_row);

  for (guint i = 0; was_data != NULL && i < was_row.n_cells; i++)
    {
      const TstId *id = was_data->columns->ids[was_row.columns[i]];

      if (is_data == NULL || tst_table_data_find_cell (is_data, &is_row, id) == NULL)
        remove_value (self, id);
    }
}

void
tst_engine_patch (TstEngine         *self,
                  const TstSnapshot *was,
                  const TstSnapshot *is)
{
  const TstTableData *table;
  guint position = 0;

  while (tst_snapshot_next_table (was, &position, &table))
    remove_rows (self, table, tst_snapshot_find_table (is, table->id->text));

  position = 0;
  while (tst_snapshot_next_table (is, &position, &table))
    patch_rows (self, table);

  patch_values (self, was, is);
}
