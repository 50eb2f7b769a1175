/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The workloads on SQLite, in memory: a table of the data is a table with a
 * column for each cell id, and every statement is prepared once. */

#include "harness.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

typedef struct
{
  sqlite3      *db;
  guint         n_cells;
  sqlite3_stmt *setters[DATASET_N_TABLES * DATASET_N_CELLS];
  sqlite3_stmt *getters[DATASET_N_TABLES * DATASET_N_CELLS];
} Database;

static void
expect (Database *self,
        int       result,
        int       expected)
{
  if (result == expected)
    return;

  g_printerr ("SQLite: %s\n", sqlite3_errmsg (self->db));
  exit (1);
}

static void
execute (Database   *self,
         const char *sql)
{
  expect (self, sqlite3_exec (self->db, sql, NULL, NULL, NULL), SQLITE_OK);
}

static sqlite3_stmt *prepare (Database   *self,
                              const char *format,
                              ...) G_GNUC_PRINTF (2, 3);

static sqlite3_stmt *
prepare (Database   *self,
         const char *format,
         ...)
{
  g_autofree char *sql = NULL;
  sqlite3_stmt *statement = NULL;
  va_list arguments;

  va_start (arguments, format);
  sql = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  expect (self, sqlite3_prepare_v3 (self->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL),
          SQLITE_OK);

  return statement;
}

/* All rows have the same cells. Columns without a type keep what they get. */
static void
create_table (Database      *self,
              const Dataset *data,
              const char    *table_id)
{
  g_autoptr(GString) sql = g_string_new (NULL);

  g_string_printf (sql, "CREATE TABLE %s (id TEXT PRIMARY KEY", table_id);
  for (guint c = 0; c < data->n_cells; c++)
    g_string_append_printf (sql, ", %s", data->cell_ids[c]);
  g_string_append (sql, ") WITHOUT ROWID");

  execute (self, sql->str);
}

static void
open_database (Database      *self,
               const Dataset *data)
{
  memset (self, 0, sizeof *self);
  self->n_cells = data->n_cells;
  expect (self, sqlite3_open (":memory:", &self->db), SQLITE_OK);

  for (guint t = 0; t < data->n_tables; t++)
    {
      const char *table = data->table_ids[t];

      create_table (self, data, table);
      for (guint c = 0; c < data->n_cells; c++)
        {
          const char *cell = data->cell_ids[c];

          self->setters[t * data->n_cells + c] =
            prepare (self, "INSERT INTO %s (id, %s) VALUES (?1, ?2) "
                           "ON CONFLICT (id) DO UPDATE SET %s = excluded.%s",
                     table, cell, cell, cell);
          self->getters[t * data->n_cells + c] =
            prepare (self, "SELECT %s FROM %s WHERE id = ?1", cell, table);
        }
    }
}

static void
close_database (Database *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->setters); i++)
    {
      sqlite3_finalize (self->setters[i]);
      sqlite3_finalize (self->getters[i]);
    }
  expect (self, sqlite3_close (self->db), SQLITE_OK);
}

static void
bind (sqlite3_stmt       *statement,
      int                 position,
      const DatasetValue *value)
{
  switch (value->type)
    {
    case DATASET_NUMBER:
      sqlite3_bind_double (statement, position, value->number);
      break;

    case DATASET_STRING:
      sqlite3_bind_text (statement, position, value->string, (int) value->length, SQLITE_STATIC);
      break;

    case DATASET_BOOLEAN:
    default:
      sqlite3_bind_int (statement, position, value->boolean);
      break;
    }
}

static inline void
set (Database           *self,
     guint               table,
     const char         *row_id,
     guint               cell,
     const DatasetValue *value)
{
  sqlite3_stmt *setter = self->setters[table * self->n_cells + cell];

  sqlite3_bind_text (setter, 1, row_id, -1, SQLITE_STATIC);
  bind (setter, 2, value);
  expect (self, sqlite3_step (setter), SQLITE_DONE);
  sqlite3_reset (setter);
}

