/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <libtstore/tstore.h>

#include <math.h>

typedef struct
{
  TstStore *store;
  guint     n_notified;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  user_data)
{
  g_autoptr(GError) error = NULL;

  fixture->store = tst_store_new ();
  tst_store_set_json (fixture->store,
                      "[{\"pets\":{\"fido\":{\"sold\":true}}},"
                      "{\"open\":true,\"order\":\"name\",\"limit\":20,\"list\":null}]", &error);
  g_assert_no_error (error);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  user_data)
{
  g_assert_finalize_object (fixture->store);
}

static void
count_cb (GObject    *object,
          GParamSpec *pspec,
          Fixture    *fixture)
{
  fixture->n_notified++;
}

static void
assert_state (GAction    *action,
              const char *expected)
{
  g_autoptr(GVariant) state = g_action_get_state (action);
  g_autofree char *text = g_variant_print (state, TRUE);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_actions_boolean (Fixture       *fixture,
                      gconstpointer  user_data)
{
  GAction *action = tst_store_create_value_action (fixture->store, NULL, "open", NULL);
  g_autoptr(GVariant) hint = g_action_get_state_hint (action);

  g_test_summary ("Activating one for a boolean toggles it");

  g_signal_connect (action, "notify::state", G_CALLBACK (count_cb), fixture);
  g_assert_cmpstr (g_action_get_name (action), ==, "open");
  g_assert_true (g_action_get_enabled (action));
  g_assert_null (g_action_get_parameter_type (action));
  g_assert_null (hint);
  g_assert_true (g_variant_type_equal (g_action_get_state_type (action), G_VARIANT_TYPE_BOOLEAN));
  assert_state (action, "true");

  g_action_activate (action, NULL);
  assert_state (action, "false");
  g_assert_false (tst_store_get_value_boolean (fixture->store, "open"));
  tst_store_set_value_boolean (fixture->store, "open", TRUE, NULL);
  assert_state (action, "true");
  g_action_change_state (action, g_variant_new_boolean (FALSE));
  g_assert_false (tst_store_get_value_boolean (fixture->store, "open"));
  g_assert_cmpuint (fixture->n_notified, ==, 3);

  /* Once a transaction. */
  tst_store_begin (fixture->store);
  tst_store_set_value_boolean (fixture->store, "open", TRUE, NULL);
  tst_store_set_value_boolean (fixture->store, "open", FALSE, NULL);
  tst_store_commit (fixture->store);
  g_assert_cmpuint (fixture->n_notified, ==, 3);

  g_assert_finalize_object (action);
  tst_store_set_value_boolean (fixture->store, "open", TRUE, NULL);
}

static void
test_actions_rolled_back (Fixture       *fixture,
                          gconstpointer  user_data)
{
  GAction *action;

  g_test_summary ("What one was made with in the middle of a transaction may be undone");

  tst_store_begin (fixture->store);
  tst_store_set_value_boolean (fixture->store, "open", FALSE, NULL);
  action = tst_store_create_value_action (fixture->store, NULL, "open", NULL);
  assert_state (action, "false");
  tst_store_rollback (fixture->store);
  assert_state (action, "true");

  g_assert_finalize_object (action);
}

static void
answer_cb (TstStore     *store,
           const char   *value_id,
           const GValue *new_value,
           const GValue *old_value,
           gpointer      user_data)
{
  gboolean *answered = user_data;

  if (*answered)
    return;

  *answered = TRUE;
  tst_store_set_value_string (store, "order", "nothing", NULL);
}

static void
veto_cb (TstStore *store,
         gpointer  user_data)
{
  gboolean *answered = user_data;

  if (*answered)
    tst_store_rollback (store);
}

static void
test_actions_answer_undone (Fixture       *fixture,
                            gconstpointer  user_data)
{
  GAction *action;
  gboolean answered = FALSE;

  g_test_summary ("The state is not what a listener wrote, and was undone in turn");

  tst_store_add_value_listener (fixture->store, "order", 0, answer_cb, &answered, NULL);
  tst_store_add_finishing_listener (fixture->store, veto_cb, &answered, NULL);
  action = tst_store_create_value_action (fixture->store, NULL, "order", NULL);
  tst_store_set_value_string (fixture->store, "order", "price", NULL);
  g_assert_true (answered);
  assert_state (action, "'price'");

  g_assert_finalize_object (action);
}

static void
test_actions_radio (Fixture       *fixture,
                    gconstpointer  user_data)
{
  GAction *action = tst_store_create_value_action (fixture->store, "sort-by", "order", NULL);

  g_test_summary ("A string is set by a parameter");

  g_assert_cmpstr (g_action_get_name (action), ==, "sort-by");
  g_assert_true (g_variant_type_equal (g_action_get_parameter_type (action), G_VARIANT_TYPE_STRING));
  g_action_activate (action, g_variant_new_string ("price"));
  assert_state (action, "'price'");
  g_assert_cmpstr (tst_store_get_value_string (fixture->store, "order"), ==, "price");

  tst_store_remove_value (fixture->store, "order");
  assert_state (action, "''");

  g_assert_finalize_object (action);
}

static void
test_actions_numbers (Fixture       *fixture,
                      gconstpointer  user_data)
{
  const struct { const char *type; const char *state; const char *large; const char *small; } cases[] = {
    { "d", "20.0", "1.0000000000000001e+300", "-1.0000000000000001e+300" },
    { "y", "byte 0x14", "byte 0xff", "byte 0x00" },
    { "n", "int16 20", "int16 32767", "int16 -32768" },
    { "q", "uint16 20", "uint16 65535", "uint16 0" },
    { "i", "20", "2147483647", "-2147483648" },
    { "u", "uint32 20", "uint32 4294967295", "uint32 0" },
    { "x", "int64 20", "int64 9223372036854775807", "int64 -9223372036854775808" },
    { "t", "uint64 20", "uint64 18446744073709551615", "uint64 0" },
  };

  g_test_summary ("A number, in any type that it is asked for");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      GAction *action = tst_store_create_value_action (fixture->store, NULL, "limit",
                                                       G_VARIANT_TYPE (cases[i].type));

      assert_state (action, cases[i].state);
      tst_store_set_value_number (fixture->store, "limit", 1e300, NULL);
      assert_state (action, cases[i].large);
      tst_store_set_value_number (fixture->store, "limit", -1e300, NULL);
      assert_state (action, cases[i].small);
      g_action_activate (action, g_variant_new_parsed (cases[i].state));
      g_assert_cmpfloat (tst_store_get_value_number (fixture->store, "limit"), ==, 20);
      g_assert_finalize_object (action);
    }
}

