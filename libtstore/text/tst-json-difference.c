/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-text-private.h"

#include "tst-json-writer-private.h"

/* One of the two texts that are written side by side. */
typedef struct
{
  TstJsonBuffer       out;
  const TstTableData *table;    /* (nullable) */
  gboolean            is_open;  /* something of that table was written */
} Side;

typedef struct
{
  Side  was;
  Side  is;
  gsize max_length;
} Difference;

static void
write_key (Side        *self,
           const TstId *id)
{
  tst_json_write_string (&self->out, id->text, id->length);
  tst_json_buffer_append_char (&self->out, ':');
}

static void
write_row (Side             *self,
           const TstRowView *row)
{
  if (row == NULL)
    return;

  if (!self->is_open)
    {
      write_key (self, tst_table_data_get_id (self->table));
      tst_json_buffer_append_char (&self->out, '{');
      self->is_open = TRUE;
    }

  write_key (self, row->id);
  tst_json_write_row (&self->out, self->table, row);
  tst_json_buffer_append_char (&self->out, ',');
}

static gboolean
write_rows_cb (const TstRowView *before,
               const TstRowView *after,
               gpointer          user_data)
{
  Difference *self = user_data;

  write_row (&self->was, before);
  write_row (&self->is, after);

  return self->was.out.length + self->is.out.length <= self->max_length;
}

static void
close_table (Side *self)
{
  if (!self->is_open)
    return;

  tst_json_buffer_close (&self->out, '}');
  tst_json_buffer_append_char (&self->out, ',');
  self->is_open = FALSE;
}

static gboolean
write_whole_table (Difference         *self,
                   Side               *side,
                   const TstTableData *table)
{
  guint position = 0;
  TstRowView row;

  side->table = table;
  while (tst_table_data_next_row (table, &position, &row))
    {
      write_row (side, &row);
      if (side->out.length > self->max_length)
        return FALSE;
    }
  close_table (side);

  return TRUE;
}

static gboolean
write_table (Difference         *self,
             const TstTableData *before,
             const TstTableData *after)
{
  if (before == NULL)
    return write_whole_table (self, &self->is, after);
  if (after == NULL)
    return write_whole_table (self, &self->was, before);

  self->was.table = before;
  self->is.table = after;
  if (!tst_table_data_compare (before, after, write_rows_cb, self))
    return FALSE;

  close_table (&self->was);
  close_table (&self->is);

  return TRUE;
}

static gboolean
write_tables (Difference        *self,
              const TstSnapshot *before,
              const TstSnapshot *after)
{
  const TstTableData *table;
  guint position = 0;

  while (tst_snapshot_next_table (before, &position, &table))
    if (!write_table (self, table,
                      tst_snapshot_find_table (after, tst_table_data_get_id (table)->text)))
      return FALSE;

  position = 0;
  while (tst_snapshot_next_table (after, &position, &table))
    if (tst_snapshot_find_table (before, tst_table_data_get_id (table)->text) == NULL &&
        !write_table (self, NULL, table))
      return FALSE;

  return TRUE;
}

/* The values of @row that @other does not have, or not the same. */
static void
write_values (Side              *self,
              const TstSnapshot *snapshot,
              const TstSnapshot *other)
{
  TstRowView row, other_row;
  const TstTableData *values = tst_snapshot_get_values (snapshot, &row);
  const TstTableData *other_values = tst_snapshot_get_values (other, &other_row);

  if (values == NULL || values == other_values)
    return;

  for (guint i = 0; i < row.n_cells; i++)
    {
      const TstId *id = tst_table_data_get_column_id (values, row.columns[i]);
      const TstCell *cell = NULL;

      if (other_values != NULL)
        cell = tst_table_data_find_cell (other_values, &other_row, id);
      if (cell != NULL && tst_cell_equal (cell, &row.cells[i]))
        continue;

      write_key (self, id);
      tst_json_write_cell (&self->out, &row.cells[i]);
      tst_json_buffer_append_char (&self->out, ',');
    }
}

static GBytes *
end (Side *self)
{
  tst_json_buffer_close (&self->out, '}');
  tst_json_buffer_append_char (&self->out, ']');

  return g_bytes_new_take (self->out.text, self->out.length);
}

gboolean
tst_text_write_difference (const TstSnapshot  *before,
                           const TstSnapshot  *after,
                           gsize               max_length,
                           GBytes            **was,
                           GBytes            **is)
{
  Difference self = { { TST_JSON_BUFFER_INIT }, { TST_JSON_BUFFER_INIT }, max_length };
  Side *sides[] = { &self.was, &self.is };
  gboolean fits;

  for (guint i = 0; i < G_N_ELEMENTS (sides); i++)
    tst_json_buffer_append (&sides[i]->out, "[{", 2);

  fits = write_tables (&self, before, after);
  for (guint i = 0; fits && i < G_N_ELEMENTS (sides); i++)
    {
      tst_json_buffer_close (&sides[i]->out, '}');
      tst_json_buffer_append (&sides[i]->out, ",{", 2);
    }

  if (fits)
    {
      write_values (&self.was, before, after);
      write_values (&self.is, after, before);
      fits = self.was.out.length + self.is.out.length <= max_length;
    }

  if (!fits)
    {
      tst_json_buffer_clear (&self.was.out);
      tst_json_buffer_clear (&self.is.out);
      return FALSE;
    }

  *was = end (&self.was);
  *is = end (&self.is);

  return TRUE;
}
