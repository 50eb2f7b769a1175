/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-schema-json.h"

#include "tst-json-content-private.h"
#include "tst-json-reader-private.h"
#include "tst-schema-private.h"
#include "tst-store-schema.h"
#include "tst-text-private.h"

#include <glib/gi18n-lib.h>

/* The types that have a name, in the order in which they are written. */
static const struct
{
  TstCellTypes  type;
  const char   *name;
} type_names[] = {
  { TST_CELL_TYPES_STRING, "string" },
  { TST_CELL_TYPES_NUMBER, "number" },
  { TST_CELL_TYPES_BOOLEAN, "boolean" },
  { TST_CELL_TYPES_OBJECT, "object" },
  { TST_CELL_TYPES_ARRAY, "array" },
};

/* --- Writing --- */

static void
write_text (TstJsonBuffer *out,
            const char    *text)
{
  tst_json_buffer_append (out, text, strlen (text));
}

static void
write_key (TstJsonBuffer *out,
           const char    *id)
{
  tst_json_write_string (out, id, strlen (id));
  tst_json_buffer_append_char (out, ':');
}

static void
write_types (TstJsonBuffer *out,
             TstCellTypes   types)
{
  gboolean many = (types & (types - 1)) != 0;

  write_text (out, many ? "\"type\":[" : "\"type\":");
  for (guint i = 0; i < G_N_ELEMENTS (type_names); i++)
    if (types & type_names[i].type)
      {
        tst_json_write_string (out, type_names[i].name, strlen (type_names[i].name));
        tst_json_buffer_append_char (out, ',');
      }

  if (many)
    tst_json_buffer_close (out, ']');
  else
    out->length--;
}

static void
write_choices (TstJsonBuffer *out,
               TstCellSpec   *spec)
{
  write_text (out, "\"enum\":[");
  for (guint i = 0; i < tst_cell_spec_get_n_choices (spec); i++)
    {
      tst_json_write_cell (out, tst_cell_spec_peek_choice (spec, i));
      tst_json_buffer_append_char (out, ',');
    }
  tst_json_buffer_close (out, ']');
}

static void
write_spec (TstJsonBuffer *out,
            TstCellSpec   *spec)
{
  g_autofree char *fallback = tst_cell_spec_get_default_json (spec);

  tst_json_buffer_append_char (out, '{');

  if (tst_cell_spec_get_n_choices (spec) > 0)
    write_choices (out, spec);
  else
    write_types (out, tst_cell_spec_get_types (spec) & ~TST_CELL_TYPES_NULL);

  if (fallback != NULL)
    {
      write_text (out, ",\"default\":");
      write_text (out, fallback);
    }
  if (tst_cell_spec_get_nullable (spec))
    write_text (out, ",\"allowNull\":true");
  if (tst_cell_spec_get_required (spec))
    write_text (out, ",\"required\":true");

  tst_json_buffer_append_char (out, '}');
}

static void
write_table (TstJsonBuffer *out,
             TstSchema     *schema,
             const char    *table_id)
{
  g_auto(GStrv) ids = tst_schema_get_cell_ids (schema, table_id);

  tst_json_buffer_append_char (out, '{');
  for (guint i = 0; ids[i] != NULL; i++)
    {
      write_key (out, ids[i]);
      write_spec (out, tst_schema_get_cell (schema, table_id, ids[i]));
      tst_json_buffer_append_char (out, ',');
    }
  tst_json_buffer_close (out, '}');
}

static void
write_tables (TstJsonBuffer *out,
              TstSchema     *schema)
{
  g_auto(GStrv) ids = tst_schema_get_table_ids (schema);

  tst_json_buffer_append_char (out, '{');
  for (guint i = 0; ids[i] != NULL; i++)
    {
      write_key (out, ids[i]);
      write_table (out, schema, ids[i]);
      tst_json_buffer_append_char (out, ',');
    }
  tst_json_buffer_close (out, '}');
}

