/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-store-object-private.h"
#include "tst-write-private.h"

G_BEGIN_DECLS

/* What becomes of writes that interceptors want to be asked about. Each
 * function that writes begins with a look at what is intercepted, and comes
 * here if it is of the kind. Here everybody is asked first, about everything;
 * then what they let through is written, by the same functions, with nothing
 * intercepted. */

/* The kinds that matter to each of them. */
#define TST_INTERCEPT_CELL          (TST_WRITE_SET_CELL | TST_WRITE_SET_ROW)
#define TST_INTERCEPT_VALUE         (TST_WRITE_SET_VALUE | TST_WRITE_SET_VALUES)
#define TST_INTERCEPT_REMOVE_CELL   TST_WRITE_REMOVE_CELL
#define TST_INTERCEPT_REMOVE_ROW    (TST_INTERCEPT_REMOVE_CELL | TST_WRITE_REMOVE_ROW)
#define TST_INTERCEPT_REMOVE_TABLE  (TST_INTERCEPT_REMOVE_ROW | TST_WRITE_REMOVE_TABLE)
#define TST_INTERCEPT_REMOVE_TABLES (TST_INTERCEPT_REMOVE_TABLE | TST_WRITE_REMOVE_TABLES)
#define TST_INTERCEPT_REMOVE_VALUE  TST_WRITE_REMOVE_VALUE
#define TST_INTERCEPT_REMOVE_VALUES (TST_INTERCEPT_REMOVE_VALUE | TST_WRITE_REMOVE_VALUES)
#define TST_INTERCEPT_ROW           (TST_INTERCEPT_CELL | TST_INTERCEPT_REMOVE_CELL)
#define TST_INTERCEPT_VALUES        (TST_INTERCEPT_VALUE | TST_INTERCEPT_REMOVE_VALUE)
#define TST_INTERCEPT_TABLE         (TST_INTERCEPT_ROW | TST_WRITE_SET_TABLE | TST_INTERCEPT_REMOVE_ROW)
#define TST_INTERCEPT_TABLES        (TST_INTERCEPT_TABLE | TST_WRITE_SET_TABLES | TST_INTERCEPT_REMOVE_TABLES)
#define TST_INTERCEPT_ALL_VALUES    (TST_INTERCEPT_VALUES | TST_INTERCEPT_REMOVE_VALUES)
#define TST_INTERCEPT_CONTENT       (TST_INTERCEPT_TABLES | TST_INTERCEPT_ALL_VALUES | TST_WRITE_SET_CONTENT)
#define TST_INTERCEPT_CHANGES       (TST_WRITE_APPLY_CHANGES | TST_WRITE_SET_CELL | TST_WRITE_SET_VALUE | \
                                     TST_INTERCEPT_REMOVE_TABLE | TST_INTERCEPT_REMOVE_VALUE)

/* --- The ways in --- */

gboolean tst_store_intercept_cell       (TstStore      *self,
                                         const char    *table_id,
                                         const char    *row_id,
                                         const char    *cell_id,
                                         TstCell       *cell,
                                         GError       **error);
gboolean tst_store_intercept_value      (TstStore      *self,
                                         const char    *value_id,
                                         TstCell       *cell,
                                         GError       **error);
/* @table_id, @row_id: NULL for the keyed values */
gboolean tst_store_intercept_row        (TstStore      *self,
                                         const char    *table_id,
                                         const char    *row_id,
                                         TstNamedCell  *cells,
                                         gsize          n_cells,
                                         gboolean       partial,
                                         GError       **error);
char    *tst_store_intercept_new_row    (TstStore      *self,
                                         const char    *table_id,
                                         TstNamedCell  *cells,
                                         gsize          n_cells,
                                         TstAddRowFlags flags,
                                         GError       **error);
gboolean tst_store_intercept_changes    (TstStore      *self,
                                         TstChanges    *changes,
                                         GError       **error);
/* Each id that is NULL stands for all there are.
 * Returns: whether something was removed */
gboolean tst_store_intercept_removal    (TstStore      *self,
                                         const char    *table_id,
                                         const char    *row_id,
                                         const char    *cell_id);
gboolean tst_store_intercept_value_removal (TstStore   *self,
                                         const char    *value_id);

/* --- Asking --- */

/* A table, row or cell; all of it, where an id is NULL. Values are cells
 * without a table and a row. */
