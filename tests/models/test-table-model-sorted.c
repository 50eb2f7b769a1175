/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Models in the order of a cell, and pages of them: what exactly they tell. */

#include "model-fixture.h"

/* A row for each letter, with the prices 0, 10, 20, … */
static void
add_letters (ModelFixture *fixture,
             const char   *letters)
{
  for (guint i = 0; letters[i] != '\0'; i++)
    {
      const char id[] = { letters[i], '\0' };

      model_fixture_set_price (fixture, id, 10 * i);
    }
}

static void
watch_sorted (ModelFixture *fixture,
              const char   *letters)
{
  add_letters (fixture, letters);
  model_fixture_watch (fixture, g_object_new (TST_TYPE_TABLE_MODEL,
                                              "store", fixture->store,
                                              "table-id", "pets",
                                              "sort-cell", "price",
                                              NULL));
}

static void
test_one_moves (ModelFixture  *fixture,
                gconstpointer  user_data)
{
  watch_sorted (fixture, "abcde");
  model_fixture_assert_ids (fixture, "", "a b c d e ");

  g_test_summary ("A row that moves is taken away first, and is never there twice");

  model_fixture_set_price (fixture, "b", 35);
  model_fixture_assert_ids (fixture, "1-1+0 3-0+1 ", "a c d b e ");
  model_fixture_set_price (fixture, "b", -1);
  model_fixture_assert_ids (fixture, "3-1+0 0-0+1 ", "b a c d e ");

  /* Another price, the same place */
  model_fixture_set_price (fixture, "b", -2);
  model_fixture_set_price (fixture, "e", 1000);
  model_fixture_assert_ids (fixture, "", "b a c d e ");
  g_assert_cmpuint (fixture->n_notified, ==, 4);

  /* What it is not sorted by */
  tst_store_set_cell_string (fixture->store, "pets", "a", "name", "Ann", NULL);
  model_fixture_assert_ids (fixture, "", "b a c d e ");
}

static void
test_several_move (ModelFixture  *fixture,
                   gconstpointer  user_data)
{
  watch_sorted (fixture, "abcdefgh");

  tst_store_begin (fixture->store);
  model_fixture_set_price (fixture, "b", 65);
  model_fixture_set_price (fixture, "g", 5);
  tst_store_commit (fixture->store);
  model_fixture_assert_ids (fixture, "6-1+0 1-1+0 5-0+1 1-0+1 ", "a g c d e f b h ");

  /* Neighbours */
  tst_store_begin (fixture->store);
  model_fixture_set_price (fixture, "c", 31);
  model_fixture_set_price (fixture, "d", 19);
  tst_store_commit (fixture->store);
  model_fixture_assert_ids (fixture, "2-2+2 ", "a g d c e f b h ");

  /* One comes where another one goes, but not from elsewhere */
  tst_store_begin (fixture->store);
  tst_store_remove_row (fixture->store, "pets", "e");
  model_fixture_set_price (fixture, "x", 42);
  model_fixture_set_price (fixture, "y", 43);
  tst_store_commit (fixture->store);
  model_fixture_assert_ids (fixture, "4-1+2 ", "a g d c x y f b h ");
}

static void
test_come_and_go (ModelFixture  *fixture,
                  gconstpointer  user_data)
{
  watch_sorted (fixture, "abc");

  model_fixture_add (fixture, "free");
  model_fixture_assert_ids (fixture, "1-0+1 ", "a free b c ");
  tst_store_remove_cell (fixture->store, "pets", "c", "price");
  model_fixture_assert_ids (fixture, "3-1+0 ", "a free b ");
  tst_store_remove_row (fixture->store, "pets", "a");
  model_fixture_assert_ids (fixture, "0-1+0 ", "free b ");

  tst_store_begin (fixture->store);
  tst_store_remove_table (fixture->store, "pets");
  add_letters (fixture, "zy");
  tst_store_commit (fixture->store);
  model_fixture_assert_ids (fixture, "0-2+2 ", "z y ");

  tst_store_remove_table (fixture->store, "pets");
  model_fixture_assert_ids (fixture, "0-2+0 ", "");
  add_letters (fixture, "a");
  model_fixture_assert_ids (fixture, "0-0+1 ", "a ");
}

