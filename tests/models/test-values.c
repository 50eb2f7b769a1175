/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <libtstore/tstore.h>

/* --- Settings, whose properties are keyed values --- */

#define TEST_TYPE_SETTINGS (test_settings_get_type ())
G_DECLARE_FINAL_TYPE (TestSettings, test_settings, TEST, SETTINGS, TstValues)

struct _TestSettings
{
  TstValues parent_instance;
};

G_DEFINE_FINAL_TYPE (TestSettings, test_settings, TST_TYPE_VALUES)

static void
test_settings_class_init (TestSettingsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  tst_values_class_map_properties (TST_VALUES_CLASS (klass), TST_CELL_NAMING_CAMEL_CASE);
  tst_values_class_map_property (TST_VALUES_CLASS (klass), "width", "windowWidth");

  g_object_class_install_property (object_class, 1,
                                   g_param_spec_string ("colour-scheme", NULL, NULL, "light", flags));
  g_object_class_install_property (object_class, 2,
                                   g_param_spec_int ("width", NULL, NULL, 1, 10000, 600, flags));
}

static void
test_settings_init (TestSettings *self)
{
}

/* --- Fixture --- */

typedef struct
{
  TstStore  *store;
  TstValues *values;
  GString   *heard;
} Fixture;

static void
value_changed_cb (TstValues  *values,
                  const char *value_id,
                  Fixture    *fixture)
{
  g_string_append_printf (fixture->heard, "%s ", value_id);
}

static void
notify_cb (TstValues  *values,
           GParamSpec *pspec,
           Fixture    *fixture)
{
  g_string_append_printf (fixture->heard, "notify::%s ", pspec->name);
}

static void
assert_heard (Fixture    *fixture,
              const char *expected)
{
  g_assert_cmpstr (fixture->heard->str, ==, expected);
  g_string_truncate (fixture->heard, 0);
}

static void
assert_values (Fixture    *fixture,
               const char *expected)
{
  g_autofree char *json = tst_store_get_values_json (fixture->store);

  g_assert_cmpstr (json, ==, expected);
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  user_data)
{
  g_autoptr(GError) error = NULL;

  fixture->store = tst_store_new ();
  fixture->heard = g_string_new (NULL);
  tst_store_set_values_json (fixture->store, "{\"open\":true,\"windowWidth\":300}", &error);
  g_assert_no_error (error);
  fixture->values = tst_values_new (fixture->store);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  user_data)
{
  g_assert_finalize_object (fixture->values);
  g_assert_finalize_object (fixture->store);
  g_string_free (fixture->heard, TRUE);
}

static void
test_values_get (Fixture       *fixture,
                 gconstpointer  user_data)
{
  TstValues *values = fixture->values;
  g_autoptr(TstStore) store = NULL;
  GValue *got = tst_values_get_value (values, "windowWidth");

  g_assert_cmpfloat (g_value_get_double (got), ==, 300);
  g_boxed_free (G_TYPE_VALUE, got);
  g_assert_null (tst_values_get_value (values, "nothing"));

  g_assert_cmpint (tst_values_get_value_type (values, "open"), ==, TST_CELL_TYPE_BOOLEAN);
  g_assert_cmpint (tst_values_get_value_type (values, "nothing"), ==, TST_CELL_TYPE_NONE);
  g_assert_true (tst_values_get_boolean (values, "open"));
  g_assert_cmpfloat (tst_values_get_number (values, "windowWidth"), ==, 300);
  g_assert_null (tst_values_get_string (values, "windowWidth"));

  g_object_get (values, "store", &store, NULL);
  g_assert_true (store == fixture->store && store == tst_values_get_store (values));
}

