/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-conflict.h"
#include "tst-snapshot-private.h"

G_BEGIN_DECLS

/* What two were made from. */
typedef struct
{
  TstSnapshot *snapshot;
  guint32      number;   /* of the snapshot of our store that it was, or that was before it:
                          * rows that were added since are not those of the base, also if
                          * their ids are */
  gboolean     agreed;   /* both sides had it; otherwise only we */
} TstMergeBase;

/* Merges two successors of @base, in any thread: what is here, @ours, and what
 * somebody else made, @theirs. Theirs wins except where ours differs from the
 * base; see the table in tst-merge.c. What was changed on both sides is added to
 * @conflict. */
TstSnapshot *tst_merge             (const TstMergeBase *base,
                                    TstSnapshot        *ours,
                                    TstSnapshot        *theirs,
                                    TstConflict        *conflict);

/* What to merge the result of that with next, if it is not @theirs alone: with each
 * row of ours that was kept although they have removed it, as it was; so that what
 * came back with it unchanged yields to others like before. */
TstSnapshot *tst_merge_get_base    (const TstMergeBase *base,
                                    TstSnapshot        *theirs,
                                    TstConflict        *conflict);

/* Whether @theirs is rather made from @sent than from @base: of what was sent to
 * replace the base, nobody knows whether it arrived. */
gboolean     tst_merge_has_arrived (TstSnapshot        *base,
                                    TstSnapshot        *sent,
                                    TstSnapshot        *theirs);

G_END_DECLS
