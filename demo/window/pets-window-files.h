/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "pets-window.h"

G_BEGIN_DECLS

void  pets_window_files_class_init  (GtkWidgetClass *widget_class);
void  pets_window_files_init        (PetsWindow     *self);

G_END_DECLS
