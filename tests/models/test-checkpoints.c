/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "outside.h"

#include <stdlib.h>

typedef struct
{
  TstStore       *store;
  TstCheckpoints *checkpoints;
} Fixture;

/* In changes: what is removed. */
#define GONE "\"\357\277\274\""

#define FIDO "[{\"pets\":{\"fido\":{\"species\":\"dog\",\"price\":5}}},{\"open\":true}]"

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  user_data)
{
  g_autoptr(GError) error = NULL;

  fixture->store = tst_store_new ();
  tst_store_set_json (fixture->store, FIDO, &error);
  g_assert_no_error (error);
  fixture->checkpoints = tst_checkpoints_new (fixture->store);
}

static void
fixture_set_up_automatic (Fixture       *fixture,
                          gconstpointer  user_data)
{
  fixture_set_up (fixture, user_data);
  tst_checkpoints_set_automatic (fixture->checkpoints, TRUE);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  user_data)
{
  g_assert_finalize_object (fixture->checkpoints);
  g_assert_finalize_object (fixture->store);
}

static void
set_price (TstStore   *store,
           const char *pet,
           double      price)
{
  g_autoptr(GError) error = NULL;

  tst_store_set_cell_number (store, "pets", pet, "price", price, &error);
  g_assert_no_error (error);
}

static void
undo (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  gboolean done = tst_checkpoints_undo (fixture->checkpoints, &error);

  g_assert_no_error (error);
  g_assert_true (done);
}

static void
redo (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  gboolean done = tst_checkpoints_redo (fixture->checkpoints, &error);

  g_assert_no_error (error);
  g_assert_true (done);
}

static void
go_to (Fixture *fixture,
       guint    id)
{
  g_autoptr(GError) error = NULL;
  gboolean done = tst_checkpoints_go_to (fixture->checkpoints, id, &error);

  g_assert_no_error (error);
  g_assert_true (done);
}

/* "2 1|" for two checkpoints that one can go back to, and one forward */
static void
assert_ids (Fixture    *fixture,
            const char *expected)
{
  g_autoptr(GString) text = g_string_new ("");
  g_autofree guint *backward = NULL;
  g_autofree guint *forward = NULL;
  gsize n_backward, n_forward;

  backward = tst_checkpoints_get_backward_ids (fixture->checkpoints, &n_backward);
  for (gsize i = 0; i < n_backward; i++)
    g_string_append_printf (text, "%u ", backward[i]);

  g_string_append_printf (text, "(%u)", tst_checkpoints_get_current (fixture->checkpoints));

  forward = tst_checkpoints_get_forward_ids (fixture->checkpoints, &n_forward);
  for (gsize i = 0; i < n_forward; i++)
    g_string_append_printf (text, " %u", forward[i]);

  g_assert_cmpstr (text->str, ==, expected);
}

/* --- Steps --- */

static void
test_checkpoints_manual (Fixture       *fixture,
                         gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  g_autofree char *undo_label = NULL;
  g_autofree char *redo_label = NULL;
  guint first = tst_checkpoints_get_current (fixture->checkpoints);
  guint second;

  g_test_summary ("A step is what was written between two checkpoints");

  set_price (store, "fido", 6);
  tst_store_set_value_boolean (store, "open", FALSE, NULL);
  g_assert_cmpuint (tst_checkpoints_get_current (fixture->checkpoints), ==, 0);
  second = tst_checkpoints_add (fixture->checkpoints, "Raise");
  g_assert_cmpuint (second, !=, first);
  g_assert_cmpuint (tst_checkpoints_get_current (fixture->checkpoints), ==, second);
  g_assert_cmpuint (tst_checkpoints_add (fixture->checkpoints, "Nothing"), ==, second);
  g_assert_cmpstr (tst_checkpoints_get_undo_label (fixture->checkpoints), ==, "Raise");

  undo (fixture);
  assert_json (store, FIDO);
  g_assert_cmpuint (tst_checkpoints_get_current (fixture->checkpoints), ==, first);
  g_assert_cmpstr (tst_checkpoints_get_redo_label (fixture->checkpoints), ==, "Raise");
  g_object_get (fixture->checkpoints, "undo-label", &undo_label, "redo-label", &redo_label, NULL);
  g_assert_null (undo_label);
  g_assert_cmpstr (redo_label, ==, "Raise");

  redo (fixture);
  assert_json (store, "[{\"pets\":{\"fido\":{\"species\":\"dog\",\"price\":6}}},{\"open\":false}]");

  undo (fixture);
  assert_json (store, FIDO);
}

static void
test_checkpoints_kinds (Fixture       *fixture,
                        gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  const char *changed = "[{\"owners\":{\"ann\":{\"of\":\"fido\",\"notes\":\"\357\277\275[1,\\\"a longer text than fits\\\"]\"}},"
                        "\"pets\":{\"felix\":{\"species\":\"cat\"}}},{\"closed\":null}]";
  g_autoptr(GError) error = NULL;

  g_test_summary ("Tables, rows, cells and values come and go again, of any type");

  tst_store_set_json (store, changed, &error);
  g_assert_no_error (error);
  tst_checkpoints_add (fixture->checkpoints, NULL);

  undo (fixture);
  assert_json (store, FIDO);
  redo (fixture);
  assert_json (store, "[{\"pets\":{\"felix\":{\"species\":\"cat\"}},"
                      "\"owners\":{\"ann\":{\"of\":\"fido\",\"notes\":\"\357\277\275[1,\\\"a longer text than fits\\\"]\"}}},"
                      "{\"closed\":null}]");

  tst_store_remove_tables (store);
  tst_store_remove_values (store);
  tst_checkpoints_add (fixture->checkpoints, NULL);
  assert_json (store, "[{},{}]");
  undo (fixture);
  undo (fixture);
  assert_json (store, FIDO);
}

