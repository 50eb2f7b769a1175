/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <libtstore/tstore.h>

#include <math.h>

#include "gadget.h"

typedef struct
{
  TstStore   *store;
  TestGadget *gadget;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  user_data)
{
  g_autoptr(GError) error = NULL;

  fixture->store = tst_store_new ();
  tst_store_set_json (fixture->store,
                      "[{\"pets\":{\"fido\":{\"name\":\"Fido\",\"price\":5,\"sold\":true}}},"
                      "{\"open\":true,\"limit\":20}]", &error);
  g_assert_no_error (error);
  fixture->gadget = test_gadget_new ();
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  user_data)
{
  g_assert_finalize_object (fixture->gadget);
  g_assert_finalize_object (fixture->store);
}

static void
bind (Fixture      *fixture,
      const char   *cell_id,
      const char   *property,
      TstBindFlags  flags)
{
  tst_store_bind_cell (fixture->store, "pets", "fido", cell_id, G_OBJECT (fixture->gadget), property, flags);
}

static void
set_json (Fixture    *fixture,
          const char *cell_id,
          const char *json)
{
  g_autoptr(GError) error = NULL;

  tst_store_set_cell_json (fixture->store, "pets", "fido", cell_id, json, &error);
  g_assert_no_error (error);
}

#define assert_cell(fixture, cell_id, json) \
  G_STMT_START { \
    g_autofree char *_actual = tst_store_get_cell_json ((fixture)->store, "pets", "fido", cell_id); \
    g_assert_cmpstr (_actual, ==, json); \
  } G_STMT_END

#define assert_text(object, expected) \
  G_STMT_START { \
    g_autofree char *_text = NULL; \
    g_object_get (object, "text", &_text, NULL); \
    g_assert_cmpstr (_text, ==, expected); \
  } G_STMT_END

#define assert_get(object, property, type, expected) \
  G_STMT_START { \
    type _value; \
    g_object_get (object, property, &_value, NULL); \
    g_assert_true (_value == expected); \
  } G_STMT_END

/* --- Both ways --- */

static void
test_bind_default (Fixture       *fixture,
                   gconstpointer  user_data)
{
  g_test_summary ("The property takes what the cell holds, and then they follow each other");

  bind (fixture, "name", "text", TST_BIND_DEFAULT);
  assert_text (fixture->gadget, "Fido");
  g_assert_cmpuint (test_gadget_n_sets (fixture->gadget), ==, 1);

  set_json (fixture, "name", "\"Rex\"");
  assert_text (fixture->gadget, "Rex");
  g_assert_cmpuint (test_gadget_n_sets (fixture->gadget), ==, 2);

  /* What the application sets is not set again. */
  g_object_set (fixture->gadget, "text", "Bello", NULL);
  assert_cell (fixture, "name", "\"Bello\"");
  g_assert_cmpuint (test_gadget_n_sets (fixture->gadget), ==, 3);
}

static void
test_bind_transaction (Fixture       *fixture,
                       gconstpointer  user_data)
{
  g_test_summary ("Once a transaction, and not at all if it is undone");

  bind (fixture, "name", "text", TST_BIND_DEFAULT);
  tst_store_begin (fixture->store);
  set_json (fixture, "name", "\"Rex\"");
  set_json (fixture, "name", "\"Bello\"");
  assert_text (fixture->gadget, "Fido");
  tst_store_commit (fixture->store);
  assert_text (fixture->gadget, "Bello");
  g_assert_cmpuint (test_gadget_n_sets (fixture->gadget), ==, 2);

  tst_store_begin (fixture->store);
  set_json (fixture, "name", "\"Rex\"");
  tst_store_rollback (fixture->store);
  assert_text (fixture->gadget, "Bello");

  /* Set in the middle of one, it is not set again at its end. */
  tst_store_begin (fixture->store);
  g_object_set (fixture->gadget, "text", "Waldi", NULL);
  assert_cell (fixture, "name", "\"Waldi\"");
  tst_store_commit (fixture->store);
  g_assert_cmpuint (test_gadget_n_sets (fixture->gadget), ==, 3);

  /* What it was set to, or has read, in the middle of one that is undone. */
  tst_store_begin (fixture->store);
  g_object_set (fixture->gadget, "text", "Hasso", NULL);
  tst_store_rollback (fixture->store);
  assert_text (fixture->gadget, "Waldi");

  tst_store_begin (fixture->store);
  set_json (fixture, "name", "\"Harras\"");
  bind (fixture, "name", "text", TST_BIND_DEFAULT);
  assert_text (fixture->gadget, "Harras");
  tst_store_rollback (fixture->store);
  assert_text (fixture->gadget, "Waldi");
}

