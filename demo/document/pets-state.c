/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "pets-state.h"

#include <glib/gi18n.h>

/* What a persister says of itself, for people. */

/**
 * pets_state_is_offline_error:
 *
 * Tells whether an error is that a server cannot be reached: then all is well again
 * once the network is back.
 */
gboolean
pets_state_is_offline_error (const GError *error)
{
  static const int codes[] = {
    G_IO_ERROR_CONNECTION_REFUSED, G_IO_ERROR_CONNECTION_CLOSED, G_IO_ERROR_HOST_NOT_FOUND,
    G_IO_ERROR_HOST_UNREACHABLE, G_IO_ERROR_NETWORK_UNREACHABLE, G_IO_ERROR_TIMED_OUT,
    G_IO_ERROR_PARTIAL_INPUT, G_IO_ERROR_NOT_CONNECTED,
  };

  if (error == NULL)
    return FALSE;

  if (error->domain == G_RESOLVER_ERROR)
    return TRUE;

  for (gsize i = 0; error->domain == G_IO_ERROR && i < G_N_ELEMENTS (codes); i++)
    if (error->code == codes[i])
      return TRUE;

  return FALSE;
}

/**
 * pets_state_find:
 *
 * Finds the state of what @persister keeps. @opened is whether its first load is over,
 * @unsaved whether something is still to be saved.
 */
PetsState
pets_state_find (TstPersister *persister,
                 gboolean      opened,
                 gboolean      unsaved)
{
  const GError *error = tst_persister_get_last_error (persister);

  if (!opened)
    return PETS_STATE_LOADING;

  if (pets_state_is_offline_error (error))
    return PETS_STATE_OFFLINE;

  if (error != NULL)
    return unsaved ? PETS_STATE_NOT_SAVED : PETS_STATE_NOT_LOADED;

  if (tst_persister_get_status (persister) == TST_PERSISTER_SAVING)
    return PETS_STATE_SAVING;

  return unsaved ? PETS_STATE_UNSAVED : PETS_STATE_SAVED;
}

/**
 * pets_state_get_label:
 *
 * Names a state in a word or two.
 */
const char *
pets_state_get_label (PetsState state)
{
  switch (state)
    {
    case PETS_STATE_LOADING:
      return _("Loading…");

    case PETS_STATE_UNSAVED:
      return _("Unsaved changes");

    case PETS_STATE_SAVING:
      return _("Saving…");

    case PETS_STATE_OFFLINE:
      return _("Offline");

    case PETS_STATE_NOT_LOADED:
      return _("Not loaded");

    case PETS_STATE_NOT_SAVED:
      return _("Not saved");

    case PETS_STATE_SAVED:
    default:
      return _("Saved");
    }
}

const char *
pets_state_get_icon_name (PetsState state)
{
  switch (state)
    {
    case PETS_STATE_LOADING:
    case PETS_STATE_SAVING:
      return "emblem-synchronizing-symbolic";

    case PETS_STATE_UNSAVED:
      return "document-save-symbolic";

    case PETS_STATE_OFFLINE:
      return "network-offline-symbolic";

    case PETS_STATE_NOT_LOADED:
    case PETS_STATE_NOT_SAVED:
      return "dialog-warning-symbolic";

    case PETS_STATE_SAVED:
    default:
      return "emblem-ok-symbolic";
    }
}
