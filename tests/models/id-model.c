/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "id-model.h"

#include "test-util.h"

/* --- Somebody who believes what the model tells --- */

typedef struct
{
  TstStore   *store;
  GListModel *model;
  GPtrArray  *ids;       /* as told by items-changed */
  GPtrArray  *expected;  /* as worked out from the store */
  GString    *told;
  guint       n_notified;
  GRand      *rand;
} Fixture;

static void
items_changed_cb (GListModel *model,
                  guint       position,
                  guint       removed,
                  guint       added,
                  Fixture    *fixture)
{
  g_string_append_printf (fixture->told, "%u-%u+%u ", position, removed, added);

  g_assert_cmpuint (position + removed, <=, fixture->ids->len);
  if (removed > 0)
    g_ptr_array_remove_range (fixture->ids, position, removed);
  for (guint i = 0; i < added; i++)
    {
      g_autoptr(GObject) item = g_list_model_get_item (model, position + i);

      g_ptr_array_insert (fixture->ids, position + i, g_strdup (id_model.get_id (item)));
    }

  g_assert_cmpuint (fixture->ids->len, ==, g_list_model_get_n_items (model));
}

static void
n_items_cb (Fixture *fixture)
{
  fixture->n_notified++;
}

static void
assert_told (Fixture    *fixture,
             const char *expected)
{
  g_assert_cmpstr (fixture->told->str, ==, expected);
  g_string_truncate (fixture->told, 0);
}

static void
watch (Fixture *fixture)
{
  fixture->model = id_model_new (fixture->store);
  fixture->ids = g_ptr_array_new_with_free_func (g_free);
  fixture->expected = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < g_list_model_get_n_items (fixture->model); i++)
    {
      g_autoptr(GObject) item = g_list_model_get_item (fixture->model, i);

      g_ptr_array_add (fixture->ids, g_strdup (id_model.get_id (item)));
      g_ptr_array_add (fixture->expected, g_strdup (id_model.get_id (item)));
    }
  g_signal_connect (fixture->model, "items-changed", G_CALLBACK (items_changed_cb), fixture);
  g_signal_connect_swapped (fixture->model, "notify::n-items", G_CALLBACK (n_items_cb), fixture);
}

static void
unwatch (Fixture *fixture)
{
  g_assert_finalize_object (fixture->model);
  g_ptr_array_unref (fixture->ids);
  g_ptr_array_unref (fixture->expected);
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  user_data)
{
  fixture->store = tst_store_new ();
  fixture->told = g_string_new (NULL);
  fixture->n_notified = 0;
  id_model.add (fixture->store, "one");
  id_model.add (fixture->store, "two");
  id_model.add (fixture->store, "three");
  watch (fixture);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  user_data)
{
  unwatch (fixture);
  g_assert_finalize_object (fixture->store);
  g_string_free (fixture->told, TRUE);
}

static void
assert_ids (Fixture    *fixture,
            const char *expected)
{
  g_autofree char *told = NULL;

  g_ptr_array_add (fixture->ids, NULL);
  told = g_strjoinv (" ", (char **) fixture->ids->pdata);
  g_ptr_array_remove_index (fixture->ids, fixture->ids->len - 1);

  g_assert_cmpstr (told, ==, expected);
  for (guint i = 0; i < fixture->ids->len; i++)
    {
      g_autoptr(GObject) item = g_list_model_get_item (fixture->model, i);

      g_assert_cmpstr (id_model.get_id (item), ==, g_ptr_array_index (fixture->ids, i));
    }
  g_assert_null (g_list_model_get_item (fixture->model, fixture->ids->len));
}

/* --- Tests --- */

