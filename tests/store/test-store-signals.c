/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "listener-fixture.h"

#include "test-util.h"

#include <string.h>

static void
cell_cb (TstStore     *store,
         const char   *table_id,
         const char   *row_id,
         const char   *cell_id,
         const GValue *new_value,
         const GValue *old_value,
         gpointer      user_data)
{
  g_string_append_printf (user_data, "cell %s/%s/%s\n", table_id, row_id, cell_id);
}

static void
tables_cb (TstStore *store,
           gpointer  user_data)
{
  g_string_append (user_data, "tables\n");
}

static void
signal_cb (TstStore *store,
           gpointer  user_data)
{
  g_string_append_printf (g_object_get_data (G_OBJECT (store), "heard"), "%s\n",
                          (const char *) user_data);
}

static void
cell_changed_cb (TstStore   *store,
                 const char *table_id,
                 const char *row_id,
                 const char *cell_id,
                 gpointer    user_data)
{
  g_string_append_printf (user_data, "signal cell %s/%s/%s\n", table_id, row_id, cell_id);
}

static void
row_changed_cb (TstStore   *store,
                const char *table_id,
                const char *row_id,
                gpointer    user_data)
{
  g_string_append_printf (user_data, "signal row %s/%s\n", table_id, row_id);
}

static void
cell_ids_changed_cb (TstStore   *store,
                     const char *table_id,
                     const char *row_id,
                     gpointer    user_data)
{
  g_string_append_printf (user_data, "signal cell-ids %s/%s\n", table_id, row_id);
}

static void
one_id_cb (TstStore   *store,
           const char *id,
           gpointer    user_data)
{
  g_string_append_printf (user_data, "signal %s\n", id);
}

static void
changed_cb (TstStore   *store,
            TstChanges *changes,
            gpointer    user_data)
{
  g_string_append_printf (user_data, "changed %u %u\n",
                          tst_changes_get_n_cells (changes), tst_changes_get_n_values (changes));
}

static void
test_signals_all (Fixture       *fixture,
                        gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  GString *heard = fixture->heard;

  g_test_summary ("Each kind is a signal, too, and \"changed\" comes once");

  g_object_set_data (G_OBJECT (store), "heard", heard);
  g_signal_connect (store, "transaction-started", G_CALLBACK (signal_cb), "started");
  g_signal_connect (store, "transaction-finishing", G_CALLBACK (signal_cb), "finishing");
  g_signal_connect (store, "transaction-finished", G_CALLBACK (signal_cb), "finished");
  g_signal_connect (store, "changed", G_CALLBACK (changed_cb), heard);
  g_signal_connect (store, "cell-changed", G_CALLBACK (cell_changed_cb), heard);
  g_signal_connect (store, "row-changed", G_CALLBACK (row_changed_cb), heard);
  g_signal_connect (store, "table-changed", G_CALLBACK (one_id_cb), heard);
  g_signal_connect (store, "tables-changed", G_CALLBACK (signal_cb), "tables");
  g_signal_connect (store, "cell-ids-changed", G_CALLBACK (cell_ids_changed_cb), heard);
  g_signal_connect (store, "row-ids-changed", G_CALLBACK (one_id_cb), heard);
  g_signal_connect (store, "table-ids-changed", G_CALLBACK (signal_cb), "table-ids");
  g_signal_connect (store, "value-changed", G_CALLBACK (one_id_cb), heard);
  g_signal_connect (store, "values-changed", G_CALLBACK (signal_cb), "values");
  g_signal_connect (store, "value-ids-changed", G_CALLBACK (signal_cb), "value-ids");

  tst_store_begin (store);
  set_number (fixture, "t", "r", "c", 1);
  g_assert_true (tst_store_set_value_number (store, "v", 1, NULL));
  tst_store_commit (store);
  assert_heard (fixture,
                "started\nfinishing\n"
                "table-ids\nsignal t\nsignal cell-ids t/r\n"
                "signal cell t/r/c\nsignal row t/r\nsignal t\ntables\n"
                "value-ids\nsignal v\nvalues\n"
                "changed 1 1\nfinished\n");
  g_signal_handlers_disconnect_by_data (store, heard);
}