/* A listener answers once, and that is undone. */
typedef struct
{
  Fixture  *fixture;
  gboolean  by_property;
  gboolean  answered;
} Answer;

static void
answer_cb (TstStore     *store,
           const char   *table_id,
           const char   *row_id,
           const char   *cell_id,
           const GValue *new_value,
           const GValue *old_value,
           gpointer      user_data)
{
  Answer *self = user_data;

  if (self->answered)
    return;

  self->answered = TRUE;
  if (self->by_property)
    g_object_set (self->fixture->gadget, "text", "Nobody", NULL);
  else
    set_json (self->fixture, "name", "\"Nobody\"");
}

static void
veto_cb (TstStore *store,
         gpointer  user_data)
{
  Answer *self = user_data;

  if (self->answered)
    tst_store_rollback (store);
}

static void
test_bind_answer_undone (Fixture       *fixture,
                         gconstpointer  user_data)
{
  Answer answer = { fixture, GPOINTER_TO_INT (user_data), FALSE };

  g_test_summary ("The property does not keep what a listener wrote, and was undone in turn");

  tst_store_add_cell_listener (fixture->store, "pets", "fido", "name", 0, answer_cb, &answer, NULL);
  tst_store_add_finishing_listener (fixture->store, veto_cb, &answer, NULL);
  bind (fixture, "name", "text", TST_BIND_DEFAULT);
  set_json (fixture, "name", "\"Rex\"");
  g_assert_true (answer.answered);
  assert_cell (fixture, "name", "\"Rex\"");
  assert_text (fixture->gadget, "Rex");
}

static void
test_bind_value (Fixture       *fixture,
                 gconstpointer  user_data)
{
  TstStore *store = fixture->store;

  tst_store_bind_value (store, "open", G_OBJECT (fixture->gadget), "on", TST_BIND_DEFAULT);
  assert_get (fixture->gadget, "on", gboolean, TRUE);
  tst_store_set_value_boolean (store, "open", FALSE, NULL);
  assert_get (fixture->gadget, "on", gboolean, FALSE);
  g_object_set (fixture->gadget, "on", TRUE, NULL);
  g_assert_true (tst_store_get_value_boolean (store, "open"));
}

static void
test_bind_two (Fixture       *fixture,
               gconstpointer  user_data)
{
  TestGadget *other = test_gadget_new ();

  g_test_summary ("Two objects bound to one cell follow each other");

  bind (fixture, "price", "number", TST_BIND_DEFAULT);
  tst_store_bind_cell (fixture->store, "pets", "fido", "price", G_OBJECT (other), "text", TST_BIND_DEFAULT);
  assert_text (other, "5");

  g_object_set (fixture->gadget, "number", 7.5, NULL);
  assert_text (other, "7.5");
  g_object_set (other, "text", "12", NULL);
  assert_get (fixture->gadget, "number", double, 12);
  assert_cell (fixture, "price", "12");

  g_assert_finalize_object (other);
  g_object_set (fixture->gadget, "number", 8.0, NULL);
  assert_cell (fixture, "price", "8");
}

static void
test_bind_missing (Fixture       *fixture,
                   gconstpointer  user_data)
{
  g_test_summary ("Where nothing is, or null, or what cannot be shown, there is the default");

  g_object_set (fixture->gadget, "text", "before", "percent", 7, NULL);
  tst_store_bind_cell (fixture->store, "pets", "felix", "name", G_OBJECT (fixture->gadget), "text",
                       TST_BIND_DEFAULT);
  assert_text (fixture->gadget, "nothing");
  g_assert_false (tst_store_has_row (fixture->store, "pets", "felix"));

  bind (fixture, "name", "percent", TST_BIND_DEFAULT);
  assert_get (fixture->gadget, "percent", int, 50);
  assert_cell (fixture, "name", "\"Fido\"");

  /* Setting makes the row; removing brings the default back. */
  g_object_set (fixture->gadget, "text", "Felix", NULL);
  g_assert_cmpstr (tst_store_get_cell_string (fixture->store, "pets", "felix", "name"), ==, "Felix");
  tst_store_remove_row (fixture->store, "pets", "felix");
  assert_text (fixture->gadget, "nothing");
  g_assert_false (tst_store_has_row (fixture->store, "pets", "felix"));

  set_json (fixture, "name", "30");
  assert_get (fixture->gadget, "percent", int, 30);
  set_json (fixture, "name", "null");
  assert_get (fixture->gadget, "percent", int, 50);
}

