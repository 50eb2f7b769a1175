/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* How often to do something that is done @normal times in a plain run: ten times as
 * often with TST_TEST_SOAK set, in either case a tenth of that under a sanitizer, and
 * a few times with TST_TEST_FEW set (valgrind), whatever else is. */
guint     test_scale          (guint               normal);

/* TRUE where each instruction costs ten times as much, or more. */
gboolean  test_is_slow        (void);

/* The seed of TST_TEST_SEED, else a new one; printed either way. */
guint32   test_seed           (void);

/* Fails unless @actual, which is freed, is exactly the strings that follow up
 * to a NULL. */
void      test_assert_ids     (char              **actual,
                               ...) G_GNUC_NULL_TERMINATED;

/* Bytes that the process has allocated and not freed; 0 if unknown here. */
gsize     test_allocated      (void);

G_END_DECLS
