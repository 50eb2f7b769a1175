/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "pets-column.h"

G_BEGIN_DECLS

#define PETS_TYPE_EDITOR (pets_editor_get_type ())

G_DECLARE_FINAL_TYPE (PetsEditor, pets_editor, PETS, EDITOR, GtkWidget)

void     pets_editor_set_row      (PetsEditor  *self,
                                   TstRow      *row);
TstRow  *pets_editor_get_row      (PetsEditor  *self);

G_END_DECLS