typedef struct
{
  TstId *table_id;  /* (nullable) */
  TstId *row_id;    /* (nullable) */
  TstId *id;        /* (nullable) */
} TstPath;

/* One write, with all that is in it, while it is being asked about. */
typedef struct
{
  TstStore *store;
  gsize     mark;       /* of the statement that all of it is */
  GError   *refusal;    /* (nullable): the first */
  guint     n_set;      /* cells and values that will be other ones */
  GArray   *gone;       /* of TstPath: what will be removed, and … */
  GArray   *kept;       /* … what stays as it is, although it is not in what is set */
} TstAsking;

/* Everything in between is part of one transaction. */
void     tst_asking_begin               (TstAsking     *self,
                                         TstStore      *store);
/* Returns @done, and sets an error if it is FALSE. The store may be gone. */
gboolean tst_asking_end                 (TstAsking     *self,
                                         gboolean       done,
                                         GError       **error);

/* What was let through cannot be written, which is more to the point than what
 * was refused before. */
void     tst_asking_take_error          (TstAsking     *self,
                                         GError        *error);

/* FALSE if something was refused, and nothing else is left to do. */
gboolean tst_asking_has_effect          (TstAsking     *self);

/* What is written in between is not intercepted. */
TstWriteKinds tst_asking_let_through    (TstAsking     *self);
void     tst_asking_intercept_again     (TstAsking     *self,
                                         TstWriteKinds  intercepted);

/* Whether anybody would be asked about any of these. */
gboolean tst_asking_wants               (TstAsking     *self,
                                         TstWriteKinds  kinds);
/* Returns FALSE if it is refused, and tells the listeners of what is invalid,
 * unless it is a removal. */
gboolean tst_asking_ask                 (TstAsking     *self,
                                         TstWrite      *write);
/* Removes what is gone. */
void     tst_asking_remove_gone         (TstAsking     *self);

void     tst_paths_add                  (GArray        *paths,
                                         const char    *table_id,
                                         const char    *row_id,
                                         const char    *id);

/* --- Removals: what is gone, and what is kept --- */

/* These return TRUE if nothing of it is kept. */
gboolean tst_asking_remove_tables       (TstAsking     *self);
gboolean tst_asking_remove_table        (TstAsking     *self,
                                         const char    *table_id);
gboolean tst_asking_remove_row          (TstAsking     *self,
                                         const char    *table_id,
                                         const char    *row_id);
/* A cell, or a value, that there is. */
gboolean tst_asking_remove_cell         (TstAsking     *self,
                                         const char    *table_id,
                                         const char    *row_id,
                                         const char    *cell_id);
gboolean tst_asking_remove_values       (TstAsking     *self);
void     tst_asking_keep_tables         (TstAsking     *self);

/* --- Rows --- */

/* A cell that came out of it. */
typedef struct
{
  TstId   *id;       /* owned */
  TstCell  cell;
  gboolean changes;  /* something */
} TstAskedCell;

/* What came out of a row, or of the values. */
typedef struct
{
  const char *table_id;  /* (nullable): NULL for values, as row_id */
  const char *row_id;
  GArray     *cells;     /* of TstAskedCell */
} TstAskedRow;

void     tst_asked_row_init             (TstAskedRow   *self,
                                         const char    *table_id,
                                         const char    *row_id);
void     tst_asked_row_clear            (TstAskedRow   *self);

/* What there is now. */
const TstCell *tst_asked_row_peek       (const TstAskedRow *self,
                                         TstStore      *store,
                                         const char    *id);

/* Asks about a cell of it, if it is to be another one. Returns FALSE, and
 * empties @cell, if it is refused; else @cell is what came out of it. */
gboolean tst_asking_set_cell            (TstAsking     *self,
                                         const TstAskedRow *row,
                                         const char    *id,
                                         TstCell       *cell);

/* Asks about a row that is to be as @view, but for cells that are not in it if
 * it is @partial. Returns FALSE if no cell remains: then it stays as it is,
 * whatever else was let through. @table: where the columns of @view are */
gboolean tst_asking_set_row             (TstAsking     *self,
                                         TstAskedRow   *row,
                                         const TstTableData *table,
                                         const TstRowView *view,
                                         gboolean       partial);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TstAskedRow, tst_asked_row_clear)

G_END_DECLS
