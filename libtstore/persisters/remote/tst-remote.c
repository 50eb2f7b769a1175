/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-remote-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "tst-http-headers-private.h"
#include "tst-system-private.h"

/* A save, a look, an event stream, and one to spare. */
#define MAX_CONNECTIONS 4

TstRemote *
tst_remote_new (GUri *load_uri,
                GUri *save_uri)
{
  TstRemote *remote = g_rc_box_new0 (TstRemote);
  g_autofree char *load = g_uri_to_string (load_uri);
  g_autofree char *save = g_uri_to_string (save_uri);

  remote->load_uri = load_uri;
  remote->save_uri = save_uri;
  remote->same_resource = g_str_equal (load, save);

  return remote;
}

TstRemote *
tst_remote_ref (TstRemote *remote)
{
  return g_rc_box_acquire (remote);
}

static void
clear (gpointer data)
{
  TstRemote *remote = data;

  if (remote->session != NULL && remote->own_session)
    soup_session_abort (remote->session);
  g_clear_object (&remote->session);
  g_uri_unref (remote->load_uri);
  g_uri_unref (remote->save_uri);
  g_free (remote->save_method);
  g_free (remote->digest);
  g_free (remote->refused_etag);
  tst_http_tag_clear (&remote->tag);
  g_clear_pointer (&remote->event_uri, g_uri_unref);
  g_clear_object (&remote->reading);
}

void
tst_remote_unref (TstRemote *remote)
{
  g_rc_box_release_full (remote, clear);
}

/* --- The session --- */

/* What is under way goes on with the old one. */
void
tst_remote_set_session (TstRemote   *remote,
                        SoupSession *session)
{
  remote->own_session = FALSE;
  g_set_object (&remote->session, session);
}

/* There are timeouts of ours for everything: that of a session would end event streams
 * that have nothing to tell. */
SoupSession *
tst_remote_get_session (TstRemote *remote)
{
  if (remote->session == NULL)
    {
      remote->session = soup_session_new_with_options ("user-agent", "libtstore/" PACKAGE_VERSION " ",
                                                       "timeout", 0,
                                                       "max-conns-per-host", MAX_CONNECTIONS,
                                                       NULL);
      remote->own_session = TRUE;
    }

  return remote->session;
}

/* What is replaced as a whole is put where it is; what somebody else makes something of
 * is posted there. */
const char *
tst_remote_get_save_method (TstRemote *remote)
{
  if (remote->save_method != NULL)
    return remote->save_method;

  return remote->same_resource ? SOUP_METHOD_PUT : SOUP_METHOD_POST;
}

/* --- What is there --- */

SoupMessageHeaders *
tst_remote_new_headers (TstRemote *remote)
{
  SoupMessageHeaders *headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);

  soup_message_headers_append (headers, "Cache-Control", "no-cache");
  /* A server that compresses may give each form a tag of its own, and then none of
   * them is a precondition. */
  if (remote->same_resource)
    soup_message_headers_append (headers, "Accept-Encoding", "identity");

  return headers;
}

void
tst_remote_set_version (TstRemote  *remote,
                        const char *digest,
                        TstHttpTag *tag)
{
  if (remote->digest != digest)
    {
      g_free (remote->digest);
      remote->digest = g_strdup (digest);
    }

  remote->state = digest != NULL ? TST_REMOTE_VERSION : TST_REMOTE_NOTHING;
  if (tag != NULL)
    tst_http_tag_take (&remote->tag, tag);
  else
    tst_http_tag_clear (&remote->tag);
}

void
tst_remote_forget_version (TstRemote *remote)
{
  tst_remote_set_version (remote, NULL, NULL);
  remote->state = TST_REMOTE_UNKNOWN;
}

gboolean
tst_remote_holds (TstRemote  *remote,
                  const char *digest)
{
  if (digest == NULL)
    return remote->state == TST_REMOTE_NOTHING;

  return remote->state == TST_REMOTE_VERSION && g_str_equal (remote->digest, digest);
}

/* --- Learning --- */

