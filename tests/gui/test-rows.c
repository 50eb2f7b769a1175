/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Rows whose properties are cells, in what GTK has for showing objects. */

#include <gtk/gtk.h>
#include <libtstore/tstore.h>

#define TEST_TYPE_PET (test_pet_get_type ())
G_DECLARE_FINAL_TYPE (TestPet, test_pet, TEST, PET, TstRow)

struct _TestPet
{
  TstRow parent_instance;
};

G_DEFINE_FINAL_TYPE (TestPet, test_pet, TST_TYPE_ROW)

static void
test_pet_class_init (TestPetClass *klass)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  tst_row_class_map_properties (TST_ROW_CLASS (klass), TST_CELL_NAMING_AS_IS);
  g_object_class_install_property (G_OBJECT_CLASS (klass), 1,
                                   g_param_spec_string ("name", NULL, NULL, NULL, flags));
  g_object_class_install_property (G_OBJECT_CLASS (klass), 2,
                                   g_param_spec_double ("price", NULL, NULL, 0, 1000, 0, flags));
}

static void
test_pet_init (TestPet *self)
{
}

/* --- Fixture --- */

typedef struct
{
  TstStore   *store;
  GListStore *pets;
} Fixture;

static void
set_name (Fixture    *fixture,
          const char *row_id,
          const char *name)
{
  g_autoptr(GError) error = NULL;

  tst_store_set_cell_string (fixture->store, "pets", row_id, "name", name, &error);
  g_assert_no_error (error);
}

static void
add_pet (Fixture    *fixture,
         const char *row_id,
         const char *name)
{
  g_autoptr(TstRow) pet = NULL;

  set_name (fixture, row_id, name);
  pet = g_object_new (TEST_TYPE_PET,
                      "store", fixture->store,
                      "table-id", "pets",
                      "row-id", row_id,
                      NULL);
  g_list_store_append (fixture->pets, pet);
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  user_data)
{
  fixture->store = tst_store_new ();
  fixture->pets = g_list_store_new (TEST_TYPE_PET);
  add_pet (fixture, "fido", "Fido");
  add_pet (fixture, "felix", "Felix");
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  user_data)
{
  g_assert_finalize_object (fixture->pets);
  g_assert_finalize_object (fixture->store);
}

static gboolean
give_up_cb (gpointer user_data)
{
  g_error ("Waited in vain for %s", (const char *) user_data);

  return G_SOURCE_REMOVE;
}

/* Lets GTK work until @label shows @expected. */
static void
wait_for_label (GtkLabel   *label,
                const char *expected)
{
  guint timeout = g_timeout_add_seconds (60, give_up_cb, (gpointer) expected);

  while (g_strcmp0 (gtk_label_get_label (label), expected) != 0)
    g_main_context_iteration (NULL, TRUE);

  g_source_remove (timeout);
}

/* --- Tests --- */

static void
count_cb (gpointer user_data)
{
  (*(guint *) user_data)++;
}

static char *
evaluate (GtkExpressionWatch *watch)
{
  g_auto(GValue) value = G_VALUE_INIT;

  g_assert_true (gtk_expression_watch_evaluate (watch, &value));

  return g_value_dup_string (&value);
}

static void
test_rows_expression (Fixture       *fixture,
                      gconstpointer  user_data)
{
  g_autoptr(GtkExpression) expression = gtk_property_expression_new (TEST_TYPE_PET, NULL, "name");
  g_autoptr(GObject) fido = g_list_model_get_item (G_LIST_MODEL (fixture->pets), 0);
  guint n_notified = 0;
  GtkExpressionWatch *watch = gtk_expression_watch (expression, fido, count_cb, &n_notified, NULL);
  g_autofree char *before = evaluate (watch);
  g_autofree char *after = NULL;

  g_assert_cmpstr (before, ==, "Fido");
  set_name (fixture, "fido", "Rex");
  after = evaluate (watch);
  g_assert_cmpstr (after, ==, "Rex");
  g_assert_cmpuint (n_notified, ==, 1);

  gtk_expression_watch_unwatch (watch);
}

