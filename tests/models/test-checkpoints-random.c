/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <libtstore/tstore.h>

#include <string.h>

#include "test-util.h"
#include "tst-store-private.h"

/* Random changes, by the application and by others, and random undoing, compared with a
 * naive model: it keeps each state as a table of paths, "table/row/cell" or "value", and
 * knows the rules of TstCheckpoints, and nothing of how they are kept. */

typedef GHashTable State;  /* of paths to JSON */

/* What the application did in one go. */
typedef struct
{
  State *before;
  State *after;
} Stretch;

typedef struct
{
  GRand          *rand;
  TstStore       *store;
  TstCheckpoints *checkpoints;
  gboolean        automatic;
  guint           size;

  State          *state;     /* what the store has to hold */
  GPtrArray      *steps;     /* of GPtrArray of Stretch */
  guint           current;   /* so many of them are done */
  GPtrArray      *pending;   /* of Stretch: since the last checkpoint */
  State          *base;      /* when the application's present stretch began */
  gboolean        edited;
} World;

/* --- States --- */

static State *
state_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

static State *
state_copy (State *self)
{
  State *copy = state_new ();
  GHashTableIter iter;
  gpointer path, json;

  g_hash_table_iter_init (&iter, self);
  while (g_hash_table_iter_next (&iter, &path, &json))
    g_hash_table_insert (copy, g_strdup (path), g_strdup (json));

  return copy;
}

static gboolean
state_has_all (State *self,
               State *other)
{
  GHashTableIter iter;
  gpointer path, json;

  g_hash_table_iter_init (&iter, other);
  while (g_hash_table_iter_next (&iter, &path, &json))
    if (g_strcmp0 (g_hash_table_lookup (self, path), json) != 0)
      return FALSE;

  return TRUE;
}

static gboolean
state_equal (State *self,
             State *other)
{
  return state_has_all (self, other) && state_has_all (other, self);
}

static void
read_row (State      *self,
          TstStore   *store,
          const char *table_id,
          const char *row_id)
{
  g_auto(GStrv) cell_ids = tst_store_get_cell_ids (store, table_id, row_id);

  for (guint i = 0; cell_ids[i] != NULL; i++)
    g_hash_table_insert (self, g_strdup_printf ("%s/%s/%s", table_id, row_id, cell_ids[i]),
                         tst_store_get_cell_json (store, table_id, row_id, cell_ids[i]));
}

static State *
state_read (TstStore *store)
{
  State *self = state_new ();
  g_auto(GStrv) table_ids = tst_store_get_table_ids (store);
  g_auto(GStrv) value_ids = tst_store_get_value_ids (store);

  for (guint i = 0; table_ids[i] != NULL; i++)
    {
      g_auto(GStrv) row_ids = tst_store_get_row_ids (store, table_ids[i]);

      for (guint j = 0; row_ids[j] != NULL; j++)
        read_row (self, store, table_ids[i], row_ids[j]);
    }
  for (guint i = 0; value_ids[i] != NULL; i++)
    g_hash_table_insert (self, g_strdup (value_ids[i]), tst_store_get_value_json (store, value_ids[i]));

  return self;
}

/* The part of a path that is its row; of a value, nothing. */
static char *
get_row (const char *path)
{
  const char *end = strrchr (path, '/');

  return end != NULL ? g_strndup (path, end - path + 1) : g_strdup ("");
}

/* The cells of a row; or the values. */
static State *
state_get_row (State      *self,
               const char *row)
{
  State *part = state_new ();
  GHashTableIter iter;
  gpointer path, json;

  g_hash_table_iter_init (&iter, self);
  while (g_hash_table_iter_next (&iter, &path, &json))
    {
      g_autofree char *its_row = get_row (path);

      if (g_str_equal (its_row, row))
        g_hash_table_insert (part, g_strdup (path), g_strdup (json));
    }

  return part;
}

static void
state_set (State      *self,
           const char *path,
           const char *json)
{
  if (json != NULL)
    g_hash_table_insert (self, g_strdup (path), g_strdup (json));
  else
    g_hash_table_remove (self, path);
}

