/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Listeners to a page of the rows of a table, in the order of a cell. */

#include "listener-fixture.h"

#include "test-util.h"

#include <string.h>

/* --- What is heard, as text --- */

static void
append_page (GString            *heard,
             const char         *who,
             const char * const *row_ids)
{
  g_autofree char *text = g_strjoinv (" ", (char **) row_ids);

  g_string_append_printf (heard, "%s %s\n", who, text);
}

static void
page_cb (TstStore           *store,
         const char         *table_id,
         const char         *cell_id,
         gboolean            descending,
         int                 offset,
         int                 limit,
         const char * const *row_ids,
         gpointer            user_data)
{
  append_page (user_data, "page", row_ids);
}

static void
other_page_cb (TstStore           *store,
               const char         *table_id,
               const char         *cell_id,
               gboolean            descending,
               int                 offset,
               int                 limit,
               const char * const *row_ids,
               gpointer            user_data)
{
  append_page (user_data, "other", row_ids);
}

static void
arguments_cb (TstStore           *store,
              const char         *table_id,
              const char         *cell_id,
              gboolean            descending,
              int                 offset,
              int                 limit,
              const char * const *row_ids,
              gpointer            user_data)
{
  g_string_append_printf (user_data, "%s %s %d %d %d:", table_id, cell_id ? cell_id : "NULL",
                          descending, offset, limit);
  append_page (user_data, "", row_ids);
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
has_row_cb (TstStore   *store,
            const char *table_id,
            const char *row_id,
            gboolean    exists,
            gpointer    user_data)
{
  g_string_append_printf (user_data, "has-row %s/%s %d\n", table_id, row_id, exists);
}

static void
count_destroy_cb (gpointer user_data)
{
  ((Fixture *) user_data)->n_destroyed++;
}

/* Rows a, b, c, d with 1, 2, 3, 4 */
static void
fill (Fixture *fixture)
{
  set_number (fixture, "t", "a", "n", 1);
  set_number (fixture, "t", "b", "n", 2);
  set_number (fixture, "t", "c", "n", 3);
  set_number (fixture, "t", "d", "n", 4);
}

static gulong
listen_to (Fixture    *fixture,
           const char *cell_id,
           gboolean    descending,
           int         offset,
           int         limit)
{
  return tst_store_add_sorted_row_ids_listener (fixture->store, "t", cell_id, descending,
                                                offset, limit, 0, page_cb, fixture->heard, NULL);
}

/* --- Pages --- */

static void
test_sorted_listener_page (Fixture       *fixture,
                           gconstpointer  user_data)
{
  g_test_summary ("A listener is told of its page as other rows get into it, or into another order");

  fill (fixture);
  listen_to (fixture, "n", FALSE, 0, 2);
  assert_heard (fixture, "");

  set_number (fixture, "t", "a", "n", 2.5);
  assert_heard (fixture, "page b a\n");
  set_number (fixture, "t", "b", "n", 2.75);
  assert_heard (fixture, "page a b\n");
  set_number (fixture, "t", "e", "n", 0);
  assert_heard (fixture, "page e a\n");
  tst_store_remove_row (fixture->store, "t", "e");
  assert_heard (fixture, "page a b\n");
  tst_store_remove_row (fixture->store, "t", "a");
  assert_heard (fixture, "page b c\n");
  set_number (fixture, "t", "d", "other", 1);
  assert_heard (fixture, "");
  tst_store_remove_cell (fixture->store, "t", "d", "n");
  assert_heard (fixture, "page d b\n");
}

static void
test_sorted_listener_silence (Fixture       *fixture,
                              gconstpointer  user_data)
{
  g_test_summary ("A listener is not told of what leaves its page as it is");

  fill (fixture);
  listen_to (fixture, "n", FALSE, 1, 2);

  set_number (fixture, "t", "d", "n", 5);
  set_number (fixture, "t", "e", "n", 4.5);
  set_number (fixture, "t", "b", "n", 2.5);
  set_number (fixture, "t", "b", "other", 7);
  set_number (fixture, "t", "a", "n", -1);
  set_number (fixture, "u", "a", "n", 100);
  tst_store_remove_row (fixture->store, "t", "d");
  g_assert_true (tst_store_set_value_number (fixture->store, "n", 3, NULL));
  assert_heard (fixture, "");

  /* Out of the page and back into it */
  tst_store_begin (fixture->store);
  set_number (fixture, "t", "b", "n", 50);
  tst_store_remove_row (fixture->store, "t", "c");
  set_number (fixture, "t", "b", "n", 2);
  set_number (fixture, "t", "c", "n", 3);
  tst_store_commit (fixture->store);
  assert_heard (fixture, "");
}

static void
test_sorted_listener_arguments (Fixture       *fixture,
                                gconstpointer  user_data)
{
  static const struct { const char *cell_id; gboolean descending; int offset; int limit; } pages[] = {
    { "n", FALSE, 0, -1 }, { "n", TRUE, 0, 2 }, { NULL, FALSE, -2, 1 }, { NULL, TRUE, -99, -1 },
    { "n", FALSE, 2, 0 }, { "n", FALSE, 99, -1 }, { "none", FALSE, -1, -1 },
    { "n", FALSE, G_MININT, G_MAXINT },
  };

  g_test_summary ("A listener gets what it was added with, and the page with which it goes");

  fill (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    tst_store_add_sorted_row_ids_listener (fixture->store, "t", pages[i].cell_id,
                                           pages[i].descending, pages[i].offset, pages[i].limit,
                                           0, arguments_cb, fixture->heard, NULL);

  /* a b e c d, and by id a b c d e */
  set_number (fixture, "t", "e", "n", 2);
  assert_heard (fixture,
                "t n 0 0 -1: a b e c d\n"
                "t NULL 0 -2 1: d\n"
                "t NULL 1 -99 -1: e d c b a\n"
                "t none 0 -1 -1: e\n"
                "t n 0 -2147483648 2147483647: a b e c d\n");

  tst_store_remove_table (fixture->store, "t");
  assert_heard (fixture,
                "t n 0 0 -1: \n"
                "t n 1 0 2: \n"
                "t NULL 0 -2 1: \n"
                "t NULL 1 -99 -1: \n"
                "t none 0 -1 -1: \n"
                "t n 0 -2147483648 2147483647: \n");
}

static void
test_sorted_listener_types (Fixture       *fixture,
                            gconstpointer  user_data)
{
  g_autoptr(GError) error = NULL;

  g_test_summary ("The order is that of the getter, whatever is in the cells");

  set_number (fixture, "t", "number", "n", 0.5);
  set_number (fixture, "t", "nothing", "other", 1);
  listen_to (fixture, "n", FALSE, 0, -1);

  tst_store_set_table_json (fixture->store, "t",
                            "{\"number\":{\"n\":0.5},\"nothing\":{\"other\":1},\"true\":{\"n\":true},"
                            "\"object\":{\"n\":{}},\"array\":{\"n\":[[\"prefix of all\"],2]},"
                            "\"long\":{\"n\":\"prefix of all,1\"},\"minus\":{\"n\":-1e300},"
                            "\"long2\":{\"n\":\"prefix of all,3\"},\"short\":{\"n\":\"prefix\"},"
                            "\"U+10000\":{\"n\":\"p\\ud800\\udc00\"},\"U+E000\":{\"n\":\"p\\ue000\"},"
                            "\"empty\":{\"n\":\"\"}}", &error);
  g_assert_no_error (error);
  assert_heard (fixture, "page minus nothing number true empty object short long array long2 "
                         "U+10000 U+E000\n");

  g_assert_true (tst_store_set_cell_string (fixture->store, "t", "short", "n", "prefix of all,2",
                                            NULL));
  assert_heard (fixture, "page minus nothing number true empty object long array short long2 "
                         "U+10000 U+E000\n");
}

/* --- The order of rows that are the same --- */

static void
test_sorted_listener_ties (Fixture       *fixture,
                           gconstpointer  user_data)
{
  g_test_summary ("A row that is added again goes behind those that are the same");

  fill (fixture);
  listen_to (fixture, NULL, FALSE, 0, -1);
  listen_to (fixture, "other", FALSE, 0, -1);

  /* The net changes of this are none. */
  tst_store_begin (fixture->store);
  tst_store_remove_row (fixture->store, "t", "b");
  set_number (fixture, "t", "b", "n", 2);
  tst_store_commit (fixture->store);
  assert_heard (fixture, "page a c d b\n");

  tst_store_begin (fixture->store);
  tst_store_remove_table (fixture->store, "t");
  set_number (fixture, "t", "d", "n", 4);
  set_number (fixture, "t", "c", "n", 3);
  set_number (fixture, "t", "b", "n", 2);
  set_number (fixture, "t", "a", "n", 1);
  tst_store_commit (fixture->store);
  assert_heard (fixture, "page d c b a\n");

  /* Overwriting leaves a row where it is. */
  set_number (fixture, "t", "d", "other", 1);
  assert_heard (fixture, "page c b a d\n");
  set_number (fixture, "t", "d", "other", 0);
  assert_heard (fixture, "page d c b a\n");
}

static void
test_sorted_listener_tidying (Fixture       *fixture,
                              gconstpointer  user_data)
{
  g_test_summary ("Rows that got other places in memory stay where they are in the order");

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *id = g_strdup_printf ("r%03u", i);

      set_number (fixture, "t", id, "n", i % 100 == 7 ? -1 : 1);
    }
  listen_to (fixture, "n", FALSE, 0, 5);

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *id = g_strdup_printf ("r%03u", i);

      if (i % 100 != 7)
        tst_store_remove_row (fixture->store, "t", id);
    }
  assert_heard (fixture, "");

  set_number (fixture, "t", "new", "n", -1);
  set_number (fixture, "t", "r107", "n", -2);
  assert_heard (fixture, "page r107 r007 r207 r307 r407\n");
  set_number (fixture, "t", "r107", "n", -1);
  assert_heard (fixture, "page r007 r107 r207 r307 r407\n");
  set_number (fixture, "t", "r207", "n", 5);
  tst_store_remove_row (fixture->store, "t", "r307");
  tst_store_remove_row (fixture->store, "t", "r007");
  assert_heard (fixture, "page r007 r107 r307 r407 r507\n"
                         "page r007 r107 r407 r507 r607\n"
                         "page r107 r407 r507 r607 r707\n");
}