static void
test_changes (Fixture       *fixture,
              gconstpointer  user_data)
{
  assert_ids (fixture, "one two three");

  id_model.add (fixture->store, "four");
  assert_told (fixture, "3-0+1 ");
  id_model.add (fixture->store, "four");
  assert_told (fixture, "");

  tst_store_begin (fixture->store);
  id_model.discard (fixture->store, "four");
  id_model.discard (fixture->store, "one");
  id_model.discard (fixture->store, "two");
  id_model.add (fixture->store, "five");
  assert_told (fixture, "");
  tst_store_commit (fixture->store);
  assert_told (fixture, "3-1+0 0-2+0 1-0+1 ");
  assert_ids (fixture, "three five");
  g_assert_cmpuint (fixture->n_notified, ==, 4);

  id_model.discard (fixture->store, "three");
  id_model.discard (fixture->store, "five");
  assert_told (fixture, "0-1+0 0-1+0 ");
  assert_ids (fixture, "");
}

static void
test_items (Fixture       *fixture,
            gconstpointer  user_data)
{
  GObject *two = g_list_model_get_item (fixture->model, 1);
  GObject *again = g_list_model_get_item (fixture->model, 1);
  g_autofree char *signal = g_strconcat ("notify::", id_model.property, NULL);
  g_autofree char *before = NULL;
  g_autofree char *expected = NULL;
  g_autofree char *after = NULL;
  Fixture counter = { .n_notified = 0 };

  g_assert_true (two == again);
  g_object_unref (again);

  g_signal_connect_swapped (two, signal, G_CALLBACK (n_items_cb), &counter);
  before = id_model.describe_item (two);
  tst_store_begin (fixture->store);
  id_model.touch (fixture->store, "two", 1);
  id_model.touch (fixture->store, "two", 2);
  id_model.touch (fixture->store, "one", 2);
  tst_store_commit (fixture->store);
  after = id_model.describe_item (two);
  expected = id_model.describe (fixture->store, "two");
  g_assert_cmpstr (after, ==, expected);
  g_assert_cmpstr (after, !=, before);
  g_assert_cmpuint (counter.n_notified, ==, 1);

  /* It outlives what it shows, which is the same when it is there again. */
  id_model.discard (fixture->store, "two");
  g_assert_cmpuint (counter.n_notified, ==, 2);
  id_model.add (fixture->store, "two");
  again = g_list_model_get_item (fixture->model, g_list_model_get_n_items (fixture->model) - 1);
  g_assert_true (two == again);
  g_object_unref (again);

  /* The model does not hold it. */
  id_model.discard (fixture->store, "two");
  g_assert_finalize_object (two);

  /* It outlives the model. */
  two = g_list_model_get_item (fixture->model, 1);
  unwatch (fixture);
  g_assert_cmpstr (id_model.get_id (two), ==, "three");
  g_object_unref (two);
  watch (fixture);
}

static void
test_made_in_a_transaction (Fixture       *fixture,
                            gconstpointer  user_data)
{
  unwatch (fixture);
  tst_store_begin (fixture->store);
  id_model.discard (fixture->store, "two");
  id_model.add (fixture->store, "four");
  watch (fixture);
  assert_ids (fixture, "one three four");
  tst_store_rollback (fixture->store);
  assert_ids (fixture, "one two three");
  assert_told (fixture, "1-2+2 ");

  unwatch (fixture);
  tst_store_begin (fixture->store);
  id_model.discard (fixture->store, "two");
  watch (fixture);
  id_model.add (fixture->store, "five");
  tst_store_commit (fixture->store);
  assert_ids (fixture, "one three five");
  assert_told (fixture, "2-0+1 ");

  /* Only what is different is told. */
  unwatch (fixture);
  tst_store_begin (fixture->store);
  id_model.discard (fixture->store, "three");
  watch (fixture);
  tst_store_rollback (fixture->store);
  assert_ids (fixture, "one three five");
  assert_told (fixture, "1-0+1 ");

  /* What has been read is not told again. */
  unwatch (fixture);
  tst_store_begin (fixture->store);
  id_model.add (fixture->store, "six");
  watch (fixture);
  tst_store_commit (fixture->store);
  assert_ids (fixture, "one three five six");
  assert_told (fixture, "");
}

