/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <libtstore/tstore.h>

G_BEGIN_DECLS

char  *pets_conflict_summarize  (TstConflict *conflict) G_GNUC_WARN_UNUSED_RESULT;
char  *pets_conflict_describe   (TstConflict *conflict,
                                 guint        index,
                                 TstStore    *store) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
