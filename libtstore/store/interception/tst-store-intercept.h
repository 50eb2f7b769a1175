/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (TSTORE_INSIDE) && !defined (TSTORE_COMPILATION)
# error "Only <libtstore/tstore.h> can be included directly."
#endif

#include "tst-write.h"

G_BEGIN_DECLS

typedef void (*TstInterceptFunc) (TstStore *store,
                                  TstWrite *write,
                                  gpointer  user_data);

TST_AVAILABLE_IN_0_1
gulong         tst_store_add_interceptor    (TstStore         *self,
                                             TstWriteKinds     kinds,
                                             TstInterceptFunc  func,
                                             gpointer          user_data,
                                             GDestroyNotify    destroy);
TST_AVAILABLE_IN_0_1
gboolean       tst_store_remove_interceptor (TstStore         *self,
                                             gulong            interceptor_id);

G_END_DECLS