static void
test_item_back_after_rollback (Fixture       *fixture,
                               gconstpointer  user_data)
{
  GObject *four, *again;

  g_test_summary ("An item that somebody has is the same when its id is back, also after a rollback");

  unwatch (fixture);
  tst_store_begin (fixture->store);
  id_model.add (fixture->store, "four");
  watch (fixture);
  four = g_list_model_get_item (fixture->model, 3);
  tst_store_rollback (fixture->store);
  assert_ids (fixture, "one two three");

  id_model.add (fixture->store, "four");
  again = g_list_model_get_item (fixture->model, 3);
  g_assert_true (again == four);
  g_object_unref (again);

  /* And it may go at any time. */
  id_model.discard (fixture->store, "four");
  g_assert_finalize_object (four);
}

static void
watch_once_cb (TstStore   *store,
               TstChanges *changes,
               Fixture    *fixture)
{
  if (fixture->model != NULL)
    return;

  id_model.add (store, "five");
  watch (fixture);
}

static void
veto_cb (TstStore *store,
         gpointer  user_data)
{
  Fixture *fixture = user_data;

  if (fixture->model != NULL)
    tst_store_rollback (store);
}

static void
test_made_by_a_listener (Fixture       *fixture,
                         gconstpointer  user_data)
{
  gulong handle, changed_id;

  g_test_summary ("What a listener wrote, and was undone in turn, is not in a model that it made");

  unwatch (fixture);
  fixture->model = NULL;
  changed_id = g_signal_connect (fixture->store, "changed", G_CALLBACK (watch_once_cb), fixture);
  handle = tst_store_add_finishing_listener (fixture->store, veto_cb, fixture, NULL);
  id_model.discard (fixture->store, "two");
  assert_ids (fixture, "one three");
  assert_told (fixture, "2-1+0 ");

  tst_store_remove_listener (fixture->store, handle);
  g_signal_handler_disconnect (fixture->store, changed_id);
}

static void
meddle_cb (GListModel *model,
           guint       position,
           guint       removed,
           guint       added,
           Fixture    *fixture)
{
  if (removed > 0)
    {
      id_model.add (fixture->store, "new");
      id_model.discard (fixture->store, "three");
    }
}

static void
test_handlers_that_write (Fixture       *fixture,
                          gconstpointer  user_data)
{
  g_signal_connect (fixture->model, "items-changed", G_CALLBACK (meddle_cb), fixture);
  id_model.discard (fixture->store, "two");
  assert_ids (fixture, "one new");
}

static void
drop_cb (GListModel  *model,
         guint        position,
         guint        removed,
         guint        added,
         GListModel **held)
{
  g_clear_object (held);
}

static void
test_handlers_that_drop (Fixture       *fixture,
                         gconstpointer  user_data)
{
  GListModel *held = id_model_new (fixture->store);

  g_signal_connect (held, "items-changed", G_CALLBACK (drop_cb), &held);
  tst_store_begin (fixture->store);
  id_model.discard (fixture->store, "three");
  id_model.discard (fixture->store, "one");
  id_model.add (fixture->store, "four");
  tst_store_commit (fixture->store);
  g_assert_null (held);

  held = id_model_new (fixture->store);
  g_object_run_dispose (G_OBJECT (held));
  id_model.add (fixture->store, "five");
  g_assert_cmpuint (g_list_model_get_n_items (held), ==, 2);
  g_assert_finalize_object (held);

  tst_store_begin (fixture->store);
  id_model.add (fixture->store, "six");
  held = id_model_new (fixture->store);
  g_object_run_dispose (G_OBJECT (held));
  tst_store_rollback (fixture->store);
  g_assert_cmpuint (g_list_model_get_n_items (held), ==, 4);
  g_assert_finalize_object (held);
}

/* --- Any transactions --- */

