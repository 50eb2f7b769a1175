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

TST_AVAILABLE_IN_0_1
char     *tst_write_get_json (TstWrite    *self) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
gboolean  tst_write_set_json (TstWrite    *self,
                              const char  *json,
                              GError     **error);

G_END_DECLS
