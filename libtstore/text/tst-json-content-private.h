/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-store-private.h"

G_BEGIN_DECLS

/* Whole texts, of the parts of a store. All of them read everything or
 * nothing, and set errors as tst_text_read_content() does; without any table
 * or row, TST_ERROR_EMPTY. */

/* {"table": {"row": {"cell": 1}}} */
TstEngine *tst_json_read_tables (const char   *text,
                                 gsize         length,
                                 GError      **error);

/* {"row": {"cell": 1}}, as the table of that id */
TstEngine *tst_json_read_table  (const char   *table_id,
                                 const char   *text,
                                 gsize         length,
                                 GError      **error);

/* {"cell": 1}: a row, or the values. What names and cells point to is owned. */
typedef struct
{
  TstNamedCell *cells;
  gsize         n_cells;
  gsize         size;
  GStringChunk *names;  /* (nullable): those that cannot be borrowed */
} TstJsonCells;

#define TST_JSON_CELLS_INIT { NULL, 0, 0, NULL }

gboolean   tst_json_read_cells  (TstJsonCells *cells,
                                 const char   *text,
                                 gsize         length,
                                 GError      **error);
void       tst_json_cells_clear (TstJsonCells *cells);

/* For who fills it otherwise: room for one more, which n_cells does not count
 * yet; and a copy of a name. */
TstNamedCell *tst_json_cells_append    (TstJsonCells *cells);
const char   *tst_json_cells_keep_name (TstJsonCells *cells,
                                        const char   *name,
                                        gsize         length);

/* [{"table": {"row": {"cell": 1}}},{"value": 1},1] */
TstChanges *tst_json_read_changes (const char *text,
                                   gsize       length,
                                   GError    **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TstJsonCells, tst_json_cells_clear)

G_END_DECLS
