/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined (TSTORE_INSIDE) && !defined (TSTORE_COMPILATION)
# error "Only <libtstore/tstore.h> can be included directly."
#endif

#include "tst-store.h"

G_BEGIN_DECLS

#define TST_TYPE_ROW (tst_row_get_type ())

TST_AVAILABLE_IN_0_1
G_DECLARE_DERIVABLE_TYPE (TstRow, tst_row, TST, ROW, GObject)

/**
 * TstRowClass:
 * @parent_class: the parent class
 *
 * The class of rows.
 *
 * Since: 0.1
 */
struct _TstRowClass
{
  GObjectClass parent_class;

  /*< private >*/
  gpointer properties;
  gpointer padding[7];
};

TST_AVAILABLE_IN_0_1
void         tst_row_class_map_properties (TstRowClass   *klass,
                                           TstCellNaming  naming);
TST_AVAILABLE_IN_0_1
void         tst_row_class_map_property   (TstRowClass   *klass,
                                           const char    *property_name,
                                           const char    *cell_id);

TST_AVAILABLE_IN_0_1
TstRow      *tst_row_new           (TstStore      *store,
                                    const char    *table_id,
                                    const char    *row_id) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
TstStore    *tst_row_get_store     (TstRow        *self);
TST_AVAILABLE_IN_0_1
const char  *tst_row_get_table_id  (TstRow        *self);
TST_AVAILABLE_IN_0_1
const char  *tst_row_get_row_id    (TstRow        *self);
TST_AVAILABLE_IN_0_1
GValue      *tst_row_get_cell      (TstRow        *self,
                                    const char    *cell_id) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
TstCellType  tst_row_get_cell_type (TstRow        *self,
                                    const char    *cell_id);
TST_AVAILABLE_IN_0_1
const char  *tst_row_get_string    (TstRow        *self,
                                    const char    *cell_id);
TST_AVAILABLE_IN_0_1
double       tst_row_get_number    (TstRow        *self,
                                    const char    *cell_id);
TST_AVAILABLE_IN_0_1
gboolean     tst_row_get_boolean   (TstRow        *self,
                                    const char    *cell_id);
TST_AVAILABLE_IN_0_1
gboolean     tst_row_set_cell      (TstRow        *self,
                                    const char    *cell_id,
                                    const GValue  *value,
                                    GError       **error);
TST_AVAILABLE_IN_0_1
gboolean     tst_row_set_string    (TstRow        *self,
                                    const char    *cell_id,
                                    const char    *value,
                                    GError       **error);
TST_AVAILABLE_IN_0_1
gboolean     tst_row_set_number    (TstRow        *self,
                                    const char    *cell_id,
                                    double         value,
                                    GError       **error);
TST_AVAILABLE_IN_0_1
gboolean     tst_row_set_boolean   (TstRow        *self,
                                    const char    *cell_id,
                                    gboolean       value,
                                    GError       **error);
TST_AVAILABLE_IN_0_1
GValue      *tst_row_get_property_value (TstRow     *self,
                                         const char *property_name) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
