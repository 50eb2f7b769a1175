/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "pets-place.h"

G_BEGIN_DECLS

gboolean    pets_commands_are_wanted  (GVariantDict  *options);
int         pets_commands_run         (GVariantDict  *options);

gboolean    pets_commands_get_place   (GVariantDict  *options,
                                       PetsPlace    **place,
                                       GError       **error);

G_END_DECLS
