/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <libtstore/tstore.h>

/* --- A class with nothing but properties --- */

#define TEST_TYPE_PET (test_pet_get_type ())
G_DECLARE_DERIVABLE_TYPE (TestPet, test_pet, TEST, PET, TstRow)

struct _TestPetClass
{
  TstRowClass parent_class;
};

G_DEFINE_TYPE (TestPet, test_pet, TST_TYPE_ROW)

#define FLAGS (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS)

static void
test_pet_class_init (TestPetClass *klass)
{
  GParamSpec *pspecs[] = {
    NULL,
    g_param_spec_string ("name", NULL, NULL, "Nobody", FLAGS),
    g_param_spec_double ("price", NULL, NULL, 0, 1000, 10, FLAGS),
    g_param_spec_boolean ("sold", NULL, NULL, FALSE, FLAGS),
    g_param_spec_int ("age", NULL, NULL, -1, 100, -1, FLAGS),
    g_param_spec_enum ("kind", NULL, NULL, TST_TYPE_CELL_TYPE, TST_CELL_TYPE_STRING, FLAGS),
    g_param_spec_flags ("kinds", NULL, NULL, TST_TYPE_CELL_TYPES, 0, FLAGS),
    g_param_spec_boxed ("tags", NULL, NULL, G_TYPE_STRV, FLAGS),
    g_param_spec_boxed ("born", NULL, NULL, G_TYPE_DATE_TIME, FLAGS),
    g_param_spec_int64 ("large", NULL, NULL, G_MININT64, G_MAXINT64, 0, FLAGS),
    g_param_spec_uint64 ("huge", NULL, NULL, 0, G_MAXUINT64, 0, FLAGS),
    g_param_spec_uchar ("small", NULL, NULL, 0, G_MAXUINT8, 0, FLAGS),
    g_param_spec_float ("weight", NULL, NULL, -G_MAXFLOAT, G_MAXFLOAT, 0, FLAGS),
    g_param_spec_string ("colour", NULL, NULL, "grey", FLAGS | G_PARAM_CONSTRUCT),
    g_param_spec_string ("breed", NULL, NULL, NULL, FLAGS | G_PARAM_CONSTRUCT),
  };

  tst_row_class_map_properties (TST_ROW_CLASS (klass), TST_CELL_NAMING_AS_IS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), G_N_ELEMENTS (pspecs), pspecs);
}

static void
test_pet_init (TestPet *self)
{
}

/* --- A class of that class, with functions for its properties --- */

#define TEST_TYPE_DOG (test_dog_get_type ())
G_DECLARE_DERIVABLE_TYPE (TestDog, test_dog, TEST, DOG, TestPet)

struct _TestDogClass
{
  TestPetClass parent_class;
};

typedef struct
{
  gboolean barks;
} TestDogPrivate;

G_DEFINE_TYPE_WITH_PRIVATE (TestDog, test_dog, TEST_TYPE_PET)

enum
{
  PROP_BARKS = 1,
  PROP_BEST_FRIEND,
  PROP_BEST_FRIEND_AGE,
  PROP_LABEL,
};

static void
test_dog_get_property (GObject    *object,
                       guint       prop_id,
                       GValue     *value,
                       GParamSpec *pspec)
{
  TestDog *self = TEST_DOG (object);
  TestDogPrivate *priv = test_dog_get_instance_private (self);

  switch (prop_id)
    {
    case PROP_BARKS:
      g_value_set_boolean (value, priv->barks);
      break;

    case PROP_LABEL:
      g_value_set_string (value, tst_row_get_row_id (TST_ROW (self)));
      break;

    default:
      g_assert_not_reached ();
    }
}

static void
test_dog_set_property (GObject      *object,
                       guint         prop_id,
                       const GValue *value,
                       GParamSpec   *pspec)
{
  TestDogPrivate *priv = test_dog_get_instance_private (TEST_DOG (object));

  g_assert_cmpint (prop_id, ==, PROP_BARKS);
  priv->barks = g_value_get_boolean (value);
}

