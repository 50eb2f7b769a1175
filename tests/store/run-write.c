/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "run.h"

#include <string.h>

/* --- Writing --- */

/* A write fails if, and only if, it does not fit the schema, or a mutator has undone it. */
void
run_assert_done (const Run    *run,
                 gboolean      fits,
                 gboolean      done,
                 const GError *error)
{
  g_assert_cmpint (done, ==, fits && !run->undone);
  if (!fits)
    g_assert_error (error, TST_ERROR, TST_ERROR_SCHEMA);
  else if (run->undone)
    g_assert_error (error, TST_ERROR, TST_ERROR_ROLLED_BACK);
  else
    g_assert_no_error (error);
}

static void
assert_removed (const Run *run,
                gboolean   removed,
                gboolean   was_there)
{
  g_assert_cmpint (removed, ==, was_there && !run->undone);
}

void
run_set_cell (Run *run)
{
  const char *t = run_pick_table (run);
  const char *r = run_pick_row (run, t);
  const char *c = run_pick_cell_for (run, t);
  ModelValue value = run_pick_value_for (run, t, c);
  g_autoptr(GError) error = NULL;
  gboolean done;

  run_start (run);
  if (value.type == TST_CELL_TYPE_STRING && run_chance (run, 2) == 0)
    {
      done = tst_store_set_cell_string (run->store, t, r, c, value.text, &error);
    }
  else if (value.type == TST_CELL_TYPE_NUMBER && run_chance (run, 2) == 0)
    {
      done = tst_store_set_cell_number (run->store, t, r, c, value.number, &error);
    }
  else if (value.type == TST_CELL_TYPE_BOOLEAN && run_chance (run, 2) == 0)
    {
      done = tst_store_set_cell_boolean (run->store, t, r, c, value.number != 0, &error);
    }
  else if (value.type >= TST_CELL_TYPE_OBJECT || run_chance (run, 3) == 0)
    {
      TstCell cell;

      run_init_cell (&cell, value);
      done = tst_store_write_cell (run->store, t, r, c, &cell, &error);
    }
  else
    {
      g_auto(GValue) gvalue = G_VALUE_INIT;

      run_init_gvalue (run, &gvalue, value);
      done = tst_store_set_cell (run->store, t, r, c, &gvalue, &error);
    }

  run_assert_done (run, model_set_cell (run->model, t, r, c, value), done, error);
  run_finish (run);
  run_assert_touched_cell (run, t, r, c);
}

