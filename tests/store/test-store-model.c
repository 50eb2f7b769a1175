/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Random operations on a store and on a model of it, side by side. Everything
 * that can be read must be the same, everything that is told must be what the
 * model's difference says, and every snapshot must stay what it was.
 *
 * TST_TEST_SEED repeats a run. */

#include "recorder.h"
#include "test-util.h"

#include "tst-store-private.h"

#include <string.h>

#define MAX_HELD  6
#define MAX_DEPTH 4

/* What an episode draws its ids from, and how much it does. */
typedef struct
{
  const char *name;
  guint       n_tables;
  guint       n_rows;
  guint       n_cells;
  guint       n_values;
  guint       n_operations;
  guint       row_width;      /* cells of a structured write, at most */
  guint       table_height;   /* rows of structured content, at most */
  guint       burst;          /* writes at once, in a transaction; 0: never */
  guint       weight;         /* of a hundred episodes */
} Profile;

static const Profile profiles[] = {
  { "small", 4, 12, 8, 8, 10000, 8, 6, 0, 68 },
  { "wide", 2, 6, 1000, 200, 500, 300, 4, 0, 6 },
  { "layouts", 2, 150, 90, 4, 3000, 70, 100, 40, 16 },
  { "tall", 2, 5000, 6, 4, 4000, 6, 2000, 400, 10 },
};

typedef struct
{
  TstSnapshot  *snapshot;
  ModelContent *content;
} Held;

/* What a listener did in answer to a change of a cell */
typedef struct
{
  const char *row_id;
  const char *cell_id;
  ModelValue  value;     /* none: the row was removed */
} Answer;

typedef struct
{
  guint64        random;
  const Profile *profile;
  const char   **table_ids;
  const char   **row_ids;
  const char   **cell_ids;
  const char   **value_ids;
  TstStore      *store;
  Model         *model;
  ModelContent  *before;     /* the outermost transaction */
  Recorder      *recorder;
  GArray        *invalid;    /* Event: what was refused in this transaction */
  gboolean       answering;  /* a listener writes, too */
  GArray        *answers;    /* Answer, of this transaction */
  GArray        *rounds;     /* guint: number of events when each round began */
  Held           held[MAX_HELD];
  GThread       *thread;     /* (nullable) */
  guint          n_operations;
} Run;

/* --- Chance --- */

static guint
chance (Run   *run,
        guint  n)
{
  run->random ^= run->random >> 12;
  run->random ^= run->random << 25;
  run->random ^= run->random >> 27;

  return (guint) ((run->random * G_GUINT64_CONSTANT (0x2545F4914F6CDD1D)) >> 33) % n;
}

static const char *odd_ids[] = {
  "", "0", "1", "2", "3", "10", "007", "4294967295", "-1", "1.5", "__proto__", "constructor",
  "a", "name", "twelve bytes", "thirteen-byte", "é", "日本語の長い列の名前", "\xef\xbf\xbc",
  "f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "with \"quotes\" and \\ and \n", "::", "🐈",
};

static const char *
make_id (Run        *run,
         const char *prefix,
         guint       i)
{
  g_autofree char *text = NULL;

  switch (chance (run, 8))
    {
    case 0:
    case 1:
      text = g_strdup_printf ("%u", i);
      break;
    case 2:
      text = g_strdup_printf ("%08x-%04x-4%03x-a%03x-%012x", i * 2654435761u, i, i % 4096, 7, i);
      break;
    case 3:
      text = g_strdup_printf ("%s with a long name %u", prefix, i);
      break;
    default:
      text = g_strdup_printf ("%s%u", prefix, i);
      break;
    }

  return model_intern (text);
}

/* @n different ids, some of them odd. */
static const char **
make_ids (Run        *run,
          const char *prefix,
          guint       n)
{
  const char **ids = g_new (const char *, n);
  g_autoptr(GHashTable) seen = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < n; )
    {
      const char *id;

      if (chance (run, 300) == 0)
        {
          g_autofree char *text = g_strnfill (300 + chance (run, 3), prefix[0]);

          id = model_intern (text);
        }
      else if (chance (run, MAX (n / 8, 3)) == 0)
        {
          id = model_intern (odd_ids[chance (run, G_N_ELEMENTS (odd_ids))]);
        }
      else
        {
          id = make_id (run, prefix, i);
        }

      if (g_hash_table_add (seen, (gpointer) id))
        ids[i++] = id;
    }

  return ids;
}

static const char *
a_table (Run *run)
{
  return run->table_ids[chance (run, run->profile->n_tables)];
}

/* One that is there, mostly. */
static const char *
a_row (Run        *run,
       const char *table_id)
{
  ModelTable *table = model_content_find (run->model->now, table_id);

  if (table != NULL && chance (run, 3) != 0)
    return table->rows[chance (run, table->n_rows)].id;

  return run->row_ids[chance (run, run->profile->n_rows)];
}

static const char *
a_cell (Run *run)
{
  return run->cell_ids[chance (run, run->profile->n_cells)];
}

static const char *
a_value_id (Run *run)
{
  return run->value_ids[chance (run, run->profile->n_values)];
}

