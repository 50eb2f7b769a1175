/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Models of some rows: whom the filter is asked for, and when. */

#include "model-fixture.h"

/* What passes, and who was asked. */
typedef struct
{
  double   least;
  GString *asked;       /* ids, with a space behind each */
  guint    n_destroyed;
} Filter;

static gboolean
passes_cb (TstStore   *store,
           const char *table_id,
           const char *row_id,
           gpointer    user_data)
{
  Filter *filter = user_data;

  g_assert_cmpstr (table_id, ==, "pets");
  g_string_append_printf (filter->asked, "%s ", row_id);

  return tst_store_get_cell_number (store, table_id, row_id, "price") >= filter->least;
}

static void
destroy_cb (gpointer user_data)
{
  Filter *filter = user_data;

  filter->n_destroyed++;
}

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

static Filter *
filter_new (double least)
{
  Filter *filter = g_new0 (Filter, 1);

  filter->least = least;
  filter->asked = g_string_new ("");

  return filter;
}

static void
filter_free (Filter *filter)
{
  g_string_free (filter->asked, TRUE);
  g_free (filter);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Filter, filter_free)

static void
assert_asked (Filter     *filter,
              const char *ids)
{
  g_assert_cmpstr (filter->asked->str, ==, ids);
  g_string_truncate (filter->asked, 0);
}

static void
watch_filtered (ModelFixture   *fixture,
                Filter         *filter,
                GDestroyNotify  destroy)
{
  TstTableModel *model = tst_table_model_new (fixture->store, "pets");

  add_letters (fixture, "abcdef");
  tst_table_model_set_filter_func (model, passes_cb, filter, destroy);
  assert_asked (filter, "a b c d e f ");
  model_fixture_watch (fixture, model);
}

static void
test_rows (ModelFixture  *fixture,
           gconstpointer  user_data)
{
  g_autoptr(Filter) filter = filter_new (30);

  watch_filtered (fixture, filter, destroy_cb);
  model_fixture_assert_ids (fixture, "", "d e f ");
  g_assert_false (tst_table_model_find (fixture->model, "a", NULL));

  g_test_summary ("A row is asked for when it was touched, and no other is");

  model_fixture_set_price (fixture, "b", 30);
  assert_asked (filter, "b ");
  model_fixture_assert_ids (fixture, "0-0+1 ", "b d e f ");
  model_fixture_set_price (fixture, "e", 3);
  assert_asked (filter, "e ");
  model_fixture_assert_ids (fixture, "2-1+0 ", "b d f ");
  model_fixture_add (fixture, "d");
  assert_asked (filter, "d ");
  model_fixture_assert_ids (fixture, "", "b d f ");

  model_fixture_set_price (fixture, "g", 1000);
  assert_asked (filter, "g ");
  model_fixture_assert_ids (fixture, "3-0+1 ", "b d f g ");
  tst_store_remove_row (fixture->store, "pets", "d");
  tst_store_remove_row (fixture->store, "pets", "a");
  tst_store_set_cell_number (fixture->store, "owners", "a", "price", 1000, NULL);
  assert_asked (filter, "");
  model_fixture_assert_ids (fixture, "1-1+0 ", "b f g ");

  tst_table_model_set_filter_func (fixture->model, NULL, NULL, NULL);
  g_assert_cmpuint (filter->n_destroyed, ==, 1);
  model_fixture_assert_told (fixture, "1-0+2 ");
}

static void
test_changed (ModelFixture  *fixture,
              gconstpointer  user_data)
{
  g_autoptr(Filter) filter = filter_new (20);

  watch_filtered (fixture, filter, NULL);
  model_fixture_assert_ids (fixture, "", "c d e f ");

  filter->least = 40;
  tst_table_model_filter_changed (fixture->model, TST_FILTER_CHANGE_MORE_STRICT);
  assert_asked (filter, "c d e f ");
  model_fixture_assert_ids (fixture, "0-2+0 ", "e f ");

  filter->least = 10;
  tst_table_model_filter_changed (fixture->model, TST_FILTER_CHANGE_LESS_STRICT);
  assert_asked (filter, "a b c d ");
  model_fixture_assert_ids (fixture, "0-0+3 ", "b c d e f ");

  filter->least = 50;
  tst_table_model_filter_changed (fixture->model, TST_FILTER_CHANGE_DIFFERENT);
  assert_asked (filter, "a b c d e f ");
  model_fixture_assert_ids (fixture, "0-4+0 ", "f ");

  tst_table_model_filter_changed (fixture->model, TST_FILTER_CHANGE_DIFFERENT);
  assert_asked (filter, "a b c d e f ");
  model_fixture_assert_ids (fixture, "", "f ");
}

