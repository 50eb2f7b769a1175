/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <libtstore/tstore.h>

G_BEGIN_DECLS

/* The table that the demo shows, and its columns. */
#define PETS_TABLE "pets"

typedef enum
{
  PETS_KIND_TEXT,
  PETS_KIND_DATE,
  PETS_KIND_PRICE,
  PETS_KIND_CHECK
} PetsKind;

typedef struct
{
  const char *cell_id;
  const char *title;    /* to be translated */
  PetsKind    kind;
  int         width;    /* in characters */
  gboolean    expand;
  guint       rank;     /* where there is no room for all, those of the highest go first */
} PetsColumn;

const PetsColumn *pets_columns       (guint             *n_columns);

char             *pets_column_show   (const PetsColumn  *self,
                                      TstRow            *row) G_GNUC_WARN_UNUSED_RESULT;
char             *pets_column_edit   (const PetsColumn  *self,
                                      TstRow            *row) G_GNUC_WARN_UNUSED_RESULT;
GVariant         *pets_column_parse  (const PetsColumn  *self,
                                      const char        *text,
                                      GError           **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean          pets_column_write  (const PetsColumn  *self,
                                      TstRow            *row,
                                      const char        *text,
                                      GError           **error);

G_END_DECLS
