/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-call-private.h"
#include "tst-persister-private.h"
#include "tst-sent-private.h"
#include "tst-store-private.h"

G_BEGIN_DECLS

/* The state machine of a persister: what is asked for, what is under way, and
 * what is known of the medium. Everything here belongs to one thread, the one
 * of the persister; only calls to the medium leave it.
 *
 *   tst-machine.c          what to do next, and calling the medium
 *   tst-machine-queue.c    what is asked for
 *   tst-machine-answer.c   what an answer of the medium means
 *   tst-machine-defaults.c what the store begins with where nothing is
 *   tst-machine-timers.c   what happens later by itself
 *   tst-sent.c             saves that may have arrived
 *   tst-rescue.c           the last save of a persister that is gone
 */

typedef struct _TstMachine TstMachine;
typedef struct _TstStep TstStep;

/* What somebody asked for and waits for. */
typedef struct
{
  gatomicrefcount  ref_count;
  TstMachine      *machine;       /* not owned: the task holds the persister */
  GTask           *task;          /* (nullable): NULL for a blocking call */
  GMainContext    *context;       /* (nullable): of the task */
  GCancellable    *cancellable;   /* (nullable) */
  gulong           cancelled_id;
  TstStep         *step;          /* (nullable): not owned */
  gboolean         automatic;     /* started loading automatically */
  gboolean         finished;
  GError          *error;         /* (nullable): of a blocking call */
} TstOperation;

typedef enum
{
  TST_STEP_LOAD,
  TST_STEP_SAVE
} TstStepKind;

/* One load or save, whatever it takes. */
struct _TstStep
{
  TstStepKind  kind;
  GPtrArray   *operations;        /* of TstOperation: perhaps none */
  gboolean     automatic;         /* wanted without operations too */
  gboolean     forced;            /* asks the medium even if all seems saved */
  gboolean     whole;             /* a save that others can read all of: a fold */
  gboolean     silent;            /* a save of nothing that is new */
  gboolean     revert;            /* a load that replaces the changes made here */
  gboolean     abandoned;         /* nobody waits for it any more */
};

/* What is known of the medium. */
typedef enum
{
  TST_MEDIUM_UNKNOWN,             /* never looked */
  TST_MEDIUM_ABSENT,              /* nothing is there, or a text of 0 bytes */
  TST_MEDIUM_HELD,                /* content */
  TST_MEDIUM_UNREADABLE,          /* could not be read the last time */
  TST_MEDIUM_MALFORMED            /* something that is not our format */
} TstMediumState;

typedef struct
{
  TstMediumState  state;
  char           *tag;            /* (nullable): of what is there */
  TstSnapshot    *snapshot;       /* what the store was when it and the medium last agreed:
                                   * the difference to the store is what is dirty */
  TstSnapshot    *merged;         /* (nullable): what to merge with, if it is more than that */
  guint32         number;         /* its number among those of our store; the last one that
                                   * was, if it is not of ours */
  gboolean        exact;          /* the snapshot is the content of that tag */
  gboolean        seen;           /* there was content once */
} TstBase;

/* Why the medium was called. */
typedef enum
{
  TST_PURPOSE_LOAD,
  TST_PURPOSE_REREAD,             /* a save has to know first what it replaces */
  TST_PURPOSE_SAVE
} TstPurpose;

/* What to tell of when a step has ended. */
typedef enum
{
  TST_EVENT_NONE,
  TST_EVENT_LOADED,
  TST_EVENT_SAVED
} TstEvent;

struct _TstMachine
{
  TstPersister   *persister;      /* the owner */
  TstStore       *store;
  GMainContext   *context;
  GThread        *owner;          /* not owned: where the context is run */
  TstMedium      *medium;         /* (nullable): one that works in a thread */
  guint           observer_id;

  GQueue          steps;          /* of TstStep, waiting: one load and one save at most */
  TstStep        *step;           /* (nullable): under way */
  TstPurpose      purpose;        /* of the call */
  TstCall        *call;           /* (nullable): under way, or waits with `answer` */
  TstAnswer      *answer;         /* (nullable): waits for the store to be quiet */
  gboolean        conflict;       /* was the answer before that one */
  guint           rounds;         /* conflicts during this step */

  TstBase         base;
  TstSent         sent;           /* instead of the base, perhaps */
  TstSnapshot    *defaults;       /* (nullable): until content was seen */
  gboolean        reread;         /* the medium has moved on, or may have */
  gboolean        dirty;
  guint64         n_changes;      /* transactions of others than this persister */
  guint64         n_changes_written; /* the same, when the save under way began */

  gint            fold_after;     /* ms: what the medium holds is to be written whole, when
                                   * it is quiet; or TST_NO_FOLD */
  gboolean        fold_due;       /* with the next save */
  gboolean        may_fold;       /* it was ours to save, once */
  guint           n_failed_folds; /* in a row, whatever else was done in between */

