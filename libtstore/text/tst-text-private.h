/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-engine-private.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The text of a store, for other rooms. Both run in any thread. */

/* The compact JSON text `[tables,values]` of a snapshot, without a line end. */
GBytes    *tst_text_write_content  (const TstSnapshot  *snapshot);

/* The same, and @func is told of what there is of it whenever there is a good deal more.
 * That begins with what it was told before, but may lie elsewhere. */
typedef void (*TstTextFunc)        (const char         *text,
                                    gsize               length,
                                    gpointer            user_data);

GBytes    *tst_text_write_content_in_steps
                                   (const TstSnapshot  *snapshot,
                                    TstTextFunc         func,
                                    gpointer            user_data);

/* Reads such a text, or the older bare `{tables}`, into an engine of its own.
 * Fails with TST_ERROR_PARSE, TST_ERROR_FORMAT or TST_ERROR_LIMIT, and a
 * message that ends with line and column. has_values: FALSE for the bare form. */
TstEngine *tst_text_read_content   (const char         *text,
                                    gsize               length,
                                    gboolean           *has_values,
                                    GError            **error);

/* Where @before and @after differ, as two such texts: each row that is not the same, as
 * it was and as it is, and each value. Returns FALSE if they are longer than
 * @max_length together. */
gboolean   tst_text_write_difference (const TstSnapshot  *before,
                                      const TstSnapshot  *after,
                                      gsize               max_length,
                                      GBytes            **was,
                                      GBytes            **is);

/* A cell alone: objects and arrays are their own text. NULL if there is none. */
char      *tst_json_dup_cell       (const TstCell      *cell);
gboolean   tst_json_read_cell      (TstCell            *cell,
                                    const char         *text,
                                    gsize               length,
                                    GError            **error);
gboolean   tst_json_node_read_cell (TstCell            *cell,
                                    JsonNode           *node,
                                    GError            **error);

G_END_DECLS
