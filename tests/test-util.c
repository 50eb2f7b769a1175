/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "test-util.h"

#include <malloc.h>

#ifndef __has_feature
# define __has_feature(feature) 0
#endif

#if defined (__SANITIZE_ADDRESS__) || __has_feature (address_sanitizer)
# define UNDER_SANITIZER TRUE
#else
# define UNDER_SANITIZER FALSE
#endif

gboolean
test_is_slow (void)
{
  return UNDER_SANITIZER || g_getenv ("TST_TEST_FEW") != NULL;
}

guint
test_scale (guint normal)
{
  if (g_getenv ("TST_TEST_FEW") != NULL)
    return MAX (normal / 200, 1);
  if (g_getenv ("TST_TEST_SOAK") != NULL)
    normal *= 10;
  if (UNDER_SANITIZER)
    normal /= 10;

  return MAX (normal, 1);
}

guint32
test_seed (void)
{
  const char *text = g_getenv ("TST_TEST_SEED");
  guint32 seed = text != NULL ? (guint32) g_ascii_strtoull (text, NULL, 0) : g_random_int ();

  g_test_message ("TST_TEST_SEED=%u", seed);

  return seed;
}

void
test_assert_ids (char **actual,
                 ...)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) expected = NULL;
  const char *id;
  va_list args;

  va_start (args, actual);
  while ((id = va_arg (args, const char *)) != NULL)
    g_strv_builder_add (builder, id);
  va_end (args);

  expected = g_strv_builder_end (builder);
  g_assert_cmpstrv (actual, expected);
  g_strfreev (actual);
}

gsize
test_allocated (void)
{
#if defined (__GLIBC__) && __GLIBC_PREREQ (2, 33)
  struct mallinfo2 info;

  if (test_is_slow ())
    return 0;

  info = mallinfo2 ();
  return info.uordblks + info.hblkhd;
#else
  return 0;
#endif
}
