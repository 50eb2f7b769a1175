/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "suite.h"

G_BEGIN_DECLS

/* A medium that does as it is told: a text in memory that several persisters
 * share, as if on a server, made with the public functions only. */

#define TEST_TYPE_PERSISTER (test_persister_get_type ())

G_DECLARE_FINAL_TYPE (TestPersister, test_persister, TEST, PERSISTER, TstPersister)

typedef enum
{
  ANSWER_TEXT,      /* with text and tags of its own */
  ANSWER_CONTENT,   /* with variants, without tags */
  ANSWER_IN_THREAD, /* with text, from a thread */
  ANSWER_AT_ONCE    /* with text, before the function returns */
} AnswerKind;

typedef struct
{
  GBytes     *text;          /* (nullable) */
  guint       version;
  GPtrArray  *persisters;    /* of TstPersister: those that listen */
  AnswerKind  answer_kind;
  gboolean    unreadable;
  gboolean    ignores_tags;  /* never finds a conflict */
  gboolean    has_digests;   /* no tags of its own: knows a version by its digest */

  gboolean    hold;          /* answers wait for release() */
  GQueue      held;          /* of TstRequest */

  /* What the next write does. */
  guint       fail_writes;   /* so many fail, and write nothing */
  guint       cancel_writes; /* the same, as if somebody had cancelled them */
  guint       lose_answers;  /* so many write, and fail */
  guint       drop_requests; /* so many requests are never answered */
  guint       raise;         /* so many fail as an exception in Python does */

  GString    *log;           /* a letter for each call: r w l s */
  guint       n_running;     /* requests that wait */
  guint       max_running;
} Memory;

extern const Medium memory_medium;

Memory       *memory_new            (void);
void          memory_free           (Memory       *memory);
TstPersister *memory_persister      (Memory       *memory,
                                     TstStore     *store);
/* What a persister of any class does with it. */
gboolean      memory_take           (Memory       *memory,
                                     TstPersister *persister,
                                     TstRequest   *request,
                                     char          letter);
void          memory_listen         (Memory       *memory,
                                     TstPersister *persister,
                                     gboolean      listen);
/* From outside, with news or without. */
void          memory_write          (Memory       *memory,
                                     const char   *text);
void          memory_write_quietly  (Memory       *memory,
                                     const char   *text);
gboolean      memory_has            (Memory       *memory,
                                     const char   *text);
/* Answers what is held, in order; and one of them. */
void          memory_release        (Memory       *memory);
void          memory_release_one    (Memory       *memory);

G_END_DECLS
