/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "run.h"

#include "tst-text-private.h"

#include <string.h>

/* The same writes, given as JSON text, and the content read back from it. */

/* --- Writing JSON --- */

static void
print_string (GString    *json,
              const char *text)
{
  g_string_append_c (json, '"');
  for (; *text != '\0'; text++)
    {
      if (*text == '"' || *text == '\\')
        g_string_append_printf (json, "\\%c", *text);
      else if ((guint8) *text < 0x20)
        g_string_append_printf (json, "\\u%04x", (guint) *text);
      else
        g_string_append_c (json, *text);
    }
  g_string_append_c (json, '"');
}

/* As a string behind the mark that says that it is none, or not as it looks. */
static void
print_marked (GString    *json,
              const char *inner)
{
  g_autofree char *marked = g_strconcat ("\xef\xbf\xbd", inner, NULL);

  print_string (json, marked);
}

static void
print_text (GString    *json,
            const char *text)
{
  if (g_str_has_prefix (text, "\xef\xbf\xbd") || strcmp (text, "\xef\xbf\xbc") == 0)
    {
      g_autoptr(GString) inner = g_string_new (NULL);

      print_string (inner, text);
      print_marked (json, inner->str);
    }
  else
    {
      print_string (json, text);
    }
}

static void
print_value (Run              *run,
             GString          *json,
             const ModelValue *value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  switch (value->type)
    {
    case TST_CELL_TYPE_NULL:
      g_string_append (json, "null");
      break;
    case TST_CELL_TYPE_BOOLEAN:
      g_string_append (json, value->number != 0 ? "true" : "false");
      break;
    case TST_CELL_TYPE_NUMBER:
      g_string_append (json, g_ascii_dtostr (number, sizeof number, value->number));
      break;
    case TST_CELL_TYPE_STRING:
      print_text (json, value->text);
      break;
    case TST_CELL_TYPE_OBJECT:
    case TST_CELL_TYPE_ARRAY:
      if (run_chance (run, 2) == 0)
        g_string_append (json, value->text);
      else
        print_marked (json, value->text);
      break;
    case TST_CELL_TYPE_NONE:
    default:
      g_assert_not_reached ();
    }
}

static void
print_id (GString    *json,
          const char *id,
          gboolean    first)
{
  if (!first)
    g_string_append_c (json, ',');
  print_string (json, id);
  g_string_append (json, ": ");
}

static void
print_cells (Run             *run,
             GString         *json,
             const ModelCell *cells,
             guint            n_cells)
{
  g_string_append_c (json, '{');
  for (guint i = 0; i < n_cells; i++)
    {
      print_id (json, cells[i].id, i == 0);
      print_value (run, json, &cells[i].value);
    }
  g_string_append_c (json, '}');
}

static void
print_table (Run              *run,
             GString          *json,
             const ModelTable *table)
{
  g_string_append_c (json, '{');
  for (guint i = 0; i < table->n_rows; i++)
    {
      print_id (json, table->rows[i].id, i == 0);
      print_cells (run, json, table->rows[i].row->cells, table->rows[i].row->n_cells);
    }
  g_string_append_c (json, '}');
}

static void
print_tables (Run                *run,
              GString            *json,
              const ModelContent *content)
{
  g_string_append_c (json, '{');
  for (guint i = 0; i < content->n_tables; i++)
    {
      print_id (json, content->tables[i].id, i == 0);
      print_table (run, json, content->tables[i].table);
    }
  g_string_append_c (json, '}');
}

/* --- Cells, rows and values --- */

void
run_set_cell_json (Run *run)
{
  const char *t = run_pick_table (run);
  const char *r = run_pick_row (run, t);
  const char *c = run_pick_cell_for (run, t);
  ModelValue value = run_pick_value_for (run, t, c);
  g_autoptr(GString) json = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  gboolean done;

  print_value (run, json, &value);
  run_start (run);
  done = tst_store_set_cell_json (run->store, t, r, c, json->str, &error);
  run_assert_done (run, model_set_cell (run->model, t, r, c, value), done, error);
  run_finish (run);
  run_assert_touched_cell (run, t, r, c);
}

void
run_write_row_json (Run *run)
{
  const char *t = run_pick_table (run);
  const char *r = run_pick_row (run, t);
  gboolean partial = run_chance (run, 2);
  g_autoptr(GArray) cells = run_pick_cells (run, t, run->profile->row_width,
                                            run->cell_ids, run->profile->n_cells);
  g_autoptr(GString) json = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  gboolean done, fits;

  print_cells (run, json, &g_array_index (cells, ModelCell, 0), cells->len);
  run_start (run);
  if (partial)
    done = tst_store_set_partial_row_json (run->store, t, r, json->str, &error);
  else
    done = tst_store_set_row_json (run->store, t, r, json->str, &error);
  fits = model_set_row (run->model, t, r, &g_array_index (cells, ModelCell, 0), cells->len, partial);
  run_assert_done (run, fits, done, error);
  run_finish (run);
  run_assert_touched (run, t, r);
}

