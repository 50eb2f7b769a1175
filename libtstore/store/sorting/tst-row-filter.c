/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-row-filter-private.h"

TstRowFilter *
tst_row_filter_new (TstRowOrderFilter func,
                    gpointer          user_data,
                    GDestroyNotify    destroy)
{
  TstRowFilter *self = g_new (TstRowFilter, 1);

  *self = (TstRowFilter) { 1, func, user_data, destroy };

  return self;
}

void
tst_row_filter_unref (TstRowFilter *self)
{
  if (--self->ref_count > 0)
    return;

  if (self->destroy != NULL)
    self->destroy (self->user_data);
  g_free (self);
}

/* --- Asking --- */

void
tst_row_question_start (TstRowQuestion *self,
                        TstRowFilter   *filter,
                        TstStore       *store,
                        gboolean       *is_asking)
{
  self->filter = filter;
  self->store = store;
  self->is_asking = is_asking;

  filter->ref_count++;
  *is_asking = TRUE;
  tst_store_start_filtering (store, &self->filtering);
}

gboolean
tst_row_question_ask (const TstRowQuestion *self,
                      TstSortedRows        *rows,
                      guint32               slot)
{
  const TstTable *table = tst_sorted_rows_get_table (rows);

  return self->filter->func (self->store, table->data->id->text,
                             tst_table_data_head (table->data, slot)->id->text,
                             self->filter->user_data);
}

void
tst_row_question_stop (TstRowQuestion *self)
{
  tst_store_stop_filtering (self->store, &self->filtering);
  *self->is_asking = FALSE;
  tst_row_filter_unref (self->filter);
}
