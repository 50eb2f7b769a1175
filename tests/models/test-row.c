/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <libtstore/tstore.h>

typedef struct
{
  TstStore *store;
  TstRow   *fido;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  user_data)
{
  g_autoptr(GError) error = NULL;

  fixture->store = tst_store_new ();
  tst_store_set_cell_string (fixture->store, "pets", "fido", "species", "dog", &error);
  g_assert_no_error (error);
  tst_store_set_cell_string (fixture->store, "pets", "felix", "species", "cat", &error);
  g_assert_no_error (error);

  fixture->fido = tst_row_new (fixture->store, "pets", "fido");
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  user_data)
{
  g_assert_finalize_object (fixture->fido);
  g_assert_finalize_object (fixture->store);
}

static void
record_cell_cb (TstRow     *row,
                const char *cell_id,
                GString    *log)
{
  g_string_append_printf (log, "%s.%s ", tst_row_get_row_id (row), cell_id);
}

static void
test_row_properties (Fixture       *fixture,
                     gconstpointer  user_data)
{
  g_autoptr(TstStore) store = NULL;
  g_autofree char *table_id = NULL;
  g_autofree char *row_id = NULL;

  g_object_get (fixture->fido, "store", &store, "table-id", &table_id, "row-id", &row_id, NULL);

  g_assert_true (store == fixture->store);
  g_assert_cmpstr (table_id, ==, "pets");
  g_assert_cmpstr (row_id, ==, "fido");
  g_assert_true (tst_row_get_store (fixture->fido) == fixture->store);
  g_assert_cmpstr (tst_row_get_table_id (fixture->fido), ==, "pets");
  g_assert_cmpstr (tst_row_get_row_id (fixture->fido), ==, "fido");
}

static void
test_row_cells (Fixture       *fixture,
                gconstpointer  user_data)
{
  TstRow *fido = fixture->fido;
  g_autoptr(GError) error = NULL;
  g_auto(GValue) value = G_VALUE_INIT;
  GValue *got;

  g_assert_true (tst_row_set_string (fido, "name", "Fido", &error));
  g_assert_no_error (error);
  g_assert_true (tst_row_set_number (fido, "price", 4.5, &error));
  g_assert_no_error (error);
  g_assert_true (tst_row_set_boolean (fido, "sold", TRUE, &error));
  g_assert_no_error (error);

  g_value_init (&value, G_TYPE_INT64);
  g_value_set_int64 (&value, 7);
  g_assert_true (tst_row_set_cell (fido, "age", &value, &error));
  g_assert_no_error (error);
  g_assert_true (tst_row_set_cell (fido, "chip", NULL, &error));
  g_assert_no_error (error);

  g_assert_cmpstr (tst_row_get_string (fido, "name"), ==, "Fido");
  g_assert_cmpfloat (tst_row_get_number (fido, "price"), ==, 4.5);
  g_assert_true (tst_row_get_boolean (fido, "sold"));
  g_assert_cmpfloat (tst_row_get_number (fido, "age"), ==, 7);
  g_assert_cmpint (tst_row_get_cell_type (fido, "chip"), ==, TST_CELL_TYPE_NULL);
  g_assert_cmpint (tst_row_get_cell_type (fido, "wings"), ==, TST_CELL_TYPE_NONE);
  g_assert_null (tst_row_get_string (fido, "price"));
  g_assert_cmpfloat (tst_row_get_number (fido, "name"), ==, 0);
  g_assert_false (tst_row_get_boolean (fido, "name"));

  g_assert_null (tst_row_get_cell (fido, "wings"));
  got = tst_row_get_cell (fido, "species");
  g_assert_cmpstr (g_value_get_string (got), ==, "dog");
  g_boxed_free (G_TYPE_VALUE, got);

  /* It is the store that holds them. */
  g_assert_cmpfloat (tst_store_get_cell_number (fixture->store, "pets", "fido", "price"), ==, 4.5);
}

static void
test_row_refused (Fixture       *fixture,
                  gconstpointer  user_data)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (tst_row_set_number (fixture->fido, "price", G_MAXDOUBLE * 2, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_INVALID_VALUE);
  g_assert_cmpint (tst_row_get_cell_type (fixture->fido, "price"), ==, TST_CELL_TYPE_NONE);
}

