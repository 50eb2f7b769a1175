/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PETS_TYPE_SIZER (pets_sizer_get_type ())

G_DECLARE_FINAL_TYPE (PetsSizer, pets_sizer, PETS, SIZER, GtkWidget)

int pets_sizer_get_width (PetsSizer *self);

G_END_DECLS