/* --- Flags --- */

static void
test_bind_get (Fixture       *fixture,
               gconstpointer  user_data)
{
  bind (fixture, "name", "text", TST_BIND_GET);
  assert_text (fixture->gadget, "Fido");
  g_object_set (fixture->gadget, "text", "Rex", NULL);
  assert_cell (fixture, "name", "\"Fido\"");
  set_json (fixture, "name", "\"Bello\"");
  assert_text (fixture->gadget, "Bello");
}

static void
test_bind_set (Fixture       *fixture,
               gconstpointer  user_data)
{
  bind (fixture, "name", "text", TST_BIND_SET);
  assert_text (fixture->gadget, "nothing");
  assert_cell (fixture, "name", "\"Fido\"");
  set_json (fixture, "name", "\"Bello\"");
  assert_text (fixture->gadget, "nothing");
  g_object_set (fixture->gadget, "text", "Rex", NULL);
  assert_cell (fixture, "name", "\"Rex\"");
}

static void
test_bind_get_no_changes (Fixture       *fixture,
                          gconstpointer  user_data)
{
  bind (fixture, "name", "text", TST_BIND_GET | TST_BIND_GET_NO_CHANGES);
  assert_text (fixture->gadget, "Fido");
  set_json (fixture, "name", "\"Bello\"");
  assert_text (fixture->gadget, "Fido");
  g_object_set (fixture->gadget, "text", "Rex", NULL);
  assert_cell (fixture, "name", "\"Bello\"");
}

static void
test_bind_invert (Fixture       *fixture,
                  gconstpointer  user_data)
{
  bind (fixture, "sold", "on", TST_BIND_INVERT_BOOLEAN);
  assert_get (fixture->gadget, "on", gboolean, FALSE);
  set_json (fixture, "sold", "false");
  assert_get (fixture->gadget, "on", gboolean, TRUE);
  g_object_set (fixture->gadget, "on", FALSE, NULL);
  assert_cell (fixture, "sold", "true");
  tst_store_remove_cell (fixture->store, "pets", "fido", "sold");
  assert_get (fixture->gadget, "on", gboolean, FALSE);
}

/* --- Types --- */

static void
test_bind_numbers (Fixture       *fixture,
                   gconstpointer  user_data)
{
  g_test_summary ("Numbers of all kinds, as near as the property can have them");

  bind (fixture, "price", "percent", TST_BIND_DEFAULT);
  assert_get (fixture->gadget, "percent", int, 5);
  set_json (fixture, "price", "6.7");
  assert_get (fixture->gadget, "percent", int, 7);
  assert_cell (fixture, "price", "6.7");
  set_json (fixture, "price", "1e9");
  assert_get (fixture->gadget, "percent", int, 100);
  assert_cell (fixture, "price", "1000000000");
  g_object_set (fixture->gadget, "percent", 3, NULL);
  assert_cell (fixture, "price", "3");

  bind (fixture, "size", "big", TST_BIND_DEFAULT);
  set_json (fixture, "size", "9007199254740992");
  assert_get (fixture->gadget, "big", guint64, G_GUINT64_CONSTANT (9007199254740992));
  set_json (fixture, "size", "-4");
  assert_get (fixture->gadget, "big", guint64, 0);
}

static void
test_bind_text_of_number (Fixture       *fixture,
                          gconstpointer  user_data)
{
  g_test_summary ("A text for a number sets numbers only, and may be anything while it is edited");

  bind (fixture, "price", "text", TST_BIND_DEFAULT);
  assert_text (fixture->gadget, "5");
  g_object_set (fixture->gadget, "text", "", NULL);
  assert_cell (fixture, "price", "5");
  assert_text (fixture->gadget, "");
  g_object_set (fixture->gadget, "text", "7.25", NULL);
  assert_cell (fixture, "price", "7.25");
  g_object_set (fixture->gadget, "text", "7.25x", NULL);
  g_object_set (fixture->gadget, "text", "true", NULL);
  assert_cell (fixture, "price", "7.25");

  bind (fixture, "sold", "text", TST_BIND_DEFAULT);
  assert_text (fixture->gadget, "true");
  g_object_set (fixture->gadget, "text", "false", NULL);
  assert_cell (fixture, "sold", "false");

  /* A text is a text. */
  bind (fixture, "name", "text", TST_BIND_DEFAULT);
  g_object_set (fixture->gadget, "text", "12", NULL);
  assert_cell (fixture, "name", "\"12\"");
  bind (fixture, "note", "text", TST_BIND_DEFAULT);
  g_object_set (fixture->gadget, "text", "13", NULL);
  assert_cell (fixture, "note", "\"13\"");
}

