/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What version the headers are of, and the domain of the library's errors. */

#include <libtstore/tstore.h>

static void
test_version (void)
{
  g_autofree char *text = g_strdup_printf ("%d.%d.%d", TST_MAJOR_VERSION, TST_MINOR_VERSION,
                                           TST_MICRO_VERSION);

  g_assert_cmpstr (text, ==, TST_VERSION_S);
}

static void
test_error_quark (void)
{
  g_autoptr(TstStore) store = tst_store_new ();
  g_autoptr(GError) error = NULL;

  g_assert_cmpstr (g_quark_to_string (tst_error_quark ()), ==, "tst-error-quark");
  g_assert_false (tst_store_set_json (store, "5", &error));
  g_assert_error (error, tst_error_quark (), TST_ERROR_FORMAT);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/version", test_version);
  g_test_add_func ("/error/quark", test_error_quark);

  return g_test_run ();
}
