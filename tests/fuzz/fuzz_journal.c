/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Any bytes: as a journal, and each line of them as an entry of one, or what a line has
 * between its sum and its end. What is understood leads from content to content, in both
 * ways in which entries are done. */

#include "fuzz.h"

#include <string.h>

#include "tst-error.h"
#include "tst-file-journal-private.h"
#include "tst-journal-private.h"
#include "tst-text-private.h"

#define CONTENT "[{\"t\":{\"a\":{\"x\":1,\"y\":\"two\"},\"0\":{\"x\":3}}},{\"v\":true}]"

/* What stands before the entry in a line. */
#define START_LENGTH (strlen ("{\"sum\":\"\",\"save\":") + TST_JOURNAL_DIGEST_LENGTH)

static TstEngine *
new_content (void)
{
  gboolean has_values;

  return tst_text_read_content (CONTENT, strlen (CONTENT), &has_values, NULL);
}

static void
check_content (TstSnapshot  *content,
               const GError *error)
{
  g_autoptr(GBytes) text = NULL;
  g_autoptr(TstEngine) engine = NULL;
  g_autoptr(TstSnapshot) again = NULL;
  gboolean has_values;

  g_assert_true ((content == NULL) == (error != NULL));
  if (content == NULL)
    {
      g_assert_true (error->domain == TST_ERROR);
      return;
    }

  text = tst_text_write_content (content);
  engine = tst_text_read_content (g_bytes_get_data (text, NULL), g_bytes_get_size (text),
                                  &has_values, NULL);
  g_assert_nonnull (engine);
  again = tst_engine_snapshot (engine);
  g_assert_true (tst_snapshot_equal (content, again));
}

static void
check_entries (GPtrArray *entries)
{
  g_autoptr(GError) replay_error = NULL;
  g_autoptr(GError) merge_error = NULL;
  g_autoptr(TstSnapshot) replayed = tst_file_journal_replay (new_content (), entries,
                                                             &replay_error);
  g_autoptr(TstSnapshot) merged = tst_file_journal_merge (new_content (), entries, &merge_error);

  g_assert_true ((replayed == NULL) == (merged == NULL));
  check_content (replayed, replay_error);
  check_content (merged, merge_error);
}

static void
check_journal (GBytes *bytes)
{
  g_autoptr(TstJournal) journal = tst_journal_new_for_content (bytes);
  gsize size = g_bytes_get_size (bytes);
  const char *start = g_bytes_get_data (bytes, NULL);

  g_assert_cmpuint (journal->end.size, ==, size);
  g_assert_cmpuint (journal->end.length, <=, size);
  g_assert_true (journal->damage == NULL || journal->damage->domain == TST_ERROR);
  for (guint i = 0; i < journal->lines->len; i++)
    {
      const TstJournalLine *line = &g_array_index (journal->lines, TstJournalLine, i);

      g_assert_true (line->text >= start && line->text + line->length < start + journal->end.length);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(GBytes) bytes = g_bytes_new (data, size);
  g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  const char *p = g_bytes_get_data (bytes, NULL);
  const char *end = size > 0 ? p + size : p; /* NULL without any */

  check_journal (bytes);

  while (p < end)
    {
      const char *line_end = memchr (p, '\n', (gsize) (end - p));
      gsize length = (gsize) ((line_end != NULL ? line_end : end) - p);
      const char *entry = p;

      if (length > START_LENGTH && p[0] == '{')
        {
          entry += START_LENGTH;
          length -= START_LENGTH + 1;
        }
      else if (p[0] == '{')
        {
          length = 0;
        }

      if (length > 0)
        g_ptr_array_add (entries, g_bytes_new (entry, length));
      p = line_end != NULL ? line_end + 1 : end;
    }

  check_entries (entries);

  return 0;
}
