/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "run.h"

#include <string.h>

/* --- Comparing --- */

static void
assert_cell (const TstCell    *cell,
             const ModelValue *value)
{
  gsize length;

  g_assert_nonnull (cell);
  g_assert_cmpint (tst_cell_type (cell), ==, value->type);
  switch (value->type)
    {
    case TST_CELL_TYPE_NUMBER:
      g_assert_true (memcmp (&cell->wide.number, &value->number, sizeof (double)) == 0);
      break;
    case TST_CELL_TYPE_BOOLEAN:
      g_assert_cmpint (tst_cell_get_boolean (cell), ==, value->number != 0);
      break;
    case TST_CELL_TYPE_STRING:
    case TST_CELL_TYPE_OBJECT:
    case TST_CELL_TYPE_ARRAY:
      g_assert_cmpstr (tst_cell_get_text (cell, &length), ==, value->text);
      g_assert_cmpuint (length, ==, strlen (value->text));
      break;
    case TST_CELL_TYPE_NULL:
    case TST_CELL_TYPE_NONE:
    default:
      break;
    }
}

static void
assert_row_view (const TstTableData *table,
                 const TstRowView   *view,
                 const ModelRow     *row)
{
  g_assert_cmpuint (view->n_cells, ==, row->n_cells);
  for (guint k = 0; k < row->n_cells; k++)
    {
      TstId *id = tst_table_data_get_column_id (table, view->columns[k]);

      g_assert_cmpstr (id->text, ==, row->cells[k].id);
      assert_cell (&view->cells[k], &row->cells[k].value);
    }
}

static void
assert_finds_row (const TstTableData *table,
                  const char         *row_id,
                  const ModelRow     *row)
{
  g_autoptr(TstId) id = tst_id_new (row_id, strlen (row_id));
  TstRowView view;

  g_assert_true (tst_table_data_find_row (table, id, &view));
  assert_row_view (table, &view, row);

  for (guint k = 0; k < row->n_cells; k += 7)
    {
      g_autoptr(TstId) cell_id = tst_id_new (row->cells[k].id, strlen (row->cells[k].id));

      assert_cell (tst_table_data_find_cell (table, &view, cell_id), &row->cells[k].value);
    }
}

static void
assert_table_data (const TstTableData *table,
                   const char         *table_id,
                   const ModelTable   *expected)
{
  g_autoptr(TstId) nowhere = tst_id_new ("nowhere to be found", 19);
  guint position = 0;
  TstRowView view;

  g_assert_cmpstr (tst_table_data_get_id (table)->text, ==, table_id);
  g_assert_cmpuint (tst_table_data_get_n_rows (table), ==, expected->n_rows);

  for (guint j = 0; j < expected->n_rows; j++)
    {
      g_assert_true (tst_table_data_next_row (table, &position, &view));
      g_assert_cmpstr (view.id->text, ==, expected->rows[j].id);
      assert_row_view (table, &view, expected->rows[j].row);
    }
  g_assert_false (tst_table_data_next_row (table, &position, &view));

  for (guint j = 0; j < expected->n_rows; j += 5)
    assert_finds_row (table, expected->rows[j].id, expected->rows[j].row);
  g_assert_false (tst_table_data_find_row (table, nowhere, &view));
}

/* Does not intern anything: it runs in other threads, too. */
void
run_assert_snapshot (TstSnapshot        *snapshot,
                     const ModelContent *content)
{
  const TstTableData *table;
  guint position = 0;
  TstRowView view;

  for (guint i = 0; i < content->n_tables; i++)
    {
      g_assert_true (tst_snapshot_next_table (snapshot, &position, &table));
      assert_table_data (table, content->tables[i].id, content->tables[i].table);
      g_assert_true (tst_snapshot_find_table (snapshot, content->tables[i].id) == table);
    }
  g_assert_false (tst_snapshot_next_table (snapshot, &position, &table));
  g_assert_null (tst_snapshot_find_table (snapshot, "nowhere to be found"));

  table = tst_snapshot_get_values (snapshot, &view);
  if (content->values->n_cells > 0)
    assert_row_view (table, &view, content->values);
  else
    g_assert_null (table);
}

static void
assert_ids (char  **actual,
            guint   n)
{
  g_assert_nonnull (actual);
  g_assert_cmpuint (g_strv_length (actual), ==, n);
}

