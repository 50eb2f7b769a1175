/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (TSTORE_INSIDE) && !defined (TSTORE_COMPILATION)
# error "Only <libtstore/tstore.h> can be included directly."
#endif

#include "tst-types.h"

G_BEGIN_DECLS

#define TST_TYPE_STORAGE (tst_storage_get_type ())

TST_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (TstStorage, tst_storage, TST, STORAGE, GObject)

TST_AVAILABLE_IN_0_1
TstStorage  *tst_storage_get_session  (const char  *app_id,
                                       GError     **error) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
TstStorage  *tst_storage_get_local    (const char  *app_id,
                                       GError     **error) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
TstStorage  *tst_storage_new          (GFile       *folder) G_GNUC_WARN_UNUSED_RESULT;

TST_AVAILABLE_IN_0_1
GFile       *tst_storage_get_folder   (TstStorage  *self);

TST_AVAILABLE_IN_0_1
char        *tst_storage_get_item     (TstStorage  *self,
                                       const char  *key,
                                       GError     **error) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
gboolean     tst_storage_set_item     (TstStorage  *self,
                                       const char  *key,
                                       const char  *content,
                                       GError     **error);
TST_AVAILABLE_IN_0_1
gboolean     tst_storage_remove_item  (TstStorage  *self,
                                       const char  *key,
                                       GError     **error);
TST_AVAILABLE_IN_0_1
gboolean     tst_storage_clear        (TstStorage  *self,
                                       GError     **error);
TST_AVAILABLE_IN_0_1
char       **tst_storage_list_keys    (TstStorage  *self,
                                       GError     **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
