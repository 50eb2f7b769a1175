/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "pets-settings.h"

/* What the application remembers: values of a store that is kept in its local storage,
 * which all of its processes share. Whatever is there by accident is as good as
 * nothing. */

#define ITEM "preferences"

struct _PetsSettings
{
  GObject parent_instance;

  TstStore     *store;
  TstPersister *persister;
};

G_DEFINE_FINAL_TYPE (PetsSettings, pets_settings, G_TYPE_OBJECT)

static const char * const place_names[] = { "session", "local", "file", "remote" };

static void
pets_settings_finalize (GObject *object)
{
  PetsSettings *self = PETS_SETTINGS (object);

  g_clear_object (&self->persister);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (pets_settings_parent_class)->finalize (object);
}

static void
pets_settings_class_init (PetsSettingsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pets_settings_finalize;
}

static void
pets_settings_init (PetsSettings *self)
{
  self->store = tst_store_new ();
  self->persister = tst_local_persister_new (self->store, NULL, ITEM);
}

/**
 * pets_settings_new:
 *
 * Reads what is remembered. There is so little of it that this may block: the first
 * window needs it.
 */
PetsSettings *
pets_settings_new (void)
{
  PetsSettings *self = g_object_new (PETS_TYPE_SETTINGS, NULL);
  g_autoptr(GError) error = NULL;

  if (!tst_persister_load (self->persister, NULL, &error))
    g_warning ("The preferences could not be read: %s", error->message);

  return self;
}

/**
 * pets_settings_follow:
 *
 * Keeps from now on what is set, and follows what other processes set.
 */
void
pets_settings_follow (PetsSettings *self)
{
  tst_persister_start_auto_persisting_async (self->persister, NULL, NULL, NULL, NULL);
}

/**
 * pets_settings_flush:
 *
 * Returns when all that was set is on the disk.
 */
void
pets_settings_flush (PetsSettings *self)
{
  g_autoptr(GError) error = NULL;

  if (!tst_persister_flush (self->persister, NULL, &error))
    g_warning ("The preferences could not be saved: %s", error->message);

  tst_persister_stop_auto_load (self->persister);
  tst_persister_stop_auto_save (self->persister);
}

TstStore *
pets_settings_get_store (PetsSettings *self)
{
  return self->store;
}

gboolean
pets_settings_get_boolean (PetsSettings *self,
                           const char   *id,
                           gboolean      fallback)
{
  if (tst_store_get_value_type (self->store, id) != TST_CELL_TYPE_BOOLEAN)
    return fallback;

  return tst_store_get_value_boolean (self->store, id);
}

void
pets_settings_set_boolean (PetsSettings *self,
                           const char   *id,
                           gboolean      value)
{
  tst_store_set_value_boolean (self->store, id, value, NULL);
}

int
pets_settings_get_int (PetsSettings *self,
                       const char   *id,
                       int           fallback)
{
  double number;

  if (tst_store_get_value_type (self->store, id) != TST_CELL_TYPE_NUMBER)
    return fallback;

  number = tst_store_get_value_number (self->store, id);

  return number >= 0 && number <= G_MAXINT16 ? (int) number : fallback;
}

void
pets_settings_set_int (PetsSettings *self,
                       const char   *id,
                       int           value)
{
  tst_store_set_value_number (self->store, id, value, NULL);
}

const char *
pets_settings_get_string (PetsSettings *self,
                          const char   *id,
                          const char   *fallback)
{
  const char *text = tst_store_get_value_string (self->store, id);

  return text != NULL ? text : fallback;
}

void
pets_settings_set_string (PetsSettings *self,
                          const char   *id,
                          const char   *value)
{
  tst_store_set_value_string (self->store, id, value, NULL);
}

/**
 * pets_settings_get_place:
 *
 * Gets the place that was chosen last.
 */
PetsPlace *
pets_settings_get_place (PetsSettings *self)
{
  const char *name = pets_settings_get_string (self, PETS_SETTING_PLACE, "");
  const char *uri = pets_settings_get_string (self, PETS_SETTING_URI, NULL);
  const char *file_uri = pets_settings_get_string (self, PETS_SETTING_FILE, NULL);
  PetsPlace *place = NULL;

  if (g_str_equal (name, place_names[PETS_PLACE_SESSION]))
    return pets_place_new_session ();

  if (g_str_equal (name, place_names[PETS_PLACE_FILE]) && file_uri != NULL)
    {
      g_autoptr(GFile) file = g_file_new_for_uri (file_uri);

      return pets_place_new_for_file (file);
    }

  if (g_str_equal (name, place_names[PETS_PLACE_REMOTE]) && uri != NULL)
    place = pets_place_new_for_uri (uri, NULL);

  return place != NULL ? place : pets_place_new_local ();
}

void
pets_settings_set_place (PetsSettings *self,
                         PetsPlace    *place)
{
  g_autofree char *file_uri = NULL;

  if (pets_place_get_file (place) != NULL)
    file_uri = g_file_get_uri (pets_place_get_file (place));

  tst_store_begin (self->store);
  pets_settings_set_string (self, PETS_SETTING_PLACE, place_names[pets_place_get_kind (place)]);
  if (file_uri != NULL)
    pets_settings_set_string (self, PETS_SETTING_FILE, file_uri);
  if (pets_place_get_uri (place) != NULL)
    pets_settings_set_string (self, PETS_SETTING_URI, pets_place_get_uri (place));
  tst_store_commit (self->store);
}
