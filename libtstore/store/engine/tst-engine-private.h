/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-snapshot-private.h"

G_BEGIN_DECLS

/* The engine: the data and nothing else. It knows no listeners, signals,
 * schemas or texts. A store has one; and whatever is about to become the
 * content of a store is first built in an engine of its own, in any one
 * thread: see "Building". */
typedef struct _TstEngine TstEngine;
typedef struct _TstTable TstTable;

TstEngine   *tst_engine_new            (void);
void         tst_engine_free           (TstEngine    *self);

/* In constant time. */
TstSnapshot *tst_engine_snapshot       (TstEngine    *self);

/* The last one, in place of freeing the engine: the next engine that begins with it has
 * little to do. */
TstSnapshot *tst_engine_finish         (TstEngine    *self);

/* Building. ids must be valid UTF-8 without NUL (tst_engine_ does not check
 * again); a row without cells must be filled before the engine is used for
 * anything else. */
TstTable    *tst_engine_ensure_table   (TstEngine    *self,
                                        const char   *table_id,
                                        gsize         length,
                                        gboolean     *created);
guint32      tst_engine_ensure_row     (TstEngine    *self,
                                        TstTable     *table,
                                        const char   *row_id,
                                        gsize         length,
                                        gboolean     *created);
/* Says whether the id of the row came from the pool, in the store that the row
 * is from. */
void         tst_engine_set_pooled     (TstEngine    *self,
                                        TstTable     *table,
                                        guint32       row,
                                        gboolean      pooled);
guint32      tst_engine_ensure_column  (TstEngine    *self,
                                        TstTable     *table,
                                        const char   *cell_id,
                                        gsize         length);

/* Takes over what is in @cell, and returns TRUE; or FALSE, and leaves it, if
 * the row has such a cell already. */
gboolean     tst_engine_put_cell       (TstEngine    *self,
                                        TstTable     *table,
                                        guint32       row,
                                        guint32       column,
                                        TstCell      *cell);
gboolean     tst_engine_put_value      (TstEngine    *self,
                                        const char   *value_id,
                                        gsize         length,
                                        TstCell      *cell);

/* Begins with @content, and shares its memory. */
TstEngine   *tst_engine_new_for_snapshot (TstSnapshot *content);
/* Makes each row and value that is in @is what it is there, and removes those that are
 * in @was alone. */
void         tst_engine_patch          (TstEngine    *self,
                                        const TstSnapshot *was,
                                        const TstSnapshot *is);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TstEngine, tst_engine_free)

G_END_DECLS
