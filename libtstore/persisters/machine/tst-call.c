/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-call-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "tst-call-insides-private.h"
#include "tst-digest-private.h"
#include "tst-error.h"
#include "tst-store-variant.h"
#include "tst-store-private.h"
#include "tst-system-private.h"
#include "tst-text-private.h"

void
tst_answer_free (TstAnswer *answer)
{
  g_free (answer->tag);
  g_clear_pointer (&answer->content, tst_snapshot_unref);
  g_clear_error (&answer->error);
  g_free (answer);
}

TstAnswer *
tst_answer_new (TstAnswerKind  kind,
                const char    *tag,
                GError        *error)
{
  TstAnswer *answer = g_new0 (TstAnswer, 1);

  answer->kind = kind;
  answer->tag = g_strdup (tag);
  answer->error = error;
  answer->fold_after = TST_NO_FOLD;

  return answer;
}

TstAnswer *
tst_answer_new_for_text (GBytes     *text,
                         const char *tag)
{
  g_autoptr(TstEngine) engine = NULL;
  g_autofree char *digest = NULL;
  g_autoptr(GError) error = NULL;
  TstAnswer *answer;
  gboolean has_values = TRUE;
  const char *data;
  gsize length;

  if (tag == NULL)
    tag = digest = tst_digest (text);

  data = g_bytes_get_data (text, &length);
  if (length == 0)
    return tst_answer_new (TST_ANSWER_EMPTY, tag, NULL);

  engine = tst_text_read_content (data, length, &has_values, &error);
  if (engine == NULL)
    return tst_answer_new (TST_ANSWER_MALFORMED, tag, g_steal_pointer (&error));

  answer = tst_answer_new (TST_ANSWER_CONTENT, tag, NULL);
  answer->content = tst_engine_finish (g_steal_pointer (&engine));
  answer->has_values = has_values;

  return answer;
}

/* Of what is no content. */
static char *
digest_variant (GVariant *variant)
{
  g_autofree char *text = g_variant_print (variant, TRUE);
  g_autoptr(GBytes) bytes = g_bytes_new_static (text, strlen (text));

  return tst_digest (bytes);
}

TstAnswer *
tst_answer_new_for_variant (GVariant   *content,
                            const char *tag)
{
  g_autoptr(TstStore) store = tst_store_new ();
  g_autofree char *digest = NULL;
  g_autoptr(GError) error = NULL;
  TstAnswer *answer;

  if (!tst_store_set_content (store, content, &error))
    {
      if (tag == NULL)
        tag = digest = digest_variant (content);

      return tst_answer_new (TST_ANSWER_MALFORMED, tag, g_steal_pointer (&error));
    }

  answer = tst_answer_new (TST_ANSWER_CONTENT, tag, NULL);
  answer->content = tst_store_snapshot (store);
  answer->has_values = TRUE;

  if (tag == NULL)
    {
      g_autoptr(GBytes) text = tst_text_write_content (answer->content);

      answer->tag = tst_digest (text);
    }

  return answer;
}

/* --- Calls --- */

TstCall *
tst_call_new (TstCallKind      kind,
              const char      *base_tag,
              GMainContext    *context,
              TstAnsweredFunc  func,
              gpointer         user_data)
{
  TstCall *call = g_new0 (TstCall, 1);

  g_atomic_ref_count_init (&call->ref_count);
  call->kind = kind;
  call->fold_after = TST_NO_FOLD;
  call->base_tag = g_strdup (base_tag);
  call->cancellable = g_cancellable_new ();
  call->owner = g_thread_self ();
  call->context = context != NULL ? g_main_context_ref (context) : NULL;
  call->blocking = func == NULL;
  call->func = func;
  call->user_data = user_data;
  g_mutex_init (&call->lock);
  g_mutex_init (&call->text_lock);
  g_cond_init (&call->cond);

  return call;
}

