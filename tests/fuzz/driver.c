/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Runs a fuzz target over a folder of samples, as a plain test: what once
 * failed stays there, and must not fail again. */

#include "fuzz.h"

#include <string.h>

static void
run_sample (gconstpointer data)
{
  const char *path = data;
  g_autoptr(GError) error = NULL;
  g_autofree char *content = NULL;
  g_autofree guint8 *exact = NULL;
  gsize length;

  g_file_get_contents (path, &content, &length, &error);
  g_assert_no_error (error);

  /* Memory checkers see what is read behind the end, but there is a NUL in
   * what GLib allocates. */
  exact = g_memdup2 (content, length);
  g_assert_cmpint (LLVMFuzzerTestOneInput (exact, length), ==, 0);
}

static guint
add_samples (const char *folder)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GDir) dir = g_dir_open (folder, 0, &error);
  const char *name;
  guint n = 0;

  g_assert_no_error (error);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_strconcat ("/samples/", name, NULL);

      g_test_add_data_func_full (path, g_build_filename (folder, name, NULL), run_sample, g_free);
      n++;
    }

  return n;
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  if (argc != 2)
    g_error ("Usage: %s FOLDER", argv[0]);

  g_assert_cmpuint (add_samples (argv[1]), >, 0);

  return g_test_run ();
}
