/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Random operations on a store and on a model of it, side by side. Everything
 * that can be read must be the same, everything that is told must be what the
 * model's difference says, and every snapshot must stay what it was.
 *
 * TST_TEST_SEED repeats a run. */

#include "run.h"

static const Profile profiles[] = {
  { "small", 4, 12, 8, 8, 10000, 8, 6, 0, 68 },
  { "wide", 2, 6, 1000, 200, 500, 300, 4, 0, 6 },
  { "layouts", 2, 150, 90, 4, 3000, 70, 100, 40, 16 },
  { "tall", 2, 5000, 6, 4, 4000, 6, 2000, 400, 10 },
};

/* Listeners are gone through one by one. */
#define MAX_ASKED 200000
#define MAX_CROWD 50

/* --- Many at once: rows in the thousands come and go --- */

static void
burst_of_adding (Run *run)
{
  for (guint i = 0; i < run->profile->burst; i++)
    run_add_row (run);
}

static void
burst_of_removing (Run *run)
{
  const char *t = run_pick_table (run);
  gboolean oldest = run_chance (run, 2);

  for (guint i = 0; i < run->profile->burst; i++)
    {
      ModelTable *table = model_content_find (run->model->now, t);
      const char *r;

      if (table == NULL)
        break;
      r = table->rows[oldest ? 0 : run_chance (run, table->n_rows)].id;
      run_start (run);
      g_assert_true (tst_store_remove_row (run->store, t, r));
      g_assert_true (model_remove_row (run->model, t, r));
      run_finish (run);
      g_assert_false (tst_store_has_row (run->store, t, r));
    }
}

static void
burst_of_writing (Run *run)
{
  for (guint i = 0; i < run->profile->burst; i++)
    run_set_cell (run);
}

static void
do_burst (Run *run)
{
  run_begin (run);
  switch (run_chance (run, 3))
    {
    case 0:
      burst_of_adding (run);
      break;
    case 1:
      burst_of_removing (run);
      break;
    default:
      burst_of_writing (run);
      break;
    }

  if (run_chance (run, 4) == 0)
    run_rollback (run);
  else
    run_commit (run);
}

/* --- The run --- */

typedef struct
{
  void (*func) (Run *run);
  guint  weight;
} Operation;

static const Operation operations[] = {
  { run_set_cell, 400 },
  { run_remove_cell, 120 },
  { run_remove_row, 60 },
  { run_write_row, 80 },
  { run_add_row, 60 },
  { run_set_value, 60 },
  { run_remove_value, 30 },
  { run_write_values, 10 },
  { run_use_cursor, 20 },
  { run_remove_table, 3 },
  { run_replace, 3 },
  { run_hold, 10 },
  { run_refuse_cell, 5 },
  { run_refuse_value, 3 },
  { run_look_at_changes, 8 },
  { run_set_cell_json, 12 },
  { run_write_row_json, 6 },
  { run_add_row_json, 6 },
  { run_write_values_json, 2 },
  { run_replace_json, 2 },
  { run_change_schema, 5 },
};

static void
do_something (Run *run)
{
  guint total = 0;
  guint at;

  for (guint i = 0; i < G_N_ELEMENTS (operations); i++)
    total += operations[i].weight;
  at = run_chance (run, total);
  for (guint i = 0; i < G_N_ELEMENTS (operations); i++)
    {
      if (at < operations[i].weight)
        {
          operations[i].func (run);
          return;
        }
      at -= operations[i].weight;
    }
}

static void
take_a_step (Run *run)
{
  guint depth = run->model->stack->len;

  run->careful = run->with_schemas && run_chance (run, 4) != 0;
  if (depth < MAX_DEPTH && run_chance (run, depth == 0 ? 30 : 12) == 0)
    run_begin (run);
  else if (depth > 0 && run_chance (run, 6) == 0)
    (run_chance (run, 3) == 0 ? run_rollback : run_commit) (run);
  else if (run->profile->burst > 0 && run_chance (run, run->profile->burst) == 0)
    do_burst (run);
  else
    do_something (run);

  if (run->model->stack->len == 0 && run_chance (run, 150) == 0)
    run_change_listeners (run);
  if (run_chance (run, run->profile->table_height * 4 + run->profile->row_width + 40) == 0)
    run_assert_everything (run);
}

/* So many that each row has one, wherever it goes. */
static void
listen_to_all_rows (Run *run)
{
  for (guint i = 0; i < run->profile->n_tables; i++)
    for (guint j = 0; j < run->profile->n_rows; j++)
      recorder_listen (run->recorder, EVENT_ROW, 0, run->table_ids[i], run->row_ids[j], NULL);
}

