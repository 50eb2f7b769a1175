/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "pets-status.h"
#include "pets-window.h"

G_BEGIN_DECLS

void  pets_storage_actions_add  (PetsWindow *window,
                                 PetsStatus *status);

G_END_DECLS