static void
test_changed_for_many (ModelFixture  *fixture,
                       gconstpointer  user_data)
{
  g_autoptr(Filter) filter = filter_new (20);

  for (guint i = 0; i < 200; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      model_fixture_set_price (fixture, id, i % 2 == 0 || i >= 100 ? 30 : 10);
    }
  model_fixture_unwatch (fixture);
  model_fixture_watch (fixture, tst_table_model_new (fixture->store, "pets"));
  tst_table_model_set_filter_func (fixture->model, passes_cb, filter, NULL);
  g_assert_cmpstr (fixture->log->str, ==, "1-99+49 ");

  g_string_truncate (fixture->log, 0);
  filter->least = 5;
  tst_table_model_filter_changed (fixture->model, TST_FILTER_CHANGE_LESS_STRICT);
  model_fixture_assert_told (fixture, "1-49+99 ");

  /* What is found by then is asked once. */
  g_string_truncate (filter->asked, 0);
  model_fixture_set_price (fixture, "1", 1);
  assert_asked (filter, "1 ");
}

static void
test_sorted_page (ModelFixture  *fixture,
                  gconstpointer  user_data)
{
  g_autoptr(Filter) filter = filter_new (20);

  watch_filtered (fixture, filter, NULL);
  tst_table_model_set_sort_cell (fixture->model, "price");
  tst_table_model_set_descending (fixture->model, TRUE);
  tst_table_model_set_limit (fixture->model, 2);
  model_fixture_assert_ids (fixture, "0-4+4 2-2+0 ", "f e ");

  model_fixture_set_price (fixture, "a", 45);
  model_fixture_assert_ids (fixture, "1-1+1 ", "f a ");
  filter->least = 46;
  tst_table_model_filter_changed (fixture->model, TST_FILTER_CHANGE_MORE_STRICT);
  model_fixture_assert_ids (fixture, "1-1+0 ", "f ");
}

/* Tidying gives the rows other slots, those that do not pass as well. */
static void
test_many_removed (ModelFixture  *fixture,
                   gconstpointer  user_data)
{
  g_autoptr(Filter) filter = filter_new (20);
  gboolean sorted = g_str_has_suffix (g_test_get_path (), "sorted");

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      model_fixture_set_price (fixture, id, 10 + i % 20);
    }
  model_fixture_unwatch (fixture);
  model_fixture_watch (fixture, tst_table_model_new (fixture->store, "pets"));
  tst_table_model_set_sort_cell (fixture->model, sorted ? "price" : NULL);
  tst_table_model_set_filter_func (fixture->model, passes_cb, filter, NULL);

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      if (i % 101 != 0 && i % 103 != 10)
        tst_store_remove_row (fixture->store, "pets", id);
    }
  model_fixture_assert_ids (fixture, fixture->log->str,
                            sorted ? "10 731 113 834 216 937 319 " : "10 113 216 319 731 834 937 ");
  model_fixture_set_price (fixture, "731", 1);
  model_fixture_set_price (fixture, "101", 1000);
  model_fixture_assert_ids (fixture, fixture->log->str,
                            sorted ? "10 113 834 216 937 319 101 " : "10 101 113 216 319 834 937 ");
}

/* --- What a filter may not do --- */

static gboolean
write_cb (TstStore   *store,
          const char *table_id,
          const char *row_id,
          gpointer    user_data)
{
  tst_store_begin (store);
  tst_store_remove_row (store, table_id, "b");
  tst_store_set_cell_number (store, table_id, "z", "price", 1, NULL);

  return TRUE;
}

static void
test_writes (ModelFixture  *fixture,
             gconstpointer  user_data)
{
  add_letters (fixture, "abc");
  model_fixture_assert_told (fixture, "0-0+1 1-0+1 2-0+1 ");

  g_test_summary ("What a filter writes is undone, whenever it is asked");

  g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, "*did not end it*");
  g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, "*A filter wrote*");
  tst_table_model_set_filter_func (fixture->model, write_cb, NULL, NULL);
  g_test_assert_expected_messages ();
  model_fixture_assert_told (fixture, "");
  g_assert_false (tst_store_has_row (fixture->store, "pets", "z"));

  g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, "*did not end it*");
  g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, "*A filter wrote*");
  model_fixture_set_price (fixture, "d", 1000);
  g_test_assert_expected_messages ();
  model_fixture_assert_told (fixture, "3-0+1 ");

  tst_table_model_set_filter_func (fixture->model, NULL, NULL, NULL);
  tst_store_remove_row (fixture->store, "pets", "b");
  model_fixture_assert_told (fixture, "1-1+0 ");
}

static gboolean
drop_model_cb (TstStore   *store,
               const char *table_id,
               const char *row_id,
               gpointer    user_data)
{
  TstTableModel **model = user_data;

  g_clear_object (model);

  return TRUE;
}

static void
test_drops_model (ModelFixture  *fixture,
                  gconstpointer  user_data)
{
  TstTableModel *model = tst_table_model_new (fixture->store, "pets");
  TstTableModel *unset = NULL;

  add_letters (fixture, "abc");
  tst_table_model_set_filter_func (model, drop_model_cb, &unset, NULL);
  tst_table_model_set_filter_func (model, drop_model_cb, &model, NULL);
  g_assert_null (model);

  model = tst_table_model_new (fixture->store, "pets");
  tst_table_model_set_filter_func (model, drop_model_cb, &unset, NULL);
  unset = g_steal_pointer (&model);
  model_fixture_set_price (fixture, "d", 1000);
  g_assert_null (unset);
  model_fixture_assert_told (fixture, "0-0+1 1-0+1 2-0+1 3-0+1 ");
}