static void
test_bind_boxed (Fixture       *fixture,
                 gconstpointer  user_data)
{
  const char *tags[] = { "big", "old", NULL };
  g_auto(GStrv) strv = NULL;
  GFileType kind;

  bind (fixture, "tags", "tags", TST_BIND_DEFAULT);
  g_object_set (fixture->gadget, "tags", tags, NULL);
  assert_cell (fixture, "tags", "[\"big\",\"old\"]");
  set_json (fixture, "tags", "[\"small\"]");
  g_object_get (fixture->gadget, "tags", &strv, NULL);
  g_assert_cmpuint (g_strv_length (strv), ==, 1);
  g_assert_cmpstr (strv[0], ==, "small");

  bind (fixture, "kind", "kind", TST_BIND_DEFAULT);
  g_object_get (fixture->gadget, "kind", &kind, NULL);
  g_assert_cmpint (kind, ==, G_FILE_TYPE_REGULAR);
  g_object_set (fixture->gadget, "kind", G_FILE_TYPE_SYMBOLIC_LINK, NULL);
  assert_cell (fixture, "kind", "\"symbolic-link\"");
  set_json (fixture, "kind", "\"directory\"");
  g_object_get (fixture->gadget, "kind", &kind, NULL);
  g_assert_cmpint (kind, ==, G_FILE_TYPE_DIRECTORY);
}

/* --- What is refused --- */

static void
set_schema (Fixture    *fixture,
            const char *json)
{
  g_autoptr(TstSchema) schema = NULL;
  g_autoptr(GError) error = NULL;

  schema = tst_schema_new_from_json (json, &error);
  g_assert_no_error (error);
  tst_store_set_schema (fixture->store, schema, TST_SCHEMA_DROP, &error);
  g_assert_no_error (error);
}

static void
test_bind_refused (Fixture       *fixture,
                   gconstpointer  user_data)
{
  g_test_summary ("What the schema refuses is taken back");

  set_schema (fixture, "[{\"pets\":{\"name\":{\"type\":\"string\"},\"price\":{\"type\":\"number\"}}},{}]");
  bind (fixture, "name", "text", TST_BIND_DEFAULT);
  bind (fixture, "name", "percent", TST_BIND_DEFAULT);
  g_object_set (fixture->gadget, "percent", 4, NULL);
  assert_get (fixture->gadget, "percent", int, 50);
  assert_text (fixture->gadget, "Fido");
  g_object_set (fixture->gadget, "text", NULL, NULL);
  assert_text (fixture->gadget, "Fido");

  bind (fixture, "price", "number", TST_BIND_DEFAULT);
  g_object_set (fixture->gadget, "number", (double) INFINITY, NULL);
  assert_get (fixture->gadget, "number", double, 5);

  /* The type of a missing cell comes from there, too. */
  tst_store_bind_cell (fixture->store, "pets", "felix", "price", G_OBJECT (fixture->gadget), "text",
                       TST_BIND_DEFAULT);
  g_object_set (fixture->gadget, "text", "9", NULL);
  g_assert_cmpfloat (tst_store_get_cell_number (fixture->store, "pets", "felix", "price"), ==, 9);

  /* One way stays as it is. */
  bind (fixture, "name", "percent", TST_BIND_SET);
  g_object_set (fixture->gadget, "percent", 4, NULL);
  assert_get (fixture->gadget, "percent", int, 4);
}

static void
upper_cb (TstStore *store,
          TstWrite *write,
          gpointer  user_data)
{
  GValue *value = tst_write_get_value (write);
  g_auto(GValue) upper = G_VALUE_INIT;

  g_value_init (&upper, G_TYPE_STRING);
  g_value_take_string (&upper, g_ascii_strup (g_value_get_string (value), -1));
  g_assert_true (tst_write_set_value (write, &upper, NULL));
  g_boxed_free (G_TYPE_VALUE, value);
}

