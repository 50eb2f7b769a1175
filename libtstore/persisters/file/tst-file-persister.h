/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (TSTORE_INSIDE) && !defined (TSTORE_COMPILATION)
# error "Only <libtstore/tstore.h> can be included directly."
#endif

#include "tst-persister.h"

G_BEGIN_DECLS

#define TST_TYPE_FILE_PERSISTER (tst_file_persister_get_type ())

TST_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (TstFilePersister, tst_file_persister, TST, FILE_PERSISTER, TstPersister)

TST_AVAILABLE_IN_0_1
TstPersister *tst_file_persister_new                       (TstStore         *store,
                                                            GFile            *file) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
GFile        *tst_file_persister_get_file                  (TstFilePersister *self);
TST_AVAILABLE_IN_0_1
gboolean      tst_file_persister_get_allow_in_place_write  (TstFilePersister *self);
TST_AVAILABLE_IN_0_1
void          tst_file_persister_set_allow_in_place_write  (TstFilePersister *self,
                                                            gboolean          allow_in_place_write);
TST_AVAILABLE_IN_0_1
guint64       tst_file_persister_get_journal_threshold     (TstFilePersister *self);
TST_AVAILABLE_IN_0_1
void          tst_file_persister_set_journal_threshold     (TstFilePersister *self,
                                                            guint64           journal_threshold);

G_END_DECLS
