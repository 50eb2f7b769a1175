/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-conflict.h"
#include "tst-snapshot-private.h"

G_BEGIN_DECLS

/* Merges two successors of @base, in any thread: what is here, @ours, and what
 * somebody else made, @theirs. Theirs wins except where ours differs from the
 * base; see the table in tst-merge.c. What was changed on both sides is added to
 * @conflict. */
TstSnapshot *tst_merge (TstSnapshot *base,
                        TstSnapshot *ours,
                        TstSnapshot *theirs,
                        TstConflict *conflict);

/* What to merge the result of that with next: @theirs; and of each row of ours
 * that was kept although they removed it, what it was, so that what comes back
 * with it yields to others like before. */
TstSnapshot *tst_merge_get_base (TstSnapshot *base,
                                 TstSnapshot *theirs,
                                 TstConflict *conflict);

G_END_DECLS
