/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-file-medium-private.h"

#include "tst-file-journal-private.h"
#include "tst-text-private.h"

/* Who only reads the file does not see what is in the journal. So it is folded when it
 * has been quiet for a while: the longer the more there is to write. */
#define FOLD_MIN_MS 1000
#define FOLD_MS_FOR_MIB 1000

static void
ask_for_fold (TstRequest                *request,
              const TstJournaledVersion *version)
{
  switch (version->state)
    {
    case TST_JOURNALED_NOT_AT_ALL:
      break;
    case TST_JOURNALED_WELL:
      tst_request_want_fold (request, MAX ((gint) (version->size * FOLD_MS_FOR_MIB >> 20),
                                         FOLD_MIN_MS));
      break;
    case TST_JOURNALED_IN_DOUBT:
      tst_request_want_fold (request, 0);
      break;
    default:
      g_assert_not_reached ();
    }
}

/* --- Reading --- */

/* What is there without the entries; NULL with an error: it is not content of a store. */
static TstEngine *
begin_with (TstRequest           *request,
            TstJournaledVersion  *version,
            gboolean             *has_values,
            GError              **error)
{
  gsize length;
  const char *text;

  if (version->content == NULL)
    {
      *has_values = TRUE;
      return tst_engine_new_for_snapshot (tst_request_get_base (request));
    }

  text = g_bytes_get_data (version->content, &length);

  return tst_text_read_content (text, length, has_values, error);
}

static void
answer_with_entries (TstRequest          *request,
                     TstJournaledVersion *version)
{
  g_autoptr(TstSnapshot) content = NULL;
  gboolean has_values = FALSE;
  GError *error = NULL;
  TstEngine *engine = begin_with (request, version, &has_values, &error);

  if (engine != NULL && version->replaced)
    content = tst_file_journal_merge (engine, version->entries, &error);
  else if (engine != NULL)
    content = tst_file_journal_replay (engine, version->entries, &error);

  if (content != NULL)
    tst_request_return_snapshot (request, content, has_values, version->tag);
  else
    tst_request_take_malformed (request, version->tag, error);
}

static void
answer_with_version (TstRequest          *request,
                     TstJournaledVersion *version)
{
  if (version->damage != NULL)
    tst_request_take_malformed (request, version->tag, g_steal_pointer (&version->damage));
  else if (version->content != NULL &&
           (version->entries->len == 0 || g_bytes_get_size (version->content) == 0))
    tst_request_return_text (request, version->content, version->tag);
  else
    answer_with_entries (request, version);
}

static void
answer_read (TstJournaledFile *file,
             TstRequest       *request)
{
  g_auto(TstJournaledVersion) version = TST_JOURNALED_VERSION_INIT;
  const char *known_tag = NULL;
  GError *error = NULL;

  if (tst_request_get_base (request) != NULL)
    known_tag = tst_request_get_base_tag (request);

  switch (tst_journaled_file_read (file, known_tag, tst_request_get_cancellable (request),
                                   &version, &error))
    {
    case TST_FILE_READ_FAILED:
      tst_request_take_error (request, error);
      break;
    case TST_FILE_READ_NOTHING:
      tst_request_return_nothing (request);
      break;
    case TST_FILE_READ_UNCHANGED:
      ask_for_fold (request, &version);
      tst_request_return_unchanged (request);
      break;
    case TST_FILE_READ_CONTENT:
      ask_for_fold (request, &version);
      answer_with_version (request, &version);
      break;
    default:
      g_assert_not_reached ();
    }
}

/* --- Writing --- */

static void
answer_written (TstRequest         *request,
                TstFileWriteResult  result,
                const char         *tag,
                GError             *error)
{
  switch (result)
    {
    case TST_FILE_WRITE_FAILED:
      tst_request_take_error (request, error);
      break;
    case TST_FILE_WRITE_CONFLICT:
      tst_request_return_conflict (request);
      break;
    case TST_FILE_WRITE_DONE:
      tst_request_return_saved (request, tag);
      break;
    default:
      g_assert_not_reached ();
    }
}

static GBytes *
make_entry (TstJournaledFile *file,
            TstRequest       *request)
{
  TstSnapshot *base = tst_request_get_base (request);
  gsize room;

  if (base == NULL || tst_request_is_whole (request) || tst_request_keeps_original (request))
    return NULL;

  room = tst_journaled_file_get_room (file, tst_request_get_base_tag (request));

  return tst_file_journal_make_entry (base, tst_request_get_snapshot (request), room);
}

/* Returns FALSE if the file has to be written whole. */
static gboolean
answer_append (TstJournaledFile *file,
               TstRequest       *request)
{
  g_autoptr(GBytes) entry = make_entry (file, request);
  g_auto(TstJournaledVersion) version = TST_JOURNALED_VERSION_INIT;
  GError *error = NULL;
  TstFileWriteResult result;

  if (entry == NULL)
    return FALSE;

  result = tst_journaled_file_append (file, tst_request_get_base_tag (request), entry,
                                      tst_request_get_cancellable (request), &version, &error);
  if (result == TST_FILE_WRITE_DONE && version.tag == NULL)
    return FALSE;

  if (result == TST_FILE_WRITE_DONE)
    ask_for_fold (request, &version);
  answer_written (request, result, version.tag, error);

  return TRUE;
}

static void
write_draft_cb (const char *text,
                gsize       length,
                gpointer    user_data)
{
  tst_file_draft_write (user_data, text, length);
}

/* While a large text is being made, and digested, the disk is at work on what there is of
 * it already; unless the file holds just that. */
static GBytes *
make_text (TstJournaledFile  *file,
           TstRequest        *request,
           TstFileDraft     **draft)
{
  TstSnapshot *base = tst_request_get_base (request);
  gboolean is_new = base != NULL && !tst_snapshot_equal (base, tst_request_get_snapshot (request));
  GBytes *text;

  *draft = tst_journaled_file_begin_draft (file, tst_request_get_base_tag (request), is_new,
                                           tst_request_get_cancellable (request));

  text = tst_request_make_text (request, *draft != NULL ? write_draft_cb : NULL, *draft);
  if (*draft != NULL)
    tst_file_draft_write (*draft, g_bytes_get_data (text, NULL), g_bytes_get_size (text));

  return text;
}

static void
answer_write (TstJournaledFile *file,
              TstRequest       *request)
{
  g_autoptr(TstFileDraft) draft = NULL;
  g_autoptr(GBytes) text = NULL;
  GError *error = NULL;
  TstFileWriteResult result;
  TstFileChange change;

  if (answer_append (file, request))
    return;

  text = make_text (file, request, &draft);

  change.base_tag = tst_request_get_base_tag (request);
  change.keep_original = tst_request_keeps_original (request);
  change.content = text;
  change.tag = tst_request_get_text_tag (request);
  change.draft = draft;
  result = tst_journaled_file_write (file, &change, tst_request_get_cancellable (request), &error);

  /* Who waits for the answer may be about to exit. */
  g_clear_pointer (&draft, tst_file_draft_free);
  answer_written (request, result, change.tag, error);
}

void
tst_file_medium_perform (TstRequest *request,
                         gpointer    data)
{
  if (tst_request_is_write (request))
    answer_write (data, request);
  else
    answer_read (data, request);
}
