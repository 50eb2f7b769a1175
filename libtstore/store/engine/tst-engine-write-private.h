/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-engine-private.h"
#include "tst-table-private.h"

G_BEGIN_DECLS

/* What the store does with its engine, and nobody else. */

struct _TstSnapshot
{
  gint           ref_count;        /* atomic */
  guint64        generation;
  guint32        number;           /* the epoch of the engine when it was last taken */
  guint32        n_slots;
  guint32        n_tables;
  guint32        tables_capacity;
  TstTableData **tables;           /* by slot, NULL in a hole */
  TstTableData  *values;           /* a table of one row, or none */
};

/* One step back. */
typedef enum
{
  TST_UNDO_CELL_CHANGED,   /* old: the cell */
  TST_UNDO_CELL_ADDED,
  TST_UNDO_CELL_REMOVED,   /* old: the cell, from position */
  TST_UNDO_ROW_ADDED,
  TST_UNDO_ROW_REMOVED,    /* the row is still there, dead */
  TST_UNDO_TABLE_ADDED,
  TST_UNDO_TABLE_REMOVED,  /* old: the TstTable */
  TST_UNDO_POOL_COUNTED,   /* old: the next number */
  TST_UNDO_POOL_TAKEN,     /* old: the TstId, from the head of the queue */
  TST_UNDO_POOL_RELEASED,  /* at the tail of the queue */
  TST_UNDO_POOL_MARKED     /* column: whether the id of the row came from the pool */
} TstUndoKind;

typedef struct
{
  guint32 kind : 4;
  guint32 table : 28;
  guint32 row;
  guint32 column;
  guint32 position;
  TstCell old;
} TstUndo;

#define TST_VALUES_TABLE 0x0fffffff

/* A slot that somebody goes on from: it stays between the same rows when they get
 * others. */
typedef struct
{
  guint64 table;              /* its identity: others get its number; 0 for none */
  guint32 slot;
} TstBookmark;

struct _TstEngine
{
  TstSnapshot  *root;         /* what snapshots get */
  guint64       root_epoch;   /* root may be written to if this is epoch */
  guint64       epoch;        /* grows with each snapshot */
  guint64       generation;   /* grows with each change */
  guint64       structure;    /* grows with each change but those in place of a cell */
  TstTable    **tables;       /* by slot, as root->tables */
  TstIdMap      table_slots;
  TstIdMemo     last_table;
  TstTable     *values;
  GPtrArray    *bookmarks;    /* (nullable): of TstBookmark, not owned */

  guint64       n_undone;     /* grows as steps of the log are undone */
  gboolean      logging;
  guint32       fresh_table;  /* the row that was added last since the last mark: … */
  guint32       fresh_row;    /* … undoing that undoes its cells, which are not logged */
  TstUndo      *log;
  gsize         n_log;
  gsize         log_capacity;
};

/* Where a cell is to be set: what is there already, by number. */
typedef struct
{
  TstIdKey  table_key, row_key, column_key;
  TstTable *table;             /* (nullable) */
  guint32   row, column;
  guint64   structure;         /* of the engine: a target stays good as long as it does */
} TstTarget;

/* The outcome of tst_engine_set_target(). */
typedef enum
{
  TST_SET_SAME,
  TST_SET_CHANGED,
  TST_SET_INVALID_ID
} TstSetResult;

TstTable     *tst_engine_find_table     (TstEngine     *self,
                                         const char    *table_id);
TstTable     *tst_engine_get_table      (TstEngine     *self,
                                         guint32        number);
const TstCell *tst_engine_find_cell     (TstEngine     *self,
                                         const char    *table_id,
                                         const char    *row_id,
                                         const char    *cell_id);
const TstCell *tst_engine_find_value    (TstEngine     *self,
                                         const char    *value_id);

/* Finds where a cell is, or will be. */
void          tst_engine_find_target    (TstEngine     *self,
                                         TstTarget     *target,
                                         const char    *table_id,
                                         const char    *row_id,
                                         const char    *cell_id);
