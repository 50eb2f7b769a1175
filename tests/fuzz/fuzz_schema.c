/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Any bytes: the JSON text of a schema, or it is refused. What was read is the same
 * after a way through text. A store is made to fit it, as the preview said; and what
 * a store holds that has the schema, it takes back, whatever was written to it. */

#include "fuzz.h"

#include <libtstore/tstore.h>
#include <string.h>

#define CONTENT \
  "[{\"t\":{\"r\":{\"c\":1,\"d\":\"x\",\"e\":true},\"s\":{\"c\":null,\"d\":\"\"},\"1\":{\"d\":5}}," \
    "\"u\":{\"r\":{\"c\":[],\"d\":{\"a\":1}},\"s\":{\"e\":\"y\"}},\"\":{\"\":{\"\":0}}}," \
   "{\"v\":1,\"w\":\"x\",\"c\":null,\"d\":[1]}]"

static void
check_text (TstSchema *schema)
{
  g_autofree char *json = tst_schema_to_json (schema);
  g_autofree char *again_json = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(TstSchema) again = tst_schema_new_from_json (json, &error);

  g_assert_no_error (error);
  g_assert_true (tst_schema_equal (schema, again));
  again_json = tst_schema_to_json (again);
  g_assert_cmpstr (json, ==, again_json);
}

/* --- What a store with a schema holds --- */

/* So does another store that gets the same schema, before or after. */
static void
check_others (TstSchema  *schema,
              TstStore   *store,
              const char *json)
{
  g_autoptr(TstStore) before = tst_store_new ();
  g_autoptr(TstStore) after = tst_store_new ();
  g_autofree char *tables = tst_store_get_tables_json (store);
  g_autofree char *before_tables = NULL;
  g_autofree char *after_json = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (tst_store_set_schema (before, schema, TST_SCHEMA_DEFAULT, &error));
  g_assert_true (tst_store_set_json (before, json, &error));
  g_assert_no_error (error);
  before_tables = tst_store_get_tables_json (before);
  g_assert_cmpstr (before_tables, ==, tables);
  g_assert_cmpuint (tst_store_get_n_values (before), ==, tst_store_get_n_values (store));

  g_assert_true (tst_store_set_json (after, json, &error));
  g_assert_true (tst_store_set_schema (after, schema, TST_SCHEMA_DEFAULT, &error));
  g_assert_no_error (error);
  after_json = tst_store_get_json (after);
  g_assert_cmpstr (after_json, ==, json);
}

static void
check_invariant (TstSchema *schema,
                 TstStore  *store)
{
  g_autofree char *json = tst_store_get_json (store);
  g_autofree char *again = NULL;
  g_autofree char *unchanged = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (tst_store_get_schema (store) == schema);
  g_assert_true (tst_store_set_json (store, json, &error));
  g_assert_no_error (error);
  again = tst_store_get_json (store);
  g_assert_cmpstr (again, ==, json);

  g_assert_true (tst_store_set_schema (store, schema, TST_SCHEMA_DEFAULT, &error));
  g_assert_no_error (error);
  unchanged = tst_store_get_json (store);
  g_assert_cmpstr (unchanged, ==, json);

  check_others (schema, store, json);
}

/* --- Writes --- */

typedef struct
{
  TstSchema *schema;
  TstStore  *store;
  guint64    random;
} Writes;

static guint
draw (Writes *self,
      guint   n)
{
  self->random ^= self->random << 13;
  self->random ^= self->random >> 7;
  self->random ^= self->random << 17;

  return (guint) (self->random >> 33) % n;
}

/* Takes over @ids: one of them, mostly. */
static char *
draw_id (Writes  *self,
         char   **ids)
{
  static const char *others[] = { "t", "u", "r", "s", "1", "c", "d", "e", "v", "" };
  guint n = g_strv_length (ids);
  char *id = g_strdup (n > 0 && draw (self, 8) > 0 ? ids[draw (self, n)]
                                                   : others[draw (self, G_N_ELEMENTS (others))]);

  g_strfreev (ids);

  return id;
}