static void
write_values (TstJsonBuffer *out,
              TstSchema     *schema)
{
  g_auto(GStrv) ids = tst_schema_get_value_ids (schema);

  tst_json_buffer_append_char (out, '{');
  for (guint i = 0; ids[i] != NULL; i++)
    {
      write_key (out, ids[i]);
      write_spec (out, tst_schema_get_value (schema, ids[i]));
      tst_json_buffer_append_char (out, ',');
    }
  tst_json_buffer_close (out, '}');
}

/* --- Reading --- */

typedef struct
{
  TstJsonReader  reader;
  TstSchema     *schema;
  char          *table_id;     /* (nullable) */
  gboolean       about_values; /* instead of tables */

  /* The specification that is read: */
  TstCellTypes   types;
  TstCellSpec   *choices;      /* (nullable) */
  TstCell        fallback;
  const char    *fallback_at;  /* (nullable) */
  gboolean       nullable;
  gboolean       required;
  guint          seen;         /* bit i: the member i of `members` */
} Reading;

static gboolean
fail (Reading    *self,
      const char *at,
      const char *message)
{
  return tst_json_reader_fail (&self->reader, TST_ERROR_FORMAT, at, message);
}

/* Returns: FALSE if what comes is neither */
static gboolean
read_boolean (Reading  *self,
              gboolean *boolean)
{
  const char *at = self->reader.p;
  TstCell cell = TST_CELL_INIT;

  if (!tst_json_reader_read_cell (&self->reader, &cell))
    return FALSE;

  if (tst_cell_type (&cell) != TST_CELL_TYPE_BOOLEAN)
    {
      tst_cell_clear (&cell);
      return fail (self, at, N_("Expected true or false"));
    }

  *boolean = tst_cell_get_boolean (&cell);

  return TRUE;
}

/* A list that is not empty: calls @read_element at each element. */
static gboolean
read_list (Reading   *self,
           gboolean (*read_element) (Reading *self))
{
  TstJsonReader *reader = &self->reader;

  tst_json_reader_skip_space (reader);
  if (tst_json_reader_is_at (reader, ']'))
    return fail (self, NULL, N_("Expected something in the list"));

  while (TRUE)
    {
      if (!read_element (self))
        return FALSE;

      tst_json_reader_skip_space (reader);
      if (!tst_json_reader_take (reader, ','))
        break;
      tst_json_reader_skip_space (reader);
    }

  return tst_json_reader_take (reader, ']') ||
         tst_json_reader_fail (reader, TST_ERROR_PARSE, NULL, N_("Expected “,” or “]”"));
}

static gboolean
read_type (Reading *self)
{
  const char *at = self->reader.p;
  const char *name;
  gsize length;

  if (!tst_json_reader_is_at (&self->reader, '"'))
    return tst_json_reader_fail_expected (&self->reader, N_("Expected the name of a type"));
  if (!tst_json_reader_read_string (&self->reader, &name, &length))
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (type_names); i++)
    if (strlen (type_names[i].name) == length && memcmp (type_names[i].name, name, length) == 0)
      {
        self->types |= type_names[i].type;
        return TRUE;
      }

  return fail (self, at, N_("There is no type of that name"));
}

static gboolean
read_types (Reading *self)
{
  if (tst_json_reader_take (&self->reader, '['))
    return read_list (self, read_type);

  return read_type (self);
}

static gboolean
read_choice (Reading *self)
{
  const char *at = self->reader.p;
  TstCell cell = TST_CELL_INIT;

  if (!tst_json_reader_read_cell (&self->reader, &cell))
    return FALSE;

  return tst_cell_spec_take_choice (self->choices, &cell, NULL) ||
         fail (self, at, N_("Only strings, numbers and booleans can be choices"));
}

