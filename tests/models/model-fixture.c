/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "model-fixture.h"

char *
model_fixture_dup_id (ModelFixture *fixture,
                      guint         position)
{
  g_autoptr(TstRow) row = g_list_model_get_item (G_LIST_MODEL (fixture->model), position);

  return g_strdup (tst_row_get_row_id (row));
}

static void
assert_as_told (ModelFixture *fixture,
                guint         step)
{
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->model)), ==, fixture->ids->len);

  for (guint i = 0; i < fixture->ids->len; i += step)
    {
      g_autofree char *id = model_fixture_dup_id (fixture, i);
      guint position;

      g_assert_cmpstr (id, ==, fixture->ids->pdata[i]);
      g_assert_true (tst_table_model_find (fixture->model, id, &position));
      g_assert_cmpuint (position, ==, i);
    }
}

static void
items_changed_cb (GListModel   *model,
                  guint         position,
                  guint         removed,
                  guint         added,
                  ModelFixture *fixture)
{
  g_string_append_printf (fixture->log, "%u-%u+%u ", position, removed, added);

  g_assert_cmpuint (position + removed, <=, fixture->ids->len);
  if (removed > 0)
    g_ptr_array_remove_range (fixture->ids, position, removed);
  for (guint i = 0; i < added; i++)
    g_ptr_array_insert (fixture->ids, (gint) (position + i), model_fixture_dup_id (fixture, position + i));

  /* The model is right each time that it tells, not only at the end. */
  assert_as_told (fixture, 1 + fixture->ids->len / 50);
}

static void
n_items_cb (TstTableModel *model,
            GParamSpec    *pspec,
            ModelFixture  *fixture)
{
  guint n_items;

  g_object_get (model, "n-items", &n_items, NULL);
  g_assert_cmpuint (n_items, ==, fixture->ids->len);
  fixture->n_notified++;
}

void
model_fixture_add (ModelFixture *fixture,
                   const char   *row_id)
{
  g_autoptr(GError) error = NULL;

  tst_store_set_cell_string (fixture->store, "pets", row_id, "name", row_id, &error);
  g_assert_no_error (error);
}

void
model_fixture_set_price (ModelFixture *fixture,
                         const char   *row_id,
                         double        price)
{
  g_autoptr(GError) error = NULL;

  tst_store_set_cell_number (fixture->store, "pets", row_id, "price", price, &error);
  g_assert_no_error (error);
}

void
model_fixture_watch (ModelFixture  *fixture,
                     TstTableModel *model)
{
  model_fixture_unwatch (fixture);

  fixture->model = model;
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (model)); i++)
    g_ptr_array_add (fixture->ids, model_fixture_dup_id (fixture, i));

  g_signal_connect (model, "items-changed", G_CALLBACK (items_changed_cb), fixture);
  g_signal_connect (model, "notify::n-items", G_CALLBACK (n_items_cb), fixture);
}

void
model_fixture_unwatch (ModelFixture *fixture)
{
  if (fixture->model != NULL)
    g_assert_finalize_object (fixture->model);

  fixture->model = NULL;
  g_ptr_array_set_size (fixture->ids, 0);
  g_string_truncate (fixture->log, 0);
  fixture->n_notified = 0;
}

void
model_fixture_set_up (ModelFixture  *fixture,
                      gconstpointer  user_data)
{
  guint n = GPOINTER_TO_UINT (user_data);

  fixture->store = tst_store_new ();
  fixture->ids = g_ptr_array_new_with_free_func (g_free);
  fixture->log = g_string_new ("");

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);

      model_fixture_add (fixture, id);
    }

  model_fixture_watch (fixture, tst_table_model_new (fixture->store, "pets"));
}

void
model_fixture_tear_down (ModelFixture  *fixture,
                         gconstpointer  user_data)
{
  model_fixture_unwatch (fixture);
  g_assert_finalize_object (fixture->store);
  g_ptr_array_unref (fixture->ids);
  g_string_free (fixture->log, TRUE);
}

void
model_fixture_assert_agree (ModelFixture *fixture)
{
  g_auto(GStrv) ids = tst_store_get_row_ids (fixture->store, "pets");

  g_assert_cmpuint (g_strv_length (ids), ==, fixture->ids->len);
  for (guint i = 0; i < fixture->ids->len; i++)
    g_assert_cmpstr (fixture->ids->pdata[i], ==, ids[i]);

  assert_as_told (fixture, 1);
}

void
model_fixture_assert_told (ModelFixture *fixture,
                           const char   *log)
{
  g_assert_cmpstr (fixture->log->str, ==, log);
  g_string_truncate (fixture->log, 0);
  model_fixture_assert_agree (fixture);
}

void
model_fixture_assert_ids (ModelFixture *fixture,
                          const char   *log,
                          const char   *ids)
{
  g_autoptr(GString) told = g_string_new ("");

  for (guint i = 0; i < fixture->ids->len; i++)
    g_string_append_printf (told, "%s ", (const char *) fixture->ids->pdata[i]);

  g_assert_cmpstr (fixture->log->str, ==, log);
  g_assert_cmpstr (told->str, ==, ids);
  g_string_truncate (fixture->log, 0);
  assert_as_told (fixture, 1);
}
