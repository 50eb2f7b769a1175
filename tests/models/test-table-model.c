/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <libtstore/tstore.h>

/* A naive list that knows the table from what the model tells, and nothing
 * else: each change is applied exactly where the model says it was. */
typedef struct
{
  TstStore      *store;
  TstTableModel *model;
  GPtrArray     *ids;      /* of char *: what the model told so far */
  GString       *log;      /* "position-removed+added " */
  guint          n_notified;
} Fixture;

static char *
dup_id_at (GListModel *model,
           guint       position)
{
  g_autoptr(TstRow) row = g_list_model_get_item (model, position);

  return g_strdup (tst_row_get_row_id (row));
}

static void
items_changed_cb (GListModel *model,
                  guint       position,
                  guint       removed,
                  guint       added,
                  Fixture    *fixture)
{
  g_string_append_printf (fixture->log, "%u-%u+%u ", position, removed, added);

  g_assert_cmpuint (position + removed, <=, fixture->ids->len);
  if (removed > 0)
    g_ptr_array_remove_range (fixture->ids, position, removed);
  for (guint i = 0; i < added; i++)
    g_ptr_array_insert (fixture->ids, position + i, dup_id_at (model, position + i));

  /* The model is right each time that it tells, not only at the end. */
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, fixture->ids->len);
}

static void
n_items_cb (TstTableModel *model,
            GParamSpec    *pspec,
            Fixture       *fixture)
{
  guint n_items;

  g_object_get (model, "n-items", &n_items, NULL);
  g_assert_cmpuint (n_items, ==, fixture->ids->len);
  fixture->n_notified++;
}

static void
add_pet (Fixture    *fixture,
         const char *id)
{
  g_autoptr(GError) error = NULL;

  tst_store_set_cell_string (fixture->store, "pets", id, "name", id, &error);
  g_assert_no_error (error);
}

static void
watch (Fixture       *fixture,
       TstTableModel *model)
{
  fixture->model = model;
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (model)); i++)
    g_ptr_array_add (fixture->ids, dup_id_at (G_LIST_MODEL (model), i));

  g_signal_connect (model, "items-changed", G_CALLBACK (items_changed_cb), fixture);
  g_signal_connect (model, "notify::n-items", G_CALLBACK (n_items_cb), fixture);
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  user_data)
{
  guint n = GPOINTER_TO_UINT (user_data);

  fixture->store = tst_store_new ();
  fixture->ids = g_ptr_array_new_with_free_func (g_free);
  fixture->log = g_string_new ("");

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      add_pet (fixture, id);
    }

  watch (fixture, tst_table_model_new (fixture->store, "pets"));
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  user_data)
{
  if (fixture->model != NULL)
    g_assert_finalize_object (fixture->model);
  g_assert_finalize_object (fixture->store);
  g_ptr_array_unref (fixture->ids);
  g_string_free (fixture->log, TRUE);
}

/* The model, what it told and the table are the same list. */
static void
assert_agree (Fixture *fixture)
{
  g_auto(GStrv) ids = tst_store_get_row_ids (fixture->store, "pets");
  GListModel *model = G_LIST_MODEL (fixture->model);

  g_assert_cmpuint (g_strv_length (ids), ==, fixture->ids->len);
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, fixture->ids->len);

  for (guint i = 0; i < fixture->ids->len; i++)
    {
      g_autofree char *id = dup_id_at (model, i);

      g_assert_cmpstr (id, ==, ids[i]);
      g_assert_cmpstr (g_ptr_array_index (fixture->ids, i), ==, ids[i]);
    }
}

static void
assert_told (Fixture    *fixture,
             const char *log)
{
  g_assert_cmpstr (fixture->log->str, ==, log);
  g_string_truncate (fixture->log, 0);
  assert_agree (fixture);
}

static void
test_properties (Fixture       *fixture,
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
  assert_agree (fixture);
}

static void
test_empty (Fixture       *fixture,
            gconstpointer  user_data)
{
  assert_agree (fixture);
  add_pet (fixture, "fido");
  assert_told (fixture, "0-0+1 ");
  tst_store_remove_row (fixture->store, "pets", "fido");
  assert_told (fixture, "0-1+0 ");
}

static void
test_add (Fixture       *fixture,
          gconstpointer  user_data)
{
  add_pet (fixture, "fido");
  assert_told (fixture, "10-0+1 ");
  g_assert_cmpuint (fixture->n_notified, ==, 1);

  tst_store_begin (fixture->store);
  add_pet (fixture, "felix");
  add_pet (fixture, "rex");
  g_assert_cmpstr (fixture->log->str, ==, "");
  tst_store_commit (fixture->store);
  assert_told (fixture, "11-0+2 ");

  /* What is not in the table, or no row, is no news. */
  tst_store_set_cell_string (fixture->store, "owners", "ann", "name", "Ann", NULL);
  tst_store_set_cell_string (fixture->store, "pets", "fido", "name", "Fido II", NULL);
  assert_told (fixture, "");
  g_assert_cmpuint (fixture->n_notified, ==, 2);
}

static void
test_remove (Fixture       *fixture,
             gconstpointer  user_data)
{
  g_test_summary ("Each stretch of removed rows is told by itself");

  tst_store_remove_row (fixture->store, "pets", "0");
  assert_told (fixture, "0-1+0 ");
  tst_store_remove_row (fixture->store, "pets", "9");
  assert_told (fixture, "8-1+0 ");

  tst_store_begin (fixture->store);
  tst_store_remove_row (fixture->store, "pets", "7");
  tst_store_remove_row (fixture->store, "pets", "3");
  tst_store_remove_row (fixture->store, "pets", "4");
  tst_store_remove_row (fixture->store, "pets", "2");
  add_pet (fixture, "fido");
  tst_store_commit (fixture->store);
  assert_told (fixture, "8-0+1 6-1+0 1-3+0 ");

  tst_store_remove_table (fixture->store, "pets");
  assert_told (fixture, "0-5+0 ");
}

