/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-request.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "tst-call-insides-private.h"
#include "tst-error.h"
#include "tst-store-private.h"
#include "tst-store-variant.h"

/**
 * TstRequest:
 *
 * What a persister asks of its medium: to read, or to write.
 *
 * A medium takes a request in its `read` or `write` function, and answers it
 * with one of the `return_` functions: at once or later, from any thread. The
 * first answer counts, further ones are ignored. A request that is let go of
 * without an answer answers itself with [error@TStore.Error.NOT_ANSWERED], so
 * that a mistake in a medium never leaves a persister waiting.
 *
 * ```python
 * def write(persister, request):
 *     if request.get_base_tag() == medium.tag:
 *         medium.text, medium.tag = request.get_json(), str(int(medium.tag or 0) + 1)
 *         request.return_saved(medium.tag)
 *     else:
 *         request.return_conflict()
 * ```
 *
 * ## Tags
 *
 * A tag is what tells one version of the persisted content from another, for
 * example a digest or a strong entity tag. Two versions must not have the same
 * tag: a time in seconds is none. A medium that has none of its own gives
 * `NULL`, and the SHA-256 digest of the text, in hexadecimal digits, is
 * used. With
 * [method@Request.get_base_tag] a request to write tells which version it
 * replaces. If the medium holds another one by then, it answers
 * [method@Request.return_conflict], and the persister reads, merges, and writes
 * again. A medium that nobody else writes to need not look at tags.
 *
 * Since: 0.1
 */

struct _TstRequest
{
  GObject parent_instance;

  TstCall *call;
};

G_DEFINE_FINAL_TYPE (TstRequest, tst_request, G_TYPE_OBJECT)

static void
tst_request_dispose (GObject *object)
{
  TstRequest *self = TST_REQUEST (object);

  /* If it was answered, this is dropped. */
  tst_call_answer_error (self->call,
                         g_error_new_literal (TST_ERROR, TST_ERROR_NOT_ANSWERED,
                                              _("The request was dropped without an answer")));

  G_OBJECT_CLASS (tst_request_parent_class)->dispose (object);
}

static void
tst_request_finalize (GObject *object)
{
  TstRequest *self = TST_REQUEST (object);

  g_clear_pointer (&self->call, tst_call_unref);

  G_OBJECT_CLASS (tst_request_parent_class)->finalize (object);
}

static void
tst_request_class_init (TstRequestClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tst_request_dispose;
  object_class->finalize = tst_request_finalize;
}

static void
tst_request_init (TstRequest *self)
{
}

TstRequest *
tst_call_new_request (TstCall *call)
{
  TstRequest *self = g_object_new (TST_TYPE_REQUEST, NULL);

  self->call = tst_call_ref (call);

  return self;
}

gboolean
tst_request_is_write (TstRequest *self)
{
  return self->call->kind == TST_CALL_WRITE;
}

gboolean
tst_request_keeps_original (TstRequest *self)
{
  return self->call->keep_original;
}

GBytes *
tst_request_make_text (TstRequest  *self,
                       TstTextFunc  func,
                       gpointer     user_data)
{
  return tst_call_get_text (self->call, func, user_data);
}

const char *
tst_request_get_text_tag (TstRequest *self)
{
  return tst_call_get_text_tag (self->call);
}

TstSnapshot *
tst_request_get_snapshot (TstRequest *self)
{
  return self->call->snapshot;
}

TstSnapshot *
tst_request_get_base (TstRequest *self)
{
  return self->call->base;
}

gboolean
tst_request_is_whole (TstRequest *self)
{
  return self->call->whole;
}

void
tst_request_want_fold (TstRequest *self,
                       gint        milliseconds)
{
  self->call->fold_after = milliseconds;
}

void
tst_request_return_snapshot (TstRequest  *self,
                             TstSnapshot *content,
                             gboolean     has_values,
                             const char  *tag)
{
  TstAnswer *answer = tst_answer_new (TST_ANSWER_CONTENT, tag, NULL);

  answer->content = tst_snapshot_ref (content);
  answer->has_values = has_values;
  tst_call_take_answer (self->call, answer);
}

