/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What a store holds: cells, values, ids, their order. */

#include <libtstore/tstore.h>

#include "test-util.h"

#include <math.h>
#include <string.h>

typedef struct
{
  TstStore *store;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  user_data)
{
  fixture->store = tst_store_new ();
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  user_data)
{
  g_assert_finalize_object (fixture->store);
}

static void
set_number (Fixture    *fixture,
            const char *table_id,
            const char *row_id,
            const char *cell_id,
            double      number)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (tst_store_set_cell_number (fixture->store, table_id, row_id, cell_id, number,
                                            &error));
  g_assert_no_error (error);
}

static void
free_value (GValue *value)
{
  g_value_unset (value);
  g_free (value);
}

/* --- Types --- */

static void
test_store_cell_string (Fixture       *fixture,
                        gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  const char *texts[] = {
    "", "a", "fourteen bytes", "fifteen bytes..", "a text of more than that", "🐈",
  };
  g_autoptr(GError) error = NULL;

  g_test_summary ("A string comes back as it went in, however long");

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_assert_true (tst_store_set_cell_string (store, "pets", "fido", "name", texts[i], &error));
      g_assert_no_error (error);
      g_assert_cmpint (tst_store_get_cell_type (store, "pets", "fido", "name"), ==,
                       TST_CELL_TYPE_STRING);
      g_assert_cmpstr (tst_store_get_cell_string (store, "pets", "fido", "name"), ==, texts[i]);
    }

  g_assert_cmpfloat (tst_store_get_cell_number (store, "pets", "fido", "name"), ==, 0);
  g_assert_false (tst_store_get_cell_boolean (store, "pets", "fido", "name"));
}

static void
test_store_cell_number (Fixture       *fixture,
                        gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  const double numbers[] = { 0, 1, -1.5, 0.1, 1e300, 5e-324, 9007199254740993.0, -G_MAXDOUBLE };

  g_test_summary ("A number comes back as it went in");

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      set_number (fixture, "pets", "fido", "price", numbers[i]);
      g_assert_cmpint (tst_store_get_cell_type (store, "pets", "fido", "price"), ==,
                       TST_CELL_TYPE_NUMBER);
      g_assert_true (tst_store_get_cell_number (store, "pets", "fido", "price") == numbers[i]);
    }

  g_assert_null (tst_store_get_cell_string (store, "pets", "fido", "price"));
  g_assert_false (tst_store_get_cell_boolean (store, "pets", "fido", "price"));
}

static void
test_store_cell_negative_zero (Fixture       *fixture,
                               gconstpointer  user_data)
{
  g_test_summary ("Minus zero is kept, and zero over it is no change");

  set_number (fixture, "pets", "fido", "price", -0.0);
  g_assert_true (signbit (tst_store_get_cell_number (fixture->store, "pets", "fido", "price")));

  set_number (fixture, "pets", "fido", "price", 0.0);
  g_assert_true (signbit (tst_store_get_cell_number (fixture->store, "pets", "fido", "price")));
}

static void
test_store_cell_boolean (Fixture       *fixture,
                         gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  g_autoptr(GError) error = NULL;

  g_test_summary ("A boolean comes back as it went in");

  g_assert_true (tst_store_set_cell_boolean (store, "pets", "fido", "sold", TRUE, &error));
  g_assert_no_error (error);
  g_assert_cmpint (tst_store_get_cell_type (store, "pets", "fido", "sold"), ==,
                   TST_CELL_TYPE_BOOLEAN);
  g_assert_true (tst_store_get_cell_boolean (store, "pets", "fido", "sold"));
  g_assert_cmpfloat (tst_store_get_cell_number (store, "pets", "fido", "sold"), ==, 0);

  g_assert_true (tst_store_set_cell_boolean (store, "pets", "fido", "sold", FALSE, &error));
  g_assert_cmpint (tst_store_get_cell_type (store, "pets", "fido", "sold"), ==,
                   TST_CELL_TYPE_BOOLEAN);
  g_assert_false (tst_store_get_cell_boolean (store, "pets", "fido", "sold"));
}

static void
test_store_cell_null (Fixture       *fixture,
                      gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  g_autoptr(GError) error = NULL;
  GValue *value;

  g_test_summary ("Null is a value, and not the same as nothing");

  g_assert_true (tst_store_set_cell (store, "pets", "fido", "owner", NULL, &error));
  g_assert_no_error (error);
  g_assert_true (tst_store_has_cell (store, "pets", "fido", "owner"));
  g_assert_cmpint (tst_store_get_cell_type (store, "pets", "fido", "owner"), ==,
                   TST_CELL_TYPE_NULL);

  value = tst_store_get_cell (store, "pets", "fido", "owner");
  g_assert_nonnull (value);
  g_assert_true (G_VALUE_HOLDS_POINTER (value));
  g_assert_null (g_value_get_pointer (value));
  free_value (value);
}