static void
test_dog_class_init (TestDogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  TstRowClass *row_class = TST_ROW_CLASS (klass);

  object_class->get_property = test_dog_get_property;
  object_class->set_property = test_dog_set_property;

  tst_row_class_map_properties (row_class, TST_CELL_NAMING_CAMEL_CASE);
  tst_row_class_map_property (row_class, "barks", NULL);
  tst_row_class_map_property (row_class, "price", "cost");

  g_object_class_install_property (object_class, PROP_BARKS,
                                   g_param_spec_boolean ("barks", NULL, NULL, FALSE, FLAGS));
  g_object_class_install_property (object_class, PROP_BEST_FRIEND,
                                   g_param_spec_string ("best-friend", NULL, NULL, NULL, FLAGS));
  g_object_class_install_property (object_class, PROP_BEST_FRIEND_AGE,
                                   g_param_spec_int ("best-friend-age", NULL, NULL, 0, 100, 0, FLAGS));
  g_object_class_install_property (object_class, PROP_LABEL,
                                   g_param_spec_string ("label", NULL, NULL, NULL,
                                                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void
test_dog_init (TestDog *self)
{
}

/* --- A class of that, with nothing of its own --- */

#define TEST_TYPE_PUPPY (test_puppy_get_type ())
G_DECLARE_FINAL_TYPE (TestPuppy, test_puppy, TEST, PUPPY, TestDog)

struct _TestPuppy
{
  TestDog parent_instance;
};

G_DEFINE_FINAL_TYPE (TestPuppy, test_puppy, TEST_TYPE_DOG)

static void
test_puppy_class_init (TestPuppyClass *klass)
{
}

static void
test_puppy_init (TestPuppy *self)
{
}

/* --- A class that asks for what cannot be, and for one cell twice --- */

#define TEST_TYPE_CAT (test_cat_get_type ())
G_DECLARE_FINAL_TYPE (TestCat, test_cat, TEST, CAT, TstRow)

struct _TestCat
{
  TstRow parent_instance;
};

G_DEFINE_FINAL_TYPE (TestCat, test_cat, TST_TYPE_ROW)

static void
test_cat_class_init (TestCatClass *klass)
{
  TstRowClass *row_class = TST_ROW_CLASS (klass);
  GParamSpec *pspecs[] = {
    NULL,
    g_param_spec_object ("owner", NULL, NULL, G_TYPE_OBJECT, FLAGS),
    g_param_spec_double ("cost", NULL, NULL, 0, 1000, 0, FLAGS),
    g_param_spec_string ("cost-text", NULL, NULL, NULL, FLAGS),
    g_param_spec_string ("colour-of-eyes", NULL, NULL, NULL, FLAGS),
  };

  tst_row_class_map_properties (row_class, TST_CELL_NAMING_SNAKE_CASE);
  tst_row_class_map_property (row_class, "wings", "wings");
  tst_row_class_map_property (row_class, "owner", "owner");
  tst_row_class_map_property (row_class, "cost_text", "cost");
  g_object_class_install_properties (G_OBJECT_CLASS (klass), G_N_ELEMENTS (pspecs), pspecs);
}

static void
test_cat_init (TestCat *self)
{
}

/* --- Fixture --- */

typedef struct
{
  TstStore *store;
  TestPet  *fido;
  GString  *heard;
} Fixture;

static void
notify_cb (GObject    *object,
           GParamSpec *pspec,
           Fixture    *fixture)
{
  g_string_append_printf (fixture->heard, "%s ", pspec->name);
}

static void
assert_heard (Fixture    *fixture,
              const char *expected)
{
  g_assert_cmpstr (fixture->heard->str, ==, expected);
  g_string_truncate (fixture->heard, 0);
}

static void
set_row (Fixture    *fixture,
         const char *json)
{
  g_autoptr(GError) error = NULL;

  tst_store_set_row_json (fixture->store, "pets", "fido", json, &error);
  g_assert_no_error (error);
}

static void
assert_row (Fixture    *fixture,
            const char *expected)
{
  g_autofree char *json = tst_store_get_row_json (fixture->store, "pets", "fido");

  g_assert_cmpstr (json, ==, expected);
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  user_data)
{
  fixture->store = tst_store_new ();
  fixture->heard = g_string_new (NULL);
  set_row (fixture, "{\"name\":\"Fido\",\"price\":5,\"sold\":true}");
  fixture->fido = g_object_new (TEST_TYPE_PET,
                                "store", fixture->store,
                                "table-id", "pets",
                                "row-id", "fido",
                                NULL);
  g_signal_connect (fixture->fido, "notify", G_CALLBACK (notify_cb), fixture);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  user_data)
{
  g_assert_finalize_object (fixture->fido);
  g_assert_finalize_object (fixture->store);
  g_string_free (fixture->heard, TRUE);
}

/* --- Reading and writing --- */

static void
test_row_properties_read (Fixture       *fixture,
                          gconstpointer  user_data)
{
  g_autofree char *name = NULL;
  g_autofree char *colour = NULL;
  double price;
  gboolean sold;
  int age;

  g_object_get (fixture->fido,
                "name", &name,
                "price", &price,
                "sold", &sold,
                "age", &age,
                "colour", &colour,
                NULL);

  g_assert_cmpstr (name, ==, "Fido");
  g_assert_cmpfloat (price, ==, 5);
  g_assert_true (sold);
  g_assert_cmpint (age, ==, -1);
  g_assert_cmpstr (colour, ==, "grey");
}

static void
test_row_properties_write (Fixture       *fixture,
                           gconstpointer  user_data)
{
  g_object_set (fixture->fido, "name", "Rex", "price", 2.5, "sold", FALSE, "age", 3, NULL);
  assert_row (fixture, "{\"name\":\"Rex\",\"price\":2.5,\"sold\":false,\"age\":3}");
  assert_heard (fixture, "age sold price name ");

  /* Its default is a value like any other, and so is what it has already. */
  g_object_set (fixture->fido, "name", "Nobody", "sold", FALSE, NULL);
  assert_row (fixture, "{\"name\":\"Nobody\",\"price\":2.5,\"sold\":false,\"age\":3}");
  assert_heard (fixture, "name ");

  g_object_set (fixture->fido, "name", NULL, NULL);
  assert_row (fixture, "{\"name\":null,\"price\":2.5,\"sold\":false,\"age\":3}");
}

typedef struct
{
  const char *property;
  const char *cell;      /* as JSON */
  const char *expected;  /* g_strdup_value_contents() of the property */
} Case;

static const Case readings[] = {
  { "name", "null", "\"Nobody\"" },
  { "name", "0.1", "\"0.1\"" },
  { "name", "true", "\"true\"" },
  { "name", "{\"a\":[1]}", "\"{\\\"a\\\":[1]}\"" },
  { "price", "\"5\"", "10.000000" },
  { "price", "-3", "0.000000" },
  { "price", "1e9", "1000.000000" },
  { "price", "true", "1.000000" },
  { "price", "[]", "10.000000" },
  { "sold", "0", "FALSE" },
  { "sold", "2", "TRUE" },
  { "sold", "\"true\"", "FALSE" },
  { "age", "2.5", "3" },
  { "age", "-7", "-1" },
  { "age", "1e300", "100" },
  { "large", "9223372036854775807", "9223372036854775807" },
  { "large", "-1e300", "-9223372036854775808" },
  { "large", "9007199254740991", "9007199254740991" },
  { "huge", "1e300", "18446744073709551615" },
  { "huge", "-1", "0" },
  { "small", "256", "255" },
  { "weight", "1e300", "340282346638528859811704183484516925440.000000" },
  { "kind", "\"number\"", "((TstCellType) TST_CELL_TYPE_NUMBER)" },
  { "kind", "4", "((TstCellType) TST_CELL_TYPE_BOOLEAN)" },
  { "kind", "99", "((TstCellType) TST_CELL_TYPE_STRING)" },
  { "kind", "\"nonsense\"", "((TstCellType) TST_CELL_TYPE_STRING)" },
  { "kinds", "\"null|array\"", "((TstCellTypes) TST_CELL_TYPES_NULL | TST_CELL_TYPES_ARRAY)" },
  { "kinds", "\"\"", "((TstCellTypes) 0)" },
  { "kinds", "\"null|nonsense\"", "((TstCellTypes) 0)" },
  { "kinds", "10", "((TstCellTypes) TST_CELL_TYPES_NULL | TST_CELL_TYPES_NUMBER)" },
  { "tags", "[\"good\",\"old\"]", "[\"good\", \"old\"]" },
  { "tags", "[]", "[]" },
  { "tags", "[\"good\",1]", "NULL" },
  { "tags", "\"good\"", "NULL" },
  { "born", "\"yesterday\"", "NULL" },
};

static void
test_row_properties_conversions (Fixture       *fixture,
                                 gconstpointer  user_data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (readings); i++)
    {
      const Case *reading = &readings[i];
      g_autofree char *json = g_strdup_printf ("{\"%s\":%s}", reading->property, reading->cell);
      g_autofree char *contents = NULL;
      g_auto(GValue) value = G_VALUE_INIT;

      set_row (fixture, json);
      g_object_get_property (G_OBJECT (fixture->fido), reading->property, &value);
      contents = g_strdup_value_contents (&value);
      g_test_message ("%s", json);
      g_assert_cmpstr (contents, ==, reading->expected);
    }
}

static void
test_row_properties_types (Fixture       *fixture,
                           gconstpointer  user_data)
{
  const char *tags[] = { "good", "o\"ld", "\037", NULL };
  g_autoptr(GDateTime) born = g_date_time_new_utc (2020, 2, 29, 12, 30, 15.5);
  g_autoptr(GDateTime) got = NULL;
  g_auto(GStrv) got_tags = NULL;

  set_row (fixture, "{\"price\":5}");
  g_object_set (fixture->fido,
                "kind", TST_CELL_TYPE_NUMBER,
                "kinds", TST_CELL_TYPES_NULL | TST_CELL_TYPES_NUMBER,
                "tags", tags,
                "born", born,
                "large", (gint64) 1 << 53,
                "weight", 0.5,
                NULL);
  assert_row (fixture,
              "{\"price\":5,\"kind\":\"number\",\"kinds\":\"null|number\","
              "\"tags\":\"\357\277\275[\\\"good\\\",\\\"o\\\\\\\"ld\\\",\\\"\\\\u001f\\\"]\","
              "\"born\":\"2020-02-29T12:30:15.500000Z\",\"large\":9007199254740992,\"weight\":0.5}");
  g_object_get (fixture->fido, "tags", &got_tags, "born", &got, NULL);
  g_assert_cmpstrv (got_tags, tags);
  g_assert_true (g_date_time_equal (got, born));

  /* A date alone is midnight. */
  set_row (fixture, "{\"born\":\"2020-02-29\"}");
  g_clear_pointer (&got, g_date_time_unref);
  g_object_get (fixture->fido, "born", &got, NULL);
  g_assert_cmpint (g_date_time_to_unix (got), ==, 1582934400);

  g_object_set (fixture->fido, "tags", NULL, "born", NULL, NULL);
  assert_row (fixture, "{\"born\":null,\"tags\":null}");
}

/* --- Notifications --- */

static void
test_row_properties_notify (Fixture       *fixture,
                            gconstpointer  user_data)
{
  /* From outside, also of what there is no property for */
  set_row (fixture, "{\"name\":\"Rex\",\"price\":5,\"species\":\"dog\"}");
  assert_heard (fixture, "name sold ");

  /* Once, after a transaction, of what is different then */
  tst_store_begin (fixture->store);
  g_object_set (fixture->fido, "name", "Max", "price", 1.0, NULL);
  g_object_set (fixture->fido, "name", "Bello", "price", 5.0, NULL);
  assert_heard (fixture, "");
  tst_store_commit (fixture->store);
  assert_heard (fixture, "name ");

  /* Not of what is undone, though it can be read meanwhile */
  tst_store_begin (fixture->store);
  g_object_set (fixture->fido, "name", "Max", NULL);
  tst_store_rollback (fixture->store);
  assert_heard (fixture, "");

  tst_store_remove_row (fixture->store, "pets", "fido");
  assert_heard (fixture, "name price ");
}

static void
drop_cb (TestPet  *pet,
         GParamSpec *pspec,
         TestPet **held)
{
  g_clear_object (held);
}

static void
test_row_properties_dropped (Fixture       *fixture,
                             gconstpointer  user_data)
{
  TestPet *held = g_object_new (TEST_TYPE_PET,
                                "store", fixture->store,
                                "table-id", "pets",
                                "row-id", "fido",
                                NULL);

  g_signal_connect (held, "notify::name", G_CALLBACK (drop_cb), &held);
  set_row (fixture, "{\"name\":\"Rex\"}");
  g_assert_null (held);
}

/* --- Refused --- */

static void
iterate (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
count_cb (TstStore     *store,
          const char   *table_id,
          const char   *row_id,
          const char   *cell_id,
          const GError *error,
          gpointer      user_data)
{
  (*(guint *) user_data)++;
}

static void
test_row_properties_refused (Fixture       *fixture,
                             gconstpointer  user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TstSchema) schema = NULL;
  g_autofree char *name = NULL;
  double price;

  schema = tst_schema_new_from_json ("{\"pets\":{\"name\":{\"type\":\"string\"},\"price\":{\"type\":\"number\"},"
                                     "\"sold\":{\"type\":\"boolean\"}}}", &error);
  g_assert_no_error (error);
  tst_store_set_schema (fixture->store, schema, TST_SCHEMA_DEFAULT, &error);
  g_assert_no_error (error);

  g_object_set (fixture->fido, "age", 3, "price", 1000.0, NULL);
  assert_row (fixture, "{\"name\":\"Fido\",\"price\":1000,\"sold\":true}");
  g_object_get (fixture->fido, "price", &price, NULL);
  g_assert_cmpfloat (price, ==, 1000);
  assert_heard (fixture, "price age ");

  /* Once more for bindings, which were not listening */
  iterate ();
  assert_heard (fixture, "age ");
  iterate ();
  assert_heard (fixture, "");

  g_object_set (fixture->fido, "name", NULL, NULL);
  g_object_get (fixture->fido, "name", &name, NULL);
  g_assert_cmpstr (name, ==, "Fido");
  assert_heard (fixture, "name ");
}

static void
test_row_properties_not_a_cell (Fixture       *fixture,
                                gconstpointer  user_data)
{
  guint n_refused = 0;
  gulong id;

  id = tst_store_add_invalid_cell_listener (fixture->store, "pets", "fido", "name",
                                            TST_LISTENER_DEFAULT,
                                            count_cb, &n_refused, NULL);

  g_object_set (fixture->fido, "name", "\xff", NULL);
  g_assert_cmpuint (n_refused, ==, 1);
  assert_row (fixture, "{\"name\":\"Fido\",\"price\":5,\"sold\":true}");
  assert_heard (fixture, "name ");

  tst_store_remove_listener (fixture->store, id);
}

static void
shout_cb (TstStore *store,
          TstWrite *write,
          gpointer  user_data)
{
  GValue *value = tst_write_get_value (write);
  g_autoptr(GError) error = NULL;

  g_value_take_string (value, g_ascii_strup (g_value_get_string (value), -1));
  tst_write_set_value (write, value, &error);
  g_assert_no_error (error);
  g_boxed_free (G_TYPE_VALUE, value);
}

static void
test_row_properties_intercepted (Fixture       *fixture,
                                 gconstpointer  user_data)
{
  gulong id = tst_store_add_interceptor (fixture->store, TST_WRITE_SET_CELL, shout_cb, NULL, NULL);
  g_autofree char *name = NULL;

  /* Whoever set it is told that it is not what was set. */
  g_object_set (fixture->fido, "name", "rex", NULL);
  g_object_get (fixture->fido, "name", &name, NULL);
  g_assert_cmpstr (name, ==, "REX");
  assert_heard (fixture, "name ");
  iterate ();
  assert_heard (fixture, "name ");

  g_object_set (fixture->fido, "name", "MAX", NULL);
  assert_heard (fixture, "name ");
  iterate ();
  assert_heard (fixture, "");

  tst_store_remove_interceptor (fixture->store, id);
}

static void
test_row_properties_binding (Fixture       *fixture,
                             gconstpointer  user_data)
{
  g_autoptr(TstRow) other = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(TstSchema) schema = NULL;
  g_autofree char *name = NULL;

  tst_store_set_cell_string (fixture->store, "names", "first", "name", "Nobody knows", &error);
  g_assert_no_error (error);
  other = g_object_new (TEST_TYPE_PET, "store", fixture->store, "table-id", "names", "row-id", "first", NULL);
  g_object_bind_property (fixture->fido, "name", other, "name",
                          G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  g_object_get (other, "name", &name, NULL);
  g_assert_cmpstr (name, ==, "Fido");

  tst_store_set_cell_string (fixture->store, "pets", "fido", "name", "Rex", &error);
  g_assert_cmpstr (tst_row_get_string (other, "name"), ==, "Rex");
  tst_store_set_cell_string (fixture->store, "names", "first", "name", "Max", &error);
  g_assert_cmpstr (tst_row_get_string (TST_ROW (fixture->fido), "name"), ==, "Max");

  /* What is refused at one end is soon shown at the other. */
  schema = tst_schema_new_from_json ("{\"pets\":{\"name\":{\"enum\":[\"Max\",\"Rex\"]},"
                                     "\"price\":{\"type\":\"number\"},\"sold\":{\"type\":\"boolean\"}},"
                                     "\"names\":{\"name\":{\"type\":\"string\"}}}", &error);
  g_assert_no_error (error);
  tst_store_set_schema (fixture->store, schema, TST_SCHEMA_DEFAULT, &error);
  g_assert_no_error (error);
  tst_row_set_string (other, "name", "Moritz", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (tst_row_get_string (TST_ROW (fixture->fido), "name"), ==, "Max");
  iterate ();
  g_assert_cmpstr (tst_row_get_string (other, "name"), ==, "Max");
}

/* --- Construction --- */

static void
finished_cb (TstStore *store,
             gpointer  user_data)
{
  (*(guint *) user_data)++;
}

static TestPet *
make_pet (Fixture    *fixture,
          const char *colour,
          const char *breed)
{
  return g_object_new (TEST_TYPE_PET,
                       "colour", colour,
                       "breed", breed,
                       "store", fixture->store,
                       "row-id", "fido",
                       "table-id", "pets",
                       NULL);
}

static void
test_row_properties_construct (Fixture       *fixture,
                               gconstpointer  user_data)
{
  guint n_finished = 0;
  gulong id;
  TestPet *pet;

  set_row (fixture, "{\"colour\":\"brown\",\"breed\":\"poodle\"}");
  id = tst_store_add_finished_listener (fixture->store, finished_cb, &n_finished, NULL);

  /* Default values do nothing. */
  pet = make_pet (fixture, "grey", NULL);
  assert_row (fixture, "{\"colour\":\"brown\",\"breed\":\"poodle\"}");
  g_assert_cmpuint (n_finished, ==, 0);
  g_assert_finalize_object (pet);

  /* All others are one transaction. */
  pet = make_pet (fixture, "white", "boxer");
  assert_row (fixture, "{\"colour\":\"white\",\"breed\":\"boxer\"}");
  g_assert_cmpuint (n_finished, ==, 1);
  g_assert_finalize_object (pet);

  /* So is each property that could be set later. */
  pet = g_object_new (TEST_TYPE_PET,
                      "name", "Rex",
                      "store", fixture->store,
                      "row-id", "fido",
                      "table-id", "pets",
                      NULL);
  assert_row (fixture, "{\"colour\":\"white\",\"breed\":\"boxer\",\"name\":\"Rex\"}");
  g_assert_cmpuint (n_finished, ==, 2);
  g_assert_finalize_object (pet);

  tst_store_remove_listener (fixture->store, id);
}

/* --- Classes --- */

static void
check_dog (Fixture *fixture,
           GType    type)
{
  TestDog *dog = g_object_new (type,
                               "store", fixture->store,
                               "table-id", "pets",
                               "row-id", "fido",
                               "barks", TRUE,
                               "best-friend", "Felix",
                               "best-friend-age", 3,
                               "price", 7.0,
                               NULL);
  g_autofree char *label = NULL;
  g_autofree char *name = NULL;
  gboolean barks;

  assert_row (fixture, "{\"name\":\"Fido\",\"price\":5,\"sold\":true,"
                       "\"bestFriend\":\"Felix\",\"bestFriendAge\":3,\"cost\":7}");
  g_object_get (dog, "barks", &barks, "label", &label, "name", &name, NULL);
  g_assert_true (barks);
  g_assert_cmpstr (label, ==, "fido");
  g_assert_cmpstr (name, ==, "Fido");

  g_assert_finalize_object (dog);
}

static void
test_row_properties_subclass (Fixture       *fixture,
                              gconstpointer  user_data)
{
  /* The class of a class first: its parents are made ready with it. */
  check_dog (fixture, TEST_TYPE_PUPPY);
  set_row (fixture, "{\"name\":\"Fido\",\"price\":5,\"sold\":true}");
  check_dog (fixture, TEST_TYPE_DOG);
}

static void
test_row_properties_asked_for (Fixture       *fixture,
                               gconstpointer  user_data)
{
  g_autofree char *text = NULL;
  TestCat *cat;

  g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, "The property TestCat:owner cannot be a cell");
  g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, "The class TestCat has no property wings");
  cat = g_object_new (TEST_TYPE_CAT, "store", fixture->store, "table-id", "pets", "row-id", "fido", NULL);
  g_test_assert_expected_messages ();
  g_signal_connect (cat, "notify", G_CALLBACK (notify_cb), fixture);

  set_row (fixture, "{\"name\":\"Fido\",\"price\":5,\"sold\":true,\"cost\":1.5}");
  g_object_get (cat, "cost-text", &text, NULL);
  g_assert_cmpstr (text, ==, "1.5");
  assert_heard (fixture, "cost-text cost ");

  g_object_set (cat, "colour-of-eyes", "green", NULL);
  assert_row (fixture, "{\"name\":\"Fido\",\"price\":5,\"sold\":true,\"cost\":1.5,\"colour_of_eyes\":\"green\"}");
  assert_heard (fixture, "colour-of-eyes ");

  /* The class has been made. */
  g_test_expect_message ("TStore", G_LOG_LEVEL_CRITICAL, "*finished*");
  tst_row_class_map_property (TST_ROW_GET_CLASS (cat), "cost", "price");
  g_test_assert_expected_messages ();

  g_assert_finalize_object (cat);
}

static void
test_row_properties_value (Fixture       *fixture,
                           gconstpointer  user_data)
{
  GValue *value = tst_row_get_property_value (TST_ROW (fixture->fido), "age");
  g_autoptr(TstRow) plain = tst_row_new (fixture->store, "pets", "fido");

  g_assert_true (G_VALUE_HOLDS_INT (value));
  g_assert_cmpint (g_value_get_int (value), ==, -1);
  g_boxed_free (G_TYPE_VALUE, value);

  g_assert_null (tst_row_get_property_value (TST_ROW (fixture->fido), "wings"));
  g_assert_null (tst_row_get_property_value (TST_ROW (fixture->fido), "row-id"));
  g_assert_null (tst_row_get_property_value (plain, "row-id"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

  ADD ("/row-properties/read", test_row_properties_read);
  ADD ("/row-properties/write", test_row_properties_write);
  ADD ("/row-properties/conversions", test_row_properties_conversions);
  ADD ("/row-properties/types", test_row_properties_types);
  ADD ("/row-properties/notify", test_row_properties_notify);
  ADD ("/row-properties/dropped", test_row_properties_dropped);
  ADD ("/row-properties/refused", test_row_properties_refused);
  ADD ("/row-properties/not-a-cell", test_row_properties_not_a_cell);
  ADD ("/row-properties/intercepted", test_row_properties_intercepted);
  ADD ("/row-properties/binding", test_row_properties_binding);
  ADD ("/row-properties/construct", test_row_properties_construct);
  ADD ("/row-properties/subclass", test_row_properties_subclass);
  ADD ("/row-properties/asked-for", test_row_properties_asked_for);
  ADD ("/row-properties/value", test_row_properties_value);

  return g_test_run ();
}
