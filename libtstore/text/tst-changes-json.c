/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-store-json.h"

#include "tst-changes-private.h"
#include "tst-json-writer-private.h"

static void
write_key (TstJsonBuffer *out,
           const TstId   *id)
{
  tst_json_write_string (out, id->text, id->length);
  tst_json_buffer_append_char (out, ':');
}

static void
write_removed (TstJsonBuffer *out)
{
  tst_json_write_string (out, TST_JSON_REMOVED, strlen (TST_JSON_REMOVED));
}

/* In the place of the last comma, if there is one */
static void
close_object (TstJsonBuffer *out)
{
  if (out->text[out->length - 1] == ',')
    out->length--;
  tst_json_buffer_append_char (out, '}');
}

static void
write_row (TstJsonBuffer       *out,
           const TstChangedRow *row)
{
  tst_json_buffer_append_char (out, '{');

  for (guint i = 0; i < row->n_cells; i++)
    {
      const TstChangedCell *cell = &row->cells[i];

      write_key (out, cell->id);
      if (tst_cell_type (&cell->new_cell) == TST_CELL_TYPE_NONE)
        write_removed (out);
      else
        tst_json_write_cell (out, &cell->new_cell);
      tst_json_buffer_append_char (out, ',');
    }

  close_object (out);
}

static void
write_table (TstJsonBuffer         *out,
             const TstChangedTable *table)
{
  tst_json_buffer_append_char (out, '{');

  for (guint i = 0; i < table->n_rows; i++)
    {
      const TstChangedRow *row = &table->rows[i];

      write_key (out, row->id);
      if (row->delta < 0)
        write_removed (out);
      else
        write_row (out, row);
      tst_json_buffer_append_char (out, ',');
    }

  close_object (out);
}

static void
write_tables (TstJsonBuffer    *out,
              const TstChanges *changes)
{
  tst_json_buffer_append_char (out, '{');

  for (guint i = 0; i < changes->n_tables; i++)
    {
      const TstChangedTable *table = &changes->tables[i];

      write_key (out, table->id);
      if (table->delta < 0)
        write_removed (out);
      else
        write_table (out, table);
      tst_json_buffer_append_char (out, ',');
    }

  close_object (out);
}

/**
 * tst_changes_to_json:
 * @self: changes
 *
 * Gets the changes as JSON text.
 *
 * The text is `[tables,values,1]`, with what was added or is different now,
 * as [method@Store.get_json] writes it. What was removed is there as the string of
 * only U+FFFC: a whole table or row where all of it was removed.
 *
 * Returns: (transfer full): the text
 *
 * Since: 0.1
 */
char *
tst_changes_to_json (TstChanges *self)
{
  TstJsonBuffer out = TST_JSON_BUFFER_INIT;

  g_return_val_if_fail (self != NULL, NULL);

  tst_json_buffer_append_char (&out, '[');
  write_tables (&out, self);
  tst_json_buffer_append_char (&out, ',');
  write_row (&out, &self->values);
  tst_json_buffer_append (&out, ",1]", 3);

  return tst_json_buffer_steal (&out);
}