static void
test_row_cell_changed (Fixture       *fixture,
                       gconstpointer  user_data)
{
  g_autoptr(GString) log = g_string_new ("");
  TstStore *store = fixture->store;
  gulong id;

  g_test_summary ("Each cell of the row that a transaction changed is told once, and no other");

  id = g_signal_connect (fixture->fido, "cell-changed", G_CALLBACK (record_cell_cb), log);

  tst_store_begin (store);
  tst_store_set_cell_number (store, "pets", "fido", "price", 1, NULL);
  tst_store_set_cell_number (store, "pets", "fido", "price", 2, NULL);
  tst_store_set_cell_string (store, "pets", "fido", "name", "Fido", NULL);
  tst_store_set_cell_string (store, "pets", "felix", "name", "Felix", NULL);
  tst_store_set_cell_string (store, "owners", "fido", "name", "Ann", NULL);
  g_assert_cmpstr (log->str, ==, "");
  tst_store_commit (store);
  g_assert_cmpstr (log->str, ==, "fido.price fido.name ");

  /* No change, and a change undone, are no news. */
  g_string_truncate (log, 0);
  tst_store_set_cell_number (store, "pets", "fido", "price", 2, NULL);
  tst_store_begin (store);
  tst_store_set_cell_number (store, "pets", "fido", "price", 3, NULL);
  tst_store_rollback (store);
  g_assert_cmpstr (log->str, ==, "");

  tst_store_remove_cell (store, "pets", "fido", "price");
  g_assert_cmpstr (log->str, ==, "fido.price ");

  g_signal_handler_disconnect (fixture->fido, id);
}

static void
test_row_detail (Fixture       *fixture,
                 gconstpointer  user_data)
{
  g_autoptr(GString) log = g_string_new ("");

  g_signal_connect (fixture->fido, "cell-changed::price", G_CALLBACK (record_cell_cb), log);

  tst_row_set_string (fixture->fido, "a cell that nobody made a quark of", "x", NULL);
  tst_row_set_string (fixture->fido, "name", "Fido", NULL);
  tst_row_set_number (fixture->fido, "price", 5, NULL);

  g_assert_cmpstr (log->str, ==, "fido.price ");
  g_assert_cmpuint (g_quark_try_string ("a cell that nobody made a quark of"), ==, 0);
}

static void
test_row_comes_and_goes (Fixture       *fixture,
                         gconstpointer  user_data)
{
  g_autoptr(GString) log = g_string_new ("");
  gulong id;

  g_test_summary ("A row object outlives its row, and shows it again when it is back");

  id = g_signal_connect (fixture->fido, "cell-changed", G_CALLBACK (record_cell_cb), log);

  tst_store_remove_row (fixture->store, "pets", "fido");
  g_assert_cmpstr (log->str, ==, "fido.species ");
  g_assert_null (tst_row_get_string (fixture->fido, "species"));
  g_assert_cmpint (tst_row_get_cell_type (fixture->fido, "species"), ==, TST_CELL_TYPE_NONE);

  g_assert_true (tst_row_set_string (fixture->fido, "species", "wolf", NULL));
  g_assert_true (tst_store_has_row (fixture->store, "pets", "fido"));
  g_assert_cmpstr (log->str, ==, "fido.species fido.species ");

  g_signal_handler_disconnect (fixture->fido, id);
}

static void
drop_row_cb (TstRow      *row,
             const char  *cell_id,
             TstRow     **held)
{
  g_clear_object (held);
}

static void
test_row_dropped_when_told (Fixture       *fixture,
                            gconstpointer  user_data)
{
  TstRow *rows[2];

  g_test_summary ("Handlers may let go of any row, also of one that is yet to be told");

  for (gsize i = 0; i < 2; i++)
    rows[i] = tst_row_new (fixture->store, "pets", "felix");

  g_signal_connect (rows[0], "cell-changed", G_CALLBACK (drop_row_cb), &rows[1]);
  g_signal_connect (rows[1], "cell-changed", G_CALLBACK (drop_row_cb), &rows[0]);

  tst_store_set_cell_string (fixture->store, "pets", "felix", "name", "Felix", NULL);

  /* Whoever was told first let go of the other, which then was not told. */
  g_assert_true ((rows[0] == NULL) != (rows[1] == NULL));

  g_clear_object (&rows[0]);
  g_clear_object (&rows[1]);
}

