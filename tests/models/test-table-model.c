/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "model-fixture.h"

static void
test_properties (ModelFixture  *fixture,
                 gconstpointer  user_data)
{
  g_autoptr(TstStore) store = NULL;
  g_autofree char *table_id = NULL;
  GType item_type;
  guint n_items;

  g_object_get (fixture->model,
                "store", &store, "table-id", &table_id,
                "item-type", &item_type, "n-items", &n_items,
                NULL);

  g_assert_true (store == fixture->store);
  g_assert_cmpstr (table_id, ==, "pets");
  g_assert_true (item_type == TST_TYPE_ROW);
  g_assert_cmpuint (n_items, ==, 10);
  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (fixture->model)) == TST_TYPE_ROW);
  g_assert_true (tst_table_model_get_store (fixture->model) == fixture->store);
  g_assert_cmpstr (tst_table_model_get_table_id (fixture->model), ==, "pets");
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (fixture->model), 10));
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (fixture->model), G_MAXUINT));
  model_fixture_assert_agree (fixture);
}

static void
test_empty (ModelFixture  *fixture,
            gconstpointer  user_data)
{
  model_fixture_assert_agree (fixture);
  model_fixture_add (fixture, "fido");
  model_fixture_assert_told (fixture, "0-0+1 ");
  tst_store_remove_row (fixture->store, "pets", "fido");
  model_fixture_assert_told (fixture, "0-1+0 ");
}

static void
test_add (ModelFixture  *fixture,
          gconstpointer  user_data)
{
  model_fixture_add (fixture, "fido");
  model_fixture_assert_told (fixture, "10-0+1 ");
  g_assert_cmpuint (fixture->n_notified, ==, 1);

  tst_store_begin (fixture->store);
  model_fixture_add (fixture, "felix");
  model_fixture_add (fixture, "rex");
  g_assert_cmpstr (fixture->log->str, ==, "");
  tst_store_commit (fixture->store);
  model_fixture_assert_told (fixture, "11-0+2 ");

  /* What is not in the table, or no row, is no news. */
  tst_store_set_cell_string (fixture->store, "owners", "ann", "name", "Ann", NULL);
  tst_store_set_cell_string (fixture->store, "pets", "fido", "name", "Fido II", NULL);
  model_fixture_assert_told (fixture, "");
  g_assert_cmpuint (fixture->n_notified, ==, 2);
}

static void
test_remove (ModelFixture  *fixture,
             gconstpointer  user_data)
{
  g_test_summary ("Each stretch of removed rows is told by itself");

  tst_store_remove_row (fixture->store, "pets", "0");
  model_fixture_assert_told (fixture, "0-1+0 ");
  tst_store_remove_row (fixture->store, "pets", "9");
  model_fixture_assert_told (fixture, "8-1+0 ");

  tst_store_begin (fixture->store);
  tst_store_remove_row (fixture->store, "pets", "7");
  tst_store_remove_row (fixture->store, "pets", "3");
  tst_store_remove_row (fixture->store, "pets", "4");
  tst_store_remove_row (fixture->store, "pets", "2");
  model_fixture_add (fixture, "fido");
  tst_store_commit (fixture->store);
  model_fixture_assert_told (fixture, "6-1+0 1-3+0 4-0+1 ");

  tst_store_remove_table (fixture->store, "pets");
  model_fixture_assert_told (fixture, "0-5+0 ");
}

static void
test_remove_scattered (ModelFixture  *fixture,
                       gconstpointer  user_data)
{
  g_autoptr(TstRow) kept = g_list_model_get_item (G_LIST_MODEL (fixture->model), 4);

  g_test_summary ("Very many stretches are told as one, and rows that stay are the same objects");

  tst_store_begin (fixture->store);
  for (guint i = 3; i < 999; i += 2)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      tst_store_remove_row (fixture->store, "pets", id);
    }
  tst_store_commit (fixture->store);
  model_fixture_assert_told (fixture, "3-995+497 ");

  {
    g_autoptr(TstRow) row = g_list_model_get_item (G_LIST_MODEL (fixture->model), 3);

    g_assert_true (row == kept);
    g_assert_cmpstr (tst_row_get_row_id (row), ==, "4");
  }
}

static void
test_rolled_back (ModelFixture  *fixture,
                  gconstpointer  user_data)
{
  tst_store_begin (fixture->store);
  tst_store_remove_row (fixture->store, "pets", "3");
  model_fixture_add (fixture, "fido");
  tst_store_rollback (fixture->store);
  model_fixture_assert_told (fixture, "");
}

