/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (TSTORE_INSIDE) && !defined (TSTORE_COMPILATION)
# error "Only <libtstore/tstore.h> can be included directly."
#endif

#include "tst-types.h"

G_BEGIN_DECLS

#define TST_TYPE_REQUEST (tst_request_get_type ())

TST_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (TstRequest, tst_request, TST, REQUEST, GObject)

TST_AVAILABLE_IN_0_1
GBytes        *tst_request_get_text         (TstRequest    *self,
                                             GError       **error) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
char          *tst_request_get_json         (TstRequest    *self,
                                             GError       **error) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
GVariant      *tst_request_get_content      (TstRequest    *self) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
const char    *tst_request_get_base_tag     (TstRequest    *self);
TST_AVAILABLE_IN_0_1
GCancellable  *tst_request_get_cancellable  (TstRequest    *self);

TST_AVAILABLE_IN_0_1
void           tst_request_return_text      (TstRequest    *self,
                                             GBytes        *text,
                                             const char    *tag);
TST_AVAILABLE_IN_0_1
void           tst_request_return_json      (TstRequest    *self,
                                             const char    *json,
                                             const char    *tag);
TST_AVAILABLE_IN_0_1
void           tst_request_return_content   (TstRequest    *self,
                                             GVariant      *content,
                                             const char    *tag);
TST_AVAILABLE_IN_0_1
void           tst_request_return_nothing   (TstRequest    *self);
TST_AVAILABLE_IN_0_1
void           tst_request_return_saved     (TstRequest    *self,
                                             const char    *tag);
TST_AVAILABLE_IN_0_1
void           tst_request_return_conflict  (TstRequest    *self);
TST_AVAILABLE_IN_0_1
void           tst_request_return_error     (TstRequest    *self,
                                             const GError  *error);

G_END_DECLS
