/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Any bytes: they are refused with an error that says where, or they are
 * content, and then what is written of it reads back as the same content and
 * is written as the same text. */

#include "fuzz.h"

#include "tst-error.h"
#include "tst-text-private.h"

static GBytes *
write_snapshot (TstEngine    *engine,
                TstSnapshot **snapshot)
{
  *snapshot = tst_engine_snapshot (engine);

  return tst_text_write_content (*snapshot);
}

static void
check_again (TstSnapshot *content,
             GBytes      *text)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TstEngine) engine = NULL;
  g_autoptr(TstSnapshot) again = NULL;
  g_autoptr(GBytes) written = NULL;
  gsize length;
  const char *data = g_bytes_get_data (text, &length);
  gboolean has_values;

  g_assert_true (g_utf8_validate (data, (gssize) length, NULL));

  engine = tst_text_read_content (data, length, &has_values, &error);
  g_assert_no_error (error);
  g_assert_true (has_values);

  written = write_snapshot (engine, &again);
  g_assert_true (g_bytes_equal (written, text));
  g_assert_true (tst_snapshot_equal (content, again));
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TstEngine) engine = NULL;
  g_autoptr(TstSnapshot) content = NULL;
  g_autoptr(GBytes) text = NULL;

  engine = tst_text_read_content ((const char *) data, size, NULL, &error);
  if (engine == NULL)
    {
      g_assert_true (error != NULL && error->domain == TST_ERROR);
      g_assert_nonnull (strstr (error->message, ": line "));
      return 0;
    }

  g_assert_no_error (error);
  text = write_snapshot (engine, &content);
  check_again (content, text);

  return 0;
}
