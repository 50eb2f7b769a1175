/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-snapshot-private.h"

G_BEGIN_DECLS

/* The saves of which it is not known whether they have arrived, all meant to replace
 * the same version. A medium may do the first of them after the last one was sent: so
 * all are kept, until one of them, or none, is found in what is there. */
typedef struct
{
  GArray   *saves;      /* (nullable): the oldest first */
  gboolean  forgetful;  /* there were more than are kept */
} TstSent;

#define TST_SENT_MAX 16

void         tst_sent_add       (TstSent      *sent,
                                 TstSnapshot  *snapshot,
                                 guint32       number);
gboolean     tst_sent_is_empty  (TstSent      *sent);
void         tst_sent_clear     (TstSent      *sent);
/* Which of them @theirs is made from, rather than from @base that they were to
 * replace; NULL: none.
 * number: (out): of the snapshot, in its store */
TstSnapshot *tst_sent_recognize (TstSent      *sent,
                                 TstSnapshot  *base,
                                 TstSnapshot  *theirs,
                                 guint32      *number);

G_END_DECLS
