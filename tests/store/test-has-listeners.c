/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Listeners to whether there is something, how much, and to what was refused. */

#include "listener-fixture.h"

#include "test-util.h"

#include <string.h>

/* --- What is heard, as text --- */

static void
has_tables_cb (TstStore *store,
               gboolean  exists,
               gpointer  user_data)
{
  g_string_append_printf (user_data, "has-tables %d\n", exists);
}

static void
has_values_cb (TstStore *store,
               gboolean  exists,
               gpointer  user_data)
{
  g_string_append_printf (user_data, "has-values %d\n", exists);
}

static void
has_table_cb (TstStore   *store,
              const char *table_id,
              gboolean    exists,
              gpointer    user_data)
{
  g_string_append_printf (user_data, "has-table %s %d\n", table_id, exists);
}

static void
has_value_cb (TstStore   *store,
              const char *value_id,
              gboolean    exists,
              gpointer    user_data)
{
  g_string_append_printf (user_data, "has-value %s %d\n", value_id, exists);
}

static void
has_table_cell_cb (TstStore   *store,
                   const char *table_id,
                   const char *cell_id,
                   gboolean    exists,
                   gpointer    user_data)
{
  g_string_append_printf (user_data, "has-table-cell %s/%s %d\n", table_id, cell_id, exists);
}

static void
has_row_cb (TstStore   *store,
            const char *table_id,
            const char *row_id,
            gboolean    exists,
            gpointer    user_data)
{
  g_string_append_printf (user_data, "has-row %s/%s %d\n", table_id, row_id, exists);
}

static void
has_cell_cb (TstStore   *store,
             const char *table_id,
             const char *row_id,
             const char *cell_id,
             gboolean    exists,
             gpointer    user_data)
{
  g_string_append_printf (user_data, "has-cell %s/%s/%s %d\n", table_id, row_id, cell_id, exists);
}

static void
row_count_cb (TstStore   *store,
              const char *table_id,
              guint       n_rows,
              gpointer    user_data)
{
  g_string_append_printf (user_data, "row-count %s %u\n", table_id, n_rows);
}

static void
table_cell_ids_cb (TstStore           *store,
                   const char         *table_id,
                   const char * const *added,
                   const char * const *removed,
                   gpointer            user_data)
{
  g_string_append_printf (user_data, "table-cell-ids %s ", table_id);
  append_ids (user_data, '+', added);
  append_ids (user_data, '-', removed);
  g_string_append_c (user_data, '\n');
}

static void
row_ids_cb (TstStore           *store,
            const char         *table_id,
            const char * const *added,
            const char * const *removed,
            gpointer            user_data)
{
  g_string_append_printf (user_data, "row-ids %s\n", table_id);
}

static void
cell_ids_cb (TstStore           *store,
             const char         *table_id,
             const char         *row_id,
             const char * const *added,
             const char * const *removed,
             gpointer            user_data)
{
  g_string_append_printf (user_data, "cell-ids %s/%s\n", table_id, row_id);
}

static void
ids_cb (TstStore           *store,
        const char * const *added,
        const char * const *removed,
        gpointer            user_data)
{
  g_string_append (user_data, "ids\n");
}

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
value_cb (TstStore     *store,
          const char   *value_id,
          const GValue *new_value,
          const GValue *old_value,
          gpointer      user_data)
{
  g_string_append_printf (user_data, "value %s\n", value_id);
}

static void
invalid_cell_cb (TstStore     *store,
                 const char   *table_id,
                 const char   *row_id,
                 const char   *cell_id,
                 const GError *error,
                 gpointer      user_data)
{
  g_assert_error (error, TST_ERROR, TST_ERROR_INVALID_VALUE);
  g_string_append_printf (user_data, "invalid-cell %s/%s/%s\n", table_id, row_id, cell_id);
}

static void
invalid_value_cb (TstStore     *store,
                  const char   *value_id,
                  const GError *error,
                  gpointer      user_data)
{
  g_assert_error (error, TST_ERROR, TST_ERROR_INVALID_VALUE);
  g_string_append_printf (user_data, "invalid-value %s\n", value_id);
}

