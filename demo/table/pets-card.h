/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "pets-column.h"

G_BEGIN_DECLS

#define PETS_TYPE_CARD (pets_card_get_type ())

G_DECLARE_FINAL_TYPE (PetsCard, pets_card, PETS, CARD, GtkWidget)

GtkListItemFactory *pets_card_factory_new (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
