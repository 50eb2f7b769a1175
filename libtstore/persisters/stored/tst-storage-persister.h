/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (TSTORE_INSIDE) && !defined (TSTORE_COMPILATION)
# error "Only <libtstore/tstore.h> can be included directly."
#endif

#include "tst-persister.h"
#include "tst-storage.h"

G_BEGIN_DECLS

#define TST_TYPE_STORAGE_PERSISTER (tst_storage_persister_get_type ())

TST_AVAILABLE_IN_0_1
G_DECLARE_DERIVABLE_TYPE (TstStoragePersister, tst_storage_persister, TST, STORAGE_PERSISTER,
                          TstPersister)

struct _TstStoragePersisterClass
{
  /*< private >*/
  TstPersisterClass parent_class;

  TstStorage *(*find_storage) (const char  *app_id,
                               GError     **error);

  gpointer padding[7];
};

TST_AVAILABLE_IN_0_1
TstStorage  *tst_storage_persister_get_storage  (TstStoragePersister *self);
TST_AVAILABLE_IN_0_1
const char  *tst_storage_persister_get_name     (TstStoragePersister *self);

G_END_DECLS
