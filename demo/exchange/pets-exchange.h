/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <libtstore/tstore.h>

G_BEGIN_DECLS

/* A file that is larger is no table of pets. */
#define PETS_EXCHANGE_MAX_SIZE (64 * 1024 * 1024)

GVariant  *pets_exchange_parse    (const char  *text,
                                   gsize        length,
                                   GError     **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean   pets_exchange_add      (TstStore    *store,
                                   GVariant    *pets,
                                   GError     **error);
char      *pets_exchange_to_csv   (TstStore    *store) G_GNUC_WARN_UNUSED_RESULT;
char      *pets_exchange_to_json  (TstStore    *store) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
