/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What a cell may be, by itself; what becomes of it in a schema is in test-schema.c. */

#include <libtstore/tstore.h>

static void
test_types (void)
{
  g_autoptr(TstCellSpec) spec = tst_cell_spec_new (TST_CELL_TYPES_NUMBER | TST_CELL_TYPES_NULL);

  g_assert_cmpuint (tst_cell_spec_get_types (spec), ==, TST_CELL_TYPES_NUMBER | TST_CELL_TYPES_NULL);
  g_assert_true (tst_cell_spec_get_nullable (spec));
  g_assert_false (tst_cell_spec_get_required (spec));
  g_assert_cmpuint (tst_cell_spec_get_n_choices (spec), ==, 0);

  tst_cell_spec_set_nullable (spec, FALSE);
  g_assert_cmpuint (tst_cell_spec_get_types (spec), ==, TST_CELL_TYPES_NUMBER);
  tst_cell_spec_set_required (spec, TRUE);
  g_assert_true (tst_cell_spec_get_required (spec));
}

static void
test_choices (void)
{
  g_autoptr(TstCellSpec) spec = tst_cell_spec_new_enum ((const char *[]) { "dog", "cat", NULL });
  g_auto(GValue) value = G_VALUE_INIT;
  g_autoptr(GError) error = NULL;
  GValue *choice;

  g_assert_cmpuint (tst_cell_spec_get_n_choices (spec), ==, 2);
  g_value_init (&value, G_TYPE_INT);
  g_value_set_int (&value, 5);
  g_assert_true (tst_cell_spec_add_choice (spec, &value, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (tst_cell_spec_get_n_choices (spec), ==, 3);

  choice = tst_cell_spec_get_choice (spec, 2);
  g_assert_cmpfloat (g_value_get_double (choice), ==, 5);
  g_boxed_free (G_TYPE_VALUE, choice);

  g_assert_false (tst_cell_spec_set_default_json (spec, "\"fish\"", &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_SCHEMA);
  g_assert_null (tst_cell_spec_get_default_json (spec));
}

static void
test_default (void)
{
  g_autoptr(TstCellSpec) spec = tst_cell_spec_new (TST_CELL_TYPES_STRING);
  g_autoptr(TstCellSpec) other = tst_cell_spec_new (TST_CELL_TYPES_STRING);
  g_auto(GValue) value = G_VALUE_INIT;
  g_autofree char *json = NULL;
  g_autoptr(GError) error = NULL;
  GValue *initial;

  g_assert_null (tst_cell_spec_get_default (spec));
  g_value_init (&value, G_TYPE_STRING);
  g_value_set_static_string (&value, "dog");
  g_assert_true (tst_cell_spec_set_default (spec, &value, &error));
  g_assert_no_error (error);

  initial = tst_cell_spec_get_default (spec);
  g_assert_cmpstr (g_value_get_string (initial), ==, "dog");
  g_boxed_free (G_TYPE_VALUE, initial);
  json = tst_cell_spec_get_default_json (spec);
  g_assert_cmpstr (json, ==, "\"dog\"");

  g_assert_false (tst_cell_spec_equal (spec, other));
  g_assert_true (tst_cell_spec_set_default_json (other, json, &error));
  g_assert_no_error (error);
  g_assert_true (tst_cell_spec_equal (spec, other));
}

/* It is changed where it is, whoever has a reference. */
static void
test_references (void)
{
  TstCellSpec *spec = tst_cell_spec_new (TST_CELL_TYPES_STRING);
  TstCellSpec *same = tst_cell_spec_ref (spec);

  g_assert_true (same == spec);
  tst_cell_spec_unref (spec);
  tst_cell_spec_set_required (same, TRUE);
  g_assert_true (tst_cell_spec_get_required (same));
  tst_cell_spec_unref (same);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cell-spec/types", test_types);
  g_test_add_func ("/cell-spec/choices", test_choices);
  g_test_add_func ("/cell-spec/default", test_default);
  g_test_add_func ("/cell-spec/references", test_references);

  return g_test_run ();
}
