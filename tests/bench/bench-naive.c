/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The workloads on what one would write first with the parts of GLib: hash
 * tables in hash tables in hash tables, with interned ids and boxed values;
 * signals with details, by the generic marshaller; json-glib. */

#include "harness.h"

#include <glib-object.h>
#include <json-glib/json-glib.h>
#include <string.h>

#define N_CHANGES     100000 /* of W3 */
#define N_ROW_CHANGES 2000   /* the cost is linear in handlers, so this is scaled up */

#define NAIVE_TYPE_STORE (naive_store_get_type ())
G_DECLARE_FINAL_TYPE (NaiveStore, naive_store, NAIVE, STORE, GObject)

struct _NaiveStore
{
  GObject parent_instance;

  GHashTable *tables;
  GArray     *log; /* of NaiveChange */
  gboolean    in_transaction;
};

typedef struct
{
  const char *table_id, *row_id, *cell_id;
  GValue      before;
} NaiveChange;

G_DEFINE_FINAL_TYPE (NaiveStore, naive_store, G_TYPE_OBJECT)

enum
{
  SIGNAL_CELL_CHANGED,
  SIGNAL_ROW_CHANGED,
  SIGNAL_TABLE_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];
static gsize n_calls;

static GHashTable *
make_level (GDestroyNotify destroy)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, NULL, destroy);
}

static void
naive_store_init (NaiveStore *self)
{
  self->tables = make_level ((GDestroyNotify) g_hash_table_unref);
  self->log = g_array_new (FALSE, FALSE, sizeof (NaiveChange));
}

