/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "listener-fixture.h"

void
fixture_set_up (Fixture       *fixture,
                gconstpointer  user_data)
{
  fixture->store = tst_store_new ();
  fixture->heard = g_string_new (NULL);
}

void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  user_data)
{
  if (fixture->store != NULL)
    g_assert_finalize_object (fixture->store);
  g_string_free (fixture->heard, TRUE);
}

void
set_number (Fixture    *fixture,
            const char *table_id,
            const char *row_id,
            const char *cell_id,
            double      number)
{
  g_assert_true (tst_store_set_cell_number (fixture->store, table_id, row_id, cell_id, number,
                                            NULL));
}

void
assert_heard (Fixture    *fixture,
              const char *expected)
{
  g_assert_cmpstr (fixture->heard->str, ==, expected);
  g_string_truncate (fixture->heard, 0);
}

void
append_ids (GString            *heard,
            char                sign,
            const char * const *ids)
{
  for (; *ids != NULL; ids++)
    g_string_append_printf (heard, "%c%s", sign, *ids);
}