static void
test_signals_after (Fixture       *fixture,
                             gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("For each event, first the listeners, then the signal");

  g_object_set_data (G_OBJECT (store), "heard", fixture->heard);
  g_signal_connect (store, "cell-changed", G_CALLBACK (cell_changed_cb), fixture->heard);
  g_signal_connect (store, "tables-changed", G_CALLBACK (signal_cb), "signal tables");
  tst_store_add_cell_listener (store, NULL, NULL, NULL, 0, cell_cb, fixture->heard, NULL);
  tst_store_add_tables_listener (store, 0, tables_cb, fixture->heard, NULL);

  tst_store_begin (store);
  set_number (fixture, "t", "r", "a", 1);
  set_number (fixture, "t", "r", "b", 1);
  tst_store_commit (store);
  assert_heard (fixture,
                "cell t/r/a\nsignal cell t/r/a\n"
                "cell t/r/b\nsignal cell t/r/b\n"
                "tables\nsignal tables\n");
}

static void
test_signals_details (Fixture       *fixture,
                        gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  GString *heard = fixture->heard;

  g_test_summary ("The detail of a signal is the id of the table, or of the value");

  g_signal_connect (store, "cell-changed::pets", G_CALLBACK (cell_changed_cb), heard);
  g_signal_connect (store, "row-changed::pets", G_CALLBACK (row_changed_cb), heard);
  g_signal_connect (store, "table-changed::pets", G_CALLBACK (one_id_cb), heard);
  g_signal_connect (store, "row-ids-changed::pets", G_CALLBACK (one_id_cb), heard);
  g_signal_connect (store, "cell-ids-changed::pets", G_CALLBACK (cell_ids_changed_cb), heard);
  g_signal_connect (store, "value-changed::open", G_CALLBACK (one_id_cb), heard);

  set_number (fixture, "other", "r", "c", 1);
  g_assert_true (tst_store_set_value_number (store, "pets", 1, NULL));
  assert_heard (fixture, "");
  set_number (fixture, "pets", "r", "c", 1);
  assert_heard (fixture,
                "signal pets\nsignal cell-ids pets/r\n"
                "signal cell pets/r/c\nsignal row pets/r\nsignal pets\n");
  g_assert_true (tst_store_set_value_number (store, "open", 1, NULL));
  assert_heard (fixture, "signal open\n");
}

static void
test_signals_no_quarks (Fixture       *fixture,
                          gconstpointer  user_data)
{
  g_test_summary ("Ids of data do not become quarks");

  g_signal_connect (fixture->store, "cell-changed", G_CALLBACK (cell_changed_cb), fixture->heard);
  g_signal_connect (fixture->store, "value-changed", G_CALLBACK (one_id_cb), fixture->heard);
  set_number (fixture, "an id that is no quark", "r", "c", 1);
  g_assert_true (tst_store_set_value_number (fixture->store, "an id that is no quark", 1, NULL));
  assert_heard (fixture, "signal cell an id that is no quark/r/c\nsignal an id that is no quark\n");
  g_assert_cmpuint (g_quark_try_string ("an id that is no quark"), ==, 0);
}

static void
drop_on_changed_cb (TstStore   *store,
                    TstChanges *changes,
                    gpointer    user_data)
{
  Fixture *fixture = user_data;

  g_clear_object (&fixture->store);
}

static void
test_signals_drop_store (Fixture       *fixture,
                                  gconstpointer  user_data)
{
  gpointer gone = fixture->store;

  g_test_summary ("A signal handler may drop the last reference to the store");

  g_object_add_weak_pointer (G_OBJECT (fixture->store), &gone);
  g_signal_connect (fixture->store, "changed", G_CALLBACK (drop_on_changed_cb), fixture);
  set_number (fixture, "t", "r", "c", 1);
  g_assert_null (gone);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/store-signals/" path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

  ADD ("all", test_signals_all);
  ADD ("after", test_signals_after);
  ADD ("details", test_signals_details);
  ADD ("no-quarks", test_signals_no_quarks);
  ADD ("drop-store", test_signals_drop_store);

  return g_test_run ();
}