void
run_refuse_cell (Run *run)
{
  const char *t = run_pick_table (run);
  const char *r = run_pick_row (run, t);
  const char *c = run_pick_cell (run);
  Event event = { .kind = EVENT_INVALID_CELL, .table_id = t, .row_id = r, .cell_id = c };
  g_autoptr(GError) error = NULL;

  run_start (run);
  g_assert_false (tst_store_set_cell_number (run->store, t, r, c, G_MAXDOUBLE * 10, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_INVALID_VALUE);
  g_array_append_val (run->invalid, event);
  run_finish (run);
  run_assert_touched_cell (run, t, r, c);
}

void
run_refuse_value (Run *run)
{
  const char *v = run_pick_value_id (run);
  Event event = { .kind = EVENT_INVALID_VALUE, .cell_id = v };
  g_autoptr(GError) error = NULL;

  run_start (run);
  g_assert_false (tst_store_set_value_string (run->store, v, "\xff", &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_INVALID_VALUE);
  g_array_append_val (run->invalid, event);
  run_finish (run);
}

void
run_remove_cell (Run *run)
{
  const char *t = run_pick_table (run);
  const char *r = run_pick_row (run, t);
  ModelRow *row = model_content_find_row (run->model->now, t, r);
  const char *c = row == NULL || run_chance (run, 3) == 0
                    ? run_pick_cell (run) : row->cells[run_chance (run, row->n_cells)].id;

  run_start (run);
  assert_removed (run, tst_store_remove_cell (run->store, t, r, c),
                   model_remove_cell (run->model, t, r, c));
  run_finish (run);
  run_assert_touched_cell (run, t, r, c);
}

void
run_remove_row (Run *run)
{
  const char *t = run_pick_table (run);
  const char *r = run_pick_row (run, t);

  run_start (run);
  assert_removed (run, tst_store_remove_row (run->store, t, r),
                   model_remove_row (run->model, t, r));
  run_finish (run);
  run_assert_touched (run, t, r);
}

void
run_remove_table (Run *run)
{
  const char *t = run_pick_table (run);

  run_start (run);
  if (run_chance (run, 3) == 0)
    {
      tst_store_remove_tables (run->store);
      model_remove_tables (run->model);
    }
  else
    {
      assert_removed (run, tst_store_remove_table (run->store, t),
                       model_remove_table (run->model, t));
    }
  run_finish (run);
  g_assert_cmpuint (tst_store_get_n_tables (run->store), ==, run->model->now->n_tables);
}

static TstNamedCell *
name_cells (const GArray *cells)
{
  TstNamedCell *named = g_new (TstNamedCell, cells->len);

  for (guint i = 0; i < cells->len; i++)
    {
      const ModelCell *cell = &g_array_index (cells, ModelCell, i);

      named[i].id = cell->id;
      named[i].length = strlen (cell->id);
      run_init_cell (&named[i].cell, cell->value);
    }

  return named;
}

void
run_write_row (Run *run)
{
  const char *t = run_pick_table (run);
  const char *r = run_pick_row (run, t);
  gboolean partial = run_chance (run, 2);
  g_autoptr(GArray) cells = run_pick_cells (run, t, run->profile->row_width,
                                            run->cell_ids, run->profile->n_cells);
  g_autofree TstNamedCell *named = name_cells (cells);
  g_autoptr(GError) error = NULL;
  gboolean done, fits;

  run_start (run);
  done = tst_store_write_row (run->store, t, r, named, cells->len, partial, &error);
  fits = model_set_row (run->model, t, r, &g_array_index (cells, ModelCell, 0), cells->len, partial);
  run_assert_done (run, fits, done, error);
  run_finish (run);
  run_assert_touched (run, t, r);
}

void
run_add_row (Run *run)
{
  const char *t = run_pick_table (run);
  TstAddRowFlags flags = run_chance (run, 4) == 0 ? TST_ADD_ROW_NO_REUSE
                       : run_chance (run, 10) == 0 && !run->undoing && run->model->schema == NULL
                         ? TST_ADD_ROW_UNIQUE
                       : TST_ADD_ROW_DEFAULT;
  g_autoptr(GArray) cells = run_pick_cells (run, t, run->profile->row_width,
                                            run->cell_ids, run->profile->n_cells);
  g_autofree TstNamedCell *named = name_cells (cells);
  g_autoptr(GError) error = NULL;
  g_autofree char *id = NULL;
  const char *expected;

  run_start (run);
  id = tst_store_write_new_row (run->store, t, named, cells->len, flags, &error);
  if (flags & TST_ADD_ROW_UNIQUE)
    {
      expected = model_intern (id);
      g_assert_null (model_content_find_row (run->model->now, t, expected));
      model_set_row (run->model, t, expected, &g_array_index (cells, ModelCell, 0), cells->len,
                     FALSE);
    }
  else
    {
      expected = model_add_row (run->model, t, &g_array_index (cells, ModelCell, 0), cells->len,
                                flags == TST_ADD_ROW_DEFAULT);
    }
  run_assert_done (run, expected != NULL, id != NULL, error);
  if (id != NULL)
    g_assert_cmpstr (id, ==, expected);
  run_finish (run);
  run_assert_touched (run, t, expected != NULL ? expected : model_intern ("0"));
}

void
run_set_value (Run *run)
{
  const char *v = run_pick_value_id (run);
  ModelValue value = run_pick_value_for (run, NULL, v);
  g_autoptr(GError) error = NULL;
  gboolean done;

  run_start (run);
  if (value.type == TST_CELL_TYPE_STRING && run_chance (run, 2) == 0)
    {
      done = tst_store_set_value_string (run->store, v, value.text, &error);
    }
  else if (value.type == TST_CELL_TYPE_NUMBER && run_chance (run, 2) == 0)
    {
      done = tst_store_set_value_number (run->store, v, value.number, &error);
    }
  else if (value.type == TST_CELL_TYPE_BOOLEAN && run_chance (run, 2) == 0)
    {
      done = tst_store_set_value_boolean (run->store, v, value.number != 0, &error);
    }
  else if (value.type >= TST_CELL_TYPE_OBJECT || run_chance (run, 3) == 0)
    {
      TstCell cell;

      run_init_cell (&cell, value);
      done = tst_store_write_value (run->store, v, &cell, &error);
    }
  else
    {
      g_auto(GValue) gvalue = G_VALUE_INIT;

      run_init_gvalue (run, &gvalue, value);
      done = tst_store_set_value (run->store, v, &gvalue, &error);
    }

  run_assert_done (run, model_set_value (run->model, v, value), done, error);
  run_finish (run);
  run_assert_got (run, NULL, NULL, v, model_row_find (run->model->now->values, v));
  run_assert_got_boxed (run, NULL, NULL, v, model_row_find (run->model->now->values, v));
}

void
run_remove_value (Run *run)
{
  const char *v = run_pick_value_id (run);

  run_start (run);
  if (run_chance (run, 10) == 0)
    {
      tst_store_remove_values (run->store);
      model_remove_values (run->model);
    }
  else
    {
      assert_removed (run, tst_store_remove_value (run->store, v),
                       model_remove_value (run->model, v));
    }
  run_finish (run);
  run_assert_got (run, NULL, NULL, v, model_row_find (run->model->now->values, v));
}

void
run_write_values (Run *run)
{
  gboolean partial = run_chance (run, 2);
  g_autoptr(GArray) cells = run_pick_cells (run, NULL, run->profile->row_width,
                                            run->value_ids, run->profile->n_values);
  g_autofree TstNamedCell *named = name_cells (cells);
  g_autoptr(GError) error = NULL;
  gboolean done, fits;

  run_start (run);
  done = tst_store_write_values (run->store, named, cells->len, partial, &error);
  fits = model_set_values (run->model, &g_array_index (cells, ModelCell, 0), cells->len, partial);
  run_assert_done (run, fits, done, error);
  run_finish (run);
  run_assert_values (run);
}

/* --- Cursors --- */

static gboolean
write_by_cursor (Run        *run,
                 TstCursor  *cursor,
                 guint       column,
                 ModelValue  value)
{
  switch ((int) value.type)
    {
    case TST_CELL_TYPE_STRING:
      return tst_cursor_set_string (cursor, column, value.text, NULL);
    case TST_CELL_TYPE_NUMBER:
      return tst_cursor_set_number (cursor, column, value.number, NULL);
    default:
      return tst_cursor_set_boolean (cursor, column, value.number != 0, NULL);
    }
}

void
run_use_cursor (Run *run)
{
  const char *t = run_pick_table (run);
  const char *r = run_pick_row (run, t);
  const char *c = run_pick_cell_for (run, t);
  g_autoptr(TstCursor) cursor = tst_cursor_new (run->store, t);
  guint column = tst_cursor_add_column (cursor, c);
  ModelValue value;
  gboolean written;

  for (guint i = 0; i < 3; i++, r = run_pick_row (run, t))
    {
      ModelRow *row = model_content_find_row (run->model->now, t, r);

      g_assert_cmpint (tst_cursor_seek (cursor, r), ==, row != NULL);
      if (row == NULL)
        {
          g_assert_null (tst_cursor_get_row_id (cursor));
          continue;
        }

      run_assert_cursor_cell (cursor, column, model_row_find (row, c));
      value = run_pick_value_for (run, t, c);
      if (value.type < TST_CELL_TYPE_STRING || value.type > TST_CELL_TYPE_BOOLEAN)
        continue;

      run_start (run);
      written = write_by_cursor (run, cursor, column, value);
      g_assert_cmpint (written, ==, model_set_cell (run->model, t, r, c, value) && !run->undone);
      run_finish (run);
      run_assert_cursor_cell (cursor, column,
                              model_row_find (model_content_find_row (run->model->now, t, r), c));
      g_assert_cmpstr (tst_cursor_get_row_id (cursor), ==, r);
    }
}