/* From the last kind to the first. */
static void
listen_to_all (Fixture *fixture)
{
  TstStore *store = fixture->store;
  GString *heard = fixture->heard;

  tst_store_add_value_listener (store, NULL, 0, value_cb, heard, NULL);
  tst_store_add_has_value_listener (store, NULL, 0, has_value_cb, heard, NULL);
  tst_store_add_value_ids_listener (store, 0, ids_cb, heard, NULL);
  tst_store_add_has_values_listener (store, 0, has_values_cb, heard, NULL);
  tst_store_add_invalid_value_listener (store, NULL, 0, invalid_value_cb, heard, NULL);
  tst_store_add_cell_listener (store, NULL, NULL, NULL, 0, cell_cb, heard, NULL);
  tst_store_add_has_cell_listener (store, NULL, NULL, NULL, 0, has_cell_cb, heard, NULL);
  tst_store_add_cell_ids_listener (store, NULL, NULL, 0, cell_ids_cb, heard, NULL);
  tst_store_add_has_row_listener (store, NULL, NULL, 0, has_row_cb, heard, NULL);
  tst_store_add_row_ids_listener (store, NULL, 0, row_ids_cb, heard, NULL);
  tst_store_add_row_count_listener (store, NULL, 0, row_count_cb, heard, NULL);
  tst_store_add_has_table_cell_listener (store, NULL, NULL, 0, has_table_cell_cb, heard, NULL);
  tst_store_add_table_cell_ids_listener (store, NULL, 0, table_cell_ids_cb, heard, NULL);
  tst_store_add_has_table_listener (store, NULL, 0, has_table_cb, heard, NULL);
  tst_store_add_table_ids_listener (store, 0, ids_cb, heard, NULL);
  tst_store_add_has_tables_listener (store, 0, has_tables_cb, heard, NULL);
  tst_store_add_invalid_cell_listener (store, NULL, NULL, NULL, 0, invalid_cell_cb, heard, NULL);
}

/* --- Kinds --- */

static void
test_has_listeners_kinds (Fixture       *fixture,
                          gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("Every kind hears what it is for, in the order of kinds");

  listen_to_all (fixture);

  tst_store_begin (store);
  g_assert_true (tst_store_set_value_number (store, "v", 1, NULL));
  g_assert_false (tst_store_set_value_string (store, "v", "\xff", NULL));
  set_number (fixture, "t", "r", "a", 1);
  set_number (fixture, "t", "s", "a", 1);
  g_assert_false (tst_store_set_cell_string (store, "t", "r", "a", "\xff", NULL));
  tst_store_commit (store);
  assert_heard (fixture,
                "invalid-cell t/r/a\n"
                "has-tables 1\n"
                "ids\n"
                "has-table t 1\n"
                "table-cell-ids t +a\n"
                "has-table-cell t/a 1\n"
                "row-count t 2\n"
                "row-ids t\n"
                "has-row t/r 1\n"
                "has-row t/s 1\n"
                "cell-ids t/r\n"
                "has-cell t/r/a 1\n"
                "cell-ids t/s\n"
                "has-cell t/s/a 1\n"
                "cell t/r/a\n"
                "cell t/s/a\n"
                "invalid-value v\n"
                "has-values 1\n"
                "ids\n"
                "has-value v 1\n"
                "value v\n");

  set_number (fixture, "t", "r", "a", 2);
  assert_heard (fixture, "cell t/r/a\n");

  set_number (fixture, "t", "r", "b", 2);
  assert_heard (fixture,
                "table-cell-ids t +b\n"
                "has-table-cell t/b 1\n"
                "cell-ids t/r\n"
                "has-cell t/r/b 1\n"
                "cell t/r/b\n");

  g_assert_true (tst_store_remove_row (store, "t", "r"));
  assert_heard (fixture,
                "table-cell-ids t -b\n"
                "has-table-cell t/b 0\n"
                "row-count t 1\n"
                "row-ids t\n"
                "has-row t/r 0\n"
                "cell-ids t/r\n"
                "has-cell t/r/a 0\n"
                "has-cell t/r/b 0\n"
                "cell t/r/a\n"
                "cell t/r/b\n");

  tst_store_remove_tables (store);
  assert_heard (fixture,
                "has-tables 0\n"
                "ids\n"
                "has-table t 0\n"
                "table-cell-ids t -a\n"
                "has-table-cell t/a 0\n"
                "row-count t 0\n"
                "row-ids t\n"
                "has-row t/s 0\n"
                "cell-ids t/s\n"
                "has-cell t/s/a 0\n"
                "cell t/s/a\n");

  tst_store_remove_values (store);
  assert_heard (fixture, "has-values 0\nids\nhas-value v 0\nvalue v\n");
}

