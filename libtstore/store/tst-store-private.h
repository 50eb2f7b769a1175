/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-engine-private.h"
#include "tst-store.h"

G_BEGIN_DECLS

/* What other rooms may do with a store, beyond its public functions. */

/* Who makes a transaction: NULL is the application; anything else is the
 * address of whoever applies content that comes from outside, such as a
 * persister. Only compared, never followed. */
typedef gconstpointer TstOrigin;

/* That of the transaction in which a schema added defaults, and did nothing else. */
extern const TstOrigin tst_schema_origin;

/* The parts of a store that tst_store_replace() makes equal to content. */
typedef enum
{
  TST_PART_TABLES = 1 << 0,
  TST_PART_VALUES = 1 << 1,
  TST_PART_ALL = TST_PART_TABLES | TST_PART_VALUES,

  /* And which rows were added here under an id from the pool: for a persister,
   * otherwise none of those that it brings. */
  TST_PART_POOLED = 1 << 2
} TstParts;

/* A cell under its name, on its way into a row or the values. */
typedef struct
{
  const char *id;
  gsize       length;
  TstCell     cell;
} TstNamedCell;

/* --- Reading --- */

/* The content as it is now, also in the middle of a transaction; constant time. */
TstSnapshot *tst_store_snapshot         (TstStore           *self);

/* Grows with each change. */
guint64      tst_store_get_generation   (TstStore           *self);

/* Finds a cell. Valid until the store is next written to. */
const TstCell *tst_store_peek_cell      (TstStore           *self,
                                         const char         *table_id,
                                         const char         *row_id,
                                         const char         *cell_id);
const TstCell *tst_store_peek_value     (TstStore           *self,
                                         const char         *value_id);

/* --- Writing: ids and cells are valid already, except where a GError is --- */

/* Makes @parts of the store equal to @content, in one transaction. What is
 * kept keeps its place. An empty part is emptied. Interceptors are asked first. Fails
 * with TST_ERROR_REFUSED if they refuse it, with TST_ERROR_SCHEMA if it does not fit,
 * and with TST_ERROR_ROLLED_BACK if a mutator has undone it. */
gboolean     tst_store_write_content    (TstStore           *self,
                                         TstSnapshot        *content,
                                         TstParts            parts,
                                         GError            **error);
/* The same for one table, which is in @content under its id. */
gboolean     tst_store_write_table      (TstStore           *self,
                                         const char         *table_id,
                                         TstSnapshot        *content,
                                         GError            **error);

/* The same without interceptors. */
gboolean     tst_store_replace          (TstStore           *self,
                                         TstSnapshot        *content,
                                         TstParts            parts,
                                         GError            **error);
/* @content is the table of that id in a snapshot. */
gboolean     tst_store_replace_table    (TstStore           *self,
                                         const char         *table_id,
                                         const TstTableData *content,
                                         GError            **error);

/* Set cells of a row, or all of it: unless @partial, cells that are not in
 * @cells are removed. The cells are taken over (and left empty). Fails with
 * TST_ERROR_EMPTY if @n_cells is 0 and not @partial, TST_ERROR_INVALID_ID, and as
 * tst_store_replace() does. */
gboolean     tst_store_write_row        (TstStore           *self,
                                         const char         *table_id,
                                         const char         *row_id,
                                         TstNamedCell       *cells,
                                         gsize               n_cells,
                                         gboolean            partial,
                                         GError            **error);
char        *tst_store_write_new_row    (TstStore           *self,
                                         const char         *table_id,
                                         TstNamedCell       *cells,
                                         gsize               n_cells,
                                         TstAddRowFlags      flags,
                                         GError            **error);
gboolean     tst_store_write_values     (TstStore           *self,
                                         TstNamedCell       *cells,
                                         gsize               n_cells,
                                         gboolean            partial,
                                         GError            **error);
/* One cell or value; takes over @cell. */
gboolean     tst_store_write_cell       (TstStore           *self,
                                         const char         *table_id,
                                         const char         *row_id,
                                         const char         *cell_id,
                                         TstCell            *cell,
                                         GError            **error);
gboolean     tst_store_write_value      (TstStore           *self,
                                         const char         *value_id,
                                         TstCell            *cell,
                                         GError            **error);

/* Tells the listeners of invalid cells and values that something was refused.
 * Each id may be NULL if it is not known. */
void         tst_store_refuse_cell      (TstStore           *self,
                                         const char         *table_id,
                                         const char         *row_id,
                                         const char         *cell_id,
                                         const GError       *error);
void         tst_store_refuse_value     (TstStore           *self,
                                         const char         *value_id,
                                         const GError       *error);

/* --- Content from outside --- */

/* TRUE while a transaction is open or listeners are being called: no content
 * may be applied, and no snapshot be taken for a medium, before it is over. */
gboolean     tst_store_is_busy          (TstStore           *self);

/* TRUE while something of what there is to be read may be rolled back, of which nobody
 * would be told. When it is FALSE again, "transaction-finished" is told. */
gboolean     tst_store_is_unsettled     (TstStore           *self);

/* Between these two, each transaction is made by @origin. Only while not
 * busy; do not nest. */
void         tst_store_push_origin      (TstStore           *self,
                                         TstOrigin           origin);
void         tst_store_pop_origin       (TstStore           *self);

/* Called after each transaction that changed something, when its listeners
 * were called; the store may still be busy with a following round. And with
 * changed FALSE when the store stops being busy. An observer may not write to
 * the store while it is busy, and costs the write path one call. */
typedef void (*TstStoreObserver) (TstStore  *store,
                                  TstOrigin  origin,
                                  gboolean   changed,
                                  gpointer   user_data);

guint        tst_store_add_observer     (TstStore           *self,
                                         TstStoreObserver    observer,
                                         gpointer            user_data);

/* Called before somebody else than the application may write: the store is not busy, and
 * as the application left it. May not write either. */
typedef void (*TstStoreBeforeOutside) (TstStore *store,
                                       gpointer  user_data);

guint        tst_store_add_observer_full (TstStore             *self,
                                         TstStoreObserver      observer,
                                         TstStoreBeforeOutside before_outside,
                                         gpointer              user_data);
void         tst_store_remove_observer  (TstStore           *self,
                                         guint               id);

G_END_DECLS
