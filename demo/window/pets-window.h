/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "pets-document.h"

G_BEGIN_DECLS

#define PETS_TYPE_WINDOW (pets_window_get_type ())

G_DECLARE_FINAL_TYPE (PetsWindow, pets_window, PETS, WINDOW, GtkApplicationWindow)

PetsWindow    *pets_window_new           (GtkApplication *application,
                                          PetsDocument   *document);
PetsDocument  *pets_window_get_document  (PetsWindow     *self);
gboolean       pets_window_is_closing    (PetsWindow     *self);
void           pets_window_tell          (PetsWindow     *self,
                                          const char     *text,
                                          gboolean        can_undo);
void           pets_window_show_error    (PetsWindow     *self,
                                          const char     *title,
                                          const GError   *error);

G_END_DECLS