void
tst_remote_tell (TstRemote *remote)
{
  if (remote->owner != NULL)
    remote->learned (remote->owner);
}

void
tst_remote_begin (TstRemote *remote)
{
  remote->n_working++;
}

void
tst_remote_end (TstRemote *remote)
{
  remote->n_working--;
  tst_remote_tell (remote);
}

guint
tst_remote_get_pause (TstRemote *remote)
{
  gint64 left = remote->pause_until - tst_system->get_time ();

  return left > 0 ? left / 1000 + 1 : 0;
}

static void
learn_pause (TstRemote          *remote,
             SoupMessageHeaders *headers)
{
  const char *value = soup_message_headers_get_one (headers, "Retry-After");
  guint seconds = tst_http_parse_retry_after (value, g_get_real_time () / G_USEC_PER_SEC);

  if (seconds > 0)
    remote->pause_until = tst_system->get_time () + seconds * G_TIME_SPAN_SECOND;
}

static void
learn_event_stream (TstRemote          *remote,
                    SoupMessageHeaders *headers,
                    GUri               *uri)
{
  const char *links = soup_message_headers_get_list (headers, "Link");
  g_autoptr(GUri) found = links != NULL ? tst_http_find_event_stream (links, uri) : NULL;

  if (found == NULL)
    return;

  g_clear_pointer (&remote->event_uri, g_uri_unref);
  remote->event_uri = g_steal_pointer (&found);
}

void
tst_remote_learn (TstRemote          *remote,
                  guint               status,
                  SoupMessageHeaders *headers,
                  GUri               *uri,
                  gboolean            of_resource)
{
  if (status == 429 || status == SOUP_STATUS_SERVICE_UNAVAILABLE)
    learn_pause (remote, headers);
  if (of_resource && (SOUP_STATUS_IS_SUCCESSFUL (status) || status == SOUP_STATUS_NOT_FOUND))
    learn_event_stream (remote, headers, uri);

  tst_remote_tell (remote);
}

/* --- Sending --- */

typedef struct
{
  TstRemote *remote;
  gboolean   of_resource;
} Sending;

static void
sending_free (gpointer data)
{
  Sending *sending = data;

  tst_remote_unref (sending->remote);
  g_free (sending);
}

static void
exchanged_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Sending *sending = g_task_get_task_data (task);
  GError *error = NULL;
  TstHttpReply *reply = tst_http_exchange_finish (result, &error);

  if (reply == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  tst_remote_learn (sending->remote, reply->status, reply->headers, reply->uri,
                    sending->of_resource);
  g_task_return_pointer (task, reply, (GDestroyNotify) tst_http_reply_free);
}

static void
refuse (GTask     *task,
        TstRemote *remote,
        guint      pause)
{
  g_autofree char *shown = tst_http_show_uri (remote->load_uri);

  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_BUSY,
                           _("%s: the server has asked for a pause of %u more seconds"),
                           shown, (pause + 999) / 1000);
}

void
tst_remote_send_async (TstRemote           *remote,
                       const char          *method,
                       SoupMessageHeaders  *headers,
                       GBytes              *body,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  /* Who has cancelled may be gone: whatever happens, that is what is answered. */
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  guint pause = tst_remote_get_pause (remote);
  Sending *sending = g_new0 (Sending, 1);
  TstHttpRequest request = {
    tst_remote_get_session (remote),
    method,
    body != NULL ? remote->save_uri : remote->load_uri,
    headers,
    body,
    remote->timeout,
    remote->max_size,
  };

  sending->remote = tst_remote_ref (remote);
  sending->of_resource = body == NULL || remote->same_resource;
  g_task_set_source_tag (task, tst_remote_send_async);
  g_task_set_task_data (task, sending, sending_free);

  if (pause > 0)
    refuse (task, remote, pause);
  else
    tst_http_exchange_async (&request, cancellable, exchanged_cb, g_steal_pointer (&task));
}

TstHttpReply *
tst_remote_send_finish (GAsyncResult  *result,
                        GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