/* --- Undoing, naively --- */

static void
revert_cells (State *state,
              State *before,
              State *after)
{
  g_autoptr(GHashTable) all = state_copy (before);
  GHashTableIter iter;
  gpointer path;

  g_hash_table_iter_init (&iter, after);
  while (g_hash_table_iter_next (&iter, &path, NULL))
    state_set (all, path, "");

  g_hash_table_iter_init (&iter, all);
  while (g_hash_table_iter_next (&iter, &path, NULL))
    if (g_strcmp0 (g_hash_table_lookup (state, path), g_hash_table_lookup (after, path)) == 0)
      state_set (state, path, g_hash_table_lookup (before, path));
}

static void
revert_row (State      *state,
            const char *row,
            State      *before,
            State      *after)
{
  g_autoptr(GHashTable) old_row = state_get_row (before, row);
  g_autoptr(GHashTable) new_row = state_get_row (after, row);
  g_autoptr(GHashTable) present = state_get_row (state, row);
  gboolean is_row = *row != '\0';

  if (state_equal (old_row, new_row))
    return;
  if (is_row && g_hash_table_size (new_row) > 0 && g_hash_table_size (present) == 0)
    return;
  if (is_row && g_hash_table_size (old_row) == 0 && !state_equal (present, new_row))
    return;

  revert_cells (state, old_row, new_row);
}

static void
collect_rows (GHashTable *rows,
              State      *state)
{
  GHashTableIter iter;
  gpointer path;

  g_hash_table_iter_init (&iter, state);
  while (g_hash_table_iter_next (&iter, &path, NULL))
    g_hash_table_add (rows, get_row (path));
}

static void
revert_stretch (State         *state,
                const Stretch *stretch)
{
  g_autoptr(GHashTable) rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer row;

  collect_rows (rows, stretch->before);
  collect_rows (rows, stretch->after);

  g_hash_table_iter_init (&iter, rows);
  while (g_hash_table_iter_next (&iter, &row, NULL))
    revert_row (state, row, stretch->before, stretch->after);
}

static void
stretch_free (gpointer data)
{
  Stretch *self = data;

  g_hash_table_unref (self->before);
  g_hash_table_unref (self->after);
  g_free (self);
}

static GPtrArray *
step_new (void)
{
  return g_ptr_array_new_with_free_func (stretch_free);
}

static void
step_add (GPtrArray *self,
          State     *before,
          State     *after)
{
  Stretch *stretch;

  if (state_equal (before, after))
    return;

  stretch = g_new (Stretch, 1);
  stretch->before = state_copy (before);
  stretch->after = state_copy (after);
  g_ptr_array_add (self, stretch);
}

/* --- The world --- */

static void
check (World *world)
{
  g_autoptr(GHashTable) state = state_read (world->store);
  gsize n_backward, n_forward;

  g_assert_true (state_equal (state, world->state));

  g_free (tst_checkpoints_get_backward_ids (world->checkpoints, &n_backward));
  g_free (tst_checkpoints_get_forward_ids (world->checkpoints, &n_forward));
  g_assert_cmpuint (n_backward, ==, world->current + (world->edited ? 1 : 0));
  g_assert_cmpuint (n_forward, ==, world->steps->len - world->current);
  g_assert_true (tst_checkpoints_get_can_redo (world->checkpoints) == (n_forward > 0));
}

static void
set_state (State **state,
           State  *other)
{
  State *copy = state_copy (other);

  g_hash_table_unref (*state);
  *state = copy;
}

static void
drop_forward (World *world)
{
  g_ptr_array_set_size (world->steps, world->current);
}

static void
drop_too_many (World *world)
{
  if (world->current <= world->size)
    return;

  g_ptr_array_remove_range (world->steps, 0, world->current - world->size);
  world->current = world->size;
}

static void
close_stretch (World *world)
{
  step_add (world->pending, world->base, world->state);
  set_state (&world->base, world->state);
}

static void
settle (World *world)
{
  if (!world->edited)
    return;

  close_stretch (world);
  world->edited = FALSE;
  if (world->pending->len == 0)
    return;

  drop_forward (world);
  g_ptr_array_add (world->steps, g_steal_pointer (&world->pending));
  world->pending = step_new ();
  world->current++;
  drop_too_many (world);
}

