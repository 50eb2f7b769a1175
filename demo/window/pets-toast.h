/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PETS_TYPE_TOAST (pets_toast_get_type ())

G_DECLARE_FINAL_TYPE (PetsToast, pets_toast, PETS, TOAST, GtkWidget)

void  pets_toast_show  (PetsToast  *self,
                        const char *text,
                        gboolean    can_undo);
void  pets_toast_hide  (PetsToast  *self);

G_END_DECLS
