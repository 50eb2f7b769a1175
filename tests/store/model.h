/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <libtstore/tstore.h>

G_BEGIN_DECLS

/* What a store should do, done slowly and obviously: arrays, linear search,
 * whole copies. A copy shares what nobody changed (a change of something
 * shared copies it first), so that copies are cheap, but they are copies.
 *
 * All strings in the model were made by model_intern(), so that equal ones
 * are the same pointer. */

typedef struct
{
  TstCellType  type;
  double       number;  /* also 0 and 1 of a boolean */
  const char  *text;    /* (nullable): of strings, objects and arrays */
} ModelValue;

typedef struct
{
  const char *id;
  ModelValue  value;
} ModelCell;

typedef struct
{
  guint       ref_count;
  guint       n_cells;
  guint       n_allocated;
  ModelCell  *cells;
} ModelRow;

typedef struct
{
  const char *id;
  ModelRow   *row;
} ModelRowEntry;

typedef struct
{
  guint          ref_count;
  guint          n_rows;
  guint          n_allocated;
  ModelRowEntry *rows;
  guint64        next_id;   /* of the row-id pool */
  GPtrArray     *released;  /* of the row-id pool, first out at 0; elements not owned */
} ModelTable;

typedef struct
{
  const char *id;
  ModelTable *table;
} ModelTableEntry;

typedef struct
{
  guint            ref_count;
  guint            n_tables;
  guint            n_allocated;
  ModelTableEntry *tables;
  ModelRow        *values;
} ModelContent;

typedef struct
{
  ModelContent *now;
  GPtrArray    *stack;  /* of owned ModelContent: as it was at each open begin */
} Model;

const char   *model_intern           (const char         *text);

gboolean      model_value_equal      (const ModelValue   *a,
                                      const ModelValue   *b);
ModelValue    model_value_from       (const GValue       *value);
char         *model_value_print      (const ModelValue   *value);

/* Content */

ModelContent *model_content_new      (void);
ModelContent *model_content_ref      (ModelContent       *self);
void          model_content_unref    (ModelContent       *self);
ModelTable   *model_content_find     (const ModelContent *self,
                                      const char         *table_id);
ModelRow     *model_content_find_row (const ModelContent *self,
                                      const char         *table_id,
                                      const char         *row_id);
int           model_table_find_row   (const ModelTable   *self,
                                      const char         *row_id);
gboolean      model_table_has_cell   (const ModelTable   *self,
                                      const char         *cell_id);
ModelValue   *model_row_find         (const ModelRow     *self,
                                      const char         *cell_id);
/* Without regard to order. */
gboolean      model_content_equal    (const ModelContent *a,
                                      const ModelContent *b);
void          model_content_set_cell (ModelContent      **self,
                                      const char         *table_id,
                                      const char         *row_id,
                                      const char         *cell_id,
                                      ModelValue          value);
void          model_content_set_value (ModelContent     **self,
                                       const char        *value_id,
                                       ModelValue         value);

/* The store. All return whether something changed, unless said otherwise. */

Model        *model_new              (void);
void          model_free             (Model              *self);

void          model_set_cell         (Model              *self,
                                      const char         *table_id,
                                      const char         *row_id,
                                      const char         *cell_id,
                                      ModelValue          value);
gboolean      model_remove_cell      (Model              *self,
                                      const char         *table_id,
                                      const char         *row_id,
                                      const char         *cell_id);
void          model_set_row          (Model              *self,
                                      const char         *table_id,
                                      const char         *row_id,
                                      const ModelCell    *cells,
                                      guint               n_cells,
                                      gboolean            partial);
/* Returns the id that a row added now gets, and takes it from the pool. */
const char   *model_add_row          (Model              *self,
                                      const char         *table_id,
                                      const ModelCell    *cells,
                                      guint               n_cells,
                                      gboolean            reuse);
gboolean      model_remove_row       (Model              *self,
                                      const char         *table_id,
                                      const char         *row_id);
gboolean      model_remove_table     (Model              *self,
                                      const char         *table_id);
gboolean      model_remove_tables    (Model              *self);
void          model_replace_table    (Model              *self,
                                      const char         *table_id,
                                      const ModelTable   *content);
void          model_replace_tables   (Model              *self,
                                      const ModelContent *content);
void          model_set_value        (Model              *self,
                                      const char         *value_id,
                                      ModelValue          value);
void          model_set_values       (Model              *self,
                                      const ModelCell    *cells,
                                      guint               n_cells,
                                      gboolean            partial);
gboolean      model_remove_value     (Model              *self,
                                      const char         *value_id);
gboolean      model_remove_values    (Model              *self);

void          model_begin            (Model              *self);
void          model_commit           (Model              *self);
void          model_rollback         (Model              *self);

/* What differs between two contents. */

typedef struct
{
  GPtrArray *added;    /* ids, not owned */
  GPtrArray *removed;
} ModelIds;

typedef struct
{
  const char *id;
  ModelValue  new_value;
  ModelValue  old_value;
} ModelCellDiff;

typedef struct
{
  const char *id;     /* NULL for the values */
  ModelIds    ids;
  GArray     *cells;  /* ModelCellDiff */
} ModelRowDiff;

typedef struct
{
  const char *id;
  ModelIds    ids;
  ModelIds    cell_ids;  /* those that some row has */
  guint       n_before;  /* rows */
  guint       n_after;
  GPtrArray  *rows;      /* owned ModelRowDiff, those with cells only */
} ModelTableDiff;

typedef struct
{
  ModelIds            ids;
  GPtrArray          *tables;  /* owned ModelTableDiff, those with rows only */
  ModelRowDiff       *values;  /* (nullable) */
  const ModelContent *before;  /* not owned */
  const ModelContent *after;   /* not owned */
} ModelDiff;

ModelDiff    *model_diff             (const ModelContent *before,
                                      const ModelContent *after);
void          model_diff_free        (ModelDiff          *self);
gboolean      model_diff_is_empty    (const ModelDiff    *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Model, model_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ModelContent, model_content_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ModelDiff, model_diff_free)

G_END_DECLS