  gboolean        auto_load;
  gboolean        auto_save;
  gboolean        listening;
  gboolean        starts_listening; /* the medium is just being told to */
  gboolean        closed;
  gboolean        discarded;      /* closed, and nothing is saved by the rescue either */
  gboolean        keeps_store;    /* has given it content, and may again */
  gboolean        applying;       /* the store is being written to by us */
  gboolean        waits_for_store;
  guint           blocking;       /* blocking calls, nested */
  TstOperation   *blocking_operation; /* (nullable): not owned; the innermost */

  gboolean        no_overwrite;   /* a load was asked for, ever, or a save has found nothing that
                                   * it would replace: from then on, nothing that is there is to be
                                   * overwritten, not even if it cannot be loaded */
  gboolean        load_due;       /* there was news of the medium */
  char           *news_tag;       /* (nullable): of the latest news */

  char           *unsettled_tag;  /* (nullable): what was seen is perhaps half written */
  gint64          unsettled_since;

  guint           save_delay;
  gboolean        delay_over;
  gint64          held_until;     /* what failed is not tried again by itself before, in
                                   * monotonic time; 0: whenever it is due */
  gboolean        load_failed;    /* and is tried again with the next try */
  gboolean        save_failed;    /* the same, dirty or not; nothing has changed since */
  guint           n_failures;     /* in a row */
  guint           n_refused;      /* conflicts that were none, in a row */
  GSource        *run_source;     /* (nullable): all sources are of `context` */
  GSource        *retry_source;
  GSource        *settle_source;
  GSource        *refused_source; /* a save that was refused for no reason waits */
  GSource        *delay_source;
  GSource        *fold_source;
  guint           request_timeout; /* 0: none */
  GSource        *timeout_source; /* of the call */

  guint           n_loads;
  guint           n_saves;
  GDateTime      *last_saved;     /* (nullable) */
  GError         *last_error;     /* (nullable) */

  guint           told_status;    /* a bit for each value that somebody may have seen since
                                   * the last notify */
  guint           told_dirty;
};

/* The origin of default content, whoever applies it. */
extern const TstOrigin tst_defaults_origin;

/* Conflicts in one save before it fails: each means that somebody else was
 * faster again. */
#define TST_MACHINE_MAX_ROUNDS 100

/* Conflicts in a row that were none, each with a longer wait after it, before a save
 * fails: some six seconds. */
#define TST_MACHINE_MAX_REFUSED 6

/* How long what looks half written has to stay the same to be believed. */
#define TST_MACHINE_SETTLE_MS 250

TstMachine    *tst_persister_get_machine       (TstPersister     *self);

void           tst_machine_init                (TstMachine       *m,
                                                TstPersister     *persister,
                                                TstStore         *store);
void           tst_machine_dispose             (TstMachine       *m);
void           tst_machine_finalize            (TstMachine       *m);

/* --- Asking --- */

TstOperation  *tst_operation_new               (TstMachine       *m,
                                                GTask            *task,
                                                GCancellable     *cancellable);
TstOperation  *tst_operation_ref               (TstOperation     *operation);
void           tst_operation_unref             (TstOperation     *operation);
/* Takes over @error. */
void           tst_operation_finish            (TstOperation     *operation,
                                                GError           *error);

/* Lets go of what it waits for, which ends with it if nobody else wants it. */
void           tst_operation_leave_step        (TstOperation     *operation);

void           tst_machine_load                (TstMachine       *m,
                                                TstOperation     *operation,
                                                gboolean          automatic);
void           tst_machine_save                (TstMachine       *m,
                                                TstOperation     *operation,
                                                gboolean          forced);
void           tst_machine_flush               (TstMachine       *m,
                                                TstOperation     *operation);
gboolean       tst_machine_start_auto_load     (TstMachine       *m,
                                                TstSnapshot      *defaults,
                                                TstOperation     *operation,
                                                GError          **error);
void           tst_machine_stop_auto_load      (TstMachine       *m);
void           tst_machine_start_auto_save     (TstMachine       *m,
                                                TstOperation     *operation);
void           tst_machine_stop_auto_save      (TstMachine       *m);
/* Not waiting until it is quiet. Returns whether there is something to fold. */
gboolean       tst_machine_fold_now            (TstMachine       *m);
void           tst_machine_close               (TstMachine       *m);
/* The same, and what is not saved is given up. */
void           tst_machine_discard             (TstMachine       *m);
void           tst_machine_news                (TstMachine       *m,
                                                const char       *tag);
/* Something was not read, or not believed: whatever was heard since. */
void           tst_machine_look_again          (TstMachine       *m);
/* Runs until @operation is finished, without a main loop. */
void           tst_machine_block               (TstMachine       *m,
                                                TstOperation     *operation);

/* --- Between the files --- */