static void
write_again_cb (TstRow     *row,
                const char *cell_id,
                GString    *log)
{
  double price = tst_row_get_number (row, "price");

  g_string_append_printf (log, "%g ", price);

  if (price < 3)
    tst_row_set_number (row, "price", price + 1, NULL);
}

static void
test_row_written_when_told (Fixture       *fixture,
                            gconstpointer  user_data)
{
  g_autoptr(GString) log = g_string_new ("");
  gulong id;

  id = g_signal_connect (fixture->fido, "cell-changed::price", G_CALLBACK (write_again_cb), log);
  tst_row_set_number (fixture->fido, "price", 1, NULL);
  g_assert_cmpstr (log->str, ==, "1 2 3 ");
  g_signal_handler_disconnect (fixture->fido, id);
}

static void
drop_as_started_cb (TstStore *store,
                    gpointer  user_data)
{
  g_clear_object ((TstRow **) user_data);
}

static void
test_row_dropped_as_it_writes (Fixture       *fixture,
                               gconstpointer  user_data)
{
  TstRow *row;
  gulong handle = tst_store_add_started_listener (fixture->store, drop_as_started_cb, &row, NULL);
  g_auto(GValue) value = G_VALUE_INIT;

  g_test_summary ("Whoever is told that a row begins to write may drop it");

  g_value_init (&value, G_TYPE_INT);

  row = tst_row_new (fixture->store, "animals that are wild", "an animal of which nobody knows 1");
  g_assert_true (tst_row_set_string (row, "species", "fox", NULL));
  row = tst_row_new (fixture->store, "animals that are wild", "an animal of which nobody knows 2");
  g_assert_true (tst_row_set_number (row, "legs", 4, NULL));
  row = tst_row_new (fixture->store, "animals that are wild", "an animal of which nobody knows 3");
  g_assert_true (tst_row_set_boolean (row, "tame", FALSE, NULL));
  row = tst_row_new (fixture->store, "animals that are wild", "an animal of which nobody knows 4");
  g_assert_true (tst_row_set_cell (row, "age", &value, NULL));
  g_assert_null (row);

  for (guint i = 1; i <= 4; i++)
    {
      g_autofree char *row_id = g_strdup_printf ("an animal of which nobody knows %u", i);

      g_assert_true (tst_store_has_row (fixture->store, "animals that are wild", row_id));
    }
  g_assert_cmpuint (tst_store_get_n_rows (fixture->store, "animals that are wild"), ==, 4);
  tst_store_remove_listener (fixture->store, handle);
}

/* An application's own kind of row. */
typedef struct { TstRow parent_instance; } Pet;
typedef struct { TstRowClass parent_class; } PetClass;

GType pet_get_type (void);
G_DEFINE_TYPE (Pet, pet, TST_TYPE_ROW)

static void
pet_class_init (PetClass *klass)
{
}

static void
pet_init (Pet *self)
{
}

static void
test_row_derived (Fixture       *fixture,
                  gconstpointer  user_data)
{
  TstRow *pet = g_object_new (pet_get_type (),
                              "store", fixture->store, "table-id", "pets", "row-id", "felix",
                              NULL);

  g_assert_cmpstr (tst_row_get_string (pet, "species"), ==, "cat");
  g_assert_finalize_object (pet);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

  ADD ("/row/properties", test_row_properties);
  ADD ("/row/cells", test_row_cells);
  ADD ("/row/refused", test_row_refused);
  ADD ("/row/cell-changed", test_row_cell_changed);
  ADD ("/row/cell-changed/detail", test_row_detail);
  ADD ("/row/comes-and-goes", test_row_comes_and_goes);
  ADD ("/row/dropped-when-told", test_row_dropped_when_told);
  ADD ("/row/written-when-told", test_row_written_when_told);
  ADD ("/row/dropped-as-it-writes", test_row_dropped_as_it_writes);
  ADD ("/row/derived", test_row_derived);

  return g_test_run ();
}