static void
grow_cb (TstStore *store,
         gpointer  user_data)
{
  ModelFixture *fixture = user_data;
  g_autofree char *id = g_strdup_printf ("%u", 1000 + tst_store_get_n_rows (store, "pets"));

  model_fixture_add (fixture, id);
}

static void
test_ping_pong (ModelFixture  *fixture,
                gconstpointer  user_data)
{
  gulong handle = tst_store_add_tables_listener (fixture->store, 0, grow_cb, fixture, NULL);

  g_test_summary ("A model follows also if listeners that write for ever are stopped");

  g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, "*kept writing*");
  model_fixture_add (fixture, "fido");
  g_test_assert_expected_messages ();
  model_fixture_assert_agree (fixture);

  tst_store_remove_listener (fixture->store, handle);
  model_fixture_add (fixture, "felix");
  model_fixture_assert_agree (fixture);
}

static void
test_back_again (ModelFixture  *fixture,
                 gconstpointer  user_data)
{
  g_test_summary ("A row removed and added again goes to the end, taken away first");

  tst_store_remove_row (fixture->store, "pets", "3");
  model_fixture_add (fixture, "3");
  model_fixture_assert_told (fixture, "3-1+0 9-0+1 ");

  tst_store_begin (fixture->store);
  tst_store_remove_row (fixture->store, "pets", "5");
  model_fixture_add (fixture, "5");
  tst_store_commit (fixture->store);
  model_fixture_assert_told (fixture, "4-1+0 9-0+1 ");

  /* Nothing but the last one is behind it already. */
  tst_store_begin (fixture->store);
  tst_store_remove_row (fixture->store, "pets", "5");
  model_fixture_add (fixture, "5");
  tst_store_commit (fixture->store);
  model_fixture_assert_told (fixture, "");
}

static void
test_rows_are_shared (ModelFixture  *fixture,
                      gconstpointer  user_data)
{
  GListModel *model = G_LIST_MODEL (fixture->model);
  TstRow *first = g_list_model_get_item (model, 2);
  TstRow *second = g_list_model_get_item (model, 2);

  g_assert_true (first == second);
  g_object_unref (second);

  /* It stays what it was when rows before it go, and when it goes itself. */
  tst_store_remove_row (fixture->store, "pets", "0");
  second = g_list_model_get_item (model, 1);
  g_assert_true (first == second);
  g_object_unref (second);

  tst_store_remove_row (fixture->store, "pets", "2");
  g_assert_cmpstr (tst_row_get_row_id (first), ==, "2");
  g_assert_finalize_object (first);

  /* A new object once nobody holds the old one. */
  first = g_list_model_get_item (model, 5);
  g_assert_finalize_object (first);
  second = g_list_model_get_item (model, 5);
  g_assert_cmpstr (tst_row_get_row_id (second), ==, "7");

  /* And a row outlives the model. */
  model_fixture_unwatch (fixture);
  g_assert_cmpstr (tst_row_get_string (second, "name"), ==, "7");
  g_assert_finalize_object (second);
}

static guint n_rows_made;
static void (*chain_constructed) (GObject *object);

static void
counting_constructed (GObject *object)
{
  n_rows_made++;
  chain_constructed (object);
}

static void
test_rows_when_asked_for (ModelFixture  *fixture,
                          gconstpointer  user_data)
{
  GObjectClass *klass = g_type_class_ref (TST_TYPE_ROW);
  g_autoptr(TstTableModel) model = NULL;
  g_autoptr(TstRow) row = NULL;

  g_test_summary ("Opening a model, adding and removing make no row objects");

  chain_constructed = klass->constructed;
  klass->constructed = counting_constructed;
  n_rows_made = 0;

  g_signal_handlers_disconnect_by_data (fixture->model, fixture);
  model = tst_table_model_new (fixture->store, "pets");
  model_fixture_add (fixture, "fido");
  tst_store_remove_row (fixture->store, "pets", "500");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, 1000);
  g_assert_cmpuint (n_rows_made, ==, 0);

  row = g_list_model_get_item (G_LIST_MODEL (model), 999);
  g_assert_cmpstr (tst_row_get_row_id (row), ==, "fido");
  g_assert_cmpuint (n_rows_made, ==, 1);

  klass->constructed = chain_constructed;
  g_type_class_unref (klass);
}