static void
test_actions_same_state (Fixture       *fixture,
                         gconstpointer  user_data)
{
  GAction *action = tst_store_create_value_action (fixture->store, NULL, "limit", G_VARIANT_TYPE_INT32);

  g_test_summary ("A change that the state does not show is not notified");

  g_signal_connect (action, "notify::state", G_CALLBACK (count_cb), fixture);
  tst_store_set_value_number (fixture->store, "limit", 20.25, NULL);
  g_assert_cmpuint (fixture->n_notified, ==, 0);
  tst_store_set_value_number (fixture->store, "limit", 20.75, NULL);
  g_assert_cmpuint (fixture->n_notified, ==, 1);

  g_assert_finalize_object (action);
}

static void
test_actions_cell (Fixture       *fixture,
                   gconstpointer  user_data)
{
  GAction *action = tst_store_create_cell_action (fixture->store, "sold", "pets", "fido", "sold", NULL);
  GAction *missing = tst_store_create_cell_action (fixture->store, NULL, "pets", "felix", "sold",
                                                   G_VARIANT_TYPE_BOOLEAN);

  g_test_summary ("A cell; activating makes the row if there is none");

  g_action_activate (action, NULL);
  g_assert_false (tst_store_get_cell_boolean (fixture->store, "pets", "fido", "sold"));
  assert_state (missing, "false");
  g_action_activate (missing, NULL);
  g_assert_true (tst_store_get_cell_boolean (fixture->store, "pets", "felix", "sold"));
  assert_state (missing, "true");

  g_assert_finalize_object (action);
  g_assert_finalize_object (missing);
}

static void
test_actions_schema (Fixture       *fixture,
                     gconstpointer  user_data)
{
  g_autoptr(TstSchema) schema = NULL;
  g_autoptr(GError) error = NULL;
  GAction *sold, *order, *limit;

  g_test_summary ("The schema tells the type of what is not there, and refuses what does not fit");

  schema = tst_schema_new_from_json ("[{\"pets\":{\"sold\":{\"type\":\"boolean\"},\"price\":{\"type\":\"number\"}}},"
                                     "{\"order\":{\"type\":\"string\",\"default\":\"name\"},"
                                     "\"limit\":{\"type\":\"number\",\"allowNull\":true,\"default\":null},"
                                     "\"open\":{\"type\":\"boolean\"}}]", &error);
  g_assert_no_error (error);
  tst_store_set_schema (fixture->store, schema, TST_SCHEMA_DROP, &error);
  g_assert_no_error (error);

  sold = tst_store_create_cell_action (fixture->store, NULL, "pets", "felix", "sold", NULL);
  g_assert_true (g_variant_type_equal (g_action_get_state_type (sold), G_VARIANT_TYPE_BOOLEAN));
  tst_store_set_value (fixture->store, "limit", NULL, NULL);
  limit = tst_store_create_value_action (fixture->store, NULL, "limit", NULL);
  g_assert_true (g_variant_type_equal (g_action_get_state_type (limit), G_VARIANT_TYPE_DOUBLE));

  /* Of another type than the schema has. */
  order = tst_store_create_value_action (fixture->store, NULL, "order", G_VARIANT_TYPE_INT32);
  assert_state (order, "0");
  g_action_activate (order, g_variant_new_int32 (3));
  assert_state (order, "0");
  g_assert_cmpstr (tst_store_get_value_string (fixture->store, "order"), ==, "name");
  g_action_change_state (limit, g_variant_new_double ((double) INFINITY));
  assert_state (limit, "0.0");

  g_assert_finalize_object (sold);
  g_assert_finalize_object (limit);
  g_assert_finalize_object (order);
}

