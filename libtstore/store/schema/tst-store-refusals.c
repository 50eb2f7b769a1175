/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-store-object-private.h"

/* Writes that were refused: remembered until the end of the transaction. */

static void
refusal_free (gpointer data)
{
  TstRefusal *self = data;

  for (guint i = 0; i < TST_MAX_POSITIONS; i++)
    g_clear_pointer (&self->ids[i], tst_id_unref);
  g_error_free (self->error);
  g_free (self);
}

static TstRefusal *
refusal_new (TstListenerKind     kind,
             const char * const *ids,
             const GError       *error)
{
  TstRefusal *self = g_new0 (TstRefusal, 1);

  self->kind = kind;
  self->error = g_error_copy (error);
  for (guint i = 0; i < TST_MAX_POSITIONS; i++)
    if (ids[i] != NULL)
      {
        g_autofree char *text = g_utf8_make_valid (ids[i], -1);

        self->ids[i] = tst_id_new (text, strlen (text));
      }

  return self;
}

static void
refuse (TstStore           *self,
        TstListenerKind     kind,
        const char * const *ids,
        const GError       *error)
{
  if (tst_store_is_quiet (self))
    return;

  if (self->refused == NULL)
    self->refused = g_ptr_array_new_with_free_func (refusal_free);
  g_ptr_array_add (self->refused, refusal_new (kind, ids, error));

  if (tst_store_depth (self) == 0)
    {
      tst_store_open_batch (self);
      tst_store_close_batch (self);
    }
}

void
tst_store_refuse_cell (TstStore     *self,
                       const char   *table_id,
                       const char   *row_id,
                       const char   *cell_id,
                       const GError *error)
{
  refuse (self, TST_LISTENER_KIND_INVALID_CELL, TST_IDS (table_id, row_id, cell_id), error);
}

void
tst_store_refuse_value (TstStore     *self,
                        const char   *value_id,
                        const GError *error)
{
  refuse (self, TST_LISTENER_KIND_INVALID_VALUE, TST_IDS (value_id), error);
}
