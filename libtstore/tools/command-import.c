/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tool.h"

#include <glib/gi18n.h>

#include "tool-medium.h"
#include "tool-text.h"

/* All that is in the text, as if it had been set cell by cell. */
static gboolean
add_content (TstStore    *store,
             const char  *json,
             GError     **error)
{
  g_autoptr(TstStore) other = tst_store_new ();
  g_autoptr(TstChanges) changes = NULL;
  gboolean set;

  tst_store_begin (other);
  set = tst_store_set_json (other, json, error);
  changes = tst_store_get_changes (other);
  tst_store_commit (other);

  return set && tst_store_apply_changes (store, changes, error);
}

/* Also the keyed values, where the text has none. */
static gboolean
replace_content (TstStore    *store,
                 const char  *json,
                 GError     **error)
{
  g_autoptr(TstStore) other = tst_store_new ();

  return tst_store_set_json (other, json, error) && tool_copy_content (other, store, error);
}

static gboolean
take_text (const ToolCall  *call,
           TstStore        *store,
           const char      *json,
           GError         **error)
{
  if (call->changes)
    return tst_store_apply_changes_json (store, json, error);
  if (call->merge)
    return add_content (store, json, error);

  return replace_content (store, json, error);
}

gboolean
tool_run_import (ToolCall  *call,
                 GError   **error)
{
  const char *path = call->n_args == 2 ? call->args[1] : "-";
  g_autoptr(ToolMedium) medium = NULL;
  g_autofree char *text = NULL;

  if (call->changes && call->merge)
    return tool_fail_usage (error, _("Either --changes or --merge"));

  text = tool_read_text (path, error);
  if (text == NULL)
    return FALSE;

  medium = tool_medium_edit (call->args[0], error);
  if (medium == NULL)
    return FALSE;

  if (!take_text (call, medium->store, text, error))
    {
      g_prefix_error (error, "%s: ", path);
      return FALSE;
    }

  return tool_medium_save (medium, error);
}