/* To be reset when its value was read. */
static inline sqlite3_stmt *
get (Database   *self,
     guint       table,
     const char *row_id,
     guint       cell)
{
  sqlite3_stmt *getter = self->getters[table * self->n_cells + cell];

  sqlite3_bind_text (getter, 1, row_id, -1, SQLITE_STATIC);
  expect (self, sqlite3_step (getter), SQLITE_ROW);

  return getter;
}

static inline gsize
type_code (sqlite3_stmt *getter)
{
  switch (sqlite3_column_type (getter, 0))
    {
    case SQLITE_FLOAT:
      return DATASET_NUMBER;
    case SQLITE_TEXT:
      return DATASET_STRING;
    default:
      return DATASET_BOOLEAN;
    }
}

static gboolean
is_right (sqlite3_stmt       *getter,
          const DatasetValue *value)
{
  if (type_code (getter) != value->type)
    return FALSE;

  switch (value->type)
    {
    case DATASET_NUMBER:
      return sqlite3_column_double (getter, 0) == value->number;
    case DATASET_STRING:
      return strcmp ((const char *) sqlite3_column_text (getter, 0), value->string) == 0;
    case DATASET_BOOLEAN:
    default:
      return sqlite3_column_int (getter, 0) == value->boolean;
    }
}

static gsize
count_right (Database           *self,
             const Dataset      *data,
             const DatasetValue *value)
{
  gsize n_right = 0;

  for (guint t = 0; t < data->n_tables; t++)
    for (guint r = 0; r < data->n_rows; r++)
      for (guint c = 0; c < data->n_cells; c++, value++)
        {
          sqlite3_stmt *getter = get (self, t, data->row_ids[r], c);

          n_right += is_right (getter, value);
          sqlite3_reset (getter);
        }

  harness_expect ("the number of right cells", n_right, data->size);
  return n_right;
}

HARNESS_MEASURED
fill_alone (Database           *self,
            const Dataset      *data,
            const DatasetValue *value)
{
  for (guint t = 0; t < data->n_tables; t++)
    for (guint r = 0; r < data->n_rows; r++)
      for (guint c = 0; c < data->n_cells; c++)
        set (self, t, data->row_ids[r], c, value++);
}

HARNESS_MEASURED
fill (Database           *self,
      const Dataset      *data,
      const DatasetValue *values)
{
  execute (self, "BEGIN");
  fill_alone (self, data, values);
  execute (self, "COMMIT");
}

static void
run_w1 (const Harness *harness)
{
  Dataset *data = dataset_new (harness->n_rows);
  const DatasetValue *others = dataset_make_values (2, data->size);
  Database database;
  double start;

  open_database (&database, data);

  start = harness_now ();
  fill (&database, data, data->values);
  start = harness_now () - start;
  harness_report (harness, "W1", start, data->size, count_right (&database, data, data->values));

  start = harness_now ();
  fill (&database, data, others);
  start = harness_now () - start;
  harness_report (harness, "W1u", start, data->size, count_right (&database, data, others));

  close_database (&database);
}

static void
run_w1c (const Harness *harness)
{
  Dataset *data = dataset_new (harness->n_rows);
  Database database;
  double start;

  open_database (&database, data);

  start = harness_now ();
  fill_alone (&database, data, data->values);
  start = harness_now () - start;
  harness_report (harness, "W1c", start, data->size, count_right (&database, data, data->values));

  close_database (&database);
}

HARNESS_MEASURED
read_random (Database      *self,
             const Dataset *data,
             const guint32 *order,
             gsize         *sum)
{
  *sum = 0;

  for (gsize i = 0; i < data->size; i++)
    {
      guint32 row = order[i] / data->n_cells;
      sqlite3_stmt *getter = get (self, row / data->n_rows, data->row_ids[row % data->n_rows],
                                  order[i] % data->n_cells);

      *sum += type_code (getter);
      sqlite3_reset (getter);
    }
}