static void
test_undone (ModelFixture  *fixture,
             gconstpointer  user_data)
{
  watch_sorted (fixture, "abcdef");

  tst_store_begin (fixture->store);
  model_fixture_set_price (fixture, "a", 100);
  tst_store_remove_row (fixture->store, "pets", "b");
  tst_store_begin (fixture->store);
  model_fixture_set_price (fixture, "c", 100);
  tst_store_rollback (fixture->store);
  model_fixture_assert_ids (fixture, "", "a b c d e f ");
  tst_store_commit (fixture->store);
  model_fixture_assert_ids (fixture, "0-2+0 4-0+1 ", "c d e f a ");

  tst_store_begin (fixture->store);
  tst_store_remove_table (fixture->store, "pets");
  add_letters (fixture, "fed");
  tst_store_rollback (fixture->store);
  model_fixture_assert_ids (fixture, "", "c d e f a ");
}

static void
test_very_many_move (ModelFixture  *fixture,
                     gconstpointer  user_data)
{
  g_test_summary ("So many steps are told as one, without what is the same at both ends");

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      model_fixture_set_price (fixture, id, i);
    }
  watch_sorted (fixture, "");

  tst_store_begin (fixture->store);
  for (guint i = 100; i < 200; i += 2)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      model_fixture_set_price (fixture, id, 299.5 - i);
    }
  tst_store_commit (fixture->store);
  g_assert_cmpstr (fixture->log->str, ==, "100-100+100 ");

  /* More than are placed one by one */
  g_string_truncate (fixture->log, 0);
  tst_store_begin (fixture->store);
  for (guint i = 300; i < 900; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      model_fixture_set_price (fixture, id, 1200 - i);
    }
  tst_store_commit (fixture->store);
  g_assert_cmpstr (fixture->log->str, ==, "300-600+600 ");
}

/* --- Other orders --- */

static void
count_cb (GObject    *object,
          GParamSpec *pspec,
          guint      *n)
{
  (*n)++;
}

static void
test_sort_cell (ModelFixture  *fixture,
                gconstpointer  user_data)
{
  guint n_notified = 0;

  model_fixture_set_price (fixture, "b", 3);
  model_fixture_set_price (fixture, "d", 2);
  model_fixture_set_price (fixture, "c", 1);
  model_fixture_set_price (fixture, "a", 4);
  model_fixture_assert_ids (fixture, "0-0+1 1-0+1 2-0+1 3-0+1 ", "b d c a ");
  g_signal_connect (fixture->model, "notify::sort-cell", G_CALLBACK (count_cb), &n_notified);

  tst_table_model_set_sort_cell (fixture->model, "price");
  model_fixture_assert_ids (fixture, "0-3+3 ", "c d b a ");
  tst_table_model_set_sort_cell (fixture->model, "price");
  g_assert_cmpuint (n_notified, ==, 1);
  g_assert_cmpstr (tst_table_model_get_sort_cell (fixture->model), ==, "price");

  /* It is not looked at as long as there is a cell. */
  tst_table_model_set_sort_by_row_id (fixture->model, TRUE);
  model_fixture_assert_ids (fixture, "", "c d b a ");
  tst_table_model_set_sort_cell (fixture->model, NULL);
  model_fixture_assert_ids (fixture, "0-4+4 ", "a b c d ");
  g_assert_cmpuint (n_notified, ==, 2);
  model_fixture_add (fixture, "bb");
  model_fixture_assert_ids (fixture, "2-0+1 ", "a b bb c d ");

  tst_table_model_set_sort_by_row_id (fixture->model, FALSE);
  g_assert_false (tst_table_model_get_sort_by_row_id (fixture->model));
  model_fixture_assert_ids (fixture, "0-5+5 ", "b d c a bb ");
}

static void
test_descending (ModelFixture  *fixture,
                 gconstpointer  user_data)
{
  g_autofree char *expected = NULL;
  g_auto(GStrv) ids = NULL;

  add_letters (fixture, "abc");
  model_fixture_assert_ids (fixture, "0-0+1 1-0+1 2-0+1 ", "a b c ");
  tst_table_model_set_descending (fixture->model, TRUE);
  model_fixture_assert_ids (fixture, "0-3+3 ", "c b a ");

  g_test_summary ("The latest comes first");

  model_fixture_add (fixture, "d");
  model_fixture_assert_ids (fixture, "0-0+1 ", "d c b a ");
  tst_store_remove_row (fixture->store, "pets", "b");
  model_fixture_assert_ids (fixture, "2-1+0 ", "d c a ");

  /* Those that are the same come in the reverse of their order, as in the store. */
  tst_table_model_set_sort_cell (fixture->model, "price");
  ids = tst_store_get_sorted_row_ids (fixture->store, "pets", "price", TRUE, 0, -1);
  expected = g_strjoinv (" ", ids);
  g_assert_cmpstr (expected, ==, "c d a");
  model_fixture_assert_ids (fixture, "0-2+2 ", "c d a ");
}