void
tst_request_return_unchanged (TstRequest *self)
{
  tst_call_answer (self->call, TST_ANSWER_UNCHANGED, NULL, NULL, self->call->base_tag);
}

void
tst_request_take_error (TstRequest *self,
                        GError     *error)
{
  tst_call_answer_error (self->call, error);
}

void
tst_request_take_malformed (TstRequest *self,
                            const char *tag,
                            GError     *error)
{
  tst_call_take_answer (self->call, tst_answer_new (TST_ANSWER_MALFORMED, tag, error));
}

/**
 * tst_request_get_text:
 * @self: a request
 * @error: return location for an error
 *
 * Returns what is to be written, as JSON text.
 *
 * The text is that of the store when the request was made, whatever happened
 * to the store since. It is made when first asked for: in a thread of your
 * own, if the store is large.
 *
 * Fails with `G_IO_ERROR_NOT_SUPPORTED` if the request is to read.
 *
 * Returns: (transfer full): the text, without a NUL at its end
 *
 * Since: 0.1
 */
GBytes *
tst_request_get_text (TstRequest  *self,
                      GError     **error)
{
  g_return_val_if_fail (TST_IS_REQUEST (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (self->call->snapshot == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           _("A request to read has no text"));
      return NULL;
    }

  return tst_call_get_text (self->call, NULL, NULL);
}

/**
 * tst_request_get_json:
 * @self: a request
 * @error: return location for an error
 *
 * Returns what is to be written, as a string of JSON.
 *
 * The same as [method@Request.get_text], for media that keep strings.
 *
 * Fails with `G_IO_ERROR_NOT_SUPPORTED` if the request is to read.
 *
 * Returns: (transfer full): the text
 *
 * Since: 0.1
 */
char *
tst_request_get_json (TstRequest  *self,
                      GError     **error)
{
  g_autoptr(GBytes) text = tst_request_get_text (self, error);
  gsize length;
  const char *data;

  if (text == NULL)
    return NULL;

  data = g_bytes_get_data (text, &length);

  return g_strndup (data, length);
}

/**
 * tst_request_get_content:
 * @self: a request
 *
 * Returns what is to be written, as a variant of type
 * `(a{sa{sa{sv}}}a{sv})`: the tables and the values.
 *
 * The content is that of the store when the request was made, whatever
 * happened to the store since.
 *
 * Returns: (transfer full) (nullable): the content, or `NULL` if the request
 *   is to read
 *
 * Since: 0.1
 */
GVariant *
tst_request_get_content (TstRequest *self)
{
  g_autoptr(TstStore) store = NULL;

  g_return_val_if_fail (TST_IS_REQUEST (self), NULL);

  if (self->call->snapshot == NULL)
    return NULL;

  store = tst_store_new ();
  tst_store_replace (store, self->call->snapshot, TST_PART_ALL, NULL);

  return g_variant_take_ref (tst_store_get_content (store));
}

/**
 * tst_request_get_base_tag:
 * @self: a request
 *
 * Returns the tag of the version that the persister knows.
 *
 * For a request to write it is the version to replace; if it is `NULL`, there
 * must not be any. For a request to read it is the version that need not be
 * read again.
 *
 * Returns: (nullable): a tag, or `NULL`
 *
 * Since: 0.1
 */
const char *
tst_request_get_base_tag (TstRequest *self)
{
  g_return_val_if_fail (TST_IS_REQUEST (self), NULL);

  return self->call->base_tag;
}

/**
 * tst_request_get_cancellable:
 * @self: a request
 *
 * Returns a cancellable that is cancelled when nobody waits for the answer any
 * more.
 *
 * Returns: (transfer none): a cancellable
 *
 * Since: 0.1
 */
GCancellable *
tst_request_get_cancellable (TstRequest *self)
{
  g_return_val_if_fail (TST_IS_REQUEST (self), NULL);

  return self->call->cancellable;
}

static gboolean
check_kind (TstRequest  *self,
            TstCallKind  kind)
{
  if (self->call->kind == kind)
    return TRUE;

  tst_call_answer_error (self->call,
                         g_error_new_literal (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                                              kind == TST_CALL_READ
                                                ? _("A request to write was answered with content")
                                                : _("A request to read was answered as if written")));
  return FALSE;
}

/**
 * tst_request_return_text:
 * @self: a request to read
 * @text: what is persisted: JSON text
 * @tag: (nullable): the tag of this version
 *
 * Answers with what is persisted.
 *
 * The text is checked like anything that comes from outside. A text of no bytes
 * at all means that somebody is about to write, or that nothing was written
 * yet.
 *
 * Since: 0.1
 */
void
tst_request_return_text (TstRequest *self,
                         GBytes     *text,
                         const char *tag)
{
  g_return_if_fail (TST_IS_REQUEST (self));
  g_return_if_fail (text != NULL);

  if (check_kind (self, TST_CALL_READ))
    tst_call_answer (self->call, TST_ANSWER_CONTENT, text, NULL, tag);
}

/**
 * tst_request_return_json:
 * @self: a request to read
 * @json: what is persisted: JSON text
 * @tag: (nullable): the tag of this version
 *
 * Answers with what is persisted.
 *
 * The same as [method@Request.return_text], for media that keep strings.
 *
 * Since: 0.1
 */
void
tst_request_return_json (TstRequest *self,
                         const char *json,
                         const char *tag)
{
  g_autoptr(GBytes) text = NULL;

  g_return_if_fail (json != NULL);

  text = g_bytes_new (json, strlen (json));
  tst_request_return_text (self, text, tag);
}

/**
 * tst_request_return_content:
 * @self: a request to read
 * @content: what is persisted: a variant of type `(a{sa{sa{sv}}}a{sv})`
 * @tag: (nullable): the tag of this version
 *
 * Answers with what is persisted.
 *
 * Since: 0.1
 */
void
tst_request_return_content (TstRequest *self,
                            GVariant   *content,
                            const char *tag)
{
  g_autoptr(GVariant) sunk = NULL;

  g_return_if_fail (TST_IS_REQUEST (self));
  g_return_if_fail (content != NULL);

  sunk = g_variant_ref_sink (content);

  if (check_kind (self, TST_CALL_READ))
    tst_call_answer (self->call, TST_ANSWER_CONTENT, NULL, sunk, tag);
}

/**
 * tst_request_return_nothing:
 * @self: a request to read
 *
 * Answers that nothing is persisted, as when a file does not exist.
 *
 * If reading failed, use [method@Request.return_error] instead: a persister
 * may create what is absent, but it never replaces what could not be read.
 *
 * Since: 0.1
 */
void
tst_request_return_nothing (TstRequest *self)
{
  g_return_if_fail (TST_IS_REQUEST (self));

  if (check_kind (self, TST_CALL_READ))
    tst_call_answer (self->call, TST_ANSWER_NOTHING, NULL, NULL, NULL);
}

/**
 * tst_request_return_saved:
 * @self: a request to write
 * @tag: (nullable): the tag of the version that was written
 *
 * Answers that the content is persisted, and will be there after a crash.
 *
 * Since: 0.1
 */
void
tst_request_return_saved (TstRequest *self,
                          const char *tag)
{
  g_return_if_fail (TST_IS_REQUEST (self));

  if (check_kind (self, TST_CALL_WRITE))
    tst_call_answer (self->call, TST_ANSWER_SAVED, NULL, NULL, tag);
}

/**
 * tst_request_return_conflict:
 * @self: a request to write
 *
 * Answers that the medium holds another version than the one to replace, and
 * that nothing was written.
 *
 * Since: 0.1
 */
void
tst_request_return_conflict (TstRequest *self)
{
  g_return_if_fail (TST_IS_REQUEST (self));

  if (check_kind (self, TST_CALL_WRITE))
    tst_call_answer (self->call, TST_ANSWER_CONFLICT, NULL, NULL, NULL);
}

/**
 * tst_request_return_error:
 * @self: a request
 * @error: an error
 *
 * Answers that reading or writing failed.
 *
 * Since: 0.1
 */
void
tst_request_return_error (TstRequest   *self,
                          const GError *error)
{
  g_return_if_fail (TST_IS_REQUEST (self));
  g_return_if_fail (error != NULL);

  tst_call_answer_error (self->call, g_error_copy (error));
}
