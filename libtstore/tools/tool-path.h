/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <libtstore/tstore.h>

#include "tool.h"

G_BEGIN_DECLS

/* Something in a store: all of it, a table, row or cell; the keyed values, or one of
 * them, which is like a cell without table and row. */
typedef struct
{
  gboolean    is_value;
  const char *table_id; /* (nullable) */
  const char *row_id;   /* (nullable) */
  const char *cell_id;  /* (nullable) */
} ToolPath;

gboolean     tool_path_init     (ToolPath        *self,
                                 const ToolCall  *call,
                                 guint            n_ids,
                                 GError         **error);
gboolean     tool_path_is_cell  (const ToolPath  *self);
TstCellType  tool_path_get_type (const ToolPath  *self,
                                 TstStore        *store);
gboolean     tool_path_exists   (const ToolPath  *self,
                                 TstStore        *store);
gboolean     tool_path_find     (const ToolPath  *self,
                                 TstStore        *store,
                                 GError         **error);
char        *tool_path_get_json (const ToolPath  *self,
                                 TstStore        *store) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
