/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-http-exchange-private.h"
#include "tst-http-tag-private.h"
#include "tst-request.h"

G_BEGIN_DECLS

/* What a remote persister and everybody who works for it know of the resource and its
 * server. It outlives the persister, which may go away in the middle of its last save.
 *
 *   tst-remote.c         what is known, and the only way to send something: so each
 *                        answer teaches all of them, and nobody sends when the server has
 *                        asked for a pause
 *   tst-remote-fetch.c   reads what is there, and keeps its validators
 *   tst-remote-read.c    answers a request to read
 *   tst-remote-write.c   answers a request to write
 *   tst-remote-poller.c  asks now and then whether there is something new
 *   tst-event-stream.c   is told so
 *
 * A version is known to the persister by the digest of its text, and here by that and
 * by the validators that came with it: so a tag of the server is only ever taken for a
 * text that we have seen, and servers with bad tags, or none, are the same to the
 * persister as all others. */

typedef enum
{
  TST_REMOTE_UNKNOWN,
  TST_REMOTE_NOTHING,     /* 404 or 410 */
  TST_REMOTE_VERSION
} TstRemoteState;

typedef enum
{
  TST_PRECONDITIONS_UNKNOWN,
  TST_PRECONDITIONS_HONOURED,
  TST_PRECONDITIONS_IGNORED
} TstPreconditions;

typedef struct
{
  SoupSession      *session;
  gboolean          own_session;
  GUri             *load_uri;
  GUri             *save_uri;
  gboolean          same_resource;
  char             *save_method;     /* (nullable): chosen by the application */
  guint             timeout;         /* ms */
  guint64           max_size;

  /* What is there, as far as we have seen. */
  TstRemoteState    state;
  char             *digest;          /* (nullable): of the version */
  TstHttpTag        tag;             /* of the version; perhaps empty */
  gboolean          failing;         /* could not be read the last time */

  /* What the server can do. */
  TstPreconditions  preconditions;
  char             *refused_etag;    /* (nullable): a precondition that did not hold */
  guint             n_refused;       /* so often in a row, with that tag */
  gboolean          stays_weak;      /* waiting does not make its tags strong */
  gboolean          has_no_tags;
  gboolean          has_no_head;
  gboolean          told_no_tags;    /* the application */
  gboolean          told_unguarded;
  gint64            pause_until;     /* monotonic time; 0: no pause */
  GUri             *event_uri;       /* (nullable): where it tells of changes */

  guint             n_working;       /* requests that are being answered */
  GCancellable     *reading;         /* (nullable): of a request to read */

  /* Called after each answer, and each request. */
  void            (*learned)         (gpointer owner);
  gpointer          owner;           /* (nullable): not owned */
} TstRemote;

/* Takes over the addresses. */
TstRemote    *tst_remote_new              (GUri                 *load_uri,
                                           GUri                 *save_uri);
TstRemote    *tst_remote_ref              (TstRemote            *remote);
void          tst_remote_unref            (TstRemote            *remote);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TstRemote, tst_remote_unref)

/* NULL: one of its own. */
void          tst_remote_set_session      (TstRemote            *remote,
                                           SoupSession          *session);
SoupSession  *tst_remote_get_session      (TstRemote            *remote);
const char   *tst_remote_get_save_method  (TstRemote            *remote);

/* How long the server has asked to wait still, in milliseconds. */
guint         tst_remote_get_pause        (TstRemote            *remote);

/* headers (nullable), body (nullable): a save. */
void          tst_remote_send_async       (TstRemote            *remote,
                                           const char           *method,
                                           SoupMessageHeaders   *headers,
                                           GBytes               *body,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
TstHttpReply *tst_remote_send_finish      (GAsyncResult         *result,
                                           GError              **error);
/* Also from answers that did not come that way. */
void          tst_remote_learn            (TstRemote            *remote,
                                           guint                 status,
                                           SoupMessageHeaders   *headers,
                                           GUri                 *uri,
                                           gboolean              of_resource);

/* Has the owner look at what has changed here. */
void          tst_remote_tell             (TstRemote            *remote);

/* Headers that every look at the resource has, so that the tags of all of them are
 * about the same representation. */
SoupMessageHeaders *
              tst_remote_new_headers      (TstRemote            *remote);

/* What is there from now on. digest NULL: nothing; @tag (nullable) is taken from. */
void          tst_remote_set_version      (TstRemote            *remote,
                                           const char           *digest,
                                           TstHttpTag           *tag);
void          tst_remote_forget_version   (TstRemote            *remote);
/* digest NULL: that nothing is there. */
gboolean      tst_remote_holds            (TstRemote            *remote,
                                           const char           *digest);

/* Around what is done for one request of the persister. */
void          tst_remote_begin            (TstRemote            *remote);
void          tst_remote_end              (TstRemote            *remote);

/* --- Fetching --- */

typedef enum
{
  TST_FETCHED_ERROR,
  TST_FETCHED_SAME,        /* still the version that was expected */
  TST_FETCHED_OTHER,       /* this one, which is in text and digest */
  TST_FETCHED_NOTHING
} TstFetched;

/* @digest (nullable): of the version that is expected. */
void          tst_remote_fetch_async      (TstRemote            *remote,
                                           const char           *digest,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
/* text, digest: of another version, both (nullable). */
TstFetched    tst_remote_fetch_finish     (GAsyncResult         *result,
                                           GBytes              **text,
                                           char                **digest,
                                           GError              **error);

/* --- Requests of the persister --- */

/* was_seen: there was a version before, so that nothing is an error. */
void          tst_remote_read             (TstRemote            *remote,
                                           TstRequest           *request,
                                           gboolean              was_seen);
void          tst_remote_write            (TstRemote            *remote,
                                           TstRequest           *request);

G_END_DECLS