static void
test_store_cell_absent (Fixture       *fixture,
                        gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  const char *ids[][3] = {
    { "nothing", "fido", "price" }, { "pets", "nothing", "price" }, { "pets", "fido", "nothing" },
  };

  g_test_summary ("What is not there is none, NULL, 0 and FALSE, at each level");

  set_number (fixture, "pets", "fido", "price", 1);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_false (tst_store_has_cell (store, ids[i][0], ids[i][1], ids[i][2]));
      g_assert_cmpint (tst_store_get_cell_type (store, ids[i][0], ids[i][1], ids[i][2]), ==,
                       TST_CELL_TYPE_NONE);
      g_assert_null (tst_store_get_cell (store, ids[i][0], ids[i][1], ids[i][2]));
      g_assert_null (tst_store_get_cell_string (store, ids[i][0], ids[i][1], ids[i][2]));
      g_assert_cmpfloat (tst_store_get_cell_number (store, ids[i][0], ids[i][1], ids[i][2]), ==, 0);
      g_assert_false (tst_store_get_cell_boolean (store, ids[i][0], ids[i][1], ids[i][2]));
      g_assert_false (tst_store_remove_cell (store, ids[i][0], ids[i][1], ids[i][2]));
    }

  test_assert_ids (tst_store_get_row_ids (store, "nothing"), NULL);
  test_assert_ids (tst_store_get_cell_ids (store, "pets", "nothing"), NULL);
  test_assert_ids (tst_store_get_cell_ids (store, "nothing", "fido"), NULL);
  g_assert_cmpuint (tst_store_get_n_rows (store, "nothing"), ==, 0);
  g_assert_false (tst_store_has_row (store, "nothing", "fido"));
  g_assert_false (tst_store_has_table (store, "nothing"));
}

static void
test_store_cell_other_type (Fixture       *fixture,
                            gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("A cell may change its type");

  g_assert_true (tst_store_set_cell_string (store, "t", "r", "c", "a text that is not short",
                                            NULL));
  set_number (fixture, "t", "r", "c", 3);
  g_assert_null (tst_store_get_cell_string (store, "t", "r", "c"));
  g_assert_cmpfloat (tst_store_get_cell_number (store, "t", "r", "c"), ==, 3);
  g_assert_true (tst_store_set_cell_boolean (store, "t", "r", "c", TRUE, NULL));
  g_assert_cmpfloat (tst_store_get_cell_number (store, "t", "r", "c"), ==, 0);
  g_assert_true (tst_store_set_cell_string (store, "t", "r", "c", "3", NULL));
  g_assert_cmpstr (tst_store_get_cell_string (store, "t", "r", "c"), ==, "3");
}

static void
test_store_reserved_strings (Fixture       *fixture,
                             gconstpointer  user_data)
{
  const char *texts[] = { "\xef\xbf\xbc", "\xef\xbf\xbd", "\xef\xbf\xbd{\"a\":1}" };

  g_test_summary ("Strings that others reserve are strings like any other");

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_assert_true (tst_store_set_cell_string (fixture->store, "t", "r", "c", texts[i], NULL));
      g_assert_cmpint (tst_store_get_cell_type (fixture->store, "t", "r", "c"), ==,
                       TST_CELL_TYPE_STRING);
      g_assert_cmpstr (tst_store_get_cell_string (fixture->store, "t", "r", "c"), ==, texts[i]);
    }
}

/* --- GValue --- */

static void
assert_number_from (Fixture *fixture,
                    GValue  *value,
                    double   expected)
{
  g_autoptr(GError) error = NULL;
  GValue *stored;

  g_assert_true (tst_store_set_cell (fixture->store, "t", "r", "c", value, &error));
  g_assert_no_error (error);
  g_value_unset (value);

  stored = tst_store_get_cell (fixture->store, "t", "r", "c");
  g_assert_true (G_VALUE_HOLDS_DOUBLE (stored));
  g_assert_cmpfloat (g_value_get_double (stored), ==, expected);
  free_value (stored);
}

static void
test_store_gvalue_numbers (Fixture       *fixture,
                           gconstpointer  user_data)
{
  GValue value = G_VALUE_INIT;

  g_test_summary ("Every numeric type is a number");

#define TRY(type, set, number) \
  g_value_init (&value, type); \
  set (&value, number); \
  assert_number_from (fixture, &value, (double) (number))

  TRY (G_TYPE_CHAR, g_value_set_schar, -7);
  TRY (G_TYPE_UCHAR, g_value_set_uchar, 200);
  TRY (G_TYPE_INT, g_value_set_int, -70000);
  TRY (G_TYPE_UINT, g_value_set_uint, 4000000000u);
  TRY (G_TYPE_LONG, g_value_set_long, -5000000000l);
  TRY (G_TYPE_ULONG, g_value_set_ulong, 5000000000ul);
  TRY (G_TYPE_INT64, g_value_set_int64, G_GINT64_CONSTANT (-9007199254740991));
  TRY (G_TYPE_UINT64, g_value_set_uint64, G_GUINT64_CONSTANT (9007199254740991));
  TRY (G_TYPE_FLOAT, g_value_set_float, 0.5f);
  TRY (G_TYPE_DOUBLE, g_value_set_double, 0.1);

#undef TRY
}

