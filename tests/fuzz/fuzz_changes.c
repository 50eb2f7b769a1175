/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Any bytes: the JSON text of changes, or it is refused. What was read is the
 * same after a way through text, and through a variant; and a store that it was
 * made to is not changed by it any more. */

#include "fuzz.h"

#include <libtstore/tstore.h>
#include <string.h>

#include "tst-json-content-private.h"

#define CONTENT "[{\"t\":{\"r\":{\"c\":1,\"d\":\"x\"},\"s\":{\"c\":null}},\"u\":{\"r\":{\"c\":[]}}},{\"v\":1}]"

static void
check_text (TstChanges *changes)
{
  g_autofree char *json = tst_changes_to_json (changes);
  g_autoptr(GError) error = NULL;
  g_autoptr(TstChanges) again = tst_changes_new_from_json (json, &error);

  g_assert_no_error (error);
  g_assert_true (tst_changes_equal (changes, again));
}

static void
check_variant (TstChanges *changes)
{
  g_autoptr(GVariant) variant = tst_changes_to_variant (changes);
  g_autoptr(GError) error = NULL;
  g_autoptr(TstChanges) again = tst_changes_new_from_variant (variant, &error);

  g_assert_no_error (error);
  g_assert_true (tst_changes_equal (changes, again));
}

static void
check_store (TstChanges *changes)
{
  g_autoptr(TstStore) store = tst_store_new ();
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *again = NULL;
  g_autofree char *undone = NULL;

  g_assert_true (tst_store_set_json (store, CONTENT, NULL));
  before = tst_store_get_json (store);

  tst_store_begin (store);
  g_assert_true (tst_store_apply_changes (store, changes, NULL));
  after = tst_store_get_json (store);
  g_assert_true (tst_store_apply_changes (store, changes, NULL));
  again = tst_store_get_json (store);
  g_assert_cmpstr (after, ==, again);
  tst_store_rollback (store);

  undone = tst_store_get_json (store);
  g_assert_cmpstr (undone, ==, before);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TstChanges) changes = tst_json_read_changes ((const char *) data, size, &error);

  if (changes == NULL)
    {
      g_assert_true (error != NULL && error->domain == TST_ERROR);
      return 0;
    }

  g_assert_no_error (error);
  check_text (changes);
  check_variant (changes);
  check_store (changes);

  return 0;
}
