/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A table model below the models of GTK, which believe what it tells. They need no
 * display. */

#include <libtstore/tstore.h>

#include <gtk/gtk.h>

#include "test-util.h"

#define N_IDS 60

typedef struct
{
  guint64             random;
  TstStore           *store;
  TstTableModel      *model;
  GtkFilterListModel *filtered;  /* those that are not sold */
  GtkSortListModel   *sorted;    /* of those, by name */
  GtkMultiSelection  *selection; /* of the model itself */
  GHashTable         *selected;  /* a set of ids, owned: what is selected there */
} Fixture;

static guint
chance (Fixture *fixture,
        guint    n)
{
  fixture->random = fixture->random * G_GUINT64_CONSTANT (6364136223846793005) + 1442695040888963407;

  return (guint) ((fixture->random >> 33) % n);
}

static gboolean
is_for_sale (gpointer item,
             gpointer user_data)
{
  return !tst_row_get_boolean (item, "sold");
}

static int
compare_names (gconstpointer a,
               gconstpointer b,
               gpointer      user_data)
{
  return g_strcmp0 (tst_row_get_string ((TstRow *) a, "name"),
                    tst_row_get_string ((TstRow *) b, "name"));
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  user_data)
{
  GtkFilter *filter = GTK_FILTER (gtk_custom_filter_new (is_for_sale, NULL, NULL));
  GtkSorter *sorter = GTK_SORTER (gtk_custom_sorter_new (compare_names, NULL, NULL));

  fixture->random = test_seed ();
  fixture->store = tst_store_new ();
  fixture->model = tst_table_model_new (fixture->store, "pets");
  tst_table_model_set_sort_cell (fixture->model, "price");

  fixture->filtered = gtk_filter_list_model_new (G_LIST_MODEL (g_object_ref (fixture->model)), filter);
  fixture->sorted = gtk_sort_list_model_new (G_LIST_MODEL (g_object_ref (fixture->filtered)), sorter);
  fixture->selection = gtk_multi_selection_new (G_LIST_MODEL (g_object_ref (fixture->model)));
  fixture->selected = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  user_data)
{
  g_assert_finalize_object (fixture->selection);
  g_assert_finalize_object (fixture->sorted);
  g_assert_finalize_object (fixture->filtered);
  g_assert_finalize_object (fixture->model);
  g_assert_finalize_object (fixture->store);
  g_hash_table_unref (fixture->selected);
}

static const char *
id_at (gpointer model,
       guint    position)
{
  g_autoptr(TstRow) row = g_list_model_get_item (model, position);

  return g_intern_string (tst_row_get_row_id (row));
}

/* --- What they are to be --- */

static void
assert_filtered (Fixture *fixture)
{
  g_auto(GStrv) ids = tst_store_get_sorted_row_ids (fixture->store, "pets", "price", FALSE, 0, -1);
  guint n = 0;

  for (guint i = 0; ids[i] != NULL; i++)
    {
      g_assert_cmpstr (id_at (fixture->model, i), ==, ids[i]);
      if (!tst_store_get_cell_boolean (fixture->store, "pets", ids[i], "sold"))
        g_assert_cmpstr (id_at (fixture->filtered, n++), ==, ids[i]);
    }

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->filtered)), ==, n);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->sorted)), ==, n);
}

static void
assert_sorted (Fixture *fixture)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  GListModel *sorted = G_LIST_MODEL (fixture->sorted);

  for (guint i = 0; i < g_list_model_get_n_items (sorted); i++)
    {
      g_autoptr(TstRow) row = g_list_model_get_item (sorted, i);
      g_autoptr(TstRow) next = g_list_model_get_item (sorted, i + 1);

      g_assert_true (is_for_sale (row, NULL));
      g_assert_true (next == NULL || compare_names (row, next, NULL) <= 0);
      g_assert_true (g_hash_table_add (seen, (gpointer) id_at (sorted, i)));
    }
}

static void
assert_selected (Fixture *fixture)
{
  GListModel *model = G_LIST_MODEL (fixture->model);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    g_assert_true (gtk_selection_model_is_selected (GTK_SELECTION_MODEL (fixture->selection), i) ==
                   g_hash_table_contains (fixture->selected, id_at (model, i)));
}

/* --- What happens --- */