static void
test_rows_that_are_the_same (ModelFixture  *fixture,
                             gconstpointer  user_data)
{
  watch_sorted (fixture, "");
  for (guint i = 0; i < 4; i++)
    model_fixture_set_price (fixture, (const char *[]) { "c", "a", "d", "b" }[i], 1);
  model_fixture_assert_ids (fixture, "0-0+1 1-0+1 2-0+1 3-0+1 ", "c a d b ");

  /* A row that is removed and added again is the latest of them. */
  tst_store_begin (fixture->store);
  tst_store_remove_row (fixture->store, "pets", "a");
  model_fixture_set_price (fixture, "a", 1);
  tst_store_commit (fixture->store);
  model_fixture_assert_ids (fixture, "1-1+0 3-0+1 ", "c d b a ");
}

/* --- Pages --- */

static void
test_limit (ModelFixture  *fixture,
            gconstpointer  user_data)
{
  watch_sorted (fixture, "abcdef");

  tst_table_model_set_limit (fixture->model, 3);
  model_fixture_assert_ids (fixture, "3-3+0 ", "a b c ");
  g_assert_cmpint (tst_table_model_get_limit (fixture->model), ==, 3);

  /* Behind it */
  model_fixture_set_price (fixture, "e", 100);
  tst_store_remove_row (fixture->store, "pets", "f");
  model_fixture_assert_ids (fixture, "", "a b c ");

  /* In it, and into it */
  model_fixture_set_price (fixture, "x", 5);
  model_fixture_assert_ids (fixture, "2-1+0 1-0+1 ", "a x b ");
  tst_store_remove_row (fixture->store, "pets", "a");
  model_fixture_assert_ids (fixture, "0-1+0 2-0+1 ", "x b c ");
  model_fixture_set_price (fixture, "x", 1000);
  model_fixture_assert_ids (fixture, "0-1+0 2-0+1 ", "b c d ");

  tst_table_model_set_limit (fixture->model, -1);
  model_fixture_assert_ids (fixture, "3-0+2 ", "b c d e x ");
}

static void
test_offset (ModelFixture  *fixture,
             gconstpointer  user_data)
{
  watch_sorted (fixture, "abcdef");
  tst_table_model_set_limit (fixture->model, 2);
  tst_table_model_set_offset (fixture->model, 2);
  model_fixture_assert_ids (fixture, "2-4+0 0-2+2 ", "c d ");
  g_assert_cmpint (tst_table_model_get_offset (fixture->model), ==, 2);

  g_test_summary ("What happens before a page moves its rows");

  tst_store_remove_row (fixture->store, "pets", "a");
  model_fixture_assert_ids (fixture, "0-1+0 1-0+1 ", "d e ");
  model_fixture_set_price (fixture, "x", -1);
  model_fixture_assert_ids (fixture, "1-1+0 0-0+1 ", "c d ");
  model_fixture_set_price (fixture, "x", 15);
  model_fixture_assert_ids (fixture, "", "c d ");
  g_assert_false (tst_table_model_find (fixture->model, "b", NULL));
  g_assert_false (tst_table_model_find (fixture->model, "f", NULL));

  /* The last ones */
  tst_table_model_set_offset (fixture->model, -2);
  model_fixture_assert_ids (fixture, "0-2+2 ", "e f ");
  model_fixture_set_price (fixture, "y", 1000);
  model_fixture_assert_ids (fixture, "0-1+0 1-0+1 ", "f y ");
  model_fixture_set_price (fixture, "z", 0);
  model_fixture_assert_ids (fixture, "", "f y ");

  tst_table_model_set_offset (fixture->model, 1000);
  model_fixture_assert_ids (fixture, "0-2+0 ", "");
}

/* --- Objects --- */

typedef struct { TstRow parent_instance; } Pet;
typedef struct { TstRowClass parent_class; } PetClass;

GType pet_get_type (void);
G_DEFINE_TYPE (Pet, pet, TST_TYPE_ROW)

static void pet_constructed (GObject *object);

static void
pet_class_init (PetClass *klass)
{
  G_OBJECT_CLASS (klass)->constructed = pet_constructed;
}

static void
pet_init (Pet *self)
{
}

