/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The set of slots that rows are kept in, against a plain array. */

#include "test-util.h"

#include "tst-slot-set-private.h"

#include <string.h>

#define N_SLOTS 5000

typedef struct
{
  guint64     random;
  TstSlotSet *set;
  gboolean    plain[N_SLOTS];
} Fixture;

static guint
chance (Fixture *fixture,
        guint    n)
{
  fixture->random = fixture->random * G_GUINT64_CONSTANT (6364136223846793005) + 1442695040888963407;

  return (guint) ((fixture->random >> 33) % n);
}

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  user_data)
{
  fixture->random = test_seed ();
  fixture->set = tst_slot_set_new ();
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  user_data)
{
  tst_slot_set_free (fixture->set);
}

static void
assert_equal (Fixture *fixture)
{
  guint n = 0;
  guint32 next = tst_slot_set_next (fixture->set, 0);

  for (guint32 slot = 0; slot < N_SLOTS; slot++)
    {
      g_assert_true (tst_slot_set_contains (fixture->set, slot) == fixture->plain[slot]);
      g_assert_cmpuint (tst_slot_set_rank (fixture->set, slot), ==, n);
      if (!fixture->plain[slot])
        continue;

      g_assert_cmpuint (next, ==, slot);
      g_assert_cmpuint (tst_slot_set_select (fixture->set, n), ==, slot);
      next = tst_slot_set_next (fixture->set, slot + 1);
      n++;
    }

  g_assert_cmpuint (next, ==, TST_SLOT_NONE);
  g_assert_cmpuint (tst_slot_set_get_n (fixture->set), ==, n);
  g_assert_cmpuint (tst_slot_set_rank (fixture->set, TST_SLOT_NONE), ==, n);
  g_assert_false (tst_slot_set_contains (fixture->set, TST_SLOT_NONE));
  g_assert_cmpuint (tst_slot_set_next (fixture->set, TST_SLOT_NONE), ==, TST_SLOT_NONE);
}

static void
fill (Fixture *fixture,
      guint    n)
{
  tst_slot_set_fill (fixture->set, n);
  for (guint32 slot = 0; slot < N_SLOTS; slot++)
    fixture->plain[slot] = slot < n;
}

/* Adds what is not in there, removes what is. */
static void
flip (Fixture *fixture,
      guint32  slot)
{
  if (fixture->plain[slot])
    tst_slot_set_remove (fixture->set, slot);
  else
    tst_slot_set_add (fixture->set, slot);

  fixture->plain[slot] = !fixture->plain[slot];
}

static void
test_slot_set_fill (Fixture       *fixture,
                    gconstpointer  user_data)
{
  static const guint sizes[] = { 0, 1, 63, 64, 65, 1023, 1024, 1025, 4096, N_SLOTS, 100, 0 };

  assert_equal (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      fill (fixture, sizes[i]);
      assert_equal (fixture);
    }
}

static void
test_slot_set_random (Fixture       *fixture,
                      gconstpointer  user_data)
{
  guint n_rounds = test_scale (300);

  for (guint i = 0; i < n_rounds; i++)
    {
      guint from = chance (fixture, N_SLOTS);

      for (guint j = 0; j < 100; j++)
        flip (fixture, (from + (i % 2 == 0 ? j : chance (fixture, N_SLOTS))) % N_SLOTS);
      if (chance (fixture, 20) == 0)
        fill (fixture, chance (fixture, N_SLOTS));
      assert_equal (fixture);
    }
}

static void
test_slot_set_put (Fixture       *fixture,
                   gconstpointer  user_data)
{
  for (guint i = 0; i < 1000; i++)
    {
      guint32 slot = chance (fixture, N_SLOTS);

      tst_slot_set_put (fixture->set, slot);
      fixture->plain[slot] = TRUE;
    }

  tst_slot_set_count (fixture->set);
  assert_equal (fixture);
}

static void
test_slot_set_copy (Fixture       *fixture,
                    gconstpointer  user_data)
{
  TstSlotSet *first = fixture->set;

  for (guint i = 0; i < 500; i++)
    flip (fixture, chance (fixture, N_SLOTS));

  fixture->set = tst_slot_set_new ();
  tst_slot_set_copy (fixture->set, first);
  assert_equal (fixture);

  /* What becomes of one of them is not the other's business. */
  flip (fixture, 17);
  assert_equal (fixture);
  flip (fixture, 17);
  tst_slot_set_copy (first, fixture->set);
  flip (fixture, 17);
  assert_equal (fixture);
  tst_slot_set_free (first);
}

static void
test_slot_set_renumber (Fixture       *fixture,
                        gconstpointer  user_data)
{
  g_autoptr(TstSlotSet) all = tst_slot_set_new ();
  gboolean renumbered[N_SLOTS] = { FALSE, };
  guint32 number = 0;

  for (guint32 slot = 0; slot < N_SLOTS; slot += 1 + chance (fixture, 5))
    {
      gboolean is_in = chance (fixture, 2) == 0;

      tst_slot_set_add (all, slot);
      if (is_in)
        flip (fixture, slot);
      renumbered[number++] = is_in;
    }

  tst_slot_set_renumber (fixture->set, all);
  memcpy (fixture->plain, renumbered, sizeof renumbered);
  assert_equal (fixture);

  /* Together with itself, there are no gaps left. */
  tst_slot_set_renumber (all, all);
  g_assert_cmpuint (tst_slot_set_get_n (all), ==, number);
  g_assert_cmpuint (tst_slot_set_select (all, number - 1), ==, number - 1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

  ADD ("/slot-set/fill", test_slot_set_fill);
  ADD ("/slot-set/random", test_slot_set_random);
  ADD ("/slot-set/put", test_slot_set_put);
  ADD ("/slot-set/copy", test_slot_set_copy);
  ADD ("/slot-set/renumber", test_slot_set_renumber);

  return g_test_run ();
}