static gboolean
read_choices (Reading *self)
{
  if (!tst_json_reader_take (&self->reader, '['))
    return tst_json_reader_fail_expected (&self->reader, N_("Expected a list of choices"));

  self->choices = tst_cell_spec_new_enum (NULL);

  return read_list (self, read_choice);
}

static gboolean
read_default (Reading *self)
{
  self->fallback_at = self->reader.p;

  return tst_json_reader_read_cell (&self->reader, &self->fallback);
}

static gboolean
read_nullable (Reading *self)
{
  return read_boolean (self, &self->nullable);
}

static gboolean
read_required (Reading *self)
{
  return read_boolean (self, &self->required);
}

static const struct
{
  const char  *name;
  gboolean   (*read) (Reading *self);
} members[] = {
  { "type", read_types },
  { "enum", read_choices },
  { "default", read_default },
  { "allowNull", read_nullable },
  { "required", read_required },
};

static gboolean
read_spec_member (gpointer user_data)
{
  Reading *self = user_data;
  const char *at = self->reader.p;
  const char *key;
  gsize length;

  if (!tst_json_reader_read_key (&self->reader, &key, &length))
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    if (strlen (members[i].name) == length && memcmp (members[i].name, key, length) == 0)
      {
        if (self->seen & (1u << i))
          return fail (self, at, N_("It is there twice"));

        self->seen |= 1u << i;
        return members[i].read (self);
      }

  return fail (self, at, N_("Expected “type”, “enum”, “default”, “allowNull” or “required”"));
}

/* Returns: (nullable): the specification that was read, if it is one */
static TstCellSpec *
make_spec (Reading    *self,
           const char *at)
{
  g_autoptr(TstCellSpec) spec = g_steal_pointer (&self->choices);

  if ((spec == NULL) == (self->types == 0))
    {
      fail (self, at, N_("Expected either “type” or “enum”"));
      return NULL;
    }

  if (spec == NULL)
    spec = tst_cell_spec_new (self->types);
  tst_cell_spec_set_required (spec, self->required);
  if (self->nullable)
    tst_cell_spec_set_nullable (spec, TRUE);

  if (self->fallback_at != NULL && !tst_cell_spec_take_default (spec, &self->fallback, NULL))
    {
      fail (self, self->fallback_at, N_("The default is not allowed for the cell"));
      return NULL;
    }

  return g_steal_pointer (&spec);
}

static void
clear_spec (Reading *self)
{
  g_clear_pointer (&self->choices, tst_cell_spec_unref);
  tst_cell_clear (&self->fallback);
  self->fallback_at = NULL;
  self->types = 0;
  self->nullable = self->required = FALSE;
  self->seen = 0;
}

static gboolean
add_spec (Reading     *self,
          const char  *id,
          TstCellSpec *spec)
{
  return self->about_values ? tst_schema_add_value (self->schema, id, spec, NULL)
                            : tst_schema_add_cell (self->schema, self->table_id, id, spec, NULL);
}

/* Of a cell, or of a keyed value */
static gboolean
read_named_spec (gpointer user_data)
{
  Reading *self = user_data;
  const char *at = self->reader.p;
  g_autoptr(TstCellSpec) spec = NULL;
  g_autofree char *id = NULL;
  const char *key, *spec_at;
  gsize length;

  if (!tst_json_reader_read_key (&self->reader, &key, &length))
    return FALSE;

  id = g_strndup (key, length);
  spec_at = self->reader.p;
  clear_spec (self);
  if (!tst_json_reader_read_members (&self->reader, N_("Expected an object with “type” or “enum”"),
                                     read_spec_member, self))
    return FALSE;

  spec = make_spec (self, spec_at);

  return spec != NULL &&
         (add_spec (self, id, spec) || fail (self, at, N_("An id is there twice")));
}

static gboolean
is_in_schema (Reading    *self,
              const char *table_id)
{
  g_auto(GStrv) ids = tst_schema_get_cell_ids (self->schema, table_id);

  return ids[0] != NULL;
}

