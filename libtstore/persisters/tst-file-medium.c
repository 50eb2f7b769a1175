/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-file-medium-private.h"

static void
answer_read (TstSharedFile *file,
             TstRequest    *request)
{
  g_autoptr(GBytes) content = NULL;
  g_autofree char *tag = NULL;
  GError *error = NULL;

  switch (tst_shared_file_read (file, tst_request_get_base_tag (request),
                                tst_request_get_cancellable (request), &content, &tag, &error))
    {
    case TST_FILE_READ_FAILED:
      tst_request_take_error (request, error);
      break;
    case TST_FILE_READ_NOTHING:
      tst_request_return_nothing (request);
      break;
    case TST_FILE_READ_UNCHANGED:
      tst_request_return_unchanged (request);
      break;
    case TST_FILE_READ_CONTENT:
      tst_request_return_text (request, content, tag);
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
answer_write (TstSharedFile *file,
              TstRequest    *request)
{
  GError *error = NULL;
  g_autoptr(GBytes) text = tst_request_get_text (request, &error);
  TstFileChange change;

  if (text == NULL)
    {
      tst_request_take_error (request, error);
      return;
    }

  change.base_tag = tst_request_get_base_tag (request);
  change.keep_original = tst_request_keeps_original (request);
  change.content = text;
  change.tag = tst_request_get_text_tag (request);

  switch (tst_shared_file_write (file, &change, tst_request_get_cancellable (request), &error))
    {
    case TST_FILE_WRITE_FAILED:
      tst_request_take_error (request, error);
      break;
    case TST_FILE_WRITE_CONFLICT:
      tst_request_return_conflict (request);
      break;
    case TST_FILE_WRITE_DONE:
      tst_request_return_saved (request, change.tag);
      break;
    default:
      g_assert_not_reached ();
    }
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
