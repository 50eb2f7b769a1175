/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-call-private.h"

G_BEGIN_DECLS

/* Shared by calls and the requests in front of them, and nobody else. */

struct _TstCall
{
  gatomicrefcount  ref_count;

  TstCallKind      kind;
  char            *base_tag;       /* (nullable) */
  TstSnapshot     *snapshot;       /* (nullable): what a write writes */
  guint32          number;         /* of that snapshot, in its store */
  gboolean         keep_original;
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

GBytes     *tst_call_get_text      (TstCall       *call);
const char *tst_call_get_text_tag  (TstCall       *call);
void        tst_call_answer        (TstCall       *call,
                                    TstAnswerKind  kind,
                                    GBytes        *text,
                                    GVariant      *content,
                                    const char    *tag);
/* These take over @error. */
void        tst_call_answer_error  (TstCall       *call,
                                    GError        *error);
void        tst_call_answer_malformed
                                   (TstCall       *call,
                                    const char    *tag,
                                    GError        *error);

G_END_DECLS