TstCall *
tst_call_ref (TstCall *call)
{
  g_atomic_ref_count_inc (&call->ref_count);

  return call;
}

void
tst_call_unref (TstCall *call)
{
  if (!g_atomic_ref_count_dec (&call->ref_count))
    return;

  g_free (call->base_tag);
  g_clear_pointer (&call->snapshot, tst_snapshot_unref);
  g_clear_pointer (&call->base, tst_snapshot_unref);
  g_clear_pointer (&call->text, g_bytes_unref);
  g_clear_pointer (&call->text_tag, g_free);
  g_clear_pointer (&call->answer, tst_answer_free);
  g_clear_pointer (&call->context, g_main_context_unref);
  g_clear_object (&call->cancellable);
  g_mutex_clear (&call->lock);
  g_mutex_clear (&call->text_lock);
  g_cond_clear (&call->cond);
  g_free (call);
}

void
tst_call_set_snapshot (TstCall     *call,
                       TstSnapshot *snapshot,
                       gboolean     keep_original)
{
  call->snapshot = tst_snapshot_ref (snapshot);
  call->number = tst_snapshot_get_number (snapshot);
  call->keep_original = keep_original;
}

void
tst_call_set_base (TstCall     *call,
                   TstSnapshot *base)
{
  call->base = tst_snapshot_ref (base);
}

void
tst_call_set_whole (TstCall *call)
{
  call->whole = TRUE;
}

TstSnapshot *
tst_call_get_snapshot (TstCall *call)
{
  return call->snapshot;
}

guint32
tst_call_get_number (TstCall *call)
{
  return call->number;
}

TstCallKind
tst_call_get_kind (TstCall *call)
{
  return call->kind;
}

GBytes *
tst_call_get_text (TstCall     *call,
                   TstTextFunc  func,
                   gpointer     user_data)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&call->text_lock);

  if (call->text == NULL && func != NULL)
    call->text = tst_text_write_content_in_steps (call->snapshot, func, user_data);
  else if (call->text == NULL)
    call->text = tst_text_write_content (call->snapshot);

  return g_bytes_ref (call->text);
}

const char *
tst_call_get_text_tag (TstCall *call)
{
  g_autoptr(GBytes) text = tst_call_get_text (call, NULL, NULL);
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&call->text_lock);

  if (call->text_tag == NULL)
    call->text_tag = tst_digest (text);

  return call->text_tag;
}

static gboolean
call_back_cb (gpointer user_data)
{
  TstCall *call = user_data;
  TstAnsweredFunc func;

  g_mutex_lock (&call->lock);
  func = call->answer != NULL ? call->func : NULL;
  g_mutex_unlock (&call->lock);

  if (func != NULL)
    func (call, call->user_data);

  return G_SOURCE_REMOVE;
}

static void
publish_answer (TstCall   *call,
                TstAnswer *answer)
{
  g_autoptr(GSource) source = NULL;

  answer->fold_after = call->fold_after;

  g_mutex_lock (&call->lock);
  call->answer = answer;
  if (call->func != NULL)
    source = g_idle_source_new ();
  g_cond_broadcast (&call->cond);
  g_mutex_unlock (&call->lock);

  if (source == NULL)
    return;

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (source, "TstCall");
  g_source_set_callback (source, call_back_cb, tst_call_ref (call),
                         (GDestroyNotify) tst_call_unref);
  g_source_attach (source, call->context);
}

/* What was given as an answer, before anything was made of it. */
typedef struct
{
  TstCall       *call;
  TstAnswerKind  kind;
  GBytes        *text;
  GVariant      *content;
  char          *tag;
} RawAnswer;

static void
raw_answer_free (RawAnswer *raw)
{
  g_clear_pointer (&raw->text, g_bytes_unref);
  g_clear_pointer (&raw->content, g_variant_unref);
  g_free (raw->tag);
  tst_call_unref (raw->call);
  g_free (raw);
}

