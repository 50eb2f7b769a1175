/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "pets-place.h"

#include <glib/gi18n.h>

/* One of the four places that pets can be kept in. It does not change. */

/* The key of the pets in the storages of the application. */
#define ITEM "pets"

struct _PetsPlace
{
  GObject parent_instance;

  PetsPlaceKind  kind;
  GFile         *file;   /* (nullable): of PETS_PLACE_FILE */
  char          *uri;    /* (nullable): of PETS_PLACE_REMOTE */
};

G_DEFINE_FINAL_TYPE (PetsPlace, pets_place, G_TYPE_OBJECT)

static void
pets_place_finalize (GObject *object)
{
  PetsPlace *self = PETS_PLACE (object);

  g_clear_object (&self->file);
  g_clear_pointer (&self->uri, g_free);

  G_OBJECT_CLASS (pets_place_parent_class)->finalize (object);
}

static void
pets_place_class_init (PetsPlaceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pets_place_finalize;
}

static void
pets_place_init (PetsPlace *self)
{
}

static PetsPlace *
make (PetsPlaceKind kind)
{
  PetsPlace *self = g_object_new (PETS_TYPE_PLACE, NULL);

  self->kind = kind;

  return self;
}

/**
 * pets_place_new_session:
 *
 * Makes the place for what is to be gone when the user logs out.
 */
PetsPlace *
pets_place_new_session (void)
{
  return make (PETS_PLACE_SESSION);
}

/**
 * pets_place_new_local:
 *
 * Makes the place among the data of the application.
 */
PetsPlace *
pets_place_new_local (void)
{
  return make (PETS_PLACE_LOCAL);
}

PetsPlace *
pets_place_new_for_file (GFile *file)
{
  PetsPlace *self = make (PETS_PLACE_FILE);

  self->file = g_object_ref (file);

  return self;
}

static gboolean
is_web_uri (const char *uri)
{
  g_autoptr(GUri) parsed = g_uri_parse (uri, G_URI_FLAGS_NONE, NULL);
  const char *scheme = parsed != NULL ? g_uri_get_scheme (parsed) : "";
  const char *host = parsed != NULL ? g_uri_get_host (parsed) : NULL;

  return (g_str_equal (scheme, "http") || g_str_equal (scheme, "https")) &&
         host != NULL && *host != '\0';
}

/**
 * pets_place_new_for_uri:
 *
 * Makes the place on a server, if @uri is an address that can be one.
 */
PetsPlace *
pets_place_new_for_uri (const char  *uri,
                        GError     **error)
{
  g_autofree char *stripped = g_strstrip (g_strdup (uri));
  PetsPlace *self;

  if (!is_web_uri (stripped))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           _("That is not an address such as https://example.org/pets.json"));
      return NULL;
    }

  self = make (PETS_PLACE_REMOTE);
  self->uri = g_steal_pointer (&stripped);

  return self;
}

PetsPlaceKind
pets_place_get_kind (PetsPlace *self)
{
  return self->kind;
}

/**
 * pets_place_get_file:
 *
 * Gets the file, or `NULL` if it is another kind of place.
 */
GFile *
pets_place_get_file (PetsPlace *self)
{
  return self->file;
}

/**
 * pets_place_get_uri:
 *
 * Gets the address on the server, or `NULL` if it is another kind of place.
 */
const char *
pets_place_get_uri (PetsPlace *self)
{
  return self->uri;
}

gboolean
pets_place_equal (PetsPlace *self,
                  PetsPlace *other)
{
  return self->kind == other->kind &&
         (self->file == NULL || g_file_equal (self->file, other->file)) &&
         g_strcmp0 (self->uri, other->uri) == 0;
}

static char *
get_uri_title (const char *uri)
{
  g_autoptr(GUri) parsed = g_uri_parse (uri, G_URI_FLAGS_NONE, NULL);
  g_autofree char *name = g_path_get_basename (g_uri_get_path (parsed));

  if (*g_uri_get_path (parsed) == '\0' || g_str_equal (name, "/"))
    return g_strdup (g_uri_get_host (parsed));

  return g_filename_display_name (name);
}

/**
 * pets_place_get_title:
 *
 * Makes the title of a window with the pets of this place.
 */
char *
pets_place_get_title (PetsPlace *self)
{
  g_autofree char *name = NULL;

  if (self->uri != NULL)
    return get_uri_title (self->uri);

  if (self->file == NULL)
    return g_strdup (_("Pets"));

  name = g_file_get_basename (self->file);

  return g_filename_display_name (name);
}

static char *
describe_file (GFile *file)
{
  const char *home = g_get_home_dir ();
  g_autofree char *name = g_file_get_parse_name (file);

  if (g_str_has_prefix (name, home) && name[strlen (home)] == G_DIR_SEPARATOR)
    return g_strconcat ("~", name + strlen (home), NULL);

  return g_steal_pointer (&name);
}

/**
 * pets_place_describe:
 *
 * Says where this place is, in a few words.
 */
char *
pets_place_describe (PetsPlace *self)
{
  switch (self->kind)
    {
    case PETS_PLACE_SESSION:
      return g_strdup (_("This session"));

    case PETS_PLACE_FILE:
      return describe_file (self->file);

    case PETS_PLACE_REMOTE:
      return g_strdup (self->uri);

    case PETS_PLACE_LOCAL:
    default:
      return g_strdup (_("This computer"));
    }
}

/**
 * pets_place_make_persister:
 *
 * Makes what keeps a store in this place.
 */
TstPersister *
pets_place_make_persister (PetsPlace *self,
                           TstStore  *store)
{
  switch (self->kind)
    {
    case PETS_PLACE_SESSION:
      return tst_session_persister_new (store, NULL, ITEM);

    case PETS_PLACE_FILE:
      return tst_file_persister_new (store, self->file);

    case PETS_PLACE_REMOTE:
      return tst_remote_persister_new (store, self->uri, NULL);

    case PETS_PLACE_LOCAL:
    default:
      return tst_local_persister_new (store, NULL, ITEM);
    }
}
