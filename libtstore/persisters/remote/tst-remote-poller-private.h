/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-remote-private.h"

G_BEGIN_DECLS

/* Asks the server now and then whether there is something new: with HEAD, so that
 * nothing is read twice. One question at a time, and none while a request of the
 * persister is being answered, which finds out the same. */
typedef struct _TstRemotePoller TstRemotePoller;

/* There is, or may be. by_itself: its time had come, and there is; but where HEAD tells
 * nothing, only who reads can know. Must not free the poller. */
typedef void (*TstRemoteNewsFunc) (gboolean by_itself,
                                   gpointer user_data);

TstRemotePoller *tst_remote_poller_new           (TstRemote          *remote,
                                                  TstRemoteNewsFunc   func,
                                                  gpointer            user_data);
void             tst_remote_poller_free          (TstRemotePoller    *self);
/* In milliseconds; 0: only when it is told to. */
void             tst_remote_poller_set_interval  (TstRemotePoller    *self,
                                                  guint               interval);
/* Now, or when what is under way has ended, whose answer may be older than the question,
 * or a pause that the server has asked for. */
void             tst_remote_poller_poll          (TstRemotePoller    *self);
/* Something has ended. */
void             tst_remote_poller_catch_up      (TstRemotePoller    *self);

G_END_DECLS