static void
test_store_gvalue_others (Fixture       *fixture,
                          gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  GValue value = G_VALUE_INIT;
  GValue *stored;

  g_test_summary ("Strings and booleans are taken from a GValue and given as one");

  g_value_init (&value, G_TYPE_STRING);
  g_value_set_string (&value, "Fido");
  g_assert_true (tst_store_set_cell (store, "t", "r", "c", &value, NULL));
  g_value_unset (&value);
  stored = tst_store_get_cell (store, "t", "r", "c");
  g_assert_true (G_VALUE_HOLDS_STRING (stored));
  g_assert_cmpstr (g_value_get_string (stored), ==, "Fido");

  /* It is the caller's: not changed by what happens to the store. */
  g_assert_true (tst_store_remove_table (store, "t"));
  g_assert_cmpstr (g_value_get_string (stored), ==, "Fido");
  free_value (stored);

  g_value_init (&value, G_TYPE_BOOLEAN);
  g_value_set_boolean (&value, TRUE);
  g_assert_true (tst_store_set_cell (store, "t", "r", "c", &value, NULL));
  g_value_unset (&value);
  stored = tst_store_get_cell (store, "t", "r", "c");
  g_assert_true (G_VALUE_HOLDS_BOOLEAN (stored));
  g_assert_true (g_value_get_boolean (stored));
  free_value (stored);
}

static void
test_store_gvalue_nulls (Fixture       *fixture,
                         gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  GValue value = G_VALUE_INIT;

  g_test_summary ("No GValue, an empty one, and one with NULL in it are null");

  set_number (fixture, "t", "r", "c", 1);
  g_assert_true (tst_store_set_cell (store, "t", "r", "c", NULL, NULL));
  g_assert_cmpint (tst_store_get_cell_type (store, "t", "r", "c"), ==, TST_CELL_TYPE_NULL);

  set_number (fixture, "t", "r", "c", 1);
  g_assert_true (tst_store_set_cell (store, "t", "r", "c", &value, NULL));
  g_assert_cmpint (tst_store_get_cell_type (store, "t", "r", "c"), ==, TST_CELL_TYPE_NULL);

  set_number (fixture, "t", "r", "c", 1);
  g_value_init (&value, G_TYPE_POINTER);
  g_assert_true (tst_store_set_cell (store, "t", "r", "c", &value, NULL));
  g_assert_cmpint (tst_store_get_cell_type (store, "t", "r", "c"), ==, TST_CELL_TYPE_NULL);
  g_value_unset (&value);

  set_number (fixture, "t", "r", "c", 1);
  g_value_init (&value, G_TYPE_STRING);
  g_assert_true (tst_store_set_cell (store, "t", "r", "c", &value, NULL));
  g_assert_cmpint (tst_store_get_cell_type (store, "t", "r", "c"), ==, TST_CELL_TYPE_NULL);
  g_value_unset (&value);

  set_number (fixture, "t", "r", "c", 1);
  g_value_init (&value, G_TYPE_VARIANT);
  g_assert_true (tst_store_set_cell (store, "t", "r", "c", &value, NULL));
  g_assert_cmpint (tst_store_get_cell_type (store, "t", "r", "c"), ==, TST_CELL_TYPE_NULL);
  g_value_unset (&value);
}

static void
set_variant (Fixture  *fixture,
             GVariant *variant)
{
  GValue value = G_VALUE_INIT;
  g_autoptr(GError) error = NULL;

  g_value_init (&value, G_TYPE_VARIANT);
  g_value_set_variant (&value, variant);
  g_assert_true (tst_store_set_cell (fixture->store, "t", "r", "c", &value, &error));
  g_assert_no_error (error);
  g_value_unset (&value);
}

static void
assert_number_from_variant (Fixture  *fixture,
                            GVariant *variant,
                            double    expected)
{
  set_variant (fixture, variant);
  g_assert_cmpint (tst_store_get_cell_type (fixture->store, "t", "r", "c"), ==, TST_CELL_TYPE_NUMBER);
  g_assert_cmpfloat (tst_store_get_cell_number (fixture->store, "t", "r", "c"), ==, expected);
}

