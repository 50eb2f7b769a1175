/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-store-private.h"

G_BEGIN_DECLS

/* Always FALSE: tells the listeners, and the caller. */
static inline gboolean
refuse_cell (TstStore    *self,
             const char  *table_id,
             const char  *row_id,
             const char  *cell_id,
             GError      *refused,
             GError     **error)
{
  tst_store_refuse_cell (self, table_id, row_id, cell_id, refused);
  g_propagate_error (error, refused);

  return FALSE;
}

static inline gboolean
refuse_value (TstStore    *self,
              const char  *value_id,
              GError      *refused,
              GError     **error)
{
  tst_store_refuse_value (self, value_id, refused);
  g_propagate_error (error, refused);

  return FALSE;
}

G_END_DECLS