static void
test_sorted_listener_table (Fixture       *fixture,
                            gconstpointer  user_data)
{
  g_test_summary ("A table may come after its listener, go, and come again");

  listen_to (fixture, "n", TRUE, 0, 2);
  fill (fixture);
  assert_heard (fixture, "page a\npage b a\npage c b\npage d c\n");

  tst_store_remove_tables (fixture->store);
  assert_heard (fixture, "page \n");
  set_number (fixture, "t", "z", "other", 1);
  assert_heard (fixture, "page z\n");
  set_number (fixture, "t", "y", "n", 1);
  assert_heard (fixture, "page y z\n");
}

static void
test_sorted_listener_much (Fixture       *fixture,
                           gconstpointer  user_data)
{
  g_test_summary ("A transaction may change all rows");

  tst_store_begin (fixture->store);
  for (guint i = 0; i < 500; i++)
    {
      g_autofree char *id = g_strdup_printf ("r%u", i);

      set_number (fixture, "t", id, "n", i);
    }
  tst_store_commit (fixture->store);
  listen_to (fixture, "n", FALSE, 100, 2);

  tst_store_begin (fixture->store);
  for (guint i = 0; i < 500; i++)
    {
      g_autofree char *id = g_strdup_printf ("r%u", i);

      set_number (fixture, "t", id, "n", 500 - i);
    }
  tst_store_commit (fixture->store);
  assert_heard (fixture, "page r399 r398\n");
}

