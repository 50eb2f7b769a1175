/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "pets-place.h"

G_BEGIN_DECLS

/* The ids of the values that are kept. */
#define PETS_SETTING_PLACE "place"
#define PETS_SETTING_FILE "file"
#define PETS_SETTING_URI "uri"
#define PETS_SETTING_AUTO_LOAD "auto-load"
#define PETS_SETTING_AUTO_SAVE "auto-save"
#define PETS_SETTING_POLL_INTERVAL "poll-interval"
#define PETS_SETTING_STYLE "style"
#define PETS_SETTING_WIDTH "window-width"
#define PETS_SETTING_HEIGHT "window-height"
#define PETS_SETTING_MAXIMIZED "window-maximized"

#define PETS_TYPE_SETTINGS (pets_settings_get_type ())

G_DECLARE_FINAL_TYPE (PetsSettings, pets_settings, PETS, SETTINGS, GObject)

PetsSettings  *pets_settings_new          (void) G_GNUC_WARN_UNUSED_RESULT;
void           pets_settings_follow       (PetsSettings  *self);
void           pets_settings_flush        (PetsSettings  *self);

TstStore      *pets_settings_get_store    (PetsSettings  *self);
gboolean       pets_settings_get_boolean  (PetsSettings  *self,
                                           const char    *id,
                                           gboolean       fallback);
void           pets_settings_set_boolean  (PetsSettings  *self,
                                           const char    *id,
                                           gboolean       value);
int            pets_settings_get_int      (PetsSettings  *self,
                                           const char    *id,
                                           int            fallback);
void           pets_settings_set_int      (PetsSettings  *self,
                                           const char    *id,
                                           int            value);
const char    *pets_settings_get_string   (PetsSettings  *self,
                                           const char    *id,
                                           const char    *fallback);
void           pets_settings_set_string   (PetsSettings  *self,
                                           const char    *id,
                                           const char    *value);

PetsPlace     *pets_settings_get_place    (PetsSettings  *self) G_GNUC_WARN_UNUSED_RESULT;
void           pets_settings_set_place    (PetsSettings  *self,
                                           PetsPlace     *place);

G_END_DECLS
