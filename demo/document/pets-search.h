/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <libtstore/tstore.h>

G_BEGIN_DECLS

typedef struct _PetsSearch PetsSearch;

PetsSearch      *pets_search_new      (const char  *text) G_GNUC_WARN_UNUSED_RESULT;
void             pets_search_free     (PetsSearch  *self);
gboolean         pets_search_matches  (PetsSearch  *self,
                                       TstStore    *store,
                                       const char  *row_id);
TstFilterChange  pets_search_compare  (PetsSearch  *before,
                                       PetsSearch  *after);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PetsSearch, pets_search_free)

G_END_DECLS
