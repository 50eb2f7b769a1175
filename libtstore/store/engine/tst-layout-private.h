/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _TstLayoutPool TstLayoutPool;
typedef struct _TstLayout TstLayout;

/* Which cells a row has, and in which order: the numbers of their columns.
 *
 * Rows of one table share their layouts, which a pool keeps and which never
 * change. A layout is private to its row, and can change, if the row is wide
 * (above TST_LAYOUT_MAX_SHARED cells; then it has an index), or if the rows of
 * the table have hardly a layout in common. */
struct _TstLayout
{
  TstLayoutPool *pool;              /* not owned; NULL if private */
  guint32        n;
  guint32        capacity : 31;     /* private: of columns */
  guint32        in_order : 1;      /* shared: columns[i] is i for all of them */
  union
  {
    struct  /* shared */
    {
      TstLayout *next;              /* (nullable): the one made of it last, by … */
      guint32    next_column;       /* … appending this column */
      guint32    hash;              /* of the columns */
      guint32    n_rows;            /* rows of the live table that use it */
    };
    struct  /* private */
    {
      guint32   *index;             /* (nullable): of position + 1 by column, 0 is free */
      guint32    index_mask;        /* number of its slots - 1 */
    };
  };
  guint32        columns[];
};

#define TST_LAYOUT_MAX_SHARED 48

/* Upon so many pools, one after the other, none is built any more. */
#define TST_LAYOUT_MAX_DEPTH 8

/* So many layouts at least, and at least one for every two rows: then rows
 * get private ones instead of new ones in the pool. */
#define TST_LAYOUT_MIN_CROWD 256

/* The layouts of one table, each once. Counted, as snapshots show rows whose
 * layouts it keeps; but only the live table that made it adds to it. */
struct _TstLayoutPool
{
  gint            ref_count;  /* atomic */
  guint32         depth;      /* how many pools it is built upon */
  guint64         owner;      /* the live table: the number that no other one has */
  TstLayoutPool  *parent;     /* (nullable): whose layouts are used as well */
  TstLayout      *empty;
  TstLayout     **slots;      /* by hash; open addressing */
  guint32         mask;
  guint32         n;
  guint32         n_used;     /* those with n_rows > 0 */
  gboolean        is_crowded; /* nothing is added any more */
};

TstLayoutPool *tst_layout_pool_new     (guint64          owner,
                                        TstLayoutPool   *parent);
TstLayoutPool *tst_layout_pool_ref     (TstLayoutPool   *self);
void           tst_layout_pool_unref   (TstLayoutPool   *self);
/* The layout with these columns. These return NULL if it would have to be made
 * and the pool is crowded. */
TstLayout     *tst_layout_pool_intern  (TstLayoutPool   *self,
                                        const guint32   *columns,
                                        guint32          n);
TstLayout     *tst_layout_pool_append  (TstLayoutPool   *self,
                                        TstLayout       *layout,
                                        guint32          column);

TstLayout     *tst_layout_new_private  (const TstLayout *other);
void           tst_layout_free_private (TstLayout       *self);
/* These change a private layout, which may move. */
TstLayout     *tst_layout_insert       (TstLayout       *self,
                                        guint32          position,
                                        guint32          column);
void           tst_layout_remove       (TstLayout       *self,
                                        guint32          position);

gint           tst_layout_search       (const TstLayout *self,
                                        guint32          column);

/* Returns: the position of the cell of @column in the row, or -1. Most
 * tables have their columns in the same order in all rows. */
static inline gint
tst_layout_find (const TstLayout *self,
                 guint32          column)
{
  if (column < self->n && self->columns[column] == column)
    return (gint) column;
  if (self->in_order)
    return -1;

  return tst_layout_search (self, column);
}

static inline gboolean
tst_layout_is_private (const TstLayout *self)
{
  return self->pool == NULL;
}

G_END_DECLS