static void
test_bind_altered (Fixture       *fixture,
                   gconstpointer  user_data)
{
  g_test_summary ("What the store makes something else of, the property follows");

  tst_store_add_interceptor (fixture->store, TST_WRITE_SET_CELL, upper_cb, NULL, NULL);
  bind (fixture, "name", "text", TST_BIND_DEFAULT);
  g_object_set (fixture->gadget, "text", "rex", NULL);
  assert_cell (fixture, "name", "\"REX\"");
  assert_text (fixture->gadget, "REX");
}

/* --- Mapping --- */

static void
price_to_text (const GValue *from,
               GValue       *to,
               gpointer      user_data)
{
  int *n_calls = user_data;

  (*n_calls)++;
  if (from == NULL || !G_VALUE_HOLDS_DOUBLE (from))
    return;

  g_value_init (to, G_TYPE_STRING);
  g_value_take_string (to, g_strdup_printf ("%.2f EUR", g_value_get_double (from)));
}

static void
text_to_price (const GValue *from,
               GValue       *to,
               gpointer      user_data)
{
  char *end;
  double price = g_ascii_strtod (g_value_get_string (from), &end);

  if (end == g_value_get_string (from))
    return;

  g_value_init (to, G_TYPE_DOUBLE);
  g_value_set_double (to, price);
}

static void
count_cb (gpointer user_data)
{
  (*(int *) user_data)++;
}

static void
test_bind_mapping (Fixture       *fixture,
                   gconstpointer  user_data)
{
  int n_calls = 0, n_destroyed = 0;

  g_test_summary ("Functions make one of the other, and are let go of in the end");

  tst_store_bind_cell_with_mapping (fixture->store, "pets", "fido", "price",
                                    G_OBJECT (fixture->gadget), "text", TST_BIND_DEFAULT,
                                    price_to_text, &n_calls, count_cb,
                                    text_to_price, &n_destroyed, count_cb);
  assert_text (fixture->gadget, "5.00 EUR");
  g_object_set (fixture->gadget, "text", "7 and a half", NULL);
  assert_cell (fixture, "price", "7");
  assert_text (fixture->gadget, "7 and a half");

  /* Back to what it was. */
  g_object_set (fixture->gadget, "text", "5.00 EUR", NULL);
  assert_cell (fixture, "price", "5");
  g_object_set (fixture->gadget, "text", "7", NULL);
  assert_cell (fixture, "price", "7");

  /* What they make nothing of is left. */
  g_object_set (fixture->gadget, "text", "a dozen", NULL);
  assert_cell (fixture, "price", "7");
  tst_store_remove_cell (fixture->store, "pets", "fido", "price");
  assert_text (fixture->gadget, "a dozen");
  set_json (fixture, "price", "8");
  assert_text (fixture->gadget, "8.00 EUR");
  g_assert_cmpint (n_calls, ==, 3);

  tst_store_unbind (G_OBJECT (fixture->gadget), "text");
  g_assert_cmpint (n_calls, ==, 4);
  g_assert_cmpint (n_destroyed, ==, 1);
}

static void
name_to_friend (const GValue *from,
                GValue       *to,
                gpointer      user_data)
{
  g_value_init (to, G_TYPE_SIMPLE_ACTION);
  g_value_take_object (to, g_simple_action_new (g_value_get_string (from), NULL));
}

static void
friend_to_name (const GValue *from,
                GValue       *to,
                gpointer      user_data)
{
  g_value_init (to, G_TYPE_STRING);
  g_value_set_string (to, g_action_get_name (G_ACTION (g_value_get_object (from))));
}

static void
test_bind_mapping_object (Fixture       *fixture,
                          gconstpointer  user_data)
{
  g_autoptr(GAction) action = NULL;
  g_autoptr(GSimpleAction) other = g_simple_action_new ("Rex", NULL);

  tst_store_bind_cell_with_mapping (fixture->store, "pets", "fido", "name",
                                    G_OBJECT (fixture->gadget), "friend", TST_BIND_DEFAULT,
                                    name_to_friend, NULL, NULL, friend_to_name, NULL, NULL);
  g_object_get (fixture->gadget, "friend", &action, NULL);
  g_assert_cmpstr (g_action_get_name (action), ==, "Fido");
  g_object_set (fixture->gadget, "friend", other, NULL);
  assert_cell (fixture, "name", "\"Rex\"");
}

static void
text_to_object (const GValue *from,
                GValue       *to,
                gpointer      user_data)
{
  g_value_init (to, G_TYPE_OBJECT);
}

