/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <libtstore/tstore.h>

G_BEGIN_DECLS

/* Where pets are kept. The numbers are those of the names in the preferences. */
typedef enum
{
  PETS_PLACE_SESSION,
  PETS_PLACE_LOCAL,
  PETS_PLACE_FILE,
  PETS_PLACE_REMOTE
} PetsPlaceKind;

#define PETS_TYPE_PLACE (pets_place_get_type ())

G_DECLARE_FINAL_TYPE (PetsPlace, pets_place, PETS, PLACE, GObject)

PetsPlace      *pets_place_new_session     (void) G_GNUC_WARN_UNUSED_RESULT;
PetsPlace      *pets_place_new_local       (void) G_GNUC_WARN_UNUSED_RESULT;
PetsPlace      *pets_place_new_for_file    (GFile          *file) G_GNUC_WARN_UNUSED_RESULT;
PetsPlace      *pets_place_new_for_uri     (const char     *uri,
                                            GError        **error) G_GNUC_WARN_UNUSED_RESULT;

PetsPlaceKind   pets_place_get_kind        (PetsPlace      *self);
GFile          *pets_place_get_file        (PetsPlace      *self);
const char     *pets_place_get_uri         (PetsPlace      *self);
gboolean        pets_place_equal           (PetsPlace      *self,
                                            PetsPlace      *other);
char           *pets_place_get_title       (PetsPlace      *self) G_GNUC_WARN_UNUSED_RESULT;
char           *pets_place_describe        (PetsPlace      *self) G_GNUC_WARN_UNUSED_RESULT;
TstPersister   *pets_place_make_persister  (PetsPlace      *self,
                                            TstStore       *store) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
