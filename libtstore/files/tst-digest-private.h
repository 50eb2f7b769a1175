/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The tag of a content that has no other: the same for the same bytes, and for no
 * others. The SHA-256 digest, in hexadecimal digits. */
char *tst_digest (GBytes *content);

G_END_DECLS