void
run_add_row_json (Run *run)
{
  const char *t = run_pick_table (run);
  g_autoptr(GArray) cells = run_pick_cells (run, t, run->profile->row_width,
                                            run->cell_ids, run->profile->n_cells);
  g_autoptr(GString) json = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  g_autofree char *id = NULL;
  const char *expected;

  print_cells (run, json, &g_array_index (cells, ModelCell, 0), cells->len);
  run_start (run);
  id = tst_store_add_row_json (run->store, t, json->str, TST_ADD_ROW_DEFAULT, &error);
  expected = model_add_row (run->model, t, &g_array_index (cells, ModelCell, 0), cells->len, TRUE);
  run_assert_done (run, expected != NULL, id != NULL, error);
  if (id != NULL)
    g_assert_cmpstr (id, ==, expected);
  run_finish (run);
  run_assert_touched (run, t, expected != NULL ? expected : model_intern ("0"));
}

void
run_write_values_json (Run *run)
{
  gboolean partial = run_chance (run, 2);
  g_autoptr(GArray) cells = run_pick_cells (run, NULL, run->profile->row_width,
                                            run->value_ids, run->profile->n_values);
  g_autoptr(GString) json = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  gboolean done, fits;

  print_cells (run, json, &g_array_index (cells, ModelCell, 0), cells->len);
  run_start (run);
  if (partial)
    done = tst_store_set_partial_values_json (run->store, json->str, &error);
  else
    done = tst_store_set_values_json (run->store, json->str, &error);
  fits = model_set_values (run->model, &g_array_index (cells, ModelCell, 0), cells->len, partial);
  run_assert_done (run, fits, done, error);
  run_finish (run);
  run_assert_values (run);
}

/* --- Content --- */

static void
set_all_json (Run          *run,
              ModelContent *content)
{
  g_autoptr(GString) json = g_string_new ("[");
  g_autoptr(GError) error = NULL;
  gboolean done;

  print_tables (run, json, content);
  g_string_append_c (json, ',');
  print_cells (run, json, content->values->cells, content->values->n_cells);
  g_string_append_c (json, ']');

  run_start (run);
  done = tst_store_set_json (run->store, json->str, &error);
  run_assert_done (run, run_replace_in_model (run, content, TST_PART_ALL), done, error);
  run_finish (run);
}

static void
set_tables_json (Run          *run,
                 ModelContent *content)
{
  g_autoptr(GString) json = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  gboolean done;

  print_tables (run, json, content);
  run_start (run);
  done = tst_store_set_tables_json (run->store, json->str, &error);
  run_assert_done (run, model_replace_tables (run->model, content), done, error);
  run_finish (run);
}

static void
set_table_json (Run        *run,
                const char *table_id,
                ModelTable *table)
{
  g_autoptr(GString) json = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  gboolean done;

  print_table (run, json, table);
  run_start (run);
  done = tst_store_set_table_json (run->store, table_id, json->str, &error);
  run_assert_done (run, model_replace_table (run->model, table_id, table), done, error);
  run_finish (run);
}

static void
assert_same_order (const TstSnapshot  *snapshot,
                   const ModelContent *content)
{
  const TstTableData *table;
  guint table_position = 0;
  TstRowView view;

  for (guint i = 0; i < content->n_tables; i++)
    {
      const ModelTable *rows = content->tables[i].table;
      guint position = 0;

      g_assert_true (tst_snapshot_next_table (snapshot, &table_position, &table));
      g_assert_cmpstr (tst_table_data_get_id (table)->text, ==, content->tables[i].id);
      for (guint j = 0; j < rows->n_rows; j++)
        {
          const ModelRow *cells = rows->rows[j].row;

          g_assert_true (tst_table_data_next_row (table, &position, &view));
          g_assert_cmpstr (view.id->text, ==, rows->rows[j].id);
          for (guint k = 0; k < cells->n_cells; k++)
            g_assert_cmpstr (tst_table_data_get_column_id (table, view.columns[k])->text, ==,
                             cells->cells[k].id);
        }
    }
}

/* The text of the store, read back, is the store; only -0 has become 0. */
static void
assert_by_text (Run *run)
{
  g_autofree char *json = tst_store_get_json (run->store);
  g_autoptr(TstSnapshot) now = tst_store_snapshot (run->store);
  g_autoptr(TstEngine) engine = NULL;
  g_autoptr(TstSnapshot) back = NULL;
  g_autoptr(GBytes) again = NULL;
  g_autoptr(GError) error = NULL;
  gboolean has_values;

  engine = tst_text_read_content (json, strlen (json), &has_values, &error);
  g_assert_no_error (error);
  g_assert_true (has_values);
  back = tst_engine_snapshot (engine);
  g_assert_true (tst_snapshot_equal (now, back));
  assert_same_order (back, run->model->now);

  again = tst_text_write_content (back);
  g_assert_cmpmem (json, strlen (json), g_bytes_get_data (again, NULL), g_bytes_get_size (again));
}

/* The content as a variant, put back, changes nothing. */
static void
set_own_variant (Run *run)
{
  g_autoptr(GVariant) content = tst_store_get_content (run->store);
  g_autoptr(GError) error = NULL;

  run_start (run);
  tst_store_set_content (run->store, content, &error);
  g_assert_no_error (error);
  run_finish (run);
}

void
run_replace_json (Run *run)
{
  g_autoptr(ModelContent) content = run_pick_content (run);
  const char *table_id = run_pick_table (run);
  ModelTable *table = model_content_find (content, table_id);

  switch (run_chance (run, 4))
    {
    case 0:
      set_all_json (run, content);
      break;
    case 1:
      if (content->n_tables > 0)
        set_tables_json (run, content);
      break;
    case 2:
      if (table != NULL)
        set_table_json (run, table_id, table);
      break;
    default:
      set_own_variant (run);
      break;
    }

  run_assert_by_snapshot (run);
  assert_by_text (run);
}