static void
run_episode (Run           *run,
             const Profile *profile,
             guint          n_operations)
{
  guint end;

  run->profile = profile;
  run->table_ids = run_make_ids (run, "t", profile->n_tables);
  run->row_ids = run_make_ids (run, "row", profile->n_rows);
  run->cell_ids = run_make_ids (run, "cell", profile->n_cells);
  run->value_ids = run_make_ids (run, "value", profile->n_values);

  if (profile->n_tables * profile->n_rows < MAX_CROWD && run_chance (run, 4) == 0)
    listen_to_all_rows (run);

  if (run_chance (run, 2) == 0)
    run_watch_pages (run);

  end = run->n_operations + n_operations;
  while (run->n_operations < end)
    take_a_step (run);
  while (run->model->stack->len > 0)
    run_commit (run);
  run_unset_schema (run); /* the next has other ids */

  run_check_pages (run);
  run_forget_pages (run);
  run_assert_by_getters (run);
  run_assert_by_walking (run);
  run_assert_by_snapshot (run);
  for (guint i = 0; i < profile->n_tables; i++)
    run_assert_by_cursor (run, run->table_ids[i]);

  g_free (run->table_ids);
  g_free (run->row_ids);
  g_free (run->cell_ids);
  g_free (run->value_ids);
}

/* It makes the store go about all of it in another way, which takes its time where
 * each cell is asked about: so only for a while. */
static void
let_through_cb (TstStore *store,
                TstWrite *write,
                gpointer  user_data)
{
  Run *run = user_data;

  if (++run->n_asked == MAX_ASKED)
    g_assert_true (tst_store_remove_interceptor (store, run->interceptor));
}

static void
open_store (Run *run)
{
  run->store = tst_store_new ();
  run->model = model_new ();
  run->recorder = recorder_new (run->store);

  run->answering = run_chance (run, 4) == 0;
  run->mutating = run_chance (run, 4) == 0;
  run->undoing = run_chance (run, 2) == 0;
  run->with_schemas = run_chance (run, 2) == 0;
  run->schemas = g_ptr_array_new_with_free_func ((GDestroyNotify) model_schema_free);
  if (run->mutating)
    {
      tst_store_add_cell_listener (run->store, NULL, NULL, NULL, TST_LISTENER_MUTATOR,
                                   run_mutate_cell_cb, run, NULL);
      tst_store_add_value_listener (run->store, NULL, TST_LISTENER_MUTATOR, run_mutate_value_cb,
                                    run, NULL);
    }
  if (run->answering)
    {
      run->recorder->answered = TRUE;
      tst_store_add_finishing_listener (run->store, run_round_cb, run, NULL);
      tst_store_add_cell_listener (run->store, NULL, NULL, NULL, 0, run_answer_cb, run, NULL);
    }

  run->n_asked = 0;
  if (run_chance (run, 4) == 0)
    run->interceptor =
      tst_store_add_interceptor (run->store,
                                 run_chance (run, 8) == 0 ? TST_WRITE_ANY : 1u << run_chance (run, 14),
                                 let_through_cb, run, NULL);

  recorder_connect (run->recorder, EVENT_CHANGED, NULL);
  recorder_listen (run->recorder, EVENT_CELL, 0, NULL, NULL, NULL);
  recorder_listen (run->recorder, EVENT_FINISHED, 0, NULL, NULL, NULL);
}

/* Snapshots outlive the store. */
static void
close_store (Run *run)
{
  recorder_free (run->recorder);
  g_assert_finalize_object (run->store);
  for (guint i = 0; i < MAX_HELD; i++)
    {
      if (run->held[i].snapshot != NULL)
        run_release (run, &run->held[i]);
    }
  run_join_thread (run);

  g_clear_pointer (&run->before, model_content_unref);
  model_free (run->model);
  g_ptr_array_unref (run->schemas);
}

static const Profile *
choose_profile (Run *run)
{
  guint at = run_chance (run, 100);

  for (guint i = 0; i < G_N_ELEMENTS (profiles); i++)
    {
      if (at < profiles[i].weight)
        return &profiles[i];
      at -= profiles[i].weight;
    }

  return &profiles[0];
}

static void
run_operations (const Profile *only,
                guint          n_operations)
{
  Run run = { 0 };

  run.random = ((guint64) test_seed () << 1) | 1;
  run.invalid = g_array_new (FALSE, FALSE, sizeof (Event));
  run.answers = g_array_new (FALSE, FALSE, sizeof (Answer));
  run.mutations = g_array_new (FALSE, FALSE, sizeof (Mutation));

  open_store (&run);
  while (run.n_operations < n_operations)
    {
      const Profile *profile = only != NULL ? only : choose_profile (&run);

      run_episode (&run, profile, MIN (profile->n_operations, n_operations - run.n_operations));
      if (run_chance (&run, 3) == 0)
        {
          close_store (&run);
          open_store (&run);
        }
    }
  close_store (&run);
  g_array_unref (run.invalid);
  g_array_unref (run.answers);
  g_array_unref (run.mutations);

  g_test_message ("%u operations, %u misfits", run.n_operations, run.n_misfits);
}

static void
test_store_model_profile (gconstpointer user_data)
{
  g_test_summary ("A store does what its model does, for one shape of data");

  run_operations (user_data, test_scale (20000));
}

static void
test_store_model_all (void)
{
  g_test_summary ("A store does what its model does, whatever happens");

  run_operations (NULL, test_scale (1000000));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (profiles); i++)
    {
      g_autofree char *path = g_strconcat ("/store-model/", profiles[i].name, NULL);

      g_test_add_data_func (path, &profiles[i], test_store_model_profile);
    }
  g_test_add_func ("/store-model/all", test_store_model_all);

  return g_test_run ();
}
