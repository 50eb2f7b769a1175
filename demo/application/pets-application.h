/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PETS_TYPE_APPLICATION (pets_application_get_type ())

G_DECLARE_FINAL_TYPE (PetsApplication, pets_application, PETS, APPLICATION, GtkApplication)

PetsApplication *pets_application_new (void);

G_END_DECLS
