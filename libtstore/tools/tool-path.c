/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tool-path.h"

#include <glib/gi18n.h>

#include "tool-text.h"

/* From the @n_ids arguments that follow the medium. */
gboolean
tool_path_init (ToolPath        *self,
                const ToolCall  *call,
                guint            n_ids,
                GError         **error)
{
  const char **ids[] = { &self->table_id, &self->row_id, &self->cell_id };

  *self = (ToolPath) { call->value };

  if (call->value && n_ids > 1)
    return tool_fail_usage (error, _("A keyed value has one id"));

  for (guint i = 1; i <= n_ids; i++)
    if (!g_utf8_validate (call->args[i], -1, NULL))
      return tool_fail_usage (error, _("An id must be valid UTF-8"));

  if (call->value && n_ids == 1)
    self->cell_id = call->args[1];
  for (guint i = 0; !call->value && i < n_ids; i++)
    *ids[i] = call->args[i + 1];

  return TRUE;
}

gboolean
tool_path_is_cell (const ToolPath *self)
{
  return self->cell_id != NULL;
}

TstCellType
tool_path_get_type (const ToolPath *self,
                    TstStore       *store)
{
  if (self->is_value)
    return tst_store_get_value_type (store, self->cell_id);

  return tst_store_get_cell_type (store, self->table_id, self->row_id, self->cell_id);
}

/* The tables and the values are always there. */
gboolean
tool_path_exists (const ToolPath *self,
                  TstStore       *store)
{
  if (self->cell_id != NULL)
    return tool_path_get_type (self, store) != TST_CELL_TYPE_NONE;
  if (self->row_id != NULL)
    return tst_store_has_row (store, self->table_id, self->row_id);

  return self->table_id == NULL || tst_store_has_table (store, self->table_id);
}

gboolean
tool_path_find (const ToolPath  *self,
                TstStore        *store,
                GError         **error)
{
  g_autofree char *ids = NULL;

  if (tool_path_exists (self, store))
    return TRUE;

  ids = tool_quote_ids (self->table_id, self->row_id, self->cell_id);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _("There is no %s"), ids);

  return FALSE;
}

char *
tool_path_get_json (const ToolPath *self,
                    TstStore       *store)
{
  if (self->is_value)
    return self->cell_id != NULL ? tst_store_get_value_json (store, self->cell_id)
                                 : tst_store_get_values_json (store);
  if (self->cell_id != NULL)
    return tst_store_get_cell_json (store, self->table_id, self->row_id, self->cell_id);
  if (self->row_id != NULL)
    return tst_store_get_row_json (store, self->table_id, self->row_id);

  return self->table_id != NULL ? tst_store_get_table_json (store, self->table_id)
                                : tst_store_get_json (store);
}
