/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "pets-document.h"

G_BEGIN_DECLS

struct _PetsDocument
{
  GObject parent_instance;

  PetsPlace      *place;
  char           *title;        /* a name for people */
  TstStore       *store;
  TstCheckpoints *checkpoints;  /* each transaction of this program is a step */
  TstPersister   *persister;    /* of place */

  PetsState     state;
  char         *problem;     /* (nullable) */
  char         *unread;      /* (nullable): why the latest load failed */
  GPtrArray    *conflicts;   /* of TstConflict, the latest one first */

  GTask        *move_task;   /* (nullable): while the place is being changed */
  gulong        bring_id;    /* of an interceptor, until it is known what is in a new place */
  char         *brought;     /* (nullable): what was shown when that replaced it */

  guint         poll_interval; /* in seconds */
  guint         opened : 1;  /* the first load is over, whatever came of it */
  guint         started : 1; /* persister does what is wanted of it */
  guint         auto_load : 1;
  guint         auto_save : 1;
  guint         bringing : 1; /* pets to a new place, until they are saved there */
  guint         discarded : 1; /* what is not saved by now is not to be saved */
};

/* What there is to tell; in pets-document.c. */
gboolean  pets_document_is_unsaved      (PetsDocument *self);
void      pets_document_update          (PetsDocument *self);
void      pets_document_set_opened      (PetsDocument *self,
                                         gboolean      opened);
void      pets_document_notify_place    (PetsDocument *self);
void      pets_document_tell_conflict   (PetsDocument *self,
                                         TstConflict  *conflict);

/* What is done; in pets-document-storage.c. */
void      pets_document_use_place       (PetsDocument *self,
                                         PetsPlace    *place);
void      pets_document_apply_switches  (PetsDocument *self);
void      pets_document_apply_interval  (PetsDocument *self);

G_END_DECLS
