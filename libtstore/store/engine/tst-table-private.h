/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-chunk-private.h"
#include "tst-id-map-private.h"
#include "tst-snapshot-private.h"

G_BEGIN_DECLS

/* The ids of a table's columns by number; NULL where a number is free. */
typedef struct
{
  gint     ref_count;  /* atomic */
  guint32  n;
  guint32  capacity;
  TstId   *ids[];      /* (nullable) */
} TstColumns;

/* For look-ups in a snapshot, made at the first of them. */
typedef struct
{
  TstIdMap rows;
  TstIdMap columns;
} TstTableIndex;

typedef struct _TstTable TstTable;

/* What snapshots share of a table. Rows are numbered by their slots, in the
 * order in which they were added; removed ones leave holes. */
struct _TstTableData
{
  gint            ref_count;  /* atomic */
  guint32         n_rows;
  guint32         n_slots;
  guint32         n_chunks;
  guint32         chunks_capacity;
  TstChunk      **chunks;
  TstId          *id;
  TstLayoutPool  *pool;
  TstColumns     *columns;
  TstTableIndex  *index;      /* (nullable), atomic */
  TstTable       *left;       /* (nullable), atomic: by who made it, for the next live table */
};

/* The live table: the data, and what only writing needs. */
struct _TstTable
{
  TstTableData *data;              /* may be written to if epoch is the engine's */
  guint64       epoch;
  guint64       identity;          /* of all live tables, of whatever store, only this has it */
  guint32       number;            /* its place in the engine */
  guint32       n_moves;           /* how often rows got other slots */
  TstIdMap      rows;              /* to slots */
  TstIdMemo     last_row;
  TstIdMap      columns;           /* to numbers of columns */
  guint32      *column_uses;       /* cells in each column */
  guint32       column_uses_capacity;
  guint32       n_unused_columns;
  guint32       first_free_column; /* no number below is free */
  guint32       next_row_number;   /* of the row-id pool */
  GQueue        released_row_ids;  /* of TstId, owned; oldest first */
};

TstTableData *tst_table_data_new       (TstId           *id,
                                        guint64          owner);
TstTableData *tst_table_data_ref       (TstTableData    *self);
void          tst_table_data_unref     (TstTableData    *self);
TstTableData *tst_table_data_copy      (TstTableData    *self);
/* It is about to be written to. */
void          tst_table_data_drop_maps (TstTableData    *self);
/* Whether the rows of that chunk are the same ones, in the same memory. */
gboolean      tst_table_data_shares_chunk (const TstTableData *self,
                                           const TstTableData *other,
                                           guint32             chunk);
/* Whether it went through so many live tables that the next one had better copy
 * its rows. */
gboolean      tst_table_data_is_worn   (const TstTableData *self);

TstTable     *tst_table_new            (TstId           *id);
TstTable     *tst_table_new_for_data   (TstTableData    *data);
void          tst_table_free           (TstTable        *self);
/* Instead of freeing it: its maps are of use to the next live table. Only if no log
 * knows it. */
void          tst_table_leave          (TstTable        *self);

/* All that follows is for tables whose data may be written to. */

guint32       tst_table_add_column     (TstTable        *self,
                                        const TstIdKey  *key);
guint32       tst_table_append_row     (TstTable        *self,
                                        const TstIdKey  *key,
                                        guint8           flags);
/* Undoes tst_table_append_row(): the last slot, without cells. */
void          tst_table_pop_row        (TstTable        *self,
                                        guint32          slot);
/* Says whether the id of the row came from the pool. */
void          tst_table_set_pooled     (TstTable        *self,
                                        guint32          slot,
                                        gboolean         pooled);
/* Takes the row out of sight, and back again; or for good. */
void          tst_table_hide_row       (TstTable        *self,
                                        guint32          slot);
void          tst_table_unhide_row     (TstTable        *self,
                                        guint32          slot);
void          tst_table_bury_row       (TstTable        *self,
                                        guint32          slot);
/* Takes over what is in @cell. */
void          tst_table_insert_cell    (TstTable        *self,
                                        guint32          slot,
                                        guint32          position,
                                        guint32          column,
                                        const TstCell   *cell);
/* The same for the end of a row that is filled as the one before it. Returns
 * FALSE, and does nothing, if it is not as simple as that. */
gboolean      tst_table_append_cell    (TstTable        *self,
                                        guint32          slot,
                                        guint32          column,
                                        const TstCell   *cell);
/* Hands the cell over. */
TstCell       tst_table_take_cell      (TstTable        *self,
                                        guint32          slot,
                                        guint32          position);
/* A chunk that may be written to. */
TstChunk     *tst_table_own_chunk      (TstTable        *self,
                                        guint32          number);
gboolean      tst_table_has_many_holes (const TstTable  *self);
guint32       tst_table_count_rows_before (const TstTable *self,
                                        guint32          slot);
/* Closes holes, and lets go of unused layouts and columns, if it is worth it.
 * Returns whether anything moved. */
gboolean      tst_table_tidy           (TstTable        *self);

static inline guint32
tst_table_find_row (const TstTable *self,
                    const TstIdKey *key)
{
  return tst_id_map_find (&self->rows, key);
}

/* The same, and makes the key. */
static inline guint32
tst_table_find_row_text (TstTable   *self,
                         TstIdKey   *key,
                         const char *row_id)
{
  return tst_id_map_find_remembered (&self->rows, &self->last_row, key, row_id);
}

/* Returns: how many rows have a cell of that id */
static inline guint32
tst_table_count_cells (const TstTable *self,
                       const TstId    *cell_id)
{
  guint32 column = tst_id_map_find_id (&self->columns, cell_id);

  return column != TST_ID_MAP_NONE ? self->column_uses[column] : 0;
}

static inline TstChunk *
tst_table_data_chunk (const TstTableData *self,
                      guint32             slot)
{
  return self->chunks[slot / TST_CHUNK_ROWS];
}

static inline TstRowHead *
tst_table_data_head (const TstTableData *self,
                     guint32             slot)
{
  return &tst_table_data_chunk (self, slot)->heads[slot % TST_CHUNK_ROWS];
}

/* Returns: (nullable): the cell, or NULL if the row has none */
static inline TstCell *
tst_table_data_cell (const TstTableData *self,
                     guint32             slot,
                     guint32             column)
{
  TstChunk *chunk = tst_table_data_chunk (self, slot);
  guint row = slot % TST_CHUNK_ROWS;
  gint position = tst_layout_find (chunk->heads[row].layout, column);

  return position >= 0 ? tst_chunk_cells (chunk, row) + position : NULL;
}

G_END_DECLS