/* By the getters for one cell or value; row_id NULL: a value. */
void
run_assert_got (Run              *run,
                const char       *table_id,
                const char       *row_id,
                const char       *id,
                const ModelValue *expected)
{
  TstStore *store = run->store;
  TstCellType type = row_id != NULL ? tst_store_get_cell_type (store, table_id, row_id, id)
                                    : tst_store_get_value_type (store, id);
  gboolean has = row_id != NULL ? tst_store_has_cell (store, table_id, row_id, id)
                                : tst_store_has_value (store, id);
  const char *text = row_id != NULL ? tst_store_get_cell_string (store, table_id, row_id, id)
                                    : tst_store_get_value_string (store, id);
  double number = row_id != NULL ? tst_store_get_cell_number (store, table_id, row_id, id)
                                 : tst_store_get_value_number (store, id);
  gboolean boolean = row_id != NULL ? tst_store_get_cell_boolean (store, table_id, row_id, id)
                                    : tst_store_get_value_boolean (store, id);

  g_assert_cmpint (has, ==, expected != NULL);
  g_assert_cmpint (type, ==, expected != NULL ? expected->type : TST_CELL_TYPE_NONE);
  g_assert_cmpstr (text, ==, type == TST_CELL_TYPE_STRING ? expected->text : NULL);
  g_assert_cmpint (boolean, ==, type == TST_CELL_TYPE_BOOLEAN && expected->number != 0);
  if (type == TST_CELL_TYPE_NUMBER)
    g_assert_true (memcmp (&number, &expected->number, sizeof (double)) == 0);
  else
    g_assert_cmpfloat (number, ==, 0);
}

/* The same boxed. */
void
run_assert_got_boxed (Run              *run,
                      const char       *table_id,
                      const char       *row_id,
                      const char       *id,
                      const ModelValue *expected)
{
  GValue *boxed = row_id != NULL ? tst_store_get_cell (run->store, table_id, row_id, id)
                                 : tst_store_get_value (run->store, id);
  ModelValue actual = model_value_from (boxed);

  g_assert_cmpint (boxed != NULL, ==, expected != NULL);
  if (expected != NULL)
    {
      g_assert_cmpfloat (actual.number, ==, expected->number);
      g_assert_true (actual.text == expected->text);
    }

  if (boxed != NULL)
    {
      g_value_unset (boxed);
      g_free (boxed);
    }
}

static void
assert_row (Run            *run,
            const char     *table_id,
            const char     *row_id,
            const ModelRow *row)
{
  g_auto(GStrv) ids = tst_store_get_cell_ids (run->store, table_id, row_id);

  assert_ids (ids, row != NULL ? row->n_cells : 0);
  g_assert_cmpint (tst_store_has_row (run->store, table_id, row_id), ==, row != NULL);
  for (guint k = 0; row != NULL && k < row->n_cells; k++)
    {
      g_assert_cmpstr (ids[k], ==, row->cells[k].id);
      run_assert_got (run, table_id, row_id, ids[k], &row->cells[k].value);
    }
}

static void
take_count_cb (TstStore   *store,
               const char *cell_id,
               guint       n_rows,
               gpointer    user_data)
{
  g_assert_true (g_hash_table_insert (user_data, (gpointer) model_intern (cell_id),
                                      GUINT_TO_POINTER (n_rows)));
}

/* How many rows have each of the cells. */
static GHashTable *
count_cells (const ModelTable *table)
{
  GHashTable *counts = g_hash_table_new (NULL, NULL);

  for (guint j = 0; table != NULL && j < table->n_rows; j++)
    for (guint k = 0; k < table->rows[j].row->n_cells; k++)
      {
        gpointer id = (gpointer) table->rows[j].row->cells[k].id;
        guint n = GPOINTER_TO_UINT (g_hash_table_lookup (counts, id));

        g_hash_table_insert (counts, id, GUINT_TO_POINTER (n + 1));
      }

  return counts;
}

