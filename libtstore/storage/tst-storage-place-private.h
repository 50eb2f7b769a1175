/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where the items of an application are. Makes the folder, and checks it. */

char     *tst_storage_place_local    (const char  *app_id,
                                      GError     **error);
/* path: set to NULL if there is no runtime folder here. */
gboolean  tst_storage_place_session  (const char  *app_id,
                                      char       **path,
                                      GError     **error);

G_END_DECLS
