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

/* set, add and remove */

/* --- set --- */

static gboolean
set_string (TstStore        *store,
            const ToolPath  *path,
            const char      *text,
            GError         **error)
{
  if (path->is_value)
    return tst_store_set_value_string (store, path->cell_id, text, error);

  return tst_store_set_cell_string (store, path->table_id, path->row_id, path->cell_id, text,
                                    error);
}

static gboolean
set_json (TstStore        *store,
          const ToolPath  *path,
          const char      *json,
          GError         **error)
{
  if (path->is_value)
    return tst_store_set_value_json (store, path->cell_id, json, error);

  return tst_store_set_cell_json (store, path->table_id, path->row_id, path->cell_id, json,
                                  error);
}

/* What begins like JSON and is none is more likely a slip than a text. */
static gboolean
looks_like_json (const char *text)
{
  return *text != '\0' && strchr ("{[\"", *text) != NULL;
}

static gboolean
set_cell (const ToolCall  *call,
          TstStore        *store,
          const ToolPath  *path,
          const char      *text,
          GError         **error)
{
  g_autoptr(GError) local_error = NULL;

  if (call->string)
    return set_string (store, path, text, error);

  if (set_json (store, path, text, &local_error))
    return TRUE;

  if (!call->json && !looks_like_json (text) &&
      g_error_matches (local_error, TST_ERROR, TST_ERROR_PARSE))
    return set_string (store, path, text, error);

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

static gboolean
set_many (const ToolCall  *call,
          TstStore        *store,
          const ToolPath  *path,
          const char      *json,
          GError         **error)
{
  if (path->is_value)
    return call->update ? tst_store_set_partial_values_json (store, json, error)
                        : tst_store_set_values_json (store, json, error);
  if (path->row_id == NULL)
    return tst_store_set_table_json (store, path->table_id, json, error);

  return call->update
           ? tst_store_set_partial_row_json (store, path->table_id, path->row_id, json, error)
           : tst_store_set_row_json (store, path->table_id, path->row_id, json, error);
}

static gboolean
check_set (const ToolCall  *call,
           const ToolPath  *path,
           GError         **error)
{
  gboolean is_cell = tool_path_is_cell (path);

  if (!path->is_value && path->table_id == NULL)
    return tool_fail_usage (error, _("“import” sets everything"));
  if (call->string && (call->json || !is_cell))
    return tool_fail_usage (error, _("--string is for a cell or a value alone"));
  if (call->update && (is_cell || (!path->is_value && path->row_id == NULL)))
    return tool_fail_usage (error, _("--update is for a row, or for all values"));

  return TRUE;
}

gboolean
tool_run_set (ToolCall  *call,
              GError   **error)
{
  const char *text = call->args[call->n_args - 1];
  g_autoptr(ToolMedium) medium = NULL;
  ToolPath path;
  gboolean set;

  if (!tool_path_init (&path, call, call->n_args - 2, error) || !check_set (call, &path, error))
    return FALSE;
  if (!g_utf8_validate (text, -1, NULL))
    return tool_fail_usage (error, _("A value must be valid UTF-8"));

  medium = tool_medium_edit (call->args[0], error);
  if (medium == NULL)
    return FALSE;

  set = tool_path_is_cell (&path) ? set_cell (call, medium->store, &path, text, error)
                                  : set_many (call, medium->store, &path, text, error);

  return set && tool_medium_save (medium, error);
}

/* --- add --- */

gboolean
tool_run_add (ToolCall  *call,
              GError   **error)
{
  g_autoptr(ToolMedium) medium = NULL;
  g_autofree char *row_id = NULL;
  ToolPath path;

  if (!tool_path_init (&path, call, 1, error))
    return FALSE;

  medium = tool_medium_edit (call->args[0], error);
  if (medium == NULL)
    return FALSE;

  /* Many may add at the same time. */
  row_id = tst_store_add_row_json (medium->store, path.table_id, call->args[2],
                                   TST_ADD_ROW_UNIQUE, error);
  if (row_id == NULL || !tool_medium_save (medium, error))
    return FALSE;

  tool_print_id (row_id);

  return TRUE;
}

/* --- remove --- */

static void
remove_it (TstStore       *store,
           const ToolPath *path)
{
  if (path->is_value)
    tst_store_remove_value (store, path->cell_id);
  else if (path->cell_id != NULL)
    tst_store_remove_cell (store, path->table_id, path->row_id, path->cell_id);
  else if (path->row_id != NULL)
    tst_store_remove_row (store, path->table_id, path->row_id);
  else
    tst_store_remove_table (store, path->table_id);
}

gboolean
tool_run_remove (ToolCall  *call,
                 GError   **error)
{
  g_autoptr(ToolMedium) medium = NULL;
  ToolPath path;

  if (!tool_path_init (&path, call, call->n_args - 1, error))
    return FALSE;

  medium = tool_medium_edit (call->args[0], error);
  if (medium == NULL)
    return FALSE;

  if (!tool_path_exists (&path, medium->store))
    return call->force || tool_path_find (&path, medium->store, error);

  remove_it (medium->store, &path);

  return tool_medium_save (medium, error);
}
