/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "pets-document.h"

G_BEGIN_DECLS

void      pets_move_async   (GtkWindow            *parent,
                             PetsDocument         *document,
                             PetsPlace            *place,
                             GAsyncReadyCallback   callback,
                             gpointer              user_data);
gboolean  pets_move_finish  (PetsDocument         *document,
                             GAsyncResult         *result,
                             GError              **error);

G_END_DECLS
