/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Who holds a schema: the store that has it, and the transaction that may bring it
 * back, but nobody after that. */

#include <libtstore/tstore.h>

#include "tst-schema-insides-private.h"

typedef struct
{
  TstStore  *store;
  TstSchema *schema;  /* that the store has */
} Fixture;

static TstSchema *
make_schema (const char *cell_id)
{
  g_autoptr(TstCellSpec) spec = tst_cell_spec_new (TST_CELL_TYPES_NUMBER);
  TstSchema *schema = tst_schema_new ();

  g_assert_true (tst_schema_add_cell (schema, "pets", cell_id, spec, NULL));

  return schema;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  fixture->store = tst_store_new ();
  fixture->schema = make_schema ("price");
  g_assert_true (tst_store_set_schema (fixture->store, fixture->schema, 0, NULL));
  g_assert_cmpint (fixture->schema->ref_count, ==, 2);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  g_assert_finalize_object (fixture->store);
  g_assert_cmpint (fixture->schema->ref_count, ==, 1);
  tst_schema_unref (fixture->schema);
}

static void
test_forgotten (Fixture       *fixture,
                gconstpointer  user_data)
{
  g_autoptr(TstSchema) other = make_schema ("age");

  g_test_summary ("An old schema is forgotten when the transaction in which it was replaced is over");

  g_assert_true (tst_store_set_schema (fixture->store, other, 0, NULL));
  g_assert_cmpint (fixture->schema->ref_count, ==, 1);
  g_assert_cmpint (other->ref_count, ==, 2);

  tst_store_begin (fixture->store);
  g_assert_true (tst_store_set_schema (fixture->store, fixture->schema, 0, NULL));
  g_assert_true (tst_store_set_schema (fixture->store, NULL, 0, NULL));
  g_assert_cmpint (fixture->schema->ref_count, ==, 2);
  g_assert_cmpint (other->ref_count, ==, 2);
  tst_store_commit (fixture->store);
  g_assert_cmpint (fixture->schema->ref_count, ==, 1);
  g_assert_cmpint (other->ref_count, ==, 1);
}

static void
test_rolled_back (Fixture       *fixture,
                  gconstpointer  user_data)
{
  g_autoptr(TstSchema) other = make_schema ("age");

  g_test_summary ("A schema that was set in what is undone is forgotten with it");

  tst_store_begin (fixture->store);
  g_assert_true (tst_store_set_schema (fixture->store, other, 0, NULL));
  g_assert_cmpint (fixture->schema->ref_count, ==, 2);
  tst_store_rollback (fixture->store);
  g_assert_cmpint (fixture->schema->ref_count, ==, 2);
  g_assert_cmpint (other->ref_count, ==, 1);
  g_assert_true (tst_store_get_schema (fixture->store) == fixture->schema);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

  ADD ("/schema-insides/forgotten", test_forgotten);
  ADD ("/schema-insides/rolled-back", test_rolled_back);

  return g_test_run ();
}
