/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "known.h"

#define SECOND G_GINT64_CONSTANT (1000000)

static const DemoStamp stamp = { 1, 2, 3, 100 * SECOND * 1000, 100 * SECOND * 1000 };

static void
test_known_remembered (void)
{
  DemoKnown *known = demo_known_new ();
  DemoStamp other = stamp;

  g_test_summary ("What was read is known, for as long as the file is the same");

  demo_known_remember (known, "a.json", &stamp, 101 * SECOND, "digest");
  g_assert_cmpstr (demo_known_find (known, "a.json", &stamp), ==, "digest");
  g_assert_null (demo_known_find (known, "b.json", &stamp));

  other.changed++;
  g_assert_null (demo_known_find (known, "a.json", &other));

  demo_known_forget (known, "a.json");
  g_assert_null (demo_known_find (known, "a.json", &stamp));

  demo_known_free (known);
}

static void
test_known_too_young (void)
{
  DemoKnown *known = demo_known_new ();

  g_test_summary ("A file that may change again without another time is not known");

  demo_known_remember (known, "a.json", &stamp, 100 * SECOND + SECOND / 100, "digest");
  g_assert_null (demo_known_find (known, "a.json", &stamp));

  /* The clock was set back. */
  demo_known_remember (known, "a.json", &stamp, 50 * SECOND, "digest");
  g_assert_null (demo_known_find (known, "a.json", &stamp));

  demo_known_free (known);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/known/remembered", test_known_remembered);
  g_test_add_func ("/known/too-young", test_known_too_young);

  return g_test_run ();
}
