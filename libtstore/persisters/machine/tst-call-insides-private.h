/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-call-private.h"
#include "tst-text-private.h"

G_BEGIN_DECLS

/* Shared by calls and the requests in front of them, and nobody else. */

struct _TstCall
{
  gatomicrefcount  ref_count;

  TstCallKind      kind;
  char            *base_tag;       /* (nullable) */
  TstSnapshot     *snapshot;       /* (nullable): what a write writes */
  guint32          number;         /* of that snapshot, in its store */
  TstSnapshot     *base;           /* (nullable): what the medium holds */
  gboolean         keep_original;
  gboolean         whole;
  gint             fold_after;     /* until it is answered */
  gboolean         blocking;       /* the owner waits */
  GCancellable    *cancellable;    /* of this call alone */
  GThread         *owner;          /* who must not be held up by parsing */
  GMainContext    *context;        /* (nullable): where to call back */
  gpointer         user_data;

  GMutex           lock;           /* guards the next four */
  GCond            cond;           /* the answer is there */
  TstAnsweredFunc  func;           /* (nullable) */
  gboolean         claimed;        /* somebody has answered */
  TstAnswer       *answer;         /* (nullable): until somebody takes it */

  GMutex           text_lock;      /* guards the next two */
  GBytes          *text;           /* (nullable): of the snapshot */
  char            *text_tag;       /* (nullable) */
};

/* func: (nullable): told of the text while it is made, unless there is one */
GBytes     *tst_call_get_text      (TstCall       *call,
                                    TstTextFunc    func,
                                    gpointer       user_data);
const char *tst_call_get_text_tag  (TstCall       *call);
void        tst_call_answer        (TstCall       *call,
                                    TstAnswerKind  kind,
                                    GBytes        *text,
                                    GVariant      *content,
                                    const char    *tag);
/* Takes over @answer, which is complete. */
void        tst_call_take_answer   (TstCall       *call,
                                    TstAnswer     *answer);
/* Takes over @error. */
void        tst_call_answer_error  (TstCall       *call,
                                    GError        *error);

G_END_DECLS