static void
test_checkpoints_wide (Fixture       *fixture,
                       gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("Many values, of which one comes, one changes and one goes in the middle");

  for (int i = 0; i < 200; i++)
    {
      g_autofree char *id = g_strdup_printf ("v%d", i);

      tst_store_set_value_number (store, id, i, NULL);
    }
  tst_checkpoints_add (fixture->checkpoints, NULL);

  tst_store_remove_value (store, "v50");
  tst_store_set_value_number (store, "w", 1, NULL);
  tst_store_set_value_number (store, "v7", -7, NULL);

  undo (fixture);
  g_assert_cmpuint (tst_store_get_n_values (store), ==, 201);
  for (int i = 0; i < 200; i++)
    {
      g_autofree char *id = g_strdup_printf ("v%d", i);

      g_assert_cmpfloat (tst_store_get_value_number (store, id), ==, i);
      g_assert_true (tst_store_has_value (store, id));
    }

  redo (fixture);
  g_assert_cmpuint (tst_store_get_n_values (store), ==, 201);
  g_assert_false (tst_store_has_value (store, "v50"));
  g_assert_true (tst_store_has_value (store, "v51"));
  g_assert_true (tst_store_has_value (store, "w"));
  g_assert_cmpfloat (tst_store_get_value_number (store, "v7"), ==, -7);
}

static void
test_checkpoints_pending (Fixture       *fixture,
                          gconstpointer  user_data)
{
  g_test_summary ("What was written since the last checkpoint is undone first, and can be redone");

  set_price (fixture->store, "fido", 6);
  tst_checkpoints_add (fixture->checkpoints, NULL);
  set_price (fixture->store, "fido", 7);
  g_assert_true (tst_checkpoints_get_can_undo (fixture->checkpoints));
  assert_ids (fixture, "1 2 (0)");

  undo (fixture);
  g_assert_cmpfloat (tst_store_get_cell_number (fixture->store, "pets", "fido", "price"), ==, 6);
  assert_ids (fixture, "1 (2) 3");
  redo (fixture);
  g_assert_cmpfloat (tst_store_get_cell_number (fixture->store, "pets", "fido", "price"), ==, 7);
  assert_ids (fixture, "1 2 (3)");
}

