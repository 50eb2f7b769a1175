/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <libtstore/tstore.h>

G_BEGIN_DECLS

/* What the tests of signals and listeners have in common: a store, and what was
 * heard of it, as text. */

typedef struct
{
  TstStore *store;
  GString  *heard;
  gulong    handles[4];
  guint     n_destroyed;
  guint     n_calls;
} Fixture;

void fixture_set_up    (Fixture            *fixture,
                        gconstpointer       user_data);
/* Nobody else may hold the store, if it is still there. */
void fixture_tear_down (Fixture            *fixture,
                        gconstpointer       user_data);

void set_number        (Fixture            *fixture,
                        const char         *table_id,
                        const char         *row_id,
                        const char         *cell_id,
                        double              number);

/* Begins anew. */
void assert_heard      (Fixture            *fixture,
                        const char         *expected);
void append_ids        (GString            *heard,
                        char                sign,
                        const char * const *ids);

G_END_DECLS
