/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

gboolean demo_access_is_for_us   (SoupServerMessage  *message);
gboolean demo_access_may_write   (SoupServerMessage  *message,
                                  const char * const *origins);
void     demo_access_add_headers (SoupServerMessage  *message,
                                  const char * const *origins);

G_END_DECLS
