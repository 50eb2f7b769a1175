/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void       pets_transfer_read_async    (GFile                *file,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
GVariant  *pets_transfer_read_finish   (GFile                *file,
                                        GAsyncResult         *result,
                                        GError              **error) G_GNUC_WARN_UNUSED_RESULT;
void       pets_transfer_write_async   (GFile                *file,
                                        char                 *text,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
gboolean   pets_transfer_write_finish  (GFile                *file,
                                        GAsyncResult         *result,
                                        GError              **error);

G_END_DECLS