static gboolean
change_model_cb (TstStore   *store,
                 const char *table_id,
                 const char *row_id,
                 gpointer    user_data)
{
  ModelFixture *fixture = user_data;

  /* The rows are those that were told. */
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->model)), ==, fixture->ids->len);
  tst_table_model_set_sort_cell (fixture->model, "price");

  return TRUE;
}

static void
test_changes_model (ModelFixture  *fixture,
                    gconstpointer  user_data)
{
  add_letters (fixture, "a");
  g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, "*is_asking*");
  tst_table_model_set_filter_func (fixture->model, change_model_cb, fixture, NULL);
  g_test_assert_expected_messages ();
  model_fixture_assert_told (fixture, "0-0+1 ");
}

static void
test_in_undone_transaction (ModelFixture  *fixture,
                            gconstpointer  user_data)
{
  g_autoptr(Filter) filter = filter_new (20);

  watch_filtered (fixture, filter, NULL);

  tst_store_begin (fixture->store);
  tst_store_begin (fixture->store);
  tst_store_remove_table (fixture->store, "pets");
  model_fixture_set_price (fixture, "x", 1000);
  tst_table_model_filter_changed (fixture->model, TST_FILTER_CHANGE_DIFFERENT);
  model_fixture_assert_ids (fixture, "0-4+1 ", "x ");

  /* Nothing is left of that, but it is what was told. */
  tst_store_rollback (fixture->store);
  model_fixture_assert_ids (fixture, "", "x ");
  tst_table_model_filter_changed (fixture->model, TST_FILTER_CHANGE_DIFFERENT);
  model_fixture_assert_ids (fixture, "0-1+4 ", "c d e f ");
  tst_store_commit (fixture->store);
  model_fixture_assert_ids (fixture, "", "c d e f ");
}

/* --- Models that a filter opens --- */

typedef struct
{
  TstStore      *store;
  TstTableModel *opened;  /* (nullable) */
} Opening;

static gboolean
open_model_cb (TstStore   *store,
               const char *table_id,
               const char *row_id,
               gpointer    user_data)
{
  Opening *opening = user_data;

  if (opening->store != NULL && opening->opened == NULL)
    opening->opened = tst_table_model_new (opening->store, table_id);

  return TRUE;
}

/* While the slots of the rows are about to change. */
static void
test_opens_model (ModelFixture  *fixture,
                  gconstpointer  user_data)
{
  g_autoptr(TstTableModel) filtered = tst_table_model_new (fixture->store, "pets");
  Opening opening = { NULL, NULL };

  model_fixture_unwatch (fixture);
  tst_table_model_set_filter_func (filtered, open_model_cb, &opening, NULL);
  opening.store = fixture->store;

  tst_store_begin (fixture->store);
  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      if (i % 100 != 7)
        tst_store_remove_row (fixture->store, "pets", id);
    }
  model_fixture_set_price (fixture, "907", 1);
  tst_store_commit (fixture->store);

  model_fixture_watch (fixture, g_steal_pointer (&opening.opened));
  model_fixture_assert_told (fixture, "");
  opening.store = NULL;
  tst_store_remove_row (fixture->store, "pets", "7");
  model_fixture_assert_told (fixture, "0-1+0 ");
}

static void
test_in_transaction (ModelFixture  *fixture,
                     gconstpointer  user_data)
{
  g_autoptr(Filter) filter = filter_new (20);

  watch_filtered (fixture, filter, NULL);

  tst_store_begin (fixture->store);
  model_fixture_set_price (fixture, "a", 1000);
  model_fixture_set_price (fixture, "f", 0);
  model_fixture_assert_ids (fixture, "", "c d e f ");
  filter->least = 40;
  tst_table_model_filter_changed (fixture->model, TST_FILTER_CHANGE_MORE_STRICT);
  model_fixture_assert_ids (fixture, "0-4+2 ", "a e ");
  tst_store_rollback (fixture->store);
  model_fixture_assert_ids (fixture, "0-2+2 ", "e f ");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/table-model/filter/" path, ModelFixture, NULL, \
              model_fixture_set_up, func, model_fixture_tear_down)

  ADD ("rows", test_rows);
  ADD ("changed", test_changed);
  ADD ("changed/many", test_changed_for_many);
  ADD ("sorted-page", test_sorted_page);
  ADD ("many-removed", test_many_removed);
  ADD ("many-removed/sorted", test_many_removed);
  ADD ("writes", test_writes);
  ADD ("drops-model", test_drops_model);
  ADD ("changes-model", test_changes_model);
  ADD ("in-transaction", test_in_transaction);
  ADD ("in-transaction/undone", test_in_undone_transaction);
  g_test_add ("/table-model/filter/opens-model", ModelFixture, GUINT_TO_POINTER (1000),
              model_fixture_set_up, test_opens_model, model_fixture_tear_down);

  return g_test_run ();
}