static void
test_bind_mapping_refused (Fixture       *fixture,
                           gconstpointer  user_data)
{
  g_test_summary ("What a function makes, and cannot be stored, is told and taken back");

  tst_store_bind_cell_with_mapping (fixture->store, "pets", "fido", "name",
                                    G_OBJECT (fixture->gadget), "text", TST_BIND_DEFAULT,
                                    NULL, NULL, NULL, text_to_object, NULL, NULL);
  g_test_expect_message ("TStore", G_LOG_LEVEL_WARNING, "*the property text is not stored: *GObject*");
  g_object_set (fixture->gadget, "text", "Rex", NULL);
  g_test_assert_expected_messages ();
  assert_cell (fixture, "name", "\"Fido\"");
  assert_text (fixture->gadget, "Fido");
}

static void
text_to_colour (const GValue *from,
                GValue       *to,
                gpointer      user_data)
{
  static const GEnumValue values[] = { { 0, "RED", "red" }, { 1, "BLUE", "blue" }, { 0, NULL, NULL } };
  static const GFlagsValue marks[] = { { 1, "BOLD", "bold" }, { 2, "BIG", "big" }, { 0, NULL, NULL } };

  if (g_str_equal (g_value_get_string (from), "Blue"))
    {
      g_value_init (to, g_enum_register_static ("TestBindColour", values));
      g_value_set_enum (to, 1);
    }
  else
    {
      g_value_init (to, g_flags_register_static ("TestBindMarks", marks));
      g_value_set_flags (to, 3);
    }
}

static void
test_bind_mapping_enum (Fixture       *fixture,
                        gconstpointer  user_data)
{
  g_test_summary ("A function may make a value of an enumeration that nobody has used yet");

  tst_store_bind_cell_with_mapping (fixture->store, "pets", "fido", "name",
                                    G_OBJECT (fixture->gadget), "text", TST_BIND_SET,
                                    NULL, NULL, NULL, text_to_colour, NULL, NULL);
  g_object_set (fixture->gadget, "text", "Blue", NULL);
  assert_cell (fixture, "name", "\"blue\"");
  g_object_set (fixture->gadget, "text", "Bold", NULL);
  assert_cell (fixture, "name", "\"bold|big\"");
}

static void
limit_to_text (const GValue *from,
               GValue       *to,
               gpointer      user_data)
{
  g_value_init (to, G_TYPE_UINT);
  g_value_set_uint (to, 2 * (guint) g_value_get_double (from));
}

static void
test_bind_mapping_converted (Fixture       *fixture,
                             gconstpointer  user_data)
{
  g_test_summary ("What a function makes is converted to the type of the property");

  tst_store_bind_value_with_mapping (fixture->store, "limit", G_OBJECT (fixture->gadget), "text",
                                     TST_BIND_GET, limit_to_text, NULL, NULL, NULL, NULL, NULL);
  assert_text (fixture->gadget, "40");

  tst_store_bind_value_with_mapping (fixture->store, "limit", G_OBJECT (fixture->gadget), "percent",
                                     TST_BIND_GET, limit_to_text, NULL, NULL, NULL, NULL, NULL);
  assert_get (fixture->gadget, "percent", int, 40);

  g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, "*made a value of type guint for the property friend*");
  tst_store_bind_value_with_mapping (fixture->store, "limit", G_OBJECT (fixture->gadget), "friend",
                                     TST_BIND_GET, limit_to_text, NULL, NULL, NULL, NULL, NULL);
  g_test_assert_expected_messages ();
}

/* --- The end --- */

static void
test_bind_unbind (Fixture       *fixture,
                  gconstpointer  user_data)
{
  bind (fixture, "name", "text", TST_BIND_DEFAULT);
  tst_store_unbind (G_OBJECT (fixture->gadget), "text");
  set_json (fixture, "name", "\"Rex\"");
  assert_text (fixture->gadget, "Fido");
  g_object_set (fixture->gadget, "text", "Bello", NULL);
  assert_cell (fixture, "name", "\"Rex\"");

  tst_store_unbind (G_OBJECT (fixture->gadget), "text");
  tst_store_unbind (G_OBJECT (fixture->gadget), "no-such");
}