static void
test_made_in_transaction (ModelFixture  *fixture,
                          gconstpointer  user_data)
{
  gboolean roll_back = g_str_has_suffix (g_test_get_path (), "rolled-back");

  g_test_summary ("A model made in the middle of a transaction is right after it");

  model_fixture_unwatch (fixture);

  tst_store_begin (fixture->store);
  tst_store_remove_row (fixture->store, "pets", "3");
  model_fixture_add (fixture, "fido");
  model_fixture_watch (fixture, tst_table_model_new (fixture->store, "pets"));
  model_fixture_assert_agree (fixture);
  model_fixture_add (fixture, "felix");
  tst_store_remove_row (fixture->store, "pets", "5");

  if (roll_back)
    {
      tst_store_rollback (fixture->store);
      model_fixture_assert_told (fixture, "3-7+7 ");
    }
  else
    {
      tst_store_commit (fixture->store);
      model_fixture_assert_told (fixture, "4-1+0 9-0+1 ");
    }

  /* From here on it hears of changes as any other model. */
  model_fixture_add (fixture, "rex");
  model_fixture_assert_told (fixture, "10-0+1 ");
}

static void
drop_model_cb (GListModel     *model,
               guint           position,
               guint           removed,
               guint           added,
               TstTableModel **held)
{
  g_clear_object (held);
}

static void
test_dropped_when_told (ModelFixture  *fixture,
                        gconstpointer  user_data)
{
  TstTableModel *first = tst_table_model_new (fixture->store, "pets");
  TstTableModel *second = tst_table_model_new (fixture->store, "pets");

  g_signal_connect (first, "items-changed", G_CALLBACK (drop_model_cb), &second);
  g_signal_connect (first, "items-changed", G_CALLBACK (drop_model_cb), &first);

  tst_store_begin (fixture->store);
  tst_store_remove_row (fixture->store, "pets", "2");
  tst_store_remove_row (fixture->store, "pets", "4");
  model_fixture_add (fixture, "fido");
  tst_store_commit (fixture->store);

  g_assert_null (first);
  g_assert_null (second);
  model_fixture_assert_agree (fixture);
}

static void
answer_cb (GListModel *model,
           guint       position,
           guint       removed,
           guint       added,
           ModelFixture    *fixture)
{
  if (removed > 0)
    model_fixture_add (fixture, "answer");
}

static void
test_written_when_told (ModelFixture  *fixture,
                        gconstpointer  user_data)
{
  g_signal_connect (fixture->model, "items-changed", G_CALLBACK (answer_cb), fixture);

  tst_store_remove_row (fixture->store, "pets", "2");
  model_fixture_assert_told (fixture, "2-1+0 9-0+1 ");
}

static void
test_long_ids (ModelFixture  *fixture,
               gconstpointer  user_data)
{
  g_autofree char *long_id = g_strnfill (1000, 'x');

  model_fixture_add (fixture, long_id);
  model_fixture_add (fixture, "");
  model_fixture_assert_told (fixture, "10-0+1 11-0+1 ");
  tst_store_remove_row (fixture->store, "pets", long_id);
  tst_store_remove_row (fixture->store, "pets", "");
  model_fixture_assert_told (fixture, "10-1+0 10-1+0 ");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, n_rows, func) \
  g_test_add ("/table-model/" path, ModelFixture, GUINT_TO_POINTER (n_rows), \
              model_fixture_set_up, func, model_fixture_tear_down)

  ADD ("properties", 10, test_properties);
  ADD ("empty", 0, test_empty);
  ADD ("add", 10, test_add);
  ADD ("remove", 10, test_remove);
  ADD ("remove/scattered", 1000, test_remove_scattered);
  ADD ("rolled-back", 10, test_rolled_back);
  ADD ("ping-pong", 10, test_ping_pong);
  ADD ("back-again", 10, test_back_again);
  ADD ("rows/shared", 10, test_rows_are_shared);
  ADD ("rows/when-asked-for", 1000, test_rows_when_asked_for);
  ADD ("made-in-transaction/committed", 10, test_made_in_transaction);
  ADD ("made-in-transaction/rolled-back", 10, test_made_in_transaction);
  ADD ("dropped-when-told", 10, test_dropped_when_told);
  ADD ("written-when-told", 10, test_written_when_told);
  ADD ("long-ids", 10, test_long_ids);

  return g_test_run ();
}