static void
naive_store_class_init (NaiveStoreClass *klass)
{
  GType string = G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE;

  signals[SIGNAL_CELL_CHANGED] =
    g_signal_new ("cell-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 3, string, string, string);
  signals[SIGNAL_ROW_CHANGED] =
    g_signal_new ("row-changed", G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 2, string, string);
  signals[SIGNAL_TABLE_CHANGED] =
    g_signal_new ("table-changed", G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 1, string);
}

static void
free_value (gpointer data)
{
  g_value_unset (data);
  g_slice_free (GValue, data);
}

static GHashTable *
ensure_level (GHashTable     *parent,
              const char     *id,
              GDestroyNotify  destroy)
{
  GHashTable *level = g_hash_table_lookup (parent, id);

  if (level == NULL)
    {
      level = make_level (destroy);
      g_hash_table_insert (parent, (char *) g_intern_string (id), level);
    }

  return level;
}

static void
copy_value (GValue       *to,
            const GValue *from)
{
  g_value_init (to, G_VALUE_TYPE (from));
  g_value_copy (from, to);
}

static BENCH_APART void
naive_store_set (NaiveStore   *self,
                 const char   *table_id,
                 const char   *row_id,
                 const char   *cell_id,
                 const GValue *value)
{
  GHashTable *table = ensure_level (self->tables, table_id, (GDestroyNotify) g_hash_table_unref);
  GHashTable *row = ensure_level (table, row_id, free_value);
  GValue *cell = g_hash_table_lookup (row, cell_id);

  if (self->in_transaction)
    {
      NaiveChange change = { table_id, row_id, cell_id, G_VALUE_INIT };

      if (cell != NULL)
        copy_value (&change.before, cell);
      g_array_append_val (self->log, change);
    }

  if (cell != NULL)
    {
      g_value_unset (cell);
    }
  else
    {
      cell = g_slice_new0 (GValue);
      g_hash_table_insert (row, (char *) g_intern_string (cell_id), cell);
    }

  copy_value (cell, value);
}

static BENCH_APART const GValue *
naive_store_get (NaiveStore *self,
                 const char *table_id,
                 const char *row_id,
                 const char *cell_id)
{
  GHashTable *table = g_hash_table_lookup (self->tables, table_id);
  GHashTable *row = table ? g_hash_table_lookup (table, row_id) : NULL;

  return row ? g_hash_table_lookup (row, cell_id) : NULL;
}

static NaiveStore *
make_store (void)
{
  return g_object_new (NAIVE_TYPE_STORE, NULL);
}

static void
box_value (GValue             *boxed,
           const DatasetValue *value)
{
  switch (value->type)
    {
    case DATASET_NUMBER:
      g_value_init (boxed, G_TYPE_DOUBLE);
      g_value_set_double (boxed, value->number);
      break;

    case DATASET_STRING:
      g_value_init (boxed, G_TYPE_STRING);
      g_value_set_string (boxed, value->string);
      break;

    case DATASET_BOOLEAN:
    default:
      g_value_init (boxed, G_TYPE_BOOLEAN);
      g_value_set_boolean (boxed, value->boolean);
      break;
    }
}

static GValue *
box_values (const DatasetValue *values,
            gsize               n_values)
{
  GValue *boxed = g_new0 (GValue, n_values);

  for (gsize i = 0; i < n_values; i++)
    box_value (&boxed[i], &values[i]);

  return boxed;
}

static inline guint
type_of (const GValue *cell)
{
  if (G_VALUE_HOLDS_DOUBLE (cell))
    return DATASET_NUMBER;

  return G_VALUE_HOLDS_STRING (cell) ? DATASET_STRING : DATASET_BOOLEAN;
}

/* A loop for each workload, so that an instruction counter tells them apart. */
HARNESS_MEASURED
fill (NaiveStore    *store,
      const Dataset *data,
      const GValue  *value)
{
  for (guint t = 0; t < data->n_tables; t++)
    for (guint r = 0; r < data->n_rows; r++)
      for (guint c = 0; c < data->n_cells; c++)
        naive_store_set (store, data->table_ids[t], data->row_ids[r], data->cell_ids[c], value++);
}

HARNESS_MEASURED
overwrite (NaiveStore    *store,
           const Dataset *data,
           const GValue  *value)
{
  for (guint t = 0; t < data->n_tables; t++)
    for (guint r = 0; r < data->n_rows; r++)
      for (guint c = 0; c < data->n_cells; c++)
        naive_store_set (store, data->table_ids[t], data->row_ids[r], data->cell_ids[c], value++);
}

HARNESS_MEASURED
fill_alone (NaiveStore    *store,
            const Dataset *data,
            const GValue  *value,
            gboolean       emit)
{
  for (guint t = 0; t < data->n_tables; t++)
    for (guint r = 0; r < data->n_rows; r++)
      for (guint c = 0; c < data->n_cells; c++)
        {
          const char *table_id = data->table_ids[t];

          naive_store_set (store, table_id, data->row_ids[r], data->cell_ids[c], value++);
          if (emit)
            g_signal_emit (store, signals[SIGNAL_TABLE_CHANGED],
                           g_quark_from_string (table_id), table_id);
        }
}

static NaiveStore *
make_filled (const Dataset *data)
{
  NaiveStore *store = make_store ();

  fill (store, data, box_values (data->values, data->size));

  return store;
}

static gsize
count_right (NaiveStore         *store,
             const Dataset      *data,
             const DatasetValue *value)
{
  gsize n_right = 0;

  for (guint t = 0; t < data->n_tables; t++)
    for (guint r = 0; r < data->n_rows; r++)
      for (guint c = 0; c < data->n_cells; c++, value++)
        {
          const GValue *cell = naive_store_get (store, data->table_ids[t], data->row_ids[r],
                                                data->cell_ids[c]);

          if (cell == NULL || type_of (cell) != value->type)
            continue;

          if (value->type == DATASET_NUMBER)
            n_right += g_value_get_double (cell) == value->number;
          else if (value->type == DATASET_STRING)
            n_right += strcmp (g_value_get_string (cell), value->string) == 0;
          else
            n_right += g_value_get_boolean (cell) == value->boolean;
        }

  harness_expect ("the number of right cells", n_right, data->size);
  return n_right;
}

static void
run_w1 (const Harness *harness)
{
  Dataset *data = dataset_new (harness->n_rows);
  DatasetValue *others = dataset_make_values (2, data->size);
  GValue *values = box_values (data->values, data->size);
  GValue *other_values = box_values (others, data->size);
  NaiveStore *store = make_store ();
  double start;

  store->in_transaction = TRUE;
  start = harness_now ();
  fill (store, data, values);
  start = harness_now () - start;
  g_array_set_size (store->log, 0);
  harness_report (harness, "W1", start, data->size, count_right (store, data, data->values));

  start = harness_now ();
  overwrite (store, data, other_values);
  start = harness_now () - start;
  harness_report (harness, "W1u", start, data->size, count_right (store, data, others));
}

static void
table_changed_cb (NaiveStore *store,
                  const char *table_id,
                  gpointer    user_data)
{
  n_calls++;
}

static void
row_changed_cb (NaiveStore *store,
                const char *row_id,
                const char *cell_id,
                gpointer    user_data)
{
  n_calls++;
}

static void
cell_changed_cb (NaiveStore *store,
                 const char *table_id,
                 const char *row_id,
                 const char *cell_id,
                 gpointer    user_data)
{
  n_calls++;
}

static void
connect_detail (NaiveStore *store,
                const char *signal,
                const char *id,
                GCallback   callback)
{
  g_autofree char *detailed = g_strdup_printf ("%s::%s", signal, id);

  g_signal_connect (store, detailed, callback, NULL);
}

static void
run_w1b (const Harness *harness)
{
  Dataset *data = dataset_new (harness->n_rows);
  GValue *values = box_values (data->values, data->size);
  NaiveStore *store = make_store ();
  double start;

  for (guint t = 0; t < data->n_tables; t++)
    connect_detail (store, "table-changed", data->table_ids[t], G_CALLBACK (table_changed_cb));

  n_calls = 0;
  start = harness_now ();
  fill_alone (store, data, values, TRUE);
  start = harness_now () - start;

  count_right (store, data, data->values);
  harness_report (harness, "W1b", start, data->size, n_calls);
}

static void
run_w1c (const Harness *harness)
{
  Dataset *data = dataset_new (harness->n_rows);
  GValue *values = box_values (data->values, data->size);
  NaiveStore *store = make_store ();
  double start;

  start = harness_now ();
  fill_alone (store, data, values, FALSE);
  start = harness_now () - start;

  harness_report (harness, "W1c", start, data->size, count_right (store, data, data->values));
}

HARNESS_MEASURED
read_random (NaiveStore    *store,
             const Dataset *data,
             const guint32 *order,
             gsize         *sum)
{
  *sum = 0;

  for (gsize i = 0; i < data->size; i++)
    {
      guint32 row = order[i] / data->n_cells;

      *sum += type_of (naive_store_get (store, data->table_ids[row / data->n_rows],
                                        data->row_ids[row % data->n_rows],
                                        data->cell_ids[order[i] % data->n_cells]));
    }
}

HARNESS_MEASURED
read_ordered (NaiveStore    *store,
              const Dataset *data,
              gsize         *sum)
{
  *sum = 0;

  for (guint t = 0; t < data->n_tables; t++)
    for (guint r = 0; r < data->n_rows; r++)
      for (guint c = 0; c < data->n_cells; c++)
        *sum += type_of (naive_store_get (store, data->table_ids[t], data->row_ids[r],
                                          data->cell_ids[c]));
}

static void
run_w2 (const Harness *harness)
{
  Dataset *data = dataset_new (harness->n_rows);
  NaiveStore *store = make_filled (data);
  guint32 *order = dataset_make_order (3, data->size, data->size);
  gsize sum;
  double start;

  if (!harness->once)
    read_random (store, data, order, &sum);
  start = harness_now ();
  read_random (store, data, order, &sum);
  start = harness_now () - start;

  harness_expect ("the sum of types", sum, dataset_sum_types (data, order));
  harness_report (harness, "W2", start, data->size, sum);
}

static void
run_w2s (const Harness *harness)
{
  Dataset *data = dataset_new (harness->n_rows);
  NaiveStore *store = make_filled (data);
  gsize sum;
  double start;

  if (!harness->once)
    read_ordered (store, data, &sum);
  start = harness_now ();
  read_ordered (store, data, &sum);
  start = harness_now () - start;

  harness_expect ("the sum of types", sum, dataset_sum_types (data, NULL));
  harness_report (harness, "W2s", start, data->size, sum);
}

typedef enum
{
  TELL_NOBODY,
  TELL_ROWS,
  TELL_CELLS
} Tell;

HARNESS_MEASURED
change (NaiveStore    *store,
        const Dataset *data,
        Tell           tell,
        guint          n_changes)
{
  guint32 seed = 6;

  for (guint i = 0; i < n_changes; i++)
    {
      const char *table_id = data->table_ids[0];
      const char *row_id = data->row_ids[dataset_random (&seed) % data->n_rows];
      const char *cell_id = data->cell_ids[dataset_random (&seed) % data->n_cells];
      GValue value = G_VALUE_INIT;

      g_value_init (&value, G_TYPE_DOUBLE);
      g_value_set_double (&value, -(double) (i + 1) - 0.06);
      naive_store_set (store, table_id, row_id, cell_id, &value);

      if (tell == TELL_ROWS)
        g_signal_emit (store, signals[SIGNAL_ROW_CHANGED], g_quark_from_string (row_id),
                       row_id, cell_id);
      else if (tell == TELL_CELLS)
        g_signal_emit (store, signals[SIGNAL_CELL_CHANGED], 0, table_id, row_id, cell_id);
    }
}

static void
run_changes (const Harness *harness,
             const char    *workload,
             Tell           tell)
{
  Dataset *data = dataset_new (harness->n_rows);
  NaiveStore *store = make_store ();
  guint n_changes = tell == TELL_ROWS ? N_ROW_CHANGES : N_CHANGES;
  double scale = (double) N_CHANGES / n_changes;
  double start;

  data->n_tables = 1;
  fill (store, data, box_values (data->values, data->size));

  for (guint r = 0; tell == TELL_ROWS && r < data->n_rows; r++)
    connect_detail (store, "row-changed", data->row_ids[r], G_CALLBACK (row_changed_cb));
  if (tell == TELL_CELLS)
    g_signal_connect (store, "cell-changed", G_CALLBACK (cell_changed_cb), NULL);

  n_calls = 0;
  start = harness_now ();
  change (store, data, tell, n_changes);
  start = harness_now () - start;

  harness_report (harness, workload, start * scale, N_CHANGES, (gsize) (n_calls * scale));
}

static void
run_w3rows (const Harness *harness)
{
  run_changes (harness, "W3rows", TELL_ROWS);
}

static void
run_w3wild (const Harness *harness)
{
  run_changes (harness, "W3wild", TELL_CELLS);
}

static void
run_w3none (const Harness *harness)
{
  run_changes (harness, "W3none", TELL_NOBODY);
}

static JsonObject *
row_to_object (GHashTable *row)
{
  JsonObject *object = json_object_new ();
  GHashTableIter iter;
  gpointer id, cell;

  g_hash_table_iter_init (&iter, row);
  while (g_hash_table_iter_next (&iter, &id, &cell))
    if (G_VALUE_HOLDS_DOUBLE (cell))
      json_object_set_double_member (object, id, g_value_get_double (cell));
    else if (G_VALUE_HOLDS_BOOLEAN (cell))
      json_object_set_boolean_member (object, id, g_value_get_boolean (cell));
    else
      json_object_set_string_member (object, id, g_value_get_string (cell));

  return object;
}

static JsonObject *
table_to_object (GHashTable *table)
{
  JsonObject *object = json_object_new ();
  GHashTableIter iter;
  gpointer id, row;

  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, &id, &row))
    json_object_set_object_member (object, id, row_to_object (row));

  return object;
}

