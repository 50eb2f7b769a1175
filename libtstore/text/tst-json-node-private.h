/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-error.h"
#include "tst-json-content-private.h"
#include "tst-text-private.h"

G_BEGIN_DECLS

/* --- Reading --- */

/* Reads a tree of nodes that may be anything: of any depth, or with itself as a
 * member. It accepts and refuses what tst-json-reader-private.h does of the same
 * as text, with the same codes. Each function that fails returns FALSE and leaves
 * an error in the reader. */
typedef struct
{
  const char *error_message; /* marked with N_(); NULL if nothing is wrong */
  TstError    error_code;
  GString    *error_path;    /* (nullable): a JSON pointer (RFC 6901) to where it is */
} TstJsonNodeReader;

#define TST_JSON_NODE_READER_INIT { NULL, TST_ERROR_FAILED, NULL }

/* Always FALSE. */
gboolean    tst_json_node_reader_fail         (TstJsonNodeReader  *self,
                                               TstError            code,
                                               const char         *message);
/* For who is told that something failed inside of a member or element: where the
 * error is grows at its front, on the way out. Always FALSE. */
gboolean    tst_json_node_reader_fail_member  (TstJsonNodeReader  *self,
                                               const char         *name);
gboolean    tst_json_node_reader_fail_element (TstJsonNodeReader  *self,
                                               guint               index);
/* Frees what is in the reader. Always FALSE. */
gboolean    tst_json_node_reader_set_error    (TstJsonNodeReader  *self,
                                               GError            **error);

/* What a document is in; fails if it is NULL. */
gboolean    tst_json_node_reader_begin        (TstJsonNodeReader  *self,
                                               JsonNode           *root);
/* These return NULL if it is something else. */
JsonObject *tst_json_node_reader_get_object   (TstJsonNodeReader  *self,
                                               JsonNode           *node,
                                               const char         *expected);
JsonArray  *tst_json_node_reader_get_array    (TstJsonNodeReader  *self,
                                               JsonNode           *node,
                                               const char         *expected);

/* An object, which may be empty: calls @read_member for each member, whose name
 * is one that an id can be. */
typedef gboolean (*TstJsonNodeMemberFunc) (const char *name,
                                           gsize       length,
                                           JsonNode   *node,
                                           gpointer    user_data);

gboolean    tst_json_node_reader_read_members (TstJsonNodeReader     *self,
                                               JsonNode              *node,
                                               const char            *expected,
                                               TstJsonNodeMemberFunc  read_member,
                                               gpointer               user_data);

/* Any value that a cell can hold. @cell is written to only if it returns TRUE. */
gboolean    tst_json_node_reader_read_cell    (TstJsonNodeReader  *self,
                                               JsonNode           *node,
                                               TstCell            *cell);
/* TRUE for the string that stands for what was removed */
gboolean    tst_json_node_is_removed          (JsonNode           *node);

/* An integer, or one with a fraction, which may be not finite */
gboolean    tst_json_node_is_number           (JsonNode           *node);

/* Whole documents: everything or nothing. @node: (nullable) */
TstEngine  *tst_json_node_read_content        (JsonNode      *node,
                                               gboolean      *has_values,
                                               GError       **error);
gboolean    tst_json_node_read_cells          (TstJsonCells  *cells,
                                               JsonNode      *node,
                                               GError       **error);

/* --- Writing --- */

JsonNode   *tst_json_node_new_cell            (const TstCell      *cell);
JsonObject *tst_json_object_new_tables        (const TstSnapshot  *snapshot);
JsonObject *tst_json_object_new_values        (const TstSnapshot  *snapshot);

G_END_DECLS
