/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-request.h"
#include "tst-text-private.h"

G_BEGIN_DECLS

/* One question to a medium, and its answer. The persister holds the call, the
 * medium holds the TstRequest in front of it: so a request that is dropped is
 * noticed. What costs time (parsing, writing and digesting text) is done in
 * the thread that answers, or in one made for it, never in the persister's. */
typedef struct _TstCall TstCall;

typedef enum
{
  TST_CALL_READ,
  TST_CALL_WRITE
} TstCallKind;

typedef enum
{
  TST_ANSWER_CONTENT,    /* to READ: tag, content, has_values */
  TST_ANSWER_UNCHANGED,  /* to READ: the medium still holds the base tag */
  TST_ANSWER_EMPTY,      /* to READ: there is a text of 0 bytes; tag */
  TST_ANSWER_NOTHING,    /* to READ: nothing is persisted */
  TST_ANSWER_MALFORMED,  /* to READ: not content of a store; tag, error */
  TST_ANSWER_SAVED,      /* to WRITE: tag */
  TST_ANSWER_CONFLICT,   /* to WRITE: the medium does not hold the base tag */
  TST_ANSWER_ERROR       /* error */
} TstAnswerKind;

typedef struct
{
  TstAnswerKind  kind;
  char          *tag;         /* (nullable) */
  TstSnapshot   *content;     /* (nullable) */
  gboolean       has_values;  /* FALSE: the text says nothing about the values */
  GError        *error;       /* (nullable) */
  gint           fold_after;  /* ms: what is there is to be written whole; or TST_NO_FOLD */
} TstAnswer;

#define TST_NO_FOLD -1

/* Takes over @error. */
TstAnswer   *tst_answer_new         (TstAnswerKind     kind,
                                     const char       *tag,
                                     GError           *error);
void         tst_answer_free        (TstAnswer        *answer);

/* Called in the context of the call, never before the medium was asked. */
typedef void (*TstAnsweredFunc) (TstCall  *call,
                                 gpointer  user_data);

/* func NULL: the caller waits with tst_call_wait(), and the medium may work in
 * the caller's thread. */
TstCall     *tst_call_new           (TstCallKind       kind,
                                     const char       *base_tag,
                                     GMainContext     *context,
                                     TstAnsweredFunc   func,
                                     gpointer          user_data);
TstCall     *tst_call_ref           (TstCall          *call);
void         tst_call_unref         (TstCall          *call);

/* Before the medium is asked: what a write writes, and whether what it
 * replaces is not our format and has to be kept. */
void         tst_call_set_snapshot  (TstCall          *call,
                                     TstSnapshot      *snapshot,
                                     gboolean          keep_original);
TstSnapshot *tst_call_get_snapshot  (TstCall          *call);
/* The content that the medium holds under the base tag. */
void         tst_call_set_base      (TstCall          *call,
                                     TstSnapshot      *base);
/* The medium is to hold what is written in one piece, as everybody can read it. */
void         tst_call_set_whole     (TstCall          *call);
guint32      tst_call_get_number    (TstCall          *call);
TstCallKind  tst_call_get_kind      (TstCall          *call);

TstRequest  *tst_call_new_request   (TstCall          *call);

/* Answers at once with G_IO_ERROR_CANCELLED, and tells the medium. */
void         tst_call_cancel        (TstCall          *call);
/* Whether it was, or has timed out. */
gboolean     tst_call_is_cancelled  (TstCall          *call);
/* The same with G_IO_ERROR_TIMED_OUT. */
void         tst_call_time_out      (TstCall          *call);
/* From now on, nobody is called back. */
void         tst_call_forget        (TstCall          *call);
/* Whether it was made without somebody to call back. */
gboolean     tst_call_is_blocking   (TstCall          *call);
/* From now on, another one is called back. */
void         tst_call_set_func      (TstCall          *call,
                                     TstAnsweredFunc   func,
                                     gpointer          user_data);
/* Blocks until there is an answer. Takes it, so that nobody is called back. */
TstAnswer   *tst_call_wait          (TstCall          *call);
TstAnswer   *tst_call_steal_answer  (TstCall          *call);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TstAnswer, tst_answer_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TstCall, tst_call_unref)

/* For media that work in a thread, beyond the public functions of a request. */

gboolean     tst_request_is_write         (TstRequest  *self);
/* Keep the original aside before it is replaced. */
gboolean     tst_request_keeps_original   (TstRequest  *self);
/* Also while it is made, in steps. */
GBytes      *tst_request_make_text        (TstRequest  *self,
                                           TstTextFunc  func,
                                           gpointer     user_data);
/* The digest of what is to be written. */
const char  *tst_request_get_text_tag     (TstRequest  *self);
TstSnapshot *tst_request_get_snapshot     (TstRequest  *self);
/* (nullable) */
TstSnapshot *tst_request_get_base         (TstRequest  *self);
gboolean     tst_request_is_whole         (TstRequest  *self);
/* Before the answer: not everybody can read what is there then, and in so many
 * milliseconds it is to be written whole, if nothing else happens. */
void         tst_request_want_fold        (TstRequest  *self,
                                           gint         milliseconds);
void         tst_request_return_unchanged (TstRequest  *self);
void         tst_request_return_snapshot  (TstRequest  *self,
                                           TstSnapshot *content,
                                           gboolean     has_values,
                                           const char  *tag);
void         tst_request_take_error       (TstRequest  *self,
                                           GError      *error);
/* What is there is not our format, which the medium knows by itself. */
void         tst_request_take_malformed   (TstRequest  *self,
                                           const char  *tag,
                                           GError      *error);

/* What a text means. Any thread. */
TstAnswer   *tst_answer_new_for_text      (GBytes      *text,
                                           const char  *tag);
TstAnswer   *tst_answer_new_for_variant   (GVariant    *content,
                                           const char  *tag);

G_END_DECLS
