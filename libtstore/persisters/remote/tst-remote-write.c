/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-remote-private.h"

#include <glib/gi18n-lib.h>

#include "tst-call-private.h"
#include "tst-http-headers-private.h"
#include "tst-system-private.h"

/* Some servers give what was written within the last second a weak tag, which is no
 * precondition, and a strong one later. They are waited for so often. */
#define MAX_WAITS 2
#define WAIT_MIN_MS 1100
/* Not all of those who have seen the same change at the same moment: such a server
 * checks a precondition first and replaces then, and two can come in between. */
#define WAIT_MAX_MS 2000

/* A precondition with the tag of what is there has to hold. If it does not as often as
 * that, it never will: something on the way alters the tags. */
#define MAX_REFUSED 3

/* What a save is made with. */
typedef enum
{
  GUARD_NONE,      /* looked before, and that is all */
  GUARD_ABSENT,    /* If-None-Match: * */
  GUARD_MATCH,     /* If-Match with the tag of the version that is replaced */
  GUARD_PROBE      /* If-Match with a tag that nothing has */
} Guard;

typedef struct
{
  TstRemote    *remote;
  TstRequest   *request;
  GCancellable *cancellable;
  GBytes       *text;
  char         *digest;     /* of the text */
  gboolean      looked;     /* what is there is what is to be replaced */
  guint         n_waits;
  Guard         guard;
} Write;

static void decide (Write *write);

static void
write_end (Write *write)
{
  tst_remote_end (write->remote);
  tst_remote_unref (write->remote);
  g_object_unref (write->request);
  g_object_unref (write->cancellable);
  g_clear_pointer (&write->text, g_bytes_unref);
  g_free (write->digest);
  g_free (write);
}

/* Takes over @error. */
static void
end_with_error (Write  *write,
                GError *error)
{
  tst_request_take_error (write->request, error);
  write_end (write);
}

static void
end_with_conflict (Write *write)
{
  tst_request_return_conflict (write->request);
  write_end (write);
}

static void
end_saved (Write *write)
{
  tst_request_return_saved (write->request, write->digest);
  write_end (write);
}

/* --- Sending --- */

/* Said once: it is nobody's mistake, but good to know. */
static void
tell_unguarded (TstRemote *remote)
{
  g_autofree char *shown = NULL;

  if (remote->told_unguarded)
    return;

  remote->told_unguarded = TRUE;
  shown = tst_http_show_uri (remote->save_uri);
  g_message ("%s: the server does not check what a save replaces, so what somebody else saves at "
             "the same moment may be overwritten", shown);
}

static void
learn_unguarded (Write *write)
{
  if (write->guard == GUARD_PROBE)
    write->remote->preconditions = TST_PRECONDITIONS_IGNORED;
  if (write->guard == GUARD_NONE || write->guard == GUARD_PROBE)
    tell_unguarded (write->remote);
}

/* Only what it was answered with: to ask afterwards might tell the tag of somebody else
 * who was faster, and then their version would be replaced unseen. */
static void
take_saved (Write        *write,
            TstHttpReply *reply)
{
  TstRemote *remote = write->remote;
  TstHttpTag tag = { NULL, };

  learn_unguarded (write);
  remote->n_refused = 0;
  if (remote->same_resource)
    tst_http_tag_read (&tag, reply->headers);
  if (!tst_http_tag_is_strong (&tag))
    tst_http_tag_clear (&tag);
  tst_remote_set_version (remote, write->digest, &tag);
  tst_http_tag_clear (&tag);

  end_saved (write);
}

/* A hotel answers everything with its page, a save too. So may a server that has saved. */
static gboolean
is_page (Write        *write,
         TstHttpReply *reply)
{
  const char *type = soup_message_headers_get_content_type (reply->headers, NULL);

  return write->remote->same_resource && reply->status == SOUP_STATUS_OK &&
         g_strcmp0 (type, "text/html") == 0 &&
         soup_message_headers_get_one (reply->headers, "ETag") == NULL;
}