static char *
naive_store_to_text (NaiveStore *self)
{
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_ARRAY);
  JsonArray *content = json_array_new ();
  JsonObject *tables = json_object_new ();
  GHashTableIter iter;
  gpointer id, table;

  g_hash_table_iter_init (&iter, self->tables);
  while (g_hash_table_iter_next (&iter, &id, &table))
    json_object_set_object_member (tables, id, table_to_object (table));

  json_array_add_object_element (content, tables);
  json_array_add_object_element (content, json_object_new ());
  json_node_take_array (node, content);

  return json_to_string (node, FALSE);
}

static void
set_from_node (NaiveStore *self,
               const char *table_id,
               const char *row_id,
               const char *cell_id,
               JsonNode   *node)
{
  g_auto(GValue) value = G_VALUE_INIT;
  g_auto(GValue) number = G_VALUE_INIT;

  json_node_get_value (node, &value);

  if (!G_VALUE_HOLDS_INT64 (&value))
    {
      naive_store_set (self, table_id, row_id, cell_id, &value);
      return;
    }

  g_value_init (&number, G_TYPE_DOUBLE);
  g_value_set_double (&number, g_value_get_int64 (&value));
  naive_store_set (self, table_id, row_id, cell_id, &number);
}

static void
naive_store_from_text (NaiveStore *self,
                       const char *text)
{
  g_autoptr(JsonParser) parser = json_parser_new_immutable ();
  g_autoptr(GError) error = NULL;
  JsonObjectIter tables, rows, cells;
  const char *table_id, *row_id, *cell_id;
  JsonNode *table, *row, *cell;
  JsonArray *content;

  json_parser_load_from_data (parser, text, -1, &error);
  g_assert_no_error (error);

  content = json_node_get_array (json_parser_get_root (parser));
  json_object_iter_init_ordered (&tables, json_array_get_object_element (content, 0));

  while (json_object_iter_next_ordered (&tables, &table_id, &table))
    {
      json_object_iter_init_ordered (&rows, json_node_get_object (table));

      while (json_object_iter_next_ordered (&rows, &row_id, &row))
        {
          json_object_iter_init_ordered (&cells, json_node_get_object (row));

          while (json_object_iter_next_ordered (&cells, &cell_id, &cell))
            set_from_node (self, table_id, row_id, cell_id, cell);
        }
    }
}

