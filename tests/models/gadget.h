/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define TEST_TYPE_GADGET (test_gadget_get_type ())

/* An object with a property of each kind, as a widget has them. */
G_DECLARE_FINAL_TYPE (TestGadget, test_gadget, TEST, GADGET, GObject)

TestGadget *test_gadget_new     (void);
/* How often any property was set. */
guint       test_gadget_n_sets  (TestGadget *self);

G_END_DECLS
