/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-remote-poller-private.h"

#include "tst-system-private.h"

struct _TstRemotePoller
{
  TstRemote         *remote;
  TstRemoteNewsFunc  func;
  gpointer           user_data;

  guint              interval;
  gboolean           by_itself;    /* its time had come, nobody has told it to ask */
  gboolean           waiting;      /* it was told to ask, and could not yet */
  GSource           *timer;        /* (nullable) */
  GCancellable      *cancellable;  /* (nullable): of the question that is under way */
  GMainContext      *context;
};

static void schedule (TstRemotePoller *self);

static void
stop_timer (TstRemotePoller *self)
{
  if (self->timer == NULL)
    return;

  g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

/* --- What the answer means --- */

static gboolean
has_same (TstRemote    *remote,
          TstHttpReply *reply)
{
  TstHttpTag tag = { NULL, };
  gboolean same;

  if (remote->state != TST_REMOTE_VERSION)
    return FALSE;

  tst_http_tag_read (&tag, reply->headers);
  same = tst_http_tag_proves_same (&remote->tag, &tag);
  tst_http_tag_clear (&tag);

  return same;
}

/* What fails is told once: from then on, the persister tries again. What is well again
 * is told as well. */
static gboolean
is_news (TstRemote    *remote,
         TstHttpReply *reply)
{
  if (reply == NULL)
    return !remote->failing;

  switch (reply->status)
    {
    case SOUP_STATUS_NOT_MODIFIED:
      return remote->failing;
    case SOUP_STATUS_NOT_FOUND:
    case SOUP_STATUS_GONE:
      return !remote->failing && remote->state != TST_REMOTE_NOTHING;
    case SOUP_STATUS_METHOD_NOT_ALLOWED:
    case SOUP_STATUS_NOT_IMPLEMENTED:
      remote->has_no_head = TRUE;
      return TRUE;
    default:
      break;
    }

  if (!tst_http_reply_is_content (reply))
    return !remote->failing;

  return remote->failing || !has_same (remote, reply);
}

static void
answered_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TstHttpReply) reply = tst_remote_send_finish (result, &error);
  TstRemotePoller *self = user_data;

  /* Then the poller is gone. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->cancellable);
  schedule (self);

  /* A request that is being answered by now finds it out, and one that was answered
   * meanwhile may have made this answer old: no harm, it is looked at again. */
  if (self->remote->n_working == 0 && is_news (self->remote, reply))
    self->func (self->by_itself, self->user_data);

  tst_remote_poller_catch_up (self);
}

/* --- Asking --- */

static void
ask (TstRemotePoller *self)
{
  TstRemote *remote = self->remote;
  SoupMessageHeaders *headers = tst_remote_new_headers (remote);

  if (remote->state == TST_REMOTE_VERSION)
    tst_http_tag_ask_unchanged (&remote->tag, headers);

  self->cancellable = g_cancellable_new ();
  tst_remote_send_async (remote, SOUP_METHOD_HEAD, headers, NULL, self->cancellable, answered_cb,
                         self);
  soup_message_headers_unref (headers);
}

static void
poll (TstRemotePoller *self,
      gboolean         by_itself)
{
  TstRemote *remote = self->remote;

  self->waiting |= !by_itself;
  if (self->cancellable != NULL)
    return;

  self->by_itself = by_itself;
  self->waiting &= remote->n_working > 0 || tst_remote_get_pause (remote) > 0;
  stop_timer (self);
  if (remote->n_working > 0 || tst_remote_get_pause (remote) > 0)
    {
      schedule (self);
    }
  else if (remote->has_no_head || remote->has_no_tags)
    {
      schedule (self);
      self->func (by_itself, self->user_data);
    }
  else
    {
      ask (self);
    }
}

void
tst_remote_poller_poll (TstRemotePoller *self)
{
  poll (self, FALSE);
}

void
tst_remote_poller_catch_up (TstRemotePoller *self)
{
  if (self->waiting && self->remote->n_working == 0)
    poll (self, FALSE);
}

static gboolean
timer_cb (gpointer user_data)
{
  TstRemotePoller *self = user_data;

  poll (self, !self->waiting);

  return G_SOURCE_REMOVE;
}

static void
schedule (TstRemotePoller *self)
{
  guint pause = tst_remote_get_pause (self->remote);
  guint delay = self->interval;

  /* What it was told to ask is asked as soon as the server may be asked again. */
  if (self->waiting && pause > 0 && (delay == 0 || pause < delay))
    delay = pause;

  stop_timer (self);
  if (delay == 0)
    return;

  self->timer = tst_system->new_timeout (delay);
  g_source_set_static_name (self->timer, "TstRemotePoller");
  g_source_set_callback (self->timer, timer_cb, self, NULL);
  g_source_attach (self->timer, self->context);
}

void
tst_remote_poller_set_interval (TstRemotePoller *self,
                                guint            interval)
{
  if (self->interval == interval)
    return;

  self->interval = interval;
  if (self->cancellable == NULL)
    schedule (self);
}

TstRemotePoller *
tst_remote_poller_new (TstRemote         *remote,
                       TstRemoteNewsFunc  func,
                       gpointer           user_data)
{
  TstRemotePoller *self = g_new0 (TstRemotePoller, 1);

  self->remote = tst_remote_ref (remote);
  self->func = func;
  self->user_data = user_data;
  self->context = g_main_context_ref_thread_default ();

  return self;
}

void
tst_remote_poller_free (TstRemotePoller *self)
{
  stop_timer (self);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_main_context_unref (self->context);
  tst_remote_unref (self->remote);
  g_free (self);
}