static void
test_has_listeners_second (Fixture       *fixture,
                           gconstpointer  user_data)
{
  g_test_summary ("Whether there are any is told with the first and the last only");

  set_number (fixture, "t", "r", "a", 1);
  g_assert_true (tst_store_set_value_number (fixture->store, "v", 1, NULL));
  tst_store_add_has_tables_listener (fixture->store, 0, has_tables_cb, fixture->heard, NULL);
  tst_store_add_has_values_listener (fixture->store, 0, has_values_cb, fixture->heard, NULL);

  set_number (fixture, "u", "r", "a", 1);
  g_assert_true (tst_store_set_value_number (fixture->store, "w", 1, NULL));
  g_assert_true (tst_store_remove_table (fixture->store, "t"));
  g_assert_true (tst_store_remove_value (fixture->store, "v"));
  assert_heard (fixture, "");

  /* One goes, another comes. */
  tst_store_begin (fixture->store);
  g_assert_true (tst_store_remove_table (fixture->store, "u"));
  set_number (fixture, "t", "r", "a", 1);
  g_assert_true (tst_store_remove_value (fixture->store, "w"));
  g_assert_true (tst_store_set_value_number (fixture->store, "v", 1, NULL));
  tst_store_commit (fixture->store);
  assert_heard (fixture, "");

  tst_store_remove_tables (fixture->store);
  assert_heard (fixture, "has-tables 0\n");
  tst_store_remove_values (fixture->store);
  assert_heard (fixture, "has-values 0\n");
}

static void
test_has_listeners_net (Fixture       *fixture,
                        gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("What is as it was in the end is not told");

  set_number (fixture, "t", "r", "a", 1);
  g_assert_true (tst_store_set_value_number (store, "v", 1, NULL));
  listen_to_all (fixture);

  tst_store_begin (store);
  set_number (fixture, "t", "s", "b", 1);
  set_number (fixture, "u", "s", "b", 1);
  g_assert_true (tst_store_remove_row (store, "t", "s"));
  tst_store_remove_tables (store);
  set_number (fixture, "t", "r", "a", 1);
  tst_store_remove_values (store);
  g_assert_true (tst_store_set_value_number (store, "v", 1, NULL));
  tst_store_commit (store);
  assert_heard (fixture, "");

  /* Another row has the cell now, and there are as many as before. */
  tst_store_begin (store);
  g_assert_true (tst_store_remove_row (store, "t", "r"));
  set_number (fixture, "t", "s", "a", 1);
  tst_store_commit (store);
  assert_heard (fixture,
                "row-ids t\n"
                "has-row t/r 0\n"
                "has-row t/s 1\n"
                "cell-ids t/r\n"
                "has-cell t/r/a 0\n"
                "cell-ids t/s\n"
                "has-cell t/s/a 1\n"
                "cell t/r/a\n"
                "cell t/s/a\n");

  tst_store_begin (store);
  set_number (fixture, "u", "s", "b", 1);
  g_assert_false (tst_store_set_value_string (store, "v", "\xff", NULL));
  tst_store_rollback (store);
  assert_heard (fixture, "invalid-value v\n");
}

/* --- Patterns --- */

static void
append_name_has_cell_cb (TstStore   *store,
                         const char *table_id,
                         const char *row_id,
                         const char *cell_id,
                         gboolean    exists,
                         gpointer    user_data)
{
  g_string_append_printf (g_object_get_data (G_OBJECT (store), "heard"), "%s ",
                          (const char *) user_data);
}

static void
append_name_has_table_cell_cb (TstStore   *store,
                               const char *table_id,
                               const char *cell_id,
                               gboolean    exists,
                               gpointer    user_data)
{
  append_name_has_cell_cb (store, NULL, NULL, NULL, FALSE, user_data);
}

static void
append_name_invalid_cell_cb (TstStore     *store,
                             const char   *table_id,
                             const char   *row_id,
                             const char   *cell_id,
                             const GError *error,
                             gpointer      user_data)
{
  append_name_has_cell_cb (store, NULL, NULL, NULL, FALSE, user_data);
}

