/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "pets-column.h"

G_BEGIN_DECLS

#define PETS_TYPE_TEXT_CELL (pets_text_cell_get_type ())

G_DECLARE_FINAL_TYPE (PetsTextCell, pets_text_cell, PETS, TEXT_CELL, GtkWidget)

GtkWidget  *pets_text_cell_new            (const PetsColumn *column);
void        pets_text_cell_bind           (PetsTextCell     *self,
                                           TstRow           *row);
void        pets_text_cell_unbind         (PetsTextCell     *self);
TstRow     *pets_text_cell_get_row        (PetsTextCell     *self);
void        pets_text_cell_start_editing  (PetsTextCell     *self);

G_END_DECLS