static void
test_store_gvalue_variants (Fixture       *fixture,
                            gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("Simple variants are what they hold");

  set_variant (fixture, g_variant_new_string ("Fido"));
  g_assert_cmpstr (tst_store_get_cell_string (store, "t", "r", "c"), ==, "Fido");
  assert_number_from_variant (fixture, g_variant_new_double (2.5), 2.5);
  assert_number_from_variant (fixture, g_variant_new_byte (200), 200);
  assert_number_from_variant (fixture, g_variant_new_int16 (-30000), -30000);
  assert_number_from_variant (fixture, g_variant_new_uint16 (60000), 60000);
  assert_number_from_variant (fixture, g_variant_new_int32 (-70000), -70000);
  assert_number_from_variant (fixture, g_variant_new_uint32 (4000000000u), 4000000000u);
  assert_number_from_variant (fixture, g_variant_new_int64 (G_GINT64_CONSTANT (-5000000000)), -5e9);
  assert_number_from_variant (fixture, g_variant_new_uint64 (G_GUINT64_CONSTANT (5000000000)), 5e9);
  set_variant (fixture, g_variant_new_boolean (TRUE));
  g_assert_true (tst_store_get_cell_boolean (store, "t", "r", "c"));
  set_variant (fixture, g_variant_new_maybe (G_VARIANT_TYPE_VARIANT, NULL));
  g_assert_cmpint (tst_store_get_cell_type (store, "t", "r", "c"), ==, TST_CELL_TYPE_NULL);
}

/* --- What is refused --- */

typedef struct
{
  guint    n;
  char    *ids[3];
  GError  *error;
} Refused;

static void
refused_clear (Refused *refused)
{
  for (guint i = 0; i < 3; i++)
    g_clear_pointer (&refused->ids[i], g_free);
  g_clear_error (&refused->error);
}

static void
invalid_cell_cb (TstStore   *store,
                 const char *table_id,
                 const char *row_id,
                 const char *cell_id,
                 GError     *error,
                 gpointer    user_data)
{
  Refused *refused = user_data;

  refused_clear (refused);
  refused->n++;
  refused->ids[0] = g_strdup (table_id);
  refused->ids[1] = g_strdup (row_id);
  refused->ids[2] = g_strdup (cell_id);
  refused->error = g_error_copy (error);
}

static void
invalid_value_cb (TstStore   *store,
                  const char *value_id,
                  GError     *error,
                  gpointer    user_data)
{
  Refused *refused = user_data;

  refused_clear (refused);
  refused->n++;
  refused->ids[0] = g_strdup (value_id);
  refused->error = g_error_copy (error);
}

static void
not_called_cb (void)
{
  g_assert_not_reached ();
}

static void
assert_refused (Fixture      *fixture,
                const GValue *value)
{
  Refused refused = { 0 };
  g_autoptr(GError) error = NULL;
  gulong handler = g_signal_connect (fixture->store, "invalid-cell",
                                     G_CALLBACK (invalid_cell_cb), &refused);
  gulong changed = g_signal_connect (fixture->store, "changed", G_CALLBACK (not_called_cb), NULL);

  g_assert_false (tst_store_set_cell (fixture->store, "t", "r", "c", value, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_INVALID_VALUE);
  g_assert_cmpuint (refused.n, ==, 1);
  g_assert_cmpstr (refused.ids[0], ==, "t");
  g_assert_cmpstr (refused.ids[1], ==, "r");
  g_assert_cmpstr (refused.ids[2], ==, "c");
  g_assert_error (refused.error, TST_ERROR, TST_ERROR_INVALID_VALUE);

  /* The caller may not care for the error. */
  g_assert_false (tst_store_set_cell (fixture->store, "t", "r", "c", value, NULL));
  g_assert_cmpuint (refused.n, ==, 2);

  g_signal_handler_disconnect (fixture->store, handler);
  g_signal_handler_disconnect (fixture->store, changed);
  refused_clear (&refused);
}

static void
assert_all_refused (Fixture *fixture)
{
  static int something;
  GValue value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_DOUBLE);
  g_value_set_double (&value, NAN);
  assert_refused (fixture, &value);
  g_value_set_double (&value, -INFINITY);
  assert_refused (fixture, &value);
  g_value_unset (&value);

  g_value_init (&value, G_TYPE_FLOAT);
  g_value_set_float (&value, INFINITY);
  assert_refused (fixture, &value);
  g_value_unset (&value);

  g_value_init (&value, G_TYPE_STRING);
  g_value_set_string (&value, "not \xff UTF-8");
  assert_refused (fixture, &value);
  g_value_unset (&value);

  g_value_init (&value, G_TYPE_POINTER);
  g_value_set_pointer (&value, &something);
  assert_refused (fixture, &value);
  g_value_unset (&value);

  g_value_init (&value, TST_TYPE_CELL_TYPE);
  assert_refused (fixture, &value);
  g_value_unset (&value);

  g_value_init (&value, TST_TYPE_ADD_ROW_FLAGS);
  assert_refused (fixture, &value);
  g_value_unset (&value);

  g_value_init (&value, G_TYPE_STRV);
  assert_refused (fixture, &value);
  g_value_unset (&value);

  g_value_init (&value, G_TYPE_OBJECT);
  g_value_set_object (&value, fixture->store);
  assert_refused (fixture, &value);
  g_value_unset (&value);

  g_value_init (&value, G_TYPE_VARIANT);
  g_value_set_variant (&value, g_variant_new ("(ii)", 1, 2));
  assert_refused (fixture, &value);
  g_value_set_variant (&value, g_variant_new_maybe (NULL, g_variant_new_int32 (1)));
  assert_refused (fixture, &value);
  g_value_set_variant (&value, g_variant_new_double (NAN));
  assert_refused (fixture, &value);
  g_value_unset (&value);
}

