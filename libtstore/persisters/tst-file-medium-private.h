/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

#include "tst-call-private.h"

G_BEGIN_DECLS

/* A local file as a medium: reads and writes it for requests, in any thread,
 * one at a time. */
typedef struct _TstFileMedium TstFileMedium;

/* path NULL: a file that is not local, for which everything fails. */
TstFileMedium *tst_file_medium_new           (const char     *path);
void           tst_file_medium_free          (TstFileMedium  *self);
void           tst_file_medium_set_in_place  (TstFileMedium  *self,
                                              gboolean        in_place);
gboolean       tst_file_medium_get_in_place  (TstFileMedium  *self);

/* A TstMediumFunc. */
void           tst_file_medium_perform       (TstRequest     *request,
                                              gpointer        data);

G_END_DECLS