static ModelFixture *curious;  /* (nullable): whose first row rows ask for as they are made */

static void
pet_constructed (GObject *object)
{
  ModelFixture *fixture = g_steal_pointer (&curious);

  G_OBJECT_CLASS (pet_parent_class)->constructed (object);

  if (fixture != NULL)
    g_object_set_data_full (G_OBJECT (fixture->model), "first",
                            g_list_model_get_item (G_LIST_MODEL (fixture->model), 0), g_object_unref);
}

static void
test_row_type (ModelFixture  *fixture,
               gconstpointer  user_data)
{
  g_autoptr(TstRow) row = NULL;
  GType item_type, row_type;

  add_letters (fixture, "abc");
  model_fixture_watch (fixture, g_object_new (TST_TYPE_TABLE_MODEL,
                                              "store", fixture->store,
                                              "table-id", "pets",
                                              "row-type", pet_get_type (),
                                              NULL));
  row = g_list_model_get_item (G_LIST_MODEL (fixture->model), 1);

  g_assert_true (G_TYPE_CHECK_INSTANCE_TYPE (row, pet_get_type ()));
  g_assert_cmpstr (tst_row_get_row_id (row), ==, "b");
  g_object_get (fixture->model, "item-type", &item_type, "row-type", &row_type, NULL);
  g_assert_true (item_type == pet_get_type () && row_type == pet_get_type ());
  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (fixture->model)) == pet_get_type ());
  g_assert_true (tst_table_model_get_row_type (fixture->model) == pet_get_type ());
}

static void
test_row_type_asks (ModelFixture  *fixture,
                    gconstpointer  user_data)
{
  g_autoptr(TstRow) row = NULL;

  g_test_summary ("There is one object for a row, even if that asks for itself as it is made");

  add_letters (fixture, "a");
  model_fixture_unwatch (fixture);
  fixture->model = g_object_new (TST_TYPE_TABLE_MODEL,
                                 "store", fixture->store,
                                 "table-id", "pets",
                                 "row-type", pet_get_type (),
                                 NULL);
  curious = fixture;
  row = g_list_model_get_item (G_LIST_MODEL (fixture->model), 0);
  g_assert_null (curious);
  g_assert_true (row == g_object_get_data (G_OBJECT (fixture->model), "first"));
}

static void
test_properties (ModelFixture  *fixture,
                 gconstpointer  user_data)
{
  g_autofree char *cell_id = NULL;
  gboolean by_row_id, descending;
  int offset, limit;

  add_letters (fixture, "dcbaef");
  model_fixture_watch (fixture, g_object_new (TST_TYPE_TABLE_MODEL,
                                              "limit", 3, "offset", 1, "descending", TRUE,
                                              "sort-by-row-id", TRUE,
                                              "table-id", "pets", "store", fixture->store,
                                              NULL));
  model_fixture_assert_ids (fixture, "", "e d c ");

  g_object_set (fixture->model, "descending", FALSE, "sort-cell", "price", NULL);
  model_fixture_assert_ids (fixture, "0-3+3 0-3+3 ", "c b a ");
  g_object_set (fixture->model, "offset", 0, "limit", 1, "sort-by-row-id", FALSE, NULL);
  model_fixture_assert_ids (fixture, "2-1+0 0-0+1 1-2+0 ", "d ");
  g_object_get (fixture->model, "sort-cell", &cell_id, "sort-by-row-id", &by_row_id,
                "descending", &descending, "offset", &offset, "limit", &limit, NULL);
  g_assert_cmpstr (cell_id, ==, "price");
  g_assert_false (by_row_id || descending);
  g_assert_cmpint (offset, ==, 0);
  g_assert_cmpint (limit, ==, 1);
}

static void
test_row_comes_back (ModelFixture  *fixture,
                     gconstpointer  user_data)
{
  TstRow *held, *row;

  g_test_summary ("A row has the same object as long as that is held, wherever it is");

  watch_sorted (fixture, "abc");
  held = g_list_model_get_item (G_LIST_MODEL (fixture->model), 1);
  model_fixture_set_price (fixture, "b", 1000);
  row = g_list_model_get_item (G_LIST_MODEL (fixture->model), 2);
  g_assert_true (row == held);
  g_object_unref (row);

  tst_store_remove_row (fixture->store, "pets", "b");
  model_fixture_set_price (fixture, "b", -1);
  row = g_list_model_get_item (G_LIST_MODEL (fixture->model), 0);
  g_assert_true (row == held);
  g_object_unref (row);
  g_assert_finalize_object (held);
}

