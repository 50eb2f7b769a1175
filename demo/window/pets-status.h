/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "pets-document.h"

G_BEGIN_DECLS

#define PETS_TYPE_STATUS (pets_status_get_type ())

G_DECLARE_FINAL_TYPE (PetsStatus, pets_status, PETS, STATUS, GtkWidget)

void  pets_status_set_document  (PetsStatus   *self,
                                 PetsDocument *document);
void  pets_status_show          (PetsStatus   *self);

G_END_DECLS
