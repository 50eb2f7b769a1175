/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The data that every peer is measured with. dataset.mjs makes the same, byte
 * for byte; README.md tells how it is made. */

#define DATASET_N_TABLES      10
#define DATASET_N_CELLS       10 /* in a row */
#define DATASET_DEFAULT_ROWS  10000 /* in a table */

#define DATASET_SORTED_CELLS  3 /* in a row of the table that is sorted */
#define DATASET_PAGE          50 /* its first rows */
#define DATASET_SORTED_CHANGES 1000 /* of it */

#define DATASET_SPARSE_CELLS  3 /* in a row, out of … */
#define DATASET_SPARSE_IDS    1000

/* SHA-256 of the data as TinyBase's JSON text, with the default number of rows. */
#define DATASET_TEXT_SHA256   "2602d137ecdbac65342c0022b534349ebd94a25b08931ec29fb940a689913f61"

/* The numbers are the type codes that the checks of W2 add up. */
typedef enum
{
  DATASET_NUMBER = 1,
  DATASET_STRING = 2,
  DATASET_BOOLEAN = 3
} DatasetType;

typedef struct
{
  DatasetType type;
  guint32     length; /* of the string, in bytes */

  union
  {
    double      number;
    const char *string;
    gboolean    boolean;
  };
} DatasetValue;

#define DATASET_STRING_SIZE 32 /* what dataset_make_value() may write, with the NUL */

typedef struct
{
  guint          n_tables;
  guint          n_rows;  /* in a table */
  guint          n_cells; /* in a row */
  gsize          size;    /* cells in all */

  char         **table_ids;
  char         **row_ids;
  char         **cell_ids;

  DatasetValue  *values;  /* (nullable): of cell (t * n_rows + r) * n_cells + c */
  guint16       *columns; /* (nullable): each cell's id, if rows do not all have the same */
} Dataset;

static inline const char *
dataset_cell_id (const Dataset *self,
                 gsize          index,
                 guint          position)
{
  return self->cell_ids[self->columns ? self->columns[index] : position];
}

guint32       dataset_random       (guint32       *state);
DatasetValue  dataset_make_value   (guint32        first,
                                    guint32        second,
                                    char          *buffer);
DatasetValue *dataset_make_values  (guint32        seed,
                                    gsize          n_values);
guint32      *dataset_make_order   (guint32        seed,
                                    gsize          n_draws,
                                    guint32        range);
char        **dataset_make_ids     (const char    *prefix,
                                    guint          n_ids);
char        **dataset_make_uuids   (guint32        seed,
                                    guint          n_ids);

Dataset      *dataset_new          (guint          n_rows);
Dataset      *dataset_new_ids_only (guint          n_rows);
Dataset      *dataset_new_sparse   (guint          n_rows);
Dataset      *dataset_new_uuids    (guint          n_rows);
Dataset      *dataset_new_sorted   (guint          n_rows);
/* The change @i of that table, which mostly is one far behind its first page. */
double        dataset_next_sorted_change (guint32 *seed,
                                    guint          i,
                                    guint          n_rows,
                                    guint32       *row);

guint32       dataset_hash_ids     (const char * const *ids,
                                    guint          n_ids);
gsize         dataset_sum_types    (const Dataset *self,
                                    const guint32 *order);
char         *dataset_to_text      (const Dataset *self,
                                    gsize         *length);

G_END_DECLS
