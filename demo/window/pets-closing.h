/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "pets-window.h"

G_BEGIN_DECLS

gboolean  pets_closing_is_shared  (PetsWindow *window);
gboolean  pets_closing_ask        (PetsWindow *window);
void      pets_closing_save       (PetsWindow *window);

G_END_DECLS
