/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <libtstore/tstore.h>

G_BEGIN_DECLS

/* A naive list that knows the table “pets” from what the model tells, and nothing
 * else: each change is applied exactly where the model says it was. */
typedef struct
{
  TstStore      *store;
  TstTableModel *model;      /* (nullable) */
  GPtrArray     *ids;        /* of char *: what the model told so far */
  GString       *log;        /* "position-removed+added " */
  guint          n_notified; /* of the number of items */
} ModelFixture;

/* @user_data: the number of rows, whose ids are from "0" on, as a pointer */
void  model_fixture_set_up        (ModelFixture  *fixture,
                                   gconstpointer  user_data);
void  model_fixture_tear_down     (ModelFixture  *fixture,
                                   gconstpointer  user_data);

/* Forgets what was told, and watches @model, of which it takes over a reference. */
void  model_fixture_watch         (ModelFixture  *fixture,
                                   TstTableModel *model);
void  model_fixture_unwatch       (ModelFixture  *fixture);

void  model_fixture_add           (ModelFixture  *fixture,
                                   const char    *row_id);
/* Sets the cell “price”. */
void  model_fixture_set_price     (ModelFixture  *fixture,
                                   const char    *row_id,
                                   double         price);

char *model_fixture_dup_id        (ModelFixture  *fixture,
                                   guint          position);
/* The model, what it told and the table are the same list. */
void  model_fixture_assert_agree  (ModelFixture  *fixture);
/* And told just this since the last time. */
void  model_fixture_assert_told   (ModelFixture  *fixture,
                                   const char    *log);
/* The same where the rows are not all rows in the order of the table.
 * @ids: with a space behind each */
void  model_fixture_assert_ids    (ModelFixture  *fixture,
                                   const char    *log,
                                   const char    *ids);

G_END_DECLS
