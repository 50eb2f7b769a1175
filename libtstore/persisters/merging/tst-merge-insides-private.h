/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-snapshot-private.h"

G_BEGIN_DECLS

/* Looking into snapshots where things may be missing, for the files that compare
 * them. */

static inline gboolean
same_cell (const TstCell *a,
           const TstCell *b)
{
  if (a == NULL || b == NULL)
    return a == b;

  return tst_cell_equal (a, b);
}

static inline gboolean
find_row (const TstTableData *data,
          const TstId        *row_id,
          TstRowView         *row)
{
  return data != NULL && tst_table_data_find_row (data, row_id, row);
}

static inline const TstCell *
find_cell (const TstTableData *data,
           const TstRowView   *row,
           const TstId        *cell_id)
{
  return row != NULL ? tst_table_data_find_cell (data, row, cell_id) : NULL;
}

G_END_DECLS