static void
assert_table_cells (Run              *run,
                    const char       *table_id,
                    const ModelTable *table)
{
  g_autoptr(GHashTable) expected = count_cells (table);
  g_autoptr(GHashTable) counts = g_hash_table_new (NULL, NULL);
  g_auto(GStrv) ids = tst_store_get_table_cell_ids (run->store, table_id);
  const char *other = run_pick_cell (run);

  tst_store_foreach_table_cell (run->store, table_id, take_count_cb, counts);
  g_assert_cmpuint (g_hash_table_size (counts), ==, g_hash_table_size (expected));
  g_assert_cmpuint (g_strv_length (ids), ==, g_hash_table_size (expected));

  for (guint i = 0; ids[i] != NULL; i++)
    {
      gconstpointer id = model_intern (ids[i]);

      g_assert_true (g_hash_table_contains (expected, id));
      g_assert_true (g_hash_table_lookup (counts, id) == g_hash_table_lookup (expected, id));
      g_assert_true (tst_store_has_table_cell (run->store, table_id, ids[i]));
    }
  g_assert_cmpint (tst_store_has_table_cell (run->store, table_id, other), ==,
                   g_hash_table_contains (expected, other));
}

static void
assert_table (Run              *run,
              const char       *table_id,
              const ModelTable *table)
{
  g_auto(GStrv) ids = tst_store_get_row_ids (run->store, table_id);

  assert_ids (ids, table != NULL ? table->n_rows : 0);
  g_assert_cmpint (tst_store_has_table (run->store, table_id), ==, table != NULL);
  g_assert_cmpuint (tst_store_get_n_rows (run->store, table_id), ==,
                    table != NULL ? table->n_rows : 0);
  for (guint j = 0; table != NULL && j < table->n_rows; j++)
    {
      g_assert_cmpstr (ids[j], ==, table->rows[j].id);
      assert_row (run, table_id, ids[j], table->rows[j].row);
    }
  assert_table_cells (run, table_id, table);
}

void
run_assert_values (Run *run)
{
  const ModelRow *values = run->model->now->values;
  g_auto(GStrv) ids = tst_store_get_value_ids (run->store);

  assert_ids (ids, values->n_cells);
  g_assert_cmpuint (tst_store_get_n_values (run->store), ==, values->n_cells);
  g_assert_cmpint (tst_store_has_values (run->store), ==, values->n_cells > 0);
  for (guint k = 0; k < values->n_cells; k++)
    {
      g_assert_cmpstr (ids[k], ==, values->cells[k].id);
      run_assert_got (run, NULL, NULL, ids[k], &values->cells[k].value);
    }
}

void
run_assert_by_getters (Run *run)
{
  const ModelContent *content = run->model->now;
  g_auto(GStrv) ids = tst_store_get_table_ids (run->store);

  assert_ids (ids, content->n_tables);
  g_assert_cmpuint (tst_store_get_n_tables (run->store), ==, content->n_tables);
  g_assert_cmpint (tst_store_has_tables (run->store), ==, content->n_tables > 0);
  for (guint i = 0; i < content->n_tables; i++)
    {
      g_assert_cmpstr (ids[i], ==, content->tables[i].id);
      assert_table (run, ids[i], content->tables[i].table);
    }
  run_assert_values (run);
}

typedef struct
{
  Run             *run;
  const char      *table_id;
  const char      *row_id;
  const ModelRow  *row;
  guint            at;
  guint            n_rows;  /* seen in all */
} Walk;

static void
walk_cell_cb (TstStore     *store,
              const char   *id,
              const GValue *value,
              gpointer      user_data)
{
  Walk *walk = user_data;
  ModelValue actual = model_value_from (value);

  g_assert_cmpuint (walk->at, <, walk->row->n_cells);
  g_assert_cmpstr (id, ==, walk->row->cells[walk->at].id);
  g_assert_cmpfloat (actual.number, ==, walk->row->cells[walk->at].value.number);
  g_assert_true (actual.text == walk->row->cells[walk->at].value.text);
  walk->at++;
}

static void
walk_row_cb (TstStore   *store,
             const char *id,
             gpointer    user_data)
{
  Walk *walk = user_data;
  const ModelTable *table = model_content_find (walk->run->model->now, walk->table_id);
  Walk inner = { walk->run, walk->table_id };

  g_assert_cmpuint (walk->at, <, table->n_rows);
  g_assert_cmpstr (id, ==, table->rows[walk->at].id);
  inner.row = table->rows[walk->at].row;
  tst_store_foreach_cell (store, walk->table_id, id, walk_cell_cb, &inner);
  g_assert_cmpuint (inner.at, ==, inner.row->n_cells);
  walk->at++;
}

