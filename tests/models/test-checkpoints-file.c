/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "../persisters/file-medium.h"

/* Undo, with a file that somebody else writes to. */

#define PET(name, species) "\"" name "\":{\"species\":\"" species "\"}"
#define PETS(pets) "[{\"pets\":{" pets "}},{}]"

typedef struct
{
  Place          *place;
  TstStore       *store;
  TstPersister   *persister;
  TstCheckpoints *checkpoints;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  automatic)
{
  fixture->place = place_new ();
  write_file (fixture->place->path, FIDO);
  fixture->store = new_store (NULL);
  fixture->persister = file_persister (fixture->place->path, fixture->store);
  fixture->checkpoints = tst_checkpoints_new (fixture->store);
  tst_checkpoints_set_automatic (fixture->checkpoints, GPOINTER_TO_INT (automatic));

  run_ok_with (start_auto_persisting, fixture->persister, NULL);
  assert_store (fixture->store, FIDO);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  automatic)
{
  g_assert_finalize_object (fixture->checkpoints);
  close_persister (fixture->persister);
  g_assert_finalize_object (fixture->store);
  place_free (fixture->place);
}

static void
wait_file (Fixture    *fixture,
           const char *text)
{
  wait_for (file_is (fixture->place->path, text) && !tst_persister_get_dirty (fixture->persister));
}

/* Somebody else replaces the file, when nobody is about to write it. */
static void
write_elsewhere (Fixture    *fixture,
                 const char *text)
{
  wait_idle (fixture->persister);
  write_file (fixture->place->path, text);
  wait_for (store_is (fixture->store, text));
}

static void
undo (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;

  tst_checkpoints_undo (fixture->checkpoints, &error);
  g_assert_no_error (error);
}

static void
redo (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;

  tst_checkpoints_redo (fixture->checkpoints, &error);
  g_assert_no_error (error);
}

static void
test_checkpoints_file (Fixture       *fixture,
                       gconstpointer  automatic)
{
  g_test_summary ("Loading is nobody's step; undoing leaves what was loaded, and is saved");

  g_assert_false (tst_checkpoints_get_can_undo (fixture->checkpoints));

  set_species (fixture->store, "rex", "dog");
  wait_file (fixture, PETS (PET ("fido", "dog") "," PET ("rex", "dog")));
  write_elsewhere (fixture, PETS (PET ("fido", "fox") "," PET ("rex", "dog") "," PET ("polly", "parrot")));

  undo (fixture);
  assert_store (fixture->store, PETS (PET ("fido", "fox") "," PET ("polly", "parrot")));
  g_assert_false (tst_checkpoints_get_can_undo (fixture->checkpoints));
  wait_file (fixture, PETS (PET ("fido", "fox") "," PET ("polly", "parrot")));

  redo (fixture);
  wait_file (fixture, PETS (PET ("fido", "fox") "," PET ("polly", "parrot") "," PET ("rex", "dog")));
}

static void
test_checkpoints_file_same_cell (Fixture       *fixture,
                                 gconstpointer  automatic)
{
  g_test_summary ("A cell that was changed in the file since is left alone");

  set_species (fixture->store, "fido", "wolf");
  wait_file (fixture, PETS (PET ("fido", "wolf")));
  write_elsewhere (fixture, PETS (PET ("fido", "fox")));

  undo (fixture);
  assert_store (fixture->store, PETS (PET ("fido", "fox")));
  redo (fixture);
  assert_store (fixture->store, PETS (PET ("fido", "fox")));
}

static void
test_checkpoints_file_merge (Fixture       *fixture,
                             gconstpointer  automatic)
{
  g_test_summary ("What was not saved when it was merged can be undone as well");

  tst_persister_set_save_delay (fixture->persister, 3600 * 1000);
  set_species (fixture->store, "rex", "dog");
  write_file (fixture->place->path, PETS (PET ("fido", "fox")));
  wait_for (store_is (fixture->store, PETS (PET ("fido", "fox") "," PET ("rex", "dog"))));

  undo (fixture);
  assert_store (fixture->store, PETS (PET ("fido", "fox")));
  tst_persister_set_save_delay (fixture->persister, 0);
  wait_file (fixture, PETS (PET ("fido", "fox")));
}

#define add_test(path, func) \
  g_test_add ("/checkpoints-file/" path "/automatic", Fixture, GINT_TO_POINTER (TRUE), \
              fixture_set_up, func, fixture_tear_down); \
  g_test_add ("/checkpoints-file/" path "/manual", Fixture, GINT_TO_POINTER (FALSE), \
              fixture_set_up, func, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add_test ("load", test_checkpoints_file);
  add_test ("same-cell", test_checkpoints_file_same_cell);
  add_test ("merge", test_checkpoints_file_merge);

  return g_test_run ();
}
