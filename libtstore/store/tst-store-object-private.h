/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-listeners-private.h"
#include "tst-schema-insides-private.h"
#include "tst-sorted-private.h"
#include "tst-store-private.h"
#include "tst-store-schema.h"
#include "tst-write.h"

G_BEGIN_DECLS

/* The store itself, for the files of this room that implement it. */

enum
{
  SIGNAL_CHANGED,
  SIGNAL_CELL_CHANGED,
  SIGNAL_ROW_CHANGED,
  SIGNAL_TABLE_CHANGED,
  SIGNAL_TABLES_CHANGED,
  SIGNAL_CELL_IDS_CHANGED,
  SIGNAL_ROW_IDS_CHANGED,
  SIGNAL_TABLE_IDS_CHANGED,
  SIGNAL_VALUE_CHANGED,
  SIGNAL_VALUES_CHANGED,
  SIGNAL_VALUE_IDS_CHANGED,
  SIGNAL_TRANSACTION_STARTED,
  SIGNAL_TRANSACTION_FINISHING,
  SIGNAL_TRANSACTION_FINISHED,
  SIGNAL_INVALID_CELL,
  SIGNAL_INVALID_VALUE,
  N_SIGNALS
};

/* A write that was refused: to what, as far as it is known, and why. */
typedef struct
{
  TstListenerKind  kind;                   /* INVALID_CELL or INVALID_VALUE */
  TstId           *ids[TST_MAX_POSITIONS]; /* (nullable): owned */
  GError          *error;
} TstRefusal;

/* Where a transaction began. */
typedef struct
{
  gsize n_log;      /* the length of the log of the engine */
  guint n_schemas;  /* and of that of the schema */
} TstMark;

extern guint tst_store_signals[N_SIGNALS];

struct _TstStore
{
  GObject       parent_instance;

  TstEngine    *engine;
  TstListeners *listeners;
  TstListeners *mutators;      /* (nullable): made with the first of them */
  gulong        last_listener; /* handles are never used again */
  guint         n_listeners;   /* with mutators and orders; more for a moment, as one is removed */
  TstSorted    *sorted;        /* (nullable): what is kept sorted, if anything is */
  GArray       *observers;     /* of Observer, in tst-store-transactions.c */
  guint         last_observer;
  TstWriteKinds intercepted;   /* what interceptors are asked about; nothing while what they let
                                * through is written */

  TstSchema    *schema;        /* (nullable) */
  GPtrArray    *old_schemas;   /* (nullable): of (nullable), what was set before in this transaction */

  TstMark      *marks;         /* at each begin() … */
  guint         depth;         /* … of which there are so many */
  guint         marks_capacity;
  guint64       generation;    /* when the open transaction began */
  TstOrigin     origin;
  GPtrArray    *refused;       /* (nullable): of TstRefusal, to be told of */

  guint         n_batches;     /* open ones */
  guint         let_go : 1;    /* the last reference is gone, but for that of the open batch */
  guint         has_handlers : 1; /* of signals; asked for when a transaction begins and ends */
  guint         notifying : 1; /* listeners are being called */
  guint         in_rounds : 1; /* … or will be: not all rounds of a transaction are over */
  guint         deferred : 1;  /* … and wrote: a transaction that follows */
  guint         closing : 1;   /* mutators, and handlers of "transaction-finishing", are called */
  guint         undone : 1;    /* … and rolled back the transaction */

  GPtrArray    *interceptors;  /* (nullable): of Interceptor, in tst-store-intercept.c */
  gulong        last_interceptor;
  guint         floor;         /* the depth that an interceptor found, and has to leave */
};

static inline guint
tst_store_depth (const TstStore *self)
{
  return self->depth;
}

/* Does anybody listen by signal, to whatever? It costs 20 ns to find out, so
 * it is done once a transaction, instead of once for each signal. */
static inline gboolean
tst_store_find_handlers (TstStore *self)
{
  self->has_handlers = g_signal_handler_find (self, G_SIGNAL_MATCH_UNBLOCKED, 0, 0,
                                              NULL, NULL, NULL) != 0;
  return self->has_handlers;
}

/* With or without a detail. */
static inline gboolean
tst_store_has_handler (TstStore *self,
                       guint     signal)
{
  return g_signal_handler_find (self, G_SIGNAL_MATCH_ID | G_SIGNAL_MATCH_UNBLOCKED,
                                tst_store_signals[signal], 0, NULL, NULL, NULL) != 0;
}

static inline gboolean
tst_store_has_mutators (const TstStore *self)
{
  return self->mutators != NULL && tst_listeners_count (self->mutators) > 0;
}

/* Whether a single write may go straight to the engine: no transaction is
 * open and nobody would hear of one. */
static inline gboolean
tst_store_is_quiet (TstStore *self)
{
  return tst_store_depth (self) == 0 && !self->notifying &&
         self->n_listeners == 0 && !tst_store_find_handlers (self);
}

/* Around several writes that belong together. Whoever is told may let go of
 * the store. Closing returns FALSE if all of it was undone.
 * (tst-store-transactions.c) */
void     tst_store_open_batch       (TstStore         *self);
gboolean tst_store_close_batch      (TstStore         *self);

/* Around one write. A write that needs no transaction of its own, as one is
 * open or nobody would hear of it, does without. */
static inline gboolean
tst_store_open_write (TstStore *self)
{
  if (tst_store_depth (self) > 0 || tst_store_is_quiet (self))
    return FALSE;

  tst_store_open_batch (self);
  return TRUE;
}