static void
test_bind_again (Fixture       *fixture,
                 gconstpointer  user_data)
{
  g_test_summary ("Another binding takes the place of the first");

  bind (fixture, "name", "text", TST_BIND_DEFAULT);
  bind (fixture, "other", "text", TST_BIND_DEFAULT);
  g_object_set (fixture->gadget, "text", "Rex", NULL);
  assert_cell (fixture, "name", "\"Fido\"");
  assert_cell (fixture, "other", "\"Rex\"");
}

static void
test_bind_object_first (Fixture       *fixture,
                        gconstpointer  user_data)
{
  TestGadget *gadget = test_gadget_new ();

  tst_store_bind_cell (fixture->store, "pets", "fido", "name", G_OBJECT (gadget), "text", TST_BIND_DEFAULT);
  g_assert_finalize_object (gadget);
  g_assert_false (tst_store_has_row (fixture->store, "pets", "felix"));
  set_json (fixture, "name", "\"Rex\"");
}

static void
test_bind_store_first (void)
{
  TestGadget *gadget = test_gadget_new ();
  TstStore *store = tst_store_new ();

  g_test_summary ("The binding holds the store");

  g_object_add_weak_pointer (G_OBJECT (store), (gpointer *) &store);
  tst_store_bind_value (store, "title", G_OBJECT (gadget), "text", TST_BIND_DEFAULT);
  g_object_unref (store);
  g_assert_nonnull (store);
  g_object_set (gadget, "text", "Pets", NULL);
  g_assert_cmpstr (tst_store_get_value_string (store, "title"), ==, "Pets");

  g_assert_finalize_object (gadget);
  g_assert_null (store);
}

static void
test_bind_store_last (void)
{
  TestGadget *gadget = test_gadget_new ();
  TstStore *store = tst_store_new ();

  tst_store_bind_value (store, "title", G_OBJECT (gadget), "text", TST_BIND_DEFAULT);
  g_assert_finalize_object (gadget);
  g_assert_finalize_object (store);
}

static void
unbind_cb (TestGadget *gadget,
           GParamSpec *pspec,
           gpointer    user_data)
{
  tst_store_unbind (G_OBJECT (gadget), "text");
}

static void
test_bind_unbind_meanwhile (Fixture       *fixture,
                            gconstpointer  user_data)
{
  g_test_summary ("It may end while it sets the property, and while the property sets the cell");

  bind (fixture, "name", "text", TST_BIND_DEFAULT);
  g_signal_connect (fixture->gadget, "notify::text", G_CALLBACK (unbind_cb), NULL);
  set_json (fixture, "name", "\"Rex\"");
  assert_text (fixture->gadget, "Rex");
  set_json (fixture, "name", "\"Bello\"");
  assert_text (fixture->gadget, "Rex");
  g_signal_handlers_disconnect_by_func (fixture->gadget, unbind_cb, NULL);

  g_signal_connect (fixture->gadget, "notify::text", G_CALLBACK (unbind_cb), NULL);
  bind (fixture, "other", "text", TST_BIND_SET);
  g_object_set (fixture->gadget, "text", "Waldi", NULL);
  g_assert_null (tst_store_get_cell_string (fixture->store, "pets", "fido", "other"));
  g_signal_handlers_disconnect_by_func (fixture->gadget, unbind_cb, NULL);
}

static void
end_mapping (const GValue *from,
             GValue       *to,
             gpointer      user_data)
{
  if (from != NULL)
    tst_store_unbind (G_OBJECT (user_data), "text");

  g_value_init (to, G_TYPE_STRING);
  g_value_set_static_string (to, "mapped");
}

static void
test_bind_end_in_mapping (Fixture       *fixture,
                          gconstpointer  user_data)
{
  g_test_summary ("A function may end it, and nothing is set any more");

  tst_store_bind_value_with_mapping (fixture->store, "title", G_OBJECT (fixture->gadget), "text",
                                     TST_BIND_DEFAULT, end_mapping, fixture->gadget, NULL, NULL, NULL, NULL);
  assert_text (fixture->gadget, "mapped");
  g_object_set (fixture->gadget, "text", "Pets", NULL);
  g_assert_cmpstr (tst_store_get_value_string (fixture->store, "title"), ==, "Pets");
  tst_store_set_value_string (fixture->store, "title", "Dogs", NULL);
  assert_text (fixture->gadget, "Pets");
}

static void
drop_cb (TstStore     *store,
         const char   *table_id,
         const char   *row_id,
         const char   *cell_id,
         const GValue *new_value,
         const GValue *old_value,
         gpointer      user_data)
{
  g_clear_object ((TestGadget **) user_data);
}