static void
test_actions_properties (Fixture       *fixture,
                         gconstpointer  user_data)
{
  GAction *action = tst_store_create_value_action (fixture->store, NULL, "order", NULL);
  g_autofree char *name = NULL;
  GVariantType *parameter_type, *state_type;
  g_autoptr(GVariant) state = NULL;
  gboolean enabled;

  g_object_get (action,
                "name", &name,
                "enabled", &enabled,
                "parameter-type", &parameter_type,
                "state-type", &state_type,
                "state", &state,
                NULL);
  g_assert_cmpstr (name, ==, "order");
  g_assert_true (enabled);
  g_assert_true (g_variant_type_equal (parameter_type, G_VARIANT_TYPE_STRING));
  g_assert_true (g_variant_type_equal (state_type, G_VARIANT_TYPE_STRING));
  g_assert_cmpstr (g_variant_get_string (state, NULL), ==, "name");

  g_variant_type_free (parameter_type);
  g_variant_type_free (state_type);
  g_assert_finalize_object (action);
}

static void
record_state_cb (GActionGroup *group,
                 const char   *name,
                 GVariant     *state,
                 GString      *log)
{
  g_autofree char *text = g_variant_print (state, FALSE);

  g_string_append_printf (log, "%s=%s ", name, text);
}

static void
test_actions_group (Fixture       *fixture,
                    gconstpointer  user_data)
{
  GSimpleActionGroup *group = g_simple_action_group_new ();
  g_autoptr(GAction) action = tst_store_create_value_action (fixture->store, NULL, "open", NULL);
  g_autoptr(GString) log = g_string_new ("");

  g_test_summary ("A group, as a window is one, tells of the state");

  g_action_map_add_action (G_ACTION_MAP (group), action);
  g_signal_connect (group, "action-state-changed", G_CALLBACK (record_state_cb), log);
  g_action_group_activate_action (G_ACTION_GROUP (group), "open", NULL);
  tst_store_set_value_boolean (fixture->store, "open", TRUE, NULL);
  g_assert_cmpstr (log->str, ==, "open=false open=true ");

  g_assert_finalize_object (group);
}

static void
test_actions_held (void)
{
  TstStore *store = tst_store_new ();
  GAction *action;

  g_test_summary ("The action holds the store");

  g_object_add_weak_pointer (G_OBJECT (store), (gpointer *) &store);
  action = tst_store_create_value_action (store, NULL, "open", G_VARIANT_TYPE_BOOLEAN);
  g_object_unref (store);
  g_assert_nonnull (store);
  g_action_activate (action, NULL);
  g_assert_true (tst_store_get_value_boolean (store, "open"));
  g_assert_finalize_object (action);
  g_assert_null (store);
}

static void
test_actions_mistakes (Fixture       *fixture,
                       gconstpointer  user_data)
{
  g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, "The action “no-such” needs a type*");
  g_assert_null (tst_store_create_value_action (fixture->store, NULL, "no-such", NULL));
  g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, "The action “list” needs a type*");
  g_assert_null (tst_store_create_value_action (fixture->store, NULL, "list", NULL));
  g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, "*g_action_name_is_valid*");
  g_assert_null (tst_store_create_value_action (fixture->store, NULL, "show_sold", G_VARIANT_TYPE_BOOLEAN));
  g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, "*is_state_type*");
  g_assert_null (tst_store_create_value_action (fixture->store, NULL, "open", G_VARIANT_TYPE_STRING_ARRAY));
  g_test_assert_expected_messages ();
}

#define add_test(path, func) \
  g_test_add ("/actions/" path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add_test ("boolean", test_actions_boolean);
  add_test ("rolled-back", test_actions_rolled_back);
  add_test ("answer-undone", test_actions_answer_undone);
  add_test ("radio", test_actions_radio);
  add_test ("numbers", test_actions_numbers);
  add_test ("same-state", test_actions_same_state);
  add_test ("cell", test_actions_cell);
  add_test ("schema", test_actions_schema);
  add_test ("properties", test_actions_properties);
  add_test ("group", test_actions_group);
  g_test_add_func ("/actions/held", test_actions_held);
  add_test ("mistakes", test_actions_mistakes);

  return g_test_run ();
}
