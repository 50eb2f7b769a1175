/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* More columns than this are a mistake, or an attack. */
#define PETS_CSV_MAX_FIELDS 1000

typedef struct
{
  char     *text;
  gboolean  quoted;
} PetsCsvField;

typedef struct
{
  const char *p;
  const char *end;
  const char *line_start;
  guint       line;        /* of @p, from 1 on */
  char        separator;
} PetsCsvReader;

gboolean  pets_csv_reader_init   (PetsCsvReader  *self,
                                  const char     *text,
                                  gsize           length,
                                  GError        **error);
gboolean  pets_csv_reader_next   (PetsCsvReader  *self,
                                  GPtrArray     **fields,
                                  guint          *line,
                                  GError        **error);

void      pets_csv_append_field  (GString        *csv,
                                  const char     *text,
                                  gboolean        quoted);
void      pets_csv_end_record    (GString        *csv);

G_END_DECLS
