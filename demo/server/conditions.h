/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* What stands behind the digest of a document in the tag of its compressed form. */
#define DEMO_GZIP_SUFFIX "-gzip"

guint demo_conditions_check (SoupMessageHeaders *request,
                             gboolean            is_read,
                             const char         *digest,
                             gint64              modified);

G_END_DECLS
