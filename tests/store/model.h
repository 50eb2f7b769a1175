/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <libtstore/tstore.h>

G_BEGIN_DECLS

/* For what a model does most of the time. It is not what the sanitizers are to look at. */
#ifdef __clang__
# define MODEL_UNSANITIZED __attribute__ ((no_sanitize ("address", "undefined", "coverage")))
#else
# define MODEL_UNSANITIZED
#endif

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

/* What a cell, or a keyed value, may be. */
typedef struct
{
  const char  *id;
  TstCellTypes types;
  GArray      *choices;   /* (nullable): of ModelValue */
  ModelValue   fallback;  /* the default; none if there is none */
  gboolean     required;
} ModelSpec;

/* What a row of a table may be; or the keyed values. */
typedef struct
{
  const char *id;         /* (nullable): NULL for the values */
  GArray     *specs;      /* of ModelSpec, in the order in which they were added */
} ModelRowSpec;

typedef struct
{
  GPtrArray    *tables;   /* of owned ModelRowSpec; empty: nothing is said of tables */
  ModelRowSpec *values;   /* (nullable): NULL: nothing is said of values */
  TstSchema    *made;     /* owned: the same for a store */
} ModelSchema;

/* Where something is: in a row, or among the values if table_id is NULL. */
typedef struct
{
  const char *table_id;   /* (nullable), and the same below */
  const char *row_id;
  const char *cell_id;
} ModelPlace;

typedef struct
{
  ModelContent *now;
  GPtrArray    *stack;    /* of owned ModelContent: as it was at each open begin */
  ModelSchema  *schema;   /* (nullable), not owned */
  GPtrArray    *schemas;  /* of (nullable), not owned: beside the stack */
  GArray       *misfits;  /* of ModelPlace: what the schema refused so far */

  /* The statement that is open: */
  guint         n_open;
  ModelContent *before;   /* (nullable) */
  GArray       *touched;  /* of ModelPlace: the rows that were written to, in that order */
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

/* The store. Those that remove return whether something was there, and was removed;
 * the others FALSE if the schema refuses it, and nothing changed. */

Model        *model_new              (void);
void          model_free             (Model              *self);

gboolean      model_set_cell         (Model              *self,
                                      const char         *table_id,
                                      const char         *row_id,
                                      const char         *cell_id,
                                      ModelValue          value);
gboolean      model_remove_cell      (Model              *self,
                                      const char         *table_id,
                                      const char         *row_id,
                                      const char         *cell_id);
gboolean      model_set_row          (Model              *self,
                                      const char         *table_id,
                                      const char         *row_id,
                                      const ModelCell    *cells,
                                      guint               n_cells,
                                      gboolean            partial);
/* Returns the id that a row added now gets, and takes it from the pool; NULL if it is
 * refused. */
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
gboolean      model_replace_table    (Model              *self,
                                      const char         *table_id,
                                      const ModelTable   *content);
gboolean      model_replace_tables   (Model              *self,
                                      const ModelContent *content);
gboolean      model_set_value        (Model              *self,
                                      const char         *value_id,
                                      ModelValue          value);
gboolean      model_set_values       (Model              *self,
                                      const ModelCell    *cells,
                                      guint               n_cells,
                                      gboolean            partial);
gboolean      model_remove_value     (Model              *self,
                                      const char         *value_id);
gboolean      model_remove_values    (Model              *self);

void          model_begin            (Model              *self);
void          model_commit           (Model              *self);
void          model_rollback         (Model              *self);

/* Schemas (model-schema.c) */

ModelRowSpec *model_row_spec_new     (const char         *id);
ModelSpec    *model_row_spec_find    (const ModelRowSpec *self,
                                      const char         *cell_id);
/* (nullable): what a cell that is removed becomes. */
const ModelValue *model_row_spec_find_default (const ModelRowSpec *self,
                                               const char         *cell_id);
gboolean      model_spec_allows      (const ModelSpec    *self,
                                      const ModelValue   *value);
gboolean      model_spec_is_asked_for (const ModelSpec   *self);
ModelSchema  *model_schema_new       (void);
void          model_schema_free      (ModelSchema        *self);
/* (nullable): also if there is no schema. @table_id: NULL for the values */
ModelRowSpec *model_schema_find      (const ModelSchema  *self,
                                      const char         *table_id);

/* Around writes that are made or refused as a whole. They nest: the outermost one counts. */
void          model_open_statement   (Model              *self);
void          model_touch            (Model              *self,
                                      const char         *table_id,
                                      const char         *row_id);
gboolean      model_close_statement  (Model              *self);
void          model_refuse           (Model              *self,
                                      const char         *table_id,
                                      const char         *row_id,
                                      const char         *cell_id);

/* What there would be with a schema. @misfits: ModelPlace of what does not fit it */
ModelContent *model_fit              (const Model        *self,
                                      const ModelSchema  *schema,
                                      GArray             *misfits);
gboolean      model_set_schema       (Model              *self,
                                      ModelSchema        *schema,
                                      gboolean            drop);

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
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ModelSchema, model_schema_free)

G_END_DECLS
