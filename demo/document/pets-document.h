/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <libtstore/tstore.h>

#include "pets-place.h"
#include "pets-state.h"

G_BEGIN_DECLS

#define PETS_TYPE_DOCUMENT (pets_document_get_type ())

/* How often a server is asked for changes, in seconds. */
#define PETS_POLL_INTERVAL_MAX 3600
#define PETS_POLL_INTERVAL_DEFAULT 5

G_DECLARE_FINAL_TYPE (PetsDocument, pets_document, PETS, DOCUMENT, GObject)

GBytes        *pets_document_get_sample        (void) G_GNUC_WARN_UNUSED_RESULT;
char          *pets_document_get_default_json  (PetsPlace            *place) G_GNUC_WARN_UNUSED_RESULT;

PetsDocument  *pets_document_new               (PetsPlace            *place) G_GNUC_WARN_UNUSED_RESULT;
PetsPlace     *pets_document_get_place         (PetsDocument         *self);
TstStore      *pets_document_get_store         (PetsDocument         *self);
TstCheckpoints *pets_document_get_checkpoints  (PetsDocument         *self);
TstPersister  *pets_document_get_persister     (PetsDocument         *self);
const char    *pets_document_get_title         (PetsDocument         *self);
PetsState      pets_document_get_state         (PetsDocument         *self);
GPtrArray     *pets_document_get_conflicts     (PetsDocument         *self);
void           pets_document_forget_conflicts  (PetsDocument         *self);

void           pets_document_open              (PetsDocument         *self);
void           pets_document_load              (PetsDocument         *self);
void           pets_document_save              (PetsDocument         *self);
void           pets_document_retry             (PetsDocument         *self);
void           pets_document_move_async        (PetsDocument         *self,
                                                PetsPlace            *place,
                                                gboolean              bring,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
gboolean       pets_document_move_finish       (PetsDocument         *self,
                                                GAsyncResult         *result,
                                                GError              **error);
gboolean       pets_document_is_moving         (PetsDocument         *self);
void           pets_document_close_async       (PetsDocument         *self,
                                                GCancellable         *cancellable,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
gboolean       pets_document_close_finish      (PetsDocument         *self,
                                                GAsyncResult         *result,
                                                GError              **error);
void           pets_document_discard           (PetsDocument         *self);

char          *pets_document_add_pet           (PetsDocument         *self,
                                                GError              **error) G_GNUC_WARN_UNUSED_RESULT;
GStrv          pets_document_remove_pets       (PetsDocument         *self,
                                                const char * const   *row_ids) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