/* A default or a choice, or something else */
static char *
draw_value (Writes      *self,
            TstCellSpec *spec)
{
  static const char *others[] = {
    "null", "\"\"", "\"x\"", "\"y and more than fits\"", "0", "1", "-1e300", "true", "false", "[]", "[1]", "{\"a\":1}",
  };
  char *json = spec != NULL && draw (self, 6) == 0 ? tst_cell_spec_get_default_json (spec) : NULL;
  g_autoptr(TstStore) scratch = NULL;
  GValue *value;

  if (json != NULL)
    return json;
  if (spec == NULL || tst_cell_spec_get_n_choices (spec) == 0 || draw (self, 4) == 0)
    return g_strdup (others[draw (self, G_N_ELEMENTS (others))]);

  scratch = tst_store_new ();
  value = tst_cell_spec_get_choice (spec, draw (self, tst_cell_spec_get_n_choices (spec)));
  g_assert_true (tst_store_set_value (scratch, "v", value, NULL));
  g_boxed_free (G_TYPE_VALUE, value);

  return tst_store_get_value_json (scratch, "v");
}

static void
print_key (GString    *json,
           const char *id)
{
  g_autoptr(TstStore) scratch = tst_store_new ();
  g_autofree char *text = NULL;

  /* As a string cell would be written; an id is never marked. */
  if (g_str_has_prefix (id, "\357\277\275") || strcmp (id, "\357\277\274") == 0)
    id = "odd";
  g_assert_true (tst_store_set_value_string (scratch, "v", id, NULL));
  text = tst_store_get_value_json (scratch, "v");
  g_string_append_printf (json, "%s:", text);
}

/* Cells of a row, or the values if @table_id is NULL */
static char *
draw_cells (Writes     *self,
            const char *table_id)
{
  g_autoptr(GString) json = g_string_new ("{");
  g_auto(GStrv) ids = table_id != NULL ? tst_schema_get_cell_ids (self->schema, table_id)
                                       : tst_schema_get_value_ids (self->schema);
  guint n = g_strv_length (ids);
  guint skipped = draw (self, n + 1);

  for (guint i = 0; i < n && i < 20; i++)
    {
      TstCellSpec *spec = table_id != NULL ? tst_schema_get_cell (self->schema, table_id, ids[i])
                                           : tst_schema_get_value (self->schema, ids[i]);
      g_autofree char *value = draw_value (self, spec);

      if (i == skipped || draw (self, 4) == 0)
        continue;
      if (json->len > 1)
        g_string_append_c (json, ',');
      print_key (json, ids[i]);
      g_string_append (json, value);
    }
  if (json->len == 1)
    g_string_append (json, "\"c\":1");
  g_string_append_c (json, '}');

  return g_string_free (g_steal_pointer (&json), FALSE);
}

static gboolean
write_value (Writes *self)
{
  g_autofree char *id = draw_id (self, tst_schema_get_value_ids (self->schema));
  g_autofree char *value = draw_value (self, tst_schema_get_value (self->schema, id));
  g_autofree char *values = draw_cells (self, NULL);

  switch (draw (self, 5))
    {
    case 0:
      return tst_store_remove_value (self->store, id);
    case 1:
      return tst_store_set_values_json (self->store, values, NULL);
    case 2:
      return tst_store_set_partial_values_json (self->store, values, NULL);
    case 3:
      if (draw (self, 4) == 0)
        tst_store_remove_values (self->store);
      return TRUE;
    default:
      return tst_store_set_value_json (self->store, id, value, NULL);
    }
}

static gboolean
write_table (Writes     *self,
             const char *table_id,
             const char *row_id)
{
  g_autofree char *cells = draw_cells (self, table_id);
  g_autofree char *others = draw_cells (self, table_id);
  g_autofree char *table = g_strdup_printf ("{\"%s\":%s,\"new\":%s}", row_id, cells, others);
  g_autofree char *id = NULL;

  switch (draw (self, 4))
    {
    case 0:
      return tst_store_set_row_json (self->store, table_id, row_id, cells, NULL);
    case 1:
      return tst_store_set_partial_row_json (self->store, table_id, row_id, cells, NULL);
    case 2:
      id = tst_store_add_row_json (self->store, table_id, cells, TST_ADD_ROW_DEFAULT, NULL);
      return id != NULL;
    default:
      return tst_store_set_table_json (self->store, table_id, table, NULL);
    }
}

