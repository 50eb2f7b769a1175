/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-conflict.h"

G_BEGIN_DECLS

TstConflict *tst_conflict_new (void);

/* Only before anybody else holds it. Ids that do not apply are NULL. */
void         tst_conflict_add (TstConflict     *self,
                               TstConflictKind  kind,
                               const char      *table_id,
                               const char      *row_id,
                               const char      *cell_id,
                               const char      *new_row_id);

G_END_DECLS