static void
test_has_listeners_patterns (Fixture       *fixture,
                             gconstpointer  user_data)
{
  static const struct { const char *ids[3]; const char *name; } patterns[] = {
    { { NULL, NULL, NULL }, "***" }, { { NULL, NULL, "c" }, "**c" }, { { NULL, "r", NULL }, "*r*" },
    { { NULL, "r", "c" }, "*rc" }, { { "t", NULL, NULL }, "t**" }, { { "t", NULL, "c" }, "t*c" },
    { { "t", "r", NULL }, "tr*" }, { { "t", "r", "c" }, "trc" }, { { "t", "r", "c" }, "trc2" },
  };

  g_test_summary ("Specific before wildcard, from left to right; then in order of addition");

  g_object_set_data (G_OBJECT (fixture->store), "heard", fixture->heard);
  for (guint i = 0; i < G_N_ELEMENTS (patterns); i++)
    {
      const char * const *ids = patterns[i].ids;
      gpointer name = (gpointer) patterns[i].name;

      tst_store_add_has_cell_listener (fixture->store, ids[0], ids[1], ids[2], 0,
                                       append_name_has_cell_cb, name, NULL);
      tst_store_add_invalid_cell_listener (fixture->store, ids[0], ids[1], ids[2], 0,
                                           append_name_invalid_cell_cb, name, NULL);
      if (ids[1] == NULL)
        tst_store_add_has_table_cell_listener (fixture->store, ids[0], ids[2], 0,
                                               append_name_has_table_cell_cb, name, NULL);
    }

  set_number (fixture, "t", "r", "c", 1);
  assert_heard (fixture, "t*c t** **c *** trc trc2 tr* t*c t** *rc *r* **c *** ");
  set_number (fixture, "t", "s", "c", 1);
  assert_heard (fixture, "t*c t** **c *** ");
  g_assert_false (tst_store_set_cell_string (fixture->store, "t", "r", "c", "\xff", NULL));
  assert_heard (fixture, "trc trc2 tr* t*c t** *rc *r* **c *** ");

  /* A row without cells: its table is known, and nothing else. */
  g_assert_null (tst_store_add_row_json (fixture->store, "t", "{}", 0, NULL));
  assert_heard (fixture, "t** *** ");
}

static void
test_has_listeners_exact (Fixture       *fixture,
                          gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  GString *heard = fixture->heard;

  g_test_summary ("A listener for one thing hears of no other");

  tst_store_add_has_table_listener (store, "t", 0, has_table_cb, heard, NULL);
  tst_store_add_row_count_listener (store, "t", 0, row_count_cb, heard, NULL);
  tst_store_add_table_cell_ids_listener (store, "t", 0, table_cell_ids_cb, heard, NULL);
  tst_store_add_has_row_listener (store, "t", "r", 0, has_row_cb, heard, NULL);
  tst_store_add_has_value_listener (store, "v", 0, has_value_cb, heard, NULL);
  tst_store_add_invalid_value_listener (store, "v", 0, invalid_value_cb, heard, NULL);

  set_number (fixture, "u", "r", "a", 1);
  g_assert_true (tst_store_set_value_number (store, "w", 1, NULL));
  g_assert_false (tst_store_set_value_string (store, "w", "\xff", NULL));
  assert_heard (fixture, "");

  set_number (fixture, "t", "s", "a", 1);
  assert_heard (fixture, "has-table t 1\ntable-cell-ids t +a\nrow-count t 1\n");
  set_number (fixture, "t", "r", "a", 1);
  assert_heard (fixture, "row-count t 2\nhas-row t/r 1\n");
  g_assert_true (tst_store_set_value_number (store, "v", 1, NULL));
  assert_heard (fixture, "has-value v 1\n");
  g_assert_false (tst_store_set_value_string (store, "v", "\xff", NULL));
  assert_heard (fixture, "invalid-value v\n");
}

/* --- Robust --- */

static void
remove_all_row_count_cb (TstStore   *store,
                         const char *table_id,
                         guint       n_rows,
                         gpointer    user_data)
{
  Fixture *fixture = user_data;

  g_string_append_printf (fixture->heard, "row-count %u\n", n_rows);
  for (guint i = 0; fixture->handles[i] != 0; i++)
    g_assert_true (tst_store_remove_listener (store, fixture->handles[i]));
}

static void
test_has_listeners_remove_inside (Fixture       *fixture,
                                  gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("A listener may remove itself and others");

  fixture->handles[0] =
    tst_store_add_row_count_listener (store, NULL, 0, remove_all_row_count_cb, fixture, NULL);
  fixture->handles[1] =
    tst_store_add_has_row_listener (store, NULL, NULL, 0, has_row_cb, fixture->heard, NULL);
  tst_store_add_has_cell_listener (store, NULL, NULL, NULL, 0, has_cell_cb, fixture->heard, NULL);

  set_number (fixture, "t", "r", "a", 1);
  assert_heard (fixture, "row-count 1\nhas-cell t/r/a 1\n");
  set_number (fixture, "t", "s", "a", 1);
  assert_heard (fixture, "has-cell t/s/a 1\n");
}

static void
write_has_tables_cb (TstStore *store,
                     gboolean  exists,
                     gpointer  user_data)
{
  Fixture *fixture = user_data;

  g_string_append_printf (fixture->heard, "has-tables %d\n", exists);
  if (exists)
    tst_store_remove_tables (store);
}