static gboolean
read_table (gpointer user_data)
{
  Reading *self = user_data;
  const char *at = self->reader.p;
  const char *key;
  gsize length;

  if (!tst_json_reader_read_key (&self->reader, &key, &length))
    return FALSE;

  g_free (self->table_id);
  self->table_id = g_strndup (key, length);
  if (is_in_schema (self, self->table_id))
    return fail (self, at, N_("An id is there twice"));

  at = self->reader.p;
  if (!tst_json_reader_read_members (&self->reader, N_("Expected an object with cells"),
                                     read_named_spec, self))
    return FALSE;

  return is_in_schema (self, self->table_id) ||
         fail (self, at, N_("Expected a cell in the table"));
}

static gboolean
read_tables (Reading *self)
{
  return tst_json_reader_read_members (&self->reader, N_("Expected an object with tables"),
                                       read_table, self);
}

static gboolean
read_values (Reading *self)
{
  self->about_values = TRUE;

  return tst_json_reader_read_members (&self->reader, N_("Expected an object with values"),
                                       read_named_spec, self);
}

/* [tables,values], or [tables]: from behind the bracket */
static gboolean
read_pair (Reading *self)
{
  TstJsonReader *reader = &self->reader;

  tst_json_reader_skip_space (reader);
  if (tst_json_reader_is_at (reader, ']'))
    return fail (self, NULL, N_("Expected an object with tables"));
  if (!read_tables (self))
    return FALSE;

  tst_json_reader_skip_space (reader);
  if (tst_json_reader_take (reader, ','))
    {
      tst_json_reader_skip_space (reader);
      if (!read_values (self))
        return FALSE;
      tst_json_reader_skip_space (reader);
    }

  return tst_json_reader_take (reader, ']') ||
         tst_json_reader_fail (reader, TST_ERROR_PARSE, NULL, N_("Expected “]”"));
}

static gboolean
read_schema (Reading *self)
{
  if (!tst_json_reader_begin (&self->reader))
    return FALSE;

  if (tst_json_reader_take (&self->reader, '['))
    return read_pair (self) && tst_json_reader_finish (&self->reader);

  return read_tables (self) && tst_json_reader_finish (&self->reader);
}

/**
 * tst_schema_new_from_json:
 * @json: a JSON text
 * @error: where to put an error
 *
 * Makes a schema from JSON text.
 *
 * The text is `[tables,values]`, like
 *
 * ```json
 * [{"pets": {"name": {"type": "string", "required": true},
 *            "species": {"enum": ["dog", "cat"], "default": "dog"},
 *            "price": {"type": ["string", "number"], "allowNull": true}}},
 *  {"open": {"type": "boolean", "default": false}}]
 * ```
 *
 * or only `[tables]`, or the bare object of tables. An empty object says nothing
 * about tables, or about values. The types are `string`, `number`, `boolean`,
 * `object` and `array`. That is the form in which TinyBase has them, but that
 * here, what makes no sense is an error: a member of another name, an
 * enumeration without choices, a default that is not allowed.
 *
 * Returns: (transfer full): a new schema, or `NULL` with an error that says where:
 *   [error@TStore.Error.PARSE], [error@TStore.Error.FORMAT] or
 *   [error@TStore.Error.LIMIT]
 *
 * Since: 0.1
 */
