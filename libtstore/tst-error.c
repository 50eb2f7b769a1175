/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-error.h"

G_DEFINE_QUARK (tst-error-quark, tst_error)
