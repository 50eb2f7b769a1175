/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-error.h"

/**
 * tst_error_quark:
 *
 * Gets the domain of the library's own errors.
 *
 * Returns: the domain
 *
 * Since: 0.1
 */
G_DEFINE_QUARK (tst-error-quark, tst_error)
