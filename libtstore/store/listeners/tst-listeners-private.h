/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-changes-private.h"
#include "tst-store-has-listeners.h"
#include "tst-store-listeners.h"
#include "tst-store-sorted.h"

G_BEGIN_DECLS

/* Whom a store calls. A listener is filed under its kind and the ids that it
 * asked for, so that an event finds its listeners by one look-up for each
 * pattern of wildcards that is in use, however many listeners there are. */

#define TST_N_LISTENER_KINDS (TST_LISTENER_KIND_FINISHED + 1)

#define TST_MAX_POSITIONS 3
#define TST_N_PATTERNS    (1 << TST_MAX_POSITIONS)
#define TST_ALL_PATTERNS  0xff

/* The ids that a listener is for, NULL or left out for a wildcard. */
#define TST_IDS(...) ((const char *[TST_MAX_POSITIONS]) { __VA_ARGS__ })

typedef struct _TstListeners TstListeners;

/* What a store looks at before it makes an event: inside of the TstListeners,
 * at its start. */
typedef struct
{
  guint   n;
  guint32 kinds;                           /* bit k: there are listeners of the kind k */
  guint8  patterns[TST_N_LISTENER_KINDS];  /* bit p: there are some with the pattern p */
} TstListenersSummary;

/* Of SORTED_ROW_IDS: what was asked for, and the answer. */
typedef struct
{
  gboolean             descending;
  int                  offset;
  int                  limit;
  const char * const  *row_ids;  /* NULL-terminated */
} TstPage;

/* What happened: the ids (borrowed; NULL where the kind has none, and where it
 * is not known to what a write was refused), and what the kind has to tell. */
typedef struct
{
  TstListenerKind       kind;
  guint                 n;        /* of the HAS_…: whether; of ROW_COUNT: how many */
  const TstId          *ids[TST_MAX_POSITIONS];
  const TstChangedCell *cell;     /* of CELL and VALUE */
  const char * const   *added;    /* of the …_IDS, NULL-terminated */
  const char * const   *removed;
  const TstPage        *page;     /* of SORTED_ROW_IDS */
  const GError         *error;    /* of the INVALID_… */
  const TstPlace       *place;    /* (nullable): of the row, to find its listeners by */
} TstEvent;

TstListeners *tst_listeners_new      (void);
void          tst_listeners_free     (TstListeners     *self);
/* @handle: one that was never given out before
 * @ids: TST_MAX_POSITIONS of them, NULL for a wildcard */
void          tst_listeners_add      (TstListeners     *self,
                                      gulong            handle,
                                      TstListenerKind   kind,
                                      const char * const *ids,
                                      GCallback         func,
                                      gpointer          user_data,
                                      GDestroyNotify    destroy);
gboolean      tst_listeners_remove   (TstListeners     *self,
                                      gulong            handle);
guint         tst_listeners_count_kind (const TstListeners *self,
                                      TstListenerKind   kind);
/* Returns: FALSE if there is no such listener. @ids: (out): copies */
gboolean      tst_listeners_find     (TstListeners     *self,
                                      gulong            handle,
                                      TstListenerKind  *kind,
                                      char             *ids[TST_MAX_POSITIONS]);
/* Whether nobody is to be called any more, until further notice. */
void          tst_listeners_set_stopped (TstListeners  *self,
                                      gboolean          stopped);
/* Calls whom it concerns: specific before wildcard, from left to right, and
 * in the order of registration. @patterns: bit p: the pattern p counts */
void          tst_listeners_dispatch (TstListeners     *self,
                                      TstStore         *store,
                                      const TstEvent   *event,
                                      guint8            patterns);
/* Calls just one. Returns: FALSE if there is no such listener */
gboolean      tst_listeners_call     (TstListeners     *self,
                                      TstStore         *store,
                                      gulong            handle,
                                      const TstEvent   *event);

static inline guint
tst_listeners_count (const TstListeners *self)
{
  return ((const TstListenersSummary *) self)->n;
}

/* Bit k: there are listeners of the kind k. */
static inline guint32
tst_listeners_get_kinds (const TstListeners *self)
{
  return ((const TstListenersSummary *) self)->kinds;
}

G_END_DECLS