static void
test_checkpoints_no_change (Fixture       *fixture,
                            gconstpointer  user_data)
{
  g_autoptr(GError) error = NULL;

  g_test_summary ("What was written and taken back by the application is no step");

  set_price (fixture->store, "fido", 6);
  set_price (fixture->store, "fido", 5);
  g_assert_cmpuint (tst_checkpoints_add (fixture->checkpoints, NULL), ==, 1);
  g_assert_false (tst_checkpoints_get_can_undo (fixture->checkpoints));

  g_assert_false (tst_checkpoints_undo (fixture->checkpoints, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (tst_checkpoints_redo (fixture->checkpoints, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (tst_checkpoints_go_to (fixture->checkpoints, 77, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void
test_checkpoints_forward (Fixture       *fixture,
                          gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("A new step takes the place of those that were undone");

  set_price (store, "fido", 6);
  set_price (store, "fido", 7);
  undo (fixture);
  undo (fixture);
  assert_ids (fixture, "(1) 2 3");

  /* What changes nothing in the end does not count. */
  tst_store_begin (store);
  set_price (store, "fido", 8);
  set_price (store, "fido", 5);
  tst_store_commit (store);
  assert_ids (fixture, "(1) 2 3");

  set_price (store, "fido", 9);
  assert_ids (fixture, "1 (4)");

  undo (fixture);
  tst_checkpoints_clear_forward (fixture->checkpoints);
  assert_ids (fixture, "(1)");
  g_assert_false (tst_checkpoints_get_can_redo (fixture->checkpoints));
}

static void
test_checkpoints_forward_pending (Fixture       *fixture,
                                  gconstpointer  user_data)
{
  set_price (fixture->store, "fido", 6);
  undo (fixture);
  g_assert_true (tst_checkpoints_get_can_redo (fixture->checkpoints));
  set_price (fixture->store, "fido", 7);
  g_assert_false (tst_checkpoints_get_can_redo (fixture->checkpoints));
  assert_ids (fixture, "1 (0)");
}

static void
test_checkpoints_go_to (Fixture       *fixture,
                        gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("Several steps are one transaction");

  for (int i = 6; i < 10; i++)
    set_price (store, "fido", i);
  tst_store_set_cell_string (store, "pets", "felix", "species", "cat", NULL);
  assert_ids (fixture, "1 2 3 4 5 (6)");

  go_to (fixture, 2);
  assert_json (store, "[{\"pets\":{\"fido\":{\"species\":\"dog\",\"price\":6}}},{\"open\":true}]");
  assert_ids (fixture, "1 (2) 3 4 5 6");
  go_to (fixture, 5);
  assert_json (store, "[{\"pets\":{\"fido\":{\"species\":\"dog\",\"price\":9}}},{\"open\":true}]");
  go_to (fixture, 5);
  assert_ids (fixture, "1 2 3 4 (5) 6");
  undo (fixture);
  go_to (fixture, 6);
  g_assert_true (tst_store_has_row (store, "pets", "felix"));
  go_to (fixture, 1);
  assert_json (store, FIDO);
}

static void
test_checkpoints_size (Fixture       *fixture,
                       gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("Only so many steps can be undone");

  tst_checkpoints_set_size (fixture->checkpoints, 2);
  for (int i = 6; i < 10; i++)
    set_price (store, "fido", i);
  assert_ids (fixture, "3 4 (5)");
  g_assert_false (tst_checkpoints_has (fixture->checkpoints, 2));
  g_assert_true (tst_checkpoints_has (fixture->checkpoints, 3));

  undo (fixture);
  undo (fixture);
  g_assert_false (tst_checkpoints_get_can_undo (fixture->checkpoints));
  g_assert_cmpfloat (tst_store_get_cell_number (store, "pets", "fido", "price"), ==, 7);
  redo (fixture);
  redo (fixture);
  assert_ids (fixture, "3 4 (5)");

  tst_checkpoints_set_size (fixture->checkpoints, 0);
  assert_ids (fixture, "(5)");
  set_price (store, "fido", 1);
  assert_ids (fixture, "(6)");
}

static void
test_checkpoints_labels (Fixture       *fixture,
                         gconstpointer  user_data)
{
  TstCheckpoints *checkpoints = fixture->checkpoints;
  guint id;

  set_price (fixture->store, "fido", 6);
  id = tst_checkpoints_get_current (checkpoints);
  g_assert_null (tst_checkpoints_get_label (checkpoints, id));
  g_assert_null (tst_checkpoints_get_undo_label (checkpoints));

  tst_checkpoints_set_label (checkpoints, id, "Raise");
  g_assert_cmpstr (tst_checkpoints_get_label (checkpoints, id), ==, "Raise");
  g_assert_cmpstr (tst_checkpoints_get_undo_label (checkpoints), ==, "Raise");

  /* The first one is not led to by anything that could be undone. */
  tst_checkpoints_set_size (checkpoints, 0);
  g_assert_cmpstr (tst_checkpoints_get_label (checkpoints, id), ==, "Raise");
  g_assert_null (tst_checkpoints_get_undo_label (checkpoints));

  tst_checkpoints_set_label (checkpoints, 77, "Nobody");
  g_assert_null (tst_checkpoints_get_label (checkpoints, 77));
}

static void
test_checkpoints_clear (Fixture       *fixture,
                        gconstpointer  user_data)
{
  set_price (fixture->store, "fido", 6);
  tst_checkpoints_add (fixture->checkpoints, NULL);
  set_price (fixture->store, "fido", 7);

  tst_checkpoints_clear (fixture->checkpoints);
  assert_ids (fixture, "(3)");
  g_assert_false (tst_checkpoints_get_can_undo (fixture->checkpoints));

  set_price (fixture->store, "fido", 8);
  undo (fixture);
  g_assert_cmpfloat (tst_store_get_cell_number (fixture->store, "pets", "fido", "price"), ==, 7);
}

static void
test_checkpoints_group (Fixture       *fixture,
                        gconstpointer  user_data)
{
  TstCheckpoints *checkpoints = fixture->checkpoints;
  g_autoptr(GError) error = NULL;

  g_test_summary ("Several transactions are one step with a label");

  tst_checkpoints_begin_group (checkpoints, "Add a pet");
  set_price (fixture->store, "felix", 3);
  tst_checkpoints_begin_group (checkpoints, "Inner");
  tst_store_set_cell_string (fixture->store, "pets", "felix", "species", "cat", NULL);
  tst_checkpoints_end_group (checkpoints);
  set_price (fixture->store, "fido", 1);

  g_assert_false (tst_checkpoints_get_can_undo (checkpoints));
  g_assert_false (tst_checkpoints_undo (checkpoints, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  tst_checkpoints_end_group (checkpoints);

  assert_ids (fixture, "1 (2)");
  g_assert_cmpstr (tst_checkpoints_get_undo_label (checkpoints), ==, "Add a pet");
  undo (fixture);
  assert_json (fixture->store, FIDO);

  /* The label of a group that did nothing does not stick to the next one. */
  tst_checkpoints_begin_group (checkpoints, "Nothing");
  tst_checkpoints_end_group (checkpoints);
  set_price (fixture->store, "fido", 1);
  tst_checkpoints_add (checkpoints, NULL);
  g_assert_null (tst_checkpoints_get_undo_label (checkpoints));
}

static void
test_checkpoints_group_pending (Fixture       *fixture,
                                gconstpointer  user_data)
{
  g_test_summary ("What was written before a group does not belong to it");

  set_price (fixture->store, "fido", 6);
  tst_checkpoints_begin_group (fixture->checkpoints, "Raise");
  set_price (fixture->store, "fido", 7);
  tst_checkpoints_end_group (fixture->checkpoints);
  assert_ids (fixture, "1 2 (3)");
  undo (fixture);
  g_assert_cmpfloat (tst_store_get_cell_number (fixture->store, "pets", "fido", "price"), ==, 6);
}

static void
test_checkpoints_switch (Fixture       *fixture,
                         gconstpointer  user_data)
{
  g_test_summary ("What was written before each transaction became a step is one");

  set_price (fixture->store, "fido", 6);
  set_price (fixture->store, "fido", 7);
  tst_checkpoints_set_automatic (fixture->checkpoints, TRUE);
  assert_ids (fixture, "1 (2)");
  set_price (fixture->store, "fido", 8);
  assert_ids (fixture, "1 2 (3)");
  tst_checkpoints_set_automatic (fixture->checkpoints, FALSE);
  set_price (fixture->store, "fido", 9);
  assert_ids (fixture, "1 2 3 (0)");

  /* In the middle of something, it waits for its end. */
  tst_store_begin (fixture->store);
  tst_checkpoints_set_automatic (fixture->checkpoints, TRUE);
  assert_ids (fixture, "1 2 3 (0)");
  tst_store_commit (fixture->store);
  set_price (fixture->store, "fido", 10);
  assert_ids (fixture, "1 2 3 (4)");
}

/* --- What is told --- */

static void
record_notify_cb (TstCheckpoints *checkpoints,
                  GParamSpec     *pspec,
                  GString        *log)
{
  g_string_append_printf (log, "%s ", pspec->name);
}

static void
record_changed_cb (TstCheckpoints *checkpoints,
                   GString        *log)
{
  g_string_append (log, "! ");
}

static int
compare_strings (gconstpointer a,
                 gconstpointer b)
{
  return g_strcmp0 (*(const char **) a, *(const char **) b);
}

/* The order in which they are notified does not count. */
static void
assert_log (GString    *log,
            const char *expected)
{
  g_auto(GStrv) words = g_strsplit (g_strchomp (log->str), " ", -1);
  g_autofree char *sorted = NULL;

  qsort (words, g_strv_length (words), sizeof (char *), compare_strings);
  sorted = g_strjoinv (" ", words);
  g_assert_cmpstr (sorted, ==, expected);
  g_string_truncate (log, 0);
}

static void
test_checkpoints_notify (Fixture       *fixture,
                         gconstpointer  user_data)
{
  TstCheckpoints *checkpoints = fixture->checkpoints;
  g_autoptr(GString) log = g_string_new ("");
  gboolean can_undo, can_redo, automatic;
  guint size, current;

  g_signal_connect (checkpoints, "notify", G_CALLBACK (record_notify_cb), log);
  g_signal_connect (checkpoints, "changed", G_CALLBACK (record_changed_cb), log);

  set_price (fixture->store, "fido", 6);
  assert_log (log, "can-undo current");
  set_price (fixture->store, "fido", 7);
  assert_log (log, "");
  tst_checkpoints_add (checkpoints, "Raise");
  assert_log (log, "! current undo-label");
  undo (fixture);
  assert_log (log, "! can-redo can-undo current redo-label undo-label");
  redo (fixture);
  assert_log (log, "! can-redo can-undo current redo-label undo-label");
  tst_checkpoints_set_label (checkpoints, tst_checkpoints_get_current (checkpoints), "Raise");
  assert_log (log, "");
  tst_checkpoints_clear (checkpoints);
  assert_log (log, "! can-undo current undo-label");
  g_object_set (checkpoints, "size", 100, "automatic", FALSE, NULL);
  assert_log (log, "");
  g_object_set (checkpoints, "size", 7, "automatic", TRUE, NULL);
  assert_log (log, "automatic size");

  g_object_get (checkpoints,
                "can-undo", &can_undo, "can-redo", &can_redo, "automatic", &automatic,
                "size", &size, "current", &current,
                NULL);
  g_assert_false (can_undo);
  g_assert_false (can_redo);
  g_assert_true (automatic);
  g_assert_cmpuint (size, ==, 7);
  g_assert_cmpuint (current, ==, tst_checkpoints_get_current (checkpoints));
  g_assert_true (tst_checkpoints_get_store (checkpoints) == fixture->store);
  g_assert_cmpuint (tst_checkpoints_get_size (checkpoints), ==, 7);
  g_assert_true (tst_checkpoints_get_automatic (checkpoints));
}

static void
write_and_undo_cb (TstCheckpoints *checkpoints,
                   GParamSpec     *pspec,
                   Fixture        *fixture)
{
  g_signal_handlers_disconnect_by_func (checkpoints, write_and_undo_cb, fixture);
  set_price (fixture->store, "polly", 1);
  undo (fixture);
  undo (fixture);
}

static void
test_checkpoints_reentrant (Fixture       *fixture,
                            gconstpointer  user_data)
{
  g_test_summary ("Whoever is told that something can be undone may write and undo");

  g_signal_connect (fixture->checkpoints, "notify::can-undo", G_CALLBACK (write_and_undo_cb), fixture);
  set_price (fixture->store, "fido", 6);
  assert_json (fixture->store, FIDO);
  redo (fixture);
  redo (fixture);
  g_assert_cmpfloat (tst_store_get_cell_number (fixture->store, "pets", "polly", "price"), ==, 1);
}

/* --- Others --- */

static void
test_checkpoints_outside (Fixture       *fixture,
                          gconstpointer  user_data)
{
  g_test_summary ("What comes from outside is not undone");

  outside_applies (fixture->store, "[{\"pets\":{\"polly\":{\"price\":1}}},{},1]");
  g_assert_false (tst_checkpoints_get_can_undo (fixture->checkpoints));

  set_price (fixture->store, "fido", 6);
  outside_applies (fixture->store, "[{\"pets\":{\"polly\":{\"price\":2}}},{},1]");
  undo (fixture);
  assert_json (fixture->store, "[{\"pets\":{\"fido\":{\"species\":\"dog\",\"price\":5},"
                               "\"polly\":{\"price\":2}}},{\"open\":true}]");

  /* Neither is what was undone forgotten. */
  outside_applies (fixture->store, "[{\"pets\":{\"polly\":{\"price\":3}}},{},1]");
  redo (fixture);
  assert_json (fixture->store, "[{\"pets\":{\"fido\":{\"species\":\"dog\",\"price\":6},"
                               "\"polly\":{\"price\":3}}},{\"open\":true}]");
}

static void
test_checkpoints_outside_between (Fixture       *fixture,
                                  gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("A step may have somebody else's changes in its middle, which stay");

  set_price (store, "fido", 6);
  outside_applies (store, "[{\"pets\":{\"fido\":{\"price\":7}}},{},1]");
  set_price (store, "fido", 8);
  tst_store_set_cell_string (store, "pets", "fido", "name", "Fido", NULL);
  tst_checkpoints_add (fixture->checkpoints, NULL);

  undo (fixture);
  assert_json (store, "[{\"pets\":{\"fido\":{\"species\":\"dog\",\"price\":7}}},{\"open\":true}]");
  redo (fixture);
  assert_json (store, "[{\"pets\":{\"fido\":{\"species\":\"dog\",\"price\":8,\"name\":\"Fido\"}}},{\"open\":true}]");
}

static void
test_checkpoints_outside_order (Fixture       *fixture,
                                gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("What somebody else does in its middle does not stop a step from being undone");

  set_price (store, "fido", 6);
  outside_applies (store, "[{\"pets\":{\"polly\":{\"price\":1}}},{},1]");
  set_price (store, "fido", 7);
  outside_applies (store, "[{\"pets\":{\"polly\":{\"price\":2}}},{},1]");
  set_price (store, "fido", 8);
  assert_ids (fixture, "1 (0)");
  undo (fixture);
  g_assert_cmpfloat (tst_store_get_cell_number (store, "pets", "fido", "price"), ==, 5);
  g_assert_cmpfloat (tst_store_get_cell_number (store, "pets", "polly", "price"), ==, 2);
  redo (fixture);
  g_assert_cmpfloat (tst_store_get_cell_number (store, "pets", "fido", "price"), ==, 8);
}

static void
test_checkpoints_outside_cell (Fixture       *fixture,
                               gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("A cell that somebody else has changed since is left alone, also by redoing");

  tst_store_begin (store);
  set_price (store, "fido", 6);
  tst_store_set_cell_string (store, "pets", "fido", "name", "Fido", NULL);
  tst_store_set_value_boolean (store, "open", FALSE, NULL);
  tst_store_commit (store);

  outside_applies (store, "[{\"pets\":{\"fido\":{\"price\":5}}},{\"open\":" GONE "},1]");
  undo (fixture);
  assert_json (store, "[{\"pets\":{\"fido\":{\"species\":\"dog\",\"price\":5}}},{}]");
  /* They have set it to what undoing would have: that is theirs as well. */
  redo (fixture);
  assert_json (store, "[{\"pets\":{\"fido\":{\"species\":\"dog\",\"price\":5,\"name\":\"Fido\"}}},{}]");
}

static void
test_checkpoints_outside_row (Fixture       *fixture,
                              gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("A row that somebody else has removed is not brought back by undoing in it");

  set_price (store, "fido", 6);
  outside_applies (store, "[{\"pets\":{\"fido\":" GONE "}},{},1]");
  undo (fixture);
  assert_json (store, "[{},{\"open\":true}]");
  redo (fixture);
  assert_json (store, "[{},{\"open\":true}]");

  /* Neither by undoing that a cell of it was removed. */
  apply_json (store, "[{\"pets\":{\"felix\":{\"species\":\"cat\",\"price\":3}}},{},1]");
  tst_store_remove_cell (store, "pets", "felix", "price");
  outside_applies (store, "[{\"pets\":{\"felix\":" GONE "}},{},1]");
  undo (fixture);
  assert_json (store, "[{},{\"open\":true}]");
}

static void
test_checkpoints_added_row (Fixture       *fixture,
                            gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  const char *touched = "[{\"pets\":{\"fido\":{\"species\":\"dog\",\"price\":5},"
                        "\"felix\":{\"price\":3,\"name\":\"Felix\"}}},{\"open\":true}]";

  g_test_summary ("A row that was added is removed, unless somebody else has changed it");

  set_price (store, "felix", 3);
  undo (fixture);
  assert_json (store, FIDO);
  redo (fixture);
  outside_applies (store, "[{\"pets\":{\"felix\":{\"name\":\"Felix\"}}},{},1]");
  undo (fixture);
  assert_json (store, touched);
  redo (fixture);
  assert_json (store, touched);
}

static void
test_checkpoints_removed_row (Fixture       *fixture,
                              gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("A row that was removed comes back around what somebody else put there");

  set_price (store, "felix", 3);
  tst_store_remove_row (store, "pets", "fido");
  assert_json (store, "[{\"pets\":{\"felix\":{\"price\":3}}},{\"open\":true}]");
  undo (fixture);
  assert_json (store, "[{\"pets\":{\"felix\":{\"price\":3},\"fido\":{\"species\":\"dog\",\"price\":5}}},"
                      "{\"open\":true}]");
  redo (fixture);
  outside_applies (store, "[{\"pets\":{\"fido\":{\"price\":9}}},{},1]");
  undo (fixture);
  assert_json (store, "[{\"pets\":{\"felix\":{\"price\":3},\"fido\":{\"price\":9,\"species\":\"dog\"}}},"
                      "{\"open\":true}]");
  redo (fixture);
  assert_json (store, "[{\"pets\":{\"felix\":{\"price\":3},\"fido\":{\"price\":9}}},{\"open\":true}]");
}

/* --- Followers --- */

static void
total_cb (TstStore     *store,
          const char   *table_id,
          const char   *row_id,
          const char   *cell_id,
          const GValue *new_value,
          const GValue *old_value,
          gpointer      user_data)
{
  tst_store_set_value_number (store, "total",
                              tst_store_get_cell_number (store, "pets", "fido", "price") * 2, NULL);
}

static void
check_follower (Fixture          *fixture,
                TstListenerFlags  flags)
{
  TstStore *store = fixture->store;

  tst_store_add_cell_listener (store, "pets", NULL, "price", flags, total_cb, NULL, NULL);

  set_price (store, "fido", 6);
  assert_ids (fixture, "1 (2)");
  set_price (store, "fido", 7);
  undo (fixture);
  g_assert_cmpfloat (tst_store_get_value_number (store, "total"), ==, 12);
  undo (fixture);
  g_assert_cmpfloat (tst_store_get_cell_number (store, "pets", "fido", "price"), ==, 5);
  assert_ids (fixture, "(1) 2 3");
  redo (fixture);
  g_assert_cmpfloat (tst_store_get_value_number (store, "total"), ==, 12);
  g_assert_cmpfloat (tst_store_get_cell_number (store, "pets", "fido", "price"), ==, 6);

  outside_applies (store, "[{\"pets\":{\"fido\":{\"price\":10}}},{},1]");
  g_assert_cmpfloat (tst_store_get_value_number (store, "total"), ==, 20);
  assert_ids (fixture, "1 (2) 3");
  undo (fixture);
  g_assert_cmpfloat (tst_store_get_cell_number (store, "pets", "fido", "price"), ==, 10);
  g_assert_cmpfloat (tst_store_get_value_number (store, "total"), ==, 20);
}

static void
test_checkpoints_listener (Fixture       *fixture,
                           gconstpointer  user_data)
{
  g_test_summary ("What listeners write belongs to what they heard of");

  check_follower (fixture, TST_LISTENER_DEFAULT);
}

static void
test_checkpoints_listener_manual (Fixture       *fixture,
                                  gconstpointer  user_data)
{
  g_test_summary ("What follows from something outside is nothing that could be undone");

  tst_store_add_cell_listener (fixture->store, "pets", NULL, "price", TST_LISTENER_DEFAULT,
                               total_cb, NULL, NULL);
  outside_applies (fixture->store, "[{\"pets\":{\"fido\":{\"price\":10}}},{},1]");
  g_assert_cmpfloat (tst_store_get_value_number (fixture->store, "total"), ==, 20);
  g_assert_false (tst_checkpoints_get_can_undo (fixture->checkpoints));
  assert_ids (fixture, "(1)");
}

static void
test_checkpoints_mutator (Fixture       *fixture,
                          gconstpointer  user_data)
{
  check_follower (fixture, TST_LISTENER_MUTATOR);
}

static void
undo_in_listener_cb (TstStore     *store,
                     const char   *table_id,
                     const char   *row_id,
                     const char   *cell_id,
                     const GValue *new_value,
                     const GValue *old_value,
                     gpointer      user_data)
{
  Fixture *fixture = user_data;
  g_autoptr(GError) error = NULL;

  g_assert_false (tst_checkpoints_undo (fixture->checkpoints, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
}

static void
test_checkpoints_busy (Fixture       *fixture,
                       gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  g_autoptr(GError) error = NULL;

  g_test_summary ("Nothing is undone in the middle of something");

  tst_store_begin (store);
  g_assert_false (tst_checkpoints_undo (fixture->checkpoints, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  tst_store_commit (store);

  tst_store_add_cell_listener (store, "pets", NULL, "price", TST_LISTENER_DEFAULT,
                               undo_in_listener_cb, fixture, NULL);
  set_price (store, "fido", 6);
  undo (fixture);
  assert_json (store, FIDO);
}

static void
leave_open_cb (TstStore     *store,
               const char   *table_id,
               const char   *row_id,
               const char   *cell_id,
               const GValue *new_value,
               const GValue *old_value,
               gpointer      user_data)
{
  tst_store_begin (store);
  set_price (store, "felix", 3);
}

static void
test_checkpoints_left_open (Fixture       *fixture,
                            gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  g_test_summary ("A transaction that a listener leaves open belongs to the one that it heard of");

  tst_store_add_cell_listener (store, "pets", "fido", "price", TST_LISTENER_DEFAULT,
                               leave_open_cb, NULL, NULL);
  set_price (store, "fido", 6);
  assert_ids (fixture, "(1)");
  tst_store_commit (store);
  assert_ids (fixture, "1 (2)");

  undo (fixture);
  tst_store_rollback (store);
  assert_json (store, FIDO);
}

/* --- What is refused --- */

static void
refuse_cb (TstStore *store,
           TstWrite *write,
           gpointer  user_data)
{
  const char *cell_id = tst_write_get_cell_id (write);

  if (g_strcmp0 (cell_id, "price") == 0 || tst_write_get_kind (write) == TST_WRITE_REMOVE_ROW)
    tst_write_refuse (write, "Not this one");
}

static void
assert_refused (Fixture *fixture,
                int      code)
{
  g_autofree char *before = tst_store_get_json (fixture->store);
  guint current = tst_checkpoints_get_current (fixture->checkpoints);
  g_autoptr(GError) error = NULL;

  g_assert_false (tst_checkpoints_undo (fixture->checkpoints, &error));
  g_assert_error (error, TST_ERROR, code);
  assert_json (fixture->store, before);
  g_assert_cmpuint (tst_checkpoints_get_current (fixture->checkpoints), ==, current);
  g_assert_true (tst_checkpoints_get_can_undo (fixture->checkpoints));
}

static void
test_checkpoints_interceptor (Fixture       *fixture,
                              gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  gulong id;

  g_test_summary ("What interceptors refuse in a part is not undone at all");

  tst_store_begin (store);
  set_price (store, "fido", 6);
  tst_store_set_cell_string (store, "pets", "fido", "name", "Fido", NULL);
  tst_store_commit (store);
  id = tst_store_add_interceptor (store, TST_WRITE_SET_CELL | TST_WRITE_REMOVE_ROW, refuse_cb, NULL, NULL);
  assert_refused (fixture, TST_ERROR_REFUSED);
  tst_store_remove_interceptor (store, id);
  undo (fixture);
  assert_json (store, FIDO);

  /* All of it. */
  set_price (store, "fido", 6);
  id = tst_store_add_interceptor (store, TST_WRITE_SET_CELL, refuse_cb, NULL, NULL);
  assert_refused (fixture, TST_ERROR_REFUSED);
  tst_store_remove_interceptor (store, id);

  /* And a row that is to be removed. */
  tst_store_set_cell_string (store, "pets", "felix", "species", "cat", NULL);
  id = tst_store_add_interceptor (store, TST_WRITE_REMOVE_ROW, refuse_cb, NULL, NULL);
  assert_refused (fixture, TST_ERROR_REFUSED);
  tst_store_remove_interceptor (store, id);
}

static void
test_checkpoints_schema (Fixture       *fixture,
                         gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  g_autoptr(TstSchema) schema = NULL;
  g_autoptr(GError) error = NULL;

  g_test_summary ("Defaults of a schema are nobody's step; what does not fit is not undone");

  tst_store_set_cell_string (store, "pets", "fido", "price", "six", NULL);
  tst_store_set_cell_number (store, "pets", "fido", "price", 6, NULL);
  tst_store_set_cell_string (store, "pets", "fido", "name", "Fido", NULL);

  schema = tst_schema_new_from_json ("[{\"pets\":{\"price\":{\"type\":\"number\"},"
                                     "\"species\":{\"type\":\"string\"},\"name\":{\"type\":\"string\"},"
                                     "\"sold\":{\"type\":\"boolean\",\"default\":false}}},"
                                     "{\"open\":{\"type\":\"boolean\"}}]", &error);
  g_assert_no_error (error);
  tst_store_set_schema (store, schema, 0, &error);
  g_assert_no_error (error);
  assert_ids (fixture, "1 2 3 (4)");

  undo (fixture);
  assert_json (store, "[{\"pets\":{\"fido\":{\"species\":\"dog\",\"price\":6,\"sold\":false}}},{\"open\":true}]");
  assert_refused (fixture, TST_ERROR_SCHEMA);
}

static void
test_checkpoints_schema_default (Fixture       *fixture,
                                 gconstpointer  user_data)
{
  TstStore *store = fixture->store;
  g_autoptr(TstSchema) schema = NULL;
  g_autoptr(GError) error = NULL;

  g_test_summary ("What was added, and is the default since, stays, and is in the way of nothing");

  set_price (store, "fido", 6);
  tst_store_begin (store);
  tst_store_set_cell_boolean (store, "pets", "fido", "sold", FALSE, NULL);
  tst_store_set_cell_string (store, "pets", "fido", "name", "Fido", NULL);
  tst_store_commit (store);
  tst_store_set_value_number (store, "limit", 20, NULL);

  schema = tst_schema_new_from_json ("[{\"pets\":{\"price\":{\"type\":\"number\"},"
                                     "\"species\":{\"type\":\"string\"},\"name\":{\"type\":\"string\"},"
                                     "\"sold\":{\"type\":\"boolean\",\"default\":false}}},"
                                     "{\"open\":{\"type\":\"boolean\"},"
                                     "\"limit\":{\"type\":\"number\",\"default\":20}}]", &error);
  g_assert_no_error (error);
  tst_store_set_schema (store, schema, 0, &error);
  g_assert_no_error (error);

  undo (fixture);
  undo (fixture);
  assert_json (store, "[{\"pets\":{\"fido\":{\"species\":\"dog\",\"price\":6,\"sold\":false}}},"
                      "{\"open\":true,\"limit\":20}]");
  undo (fixture);
  g_assert_cmpfloat (tst_store_get_cell_number (store, "pets", "fido", "price"), ==, 5);
  redo (fixture);
  redo (fixture);
  redo (fixture);
  assert_json (store, "[{\"pets\":{\"fido\":{\"species\":\"dog\",\"price\":6,\"sold\":false,\"name\":\"Fido\"}}},"
                      "{\"open\":true,\"limit\":20}]");
}

static void
test_checkpoints_schema_pending (Fixture       *fixture,
                                 gconstpointer  user_data)
{
  g_autoptr(TstSchema) schema = NULL;
  g_autoptr(GError) error = NULL;

  g_test_summary ("Defaults that come while something was written do not belong to it");

  set_price (fixture->store, "fido", 6);
  schema = tst_schema_new_from_json ("[{\"pets\":{\"price\":{\"type\":\"number\"},\"species\":{\"type\":\"string\"},"
                                     "\"sold\":{\"type\":\"boolean\",\"default\":false}}},"
                                     "{\"open\":{\"type\":\"boolean\"}}]", &error);
  g_assert_no_error (error);
  tst_store_set_schema (fixture->store, schema, 0, &error);
  g_assert_no_error (error);
  undo (fixture);
  assert_json (fixture->store, "[{\"pets\":{\"fido\":{\"species\":\"dog\",\"price\":5,\"sold\":false}}},"
                               "{\"open\":true}]");
}

static void
roll_back_cb (TstStore *store,
              gpointer  user_data)
{
  tst_store_rollback (store);
}

static void
test_checkpoints_rolled_back (Fixture       *fixture,
                              gconstpointer  user_data)
{
  gulong id;

  set_price (fixture->store, "fido", 6);
  id = tst_store_add_finishing_listener (fixture->store, roll_back_cb, NULL, NULL);
  assert_refused (fixture, TST_ERROR_ROLLED_BACK);

  /* What is rolled back is no step. */
  tst_store_set_value_boolean (fixture->store, "open", FALSE, NULL);
  assert_ids (fixture, "1 (2)");
  tst_store_remove_listener (fixture->store, id);
}

/* --- Actions --- */

static void
record_failed_cb (TstCheckpoints *checkpoints,
                  const GError   *error,
                  GString        *log)
{
  g_string_append (log, error->message);
}

static void
test_checkpoints_actions (Fixture       *fixture,
                          gconstpointer  user_data)
{
  GAction *undo_action = tst_checkpoints_create_undo_action (fixture->checkpoints);
  GAction *redo_action = tst_checkpoints_create_redo_action (fixture->checkpoints);

  g_assert_cmpstr (g_action_get_name (undo_action), ==, "undo");
  g_assert_cmpstr (g_action_get_name (redo_action), ==, "redo");
  g_assert_false (g_action_get_enabled (undo_action));
  g_assert_false (g_action_get_enabled (redo_action));

  set_price (fixture->store, "fido", 6);
  g_assert_true (g_action_get_enabled (undo_action));
  g_action_activate (undo_action, NULL);
  assert_json (fixture->store, FIDO);
  g_assert_false (g_action_get_enabled (undo_action));
  g_assert_true (g_action_get_enabled (redo_action));
  g_action_activate (redo_action, NULL);
  g_assert_cmpfloat (tst_store_get_cell_number (fixture->store, "pets", "fido", "price"), ==, 6);

  g_assert_finalize_object (undo_action);
  g_assert_finalize_object (redo_action);
}

static void
test_checkpoints_action_failed (Fixture       *fixture,
                                gconstpointer  user_data)
{
  g_autoptr(GAction) undo_action = tst_checkpoints_create_undo_action (fixture->checkpoints);
  g_autoptr(GAction) redo_action = tst_checkpoints_create_redo_action (fixture->checkpoints);
  g_autoptr(GString) log = g_string_new ("");
  gulong failed_id;

  set_price (fixture->store, "fido", 6);
  undo (fixture);
  set_price (fixture->store, "fido", 7);
  undo (fixture);
  tst_store_begin (fixture->store);

  g_test_expect_message ("TStore", G_LOG_LEVEL_WARNING, "A transaction has not ended yet");
  g_action_activate (redo_action, NULL);
  g_test_assert_expected_messages ();

  failed_id = g_signal_connect (fixture->checkpoints, "failed", G_CALLBACK (record_failed_cb), log);
  g_action_activate (redo_action, NULL);
  g_assert_cmpstr (log->str, ==, "A transaction has not ended yet");
  g_signal_handler_disconnect (fixture->checkpoints, failed_id);

  tst_store_rollback (fixture->store);
}

static void
test_checkpoints_held (void)
{
  TstStore *store = tst_store_new ();
  TstCheckpoints *checkpoints = tst_checkpoints_new (store);
  GAction *action = tst_checkpoints_create_undo_action (checkpoints);

  g_test_summary ("The action holds the checkpoints, which hold the store");

  set_price (store, "fido", 6);
  g_object_add_weak_pointer (G_OBJECT (store), (gpointer *) &store);
  g_object_unref (store);
  g_object_unref (checkpoints);
  g_assert_nonnull (store);
  g_action_activate (action, NULL);
  g_assert_false (tst_store_has_tables (store));

  g_assert_finalize_object (action);
  g_assert_null (store);
}

static void
test_checkpoints_two (Fixture       *fixture,
                      gconstpointer  user_data)
{
  TstCheckpoints *other = tst_checkpoints_new (fixture->store);
  g_autoptr(GError) error = NULL;

  g_test_summary ("To others, undoing is a change like any other");

  set_price (fixture->store, "fido", 6);
  undo (fixture);
  set_price (fixture->store, "fido", 7);
  tst_checkpoints_add (other, NULL);
  undo (fixture);
  g_assert_true (tst_checkpoints_undo (other, &error));
  g_assert_no_error (error);
  assert_json (fixture->store, "[{\"pets\":{\"fido\":{\"species\":\"dog\",\"price\":7}}},{\"open\":true}]");

  g_assert_finalize_object (other);
}

#define add_test(path, set_up, func) \
  g_test_add ("/checkpoints/" path, Fixture, NULL, set_up, func, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add_test ("manual", fixture_set_up, test_checkpoints_manual);
  add_test ("kinds", fixture_set_up, test_checkpoints_kinds);
  add_test ("wide", fixture_set_up, test_checkpoints_wide);
  add_test ("pending", fixture_set_up, test_checkpoints_pending);
  add_test ("no-change", fixture_set_up, test_checkpoints_no_change);
  add_test ("forward/automatic", fixture_set_up_automatic, test_checkpoints_forward);
  add_test ("forward/manual", fixture_set_up, test_checkpoints_forward_pending);
  add_test ("go-to", fixture_set_up_automatic, test_checkpoints_go_to);
  add_test ("size", fixture_set_up_automatic, test_checkpoints_size);
  add_test ("labels", fixture_set_up_automatic, test_checkpoints_labels);
  add_test ("clear", fixture_set_up, test_checkpoints_clear);
  add_test ("group/automatic", fixture_set_up_automatic, test_checkpoints_group);
  add_test ("group/manual", fixture_set_up, test_checkpoints_group);
  add_test ("group/pending", fixture_set_up, test_checkpoints_group_pending);
  add_test ("switch", fixture_set_up, test_checkpoints_switch);
  add_test ("notify", fixture_set_up, test_checkpoints_notify);
  add_test ("reentrant", fixture_set_up_automatic, test_checkpoints_reentrant);
  add_test ("outside/automatic", fixture_set_up_automatic, test_checkpoints_outside);
  add_test ("outside/manual", fixture_set_up, test_checkpoints_outside);
  add_test ("outside/between", fixture_set_up, test_checkpoints_outside_between);
  add_test ("outside/order", fixture_set_up, test_checkpoints_outside_order);
  add_test ("outside/cell", fixture_set_up_automatic, test_checkpoints_outside_cell);
  add_test ("outside/row", fixture_set_up_automatic, test_checkpoints_outside_row);
  add_test ("outside/added-row", fixture_set_up_automatic, test_checkpoints_added_row);
  add_test ("outside/removed-row", fixture_set_up_automatic, test_checkpoints_removed_row);
  add_test ("listener/automatic", fixture_set_up_automatic, test_checkpoints_listener);
  add_test ("listener/manual", fixture_set_up, test_checkpoints_listener_manual);
  add_test ("mutator", fixture_set_up_automatic, test_checkpoints_mutator);
  add_test ("busy", fixture_set_up, test_checkpoints_busy);
  add_test ("left-open", fixture_set_up_automatic, test_checkpoints_left_open);
  add_test ("refused/interceptor", fixture_set_up_automatic, test_checkpoints_interceptor);
  add_test ("refused/schema", fixture_set_up_automatic, test_checkpoints_schema);
  add_test ("refused/schema-default", fixture_set_up_automatic, test_checkpoints_schema_default);
  add_test ("refused/schema-pending", fixture_set_up, test_checkpoints_schema_pending);
  add_test ("refused/mutator", fixture_set_up_automatic, test_checkpoints_rolled_back);
  add_test ("actions", fixture_set_up, test_checkpoints_actions);
  add_test ("actions/failed", fixture_set_up, test_checkpoints_action_failed);
  g_test_add_func ("/checkpoints/held", test_checkpoints_held);
  add_test ("two", fixture_set_up_automatic, test_checkpoints_two);

  return g_test_run ();
}
