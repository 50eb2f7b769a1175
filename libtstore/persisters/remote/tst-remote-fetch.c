/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-remote-private.h"

#include "tst-call-private.h"
#include "tst-digest-private.h"
#include "tst-http-headers-private.h"

typedef struct
{
  TstRemote  *remote;
  char       *expected;  /* (nullable) */
  gboolean    asked;     /* to answer with 304 */
  TstHttpTag  tag;       /* of what came */
  GBytes     *text;      /* (nullable): what came */
  char       *digest;    /* (nullable): of it */
} Fetch;

static void
fetch_free (gpointer data)
{
  Fetch *fetch = data;

  tst_remote_unref (fetch->remote);
  g_free (fetch->expected);
  tst_http_tag_clear (&fetch->tag);
  g_clear_pointer (&fetch->text, g_bytes_unref);
  g_free (fetch->digest);
  g_free (fetch);
}

static void
tell_no_tags (TstRemote *remote)
{
  g_autofree char *shown = NULL;

  if (remote->told_no_tags)
    return;

  remote->told_no_tags = TRUE;
  shown = tst_http_show_uri (remote->load_uri);
  g_message ("%s: the server has no ETag and no Last-Modified, so everything is read to see "
             "whether something has changed", shown);
}

static void
digested_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Fetch *fetch = g_task_get_task_data (task);
  TstRemote *remote = fetch->remote;
  gboolean same;

  fetch->digest = g_task_propagate_pointer (G_TASK (result), NULL);
  same = g_strcmp0 (fetch->digest, fetch->expected) == 0;

  remote->failing = FALSE;
  remote->has_no_tags = !tst_http_tag_is_set (&fetch->tag);
  if (remote->has_no_tags)
    tell_no_tags (remote);
  else if (tst_http_tag_is_strong (&fetch->tag))
    remote->stays_weak = FALSE;

  tst_remote_set_version (remote, fetch->digest, &fetch->tag);
  g_task_return_int (task, same ? TST_FETCHED_SAME : TST_FETCHED_OTHER);
}

static void
digest_in_thread (GTask        *task,
                  gpointer      source_object,
                  gpointer      task_data,
                  GCancellable *cancellable)
{
  g_task_return_pointer (task, tst_digest (task_data), g_free);
}

static void
digest (GTask        *task,
        TstHttpReply *reply)
{
  Fetch *fetch = g_task_get_task_data (task);
  g_autoptr(GTask) inner = g_task_new (NULL, NULL, digested_cb, task);

  tst_http_tag_read (&fetch->tag, reply->headers);
  fetch->text = g_steal_pointer (&reply->body);

  g_task_set_source_tag (inner, digest);
  g_task_set_task_data (inner, g_bytes_ref (fetch->text), (GDestroyNotify) g_bytes_unref);
  g_task_run_in_thread (inner, digest_in_thread);
}

static void
fetched_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Fetch *fetch = g_task_get_task_data (task);
  TstRemote *remote = fetch->remote;
  GError *error = NULL;
  g_autoptr(TstHttpReply) reply = tst_remote_send_finish (result, &error);

  if (reply == NULL)
    {
      remote->failing |= !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_task_return_error (task, error);
    }
  else if (tst_http_reply_is_content (reply))
    {
      digest (g_steal_pointer (&task), reply);
    }
  else if (reply->status == SOUP_STATUS_NOT_MODIFIED && fetch->asked &&
           tst_remote_holds (remote, fetch->expected))
    {
      remote->failing = FALSE;
      g_task_return_int (task, TST_FETCHED_SAME);
    }
  else if (reply->status == SOUP_STATUS_NOT_FOUND || reply->status == SOUP_STATUS_GONE)
    {
      remote->failing = FALSE;
      tst_remote_set_version (remote, NULL, NULL);
      g_task_return_int (task, TST_FETCHED_NOTHING);
    }
  else
    {
      remote->failing = TRUE;
      g_task_return_error (task, tst_http_error_new (reply->uri, reply->status, reply->reason));
    }
}

void
tst_remote_fetch_async (TstRemote           *remote,
                        const char          *expected,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  GTask *task = g_task_new (NULL, NULL, callback, user_data);
  SoupMessageHeaders *headers = tst_remote_new_headers (remote);
  Fetch *fetch = g_new0 (Fetch, 1);

  fetch->remote = tst_remote_ref (remote);
  fetch->expected = g_strdup (expected);
  g_task_set_source_tag (task, tst_remote_fetch_async);
  g_task_set_task_data (task, fetch, fetch_free);

  if (expected != NULL && tst_remote_holds (remote, expected))
    fetch->asked = tst_http_tag_ask_unchanged (&remote->tag, headers);

  tst_remote_send_async (remote, SOUP_METHOD_GET, headers, NULL, cancellable, fetched_cb, task);
  soup_message_headers_unref (headers);
}

TstFetched
tst_remote_fetch_finish (GAsyncResult  *result,
                         GBytes       **text,
                         char         **digest_out,
                         GError       **error)
{
  Fetch *fetch = g_task_get_task_data (G_TASK (result));
  GError *local_error = NULL;
  gssize fetched = g_task_propagate_int (G_TASK (result), &local_error);

  if (local_error != NULL)
    {
      g_propagate_error (error, local_error);
      return TST_FETCHED_ERROR;
    }

  if (text != NULL && fetched == TST_FETCHED_OTHER)
    *text = g_bytes_ref (fetch->text);
  if (digest_out != NULL && fetched == TST_FETCHED_OTHER)
    *digest_out = g_strdup (fetch->digest);

  return fetched;
}
