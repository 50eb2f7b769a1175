/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-write-json.h"

#include <glib/gi18n-lib.h>

#include "tst-changes-json.h"
#include "tst-error.h"
#include "tst-json-content-private.h"
#include "tst-json-writer-private.h"
#include "tst-text-private.h"
#include "tst-write-private.h"

/* --- Writing --- */

static char *
content_to_json (TstWrite *self)
{
  const TstSnapshot *content = tst_write_peek_content (self);
  TstJsonBuffer buffer = TST_JSON_BUFFER_INIT;

  switch ((int) tst_write_get_kind (self))
    {
    case TST_WRITE_SET_CONTENT:
      tst_json_write_content (&buffer, content);
      break;
    case TST_WRITE_SET_TABLES:
      tst_json_write_tables (&buffer, content);
      break;
    case TST_WRITE_SET_TABLE:
      tst_json_write_table (&buffer, tst_snapshot_find_table (content, tst_write_get_table_id (self)));
      break;
    default:
      tst_json_write_values (&buffer, content);
      break;
    }

  return tst_json_buffer_steal (&buffer);
}

/**
 * tst_write_get_json:
 * @self: a write
 *
 * Gets what is to be set, as JSON text.
 *
 * For a cell it is as [method@Store.get_cell_json] will get it, for a row as
 * [method@Store.get_row_json], for a table as [method@Store.get_table_json], for
 * all tables as [method@Store.get_tables_json], for everything as
 * [method@Store.get_json]; for keyed values as [method@Store.get_value_json] and
 * [method@Store.get_values_json]; and for changes as
 * [method@Changes.to_json].
 *
 * Returns: (transfer full) (nullable): the text, or `NULL` if it is a removal
 *
 * Since: 0.1
 */
char *
tst_write_get_json (TstWrite *self)
{
  TstWriteKinds kind;

  g_return_val_if_fail (TST_IS_WRITE (self), NULL);

  kind = tst_write_get_kind (self);
  if (kind & TST_WRITE_SETS_CELL)
    return tst_json_dup_cell (tst_write_peek_cell (self));
  if (kind & TST_WRITE_SETS_CONTENT)
    return content_to_json (self);
  if (kind == TST_WRITE_APPLY_CHANGES)
    return tst_changes_to_json (tst_write_peek_changes (self));

  return NULL;
}

/* --- Reading --- */

static TstEngine *
read_content (const char  *json,
              GError     **error)
{
  g_autoptr(TstEngine) engine = NULL;
  gboolean has_values;

  engine = tst_text_read_content (json, strlen (json), &has_values, error);
  if (engine == NULL || has_values)
    return g_steal_pointer (&engine);

  g_set_error_literal (error, TST_ERROR, TST_ERROR_FORMAT, _("Expected an array of tables and values"));

  return NULL;
}

/* A row, as the values. */
static TstEngine *
read_row (const char  *json,
          GError     **error)
{
  g_auto(TstJsonCells) cells = TST_JSON_CELLS_INIT;
  g_autoptr(TstEngine) engine = NULL;

  if (!tst_json_read_cells (&cells, json, strlen (json), error))
    return NULL;

  if (cells.n_cells == 0)
    {
      g_set_error_literal (error, TST_ERROR, TST_ERROR_EMPTY,
                           _("A row without cells cannot be stored"));
      return NULL;
    }

  engine = tst_engine_new ();
  for (gsize i = 0; i < cells.n_cells; i++)
    tst_engine_put_value (engine, cells.cells[i].id, cells.cells[i].length, &cells.cells[i].cell);

  return g_steal_pointer (&engine);
}

static TstEngine *
read_by_kind (TstWrite    *self,
              const char  *json,
              GError     **error)
{
  switch ((int) tst_write_get_kind (self))
    {
    case TST_WRITE_SET_CONTENT:
      return read_content (json, error);
    case TST_WRITE_SET_TABLES:
      return tst_json_read_tables (json, strlen (json), error);
    case TST_WRITE_SET_TABLE:
      return tst_json_read_table (tst_write_get_table_id (self), json, strlen (json), error);
    default:
      return read_row (json, error);
    }
}

/* These three return FALSE with an error if the text is not good for it. */

static gboolean
set_cell (TstWrite    *self,
          const char  *json,
          GError     **error)
{
  TstCell cell = TST_CELL_INIT;

  if (!tst_json_read_cell (&cell, json, strlen (json), error))
    return FALSE;

  tst_write_take_cell (self, &cell);
  return TRUE;
}

static gboolean
set_content (TstWrite    *self,
             const char  *json,
             GError     **error)
{
  g_autoptr(TstEngine) engine = read_by_kind (self, json, error);

  if (engine == NULL)
    return FALSE;

  tst_write_take_content (self, tst_engine_snapshot (engine));
  return TRUE;
}

static gboolean
set_changes (TstWrite    *self,
             const char  *json,
             GError     **error)
{
  TstChanges *changes = tst_json_read_changes (json, strlen (json), error);

  if (changes == NULL)
    return FALSE;

  tst_write_take_changes (self, changes);
  return TRUE;
}

/**
 * tst_write_set_json:
 * @self: a write that sets something, or applies changes
 * @json: a JSON text
 * @error: where to put an error
 *
 * Alters what is to be set.
 *
 * The text is as [method@Write.get_json] gets it. If anything is wrong with it, the
 * write is refused, with the same error.
 *
 * Returns: `TRUE` if it is altered; `FALSE` with an error of
 *   [method@Store.set_json] if something is wrong with the text, with
 *   `G_IO_ERROR_NOT_SUPPORTED` if it is a removal, and with `G_IO_ERROR_CLOSED`
 *   if it is too late
 *
 * Since: 0.1
 */
gboolean
tst_write_set_json (TstWrite    *self,
                    const char  *json,
                    GError     **error)
{
  GError *invalid = NULL;
  TstWriteKinds kind;
  gboolean set;

  g_return_val_if_fail (TST_IS_WRITE (self), FALSE);
  g_return_val_if_fail (json != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!tst_write_check (self, TST_WRITE_SETS_CELL | TST_WRITE_SETS_CONTENT | TST_WRITE_APPLY_CHANGES,
                        error))
    return FALSE;

  kind = tst_write_get_kind (self);
  if (kind & TST_WRITE_SETS_CELL)
    set = set_cell (self, json, &invalid);
  else if (kind & TST_WRITE_SETS_CONTENT)
    set = set_content (self, json, &invalid);
  else
    set = set_changes (self, json, &invalid);

  return set || tst_write_fail (self, invalid, error);
}