TstSchema *
tst_schema_new_from_json (const char  *json,
                          GError     **error)
{
  g_autoptr(TstSchema) schema = NULL;
  Reading self = { { NULL, }, };

  g_return_val_if_fail (json != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  schema = self.schema = tst_schema_new ();
  tst_json_reader_init (&self.reader, json, strlen (json));
  if (!read_schema (&self))
    {
      tst_json_reader_set_error (&self.reader, error);
      g_clear_pointer (&schema, tst_schema_unref);
    }

  clear_spec (&self);
  g_free (self.table_id);
  tst_json_reader_clear (&self.reader);

  return g_steal_pointer (&schema);
}

/**
 * tst_schema_to_json:
 * @self: a schema
 *
 * Gets a schema as JSON text.
 *
 * It is the text that [ctor@Schema.new_from_json] reads, without any space.
 *
 * Returns: (transfer full): the text
 *
 * Since: 0.1
 */
char *
tst_schema_to_json (TstSchema *self)
{
  TstJsonBuffer out = TST_JSON_BUFFER_INIT;

  g_return_val_if_fail (self != NULL, NULL);

  tst_json_buffer_append_char (&out, '[');
  write_tables (&out, self);
  tst_json_buffer_append_char (&out, ',');
  write_values (&out, self);
  tst_json_buffer_append_char (&out, ']');

  return tst_json_buffer_steal (&out);
}

/* --- Specifications --- */

/**
 * tst_cell_spec_get_default_json:
 * @self: a specification
 *
 * Gets the default as JSON text.
 *
 * Returns: (transfer full) (nullable): the text, or `NULL` if there is no default
 *
 * Since: 0.1
 */
char *
tst_cell_spec_get_default_json (TstCellSpec *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return tst_json_dup_cell (tst_cell_spec_peek_default (self));
}

/**
 * tst_cell_spec_set_default_json:
 * @self: a specification that is not in a schema yet
 * @json: a JSON text
 * @error: where to put an error
 *
 * Says what a cell becomes where it would be missing, as JSON text.
 *
 * This is the way to give a default that is an object or an array.
 *
 * Returns: `TRUE` if it is set; `FALSE` if the text is not valid, or with
 *   [error@TStore.Error.SCHEMA] if the specification does not allow it
 *
 * Since: 0.1
 */
gboolean
tst_cell_spec_set_default_json (TstCellSpec  *self,
                                const char   *json,
                                GError      **error)
{
  TstCell cell = TST_CELL_INIT;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (!tst_cell_spec_is_sealed (self), FALSE);
  g_return_val_if_fail (json != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return tst_json_read_cell (&cell, json, strlen (json), error) &&
         tst_cell_spec_take_default (self, &cell, error);
}

/* --- The schema of a store --- */

/**
 * tst_store_get_schema_json:
 * @self: a store
 *
 * Gets the schema of a store as JSON text.
 *
 * Returns: (transfer full) (nullable): the text, as [method@Schema.to_json] makes
 *   it, or `NULL` if the store has no schema
 *
 * Since: 0.1
 */
char *
tst_store_get_schema_json (TstStore *self)
{
  TstSchema *schema;

  g_return_val_if_fail (TST_IS_STORE (self), NULL);

  schema = tst_store_get_schema (self);

  return schema != NULL ? tst_schema_to_json (schema) : NULL;
}

/**
 * tst_store_set_schema_json:
 * @self: a store
 * @json: (nullable): a JSON text; `NULL` for no schema
 * @flags: what to do with data that does not fit
 * @error: where to put an error
 *
 * Gives a schema to the store that is read from JSON text.
 *
 * This is [method@Store.set_schema] with what [ctor@Schema.new_from_json] reads.
 *
 * Returns: `TRUE` if the store has the schema; `FALSE` if the text is not a schema,
 *   or with [error@TStore.Error.SCHEMA] if the store holds something that does not
 *   fit
 *
 * Since: 0.1
 */
gboolean
tst_store_set_schema_json (TstStore        *self,
                           const char      *json,
                           TstSchemaFlags   flags,
                           GError         **error)
{
  g_autoptr(TstSchema) schema = NULL;

  g_return_val_if_fail (TST_IS_STORE (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (json != NULL)
    {
      schema = tst_schema_new_from_json (json, error);
      if (schema == NULL)
        return FALSE;
    }

  return tst_store_set_schema (self, schema, flags, error);
}
