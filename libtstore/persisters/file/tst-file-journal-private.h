/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-engine-private.h"

G_BEGIN_DECLS

/* What the entries in the journal of a file mean: what a save changed. Any thread.
 *
 *   [LENGTH,WAS,IS]    two texts [tables,values], the first one of that length: each row
 *                      that was changed, as it was and as it is, and each such value */

/* NULL: it would be longer than that. */
GBytes      *tst_file_journal_make_entry (TstSnapshot  *before,
                                          TstSnapshot  *after,
                                          gsize         max_length);

/* What the content becomes, with one entry after the other. Takes over @content. */
TstSnapshot *tst_file_journal_replay     (TstEngine    *content,
                                          GPtrArray    *entries,
                                          GError      **error);

/* The same where the content is of somebody who knew nothing of the entries: they are
 * changes like those of a store. The result is the same for everybody. */
TstSnapshot *tst_file_journal_merge      (TstEngine    *content,
                                          GPtrArray    *entries,
                                          GError      **error);

G_END_DECLS