static void
test_bind_drop_meanwhile (void)
{
  TestGadget *gadget = test_gadget_new ();
  TstStore *store = tst_store_new ();

  g_test_summary ("The object, and with it the store, may go away while the cell is set");

  tst_store_add_cell_listener (store, "pets", "fido", "name", TST_LISTENER_DEFAULT, drop_cb, &gadget, NULL);
  tst_store_bind_cell (store, "pets", "fido", "name", G_OBJECT (gadget), "text", TST_BIND_DEFAULT);
  g_object_add_weak_pointer (G_OBJECT (store), (gpointer *) &store);
  g_object_unref (store);

  g_object_set (gadget, "text", "Rex", NULL);
  g_assert_null (gadget);
  g_assert_null (store);
}

/* --- Mistakes --- */

static void
assert_critical (Fixture      *fixture,
                 const char   *property,
                 TstBindFlags  flags,
                 const char   *message)
{
  g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, message);
  bind (fixture, "name", property, flags);
  g_test_assert_expected_messages ();
}

static void
test_bind_mistakes (Fixture       *fixture,
                    gconstpointer  user_data)
{
  int n_destroyed = 0;

  assert_critical (fixture, "wings", TST_BIND_DEFAULT, "*has no property wings");
  assert_critical (fixture, "friend", TST_BIND_DEFAULT, "*friend, of type GObject, cannot be bound*");
  assert_critical (fixture, "fixed", TST_BIND_GET, "*fixed*cannot be set");
  assert_critical (fixture, "shown", TST_BIND_DEFAULT, "*shown*cannot be set");
  assert_critical (fixture, "secret", TST_BIND_SET, "*secret*cannot be read");
  assert_critical (fixture, "text", TST_BIND_INVERT_BOOLEAN, "*text cannot be inverted*");

  bind (fixture, "name", "shown", TST_BIND_SET);
  bind (fixture, "name", "secret", TST_BIND_GET);

  /* What it would have taken over is let go of. */
  g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, "*has no property wings");
  tst_store_bind_value_with_mapping (fixture->store, "limit", G_OBJECT (fixture->gadget), "wings",
                                     TST_BIND_DEFAULT, limit_to_text, &n_destroyed, count_cb, NULL, NULL, NULL);
  g_test_assert_expected_messages ();
  g_assert_cmpint (n_destroyed, ==, 1);
}

#define add_test(path, func) \
  g_test_add ("/bind/" path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add_test ("default", test_bind_default);
  add_test ("transaction", test_bind_transaction);
  g_test_add ("/bind/transaction/answer-undone", Fixture, GINT_TO_POINTER (FALSE), fixture_set_up,
              test_bind_answer_undone, fixture_tear_down);
  g_test_add ("/bind/transaction/answer-of-property-undone", Fixture, GINT_TO_POINTER (TRUE), fixture_set_up,
              test_bind_answer_undone, fixture_tear_down);
  add_test ("value", test_bind_value);
  add_test ("two", test_bind_two);
  add_test ("missing", test_bind_missing);
  add_test ("flags/get", test_bind_get);
  add_test ("flags/set", test_bind_set);
  add_test ("flags/get-no-changes", test_bind_get_no_changes);
  add_test ("flags/invert", test_bind_invert);
  add_test ("types/numbers", test_bind_numbers);
  add_test ("types/text-of-number", test_bind_text_of_number);
  add_test ("types/boxed", test_bind_boxed);
  add_test ("refused", test_bind_refused);
  add_test ("altered", test_bind_altered);
  add_test ("mapping", test_bind_mapping);
  add_test ("mapping/object", test_bind_mapping_object);
  add_test ("mapping/refused", test_bind_mapping_refused);
  add_test ("mapping/enum", test_bind_mapping_enum);
  add_test ("mapping/converted", test_bind_mapping_converted);
  add_test ("unbind", test_bind_unbind);
  add_test ("again", test_bind_again);
  add_test ("end/object-first", test_bind_object_first);
  g_test_add_func ("/bind/end/store-first", test_bind_store_first);
  g_test_add_func ("/bind/end/store-last", test_bind_store_last);
  add_test ("end/unbind-meanwhile", test_bind_unbind_meanwhile);
  add_test ("end/mapping", test_bind_end_in_mapping);
  g_test_add_func ("/bind/end/drop-meanwhile", test_bind_drop_meanwhile);
  add_test ("mistakes", test_bind_mistakes);

  return g_test_run ();
}