/* --- When they are called --- */

static void
test_sorted_listener_phase (Fixture       *fixture,
                            gconstpointer  user_data)
{
  g_test_summary ("A listener is called behind those to rows, and before those to cells");

  fill (fixture);
  tst_store_add_cell_ids_listener (fixture->store, NULL, NULL, 0, cell_ids_cb, fixture->heard, NULL);
  tst_store_add_cell_listener (fixture->store, NULL, NULL, NULL, 0, cell_cb, fixture->heard, NULL);
  listen_to (fixture, "n", FALSE, 0, 1);
  tst_store_add_sorted_row_ids_listener (fixture->store, "u", "n", FALSE, 0, -1, 0, other_page_cb,
                                         fixture->heard, NULL);
  tst_store_add_has_row_listener (fixture->store, NULL, NULL, 0, has_row_cb, fixture->heard, NULL);

  tst_store_begin (fixture->store);
  set_number (fixture, "t", "d", "n", 0);
  set_number (fixture, "u", "x", "m", 0);
  tst_store_commit (fixture->store);
  /* The table that got a row comes first. */
  assert_heard (fixture, "has-row u/x 1\nother x\npage d\ncell-ids u/x\n"
                         "cell t/d/n\ncell u/x/m\n");

  tst_store_begin (fixture->store);
  set_number (fixture, "t", "z", "n", -1);
  set_number (fixture, "u", "y", "m", 0);
  tst_store_commit (fixture->store);
  assert_heard (fixture, "has-row t/z 1\npage z\nhas-row u/y 1\nother x y\n"
                         "cell-ids t/z\ncell-ids u/y\ncell t/z/n\ncell u/y/m\n");
}