static void
do_anything (Fixture *fixture)
{
  g_autofree char *id = g_strdup_printf ("%d", g_rand_int_range (fixture->rand, 0, 12));

  switch (g_rand_int_range (fixture->rand, 0, 8))
    {
    case 0:
    case 1:
      id_model.discard (fixture->store, id);
      break;

    case 2:
      tst_store_begin (fixture->store);
      do_anything (fixture);
      do_anything (fixture);
      if (g_rand_boolean (fixture->rand))
        tst_store_rollback (fixture->store);
      else
        tst_store_commit (fixture->store);
      break;

    case 3:
      id_model.touch (fixture->store, id, g_rand_int_range (fixture->rand, 0, 100));
      break;

    default:
      id_model.add (fixture->store, id);
    }
}

/* What was there keeps its order, and what is new follows in that of the store. */
static void
work_out (Fixture *fixture)
{
  g_auto(GStrv) ids = id_model.get_ids (fixture->store);

  for (guint i = fixture->expected->len; i > 0; i--)
    if (!g_strv_contains ((const char * const *) ids, g_ptr_array_index (fixture->expected, i - 1)))
      g_ptr_array_remove_index (fixture->expected, i - 1);

  for (guint i = 0; ids[i] != NULL; i++)
    if (!g_ptr_array_find_with_equal_func (fixture->expected, ids[i], g_str_equal, NULL))
      g_ptr_array_add (fixture->expected, g_strdup (ids[i]));
}

static void
test_random (Fixture       *fixture,
             gconstpointer  user_data)
{
  guint n = test_scale (5000);
  g_autoptr(GRand) rand = g_rand_new_with_seed (test_seed ());
  g_autoptr(GPtrArray) held = g_ptr_array_new_with_free_func (g_object_unref);

  fixture->rand = rand;
  for (guint i = 0; i < n; i++)
    {
      guint n_items;

      tst_store_begin (fixture->store);
      for (int j = g_rand_int_range (fixture->rand, 0, 6); j > 0; j--)
        do_anything (fixture);
      if (g_rand_int_range (fixture->rand, 0, 4) == 0)
        tst_store_rollback (fixture->store);
      else
        tst_store_commit (fixture->store);

      work_out (fixture);
      n_items = g_list_model_get_n_items (fixture->model);
      g_assert_cmpuint (fixture->ids->len, ==, fixture->expected->len);
      g_assert_cmpuint (n_items, ==, fixture->expected->len);
      for (guint j = 0; j < n_items; j++)
        {
          GObject *item = g_list_model_get_item (fixture->model, j);
          const char *id = id_model.get_id (item);
          g_autofree char *is = id_model.describe_item (item);
          g_autofree char *should = id_model.describe (fixture->store, id);

          g_assert_cmpstr (id, ==, g_ptr_array_index (fixture->expected, j));
          g_assert_cmpstr (id, ==, g_ptr_array_index (fixture->ids, j));
          g_assert_cmpstr (is, ==, should);
          g_ptr_array_add (held, item);
        }

      if (held->len > 50)
        g_ptr_array_set_size (held, g_rand_int_range (fixture->rand, 0, 50));
    }
}

void
id_model_add_tests (void)
{
  const struct
  {
    const char *name;
    void      (*func) (Fixture       *fixture,
                       gconstpointer  user_data);
  } tests[] = {
    { "changes", test_changes },
    { "items", test_items },
    { "made-in-a-transaction", test_made_in_a_transaction },
    { "item-back-after-rollback", test_item_back_after_rollback },
    { "made-by-a-listener", test_made_by_a_listener },
    { "handlers-that-write", test_handlers_that_write },
    { "handlers-that-drop", test_handlers_that_drop },
    { "random", test_random },
  };

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strjoin ("/", id_model.path, tests[i].name, NULL);

      g_test_add (path, Fixture, NULL, fixture_set_up, tests[i].func, fixture_tear_down);
    }
}