static const char *
a_text (Run *run)
{
  static const char *odd[] = {
    "", "\xef\xbf\xbc", "\xef\xbf\xbd{\"a\":1}", "\xef\xbf\xbd", "ünïcödé", "🐈🐈🐈", "a\tb\n\"",
  };
  static const char letters[] =
    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz";
  char text[80];
  guint length;

  switch (chance (run, 12))
    {
    case 0:
      return model_intern (odd[chance (run, G_N_ELEMENTS (odd))]);
    case 1:
      {
        g_autofree char *big = g_strnfill (1000 + chance (run, 4) * 1000, 'x');

        return model_intern (big);
      }
    default:
      length = chance (run, chance (run, 3) == 0 ? 60 : 18); /* on both sides of 14 */
      memcpy (text, letters + chance (run, 10), length);
      text[length] = '\0';
      return model_intern (text);
    }
}

static double
a_number (Run *run)
{
  static const double odd[] = {
    0.0, -0.0, 0.1, -1.5e-10, 1e300, 5e-324, 9007199254740993.0, 1e21, -1, 1.7976931348623157e308,
  };

  if (chance (run, 4) == 0)
    return odd[chance (run, G_N_ELEMENTS (odd))];

  return (double) chance (run, 100) - 10;
}

static ModelValue
a_value (Run *run)
{
  static const char *objects[] = { "{}", "{\"a\":1}", "{\"text\":\"longer than it fits inline\"}" };
  static const char *arrays[] = { "[]", "[1,2]", "[1,2,3,4,5,6,7,8,9,10,11,12]" };
  ModelValue value = { TST_CELL_TYPE_NULL, 0, NULL };

  switch (chance (run, 10))
    {
    case 0:
      break;
    case 1:
      value.type = TST_CELL_TYPE_OBJECT;
      value.text = model_intern (objects[chance (run, G_N_ELEMENTS (objects))]);
      break;
    case 2:
      value.type = TST_CELL_TYPE_ARRAY;
      value.text = model_intern (arrays[chance (run, G_N_ELEMENTS (arrays))]);
      break;
    case 3:
    case 4:
      value.type = TST_CELL_TYPE_BOOLEAN;
      value.number = chance (run, 2);
      break;
    case 5:
    case 6:
    case 7:
      value.type = TST_CELL_TYPE_STRING;
      value.text = a_text (run);
      break;
    default:
      value.type = TST_CELL_TYPE_NUMBER;
      value.number = a_number (run);
      break;
    }

  return value;
}

/* --- From the model to the library's forms --- */

static void
init_cell (TstCell    *cell,
           ModelValue  value)
{
  switch (value.type)
    {
    case TST_CELL_TYPE_NULL:
      tst_cell_init_null (cell);
      break;
    case TST_CELL_TYPE_NUMBER:
      tst_cell_init_number (cell, value.number);
      break;
    case TST_CELL_TYPE_BOOLEAN:
      tst_cell_init_boolean (cell, value.number != 0);
      break;
    case TST_CELL_TYPE_STRING:
    case TST_CELL_TYPE_OBJECT:
    case TST_CELL_TYPE_ARRAY:
      tst_cell_init_text (cell, value.type, value.text, strlen (value.text));
      break;
    case TST_CELL_TYPE_NONE:
    default:
      g_assert_not_reached ();
    }
}

/* In one of the types that are taken for it. */
static void
init_gvalue (Run        *run,
             GValue     *gvalue,
             ModelValue  value)
{
  switch ((int) value.type)
    {
    case TST_CELL_TYPE_NULL:
      g_value_init (gvalue, G_TYPE_POINTER);
      break;
    case TST_CELL_TYPE_STRING:
      g_value_init (gvalue, G_TYPE_STRING);
      g_value_set_string (gvalue, value.text);
      break;
    case TST_CELL_TYPE_BOOLEAN:
      g_value_init (gvalue, G_TYPE_BOOLEAN);
      g_value_set_boolean (gvalue, value.number != 0);
      break;
    default:
      if (value.number == (int) value.number && !(value.number == 0) && chance (run, 2) == 0)
        {
          g_value_init (gvalue, G_TYPE_INT);
          g_value_set_int (gvalue, (int) value.number);
        }
      else
        {
          g_value_init (gvalue, G_TYPE_DOUBLE);
          g_value_set_double (gvalue, value.number);
        }
      break;
    }
}

