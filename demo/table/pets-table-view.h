/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "pets-column.h"

G_BEGIN_DECLS

#define PETS_TYPE_TABLE_VIEW (pets_table_view_get_type ())

G_DECLARE_FINAL_TYPE (PetsTableView, pets_table_view, PETS, TABLE_VIEW, GtkWidget)

GtkWidget  *pets_table_view_get_list   (PetsTableView      *self);
void        pets_table_view_set_model  (PetsTableView      *self,
                                        GtkSelectionModel  *model);
gboolean    pets_table_view_fit        (PetsTableView      *self,
                                        int                 width);
void        pets_table_view_edit_name  (PetsTableView      *self,
                                        const char         *row_id);

G_END_DECLS
