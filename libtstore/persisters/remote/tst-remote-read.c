/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-remote-private.h"

#include <glib/gi18n-lib.h>

#include "tst-call-private.h"
#include "tst-http-headers-private.h"

typedef struct
{
  TstRemote    *remote;
  TstRequest   *request;
  GCancellable *cancellable;
  gboolean      was_seen;
} Read;

static void
read_end (Read *read)
{
  if (read->remote->reading == read->cancellable)
    g_clear_object (&read->remote->reading);

  tst_remote_end (read->remote);
  tst_remote_unref (read->remote);
  g_object_unref (read->request);
  g_object_unref (read->cancellable);
  g_free (read);
}

static void
answer_nothing (Read *read)
{
  g_autofree char *shown = NULL;

  if (!read->was_seen)
    {
      tst_request_return_nothing (read->request);
      return;
    }

  /* More likely a mistake of the server, or of the address, than what somebody wants. */
  read->remote->failing = TRUE;
  shown = tst_http_show_uri (read->remote->load_uri);
  tst_request_take_error (read->request,
                          g_error_new (G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                                       _("%s: the server has nothing there any more"), shown));
}

static void
fetched_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  Read *read = user_data;
  g_autoptr(GBytes) text = NULL;
  g_autofree char *digest = NULL;
  GError *error = NULL;

  switch (tst_remote_fetch_finish (result, &text, &digest, &error))
    {
    case TST_FETCHED_SAME:
      tst_request_return_unchanged (read->request);
      break;
    case TST_FETCHED_OTHER:
      tst_request_return_text (read->request, text, digest);
      break;
    case TST_FETCHED_NOTHING:
      answer_nothing (read);
      break;
    case TST_FETCHED_ERROR:
    default:
      tst_request_take_error (read->request, error);
      break;
    }

  read_end (read);
}

void
tst_remote_read (TstRemote  *remote,
                 TstRequest *request,
                 gboolean    was_seen)
{
  Read *read = g_new0 (Read, 1);

  read->remote = tst_remote_ref (remote);
  read->request = g_object_ref (request);
  read->cancellable = g_object_ref (tst_request_get_cancellable (request));
  read->was_seen = was_seen;
  g_set_object (&remote->reading, read->cancellable);
  tst_remote_begin (remote);

  tst_remote_fetch_async (remote, tst_request_get_base_tag (request), read->cancellable,
                          fetched_cb, read);
}
