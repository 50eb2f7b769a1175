/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <libtstore/tstore.h>

G_BEGIN_DECLS

/* Somebody else than the application, such as a persister, makes changes to a store: as
 * JSON text of changes, [tables, values, 1]. */
void outside_applies (TstStore   *store,
                      const char *changes);

/* Fails unless the content of a store is exactly this text. */
void assert_json     (TstStore   *store,
                      const char *json);
void apply_json      (TstStore   *store,
                      const char *changes);

G_END_DECLS
