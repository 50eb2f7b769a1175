/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <libtstore/tstore.h>

G_BEGIN_DECLS

/* Whether what is shown is also where it is kept. */
typedef enum
{
  PETS_STATE_LOADING,
  PETS_STATE_SAVED,
  PETS_STATE_UNSAVED,
  PETS_STATE_SAVING,
  PETS_STATE_OFFLINE,
  PETS_STATE_NOT_LOADED,
  PETS_STATE_NOT_SAVED
} PetsState;

gboolean     pets_state_is_offline_error  (const GError *error);
PetsState    pets_state_find              (TstPersister *persister,
                                           gboolean      opened,
                                           gboolean      unsaved);
const char  *pets_state_get_label         (PetsState     state);
const char  *pets_state_get_icon_name     (PetsState     state);

G_END_DECLS
