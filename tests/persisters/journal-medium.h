/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "file-medium.h"

G_BEGIN_DECLS

/* The same with a journal beside the file, whatever its size. */

extern const Medium journal_medium;

TstPersister *journal_persister (const char *path,
                                 TstStore   *store);
char         *journal_path      (Place      *place);
gboolean      has_journal       (Place      *place);

/* The content as a persister reads it, or NULL. */
char         *read_all          (const char *path);

G_END_DECLS
