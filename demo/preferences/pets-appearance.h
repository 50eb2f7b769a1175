/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "pets-settings.h"

G_BEGIN_DECLS

/* What PETS_SETTING_STYLE may be. */
#define PETS_STYLE_SYSTEM "system"
#define PETS_STYLE_LIGHT "light"
#define PETS_STYLE_DARK "dark"

#define PETS_TYPE_APPEARANCE (pets_appearance_get_type ())

G_DECLARE_FINAL_TYPE (PetsAppearance, pets_appearance, PETS, APPEARANCE, GObject)

PetsAppearance  *pets_appearance_new  (PetsSettings *settings) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