static gboolean
write_something (Writes *self)
{
  static const char *row_ids[] = { "r", "s", "1", "new" };
  g_autofree char *table_id = draw_id (self, tst_schema_get_table_ids (self->schema));
  const char *row_id = row_ids[draw (self, G_N_ELEMENTS (row_ids))];
  g_autofree char *cell_id = draw_id (self, tst_schema_get_cell_ids (self->schema, table_id));
  g_autofree char *value = draw_value (self, tst_schema_get_cell (self->schema, table_id, cell_id));

  switch (draw (self, 10))
    {
    case 0:
      return tst_store_remove_row (self->store, table_id, row_id);
    case 1:
    case 2:
      return tst_store_remove_cell (self->store, table_id, row_id, cell_id);
    case 3:
    case 4:
      return tst_store_set_cell_json (self->store, table_id, row_id, cell_id, value, NULL);
    case 5:
    case 6:
    case 7:
      return write_table (self, table_id, row_id);
    default:
      return write_value (self);
    }
}

/* Also to a store without the schema, and its changes to this one */
static void
check_changes (Writes *self)
{
  g_autoptr(TstStore) free_store = tst_store_new ();
  g_autofree char *json = tst_store_get_json (self->store);
  g_autofree char *after = NULL;
  g_autoptr(TstChanges) changes = NULL;
  Writes writes = { self->schema, free_store, self->random };

  g_assert_true (tst_store_set_json (free_store, json, NULL));
  tst_store_begin (free_store);
  for (guint i = 0; i < 3; i++)
    write_something (&writes);
  changes = tst_store_get_changes (free_store);
  tst_store_commit (free_store);

  if (!tst_store_apply_changes (self->store, changes, NULL))
    {
      after = tst_store_get_json (self->store);
      g_assert_cmpstr (after, ==, json);
    }
}

static void
check_writes (TstSchema *schema,
              TstStore  *store,
              guint64    seed)
{
  Writes writes = { schema, store, seed | 1 };

  for (guint i = 0; i < 24; i++)
    {
      g_autofree char *before = tst_store_get_json (store);
      g_autofree char *after = NULL;

      if (write_something (&writes))
        continue;

      after = tst_store_get_json (store);
      g_assert_cmpstr (after, ==, before);
    }

  check_invariant (schema, store);
  check_changes (&writes);
  check_invariant (schema, store);
}

/* --- The target --- */

static TstStore *
make_store (void)
{
  TstStore *store = tst_store_new ();

  g_assert_true (tst_store_set_json (store, CONTENT, NULL));

  return store;
}

static void
changed_cb (TstStore   *store,
            TstChanges *changes,
            gpointer    user_data)
{
  *(TstChanges **) user_data = tst_changes_ref (changes);
}

/* Also in a transaction that is rolled back */
static void
check_store (TstSchema *schema,
             guint64    seed)
{
  g_autoptr(TstStore) store = make_store ();
  g_autoptr(TstChanges) preview = NULL;
  g_autoptr(TstChanges) done = NULL;
  g_autofree char *before = tst_store_get_json (store);
  g_autofree char *undone = NULL;
  g_autoptr(GError) error = NULL;

  preview = tst_store_preview_schema (store, schema);
  tst_store_begin (store);
  g_assert_true (tst_store_set_schema (store, schema, TST_SCHEMA_DROP, &error));
  check_writes (schema, store, seed);
  tst_store_rollback (store);
  undone = tst_store_get_json (store);
  g_assert_cmpstr (undone, ==, before);
  g_assert_null (tst_store_get_schema (store));

  g_signal_connect (store, "changed", G_CALLBACK (changed_cb), &done);
  g_assert_true (tst_store_set_schema (store, schema, TST_SCHEMA_DROP, &error));
  g_assert_no_error (error);
  g_signal_handlers_disconnect_by_func (store, changed_cb, &done);
  if (done != NULL)
    g_assert_true (tst_changes_equal (preview, done));
  else
    g_assert_true (tst_changes_is_empty (preview));

  check_invariant (schema, store);
  check_writes (schema, store, seed);
}

static guint64
hash (const guint8 *data,
      gsize         size)
{
  guint64 h = G_GUINT64_CONSTANT (0xcbf29ce484222325);

  for (gsize i = 0; i < size; i++)
    h = (h ^ data[i]) * G_GUINT64_CONSTANT (0x100000001b3);

  return h;
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *json = size > 0 ? g_strndup ((const char *) data, size) : g_strdup ("");
  g_autoptr(GError) error = NULL;
  g_autoptr(TstSchema) schema = tst_schema_new_from_json (json, &error);

  if (schema == NULL)
    {
      g_assert_true (error != NULL && error->domain == TST_ERROR);
      return 0;
    }

  g_assert_no_error (error);
  check_text (schema);
  check_store (schema, hash (data, size));

  return 0;
}
