/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-listeners-private.h"

G_BEGIN_DECLS

/* Where a store keeps its listeners, and how it finds those to be called. */

typedef struct
{
  GCallback       func;       /* NULL in a gap */
  gpointer        user_data;
  gulong          handle;
  GDestroyNotify  destroy;
} TstListener;

/* The listeners of one kind and one pattern of ids, in the order in which they
 * were added. Mostly there is one, and with ten thousand groups what counts is
 * how many cache lines an event touches: one here, as the first listener lies
 * in the group, and the ids of the latest event are taken over, so that those
 * of the next one are the same objects. */
typedef struct
{
  TstId       *ids[TST_MAX_POSITIONS];  /* (nullable): owned; NULL for a wildcard */
  TstListener  first;
  guint32      n;
  guint32      n_calling : 30;
  guint32      has_gaps : 1;
  guint32      has_more : 1;        /* the listeners are in `more` */

  TstListener *more;                /* (nullable) */
  GArray      *buried;              /* (nullable): of TstListener, removed while being called */
  guint32      capacity;
  guint32      hash;
  TstPlace     place;               /* in the index of rows, or nowhere */
  guint8       kind;                /* TstListenerKind */
  guint8       pattern;             /* bit 2: the first id is given, and so on */
} TstListenerGroup;

typedef struct
{
  guint32           hash;
  TstListenerGroup *group;    /* (nullable): owned */
} TstListenerSlot;

/* By the number of a row: the group of the listeners to this row. A hint, as
 * rows come and go: it is the right one if it has the ids of the event. */
typedef struct
{
  TstListenerGroup **groups;  /* (nullable), of (nullable) */
  guint32            n;
} TstRowIndex;

typedef struct
{
  TstListenerSlot  *slots;          /* open addressing */
  guint             mask;
  guint             n;
  TstListenerGroup *anything[TST_N_LISTENER_KINDS];  /* (nullable), in slots as well: all
                                                      * wildcards */
  TstRowIndex      *row_indexes;    /* (nullable): by the number of the table */
  guint32           n_row_indexes;
  gsize             n_indexed;      /* the sum of their sizes */
} TstListenerGroups;

void              tst_listener_groups_init      (TstListenerGroups *self);
/* Returns: the listeners that were left: of TstListener */
GArray           *tst_listener_groups_clear     (TstListenerGroups *self);
TstListenerGroup *tst_listener_groups_ensure    (TstListenerGroups *self,
                                                 TstListenerKind    kind,
                                                 const char * const *texts);
/* Returns: (nullable): the group that hears of @event by @pattern */
TstListenerGroup *tst_listener_groups_find      (TstListenerGroups *self,
                                                 const TstEvent    *event,
                                                 guint              pattern);
/* Frees the group as well. */
void              tst_listener_groups_remove    (TstListenerGroups *self,
                                                 TstListenerGroup  *group);

void              tst_listener_group_append     (TstListenerGroup  *self,
                                                 const TstListener *listener);
void              tst_listener_group_close_gaps (TstListenerGroup  *self);

static inline TstListener *
tst_listener_group_listeners (TstListenerGroup *self)
{
  return self->has_more ? self->more : &self->first;
}

G_END_DECLS
