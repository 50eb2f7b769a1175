/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "pets-search.h"

static TstStore *
make_store (void)
{
  TstStore *store = tst_store_new ();
  g_autoptr(GError) error = NULL;

  tst_store_set_table_json (store, "pets",
                            "{\"1\":{\"name\":\"Zoë Müller\",\"species\":\"Cat\",\"born\":\"2024-05-31\",\"price\":12.5,"
                            "\"sold\":true,\"secret\":\"hidden\"}}", &error);
  g_assert_no_error (error);

  return store;
}

static gboolean
finds (const char *text)
{
  g_autoptr(TstStore) store = make_store ();
  g_autoptr(PetsSearch) search = pets_search_new (text);

  return pets_search_matches (search, store, "1");
}

static void
test_search_words (void)
{
  g_test_summary ("Each word is in some cell that is shown");

  g_assert_true (finds (""));
  g_assert_true (finds ("  "));
  g_assert_true (finds ("cat"));
  g_assert_true (finds ("at 2024"));
  g_assert_true (finds (" cat\tzo "));
  g_assert_false (finds ("cat dog"));
  g_assert_false (finds ("zoëcat"));
  g_assert_false (finds ("hidden"));
  g_assert_false (finds ("true"));
}

static void
test_search_folding (void)
{
  g_test_summary ("Case and accents make no difference, numbers are found as they are edited");

  g_assert_true (finds ("CAT"));
  g_assert_true (finds ("zoe"));
  g_assert_true (finds ("ZOË"));
  g_assert_true (finds ("zoe muller"));
  g_assert_true (finds ("mül"));
  g_assert_true (finds ("Zoe\xcc\x88"));
  g_assert_true (finds ("12.5"));
  g_assert_false (finds ("12.6"));
}

static void
test_search_missing (void)
{
  g_autoptr(TstStore) store = make_store ();
  g_autoptr(PetsSearch) search = pets_search_new ("cat");
  g_autoptr(PetsSearch) all = pets_search_new ("");

  g_test_summary ("A row without cells has no words");

  g_assert_false (pets_search_matches (search, store, "2"));
  g_assert_true (pets_search_matches (all, store, "2"));
}

static TstFilterChange
compare (const char *before,
         const char *after)
{
  g_autoptr(PetsSearch) one = before != NULL ? pets_search_new (before) : NULL;
  g_autoptr(PetsSearch) other = after != NULL ? pets_search_new (after) : NULL;

  return pets_search_compare (one, other);
}

static void
test_search_comparing (void)
{
  g_test_summary ("Who types on finds fewer, who takes back finds more, and else nobody knows");

  g_assert_cmpint (compare (NULL, "c"), ==, TST_FILTER_CHANGE_MORE_STRICT);
  g_assert_cmpint (compare ("c", "Ca"), ==, TST_FILTER_CHANGE_MORE_STRICT);
  g_assert_cmpint (compare ("cat", "cat "), ==, TST_FILTER_CHANGE_MORE_STRICT);
  g_assert_cmpint (compare ("cat ", "cat d"), ==, TST_FILTER_CHANGE_MORE_STRICT);
  g_assert_cmpint (compare ("a b", "ba"), ==, TST_FILTER_CHANGE_MORE_STRICT);
  g_assert_cmpint (compare ("zoë", "zoe m"), ==, TST_FILTER_CHANGE_MORE_STRICT);

  g_assert_cmpint (compare ("c", NULL), ==, TST_FILTER_CHANGE_LESS_STRICT);
  g_assert_cmpint (compare ("ca", "c"), ==, TST_FILTER_CHANGE_LESS_STRICT);
  g_assert_cmpint (compare ("cat dog", "dog"), ==, TST_FILTER_CHANGE_LESS_STRICT);
  g_assert_cmpint (compare ("cat", " "), ==, TST_FILTER_CHANGE_LESS_STRICT);

  g_assert_cmpint (compare ("cat", "dog"), ==, TST_FILTER_CHANGE_DIFFERENT);
  g_assert_cmpint (compare ("cat d", "ca do"), ==, TST_FILTER_CHANGE_DIFFERENT);
  g_assert_cmpint (compare ("cat dog", "catdo"), ==, TST_FILTER_CHANGE_DIFFERENT);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/search/words", test_search_words);
  g_test_add_func ("/search/folding", test_search_folding);
  g_test_add_func ("/search/missing", test_search_missing);
  g_test_add_func ("/search/comparing", test_search_comparing);

  return g_test_run ();
}
