/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Cells and values that a function makes of what was there. */

#include <libtstore/tstore.h>

typedef struct
{
  TstStore *store;
  guint     n_changed;
} Fixture;

static void
changed_cb (TstStore   *store,
            TstChanges *changes,
            gpointer    user_data)
{
  ((Fixture *) user_data)->n_changed++;
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  user_data)
{
  fixture->store = tst_store_new ();
  g_assert_true (tst_store_set_cell_number (fixture->store, "t", "r", "c", 1, NULL));
  g_signal_connect (fixture->store, "changed", G_CALLBACK (changed_cb), fixture);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  user_data)
{
  g_assert_finalize_object (fixture->store);
}

static void
add_one_cb (const GValue  *old_value,
            GValue        *new_value,
            gpointer       user_data,
            GError       **error)
{
  g_value_init (new_value, G_TYPE_DOUBLE);
  g_value_set_double (new_value, old_value ? g_value_get_double (old_value) + 1 : 1);
}

static void
make_null_cb (const GValue  *old_value,
              GValue        *new_value,
              gpointer       user_data,
              GError       **error)
{
}

static void
write_and_fail_cb (const GValue  *old_value,
                   GValue        *new_value,
                   gpointer       user_data,
                   GError       **error)
{
  tst_store_remove_tables (user_data);
  g_value_init (new_value, G_TYPE_STRING);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY, "On purpose");
}

static void
write_and_make_object_cb (const GValue  *old_value,
                          GValue        *new_value,
                          gpointer       user_data,
                          GError       **error)
{
  g_assert_true (tst_store_set_value_number (user_data, "other", 1, NULL));
  g_value_init (new_value, G_TYPE_OBJECT);
}

static void
write_and_add_cb (const GValue  *old_value,
                  GValue        *new_value,
                  gpointer       user_data,
                  GError       **error)
{
  tst_store_remove_tables (user_data);
  g_assert_true (tst_store_set_value_number (user_data, "other", 1, NULL));
  add_one_cb (old_value, new_value, NULL, error);
}

static void
test_store_map_made (Fixture       *fixture,
                     gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  g_autoptr(GError) error = NULL;

  g_test_summary ("A function gets what is there, or nothing, and makes what will be there");

  g_assert_true (tst_store_map_cell (store, "t", "r", "c", add_one_cb, NULL, &error));
  g_assert_cmpfloat (tst_store_get_cell_number (store, "t", "r", "c"), ==, 2);
  g_assert_true (tst_store_map_cell (store, "new", "r", "c", add_one_cb, NULL, &error));
  g_assert_cmpfloat (tst_store_get_cell_number (store, "new", "r", "c"), ==, 1);
  g_assert_true (tst_store_map_value (store, "v", add_one_cb, NULL, &error));
  g_assert_true (tst_store_map_value (store, "v", add_one_cb, NULL, &error));
  g_assert_cmpfloat (tst_store_get_value_number (store, "v"), ==, 2);
  g_assert_cmpuint (fixture->n_changed, ==, 4);

  g_assert_true (tst_store_map_value (store, "v", make_null_cb, NULL, &error));
  g_assert_cmpint (tst_store_get_value_type (store, "v"), ==, TST_CELL_TYPE_NULL);
  g_assert_no_error (error);
}

static void
test_store_map_failed (Fixture       *fixture,
                       gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  g_autoptr(GError) error = NULL;

  g_test_summary ("If a function fails, or makes what cannot be stored, nothing changes");

  g_assert_false (tst_store_map_cell (store, "t", "r", "c", write_and_fail_cb, store, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_clear_error (&error);

  g_assert_false (tst_store_map_value (store, "v", write_and_make_object_cb, store, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_INVALID_VALUE);
  g_clear_error (&error);

  g_assert_false (tst_store_map_value (store, "\377", add_one_cb, NULL, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_INVALID_ID);

  g_assert_cmpfloat (tst_store_get_cell_number (store, "t", "r", "c"), ==, 1);
  g_assert_false (tst_store_has_values (store));
  g_assert_cmpuint (fixture->n_changed, ==, 0);
}

static void
test_store_map_transaction (Fixture       *fixture,
                            gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("What the function writes belongs to the same transaction");

  g_assert_true (tst_store_map_cell (store, "t", "r", "c", write_and_add_cb, store, NULL));
  g_assert_cmpfloat (tst_store_get_cell_number (store, "t", "r", "c"), ==, 2);
  g_assert_true (tst_store_has_value (store, "other"));
  g_assert_cmpuint (fixture->n_changed, ==, 1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/store-map/" path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

  ADD ("made", test_store_map_made);
  ADD ("failed", test_store_map_failed);
  ADD ("transaction", test_store_map_transaction);

  return g_test_run ();
}