static void
test_has_listeners_write (Fixture       *fixture,
                          gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("What is told is how it was after the transaction, whoever writes meanwhile");

  tst_store_add_has_tables_listener (store, 0, write_has_tables_cb, fixture, NULL);
  tst_store_add_table_cell_ids_listener (store, NULL, 0, table_cell_ids_cb, fixture->heard, NULL);
  tst_store_add_row_count_listener (store, NULL, 0, row_count_cb, fixture->heard, NULL);

  set_number (fixture, "t", "r", "a", 1);
  assert_heard (fixture,
                "has-tables 1\n"
                "table-cell-ids t +a\n"
                "row-count t 1\n"
                "has-tables 0\n"
                "table-cell-ids t -a\n"
                "row-count t 0\n");
}

static void
drop_store_has_row_cb (TstStore   *store,
                       const char *table_id,
                       const char *row_id,
                       gboolean    exists,
                       gpointer    user_data)
{
  Fixture *fixture = user_data;

  g_clear_object (&fixture->store);
}

static void
test_has_listeners_drop_store (Fixture       *fixture,
                               gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  gpointer gone = store;

  g_test_summary ("A listener may drop the last reference to the store");

  g_object_add_weak_pointer (G_OBJECT (store), &gone);
  tst_store_add_has_row_listener (store, NULL, NULL, 0, drop_store_has_row_cb, fixture, NULL);
  tst_store_add_has_cell_listener (store, NULL, NULL, NULL, 0, has_cell_cb, fixture->heard, NULL);
  set_number (fixture, "t", "r", "c", 1);
  g_assert_null (gone);
  assert_heard (fixture, "has-cell t/r/c 1\n");
}

static void
begin_invalid_cell_cb (TstStore     *store,
                       const char   *table_id,
                       const char   *row_id,
                       const char   *cell_id,
                       const GError *error,
                       gpointer      user_data)
{
  tst_store_begin (store);
  g_assert_true (tst_store_set_cell_number (store, "t", "r", "c", 1, NULL));
}

static void
test_has_listeners_begin (Fixture       *fixture,
                          gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("A transaction that a listener leaves open is one as any other");

  tst_store_add_invalid_cell_listener (store, "t", NULL, NULL, 0, begin_invalid_cell_cb, NULL,
                                       NULL);
  tst_store_add_has_table_listener (store, NULL, 0, has_table_cb, fixture->heard, NULL);

  g_assert_false (tst_store_set_cell_string (store, "t", "r", "c", "\xff", NULL));
  assert_heard (fixture, "");
  tst_store_commit (store);
  assert_heard (fixture, "has-table t 1\n");
}

/* --- How many --- */

static void
test_has_listeners_count (Fixture       *fixture,
                          gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  gulong handle;

  g_test_summary ("F40: listeners are counted by kind, and their handles are never reused");

  listen_to_all (fixture);
  handle = tst_store_add_has_cell_listener (store, "t", NULL, "c", 0, has_cell_cb, fixture->heard,
                                            NULL);
  g_assert_cmpuint (tst_store_get_n_listeners (store, TST_LISTENER_KIND_HAS_CELL), ==, 2);
  g_assert_cmpuint (tst_store_get_n_listeners (store, TST_LISTENER_KIND_HAS_ROW), ==, 1);
  g_assert_cmpuint (tst_store_get_n_listeners (store, TST_LISTENER_KIND_ROW), ==, 0);

  g_assert_true (tst_store_remove_listener (store, handle));
  g_assert_false (tst_store_remove_listener (store, handle));
  g_assert_cmpuint (tst_store_get_n_listeners (store, TST_LISTENER_KIND_HAS_CELL), ==, 1);
  g_assert_cmpuint (tst_store_add_has_cell_listener (store, "t", NULL, "c", 0, has_cell_cb,
                                                     fixture->heard, NULL), >, handle);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/has-listeners/" path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

  ADD ("kinds", test_has_listeners_kinds);
  ADD ("second", test_has_listeners_second);
  ADD ("net", test_has_listeners_net);
  ADD ("patterns", test_has_listeners_patterns);
  ADD ("exact", test_has_listeners_exact);
  ADD ("remove-inside", test_has_listeners_remove_inside);
  ADD ("write", test_has_listeners_write);
  ADD ("drop-store", test_has_listeners_drop_store);
  ADD ("begin", test_has_listeners_begin);
  ADD ("count", test_has_listeners_count);

  return g_test_run ();
}
