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

#define TST_TYPE_VALUES (tst_values_get_type ())

TST_AVAILABLE_IN_0_1
G_DECLARE_DERIVABLE_TYPE (TstValues, tst_values, TST, VALUES, GObject)

/**
 * TstValuesClass:
 * @parent_class: the parent class
 *
 * The class of the keyed values of a store.
 *
 * Since: 0.1
 */
struct _TstValuesClass
{
  GObjectClass parent_class;

  /*< private >*/
  gpointer properties;
  gpointer padding[7];
};

TST_AVAILABLE_IN_0_1
void         tst_values_class_map_properties (TstValuesClass  *klass,
                                              TstCellNaming    naming);
TST_AVAILABLE_IN_0_1
void         tst_values_class_map_property   (TstValuesClass  *klass,
                                              const char      *property_name,
                                              const char      *value_id);

TST_AVAILABLE_IN_0_1
TstValues   *tst_values_new                  (TstStore        *store) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
TstStore    *tst_values_get_store            (TstValues       *self);
TST_AVAILABLE_IN_0_1
GValue      *tst_values_get_value            (TstValues       *self,
                                              const char      *value_id) G_GNUC_WARN_UNUSED_RESULT;
TST_AVAILABLE_IN_0_1
TstCellType  tst_values_get_value_type       (TstValues       *self,
                                              const char      *value_id);
TST_AVAILABLE_IN_0_1
const char  *tst_values_get_string           (TstValues       *self,
                                              const char      *value_id);
TST_AVAILABLE_IN_0_1
double       tst_values_get_number           (TstValues       *self,
                                              const char      *value_id);
TST_AVAILABLE_IN_0_1
gboolean     tst_values_get_boolean          (TstValues       *self,
                                              const char      *value_id);
TST_AVAILABLE_IN_0_1
gboolean     tst_values_set_value            (TstValues       *self,
                                              const char      *value_id,
                                              const GValue    *value,
                                              GError         **error);
TST_AVAILABLE_IN_0_1
gboolean     tst_values_set_string           (TstValues       *self,
                                              const char      *value_id,
                                              const char      *value,
                                              GError         **error);
TST_AVAILABLE_IN_0_1
gboolean     tst_values_set_number           (TstValues       *self,
                                              const char      *value_id,
                                              double           value,
                                              GError         **error);
TST_AVAILABLE_IN_0_1
gboolean     tst_values_set_boolean          (TstValues       *self,
                                              const char      *value_id,
                                              gboolean         value,
                                              GError         **error);
TST_AVAILABLE_IN_0_1
GValue      *tst_values_get_property_value   (TstValues       *self,
                                              const char      *property_name) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
