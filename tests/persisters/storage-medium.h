/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "suite.h"

G_BEGIN_DECLS

/* The item "pets" of a storage, and what other programs may do to it. */

#define ITEM "pets"
#define ITEM_FILE "pets.ini"

typedef struct
{
  char       *dir;      /* (nullable): NULL: it is in memory */
  char       *path;     /* (nullable): of the file of the item */
  char       *aside;    /* (nullable): where it is while it cannot be read */
  TstStorage *storage;  /* (nullable): what all persisters share; NULL: each has its own */
  guint       n_changes;
} StoragePlace;

/* Local: each persister has a storage of its own, as in several processes. Session: all
 * share the one of an application, in the runtime folder. In memory: the same without
 * a runtime folder. */
extern const Medium local_medium;
extern const Medium session_medium;
extern const Medium session_in_memory_medium;

/* In main(), before anything else: data and runtime folder in a temporary one. */
void          storage_begin         (void);
/* Fails if anything was left behind. */
void          storage_end           (void);
/* The temporary folder. */
const char   *storage_root          (void);

/* Removes a folder that has nothing in it but what is expected. */
void          storage_place_expect  (StoragePlace *place,
                                     const char   *name);

/* The text that a program which knows nothing of us writes, and reads. */
char         *item_text_new         (const char   *content);

G_END_DECLS