void     tst_store_tell_observers   (TstStore         *self,
                                     TstOrigin         origin,
                                     gboolean          changed);

void     tst_store_tell_before_outside (TstStore      *self);

/* Returns: FALSE if it was undone */
static inline gboolean
tst_store_close_write (TstStore *self,
                       gboolean  opened,
                       gboolean  changed)
{
  if (opened)
    return tst_store_close_batch (self);

  if (changed && self->observers->len > 0 && tst_store_depth (self) == 0)
    tst_store_tell_observers (self, self->origin, TRUE);

  return TRUE;
}

/* Around a write of several cells, which as a whole is made or refused: what does
 * not fit the schema is undone. (tst-store-schema.c) */
gsize    tst_store_open_statement   (TstStore         *self);
gboolean tst_store_close_statement  (TstStore         *self,
                                     gsize             mark,
                                     GError          **error);
/* One cell, or a keyed value if @table_id is NULL, if there is a schema. */
gboolean tst_store_write_fitting    (TstStore         *self,
                                     const char       *table_id,
                                     const char       *row_id,
                                     const char       *cell_id,
                                     TstCell          *cell,
                                     GError          **error);
/* The same for the removal. Returns: FALSE if nothing was there, or if it stays */
gboolean tst_store_remove_fitting   (TstStore         *self,
                                     const char       *table_id,
                                     const char       *row_id,
                                     const char       *cell_id);
/* Whether a cell, or a keyed value, cannot be removed because of the schema. */
gboolean tst_store_keeps_cell       (TstStore         *self,
                                     const char       *table_id,
                                     const char       *row_id,
                                     const char       *cell_id);
/* Removes a cell that is there, or makes it what the schema has for a missing one.
 * Returns: FALSE if it is still there */
gboolean tst_store_drop_cell_at     (TstStore         *self,
                                     TstTable         *table,
                                     guint32           row,
                                     guint32           position);
/* Back to the schema at some mark. */
void     tst_store_undo_schemas     (TstStore         *self,
                                     guint             n_schemas);
void     tst_store_forget_schemas   (TstStore         *self);

/* tst-store-transactions.c */
void     tst_store_init_transactions  (TstStore         *self);
/* That a listener has undone a write. */
void     tst_store_set_rolled_back    (GError          **error);
void     tst_store_clear_transactions (TstStore         *self);

/* Around the call of an interceptor. */
guint    tst_store_enter_interceptor  (TstStore       *self);
void     tst_store_leave_interceptor  (TstStore       *self,
                                       guint           floor);

/* Around calls of functions that may look, but not write: what they write is undone. */
typedef struct
{
  guint    floor;
  gboolean logging;
} TstFiltering;

void     tst_store_start_filtering    (TstStore           *self,
                                       TstFiltering       *filtering);
void     tst_store_stop_filtering     (TstStore           *self,
                                       const TstFiltering *filtering);

/* tst-store-dispatch.c */
/* And what was refused. @place: (nullable): of the row, if only one changed
 * @pages: (nullable): from tst_sorted_pages_follow() */
void     tst_store_dispatch_changes (TstStore         *self,
                                     const TstChanges *changes,
                                     const TstPlace   *place,
                                     GPtrArray        *pages);
void     tst_store_dispatch_mutators (TstStore        *self);
void     tst_store_dispatch_phase   (TstStore         *self,
                                     TstListenerKind   kind);

/* That a transaction starts, is about to finish, or has finished. */
static inline gboolean
tst_store_wants_phase (const TstStore  *self,
                       TstListenerKind  kind)
{
  return self->has_handlers || (tst_listeners_get_kinds (self->listeners) & (1u << kind));
}

static inline void
tst_store_tell_phase (TstStore        *self,
                      TstListenerKind  kind)
{
  if (tst_store_wants_phase (self, kind))
    tst_store_dispatch_phase (self, kind);
}

/* tst-store-listeners.c */
/* @ids: see TST_IDS. Does the checks of the public functions. */
gulong   tst_store_add_listener     (TstStore         *self,
                                     TstListenerKind   kind,
                                     const char * const *ids,
                                     TstListenerFlags  flags,
                                     GCallback         listener,
                                     gpointer          user_data,
                                     GDestroyNotify    destroy);

/* tst-store-sorted-listeners.c */
/* Does nothing if the listener is of another kind. */
void     tst_store_forget_sorted_page (TstStore       *self,
                                     gulong            handle);
void     tst_store_call_with_sorted_page (TstStore    *self,
                                     TstListeners     *listeners,
                                     gulong            handle);

/* tst-store.c */
gboolean tst_store_check_id         (const char       *id,
                                     GError          **error);

/* tst-store-write.c */
char    *tst_store_make_row_id      (TstStore         *self,
                                     TstTable         *table,
                                     TstAddRowFlags    flags);

/* tst-store-rows.c */
gboolean tst_store_remove_cell_in   (TstStore         *self,
                                     TstTable         *table,
                                     const char       *row_id,
                                     const char       *cell_id);
char   **tst_store_dup_cell_ids     (TstTable         *table,
                                     guint32           row);
void     tst_store_call_for_cells   (TstStore         *self,
                                     const TstTableData *table,
                                     const TstRowView *row,
                                     TstForeachValueFunc func,
                                     gpointer          user_data);

G_END_DECLS
