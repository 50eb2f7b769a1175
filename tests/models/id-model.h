/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <libtstore/tstore.h>

/* What the models of tables and of keyed values have in common: tests that each of
 * them passes. */

typedef struct
{
  const char  *path;
  const char  *property;  /* of an item, which follows the store */

  void        (*add)            (TstStore   *store,
                                 const char *id);
  void        (*discard)        (TstStore   *store,
                                 const char *id);
  /* Adds, changes or removes. */
  void        (*touch)          (TstStore   *store,
                                 const char *id,
                                 int         number);
  char      **(*get_ids)        (TstStore   *store);

  const char *(*get_id)         (gpointer    item);
  char       *(*describe)       (TstStore   *store,
                                 const char *id);
  char       *(*describe_item)  (gpointer    item);
} IdModel;

/* Those of the program */
extern const IdModel id_model;
GListModel *id_model_new       (TstStore *store);

void        id_model_add_tests (void);