/* --- What is done --- */

static void
write_cell (World *world)
{
  GRand *rand = world->rand;
  const char *table_id = g_rand_boolean (rand) ? "a" : "b";
  g_autofree char *row_id = g_strdup_printf ("r%d", g_rand_int_range (rand, 0, 2));
  g_autofree char *cell_id = g_strdup_printf ("c%d", g_rand_int_range (rand, 0, 2));
  double number = g_rand_int_range (rand, 0, 3);

  switch (g_rand_int_range (rand, 0, 16))
    {
    case 0:
    case 12:
      tst_store_remove_row (world->store, table_id, row_id);
      break;
    case 1:
      tst_store_remove_table (world->store, table_id);
      break;
    case 2:
    case 3:
    case 13:
      tst_store_remove_cell (world->store, table_id, row_id, cell_id);
      break;
    case 4:
      tst_store_remove_value (world->store, cell_id);
      break;
    case 5:
    case 6:
      tst_store_set_value_number (world->store, cell_id, number, NULL);
      break;
    case 7:
      tst_store_set_cell_json (world->store, table_id, row_id, cell_id,
                               "{\"a\":\"text that does not lie in the cell\"}", NULL);
      break;
    default:
      tst_store_set_cell_number (world->store, table_id, row_id, cell_id, number, NULL);
    }
}

static void
write_some (World *world)
{
  tst_store_begin (world->store);
  for (int i = g_rand_int_range (world->rand, 1, 4); i > 0; i--)
    write_cell (world);
  tst_store_commit (world->store);
}

static void
do_edit (World *world)
{
  g_autoptr(GHashTable) after = NULL;

  write_some (world);
  after = state_read (world->store);

  /* Something may have been written and undone, which counts as an edit at first. */
  world->edited = world->automatic || tst_checkpoints_get_current (world->checkpoints) == 0;
  set_state (&world->state, after);
  if (world->automatic)
    settle (world);
  else if (world->edited)
    drop_forward (world);
}

static void
do_outside (World *world)
{
  static const char outside = 'o';
  g_autoptr(GHashTable) after = NULL;

  if (world->edited)
    close_stretch (world);

  tst_store_push_origin (world->store, &outside);
  write_some (world);
  tst_store_pop_origin (world->store);

  after = state_read (world->store);
  set_state (&world->state, after);
  set_state (&world->base, after);
}

static void
do_add (World *world)
{
  settle (world);
  g_assert_cmpuint (tst_checkpoints_add (world->checkpoints, NULL), !=, 0);
}

static void
move_to (World *world,
         guint  target)
{
  while (world->current != target)
    {
      gboolean back = target < world->current;
      guint at = back ? world->current - 1 : world->current;
      GPtrArray *step = g_ptr_array_index (world->steps, at);
      g_autoptr(GHashTable) before = state_copy (world->state);

      for (guint i = step->len; i > 0; i--)
        revert_stretch (world->state, g_ptr_array_index (step, i - 1));

      g_ptr_array_set_size (step, 0);
      step_add (step, before, world->state);
      world->current += back ? -1 : 1;
    }

  drop_too_many (world);
  set_state (&world->base, world->state);
}

