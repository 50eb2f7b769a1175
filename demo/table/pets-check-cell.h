/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "pets-column.h"

G_BEGIN_DECLS

#define PETS_TYPE_CHECK_CELL (pets_check_cell_get_type ())

G_DECLARE_FINAL_TYPE (PetsCheckCell, pets_check_cell, PETS, CHECK_CELL, GtkWidget)

GtkWidget  *pets_check_cell_new     (const PetsColumn *column);
void        pets_check_cell_bind    (PetsCheckCell    *self,
                                     TstRow           *row);
void        pets_check_cell_unbind  (PetsCheckCell    *self);

G_END_DECLS
