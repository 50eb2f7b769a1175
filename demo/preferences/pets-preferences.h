/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "pets-document.h"
#include "pets-settings.h"

G_BEGIN_DECLS

#define PETS_TYPE_PREFERENCES (pets_preferences_get_type ())

G_DECLARE_FINAL_TYPE (PetsPreferences, pets_preferences, PETS, PREFERENCES, GtkWindow)

PetsPreferences  *pets_preferences_new           (GtkWindow       *parent,
                                                  PetsDocument    *document,
                                                  PetsSettings    *settings);
PetsDocument     *pets_preferences_get_document  (PetsPreferences *self);

G_END_DECLS
