/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-engine-write-private.h"
#include "tst-schema-private.h"

G_BEGIN_DECLS

/* What a schema is made of, for the files of this room. */

struct _TstCellSpec
{
  gint          ref_count;     /* atomic */
  TstCellTypes  types;
  TstCell       fallback;      /* the default; of type none if there is none */
  GArray       *choices;       /* (nullable): of TstCell, of an enumeration */
  guint         required : 1;
  guint         sealed : 1;    /* it is in a schema */
};

typedef struct
{
  TstId       *id;
  TstCellSpec *spec;
} TstNamedSpec;

/* What a row of a table may hold; or the keyed values, as a row of cells. */
typedef struct
{
  TstId    *id;
  TstIdMap  numbers;           /* from the id of a cell to its place in … */
  GArray   *cells;             /* of TstNamedSpec, in the order in which they were added */
  guint     n_defaults;
  guint     n_required;        /* without a default */
} TstRowSpec;

struct _TstSchema
{
  gint        ref_count;       /* atomic */
  TstIdMap    table_numbers;
  GPtrArray  *tables;          /* of TstRowSpec; any table is allowed if there is none */
  TstRowSpec *values;          /* (nullable): any value is allowed if NULL */
  guint       sealed : 1;      /* a store has it */
};

gboolean     tst_cell_spec_allows_choice (const TstCellSpec *self,
                                          const TstCell     *cell);

static inline gboolean
tst_cell_spec_allows (const TstCellSpec *self,
                      const TstCell     *cell)
{
  return (self->types & (1u << tst_cell_type (cell))) != 0 &&
         (self->choices == NULL || tst_cell_spec_allows_choice (self, cell));
}

static inline gboolean
tst_cell_spec_has_default (const TstCellSpec *self)
{
  return tst_cell_type (&self->fallback) != TST_CELL_TYPE_NONE;
}

/* tst-schema.c */
/* Returns: (nullable): what is said of the rows of a table, or of the values */
const TstRowSpec  *tst_schema_find_table (const TstSchema  *self,
                                          const TstTable   *table);
/* Returns: (nullable) */
const TstCellSpec *tst_row_spec_find     (const TstRowSpec *self,
                                          const TstId      *cell_id);

/* Whether anything at all is said of tables, or of the values. */
static inline gboolean
tst_schema_is_about (const TstSchema *self,
                     const TstTable  *table)
{
  return table->number == TST_VALUES_TABLE ? self->values != NULL : self->tables->len > 0;
}

/* tst-schema-fit.c */

/* Something in a store that does not fit, told while it is still there: each
 * id may be NULL. */
typedef void (*TstMisfitFunc) (const TstTable *table,
                               const TstId    *row_id,
                               const TstId    *cell_id,
                               GError         *error,
                               gpointer        user_data);

/* Each id may be NULL. @message: translated */
GError   *tst_schema_new_misfit (const char       *table_id,
                                 const char       *row_id,
                                 const char       *cell_id,
                                 const char       *message);
/* Makes everything in @engine fit: adds defaults, and removes what does not fit. */
void      tst_schema_fit   (const TstSchema *self,
                            TstEngine       *engine,
                            TstMisfitFunc    misfit,
                            gpointer         user_data);
/* Checks the rows that were written to since the log had @mark entries, and
 * adds defaults to them. Returns FALSE, with @misfit told once, if one of them
 * does not fit: then all is to be undone. */
gboolean  tst_schema_check (const TstSchema *self,
                            TstEngine       *engine,
                            gsize            mark,
                            TstMisfitFunc    misfit,
                            gpointer         user_data);

G_END_DECLS