static void
confirmed_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  Write *write = user_data;
  g_autofree char *shown = tst_http_show_uri (write->remote->save_uri);

  if (tst_remote_fetch_finish (result, NULL, NULL, NULL) == TST_FETCHED_SAME)
    {
      learn_unguarded (write);
      write->remote->n_refused = 0;
      end_saved (write);
      return;
    }

  /* Whatever kept us from looking: it is open what became of the save. */
  end_with_error (write, g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED,
                                      _("%s: the server answered a save with a page"), shown));
}

static void
confirm (Write *write)
{
  tst_remote_fetch_async (write->remote, write->digest, write->cancellable, confirmed_cb, write);
}

static void
count_refused (TstRemote *remote)
{
  if (g_strcmp0 (remote->refused_etag, remote->tag.etag) != 0)
    remote->n_refused = 0;

  remote->n_refused++;
  g_free (remote->refused_etag);
  remote->refused_etag = g_strdup (remote->tag.etag);
}

static gboolean
is_refused (TstRemote *remote)
{
  return remote->n_refused >= MAX_REFUSED && g_strcmp0 (remote->refused_etag, remote->tag.etag) == 0;
}

static void
take_refused (Write        *write,
              TstHttpReply *reply)
{
  TstRemote *remote = write->remote;

  switch (write->guard)
    {
    case GUARD_PROBE:
      remote->preconditions = TST_PRECONDITIONS_HONOURED;
      decide (write);
      break;
    case GUARD_ABSENT:
    case GUARD_MATCH:
      count_refused (remote);
      /* Its word that nothing has changed is not asked for: it has just said otherwise. */
      tst_remote_forget_version (remote);
      end_with_conflict (write);
      break;
    case GUARD_NONE:
    default:
      end_with_error (write, tst_http_error_new (reply->uri, reply->status, reply->reason));
      break;
    }
}

static void
sent_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  Write *write = user_data;
  GError *error = NULL;
  g_autoptr(TstHttpReply) reply = tst_remote_send_finish (result, &error);

  if (reply == NULL)
    {
      end_with_error (write, error);
      return;
    }

  switch (reply->status)
    {
    case SOUP_STATUS_OK:
    case SOUP_STATUS_CREATED:
    case SOUP_STATUS_NO_CONTENT:
    case SOUP_STATUS_RESET_CONTENT:
      if (is_page (write, reply))
        confirm (write);
      else
        take_saved (write, reply);
      break;
    case SOUP_STATUS_PRECONDITION_FAILED:
      take_refused (write, reply);
      break;
    default:
      /* So is "accepted": it has not been done. */
      end_with_error (write, tst_http_error_new (reply->uri, reply->status, reply->reason));
      break;
    }
}

static void
add_guard (Write              *write,
           SoupMessageHeaders *headers)
{
  g_autofree char *bogus = NULL;

  switch (write->guard)
    {
    case GUARD_ABSENT:
      soup_message_headers_append (headers, "If-None-Match", "*");
      break;
    case GUARD_MATCH:
      soup_message_headers_append (headers, "If-Match", write->remote->tag.etag);
      break;
    case GUARD_PROBE:
      bogus = g_strdup_printf ("\"no-version-%08x\"", g_random_int ());
      soup_message_headers_append (headers, "If-Match", bogus);
      break;
    case GUARD_NONE:
    default:
      break;
    }
}

static void
send (Write *write)
{
  SoupMessageHeaders *headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);

  add_guard (write, headers);
  tst_remote_send_async (write->remote, tst_remote_get_save_method (write->remote), headers,
                         write->text, write->cancellable, sent_cb, write);
  soup_message_headers_unref (headers);
}

/* --- Looking --- */

static void
looked_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  Write *write = user_data;
  const char *base_tag = tst_request_get_base_tag (write->request);
  GError *error = NULL;

  switch (tst_remote_fetch_finish (result, NULL, NULL, &error))
    {
    case TST_FETCHED_SAME:
    case TST_FETCHED_NOTHING:
      write->looked = tst_remote_holds (write->remote, base_tag);
      if (write->looked)
        decide (write);
      else
        end_with_conflict (write);
      break;
    case TST_FETCHED_OTHER:
      end_with_conflict (write);
      break;
    case TST_FETCHED_ERROR:
    default:
      end_with_error (write, error);
      break;
    }
}