static void
test_store_refused_values (Fixture       *fixture,
                           gconstpointer  user_data)
{
  g_test_summary ("What cannot be stored is refused, told, and changes nothing");

  assert_all_refused (fixture);
  g_assert_false (tst_store_has_tables (fixture->store));

  set_number (fixture, "t", "r", "c", 42);
  assert_all_refused (fixture);
  g_assert_cmpfloat (tst_store_get_cell_number (fixture->store, "t", "r", "c"), ==, 42);
  test_assert_ids (tst_store_get_cell_ids (fixture->store, "t", "r"), "c", NULL);
}

static void
test_store_refused_typed (Fixture       *fixture,
                          gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  Refused refused = { 0 };
  g_autoptr(GError) error = NULL;

  g_test_summary ("The typed setters refuse the same");

  g_signal_connect (store, "invalid-cell", G_CALLBACK (invalid_cell_cb), &refused);
  g_signal_connect (store, "invalid-value", G_CALLBACK (invalid_value_cb), &refused);

  g_assert_false (tst_store_set_cell_number (store, "t", "r", "c", NAN, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_INVALID_VALUE);
  g_assert_cmpuint (refused.n, ==, 1);
  g_clear_error (&error);

  g_assert_false (tst_store_set_cell_string (store, "t", "r", "c", "\xc3\x28", &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_INVALID_VALUE);
  g_assert_cmpuint (refused.n, ==, 2);
  g_clear_error (&error);

  g_assert_false (tst_store_set_value_number (store, "v", INFINITY, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_INVALID_VALUE);
  g_assert_cmpuint (refused.n, ==, 3);
  g_assert_cmpstr (refused.ids[0], ==, "v");
  g_assert_error (refused.error, TST_ERROR, TST_ERROR_INVALID_VALUE);
  g_clear_error (&error);

  g_assert_false (tst_store_set_value_string (store, "v", "\xff", &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_INVALID_VALUE);
  g_assert_cmpuint (refused.n, ==, 4);

  g_assert_false (tst_store_has_tables (store));
  g_assert_false (tst_store_has_values (store));
  g_signal_handlers_disconnect_by_data (store, &refused);
  refused_clear (&refused);
}

static void
test_store_refused_ids (Fixture       *fixture,
                        gconstpointer  user_data)
{
  const char *ids[][3] = { { "\xff", "r", "c" }, { "t", "\xff", "c" }, { "t", "r", "\xff" } };
  TstStore *store = fixture->store;
  g_autoptr(GError) error = NULL;

  g_test_summary ("An id that is not UTF-8 is refused, at each level");

  for (guint round = 0; round < 2; round++)
    {
      for (guint i = 0; i < 3; i++)
        {
          g_assert_false (tst_store_set_cell_number (store, ids[i][0], ids[i][1], ids[i][2], 1,
                                                     &error));
          g_assert_error (error, TST_ERROR, TST_ERROR_INVALID_ID);
          g_clear_error (&error);
          g_assert_false (tst_store_has_cell (store, ids[i][0], ids[i][1], ids[i][2]));
        }
      g_assert_false (tst_store_set_value_number (store, "\xff", 1, &error));
      g_assert_error (error, TST_ERROR, TST_ERROR_INVALID_ID);
      g_clear_error (&error);

      /* Nothing was made on the way. */
      g_assert_cmpuint (tst_store_get_n_tables (store), ==, round);
      g_assert_cmpuint (tst_store_get_n_rows (store, "t"), ==, round);
      g_assert_cmpuint (tst_store_get_n_values (store), ==, round);

      set_number (fixture, "t", "r", "c", 1);
      g_assert_true (tst_store_set_value_number (store, "v", 1, &error));
    }
}

/* --- Ids and order --- */

static void
test_store_odd_ids (Fixture       *fixture,
                    gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  g_autofree char *huge = g_strnfill (100000, 'x');
  const char *ids[] = {
    "", "__proto__", "constructor", "0", "007", "7", "twelve bytes", "thirteen byte", "🐈", "a b\n",
    huge,
  };

  g_test_summary ("Any text is an id, at each level");

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      set_number (fixture, ids[i], ids[i], ids[i], i);
      g_assert_true (tst_store_set_value_number (store, ids[i], i, NULL));
    }
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_assert_cmpfloat (tst_store_get_cell_number (store, ids[i], ids[i], ids[i]), ==, i);
      g_assert_cmpfloat (tst_store_get_value_number (store, ids[i]), ==, i);
      test_assert_ids (tst_store_get_row_ids (store, ids[i]), ids[i], NULL);
      test_assert_ids (tst_store_get_cell_ids (store, ids[i], ids[i]), ids[i], NULL);
    }
  g_assert_cmpuint (tst_store_get_n_tables (store), ==, G_N_ELEMENTS (ids));
  g_assert_cmpuint (tst_store_get_n_values (store), ==, G_N_ELEMENTS (ids));
}

static void
test_store_order (Fixture       *fixture,
                  gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("Everything stays in the order in which it was added, numbers too");

  set_number (fixture, "b", "10", "z", 1);
  set_number (fixture, "b", "2", "z", 1);
  set_number (fixture, "b", "a", "z", 1);
  set_number (fixture, "b", "10", "10", 1);
  set_number (fixture, "b", "10", "2", 1);
  set_number (fixture, "a", "r", "c", 1);
  set_number (fixture, "10", "r", "c", 1);
  g_assert_true (tst_store_set_value_number (store, "y", 1, NULL));
  g_assert_true (tst_store_set_value_number (store, "1", 1, NULL));

  test_assert_ids (tst_store_get_table_ids (store), "b", "a", "10", NULL);
  test_assert_ids (tst_store_get_row_ids (store, "b"), "10", "2", "a", NULL);
  test_assert_ids (tst_store_get_cell_ids (store, "b", "10"), "z", "10", "2", NULL);
  test_assert_ids (tst_store_get_value_ids (store), "y", "1", NULL);
}

static void
test_store_order_overwritten (Fixture       *fixture,
                              gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("Overwriting keeps the place; removed and added again goes to the end");

  set_number (fixture, "t", "r1", "c1", 1);
  set_number (fixture, "t", "r1", "c2", 1);
  set_number (fixture, "t", "r2", "c1", 1);
  set_number (fixture, "u", "r1", "c1", 1);

  set_number (fixture, "t", "r1", "c1", 2);
  test_assert_ids (tst_store_get_cell_ids (store, "t", "r1"), "c1", "c2", NULL);

  g_assert_true (tst_store_remove_cell (store, "t", "r1", "c1"));
  set_number (fixture, "t", "r1", "c1", 2);
  test_assert_ids (tst_store_get_cell_ids (store, "t", "r1"), "c2", "c1", NULL);
  test_assert_ids (tst_store_get_row_ids (store, "t"), "r1", "r2", NULL);

  g_assert_true (tst_store_remove_row (store, "t", "r1"));
  set_number (fixture, "t", "r1", "c1", 2);
  test_assert_ids (tst_store_get_row_ids (store, "t"), "r2", "r1", NULL);
  test_assert_ids (tst_store_get_cell_ids (store, "t", "r1"), "c1", NULL);
  test_assert_ids (tst_store_get_table_ids (store), "t", "u", NULL);

  g_assert_true (tst_store_remove_table (store, "t"));
  set_number (fixture, "t", "r1", "c1", 2);
  test_assert_ids (tst_store_get_table_ids (store), "u", "t", NULL);
}

static void
test_store_order_values (Fixture       *fixture,
                         gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("The same for values");

  g_assert_true (tst_store_set_value_number (store, "a", 1, NULL));
  g_assert_true (tst_store_set_value_number (store, "b", 1, NULL));
  g_assert_true (tst_store_set_value_number (store, "a", 2, NULL));
  test_assert_ids (tst_store_get_value_ids (store), "a", "b", NULL);

  g_assert_true (tst_store_remove_value (store, "a"));
  g_assert_true (tst_store_set_value_number (store, "a", 2, NULL));
  test_assert_ids (tst_store_get_value_ids (store), "b", "a", NULL);
}

/* --- Removing --- */

static void
test_store_no_empty_rows (Fixture       *fixture,
                          gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("The last cell takes the row with it, the last row the table");

  set_number (fixture, "t", "r1", "c1", 1);
  set_number (fixture, "t", "r1", "c2", 1);
  set_number (fixture, "t", "r2", "c1", 1);

  g_assert_true (tst_store_remove_cell (store, "t", "r1", "c1"));
  g_assert_true (tst_store_has_row (store, "t", "r1"));
  g_assert_true (tst_store_remove_cell (store, "t", "r1", "c2"));
  g_assert_false (tst_store_has_row (store, "t", "r1"));
  g_assert_true (tst_store_has_table (store, "t"));
  g_assert_true (tst_store_remove_row (store, "t", "r2"));
  g_assert_false (tst_store_has_table (store, "t"));
  g_assert_false (tst_store_has_tables (store));
  test_assert_ids (tst_store_get_table_ids (store), NULL);
}

static void
test_store_remove (Fixture       *fixture,
                   gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("Removing says whether there was something to remove");

  set_number (fixture, "t", "r", "c", 1);
  set_number (fixture, "t", "r2", "c", 1);
  set_number (fixture, "u", "r", "c", 1);
  g_assert_true (tst_store_set_value_number (store, "v", 1, NULL));

  g_assert_false (tst_store_remove_row (store, "t", "x"));
  g_assert_false (tst_store_remove_row (store, "x", "r"));
  g_assert_true (tst_store_remove_row (store, "t", "r"));
  g_assert_false (tst_store_remove_row (store, "t", "r"));
  g_assert_true (tst_store_remove_table (store, "t"));
  g_assert_false (tst_store_remove_table (store, "t"));
  g_assert_true (tst_store_remove_value (store, "v"));
  g_assert_false (tst_store_remove_value (store, "v"));

  tst_store_remove_tables (store);
  g_assert_false (tst_store_has_tables (store));
  tst_store_remove_tables (store);

  g_assert_true (tst_store_set_value_number (store, "v", 1, NULL));
  tst_store_remove_values (store);
  g_assert_false (tst_store_has_values (store));
  tst_store_remove_values (store);
}

/* --- Values --- */

static void
test_store_values (Fixture       *fixture,
                   gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  GValue *value;

  g_test_summary ("Keyed values are like cells, and apart from them");

  g_assert_false (tst_store_has_values (store));
  g_assert_true (tst_store_set_value_string (store, "name", "Pets", NULL));
  g_assert_true (tst_store_set_value_number (store, "size", 2.5, NULL));
  g_assert_true (tst_store_set_value_boolean (store, "open", TRUE, NULL));
  g_assert_true (tst_store_set_value (store, "owner", NULL, NULL));

  g_assert_cmpstr (tst_store_get_value_string (store, "name"), ==, "Pets");
  g_assert_cmpfloat (tst_store_get_value_number (store, "size"), ==, 2.5);
  g_assert_true (tst_store_get_value_boolean (store, "open"));
  g_assert_cmpint (tst_store_get_value_type (store, "name"), ==, TST_CELL_TYPE_STRING);
  g_assert_cmpint (tst_store_get_value_type (store, "size"), ==, TST_CELL_TYPE_NUMBER);
  g_assert_cmpint (tst_store_get_value_type (store, "open"), ==, TST_CELL_TYPE_BOOLEAN);
  g_assert_cmpint (tst_store_get_value_type (store, "owner"), ==, TST_CELL_TYPE_NULL);
  g_assert_cmpint (tst_store_get_value_type (store, "none"), ==, TST_CELL_TYPE_NONE);
  g_assert_null (tst_store_get_value_string (store, "size"));
  g_assert_null (tst_store_get_value (store, "none"));
  g_assert_false (tst_store_has_value (store, "none"));
  g_assert_true (tst_store_has_value (store, "owner"));
  g_assert_cmpuint (tst_store_get_n_values (store), ==, 4);
  g_assert_false (tst_store_has_tables (store));

  value = tst_store_get_value (store, "size");
  g_assert_cmpfloat (g_value_get_double (value), ==, 2.5);
  free_value (value);
}

/* --- Walking --- */

static void
append_id_cb (TstStore   *store,
              const char *id,
              gpointer    user_data)
{
  g_string_append_printf (user_data, "%s;", id);
}

static void
append_value_cb (TstStore     *store,
                 const char   *id,
                 const GValue *value,
                 gpointer      user_data)
{
  g_autofree char *text = g_strdup_value_contents (value);

  g_string_append_printf (user_data, "%s=%s;", id, text);
}

static void
test_store_foreach (Fixture       *fixture,
                    gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  g_autoptr(GString) seen = g_string_new (NULL);

  g_test_summary ("Walking visits everything in order");

  set_number (fixture, "t", "r2", "c", 1);
  set_number (fixture, "t", "r1", "c", 1);
  set_number (fixture, "s", "r1", "c", 1);
  g_assert_true (tst_store_set_cell_string (store, "t", "r2", "b", "x", NULL));
  g_assert_true (tst_store_set_value_boolean (store, "v", TRUE, NULL));
  g_assert_true (tst_store_set_value_number (store, "u", 2, NULL));

  tst_store_foreach_table (store, append_id_cb, seen);
  g_assert_cmpstr (seen->str, ==, "t;s;");
  g_string_truncate (seen, 0);
  tst_store_foreach_row (store, "t", append_id_cb, seen);
  g_assert_cmpstr (seen->str, ==, "r2;r1;");
  g_string_truncate (seen, 0);
  tst_store_foreach_cell (store, "t", "r2", append_value_cb, seen);
  g_assert_cmpstr (seen->str, ==, "c=1.000000;b=\"x\";");
  g_string_truncate (seen, 0);
  tst_store_foreach_value (store, append_value_cb, seen);
  g_assert_cmpstr (seen->str, ==, "v=TRUE;u=2.000000;");
  g_string_truncate (seen, 0);

  tst_store_foreach_row (store, "x", append_id_cb, seen);
  tst_store_foreach_cell (store, "t", "x", append_value_cb, seen);
  g_assert_cmpstr (seen->str, ==, "");
}

static void
remove_row_cb (TstStore   *store,
               const char *id,
               gpointer    user_data)
{
  GString *seen = user_data;

  g_string_append (seen, id);
  g_assert_true (tst_store_remove_row (store, "t", id));
  g_assert_true (tst_store_set_cell_number (store, "t", "new", "c", 1, NULL));
}

static void
test_store_foreach_writing (Fixture       *fixture,
                            gconstpointer  user_data)
{
  g_autoptr(GString) seen = g_string_new (NULL);

  g_test_summary ("Writing while walking does no harm");

  for (guint i = 0; i < 200; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u,", i);

      set_number (fixture, "t", id, "c", 1);
    }

  tst_store_foreach_row (fixture->store, "t", remove_row_cb, seen);
  g_assert_true (g_str_has_prefix (seen->str, "0,1,2,3,"));
  g_assert_true (tst_store_has_table (fixture->store, "t"));
}

static void
test_store_many (Fixture       *fixture,
                 gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  const guint n = 1000;

  g_test_summary ("A row may have many cells, and a table many rows");

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("a name that is a bit longer %u", i);

      set_number (fixture, "t", "wide", id, i);
      set_number (fixture, "t", id, "c", i);
    }
  g_assert_cmpuint (tst_store_get_n_rows (store, "t"), ==, n + 1);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("a name that is a bit longer %u", i);

      g_assert_cmpfloat (tst_store_get_cell_number (store, "t", "wide", id), ==, i);
      g_assert_cmpfloat (tst_store_get_cell_number (store, "t", id, "c"), ==, i);
      g_assert_true (tst_store_remove_cell (store, "t", "wide", id));
    }
  g_assert_false (tst_store_has_row (store, "t", "wide"));
  g_assert_cmpuint (tst_store_get_n_rows (store, "t"), ==, n);
}