/* --- Whoever is told --- */

static void
assert_untold_cb (GListModel *model,
                  guint       position,
                  guint       removed,
                  guint       added,
                  GListModel *other)
{
  g_autoptr(TstRow) row = g_list_model_get_item (other, 0);
  guint at;

  /* The other one has not told of anything yet. */
  g_assert_cmpuint (g_list_model_get_n_items (other), ==, 3);
  g_assert_cmpstr (tst_row_get_row_id (row), ==, "a");
  g_assert_true (tst_table_model_find (TST_TABLE_MODEL (other), "c", &at));
  g_assert_cmpuint (at, ==, 2);
  g_assert_false (tst_table_model_find (TST_TABLE_MODEL (other), "x", NULL));
}

static void
test_models_tell_in_turn (ModelFixture  *fixture,
                          gconstpointer  user_data)
{
  g_autoptr(TstTableModel) first = NULL;
  g_autoptr(TstTableModel) second = NULL;

  add_letters (fixture, "abc");
  first = tst_table_model_new (fixture->store, "pets");
  second = tst_table_model_new (fixture->store, "pets");
  g_signal_connect (first, "items-changed", G_CALLBACK (assert_untold_cb), second);

  tst_store_begin (fixture->store);
  tst_store_remove_row (fixture->store, "pets", "a");
  model_fixture_add (fixture, "x");
  tst_store_commit (fixture->store);

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (second)), ==, 3);
  g_assert_false (tst_table_model_find (second, "a", NULL));
  g_assert_true (tst_table_model_find (second, "x", NULL));
}

static void
assert_right_cb (TstStore   *store,
                 const char *table_id,
                 gpointer    user_data)
{
  model_fixture_assert_ids (user_data, "0-1+0 2-0+1 ", "b c a ");
}

static void
test_models_before_listeners (ModelFixture  *fixture,
                              gconstpointer  user_data)
{
  gulong handle;

  watch_sorted (fixture, "abc");
  handle = tst_store_add_table_listener (fixture->store, "pets", TST_LISTENER_DEFAULT,
                                         assert_right_cb, fixture, NULL);
  model_fixture_set_price (fixture, "a", 100);
  g_assert_cmpstr (fixture->log->str, ==, "");
  tst_store_remove_listener (fixture->store, handle);
}

static void
write_for_ever_cb (GListModel   *model,
                   guint         position,
                   guint         removed,
                   guint         added,
                   ModelFixture *fixture)
{
  g_autofree char *id = g_strdup_printf ("another %u", g_list_model_get_n_items (model));

  model_fixture_add (fixture, id);
}

static void
test_writes_for_ever (ModelFixture  *fixture,
                      gconstpointer  user_data)
{
  gulong handler = g_signal_connect (fixture->model, "items-changed",
                                     G_CALLBACK (write_for_ever_cb), fixture);

  g_test_summary ("What a model does not tell of, as it was stopped, it tells with the next change");

  g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, "*kept writing*");
  model_fixture_add (fixture, "first");
  g_test_assert_expected_messages ();
  g_assert_cmpuint (tst_store_get_n_rows (fixture->store, "pets"), ==, fixture->ids->len + 1);

  g_signal_handler_disconnect (fixture->model, handler);
  g_string_truncate (fixture->log, 0);
  model_fixture_add (fixture, "last");
  model_fixture_assert_told (fixture, "101-0+2 ");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/table-model/" path, ModelFixture, NULL, \
              model_fixture_set_up, func, model_fixture_tear_down)

  ADD ("sorted/one-moves", test_one_moves);
  ADD ("sorted/several-move", test_several_move);
  ADD ("sorted/come-and-go", test_come_and_go);
  ADD ("sorted/undone", test_undone);
  ADD ("sorted/very-many-move", test_very_many_move);
  ADD ("sorted/the-same", test_rows_that_are_the_same);
  ADD ("sort-cell", test_sort_cell);
  ADD ("descending", test_descending);
  ADD ("limit", test_limit);
  ADD ("offset", test_offset);
  ADD ("row-type", test_row_type);
  ADD ("row-type/asks", test_row_type_asks);
  ADD ("construct-properties", test_properties);
  ADD ("rows/come-back", test_row_comes_back);
  ADD ("told/in-turn", test_models_tell_in_turn);
  ADD ("told/before-listeners", test_models_before_listeners);
  ADD ("told/for-ever", test_writes_for_ever);

  return g_test_run ();
}
