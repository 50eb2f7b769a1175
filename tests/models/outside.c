/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "outside.h"

#include "tst-store-private.h"

void
apply_json (TstStore   *store,
            const char *changes)
{
  g_autoptr(GError) error = NULL;

  tst_store_apply_changes_json (store, changes, &error);
  g_assert_no_error (error);
}

void
outside_applies (TstStore   *store,
                 const char *changes)
{
  static const char outside = 'o';

  tst_store_push_origin (store, &outside);
  apply_json (store, changes);
  tst_store_pop_origin (store);
}

void
assert_json (TstStore   *store,
             const char *json)
{
  g_autofree char *actual = tst_store_get_json (store);

  g_assert_cmpstr (actual, ==, json);
}