static void
test_sorted_listener_rollback (Fixture       *fixture,
                               gconstpointer  user_data)
{
  g_test_summary ("What is undone is not told, and leaves the order as it was");

  fill (fixture);
  listen_to (fixture, "n", FALSE, 0, 2);

  tst_store_begin (fixture->store);
  set_number (fixture, "t", "d", "n", 0);
  tst_store_remove_row (fixture->store, "t", "a");
  tst_store_rollback (fixture->store);
  assert_heard (fixture, "");

  tst_store_begin (fixture->store);
  set_number (fixture, "t", "c", "n", 0);
  tst_store_begin (fixture->store);
  set_number (fixture, "t", "e", "n", -1);
  tst_store_remove_row (fixture->store, "t", "a");
  tst_store_rollback (fixture->store);
  set_number (fixture, "t", "f", "n", 0);
  tst_store_commit (fixture->store);
  assert_heard (fixture, "page c f\n");
}

static void
test_sorted_listener_late (Fixture       *fixture,
                           gconstpointer  user_data)
{
  g_test_summary ("A listener that is added in a transaction knows what is there already");

  fill (fixture);
  tst_store_begin (fixture->store);
  set_number (fixture, "t", "d", "n", 0);
  listen_to (fixture, "n", FALSE, 0, 2);
  set_number (fixture, "t", "d", "m", 0);
  tst_store_commit (fixture->store);
  assert_heard (fixture, "");

  /* As this is undone, it knows something else than there is, until the next
   * transaction. */
  tst_store_begin (fixture->store);
  set_number (fixture, "t", "c", "n", -1);
  set_number (fixture, "t", "e", "n", -3);
  tst_store_add_sorted_row_ids_listener (fixture->store, "t", "n", FALSE, 0, 3, 0, other_page_cb,
                                         fixture->heard, NULL);
  tst_store_rollback (fixture->store);
  assert_heard (fixture, "");
  set_number (fixture, "u", "x", "n", 9);
  assert_heard (fixture, "other d a b\n");
}

/* Moves the first row of a page behind all others, until it is a. */
static void
move_first_cb (TstStore           *store,
               const char         *table_id,
               const char         *cell_id,
               gboolean            descending,
               int                 offset,
               int                 limit,
               const char * const *row_ids,
               gpointer            user_data)
{
  append_page (user_data, "move", row_ids);
  if (strcmp (row_ids[0], "a") != 0)
    g_assert_true (tst_store_set_cell_number (store, "t", row_ids[0], "n", 10, NULL));
}

