/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tool.h"

#include <glib/gi18n.h>
#include <string.h>

#include "tool-medium.h"
#include "tool-path.h"
#include "tool-text.h"

/* list, get and export */

/* --- list --- */

static char **
get_ids (const ToolPath *path,
         TstStore       *store)
{
  if (path->is_value)
    return tst_store_get_value_ids (store);
  if (path->row_id != NULL)
    return tst_store_get_cell_ids (store, path->table_id, path->row_id);
  if (path->table_id != NULL)
    return tst_store_get_row_ids (store, path->table_id);

  return tst_store_get_table_ids (store);
}

static void
print_ids_as_json (char **ids)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonNode) root = NULL;

  json_builder_begin_array (builder);
  for (guint i = 0; ids[i] != NULL; i++)
    json_builder_add_string_value (builder, ids[i]);
  json_builder_end_array (builder);

  root = json_builder_get_root (builder);
  tool_print_node (root);
}

/* One line for each cell below. */
static void
print_below (const ToolPath *path,
             TstStore       *store)
{
  g_auto(GStrv) ids = NULL;

  if (tool_path_is_cell (path))
    {
      g_autofree char *json = tool_path_get_json (path, store);

      tool_print_item ("", path->table_id, path->row_id, path->cell_id, json);
      return;
    }

  ids = get_ids (path, store);
  for (guint i = 0; ids[i] != NULL; i++)
    {
      ToolPath below = *path;

      if (path->is_value || path->row_id != NULL)
        below.cell_id = ids[i];
      else if (path->table_id != NULL)
        below.row_id = ids[i];
      else
        below.table_id = ids[i];
      print_below (&below, store);
    }
}

static void
print_all_below (const ToolPath *path,
                 TstStore       *store)
{
  const ToolPath values = { TRUE };

  print_below (path, store);
  if (!path->is_value && path->table_id == NULL)
    print_below (&values, store);
}

gboolean
tool_run_list (ToolCall  *call,
               GError   **error)
{
  g_autoptr(ToolMedium) medium = NULL;
  g_auto(GStrv) ids = NULL;
  ToolPath path;

  if (call->json && call->recursive)
    return tool_fail_usage (error, _("“get” prints JSON of all that is in it"));
  if (call->value && call->n_args > 1)
    return tool_fail_usage (error, _("A keyed value has nothing in it"));
  if (!tool_path_init (&path, call, call->n_args - 1, error))
    return FALSE;

  medium = tool_medium_read (call->args[0], error);
  if (medium == NULL || !tool_path_find (&path, medium->store, error))
    return FALSE;

  if (call->recursive)
    {
      print_all_below (&path, medium->store);
      return TRUE;
    }

  ids = get_ids (&path, medium->store);
  if (call->json)
    print_ids_as_json (ids);
  for (guint i = 0; !call->json && ids[i] != NULL; i++)
    tool_print_id (ids[i]);

  return TRUE;
}

/* --- get --- */

static gboolean
is_text (const ToolPath *path,
         TstStore       *store)
{
  return tool_path_is_cell (path) && tool_path_get_type (path, store) == TST_CELL_TYPE_STRING;
}

static void
print_text (const ToolPath *path,
            TstStore       *store)
{
  if (path->is_value)
    tool_print_line (tst_store_get_value_string (store, path->cell_id));
  else
    tool_print_line (tst_store_get_cell_string (store, path->table_id, path->row_id,
                                                path->cell_id));
}

gboolean
tool_run_get (ToolCall  *call,
              GError   **error)
{
  g_autoptr(ToolMedium) medium = NULL;
  g_autofree char *json = NULL;
  ToolPath path;

  if (!tool_path_init (&path, call, call->n_args - 1, error))
    return FALSE;

  medium = tool_medium_read (call->args[0], error);
  if (medium == NULL || !tool_path_find (&path, medium->store, error))
    return FALSE;

  if (!call->json && is_text (&path, medium->store))
    {
      print_text (&path, medium->store);
      return TRUE;
    }

  json = tool_path_get_json (&path, medium->store);
  tool_print_document (json, call->pretty);

  return TRUE;
}

/* --- export --- */

gboolean
tool_run_export (ToolCall  *call,
                 GError   **error)
{
  const char *path = call->n_args == 2 ? call->args[1] : "-";
  g_autoptr(ToolMedium) medium = tool_medium_read (call->args[0], error);
  g_autofree char *json = NULL;
  g_autofree char *text = NULL;

  if (medium == NULL)
    return FALSE;

  json = tst_store_get_json (medium->store);
  if (g_str_equal (path, "-"))
    {
      tool_print_document (json, call->pretty);
      return TRUE;
    }

  text = call->pretty ? tool_make_pretty (json) : g_strconcat (json, "\n", NULL);

  return g_file_set_contents_full (path, text, (gssize) strlen (text),
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0666, error);
}
