/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <gtk/gtk.h>

/* Preloaded, it has a program run from right to left, in any language. */

static gboolean
set_direction_cb (gpointer user_data)
{
  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);

  return G_SOURCE_REMOVE;
}

__attribute__((constructor)) static void
queue_direction (void)
{
  g_idle_add_full (G_PRIORITY_HIGH, set_direction_cb, NULL, NULL);
}