static void
run_w4 (const Harness *harness)
{
  Dataset *data = dataset_new (harness->n_rows);
  NaiveStore *store = make_filled (data);
  NaiveStore *again = make_store ();
  char *text;
  double start;

  start = harness_now ();
  text = naive_store_to_text (store);
  start = harness_now () - start;

  /* Its numbers are not TinyBase's and its order is that of the hash. */
  naive_store_from_text (again, text);
  harness_report (harness, "W4", start, data->size, count_right (again, data, data->values));
}

static void
run_w5 (const Harness *harness)
{
  Dataset *data = dataset_new (harness->n_rows);
  NaiveStore *store = make_store ();
  gsize length;
  char *text = dataset_to_text (data, &length);
  double start;

  start = harness_now ();
  naive_store_from_text (store, text);
  start = harness_now () - start;

  harness_report (harness, "W5", start, data->size, count_right (store, data, data->values));
}

static void
run_w6 (const Harness *harness)
{
  Dataset *data = dataset_new_ids_only (harness->n_rows);
  NaiveStore *store = make_store ();
  double before = harness_memory ();
  guint32 seed = 1;
  char buffer[DATASET_STRING_SIZE];

  for (guint t = 0; t < data->n_tables; t++)
    for (guint r = 0; r < data->n_rows; r++)
      for (guint c = 0; c < data->n_cells; c++)
        {
          guint32 first = dataset_random (&seed);
          guint32 second = dataset_random (&seed);
          DatasetValue value = dataset_make_value (first, second, buffer);
          g_auto(GValue) boxed = G_VALUE_INIT;

          box_value (&boxed, &value);
          naive_store_set (store, data->table_ids[t], data->row_ids[r], data->cell_ids[c], &boxed);
        }

  harness_report_bytes (harness, "W6",
                        (harness_memory () - before) / data->size,
                        (harness_peak_memory () - before) / data->size,
                        data->size);
}

