/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "run.h"

#include <string.h>

/* What is drawn by chance: ids, values, rows, content. */

/* --- Chance --- */

guint
run_chance (Run   *run,
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

  switch (run_chance (run, 8))
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
const char **
run_make_ids (Run        *run,
              const char *prefix,
              guint       n)
{
  const char **ids = g_new (const char *, n);
  g_autoptr(GHashTable) seen = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < n; )
    {
      const char *id;

      if (run_chance (run, 300) == 0)
        {
          g_autofree char *text = g_strnfill (300 + run_chance (run, 3), prefix[0]);

          id = model_intern (text);
        }
      else if (run_chance (run, MAX (n / 8, 3)) == 0)
        {
          id = model_intern (odd_ids[run_chance (run, G_N_ELEMENTS (odd_ids))]);
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

const char *
run_pick_table (Run *run)
{
  const ModelSchema *schema = run->careful ? run->model->schema : NULL;
  const char *id = run->table_ids[run_chance (run, run->profile->n_tables)];

  for (guint i = 0; schema != NULL && i < 5 && model_schema_find (schema, id) == NULL; i++)
    id = run->table_ids[run_chance (run, run->profile->n_tables)];

  return id;
}

/* One that is there, mostly. */
const char *
run_pick_row (Run        *run,
              const char *table_id)
{
  ModelTable *table = model_content_find (run->model->now, table_id);

  if (table != NULL && run_chance (run, 3) != 0)
    return table->rows[run_chance (run, table->n_rows)].id;

  return run->row_ids[run_chance (run, run->profile->n_rows)];
}

const char *
run_pick_cell (Run *run)
{
  return run->cell_ids[run_chance (run, run->profile->n_cells)];
}

const char *
run_pick_value_id (Run *run)
{
  return run->value_ids[run_chance (run, run->profile->n_values)];
}

static const char *
pick_text (Run *run)
{
  static const char *odd[] = {
    "", "\xef\xbf\xbc", "\xef\xbf\xbd{\"a\":1}", "\xef\xbf\xbd", "ünïcödé", "🐈🐈🐈", "a\tb\n\"",
  };
  static const char letters[] =
    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz";
  char text[80];
  guint length;

  switch (run_chance (run, 12))
    {
    case 0:
      return model_intern (odd[run_chance (run, G_N_ELEMENTS (odd))]);
    case 1:
      {
        g_autofree char *big = g_strnfill (1000 + run_chance (run, 4) * 1000, 'x');

        return model_intern (big);
      }
    default:
      length = run_chance (run, run_chance (run, 3) == 0 ? 60 : 18); /* on both sides of 14 */
      memcpy (text, letters + run_chance (run, 10), length);
      text[length] = '\0';
      return model_intern (text);
    }
}

static double
pick_number (Run *run)
{
  static const double odd[] = {
    0.0, -0.0, 0.1, -1.5e-10, 1e300, 5e-324, 9007199254740993.0, 1e21, -1, 1.7976931348623157e308,
  };

  if (run_chance (run, 4) == 0)
    return odd[run_chance (run, G_N_ELEMENTS (odd))];

  return (double) run_chance (run, 100) - 10;
}

ModelValue
run_pick_value (Run *run)
{
  static const char *objects[] = { "{}", "{\"a\":1}", "{\"text\":\"longer than it fits inline\"}" };
  static const char *arrays[] = { "[]", "[1,2]", "[1,2,3,4,5,6,7,8,9,10,11,12]" };
  ModelValue value = { TST_CELL_TYPE_NULL, 0, NULL };

  switch (run_chance (run, 10))
    {
    case 0:
      break;
    case 1:
      value.type = TST_CELL_TYPE_OBJECT;
      value.text = model_intern (objects[run_chance (run, G_N_ELEMENTS (objects))]);
      break;
    case 2:
      value.type = TST_CELL_TYPE_ARRAY;
      value.text = model_intern (arrays[run_chance (run, G_N_ELEMENTS (arrays))]);
      break;
    case 3:
    case 4:
      value.type = TST_CELL_TYPE_BOOLEAN;
      value.number = run_chance (run, 2);
      break;
    case 5:
    case 6:
    case 7:
      value.type = TST_CELL_TYPE_STRING;
      value.text = pick_text (run);
      break;
    default:
      value.type = TST_CELL_TYPE_NUMBER;
      value.number = pick_number (run);
      break;
    }

  return value;
}

/* --- From the model to the library's forms --- */

void
run_init_cell (TstCell    *cell,
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
void
run_init_gvalue (Run        *run,
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
      if (ABS (value.number) <= G_MAXINT && value.number == (int) value.number &&
          !(value.number == 0) && run_chance (run, 2) == 0)
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
TstSnapshot *
run_build_snapshot (Run                *run,
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

              run_init_cell (&cell, cells->cells[k].value);
              g_assert_true (tst_engine_put_cell (engine, table, row, column, &cell));
            }
        }
    }

  for (guint k = 0; k < content->values->n_cells; k++)
    {
      const char *value_id = content->values->cells[k].id;

      run_init_cell (&cell, content->values->cells[k].value);
      g_assert_true (tst_engine_put_value (engine, value_id, strlen (value_id), &cell));
    }

  return tst_engine_snapshot (engine);
}

/* Up to @most cells under different ids; of a row of a table, or values if that is NULL. */
GArray *
run_pick_cells (Run         *run,
                const char  *table_id,
                guint        most,
                const char **ids,
                guint        n_ids)
{
  GArray *cells = g_array_new (FALSE, FALSE, sizeof (ModelCell));
  guint n = 1 + run_chance (run, MIN (most, n_ids));
  guint at = run_chance (run, n_ids);

  /* A step that shares no divisor with most numbers, so that the order
   * changes; whoever comes twice is left out. */
  for (guint i = 0; i < n; i++, at = (at + 7) % n_ids)
    {
      ModelCell cell = { ids[at], run_pick_value_for (run, table_id, ids[at]) };
      gboolean twice = FALSE;

      for (guint j = 0; !twice && j < cells->len; j++)
        twice = g_array_index (cells, ModelCell, j).id == cell.id;
      if (!twice)
        g_array_append_val (cells, cell);
    }
  run_make_cells_fit (run, table_id, cells);

  return cells;
}