static void
test_rows_sorter_and_filter (Fixture       *fixture,
                             gconstpointer  user_data)
{
  GtkExpression *name = gtk_property_expression_new (TEST_TYPE_PET, NULL, "name");
  GtkSorter *sorter = GTK_SORTER (gtk_string_sorter_new (gtk_expression_ref (name)));
  GtkStringFilter *filter = gtk_string_filter_new (name);
  g_autoptr(GtkSortListModel) sorted = NULL;
  g_autoptr(GtkFilterListModel) filtered = NULL;
  g_autoptr(TstRow) first = NULL;

  sorted = gtk_sort_list_model_new (G_LIST_MODEL (g_object_ref (fixture->pets)), sorter);
  first = g_list_model_get_item (G_LIST_MODEL (sorted), 0);
  g_assert_cmpstr (tst_row_get_row_id (first), ==, "felix");

  gtk_string_filter_set_search (filter, "fid");
  filtered = gtk_filter_list_model_new (G_LIST_MODEL (g_object_ref (fixture->pets)), GTK_FILTER (filter));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (filtered)), ==, 1);
}

static const char ui[] =
  "<interface>"
  "  <template class='GtkListItem'>"
  "    <property name='child'>"
  "      <object class='GtkLabel'>"
  "        <binding name='label'>"
  "          <lookup name='name' type='TestPet'>"
  "            <lookup name='item'>GtkListItem</lookup>"
  "          </lookup>"
  "        </binding>"
  "      </object>"
  "    </property>"
  "  </template>"
  "</interface>";

static GtkLabel *
find_label (GtkWidget *widget,
            guint      number)
{
  GtkWidget *item = gtk_widget_get_first_child (widget);

  for (; number > 0 && item != NULL; number--)
    item = gtk_widget_get_next_sibling (item);

  return item != NULL ? GTK_LABEL (gtk_widget_get_first_child (item)) : NULL;
}

static void
test_rows_list_view (Fixture       *fixture,
                     gconstpointer  user_data)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static (ui, sizeof ui - 1);
  GtkListItemFactory *factory = gtk_builder_list_item_factory_new_from_bytes (NULL, bytes);
  GtkNoSelection *selection = gtk_no_selection_new (G_LIST_MODEL (g_object_ref (fixture->pets)));
  GtkWidget *view = gtk_list_view_new (GTK_SELECTION_MODEL (selection), factory);
  GtkWidget *window = gtk_window_new ();

  gtk_window_set_child (GTK_WINDOW (window), view);
  gtk_window_present (GTK_WINDOW (window));

  wait_for_label (find_label (view, 0), "Fido");
  g_assert_cmpstr (gtk_label_get_label (find_label (view, 1)), ==, "Felix");

  set_name (fixture, "felix", "Tom");
  g_assert_cmpstr (gtk_label_get_label (find_label (view, 1)), ==, "Tom");
  g_assert_cmpstr (gtk_label_get_label (find_label (view, 0)), ==, "Fido");

  gtk_window_destroy (GTK_WINDOW (window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
test_rows_entry (Fixture       *fixture,
                 gconstpointer  user_data)
{
  g_autoptr(GObject) fido = g_list_model_get_item (G_LIST_MODEL (fixture->pets), 0);
  GtkWidget *entry = g_object_ref_sink (gtk_entry_new ());
  GtkEditable *editable = GTK_EDITABLE (entry);
  g_autoptr(TstSchema) schema = NULL;
  g_autoptr(GError) error = NULL;

  g_object_bind_property (fido, "name", entry, "text", G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  g_assert_cmpstr (gtk_editable_get_text (editable), ==, "Fido");
  gtk_editable_set_text (editable, "Rex");
  g_assert_cmpstr (tst_store_get_cell_string (fixture->store, "pets", "fido", "name"), ==, "Rex");

  schema = tst_schema_new_from_json ("{\"pets\":{\"name\":{\"enum\":[\"Rex\",\"Felix\"]}}}", &error);
  g_assert_no_error (error);
  tst_store_set_schema (fixture->store, schema, TST_SCHEMA_DEFAULT, &error);
  g_assert_no_error (error);
  gtk_editable_set_text (editable, "Moritz");
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpstr (gtk_editable_get_text (editable), ==, "Rex");

  g_assert_finalize_object (entry);
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

  ADD ("/rows/expression", test_rows_expression);
  ADD ("/rows/sorter-and-filter", test_rows_sorter_and_filter);
  ADD ("/rows/list-view", test_rows_list_view);
  ADD ("/rows/entry", test_rows_entry);

  return g_test_run ();
}
