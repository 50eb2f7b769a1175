/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-persister-private.h"

#include <glib/gi18n-lib.h>

#include "tst-machine-private.h"
#include "tst-system-private.h"

/* Between a persister and its medium. */

/* --- Media that work in a thread --- */

TstMedium *
tst_medium_ref (TstMedium *medium)
{
  return g_atomic_rc_box_acquire (medium);
}

static void
medium_clear (gpointer data)
{
  TstMedium *medium = data;

  medium->destroy (medium->data);
}

void
tst_medium_unref (TstMedium *medium)
{
  g_atomic_rc_box_release_full (medium, medium_clear);
}

void
tst_persister_set_medium (TstPersister   *self,
                          TstMediumFunc   perform,
                          gpointer        data,
                          GDestroyNotify  destroy)
{
  TstMachine *m = tst_persister_get_machine (self);

  g_assert (m->medium == NULL);

  m->medium = g_atomic_rc_box_new0 (TstMedium);
  m->medium->perform = perform;
  m->medium->data = data;
  m->medium->destroy = destroy;
}

typedef struct
{
  TstMedium  *medium;
  TstRequest *request;
} Job;

static void
perform (gpointer data)
{
  Job *job = data;

  job->medium->perform (job->request, job->medium->data);

  g_object_unref (job->request);
  tst_medium_unref (job->medium);
  g_free (job);
}

void
tst_medium_perform_in_pool (TstMedium  *medium,
                            TstRequest *request)
{
  Job *job = g_new0 (Job, 1);

  job->medium = tst_medium_ref (medium);
  job->request = g_object_ref (request);

  tst_system->run_in_pool (perform, job);
}

gboolean
tst_persister_ask_medium (TstPersister  *self,
                          TstRequest    *request,
                          GError       **error)
{
  TstMachine *m = tst_persister_get_machine (self);

  if (m->medium == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                   _("%s does not implement this"), G_OBJECT_TYPE_NAME (self));
      return FALSE;
    }

  tst_medium_perform_in_pool (m->medium, request);

  return TRUE;
}

/* --- What a medium tells its persister --- */

void
tst_persister_retry (TstPersister *self)
{
  tst_machine_retry_now (tst_persister_get_machine (self));
}

void
tst_persister_hold (TstPersister *self,
                    guint         milliseconds)
{
  tst_machine_hold (tst_persister_get_machine (self), milliseconds);
}

gboolean
tst_persister_has_seen_content (TstPersister *self)
{
  return tst_persister_get_machine (self)->base.seen;
}

typedef struct
{
  GWeakRef  persister;
  char     *tag;
} News;

static void
news_free (gpointer data)
{
  News *news = data;

  g_weak_ref_clear (&news->persister);
  g_free (news->tag);
  g_free (news);
}

static gboolean
news_cb (gpointer user_data)
{
  News *news = user_data;
  g_autoptr(TstPersister) self = g_weak_ref_get (&news->persister);

  if (self != NULL)
    tst_machine_news (tst_persister_get_machine (self), news->tag);

  return G_SOURCE_REMOVE;
}

/**
 * tst_persister_notify_changed:
 * @self: a persister
 * @tag: (nullable): the tag of what the medium holds now, if that is known
 *
 * Tells that the medium has changed, or may have changed.
 *
 * This is for implementations of media, after `start_listening` was called. It
 * may be called too often, and from any thread. The persister reads the medium
 * again, unless @tag is the one that it knows.
 *
 * Since: 0.1
 */
void
tst_persister_notify_changed (TstPersister *self,
                              const char   *tag)
{
  TstMachine *m;
  g_autoptr(GSource) source = NULL;
  News *news;

  g_return_if_fail (TST_IS_PERSISTER (self));

  m = tst_persister_get_machine (self);
  if (m->owner == g_thread_self ())
    {
      tst_machine_news (m, tag);
      return;
    }

  news = g_new0 (News, 1);
  g_weak_ref_init (&news->persister, self);
  news->tag = g_strdup (tag);

  /* Not g_main_context_invoke(), which calls in this thread if nobody runs the context
   * right now. */
  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, news_cb, news, news_free);
  g_source_attach (source, m->context);
}
