/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-file-journal-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "tst-conflict-private.h"
#include "tst-error.h"
#include "tst-merge-private.h"
#include "tst-text-private.h"

/* The length of the first text, and what stands around the two. */
#define OVERHEAD 32

/* Of the number. */
#define MAX_DIGITS 10

GBytes *
tst_file_journal_make_entry (TstSnapshot *before,
                             TstSnapshot *after,
                             gsize        max_length)
{
  g_autoptr(GBytes) was = NULL;
  g_autoptr(GBytes) is = NULL;
  GString *entry;

  if (max_length < OVERHEAD ||
      !tst_text_write_difference (before, after, max_length - OVERHEAD, &was, &is))
    return NULL;

  entry = g_string_sized_new (g_bytes_get_size (was) + g_bytes_get_size (is) + OVERHEAD);
  g_string_append_printf (entry, "[%" G_GSIZE_FORMAT ",", g_bytes_get_size (was));
  g_string_append_len (entry, g_bytes_get_data (was, NULL), (gssize) g_bytes_get_size (was));
  g_string_append_c (entry, ',');
  g_string_append_len (entry, g_bytes_get_data (is, NULL), (gssize) g_bytes_get_size (is));
  g_string_append_c (entry, ']');

  return g_string_free_to_bytes (entry);
}

/* --- Reading --- */

typedef struct
{
  TstSnapshot *was;
  TstSnapshot *is;
} Entry;

static void
entry_clear (Entry *entry)
{
  g_clear_pointer (&entry->was, tst_snapshot_unref);
  g_clear_pointer (&entry->is, tst_snapshot_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Entry, entry_clear)

static TstSnapshot *
read_part (const char  *text,
           gsize        length,
           GError     **error)
{
  gboolean has_values;
  g_autoptr(TstEngine) engine = tst_text_read_content (text, length, &has_values, error);

  return engine != NULL ? tst_engine_snapshot (engine) : NULL;
}

/* Finds the two texts. */
static gboolean
split (const char  *text,
       gsize        length,
       const char **was,
       gsize       *was_length,
       const char **is,
       gsize       *is_length)
{
  const char *end = text + length;
  guint64 number = 0;
  gsize n_digits = 0;

  if (length < 2 || text[0] != '[' || end[-1] != ']')
    return FALSE;

  for (text++; n_digits < MAX_DIGITS && g_ascii_isdigit (*text); n_digits++)
    number = number * 10 + (guint64) (*text++ - '0');

  if (n_digits == 0 || *text++ != ',' || number + 1 >= (guint64) (end - text) ||
      text[number] != ',')
    return FALSE;

  *was = text;
  *was_length = (gsize) number;
  *is = text + number + 1;
  *is_length = (gsize) (end - 1 - *is);

  return TRUE;
}

static gboolean
read_entry (Entry      *entry,
            GPtrArray  *entries,
            guint       i,
            GError    **error)
{
  gsize length, was_length, is_length;
  const char *text = g_bytes_get_data (g_ptr_array_index (entries, i), &length);
  const char *was, *is;

  if (split (text, length, &was, &was_length, &is, &is_length))
    {
      entry->was = read_part (was, was_length, error);
      if (entry->was != NULL)
        entry->is = read_part (is, is_length, error);
    }
  else
    {
      g_set_error_literal (error, TST_ERROR, TST_ERROR_FORMAT,
                           _("This is not what a save has changed"));
    }

  if (entry->is == NULL)
    /* translators: the number of the entry */
    g_prefix_error (error, _("In entry %u of the journal: "), i + 1);

  return entry->is != NULL;
}

TstSnapshot *
tst_file_journal_replay (TstEngine  *content,
                         GPtrArray  *entries,
                         GError    **error)
{
  g_autoptr(TstEngine) engine = content;

  for (guint i = 0; i < entries->len; i++)
    {
      g_auto(Entry) entry = { NULL, NULL };

      if (!read_entry (&entry, entries, i, error))
        return NULL;
      tst_engine_patch (engine, entry.was, entry.is);
    }

  return tst_engine_finish (g_steal_pointer (&engine));
}

/* --- Merging --- */

/* Whether it is an id as the pool gives them. */
static gboolean
is_number (const TstId *id)
{
  if (id->length > MAX_DIGITS || (id->text[0] == '0' && id->length > 1))
    return FALSE;

  for (gsize i = 0; i < id->length; i++)
    if (!g_ascii_isdigit (id->text[i]))
      return FALSE;

  return id->length > 0;
}

/* Rows that were added under a number are not those that somebody else has added under
 * it. That an app has chosen the number itself is not noted anywhere: then two rows come
 * of it where it might have been one. */
static void
mark_added_rows (TstEngine   *engine,
                 TstSnapshot *was)
{
  g_autoptr(TstSnapshot) is = tst_engine_snapshot (engine);
  const TstTableData *data;
  guint table_position = 0;

  while (tst_snapshot_next_table (is, &table_position, &data))
    {
      TstId *id = tst_table_data_get_id (data);
      TstTable *table = tst_engine_ensure_table (engine, id->text, id->length, NULL);
      const TstTableData *old = tst_snapshot_find_table (was, id->text);
      guint position = 0;
      TstRowView row, old_row;

      while (tst_table_data_next_row (data, &position, &row))
        if (is_number (row.id) &&
            (old == NULL || !tst_table_data_find_row (old, row.id, &old_row)))
          tst_engine_set_pooled (engine, table,
                                 tst_engine_ensure_row (engine, table, row.id->text,
                                                        row.id->length, NULL),
                                 TRUE);
    }
}

/* All that was touched, as it was before the first entry and as it is after the last. */
static gboolean
sum_up (GPtrArray    *entries,
        TstSnapshot **was,
        TstSnapshot **is,
        GError      **error)
{
  g_autoptr(TstEngine) was_engine = tst_engine_new ();
  g_autoptr(TstEngine) is_engine = tst_engine_new ();

  for (guint i = 0; i < entries->len; i++)
    {
      g_auto(Entry) entry = { NULL, NULL };
      g_auto(Entry) undone = { NULL, NULL };

      if (!read_entry (&entry, entries, i, error) ||
          !read_entry (&undone, entries, entries->len - 1 - i, error))
        return FALSE;
      tst_engine_patch (is_engine, entry.was, entry.is);
      tst_engine_patch (was_engine, undone.is, undone.was);
    }

  *was = tst_engine_snapshot (was_engine);
  mark_added_rows (is_engine, *was);
  *is = tst_engine_snapshot (is_engine);

  return TRUE;
}

TstSnapshot *
tst_file_journal_merge (TstEngine  *content,
                        GPtrArray  *entries,
                        GError    **error)
{
  g_autoptr(TstEngine) engine = content;
  g_autoptr(TstSnapshot) theirs = tst_engine_snapshot (engine);
  g_autoptr(TstSnapshot) was = NULL;
  g_autoptr(TstSnapshot) is = NULL;
  g_autoptr(TstConflict) conflict = tst_conflict_new ();
  TstMergeBase base = { NULL, 0, TRUE };

  if (!sum_up (entries, &was, &is, error))
    return NULL;

  base.snapshot = was;

  return tst_merge (&base, is, theirs, conflict);
}