/* Nobody needs it any more, and to give back that much memory takes time, too. */
static void
drop_text (TstCall *call)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&call->text_lock);

  g_clear_pointer (&call->text, g_bytes_unref);
}

static void
digest_answer (gpointer data)
{
  RawAnswer *raw = data;
  TstCall *call = raw->call;
  TstAnswer *answer;

  if (raw->text != NULL)
    answer = tst_answer_new_for_text (raw->text, raw->tag);
  else if (raw->content != NULL)
    answer = tst_answer_new_for_variant (raw->content, raw->tag);
  else
    answer = tst_answer_new (raw->kind, raw->tag, NULL);

  if (answer->content != NULL && call->base != NULL)
    {
      g_autoptr(TstSnapshot) content = g_steal_pointer (&answer->content);

      answer->content = tst_snapshot_graft (content, call->base);
    }

  if (answer->kind == TST_ANSWER_SAVED && answer->tag == NULL)
    answer->tag = g_strdup (tst_call_get_text_tag (call));

  if (call->kind == TST_CALL_READ && answer->kind == TST_ANSWER_CONTENT &&
      g_strcmp0 (answer->tag, call->base_tag) == 0)
    answer->kind = TST_ANSWER_UNCHANGED;

  drop_text (call);
  publish_answer (call, answer);
  raw_answer_free (raw);
}

/* The first answer wins. */
static gboolean
claim_answer (TstCall *call)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&call->lock);

  if (call->claimed)
    return FALSE;

  call->claimed = TRUE;

  return TRUE;
}

void
tst_call_answer (TstCall       *call,
                 TstAnswerKind  kind,
                 GBytes        *text,
                 GVariant      *content,
                 const char    *tag)
{
  RawAnswer *raw;

  if (!claim_answer (call))
    return;

  raw = g_new0 (RawAnswer, 1);
  raw->call = tst_call_ref (call);
  raw->kind = kind;
  raw->text = text != NULL ? g_bytes_ref (text) : NULL;
  raw->content = content != NULL ? g_variant_ref (content) : NULL;
  raw->tag = g_strdup (tag);

  if (call->blocking || g_thread_self () != call->owner)
    digest_answer (raw);
  else
    tst_system->run_in_pool (digest_answer, raw);
}

void
tst_call_take_answer (TstCall   *call,
                      TstAnswer *answer)
{
  if (claim_answer (call))
    publish_answer (call, answer);
  else
    tst_answer_free (answer);
}

void
tst_call_answer_error (TstCall *call,
                       GError  *error)
{
  tst_call_take_answer (call, tst_answer_new (TST_ANSWER_ERROR, NULL, error));
}

void
tst_call_cancel (TstCall *call)
{
  g_cancellable_cancel (call->cancellable);
  tst_call_answer_error (call, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                                                    _("Operation was cancelled")));
}

gboolean
tst_call_is_cancelled (TstCall *call)
{
  return g_cancellable_is_cancelled (call->cancellable);
}

/* Before the medium hears of it, and says that it was cancelled. */
void
tst_call_time_out (TstCall *call)
{
  tst_call_answer_error (call, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                                                    _("The medium did not answer in time")));
  g_cancellable_cancel (call->cancellable);
}

void
tst_call_forget (TstCall *call)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&call->lock);

  call->func = NULL;
}

gboolean
tst_call_is_blocking (TstCall *call)
{
  return call->blocking;
}

void
tst_call_set_func (TstCall         *call,
                   TstAnsweredFunc  func,
                   gpointer         user_data)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&call->lock);

  call->func = func;
  call->user_data = user_data;
}

TstAnswer *
tst_call_wait (TstCall *call)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&call->lock);

  while (call->answer == NULL)
    g_cond_wait (&call->cond, &call->lock);

  return g_steal_pointer (&call->answer);
}

TstAnswer *
tst_call_steal_answer (TstCall *call)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&call->lock);

  return g_steal_pointer (&call->answer);
}