static void
test_sorted_listener_writes (Fixture       *fixture,
                             gconstpointer  user_data)
{
  g_test_summary ("What a listener writes is told when everybody was told of what was before");

  fill (fixture);
  tst_store_add_sorted_row_ids_listener (fixture->store, "t", "n", FALSE, 0, 2, 0, move_first_cb,
                                         fixture->heard, NULL);
  listen_to (fixture, "n", FALSE, 0, 2);

  tst_store_begin (fixture->store);
  set_number (fixture, "t", "d", "n", 0);
  set_number (fixture, "t", "c", "n", 0.5);
  tst_store_commit (fixture->store);
  assert_heard (fixture, "move d c\npage d c\n"
                         "move c a\npage c a\n"
                         "move a b\npage a b\n");
}

/* Never comes to an end. */
static void
swap_cb (TstStore     *store,
         const char   *table_id,
         const char   *row_id,
         const char   *cell_id,
         const GValue *new_value,
         const GValue *old_value,
         gpointer      user_data)
{
  double number = tst_store_get_cell_number (store, "t", "d", "n");

  g_assert_true (tst_store_set_cell_number (store, "t", "d", "n", -number, NULL));
}

static void
test_sorted_listener_ping_pong (Fixture       *fixture,
                                gconstpointer  user_data)
{
  gulong handle;

  g_test_summary ("Where listeners had to be stopped, the page is told in the next transaction");

  fill (fixture);
  handle = tst_store_add_cell_listener (fixture->store, "t", "d", "n", 0, swap_cb, NULL, NULL);
  listen_to (fixture, "n", FALSE, 0, 1);

  g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, "*kept writing*");
  set_number (fixture, "t", "d", "n", 5);
  g_test_assert_expected_messages ();
  g_assert_cmpfloat (tst_store_get_cell_number (fixture->store, "t", "d", "n"), ==, 5);
  g_assert_true (g_str_has_suffix (fixture->heard->str, "page a\npage d\n"));
  g_string_truncate (fixture->heard, 0);

  g_assert_true (tst_store_remove_listener (fixture->store, handle));
  set_number (fixture, "u", "x", "n", 5);
  assert_heard (fixture, "page a\n");
}

/* --- Mutators --- */

static void
undo_cb (TstStore           *store,
         const char         *table_id,
         const char         *cell_id,
         gboolean            descending,
         int                 offset,
         int                 limit,
         const char * const *row_ids,
         gpointer            user_data)
{
  append_page (user_data, "mutator", row_ids);
  if (row_ids[0] != NULL && strcmp (row_ids[0], "bad") == 0)
    tst_store_rollback (store);
}

static void
listen_as_mutator (Fixture                 *fixture,
                   TstSortedRowIdsListener  listener)
{
  tst_store_add_sorted_row_ids_listener (fixture->store, "t", "n", FALSE, 0, 2,
                                         TST_LISTENER_MUTATOR, listener, fixture->heard, NULL);
}

static void
test_sorted_listener_mutator (Fixture       *fixture,
                              gconstpointer  user_data)
{
  g_test_summary ("A mutator is told before the end, and may write");

  fill (fixture);
  listen_as_mutator (fixture, move_first_cb);
  listen_to (fixture, "n", FALSE, 0, 2);

  set_number (fixture, "t", "d", "n", 0);
  assert_heard (fixture, "move d a\n");
  /* Of what came of that it is told in the next one. */
  set_number (fixture, "t", "c", "m", 0);
  assert_heard (fixture, "move a b\n");
  set_number (fixture, "t", "b", "m", 0);
  assert_heard (fixture, "");
}

static void
set_undone (Fixture    *fixture,
            const char *row_id,
            double      number)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (tst_store_set_cell_number (fixture->store, "t", row_id, "n", number, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_ROLLED_BACK);
}

