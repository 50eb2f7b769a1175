/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <libtstore/tstore.h>

int
main (void)
{
  g_autoptr(TstStore) store = tst_store_new ();
  g_autofree char *json = NULL;

  /* Not libtstore's own, which is in the folders of its headers. */
  g_assert_cmpstr (PACKAGE_VERSION, ==, "2.0");

  tst_store_set_cell_string (store, "pets", "fido", "species", "dog", NULL);
  json = tst_store_get_json (store);
  g_assert_cmpstr (json, ==, "[{\"pets\":{\"fido\":{\"species\":\"dog\"}}},{}]");

  return 0;
}