TstStep       *tst_step_new                    (TstStepKind       kind);
void           tst_step_free                   (TstStep          *step);
/* operation NULL: it is wanted without anybody who waits. */
void           tst_step_join                   (TstStep          *step,
                                                TstOperation     *operation);
void           tst_step_detach                 (TstStep          *step);
/* Frees the step, then tells everybody who waits for it. */
void           tst_step_finish                 (TstStep          *step,
                                                const GError     *error);

void           tst_machine_schedule            (TstMachine       *m);
/* For somebody who is told when it is another one. */
TstPersisterStatus tst_machine_get_status      (TstMachine       *m);
gboolean       tst_machine_get_dirty           (TstMachine       *m);
/* Asks the class of the persister. Returns FALSE with an error if it did not take
 * @request. */
gboolean       tst_machine_ask                 (TstMachine       *m,
                                                TstCall          *call,
                                                TstRequest       *request,
                                                GError          **error);
/* Tells of status and dirty. */
void           tst_machine_publish             (TstMachine       *m);
/* Ends the step that is under way, and tells of it; takes over @error. */
void           tst_machine_end_step            (TstMachine       *m,
                                                TstEvent          event,
                                                TstConflict      *conflict,
                                                GError           *error);
/* The step that is under way waits until it is clear what the medium holds. */
void           tst_machine_put_step_back       (TstMachine       *m);
gboolean       tst_machine_save_is_due         (TstMachine       *m);
/* A save is under way, or waits. */
gboolean       tst_machine_is_saving           (TstMachine       *m);
/* Ends the step that is under way, and that nobody waits for any more. */
void           tst_machine_end_abandoned       (TstMachine       *m);
void           tst_machine_handle_answer       (TstMachine       *m,
                                                TstAnswer        *answer);
/* Whether it is an error after which it is not known whether the medium was changed. */
gboolean       tst_answer_is_ambiguous         (const TstAnswer  *answer);
/* Returns FALSE with an error if the app refused it, or has undone it. */
gboolean       tst_machine_write_to_store      (TstMachine       *m,
                                                TstSnapshot      *content,
                                                TstParts          parts,
                                                TstOrigin         origin,
                                                GError          **error);

/* The persisters of one store know of each other, because of defaults. */
void           tst_machine_join_store          (TstMachine       *m);
void           tst_machine_leave_store         (TstMachine       *m);
/* If there are any, and they are of use. */
void           tst_machine_show_defaults       (TstMachine       *m);

void           tst_machine_clear_timer         (GSource         **timer);
void           tst_machine_schedule_retry      (TstMachine       *m);
/* What waits to be tried again is tried now. */
void           tst_machine_retry_now           (TstMachine       *m);
/* Something will have to wait for so long. */
void           tst_machine_hold                (TstMachine       *m,
                                                guint             milliseconds);
/* In milliseconds; 0: nothing has to wait. */
guint          tst_machine_get_hold            (TstMachine       *m);
void           tst_machine_schedule_settle     (TstMachine       *m);
void           tst_machine_schedule_refused    (TstMachine       *m);
void           tst_machine_schedule_save       (TstMachine       *m);
void           tst_machine_schedule_timeout    (TstMachine       *m);
/* If there is something to fold, and it is ours to do. */
void           tst_machine_schedule_fold       (TstMachine       *m);
/* Whether what was read is not half written. Otherwise it is read again later, and
 * nothing is saved before. */
gboolean       tst_machine_is_settled          (TstMachine       *m,
                                                const char       *tag);
void           tst_machine_settled             (TstMachine       *m);

/* The persister goes away although its last changes are not saved. */
void           tst_machine_rescue              (TstMachine       *m);

/* Whether the content of a snapshot is what the medium holds for certain. */
static inline gboolean
tst_base_is_held (const TstBase *base)
{
  return base->state == TST_MEDIUM_HELD && base->exact;
}

void           tst_base_set                    (TstBase          *base,
                                                TstMediumState    state,
                                                const char       *tag,
                                                TstSnapshot      *snapshot,
                                                gboolean          exact);
/* The same, with nothing: all that our store has is new. */
void           tst_base_set_nothing            (TstBase          *base,
                                                TstMediumState    state,
                                                const char       *tag);
/* The same, with what @call has written. */
void           tst_base_set_saved              (TstBase          *base,
                                                TstCall          *call,
                                                const char       *tag);
/* Before what is there under @tag is merged; none of @sent is of use any more. */
void           tst_base_recognize_sent         (TstBase          *base,
                                                TstSent          *sent,
                                                TstSnapshot      *theirs,
                                                const char       *tag);
void           tst_base_clear                  (TstBase          *base);
/* @next (nullable): where to put what the result is to be merged with next, or NULL
 * for @theirs. */
TstSnapshot   *tst_base_merge                  (const TstBase    *base,
                                                TstSnapshot      *ours,
                                                TstSnapshot      *theirs,
                                                TstConflict      *conflict,
                                                TstSnapshot     **next);

G_END_DECLS
