/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GBytes *demo_gzip_pack   (GBytes  *bytes,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
GBytes *demo_gzip_unpack (GBytes  *bytes,
                          gsize    max_size,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
