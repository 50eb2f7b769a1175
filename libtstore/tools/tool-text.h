/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <libtstore/tstore.h>

G_BEGIN_DECLS

/* What is printed is UTF-8, whatever the locale. */
void      tool_print           (const char       *text);
void      tool_print_line      (const char       *text);
void      tool_print_document  (const char       *json,
                                gboolean          pretty);
void      tool_print_node      (JsonNode         *node);
void      tool_print_id        (const char       *id);
void      tool_print_item      (const char       *sign,
                                const char       *table_id,
                                const char       *row_id,
                                const char       *cell_id,
                                const char       *json);
gboolean  tool_flush           (GError          **error);

char     *tool_quote_ids       (const char       *table_id,
                                const char       *row_id,
                                const char       *cell_id) G_GNUC_WARN_UNUSED_RESULT;
char     *tool_make_visible    (const char       *text) G_GNUC_WARN_UNUSED_RESULT;
char     *tool_make_pretty     (const char       *json) G_GNUC_WARN_UNUSED_RESULT;

char     *tool_read_text       (const char       *path,
                                GError          **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
