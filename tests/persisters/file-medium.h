/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "suite.h"

G_BEGIN_DECLS

/* A file in a folder of its own, and what other programs may do to it. */

typedef struct
{
  char *dir;
  char *path;
  char *aside;   /* where it is while it cannot be read */
} Place;

extern const Medium file_medium;

Place        *place_new           (void);
/* Fails if there is anything but what a persister is to leave behind. */
void          place_free          (Place      *place);
/* Removes something else that is expected. */
void          place_remove        (Place      *place,
                                   const char *name);
char         *place_path          (Place      *place,
                                   const char *name);
/* How many files there are, hidden ones too. */
guint         place_count         (Place      *place);

TstPersister *file_persister      (const char *path,
                                   TstStore   *store);
char         *read_file           (const char *path);
void          write_file          (const char *path,
                                   const char *text);
void          write_file_in_place (const char *path,
                                   const char *text,
                                   gsize       length);
gboolean      file_is             (const char *path,
                                   const char *text);

G_END_DECLS