static void
do_undo (World *world)
{
  g_autoptr(GError) error = NULL;

  settle (world);
  if (tst_checkpoints_undo (world->checkpoints, &error))
    move_to (world, world->current - 1);
  else
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void
do_redo (World *world)
{
  g_autoptr(GError) error = NULL;

  settle (world);
  if (tst_checkpoints_redo (world->checkpoints, &error))
    move_to (world, world->current + 1);
  else
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void
do_go_to (World *world)
{
  g_autofree guint *backward = NULL;
  g_autofree guint *forward = NULL;
  gsize n_backward, n_forward;
  g_autoptr(GError) error = NULL;
  guint target;

  settle (world);
  tst_checkpoints_add (world->checkpoints, NULL);
  backward = tst_checkpoints_get_backward_ids (world->checkpoints, &n_backward);
  forward = tst_checkpoints_get_forward_ids (world->checkpoints, &n_forward);
  target = g_rand_int_range (world->rand, 0, n_backward + n_forward + 1);

  if (target < n_backward)
    tst_checkpoints_go_to (world->checkpoints, backward[target], &error);
  else if (target > n_backward)
    tst_checkpoints_go_to (world->checkpoints, forward[target - n_backward - 1], &error);
  g_assert_no_error (error);

  move_to (world, target);
}

static void
play (World    *world,
      guint     n_operations,
      gboolean  others)
{
  for (guint i = 0; i < n_operations; i++)
    {
      switch (g_rand_int_range (world->rand, 0, others ? 16 : 11))
        {
        case 0:
          do_add (world);
          break;
        case 1:
        case 2:
          do_undo (world);
          break;
        case 3:
          do_redo (world);
          break;
        case 4:
          do_go_to (world);
          break;
        case 11:
        case 12:
        case 13:
        case 14:
        case 15:
          do_outside (world);
          break;
        default:
          do_edit (world);
        }

      check (world);
    }
}

static void
world_begin (World *world,
             GRand *rand)
{
  *world = (World) { .rand = rand, .store = tst_store_new () };
  for (int i = 0; i < 10; i++)
    write_cell (world);

  world->automatic = g_rand_boolean (rand);
  world->size = g_rand_boolean (rand) ? 100 : 4;
  world->checkpoints = tst_checkpoints_new (world->store);
  tst_checkpoints_set_automatic (world->checkpoints, world->automatic);
  tst_checkpoints_set_size (world->checkpoints, world->size);

  world->state = state_read (world->store);
  world->base = state_copy (world->state);
  world->steps = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  world->pending = step_new ();
}

static void
world_end (World *world)
{
  g_hash_table_unref (world->state);
  g_hash_table_unref (world->base);
  g_ptr_array_unref (world->steps);
  g_ptr_array_unref (world->pending);
  g_assert_finalize_object (world->checkpoints);
  g_assert_finalize_object (world->store);
}

static void
test_checkpoints_random (gconstpointer user_data)
{
  gboolean others = GPOINTER_TO_INT (user_data);
  GRand *rand = g_rand_new_with_seed (test_seed ());

  for (guint i = 0; i < test_scale (200); i++)
    {
      World world;

      world_begin (&world, rand);
      play (&world, 50, others);
      world_end (&world);
    }

  g_rand_free (rand);
}

static void
test_checkpoints_random_all (void)
{
  GRand *rand = g_rand_new_with_seed (test_seed ());

  g_test_summary ("Without others, undoing everything leads to the beginning, redoing everything to the end");

  for (guint i = 0; i < test_scale (200); i++)
    {
      g_autoptr(GHashTable) first = NULL;
      g_autoptr(GHashTable) last = NULL;
      g_autoptr(GHashTable) again = NULL;
      World world;

      world_begin (&world, rand);
      tst_checkpoints_set_size (world.checkpoints, 100);
      first = state_read (world.store);
      for (int j = 0; j < 30; j++)
        {
          write_some (&world);
          if (g_rand_boolean (rand))
            tst_checkpoints_add (world.checkpoints, NULL);
        }
      tst_checkpoints_add (world.checkpoints, NULL);
      last = state_read (world.store);

      while (tst_checkpoints_undo (world.checkpoints, NULL))
        ;
      again = state_read (world.store);
      g_assert_true (state_equal (again, first));

      while (tst_checkpoints_redo (world.checkpoints, NULL))
        ;
      g_hash_table_unref (again);
      again = state_read (world.store);
      g_assert_true (state_equal (again, last));

      world_end (&world);
    }

  g_rand_free (rand);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/checkpoints-random/alone", GINT_TO_POINTER (FALSE), test_checkpoints_random);
  g_test_add_data_func ("/checkpoints-random/others", GINT_TO_POINTER (TRUE), test_checkpoints_random);
  g_test_add_func ("/checkpoints-random/all", test_checkpoints_random_all);

  return g_test_run ();
}