/* --- Mistakes --- */

static void
expect_critical (const char *pattern)
{
  g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, pattern);
}

static void
test_store_mistakes (Fixture       *fixture,
                     gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  g_autoptr(GError) error = NULL;

  g_test_summary ("NULL ids are a mistake of the programmer");

  expect_critical ("*table_id*");
  g_assert_false (tst_store_set_cell_number (store, NULL, "r", "c", 1, &error));
  expect_critical ("*row_id*");
  g_assert_false (tst_store_set_cell_number (store, "t", NULL, "c", 1, &error));
  expect_critical ("*cell_id*");
  g_assert_false (tst_store_set_cell_number (store, "t", "r", NULL, 1, &error));
  expect_critical ("*value*");
  g_assert_false (tst_store_set_cell_string (store, "t", "r", "c", NULL, &error));
  expect_critical ("*value_id*");
  g_assert_false (tst_store_has_value (store, NULL));
  expect_critical ("*TST_IS_STORE*");
  g_assert_false (tst_store_has_tables (NULL));
  g_test_assert_expected_messages ();

  g_assert_no_error (error);
  g_assert_false (tst_store_has_tables (store));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/store/" path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

  ADD ("cell/string", test_store_cell_string);
  ADD ("cell/number", test_store_cell_number);
  ADD ("cell/negative-zero", test_store_cell_negative_zero);
  ADD ("cell/boolean", test_store_cell_boolean);
  ADD ("cell/null", test_store_cell_null);
  ADD ("cell/absent", test_store_cell_absent);
  ADD ("cell/other-type", test_store_cell_other_type);
  ADD ("cell/reserved-strings", test_store_reserved_strings);
  ADD ("gvalue/numbers", test_store_gvalue_numbers);
  ADD ("gvalue/others", test_store_gvalue_others);
  ADD ("gvalue/nulls", test_store_gvalue_nulls);
  ADD ("gvalue/variants", test_store_gvalue_variants);
  ADD ("refused/values", test_store_refused_values);
  ADD ("refused/typed", test_store_refused_typed);
  ADD ("refused/ids", test_store_refused_ids);
  ADD ("ids/odd", test_store_odd_ids);
  ADD ("order/added", test_store_order);
  ADD ("order/overwritten", test_store_order_overwritten);
  ADD ("order/values", test_store_order_values);
  ADD ("remove/no-empty-rows", test_store_no_empty_rows);
  ADD ("remove/result", test_store_remove);
  ADD ("values", test_store_values);
  ADD ("foreach/order", test_store_foreach);
  ADD ("foreach/writing", test_store_foreach_writing);
  ADD ("many", test_store_many);
  ADD ("mistakes", test_store_mistakes);

  return g_test_run ();
}
