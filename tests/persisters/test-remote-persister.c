/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "http-medium.h"

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  suite_add_all (&http_medium);
  suite_add_all (&http_no_tags_medium);
  suite_add_all (&http_polled_medium);
  suite_add_all (&http_weak_medium);
  suite_add_all (&http_no_conditions_medium);
  suite_add_all (&http_no_tag_on_save_medium);
  suite_add_all (&http_post_medium);

  return g_test_run ();
}