/* Content of an engine of its own, as a snapshot. */
static TstSnapshot *
build_snapshot (Run                *run,
                const ModelContent *content)
{
  g_autoptr(TstEngine) engine = tst_engine_new ();
  TstCell cell;

  for (guint i = 0; i < content->n_tables; i++)
    {
      const char *table_id = content->tables[i].id;
      const ModelTable *rows = content->tables[i].table;
      TstTable *table = tst_engine_ensure_table (engine, table_id, strlen (table_id), NULL);

      for (guint j = 0; j < rows->n_rows; j++)
        {
          const char *row_id = rows->rows[j].id;
          const ModelRow *cells = rows->rows[j].row;
          gboolean created = FALSE;
          guint32 row = tst_engine_ensure_row (engine, table, row_id, strlen (row_id), &created);

          g_assert_true (created);
          for (guint k = 0; k < cells->n_cells; k++)
            {
              const char *cell_id = cells->cells[k].id;
              guint32 column = tst_engine_ensure_column (engine, table, cell_id, strlen (cell_id));

              init_cell (&cell, cells->cells[k].value);
              g_assert_true (tst_engine_put_cell (engine, table, row, column, &cell));
            }
        }
    }

  for (guint k = 0; k < content->values->n_cells; k++)
    {
      const char *value_id = content->values->cells[k].id;

      init_cell (&cell, content->values->cells[k].value);
      g_assert_true (tst_engine_put_value (engine, value_id, strlen (value_id), &cell));
    }

  return tst_engine_snapshot (engine);
}

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
static void
assert_snapshot (TstSnapshot        *snapshot,
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
static void
assert_got (Run              *run,
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
static void
assert_got_boxed (Run              *run,
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
      assert_got (run, table_id, row_id, ids[k], &row->cells[k].value);
    }
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
}

static void
assert_values (Run *run)
{
  const ModelRow *values = run->model->now->values;
  g_auto(GStrv) ids = tst_store_get_value_ids (run->store);

  assert_ids (ids, values->n_cells);
  g_assert_cmpuint (tst_store_get_n_values (run->store), ==, values->n_cells);
  g_assert_cmpint (tst_store_has_values (run->store), ==, values->n_cells > 0);
  for (guint k = 0; k < values->n_cells; k++)
    {
      g_assert_cmpstr (ids[k], ==, values->cells[k].id);
      assert_got (run, NULL, NULL, ids[k], &values->cells[k].value);
    }
}

static void
assert_by_getters (Run *run)
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
  assert_values (run);
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

static void
assert_by_walking (Run *run)
{
  Walk tables = { run };
  Walk values = { run, .row = run->model->now->values };

  tst_store_foreach_table (run->store, walk_table_cb, &tables);
  g_assert_cmpuint (tables.at, ==, run->model->now->n_tables);
  tst_store_foreach_value (run->store, walk_cell_cb, &values);
  g_assert_cmpuint (values.at, ==, values.row->n_cells);
}

static void
assert_by_snapshot (Run *run)
{
  g_autoptr(TstSnapshot) snapshot = tst_store_snapshot (run->store);

  assert_snapshot (snapshot, run->model->now);
}

static void
assert_cursor_cell (TstCursor        *cursor,
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

static void
assert_by_cursor (Run        *run,
                  const char *table_id)
{
  const ModelTable *table = model_content_find (run->model->now, table_id);
  g_autoptr(TstCursor) cursor = tst_cursor_new (run->store, table_id);
  const char *cell_ids[3] = { a_cell (run), a_cell (run), a_cell (run) };
  guint columns[3];

  for (guint k = 0; k < 3; k++)
    columns[k] = tst_cursor_add_column (cursor, cell_ids[k]);

  for (guint j = 0; table != NULL && j < table->n_rows; j++)
    {
      g_assert_true (tst_cursor_next (cursor));
      g_assert_cmpstr (tst_cursor_get_row_id (cursor), ==, table->rows[j].id);
      for (guint k = 0; k < 3; k++)
        assert_cursor_cell (cursor, columns[k], model_row_find (table->rows[j].row, cell_ids[k]));
    }
  g_assert_false (tst_cursor_next (cursor));
}

static void
assert_everything (Run *run)
{
  switch (chance (run, 4))
    {
    case 0:
      assert_by_getters (run);
      break;
    case 1:
      assert_by_walking (run);
      break;
    case 2:
      assert_by_cursor (run, a_table (run));
      break;
    default:
      assert_by_snapshot (run);
      break;
    }
}

/* What an operation touched, after it. */
static void
assert_touched (Run        *run,
                const char *table_id,
                const char *row_id)
{
  ModelTable *table = model_content_find (run->model->now, table_id);
  ModelRow *row = model_content_find_row (run->model->now, table_id, row_id);

  if (table != NULL && table->n_rows <= 16 && chance (run, 8) == 0)
    assert_table (run, table_id, table);
  else if (row == NULL || row->n_cells <= 16 || chance (run, 20) == 0)
    assert_row (run, table_id, row_id, row);

  g_assert_cmpuint (tst_store_get_n_rows (run->store, table_id), ==,
                    table != NULL ? table->n_rows : 0);
}

static void
assert_touched_cell (Run        *run,
                     const char *table_id,
                     const char *row_id,
                     const char *cell_id)
{
  ModelRow *row = model_content_find_row (run->model->now, table_id, row_id);
  ModelValue *expected = row != NULL ? model_row_find (row, cell_id) : NULL;

  assert_got (run, table_id, row_id, cell_id, expected);
  assert_got_boxed (run, table_id, row_id, cell_id, expected);
  assert_touched (run, table_id, row_id);
}

/* --- A listener that answers --- */

#define ECHO_TABLE "the table of answers"

/* Repeats numbers in a table of its own, and removes a row there for each
 * cell that is removed elsewhere. */
static void
answer_cb (TstStore     *store,
           const char   *table_id,
           const char   *row_id,
           const char   *cell_id,
           const GValue *new_value,
           const GValue *old_value,
           gpointer      user_data)
{
  Run *run = user_data;
  Answer answer = { model_intern (row_id), model_intern (cell_id), model_value_from (new_value) };

  if (strcmp (table_id, ECHO_TABLE) == 0)
    return;

  if (answer.value.type == TST_CELL_TYPE_NUMBER)
    {
      g_assert_true (tst_store_set_cell (store, ECHO_TABLE, row_id, cell_id, new_value, NULL));
    }
  else if (answer.value.type == TST_CELL_TYPE_NONE)
    {
      tst_store_remove_row (store, ECHO_TABLE, row_id);
    }
  else
    {
      /* This comes to nothing. */
      tst_store_begin (store);
      tst_store_remove_tables (store);
      g_assert_true (tst_store_set_cell_number (store, table_id, row_id, cell_id, 1, NULL));
      tst_store_rollback (store);
      return;
    }

  g_array_append_val (run->answers, answer);
}

static void
round_cb (TstStore *store,
          gpointer  user_data)
{
  Run *run = user_data;

  g_array_append_val (run->rounds, run->recorder->events->len);
}

static void
answer_in_model (Run *run)
{
  const char *echo = model_intern (ECHO_TABLE);

  for (guint i = 0; i < run->answers->len; i++)
    {
      const Answer *answer = &g_array_index (run->answers, Answer, i);

      if (answer->value.type == TST_CELL_TYPE_NONE)
        model_remove_row (run->model, echo, answer->row_id);
      else
        model_set_cell (run->model, echo, answer->row_id, answer->cell_id, answer->value);
    }
}

/* --- Transactions and what is told of them --- */

static void
start (Run *run)
{
  if (run->model->stack->len > 0)
    return;

  g_clear_pointer (&run->before, model_content_unref);
  run->before = model_content_ref (run->model->now);
  g_array_set_size (run->invalid, 0);
  g_array_set_size (run->answers, 0);
  g_array_set_size (run->rounds, 0);
}

/* The first round is what the operation did; the second, what the answering
 * listener did in the first. */
static void
finish_answered (Run             *run,
                 const ModelDiff *diff)
{
  g_autoptr(ModelContent) between = model_content_ref (run->model->now);
  g_autoptr(ModelDiff) answered = NULL;
  guint n_events = run->recorder->events->len;

  answer_in_model (run);
  answered = model_diff (between, run->model->now);
  g_assert_cmpuint (run->rounds->len, <=, 2);
  g_assert_true (run->rounds->len == 2 || run->answers->len == 0);

  if (run->rounds->len == 2)
    n_events = g_array_index (run->rounds, guint, 1);
  recorder_check (run->recorder, n_events, run->invalid, diff, FALSE);
  if (run->rounds->len == 2)
    recorder_check (run->recorder, run->recorder->events->len, NULL, answered, FALSE);
}

static void
finish (Run *run)
{
  g_autoptr(ModelDiff) diff = NULL;

  run->n_operations++;
  if (run->model->stack->len > 0)
    return;

  diff = model_diff (run->before, run->model->now);
  if (run->answering)
    finish_answered (run, diff);
  else
    recorder_check (run->recorder, run->recorder->events->len, run->invalid, diff, FALSE);
}

static void
do_begin (Run *run)
{
  start (run);
  tst_store_begin (run->store);
  model_begin (run->model);
  run->n_operations++;
}

static void
do_commit (Run *run)
{
  tst_store_commit (run->store);
  model_commit (run->model);
  finish (run);
}

static void
do_rollback (Run *run)
{
  g_autoptr(ModelDiff) diff = NULL;

  tst_store_rollback (run->store);
  model_rollback (run->model);
  run->n_operations++;
  if (run->model->stack->len > 0)
    return;

  diff = model_diff (run->before, run->model->now);
  g_assert_true (model_diff_is_empty (diff));
  recorder_check (run->recorder, run->recorder->events->len, run->invalid, diff, TRUE);
  if (run->profile->burst == 0 || chance (run, 8) == 0)
    assert_everything (run);
}

static void
do_look_at_changes (Run *run)
{
  g_autoptr(TstChanges) changes = tst_store_get_changes (run->store);
  g_autoptr(ModelDiff) diff = NULL;

  g_assert_nonnull (changes);
  if (run->model->stack->len == 0)
    {
      g_assert_true (tst_changes_is_empty (changes));
      return;
    }

  diff = model_diff (run->before, run->model->now);
  recorder_check_changes (changes, diff);
}

/* --- Writing --- */

static void
do_set_cell (Run *run)
{
  const char *t = a_table (run);
  const char *r = a_row (run, t);
  const char *c = a_cell (run);
  ModelValue value = a_value (run);
  g_autoptr(GError) error = NULL;
  gboolean done;

  start (run);
  if (value.type == TST_CELL_TYPE_STRING && chance (run, 2) == 0)
    {
      done = tst_store_set_cell_string (run->store, t, r, c, value.text, &error);
    }
  else if (value.type == TST_CELL_TYPE_NUMBER && chance (run, 2) == 0)
    {
      done = tst_store_set_cell_number (run->store, t, r, c, value.number, &error);
    }
  else if (value.type == TST_CELL_TYPE_BOOLEAN && chance (run, 2) == 0)
    {
      done = tst_store_set_cell_boolean (run->store, t, r, c, value.number != 0, &error);
    }
  else if (value.type >= TST_CELL_TYPE_OBJECT || chance (run, 3) == 0)
    {
      TstCell cell;

      init_cell (&cell, value);
      done = tst_store_write_cell (run->store, t, r, c, &cell, &error);
    }
  else
    {
      g_auto(GValue) gvalue = G_VALUE_INIT;

      init_gvalue (run, &gvalue, value);
      done = tst_store_set_cell (run->store, t, r, c, &gvalue, &error);
    }

  g_assert_no_error (error);
  g_assert_true (done);
  model_set_cell (run->model, t, r, c, value);
  finish (run);
  assert_touched_cell (run, t, r, c);
}

static void
do_refuse_cell (Run *run)
{
  const char *t = a_table (run);
  const char *r = a_row (run, t);
  const char *c = a_cell (run);
  Event event = { .kind = EVENT_INVALID_CELL, .table_id = t, .row_id = r, .cell_id = c };
  g_autoptr(GError) error = NULL;

  start (run);
  g_assert_false (tst_store_set_cell_number (run->store, t, r, c, G_MAXDOUBLE * 10, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_INVALID_VALUE);
  g_array_append_val (run->invalid, event);
  finish (run);
  assert_touched_cell (run, t, r, c);
}

static void
do_refuse_value (Run *run)
{
  const char *v = a_value_id (run);
  Event event = { .kind = EVENT_INVALID_VALUE, .cell_id = v };
  g_autoptr(GError) error = NULL;

  start (run);
  g_assert_false (tst_store_set_value_string (run->store, v, "\xff", &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_INVALID_VALUE);
  g_array_append_val (run->invalid, event);
  finish (run);
}

static void
do_remove_cell (Run *run)
{
  const char *t = a_table (run);
  const char *r = a_row (run, t);
  ModelRow *row = model_content_find_row (run->model->now, t, r);
  const char *c = row != NULL && chance (run, 3) != 0 ? row->cells[chance (run, row->n_cells)].id
                                                      : a_cell (run);

  start (run);
  g_assert_cmpint (tst_store_remove_cell (run->store, t, r, c), ==,
                   model_remove_cell (run->model, t, r, c));
  finish (run);
  assert_touched_cell (run, t, r, c);
}

static void
do_remove_row (Run *run)
{
  const char *t = a_table (run);
  const char *r = a_row (run, t);

  start (run);
  g_assert_cmpint (tst_store_remove_row (run->store, t, r), ==,
                   model_remove_row (run->model, t, r));
  finish (run);
  assert_touched (run, t, r);
}

static void
do_remove_table (Run *run)
{
  const char *t = a_table (run);

  start (run);
  if (chance (run, 3) == 0)
    {
      tst_store_remove_tables (run->store);
      model_remove_tables (run->model);
    }
  else
    {
      g_assert_cmpint (tst_store_remove_table (run->store, t), ==,
                       model_remove_table (run->model, t));
    }
  finish (run);
  g_assert_cmpuint (tst_store_get_n_tables (run->store), ==, run->model->now->n_tables);
}

/* Up to @most cells under different ids. */
static GArray *
some_cells (Run         *run,
            guint        most,
            const char **ids,
            guint        n_ids)
{
  GArray *cells = g_array_new (FALSE, FALSE, sizeof (ModelCell));
  guint n = 1 + chance (run, MIN (most, n_ids));
  guint at = chance (run, n_ids);

  /* A step that shares no divisor with most numbers, so that the order
   * changes; whoever comes twice is left out. */
  for (guint i = 0; i < n; i++, at = (at + 7) % n_ids)
    {
      ModelCell cell = { ids[at], a_value (run) };
      gboolean twice = FALSE;

      for (guint j = 0; !twice && j < cells->len; j++)
        twice = g_array_index (cells, ModelCell, j).id == cell.id;
      if (!twice)
        g_array_append_val (cells, cell);
    }

  return cells;
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
      init_cell (&named[i].cell, cell->value);
    }

  return named;
}

static void
do_write_row (Run *run)
{
  const char *t = a_table (run);
  const char *r = a_row (run, t);
  gboolean partial = chance (run, 2);
  g_autoptr(GArray) cells = some_cells (run, run->profile->row_width,
                                        run->cell_ids, run->profile->n_cells);
  g_autofree TstNamedCell *named = name_cells (cells);
  g_autoptr(GError) error = NULL;
  gboolean done;

  start (run);
  done = tst_store_write_row (run->store, t, r, named, cells->len, partial, &error);
  g_assert_no_error (error);
  g_assert_true (done);
  model_set_row (run->model, t, r, (ModelCell *) cells->data, cells->len, partial);
  finish (run);
  assert_touched (run, t, r);
}

static void
do_add_row (Run *run)
{
  const char *t = a_table (run);
  TstAddRowFlags flags = chance (run, 4) == 0 ? TST_ADD_ROW_NO_REUSE
                       : chance (run, 10) == 0 ? TST_ADD_ROW_UNIQUE : TST_ADD_ROW_DEFAULT;
  g_autoptr(GArray) cells = some_cells (run, run->profile->row_width,
                                        run->cell_ids, run->profile->n_cells);
  g_autofree TstNamedCell *named = name_cells (cells);
  g_autoptr(GError) error = NULL;
  g_autofree char *id = NULL;
  const char *expected;

  start (run);
  id = tst_store_write_new_row (run->store, t, named, cells->len, flags, &error);
  g_assert_no_error (error);
  g_assert_nonnull (id);
  if (flags & TST_ADD_ROW_UNIQUE)
    {
      expected = model_intern (id);
      g_assert_null (model_content_find_row (run->model->now, t, expected));
      model_set_row (run->model, t, expected, (ModelCell *) cells->data, cells->len, FALSE);
    }
  else
    {
      expected = model_add_row (run->model, t, (ModelCell *) cells->data, cells->len,
                                flags == TST_ADD_ROW_DEFAULT);
    }
  g_assert_cmpstr (id, ==, expected);
  finish (run);
  assert_touched (run, t, expected);
}

static void
do_set_value (Run *run)
{
  const char *v = a_value_id (run);
  ModelValue value = a_value (run);
  g_autoptr(GError) error = NULL;
  gboolean done;

  start (run);
  if (value.type == TST_CELL_TYPE_STRING && chance (run, 2) == 0)
    {
      done = tst_store_set_value_string (run->store, v, value.text, &error);
    }
  else if (value.type == TST_CELL_TYPE_NUMBER && chance (run, 2) == 0)
    {
      done = tst_store_set_value_number (run->store, v, value.number, &error);
    }
  else if (value.type == TST_CELL_TYPE_BOOLEAN && chance (run, 2) == 0)
    {
      done = tst_store_set_value_boolean (run->store, v, value.number != 0, &error);
    }
  else if (value.type >= TST_CELL_TYPE_OBJECT || chance (run, 3) == 0)
    {
      TstCell cell;

      init_cell (&cell, value);
      done = tst_store_write_value (run->store, v, &cell, &error);
    }
  else
    {
      g_auto(GValue) gvalue = G_VALUE_INIT;

      init_gvalue (run, &gvalue, value);
      done = tst_store_set_value (run->store, v, &gvalue, &error);
    }

  g_assert_no_error (error);
  g_assert_true (done);
  model_set_value (run->model, v, value);
  finish (run);
  assert_got (run, NULL, NULL, v, model_row_find (run->model->now->values, v));
  assert_got_boxed (run, NULL, NULL, v, model_row_find (run->model->now->values, v));
}

static void
do_remove_value (Run *run)
{
  const char *v = a_value_id (run);

  start (run);
  if (chance (run, 10) == 0)
    {
      tst_store_remove_values (run->store);
      model_remove_values (run->model);
    }
  else
    {
      g_assert_cmpint (tst_store_remove_value (run->store, v), ==,
                       model_remove_value (run->model, v));
    }
  finish (run);
  assert_got (run, NULL, NULL, v, model_row_find (run->model->now->values, v));
}

static void
do_write_values (Run *run)
{
  gboolean partial = chance (run, 2);
  g_autoptr(GArray) cells = some_cells (run, run->profile->row_width,
                                        run->value_ids, run->profile->n_values);
  g_autofree TstNamedCell *named = name_cells (cells);
  g_autoptr(GError) error = NULL;
  gboolean done;

  start (run);
  done = tst_store_write_values (run->store, named, cells->len, partial, &error);
  g_assert_no_error (error);
  g_assert_true (done);
  model_set_values (run->model, (ModelCell *) cells->data, cells->len, partial);
  finish (run);
  assert_values (run);
}

/* --- Whole content --- */

static void
fill_table (Run           *run,
            ModelContent **content,
            const char    *table_id)
{
  guint n_rows = 1 + chance (run, run->profile->table_height);
  guint at = chance (run, run->profile->n_rows);

  for (guint j = 0; j < n_rows; j++)
    {
      g_autoptr(GArray) cells = some_cells (run, run->profile->row_width,
                                            run->cell_ids, run->profile->n_cells);
      const char *row_id = run->row_ids[(at + j * 3) % run->profile->n_rows];

      for (guint k = 0; k < cells->len; k++)
        {
          const ModelCell *cell = &g_array_index (cells, ModelCell, k);

          model_content_set_cell (content, table_id, row_id, cell->id, cell->value);
        }
    }
}

static ModelContent *
some_content (Run *run)
{
  ModelContent *content;
  guint n_tables = chance (run, run->profile->n_tables + 1);

  /* Sometimes what there is, with a few changes. */
  if (chance (run, 2) == 0)
    {
      content = model_content_ref (run->model->now);
      for (guint i = chance (run, 5); i > 0; i--)
        model_content_set_cell (&content, a_table (run), a_row (run, a_table (run)),
                                a_cell (run), a_value (run));
      return content;
    }

  content = model_content_new ();
  for (guint i = 0; i < n_tables; i++)
    fill_table (run, &content, a_table (run));
  for (guint i = chance (run, 4); i > 0; i--)
    model_content_set_value (&content, a_value_id (run), a_value (run));

  return content;
}

static void
replace_with (Run          *run,
              TstSnapshot  *snapshot,
              ModelContent *content)
{
  TstParts parts = 1 + chance (run, 3);

  start (run);
  tst_store_replace (run->store, snapshot, parts);
  if (parts & TST_PART_TABLES)
    model_replace_tables (run->model, content);
  if (parts & TST_PART_VALUES)
    model_set_values (run->model, content->values->cells, content->values->n_cells, FALSE);
  finish (run);
}

static void
do_replace (Run *run)
{
  g_autoptr(ModelContent) content = some_content (run);
  g_autoptr(TstSnapshot) snapshot = build_snapshot (run, content);
  const char *table_id = a_table (run);
  const ModelTable *table = model_content_find (content, table_id);

  if (table != NULL && chance (run, 2) == 0)
    {
      start (run);
      tst_store_replace_table (run->store, table_id, tst_snapshot_find_table (snapshot, table_id));
      model_replace_table (run->model, table_id, table);
      finish (run);
    }
  else
    {
      replace_with (run, snapshot, content);
    }

  assert_by_snapshot (run);
}

/* --- Snapshots --- */

static gpointer
read_in_thread (gpointer user_data)
{
  Held *held = user_data;

  assert_snapshot (held->snapshot, held->content);
  tst_snapshot_unref (held->snapshot);

  return held;
}

static void
join_thread (Run *run)
{
  Held *held;

  if (run->thread == NULL)
    return;

  held = g_thread_join (g_steal_pointer (&run->thread));
  model_content_unref (held->content);
  g_free (held);
}

static void
release (Run  *run,
         Held *held)
{
  assert_snapshot (held->snapshot, held->content);
  g_clear_pointer (&held->snapshot, tst_snapshot_unref);
  g_clear_pointer (&held->content, model_content_unref);
}

static void
do_hold (Run *run)
{
  Held *held = &run->held[chance (run, MAX_HELD)];
  const Held *other = &run->held[chance (run, MAX_HELD)];

  if (held->snapshot != NULL && chance (run, 3) == 0)
    {
      replace_with (run, held->snapshot, held->content);
    }
  else if (held->snapshot != NULL && chance (run, 3) == 0)
    {
      join_thread (run);
      /* Both may be read here at the same time. */
      tst_snapshot_ref (held->snapshot);
      model_content_ref (held->content);
      run->thread = g_thread_new ("snapshot", read_in_thread, g_memdup2 (held, sizeof (Held)));
    }
  else if (held->snapshot != NULL)
    {
      if (other->snapshot != NULL)
        g_assert_cmpint (tst_snapshot_equal (held->snapshot, other->snapshot), ==,
                         model_content_equal (held->content, other->content));
      release (run, held);
    }
  else
    {
      held->snapshot = tst_store_snapshot (run->store);
      held->content = model_content_ref (run->model->now);
    }
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

static void
do_cursor (Run *run)
{
  const char *t = a_table (run);
  const char *r = a_row (run, t);
  const char *c = a_cell (run);
  g_autoptr(TstCursor) cursor = tst_cursor_new (run->store, t);
  guint column = tst_cursor_add_column (cursor, c);
  ModelValue value;

  for (guint i = 0; i < 3; i++, r = a_row (run, t))
    {
      ModelRow *row = model_content_find_row (run->model->now, t, r);

      g_assert_cmpint (tst_cursor_seek (cursor, r), ==, row != NULL);
      if (row == NULL)
        {
          g_assert_null (tst_cursor_get_row_id (cursor));
          continue;
        }

      assert_cursor_cell (cursor, column, model_row_find (row, c));
      value = a_value (run);
      if (value.type < TST_CELL_TYPE_STRING || value.type > TST_CELL_TYPE_BOOLEAN)
        continue;

      start (run);
      g_assert_true (write_by_cursor (run, cursor, column, value));
      model_set_cell (run->model, t, r, c, value);
      finish (run);
      assert_cursor_cell (cursor, column,
                          model_row_find (model_content_find_row (run->model->now, t, r), c));
      g_assert_cmpstr (tst_cursor_get_row_id (cursor), ==, r);
    }
}

/* --- Listeners --- */

static void
do_listen (Run *run)
{
  const char *t = chance (run, 2) ? a_table (run) : NULL;
  const char *r = chance (run, 2) ? a_row (run, t != NULL ? t : a_table (run)) : NULL;
  const char *c = chance (run, 2) ? a_cell (run) : NULL;
  EventKind kind = chance (run, N_EVENTS);

  if (run->recorder->n_listeners > 40 || (run->recorder->n_listeners > 5 && chance (run, 3) == 0))
    {
      recorder_forget (run->recorder, chance (run, run->recorder->n_listeners));
      return;
    }

  if (kind == EVENT_CHANGED || kind == EVENT_INVALID_CELL || kind == EVENT_INVALID_VALUE ||
      chance (run, 3) == 0)
    {
      gboolean detailed = (kind >= EVENT_ROW_IDS && kind <= EVENT_TABLE) || kind == EVENT_VALUE;

      recorder_connect (run->recorder, kind,
                        !detailed ? NULL : kind == EVENT_VALUE ? a_value_id (run) : t);
      return;
    }

  if (kind == EVENT_VALUE)
    c = chance (run, 2) ? a_value_id (run) : NULL;
  else if (kind != EVENT_CELL)
    c = NULL;
  if (kind != EVENT_CELL && kind != EVENT_ROW && kind != EVENT_CELL_IDS)
    r = NULL;
  if (kind < EVENT_ROW_IDS || kind > EVENT_TABLE)
    t = NULL;
  recorder_listen (run->recorder, kind, t, r, c);
}

/* --- Many at once: rows in the thousands come and go --- */

static void
burst_of_adding (Run *run)
{
  for (guint i = 0; i < run->profile->burst; i++)
    do_add_row (run);
}

static void
burst_of_removing (Run *run)
{
  const char *t = a_table (run);
  gboolean oldest = chance (run, 2);

  for (guint i = 0; i < run->profile->burst; i++)
    {
      ModelTable *table = model_content_find (run->model->now, t);
      const char *r;

      if (table == NULL)
        break;
      r = table->rows[oldest ? 0 : chance (run, table->n_rows)].id;
      start (run);
      g_assert_true (tst_store_remove_row (run->store, t, r));
      g_assert_true (model_remove_row (run->model, t, r));
      finish (run);
      g_assert_false (tst_store_has_row (run->store, t, r));
    }
}

static void
burst_of_writing (Run *run)
{
  for (guint i = 0; i < run->profile->burst; i++)
    do_set_cell (run);
}

static void
do_burst (Run *run)
{
  do_begin (run);
  switch (chance (run, 3))
    {
    case 0:
      burst_of_adding (run);
      break;
    case 1:
      burst_of_removing (run);
      break;
    default:
      burst_of_writing (run);
      break;
    }

  if (chance (run, 4) == 0)
    do_rollback (run);
  else
    do_commit (run);
}

/* --- The run --- */

typedef struct
{
  void (*func) (Run *run);
  guint  weight;
} Operation;

static const Operation operations[] = {
  { do_set_cell, 400 },
  { do_remove_cell, 120 },
  { do_remove_row, 60 },
  { do_write_row, 80 },
  { do_add_row, 60 },
  { do_set_value, 60 },
  { do_remove_value, 30 },
  { do_write_values, 10 },
  { do_cursor, 20 },
  { do_remove_table, 3 },
  { do_replace, 3 },
  { do_hold, 10 },
  { do_refuse_cell, 5 },
  { do_refuse_value, 3 },
  { do_look_at_changes, 8 },
};

static void
do_something (Run *run)
{
  guint total = 0;
  guint at;

  for (guint i = 0; i < G_N_ELEMENTS (operations); i++)
    total += operations[i].weight;
  at = chance (run, total);
  for (guint i = 0; i < G_N_ELEMENTS (operations); i++)
    {
      if (at < operations[i].weight)
        {
          operations[i].func (run);
          return;
        }
      at -= operations[i].weight;
    }
}

static void
take_a_step (Run *run)
{
  guint depth = run->model->stack->len;

  if (depth < MAX_DEPTH && chance (run, depth == 0 ? 30 : 12) == 0)
    do_begin (run);
  else if (depth > 0 && chance (run, 6) == 0)
    (chance (run, 3) == 0 ? do_rollback : do_commit) (run);
  else if (run->profile->burst > 0 && chance (run, run->profile->burst) == 0)
    do_burst (run);
  else
    do_something (run);

  if (run->model->stack->len == 0 && chance (run, 150) == 0)
    do_listen (run);
  if (chance (run, run->profile->table_height * 4 + run->profile->row_width + 40) == 0)
    assert_everything (run);
}

static void
run_episode (Run           *run,
             const Profile *profile,
             guint          n_operations)
{
  guint end;

  run->profile = profile;
  run->table_ids = make_ids (run, "t", profile->n_tables);
  run->row_ids = make_ids (run, "row", profile->n_rows);
  run->cell_ids = make_ids (run, "cell", profile->n_cells);
  run->value_ids = make_ids (run, "value", profile->n_values);

  end = run->n_operations + n_operations;
  while (run->n_operations < end)
    take_a_step (run);
  while (run->model->stack->len > 0)
    do_commit (run);

  assert_by_getters (run);
  assert_by_walking (run);
  assert_by_snapshot (run);
  for (guint i = 0; i < profile->n_tables; i++)
    assert_by_cursor (run, run->table_ids[i]);

  g_free (run->table_ids);
  g_free (run->row_ids);
  g_free (run->cell_ids);
  g_free (run->value_ids);
}

static void
open_store (Run *run)
{
  run->store = tst_store_new ();
  run->model = model_new ();
  run->recorder = recorder_new (run->store);

  run->answering = chance (run, 4) == 0;
  if (run->answering)
    {
      run->recorder->answered = TRUE;
      tst_store_add_finishing_listener (run->store, round_cb, run, NULL);
      tst_store_add_cell_listener (run->store, NULL, NULL, NULL, 0, answer_cb, run, NULL);
    }

  recorder_connect (run->recorder, EVENT_CHANGED, NULL);
  recorder_listen (run->recorder, EVENT_CELL, NULL, NULL, NULL);
  recorder_listen (run->recorder, EVENT_FINISHED, NULL, NULL, NULL);
}

/* Snapshots outlive the store. */
static void
close_store (Run *run)
{
  recorder_free (run->recorder);
  g_assert_finalize_object (run->store);
  for (guint i = 0; i < MAX_HELD; i++)
    {
      if (run->held[i].snapshot != NULL)
        release (run, &run->held[i]);
    }
  join_thread (run);

  g_clear_pointer (&run->before, model_content_unref);
  model_free (run->model);
}

static const Profile *
choose_profile (Run *run)
{
  guint at = chance (run, 100);

  for (guint i = 0; i < G_N_ELEMENTS (profiles); i++)
    {
      if (at < profiles[i].weight)
        return &profiles[i];
      at -= profiles[i].weight;
    }

  return &profiles[0];
}

static void
run_operations (const Profile *only,
                guint          n_operations)
{
  Run run = { 0 };

  run.random = ((guint64) test_seed () << 1) | 1;
  run.invalid = g_array_new (FALSE, FALSE, sizeof (Event));
  run.answers = g_array_new (FALSE, FALSE, sizeof (Answer));
  run.rounds = g_array_new (FALSE, FALSE, sizeof (guint));

  open_store (&run);
  while (run.n_operations < n_operations)
    {
      const Profile *profile = only != NULL ? only : choose_profile (&run);

      run_episode (&run, profile, MIN (profile->n_operations, n_operations - run.n_operations));
      if (chance (&run, 3) == 0)
        {
          close_store (&run);
          open_store (&run);
        }
    }
  close_store (&run);
  g_array_unref (run.invalid);
  g_array_unref (run.answers);
  g_array_unref (run.rounds);

  g_test_message ("%u operations", run.n_operations);
}

static void
test_store_model_profile (gconstpointer user_data)
{
  g_test_summary ("A store does what its model does, for one shape of data");

  run_operations (user_data, test_scale (20000));
}

static void
test_store_model_all (void)
{
  g_test_summary ("A store does what its model does, whatever happens");

  run_operations (NULL, test_scale (1000000));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (profiles); i++)
    {
      g_autofree char *path = g_strconcat ("/store-model/", profiles[i].name, NULL);

      g_test_add_data_func (path, &profiles[i], test_store_model_profile);
    }
  g_test_add_func ("/store-model/all", test_store_model_all);

  return g_test_run ();
}