/* What GTK looks at is always the same, as it looks when a row comes, and never again. */
static void
add_row (Fixture *fixture)
{
  guint number = chance (fixture, N_IDS);
  g_autofree char *id = g_strdup_printf ("%u", number);
  g_autofree char *name = g_strdup_printf ("name %u", number * 7 % 20);

  if (tst_store_has_row (fixture->store, "pets", id))
    return;

  tst_store_begin (fixture->store);
  tst_store_set_cell_string (fixture->store, "pets", id, "name", name, NULL);
  tst_store_set_cell_number (fixture->store, "pets", id, "price", chance (fixture, 10), NULL);
  tst_store_set_cell_boolean (fixture->store, "pets", id, "sold", number % 3 == 0, NULL);
  tst_store_commit (fixture->store);
}

static void
remove_row (Fixture *fixture)
{
  g_autofree char *id = g_strdup_printf ("%u", chance (fixture, N_IDS));

  tst_store_remove_row (fixture->store, "pets", id);
  g_hash_table_remove (fixture->selected, id);
}

static void
move_row (Fixture *fixture)
{
  g_autofree char *id = g_strdup_printf ("%u", chance (fixture, N_IDS));
  guint before, after;

  if (!tst_table_model_find (fixture->model, id, &before))
    return;

  tst_store_set_cell_number (fixture->store, "pets", id, "price", chance (fixture, 10), NULL);
  g_assert_true (tst_table_model_find (fixture->model, id, &after));
  /* As one that went and another one that came. */
  if (after != before)
    g_hash_table_remove (fixture->selected, id);
}

static void
select_row (Fixture *fixture)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (fixture->model));
  guint position = n > 0 ? chance (fixture, n) : 0;

  if (n == 0)
    return;

  gtk_selection_model_select_item (GTK_SELECTION_MODEL (fixture->selection), position, FALSE);
  g_hash_table_add (fixture->selected, g_strdup (id_at (fixture->model, position)));
}

static void
test_random (Fixture       *fixture,
             gconstpointer  user_data)
{
  void (*actions[]) (Fixture *) = { add_row, add_row, remove_row, move_row, move_row, select_row };
  guint n = test_scale (2000);

  for (guint i = 0; i < n; i++)
    {
      actions[chance (fixture, G_N_ELEMENTS (actions))] (fixture);
      assert_filtered (fixture);
      assert_sorted (fixture);
      assert_selected (fixture);
    }
}

static void
test_many_at_once (Fixture       *fixture,
                   gconstpointer  user_data)
{
  guint n = test_scale (200);

  for (guint i = 0; i < n; i++)
    {
      tst_store_begin (fixture->store);
      for (guint j = chance (fixture, 50); j > 0; j--)
        (chance (fixture, 2) == 0 ? add_row : remove_row) (fixture);
      tst_store_commit (fixture->store);
      if (chance (fixture, 10) == 0)
        tst_table_model_set_descending (fixture->model, TRUE);
      tst_table_model_set_descending (fixture->model, FALSE);

      assert_filtered (fixture);
      assert_sorted (fixture);
    }
}

static void
test_ui_file (void)
{
  g_autoptr(GtkBuilder) builder = NULL;
  TstTableModel *model;
  TstStore *store;

  g_type_ensure (TST_TYPE_STORE);
  g_type_ensure (TST_TYPE_TABLE_MODEL);
  builder = gtk_builder_new_from_string ("<interface>"
                                         "  <object class='TstTableModel' id='model'>"
                                         "    <property name='sort-cell'>price</property>"
                                         "    <property name='descending'>1</property>"
                                         "    <property name='table-id'>pets</property>"
                                         "    <property name='limit'>1</property>"
                                         "    <property name='row-type'>TstRow</property>"
                                         "    <property name='store'>"
                                         "      <object class='TstStore' id='store'/>"
                                         "    </property>"
                                         "  </object>"
                                         "</interface>", -1);
  model = TST_TABLE_MODEL (gtk_builder_get_object (builder, "model"));
  store = TST_STORE (gtk_builder_get_object (builder, "store"));

  tst_store_set_cell_number (store, "pets", "felix", "price", 2, NULL);
  tst_store_set_cell_number (store, "pets", "fido", "price", 1, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, 1);
  g_assert_cmpstr (id_at (model, 0), ==, "felix");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

  ADD ("/gtk-models/random", test_random);
  ADD ("/gtk-models/many-at-once", test_many_at_once);
  g_test_add_func ("/gtk-models/ui-file", test_ui_file);

  return g_test_run ();
}
