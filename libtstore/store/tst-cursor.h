/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (TSTORE_INSIDE) && !defined (TSTORE_COMPILATION)
# error "Only <libtstore/tstore.h> can be included directly."
#endif

#include "tst-store.h"

G_BEGIN_DECLS

#define TST_TYPE_CURSOR (tst_cursor_get_type ())

TST_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (TstCursor, tst_cursor, TST, CURSOR, GObject)

TST_AVAILABLE_IN_0_1
TstCursor   *tst_cursor_new              (TstStore    *store,
                                          const char  *table_id) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
guint        tst_cursor_add_column       (TstCursor   *self,
                                          const char  *cell_id);
TST_AVAILABLE_IN_0_1
gboolean     tst_cursor_next             (TstCursor   *self);
TST_AVAILABLE_IN_0_1
gboolean     tst_cursor_seek             (TstCursor   *self,
                                          const char  *row_id);
TST_AVAILABLE_IN_0_1
void         tst_cursor_rewind           (TstCursor   *self);
TST_AVAILABLE_IN_0_1
const char  *tst_cursor_get_row_id       (TstCursor   *self);
TST_AVAILABLE_IN_0_1
TstCellType  tst_cursor_get_cell_type    (TstCursor   *self,
                                          guint        column);
TST_AVAILABLE_IN_0_1
const char  *tst_cursor_get_string       (TstCursor   *self,
                                          guint        column);
TST_AVAILABLE_IN_0_1
double       tst_cursor_get_number       (TstCursor   *self,
                                          guint        column);
TST_AVAILABLE_IN_0_1
gboolean     tst_cursor_get_boolean      (TstCursor   *self,
                                          guint        column);
TST_AVAILABLE_IN_0_1
gboolean     tst_cursor_set_string       (TstCursor   *self,
                                          guint        column,
                                          const char  *value,
                                          GError     **error);
TST_AVAILABLE_IN_0_1
gboolean     tst_cursor_set_number       (TstCursor   *self,
                                          guint        column,
                                          double       value,
                                          GError     **error);
TST_AVAILABLE_IN_0_1
gboolean     tst_cursor_set_boolean      (TstCursor   *self,
                                          guint        column,
                                          gboolean     value,
                                          GError     **error);

G_END_DECLS