static void
walk_table_cb (TstStore   *store,
               const char *id,
               gpointer    user_data)
{
  Walk *walk = user_data;
  const ModelContent *content = walk->run->model->now;
  Walk inner = { walk->run };

  g_assert_cmpuint (walk->at, <, content->n_tables);
  g_assert_cmpstr (id, ==, content->tables[walk->at].id);
  inner.table_id = content->tables[walk->at].id;
  tst_store_foreach_row (store, id, walk_row_cb, &inner);
  g_assert_cmpuint (inner.at, ==, content->tables[walk->at].table->n_rows);
  walk->at++;
}

void
run_assert_by_walking (Run *run)
{
  Walk tables = { run };
  Walk values = { run, .row = run->model->now->values };

  tst_store_foreach_table (run->store, walk_table_cb, &tables);
  g_assert_cmpuint (tables.at, ==, run->model->now->n_tables);
  tst_store_foreach_value (run->store, walk_cell_cb, &values);
  g_assert_cmpuint (values.at, ==, values.row->n_cells);
}

void
run_assert_by_snapshot (Run *run)
{
  g_autoptr(TstSnapshot) snapshot = tst_store_snapshot (run->store);

  run_assert_snapshot (snapshot, run->model->now);
}

void
run_assert_cursor_cell (TstCursor        *cursor,
                        guint             column,
                        const ModelValue *expected)
{
  TstCellType type = tst_cursor_get_cell_type (cursor, column);

  g_assert_cmpint (type, ==, expected != NULL ? expected->type : TST_CELL_TYPE_NONE);
  g_assert_cmpstr (tst_cursor_get_string (cursor, column), ==,
                   type == TST_CELL_TYPE_STRING ? expected->text : NULL);
  g_assert_cmpfloat (tst_cursor_get_number (cursor, column), ==,
                     type == TST_CELL_TYPE_NUMBER ? expected->number : 0);
  g_assert_cmpint (tst_cursor_get_boolean (cursor, column), ==,
                   type == TST_CELL_TYPE_BOOLEAN && expected->number != 0);
}

void
run_assert_by_cursor (Run        *run,
                      const char *table_id)
{
  const ModelTable *table = model_content_find (run->model->now, table_id);
  g_autoptr(TstCursor) cursor = tst_cursor_new (run->store, table_id);
  const char *cell_ids[3] = { run_pick_cell (run), run_pick_cell (run), run_pick_cell (run) };
  guint columns[3];

  for (guint k = 0; k < 3; k++)
    columns[k] = tst_cursor_add_column (cursor, cell_ids[k]);

  for (guint j = 0; table != NULL && j < table->n_rows; j++)
    {
      g_assert_true (tst_cursor_next (cursor));
      g_assert_cmpstr (tst_cursor_get_row_id (cursor), ==, table->rows[j].id);
      for (guint k = 0; k < 3; k++)
        run_assert_cursor_cell (cursor, columns[k],
                                model_row_find (table->rows[j].row, cell_ids[k]));
    }
  g_assert_false (tst_cursor_next (cursor));
}

void
run_assert_everything (Run *run)
{
  switch (run_chance (run, 4))
    {
    case 0:
      run_assert_by_getters (run);
      break;
    case 1:
      run_assert_by_walking (run);
      break;
    case 2:
      run_assert_by_cursor (run, run_pick_table (run));
      break;
    default:
      run_assert_by_snapshot (run);
      break;
    }
}

/* What an operation touched, after it. */
void
run_assert_touched (Run        *run,
                    const char *table_id,
                    const char *row_id)
{
  ModelTable *table = model_content_find (run->model->now, table_id);
  ModelRow *row = model_content_find_row (run->model->now, table_id, row_id);

  if (table != NULL && table->n_rows <= 16 && run_chance (run, 8) == 0)
    assert_table (run, table_id, table);
  else if (row == NULL || row->n_cells <= 16 || run_chance (run, 20) == 0)
    assert_row (run, table_id, row_id, row);

  g_assert_cmpuint (tst_store_get_n_rows (run->store, table_id), ==,
                    table != NULL ? table->n_rows : 0);
}

void
run_assert_touched_cell (Run        *run,
                         const char *table_id,
                         const char *row_id,
                         const char *cell_id)
{
  ModelRow *row = model_content_find_row (run->model->now, table_id, row_id);
  ModelValue *expected = row != NULL ? model_row_find (row, cell_id) : NULL;

  run_assert_got (run, table_id, row_id, cell_id, expected);
  run_assert_got_boxed (run, table_id, row_id, cell_id, expected);
  run_assert_touched (run, table_id, row_id);
}