static void
look (Write *write)
{
  tst_remote_fetch_async (write->remote, tst_request_get_base_tag (write->request),
                          write->cancellable, looked_cb, write);
}

/* --- Waiting --- */

static gboolean
waited_cb (gpointer user_data)
{
  look (user_data);

  return G_SOURCE_REMOVE;
}

static void
wait_for_strong_tag (Write *write)
{
  g_autoptr(GSource) source = tst_system->new_timeout (g_random_int_range (WAIT_MIN_MS, WAIT_MAX_MS));

  write->n_waits++;
  g_source_set_static_name (source, "TstRemote");
  g_source_set_callback (source, waited_cb, write, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
}

/* --- Deciding --- */

static Guard
choose_guard (TstRemote *remote)
{
  if (!remote->same_resource)
    return GUARD_NONE;
  if (remote->state == TST_REMOTE_NOTHING)
    return GUARD_ABSENT;
  if (!tst_http_tag_is_strong (&remote->tag) || is_refused (remote) ||
      remote->preconditions == TST_PRECONDITIONS_IGNORED)
    return GUARD_NONE;

  return remote->preconditions == TST_PRECONDITIONS_HONOURED ? GUARD_MATCH : GUARD_PROBE;
}

/* A save whose guard is known to hold needs no look. A probe does: if the guard is
 * ignored, it is the save. */
static gboolean
must_look (Write *write)
{
  TstRemote *remote = write->remote;

  if (write->looked)
    return FALSE;
  if (g_strcmp0 (write->digest, tst_request_get_base_tag (write->request)) == 0)
    return TRUE;

  return remote->preconditions != TST_PRECONDITIONS_HONOURED || write->guard == GUARD_NONE;
}

static gboolean
may_become_strong (Write *write)
{
  TstRemote *remote = write->remote;

  return remote->same_resource && remote->state == TST_REMOTE_VERSION &&
         remote->tag.etag != NULL && !tst_http_tag_is_strong (&remote->tag) &&
         !remote->tag.settled && remote->preconditions != TST_PRECONDITIONS_IGNORED && !remote->stays_weak;
}

static void
decide (Write *write)
{
  TstRemote *remote = write->remote;
  const char *base_tag = tst_request_get_base_tag (write->request);

  if (!tst_remote_holds (remote, base_tag))
    {
      end_with_conflict (write);
      return;
    }

  write->guard = choose_guard (remote);
  if (must_look (write))
    {
      look (write);
    }
  else if (g_strcmp0 (write->digest, base_tag) == 0)
    {
      /* It is there already. */
      end_saved (write);
    }
  else if (may_become_strong (write) && write->n_waits < MAX_WAITS)
    {
      wait_for_strong_tag (write);
    }
  else
    {
      remote->stays_weak |= may_become_strong (write);
      send (write);
    }
}

/* --- The text --- */

static void
prepared_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  Write *write = user_data;
  GError *error = NULL;

  write->text = g_task_propagate_pointer (G_TASK (result), &error);
  if (write->text == NULL)
    {
      end_with_error (write, error);
      return;
    }

  write->digest = g_strdup (tst_request_get_text_tag (write->request));
  decide (write);
}

static void
prepare_in_thread (GTask        *task,
                   gpointer      source_object,
                   gpointer      task_data,
                   GCancellable *cancellable)
{
  GError *error = NULL;
  GBytes *text = tst_request_get_text (task_data, &error);

  if (text == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  /* It is kept, so that the thread of the persister has it for nothing. */
  tst_request_get_text_tag (task_data);
  g_task_return_pointer (task, text, (GDestroyNotify) g_bytes_unref);
}

void
tst_remote_write (TstRemote  *remote,
                  TstRequest *request)
{
  g_autoptr(GTask) task = NULL;
  Write *write = g_new0 (Write, 1);

  write->remote = tst_remote_ref (remote);
  write->request = g_object_ref (request);
  write->cancellable = g_object_ref (tst_request_get_cancellable (request));
  tst_remote_begin (remote);

  task = g_task_new (NULL, NULL, prepared_cb, write);
  g_task_set_source_tag (task, tst_remote_write);
  g_task_set_task_data (task, g_object_ref (request), g_object_unref);
  g_task_run_in_thread (task, prepare_in_thread);
}