static void
test_sorted_listener_undone (Fixture       *fixture,
                             gconstpointer  user_data)
{
  g_test_summary ("A mutator may undo the transaction, of which nobody else is told");

  fill (fixture);
  listen_as_mutator (fixture, undo_cb);
  listen_as_mutator (fixture, other_page_cb);
  listen_to (fixture, "n", FALSE, 0, 2);

  set_undone (fixture, "bad", 0);
  assert_heard (fixture, "mutator bad a\n");

  set_number (fixture, "t", "c", "n", 0);
  assert_heard (fixture, "mutator c a\nother c a\npage c a\n");
  tst_store_begin (fixture->store);
  set_number (fixture, "t", "bad", "n", -1);
  tst_store_remove_row (fixture->store, "t", "c");
  g_assert_false (tst_store_commit (fixture->store));
  assert_heard (fixture, "mutator bad a\n");
  set_number (fixture, "t", "b", "n", 8);
  assert_heard (fixture, "mutator c a\n");
}

static void
test_sorted_listener_only_mutator (Fixture       *fixture,
                                   gconstpointer  user_data)
{
  g_test_summary ("A mutator is told the right page if nobody else listens");

  fill (fixture);
  listen_as_mutator (fixture, other_page_cb);

  for (guint i = 0; i < 500; i++)
    {
      g_autofree char *id = g_strdup_printf ("r%u", i);

      set_number (fixture, "t", id, "n", 5);
    }
  for (guint i = 0; i < 500; i++)
    {
      g_autofree char *id = g_strdup_printf ("r%u", i);

      tst_store_remove_row (fixture->store, "t", id);
    }
  assert_heard (fixture, "");
  set_number (fixture, "t", "d", "n", 0);
  assert_heard (fixture, "other d a\n");
}

/* --- Listeners as such --- */

static void
test_sorted_listener_call (Fixture       *fixture,
                           gconstpointer  user_data)
{
  gulong handle;

  g_test_summary ("A listener can be called for the page that there is");

  fill (fixture);
  handle = listen_to (fixture, "n", TRUE, 0, 2);
  g_assert_true (tst_store_call_listener (fixture->store, handle));
  g_assert_true (tst_store_call_listener (fixture->store, handle));
  assert_heard (fixture, "page d c\npage d c\n");

  tst_store_begin (fixture->store);
  set_number (fixture, "t", "a", "n", 9);
  g_assert_true (tst_store_call_listener (fixture->store, handle));
  assert_heard (fixture, "page a d\n");
  tst_store_commit (fixture->store);
  assert_heard (fixture, "");

  tst_store_begin (fixture->store);
  set_number (fixture, "t", "b", "n", 10);
  g_assert_true (tst_store_call_listener (fixture->store, handle));
  tst_store_rollback (fixture->store);
  assert_heard (fixture, "page b a\n");
  set_number (fixture, "t", "c", "n", 0);
  assert_heard (fixture, "page a d\n");
}

static void
call_other_cb (TstStore           *store,
               const char         *table_id,
               const char         *cell_id,
               gboolean            descending,
               int                 offset,
               int                 limit,
               const char * const *row_ids,
               gpointer            user_data)
{
  Fixture *fixture = user_data;

  append_page (fixture->heard, "first", row_ids);
  if (fixture->n_calls++ > 0)
    return;

  set_number (fixture, "t", "b", "n", -5);
  g_assert_true (tst_store_call_listener (store, fixture->handles[0]));
}

static void
test_sorted_listener_called_early (Fixture       *fixture,
                                   gconstpointer  user_data)
{
  g_test_summary ("A listener that was called meanwhile is not told of what was before");

  fill (fixture);
  tst_store_add_sorted_row_ids_listener (fixture->store, "t", "n", FALSE, 0, 2, 0, call_other_cb,
                                         fixture, NULL);
  fixture->handles[0] = listen_to (fixture, "n", FALSE, 0, 2);

  set_number (fixture, "t", "d", "n", 0);
  assert_heard (fixture, "first d a\npage b d\nfirst b d\n");
  set_number (fixture, "t", "b", "n", 2);
  assert_heard (fixture, "first d a\npage d a\n");
}

static void
remove_itself_cb (TstStore           *store,
                  const char         *table_id,
                  const char         *cell_id,
                  gboolean            descending,
                  int                 offset,
                  int                 limit,
                  const char * const *row_ids,
                  gpointer            user_data)
{
  Fixture *fixture = user_data;

  for (guint i = 0; i < 3; i++)
    tst_store_remove_listener (store, fixture->handles[i]);
  append_page (fixture->heard, "last", row_ids);
}

