/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-engine-write-private.h"

/* Content that changes as a whole, by what somebody else has noted: rows as they were
 * before, and as they are now. */

gboolean
tst_snapshot_is_worn (const TstSnapshot *self)
{
  const TstTableData *table;
  guint position = 0;

  while (tst_snapshot_next_table (self, &position, &table))
    if (tst_table_data_is_worn (table))
      return TRUE;

  return tst_table_data_is_worn (self->values);
}

TstEngine *
tst_engine_new_for_snapshot (TstSnapshot *content)
{
  TstEngine *self = tst_engine_new ();

  if (tst_snapshot_is_worn (content))
    tst_engine_patch (self, content, content);
  else
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
patch_row (TstEngine          *self,
           TstTable           *table,
           const TstTableData *is,
           const TstRowView   *row)
{
  guint32 live = set_cells (self, table, is, row);

  tst_engine_set_pooled (self, table, live, row->pooled);
  if (tst_table_data_head (table->data, live)->layout->n > row->n_cells)
    remove_other_cells (self, table, is, row);
}

static void
patch_rows (TstEngine          *self,
            const TstTableData *is)
{
  TstTable *table = tst_engine_ensure_table (self, is->id->text, is->id->length, NULL);
  guint position = 0;
  TstRowView row;

  while (tst_table_data_next_row (is, &position, &row))
    patch_row (self, table, is, &row);
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

/* --- Grafting --- */

/* Of so many rows, not more than half may differ, or it is not worth it. */
#define MIN_ROWS 64

typedef struct
{
  TstEngine          *engine;
  TstTable           *table;
  const TstTableData *is;
  guint               n_left;  /* of rows that may differ yet */
} Graft;

static gboolean
graft_row_cb (const TstRowView *before,
              const TstRowView *after,
              gpointer          user_data)
{
  Graft *self = user_data;

  if (self->n_left-- == 0)
    return FALSE;

  if (after != NULL)
    patch_row (self->engine, self->table, self->is, after);
  else
    tst_engine_remove_row_at (self->engine, self->table, find_row (self->table, before->id), FALSE);

  return TRUE;
}

static gboolean
graft_table (TstEngine          *engine,
             const TstTableData *is,
             const TstTableData *base)
{
  Graft graft = {
    .engine = engine,
    .table = tst_engine_ensure_table (engine, is->id->text, is->id->length, NULL),
    .is = is,
    .n_left = MAX (is->n_rows, MIN_ROWS) / 2,
  };

  if (base != NULL)
    return tst_table_data_compare (base, is, graft_row_cb, &graft);

  patch_rows (engine, is);

  return TRUE;
}

static void
remove_other_tables (TstEngine         *engine,
                     const TstSnapshot *is,
                     const TstSnapshot *base)
{
  guint position = 0;
  const TstTableData *table;

  while (tst_snapshot_next_table (base, &position, &table))
    if (tst_snapshot_find_table (is, table->id->text) == NULL)
      tst_engine_remove_table (engine, tst_engine_find_table (engine, table->id->text));
}

TstSnapshot *
tst_snapshot_graft (TstSnapshot *self,
                    TstSnapshot *base)
{
  g_autoptr(TstEngine) engine = NULL;
  guint position = 0;
  const TstTableData *table;

  if (base->n_tables == 0)
    return tst_snapshot_ref (self);

  engine = tst_engine_new_for_snapshot (base);
  while (tst_snapshot_next_table (self, &position, &table))
    if (!graft_table (engine, table, tst_snapshot_find_table (base, table->id->text)))
      return tst_snapshot_ref (self);

  remove_other_tables (engine, self, base);
  patch_values (engine, base, self);

  return tst_engine_snapshot (engine);
}
