/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tool-changes.h"

#include "tool-path.h"
#include "tool-text.h"

typedef struct
{
  TstStore *before;
  TstStore *after;
} Sides;

static void
print_side (const char     *sign,
            const ToolPath *path,
            TstStore       *store)
{
  g_autofree char *json = NULL;

  if (!tool_path_exists (path, store))
    return;

  json = tool_path_get_json (path, store);
  tool_print_item (sign, path->table_id, path->row_id, path->cell_id, json);
}

/* The values that come with a change do not tell a text from an object. */
static void
print_change (const ToolPath *path,
              const Sides    *sides)
{
  print_side ("- ", path, sides->before);
  print_side ("+ ", path, sides->after);
}

static void
print_cell_cb (TstChanges   *changes,
               const char   *table_id,
               const char   *row_id,
               const char   *cell_id,
               const GValue *new_value,
               const GValue *old_value,
               gpointer      user_data)
{
  const ToolPath path = { FALSE, table_id, row_id, cell_id };

  print_change (&path, user_data);
}

static void
print_value_cb (TstChanges   *changes,
                const char   *value_id,
                const GValue *new_value,
                const GValue *old_value,
                gpointer      user_data)
{
  const ToolPath path = { TRUE, NULL, NULL, value_id };

  print_change (&path, user_data);
}

/* What was, and what is: two lines for each cell that was changed. */
void
tool_print_changes (TstChanges *changes,
                    TstStore   *before,
                    TstStore   *after)
{
  Sides sides = { before, after };

  tst_changes_foreach_cell (changes, print_cell_cb, &sides);
  tst_changes_foreach_value (changes, print_value_cb, &sides);
}
