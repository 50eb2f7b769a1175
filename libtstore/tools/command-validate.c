/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tool.h"

#include <glib/gi18n.h>

#include "tool-medium.h"
#include "tool-text.h"

/* What does not fit, as it is found. */
typedef struct
{
  ToolCall    *call;
  JsonBuilder *builder; /* (nullable) */
} Report;

static void
add_member (JsonBuilder *builder,
            const char  *name,
            const char  *value)
{
  if (value == NULL)
    return;

  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static void
add_misfit (Report       *report,
            const char   *table_id,
            const char   *row_id,
            const char   *cell_id,
            const char   *value_id,
            const GError *error)
{
  g_autofree char *visible = tool_make_visible (error->message);

  report->call->answer = TOOL_NO;
  if (report->builder == NULL)
    {
      tool_print (visible);
      tool_print ("\n");
      return;
    }

  json_builder_begin_object (report->builder);
  add_member (report->builder, "table", table_id);
  add_member (report->builder, "row", row_id);
  add_member (report->builder, "cell", cell_id);
  add_member (report->builder, "value", value_id);
  add_member (report->builder, "message", error->message);
  json_builder_end_object (report->builder);
}

static void
invalid_cell_cb (TstStore     *store,
                 const char   *table_id,
                 const char   *row_id,
                 const char   *cell_id,
                 const GError *error,
                 gpointer      user_data)
{
  add_misfit (user_data, table_id, row_id, cell_id, NULL, error);
}

static void
invalid_value_cb (TstStore     *store,
                  const char   *value_id,
                  const GError *error,
                  gpointer      user_data)
{
  add_misfit (user_data, NULL, NULL, NULL, value_id, error);
}

static TstSchema *
read_schema (const char  *path,
             GError     **error)
{
  g_autofree char *text = tool_read_text (path, error);
  TstSchema *schema;

  if (text == NULL)
    return NULL;

  schema = tst_schema_new_from_json (text, error);
  if (schema == NULL)
    g_prefix_error (error, "%s: ", path);

  return schema;
}

/* In memory only: nothing is saved. */
static gboolean
report_misfits (ToolCall   *call,
                TstStore   *store,
                TstSchema  *schema,
                GError    **error)
{
  g_autoptr(JsonBuilder) builder = call->json ? json_builder_new () : NULL;
  Report report = { call, builder };
  g_autoptr(JsonNode) root = NULL;

  g_signal_connect (store, "invalid-cell", G_CALLBACK (invalid_cell_cb), &report);
  g_signal_connect (store, "invalid-value", G_CALLBACK (invalid_value_cb), &report);
  if (builder != NULL)
    json_builder_begin_array (builder);
  if (!tst_store_set_schema (store, schema, TST_SCHEMA_DROP, error))
    return FALSE;
  if (builder == NULL)
    return TRUE;

  json_builder_end_array (builder);
  root = json_builder_get_root (builder);
  tool_print_node (root);

  return TRUE;
}

gboolean
tool_run_validate (ToolCall  *call,
                   GError   **error)
{
  g_autoptr(TstSchema) schema = read_schema (call->args[1], error);
  g_autoptr(ToolMedium) medium = schema != NULL ? tool_medium_read (call->args[0], error) : NULL;

  return medium != NULL && report_misfits (call, medium->store, schema, error);
}
