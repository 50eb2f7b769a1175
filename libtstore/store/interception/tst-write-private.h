/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-store-private.h"
#include "tst-write.h"

G_BEGIN_DECLS

/* A write on its way, for the files that ask about it, and for other rooms
 * that know more forms of what is to be written. */

#define TST_WRITE_SETS_CELL (TST_WRITE_SET_CELL | TST_WRITE_SET_VALUE)

/* What holds more than a cell, as a snapshot: everything; the tables; a table
 * among others, to be found by its id; or the cells of a row, as the values. */
#define TST_WRITE_SETS_CONTENT (TST_WRITE_SET_CONTENT | TST_WRITE_SET_TABLES | TST_WRITE_SET_TABLE | \
                                TST_WRITE_SET_ROW | TST_WRITE_SET_VALUES)

/* @id: (nullable): of the cell or value */
TstWrite    *tst_write_new           (TstWriteKinds  kind,
                                      const char    *table_id,
                                      const char    *row_id,
                                      const char    *id);

const TstCell *tst_write_peek_cell   (TstWrite      *self);
/* Takes over what is in @cell. */
void         tst_write_take_cell     (TstWrite      *self,
                                      TstCell       *cell);
TstSnapshot *tst_write_peek_content  (TstWrite      *self);
void         tst_write_take_content  (TstWrite      *self,
                                      TstSnapshot   *content);
TstChanges  *tst_write_peek_changes  (TstWrite      *self);
void         tst_write_take_changes  (TstWrite      *self,
                                      TstChanges    *changes);

/* Whether it may be altered, and is one of these. */
gboolean     tst_write_check         (TstWrite      *self,
                                      TstWriteKinds  kinds,
                                      GError       **error);
/* Always FALSE: what an interceptor made of it cannot be stored. */
gboolean     tst_write_fail          (TstWrite      *self,
                                      GError        *invalid,
                                      GError       **error);

/* Nobody is asked any more. Returns: (nullable): why it is refused */
GError      *tst_write_end           (TstWrite      *self);
gboolean     tst_write_is_refused    (TstWrite      *self);

G_END_DECLS