static void
test_sorted_listener_remove (Fixture       *fixture,
                             gconstpointer  user_data)
{
  g_test_summary ("Listeners are counted, and may be removed at any time, also by themselves");

  fill (fixture);
  for (guint i = 0; i < 3; i++)
    fixture->handles[i] =
      tst_store_add_sorted_row_ids_listener (fixture->store, "t", i == 2 ? NULL : "n", TRUE, 0, -1, 0,
                                             remove_itself_cb, fixture, count_destroy_cb);
  fixture->handles[3] =
    tst_store_add_sorted_row_ids_listener (fixture->store, "t", "n", FALSE, 0, 1,
                                           TST_LISTENER_MUTATOR, other_page_cb, fixture->heard, NULL);
  g_assert_cmpuint (tst_store_get_n_listeners (fixture->store, TST_LISTENER_KIND_SORTED_ROW_IDS), ==, 4);

  set_number (fixture, "t", "z", "n", 0.5);
  assert_heard (fixture, "other z\nlast d c b a z\n");
  g_assert_cmpuint (fixture->n_destroyed, ==, 3);
  g_assert_cmpuint (tst_store_get_n_listeners (fixture->store, TST_LISTENER_KIND_SORTED_ROW_IDS), ==, 1);

  g_assert_true (tst_store_remove_listener (fixture->store, fixture->handles[3]));
  g_assert_false (tst_store_remove_listener (fixture->store, fixture->handles[3]));
  g_assert_false (tst_store_call_listener (fixture->store, fixture->handles[3]));
  set_number (fixture, "t", "y", "n", 0.25);
  assert_heard (fixture, "");

  /* Written while nobody listened */
  listen_to (fixture, "n", FALSE, 0, 2);
  set_number (fixture, "t", "a", "n", 0.3);
  assert_heard (fixture, "page y a\n");
}

static void
test_sorted_listener_programmer (Fixture       *fixture,
                                 gconstpointer  user_data)
{
  g_test_summary ("A table must be given, and the limit must be one");

  g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, "*table_id*");
  g_assert_cmpuint (tst_store_add_sorted_row_ids_listener (fixture->store, NULL, NULL, FALSE, 0, -1,
                                                           0, page_cb, NULL, NULL), ==, 0);
  g_test_assert_expected_messages ();
  g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, "*limit*");
  g_assert_cmpuint (tst_store_add_sorted_row_ids_listener (fixture->store, "t", NULL, FALSE, 0, -2,
                                                           0, page_cb, NULL, NULL), ==, 0);
  g_test_assert_expected_messages ();
  g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, "*listener*");
  g_assert_cmpuint (tst_store_add_sorted_row_ids_listener (fixture->store, "t", NULL, FALSE, 0, -1,
                                                           0, NULL, NULL, NULL), ==, 0);
  g_test_assert_expected_messages ();
  fill (fixture);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/sorted-listener/" path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

  ADD ("page", test_sorted_listener_page);
  ADD ("silence", test_sorted_listener_silence);
  ADD ("arguments", test_sorted_listener_arguments);
  ADD ("types", test_sorted_listener_types);
  ADD ("ties", test_sorted_listener_ties);
  ADD ("tidying", test_sorted_listener_tidying);
  ADD ("table", test_sorted_listener_table);
  ADD ("much", test_sorted_listener_much);
  ADD ("phase", test_sorted_listener_phase);
  ADD ("rollback", test_sorted_listener_rollback);
  ADD ("late", test_sorted_listener_late);
  ADD ("writes", test_sorted_listener_writes);
  ADD ("ping-pong", test_sorted_listener_ping_pong);
  ADD ("mutator", test_sorted_listener_mutator);
  ADD ("undone", test_sorted_listener_undone);
  ADD ("only-mutator", test_sorted_listener_only_mutator);
  ADD ("call", test_sorted_listener_call);
  ADD ("called-early", test_sorted_listener_called_early);
  ADD ("remove", test_sorted_listener_remove);
  ADD ("programmer", test_sorted_listener_programmer);

  return g_test_run ();
}
