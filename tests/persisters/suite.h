/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "util.h"

G_BEGIN_DECLS

/* The tests that every persister must pass, over any medium. */

typedef struct
{
  const char    *name;

  /* An empty medium, and its end. */
  gpointer      (*set_up)          (void);
  void          (*tear_down)       (gpointer    medium);

  TstPersister *(*new_persister)   (gpointer    medium,
                                    TstStore   *store);

  /* What somebody else does. NULL: nothing is there. */
  GBytes       *(*read)            (gpointer    medium);
  void          (*write)           (gpointer    medium,
                                    GBytes     *text);
  void          (*remove)          (gpointer    medium);
  /* NULL: it can always be read. */
  void          (*set_unreadable)  (gpointer    medium,
                                    gboolean    unreadable);
  /* What is different after each write of a persister. */
  char         *(*get_version)     (gpointer    medium);

  /* Blocking operations work, and a last save. */
  gboolean      works_in_thread;
  /* It holds nothing but valid UTF-8. */
  gboolean      only_utf8;

  /* What was there and is not any more is a failure, and not made again. */
  gboolean      keeps_away;
  /* Cannot tell what a save replaces at the moment when it does, so two who save at the
   * same time are not kept apart. */
  gboolean      overwrites;
} Medium;

typedef struct
{
  const Medium *medium;
  gpointer      data;
} Suite;

typedef void (*SuiteFunc) (Suite *suite);

void          suite_add_all        (const Medium *medium);

/* --- For the tests --- */

void          suite_add            (const Medium *medium,
                                    const char   *path,
                                    SuiteFunc     func);
void          suite_add_promises   (const Medium *medium);
void          suite_add_contents   (const Medium *medium);
void          suite_add_schema     (const Medium *medium);
void          suite_add_discard    (const Medium *medium);
void          suite_add_several    (const Medium *medium);
void          suite_add_status     (const Medium *medium);

TstPersister *suite_persister      (Suite        *suite,
                                    TstStore     *store);
void          suite_write          (Suite        *suite,
                                    const char   *text);
gboolean      suite_has            (Suite        *suite,
                                    const char   *text);
void          suite_assert         (Suite        *suite,
                                    const char   *text);

/* Closes a persister, and makes sure that nothing holds it. */
void          close_persister      (TstPersister *persister);
/* The same for one that must not save. */
void          drop_persister       (TstPersister *persister);

G_END_DECLS