static void
test_values_set (Fixture       *fixture,
                 gconstpointer  user_data)
{
  TstValues *values = fixture->values;
  g_autoptr(GError) error = NULL;

  g_signal_connect (values, "value-changed", G_CALLBACK (value_changed_cb), fixture);
  g_signal_connect (values, "value-changed::open", G_CALLBACK (value_changed_cb), fixture);

  tst_store_begin (fixture->store);
  g_assert_true (tst_values_set_boolean (values, "open", FALSE, &error));
  g_assert_true (tst_values_set_number (values, "windowWidth", 400, &error));
  g_assert_true (tst_values_set_string (values, "theme", "dark", &error));
  g_assert_true (tst_values_set_value (values, "none", NULL, &error));
  assert_heard (fixture, "");
  tst_store_commit (fixture->store);

  assert_values (fixture, "{\"open\":false,\"windowWidth\":400,\"theme\":\"dark\",\"none\":null}");
  assert_heard (fixture, "open open windowWidth theme none ");

  g_assert_false (tst_values_set_number (values, "open", G_MAXDOUBLE * 2, &error));
  g_assert_error (error, TST_ERROR, TST_ERROR_INVALID_VALUE);
  assert_heard (fixture, "");
}

static void
test_values_properties (Fixture       *fixture,
                        gconstpointer  user_data)
{
  TestSettings *settings = g_object_new (TEST_TYPE_SETTINGS, "store", fixture->store, "width", 500, NULL);
  g_autofree char *scheme = NULL;
  g_autoptr(GError) error = NULL;
  GValue *value;
  int width;

  g_signal_connect (settings, "notify", G_CALLBACK (notify_cb), fixture);
  g_object_get (settings, "colour-scheme", &scheme, "width", &width, NULL);
  g_assert_cmpstr (scheme, ==, "light");
  g_assert_cmpint (width, ==, 500);

  g_object_set (settings, "colour-scheme", "dark", NULL);
  tst_store_set_value_number (fixture->store, "windowWidth", 20000, &error);
  assert_values (fixture, "{\"open\":true,\"windowWidth\":20000,\"colourScheme\":\"dark\"}");
  assert_heard (fixture, "notify::colour-scheme notify::width ");

  value = tst_values_get_property_value (TST_VALUES (settings), "width");
  g_assert_cmpint (g_value_get_int (value), ==, 10000);
  g_boxed_free (G_TYPE_VALUE, value);

  g_assert_finalize_object (settings);
}

static void
test_values_refused (Fixture       *fixture,
                     gconstpointer  user_data)
{
  TestSettings *settings = g_object_new (TEST_TYPE_SETTINGS, "store", fixture->store, NULL);
  g_autoptr(TstSchema) schema = NULL;
  g_autoptr(GError) error = NULL;

  schema = tst_schema_new_from_json ("[{},{\"windowWidth\":{\"type\":\"number\"},\"open\":{\"type\":\"boolean\"}}]",
                                     &error);
  g_assert_no_error (error);
  tst_store_set_schema (fixture->store, schema, TST_SCHEMA_DEFAULT, &error);
  g_assert_no_error (error);

  g_signal_connect (settings, "notify", G_CALLBACK (notify_cb), fixture);
  g_object_set (settings, "colour-scheme", "dark", NULL);
  assert_values (fixture, "{\"open\":true,\"windowWidth\":300}");
  assert_heard (fixture, "notify::colour-scheme ");
  g_object_set (settings, "colour-scheme", "\xff", NULL);
  assert_heard (fixture, "notify::colour-scheme ");

  /* What was to be told later is not, as nobody is there any more. */
  g_assert_finalize_object (settings);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  assert_heard (fixture, "");
}

static void
drop_cb (TstValues   *values,
         const char  *value_id,
         TstValues  **held)
{
  g_clear_object (held);
}

static void
test_values_dropped (Fixture       *fixture,
                     gconstpointer  user_data)
{
  TstValues *held = g_object_new (TEST_TYPE_SETTINGS, "store", fixture->store, NULL);
  g_autoptr(GError) error = NULL;

  g_signal_connect (held, "value-changed", G_CALLBACK (drop_cb), &held);
  tst_store_set_value_number (fixture->store, "windowWidth", 1, &error);
  g_assert_null (held);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

  ADD ("/values/get", test_values_get);
  ADD ("/values/set", test_values_set);
  ADD ("/values/properties", test_values_properties);
  ADD ("/values/refused", test_values_refused);
  ADD ("/values/dropped", test_values_dropped);

  return g_test_run ();
}
