/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <libtstore/tstore.h>

G_BEGIN_DECLS

void tool_print_changes (TstChanges *changes,
                         TstStore   *before,
                         TstStore   *after);

G_END_DECLS
