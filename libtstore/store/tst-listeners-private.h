/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-changes-private.h"
#include "tst-store-listeners.h"

G_BEGIN_DECLS

/* Whom a store calls. A listener is filed under its kind and the ids that it
 * asked for, so that an event finds its listeners by one look-up for each
 * pattern of wildcards that is in use, however many listeners there are. */

typedef enum
{
  TST_EVENT_TABLE_IDS,
  TST_EVENT_ROW_IDS,
  TST_EVENT_CELL_IDS,
  TST_EVENT_CELL,
  TST_EVENT_ROW,
  TST_EVENT_TABLE,
  TST_EVENT_TABLES,
  TST_EVENT_VALUE_IDS,
  TST_EVENT_VALUE,
  TST_EVENT_VALUES,
  TST_EVENT_STARTED,
  TST_EVENT_FINISHING,
  TST_EVENT_FINISHED,
  TST_N_EVENTS
} TstEventKind;

#define TST_MAX_POSITIONS 3
#define TST_N_PATTERNS    (1 << TST_MAX_POSITIONS)

typedef struct _TstListeners TstListeners;

/* What a store looks at before it makes an event: inside of the TstListeners,
 * at its start. */
typedef struct
{
  guint   n;
  guint32 kinds;                   /* bit k: there are listeners of the kind k */
  guint8  patterns[TST_N_EVENTS];  /* bit p: there are some with the pattern p */
} TstListenersSummary;

/* What happened: the ids (borrowed, NULL where the kind has none), and what
 * the kind has to tell. */
typedef struct
{
  TstEventKind          kind;
  const TstId          *ids[TST_MAX_POSITIONS];
  const TstChangedCell *cell;     /* of CELL and VALUE */
  const char * const   *added;    /* of the …_IDS, NULL-terminated */
  const char * const   *removed;
  const TstPlace       *place;    /* (nullable): of the row, to find its listeners by */
} TstEvent;

TstListeners *tst_listeners_new      (void);
void          tst_listeners_free     (TstListeners     *self);
/* @ids: NULL for a wildcard */
gulong        tst_listeners_add      (TstListeners     *self,
                                      TstEventKind      kind,
                                      const char       *id_0,
                                      const char       *id_1,
                                      const char       *id_2,
                                      GCallback         func,
                                      gpointer          user_data,
                                      GDestroyNotify    destroy);
gboolean      tst_listeners_remove   (TstListeners     *self,
                                      gulong            handle);
/* Calls whom it concerns: specific before wildcard, from left to right, and
 * in the order of registration. */
void          tst_listeners_dispatch (TstListeners     *self,
                                      TstStore         *store,
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