typedef struct
{
  double      number;
  const char *row_id;
} Place;

static int
compare_places (gconstpointer a,
                gconstpointer b)
{
  double first = ((const Place *) a)->number;
  double second = ((const Place *) b)->number;

  return (first > second) - (first < second);
}

static GArray *
sort_rows (NaiveStore *self,
           const char *table_id,
           const char *cell_id)
{
  GArray *places = g_array_new (FALSE, FALSE, sizeof (Place));
  GHashTableIter iter;
  gpointer id, row;

  g_hash_table_iter_init (&iter, g_hash_table_lookup (self->tables, table_id));
  while (g_hash_table_iter_next (&iter, &id, &row))
    {
      Place place = { g_value_get_double (g_hash_table_lookup (row, cell_id)), id };

      g_array_append_val (places, place);
    }
  g_array_sort (places, compare_places);

  return places;
}

static void
run_w7 (const Harness *harness)
{
  Dataset *data = dataset_new_sorted (harness->n_rows);
  NaiveStore *store = make_filled (data);
  const char *ids[DATASET_PAGE];
  double start = harness_now ();
  GArray *places = sort_rows (store, data->table_ids[0], data->cell_ids[0]);

  start = harness_now () - start;

  for (guint i = 0; i < DATASET_PAGE; i++)
    ids[i] = g_array_index (places, Place, i).row_id;
  harness_report (harness, "W7", start, 1, dataset_hash_ids (ids, DATASET_PAGE));
}

