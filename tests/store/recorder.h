/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "model.h"

G_BEGIN_DECLS

/* Hears everything that a store says, and compares it with what it should
 * have said. The kinds are in the order in which they come. */
typedef enum
{
  EVENT_STARTED,
  EVENT_FINISHING,
  EVENT_INVALID_CELL,
  EVENT_HAS_TABLES,
  EVENT_TABLE_IDS,
  EVENT_HAS_TABLE,
  EVENT_TABLE_CELL_IDS,
  EVENT_HAS_TABLE_CELL,
  EVENT_ROW_COUNT,
  EVENT_ROW_IDS,
  EVENT_HAS_ROW,
  EVENT_CELL_IDS,
  EVENT_HAS_CELL,
  EVENT_CELL,
  EVENT_ROW,
  EVENT_TABLE,
  EVENT_TABLES,
  EVENT_INVALID_VALUE,
  EVENT_HAS_VALUES,
  EVENT_VALUE_IDS,
  EVENT_HAS_VALUE,
  EVENT_VALUE,
  EVENT_VALUES,
  EVENT_CHANGED,
  EVENT_FINISHED,
  N_EVENTS
} EventKind;

typedef struct
{
  EventKind    kind;
  guint        who;        /* number of the listener */
  const char  *table_id;   /* (nullable), and the same below */
  const char  *row_id;
  const char  *cell_id;    /* or of a value */
  ModelValue   new_value;
  ModelValue   old_value;
  guint64      added;      /* a sum over ids, so that order does not count */
  guint64      removed;
  guint        n;          /* how many there are, or whether there are any */
  gboolean     is_mutator; /* before the end of the transaction */
} Event;

/* What one transaction is to be told as. */
typedef struct
{
  const GArray    *invalid;         /* (nullable): of Event: what was refused */
  const ModelDiff *mutable_tables;  /* (nullable): what mutators are told of … */
  const ModelDiff *mutable_values;  /* … and with the values that those of tables wrote */
  const ModelDiff *diff;            /* in the end */
  gboolean         rolled_back;     /* if mutators were told, by one of them, and the rest
                                     * was not */
} RecorderRound;

typedef struct
{
  TstStore   *store;       /* not owned */
  GPtrArray  *listeners[2][N_EVENTS];  /* owned listeners, in the order of calls; mutators
                                        * are at 1 */
  guint       n_listeners;
  gulong      last_handle; /* handles grow: none is used again */
  GArray     *events;      /* Event */
  GPtrArray  *changed;     /* owned GArray of Event: what each TstChanges said */
  gboolean    expects_mutators;  /* while what should be heard is made up */
  gboolean    answered;    /* somebody writes in between: listeners do not look into the
                            * store, and when a transaction starts is not recorded */
} Recorder;

Recorder *recorder_new            (TstStore         *store);
void      recorder_free           (Recorder         *self);

/* Each id may be NULL: any. */
void      recorder_listen         (Recorder         *self,
                                   EventKind         kind,
                                   TstListenerFlags  flags,
                                   const char       *table_id,
                                   const char       *row_id,
                                   const char       *cell_id);
gboolean  recorder_has_signal     (EventKind         kind);
/* The same as a signal; @table_id (or a value's id) becomes the detail. */
void      recorder_connect        (Recorder         *self,
                                   EventKind         kind,
                                   const char       *table_id);
/* Removes the nth listener, of those there are. */
void      recorder_forget         (Recorder         *self,
                                   guint             nth);

/* Fails unless what was heard first is one transaction. Then forgets it. */
void      recorder_check          (Recorder            *self,
                                   const RecorderRound *round);
/* Fails unless nothing else was heard. */
void      recorder_check_silence  (Recorder         *self);

/* Fails unless @changes says the same as @diff. */
void      recorder_check_changes  (TstChanges       *changes,
                                   const ModelDiff  *diff);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Recorder, recorder_free)

G_END_DECLS
