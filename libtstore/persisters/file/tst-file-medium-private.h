/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tst-call-private.h"
#include "tst-journaled-file-private.h"

G_BEGIN_DECLS

/* A TstMediumFunc: reads and writes a TstJournaledFile for requests. */
void tst_file_medium_perform (TstRequest *request,
                              gpointer    data);

G_END_DECLS
