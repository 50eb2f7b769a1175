/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Rows and keyed values as objects that JSON-GLib can serialize. */
void tst_serializable_init (JsonSerializableIface *iface);

G_END_DECLS