/* Sets one cell, and makes table and row where they are missing. Takes over
 * what is in @cell, in any case. */
TstSetResult  tst_engine_set_target     (TstEngine     *self,
                                         TstTarget     *target,
                                         TstCell       *cell);
TstSetResult  tst_engine_set_value      (TstEngine     *self,
                                         const char    *value_id,
                                         TstCell       *cell);
/* The same where table, row and column are known. Returns whether something
 * changed. */
gboolean      tst_engine_set_at         (TstEngine     *self,
                                         TstTable      *table,
                                         guint32        row,
                                         guint32        column,
                                         TstCell       *cell);
guint32       tst_engine_add_row        (TstEngine     *self,
                                         TstTable      *table,
                                         const TstIdKey *key,
                                         guint8         flags);

/* Removing the last cell removes the row, the last row the table. */
void          tst_engine_remove_at      (TstEngine     *self,
                                         TstTable      *table,
                                         guint32        row,
                                         guint32        position);
/* @release: gives a numeric id back to the pool */
void          tst_engine_remove_row_at  (TstEngine     *self,
                                         TstTable      *table,
                                         guint32        row,
                                         gboolean       release);
void          tst_engine_remove_table   (TstEngine     *self,
                                         TstTable      *table);

/* The next id of the pool; free it with g_free(). Only with an open log. */
char         *tst_engine_take_row_id    (TstEngine     *self,
                                         TstTable      *table,
                                         gboolean       reuse);

/* Until it is removed again. */
void          tst_engine_add_bookmark   (TstEngine     *self,
                                         TstBookmark   *bookmark);
void          tst_engine_remove_bookmark (TstEngine    *self,
                                         TstBookmark   *bookmark);

/* Returns: the length of the log, to come back to with tst_engine_undo() */
gsize         tst_engine_mark           (TstEngine     *self);
/* Undoes what was logged since there were @n_log entries. */
void          tst_engine_undo           (TstEngine     *self,
                                         gsize          n_log);
/* Forgets the log: there is no way back. */
void          tst_engine_forget         (TstEngine     *self);

/* See tst_table_data_is_worn(). */
gboolean      tst_snapshot_is_worn      (const TstSnapshot *self);
/* Only without an open log, and while empty: shares the memory of @content. */
void          tst_engine_adopt          (TstEngine     *self,
                                         TstSnapshot   *content);

/* The data of a table, and one of its chunks, that may be written to. */
void          tst_engine_own_table_slowly (TstEngine   *self,
                                         TstTable      *table);

/* --- Between the files of the engine --- */

void          tst_engine_own_root              (TstEngine      *self);
TstTable     *tst_engine_add_table             (TstEngine      *self,
                                                const TstIdKey *key);
TstUndo      *tst_engine_log_step              (TstEngine      *self,
                                                TstUndoKind     kind,
                                                const TstTable *table);
/* Into sight, and out of it. The table itself stays. */
void          tst_engine_put_table             (TstEngine      *self,
                                                TstTable       *table);
void          tst_engine_take_table_out        (TstEngine      *self,
                                                TstTable       *table);
/* Closes the holes of one, and those between them. */
void          tst_engine_tidy_table            (TstEngine      *self,
                                                TstTable       *table);
void          tst_engine_tidy_tables           (TstEngine      *self);
/* Takes over what is in @cell, but leaves it there. */
void          tst_engine_append_cell           (TstEngine      *self,
                                                TstTable       *table,
                                                guint32         row,
                                                guint32         column,
                                                TstCell        *cell);

static inline void
tst_engine_own_table (TstEngine *self,
                      TstTable  *table)
{
  if (G_UNLIKELY (table->epoch != self->epoch))
    tst_engine_own_table_slowly (self, table);
}

static inline gboolean
tst_engine_is_empty (const TstEngine *self)
{
  return self->root->n_tables == 0 && self->values->data->n_rows == 0;
}

G_END_DECLS