HARNESS_MEASURED
read_ordered (Database      *self,
              const Dataset *data,
              gsize         *sum)
{
  *sum = 0;

  for (guint t = 0; t < data->n_tables; t++)
    for (guint r = 0; r < data->n_rows; r++)
      for (guint c = 0; c < data->n_cells; c++)
        {
          sqlite3_stmt *getter = get (self, t, data->row_ids[r], c);

          *sum += type_code (getter);
          sqlite3_reset (getter);
        }
}

/* The second pass counts. */
static void
measure_reads (const Harness *harness,
               const char    *workload,
               const guint32 *order)
{
  Dataset *data = dataset_new (harness->n_rows);
  Database database;
  double start = 0;
  gsize sum = 0;

  open_database (&database, data);
  fill (&database, data, data->values);

  for (guint pass = harness->once ? 1 : 0; pass < 2; pass++)
    {
      start = harness_now ();
      if (order != NULL)
        read_random (&database, data, order, &sum);
      else
        read_ordered (&database, data, &sum);
      start = harness_now () - start;
    }

  harness_expect ("the sum of the types", sum, dataset_sum_types (data, order));
  harness_report (harness, workload, start, data->size, sum);
  close_database (&database);
}

static void
run_w2 (const Harness *harness)
{
  gsize size = (gsize) DATASET_N_TABLES * harness->n_rows * DATASET_N_CELLS;

  measure_reads (harness, "W2", dataset_make_order (3, size, (guint32) size));
}

static void
run_w2s (const Harness *harness)
{
  measure_reads (harness, "W2s", NULL);
}

static void
run_w6 (const Harness *harness)
{
  Dataset *data = dataset_new_ids_only (harness->n_rows);
  char buffer[DATASET_STRING_SIZE];
  guint32 seed = 1;
  Database database;
  double before;

  open_database (&database, data);
  before = harness_memory ();

  execute (&database, "BEGIN");
  for (guint t = 0; t < data->n_tables; t++)
    for (guint r = 0; r < data->n_rows; r++)
      for (guint c = 0; c < data->n_cells; c++)
        {
          guint32 first = dataset_random (&seed);
          guint32 second = dataset_random (&seed);
          DatasetValue value = dataset_make_value (first, second, buffer);

          set (&database, t, data->row_ids[r], c, &value);
        }
  execute (&database, "COMMIT");

  harness_report_bytes (harness, "W6",
                        (harness_memory () - before) / data->size,
                        (harness_peak_memory () - before) / data->size,
                        data->size);
  close_database (&database);
}

/* Without an index, as the store has none. */
static void
run_w7 (const Harness *harness)
{
  Dataset *data = dataset_new_sorted (harness->n_rows);
  char *ids[DATASET_PAGE];
  Database database;
  sqlite3_stmt *query;
  double start = 0;
  guint n = 0;

  open_database (&database, data);
  fill (&database, data, data->values);
  query = prepare (&database, "SELECT id FROM %s ORDER BY %s LIMIT %d",
                   data->table_ids[0], data->cell_ids[0], DATASET_PAGE);

  for (guint pass = harness->once ? 2 : 0; pass < 3; pass++)
    {
      for (guint i = 0; i < n; i++)
        g_free (ids[i]);

      start = harness_now ();
      for (n = 0; sqlite3_step (query) == SQLITE_ROW; n++)
        ids[n] = g_strdup ((const char *) sqlite3_column_text (query, 0));
      sqlite3_reset (query);
      start = harness_now () - start;
    }

  harness_report (harness, "W7", start, 1, dataset_hash_ids ((const char * const *) ids, n));
  for (guint i = 0; i < n; i++)
    g_free (ids[i]);
  sqlite3_finalize (query);
  close_database (&database);
}

int
main (int   argc,
      char *argv[])
{
  static const HarnessWorkload workloads[] = {
    { "W1", run_w1 },
    { "W1c", run_w1c },
    { "W2", run_w2 },
    { "W2s", run_w2s },
    { "W6", run_w6 },
    { "W7", run_w7 },
    { NULL, NULL }
  };

  return harness_main (argc, argv, "sqlite", workloads);
}
