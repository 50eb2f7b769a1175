/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <libtstore/tstore.h>

G_BEGIN_DECLS

#define PETS_TYPE_DOCUMENT (pets_document_get_type ())

G_DECLARE_FINAL_TYPE (PetsDocument, pets_document, PETS, DOCUMENT, GObject)

GFile         *pets_document_get_default_file  (void) G_GNUC_WARN_UNUSED_RESULT;
GBytes        *pets_document_get_sample        (void) G_GNUC_WARN_UNUSED_RESULT;

PetsDocument  *pets_document_new               (GFile                *file) G_GNUC_WARN_UNUSED_RESULT;
GFile         *pets_document_get_file          (PetsDocument         *self);
TstStore      *pets_document_get_store         (PetsDocument         *self);
const char    *pets_document_get_title         (PetsDocument         *self);
void           pets_document_open              (PetsDocument         *self);
void           pets_document_retry             (PetsDocument         *self);
void           pets_document_close_async       (PetsDocument         *self,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
gboolean       pets_document_close_finish      (PetsDocument         *self,
                                                GAsyncResult         *result,
                                                GError              **error);

char          *pets_document_add_pet           (PetsDocument         *self,
                                                GError              **error) G_GNUC_WARN_UNUSED_RESULT;
GVariant      *pets_document_remove_pets       (PetsDocument         *self,
                                                const char * const   *row_ids) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