static void
test_remove_scattered (Fixture       *fixture,
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
  assert_told (fixture, "3-995+497 ");

  {
    g_autoptr(TstRow) row = g_list_model_get_item (G_LIST_MODEL (fixture->model), 3);

    g_assert_true (row == kept);
    g_assert_cmpstr (tst_row_get_row_id (row), ==, "4");
  }
}

static void
test_rolled_back (Fixture       *fixture,
                  gconstpointer  user_data)
{
  tst_store_begin (fixture->store);
  tst_store_remove_row (fixture->store, "pets", "3");
  add_pet (fixture, "fido");
  tst_store_rollback (fixture->store);
  assert_told (fixture, "");
}

static void
test_back_again (Fixture       *fixture,
                 gconstpointer  user_data)
{
  g_test_summary ("A row removed and added again goes to the end, taken away first");

  tst_store_remove_row (fixture->store, "pets", "3");
  add_pet (fixture, "3");
  assert_told (fixture, "3-1+0 9-0+1 ");

  tst_store_begin (fixture->store);
  tst_store_remove_row (fixture->store, "pets", "5");
  add_pet (fixture, "5");
  tst_store_commit (fixture->store);
  assert_told (fixture, "4-1+0 9-0+1 ");

  /* Nothing but the last one is behind it already. */
  tst_store_begin (fixture->store);
  tst_store_remove_row (fixture->store, "pets", "5");
  add_pet (fixture, "5");
  tst_store_commit (fixture->store);
  assert_told (fixture, "");
}

static void
test_rows_are_shared (Fixture       *fixture,
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
  g_assert_finalize_object (fixture->model);
  fixture->model = NULL;
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
test_rows_when_asked_for (Fixture       *fixture,
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
  add_pet (fixture, "fido");
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
test_made_in_transaction (Fixture       *fixture,
                          gconstpointer  user_data)
{
  gboolean roll_back = g_str_has_suffix (g_test_get_path (), "rolled-back");

  g_test_summary ("A model made in the middle of a transaction is right after it");

  g_assert_finalize_object (fixture->model);
  g_ptr_array_set_size (fixture->ids, 0);

  tst_store_begin (fixture->store);
  tst_store_remove_row (fixture->store, "pets", "3");
  add_pet (fixture, "fido");
  watch (fixture, tst_table_model_new (fixture->store, "pets"));
  assert_agree (fixture);
  add_pet (fixture, "felix");
  tst_store_remove_row (fixture->store, "pets", "5");

  if (roll_back)
    {
      tst_store_rollback (fixture->store);
      assert_told (fixture, "3-7+7 ");
    }
  else
    {
      tst_store_commit (fixture->store);
      assert_told (fixture, "10-0+1 4-1+0 ");
    }

  /* From here on it hears of changes as any other model. */
  add_pet (fixture, "rex");
  assert_told (fixture, "10-0+1 ");
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
test_dropped_when_told (Fixture       *fixture,
                        gconstpointer  user_data)
{
  TstTableModel *first = tst_table_model_new (fixture->store, "pets");
  TstTableModel *second = tst_table_model_new (fixture->store, "pets");

  g_signal_connect (first, "items-changed", G_CALLBACK (drop_model_cb), &second);
  g_signal_connect (first, "items-changed", G_CALLBACK (drop_model_cb), &first);

  tst_store_begin (fixture->store);
  tst_store_remove_row (fixture->store, "pets", "2");
  tst_store_remove_row (fixture->store, "pets", "4");
  add_pet (fixture, "fido");
  tst_store_commit (fixture->store);

  g_assert_null (first);
  g_assert_null (second);
  assert_agree (fixture);
}

static void
answer_cb (GListModel *model,
           guint       position,
           guint       removed,
           guint       added,
           Fixture    *fixture)
{
  if (removed > 0)
    add_pet (fixture, "answer");
}

static void
test_written_when_told (Fixture       *fixture,
                        gconstpointer  user_data)
{
  g_signal_connect (fixture->model, "items-changed", G_CALLBACK (answer_cb), fixture);

  tst_store_remove_row (fixture->store, "pets", "2");
  assert_told (fixture, "2-1+0 9-0+1 ");
}

static void
test_long_ids (Fixture       *fixture,
               gconstpointer  user_data)
{
  g_autofree char *long_id = g_strnfill (1000, 'x');

  add_pet (fixture, long_id);
  add_pet (fixture, "");
  assert_told (fixture, "10-0+1 11-0+1 ");
  tst_store_remove_row (fixture->store, "pets", long_id);
  tst_store_remove_row (fixture->store, "pets", "");
  assert_told (fixture, "10-1+0 10-1+0 ");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, n_rows, func) \
  g_test_add ("/table-model/" path, Fixture, GUINT_TO_POINTER (n_rows), \
              fixture_set_up, func, fixture_tear_down)

  ADD ("properties", 10, test_properties);
  ADD ("empty", 0, test_empty);
  ADD ("add", 10, test_add);
  ADD ("remove", 10, test_remove);
  ADD ("remove/scattered", 1000, test_remove_scattered);
  ADD ("rolled-back", 10, test_rolled_back);
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
