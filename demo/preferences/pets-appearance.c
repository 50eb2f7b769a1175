/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "pets-appearance.h"

/* Makes the windows dark or light: as was chosen, or as the desktop says. That is asked of
 * its portal, which GTK itself does only in later versions. */

#define PORTAL_NAME "org.freedesktop.portal.Desktop"
#define PORTAL_PATH "/org/freedesktop/portal/desktop"
#define PORTAL_INTERFACE "org.freedesktop.portal.Settings"
#define APPEARANCE "org.freedesktop.appearance"
#define COLOR_SCHEME "color-scheme"
#define PREFERS_DARK 1

struct _PetsAppearance
{
  GObject parent_instance;

  PetsSettings *settings;
  GCancellable *cancellable;
  GDBusProxy   *portal;       /* (nullable) */
  gboolean      system_dark;  /* what the desktop says */
};

G_DEFINE_FINAL_TYPE (PetsAppearance, pets_appearance, G_TYPE_OBJECT)

static void
apply (PetsAppearance *self)
{
  const char *style = pets_settings_get_string (self->settings, PETS_SETTING_STYLE, PETS_STYLE_SYSTEM);
  gboolean dark = g_str_equal (style, PETS_STYLE_DARK) ||
                  (self->system_dark && !g_str_equal (style, PETS_STYLE_LIGHT));

  g_object_set (gtk_settings_get_default (), "gtk-application-prefer-dark-theme", dark, NULL);
}

/* --- The portal --- */

static void
set_color_scheme (PetsAppearance *self,
                  GVariant       *value)
{
  g_autoptr(GVariant) inner = g_variant_ref (value);

  /* Read() wraps it twice. */
  while (g_variant_is_of_type (inner, G_VARIANT_TYPE_VARIANT))
    {
      GVariant *next = g_variant_get_variant (inner);

      g_variant_unref (inner);
      inner = next;
    }

  self->system_dark = g_variant_is_of_type (inner, G_VARIANT_TYPE_UINT32) &&
                      g_variant_get_uint32 (inner) == PREFERS_DARK;
  apply (self);
}

static void
portal_signal_cb (GDBusProxy     *proxy,
                  const char     *sender,
                  const char     *signal,
                  GVariant       *parameters,
                  PetsAppearance *self)
{
  const char *group, *key;
  g_autoptr(GVariant) value = NULL;

  if (!g_str_equal (signal, "SettingChanged") ||
      !g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(ssv)")))
    return;

  g_variant_get (parameters, "(&s&sv)", &group, &key, &value);
  if (g_str_equal (group, APPEARANCE) && g_str_equal (key, COLOR_SCHEME))
    set_color_scheme (self, value);
}

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = g_dbus_proxy_call_finish (G_DBUS_PROXY (object), result, &error);
  g_autoptr(GVariant) value = NULL;

  if (reply == NULL)
    {
      /* Many desktops have no such portal: then it is light. */
      g_debug ("The portal does not tell the style: %s", error->message);
      return;
    }

  g_variant_get (reply, "(v)", &value);
  set_color_scheme (PETS_APPEARANCE (user_data), value);
}

static void
portal_found_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  GDBusProxy *portal = g_dbus_proxy_new_for_bus_finish (result, &error);
  PetsAppearance *self;

  /* If it was cancelled, we are not there any more. */
  if (portal == NULL)
    {
      g_debug ("There is no portal: %s", error->message);
      return;
    }

  self = PETS_APPEARANCE (user_data);
  self->portal = portal;
  g_signal_connect_object (portal, "g-signal", G_CALLBACK (portal_signal_cb), self, 0);
  g_dbus_proxy_call (portal, "Read", g_variant_new ("(ss)", APPEARANCE, COLOR_SCHEME),
                     G_DBUS_CALL_FLAGS_NONE, -1, self->cancellable, read_cb, self);
}

/* --- GObject --- */

static void
pets_appearance_dispose (GObject *object)
{
  PetsAppearance *self = PETS_APPEARANCE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->portal);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (pets_appearance_parent_class)->dispose (object);
}

static void
pets_appearance_class_init (PetsAppearanceClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pets_appearance_dispose;
}

static void
pets_appearance_init (PetsAppearance *self)
{
  self->cancellable = g_cancellable_new ();
}

/**
 * pets_appearance_new:
 *
 * Keeps the style of all windows what @settings say.
 */
PetsAppearance *
pets_appearance_new (PetsSettings *settings)
{
  PetsAppearance *self = g_object_new (PETS_TYPE_APPEARANCE, NULL);

  self->settings = g_object_ref (settings);
  g_signal_connect_object (pets_settings_get_store (settings), "value-changed::" PETS_SETTING_STYLE,
                           G_CALLBACK (apply), self, G_CONNECT_SWAPPED);
  apply (self);

  g_dbus_proxy_new_for_bus (G_BUS_TYPE_SESSION,
                            G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES |
                              G_DBUS_PROXY_FLAGS_DO_NOT_AUTO_START_AT_CONSTRUCTION,
                            NULL, PORTAL_NAME, PORTAL_PATH, PORTAL_INTERFACE,
                            self->cancellable, portal_found_cb, self);

  return self;
}
