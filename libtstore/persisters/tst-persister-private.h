/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-persister.h"

G_BEGIN_DECLS

/* For persisters whose medium can be read and written by blocking calls, in any
 * thread, without the persister: files and the like. They need no `read` and
 * `write` of their own, have blocking operations, and their last changes are
 * saved even when the persister is gone. */

/* Answers @request before it returns. Called in any thread, also for several
 * requests at a time. */
typedef void (*TstMediumFunc) (TstRequest *request,
                               gpointer    data);

typedef struct
{
  TstMediumFunc  perform;
  gpointer       data;
  GDestroyNotify destroy;
} TstMedium;

/* Once, when the persister is constructed. Takes over @data, which is destroyed
 * in any thread. */
void       tst_persister_set_medium      (TstPersister   *self,
                                          TstMediumFunc   perform,
                                          gpointer        data,
                                          GDestroyNotify  destroy);

TstMedium *tst_medium_ref                (TstMedium      *medium);
void       tst_medium_unref              (TstMedium      *medium);
void       tst_medium_perform_in_pool    (TstMedium      *medium,
                                          TstRequest     *request);
/* To read and to write, where there is no subclass that does. */
gboolean   tst_persister_ask_medium      (TstPersister   *self,
                                          TstRequest     *request,
                                          GError        **error);

/* For media that hear of it when they can be reached again: what has failed is tried
 * again now. And for those that are told to wait: nothing is tried again by itself
 * before. What somebody asks for is still asked of the medium. */
void       tst_persister_retry           (TstPersister   *self);
void       tst_persister_hold            (TstPersister   *self,
                                          guint           milliseconds);
/* Whether there was content once: then nothing is a failure, to some media. */
gboolean   tst_persister_has_seen_content (TstPersister  *self);

/* Emit. */
void       tst_persister_emit_loaded     (TstPersister   *self);
void       tst_persister_emit_saved      (TstPersister   *self);
void       tst_persister_notify_last_error (TstPersister *self);
void       tst_persister_emit_failed     (TstPersister   *self,
                                          TstPersisterOperation operation,
                                          const GError   *error,
                                          gboolean        will_retry);
void       tst_persister_emit_conflict   (TstPersister   *self,
                                          TstConflict    *conflict);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TstMedium, tst_medium_unref)

G_END_DECLS