/* Sorts again for each change. */
static void
run_w7live (const Harness *harness)
{
  const guint n_changes = 50;
  Dataset *data = dataset_new_sorted (harness->n_rows);
  NaiveStore *store = make_filled (data);
  const char *ids[DATASET_PAGE];
  guint32 seed = 5, row;
  double start = harness_now ();

  for (guint i = 0; i < n_changes; i++)
    {
      g_autoptr(GArray) places = NULL;
      g_auto(GValue) number = G_VALUE_INIT;

      g_value_init (&number, G_TYPE_DOUBLE);
      g_value_set_double (&number, dataset_next_sorted_change (&seed, i, data->n_rows, &row));
      naive_store_set (store, data->table_ids[0], data->row_ids[row], data->cell_ids[0], &number);

      places = sort_rows (store, data->table_ids[0], data->cell_ids[0]);
      for (guint j = 0; j < DATASET_PAGE; j++)
        ids[j] = g_array_index (places, Place, j).row_id;
    }

  harness_report (harness, "W7live", harness_now () - start, n_changes,
                  dataset_hash_ids (ids, DATASET_PAGE));
}

int
main (int   argc,
      char *argv[])
{
  static const HarnessWorkload workloads[] = {
    { "W1", run_w1 },
    { "W1b", run_w1b },
    { "W1c", run_w1c },
    { "W2", run_w2 },
    { "W2s", run_w2s },
    { "W3rows", run_w3rows },
    { "W3wild", run_w3wild },
    { "W3none", run_w3none },
    { "W4", run_w4 },
    { "W5", run_w5 },
    { "W6", run_w6 },
    { "W7", run_w7 },
    { "W7live", run_w7live },
    { NULL, NULL }
  };

  return harness_main (argc, argv, "naive", workloads);
}
