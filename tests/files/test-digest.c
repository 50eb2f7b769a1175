/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "tst-digest-private.h"

#include "test-util.h"

static void
check (const char *text,
       gsize       length)
{
  g_autoptr(GBytes) content = g_bytes_new (text, length);
  g_autofree char *digest = tst_digest (content);
  g_autofree char *expected = g_compute_checksum_for_data (G_CHECKSUM_SHA256,
                                                           (const guchar *) text, length);

  g_assert_cmpstr (digest, ==, expected);
}

static void
test_known (void)
{
  g_autoptr(GBytes) content = g_bytes_new_static ("abc", 3);
  g_autofree char *digest = tst_digest (content);

  g_test_summary ("It is SHA-256, in lower case");

  g_assert_cmpstr (digest, ==,
                   "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void
test_lengths (void)
{
  char text[300];

  g_test_summary ("It is GLib's for each length, whatever is left of the last block");

  for (gsize i = 0; i < sizeof text; i++)
    text[i] = (char) g_test_rand_int ();
  for (gsize length = 0; length <= sizeof text; length++)
    check (text, length);
}

static void
test_large (void)
{
  const gsize length = (1 << 20) + 3;
  g_autofree char *text = g_malloc (length);

  g_test_summary ("It is GLib's for many blocks, wherever they lie");

  for (gsize i = 0; i < length; i++)
    text[i] = (char) g_test_rand_int ();
  check (text, length);
  check (text + 1, length - 1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/digest/known", test_known);
  g_test_add_func ("/digest/lengths", test_lengths);
  g_test_add_func ("/digest/large", test_large);

  return g_test_run ();
}
